//! Secrets: made by chance, shown once, kept as hashes, compared in constant time.

use std::fmt;

use handfast_model::Refusal;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::refuse;

/// A text that must reach nobody's log: its `Debug` says nothing, and it has no `Display`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text in.
    pub fn new(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// The text, for the one place that must have it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub(crate) fn hash(&self) -> Hash {
        hash(self.0.as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The SHA-256 of a secret. Secrets of 256 bits of chance need no slow hash.
pub(crate) type Hash = [u8; 32];

pub(crate) fn hash(bytes: &[u8]) -> Hash {
    Sha256::digest(bytes).into()
}

/// Whether two hashes are one, in the same time whatever they hold.
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

type Fill = dyn Fn(&mut [u8]) -> bool + Send + Sync;

/// Where chance comes from: the operating system, or a test.
pub struct Chance(Box<Fill>);

impl Chance {
    /// The operating system's.
    pub fn system() -> Chance {
        Chance(Box::new(|bytes| getrandom::fill(bytes).is_ok()))
    }

    /// Another one, which says whether it filled the bytes.
    pub fn by(fill: impl Fn(&mut [u8]) -> bool + Send + Sync + 'static) -> Chance {
        Chance(Box::new(fill))
    }

    pub(crate) fn bytes<const N: usize>(&self) -> Result<[u8; N], Refusal> {
        let mut bytes = [0; N];
        match (self.0)(&mut bytes) {
            true => Ok(bytes),
            false => Err(refuse::no_chance()),
        }
    }

    /// 256 bits after a prefix that says what it opens, so that a scanner for leaked secrets
    /// can recognise it.
    pub(crate) fn secret(&self, prefix: &str) -> Result<Secret, Refusal> {
        Ok(Secret(format!("{prefix}{}", hex(&self.bytes::<32>()?))))
    }

    /// A public id: 96 bits are enough that two never meet.
    pub(crate) fn id(&self) -> Result<String, Refusal> {
        Ok(hex(&self.bytes::<12>()?))
    }
}

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}
