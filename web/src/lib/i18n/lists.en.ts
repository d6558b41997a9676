//! Lists that the server says in English: their words come with each answer. Here
//! are those alone that a page says better than a terminal.

type Words = Record<string, string>;

export const lists = {
  /** What metrics mean, by their names. */
  metricMeans: {} as Words,
  /** What the catalogue puts metrics under. */
  subjects: {} as Words,
  /** What health looks for, of which kind it is, and what mends it. */
  checks: {} as Words,
  areas: {} as Words,
  remedies: {
    "map account in the person SELECT": "say in the source’s mapping which account a person is of",
    "map campaign in the touch SELECT": "say in the source’s mapping which campaign a touch is of",
    "read young cohorts with --window, or with --estimate":
      "read young cohorts within a window of days, or by their estimate",
  } as Words,
  /** Why the wizard takes a file or a column for what it does. */
  reasons: {} as Words,
  /** What columns of answers mean. */
  means: {} as Words,
  /** What is wrong with what figures rest on, and what answers note beside them. */
  issues: {} as Words,
  notes: {} as Words,
  /** What metrics declare, how, and what a formula takes of a measure. */
  conventions: {} as Words,
  declared: {} as Words,
  taken: {} as Words,
  /** Which figures rest on a definition. */
  figures: {} as Words,
  /** Values that are the server's own words and no source's. */
  values: {} as Words,
  /** What is credited to nobody. */
  nobodys: (what: string) => `unknown: no ${what.toLowerCase()}`,
  /** A number as the server writes it, and a word of the page within a note. */
  number: (digits: string) => digits,
  quoted: (word: string) => `“${word}”`,
  /** Why rows are set aside. */
  asides: {} as Words,
  /** A check that names its reason. */
  setAside: (why: string) => `row set aside: ${why}`,
  /** What a column of a file can be. */
  parts: {} as Words,
  /** What each code of a refusal means and what mends it, and the server's sentences of refusals. */
  codes: {} as Record<string, readonly [title: string, fix: string]>,
  refused: {} as Words,
  /** What happened in a journey. */
  happened: {} as Words,
};
