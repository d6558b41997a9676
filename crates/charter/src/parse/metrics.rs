//! `metrics.toml`: metrics as formulas over named measures. The catalogue that ships is the same
//! text, read by the same reader.

mod reader;

use std::sync::LazyLock;

use handfast_model::Refusal;
use handfast_model::catalogue::{BASES, CONVENTIONS, Catalogue, Definition, Origin, base_of};

use self::reader::Reader;
use super::{Draft, Rules};
use crate::check::{DORMANT_ID, UNKNOWN_NAME};
use crate::fields::{Fields, Key, MISSING, OUT_OF_RANGE, document, key, wrong_type};
use crate::place::{Desk, Located, TextFile};
use crate::words::{either, nearest, shown};

const METRIC: Key = key(
    "metric",
    "[metric.cost_per_lead]\nmeans = \"what a new lead cost\"\nformula = \"spend / leads_created\"",
    "the charter has no metric of its own",
);
const CLOSES: Key = key(
    "closes",
    "[\"won\", \"revenue by rep\"]",
    "a close keeps won, lost, revenue, leads_created and win_rate",
);
const VERSION: Key = key(
    "version",
    "1",
    "answers name the definitions that gave them",
);
const MEANS: Key = key(
    "means",
    "\"what a new lead cost\"",
    "nobody could tell what the figure says",
);
const FORMULA: Key = key(
    "formula",
    "\"spend / leads_created\"",
    "the metric has no value",
);
const SUBJECT: Key = key("subject", "\"cost\"", "lists put the metric under it");
const PARAMETERS: Key = key(
    "parameters",
    "[\"from\", \"to\"]",
    "questions tell them after the name: conversion:mql:sql",
);
const MEASURE: Key = key(
    "measure",
    "[metric.cost_per_lead.measure.leads]\nof = \"leads_created\"",
    "names of the formula are base measures",
);
const DECLARES: Key = key(
    "declares",
    "[metric.cost_per_lead.declares]\npopulation = \"paid leads\"",
    "conventions are those of the measures",
);

/// A metric of the charter, and the stages that it names.
pub(crate) struct OwnMetric {
    definition: Definition,
    stages: Vec<Located<String>>,
    handoffs: Vec<Located<String>>,
}

pub(super) fn metrics(
    desk: &mut Desk<'_>,
    mut top: Fields<'_>,
    rules: &Rules<'_>,
) -> (Vec<OwnMetric>, Vec<Located<String>>) {
    let closes = top.texts(desk, &CLOSES).unwrap_or_default();
    let metrics = table_of_metrics(desk, &mut top, rules);
    top.finish(desk);
    (metrics, closes)
}

fn table_of_metrics(
    desk: &mut Desk<'_>,
    top: &mut Fields<'_>,
    rules: &Rules<'_>,
) -> Vec<OwnMetric> {
    let mut metrics = Vec::new();
    let Some(table) = top.table(desk, &METRIC, "a metric") else {
        return metrics;
    };
    for (name, item) in table.names() {
        let Some(fields) = table.named(item, name.span, "a metric") else {
            let refusal = wrong_type(&METRIC, "a table, [metric.cost_per_lead]", item);
            desk.refuse(name.span, refusal);
            continue;
        };
        check_name(desk, &name, "a metric");
        metrics.extend(metric(desk, &name, fields, rules));
    }
    metrics
}

/// Names stand in questions and formulas: small letters, digits and _.
fn check_name(desk: &mut Desk<'_>, name: &Located<String>, what: &str) {
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let starts_well = name.value.starts_with(|c: char| c.is_ascii_lowercase());
    if starts_well && name.value.chars().all(is_part) && name.value.len() <= 64 {
        return;
    }
    let plain = name.value.trim().to_lowercase();
    let plain: String = plain
        .chars()
        .map(|c| if is_part(c) { c } else { '_' })
        .take(64)
        .collect();
    let plain = plain.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let title = format!("`{}` cannot be the name of {what}", shown(&name.value));
    let refusal = Refusal::new(OUT_OF_RANGE, title)
        .matters("questions and formulas name it: small letters, digits and _, at most 64")
        .fix(if plain.is_empty() {
            "cost_per_lead"
        } else {
            plain
        });
    desk.refuse(name.span, refusal);
}

fn metric(
    desk: &mut Desk<'_>,
    name: &Located<String>,
    mut fields: Fields<'_>,
    rules: &Rules<'_>,
) -> Option<OwnMetric> {
    let means = fields.text(desk, &MEANS);
    fields.need(desk, &MEANS);
    let text = fields.text(desk, &FORMULA);
    fields.need(desk, &FORMULA);
    let subject = fields.text(desk, &SUBJECT);
    let parameters = fields.texts(desk, &PARAMETERS).unwrap_or_default();
    for parameter in &parameters {
        check_name(desk, parameter, "a parameter");
    }
    let mut reader = Reader {
        parameters: parameters.iter().map(|one| one.value.clone()).collect(),
        told: vec![false; parameters.len()],
        declared: Vec::new(),
        used: Vec::new(),
        stages: Vec::new(),
        handoffs: Vec::new(),
        is_complete: true,
    };
    if let Some(measures) = fields.table(desk, &MEASURE, "a measure") {
        for (name, item) in measures.names() {
            let Some(fields) = measures.named(item, name.span, "a measure") else {
                desk.refuse(name.span, wrong_type(&MEASURE, "a table", item));
                continue;
            };
            check_name(desk, &name, "a measure");
            let measure = reader.measure(desk, &name, fields, rules);
            reader.declared.push((name, measure));
        }
    }
    let declares = declares(desk, &mut fields);
    fields.finish(desk);
    let read = reader.formula(desk, text.as_ref()?);
    reader.refuse_unused(desk, &parameters);
    let (formula, reads) = read?;
    let definition = Definition {
        name: name.value.clone(),
        parameters: reader.parameters,
        subject: subject.map_or_else(|| OWN_SUBJECT.to_owned(), |subject| subject.value),
        means: means?.value.trim().to_owned(),
        text: text?.value.trim().to_owned(),
        formula,
        reads,
        measures: reader.used,
        declares,
        origin: Origin::Charter,
    };
    Some(OwnMetric {
        definition,
        stages: reader.stages,
        handoffs: reader.handoffs,
    })
}

/// What lists put a charter's metric under, unless it says so itself.
const OWN_SUBJECT: &str = "of this charter";

/// The conventions that a charter may write itself: all but the version of its own definition.
fn declares(desk: &mut Desk<'_>, fields: &mut Fields<'_>) -> Vec<(String, String)> {
    let Some(table) = fields.table(desk, &DECLARES, "[declares]") else {
        return Vec::new();
    };
    let known = || {
        CONVENTIONS
            .into_iter()
            .map(|(name, _)| name)
            .filter(|n| *n != "definition")
    };
    let mut declared = Vec::new();
    for (name, item) in table.names() {
        let text = item.as_str().filter(|text| !text.trim().is_empty());
        match (known().find(|known| *known == name.value), text) {
            (Some(_), Some(text)) => declared.push((name.value, text.trim().to_owned())),
            (Some(_), None) => desk.refuse(name.span, wrong_type(&DECLARES, "a text", item)),
            (None, _) => {
                let title = format!("`{}` is not a convention of metrics", shown(&name.value));
                let fix = match nearest(&name.value, known()) {
                    Some(meant) => format!("write `{meant}`"),
                    None => format!("leave it out; there is {}", either(known())),
                };
                let refusal = Refusal::new(UNKNOWN_NAME, title)
                    .matters("no explanation of the metric would show it")
                    .fix(fix);
                desk.refuse(name.span, refusal);
            }
        }
    }
    declared
}

/// What `metrics.toml` must keep together with `stages.toml` and `handoffs.toml`.
pub(crate) fn check(desk: &mut Desk<'_>, draft: &Draft) {
    let ids = || {
        let ids = draft.stages.iter().filter_map(|stage| stage.id.as_ref());
        let dormant = draft.dormant.iter().map(|_| DORMANT_ID);
        ids.map(|id| id.value.as_str()).chain(dormant)
    };
    let stages: Vec<&str> = ids().collect();
    let handoffs = draft.handoffs.iter().filter_map(|one| one.name());
    let handoffs: Vec<&str> = handoffs.collect();
    for metric in &draft.metrics {
        are_there(desk, "stage", &metric.stages, &stages);
        are_there(desk, "handoff", &metric.handoffs, &handoffs);
    }
    let own = draft.metrics.iter().map(|one| &one.definition.name);
    let known: Vec<&str> = shipped()
        .metrics
        .iter()
        .map(|one| &one.name)
        .chain(own)
        .map(String::as_str)
        .chain(BASES.iter().map(|base| base.name))
        .collect();
    for closed in &draft.closes {
        let name = closed.value.split([' ', ':']).next().unwrap_or_default();
        if known.contains(&name) {
            continue;
        }
        let near = nearest(name, known.iter().copied());
        let title = format!("there is no metric `{}` to keep at a close", shown(name));
        let refusal = Refusal::new(UNKNOWN_NAME, title)
            .matters("no period could be closed")
            .fix(match near {
                Some(meant) => format!("write `{meant}`"),
                None => "handfast metric list names them all".to_owned(),
            });
        desk.refuse(closed.span, refusal);
    }
}

/// What a metric names is something that the charter has.
fn are_there(desk: &mut Desk<'_>, what: &str, named: &[Located<String>], known: &[&str]) {
    let known = || known.iter().copied();
    for one in named.iter().filter(|one| known().all(|id| id != one.value)) {
        let fix = match nearest(&one.value, known()) {
            Some(meant) => format!("write `{meant}`"),
            None if known().next().is_none() => format!("declare the {what} first"),
            None => format!("one of {}", either(known())),
        };
        let title = format!("the charter has no {what} `{}`", shown(&one.value));
        let refusal = Refusal::new(UNKNOWN_NAME, title)
            .matters("nothing would ever be measured")
            .fix(fix);
        desk.refuse(one.span, refusal);
    }
}

/// The charter's metrics and those that ship, but for the ones it replaces.
pub(crate) fn resolved(own: Vec<OwnMetric>, closes: Vec<Located<String>>) -> Catalogue {
    let mut catalogue = shipped().clone();
    catalogue.closes = closes.into_iter().map(|one| one.value).collect();
    let is_base = |name: &str| base_of(name).is_some();
    let is_own = |name: &str| own.iter().any(|metric| metric.definition.name == name);
    let replaced: Vec<String> = catalogue
        .metrics
        .iter()
        .map(|one| one.name.clone())
        .collect();
    catalogue.metrics.retain(|metric| !is_own(&metric.name));
    catalogue.metrics.extend(own.into_iter().map(|metric| {
        let name = &metric.definition.name;
        let origin = match is_base(name) || replaced.contains(name) {
            true => Origin::Instead,
            false => Origin::Charter,
        };
        Definition {
            origin,
            ..metric.definition
        }
    }));
    catalogue
}

/// The catalogue that ships.
pub(crate) fn shipped() -> &'static Catalogue {
    static SHIPPED: LazyLock<Catalogue> = LazyLock::new(|| read_shipped().0);
    &SHIPPED
}

/// The text of the catalogue that ships.
const TEXT: &str = include_str!("../../catalogue/metrics.toml");

/// Whether a metric of this name ships; asked while that text itself is read, too.
fn is_shipped(name: &str) -> bool {
    let head = format!("[metric.{name}]");
    TEXT.lines().any(|line| line == head)
}

/// The catalogue that ships, and what is wrong with its text.
fn read_shipped() -> (Catalogue, Vec<Refusal>) {
    let files = [TextFile {
        path: "metrics.toml".to_owned(),
        text: TEXT.to_owned(),
    }];
    let mut desk = Desk::new(&files);
    let mut catalogue = Catalogue::default();
    if let Some(document) = document(&mut desk, 0) {
        let mut top = Fields::of_document(&document, 0, "the catalogue");
        let version = top.whole(&mut desk, &VERSION, 1..=1_000_000);
        top.need(&mut desk, &VERSION);
        let rules = Rules {
            attributes: &[],
            is_complete: true,
        };
        let metrics = table_of_metrics(&mut desk, &mut top, &rules);
        top.finish(&mut desk);
        for metric in &metrics {
            for own in metric.stages.iter().chain(&metric.handoffs) {
                let title = "a stage or handoff that not every charter has";
                desk.refuse(own.span, Refusal::new(MISSING, title));
            }
        }
        catalogue.version = version.map_or(0, |version| version.value as u32);
        let shipped = metrics.into_iter().map(|metric| Definition {
            origin: Origin::Shipped,
            ..metric.definition
        });
        catalogue.metrics = shipped.collect();
    }
    (catalogue, desk.refusals)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_that_ships_is_read_without_complaint() {
        let (catalogue, refusals) = read_shipped();
        assert!(refusals.is_empty(), "{refusals:#?}");
        for metric in &catalogue.metrics {
            assert!(
                base_of(&metric.name).is_none(),
                "{} is a measure too",
                metric.name
            );
            assert_ne!(
                metric.subject, OWN_SUBJECT,
                "{} has no subject",
                metric.name
            );
        }
    }

    /// Answers name the version: another text under the same number would be two definitions of
    /// one name.
    #[test]
    fn a_version_of_the_catalogue_is_one_text() {
        let text = format!(
            "{} {}",
            shipped().version,
            blake3::hash(TEXT.as_bytes()).to_hex()
        );
        assert_eq!(text.get(..18), Some("4 90847bd89adc74be"));
    }
}
