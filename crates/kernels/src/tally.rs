//! A flow counted, not listed: the same figures as `funnel::flow` gives members, for all groups and
//! periods in one walk over the stays.

use handfast_model::Instant;

use crate::flat::{Flat, Row, STILL};
use crate::journey::LeftBy;
use crate::threads::at_once;

/// The counts of one flow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct FlowCount {
    /// There just before `from`.
    pub at_start: u64,
    /// Entered in the period.
    pub entered: u64,
    /// Left in the period, by what took them away, in the order of [`LeftBy::ALL`].
    pub left: [u64; LeftBy::ALL.len()],
    /// There just before `until`.
    pub at_end: u64,
}

/// The group of a stay that is left out.
pub const LEFT_OUT: u32 = u32::MAX;

/// Rows that are worth a thread of their own.
const STRETCH: usize = 1 << 18;

/// The flow of each period and group: `counts[group][period]`.
///
/// Takes    the group of each stay ([`LEFT_OUT`]: of none), how many groups there are, and the
///          edges of periods that follow each other: each is `[edge, next edge)`.
/// Law      each count is how many members `funnel::flow` lists for that period and group.
/// Cost     one look at a stay, however many periods it stays through.
pub fn flow_counts(
    stays: &Flat,
    groups: &[u32],
    group_count: usize,
    edges: &[Instant],
) -> Vec<Vec<FlowCount>> {
    let edges = Edges::of(edges);
    // Sums of their own would cost more than the walk.
    let is_wide = group_count * edges.at.len() > STRETCH / 8;
    let stretch = if is_wide {
        stays.rows.len().max(1)
    } else {
        STRETCH
    };
    let stretches = stays.rows.len().div_ceil(stretch).max(1);
    let rows: Vec<_> = stays.rows.chunks(stretch).collect();
    let groups: Vec<_> = groups.chunks(stretch).collect();
    let count = |number: usize| {
        let rows = rows.get(number).copied().unwrap_or_default();
        let groups = groups.get(number).copied().unwrap_or_default();
        changes(rows, groups, group_count, &edges)
    };
    let mut parts = at_once(stretches, count).into_iter();
    let mut changes = parts.next().unwrap_or_default();
    for part in parts {
        for (mine, theirs) in changes.iter_mut().zip(part) {
            mine.add(&theirs);
        }
    }
    let width = edges.at.len() + 1;
    changes.chunks(width).map(sum).collect()
}

/// What a group's stays do between an edge and the next.
#[derive(Clone, Copy, Default)]
struct Change {
    /// How many more are there just before the edge than just before the one before it.
    more: i64,
    entered: u64,
    left: [u64; LeftBy::ALL.len()],
}

impl Change {
    fn add(&mut self, other: &Change) {
        self.more += other.more;
        self.entered += other.entered;
        for (mine, theirs) in self.left.iter_mut().zip(other.left) {
            *mine += theirs;
        }
    }
}

/// Changes by group, then by how many edges have passed.
fn changes(rows: &[Row], groups: &[u32], group_count: usize, edges: &Edges) -> Vec<Change> {
    let width = edges.at.len() + 1;
    let mut changes = vec![Change::default(); group_count * width];
    for (row, &group) in rows.iter().zip(groups) {
        let first = group as usize * width;
        let Some(own) = changes.get_mut(first..first + width) else {
            continue;
        };
        let (entered, left) = (edges.passed(row.entered), edges.passed(row.left));
        if let Some(change) = own.get_mut(entered) {
            change.entered += 1;
            change.more += i64::from(entered < left);
        }
        if let Some(change) = own.get_mut(left) {
            change.more -= i64::from(entered < left);
            let way = change.left.get_mut(usize::from(row.left_by));
            way.into_iter().for_each(|way| *way += 1);
        }
    }
    changes
}

/// The counts of one group by period, from what changes from edge to edge.
fn sum(changes: &[Change]) -> Vec<FlowCount> {
    let mut there = 0;
    let before: Vec<u64> = changes
        .iter()
        .map(|change| {
            there += change.more;
            there.unsigned_abs()
        })
        .collect();
    let ends = before.iter().skip(1);
    let periods = changes.iter().skip(1).zip(before.iter().zip(ends));
    let count = |(change, (at_start, at_end)): (&Change, (&u64, &u64))| FlowCount {
        at_start: *at_start,
        entered: change.entered,
        left: change.left,
        at_end: *at_end,
    };
    // After the last edge no period begins.
    periods
        .take(changes.len().saturating_sub(2))
        .map(count)
        .collect()
}

const DAY: i64 = 86_400_000_000;

/// Days between the first and the last edge that a table is worth.
const TABLE: i64 = 1 << 16;

/// Ascending edges, and how many have passed by each day after the first.
struct Edges {
    at: Vec<i64>,
    by_day: Vec<u32>,
}

impl Edges {
    fn of(edges: &[Instant]) -> Edges {
        let at: Vec<i64> = edges.iter().map(|edge| edge.0).collect();
        let (first, last) = (at.first().copied(), at.last().copied());
        let days = first
            .zip(last)
            .map_or(0, |(first, last)| (last - first) / DAY);
        let days = if days < TABLE { days } else { 0 };
        let by_day = (0..=days).map(|day| {
            let start = first.unwrap_or_default() + day * DAY;
            at.partition_point(|edge| *edge <= start) as u32
        });
        Edges {
            by_day: by_day.collect(),
            at,
        }
    }

    /// How many edges are at or before an instant.
    fn passed(&self, instant: i64) -> usize {
        let (Some(&first), Some(&last)) = (self.at.first(), self.at.last()) else {
            return 0;
        };
        match instant {
            STILL => self.at.len(),
            instant if instant < first => 0,
            instant if instant >= last => self.at.len(),
            instant => {
                let day = ((instant - first) / DAY) as usize;
                let passed = self.by_day.get(day).copied().unwrap_or(1) as usize;
                let later = self.at.get(passed..).unwrap_or_default().iter();
                passed + later.take_while(|edge| **edge <= instant).count()
            }
        }
    }
}
