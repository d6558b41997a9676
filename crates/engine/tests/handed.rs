//! Metrics of handoffs over invented worlds: every figure is what a few lines make of the truth of
//! each promise.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod roads;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use handfast_engine::answer::{Asked, answer, resums};
use handfast_engine::derived::Derived;
use handfast_model::answer::{Answer, Cell};
use handfast_model::question::Unit;
use handfast_model::{Charter, Day, question_text};
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL};
use handfast_testkit::truth::clock::Zone;
use handfast_testkit::truth::dimensions::month;
use handfast_testkit::truth::handoff::{self, Promise};
use handfast_testkit::truth::meaning::Meaning;
use handfast_testkit::truth::measures;
use handfast_testkit::truth::walk::Journeys;
use roads::{roads, sum};

/// What is true of one thing that was handed over.
struct Handed {
    day: Option<i32>,
    is_answered: bool,
    verdict: Option<&'static str>,
    state: &'static str,
    took: Option<i64>,
    waited: Option<i64>,
    held: Option<i64>,
    /// Its deal, among the deals.
    deal: Option<usize>,
}

/// What stands in brackets after a word: `took Some((5, true))`.
fn number(line: &str, word: &str) -> Option<i64> {
    let (_, rest) = line.rsplit_once(&format!(" {word} Some("))?;
    let digits = rest.trim_start_matches('(');
    let end = digits.find([',', ')'])?;
    digits[..end].parse().ok()
}

fn read(line: &str, zone: Zone, found: &Journeys) -> Handed {
    let words: Vec<&str> = line.split(' ').collect();
    let inner = |text: &str| {
        let (_, number) = text.split_once('(')?;
        number.trim_end_matches(')').parse::<i64>().ok()
    };
    let day = match words[2].split('(').next() {
        Some("Day") => inner(words[2]).map(|day| day as i32),
        Some("At") => inner(words[2]).map(|at| zone.day(at)),
        _ => None,
    };
    let pursuit = match words[0] {
        "lead" => {
            let person = u128::from_str_radix(words[1], 16).unwrap();
            let mut leads = found.leads.iter();
            leads.find(|lead| lead.person == person).unwrap().pursuit
        }
        id => u128::from_str_radix(id, 16).ok(),
    };
    let mut pursuits = found.pursuits.iter();
    let home = pursuits.find(|one| Some(one.id) == pursuit);
    let deal = home.and_then(|home| home.deal);
    let of = |all: [&'static str; 4], mark: [&str; 2]| {
        let is_told = |word: &&&str| line.contains(&format!("{}{word}{}", mark[0], mark[1]));
        all.iter().find(is_told).copied()
    };
    let states = ["met", "missed", "not due", "unknown"];
    let verdict = of(["accepted", "rejected", "\0", "\0"], ["Some(\"", "\")"]);
    let is_answered = words[4] != "None";
    Handed {
        day,
        is_answered,
        verdict,
        state: of(states, [" ", " due "]).unwrap(),
        took: number(line, "took").filter(|_| is_answered),
        waited: number(line, "waited"),
        held: number(line, "held").filter(|_| deal.is_some()),
        deal,
    }
}

/// What a metric comes to over some of them.
fn comes_to(metric: &str, handed: &[&Handed]) -> Cell {
    let share = |part: &dyn Fn(&Handed) -> bool, whole: &dyn Fn(&Handed) -> bool| {
        let all: Vec<&&Handed> = handed.iter().filter(|one| whole(one)).collect();
        Cell::Ratio(handfast_model::Ratio {
            part: all.iter().filter(|one| part(one)).count() as i64,
            whole: all.len() as u64,
        })
    };
    let seconds = |of: &dyn Fn(&Handed) -> Option<i64>| {
        let mut all: Vec<i64> = handed.iter().filter_map(|one| of(one)).collect();
        all.sort_unstable();
        all
    };
    let micros = 1_000_000;
    match metric {
        "handed_over" => Cell::Count(handed.len() as u64),
        "sla_attainment" => {
            let is_due = |one: &Handed| ["met", "missed"].contains(&one.state);
            share(&|one| one.state == "met", &is_due)
        }
        "answer_rate" => share(&|one| one.is_answered, &|_| true),
        "acceptance_rate" => share(&|one| one.verdict == Some("accepted"), &|_| true),
        "rejection_rate" => share(&|one| one.verdict == Some("rejected"), &|_| true),
        "friction_days" => {
            let all = seconds(&|one| one.waited);
            Cell::Elapsed(all.iter().sum::<i64>() * micros, false)
        }
        "friction_days_each" => {
            let all = seconds(&|one| one.waited);
            Cell::MeanElapsed(all.iter().sum::<i64>() * micros, all.len() as u64)
        }
        "friction_deal_days" => {
            let all = seconds(&|one| one.held);
            Cell::Elapsed(all.iter().sum::<i64>() * micros, false)
        }
        _ => {
            let all = seconds(&|one| one.took);
            if all.is_empty() {
                return Cell::Unknown;
            }
            // Hundredths of an hour are 36 seconds; of two middles twice as many.
            let twice = all[(all.len() - 1) / 2] + all[all.len() / 2];
            let (floor, rest) = (twice.div_euclid(72), twice.rem_euclid(72));
            let is_up = rest > 36 || rest == 36 && floor % 2 != 0;
            Cell::Decimal(handfast_model::Decimal {
                units: i128::from(floor + i64::from(is_up)),
                scale: 2,
            })
        }
    }
}

const METRICS: [&str; 9] = [
    "handed_over",
    "sla_attainment",
    "answer_rate",
    "acceptance_rate",
    "rejection_rate",
    "friction_days",
    "friction_days_each",
    "friction_deal_days",
    "median_response_hours",
];

/// Whether a time counts whole days is not of the truth.
fn plain(cell: &Cell) -> Cell {
    match cell {
        Cell::Elapsed(micros, _) => Cell::Elapsed(*micros, false),
        cell => cell.clone(),
    }
}

/// One world; gives how many cells were compared.
fn check(seed: u64) -> usize {
    // The truth walks through every quarter of an hour of what waits.
    if !seed.is_multiple_of(5) {
        return 0;
    }
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for stand in case.asked() {
        let (definitions, horizon) = (stand.definitions, stand.horizon);
        let meaning = &definitions.meaning;
        let facts = known(&case.emitted.rows, stand.commit, meaning.zone);
        let (plain_charter, derived, found) = roads(definitions, horizon, facts);
        let mut chance = Chance::new(seed.wrapping_mul(71) + stand.commit as u64);
        let (from, days) = (case.world.from, case.world.size.days as u64);
        let promise = Promise::draw(&mut chance, meaning, (from, days), "inside");
        let charter = promise.charter(&plain_charter);
        let lines = handoff::lines(&found, meaning, &promise, horizon);
        let all: Vec<Handed> = lines
            .iter()
            .map(|line| read(line, meaning.zone, &found))
            .collect();
        for _ in 0..4 {
            let metric = METRICS[chance.below(METRICS.len() as u64) as usize];
            let is_split = chance.percent(40);
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(&mut chance), day(&mut chance));
            let period = (a != b && chance.percent(70)).then_some((a.min(b), a.max(b)));
            let name = if chance.percent(50) { ":x" } else { "" };
            let mut text = format!("metric {metric}{name}");
            if is_split {
                text += " by=month";
            }
            if let Some((a, b)) = period {
                text += &format!(" period={}..{}", Day(a), Day(b));
            }
            let mut groups: BTreeMap<Option<String>, Vec<&Handed>> = BTreeMap::new();
            let is_in = |one: &&Handed| match (period, one.day) {
                (None, _) => true,
                (Some((a, b)), Some(day)) => a <= day && day < b,
                (Some(_), None) => false,
            };
            let is_counted = |one: &&Handed| match metric {
                "sla_attainment" => ["met", "missed"].contains(&one.state),
                "median_response_hours" => one.took.is_some(),
                "friction_days" | "friction_days_each" => one.waited.is_some(),
                "friction_deal_days" => one.held.is_some(),
                _ => true,
            };
            for one in all.iter().filter(is_in).filter(is_counted) {
                let group = one.day.filter(|_| is_split).map(month);
                groups.entry(group).or_default().push(one);
            }
            if !is_split {
                groups.entry(None).or_default();
            }
            compared += compare((&derived, &charter), metric, &text, &groups, seed);
        }
        let waits: Vec<&Handed> = all.iter().filter(|one| one.held.is_some()).collect();
        let day = |chance: &mut Chance| from + chance.below(days) as i32;
        let (a, b) = (day(&mut chance), day(&mut chance));
        for period in [None, Some((a.min(b), a.max(b) + 1))] {
            let ground = (&derived, &charter, &found, meaning);
            let billed = check_bill(ground, (&waits, period, horizon), seed);
            BILLED.fetch_add(billed, Ordering::Relaxed);
        }
    }
    compared
}

/// How many bills were compared that are known.
static BILLED: AtomicUsize = AtomicUsize::new(0);

/// What waiting comes to, currency by currency: its days times what a won deal is worth, times how
/// many deals of those that closed were won, over how long a won one took; gives how many are known.
fn check_bill(
    (derived, charter, found, meaning): (&Derived, &Charter, &Journeys, &Meaning),
    (waits, period, horizon): (&[&Handed], Option<(i32, i32)>, i64),
    seed: u64,
) -> usize {
    let is_in = |day: Option<i32>| match (period, day) {
        (None, _) => true,
        (Some((a, b)), Some(day)) => a <= day && day < b,
        (Some(_), None) => false,
    };
    let zone = meaning.zone;
    let of = |name: &str| {
        let period = period.map(|(a, b)| (zone.start(a), zone.start(b)));
        measures::members(found, meaning, name, (Unit::Deal, period, horizon))
    };
    let (won, closed, cycles) = (of("revenue"), of("win_rate"), of("cycle_won"));
    let wins = closed.iter().filter(|one| one.is_part).count() as i128;
    let took: i64 = cycles.iter().filter_map(|one| one.seconds).sum();
    let mut waited: BTreeMap<String, i64> = BTreeMap::new();
    for one in waits.iter().filter(|one| is_in(one.day)) {
        let amount = measures::amount(found, meaning, one.deal.unwrap());
        // Of a deal without an amount the agreed currency speaks.
        let currency = amount.map_or("EUR".to_owned(), |(_, currency)| currency);
        *waited.entry(currency).or_default() += one.held.unwrap();
    }
    let bill = |currency: &str| {
        let worth = won.iter().filter_map(|one| one.money.as_ref());
        let worth: Vec<i64> = worth
            .filter(|(_, of)| of == currency)
            .map(|(minor, _)| *minor)
            .collect();
        let wait = waited.get(currency).copied().unwrap_or(0);
        let above = i128::from(wait) * i128::from(worth.iter().sum::<i64>()) * wins;
        let below = worth.len() as i128 * closed.len() as i128 * i128::from(took);
        (below > 0).then(|| measures::half_even(above * cycles.len() as i128, below))
    };
    let mut text = "metric friction_bill:x".to_owned();
    if let Some((a, b)) = period {
        text += &format!(" period={}..{}", Day(a), Day(b));
    }
    let (at, told) = ask((derived, charter), &text, seed);
    let place = |id: &str| told.columns.iter().position(|column| column.id == id);
    let (value, currency) = (place("friction_bill").unwrap(), place("currency").unwrap());
    let mut rows: BTreeMap<String, Option<i128>> = BTreeMap::new();
    for row in &told.rows {
        let Cell::Text(currency) = &row[currency] else {
            panic!("{at}: {row:?}")
        };
        let bill = match &row[value] {
            Cell::Money(money) => Some(i128::from(money.minor)),
            Cell::Unknown => None,
            other => panic!("{at}: {other:?}"),
        };
        rows.insert(currency.clone(), bill);
    }
    for currency in waited.keys() {
        assert!(rows.contains_key(currency), "{at}: {currency} {rows:?}");
    }
    for (currency, told) in &rows {
        assert_eq!(*told, bill(currency), "{at} {currency}");
    }
    let known = rows.values().flatten();
    known.filter(|minor| **minor != 0).count()
}

/// The answer to a question, which adds up, and what a failure calls it.
fn ask((derived, charter): (&Derived, &Charter), text: &str, seed: u64) -> (String, Answer) {
    let question = question_text::parse(text).unwrap();
    let asked = || Asked {
        derived,
        charter,
        question: &question,
        filter: None,
        people: Vec::new(),
    };
    let at = format!("seed {seed} {text}");
    let told = answer(asked(), None).unwrap_or_else(|why| panic!("{at}: {why}"));
    assert_eq!(resums(asked()).unwrap().1, Vec::<String>::new(), "{at}");
    (at, told)
}

fn compare(
    (derived, charter): (&Derived, &Charter),
    metric: &str,
    text: &str,
    groups: &BTreeMap<Option<String>, Vec<&Handed>>,
    seed: u64,
) -> usize {
    let (at, told) = ask((derived, charter), text, seed);
    let value = told.columns.iter().position(|column| column.id == metric);
    let is_split = told.columns[0].id == "month";
    let rows: BTreeMap<Option<String>, Cell> = told
        .rows
        .iter()
        .map(|row| {
            let group = match &row[0] {
                Cell::Text(text) if is_split => Some(text.clone()),
                _ => None,
            };
            (group, plain(&row[value.unwrap()]))
        })
        .collect();
    let truth: BTreeMap<Option<String>, Cell> = groups
        .iter()
        .map(|(group, handed)| (group.clone(), comes_to(metric, handed)))
        .collect();
    assert_eq!(rows, truth, "{at}");
    truth.len()
}

#[test]
fn metrics_of_handoffs_come_to_the_truth_of_each_promise() {
    let compared: usize = sum(check);
    assert!(compared > 1_600, "{compared}");
    let billed = BILLED.load(Ordering::Relaxed);
    assert!(billed > 200, "{billed}");
}
