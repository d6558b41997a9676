//! Where pages have what the terminal says by options, by their names.

const period = "Choose another period in the bar above.";
const known = "Choose another as-of in the bar above.";
const split = "Split by something else, or not at all, in the sentence above the figures.";
const deals = "Choose another model of credit.";
const file = "Answer what the files leave open, in the import’s second step.";

export const remedies: Record<string, string> = {
  period,
  at: period,
  "outcome-by": period,
  due: period,
  since: "Say another moment, a commit’s number or an instant, above the causes.",
  compare: "Choose another comparison in the bar above.",
  "as-of": known,
  known,
  by: split,
  top: split,
  where: "Change the condition in the sentence above the figures, or remove it.",
  charter: "Take `charter` out of the page’s address: then the charter in force counts.",
  currency: "Choose a currency in the sentence above the figures.",
  unit: "Choose in the sentence above the figures what is counted.",
  view: "Choose another of the page’s views.",
  window: "Choose another window of days, or none.",
  estimate: "Choose another window of days, or none.",
  models: deals,
  credit: deals,
  records: "Open the records from the figure that is to be looked into.",
  row: "Open the records from the figure that is to be looked into.",
  dates: file,
  zone: file,
  decimal: file,
  source: file,
  name: file,
};
