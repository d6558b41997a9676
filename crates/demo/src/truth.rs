//! What was planted in the story, and what a careful reader must find again.
//!
//! The truth is counted here by loops over the told world. It knows no charter, no funnel and no
//! ledger: where the product and this page disagree, one of them is wrong and both are easy to
//! read.

use std::collections::BTreeMap;

use handfast_model::Day;

use crate::exports::{DUPLICATE_ACTIVITIES, DUPLICATE_TOUCHES, LATE_DUPLICATES};
use crate::plan::{BARS, HANDOFF_DAYS, SLOW_REGION};
use crate::setting::TURN_OF_YEAR;
use crate::story::LATE_QUARTER;
use crate::world::{Channel, Company, Outcome, Pursuit, Region};

/// What was planted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planted {
    /// The handoff that is slow.
    pub slow_handoff: SlowHandoff,
    /// The channel that wins more.
    pub strong_channel: StrongChannel,
    /// What the second delivery brings.
    pub late: LateDelivery,
    /// The definition that changed without a word.
    pub definition: DefinitionChange,
    /// Rows of `crm_activities.csv` that the file holds twice.
    pub duplicate_activities: usize,
    /// Rows of `marketing_touches.csv` that the file holds twice.
    pub duplicate_touches: usize,
}

/// From qualified by marketing to accepted by sales, one region takes days longer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SlowHandoff {
    /// The region.
    pub region: Region,
    /// Its median wait.
    pub days_median: i32,
    /// The median wait of the others.
    pub days_median_elsewhere: i32,
}

/// One channel turns twice the share of its pursuits into won deals.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StrongChannel {
    /// The channel.
    pub channel: Channel,
    /// How many times the share of the others.
    pub times: i32,
}

/// Closes of an earlier quarter that arrive with the second delivery.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LateDelivery {
    /// The late files; each holds the same deals.
    pub files: [&'static str; 2],
    /// The quarter to which the new rows belong.
    pub quarter: &'static str,
    /// Its first day and its first day after.
    pub period: (Day, Day),
    /// New rows in each file, one for each deal.
    pub new_rows: usize,
    /// Rows in each file that the first delivery already brought.
    pub duplicate_rows: usize,
    /// The deals.
    pub deals: Vec<String>,
}

/// The score that makes a lead qualified was raised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DefinitionChange {
    /// On this day.
    pub since: Day,
    /// From this score, which the charter of the demo keeps.
    pub score_before: i32,
    /// To this score, which the draft proposes.
    pub score_after: i32,
}

/// What became of the pursuits of one channel.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct ChannelTruth {
    /// Opened.
    pub pursuits: usize,
    /// Opened by people of known companies.
    pub of_accounts: usize,
    /// Marked as qualified by the CRM at least once.
    pub marked: usize,
    /// Reached the lower score at least once.
    pub at_score_before: usize,
    /// Reached the higher score at least once.
    pub at_score_after: usize,
    /// Accepted by sales.
    pub accepted: usize,
    /// Won by the end of the story.
    pub won: usize,
}

/// Deals won, counted and summed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Won {
    /// How many.
    pub deals: usize,
    /// Their cents.
    pub minor: i64,
}

/// The truth, counted by loops.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Truth {
    /// By channel of the opening touch; `None` = deals that sales found.
    pub channels: BTreeMap<Option<Channel>, ChannelTruth>,
    /// Minutes from the last mark of qualification to acceptance, by region, ascending.
    pub handoff_minutes: BTreeMap<Region, Vec<i64>>,
    /// Wins by quarter and currency, as known with both deliveries.
    pub won: BTreeMap<(String, &'static str), Won>,
    /// Wins by quarter and currency, as known with the first delivery alone.
    pub won_before_late: BTreeMap<(String, &'static str), Won>,
    /// Pursuits by how they ended; `None` = not by a fact.
    pub ends: BTreeMap<Option<Outcome>, usize>,
}

impl Company {
    /// What was planted.
    pub fn planted(&self) -> Planted {
        let late = self.deals.iter().filter(|deal| deal.is_late);
        let deals: Vec<String> = late.map(|deal| deal.id.clone()).collect();
        Planted {
            slow_handoff: SlowHandoff {
                region: SLOW_REGION,
                days_median: HANDOFF_DAYS.0[4],
                days_median_elsewhere: HANDOFF_DAYS.1[4],
            },
            strong_channel: StrongChannel {
                channel: Channel::Webinar,
                times: 2,
            },
            late: LateDelivery {
                files: [
                    "late/crm_opportunities_q3.csv",
                    "late/crm_opportunity_history_q3.csv",
                ],
                quarter: "2025-Q3",
                period: LATE_QUARTER,
                new_rows: deals.len(),
                duplicate_rows: LATE_DUPLICATES,
                deals,
            },
            definition: DefinitionChange {
                since: TURN_OF_YEAR,
                score_before: BARS.0,
                score_after: BARS.1,
            },
            duplicate_activities: DUPLICATE_ACTIVITIES,
            duplicate_touches: DUPLICATE_TOUCHES,
        }
    }

    /// The truth, counted by loops.
    pub fn truth(&self) -> Truth {
        let mut truth = Truth::default();
        for pursuit in &self.pursuits {
            truth.count(pursuit);
            *truth
                .ends
                .entry(pursuit.end.map(|(how, _)| how))
                .or_default() += 1;
            let (Some(at), Some(accepted)) = (pursuit.marked.last(), pursuit.accepted) else {
                continue;
            };
            let minutes = (accepted.instant().0 - at.instant().0) / 60_000_000;
            let waits = truth.handoff_minutes.entry(pursuit.region);
            waits.or_default().push(minutes);
        }
        for waits in truth.handoff_minutes.values_mut() {
            waits.sort_unstable();
        }
        for deal in &self.deals {
            let Some(last) = deal.versions.last() else {
                continue;
            };
            if last.stage == "Closed Won" {
                let key = (quarter(last.at.day), deal.currency);
                let add = |won: &mut Won| {
                    won.deals += 1;
                    won.minor += last.minor;
                };
                add(truth.won.entry(key.clone()).or_default());
                if !deal.is_late {
                    add(truth.won_before_late.entry(key).or_default());
                }
            }
        }
        truth
    }
}

impl Truth {
    fn count(&mut self, pursuit: &Pursuit) {
        let reached = |bar| pursuit.scores.iter().any(|(_, score)| *score >= bar);
        let is_won = matches!(pursuit.end, Some((Outcome::Won, _)));
        let row = self.channels.entry(pursuit.channel).or_default();
        row.pursuits += 1;
        row.of_accounts += usize::from(pursuit.account.is_some());
        row.marked += usize::from(!pursuit.marked.is_empty());
        row.at_score_before += usize::from(reached(BARS.0));
        row.at_score_after += usize::from(reached(BARS.1));
        row.accepted += usize::from(pursuit.accepted.is_some());
        row.won += usize::from(is_won);
    }
}

fn quarter(day: Day) -> String {
    let date = day.civil();
    format!("{}-Q{}", date.year(), (date.month() + 2) / 3)
}
