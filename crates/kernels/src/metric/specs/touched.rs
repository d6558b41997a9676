//! What the measures of what marketing touched declare.

use super::more::{Declared, spec};
use super::{MONEY, Metric, MetricSpec, Said, Shape, declare};

/// Which touches tell.
const EARNING: &str = "those that may earn: of the people and kinds of the charter's \
                       attribution.toml, within its look-back, up to the close; marketing's are \
                       those of the team `marketing`; an undated one is before nothing";
const EARLIER: &str = "those that may earn and came by the deal's creation, a bare day by its \
                       end: of the people and kinds of the charter's attribution.toml, within its \
                       look-back; marketing's are those of the team `marketing`; of a deal without \
                       a creation date none did";

const COUNTED: Said = Said {
    population: "all won deals; disqualified, dormant and deleted ones are not won",
    touches: EARNING,
    currency: "no money",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..MONEY
};

const OF_TOUCHED: Declared = declare(COUNTED);
pub(super) const TOUCHED: MetricSpec = spec(
    Metric::MarketingTouched,
    "marketing_touched",
    Shape::Share,
    "of the won deals, those that marketing touched before they closed",
    &OF_TOUCHED,
);

const OF_TOUCHED_EARLY: Declared = declare(Said {
    touches: EARLIER,
    ..COUNTED
});
pub(super) const TOUCHED_EARLY: MetricSpec = spec(
    Metric::MarketingTouchedEarly,
    "marketing_touched_before_creation",
    Shape::Share,
    "of the won deals, those that marketing touched before they were created",
    &OF_TOUCHED_EARLY,
);

const VALUED: Said = Said {
    population: "amounts of won deals, at their last known values; deals without an amount are \
                 told and in neither",
    touches: EARNING,
    rounding: "both amounts are shown in whole minor units; over nothing there is no value",
    ..MONEY
};

const OF_VALUE: Declared = declare(VALUED);
pub(super) const TOUCHED_BY_VALUE: MetricSpec = spec(
    Metric::MarketingTouchedByValue,
    "marketing_touched_by_value",
    Shape::ShareOfMoney,
    "of what the won deals were worth, what those were that marketing touched before they closed",
    &OF_VALUE,
);

const OF_VALUE_EARLY: Declared = declare(Said {
    touches: EARLIER,
    ..VALUED
});
pub(super) const TOUCHED_EARLY_BY_VALUE: MetricSpec = spec(
    Metric::MarketingTouchedEarlyByValue,
    "marketing_touched_before_creation_by_value",
    Shape::ShareOfMoney,
    "of what the won deals were worth, what those were that marketing touched before they were \
     created",
    &OF_VALUE_EARLY,
);
