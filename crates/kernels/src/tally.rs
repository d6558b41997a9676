//! A flow counted, not listed: the same figures as `funnel::flow` gives members, for all groups and
//! periods in one walk over the stays.

use handfast_model::Instant;

use crate::funnel::Stay;
use crate::journey::LeftBy;

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

/// The flow of each period and group: `counts[period][group]`.
///
/// Takes    the group of each stay (`None`: left out), how many groups there are, and periods
///          `[from, until)` in order, none of which overlaps another.
/// Law      each count is how many members `funnel::flow` lists for that period and group.
/// Cost     two searches a stay, however many periods it stays through.
pub fn flow_counts(
    stays: &[Stay],
    groups: &[Option<u32>],
    group_count: usize,
    periods: &[(Instant, Instant)],
) -> Vec<Vec<FlowCount>> {
    let mut counts = vec![vec![FlowCount::default(); group_count]; periods.len()];
    let (mut at_start, mut at_end) = (Edges::default(), Edges::default());
    at_start.0 = vec![vec![0; group_count]; periods.len() + 1];
    at_end.0.clone_from(&at_start.0);
    for (stay, group) in stays.iter().zip(groups) {
        let Some(group) = group.map(|group| group as usize) else {
            continue;
        };
        at_start.add(stay, group, periods, |period| period.0);
        at_end.add(stay, group, periods, |period| period.1);
        let mut within = |at: Option<Instant>, note: &dyn Fn(&mut FlowCount)| {
            let place = place_of(at, periods);
            let row = place.and_then(|place| counts.get_mut(place));
            row.and_then(|row| row.get_mut(group))
                .into_iter()
                .for_each(note);
        };
        within(stay.entered.at, &|count| count.entered += 1);
        let ways = LeftBy::ALL.iter();
        let way = ways.take_while(|way| **way != stay.left_by).count();
        within(stay.left.and_then(|left| left.at), &|count| {
            count
                .left
                .get_mut(way)
                .into_iter()
                .for_each(|left| *left += 1);
        });
    }
    at_start.sum(&mut counts, |count| &mut count.at_start);
    at_end.sum(&mut counts, |count| &mut count.at_end);
    counts
}

/// The period that an instant lies in.
fn place_of(at: Option<Instant>, periods: &[(Instant, Instant)]) -> Option<usize> {
    let at = at?;
    let place = periods
        .partition_point(|(from, _)| *from <= at)
        .checked_sub(1)?;
    let (_, until) = periods.get(place)?;
    (at < *until).then_some(place)
}

/// How many more are there, by period and group, than in the period before.
#[derive(Default)]
struct Edges(Vec<Vec<i64>>);

impl Edges {
    /// A stay is there just before an edge of each period in a row.
    fn add(
        &mut self,
        stay: &Stay,
        group: usize,
        periods: &[(Instant, Instant)],
        edge: impl Fn(&(Instant, Instant)) -> Instant,
    ) {
        let is_before = |period: &(_, _)| stay.entered.at >= Some(edge(period));
        let is_gone = |edge: Instant| stay.left.is_some_and(|left| left.at < Some(edge));
        let first = periods.partition_point(is_before);
        let until = periods.partition_point(|period| !is_gone(edge(period)));
        for (period, more) in [(first, 1), (until.max(first), -1)] {
            let slot = self.0.get_mut(period).and_then(|row| row.get_mut(group));
            slot.into_iter().for_each(|slot| *slot += more);
        }
    }

    fn sum(&self, counts: &mut [Vec<FlowCount>], slot: impl Fn(&mut FlowCount) -> &mut u64) {
        let mut there: Vec<i64> = self
            .0
            .first()
            .map_or_else(Vec::new, |row| vec![0; row.len()]);
        for (row, more) in counts.iter_mut().zip(&self.0) {
            for ((count, there), more) in row.iter_mut().zip(&mut there).zip(more) {
                *there += more;
                *slot(count) = there.unsigned_abs();
            }
        }
    }
}
