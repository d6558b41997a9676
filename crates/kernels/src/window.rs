//! The windowed ordered funnel: how many stages, in their order, each entity went through within
//! a window of time.
//!
//! The definition is that of ClickHouse's `windowFunnel(window)(time, stage 1, stage 2, …)` in its
//! default mode, so that a figure made there is found again here: an entity has reached stage *n*
//! if events of the stages 1 to *n* follow one another, all within `window` of the first of them;
//! other events may lie between. What happens at one instant happens in the order of the stages,
//! and one event may be of several stages. It refuses to know pursuits, visits and the charter:
//! those funnels are in `funnel` and `cohort`.

/// The most stages there can be.
pub const STAGES: usize = 8;

/// Events by entity, then by time: three columns of equal length.
#[derive(Clone, Copy, Debug)]
pub struct Events<'a> {
    /// Whose; events of one entity stand together.
    pub entities: &'a [u64],
    /// When, in any unit, not falling within an entity.
    pub times: &'a [i64],
    /// Of which stages: bit 0 is the first.
    pub stages: &'a [u8],
}

/// How many entities reached exactly no stage, one, two, …
pub type Levels = [u64; STAGES + 1];

/// How far the entities got.
///
/// Law: the levels add up to the number of entities, and those of parts cut by [`Events::cut`] to
/// those of the whole.
pub fn levels(events: Events<'_>, window: i64) -> Levels {
    let mut levels = [0; STAGES + 1];
    let mut rest = events;
    for entity in events.entities.chunk_by(|a, b| a == b) {
        let own;
        (own, rest) = rest.split_at(entity.len());
        if let Some(count) = levels.get_mut(level(own.times, own.stages, window)) {
            *count += 1;
        }
    }
    levels
}

/// How many stages the events of one entity went through.
///
/// For each stage it is enough to know the latest beginning of a way that led there: a way that
/// began later allows all that an earlier one does.
fn level(times: &[i64], stages: &[u8], window: i64) -> usize {
    let mut began: [Option<i64>; STAGES] = [None; STAGES];
    let mut events = times.iter().zip(stages).peekable();
    while let Some((&at, &stages)) = events.next() {
        let mut now = stages;
        while let Some((_, stages)) = events.next_if(|(time, _)| **time == at) {
            now |= stages;
        }
        let mut before = Some(at);
        for (stage, began) in began.iter_mut().enumerate() {
            if now >> stage & 1 == 1 {
                let in_time = |start: &i64| at.saturating_sub(*start) <= window;
                *began = before.filter(in_time).or(*began);
            }
            before = *began;
        }
    }
    began.iter().take_while(|began| began.is_some()).count()
}

impl<'a> Events<'a> {
    /// About equal parts, none of which cuts an entity in two.
    pub fn cut(self, parts: usize) -> Vec<Events<'a>> {
        let mut cut = Vec::new();
        let mut rest = self;
        for left in (1..=parts).rev() {
            let at = rest.entities.len() / left;
            let last = at.checked_sub(1).and_then(|last| rest.entities.get(last));
            let after = rest.entities.get(at..).unwrap_or_default();
            let same = after.iter().take_while(|one| Some(*one) == last).count();
            let part;
            (part, rest) = rest.split_at(at + same);
            cut.push(part);
        }
        cut
    }

    fn split_at(self, at: usize) -> (Events<'a>, Events<'a>) {
        let (entities, other_entities) = self.entities.split_at(at.min(self.entities.len()));
        let (times, other_times) = self.times.split_at(at.min(self.times.len()));
        let (stages, other_stages) = self.stages.split_at(at.min(self.stages.len()));
        let part = |entities, times, stages| Events {
            entities,
            times,
            stages,
        };
        (
            part(entities, times, stages),
            part(other_entities, other_times, other_stages),
        )
    }
}
