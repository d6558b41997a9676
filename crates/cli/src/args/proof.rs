//! What proves an answer, and what becomes of it: passports, closed periods, balances.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum PassportAction {
    /// Saves the proof of an answer: what was asked, of what, and every figure.
    #[command(after_help = "Examples:\n  \
        handfast passport save won.json --book B -- ask metric won_revenue --by quarter\n  \
        handfast passport save won.json --book B --answer answer.json\n  \
        handfast ask metric won_revenue --book B --passport won.json")]
    Save(PassportSave),
    /// Asks again and says: the same, or what differs first.
    #[command(
        after_help = "Example:\n  handfast passport verify won.json --book B\n\
        Exit codes: 0 the same, 1 something differs or it cannot be told."
    )]
    Verify {
        /// The passport.
        file: PathBuf,
        /// The book, or a backup of it that was restored.
        #[arg(long)]
        book: PathBuf,
    },
}

#[derive(Args)]
pub struct PassportSave {
    /// The file to write.
    pub file: PathBuf,
    /// The book's folder.
    #[arg(long)]
    pub book: PathBuf,
    /// An answer saved by `ask … --json`; it is asked again and must be the same.
    #[arg(long, value_name = "FILE", conflicts_with = "question")]
    pub answer: Option<PathBuf>,
    /// The question: `ask` and its words, without --book.
    #[arg(last = true, required_unless_present = "answer", value_name = "ask …")]
    pub question: Vec<String>,
}

#[derive(Subcommand)]
pub enum PeriodAction {
    /// Keeps what the figures of a period are now; imports go on, and nothing is blocked.
    #[command(after_help = "Examples:\n  \
        handfast period close B 2025-Q3\n  \
        handfast period close B 2025-09 --by 'Ada (finance)' --why 'board pack' \
        --metrics won,'revenue by rep+month'")]
    Close {
        /// The book's folder.
        book: PathBuf,
        /// The period as its calendar names it: 2025-Q3, 2025-09, 2025.
        period: String,
        /// Who closes it, where that is not whoever types.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Why; it is kept in clear, so name nobody.
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
        /// The metrics to keep, each as NAME, 'NAME by DIMENSION+DIMENSION' or 'NAME in EUR';
        /// unless said those that the charter's metrics.toml closes, else won, lost, revenue,
        /// leads_created and win_rate.
        #[arg(long, value_delimiter = ',', value_name = "METRIC,…")]
        metrics: Vec<String>,
        /// Though the sources do not show the period to its end yet.
        #[arg(long)]
        anyway: bool,
    },
    /// Takes a close back; it stays in the log.
    Reopen {
        /// The book's folder.
        book: PathBuf,
        /// The period as it was closed, or its days: 2025-07-01..2025-10-01.
        period: String,
        /// Who opens it, where that is not whoever types.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// Why; it is kept in clear, so name nobody.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// The closed periods and the balances that people vouch for.
    List {
        /// The book's folder.
        book: PathBuf,
    },
    /// Vouches for a balance; answers about its days are marked while the book says otherwise.
    #[command(after_help = "Example:\n  \
        handfast period assert B 'revenue 2025-Q3 = 1,234,567.00 EUR'")]
    Assert {
        /// The book's folder.
        book: PathBuf,
        /// METRIC PERIOD = VALUE, as in: revenue 2025-Q3 = 1,234,567.00 EUR
        balance: String,
        /// Who vouches, where that is not whoever types.
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Takes an assertion back.
    Retract {
        /// The book's folder.
        book: PathBuf,
        /// The commit that asserts, as `period list` shows it.
        number: u64,
        /// Why; it is kept in clear, so name nobody.
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// What has changed of closed periods since, by how much and why.
    #[command(after_help = "Examples:\n  handfast period restatements B\n  \
        handfast period restatements B 2025-Q3 --json")]
    Restatements {
        /// The book's folder.
        book: PathBuf,
        /// Only this period.
        period: Option<String>,
        /// Machine-readable.
        #[arg(long)]
        json: bool,
    },
}
