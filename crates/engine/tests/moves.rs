//! Invented worlds from one instant to another: the bridge of their open deals is the truth, line
//! by line, group by group, to the minor unit, and comes out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use handfast_engine::answer::change::{Known, why};
use handfast_engine::answer::{Asked, Pick, answer, resums};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::fact::{FactKind, Observed};
use handfast_model::question::Unit;
use handfast_model::{Charter, Day, Instant, Question, Seq, question_text};
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::definitions::Definitions;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, facts, truth};
use handfast_testkit::sketch;
use handfast_testkit::truth::bridge::{self, Figures};
use handfast_testkit::truth::causes::{CAUSES, Moments};
use handfast_testkit::truth::clock::Time;
use handfast_testkit::truth::dimensions::By;
use handfast_testkit::truth::measures::{Period, members};
use handfast_testkit::truth::said::{Said, Word};

fn ask(
    (derived, charter): (&Derived, &Charter),
    question: &Question,
    pick: Option<&Pick>,
) -> Answer {
    let asked = Asked {
        derived,
        charter,
        question,
        filter: None,
        people: Vec::new(),
    };
    answer(asked, pick).unwrap()
}

/// Days on which deals are due, which worlds do not tell: most versions name one, some another
/// than the one before.
fn with_close_dates(facts: &mut [Said], from: i32, days: u64) {
    for fact in facts.iter_mut().filter(|fact| fact.kind == FactKind::Deal) {
        let mut chance = Chance::new(fact.id as u64);
        if chance.percent(85) {
            let day = Time::Day(from + chance.below(days) as i32);
            fact.more.insert("close_date".to_owned(), Word::Time(day));
        }
    }
}

/// What an answer says, noughts left out; how often a rate moved is told by deal and not compared.
fn told(answer: &Answer, is_by: bool, currency: Option<&str>) -> Figures {
    let mut figures = Figures::new();
    for row in &answer.rows {
        let mut cells = row.iter();
        let mut text = || match cells.next() {
            Some(Cell::Text(text)) => Some(text.clone()),
            _ => None,
        };
        let group = if is_by { text() } else { None };
        let currency = currency.map_or_else(|| text().unwrap(), str::to_owned);
        let line = text().unwrap();
        let line = handfast_kernels::bridge::Line::ALL
            .into_iter()
            .find(|one| one.word() == line);
        let (Some(Cell::Count(count)), Some(Cell::Money(money))) = (cells.next(), cells.next())
        else {
            panic!("{row:?}");
        };
        let line = line.unwrap().word();
        let count = if line == "rates" { 0 } else { *count };
        if (count, money.minor) != (0, 0) {
            figures.insert((group, currency, line), (count, i128::from(money.minor)));
        }
    }
    figures
}

/// One world; gives how many figures of moves were compared.
fn check(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for asked in case.asked() {
        let (definitions, horizon) = (asked.definitions, asked.horizon);
        let meaning = &definitions.meaning;
        let charter = sketch::charter(&definitions.sketch()).unwrap();
        let (from, days) = (case.world.from, case.world.size.days as u64);
        let mut facts = known(&case.emitted.rows, asked.commit, meaning.zone);
        with_close_dates(&mut facts, from, days);
        let snapshot = facts::snapshot(&facts, &charter.calendar);
        let part = Part::of(snapshot, &charter, Instant(horizon));
        let derived = Derived::new(part, (Instant(horizon), 0));
        let found = truth(facts, definitions, horizon);
        let ground = (&derived, &charter);
        let mut chance = Chance::new(seed.wrapping_mul(71) + asked.commit as u64);
        let window = |chance: &mut Chance| {
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(chance), day(chance));
            (a.min(b), a.max(b) + 1)
        };
        for _ in 0..2 {
            let (a, b) = window(&mut chance);
            let due = chance.percent(40).then(|| window(&mut chance));
            let by = [None, None, Some(By::Rep), Some(By::Team), Some(By::Channel)];
            let asked = bridge::Asked {
                period: (meaning.zone.start(a), meaning.zone.start(b)),
                due,
                currency: chance.percent(30).then_some("EUR"),
                by: by[chance.below(5) as usize],
            };
            let mut text = format!("bridge period={}..{}", Day(a), Day(b));
            if let Some((a, b)) = due {
                text += &format!(" due={}..{}", Day(a), Day(b));
            }
            text += &asked
                .currency
                .map_or(String::new(), |to| format!(" currency={to}"));
            text += &asked
                .by
                .map_or(String::new(), |by| format!(" by={}", by.word()));
            let question = question_text::parse(&text).unwrap();
            let told = told(
                &ask(ground, &question, None),
                asked.by.is_some(),
                asked.currency,
            );
            let mut expected = bridge::figures(&found, meaning, asked);
            for (place, figure) in &mut expected {
                figure.0 *= u64::from(place.2 != "rates");
            }
            expected.retain(|_, figure| *figure != (0, 0));
            let differs = expected
                .iter()
                .find(|(at, figure)| told.get(at) != Some(figure));
            assert_eq!(told, expected, "seed {seed} {text}: first {differs:?}");
            comes_out(&told, &format!("seed {seed} {text}"));
            compared += told
                .keys()
                .filter(|(_, _, line)| !line.starts_with("at_"))
                .count();
            listed(ground, &question, &told);
        }
    }
    compared
}

/// The start and what was added come to the end.
fn comes_out(figures: &Figures, at: &str) {
    let blocks: std::collections::BTreeSet<_> = figures
        .keys()
        .map(|(group, currency, _)| (group, currency))
        .collect();
    for block in blocks {
        let (mut deals, mut minor) = (0i128, 0i128);
        for ((group, currency, line), (count, value)) in figures {
            if (group, currency) == block {
                let (adds, sign) = match *line {
                    "at_end" => (-1, -1),
                    "grew" | "shrank" | "rates" => (0, 1),
                    "won" | "lost" | "gone" | "pushed_out" | "moved_out" => (-1, 1),
                    _ => (1, 1),
                };
                deals += adds * i128::from(*count);
                minor += sign * value;
            }
        }
        assert_eq!((deals, minor), (0, 0), "{at} {block:?}");
    }
}

/// As many records stand behind a line as it says.
fn listed(ground: (&Derived, &Charter), question: &Question, told: &Figures) {
    let won = told.iter().filter(|((_, _, line), _)| *line == "won");
    let won: u64 = won.map(|(_, (count, _))| count).sum();
    let pick = Pick {
        column: "won".to_owned(),
        row: Vec::new(),
    };
    assert_eq!(ask(ground, question, Some(&pick)).rows.len() as u64, won);
    let asked = Asked {
        derived: ground.0,
        charter: ground.1,
        question,
        filter: None,
        people: Vec::new(),
    };
    assert_eq!(resums(asked).unwrap().1, Vec::<String>::new());
}

#[test]
fn bridges_of_worlds_are_the_truth_and_come_out() {
    let compared: usize = (0..200).map(check).sum();
    assert!(compared > 2_000, "{compared}");
}

/// What was known by a commit, and since when each fact is.
fn moment(
    case: &Case,
    commit: usize,
    charter: Charter,
    learned: &BTreeMap<u128, usize>,
) -> (Known, Vec<Said>) {
    let definitions = &case.definitions[usize::from(commit >= case.emitted.second_from)];
    let facts = known(&case.emitted.rows, commit, definitions.meaning.zone);
    let mut snapshot = facts::snapshot(&facts, &charter.calendar);
    for fact in &mut snapshot.facts {
        fact.seq = Seq(learned[&fact.id.0] as u64);
    }
    snapshot.seq = Seq(commit as u64);
    let source = snapshot.names.intern("crm");
    snapshot.observed = vec![Observed {
        source,
        until: Some(Instant(case.emitted.commits[commit])),
        is_declared: true,
    }];
    let known = Known {
        snapshot,
        charter,
        filter: None,
        until: None,
    };
    (known, facts)
}

/// The commit that first brought each fact.
fn learned(case: &Case) -> BTreeMap<u128, usize> {
    let mut learned = BTreeMap::new();
    for row in &case.emitted.rows {
        for said in &row.says {
            let first = learned.entry(said.id).or_insert(row.learned);
            *first = row.learned.min(*first);
        }
    }
    learned
}

/// What a metric comes to on some facts, by the other road.
fn truly(
    facts: Vec<Said>,
    definitions: &Definitions,
    metric: &str,
    asked: (Period, i64),
) -> String {
    let (period, horizon) = asked;
    let found = truth(facts, definitions, horizon);
    let scope = (Unit::Deal, period, horizon);
    let members = members(&found, &definitions.meaning, metric, scope);
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for (minor, currency) in members.iter().filter_map(|one| one.money.as_ref()) {
        *sums.entry(currency.clone()).or_default() += i128::from(*minor);
    }
    let part = members.iter().filter(|one| one.is_part).count();
    match metric {
        "revenue" => format!("{sums:?}"),
        "win_rate" => format!("{part} of {}", members.len()),
        _ => format!("{}", members.len()),
    }
}

/// The same as an answer says it.
fn said(answer: &Answer) -> String {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in &answer.rows {
        match &row[..] {
            [Cell::Text(currency), Cell::Money(money), ..] => {
                sums.insert(currency.clone(), i128::from(money.minor));
            }
            [Cell::Ratio(ratio)] => return format!("{} of {}", ratio.part, ratio.whole),
            [Cell::Count(count)] => return count.to_string(),
            _ => panic!("{row:?}"),
        }
    }
    format!("{sums:?}")
}

/// Each cause adds to a figure what the facts of that cause do, by the other road.
fn check_causes(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut chance = Chance::new(seed.wrapping_mul(67));
    let last = case.emitted.commits.len() as u64 - 1;
    let (from, days) = (case.world.from, case.world.size.days as u64);
    let mut compared = 0;
    let learned = learned(&case);
    for metric in [["revenue", "win_rate", "lost"][seed as usize % 3]] {
        let a = chance.below(last) as usize;
        let b = a + 1 + chance.below(last - a as u64) as usize;
        let definitions =
            |commit| &case.definitions[usize::from(commit >= case.emitted.second_from)];
        let charter = |commit| sketch::charter(&definitions(commit).sketch()).unwrap();
        let ((then, old), (now, new)) = (
            moment(&case, a, charter(a), &learned),
            moment(&case, b, charter(b), &learned),
        );
        let day = |chance: &mut Chance| from + chance.below(days) as i32;
        let (first, until) = (day(&mut chance), day(&mut chance));
        let (first, until) = (first.min(until), first.max(until) + 1);
        let text = format!(
            "metric {metric} unit=deal period={}..{}",
            Day(first),
            Day(until)
        );
        let question = question_text::parse(&text).unwrap();
        let has_new_charter = then.charter.hash != now.charter.hash;
        let why = why(then, now, &question, false, &|_| false).unwrap();
        let moments = Moments {
            then: &old,
            now: &new,
            horizon: case.emitted.commits[a],
            learned: &|id| learned[&id] <= a,
            zone: definitions(a).meaning.zone,
        };
        let asked = |commit: usize, of: &Definitions| {
            let zone = of.meaning.zone;
            (
                Some((zone.start(first), zone.start(until))),
                case.emitted.commits[commit],
            )
        };
        let at = |what: &str| format!("seed {seed} {a} {b} {text} {what}");
        let before = truly(
            old.clone(),
            definitions(a),
            metric,
            asked(a, definitions(a)),
        );
        assert_eq!(said(&why.then), before, "{}", at("then"));
        let mut steps = why.steps.iter();
        for (taken, cause) in (1..).zip(CAUSES) {
            let facts = moments.count(cause);
            if facts == 0 && cause != "new_events" {
                continue;
            }
            let step = steps.next().unwrap();
            assert_eq!(
                (step.cause.word(), step.facts),
                (cause, facts),
                "{}",
                at(cause)
            );
            let figure = truly(
                moments.known(taken),
                definitions(a),
                metric,
                asked(b, definitions(a)),
            );
            assert_eq!(said(&step.answer), figure, "{}", at(cause));
            compared += 1;
        }
        let after = truly(
            new.clone(),
            definitions(b),
            metric,
            asked(b, definitions(b)),
        );
        assert_eq!(said(why.now()), after, "{}", at("now"));
        assert_eq!(
            steps.next().is_some(),
            has_new_charter,
            "{}",
            at("definition")
        );
    }
    compared
}

#[test]
fn what_causes_change_is_the_truth_and_leads_from_then_to_now() {
    let compared: usize = (0..200).map(check_causes).sum();
    assert!(compared > 300, "{compared}");
}
