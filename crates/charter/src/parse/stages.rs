//! `stages.toml`: what opens a pursuit, when silence ends it, and the stages between.

use handfast_model::rules::{Precedence, StepRole};
use handfast_model::{Decimal, Refusal, limits};

use super::{DormantDraft, Draft, OpeningDraft, Rules, StageDraft, StageWord};
use crate::expression::About;
use crate::fields::{Fields, Key, OUT_OF_RANGE, key};
use crate::place::Desk;
use crate::words::shown;

const OPENING: Key = key(
    "opening",
    "[opening]\nlead = true\ndeal = true",
    "it says what opens a pursuit",
);
const LEAD: Key = key("lead", "true", "whether a lead's creation opens a pursuit");
const DEAL: Key = key("deal", "true", "whether a deal's creation opens a pursuit");
const TOUCHES: Key = key(
    "touches",
    "[\"demo_request\"]",
    "the kinds of touch that open a pursuit",
);
const DORMANT: Key = key(
    "dormant",
    "[dormant]\nafter_days = 180\ntwo_way = [\"call\", \"meeting\", \"reply\"]",
    "it says when silence ends a pursuit",
);
const AFTER_DAYS: Key = key(
    "after_days",
    "180",
    "the days of silence that end a pursuit",
);
const TWO_WAY: Key = key(
    "two_way",
    "[\"call\", \"meeting\", \"reply\"]",
    "the kinds of touch that break the silence",
);
const STAGE: Key = key(
    "stage",
    "[[stage]]\nid = \"mql\"",
    "stages are what a funnel counts",
);
const ID: Key = key("id", "\"mql\"", "questions and reports name it by this");
const STAGE_NAME: Key = key("name", "\"Qualified by marketing\"", "people read it");
const ROLE: Key = key(
    "role",
    "\"path\"",
    "it says whether a stage leads to success, stands beside the path or ends it",
);
const OWNER: Key = key("owner", "\"marketing\"", "every stage answers to a team");
const TYPE: Key = key(
    "type",
    "\"inventory\"",
    "it says how long a subject may stay",
);
const MAX_DAYS: Key = key("max_days", "2", "after so many days a subject is overdue");
const MARKS: Key = key(
    "marks",
    "[\"MQL\"]",
    "the labels with which sources place a subject here",
);
const ENTERS: Key = key(
    "enters_when",
    "\"person.lead_score >= 65\"",
    "the rule that places a subject here",
);
const EXITS: Key = key(
    "exits_when",
    "\"person.lead_score < 20\"",
    "the rule that takes a subject out",
);
const WINS: Key = key(
    "wins",
    "\"either\"",
    "it says which placement counts when marks and the rule disagree",
);
const PROBABILITY: Key = key(
    "probability",
    "\"0.35\"",
    "a weighted pipeline counts each open deal times it",
);
const IMPLIED: Key = key(
    "implied",
    "true",
    "whether reaching a later stage counts as having reached this one",
);
const OPENS: Key = key("opens", "true", "whether entering it opens a pursuit");
const MEANS: Key = key("means", "\"Prose.\"", "the words both teams signed");

pub(super) fn stages(
    desk: &mut Desk<'_>,
    mut top: Fields<'_>,
    draft: &mut Draft,
    rules: &Rules<'_>,
) {
    if let Some(mut table) = top.table(desk, &OPENING, "[opening]") {
        draft.opening = Some(OpeningDraft {
            by_lead: table.flag(desk, &LEAD).is_some_and(|flag| flag.value),
            by_deal: table.flag(desk, &DEAL),
            touch_kinds: table.texts(desk, &TOUCHES).unwrap_or_default(),
        });
        table.finish(desk);
    }
    if let Some(mut table) = top.table(desk, &DORMANT, "[dormant]") {
        let days = table.whole(desk, &AFTER_DAYS, 1..=MOST_DAYS);
        table.need(desk, &AFTER_DAYS);
        let two_way = table.texts(desk, &TWO_WAY);
        table.need(desk, &TWO_WAY);
        draft.dormant = Some(DormantDraft {
            span: table.span,
            after_days: days.and_then(|days| u32::try_from(days.value).ok()),
            is_two_way_given: two_way.is_some(),
            two_way: two_way.unwrap_or_default(),
        });
        table.finish(desk);
    }
    let tables = top.tables(desk, &STAGE, "a stage");
    if let Some(extra) = tables.get(limits::STAGES) {
        let title = format!("more than {} stages", limits::STAGES);
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("nobody reads a funnel of that length")
            .fix("join stages that answer the same question");
        desk.refuse(extra.span, refusal);
    }
    for table in tables.into_iter().take(limits::STAGES) {
        draft.stages.push(stage(desk, table, rules));
    }
    top.finish(desk);
}

/// Ten years: longer windows are slips of the finger.
const MOST_DAYS: i64 = 3_650;

fn stage(desk: &mut Desk<'_>, mut table: Fields<'_>, rules: &Rules<'_>) -> StageDraft {
    let refusals = desk.refusals.len();
    let id = table.text(desk, &ID);
    table.need(desk, &ID);
    let place = id.as_ref().map_or("this stage".to_owned(), |id| {
        format!("stage `{}`", shown(&id.value))
    });
    let kinds = [
        ("inventory", StageWord::Inventory),
        ("gate", StageWord::Gate),
        ("service-level", StageWord::ServiceLevel),
    ];
    let wins = [
        ("either", Precedence::Either),
        ("marks", Precedence::Marks),
        ("rule", Precedence::Rule),
    ];
    let span = table.span;
    let name = table.text(desk, &STAGE_NAME).map(|name| name.value);
    let role = role(desk, &mut table);
    let owner = table.text(desk, &OWNER);
    let kind = table.word(desk, &TYPE, &kinds);
    let max_days = table.whole(desk, &MAX_DAYS, 1..=MOST_DAYS);
    let marks = table.texts(desk, &MARKS).unwrap_or_default();
    let costs = format!("{place} would have no entry rule");
    let enters_when = table.text(desk, &ENTERS);
    let enters_when = enters_when.map(|text| rules.read(desk, &text, About::Pursuit, &costs));
    let costs = format!("{place} would have no exit rule");
    let exits_when = table.text(desk, &EXITS);
    let exits_when = exits_when.map(|text| rules.read(desk, &text, About::Pursuit, &costs));
    let wins = table.word(desk, &WINS, &wins);
    let probability = probability(desk, &mut table);
    let implied = table.flag(desk, &IMPLIED);
    let opens = table.flag(desk, &OPENS);
    let means = table.text(desk, &MEANS).map(|text| text.value);
    table.finish(desk);
    StageDraft {
        span,
        id,
        name,
        role,
        owner,
        kind,
        max_days,
        marks,
        enters_when,
        exits_when,
        wins,
        probability,
        implied,
        opens,
        means: means.unwrap_or_default().trim().to_owned(),
        is_readable: desk.refusals.len() == refusals,
    }
}

/// How likely a deal here is to be won, in ten-thousandths.
fn probability(desk: &mut Desk<'_>, table: &mut Fields<'_>) -> Option<u32> {
    let written = table.text(desk, &PROBABILITY)?;
    let exact = Decimal::parse(written.value.trim());
    let parts = exact.and_then(|exact| {
        let scale = 4u32.checked_sub(exact.scale)?;
        exact.units.checked_mul(10i128.pow(scale))
    });
    let parts = parts.and_then(|parts| u32::try_from(parts).ok());
    if parts.is_none_or(|parts| parts > 10_000) {
        let title = format!("`{}` is no probability", shown(&written.value));
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters(PROBABILITY.matters)
            .fix("probability = \"0.35\"   # from 0 to 1, at most four places");
        desk.refuse(written.span, refusal);
        return None;
    }
    parts
}

/// The role; `path` unless said, `None` when it was refused.
fn role(desk: &mut Desk<'_>, table: &mut Fields<'_>) -> Option<StepRole> {
    let refusals = desk.refusals.len();
    let role = table.word(desk, &ROLE, &ROLES);
    match role {
        Some(role) => Some(role.value),
        None if desk.refusals.len() > refusals => None,
        None => Some(StepRole::Path),
    }
}

/// The roles that a stage may be given. Dormant is not among them: `[dormant]` makes that step.
pub(crate) const ROLES: [(&str, StepRole); 5] = [
    ("path", StepRole::Path),
    ("detour", StepRole::Detour),
    ("won", StepRole::Won),
    ("lost", StepRole::Lost),
    ("disqualified", StepRole::Disqualified),
];
