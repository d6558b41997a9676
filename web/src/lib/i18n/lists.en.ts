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
  /** A check that names its reason. */
  setAside: (why: string) => `row set aside: ${why}`,
  /** What a column of a file can be. */
  parts: {} as Words,
  /** What happened in a journey. */
  happened: {} as Words,
};
