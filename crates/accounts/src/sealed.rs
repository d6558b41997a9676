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
use crate::secret::{Chance, Secret};
use crate::store::Fault;
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
        self.checked(call, email, password)
            .map(|(person, _)| person)
    }

    /// Seals a key under a password that was just checked; an earlier key is gone.
    pub fn seal(
        &self,
        (actor, call): (&Actor, &Call<'_>),
        password: &Secret,
        opened: &Opened,
    ) -> Result<(), Refusal> {
        let person = actor.person().ok_or_else(refuse::sign_in_first)?;
        let sealed = self.sealed(&person.id, password, opened)?;
        self.store.write(|act| {
            put(act, &person.id, &sealed)?;
            let deed = Deed {
                act: "signing_key.made",
                object: &person.id.0,
                before: &[],
                after: &[],
            };
            append(act, actor, call, &deed)
        })
    }

    /// The name under which somebody's key signs, if they have one.
    pub fn signs_as(&self, id: &PersonId) -> Result<Option<String>, Refusal> {
        let found = self.store.read(|look| found(look, id))?;
        Ok(found.map(|sealed| sealed.name))
    }

    /// Opens the key of somebody whose password was just checked; none where there is none, or it
    /// was sealed under a password that they have forgotten since.
    pub fn unseal(&self, id: &PersonId, password: &Secret) -> Result<Option<Opened>, Refusal> {
        let found = self.store.read(|look| found(look, id))?;
        let Some(sealed) = found else {
            return Ok(None);
        };
        let _turn = self.hasher.turn()?;
        let (Some(cipher), Ok(nonce)) = (
            cipher(password, &sealed.salt),
            <[u8; 24]>::try_from(sealed.nonce.as_slice()),
        ) else {
            return Ok(None);
        };
        let bound = bound(id, &sealed.name);
        let payload = Payload {
            msg: &sealed.bytes,
            aad: bound.as_bytes(),
        };
        let opened = cipher.decrypt(&XNonce::from(nonce), payload);
        let key = opened.ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
        Ok(key.map(|key| Opened {
            name: sealed.name,
            key,
        }))
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

    /// The same key under another password: none where there is none to be opened.
    pub(crate) fn sealed_anew(
        &self,
        id: &PersonId,
        (old, new): (&Secret, &Secret),
    ) -> Result<Option<Anew>, Refusal> {
        let Some(opened) = self.unseal(id, old)? else {
            return Ok(None);
        };
        Ok(Some(Anew(self.sealed(id, new, &opened)?)))
    }
}

/// A key to be kept under a new password, in the transaction that keeps the password.
pub(crate) struct Anew(Sealed);

impl Anew {
    pub(crate) fn keep(&self, act: &Connection, id: &PersonId) -> Result<(), Fault> {
        put(act, id, &self.0)
    }
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

fn put(act: &Connection, id: &PersonId, sealed: &Sealed) -> Result<(), Fault> {
    let sql = "INSERT OR REPLACE INTO signing (person, name, salt, nonce, sealed) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    act.prepare_cached(sql)?.execute(params![
        id.0,
        sealed.name,
        sealed.salt,
        sealed.nonce,
        sealed.bytes
    ])?;
    Ok(())
}

fn found(look: &Connection, id: &PersonId) -> Result<Option<Sealed>, Fault> {
    let sql = "SELECT name, salt, nonce, sealed FROM signing WHERE person = ?1";
    let row = look.prepare_cached(sql)?.query_row([&id.0], |row| {
        Ok(Sealed {
            name: row.get(0)?,
            salt: row.get(1)?,
            nonce: row.get(2)?,
            bytes: row.get(3)?,
        })
    });
    Ok(row.optional()?)
}
