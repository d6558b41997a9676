//! What a part is found by, as bytes beside it: which of its cells a change may concern, and where
//! the bytes of each lie, with a hash of them.

use handfast_kernels::cells::{Index, Part, Signs};
use handfast_ledger::Cache;

use super::bytes::{In, Out};
use super::codec::{self, Written};
use super::touched::Budget;

/// How much of a piece's hash is kept.
const CHECK_BYTES: usize = 16;

/// Writes the index of a part and of its bytes.
pub(super) fn write(index: &Index, part: &Written) -> Vec<u8> {
    let mut out = Out::default();
    out.text(&codec::mark());
    let mut bytes = part.bytes.as_slice();
    out.count(part.pieces.len());
    for length in &part.pieces {
        let (piece, rest) = bytes.split_at_checked(*length).unwrap_or((bytes, &[]));
        bytes = rest;
        out.count(piece.len());
        out.0.extend_from_slice(&check(piece));
    }
    out.count(index.signs.len());
    for signs in &index.signs {
        out.byte(u8::from(signs.has_team) << 1 | u8::from(signs.is_ahead));
        out.maybe_instant(signs.silent_at);
        out.maybe_instant(signs.latest);
    }
    out.count(index.entries.len());
    let mut last = 0;
    for entry in &index.entries {
        // Above a step from one hash to the next lies the whole cell number.
        let hash = entry >> 32;
        out.number(hash - last);
        out.number(entry & u64::from(u32::MAX));
        last = hash;
    }
    out.0
}

/// Where pieces lie: the place of the first byte, how many there are, their hash.
struct Piece {
    at: u64,
    length: usize,
    check: [u8; CHECK_BYTES],
}

fn check(bytes: &[u8]) -> [u8; CHECK_BYTES] {
    let hash = blake3::hash(bytes);
    hash.as_bytes().first_chunk().copied().unwrap_or_default()
}

fn read(bytes: &[u8]) -> Option<(Index, Vec<Piece>)> {
    let mut from = In(bytes);
    if from.text()? != codec::mark() {
        return None;
    }
    let mut at = 0_u64;
    let mut pieces = Vec::new();
    for _ in 0..from.count()? {
        let length = usize::try_from(from.number()?).ok()?;
        let (check, rest) = from.0.split_first_chunk()?;
        from.0 = rest;
        let check = *check;
        pieces.push(Piece { at, length, check });
        at = at.checked_add(length as u64)?;
    }
    let signs = from.list(|from| {
        let flags = from.byte()?;
        Some(Signs {
            has_team: flags & 2 != 0,
            is_ahead: flags & 1 != 0,
            silent_at: from.maybe_instant()?,
            latest: from.maybe_instant()?,
        })
    })?;
    let count = from.count()?;
    let (mut entries, mut hash) = (Vec::with_capacity(count), 0_u32);
    for _ in 0..count {
        hash = hash.checked_add(from.number_32()?)?;
        entries.push(u64::from(hash) << 32 | u64::from(from.number_32()?));
    }
    from.0
        .is_empty()
        .then_some((Index { entries, signs }, pieces))
}

/// Reads the facts of some cells of a part: of those chosen by its index that are not gone. `None`
/// also where their bytes are more than may be taken.
pub(super) fn read_some(
    (cache, budget): (&Cache, &Budget),
    (index, part): (&str, &str),
    gone: &[u32],
    choose: &mut dyn FnMut(&Index) -> Vec<u32>,
) -> Option<Part> {
    let (index, pieces) = read(&cache.read(index)?)?;
    let mut cells = choose(&index);
    cells.retain(|cell| gone.binary_search(cell).is_err());
    if cells.is_empty() {
        let count = u32::try_from(index.signs.len()).ok()?;
        return Some(Part {
            count,
            ..Part::default()
        });
    }
    let sizes = cells.iter().map(|cell| pieces.get(*cell as usize + 1));
    let sizes = sizes.map(|piece| piece.map_or(0, |piece| piece.length as u64));
    if !budget.takes(sizes.sum()) {
        return None;
    }
    let mut file = cache.open(part)?;
    let mut get = |number: usize| {
        let piece = pieces.get(number)?;
        let bytes = file.get(piece.at, piece.length)?;
        (check(&bytes) == piece.check).then_some(bytes)
    };
    let head = get(0)?;
    let cells = cells.into_iter();
    let cells = cells.map(|cell| Some((cell, get(cell as usize + 1)?)));
    let cells: Option<Vec<(u32, Vec<u8>)>> = cells.collect();
    codec::read_some(&head, &cells?, u32::try_from(index.signs.len()).ok()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use handfast_testkit::{Ledger, random, sketch};

    use super::*;

    #[test]
    fn some_cells_are_read_as_the_whole_has_them_and_damaged_ones_are_not() {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let horizon = charter.calendar.start_of(handfast_model::Day(20_200));
        let mut given = 0;
        for seed in 0..100 {
            let mut lines = random::lines(seed);
            lines.extend(random::identity_lines(seed));
            let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
            let part = Part::of(ledger.snapshot, &charter, horizon);
            let (whole, index) = (codec::write(&part), Index::of(&part, &charter));
            let (read, pieces) = read(&write(&index, &whole)).unwrap();
            assert_eq!(read, index, "seed {seed}");
            let piece = |number: usize| {
                let at = usize::try_from(pieces[number].at).unwrap();
                let bytes = &whole.bytes[at..at + pieces[number].length];
                assert_eq!(check(bytes), pieces[number].check);
                let mut other = bytes.to_vec();
                other[0] ^= 1;
                assert_ne!(check(&other), pieces[number].check);
                bytes.to_vec()
            };
            let odd = (0..part.count).filter(|cell| cell % 2 == 1);
            let cells: Vec<_> = odd.map(|cell| (cell, piece(cell as usize + 1))).collect();
            let some = codec::read_some(&piece(0), &cells, part.count).unwrap();
            let told = |part: &Part| {
                let facts = part.given_facts().zip(&part.cells);
                let facts = facts.filter(|(_, cell)| **cell % 2 == 1);
                let mut facts: Vec<String> = facts.map(|told| format!("{told:?}")).collect();
                facts.sort();
                facts
            };
            assert_eq!(told(&some), told(&part), "seed {seed}");
            given += some.given.len();
        }
        assert!(given > 10, "{given}");
    }
}
