//! What a file is to a funnel: leads, deals, contacts, money spent; and which column plays which
//! part. Told by names in several spellings and checked against what the columns hold. Every
//! choice keeps its reason.

mod called;
mod parts;

use std::collections::BTreeMap;

use handfast_connect::sniff::{Column, Sniffed};

use self::called::{COMPANIES, PEOPLE};
pub use self::parts::{Said, is_nearly_unique, part_called, parts_for};
use self::parts::{insist, name_subject, parts_of, say};
use crate::names::{Role, plain};
use crate::selects::LABELS;

/// What the rows of a file are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rows {
    /// One person each.
    Lead,
    /// One deal each.
    Deal,
    /// One company each.
    Account,
    /// One step to another stage each.
    History,
    /// One dated contact each.
    Touch,
    /// Money spent, by day or campaign.
    Spend,
    /// Who belongs to which company or deal.
    Link,
    /// One seller each.
    Rep,
    /// One campaign each.
    Campaign,
    /// Looked up by others; no facts of their own.
    Reference,
}

impl Rows {
    /// All, in the order in which they are told about.
    pub const ALL: [Rows; 10] = [
        Rows::Lead,
        Rows::Deal,
        Rows::Account,
        Rows::History,
        Rows::Touch,
        Rows::Spend,
        Rows::Link,
        Rows::Rep,
        Rows::Campaign,
        Rows::Reference,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Rows::Lead => "lead",
            Rows::Deal => "deal",
            Rows::Account => "account",
            Rows::History => "history",
            Rows::Touch => "touch",
            Rows::Spend => "spend",
            Rows::Link => "link",
            Rows::Rep => "rep",
            Rows::Campaign => "campaign",
            Rows::Reference => "reference",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Rows> {
        Rows::ALL.into_iter().find(|rows| rows.word() == word)
    }
}

/// A file as it is understood.
#[derive(Clone, Debug)]
pub struct Understood<'a> {
    /// What was found in it.
    pub found: &'a Sniffed,
    /// What its rows are.
    pub rows: Rows,
    /// Why.
    pub why: String,
    /// The column of each part.
    pub parts: BTreeMap<Role, String>,
}

impl<'a> Understood<'a> {
    /// The column that plays a part.
    pub fn part(&self, role: Role) -> Option<&'a Column> {
        self.parts
            .get(&role)
            .and_then(|name| self.found.column(name))
    }

    /// Whether its deals are orders.
    pub fn is_of_orders(&self) -> bool {
        let column = self.parts.get(&Role::Deal);
        let is_called = says_order(&stem(self.found.called()));
        self.rows == Rows::Deal && (is_called || column.is_some_and(|name| says_order(name)))
    }

    /// An order without another date is decided on its own.
    fn close_orders(&mut self) {
        let day = self
            .parts
            .get(&Role::Created)
            .or(self.parts.get(&Role::Moment));
        if let Some(day) = day
            .filter(|_| !self.parts.contains_key(&Role::Closed))
            .cloned()
        {
            self.parts.insert(Role::Closed, day);
        }
        self.why
            .push_str("; an order is a deal that is won on its day");
    }

    /// The first of these parts that a column plays.
    pub fn first_of(&self, roles: &[Role]) -> Option<&'a Column> {
        roles.iter().find_map(|role| self.part(*role))
    }
}

/// Understands a file; `told` is what its rows are, where that is known already, and from where;
/// `said`, what columns are.
pub fn understand<'a>(
    found: &'a Sniffed,
    told: Option<(Rows, String)>,
    said: &Said,
) -> Understood<'a> {
    let mut parts = parts_of(found);
    say(&mut parts, said);
    let file = plain(&stem(found.called()));
    let look = Look {
        found,
        parts: &parts,
        file: &file,
    };
    let (rows, why) = told.unwrap_or_else(|| look.rows());
    name_subject(found, rows, &file, &mut parts);
    insist(&mut parts, said);
    let mut understood = Understood {
        found,
        rows,
        why,
        parts,
    };
    if understood.is_of_orders() {
        understood.close_orders();
    }
    if rows == Rows::History && understood.first_of(&LABELS).is_none() {
        understood.rows = Rows::Reference;
        understood.why = "no column says which stage was entered, so the rows are no history; \
                          contacts are taken by --as touch"
            .to_owned();
    }
    understood
}

/// The name of a file without folders, member brackets, endings and numbers at its end.
pub fn stem(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.split('[').next().unwrap_or(name);
    let stem = match name.find('.') {
        Some(0) | None => name,
        Some(end) => name.get(..end).unwrap_or(name),
    };
    stem.to_owned()
}

/// Whether a field is called a stage or status.
pub(crate) fn says_stage(field: &str) -> bool {
    let field = plain(field);
    let words = [
        "stage", "status", "phase", "etapa", "fase", "estado", "statut",
    ];
    words.iter().any(|word| field.contains(word))
}

/// Whether a name speaks of orders or invoices, which come when a deal is won.
pub(crate) fn says_order(name: &str) -> bool {
    let words = [
        "order",
        "orders",
        "invoice",
        "invoices",
        "bestellung",
        "bestellungen",
        "bestellnummer",
        "auftragsnummer",
        "pedido",
        "pedidos",
        "commande",
        "commandes",
        "purchase",
        "purchases",
        "transaction",
        "transactions",
    ];
    plain(name).split(' ').any(|word| words.contains(&word))
}

struct Look<'a> {
    found: &'a Sniffed,
    parts: &'a BTreeMap<Role, String>,
    file: &'a str,
}

impl Look<'_> {
    fn has(&self, role: Role) -> bool {
        self.parts.contains_key(&role)
    }

    fn name(&self, role: Role) -> &str {
        self.parts.get(&role).map_or("", String::as_str)
    }

    fn is_unique(&self, role: Role) -> bool {
        let column = self
            .parts
            .get(&role)
            .and_then(|name| self.found.column(name));
        column.is_some_and(is_nearly_unique)
    }

    /// Whether the file's name holds one of these words.
    fn is_called(&self, words: &[&str]) -> Option<String> {
        let parts: Vec<&str> = self.file.split(' ').collect();
        let is_named = |word: &&&str| {
            let is_pair = word.contains(' ') && self.file.contains(**word);
            is_pair
                || parts
                    .iter()
                    .any(|part| *part == **word || part.strip_suffix(['s', 'n']) == Some(**word))
        };
        words
            .iter()
            .find(is_named)
            .map(|word| format!("the file's name says `{word}`"))
    }

    fn rows(&self) -> (Rows, String) {
        self.spend()
            .or_else(|| self.named_lead())
            .or_else(|| self.change())
            .or_else(|| self.history())
            .or_else(|| self.link())
            .or_else(|| self.deal())
            .or_else(|| self.touch())
            .or_else(|| self.rep())
            .or_else(|| self.account())
            .or_else(|| self.lead())
            .or_else(|| self.campaign())
            .unwrap_or_else(|| {
                let why = "no column says that it is about people, deals, companies, contacts or \
                           money spent";
                (Rows::Reference, why.to_owned())
            })
    }

    fn spend(&self) -> Option<(Rows, String)> {
        use Role::*;
        let is_measured = self.has(Impressions) || self.has(Clicks);
        let is_dated = self.has(Moment) && (self.has(Campaign) || self.has(Source));
        let is_personal = self.has(Email);
        if !self.has(Spend) || is_personal || !(is_measured || is_dated) {
            return None;
        }
        let beside = self.parts.get(&Impressions).or(self.parts.get(&Clicks));
        let beside = beside
            .or(self.parts.get(&Campaign))
            .or(self.parts.get(&Source));
        let beside = beside.map_or("", String::as_str);
        Some((
            Rows::Spend,
            format!("`{}` stands beside `{beside}`", self.name(Spend)),
        ))
    }

    /// Whether changes are of a stage or status, as far as a column says what changed.
    fn is_of_stages(&self) -> bool {
        let field = self.parts.get(&Role::Field);
        let field = field.and_then(|name| self.found.column(name));
        field.is_none_or(|field| field.words.iter().any(|(word, _)| says_stage(word)))
    }

    /// Changes of fields that are no stage: they move nobody along a funnel.
    fn change(&self) -> Option<(Rows, String)> {
        let is_change = self.has(Role::NewValue) && !self.is_of_stages();
        is_change.then(|| {
            let why = format!(
                "`{}` names what changed, and none of it is a stage or status, so these are no \
                 steps of a funnel",
                self.name(Role::Field)
            );
            (Rows::Reference, why)
        })
    }

    fn history(&self) -> Option<(Rows, String)> {
        use Role::*;
        let is_dated = self.has(Created) || self.has(Moment);
        let is_about = self.has(Person) || self.has(Deal) || self.has(Email);
        if self.has(NewValue) && is_dated && is_about && self.is_of_stages() {
            let why = format!("`{}` says what each became", self.name(NewValue));
            return Some((Rows::History, why));
        }
        let is_deal = self.has(Deal) && !self.is_unique(Deal);
        let is_lead = self.has(Person) && !self.is_unique(Person) && !self.has(Deal);
        let subject = if is_deal { Deal } else { Person };
        let is_step = self.has(Stage) && is_dated && !self.has(Amount) && !self.has(Touch);
        let is_named = self.is_called(&[
            "history",
            "historie",
            "historial",
            "historico",
            "changes",
            "log",
        ]);
        // A campaign's status and its members' are no stages of a funnel.
        let is_step = is_step
            && !self.has(Campaign)
            && !self.file.contains("campaign")
            && !self.file.contains("ads");
        if is_step && (is_deal || is_lead) && (is_named.is_some() || !self.has(Source)) {
            let why = format!(
                "the same `{}` comes again with a date and `{}`",
                self.name(subject),
                self.name(Stage)
            );
            return Some((Rows::History, why));
        }
        None
    }

    fn link(&self) -> Option<(Rows, String)> {
        use Role::*;
        let is_slim = self.found.columns.len() <= 8 && !self.has(Amount) && !self.has(Touch);
        let is_pair = self.has(Person) && (self.has(Deal) || self.has(Account));
        let other = if self.has(Deal) { Deal } else { Account };
        let is_named = self.is_called(&[
            "role",
            "link",
            "association",
            "deal contact",
            "opportunity prospect",
        ]);
        let is_pair_named = [
            "deal contact",
            "contact company",
            "opportunity prospect",
            "contact role",
        ]
        .iter()
        .any(|pair| self.file.contains(pair));
        (is_slim && is_pair && !self.has(Email) && (is_named.is_some() || is_pair_named)).then(
            || {
                let why = format!(
                    "it pairs `{}` with `{}`",
                    self.name(Person),
                    self.name(other)
                );
                (Rows::Link, why)
            },
        )
    }

    fn deal(&self) -> Option<(Rows, String)> {
        use Role::*;
        const NAMES: [&str; 9] = [
            "deal",
            "opportunity",
            "opportunities",
            "pipeline",
            "won",
            "oportunidad",
            "oportunidade",
            "chance",
            "verkaufschancen",
        ];
        let says_more = self.has(Stage) || self.has(Amount) || self.has(Closed) || self.has(Won);
        if self.has(Deal) && self.is_unique(Deal) && says_more {
            let why = format!(
                "`{}` is different in every row and there is a stage, an amount or a close",
                self.name(Deal)
            );
            return Some((Rows::Deal, why));
        }
        let named = self.is_called(&NAMES);
        let has_key = self.found.keys.iter().any(|key| {
            key.columns
                .first()
                .is_some_and(|first| self.parts.get(&Person) != Some(first))
        });
        if let Some(named) = named.filter(|_| says_more && has_key) {
            return Some((Rows::Deal, named));
        }
        let is_shaped =
            self.has(Stage) && (self.has(Amount) || self.has(Closed)) && !self.has(Email);
        if is_shaped && has_key && !self.has(Person) {
            let why = "a stage stands beside an amount or a close";
            return Some((Rows::Deal, why.to_owned()));
        }
        self.sold()
    }

    /// What was sold to whom, for how much and when: a company has no close of its own. Exports of
    /// companies carry sums of their deals, too, and are told by their names or by an id of the
    /// row's.
    fn sold(&self) -> Option<(Rows, String)> {
        use Role::*;
        let is_sale = self.has(Account) && self.has(Amount) && self.has(Closed);
        let is_about_people = self.has(Email) || self.has(Person);
        let is_other = self.has(RowId) || self.has(Impressions) || self.has(Campaign);
        let is_list = self.is_called(&COMPANIES).is_some();
        (is_sale && !is_about_people && !is_other && !is_list).then(|| {
            let why = format!(
                "`{}` has an amount and a close beside it",
                self.name(Account)
            );
            (Rows::Deal, why)
        })
    }

    fn touch(&self) -> Option<(Rows, String)> {
        use Role::*;
        const NAMES: [&str; 23] = [
            "event",
            "activity",
            "activities",
            "visit",
            "session",
            "click",
            "open",
            "engagement",
            "task",
            "call",
            "meeting",
            "page",
            "view",
            "touch",
            "touchpoint",
            "submission",
            "bounce",
            "sent",
            "delivered",
            "forward",
            "conversion",
            "response",
            "campaign member",
        ];
        let is_dated = self.has(Moment) || self.has(Created);
        let is_about = self.has(Person) || self.has(Email) || self.has(Account) || self.has(Deal);
        let says_what = self.has(Touch) || self.has(Page) || self.has(Source) || self.has(Medium);
        if !is_dated || !is_about {
            return None;
        }
        let named = self.is_called(&NAMES);
        let comes_again = self.has(Person) && !self.is_unique(Person);
        match (named, comes_again && says_what) {
            (Some(why), _) => Some((Rows::Touch, why)),
            (None, true) => {
                let why = format!("the same `{}` comes again, with a date", self.name(Person));
                Some((Rows::Touch, why))
            }
            (None, false) => None,
        }
    }

    fn rep(&self) -> Option<(Rows, String)> {
        use Role::*;
        const NAMES: [&str; 9] = [
            "owner",
            "user",
            "rep",
            "seller",
            "employee",
            "staff",
            "sales team",
            "vendedor",
            "vendedores",
        ];
        let named = self.is_called(&NAMES);
        let id = self.has(RowId) || self.is_unique(Owner) || self.has(Owner);
        if let Some(named) = named.filter(|_| id && !self.has(Stage) && !self.has(Moment)) {
            return Some((Rows::Rep, named));
        }
        let is_shaped = self.is_unique(Owner) && (self.has(Team) || self.has(Superior));
        let is_lead = self.has(Person) || self.has(Deal) || self.has(Account);
        (is_shaped && !is_lead).then(|| {
            let why = format!(
                "every `{}` is different and has a team or a superior",
                self.name(Owner)
            );
            (Rows::Rep, why)
        })
    }

    fn account(&self) -> Option<(Rows, String)> {
        use Role::*;
        let is_about_people = self.has(Email) || self.has(Person);
        let is_ads =
            self.has(Impressions) || self.file.contains("ads") || self.file.contains("ad account");
        let named = self.is_called(&COMPANIES);
        let has_key = self.has(RowId) || self.is_unique(Account);
        match named {
            Some(why) if has_key && !self.has(Person) && !is_ads => Some((Rows::Account, why)),
            _ if self.is_unique(Account) && !is_about_people && !is_ads && !self.has(Campaign) => {
                let why = format!("every `{}` is different", self.name(Account));
                Some((Rows::Account, why))
            }
            _ => None,
        }
    }

    /// The file's name says people, and every row has its own `id`.
    fn named_lead(&self) -> Option<(Rows, String)> {
        let has_id = self.is_unique(Role::RowId) && !self.has(Role::Deal);
        let is_event = self.is_called(&[
            "activity",
            "event",
            "history",
            "merge",
            "audit",
            "submission",
            "role",
        ]);
        self.is_called(&PEOPLE)
            .filter(|_| has_id && is_event.is_none() && !self.is_no_list_of_people())
            .map(|why| (Rows::Lead, why))
    }

    /// Lists, memberships and settings speak of people and hold none.
    fn is_no_list_of_people(&self) -> bool {
        const NAMES: [&str; 9] = [
            "list",
            "member",
            "membership",
            "describe",
            "team",
            "advertiser",
            "pipeline",
            "property",
            "merge",
        ];
        self.is_called(&NAMES).is_some()
    }

    fn lead(&self) -> Option<(Rows, String)> {
        use Role::*;
        if self.is_no_list_of_people() {
            return None;
        }
        let is_more = self.has(RowId) || self.has(Email) || self.found.columns.len() > 3;
        let has_key = self.has(Person) || self.has(RowId) || self.has(Email);
        if let Some(named) = self.is_called(&PEOPLE).filter(|_| has_key && is_more) {
            return Some((Rows::Lead, named));
        }
        if self.has(Email) && has_key {
            return Some((
                Rows::Lead,
                format!("`{}` is an address of a person", self.name(Email)),
            ));
        }
        self.is_unique(Person).then(|| {
            (
                Rows::Lead,
                format!("every `{}` is different", self.name(Person)),
            )
        })
    }

    fn campaign(&self) -> Option<(Rows, String)> {
        use Role::*;
        let named = self.is_called(&["campaign", "program", "kampagne", "campaña", "campanha"])?;
        let is_part = ["ad group", "adgroup", "budget"]
            .iter()
            .any(|part| self.file.contains(part));
        let has_key = self.has(RowId) || self.has(Campaign);
        (has_key && !is_part && !self.has(Impressions)).then_some((Rows::Campaign, named))
    }
}
