//! A part as bytes, and back.
//!
//! The bytes are a cache of this program's own: they begin with a mark of everything that shaped
//! them, and bytes of another mark are not read but made anew.

use handfast_kernels::cells::{Given, Needs, Part, Rest};
use handfast_kernels::quick::Quick;
use handfast_model::fact::Attributes;
use handfast_model::order::permute;
use handfast_model::{Fact, Instant, IssueCode, Names, Seq, Snapshot, Sym};

use super::bytes::{In, Out};
use super::facts::{
    People, Reader, Sets, read_commits, read_names, write_block, write_commits, write_names,
};
use super::journeys;

/// About how many bytes a fact takes, with what is derived of it.
const FACT_BYTES: usize = 88;

/// The form of the bytes; a change of it is a new number.
const FORM: u64 = 8;

/// What shaped derived bytes besides facts and charter: the form, the program, its kernels, the
/// cut.
pub(super) fn mark() -> String {
    let mut mark = format!("handfast {} form {FORM}", env!("CARGO_PKG_VERSION"));
    for (name, version) in handfast_kernels::VERSIONS {
        mark.push_str(&format!(" {name} {version}"));
    }
    mark.push_str(&format!(" cells {}", handfast_kernels::cells::VERSION));
    mark.push_str(&format!(" ties {:x}", handfast_kernels::identity::probe()));
    // Issues are named by their place in the list.
    mark.push_str(&format!(" issues {}", IssueCode::ALL.len()));
    mark
}

/// A part as bytes. What every fact needs comes first, then the facts: of a whole part cell by
/// cell, so that some cells can be read alone; then all else.
#[derive(Default)]
pub(super) struct Written {
    pub bytes: Vec<u8>,
    /// How many bytes each piece has: what every fact needs, then each cell.
    pub pieces: Vec<usize>,
}

/// Writes a part.
pub(super) fn write(part: &Part) -> Written {
    write_with(part, &mut People::default())
}

/// Writes a part that names these people, who had no numbers before.
pub(super) fn write_with(part: &Part, people: &mut People) -> Written {
    let facts = &part.snapshot.facts;
    let mut sets = Sets::default();
    let mut body = Out(Vec::with_capacity(FACT_BYTES * facts.len()));
    let mut given: Quick<u32, &Given> =
        part.given.iter().map(|given| (given.fact, given)).collect();
    let by_cell = blocks(part);
    let mut pieces = Vec::with_capacity(by_cell.len() + 1);
    for facts in &by_cell {
        let before = body.0.len();
        write_block(facts, &mut given, (people, &mut sets), &mut body);
        pieces.push(body.0.len() - before);
    }
    for cells in [&part.cells, &part.pursuit_cells, &part.issue_cells] {
        body.count(cells.len());
        cells.iter().for_each(|cell| body.number(u64::from(*cell)));
    }
    body.number(u64::from(part.count));
    body.byte(part.holds as u8);
    write_rest(&part.rest, &mut body);
    body.count(part.leads.len());
    let leads = part.leads.iter();
    leads.for_each(|leads| body.number(u64::from(*leads)));
    journeys::write(&part.journeys, people, &mut body);
    let mut out = Out::default();
    out.text(&mark());
    write_names(part.snapshot.names.texts(), &mut out);
    people.write_since(0, &mut out);
    sets.write(&mut out);
    write_commits(facts, &mut out);
    out.count(by_cell.len());
    pieces.insert(0, out.0.len());
    out.0.append(&mut body.0);
    let bytes = out.0;
    Written { bytes, pieces }
}

pub(super) fn write_rest(rest: &[Rest], out: &mut Out) {
    out.count(rest.len());
    for rest in rest {
        out.number(rest.facts);
        out.maybe_instant(rest.first);
    }
}

pub(super) fn read_rest(from: &mut In<'_>) -> Option<Vec<Rest>> {
    from.list(|from| {
        Some(Rest {
            facts: from.number()?,
            first: from.maybe_instant()?,
        })
    })
}

/// The facts that are written together, with their places: those of each cell of a whole part, or
/// all.
fn blocks(part: &Part) -> Vec<Vec<(u32, &Fact)>> {
    let facts = (0u32..).zip(&part.snapshot.facts);
    if part.holds != Needs::All {
        return vec![facts.collect()];
    }
    let mut sizes = vec![0; part.count as usize];
    for cell in &part.cells {
        let size = sizes.get_mut(*cell as usize);
        size.into_iter().for_each(|size| *size += 1);
    }
    let mut blocks: Vec<_> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (fact, cell) in facts.zip(&part.cells) {
        let block = blocks.get_mut(*cell as usize);
        block.into_iter().for_each(|block| block.push(fact));
    }
    blocks
}

/// What every fact of a part needs.
struct Head {
    names: Names,
    syms: Vec<Sym>,
    people: People,
    sets: Vec<Attributes>,
    commits: Quick<Seq, Instant>,
    blocks: usize,
}

impl Head {
    fn read(from: &mut In<'_>) -> Option<Head> {
        if from.text()? != mark() {
            return None;
        }
        let (names, syms) = read_names(from)?;
        let mut people = People::default();
        people.read_more(from)?;
        Some(Head {
            people,
            sets: Sets::read(from, &syms)?,
            commits: read_commits(from)?,
            blocks: usize::try_from(from.number()?).ok()?,
            names,
            syms,
        })
    }

    fn reader(&self) -> Reader<'_, Vec<Sym>, People, Vec<Attributes>> {
        Reader {
            syms: &self.syms,
            people: &self.people,
            sets: &self.sets,
            commits: &self.commits,
        }
    }
}

/// Reads a part; `None` of bytes that this program does not write.
pub(super) fn read(bytes: &[u8]) -> Option<Part> {
    read_with(bytes).map(|(part, _)| part)
}

/// Reads a part, and whom it names, by number.
pub(super) fn read_with(bytes: &[u8]) -> Option<(Part, People)> {
    let mut from = In(bytes);
    let head = Head::read(&mut from)?;
    let (mut facts, mut given, mut sizes) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..head.blocks {
        sizes.push(head.reader().block(&mut from, &mut facts, &mut given)?);
    }
    let mut cells = || from.list(In::number_32);
    let (cells, pursuit_cells, issue_cells) = (cells()?, cells()?, cells()?);
    let count = from.number_32()?;
    let all = [Needs::Frame, Needs::Bones, Needs::Spine, Needs::All];
    let holds = *all.get(usize::from(from.byte()?))?;
    let rest = read_rest(&mut from)?;
    let leads = from.list(In::number_32)?;
    let journeys = journeys::read(&mut from, &head.syms, &head.people)?;
    if holds == Needs::All {
        into_order(&cells, &sizes, &mut facts, &mut given)?;
    }
    let snapshot = Snapshot {
        names: head.names,
        facts,
        ..Snapshot::default()
    };
    let part = Part {
        snapshot,
        given,
        cells,
        count,
        journeys,
        pursuit_cells,
        issue_cells,
        leads,
        holds,
        rest,
    };
    let is_whole = from.0.is_empty() && part.cells.len() == part.snapshot.facts.len();
    is_whole.then_some((part, head.people))
}

/// Puts facts that were read cell by cell into their order: the next one of the cell that stands
/// at each place.
fn into_order(cells: &[u32], sizes: &[u32], facts: &mut [Fact], given: &mut [Given]) -> Option<()> {
    let mut first = 0;
    let firsts = sizes.iter().map(|size| {
        first += size;
        first - size
    });
    let mut next: Vec<u32> = firsts.collect();
    let mut order = Vec::with_capacity(facts.len());
    for cell in cells {
        let next = next.get_mut(*cell as usize)?;
        order.push(*next);
        *next += 1;
    }
    let mut places = vec![u32::MAX; facts.len()];
    for (place, old) in (0u32..).zip(&order) {
        *places.get_mut(*old as usize)? = place;
    }
    if order.len() != facts.len() || places.contains(&u32::MAX) {
        return None;
    }
    permute(facts, &order);
    for given in given.iter_mut() {
        given.fact = *places.get(given.fact as usize)?;
    }
    given.sort_unstable_by_key(|given| given.fact);
    Some(())
}

/// Reads the facts of some cells, each with its bytes, and nothing else of so many cells.
pub(super) fn read_some(head: &[u8], cells: &[(u32, Vec<u8>)], count: u32) -> Option<Part> {
    let mut from = In(head);
    let head = Head::read(&mut from)?;
    let mut some = Part {
        count,
        ..Part::default()
    };
    let facts = &mut some.snapshot.facts;
    for (cell, bytes) in cells {
        let mut block = In(bytes);
        let size = head.reader().block(&mut block, facts, &mut some.given)?;
        some.cells.extend((0..size).map(|_| *cell));
        if !block.0.is_empty() {
            return None;
        }
    }
    some.snapshot.names = head.names;
    from.0.is_empty().then_some(some)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_kernels::cells::Index;
    use handfast_testkit::random::{self, Chance};
    use handfast_testkit::{Ledger, sketch};

    use super::*;
    use crate::derived::{flesh, index};

    fn part(seed: u64) -> Part {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let mut lines = random::lines(seed);
        lines.extend(random::identity_lines(seed));
        let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_200));
        Part::of(ledger.snapshot, &charter, horizon)
    }

    #[test]
    fn a_part_is_read_as_it_was_written() {
        let mut given = 0;
        for seed in 0..400 {
            let part = part(seed);
            given += part.given.len();
            let read = read(&write(&part).bytes).unwrap();
            assert_eq!(read.journeys, part.journeys, "seed {seed}");
            assert_eq!(read.given, part.given, "seed {seed}");
            assert_eq!((&read.cells, read.count), (&part.cells, part.count));
            assert_eq!(read.pursuit_cells, part.pursuit_cells);
            assert_eq!(read.issue_cells, part.issue_cells);
            let facts = |part: &Part| format!("{:?}", part.snapshot.facts);
            assert_eq!(facts(&read), facts(&part), "seed {seed}");
            assert!(read.snapshot.names.texts().eq(part.snapshot.names.texts()));
        }
        assert!(given > 100, "{given} facts are counted under other keys");
    }

    /// What the parts of the same lines come to under the present mark.
    const KEPT: &str = "6e0cda65b2cabb06";

    #[test]
    fn parts_that_come_out_otherwise_have_another_mark() {
        let mut charter = sketch::charter(random::CHARTER).unwrap();
        charter.identity.by_domain = handfast_model::identity::ByDomain::Known;
        let horizon = charter.calendar.start_of(handfast_model::Day(20_200));
        let mut marked = Out::default();
        marked.text(&mark());
        let mut hasher = blake3::Hasher::new();
        for seed in 0..300 {
            let mut lines = random::domain_lines(seed);
            if seed % 2 == 0 {
                lines.extend(random::lines(seed));
                lines.extend(random::identity_lines(seed));
            }
            let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
            let part = Part::of(ledger.snapshot, &charter, horizon);
            let whole = write(&part);
            let index = index::write(&Index::of(&part, &charter), &whole);
            let spine = part.into_spine(&charter.calendar);
            let (bones, flesh) = spine.into_bones(&charter.calendar);
            let (frame, joints) = bones.into_frame(&charter.calendar);
            let [frame, joints, flesh] = flesh::write(&frame, &joints, &flesh);
            for bytes in [frame, joints, flesh, index, whole.bytes] {
                hasher.update(&bytes[marked.0.len()..]);
            }
        }
        let found = hasher.finalize().to_hex();
        assert_eq!(
            &found[..16],
            KEPT,
            "parts kept before would be believed though they would come out otherwise now: raise \
            the version of the kernel that changed, of `cells`, or FORM (of none where only the \
            lines did), then write this hash here"
        );
    }

    #[test]
    fn other_bytes_are_refused_or_read_and_never_a_panic() {
        let bytes = write(&part(7)).bytes;
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_none(), "{length} bytes");
        }
        let mut chance = Chance::new(7);
        for _ in 0..4_000 {
            let mut bytes = bytes.clone();
            for _ in 0..=chance.below(3) {
                let place = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
                bytes[place] = chance.below(256) as u8;
            }
            let _ = read(&bytes);
        }
    }
}
