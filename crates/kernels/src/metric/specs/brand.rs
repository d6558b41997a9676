//! What the measures of the brand declare.

use super::more::{Declared, spec};
use super::{CLOSED, Metric, MetricSpec, Said, Shape, TIMED, declare};

const OPENED: Said = Said {
    anchor: "the opening of the pursuit",
    population: "pursuits that came by a touch that is known, whatever became of them",
    unit: "pursuits; with --unit deal, those that have a deal",
    window: "none; one without a date counts only when no period is asked",
    reentry: "each pursuit once, by the touch that opened it",
    touches: "the opening touch; whether it is direct or branded, the charter's brand.toml says, \
              and what is both is direct",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
};

const OF_OPENINGS: Declared = declare(OPENED);
pub(super) const BRAND_OPENING: MetricSpec = spec(
    Metric::BrandOpening,
    "brand_opening_share",
    Shape::Share,
    "of the pursuits opened in the period that came by a known touch, those that came directly or \
     by the name",
    &OF_OPENINGS,
);
pub(super) const DIRECT_OPENING: MetricSpec = spec(
    Metric::DirectOpening,
    "direct_opening_share",
    Shape::Share,
    "of the pursuits opened in the period that came by a known touch, those that came directly",
    &OF_OPENINGS,
);
pub(super) const BRANDED_OPENING: MetricSpec = spec(
    Metric::BrandedOpening,
    "branded_opening_share",
    Shape::Share,
    "of the pursuits opened in the period that came by a known touch, those that came by the name",
    &OF_OPENINGS,
);

/// Which touches tell.
const FIRST: &str = "all of the buyer's up to the close, of every pursuit and between them, in \
                     fact order; which are brand activity, the charter's brand.toml says; what \
                     sales did is no brand activity; an undated one is before nothing";

const OF_BRAND_FIRST: Declared = declare(Said {
    population: "deals won or lost whose buyer brand activity had touched by then, before any \
                 touch by sales",
    unit: "deals",
    touches: FIRST,
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
pub(super) const WIN_RATE_BRAND_FIRST: MetricSpec = spec(
    Metric::WinRateBrandFirst,
    "win_rate_brand_first",
    Shape::Share,
    "won over won and lost, by close date, of buyers whom brand activity touched before any touch \
     by sales",
    &OF_BRAND_FIRST,
);

const OF_THE_OTHERS: Declared = declare(Said {
    population: "deals won or lost of all other buyers: touched by sales first, or by no brand \
                 activity by then",
    unit: "deals",
    touches: FIRST,
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
pub(super) const WIN_RATE_NOT_BRAND_FIRST: MetricSpec = spec(
    Metric::WinRateNotBrandFirst,
    "win_rate_not_brand_first",
    Shape::Share,
    "won over won and lost, by close date, of all buyers whom brand activity did not touch first",
    &OF_THE_OTHERS,
);

const OF_FIRST_CYCLES: Declared = declare(Said {
    population: "won deals whose buyer brand activity had touched by then, before any touch by \
                 sales",
    touches: FIRST,
    ..TIMED
});
pub(super) const CYCLE_BRAND_FIRST: MetricSpec = spec(
    Metric::CycleBrandFirst,
    "cycle_won_brand_first",
    Shape::Days,
    "days from creation to the win, of buyers whom brand activity touched before any touch by \
     sales",
    &OF_FIRST_CYCLES,
);

const OF_OTHER_CYCLES: Declared = declare(Said {
    population: "won deals of all other buyers: touched by sales first, or by no brand activity by \
                 then",
    touches: FIRST,
    ..TIMED
});
pub(super) const CYCLE_NOT_BRAND_FIRST: MetricSpec = spec(
    Metric::CycleNotBrandFirst,
    "cycle_won_not_brand_first",
    Shape::Days,
    "days from creation to the win, of all buyers whom brand activity did not touch first",
    &OF_OTHER_CYCLES,
);
