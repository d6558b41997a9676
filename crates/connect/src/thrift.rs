//! The shape of what Parquet writes about itself (Thrift, compact protocol), before it is believed.
//!
//! The Parquet reader makes room for as many things as a file claims to have. Here the claims are
//! walked over first, without making room for anything: a list is no longer than the bytes that are
//! left for it, and nesting has an end.

/// What is met on a walk.
pub(crate) enum Event {
    /// A whole number.
    Number(i64),
    /// The end of a structure.
    Close,
}

/// Deepest nesting of structures and lists; Parquet's own goes to about six.
const DEPTH: usize = 32;

/// A walk over bytes.
struct Walk<'b, 'e> {
    bytes: &'b [u8],
    at: usize,
    /// Ids of the fields from the outermost structure to here.
    path: Vec<i16>,
    each: &'e mut dyn FnMut(&[i16], Event),
}

/// Walks over one structure and tells of every number, by the ids of the fields that lead to it.
/// Gives how many bytes it has; `None` when they are no structure, or end before it does.
pub(crate) fn walk(bytes: &[u8], each: &mut dyn FnMut(&[i16], Event)) -> Option<usize> {
    let mut walk = Walk {
        bytes,
        at: 0,
        path: Vec::new(),
        each,
    };
    walk.structure(0)?;
    Some(walk.at)
}

impl Walk<'_, '_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied();
        self.at += 1;
        byte
    }

    fn left(&self) -> usize {
        self.bytes.len().saturating_sub(self.at)
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        let count = usize::try_from(count).ok()?;
        if count > self.left() {
            return None;
        }
        self.at += count;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn number(&mut self) -> Option<i64> {
        let number = self.varint()?;
        let half = i64::try_from(number >> 1).ok()?;
        Some(half ^ -i64::from(number & 1 == 1))
    }

    fn structure(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        let mut id = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                (self.each)(&self.path, Event::Close);
                return Some(());
            }
            id = match head >> 4 {
                0 => i16::try_from(self.number()?).ok()?,
                step => id.checked_add(i16::from(step))?,
            };
            self.path.push(id);
            match head & 0x0f {
                // Truth values of a field stand in its head.
                1 | 2 => {}
                kind => self.value(kind, depth + 1)?,
            }
            self.path.pop();
        }
    }

    fn value(&mut self, kind: u8, depth: usize) -> Option<()> {
        match kind {
            1..=3 => self.pass(1),
            4..=6 => {
                let number = self.number()?;
                (self.each)(&self.path, Event::Number(number));
                Some(())
            }
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            9 | 10 => self.list(depth),
            12 => self.structure(depth),
            13 => self.pass(16),
            _ => None,
        }
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        if depth > DEPTH {
            return None;
        }
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            count => u64::from(count),
        };
        // Every item has at least one byte.
        if count > self.left() as u64 {
            return None;
        }
        for _ in 0..count {
            self.value(head & 0x0f, depth + 1)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ids of the fields that lead to a number, and the number.
    type Found = (Vec<i16>, i64);

    fn numbers(bytes: &[u8]) -> Option<(usize, Vec<Found>)> {
        let mut found = Vec::new();
        let mut each = |path: &[i16], event: Event| {
            if let Event::Number(number) = event {
                found.push((path.to_vec(), number));
            }
        };
        let length = walk(bytes, &mut each)?;
        Some((length, found))
    }

    #[test]
    fn numbers_are_found_by_the_fields_that_lead_to_them() {
        // 1: -1, 3: {2: 5}, 4: [7, 8], and one byte that is not of it.
        let bytes = [0x15, 1, 0x2c, 0x25, 10, 0, 0x19, 0x25, 14, 16, 0, 99];
        let found = vec![(vec![1], -1), (vec![3, 2], 5), (vec![4], 7), (vec![4], 8)];
        assert_eq!(numbers(&bytes), Some((11, found)));
    }

    #[test]
    fn claims_that_the_bytes_cannot_hold_are_no_structure() {
        assert_eq!(
            numbers(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07, 0]),
            None
        );
        assert_eq!(numbers(&[0x18, 0x7f, 0]), None);
        assert_eq!(numbers(&[0x1c; 100]), None);
        assert_eq!(numbers(&[]), None);
        assert_eq!(
            numbers(&[
                0x15, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
            ]),
            None
        );
    }
}
