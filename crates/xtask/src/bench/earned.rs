//! Credit in a book: won deals and the touches of ninety days before, by rule, from what is kept of
//! a book that was derived; beside DuckDB's SQL for linear credit alone, on the same rows as
//! Parquet.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::Command;

use super::cost::{Cost, measure};
use super::inputs::{Chance, day_of};
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, THREADS};

const ROWS: u64 = 20_000_000;
const GROWN: u64 = 100_000_000;
/// Touches for each deal.
const SHARE: u64 = 20;
const CHANNELS: [&str; 12] = [
    "search", "social", "email", "event", "webinar", "referral", "partner", "display", "content",
    "direct", "review", "podcast",
];
/// All models that are rules.
const RULES: &str = "first,last,linear,u_last,u_lead,u_even,w,full_path,j,j_equal,inverse_j,\
                     inverse_j_equal,last_non_direct,decay,participation";
const MOST_MIB: f64 = 400.0;

const STAGES: &str = r#"[opening]
lead = true
deal = true

[[stage]]
id = "open"
name = "Open"
marks = ["open"]
implied = true
means = "There is a deal."

[[stage]]
id = "won"
name = "Won"
role = "won"
marks = ["won"]
means = "Signed."
"#;

const SOURCE: &str = r#"source = "bench"
zone = "UTC"
currency = "USD"
observed_until = "2025-06-30"

[[stream]]
name = "touches"
files = ["touches*.csv"]
key = ["touch_id"]
mode = "events"

[[stream]]
name = "deals"
files = ["deals*.csv"]
key = ["deal_id"]

[[map]]
stream = "touches"
kind = "touch"
file = "touches.touch.sql"

[[map]]
stream = "deals"
kind = "deal"
file = "deals.deal.sql"
"#;

const TOUCHES_SQL: &str = "SELECT _record, as_time(at, 'iso') AS happened,
       account_id AS account, 'click' AS touch, channel, team
FROM touches
";

const DEALS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       deal_id AS deal, account_id AS account, as_money(amount, 'USD') AS amount,
       'won' AS status, as_date(created, '%Y-%m-%d') AS created,
       as_date(closed, '%Y-%m-%d') AS closed
FROM deals
";

/// The same rows, in the order that suits the question.
const PEER_FILES: &str = "
import duckdb
con = duckdb.connect()
con.execute(\"set memory_limit = '4GB'\")
con.execute('''copy (select account_id as account, cast(\"at\" as timestamp) as moment, channel
  from 'touches.csv' order by account, moment) to 'touches.parquet' (compression zstd)''')
con.execute('''copy (select deal_id as id, account_id as account, amount,
  cast(closed as timestamp) as closed from 'deals.csv' order by account, closed)
  to 'deals.parquet' (compression zstd)''')
";

/// Linear credit by channel, in three forms.
const FORMS: [(&str, &str); 3] = [
    (
        "window function",
        "select channel, sum(amount / n) from (
           select channel, amount, count(*) over (partition by id) as n from e) group by 1",
    ),
    (
        "grouped twice",
        "select channel, sum(amount * c / n) from (
           select id, channel, any_value(amount) as amount, count(*) as c from e group by 1, 2)
           join (select id, count(*) as n from e group by 1) using (id) group by 1",
    ),
    (
        "lists",
        "select channel, sum(part) from (
           select unnest(list) as channel, amount / len(list) as part from (
             select any_value(amount) as amount, list(channel) as list from e group by id))
         group by 1",
    ),
];

const PEER: &str = "
import sys, duckdb
con = duckdb.connect()
con.execute(f'set threads = {sys.argv[1]}')
for channel, worth in con.execute('''
  with e as (select d.id, d.amount, t.channel from 'deals.parquet' d join 'touches.parquet' t
    on t.account = d.account and t.moment >= d.closed - interval 90 day
    and t.moment < d.closed + interval 1 day) ''' + sys.argv[2]).fetchall():
    print(channel, worth)
";

pub fn section(bench: &Bench) -> Result<Section, String> {
    let mut sizes = vec![bench.options.rows.unwrap_or(ROWS)];
    sizes.extend(bench.options.is_growth.then_some(GROWN));
    let mut section = Section {
        title: "Credit in a book",
        about: format!(
            "A won deal for every {SHARE} touches, {} channels, a look-back of ninety days; a new \
             process for each answer, from what is derived. DuckDB: linear credit alone, the best \
             of {} forms of SQL, from Parquet sorted by account and time.",
            CHANNELS.len(),
            FORMS.len()
        ),
        costs: Vec::new(),
        ratios: Vec::new(),
    };
    for rows in sizes {
        one(bench, rows, &mut section)?;
    }
    Ok(section)
}

fn one(bench: &Bench, rows: u64, section: &mut Section) -> Result<(), String> {
    let folder = bench.folder.join("earned");
    write(&folder, rows).map_err(|error| format!("generated inputs: {error}"))?;
    super::quietly(&mut bench.handfast(&folder, &["init", "book", "--from", "example"]))?;
    let step = |what: &str, times, prepare: &dyn Fn() -> Command| {
        measure((what, Some(rows)), times, &bench.folder, || Ok(prepare()))
    };
    let ask = |models: &str| {
        let words = ["ask", "credit", "--book", "book", "--csv", "--models"];
        bench.handfast(&folder, &[&words[..], &[models]].concat())
    };
    let times = bench.options.times;
    let import = ["import", "book", "touches.csv", "deals.csv"];
    let costs = vec![
        step("import", 1, &|| bench.handfast(&folder, &import))?,
        step("derive all, then a flow", 1, &|| {
            bench.handfast(&folder, super::FLOW)
        })?,
        step(
            "the first credit, which keeps who was in each deal",
            1,
            &|| ask("linear"),
        )?,
    ];
    let linear = step("linear", times, &|| ask("linear"))?;
    let rules = step("all rules", times, &|| ask(RULES))?;
    let at = |what: &str| format!("{what} of {} touches", number(rows as f64));
    for cost in [&linear, &rules] {
        let peak = cost.peak_mib.map(|peak| Ratio {
            what: at(&format!("peak memory, {}", cost.what)),
            value: peak as f64,
            unit: " MiB",
            wanted: Wanted::AtMost(MOST_MIB),
        });
        section.ratios.extend(peak);
    }
    let forms = peers(bench, &folder, rows, &linear)?;
    if let Some(best) = forms.first() {
        section
            .ratios
            .extend(against(rows, (&linear, &rules), best));
    }
    section.costs.extend(costs);
    section.costs.extend([linear, rules]);
    section.costs.extend(forms);
    fs::remove_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))
}

/// Linear credit by DuckDB, the quickest form first.
fn peers(bench: &Bench, folder: &Path, rows: u64, ours: &Cost) -> Result<Vec<Cost>, String> {
    let Some(peers) = &bench.peers else {
        return Ok(Vec::new());
    };
    super::quietly(&mut peers.command(folder, PEER_FILES, &[]))?;
    let mut forms = Vec::new();
    for (form, sql) in FORMS {
        let what = format!("DuckDB, linear, {form}");
        let times = bench.options.times;
        let form = measure((&what, Some(rows)), times, &bench.folder, || {
            Ok(peers.command(folder, PEER, &[THREADS, sql]))
        })?;
        agree(ours, &form)?;
        forms.push(form);
    }
    forms.sort_by(|a, b| a.seconds().total_cmp(&b.seconds()));
    Ok(forms)
}

fn against(rows: u64, (linear, rules): (&Cost, &Cost), best: &Cost) -> Vec<Ratio> {
    let at = |what: &str| format!("{what} of {} touches", number(rows as f64));
    let (one, all) = (
        at("linear, DuckDB's best"),
        at("all rules, DuckDB's linear"),
    );
    let faster = at("linear, so many times as fast, DuckDB's best");
    let (ours, theirs) = (linear.seconds(), best.seconds());
    let ratios = [
        Some(Ratio::times(&faster, theirs, ours, Wanted::AtLeast(4.0))),
        Ratio::worked(&one, linear, best),
        Some(Ratio::times(
            &all,
            rules.seconds(),
            theirs,
            Wanted::AtMost(1.0),
        )),
        Ratio::worked(&all, rules, best),
    ];
    ratios.into_iter().flatten().collect()
}

/// Both give each channel the same, but for the cents that we do not split.
fn agree(ours: &Cost, theirs: &Cost) -> Result<(), String> {
    let mut lines = ours.said().lines().map(|line| line.split(',').collect());
    let head: Vec<&str> = lines.next().unwrap_or_default();
    let place = |name: &str| head.iter().position(|column| *column == name);
    let (Some(channel), Some(linear)) = (place("channel"), place("linear")) else {
        return Err(format!("no credit among what was answered: {head:?}"));
    };
    let worth = |cells: Vec<&str>| {
        let worth = cells.get(linear)?.split(' ').next()?.parse().ok()?;
        Some(((*cells.get(channel)?).to_owned(), worth))
    };
    let ours: BTreeMap<String, f64> = lines.filter_map(worth).collect();
    let mut seen = 0;
    for line in theirs.said().lines() {
        let told = line.split_once(' ');
        let told = told.and_then(|(channel, worth)| Some((channel, worth.parse::<f64>().ok()?)));
        let Some((channel, worth)) = told else {
            continue;
        };
        seen += 1;
        let own = ours.get(channel).copied().unwrap_or(0.0);
        if (own - worth).abs() > worth.abs() * 1e-4 {
            return Err(format!(
                "{channel}: {own} by us, {worth} by {}",
                theirs.what
            ));
        }
    }
    match seen {
        0 => Err(format!("{} said nothing", theirs.what)),
        _ => Ok(()),
    }
}

fn write(folder: &Path, touches: u64) -> io::Result<()> {
    let (charter, pack) = (
        folder.join("example/charter"),
        folder.join("example/sources/bench"),
    );
    fs::create_dir_all(&charter)?;
    fs::create_dir_all(&pack)?;
    for (path, text) in [
        (charter.join("calendar.toml"), super::inputs::CALENDAR),
        (charter.join("stages.toml"), STAGES),
        (charter.join("attribution.toml"), "look_back_days = 90\n"),
        (pack.join("source.toml"), SOURCE),
        (pack.join("touches.touch.sql"), TOUCHES_SQL),
        (pack.join("deals.deal.sql"), DEALS_SQL),
    ] {
        fs::write(path, text)?;
    }
    let deals = (touches / SHARE).max(1);
    let accounts = (deals * 3 / 5).max(1);
    let mut chance = Chance::new();
    // A few accounts have much of both.
    let account = |chance: &mut Chance| {
        let (a, b) = (chance.below(accounts) + 1, chance.below(accounts) + 1);
        a * b / accounts
    };
    let mut file = BufWriter::with_capacity(1 << 20, File::create(folder.join("touches.csv"))?);
    writeln!(file, "touch_id,account_id,channel,team,at")?;
    for id in 0..touches {
        let (of, channel) = (account(&mut chance), chance.one_of(&CHANNELS));
        let team = if chance.below(4) == 0 {
            "sales"
        } else {
            "marketing"
        };
        let (day, second) = (day_of(chance.below(730)), chance.below(86_400));
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        writeln!(
            file,
            "T{id},A{of},{channel},{team},{day}T{hour:02}:{minute:02}:{second:02}Z"
        )?;
    }
    file.flush()?;
    let mut file = BufWriter::with_capacity(1 << 20, File::create(folder.join("deals.csv"))?);
    writeln!(file, "deal_id,account_id,amount,created,closed")?;
    for id in 0..deals {
        let of = account(&mut chance);
        let (created, takes) = (chance.below(600), chance.below(130));
        let amount = chance.below(5_000_000) + 1;
        let (created, closed) = (day_of(created), day_of(created + takes));
        let (units, cents) = (amount / 100, amount % 100);
        writeln!(file, "D{id},A{of},{units}.{cents:02},{created},{closed}")?;
    }
    file.flush()
}
