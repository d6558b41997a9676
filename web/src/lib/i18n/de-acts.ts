//! What people do: views, notes, disputes, closes, and the small words around acts. In German.

import type { dealEn, notesEn, onceEn, periodsEn, sureEn, toastEn, viewsEn } from "./en-acts";

export const onceDe: typeof onceEn = {
  copy: "Kopieren",
  copied: "Kopiert",
  notCopied: "Der Browser ließ uns nicht kopieren; markieren und kopieren Sie es selbst",
  done: "Ich habe es",
};

export const sureDe: typeof sureEn = {
  not: "Jetzt nicht",
  typeName: (name) => `Tippen Sie „${name}“, um es zu tun`,
};

export const toastDe: typeof toastEn = {
  undo: "Rückgängig",
  notUndone: "Es ließ sich nicht rückgängig machen: Der Server hat nicht geantwortet",
};

export const viewsDe: typeof viewsEn = {
  title: "Gespeicherte Ansichten",
  own: "Ihre",
  shared: "Von anderen",
  none: "Noch keine Ansicht. Eine Ansicht ist eine Seite mit ihren Worten: Zeitraum, Teilung, Bedingung.",
  mayNot: "Ihre Rolle behält keine Ansichten.",
  isShared: "für alle",
  keep: "Diese Ansicht speichern",
  name: "Name dieser Seite, wie sie ist",
  share: "Für alle",
  kept: (name) => `„${name}“ ist gespeichert`,
  drop: (name) => `„${name}“ aufgeben`,
  dropped: (name) => `„${name}“ wurde aufgegeben`,
};

export const notesDe: typeof notesEn = {
  title: "Notizen zu dieser Zahl",
  gone: "jemand, der nicht mehr da ist",
  count: (n) => (n === 1 ? ", 1 Notiz" : `, ${n} Notizen`),
  add: "Notiz zu dieser Zahl hinterlassen",
  words: "Notiz",
  seen: "Alle sehen sie, die die Zahl sehen.",
  keep: "Hinterlassen",
  kept: "Notiz hinterlassen",
  drop: "Wegnehmen",
  dropped: "Notiz weggenommen",
};

export const dealDe: typeof dealEn = {
  questionOf: (key) => `Was ist mit Geschäft ${key} geschehen, und wer hatte Anteil daran?`,
  toAll: "← Alle Geschäfte",
  oneDeal: "Ein Geschäft",
  oneDealMeans: "Seine ganze Geschichte, wer Anteil hat und was strittig ist",
  find: "Geschäft suchen",
  findExample: "Sein Schlüssel oder ein Teil davon",
  noneFound: "Kein Geschäft heißt so. Die Eingabetaste öffnet den Schlüssel, wie er dasteht.",
  contributors: "Wer Anteil hat",
  contributorsMeans: "Jeder Kontakt, der verdienen kann, und was ihm jedes Modell gibt",
  toJourney: "Der Weg des Kunden",
  rescues: "Gerettet",
  rescuesMeans: "Schweigen, das endete, und wer es beendete",
  disputed: (deal) => `Geschäft ${deal} ist strittig`,
  ruledOn: (deal) => `Über Geschäft ${deal} ist entschieden`,
  disputeMeans: "Die Geschichte jedes Teams, wie es sie erzählt; der letzte Entscheid zählt",
  undisputed: "Niemand bestreitet es.",
  tell: "Unsere Seite erzählen",
  tellDo: "Erzählen",
  told: "Erzählt; es bleibt beim Geschäft",
  asTeam: "Für Team",
  noTeam: "Die Charta nennt kein Team, für das Sie sprechen dürfen.",
  story: "Was geschah",
  evidence: "Zeigt es",
  tickEvidence: "Kreuzen Sie die Zeilen an, die Ihre Geschichte zeigen",
  takeEvidence: (place) => `${place} zeigt es`,
  noEvidence: "Kreuzen Sie unten Zeilen an, die es zeigen, oder erzählen Sie ohne.",
  withEvidence: "Gezeigt durch:",
  rule: "Darüber entscheiden",
  ruleDo: "Entscheiden",
  ruling: "Entscheid",
  rulingBefore: "Früherer Entscheid",
  ruled: "Entschieden; es bleibt beim Geschäft",
  tests: (what) => `Spätere Entwürfe werden daran gemessen: ${what}`,
  decides: "Was für spätere Entwürfe entschieden ist",
  decidesWords: "Nichts, was sich messen lässt",
  decidesSourced: "Welche Seite das Geschäft brachte",
  decidesCredit: "Was jede Seite verdient",
  decidesWordsHelp: "Der Entscheid sind Worte allein.",
  decidesHelp: "Ein Entwurf, der etwas anderes gäbe, muss als aufhebend unterschrieben werden.",
  brought: "Gebracht von",
  shareOf: (side) => `${side}, von 100`,
  model: "Nach dem Modell",
};

export const periodsDe: typeof periodsEn = {
  title: "Geschlossene Zeiträume",
  question: "Was haben wir damals gesagt, und was wurde daraus?",
  closed: "Geschlossen",
  closedMeans:
    "Schließen hält nichts an: Es bewahrt die Zahlen, wie sie gesagt wurden, von wem und warum",
  none: "Kein Zeitraum ist geschlossen",
  noneText:
    "Schließen Sie einen Zeitraum, und seine Zahlen bleiben, wie gesagt. Jede spätere Änderung hat dann ihren Grund dabei.",
  close: "Zeitraum schließen",
  closeDo: "Schließen",
  closeMeans: "Bewahrt, was seine Zahlen jetzt sind. Nichts wird gesperrt.",
  why: "Warum",
  metrics: "Zu bewahrende Kennzahlen",
  metricsHelp: "Eine je Zeile: revenue oder revenue by rep+month. Leer: die, die die Charta nennt.",
  anyway: "Obwohl die Quellen noch nicht alles zeigen",
  anywayHelp: "Was sie später von seinen letzten Tagen sagen, wird neu beziffert.",
  done: (period) => `${period} ist geschlossen.`,
  days: (from, until) => `vom ${from} bis vor ${until}`,
  shownUntil: "die Quellen zeigten alles nur bis",
  reopen: "Wieder öffnen",
  reopened: "wieder geöffnet",
  reopenAsk: (period) => `${period} wieder öffnen?`,
  reopenMeans:
    "Der Abschluss bleibt im Protokoll; seine Zahlen werden nicht mehr gegen das Buch gehalten.",
  reopenedToast: (period) => `${period} ist wieder offen`,
  restated: "Seither neu beziffert",
  restatedMeans:
    "Zahlen geschlossener Zeiträume, die jetzt andere sind; die Gründe ergeben das Ganze",
  unrestated: "Jede geschlossene Zahl sagt noch dasselbe",
  unrestatedText:
    "Ändern späte Daten, eine Verschmelzung oder eine andere Festlegung eine, steht sie hier mit ihrem Grund.",
  figure: "Zahl",
  was: "Gesagt",
  is: "Jetzt",
  moved: "Um",
  because: "Weil",
  balances: "Salden, für die jemand bürgt",
  balancesMeans: "Eine Zahl von anderswo, bei jedem Eintrag gegen das Buch gehalten",
  noBalance: "Niemand bürgt für einen Saldo",
  noBalanceText:
    "Die Buchhaltung sagt, der gewonnene Umsatz eines Quartals sei so und so viel: Sagen Sie es hier, und das Buch meldet, wenn es nicht stimmt.",
  vouch: "Für einen Saldo bürgen",
  vouchDo: "Bürgen",
  vouchMeans:
    "Von nun an steht es neben jeder Antwort über seine Tage, wenn das Buch etwas anderes sagt.",
  vouched: "Das Buch sagt dasselbe",
  vouchedNot: (found) => `Das Buch sagt ${found}`,
  metric: "Kennzahl",
  value: "Saldo",
  valueHelp: "Wie 1,234,567.00 EUR, 45 oder 30/120",
  what: "Was",
  expected: "Verbürgt",
  found: "Das Buch sagt",
  stands: "Hält",
  holds: "hält",
  holdsNot: "hält nicht",
  by: "Von",
  retract: "Zurücknehmen",
  retractAsk: (what) => `Zurücknehmen, was über ${what} gesagt wurde?`,
  retracted: "Zurückgenommen",
};
