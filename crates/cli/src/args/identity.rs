//! What a person can type about who is who.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Subcommand)]
pub enum IdentityAction {
    /// Two keys are one person or account; the second one stands for both.
    #[command(
        after_help = "Example:\n  handfast identity join B web:4711 crm:00Q1 --because \
        'she told us'"
    )]
    Join(Pair),
    /// Two keys are two, whatever e-mail addresses and domains say.
    #[command(
        after_help = "Example:\n  handfast identity separate B 'Acme DE' 'Acme US' --because \
        'two budgets'"
    )]
    Separate {
        #[command(flatten)]
        pair: Pair,
        /// Also against merges of their source.
        #[arg(long)]
        even_merged: bool,
    },
    /// Takes a statement back: from now on it is as if it had not been made.
    Undo {
        /// The book's folder.
        book: PathBuf,
        /// The statement's commit, as `list` shows it.
        number: u64,
        /// Why; it is kept in clear, so name nobody.
        #[arg(long)]
        because: String,
    },
    /// The last word on each pair of keys.
    List {
        /// The book's folder.
        book: PathBuf,
    },
}

#[derive(Args)]
pub struct Pair {
    /// The book's folder.
    pub book: PathBuf,
    /// A key as its source writes it, or source:key, account:key, or an e-mail address.
    pub key: String,
    /// The other key.
    pub other: String,
    /// Why; it is kept in clear, so name nobody.
    #[arg(long)]
    pub because: String,
}
