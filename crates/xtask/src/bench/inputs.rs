//! Generated exports for the bench: leads, touches and deals of an invented company, with the
//! charter and the source pack that a person would write for them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub(super) const CALENDAR: &str = "name = \"Bench\"\nzone = \"UTC\"\ncurrency = \"USD\"\n";

pub(super) const STAGES: &str = r#"[opening]
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

pub(super) const CHANNELS: &str = r#"[[channel]]
id = "paid"
when = "touch.medium = 'cpc'"

[[channel]]
id = "email"
when = "touch.medium = 'email'"
"#;

pub(super) const ATTRIBUTES: &str = "[person]\norigin = \"text\"\n[touch]\nmedium = \"text\"\n";

const SOURCE: &str = r#"source = "bench"
zone = "UTC"
currency = "USD"
observed_until = "2024-12-31"

[[stream]]
name = "leads"
files = ["leads*.csv"]
key = ["lead_id"]
people = [{ column = "lead_id", namespace = "bench", email = "email" }]
safe = ["origin", "created"]

[[stream]]
name = "touches"
files = ["touches*.csv"]
key = ["touch_id"]
mode = "events"
people = [{ column = "lead_id", namespace = "bench" }]
safe = ["touch_id", "kind", "medium", "at"]

[[stream]]
name = "deals"
files = ["deals*.csv"]
key = ["deal_id"]
people = [{ column = "lead_id", namespace = "bench" }]
safe = ["deal_id", "amount", "status", "created", "closed"]

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

const LEADS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       lead_id AS person, email, origin
FROM leads
";

const TOUCHES_SQL: &str = "SELECT _record, as_time(at, 'iso') AS happened,
       lead_id AS person, kind AS touch, medium, 'marketing' AS team
FROM touches
";

const DEALS_SQL: &str = "SELECT _record, as_date(created, '%Y-%m-%d') AS happened,
       deal_id AS deal, lead_id AS person, as_money(amount, 'USD') AS amount, status,
       as_date(created, '%Y-%m-%d') AS created, as_date(closed, '%Y-%m-%d') AS closed
FROM deals
";

/// The cohort by month as a DuckDB user would count it from the files.
pub const PEER: &str = "
import duckdb
duckdb.sql('''
  with l as (select * from 'leads.csv'), t as (select * from 'touches.csv'),
       d as (select * from 'deals.csv'),
       e as (select lead_id, min(\"at\") as engaged from t where kind = 'demo_request' group by 1)
  select date_trunc('month', l.created) as month, count(*) as entered, count(e.engaged) as engaged,
         count(*) filter (where d.status = 'won') as won
  from l left join e using (lead_id) left join d using (lead_id) group by 1 order by 1
''').fetchall()
";

/// Writes `example/` (charter and pack) and the three exports, `rows` rows in all,
/// and a day's touches beside them.
pub fn write(folder: &Path, rows: u64) -> io::Result<()> {
    let (charter, pack) = (
        folder.join("example/charter"),
        folder.join("example/sources/bench"),
    );
    fs::create_dir_all(&charter)?;
    fs::create_dir_all(&pack)?;
    fs::write(charter.join("calendar.toml"), CALENDAR)?;
    fs::write(charter.join("stages.toml"), STAGES)?;
    fs::write(charter.join("channels.toml"), CHANNELS)?;
    fs::write(charter.join("attributes.toml"), ATTRIBUTES)?;
    fs::write(pack.join("source.toml"), SOURCE)?;
    fs::write(pack.join("leads.person.sql"), LEADS_SQL)?;
    fs::write(pack.join("touches.touch.sql"), TOUCHES_SQL)?;
    fs::write(pack.join("deals.deal.sql"), DEALS_SQL)?;
    let leads = (rows * 3 / 10).max(1);
    let deals = rows / 10;
    let mut chance = Chance::new();
    write_leads(&folder.join("leads.csv"), leads, &mut chance)?;
    let touches = rows.saturating_sub(leads + deals);
    write_touches(&folder.join("touches.csv"), 0..touches, leads, &mut chance)?;
    // What a day adds.
    let day = touches..touches + day_rows(rows);
    write_touches(&folder.join("touches-day.csv"), day, leads, &mut chance)?;
    write_deals(&folder.join("deals.csv"), deals, leads, &mut chance)
}

/// The rows of one day of a book of so many.
pub fn day_rows(rows: u64) -> u64 {
    (rows / 1_000).max(1)
}

fn write_leads(path: &Path, count: u64, chance: &mut Chance) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "lead_id,email,origin,created")?;
    for id in 0..count {
        let origin = chance.one_of(&["search", "social", "event", "referral", ""]);
        let day = day_of(chance.below(600));
        writeln!(
            file,
            "L{id},person{id}@company{}.example,{origin},{day}",
            id % 997
        )?;
    }
    file.flush()
}

fn write_touches(
    path: &Path,
    ids: std::ops::Range<u64>,
    leads: u64,
    chance: &mut Chance,
) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "touch_id,lead_id,kind,medium,at")?;
    for id in ids {
        let lead = chance.below(leads);
        let kinds = ["page_view", "page_view", "email_click", "demo_request"];
        let kind = chance.one_of(&kinds);
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

/// Every third lead or so has one deal, open or closed up to half a year later.
fn write_deals(path: &Path, count: u64, leads: u64, chance: &mut Chance) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    writeln!(file, "deal_id,lead_id,amount,status,created,closed")?;
    for id in 0..count {
        let lead = id * leads / count.max(1);
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
            "D{id},L{lead},{units}.{cents:02},{status},{created},{closed}"
        )?;
    }
    file.flush()
}

/// A day counted from the first of January 2023, as text; 2024 is a leap year.
pub(super) fn day_of(mut days: u64) -> String {
    let mut year = 2023;
    loop {
        let february = if year % 4 == 0 { 29 } else { 28 };
        let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        for (month, length) in (1..).zip(months) {
            if days < length {
                return format!("{year}-{month:02}-{:02}", days + 1);
            }
            days -= length;
        }
        year += 1;
    }
}

/// A small generator with a seed (splitmix64): the bench must read the same rows every time.
pub(super) struct Chance(u64);

impl Chance {
    pub fn new() -> Chance {
        Chance(2024)
    }

    /// Another row of chances, by its number.
    pub fn seeded(seed: u64) -> Chance {
        Chance(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }

    pub fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        let index = self.below(texts.len() as u64) as usize;
        texts.get(index).copied().unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_run_through_the_leap_year() {
        assert_eq!(day_of(0), "2023-01-01");
        assert_eq!(day_of(365 + 59), "2024-02-29");
        assert_eq!(day_of(730), "2024-12-31");
    }
}
