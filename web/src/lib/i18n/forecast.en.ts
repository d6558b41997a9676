//! The forecast, its parts, and how well past ones were told: in English.

type Words = Record<string, string>;

export const forecast = {
  question: "What will be won, and how sure is that?",
  ahead: { month: "in the month ahead", quarter: "in the quarter ahead" },
  figures: { value: "Won revenue", deals: "Won deals" },
  figure: "Which figure is drawn",
  finding: {
    value: (mid: string, low: string, high: string, when: string) =>
      `${when}: ≈ ${mid} won; in eight of ten cases ${low} to ${high}`,
    deals: (mid: string, low: string, high: string, when: string) =>
      `${when}: ≈ ${mid} deals won; in eight of ten cases ${low} to ${high}`,
  },
  means: (from: string, last: string, at: string) =>
    `From ${from} to ${last}, told from what had happened by the end of ${at}`,
  fanMeans: {
    month:
      "Bars: what would have been told before each month, from one in ten cases to nine in ten; the stroke is the middle, the dot what came. Hatched: what is told now.",
    quarter:
      "Bars: what would have been told before each three months, named by the first of them, from one in ten cases to nine in ten; the stroke is the middle, the dot what came. Hatched: what is told now.",
  },
  past: "What was told of past windows, and what came",
  cameOf: (window: string, came: string) => `${window}: ${came} came`,
  toldOf: (mid: string, low: string, high: string) => `told before: ≈ ${mid} (${low} to ${high})`,
  toldBy: (voice: string) => `by: ${voice}`,
  aheadOf: (name: string, mid: string) => `${name}: ≈ ${mid}`,
  cases: (low: string, high: string) => `in eight of ten cases ${low} to ${high}`,
  partsTitle: "Where it comes from",
  partsFinding: (part: string) => `Most is to come from: ${part.toLowerCase()}`,
  partsMeans:
    "Full: what comes in nine of ten cases; hatched: up to what comes in one of ten. Ranges do not add up; means do.",
  noParts:
    "A plain rule speaks, and knows no parts but what is won already: the others are unknown.",
  parts: {
    already_won: "Won already",
    open_deals: "Open deals",
    leads_in_hand: "Leads in hand",
    still_to_be_created: "Still to be created",
    all: "All of it",
  } as Words,
  splitBy: (by: string) => `The same by ${by}`,
  splitMeans: "All parts together. Ranges do not add up; the total is of all played together.",
  speaks: "Who speaks, and why",
  speaksMeans:
    "A model must tell past windows better than plain rules do; else the best of these speaks.",
  voices: {
    chosen: "Who spoke then",
    model: "The model",
    last_period: "As the last period",
    mean_of_three: "Mean of the last three",
    quarter_before: "As a quarter before",
    stage_weighted: "Open deals by stage",
  } as Words,
  tested: {
    month: (within: string, of: string) =>
      of === "1"
        ? `${within} of 1 past month came within what was told`
        : `${within} of ${of} past months came within what was told`,
    quarter: (within: string, of: string) =>
      of === "1"
        ? `${within} of 1 past stretch of three months came within what was told`
        : `${within} of ${of} past stretches of three months came within what was told`,
  },
  untested: "How well such forecasts told the past is not known yet",
  untestedText: "History is too short: no past window could be forecast from what came before it.",
  testedMeans:
    "Each past window is forecast with nothing but what had happened before it, by the model and by plain rules.",
  ofAll: "Of all: what is scored is not split.",
  testedTable: "How well each told past windows",
  scores: {
    coverage: "came within the range",
    wape: "off by, of what came",
    bias: "told too much (+) or too little (−)",
    pinball: "pinball loss",
  },
  rule: (voice: string) => `${voice}:`,
  scoresMean:
    "Large: who spoke at each window, by the windows before it. Small: the plain rule that did best. Eight of ten within the range would be right; the pinball loss is small where ranges are narrow and right. Of a dozen windows, differences below a fifth are noise.",
  calibrated: (name: string, told: string, came: string) =>
    `Of deals of “${name}” ${told} were told to be won, and ${came} were`,
  calibratedTitle: (by: string) => `What open deals were told by ${by}, and what came`,
  calibratedMeans: {
    month:
      "Deals that were open when a past month began, once for each, by what they were called that day: how likely the model told them to be won in the month, and what came.",
    quarter:
      "Deals that were open when three past months began, once for each beginning, by what they were called that day: how likely the model told them to be won within them, and what came.",
  },
  nothing: "Nothing has ended yet, so nothing can be learned",
  nothingText:
    "A forecast is told from what was won and lost before. Import deals with the days on which they ended, or look at a later moment.",
};
