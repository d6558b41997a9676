//! What a person can type about one deal.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum DealAction {
    /// The whole story: stages, amounts, everybody's touches with their credit, disputes, ruling.
    #[command(after_help = "Example:\n  handfast deal show B O-00222")]
    Show {
        /// The book's folder.
        book: PathBuf,
        /// The deal's key, as its source writes it.
        deal: String,
        /// Days of silence after which a deal that goes on was rescued.
        #[arg(long, value_name = "DAYS", default_value_t = 60,
            value_parser = clap::value_parser!(i32).range(1..=3650))]
        silence: i32,
        /// One line of JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tells a team's story of a deal whose credit is disputed.
    #[command(
        after_help = "Example:\n  handfast deal dispute B O-00222 --team demand --by Ann --story \
        'they came to our webinar' --evidence marketing_touches.csv:69"
    )]
    Dispute(Dispute),
    /// Rules on a disputed deal; later charters are tested against the ruling.
    #[command(
        after_help = "Examples:\n  handfast deal rule B O-00222 --by Cid --ruling 'the webinar \
        came first' --sourced marketing\n  handfast deal rule B O-00222 --by Cid --ruling 'both' \
        --credit marketing=60,sales=40 --model w"
    )]
    Rule(Rule),
}

#[derive(Args)]
pub struct Dispute {
    /// The book's folder.
    pub book: PathBuf,
    /// The deal's key, as its source writes it.
    pub deal: String,
    /// Whose story it is: a team of the charter.
    #[arg(long)]
    pub team: String,
    /// Who tells it.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The story; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub story: String,
    /// A fact that shows it, by file and line as `deal show` lists them; may be given several
    /// times.
    #[arg(long, value_name = "FILE:LINE")]
    pub evidence: Vec<String>,
}

#[derive(Args)]
pub struct Rule {
    /// The book's folder.
    pub book: PathBuf,
    /// The deal's key, as its source writes it.
    pub deal: String,
    /// Who rules.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// The ruling; it is kept in clear.
    #[arg(long, value_name = "TEXT")]
    pub ruling: String,
    /// The side that it came from: that of the first touch that may earn.
    #[arg(long, value_enum, conflicts_with = "credit")]
    pub sourced: Option<SideArg>,
    /// Percents of the credit by side.
    #[arg(long, value_name = "SIDE=PERCENT,…")]
    pub credit: Option<String>,
    /// The model by which the credit is shared so; without it the first that the charter shows.
    #[arg(long, requires = "credit")]
    pub model: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SideArg {
    Marketing,
    Sales,
    Partner,
    Product,
}
