//! A checked draft to the charter that everything else reads, and its name by content.

use handfast_model::Refusal;
use handfast_model::rights::{Right, file_of};
use handfast_model::rules::{
    ChannelRule, Charter, Dormant, Opening, Precedence, StageType, Step, StepRole, Team,
};
use handfast_model::time::{Calendar, MonthScheme, Weekday, YearEnd, YearName};
use handfast_model::{Currency, rules};

use crate::check::{DORMANT_ID, UNKNOWN_NAME, check};
use crate::parse::{Draft, FILES, NamedRule, StageDraft, StageWord, draft};
use crate::place::{Desk, Span, TextFile};
use crate::words::{nearest, shown, stem};

/// Reads, checks and resolves a charter.
pub(crate) fn charter(files: &[TextFile]) -> Result<Charter, Vec<Refusal>> {
    let mut desk = Desk::new(files);
    let draft = draft(&mut desk);
    check(&mut desk, &draft);
    let hash = hash(files);
    let rights = draft.rights.clone();
    let charter = resolved(draft, hash);
    if let Some(charter) = &charter {
        rights_that_name(&mut desk, &rights, charter);
    }
    desk.finish(charter)
}

/// The content hash of those texts that are files of a charter.
pub(crate) fn hash(files: &[TextFile]) -> String {
    content_hash(files.iter().filter(|file| FILES.contains(&file.name())))
}

/// `blake3:` and hex over the files in name order: name, a zero byte, the length of the text in
/// eight bytes, the text. The folder's place is not part of it.
pub(crate) fn content_hash<'a>(files: impl Iterator<Item = &'a TextFile>) -> String {
    let mut files: Vec<&TextFile> = files.collect();
    files.sort_by_key(|file| file.name());
    let mut hasher = blake3::Hasher::new();
    for file in files {
        hasher.update(file.name().as_bytes());
        hasher.update(&[0]);
        hasher.update(&(file.text.len() as u64).to_le_bytes());
        hasher.update(file.text.as_bytes());
    }
    format!("blake3:{}", hasher.finalize().to_hex())
}

/// Refuses a right over something that this charter does not define.
fn rights_that_name(desk: &mut Desk<'_>, rights: &[(Span, Right)], charter: &rules::Charter) {
    let stems = FILES.iter().map(|name| stem(name).to_owned());
    let known: Vec<String> = stems.chain(crate::diff::names(charter)).collect();
    for (span, right) in rights {
        // What a file that cannot be read defines is not known.
        let file = file_of(&right.definition);
        let file = FILES
            .iter()
            .find(|name| stem(name) == file)
            .unwrap_or(&file);
        if known.contains(&right.definition) || desk.is_unreadable(file) {
            continue;
        }
        let word = shown(&right.definition);
        let fix = match nearest(&right.definition, known.iter().map(String::as_str)) {
            Some(meant) => format!("[right.\"{meant}\"]"),
            None => "[right.stages] for a whole file, or [right.\"stage mql\"] for one definition"
                .to_owned(),
        };
        let refusal = Refusal::new(UNKNOWN_NAME, format!("this charter defines no `{word}`"))
            .matters("nobody would have this right, and nobody would notice")
            .fix(fix);
        desk.refuse(*span, refusal);
    }
}

/// The charter, or `None` when a definition is missing (which was refused).
fn resolved(draft: Draft, hash: String) -> Option<Charter> {
    // Without calendar.toml days are cut in UTC; a calendar.toml without a zone is refused.
    let zone = draft.zone.as_ref().map_or("UTC", |zone| &zone.value);
    let mut calendar = Calendar::in_zone(zone)?;
    calendar.year_starts = draft.year_starts.unwrap_or(1);
    calendar.months = draft.months.unwrap_or(MonthScheme::Calendar);
    let year_ends = draft.year_ends.map(|word| word.value);
    calendar.year_ends = year_ends.unwrap_or(YearEnd::Nearest);
    let year_named = draft.year_named.map(|word| word.value);
    calendar.year_named = year_named.unwrap_or(YearName::End);
    calendar.week_starts = draft.week_starts.unwrap_or(Weekday::Monday);
    let opening = draft.opening.as_ref();
    let kinds = opening.map(|o| o.touch_kinds.iter().map(|kind| kind.value.clone()));
    let opening = Opening {
        touch_kinds: kinds.into_iter().flatten().collect(),
        by_lead: opening.is_some_and(|o| o.by_lead),
    };
    let dormant = match draft.dormant {
        Some(dormant) => Some(Dormant {
            after_days: dormant.after_days?,
            two_way: dormant.two_way.into_iter().map(|kind| kind.value).collect(),
        }),
        None => None,
    };
    let teams = draft
        .teams
        .into_iter()
        .map(|(id, side)| Team { id: id.value, side });
    Some(Charter {
        hash,
        name: draft.name.unwrap_or_default(),
        calendar,
        currency: draft.currency.and_then(|code| Currency::parse(&code.value)),
        pricing: crate::parse::money::resolved(draft.pricing),
        terms: draft.terms,
        teams: teams.collect(),
        steps: steps(draft.stages, dormant.as_ref())?,
        opening,
        earlier: Vec::new(),
        dormant,
        channels: named(draft.channels)?,
        segments: named(draft.segments)?,
        attributes: draft.attributes,
        identity: draft.identity,
        attribution: crate::parse::attribution::resolved(draft.attribution),
        hours: crate::parse::handoffs::resolved_hours(draft.hours),
        handoffs: crate::parse::handoffs::resolved(draft.handoffs)?,
        rights: draft.rights.into_iter().map(|(_, right)| right).collect(),
        catalogue: crate::parse::metrics::resolved(draft.metrics, draft.closes),
        brand: draft.brand,
        vision: draft.vision,
    })
}

/// The path in the order written and won after it; then detours; then the other ends.
fn steps(stages: Vec<StageDraft>, dormant: Option<&Dormant>) -> Option<Vec<Step>> {
    let mut steps = stages.into_iter().map(step).collect::<Option<Vec<_>>>()?;
    steps.extend(dormant.map(dormant_step));
    steps.sort_by_key(|step| match step.role {
        StepRole::Path => 0,
        StepRole::Won => 1,
        StepRole::Detour => 2,
        StepRole::Lost => 3,
        StepRole::Disqualified => 4,
        StepRole::Dormant => 5,
    });
    Some(steps)
}

fn step(stage: StageDraft) -> Option<Step> {
    let id = stage.id?.value;
    let kind = match stage.kind.map_or(StageWord::Inventory, |kind| kind.value) {
        StageWord::Inventory => StageType::Inventory,
        StageWord::Gate => StageType::Gate,
        StageWord::ServiceLevel => StageType::ServiceLevel {
            max_days: u32::try_from(stage.max_days?.value).ok()?,
        },
    };
    Some(Step {
        name: stage.name.unwrap_or_else(|| id.clone()),
        id,
        role: stage.role?,
        owner: stage.owner.map(|owner| owner.value),
        kind,
        marks: stage.marks.into_iter().map(|mark| mark.value).collect(),
        enters_when: rule(stage.enters_when)?,
        exits_when: rule(stage.exits_when)?,
        wins: stage.wins.map_or(Precedence::Either, |wins| wins.value),
        probability: stage.probability,
        is_implied: stage.implied.is_some_and(|implied| implied.value),
        opens: stage.opens.is_some_and(|opens| opens.value),
        means: stage.means,
    })
}

/// Outer `None`: the rule was refused.
fn rule(rule: Option<crate::parse::Rule>) -> Option<Option<rules::Expr>> {
    match rule {
        Some(rule) => rule.expr.map(Some),
        None => Some(None),
    }
}

fn dormant_step(dormant: &Dormant) -> Step {
    Step {
        id: DORMANT_ID.to_owned(),
        name: "Dormant".to_owned(),
        role: StepRole::Dormant,
        owner: None,
        kind: StageType::Inventory,
        marks: Vec::new(),
        enters_when: None,
        exits_when: None,
        wins: Precedence::Either,
        probability: None,
        is_implied: false,
        opens: false,
        means: format!(
            "No {} for {} days.",
            dormant.two_way.join(", no "),
            dormant.after_days
        ),
    }
}

fn named(rules: Vec<NamedRule>) -> Option<Vec<ChannelRule>> {
    rules
        .into_iter()
        .map(|rule| {
            Some(ChannelRule {
                id: rule.id?.value,
                when: rule.when?.expr?,
            })
        })
        .collect()
}
