//! What is wrong, said well: issues stand beside a number, refusals stand instead of one.

mod several;

use std::fmt;

use crate::id::FactId;

/// A defect of the input that a number rests on. It is reported beside the number, never mended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum IssueCode {
    /// Won (or otherwise ended) before its first contact.
    EndedBeforeOpening,
    /// A deal that closes before it was created.
    ClosedBeforeCreated,
    /// A won deal that never was in any stage before.
    WonWithoutStage,
    /// A stage mark whose label the charter does not know.
    UnknownStage,
    /// A fact without a time.
    Undated,
    /// A value that rests on an assumed start.
    Assumed,
    /// A deal without an amount where one is summed.
    NoAmount,
    /// A deal without an account.
    NoAccount,
    /// A mark of an earlier stage after a later one without a way back in the charter.
    Backwards,
    /// The cohort's window is not over at the horizon.
    Unripe,
    /// The horizon is the latest fact's time, not a declared one.
    HorizonAssumed,
    /// An amount in a currency without a rate.
    NotPriced,
    /// The same record version arrived with other content.
    Conflict,
    /// `--known happened` treats a past import as known when it happened.
    KnownHappened,
    /// A book invariant failed for records under this number.
    NotVerified,
    /// A balance that somebody vouches for is another one.
    Unbalanced,
    /// A mark of a detour or an end for a buyer whose pursuits have all ended.
    AfterEnd,
    /// A pursuit that never entered a stage.
    NoStage,
    /// A fact, or a deal's close, of a day that has not come yet.
    Ahead,
    /// An exchange rate without two currencies or a number above zero.
    UnusableRate,
    /// An e-mail address of more people of one source than the charter believes.
    SharedMailbox,
    /// A domain that several accounts give as their own.
    DomainOfTwo,
    /// An e-mail address of people who belong to different accounts.
    MailboxOfTwo,
    /// A person whose domains show different companies.
    DomainsDisagree,
    /// Spend that ends before it begins, or is for more days than anybody pays for.
    SpendDays,
    /// Spend that paid for something without a name here.
    PaidForOther,
    /// The campaigns below one cost more than its total.
    PartsExceedTotal,
    /// Campaigns below one are paid in another currency than its total.
    PartsOtherCurrency,
    /// Campaigns that are parts of each other.
    CampaignRing,
    /// A rejection whose reason the charter does not list.
    RejectReason,
    /// An open deal of which nobody tells how likely it is to be won.
    NoProbability,
    /// A goal that another one says already.
    GoalTwice,
    /// A goal that is for more than the period asked for.
    GoalCut,
    /// A goal of which others say some of its days.
    GoalPartly,
}

impl IssueCode {
    /// All codes, in order.
    pub const ALL: [IssueCode; 34] = [
        IssueCode::EndedBeforeOpening,
        IssueCode::ClosedBeforeCreated,
        IssueCode::WonWithoutStage,
        IssueCode::UnknownStage,
        IssueCode::Undated,
        IssueCode::Assumed,
        IssueCode::NoAmount,
        IssueCode::NoAccount,
        IssueCode::Backwards,
        IssueCode::Unripe,
        IssueCode::HorizonAssumed,
        IssueCode::NotPriced,
        IssueCode::Conflict,
        IssueCode::KnownHappened,
        IssueCode::NotVerified,
        IssueCode::Unbalanced,
        IssueCode::AfterEnd,
        IssueCode::NoStage,
        IssueCode::Ahead,
        IssueCode::UnusableRate,
        IssueCode::SharedMailbox,
        IssueCode::DomainOfTwo,
        IssueCode::MailboxOfTwo,
        IssueCode::DomainsDisagree,
        IssueCode::SpendDays,
        IssueCode::PaidForOther,
        IssueCode::PartsExceedTotal,
        IssueCode::PartsOtherCurrency,
        IssueCode::CampaignRing,
        IssueCode::RejectReason,
        IssueCode::NoProbability,
        IssueCode::GoalTwice,
        IssueCode::GoalCut,
        IssueCode::GoalPartly,
    ];

    /// The public code, stable for ever.
    pub fn code(self) -> &'static str {
        match self {
            IssueCode::EndedBeforeOpening => "W0101",
            IssueCode::ClosedBeforeCreated => "W0102",
            IssueCode::WonWithoutStage => "W0103",
            IssueCode::UnknownStage => "W0104",
            IssueCode::Undated => "W0105",
            IssueCode::Assumed => "W0106",
            IssueCode::NoAmount => "W0107",
            IssueCode::NoAccount => "W0108",
            IssueCode::Backwards => "W0109",
            IssueCode::Unripe => "W0110",
            IssueCode::HorizonAssumed => "W0111",
            IssueCode::NotPriced => "W0112",
            IssueCode::Conflict => "W0113",
            IssueCode::KnownHappened => "W0114",
            IssueCode::NotVerified => "W0115",
            IssueCode::Unbalanced => "W0119",
            IssueCode::AfterEnd => "W0116",
            IssueCode::NoStage => "W0117",
            IssueCode::Ahead => "W0118",
            IssueCode::UnusableRate => "W0140",
            IssueCode::SharedMailbox => "W0120",
            IssueCode::DomainOfTwo => "W0121",
            IssueCode::MailboxOfTwo => "W0122",
            IssueCode::DomainsDisagree => "W0123",
            IssueCode::SpendDays => "W0130",
            IssueCode::PaidForOther => "W0131",
            IssueCode::PartsExceedTotal => "W0132",
            IssueCode::PartsOtherCurrency => "W0135",
            IssueCode::CampaignRing => "W0133",
            IssueCode::RejectReason => "W0134",
            IssueCode::NoProbability => "W0136",
            IssueCode::GoalTwice => "W0137",
            IssueCode::GoalCut => "W0138",
            IssueCode::GoalPartly => "W0139",
        }
    }

    /// What it means, in words a sales lead reads.
    pub fn text(self) -> &'static str {
        match self {
            IssueCode::EndedBeforeOpening => {
                "ended before the first contact; counted, with its own date"
            }
            IssueCode::ClosedBeforeCreated => {
                "closed before it was created; counted, with its own dates"
            }
            IssueCode::WonWithoutStage => "won without ever being in an earlier stage",
            IssueCode::UnknownStage => {
                "stage label that the charter does not name; the mark is not counted"
            }
            IssueCode::Undated => "without a date: counted in states, not in periods or times",
            IssueCode::Assumed => "rests on an assumed start date",
            IssueCode::NoAmount => "without an amount; counted, not summed",
            IssueCode::NoAccount => "deal without an account: a pursuit of its own",
            IssueCode::Backwards => "went back to an earlier stage",
            IssueCode::Unripe => "of a cohort whose window is not over: its share can still grow",
            IssueCode::HorizonAssumed => {
                "source without a declared horizon: its latest fact is taken"
            }
            IssueCode::NotPriced => {
                "amount without a rate for its date; counted, not priced or summed"
            }
            IssueCode::Conflict => {
                "row with the same key and version but other content; the first one counts"
            }
            IssueCode::KnownHappened => "past imports are treated as known when they happened",
            IssueCode::NotVerified => "a ledger invariant failed: this answer is not verified",
            IssueCode::Unbalanced => "a balance that somebody vouches for is another one",
            IssueCode::UnusableRate => {
                "exchange rate without two currencies, or with no number above zero; not used"
            }
            IssueCode::AfterEnd => "detour or end marked after the pursuit had ended; not counted",
            IssueCode::NoStage => {
                "opened and never entered a stage: in no cohort, flow or snapshot"
            }
            IssueCode::Ahead => {
                "of a day that has not come: not counted before the sources show it"
            }
            IssueCode::SharedMailbox => "address of too many people of one source: joins nobody",
            IssueCode::DomainOfTwo => "domain of several accounts: shows nobody's account",
            IssueCode::MailboxOfTwo => {
                "same address as somebody of another account: not taken for one person"
            }
            IssueCode::DomainsDisagree => "domains of different companies: no account by domain",
            _ => self.text_of_plans(),
        }
    }

    /// The same of what is spent, promised and planned.
    fn text_of_plans(self) -> &'static str {
        match self {
            IssueCode::SpendDays => {
                "spend that ends before it begins, or only after a hundred years; counted on its \
                 first day"
            }
            IssueCode::PaidForOther => {
                "spend for something other than media, tool, labour or event; counted"
            }
            IssueCode::PartsExceedTotal => "campaign whose parts exceed its total; its other is 0",
            IssueCode::PartsOtherCurrency => "campaign with parts in another currency: they add",
            IssueCode::CampaignRing => "campaign that is part of itself; counted at the top",
            IssueCode::RejectReason => "rejected for no reason that the charter lists; counted",
            IssueCode::NoProbability => "open deal without a probability; in no weighted sum",
            IssueCode::GoalTwice => "goal that a longer one or the team's tells too; in no sum",
            IssueCode::GoalCut => "goal for more than the period asked for; in no sum",
            IssueCode::GoalPartly => {
                "goal of which the team's or the reps' tell some days and not all; in no sum"
            }
            _ => "",
        }
    }
}

impl IssueCode {
    /// What to look at, and how to mend it in the source, the pack or the charter.
    pub fn remedy(self) -> &'static str {
        let found = REMEDIES.iter().find(|(code, _)| *code == self);
        found.map_or("", |(_, remedy)| remedy)
    }
}

/// A remedy for each code.
const REMEDIES: [(IssueCode, &str); IssueCode::ALL.len()] = [
    (
        IssueCode::EndedBeforeOpening,
        "The lead was created, or first met, after its deal had ended. Look at both dates in \
         the source; `ask journey KEY` shows them in order.",
    ),
    (
        IssueCode::ClosedBeforeCreated,
        "Its time to close is below zero. Look at the deal's dates in the source.",
    ),
    (
        IssueCode::WonWithoutStage,
        "Map the stage history, or give the path's stages `implied = true` in \
         charter/stages.toml: then a win counts in them too.",
    ),
    (
        IssueCode::UnknownStage,
        "The words that no stage names stand beside the count. Put each into the `marks` of \
         its stage in charter/stages.toml, exactly as it is written, and publish; nothing is \
         imported anew.",
    ),
    (
        IssueCode::Undated,
        "Give the SELECT of the pack a `happened`, or fill the date in the source. Without \
         one it is in no month and in no time between two moments.",
    ),
    (
        IssueCode::Assumed,
        "Nothing says since when it holds, so it holds from the creation on. Map \
         `valid_from`, or export the history of the field.",
    ),
    (
        IssueCode::NoAmount,
        "Fill the amount in the source, or look whether the pack maps it; sums and means \
         leave these out.",
    ),
    (
        IssueCode::NoAccount,
        "Map `account` in the deal SELECT, or link one of its people to a company: only then \
         the leads of the company join it.",
    ),
    (
        IssueCode::Backwards,
        "A mark or status of an earlier stage came after a later one; a deal that was won \
         counts as open again. If a date is wrong, mend it; if the stage is a way round, make \
         it a detour in the charter.",
    ),
    (
        IssueCode::Unripe,
        "Ask for older periods, or add `--estimate` for what is still to come.",
    ),
    (
        IssueCode::HorizonAssumed,
        "Say up to when the export shows everything: `--observed-until DAY` at the import, or \
         `observed_until` in source.toml. Ages and open times run to that day.",
    ),
    (
        IssueCode::NotPriced,
        "Name the rates in charter/money.toml; `--records not_priced` lists what has none.",
    ),
    (
        IssueCode::Conflict,
        "Two rows of one file have one key and say different things. `import \
         --export-set-aside FILE` lists them: change the one that is right, delete the other, \
         and send the file back by `--mended`; or give the stream a key that tells them \
         apart.",
    ),
    (
        IssueCode::KnownHappened,
        "Leave `--known happened` out to see what was known then.",
    ),
    (
        IssueCode::NotVerified,
        "`handfast verify BOOK` says what does not hold, and where.",
    ),
    (
        IssueCode::Unbalanced,
        "The note above says what was asserted, by whom, and what the book says. `handfast period \
         restatements BOOK` tells why a closed period changed; `period retract` takes the \
         assertion back.",
    ),
    (
        IssueCode::AfterEnd,
        "The pursuit was over before it. `ask journey KEY` shows the order; look at the dates \
         in the source.",
    ),
    (
        IssueCode::NoStage,
        "Give the first stage a mark or a rule that such a lead or deal has, in \
         charter/stages.toml.",
    ),
    (
        IssueCode::Ahead,
        "Nothing happens before its day. Look at the date in the source; where it is a plan, let \
         the row be open until then. It counts once --observed-until says that the day is over.",
    ),
    (
        IssueCode::UnusableRate,
        "Look at the rates in the source: each needs two currencies and a number above zero.",
    ),
    (
        IssueCode::SharedMailbox,
        "Name it an office's mailbox, or raise the number in charter/identity.toml.",
    ),
    (
        IssueCode::DomainOfTwo,
        "Merge the accounts in the source, or keep them apart in charter/identity.toml.",
    ),
    (
        IssueCode::MailboxOfTwo,
        "`ask identity KEY` shows both; `identity join` says that they are one.",
    ),
    (
        IssueCode::DomainsDisagree,
        "Map `account` in the person SELECT: a key comes first.",
    ),
    (
        IssueCode::SpendDays,
        "`until` is the first day that the amount no longer pays for. Look at both days in the \
         source.",
    ),
    (
        IssueCode::PaidForOther,
        "Let the SELECT of the pack say one of the four in `paid_for`; other words count in \
         `spend`, and in none of `spend:media`, `spend:tool`, `spend:labour`, `spend:event`.",
    ),
    (
        IssueCode::PartsExceedTotal,
        "Look at the total and at the parts in the source: one of them is wrong, or the total is \
         for other days. Where it does not hold the parts, take `includes_children` out of the \
         pack.",
    ),
    (
        IssueCode::PartsOtherCurrency,
        "Nobody says at which rate the total holds them. Give the parts in the currency of the \
         total, or the total without them.",
    ),
    (
        IssueCode::CampaignRing,
        "Look at the parents of the campaign in the source; each `parent` in turn comes back to \
         it.",
    ),
    (
        IssueCode::RejectReason,
        "Agree on the reason in `reject_reasons` of charter/handoffs.toml, or have it mended in \
         the source.",
    ),
    (
        IssueCode::NoProbability,
        "Say `probability = \"0.35\"` for its stage in charter/stages.toml, or map the deal's own \
         `probability`, from 0 to 1 (a percentage goes into its hundredth part).",
    ),
    (
        IssueCode::GoalTwice,
        "Nothing to mend where both are meant: a year's goal holds its quarters', a team's those \
         of its reps. Split by rep to see theirs, by month or quarter to see the shorter ones.",
    ),
    (
        IssueCode::GoalCut,
        "No part of a goal is a goal. Ask for the whole of its period, or give the source goals \
         for the shorter one.",
    ),
    (
        IssueCode::GoalPartly,
        "No part of a goal is a goal, and beside the other it would count those days twice. \
         Give goals for the same periods, or ask for a period in which only one of them lies.",
    ),
];

/// One defect, with the fact that shows it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Issue {
    /// What is wrong.
    pub code: IssueCode,
    /// The fact that shows it.
    pub fact: Option<FactId>,
}

/// A place in a text that a person wrote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The file, as the person named it.
    pub file: String,
    /// Its line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// First column, from 1.
    pub column: u32,
    /// How many characters are meant.
    pub width: u32,
    /// The line's text.
    pub excerpt: String,
}

/// Why something was not done: a code, a place, what it costs, and a remedy to paste.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// The public code (`E0207`); each has a folder in `errors/`.
    pub code: &'static str,
    /// One sentence: what is refused and why.
    pub title: String,
    /// Where.
    pub place: Option<Place>,
    /// What it costs, counted where possible.
    pub matters: Option<String>,
    /// How to mend it, as text to paste where possible.
    pub fix: Option<String>,
}

impl Refusal {
    /// A refusal with a title only.
    pub fn new(code: &'static str, title: impl Into<String>) -> Refusal {
        Refusal {
            code,
            title: title.into(),
            place: None,
            matters: None,
            fix: None,
        }
    }

    /// Adds the place.
    pub fn at(mut self, place: Place) -> Refusal {
        self.place = Some(place);
        self
    }

    /// Adds what it costs.
    pub fn matters(mut self, text: impl Into<String>) -> Refusal {
        self.matters = Some(text.into());
        self
    }

    /// Adds the remedy.
    pub fn fix(mut self, text: impl Into<String>) -> Refusal {
        self.fix = Some(text.into());
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "refused {}: {}", self.code, self.title)?;
        if let Some(place) = &self.place {
            if place.line == 0 {
                writeln!(f, "  {}", place.file)?;
            } else {
                let number = place.line.to_string();
                let pad = " ".repeat(number.len());
                writeln!(f, "  {}:{}", place.file, place.line)?;
                writeln!(f, "  {number} | {}", place.excerpt)?;
                let carets = "^".repeat(place.width.max(1) as usize);
                let before = " ".repeat(place.column.saturating_sub(1) as usize);
                writeln!(f, "  {pad} | {before}{carets}")?;
            }
        }
        if let Some(matters) = &self.matters {
            writeln!(f, "  matters: {matters}")?;
        }
        if let Some(fix) = &self.fix {
            writeln!(f, "  fix:     {}", fix.replace('\n', "\n           "))?;
        }
        write!(f, "  more:    handfast explain {}", self.code)
    }
}

impl std::error::Error for Refusal {}
