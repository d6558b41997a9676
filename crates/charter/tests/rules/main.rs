//! Laws of rules on generated trees: what is printed is read back as the same tree, and the
//! evaluator agrees with a second, slow and obvious one.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected fails"
)]

mod generate;
mod twin;

use std::collections::BTreeMap;

use generate::Generator;
use handfast_charter::parse_condition;
use handfast_model::evaluate::{evaluate, holds};
use handfast_model::rules::{DeclaredAttribute, Evaluated, Moment, Subject, ValueKind};
use handfast_model::{Calendar, Day, Decimal, Instant};

/// The attributes that generated rules name.
pub(crate) const ATTRIBUTES: [(Subject, &str, ValueKind); 8] = [
    (Subject::Person, "score", ValueKind::Number),
    (Subject::Person, "origin", ValueKind::Text),
    (Subject::Account, "name", ValueKind::Text),
    (Subject::Account, "is_customer", ValueKind::Bool),
    (Subject::Deal, "created", ValueKind::Time),
    (Subject::Deal, "end", ValueKind::Time),
    (Subject::Deal, "amount", ValueKind::Number),
    (Subject::Touch, "medium", ValueKind::Text),
];

fn declared() -> Vec<DeclaredAttribute> {
    let one = |(subject, name, kind): (Subject, &str, ValueKind)| DeclaredAttribute {
        subject,
        name: name.to_owned(),
        kind,
    };
    ATTRIBUTES.into_iter().map(one).collect()
}

/// A moment with random values: some unknown, some of another type than declared.
pub(crate) struct Scene {
    values: BTreeMap<(Subject, String), Evaluated>,
    salt: u64,
    calendar: Calendar,
}

impl Scene {
    fn new(generator: &mut Generator) -> Scene {
        let mut values = BTreeMap::new();
        for (subject, name, kind) in ATTRIBUTES {
            let kind = match generator.below(20) {
                0 => ValueKind::Text,
                1..=4 => continue,
                _ => kind,
            };
            values.insert((subject, name.to_owned()), generator.value(kind));
        }
        Scene {
            values,
            salt: generator.next(),
            calendar: Calendar::in_zone("UTC").unwrap(),
        }
    }
}

impl Moment for Scene {
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated> {
        self.values.get(&(subject, name.to_owned())).cloned()
    }

    fn touches(&self, kind: Option<&str>, days: Option<u32>) -> u64 {
        let kind = kind.map_or(7, |kind| kind.len() as u64);
        (self.salt ^ kind ^ u64::from(days.unwrap_or(3))) % 5
    }

    fn calendar(&self) -> &Calendar {
        &self.calendar
    }
}

#[test]
fn what_is_printed_is_read_back_as_the_same_tree() {
    let attributes = declared();
    let mut generator = Generator::new(1);
    let mut too_large = 0;
    for round in 0..10_000 {
        let expr = generator.tree(ValueKind::Bool, 2 + round % 5);
        let text = expr.to_string();
        match parse_condition(&text, "rule", &attributes) {
            Ok(read) => assert_eq!(read, expr, "{text}"),
            Err(refusal) if refusal.code == "E0121" => too_large += 1,
            Err(refusal) => panic!("{text}\n{refusal}"),
        }
    }
    assert!(
        too_large < 500,
        "{too_large} of 10,000 trees were beyond the limits"
    );
}

#[test]
fn the_evaluator_agrees_with_the_obvious_one_on_ten_thousand_trees() {
    let mut generator = Generator::new(2);
    let (mut compared, mut known, mut true_ones) = (0, 0, 0);
    for round in 0..12_000 {
        let kind = [
            ValueKind::Bool,
            ValueKind::Bool,
            ValueKind::Number,
            ValueKind::Text,
        ][round % 4];
        let expr = generator.tree(kind, 2 + round % 4);
        let scene = Scene::new(&mut generator);
        let Ok(expected) = twin::value(&expr, &scene) else {
            continue;
        };
        let found = evaluate(&expr, &scene);
        assert!(
            twin::is_same(&found, &expected),
            "{expr}\n found {found:?}\n twin  {expected:?}\n {:?}",
            scene.values
        );
        let is_true = found == Some(Evaluated::Bool(true));
        assert_eq!(holds(&expr, &scene), is_true, "{expr}");
        compared += 1;
        known += usize::from(found.is_some());
        true_ones += usize::from(is_true);
    }
    assert!(compared >= 10_000, "only {compared} trees were compared");
    assert!(
        known > compared / 3 && known < compared,
        "{known} of {compared} are known"
    );
    assert!(true_ones > compared / 20, "{true_ones} of {compared} hold");
}

fn answer(text: &str) -> String {
    let mut values = BTreeMap::new();
    let mut put = |subject, name: &str, value| values.insert((subject, name.to_owned()), value);
    put(Subject::Person, "score", number("12.50"));
    put(
        Subject::Person,
        "origin",
        Evaluated::Text("Müller & Söhne".to_owned()),
    );
    let day = Evaluated::Day(Day::parse("2018-03-31").unwrap());
    put(Subject::Deal, "created", day);
    let at = Instant::parse("2018-04-02T23:30:00Z").unwrap();
    put(Subject::Deal, "end", Evaluated::At(at));
    let scene = Scene {
        values,
        salt: 0,
        calendar: Calendar::in_zone("America/Sao_Paulo").unwrap(),
    };
    // Anything is shown by comparing it with itself: the left operand is what was asked.
    let rule = format!("({text}) IS NULL");
    let expr = parse_condition(&rule, "rule", &declared()).unwrap_or_else(|r| panic!("{r}"));
    let handfast_model::rules::Expr::IsNull(inner, _) = expr else {
        panic!("{text}");
    };
    match evaluate(&inner, &scene) {
        None => "NULL".to_owned(),
        Some(Evaluated::Text(text)) => text,
        Some(Evaluated::Number(number)) => number.to_string(),
        Some(Evaluated::Bool(yes)) => yes.to_string(),
        Some(other) => format!("{other:?}"),
    }
}

fn number(text: &str) -> Evaluated {
    Evaluated::Number(Decimal::parse(text).unwrap())
}

#[test]
fn functions_give_what_the_reference_says() {
    for (text, expected) in [
        ("lower(person.origin)", "müller & söhne"),
        ("upper('ß')", "SS"),
        ("trim('  a b ')", "a b"),
        ("length(person.origin)", "14"),
        ("coalesce(account.name, 'none')", "none"),
        ("nullif(person.score, 12.5)", "NULL"),
        ("nullif(person.score, 3)", "12.50"),
        ("contains(person.origin, 'Söh')", "true"),
        ("starts_with(person.origin, 'söh')", "false"),
        ("ends_with(person.origin, '')", "true"),
        ("replace('aXbX', 'X', '--')", "a--b--"),
        ("replace('aXbX', '', '--')", "aXbX"),
        ("substr(person.origin, 2, 5)", "üller"),
        ("substr('abc', 0, 2)", "a"),
        ("substr('abc', 2, 99)", "bc"),
        ("substr('abc', 1, -1)", "NULL"),
        ("concat('a', account.name, 'b')", "ab"),
        ("abs(-3.5)", "3.5"),
        ("round(2.5)", "2"),
        ("round(-3.5)", "-4"),
        ("floor(-3.5)", "-4"),
        ("ceil(-3.5)", "-3"),
        ("least(3, person.score, 4)", "3"),
        ("greatest(3, deal.amount, 4)", "4"),
        ("year(deal.created)", "2018"),
        ("day(deal.end)", "2"),
        ("days_between(deal.created, deal.end)", "2"),
        (
            "days_between(TIMESTAMP '2018-01-01T00:00:00Z', TIMESTAMP '2018-01-02T12:00:00Z')",
            "1.5",
        ),
        ("deal.end = DATE '2018-04-02'", "true"),
        ("person.score / 0", "NULL"),
        ("1 / 3 * 3", "0.999999999999"),
        ("NULL IS NULL", "true"),
        ("CASE WHEN deal.amount > 1 THEN 'a' ELSE 'b' END", "b"),
        ("touches('demo', 2 weeks) + touches()", "4"),
        ("account.name NOT IN ('a', 'b')", "NULL"),
        ("deal.amount > 1 OR person.score > 1", "true"),
        ("deal.amount > 1 AND person.score > 1", "NULL"),
        ("NOT deal.amount BETWEEN 1 AND 2", "NULL"),
        ("100 NOT BETWEEN deal.amount AND 2", "true"),
        ("person.origin ILIKE 'MÜLLER%'", "true"),
        ("'100%' LIKE '100\\%'", "true"),
        ("'100x' LIKE '100\\%'", "false"),
    ] {
        assert_eq!(answer(text), expected, "{text}");
    }
}

#[test]
fn texts_cannot_be_grown_without_end() {
    let grow = "replace('aaaaaaaaaaaaaaaaaaaa', 'a', 'aaaaaaaaaaaaaaaaaaaa')";
    let mut text = grow.to_owned();
    for _ in 0..12 {
        text = format!("replace({text}, 'a', 'aaaaaaaaaaaaaaaaaaaa')");
    }
    assert_eq!(answer(&text), "NULL");
}
