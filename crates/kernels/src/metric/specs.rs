//! What each metric declares. The texts are the answer to `metric explain`; what they say is
//! counted in `metric`, and a change of one without the other is a defect.

mod alike;
mod brand;
mod families;
mod handed;
mod more;
mod touched;

use super::{Metric, MetricSpec, Shape};

/// The declarations that differ between metrics; the rest is the same for all.
#[derive(Clone, Copy)]
struct Said {
    anchor: &'static str,
    population: &'static str,
    unit: &'static str,
    window: &'static str,
    reentry: &'static str,
    currency: &'static str,
    people: &'static str,
    touches: &'static str,
    rounding: &'static str,
}

const CLOSED: Said = Said {
    anchor: "close date: the end mark's time, else the deal's `closed`; a bare day is that day",
    population: "what was won; disqualified, dormant and deleted ones are neither won nor lost",
    unit: "pursuits, with or without a deal; with --unit deal, deals",
    window: "none; an end without a date counts only when no period is asked",
    reentry: "a reopened deal counts once, by its last end; one that is open again, not at all",
    currency: "no money",
    people: "none: no person is counted",
    touches: "none",
    rounding: "counts are whole",
};

const MONEY: Said = Said {
    population: "won deals; disqualified, dormant and deleted ones are neither won nor lost",
    unit: "deals",
    currency: "one figure per currency, never mixed; with --currency each deal once by the \
               charter's rates (rates@2), half-even; without a rate: counted, not summed",
    rounding: "whole minor units; a mean stays sum over count until it is shown",
    ..CLOSED
};

const TIMED: Said = Said {
    population: "won deals; disqualified, dormant and deleted ones are neither won nor lost",
    unit: "deals with both dates; one that lacks a date is left out",
    rounding: "two days: calendar days; two instants: seconds; mixed: calendar days of the zone; \
               mean and median are exact until shown, a negative time counts",
    ..CLOSED
};

const LEADS: Said = Said {
    anchor: "the first person fact of any key of the person",
    population: "people with a person fact, whether or not a pursuit was opened",
    unit: "leads: one per person; no other can be asked for",
    window: "none; an undated one counts only when no period is asked",
    reentry: "the first one counts",
    people: "each resolved person once",
    ..CLOSED
};

/// The version of what is counted here: that of the kernel.
const DEFINITION: &str = "metric@12";

const fn declare(said: Said) -> [(&'static str, &'static str); 14] {
    [
        ("date anchor", said.anchor),
        ("population", said.population),
        ("unit", said.unit),
        ("window", said.window),
        ("re-entry", said.reentry),
        ("currency", said.currency),
        (
            "calendar",
            "the charter's zone and fiscal calendar; periods are [from, until)",
        ),
        (
            "as-of",
            "what the book had learned at the as-of; it never cuts on event dates",
        ),
        ("people", said.people),
        ("touches", said.touches),
        ("tie-break", "fact order"),
        ("rounding", said.rounding),
        ("definition", DEFINITION),
        (
            "evidence",
            "source facts; undated and assumed ones are told beside the figure",
        ),
    ]
}

const WON: [(&str, &str); 14] = declare(CLOSED);
const LOST: [(&str, &str); 14] = declare(Said {
    population: "what was lost; disqualified, dormant and deleted ones are not lost",
    ..CLOSED
});
const LOST_BY_REASON: [(&str, &str); 14] = declare(Said {
    population: "what was lost, by the reason on the mark that ended it, else the deal's last \
                 loss reason; disqualified, dormant and deleted ones are not lost",
    ..CLOSED
});
const WIN_RATE: [(&str, &str); 14] = declare(Said {
    population: "won over won and lost; open, disqualified, dormant and deleted ones are left out",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
const REVENUE: [(&str, &str); 14] = declare(Said {
    population: "won deals with an amount, at its last known value",
    ..MONEY
});
const MEAN_WON: [(&str, &str); 14] = declare(Said {
    population: "won deals with an amount; those without are told and not in the denominator",
    ..MONEY
});
const CYCLE_WON: [(&str, &str); 14] = declare(TIMED);
const CYCLE_LOST: [(&str, &str); 14] = declare(Said {
    population: "lost deals; disqualified, dormant and deleted ones are not lost",
    ..TIMED
});
const CYCLE_CLOSED: [(&str, &str); 14] = declare(Said {
    population: "won and lost deals",
    ..TIMED
});
const OPEN_VALUE: [(&str, &str); 14] = declare(Said {
    anchor: "one instant: the last before the period's end, else before the horizon",
    population: "deals created by then and not ended by then",
    window: "none; a deal without a creation date is there from the first that is known of it",
    reentry: "a reopened deal is open while it is reopened",
    ..MONEY
});
const LEADS_CREATED: [(&str, &str); 14] = declare(LEADS);
const LEADS_ASSIGNED: [(&str, &str); 14] = declare(Said {
    anchor: "the first assignment of the person to a rep; a queue is no rep",
    population: "leads that were assigned",
    ..LEADS
});
const LEADS_WORKED: [(&str, &str); 14] = declare(Said {
    anchor: "the first touch by sales",
    population: "leads that sales touched",
    touches: "touches whose team is sales",
    ..LEADS
});

const WIN_RATE_ALL_ENDS: [(&str, &str); 14] = declare(Said {
    population: "won over all that ended: won, lost, disqualified and dormant (no decision)",
    ..CLOSED
});
const WIN_RATE_BY_VALUE: [(&str, &str); 14] = declare(Said {
    population: "amounts of won over amounts of won and lost deals, at their last known values; \
                 deals without an amount are told and in neither",
    rounding: "both amounts are shown in whole minor units; over nothing there is no value",
    ..MONEY
});
const WIN_RATE_COHORT: [(&str, &str); 14] = declare(Said {
    anchor: "the deal's creation",
    population: "won over all deals created in the period, whatever became of them",
    unit: "deals",
    window: "none: open deals count below only, so a young period's rate can still grow; a deal \
             without a creation date counts only when no period is asked",
    reentry: "each deal once, by its creation; it is won if it is won now",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
const WIN_RATE_FROM: [(&str, &str); 14] = declare(Said {
    anchor: "the first entry into the stage, implied ones included",
    population: "won over all that ever entered the stage, whatever became of them",
    unit: "pursuits; with --unit deal, those that have a deal",
    window: "none: open ones count below only, so a young period's rate can still grow; an entry \
             without a date counts only when no period is asked",
    reentry: "the first entry counts",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
const CYCLE_FROM_OPENING: [(&str, &str); 14] = declare(Said {
    population: "won deals; time runs from the opening of their pursuit",
    ..TIMED
});
const CYCLE_FROM_TOUCH: [(&str, &str); 14] = declare(Said {
    population: "won deals; time runs from the touch that their pursuit came from",
    touches: "the one that opened the pursuit, else the opener's latest before it, else the first",
    ..TIMED
});
const VELOCITY: Said = Said {
    anchor: "open deals: the last instant before the period's end, else before the horizon; \
             won value, win rate and cycle: close date in the period",
    population: "open deals, in whatever stage, × mean value of won deals × win rate ÷ mean days \
                 from creation to win",
    window: "none; a period without a win or a loss has no velocity",
    reentry: "a reopened deal is open while it is reopened; else it counts by its last end",
    currency: "one figure per currency; a deal without an amount counts in the charter's currency",
    rounding: "one exact fraction, rounded half to even to the minor unit per day",
    ..MONEY
};
const SALES_VELOCITY: [(&str, &str); 14] = declare(VELOCITY);
const SALES_VELOCITY_MEDIAN: [(&str, &str); 14] = declare(Said {
    population: "open deals, in whatever stage, × mean value of won deals × win rate ÷ median days \
                 from creation to win",
    ..VELOCITY
});
const SALES_VELOCITY_BY_VALUE: [(&str, &str); 14] = declare(Said {
    population: "open deals, in whatever stage, × mean value of won deals × win rate by value ÷ \
                 mean days from creation to win",
    ..VELOCITY
});
const SPEND: [(&str, &str); 14] = declare(Said {
    anchor: "the days it was spent for: an amount for several days is spread over them in whole \
             minor units, what is left over to the earliest, and a period takes its own days",
    population: "spend facts with an amount; of a campaign's total that `includes_children` the \
                 rest that the campaigns below it do not tell; days still to come do not count; \
                 spend:media, spend:tool, spend:labour, spend:event count what was paid for that, \
                 spend:programme media and events",
    unit: "spend facts; no other can be asked for",
    window: "none; what has no date counts only when no period is asked",
    reentry: "none",
    currency: "one figure per currency, never mixed; with --currency each fact once by the \
               charter's rates at its first date (rates@2), half-even, then spread; without a \
               rate: counted, not summed",
    rounding: "whole minor units",
    ..MONEY
});
const AD_NUMBERS: [(&str, &str); 14] = declare(Said {
    anchor: "the days it was spent for; a number for several days is spread as money is",
    population: "spend facts that carry the number, as the network counts it",
    unit: "whole numbers of spend facts, added up; no other can be asked for",
    window: "none; what has no date counts only when no period is asked",
    reentry: "none",
    currency: "no money",
    ..CLOSED
});

/// All metrics with their declarations.
pub const SPECS: &[MetricSpec] = &[
    MetricSpec {
        metric: Metric::Won,
        name: "won",
        shape: Shape::Count,
        means: "won in the period, by close date",
        declares: &WON,
    },
    MetricSpec {
        metric: Metric::Lost,
        name: "lost",
        shape: Shape::Count,
        means: "lost in the period, by close date",
        declares: &LOST,
    },
    MetricSpec {
        metric: Metric::WinRate,
        name: "win_rate",
        shape: Shape::Share,
        means: "won over won and lost, by close date",
        declares: &WIN_RATE,
    },
    MetricSpec {
        metric: Metric::Revenue,
        name: "revenue",
        shape: Shape::Sum,
        means: "amounts of the deals won, by close date",
        declares: &REVENUE,
    },
    MetricSpec {
        metric: Metric::MeanWonValue,
        name: "mean_won_value",
        shape: Shape::MeanMoney,
        means: "amounts of the deals won over how many have one, by close date",
        declares: &MEAN_WON,
    },
    touched::TOUCHED,
    touched::TOUCHED_BY_VALUE,
    touched::TOUCHED_EARLY,
    touched::TOUCHED_EARLY_BY_VALUE,
    MetricSpec {
        metric: Metric::CycleWon,
        name: "cycle_won",
        shape: Shape::Days,
        means: "days from creation to the win, of deals won in the period",
        declares: &CYCLE_WON,
    },
    MetricSpec {
        metric: Metric::CycleLost,
        name: "cycle_lost",
        shape: Shape::Days,
        means: "days from creation to the loss, of deals lost in the period",
        declares: &CYCLE_LOST,
    },
    MetricSpec {
        metric: Metric::CycleClosed,
        name: "cycle_closed",
        shape: Shape::Days,
        means: "days from creation to the end, of deals won or lost in the period",
        declares: &CYCLE_CLOSED,
    },
    MetricSpec {
        metric: Metric::OpenValue,
        name: "open_value",
        shape: Shape::Sum,
        means: "amounts of the deals open at the period's end",
        declares: &OPEN_VALUE,
    },
    MetricSpec {
        metric: Metric::LeadsCreated,
        name: "leads_created",
        shape: Shape::Count,
        means: "leads created in the period",
        declares: &LEADS_CREATED,
    },
    MetricSpec {
        metric: Metric::LeadsAssigned,
        name: "leads_assigned",
        shape: Shape::Count,
        means: "leads first assigned to a rep in the period",
        declares: &LEADS_ASSIGNED,
    },
    MetricSpec {
        metric: Metric::LeadsWorked,
        name: "leads_worked",
        shape: Shape::Count,
        means: "leads first touched by sales in the period",
        declares: &LEADS_WORKED,
    },
    MetricSpec {
        metric: Metric::LostByReason,
        name: "lost_by_reason",
        shape: Shape::CountByReason,
        means: "lost in the period, by the reason given",
        declares: &LOST_BY_REASON,
    },
    MetricSpec {
        metric: Metric::WinRateAllEnds,
        name: "win_rate_all_ends",
        shape: Shape::Share,
        means: "won over all that ended, no decision and disqualified included, by close date",
        declares: &WIN_RATE_ALL_ENDS,
    },
    MetricSpec {
        metric: Metric::WinRateByValue,
        name: "win_rate_by_value",
        shape: Shape::ShareOfMoney,
        means: "amounts won over amounts won and lost, by close date",
        declares: &WIN_RATE_BY_VALUE,
    },
    MetricSpec {
        metric: Metric::WinRateCohort,
        name: "win_rate_cohort",
        shape: Shape::Share,
        means: "won by now over all deals created in the period, by creation",
        declares: &WIN_RATE_COHORT,
    },
    MetricSpec {
        metric: Metric::WinRateFrom,
        name: "win_rate_from",
        shape: Shape::Share,
        means: "won by now over all that entered a stage in the period: win_rate_from:STAGE",
        declares: &WIN_RATE_FROM,
    },
    MetricSpec {
        metric: Metric::CycleWonFromOpening,
        name: "cycle_won_from_opening",
        shape: Shape::Days,
        means: "days from the pursuit's opening to the win, of deals won in the period",
        declares: &CYCLE_FROM_OPENING,
    },
    MetricSpec {
        metric: Metric::CycleWonFromTouch,
        name: "cycle_won_from_touch",
        shape: Shape::Days,
        means: "days from the touch it came from to the win, of deals won in the period",
        declares: &CYCLE_FROM_TOUCH,
    },
    MetricSpec {
        metric: Metric::SalesVelocity,
        name: "sales_velocity",
        shape: Shape::PerDay,
        means: "open deals × mean won value × win rate ÷ mean cycle of won: money per day",
        declares: &SALES_VELOCITY,
    },
    MetricSpec {
        metric: Metric::SalesVelocityMedian,
        name: "sales_velocity_median",
        shape: Shape::PerDay,
        means: "open deals × mean won value × win rate ÷ median cycle of won: money per day",
        declares: &SALES_VELOCITY_MEDIAN,
    },
    MetricSpec {
        metric: Metric::SalesVelocityByValue,
        name: "sales_velocity_by_value",
        shape: Shape::PerDay,
        means: "open deals × mean won value × win rate by value ÷ mean cycle of won: money per day",
        declares: &SALES_VELOCITY_BY_VALUE,
    },
    MetricSpec {
        metric: Metric::Spend,
        name: "spend",
        shape: Shape::Sum,
        means: "spent on campaigns and channels in the period",
        declares: &SPEND,
    },
    MetricSpec {
        metric: Metric::Impressions,
        name: "impressions",
        shape: Shape::Total,
        means: "how often ads were shown, as their networks count",
        declares: &AD_NUMBERS,
    },
    MetricSpec {
        metric: Metric::Clicks,
        name: "clicks",
        shape: Shape::Total,
        means: "how often ads were clicked, as their networks count",
        declares: &AD_NUMBERS,
    },
    MetricSpec {
        metric: Metric::AdConversions,
        name: "ad_conversions",
        shape: Shape::Total,
        means: "what the networks count as their ads' success; no funnel rests on it",
        declares: &AD_NUMBERS,
    },
    more::CLOSED_DEALS,
    more::ENDED,
    more::ENTERED,
    more::IN_STAGE,
    more::REACHED,
    more::LOST_VALUE,
    more::NEW_CUSTOMERS,
    more::DEALS_CREATED,
    more::CLOSE_RATE,
    more::PIPELINE_CREATED,
    more::PIPELINE_CREATED_NOW,
    more::OPEN_DUE,
    more::WEIGHTED_OPEN,
    more::WEIGHTED_DUE,
    more::WEIGHTED_BY_HISTORY,
    alike::WEIGHTED_BY_AGE,
    alike::WEIGHTED_BY_CATEGORY,
    more::TARGET,
    more::LEADS_WITH_DEAL,
    more::LEADS_WON,
    more::ACCOUNTS_WITH_DEAL,
    more::ACCOUNTS_WON,
    families::LEADS_ATTRIBUTED,
    families::SPEND_OF_NEW,
    families::LEADS_OF_NEW,
    handed::OF_A_REASON,
    handed::LOST_EXPLAINED,
    handed::HANDED_OVER,
    handed::HANDOFFS_ANSWERED,
    handed::HANDOFFS_IN_TIME,
    handed::HANDOFFS_ACCEPTED,
    handed::HANDOFFS_REJECTED,
    handed::RESPONSE_HOURS,
    handed::HANDOFF_WAIT,
    handed::DEAL_WAIT,
    brand::BRAND_OPENING,
    brand::DIRECT_OPENING,
    brand::BRANDED_OPENING,
    brand::WIN_RATE_BRAND_FIRST,
    brand::WIN_RATE_NOT_BRAND_FIRST,
    brand::CYCLE_BRAND_FIRST,
    brand::CYCLE_NOT_BRAND_FIRST,
];

#[cfg(test)]
mod tests {
    use handfast_model::catalogue::{BASES, BaseShape, base_of};
    use handfast_model::question::Unit;

    use super::*;

    /// What a metric declares, in the order of its explanation.
    const DECLARED: [&str; 14] = [
        "date anchor",
        "population",
        "unit",
        "window",
        "re-entry",
        "currency",
        "calendar",
        "as-of",
        "people",
        "touches",
        "tie-break",
        "rounding",
        "definition",
        "evidence",
    ];

    fn said(spec: &MetricSpec, what: &str) -> &'static str {
        let found = spec.declares.iter().find(|(name, _)| *name == what);
        found.map_or("", |(_, how)| how)
    }

    /// A formula may name what has one figure, and what it is told there is true here.
    #[test]
    fn measures_of_formulas_are_metrics_of_the_same_shape() {
        let shape = |shape| match shape {
            Shape::Count => Some(BaseShape::Count),
            Shape::Share => Some(BaseShape::Share),
            Shape::Sum => Some(BaseShape::Sum),
            Shape::MeanMoney => Some(BaseShape::MeanMoney),
            Shape::Days => Some(BaseShape::Days),
            Shape::Hours => Some(BaseShape::Hours),
            Shape::ShareOfMoney => Some(BaseShape::ShareOfMoney),
            Shape::Total => Some(BaseShape::Total),
            Shape::CountByReason | Shape::PerDay => None,
        };
        for spec in SPECS {
            let base = base_of(spec.name);
            assert_eq!(
                base.map(|base| base.shape),
                shape(spec.shape),
                "{}",
                spec.name
            );
            let Some(base) = base else { continue };
            let name = spec.name;
            assert_eq!(!base.arguments.is_empty(), spec.metric.is_told(), "{name}");
            assert_eq!(base.is_by_unit, spec.metric.counts().is_none(), "{name}");
        }
        assert!(
            BASES
                .iter()
                .all(|base| SPECS.iter().any(|spec| spec.name == base.name))
        );
    }

    #[test]
    fn every_metric_declares_everything_and_the_versions_that_count() {
        for spec in SPECS {
            let names: Vec<&str> = spec.declares.iter().map(|(name, _)| *name).collect();
            assert_eq!(names, DECLARED, "{}", spec.name);
            assert!(spec.declares.iter().all(|(_, how)| !how.is_empty()));
            let version = format!("metric@{}", crate::metric::VERSION);
            assert_eq!(said(spec, "definition"), version, "{}", spec.name);
            let currency = said(spec, "currency");
            let rates = format!("rates@{}", crate::rates::VERSION);
            let is_money =
                !currency.starts_with("no money") && !currency.contains("charter's currency");
            assert!(
                !is_money || currency.contains(&rates),
                "{}: {currency}",
                spec.name
            );
        }
    }

    #[test]
    fn the_unit_that_is_declared_is_the_one_that_is_counted() {
        for spec in SPECS {
            let unit = said(spec, "unit");
            let (asks, counts) = (unit.contains("--unit deal"), spec.metric.counts());
            assert_eq!(counts.is_none(), asks, "{}: {unit}", spec.name);
            assert_eq!(
                counts == Some("deal"),
                unit.starts_with("deals"),
                "{}: {unit}",
                spec.name
            );
            let is_alone = unit.contains("no other can be asked for");
            assert_eq!(
                !spec.metric.allows(Unit::Deal),
                is_alone,
                "{}: {unit}",
                spec.name
            );
            for unit in [Unit::Person, Unit::Account] {
                assert!(!spec.metric.allows(unit), "{}", spec.name);
            }
        }
    }
}
