//! Rows to facts: a pack's SELECTs over one batch of rows, run by the worker.
//!
//! This module knows what each output column means to a fact and how each row ends; it refuses to
//! know how SELECTs are checked (`select`) and run (`worker`). Every row of a batch ends as
//! exactly one of mapped, ignored by a named rule, or set aside with column and reason. Read on in
//! `sheet` (how rows end) and `draw` (what a column means to a fact).

mod draw;
mod sheet;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, StringArray, StringBuilder};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use handfast_ledger::{ClassifiedRow, Ending, Ledger, TextBatch};
use handfast_model::limits::{WORKER_BYTES, WORKER_SECONDS};
use handfast_model::pack::{Pack, Stream};
use handfast_model::{Fact, Names, PersonId, Place, Refusal};

use self::sheet::{Sheet, Standing};
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

/// Why rows are set aside that no SELECT of their stream takes and no rule ignores.
pub const UNMAPPED: &str = "unmapped";

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

/// The columns that the SELECTs and rules of a pack read, by stream.
pub fn reads(pack: &Pack) -> Result<BTreeMap<String, BTreeSet<String>>, Refusal> {
    let open = Columns::new();
    let mut all = BTreeMap::new();
    for mapping in &pack.mappings {
        let select = read::read(&mapping.file, &mapping.sql)?;
        compile::merge(
            &mut all,
            compile::mapping(pack, mapping, &select, &open)?.reads,
        );
    }
    for stream in &pack.streams {
        if let Some(rules) = compile::ignore_rules(pack, stream, &open)? {
            compile::merge(&mut all, rules.reads);
        }
    }
    Ok(all)
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
        let mut sheet = Sheet {
            pack,
            stream,
            batch,
            rows,
            pseudonyms,
            names,
            standing: vec![Standing::Open; batch.rows()],
            facts: Vec::new(),
        };
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

    /// A reference stream that no file has come for yet is an empty table of the columns that any
    /// plan has read so far.
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
            let empty = |name: String| (name, Arc::new(StringArray::new_null(0)) as ArrayRef);
            if !is_known {
                let mut read = read.clone();
                if let Some(before) = self.reference.get(&stream.name) {
                    let fields = before.schema();
                    read.extend(fields.fields().iter().map(|field| field.name().clone()));
                }
                let columns = read.into_iter().map(empty).collect();
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
    let lines = batch.lines.iter().map(|line| *line as usize);
    let files = StringArray::new_repeated(&batch.file, rows);
    let mut columns: Vec<(String, ArrayRef)> = vec![
        ("_record".into(), Arc::new(numbers(0..rows))),
        ("_line".into(), Arc::new(numbers(lines))),
        ("_file".into(), Arc::new(files)),
    ];
    for name in reads {
        let cells = batch.column(name).and_then(|place| batch.cells.get(place));
        let cells = cells.ok_or_else(|| confused("a column went missing"))?;
        columns.push((name.clone(), Arc::new(given(cells, &stream.format.nulls))));
    }
    text_table(columns)
}

fn numbers(numbers: impl ExactSizeIterator<Item = usize>) -> StringArray {
    let mut texts = StringBuilder::with_capacity(numbers.len(), 8 * numbers.len());
    for number in numbers {
        // Writing to memory cannot fail.
        let _ = write!(texts, "{number}");
        texts.append_value("");
    }
    texts.finish()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_death_has_its_code() {
        let code = |death: &Death| died("the SELECT", place_of("deals.deal.sql"), death).code;
        assert_eq!(code(&Death::Broke("it ran out of memory".into())), "E0321");
        assert_eq!(code(&Death::TooSlow), "E0322");
        assert_eq!(code(&Death::Babbled), "E0324");
    }
}
