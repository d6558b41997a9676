//! Metrics of the catalogue, each written out by hand as a division of two sums.

/// How a measure is taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Take {
    /// How many.
    Count,
    /// How many of how many.
    Share,
    /// Their money.
    Money,
    /// How many have money in the currency of the row.
    Amounts,
    /// The sum of the numbers that they tell.
    Numbers,
    /// The sum of their seconds and how many they are.
    Days,
    /// Twice the middle of their seconds, and two.
    Median,
}

/// A measure of a metric: its column, what is counted, and how it is taken.
pub type Measure = (&'static str, &'static str, Take);

/// What a metric comes to: a numerator and a denominator. Times are in seconds.
pub type Come = (i128, i128);

/// A metric: its name, its measures, and what it comes to over them, each as a numerator and a
/// denominator.
pub struct Metric {
    /// As questions name it.
    pub name: &'static str,
    /// Its measures.
    pub measures: &'static [Measure],
    /// By hand.
    pub comes_to: fn(&[Come]) -> Option<Come>,
}

fn first_by_second(of: &[Come]) -> Option<Come> {
    Some((of[0].0, of[1].0))
}

fn alone(of: &[Come]) -> Option<Come> {
    of.first().copied()
}

fn share(of: &[Come]) -> Option<Come> {
    (of[0].1 != 0).then_some(of[0])
}

const fn of(
    name: &'static str,
    measures: &'static [Measure],
    comes_to: fn(&[Come]) -> Option<Come>,
) -> Metric {
    Metric {
        name,
        measures,
        comes_to,
    }
}

const SPEND: Measure = ("spend", "spend", Take::Money);
const LEADS: Measure = ("leads_created", "leads_created", Take::Count);
const REVENUE: Measure = ("revenue", "revenue", Take::Money);
const CREATED: Measure = ("pipeline_created", "pipeline_created", Take::Money);

const TARGET: Measure = ("target", "target", Take::Money);
const DUE: Measure = ("open_due", "open_due", Take::Money);
const IMPRESSIONS: Measure = ("impressions", "impressions", Take::Numbers);
const CLICKS: Measure = ("clicks", "clicks", Take::Numbers);
const AD_CONVERSIONS: Measure = ("ad_conversions", "ad_conversions", Take::Numbers);

/// The first over what the third leaves of the second.
fn first_by_rest(of: &[Come]) -> Option<Come> {
    Some((of[0].0, of[1].0 - of[2].0))
}

/// The metrics that are compared.
pub const METRICS: &[Metric] = &[
    of("cost_per_lead", &[SPEND, LEADS], first_by_second),
    of(
        "cost_per_assigned_lead",
        &[SPEND, ("leads_assigned", "leads_assigned", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_worked_lead",
        &[SPEND, ("leads_worked", "leads_worked", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_lead_media",
        &[("spend:media", "spend:media", Take::Money), LEADS],
        first_by_second,
    ),
    of(
        "assignment_rate",
        &[("leads_assigned", "leads_assigned", Take::Count), LEADS],
        first_by_second,
    ),
    of(
        "working_rate",
        &[("leads_worked", "leads_worked", Take::Count), LEADS],
        first_by_second,
    ),
    of(
        "cost_per_opportunity",
        &[SPEND, ("deals_created", "deals_created", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_deal",
        &[SPEND, ("deals_won", "won", Take::Count)],
        first_by_second,
    ),
    of(
        "cac",
        &[SPEND, ("new_customers", "new_customers", Take::Count)],
        first_by_second,
    ),
    of(
        "cac_cohort",
        &[
            SPEND,
            ("won_share", "accounts_won", Take::Share),
            ("accounts", "accounts_won", Take::Count),
        ],
        |of| Some((of[0].0, of[1].0)),
    ),
    of(
        "cac_programme_cohort",
        &[
            ("spend:programme", "spend:programme", Take::Money),
            ("won_share", "accounts_won", Take::Share),
            ("accounts", "accounts_won", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "cac_lagged",
        &[
            ("spend", "spend_lagged", Take::Money),
            ("new_customers", "new_customers", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "cac_programme_lagged",
        &[
            ("programme", "spend_lagged:programme", Take::Money),
            ("new_customers", "new_customers", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "cost_per_lead_attributed",
        &[SPEND, ("leads_attributed", "leads_attributed", Take::Count)],
        first_by_second,
    ),
    of(
        "cost_per_lead_cohort",
        &[
            (
                "spend_of_new_campaigns",
                "spend_of_new_campaigns",
                Take::Money,
            ),
            (
                "leads_of_new_campaigns",
                "leads_of_new_campaigns",
                Take::Count,
            ),
        ],
        first_by_second,
    ),
    of(
        "cac_programme",
        &[
            ("spend:programme", "spend:programme", Take::Money),
            ("new_customers", "new_customers", Take::Count),
        ],
        first_by_second,
    ),
    of("net_return", &[REVENUE, SPEND], |of| {
        Some((of[0].0 - of[1].0, of[1].0))
    }),
    of("cost_of_pipeline", &[SPEND, CREATED], first_by_second),
    of("cost_of_revenue", &[SPEND, REVENUE], first_by_second),
    of(
        "average_lost_value",
        &[
            ("lost_value", "lost_value", Take::Money),
            ("deals", "lost_value", Take::Amounts),
        ],
        first_by_second,
    ),
    of(
        "average_created_value",
        &[CREATED, ("deals", "pipeline_created", Take::Amounts)],
        first_by_second,
    ),
    of(
        "average_deal_size",
        &[REVENUE, ("deals", "revenue", Take::Amounts)],
        first_by_second,
    ),
    of("revenue_per_lead", &[REVENUE, LEADS], first_by_second),
    of("pipeline_per_lead", &[CREATED, LEADS], first_by_second),
    of(
        "pipeline_growth",
        &[
            ("pipeline_created_now", "pipeline_created_now", Take::Money),
            CREATED,
        ],
        |of| Some((of[0].0 - of[1].0, of[1].0)),
    ),
    of(
        "average_open_value",
        &[
            ("open_value", "open_value", Take::Money),
            ("deals", "open_value", Take::Amounts),
        ],
        first_by_second,
    ),
    of(
        "weighted_pipeline",
        &[("", "weighted_open", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_due",
        &[("", "weighted_due", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_by_history",
        &[("", "weighted_by_history", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_by_age",
        &[("", "weighted_by_age", Take::Money)],
        alone,
    ),
    of(
        "weighted_pipeline_by_category",
        &[("", "weighted_by_category", Take::Money)],
        alone,
    ),
    of(
        "loss_rate",
        &[
            ("lost", "lost", Take::Count),
            ("closed", "closed", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "no_decision_rate",
        &[
            ("ended", "ended", Take::Count),
            ("closed", "closed", Take::Count),
        ],
        |of| Some((of[0].0 - of[1].0, of[0].0)),
    ),
    of(
        "loss_rate_by_value",
        &[("lost_value", "lost_value", Take::Money), REVENUE],
        |of| Some((of[0].0, of[1].0 + of[0].0)),
    ),
    of(
        "conversion:{1}:{2}",
        &[
            ("arrived", "entered:{2}", Take::Count),
            ("came", "entered:{1}", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "conversion_passed_through:{1}:{2}",
        &[
            ("there", "in_stage:{2}", Take::Count),
            ("before", "in_stage:{1}", Take::Count),
        ],
        first_by_second,
    ),
    of(
        "conversion_cohort:{1}:{2}",
        &[("", "reached:{1}:{2}", Take::Share)],
        share,
    ),
    of(
        "lead_to_deal",
        &[("", "leads_with_deal", Take::Share)],
        share,
    ),
    of("lead_to_won", &[("", "leads_won", Take::Share)], share),
    of(
        "account_lead_to_deal",
        &[("", "accounts_with_deal", Take::Share)],
        share,
    ),
    of(
        "account_lead_to_won",
        &[("", "accounts_won", Take::Share)],
        share,
    ),
    of("close_rate:1", &[("", "close_rate:1", Take::Share)], share),
    of(
        "median_cycle_won",
        &[("", "cycle_won", Take::Median)],
        share,
    ),
    of(
        "median_cycle_lost",
        &[("", "cycle_lost", Take::Median)],
        share,
    ),
    of(
        "loss_delay",
        &[
            ("cycle_lost", "cycle_lost", Take::Days),
            ("cycle_won", "cycle_won", Take::Days),
        ],
        |of| {
            let [lost, won] = [of[0], of[1]];
            Some((lost.0 * won.1 - won.0 * lost.1, lost.1 * won.1))
        },
    ),
    of(
        "sales_velocity_all_ends",
        &[
            ("open", "open_value", Take::Count),
            ("mean_won_value", "revenue", Take::Money),
            ("", "revenue", Take::Amounts),
            ("rate", "ended_deals", Take::Share),
            ("cycle_won", "cycle_won", Take::Days),
        ],
        |of| {
            let above = of[0].0 * of[1].0 * of[3].0 * of[4].1 * 86_400;
            let below = of[2].0 * of[3].1 * of[4].0;
            Some((above, below))
        },
    ),
    of("quota_attainment", &[REVENUE, TARGET], first_by_second),
    of("gap_to_target", &[TARGET, REVENUE], |of| {
        Some((of[0].0 - of[1].0, 1))
    }),
    of("pipeline_coverage", &[DUE, TARGET, REVENUE], first_by_rest),
    of("pipeline_to_target", &[DUE, TARGET], first_by_second),
    of(
        "weighted_coverage",
        &[
            ("weighted_due", "weighted_due", Take::Money),
            TARGET,
            REVENUE,
        ],
        first_by_rest,
    ),
    of(
        "click_through_rate",
        &[CLICKS, IMPRESSIONS],
        first_by_second,
    ),
    of("cost_per_click", &[SPEND, CLICKS], first_by_second),
    of("cost_per_mille", &[SPEND, IMPRESSIONS], |of| {
        Some((of[0].0 * 1_000, of[1].0))
    }),
    of(
        "cost_per_ad_conversion",
        &[SPEND, AD_CONVERSIONS],
        first_by_second,
    ),
    of(
        "ad_conversion_rate",
        &[AD_CONVERSIONS, CLICKS],
        first_by_second,
    ),
    of(
        "lost_reason_share:{reason}",
        &[("", "lost_for:{reason}", Take::Share)],
        share,
    ),
    of(
        "lost_reason_known",
        &[("", "lost_explained", Take::Share)],
        share,
    ),
];
