//! What is defined over touches: which may earn credit, and what the brand has a part in.

use handfast_model::credit::{CreditModel, Milestone};
use handfast_model::rules::{Brand, Charter, Expr};

use super::{Figure, Thing};

/// Both behind another definition, in charter order.
pub(super) fn beside(other: Thing, charter: &Charter) -> Vec<Thing> {
    let all = [other, attribution(charter)].into_iter();
    all.chain(brand(charter)).collect()
}

fn attribution(charter: &Charter) -> Thing {
    let rules = &charter.attribution;
    let models: Vec<String> = rules.shown.iter().map(ToString::to_string).collect();
    let unshown = rules.unshown.iter();
    let changed = unshown.filter(|model| CreditModel::parse(&model.name).as_ref() != Some(model));
    let unshown: Vec<String> = changed.map(ToString::to_string).collect();
    let days = rules.look_back_days.map(|days| days.to_string());
    let left = rules.champion_left.as_ref().map(ToString::to_string);
    let milestone = |milestone: &Milestone| match milestone {
        Milestone::Created => "created".to_owned(),
        Milestone::Entry(stage) => stage.clone(),
    };
    let parts = [
        ("models", models.join(", ")),
        ("models not shown", unshown.join(", ")),
        ("people", rules.people.word().to_owned()),
        ("look_back_days", days.unwrap_or_default()),
        ("touches", rules.touch_kinds.join(", ")),
        ("ignored", rules.ignored.join(", ")),
        ("direct", rules.direct.join(", ")),
        ("milestone of the lead", milestone(&rules.lead)),
        ("milestone of the deal", milestone(&rules.deal)),
        ("champion_left", left.unwrap_or_default()),
    ];
    let figures: &[Figure] = &[Figure::Credit];
    Thing {
        what: "attribution".to_owned(),
        figures,
        parts: parts.map(|(part, words)| (part, words, figures)).to_vec(),
    }
}

/// What the brand has a part in, touch by touch.
fn brand(charter: &Charter) -> Option<Thing> {
    let rules = Some(&charter.brand).filter(|brand| **brand != Brand::default())?;
    let figures: &[Figure] = &[Figure::Metrics];
    let parts = [
        ("direct", &rules.direct),
        ("branded", &rules.branded),
        ("activity", &rules.activity),
    ];
    let words = |rule: &Option<Expr>| rule.as_ref().map_or(String::new(), ToString::to_string);
    Some(Thing {
        what: "brand".to_owned(),
        figures,
        parts: parts
            .map(|(part, rule)| (part, words(rule), figures))
            .to_vec(),
    })
}
