//! What the measures declare that weigh open deals by what became of deals like them.

use super::more::{Declared, spec};
use super::{MONEY, Metric, MetricSpec, Said, Shape, declare};

const ALIKE: Said = Said {
    anchor: "one instant: the last before the period's end, else before the horizon",
    window: "all history up to that instant; a deal without a creation date is there from the \
             first that is known of it",
    reentry: "a reopened deal is open while it is reopened; one that is over counts by its last \
              end by then",
    rounding: "each deal's amount, in the asked currency, times that share, half-even to whole \
               minor units; then summed",
    ..MONEY
};

const OF_AGE: Declared = declare(Said {
    population: "deals open then with an amount, each times the share won of all deals that had \
                 ended by then, however they ended, and were still open when they were as many \
                 fiscal quarters old: quarters after that of the creation, 0 in the same; where \
                 none was, or without a creation date: told (W0136), not summed",
    ..ALIKE
});
pub(super) const WEIGHTED_BY_AGE: MetricSpec = spec(
    Metric::WeightedByAge,
    "weighted_by_age",
    Shape::Sum,
    "amounts of the deals open at the period's end, each times how often deals were won that were \
     still open at its age",
    &OF_AGE,
);

const OF_CATEGORY: Declared = declare(Said {
    population: "deals open then with an amount, each times the share won of all deals that were \
                 ever in the forecast category that it is in (`forecast_category`) and had ended \
                 by then, however they ended; where none had, or without a category: told \
                 (W0136), not summed",
    ..ALIKE
});
pub(super) const WEIGHTED_BY_CATEGORY: MetricSpec = spec(
    Metric::WeightedByCategory,
    "weighted_by_category",
    Shape::Sum,
    "amounts of the deals open at the period's end, each times how often deals of its forecast \
     category were won",
    &OF_CATEGORY,
);
