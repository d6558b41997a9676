//! Invented worlds split by month, channel, rep, team and segment: each group counts as its members
//! alone do. Kernels know no dimensions, so what they are is compared here. Who asks of all gets
//! counts of flat rows; who asks of those under a condition that always holds, the same one by one.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_engine::answer::{Asked, answer};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::rules::{Expr, Subject};
use handfast_model::{Charter, ColumnKind, Instant, Question, question_text};
use handfast_testkit::asks::{Ask, Group};
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, facts, truth};
use handfast_testkit::sketch;
use handfast_testkit::truth::dimensions::By;

/// Figures by group, row and column.
type Figures = BTreeMap<(Group, String, String), i128>;

/// The question in its own notation.
fn question(words: &[(&str, String)], by: By) -> Question {
    let said = |option: &str| words.iter().find(|(name, _)| *name == option);
    let mut text = said("kind").unwrap().1.clone();
    if let Some((_, metric)) = said("of") {
        text += &format!(" {metric}");
    }
    for (name, word) in words
        .iter()
        .filter(|(name, _)| !["kind", "of"].contains(name))
    {
        let name = if *name == "from" { "entry" } else { name };
        text += &format!(" {name}={word}");
    }
    text += &format!(" by={}", by.word());
    question_text::parse(&text).unwrap_or_else(|why| panic!("{text}: {why:?}"))
}

/// Answers a question of all, or of those of whom a condition holds.
fn ask(
    (derived, charter): (&Derived, &Charter),
    question: &Question,
    filter: Option<Expr>,
) -> Answer {
    let asked = Asked {
        derived,
        charter,
        question,
        filter,
        people: Vec::new(),
    };
    answer(asked, None).unwrap()
}

/// A condition that holds of whatever there is.
fn always() -> Expr {
    let score = || Box::new(Expr::Attribute(Subject::Person, "score".to_owned()));
    Expr::Or([false, true].map(|is| Expr::IsNull(score(), is)).into())
}

/// What an answer shows in some columns, but for noughts.
fn told(answer: &Answer, columns: &BTreeSet<String>) -> Figures {
    let mut figures = Figures::new();
    for row in &answer.rows {
        let is_name = |place: &usize| {
            matches!(
                answer.columns[*place].kind,
                ColumnKind::Text | ColumnKind::Period
            )
        };
        let names: Vec<Group> = (0..row.len())
            .take_while(is_name)
            .map(|at| text(&row[at]))
            .collect();
        let (group, name) = (names[0].clone(), names.get(1).cloned().flatten());
        let mut add = |column: &str, number: i128| {
            if columns.contains(column) && number != 0 {
                let place = (
                    group.clone(),
                    name.clone().unwrap_or_default(),
                    column.to_owned(),
                );
                assert_eq!(figures.insert(place, number), None);
            }
        };
        for (column, cell) in answer.columns.iter().zip(row) {
            let whole = format!("{}/", column.id);
            match cell {
                Cell::Count(count) => add(&column.id, i128::from(*count)),
                Cell::Ratio(ratio) => {
                    add(&column.id, i128::from(ratio.part));
                    add(&whole, i128::from(ratio.whole));
                }
                Cell::MoneyShare { part, whole: all } => {
                    add(&column.id, i128::from(part.minor));
                    add(&whole, i128::from(*all));
                }
                Cell::Money(money) => add(&column.id, i128::from(money.minor)),
                Cell::MeanElapsed(sum, _) => add(&column.id, i128::from(*sum)),
                _ => {}
            }
        }
    }
    figures
}

fn text(cell: &Cell) -> Group {
    match cell {
        Cell::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// One world; gives how many figures were compared.
fn check(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for asked in case.asked() {
        let (definitions, horizon) = (asked.definitions, asked.horizon);
        let meaning = &definitions.meaning;
        let charter = sketch::charter(&definitions.sketch()).unwrap();
        let facts = known(&case.emitted.rows, asked.commit, meaning.zone);
        let snapshot = facts::snapshot(&facts, &charter.calendar);
        let part = Part::of(snapshot, &charter, Instant(horizon));
        let derived = Derived::new(part, (Instant(horizon), 0));
        let found = truth(facts, definitions, horizon);
        let mut chance = Chance::new(seed.wrapping_mul(89) + asked.commit as u64);
        let (from, days) = (case.world.from, case.world.size.days as u64);
        let instant = |chance: &mut Chance| meaning.zone.start(from + chance.below(days) as i32);
        let mut questions = 0;
        while questions < 12 {
            let ask = Ask::draw(&mut chance, meaning, horizon, &instant);
            let by = By::ALL[chance.below(5) as usize];
            let Some(groups) = ask.figures_by(by, (&found, meaning, horizon)) else {
                continue;
            };
            let Some(words) = ask.words(meaning) else {
                continue;
            };
            questions += 1;
            let mut expected = Figures::new();
            for (group, figures) in groups {
                for ((row, column), figure) in figures {
                    expected.insert((group.clone(), row, column), figure);
                }
            }
            let columns = expected
                .keys()
                .map(|(_, _, column)| column.clone())
                .collect();
            expected.retain(|_, figure| *figure != 0);
            let (ground, question) = ((&derived, &charter), question(&words, by));
            let answer = self::ask(ground, &question, None);
            let listed = self::ask(ground, &question, Some(always()));
            let said = |one: &Answer| {
                let (rows, totals) = (one.rows.clone(), one.totals.clone());
                (rows, totals, one.issues.clone(), one.notes.clone())
            };
            assert_eq!(said(&answer), said(&listed), "seed {seed} {question}");
            let told = told(&answer, &columns);
            let differs = expected
                .iter()
                .find(|(place, figure)| told.get(place) != Some(figure));
            assert_eq!(
                told, expected,
                "seed {seed} {ask:?} by {by:?}: first {differs:?}"
            );
            compared += expected.len();
        }
    }
    compared
}

#[test]
fn groups_of_worlds_count_to_the_truth() {
    let compared: usize = (0..300).map(check).sum();
    assert!(compared > 25_000, "{compared}");
}
