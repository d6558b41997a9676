//! Names in rules: attributes, functions, the touch counter, and the names that rules do not have.

use std::ops::Range;

use handfast_model::rules::{Expr, Function, Subject, ValueKind};

use super::parser::{Parsed, Parser, Typed};
use super::token::Kind;
use super::{
    ARGUMENTS, About, NOT_IN_RULES, OUT_OF_PLACE, Problem, SYNTAX, UNDECLARED, UNKNOWN_FUNCTION,
};
use crate::words::{nearest, shown};

const SUBJECTS: [&str; 4] = ["person", "account", "deal", "touch"];

impl<'t> Parser<'t> {
    /// `person.lead_score`.
    pub(super) fn attribute(&mut self, subject: &str, span: Range<usize>) -> Parsed<Typed> {
        self.advance();
        self.advance();
        let token = self.peek().clone();
        let Kind::Word(name) = token.kind else {
            return Err(self.expected("an attribute's name"));
        };
        self.advance();
        let span = span.start..token.span.end;
        if self.eat_sign(".") {
            let title = "an attribute has two names: whose it is, and which";
            return Err(Problem::new(SYNTAX, title, span).fix(format!("{subject}.{name}")));
        }
        let Some(owner) = Subject::parse(&subject.to_lowercase()) else {
            // Reading goes on with a stand-in, so that the rest of the rule is looked at too.
            self.problems
                .push(unknown_subject(subject, name, span.clone()));
            let expr = Expr::Attribute(Subject::Person, name.to_owned());
            return self.node(expr, None, span, 1);
        };
        let kind = self.declared(owner, name, &span);
        let expr = Expr::Attribute(owner, name.to_owned());
        self.node(expr, kind, span, 1)
    }

    /// The declared type, or a complaint.
    fn declared(&mut self, owner: Subject, name: &str, span: &Range<usize>) -> Option<ValueKind> {
        let about = self.scope.about;
        if !about.knows(owner) {
            self.problems.push(out_of_place(about, owner, span.clone()));
        }
        let attributes = self.scope.attributes;
        let of_owner = attributes.iter().filter(|a| a.subject == owner);
        match of_owner.clone().find(|a| a.name == name) {
            Some(attribute) => Some(match attribute.kind {
                ValueKind::Money => ValueKind::Number,
                kind => kind,
            }),
            None => {
                let elsewhere = attributes
                    .iter()
                    .find(|a| a.name == name && about.knows(a.subject))
                    .map(|a| (a.subject, a.name.as_str()));
                let near = nearest(name, of_owner.map(|a| a.name.as_str())).map(|n| (owner, n));
                let meant = near.or(elsewhere);
                self.problems
                    .push(undeclared(owner, name, meant, span.clone()));
                None
            }
        }
    }

    /// `lower(x)`, `touches('x', 30 days)`; `word` is in lower case.
    pub(super) fn call(&mut self, word: &str, span: Range<usize>) -> Parsed<Typed> {
        if word == "touches" {
            return self.touches(span);
        }
        let Some(function) = Function::parse(word) else {
            return Err(unknown_function(word, span));
        };
        self.advance();
        self.advance();
        let mut arguments = Vec::new();
        if !self.eat_sign(")") {
            loop {
                arguments.push(self.expression(0)?);
                if !self.eat_sign(",") {
                    break;
                }
            }
            self.expect_sign(")", "the closing bracket", usage(function))?;
        }
        let span = span.start..self.previous_end();
        let kind = self.checked(function, &arguments, &span);
        let depth = arguments.iter().map(|a| a.depth).max().unwrap_or(0) + 1;
        let arguments = arguments.into_iter().map(|a| a.expr).collect();
        self.node(Expr::Call(function, arguments), kind, span, depth)
    }

    /// Complains about wrong arguments; gives the type of the result.
    fn checked(
        &mut self,
        function: Function,
        arguments: &[Typed],
        span: &Range<usize>,
    ) -> Option<ValueKind> {
        let (least, most, takes) = signature(function);
        let count = arguments.len();
        if count < least || count > most {
            let title = format!("`{}` does not take {count} values", function.word());
            let problem = Problem::new(ARGUMENTS, title, span.clone()).fix(usage(function));
            self.problems.push(problem);
        } else {
            match takes {
                Takes::Each(kinds) => {
                    let last = kinds.last().copied().unwrap_or(ValueKind::Text);
                    let kinds = kinds.iter().copied().chain(std::iter::repeat(last));
                    for (argument, kind) in arguments.iter().zip(kinds) {
                        self.want(argument, kind);
                    }
                }
                Takes::Alike => {
                    let first = arguments.iter().find(|a| a.kind.is_some())?;
                    arguments.iter().for_each(|next| self.alike(first, next));
                }
            }
        }
        match result(function) {
            Some(kind) => Some(kind),
            None => arguments.iter().find_map(|a| a.kind),
        }
    }

    fn touches(&mut self, span: Range<usize>) -> Parsed<Typed> {
        self.advance();
        self.advance();
        let mut kind = None;
        if let Kind::Text(text) = self.peek().kind.clone() {
            self.advance();
            kind = Some(text).filter(|text| !text.is_empty());
            let is_end = matches!(self.peek().kind, Kind::Sign(")"));
            if !is_end {
                self.expect_sign(",", "a window", TOUCHES)?;
            }
        }
        let days = match self.peek().kind {
            Kind::Number(digits) => Some(self.window(digits)?),
            Kind::Sign(")") => None,
            _ => {
                let fix = match &self.peek().kind {
                    Kind::Word(kind) => format!("touches('{}', 30 days)", shown(kind)),
                    _ => TOUCHES.to_owned(),
                };
                let mut problem = self.expected("a kind of touch or a window").fix(fix);
                problem.code = ARGUMENTS;
                return Err(problem);
            }
        };
        self.expect_sign(")", "the closing bracket", TOUCHES)?;
        let span = span.start..self.previous_end();
        if self.scope.about == About::Touch {
            let title = "a channel rule sees one touch and counts none";
            let fix = "touch.medium = 'cpc'";
            let problem = Problem::new(OUT_OF_PLACE, title, span.clone()).fix(fix);
            self.problems.push(problem);
        }
        let expr = Expr::Touches { kind, days };
        self.node(expr, Some(ValueKind::Number), span, 1)
    }

    /// `30 days`, `2 weeks`: whole days, because months differ in length.
    fn window(&mut self, digits: &str) -> Parsed<u32> {
        const MOST: u32 = 36_500;
        let number = self.peek().span.clone();
        self.advance();
        let (unit, span) = match self.peek().kind {
            Kind::Word(unit) => (unit.to_lowercase(), number.start..self.peek().span.end),
            _ => (String::new(), number),
        };
        let days_per = match unit.as_str() {
            "day" | "days" => Some(1),
            "week" | "weeks" => Some(7),
            _ => None,
        };
        let count = digits.parse::<u32>().ok();
        let days = days_per.and_then(|per: u32| count?.checked_mul(per));
        match days.filter(|days| (1..=MOST).contains(days)) {
            Some(days) => {
                self.advance();
                Ok(days)
            }
            None => {
                let written = self.shown(&span);
                let title = format!("`{written}` is not a window of 1 to {MOST} whole days");
                let days = count.filter(|n| (1..=MOST).contains(n)).unwrap_or(30);
                let fix = match unit.as_str() {
                    "month" | "months" => format!("{} days", days.saturating_mul(30)),
                    "year" | "years" => format!("{} days", days.saturating_mul(365)),
                    _ => format!("{days} days"),
                };
                Err(Problem::new(ARGUMENTS, title, span).fix(fix))
            }
        }
    }

    /// A name that stands alone.
    pub(super) fn bare(&self, word: &str, span: Range<usize>) -> Problem {
        let lower = word.to_lowercase();
        if ["select", "exists", "any", "all", "some", "with"].contains(&lower.as_str()) {
            let title = format!("`{word}` begins a query inside a rule");
            return Problem::new(NOT_IN_RULES, title, span)
                .fix("count touches with touches('kind', 30 days)");
        }
        if lower == "interval" {
            let title = "rules have no INTERVAL";
            let fix = "days_between(deal.created, deal.closed) <= 30, or touches('kind', 30 days)";
            return Problem::new(NOT_IN_RULES, title, span).fix(fix);
        }
        if let Some(problem) = foreign(&lower, &span) {
            return problem;
        }
        if KEYWORDS.contains(&lower.as_str()) {
            return self.expected("a value");
        }
        let attributes = self.scope.attributes.iter();
        let known = attributes.filter(|a| self.scope.about.knows(a.subject));
        let written = shown(word);
        let meant = nearest(word, known.clone().map(|a| a.name.as_str()))
            .and_then(|name| known.clone().find(|a| a.name == name))
            .map(|a| format!("{}.{}", a.subject.word(), a.name));
        let fix = match meant {
            Some(meant) => meant,
            None => format!(
                "a text stands in quotes: '{written}'; \
                 an attribute says whose it is: person.{written}"
            ),
        };
        Problem::new(SYNTAX, format!("`{written}` stands alone"), span).fix(fix)
    }
}

const TOUCHES: &str =
    "touches('demo_request', 30 days), touches('demo_request'), touches(30 days) or touches()";

const KEYWORDS: [&str; 13] = [
    "and",
    "or",
    "in",
    "is",
    "like",
    "ilike",
    "between",
    "when",
    "then",
    "else",
    "end",
    "date",
    "timestamp",
];

fn unknown_subject(subject: &str, name: &str, span: Range<usize>) -> Problem {
    let title = format!("`{}` is nobody that a rule knows", shown(subject));
    let fix = match nearest(subject, SUBJECTS) {
        Some(meant) => format!("{meant}.{}", shown(name)),
        None => format!(
            "person.{0}, account.{0}, deal.{0} or touch.{0}",
            shown(name)
        ),
    };
    Problem::new(UNDECLARED, title, span).fix(fix)
}

fn undeclared(
    owner: Subject,
    name: &str,
    meant: Option<(Subject, &str)>,
    span: Range<usize>,
) -> Problem {
    let (owner, name) = (owner.word(), shown(name));
    let declare = format!(
        "declare it in attributes.toml:\n[{owner}]\n\
         {name} = \"text\"   # text, number, bool, time or money"
    );
    let fix = match meant {
        Some((subject, near)) => format!("{}.{near}\nor {declare}", subject.word()),
        None => declare,
    };
    let title = format!("`{owner}.{name}` is not declared");
    Problem::new(UNDECLARED, title, span).fix(fix)
}

fn out_of_place(about: About, owner: Subject, span: Range<usize>) -> Problem {
    let (title, fix) = match about {
        About::Touch => (
            format!("a channel rule sees one touch, and no {}", owner.word()),
            "name attributes of the touch: touch.medium = 'cpc'; let the pack copy what it needs",
        ),
        _ => (
            "this rule sees a pursuit, which has many touches".to_owned(),
            "count them: touches('demo_request', 30 days) >= 1; `touch.` belongs to channels.toml",
        ),
    };
    Problem::new(OUT_OF_PLACE, title, span).fix(fix)
}

/// What a function takes.
enum Takes {
    /// These types, the last one repeated.
    Each(&'static [ValueKind]),
    /// Any one type.
    Alike,
}

/// Fewest and most arguments, and their types.
fn signature(function: Function) -> (usize, usize, Takes) {
    use ValueKind::{Number, Text, Time};
    const ANY: usize = usize::MAX;
    match function {
        Function::Lower | Function::Upper | Function::Trim | Function::Length => {
            (1, 1, Takes::Each(&[Text]))
        }
        Function::Contains | Function::StartsWith | Function::EndsWith => {
            (2, 2, Takes::Each(&[Text]))
        }
        Function::Replace => (3, 3, Takes::Each(&[Text])),
        Function::Substr => (3, 3, Takes::Each(&[Text, Number])),
        Function::Concat => (1, ANY, Takes::Each(&[Text])),
        Function::Abs | Function::Round | Function::Floor | Function::Ceil => {
            (1, 1, Takes::Each(&[Number]))
        }
        Function::Year | Function::Month | Function::DayOf => (1, 1, Takes::Each(&[Time])),
        Function::DaysBetween => (2, 2, Takes::Each(&[Time])),
        Function::NullIf => (2, 2, Takes::Alike),
        Function::Coalesce | Function::Least | Function::Greatest => (2, ANY, Takes::Alike),
    }
}

/// The type of the result; `None` = that of the arguments.
fn result(function: Function) -> Option<ValueKind> {
    match function {
        Function::Lower
        | Function::Upper
        | Function::Trim
        | Function::Replace
        | Function::Substr
        | Function::Concat => Some(ValueKind::Text),
        Function::Contains | Function::StartsWith | Function::EndsWith => Some(ValueKind::Bool),
        Function::Length
        | Function::Abs
        | Function::Round
        | Function::Floor
        | Function::Ceil
        | Function::Year
        | Function::Month
        | Function::DayOf
        | Function::DaysBetween => Some(ValueKind::Number),
        Function::Coalesce | Function::NullIf | Function::Least | Function::Greatest => None,
    }
}

fn usage(function: Function) -> &'static str {
    match function {
        Function::Lower => "lower(text)",
        Function::Upper => "upper(text)",
        Function::Trim => "trim(text)",
        Function::Length => "length(text)",
        Function::Coalesce => "coalesce(a, b)",
        Function::NullIf => "nullif(a, b)",
        Function::Contains => "contains(text, part)",
        Function::StartsWith => "starts_with(text, part)",
        Function::EndsWith => "ends_with(text, part)",
        Function::Replace => "replace(text, from, to)",
        Function::Substr => "substr(text, from, count)",
        Function::Concat => "concat(a, b)",
        Function::Abs => "abs(number)",
        Function::Round => "round(number)",
        Function::Floor => "floor(number)",
        Function::Ceil => "ceil(number)",
        Function::Least => "least(a, b)",
        Function::Greatest => "greatest(a, b)",
        Function::Year => "year(time)",
        Function::Month => "month(time)",
        Function::DayOf => "day(time)",
        Function::DaysBetween => "days_between(from, to)",
    }
}

const CLOCK: &str = "a rule is asked at a moment and knows no later one: \
                     touches('demo_request', 30 days) or days_between(deal.created, deal.closed)";

/// Names that SQL has and rules do not: the code, what they are, and what to write.
const FOREIGN: [(&[&str], &str, &str, &str); 15] = [
    (
        &[
            "now",
            "today",
            "current_date",
            "current_time",
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "getdate",
            "sysdate",
            "age",
        ],
        NOT_IN_RULES,
        "reads the clock",
        CLOCK,
    ),
    (
        &["random", "rand", "uuid", "newid", "gen_random_uuid"],
        NOT_IN_RULES,
        "is chance, and the same question must give the same answer",
        "leave it out",
    ),
    (
        &[
            "cast",
            "try_cast",
            "convert",
            "to_date",
            "to_number",
            "to_char",
            "to_timestamp",
            "arrow_cast",
        ],
        NOT_IN_RULES,
        "is a cast",
        "declare the attribute with its type in attributes.toml; \
         a constant day is DATE '2018-01-31'",
    ),
    (
        &["count", "sum", "avg", "row_number", "lag", "lead"],
        NOT_IN_RULES,
        "counts over many rows",
        "touches('demo_request', 30 days) counts touches; \
         let the pack carry other sums as attributes",
    ),
    (
        &["touch", "count_touches", "touch_count"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        TOUCHES,
    ),
    (
        &["min"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "least(a, b)",
    ),
    (
        &["max"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "greatest(a, b)",
    ),
    (
        &["len", "char_length", "character_length", "size"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "length(text)",
    ),
    (
        &["ifnull", "isnull", "nvl"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "coalesce(a, b), or a IS NULL",
    ),
    (
        &["substring", "left", "right", "mid"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "substr(text, from, count), starts_with(text, part) or ends_with(text, part)",
    ),
    (
        &[
            "date_diff",
            "datediff",
            "timestampdiff",
            "date_add",
            "dateadd",
            "date_sub",
        ],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "days_between(from, to)",
    ),
    (
        &["date_trunc", "extract", "date_part"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "year(time), month(time) or day(time)",
    ),
    (
        &[
            "regexp_like",
            "regexp_match",
            "regexp_matches",
            "regexp_replace",
            "rlike",
            "glob",
        ],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "text ILIKE '%part%' or contains(lower(text), 'part')",
    ),
    (
        &["if", "iif", "decode"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "CASE WHEN a THEN b ELSE c END",
    ),
    (
        &["position", "strpos", "instr", "charindex"],
        UNKNOWN_FUNCTION,
        "is not a function of rules",
        "contains(text, part)",
    ),
];

fn foreign(word: &str, span: &Range<usize>) -> Option<Problem> {
    let found = FOREIGN.iter().find(|(names, ..)| names.contains(&word))?;
    let (_, code, what, fix) = *found;
    Some(Problem::new(code, format!("`{word}` {what}"), span.clone()).fix(fix))
}

fn unknown_function(word: &str, span: Range<usize>) -> Problem {
    if let Some(problem) = foreign(word, &span) {
        return problem;
    }
    let names = Function::ALL.into_iter().map(Function::word);
    let fix = match nearest(word, names.chain(["touches"])) {
        Some(name) => Function::parse(name).map_or(TOUCHES, usage).to_owned(),
        None => {
            let names: Vec<&str> = Function::ALL.into_iter().map(Function::word).collect();
            format!("rules have: touches, {}", names.join(", "))
        }
    };
    let title = format!("`{}` is not a function of rules", shown(word));
    Problem::new(UNKNOWN_FUNCTION, title, span).fix(fix)
}
