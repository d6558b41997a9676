//! What stands beside what, and what is taken out of tables: in English.

export const tables = {
  besides: {
    /** A period that is not over, up to the last day that its sources show. */
    toDay: (period: string, day: number) => `${period} to day ${day}`,
    means: "The period is not over: as many days of both stand beside each other.",
    charterNow:
      "The charter as it is in force now, whatever the page is as of: its words, rules and signatures are of one day.",
    /** Where somebody sees some teams' rows only. */
    teams: (teams: string) => `Only rows of ${teams}: the whole company has more.`,
    head: (column: string) => `${column}, before`,
    /** A part of a page that has one period alone. */
    uncompared: "not compared",
    nothing: "Nothing is there in the period compared with.",
  },
  columns: {
    title: "Columns",
    means: "Which columns are shown: they stand in the link, and files leave the others out too",
    hidden: (n: number) => (n === 1 ? "1 column hidden" : `${n} columns hidden`),
    shown: "Columns shown",
    all: "Show all",
    drag: "Drag for another width; a double click takes it back",
  },
  take: {
    copy: "Copy the table",
    copyMeans: "As it is shown, for a spreadsheet; ⌘C or Ctrl C on the table does so too",
    copied: "Table copied",
    notCopied: "The browser did not let us copy",
    file: "CSV of this table",
    fileMeans: "As it is shown, for a spreadsheet of your language",
    notTaken: "Not all of the table could be fetched, and nothing was saved",
    part: (most: string) => `More than ${most} records: sort the CSV instead`,
    sort: "Sorts the records",
  },
};
