//! `handfast charter rehearse` and `fitness`: a definition held against the past.

use std::process::ExitCode;

use handfast_model::{Answer, Refusal};
use handfast_service::agree::fitness::{self, Asked};
use handfast_service::agree::rehearse::{Rehearsal, rehearse};
use handfast_service::answered::Reread;
use handfast_service::book::Book;
use handfast_service::dispute::Tried;
use handfast_wire::v1;
use serde_json::{Value, json};

use crate::args::charter::{Fitness, Rehearse};
use crate::{print, table};

/// Replays and prints.
pub fn run(asked: &Rehearse) -> Result<ExitCode, Refusal> {
    let book = Book::read(&asked.book, super::now())?;
    let quarters = usize::from(asked.quarters);
    let mut tell = |step: &str| eprintln!("{step} …");
    let from = asked.from.as_deref().map(super::day).transpose()?;
    let done = rehearse(&book, &asked.draft, (quarters, from), &mut tell)?;
    if asked.json {
        return print(&to_json(&done).to_string());
    }
    if asked.records {
        return print(&table::render(&done.visits));
    }
    let mut text = mode(&done);
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
        None => format!(
            "`{}` is retroactive: it replays all history\n\n",
            done.draft
        ),
        Some(from) => format!(
            "`{}` is forward-only: what happened before its day stays as it is. Here it is \
             replayed as though it had begun on {from}; answers given before are asked under what \
             it means as it stands\n\n",
            done.draft
        ),
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
            "{overturned} ruling on {}: {}: {} now, {} under the draft\n",
            one.deal,
            one.case,
            holds(one.now),
            holds(one.draft)
        ));
    }
    text
}

fn reread(read: &Reread) -> String {
    let Some(seq) = read.seq else {
        return "No answer has been given in this book that could read differently.\n".to_owned();
    };
    let mut text = format!(
        "Answers given before, as of ledger {seq}: {} asked again, {} would read differently\n",
        read.asked,
        read.differ.len()
    );
    for question in &read.differ {
        text.push_str(&format!("  differs        ask {question}\n"));
    }
    for question in &read.refused {
        text.push_str(&format!("  no words for   ask {question}\n"));
    }
    if read.earlier > 0 {
        let earlier = read.earlier;
        text.push_str(&format!(
            "  note           {earlier} as of earlier commits were not asked\n"
        ));
    }
    text
}

fn ruling(one: &Tried) -> Value {
    json!({
        "deal": one.deal,
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
        "quarters": quarters,
        "entered": part(&done.entered),
        "unmoved": done.unmoved,
        "visits": part(&done.visits),
        "won": part(&done.won),
        "credit": Value::Object(credit.collect()),
        "models": done.models,
        "rulings": done.rulings.iter().map(ruling).collect::<Vec<_>>(),
        "answers": {
            "seq": done.answers.seq.map(|seq| seq.0),
            "asked": done.answers.asked,
            "earlier": done.answers.earlier,
            "differ": done.answers.differ,
            "refused": done.answers.refused,
        },
        "lineage": v1::Lineage::from(&done.entered.lineage),
    })
}
