//! From the tree to the only SQL that the worker runs.
//!
//! Resolves every name against the streams, checks types, keys of joins and personal columns, and
//! prints quoted, fully bracketed SQL. A cast to a number gives NULL where the text is none, and
//! division by zero gives NULL, so that one odd row never stops a batch.

mod calls;
mod names;
mod values;

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::pack::{Mapping, Pack, Stream};
use handfast_model::{FactKind, Refusal};

use super::{Kind, Node, Output, Select, Spot, Table, Type};

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
    /// Whose keys the `same_person` column holds: those of its own column, else as `person`.
    pub same_namespace: String,
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
    let namespace = compiler.namespace.unwrap_or_else(|| pack.source.clone());
    Ok(Compiled {
        sql,
        outputs: names,
        reads: compiler.reads,
        same_namespace: compiler.same_namespace.unwrap_or_else(|| namespace.clone()),
        namespace,
    })
}

/// What stands for `deletes` where other rules have their number.
pub const DELETES: &str = "deletes";

/// Compiles a stream's `deletes` and `ignore` rules to one SELECT of `_record` and the first that
/// holds, by number. `None` for a stream without rules. A deletion comes first: a row that is
/// ignored for another reason deletes its record all the same.
pub fn ignore_rules(
    pack: &Pack,
    stream: &Stream,
    columns: &Columns,
) -> Result<Option<Compiled>, Refusal> {
    let mut reads = BTreeMap::new();
    let mut arms = String::new();
    let deletes = stream.deletes.iter().map(|when| {
        let file = format!("source.toml, `deletes` of stream `{}`", stream.name);
        (DELETES.to_owned(), file, when)
    });
    let ignore = stream.ignore.iter().enumerate().map(|(number, rule)| {
        let file = format!("source.toml, ignore rule `{}`", rule.name);
        (number.to_string(), file, &rule.when)
    });
    for (number, file, when) in deletes.chain(ignore) {
        let node = super::read::read_condition(&file, when)?;
        let text = Text {
            file: &file,
            sql: when,
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
        same_namespace: pack.source.clone(),
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
    same_namespace: Option<String>,
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
            same_namespace: None,
        }
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
        self.may_be_personal = matches!(output.name.as_str(), "person" | "same_person" | "email");
        match output.name.as_str() {
            "person" => self.namespace = self.person_namespace(&output.node)?,
            "same_person" => self.same_namespace = self.person_namespace(&output.node)?,
            _ => {}
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
}

/// Output columns that a kind of fact must have: one of each group.
pub fn needs(kind: FactKind) -> &'static [&'static [&'static str]] {
    match kind {
        FactKind::Rep => &[&["rep"]],
        FactKind::Account => &[&["account"]],
        FactKind::Person => &[&["person"]],
        FactKind::Campaign => &[&["campaign"]],
        FactKind::Asset => &[&["asset"]],
        // person and account, deal, e-mail or same person; or account and same account.
        FactKind::Link => &[
            &["person", "account"],
            &["person", "same_account"],
            &["account", "deal", "same_person", "email"],
        ],
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
        // Money, or how many.
        FactKind::Target => &[&["amount", "count"]],
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
                Some(&"happened") => NO_TIME.to_owned(),
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

const NO_TIME: &str = "as_time(column, 'iso') AS happened\n\
    or NULL AS happened, where the source does not say when";

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
