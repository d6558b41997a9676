//! What a person can type about charters and their signers.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use handfast_service::agree::rehearse::QUARTERS;

#[derive(Subcommand)]
pub enum CharterAction {
    /// Checks a charter folder (or a book's): all errors at once, each with place and remedy.
    Check {
        /// A book, or a folder of charter files.
        folder: PathBuf,
    },
    /// Compares two charters: what changed, in words, and which figures it touches.
    Diff {
        /// The earlier folder or book.
        old: PathBuf,
        /// The later folder or book.
        new: PathBuf,
    },
    /// Puts a book's charter folder into force from now on: as long as not both teams have signers.
    Publish {
        /// The book's folder.
        book: PathBuf,
    },
    /// Keeps a folder of texts as a proposal that both teams can try, discuss and sign.
    #[command(
        after_help = "Example:\n  handfast charter draft B mql-2026 --by Ann --why 'demos alone \
        do not qualify'"
    )]
    Draft {
        /// The book's folder.
        book: PathBuf,
        /// What people call it.
        name: String,
        /// The folder of texts; without it, the book's own charter/.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
        /// Who proposes it.
        #[arg(long, value_name = "PERSON")]
        by: String,
        /// Why; it is kept in clear.
        #[arg(long, value_name = "TEXT")]
        why: String,
        /// It holds only for what happens from its day on; without this it replays all history.
        #[arg(long)]
        forward_only: bool,
    },
    /// The proposals of a book and where each stands.
    Drafts {
        /// The book's folder.
        book: PathBuf,
    },
    /// Keeps what somebody says about a draft.
    Discuss(Saying),
    /// Ends a draft that is not agreed; one that somebody signed, by a signer's key.
    #[command(
        after_help = "Examples:\n  handfast charter withdraw B mql-2026 --by Ann --text 'too \
        early'\n  handfast charter withdraw B mql-2026 --as Ann --text 'replaced by mql-2027'"
    )]
    Withdraw(Saying),
    /// Signs a draft for one side; signed by marketing and sales, it is in force from that day.
    #[command(
        after_help = "Examples:\n  handfast charter sign B mql-2026 --as Ann --from 2027-01-01\n  \
        handfast charter sign B mql-2026 --as Bob --conceding 'stage mql: we try it for a year'"
    )]
    Sign(Sign),
    /// Replays a draft over the past beside the charter in force: what moves, and who gains.
    #[command(
        after_help = "Examples:\n  handfast charter rehearse B mql-2026\n  handfast charter \
        rehearse B mql-2026 --quarters 4 --records"
    )]
    Rehearse(Rehearse),
    /// Tests a stage: do those who enter it win more often than those who do not?
    #[command(
        after_help = "Examples:\n  handfast charter fitness B mql\n  handfast charter fitness B \
        mql --charter mql-2026 --period 2025 --window 180"
    )]
    Fitness(Fitness),
    /// The texts of the charter in force, of a draft or of an earlier version; `--out` writes them.
    #[command(
        after_help = "Examples:\n  handfast charter show B\n  handfast charter show B \
        mql-2026 --out mql-2026\n  handfast charter show B --out B/charter"
    )]
    Show(Show),
    /// The story of a book's charters: proposed, discussed, conceded, signed, in force.
    Log {
        /// The book's folder.
        book: PathBuf,
    },
}

#[derive(Args)]
pub struct Saying {
    /// The book's folder.
    pub book: PathBuf,
    /// The draft's name, or the beginning of its hash.
    pub draft: String,
    /// Who says it, by a name that nobody proves.
    #[arg(
        long,
        value_name = "PERSON",
        required_unless_present = "signer",
        conflicts_with = "signer"
    )]
    pub by: Option<String>,
    /// The signer who says it, by their key; needed to withdraw a draft that somebody signed.
    #[arg(long = "as", value_name = "SIGNER")]
    pub signer: Option<String>,
    /// The file of the signer's key; without it, where `signer add` put it.
    #[arg(long, value_name = "FILE", requires = "signer")]
    pub key: Option<PathBuf>,
    /// What; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub text: String,
}

#[derive(Args)]
pub struct Sign {
    /// The book's folder.
    pub book: PathBuf,
    /// The draft's name, or the beginning of its hash.
    pub draft: String,
    /// Who signs, as `signer list` shows it.
    #[arg(long = "as", value_name = "SIGNER")]
    pub signer: String,
    /// The day from which it is in force; without it what the other side signed, else today.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// A definition that your side gives way in, and why; may be given several times.
    #[arg(long, value_name = "DEFINITION: WHY")]
    pub conceding: Vec<String>,
    /// A deal whose ruling the draft overturns; may be given several times.
    #[arg(long, value_name = "DEAL")]
    pub overturning: Vec<String>,
    /// The file of your key; without it, where `signer add` put it.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

#[derive(Args)]
pub struct Show {
    /// The book's folder.
    pub book: PathBuf,
    /// A draft's name or a hash; without it, the charter in force.
    pub charter: Option<String>,
    /// As of a moment or a commit: what was in force then.
    #[arg(long, value_name = "MOMENT", conflicts_with = "charter")]
    pub as_of: Option<String>,
    /// A folder for the texts; definitions there are replaced only if the book keeps them.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct Rehearse {
    /// The book's folder.
    pub book: PathBuf,
    /// The draft's name or hash, or a folder of texts.
    pub draft: String,
    /// How many quarters, the running one last.
    #[arg(long, default_value_t = QUARTERS, value_parser = clap::value_parser!(u8).range(1..=40))]
    pub quarters: u8,
    /// A forward-only draft as though it had begun on this day; without it, with these quarters.
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// The visits that appear or vanish, one by one.
    #[arg(long)]
    pub records: bool,
    /// One line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Fitness {
    /// The book's folder.
    pub book: PathBuf,
    /// The stage's id.
    pub stage: String,
    /// A draft's name, a version's hash or a folder of texts; without it, the charter in force.
    #[arg(long, value_name = "DRAFT|VERSION|DIR")]
    pub charter: Option<String>,
    /// Pursuits that opened then; without it after the draft was proposed, else the last third.
    #[arg(long)]
    pub period: Option<String>,
    /// Days that each has to enter and to win; without it what nine of ten wins before took.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub window: Option<u32>,
    /// The pursuits, one by one.
    #[arg(long)]
    pub records: bool,
    /// One line of JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Subcommand)]
pub enum SignerAction {
    /// Makes a key on this machine, whose holder may sign for a team's side.
    #[command(
        after_help = "Examples:\n  handfast signer add B Ann --team growth\n  handfast signer add \
        B Joe --team growth --voucher Ann"
    )]
    Add {
        /// The book's folder.
        book: PathBuf,
        /// The signer's name.
        name: String,
        /// A team of the charter; its side is the one that is signed for.
        #[arg(long)]
        team: String,
        /// The file for the new key; without it, one in your folder of settings.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// A signer of the same side who vouches; needed for all but a side's first signer.
        #[arg(long, value_name = "SIGNER")]
        voucher: Option<String>,
        /// The file of the voucher's key.
        #[arg(long, value_name = "FILE", requires = "voucher")]
        voucher_key: Option<PathBuf>,
    },
    /// Takes somebody's leave to sign: by themselves, or by another signer of their side.
    #[command(
        after_help = "Example:\n  handfast signer remove B Joe --as Ann --why 'left the company'"
    )]
    Remove(Removing),
    /// Who may sign, for which side.
    List {
        /// The book's folder.
        book: PathBuf,
    },
}

#[derive(Args)]
pub struct Removing {
    /// The book's folder.
    pub book: PathBuf,
    /// Who signs no more.
    pub name: String,
    /// A signer of the same side, who says so by their key.
    #[arg(long = "as", value_name = "SIGNER")]
    pub signer: String,
    /// The file of that signer's key; without it, where `signer add` put it.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// Why; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub why: String,
}
