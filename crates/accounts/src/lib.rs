//! People who use a book through its server: who they are, how they sign in, what they may do, and
//! what they did. It knows no business word, no HTTP and no clock; what the company's ledger holds
//! is none of its business, and nothing of it enters the ledger (decision 0035).
//!
//! A door opens `Accounts`, turns a cookie or a header into an `Actor` (`sessions`, `tokens`), asks
//! `rights::may` and writes what was done into the `audit` log. Everything blocks: it reads a file,
//! flushes it, or hashes a password.

pub mod actor;
pub mod rights;

mod people;
mod sessions;
mod sign_in;
mod tokens;

pub mod audit;
mod intents;

mod saved;
mod sealed;

mod answers;
mod password;
pub mod provider;
mod tries;

mod refuse;
mod secret;
mod store;

#[cfg(test)]
mod tests;

use std::path::Path;

use handfast_model::{Instant, Refusal};

pub use actor::{Actor, Call, KeyId, Person, PersonId, SessionId, TokenId};
pub use answers::{ANSWER_BYTES, Claim, KEY_BYTES};
pub use intents::{CUT_OFF, Intent};
pub use password::Cost;
pub use people::{Change, NewPerson};
pub use refuse::{busy, wait_seconds};
pub use rights::{Capabilities, Capability, Role, Voice, capabilities, held, may, require, voice};
pub use saved::{Figure, Note, View};
pub use sealed::{Keys, Opened};
pub use secret::{Chance, Secret};
pub use sessions::{ABSOLUTE_DAYS, IDLE_HOURS, Session, SignedIn};
pub use sign_in::{Chosen, Credentials, FirstOwner};
pub use tokens::{Key, NewToken, TOKEN_DAYS, Token};

use store::Store;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a door may choose.
pub struct Settings {
    /// Where secrets come from.
    pub chance: Chance,
    /// What checking a password costs.
    pub cost: Cost,
    /// What the company is called, as nobody's password should be.
    pub company: String,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            chance: Chance::system(),
            cost: Cost::ADVISED,
            company: String::new(),
        }
    }
}

/// Copies a file of people for a backup, as of one moment, while a server uses it. The copy must
/// not be there yet, and is readable for its owner alone.
pub fn copy(from: &Path, to: &Path) -> Result<(), Refusal> {
    store::copy(from, to)
}

/// The people of one book.
pub struct Accounts {
    store: Store,
    chance: Chance,
    company: String,
    hasher: password::Hasher,
}

impl Accounts {
    /// Opens the file of people, or starts one, and clears away what has ended.
    pub fn open(path: &Path, now: Instant) -> Result<Accounts, Refusal> {
        Accounts::open_with(path, now, Settings::default())
    }

    /// The same with other chance or costs.
    pub fn open_with(path: &Path, now: Instant, settings: Settings) -> Result<Accounts, Refusal> {
        let hasher = password::Hasher::new(settings.cost, &settings.chance)?;
        let accounts = Accounts {
            store: Store::open(path)?,
            chance: settings.chance,
            company: settings.company,
            hasher,
        };
        accounts.sweep(now)?;
        Ok(accounts)
    }

    /// Clears away what has ended: sessions, links, tries, stored answers. A server does it every
    /// few minutes; nothing that has ended works before it either.
    pub fn sweep(&self, now: Instant) -> Result<(), Refusal> {
        let ago = |micros: i64| now.0.saturating_sub(micros);
        self.store.write(|act| {
            act.execute("DELETE FROM links WHERE until <= ?1", [now.0])?;
            act.execute("DELETE FROM pending WHERE until <= ?1", [now.0])?;
            act.execute("DELETE FROM tries WHERE at <= ?1", [ago(tries::COUNTED)])?;
            act.execute("DELETE FROM networks WHERE at <= ?1", [ago(tries::KNOWN)])?;
            act.execute("DELETE FROM answers WHERE at <= ?1", [ago(answers::KEPT)])?;
            act.execute(
                "DELETE FROM sessions WHERE seen <= ?1 OR made <= ?2",
                [ago(sessions::IDLE), ago(sessions::ABSOLUTE)],
            )?;
            Ok(())
        })
    }
}
