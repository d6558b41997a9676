//! The nouns of the invented company: who works there, whom they call, and what happened.
//!
//! Everything is a plain row with public fields, so that a test can count it by a loop. How it came
//! about is told in `story`; how a CRM and a marketing tool would write it down, in `exports`.

use handfast_model::Day;

use crate::clock::Stamp;

/// Where a buyer sits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Region {
    /// The cold half of the old continent.
    North,
    /// The warm half.
    South,
    /// Across the water; pays in dollars.
    Atlantic,
}

impl Region {
    /// All regions.
    pub const ALL: [Region; 3] = [Region::North, Region::South, Region::Atlantic];

    /// The word in the exports.
    pub fn word(self) -> &'static str {
        match self {
            Region::North => "North",
            Region::South => "South",
            Region::Atlantic => "Atlantic",
        }
    }

    /// The currency its buyers pay in.
    pub fn currency(self) -> &'static str {
        match self {
            Region::Atlantic => "USD",
            Region::North | Region::South => "EUR",
        }
    }
}

/// How a lead found the company.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Channel {
    /// A paid click in a search engine.
    PaidSearch,
    /// An article or a price calculator found without paying.
    Content,
    /// A mailing.
    Email,
    /// A stand at a fair.
    Event,
    /// An hour on a screen with a glass in the hand.
    Webinar,
    /// A partner's word.
    Referral,
}

impl Channel {
    /// All channels.
    pub const ALL: [Channel; 6] = [
        Channel::PaidSearch,
        Channel::Content,
        Channel::Email,
        Channel::Event,
        Channel::Webinar,
        Channel::Referral,
    ];

    /// The word the charter of the demo uses.
    pub fn word(self) -> &'static str {
        match self {
            Channel::PaidSearch => "paid_search",
            Channel::Content => "content",
            Channel::Email => "email",
            Channel::Event => "event",
            Channel::Webinar => "webinar",
            Channel::Referral => "referral",
        }
    }

    /// Medium and source as the marketing tool tags them.
    pub(crate) fn tags(self) -> (&'static str, &'static str) {
        match self {
            Channel::PaidSearch => ("cpc", "findwell"),
            Channel::Content => ("organic", "findwell"),
            Channel::Email => ("email", "newsletter"),
            Channel::Event => ("fair", "stand"),
            Channel::Webinar => ("webinar", "own-stage"),
            Channel::Referral => ("referral", "partner"),
        }
    }

    /// What a contact by this channel is called.
    pub(crate) fn touch(self) -> &'static str {
        match self {
            Channel::PaidSearch => "ad_click",
            Channel::Content => "content_download",
            Channel::Email => "email_click",
            Channel::Event => "event_visit",
            Channel::Webinar => "webinar",
            Channel::Referral => "partner_referral",
        }
    }
}

/// Somebody of the company, with each seat they held.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rep {
    /// Key, `U-07`.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Address.
    pub email: String,
    /// What they do: `SDR`, `AE`, `Manager`.
    pub role: &'static str,
    /// Their region.
    pub region: Region,
    /// Since when which team, in order.
    pub seats: Vec<(Stamp, &'static str)>,
}

impl Rep {
    /// The team on a day, as the CRM names it.
    pub fn team_on(&self, day: Day) -> &'static str {
        let held = self.seats.iter().rev().find(|(since, _)| since.day <= day);
        held.or(self.seats.first()).map_or("", |(_, team)| team)
    }
}

/// A customer company, or one that may become it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Key, `A-0042`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Domain.
    pub domain: String,
    /// Country code.
    pub country: &'static str,
    /// Region.
    pub region: Region,
    /// What it makes.
    pub industry: &'static str,
    /// People on its payroll.
    pub employees: i32,
    /// When the CRM first knew it.
    pub created: Stamp,
}

/// One state of a lead in the CRM.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadVersion {
    /// Since when.
    pub at: Stamp,
    /// The CRM's status.
    pub status: &'static str,
    /// The marketing tool's score.
    pub score: i32,
    /// The owner, as an index into the reps.
    pub owner: Option<usize>,
    /// The deal it was converted to.
    pub deal: Option<usize>,
}

/// Somebody who asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lead {
    /// Key, `L-00042`.
    pub id: String,
    /// First and last name.
    pub name: (String, String),
    /// Address.
    pub email: String,
    /// What is written on the card.
    pub title: &'static str,
    /// Country code.
    pub country: &'static str,
    /// Region.
    pub region: Region,
    /// How they came.
    pub channel: Channel,
    /// Where they work, if anybody knows.
    pub account: Option<usize>,
    /// Their states, in order; the first is the creation.
    pub versions: Vec<LeadVersion>,
}

/// What changed in a lead's history.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LeadField {
    /// The status, which is where stages are marked.
    Status,
    /// The owner.
    Owner,
    /// The answer of sales.
    Verdict,
}

impl LeadField {
    /// The word in the export.
    pub fn word(self) -> &'static str {
        match self {
            LeadField::Status => "status",
            LeadField::Owner => "owner",
            LeadField::Verdict => "verdict",
        }
    }
}

/// A line of a lead's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LeadChange {
    /// The lead.
    pub lead: usize,
    /// When.
    pub at: Stamp,
    /// What.
    pub field: LeadField,
    /// From.
    pub old: String,
    /// To.
    pub new: String,
    /// Who did it; nobody = a rule of the marketing tool.
    pub by: Option<usize>,
    /// Why, where somebody said.
    pub reason: &'static str,
}

/// One state of a deal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DealVersion {
    /// Since when.
    pub at: Stamp,
    /// The CRM's stage.
    pub stage: &'static str,
    /// Cents.
    pub minor: i64,
    /// The day on which somebody hopes to close it.
    pub expected: Day,
    /// Why it was lost, where it was.
    pub reason: &'static str,
    /// Who got it instead.
    pub competitor: &'static str,
}

/// An opportunity.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deal {
    /// Key, `O-00042`.
    pub id: String,
    /// The buyer.
    pub account: usize,
    /// The lead it came out of; `None` = sales found it.
    pub lead: Option<usize>,
    /// What is sold.
    pub product: &'static str,
    /// The currency.
    pub currency: &'static str,
    /// The account executive.
    pub owner: usize,
    /// Its states, in order.
    pub versions: Vec<DealVersion>,
    /// Whether its close is missing from the first delivery.
    pub is_late: bool,
}

/// How a pursuit ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// They bought.
    Won,
    /// They did not.
    Lost,
    /// They never were a buyer.
    Disqualified,
}

/// The truth about one attempt to win one buyer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pursuit {
    /// The account; `None` = a person of no known account.
    pub account: Option<usize>,
    /// Who opened it; `None` = a deal that sales found.
    pub opener: Option<usize>,
    /// The channel of the opening touch, if there was one.
    pub channel: Option<Channel>,
    /// The buyer's region.
    pub region: Region,
    /// When it opened.
    pub opened: Stamp,
    /// Every score the opener had in it, with the time from which.
    pub scores: Vec<(Stamp, i32)>,
    /// Each time the CRM marked it as qualified.
    pub marked: Vec<Stamp>,
    /// Each time it was put aside for later.
    pub recycled: Vec<Stamp>,
    /// When sales accepted it.
    pub accepted: Option<Stamp>,
    /// Its deal.
    pub deal: Option<usize>,
    /// How and when it ended.
    pub end: Option<(Outcome, Stamp)>,
}

/// A contact that marketing made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Touch {
    /// The lead.
    pub lead: usize,
    /// When.
    pub at: Stamp,
    /// What kind.
    pub kind: &'static str,
    /// By which channel.
    pub channel: Channel,
    /// The campaign.
    pub campaign: usize,
}

/// A contact that sales made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Activity {
    /// The account.
    pub account: Option<usize>,
    /// The lead.
    pub lead: Option<usize>,
    /// The deal.
    pub deal: Option<usize>,
    /// Who.
    pub rep: usize,
    /// When.
    pub at: Stamp,
    /// What kind: `Call`, `Call attempt`, `Meeting`, `Demo`, `Deck sent`.
    pub kind: &'static str,
    /// What somebody wrote about it.
    pub note: &'static str,
}

/// A campaign: one channel over half a year, or a year of paid search with both its halves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Campaign {
    /// Key, `C-03`.
    pub id: String,
    /// Name.
    pub name: String,
    /// Its channel.
    pub channel: Channel,
    /// Who is paid to run it; nobody = our own people.
    pub vendor: &'static str,
    /// The campaign that it is part of.
    pub part_of: Option<usize>,
    /// Its first day.
    pub from: Day,
    /// Its first day after.
    pub until: Day,
}

/// Money spent over a month, or what a quarter of a campaign with parts came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Spend {
    /// The campaign.
    pub campaign: usize,
    /// First day.
    pub from: Day,
    /// First day after.
    pub until: Day,
    /// Cents.
    pub minor: i64,
    /// Euro or dollar.
    pub currency: &'static str,
    /// What was paid: `media`, `tool`, `event`, `labour`.
    pub paid_for: &'static str,
    /// Whether it holds what was spent on the parts of its campaign.
    pub is_total: bool,
}

/// What is to be won in a quarter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// Its first day.
    pub from: Day,
    /// Its name, `2024-Q1`.
    pub quarter: String,
    /// Euro or dollar.
    pub currency: &'static str,
    /// Cents.
    pub minor: i64,
}

/// What a euro was worth in dollars from a day on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rate {
    /// The day.
    pub day: Day,
    /// Ten-thousandths of a dollar.
    pub dollars_e4: i32,
}

/// Two years of an invented company.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Company {
    /// What it grew from.
    pub seed: u64,
    /// Its people.
    pub reps: Vec<Rep>,
    /// The companies it knows.
    pub accounts: Vec<Account>,
    /// Everybody who asked, in order of asking.
    pub leads: Vec<Lead>,
    /// What happened to leads, in order.
    pub lead_changes: Vec<LeadChange>,
    /// The truth about each attempt, in order of opening.
    pub pursuits: Vec<Pursuit>,
    /// Its opportunities.
    pub deals: Vec<Deal>,
    /// Marketing's contacts, in order.
    pub touches: Vec<Touch>,
    /// Sales' contacts, in order.
    pub activities: Vec<Activity>,
    /// Its campaigns.
    pub campaigns: Vec<Campaign>,
    /// What marketing spent.
    pub spend: Vec<Spend>,
    /// What a euro was worth.
    pub rates: Vec<Rate>,
    /// What was to be won; the last is of the quarter after the story.
    pub targets: Vec<Target>,
}
