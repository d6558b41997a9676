//! Tokens to a typed tree, by operator precedence. Chains of AND and OR become one node; every
//! other construct that nests is counted on the way in, so no text can exhaust the stack.

use std::ops::Range;

use handfast_model::limits::{RULE_BYTES, RULE_DEPTH, RULE_NODES};
use handfast_model::rules::{Comparison, Expr, Literal, Operator, ValueKind};
use handfast_model::{Day, Decimal, Instant};

use super::token::{Kind, Token, tokens};
use super::{LIMIT, NEVER_HOLDS, NOT_IN_RULES, Problem, SYNTAX, Scope, typing};
use crate::words::shown;

/// A part of the tree, its type, its place and how deep it is.
pub(super) struct Typed {
    pub(super) expr: Expr,
    /// `None` = NULL, or a part that was already complained about.
    pub(super) kind: Option<ValueKind>,
    pub(super) span: Range<usize>,
    pub(super) depth: usize,
}

impl Typed {
    pub(super) fn is_null(&self) -> bool {
        matches!(self.expr, Expr::Literal(Literal::Null))
    }
}

pub(super) type Parsed<T> = Result<T, Problem>;

/// Reads a whole rule.
pub(super) fn parse(text: &str, scope: Scope<'_>) -> Result<Expr, Vec<Problem>> {
    if text.len() > RULE_BYTES {
        let title = format!(
            "a rule of {} bytes, where {RULE_BYTES} is the most",
            text.len()
        );
        return Err(vec![Problem::new(LIMIT, title, 0..0).fix(SMALLER)]);
    }
    let (tokens, strange) = tokens(text);
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        nesting: 0,
        nodes: 0,
        scope,
        problems: Vec::new(),
    };
    let parsed = parser.whole();
    let mut problems = parser.problems;
    match parsed {
        Ok(expr) if problems.is_empty() && strange.is_empty() => return Ok(expr),
        // Without its strange signs the rule cannot be expected to hang together.
        Err(problem) if strange.is_empty() => problems.push(problem),
        _ => problems.extend(strange),
    }
    problems.sort_by_key(|problem| problem.span.start);
    Err(problems)
}

pub(super) const SMALLER: &str = "split it: put the condition into an attribute that the pack \
computes, or \
                       into several stages, channels or segments";

pub(super) struct Parser<'t> {
    text: &'t str,
    tokens: Vec<Token<'t>>,
    pub(super) at: usize,
    nesting: usize,
    pub(super) nodes: usize,
    pub(super) scope: Scope<'t>,
    /// Complaints after which reading can go on.
    pub(super) problems: Vec<Problem>,
}

// How tightly an operator binds; the same numbers as in the printer.
pub(super) const OR: u8 = 0;
const AND: u8 = 1;
const NOT: u8 = 2;
const COMPARISON: u8 = 3;
pub(super) const SUM: u8 = 4;
const PRODUCT: u8 = 5;
const PRIMARY: u8 = 6;

/// What may stand between two operands, or after one.
#[derive(Clone, Copy)]
enum Infix {
    Or,
    And,
    Compare(Comparison),
    /// IN, BETWEEN, LIKE, ILIKE, IS; `true` = after NOT.
    Predicate(bool),
    Arithmetic(Operator),
}

impl Infix {
    fn level(self) -> u8 {
        match self {
            Infix::Or => OR,
            Infix::And => AND,
            Infix::Compare(_) | Infix::Predicate(_) => COMPARISON,
            Infix::Arithmetic(Operator::Add | Operator::Subtract) => SUM,
            Infix::Arithmetic(Operator::Multiply | Operator::Divide) => PRODUCT,
        }
    }
}

impl<'t> Parser<'t> {
    fn whole(&mut self) -> Parsed<Expr> {
        if self.peek().kind == Kind::End {
            let fix = "write a condition, for example touches('demo_request', 30 days) >= 1";
            return Err(Problem::new(SYNTAX, "an empty rule", 0..0).fix(fix));
        }
        let rule = self.expression(OR)?;
        let next = self.peek().clone();
        if next.kind != Kind::End {
            return Err(typing::left_over(&next, self.shown(&next.span)));
        }
        self.want(&rule, ValueKind::Bool);
        Ok(rule.expr)
    }

    /// Operands and operators that bind at least this tightly.
    pub(super) fn expression(&mut self, least: u8) -> Parsed<Typed> {
        let mut left = self.prefix()?;
        let mut is_compared = false;
        while let Some(infix) = self.infix().filter(|infix| infix.level() >= least) {
            let is_comparison = infix.level() == COMPARISON;
            if is_comparison && is_compared {
                let span = self.peek().span.clone();
                let title = "comparisons do not chain";
                let fix = "join them: a < b AND b < c, or put one into brackets";
                return Err(Problem::new(SYNTAX, title, span).fix(fix));
            }
            is_compared = is_comparison;
            left = match infix {
                Infix::Or => self.chain(left, "or", AND)?,
                Infix::And => self.chain(left, "and", NOT)?,
                Infix::Compare(comparison) => self.comparison(left, comparison)?,
                Infix::Predicate(is_negated) => self.predicate(left, is_negated)?,
                Infix::Arithmetic(operator) => self.arithmetic(left, operator)?,
            };
        }
        Ok(left)
    }

    fn infix(&self) -> Option<Infix> {
        Some(match &self.peek().kind {
            Kind::Sign(sign) => match *sign {
                "=" => Infix::Compare(Comparison::Equal),
                "<>" => Infix::Compare(Comparison::NotEqual),
                "<" => Infix::Compare(Comparison::Less),
                "<=" => Infix::Compare(Comparison::LessOrEqual),
                ">" => Infix::Compare(Comparison::Greater),
                ">=" => Infix::Compare(Comparison::GreaterOrEqual),
                "+" => Infix::Arithmetic(Operator::Add),
                "-" => Infix::Arithmetic(Operator::Subtract),
                "*" => Infix::Arithmetic(Operator::Multiply),
                "/" => Infix::Arithmetic(Operator::Divide),
                _ => return None,
            },
            Kind::Word(_) if self.is_word("or") => Infix::Or,
            Kind::Word(_) if self.is_word("and") => Infix::And,
            Kind::Word(word) if is_predicate(word) || word.eq_ignore_ascii_case("is") => {
                Infix::Predicate(false)
            }
            Kind::Word(_) if self.is_word("not") => match self.peek_after(1) {
                Kind::Word(word) if is_predicate(word) => Infix::Predicate(true),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// `left OR b OR c` as one node, counted as the balanced tree it is run as.
    fn chain(&mut self, left: Typed, word: &str, operand: u8) -> Parsed<Typed> {
        let (start, mut end, mut depth) = (left.span.start, left.span.end, left.depth);
        self.want(&left, ValueKind::Bool);
        let mut parts = vec![left.expr];
        while self.eat_word(word) {
            let part = self.expression(operand)?;
            self.want(&part, ValueKind::Bool);
            self.count(1, &part.span)?;
            (end, depth) = (part.span.end, depth.max(part.depth));
            parts.push(part.expr);
        }
        let links = parts.len().next_power_of_two().trailing_zeros() as usize;
        let expr = match word {
            "or" => Expr::Or(parts),
            _ => Expr::And(parts),
        };
        let kind = Some(ValueKind::Bool);
        self.sized(expr, kind, start..end, depth + links)
    }

    fn comparison(&mut self, left: Typed, comparison: Comparison) -> Parsed<Typed> {
        self.at += 1;
        let right = self.expression(SUM)?;
        let span = left.span.start..right.span.end;
        if left.is_null() || right.is_null() {
            let other = if left.is_null() { &right } else { &left };
            let is = match comparison {
                Comparison::NotEqual => "IS NOT NULL",
                _ => "IS NULL",
            };
            let fix = format!("{} {is}", self.shown(&other.span));
            let title = format!("`{}` with NULL never holds", comparison.sign());
            let problem = Problem::new(NEVER_HOLDS, title, span.clone()).fix(fix);
            self.problems.push(problem);
        }
        self.alike(&left, &right);
        let is_order = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if is_order && left.kind == Some(ValueKind::Bool) {
            self.problems.push(typing::no_order(span.clone()));
        }
        let depth = left.depth.max(right.depth) + 1;
        let expr = Expr::Compare(comparison, Box::new(left.expr), Box::new(right.expr));
        self.node(expr, Some(ValueKind::Bool), span, depth)
    }

    fn arithmetic(&mut self, left: Typed, operator: Operator) -> Parsed<Typed> {
        self.at += 1;
        let level = Infix::Arithmetic(operator).level();
        let right = self.expression(level + 1)?;
        let are_numbers = [&left, &right].map(|part| self.want(part, ValueKind::Number));
        // What was complained about once is not complained about again one level up.
        let kind = (are_numbers == [true, true]).then_some(ValueKind::Number);
        let span = left.span.start..right.span.end;
        let depth = left.depth.max(right.depth) + 1;
        let expr = Expr::Arithmetic(operator, Box::new(left.expr), Box::new(right.expr));
        self.node(expr, kind, span, depth)
    }

    pub(super) fn prefix(&mut self) -> Parsed<Typed> {
        let token = self.peek().clone();
        match &token.kind {
            Kind::Number(digits) => {
                self.at += 1;
                self.number(digits, token.span)
            }
            Kind::Text(text) => {
                self.at += 1;
                let literal = Literal::Text(text.clone());
                self.literal(literal, Some(ValueKind::Text), token.span)
            }
            Kind::Sign("-") => self.minus(token.span.start),
            Kind::Sign("(") => self.nested(token.span, Parser::bracket),
            Kind::Word(word) => self.word(word, token.span.clone()),
            Kind::Sign(_) | Kind::End => Err(self.expected("a value")),
        }
    }

    fn bracket(&mut self) -> Parsed<Typed> {
        let start = self.peek().span.start;
        self.at += 1;
        if self.is_word("select") || self.is_word("with") {
            return Err(self.subquery());
        }
        let mut inner = self.expression(OR)?;
        self.expect_sign(")", "the closing bracket", ")")?;
        inner.span = start..self.previous_end();
        Ok(inner)
    }

    fn minus(&mut self, start: usize) -> Parsed<Typed> {
        self.at += 1;
        let token = self.peek().clone();
        if let Kind::Number(digits) = token.kind {
            self.at += 1;
            return self.number(&format!("-{digits}"), start..token.span.end);
        }
        let operand = self.nested(start..start + 1, |parser| parser.expression(PRIMARY))?;
        self.want(&operand, ValueKind::Number);
        let zero = self.number("0", start..start)?;
        let (span, depth) = (start..operand.span.end, operand.depth + 1);
        let parts = (Box::new(zero.expr), Box::new(operand.expr));
        let expr = Expr::Arithmetic(Operator::Subtract, parts.0, parts.1);
        self.node(expr, Some(ValueKind::Number), span, depth)
    }

    fn number(&mut self, digits: &str, span: Range<usize>) -> Parsed<Typed> {
        match Decimal::parse(digits) {
            Some(number) => {
                let kind = Some(ValueKind::Number);
                self.literal(Literal::Number(number), kind, span)
            }
            None => Err(Problem::new(SYNTAX, "a number that cannot be read", span)
                .fix("digits with at most one point: 12.5")),
        }
    }

    fn word(&mut self, word: &'t str, span: Range<usize>) -> Parsed<Typed> {
        let lower = word.to_lowercase();
        match lower.as_str() {
            "not" => self.nested(span, Parser::negation),
            "case" => self.nested(span, Parser::case),
            "true" | "false" => {
                self.at += 1;
                let literal = Literal::Bool(lower == "true");
                self.literal(literal, Some(ValueKind::Bool), span)
            }
            "null" => {
                self.at += 1;
                self.literal(Literal::Null, None, span)
            }
            "date" | "timestamp" if matches!(self.peek_after(1), Kind::Text(_)) => {
                self.time(&lower, span.start)
            }
            _ => match self.peek_after(1) {
                Kind::Sign(".") => self.attribute(word, span),
                Kind::Sign("(") => {
                    self.nested(span.clone(), |parser| parser.call(&lower, span.clone()))
                }
                _ => Err(self.bare(word, span)),
            },
        }
    }

    fn negation(&mut self) -> Parsed<Typed> {
        let start = self.peek().span.start;
        self.at += 1;
        let operand = self.expression(NOT)?;
        self.want(&operand, ValueKind::Bool);
        let (span, depth) = (start..operand.span.end, operand.depth + 1);
        let expr = Expr::Not(Box::new(operand.expr));
        self.node(expr, Some(ValueKind::Bool), span, depth)
    }

    fn time(&mut self, word: &str, start: usize) -> Parsed<Typed> {
        self.at += 1;
        let token = self.peek().clone();
        self.at += 1;
        let Kind::Text(text) = &token.kind else {
            return Err(self.expected("a quoted time"));
        };
        let literal = match word {
            "date" => Day::parse(text).map(Literal::Day),
            _ => Instant::parse(text).map(Literal::At),
        };
        let (title, fix) = match word {
            "date" => ("is not a day", "DATE '2018-01-31'"),
            _ => (
                "is not an instant with its offset",
                "TIMESTAMP '2018-01-31T10:00:00Z' or TIMESTAMP '2018-01-31T10:00:00-03:00'",
            ),
        };
        match literal {
            Some(literal) => {
                let span = start..token.span.end;
                self.literal(literal, Some(ValueKind::Time), span)
            }
            None => {
                let title = format!("'{}' {title}", shown(text));
                Err(Problem::new(SYNTAX, title, token.span).fix(fix))
            }
        }
    }

    pub(super) fn literal(
        &mut self,
        literal: Literal,
        kind: Option<ValueKind>,
        span: Range<usize>,
    ) -> Parsed<Typed> {
        self.node(Expr::Literal(literal), kind, span, 1)
    }

    /// Counts a node and checks its depth.
    pub(super) fn node(
        &mut self,
        expr: Expr,
        kind: Option<ValueKind>,
        span: Range<usize>,
        depth: usize,
    ) -> Parsed<Typed> {
        self.count(1, &span)?;
        self.sized(expr, kind, span, depth)
    }

    fn sized(
        &mut self,
        expr: Expr,
        kind: Option<ValueKind>,
        span: Range<usize>,
        depth: usize,
    ) -> Parsed<Typed> {
        if depth > RULE_DEPTH {
            return Err(too_deep(span));
        }
        Ok(Typed {
            expr,
            kind,
            span,
            depth,
        })
    }

    fn count(&mut self, nodes: usize, span: &Range<usize>) -> Parsed<()> {
        self.nodes += nodes;
        if self.nodes > RULE_NODES {
            let title = format!("a rule of more than {RULE_NODES} parts");
            return Err(Problem::new(LIMIT, title, span.clone()).fix(SMALLER));
        }
        Ok(())
    }

    /// Runs one nesting deeper, or refuses.
    fn nested(
        &mut self,
        span: Range<usize>,
        parse: impl FnOnce(&mut Self) -> Parsed<Typed>,
    ) -> Parsed<Typed> {
        if self.nesting == RULE_DEPTH {
            return Err(too_deep(span));
        }
        self.nesting += 1;
        let parsed = parse(self);
        self.nesting -= 1;
        parsed
    }

    // The cursor.

    pub(super) fn peek(&self) -> &Token<'t> {
        self.tokens.get(self.at).unwrap_or(&END)
    }

    pub(super) fn peek_after(&self, count: usize) -> &Kind<'t> {
        &self.tokens.get(self.at + count).unwrap_or(&END).kind
    }

    pub(super) fn advance(&mut self) {
        self.at += 1;
    }

    pub(super) fn is_word(&self, known: &str) -> bool {
        matches!(&self.peek().kind, Kind::Word(word) if word.eq_ignore_ascii_case(known))
    }

    pub(super) fn eat_word(&mut self, known: &str) -> bool {
        let is_there = self.is_word(known);
        self.at += usize::from(is_there);
        is_there
    }

    pub(super) fn eat_sign(&mut self, sign: &str) -> bool {
        let is_there = matches!(&self.peek().kind, Kind::Sign(s) if *s == sign);
        self.at += usize::from(is_there);
        is_there
    }

    pub(super) fn expect_sign(&mut self, sign: &str, what: &str, fix: &str) -> Parsed<()> {
        match self.eat_sign(sign) {
            true => Ok(()),
            false => Err(self.expected(what).fix(fix)),
        }
    }

    pub(super) fn previous_end(&self) -> usize {
        let previous = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        previous.map_or(0, |token| token.span.end)
    }

    /// The text of a span, short enough for a message.
    pub(super) fn shown(&self, span: &Range<usize>) -> String {
        shown(self.text.get(span.clone()).unwrap_or(""))
    }

    pub(super) fn expected(&self, what: &str) -> Problem {
        let token = self.peek();
        let title = match token.kind {
            Kind::End => format!("the rule ends where {what} is expected"),
            _ => format!(
                "`{}` stands where {what} is expected",
                self.shown(&token.span)
            ),
        };
        let fix = match what {
            "a value" => "a value is 65, 'a text', DATE '2018-01-31', person.origin".to_owned(),
            what => format!("write {what} here"),
        };
        Problem::new(SYNTAX, title, token.span.clone()).fix(fix)
    }

    pub(super) fn subquery(&self) -> Problem {
        let title = "a query inside a rule";
        let fix = "a rule sees one pursuit at one moment: count touches with \
                   touches('kind', 30 days), or let the pack carry what the query finds \
                   as an attribute";
        Problem::new(NOT_IN_RULES, title, self.peek().span.clone()).fix(fix)
    }
}

static END: Token<'static> = Token {
    kind: Kind::End,
    span: 0..0,
};

fn too_deep(span: Range<usize>) -> Problem {
    let title = format!("a rule nested more than {RULE_DEPTH} deep");
    Problem::new(LIMIT, title, span).fix(SMALLER)
}

fn is_predicate(word: &str) -> bool {
    ["in", "between", "like", "ilike"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}
