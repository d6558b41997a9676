//! What a metric means, written out: formula, measures and every convention.

use handfast_kernels::metric::{MetricSpec, SPECS};
use handfast_model::Refusal;
use handfast_model::catalogue::{
    Argument, BaseShape, CONVENTIONS, Catalogue, Definition, Lag, Measure, Origin, Takes, Told,
    base_of,
};

use super::metric::spec;

/// A metric in a list.
pub struct Listed {
    /// What it is listed under.
    pub subject: String,
    /// Its name.
    pub name: String,
    /// How questions name it: `conversion:FROM:TO`.
    pub usage: String,
    /// What may follow its name, in order.
    pub parameters: Vec<Parameter>,
    /// The definition, one line.
    pub means: String,
    /// Whether the charter has it in place of one that ships.
    pub is_instead: bool,
}

/// Something that a metric is told behind its name.
pub struct Parameter {
    /// How it is called.
    pub name: String,
    /// What it takes.
    pub takes: Argument,
    /// Whether it may be left out.
    pub is_optional: bool,
}

/// A metric's whole definition.
pub struct Explained {
    /// Its place in lists.
    pub listed: Listed,
    /// Its formula, where it has one.
    pub formula: Option<String>,
    /// The measures of the formula: name, and what it is.
    pub measures: Vec<(String, String)>,
    /// Every convention: (what, how).
    pub declares: Vec<(&'static str, String)>,
}

/// Every metric, subject by subject.
pub fn list(catalogue: &Catalogue) -> Vec<Listed> {
    let replaced = |name: &str| catalogue.find(name).is_some();
    let specs = SPECS
        .iter()
        .filter(|spec| !replaced(spec.name))
        .map(of_spec);
    let mut all: Vec<Listed> = specs
        .chain(catalogue.metrics.iter().map(of_definition))
        .collect();
    let mut subjects: Vec<String> = Vec::new();
    for listed in &all {
        if !subjects.contains(&listed.subject) {
            subjects.push(listed.subject.clone());
        }
    }
    all.sort_by_key(|listed| subjects.iter().position(|known| *known == listed.subject));
    all
}

fn of_spec(spec: &MetricSpec) -> Listed {
    let told = base_of(spec.name).map_or(&[][..], |base| base.arguments);
    let told: String = match told {
        [_, _] => ":FROM:TO".to_owned(),
        told => told.iter().map(|argument| argument.usage()).collect(),
    };
    let parameters = base_of(spec.name).map_or(&[][..], |base| base.arguments);
    let parameters = parameters.iter().enumerate().map(|(at, argument)| {
        let name = match (parameters.len(), at) {
            (2, 0) => "from".to_owned(),
            (2, _) => "to".to_owned(),
            _ => argument.word().to_lowercase(),
        };
        Parameter {
            name,
            takes: *argument,
            is_optional: argument.is_optional(),
        }
    });
    Listed {
        subject: spec.metric.subject().to_owned(),
        name: spec.name.to_owned(),
        usage: format!("{}{told}", spec.name),
        parameters: parameters.collect(),
        means: spec.means.to_owned(),
        is_instead: false,
    }
}

fn of_definition(definition: &Definition) -> Listed {
    Listed {
        subject: definition.subject.clone(),
        name: definition.name.clone(),
        usage: definition.usage(),
        parameters: definition
            .told()
            .into_iter()
            .map(|(name, takes, is_optional)| Parameter {
                name,
                takes,
                is_optional,
            })
            .collect(),
        means: definition.means.clone(),
        is_instead: definition.origin == Origin::Instead,
    }
}

/// One metric's whole definition.
pub fn explain(catalogue: &Catalogue, name: &str) -> Result<Explained, Refusal> {
    if let Some(definition) = catalogue.find(name) {
        return Ok(of_formula(definition, catalogue.version));
    }
    let others = catalogue.metrics.iter().map(|metric| metric.name.as_str());
    let spec = spec(name, others)?;
    let declares = spec.declares.iter();
    Ok(Explained {
        listed: of_spec(spec),
        formula: None,
        measures: Vec::new(),
        declares: declares
            .map(|(what, how)| (*what, (*how).to_owned()))
            .collect(),
    })
}

fn of_formula(definition: &Definition, version: u32) -> Explained {
    let measures = definition.measures.iter();
    let conventions = CONVENTIONS.iter().map(|(key, what)| {
        let own = definition.declares.iter().find(|(name, _)| name == key);
        let how = match (*key, own) {
            ("definition", _) => match definition.origin {
                Origin::Shipped => format!("catalogue@{version}"),
                Origin::Charter => "the charter's metrics.toml".to_owned(),
                Origin::Instead => {
                    "the charter's metrics.toml, in place of the one that ships".to_owned()
                }
            },
            (_, Some((_, how))) => how.clone(),
            (_, None) => of_measures(definition, what),
        };
        (*what, how)
    });
    Explained {
        listed: of_definition(definition),
        formula: Some(definition.text.clone()),
        measures: measures
            .map(|one| (one.name.clone(), words(one, &definition.parameters)))
            .collect(),
        declares: conventions.collect(),
    }
}

/// A convention as the measures declare it: once where they agree, else each by its name.
fn of_measures(definition: &Definition, what: &str) -> String {
    let said = definition.measures.iter().map(|one| {
        let spec = SPECS.iter().find(|spec| spec.name == one.base.name);
        let declares = spec.map_or(&[][..], |spec| spec.declares);
        let how = declares.iter().find(|(known, _)| *known == what);
        (one, how.map_or("", |(_, how)| how))
    });
    let said: Vec<(&Measure, &str)> = said.collect();
    let own = |(one, how): &(&Measure, &str)| match (what, one.unit) {
        ("unit", Some(unit)) => format!("{}s", unit.word()),
        _ => (*how).to_owned(),
    };
    let mut texts: Vec<String> = Vec::new();
    let all: Vec<String> = said.iter().map(own).collect();
    let is_one = all.windows(2).all(|pair| matches!(pair, [a, b] if a == b));
    for ((one, _), how) in said.iter().zip(&all) {
        let text = match is_one {
            true => how.clone(),
            false => format!("{}: {how}", one.name),
        };
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join("\n")
}

/// What a measure is, without how a question names it: a formula names it itself.
fn plain(spec: &MetricSpec) -> &'static str {
    let hint = format!(" ({}:", spec.name);
    let at = spec.means.find(&hint);
    at.and_then(|at| spec.means.get(..at)).unwrap_or(spec.means)
}

/// A measure in words.
fn words(measure: &Measure, parameters: &[String]) -> String {
    let spec = SPECS.iter().find(|spec| spec.name == measure.base.name);
    let mut words = match measure.of(parameters) {
        of if of == measure.name => String::new(),
        of => format!("{of}: "),
    };
    words.push_str(spec.map_or("", |spec| plain(spec)));
    if measure.base.name == "spend"
        && let Some(Told::Word(of)) = measure.told.first()
    {
        let of = match of.as_str() {
            "programme" => "media and events",
            of => of,
        };
        words.push_str(&format!("; on {of} alone"));
    }
    match measure.takes {
        Takes::Itself => {}
        Takes::Count if measure.base.shape == BaseShape::Sum => {
            words.push_str("; how many, with or without an amount");
        }
        Takes::Count => words.push_str("; how many it is about"),
        Takes::Amounts => words.push_str("; how many have an amount"),
        Takes::Median => words.push_str("; the median"),
        Takes::Sum => words.push_str("; added up"),
    }
    if let Some(rule) = &measure.filter {
        words.push_str(&format!("; where {rule}"));
    }
    if let Some(unit) = measure.unit {
        words.push_str(&format!("; unit {}", unit.word()));
    }
    if measure.is_whole {
        words.push_str("; that of everybody, in every row and under every condition");
    }
    match &measure.lag {
        None => {}
        Some(Lag::Days(days)) => words.push_str(&format!("; {days} days earlier")),
        Some(Lag::Median(of)) => {
            words.push_str(&format!(
                "; earlier by the median {of} of the period, in whole days"
            ));
        }
    }
    words
}
