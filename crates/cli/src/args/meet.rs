//! What a person can type about meetings.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum MeetAction {
    /// When meetings are: lists them with the next dates, or sets one.
    #[command(after_help = "Examples:\n  handfast meet cadence B\n  \
        handfast meet cadence B --set weekly --on monday --at 09:30 --with demand:Ann \
        --with ae-north:Bob\n  \
        handfast meet cadence B --set quarterly --on 3 --at 14:00\n  \
        handfast meet cadence B --end monthly")]
    Cadence(CadenceArgs),
    /// The pack of a meeting: its fixed questions answered, exceptions first. Keeps nothing.
    #[command(after_help = "Examples:\n  handfast meet open B weekly\n  \
        handfast meet open B quarterly --on 2026-01-05 --json")]
    Open(OpenArgs),
    /// Closes a meeting: keeps its pack as it was read, with the proof of every answer.
    #[command(after_help = "Examples:\n  \
        handfast meet close B weekly --attended demand:Ann --attended ae-north:Bob\n  \
        handfast meet close B weekly --on 2026-01-05 --skipped")]
    Close(CloseArgs),
    /// A meeting that was closed, as it was read then.
    Show {
        /// The book's folder.
        book: PathBuf,
        /// Its number, as `meet list` shows it.
        number: u64,
        /// Machine-readable.
        #[arg(long)]
        json: bool,
    },
    /// The meetings that were closed.
    List {
        /// The book's folder.
        book: PathBuf,
    },
    /// Asks every question of a closed pack again: the same, or what differs first.
    #[command(after_help = "Exit codes: 0 the same, 1 something differs or cannot be told.")]
    Verify {
        /// The book's folder.
        book: PathBuf,
        /// Its number.
        number: u64,
    },
    /// Writes down what a meeting decided, and which figure it should move.
    #[command(
        after_help = "Example:\n  handfast meet decide B --what 'call within the hour' \
        --owner Bob --due 2026-01-16 --metric win_rate --expect '+5 points' --until 2026-03-31"
    )]
    Decide(DecideArgs),
    /// Says what became of a decision; a later entry takes an earlier one back.
    #[command(after_help = "Examples:\n  handfast meet settle B 12 kept\n  \
        handfast meet settle B 12 dropped --because 'nobody had the time'\n  \
        handfast meet settle B 12 open --because 'it was another one'")]
    Settle {
        /// The book's folder.
        book: PathBuf,
        /// The decision's number, as `meet decisions` shows it.
        number: u64,
        /// What became of it.
        #[arg(value_enum)]
        state: StateArg,
        /// Why; needed unless it was kept. It is kept in clear.
        #[arg(long, value_name = "TEXT", default_value = "")]
        because: String,
        /// Who says so, where that is not whoever types.
        #[arg(long, value_name = "NAME", default_value = "")]
        by: String,
    },
    /// Every decision and what became of it.
    Decisions {
        /// The book's folder.
        book: PathBuf,
        /// Machine-readable.
        #[arg(long)]
        json: bool,
    },
    /// Whether the teams meet: held, skipped, missed, and with both sides.
    Report {
        /// The book's folder.
        book: PathBuf,
        /// Machine-readable.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Args)]
pub struct CadenceArgs {
    /// The book's folder.
    pub book: PathBuf,
    /// Sets the meetings of this rhythm; --on and --at say when.
    #[arg(long, value_enum, value_name = "RHYTHM", requires_all = ["on", "at"])]
    pub set: Option<RhythmArg>,
    /// Ends the meetings of this rhythm.
    #[arg(long, value_enum, value_name = "RHYTHM", conflicts_with = "set")]
    pub end: Option<RhythmArg>,
    /// A weekday (of a month or a quarter the first one), or the number of the day.
    #[arg(long, value_name = "DAY", requires = "set")]
    pub on: Option<String>,
    /// The hour by the clock on the wall of the charter's zone: 09:30.
    #[arg(long, value_name = "TIME", requires = "set")]
    pub at: Option<String>,
    /// Who is expected, once for each; of both sides.
    #[arg(long, value_name = "TEAM:NAME", requires = "set")]
    pub with: Vec<String>,
    /// From this day on; today unless said.
    #[arg(long, value_name = "DATE", requires = "set")]
    pub since: Option<String>,
    /// Who sets or ends it, where that is not whoever types.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
    /// The next dates after this instant; now unless said.
    #[arg(long, value_name = "INSTANT", conflicts_with_all = ["set", "end"])]
    pub after: Option<String>,
}

#[derive(Args)]
pub struct OpenArgs {
    /// The book's folder.
    pub book: PathBuf,
    /// Which meeting.
    #[arg(value_enum)]
    pub rhythm: RhythmArg,
    /// The day of the meeting; what happened on it is not looked at. Today unless said.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// What we had learned by then: a sequence number, a day (its end) or an instant.
    #[arg(long, value_name = "INSTANT|SEQ")]
    pub as_of: Option<String>,
    /// All amounts in this currency.
    #[arg(long, value_name = "CUR")]
    pub currency: Option<String>,
    /// One line of JSON, with every answer.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct CloseArgs {
    /// The book's folder.
    pub book: PathBuf,
    /// Which meeting.
    #[arg(value_enum)]
    pub rhythm: RhythmArg,
    /// The day of the meeting; today unless said.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// All amounts in this currency.
    #[arg(long, value_name = "CUR")]
    pub currency: Option<String>,
    /// Who was there, once for each.
    #[arg(long, value_name = "TEAM:NAME")]
    pub attended: Vec<String>,
    /// Nobody met, since nothing had changed.
    #[arg(long)]
    pub skipped: bool,
    /// What else there is to say; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
    /// Who closes it, where that is not whoever types.
    #[arg(long, value_name = "NAME")]
    pub by: Option<String>,
}

#[derive(Args)]
pub struct DecideArgs {
    /// The book's folder.
    pub book: PathBuf,
    /// What was decided; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub what: String,
    /// Who sees to it.
    #[arg(long, value_name = "NAME")]
    pub owner: String,
    /// The last day for it.
    #[arg(long, value_name = "DATE")]
    pub due: String,
    /// The day on which it was decided; today unless said.
    #[arg(long, value_name = "DATE")]
    pub on: Option<String>,
    /// The metric that it should move.
    #[arg(long, value_name = "METRIC")]
    pub metric: Option<String>,
    /// By how much, with its sign and unit: '+5 points', '-3 days', '+20000 EUR', +10.
    #[arg(long, value_name = "DIFFERENCE", allow_hyphen_values = true)]
    pub expect: Option<String>,
    /// By the end of this day.
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Who writes it down, where that is not whoever types.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub by: String,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum RhythmArg {
    Weekly,
    Monthly,
    Quarterly,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum StateArg {
    Kept,
    Dropped,
    Open,
}
