//! The plan: what must come in for a goal to be reached, until when, and what came of each goal: in German.

import type { plan as en } from "./plan.en";

export const plan: typeof en = {
  question: "Was muss bis wann kommen, damit das Ziel erreicht wird?",
  ahead: "Das Ziel des Quartals voraus",
  goalOf: (period) => `Das Ziel für ${period}`,
  own: "mit anderem Betrag",
  ownIs: (amount) => `von ${amount}`,
  ownTitle: "Was zu gewinnen ist",
  ownHelp:
    "In der Währung der Seite, mit Punkt vor Nachkommastellen: 250000. Leer gelten die Ziele des Buchs.",
  ownRemove: "Ziele des Buchs nehmen",
  short: (when, gap, goal) => `${when}: ${gap} von ${goal} noch nicht in Sicht`,
  reached: (when, goal) =>
    `${when}: Was gewonnen und in Arbeit ist, ergibt im Mittel das Ziel von ${goal}`,
  odds: {
    less: "Kommen so viele wie im letzten Jahr, wird das Ziel in weniger als fünf von zehn Fällen erreicht.",
    even: "Kommen so viele wie im letzten Jahr, wird das Ziel in fünf bis acht von zehn Fällen erreicht.",
    eight:
      "Kommen so viele wie im letzten Jahr, wird das Ziel in acht bis neun von zehn Fällen erreicht.",
    nine: "Kommen so viele wie im letzten Jahr, wird das Ziel in mindestens neun von zehn Fällen erreicht.",
  },
  noOdds:
    "In wie vielen Fällen das Ziel erreicht wird, lässt sich nicht sagen: Neue kommen dafür zu spät, oder zu wenig ist von ihnen bekannt.",
  lines: {
    goal: "Ziel",
    already_won: "Schon gewonnen",
    in_hand: "Erwartet aus dem, was in Arbeit ist",
    gap: "Noch zu holen",
    deals: "Deals",
  },
  needs: "Was es braucht, Stufe für Stufe",
  needsFinding: (first, comes, stage) =>
    `${first} „${stage}“ sind für gleiche Aussicht nötig; ${comes} kommen von selbst`,
  needsNone: "Für gleiche Aussicht muss nichts mehr kommen",
  needsMean:
    "Jede Zeile schließt allein die Lücke: so viele Deals oder so viele einer Stufe. Voll: in fünf von zehn Fällen; schraffiert: bis zu neun von zehn, mit einem Strich bei acht; der Punkt: so viele, wie kommen, wenn sie kommen wie im letzten Jahr. Jede Zeile hat ihren eigenen Maßstab.",
  needOf: (name, even, eight, nine) =>
    `${name}: ≈ ${even} für fünf von zehn Fällen, ${eight} für acht, ${nine} für neun`,
  paceOf: (pace) => `≈ ${pace} kommen wie im letzten Jahr`,
  pace: (pace) => `kommen ≈ ${pace}`,
  returns: "Bis wann jede Stufe den Zeitraum noch bewegt",
  returnsFinding: (stage, day) => `„${stage}“ kommt als Nächstes zu spät: nach dem ${day}`,
  returnsOver: "Keine Stufe bewegt diesen Zeitraum noch in fünf von zehn Fällen",
  returnsMean:
    "Von denen, die an dem Tag in die Stufe kommen und am Ende gewonnen werden, wird die Hälfte, oder ein Zehntel, noch im Zeitraum gewonnen.",
  past: "vorbei",
  rests: "Was es kostet und worauf es beruht",
  cost: (stage) => `„${stage}“: Kosten bei gleicher Aussicht`,
  noCost:
    "Was es kostet, ist unbekannt: Zuletzt wurde kein Geld ausgegeben, oder die Seite zeigt einen Teil vom Ganzen.",
  handMeans: "Was in Arbeit ist, ist das, was die Prognose von offenen Deals und Leads erwartet.",
  toForecast: "Wie gut sie die Vergangenheit traf",
  months: "Bis zum Ende jedes Monats",
  monthsMean:
    "Jeder Monat steht für alle Tage des Zeitraums bis zu seinem Ende: Ziel, Lücke und Bedarf wachsen mit.",
  splitMean: "Jede Gruppe hat ihren Teil des Ziels und geht nach ihren eigenen Raten.",
  goals: (n) =>
    n === "1"
      ? "1 Ziel, dieselben Zahlen für beide Teams"
      : `${n} Ziele, dieselben Zahlen für beide Teams`,
  goalsMean:
    "Jedes Ziel in einer eigenen Zeile, nichts summiert, mit dem, was davon erreicht ist, wie seine Kennzahl zählt.",
  toMetric: "Umsatz und seine Datensätze",
  goalsTable: "Ziele und was aus ihnen wurde",
  measures: {
    revenue: "Umsatz",
    quota: "Quota",
    pipeline: "Pipeline",
    spend: "Ausgaben",
    volume: "Anzahl",
  },
  none: "In diesen Tagen liegt kein Ziel",
  noneText:
    "Ein Plan führt von dem, was zu gewinnen ist, zu dem, was es braucht. Wählen Sie oben das Ziel eines anderen Zeitraums, nennen Sie einen Betrag, oder importieren Sie Ziele.",
  noGoals: "Noch ist kein Ziel geschrieben",
  noGoalsText:
    "Ziele kommen mit einer Quelle, als Datei mit einer Zeile für jedes: ein Betrag mit seiner Währung, der Zeitraum (2026-Q1) und das Team, der Verkäufer oder das Segment, wenn es nur deren ist. Ihre Zeilen werden als Tatsachen der Art „target“ zugeordnet.",
  toImport: "Eine Datei importieren",
  nothing: "Noch ist nichts zu Ende, also lässt sich nichts planen",
};
