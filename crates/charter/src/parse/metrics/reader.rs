//! The measures of one metric: what a formula's names stand for.

use std::cell::RefCell;
use std::ops::Range;

use handfast_model::catalogue::{
    Argument, BASES, Base, BaseShape, Formula, Lag, Measure, PAID_FOR, Reads, Takes, Told, Typed,
    base_of,
};
use handfast_model::question::Unit;
use handfast_model::{Refusal, limits};

use super::super::{Rules, place_in};
use crate::expression::{About, Problem};
use crate::fields::{Fields, Key, OUT_OF_RANGE, key};
use crate::formula::formula;
use crate::place::{Desk, Located, Span};
use crate::words::{either, nearest, shown};

/// A name that is no measure.
const NO_MEASURE: &str = "E0153";
/// A measure that is told what makes no sense to it.
const ILL_TOLD: &str = "E0154";

const OF: Key = key("of", "\"leads_created\"", "nothing is measured");
const WHERE: Key = key(
    "where",
    "\"person.origin = 'paid'\"",
    "everything of its kind is measured",
);
const UNIT: Key = key("unit", "\"deal\"", "it counts what the question asks for");
const TAKES: Key = key("takes", "\"count\"", "it is what it is by itself");
const LAG: Key = key(
    "lag",
    "\"90 days\"",
    "it lies in the period that is asked for",
);

const WHOLE: Key = key("whole", "true", "it is split as the question asks");

/// Reads the measures of one metric.
pub(super) struct Reader {
    pub(super) parameters: Vec<String>,
    /// Which parameters some measure is told.
    pub(super) told: Vec<bool>,
    pub(super) declared: Vec<(Located<String>, Option<Measure>)>,
    pub(super) used: Vec<Measure>,
    pub(super) stages: Vec<Located<String>>,
    pub(super) handoffs: Vec<Located<String>>,
    /// Whether every measure could be read.
    pub(super) is_complete: bool,
}

impl Reader {
    pub(super) fn formula(
        &mut self,
        desk: &mut Desk<'_>,
        text: &Located<String>,
    ) -> Option<(Formula, Reads)> {
        let desk = RefCell::new(desk);
        let mut name = |name: &str, bytes: Range<usize>| {
            let mut desk = desk.borrow_mut();
            let span = place_in(&desk, text, &bytes);
            self.named(&mut desk, name, span)
        };
        let read = formula(&text.value, &mut name);
        let desk = desk.into_inner();
        match read {
            Ok(read) => read.filter(|_| self.is_complete),
            Err(problem) => {
                refuse(desk, text, problem);
                None
            }
        }
    }

    /// A name of the formula: a declared measure, else a base measure.
    fn named(&mut self, desk: &mut Desk<'_>, name: &str, span: Span) -> Option<(usize, Typed)> {
        if let Some(place) = self.used.iter().position(|known| known.name == name) {
            return Some((place, self.used.get(place)?.typed()?));
        }
        let declared = self.declared.iter().find(|(known, _)| known.value == name);
        let measure = match declared {
            Some((_, measure)) => measure.clone(),
            None => {
                let of = Located {
                    value: name.to_owned(),
                    span,
                };
                self.base(desk, &of, self.known())
                    .map(|(base, told)| Measure {
                        name: name.to_owned(),
                        base,
                        told,
                        takes: Takes::Itself,
                        filter: None,
                        unit: None,
                        lag: None,
                        is_whole: false,
                    })
            }
        };
        let Some((measure, typed)) = measure.and_then(|measure| {
            let typed = measure.typed()?;
            Some((measure, typed))
        }) else {
            self.is_complete = false;
            return None;
        };
        if self.used.len() >= limits::METRIC_MEASURES {
            let most = limits::METRIC_MEASURES;
            let refusal = Refusal::new(OUT_OF_RANGE, format!("more than {most} measures"))
                .matters("each stands in a column of its own beside the value")
                .fix("make two metrics of it");
            desk.refuse(span, refusal);
            self.is_complete = false;
            return None;
        }
        self.used.push(measure);
        Some((self.used.len() - 1, typed))
    }

    /// Every name that the formula may use.
    fn known(&self) -> Vec<String> {
        let declared = self.declared.iter().map(|(name, _)| name.value.clone());
        declared
            .chain(BASES.iter().map(|base| base.name.to_owned()))
            .collect()
    }

    pub(super) fn measure(
        &mut self,
        desk: &mut Desk<'_>,
        name: &Located<String>,
        mut fields: Fields<'_>,
        rules: &Rules<'_>,
    ) -> Option<Measure> {
        let of = fields.text(desk, &OF);
        fields.need(desk, &OF);
        let filter = fields.text(desk, &WHERE);
        let filter = filter.map(|text| rules.read(desk, &text, About::Question, WHERE.matters));
        let units = [Unit::Pursuit, Unit::Deal].map(|unit| (unit.word(), unit));
        let unit = fields.word(desk, &UNIT, &units);
        let takes = fields.word(desk, &TAKES, &Takes::WORDS);
        let lag = fields.text(desk, &LAG);
        let is_whole = fields.flag(desk, &WHOLE);
        fields.finish(desk);
        let bases = BASES.iter().map(|base| base.name.to_owned()).collect();
        let (base, told) = self.base(desk, of.as_ref()?, bases)?;
        if let Some(unit) = unit.as_ref().filter(|_| !base.is_by_unit) {
            let title = format!("`{}` counts one thing only, whatever the unit", base.name);
            ill_told(desk, unit.span, title, "take `unit` out");
        }
        if let Some(takes) = takes
            .as_ref()
            .filter(|takes| takes.value.of(base.shape).is_none())
        {
            let known = Takes::WORDS.into_iter();
            let known = known.filter(|(_, takes)| takes.of(base.shape).is_some());
            let known: Vec<&str> = known.map(|(word, _)| word).collect();
            let title = format!("`{}` has no such thing to take", base.name);
            let fix = match known.is_empty() {
                true => "take `takes` out".to_owned(),
                false => format!("take it out, or write {}", either(known)),
            };
            ill_told(desk, takes.span, title, &fix);
            return None;
        }
        let lag = match lag {
            Some(lag) => Some(self::lag(desk, &lag)?),
            None => None,
        };
        Some(Measure {
            name: name.value.clone(),
            base,
            told,
            takes: takes.map_or(Takes::Itself, |takes| takes.value),
            // A condition that was refused leaves no measure.
            filter: match filter {
                Some(rule) => Some(rule.expr?),
                None => None,
            },
            unit: unit.map(|unit| unit.value),
            lag,
            is_whole: is_whole.is_some_and(|whole| whole.value),
        })
    }

    /// A base measure and what it is told: `entered:sql`, `entered:{from}`.
    fn base(
        &mut self,
        desk: &mut Desk<'_>,
        of: &Located<String>,
        known: Vec<String>,
    ) -> Option<(&'static Base, Vec<Told>)> {
        let name = of.value.split(':').next().unwrap_or("");
        let Some(base) = base_of(name) else {
            let known = || known.iter().map(String::as_str);
            let fix = match nearest(name, known()) {
                Some(meant) => format!("write `{meant}`"),
                None => format!(
                    "declare it: [metric.….measure.{}] of = \"…\"; `handfast metric list` shows \
                     what is measured",
                    shown(name)
                ),
            };
            let is_metric = super::is_shipped(name);
            let title = match is_metric {
                true => format!("`{}` is a metric, and no measure", shown(name)),
                false => format!("there is no measure `{}`", shown(name)),
            };
            let fix = match is_metric {
                true => format!("write out what `handfast metric explain {name}` shows it is of"),
                false => fix,
            };
            let refusal = Refusal::new(NO_MEASURE, title)
                .matters("the metric has no value")
                .fix(fix);
            desk.refuse(of.span, refusal);
            return None;
        };
        let words = base.told_by(&of.value);
        let mut missing = base.arguments.iter().skip(words.len());
        let is_too_much = words.len() > base.arguments.len() || words.contains(&"");
        if is_too_much || missing.any(|argument| !argument.is_optional()) {
            let usage = base.arguments.iter().map(|argument| argument.usage());
            let usage = usage.collect::<String>();
            let title = format!("`{}` is written `{name}{usage}`", shown(&of.value));
            let example = match base.arguments {
                [] => "",
                [Argument::Stage] => ":sql",
                [Argument::Stage, ..] => ":mql:sql",
                [Argument::Number, ..] => ":1",
                [Argument::PaidFor, ..] => ":media",
                [Argument::Handoff, ..] => ":first_call",
                [Argument::Reason, ..] => ":price",
            };
            ill_told(desk, of.span, title, &format!("{name}{example}"));
            return None;
        }
        let told = words.into_iter().zip(base.arguments);
        let told: Option<Vec<Told>> = told
            .map(|(word, argument)| self.told(desk, of, word, *argument))
            .collect();
        Some((base, told?))
    }

    fn told(
        &mut self,
        desk: &mut Desk<'_>,
        of: &Located<String>,
        word: &str,
        argument: Argument,
    ) -> Option<Told> {
        if let Some(name) = word
            .strip_prefix('{')
            .and_then(|word| word.strip_suffix('}'))
        {
            let Some(place) = self.parameters.iter().position(|known| known == name) else {
                let title = format!("`{}` is no parameter of this metric", shown(name));
                let fix = match nearest(name, self.parameters.iter().map(String::as_str)) {
                    Some(meant) => format!("write {{{meant}}}"),
                    None => format!("parameters = [\"{}\"]", shown(name)),
                };
                ill_told(desk, of.span, title, &fix);
                self.is_complete = false;
                return None;
            };
            if let Some(told) = self.told.get_mut(place) {
                *told = true;
            }
            return Some(Told::Parameter(place));
        }
        match argument {
            Argument::Stage | Argument::Handoff => {
                let named = Located {
                    value: word.to_owned(),
                    span: of.span,
                };
                match argument {
                    Argument::Stage => self.stages.push(named),
                    _ => self.handoffs.push(named),
                }
            }
            Argument::Number if word.parse::<u32>().is_err() => {
                let title = format!("`{}` is no whole number", shown(word));
                ill_told(desk, of.span, title, "close_rate:1");
                return None;
            }
            Argument::PaidFor if !PAID_FOR.contains(&word) => {
                let title = format!("spend pays for {}, not `{}`", either(PAID_FOR), shown(word));
                ill_told(desk, of.span, title, "spend:media");
                return None;
            }
            Argument::Number | Argument::PaidFor | Argument::Reason => {}
        }
        Some(Told::Word(word.to_owned()))
    }

    pub(super) fn refuse_unused(&self, desk: &mut Desk<'_>, parameters: &[Located<String>]) {
        let is_used = |name: &str| self.used.iter().any(|measure| measure.name == name);
        let unused = self
            .declared
            .iter()
            .filter(|(name, _)| !is_used(&name.value));
        // A formula that could not be read may have named it.
        for (name, _) in unused.filter(|_| self.is_complete && !self.used.is_empty()) {
            let title = format!(
                "the formula does not name the measure `{}`",
                shown(&name.value)
            );
            ill_told(
                desk,
                name.span,
                title,
                "name it in the formula, or take it out",
            );
        }
        let untold = parameters
            .iter()
            .zip(&self.told)
            .filter(|(_, told)| !**told);
        for (parameter, _) in untold.filter(|_| self.is_complete) {
            let name = shown(&parameter.value);
            let title = format!("no measure is told the parameter `{name}`");
            ill_told(
                desk,
                parameter.span,
                title,
                &format!("of = \"entered:{{{name}}}\""),
            );
        }
    }
}

/// `90 days`, or `median cycle_won`.
fn lag(desk: &mut Desk<'_>, text: &Located<String>) -> Option<Lag> {
    let words: Vec<&str> = text.value.split_whitespace().collect();
    let read = match words[..] {
        [days, "days" | "day"] => days.parse().ok().map(Lag::Days),
        ["median", name] => base_of(name)
            .filter(|base| base.shape == BaseShape::Days)
            .map(|base| Lag::Median(base.name)),
        _ => None,
    };
    let is_short = |lag: &Lag| !matches!(lag, Lag::Days(days) if *days > limits::WINDOW_DAYS);
    let read = read.filter(is_short);
    if read.is_none() {
        let title = format!("`{}` is no lag", shown(&text.value));
        ill_told(
            desk,
            text.span,
            title,
            "lag = \"90 days\", or lag = \"median cycle_won\"",
        );
    }
    read
}

fn ill_told(desk: &mut Desk<'_>, span: Span, title: String, fix: &str) {
    let refusal = Refusal::new(ILL_TOLD, title)
        .matters("the metric would not be what its text says")
        .fix(fix);
    desk.refuse(span, refusal);
}

fn refuse(desk: &mut Desk<'_>, text: &Located<String>, problem: Problem) {
    let place = place_in(desk, text, &problem.span);
    desk.refuse(place, problem.refusal("the metric has no value"));
}
