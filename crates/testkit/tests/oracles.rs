//! The oracles: the same questions in plain SQL, run by SQLite on what random ledgers give.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::trails::Trails;
use handfast_kernels::funnel::{self, CohortRule};
use handfast_kernels::journey::{self, Deal, Journeys, World};
use handfast_kernels::metric::{self, Counted, Metric, Scope};
use handfast_kernels::velocity;
use handfast_model::credit::{CreditModel, Credited};
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{Charter, StepIx, StepRole};
use handfast_model::{Day, Instant, Money, Value, When};
use handfast_testkit::truth::credit::MODELS;
use handfast_testkit::{Ledger, random, sketch};
use rusqlite::{Connection, named_params, params};

const SEEDS: u64 = 300;

fn oracle(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../oracles");
    fs::read_to_string(folder.join(name)).unwrap()
}

fn outcome(role: Option<StepRole>) -> Option<String> {
    role.map(|role| format!("{role:?}").to_lowercase())
}

fn load(charter: &Charter, ledger: &Ledger, journeys: &Journeys) -> Connection {
    let tables = Connection::open_in_memory().unwrap();
    tables.execute_batch(&oracle("tables.sql")).unwrap();
    let day = |when: When| when.day(&charter.calendar).map(|day| day.0);
    let at = |at: Option<Instant>| at.map(|at| at.0);
    for (number, pursuit) in journeys.pursuits.iter().enumerate() {
        let account = pursuit.account.map(|key| ledger.snapshot.names.text(key));
        for (place, visit) in pursuit.visits.iter().enumerate() {
            let role = charter.steps[visit.step.0 as usize].role;
            let sql = "INSERT INTO visit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            let entered = (at(visit.entered.at), day(visit.entered.when));
            let left = (
                visit.left.is_some(),
                visit.left.and_then(|left| at(left.at)),
            );
            let row = params![
                number as u32,
                place as u32,
                account,
                visit.step.0,
                role.is_on_path(),
                role.is_end(),
                entered.0,
                entered.1,
                left.0,
                left.1,
                visit.left_by.word()
            ];
            tables.execute(sql, row).unwrap();
        }
        let (opened, end) = (pursuit.opened, pursuit.end);
        let ended = end.map(|end| end.moment);
        let has_times = matches!(
            (opened.when, ended.map(|ended| ended.when)),
            (When::At(_), Some(When::At(_)))
        );
        let row = params![
            number as u32,
            outcome(end.map(|end| end.role)),
            at(opened.at),
            day(opened.when),
            ended.and_then(|ended| at(ended.at)),
            ended.and_then(|ended| day(ended.when)),
            has_times
        ];
        let sql = "INSERT INTO pursuit VALUES (?, ?, ?, ?, ?, ?, ?)";
        tables.execute(sql, row).unwrap();
    }
    for deal in &journeys.deals {
        let closed = deal.closed.map(|closed| closed.when);
        let has_times = matches!(
            (deal.created.when, closed),
            (When::At(_), Some(When::At(_)))
        );
        let amount = last_amount(ledger, deal);
        let row = params![
            ledger.snapshot.names.text(deal.key),
            deal.pursuit,
            outcome(deal.outcome),
            at(deal.created.at),
            day(deal.created.when),
            deal.closed.and_then(|closed| at(closed.at)),
            closed.and_then(day),
            has_times,
            at(deal.known_from.at),
            amount.map(|money| money.minor),
            amount.map(|money| money.currency.code().to_owned()),
        ];
        let sql = "INSERT INTO deal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        tables.execute(sql, row).unwrap();
    }
    tables
}

/// The amount of the deal's last version: a version without one took it back.
fn last_amount(ledger: &Ledger, deal: &Deal) -> Option<Money> {
    let last = &ledger.snapshot.facts[*deal.versions.last()? as usize];
    match last.attribute(ledger.snapshot.names.find("amount")?)? {
        Value::Money(money) => Some(*money),
        _ => None,
    }
}

#[test]
fn plain_sql_gives_the_same_figures() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let day = |text: &str| charter.calendar.start_of(Day::parse(text).unwrap());
    let (from, until) = (day("2025-01-03"), day("2025-01-10"));
    for seed in 0..SEEDS {
        let text = random::lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let world = World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon: day("2025-06-30"),
        };
        let journeys = journey::derive(&world);
        let tables = load(&charter, &ledger, &journeys);
        for (unit, file) in [
            (Unit::Pursuit, "flow.sql"),
            (Unit::Account, "flow_account.sql"),
        ] {
            let stays = funnel::stays(&journeys, unit);
            let rows = funnel::flow(&stays, &charter, from, until);
            let found: Vec<[u32; 5]> = rows
                .iter()
                .filter(|row| stays.iter().any(|stay| stay.step == row.step))
                .map(|row| {
                    let gone = row.left.values().map(Vec::len).sum();
                    let counts = [
                        row.at_start.len(),
                        row.entered.len(),
                        gone,
                        row.at_end.len(),
                    ];
                    let [a, b, c, d] = counts.map(|count| count as u32);
                    [u32::from(row.step.0), a, b, c, d]
                })
                .collect();
            let twin = flow_of(&tables, &oracle(file), from, until);
            assert_eq!(found, twin, "seed {seed} {file}");
        }
        check_cohort(seed, &tables, &charter, &journeys, (from, until));
        check_rest(seed, &tables, &world, &journeys, (from, until));
        check_win_rates(seed, &tables, &world, &journeys, (from, until));
        check_sales_velocity(seed, &tables, &world, &journeys, (from, until));
    }
}

#[test]
fn plain_sql_shares_credit_alike() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let horizon = Day::parse("2025-06-30").unwrap();
    let (mut shared, mut between) = (0, 0);
    for seed in 0..SEEDS {
        let more = (1..300).flat_map(|more| random::lines(1_000 * more + seed));
        let more = more.filter(|line| line.contains(" touch "));
        let text: Vec<String> = random::lines(seed).into_iter().chain(more).collect();
        let ledger = Ledger::read(&text.join("\n"), &charter.calendar).unwrap();
        let world = World {
            snapshot: &ledger.snapshot,
            charter: &charter,
            horizon: charter.calendar.start_of(horizon),
        };
        let journeys = journey::derive(&world);
        let tables = load(&charter, &ledger, &journeys);
        let counts = check_credit(seed, &tables, &world, &journeys);
        (shared, between) = (shared + counts[0], between + counts[1]);
    }
    assert!(shared > 2_000 && between > 30, "{shared} {between}");
}

/// The rules of `credit.sql`: of all that are compared, those of places alone.
const RULES: &[&str] = MODELS.split_at(13).0;

/// A touch, and what it weighs by each.
type Weights = (u32, [u64; RULES.len()]);
/// By deal.
type Shared = BTreeMap<String, Vec<Weights>>;

/// Touches that count as direct, since no random ledger names channels.
fn is_direct(touch: u32) -> bool {
    touch.is_multiple_of(3)
}

/// Whose touches are whose, and when leads and deals were created.
fn load_touches(tables: &Connection, world: &World<'_>, journeys: &Journeys) {
    let buyer = |buyer| format!("{buyer:?}");
    for (number, pursuit) in (0u32..).zip(&journeys.pursuits) {
        let row = params![number, buyer(pursuit.buyer)];
        tables
            .execute("INSERT INTO buyer VALUES (?, ?)", row)
            .unwrap();
    }
    for (of, touches) in journey::contacts(world) {
        for touch in touches {
            if let Some(at) = touch.claimed {
                let row = params![buyer(of), touch.fact, at.0, is_direct(touch.fact)];
                tables
                    .execute("INSERT INTO touch VALUES (?, ?, ?, ?)", row)
                    .unwrap();
            }
        }
    }
    let until = |when: When| match when {
        When::Unknown => None,
        when => when.end(&world.charter.calendar).map(|end| end.0),
    };
    for (number, lead) in (0u32..).zip(&journeys.leads) {
        if let Some(pursuit) = lead.pursuit {
            let row = params![pursuit, number, until(lead.created.when)];
            let sql = "INSERT INTO lead VALUES (?, ?, ?)";
            tables.execute(sql, row).unwrap();
        }
    }
    for deal in &journeys.deals {
        let row = params![
            world.snapshot.names.text(deal.key),
            until(deal.created.when)
        ];
        let sql = "INSERT INTO made VALUES (?, ?)";
        tables.execute(sql, row).unwrap();
    }
}

/// Gives how many touches share a deal with others, and in how many deals the lead or the deal was
/// created between the first touch and the last.
fn check_credit(
    seed: u64,
    tables: &Connection,
    world: &World<'_>,
    journeys: &Journeys,
) -> [usize; 2] {
    load_touches(tables, world, journeys);
    let mut between = 0;
    let mut found: Shared = BTreeMap::new();
    for trail in Trails::new(world, journeys).of_deals(Credited::Won, &Scope::ALL) {
        let Counted::Deal(deal) = trail.member.counted else {
            unreachable!("credit is of deals")
        };
        let last = trail.touches.len().saturating_sub(1);
        let places = [trail.lead, trail.deal].into_iter().flatten();
        between += usize::from(places.clone().any(|place| place > 0 && place < last));
        let seen = trail.seen(is_direct);
        let weights: [Vec<u64>; RULES.len()] = std::array::from_fn(|at| {
            let name = RULES[at];
            let mut weights = Vec::new();
            let model = CreditModel::parse(name).unwrap();
            Rule::of(model.kind)
                .unwrap()
                .weigh(seen.trail(), &mut weights);
            weights
        });
        let key = world.snapshot.names.text(journeys.deals[deal as usize].key);
        let touches = trail.touches.iter().enumerate();
        let touches =
            touches.map(|(at, touch)| (*touch, std::array::from_fn(|rule| weights[rule][at])));
        let touches: Vec<Weights> = touches.collect();
        if !touches.is_empty() {
            found.insert(key.to_owned(), touches);
        }
    }
    let mut query = tables.prepare(&oracle("credit.sql")).unwrap();
    let rows = query.query_map([], |row| {
        let (deal, touch): (String, u32) = (row.get(0)?, row.get(1)?);
        Ok((deal, touch, row.get::<_, String>(2)?, row.get::<_, i64>(3)?))
    });
    let mut twin: Shared = BTreeMap::new();
    for (deal, touch, name, weight) in rows.unwrap().map(Result::unwrap) {
        let touches = twin.entry(deal).or_default();
        if touches.last().is_none_or(|(last, _)| *last != touch) {
            touches.push((touch, [0; RULES.len()]));
        }
        let rule = RULES.iter().position(|rule| *rule == name).unwrap();
        touches.last_mut().unwrap().1[rule] = weight as u64;
    }
    let parts = |deals: &Shared| -> Vec<String> {
        let of = |(deal, touches): (&String, &Vec<Weights>)| {
            let sums: [u64; RULES.len()] =
                std::array::from_fn(|rule| touches.iter().map(|(_, own)| own[rule]).sum());
            // As fractions of what each rule gives in all, in their lowest terms.
            let said = touches.iter().map(|(touch, own)| {
                let parts: Vec<String> = own
                    .iter()
                    .zip(sums)
                    .map(|(own, sum)| lowest(*own, sum))
                    .collect();
                format!("{deal} {touch} {}", parts.join(" "))
            });
            said.collect::<Vec<_>>()
        };
        deals.iter().flat_map(of).collect()
    };
    assert_eq!(parts(&found), parts(&twin), "seed {seed}");
    let several = found.values().filter(|touches| touches.len() > 1);
    [several.map(Vec::len).sum(), between]
}

fn lowest(part: u64, whole: u64) -> String {
    let (mut a, mut b) = (part, whole);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    format!("{}/{}", part / a.max(1), whole / a.max(1))
}

fn flow_of(tables: &Connection, sql: &str, from: Instant, until: Instant) -> Vec<[u32; 5]> {
    let mut flow = tables.prepare(sql).unwrap();
    let rows = flow
        .query_map(
            named_params! { ":from": from.0, ":until": until.0 },
            |row| {
                let mut cells = [0; 5];
                for (place, cell) in cells.iter_mut().enumerate() {
                    *cell = row.get(place)?;
                }
                Ok(cells)
            },
        )
        .unwrap();
    rows.map(Result::unwrap).collect()
}

fn check_cohort(
    seed: u64,
    tables: &Connection,
    charter: &Charter,
    journeys: &Journeys,
    (from, until): (Instant, Instant),
) {
    let rule = CohortRule {
        entry: StepIx(0),
        from: Some(from),
        until: Some(until),
        window_days: Some(4),
        entries: Entries::First,
        unit: Unit::Pursuit,
        horizon: until,
    };
    let entries = funnel::cohort(journeys, charter, &rule);
    for target in 1..4_usize {
        let reached = entries
            .iter()
            .filter(|entry| entry.reached[target].is_some())
            .count();
        let bound = named_params! {
            ":entry": 0, ":target": target as u32, ":days": 4, ":from": from.0, ":until": until.0,
        };
        let twin: (u32, u32) = tables
            .query_row(&oracle("cohort.sql"), bound, |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert_eq!(
            (entries.len() as u32, reached as u32),
            twin,
            "seed {seed} target {target}"
        );
    }
}

fn check_rest(
    seed: u64,
    tables: &Connection,
    world: &World<'_>,
    journeys: &Journeys,
    (from, until): (Instant, Instant),
) {
    let stays = funnel::stays(journeys, Unit::Pursuit);
    let there: Vec<(u32, u8)> = funnel::snapshot(&stays, until)
        .into_iter()
        .map(|at| &stays[at as usize])
        .map(|stay| (stay.members[0].pursuit, stay.step.0))
        .collect();
    let mut snapshot = tables.prepare(&oracle("snapshot.sql")).unwrap();
    let twin = snapshot
        .query_map(named_params! { ":at": until.0 }, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let twin: Vec<(u32, u8)> = twin.map(Result::unwrap).collect();
    assert_eq!(there, twin, "seed {seed}");

    let mut found: BTreeMap<String, (u32, i64)> = BTreeMap::new();
    for cycle in velocity::cycles(journeys, &world.charter.calendar, None) {
        let sums = found
            .entry(outcome(Some(cycle.outcome)).unwrap())
            .or_default();
        *sums = (sums.0 + 1, sums.1 + cycle.elapsed.seconds);
    }
    let mut velocity = tables.prepare(&oracle("velocity.sql")).unwrap();
    let twin = velocity
        .query_map([], |row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?))))
        .unwrap();
    let twin: BTreeMap<String, (u32, i64)> = twin.map(Result::unwrap).collect();
    assert_eq!(found, twin, "seed {seed}");

    let scope = Scope {
        from: Some(from),
        until: Some(until),
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let members = metric::measure(Metric::WinRate, world, journeys, &scope).members;
    let won = members.iter().filter(|member| member.is_part).count();
    let bound = named_params! { ":from": from.0, ":until": until.0 };
    let twin: (u32, u32) = tables
        .query_row(&oracle("win_rate.sql"), bound, |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!((won as u32, members.len() as u32), twin, "seed {seed}");
}

fn in_euros(members: &[metric::Member], is_part: bool) -> (i64, i64) {
    let meant = members.iter().filter(|member| !is_part || member.is_part);
    let euros = meant.filter_map(|member| member.money);
    let euros = euros.filter(|money| money.currency.code() == "EUR");
    (
        euros.clone().count() as i64,
        euros.map(|money| money.minor).sum(),
    )
}

fn check_win_rates(
    seed: u64,
    tables: &Connection,
    world: &World<'_>,
    journeys: &Journeys,
    (from, until): (Instant, Instant),
) {
    let members = |metric, unit| {
        let scope = Scope {
            from: Some(from),
            until: Some(until),
            unit,
            step: Some(StepIx(1)),
            ..Scope::ALL
        };
        metric::measure(metric, world, journeys, &scope).members
    };
    let share = |members: &[metric::Member]| {
        let part = members.iter().filter(|member| member.is_part).count();
        [part as i64, members.len() as i64]
    };
    let all_ends = share(&members(Metric::WinRateAllEnds, Unit::Deal));
    let by_value = members(Metric::WinRateByValue, Unit::Deal);
    let cohort = share(&members(Metric::WinRateCohort, Unit::Deal));
    let from_stage = share(&members(Metric::WinRateFrom, Unit::Pursuit));
    let by_value = [in_euros(&by_value, true).1, in_euros(&by_value, false).1];
    let found = [all_ends, by_value, cohort, from_stage].concat();
    let bound = named_params! { ":from": from.0, ":until": until.0, ":step": 1 };
    let twin: Vec<i64> = tables
        .query_row(&oracle("win_rates.sql"), bound, |row| {
            (0..8).map(|place| row.get(place)).collect()
        })
        .unwrap();
    assert_eq!(found, twin, "seed {seed}");
}

fn check_sales_velocity(
    seed: u64,
    tables: &Connection,
    world: &World<'_>,
    journeys: &Journeys,
    (from, until): (Instant, Instant),
) {
    let scope = Scope {
        from: Some(from),
        until: Some(until),
        unit: Unit::Pursuit,
        ..Scope::ALL
    };
    let parts = metric::velocity_parts(world, journeys, &scope);
    let closed = &parts.closed.members;
    let (with_amount, sum) = in_euros(&parts.won.members, false);
    let cycles = &parts.cycles.members;
    let seconds = cycles.iter().filter_map(|member| member.elapsed);
    let found = vec![
        parts.open.members.len() as i64,
        with_amount,
        sum,
        closed.iter().filter(|member| member.is_part).count() as i64,
        closed.len() as i64,
        cycles.len() as i64,
        seconds.map(|elapsed| elapsed.seconds).sum(),
    ];
    let bound = named_params! { ":from": from.0, ":until": until.0 };
    let twin: Vec<i64> = tables
        .query_row(&oracle("sales_velocity.sql"), bound, |row| {
            (0..7).map(|place| row.get(place)).collect()
        })
        .unwrap();
    assert_eq!(found, twin, "seed {seed}");
}

/// Fields of a file without quotes, but for the header.
fn published(folder: &Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(folder.join(name)).unwrap();
    let rows = text.lines().skip(1);
    let fields = |row: &str| row.split(',').map(str::to_owned).collect();
    rows.map(fields).collect()
}

/// An instant whose hour may have one digit, so that texts sort as instants do.
fn padded(instant: &str) -> String {
    let (day, time) = instant.split_once(' ').unwrap();
    format!("{day} {time:0>8}")
}

/// What the product is held to on dbt's playbook stands in `playbook.txt`, which is what SQL says.
#[test]
fn the_playbook_s_figures_are_what_its_sql_says() {
    let Some(folder) = std::env::var_os("HANDFAST_DATA") else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let folder = Path::new(&folder).join("dbt_attribution_playbook");
    let tables = Connection::open_in_memory().unwrap();
    let made = "CREATE TABLE session (customer TEXT, started TEXT, source TEXT);
        CREATE TABLE purchase (purchase INTEGER, customer TEXT, bought TEXT, cents INTEGER);";
    tables.execute_batch(made).unwrap();
    for row in published(&folder, "sessions.csv") {
        let sql = "INSERT INTO session VALUES (?, ?, ?)";
        let session = params![row[1], padded(&row[2]), row[4]];
        tables.execute(sql, session).unwrap();
    }
    for (number, row) in published(&folder, "customer_conversions.csv")
        .iter()
        .enumerate()
    {
        let dollars: f64 = row[2].parse().unwrap();
        let sql = "INSERT INTO purchase VALUES (?, ?, ?, ?)";
        let cents = (dollars * 100.0).round() as i64;
        let purchase = params![number as u32, row[0], padded(&row[1]), cents];
        tables.execute(sql, purchase).unwrap();
    }
    let sql = oracle("playbook.sql");
    let mut asked = tables.prepare(&sql).unwrap();
    let line = |row: &rusqlite::Row<'_>| {
        let cells: Vec<String> = (0..5).map(|at| row.get(at).unwrap()).collect();
        Ok(cells.join(" "))
    };
    let lines = asked.query_map([], line).unwrap();
    let lines: Vec<String> = lines.map(Result::unwrap).collect();
    assert_eq!(lines.join("\n") + "\n", oracle("playbook.txt"));
}
