//! What people do: views, notes, disputes, closes, and the small words around acts. In German.

import type { dealEn, notesEn, onceEn, periodsEn, sureEn, toastEn, viewsEn } from "./en-acts";

export const onceDe: typeof onceEn = {
  copy: "Kopieren",
  copied: "Kopiert",
  notCopied: "Der Browser lässt das Kopieren nicht zu; markieren und kopieren Sie selbst",
  done: "Ich habe es kopiert",
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
  none: "Noch keine Ansicht gespeichert. Eine Ansicht ist eine Seite mit Zeitraum, Aufteilung und Bedingung.",
  mayNot: "Ihre Rolle kann keine Ansichten speichern.",
  isShared: "für alle",
  keep: "Diese Ansicht speichern",
  name: "Name dieser Seite, wie sie ist",
  share: "Für alle",
  kept: (name) => `„${name}“ ist gespeichert`,
  drop: (name) => `„${name}“ löschen`,
  dropped: (name) => `„${name}“ wurde gelöscht`,
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
  drop: "Löschen",
  dropped: "Notiz gelöscht",
};

export const dealDe: typeof dealEn = {
  questionOf: (key) => `Was ist mit Deal ${key} geschehen, und wer hat dazu beigetragen?`,
  toAll: "← Alle Deals",
  oneDeal: "Ein Deal",
  oneDealMeans: "Seine ganze Geschichte, wer dazu beigetragen hat und was strittig ist",
  find: "Deal suchen",
  findExample: "Seine Kennung oder ein Teil davon",
  noneFound: "Kein Deal heißt so. Die Eingabetaste öffnet die Kennung, wie sie dasteht.",
  contributors: "Wer beigetragen hat",
  contributorsMeans: "Jeder Touchpoint, der zählen kann, und was ihm jedes Modell zurechnet",
  toJourney: "Die Journey des Accounts",
  rescues: "Gerettet",
  rescuesMeans: "Funkstille, die endete, und wer sie beendete",
  disputed: (deal) => `Deal ${deal} ist strittig`,
  ruledOn: (deal) => `Über Deal ${deal} ist entschieden`,
  disputeMeans: "Die Sicht jedes Teams, wie es sie schildert; der letzte Entscheid zählt",
  undisputed: "Niemand bestreitet es.",
  tell: "Unsere Sicht schildern",
  tellDo: "Schildern",
  told: "Geschildert; es bleibt beim Deal",
  asTeam: "Für Team",
  noTeam: "Die Charta nennt kein Team, für das Sie sprechen dürfen.",
  story: "Was geschah",
  evidence: "Beleg",
  tickEvidence: "Kreuzen Sie die Zeilen an, die Ihre Sicht belegen",
  takeEvidence: (place) => `${place} belegt es`,
  noEvidence: "Kreuzen Sie unten Zeilen als Belege an, oder schildern Sie es ohne.",
  withEvidence: "Belegt durch:",
  rule: "Darüber entscheiden",
  ruleDo: "Entscheiden",
  ruling: "Entscheid",
  rulingBefore: "Früherer Entscheid",
  ruled: "Entschieden; es bleibt beim Deal",
  tests: (what) => `Spätere Entwürfe werden daran gemessen: ${what}`,
  decides: "Was für spätere Entwürfe entschieden ist",
  decidesWords: "Nichts, was sich messen lässt",
  decidesSourced: "Welche Seite den Deal gebracht hat",
  decidesCredit: "Was jeder Seite zugerechnet wird",
  decidesWordsHelp: "Der Entscheid sind Worte allein.",
  decidesHelp: "Ein Entwurf, der etwas anderes gäbe, muss als aufhebend unterschrieben werden.",
  brought: "Gebracht von",
  shareOf: (side) => `${side}, von 100`,
  model: "Nach dem Modell",
};

export const periodsDe: typeof periodsEn = {
  title: "Abgeschlossene Zeiträume",
  question: "Was haben wir damals gesagt, und was wurde daraus?",
  closed: "Abgeschlossen",
  closedMeans:
    "Ein Abschluss sperrt nichts: Er hält fest, welche Zahlen genannt wurden, von wem und warum",
  none: "Kein Zeitraum ist abgeschlossen",
  noneText:
    "Schließen Sie einen Zeitraum ab, und seine Zahlen werden festgehalten. Jede spätere Änderung steht dann mit ihrem Grund daneben.",
  close: "Zeitraum abschließen",
  closeDo: "Abschließen",
  closeMeans: "Hält fest, wie seine Zahlen jetzt lauten. Nichts wird gesperrt.",
  why: "Warum",
  metrics: "Festzuhaltende Kennzahlen",
  metricsHelp: "Eine je Zeile: revenue oder revenue by rep+month. Leer: die, die die Charta nennt.",
  anyway: "Obwohl die Quellen noch nicht alles zeigen",
  anywayHelp: "Was sie später über seine letzten Tage sagen, wird eine nachträgliche Korrektur.",
  done: (period) => `${period} ist abgeschlossen.`,
  days: (from, until) => `vom ${from} bis vor dem ${until}`,
  shownUntil: "die Quellen zeigten alles nur bis",
  reopen: "Wieder öffnen",
  reopened: "wieder geöffnet",
  reopenedBy: (by, why) => `Wieder geöffnet von ${by}: ${why}`,
  reopenAsk: (period) => `${period} wieder öffnen?`,
  reopenMeans:
    "Der Abschluss bleibt im Protokoll; seine Zahlen werden nicht mehr mit dem Buch verglichen.",
  reopenedToast: (period) => `${period} ist wieder offen`,
  restated: "Nachträgliche Korrekturen",
  restatedMeans:
    "Zahlen abgeschlossener Zeiträume, die heute anders lauten; die Gründe ergeben zusammen den Unterschied",
  unrestated: "Jede festgehaltene Zahl lautet noch gleich",
  unrestatedText:
    "Ändern späte Daten, eine Zusammenführung oder eine andere Definition eine Zahl, steht sie hier mit ihrem Grund.",
  figure: "Zahl",
  was: "Damals",
  is: "Jetzt",
  moved: "Unterschied",
  because: "Grund",
  balances: "Salden, für die jemand bürgt",
  balancesMeans: "Eine Zahl von anderswo, bei jedem neuen Stand mit dem Buch verglichen",
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
  valueExample: "1.234.567,00 EUR",
  valueHelp: "Wie 1.234.567,00 EUR, 45 oder 30/120",
  what: "Was",
  expected: "Verbürgt",
  found: "Das Buch sagt",
  stands: "Stimmt",
  holds: "stimmt",
  holdsNot: "stimmt nicht",
  by: "Von",
  retract: "Zurücknehmen",
  retractAsk: (what) => `Zurücknehmen, was über ${what} gesagt wurde?`,
  retracted: "Zurückgenommen",
};
