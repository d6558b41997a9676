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
use std::sync::atomic::{AtomicUsize, Ordering};

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
use handfast_testkit::truth::change::{Naive, fraction, rates, shared, shared_of};
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
        (Take::Numbers, Cell::Number(number)) => i128::from(*number) == part,
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

/// How many values of each metric were known and compared.
static KNOWN: [AtomicUsize; METRICS.len()] = [const { AtomicUsize::new(0) }; METRICS.len()];

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
        for _ in 0..10 {
            let chosen = chance.below(METRICS.len() as u64) as usize;
            let metric = &METRICS[chosen];
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
            // The last of them nobody gives.
            let reason = chance.pick(&["price", "timing", "fit", "weather"]);
            let told = |text: &str| {
                let text = text.replace("{1}", one).replace("{2}", two);
                text.replace("{reason}", reason)
            };
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
            let come = expected.values().filter_map(|(_, come)| *come);
            let known = come.filter(|(_, whole)| *whole > 0).count();
            KNOWN[chosen].fetch_add(known, Ordering::Relaxed);
            check_records(ground, &question, &answer, &at);
        }
    }
    compared
}

#[test]
fn metrics_of_the_catalogue_come_to_the_truth() {
    let compared: usize = sum(check);
    assert!(compared > 90_000, "{compared}");
    for (metric, known) in METRICS.iter().zip(&KNOWN) {
        let known = known.load(Ordering::Relaxed);
        assert!(known > 100, "{}: {known}", metric.name);
    }
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

/// What a metric comes to over its measures as they are taken, where nothing cancels out: each
/// measure may be of another period than the next.
fn over_measures(metric: &str, of: &[Come]) -> Option<f64> {
    let number = |(part, whole): Come| (whole != 0).then(|| part as f64 / whole as f64);
    let over = |above: f64, below: f64| (below != 0.0).then(|| above / below);
    match metric {
        "cac_cohort" => over(number(of[0])?, number(of[1])? * number(of[2])?),
        _ => {
            let mean = over(number(of[1])?, number(of[2])?)?;
            let days = number(of[4])? / 86_400.0;
            over(number(of[0])? * mean * number(of[3])?, days)
        }
    }
}

/// The measures of the truth that make up one of the product's.
fn made_of(metric: &str) -> &'static [&'static [usize]] {
    match metric {
        "cac_cohort" => &[&[0], &[1], &[2]],
        _ => &[&[0], &[1, 2], &[3], &[4]],
    }
}

/// The parts of each row's difference by measure; nothing where it has none.
fn by_measure(metric: &str, [before, after]: [&[Come]; 2]) -> Option<Vec<f64>> {
    let made = made_of(metric);
    shared_of(made.len(), &|is_after| {
        let mut mixed = before.to_vec();
        for (own, _) in made.iter().zip(is_after).filter(|(_, is_after)| **is_after) {
            own.iter().for_each(|at| mixed[*at] = after[*at]);
        }
        over_measures(metric, &mixed)
    })
}

/// Figures of the same rows in two periods.
type Both = BTreeMap<Row, [Option<Figures>; 2]>;

/// Mix and rate of each row of one currency, in minor units; nothing where one side has no mean.
fn mix_and_rate(both: &Both, currency: &Option<String>) -> Option<BTreeMap<Row, [f64; 2]>> {
    let pair = |sides: &[Option<Figures>; 2]| {
        // Where nobody told what was spent there is neither a part nor a whole.
        let come = |side: usize| sides[side].as_ref().and_then(|(_, come)| *come);
        let [old, new] = [0, 1].map(|side| come(side).unwrap_or((0, 0)));
        ([old.0, new.0], [old.1, new.1])
    };
    let own = both.iter().filter(|((_, of), _)| of == currency);
    let own: Vec<_> = own.map(|(row, sides)| (row, pair(sides))).collect();
    let parts = [0, 1].map(|side| own.iter().map(|(_, one)| one.0[side]).sum::<i128>());
    let wholes = [0, 1].map(|side| own.iter().map(|(_, one)| one.1[side]).sum::<i128>());
    if wholes.contains(&0) {
        return None;
    }
    let mean = [0, 1].map(|side| fraction(parts[side], wholes[side]));
    let mean = mean[0].plus(mean[1]).times(Naive(1, 2));
    let near = |one: Naive| one.0 as f64 / one.1 as f64;
    let part = |(row, (part, whole)): &(&Row, ([i128; 2], [i128; 2]))| {
        let [weight, gave] =
            [whole, part].map(|of| [0, 1].map(|side| fraction(of[side], wholes[side])));
        let by_weight = shared(&[weight, rates(*part, *whole)])[0];
        let mix = by_weight.minus(weight[1].minus(weight[0]).times(mean));
        let rate = gave[1].minus(gave[0]).minus(by_weight);
        ((*row).clone(), [near(mix), near(rate)])
    };
    Some(own.iter().map(part).collect())
}

/// Formulas whose difference of two periods is parted.
const CHANGED: [&str; 4] = [
    "average_deal_size",
    "cost_per_lead",
    "cac_cohort",
    "sales_velocity_all_ends",
];

/// In how many rows the parts of each were compared.
static PARTED: [AtomicUsize; 4] = [const { AtomicUsize::new(0) }; 4];

/// A difference of two periods against the truth of either; gives how many rows have parts.
fn check_change(seed: u64) -> usize {
    let case = Case::of(seed, Size::small(seed), USUAL);
    let Some(stand) = case.asked().pop() else {
        return 0;
    };
    let (horizon, meaning) = (stand.horizon, &stand.definitions.meaning);
    let facts = known(&case.emitted.rows, stand.commit, meaning.zone);
    let (charter, derived, found) = roads(stand.definitions, horizon, facts);
    let mut chance = Chance::new(seed.wrapping_mul(101));
    let (from, days) = (case.world.from, case.world.size.days as u64);
    let mut compared = 0;
    for (name, parted) in CHANGED.into_iter().zip(&PARTED) {
        let metric = METRICS.iter().find(|one| one.name == name).unwrap();
        let mut window = || {
            let day = |chance: &mut Chance| from + chance.below(days) as i32;
            let (a, b) = (day(&mut chance), day(&mut chance));
            (a.min(b), a.max(b) + 1)
        };
        let windows = [window(), window()];
        let is_quotient = ["average_deal_size", "cost_per_lead"].contains(&name);
        let by = (is_quotient || seed.is_multiple_of(2)).then_some(By::Channel);
        let [against, period] = windows.map(|(a, b)| format!("{}..{}", Day(a), Day(b)));
        let by_word = by.map_or(String::new(), |by| format!(" by={}", by.word()));
        let text = format!("change {name} against={against} period={period}{by_word}");
        let question = question_text::parse(&text).unwrap();
        let answer = match answer(asked((&derived, &charter), &question), None) {
            Ok(answer) => answer,
            Err(refused) => {
                // Nothing has a value in either period.
                assert_eq!(refused.code, "E0405", "seed {seed} {text}");
                continue;
            }
        };
        let mut both = Both::new();
        for (side, (a, b)) in windows.into_iter().enumerate() {
            let period = Some((meaning.zone.start(a), meaning.zone.start(b)));
            let of = formulas::Asked {
                by,
                period,
                horizon,
            };
            for (row, figures) in formulas::figures(&found, meaning, metric, of) {
                both.entry(row).or_default()[side] = Some(figures);
            }
        }
        let at = format!("seed {seed} {text}");
        let rows = match is_quotient {
            true => check_quotient(&answer, &both, &at),
            false => check_measures(&answer, (name, &both), by.is_some(), &at),
        };
        parted.fetch_add(rows, Ordering::Relaxed);
        compared += rows;
    }
    compared
}

fn place(answer: &Answer, id: &str) -> Option<usize> {
    answer.columns.iter().position(|column| column.id == id)
}

fn minor(cell: &Cell) -> Option<i128> {
    match cell {
        Cell::Money(money) => Some(i128::from(money.minor)),
        _ => None,
    }
}

fn check_quotient(answer: &Answer, both: &Both, at: &str) -> usize {
    let (Some(mix), Some(rate)) = (place(answer, "mix"), place(answer, "rate")) else {
        // What no row has a value of, or what rows do not come to, is not parted so.
        return 0;
    };
    let currency = place(answer, "currency").unwrap();
    let mut compared = 0;
    let mut known = BTreeMap::new();
    for row in &answer.rows {
        let key = (text(&row[0]), text(&row[currency]));
        let expected = known
            .entry(key.1.clone())
            .or_insert_with(|| mix_and_rate(both, &key.1));
        let (Some(told_mix), Some(told_rate)) = (minor(&row[mix]), minor(&row[rate])) else {
            continue;
        };
        let [exact_mix, exact_rate] = expected.as_ref().unwrap()[&key];
        for (told, exact) in [(told_mix, exact_mix), (told_rate, exact_rate)] {
            assert!(
                (told as f64 - exact).abs() <= 1.5,
                "{at} {key:?} {told} {exact}"
            );
        }
        compared += 1;
    }
    compared
}

fn check_measures(answer: &Answer, (name, both): (&str, &Both), is_split: bool, at: &str) -> usize {
    let terms = answer.columns.iter().enumerate();
    let terms = terms.filter(|(_, column)| column.id.starts_with("by_"));
    let terms: Vec<usize> = terms.map(|(place, _)| place).collect();
    let (Some(change), Some(currency)) = (place(answer, "change"), place(answer, "currency"))
    else {
        return 0;
    };
    let mut compared = 0;
    for row in &answer.rows {
        let group = if is_split { text(&row[0]) } else { None };
        let key = (group, text(&row[currency]));
        let told: Option<Vec<i128>> = terms.iter().map(|place| minor(&row[*place])).collect();
        let Some([Some((old, Some(_))), Some((new, Some(_)))]) = both.get(&key) else {
            assert!(told.is_none(), "{at} {key:?} {row:?}");
            continue;
        };
        let exact = by_measure(name, [old, new]);
        let (Some(told), Some(exact)) = (&told, &exact) else {
            assert_eq!(told.is_some(), exact.is_some(), "{at} {key:?} {row:?}");
            continue;
        };
        assert_eq!(told.len(), exact.len(), "{at}");
        assert_eq!(
            told.iter().sum::<i128>(),
            minor(&row[change]).unwrap(),
            "{at} {key:?}"
        );
        for (told, exact) in told.iter().zip(exact) {
            assert!(
                (*told as f64 - exact).abs() <= 1.5,
                "{at} {key:?} {told} {exact}"
            );
        }
        compared += 1;
    }
    compared
}

#[test]
fn what_formulas_change_by_between_periods_is_the_truth_and_sums() {
    let compared: usize = sum(check_change);
    assert!(compared > 1_000, "{compared}");
    for (name, parted) in CHANGED.iter().zip(&PARTED) {
        let parted = parted.load(Ordering::Relaxed);
        assert!(parted > 100, "{name}: {parted}");
    }
}
