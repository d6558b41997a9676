//! The plan: what must come in for a goal to be reached, until when, and what came of each goal.

type Words = Record<string, string>;

export const plan = {
  question: "What must come in, and by when, to reach the goal?",
  ahead: "The goal of the quarter ahead",
  goalOf: (period: string) => `The goal of ${period}`,
  own: "of another amount",
  ownIs: (amount: string) => `of ${amount}`,
  ownTitle: "What is to be won",
  ownHelp:
    "In the currency of the page, with a point before decimals: 250000. Empty takes the goals of the book.",
  ownRemove: "Take the goals of the book",
  short: (when: string, gap: string, goal: string) => `${when}: ${gap} of ${goal} not in sight yet`,
  reached: (when: string, goal: string) =>
    `${when}: what is won and in hand comes to the goal of ${goal} on average`,
  odds: {
    less: "If as many come in as in the last year, the goal is reached in fewer than five of ten cases.",
    even: "If as many come in as in the last year, the goal is reached in five to eight of ten cases.",
    eight:
      "If as many come in as in the last year, the goal is reached in eight to nine of ten cases.",
    nine: "If as many come in as in the last year, the goal is reached in at least nine of ten cases.",
  },
  noOdds:
    "In how many cases the goal is reached cannot be said: new ones come too late for it, or too little is known of them.",
  lines: {
    goal: "Goal",
    already_won: "Won already",
    in_hand: "Expected of what is in hand",
    gap: "Still to come",
    deals: "Deals",
  } as Words,
  needs: "What it takes, stage by stage",
  needsFinding: (first: string, comes: string, stage: string) =>
    `${first} “${stage}” are needed for even odds; ${comes} come by themselves`,
  needsNone: "For even odds nothing more must come in",
  needsMean:
    "Each line alone closes the gap: so many deals, or so many of a stage. Full: in five of ten cases; hatched: up to nine of ten, with a stroke at eight; the dot: as many as come if they come as in the last year. Each line has a scale of its own.",
  needOf: (name: string, even: string, eight: string, nine: string) =>
    `${name}: ≈ ${even} for five of ten cases, ${eight} for eight, ${nine} for nine`,
  paceOf: (pace: string) => `≈ ${pace} come as in the last year`,
  pace: (pace: string) => `comes ≈ ${pace}`,
  returns: "Until when each stage still moves the period",
  returnsFinding: (stage: string, day: string) =>
    `“${stage}” is the next to come too late: after ${day}`,
  returnsOver: "No stage moves this period in five of ten cases any more",
  returnsMean:
    "Of those who come to the stage on the day and are won in the end, half, or a tenth, are still won within the period.",
  past: "past",
  rests: "What it costs, and what it rests on",
  cost: (stage: string) => `“${stage}”: cost at even odds`,
  noCost: "What it costs is unknown: no money was spent of late, or the page is of a part of all.",
  handMeans: "What is in hand is what the forecast expects of open deals and leads.",
  toForecast: "How well it told the past",
  months: "Up to the end of each month",
  monthsMean:
    "Each month stands for all days of the period up to its end: goal, gap and needs grow along.",
  splitMean: "Each group has its part of the goal, and goes by its own rates.",
  goals: (n: string) =>
    n === "1"
      ? "1 goal, the same figures for both teams"
      : `${n} goals, the same figures for both teams`,
  goalsMean:
    "Every goal in a row of its own, nothing added up, with what came of it as its metric counts.",
  toMetric: "Revenue and its records",
  goalsTable: "Goals and what came of them",
  measures: {
    revenue: "Revenue",
    quota: "Quota",
    pipeline: "Pipeline",
    spend: "Spend",
    volume: "Volume",
  } as Words,
  none: "No goal lies in these days",
  noneText:
    "A plan leads from what is to be won back to what it takes. Choose the goal of another period above, name an amount, or import goals.",
  noGoals: "No goal is written yet",
  noGoalsText:
    "Goals come with a source, as a file with a row for each: an amount with its currency, the period it is for (2026-Q1), and the team, rep or segment if it is theirs alone. Map its rows as facts of kind “target”.",
  toImport: "Import a file",
  nothing: "Nothing has ended yet, so nothing can be planned",
};
