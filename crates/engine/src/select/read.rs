//! Reads the text of a SELECT into the tree, within limits.
//!
//! Tokens come from the same tokenizer the planner uses; the grammar is ours and small, so that
//! every refusal names the token that is not allowed. Depth is counted along chains of one
//! operator too: three thousand chained `+` are as deep as three thousand brackets to whoever walks
//! the tree later.

mod expression;

use datafusion::sql::sqlparser::dialect::GenericDialect;
use datafusion::sql::sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};
use handfast_model::Refusal;
use handfast_model::limits::PACK_SQL_BYTES;

use super::{Join, Kind, Node, Output, Select, Spot, Table};
use expression::LOWEST;

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
            .fix("SELECT _record, key AS account FROM stream WHERE condition")
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

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
