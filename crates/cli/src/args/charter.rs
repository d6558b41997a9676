//! What a person can type about charters and their signers.

use std::path::PathBuf;

use clap::{Args, Subcommand};

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
    },
    /// The proposals of a book and where each stands.
    Drafts {
        /// The book's folder.
        book: PathBuf,
    },
    /// Keeps what somebody says about a draft.
    Discuss(Saying),
    /// Ends a draft that is not agreed.
    Withdraw(Saying),
    /// Signs a draft for one side; signed by marketing and sales, it is in force from that day.
    #[command(
        after_help = "Examples:\n  handfast charter sign B mql-2026 --as Ann --from 2027-01-01\n  \
        handfast charter sign B mql-2026 --as Bob --conceding 'stage mql: we try it for a year'"
    )]
    Sign(Sign),
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
    /// Who says it.
    #[arg(long, value_name = "PERSON")]
    pub by: String,
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
    /// The file of your key; without it, where `signer add` put it.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
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
    /// Who may sign, for which side.
    List {
        /// The book's folder.
        book: PathBuf,
    },
}
