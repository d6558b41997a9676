//! `handfast deal`: the story of one deal, its dispute and its ruling.

use std::process::ExitCode;

use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Answer, Cell, Refusal};
use handfast_service::book::Book;
use handfast_service::dispute::case::Case;
use handfast_service::dispute::{self, Shown, Telling};
use handfast_wire::v1;
use serde_json::{Value, json};

use crate::args::DealAction;
use crate::args::deal::{Dispute, Rule, SideArg};
use crate::{print, table};

/// Shows, disputes, rules.
pub fn run(action: &DealAction) -> Result<ExitCode, Refusal> {
    match action {
        DealAction::Show {
            book,
            deal,
            silence,
            json,
        } => {
            let book = Book::read(book, super::now())?;
            let shown = dispute::show(&book, deal, *silence)?;
            print(&if *json {
                to_json(&shown).to_string()
            } else {
                told(&shown, *silence)
            })
        }
        DealAction::Dispute(said) => tell(said),
        DealAction::Rule(said) => rule(said),
    }
}

fn tell(said: &Dispute) -> Result<ExitCode, Refusal> {
    let book = Book::open(&said.book, &super::opening())?;
    let told = Telling {
        deal: &said.deal,
        team: &said.team,
        by: &said.by,
        story: &said.story,
        evidence: &said.evidence,
    };
    let seq = dispute::tell(&book, &told, super::now())?;
    print(&format!("the story of {} is kept: commit {seq}", said.team))
}

fn rule(said: &Rule) -> Result<ExitCode, Refusal> {
    let book = Book::open(&said.book, &super::opening())?;
    let case = match (said.sourced, &said.credit) {
        (Some(side), _) => Some(Case::Sourced(side_of(side))),
        (None, Some(shares)) => {
            let (charter, _) = book.charter(AsOf::Latest, None)?;
            let first = charter.attribution.shown.iter();
            let first = first.map(|model| model.name.as_str()).next();
            let model = said.model.as_deref().or(first).unwrap_or("linear");
            Some(Case::credit(model, shares)?)
        }
        (None, None) => None,
    };
    let words = case.as_ref().map(Case::words);
    let by = (said.by.as_str(), said.ruling.as_str());
    let ruled = dispute::rule(&book, &said.deal, by, case, super::now())?;
    let mut text = format!("ruled on {}: commit {}\n", said.deal, ruled.seq);
    text.push_str(&match (words, ruled.holds) {
        (None, _) => {
            "  no charter is tested against it: it names neither --sourced nor --credit. Earlier \
             rulings are tests as before"
                .to_owned()
        }
        (Some(words), Some(true)) => {
            format!("  drafts are tested against it: {words}, as the charter in force has it")
        }
        (Some(words), Some(false)) => format!(
            "  kept: {words}. The charter in force gives something else: {}. handfast charter \
             rehearse says of each draft which of them it gives",
            ruled.given.as_deref().unwrap_or("nothing")
        ),
        (Some(words), None) => {
            format!("  it cannot be told whether {words}: no touch earns, no amount or no model")
        }
    });
    print(&text)
}

fn side_of(side: SideArg) -> Side {
    match side {
        SideArg::Marketing => Side::Marketing,
        SideArg::Sales => Side::Sales,
        SideArg::Partner => Side::Partner,
        SideArg::Product => Side::Product,
    }
}

fn told(shown: &Shown, silence: i32) -> String {
    let mut text = format!("Deal {}: what happened\n\n", shown.deal);
    text.push_str(&table::render(&narrow(&shown.journey)));
    text.push_str("\nWho had a part in it, and what each touch earns\n\n");
    match shown.contributors.rows.is_empty() {
        true => shown.contributors.notes.iter().for_each(|note| {
            text.push_str(&format!("  {note}\n"));
        }),
        false => text.push_str(&table::render(&shown.contributors)),
    }
    text.push_str(&format!(
        "\nRescues: silences of {silence} days and more that ended, and who left while it went \
         on\n\n"
    ));
    if shown.rescues.is_empty() {
        text.push_str("  none\n");
    }
    for rescue in &shown.rescues {
        text.push_str(&format!("  {rescue}\n"));
    }
    let Some(dispute) = &shown.dispute else {
        text.push_str("\nNobody disputes it.\n");
        return text;
    };
    text.push_str("\nDisputed\n\n");
    for story in &dispute.stories {
        let (team, by, at) = (&story.team, &story.by, story.at);
        text.push_str(&format!("  {team} ({by}, {at}): {}\n", story.words));
        for evidence in &story.evidence {
            text.push_str(&format!("      shown by {evidence}\n"));
        }
    }
    let mut later = dispute.rulings.iter().skip(1);
    for ruling in &dispute.rulings {
        let (by, at) = (&ruling.by, ruling.at);
        text.push_str(&format!("  ruling ({by}, {at}): {}\n", ruling.words));
        let later = later.next();
        if let Some(later) = later {
            let (by, at) = (&later.by, later.at);
            text.push_str(&format!("      replaced by the ruling of {by}, {at}\n"));
        }
        if let Some(case) = &ruling.case {
            let still = later.map_or("", |_| " all the same");
            text.push_str(&format!(
                "      drafts are tested against it{still}: {}\n",
                case.words()
            ));
        }
    }
    text
}

/// Characters that a detail may take in a terminal.
const DETAIL: usize = 36;

/// The same with long details cut: the row's file and line have them whole, and so has `--json`.
fn narrow(journey: &Answer) -> Answer {
    let mut narrow = table::view::journey(journey);
    let at = narrow
        .columns
        .iter()
        .position(|column| column.id == "detail");
    for row in &mut narrow.rows {
        let cell = at.and_then(|at| row.get_mut(at));
        if let Some(Cell::Text(text)) = cell
            && text.chars().count() > DETAIL
        {
            let kept: String = text.chars().take(DETAIL).collect();
            let whole = kept
                .rfind(' ')
                .map_or(&kept[..], |end| kept.get(..end).unwrap_or(""));
            *text = format!("{} …", whole.trim_end_matches([',', ';', ' ']));
        }
    }
    narrow
}

fn to_json(shown: &Shown) -> Value {
    let dispute = shown.dispute.as_ref().map(|dispute| {
        let story = |one: &dispute::Story| {
            json!({
                "seq": one.seq.0, "at": one.at.to_string(), "team": one.team, "by": one.by,
                "story": one.words, "evidence": one.evidence,
            })
        };
        let ruling = |one: &dispute::Ruling| {
            json!({
                "seq": one.seq.0, "at": one.at.to_string(), "by": one.by, "ruling": one.words,
                "case": one.case.as_ref().map(Case::text),
            })
        };
        json!({
            "stories": dispute.stories.iter().map(story).collect::<Vec<_>>(),
            "rulings": dispute.rulings.iter().map(ruling).collect::<Vec<_>>(),
        })
    });
    json!({
        "deal": shown.deal,
        "journey": v1::Answer::new(&shown.journey),
        "contributors": v1::Answer::new(&shown.contributors),
        "worth": shown.worth.map(v1::Amount::from),
        "notes": shown.contributors.notes,
        "rescues": shown.rescues,
        "dispute": dispute,
        "lineage": v1::Lineage::from(&shown.contributors.lineage),
    })
}
