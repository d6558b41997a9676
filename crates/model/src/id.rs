//! Typed identifiers. A bare `u64` or `String` never names a thing in a public function.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

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
    fn at(index: usize) -> Sym {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        Sym(NonZeroU32::new(number).unwrap_or(NonZeroU32::MAX))
    }
}

/// The table of texts that [`Sym`]s stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    texts: Vec<Arc<str>>,
    index: HashMap<Arc<str>, Sym, foldhash::fast::RandomState>,
}

impl Names {
    /// The symbol of `text`, made on first use.
    pub fn intern(&mut self, text: &str) -> Sym {
        if let Some(&sym) = self.index.get(text) {
            return sym;
        }
        let sym = Sym::at(self.texts.len());
        let text: Arc<str> = text.into();
        self.texts.push(Arc::clone(&text));
        self.index.insert(text, sym);
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
                *place = Some(Sym::at(texts.len()));
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

    /// The first so many texts, under their symbols.
    pub fn first(&self, count: usize) -> Names {
        let mut first = Names::default();
        let texts = self.texts.iter().take(count);
        for (at, text) in texts.enumerate() {
            first.texts.push(Arc::clone(text));
            first.index.insert(Arc::clone(text), Sym::at(at));
        }
        first
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
    pub fn since(&self, count: usize) -> impl ExactSizeIterator<Item = &str> {
        let later = self.texts.get(count..).unwrap_or_default();
        later.iter().map(|text| &**text)
    }

    /// The symbols, by position.
    pub fn syms(&self) -> impl ExactSizeIterator<Item = Sym> + use<> {
        (0..self.texts.len()).map(Sym::at)
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
        assert_eq!(moved, [Some(Sym::at(1)), None, Some(Sym::at(0))]);
        assert_eq!(
            (names.text(Sym::at(0)), names.text(Sym::at(1)), names.len()),
            ("c", "a", 2)
        );
        assert_eq!((names.find("a"), names.find("b")), (Some(Sym::at(1)), None));
        assert_eq!(names.intern("b"), Sym::at(2));
    }
}
