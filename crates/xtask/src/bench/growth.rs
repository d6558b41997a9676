//! The growth set: per hundred touches ten people, two accounts and one deal, six stages. Nothing
//! personal is in it, so what is measured is counting.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::inputs::{ATTRIBUTES, CALENDAR, CHANNELS, Chance, day_of};

const STAGES: &str = r#"[opening]
lead = true
deal = true

[[stage]]
id = "lead"
name = "Lead"
marks = ["lead"]
opens = true
implied = true
means = "Somebody asked us something."

[[stage]]
id = "engaged"
name = "Engaged"
enters_when = "touches('demo_request', 90 days) >= 1"
implied = true
means = "Asked for a demo."

[[stage]]
id = "met"
name = "Met"
enters_when = "touches('meeting', 90 days) >= 1"
implied = true
means = "Sat down with us."

[[stage]]
id = "proposed"
name = "Proposed"
enters_when = "touches('proposal', 90 days) >= 1"
implied = true
means = "Has our price."

[[stage]]
id = "won"
name = "Won"
role = "won"
marks = ["won"]
means = "Signed."

[[stage]]
id = "lost"
name = "Lost"
role = "lost"
marks = ["lost"]
means = "Bought elsewhere, or nothing."
"#;

const SOURCE: &str = r#"source = "bench"
zone = "UTC"
currency = "USD"
observed_until = "2024-12-31"

[[stream]]
name = "accounts"
files = ["accounts*.csv"]
key = ["account_id"]

[[stream]]
name = "leads"
files = ["leads*.csv"]
key = ["lead_id"]
people = [{ column = "lead_id", namespace = "bench" }]
safe = ["lead_id", "account_id", "origin", "created"]

[[stream]]
name = "touches"
files = ["touches*.csv"]
key = ["touch_id"]
mode = "events"
people = [{ column = "lead_id", namespace = "bench" }]
safe = ["touch_id", "lead_id", "kind", "medium", "at"]

[[stream]]
name = "deals"
files = ["deals*.csv"]
key = ["deal_id"]

[[map]]
stream = "accounts"
kind = "account"
file = "accounts.account.sql"

[[map]]
stream = "leads"
kind = "person"
file = "leads.person.sql"

[[map]]
stream = "touches"
kind = "touch"
file = "touches.touch.sql"

[[map]]
stream = "deals"
kind = "deal"
file = "deals.deal.sql"
"#;

const ACCOUNTS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       account_id AS account, region
FROM accounts
";

const LEADS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       lead_id AS person, account_id AS account, origin
FROM leads
";

const TOUCHES_SQL: &str = "SELECT _record, as_time(at, 'iso') AS happened,
       lead_id AS person, kind AS touch, medium, 'marketing' AS team
FROM touches
";

const DEALS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       deal_id AS deal, account_id AS account, as_money(amount, 'USD') AS amount, status,
       as_date(created, '%Y-%m-%d') AS created, as_date(closed, '%Y-%m-%d') AS closed
FROM deals
";

/// Makes the Parquet files that the peer reads.
pub const PEER_FILES: &str = "
import duckdb
for name in ['accounts', 'leads', 'touches', 'deals']:
    duckdb.sql(f\"copy (select * from '{name}.csv') to '{name}.parquet'\")
";

/// The stage counts alone, with window functions, as a DuckDB user would count them.
pub const PEER: &str = "
import sys, duckdb
duckdb.sql(f'set threads = {sys.argv[1]}')
print(duckdb.sql('''
  with e as (
    select coalesce(l.account_id, lead_id) as buyer, cast(t.\"at\" as timestamp) as moment, kind
      from 'touches.parquet' t join 'leads.parquet' l using (lead_id)
    union all select coalesce(account_id, lead_id), cast(created as timestamp), 'lead'
      from 'leads.parquet'
    union all select account_id, cast(closed as timestamp), status from 'deals.parquet'
      where status <> 'open'),
  w as (
    select buyer, moment, kind,
      min(case when kind = 'lead' then moment end) over before as lead,
      max(case when kind = 'demo_request' then moment end) over before as engaged,
      max(case when kind = 'meeting' then moment end) over before as met,
      max(case when kind = 'proposal' then moment end) over before as proposed
    from e
    window before as (partition by buyer order by moment
                      rows between unbounded preceding and current row)),
  s as (
    select buyer, min(lead) as lead,
      min(case when lead <= engaged then engaged end) as engaged,
      min(case when lead <= engaged and engaged <= met then met end) as met,
      min(case when engaged <= met and met <= proposed then proposed end) as proposed,
      min(case when kind = 'won' then moment end) as won,
      min(case when kind = 'lost' then moment end) as lost
    from w group by buyer)
  select date_trunc('month', lead) as month, count(lead), count(engaged), count(met),
         count(proposed), count(won), count(lost)
  from s group by 1 order by 1
''').fetchall())
";

/// Writes the set of so many touches, and ten thousand more beside it.
pub fn write(folder: &Path, touches: u64) -> io::Result<()> {
    let (charter, pack) = (
        folder.join("example/charter"),
        folder.join("example/sources/bench"),
    );
    fs::create_dir_all(&charter)?;
    fs::create_dir_all(&pack)?;
    let attributes = [ATTRIBUTES, "[account]\nregion = \"text\"\n"].concat();
    for (name, text) in [
        ("calendar.toml", CALENDAR),
        ("stages.toml", STAGES),
        ("channels.toml", CHANNELS),
        ("attributes.toml", &attributes),
    ] {
        fs::write(charter.join(name), text)?;
    }
    for (name, text) in [
        ("source.toml", SOURCE),
        ("accounts.account.sql", ACCOUNTS_SQL),
        ("leads.person.sql", LEADS_SQL),
        ("touches.touch.sql", TOUCHES_SQL),
        ("deals.deal.sql", DEALS_SQL),
    ] {
        fs::write(pack.join(name), text)?;
    }
    let of = |share: u64| (touches / share).max(1);
    let (people, accounts, deals) = (of(10), of(50), of(100));
    let mut chance = Chance::new();
    write_accounts(&folder.join("accounts.csv"), accounts, &mut chance)?;
    write_people(&folder.join("leads.csv"), people, accounts, &mut chance)?;
    let all = 0..touches;
    write_touches(&folder.join("touches.csv"), all, people, &mut chance)?;
    let more = touches..touches + MORE;
    write_touches(&folder.join("touches-more.csv"), more, people, &mut chance)?;
    write_deals(&folder.join("deals.csv"), deals, accounts, &mut chance)
}

/// New touches of random buyers.
pub const MORE: u64 = 10_000;

fn write_accounts(path: &Path, count: u64, chance: &mut Chance) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "account_id,region,created")?;
    for id in 0..count {
        let region = chance.one_of(&["north", "south", "east", "west", ""]);
        writeln!(file, "A{id},{region},{}", day_of(chance.below(300)))?;
    }
    file.flush()
}

fn write_people(path: &Path, count: u64, accounts: u64, chance: &mut Chance) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "lead_id,account_id,origin,created")?;
    for id in 0..count {
        // One in five is nobody's.
        let account = match id % 5 {
            0 => String::new(),
            _ => format!("A{}", chance.below(accounts)),
        };
        let origin = chance.one_of(&["search", "social", "event", "referral", ""]);
        let day = day_of(chance.below(600));
        writeln!(file, "L{id},{account},{origin},{day}")?;
    }
    file.flush()
}

fn write_touches(
    path: &Path,
    ids: std::ops::Range<u64>,
    people: u64,
    chance: &mut Chance,
) -> io::Result<()> {
    let kinds = [
        "page_view",
        "page_view",
        "page_view",
        "page_view",
        "page_view",
        "email_click",
        "email_click",
        "demo_request",
        "meeting",
        "proposal",
    ];
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "touch_id,lead_id,kind,medium,at")?;
    for id in ids {
        let (lead, kind) = (chance.below(people), chance.one_of(&kinds));
        let medium = chance.one_of(&["cpc", "email", "organic", "social"]);
        let (day, second) = (day_of(chance.below(700)), chance.below(86_400));
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        writeln!(
            file,
            "T{id},L{lead},{kind},{medium},{day}T{hour:02}:{minute:02}:{second:02}Z"
        )?;
    }
    file.flush()
}

fn write_deals(path: &Path, count: u64, accounts: u64, chance: &mut Chance) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "deal_id,account_id,amount,status,created,closed")?;
    for id in 0..count {
        let account = chance.below(accounts);
        let (created, takes) = (chance.below(540), chance.below(180));
        let status = chance.one_of(&["won", "lost", "open"]);
        let closed = match status {
            "open" => String::new(),
            _ => day_of(created + takes),
        };
        let (amount, created) = (chance.below(5_000_000), day_of(created));
        let (units, cents) = (amount / 100, amount % 100);
        writeln!(
            file,
            "D{id},A{account},{units}.{cents:02},{status},{created},{closed}"
        )?;
    }
    file.flush()
}
