//! Rows by number: the dimensions of each member as small numbers, so that its keys are made once
//! for a row and not once for each of its members.

use std::collections::HashMap;
use std::sync::Arc;

use handfast_kernels::funnel::{Stay, UnitKey, VisitRef};
use handfast_kernels::journey::Pursuit;
use handfast_kernels::quick::Quick;
use handfast_model::question::{Dimension, Unit};
use handfast_model::{Sym, Value};

use super::codes::{At, Coded, is_of_visit};
use super::ground::{Anchor, Ground};
use super::sheet::{Key, Sheet};
use super::whose::{self, Whose};

/// The number beside the dimensions of a place is below this one: steps, and a few more.
pub(super) const LASTS: usize = 512;

/// Combinations that are worth a table.
const TABLE: usize = 1 << 22;

/// Members that share their dimensions and one number more are in one group.
pub(super) struct Groups<'g, 'a> {
    ground: &'g Ground<'a>,
    dims: &'g [Dimension],
    codes: Vec<Codes>,
    /// The dimensions by visit, where all of them can be told so.
    coded: Option<Vec<Arc<Coded>>>,
    /// The group of each combination of codes and a step, one too high; 0 is not known yet.
    table: Vec<u32>,
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
            coded: None,
            table: Vec::new(),
            index: Quick::default(),
            paths: vec![(0, 0)],
        }
    }

    /// Groups visits of a unit level by these dimensions at a moment of theirs.
    pub fn of_unit(ground: &'g Ground<'a>, dims: &'g [Dimension], unit: Unit, at: At) -> Self {
        let mut groups = Groups::new(ground, dims);
        if dims.iter().all(|dim| is_of_visit(dim, unit)) {
            let coded: Vec<_> = dims.iter().map(|dim| ground.coded(dim, at)).collect();
            let many = coded.iter().map(|coded| coded.keys.len().max(1));
            let many = many.fold(LASTS, usize::saturating_mul);
            if many <= TABLE {
                groups.table = vec![0; many];
                groups.coded = Some(coded);
            }
        }
        groups
    }

    /// Whether all are in one row.
    pub fn has_no_dimensions(&self) -> bool {
        self.dims.is_empty()
    }

    /// Whether a visit's group is found by its place.
    pub fn is_of_places(&self) -> bool {
        self.coded.is_some()
    }

    /// The group of the visit at a place and a number below [`LASTS`].
    pub fn of_place(&mut self, visit: u32, last: u32) -> u32 {
        let coded = self.coded.as_deref().unwrap_or_default();
        let code = |coded: &Coded| coded.of_place.get(visit as usize).copied();
        let mut slot = 0;
        for coded in coded {
            slot = slot * coded.keys.len() + code(coded).unwrap_or_default() as usize;
        }
        slot = slot * LASTS + last as usize;
        match self.table.get(slot) {
            Some(&known) if known > 0 => known - 1,
            _ => {
                let mut group = 0;
                for coded in coded {
                    let code = code(coded).unwrap_or_default();
                    group = step(&mut self.index, &mut self.paths, group, code);
                }
                group = step(&mut self.index, &mut self.paths, group, last);
                if let Some(known) = self.table.get_mut(slot) {
                    *known = group + 1;
                }
                group
            }
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
        if self.coded.is_some() {
            let place = at.map_or(u32::MAX, |at| ground.places().place(at));
            return self.of_place(place, last);
        }
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
        let coded = self.coded.iter().flatten().map(|coded| &coded.keys);
        let own = self.codes.iter().map(|codes| &codes.keys);
        let own = own.filter(|_| self.coded.is_none());
        let known: Vec<_> = coded.chain(own).collect();
        for known in known.into_iter().rev() {
            let (before, code) = path(group);
            let key = known.get(code as usize).cloned();
            keys.push(key.unwrap_or(Key::Unknown));
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
pub(super) struct Codes {
    keys: Vec<Key>,
    of_key: HashMap<Key, u32>,
    /// The code of what has a number already: a day, a text.
    of_number: Quick<u64, u32>,
}

impl Codes {
    pub fn new() -> Codes {
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

    fn of_value(&mut self, ground: &Ground<'_>, value: Option<&Value>) -> u32 {
        match value {
            None => 0,
            Some(Value::Text(sym)) => self.of_sym(ground, Some(*sym)),
            Some(value) => self.of(Key::Text(ground.show(value))),
        }
    }

    /// The code of an attribute of a pursuit's people, where it is the same at every moment.
    pub fn of_people(&mut self, ground: &Ground<'_>, pursuit: &Pursuit, name: Sym) -> Option<u32> {
        let value = ground.always_of_people(pursuit, name)?;
        Some(self.of_value(ground, value))
    }

    /// What the codes stand for.
    pub fn into_keys(self) -> Vec<Key> {
        self.keys
    }

    /// The code of what [`Ground::key`] gives.
    pub fn code(&mut self, ground: &Ground<'_>, dim: &Dimension, anchor: &Anchor<'_>) -> u32 {
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
            Dimension::Attribute(subject, name) => {
                self.of_value(ground, ground.attribute(anchor, *subject, name))
            }
            Dimension::ChannelLast
            | Dimension::Segment
            | Dimension::Vendor
            | Dimension::PaidFor
            | Dimension::Sourced
            | Dimension::TouchTime(_) => self.of(ground.key(dim, anchor)),
        }
    }
}
