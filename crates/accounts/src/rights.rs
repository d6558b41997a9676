//! Who may do what: one table, and nothing is allowed that it does not allow.
//!
//! The table is the only source: the server asks `may`, the handbook's page and the tests of the
//! server are made from it. It knows roles and capabilities, not the people who have them.

use std::fmt::Write;

use handfast_model::rules::Side;

use crate::actor::{Actor, Person};
use crate::refuse;
use handfast_model::Refusal;

/// What somebody is in a book's server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Role {
    /// Reads figures.
    Viewer,
    /// Looks after figures and imports, for neither side.
    Analyst,
    /// Of the marketing team.
    Marketing,
    /// Of the sales team.
    Sales,
    /// Looks after people, sources and settings.
    Admin,
    /// Answers for the book.
    Owner,
}

impl Role {
    /// All roles, from the fewest rights to the most.
    pub const ALL: [Role; 6] = [
        Role::Viewer,
        Role::Analyst,
        Role::Marketing,
        Role::Sales,
        Role::Admin,
        Role::Owner,
    ];

    /// The word of the interface and of the store.
    pub fn word(self) -> &'static str {
        match self {
            Role::Viewer => "viewer",
            Role::Analyst => "analyst",
            Role::Marketing => "marketing",
            Role::Sales => "sales",
            Role::Admin => "admin",
            Role::Owner => "owner",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What this role may do, before a person's sides narrow it.
    pub fn capabilities(self) -> Capabilities {
        Capabilities::of(|row| row.roles.get(self as usize).copied().unwrap_or(false))
    }
}

/// A kind of deed that needs a right.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Capability {
    /// Ask questions and read what they answer.
    Read,
    /// See personal fields in clear.
    Personal,
    /// Take answers away as files.
    Export,
    /// Import files, and take an import back.
    Import,
    /// Propose a charter, rehearse and discuss it.
    Propose,
    /// Sign for marketing.
    SignMarketing,
    /// Sign for sales.
    SignSales,
    /// Close a period, assert a balance.
    Close,
    /// Dispute a deal, rule on a dispute.
    Dispute,
    /// Hold meetings: set when they are, close them, write down what they decide.
    Meet,
    /// Leave notes and keep views.
    Note,
    /// Invite, change and disable people.
    People,
    /// Make tokens for one's own programs.
    Tokens,
    /// Read the audit log.
    Audit,
    /// Change settings, sources and their keys.
    Settings,
    /// Forget a person of the ledger for ever.
    Erase,
    /// Send events of one source.
    Ingest,
}

/// One line of the table.
struct Row {
    capability: Capability,
    word: &'static str,
    means: &'static str,
    /// In the order of `Role::ALL`.
    roles: [bool; 6],
    is_guests: bool,
    is_keys: bool,
}

const fn row(
    capability: Capability,
    word: &'static str,
    means: &'static str,
    roles: [bool; 6],
) -> Row {
    Row {
        capability,
        word,
        means,
        roles,
        is_guests: false,
        is_keys: false,
    }
}

impl Row {
    /// Guests exist in demo books only, whose people are invented.
    const fn also_guests(mut self) -> Row {
        self.is_guests = true;
        self
    }

    const fn only_keys(mut self) -> Row {
        self.is_keys = true;
        self
    }
}

const Y: bool = true;
const N: bool = false;

/// The table. Columns: viewer, analyst, marketing, sales, admin, owner. Neither team closes what
/// it is measured by, and whoever only looks after the machine signs for nobody.
const TABLE: [Row; 17] = [
    row(
        Capability::Read,
        "read",
        "ask questions and read what they answer",
        [Y, Y, Y, Y, Y, Y],
    )
    .also_guests(),
    row(
        Capability::Personal,
        "personal",
        "see names, addresses and other personal fields in clear",
        [N, N, Y, Y, Y, Y],
    )
    .also_guests(),
    row(
        Capability::Export,
        "export",
        "take answers away as files",
        [N, Y, Y, Y, Y, Y],
    )
    .also_guests(),
    row(
        Capability::Import,
        "import",
        "import files, and take an import back",
        [N, Y, N, N, Y, Y],
    ),
    row(
        Capability::Propose,
        "propose",
        "propose a charter, rehearse and discuss it",
        [N, Y, Y, Y, Y, Y],
    ),
    row(
        Capability::SignMarketing,
        "sign_marketing",
        "sign for marketing, if marketing is among one's sides",
        [N, N, Y, N, N, Y],
    ),
    row(
        Capability::SignSales,
        "sign_sales",
        "sign for sales, if sales is among one's sides",
        [N, N, N, Y, N, Y],
    ),
    row(
        Capability::Close,
        "close",
        "close a period, assert a balance",
        [N, Y, N, N, Y, Y],
    ),
    row(
        Capability::Dispute,
        "dispute",
        "dispute a deal, rule on a dispute",
        [N, Y, Y, Y, Y, Y],
    ),
    row(
        Capability::Meet,
        "meet",
        "set when meetings are, close them, write down what they decide",
        [N, Y, Y, Y, Y, Y],
    ),
    row(
        Capability::Note,
        "note",
        "leave notes on figures and keep views",
        [N, Y, Y, Y, Y, Y],
    ),
    row(
        Capability::People,
        "people",
        "invite, change and disable people; an owner only by an owner",
        [N, N, N, N, Y, Y],
    ),
    row(
        Capability::Tokens,
        "tokens",
        "make tokens for one's own programs",
        [N, Y, Y, Y, Y, Y],
    ),
    row(
        Capability::Audit,
        "audit",
        "read and export the audit log",
        [N, N, N, N, Y, Y],
    ),
    row(
        Capability::Settings,
        "settings",
        "change settings, sources and their keys",
        [N, N, N, N, Y, Y],
    ),
    row(
        Capability::Erase,
        "erase",
        "forget a person of the ledger for ever",
        [N, N, N, N, Y, Y],
    ),
    row(
        Capability::Ingest,
        "ingest",
        "send events of the one source a key was made for",
        [N, N, N, N, N, N],
    )
    .only_keys(),
];

impl Capability {
    /// All capabilities, in the order of the table.
    pub fn all() -> impl Iterator<Item = Capability> {
        TABLE.iter().map(|row| row.capability)
    }

    /// The word of the interface and of the store.
    pub fn word(self) -> &'static str {
        self.row().map_or("", |row| row.word)
    }

    /// What it allows, in words.
    pub fn means(self) -> &'static str {
        self.row().map_or("", |row| row.means)
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Capability> {
        let found = TABLE.iter().find(|row| row.word == word);
        found.map(|row| row.capability)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.iter().find(|row| row.capability == self)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of capabilities.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Capabilities(u32);

impl Capabilities {
    /// None at all.
    pub const NONE: Capabilities = Capabilities(0);

    fn of(is_held: impl Fn(&Row) -> bool) -> Capabilities {
        let held = TABLE.iter().filter(|row| is_held(row));
        held.map(|row| row.capability).collect()
    }

    /// Whether this one is among them.
    pub fn has(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Those that both have.
    pub fn and(self, other: Capabilities) -> Capabilities {
        Capabilities(self.0 & other.0)
    }

    /// Whether the other has all of these.
    pub fn is_within(self, other: Capabilities) -> bool {
        self.0 & !other.0 == 0
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// They, in the order of the table.
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::all().filter(move |capability| self.has(*capability))
    }

    /// Their words, with a space between.
    pub fn words(self) -> String {
        let words: Vec<&str> = self.iter().map(Capability::word).collect();
        words.join(" ")
    }

    /// Reads words with spaces between; gives the first that is none.
    pub fn parse(words: &str) -> Result<Capabilities, String> {
        let read = |word: &str| Capability::parse(word).ok_or_else(|| word.to_owned());
        words.split_whitespace().map(read).collect()
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(iter: I) -> Self {
        let bits = iter.into_iter().map(Capability::bit);
        Capabilities(bits.fold(0, |all, bit| all | bit))
    }
}

/// What somebody may do: the role's line of the table, narrowed by the sides one may sign for.
/// A token may do what it was made for, as long as its person may.
pub fn capabilities(actor: &Actor) -> Capabilities {
    match actor {
        Actor::Stranger => Capabilities::NONE,
        Actor::Guest { .. } => Capabilities::of(|row| row.is_guests),
        Actor::Person { person, .. } => held(person.role, &person.sides),
        Actor::Token { person, scopes, .. } => held(person.role, &person.sides).and(*scopes),
        Actor::Key { .. } => Capabilities::of(|row| row.is_keys),
        Actor::Console => [Capability::People, Capability::Audit, Capability::Settings]
            .into_iter()
            .collect(),
    }
}

/// Whether somebody may do this.
pub fn may(actor: &Actor, capability: Capability) -> bool {
    capabilities(actor).has(capability)
}

/// The same as a refusal that says whether to sign in or whom to ask.
pub fn require(actor: &Actor, capability: Capability) -> Result<(), Refusal> {
    match (may(actor, capability), actor) {
        (true, _) => Ok(()),
        (false, Actor::Stranger) => Err(refuse::sign_in_first()),
        (false, _) => Err(refuse::may_not(
            actor,
            capability.word(),
            capability.means(),
        )),
    }
}

/// The same for what a program must do in nobody's name: a token that leaked could else let its
/// thief in for good, as whom they like.
pub fn require_in_person(actor: &Actor, capability: Capability) -> Result<(), Refusal> {
    require(actor, capability)?;
    match actor {
        Actor::Person { .. } | Actor::Console => Ok(()),
        _ => Err(refuse::in_person(actor, capability.word())),
    }
}

/// In whose name somebody tells what happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Voice {
    /// In that of their own team.
    Own,
    /// In another team's, which whoever belongs to neither side writes down for it.
    Others,
}

/// Whether somebody may tell something in the name of a team of this side: of their own side, or,
/// where they belong to none, of any.
pub fn voice(person: &Person, side: Side) -> Result<Voice, Refusal> {
    let own = match person.role {
        Role::Marketing => Some(Side::Marketing),
        Role::Sales => Some(Side::Sales),
        _ => None,
    };
    if own == Some(side) || person.sides.contains(&side) {
        return Ok(Voice::Own);
    }
    match own {
        None => Ok(Voice::Others),
        Some(own) => Err(refuse::other_voice(own.word(), side.word())),
    }
}

/// What a person of this role and these sides may do.
pub fn held(role: Role, sides: &[Side]) -> Capabilities {
    let is_narrowed = |capability: &Capability| match capability {
        Capability::SignMarketing => !sides.contains(&Side::Marketing),
        Capability::SignSales => !sides.contains(&Side::Sales),
        _ => false,
    };
    let of_role = role.capabilities();
    of_role.iter().filter(|one| !is_narrowed(one)).collect()
}

/// The table as a page of the handbook.
pub fn page() -> String {
    let mut page = String::from(
        "# Who may do what\n\n\
         One table says it, and what it does not allow is refused. Signing also needs the side: an \
         owner signs for the sides that stand beside their name. A guest exists in a demo book \
         only, whose people are invented. A key belongs to one source and can do nothing but send \
         its events. A token can do what it was made for, as long as its person can; \
         whom it belongs to and who may come in is nothing for programs, so with `people` it reads \
         and changes nobody.\n\n\
         | right | means |",
    );
    for role in Role::ALL {
        let _ = write!(page, " {} |", role.word());
    }
    page.push_str(" guest | key |\n|---|---|");
    page.push_str(&"---|".repeat(Role::ALL.len() + 2));
    page.push('\n');
    let mark = |is_held: bool| if is_held { "yes" } else { "" };
    for row in &TABLE {
        let _ = write!(page, "| {} | {} |", row.word, row.means);
        for is_held in row.roles.iter().chain([&row.is_guests, &row.is_keys]) {
            let _ = write!(page, " {} |", mark(*is_held));
        }
        page.push('\n');
    }
    page
}
