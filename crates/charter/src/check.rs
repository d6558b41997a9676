//! What the definitions of a draft must keep together: one meaning per name, owners that exist, a
//! path that ends in won, stages that something can enter. Everything wrong is refused at once.
//! Read on in `resolve`.

use std::collections::BTreeMap;

use handfast_model::rules::{Precedence, Side, StepRole};
use handfast_model::time::{Calendar, MonthScheme, zone_meant};
use handfast_model::{Currency, Refusal};

use crate::fields::OUT_OF_RANGE;
use crate::parse::{
    Draft, NamedRule, StageDraft, StageWord, attribution, handoffs, metrics, missing_file,
};
use crate::place::{Desk, Located, Span};
use crate::words::{either, nearest, shown};

/// One name for two things.
pub(crate) const TWICE: &str = "E0106";
/// A name that nothing carries.
pub(crate) const UNKNOWN_NAME: &str = "E0107";
/// The path does not end in exactly one won stage.
const PATH: &str = "E0108";
/// A source's label that two stages claim.
const CLAIMED_TWICE: &str = "E0109";
/// A stage that nothing can enter.
const NO_ENTRY: &str = "E0110";
/// Two keys that contradict each other.
pub(crate) const CONTRADICTION: &str = "E0111";
/// Nothing opens a pursuit.
const DEALS_OPEN: &str = "E0112";

/// The id of the step that `[dormant]` makes.
pub(crate) const DORMANT_ID: &str = "dormant";

/// Checks a draft; everything wrong lies on the desk afterwards.
pub(crate) fn check(desk: &mut Desk<'_>, draft: &Draft) {
    calendar(desk, draft);
    rules_that_name(desk, &draft.channels, "channel");
    rules_that_name(desk, &draft.segments, "segment");
    if draft.stages_file.is_none() {
        let matters = "without stages there is nothing to count";
        let refusal = missing_file("stages.toml", matters, STAGES_EXAMPLE);
        desk.refuse_file(&desk.beside("stages.toml"), refusal);
        return;
    }
    if desk.is_unreadable("stages.toml") {
        return;
    }
    stage_ids(desk, draft);
    owners(desk, draft);
    path(desk, draft);
    marks(desk, draft);
    // A stage with a slip in it may only seem to contradict itself.
    for stage in draft.stages.iter().filter(|stage| stage.is_readable) {
        contradictions(desk, stage);
        entry(desk, stage);
    }
    opening(desk, draft);
    dormant(desk, draft);
    attribution::check(desk, draft);
    metrics::check(desk, draft);
    handoffs::check(desk, draft);
}

const STAGES_EXAMPLE: &str = r#"[opening]
lead = true
deal = true

[[stage]]
id = "mql"
marks = ["MQL"]

[[stage]]
id = "won"
role = "won""#;

fn calendar(desk: &mut Desk<'_>, draft: &Draft) {
    if let Some(zone) = &draft.zone {
        check_zone(
            desk,
            zone,
            "every day, month and quarter is cut in this zone",
        );
    }
    if let Some(code) = &draft.currency {
        check_currency(desk, code);
    }
    crate::parse::money::check(desk, draft);
    let months = draft.months.unwrap_or(MonthScheme::Calendar);
    if let (Some(word), None) = (&draft.year_ends, months.weeks()) {
        let title = "`year_ends` is for years of whole weeks, and months are the calendar's";
        let refusal = Refusal::new(CONTRADICTION, title)
            .matters("a year of calendar months ends with its last month, whatever is written")
            .fix("months = \"4-4-5\", or take year_ends out");
        desk.refuse(word.span, refusal);
    }
    if let (Some(word), true) = (&draft.year_named, draft.year_starts.unwrap_or(1) == 1) {
        let title = "`years_named_by` is for years that do not start in January";
        let refusal = Refusal::new(CONTRADICTION, title)
            .matters("a year from January has one name, whatever is written")
            .fix("year_starts = 7, or take years_named_by out");
        desk.refuse(word.span, refusal);
    }
}

/// Refuses a zone that the time-zone database does not have.
pub(crate) fn check_zone(desk: &mut Desk<'_>, zone: &Located<String>, matters: &str) {
    if Calendar::in_zone(&zone.value).is_some() {
        return;
    }
    let fix = match zone.value.to_uppercase().as_str() {
        "EST" | "EDT" | "ET" => "zone = \"America/New_York\"",
        "CST" | "CDT" | "CT" => "zone = \"America/Chicago\"",
        "PST" | "PDT" | "PT" => "zone = \"America/Los_Angeles\"",
        "CET" | "CEST" => "zone = \"Europe/Berlin\"",
        "BST" => "zone = \"Europe/London\"",
        "IST" => "zone = \"Asia/Kolkata\"",
        _ => "",
    };
    let fix = match (fix, zone_meant(&zone.value)) {
        ("", Some(meant)) => format!("zone = \"{meant}\""),
        ("", None) => {
            "zone = \"Europe/Berlin\"   # Area/City, as in the IANA database; or \"UTC\"".to_owned()
        }
        (fix, _) => fix.to_owned(),
    };
    let title = format!("`{}` is not a time zone", shown(&zone.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title).matters(matters).fix(fix);
    desk.refuse(zone.span, refusal);
}

/// Refuses what is no currency code.
pub(crate) fn check_currency(desk: &mut Desk<'_>, code: &Located<String>) {
    let Err(meant) = Currency::listed(&code.value) else {
        return;
    };
    let fix = match meant {
        Some(code) => format!("currency = \"{code}\""),
        None => "currency = \"EUR\"   # three letters, as in ISO 4217".to_owned(),
    };
    let title = format!("`{}` is not a currency code", shown(&code.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters("amounts without a currency are not summed")
        .fix(fix);
    desk.refuse(code.span, refusal);
}

/// Ids of channels and segments: well formed, and each once.
fn rules_that_name(desk: &mut Desk<'_>, rules: &[NamedRule], what: &str) {
    let mut seen = BTreeMap::new();
    for id in rules.iter().filter_map(|rule| rule.id.as_ref()) {
        check_id(desk, id, what);
        let matters = "rules are tried in order and the first match gives the name";
        let fix = "join the two conditions with OR under one id";
        once(desk, &mut seen, id, (what, matters, fix));
    }
}

/// Refuses a name that was seen before; `words` are: what it names, what it costs, the remedy.
pub(crate) fn once<'a>(
    desk: &mut Desk<'_>,
    seen: &mut BTreeMap<&'a str, Span>,
    id: &'a Located<String>,
    words: (&str, &str, &str),
) {
    let (what, matters, fix) = words;
    let Some(first) = seen.get(id.value.as_str()) else {
        seen.insert(&id.value, id.span);
        return;
    };
    let first = desk.line_of(*first);
    let title = format!(
        "a second {what} `{}`; the first is at {first}",
        shown(&id.value)
    );
    desk.refuse(
        id.span,
        Refusal::new(TWICE, title).matters(matters).fix(fix),
    );
}

/// Ids stand in questions and in file names, so they keep to plain letters.
pub(crate) fn check_id(desk: &mut Desk<'_>, id: &Located<String>, what: &str) {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_good = id.value.len() <= 64
        && id.value.starts_with(|c: char| c.is_ascii_alphanumeric())
        && id.value.chars().all(is_plain);
    if is_good {
        return;
    }
    let mut plain: String = id.value.trim().to_lowercase();
    plain = plain
        .chars()
        .map(|c| if is_plain(c) { c } else { '_' })
        .take(64)
        .collect();
    let plain = plain.trim_matches('_');
    let plain = if plain.is_empty() { what } else { plain };
    let title = format!("`{}` cannot be the id of a {what}", shown(&id.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters("questions name it: ids have letters, digits, _ and -, at most 64")
        .fix(format!("id = \"{plain}\""));
    desk.refuse(id.span, refusal);
}

fn stage_ids(desk: &mut Desk<'_>, draft: &Draft) {
    let mut seen = BTreeMap::new();
    for id in draft.stages.iter().filter_map(|stage| stage.id.as_ref()) {
        check_id(desk, id, "stage");
        let matters = "a question about it could mean either";
        once(
            desk,
            &mut seen,
            id,
            ("stage", matters, "give one of them another id"),
        );
        if id.value == DORMANT_ID && draft.dormant.is_some() {
            let title = "`dormant` is the id of the step that [dormant] makes";
            let refusal = Refusal::new(TWICE, title)
                .matters(matters)
                .fix("take this stage out, or give it another id");
            desk.refuse(id.span, refusal);
        }
    }
}

fn owners(desk: &mut Desk<'_>, draft: &Draft) {
    if desk.is_unreadable("teams.toml") {
        return;
    }
    let teams = || draft.teams.iter().map(|(id, _)| id.value.as_str());
    for owner in draft.stages.iter().filter_map(|stage| stage.owner.as_ref()) {
        if teams().any(|team| team == owner.value) {
            continue;
        }
        let word = shown(&owner.value);
        let declare = format!(
            "in teams.toml:\n[team.{}]\nside = \"{}\"",
            toml_key(&word),
            side_of(&word).word()
        );
        let fix = match nearest(&owner.value, teams()) {
            Some(meant) => format!("owner = \"{meant}\"\nor {declare}"),
            None => declare,
        };
        let title = match draft.teams.is_empty() {
            true => format!("team `{word}` is not declared: no team is"),
            false => format!(
                "team `{word}` is not declared; there is {}",
                either(teams())
            ),
        };
        let refusal = Refusal::new(UNKNOWN_NAME, title)
            .matters("nobody would answer for this stage, and no view by team would have it")
            .fix(fix);
        desk.refuse(owner.span, refusal);
    }
}

/// The side that a team's name speaks of; sales where it speaks of none.
fn side_of(team: &str) -> Side {
    let name = team.to_lowercase();
    let named = Side::ALL
        .into_iter()
        .find(|side| name.contains(side.word()));
    named.unwrap_or(Side::Sales)
}

/// A key as TOML writes it: bare if it can be.
fn toml_key(word: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    match !word.is_empty() && word.chars().all(is_bare) {
        true => word.to_owned(),
        false => format!("{word:?}"),
    }
}

fn path(desk: &mut Desk<'_>, draft: &Draft) {
    let of_role = |role| {
        draft
            .stages
            .iter()
            .filter(move |stage| stage.role == Some(role))
    };
    let file = draft.stages_file.and_then(|at| desk.files.get(at));
    let file = file.map_or("stages.toml", |file| file.path.as_str());
    let are_all_known = draft.stages.iter().all(|stage| stage.role.is_some());
    if are_all_known && of_role(StepRole::Won).next().is_none() {
        let refusal = Refusal::new(PATH, "no stage has the role `won`")
            .matters("no share of won and no time to won can be counted")
            .fix("[[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Closed Won\"]");
        desk.refuse_file(file, refusal);
    }
    for extra in of_role(StepRole::Won).skip(1) {
        let first = of_role(StepRole::Won).next().map(|stage| stage.place());
        let first = first.map_or_else(String::new, |place| desk.line_of(place));
        let title = format!("a second stage with the role `won`; the first is at {first}");
        let refusal = Refusal::new(PATH, title)
            .matters("won is one step: two would split every win rate")
            .fix("put all labels into the `marks` of one of them, and take the other out");
        desk.refuse(extra.place(), refusal);
    }
    if are_all_known && of_role(StepRole::Path).next().is_none() {
        let refusal = Refusal::new(PATH, "no stage lies on the path before `won`")
            .matters("a funnel of one step has nothing to compare")
            .fix("[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]");
        desk.refuse_file(file, refusal);
    }
}

fn marks(desk: &mut Desk<'_>, draft: &Draft) {
    let mut claims: BTreeMap<&str, (usize, Span)> = BTreeMap::new();
    for (stage, mark) in draft
        .stages
        .iter()
        .enumerate()
        .flat_map(|(at, stage)| stage.marks.iter().map(move |mark| (at, mark)))
    {
        let label = shown(&mark.value);
        if mark.value.trim().is_empty() {
            let refusal = Refusal::new(OUT_OF_RANGE, "a mark without a text")
                .matters("no source sends an empty label as a mark")
                .fix("leave it out");
            desk.refuse(mark.span, refusal);
            continue;
        }
        let Some((owner, first)) = claims.get(mark.value.as_str()).copied() else {
            claims.insert(&mark.value, (stage, mark.span));
            continue;
        };
        let first = desk.line_of(first);
        let refusal = if owner == stage {
            let title = format!("label `{label}` stands twice in one stage");
            Refusal::new(TWICE, title)
                .matters("it counts once; the second is noise")
                .fix("take one of them out")
        } else {
            let title =
                format!("label `{label}` is claimed by two stages; the other is at {first}");
            Refusal::new(CLAIMED_TWICE, title)
                .matters("a mark with this label would have two places to go")
                .fix("leave it in the stage it means, and take it out of the other")
        };
        desk.refuse(mark.span, refusal);
    }
}

fn contradictions(desk: &mut Desk<'_>, stage: &StageDraft) {
    let kind = stage.kind.as_ref().map(|kind| kind.value);
    if kind == Some(StageWord::ServiceLevel) && stage.max_days.is_none() {
        let span = stage.kind.as_ref().map_or(stage.span, |kind| kind.span);
        let title = "a service-level stage has no `max_days`";
        contradicts(
            desk,
            span,
            title,
            "nothing would ever be overdue",
            "max_days = 2",
        );
    }
    if let Some(days) = stage
        .max_days
        .as_ref()
        .filter(|_| kind != Some(StageWord::ServiceLevel))
    {
        let title = "`max_days` belongs to stages of type `service-level`";
        let matters = "the limit would count for nothing";
        contradicts(desk, days.span, title, matters, "type = \"service-level\"");
    }
    if let Some(wins) = &stage.wins {
        let has_marks = !stage.marks.is_empty();
        let lacks = match wins.value {
            Precedence::Marks if !has_marks => Some(("marks", "marks = [\"MQL\"]")),
            Precedence::Rule if stage.enters_when.is_none() => {
                Some(("a rule", "enters_when = \"person.lead_score >= 65\""))
            }
            _ => None,
        };
        if let Some((what, fix)) = lacks {
            let title = format!("the stage says that {what} wins and has none");
            contradicts(
                desk,
                wins.span,
                &title,
                "nothing would place a subject here",
                fix,
            );
        }
    }
    let Some(role) = stage.role else { return };
    if role.is_end()
        && let Some(rule) = &stage.exits_when
    {
        let title = "a stage that ends a pursuit has an exit rule";
        let matters = "what is over is not left; a reopened deal goes on by its own marks";
        contradicts(desk, rule.span, title, matters, "take `exits_when` out");
    }
    let implied = stage.implied.as_ref().filter(|implied| implied.value);
    if let Some(implied) = implied.filter(|_| role != StepRole::Path) {
        let title = "`implied` belongs to stages of the path";
        let matters = "detours and ends lie beside the path, so nothing later implies them";
        contradicts(desk, implied.span, title, matters, "take `implied` out");
    }
}

fn contradicts(desk: &mut Desk<'_>, span: Span, title: &str, matters: &str, fix: &str) {
    let refusal = Refusal::new(CONTRADICTION, title).matters(matters).fix(fix);
    desk.refuse(span, refusal);
}

/// Won and lost can always be entered: deals say themselves that they are won or lost.
fn entry(desk: &mut Desk<'_>, stage: &StageDraft) {
    let wins = stage
        .wins
        .as_ref()
        .map_or(Precedence::Either, |wins| wins.value);
    let by_marks = !stage.marks.is_empty() && wins != Precedence::Rule;
    let by_rule = stage.enters_when.is_some() && wins != Precedence::Marks;
    let by_implication = stage.implied.as_ref().is_some_and(|implied| implied.value);
    let is_entered = by_marks || by_rule || by_implication;
    let Some(role) = stage.role else { return };
    // A stage whose winning side is missing has been refused for that.
    if is_entered || stage.wins.is_some() || matches!(role, StepRole::Won | StepRole::Lost) {
        return;
    }
    let title = match &stage.id {
        Some(id) => format!("nothing can enter stage `{}`", shown(&id.value)),
        None => "nothing can enter this stage".to_owned(),
    };
    let refusal = Refusal::new(NO_ENTRY, title)
        .matters("it would stand at zero in every funnel")
        .fix("marks = [\"MQL\"]\nor enters_when = \"person.lead_score >= 65\"");
    desk.refuse(stage.place(), refusal);
}

fn opening(desk: &mut Desk<'_>, draft: &Draft) {
    let by_deal = draft.opening.as_ref().and_then(|o| o.by_deal.as_ref());
    if let Some(no) = by_deal.filter(|by_deal| !by_deal.value) {
        let refusal = Refusal::new(
            DEALS_OPEN,
            "a deal that attaches to nothing always opens a pursuit",
        )
        .matters("every deal is in exactly one pursuit, so `false` would change no figure")
        .fix("deal = true, or leave it out");
        desk.refuse(no.span, refusal);
    }
}

fn dormant(desk: &mut Desk<'_>, draft: &Draft) {
    let Some(dormant) = &draft.dormant else {
        return;
    };
    if dormant.two_way.is_empty() && dormant.is_two_way_given {
        let refusal = Refusal::new(OUT_OF_RANGE, "no kind of touch breaks the silence")
            .matters("every pursuit would go dormant, however much is said")
            .fix("two_way = [\"call\", \"meeting\", \"reply\"]");
        desk.refuse(dormant.span, refusal);
    }
}
