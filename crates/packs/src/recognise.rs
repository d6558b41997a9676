//! Which system wrote a file, by its whole header: never by one column, for everybody has a `name`.

use std::collections::BTreeSet;

use handfast_charter::read_pack;

use crate::names::plain;
use crate::understand::{Rows, stem};
use crate::{Shipped, all};

/// A pack that ships and knows a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// The pack's name.
    pub pack: &'static str,
    /// What it reads, in a few words.
    pub title: &'static str,
    /// The stream that the file belongs to.
    pub stream: String,
    /// Columns of the header that the pack knows the stream by.
    pub matched: Vec<String>,
    /// Whether the file's name fits as well.
    pub is_named: bool,
}

/// A report that people download from a system's own pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Report {
    /// The system.
    pub system: &'static str,
    /// What its rows are.
    pub rows: Rows,
    /// Column names of which all must be there.
    must: &'static [&'static str],
    /// Column names of which at least one must be there besides.
    may: &'static [&'static str],
}

/// The packs that know a file by its header, the best first: more columns, then a fitting name.
pub fn shipped(file: &str, header: &[String]) -> Vec<Known> {
    let header: BTreeSet<String> = header.iter().map(|name| small(name)).collect();
    let named = systems_in(file);
    let may_be = |pack: &&Shipped| named.is_empty() || named.contains(&system(pack.name));
    let mut known: Vec<Known> = all()
        .iter()
        .filter(may_be)
        .flat_map(|pack| streams_of(pack, file, &header))
        .collect();
    known.sort_by_key(|one| {
        (
            std::cmp::Reverse((one.matched.len(), one.is_named)),
            one.pack,
            one.stream.clone(),
        )
    });
    known
}

/// The system of a pack: the first word of its name.
pub(crate) fn system(pack: &str) -> &str {
    pack.split('_').next().unwrap_or(pack)
}

/// The systems that a file's name speaks of: a file that says `pinterest` is not another's.
pub(crate) fn systems_in(file: &str) -> Vec<&'static str> {
    let file = plain(&stem(file));
    let systems = all().iter().map(|pack| system(pack.name));
    let is_said = |name: &&str| *name != "generic" && file.split(' ').any(|word| word == *name);
    systems.filter(is_said).collect()
}

/// Fewer columns than this say little by themselves: `id`, `name` and a stamp are in every table.
const TELLING: usize = 4;

fn streams_of(shipped: &'static Shipped, file: &str, header: &BTreeSet<String>) -> Vec<Known> {
    let Ok(pack) = read_pack(shipped.name, &shipped.source()) else {
        return Vec::new();
    };
    let file = stem(file).to_lowercase();
    let streams = pack.streams.into_iter().filter(|stream| {
        let columns = &stream.recognised_by;
        columns.len() > 1 && columns.iter().all(|column| header.contains(&small(column)))
    });
    let known = streams.map(|stream| Known {
        pack: shipped.name,
        title: shipped.title,
        is_named: stream.files.iter().any(|pattern| is_named(pattern, &file)),
        matched: stream.recognised_by,
        stream: stream.name,
    });
    known
        .filter(|one| match one.matched.len() {
            TELLING.. => true,
            3 => one.is_named,
            _ => one.is_named && speaks_of(shipped, header),
        })
        .collect()
}

/// Whether a file's name, in small letters and without its ending, fits a pattern.
fn is_named(pattern: &str, file: &str) -> bool {
    let stem = pattern.split('.').next().unwrap_or(pattern).to_lowercase();
    let mut rest = file;
    stem.split('*').all(|piece| match rest.split_once(piece) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    })
}

/// Whether a pack's texts name every column of a header: then the file follows its template.
fn speaks_of(shipped: &Shipped, header: &BTreeSet<String>) -> bool {
    let texts = shipped.files.iter();
    let texts: Vec<String> = texts.map(|(_, text)| text.to_lowercase()).collect();
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let words: BTreeSet<&str> = texts
        .iter()
        .flat_map(|text| text.split(|c| !is_part(c)))
        .collect();
    header.iter().all(|column| words.contains(column.as_str()))
}

/// Header names are compared without regard to case: warehouses write them either way.
fn small(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').to_lowercase()
}

/// The report that a header is of; the one that asks for most columns wins.
pub fn report(header: &[String]) -> Option<&'static Report> {
    let header: BTreeSet<String> = header.iter().map(|name| plain(name)).collect();
    let has = |name: &str| header.contains(name);
    let fits = |report: &&Report| {
        report.must.iter().all(|name| has(name))
            && (report.may.is_empty() || report.may.iter().any(|name| has(name)))
    };
    REPORTS
        .iter()
        .filter(fits)
        .max_by_key(|report| report.must.len())
}

impl Report {
    /// The columns it was known by, for the reason.
    pub fn columns(&self) -> String {
        self.must.join(", ")
    }
}

const fn told(
    system: &'static str,
    rows: Rows,
    must: &'static [&'static str],
    may: &'static [&'static str],
) -> Report {
    Report {
        system,
        rows,
        must,
        may,
    }
}

/// Reports by the names that their columns have on the page, in plain words.
static REPORTS: [Report; 30] = [
    told(
        "Salesforce lead report",
        Rows::Lead,
        &["lead source", "lead status"],
        &["lead id", "company account", "lead owner", "email"],
    ),
    told(
        "Salesforce opportunity report",
        Rows::Deal,
        &["opportunity name", "stage", "close date"],
        &[],
    ),
    told(
        "Salesforce opportunity report",
        Rows::Deal,
        &["opportunity id", "stage", "close date"],
        &[],
    ),
    told(
        "Salesforce opportunity history report",
        Rows::History,
        &["opportunity id", "from stage", "to stage"],
        &[],
    ),
    told(
        "Salesforce opportunity history report",
        Rows::History,
        &["opportunity name", "from stage", "to stage"],
        &[],
    ),
    told(
        "Salesforce lead history report",
        Rows::History,
        &["lead id", "field event", "new value"],
        &[],
    ),
    told(
        "Salesforce campaign member report",
        Rows::Touch,
        &["campaign name", "member status"],
        &["lead id", "contact id", "email"],
    ),
    told(
        "Salesforce account report",
        Rows::Account,
        &["account id", "account name"],
        &["billing country", "industry", "type"],
    ),
    told(
        "HubSpot contact export",
        Rows::Lead,
        &["record id contact", "lifecycle stage"],
        &[],
    ),
    told(
        "HubSpot contact export",
        Rows::Lead,
        &["record id", "email", "lifecycle stage"],
        &[],
    ),
    told(
        "HubSpot contact export",
        Rows::Lead,
        &["record id", "first name", "last name", "email"],
        &[],
    ),
    told(
        "HubSpot company export",
        Rows::Account,
        &["record id", "company name", "company domain name"],
        &[],
    ),
    told(
        "HubSpot deal export",
        Rows::Deal,
        &["deal name", "deal stage", "close date"],
        &[],
    ),
    told(
        "Marketo lead export",
        Rows::Lead,
        &["id", "email address", "lead score"],
        &[],
    ),
    told(
        "Marketo lead export",
        Rows::Lead,
        &["marketo id", "email address"],
        &[],
    ),
    told(
        "Marketo activity export",
        Rows::Touch,
        &["marketo guid", "lead id", "activity date"],
        &[],
    ),
    told(
        "Pardot prospect export",
        Rows::Lead,
        &["prospect id", "score", "grade"],
        &[],
    ),
    told(
        "Pardot prospect export",
        Rows::Lead,
        &["email", "score", "grade", "campaign"],
        &[],
    ),
    told(
        "Google Ads report",
        Rows::Spend,
        &["campaign", "cost", "impr"],
        &[],
    ),
    told(
        "Google Ads report",
        Rows::Spend,
        &["campaign", "cost", "clicks", "interactions"],
        &[],
    ),
    told(
        "Google Ads report",
        Rows::Spend,
        &["kampagne", "kosten", "klicks"],
        &[],
    ),
    told(
        "Meta Ads report",
        Rows::Spend,
        &["campaign name", "reporting starts", "reporting ends"],
        &[],
    ),
    told(
        "Meta Ads report",
        Rows::Spend,
        &["nombre de la campaña", "inicio del informe"],
        &[],
    ),
    told(
        "LinkedIn Ads report",
        Rows::Spend,
        &["campaign name", "total spent"],
        &["start date in utc", "campaign group name", "impressions"],
    ),
    told(
        "Microsoft Advertising report",
        Rows::Spend,
        &["campaign", "spend", "impressions", "clicks"],
        &["gregorian date", "day", "account name"],
    ),
    told(
        "Microsoft Advertising report",
        Rows::Spend,
        &["campaign name", "spend", "impressions"],
        &["gregorian date", "account number"],
    ),
    told(
        "TikTok Ads report",
        Rows::Spend,
        &["campaign name", "cost", "impressions"],
        &["by day", "date"],
    ),
    told(
        "Google Analytics export",
        Rows::Spend,
        &["session source medium", "advertiser ad cost"],
        &[],
    ),
    told(
        "Bizible touchpoint export",
        Rows::Touch,
        &["touchpoint date", "touchpoint type"],
        &["marketing channel", "touchpoint position"],
    ),
    told(
        "Pipedrive deal export",
        Rows::Deal,
        &["deal title", "deal stage", "deal value"],
        &[],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn of(header: &str) -> &'static str {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        report(&header).map_or("nothing", |report| report.system)
    }

    #[test]
    fn reports_are_known_by_several_columns_and_never_by_one() {
        for (header, system) in [
            (
                "Lead ID,Lead Source,Lead Status,Created Date",
                "Salesforce lead report",
            ),
            (
                "Opportunity Name,Stage,Close Date,Amount",
                "Salesforce opportunity report",
            ),
            (
                "Record ID - Contact,First Name,Email,Lifecycle Stage",
                "HubSpot contact export",
            ),
            (
                "Record ID,Deal Name,Deal Stage,Close Date,Amount",
                "HubSpot deal export",
            ),
            ("Campaign,Cost,Impr.,Clicks", "Google Ads report"),
            (
                "Reporting starts,Reporting ends,Campaign name,Amount spent (EUR)",
                "Meta Ads report",
            ),
            (
                "Start Date (in UTC),Campaign Name,Total Spent,Impressions",
                "LinkedIn Ads report",
            ),
            (
                "Gregorian date,Campaign,Spend,Impressions,Clicks",
                "Microsoft Advertising report",
            ),
            ("marketoGUID,leadId,activityDate", "Marketo activity export"),
            ("Campaign", "nothing"),
            ("Stage", "nothing"),
            ("Email,Name", "nothing"),
            ("id,name,created", "nothing"),
        ] {
            assert_eq!(of(header), system, "{header}");
        }
        for report in &REPORTS {
            assert!(
                report.must.len() > 1,
                "{} is known by one column",
                report.system
            );
            for name in report.must.iter().chain(report.may) {
                assert_eq!(plain(name), *name, "{}", report.system);
            }
        }
    }

    #[test]
    fn packs_that_ship_know_their_own_headers() {
        for pack in all() {
            let read = read_pack(pack.name, &pack.source()).unwrap();
            let telling = read
                .streams
                .iter()
                .filter(|stream| stream.recognised_by.len() >= TELLING);
            for stream in telling {
                let columns = stream.recognised_by.iter();
                let shouted: Vec<String> = columns.map(|c| c.to_uppercase()).collect();
                let known = shipped("some-export.csv", &shouted);
                let found = known
                    .iter()
                    .any(|one| one.pack == pack.name && one.stream == stream.name);
                assert!(found, "{}/{}", pack.name, stream.name);
            }
        }
        let header = |text: &str| -> Vec<String> { text.split(',').map(str::to_owned).collect() };
        assert!(shipped("x.csv", &header("name")).is_empty());
        // Two columns are a template only under its name, and with nothing else beside them.
        assert!(shipped("x.csv", &header("lead_id,created_at")).is_empty());
        assert!(shipped("leads.csv", &header("lead_id,created_at,favourite_colour")).is_empty());
        let template = shipped("leads-2024.csv", &header("lead_id,created_at"));
        assert!(template.iter().any(|one| one.pack == "generic"));
    }
}
