//! What holds our figures against others, and what needs attention: in German.

import type { checks as en } from "./checks.en";

export const checks: typeof en = {
  reconcile: {
    question: "Stimmen unsere Zahlen mit denen des CRM überein?",
    title: "Abgleich mit den Summen des CRM",
    means:
      "Gewonnene Deals und ihr Betrag laut einem Bericht des CRM, neben dem, was dieses Buch zählt",
    open: "Summen abgleichen",
    toHealth: "← Datenlage",
    form: "Was das CRM sagt",
    formMeans:
      "Sein eigener Bericht über gewonnene Deals nach Abschlussdatum. Nichts davon wird gespeichert.",
    by: "Summen je",
    grains: { month: "Monat", quarter: "Quartal", year: "Jahr" },
    currency: "Währung der Beträge",
    lines: "Eine Zeile je Zeitraum: Zeitraum, gewonnene Deals, Betrag",
    linesMeans:
      "Getippt oder aus einer Tabelle eingefügt. Ein – steht für das, was das CRM nicht sagt.",
    examples: {
      month: "2025-03   5   5.062,50",
      quarter: "2025-Q1   5   5.062,50",
      year: "2025   5   5.062,50",
    },
    fill: "Neueste Zeiträume eintragen",
    send: "Abgleichen",
    nothing: "Keine Zeile nennt eine Anzahl von Deals oder einen Betrag.",
    unread: "Es wurde nichts abgeglichen: Diese Zeilen sind nicht lesbar",
    line: (n, text) => `Zeile ${n}, „${text}“:`,
    why: {
      many: "mehr als Zeitraum, Anzahl der Deals und Betrag",
      deals: "Die Anzahl der Deals ist keine ganze Zahl",
      amount: "Der Betrag ist keine Zahl",
      currency: "Der Betrag ist in einer anderen Währung",
    },
    none: "Noch ist nichts abgeglichen",
    noneText:
      "Tragen Sie oben ein, was der Bericht des CRM sagt: Jede Zeile steht dann neben unserer Zahl, und unsere Zahl führt zu ihren Deals.",
    agree: (of) => (of === "1" ? "Die eine Zeile stimmt" : `Alle ${of} Zeilen stimmen`),
    differ: (n, of) =>
      n === "1" ? `1 von ${of} Zeilen weicht ab` : `${n} von ${of} Zeilen weichen ab`,
    asOf: (seq) =>
      `Unsere Zahlen nach Stand Nr. ${seq} und Abschlussdatum; die Differenz ist CRM minus unsere`,
    deals: "Gewonnene Deals",
    amount: "Betrag",
    theirs: "CRM",
    ours: "Wir",
    more: "Differenz",
    differs: "weicht ab",
    agrees: "stimmt",
    verdict: "Ergebnis",
    notSaid: "Die Summe des CRM wurde nicht genannt",
    ourDeals: "Im Zeitraum gewonnene Deals, wie dieses Buch sie zählt",
    ourAmount: "Was sie wert waren, in der gewählten Währung",
    notPriced: (n) => (n === "1" ? "1 ohne Kurs" : `${n} ohne Kurs`),
    notPricedMeans:
      "Gewonnene Deals, für deren Betrag kein Kurs in diese Währung bekannt ist: Er ist in keiner Summe enthalten",
  },
  alerts: {
    title: "Was Aufmerksamkeit braucht",
    all: (n) => `Alle ${n} zeigen`,
    calm: "Nichts braucht Aufmerksamkeit: Bestätigte Werte stimmen, abgeschlossene Zeiträume stehen wie berichtet, niemand wartet länger als zugesagt.",
    calmSources:
      "Nichts braucht Aufmerksamkeit: Bestätigte Werte stimmen, abgeschlossene Zeiträume stehen wie berichtet, keine Quelle ist im Rückstand, niemand wartet länger als zugesagt.",
    balance: (what, said, found) => `Bestätigt wurde ${what} = ${said}; das Buch sagt ${found}`,
    restated: (n, shown, period) =>
      n === 1
        ? `${shown} Zahl des abgeschlossenen Zeitraums ${period} lautet jetzt anders`
        : `${shown} Zahlen des abgeschlossenen Zeitraums ${period} lauten jetzt anders`,
    stays: (n, stage, limit) =>
      n === 1
        ? `ist länger in „${stage}“ als die zugesagten ${limit}`
        : `sind länger in „${stage}“ als die zugesagten ${limit}`,
  },
  checks: {
    atEndOf: (period) => `Am Ende von ${period}`,
    now: "Jetzt",
    costOfAll:
      "Ohne die Bedingung der Seite: Sie gilt für Vorgänge, und Ausgaben gehören zu keinem Vorgang",
    everyMonth: "Jeder Monat des Buchs, ohne Aufteilung und Vergleich",
    opens: (what) => `Öffnet die Datensätze von „${what}“`,
  },
  away: {
    since: (when) => `Keine Antwort seit ${when}`,
    means: (when) =>
      `Der Server hat zuletzt am ${when} geantwortet; gezeigt wird, was da bekannt war`,
    stands: (when) => `Stand ${when}`,
  },
};
