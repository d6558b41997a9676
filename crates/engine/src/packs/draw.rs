//! One row of one SELECT as a fact: what each output column means to it.

use std::borrow::Cow;

use datafusion::arrow::array::StringArray;
use handfast_model::fact::Origin;
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
    roles: Vec<(String, Role)>,
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
            (name.clone(), role)
        });
        let roles = roles.collect();
        Drawing {
            kind: mapping.kind,
            ordinal: u16::try_from(ordinal).unwrap_or(u16::MAX),
            namespace: compiled.namespace.clone(),
            same_namespace: compiled.same_namespace.clone(),
            roles,
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
            .position(|(_, role)| *role == Role::Record)?;
        columns.get(column)?.value(place).parse().ok()
    }

    pub(super) fn draw(
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
        let mut named = Named::default();
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
                Role::Account => fact.account = Some(sheet.names.intern(&key_text(&carried))),
                Role::Deal => fact.deal = Some(sheet.names.intern(&key_text(&carried))),
                Role::Campaign => fact.campaign = Some(sheet.names.intern(&key_text(&carried))),
                Role::Rep => fact.rep = Some(sheet.names.intern(&key_text(&carried))),
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
                    attributes.push((*known, value(carried, sheet.names)));
                }
            }
        }
        self.name(sheet, named, &mut fact, &mut attributes);
        fact.attributes = attributes.into();
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
