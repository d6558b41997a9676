//! What the measures of campaigns and those whom they brought declare.

use super::more::{Declared, spec};
use super::{CLOSED, LEADS, MONEY, Metric, MetricSpec, Said, Shape, declare};

const BROUGHT: &str = "the touch that the lead's pursuit came from: the one that opened it, else \
                       the opener's latest before it, else the first";

const ATTRIBUTED: Declared = declare(Said {
    population: "leads whose touch is of a campaign on which money was spent in the period asked \
                 for, or on what it is part of, or on another part of that; by day, week, month, \
                 quarter or year, in the one that the lead was created in",
    touches: BROUGHT,
    ..LEADS
});
pub(super) const LEADS_ATTRIBUTED: MetricSpec = spec(
    Metric::LeadsAttributed,
    "leads_attributed",
    Shape::Count,
    "leads created in the period that came by a campaign on which money was spent in it; in each \
     row of periods, in that one",
    &ATTRIBUTED,
);

const NEW: Said = Said {
    anchor: "the first day of spend on the campaign at the top of the tree, with all its parts",
    window: "none: all that was told up to the horizon, so a young campaign's figures still move; \
             one without a date counts only when no period is asked",
    reentry: "each campaign once, by its first spend",
    ..CLOSED
};
const OF_SPEND: Declared = declare(Said {
    population: "all spend facts ever of campaigns whose spend began in the period; of a total \
                 that `includes_children` the rest; what names no campaign is left out",
    unit: "spend facts; no other can be asked for",
    currency: MONEY.currency,
    rounding: "whole minor units",
    ..NEW
});
pub(super) const SPEND_OF_NEW: MetricSpec = spec(
    Metric::SpendOfNew,
    "spend_of_new_campaigns",
    Shape::Sum,
    "all that was ever spent on campaigns whose spend began in the period",
    &OF_SPEND,
);

const OF_LEADS: Declared = declare(Said {
    population: "all leads ever that came by campaigns whose spend began in the period",
    unit: LEADS.unit,
    people: LEADS.people,
    touches: BROUGHT,
    ..NEW
});
pub(super) const LEADS_OF_NEW: MetricSpec = spec(
    Metric::LeadsOfNew,
    "leads_of_new_campaigns",
    Shape::Count,
    "all leads that campaigns ever brought whose spend began in the period",
    &OF_LEADS,
);
