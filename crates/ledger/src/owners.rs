//! Whose each key slot is, in little memory: an import asks for every person that a row names.
//!
//! A person costs 20 bytes and some ten of an index; a map from hashes to numbers would take more
//! than twice as many, and both of its tables at once whenever it grows.

use hashbrown::HashTable;

/// The key slot of each person.
#[derive(Default)]
pub(crate) struct Owners {
    index: HashTable<u32>,
    /// Who, and the slot. A `u128` would want sixteen bytes for every start.
    all: Vec<([u8; 16], u32)>,
}

impl Owners {
    /// The slot of a person.
    pub(crate) fn slot(&self, person: u128) -> Option<u32> {
        let (_, slot) = self.all.get(self.place(person)?)?;
        Some(*slot)
    }

    fn place(&self, person: u128) -> Option<usize> {
        let key = person.to_ne_bytes();
        let is_it = |place: &u32| {
            self.all
                .get(*place as usize)
                .is_some_and(|one| one.0 == key)
        };
        let place = self.index.find(person as u64, is_it)?;
        Some(*place as usize)
    }

    /// Notes the slot of a person.
    pub(crate) fn put(&mut self, person: u128, slot: u32) {
        let place = self.place(person);
        if let Some(one) = place.and_then(|place| self.all.get_mut(place)) {
            one.1 = slot;
            return;
        }
        if self.index.len() == self.index.capacity() {
            self.make_room();
        }
        // A book has no more people than slots, of which there are 2^32.
        let place = self.all.len() as u32;
        self.all.push((person.to_ne_bytes(), slot));
        let all = &self.all;
        self.index
            .insert_unique(person as u64, place, |place| hash_at(all, *place));
    }

    /// Makes an index of twice the room; the old one is gone before.
    fn make_room(&mut self) {
        let room = (2 * self.all.len()).max(1_000);
        self.index = HashTable::new();
        self.index.reserve(room, |_| 0);
        let all = &self.all;
        for place in 0..all.len() as u32 {
            let hash = hash_at(all, place);
            self.index
                .insert_unique(hash, place, |place| hash_at(all, *place));
        }
    }
}

fn hash_at(all: &[([u8; 16], u32)], place: u32) -> u64 {
    let one = all.get(place as usize);
    one.map_or(0, |(person, _)| u128::from_ne_bytes(*person) as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::Owners;

    #[test]
    fn a_person_has_the_slot_that_was_put_last() {
        let mut owners = Owners::default();
        let mut naive = BTreeMap::new();
        // People whose low halves are equal too, as hashes may be.
        let person = |number: u64| u128::from(number % 700) | u128::from(number) << 70;
        for number in (0..5_000).chain((0..5_000).step_by(3)) {
            let slot = (naive.len() as u32 * 7).wrapping_sub(3);
            assert_eq!(
                owners.slot(person(number)),
                naive.get(&person(number)).copied()
            );
            owners.put(person(number), slot);
            naive.insert(person(number), slot);
        }
        for number in 0..6_000 {
            let known = naive.get(&person(number)).copied();
            assert_eq!(owners.slot(person(number)), known, "{number}");
        }
    }
}
