//! The values of a dimension at every visit as small numbers, worked out once and kept for the
//! questions to come.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use handfast_kernels::journey::Moment;
use handfast_kernels::threads::at_once;
use handfast_model::question::{Dimension, Unit};
use handfast_model::rules::Subject;

use super::ground::{Anchor, Ground, Owner};
use super::groups::Codes;
use super::sheet::Key;
use super::whose::Whose;

/// Pursuits that are worth a thread of their own.
const STRETCH: usize = 1 << 15;

/// How many dimensions are kept; the one asked for longest ago goes first.
const KEPT: usize = 24;

/// Which moment of a visit a dimension is read at, or of a pursuit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum At {
    /// Its entry.
    Entry,
    /// Its end.
    End,
    /// The end of its pursuit: by place of the pursuit.
    Over,
}

/// One dimension.
pub(super) struct Coded {
    /// By place of the visit or pursuit.
    pub of_place: Vec<u32>,
    /// What the numbers stand for.
    pub keys: Vec<Key>,
}

/// What is kept.
#[derive(Default)]
pub(super) struct Kept(Mutex<Vec<Named>>);

type Named = ((Dimension, At), Arc<Coded>);

impl Kept {
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = kept.iter().map(|(_, coded)| size_of_val(&*coded.of_place));
        bytes.sum()
    }

    /// The numbers of a dimension.
    pub fn get(&self, ground: &Ground<'_>, dim: &Dimension, at: At) -> Arc<Coded> {
        let at = moment(dim, at);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept
            .iter()
            .position(|((known, when), _)| known == dim && *when == at);
        let found = match place {
            Some(place) => kept.remove(place),
            None => ((dim.clone(), at), Arc::new(coded(ground, dim, at))),
        };
        let coded = Arc::clone(&found.1);
        kept.push(found);
        if kept.len() > KEPT {
            kept.remove(0);
        }
        coded
    }
}

/// The moment that makes a difference to a dimension: who came from where changes no more.
fn moment(dim: &Dimension, at: At) -> At {
    match (dim, at) {
        (Dimension::Time(_) | Dimension::Segment | Dimension::Attribute(..), _) | (_, At::Over) => {
            at
        }
        (_, At::Entry | At::End) => At::Entry,
    }
}

/// Whether a dimension is the same for all units of a level that are in one visit.
pub(super) fn is_of_visit(dim: &Dimension, unit: Unit) -> bool {
    match dim {
        Dimension::Rep | Dimension::Team => unit != Unit::Deal,
        Dimension::Attribute(Subject::Person, _) | Dimension::Segment => {
            matches!(unit, Unit::Pursuit | Unit::Account)
        }
        Dimension::Time(_)
        | Dimension::TouchTime(_)
        | Dimension::Channel
        | Dimension::ChannelLast
        | Dimension::Campaign
        | Dimension::Vendor
        | Dimension::PaidFor
        | Dimension::Sourced
        | Dimension::Attribute(..) => true,
    }
}

fn coded(ground: &Ground<'_>, dim: &Dimension, at: At) -> Coded {
    let count = ground.journeys.pursuits.len();
    let stretches = count.div_ceil(STRETCH);
    let parts = at_once(stretches, |number| {
        let first = number * STRETCH;
        stretch(ground, dim, at, first..(first + STRETCH).min(count))
    });
    let mut of_key = HashMap::new();
    let mut coded = Coded {
        of_place: Vec::with_capacity(parts.iter().map(|(codes, _)| codes.len()).sum()),
        keys: Vec::new(),
    };
    for (codes, keys) in parts {
        let number = |key: Key| {
            let next = coded.keys.len() as u32;
            *of_key.entry(key).or_insert_with_key(|key: &Key| {
                coded.keys.push(key.clone());
                next
            })
        };
        let numbers: Vec<u32> = keys.into_iter().map(number).collect();
        let numbered = codes
            .iter()
            .map(|code| numbers.get(*code as usize).copied());
        coded
            .of_place
            .extend(numbered.map(Option::unwrap_or_default));
    }
    coded
}

/// The codes of the visits of some pursuits, and their keys.
fn stretch(
    ground: &Ground<'_>,
    dim: &Dimension,
    at: At,
    pursuits: std::ops::Range<usize>,
) -> (Vec<u32>, Vec<Key>) {
    let (mut codes, mut found) = (Codes::new(), Vec::new());
    let all = ground.journeys.pursuits.get(pursuits.clone());
    let always = match dim {
        Dimension::Attribute(Subject::Person, name) => ground.snapshot.names.find(name),
        _ => None,
    };
    for (number, pursuit) in pursuits.zip(all.unwrap_or_default()) {
        if let Some(code) = always.and_then(|name| codes.of_people(ground, pursuit, name)) {
            let many = if at == At::Over {
                1
            } else {
                pursuit.visits.len()
            };
            found.extend(std::iter::repeat_n(code, many));
            continue;
        }
        let mut add = |moment: Moment, owner: Owner| {
            let anchor = Anchor {
                pursuit,
                number: number as u32,
                day: moment.when.day(&ground.charter.calendar),
                at: moment.at,
                owner,
                whose: Whose::Pursuit,
            };
            found.push(codes.code(ground, dim, &anchor));
        };
        if at == At::Over {
            let last = pursuit.visits.last();
            let owner = last.map_or((None, None), |visit| (visit.rep, visit.team));
            let end = pursuit.end.map_or(Moment::UNDATED, |end| end.moment);
            add(end, owner);
            continue;
        }
        for visit in &pursuit.visits {
            let moment = match at {
                At::Entry => visit.entered,
                At::End | At::Over => visit.left.unwrap_or(Moment::UNDATED),
            };
            add(moment, (visit.rep, visit.team));
        }
    }
    (found, codes.into_keys())
}
