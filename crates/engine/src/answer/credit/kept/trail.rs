//! What credit keeps of a part, as bytes: each won deal with its amount and milestones, the channel
//! and team of each touch that may earn, and, apart, how long before each was; and of each cell how
//! many facts it has and what is wrong with them.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use handfast_kernels::credit::trails::Trails;
use handfast_kernels::journey::Moment;
use handfast_kernels::metric::Scope;
use handfast_model::credit::Credited;
use handfast_model::question::{Dimension, Unit};
use handfast_model::{Currency, IssueCode, Money};

use super::super::{channel_of, stands};
use super::Key;
use crate::answer::ground::Ground;
use crate::answer::shared::unknown_labels;
use crate::derived::bytes::{In, Out};

/// A won deal.
pub(super) struct Kept {
    pub cell: u32,
    /// A number of its key.
    pub name: u64,
    pub money: Option<Money>,
    /// The close.
    pub anchor: Moment,
    pub lead: Option<usize>,
    pub deal: Option<usize>,
    pub before_creation: usize,
    pub is_creation_known: bool,
    /// The place of marketing's first touch.
    pub by_marketing: Option<usize>,
    /// Its touches among all of the part.
    pub touches: Range<usize>,
}

/// What is read of a part.
pub(super) struct Read<'b> {
    pub columns: Columns<'b>,
    pub deals: Vec<Kept>,
    cells: &'b [u8],
}

/// The dimensions of each touch.
pub(super) struct Columns<'b> {
    pub channels: Column<'b>,
    pub teams: Column<'b>,
}

/// A dimension: its values, and which of them each touch has.
pub(super) struct Column<'b> {
    pub keys: Vec<Key>,
    width: usize,
    numbers: &'b [u8],
}

impl Column<'_> {
    /// The number of a touch's value.
    pub fn number(&self, touch: usize) -> usize {
        let from = touch * self.width;
        match self.numbers.get(from..from + self.width) {
            Some([one]) => usize::from(*one),
            Some(bytes) => {
                let bytes = bytes.iter().rev();
                bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
            }
            None => usize::MAX,
        }
    }
}

/// How many facts there are, and what is wrong with them.
#[derive(Default)]
pub(super) struct Lost {
    pub facts: u64,
    /// By place in the list of all codes.
    pub issues: BTreeMap<usize, u64>,
    pub words: BTreeMap<String, u64>,
}

impl Lost {
    pub fn append(&mut self, others: Lost) {
        self.facts += others.facts;
        for (code, count) in others.issues {
            *self.issues.entry(code).or_default() += count;
        }
        for (word, count) in others.words {
            *self.words.entry(word).or_default() += count;
        }
    }
}

/// What is kept of the part that a ground is.
pub(super) fn write(ground: &Ground<'_>) -> [Out; 2] {
    let world = ground.world();
    let all = Trails::new(&world, ground.journeys);
    let scope = Scope {
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let (mut channels, mut teams) = (Numbered::default(), Numbered::default());
    let (mut deals, mut ages) = (Out::default(), Out::default());
    let trails = all.of_deals(Credited::Won, &scope).into_iter();
    let trails = trails.filter_map(|trail| {
        let pursuit = trail.member.pursuit?;
        Some((ground.pursuit(pursuit)?, pursuit, trail))
    });
    let trails: Vec<_> = trails.collect();
    deals.count(trails.len());
    for (own, pursuit, trail) in &trails {
        let cell = ground.part.pursuit_cells.get(*pursuit as usize);
        deals.number(u64::from(cell.copied().unwrap_or(0)));
        deals.number(stands::number_of(super::super::name_of(ground, trail)));
        match trail.member.money {
            None => deals.byte(0),
            Some(money) => {
                deals.byte(1);
                deals.text(money.currency.code());
                deals.signed(money.minor);
            }
        }
        deals.when(trail.member.anchor.when);
        deals.maybe_instant(trail.member.anchor.at);
        let by_marketing = trail.by_marketing(ground.snapshot);
        for place in [trail.lead, trail.deal, by_marketing] {
            deals.maybe(place.map(|place| place as u32));
        }
        deals.count(trail.before_creation);
        deals.byte(u8::from(trail.is_creation_known));
        deals.count(trail.touches.len());
        for (touch, age) in trail.touches.iter().zip(&trail.ages) {
            channels.add(channel_of(ground, own, *touch));
            teams.add(ground.key_of_touch(&Dimension::Team, *touch));
            ages.0.extend_from_slice(&age.to_le_bytes());
        }
    }
    let mut out = Out::default();
    channels.write(&mut out);
    teams.write(&mut out);
    out.piece(&deals.0);
    cells(ground, &mut out);
    [out, ages]
}

/// Of each cell: its facts, its issues, and the labels of stages that nobody knows.
fn cells(ground: &Ground<'_>, out: &mut Out) {
    let part = ground.part;
    let mut facts = vec![0_u64; part.count as usize];
    for cell in &part.cells {
        let count = facts.get_mut(*cell as usize);
        count.into_iter().for_each(|count| *count += 1);
    }
    out.count(facts.len());
    facts.iter().for_each(|facts| out.number(*facts));
    let issues = part.journeys.issues.iter().zip(&part.issue_cells);
    out.count(part.issue_cells.len());
    for (issue, cell) in issues {
        let place = IssueCode::ALL.iter().position(|code| *code == issue.code);
        out.number(u64::from(*cell));
        out.count(place.unwrap_or(usize::MAX));
    }
    let labels: Vec<(usize, &str)> = unknown_labels(part).collect();
    out.count(labels.len());
    for (fact, label) in labels {
        out.number(u64::from(part.cells.get(fact).copied().unwrap_or(0)));
        out.text(label);
    }
}

/// Values, numbered as they come, and which of them each touch has.
#[derive(Default)]
struct Numbered {
    keys: Vec<Key>,
    known: HashMap<Key, u32>,
    numbers: Vec<u32>,
}

impl Numbered {
    fn add(&mut self, key: Key) {
        let next = self.keys.len() as u32;
        let number = *self.known.entry(key).or_insert_with_key(|key| {
            self.keys.push(key.clone());
            next
        });
        self.numbers.push(number);
    }

    fn write(&self, out: &mut Out) {
        out.count(self.keys.len());
        for key in &self.keys {
            match key {
                Key::Text(text) => {
                    out.byte(1);
                    out.text(text);
                }
                _ => out.byte(0),
            }
        }
        let width: u8 = match self.keys.len() {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 4,
        };
        out.byte(width);
        out.count(self.numbers.len() * usize::from(width));
        for number in &self.numbers {
            let bytes = number.to_le_bytes();
            let bytes = bytes.get(..usize::from(width)).unwrap_or_default();
            out.0.extend_from_slice(bytes);
        }
    }
}

/// Reads what was kept; `None` of bytes that this program does not write.
pub(super) fn read(body: &[u8]) -> Option<Read<'_>> {
    let mut from = In(body);
    let columns = Columns {
        channels: column(&mut from)?,
        teams: column(&mut from)?,
    };
    let mut deals = In(from.piece()?);
    let count = deals.count()?;
    let mut all = Vec::with_capacity(count);
    let (mut first, mut last) = (0, None);
    for _ in 0..count {
        let deal = deal(&mut deals, first, &mut last)?;
        first = deal.touches.end;
        all.push(deal);
    }
    Some(Read {
        columns,
        deals: all,
        cells: from.0,
    })
}

fn column<'b>(from: &mut In<'b>) -> Option<Column<'b>> {
    let keys = from.list(|from| match from.byte()? {
        0 => Some(Key::Unknown),
        _ => Some(Key::Text(from.text()?.to_owned())),
    })?;
    Some(Column {
        keys,
        width: usize::from(from.byte()?),
        numbers: from.piece()?,
    })
}

/// The next deal; most are in the currency of the one before.
fn deal<'b>(
    from: &mut In<'b>,
    first: usize,
    last: &mut Option<(&'b str, Currency)>,
) -> Option<Kept> {
    let place = |from: &mut In<'b>| Some(from.maybe()?.map(|place| place as usize));
    let size = |from: &mut In<'b>| usize::try_from(from.number()?).ok();
    Some(Kept {
        cell: from.number_32()?,
        name: from.number()?,
        money: match from.byte()? {
            0 => None,
            _ => {
                let code = from.text()?;
                let currency = match last {
                    Some((known, currency)) if *known == code => *currency,
                    _ => Currency::parse(code)?,
                };
                *last = Some((code, currency));
                let minor = from.signed()?;
                Some(Money { minor, currency })
            }
        },
        anchor: Moment {
            when: from.when()?,
            at: from.maybe_instant()?,
        },
        lead: place(from)?,
        deal: place(from)?,
        by_marketing: place(from)?,
        before_creation: size(from)?,
        is_creation_known: from.byte()? == 1,
        touches: first..first.checked_add(size(from)?)?,
    })
}

/// How long before the close a touch was.
pub(super) fn age(ages: &[u8], touch: usize) -> Option<i64> {
    let from = touch.checked_mul(8)?;
    let bytes = ages.get(from..)?.first_chunk::<8>()?;
    Some(i64::from_le_bytes(*bytes))
}

impl Read<'_> {
    /// What is told of the cells that count.
    pub fn lost(&self, gone: &[u32]) -> Option<Lost> {
        let counts = |cell: u32| gone.binary_search(&cell).is_err();
        let mut from = In(self.cells);
        let mut lost = Lost::default();
        for cell in 0..u32::try_from(from.count()?).ok()? {
            let facts = from.number()?;
            lost.facts += if counts(cell) { facts } else { 0 };
        }
        for _ in 0..from.count()? {
            let (cell, place) = (from.number_32()?, usize::try_from(from.number()?).ok()?);
            if counts(cell) {
                *lost.issues.entry(place).or_default() += 1;
            }
        }
        for _ in 0..from.count()? {
            let (cell, label) = (from.number_32()?, from.text()?);
            if counts(cell) {
                *lost.words.entry(label.to_owned()).or_default() += 1;
            }
        }
        from.0.is_empty().then_some(lost)
    }
}
