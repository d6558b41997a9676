//! Metrics of the catalogue over invented worlds: every measure and every value is what a few lines
//! by hand make of the truth, group by group and currency by currency.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use handfast_engine::answer::{Asked, Pick, answer, resums};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::{Charter, Day, Instant, Question, question_text};
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, facts, truth};
use handfast_testkit::sketch;
use handfast_testkit::truth::dimensions::By;
use handfast_testkit::truth::formulas::{self, Come, Figures, METRICS, Row, Take};

fn asked<'a>((derived, charter): (&'a Derived, &'a Charter), question: &'a Question) -> Asked<'a> {
    Asked {
        derived,
        charter,
        question,
        filter: None,
        people: Vec::new(),
    }
}

fn text(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// The nearest whole number; between two, the even one.
fn nearest(part: i128, whole: i128) -> i128 {
    let (part, whole) = if whole < 0 {
        (-part, -whole)
    } else {
        (part, whole)
    };
    let floor = part.div_euclid(whole);
    let twice_rest = 2 * part.rem_euclid(whole);
    match twice_rest.cmp(&whole) {
        std::cmp::Ordering::Less => floor,
        std::cmp::Ordering::Greater => floor + 1,
        std::cmp::Ordering::Equal => floor + floor.rem_euclid(2),
    }
}

/// Whether a measure's cell shows what was taken.
fn shows(cell: &Cell, take: Take, (part, whole): Come) -> bool {
    let micros = 1_000_000;
    match (take, cell) {
        (Take::Count | Take::Amounts, Cell::Count(count)) => i128::from(*count) == part,
        (Take::Money, Cell::Money(money)) => i128::from(money.minor) == part,
        (Take::Money, Cell::MeanMoney(sum, _)) => i128::from(sum.minor) == part,
        (Take::Share, Cell::Ratio(ratio)) => {
            (i128::from(ratio.part), i128::from(ratio.whole)) == (part, whole)
        }
        (Take::Days, Cell::MeanElapsed(sum, count)) => {
            (i128::from(*sum), i128::from(*count)) == (part * micros, whole)
        }
        (Take::Median, Cell::Elapsed(middle, _)) => i128::from(*middle) * 2 == part * micros,
        (Take::Median, Cell::Unknown) => whole == 0,
        _ => false,
    }
}

/// Whether the value's cell shows what the metric comes to.
fn is_value(cell: &Cell, come: Option<Come>) -> bool {
    let whole_of = |whole: i128| u64::try_from(whole).ok();
    match (cell, come) {
        (Cell::Unknown, come) => come.is_none_or(|(_, whole)| whole <= 0),
        (Cell::Ratio(ratio), Some((part, whole))) => {
            i128::from(ratio.part) == part && Some(ratio.whole) == whole_of(whole)
        }
        (Cell::Ratio(ratio), None) => ratio.whole == 0,
        (Cell::MeanMoney(sum, count), Some((part, whole))) => {
            i128::from(sum.minor) == part && Some(*count) == whole_of(whole)
        }
        (
            Cell::MoneyShare {
                part: mine,
                whole: all,
            },
            Some((part, whole)),
        ) => i128::from(mine.minor) == part && i128::from(*all) == whole.max(0),
        (Cell::Money(money), Some((part, whole))) => {
            i128::from(money.minor) == nearest(part, whole)
        }
        (Cell::Elapsed(micros, _), Some((part, whole))) => {
            i128::from(*micros) == nearest(part * 1_000_000, whole)
        }
        _ => false,
    }
}

/// One answer against the truth; gives how many cells were compared.
fn compare(
    answer: &Answer,
    metric: &formulas::Metric,
    expected: &BTreeMap<Row, Figures>,
    is_split: bool,
    at: &str,
) -> usize {
    let place = |id: &str| answer.columns.iter().position(|column| column.id == id);
    let currency = place("currency");
    let value = answer.columns.len() - 1;
    let mut compared = 0;
    let rows: BTreeMap<Row, &Vec<Cell>> = answer
        .rows
        .iter()
        .map(|row| {
            let group = if is_split { text(&row[0]) } else { None };
            ((group, currency.and_then(|at| text(&row[at]))), row)
        })
        .collect();
    let keys: Vec<&Row> = rows.keys().collect();
    assert_eq!(keys, expected.keys().collect::<Vec<_>>(), "{at}");
    for (key, row) in rows {
        let (taken, come) = &expected[&key];
        for ((column, _, take), taken) in metric.measures.iter().zip(taken) {
            if let Some(place) = place(column) {
                assert!(
                    shows(&row[place], *take, *taken),
                    "{at} {key:?} {column}: {row:?} {taken:?}"
                );
                compared += 1;
            }
        }
        assert!(
            is_value(&row[value], *come),
            "{at} {key:?}: {row:?} {come:?}"
        );
        compared += 1;
    }
    compared
}

/// The records behind each column are as many, and worth as much, as it says.
fn check_records(ground: (&Derived, &Charter), question: &Question, answer: &Answer, at: &str) {
    let (_, wrong) = resums(asked(ground, question)).unwrap();
    assert_eq!(wrong, Vec::<String>::new(), "{at}");
    for (place, column) in answer.columns.iter().enumerate() {
        // Of rows together each record is listed once.
        let [row] = &answer.rows[..] else { return };
        if let Cell::Count(count) = row[place] {
            let pick = Pick {
                column: column.id.clone(),
                row: Vec::new(),
            };
            let listed = self::answer(asked(ground, question), Some(&pick)).unwrap();
            assert_eq!(listed.rows.len() as u64, count, "{at} {}", column.id);
        }
    }
}

/// One world; gives how many cells were compared.
fn check(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for stand in case.asked() {
        let (definitions, horizon) = (stand.definitions, stand.horizon);
        let meaning = &definitions.meaning;
        let charter = sketch::charter(&definitions.sketch()).unwrap();
        let facts = known(&case.emitted.rows, stand.commit, meaning.zone);
        let snapshot = facts::snapshot(&facts, &charter.calendar);
        let part = Part::of(snapshot, &charter, Instant(horizon));
        let derived = Derived::new(part, (Instant(horizon), 0));
        let found = truth(facts, definitions, horizon);
        let mut chance = Chance::new(seed.wrapping_mul(97) + stand.commit as u64);
        let (from, days) = (case.world.from, case.world.size.days as u64);
        let path: Vec<&str> = meaning
            .steps
            .iter()
            .filter(|step| step.role.is_on_path())
            .map(|step| step.id.as_str())
            .collect();
        for _ in 0..8 {
            let metric = &METRICS[chance.below(METRICS.len() as u64) as usize];
            let by = match chance.below(8) {
                at @ 0..5 => Some(By::ALL[at as usize]),
                _ => None,
            };
            if !formulas::is_split(metric, by) {
                continue;
            }
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(&mut chance), day(&mut chance));
            let period = (a != b && chance.percent(70)).then_some((a.min(b), a.max(b)));
            let [one, two] = [(); 2].map(|()| path[chance.below(path.len() as u64) as usize]);
            let told = |text: &str| text.replace("{1}", one).replace("{2}", two);
            let measures: Vec<formulas::Measure> = metric
                .measures
                .iter()
                .map(|(column, base, take)| (*column, &*told(base).leak(), *take))
                .collect();
            let metric = formulas::Metric {
                name: told(metric.name).leak(),
                measures: measures.leak(),
                ..*metric
            };
            let mut text = format!("metric {}", metric.name);
            if let Some(by) = by {
                text += &format!(" by={}", by.word());
            }
            if let Some((a, b)) = period {
                text += &format!(" period={}..{}", Day(a), Day(b));
            }
            let question = question_text::parse(&text).unwrap();
            let ground = (&derived, &charter);
            let at = format!("seed {seed} {text}");
            let answer =
                answer(asked(ground, &question), None).unwrap_or_else(|why| panic!("{at}: {why}"));
            let of = formulas::Asked {
                by,
                period: period.map(|(a, b)| (meaning.zone.start(a), meaning.zone.start(b))),
                horizon,
            };
            let expected = formulas::figures(&found, meaning, &metric, of);
            compared += compare(&answer, &metric, &expected, by.is_some(), &at);
            check_records(ground, &question, &answer, &at);
        }
    }
    compared
}

#[test]
fn metrics_of_the_catalogue_come_to_the_truth() {
    let compared: usize = (0..250).map(check).sum();
    assert!(compared > 25_000, "{compared}");
}
