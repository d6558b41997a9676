//! Whether an amount stands in whole units of its currency or in millionths: by its name, by the
//! network whose table it is, by what the numbers can be. What none of them tells is asked.

use std::collections::BTreeSet;

use handfast_connect::sniff::{Column, Kind};

use crate::names::plain;
use crate::recognise::report;
use crate::understand::{Rows, Understood, stem};

/// The size of what is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Units of the currency, with its fraction.
    Whole,
    /// Millionths of it.
    Micros,
}

impl Unit {
    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Unit::Whole => "whole",
            Unit::Micros => "micros",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Unit> {
        [Unit::Whole, Unit::Micros]
            .into_iter()
            .find(|unit| unit.word() == word)
    }
}

/// A unit, and how it is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// The unit.
    pub unit: Unit,
    /// How it is known; what it is taken for, where it is not.
    pub why: String,
    /// Whether it is only taken for that.
    pub is_open: bool,
}

/// A network's table in a warehouse.
struct Table {
    network: &'static str,
    /// The word in the names of its files.
    word: &'static str,
    /// Columns of which each tells the table, beside the amount.
    marks: &'static [&'static str],
    /// Its amounts.
    amounts: &'static [&'static str],
    unit: Unit,
}

/// As the networks document their interfaces, and warehouses take it over.
const TABLES: [Table; 8] = [
    Table {
        network: "Reddit Ads",
        word: "reddit",
        marks: &[
            "comment_upvotes",
            "app_install_metrics_spend",
            "gallery_item_id",
        ],
        amounts: &["spend"],
        unit: Unit::Micros,
    },
    Table {
        network: "Snapchat Ads",
        word: "snapchat",
        marks: &["swipes", "attachment_quartile_1"],
        amounts: &["spend"],
        unit: Unit::Micros,
    },
    Table {
        network: "TikTok Ads",
        word: "tiktok",
        marks: &["stat_time_hour", "stat_time_day", "video_play_actions"],
        amounts: &["spend", "cost"],
        unit: Unit::Whole,
    },
    Table {
        network: "Meta Ads",
        word: "facebook",
        marks: &["inline_link_clicks", "cost_per_inline_link_click"],
        amounts: &["spend"],
        unit: Unit::Whole,
    },
    Table {
        network: "Microsoft Advertising",
        word: "microsoft",
        marks: &["top_vs_other", "delivered_match_type"],
        amounts: &["spend"],
        unit: Unit::Whole,
    },
    Table {
        network: "LinkedIn Ads",
        word: "linkedin",
        marks: &["cost_in_local_currency", "cost_in_usd"],
        amounts: &["cost_in_local_currency", "cost_in_usd"],
        unit: Unit::Whole,
    },
    Table {
        network: "Amazon Ads",
        word: "amazon",
        marks: &[
            "campaign_bidding_strategy",
            "ad_keyword_status",
            "purchases_30_d",
        ],
        amounts: &["cost"],
        unit: Unit::Whole,
    },
    Table {
        network: "Apple Search Ads",
        word: "apple",
        marks: &["local_spend_amount", "tap_through_rate"],
        amounts: &["local_spend_amount"],
        unit: Unit::Whole,
    },
];

/// Below this, millionths would be less than a cent or two.
const LEAST_MICROS: u64 = 100_000;

/// The unit of an amount; `said` is what the person who adds the source says.
pub fn told(one: &Understood<'_>, amount: &Column, said: Option<Unit>) -> Told {
    let sure = |unit: Unit, why: String| Told {
        unit,
        why,
        is_open: false,
    };
    if plain(&amount.name).contains("micro") {
        return sure(Unit::Micros, "in millionths, as its name says".to_owned());
    }
    // A millionth has no fraction.
    if !matches!(amount.kind, Kind::Int) {
        return sure(Unit::Whole, String::new());
    }
    if let Some(unit) = said.filter(|_| one.rows == Rows::Spend) {
        return sure(unit, format!("in {}, as you said", words(unit)));
    }
    if let Some(table) = table_of(one, amount) {
        let why = format!("in {}, as {} reports it", words(table.unit), table.network);
        return sure(table.unit, why);
    }
    let header: Vec<String> = one.found.columns.iter().map(|c| c.name.clone()).collect();
    // A page that people download from has names in capitals, a table of a warehouse has not.
    let is_shown = amount.name.starts_with(|c: char| c.is_uppercase());
    let is_report = is_shown && report(&header).is_some_and(|report| report.rows == Rows::Spend);
    let is_small = largest(amount).is_some_and(|most| most < LEAST_MICROS);
    if one.rows != Rows::Spend || is_report || is_small {
        return sure(Unit::Whole, String::new());
    }
    Told {
        unit: Unit::Whole,
        why: "CHECK: taken for whole units of the currency; its numbers are whole and large, so \
              they may be millionths: then write as_micros"
            .to_owned(),
        is_open: true,
    }
}

fn words(unit: Unit) -> &'static str {
    match unit {
        Unit::Whole => "whole units of the currency",
        Unit::Micros => "millionths of the currency",
    }
}

/// The table by the name of its file or by its header; never by the amount alone.
fn table_of(one: &Understood<'_>, amount: &Column) -> Option<&'static Table> {
    let small = |name: &str| name.trim().to_lowercase();
    let file = plain(&stem(&one.found.file));
    let header: BTreeSet<String> = one.found.columns.iter().map(|c| small(&c.name)).collect();
    let amount = small(&amount.name);
    let is_like = |table: &&Table| {
        let is_called = file.split(' ').any(|word| word == table.word);
        let marks = table.marks.iter().filter(|mark| **mark != amount);
        let is_marked = marks.clone().any(|mark| header.contains(*mark));
        table.amounts.contains(&amount.as_str()) && (is_called || is_marked)
    };
    TABLES.iter().find(is_like)
}

/// The largest of the numbers that were kept.
fn largest(amount: &Column) -> Option<u64> {
    let words = amount.words.iter().map(|(word, _)| word);
    let texts = words.chain(&amount.examples);
    let digits = texts.map(|text| text.replace([',', ' ', '-'], ""));
    digits.filter_map(|text| text.parse().ok()).max()
}
