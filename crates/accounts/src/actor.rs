//! Who does something, and the call by which they do it.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use handfast_model::Instant;
use handfast_model::rules::Side;

use crate::rights::{Capabilities, Role};

/// The id of somebody who signs in. It stays when name and e-mail are gone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PersonId(pub String);

/// The public id of a session; the secret is another thing.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SessionId(pub String);

/// The public id of an API token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TokenId(pub String);

/// The public id of an ingest key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId(pub String);

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// As colleagues call them.
    pub name: String,
    /// As they wrote it; whether it is taken is asked without regard to case.
    pub email: String,
    /// What they are here.
    pub role: Role,
    /// For which sides they may sign, where the role signs at all.
    pub sides: Vec<Side>,
    /// Whose rows they see; all of them where no team is named.
    pub teams: Vec<String>,
    /// Whether they are kept out.
    pub is_disabled: bool,
    /// Whether they have a password: not before an invitation is accepted, never where a
    /// company's own sign-in is used alone.
    pub has_password: bool,
    /// Whether they have come in by the company's provider.
    pub has_provider: bool,
    /// Since when.
    pub made: Instant,
}

/// Who does something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// Nobody who has shown who they are.
    Stranger,
    /// A visitor of a demo book.
    Guest {
        /// Their session.
        session: SessionId,
    },
    /// Somebody who signed in.
    Person {
        /// Who.
        person: Person,
        /// By which session.
        session: SessionId,
    },
    /// A program with a token.
    Token {
        /// Which token.
        token: TokenId,
        /// Whose program it is.
        person: Person,
        /// What the token was made for.
        scopes: Capabilities,
    },
    /// A source that sends its events.
    Key {
        /// Which key.
        key: KeyId,
        /// Which source.
        source: String,
    },
    /// Whoever runs the program on the machine that holds the book.
    Console,
}

impl Actor {
    /// What the audit log calls this kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Stranger => "stranger",
            Actor::Guest { .. } => "guest",
            Actor::Person { .. } => "person",
            Actor::Token { .. } => "token",
            Actor::Key { .. } => "key",
            Actor::Console => "console",
        }
    }

    /// The id under which the audit log names it; never a name or address.
    pub fn id(&self) -> &str {
        match self {
            Actor::Stranger | Actor::Console => "",
            Actor::Guest { session } => &session.0,
            Actor::Person { person, .. } => &person.id.0,
            Actor::Token { token, .. } => &token.0,
            Actor::Key { key, .. } => &key.0,
        }
    }

    /// The person behind a session or a token.
    pub fn person(&self) -> Option<&Person> {
        match self {
            Actor::Person { person, .. } | Actor::Token { person, .. } => Some(person),
            _ => None,
        }
    }

    /// Whose rows are seen: those of these teams, or all where none is named.
    pub fn teams(&self) -> &[String] {
        self.person().map_or(&[], |person| &person.teams)
    }
}

/// When, from where and under which request something is done.
#[derive(Clone, Copy, Debug)]
pub struct Call<'a> {
    /// Now.
    pub now: Instant,
    /// From where; none for the console. Behind a proxy it is the one the proxy vouches for.
    pub address: Option<IpAddr>,
    /// The request's id, as in the log lines of the server.
    pub request: &'a str,
}

impl<'a> Call<'a> {
    /// Something done on the machine itself, by nobody's request.
    pub fn console(now: Instant) -> Call<'a> {
        Call {
            now,
            address: None,
            request: "",
        }
    }

    /// How near the caller is. The audit log keeps this and not the address, which is personal.
    pub fn nearness(&self) -> &'static str {
        match self.address.map(plain) {
            None => "console",
            Some(address) if address.is_loopback() => "loopback",
            Some(IpAddr::V4(v4)) if v4.is_private() || v4.is_link_local() => "private",
            Some(IpAddr::V6(v6)) if v6.is_unique_local() || v6.is_unicast_link_local() => "private",
            Some(_) => "public",
        }
    }

    /// The address by which guesses are counted. Whoever has one IPv6 address has a network of
    /// 2⁶⁴ of them, so the network counts.
    pub(crate) fn network(&self) -> String {
        match self.address.map(plain) {
            None => "console".to_owned(),
            Some(IpAddr::V4(v4)) => v4.to_string(),
            Some(IpAddr::V6(v6)) => {
                let [a, b, c, d, ..] = v6.segments();
                format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
            }
        }
    }
}

/// An IPv4 address that is written as IPv6 is the same address.
fn plain(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
