//! Typed identifiers. A bare `u64` or `String` never names a thing in a public function.

use std::fmt;
use std::num::NonZeroU32;

pub use crate::names::Names;

/// The ledger's own clock tick: one number per commit, never backwards. Zero is the empty book.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Seq(pub u64);

/// A fact's name: a hash of (kind, source, stream, key, version, ordinal), so it is the same in
/// every rebuild.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u128);

/// A person: the book's keyed hash of (namespace, key). The key itself is personal and is never
/// kept in clear.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub u128);

/// A source row's key: the book's keyed hash of (source, stream, key columns).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey(pub u128);

macro_rules! hex {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:032x})", stringify!($name), self.0)
            }
        }
    )*};
}
hex!(FactId, PersonId, RecordKey);

impl PersonId {
    /// Reads the 32 hexadecimal digits that a person is written as.
    pub fn parse(text: &str) -> Option<PersonId> {
        let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u128::from_str_radix(text, 16).ok().filter(|_| is_hex);
        number.map(PersonId)
    }
}

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A text stored once. Only meaningful together with the [`Names`] that made it; its number says
/// nothing about alphabetical order, so never sort by it where an answer can see the order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sym(NonZeroU32);

impl Sym {
    /// Position in the table of names, for dense side tables.
    pub fn index(self) -> usize {
        (self.0.get() - 1) as usize
    }

    /// Of a position. It is kept one higher, so that no symbol is zero and a symbol that may be
    /// missing takes no more bytes than one.
    pub(crate) fn at(index: usize) -> Sym {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        Sym(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }
}
