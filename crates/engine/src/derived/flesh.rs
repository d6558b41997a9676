//! A spine as bytes: its frame as a part of its own, beside it what makes the frame bones, and
//! beside these what makes bones a spine.

use handfast_kernels::cells::{Flesh, Given, Joints, Part};
use handfast_kernels::quick::Quick;
use handfast_model::{Names, Sym};

use super::bytes::{In, Out};
use super::codec;
use super::facts::{People, Reader, Sets, read_commits, write_block, write_commits, write_names};
use super::journeys::{self, places, write_list};

/// Writes the three.
pub(super) fn write(frame: &Part, joints: &Joints, flesh: &Flesh) -> [Vec<u8>; 3] {
    let mut people = People::default();
    let written = codec::write_with(frame, &mut people);
    let names = &frame.snapshot.names;
    let of_joints = write_more(&joints.flesh, (names, &mut people), |people, out| {
        journeys::write_deals(&joints.deals, people, out);
        out.count(joints.of_pursuits.len());
        let of_pursuits = joints.of_pursuits.iter();
        of_pursuits.for_each(|deal| out.maybe(*deal));
    });
    let known = (&joints.flesh.names, &mut people);
    let of_flesh = write_more(flesh, known, |_, _| ());
    [written.bytes, of_joints, of_flesh]
}

/// Writes what was stripped of a part that has these names, and more after it.
fn write_more(
    flesh: &Flesh,
    (names, people): (&Names, &mut People),
    more: impl FnOnce(&mut People, &mut Out),
) -> Vec<u8> {
    let mut sets = Sets::default();
    let known = people.count();
    let mut body = Out::default();
    let given = flesh.given.iter().map(|given| (given.fact, given));
    let mut given: Quick<u32, &Given> = given.collect();
    let facts = flesh.places.iter().copied().zip(&flesh.facts);
    let facts: Vec<_> = facts.collect();
    write_block(&facts, &mut given, (people, &mut sets), &mut body);
    write_list(&flesh.places, &mut body);
    body.count(flesh.cells.len());
    let cells = flesh.cells.iter();
    cells.for_each(|cell| body.number(u64::from(*cell)));
    journeys::write_leads(&flesh.leads, people, &mut body);
    codec::write_rest(&flesh.rest, &mut body);
    body.count(flesh.pursuits.len());
    let of_pursuits = flesh.pursuits.iter().flatten();
    of_pursuits.for_each(|fact| body.maybe(*fact));
    body.count(flesh.evidence.len());
    flesh.evidence.iter().for_each(|fact| body.maybe(*fact));
    more(people, &mut body);
    let mut out = Out::default();
    out.text(&codec::mark());
    write_names(flesh.names.since(names.len()), &mut out);
    people.write_since(known, &mut out);
    sets.write(&mut out);
    write_commits(&flesh.facts, &mut out);
    out.0.append(&mut body.0);
    out.0
}

/// Reads a spine; `None` of bytes that this program does not write.
pub(super) fn read(frame: &[u8], joints: &[u8], flesh: &[u8]) -> Option<Part> {
    let (bones, mut people) = read_bones(frame, joints)?;
    let more = |_: &mut In<'_>, _: &[Sym], _: &People| Some(());
    let (flesh, ()) = read_more(flesh, (&bones.snapshot.names, &mut people), more)?;
    bones.fleshed(flesh)
}

/// Reads bones, and whom they name.
pub(super) fn read_bones(frame: &[u8], joints: &[u8]) -> Option<(Part, People)> {
    let (frame, mut people) = codec::read_with(frame)?;
    let known = (&frame.snapshot.names, &mut people);
    let more = |from: &mut In<'_>, syms: &[Sym], people: &People| {
        let deals = journeys::read_deals(from, syms, people)?;
        Some((deals, from.list(In::maybe)?))
    };
    let (flesh, (deals, of_pursuits)) = read_more(joints, known, more)?;
    let bones = frame.jointed(Joints {
        flesh,
        deals,
        of_pursuits,
    });
    Some((bones?, people))
}

/// Reads what [`write_more`] writes.
fn read_more<T>(
    bytes: &[u8],
    (names, people): (&Names, &mut People),
    more: impl FnOnce(&mut In<'_>, &[Sym], &People) -> Option<T>,
) -> Option<(Flesh, T)> {
    let mut from = In(bytes);
    if from.text()? != codec::mark() {
        return None;
    }
    let mut names = names.clone();
    for _ in 0..from.count()? {
        names.intern(from.text()?);
    }
    let syms: Vec<_> = names.syms().collect();
    people.read_more(&mut from)?;
    let reader = Reader {
        syms: &syms,
        people: &*people,
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
        leads: journeys::read_leads(&mut from, &syms, people)?,
        rest: codec::read_rest(&mut from)?,
        pursuits: from.list(|from| Some([from.maybe()?, from.maybe()?, from.maybe()?]))?,
        evidence: from.list(In::maybe)?,
        places,
        names,
    };
    let more = more(&mut from, &syms, people)?;
    let is_whole = from.0.is_empty() && flesh.places.len() == flesh.facts.len();
    is_whole.then_some((flesh, more))
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

    fn framed(bones: Part) -> (Part, Joints) {
        let charter = sketch::charter(random::CHARTER).unwrap();
        bones.into_frame(&charter.calendar)
    }

    #[test]
    fn bones_and_flesh_are_read_as_the_spine_that_they_were() {
        let (mut given, mut told, mut joined) = (0, 0, 0);
        for seed in 0..400 {
            let spine = spine(seed);
            given += spine.given.len();
            let (bones, flesh) = parted(spine.clone());
            let facts = bones.snapshot.facts.iter();
            assert!(facts.clone().all(|fact| fact.kind != FactKind::Touch));
            assert_eq!(bones.fact_count(), spine.fact_count(), "seed {seed}");
            let (frame, joints) = framed(bones.clone());
            assert_eq!(frame.fact_count(), spine.fact_count(), "seed {seed}");
            (told, joined) = (
                told + frame.snapshot.facts.len(),
                joined + joints.deals.len(),
            );
            let bytes = write(&frame, &joints, &flesh);
            let bytes = bytes.each_ref().map(Vec::as_slice);
            let alone = codec::read(bytes[0]).unwrap();
            assert_eq!(
                (alone.holds, &alone.journeys),
                (Needs::Frame, &frame.journeys)
            );
            assert_eq!((&alone.leads, &alone.rest), (&spine.leads, &frame.rest));
            let read_back = read_bones(bytes[0], bytes[1]).unwrap().0;
            for again in [frame.jointed(joints).unwrap(), read_back] {
                assert_eq!((again.holds, &again.rest), (Needs::Bones, &bones.rest));
                assert_eq!(again.journeys, bones.journeys, "seed {seed}");
                let facts = |part: &Part| format!("{:?}", part.snapshot.facts);
                assert_eq!(facts(&again), facts(&bones), "seed {seed}");
                assert_eq!((&again.cells, &again.given), (&bones.cells, &bones.given));
            }
            let read = read(bytes[0], bytes[1], bytes[2]);
            for whole in [bones.fleshed(flesh), read] {
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
        assert!(told > 100 && joined > 100, "{told} marks, {joined} deals");
    }

    #[test]
    fn other_bytes_are_refused_or_read_and_never_a_panic() {
        let (bones, flesh) = parted(spine(7));
        let (frame, joints) = framed(bones);
        let all = write(&frame, &joints, &flesh);
        for (place, bytes) in all.iter().enumerate() {
            for length in 0..bytes.len() {
                let mut cut = all.clone();
                cut[place].truncate(length);
                let [frame, joints, flesh] = &cut;
                assert!(read(frame, joints, flesh).is_none(), "{length} of {place}");
            }
        }
        let mut chance = Chance::new(7);
        for _ in 0..4_000 {
            let mut other = all.clone();
            for bytes in &mut other {
                for _ in 0..chance.below(3) {
                    let place = usize::try_from(chance.below(bytes.len() as u64)).unwrap();
                    bytes[place] = chance.below(256) as u8;
                }
            }
            let [frame, joints, flesh] = &other;
            let _ = read(frame, joints, flesh);
        }
    }
}
