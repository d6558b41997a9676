//! Rows by number: the dimensions of each member as small numbers, so that its keys are made once
//! for a row and not once for each of its members.

use std::collections::HashMap;

use handfast_kernels::funnel::{Stay, UnitKey, VisitRef};
use handfast_kernels::quick::Quick;
use handfast_model::question::Dimension;
use handfast_model::{Sym, Value};

use super::ground::{Anchor, Ground};
use super::sheet::{Key, Sheet};
use super::whose::{self, Whose};

/// Members that share their dimensions and one number more are in one group.
pub(super) struct Groups<'g, 'a> {
    ground: &'g Ground<'a>,
    dims: &'g [Dimension],
    codes: Vec<Codes>,
    /// The group of one with so many dimensions known and the code of the next.
    index: Quick<(u32, u32), u32>,
    /// That of each group; the first group knows none.
    paths: Vec<(u32, u32)>,
}

impl<'g, 'a> Groups<'g, 'a> {
    /// Groups by these dimensions.
    pub fn new(ground: &'g Ground<'a>, dims: &'g [Dimension]) -> Groups<'g, 'a> {
        Groups {
            ground,
            dims,
            codes: dims.iter().map(|_| Codes::new()).collect(),
            index: Quick::default(),
            paths: vec![(0, 0)],
        }
    }

    /// The row of a unit's visit and its step.
    pub fn row(
        &mut self,
        rows: &mut Rows,
        sheet: &mut Sheet,
        stay: &Stay,
        at: Option<VisitRef>,
    ) -> usize {
        let step = stay.step;
        let group = self.of_visit(stay.unit, at, u32::from(step.0));
        rows.of(group, sheet, || {
            let (mut keys, _) = self.keys(group);
            keys.push(self.ground.step_key(step));
            keys
        })
    }

    /// How many groups there are, those of fewer dimensions included.
    pub fn count(&self) -> usize {
        self.paths.len()
    }

    /// The group of a unit's visit and a number.
    pub fn of_visit(&mut self, unit: UnitKey, at: Option<VisitRef>, last: u32) -> u32 {
        let ground = self.ground;
        let found = at.and_then(|at| Some((at, ground.visit(at)?)));
        self.of(
            found.map(|(at, (pursuit, visit))| Anchor {
                pursuit,
                number: at.pursuit,
                day: visit.entered.when.day(&ground.charter.calendar),
                at: visit.entered.at,
                owner: whose::owner(unit, pursuit, visit),
                whose: Whose::of_unit(unit, pursuit),
            }),
            last,
        )
    }

    /// The group of an anchor and a number.
    pub fn of(&mut self, anchor: Option<Anchor<'_>>, last: u32) -> u32 {
        let (ground, mut group) = (self.ground, 0);
        for (dim, codes) in self.dims.iter().zip(&mut self.codes) {
            let code = anchor
                .as_ref()
                .map(|anchor| codes.code(ground, dim, anchor));
            group = step(&mut self.index, &mut self.paths, group, code.unwrap_or(0));
        }
        step(&mut self.index, &mut self.paths, group, last)
    }

    /// The keys of a group, and its number.
    pub fn keys(&self, group: u32) -> (Vec<Key>, u32) {
        let path = |group: u32| self.paths.get(group as usize).copied().unwrap_or((0, 0));
        let (mut group, last) = path(group);
        let mut keys = Vec::with_capacity(self.dims.len() + 1);
        for codes in self.codes.iter().rev() {
            let (before, code) = path(group);
            keys.push(
                codes
                    .keys
                    .get(code as usize)
                    .cloned()
                    .unwrap_or(Key::Unknown),
            );
            group = before;
        }
        keys.reverse();
        (keys, last)
    }
}

/// The rows of groups in a sheet, each opened when its first member comes.
#[derive(Default)]
pub(super) struct Rows(Vec<Option<usize>>);

impl Rows {
    /// The row of a group; `keys` makes its keys.
    pub fn of(&mut self, group: u32, sheet: &mut Sheet, keys: impl FnOnce() -> Vec<Key>) -> usize {
        let group = group as usize;
        if self.0.len() <= group {
            self.0.resize(group + 1, None);
        }
        match self.0.get_mut(group) {
            Some(Some(place)) => *place,
            Some(slot) => *slot.insert(sheet.open_row(&keys())),
            None => sheet.open_row(&keys()),
        }
    }
}

fn step(
    index: &mut Quick<(u32, u32), u32>,
    paths: &mut Vec<(u32, u32)>,
    group: u32,
    code: u32,
) -> u32 {
    let next = paths.len() as u32;
    let found = *index.entry((group, code)).or_insert(next);
    if found == next {
        paths.push((group, code));
    }
    found
}

/// The values of one dimension by number; 0 is what is not known.
struct Codes {
    keys: Vec<Key>,
    of_key: HashMap<Key, u32>,
    /// The code of what has a number already: a day, a text.
    of_number: Quick<u64, u32>,
}

impl Codes {
    fn new() -> Codes {
        Codes {
            keys: vec![Key::Unknown],
            of_key: HashMap::from([(Key::Unknown, 0)]),
            of_number: Quick::default(),
        }
    }

    fn of(&mut self, key: Key) -> u32 {
        if let Some(code) = self.of_key.get(&key) {
            return *code;
        }
        let code = self.keys.len() as u32;
        self.keys.push(key.clone());
        self.of_key.insert(key, code);
        code
    }

    /// The code of a number, whose key is made once.
    fn of_number(&mut self, number: u64, key: impl FnOnce() -> Key) -> u32 {
        if let Some(code) = self.of_number.get(&number) {
            return *code;
        }
        let code = self.of(key());
        self.of_number.insert(number, code);
        code
    }

    fn of_sym(&mut self, ground: &Ground<'_>, sym: Option<Sym>) -> u32 {
        let text = |sym: Sym| Key::Text(ground.snapshot.names.text(sym).to_owned());
        sym.map_or(0, |sym| self.of_number(sym.index() as u64, || text(sym)))
    }

    /// The code of what [`Ground::key`] gives.
    fn code(&mut self, ground: &Ground<'_>, dim: &Dimension, anchor: &Anchor<'_>) -> u32 {
        match dim {
            Dimension::Time(_) => anchor.day.map_or(0, |day| {
                let number = u64::from(day.0.cast_unsigned());
                self.of_number(number, || ground.key(dim, anchor))
            }),
            Dimension::Channel => {
                let channels = ground.channels();
                let number = channels.of_pursuit.get(anchor.number as usize);
                let number = number.copied().unwrap_or(0);
                let key = || channels.keys.get(number as usize).cloned();
                self.of_number(u64::from(number), || key().unwrap_or(Key::Unknown))
            }
            Dimension::Rep => self.of_sym(ground, anchor.owner.0),
            Dimension::Team => self.of_sym(ground, anchor.owner.1),
            Dimension::Campaign => {
                let touch = anchor.pursuit.entry_touch;
                self.of_sym(ground, touch.and_then(|touch| ground.fact(touch)?.campaign))
            }
            Dimension::Attribute(subject, name) => match ground.attribute(anchor, *subject, name) {
                None => 0,
                Some(Value::Text(sym)) => self.of_sym(ground, Some(*sym)),
                Some(value) => self.of(Key::Text(ground.show(value))),
            },
            Dimension::ChannelLast | Dimension::Segment => self.of(ground.key(dim, anchor)),
        }
    }
}
