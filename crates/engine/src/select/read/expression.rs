//! Reads expressions: operators by their strength, limits at every node.

use datafusion::sql::sqlparser::tokenizer::Token;
use handfast_model::Refusal;
use handfast_model::limits::{PACK_SQL_DEPTH, PACK_SQL_NODES, RULE_IN_ITEMS};

use super::{Reader, too_large};
use crate::select::{Is, Kind, Likeness, Node, Operator, Spot, Type};

/// Binds weaker than every operator.
pub(super) const LOWEST: u8 = 0;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const NEGATE: u8 = 8;

impl Reader<'_> {
    pub(super) fn grow(&mut self, kind: Kind, spot: Spot, below: usize) -> Result<Node, Refusal> {
        self.nodes += 1;
        let depth = below + 1;
        if self.nodes > PACK_SQL_NODES || depth > PACK_SQL_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Node { kind, spot, depth })
    }

    pub(super) fn too_deep(&self) -> Refusal {
        let title = format!(
            "this SELECT has more than {PACK_SQL_NODES} parts \
             or is more than {PACK_SQL_DEPTH} levels deep"
        );
        too_large(title).at(self.spot().place(self.file, self.sql))
    }

    /// An expression whose operators bind tighter than `floor`.
    pub(super) fn node(&mut self, floor: u8) -> Result<Node, Refusal> {
        self.nesting += 1;
        if self.nesting > PACK_SQL_DEPTH {
            return Err(self.too_deep());
        }
        let mut left = self.prefix()?;
        loop {
            let (power, operator) = match self.infix() {
                Some(found) if found.0 > floor => found,
                _ => break,
            };
            left = match operator {
                Some(operator) => {
                    self.next += 1;
                    let right = self.node(power)?;
                    let below = left.depth.max(right.depth);
                    let spot = left.spot;
                    let kind = Kind::Binary(operator, Box::new(left), Box::new(right));
                    self.grow(kind, spot, below)?
                }
                None => self.postfix(left)?,
            };
        }
        self.nesting -= 1;
        Ok(left)
    }

    /// How strongly the next token binds as an operator; `None` for those with a grammar of their
    /// own.
    pub(super) fn infix(&self) -> Option<(u8, Option<Operator>)> {
        let (power, operator) = match self.peek() {
            Token::Eq => (COMPARE, Operator::Equal),
            Token::Neq => (COMPARE, Operator::Unequal),
            Token::Lt => (COMPARE, Operator::Less),
            Token::LtEq => (COMPARE, Operator::LessEqual),
            Token::Gt => (COMPARE, Operator::Greater),
            Token::GtEq => (COMPARE, Operator::GreaterEqual),
            Token::StringConcat => (5, Operator::Join),
            Token::Plus => (6, Operator::Add),
            Token::Minus => (6, Operator::Subtract),
            Token::Mul => (7, Operator::Multiply),
            Token::Div => (7, Operator::Divide),
            Token::Mod => (7, Operator::Remainder),
            Token::DoubleColon => return Some((9, None)),
            Token::Word(_) => {
                return match self.word()?.as_str() {
                    "or" => Some((1, Some(Operator::Or))),
                    "and" => Some((2, Some(Operator::And))),
                    "is" | "in" | "between" | "like" | "ilike" => Some((COMPARE, None)),
                    "not" => Some((COMPARE, None)),
                    _ => None,
                };
            }
            _ => return None,
        };
        Some((power, Some(operator)))
    }

    pub(super) fn postfix(&mut self, left: Node) -> Result<Node, Refusal> {
        let (spot, depth) = (left.spot, left.depth);
        let left = Box::new(left);
        if self.take_token(&Token::DoubleColon) {
            let to = self.type_name()?;
            return self.grow(Kind::Cast(left, to), spot, depth);
        }
        if self.take_word("is") {
            let is_negated = self.take_word("not");
            let is = match self.word().as_deref() {
                Some("null") => Is::Null,
                Some("true") => Is::True,
                Some("false") => Is::False,
                _ => return Err(self.expected("NULL, TRUE or FALSE")),
            };
            self.next += 1;
            return self.grow(Kind::Is(left, is, is_negated), spot, depth);
        }
        let is_negated = self.take_word("not");
        if self.take_word("in") {
            self.need(Token::LParen)?;
            let items = self.arguments()?;
            if items.len() > RULE_IN_ITEMS {
                let title = format!("a list of more than {RULE_IN_ITEMS} items");
                return Err(too_large(title).at(spot.place(self.file, self.sql)));
            }
            let below = deepest(&items).max(depth);
            return self.grow(Kind::In(left, items, is_negated), spot, below);
        }
        if self.take_word("between") {
            let low = Box::new(self.node(COMPARE)?);
            self.need_word("and")?;
            let high = Box::new(self.node(COMPARE)?);
            let below = depth.max(low.depth).max(high.depth);
            return self.grow(Kind::Between(left, low, high, is_negated), spot, below);
        }
        let ignores_case = self.is_word("ilike");
        if !ignores_case && !self.is_word("like") {
            return Err(self.expected("IN, BETWEEN or LIKE"));
        }
        self.next += 1;
        let Token::SingleQuotedString(pattern) = self.take() else {
            self.next -= 1;
            return Err(self.expected("a pattern between quotes"));
        };
        let likeness = Likeness {
            pattern,
            ignores_case,
            is_negated,
        };
        self.grow(Kind::Like(left, likeness), spot, depth)
    }

    pub(super) fn prefix(&mut self) -> Result<Node, Refusal> {
        let spot = self.spot();
        match self.peek().clone() {
            Token::SingleQuotedString(text) => {
                if text.chars().any(|c| c < '\u{3}') {
                    return Err(self.not_allowed());
                }
                self.next += 1;
                self.grow(Kind::Text(text), spot, 0)
            }
            Token::Number(digits, false) if is_plain(&digits) => {
                self.next += 1;
                self.grow(Kind::Number(digits), spot, 0)
            }
            Token::Minus => {
                self.next += 1;
                let node = self.node(NEGATE)?;
                let below = node.depth;
                self.grow(Kind::Negate(Box::new(node)), spot, below)
            }
            Token::LParen => {
                self.next += 1;
                if self.is_word("select") {
                    return Err(self.not_allowed());
                }
                let node = self.node(LOWEST)?;
                self.need(Token::RParen)?;
                Ok(node)
            }
            Token::Word(_) => self.word_prefix(spot),
            _ => Err(self.expected("a column, a text, a number or a function")),
        }
    }

    pub(super) fn word_prefix(&mut self, spot: Spot) -> Result<Node, Refusal> {
        let word = self.word();
        match word.as_deref() {
            Some("null") => self.literal(Kind::Null, spot),
            Some("true") => self.literal(Kind::Bool(true), spot),
            Some("false") => self.literal(Kind::Bool(false), spot),
            Some("not") => {
                self.next += 1;
                let node = self.node(NOT)?;
                let below = node.depth;
                self.grow(Kind::Not(Box::new(node)), spot, below)
            }
            Some("case") => self.case(spot),
            Some("cast" | "try_cast") if self.peek_after() == &Token::LParen => {
                self.next += 2;
                let node = self.node(LOWEST)?;
                self.need_word("as")?;
                let to = self.type_name()?;
                self.need(Token::RParen)?;
                let below = node.depth;
                self.grow(Kind::Cast(Box::new(node), to), spot, below)
            }
            Some(name) if self.peek_after() == &Token::LParen => {
                let name = name.to_owned();
                self.next += 2;
                let arguments = self.arguments()?;
                let below = deepest(&arguments);
                self.grow(Kind::Call(name, arguments), spot, below)
            }
            _ => {
                let (first, _) = self.name()?;
                if !self.take_token(&Token::Period) {
                    let (table, name) = (None, first);
                    return self.grow(Kind::Column { table, name }, spot, 0);
                }
                let (name, last) = self.any_name()?;
                let width = last.column + last.width - spot.column.min(last.column);
                let spot = Spot { width, ..spot };
                let table = Some(first);
                self.grow(Kind::Column { table, name }, spot, 0)
            }
        }
    }

    pub(super) fn literal(&mut self, kind: Kind, spot: Spot) -> Result<Node, Refusal> {
        self.next += 1;
        self.grow(kind, spot, 0)
    }

    /// The rest of `(a, b, …)` after its opening bracket.
    pub(super) fn arguments(&mut self) -> Result<Vec<Node>, Refusal> {
        let mut arguments = Vec::new();
        if self.take_token(&Token::RParen) {
            return Ok(arguments);
        }
        loop {
            if self.is_word("select") || self.is_word("distinct") || self.peek() == &Token::Mul {
                return Err(self.not_allowed());
            }
            arguments.push(self.node(LOWEST)?);
            if !self.take_token(&Token::Comma) {
                self.need(Token::RParen)?;
                return Ok(arguments);
            }
        }
    }

    pub(super) fn case(&mut self, spot: Spot) -> Result<Node, Refusal> {
        self.next += 1;
        let operand = match self.is_word("when") {
            true => None,
            false => Some(Box::new(self.node(LOWEST)?)),
        };
        let mut below = operand.as_ref().map_or(0, |node| node.depth);
        let mut arms = Vec::new();
        while self.take_word("when") {
            let condition = self.node(LOWEST)?;
            self.need_word("then")?;
            let result = self.node(LOWEST)?;
            below = below.max(condition.depth).max(result.depth);
            arms.push((condition, result));
        }
        if arms.is_empty() {
            return Err(self.expected("WHEN"));
        }
        let otherwise = match self.take_word("else") {
            true => Some(Box::new(self.node(LOWEST)?)),
            false => None,
        };
        below = below.max(otherwise.as_ref().map_or(0, |node| node.depth));
        self.need_word("end")?;
        self.grow(Kind::Case(operand, arms, otherwise), spot, below)
    }

    pub(super) fn type_name(&mut self) -> Result<Type, Refusal> {
        let word = self.word().unwrap_or_default();
        let to = match word.as_str() {
            "text" | "varchar" | "string" => Type::Text,
            "bigint" | "int" | "integer" | "int8" => Type::Int,
            "decimal" | "numeric" => Type::Decimal,
            "boolean" | "bool" => Type::Bool,
            _ => {
                let title = format!("`{}` is no type that a mapping can cast to", self.peek());
                return Err(self
                    .refuse("E0312", title)
                    .matters("numbers stay exact and dates are parsed by functions")
                    .fix("text, bigint, decimal or boolean; for dates as_date(column, 'iso')"));
            }
        };
        self.next += 1;
        Ok(to)
    }
}

fn deepest(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| node.depth).max().unwrap_or(0)
}

fn is_plain(digits: &str) -> bool {
    digits.len() <= 18
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.')
}
