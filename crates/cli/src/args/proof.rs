//! What proves an answer: its passport.

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
