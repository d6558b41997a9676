//! What the measures for formulas declare.

use super::{CLOSED, LEADS, MONEY, Metric, MetricSpec, Said, Shape, declare};

pub(super) type Declared = [(&'static str, &'static str); 14];

pub(super) const fn spec(
    metric: Metric,
    name: &'static str,
    shape: Shape,
    means: &'static str,
    declares: &'static Declared,
) -> MetricSpec {
    MetricSpec {
        metric,
        name,
        shape,
        means,
        declares,
    }
}

const OF_CLOSED: Declared = declare(Said {
    population: "what was won or lost; disqualified, dormant and deleted ones are left out",
    ..CLOSED
});
pub(super) const CLOSED_DEALS: MetricSpec = spec(
    Metric::Closed,
    "closed",
    Shape::Count,
    "won or lost in the period, by close date",
    &OF_CLOSED,
);

const OF_ENDED: Declared = declare(Said {
    population: "all that ended: won, lost, disqualified and dormant",
    ..CLOSED
});
pub(super) const ENDED: MetricSpec = spec(
    Metric::Ended,
    "ended",
    Shape::Count,
    "ended in the period in whatever way",
    &OF_ENDED,
);

const STAGED: Said = Said {
    anchor: "the first entry into the stage, implied ones included",
    population: "all that ever entered the stage, whatever became of them",
    unit: "pursuits; with --unit deal, those that have a deal",
    window: "none; an entry without a date counts only when no period is asked",
    reentry: "the first entry counts",
    ..CLOSED
};
const OF_ENTERED: Declared = declare(STAGED);
pub(super) const ENTERED: MetricSpec = spec(
    Metric::Entered,
    "entered",
    Shape::Count,
    "entered a stage for the first time in the period (entered:STAGE; the first of the path unless \
     said)",
    &OF_ENTERED,
);

const OF_IN_STAGE: Declared = declare(Said {
    anchor: "any time of the period: a stay that began before its end and was not over before its \
             begin",
    population: "all with a stay in the stage that touches the period, implied ones included",
    window: "none; a stay without a date counts only when no period is asked",
    reentry: "each once, however often it was there",
    ..STAGED
});
pub(super) const IN_STAGE: MetricSpec = spec(
    Metric::InStage,
    "in_stage",
    Shape::Count,
    "was in a stage at any time of the period (in_stage:STAGE)",
    &OF_IN_STAGE,
);

const OF_REACHED: Declared = declare(Said {
    population: "those that entered the first stage; the part reached the second or a later one of \
                 the path at or after that entry",
    window: "none: until the horizon, so a young period's share can still grow; ask funnel --view \
             cohort has windows and estimates",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..STAGED
});
pub(super) const REACHED: MetricSpec = spec(
    Metric::Reached,
    "reached",
    Shape::Share,
    "of those that entered one stage in the period, those that reached another (reached:FROM:TO)",
    &OF_REACHED,
);

const OF_LOST_VALUE: Declared = declare(Said {
    population: "lost deals with an amount, at its last known value",
    ..MONEY
});
pub(super) const LOST_VALUE: MetricSpec = spec(
    Metric::LostValue,
    "lost_value",
    Shape::Sum,
    "amounts of the deals lost, by close date",
    &OF_LOST_VALUE,
);

const OF_CUSTOMERS: Declared = declare(Said {
    population: "won deals that are the first of their buyer: its account, else its person, else \
                 the deal alone",
    unit: "deals, one for each new buyer",
    reentry: "a buyer counts once, by the first of its wins that are known",
    ..CLOSED
});
pub(super) const NEW_CUSTOMERS: MetricSpec = spec(
    Metric::NewCustomers,
    "new_customers",
    Shape::Count,
    "buyers won for the first time in the period, by close date",
    &OF_CUSTOMERS,
);

const CREATED: Said = Said {
    anchor: "the deal's creation",
    population: "all deals created in the period, whatever became of them",
    unit: "deals",
    window: "none; a deal without a creation date counts only when no period is asked",
    reentry: "each deal once, by its creation",
    ..CLOSED
};
const OF_CREATED: Declared = declare(CREATED);
pub(super) const DEALS_CREATED: MetricSpec = spec(
    Metric::DealsCreated,
    "deals_created",
    Shape::Count,
    "deals created in the period",
    &OF_CREATED,
);

const OF_CLOSE_RATE: Declared = declare(Said {
    population: "deals created in quarters of which the nth after is over at the horizon; the part \
                 was won in that quarter",
    window: "the nth fiscal quarter after that of the creation; 0 is the same; deals whose nth \
             quarter is not over are left out, and so are those without a creation date",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CREATED
});
pub(super) const CLOSE_RATE: MetricSpec = spec(
    Metric::CloseRate,
    "close_rate",
    Shape::Share,
    "of deals created, those won in the nth quarter after that of their creation (close_rate:N; 0 \
     unless said)",
    &OF_CLOSE_RATE,
);

const PIPELINE: Said = Said {
    anchor: CREATED.anchor,
    population: "deals created in the period, at their amount then: what the first record of the \
                 deal that counted at its creation gives",
    window: CREATED.window,
    reentry: CREATED.reentry,
    ..MONEY
};
const OF_PIPELINE: Declared = declare(PIPELINE);
pub(super) const PIPELINE_CREATED: MetricSpec = spec(
    Metric::PipelineCreated,
    "pipeline_created",
    Shape::Sum,
    "amounts of the deals created, as they were at their creation",
    &OF_PIPELINE,
);

const OF_PIPELINE_NOW: Declared = declare(Said {
    population: "deals created in the period, at their last known amount",
    ..PIPELINE
});
pub(super) const PIPELINE_CREATED_NOW: MetricSpec = spec(
    Metric::PipelineCreatedNow,
    "pipeline_created_now",
    Shape::Sum,
    "amounts of the deals created, as last known",
    &OF_PIPELINE_NOW,
);

const OF_DUE: Declared = declare(Said {
    anchor: "the deal's close_date, as known at the instant looked at",
    population: "deals open at the last instant before the period's end, or before the horizon if \
                 that is earlier, that are to close in the period",
    window: "none; a deal without a close_date counts only when no period is asked",
    reentry: "a reopened deal is open while it is reopened",
    ..MONEY
});
pub(super) const OPEN_DUE: MetricSpec = spec(
    Metric::OpenDue,
    "open_due",
    Shape::Sum,
    "amounts of the open deals that are to close in the period",
    &OF_DUE,
);

const OF_WEIGHTED: Declared = declare(Said {
    anchor: "one instant: the last before the period's end, else before the horizon",
    population: "deals open then with an amount, each times the probability that its own records \
                 tell then (`probability`, from 0 to 1), else that of the stage it is in, by the \
                 charter; without one: told (W0136), not summed",
    window: "none; a deal without a creation date is there from the first that is known of it",
    reentry: "a reopened deal is open while it is reopened",
    rounding: "each deal's amount, in the asked currency, times its probability, half-even to \
               whole minor units; then summed",
    ..MONEY
});
pub(super) const WEIGHTED_OPEN: MetricSpec = spec(
    Metric::WeightedOpen,
    "weighted_open",
    Shape::Sum,
    "amounts of the deals open at the period's end, each times its probability",
    &OF_WEIGHTED,
);

const OF_WEIGHTED_DUE: Declared = declare(Said {
    anchor: "the deal's close_date, as known at the instant looked at",
    population: "deals open at the last instant before the period's end, or before the horizon if \
                 that is earlier, that are to close in the period, each times the probability that \
                 its own records tell then (`probability`, from 0 to 1), else that of the stage it \
                 is in, by the charter; without one: told (W0136), not summed",
    window: "none; a deal without a close_date counts only when no period is asked",
    reentry: "a reopened deal is open while it is reopened",
    rounding: "each deal's amount, in the asked currency, times its probability, half-even to \
               whole minor units; then summed",
    ..MONEY
});
pub(super) const WEIGHTED_DUE: MetricSpec = spec(
    Metric::WeightedDue,
    "weighted_due",
    Shape::Sum,
    "amounts of the open deals that are to close in the period, each times its probability",
    &OF_WEIGHTED_DUE,
);

const OF_WEIGHTED_BY_HISTORY: Declared = declare(Said {
    anchor: "one instant: the last before the period's end, else before the horizon",
    population: "deals open then with an amount, each times the share won of all deals that ever \
                 entered the stage it is in and had ended by then, however they ended; where none \
                 had: told (W0136), not summed",
    window: "all history up to that instant; a deal without a creation date is there from the \
             first that is known of it",
    reentry: "a reopened deal is open while it is reopened; a deal counts once for each stage",
    rounding: "each deal's amount, in the asked currency, times that share, half-even to whole \
               minor units; then summed",
    ..MONEY
});
pub(super) const WEIGHTED_BY_HISTORY: MetricSpec = spec(
    Metric::WeightedByHistory,
    "weighted_by_history",
    Shape::Sum,
    "amounts of the deals open at the period's end, each times how often deals of its stage were \
     won",
    &OF_WEIGHTED_BY_HISTORY,
);

const OF_TARGET: Declared = declare(Said {
    anchor: "the days that a target is for (`period`, else `until`): it counts whole where they \
             lie in the period asked for, or in that of the row; one that is longer, or crosses an \
             edge, is told (W0138) and in no sum",
    population: "target facts with an amount; of one owner and currency the longest that fit, none \
                 over another; a rep's whose days those of the team or the company tell in its \
                 currency counts only where the answer is split by rep, and theirs only where it \
                 is not: the others are told (W0137), and so is one of whose days they tell some \
                 and not all, no part of which is a goal (W0139); of one that says no length, its \
                 first day counts",
    unit: "target facts; no other can be asked for",
    window: "none; one without a date and a period is told, and in no figure",
    reentry: "none",
    ..MONEY
});
pub(super) const TARGET: MetricSpec = spec(
    Metric::Target,
    "target",
    Shape::Sum,
    "what is to be won in the period",
    &OF_TARGET,
);

const OF_LEADS_WITH_DEAL: Declared = declare(Said {
    population: "leads created in the period; the part is in a pursuit that has a deal",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..LEADS
});
pub(super) const LEADS_WITH_DEAL: MetricSpec = spec(
    Metric::LeadsWithDeal,
    "leads_with_deal",
    Shape::Share,
    "of leads created, those whose pursuit has a deal",
    &OF_LEADS_WITH_DEAL,
);

const OF_LEADS_WON: Declared = declare(Said {
    population: "leads created in the period; the part is in a pursuit that was won",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..LEADS
});
pub(super) const LEADS_WON: MetricSpec = spec(
    Metric::LeadsWon,
    "leads_won",
    Shape::Share,
    "of leads created, those whose pursuit was won",
    &OF_LEADS_WON,
);

const OF_ACCOUNTS: Declared = declare(Said {
    anchor: "the account's first lead of the period",
    population: "accounts with a lead created in the period; the part has a deal that was not \
                 there before that lead",
    unit: "accounts: each once, its first lead of the period stands for it; no other can be asked \
           for",
    reentry: "each account once",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..LEADS
});
pub(super) const ACCOUNTS_WITH_DEAL: MetricSpec = spec(
    Metric::AccountsWithDeal,
    "accounts_with_deal",
    Shape::Share,
    "of accounts with a new lead, those with a deal since",
    &OF_ACCOUNTS,
);

const OF_ACCOUNTS_WON: Declared = declare(Said {
    anchor: "the account's first lead of the period",
    population: "accounts with a lead created in the period; the part has a won deal that was not \
                 there before that lead",
    unit: "accounts: each once, its first lead of the period stands for it; no other can be asked \
           for",
    reentry: "each account once",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..LEADS
});
pub(super) const ACCOUNTS_WON: MetricSpec = spec(
    Metric::AccountsWon,
    "accounts_won",
    Shape::Share,
    "of accounts with a new lead, those with a deal since that was won",
    &OF_ACCOUNTS_WON,
);
