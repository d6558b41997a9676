//! `handfast meet`: when meetings are, what each opens, what was decided and what came of it. A
//! pack is printed from its JSON, so that one that was closed reads as it did then.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use handfast_model::meeting::{Rhythm, State};
use handfast_model::{Instant, Refusal};
use handfast_service::book::Book;
use handfast_service::meetings::cadence::{self, Setting};
use handfast_service::meetings::closed::{self, Forms, Held};
use handfast_service::meetings::decided::{self, Deciding};
use handfast_service::meetings::pack::{self, Wanted};
use handfast_service::meetings::report;
use handfast_wire::v1::{meeting as wire, passport};
use serde_json::Value;

use crate::args::meet::{CadenceArgs, CloseArgs, DecideArgs, MeetAction, OpenArgs};
use crate::args::meet::{RhythmArg, StateArg};
use crate::{print, table};

/// How what is kept of a meeting is written down.
const FORMS: Forms = Forms {
    pack: wire::pack_text,
    passport: passport::to_json,
};

/// How many meetings to come are told of each cadence.
const COMING: usize = 5;

/// Runs one action.
pub fn run(action: &MeetAction) -> Result<ExitCode, Refusal> {
    match action {
        MeetAction::Cadence(args) => cadences(args),
        MeetAction::Open(args) => open(args),
        MeetAction::Close(args) => close(args),
        MeetAction::Show { book, number, json } => show(book, *number, *json),
        MeetAction::List { book } => list(book),
        MeetAction::Verify { book, number } => verify(book, *number),
        MeetAction::Decide(args) => decide(args),
        MeetAction::Settle {
            book,
            number,
            state,
            because,
            by,
        } => {
            let book = Book::open(book, &super::opening())?;
            let said = (state_of(*state), because.as_str());
            decided::settle(&book, *number, said, by, super::now())?;
            print(&format!("decision {number} is {}", said.0.word()))
        }
        MeetAction::Decisions { book, json } => decisions(book, *json),
        MeetAction::Report { book, json } => reported(book, *json),
    }
}

fn rhythm_of(rhythm: RhythmArg) -> Rhythm {
    match rhythm {
        RhythmArg::Weekly => Rhythm::Weekly,
        RhythmArg::Monthly => Rhythm::Monthly,
        RhythmArg::Quarterly => Rhythm::Quarterly,
    }
}

fn state_of(state: StateArg) -> State {
    match state {
        StateArg::Kept => State::Kept,
        StateArg::Dropped => State::Dropped,
        StateArg::Open => State::Open,
    }
}

fn cadences(args: &CadenceArgs) -> Result<ExitCode, Refusal> {
    let now = super::now();
    if let Some(rhythm) = args.end.map(rhythm_of) {
        let book = Book::open(&args.book, &super::opening())?;
        cadence::end(&book, rhythm, args.by.as_deref(), now)?;
        return print(&format!(
            "no {} meetings are expected any more",
            rhythm.word()
        ));
    }
    if let Some(rhythm) = args.set.map(rhythm_of) {
        let book = Book::open(&args.book, &super::opening())?;
        let setting = Setting {
            rhythm,
            day: args.on.as_deref().unwrap_or_default(),
            at: args.at.as_deref().unwrap_or_default(),
            expected: &args.with,
            since: args.since.as_deref(),
            by: args.by.as_deref(),
        };
        cadence::set(&book, &setting, now)?;
        return print(&coming(&book, now)?);
    }
    let after = match &args.after {
        None => now,
        Some(text) => Instant::parse(text).ok_or_else(|| {
            Refusal::new("E0404", format!("`{text}` is not an instant"))
                .fix("--after 2026-03-20T00:00:00Z")
        })?,
    };
    print(&coming(&Book::read(&args.book, now)?, after)?)
}

/// The cadences with their next meetings.
fn coming(book: &Book, after: Instant) -> Result<String, Refusal> {
    let mut text = String::new();
    for (one, next) in cadence::told(book, after, COMING)? {
        let (day, at) = (cadence::day_text(one.day), cadence::clock(one.minute));
        let who = one.expected.iter();
        let who: Vec<String> = who
            .map(|one| format!("{}:{}", one.team, one.name))
            .collect();
        let who = match who.is_empty() {
            true => String::new(),
            false => format!("; expected: {}", who.join(", ")),
        };
        let word = one.rhythm.word();
        let _ = writeln!(text, "{word}, on {day} at {at}, since {}{who}", one.since);
        for next in next {
            let _ = writeln!(text, "  {} ({})", next.day, next.at);
        }
    }
    Ok(match text.is_empty() {
        true => "no meetings are set: handfast meet cadence BOOK --set weekly --on monday --at \
                 09:30"
            .to_owned(),
        false => table::printable_lines(&text),
    })
}

fn open(args: &OpenArgs) -> Result<ExitCode, Refusal> {
    let book = Book::read(&args.book, super::now())?;
    let wanted = Wanted {
        rhythm: rhythm_of(args.rhythm),
        on: args.on.clone(),
        as_of: args.as_of.clone(),
        currency: args.currency.clone(),
    };
    let text = wire::pack_text(&pack::open(&book, &wanted)?);
    match args.json {
        true => print(&text),
        false => print(&brief(&text)),
    }
}

fn close(args: &CloseArgs) -> Result<ExitCode, Refusal> {
    let book = Book::open(&args.book, &super::opening())?;
    let wanted = Wanted {
        rhythm: rhythm_of(args.rhythm),
        on: args.on.clone(),
        as_of: None,
        currency: args.currency.clone(),
    };
    let held = Held {
        attended: args.attended.clone(),
        is_skipped: args.skipped,
        note: args.note.clone(),
        by: args.by.clone(),
    };
    let closed = closed::close(&book, &wanted, (&held, FORMS), super::now())?;
    let (number, as_of) = (closed.seq, closed.as_of);
    print(&format!(
        "closed the {} meeting of {} as of commit {as_of}: number {number}\n\
         handfast meet show BOOK {number} shows it as it was read",
        closed.rhythm.word(),
        closed.on
    ))
}

fn show(book: &Path, number: u64, is_json: bool) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let (closed, kept) = closed::show(&book, number)?;
    if is_json {
        return print(&wire::closed_text(&wire::Closed::from(&closed), &kept.pack));
    }
    let mut text = format!(
        "{} meeting of {}, number {number}: {}, closed {} by {}\n",
        closed.rhythm.word(),
        closed.on,
        there(&closed),
        closed.at,
        closed.by
    );
    if !closed.note.is_empty() {
        let _ = writeln!(text, "{}", closed.note);
    }
    print(&format!(
        "{}\n{}",
        table::printable_lines(&text),
        brief(&kept.pack)
    ))
}

/// Who was there.
fn there(closed: &handfast_model::meeting::Closed) -> String {
    if closed.is_skipped {
        return "skipped, nothing had changed".to_owned();
    }
    let people = closed.attended.iter();
    let people = people.map(|one| format!("{} ({})", one.name, one.team));
    people.collect::<Vec<_>>().join(", ")
}

fn list(book: &Path) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let mut text = String::new();
    for one in closed::closed(&book)? {
        let (number, word) = (one.seq, one.rhythm.word());
        let _ = writeln!(
            text,
            "{number:>6}  {word:<9} {}  as of commit {}: {}",
            one.on,
            one.as_of,
            there(&one)
        );
    }
    match text.is_empty() {
        true => print("no meeting is closed yet"),
        false => print(&table::printable_lines(&text)),
    }
}

fn verify(book: &Path, number: u64) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let all = closed::verify(&book, number, passport::from_json)?;
    let (mut text, mut differing) = (String::new(), 0);
    for one in &all {
        match &one.verified.difference {
            None => {
                let (cells, records) = (one.verified.cells, one.verified.records);
                let _ = writeln!(text, "the same: {cells} cells, {records} records");
            }
            Some(difference) => {
                differing += 1;
                let (figure, cause) = (&difference.figure, &difference.cause);
                let _ = writeln!(text, "DIFFERS: {figure}\n  cause: {cause}");
            }
        }
        let _ = writeln!(text, "  {}", one.question);
    }
    let _ = write!(
        text,
        "{} of {} answers are the same",
        all.len() - differing,
        all.len()
    );
    print(&table::printable_lines(&text))?;
    Ok(match differing {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    })
}

fn decide(args: &DecideArgs) -> Result<ExitCode, Refusal> {
    let book = Book::open(&args.book, &super::opening())?;
    let deciding = Deciding {
        what: args.what.clone(),
        owner: args.owner.clone(),
        due: args.due.clone(),
        on: args.on.clone(),
        metric: args.metric.clone(),
        expect: args.expect.clone(),
        until: args.until.clone(),
        by: args.by.clone(),
    };
    let seq = decided::decide(&book, &deciding, super::now())?;
    print(&format!(
        "decision {seq} is written down; packs tell it until it is settled: handfast meet settle \
         BOOK {seq} kept"
    ))
}

fn decisions(book: &Path, is_json: bool) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let all = decided::decisions(&book)?;
    let all: Vec<wire::Decision> = all.iter().map(wire::Decision::from).collect();
    if is_json {
        return print(&serde_json::to_string(&all).unwrap_or_default());
    }
    let mut text = String::new();
    for one in &all {
        let (number, state, due) = (one.number, one.state, &one.due);
        let (what, owner) = (&one.what, &one.owner);
        let _ = writeln!(text, "{number:>6}  {state:<7} due {due}  {owner}: {what}");
        if let Some(aim) = &one.aim {
            let (metric, expect, until) = (&aim.metric, &aim.expect, &aim.until);
            let _ = writeln!(text, "        {metric} {expect} by {until}");
        }
        for entry in &one.settled {
            let (state, by, because) = (entry.state, &entry.by, &entry.because);
            let _ = writeln!(text, "        {state}, says {by}: {because}");
        }
    }
    match text.is_empty() {
        true => print("nothing was decided yet"),
        false => print(&table::printable_lines(&text)),
    }
}

fn reported(book: &Path, is_json: bool) -> Result<ExitCode, Refusal> {
    let book = Book::read(book, super::now())?;
    let all = report::meetings(&book, super::now())?;
    let told = wire::Report {
        counts: report::counts(&all)
            .iter()
            .map(wire::Counts::from)
            .collect(),
        meetings: all.iter().map(wire::Meeting::from).collect(),
    };
    if is_json {
        return print(&serde_json::to_string(&told).unwrap_or_default());
    }
    let mut text = String::new();
    for one in &told.counts {
        let (held, by_both, missed) = (one.held, one.by_both, one.missed);
        let (word, skipped) = (one.rhythm, one.skipped);
        let _ = writeln!(
            text,
            "{word}: {held} held, {by_both} of them with both sides; {skipped} skipped, {missed} \
             missed"
        );
        for meeting in told
            .meetings
            .iter()
            .filter(|meeting| meeting.rhythm == word)
        {
            let number = meeting
                .closed
                .map_or(String::new(), |seq| format!("  number {seq}"));
            let absent = meeting.absent.iter();
            let absent: Vec<&str> = absent.map(|one| one.name.as_str()).collect();
            let absent = match absent.is_empty() {
                true => String::new(),
                false => format!("  without {}", absent.join(", ")),
            };
            let _ = writeln!(
                text,
                "  {}  {}{number}{absent}",
                meeting.day, meeting.became
            );
        }
    }
    match text.is_empty() {
        true => print("no meetings are set, and none was held"),
        false => print(&table::printable_lines(&text)),
    }
}

/// A text within a value; empty where there is none.
fn word<'v>(value: &'v Value, place: &str) -> &'v str {
    value
        .pointer(place)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn each<'v>(value: &'v Value, place: &str) -> &'v [Value] {
    let found = value.pointer(place).and_then(Value::as_array);
    found.map_or(&[], |all| all.as_slice())
}

fn is_so(value: &Value, place: &str) -> bool {
    value
        .pointer(place)
        .and_then(Value::as_bool)
        .unwrap_or(false)
}

fn number(value: &Value, place: &str) -> u64 {
    value
        .pointer(place)
        .and_then(Value::as_u64)
        .unwrap_or_default()
}

/// A pack as a brief: exceptions, then each question with its sentences, then what was decided.
fn brief(text: &str) -> String {
    let pack: Value = serde_json::from_str(text).unwrap_or_default();
    let mut told = head(&pack);
    let exceptions = each(&pack, "/exceptions");
    if !exceptions.is_empty() {
        told.push_str("\nExceptions\n");
    }
    for one in exceptions {
        let mark = if is_so(one, "/is_new") { "new" } else { "   " };
        let _ = writeln!(told, "  {mark} {}", word(one, "/says"));
    }
    for section in each(&pack, "/sections") {
        let _ = writeln!(told, "\n{}", word(section, "/asks"));
        for one in each(section, "/told") {
            let _ = writeln!(told, "  {}", word(one, "/says"));
            let question = word(one, "/reply/question/text");
            if !question.is_empty() {
                let _ = writeln!(told, "      {question}");
            }
        }
    }
    followed(each(&pack, "/decisions"), &mut told);
    table::printable_lines(&told)
}

/// Which meeting it is, and since when its changes are told.
fn head(pack: &Value) -> String {
    let mut told = format!(
        "{} meeting of {}: looks back on {}, as of commit {}\n",
        word(pack, "/rhythm"),
        word(pack, "/on"),
        word(pack, "/last/label"),
        number(pack, "/as_of")
    );
    match word(pack, "/since/on") {
        "" => told.push_str("no meeting of this rhythm was closed before\n"),
        on => {
            let _ = writeln!(told, "since the meeting of {on}");
        }
    }
    let whose = word(pack, "/whose");
    if !whose.is_empty() {
        let _ = writeln!(told, "{whose}");
    }
    if is_so(pack, "/nothing_new") {
        told.push_str("\nNothing changed: this meeting can be skipped.\n");
    }
    told
}

/// What was decided before, with what came of it.
fn followed(decisions: &[Value], told: &mut String) {
    if !decisions.is_empty() {
        told.push_str("\nDecisions\n");
    }
    for one in decisions {
        let late = if is_so(one, "/is_overdue") {
            ", overdue"
        } else {
            ""
        };
        let _ = writeln!(
            told,
            "  {} {}{late}, due {}, {}: {}",
            number(one, "/decision/number"),
            word(one, "/decision/state"),
            word(one, "/decision/due"),
            word(one, "/decision/owner"),
            word(one, "/decision/what")
        );
        let has_aim = one.pointer("/decision/aim").is_some_and(Value::is_object);
        let says = match word(one, "/effect/says") {
            "" => word(one, "/means"),
            says => says,
        };
        if has_aim {
            let _ = writeln!(told, "      {says}");
        }
    }
}
