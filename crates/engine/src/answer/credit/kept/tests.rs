//! What is kept says what all facts say, however they are cut.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use handfast_kernels::cells::Part;
use handfast_model::question::{AsOf, Known, Unit};
use handfast_model::rules::Charter;
use handfast_model::{Day, Grain};
use handfast_testkit::truth::credit::MODELS;
use handfast_testkit::{Ledger as Facts, random, sketch};

use super::*;

fn question(by: Vec<Dimension>, period: Option<(Day, Day)>) -> Question {
    Question {
        kind: QuestionKind::Credit {
            of: Credited::Won,
            // All but the charter's own, which this one does not have.
            models: MODELS[..15].iter().copied().map(str::to_owned).collect(),
        },
        by,
        filter: None,
        period,
        as_of: AsOf::Latest,
        known: Known::Recorded,
        charter: None,
        unit: Unit::Pursuit,
        currency: None,
    }
}

/// What all facts say.
fn plainly(part: &Part, charter: &Charter, question: &Question) -> String {
    let derived = Derived::new(part.clone(), (Instant(0), 0));
    let ground = Ground::new(&derived, charter, None);
    let QuestionKind::Credit { of, models } = &question.kind else {
        return String::new();
    };
    let answer = super::super::answer(&ground, question, (*of, models), None);
    format!("{:?}", answer.unwrap())
}

/// What is kept of these parts says, of each without the cells that count no more.
fn from_kept(parts: &[(&Part, Vec<u32>)], charter: &Charter, question: &Question) -> String {
    let asked = Asked::of(charter, question).unwrap().unwrap();
    // One after the other, and each by itself.
    let (mut sums, mut alone) = (Sums::new(&asked), Sums::new(&asked));
    for (part, gone) in parts {
        let files = made((*part).clone(), charter, (Instant(0), 0)).map(|out| out.0);
        let bodies: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
        sums.add(&bodies, gone).unwrap();
        let mut more = Sums::new(&asked);
        more.add(&bodies, gone).unwrap();
        alone = alone.with(more);
    }
    let found = answered(sums, parts[0].0, (charter, question));
    assert_eq!(answered(alone, parts[0].0, (charter, question)), found);
    found
}

fn answered(sums: Sums<'_>, part: &Part, (charter, question): (&Charter, &Question)) -> String {
    let asked = sums.asked;
    let frame = Snapshot {
        facts: Vec::new(),
        ..part.snapshot.clone()
    };
    let derived = hollow(frame, &sums, (Instant(0), 0));
    let ground = Ground::new(&derived, charter, None);
    let book = asked.book(&ground, question);
    format!("{:?}", sums.rows.answer(&book).unwrap())
}

#[test]
fn what_is_kept_says_what_all_facts_say() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let horizon = charter.calendar.start_of(Day(20_270));
    let bys = [
        vec![],
        vec![Dimension::Team],
        vec![Dimension::Time(Grain::Month), Dimension::Channel],
        vec![Dimension::Channel, Dimension::Team],
        vec![Dimension::Sourced],
        vec![Dimension::Channel, Dimension::Sourced],
    ];
    let (mut credited, mut undone) = (0, 0);
    for seed in 0..360 {
        let text = random::lines(seed).join("\n");
        let ledger = Facts::read(&text, &charter.calendar).unwrap();
        let part = Part::of(ledger.snapshot, &charter, horizon);
        let period = (seed % 3 == 1).then_some((Day(20_000), Day(20_200)));
        let question = question(bys[seed as usize % bys.len()].clone(), period);
        let wanted = plainly(&part, &charter, &question);
        let at = format!("seed {seed}");
        assert_eq!(
            from_kept(&[(&part, vec![])], &charter, &question),
            wanted,
            "{at}"
        );
        credited += usize::from(wanted.contains("Money("));
        // The same cells, some in one part and the others in another.
        let is_even = |cell: &u32| cell.is_multiple_of(2);
        let all = || 0..part.count;
        let (even, odd) = (
            all().filter(is_even).collect(),
            all().filter(|cell| !is_even(cell)),
        );
        let parts = [(&part, even), (&part, odd.collect())];
        assert_eq!(
            from_kept(&parts, &charter, &question),
            wanted,
            "{at}, in two"
        );
        // Without some of them.
        let gone: Vec<u32> = all().filter(|cell| cell.is_multiple_of(3)).collect();
        let mut rest = part.clone();
        rest.retain(|cell| !cell.is_multiple_of(3));
        let wanted_of_rest = plainly(&rest, &charter, &question);
        undone += usize::from(wanted_of_rest != wanted);
        let found = from_kept(&[(&part, gone)], &charter, &question);
        assert_eq!(found, wanted_of_rest, "{at}, some gone");
    }
    assert!(credited > 40 && undone > 40, "{credited} {undone}");
}

/// What is kept of the parts of the same lines comes to, as long as no version is raised.
const KEPT: &str = "a49bf2968d509a6b";

#[test]
fn what_is_kept_otherwise_has_another_mark() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let horizon = charter.calendar.start_of(Day(20_270));
    let mut hasher = blake3::Hasher::new();
    let mut ages = 0;
    for seed in 0..1_500 {
        let text = random::lines(seed).join("\n");
        let ledger = Facts::read(&text, &charter.calendar).unwrap();
        let part = Part::of(ledger.snapshot, &charter, horizon);
        let files = made(part, &charter, (Instant(0), 0));
        ages += files[1].0.len();
        files.iter().for_each(|file| _ = hasher.update(&file.0));
    }
    assert!(ages > 200, "{ages}");
    let found = hasher.finalize().to_hex();
    assert_eq!(
        &found[..16],
        KEPT,
        "what was kept before would be believed though it would come out otherwise now: raise the \
         version of the kernel that changed, or FORM of `derived::codec` (of none where only the \
         lines did), then write this hash here"
    );
}

#[test]
fn bytes_that_are_cut_off_are_nothing() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let text = random::lines(3).join("\n");
    let ledger = Facts::read(&text, &charter.calendar).unwrap();
    let horizon = charter.calendar.start_of(Day(20_270));
    let part = Part::of(ledger.snapshot, &charter, horizon);
    let question = question(vec![], None);
    let asked = Asked::of(&charter, &question).unwrap().unwrap();
    let [trail, ages] = made(part, &charter, (Instant(0), 0)).map(|out| out.0);
    let read = |trail: &[u8], ages: &[u8]| Sums::new(&asked).add(&[trail, ages], &[]);
    assert_eq!(read(&trail, &ages), Some(()));
    for length in 0..trail.len() {
        assert_eq!(read(&trail[..length], &ages), None, "{length} bytes");
    }
    if !ages.is_empty() {
        assert_eq!(read(&trail, &ages[..ages.len() - 1]), None);
    }
}
