//! Meetings that remember: how often they are, the pack that each opens, what was decided, and
//! whether it came to what was expected.
//!
//! All of it are acts in the ledger (decision 0045). A pack holds answers of ordinary questions as
//! of one commit, and no figure of its own. [`cadence`] says when meetings are, [`pack`] makes what
//! one opens, [`closed`] keeps it with the passports of its answers, [`decided`] follows what was
//! decided, [`report`] tells who met.

pub mod cadence;
pub mod closed;
pub mod decided;
pub mod pack;
pub mod report;

mod areas;
mod desk;
mod says;
mod sections;

use handfast_model::meeting::Attendee;
use handfast_model::rules::Side;
use handfast_model::{Charter, Day, Refusal};

/// The sides that meet.
pub const SIDES: [Side; 2] = [Side::Marketing, Side::Sales];

/// The side of a team of the charter.
pub fn side_of(charter: &Charter, team: &str) -> Option<Side> {
    let found = charter.teams.iter().find(|known| known.id == team);
    found.map(|team| team.side)
}

/// Whether both sides are among these.
pub fn has_both(charter: &Charter, people: &[Attendee]) -> bool {
    let is_there = |side: &Side| {
        let mut people = people.iter();
        people.any(|one| side_of(charter, &one.team) == Some(*side))
    };
    SIDES.iter().all(is_there)
}

/// Reads `TEAM:NAME`, each once, in the order in which they are given.
pub(crate) fn people(
    charter: &Charter,
    words: &[String],
    refuse: impl Fn(String, String) -> Refusal,
) -> Result<Vec<Attendee>, Refusal> {
    let mut people: Vec<Attendee> = Vec::new();
    for word in words {
        let parts = word.split_once(':');
        let parts = parts.map(|(team, name)| (team.trim(), plain(name)));
        let Some((team, name)) = parts.filter(|(_, name)| !name.is_empty()) else {
            let fix = "TEAM:NAME, as in demand:Ann".to_owned();
            return Err(refuse(
                format!("`{word}` does not say who is of which team"),
                fix,
            ));
        };
        if side_of(charter, team).is_none() {
            let teams: Vec<&str> = charter.teams.iter().map(|one| one.id.as_str()).collect();
            let fix = format!("one of: {}", teams.join(", "));
            return Err(refuse(format!("`{team}` is no team of the charter"), fix));
        }
        let team = team.to_owned();
        let one = Attendee { team, name };
        if !people.contains(&one) {
            people.push(one);
        }
    }
    Ok(people)
}

/// Words on one line, as an act keeps them.
pub(crate) fn plain(text: &str) -> String {
    crate::agree::doing::line(text)
}

/// People as an act keeps them, each on a line.
pub(crate) fn people_text(people: &[Attendee]) -> String {
    let lines = people
        .iter()
        .map(|one| format!("{}\t{}", one.team, one.name));
    lines.collect::<Vec<_>>().join("\n")
}

/// Reads that back.
pub(crate) fn people_of(text: &str) -> Vec<Attendee> {
    let lines = text.lines().filter_map(|line| line.split_once('\t'));
    let one = |(team, name): (&str, &str)| Attendee {
        team: team.to_owned(),
        name: name.to_owned(),
    };
    lines.map(one).collect()
}

/// A day that somebody typed.
pub(crate) fn day(text: &str, refuse: impl Fn(String, String) -> Refusal) -> Result<Day, Refusal> {
    let fix = || "a day as 2026-01-31".to_owned();
    Day::parse(text.trim()).ok_or_else(|| refuse(format!("`{text}` is not a day"), fix()))
}

/// What cannot be kept of a cadence.
pub(crate) fn no_cadence(title: String, fix: String) -> Refusal {
    Refusal::new("E0726", title)
        .matters("nothing was written")
        .fix(fix)
}

/// A meeting that cannot be opened or closed.
pub(crate) fn no_meeting(title: String, fix: String) -> Refusal {
    Refusal::new("E0727", title)
        .matters("nothing was written")
        .fix(fix)
}

/// What is not there.
pub(crate) fn not_there(title: String, fix: String) -> Refusal {
    Refusal::new("E0728", title).fix(fix)
}

/// A decision that cannot be kept.
pub(crate) fn no_decision(title: String, fix: String) -> Refusal {
    Refusal::new("E0729", title)
        .matters("nothing was written")
        .fix(fix)
}

/// People who cannot have attended.
pub(crate) fn no_attendance(title: String, fix: String) -> Refusal {
    Refusal::new("E0730", title)
        .matters("nothing was written")
        .fix(fix)
}
