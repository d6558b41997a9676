//! The key by which somebody signs, sealed under their password: it opens for nobody else, the
//! server's admin included, and never without the password typed anew.
//!
//! argon2id makes 32 bytes of the password and a salt of its own, and XChaCha20-Poly1305 seals the
//! key under them, bound to the person. What is sealed is bytes to this crate.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use handfast_model::Refusal;
use rusqlite::{Connection, OptionalExtension, params};

use crate::actor::{Actor, Call, Person, PersonId};
use crate::audit::{Deed, append};
use crate::password::Cost;
use crate::people::folded;
use crate::secret::{Chance, Secret};
use crate::store::Fault;
use crate::tries::Try;
use crate::{Accounts, refuse};

/// A key that was opened.
pub struct Opened {
    /// The name under which it signs.
    pub name: String,
    /// The key.
    pub key: [u8; 32],
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.key.fill(0);
    }
}

/// The keys of somebody, opened.
#[derive(Default)]
pub struct Keys {
    /// Theirs.
    pub own: Option<Opened>,
    /// One that was sealed later and is not settled: it is theirs if the ledger says so.
    pub next: Option<Opened>,
}

/// Where a key stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shelf {
    /// It is somebody's one.
    Own,
    /// It will be, once the ledger has the act that introduces it.
    Next,
}

impl Shelf {
    fn table(self) -> &'static str {
        match self {
            Shelf::Own => "signing",
            Shelf::Next => "signing_next",
        }
    }
}

/// A key as it is kept.
struct Sealed {
    name: String,
    salt: Vec<u8>,
    nonce: Vec<u8>,
    bytes: Vec<u8>,
}

impl Accounts {
    /// Checks somebody's password once more and gives who they are: whoever signs shows that it is
    /// they, and not whoever found their browser open.
    pub fn again(
        &self,
        call: &Call<'_>,
        email: &str,
        password: &Secret,
    ) -> Result<Person, Refusal> {
        let (person, _) = self.checked(call, email, password)?;
        // Whoever signs often and rightly has guessed nothing.
        self.store
            .write(|act| Try::of(&folded(email), call).succeed(act, call))?;
        Ok(person)
    }

    /// Seals a key under a password that was just checked. It stands beside an earlier one, which
    /// stays theirs, until the ledger has the act that introduces it and `settle` says so.
    pub fn seal(
        &self,
        (actor, call): (&Actor, &Call<'_>),
        password: &Secret,
        opened: &Opened,
    ) -> Result<(), Refusal> {
        let person = actor.person().ok_or_else(refuse::sign_in_first)?;
        let sealed = self.sealed(&person.id, password, opened)?;
        self.store.write(|act| {
            put(act, Shelf::Next, &person.id, &sealed)?;
            let deed = Deed {
                act: "signing_key.made",
                object: &person.id.0,
                before: &[],
                after: &[],
            };
            append(act, actor, call, &deed)
        })
    }

    /// The key that was sealed last is somebody's one from now on.
    pub fn settle(&self, id: &PersonId) -> Result<(), Refusal> {
        self.store.write(|act| {
            if let Some(sealed) = found(act, Shelf::Next, id)? {
                put(act, Shelf::Own, id, &sealed)?;
                act.execute("DELETE FROM signing_next WHERE person = ?1", [&id.0])?;
            }
            Ok(())
        })
    }

    /// The name under which somebody's key signs, if they have one.
    pub fn signs_as(&self, id: &PersonId) -> Result<Option<String>, Refusal> {
        let found = self.store.read(|look| {
            let own = found(look, Shelf::Own, id)?;
            own.map_or_else(|| found(look, Shelf::Next, id), |own| Ok(Some(own)))
        })?;
        Ok(found.map(|sealed| sealed.name))
    }

    /// Opens the keys of somebody whose password was just checked. None where there is none, or it
    /// was sealed under a password that they have forgotten since.
    pub fn unseal(&self, id: &PersonId, password: &Secret) -> Result<Keys, Refusal> {
        Ok(Keys {
            own: self.opened(Shelf::Own, id, password)?,
            next: self.opened(Shelf::Next, id, password)?,
        })
    }

    fn opened(
        &self,
        shelf: Shelf,
        id: &PersonId,
        password: &Secret,
    ) -> Result<Option<Opened>, Refusal> {
        let Some(sealed) = self.store.read(|look| found(look, shelf, id))? else {
            return Ok(None);
        };
        let _turn = self.hasher.turn()?;
        let key = open(id, &sealed, password);
        let name = sealed.name;
        Ok(key.map(|key| Opened { name, key }))
    }

    fn sealed(&self, id: &PersonId, password: &Secret, opened: &Opened) -> Result<Sealed, Refusal> {
        let (salt, nonce) = salts(&self.chance)?;
        let _turn = self.hasher.turn()?;
        let bound = bound(id, &opened.name);
        let payload = Payload {
            msg: &opened.key,
            aad: bound.as_bytes(),
        };
        let cipher = cipher(password, &salt);
        let bytes = cipher.and_then(|cipher| cipher.encrypt(&XNonce::from(nonce), payload).ok());
        Ok(Sealed {
            name: opened.name.clone(),
            salt: salt.to_vec(),
            nonce: nonce.to_vec(),
            bytes: bytes.ok_or_else(refuse::no_chance)?,
        })
    }

    /// The same keys under another password: those that can be opened.
    pub(crate) fn sealed_anew(
        &self,
        id: &PersonId,
        (old, new): (&Secret, &Secret),
    ) -> Result<Anew, Refusal> {
        let mut anew = Vec::new();
        for shelf in [Shelf::Own, Shelf::Next] {
            if let Some(opened) = self.opened(shelf, id, old)? {
                anew.push((shelf, self.sealed(id, new, &opened)?));
            }
        }
        Ok(Anew(anew))
    }
}

/// Keys to be kept under a new password, in the transaction that keeps the password.
pub(crate) struct Anew(Vec<(Shelf, Sealed)>);

impl Anew {
    pub(crate) fn keep(&self, act: &Connection, id: &PersonId) -> Result<(), Fault> {
        self.0
            .iter()
            .try_for_each(|(shelf, sealed)| put(act, *shelf, id, sealed))
    }
}

fn open(id: &PersonId, sealed: &Sealed, password: &Secret) -> Option<[u8; 32]> {
    let cipher = cipher(password, &sealed.salt)?;
    let nonce = <[u8; 24]>::try_from(sealed.nonce.as_slice()).ok()?;
    let bound = bound(id, &sealed.name);
    let payload = Payload {
        msg: &sealed.bytes,
        aad: bound.as_bytes(),
    };
    let key = cipher.decrypt(&XNonce::from(nonce), payload).ok()?;
    <[u8; 32]>::try_from(key).ok()
}

fn salts(chance: &Chance) -> Result<([u8; 16], [u8; 24]), Refusal> {
    Ok((chance.bytes::<16>()?, chance.bytes::<24>()?))
}

/// What the sealed bytes are bound to: another's row does not open as one's own.
fn bound(id: &PersonId, name: &str) -> String {
    format!("handfast signing key 1\n{}\n{name}", id.0)
}

/// Its cost is part of the form, and stays when that of passwords goes up.
fn cipher(password: &Secret, salt: &[u8]) -> Option<XChaCha20Poly1305> {
    let Cost { memory_kib, passes } = Cost::ADVISED;
    let params = Params::new(memory_kib, passes, 1, Some(32)).ok()?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut key = [0; 32];
    let password = password.expose().as_bytes();
    argon2.hash_password_into(password, salt, &mut key).ok()?;
    let cipher = XChaCha20Poly1305::new(&key.into());
    key.fill(0);
    Some(cipher)
}

fn put(act: &Connection, shelf: Shelf, id: &PersonId, sealed: &Sealed) -> Result<(), Fault> {
    let sql = format!(
        "INSERT OR REPLACE INTO {} (person, name, salt, nonce, sealed) \
         VALUES (?1, ?2, ?3, ?4, ?5)",
        shelf.table()
    );
    act.prepare_cached(&sql)?.execute(params![
        id.0,
        sealed.name,
        sealed.salt,
        sealed.nonce,
        sealed.bytes
    ])?;
    Ok(())
}

fn found(look: &Connection, shelf: Shelf, id: &PersonId) -> Result<Option<Sealed>, Fault> {
    let table = shelf.table();
    let sql = format!("SELECT name, salt, nonce, sealed FROM {table} WHERE person = ?1");
    let row = look.prepare_cached(&sql)?.query_row([&id.0], |row| {
        Ok(Sealed {
            name: row.get(0)?,
            salt: row.get(1)?,
            nonce: row.get(2)?,
            bytes: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}
