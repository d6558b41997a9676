//! Questions about deals as they are typed, of whole days, and the truth of their answers: who gets
//! the credit, what moved a pipeline, and what two periods differ by. For the doors of the whole
//! engine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use handfast_model::Day;
use handfast_model::answer::Answer;

use crate::answered;
use crate::random::Chance;
use crate::truth::clock::Zone;
use crate::truth::credit::{self, MODELS, Split};
use crate::truth::dimensions::By;
use crate::truth::meaning::Meaning;
use crate::truth::walk::Journeys;
use crate::truth::{bridge, change};

/// Days from one until before another.
type Days = (i32, i32);

/// A question about deals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whole {
    /// Who gets the credit of won deals, or of open ones, by two models.
    Credit(bool, [&'static str; 2], Split, Option<Days>),
    /// What made one open pipeline another.
    Bridge(BridgeOf),
    /// What made a metric of one period that of another.
    Change(&'static str, By, [Days; 2]),
}

/// Of which deals a bridge is, and how it is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BridgeOf {
    days: Days,
    due: Option<Days>,
    currency: Option<&'static str>,
    by: Option<By>,
}

impl Whole {
    /// One of each, drawn by chance for some days of a world: the first and how many.
    pub fn draw(chance: &mut Chance, (from, days): (i32, u64)) -> [Whole; 3] {
        let window = |chance: &mut Chance| {
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(chance), day(chance));
            (a.min(b), a.max(b) + 1)
        };
        let count = MODELS.len() as u64;
        let (one, more) = (chance.below(count), 1 + chance.below(count - 1));
        let models = [one, (one + more) % count].map(|at| MODELS[at as usize]);
        let split = Split::ALL[chance.below(Split::ALL.len() as u64) as usize];
        // What is open is so at one instant, and not month by month.
        let is_won = split == Split::Month || chance.percent(60);
        let period = chance.percent(70).then(|| window(chance));
        let by = [None, None, Some(By::Rep), Some(By::Team), Some(By::Channel)];
        let bridge = BridgeOf {
            days: window(chance),
            due: chance.percent(40).then(|| window(chance)),
            currency: chance.percent(30).then_some("EUR"),
            by: by[chance.below(5) as usize],
        };
        let metric = chance.pick(&["revenue", "won", "win_rate"]);
        let by = [By::Channel, By::Rep, By::Team][chance.below(3) as usize];
        [
            Whole::Credit(is_won, models, split, period),
            Whole::Bridge(bridge),
            Whole::Change(metric, by, [window(chance), window(chance)]),
        ]
    }

    /// The question as typed: its kind and its options.
    pub fn words(&self) -> Vec<(&'static str, String)> {
        let days = |(from, until): Days| format!("{}..{}", Day(from), Day(until));
        let mut words = Vec::new();
        let mut add = |option, word: &str| words.push((option, word.to_owned()));
        match self {
            Whole::Credit(is_won, models, by, period) => {
                add("kind", "credit");
                add("of", if *is_won { "won" } else { "open" });
                add("models", &models.join(","));
                add("by", by.word());
                if let Some(period) = period {
                    add("period", &days(*period));
                }
            }
            Whole::Bridge(of) => {
                add("kind", "bridge");
                add("period", &days(of.days));
                if let Some(due) = of.due {
                    add("due", &days(due));
                }
                if let Some(currency) = of.currency {
                    add("currency", currency);
                }
                if let Some(by) = of.by {
                    add("by", by.word());
                }
            }
            Whole::Change(metric, by, [against, period]) => {
                add("kind", "change");
                add("of", metric);
                add("by", by.word());
                add("compare", &days(*against));
                add("period", &days(*period));
                add("unit", "deal");
            }
        }
        words
    }

    /// Holds an answer against the truth; gives how many figures were compared.
    pub fn compare(
        &self,
        answer: &Answer,
        (found, meaning, horizon): (&Journeys, &Meaning, i64),
    ) -> Result<usize, String> {
        let zone = meaning.zone;
        match self {
            Whole::Credit(is_won, models, by, period) => {
                let asked = credit::Asked {
                    is_won: *is_won,
                    period: period.map(|days| instants(days, zone)),
                    horizon,
                };
                // Which deals a row shows depends on all models that are asked for.
                let columns = models.iter().copied().chain(["touches"]);
                let columns: BTreeSet<String> = columns.map(str::to_owned).collect();
                let mut expected = credit::figures(found, meaning, asked, *by);
                expected.retain(|(_, _, column), _| columns.contains(column));
                same(&answered::figures(answer, &columns)?, &expected)
            }
            Whole::Bridge(of) => {
                let asked = bridge::Asked {
                    period: instants(of.days, zone),
                    due: of.due,
                    currency: of.currency,
                    by: of.by,
                };
                let mut expected = bridge::figures(found, meaning, asked);
                for ((_, _, line), (count, _)) in &mut expected {
                    *count *= u64::from(*line != "rates");
                }
                expected.retain(|_, figure| *figure != (0, 0));
                let told = answered::moves(answer, of.by.is_some(), of.currency)?;
                same(&told, &expected)?;
                let moves = expected.keys();
                let moves = moves.filter(|(_, _, line)| !line.starts_with("at_"));
                Ok(moves.count())
            }
            Whole::Change(metric, by, windows) => {
                let periods = windows.map(|days| Some(instants(days, zone)));
                let asked = (*metric, *by, periods, horizon);
                let sides = change::sides(found, meaning, asked);
                answered::parts(answer, metric, &change::parted(&sides, metric))
            }
        }
    }
}

fn instants((from, until): Days, zone: Zone) -> (i64, i64) {
    (zone.start(from), zone.start(until))
}

/// The first figure that only one of two has; else how many there are.
fn same<K: Ord + Debug, V: PartialEq + Debug>(
    told: &BTreeMap<K, V>,
    expected: &BTreeMap<K, V>,
) -> Result<usize, String> {
    let keys: BTreeSet<&K> = told.keys().chain(expected.keys()).collect();
    let differs = |key: &&&K| told.get(**key) != expected.get(**key);
    match keys.iter().find(differs) {
        None => Ok(expected.len()),
        Some(key) => Err(format!(
            "{key:?}: told {:?}, truly {:?}",
            told.get(*key),
            expected.get(*key)
        )),
    }
}
