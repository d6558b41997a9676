//! Words of the server's own sentences that a page looks for. Each stands in its sources as it does
//! here (`tests/said.test.ts` looks), so that a sentence that is worded anew switches nothing off.

/** A limit that somebody promised; the ninth of ten stays is a measure and no promise. */
export const PROMISED = "service level";
export const NINE_OF_TEN = "p90 of stays that are over";

/** What a metric of no period of its own says of its date, and one without money of its currency. */
export const ONE_INSTANT = "one instant";
export const NO_MONEY = "no money";

/** What an answer notes of a metric that the charter defines instead of ours. */
export const INSTEAD = "`{name}` is the charter's, in place of the one that ships";

/** Ends of what changed a figure since it was told. */
export const TOLD_THEN = "as told then";
export const TOLD_NOW = "as told now";

/** How a note begins that says whether an order of credit is one to decide by. */
export const ROBUST = "robust: ";
export const FRAGILE = "fragile: ";
export const NOT_KNOWN = "whether their order is robust is unknown: ";

/** How a note of a forecast begins that says who speaks of deals, or of their value, and why. */
export const SPEAKS = { deals: "deals: ", value: "value: " } as const;

/** Parts of a forecast, and the row of all of them. */
export const PARTS = ["already_won", "open_deals", "leads_in_hand", "still_to_be_created"] as const;

/** Lines of a plan before its stages. */
export const LINES = ["goal", "already_won", "in_hand", "gap", "deals"] as const;

/** How a refusal begins where no goal of the book lies in the days of a plan. */
export const NO_GOAL = "no goal lies in ";

/** How a journey calls people, who are numbered there and named nowhere. */
export const PERSON = "person ";

/** What happens in a journey, where its drawing tells it apart. */
export const HAPPENED = {
  opens: "pursuit opens",
  touch: "touch",
  deal: "deal",
  enters: "enters",
  leaves: "leaves",
  ends: "pursuit ends",
} as const;
