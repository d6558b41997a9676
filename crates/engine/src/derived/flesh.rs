//! A spine as bytes: its bones as a part of their own, and beside them what else it has.

use handfast_kernels::cells::{Flesh, Given, Part};
use handfast_kernels::quick::Quick;

use super::bytes::{In, Out};
use super::codec;
use super::facts::{People, Reader, Sets, read_commits, write_block, write_commits, write_names};
use super::journeys::{self, places, write_list};

/// Writes the two.
pub(super) fn write(bones: &Part, flesh: &Flesh) -> (Vec<u8>, Vec<u8>) {
    let (mut people, mut sets) = (People::default(), Sets::default());
    let written = codec::write_with(bones, &mut people);
    let known = people.count();
    let mut body = Out::default();
    let given = flesh.given.iter().map(|given| (given.fact, given));
    let mut given: Quick<u32, &Given> = given.collect();
    let facts = flesh.places.iter().copied().zip(&flesh.facts);
    let facts: Vec<_> = facts.collect();
    write_block(&facts, &mut given, (&mut people, &mut sets), &mut body);
    write_list(&flesh.places, &mut body);
    body.count(flesh.cells.len());
    let cells = flesh.cells.iter();
    cells.for_each(|cell| body.number(u64::from(*cell)));
    journeys::write_leads(&flesh.leads, &mut people, &mut body);
    codec::write_rest(&flesh.rest, &mut body);
    body.count(flesh.pursuits.len());
    let of_pursuits = flesh.pursuits.iter().flatten();
    of_pursuits.for_each(|fact| body.maybe(*fact));
    body.count(flesh.evidence.len());
    flesh.evidence.iter().for_each(|fact| body.maybe(*fact));
    let mut out = Out::default();
    out.text(&codec::mark());
    let names = flesh.names.since(bones.snapshot.names.len());
    write_names(names, &mut out);
    people.write_since(known, &mut out);
    sets.write(&mut out);
    write_commits(&flesh.facts, &mut out);
    out.0.append(&mut body.0);
    (written.bytes, out.0)
}

/// Reads a spine; `None` of bytes that this program does not write.
pub(super) fn read(bones: &[u8], flesh: &[u8]) -> Option<Part> {
    let (bones, mut people) = codec::read_with(bones)?;
    let mut from = In(flesh);
    if from.text()? != codec::mark() {
        return None;
    }
    let mut names = bones.snapshot.names.clone();
    for _ in 0..from.count()? {
        names.intern(from.text()?);
    }
    let syms: Vec<_> = names.syms().collect();
    people.read_more(&mut from)?;
    let reader = Reader {
        syms: &syms,
        people: &people,
        sets: &Sets::read(&mut from, &syms)?,
        commits: &read_commits(&mut from)?,
    };
    let (mut facts, mut given) = (Vec::new(), Vec::new());
    reader.block(&mut from, &mut facts, &mut given)?;
    let places = places(&mut from)?;
    for given in &mut given {
        given.fact = *places.get(given.fact as usize)?;
    }
    let flesh = Flesh {
        facts,
        given,
        cells: from.list(In::number_32)?,
        leads: journeys::read_leads(&mut from, &syms, &people)?,
        rest: codec::read_rest(&mut from)?,
        pursuits: from.list(|from| Some([from.maybe()?, from.maybe()?, from.maybe()?]))?,
        evidence: from.list(In::maybe)?,
        places,
        names,
    };
    let is_whole = from.0.is_empty() && flesh.places.len() == flesh.facts.len();
    bones.fleshed(flesh).filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_kernels::cells::Needs;
    use handfast_model::FactKind;
    use handfast_testkit::random::{self, Chance};
    use handfast_testkit::{Ledger, sketch};

    use super::*;

    fn spine(seed: u64) -> Part {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let mut lines = random::lines(seed);
        lines.extend(random::identity_lines(seed));
        let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_200));
        Part::of(ledger.snapshot, &charter, horizon).into_spine(&charter.calendar)
    }

    fn parted(spine: Part) -> (Part, Flesh) {
        let charter = sketch::charter(random::CHARTER).unwrap();
        spine.into_bones(&charter.calendar)
    }

    #[test]
    fn bones_and_flesh_are_read_as_the_spine_that_they_were() {
        let mut given = 0;
        for seed in 0..400 {
            let spine = spine(seed);
            given += spine.given.len();
            let (bones, flesh) = parted(spine.clone());
            let facts = bones.snapshot.facts.iter();
            assert!(facts.clone().all(|fact| fact.kind != FactKind::Touch));
            assert_eq!(bones.fact_count(), spine.fact_count(), "seed {seed}");
            let (bone_bytes, flesh_bytes) = write(&bones, &flesh);
            let alone = codec::read(&bone_bytes).unwrap();
            assert_eq!(
                (alone.holds, &alone.journeys),
                (Needs::Bones, &bones.journeys)
            );
            assert_eq!((&alone.leads, &alone.rest), (&spine.leads, &bones.rest));
            for whole in [bones.fleshed(flesh), read(&bone_bytes, &flesh_bytes)] {
                let whole = whole.unwrap();
                assert_eq!(
                    format!("{:?}", whole.journeys),
                    format!("{:?}", spine.journeys)
                );
                let told = |part: &Part| {
                    let facts = (&part.snapshot.facts, &part.cells, &part.given);
                    let texts: Vec<&str> = part.snapshot.names.texts().collect();
                    format!("{facts:?} {texts:?} {:?} {:?}", part.rest, part.holds)
                };
                assert_eq!(told(&whole), told(&spine), "seed {seed}");
            }
        }
        assert!(given > 100, "{given} facts are counted under other keys");
    }

    #[test]
    fn other_bytes_are_refused_or_read_and_never_a_panic() {
        let (bones, flesh) = parted(spine(7));
        let (bones, flesh) = write(&bones, &flesh);
        for length in 0..flesh.len() {
            assert!(read(&bones, &flesh[..length]).is_none(), "{length} bytes");
        }
        let mut chance = Chance::new(7);
        for _ in 0..4_000 {
            let (mut bones, mut flesh) = (bones.clone(), flesh.clone());
            for bytes in [&mut bones, &mut flesh] {
                for _ in 0..chance.below(3) {
                    let place = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
                    bytes[place] = chance.below(256) as u8;
                }
            }
            let _ = read(&bones, &flesh);
        }
    }
}
