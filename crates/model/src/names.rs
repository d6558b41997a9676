//! Texts kept once: the table that symbols stand for.
//!
//! A large book has millions of keys of a few letters each, so a text costs its own bytes, the
//! place where it ends and a slot of the index, and no piece of memory of its own.

use std::hash::BuildHasher;

use crate::id::Sym;

/// The table of texts that [`Sym`]s stand for.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// All texts, one after the other.
    texts: String,
    /// Where each of them ends.
    ends: Vec<usize>,
    /// By the hash of a text, the number of its symbol under half of the hash; 0 is empty. There
    /// are none or a power of two, of which a quarter is empty at least.
    slots: Vec<u64>,
    hasher: foldhash::fast::RandomState,
}

/// The fewest slots that there are.
const SLOTS: usize = 8;

impl Names {
    /// The symbol of `text`, made on first use.
    pub fn intern(&mut self, text: &str) -> Sym {
        let half = self.half(text);
        let found = self.found(text, half);
        found.unwrap_or_else(|| self.push(text, half))
    }

    /// The symbol of `text` if anything has named it.
    pub fn find(&self, text: &str) -> Option<Sym> {
        self.found(text, self.half(text))
    }

    /// The text of a symbol; empty for a symbol of another table.
    pub fn text(&self, sym: Sym) -> &str {
        self.at(sym.index())
    }

    /// Keeps the texts of these symbols only, numbered in this order from zero. Gives the new
    /// symbol of each old one, by its old position; the old ones no longer mean anything.
    pub fn keep(&mut self, order: &[Sym]) -> Vec<Option<Sym>> {
        let mut moved = vec![None; self.len()];
        let mut kept = Names::default();
        for sym in order {
            if let Some(place @ None) = moved.get_mut(sym.index()) {
                *place = Some(kept.push_new(self.text(*sym)));
            }
        }
        *self = kept;
        moved
    }

    /// The first so many texts, under their symbols.
    pub fn first(&self, count: usize) -> Names {
        let mut first = Names::default();
        for text in self.texts().take(count) {
            first.push_new(text);
        }
        first
    }

    /// Takes in the texts of another table; gives the symbol here of each symbol there.
    pub fn take_in(&mut self, other: &Names) -> Vec<Sym> {
        other.texts().map(|text| self.intern(text)).collect()
    }

    /// The texts, by position of their symbols.
    pub fn texts(&self) -> impl ExactSizeIterator<Item = &str> {
        self.since(0)
    }

    /// The texts that came after so many others.
    pub fn since(&self, count: usize) -> impl ExactSizeIterator<Item = &str> {
        (count.min(self.len())..self.len()).map(|at| self.at(at))
    }

    /// The symbol of a position, if there is one.
    pub fn sym(&self, index: usize) -> Option<Sym> {
        (index < self.len()).then(|| Sym::at(index))
    }

    /// The symbols, by position.
    pub fn syms(&self) -> impl ExactSizeIterator<Item = Sym> + use<> {
        (0..self.len()).map(Sym::at)
    }

    /// How many texts are known.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether no text is known.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.texts.len() + size_of_val(&*self.ends) + size_of_val(&*self.slots)
    }

    fn at(&self, index: usize) -> &str {
        let from = match index.checked_sub(1) {
            None => Some(0),
            Some(before) => self.ends.get(before).copied(),
        };
        let range = from.zip(self.ends.get(index).copied());
        let text = range.and_then(|(from, to)| self.texts.get(from..to));
        text.unwrap_or_default()
    }

    /// Half the hash of a text: its slot is the one that the lower bits say or one soon after.
    fn half(&self, text: &str) -> u32 {
        let hash = self.hasher.hash_one(text);
        (hash ^ hash >> 32) as u32
    }

    fn found(&self, text: &str, half: u32) -> Option<Sym> {
        let mask = self.slots.len().wrapping_sub(1);
        let mut at = half as usize & mask;
        loop {
            let slot = *self.slots.get(at)?;
            // No symbol has the number 0.
            let index = (slot as u32).checked_sub(1)? as usize;
            if slot >> 32 == u64::from(half) && self.at(index) == text {
                return Some(Sym::at(index));
            }
            at = (at + 1) & mask;
        }
    }

    /// Adds a text that is not there yet.
    fn push_new(&mut self, text: &str) -> Sym {
        self.push(text, self.half(text))
    }

    fn push(&mut self, text: &str, half: u32) -> Sym {
        if (self.len() + 1) * 4 > self.slots.len() * 3 {
            let more = vec![0; (2 * self.slots.len()).max(SLOTS)];
            let slots = std::mem::replace(&mut self.slots, more);
            for slot in slots.into_iter().filter(|slot| *slot != 0) {
                put(&mut self.slots, slot);
            }
        }
        let sym = Sym::at(self.len());
        self.texts.push_str(text);
        self.ends.push(self.texts.len());
        put(
            &mut self.slots,
            u64::from(half) << 32 | (sym.index() as u64 + 1),
        );
        sym
    }
}

/// Puts a number under half of a hash into the first slot that is free for it.
fn put(slots: &mut [u64], number: u64) {
    let mask = slots.len().wrapping_sub(1);
    let mut at = (number >> 32) as usize & mask;
    while let Some(slot) = slots.get_mut(at) {
        if *slot == 0 {
            *slot = number;
            return;
        }
        at = (at + 1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

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

    /// A map and a list are the slow and obvious table.
    #[test]
    fn many_texts_are_found_under_their_own_symbols_and_no_others_are() {
        let (mut names, mut known) = (Names::default(), HashMap::new());
        let mut list: Vec<String> = Vec::new();
        let mut number = 1_u64;
        assert_eq!((names.find(""), names.text(Sym::at(0))), (None, ""));
        for _ in 0..20_000 {
            number = number.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            // Some come again, one is empty, and letters are of several bytes.
            let text = match (number >> 33) % 7_777 {
                0 => String::new(),
                more if more % 3 == 0 => format!("ü{more}–"),
                more => format!("D{more}"),
            };
            assert_eq!(names.find(&text), known.get(&text).copied());
            let sym = names.intern(&text);
            let next = list.len();
            assert_eq!(*known.entry(text.clone()).or_insert(sym), sym);
            if sym.index() == next {
                list.push(text);
            }
            assert_eq!((names.len(), known.len()), (list.len(), list.len()));
        }
        assert!(list.len() > 500 && known.contains_key(""), "{}", list.len());
        assert!(names.texts().eq(list.iter()));
        assert!(names.since(400).eq(list.iter().skip(400)));
        assert_eq!(names.since(9_999).len(), 0);
        let mut first = names.first(300);
        for (at, text) in list.iter().enumerate() {
            assert_eq!(first.find(text), (at < 300).then_some(Sym::at(at)));
            assert_eq!(names.text(Sym::at(at)), text);
        }
        let moved = first.take_in(&names);
        assert!(moved.iter().copied().eq(names.syms()), "in the same order");
        assert!(first.texts().eq(names.texts()));
    }
}
