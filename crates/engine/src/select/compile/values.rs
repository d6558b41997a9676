//! Expressions: their SQL and their types.

use handfast_model::Refusal;

use super::{Compiler, literal};
use crate::select::{Is, Kind, Node, Operator, Spot, Type};

impl Compiler<'_> {
    /// The SQL of an expression, and what it gives.
    pub(super) fn node(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
        match &node.kind {
            Kind::Column { table, name } => self.column(table.as_deref(), name, node.spot),
            Kind::Text(text) => Ok((literal(text), Type::Text)),
            Kind::Number(digits) if digits.contains('.') => {
                Ok((format!("CAST({digits} AS DECIMAL(38, 10))"), Type::Decimal))
            }
            Kind::Number(digits) => Ok((format!("CAST({digits} AS BIGINT)"), Type::Int)),
            Kind::Bool(yes) => Ok((if *yes { "TRUE" } else { "FALSE" }.to_owned(), Type::Bool)),
            Kind::Null => Ok(("NULL".to_owned(), Type::Null)),
            Kind::Call(name, arguments) => self.call(name, arguments, node.spot),
            Kind::Cast(inner, to) => self.cast(inner, *to),
            Kind::Not(inner) => Ok((format!("(NOT {})", self.condition(inner)?), Type::Bool)),
            Kind::Negate(inner) => {
                let (sql, found) = self.number(inner)?;
                Ok((format!("(- {sql})"), found))
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right),
            Kind::Is(inner, is, is_negated) => self.is(inner, *is, *is_negated),
            Kind::In(inner, items, is_negated) => self.is_in(inner, items, *is_negated),
            Kind::Between(inner, low, high, is_negated) => {
                self.is_between([inner, low, high], *is_negated)
            }
            Kind::Like(inner, likeness) => {
                let sql = self.text_of(inner)?;
                let not = if likeness.is_negated { "NOT " } else { "" };
                let word = if likeness.ignores_case {
                    "ILIKE"
                } else {
                    "LIKE"
                };
                let pattern = literal(&likeness.pattern);
                Ok((format!("({sql} {not}{word} {pattern})"), Type::Bool))
            }
            Kind::Case(operand, arms, otherwise) => {
                self.case(operand.as_deref(), arms, otherwise.as_deref(), node.spot)
            }
        }
    }

    fn is_in(
        &mut self,
        inner: &Node,
        items: &[Node],
        is_negated: bool,
    ) -> Result<(String, Type), Refusal> {
        let (left, mut all) = self.comparable(inner)?;
        let mut list = Vec::new();
        for item in items {
            let (sql, found) = self.comparable(item)?;
            all = self.same_kind([all, found].into_iter(), item.spot)?;
            list.push(sql);
        }
        let word = if is_negated { "NOT IN" } else { "IN" };
        Ok((format!("({left} {word} ({}))", list.join(", ")), Type::Bool))
    }

    fn is_between(
        &mut self,
        [inner, low, high]: [&Node; 3],
        is_negated: bool,
    ) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.comparable(inner)?;
        let (low, high) = (self.comparable(low)?, self.comparable(high)?);
        self.same_kind([found, low.1, high.1].into_iter(), inner.spot)?;
        let word = if is_negated { "NOT BETWEEN" } else { "BETWEEN" };
        Ok((
            format!("({sql} {word} {} AND {})", low.0, high.0),
            Type::Bool,
        ))
    }

    pub(super) fn text_of(&mut self, node: &Node) -> Result<String, Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Text | Type::Null => Ok(sql),
            Type::Int | Type::Decimal => Ok(format!("CAST({sql} AS VARCHAR)")),
            Type::Carried | Type::Bool => Err(self.mistyped(node.spot, "a text", found)),
        }
    }

    pub(super) fn number(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Int | Type::Decimal => Ok((sql, found)),
            Type::Null => Ok(("CAST(NULL AS BIGINT)".to_owned(), Type::Int)),
            _ => Err(self.mistyped(node.spot, "a number", found)),
        }
    }

    pub(super) fn comparable(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Carried => Err(self.mistyped(node.spot, "a text or a number", found)),
            _ => Ok((sql, found)),
        }
    }

    /// Whether values of these types may stand in one comparison or one column.
    pub(super) fn same_kind(
        &self,
        types: impl Iterator<Item = Type>,
        spot: Spot,
    ) -> Result<Type, Refusal> {
        let mut all = Type::Null;
        for found in types {
            all = match (all, found) {
                (Type::Null, other) | (other, Type::Null) => other,
                (a, b) if a == b => a,
                (Type::Text, Type::Carried) | (Type::Carried, Type::Text) => Type::Carried,
                (Type::Int, Type::Decimal) | (Type::Decimal, Type::Int) => Type::Decimal,
                (a, b) => {
                    let title = format!("{} and {} meet here", a.word(), b.word());
                    return Err(self
                        .text
                        .refuse("E0316", spot, title)
                        .matters("texts and numbers are never compared or mixed silently")
                        .fix("cast(column AS bigint) = 5     or column = '5'"));
                }
            };
        }
        Ok(all)
    }

    pub(super) fn cast(&mut self, inner: &Node, to: Type) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.node(inner)?;
        if found == Type::Carried {
            return Err(self.mistyped(inner.spot, "a text or a number", found));
        }
        let word = match to {
            Type::Int => "BIGINT",
            Type::Decimal => "DECIMAL(38, 10)",
            Type::Bool => "BOOLEAN",
            Type::Text | Type::Carried | Type::Null => "VARCHAR",
        };
        Ok((format!("TRY_CAST({sql} AS {word})"), to))
    }

    pub(super) fn is(
        &mut self,
        inner: &Node,
        is: Is,
        is_negated: bool,
    ) -> Result<(String, Type), Refusal> {
        let sql = match is {
            Is::Null => self.node(inner)?.0,
            Is::True | Is::False => self.condition(inner)?,
        };
        let not = if is_negated { "NOT " } else { "" };
        Ok((format!("({sql} IS {not}{})", is.word()), Type::Bool))
    }

    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Node,
        right: &Node,
    ) -> Result<(String, Type), Refusal> {
        let word = operator.word();
        match operator {
            Operator::Or | Operator::And => {
                let (left, right) = (self.condition(left)?, self.condition(right)?);
                Ok((format!("({left} {word} {right})"), Type::Bool))
            }
            Operator::Join => {
                let (left, right) = (self.text_of(left)?, self.text_of(right)?);
                Ok((format!("({left} {word} {right})"), Type::Text))
            }
            Operator::Add
            | Operator::Subtract
            | Operator::Multiply
            | Operator::Divide
            | Operator::Remainder => self.arithmetic(operator, left, right),
            _ => {
                let spot = left.spot;
                let (left, right) = (self.comparable(left)?, self.comparable(right)?);
                self.same_kind([left.1, right.1].into_iter(), spot)?;
                Ok((format!("({} {word} {})", left.0, right.0), Type::Bool))
            }
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Operator,
        left: &Node,
        right: &Node,
    ) -> Result<(String, Type), Refusal> {
        let (left, right) = (self.number(left)?, self.number(right)?);
        let is_whole = left.1 == Type::Int && right.1 == Type::Int && operator != Operator::Divide;
        let function = match operator {
            Operator::Add => "exact_add",
            Operator::Subtract => "exact_subtract",
            Operator::Multiply => "exact_multiply",
            Operator::Divide => "exact_divide",
            _ => "exact_remainder",
        };
        let found = if is_whole { Type::Int } else { Type::Decimal };
        let type_word = if is_whole {
            "BIGINT"
        } else {
            "DECIMAL(38, 10)"
        };
        let arm = |sql: String| format!("CAST({sql} AS VARCHAR)");
        let sql = format!("{function}({}, {})", arm(left.0), arm(right.0));
        Ok((format!("TRY_CAST({sql} AS {type_word})"), found))
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Node>,
        arms: &[(Node, Node)],
        otherwise: Option<&Node>,
        spot: Spot,
    ) -> Result<(String, Type), Refusal> {
        let mut sql = "CASE".to_owned();
        let operand = operand.map(|node| self.comparable(node)).transpose()?;
        if let Some((operand, _)) = &operand {
            sql.push_str(&format!(" {operand}"));
        }
        let mut types = Vec::new();
        for (condition, result) in arms {
            let condition_sql = match &operand {
                None => self.condition(condition)?,
                Some((_, operand_type)) => {
                    let (sql, found) = self.comparable(condition)?;
                    self.same_kind([*operand_type, found].into_iter(), condition.spot)?;
                    sql
                }
            };
            let (result, found) = self.node(result)?;
            types.push(found);
            sql.push_str(&format!(" WHEN {condition_sql} THEN {result}"));
        }
        if let Some(otherwise) = otherwise {
            let (result, found) = self.node(otherwise)?;
            types.push(found);
            sql.push_str(&format!(" ELSE {result}"));
        }
        sql.push_str(" END");
        let found = self.same_kind(types.into_iter(), spot)?;
        Ok((format!("({sql})"), found))
    }
}
