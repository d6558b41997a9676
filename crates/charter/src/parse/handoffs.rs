//! `handoffs.toml`: what one team promises another; and the working hours of `calendar.toml`.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::hours::{Handoff, Hours, Party, Shift, Silence, Starts, Within};
use handfast_model::rules::Side;
use handfast_model::{Calendar, Day, Refusal};

use super::Draft;
use crate::check::{CONTRADICTION, UNKNOWN_NAME, check_id, check_zone, once};
use crate::fields::{Fields, Key, MISSING, OUT_OF_RANGE, key, wrong_type};
use crate::place::{Desk, Located, Span};
use crate::words::{either, nearest, shown};

const HOURS_MATTER: &str = "time that is counted by business hours runs only then";
const DAYS: [Key; 7] = [
    key("monday", "[\"09:00-17:00\"]", HOURS_MATTER),
    key("tuesday", "[\"09:00-17:00\"]", HOURS_MATTER),
    key("wednesday", "[\"09:00-17:00\"]", HOURS_MATTER),
    key("thursday", "[\"09:00-17:00\"]", HOURS_MATTER),
    key("friday", "[\"09:00-17:00\"]", HOURS_MATTER),
    key("saturday", "[\"09:00-12:00\"]", HOURS_MATTER),
    key("sunday", "[\"09:00-12:00\"]", HOURS_MATTER),
];
const WEEKDAYS: Key = key("weekdays", "[\"09:00-17:00\"]", HOURS_MATTER);
const HOLIDAYS: Key = key("holidays", "[\"2025-12-25\"]", HOURS_MATTER);
const ZONES: Key = key(
    "zones",
    "[hours.zones]\ninside = \"America/New_York\"",
    "the hours of these teams are those of the clocks there",
);
const HOURS: Key = key(
    "hours",
    "[hours]\nweekdays = [\"09:00-17:00\"]",
    HOURS_MATTER,
);

/// Working hours as written.
#[derive(Default)]
pub(crate) struct HoursDraft {
    span: Option<Span>,
    week: [Vec<Shift>; 7],
    holidays: BTreeSet<Day>,
    zones: Vec<(Located<String>, Located<String>)>,
}

/// Reads `[hours]` of the calendar.
pub(super) fn hours(desk: &mut Desk<'_>, top: &mut Fields<'_>, draft: &mut Draft) {
    let Some(mut fields) = top.table(desk, &HOURS, "[hours]") else {
        return;
    };
    let mut read = HoursDraft {
        span: Some(fields.span),
        ..HoursDraft::default()
    };
    let weekdays = fields.texts(desk, &WEEKDAYS);
    let weekdays = shifts(desk, weekdays.unwrap_or_default());
    for (at, key) in DAYS.iter().enumerate() {
        let own = fields.texts(desk, key).map(|texts| shifts(desk, texts));
        let day = own.unwrap_or_else(|| if at < 5 { weekdays.clone() } else { Vec::new() });
        if let Some(slot) = read.week.get_mut(at) {
            *slot = day;
        }
    }
    for text in fields.texts(desk, &HOLIDAYS).into_iter().flatten() {
        match Day::parse(&text.value) {
            Some(day) => _ = read.holidays.insert(day),
            None => {
                let title = format!("`{}` is not a day", shown(&text.value));
                let refusal = Refusal::new(OUT_OF_RANGE, title)
                    .matters("work would go on that day")
                    .fix("\"2025-12-25\"");
                desk.refuse(text.span, refusal);
            }
        }
    }
    if let Some(zones) = fields.table(desk, &ZONES, "[hours.zones]") {
        for (team, item) in zones.names() {
            match item.as_str() {
                Some(zone) => {
                    let span = item.span().map(|range| Span::new(team.span.file, range));
                    let zone = Located {
                        value: zone.to_owned(),
                        span: span.unwrap_or(team.span),
                    };
                    read.zones.push((team, zone));
                }
                None => desk.refuse(team.span, wrong_type(&ZONES, "a text", item)),
            }
        }
    }
    fields.finish(desk);
    draft.hours = read;
}

/// Shifts in order; what is none, or overlaps another, is refused.
fn shifts(desk: &mut Desk<'_>, texts: Vec<Located<String>>) -> Vec<Shift> {
    let mut all: Vec<Shift> = Vec::new();
    for text in texts {
        let shift = Shift::parse(&text.value);
        let overlaps = |one: &&Shift| {
            shift.is_some_and(|shift| one.from < shift.until && shift.from < one.until)
        };
        let (title, fix) = match (shift, all.iter().find(overlaps)) {
            (Some(shift), None) => {
                all.push(shift);
                continue;
            }
            (None, _) => (
                format!("`{}` are not hours of a day", shown(&text.value)),
                "\"09:00-17:30\"; a shift over midnight is two, to 24:00 and from 00:00".to_owned(),
            ),
            (_, Some(other)) => (
                format!("`{}` overlaps `{}`", shown(&text.value), other.text()),
                "hours of which none are in two shifts".to_owned(),
            ),
        };
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(HOURS_MATTER)
            .fix(fix);
        desk.refuse(text.span, refusal);
    }
    all.sort();
    all
}

const HANDOFF: Key = key(
    "handoff",
    "[[handoff]]\nname = \"first_call\"\nfrom = \"marketing\"\nto = \"sales\"\n\
     starts = \"assignment\"\naccept_within = \"8 business hours\"",
    "no team promises another anything",
);
const NAME: Key = key(
    "name",
    "\"first_call\"",
    "questions and reports name it by this",
);
const FROM: Key = key("from", "\"marketing\"", "nobody hands anything over");
const TO: Key = key("to", "\"sales\"", "nobody is to answer");
const STARTS: Key = key(
    "starts",
    "\"assignment\"",
    "the time to answer runs from then",
);
const STAGE: Key = key("stage", "\"mql\"", "time runs from each entry into it");
const ACCEPT_WITHIN: Key = key(
    "accept_within",
    "\"8 business hours\"",
    "nobody could say what is in time",
);
const REJECT_REASONS: Key = key(
    "reject_reasons",
    "[\"no budget\", \"not our market\"]",
    "other reasons are told beside the answer",
);
const SILENCE: Key = key(
    "silence",
    "\"overdue\"",
    "it says what becomes of what nobody answered",
);

/// A handoff as written.
pub(crate) struct HandoffDraft {
    name: Option<Located<String>>,
    from: Option<Located<String>>,
    to: Option<Located<String>>,
    starts: Option<Located<StartWord>>,
    stage: Option<Located<String>>,
    within: Option<Located<Within>>,
    reject_reasons: Vec<String>,
    silence: Silence,
}

impl HandoffDraft {
    /// Its name in questions.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_ref().map(|name| name.value.as_str())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StartWord {
    Creation,
    Assignment,
    Entry,
}

/// Reads the file.
pub(super) fn handoffs(desk: &mut Desk<'_>, mut top: Fields<'_>, draft: &mut Draft) {
    for mut table in top.tables(desk, &HANDOFF, "a handoff") {
        for key in [&NAME, &FROM, &TO, &STARTS, &ACCEPT_WITHIN] {
            table.need(desk, key);
        }
        let words = [
            ("creation", StartWord::Creation),
            ("assignment", StartWord::Assignment),
            ("entry", StartWord::Entry),
        ];
        let reasons = table.texts(desk, &REJECT_REASONS).unwrap_or_default();
        draft.handoffs.push(HandoffDraft {
            name: table.text(desk, &NAME),
            from: table.text(desk, &FROM),
            to: table.text(desk, &TO),
            starts: table.word(desk, &STARTS, &words),
            stage: table.text(desk, &STAGE),
            within: table
                .text(desk, &ACCEPT_WITHIN)
                .and_then(|text| within(desk, text)),
            reject_reasons: reasons.into_iter().map(|text| text.value).collect(),
            silence: table
                .word(desk, &SILENCE, &Silence::WORDS)
                .map_or(Silence::Overdue, |word| word.value),
        });
        table.finish(desk);
    }
    top.finish(desk);
}

fn within(desk: &mut Desk<'_>, text: Located<String>) -> Option<Located<Within>> {
    let read = Within::parse(&text.value);
    if read.is_none() {
        let title = format!("`{}` is not a time to answer in", shown(&text.value));
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(ACCEPT_WITHIN.matters)
            .fix("accept_within = \"8 business hours\", \"24 hours\" or \"2 days\"");
        desk.refuse(text.span, refusal);
    }
    read.map(|value| Located {
        value,
        span: text.span,
    })
}

/// What `handoffs.toml`, `calendar.toml`, `teams.toml` and `stages.toml` must keep together.
pub(crate) fn check(desk: &mut Desk<'_>, draft: &Draft) {
    for (team, zone) in &draft.hours.zones {
        check_zone(desk, zone, ZONES.matters);
        check_team(desk, draft, team, false);
    }
    let mut seen = BTreeMap::new();
    for handoff in &draft.handoffs {
        if let Some(name) = &handoff.name {
            check_id(desk, name, "handoff");
            let says = (
                "handoff",
                "they could not be told apart",
                "give it another name",
            );
            once(desk, &mut seen, name, says);
        }
        for party in [&handoff.from, &handoff.to].into_iter().flatten() {
            check_team(desk, draft, party, true);
        }
        check_start(desk, draft, handoff);
        let Some(within) = &handoff.within else {
            continue;
        };
        if matches!(within.value, Within::BusinessHours(_)) && draft.hours.span.is_none() {
            let title = "business hours, and the calendar names none";
            let refusal = Refusal::new(MISSING, title)
                .matters("no time would ever be over")
                .fix("in calendar.toml:\n[hours]\nweekdays = [\"09:00-17:00\"]");
            desk.refuse(within.span, refusal);
        }
    }
}

fn check_start(desk: &mut Desk<'_>, draft: &Draft, handoff: &HandoffDraft) {
    let is_entry = |starts: &Located<StartWord>| starts.value == StartWord::Entry;
    match (&handoff.starts, &handoff.stage) {
        (Some(starts), None) if is_entry(starts) => {
            let refusal = Refusal::new(MISSING, "an entry, and no `stage` to enter")
                .matters(STAGE.matters)
                .fix("stage = \"mql\"");
            desk.refuse(starts.span, refusal);
        }
        (Some(starts), Some(stage)) if !is_entry(starts) => {
            let title = "`stage` is for handoffs that start with an entry";
            let refusal = Refusal::new(CONTRADICTION, title)
                .matters("time runs from elsewhere, whatever stage is written")
                .fix("starts = \"entry\", or take stage out");
            desk.refuse(stage.span, refusal);
        }
        (_, Some(stage)) => {
            let ids = || draft.stages.iter().filter_map(|stage| stage.id.as_ref());
            if !ids().any(|id| id.value == stage.value) {
                let known = || ids().map(|id| id.value.as_str());
                let title = format!("`{}` is no stage", shown(&stage.value));
                let fix = match nearest(&stage.value, known()) {
                    Some(meant) => format!("stage = \"{meant}\""),
                    None => format!("one of {}", either(known())),
                };
                let refusal = Refusal::new(UNKNOWN_NAME, title)
                    .matters("nothing would ever be handed over")
                    .fix(fix);
                desk.refuse(stage.span, refusal);
            }
        }
        _ => {}
    }
}

fn check_team(desk: &mut Desk<'_>, draft: &Draft, name: &Located<String>, may_be_side: bool) {
    if desk.is_unreadable("teams.toml") {
        return;
    }
    let teams = || draft.teams.iter().map(|(id, _)| id.value.as_str());
    let sides = Side::ALL.map(Side::word);
    let sides = || sides.into_iter().filter(|_| may_be_side);
    if teams().chain(sides()).any(|known| known == name.value) {
        return;
    }
    let title = match may_be_side {
        true => format!("`{}` is no team, nor a side", shown(&name.value)),
        false => format!("`{}` is no team", shown(&name.value)),
    };
    let fix = match nearest(&name.value, teams().chain(sides())) {
        Some(meant) => format!("\"{meant}\""),
        None => format!("one of {}", either(teams().chain(sides()))),
    };
    let refusal = Refusal::new(UNKNOWN_NAME, title)
        .matters("nobody would be meant")
        .fix(fix);
    desk.refuse(name.span, refusal);
}

/// The hours of a checked draft.
pub(crate) fn resolved_hours(draft: HoursDraft) -> Option<Hours> {
    draft.span?;
    let zones = draft.zones.into_iter();
    let zones = zones.filter_map(|(team, zone)| {
        let calendar = Calendar::in_zone(&zone.value)?;
        Some((team.value, calendar))
    });
    Some(Hours {
        week: draft.week,
        holidays: draft.holidays,
        zones: zones.collect(),
    })
}

/// The handoffs of a checked draft.
pub(crate) fn resolved(draft: Vec<HandoffDraft>) -> Option<Vec<Handoff>> {
    let party = |name: String| match Side::parse(&name) {
        Some(side) => Party::Side(side),
        None => Party::Team(name),
    };
    let each = |draft: HandoffDraft| {
        Some(Handoff {
            name: draft.name?.value,
            from: party(draft.from?.value),
            to: party(draft.to?.value),
            starts: match draft.starts?.value {
                StartWord::Creation => Starts::Creation,
                StartWord::Assignment => Starts::Assignment,
                StartWord::Entry => Starts::Entry(draft.stage?.value),
            },
            within: draft.within?.value,
            reject_reasons: draft.reject_reasons,
            silence: draft.silence,
        })
    };
    draft.into_iter().map(each).collect()
}
