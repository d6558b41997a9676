//! A ledger in a few lines, for cases: one fact per line, and the snapshot they give.
//!
//! ```text
//! 2025-01-06            person  Ana     account=@Acme score=70
//! 2025-01-06            mark    Ana     -> mql
//! 2025-01-09T10:00:00Z  touch   Ana     call team=sales
//! 2025-01-20            deal    #1 Ana  @Acme status=open amount='1200.00 EUR'
//! 2025-02-03            mark    #1      -> won
//! 2025-01-06            assign  Ana     ~Rosa
//! 2025-01-01            rep     ~Rosa   team=inside
//! ?                     mark    Ben     -> sql
//! 2025-01-07            person  Ana2    email=ana@acme.com in=web
//! 2025-01-08            link    Ana2    same_person=Ana
//! 2025-01-08            link    @Old    same_account=@Acme undone=yes
//! ```
//!
//! `#` is a deal, `@` an account, `~` a rep, `%` a campaign, a bare word a person, `?` an unknown
//! time, `2025-03-30T02:30:00[Europe/Berlin]` a time on a zone's clock. A touch's second bare word
//! is its kind. `in=` names another source than the crm, `email=` becomes the hash and domain that
//! imports keep. Versions of one subject's state are numbered in order of time unless `v=` says.
//! Ids come from what a line says, never from where it stands, so that the order of lines changes
//! nothing.

use std::collections::BTreeMap;

use handfast_model::fact::{Attributes, Fact, FactKind, Observed, Origin, Snapshot, Value, When};
use handfast_model::id::{FactId, Names, PersonId, RecordKey, Seq, Sym};
use handfast_model::mailbox::{OFFICE, is_office};
use handfast_model::money::Decimal;
use handfast_model::order::{Clock, order_of};
use handfast_model::parse::email_domain;
use handfast_model::parse::{TimeFormat, Zone};
use handfast_model::{Calendar, Currency, Day, Instant};

/// A snapshot with the names a reader knows.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// The facts.
    pub snapshot: Snapshot,
    people: BTreeMap<PersonId, String>,
    lines: BTreeMap<FactId, String>,
}

impl Ledger {
    /// Reads lines of facts. The error names the line that was not understood.
    pub fn read(text: &str, calendar: &Calendar) -> Result<Ledger, String> {
        Ledger::learned(&[text], calendar)
    }

    /// Reads lines of facts that were learned one text after another.
    pub fn learned(texts: &[&str], calendar: &Calendar) -> Result<Ledger, String> {
        let mut lines: Vec<Line<'_>> = Vec::new();
        for (seq, text) in (1..).zip(texts) {
            for line in text.lines().map(str::trim) {
                let is_comment = line.starts_with("--");
                if !line.is_empty() && !is_comment {
                    let read = Line::read(line).map_err(|why| format!("`{line}`: {why}"))?;
                    lines.push(Line {
                        seq: Seq(seq),
                        ..read
                    });
                }
            }
        }
        let mut ledger = Ledger::default();
        for name in lines.iter().flat_map(|line| &line.names) {
            // Symbols are numbered by the order of lines, which no answer may depend on.
            ledger.snapshot.names.intern(name);
        }
        lines.sort_by(|a, b| {
            let key = |line: &Line<'_>| (line.happened.start(calendar), line.kind);
            key(a).cmp(&key(b)).then_with(|| a.text.cmp(b.text))
        });
        let mut versions: BTreeMap<u128, i64> = BTreeMap::new();
        for line in &lines {
            let fact = ledger.fact(line, &mut versions);
            ledger.lines.insert(fact.id, squeeze(line.text));
            ledger.snapshot.facts.push(fact);
        }
        ledger.order(calendar);
        ledger.observe(calendar);
        Ok(ledger)
    }

    /// What had been learned with the first so many texts.
    pub fn as_of(&self, seq: Seq, calendar: &Calendar) -> Ledger {
        let mut ledger = self.clone();
        ledger.snapshot.facts.retain(|fact| fact.seq <= seq);
        ledger.observe(calendar);
        ledger
    }

    /// A person's name.
    pub fn person(&self, id: PersonId) -> &str {
        self.people.get(&id).map_or("", |name| name)
    }

    /// The line that gave a fact.
    pub fn line(&self, id: FactId) -> &str {
        self.lines.get(&id).map_or("", |line| line)
    }

    fn fact(&mut self, line: &Line<'_>, versions: &mut BTreeMap<u128, i64>) -> Fact {
        let record = line.record();
        let key = hash(&record);
        let version = versions.entry(key).or_insert(0);
        *version = line.version.unwrap_or(*version + 1);
        let version = *version;
        let names = &mut self.snapshot.names;
        let mut person = None;
        let (mut account, mut deal, mut campaign, mut rep) = (None, None, None, None);
        for name in &line.names {
            let mut chars = name.chars();
            match chars.next() {
                Some('@') => account = Some(names.intern(name)),
                Some('#') => deal = Some(names.intern(name)),
                Some('%') => campaign = Some(names.intern(name)),
                Some('~') => rep = Some(names.intern(name)),
                _ => {
                    let id = PersonId(hash(name));
                    self.people.insert(id, (*name).to_owned());
                    person = Some(id);
                }
            }
        }
        let attributes = attributes(line, names, &mut self.people);
        Fact {
            id: FactId(hash(&format!("{record} {version}"))),
            kind: line.kind,
            happened: line.happened,
            is_assumed: line.is_assumed,
            seq: line.seq,
            recorded_at: Instant(crate::truth::said::LATE),
            origin: Origin {
                source: names.intern(line.source),
                stream: names.intern(line.kind.word()),
                key: RecordKey(key),
                version,
                ordinal: 0,
                file: names.intern("case"),
                line: 1,
            },
            person,
            account,
            deal,
            campaign,
            rep,
            attributes,
        }
    }

    fn order(&mut self, calendar: &Calendar) {
        let Snapshot { names, facts, .. } = &mut self.snapshot;
        let order = order_of(facts, names, &mut Clock::new(calendar, names));
        *facts = order
            .iter()
            .filter_map(|at| facts.get(*at as usize).cloned())
            .collect();
    }

    fn observe(&mut self, calendar: &Calendar) {
        let latest = self
            .snapshot
            .facts
            .iter()
            .filter_map(|fact| fact.happened.end(calendar));
        let until = latest.max().map(|at| Instant(at.0 + 1));
        let source = self.snapshot.names.intern("crm");
        self.snapshot.observed = vec![Observed {
            source,
            until,
            is_declared: false,
        }];
        let seqs = self.snapshot.facts.iter().map(|fact| fact.seq);
        self.snapshot.seq = seqs.max().unwrap_or(Seq(1));
    }
}

/// One line, taken apart.
struct Line<'t> {
    text: &'t str,
    seq: Seq,
    happened: When,
    is_assumed: bool,
    kind: FactKind,
    source: &'t str,
    version: Option<i64>,
    names: Vec<&'t str>,
    attributes: Vec<(&'t str, &'t str)>,
}

impl<'t> Line<'t> {
    /// Versions of one subject's state share a record; every event is its own.
    fn record(&self) -> String {
        let name = self.names.first().unwrap_or(&"");
        match (self.kind.is_state(), self.source) {
            (true, "crm") => format!("{} {name}", self.kind.word()),
            (true, source) => format!("{} {name} {source}", self.kind.word()),
            (false, _) => self.text.to_owned(),
        }
    }

    fn read(text: &'t str) -> Result<Line<'t>, String> {
        let mut words = words(text)?.into_iter();
        let when = words.next().ok_or("when?")?;
        let (when, is_assumed) = match when.strip_suffix('~') {
            Some(when) => (when, true),
            None => (when, false),
        };
        let happened = match when {
            "?" => When::Unknown,
            _ => time(when).ok_or("starts with a day, an instant or `?`")?,
        };
        let kind = match words.next().ok_or("what?")? {
            "assign" => FactKind::Assignment,
            word => FactKind::parse(word).ok_or("not a kind of fact")?,
        };
        let mut line = Line {
            text,
            seq: Seq(1),
            happened,
            is_assumed,
            kind,
            source: "crm",
            version: None,
            names: Vec::new(),
            attributes: Vec::new(),
        };
        let mut has_person = false;
        while let Some(word) = words.next() {
            let is_bare = !word.starts_with(['@', '#', '~', '%']);
            match word.split_once('=') {
                _ if word == "->" => {
                    let label = words.next().ok_or("-> what?")?;
                    line.attributes.push(("stage", label));
                }
                Some(("in", source)) => line.source = source,
                Some(("v", version)) => {
                    line.version = Some(version.parse().map_err(|_| "v= is a whole number")?);
                }
                Some((key, value)) => line.attributes.push((key, value.trim_matches('\''))),
                None if is_bare && has_person => line.attributes.push(("touch", word)),
                None if is_bare
                    && line.names.iter().any(|name| name.starts_with('@'))
                    && kind == FactKind::Touch =>
                {
                    line.attributes.push(("touch", word));
                }
                None => {
                    has_person |= is_bare;
                    line.names.push(word);
                }
            }
        }
        Ok(line)
    }
}

/// Words at blanks; single quotes hold blanks.
fn words(text: &str) -> Result<Vec<&str>, String> {
    let mut words = Vec::new();
    let (mut start, mut is_quoted) = (None, false);
    for (at, c) in text.char_indices() {
        match (c, start) {
            ('\'', _) => {
                is_quoted = !is_quoted;
                start = start.or(Some(at));
            }
            (c, Some(from)) if c.is_whitespace() && !is_quoted => {
                words.extend(text.get(from..at));
                start = None;
            }
            (c, None) if !c.is_whitespace() => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.and_then(|from| text.get(from..)));
    match is_quoted {
        false => Ok(words
            .into_iter()
            .map(|word| word.trim_matches('\''))
            .collect()),
        true => Err("a quote is not closed".to_owned()),
    }
}

/// A day, an instant, or a time on a zone's clock, read as packs read it.
fn time(text: &str) -> Option<When> {
    if let Some((clock, zone)) = text.strip_suffix(']').and_then(|t| t.split_once('[')) {
        let iso = TimeFormat::compile("iso").ok()?;
        return iso.time(clock, &Zone::named(zone)?).ok();
    }
    let day = Day::parse(text).map(When::Day);
    day.or_else(|| Instant::parse(text).map(When::At))
}

fn value(text: &str, mut intern: impl FnMut(&str) -> Sym) -> Value {
    match (text, time(text)) {
        ("yes", _) => return Value::Bool(true),
        ("no", _) => return Value::Bool(false),
        (_, Some(When::Day(day))) => return Value::Day(day),
        (_, Some(When::At(at))) => return Value::At(at),
        _ => {}
    }
    if let Some((amount, code)) = text.split_once(' ')
        && let Some(money) = Decimal::parse(amount).zip(Currency::parse(code))
        && let Some(money) = money.0.to_money(money.1)
    {
        return Value::Money(money);
    }
    match (text.parse::<i64>(), Decimal::parse(text)) {
        (Ok(int), _) => Value::Int(int),
        (_, Some(decimal)) => Value::Decimal(decimal),
        _ => Value::Text(intern(text)),
    }
}

/// The attributes of a line, in order of their names. Another key of a person is written as theirs.
fn attributes(
    line: &Line<'_>,
    names: &mut Names,
    people: &mut BTreeMap<PersonId, String>,
) -> Attributes {
    let mut attributes: Vec<(Sym, Value)> = Vec::new();
    for (key, text) in &line.attributes {
        if *key == "email" {
            attributes.extend(email(text, names));
            continue;
        }
        let value = match *key {
            "same_person" => {
                let person = PersonId(hash(text));
                people.insert(person, (*text).to_owned());
                Value::Text(names.intern(&person.to_string()))
            }
            _ => value(text, |text| names.intern(text)),
        };
        attributes.push((names.intern(key), value));
    }
    attributes.sort_by(|a, b| names.text(a.0).cmp(names.text(b.0)));
    attributes.into()
}

/// What an import keeps of an address.
fn email(address: &str, names: &mut Names) -> Vec<(Sym, Value)> {
    let mark = if is_office(address) { OFFICE } else { "" };
    let identity = format!("{mark}{:032x}", hash(address));
    let domain = email_domain(address).unwrap_or_default();
    [("identity", identity), ("email_domain", domain)]
        .map(|(name, text)| (names.intern(name), Value::Text(names.intern(&text))))
        .to_vec()
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// FNV-1a in 128 bits: stable, dependency-free, and good enough to name lines of a case.
fn hash(text: &str) -> u128 {
    let start = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    text.bytes().fold(start, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    })
}
