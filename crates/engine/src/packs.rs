//! Rows to facts: a pack's SELECTs over one batch of rows, run by the worker.
//!
//! This module knows what each output column means to a fact and how each row ends; it refuses to
//! know how SELECTs are checked (`select`) and run (`worker`). Every row of a batch ends as
//! exactly one of mapped, ignored by a named rule, or set aside with column and reason.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use handfast_ledger::{ClassifiedRow, Ending, Ledger, TextBatch};
use handfast_model::fact::Origin;
use handfast_model::limits::{WORKER_BYTES, WORKER_SECONDS};
use handfast_model::pack::{Mapping, Pack, Stream};
use handfast_model::parse::{Carried, decode, email_domain, is_blank};
use handfast_model::{
    Decimal, Fact, FactId, FactKind, Instant, Names, PersonId, Place, Refusal, Seq, Sym, Value,
    When,
};

use crate::select::compile::{self, Columns, Compiled};
use crate::select::{Select, read};
use crate::worker::{Death, Reply, Worker};

/// Hashes of what must not be kept in clear.
pub trait Pseudonyms {
    /// The person of a key in a namespace.
    fn person(&self, namespace: &str, key: &str) -> PersonId;
    /// The identity of an e-mail address.
    fn email(&self, address: &str) -> String;
}

impl Pseudonyms for Ledger {
    fn person(&self, namespace: &str, key: &str) -> PersonId {
        self.person_id(namespace, key)
    }

    fn email(&self, address: &str) -> String {
        self.email_identity(address)
    }
}

/// What a batch became.
#[derive(Debug, Default)]
pub struct Mapped {
    /// How each row ended, in batch order.
    pub endings: Vec<Ending>,
    /// The facts, in the order of rows and SELECTs. Their id and our clock are the ledger's to set.
    pub facts: Vec<Fact>,
}

/// The rule under which rows end that no SELECT of their stream takes.
pub const NOT_SELECTED: &str = "not selected";

/// Checks every SELECT and ignore rule of a pack as far as that is possible before its files are
/// seen.
pub fn check(pack: &Pack) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    let open = Columns::new();
    for mapping in &pack.mappings {
        let checked = read::read(&mapping.file, &mapping.sql)
            .and_then(|select| compile::mapping(pack, mapping, &select, &open));
        refusals.extend(checked.err());
    }
    for stream in &pack.streams {
        refusals.extend(compile::ignore_rules(pack, stream, &open).err());
    }
    refusals
}

/// Maps batches of one source with one worker.
pub struct Mapper<'a> {
    exe: PathBuf,
    pack: &'a Pack,
    selects: Vec<Select>,
    columns: Columns,
    reference: BTreeMap<String, RecordBatch>,
    plans: BTreeMap<(String, Vec<String>), Arc<Plan>>,
    worker: Option<Worker>,
    served: usize,
}

/// What runs over batches of one stream with these columns.
struct Plan {
    rules: Option<Compiled>,
    maps: Vec<(usize, Compiled)>,
    reads: BTreeSet<String>,
}

/// A fresh worker after so many batches keeps its processor limit a limit on one import's madness.
const BATCHES_PER_WORKER: usize = 500;

impl<'a> Mapper<'a> {
    /// Checks the pack and readies its reference tables (rows of one stream may come in several
    /// batches; of one key the last row counts). `exe` is this program, which becomes the worker.
    pub fn start(
        exe: &Path,
        pack: &'a Pack,
        reference: &[TextBatch],
    ) -> Result<Mapper<'a>, Refusal> {
        if let Some(refusal) = check(pack).into_iter().next() {
            return Err(refusal);
        }
        let selects = pack.mappings.iter().map(|m| read::read(&m.file, &m.sql));
        let mut mapper = Mapper {
            exe: exe.to_owned(),
            pack,
            selects: selects.collect::<Result<_, _>>()?,
            columns: Columns::new(),
            reference: BTreeMap::new(),
            plans: BTreeMap::new(),
            worker: None,
            served: 0,
        };
        for stream in pack.streams.iter().filter(|stream| stream.is_reference) {
            let batches: Vec<&TextBatch> = reference
                .iter()
                .filter(|batch| batch.stream == stream.name)
                .collect();
            if let Some((columns, table)) = reference_table(stream, &batches)? {
                mapper.columns.insert(stream.name.clone(), columns);
                mapper.reference.insert(stream.name.clone(), table);
            }
        }
        Ok(mapper)
    }

    /// Maps rows of one stream. `rows` says which record each is; texts of facts go to `names`.
    pub fn map(
        &mut self,
        batch: &TextBatch,
        rows: &[ClassifiedRow],
        pseudonyms: &dyn Pseudonyms,
        names: &mut Names,
    ) -> Result<Mapped, Refusal> {
        if batch.rows() == 0 {
            return Ok(Mapped::default());
        }
        let pack = self.pack;
        let stream = pack
            .streams
            .iter()
            .find(|stream| stream.name == batch.stream);
        let stream = stream.ok_or_else(|| confused("a batch of an unknown stream"))?;
        let plan = self.plan(stream, batch)?;
        let table = driving_table(stream, &plan.reads, batch)?;
        self.give(&stream.name, &table)?;
        let mut sheet = Sheet::new(pack, stream, batch, rows, pseudonyms, names);
        if let Some(rules) = &plan.rules {
            let what = format!("the ignore rules of stream `{}`", stream.name);
            let place = place_of("source.toml");
            for reply in self.run(&what, place, &rules.sql)? {
                sheet.take_rules(&reply)?;
            }
        }
        for (number, compiled) in &plan.maps {
            let Some(mapping) = pack.mappings.get(*number) else {
                continue;
            };
            let what = format!("the SELECT in `{}`", mapping.file);
            let replies = self.run(&what, place_of(&mapping.file), &compiled.sql)?;
            sheet.take_facts(mapping, *number, compiled, &replies)?;
        }
        Ok(sheet.finish())
    }

    fn plan(&mut self, stream: &Stream, batch: &TextBatch) -> Result<Arc<Plan>, Refusal> {
        let name = (stream.name.clone(), batch.columns.to_vec());
        if let Some(plan) = self.plans.get(&name) {
            return Ok(Arc::clone(plan));
        }
        self.columns.insert(name.0.clone(), name.1.clone());
        let rules = compile::ignore_rules(self.pack, stream, &self.columns)?;
        let mut reads = rules
            .as_ref()
            .map(|rules| rules.reads.clone())
            .unwrap_or_default();
        let mut maps = Vec::new();
        for (number, (mapping, select)) in self.pack.mappings.iter().zip(&self.selects).enumerate()
        {
            if mapping.stream == stream.name {
                let compiled = compile::mapping(self.pack, mapping, select, &self.columns)?;
                compile::merge(&mut reads, compiled.reads.clone());
                maps.push((number, compiled));
            }
        }
        self.add_empty_references(&reads)?;
        let reads = reads.remove(&stream.name).unwrap_or_default();
        let plan = Arc::new(Plan { rules, maps, reads });
        self.plans.insert(name, Arc::clone(&plan));
        Ok(plan)
    }

    /// A reference stream that no file has come for yet is an empty table of the columns read.
    fn add_empty_references(
        &mut self,
        reads: &BTreeMap<String, BTreeSet<String>>,
    ) -> Result<(), Refusal> {
        for stream in self
            .pack
            .streams
            .iter()
            .filter(|stream| stream.is_reference)
        {
            let Some(read) = reads.get(&stream.name) else {
                continue;
            };
            let is_known = self.columns.contains_key(&stream.name);
            let empty =
                |name: &String| (name.clone(), Arc::new(StringArray::new_null(0)) as ArrayRef);
            if !is_known {
                let columns = read.iter().map(empty).collect();
                self.reference
                    .insert(stream.name.clone(), text_table(columns)?);
                // The worker that runs does not have it.
                self.worker = None;
            }
        }
        Ok(())
    }

    fn give(&mut self, stream: &str, table: &RecordBatch) -> Result<(), Refusal> {
        self.served += 1;
        if self.served.is_multiple_of(BATCHES_PER_WORKER) {
            self.worker = None;
        }
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => self.started().map_err(|death| started(&death))?,
        };
        let given = worker.give_table(stream, table);
        given.map_err(|death| {
            let what = format!("reading rows of stream `{stream}`");
            died(&what, place_of("source.toml"), &death)
        })?;
        self.worker = Some(worker);
        Ok(())
    }

    /// A worker that has answered once and holds the reference tables.
    fn started(&self) -> Result<Worker, Death> {
        let mut worker = Worker::start(&self.exe)?;
        worker.greet()?;
        for (name, table) in &self.reference {
            worker.give_table(name, table)?;
        }
        Ok(worker)
    }

    fn run(&mut self, what: &str, place: Place, sql: &str) -> Result<Vec<RecordBatch>, Refusal> {
        let worker = self.worker.as_mut().ok_or_else(|| confused("no worker"))?;
        match worker.run(sql) {
            Ok(Reply::Rows(batches)) => Ok(batches),
            Ok(Reply::Failed(message)) => {
                let first: String = message
                    .lines()
                    .next()
                    .unwrap_or("")
                    .chars()
                    .take(300)
                    .collect();
                Err(
                    Refusal::new("E0323", format!("{what} cannot be run: {first}"))
                        .at(place)
                        .matters(NOTHING_KEPT)
                        .fix("write the expression in another way, or in two output columns"),
                )
            }
            Err(death) => {
                self.worker = None;
                Err(died(what, place, &death))
            }
        }
    }
}

const NOTHING_KEPT: &str = "no row of this batch was mapped; what was committed before stays";

fn place_of(file: &str) -> Place {
    Place {
        file: file.to_owned(),
        line: 0,
        column: 0,
        width: 0,
        excerpt: String::new(),
    }
}

fn confused(what: &str) -> Refusal {
    Refusal::new(
        "E0324",
        format!("the mapping worker and its parent disagree: {what}"),
    )
    .matters(NOTHING_KEPT)
    .fix("import again; if it stays so, report it with the version of Handfast")
}

fn started(death: &Death) -> Refusal {
    let why = match death {
        Death::NotStarted(why) | Death::Broke(why) => why.as_str(),
        Death::TooSlow => "it does not answer",
        Death::Babbled => "it is another program",
    };
    Refusal::new(
        "E0320",
        format!("the mapping worker cannot be started: {why}"),
    )
    .matters("mappings only run in a process of their own, so nothing was imported")
    .fix("check that this program's file can be run and that memory is free")
}

fn died(what: &str, place: Place, death: &Death) -> Refusal {
    let (code, why) = match death {
        Death::TooSlow => (
            "E0322",
            format!("took longer than {WORKER_SECONDS} seconds for one batch"),
        ),
        Death::Babbled => ("E0324", "gave more than a mapping can give".to_owned()),
        Death::NotStarted(why) | Death::Broke(why) => (
            "E0321",
            format!(
                "ended its worker: {why} (it may use {} MiB)",
                WORKER_BYTES >> 20
            ),
        ),
    };
    Refusal::new(code, format!("{what} {why}"))
        .at(place)
        .matters(NOTHING_KEPT)
        .fix("make its expressions smaller: nested replace() and concat() multiply their text")
}

fn arrow_failed(error: &datafusion::arrow::error::ArrowError) -> Refusal {
    confused(&error.to_string())
}

fn text_table(columns: Vec<(String, ArrayRef)>) -> Result<RecordBatch, Refusal> {
    let fields = columns
        .iter()
        .map(|(name, _)| Field::new(name, DataType::Utf8, true));
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let rows = columns.first().map_or(0, |(_, array)| array.len());
    let options = datafusion::arrow::array::RecordBatchOptions::new().with_row_count(Some(rows));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new_with_options(schema, arrays, &options)
        .map_err(|error| arrow_failed(&error))
}

/// The rows as the SELECTs see them: only the columns they read, nothing given as NULL.
fn driving_table(
    stream: &Stream,
    reads: &BTreeSet<String>,
    batch: &TextBatch,
) -> Result<RecordBatch, Refusal> {
    let rows = batch.rows();
    let numbers = StringArray::from_iter_values((0..rows).map(|row| row.to_string()));
    let lines = StringArray::from_iter_values(batch.lines.iter().map(u32::to_string));
    let files = StringArray::from_iter_values((0..rows).map(|_| batch.file.as_str()));
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("_record".into(), Arc::new(numbers)),
        ("_line".into(), Arc::new(lines)),
        ("_file".into(), Arc::new(files)),
    ];
    for name in reads {
        let cells = batch.column(name).and_then(|place| batch.cells.get(place));
        let cells = cells.ok_or_else(|| confused("a column went missing"))?;
        columns.push((name.clone(), Arc::new(given(cells, &stream.format.nulls))));
    }
    text_table(columns)
}

/// Texts that mean "nothing given" become NULL.
fn given(cells: &StringArray, nulls: &[String]) -> StringArray {
    let is_null = |text: &str| text.is_empty() || nulls.iter().any(|null| null == text);
    let mut out = StringBuilder::with_capacity(cells.len(), cells.value_data().len());
    for cell in cells {
        out.append_option(cell.filter(|text| !is_null(text)));
    }
    out.finish()
}

/// All rows of a reference stream, the last of each key. `None` when none has come yet.
fn reference_table(
    stream: &Stream,
    batches: &[&TextBatch],
) -> Result<Option<(Vec<String>, RecordBatch)>, Refusal> {
    let mut columns: Vec<String> = Vec::new();
    for name in batches.iter().flat_map(|batch| batch.columns.iter()) {
        if !columns.contains(name) {
            columns.push(name.clone());
        }
    }
    if columns.is_empty() {
        return Ok(None);
    }
    let mut latest: BTreeMap<Vec<&str>, (usize, usize)> = BTreeMap::new();
    for (number, batch) in batches.iter().enumerate() {
        let keys: Vec<Option<&StringArray>> =
            stream.key.iter().map(|key| column_of(batch, key)).collect();
        for row in 0..batch.rows() {
            let key = keys
                .iter()
                .map(|cells| cells.map_or("", |cells| cell(cells, row)));
            latest.insert(key.collect(), (number, row));
        }
    }
    let mut kept: Vec<(usize, usize)> = latest.into_values().collect();
    kept.sort_unstable();
    let table = columns.iter().map(|name| {
        let cells: Vec<Option<&StringArray>> =
            batches.iter().map(|batch| column_of(batch, name)).collect();
        let texts = kept.iter().map(|(batch, row)| {
            let cells = cells.get(*batch).copied().flatten();
            cells.map_or("", |cells| cell(cells, *row))
        });
        let array = given(&StringArray::from_iter_values(texts), &stream.format.nulls);
        (name.clone(), Arc::new(array) as ArrayRef)
    });
    let table = text_table(table.collect())?;
    Ok(Some((columns, table)))
}

fn column_of<'b>(batch: &'b TextBatch, name: &str) -> Option<&'b StringArray> {
    batch.column(name).and_then(|place| batch.cells.get(place))
}

fn cell(cells: &StringArray, row: usize) -> &str {
    if cells.is_null(row) {
        ""
    } else {
        cells.value(row)
    }
}

/// How a row stands while its SELECTs come in.
#[derive(Clone)]
enum Standing {
    Open,
    Ignored(usize),
    SetAside(String, String),
    Mapped,
}

/// Gathers what the SELECTs gave for one batch.
struct Sheet<'a> {
    pack: &'a Pack,
    stream: &'a Stream,
    batch: &'a TextBatch,
    rows: &'a [ClassifiedRow],
    pseudonyms: &'a dyn Pseudonyms,
    names: &'a mut Names,
    standing: Vec<Standing>,
    facts: Vec<(usize, Fact)>,
}

impl<'a> Sheet<'a> {
    fn new(
        pack: &'a Pack,
        stream: &'a Stream,
        batch: &'a TextBatch,
        rows: &'a [ClassifiedRow],
        pseudonyms: &'a dyn Pseudonyms,
        names: &'a mut Names,
    ) -> Sheet<'a> {
        Sheet {
            pack,
            stream,
            batch,
            rows,
            pseudonyms,
            names,
            standing: vec![Standing::Open; batch.rows()],
            facts: Vec::new(),
        }
    }

    fn take_rules(&mut self, reply: &RecordBatch) -> Result<(), Refusal> {
        let (records, rules) = (texts(reply, 0)?, texts(reply, 1)?);
        for (record, rule) in records.iter().zip(rules) {
            let Some(rule) = rule.and_then(|rule| rule.parse().ok()) else {
                continue;
            };
            let row = record.and_then(|record| record.parse::<usize>().ok());
            let standing = row.and_then(|row| self.standing.get_mut(row));
            *standing.ok_or_else(|| confused("a row that was not asked about"))? =
                Standing::Ignored(rule);
        }
        Ok(())
    }

    fn take_facts(
        &mut self,
        mapping: &Mapping,
        number: usize,
        compiled: &Compiled,
        replies: &[RecordBatch],
    ) -> Result<(), Refusal> {
        let drawing = Drawing::new(self, mapping, number, compiled);
        let mut is_seen = vec![false; self.standing.len()];
        for reply in replies {
            let columns = (0..reply.num_columns()).map(|place| texts(reply, place));
            let columns = columns.collect::<Result<Vec<_>, _>>()?;
            if columns.len() != compiled.outputs.len() {
                return Err(confused("other columns than were asked for"));
            }
            for place in 0..reply.num_rows() {
                let row = drawing.record(&columns, place);
                let seen = row.and_then(|row| is_seen.get_mut(row));
                let (Some(row), Some(seen)) = (row, seen) else {
                    return Err(confused("a row that was not asked about"));
                };
                if std::mem::replace(seen, true) {
                    return Err(multiplied(mapping));
                }
                if matches!(self.standing.get(row), Some(Standing::Ignored(_))) {
                    continue;
                }
                let drawn = drawing.draw(self, row, &columns, place);
                self.stand(row, drawn);
            }
        }
        Ok(())
    }

    fn stand(&mut self, row: usize, drawn: Result<Fact, Defect>) {
        let Some(standing) = self.standing.get_mut(row) else {
            return;
        };
        match drawn {
            // The first defect of a row is the one that is shown.
            Err(_) if matches!(standing, Standing::SetAside(..)) => {}
            Err(defect) => *standing = Standing::SetAside(defect.column, defect.reason),
            Ok(fact) => {
                if matches!(standing, Standing::Open) {
                    *standing = Standing::Mapped;
                }
                self.facts.push((row, fact));
            }
        }
    }

    fn finish(mut self) -> Mapped {
        let standing = &self.standing;
        self.facts
            .retain(|(row, _)| matches!(standing.get(*row), Some(Standing::Mapped)));
        // Stable: facts of one row stay in the order of SELECTs.
        self.facts.sort_by_key(|(row, _)| *row);
        let rules = &self.stream.ignore;
        let endings = self.standing.into_iter().map(|standing| match standing {
            Standing::Open => Ending::Ignored {
                rule: NOT_SELECTED.to_owned(),
            },
            Standing::Ignored(rule) => Ending::Ignored {
                rule: rules
                    .get(rule)
                    .map_or_else(String::new, |rule| rule.name.clone()),
            },
            Standing::SetAside(column, reason) => Ending::SetAside { column, reason },
            Standing::Mapped => Ending::Mapped,
        });
        Mapped {
            endings: endings.collect(),
            facts: self.facts.into_iter().map(|(_, fact)| fact).collect(),
        }
    }
}

fn multiplied(mapping: &Mapping) -> Refusal {
    let title = format!(
        "the SELECT in `{}` gives more than one row for a row",
        mapping.file
    );
    Refusal::new("E0324", title)
        .at(place_of(&mapping.file))
        .matters(NOTHING_KEPT)
        .fix("join reference streams by their whole key, which names one row")
}

fn texts(reply: &RecordBatch, place: usize) -> Result<&StringArray, Refusal> {
    let column = reply.columns().get(place);
    let texts = column.and_then(|column| column.as_any().downcast_ref::<StringArray>());
    texts.ok_or_else(|| confused("a column that is no text"))
}

/// Why a row gives no fact.
struct Defect {
    column: String,
    reason: String,
}

fn defect(column: &str, reason: &str) -> Defect {
    Defect {
        column: column.to_owned(),
        reason: reason.to_owned(),
    }
}

/// What an output column is to a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Record,
    Happened,
    Assumed,
    Person,
    Namespace,
    Email,
    Account,
    Deal,
    Campaign,
    Rep,
    Attribute(Sym),
}

/// Draws facts of one SELECT.
struct Drawing {
    kind: FactKind,
    ordinal: u16,
    namespace: String,
    roles: Vec<(String, Role)>,
    source: Sym,
    stream: Sym,
    file: Sym,
    identity: Sym,
    domain: Sym,
}

impl Drawing {
    fn new(
        sheet: &mut Sheet<'_>,
        mapping: &Mapping,
        number: usize,
        compiled: &Compiled,
    ) -> Drawing {
        // The SELECT's place among those of its stream: the same whichever of them take the row.
        let before = sheet.pack.mappings.iter().take(number);
        let ordinal = before
            .filter(|other| other.stream == mapping.stream)
            .count();
        let roles = compiled.outputs.iter().map(|name| {
            let role = match name.as_str() {
                "_record" => Role::Record,
                "happened" => Role::Happened,
                "assumed" => Role::Assumed,
                "person" => Role::Person,
                "person_namespace" => Role::Namespace,
                "email" => Role::Email,
                "account" => Role::Account,
                "deal" => Role::Deal,
                "campaign" => Role::Campaign,
                "rep" => Role::Rep,
                other => Role::Attribute(sheet.names.intern(other)),
            };
            (name.clone(), role)
        });
        let roles = roles.collect();
        Drawing {
            kind: mapping.kind,
            ordinal: u16::try_from(ordinal).unwrap_or(u16::MAX),
            namespace: compiled.namespace.clone(),
            roles,
            source: sheet.names.intern(&sheet.pack.source),
            stream: sheet.names.intern(&sheet.stream.name),
            file: sheet.names.intern(&sheet.batch.file),
            identity: sheet.names.intern("identity"),
            domain: sheet.names.intern("email_domain"),
        }
    }

    fn record(&self, columns: &[&StringArray], place: usize) -> Option<usize> {
        let column = self
            .roles
            .iter()
            .position(|(_, role)| *role == Role::Record)?;
        columns.get(column)?.value(place).parse().ok()
    }

    fn draw(
        &self,
        sheet: &mut Sheet<'_>,
        row: usize,
        columns: &[&StringArray],
        place: usize,
    ) -> Result<Fact, Defect> {
        let mut fact = self
            .blank(sheet, row)
            .ok_or_else(|| defect("", "a row without a record"))?;
        let mut attributes: Vec<(Sym, Value)> = Vec::with_capacity(self.roles.len());
        let (mut person, mut namespace, mut email) = (None, None, None);
        for ((name, role), cells) in self.roles.iter().zip(columns) {
            let text = cell(cells, place);
            if is_blank(text) {
                continue;
            }
            let carried = decode(text);
            if let Carried::Issue { reason, .. } = carried {
                return Err(defect(name, reason));
            }
            match role {
                Role::Record => {}
                Role::Happened => {
                    fact.happened =
                        when(&carried).ok_or_else(|| defect(name, "not a date or time"))?
                }
                Role::Assumed => fact.is_assumed = matches!(carried, Carried::Bool(true)),
                Role::Person => person = Some(key_text(&carried)),
                Role::Namespace => namespace = Some(key_text(&carried)),
                Role::Email => email = Some(key_text(&carried)),
                Role::Account => fact.account = Some(sheet.names.intern(&key_text(&carried))),
                Role::Deal => fact.deal = Some(sheet.names.intern(&key_text(&carried))),
                Role::Campaign => fact.campaign = Some(sheet.names.intern(&key_text(&carried))),
                Role::Rep => fact.rep = Some(sheet.names.intern(&key_text(&carried))),
                Role::Attribute(name) => attributes.push((*name, value(carried, sheet.names))),
            }
        }
        if let Some(key) = person {
            let namespace = namespace.as_deref().unwrap_or(&self.namespace);
            fact.person = Some(sheet.pseudonyms.person(namespace, &key));
        }
        if let Some(address) = email {
            self.add_email(sheet, &address, &mut attributes);
        }
        fact.attributes = attributes.into_boxed_slice();
        self.needs(&fact, sheet.names)?;
        Ok(fact)
    }

    fn blank(&self, sheet: &Sheet<'_>, row: usize) -> Option<Fact> {
        let record = sheet.rows.get(row)?;
        Some(Fact {
            id: FactId(0),
            kind: self.kind,
            happened: When::Unknown,
            is_assumed: false,
            seq: Seq(0),
            recorded_at: Instant(0),
            origin: Origin {
                source: self.source,
                stream: self.stream,
                key: record.key,
                version: record.version,
                ordinal: self.ordinal,
                file: self.file,
                line: sheet.batch.lines.get(row).copied().unwrap_or(0),
            },
            person: None,
            account: None,
            deal: None,
            campaign: None,
            rep: None,
            attributes: Box::default(),
        })
    }

    fn add_email(&self, sheet: &mut Sheet<'_>, address: &str, attributes: &mut Vec<(Sym, Value)>) {
        let identity = sheet.pseudonyms.email(address);
        let identity = sheet.names.intern(&identity);
        attributes.push((self.identity, Value::Text(identity)));
        let has_domain = attributes.iter().any(|(name, _)| *name == self.domain);
        if let Some(domain) = email_domain(address).filter(|_| !has_domain) {
            let domain = sheet.names.intern(&domain);
            attributes.push((self.domain, Value::Text(domain)));
        }
    }

    /// A fact that names nobody and nothing is none: the row is set aside, not silently dropped.
    fn needs(&self, fact: &Fact, names: &Names) -> Result<(), Defect> {
        for group in compile::needs(self.kind) {
            let is_given = group.iter().any(|name| match *name {
                "happened" => true,
                "person" => fact.person.is_some(),
                "account" => fact.account.is_some(),
                "deal" => fact.deal.is_some(),
                "campaign" => fact.campaign.is_some(),
                "rep" => fact.rep.is_some(),
                other => names
                    .find(other)
                    .is_some_and(|name| fact.attribute(name).is_some()),
            });
            if !is_given {
                return Err(defect(
                    group.first().unwrap_or(&""),
                    "nothing given where the fact needs it",
                ));
            }
        }
        Ok(())
    }
}

fn when(carried: &Carried<'_>) -> Option<When> {
    match carried {
        Carried::Day(day) => Some(When::Day(*day)),
        Carried::At(at) => Some(When::At(*at)),
        _ => None,
    }
}

/// The text of a key, however it was parsed.
fn key_text(carried: &Carried<'_>) -> String {
    match carried {
        Carried::Text(text) => text.trim().to_owned(),
        Carried::Int(int) => int.to_string(),
        Carried::Decimal(decimal) => without_zeros(*decimal).to_string(),
        Carried::Bool(yes) => yes.to_string(),
        Carried::Day(day) => day.to_string(),
        Carried::At(at) => at.to_string(),
        Carried::Money(money) => money.to_string(),
        Carried::Issue { .. } => String::new(),
    }
}

fn value(carried: Carried<'_>, names: &mut Names) -> Value {
    match carried {
        Carried::Text(text) => Value::Text(names.intern(text)),
        Carried::Int(int) => Value::Int(int),
        Carried::Decimal(decimal) => Value::Decimal(without_zeros(decimal)),
        Carried::Bool(yes) => Value::Bool(yes),
        Carried::Day(day) => Value::Day(day),
        Carried::At(at) => Value::At(at),
        Carried::Money(money) => Value::Money(money),
        Carried::Issue { reason, .. } => Value::Text(names.intern(reason)),
    }
}

/// One number has one form, however many digits its column was computed with.
fn without_zeros(mut decimal: Decimal) -> Decimal {
    while decimal.scale > 0 && decimal.units % 10 == 0 {
        decimal.units /= 10;
        decimal.scale -= 1;
    }
    decimal
}
