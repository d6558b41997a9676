//! Invented worlds split by month, channel, rep, team and segment: each group counts as its members
//! alone do. Kernels know no dimensions, so what they are is compared here. Who asks of all gets
//! counts of flat rows; who asks of those under a condition that always holds, the same one by one.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod roads;

use std::collections::{BTreeMap, BTreeSet};

use handfast_engine::answer::{Asked, Pick, answer, resums};
use handfast_engine::derived::Derived;
use handfast_model::answer::{Answer, Cell};
use handfast_model::question::Unit;
use handfast_model::rules::{Expr, Subject};
use handfast_model::{Calendar, Charter, Day, Instant, Question, question_text};
use handfast_testkit::answered::{Figures, figures};
use handfast_testkit::asks::Ask;
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL};
use handfast_testkit::truth::cost;
use handfast_testkit::truth::credit::{self, Headline, Split};
use handfast_testkit::truth::dimensions::By;
use handfast_testkit::truth::learned;
use handfast_testkit::truth::meaning::Meaning;
use handfast_testkit::truth::walk::Journeys;
use roads::{roads, sum};

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

/// The answer to a question of all, which must be the same of those under a condition that holds.
fn both_ways(ground: (&Derived, &Charter), question: &Question, seed: u64) -> Answer {
    let said = |one: &Answer| {
        let (rows, totals) = (one.rows.clone(), one.totals.clone());
        (rows, totals, one.issues.clone(), one.notes.clone())
    };
    let answer = ask(ground, question, None);
    let listed = ask(ground, question, Some(always()));
    assert_eq!(said(&answer), said(&listed), "seed {seed} {question}");
    answer
}

/// A question split by anything, also by what the truth does not know.
fn split(chance: &mut Chance, period: [i64; 2], calendar: &Calendar) -> String {
    let [from, until] = period.map(|at| calendar.day_of(Instant(at)));
    let (from, until) = (from.min(until), from.max(until).plus(1));
    let unit = Unit::ALL[chance.below(4) as usize].word();
    let by = [
        "month",
        "channel@last",
        "rep",
        "team",
        "segment",
        "person.score",
    ];
    let (one, other) = (by[chance.below(6) as usize], by[chance.below(6) as usize]);
    let by = if one == other {
        one.to_owned()
    } else {
        format!("{one},{other}")
    };
    let within = if chance.percent(50) {
        format!("period={from}..{until}")
    } else {
        String::new()
    };
    // A snapshot is of one instant.
    let kinds = if one == "month" { 3 } else { 4 };
    match chance.below(kinds) {
        0 => format!("velocity by={by} {within}"),
        1 => format!("funnel view=flow by={by} unit={unit} period={from}..{until}"),
        2 => format!("funnel view=cohort by={by} unit={unit} window=20 {within}"),
        _ => format!("funnel view=snapshot by={one} unit={unit} at={until}"),
    }
}

/// A world as it is known at one commit, by both roads, and what questions are drawn by.
struct Stand<'w> {
    charter: Charter,
    derived: Derived,
    found: Journeys,
    meaning: &'w Meaning,
    horizon: i64,
    /// The first day, and how many there are.
    span: (i32, u64),
    chance: Chance,
}

/// One world at each commit that it is asked as of; gives what the checks add up to.
fn at_each(seed: u64, salt: u64, check: impl Fn(&mut Stand<'_>) -> usize) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let of = |asked: handfast_testkit::simulator::Asked<'_>| {
        let (definitions, horizon) = (asked.definitions, asked.horizon);
        let meaning = &definitions.meaning;
        let facts = known(&case.emitted.rows, asked.commit, meaning.zone);
        let (charter, derived, found) = roads(definitions, horizon, facts);
        check(&mut Stand {
            charter,
            derived,
            found,
            meaning,
            horizon,
            span: (case.world.from, case.world.size.days as u64),
            chance: Chance::new(seed.wrapping_mul(salt) + asked.commit as u64),
        })
    };
    case.asked().into_iter().map(of).sum()
}

/// Some days of a world, in so many of a hundred draws; else all of them.
fn period(chance: &mut Chance, (from, days): (i32, u64), percent: u64) -> Option<(i32, i32)> {
    let day = |chance: &mut Chance| from + chance.below(days) as i32;
    let (a, b) = (day(chance), day(chance));
    (a != b && chance.percent(percent)).then_some((a.min(b), a.max(b)))
}

/// One world; gives how many figures were compared.
fn check(seed: u64) -> usize {
    at_each(seed, 89, |stand| {
        let (meaning, horizon, span) = (stand.meaning, stand.horizon, stand.span);
        let (charter, derived, found) = (&stand.charter, &stand.derived, &stand.found);
        let chance = &mut stand.chance;
        let mut compared = 0;
        let (from, days) = span;
        let instant = |chance: &mut Chance| meaning.zone.start(from + chance.below(days) as i32);
        let ground = (derived, charter);
        for _ in 0..6 {
            let edges = [instant(chance), instant(chance)];
            let text = split(chance, edges, &charter.calendar);
            let question =
                question_text::parse(&text).unwrap_or_else(|why| panic!("{text}: {why:?}"));
            both_ways(ground, &question, seed);
        }
        let mut questions = 0;
        while questions < 12 {
            let ask = Ask::draw(chance, meaning, horizon, &instant);
            let by = By::ALL[chance.below(5) as usize];
            let Some(groups) = ask.figures_by(by, (found, meaning, horizon)) else {
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
            let answer = both_ways(ground, &question(&words, by), seed);
            let told = figures(&answer, &columns).unwrap();
            let differs = expected
                .iter()
                .find(|(place, figure)| told.get(place) != Some(figure));
            assert_eq!(
                told, expected,
                "seed {seed} {ask:?} by {by:?}: first {differs:?}"
            );
            compared += expected.len();
        }
        compared
    })
}

/// Credit of one world; gives how many figures were compared.
fn check_credit(seed: u64) -> usize {
    at_each(seed, 83, |stand| {
        let (meaning, horizon, span) = (stand.meaning, stand.horizon, stand.span);
        let (charter, derived, found) = (&stand.charter, &stand.derived, &stand.found);
        let chance = &mut stand.chance;
        let mut compared = 0;
        for number in 0..4 {
            let period = period(chance, span, 70);
            let by = Split::ALL[chance.below(Split::ALL.len() as u64) as usize];
            // What is open is so at one instant, and not month by month.
            let is_won = by == Split::Month || chance.percent(60);
            let asked = credit::Asked {
                is_won,
                period: period.map(|(a, b)| (meaning.zone.start(a), meaning.zone.start(b))),
                horizon,
            };
            let of = if is_won { "won" } else { "open" };
            let models = credit::MODELS.join(",");
            let mut text = format!("credit of={of} models={models} by={}", by.word());
            if let Some((a, b)) = period {
                text += &format!(" period={}..{}", Day(a), Day(b));
            }
            let question = question_text::parse(&text).unwrap();
            let answer = self::ask((derived, charter), &question, None);
            let expected = credit::figures(found, meaning, asked, by);
            let columns = credit::MODELS.map(str::to_owned).into_iter();
            let columns = columns.chain(["deals".to_owned(), "touches".to_owned()]);
            let told = figures(&answer, &columns.collect()).unwrap();
            let differs = expected
                .iter()
                .find(|(place, figure)| told.get(place) != Some(figure));
            let at = format!("seed {seed} {number} {text}");
            assert_eq!(told, expected, "{at}: first {differs:?}");
            compared += expected.len();
            let listed = listed(derived, charter, &question);
            assert_eq!(
                listed,
                sums(&expected, "ours"),
                "{at}: the records of `ours`"
            );
        }
        compared
    })
}

/// What marketing touched in one world: the figures above the rows of credit, their records, and
/// the metrics of the same names; gives how many times it touched a deal in them.
fn check_touched(seed: u64) -> usize {
    at_each(seed, 73, |stand| {
        let (meaning, horizon, span) = (stand.meaning, stand.horizon, stand.span);
        let (charter, derived, found) = (&stand.charter, &stand.derived, &stand.found);
        let chance = &mut stand.chance;
        let mut touched = 0;
        for is_won in [true, false] {
            let days = period(chance, span, 50);
            let within = days.map_or(String::new(), |(a, b)| {
                format!(" period={}..{}", Day(a), Day(b))
            });
            let of = if is_won { "won" } else { "open" };
            let text = format!("credit of={of} models=linear{within}");
            let question = question_text::parse(&text).unwrap();
            let truth = credit::headline(
                found,
                meaning,
                credit::Asked {
                    is_won,
                    period: days.map(|(a, b)| (meaning.zone.start(a), meaning.zone.start(b))),
                    horizon,
                },
            );
            let told = ask((derived, charter), &question, None).headline;
            let at = format!("seed {seed} {text}");
            // The truth sets no thousands apart.
            let plain = |said: String| said.replace(',', "");
            assert_eq!(
                told.as_ref().map(|told| plain(told.sentence.clone())),
                sentence(&truth, is_won).map(plain),
                "{at}"
            );
            let figures = told.map_or(Vec::new(), |told| told.figures);
            let figures = figures.iter().map(|(column, cell)| (&column.id, cell));
            let expected = shares(&truth);
            assert_eq!(as_shares(figures), expected, "{at}");
            for id in expected.keys() {
                let pick = Pick {
                    column: id.clone(),
                    row: Vec::new(),
                };
                let records = answer(asked_of(derived, charter, &question), Some(&pick)).unwrap();
                check_records(id, &records, &truth, &at);
                if is_won {
                    let text = format!("metric {id}{within}");
                    let question = question_text::parse(&text).unwrap();
                    let metric = ask((derived, charter), &question, None);
                    let cells = metric.rows.iter().filter_map(|row| row.last());
                    let told = as_shares(cells.map(|cell| (id, cell)));
                    assert_eq!(told.get(id), expected.get(id), "seed {seed} {text}");
                }
            }
            touched += (truth.0[1] + truth.0[2]) as usize;
        }
        touched
    })
}

/// By id: the shares in full, of amounts one for each currency.
type Shares = BTreeMap<String, BTreeSet<String>>;

fn as_shares<'f>(figures: impl Iterator<Item = (&'f String, &'f Cell)>) -> Shares {
    let mut shares = Shares::new();
    for (id, cell) in figures {
        let is_new = shares.entry(id.clone()).or_default().insert(cell.exact());
        assert!(is_new, "{id} {cell:?}");
    }
    shares
}

/// The shares of the truth.
fn shares((counts, worth): &Headline) -> Shares {
    let mut shares = Shares::new();
    if counts[0] == 0 {
        return shares;
    }
    for (at, id) in [
        (1, "marketing_touched"),
        (2, "marketing_touched_before_creation"),
    ] {
        let share = format!("{}/{}", counts[at], counts[0]);
        shares.insert(id.to_owned(), BTreeSet::from([share]));
        for (currency, sums) in worth {
            let [part, whole] = [sums[at], sums[0].max(0)].map(|sum| amount(sum, currency));
            let of_value = shares.entry(format!("{id}_by_value")).or_default();
            of_value.insert(format!("{part}/{whole}"));
        }
    }
    shares
}

/// There are as many records as a count says, and their amounts are what a sum says.
fn check_records(id: &str, records: &Answer, (counts, worth): &Headline, at: &str) {
    let place = if id.contains("before_creation") { 2 } else { 1 };
    if !id.ends_with("_by_value") {
        assert_eq!(records.rows.len() as u64, counts[place], "{at}: {id}");
        return;
    }
    let mut sums = column_sums(records, "amount");
    sums.retain(|_, sum| *sum != 0);
    let expected = worth.iter().filter(|(_, sums)| sums[place] != 0);
    let expected = expected.map(|(currency, sums)| (currency.clone(), sums[place]));
    assert_eq!(sums, expected.collect(), "{at}: {id}");
}

/// What a statistical model, by turns, shares out in one world, against dense equations over the world's own
/// paths; gives how many figures were compared. Weights are whole numbers of 2 to the 40, so each
/// touch may be off by one unit, and deals are whole to the unit all the same.
fn check_learned(seed: u64) -> usize {
    at_each(seed, 79, |stand| {
        let (meaning, horizon, span) = (stand.meaning, stand.horizon, stand.span);
        let (charter, derived, found) = (&stand.charter, &stand.derived, &stand.found);
        let chance = &mut stand.chance;
        let mut compared = 0;
        for model in [learned::MODELS[seed as usize % learned::MODELS.len()]] {
            let period = period(chance, span, 60);
            let is_won = chance.percent(60);
            let asked = credit::Asked {
                is_won,
                period: period.map(|(a, b)| (meaning.zone.start(a), meaning.zone.start(b))),
                horizon,
            };
            let Some(effects) = learned::effects(model, found, meaning, asked) else {
                continue;
            };
            // Linear credit by another name learns nothing: without paths it gives all the same, and
            // is held against the truth of `linear`.
            if model == "shapley_together" && effects.is_empty() {
                continue;
            }
            let of = if is_won { "won" } else { "open" };
            let mut text = format!("credit of={of} models={model} by=channel");
            if let Some((a, b)) = period {
                text += &format!(" period={}..{}", Day(a), Day(b));
            }
            let question = question_text::parse(&text).unwrap();
            let at = format!("seed {seed} {text}");
            let trails = credit::trails(found, meaning, asked);
            let is_mute = trails.iter().any(|trail| !trail.touches.is_empty())
                && effects.values().sum::<f64>() < 1e-9;
            let answer = match answer(asked_of(derived, charter, &question), None) {
                Ok(answer) => answer,
                Err(refused) => {
                    assert_eq!((refused.code, is_mute), ("E0433", true), "{at}");
                    continue;
                }
            };
            assert!(!is_mute, "{at}: {effects:?}");
            let told = figures(&answer, &BTreeSet::from([model.to_owned()])).unwrap();
            let expected = learned::figures(model, &trails, &effects, found);
            for (place, (credit, touches)) in &expected {
                let figure = told.get(place).copied().unwrap_or(0) as f64;
                let most = *touches as f64 + 0.5;
                assert!(
                    (figure - credit).abs() < most,
                    "{at}: {place:?} {figure} {credit}"
                );
            }
            assert!(
                told.keys().all(|place| expected.contains_key(place)),
                "{at}: {told:?}"
            );
            let wrong = resums(asked_of(derived, charter, &question)).unwrap().1;
            assert_eq!(wrong, NONE, "{at}");
            compared += expected.len();
        }
        compared
    })
}

/// Cost of one world by channel and by month; gives how many figures were compared.
fn check_cost(seed: u64) -> usize {
    at_each(seed, 97, |stand| {
        let (meaning, horizon, span) = (stand.meaning, stand.horizon, stand.span);
        let (charter, derived, found) = (&stand.charter, &stand.derived, &stand.found);
        let chance = &mut stand.chance;
        let mut compared = 0;
        for by in [By::Channel, By::Month] {
            let period = period(chance, span, 70);
            let mut text = format!("cost models=linear by={}", by.word());
            if let Some((a, b)) = period {
                text += &format!(" period={}..{}", Day(a), Day(b));
            }
            let question = question_text::parse(&text).unwrap();
            let answer = ask((derived, charter), &question, None);
            let period = period.map(|(a, b)| (meaning.zone.start(a), meaning.zone.start(b)));
            let expected = cost::figures(found, meaning, (by, period, horizon));
            let told = figures(&answer, &cost::COLUMNS.map(str::to_owned).into()).unwrap();
            let differs = expected
                .iter()
                .find(|(place, figure)| told.get(place) != Some(figure));
            assert_eq!(told, expected, "seed {seed} {text}: first {differs:?}");
            compared += expected.len();
            assert_eq!(
                resums(asked_of(derived, charter, &question)).unwrap().1,
                NONE
            );
        }
        compared
    })
}

const NONE: [String; 0] = [];

fn asked_of<'a>(derived: &'a Derived, charter: &'a Charter, question: &'a Question) -> Asked<'a> {
    Asked {
        derived,
        charter,
        question,
        filter: None,
        people: Vec::new(),
    }
}

/// What the records behind the charter's own model come to, by currency.
fn listed(derived: &Derived, charter: &Charter, question: &Question) -> BTreeMap<String, i128> {
    let asked = Asked {
        derived,
        charter,
        question,
        filter: None,
        people: Vec::new(),
    };
    let pick = Pick {
        column: "ours".to_owned(),
        row: Vec::new(),
    };
    column_sums(&answer(asked, Some(&pick)).unwrap(), "credit")
}

/// What the amounts of a column of records come to, by currency.
fn column_sums(records: &Answer, column: &str) -> BTreeMap<String, i128> {
    let place = records.columns.iter().position(|one| one.id == column);
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in &records.rows {
        if let Cell::Text(money) = &row[place.unwrap()] {
            let (digits, currency) = money.split_once(' ').unwrap();
            let minor: i128 = digits.replace('.', "").parse().unwrap();
            *sums.entry(currency.to_owned()).or_default() += minor;
        }
    }
    sums
}

/// What all groups have under a model, by currency.
fn sums(figures: &credit::Figures, model: &str) -> BTreeMap<String, i128> {
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for ((_, currency, column), figure) in figures {
        if column == model {
            *sums.entry(currency.clone()).or_default() += figure;
        }
    }
    sums
}

/// What marketing touched, in the words of answers; nothing of no deals.
fn sentence((counts, worth): &Headline, is_won: bool) -> Option<String> {
    let shown = |at: usize| {
        let of = worth.iter();
        let of = of.map(|(currency, sums)| amount(sums[at], currency));
        of.collect::<Vec<_>>().join(" + ")
    };
    let when = if is_won {
        "before they closed"
    } else {
        "so far"
    };
    let [all, before_close, before_creation] = *counts;
    (all > 0).then(|| {
        format!(
            "marketing touched {before_close} of {all} deal{} {when} ({} of {}), \
             {before_creation} before they were created ({})",
            if all == 1 { "" } else { "s" },
            shown(1),
            shown(0),
            shown(2)
        )
    })
}

/// An amount of a currency of two places.
fn amount(minor: i128, currency: &str) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, cents) = (minor.abs() / 100, minor.abs() % 100);
    format!("{sign}{whole}.{cents:02} {currency}")
}

#[test]
fn what_marketing_touched_of_worlds_is_the_truth() {
    let touched: usize = sum(check_touched);
    assert!(touched > 2_000, "{touched}");
}

#[test]
fn cost_of_worlds_is_the_truth() {
    let compared: usize = sum(check_cost);
    assert!(compared > 50_000, "{compared}");
}

#[test]
fn credit_of_worlds_is_the_truth() {
    let compared: usize = sum(check_credit);
    assert!(compared > 80_000, "{compared}");
}

#[test]
fn what_statistical_models_share_out_in_worlds_is_the_truth() {
    let models = learned::MODELS.iter().zip(0..);
    for (model, turn) in models {
        let worlds = (turn..1_000).step_by(learned::MODELS.len());
        let compared: usize = worlds.map(check_learned).sum();
        assert!(compared > 100, "{model}: {compared}");
    }
}

#[test]
fn groups_of_worlds_count_to_the_truth() {
    let compared: usize = sum(check);
    assert!(compared > 80_000, "{compared}");
}
