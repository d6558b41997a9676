//! What finds the cells of a part that a change concerns, so that no others need be read.

use handfast_model::order::Clock;
use handfast_model::{Charter, FactKind, Instant, IssueCode, RecordKey, Value, When};

use super::part::Part;
use super::renew::{is_team, tie};
use crate::identity::{Tie, Ties};

/// What the cells of a part are found by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Index {
    /// Half the hash of a record or of what its facts may ever tie, above the number of its cell;
    /// ascending. Two of one half find a cell too many, which does no harm.
    pub entries: Vec<u64>,
    /// By cell.
    pub signs: Vec<Signs>,
}

/// What of a cell depends on the horizon, and whether it concerns all others.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Signs {
    /// When the first of its pursuits falls silent.
    pub silent_at: Option<Instant>,
    /// The end of the latest moment that its facts tell of.
    pub latest: Option<Instant>,
    /// Whether something of it is told to be of a day that had not come.
    pub is_ahead: bool,
    /// Whether it tells of the team that a rep is in.
    pub has_team: bool,
}

impl Index {
    /// That of a part.
    pub fn of(part: &Part, charter: &Charter) -> Index {
        let (names, facts) = (&part.snapshot.names, part.given_facts());
        let mut signs = vec![Signs::default(); part.count as usize];
        let mut clock = Clock::new(&charter.calendar, names);
        let mut ties = Ties::ever(names, &charter.identity);
        let (mut found, mut entries) = (Vec::new(), Vec::with_capacity(2 * part.cells.len()));
        for (fact, cell) in facts.zip(&part.cells) {
            entries.push(entry(of_record(&fact.origin.key), *cell));
            tie(&mut ties, &fact, &mut found);
            entries.extend(found.drain(..).map(|tie| entry(of_tie(tie), *cell)));
            let Some(signs) = signs.get_mut(*cell as usize) else {
                continue;
            };
            if is_team(&fact) {
                signs.has_team = true;
                continue;
            }
            let mut tells = |when: When| signs.latest = signs.latest.max(clock.end(when));
            tells(fact.happened);
            // A deal is played at the days it gives for its creation and its close, too.
            let dates = fact.attributes.iter();
            for (_, value) in dates.filter(|_| fact.kind == FactKind::Deal) {
                match value {
                    Value::Day(day) => tells(When::Day(*day)),
                    Value::At(at) => tells(When::At(*at)),
                    _ => {}
                }
            }
        }
        entries.sort_unstable();
        entries.dedup();
        for (pursuit, cell) in part.journeys.pursuits.iter().zip(&part.pursuit_cells) {
            if let Some(signs) = signs.get_mut(*cell as usize) {
                let known = signs.silent_at.into_iter();
                signs.silent_at = known.chain(pursuit.silent_at).min();
            }
        }
        for (issue, cell) in part.journeys.issues.iter().zip(&part.issue_cells) {
            if let Some(signs) = signs.get_mut(*cell as usize) {
                signs.is_ahead |= issue.code == IssueCode::Ahead;
            }
        }
        Index { entries, signs }
    }

    /// The cells with one of these hashes, ascending in both.
    pub(super) fn with(&self, wanted: &[u32]) -> Vec<u32> {
        let mut wanted = wanted.iter().copied().peekable();
        let mut cells = Vec::new();
        for entry in &self.entries {
            let hash = (entry >> 32) as u32;
            while wanted.next_if(|wanted| *wanted < hash).is_some() {}
            if wanted.peek() == Some(&hash) {
                cells.push(*entry as u32);
            }
        }
        cells
    }
}

fn entry(hash: u32, cell: u32) -> u64 {
    u64::from(hash) << 32 | u64::from(cell)
}

/// Half the hash of a tie.
pub(super) fn of_tie(tie: Tie) -> u32 {
    half(tie.number())
}

/// Half the hash of a record.
pub(super) fn of_record(record: &RecordKey) -> u32 {
    half(record.0 as u64 ^ (record.0 >> 64) as u64)
}

fn half(number: u64) -> u32 {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as u32
}
