//! Typed identifiers. A bare `u64` or `String` never names a thing in a public function.

use std::collections::HashMap;
use std::fmt;

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
pub struct Sym(u32);

impl Sym {
    /// Position in the table of names, for dense side tables.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The table of texts that [`Sym`]s stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Vec<Box<str>>,
    index: HashMap<Box<str>, Sym, foldhash::fast::RandomState>,
}

impl Names {
    /// The symbol of `text`, made on first use.
    pub fn intern(&mut self, text: &str) -> Sym {
        if let Some(&sym) = self.index.get(text) {
            return sym;
        }
        let sym = Sym(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        self.texts.push(text.into());
        self.index.insert(text.into(), sym);
        sym
    }

    /// The symbol of `text` if anything has named it.
    pub fn find(&self, text: &str) -> Option<Sym> {
        self.index.get(text).copied()
    }

    /// The text of a symbol; empty for a symbol of another table.
    pub fn text(&self, sym: Sym) -> &str {
        self.texts.get(sym.index()).map_or("", |text| text)
    }

    /// Keeps the texts of these symbols only, numbered in this order from zero. Gives the new
    /// symbol of each old one, by its old position; the old ones no longer mean anything.
    pub fn keep(&mut self, order: &[Sym]) -> Vec<Option<Sym>> {
        let mut moved = vec![None; self.texts.len()];
        let mut texts = Vec::with_capacity(order.len());
        for sym in order {
            if let Some(place @ None) = moved.get_mut(sym.index()) {
                *place = Some(Sym(u32::try_from(texts.len()).unwrap_or(u32::MAX)));
                let text = self.texts.get_mut(sym.index()).map(std::mem::take);
                texts.push(text.unwrap_or_default());
            }
        }
        self.texts = texts;
        self.index.retain(|_, sym| {
            let place = moved.get(sym.index()).copied().flatten();
            place.map(|place| *sym = place).is_some()
        });
        moved
    }

    /// Takes in the texts of another table; gives the symbol here of each symbol there.
    pub fn take_in(&mut self, other: &Names) -> Vec<Sym> {
        other.texts.iter().map(|text| self.intern(text)).collect()
    }

    /// The texts, by position of their symbols.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.texts.iter().map(|text| &**text)
    }

    /// The texts that came after so many others.
    pub fn since(&self, count: usize) -> impl Iterator<Item = &str> {
        let later = self.texts.get(count..).unwrap_or_default();
        later.iter().map(|text| &**text)
    }

    /// The symbols, by position.
    pub fn syms(&self) -> impl ExactSizeIterator<Item = Sym> + use<> {
        (0..u32::try_from(self.texts.len()).unwrap_or(u32::MAX)).map(Sym)
    }

    /// How many texts are known.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether no text is known.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_names_are_numbered_anew_and_the_others_are_gone() {
        let mut names = Names::default();
        let [a, _, c] = ["a", "b", "c"].map(|text| names.intern(text));
        let moved = names.keep(&[c, a, c]);
        assert_eq!(moved, [Some(Sym(1)), None, Some(Sym(0))]);
        assert_eq!(
            (names.text(Sym(0)), names.text(Sym(1)), names.len()),
            ("c", "a", 2)
        );
        assert_eq!((names.find("a"), names.find("b")), (Some(Sym(1)), None));
        assert_eq!(names.intern("b"), Sym(2));
    }
}
