//! The catalogue of metrics: a metric is a formula over named measures, written in a charter or
//! shipped as text. What a formula's number is of is decided by the algebra of quantities.

mod quantity;

use crate::money::Decimal;
use crate::question::Unit;
use crate::rules::{Expr, Operator};

pub use quantity::{Quantity, Reads, Typed, reads};

/// A formula over measures, which it names by their place.
#[derive(Clone, PartialEq, Debug)]
pub enum Formula {
    /// A number.
    Number(Decimal),
    /// A measure of the definition.
    Measure(usize),
    /// `-a`.
    Minus(Box<Formula>),
    /// `a + b`.
    Join(Operator, Box<Formula>, Box<Formula>),
}

/// What a base measure's figure is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BaseShape {
    /// So many.
    Count,
    /// So many of so many.
    Share,
    /// A sum of money.
    Sum,
    /// Money over how many have money.
    MeanMoney,
    /// Money over money.
    ShareOfMoney,
    /// Times.
    Days,
    /// Times by the clock of a promise.
    Hours,
    /// A sum of whole numbers.
    Total,
}

/// What a base measure is told after its name, as in `entered:sql`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Argument {
    /// A stage's id.
    Stage,
    /// A whole number.
    Number,
    /// One of [`PAID_FOR`], or nothing.
    PaidFor,
    /// A handoff of the charter, or nothing for all of them.
    Handoff,
    /// A reason as records give it.
    Reason,
}

/// What spend pays for; a programme is media and events.
pub const PAID_FOR: [&str; 5] = ["media", "tool", "labour", "event", "programme"];

impl Argument {
    /// How usages show it.
    pub fn word(self) -> &'static str {
        match self {
            Argument::Stage => "STAGE",
            Argument::Number => "N",
            Argument::PaidFor => "KIND",
            Argument::Handoff => "HANDOFF",
            Argument::Reason => "REASON",
        }
    }

    /// Whether it may be left out.
    pub fn is_optional(self) -> bool {
        matches!(self, Argument::PaidFor | Argument::Handoff)
    }

    /// Whether it is a text of records, in which colons may stand like any other sign.
    fn is_free(self) -> bool {
        self == Argument::Reason
    }

    /// What it is, in a word for programs.
    pub fn takes(self) -> &'static str {
        match self {
            Argument::Stage => "stage",
            Argument::Number => "number",
            Argument::PaidFor => "paid_for",
            Argument::Handoff => "handoff",
            Argument::Reason => "reason",
        }
    }

    /// How usages show what may follow a name: `:STAGE`, `[:KIND]`.
    pub fn usage(self) -> String {
        match self.is_optional() {
            true => format!("[:{}]", self.word()),
            false => format!(":{}", self.word()),
        }
    }
}

/// A measure that a formula may name. What it counts is decided by the kernel of metrics.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Base {
    /// Its name.
    pub name: &'static str,
    /// What its figure is made of.
    pub shape: BaseShape,
    /// What follows its name.
    pub arguments: &'static [Argument],
    /// Whether it counts pursuits or deals, as asked.
    pub is_by_unit: bool,
}

impl Base {
    /// Whether it sums what somebody has to tell: where nothing was told it is not nought, but not
    /// known.
    pub fn is_of_records(&self) -> bool {
        matches!(self.name, "spend" | "spend_of_new_campaigns" | "target")
    }

    /// What a name tells it.
    pub fn told_by<'n>(&self, name: &'n str) -> Vec<&'n str> {
        let is_free = self.arguments.last().is_some_and(|last| last.is_free());
        words(name, is_free.then_some(self.arguments.len()))
    }

    /// Whether it is of what the teams promised each other.
    pub fn is_of_handoffs(&self) -> bool {
        self.arguments == HANDOFF
    }

    /// Whether it looks at touches that no pursuit came by: at answers to what was handed over, at
    /// who touched a buyer first, and at whether marketing touched a deal.
    pub fn is_of_touches(&self) -> bool {
        let is_of_who = self.name.ends_with("brand_first");
        self.is_of_handoffs() || is_of_who || self.is_of_marketing()
    }

    /// Whether it is of what marketing touched.
    pub fn is_of_marketing(&self) -> bool {
        self.name.starts_with("marketing_touched")
    }
}

/// What follows a name, cut at colons; the last of so many words is all that is left.
fn words(name: &str, whole: Option<usize>) -> Vec<&str> {
    let rest = name.split_once(':').map(|(_, rest)| rest);
    match (rest, whole) {
        (None, _) => Vec::new(),
        (Some(rest), None) => rest.split(':').collect(),
        (Some(rest), Some(count)) => rest.splitn(count, ':').collect(),
    }
}

const fn base(name: &'static str, shape: BaseShape) -> Base {
    let (arguments, is_by_unit): (&[Argument], bool) = (&[], false);
    Base {
        name,
        shape,
        arguments,
        is_by_unit,
    }
}

const fn by_unit(base: Base) -> Base {
    Base {
        is_by_unit: true,
        ..base
    }
}

const fn told(base: Base, arguments: &'static [Argument]) -> Base {
    Base { arguments, ..base }
}

const STAGE: &[Argument] = &[Argument::Stage];
const STAGES: &[Argument] = &[Argument::Stage, Argument::Stage];
const HANDOFF: &[Argument] = &[Argument::Handoff];

const fn handed(name: &'static str, shape: BaseShape) -> Base {
    told(base(name, shape), HANDOFF)
}

/// Every measure that a formula may name.
pub const BASES: &[Base] = &[
    by_unit(base("won", BaseShape::Count)),
    by_unit(base("lost", BaseShape::Count)),
    by_unit(base("closed", BaseShape::Count)),
    by_unit(base("ended", BaseShape::Count)),
    by_unit(told(
        base("lost_for", BaseShape::Share),
        &[Argument::Reason],
    )),
    by_unit(base("lost_explained", BaseShape::Share)),
    by_unit(base("win_rate", BaseShape::Share)),
    by_unit(base("win_rate_all_ends", BaseShape::Share)),
    base("win_rate_by_value", BaseShape::ShareOfMoney),
    base("win_rate_cohort", BaseShape::Share),
    by_unit(told(base("win_rate_from", BaseShape::Share), STAGE)),
    by_unit(told(base("entered", BaseShape::Count), STAGE)),
    by_unit(told(base("in_stage", BaseShape::Count), STAGE)),
    by_unit(told(base("reached", BaseShape::Share), STAGES)),
    base("revenue", BaseShape::Sum),
    base("new_customers", BaseShape::Count),
    base("lost_value", BaseShape::Sum),
    base("mean_won_value", BaseShape::MeanMoney),
    base("marketing_touched", BaseShape::Share),
    base("marketing_touched_by_value", BaseShape::ShareOfMoney),
    base("marketing_touched_before_creation", BaseShape::Share),
    base(
        "marketing_touched_before_creation_by_value",
        BaseShape::ShareOfMoney,
    ),
    base("cycle_won", BaseShape::Days),
    base("cycle_lost", BaseShape::Days),
    base("cycle_closed", BaseShape::Days),
    base("cycle_won_from_opening", BaseShape::Days),
    base("cycle_won_from_touch", BaseShape::Days),
    base("deals_created", BaseShape::Count),
    told(base("close_rate", BaseShape::Share), &[Argument::Number]),
    base("pipeline_created", BaseShape::Sum),
    base("pipeline_created_now", BaseShape::Sum),
    base("open_value", BaseShape::Sum),
    base("open_due", BaseShape::Sum),
    base("weighted_open", BaseShape::Sum),
    base("weighted_due", BaseShape::Sum),
    base("weighted_by_history", BaseShape::Sum),
    base("weighted_by_age", BaseShape::Sum),
    base("weighted_by_category", BaseShape::Sum),
    base("target", BaseShape::Sum),
    base("leads_created", BaseShape::Count),
    base("leads_assigned", BaseShape::Count),
    base("leads_worked", BaseShape::Count),
    base("leads_attributed", BaseShape::Count),
    base("leads_of_new_campaigns", BaseShape::Count),
    base("leads_with_deal", BaseShape::Share),
    base("leads_won", BaseShape::Share),
    base("accounts_with_deal", BaseShape::Share),
    base("accounts_won", BaseShape::Share),
    told(base("spend", BaseShape::Sum), &[Argument::PaidFor]),
    base("spend_of_new_campaigns", BaseShape::Sum),
    base("impressions", BaseShape::Total),
    base("clicks", BaseShape::Total),
    base("ad_conversions", BaseShape::Total),
    handed("handed_over", BaseShape::Count),
    handed("handoffs_answered", BaseShape::Share),
    handed("handoffs_in_time", BaseShape::Share),
    handed("handoffs_accepted", BaseShape::Share),
    handed("handoffs_rejected", BaseShape::Share),
    handed("response_hours", BaseShape::Hours),
    handed("handoff_wait", BaseShape::Days),
    handed("deal_wait", BaseShape::Days),
    by_unit(base("brand_opening_share", BaseShape::Share)),
    by_unit(base("direct_opening_share", BaseShape::Share)),
    by_unit(base("branded_opening_share", BaseShape::Share)),
    base("win_rate_brand_first", BaseShape::Share),
    base("win_rate_not_brand_first", BaseShape::Share),
    base("cycle_won_brand_first", BaseShape::Days),
    base("cycle_won_not_brand_first", BaseShape::Days),
];

/// The base measure of a name without what follows it.
pub fn base_of(name: &str) -> Option<&'static Base> {
    BASES.iter().find(|base| base.name == name)
}

/// What is taken of a base measure.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Takes {
    /// What it is by itself: a count, a sum, a share, a mean.
    Itself,
    /// How many it is about, with or without an amount.
    Count,
    /// How many have an amount.
    Amounts,
    /// The middle of its times.
    Median,
    /// Its times added up.
    Sum,
}

impl Takes {
    /// The words of charters.
    pub const WORDS: [(&'static str, Takes); 4] = [
        ("count", Takes::Count),
        ("amounts", Takes::Amounts),
        ("median", Takes::Median),
        ("sum", Takes::Sum),
    ];

    /// What is taken so of such a base measure, and what that is of; `None` where it makes no
    /// sense.
    pub fn of(self, shape: BaseShape) -> Option<Typed> {
        let typed = |quantity, is_whole| Some(Typed { quantity, is_whole });
        let has_money = matches!(shape, BaseShape::Sum | BaseShape::MeanMoney);
        match (self, shape) {
            (Takes::Itself, BaseShape::Count | BaseShape::Total) => typed(Quantity::COUNT, true),
            (Takes::Itself, BaseShape::Sum) => typed(Quantity::MONEY, true),
            (Takes::Itself, BaseShape::Share | BaseShape::ShareOfMoney) => {
                typed(Quantity::PLAIN, false)
            }
            (Takes::Itself, BaseShape::MeanMoney) => {
                typed(Quantity::MONEY.over(Quantity::COUNT), false)
            }
            (Takes::Itself | Takes::Median, BaseShape::Days) => typed(Quantity::DAYS, false),
            (Takes::Itself | Takes::Median, BaseShape::Hours) => typed(Quantity::HOURS, false),
            (Takes::Sum, BaseShape::Days) => typed(Quantity::COUNT.times(Quantity::DAYS), false),
            (Takes::Sum, BaseShape::Hours) => typed(Quantity::COUNT.times(Quantity::HOURS), false),
            (Takes::Count, BaseShape::Total) => None,
            (Takes::Count, _) => typed(Quantity::COUNT, true),
            (Takes::Amounts, _) if has_money => typed(Quantity::COUNT, true),
            (Takes::Amounts | Takes::Median | Takes::Sum, _) => None,
        }
    }
}

/// How much earlier the period of a measure lies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lag {
    /// So many days.
    Days(u32),
    /// The median of these times in the period, in whole days.
    Median(&'static str),
}

/// What follows the name of a base measure.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// This.
    Word(String),
    /// What follows the metric's own name at this place.
    Parameter(usize),
}

/// A measure of a definition.
#[derive(Clone, PartialEq, Debug)]
pub struct Measure {
    /// Its name in the formula.
    pub name: String,
    /// What it measures.
    pub base: &'static Base,
    /// What follows the base's name.
    pub told: Vec<Told>,
    /// What is taken of it.
    pub takes: Takes,
    /// Of whom.
    pub filter: Option<Expr>,
    /// What is counted, where it says so itself.
    pub unit: Option<Unit>,
    /// How much earlier its period lies.
    pub lag: Option<Lag>,
    /// Whether it is that of everybody, in every row and under every condition of the question.
    pub is_whole: bool,
}

impl Measure {
    /// What it is of.
    pub fn typed(&self) -> Option<Typed> {
        self.takes.of(self.base.shape)
    }

    /// Whether its figure is in a currency.
    pub fn has_currency(&self) -> bool {
        let is_money = matches!(
            self.base.shape,
            BaseShape::Sum | BaseShape::MeanMoney | BaseShape::ShareOfMoney
        );
        is_money && self.takes != Takes::Count
    }

    /// What it measures, as written: `entered:sql`.
    pub fn of(&self, parameters: &[String]) -> String {
        let told = self.told.iter().map(|told| match told {
            Told::Word(word) => format!(":{word}"),
            Told::Parameter(at) => {
                let name = parameters.get(*at).map_or("", String::as_str);
                format!(":{{{name}}}")
            }
        });
        self.base.name.to_owned() + &told.collect::<String>()
    }
}

impl Measure {
    /// What it is in one line, as charters write it: `leads = leads_created, where …`.
    pub fn line(&self, parameters: &[String]) -> String {
        let mut line = format!("{} = {}", self.name, self.of(parameters));
        let takes = Takes::WORDS
            .into_iter()
            .find(|(_, takes)| *takes == self.takes);
        line.extend(takes.map(|(word, _)| format!(", takes {word}")));
        line.extend(self.filter.as_ref().map(|rule| format!(", where {rule}")));
        line.extend(self.unit.map(|unit| format!(", unit {}", unit.word())));
        line.extend(self.lag.as_ref().map(|lag| match lag {
            Lag::Days(days) => format!(", lag {days} days"),
            Lag::Median(of) => format!(", lag median {of}"),
        }));
        line.extend(self.is_whole.then(|| ", whole".to_owned()));
        line
    }
}

/// Where a definition comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    /// It ships with Handfast.
    Shipped,
    /// The charter has it.
    Charter,
    /// The charter has it in place of one that ships.
    Instead,
}

/// A metric of the catalogue.
#[derive(Clone, PartialEq, Debug)]
pub struct Definition {
    /// Its name in questions.
    pub name: String,
    /// What follows its name in questions, by name.
    pub parameters: Vec<String>,
    /// What lists of metrics put it under.
    pub subject: String,
    /// The definition, one line.
    pub means: String,
    /// The formula as written.
    pub text: String,
    /// The formula.
    pub formula: Formula,
    /// How its value is read.
    pub reads: Reads,
    /// Its measures, in the order in which the formula names them.
    pub measures: Vec<Measure>,
    /// Declared conventions that differ from those of its measures.
    pub declares: Vec<(String, String)>,
    /// Where it comes from.
    pub origin: Origin,
}

impl Definition {
    /// The definition with what a question told after its name; `None` where that is too much or
    /// too little.
    pub fn with(&self, told: &[&str]) -> Option<Definition> {
        let mut definition = self.clone();
        for measure in &mut definition.measures {
            let mut words = Vec::new();
            for own in std::mem::take(&mut measure.told) {
                match own {
                    Told::Word(_) => words.push(own),
                    Told::Parameter(at) => match told.get(at) {
                        Some(word) => words.push(Told::Word((*word).to_owned())),
                        None if self.is_optional(at) => {}
                        None => return None,
                    },
                }
            }
            measure.told = words;
        }
        let is_enough = told.len() <= self.parameters.len() && !told.contains(&"");
        is_enough.then_some(definition)
    }

    /// What a name tells it.
    pub fn told_by<'n>(&self, name: &'n str) -> Vec<&'n str> {
        let last = self.parameters.len().checked_sub(1);
        let is_free = last.is_some_and(|last| self.arguments(last).any(Argument::is_free));
        words(name, is_free.then_some(self.parameters.len()))
    }

    /// The arguments of base measures that are told a parameter.
    fn arguments(&self, parameter: usize) -> impl Iterator<Item = Argument> {
        let told = self
            .measures
            .iter()
            .flat_map(|one| one.told.iter().zip(one.base.arguments));
        let own = told.filter(move |(told, _)| **told == Told::Parameter(parameter));
        own.map(|(_, argument)| *argument)
    }

    /// Whether a parameter may be left out: what is told it may be told nothing.
    fn is_optional(&self, parameter: usize) -> bool {
        self.arguments(parameter).all(Argument::is_optional)
    }

    /// What may follow its name, in order: how it is called, what it takes, and whether it may be
    /// left out.
    pub fn told(&self) -> Vec<(String, Argument, bool)> {
        let parameters = self.parameters.iter().enumerate();
        let told = parameters.filter_map(|(at, name)| {
            let takes = self.arguments(at).next()?;
            Some((name.clone(), takes, self.is_optional(at)))
        });
        told.collect()
    }

    /// How questions name it: `conversion:FROM:TO`.
    pub fn usage(&self) -> String {
        let parameters = self.parameters.iter().enumerate().map(|(at, name)| {
            let name = name.to_uppercase();
            match self.is_optional(at) {
                true => format!("[:{name}]"),
                false => format!(":{name}"),
            }
        });
        self.name.clone() + &parameters.collect::<String>()
    }
}

/// The metrics that a charter knows.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Catalogue {
    /// The version of the part that ships.
    pub version: u32,
    /// Those that ship, but for those that the charter replaces; then the charter's own.
    pub metrics: Vec<Definition>,
    /// What a close keeps of a period: `won`, `revenue by rep`; none = a list of its own.
    pub closes: Vec<String>,
}

impl Catalogue {
    /// The definition of a name, without what follows it.
    pub fn find(&self, name: &str) -> Option<&Definition> {
        let name = name.split(':').next().unwrap_or(name);
        self.metrics.iter().find(|metric| metric.name == name)
    }
}

/// The conventions that every metric declares: how charters name them, and how explanations do.
pub const CONVENTIONS: [(&str, &str); 14] = [
    ("date_anchor", "date anchor"),
    ("population", "population"),
    ("unit", "unit"),
    ("window", "window"),
    ("reentry", "re-entry"),
    ("currency", "currency"),
    ("calendar", "calendar"),
    ("as_of", "as-of"),
    ("people", "people"),
    ("touches", "touches"),
    ("tie_break", "tie-break"),
    ("rounding", "rounding"),
    ("definition", "definition"),
    ("evidence", "evidence"),
];
