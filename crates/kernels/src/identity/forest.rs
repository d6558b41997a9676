//! Which things are one: a disjoint-set forest that also knows what must stay apart.

use std::hash::Hash;

use crate::quick::Quick;

/// Things by number, dense from 0.
pub(super) struct Index<K> {
    numbers: Quick<K, u32>,
    pub(super) keys: Vec<K>,
}

impl<K: Copy + Eq + Hash> Index<K> {
    pub(super) fn new() -> Index<K> {
        Index {
            numbers: Quick::default(),
            keys: Vec::new(),
        }
    }

    /// The number of a thing, given on first mention.
    pub(super) fn learn(&mut self, key: K) -> u32 {
        let next = self.keys.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.keys.push(key);
        }
        number
    }

    pub(super) fn get(&self, key: K) -> Option<u32> {
        self.numbers.get(&key).copied()
    }

    pub(super) fn key(&self, number: u32) -> Option<K> {
        self.keys.get(number as usize).copied()
    }
}

/// How much a link weighs against a separation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Weight {
    /// A sign: e-mail, domain. Any separation stands against it.
    Sign,
    /// Somebody said so: a merge. Only a firm separation stands against it.
    Said,
}

/// A disjoint-set forest.
#[derive(Clone)]
pub(super) struct Forest {
    parents: Vec<u32>,
    sizes: Vec<u32>,
    /// By root: a thing that must stay apart, and the heaviest link it stands against.
    apart: Quick<u32, Vec<(u32, Weight)>>,
}

impl Forest {
    pub(super) fn new(count: usize) -> Forest {
        Forest {
            parents: (0..count as u32).collect(),
            sizes: vec![1; count],
            apart: Quick::default(),
        }
    }

    pub(super) fn root(&mut self, mut at: u32) -> u32 {
        loop {
            let parent = self.parent(at);
            if parent == at {
                return at;
            }
            let above = self.parent(parent);
            if let Some(slot) = self.parents.get_mut(at as usize) {
                *slot = above;
            }
            at = above;
        }
    }

    fn parent(&self, at: u32) -> u32 {
        self.parents.get(at as usize).copied().unwrap_or(at)
    }

    /// Two things must stay apart, as far as links up to this weight go.
    pub(super) fn separate(&mut self, a: u32, b: u32, weight: Weight) {
        let roots = [self.root(a), self.root(b)];
        for (root, other) in roots.into_iter().zip([b, a]) {
            self.apart.entry(root).or_default().push((other, weight));
        }
    }

    /// Makes two things one, unless they must stay apart. Whether they are one now.
    pub(super) fn join(&mut self, a: u32, b: u32, weight: Weight) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        if self.must_stay_apart(a, b, weight) {
            return false;
        }
        let size = |at: u32| self.sizes.get(at as usize).copied().unwrap_or(0);
        let sum = size(a) + size(b);
        let (root, child) = if size(a) >= size(b) { (a, b) } else { (b, a) };
        if let Some(slot) = self.parents.get_mut(child as usize) {
            *slot = root;
        }
        if let Some(slot) = self.sizes.get_mut(root as usize) {
            *slot = sum;
        }
        if let Some(moved) = self.apart.remove(&child) {
            self.apart.entry(root).or_default().extend(moved);
        }
        true
    }

    fn must_stay_apart(&mut self, a: u32, b: u32, weight: Weight) -> bool {
        let Some(list) = self.apart.get(&a).cloned() else {
            return false;
        };
        let mut others = list.into_iter().filter(|(_, against)| *against >= weight);
        others.any(|(other, _)| self.root(other) == b)
    }
}
