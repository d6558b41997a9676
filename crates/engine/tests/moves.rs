//! Invented worlds from one instant to another: the bridge of their open deals is the truth, line
//! by line, group by group, to the minor unit, and comes out.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod roads;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use handfast_engine::answer::change::{self, Alike, Asking, Known, Why, why};
use handfast_engine::answer::{Asked, Pick, answer, resums};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::answer::{Answer, Cell};
use handfast_model::fact::Observed;
use handfast_model::question::Unit;
use handfast_model::{Charter, Day, Instant, Question, Seq, question_text};
use handfast_testkit::answered;
use handfast_testkit::random::Chance;
use handfast_testkit::simulator::definitions::Definitions;
use handfast_testkit::simulator::emission::known;
use handfast_testkit::simulator::world::Size;
use handfast_testkit::simulator::{Case, USUAL, facts, truth};
use handfast_testkit::sketch;
use handfast_testkit::truth::bridge::{self, Figures};
use handfast_testkit::truth::causes::{CAUSES, Moments};
use handfast_testkit::truth::change::{parted, sides};
use handfast_testkit::truth::dimensions::By;
use handfast_testkit::truth::formulas;
use handfast_testkit::truth::meaning::Meaning;
use handfast_testkit::truth::measures::{Period, members, revenue_in};
use handfast_testkit::truth::reasons;
use handfast_testkit::truth::said::Said;
use handfast_testkit::truth::walk::Journeys;
use roads::{roads, sum};

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

/// One world; gives how many figures of moves were compared.
fn check(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut compared = 0;
    for asked in case.asked() {
        let (definitions, horizon) = (asked.definitions, asked.horizon);
        let meaning = &definitions.meaning;
        let (from, days) = (case.world.from, case.world.size.days as u64);
        let facts = known(&case.emitted.rows, asked.commit, meaning.zone);
        let (charter, derived, found) = roads(definitions, horizon, facts);
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
            let answer = ask(ground, &question, None);
            let told = answered::moves(&answer, asked.by.is_some(), asked.currency).unwrap();
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
    let compared: usize = sum(check);
    assert!(compared > 10_000, "{compared}");
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

/// What a metric comes to on some facts, by the other road; all in euros perhaps.
fn truly(
    facts: Vec<Said>,
    definitions: &Definitions,
    (metric, is_priced): (&str, bool),
    asked: (Period, i64),
) -> String {
    let (period, horizon) = asked;
    let found = truth(facts, definitions, horizon);
    if MEANS.contains(&metric) {
        return means_truly(&found, &definitions.meaning, metric, asked);
    }
    if is_priced {
        let lines = revenue_in(&found, &definitions.meaning, "EUR", period);
        let sum = lines.iter().find_map(|line| line.strip_prefix("sum "));
        let sum: i128 = sum.unwrap().split(' ').next().unwrap().parse().unwrap();
        return format!("{sum} EUR");
    }
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

/// Metrics of the catalogue that are a sum over a count.
const MEANS: [&str; 2] = ["average_deal_size", "cost_per_lead"];

/// By currency the sum and the count of a mean; nothing of no member.
fn means_truly(
    found: &Journeys,
    meaning: &Meaning,
    metric: &str,
    (period, horizon): (Period, i64),
) -> String {
    let metric = formulas::METRICS.iter().find(|one| one.name == metric);
    let by = None;
    let asked = formulas::Asked {
        by,
        period,
        horizon,
    };
    let means = formulas::figures(found, meaning, metric.unwrap(), asked).into_iter();
    let means = means.map(|((_, currency), (_, come))| {
        let come = come.filter(|(_, whole)| *whole > 0);
        (currency, come)
    });
    format!("{:?}", means.collect::<BTreeMap<_, _>>())
}

/// The same as an answer says it.
fn said_of_means(answer: &Answer) -> String {
    let mean = |row: &Vec<Cell>| {
        let currency = match &row[0] {
            Cell::Text(code) => Some(code.clone()),
            _ => None,
        };
        let come = match row.last().unwrap() {
            Cell::MeanMoney(sum, count) => Some((i128::from(sum.minor), i128::from(*count))),
            _ => None,
        };
        (currency, come.filter(|(_, whole)| *whole > 0))
    };
    let means = answer.rows.iter().map(mean);
    format!("{:?}", means.collect::<BTreeMap<_, _>>())
}

/// The same of what is no mean.
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

/// The same of an answer in one currency.
fn said_in_euros(answer: &Answer) -> String {
    match answer.rows.first().map(|row| &row[..]) {
        Some([Cell::Text(_), Cell::Money(money), ..]) => money.minor.to_string() + " EUR",
        None => "0 EUR".to_owned(),
        row => panic!("{row:?}"),
    }
}

/// What all causes changed, as it is told, is the difference; gives what rates changed.
fn check_told(why: &Why, question: &Question, at: &str) -> i64 {
    let told = change::told(why, question);
    let place = |id: &str| told.columns.iter().position(|column| column.id == id);
    let (cause, change) = (place("cause").unwrap(), place("change").unwrap());
    // By currency what the causes add, what is told of them, and whether all have a figure.
    let mut groups: BTreeMap<String, (i64, Option<i64>, bool)> = BTreeMap::new();
    let mut rates = 0;
    for row in &told.rows {
        let group = groups.entry(format!("{:?}", &row[..cause])).or_default();
        match (&row[cause], &row[change]) {
            (Cell::Text(cause), Cell::Money(money)) if cause == "as told now" => {
                group.1 = Some(money.minor);
            }
            (Cell::Text(cause), Cell::Money(money)) => {
                group.0 += money.minor;
                rates += if cause == "rates" { money.minor } else { 0 };
            }
            (_, Cell::Unknown) => group.2 = true,
            _ => {}
        }
    }
    for (sum, total, is_unknown) in groups.into_values() {
        let comes_out = is_unknown || total == Some(sum);
        assert!(comes_out, "{at}: {:?}", told.rows);
    }
    rates
}

/// How many figures were changed by rates.
static MOVED_BY_RATES: AtomicUsize = AtomicUsize::new(0);

/// The metrics that are told by cause, each in every fifth world.
const BY_CAUSE: [&str; 5] = [
    "revenue",
    "win_rate",
    "lost",
    "average_deal_size",
    "cost_per_lead",
];

/// How many steps on the way from then to now changed the figure of each.
static MOVED: [AtomicUsize; 5] = [const { AtomicUsize::new(0) }; 5];

/// Each cause adds to a figure what the facts of that cause do, by the other road.
fn check_causes(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut chance = Chance::new(seed.wrapping_mul(67));
    let last = case.emitted.commits.len() as u64 - 1;
    let (from, days) = (case.world.from, case.world.size.days as u64);
    let mut compared = 0;
    let learned = learned(&case);
    // Every other revenue is asked for in euros.
    let is_priced = seed.is_multiple_of(10);
    let place = seed as usize % BY_CAUSE.len();
    for metric in [BY_CAUSE[place]] {
        let is_mean = MEANS.contains(&metric);
        let said = match (is_priced, is_mean) {
            (true, _) => said_in_euros,
            (_, true) => said_of_means,
            _ => said,
        };
        let a = chance.below(last) as usize;
        let b = a + 1 + chance.below(last - a as u64) as usize;
        let definitions =
            |commit| &case.definitions[usize::from(commit >= case.emitted.second_from)];
        let charter = |commit| Charter {
            // Sketches have no hash of their own.
            hash: format!("version {}", commit >= case.emitted.second_from),
            ..sketch::charter(&definitions(commit).sketch()).unwrap()
        };
        let ((then, old), (now, new)) = (
            moment(&case, a, charter(a), &learned),
            moment(&case, b, charter(b), &learned),
        );
        let day = |chance: &mut Chance| from + chance.below(days) as i32;
        let (first, until) = (day(&mut chance), day(&mut chance));
        let (first, until) = (first.min(until), first.max(until) + 1);
        let unit = if is_mean { "" } else { " unit=deal" };
        let mut text = format!(
            "metric {metric}{unit} period={}..{}",
            Day(first),
            Day(until)
        );
        text += if is_priced { " currency=EUR" } else { "" };
        let question = question_text::parse(&text).unwrap();
        let has_new_charter = then.charter.hash != now.charter.hash;
        let asking = Asking {
            questions: &[&question],
            is_listed: false,
        };
        let why = why(then, now, Alike::Here, asking, &|_| false).unwrap();
        let why = why.first().unwrap();
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
            (metric, is_priced),
            asked(a, definitions(a)),
        );
        assert_eq!(said(&why.then), before, "{}", at("then"));
        let mut last = before;
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
                (metric, is_priced),
                asked(b, definitions(a)),
            );
            assert_eq!(said(&step.answer), figure, "{}", at(cause));
            MOVED[place].fetch_add(usize::from(figure != last), Ordering::Relaxed);
            last = figure;
            compared += 1;
        }
        let after = truly(
            new.clone(),
            definitions(b),
            (metric, is_priced),
            asked(b, definitions(b)),
        );
        assert_eq!(said(why.now()), after, "{}", at("now"));
        assert_eq!(
            steps.next().is_some(),
            has_new_charter,
            "{}",
            at("definition")
        );
        if is_priced || is_mean {
            let by_rates = check_told(why, &question, &at("told"));
            MOVED_BY_RATES.fetch_add(usize::from(by_rates != 0), Ordering::Relaxed);
        }
    }
    compared
}

#[test]
fn what_causes_change_is_the_truth_and_leads_from_then_to_now() {
    let compared: usize = sum(check_causes);
    let by_rates = MOVED_BY_RATES.load(Ordering::Relaxed);
    assert!(compared > 1_500 && by_rates > 5, "{compared} {by_rates}");
    for (metric, moved) in BY_CAUSE.iter().zip(&MOVED) {
        let moved = moved.load(Ordering::Relaxed);
        assert!(moved > 100, "{metric}: {moved}");
    }
}

/// One world between two periods; gives how many rows were compared.
fn check_periods(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let Some(asked) = case.asked().pop() else {
        return 0;
    };
    let (definitions, horizon) = (asked.definitions, asked.horizon);
    let meaning = &definitions.meaning;
    let facts = known(&case.emitted.rows, asked.commit, meaning.zone);
    let (charter, derived, found) = roads(definitions, horizon, facts);
    let mut chance = Chance::new(seed.wrapping_mul(61));
    let (from, days) = (case.world.from, case.world.size.days as u64);
    let mut compared = 0;
    for metric in ["revenue", "won", "win_rate"] {
        let mut window = || {
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(&mut chance), day(&mut chance));
            (a.min(b), a.max(b) + 1)
        };
        let windows = [window(), window()];
        let by = [By::Channel, By::Rep, By::Team][chance.below(3) as usize];
        let days = windows.map(|(a, b)| format!("{}..{}", Day(a), Day(b)));
        let [against, period] = days;
        let word = by.word();
        let text = format!("change {metric} against={against} by={word} period={period} unit=deal");
        let question = question_text::parse(&text).unwrap();
        let answer = ask((&derived, &charter), &question, None);
        let periods = windows.map(|(a, b)| Some((meaning.zone.start(a), meaning.zone.start(b))));
        let sides = sides(&found, meaning, (metric, by, periods, horizon));
        let expected = parted(&sides, metric);
        let rows = answered::parts(&answer, metric, &expected);
        compared += rows.unwrap_or_else(|why| panic!("seed {seed} {text} {why}"));
    }
    compared
}

#[test]
fn what_periods_differ_by_is_the_truth_and_sums() {
    let compared: usize = sum(check_periods);
    assert!(compared > 3_500, "{compared}");
}

/// Why deals of one world were lost and won; gives how many rows were compared.
fn check_reasons(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let Some(asked) = case.asked().pop() else {
        return 0;
    };
    let (definitions, horizon) = (asked.definitions, asked.horizon);
    let meaning = &definitions.meaning;
    let facts = known(&case.emitted.rows, asked.commit, meaning.zone);
    let (charter, derived, found) = roads(definitions, horizon, facts);
    let mut compared = 0;
    for of in ["lost", "won"] {
        let question = question_text::parse(&format!("reasons of={of}")).unwrap();
        let answer = ask((&derived, &charter), &question, None);
        let mut told: BTreeMap<[Option<String>; 4], u64> = BTreeMap::new();
        for row in &answer.rows {
            let text = |at: usize| match &row[at] {
                Cell::Text(text) => Some(text.clone()),
                _ => None,
            };
            let Cell::Count(deals) = row[5] else {
                panic!("{row:?}")
            };
            *told.entry([0, 1, 2, 3].map(text)).or_default() += deals;
        }
        let expected = reasons::statements(&found, meaning, (of == "won", None));
        let all: std::collections::BTreeSet<&String> = expected.values().flatten().collect();
        let expected: BTreeMap<_, _> = expected
            .iter()
            .map(|(key, deals)| (key.clone(), deals.len() as u64))
            .collect();
        assert_eq!(told, expected, "seed {seed} {of}");
        if let Some(totals) = &answer.totals {
            assert_eq!(totals[5], Cell::Count(all.len() as u64), "seed {seed} {of}");
        }
        compared += told.len();
    }
    compared
}

#[test]
fn why_deals_of_worlds_ended_is_the_truth() {
    let compared: usize = sum(check_reasons);
    assert!(compared > 7_000, "{compared}");
}

/// What was told of the start leads to what is known of it; gives how many deals differed.
fn check_restated(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let mut chance = Chance::new(seed.wrapping_mul(59));
    let last = case.emitted.commits.len() as u64 - 1;
    let a = chance.below(last) as usize;
    let b = a + 1 + chance.below(last - a as u64) as usize;
    let learned = learned(&case);
    let definitions = |commit| &case.definitions[usize::from(commit >= case.emitted.second_from)];
    let charter = |commit| sketch::charter(&definitions(commit).sketch()).unwrap();
    let ((then, old), (now, new)) = (
        moment(&case, a, charter(a), &learned),
        moment(&case, b, charter(b), &learned),
    );
    let day = case.world.from + chance.below(case.world.size.days as u64) as i32;
    let text = format!("bridge since={a} period={}..{}", Day(day), Day(day + 30));
    let question = question_text::parse(&text).unwrap();
    let derived = |known: &Known| {
        let (snapshot, horizon) = (&known.snapshot, known.snapshot.observed[0].until.unwrap());
        let part = Part::of(snapshot.clone(), &known.charter, horizon);
        Derived::new(part, (horizon, 0))
    };
    let (first, last) = (derived(&then), derived(&now));
    let asked = |derived, charter| Asked {
        derived,
        charter,
        question: &question,
        filter: None,
        people: Vec::new(),
    };
    let (first, last) = (asked(&first, &then.charter), asked(&last, &now.charter));
    let answer = handfast_engine::answer::bridge::since(first, last, None).unwrap();
    // Each deal that was open at the start, with its amount, as either moment tells it.
    type Open = BTreeMap<String, (String, i128)>;
    let open = |facts: Vec<Said>, commit: usize| -> (Open, Vec<String>) {
        let meaning = &definitions(commit).meaning;
        let found = truth(facts, definitions(commit), case.emitted.commits[commit]);
        let start = meaning.zone.start(day);
        let members = members(
            &found,
            meaning,
            "open_value",
            (Unit::Deal, Some((0, start)), 0),
        );
        let deals = found.deals.iter().map(|deal| deal.key.clone()).collect();
        let open = members.into_iter().map(|one| {
            let deal = found
                .deals
                .iter()
                .position(|deal| deal.key == one.who)
                .unwrap();
            let currency = bridge::currency(&found, meaning, deal);
            let (minor, currency) = one.money.unwrap_or((0, currency));
            (one.who, (currency, i128::from(minor)))
        });
        (open.collect(), deals)
    };
    let ((before, _), (after, deals)) = (open(old, a), open(new, b));
    let mut expected = Figures::new();
    let mut add = |line: &'static str, currency: &String, minor: i128| {
        let figure = expected.entry((None, currency.clone(), line)).or_default();
        *figure = (figure.0 + 1, figure.1 + minor);
    };
    for (key, (currency, minor)) in &before {
        add("as_told", currency, *minor);
        match after.get(key) {
            Some((other, _)) if other != currency => add("dropped", currency, -minor),
            Some((_, now)) if now != minor => add("restated", currency, now - minor),
            Some(_) => {}
            None if deals.contains(key) => add("dropped", currency, -minor),
            None => add("deleted", currency, -minor),
        }
    }
    for (key, (currency, minor)) in &after {
        add("at_start", currency, *minor);
        if before.get(key).is_none_or(|(other, _)| other != currency) {
            add("learned", currency, *minor);
        }
    }
    let is_of_start = |line: &str| {
        [
            "as_told", "learned", "restated", "dropped", "deleted", "at_start",
        ]
        .contains(&line)
    };
    let mut told = answered::moves(&answer, false, None).unwrap();
    told.retain(|(_, _, line), _| is_of_start(line));
    expected.retain(|_, figure| *figure != (0, 0));
    assert_eq!(told, expected, "seed {seed} {a} {b} {text}");
    let differing = expected
        .iter()
        .filter(|((_, _, line), _)| !["as_told", "at_start"].contains(line));
    differing.map(|(_, (count, _))| *count as usize).sum()
}

#[test]
fn what_was_told_of_a_start_leads_to_what_is_known_of_it() {
    let differing: usize = sum(check_restated);
    assert!(differing > 1_000, "{differing}");
}
