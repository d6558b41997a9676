//! What holds our figures against others, and what needs attention: in English.

export const checks = {
  reconcile: {
    question: "Do our figures and the CRM’s own agree?",
    title: "Against the CRM’s own totals",
    means:
      "Won deals and their amount as a report of the CRM says them, beside what this book counts",
    open: "Compare totals",
    toHealth: "← Data health",
    form: "What the CRM says",
    formMeans: "Its own report of won deals by close date. Nothing of it is kept.",
    by: "Totals of each",
    grains: { month: "month", quarter: "quarter", year: "year" } as Record<string, string>,
    currency: "Currency of the amounts",
    lines: "A line for each period: period, won deals, amount",
    linesMeans: "Typed, or pasted from a spreadsheet. A – stands for what the CRM does not say.",
    examples: {
      month: "2025-03   5   5,062.50",
      quarter: "2025-Q1   5   5,062.50",
      year: "2025   5   5,062.50",
    } as Record<string, string>,
    fill: "Write the newest periods down",
    send: "Compare",
    nothing: "No line says a number of deals or an amount.",
    unread: "Nothing was compared: these lines cannot be read",
    line: (n: string, text: string) => `Line ${n}, “${text}”:`,
    why: {
      many: "more than a period, a number of deals and an amount",
      deals: "the number of deals is no whole number",
      amount: "the amount is no number",
      currency: "the amount is in another currency",
    } as Record<string, string>,
    none: "Nothing is compared yet",
    noneText:
      "Write what the CRM’s report says above; each line then stands beside our figure, and our figure leads to its deals.",
    agree: (of: string) => (of === "1" ? "The one line agrees" : `All ${of} lines agree`),
    differ: (n: string, of: string) => `${n} of ${of} lines differ`,
    asOf: (seq: string) =>
      `Ours as of commit ${seq}, by close date; the difference is theirs less ours`,
    deals: "Won deals",
    amount: "Amount",
    theirs: "Theirs",
    ours: "Ours",
    more: "Difference",
    differs: "differs",
    agrees: "agrees",
    verdict: "In short",
    notSaid: "The CRM’s total was not said",
    ourDeals: "Deals won in the period, as this book counts them",
    ourAmount: "What they were worth, in the currency that was asked",
    notPriced: (n: string) => (n === "1" ? "1 has no rate" : `${n} have no rate`),
    notPricedMeans: "Won deals whose amount has no rate to this currency: it is in no sum",
  },
  alerts: {
    title: "What needs attention",
    all: (n: string) => `Show all ${n}`,
    calm: "Nothing needs attention: balances hold, closed periods stand as they were told, nobody stays longer than promised.",
    calmSources:
      "Nothing needs attention: balances hold, closed periods stand as they were told, no source is behind, nobody stays longer than promised.",
    balance: (what: string, said: string, found: string) =>
      `Vouched for was ${what} = ${said}; the book says ${found}`,
    restated: (n: number, shown: string, period: string) =>
      n === 1
        ? `${shown} figure of the closed ${period} is another one now`
        : `${shown} figures of the closed ${period} are others now`,
    stays: (n: number, stage: string, limit: string) =>
      n === 1
        ? `stays in “${stage}” for longer than the ${limit} promised`
        : `stay in “${stage}” for longer than the ${limit} promised`,
  },
  checks: {
    atEndOf: (period: string) => `At the end of ${period}`,
    now: "Now",
    costOfAll:
      "Of all: the page’s condition is about pursuits, and what is spent is none of a pursuit",
    everyMonth: "Every month of the book, not split or compared",
    opens: (what: string) => `Opens the records of “${what}”`,
  },
  away: {
    since: (when: string) => `No answer since ${when}`,
    means: (when: string) =>
      `The server last answered on ${when}; what is shown is what was known then`,
    stands: (when: string) => `As of ${when}`,
  },
};
