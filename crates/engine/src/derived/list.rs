//! The list of parts that a cache holds: what they were derived from, and which of their cells
//! later parts have taken the place of.

use handfast_kernels::cells::Part;
use handfast_kernels::identity::Sites;
use handfast_ledger::Cache;
use handfast_model::{Instant, Seq};

use super::bytes::{In, Out};
use super::codec;
use super::{Moment, Needs};

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

/// A part that is kept.
pub struct Kept {
    /// The name of its bytes.
    pub name: String,
    /// The name of those of its spine.
    pub spine: String,
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
    /// Keeps a part and its spine. `None` where it cannot be: the cache is left as it was.
    pub fn write(cache: &Cache, part: &Part, spine: &Part) -> Option<Kept> {
        let write = |part: &Part, kind: &str| {
            let bytes = codec::write(part);
            // Named by content, so that two processes never write two things under one name.
            let hash = blake3::hash(&bytes).to_hex();
            let name = format!("{}.{kind}", hash.get(..24)?);
            cache.write(&name, &bytes).ok()?;
            Some(name)
        };
        let sites = Sites::of(&part.snapshot);
        let mut sites: Vec<String> = sites.texts().map(str::to_owned).collect();
        sites.sort_unstable();
        Some(Kept {
            name: write(part, "part")?,
            spine: write(spine, "spine")?,
            cells: part.count,
            facts: part.snapshot.facts.len(),
            gone: Vec::new(),
            sites,
        })
    }

    /// Reads the cells that count, with all their facts or only the spine of them.
    pub fn read(&self, cache: &Cache, needs: Needs) -> Option<Part> {
        let name = match needs {
            Needs::All => &self.name,
            Needs::Spine => &self.spine,
        };
        let mut part = codec::read(&cache.read(name)?)?;
        part.retain(|cell| self.gone.binary_search(&cell).is_err());
        Some(part)
    }

    /// Some of the cells that counted do so no more; they are numbered among those that did.
    pub fn lose(&mut self, gone: &[u32]) {
        let counting = (0..self.cells).filter(|cell| self.gone.binary_search(cell).is_err());
        let mut gone = gone.iter().peekable();
        let places = (0u32..).zip(counting);
        let lost = places.filter(|(place, _)| gone.next_if(|gone| *gone == place).is_some());
        let mut lost: Vec<u32> = lost.map(|(_, cell)| cell).collect();
        self.gone.append(&mut lost);
        self.gone.sort_unstable();
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

    /// How many facts its parts hold.
    pub fn facts(&self) -> usize {
        self.parts.iter().map(|kept| kept.facts).sum()
    }

    /// The names of everything it needs.
    pub fn names(&self) -> Vec<String> {
        let parts = self.parts.iter();
        let parts = parts.flat_map(|kept| [kept.name.clone(), kept.spine.clone()]);
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
                    name: from.text()?.to_owned(),
                    spine: from.text()?.to_owned(),
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
            out.text(&kept.name);
            out.text(&kept.spine);
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
