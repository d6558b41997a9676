//! What stands after an operand (IN, BETWEEN, LIKE, IS NULL), and CASE.

use handfast_model::limits::RULE_IN_ITEMS;
use handfast_model::rules::{Expr, Literal, ValueKind};

use super::parser::{OR, Parsed, Parser, SMALLER, SUM, Typed};
use super::token::Kind;
use super::{LIMIT, NEVER_HOLDS, NOT_IN_RULES, Problem, SYNTAX, typing};

impl Parser<'_> {
    pub(super) fn predicate(&mut self, left: Typed, is_negated: bool) -> Parsed<Typed> {
        self.at += usize::from(is_negated);
        let word = self.peek().clone();
        self.at += 1;
        let start = left.span.start;
        let depth = left.depth + 1;
        let (expr, depth) = match &word.kind {
            Kind::Word(w) if w.eq_ignore_ascii_case("is") => (self.is_null(left)?, depth),
            Kind::Word(w) if w.eq_ignore_ascii_case("in") => (self.among(left, is_negated)?, depth),
            Kind::Word(w) if w.eq_ignore_ascii_case("between") => self.between(left, is_negated)?,
            Kind::Word(w) => {
                let ignores_case = w.eq_ignore_ascii_case("ilike");
                (self.like(left, is_negated, ignores_case)?, depth)
            }
            _ => return Err(self.expected("IN, BETWEEN, LIKE or IS")),
        };
        let span = start..self.previous_end();
        self.node(expr, Some(ValueKind::Bool), span, depth)
    }

    fn is_null(&mut self, left: Typed) -> Parsed<Expr> {
        let is_negated = self.eat_word("not");
        if self.eat_word("null") {
            return Ok(Expr::IsNull(Box::new(left.expr), is_negated));
        }
        let shown = self.shown(&left.span);
        let fix = match (self.is_word("true") || self.is_word("false"), is_negated) {
            (true, _) => format!("{shown} = TRUE or {shown} = FALSE"),
            (false, true) => format!("{shown} IS NOT NULL"),
            (false, false) => format!("{shown} IS NULL"),
        };
        Err(self.expected("NULL after IS").fix(fix))
    }

    fn among(&mut self, left: Typed, is_negated: bool) -> Parsed<Expr> {
        let list = "IN ('a', 'b')";
        self.expect_sign("(", "the list after IN", list)?;
        let mut items = Vec::new();
        loop {
            if self.is_word("select") || self.is_word("with") {
                return Err(self.subquery());
            }
            let item = self.constant()?;
            self.alike(&left, &item);
            if item.is_null() {
                let title = "NULL in a list never matches, and makes NOT IN hold for nothing";
                let fix = "leave it out; ask for it apart with IS NULL";
                let problem = Problem::new(NEVER_HOLDS, title, item.span.clone()).fix(fix);
                self.problems.push(problem);
            }
            if items.len() == RULE_IN_ITEMS {
                let title = format!("a list of more than {RULE_IN_ITEMS} items");
                return Err(Problem::new(LIMIT, title, item.span).fix(SMALLER));
            }
            items.push(item.expr);
            if !self.eat_sign(",") {
                break;
            }
        }
        self.expect_sign(")", "the end of the list", list)?;
        Ok(Expr::In(Box::new(left.expr), items, is_negated))
    }

    /// An item of a list: a constant, so that a list stays a list however long it is.
    fn constant(&mut self) -> Parsed<Typed> {
        let start = self.peek().span.start;
        let nodes = self.nodes;
        let is_constant = match &self.peek().kind {
            Kind::Text(_) | Kind::Number(_) | Kind::Sign("-") => true,
            Kind::Word(w) => ["null", "true", "false", "date", "timestamp"]
                .iter()
                .any(|known| w.eq_ignore_ascii_case(known)),
            _ => false,
        };
        let item = match is_constant {
            true => self.prefix()?,
            false => {
                let fix = "a constant: 'a text', 65, TRUE or DATE '2018-01-31'";
                return Err(self.expected("a constant of the list").fix(fix));
            }
        };
        self.nodes = nodes;
        if matches!(item.expr, Expr::Literal(_)) {
            return Ok(item);
        }
        let title = "a list holds constants only";
        let fix = "write the other comparisons out: a = b OR a IN (1, 2)";
        Err(Problem::new(SYNTAX, title, start..item.span.end).fix(fix))
    }

    fn between(&mut self, value: Typed, is_negated: bool) -> Parsed<(Expr, usize)> {
        let low = self.expression(SUM)?;
        if !self.eat_word("and") {
            let fix = format!("{} BETWEEN 1 AND 10", self.shown(&value.span));
            return Err(self.expected("AND of BETWEEN").fix(fix));
        }
        let high = self.expression(SUM)?;
        for bound in [&low, &high] {
            self.alike(&value, bound);
            if bound.is_null() {
                let title = "a range that ends at NULL never holds";
                let problem = Problem::new(NEVER_HOLDS, title, bound.span.clone());
                self.problems
                    .push(problem.fix("write >= or <= with the end that is known"));
            }
        }
        if value.kind == Some(ValueKind::Bool) {
            self.problems.push(typing::no_order(value.span.clone()));
        }
        let depth = value.depth.max(low.depth).max(high.depth) + 1;
        let [value, low, high] = [value, low, high].map(|part| Box::new(part.expr));
        Ok((Expr::Between(value, low, high, is_negated), depth))
    }

    fn like(&mut self, text: Typed, is_negated: bool, ignores_case: bool) -> Parsed<Expr> {
        self.want(&text, ValueKind::Text);
        let Kind::Text(pattern) = self.peek().kind.clone() else {
            let problem = self.expected("the quoted pattern of LIKE");
            return Err(problem.fix("LIKE 'demo%' ( % any run, _ any one character )"));
        };
        self.at += 1;
        if self.is_word("escape") {
            let title = "LIKE takes no ESCAPE";
            let fix = "a backslash takes the next character as it is: LIKE '100\\%'";
            return Err(Problem::new(NOT_IN_RULES, title, self.peek().span.clone()).fix(fix));
        }
        Ok(Expr::Like {
            text: Box::new(text.expr),
            pattern,
            is_negated,
            ignores_case,
        })
    }

    pub(super) fn case(&mut self) -> Parsed<Typed> {
        let start = self.peek().span.start;
        self.at += 1;
        if !self.is_word("when") {
            let fix = "CASE WHEN person.origin = 'x' THEN 1 ELSE 0 END";
            return Err(self.expected("WHEN after CASE").fix(fix));
        }
        let (mut arms, mut depth) = (Vec::new(), 0);
        let mut result: Option<Typed> = None;
        while self.eat_word("when") {
            let when = self.expression(OR)?;
            self.want(&when, ValueKind::Bool);
            if !self.eat_word("then") {
                return Err(self.expected("THEN"));
            }
            let mut then = self.expression(OR)?;
            depth = depth.max(when.depth).max(then.depth);
            let expr = std::mem::replace(&mut then.expr, Expr::Literal(Literal::Null));
            arms.push((when.expr, expr));
            result = Some(self.same_result(result, then));
        }
        let mut otherwise = None;
        if self.eat_word("else") {
            let mut part = self.expression(OR)?;
            depth = depth.max(part.depth);
            let expr = std::mem::replace(&mut part.expr, Expr::Literal(Literal::Null));
            otherwise = Some(Box::new(expr));
            result = Some(self.same_result(result, part));
        }
        if !self.eat_word("end") {
            return Err(self.expected("END of CASE"));
        }
        let kind = result.and_then(|result| result.kind);
        let span = start..self.previous_end();
        self.node(Expr::Case(arms, otherwise), kind, span, depth + 1)
    }

    /// All results of a CASE have one type; a NULL takes the type of the others.
    fn same_result(&mut self, known: Option<Typed>, next: Typed) -> Typed {
        match known {
            Some(known) if known.kind.is_some() => {
                self.alike(&known, &next);
                known
            }
            _ => next,
        }
    }
}
