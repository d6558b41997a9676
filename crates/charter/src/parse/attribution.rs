//! `attribution.toml`: which touches may earn credit, and by which models it is shared.

use std::collections::BTreeMap;

use handfast_model::credit::{
    Attribution, CreditModel, Milestone, ModelKind, NobodyBetween, PeopleRule, Positions,
};
use handfast_model::{Refusal, limits};

use super::{Draft, Rule, Rules};
use crate::check::{CONTRADICTION, UNKNOWN_NAME, check_id, once};
use crate::expression::About;
use crate::fields::{Fields, Key, MISSING, OUT_OF_RANGE, key, wrong_type};
use crate::place::{Desk, Located};
use crate::words::{either, nearest, shown};

const MODELS: Key = key(
    "models",
    "[\"first\", \"last\", \"w\"]",
    "these models are shown side by side, in this order",
);
const PEOPLE: Key = key("people", "\"account\"", "it says whose touches may earn");
const LOOK_BACK: Key = key(
    "look_back_days",
    "365",
    "touches that lie further back earn nothing",
);
const TOUCHES: Key = key(
    "touches",
    "[\"webinar\", \"demo_request\"]",
    "only these kinds of touches may earn",
);
const IGNORED: Key = key(
    "ignored",
    "[\"mass_email\"]",
    "these kinds of touches earn nothing",
);
const DIRECT: Key = key(
    "direct",
    "[\"direct\"]",
    "last_non_direct passes over these channels",
);
const HALF_LIFE: Key = key(
    "half_life_days",
    "7",
    "a touch earns half as much as one that is so much younger",
);
const CHAMPION_LEFT: Key = key(
    "champion_left",
    "\"person.status = 'left'\"",
    "nobody would be seen to leave a deal",
);
const MILESTONES: Key = key(
    "milestones",
    "[milestones]\nlead = \"mql\"",
    "they say which touches hold the positions of lead and deal",
);
const LEAD: Key = key(
    "lead",
    "\"created\"",
    "the last touch before it holds the position of the lead",
);
const DEAL: Key = key(
    "deal",
    "\"created\"",
    "the last touch before it holds the position of the deal",
);
const MODEL: Key = key(
    "model",
    "[model.ours]\nfirst = 40\nlast = 40\nbetween = 20",
    "it shares by positions of your own",
);
const POSITIONS: [Key; 5] = [
    key("first", "40", "the share of the first touch"),
    key("lead", "40", "the share of the touch the lead came from"),
    key("deal", "40", "the share of the touch the deal came from"),
    key("last", "40", "the share of the last touch"),
    key("between", "20", "the share of all other touches"),
];
const NOBODY_BETWEEN: Key = key(
    "nobody_between",
    "\"equal\"",
    "how positions get the share of touches between them when there are none",
);

/// Attribution as written.
#[derive(Default)]
pub(crate) struct AttributionDraft {
    is_there: bool,
    models: Option<Vec<Located<String>>>,
    people: Option<PeopleRule>,
    look_back_days: Option<u32>,
    touch_kinds: Vec<String>,
    ignored: Vec<Located<String>>,
    direct: Option<Vec<String>>,
    half_life_days: Option<u32>,
    lead: Option<Located<String>>,
    deal: Option<Located<String>>,
    champion_left: Option<Rule>,
    own: Vec<(Located<String>, Positions)>,
}

pub(super) fn attribution(
    desk: &mut Desk<'_>,
    mut top: Fields<'_>,
    draft: &mut Draft,
    rules: &Rules<'_>,
) {
    let plain = |texts: Option<Vec<Located<String>>>| {
        let texts = texts.map(|texts| texts.into_iter().map(|text| text.value).collect());
        texts as Option<Vec<String>>
    };
    let mut read = AttributionDraft {
        is_there: true,
        models: top.texts(desk, &MODELS),
        people: top
            .word(desk, &PEOPLE, &PeopleRule::WORDS)
            .map(|word| word.value),
        look_back_days: days(top.whole(desk, &LOOK_BACK, 1..=36_500)),
        touch_kinds: plain(top.texts(desk, &TOUCHES)).unwrap_or_default(),
        ignored: top.texts(desk, &IGNORED).unwrap_or_default(),
        direct: plain(top.texts(desk, &DIRECT)),
        half_life_days: days(top.whole(desk, &HALF_LIFE, 1..=36_500)),
        ..AttributionDraft::default()
    };
    if let Some(text) = top.text(desk, &CHAMPION_LEFT) {
        let costs = CHAMPION_LEFT.matters;
        read.champion_left = Some(rules.read(desk, &text, About::Pursuit, costs));
    }
    if let Some(mut milestones) = top.table(desk, &MILESTONES, "[milestones]") {
        read.lead = milestones.text(desk, &LEAD);
        read.deal = milestones.text(desk, &DEAL);
        milestones.finish(desk);
    }
    if let Some(models) = top.table(desk, &MODEL, "a model") {
        for (name, item) in models.names() {
            let Some(fields) = models.named(item, name.span, "a model") else {
                let refusal = wrong_type(&MODEL, "a table, [model.ours]", item);
                desk.refuse(name.span, refusal);
                continue;
            };
            if let Some(positions) = positions(desk, fields, &name) {
                read.own.push((name, positions));
            }
        }
    }
    top.finish(desk);
    draft.attribution = read;
}

fn days(days: Option<Located<i64>>) -> Option<u32> {
    days.and_then(|days| u32::try_from(days.value).ok())
}

fn positions(
    desk: &mut Desk<'_>,
    mut fields: Fields<'_>,
    name: &Located<String>,
) -> Option<Positions> {
    let most = i64::from(limits::CREDIT_PARTS);
    let parts = POSITIONS.map(|key| days(fields.whole(desk, &key, 0..=most)).unwrap_or(0));
    let words = [
        ("proportional", NobodyBetween::Proportional),
        ("equal", NobodyBetween::Equal),
    ];
    let nobody_between = fields.word(desk, &NOBODY_BETWEEN, &words);
    fields.finish(desk);
    if parts.iter().all(|parts| *parts == 0) {
        let title = format!(
            "the model `{}` gives nothing to anybody",
            shown(&name.value)
        );
        let refusal = Refusal::new(MISSING, title)
            .matters("every amount would be credited to `unknown`")
            .fix("first = 40");
        desk.refuse(name.span, refusal);
        return None;
    }
    let [first, lead, deal, last, between] = parts;
    Some(Positions {
        first,
        lead,
        deal,
        last,
        between,
        nobody_between: nobody_between.map_or(NobodyBetween::Proportional, |word| word.value),
    })
}

/// What `attribution.toml` and `stages.toml` must keep together.
pub(crate) fn check(desk: &mut Desk<'_>, draft: &Draft) {
    let written = &draft.attribution;
    let mut seen = BTreeMap::new();
    for (name, _) in &written.own {
        check_id(desk, name, "model");
        if CreditModel::parse(&name.value).is_some() {
            let title = format!("`{}` is a model already", shown(&name.value));
            let refusal = Refusal::new(OUT_OF_RANGE, title)
                .matters("two models of one name could not be told apart in an answer")
                .fix(format!("[model.our_{}]", shown(&name.value)));
            desk.refuse(name.span, refusal);
        }
    }
    for name in written.models.iter().flatten() {
        once(
            desk,
            &mut seen,
            name,
            ("model", "it would be shown twice", "name it once"),
        );
        if model(written, &name.value).is_none() {
            refuse_unknown(desk, written, name);
        }
    }
    if let (Some(only), Some(ignored)) = (written.touch_kinds.first(), written.ignored.first()) {
        let title = format!(
            "`touches` names {only} and `ignored` {}",
            shown(&ignored.value)
        );
        let refusal = Refusal::new(CONTRADICTION, title)
            .matters("where only some kinds may earn, no other kind has to be left out")
            .fix("take `ignored` out");
        desk.refuse(ignored.span, refusal);
    }
    for stage in [&written.lead, &written.deal].into_iter().flatten() {
        let ids = || draft.stages.iter().filter_map(|stage| stage.id.as_ref());
        let is_known = stage.value == CREATED || ids().any(|id| id.value == stage.value);
        if !is_known {
            let known = || {
                [CREATED]
                    .into_iter()
                    .chain(ids().map(|id| id.value.as_str()))
            };
            let meant = nearest(&stage.value, known()).unwrap_or(CREATED);
            let title = format!("`{}` is no stage, nor `created`", shown(&stage.value));
            let refusal = Refusal::new(UNKNOWN_NAME, title)
                .matters("no touch would ever hold the position")
                .fix(format!("\"{meant}\""));
            desk.refuse(stage.span, refusal);
        }
    }
}

const CREATED: &str = "created";

fn refuse_unknown(desk: &mut Desk<'_>, written: &AttributionDraft, name: &Located<String>) {
    let known: Vec<String> = ModelKind::all().map(ModelKind::name).collect();
    let own = written.own.iter().map(|(own, _)| own.value.as_str());
    let all = || known.iter().map(String::as_str).chain(own.clone());
    let fix = match nearest(&name.value, all()) {
        Some(meant) => format!("\"{meant}\""),
        None => format!("one of {}; or your own, under [model.NAME]", either(all())),
    };
    let title = format!("`{}` is not a model of credit", shown(&name.value));
    let refusal = Refusal::new(UNKNOWN_NAME, title)
        .matters(MODELS.matters)
        .fix(fix);
    desk.refuse(name.span, refusal);
}

/// The model of a name, with the half-life and the shares that are written down.
fn model(written: &AttributionDraft, name: &str) -> Option<CreditModel> {
    if let Some((_, positions)) = written.own.iter().find(|(own, _)| own.value == name) {
        return Some(CreditModel {
            name: name.to_owned(),
            kind: ModelKind::Positions(*positions),
        });
    }
    let mut model = CreditModel::parse(name)?;
    if let (ModelKind::Decay { half_life }, Some(days)) = (&mut model.kind, written.half_life_days)
    {
        *half_life = days * 86_400;
    }
    Some(model)
}

/// The attribution of a checked draft.
pub(crate) fn resolved(draft: AttributionDraft) -> Attribution {
    let assumed = Attribution::default();
    let names: Vec<String> = match &draft.models {
        Some(models) => models.iter().map(|name| name.value.clone()).collect(),
        None => {
            let own = draft.own.iter().map(|(name, _)| name.value.clone());
            let shown = assumed.shown.iter().map(|model| model.name.clone());
            shown.chain(own).collect()
        }
    };
    let milestone = |written: Option<&Located<String>>| match written {
        Some(stage) if stage.value != CREATED => Milestone::Entry(stage.value.clone()),
        _ => Milestone::Created,
    };
    let decay = CreditModel::of(ModelKind::Decay { half_life: 0 }).name;
    let own = draft.own.iter().map(|(name, _)| name.value.clone());
    let unshown = own.chain([decay]).filter(|name| !names.contains(name));
    Attribution {
        unshown: unshown.filter_map(|name| model(&draft, &name)).collect(),
        shown: names
            .iter()
            .filter_map(|name| model(&draft, name))
            .collect(),
        lead: milestone(draft.lead.as_ref()),
        deal: milestone(draft.deal.as_ref()),
        champion_left: draft.champion_left.and_then(|rule| rule.expr),
        people: draft.people.unwrap_or(assumed.people),
        look_back_days: draft.look_back_days,
        touch_kinds: draft.touch_kinds,
        ignored: draft.ignored.into_iter().map(|kind| kind.value).collect(),
        direct: draft.direct.unwrap_or(assumed.direct),
        is_agreed: draft.is_there,
    }
}
