//! `handfast charter rehearse` and `fitness`: a definition held against the past.

use std::process::ExitCode;

use handfast_model::{Answer, Refusal};
use handfast_service::agree::fitness::{self, Asked};
use handfast_service::agree::rehearse::{Rehearsal, Replaced, rehearse};
use handfast_service::agree::reread::{Read, Reread};
use handfast_service::book::Book;
use handfast_service::dispute::Tried;
use handfast_wire::v1;
use serde_json::{Value, json};

use crate::args::charter::{Fitness, Rehearse};
use crate::progress::Steps;
use crate::{print, table};

/// Replays and prints.
pub fn run(asked: &Rehearse) -> Result<ExitCode, Refusal> {
    let book = Book::read(&asked.book, super::now())?;
    let quarters = usize::from(asked.quarters);
    let mut steps = Steps::begin();
    let from = asked.from.as_deref().map(super::day).transpose()?;
    let done = rehearse(&book, &asked.draft, (quarters, from), &mut |step| {
        steps.at(step)
    });
    steps.finish();
    let done = done?;
    if asked.json {
        return print(&to_json(&done).to_string());
    }
    if asked.records {
        return print(&table::render(&done.visits));
    }
    let mut text = format!("{}{}\n", mode(&done), against(&done.replaces));
    if done.quarters.is_empty() {
        text.push_str("No source has shown anything yet: there is no quarter to replay.\n");
        return print(&text);
    }
    let mut part = |title: &str, answer: &Answer| {
        text.push_str(&format!("{title}\n\n{}\n", table::render(answer)));
    };
    if !done.entered.rows.is_empty() {
        part("Who enters which stage", &done.entered);
    }
    part("Won of what was decided", &done.won);
    for (by, answer) in done
        .credit
        .iter()
        .filter(|(_, answer)| !answer.rows.is_empty())
    {
        part(
            &format!("Who gains credit of what was won, by {by}"),
            answer,
        );
    }
    for (by, _) in done
        .credit
        .iter()
        .filter(|(_, answer)| answer.rows.is_empty())
    {
        let models = done.models.join(", ");
        text.push_str(&format!(
            "No credit moves between any {by}s, by {models}.\n"
        ));
    }
    if !done.unmoved.is_empty() {
        let stages = done.unmoved.join(", ");
        text.push_str(&format!("Nobody enters otherwise than now: {stages}.\n"));
    }
    text.push_str(&rulings(&done.rulings));
    text.push_str(&reread(&done.answers));
    text.push_str("  nothing was written; --records lists the visits that appear or vanish\n");
    print(&text)
}

/// What the draft says of the past, in a line.
fn mode(done: &Rehearsal) -> String {
    match done.from {
        None => format!("`{}` is retroactive: it replays all history\n", done.draft),
        Some(from) => format!(
            "`{}` is forward-only: what happened before its day stays as it is. Here it is \
             replayed as though it had begun on {from}; answers given before are asked under what \
             it means as it stands\n",
            done.draft
        ),
    }
}

/// What it is held against, where that is not the charter in force.
fn against(replaces: &Replaced) -> String {
    if replaces.is_in_force {
        return String::new();
    }
    let hash = || replaces.hash.chars().take(19).collect();
    let name = replaces.name.as_ref().map(|name| format!("`{name}`"));
    let name: String = name.unwrap_or_else(hash);
    match replaces.from {
        Some(day) => format!(
            "Now is {name}: agreed from {day}, and what signing replaces; another charter is in \
             force until then\n"
        ),
        None => format!("Now is {name}: the charter that it was signed over, not in force\n"),
    }
}

/// Tests a stage and prints.
pub fn fitness(asked: &Fitness) -> Result<ExitCode, Refusal> {
    let book = Book::read(&asked.book, super::now())?;
    let question = Asked {
        stage: &asked.stage,
        charter: asked.charter.as_deref(),
        period: asked.period.as_deref(),
        window: asked.window,
    };
    let found = fitness::fitness(&book, &question)?;
    if asked.json {
        let of =
            |one: fitness::Interval| json!({"share": one.share, "low": one.low, "high": one.high});
        let told = json!({
            "stage": asked.stage,
            "answer": v1::Answer::new(&found.answer),
            "difference": found.difference.map(of),
            "verdict": found.verdict,
            "notes": found.answer.notes,
            "records": v1::Answer::new(&found.records),
            "lineage": v1::Lineage::from(&found.answer.lineage),
        });
        return print(&told.to_string());
    }
    if asked.records {
        return print(&table::render(&found.records));
    }
    print(&format!(
        "{}\n\n{}",
        found.verdict,
        table::render(&found.answer)
    ))
}

fn rulings(tried: &[Tried]) -> String {
    let mut text = String::new();
    for one in tried {
        let holds = |holds: Option<bool>| match holds {
            Some(true) => "holds",
            Some(false) => "does not hold",
            None => "cannot be told",
        };
        let overturned = if one.is_overturned() {
            "WOULD OVERTURN the"
        } else {
            "the"
        };
        text.push_str(&format!(
            "{overturned} ruling on {} ({}, commit {}): {}: {} now, {} under the draft\n",
            one.deal,
            one.by,
            one.seq,
            one.case,
            holds(one.now),
            holds(one.draft)
        ));
    }
    text
}

fn reread(read: &Reread) -> String {
    if read.moments.is_empty() {
        return "No answer has been given in this book that could read differently.\n".to_owned();
    }
    let moments: Vec<String> = read.moments.iter().map(ToString::to_string).collect();
    let mut text = format!(
        "Answers given before, as of ledger {}: {} asked again, {} would read differently\n",
        moments.join(", "),
        read.asked,
        read.differ.len()
    );
    for one in &read.differ {
        text.push_str(&format!("  differs        {}\n", told(one)));
    }
    for one in &read.refused {
        text.push_str(&format!("  no words for   {}\n", told(one)));
    }
    if read.lost > 0 {
        let lost = read.lost;
        text.push_str(&format!(
            "  note           {lost} cannot be asked again as they were\n"
        ));
    }
    text
}

fn told(one: &Read) -> String {
    let closed = one.closed.as_ref();
    let closed = closed.map_or_else(String::new, |label| format!("the close of {label}: "));
    let why = one.why.as_ref();
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    format!("{closed}ask {}{why}", one.question)
}

fn read_json(one: &Read) -> Value {
    json!({"question": one.question, "closed": one.closed, "why": one.why})
}

fn ruling(one: &Tried) -> Value {
    json!({
        "deal": one.deal,
        "seq": one.seq.0,
        "by": one.by,
        "case": one.case,
        "now": one.now,
        "draft": one.draft,
        "is_overturned": one.is_overturned(),
    })
}

fn to_json(done: &Rehearsal) -> Value {
    let part = |answer: &Answer| json!(v1::Answer::new(answer));
    let quarters: Vec<&str> = done.quarters.iter().map(|one| one.label.as_str()).collect();
    let credit = done
        .credit
        .iter()
        .map(|(by, answer)| (by.clone(), part(answer)));
    json!({
        "draft": done.draft,
        "mode": done.mode.word(),
        "from": done.from.map(|day| day.to_string()),
        "replaces": {
            "charter": done.replaces.hash,
            "draft": done.replaces.name,
            "from": done.replaces.from.map(|day| day.to_string()),
            "is_in_force": done.replaces.is_in_force,
        },
        "quarters": quarters,
        "entered": part(&done.entered),
        "unmoved": done.unmoved,
        "visits": part(&done.visits),
        "won": part(&done.won),
        "credit": Value::Object(credit.collect()),
        "models": done.models,
        "rulings": done.rulings.iter().map(ruling).collect::<Vec<_>>(),
        "answers": {
            "moments": done.answers.moments.iter().map(|seq| seq.0).collect::<Vec<_>>(),
            "asked": done.answers.asked,
            "lost": done.answers.lost,
            "differ": done.answers.differ.iter().map(read_json).collect::<Vec<_>>(),
            "refused": done.answers.refused.iter().map(read_json).collect::<Vec<_>>(),
        },
        "lineage": v1::Lineage::from(&done.entered.lineage),
    })
}
