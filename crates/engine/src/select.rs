//! A pack's SELECT: read, checked and rewritten before any planner sees it.
//!
//! DataFusion is not a sandbox: a few hundred bytes of SQL can take the process down while they
//! are planned. So a SELECT of a pack is read into this small tree, within limits on size and
//! depth, by `read`; `compile` resolves its columns, checks types and personal columns, and prints
//! the only SQL that the worker ever runs. What the tree cannot say cannot reach the planner:
//! no subquery, no join but to a reference stream by its key, no aggregate, no clock, no function
//! outside the list in `functions`.

pub mod compile;
pub mod read;

mod allowed;

use handfast_model::Place;

/// Where a token stands in its SELECT.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spot {
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// How many characters are meant.
    pub width: u32,
}

impl Spot {
    /// The place for a message, with the line of the text it stands in.
    pub fn place(self, file: &str, sql: &str) -> Place {
        let before = usize::try_from(self.line.saturating_sub(1)).unwrap_or(0);
        // A tab would shift the carets.
        let excerpt = sql.lines().nth(before).unwrap_or("").replace('\t', " ");
        Place {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            width: self.width,
            excerpt,
        }
    }
}

/// A SELECT that says nothing outside the allowed language.
#[derive(Clone, PartialEq, Debug)]
pub struct Select {
    /// The output columns.
    pub outputs: Vec<Output>,
    /// The driving stream.
    pub from: Table,
    /// Reference streams joined to it.
    pub joins: Vec<Join>,
    /// Which rows it is about.
    pub filter: Option<Node>,
}

/// An output column.
#[derive(Clone, PartialEq, Debug)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub node: Node,
}

/// A stream and what the SELECT calls it.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// The stream's name.
    pub stream: String,
    /// Its name in this SELECT.
    pub alias: String,
    /// Where it is named.
    pub spot: Spot,
}

/// A LEFT JOIN to a reference stream.
#[derive(Clone, PartialEq, Debug)]
pub struct Join {
    /// The reference stream.
    pub table: Table,
    /// Its condition.
    pub on: Node,
}

/// An expression with its place and its depth, which grows along flat chains too.
#[derive(Clone, PartialEq, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it starts.
    pub spot: Spot,
    /// Levels below it, and itself.
    pub depth: usize,
}

impl Node {
    /// What it is made of.
    pub fn children(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Column { .. } | Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Null => {
                Vec::new()
            }
            Kind::Call(_, nodes) => nodes.iter().collect(),
            Kind::Cast(node, _)
            | Kind::Not(node)
            | Kind::Negate(node)
            | Kind::Is(node, _, _)
            | Kind::Like(node, _) => vec![node.as_ref()],
            Kind::Binary(_, left, right) => vec![left.as_ref(), right.as_ref()],
            Kind::In(node, items, _) => {
                let mut all = vec![node.as_ref()];
                all.extend(items);
                all
            }
            Kind::Between(node, low, high, _) => vec![node.as_ref(), low.as_ref(), high.as_ref()],
            Kind::Case(operand, arms, otherwise) => {
                let mut all: Vec<&Node> = operand.iter().map(AsRef::as_ref).collect();
                all.extend(
                    arms.iter()
                        .flat_map(|(condition, result)| [condition, result]),
                );
                all.extend(otherwise.iter().map(AsRef::as_ref));
                all
            }
        }
    }
}

/// What an expression is.
#[derive(Clone, PartialEq, Debug)]
pub enum Kind {
    /// `table.column` or `column`.
    Column {
        /// The table it is said to be of.
        table: Option<String>,
        /// Its name as written.
        name: String,
    },
    /// A text between quotes.
    Text(String),
    /// Digits, perhaps with a point.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A function of the list.
    Call(String, Vec<Node>),
    /// `cast(node AS type)`.
    Cast(Box<Node>, Type),
    /// `NOT node`.
    Not(Box<Node>),
    /// `-node`.
    Negate(Box<Node>),
    /// `left op right`.
    Binary(Operator, Box<Node>, Box<Node>),
    /// `node IS [NOT] NULL | TRUE | FALSE`.
    Is(Box<Node>, Is, bool),
    /// `node [NOT] IN (…)`.
    In(Box<Node>, Vec<Node>, bool),
    /// `node [NOT] BETWEEN low AND high`.
    Between(Box<Node>, Box<Node>, Box<Node>, bool),
    /// `node [NOT] LIKE | ILIKE 'pattern'`.
    Like(Box<Node>, Likeness),
    /// `CASE [operand] WHEN … THEN … [ELSE …] END`.
    Case(Option<Box<Node>>, Vec<(Node, Node)>, Option<Box<Node>>),
}

/// A pattern match.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Likeness {
    /// The pattern with `%` and `_`.
    pub pattern: String,
    /// Whether letters of another case match.
    pub ignores_case: bool,
    /// `NOT LIKE`.
    pub is_negated: bool,
}

/// What `IS` compares with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Is {
    /// `NULL`
    Null,
    /// `TRUE`
    True,
    /// `FALSE`
    False,
}

impl Is {
    fn word(self) -> &'static str {
        match self {
            Is::Null => "NULL",
            Is::True => "TRUE",
            Is::False => "FALSE",
        }
    }
}

/// An operator between two expressions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `=`
    Equal,
    /// `<>` or `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `||`
    Join,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
}

impl Operator {
    /// How it is written.
    pub fn word(self) -> &'static str {
        match self {
            Operator::Or => "OR",
            Operator::And => "AND",
            Operator::Equal => "=",
            Operator::Unequal => "<>",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::Join => "||",
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
        }
    }
}

/// What an expression gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// Always nothing.
    Null,
    /// A text.
    Text,
    /// A text that carries a parsed value or an issue: for output columns, not for comparing.
    Carried,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// Yes or no.
    Bool,
}

impl Type {
    /// How it is called in messages.
    pub fn word(self) -> &'static str {
        match self {
            Type::Null => "nothing",
            Type::Text => "a text",
            Type::Carried => "a parsed value",
            Type::Int | Type::Decimal => "a number",
            Type::Bool => "yes or no",
        }
    }
}
