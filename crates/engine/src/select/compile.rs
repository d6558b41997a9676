//! From the tree to the only SQL that the worker runs.
//!
//! Resolves every name against the streams, checks types, keys of joins and personal columns, and
//! prints quoted, fully bracketed SQL. A cast to a number gives NULL where the text is none, and
//! division by zero gives NULL, so that one odd row never stops a batch.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::pack::{Mapping, Pack, Stream};
use handfast_model::parse::{DecimalMark, TimeFormat, Zone};
use handfast_model::{Currency, FactKind, Refusal};

use super::allowed::{self, Default, Function, Gives, Takes};
use super::{Is, Join, Kind, Node, Operator, Output, Select, Spot, Table, Type};

/// The columns of each stream's file; a stream that is absent may have any.
pub type Columns = BTreeMap<String, Vec<String>>;

/// What the worker runs, and how to read what it gives.
#[derive(Clone, PartialEq, Debug)]
pub struct Compiled {
    /// The SQL.
    pub sql: String,
    /// Its output columns, in order.
    pub outputs: Vec<String>,
    /// The columns it reads, by stream.
    pub reads: BTreeMap<String, BTreeSet<String>>,
    /// Whose keys the `person` column holds.
    pub namespace: String,
}

/// Compiles a mapping's SELECT for files with these columns.
pub fn mapping(
    pack: &Pack,
    mapping: &Mapping,
    select: &Select,
    columns: &Columns,
) -> Result<Compiled, Refusal> {
    let text = Text {
        file: &mapping.file,
        sql: &mapping.sql,
    };
    let mut compiler = Compiler::new(pack, text, columns);
    compiler.add_driving(&select.from, &mapping.stream)?;
    let mut joins = String::new();
    for join in &select.joins {
        joins.push_str(&compiler.join(join)?);
    }
    let filter = compiler.filter(select.filter.as_ref())?;
    needed_outputs(text, mapping.kind, select)?;
    let (mut outputs, mut names) = (Vec::new(), Vec::new());
    for output in &select.outputs {
        outputs.push(compiler.output(output)?);
        names.push(output.name.clone());
    }
    let sql = format!(
        "SELECT {} FROM {} AS {}{joins}{filter}",
        outputs.join(", "),
        quoted(&select.from.stream),
        quoted(&select.from.alias),
    );
    Ok(Compiled {
        sql,
        outputs: names,
        reads: compiler.reads,
        namespace: compiler.namespace.unwrap_or_else(|| pack.source.clone()),
    })
}

/// Compiles a stream's `ignore` rules to one SELECT of `_record` and the number of the first rule
/// that holds. `None` for a stream without rules.
pub fn ignore_rules(
    pack: &Pack,
    stream: &Stream,
    columns: &Columns,
) -> Result<Option<Compiled>, Refusal> {
    let mut reads = BTreeMap::new();
    let mut arms = String::new();
    for (number, rule) in stream.ignore.iter().enumerate() {
        let file = format!("source.toml, ignore rule `{}`", rule.name);
        let node = super::read::read_condition(&file, &rule.when)?;
        let text = Text {
            file: &file,
            sql: &rule.when,
        };
        let mut compiler = Compiler::new(pack, text, columns);
        compiler.add_driving(&Table::of(&stream.name), &stream.name)?;
        compiler.may_be_personal = true;
        let condition = compiler.condition(&node)?;
        arms.push_str(&format!(" WHEN {condition} THEN '{number}'"));
        merge(&mut reads, compiler.reads);
    }
    if arms.is_empty() {
        return Ok(None);
    }
    let sql = format!(
        "SELECT \"_record\" AS \"_record\", CAST(CASE{arms} END AS VARCHAR) AS \"rule\" FROM {}",
        quoted(&stream.name)
    );
    Ok(Some(Compiled {
        sql,
        outputs: vec!["_record".into(), "rule".into()],
        reads,
        namespace: pack.source.clone(),
    }))
}

/// Adds what is read to what is read already.
pub fn merge(
    into: &mut BTreeMap<String, BTreeSet<String>>,
    from: BTreeMap<String, BTreeSet<String>>,
) {
    for (stream, columns) in from {
        into.entry(stream).or_default().extend(columns);
    }
}

impl Table {
    fn of(stream: &str) -> Table {
        Table {
            stream: stream.to_owned(),
            alias: stream.to_owned(),
            spot: Spot::default(),
        }
    }
}

/// The text that refusals point into.
#[derive(Clone, Copy)]
struct Text<'a> {
    file: &'a str,
    sql: &'a str,
}

impl Text<'_> {
    fn refuse(&self, code: &'static str, spot: Spot, title: String) -> Refusal {
        Refusal::new(code, title).at(spot.place(self.file, self.sql))
    }
}

/// A stream that the SELECT can name columns of.
struct Seen<'a> {
    alias: String,
    stream: &'a Stream,
    columns: Option<&'a [String]>,
}

struct Compiler<'a> {
    pack: &'a Pack,
    text: Text<'a>,
    columns: &'a Columns,
    tables: Vec<Seen<'a>>,
    reads: BTreeMap<String, BTreeSet<String>>,
    may_be_personal: bool,
    output: String,
    namespace: Option<String>,
}

const ROW_COLUMNS: [&str; 3] = ["_record", "_file", "_line"];

impl<'a> Compiler<'a> {
    fn new(pack: &'a Pack, text: Text<'a>, columns: &'a Columns) -> Compiler<'a> {
        Compiler {
            pack,
            text,
            columns,
            tables: Vec::new(),
            reads: BTreeMap::new(),
            may_be_personal: true,
            output: String::new(),
            namespace: None,
        }
    }

    fn add_table(&mut self, table: &Table) -> Result<&'a Stream, Refusal> {
        let stream = self.pack.streams.iter().find(|s| s.name == table.stream);
        let Some(stream) = stream else {
            let known: Vec<&str> = self.pack.streams.iter().map(|s| s.name.as_str()).collect();
            let title = format!(
                "no stream of `{}` is called `{}`",
                self.pack.source, table.stream
            );
            return Err(self
                .text
                .refuse("E0314", table.spot, title)
                .matters("a SELECT reads the streams that source.toml declares")
                .fix(format!("one of: {}", known.join(", "))));
        };
        if self.tables.iter().any(|seen| seen.alias == table.alias) {
            let title = format!("two tables of this SELECT are called `{}`", table.alias);
            let refusal = self.text.refuse("E0314", table.spot, title);
            return Err(refusal.fix(format!("{} AS another_name", table.stream)));
        }
        self.tables.push(Seen {
            alias: table.alias.clone(),
            stream,
            columns: self.columns.get(&stream.name).map(Vec::as_slice),
        });
        Ok(stream)
    }

    fn add_driving(&mut self, table: &Table, expected: &str) -> Result<(), Refusal> {
        let stream = self.add_table(table)?;
        if stream.name == expected && !stream.is_reference {
            return Ok(());
        }
        let title = if stream.is_reference {
            format!(
                "`{}` is a reference stream and drives no SELECT",
                stream.name
            )
        } else {
            format!(
                "this SELECT reads `{}`, its [[map]] says stream `{expected}`",
                stream.name
            )
        };
        Err(self
            .text
            .refuse("E0317", table.spot, title)
            .matters("every fact names the row that drove it")
            .fix(format!("FROM {expected}")))
    }

    /// ` LEFT JOIN … ON …`, if its condition names the whole key of the reference stream, so that
    /// no row meets two.
    fn join(&mut self, join: &Join) -> Result<String, Refusal> {
        let stream = self.add_table(&join.table)?;
        if !stream.is_reference {
            let title = format!(
                "`{}` is not a reference stream and cannot be joined",
                stream.name
            );
            return Err(self
                .text
                .refuse("E0317", join.table.spot, title)
                .matters("rows that come later would change facts already drawn")
                .fix(format!(
                    "reference = true     in [[stream]] `{}`",
                    stream.name
                )));
        }
        let place = self.tables.len() - 1;
        let mut equated = BTreeSet::new();
        self.equated(&join.on, place, &mut equated)?;
        let missing: Vec<&str> = stream
            .key
            .iter()
            .filter(|key| !equated.contains(*key))
            .map(String::as_str)
            .collect();
        if !missing.is_empty() || stream.key.is_empty() {
            let title = format!(
                "the join to `{}` does not name its whole key ({})",
                stream.name,
                stream.key.join(", ")
            );
            let wanted = missing.first().copied().unwrap_or("key");
            return Err(self
                .text
                .refuse("E0317", join.on.spot, title)
                .matters("a row that meets two reference rows would count twice")
                .fix(format!("ON {}.{wanted} = …", join.table.alias)));
        }
        let condition = self.condition(&join.on)?;
        Ok(format!(
            " LEFT JOIN {} AS {} ON {condition}",
            quoted(&stream.name),
            quoted(&join.table.alias)
        ))
    }

    /// Columns of the table at `place` that a conjunction sets equal to something without it.
    fn equated(
        &self,
        node: &Node,
        place: usize,
        found: &mut BTreeSet<String>,
    ) -> Result<(), Refusal> {
        match &node.kind {
            Kind::Binary(Operator::And, left, right) => {
                self.equated(left, place, found)?;
                self.equated(right, place, found)
            }
            Kind::Binary(Operator::Equal, left, right) => {
                for (side, other) in [(left, right), (right, left)] {
                    if let Kind::Column { table, name } = &side.kind {
                        let (owner, column) = self.resolve(table.as_deref(), name, side.spot)?;
                        if owner == place && !self.mentions(other, place)? {
                            found.insert(column);
                        }
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn mentions(&self, node: &Node, place: usize) -> Result<bool, Refusal> {
        if let Kind::Column { table, name } = &node.kind {
            return Ok(self.resolve(table.as_deref(), name, node.spot)?.0 == place);
        }
        for child in node.children() {
            if self.mentions(child, place)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn filter(&mut self, filter: Option<&Node>) -> Result<String, Refusal> {
        match filter {
            None => Ok(String::new()),
            Some(node) => Ok(format!(" WHERE {}", self.condition(node)?)),
        }
    }

    fn condition(&mut self, node: &Node) -> Result<String, Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Bool | Type::Null => Ok(sql),
            _ => Err(self.mistyped(node.spot, "a condition", found)),
        }
    }

    fn output(&mut self, output: &Output) -> Result<String, Refusal> {
        if output.name == "_record" {
            return self.record_output(output);
        }
        self.output.clone_from(&output.name);
        self.may_be_personal = matches!(output.name.as_str(), "person" | "email");
        if output.name == "person" {
            self.namespace = self.person_namespace(&output.node)?;
        }
        let (sql, found) = self.node(&output.node)?;
        self.may_be_personal = true;
        let is_time = output.name == "happened" && found == Type::Text;
        if is_time {
            return Err(self
                .mistyped(output.node.spot, "a parsed date or time", found)
                .fix("as_date(column, '%Y-%m-%d') AS happened     or as_time(column, 'iso')"));
        }
        let sql = match found {
            Type::Null | Type::Text | Type::Carried => format!("CAST({sql} AS VARCHAR)"),
            Type::Int => format!("('\u{2}i:' || CAST({sql} AS VARCHAR))"),
            Type::Decimal => format!("('\u{2}n:' || CAST({sql} AS VARCHAR))"),
            Type::Bool => {
                format!("CASE WHEN {sql} THEN '\u{2}b:true' WHEN NOT {sql} THEN '\u{2}b:false' END")
            }
        };
        Ok(format!("{sql} AS {}", quoted(&output.name)))
    }

    fn record_output(&self, output: &Output) -> Result<String, Refusal> {
        let driving = self.tables.first().map_or("", |seen| seen.alias.as_str());
        let is_record = match &output.node.kind {
            Kind::Column { table, name } => {
                name == "_record" && table.as_deref().is_none_or(|table| table == driving)
            }
            _ => false,
        };
        if is_record {
            return Ok(format!("{}.\"_record\" AS \"_record\"", quoted(driving)));
        }
        let title = "`_record` is the driving row itself and cannot be computed".to_owned();
        Err(self
            .text
            .refuse("E0316", output.node.spot, title)
            .matters("a fact without its row has no lineage")
            .fix("SELECT _record, …"))
    }

    /// Whose keys the expression of `person` gives: those of the first declared person column in
    /// it.
    fn person_namespace(&self, node: &Node) -> Result<Option<String>, Refusal> {
        if let Kind::Column { table, name } = &node.kind {
            let (owner, column) = self.resolve(table.as_deref(), name, node.spot)?;
            let people = self.tables.get(owner).map(|seen| &seen.stream.people);
            let declared = people.and_then(|people| people.iter().find(|p| p.column == column));
            return Ok(declared.map(|person| person.namespace.clone()));
        }
        for child in node.children() {
            if let Some(namespace) = self.person_namespace(child)? {
                return Ok(Some(namespace));
            }
        }
        Ok(None)
    }

    fn mistyped(&self, spot: Spot, wanted: &str, found: Type) -> Refusal {
        let title = format!("{wanted} should stand here, and this is {}", found.word());
        let refusal = self.text.refuse("E0316", spot, title);
        match found {
            Type::Carried => refusal
                .matters("a parsed value carries its type, or an issue, to an output column only")
                .fix("compare the column itself, or cast(column AS bigint)"),
            Type::Text => refusal
                .matters("texts and numbers are never compared silently")
                .fix("cast(column AS bigint)     or decimal, boolean; or write '5' for 5"),
            _ => refusal.fix("write the value as a text: 'value'"),
        }
    }

    /// The SQL of an expression, and what it gives.
    fn node(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
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
            Kind::In(inner, items, is_negated) => {
                let mut sides = vec![self.comparable(inner)?];
                for item in items {
                    sides.push(self.comparable(item)?);
                }
                self.same_kind(sides.iter().map(|side| side.1), node.spot)?;
                let mut sides = sides.into_iter().map(|side| side.0);
                let left = sides.next().unwrap_or_default();
                let items: Vec<String> = sides.collect();
                let word = if *is_negated { "NOT IN" } else { "IN" };
                Ok((
                    format!("({left} {word} ({}))", items.join(", ")),
                    Type::Bool,
                ))
            }
            Kind::Between(inner, low, high, is_negated) => {
                let sides = [
                    self.comparable(inner)?,
                    self.comparable(low)?,
                    self.comparable(high)?,
                ];
                self.same_kind(sides.iter().map(|side| side.1), node.spot)?;
                let [(sql, _), (low, _), (high, _)] = sides;
                let word = if *is_negated {
                    "NOT BETWEEN"
                } else {
                    "BETWEEN"
                };
                Ok((format!("({sql} {word} {low} AND {high})"), Type::Bool))
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

    fn column(
        &mut self,
        table: Option<&str>,
        name: &str,
        spot: Spot,
    ) -> Result<(String, Type), Refusal> {
        let (place, column) = self.resolve(table, name, spot)?;
        if column == "_record" {
            let title = "`_record` stands for the row and has no value of its own".to_owned();
            return Err(self
                .text
                .refuse("E0316", spot, title)
                .fix("use the stream's key column"));
        }
        let Some(seen) = self.tables.get(place) else {
            return Err(self.unknown_column(name, spot));
        };
        let is_guess = table.is_none() && self.tables.len() > 1 && seen.columns.is_none();
        if !self.may_be_personal && !is_guess && is_personal(seen.stream, &column) {
            return Err(self.personal(seen.stream, &column, spot));
        }
        let sql = format!("{}.{}", quoted(&seen.alias), quoted(&column));
        let reads = self.reads.entry(seen.stream.name.clone()).or_default();
        if !ROW_COLUMNS.contains(&column.as_str()) {
            reads.insert(column);
        }
        Ok((sql, Type::Text))
    }

    fn personal(&self, stream: &Stream, column: &str, spot: Spot) -> Refusal {
        let title = format!(
            "the column `{column}` of people stream `{}` would reach the output `{}` in clear",
            stream.name, self.output
        );
        let mut safe: Vec<&str> = stream.safe.iter().map(String::as_str).collect();
        safe.push(column);
        let safe: Vec<String> = safe.iter().map(|name| format!("\"{name}\"")).collect();
        self.text
            .refuse("E0315", spot, title)
            .matters("what is personal is sealed under the person's key and can be forgotten; clear attributes stay")
            .fix(format!(
                "safe = [{}]     in [[stream]] `{}`, if nobody can be known by it;\nelse use it as `person` or `email`, or inside email_domain() or is_given()",
                safe.join(", "),
                stream.name
            ))
    }

    fn resolve(
        &self,
        table: Option<&str>,
        name: &str,
        spot: Spot,
    ) -> Result<(usize, String), Refusal> {
        let mut found: Vec<(usize, String)> = Vec::new();
        for (place, seen) in self.tables.iter().enumerate() {
            if table.is_some_and(|table| !seen.alias.eq_ignore_ascii_case(table)) {
                continue;
            }
            if place == 0 && ROW_COLUMNS.contains(&name) {
                return Ok((0, name.to_owned()));
            }
            match seen.columns {
                Some(columns) => {
                    found.extend(named(columns, name).map(|column| (place, column.to_owned())));
                }
                None if table.is_some() || declares(seen.stream, name) => {
                    found.push((place, name.to_owned()));
                }
                None => {}
            }
        }
        // Before any file is seen, a column nobody declares is taken to be the driving row's.
        let is_open = table.is_none() && self.tables.first().is_some_and(|s| s.columns.is_none());
        if found.is_empty() && is_open {
            return Ok((0, name.to_owned()));
        }
        match found.as_slice() {
            [one] => Ok(one.clone()),
            [] => Err(self.unknown_column(name, spot)),
            [(first, _), ..] => {
                let alias = self
                    .tables
                    .get(*first)
                    .map_or("", |seen| seen.alias.as_str());
                let title = format!("two tables of this SELECT have a column `{name}`");
                let refusal = self.text.refuse("E0314", spot, title);
                Err(refusal.fix(format!("{alias}.{name}")))
            }
        }
    }

    fn unknown_column(&self, name: &str, spot: Spot) -> Refusal {
        let tables = self.tables.iter().filter_map(|seen| {
            let columns = seen.columns?;
            Some(format!("{} has {}", seen.alias, columns.join(", ")))
        });
        let tables: Vec<String> = tables.collect();
        let title = format!("no column `{name}` is here");
        self.text
            .refuse("E0314", spot, title)
            .matters("no row of the file can be mapped")
            .fix(format!(
                "one of its columns, in double quotes where it has spaces: {}",
                tables.join("; ")
            ))
    }

    fn text_of(&mut self, node: &Node) -> Result<String, Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Text | Type::Null => Ok(sql),
            Type::Int | Type::Decimal => Ok(format!("CAST({sql} AS VARCHAR)")),
            Type::Carried | Type::Bool => Err(self.mistyped(node.spot, "a text", found)),
        }
    }

    fn number(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Int | Type::Decimal => Ok((sql, found)),
            Type::Null => Ok(("CAST(NULL AS BIGINT)".to_owned(), Type::Int)),
            _ => Err(self.mistyped(node.spot, "a number", found)),
        }
    }

    fn comparable(&mut self, node: &Node) -> Result<(String, Type), Refusal> {
        let (sql, found) = self.node(node)?;
        match found {
            Type::Carried => Err(self.mistyped(node.spot, "a text or a number", found)),
            _ => Ok((sql, found)),
        }
    }

    /// Whether values of these types may stand in one comparison or one column.
    fn same_kind(&self, types: impl Iterator<Item = Type>, spot: Spot) -> Result<Type, Refusal> {
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

    fn cast(&mut self, inner: &Node, to: Type) -> Result<(String, Type), Refusal> {
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

    fn is(&mut self, inner: &Node, is: Is, is_negated: bool) -> Result<(String, Type), Refusal> {
        let sql = match is {
            Is::Null => self.node(inner)?.0,
            Is::True | Is::False => self.condition(inner)?,
        };
        let not = if is_negated { "NOT " } else { "" };
        Ok((format!("({sql} IS {not}{})", is.word()), Type::Bool))
    }

    fn binary(
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

    fn arithmetic(
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

    fn case(
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

    fn call(
        &mut self,
        name: &str,
        arguments: &[Node],
        spot: Spot,
    ) -> Result<(String, Type), Refusal> {
        let Some(function) = allowed::find(name) else {
            let title = format!("the function `{name}` is not one that packs may call");
            let width = u32::try_from(name.chars().count()).unwrap_or(1);
            return Err(self
                .text
                .refuse("E0313", Spot { width, ..spot }, title)
                .matters("mapping is pure, works on one row and takes little memory")
                .fix(format!("one of: {}", allowed::names().join(", "))));
        };
        let most = function.takes.len() + function.may_take.len();
        let is_fit = arguments.len() >= function.takes.len()
            && (arguments.len() <= most || function.is_open);
        if !is_fit {
            let title = format!(
                "`{name}` takes {} to {most} arguments, not {}",
                function.takes.len(),
                arguments.len()
            );
            return Err(self.text.refuse("E0318", spot, title).fix(example(name)));
        }
        let was_personal = self.may_be_personal;
        self.may_be_personal |= function.hides_people;
        let compiled = self.arguments(function, arguments);
        self.may_be_personal = was_personal;
        let (mut sql, types) = compiled?;
        self.add_default(function, &mut sql, spot)?;
        let gives = match function.gives {
            Gives::Text => Type::Text,
            Gives::Carried => Type::Carried,
            Gives::Int => Type::Int,
            Gives::Bool => Type::Bool,
            Gives::Same => self.same_kind(types.into_iter(), spot)?,
        };
        let call = format!("{}({})", function.runs, sql.join(", "));
        match (function.gives, function.runs) {
            (Gives::Int, _) => Ok((format!("CAST({call} AS BIGINT)"), gives)),
            (_, "exact_abs" | "exact_round") => {
                let word = if gives == Type::Int {
                    "BIGINT"
                } else {
                    "DECIMAL(38, 10)"
                };
                Ok((format!("TRY_CAST({call} AS {word})"), gives))
            }
            _ => Ok((call, gives)),
        }
    }

    fn arguments(
        &mut self,
        function: &Function,
        arguments: &[Node],
    ) -> Result<(Vec<String>, Vec<Type>), Refusal> {
        let (mut sql, mut types) = (Vec::new(), Vec::new());
        for (place, argument) in arguments.iter().enumerate() {
            let optional = place.saturating_sub(function.takes.len());
            let last = function.may_take.len().saturating_sub(1);
            let takes = function.takes.get(place);
            let takes = takes.or_else(|| function.may_take.get(optional.min(last)));
            let takes = takes.copied().unwrap_or(Takes::Text);
            let (text, found) = self.argument(function, takes, argument)?;
            sql.push(text);
            // The digits of round() say nothing about what it gives.
            if !(function.runs == "exact_round" && place > 0) {
                types.push(found);
            }
        }
        Ok((sql, types))
    }

    fn argument(
        &mut self,
        function: &Function,
        takes: Takes,
        node: &Node,
    ) -> Result<(String, Type), Refusal> {
        match takes {
            Takes::Text => Ok((self.text_of(node)?, Type::Text)),
            Takes::Any => self.node(node),
            Takes::Int => {
                let (sql, found) = self.number(node)?;
                match found {
                    Type::Int if function.runs == "exact_round" => {
                        Ok((format!("CAST({sql} AS VARCHAR)"), found))
                    }
                    Type::Int => Ok((sql, found)),
                    _ => Err(self.mistyped(node.spot, "a whole number", found)),
                }
            }
            Takes::Number => {
                let (sql, found) = self.number(node)?;
                Ok((format!("CAST({sql} AS VARCHAR)"), found))
            }
            Takes::Format | Takes::Zone | Takes::Mark | Takes::Literal => {
                self.setting(takes, node, function.name)
            }
        }
    }

    /// An argument that must be written out, because it is checked once for all rows.
    fn setting(
        &mut self,
        takes: Takes,
        node: &Node,
        name: &str,
    ) -> Result<(String, Type), Refusal> {
        let Kind::Text(text) = &node.kind else {
            let title = format!("this argument of `{name}` must be a text between quotes");
            return Err(self
                .text
                .refuse("E0318", node.spot, title)
                .fix(example(name)));
        };
        let defect = match takes {
            Takes::Format => TimeFormat::compile(text).err(),
            Takes::Zone if Zone::named(text).is_none() => {
                Some(format!("no zone is called '{text}'"))
            }
            Takes::Mark if DecimalMark::parse(text).is_none() => {
                Some("the decimal mark is '.' or ','".to_owned())
            }
            _ => None,
        };
        match defect {
            None => Ok((literal(text), Type::Text)),
            Some(title) => Err(self
                .text
                .refuse("E0318", node.spot, title)
                .matters("every row of the stream would be set aside")
                .fix(example(name))),
        }
    }

    fn add_default(
        &self,
        function: &Function,
        sql: &mut Vec<String>,
        spot: Spot,
    ) -> Result<(), Refusal> {
        match function.default {
            Default::Zone if sql.len() == 2 => sql.push(literal(&self.pack.zone)),
            Default::Currency if sql.len() == 1 => match &self.pack.currency {
                Some(currency) if Currency::parse(currency).is_some() => {
                    sql.push(literal(currency));
                }
                _ => {
                    let title =
                        "this amount has no currency: neither the call nor source.toml names one";
                    return Err(self
                        .text
                        .refuse("E0318", spot, title.to_owned())
                        .matters("amounts of unknown currency are never added")
                        .fix("as_money(column, 'EUR')     or currency = \"EUR\" in source.toml"));
                }
            },
            _ => {}
        }
        Ok(())
    }
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

/// Whether a column of a people stream is sealed: all are but the safe ones.
fn is_personal(stream: &Stream, column: &str) -> bool {
    let is_safe = stream.safe.iter().any(|safe| safe == column);
    !stream.people.is_empty() && !is_safe && !ROW_COLUMNS.contains(&column)
}

fn declares(stream: &Stream, name: &str) -> bool {
    let people = stream.people.iter().map(|person| &person.column);
    let mut all = stream
        .key
        .iter()
        .chain(&stream.safe)
        .chain(&stream.version)
        .chain(people);
    all.any(|column| column.eq_ignore_ascii_case(name))
}

/// The column of this name; letters of another case match where only one column does.
fn named<'c>(columns: &'c [String], name: &str) -> Option<&'c str> {
    if let Some(column) = columns.iter().find(|column| *column == name) {
        return Some(column);
    }
    let mut alike = columns
        .iter()
        .filter(|column| column.eq_ignore_ascii_case(name));
    match (alike.next(), alike.next()) {
        (Some(only), None) => Some(only),
        _ => None,
    }
}

/// Output columns that a kind of fact must have: one of each group.
pub fn needs(kind: FactKind) -> &'static [&'static [&'static str]] {
    match kind {
        FactKind::Rep => &[&["rep"]],
        FactKind::Account => &[&["account"]],
        FactKind::Person => &[&["person"]],
        FactKind::Campaign => &[&["campaign"]],
        FactKind::Asset => &[&["asset"]],
        FactKind::Link => &[&["person"], &["account", "deal", "identity"]],
        FactKind::Touch => &[&["happened"], &["person", "account", "deal"]],
        FactKind::Deal => &[&["deal"]],
        FactKind::Mark => &[&["happened"], &["stage"], &["person", "account", "deal"]],
        FactKind::Assignment => &[
            &["happened"],
            &["person", "account", "deal"],
            &["rep", "queue"],
        ],
        FactKind::Disposition => &[&["happened"], &["person", "account", "deal"], &["verdict"]],
        FactKind::Spend => &[&["happened"], &["amount"]],
        FactKind::Rate => &[
            &["happened"],
            &["from_currency"],
            &["to_currency"],
            &["rate"],
        ],
        FactKind::Target => &[&["amount"]],
    }
}

fn needed_outputs(text: Text<'_>, kind: FactKind, select: &Select) -> Result<(), Refusal> {
    let mut names = BTreeSet::new();
    for output in &select.outputs {
        if !names.insert(output.name.as_str()) {
            let title = format!("two output columns are called `{}`", output.name);
            return Err(text
                .refuse("E0316", output.node.spot, title)
                .fix("… AS another_name"));
        }
    }
    let record: &[&str] = &["_record"];
    for group in std::iter::once(&record).chain(needs(kind)) {
        if !group.iter().any(|name| names.contains(name)) {
            let title = format!(
                "a {} fact needs the output column `{}`",
                kind.word(),
                group.join("` or `")
            );
            let example = match group.first() {
                Some(&"_record") => "SELECT _record, …".to_owned(),
                Some(&"happened") => "as_time(column, 'iso') AS happened     or NULL AS happened, where the source does not say when".to_owned(),
                Some(name) => format!("column AS {name}"),
                None => String::new(),
            };
            return Err(text
                .refuse("E0316", select.from.spot, title)
                .matters("without it nobody can say what the fact is about, or when")
                .fix(example));
        }
    }
    Ok(())
}

fn example(name: &str) -> &'static str {
    match name {
        "as_date" => "as_date(column, '%m/%d/%Y')     or 'iso', and a zone as third argument",
        "as_time" => "as_time(column, 'iso')     or '%d.%m.%Y %H:%M', and a zone as third argument",
        "as_money" => "as_money(column, 'EUR', ',')",
        "as_decimal" => "as_decimal(column, ',')",
        "as_one_of" => "as_one_of(column, 'won|lost')",
        "replace" => "replace(column, 'from', 'to')",
        "split_part" => "split_part(column, '/', 1)",
        _ => "write the arguments between commas, texts in single quotes",
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
