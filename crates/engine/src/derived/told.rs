//! How facts that are put away name texts: the first so many by their numbers, others as they are.
//!
//! A large book has millions of accounts and deals, each in one home. A table of all their texts
//! would be larger than what lies near a core, and both hands would wait for it; a text that is
//! written again and again is a few bytes more to put away.

use std::cell::RefCell;

use handfast_kernels::quick::Quick;
use handfast_model::{Names, Sym};

use super::bytes::{In, Out};
use super::facts::{Syms, Texts};

/// How many texts have numbers, but for those of attributes that facts share.
const NUMBERED: usize = 1 << 16;
/// What is written where there is no text, and where the text itself follows.
const NONE: u32 = 0;
const WRITTEN: u32 = 1;
/// What is written for the first text that has a number.
const FIRST: u32 = 2;

/// The texts of one hand that have numbers.
#[derive(Default)]
pub(super) struct Told {
    names: Names,
    /// What is written for each text of the stretch that is put away.
    codes: Vec<u32>,
}

impl Told {
    /// Learns the texts of a stretch that came after so many others.
    pub fn learn(&mut self, names: &Names, known: usize) {
        self.codes.truncate(known);
        for text in names.since(known) {
            let own = match self.names.len() < NUMBERED {
                true => Some(self.names.intern(text)),
                false => self.names.find(text),
            };
            self.codes.push(own.map_or(WRITTEN, code));
        }
    }

    /// Writes texts of these names, which were learned.
    pub fn telling<'t>(&'t mut self, names: &'t Names) -> Telling<'t> {
        Telling { told: self, names }
    }

    /// Reads into other names.
    pub fn hearing<'h>(&'h self, names: &'h RefCell<Names>) -> Hearing<'h> {
        Hearing {
            told: &self.names,
            known: RefCell::default(),
            names,
        }
    }
}

fn code(sym: Sym) -> u32 {
    sym.index() as u32 + FIRST
}

/// Writes texts.
pub(super) struct Telling<'t> {
    told: &'t mut Told,
    names: &'t Names,
}

impl Texts for Telling<'_> {
    fn put(&mut self, sym: Sym, out: &mut Out) {
        match self.told.codes.get(sym.index()) {
            Some(&code) if code != WRITTEN => out.number(u64::from(code)),
            _ => {
                out.number(u64::from(WRITTEN));
                out.text(self.names.text(sym));
            }
        }
    }

    fn put_maybe(&mut self, sym: Option<Sym>, out: &mut Out) {
        match sym {
            Some(sym) => self.put(sym, out),
            None => out.number(u64::from(NONE)),
        }
    }

    fn own(&mut self, sym: Sym) -> Sym {
        let own = self.told.names.intern(self.names.text(sym));
        let slot = self.told.codes.get_mut(sym.index());
        slot.into_iter().for_each(|slot| *slot = code(own));
        own
    }
}

/// Reads texts into names of their own.
pub(super) struct Hearing<'h> {
    told: &'h Names,
    known: RefCell<Quick<Sym, Sym>>,
    names: &'h RefCell<Names>,
}

impl Hearing<'_> {
    /// What stands here for a text that has a number.
    pub fn sym(&self, told: Sym) -> Sym {
        let mut known = self.known.borrow_mut();
        let intern = || self.names.borrow_mut().intern(self.told.text(told));
        *known.entry(told).or_insert_with(intern)
    }
}

impl Syms for Hearing<'_> {
    fn get(&self, from: &mut In<'_>) -> Option<Sym> {
        self.get_maybe(from)?
    }

    fn get_maybe(&self, from: &mut In<'_>) -> Option<Option<Sym>> {
        Some(match from.number_32()? {
            NONE => None,
            WRITTEN => Some(self.names.borrow_mut().intern(from.text()?)),
            code => {
                let told = self.told.sym((code - FIRST) as usize)?;
                Some(self.sym(told))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn texts_are_read_as_they_were_written_whether_they_have_numbers_or_not() {
        let mut told = Told::default();
        let mut bytes = Vec::new();
        let stretches = [0..NUMBERED - 10, 0..40, NUMBERED - 20..NUMBERED + 20];
        for stretch in stretches.clone() {
            let mut names = Names::default();
            let mut out = Out::default();
            // The second half comes with a later batch of the stretch.
            let middle = (stretch.start + stretch.end) / 2;
            for batch in [stretch.start..middle, middle..stretch.end] {
                let known = names.len();
                let syms: Vec<Sym> = batch.map(|at| names.intern(&format!("t{at}"))).collect();
                told.learn(&names, known);
                let mut telling = told.telling(&names);
                for sym in syms {
                    telling.put_maybe(None, &mut out);
                    telling.put(sym, &mut out);
                }
            }
            // An attribute's has a number from then on.
            let last = names.intern(&format!("t{}", stretch.end - 1));
            let mut telling = told.telling(&names);
            telling.own(last);
            telling.put_maybe(Some(last), &mut out);
            bytes.push(out.0);
        }
        assert_eq!(told.names.len(), NUMBERED + 1);
        let names = RefCell::default();
        let hearing = told.hearing(&names);
        for (stretch, bytes) in stretches.into_iter().zip(bytes) {
            let mut from = In(&bytes);
            let text = |sym: Sym| names.borrow().text(sym).to_owned();
            for at in stretch.clone() {
                assert_eq!(hearing.get_maybe(&mut from), Some(None));
                let sym = hearing.get(&mut from).unwrap();
                assert_eq!(text(sym), format!("t{at}"));
            }
            let last = hearing.get_maybe(&mut from).unwrap().unwrap();
            assert_eq!(text(last), format!("t{}", stretch.end - 1));
            assert!(from.0.is_empty());
        }
        let mut none = Out::default();
        none.number(u64::from(NONE));
        assert_eq!(hearing.get(&mut In(&none.0)), None);
        let mut other = Out::default();
        other.number(u64::from(FIRST) + NUMBERED as u64 + 1);
        assert_eq!(hearing.get_maybe(&mut In(&other.0)), None);
    }
}
