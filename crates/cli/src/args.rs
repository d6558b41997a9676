//! What a person can type. Help texts carry examples; every flag of `ask` is a part of a question.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

// The tests read this file from elsewhere, so the place of the other is written out.
#[path = "args/asking.rs"]
pub mod asking;
pub use asking::{ClockArg, EntriesArg, Kind, KnownArg, UnitArg, View};
#[path = "args/charter.rs"]
pub mod charter;
pub use charter::{CharterAction, SignerAction};
#[path = "args/deal.rs"]
pub mod deal;
#[path = "args/identity.rs"]
pub mod identity;
pub use deal::DealAction;
pub use identity::IdentityAction;
#[path = "args/meet.rs"]
pub mod meet;
#[path = "args/proof.rs"]
pub mod proof;
#[path = "args/serve.rs"]
pub mod serve;
use meet::MeetAction;
use proof::{PassportAction, PeriodAction};
pub use serve::Serve;

/// One ledger, one funnel, one set of definitions for marketing and sales.
#[derive(Parser)]
#[command(
    name = "handfast",
    version,
    about,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 answered, 1 refused (the message says what, where, why and how \
    to mend it), 2 our fault.\n\
    Start with `handfast demo`, or `handfast init BOOK --from examples/olist`."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// A company with a story: generate it, import it, ask.
    #[command(after_help = "Examples:\n  handfast demo\n  handfast demo --dir my-demo --seed 8")]
    Demo {
        /// Where to put the exports and the book.
        #[arg(long, default_value = "handfast-demo")]
        dir: PathBuf,
        /// The company's seed; the same seed is the same company, to the byte.
        #[arg(long, default_value_t = handfast_demo::SEED)]
        seed: u64,
        /// Serves its book afterwards, for a browser.
        #[arg(long)]
        serve: bool,
        /// Where to serve it; port 0 takes a free one.
        #[arg(long, default_value = "127.0.0.1:8181", requires = "serve")]
        listen: SocketAddr,
    },
    /// Makes a new book.
    #[command(
        after_help = "Examples:\n  handfast init acme\n  handfast init B --from examples/olist"
    )]
    Init {
        /// The book's folder; it must not exist or be empty.
        book: PathBuf,
        /// Copies charter/ and sources/ from here.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Imports files: rows in = mapped + reference + ignored + set aside.
    #[command(
        after_help = "Examples:\n  handfast import B exports/*.csv\n  handfast import B\n  \
        handfast import B leads.csv --source crm --observed-until 2018-03-31\n  \
        handfast import B --dry-run exports/*.csv\n  \
        handfast import B --export-set-aside left.csv\n  \
        handfast import B --mended left.csv\n  handfast import list B\n  \
        handfast import undo B"
    )]
    Import(Import),
    /// The sources of a book; `add` proposes one from files that nobody has described yet.
    Source {
        #[command(subcommand)]
        action: SourceAction,
    },
    /// Asks a question; the default answer is a table with its definition under it.
    Ask(Box<Ask>),
    /// The charter: the definitions both teams share.
    Charter {
        #[command(subcommand)]
        action: CharterAction,
    },
    /// One deal: its whole story, what is disputed about it, and the ruling.
    Deal {
        #[command(subcommand)]
        action: DealAction,
    },
    /// Who may sign charters for marketing and for sales.
    Signer {
        #[command(subcommand)]
        action: SignerAction,
    },
    /// The catalogue of metrics and their definitions.
    Metric {
        #[command(subcommand)]
        action: MetricAction,
    },
    /// The proof of an answer, to send along with it and to verify elsewhere.
    Passport {
        #[command(subcommand)]
        action: PassportAction,
    },
    /// Closes a period, vouches for a balance, tells what was restated since.
    Period {
        #[command(subcommand)]
        action: PeriodAction,
    },
    /// Meetings that remember: when they are, what each opens, what was decided and came of it.
    Meet {
        #[command(subcommand)]
        action: MeetAction,
    },
    /// Who is who by your own word: joins or separates keys, and takes it back.
    Identity {
        #[command(subcommand)]
        action: IdentityAction,
    },
    /// Serves a book to browsers and programs: the application and the API, at one address.
    #[command(after_help = "Examples:\n  handfast serve B\n  \
        handfast serve B --listen 0.0.0.0:443 --tls-certificate c.pem --tls-key k.pem\n  \
        handfast serve B --listen 10.0.0.5:8181 --behind-proxy 10.0.0.2 --host books.example.com")]
    Serve(Serve),
    /// Checks every invariant and every hash of a book.
    Verify {
        /// The book's folder.
        book: PathBuf,
    },
    /// Erases a person under all their keys, in every source: for good. Counts stay.
    #[command(after_help = "Examples:\n  handfast forget B L-00042 --dry-run\n  \
        handfast forget B --namespace crm L-00042 --yes\n  handfast forget B ann@example.com")]
    Forget {
        /// The book's folder.
        book: PathBuf,
        /// The person's key as a source writes it, or their e-mail address; several may be given.
        #[arg(required = true)]
        keys: Vec<String>,
        /// Whose keys they are (a source name); needed where several sources know the key.
        #[arg(long)]
        namespace: Option<String>,
        /// Says what would be erased and erases nothing.
        #[arg(long)]
        dry_run: bool,
        /// Does not ask first.
        #[arg(long)]
        yes: bool,
    },
    /// Writes everything the book holds about a person, as JSON and CSV.
    #[command(
        after_help = "Examples:\n  handfast export B --person L-00042 --to answer\n  \
        handfast export B --person ann@example.com --to answer"
    )]
    Export {
        /// The book's folder.
        book: PathBuf,
        /// The person's key as a source writes it, or their e-mail address.
        #[arg(long, value_name = "KEY")]
        person: String,
        /// Whose key it is (a source name); needed where several sources know it.
        #[arg(long)]
        namespace: Option<String>,
        /// The folder to write to; it must not exist or be empty.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// Copies a book while it is in use, as of one commit, and verifies the copy.
    #[command(after_help = "Example:\n  \
        handfast backup B /mnt/disk/B-2026-11-26 --keys /mnt/stick/keys-2026-11-26")]
    Backup {
        /// The book's folder.
        book: PathBuf,
        /// A new folder for the copy.
        to: PathBuf,
        /// A new folder for the keys, which belong apart: with them the copy can be read.
        #[arg(long)]
        keys: PathBuf,
    },
    /// Makes a book out of a backup and its keys, and verifies it.
    #[command(after_help = "Example:\n  \
        handfast restore /mnt/disk/B-2026-11-26 B --keys /mnt/stick/keys-2026-11-26")]
    Restore {
        /// The backup's folder.
        from: PathBuf,
        /// A new folder for the book.
        book: PathBuf,
        /// The folder of the backup's keys.
        #[arg(long)]
        keys: PathBuf,
        /// A later state of the book (the damaged one, or a later backup): whom it has forgotten
        /// is forgotten in the restored book too.
        #[arg(long, value_name = "BOOK")]
        forgotten_in: Option<PathBuf>,
    },
    /// Seals the journal into segments and merges small ones; no answer changes.
    Compact {
        /// The book's folder.
        book: PathBuf,
    },
    /// Explains a code (E0207, W0101) with its remedy.
    Explain {
        /// The code.
        code: String,
    },
    /// The mapping worker; started by `import` itself.
    #[command(name = "__map-worker", hide = true)]
    MapWorker,
}

#[derive(Subcommand)]
pub enum SourceAction {
    /// Looks at files, proposes a source pack with reasons, shows the first rows, asks, writes.
    #[command(
        after_help = "Examples:\n  handfast source add B exports/leads.csv\n  handfast source \
        add B --name crm --zone Europe/Berlin --currency EUR exports/*.csv --yes"
    )]
    Add(Box<SourceAdd>),
    /// The sources of a book and the files they read.
    List {
        /// The book's folder.
        book: PathBuf,
    },
    /// The texts of one source.
    Show {
        /// The book's folder.
        book: PathBuf,
        /// The source's name.
        name: String,
    },
}

#[derive(Args)]
pub struct SourceAdd {
    /// The book's folder.
    pub book: PathBuf,
    /// Files to look at; together they become one source.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// What the source is called.
    #[arg(long)]
    pub name: Option<String>,
    /// The IANA zone in which times without an offset are read.
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
    /// The currency of amounts that name none, as ISO code.
    #[arg(long, value_name = "CUR")]
    pub currency: Option<String>,
    /// The unit of money spent, where the file leaves it open: whole units of the currency, or
    /// millionths.
    #[arg(long, value_name = "UNIT", value_parser = ["whole", "micros"])]
    pub unit: Option<String>,
    /// Which comes first in dates that fit both orders, as 3/4/2024.
    #[arg(long, value_enum)]
    pub dates: Option<DatesArg>,
    /// The mark before the fraction of numbers that fit both, as 1.234.
    #[arg(long, value_name = "MARK", value_parser = [".", ","])]
    pub decimal: Option<String>,
    /// The encoding of texts, where that was taken for another.
    #[arg(long, value_name = "LABEL", value_parser = ["utf-8", "utf-16le", "utf-16be", "latin-1"])]
    pub encoding: Option<String>,
    /// What stands between the fields of texts.
    #[arg(long, value_name = "CHARACTER", value_parser = [",", ";", "tab", "|"])]
    pub delimiter: Option<String>,
    /// Lines above the names of columns in texts, blank ones too.
    #[arg(long, value_name = "LINES", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub skip_rows: Option<u32>,
    /// Rows of names in texts; 0 where the first row holds values.
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(0..=2))]
    pub header_rows: Option<u32>,
    /// What the rows of all files are; without it, that is told from their columns.
    #[arg(long = "as", value_name = "KIND", value_parser = [
        "lead", "deal", "account", "history", "touch", "spend", "link", "rep", "campaign",
        "reference",
    ])]
    pub rows: Option<String>,
    /// Writes the proposal without asking.
    #[arg(long)]
    pub yes: bool,
    /// Writes over a source of this name.
    #[arg(long)]
    pub replace: bool,
}

/// The order of numeric dates.
#[derive(Clone, Copy, ValueEnum)]
pub enum DatesArg {
    /// The day first.
    Dmy,
    /// The month first.
    Mdy,
}

impl DatesArg {
    /// Whether the day comes first.
    pub fn is_day_first(self) -> bool {
        matches!(self, DatesArg::Dmy)
    }
}

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Import {
    #[command(subcommand)]
    pub action: Option<ImportAction>,
    /// The book's folder.
    #[arg(required = true)]
    pub book: Option<PathBuf>,
    /// Files, folders and patterns of files; each file must be claimed by a stream of a source.
    /// Without any, what is new in the folders that the sources name.
    pub files: Vec<PathBuf>,
    /// Only this source.
    #[arg(long)]
    pub source: Option<String>,
    /// Reads the files of the sources' folders again that were imported before.
    #[arg(long, conflicts_with = "files")]
    pub again: bool,
    /// The sources show everything up to the end of this day.
    #[arg(long, value_name = "DATE")]
    pub observed_until: Option<String>,
    /// Says what would happen and writes nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Machine-readable report on stdout.
    #[arg(long)]
    pub json: bool,
    /// Writes the rows that are set aside, with their reasons, to this CSV file.
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    pub export_set_aside: Option<PathBuf>,
    /// Imports rows of such a file that were mended; the others stay set aside.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["files", "export_set_aside"])]
    pub mended: Option<PathBuf>,
}

#[derive(Subcommand)]
pub enum ImportAction {
    /// The imports of a book, and which of them were taken back.
    List {
        /// The book's folder.
        book: PathBuf,
    },
    /// Takes an import back: from now on it does not count; earlier as-ofs keep it.
    #[command(
        after_help = "Examples:\n  handfast import undo B\n  handfast import undo B 7\n\
        To have the rows again, import the same files again."
    )]
    Undo {
        /// The book's folder.
        book: PathBuf,
        /// The import's number as `import list` shows it; without it, the newest import.
        run: Option<u64>,
    },
}

#[derive(Args)]
#[command(after_help = "Examples:\n  \
    handfast ask funnel --book B --view cohort --by month\n  \
    handfast ask funnel --book B --view flow --period 2018-Q1 --by team\n  \
    handfast ask funnel --book B --view snapshot --at 2017-09-30 --outcome-by 2017-12-31\n  \
    handfast ask metric win_rate --book B --by quarter\n  \
    handfast ask times --book B --by channel\n  \
    handfast ask stale --book B --by rep --records stale\n  \
    handfast ask response --book B --by campaign --clock assignment\n  \
    handfast ask health --book B\n  \
    handfast ask transitions --book B --period 2018-Q1\n  \
    handfast ask velocity --book B --where \"deal.product = 'GTX Pro'\"\n  \
    handfast ask journey 'Golden Gate' --book B\n  \
    handfast ask leaks --book B\n  \
    handfast ask bridge --book B --period 2018-Q1 --by team\n  \
    handfast ask change revenue --book B --period 2018-Q1 --since 7\n  \
    handfast ask change win_rate --book B --period 2018-Q1 --compare previous --by team\n  \
    handfast ask reasons --book B --period 2018 --by reason,stage\n  \
    handfast ask forecast --book B --at 2017-09-30 --horizon quarter\n  \
    handfast ask forecast --book B --horizon month --backtest\n  \
    handfast ask plan --book B --goal 250000 --period 2018-Q1\n  \
    handfast ask targets --book B --period 2018\n  \
    handfast ask credit --paths paths.csv --models linear,markov_2\n  \
    handfast ask funnel --book B --view cohort --by month --records won --row 2018-01")]
pub struct Ask {
    /// What is asked.
    pub kind: Kind,
    /// The metric's name (see `handfast metric list`), the buyer's key, or for credit which deals:
    /// won or open.
    pub of: Option<String>,
    /// The book's folder; only --paths does without.
    #[arg(long, required_unless_present = "paths")]
    pub book: Option<PathBuf>,
    /// Credit without a book: of a file of whole paths, with the columns path, total_conversions,
    /// total_conversion_value, total_null.
    #[arg(long, value_name = "FILE", conflicts_with = "book")]
    pub paths: Option<PathBuf>,
    /// Credit of paths: only so many channels, those of most successes, keep their names; all
    /// others are one.
    #[arg(
        long,
        value_name = "N",
        requires = "paths",
        value_parser = clap::value_parser!(u16).range(1..=1000)
    )]
    pub top: Option<u16>,
    /// Credit of paths: without the intervals of estimates, which take longest.
    #[arg(long, requires = "paths")]
    pub no_intervals: bool,
    /// Funnel: how it is looked at. The views answer different questions and are never mixed.
    #[arg(long, value_enum)]
    pub view: Option<View>,
    /// Splits the answer: month, quarter, week, year, channel, channel@last, campaign, rep, team,
    /// segment, touch_kind, asset, tool, or an attribute (deal.product, or product when only one
    /// subject has it); credit also by month@touch, by what each touch is, and by sourced: the side
    /// of the first touch.
    #[arg(long, value_delimiter = ',', value_name = "DIM,…")]
    pub by: Vec<String>,
    /// Credit: the models, side by side; without it those that the charter shows.
    #[arg(long, value_delimiter = ',', value_name = "MODEL,…")]
    pub models: Vec<String>,
    /// A condition in rule syntax over person., account., deal. and touch. attributes.
    #[arg(long = "where", value_name = "EXPR")]
    pub filter: Option<String>,
    /// 2018, 2018-Q1, 2018-01, 2018-W05, or FROM..UNTIL (until not included).
    #[arg(long)]
    pub period: Option<String>,
    /// Bridge: only deals whose close date lies in this period.
    #[arg(long, value_name = "PERIOD")]
    pub due: Option<String>,
    /// Change, bridge: as it was told by then, a sequence number or an instant.
    #[arg(long, value_name = "INSTANT|SEQ", conflicts_with = "compare")]
    pub since: Option<String>,
    /// Change: with this other period; `previous` is the one before, `year-ago` that of a year ago.
    #[arg(long, value_name = "PERIOD")]
    pub compare: Option<String>,
    /// Forecast: how long the window is, month or quarter (the default); it is the one that goes on
    /// after --at, unless --period names another.
    #[arg(long, value_name = "month|quarter")]
    pub horizon: Option<String>,
    /// Forecast: past windows instead, each with what had happened before it, and how well they
    /// were told, beside plain rules.
    #[arg(long)]
    pub backtest: bool,
    /// Plan: what is to be won, a number in the currency of the answer; without it, what goals say
    /// of the period.
    #[arg(long, value_name = "AMOUNT")]
    pub goal: Option<String>,
    /// Cohort: the stage that is entered. Velocity, response: the stage from which time runs.
    #[arg(long, value_name = "STAGE")]
    pub from: Option<String>,
    /// Cohort: calendar days allowed to reach a stage. Response: days after which a lead that
    /// sales did not touch is untouched (7).
    #[arg(long, value_name = "DAYS")]
    pub window: Option<u32>,
    /// Cohort: also estimates the shares that can still grow, apart from the counts.
    #[arg(long)]
    pub estimate: bool,
    /// Times, estimates: the exports show nothing that was over before this day.
    #[arg(long, value_name = "DATE")]
    pub observed_from: Option<String>,
    /// Response: from when the time of an answer runs; --from STAGE: from that stage's entry.
    #[arg(long, value_enum)]
    pub clock: Option<ClockArg>,
    /// Cohort: one row per pursuit (first) or per visit (all).
    #[arg(long, value_enum, default_value = "first")]
    pub entries: EntriesArg,
    /// Snapshot, stale: the instant looked at; a day means its end. Forecast, plan: the last day
    /// that is known.
    #[arg(long, value_name = "INSTANT")]
    pub at: Option<String>,
    /// Snapshot: what became of them by then; a day means its end.
    #[arg(long, value_name = "INSTANT")]
    pub outcome_by: Option<String>,
    /// What we had learned by then: a sequence number, a day (its end) or an instant.
    #[arg(long, value_name = "INSTANT|SEQ")]
    pub as_of: Option<String>,
    /// End it if it is not answered by then; without, it takes as long as it takes.
    #[arg(long, value_name = "SECONDS")]
    pub deadline: Option<u64>,
    /// Which clock "learned" means; `happened` treats a past import as known when it happened.
    #[arg(long, value_enum, default_value = "recorded")]
    pub known: KnownArg,
    /// A charter version's hash, a draft's name, or a folder of texts for a what-if.
    #[arg(long, value_name = "VERSION|DRAFT|DIR")]
    pub charter: Option<String>,
    /// What is counted.
    #[arg(long, value_enum, default_value = "pursuit")]
    pub unit: UnitArg,
    /// All amounts in this currency, at the rates that the charter's money.toml names.
    #[arg(long, value_name = "CUR")]
    pub currency: Option<String>,
    /// The rows behind a figure: the column's id; --row picks the row.
    #[arg(long, value_name = "COLUMN")]
    pub records: Option<String>,
    /// The row of the figure, as its first cells, comma-separated; without it, all rows.
    #[arg(
        long,
        value_delimiter = ',',
        value_name = "CELL,…",
        requires = "records"
    )]
    pub row: Vec<String>,
    /// Also saves the proof of the answer to this file (see `handfast passport`).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["records", "paths"])]
    pub passport: Option<PathBuf>,
    /// Also writes a workbook for Excel: the answer, its definitions and the records behind it.
    #[arg(long, value_name = "FILE")]
    pub xlsx: Option<PathBuf>,
    /// One line of JSON: the stable contract.
    #[arg(long, conflicts_with = "csv")]
    pub json: bool,
    /// CSV for a spreadsheet.
    #[arg(long)]
    pub csv: bool,
}

#[derive(Subcommand)]
pub enum MetricAction {
    /// All metrics, subject by subject.
    List {
        /// A book whose charter has metrics of its own.
        #[arg(long)]
        book: Option<PathBuf>,
    },
    /// A metric's whole definition: formula, measures, every convention.
    #[command(
        after_help = "Example:\n  handfast metric explain cost_per_lead\n  handfast metric \
        explain --all --markdown --book B"
    )]
    Explain {
        /// The metric's name.
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        name: Option<String>,
        /// Every metric.
        #[arg(long)]
        all: bool,
        /// As Markdown, a section for each.
        #[arg(long)]
        markdown: bool,
        /// A book whose charter has metrics of its own.
        #[arg(long)]
        book: Option<PathBuf>,
    },
}
