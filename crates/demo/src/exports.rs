//! What a CRM and a marketing tool would hand over: text files in the shapes such tools really
//! give.
//!
//! The CRM writes commas and UTC, every state of a row with its update stamp, and a history table.
//! The marketing tool writes semicolons, `dd.mm.yyyy` and the clock on the wall, one file with a
//! byte-order mark and one in UTF-16 with decimal commas. Some rows come twice, as rows do. A
//! second delivery brings closes of an earlier quarter. Nothing here counts; read on in `truth`.

use std::fmt::Write;

use crate::clock::dotted;
use crate::world::{Company, Deal, DealVersion, LeadVersion};

/// How a file's text becomes bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 behind a byte-order mark.
    Utf8WithMark,
    /// UTF-16, little end first, behind a byte-order mark.
    Utf16,
}

/// One exported file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExportFile {
    /// Its name; a second delivery lies in the folder `late`.
    pub name: String,
    /// Its text.
    pub text: String,
    /// How its bytes are written.
    pub encoding: Encoding,
}

impl ExportFile {
    /// The bytes to write.
    pub fn bytes(&self) -> Vec<u8> {
        match self.encoding {
            Encoding::Utf8 => self.text.clone().into_bytes(),
            Encoding::Utf8WithMark => ["\u{feff}", &self.text].concat().into_bytes(),
            Encoding::Utf16 => {
                let units = std::iter::once(0xfeff).chain(self.text.encode_utf16());
                units.flat_map(u16::to_le_bytes).collect()
            }
        }
    }

    /// Whether it belongs to the second delivery.
    pub fn is_late(&self) -> bool {
        self.name.starts_with("late/")
    }

    /// Whether the marketing tool wrote it, and not the CRM.
    pub fn is_of_marketing(&self) -> bool {
        self.name.starts_with("marketing_")
    }
}

impl Company {
    /// All files, first those of the first delivery.
    pub fn exports(&self) -> Vec<ExportFile> {
        let file = |name: &str, text: String| ExportFile {
            name: name.to_owned(),
            text,
            encoding: Encoding::Utf8,
        };
        let marketing = |name: &str, text: String, encoding| ExportFile {
            encoding,
            ..file(name, text)
        };
        vec![
            file("crm_users.csv", self.crm_reps()),
            file("crm_accounts.csv", self.crm_accounts()),
            file("crm_leads.csv", self.crm_leads()),
            file("crm_lead_history.csv", self.crm_lead_history()),
            file("crm_opportunities.csv", self.crm_opportunities(false)),
            file(
                "crm_opportunity_history.csv",
                self.crm_opportunity_history(false),
            ),
            file("crm_activities.csv", self.crm_activities()),
            file("crm_rates.csv", self.crm_rates()),
            file("crm_targets.csv", self.crm_targets()),
            file("marketing_campaigns.csv", self.marketing_campaigns()),
            marketing(
                "marketing_touches.csv",
                self.marketing_touches(),
                Encoding::Utf8WithMark,
            ),
            marketing(
                "marketing_spend.csv",
                self.marketing_spend(),
                Encoding::Utf16,
            ),
            file(
                "late/crm_opportunities_q3.csv",
                self.crm_opportunities(true),
            ),
            file(
                "late/crm_opportunity_history_q3.csv",
                self.crm_opportunity_history(true),
            ),
        ]
    }

    fn crm_reps(&self) -> String {
        let mut table = Table::new(
            ',',
            "user_id,name,email,role,team,region,manager_id,updated_at",
        );
        for rep in &self.reps {
            for (since, team) in &rep.seats {
                let is_marketing = ["Demand", "SDR (Marketing)"].contains(team);
                let manager = if is_marketing { "U-01" } else { "U-02" };
                table.row(&[
                    &rep.id,
                    &rep.name,
                    &rep.email,
                    rep.role,
                    team,
                    rep.region.word(),
                    if rep.id == manager { "" } else { manager },
                    &since.utc(),
                ]);
            }
        }
        table.text
    }

    fn crm_accounts(&self) -> String {
        let head = "account_id,name,domain,country,region,industry,employees,created_at";
        let mut table = Table::new(',', head);
        for account in &self.accounts {
            table.row(&[
                &account.id,
                &account.name,
                &account.domain,
                account.country,
                account.region.word(),
                account.industry,
                &account.employees.to_string(),
                &account.created.utc(),
            ]);
        }
        table.text
    }

    fn crm_leads(&self) -> String {
        let head = "lead_id,updated_at,created_at,first_name,last_name,email,job_title,country,\
                    region,lead_source,account_id,status,lead_score,owner_id,\
                    converted_opportunity_id";
        let mut rows: Vec<(usize, &LeadVersion)> = Vec::new();
        for (number, lead) in self.leads.iter().enumerate() {
            rows.extend(lead.versions.iter().map(|version| (number, version)));
        }
        rows.sort_by_key(|(number, version)| (version.at, *number));
        let mut table = Table::new(',', head);
        for (number, version) in rows {
            let Some(lead) = self.leads.get(number) else {
                continue;
            };
            let created = lead.versions.first().map(|first| first.at.utc());
            table.row(&[
                &lead.id,
                &version.at.utc(),
                &created.unwrap_or_default(),
                &lead.name.0,
                &lead.name.1,
                &lead.email,
                lead.title,
                lead.country,
                lead.region.word(),
                lead.channel.word(),
                self.account_id(lead.account),
                version.status,
                &version.score.to_string(),
                self.rep_id(version.owner),
                self.deal_id(version.deal),
            ]);
        }
        table.text
    }

    fn crm_lead_history(&self) -> String {
        let head = "history_id,lead_id,changed_at,field,old_value,new_value,reason,changed_by";
        let mut table = Table::new(',', head);
        for (number, row) in self.lead_changes.iter().enumerate() {
            table.row(&[
                &format!("H-{:06}", number + 1),
                self.lead_id(Some(row.lead)),
                &row.at.utc(),
                row.field.word(),
                &row.old,
                &row.new,
                row.reason,
                self.rep_id(row.by),
            ]);
        }
        table.text
    }

    /// The states of deals in order of time, with those that a delivery brings anew or again.
    fn deal_rows(&self, is_late: bool) -> Vec<(&Deal, usize, &DealVersion)> {
        let mut rows = Vec::new();
        for deal in &self.deals {
            let all = deal.versions.iter().enumerate();
            rows.extend(all.map(|(place, version)| (deal, place, version)));
        }
        rows.sort_by_key(|(deal, place, version)| (version.at, &deal.id, *place));
        let missed = |(deal, place, _): &(&Deal, usize, &DealVersion)| {
            deal.is_late && *place + 1 == deal.versions.len()
        };
        if !is_late {
            rows.retain(|row| !missed(row));
            return rows;
        }
        let (new, old): (Vec<_>, Vec<_>) = rows.into_iter().partition(missed);
        let again = old.into_iter().step_by(31).take(LATE_DUPLICATES);
        new.into_iter().chain(again).collect()
    }

    fn crm_opportunities(&self, is_late: bool) -> String {
        let head = "opportunity_id,updated_at,created_at,account_id,lead_id,product,stage,amount,\
                    currency,expected_close,closed_on,owner_id,loss_reason,competitor";
        let mut table = Table::new(',', head);
        for (deal, _, version) in self.deal_rows(is_late) {
            let is_closed = version.stage.starts_with("Closed");
            let created = deal.versions.first().map(|first| first.at.utc());
            table.row(&[
                &deal.id,
                &version.at.utc(),
                &created.unwrap_or_default(),
                self.account_id(Some(deal.account)),
                self.lead_id(deal.lead),
                deal.product,
                version.stage,
                &amount(version.minor, '.'),
                deal.currency,
                &version.expected.to_string(),
                &if is_closed {
                    version.at.day.to_string()
                } else {
                    String::new()
                },
                self.rep_id(Some(deal.owner)),
                version.reason,
                version.competitor,
            ]);
        }
        table.text
    }

    fn crm_opportunity_history(&self, is_late: bool) -> String {
        let head = "history_id,opportunity_id,changed_at,old_stage,new_stage,reason,changed_by";
        let mut table = Table::new(',', head);
        for (deal, place, version) in self.deal_rows(is_late) {
            let before = place
                .checked_sub(1)
                .and_then(|place| deal.versions.get(place));
            table.row(&[
                &format!("{}-{}", deal.id, place + 1),
                &deal.id,
                &version.at.utc(),
                before.map_or("", |before| before.stage),
                version.stage,
                version.reason,
                self.rep_id(Some(deal.owner)),
            ]);
        }
        table.text
    }

    fn crm_activities(&self) -> String {
        let head =
            "activity_id,happened_at,kind,account_id,lead_id,opportunity_id,user_id,user_team,note";
        let mut table = Table::new(',', head);
        for (number, row) in self.activities.iter().enumerate() {
            let rep = self.reps.get(row.rep);
            table.row(&[
                &format!("T-{:06}", number + 1),
                &row.at.utc(),
                row.kind,
                self.account_id(row.account),
                self.lead_id(row.lead),
                self.deal_id(row.deal),
                self.rep_id(Some(row.rep)),
                rep.map_or("", |rep| rep.team_on(row.at.day)),
                row.note,
            ]);
        }
        table.again(DUPLICATE_ACTIVITIES)
    }

    fn crm_rates(&self) -> String {
        let mut table = Table::new(',', "day,from_currency,to_currency,rate");
        for rate in &self.rates {
            let (whole, part) = (rate.dollars_e4 / 10_000, rate.dollars_e4 % 10_000);
            table.row(&[
                &rate.day.to_string(),
                "EUR",
                "USD",
                &format!("{whole}.{part:04}"),
            ]);
        }
        table.text
    }

    fn crm_targets(&self) -> String {
        let mut table = Table::new(',', "quarter,first_day,currency,amount,set_by");
        for target in &self.targets {
            table.row(&[
                &target.quarter,
                &target.from.to_string(),
                target.currency,
                &amount(target.minor, '.'),
                self.rep_id(Some(1)),
            ]);
        }
        table.text
    }

    fn marketing_campaigns(&self) -> String {
        let mut table = Table::new(';', "Campaign;Title;Channel;Vendor;Start;End;Part of");
        for campaign in &self.campaigns {
            table.row(&[
                &campaign.id,
                &campaign.name,
                campaign.channel.word(),
                campaign.vendor,
                &dotted(campaign.from),
                &dotted(campaign.until.plus(-1)),
                campaign.part_of.map_or("", |whole| self.campaign_id(whole)),
            ]);
        }
        table.text
    }

    fn marketing_touches(&self) -> String {
        let head = "Touch;Time;CRM lead;E-mail;Kind;Medium;Source;Campaign";
        let mut table = Table::new(';', head);
        for (number, row) in self.touches.iter().enumerate() {
            let (medium, source) = row.channel.tags();
            table.row(&[
                &format!("M{:06}", number + 1),
                &row.at.wall(),
                self.lead_id(Some(row.lead)),
                self.leads.get(row.lead).map_or("", |lead| &lead.email),
                row.kind,
                medium,
                source,
                self.campaign_id(row.campaign),
            ]);
        }
        table.again(DUPLICATE_TOUCHES)
    }

    fn marketing_spend(&self) -> String {
        let head = "Line;Campaign;From;Until;Amount;Currency;Paid for;Holds its parts";
        let mut table = Table::new(';', head);
        for (number, row) in self.spend.iter().enumerate() {
            table.row(&[
                &(number + 1).to_string(),
                self.campaign_id(row.campaign),
                &dotted(row.from),
                &dotted(row.until),
                &amount(row.minor, ','),
                row.currency,
                row.paid_for,
                if row.is_total { "yes" } else { "no" },
            ]);
        }
        table.text
    }

    fn account_id(&self, account: Option<usize>) -> &str {
        let found = account.and_then(|account| self.accounts.get(account));
        found.map_or("", |account| &account.id)
    }

    fn lead_id(&self, lead: Option<usize>) -> &str {
        let found = lead.and_then(|lead| self.leads.get(lead));
        found.map_or("", |lead| &lead.id)
    }

    fn deal_id(&self, deal: Option<usize>) -> &str {
        let found = deal.and_then(|deal| self.deals.get(deal));
        found.map_or("", |deal| &deal.id)
    }

    fn rep_id(&self, rep: Option<usize>) -> &str {
        rep.and_then(|rep| self.reps.get(rep))
            .map_or("", |rep| &rep.id)
    }

    fn campaign_id(&self, campaign: usize) -> &str {
        self.campaigns
            .get(campaign)
            .map_or("", |campaign| &campaign.id)
    }
}

/// Rows of the first delivery that each late file brings again.
pub(crate) const LATE_DUPLICATES: usize = 25;

/// Rows that the file of activities holds twice.
pub(crate) const DUPLICATE_ACTIVITIES: usize = 40;

/// Rows that the file of touches holds twice.
pub(crate) const DUPLICATE_TOUCHES: usize = 30;

/// `12.345,60` with a comma as the mark, `12345.60` with a point.
fn amount(minor: i64, mark: char) -> String {
    let (whole, part) = (minor / 100, minor % 100);
    match mark {
        ',' if whole >= 1_000 => format!("{}.{:03},{part:02}", whole / 1_000, whole % 1_000),
        _ => format!("{whole}{mark}{part:02}"),
    }
}

/// A delimited text under construction.
struct Table {
    delimiter: char,
    text: String,
}

impl Table {
    fn new(delimiter: char, head: &str) -> Table {
        let text = format!("{head}\n");
        Table { delimiter, text }
    }

    fn row(&mut self, fields: &[&str]) {
        for (place, field) in fields.iter().enumerate() {
            if place > 0 {
                self.text.push(self.delimiter);
            }
            if field.contains([self.delimiter, '"', '\n']) {
                let _ = write!(self.text, "\"{}\"", field.replace('"', "\"\""));
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push('\n');
    }

    /// The text, with some of its one-line rows once more at the end.
    fn again(self, count: usize) -> String {
        let is_whole =
            |line: &&str| !line.contains('"') && line.matches(self.delimiter).count() > 5;
        let lines: Vec<&str> = self.text.lines().skip(1).filter(is_whole).collect();
        let again = lines.into_iter().step_by(29).take(count);
        let again: String = again.flat_map(|line| [line, "\n"]).collect();
        self.text + &again
    }
}
