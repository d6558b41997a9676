//! The list of parts that a cache holds: what they were derived from, and which of their cells
//! later parts have taken the place of.

use handfast_kernels::cells::{Index, Part};
use handfast_kernels::identity::Sites;
use handfast_ledger::Cache;
use handfast_model::{Charter, Instant, Seq};

use super::beside::{CREDIT, beside};
use super::bytes::{In, Out};
use super::codec;
use super::touched::Budget;
use super::{Moment, Needs, flesh, index};

/// The name it is kept under.
const NAME: &str = "present";

/// All parts of a cache.
pub struct List {
    /// The content hash of the charter.
    pub charter: String,
    /// Everything up to this commit is in the parts.
    pub seq: Seq,
    /// The hash of that commit.
    pub commit: Vec<u8>,
    /// The horizon they were derived at.
    pub horizon: Instant,
    /// How many of the parts, the first ones, are the base; the others lie over them.
    pub base: usize,
    /// The parts.
    pub parts: Vec<Kept>,
}

/// What a part in memory was put together from, one after the other.
#[derive(Default)]
pub(super) struct Layers(Vec<Layer>);

impl Layers {
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

struct Layer {
    /// What it is known by; see [`Kept::stamp`].
    stamp: String,
    cells: u32,
    /// Those of its cells that are not there, ascending.
    gone: Vec<u32>,
}

/// A part that is kept.
pub struct Kept {
    /// What it is known by before its bytes are written: parts of one stamp are the same.
    pub stamp: String,
    /// The name of its bytes.
    pub name: String,
    /// The name of those of its frame.
    pub frame: String,
    /// The name of those of what its bones have besides.
    pub joints: String,
    /// The name of those of what its spine has besides.
    pub flesh: String,
    /// The name of those of its index.
    pub index: String,
    /// How many cells its bytes hold.
    pub cells: u32,
    /// How many facts.
    pub facts: usize,
    /// Those of its cells that count no more, ascending.
    pub gone: Vec<u32>,
    /// The domains that its accounts give, in order.
    pub sites: Vec<String>,
}

impl Kept {
    /// Keeps a part and its spine; gives as much of it as a question needs. `None` where it cannot
    /// be: the cache is left as it was.
    pub fn write(
        cache: &Cache,
        part: Part,
        charter: &Charter,
        needs: Needs,
    ) -> Option<(Kept, Part)> {
        let write = |bytes: &[u8], kind: &str| cache.keep(bytes, kind).ok();
        let sites = Sites::of(&part.snapshot);
        let mut sites: Vec<String> = sites.texts().map(str::to_owned).collect();
        sites.sort_unstable();
        let whole = codec::write(&part);
        let index = index::write(&Index::of(&part, charter), &whole);
        let name = write(&whole.bytes, "part")?;
        let (cells, facts) = (part.count, part.snapshot.facts.len());
        let all = (needs == Needs::All).then(|| part.clone());
        let spine = part.into_spine(&charter.calendar);
        let (bones, flesh) = spine.into_bones(&charter.calendar);
        let (frame, joints) = bones.into_frame(&charter.calendar);
        let [of_frame, of_joints, of_flesh] = flesh::write(&frame, &joints, &flesh);
        let kept = Kept {
            stamp: name.clone(),
            name,
            frame: write(&of_frame, "frame")?,
            joints: write(&of_joints, "joints")?,
            flesh: write(&of_flesh, "flesh")?,
            index: write(&index, "index")?,
            cells,
            facts,
            gone: Vec::new(),
            sites,
        };
        let needed = match needs {
            Needs::All => all?,
            Needs::Spine => frame.jointed(joints)?.fleshed(flesh)?,
            Needs::Bones => frame.jointed(joints)?,
            Needs::Frame => frame,
        };
        Some((kept, needed))
    }

    /// Reads the facts of those of its cells that are chosen and count, under its own numbers, if
    /// their bytes may be taken.
    pub fn read_some(
        &self,
        cache: &Cache,
        budget: &Budget,
        choose: &mut dyn FnMut(&Index) -> Vec<u32>,
    ) -> Option<Part> {
        let named = (self.index.as_str(), self.name.as_str());
        index::read_some((cache, budget), named, &self.gone, choose)
    }

    /// Reads as much of the cells that count as a question needs.
    pub fn read(&self, cache: &Cache, needs: Needs) -> Option<Part> {
        let get = |name: &String| cache.read(name);
        let bones = || get(&self.frame).zip(get(&self.joints));
        let mut part = match needs {
            Needs::All => codec::read(&get(&self.name)?)?,
            Needs::Spine => {
                let (frame, joints) = bones()?;
                flesh::read(&frame, &joints, &get(&self.flesh)?)?
            }
            Needs::Bones => {
                let (frame, joints) = bones()?;
                flesh::read_bones(&frame, &joints)?.0
            }
            Needs::Frame => codec::read(&get(&self.frame)?)?,
        };
        part.retain(|cell| self.gone.binary_search(&cell).is_err());
        Some(part)
    }

    /// Some of the cells that counted do so no more.
    pub fn lose(&mut self, gone: &[u32]) {
        self.gone.extend_from_slice(gone);
        self.gone.sort_unstable();
    }

    /// Cells that are numbered among those that count, under their own numbers; ascending.
    pub fn own(&self, places: &[u32]) -> Vec<u32> {
        let counting = (0..self.cells).filter(|cell| self.gone.binary_search(cell).is_err());
        let mut wanted = places.iter().peekable();
        let counting = (0u32..).zip(counting);
        let own = counting.filter(|(place, _)| wanted.next_if(|wanted| *wanted == place).is_some());
        own.map(|(_, cell)| cell).collect()
    }
}

impl List {
    /// A list without parts.
    pub(super) fn new(moment: &Moment<'_>) -> List {
        List {
            charter: moment.charter.hash.clone(),
            seq: moment.seq,
            commit: moment.commit.clone(),
            horizon: moment.horizon,
            base: 0,
            parts: Vec::new(),
        }
    }

    /// The parts are those of another moment now.
    pub(super) fn stand_at(&mut self, moment: &Moment<'_>) {
        (self.seq, self.horizon) = (moment.seq, moment.horizon);
        self.commit.clone_from(&moment.commit);
    }

    /// What a part that takes the place of what is gone is known by: all that it follows from.
    pub fn stamp(&self) -> String {
        let mut out = Out::default();
        out.text(&self.charter);
        out.number(self.seq.0);
        self.commit.iter().for_each(|byte| out.byte(*byte));
        out.signed(self.horizon.0);
        for kept in &self.parts {
            out.text(&kept.stamp);
            out.count(kept.gone.len());
            let gone = kept.gone.iter();
            gone.for_each(|cell| out.number(u64::from(*cell)));
        }
        blake3::hash(&out.0).to_hex().to_string()
    }

    /// What all parts come to, with one of so many cells over them.
    pub(super) fn layers(&self, over: u32) -> Layers {
        let parts = self.parts.iter().map(|kept| Layer {
            stamp: kept.stamp.clone(),
            cells: kept.cells,
            gone: kept.gone.clone(),
        });
        let over = (over > 0).then(|| Layer {
            stamp: self.stamp(),
            cells: over,
            gone: Vec::new(),
        });
        Layers(parts.chain(over).collect())
    }

    /// Which cells a part of these layers has too many; the parts after the layers it has too few.
    /// `None` where it is of other parts.
    pub(super) fn since(&self, layers: &Layers) -> Option<Vec<bool>> {
        let mut gone = Vec::new();
        for (at, layer) in layers.0.iter().enumerate() {
            let kept = self
                .parts
                .get(at)
                .filter(|kept| kept.stamp == layer.stamp)?;
            let is_gone = |list: &[u32], cell: u32| list.binary_search(&cell).is_ok();
            if !layer.gone.iter().all(|cell| is_gone(&kept.gone, *cell)) {
                return None;
            }
            let there = (0..layer.cells).filter(|cell| !is_gone(&layer.gone, *cell));
            gone.extend(there.map(|cell| is_gone(&kept.gone, cell)));
        }
        Some(gone)
    }

    /// How many facts its parts hold.
    pub fn facts(&self) -> usize {
        self.parts.iter().map(|kept| kept.facts).sum()
    }

    /// The names of everything it needs.
    pub fn names(&self) -> Vec<String> {
        let parts = self.parts.iter();
        let parts = parts.flat_map(|kept| {
            let beside = CREDIT.map(|kind| beside(&kept.name, kind));
            let spine = [&kept.frame, &kept.joints, &kept.flesh];
            let own = [&kept.name, &kept.index].into_iter().chain(spine);
            own.cloned().chain(beside)
        });
        parts.chain([NAME.to_owned()]).collect()
    }

    /// Reads the list; `None` where there is none that this program wrote.
    pub fn read(cache: &Cache) -> Option<List> {
        let bytes = cache.read(NAME)?;
        let mut from = In(&bytes);
        if from.text()? != codec::mark() {
            return None;
        }
        let list = List {
            charter: from.text()?.to_owned(),
            seq: Seq(from.number()?),
            commit: from.list(In::byte)?,
            horizon: Instant(from.signed()?),
            base: usize::try_from(from.number()?).ok()?,
            parts: from.list(|from| {
                Some(Kept {
                    stamp: from.text()?.to_owned(),
                    name: from.text()?.to_owned(),
                    frame: from.text()?.to_owned(),
                    joints: from.text()?.to_owned(),
                    flesh: from.text()?.to_owned(),
                    index: from.text()?.to_owned(),
                    cells: from.number_32()?,
                    facts: usize::try_from(from.number()?).ok()?,
                    gone: from.list(In::number_32)?,
                    sites: from.list(|from| from.text().map(str::to_owned))?,
                })
            })?,
        };
        from.0.is_empty().then_some(list)
    }

    /// Puts the list in the place of the one before.
    pub fn write(&self, cache: &Cache) -> Option<()> {
        let mut out = Out::default();
        out.text(&codec::mark());
        out.text(&self.charter);
        out.number(self.seq.0);
        out.count(self.commit.len());
        self.commit.iter().for_each(|byte| out.byte(*byte));
        out.signed(self.horizon.0);
        out.count(self.base);
        out.count(self.parts.len());
        for kept in &self.parts {
            out.text(&kept.stamp);
            out.text(&kept.name);
            out.text(&kept.frame);
            out.text(&kept.joints);
            out.text(&kept.flesh);
            out.text(&kept.index);
            out.number(u64::from(kept.cells));
            out.count(kept.facts);
            out.count(kept.gone.len());
            kept.gone
                .iter()
                .for_each(|cell| out.number(u64::from(*cell)));
            out.count(kept.sites.len());
            kept.sites.iter().for_each(|site| out.text(site));
        }
        cache.write(NAME, &out.0).ok()
    }
}
