//! Reads the text of a SELECT into the tree, within limits.
//!
//! Tokens come from the same tokenizer the planner uses; the grammar is ours and small, so that
//! every refusal names the token that is not allowed. Depth is counted along chains of one
//! operator too: three thousand chained `+` are as deep as three thousand brackets to whoever walks
//! the tree later.

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use handfast_model::Refusal;
use handfast_model::limits::{PACK_SQL_BYTES, PACK_SQL_DEPTH, PACK_SQL_NODES, RULE_IN_ITEMS};

use super::{Is, Join, Kind, Likeness, Node, Operator, Output, Select, Spot, Table, Type};

/// Reads a SELECT. `file` names it in messages.
pub fn read(file: &str, sql: &str) -> Result<Select, Refusal> {
    let mut reader = Reader::new(file, sql)?;
    let select = reader.select()?;
    if reader.peek() == &Token::SemiColon {
        reader.take();
    }
    match reader.peek() {
        Token::EOF => Ok(select),
        _ => Err(reader.not_allowed()),
    }
}

/// Reads one condition, as `ignore` rules have it.
pub fn read_condition(file: &str, sql: &str) -> Result<Node, Refusal> {
    let mut reader = Reader::new(file, sql)?;
    let node = reader.node(LOWEST)?;
    match reader.peek() {
        Token::EOF => Ok(node),
        _ => Err(reader.not_allowed()),
    }
}

const LOWEST: u8 = 0;
const NOT: u8 = 3;
const COMPARE: u8 = 4;
const NEGATE: u8 = 8;

struct Reader<'a> {
    file: &'a str,
    sql: &'a str,
    tokens: Vec<TokenWithSpan>,
    next: usize,
    end: TokenWithSpan,
    nodes: usize,
    nesting: usize,
}

impl<'a> Reader<'a> {
    fn new(file: &'a str, sql: &'a str) -> Result<Reader<'a>, Refusal> {
        if sql.len() > PACK_SQL_BYTES {
            let title = format!(
                "the SELECT in `{file}` has {} bytes; at most {PACK_SQL_BYTES} are read",
                sql.len()
            );
            return Err(too_large(title));
        }
        let dialect = GenericDialect {};
        let tokens = Tokenizer::new(&dialect, sql).tokenize_with_location();
        let mut tokens = tokens.map_err(|error| {
            let spot = Spot {
                line: small(error.location.line),
                column: small(error.location.column),
                width: 1,
            };
            Refusal::new("E0311", format!("this is not SQL: {}", error.message))
                .at(spot.place(file, sql))
                .matters("no row of the stream can be mapped")
                .fix("close the quote or comment that starts here")
        })?;
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_)));
        Ok(Reader {
            file,
            sql,
            tokens,
            next: 0,
            end: TokenWithSpan::wrap(Token::EOF),
            nodes: 0,
            nesting: 0,
        })
    }

    fn peek(&self) -> &Token {
        &self.at(self.next).token
    }

    fn peek_after(&self) -> &Token {
        &self.at(self.next + 1).token
    }

    fn at(&self, place: usize) -> &TokenWithSpan {
        self.tokens.get(place).unwrap_or(&self.end)
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    /// Where the next token stands; at the end, where the last one did.
    fn spot(&self) -> Spot {
        let place = self.next.min(self.tokens.len().saturating_sub(1));
        let span = self.at(place).span;
        let width = if span.start.line == span.end.line {
            span.end.column.saturating_sub(span.start.column)
        } else {
            1
        };
        Spot {
            line: small(span.start.line),
            column: small(span.start.column),
            width: small(width).max(1),
        }
    }

    fn word(&self) -> Option<String> {
        match self.peek() {
            Token::Word(word) if word.quote_style.is_none() => {
                Some(word.value.to_ascii_lowercase())
            }
            _ => None,
        }
    }

    fn is_word(&self, wanted: &str) -> bool {
        self.word().as_deref() == Some(wanted)
    }

    fn take_word(&mut self, wanted: &str) -> bool {
        let is_it = self.is_word(wanted);
        self.next += usize::from(is_it);
        is_it
    }

    fn take_token(&mut self, wanted: &Token) -> bool {
        let is_it = self.peek() == wanted;
        self.next += usize::from(is_it);
        is_it
    }

    fn need_word(&mut self, wanted: &str) -> Result<(), Refusal> {
        if self.take_word(wanted) {
            return Ok(());
        }
        Err(self.expected(&wanted.to_ascii_uppercase()))
    }

    fn need(&mut self, wanted: Token) -> Result<(), Refusal> {
        if self.take_token(&wanted) {
            return Ok(());
        }
        Err(self.expected(&format!("`{wanted}`")))
    }

    fn refuse(&self, code: &'static str, title: String) -> Refusal {
        Refusal::new(code, title).at(self.spot().place(self.file, self.sql))
    }

    fn expected(&self, what: &str) -> Refusal {
        if let Token::Word(word) = self.peek()
            && OUTSIDE.contains(&word.value.to_ascii_lowercase().as_str())
        {
            return self.not_allowed();
        }
        let title = match self.peek() {
            Token::EOF => format!("the SELECT ends where {what} should stand"),
            token => format!("{what} should stand before `{token}`"),
        };
        self.refuse("E0311", title)
            .matters("no row of the stream can be mapped")
            .fix("SELECT _record, key AS account FROM stream LEFT JOIN reference ON reference.key = stream.column WHERE condition")
    }

    fn not_allowed(&self) -> Refusal {
        let title = format!("`{}` is not allowed in the SELECT of a pack", self.peek());
        let fix = "SELECT … FROM stream [LEFT JOIN reference ON reference.key = …] [WHERE …]: \
                   one row in, at most one fact out";
        self.refuse("E0312", title)
            .matters("a mapping reads one row at a time, so that every fact names its record")
            .fix(fix)
    }

    fn select(&mut self) -> Result<Select, Refusal> {
        self.need_word("select")?;
        let mut outputs = vec![self.output()?];
        while self.take_token(&Token::Comma) {
            outputs.push(self.output()?);
        }
        self.need_word("from")?;
        let from = self.table()?;
        let mut joins = Vec::new();
        while self.is_word("left") {
            self.next += 1;
            self.take_word("outer");
            self.need_word("join")?;
            let table = self.table()?;
            self.need_word("on")?;
            let on = self.node(LOWEST)?;
            joins.push(Join { table, on });
        }
        let filter = match self.take_word("where") {
            true => Some(self.node(LOWEST)?),
            false => None,
        };
        Ok(Select {
            outputs,
            from,
            joins,
            filter,
        })
    }

    fn output(&mut self) -> Result<Output, Refusal> {
        if self.peek() == &Token::Mul {
            return Err(self
                .not_allowed()
                .fix("name each output column: SELECT _record, origin, employees"));
        }
        let start = self.spot();
        let node = self.node(LOWEST)?;
        let is_named = self.take_word("as");
        let name = match (is_named, &node.kind) {
            (true, _) => self.output_name()?,
            (false, Kind::Column { .. }) => {
                // The column's own token is the one just taken.
                self.next -= 1;
                self.output_name()?
            }
            (false, _) if self.peek() != &Token::Comma && !self.is_word("from") => {
                return Err(self.expected("AS and a name"));
            }
            (false, _) => {
                let title = "an output column that is computed needs a name".to_owned();
                let refusal = Refusal::new("E0311", title).at(start.place(self.file, self.sql));
                return Err(refusal
                    .matters("attributes are found by their name")
                    .fix("… AS name"));
            }
        };
        Ok(Output { name, node })
    }

    /// A name without quotes is in lower case, as the attributes and keys it gives are.
    fn output_name(&mut self) -> Result<String, Refusal> {
        let is_bare = self.word().is_some();
        let (name, _) = self.any_name()?;
        Ok(if is_bare { name.to_lowercase() } else { name })
    }

    fn table(&mut self) -> Result<Table, Refusal> {
        if self.peek() == &Token::LParen {
            return Err(self.not_allowed());
        }
        let (stream, spot) = self.name()?;
        if matches!(self.peek(), Token::Period | Token::LParen) {
            return Err(self.not_allowed());
        }
        let is_alias = self.take_word("as")
            || matches!(self.peek(), Token::Word(_))
                && !self
                    .word()
                    .is_some_and(|word| RESERVED.contains(&word.as_str()));
        let alias = match is_alias {
            true => self.name()?.0,
            false => stream.clone(),
        };
        Ok(Table {
            stream,
            alias,
            spot,
        })
    }

    /// A name: words without quotes are what they are, but for keywords.
    fn name(&mut self) -> Result<(String, Spot), Refusal> {
        if let Some(word) = self.word()
            && OUTSIDE.contains(&word.as_str())
        {
            return Err(self.not_allowed());
        }
        self.any_name()
    }

    /// A name where no keyword of SQL could stand: after `AS` or a point.
    fn any_name(&mut self) -> Result<(String, Spot), Refusal> {
        let spot = self.spot();
        match self.peek() {
            Token::Word(word) if matches!(word.quote_style, None | Some('"')) => {
                let lower = word.value.to_ascii_lowercase();
                let is_free = word.quote_style.is_some() || !RESERVED.contains(&lower.as_str());
                if !is_free {
                    return Err(self.expected("a name"));
                }
                let name = word.value.clone();
                self.next += 1;
                Ok((name, spot))
            }
            _ => Err(self.expected("a name")),
        }
    }

    fn grow(&mut self, kind: Kind, spot: Spot, below: usize) -> Result<Node, Refusal> {
        self.nodes += 1;
        let depth = below + 1;
        if self.nodes > PACK_SQL_NODES || depth > PACK_SQL_DEPTH {
            return Err(self.too_deep());
        }
        Ok(Node { kind, spot, depth })
    }

    fn too_deep(&self) -> Refusal {
        let title = format!(
            "this SELECT has more than {PACK_SQL_NODES} parts or is more than {PACK_SQL_DEPTH} levels deep"
        );
        too_large(title).at(self.spot().place(self.file, self.sql))
    }

    /// An expression whose operators bind tighter than `floor`.
    fn node(&mut self, floor: u8) -> Result<Node, Refusal> {
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
    fn infix(&self) -> Option<(u8, Option<Operator>)> {
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

    fn postfix(&mut self, left: Node) -> Result<Node, Refusal> {
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

    fn prefix(&mut self) -> Result<Node, Refusal> {
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

    fn word_prefix(&mut self, spot: Spot) -> Result<Node, Refusal> {
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

    fn literal(&mut self, kind: Kind, spot: Spot) -> Result<Node, Refusal> {
        self.next += 1;
        self.grow(kind, spot, 0)
    }

    /// The rest of `(a, b, …)` after its opening bracket.
    fn arguments(&mut self) -> Result<Vec<Node>, Refusal> {
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

    fn case(&mut self, spot: Spot) -> Result<Node, Refusal> {
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

    fn type_name(&mut self) -> Result<Type, Refusal> {
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

/// Words that end an expression or a table and are no names without quotes.
const RESERVED: [&str; 24] = [
    "select", "from", "where", "left", "outer", "join", "on", "as", "and", "or", "not", "is", "in",
    "between", "like", "ilike", "case", "when", "then", "else", "end", "inner", "union", "order",
];

/// Words of SQL that are known and not allowed.
const OUTSIDE: [&str; 36] = [
    "with",
    "union",
    "except",
    "intersect",
    "order",
    "group",
    "having",
    "limit",
    "offset",
    "fetch",
    "distinct",
    "over",
    "partition",
    "window",
    "qualify",
    "inner",
    "right",
    "full",
    "cross",
    "join",
    "natural",
    "lateral",
    "using",
    "insert",
    "update",
    "delete",
    "create",
    "drop",
    "copy",
    "set",
    "exists",
    "any",
    "all",
    "interval",
    "values",
    "explain",
];

fn too_large(title: String) -> Refusal {
    Refusal::new("E0310", title)
        .matters("planning it could take the machine's memory or hours")
        .fix("write a long OR as column IN ('a', 'b'), or give the stream a second [[map]]")
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

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
