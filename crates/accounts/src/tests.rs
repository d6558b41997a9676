//! What always holds about people and rights, asked of the public interface with a file of its own
//! per test, a clock that is a number, and chance that is counted.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod abuse;
mod audit;
mod guessing;
mod people;
mod provider;
mod rights;
mod saved;
mod sealed;
mod sessions;
mod store;
mod tokens;

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU64, Ordering};

use handfast_model::rules::Side;
use handfast_model::{Instant, Refusal};
use tempfile::TempDir;

use crate::secret::hash;
use crate::{
    Accounts, Actor, Call, Chance, Chosen, Cost, Credentials, FirstOwner, NewPerson, Person, Role,
    Secret, Settings, SignedIn,
};

pub(crate) const NOW: Instant = Instant(1_800_000_000_000_000);
pub(crate) const OFFICE: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7));
pub(crate) const PASSWORD: &str = "plum lantern gravel mist";
pub(crate) const EMAIL: &str = "ada.kern@example.org";

/// Chance that a test can count on: hashes of 1, 2, 3, …
pub(crate) fn counted() -> Chance {
    let count = AtomicU64::new(0);
    Chance::by(move |bytes| {
        for piece in bytes.chunks_mut(32) {
            let number = count.fetch_add(1, Ordering::Relaxed);
            piece.copy_from_slice(&hash(&number.to_le_bytes())[..piece.len()]);
        }
        true
    })
}

pub(crate) fn settings() -> Settings {
    Settings {
        chance: counted(),
        cost: Cost {
            memory_kib: 8,
            passes: 1,
        },
        company: "Tessera".to_owned(),
    }
}

pub(crate) fn after(micros: i64) -> Instant {
    Instant(NOW.0 + micros)
}

pub(crate) fn call_at(now: Instant, address: IpAddr) -> Call<'static> {
    Call {
        now,
        address: Some(address),
        request: "r-1",
    }
}

pub(crate) fn call() -> Call<'static> {
    call_at(NOW, OFFICE)
}

pub(crate) fn secret(text: &str) -> Secret {
    Secret::new(text)
}

/// A password that somebody chooses, whose programs go on.
pub(crate) fn chosen(password: &Secret) -> Chosen<'_> {
    Chosen {
        password,
        keeps_tokens: true,
        device: "",
        before: None,
    }
}

pub(crate) fn code<T>(given: Result<T, Refusal>) -> &'static str {
    given.map_or_else(|refusal| refusal.code, |_| "done")
}

/// Accounts in a folder that vanishes, with a first owner who has signed in.
pub(crate) struct Office {
    pub dir: TempDir,
    pub accounts: Accounts,
    pub owner: SignedIn,
}

impl Office {
    pub fn new() -> Office {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("people.db");
        let accounts = Accounts::open_with(&path, NOW, settings()).unwrap();
        let token = accounts.set_up_token(&call()).unwrap().unwrap();
        let first = FirstOwner {
            token: &token,
            name: "Ada Kern",
            email: EMAIL,
            password: &secret(PASSWORD),
            device: "a browser",
            before: None,
        };
        let owner = accounts.set_up(&call(), &first).unwrap();
        Office {
            dir,
            accounts,
            owner,
        }
    }

    pub fn boss(&self) -> &Actor {
        &self.owner.actor
    }

    /// Somebody of this role who has signed in, with all sides.
    pub fn hire(&self, role: Role) -> SignedIn {
        self.hire_as(role, &format!("{}@example.org", role.word()))
    }

    pub fn hire_as(&self, role: Role, email: &str) -> SignedIn {
        let new = newcomer(role, email);
        let (_, link) = self.accounts.invite(self.boss(), &call(), &new).unwrap();
        let password = secret(PASSWORD);
        let accepted = self.accounts.accept(&call(), &link, &chosen(&password));
        accepted.unwrap()
    }

    pub fn sign_in(
        &self,
        call: &Call<'_>,
        email: &str,
        password: &str,
    ) -> Result<SignedIn, Refusal> {
        let password = secret(password);
        let with = Credentials {
            email,
            password: &password,
            device: "",
            before: None,
        };
        self.accounts.sign_in(call, &with)
    }

    /// Whether this secret still opens something.
    pub fn opens(&self, signed_in: &SignedIn, now: Instant) -> bool {
        let who = self.accounts.who(&signed_in.secret, &call_at(now, OFFICE));
        who.unwrap() != Actor::Stranger
    }

    pub fn raw(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.dir.path().join("people.db")).unwrap()
    }
}

pub(crate) fn newcomer(role: Role, email: &str) -> NewPerson {
    NewPerson {
        name: "Bo Lind".to_owned(),
        email: email.to_owned(),
        role,
        sides: vec![Side::Marketing, Side::Sales],
        teams: Vec::new(),
    }
}

pub(crate) fn person(actor: &Actor) -> Person {
    actor.person().unwrap().clone()
}
