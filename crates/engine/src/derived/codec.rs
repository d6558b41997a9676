//! A part as bytes, and back.
//!
//! The bytes are a cache of this program's own: they begin with a mark of everything that shaped
//! them, and bytes of another mark are not read but made anew.

use handfast_kernels::cells::{Part, Rest};
use handfast_model::{IssueCode, Snapshot};

use super::bytes::{In, Out};
use super::facts::{
    People, Sets, read_facts, read_given, read_names, write_facts, write_given, write_names,
};
use super::journeys;

/// The form of the bytes; a change of it is a new number.
const FORM: u64 = 5;

/// What shaped derived bytes besides facts and charter: the form, the program, its kernels, the
/// cut.
pub(super) fn mark() -> String {
    let mut mark = format!("handfast {} form {FORM}", env!("CARGO_PKG_VERSION"));
    for (name, version) in handfast_kernels::VERSIONS {
        mark.push_str(&format!(" {name} {version}"));
    }
    mark.push_str(&format!(" cells {}", handfast_kernels::cells::VERSION));
    // Issues are named by their place in the list.
    mark.push_str(&format!(" issues {}", IssueCode::ALL.len()));
    mark
}

/// Writes a part.
pub(super) fn write(part: &Part) -> Vec<u8> {
    let (mut people, mut sets, mut body) = (People::default(), Sets::default(), Out::default());
    write_facts(&part.snapshot.facts, (&mut people, &mut sets), &mut body);
    for cells in [&part.cells, &part.pursuit_cells, &part.issue_cells] {
        body.count(cells.len());
        cells.iter().for_each(|cell| body.number(u64::from(*cell)));
    }
    body.number(u64::from(part.count));
    write_given(&part.given, &mut people, &mut body);
    body.count(part.rest.len());
    for rest in &part.rest {
        body.number(rest.facts);
        body.maybe_instant(rest.first);
    }
    journeys::write(&part.journeys, &mut people, &mut body);
    let mut out = Out::default();
    out.text(&mark());
    write_names(&part.snapshot.names, &mut out);
    people.write(&mut out);
    sets.write(&mut out);
    out.0.append(&mut body.0);
    out.0
}

/// Reads a part; `None` of bytes that this program does not write.
pub(super) fn read(bytes: &[u8]) -> Option<Part> {
    let mut from = In(bytes);
    if from.text()? != mark() {
        return None;
    }
    let (names, syms) = read_names(&mut from)?;
    let people = People::read(&mut from)?;
    let sets = Sets::read(&mut from, &syms)?;
    let facts = read_facts(&mut from, (&syms, &people, &sets))?;
    let mut cells = || from.list(In::number_32);
    let (of_facts, pursuit_cells, issue_cells) = (cells()?, cells()?, cells()?);
    let count = from.number_32()?;
    let given = read_given(&mut from, &syms, &people)?;
    let rest = from.list(|from| {
        Some(Rest {
            facts: from.number()?,
            first: from.maybe_instant()?,
        })
    })?;
    let journeys = journeys::read(&mut from, &syms, &people)?;
    let snapshot = Snapshot {
        names,
        facts,
        ..Snapshot::default()
    };
    let part = Part {
        snapshot,
        given,
        cells: of_facts,
        count,
        journeys,
        pursuit_cells,
        issue_cells,
        rest,
    };
    from.0.is_empty().then_some(part)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_testkit::random::{self, Chance};
    use handfast_testkit::{Ledger, sketch};

    use super::*;

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
            let read = read(&write(&part)).unwrap();
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
    const KEPT: &str = "1f8d0535d980f74a";

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
            for part in [&part.spine(&charter.calendar), &part] {
                hasher.update(&write(part)[marked.0.len()..]);
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
        let bytes = write(&part(7));
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
