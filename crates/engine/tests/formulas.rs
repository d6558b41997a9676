//! Metrics of the catalogue over invented worlds: every measure and every value is what a few lines
//! by hand make of the truth, group by group and currency by currency.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod roads;

use std::collections::BTreeMap;

use handfast_charter::{TextFile, parse_condition, read_charter};
use handfast_engine::answer::{Asked, Pick, answer, resums};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::rules::{DeclaredAttribute, Subject, ValueKind};
use handfast_model::{Charter, Day, FactKind, Instant, Question, question_text};
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::definitions::Definitions;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, facts};
use handfast_testkit::sketch;
use handfast_testkit::truth::clock::Time;
use handfast_testkit::truth::dimensions::By;
use handfast_testkit::truth::formulas::{self, Come, Figures, METRICS, Row, Take};
use handfast_testkit::truth::said::{Said, Word};
use roads::{roads, sum};

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

/// How likely deals of some stages are to be won, which worlds do not agree on.
fn with_likely(definitions: &Definitions, seed: u64) -> Definitions {
    let mut definitions = definitions.clone();
    let mut chance = Chance::new(seed ^ 0x11ce);
    for step in &mut definitions.meaning.steps {
        if chance.percent(60) && !step.role.is_end() {
            step.likely = Some(chance.below(101) as i64);
        }
    }
    definitions
}

/// When deals are due and how likely they are, which worlds do not tell: some versions say so, a
/// few what is no probability.
fn with_prospects(facts: &mut [Said], from: i32, days: u64) {
    for fact in facts.iter_mut().filter(|fact| fact.kind == FactKind::Deal) {
        let mut chance = Chance::new(fact.id as u64);
        if chance.percent(85) {
            let day = Time::Day(from + chance.below(days) as i32);
            fact.more.insert("close_date".to_owned(), Word::Time(day));
        }
        if let Some(word) = ["commit", "best case"].get(chance.below(3) as usize) {
            let word = Word::Text((*word).to_owned());
            fact.more.insert("forecast_category".to_owned(), word);
        }
        let likely = match chance.below(10) {
            at @ 0..3 => Word::Decimal(at as i128 * 355, 3),
            3 => Word::Int(1),
            4 => Word::Int(35),
            _ => continue,
        };
        fact.more.insert("probability".to_owned(), likely);
    }
}

/// What spend was for, which worlds do not tell: a channel, one of its two campaigns or nobody
/// knows, and the first of them may be a part of the channel's.
fn with_campaigns(facts: &mut Vec<Said>, seed: u64) {
    let mut parts = Vec::new();
    for fact in facts.iter_mut().filter(|fact| fact.kind == FactKind::Spend) {
        let mut chance = Chance::new(fact.id as u64 ^ 0xca);
        let Some(channel) = fact.text("channel").map(str::to_owned) else {
            continue;
        };
        fact.campaign = match chance.below(4) {
            0 => None,
            3 => Some(channel.clone()),
            number => Some(format!("{channel}-{number}")),
        };
        let words = ["media", "tool", "labour", "event", "lunch"];
        if let Some(word) = words.get(chance.below(7) as usize) {
            let word = Word::Text((*word).to_owned());
            fact.more.insert("paid_for".to_owned(), word);
        }
        parts.push((fact.clone(), channel));
    }
    for (place, (like, channel)) in (0..).zip(parts) {
        let own = format!("{channel}-1");
        let is_known =
            |fact: &Said| fact.kind == FactKind::Campaign && fact.campaign.as_ref() == Some(&own);
        if seed.is_multiple_of(3) || facts.iter().any(is_known) {
            continue;
        }
        let parent = ("parent".to_owned(), Word::Text(channel));
        facts.push(Said {
            id: like.id ^ (1 << 100) ^ place,
            kind: FactKind::Campaign,
            stream: "campaigns".to_owned(),
            campaign: Some(own),
            more: [parent].into(),
            ..like
        });
    }
}

/// One world; gives how many cells were compared.
fn check(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for stand in case.asked() {
        let horizon = stand.horizon;
        let definitions = &with_likely(stand.definitions, seed);
        let meaning = &definitions.meaning;
        let mut facts = known(&case.emitted.rows, stand.commit, meaning.zone);
        with_prospects(&mut facts, case.world.from, case.world.size.days as u64);
        with_campaigns(&mut facts, seed);
        let (charter, derived, found) = roads(definitions, horizon, facts);
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
    let compared: usize = sum(check);
    assert!(compared > 90_000, "{compared}");
}

/// Metrics of a charter's own: a condition, a unit and a lag of a measure.
const OWN: &str = r#"
[metric.of_some]
means = "with a condition of its own"
formula = "{base} - {base}"
[metric.of_some.measure.{base}]
of = "{base}"
where = "person.score >= 50"

[metric.of_deals]
means = "with a unit of its own"
formula = "deals / pursuits"
[metric.of_deals.measure.deals]
of = "won"
unit = "deal"
[metric.of_deals.measure.pursuits]
of = "won"

[metric.before]
means = "of an earlier period"
formula = "{base} - now"
[metric.before.measure.{base}]
of = "{base}"
lag = "17 days"
[metric.before.measure.now]
of = "{base}"

[metric.piece]
means = "a row's share of everybody's"
formula = "revenue / all"
[metric.piece.measure.all]
of = "revenue"
whole = true

[metric.won]
means = "in place of one that ships"
formula = "lost"
"#;

/// The same charter with metrics of its own.
fn with_own(charter: &Charter, base: &str) -> Charter {
    let file = |path: &str, text: &str| TextFile {
        path: path.to_owned(),
        text: text.replace("{base}", base),
    };
    let stages = "[opening]\ndeal = true\n[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]\n\
                  [[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Won\"]\n";
    let files = [
        file("stages.toml", stages),
        file("attributes.toml", "[person]\nscore = \"number\"\n"),
        file("metrics.toml", OWN),
    ];
    let read = read_charter(&files).unwrap_or_else(|why| panic!("{}", why[0]));
    Charter {
        catalogue: read.catalogue,
        ..charter.clone()
    }
}

/// What a column shows in the one row of each currency, by a question in its own notation.
fn shown(
    ground: (&Derived, &Charter),
    text: &str,
    filter: Option<&str>,
    column: &str,
) -> BTreeMap<Option<String>, Cell> {
    let question = question_text::parse(text).unwrap();
    let filter = filter.map(|rule| parse_condition(rule, "test", &ground.1.attributes).unwrap());
    let question = Question {
        filter: filter.as_ref().map(ToString::to_string),
        ..question
    };
    let asked = Asked {
        filter,
        ..asked(ground, &question)
    };
    let answer = answer(asked, None).unwrap_or_else(|why| panic!("{text}: {why}"));
    let place = |id: &str| answer.columns.iter().position(|one| one.id == id);
    let (at, currency) = (place(column).unwrap(), place("currency"));
    let row = |row: &Vec<Cell>| {
        (
            currency.and_then(|at| self::text(&row[at])),
            row[at].clone(),
        )
    };
    let is_nought = |cell: &Cell| matches!(cell, Cell::Money(money) if money.minor == 0);
    let rows = answer.rows.iter().map(row);
    rows.filter(|(_, cell)| !is_nought(cell)).collect()
}

/// Each row's share is of what a question without a split and a condition gives; how many rows.
fn pieces(own: (&Derived, &Charter), period: &str, seed: u64) -> usize {
    let all = shown(own, &format!("metric revenue {period}"), None, "revenue");
    let rule = "person.score >= 50";
    let filter = parse_condition(rule, "test", &own.1.attributes).unwrap();
    let mut rows = 0;
    for filter in [None, Some(filter)] {
        let question = question_text::parse(&format!("metric piece {period} by=channel")).unwrap();
        let question = Question {
            filter: filter.as_ref().map(ToString::to_string),
            ..question
        };
        let asked = Asked {
            filter,
            ..asked(own, &question)
        };
        for row in answer(asked, None).unwrap().rows {
            let Some(Cell::MoneyShare { part, whole }) = row.last() else {
                panic!("seed {seed}: {row:?}")
            };
            let known = match all.get(&Some(part.currency.code().to_owned())) {
                Some(Cell::Money(known)) => known.minor.max(0),
                Some(other) => panic!("seed {seed}: {other:?}"),
                None => 0,
            };
            assert_eq!(known, *whole, "seed {seed}");
            rows += 1;
        }
    }
    rows
}

/// A measure's own condition, unit and lag are those of a question for it alone.
#[test]
fn a_measure_of_a_charter_is_what_a_question_for_it_alone_gives() {
    let mut told = 0;
    for seed in 0..60 {
        let case = Case::of(seed, Size::small(seed), USUAL);
        let Some(stand) = case.asked().into_iter().last() else {
            continue;
        };
        let (definitions, horizon) = (stand.definitions, stand.horizon);
        let meaning = &definitions.meaning;
        let mut plain = sketch::charter(&definitions.sketch()).unwrap();
        if plain.attributes.iter().all(|one| one.name != "score") {
            plain.attributes.push(DeclaredAttribute {
                subject: Subject::Person,
                name: "score".to_owned(),
                kind: ValueKind::Number,
            });
        }
        let facts = known(&case.emitted.rows, stand.commit, meaning.zone);
        let snapshot = facts::snapshot(&facts, &plain.calendar);
        let part = Part::of(snapshot, &plain, Instant(horizon));
        let derived = Derived::new(part, (Instant(horizon), 0));
        let from = case.world.from + 20;
        let until = from + case.world.size.days / 2 + 1;
        let period = |lag: i32| format!("period={}..{}", Day(from - lag), Day(until - lag));
        for base in [
            "leads_created",
            "won",
            "revenue",
            "deals_created",
            "win_rate",
            "cycle_won",
        ] {
            let own = with_own(&plain, base);
            let (own, plain) = ((&derived, &own), (&derived, &plain));
            let rule = Some("person.score >= 50");
            let column = if base == "cycle_won" { "mean" } else { base };
            let some = |of: &str| format!("metric {of} {}", period(0));
            let mine = shown(own, &some("of_some"), None, base);
            let theirs = shown(plain, &some(base), rule, column);
            let at = format!("seed {seed} {base}");
            assert_eq!(mine, theirs, "{at}");
            told += theirs.len();
            let mine = shown(own, &some("before"), None, base);
            let theirs = shown(
                plain,
                &format!("metric {base} {}", period(17)),
                None,
                column,
            );
            assert_eq!(mine, theirs, "{at} before");
        }
        let own = with_own(&plain, "won");
        let (own, plain) = ((&derived, &own), (&derived, &plain));
        told += pieces(own, &period(0), seed);
        let deals = format!("metric won {} unit=deal", period(0));
        let mine = shown(
            own,
            &format!("metric of_deals {}", period(0)),
            None,
            "deals",
        );
        assert_eq!(mine, shown(plain, &deals, None, "won"), "seed {seed}");
        let mine = shown(own, &format!("metric won {}", period(0)), None, "won");
        let lost = shown(plain, &format!("metric lost {}", period(0)), None, "lost");
        assert_eq!(mine, lost, "seed {seed}: the charter's takes the place");
    }
    assert!(told > 200, "{told}");
}
