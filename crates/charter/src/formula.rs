//! Formulas of metrics: numbers and names of measures joined by `+ - * /` and brackets, to a tree
//! that is read one way only.
//!
//! Each part is typed on the way by the algebra of quantities (`model::catalogue`), so that money
//! is never added to a count; what is wrong is said with its place and a remedy. What a name means
//! is told by the caller.

use std::ops::Range;

use handfast_model::Decimal;
use handfast_model::catalogue::{Formula, Quantity, Reads, Typed, reads};
use handfast_model::limits;
use handfast_model::rules::Operator;

use crate::expression::Problem;
use crate::words::shown;

/// The formula cannot be read.
pub(crate) const SYNTAX: &str = "E0150";
/// Two quantities that cannot be added.
pub(crate) const UNLIKE: &str = "E0151";
/// The result is of something that nobody could read.
pub(crate) const UNREADABLE: &str = "E0152";

/// What a name in a formula stands for: its place among the measures, and what it is of. `None`:
/// the caller has refused it.
pub(crate) type Name<'n> = dyn FnMut(&str, Range<usize>) -> Option<(usize, Typed)> + 'n;

/// A formula and how its value is read; `None` in place of problems that a name had.
pub(crate) fn formula(
    text: &str,
    name: &mut Name<'_>,
) -> Result<Option<(Formula, Reads)>, Problem> {
    let tokens = tokens(text)?;
    let mut parser = Parser {
        tokens,
        at: 0,
        end: text.len(),
        depth: 0,
        name,
        is_whole: true,
    };
    let part = parser.sum()?;
    if let Some(token) = parser.peek() {
        let title = format!("`{}` follows where the formula is over", token.show());
        return Err(Problem::new(SYNTAX, title, token.span.clone())
            .fix("write an operator before it: a / b, a + b"));
    }
    if !parser.is_whole {
        return Ok(None);
    }
    match reads(part.typed, part.sides) {
        Some(reads) => Ok(Some((part.formula, reads))),
        None => Err(unreadable(part.typed.quantity, 0..text.len())),
    }
}

fn unreadable(quantity: Quantity, span: Range<usize>) -> Problem {
    let words = quantity.words();
    let title = format!("the formula gives {words}, which is no figure that anybody reads");
    let fix = match quantity {
        _ if quantity.money < 0 => "turn the division round: money / count",
        _ if quantity.days < 0 => "divide by days once: money / days, count / days",
        _ => "divide by one of them: count / count is a share, money / count is money each",
    };
    Problem::new(UNREADABLE, title, span).fix(fix)
}

#[derive(Clone, PartialEq, Debug)]
enum Kind {
    Name(String),
    Number(Decimal),
    Sign(char),
}

#[derive(Clone, PartialEq, Debug)]
struct Token {
    kind: Kind,
    span: Range<usize>,
}

impl Token {
    fn show(&self) -> String {
        match &self.kind {
            Kind::Name(name) => shown(name),
            Kind::Number(number) => number.to_string(),
            Kind::Sign(sign) => sign.to_string(),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    if text.len() > limits::FORMULA_BYTES {
        let title = format!(
            "a formula of {} characters; the limit is {}",
            text.len(),
            limits::FORMULA_BYTES
        );
        return Err(Problem::new(SYNTAX, title, 0..text.len().min(1))
            .fix("make a metric of a part of it, and ask both"));
    }
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some(&(start, sign)) = rest.peek() {
        let mut run = |is_part: &dyn Fn(char) -> bool| {
            let mut end = start;
            while let Some(&(at, c)) = rest.peek().filter(|(_, c)| is_part(*c)) {
                end = at + c.len_utf8();
                rest.next();
            }
            (text.get(start..end).unwrap_or(""), start..end)
        };
        let (kind, span) = match sign {
            c if c.is_whitespace() => {
                rest.next();
                continue;
            }
            c if c.is_ascii_digit() => {
                let (digits, span) = run(&|c| c.is_ascii_digit() || c == '.');
                let number = Decimal::parse(digits).filter(|_| !digits.ends_with('.'));
                let bad = || Problem::new(SYNTAX, format!("`{digits}` is no number"), span.clone());
                let number = number.ok_or_else(|| bad().fix("write it as 100 or 0.25"))?;
                (Kind::Number(number), span)
            }
            c if c.is_alphabetic() || c == '_' => {
                let (name, span) = run(&|c| c.is_alphanumeric() || "_:".contains(c));
                (Kind::Name(name.to_owned()), span)
            }
            '+' | '-' | '*' | '/' | '(' | ')' => {
                rest.next();
                (Kind::Sign(sign), start..start + 1)
            }
            other => {
                let span = start..start + other.len_utf8();
                return Err(strange(other, span));
            }
        };
        tokens.push(Token { kind, span });
    }
    Ok(tokens)
}

fn strange(sign: char, span: Range<usize>) -> Problem {
    let fix = match sign {
        '×' | '·' => "write *",
        '÷' | ':' => "write /",
        '−' | '–' => "write -",
        '%' => "a share is written as a number: 0.65",
        '=' | '<' | '>' | '\'' | '"' => {
            "conditions stand under a measure: [metric.x.measure.y] where = \"…\""
        }
        _ => "a formula has names of measures, numbers, + - * / and round brackets",
    };
    Problem::new(SYNTAX, format!("`{sign}` is no part of a formula"), span).fix(fix)
}

/// A part of a formula, what it is of, and its two sides where it is a quotient.
struct Part {
    formula: Formula,
    typed: Typed,
    sides: Option<(Typed, Typed)>,
    span: Range<usize>,
}

struct Parser<'n, 'f> {
    tokens: Vec<Token>,
    at: usize,
    end: usize,
    depth: usize,
    name: &'f mut Name<'n>,
    /// Whether every name was known.
    is_whole: bool,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn sign(&mut self, signs: &str) -> Option<char> {
        let sign = match self.peek()?.kind {
            Kind::Sign(sign) if signs.contains(sign) => sign,
            _ => return None,
        };
        self.at += 1;
        Some(sign)
    }

    fn sum(&mut self) -> Result<Part, Problem> {
        let mut left = self.product()?;
        while let Some(sign) = self.sign("+-") {
            let right = self.product()?;
            left = self.added(sign, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Part, Problem> {
        let mut left = self.factor()?;
        while let Some(sign) = self.sign("*/") {
            let right = self.factor()?;
            let (a, b) = (left.typed, right.typed);
            let (operator, quantity) = match sign {
                '*' => (Operator::Multiply, a.quantity.times(b.quantity)),
                _ => (Operator::Divide, a.quantity.over(b.quantity)),
            };
            let is_product = operator == Operator::Multiply;
            let typed = Typed {
                quantity,
                is_whole: is_product && a.is_whole && b.is_whole,
            };
            let sides = (!is_product).then_some((a, b));
            left = Part {
                typed,
                sides,
                ..join(operator, left, right)
            };
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Part, Problem> {
        self.depth += 1;
        if self.depth > limits::FORMULA_DEPTH {
            let span = self
                .peek()
                .map_or(self.end..self.end, |token| token.span.clone());
            let title = format!("brackets deeper than {}", limits::FORMULA_DEPTH);
            return Err(Problem::new(SYNTAX, title, span).fix("take needless brackets out"));
        }
        let part = self.inner();
        self.depth -= 1;
        part
    }

    fn inner(&mut self) -> Result<Part, Problem> {
        let Some(token) = self.peek().cloned() else {
            let title = match self.end {
                0 => "an empty formula",
                _ => "the formula ends where a measure or a number is missing",
            };
            return Err(
                Problem::new(SYNTAX, title, self.end.saturating_sub(1)..self.end)
                    .fix("formula = \"spend / leads_created\""),
            );
        };
        self.at += 1;
        let span = token.span.clone();
        let whole = |quantity, is_whole| Typed { quantity, is_whole };
        match token.kind {
            Kind::Number(number) => Ok(Part {
                formula: Formula::Number(number),
                typed: whole(Quantity::PLAIN, number.scale == 0),
                sides: None,
                span,
            }),
            Kind::Name(name) => {
                let found = (self.name)(&name, span.clone());
                self.is_whole &= found.is_some();
                let (place, typed) = found.unwrap_or((0, whole(Quantity::PLAIN, true)));
                Ok(Part {
                    formula: Formula::Measure(place),
                    typed,
                    sides: None,
                    span,
                })
            }
            Kind::Sign('-') => {
                let part = self.factor()?;
                Ok(Part {
                    formula: Formula::Minus(Box::new(part.formula)),
                    span: span.start..part.span.end,
                    sides: None,
                    ..part
                })
            }
            Kind::Sign('(') => {
                let part = self.sum()?;
                let Some(close) = self.peek().cloned().filter(|t| t.kind == Kind::Sign(')')) else {
                    let problem = Problem::new(SYNTAX, "a bracket is not closed", span);
                    return Err(problem.fix("write ) where it ends"));
                };
                self.at += 1;
                let span = span.start..close.span.end;
                Ok(Part { span, ..part })
            }
            Kind::Sign(sign) => {
                let title = format!("`{sign}` stands where a measure or a number is missing");
                Err(Problem::new(SYNTAX, title, span).fix("write what it joins: a / b"))
            }
        }
    }

    fn added(&self, sign: char, left: Part, right: Part) -> Result<Part, Problem> {
        let (a, b) = (left.typed, right.typed);
        if a.quantity != b.quantity && self.is_whole {
            let verb = if sign == '+' {
                "added to"
            } else {
                "taken from"
            };
            let (one, other) = (b.quantity.words(), a.quantity.words());
            let title = format!("{one} cannot be {verb} {other}");
            let span = left.span.start..right.span.end;
            return Err(Problem::new(UNLIKE, title, span).fix(
                "make both sides of one kind: divide money by a count, or count what both are of",
            ));
        }
        let operator = match sign {
            '+' => Operator::Add,
            _ => Operator::Subtract,
        };
        let typed = Typed {
            quantity: a.quantity,
            is_whole: a.is_whole && b.is_whole,
        };
        Ok(Part {
            typed,
            sides: None,
            ..join(operator, left, right)
        })
    }
}

fn join(operator: Operator, left: Part, right: Part) -> Part {
    Part {
        span: left.span.start..right.span.end,
        formula: Formula::Join(operator, Box::new(left.formula), Box::new(right.formula)),
        typed: left.typed,
        sides: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<(Formula, Reads)>, Problem> {
        let names = [
            ("won", Quantity::COUNT, true),
            ("leads", Quantity::COUNT, true),
            ("spend", Quantity::MONEY, true),
            ("revenue", Quantity::MONEY, true),
            ("cycle", Quantity::DAYS, false),
            ("entered:sql", Quantity::COUNT, true),
        ];
        formula(text, &mut |name, _| {
            let found = names.iter().position(|(known, ..)| *known == name)?;
            let (_, quantity, is_whole) = names[found];
            Some((found, Typed { quantity, is_whole }))
        })
    }

    #[test]
    fn what_a_formula_gives_is_told_by_what_its_measures_are_of() {
        let says = |text: &str| read(text).unwrap().unwrap().1;
        for (text, reads) in [
            ("won / leads", Reads::Share),
            ("spend / leads", Reads::MeanMoney),
            ("spend/(won+leads)", Reads::MeanMoney),
            ("(revenue - spend) / spend", Reads::MoneyShare),
            ("entered:sql / won", Reads::Share),
            ("won * spend / leads / cycle", Reads::MoneyPerDay),
            ("won / leads / leads * won", Reads::Plain),
            ("1 - won / leads", Reads::Plain),
            ("-cycle * 2", Reads::Days),
            ("won / cycle", Reads::PerDay),
            ("spend / 0.5 / won", Reads::MoneyEach),
            ("revenue - spend", Reads::Money),
            ("leads", Reads::Count),
            ("leads * 0.5", Reads::Plain),
        ] {
            assert_eq!(says(text), reads, "{text}");
        }
        let (tree, _) = read("won - leads - won").unwrap().unwrap();
        let measure = |at| Box::new(Formula::Measure(at));
        let first = Formula::Join(Operator::Subtract, measure(0), measure(1));
        let whole = Formula::Join(Operator::Subtract, Box::new(first), measure(0));
        assert_eq!(tree, whole, "from left to right");
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_its_place() {
        let says = |text: &str| {
            let problem = read(text).unwrap_err();
            (problem.code, problem.title, text[problem.span].to_owned())
        };
        let money = "money cannot be added to a count".to_owned();
        assert_eq!(
            says("won + spend"),
            (UNLIKE, money, "won + spend".to_owned())
        );
        let days = "days cannot be taken from a plain number".to_owned();
        assert_eq!(
            says("won * (1 - cycle)"),
            (UNLIKE, days, "1 - cycle".to_owned())
        );
        for (text, code, place) in [
            ("won * leads", UNREADABLE, "won * leads"),
            ("won / spend", UNREADABLE, "won / spend"),
            ("won /", SYNTAX, "/"),
            ("won % leads", SYNTAX, "%"),
            ("won leads", SYNTAX, "leads"),
            ("(won / leads", SYNTAX, "("),
            ("1.2.3", SYNTAX, "1.2.3"),
            ("* won", SYNTAX, "*"),
            ("", SYNTAX, ""),
        ] {
            let (said, _, at) = says(text);
            assert_eq!((said, at.as_str()), (code, place), "{text}");
        }
        assert_eq!(
            read("strange + spend"),
            Ok(None),
            "the name was refused already"
        );
        let deep = "(".repeat(5_000);
        assert_eq!(read(&deep[..400]).unwrap_err().code, SYNTAX);
        assert_eq!(read(&"-".repeat(400)).unwrap_err().code, SYNTAX);
        assert_eq!(read(&deep).unwrap_err().code, SYNTAX);
    }
}
