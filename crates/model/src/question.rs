//! Questions: typed, resolved, and with one canonical text, so that the command line, the API, a
//! page's URL, saved views and case files all mean the same. Law: `parse(print(q)) == q`.

use crate::credit::Credited;
use crate::id::Seq;
use crate::money::{Currency, Decimal};
use crate::rules::Subject;
use crate::time::{Day, Grain, Instant};

/// A question to the book. Every default is written out once it is resolved.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// What is asked.
    pub kind: QuestionKind,
    /// Dimensions that split the answer, in order.
    pub by: Vec<Dimension>,
    /// A condition in rule syntax over the pursuit's attributes.
    pub filter: Option<String>,
    /// The period a flow, cohort or metric looks at; `None` = all that the ledger holds.
    pub period: Option<(Day, Day)>,
    /// What had been learned.
    pub as_of: AsOf,
    /// Which clock "known" means.
    pub known: Known,
    /// A charter version or draft; `None` = the one in force.
    pub charter: Option<String>,
    /// What is counted.
    pub unit: Unit,
    /// Amounts in this currency, at the charter's rates; `None` = one row per currency.
    pub currency: Option<Currency>,
}

/// What is asked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum QuestionKind {
    /// Volumes, shares and leakage per stage.
    Funnel(FunnelView),
    /// How long pursuits take between two steps, by outcome.
    Velocity {
        /// From this step's first entry; `None` = the pursuit's opening.
        from: Option<String>,
    },
    /// One named metric.
    Metric(String),
    /// Which attributes know the outcome.
    Leaks,
    /// The dated path of one buyer.
    Journey(String),
    /// Which keys are this person or account, and what shows it.
    Identity(String),
    /// How long stays in each stage last, those that are not over included, as an estimate.
    Times {
        /// The sources show nothing that was over before this day; `None` = they show everything.
        observed_from: Option<Day>,
    },
    /// From which stage to which pursuits go: next, past one, back, to a detour, to an end.
    Transitions,
    /// What has been in its stage for too long.
    Stale {
        /// The end of this day, or this instant; `None` = the horizon.
        at: Option<At>,
    },
    /// How soon leads are assigned and answered.
    Response {
        /// From when the time of an answer runs.
        clock: Clock,
        /// After how many days without a touch by sales a lead counts as untouched.
        untouched_days: u32,
    },
    /// What is missing, contradictory or assumed in the book, and what revenue it touches.
    Health,
    /// Who gets the credit for deals, by several models side by side.
    Credit {
        /// Won or open deals.
        of: Credited,
        /// The models by name; none = those that the charter shows.
        models: Vec<String>,
    },
    /// What made the open pipeline at a period's start that at its end.
    Bridge {
        /// Only deals whose close date lies in this window; `None` = all.
        due: Option<(Day, Day)>,
        /// Beginning with what was told of the start at an earlier moment of knowing.
        since: Option<AsOf>,
    },
    /// Why deals were lost, or won.
    Reasons {
        /// Won ones, else lost ones.
        is_won: bool,
        /// What splits them; none = everything.
        split: Vec<Aspect>,
    },
    /// What is won in the next month or quarter, as a range.
    Forecast {
        /// With what had happened by the end of this day; `None` = the horizon's.
        at: Option<Day>,
        /// A month or a quarter.
        horizon: Grain,
        /// Past ones instead, and how well they were told.
        is_backtest: bool,
    },
    /// Every goal, with what came of it so far.
    Targets,
    /// What must come to be in the funnel for a goal to be reached.
    Plan {
        /// With what had happened by the end of this day; `None` = the horizon's.
        at: Option<Day>,
        /// What is to be won, in the currency of the answer; `None` = what goals say.
        goal: Option<Decimal>,
    },
    /// Why a metric is another one.
    Change {
        /// The metric's name.
        metric: String,
        /// Than what.
        against: Against,
    },
    /// What the teams promised each other, and what came of it.
    Sla {
        /// One handoff of the charter; `None` = all.
        handoff: Option<String>,
    },
    /// What campaigns and channels cost, and what came of it.
    Cost {
        /// One campaign with its parts, or one vendor; `None` = all.
        of: Option<String>,
        /// The model of credit; `None` = the first additive one that the charter shows.
        model: Option<String>,
    },
}

/// What is said of an end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Aspect {
    /// The reason given.
    Reason,
    /// Against whom.
    Competitor,
    /// The stage it went from.
    Stage,
    /// Who says so.
    SaidBy,
}

impl Aspect {
    /// All of them, in order.
    pub const ALL: [Aspect; 4] = [
        Aspect::Reason,
        Aspect::Competitor,
        Aspect::Stage,
        Aspect::SaidBy,
    ];

    /// The word used in questions.
    pub fn word(self) -> &'static str {
        match self {
            Aspect::Reason => "reason",
            Aspect::Competitor => "competitor",
            Aspect::Stage => "stage",
            Aspect::SaidBy => "said_by",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Aspect> {
        Aspect::ALL.into_iter().find(|aspect| aspect.word() == word)
    }

    /// What it means, one line.
    pub fn means(self) -> &'static str {
        match self {
            Aspect::Reason => "the reason given; – where nobody says why",
            Aspect::Competitor => "against whom",
            Aspect::Stage => "the stage of the path that it went from",
            Aspect::SaidBy => "who says so (said_by), else the source",
        }
    }
}

/// What a changed figure is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Against {
    /// The same figure as it was told at an earlier moment of knowing.
    Since(AsOf),
    /// The figure of another period.
    Period(Day, Day),
}

/// From when the time of an answer runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Clock {
    /// The lead's creation.
    Creation,
    /// Its first assignment to a rep.
    Assignment,
    /// The first entry of its pursuit into this step.
    Entry(String),
}

/// The three views, never mixed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FunnelView {
    /// At start + entered = left + at end, over the period.
    Flow,
    /// Of those entering a step in a period, how many reached each later one within a window.
    Cohort {
        /// The step that is entered; `None` = the first of the path.
        entry: Option<String>,
        /// Calendar days allowed; `None` = unlimited.
        window_days: Option<u32>,
        /// First entry of a pursuit or every entry.
        entries: Entries,
        /// Whether shares that can still grow are also estimated.
        is_estimated: bool,
        /// For the estimate: the sources show nothing that was over before this day.
        observed_from: Option<Day>,
    },
    /// Who is where at an instant.
    Snapshot {
        /// The end of this day, or this instant; `None` = the horizon.
        at: Option<At>,
        /// What became of them by the end of this day.
        outcome_by: Option<At>,
    },
}

/// An instant to look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    /// The end of a day in the reporting zone.
    EndOf(Day),
    /// An instant.
    Instant(Instant),
}

/// Which entries a cohort counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Entries {
    /// One row per pursuit: its first visit.
    First,
    /// One row per visit.
    All,
}

/// What had been learned.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AsOf {
    /// Everything up to the newest commit.
    Latest,
    /// Everything up to this commit.
    Seq(Seq),
    /// Everything recorded at or before this instant.
    Instant(Instant),
}

/// Which clock "known" means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// When we recorded it.
    Recorded,
    /// When it happened: for backtests on loaded history; always a caveat.
    Happened,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Unit {
    /// One attempt to win one buyer.
    Pursuit,
    /// One person.
    Person,
    /// One customer company.
    Account,
    /// One deal.
    Deal,
}

impl Unit {
    /// All units.
    pub const ALL: [Unit; 4] = [Unit::Pursuit, Unit::Person, Unit::Account, Unit::Deal];

    /// The word used in questions.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Pursuit => "pursuit",
            Unit::Person => "person",
            Unit::Account => "account",
            Unit::Deal => "deal",
        }
    }
}

/// The attribute of a touch that says what kind it is.
pub const TOUCH_KIND: &str = "touch";
/// The one that says which asset it is of.
pub const TOUCH_ASSET: &str = "asset";
/// The one that says which tool told of it; where it does not, the source did.
pub const TOUCH_TOOL: &str = "tool";

/// What splits an answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Dimension {
    /// A calendar period of the metric's own date.
    Time(Grain),
    /// A calendar period of the touch that earns credit.
    TouchTime(Grain),
    /// The channel of the opening touch; of credit, of the touch that earns.
    Channel,
    /// The channel of the latest touch.
    ChannelLast,
    /// The campaign of the opening touch.
    Campaign,
    /// Who is paid for that campaign.
    Vendor,
    /// What spend pays for: media, tool, labour, event.
    PaidFor,
    /// The rep at the visit's entry.
    Rep,
    /// The team at the visit's entry.
    Team,
    /// Of credit: the side of a deal's first touch that may earn.
    Sourced,
    /// The charter's segment.
    Segment,
    /// `deal.product`, `person.origin`, `account.sector`, `touch.landing_page` (of the opening
    /// touch).
    Attribute(Subject, String),
}

impl Dimension {
    /// The text used in questions.
    pub fn text(&self) -> String {
        match self {
            Dimension::Time(grain) => grain.word().to_owned(),
            Dimension::TouchTime(grain) => format!("{}@touch", grain.word()),
            Dimension::Channel => "channel".to_owned(),
            Dimension::ChannelLast => "channel@last".to_owned(),
            Dimension::Campaign => "campaign".to_owned(),
            Dimension::Vendor => "vendor".to_owned(),
            Dimension::PaidFor => "paid_for".to_owned(),
            Dimension::Rep => "rep".to_owned(),
            Dimension::Team => "team".to_owned(),
            Dimension::Sourced => "sourced".to_owned(),
            Dimension::Segment => "segment".to_owned(),
            Dimension::Attribute(Subject::Touch, name) if name == TOUCH_KIND => {
                "touch_kind".to_owned()
            }
            Dimension::Attribute(subject, name) => format!("{}.{name}", subject.word()),
        }
    }

    /// Whether touches have it without a word in the charter: their kind, the asset they are of,
    /// and the tool that told of them.
    pub fn is_of_every_touch(&self) -> bool {
        let names = [TOUCH_KIND, TOUCH_ASSET, TOUCH_TOOL];
        matches!(self, Dimension::Attribute(Subject::Touch, name) if names.contains(&name.as_str()))
    }

    /// Reads the text used in questions. A bare unknown word is `None`; the caller lists what is
    /// known.
    pub fn parse(text: &str) -> Option<Dimension> {
        if let Some(grain) = Grain::parse(text) {
            return Some(Dimension::Time(grain));
        }
        if let Some(grain) = text.strip_suffix("@touch").and_then(Grain::parse) {
            return Some(Dimension::TouchTime(grain));
        }
        match text {
            "channel" | "channel@entry" => Some(Dimension::Channel),
            "channel@last" => Some(Dimension::ChannelLast),
            "campaign" => Some(Dimension::Campaign),
            "vendor" => Some(Dimension::Vendor),
            "paid_for" => Some(Dimension::PaidFor),
            "rep" | "actor" => Some(Dimension::Rep),
            "team" => Some(Dimension::Team),
            "sourced" => Some(Dimension::Sourced),
            "segment" => Some(Dimension::Segment),
            "touch_kind" => Some(Dimension::Attribute(Subject::Touch, TOUCH_KIND.to_owned())),
            "asset" => Some(Dimension::Attribute(Subject::Touch, TOUCH_ASSET.to_owned())),
            "tool" => Some(Dimension::Attribute(Subject::Touch, TOUCH_TOOL.to_owned())),
            _ => {
                let (subject, name) = text.split_once('.')?;
                let is_name =
                    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
                is_name
                    .then(|| Subject::parse(subject))
                    .flatten()
                    .map(|s| Dimension::Attribute(s, name.to_owned()))
            }
        }
    }
}
