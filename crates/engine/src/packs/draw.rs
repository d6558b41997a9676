//! One row of one SELECT as a fact: what each output column means to it.

use std::borrow::Cow;

use datafusion::arrow::array::StringArray;
use handfast_model::fact::{Attributes, Origin};
use handfast_model::mailbox::{OFFICE, is_office, site_domain};
use handfast_model::pack::Mapping;
use handfast_model::parse::{Carried, decode, email_domain, is_blank};
use handfast_model::{Day, Decimal, Fact, FactId, FactKind, Instant, Names, Seq, Sym, Value, When};

use super::cell;
use super::sheet::{Defect, Sheet, defect};
use crate::select::compile::{self, Compiled};

/// What an output column is to a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Record,
    Happened,
    Assumed,
    Person,
    Namespace,
    SamePerson,
    SameNamespace,
    Email,
    Account,
    Deal,
    Campaign,
    Rep,
    /// The domain of a company, however its web address is written.
    Site,
    Attribute(Sym),
}

/// The symbols of texts that a column had lately. Most columns say the same few things over and
/// over, and a text is told from one of a few sooner than found among all; of a column that does
/// not, nothing is kept any more.
#[derive(Default)]
struct Lately {
    known: [Option<Sym>; 8],
    asked: u32,
    found: u32,
}

impl Lately {
    fn key(&mut self, carried: &Carried<'_>, names: &mut Names) -> Sym {
        self.intern(&key_text(carried), names)
    }

    fn intern(&mut self, text: &str, names: &mut Names) -> Sym {
        if self.asked > 256 && self.found < self.asked / 4 {
            return names.intern(text);
        }
        let bytes = text.as_bytes();
        let last = bytes.last().copied().unwrap_or_default();
        let place = (bytes.len() ^ usize::from(last)) % self.known.len();
        let known = self.known.get(place).copied().flatten();
        self.asked += 1;
        if let Some(sym) = known.filter(|sym| names.text(*sym) == text) {
            self.found += 1;
            return sym;
        }
        let sym = names.intern(text);
        if let Some(place) = self.known.get_mut(place) {
            *place = Some(sym);
        }
        sym
    }
}

/// Attributes that facts had lately: those that have the same share them.
#[derive(Default)]
struct Shared {
    lately: [Option<Attributes>; 32],
    /// Room for those of the next fact.
    next: Vec<(Sym, Value)>,
}

impl Shared {
    fn of(&mut self, attributes: Vec<(Sym, Value)>) -> Attributes {
        let symbols = attributes.iter().map(|(name, value)| match value {
            Value::Text(sym) => name.index() ^ sym.index().rotate_left(2),
            _ => name.index(),
        });
        let place = symbols.fold(0, |all: usize, one| all.wrapping_mul(31) ^ one);
        let place = place % self.lately.len();
        let known = self.lately.get(place).and_then(Option::as_ref);
        let found = known.filter(|known| ***known == *attributes).cloned();
        let shared = found.unwrap_or_else(|| attributes.as_slice().into());
        if let Some(place) = self.lately.get_mut(place) {
            *place = Some(Attributes::clone(&shared));
        }
        self.next = attributes;
        shared
    }
}

/// The columns of a row that name people.
#[derive(Default)]
struct Named<'a> {
    person: Option<Cow<'a, str>>,
    namespace: Option<Cow<'a, str>>,
    same_person: Option<Cow<'a, str>>,
    same_namespace: Option<Cow<'a, str>>,
    email: Option<Cow<'a, str>>,
}

/// Draws facts of one SELECT.
pub(super) struct Drawing {
    kind: FactKind,
    ordinal: u16,
    namespace: String,
    same_namespace: String,
    roles: Vec<(String, Role, Lately)>,
    shared: Shared,
    source: Sym,
    stream: Sym,
    file: Sym,
    identity: Sym,
    domain: Sym,
    same_person: Sym,
    site: Sym,
}

impl Drawing {
    pub(super) fn new(
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
                "same_person" => Role::SamePerson,
                "same_person_namespace" => Role::SameNamespace,
                "email" => Role::Email,
                "account" => Role::Account,
                "deal" => Role::Deal,
                "campaign" => Role::Campaign,
                "rep" => Role::Rep,
                "domain" if mapping.kind == FactKind::Account => Role::Site,
                other => Role::Attribute(sheet.names.intern(other)),
            };
            (name.clone(), role, Lately::default())
        });
        let roles = roles.collect();
        Drawing {
            kind: mapping.kind,
            ordinal: u16::try_from(ordinal).unwrap_or(u16::MAX),
            namespace: compiled.namespace.clone(),
            same_namespace: compiled.same_namespace.clone(),
            roles,
            shared: Shared::default(),
            source: sheet.names.intern(&sheet.pack.source),
            stream: sheet.names.intern(&sheet.stream.name),
            file: sheet.names.intern(&sheet.batch.file),
            identity: sheet.names.intern("identity"),
            domain: sheet.names.intern("email_domain"),
            same_person: sheet.names.intern("same_person"),
            site: sheet.names.intern("domain"),
        }
    }

    pub(super) fn record(&self, columns: &[&StringArray], place: usize) -> Option<usize> {
        let column = self
            .roles
            .iter()
            .position(|(_, role, _)| *role == Role::Record)?;
        columns.get(column)?.value(place).parse().ok()
    }

    pub(super) fn draw(
        &mut self,
        sheet: &mut Sheet<'_>,
        row: usize,
        columns: &[&StringArray],
        place: usize,
    ) -> Result<Fact, Defect> {
        let mut fact = self
            .blank(sheet, row)
            .ok_or_else(|| defect("", "a row without a record"))?;
        let mut attributes = std::mem::take(&mut self.shared.next);
        attributes.clear();
        let mut named = Named::default();
        for ((name, role, lately), cells) in self.roles.iter_mut().zip(columns) {
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
                    let happened = when(&carried);
                    let happened = happened.ok_or_else(|| defect(name, "not a date or time"))?;
                    fact.happened = plausible(happened).map_err(|reason| defect(name, reason))?;
                }
                Role::Assumed => fact.is_assumed = matches!(carried, Carried::Bool(true)),
                Role::Person => named.person = Some(key_text(&carried)),
                Role::Namespace => named.namespace = Some(key_text(&carried)),
                Role::SamePerson => named.same_person = Some(key_text(&carried)),
                Role::SameNamespace => named.same_namespace = Some(key_text(&carried)),
                Role::Email => named.email = Some(key_text(&carried)),
                Role::Account => fact.account = Some(lately.key(&carried, sheet.names)),
                Role::Deal => fact.deal = Some(lately.key(&carried, sheet.names)),
                Role::Campaign => fact.campaign = Some(lately.key(&carried, sheet.names)),
                Role::Rep => fact.rep = Some(lately.key(&carried, sheet.names)),
                Role::Site => {
                    let text = key_text(&carried);
                    let domain = site_domain(&text).unwrap_or_else(|| text.into_owned());
                    attributes.push((self.site, Value::Text(sheet.names.intern(&domain))));
                }
                Role::Attribute(known) => {
                    if self.kind == FactKind::Deal
                        && matches!(name.as_str(), "created" | "closed")
                        && let Some(moment) = when(&carried)
                    {
                        plausible(moment).map_err(|reason| defect(name, reason))?;
                    }
                    attributes.push((*known, value(carried, lately, sheet.names)));
                }
            }
        }
        self.name(sheet, named, &mut fact, &mut attributes);
        fact.attributes = self.shared.of(attributes);
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
            attributes: [].into(),
        })
    }

    /// Names people by keyed hashes; their keys and addresses go nowhere.
    fn name(
        &self,
        sheet: &mut Sheet<'_>,
        named: Named<'_>,
        fact: &mut Fact,
        attributes: &mut Vec<(Sym, Value)>,
    ) {
        if let Some(key) = named.person {
            let namespace = named.namespace.as_deref().unwrap_or(&self.namespace);
            fact.person = Some(sheet.pseudonyms.person(namespace, &key));
        }
        if let Some(key) = named.same_person {
            let namespace = named.same_namespace.as_deref();
            let namespace = namespace.unwrap_or(&self.same_namespace);
            let same = sheet.pseudonyms.person(namespace, &key).to_string();
            attributes.push((self.same_person, Value::Text(sheet.names.intern(&same))));
        }
        if let Some(address) = named.email {
            self.add_email(sheet, &address, attributes);
        }
    }

    /// What an address says of a person; a text that is none (`n/a`, `-`) says nothing.
    fn add_email(&self, sheet: &mut Sheet<'_>, address: &str, attributes: &mut Vec<(Sym, Value)>) {
        let Some(domain) = email_domain(address) else {
            return;
        };
        let mut identity = sheet.pseudonyms.email(address);
        if is_office(address) {
            identity.insert_str(0, OFFICE);
        }
        let identity = sheet.names.intern(&identity);
        attributes.push((self.identity, Value::Text(identity)));
        let has_domain = attributes.iter().any(|(name, _)| *name == self.domain);
        if !has_domain {
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
                "email" => fact.attribute(self.identity).is_some(),
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
fn key_text<'a>(carried: &Carried<'a>) -> Cow<'a, str> {
    match carried {
        Carried::Text(text) => text.trim().into(),
        Carried::Int(int) => int.to_string().into(),
        Carried::Decimal(decimal) => without_zeros(*decimal).to_string().into(),
        Carried::Bool(yes) => yes.to_string().into(),
        Carried::Day(day) => day.to_string().into(),
        Carried::At(at) => at.to_string().into(),
        Carried::Money(money) => money.to_string().into(),
        Carried::Issue { .. } => "".into(),
    }
}

fn value(carried: Carried<'_>, lately: &mut Lately, names: &mut Names) -> Value {
    match carried {
        Carried::Text(text) => Value::Text(lately.intern(text, names)),
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

/// The first day of 1900.
const FIRST_DAY: Day = Day(-25_567);

/// Nothing that is counted happened before 1900: a `0226` was to be a 2026.
fn plausible(happened: When) -> Result<When, &'static str> {
    let is_early = match happened {
        When::Day(day) => day < FIRST_DAY,
        When::At(at) => at < Instant(i64::from(FIRST_DAY.0) * 86_400_000_000),
        When::Unknown => false,
    };
    match is_early {
        true => Err("a year before 1900"),
        false => Ok(happened),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_lately_is_the_symbol_it_always_was() {
        let mut names = Names::default();
        let mut lately = Lately::default();
        // More texts than places, of which many share one; each several times, and empty ones.
        let texts: Vec<String> = (0..40).map(|at| format!("text {}", at * at % 23)).collect();
        let few = std::iter::repeat_n(&texts[3], 40);
        let many: Vec<String> = (0..900).map(|at| format!("one {at}")).collect();
        for text in texts.iter().chain(few).chain(&[String::new()]).chain(&many) {
            let sym = lately.intern(text, &mut names);
            assert_eq!(names.text(sym), text);
            assert_eq!(names.find(text), Some(sym));
        }
    }

    #[test]
    fn facts_share_attributes_if_and_only_if_they_have_the_same() {
        let mut names = Names::default();
        let mut shared = Shared::default();
        let mut known: Vec<Vec<(Sym, Value)>> = Vec::new();
        for round in 0..400_i64 {
            let name = names.intern(["stage", "amount"][usize::from(round % 2 == 0)]);
            let text = Value::Text(names.intern(&format!("{}", round * 7 % 90)));
            let value = if round % 3 == 0 {
                Value::Int(round % 10)
            } else {
                text
            };
            let own = vec![(name, value); usize::try_from(round % 4).unwrap()];
            let given = shared.of(own.clone());
            assert_eq!(*given, *own);
            known.push(own);
        }
        for own in known {
            let (one, other) = (shared.of(own.clone()), shared.of(own));
            assert!(std::sync::Arc::ptr_eq(&one, &other));
        }
    }
}
