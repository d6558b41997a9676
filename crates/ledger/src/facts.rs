//! Facts as columns, and back. Reading interns each distinct text once per dictionary, so a million
//! facts cost no more text work than their distinct texts.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, FixedSizeBinaryArray, Int64Array,
    RecordBatch, StringArray, StringBuilder, UInt16Array, UInt32Array,
};
use arrow::datatypes::{
    DataType, Date32Type, Int32Type, Int64Type, Schema, SchemaRef, TimestampMicrosecondType,
    UInt16Type, UInt32Type,
};
use arrow::error::ArrowError;
use handfast_model::fact::{self, Attributes, Origin};
use handfast_model::{
    Day, Fact, FactId, FactKind, Instant, Names, PersonId, RecordKey, Refusal, Seq, Sym, When,
};

use crate::attributes;
use crate::keys::FactNamer;
use crate::refuse;
use crate::scan::Sift;
use crate::table::{self, Table};

/// Hands on the columns of facts, a stretch of them after the other.
pub(crate) fn each_columns(
    facts: &[Fact],
    names: &Names,
    each: &mut dyn FnMut(Vec<ArrayRef>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    facts.chunks(STRETCH).try_for_each(|stretch| {
        let columns = columns(stretch, names);
        each(columns.map_err(|error| refuse::uneven(error.to_string()))?)
    })
}

/// Facts of one stretch.
const STRETCH: usize = if cfg!(test) { 1_000 } else { 1 << 16 };

/// The columns of facts, without the commit's clock. The facts' names are computed here and
/// nowhere else, so no caller can give two facts one name.
fn columns(facts: &[Fact], names: &Names) -> Result<Vec<ArrayRef>, ArrowError> {
    let text = |of: fn(&Fact) -> Sym| texts(facts, |fact| Some(of(fact)), |sym| names.text(sym));
    let maybe = |of: fn(&Fact) -> Option<Sym>| texts(facts, of, |sym| names.text(sym));
    let day = |fact: &Fact| match fact.happened {
        When::Day(day) => Some(day.0),
        When::Unknown | When::At(_) => None,
    };
    let instant = |fact: &Fact| match fact.happened {
        When::At(at) => Some(at.0),
        When::Unknown | When::Day(_) => None,
    };
    Ok(vec![
        table::hashes(ids(facts, names))?,
        texts(facts, |fact| Some(fact.kind), FactKind::word),
        Arc::new(Date32Array::from_iter(facts.iter().map(day))),
        table::instants(facts.iter().map(instant).collect()),
        Arc::new(BooleanArray::from_iter(
            facts.iter().map(|fact| Some(fact.is_assumed)),
        )),
        text(|fact| fact.origin.source),
        text(|fact| fact.origin.stream),
        table::hashes(facts.iter().map(|fact| Some(fact.origin.key.0)))?,
        Arc::new(Int64Array::from_iter_values(
            facts.iter().map(|fact| fact.origin.version),
        )),
        Arc::new(UInt16Array::from_iter_values(
            facts.iter().map(|fact| fact.origin.ordinal),
        )),
        text(|fact| fact.origin.file),
        Arc::new(UInt32Array::from_iter_values(
            facts.iter().map(|fact| fact.origin.line),
        )),
        table::hashes(facts.iter().map(|fact| fact.person.map(|person| person.0)))?,
        maybe(|fact| fact.account),
        maybe(|fact| fact.deal),
        maybe(|fact| fact.campaign),
        maybe(|fact| fact.rep),
        attributes_of(facts, names),
    ])
}

/// A column of one text per fact, of which mostly all are the same.
fn texts<'n, T: Copy + PartialEq>(
    facts: &[Fact],
    of: impl Fn(&Fact) -> Option<T>,
    text: impl Fn(T) -> &'n str,
) -> ArrayRef {
    let first = facts.first().and_then(&of);
    if facts.iter().all(|fact| of(fact) == first) {
        return match first {
            Some(value) => table::same(text(value), facts.len()),
            None => Arc::new(StringArray::new_null(facts.len())),
        };
    }
    Arc::new(StringArray::from_iter(
        facts.iter().map(|fact| of(fact).map(&text)),
    ))
}

/// The names of facts. Those of one SELECT differ in their places only.
fn ids<'a>(
    facts: &'a [Fact],
    names: &'a Names,
) -> impl ExactSizeIterator<Item = Option<u128>> + 'a {
    let mut namer = FactNamer::default();
    let mut last = None;
    facts.iter().map(move |fact| {
        let origin = &fact.origin;
        let these = (fact.kind, origin.source, origin.stream);
        if last.replace(these) != Some(these) {
            let (source, stream) = (names.text(origin.source), names.text(origin.stream));
            namer = FactNamer::of([fact.kind.word(), source, stream]);
        }
        Some(namer.name((origin.key.0, origin.version, origin.ordinal)).0)
    })
}

fn attributes_of(facts: &[Fact], names: &Names) -> ArrayRef {
    let mut texts = StringBuilder::with_capacity(facts.len(), 64 * facts.len());
    // By where attributes lie, which facts share that have the same: their text.
    let mut lately = [const { (0, String::new()) }; LATELY];
    for fact in facts {
        let address = fact::address(&fact.attributes);
        let Some((known, text)) = lately.get_mut((address >> 4) % LATELY) else {
            continue;
        };
        if *known != address {
            attributes::write(&fact.attributes, names, text);
            *known = address;
        }
        texts.append_value(text);
    }
    Arc::new(texts.finish())
}

/// Texts of attributes that are kept.
const LATELY: usize = 64;

/// The schema under which text columns are read as dictionaries: most have few distinct values.
pub(crate) fn reading_schema() -> SchemaRef {
    Arc::clone(&READING)
}

/// The columns that say what facts tie together. The others hardly ever repeat a value, so they
/// cost most to read.
pub(crate) const TYING: [&str; 17] = [
    "seq",
    "recorded_at",
    "kind",
    "happened_day",
    "is_assumed",
    "source",
    "stream",
    "key",
    "version",
    "ordinal",
    "file",
    "person",
    "account",
    "deal",
    "campaign",
    "rep",
    "attributes",
];

static READING: LazyLock<SchemaRef> = LazyLock::new(|| {
    let schema = Table::Fact.schema();
    let fields = schema.fields().iter().map(|field| {
        let is_text = field.data_type() == &DataType::Utf8;
        let field = field.as_ref().clone();
        if is_text {
            field.with_data_type(DataType::Dictionary(
                Box::new(DataType::Int32),
                Box::new(DataType::Utf8),
            ))
        } else {
            field
        }
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
});

/// Turns batches of the fact table into facts.
#[derive(Default)]
pub(crate) struct Reader {
    pub names: Names,
    pub facts: Vec<Fact>,
    /// Columns that are not among [`TYING`] may be missing: then facts have no name, line or
    /// instant.
    pub is_tying: bool,
    texts: Texted,
}

/// Attributes by their text: touches have few that differ.
#[derive(Default)]
struct Texted(HashMap<Box<str>, Attributes, foldhash::fast::RandomState>);

/// How many texts are remembered.
const TEXTS_KEPT: usize = 4_096;

impl Texted {
    fn read(&mut self, text: &str, names: &mut Names) -> Option<Attributes> {
        if let Some(known) = self.0.get(text) {
            return Some(known.clone());
        }
        let read = attributes::read(text, names)?;
        if self.0.len() < TEXTS_KEPT {
            self.0.insert(text.into(), read.clone());
        }
        Some(read)
    }
}

impl Reader {
    /// Adds the facts of a batch whose commit counts. The error says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        batch: &RecordBatch,
        counts: &dyn Fn(i64) -> bool,
    ) -> Result<(), &'static str> {
        let view = View::of(batch, self.is_tying, &mut self.names);
        let mut view = view.ok_or(NO_FACTS)?;
        self.facts.reserve(batch.num_rows());
        for row in 0..batch.num_rows() {
            if !counts(view.seq.value(row)) {
                continue;
            }
            let fact = view.fact(row, &mut self.names, &mut self.texts);
            self.facts.push(fact.ok_or(NO_FACT)?);
        }
        Ok(())
    }

    /// The same of those that are wanted. Of facts that are alike but for whom they name, one is
    /// asked about, and the others are made only where it is wanted.
    pub(crate) fn add_wanted(
        &mut self,
        batch: &RecordBatch,
        counts: &dyn Fn(i64) -> bool,
        sift: &Sift<'_>,
    ) -> Result<(), &'static str> {
        let view = View::of(batch, self.is_tying, &mut self.names);
        let mut view = view.ok_or(NO_FACTS)?;
        let mut firsts: HashMap<Alike, usize, foldhash::fast::RandomState> = HashMap::default();
        let (mut asked, mut rows) = (Vec::new(), Vec::with_capacity(batch.num_rows()));
        for row in (0..batch.num_rows()).filter(|row| counts(view.seq.value(*row))) {
            let alike = view.alike(row, &mut self.names);
            let first = match alike {
                Some(alike) => *firsts.entry(alike).or_insert(asked.len()),
                None => asked.len(),
            };
            if first == asked.len() {
                let fact = view.fact(row, &mut self.names, &mut self.texts);
                asked.push(fact.ok_or(NO_FACT)?);
            }
            rows.push((row, first));
        }
        let wanted = sift(&self.names, &asked);
        let mut asked: Vec<Option<Fact>> = asked.into_iter().map(Some).collect();
        for (row, first) in rows {
            if !wanted.get(first).copied().unwrap_or(true) {
                continue;
            }
            let fact = match asked.get_mut(first).and_then(Option::take) {
                Some(fact) => Some(fact),
                None => view.fact(row, &mut self.names, &mut self.texts),
            };
            self.facts.push(fact.ok_or(NO_FACT)?);
        }
        Ok(())
    }
}

/// What is wrong with a batch.
const NO_FACTS: &str = "its columns are not those of facts";
const NO_FACT: &str = "a fact cannot be read";

/// The columns of a batch of facts.
struct View<'a> {
    seq: &'a Int64Array,
    recorded_at: &'a arrow::array::TimestampMicrosecondArray,
    id: Option<&'a FixedSizeBinaryArray>,
    kind: Texts<'a>,
    kinds: Vec<Option<FactKind>>,
    day: &'a Date32Array,
    at: Option<&'a arrow::array::TimestampMicrosecondArray>,
    is_assumed: &'a BooleanArray,
    source: Texts<'a>,
    stream: Texts<'a>,
    key: &'a FixedSizeBinaryArray,
    version: &'a Int64Array,
    ordinal: &'a UInt16Array,
    file: Texts<'a>,
    line: Option<&'a UInt32Array>,
    person: &'a FixedSizeBinaryArray,
    account: Texts<'a>,
    deal: Texts<'a>,
    campaign: Texts<'a>,
    rep: Texts<'a>,
    attributes: Sets<'a>,
}

/// What facts have in common that are alike but for whom they name: their kind, the number of
/// their attributes among those of the batch, and which keys they have.
type Alike = (Sym, i32, [bool; 3]);

impl<'a> View<'a> {
    /// What a fact has in common with others like it, where few sets of attributes are told apart.
    fn alike(&self, row: usize, names: &mut Names) -> Option<Alike> {
        let Sets::Coded(codes, ..) = &self.attributes else {
            return None;
        };
        let has = [
            self.person.is_valid(row),
            self.account.has(row),
            self.deal.has(row),
        ];
        Some((self.kind.sym(row, names)?, codes.value(row), has))
    }

    fn of(batch: &'a RecordBatch, is_tying: bool, names: &mut Names) -> Option<View<'a>> {
        let column = |name: &str| batch.column_by_name(name);
        let other = |name: &str| match column(name) {
            None if is_tying => Some(None),
            found => found.map(Some),
        };
        let mut texts = |name: &str| Texts::of(batch.column_by_name(name)?, names);
        let (source, stream, file) = (texts("source")?, texts("stream")?, texts("file")?);
        let (account, deal) = (texts("account")?, texts("deal")?);
        let (campaign, rep, kind) = (texts("campaign")?, texts("rep")?, texts("kind")?);
        let kinds = (0..names.len()).map(|_| None).collect();
        Some(View {
            seq: column("seq")?.as_primitive_opt::<Int64Type>()?,
            recorded_at: column("recorded_at")?.as_primitive_opt::<TimestampMicrosecondType>()?,
            id: match other("id")? {
                Some(id) => Some(id.as_fixed_size_binary_opt()?),
                None => None,
            },
            kinds: fill_kinds(kinds, names),
            kind,
            day: column("happened_day")?.as_primitive_opt::<Date32Type>()?,
            at: match other("happened_at")? {
                Some(at) => Some(at.as_primitive_opt::<TimestampMicrosecondType>()?),
                None => None,
            },
            is_assumed: column("is_assumed")?.as_boolean_opt()?,
            source,
            stream,
            key: column("key")?.as_fixed_size_binary_opt()?,
            version: column("version")?.as_primitive_opt::<Int64Type>()?,
            ordinal: column("ordinal")?.as_primitive_opt::<UInt16Type>()?,
            file,
            line: match other("line")? {
                Some(line) => Some(line.as_primitive_opt::<UInt32Type>()?),
                None => None,
            },
            person: column("person")?.as_fixed_size_binary_opt()?,
            account,
            deal,
            campaign,
            rep,
            attributes: Sets::of(column("attributes")?)?,
        })
    }

    fn fact(&mut self, row: usize, names: &mut Names, texts: &mut Texted) -> Option<Fact> {
        let kind = self.kind.sym(row, names)?;
        let happened = if self.day.is_valid(row) {
            When::Day(Day(self.day.value(row)))
        } else {
            let at = self.at.filter(|at| at.is_valid(row));
            at.map_or(When::Unknown, |at| When::At(Instant(at.value(row))))
        };
        Some(Fact {
            id: FactId(self.id.map_or(Some(0), |id| hash(id, row))?),
            kind: match self.kinds.get(kind.index()).copied().flatten() {
                Some(kind) => kind,
                None => FactKind::parse(names.text(kind))?,
            },
            happened,
            is_assumed: self.is_assumed.value(row),
            seq: Seq(u64::try_from(self.seq.value(row)).ok()?),
            recorded_at: Instant(self.recorded_at.value(row)),
            origin: Origin {
                source: self.source.sym(row, names)?,
                stream: self.stream.sym(row, names)?,
                key: RecordKey(hash(self.key, row)?),
                version: self.version.value(row),
                ordinal: self.ordinal.value(row),
                file: self.file.sym(row, names)?,
                line: self.line.map_or(0, |line| line.value(row)),
            },
            person: hash(self.person, row).map(PersonId),
            account: self.account.sym(row, names),
            deal: self.deal.sym(row, names),
            campaign: self.campaign.sym(row, names),
            rep: self.rep.sym(row, names),
            attributes: self.attributes.read(row, names, texts)?,
        })
    }
}

/// The kind each symbol stands for, where it is the word of one.
fn fill_kinds(mut kinds: Vec<Option<FactKind>>, names: &Names) -> Vec<Option<FactKind>> {
    for kind in FactKind::ALL {
        let slot = names
            .find(kind.word())
            .and_then(|sym| kinds.get_mut(sym.index()));
        if let Some(slot) = slot {
            *slot = Some(kind);
        }
    }
    kinds
}

fn hash(column: &FixedSizeBinaryArray, row: usize) -> Option<u128> {
    let bytes = column.is_valid(row).then(|| column.value(row))?;
    bytes.try_into().ok().map(u128::from_be_bytes)
}

/// The column of attributes, plain or as a dictionary whose texts are read once.
enum Sets<'a> {
    Plain(&'a StringArray),
    Coded(
        &'a arrow::array::Int32Array,
        &'a StringArray,
        Vec<Option<Attributes>>,
    ),
}

impl<'a> Sets<'a> {
    fn of(column: &'a ArrayRef) -> Option<Sets<'a>> {
        if let Some(plain) = column.as_string_opt::<i32>() {
            return Some(Sets::Plain(plain));
        }
        let coded = column.as_dictionary_opt::<Int32Type>()?;
        let texts = coded.values().as_string_opt::<i32>()?;
        Some(Sets::Coded(coded.keys(), texts, vec![None; texts.len()]))
    }

    fn read(&mut self, row: usize, names: &mut Names, texts: &mut Texted) -> Option<Attributes> {
        match self {
            Sets::Plain(plain) => texts.read(plain.value(row), names),
            Sets::Coded(codes, values, read) => {
                let code = usize::try_from(codes.value(row)).ok()?;
                let known = read.get_mut(code)?;
                if known.is_none() {
                    *known = Some(texts.read(values.value(code), names)?);
                }
                known.clone()
            }
        }
    }
}

/// A text column, plain or as a dictionary whose texts are interned once.
enum Texts<'a> {
    Plain(&'a StringArray),
    Coded(&'a arrow::array::Int32Array, Vec<Sym>),
}

impl<'a> Texts<'a> {
    fn of(column: &'a ArrayRef, names: &mut Names) -> Option<Texts<'a>> {
        if let Some(plain) = column.as_string_opt::<i32>() {
            return Some(Texts::Plain(plain));
        }
        let coded = column.as_dictionary_opt::<Int32Type>()?;
        let texts = coded.values().as_string_opt::<i32>()?;
        let syms = (0..texts.len())
            .map(|at| {
                names.intern(if texts.is_valid(at) {
                    texts.value(at)
                } else {
                    ""
                })
            })
            .collect();
        Some(Texts::Coded(coded.keys(), syms))
    }

    fn has(&self, row: usize) -> bool {
        match self {
            Texts::Plain(texts) => texts.is_valid(row),
            Texts::Coded(codes, _) => codes.is_valid(row),
        }
    }

    fn sym(&self, row: usize, names: &mut Names) -> Option<Sym> {
        match self {
            Texts::Plain(texts) => texts.is_valid(row).then(|| names.intern(texts.value(row))),
            Texts::Coded(codes, syms) => {
                let code = codes.is_valid(row).then(|| codes.value(row))?;
                syms.get(usize::try_from(code).ok()?).copied()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use handfast_model::Value;

    use super::*;

    #[test]
    fn attributes_are_told_once_for_all_facts_that_share_them_and_rightly_for_each() {
        let mut names = Names::default();
        let sets: Vec<Attributes> = (0..5 * LATELY)
            .map(|at| {
                let (name, value) = (names.intern("n"), names.intern(&format!("v{at}")));
                vec![(name, Value::Text(value)); at % 3].into()
            })
            .collect();
        let origin = Origin {
            source: names.intern("s"),
            stream: names.intern("t"),
            key: RecordKey(1),
            version: 1,
            ordinal: 0,
            file: names.intern("f"),
            line: 1,
        };
        let fact = |at: usize| Fact {
            id: FactId(0),
            kind: FactKind::Touch,
            happened: When::Unknown,
            is_assumed: false,
            seq: Seq(0),
            recorded_at: Instant(0),
            origin,
            person: None,
            account: None,
            deal: None,
            campaign: None,
            rep: None,
            attributes: Arc::clone(&sets[at * at % sets.len()]),
        };
        let facts: Vec<Fact> = (0..2_000).map(fact).collect();
        let told = attributes_of(&facts, &names);
        let told = told.as_string::<i32>();
        let mut text = String::new();
        for (fact, told) in facts.iter().zip(told) {
            attributes::write(&fact.attributes, &names, &mut text);
            assert_eq!(told, Some(text.as_str()));
        }
    }
}
