//! The forecast, its parts, and how well past ones were told: in German.

import type { forecast as en } from "./forecast.en";

export const forecast: typeof en = {
  question: "Was wird gewonnen, und wie sicher ist das?",
  ahead: { month: "im Monat voraus", quarter: "im Quartal voraus" },
  figures: { value: "Gewonnener Umsatz", deals: "Gewonnene Deals" },
  figure: "Welche Größe gezeichnet wird",
  finding: {
    value: (mid, low, high, when) =>
      `${when}: ≈ ${mid} gewonnen; in acht von zehn Fällen ${low} bis ${high}`,
    deals: (mid, low, high, when) =>
      `${when}: ≈ ${mid} Deals gewonnen; in acht von zehn Fällen ${low} bis ${high}`,
  },
  means: (from, last, at) =>
    `Von ${from} bis ${last}, gesagt aus dem, was bis zum Ende des ${at} geschehen war`,
  fanMeans: {
    month:
      "Balken: was vor jedem Monat gesagt worden wäre, von einem von zehn Fällen bis neun von zehn; der Strich ist die Mitte, der Punkt, was kam. Schraffiert: was jetzt gesagt wird.",
    quarter:
      "Balken: was vor je drei Monaten gesagt worden wäre, nach dem ersten benannt, von einem von zehn Fällen bis neun von zehn; der Strich ist die Mitte, der Punkt, was kam. Schraffiert: was jetzt gesagt wird.",
  },
  past: "Was von vergangenen Fenstern gesagt wurde und was kam",
  cameOf: (window, came) => `${window}: ${came} gekommen`,
  toldOf: (mid, low, high) => `davor gesagt: ≈ ${mid} (${low} bis ${high})`,
  toldBy: (voice) => `von: ${voice}`,
  aheadOf: (name, mid) => `${name}: ≈ ${mid}`,
  cases: (low, high) => `in acht von zehn Fällen ${low} bis ${high}`,
  partsTitle: "Woher es kommt",
  partsFinding: (part) => `Das meiste soll kommen aus: ${part}`,
  partsMeans:
    "Voll: was in neun von zehn Fällen kommt; schraffiert: bis zu dem, was in einem von zehn kommt. Spannen summieren sich nicht, Mittelwerte schon.",
  noParts:
    "Eine einfache Regel spricht und kennt keine Teile außer dem, was schon gewonnen ist: Die anderen sind unbekannt.",
  parts: {
    already_won: "Schon gewonnen",
    open_deals: "Offene Deals",
    leads_in_hand: "Leads ohne Deal",
    still_to_be_created: "Noch zu schaffen",
    all: "Alles zusammen",
  },
  splitBy: (by) => `Dasselbe nach ${by}`,
  splitMeans:
    "Alle Teile zusammen. Spannen summieren sich nicht; die Summe ist von allen zusammen durchgespielt.",
  speaks: "Wer spricht, und warum",
  speaksMeans:
    "Ein Modell muss vergangene Fenster besser treffen als einfache Regeln; sonst spricht die beste von ihnen.",
  voices: {
    chosen: "Wer damals sprach",
    model: "Das Modell",
    last_period: "Wie der letzte Zeitraum",
    mean_of_three: "Mittel der letzten drei",
    quarter_before: "Wie ein Quartal davor",
    stage_weighted: "Offene Deals nach Stufe",
  },
  tested: {
    month: (within, of) =>
      of === "1"
        ? `${within} von 1 vergangenen Monat lag in dem, was gesagt war`
        : `${within} von ${of} vergangenen Monaten lagen in dem, was gesagt war`,
    quarter: (within, of) =>
      of === "1"
        ? `${within} von 1 vergangenen Vierteljahr lag in dem, was gesagt war`
        : `${within} von ${of} vergangenen Vierteljahren lagen in dem, was gesagt war`,
  },
  untested: "Wie gut solche Prognosen die Vergangenheit trafen, ist noch nicht bekannt",
  untestedText:
    "Die Geschichte ist zu kurz: Kein vergangenes Fenster ließ sich aus dem vorhersagen, was davor kam.",
  testedMeans:
    "Jedes vergangene Fenster wird nur aus dem vorhergesagt, was davor geschehen war, vom Modell und von einfachen Regeln.",
  ofAll: "Vom Ganzen: Was bewertet wird, ist nicht aufgeteilt.",
  testedTable: "Wie gut vergangene Fenster getroffen wurden",
  scores: {
    coverage: "lagen in der Spanne",
    wape: "daneben, von dem, was kam",
    bias: "zu viel (+) oder zu wenig (−) gesagt",
    pinball: "Pinball-Verlust",
  },
  rule: (voice) => `${voice}:`,
  scoresMean:
    "Groß: wer bei jedem Fenster sprach, nach den Fenstern davor. Klein: die beste einfache Regel. Acht von zehn in der Spanne wären richtig; der Pinball-Verlust ist klein, wo Spannen schmal und richtig sind. Bei einem Dutzend Fenstern sind Unterschiede unter einem Fünftel Zufall.",
  calibrated: (name, told, came) =>
    `Von Deals von „${name}“ sollten ${told} gewonnen werden, und ${came} wurden es`,
  calibratedTitle: (by) => `Was offenen Deals nach ${by} vorhergesagt war und was kam`,
  calibratedMeans: {
    month:
      "Deals, die zu Beginn eines vergangenen Monats offen waren, für jeden einmal, nach dem, wie sie an dem Tag hießen: wie wahrscheinlich sie nach dem Modell im Monat gewonnen werden, und was kam.",
    quarter:
      "Deals, die zu Beginn von drei vergangenen Monaten offen waren, für jeden Beginn einmal, nach dem, wie sie an dem Tag hießen: wie wahrscheinlich sie nach dem Modell darin gewonnen werden, und was kam.",
  },
  nothing: "Noch ist nichts zu Ende, also lässt sich nichts lernen",
  nothingText:
    "Eine Prognose wird aus dem gesagt, was zuvor gewonnen und verloren wurde. Importieren Sie Deals mit den Tagen, an denen sie endeten, oder wählen Sie einen späteren Stand.",
};
