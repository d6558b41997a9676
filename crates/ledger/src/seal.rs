//! Sealing: text that can be read only while every slot it names still holds its bytes.
//!
//! XChaCha20-Poly1305 under a key derived from the book's secret and those slots. The nonce is a
//! hash under the same key, so equal input gives equal bytes and no guess about the text can be
//! tested once a slot is gone.

use chacha20poly1305::aead::{Aead, AeadInOut, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use handfast_model::Refusal;

use crate::keys::{BookKey, Slots};
use crate::refuse;

const NONCE: usize = 24;

/// What a sealed text is longer than the text and the slots it names.
pub(crate) const TAIL: usize = NONCE + 16;

/// What a sealed text belongs to; it opens nowhere else.
pub(crate) fn binding(texts: &[&str], numbers: &[u128]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(64);
    for text in texts {
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text.as_bytes());
    }
    for number in numbers {
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    bytes
}

/// Reads the sealing key of these slots; `None` when one of them is erased.
pub(crate) fn key_of(
    book: &BookKey,
    slots: &mut Slots,
    of: &[u32],
) -> Result<Option<[u8; 32]>, Refusal> {
    let mut bytes = Vec::with_capacity(of.len());
    for &slot in of {
        match slots.read(slot)? {
            Some(slot) => bytes.push(slot),
            None => return Ok(None),
        }
    }
    Ok(Some(book.sealing(&bytes)))
}

/// Seals a text under `key`, the sealing key of `slots`.
pub(crate) fn seal(
    key: &[u8; 32],
    slots: &[u32],
    binding: &[u8],
    text: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    seal_onto(&mut bytes, (key, slots), binding, text)?;
    Ok(bytes)
}

/// The same, after what `bytes` hold.
pub(crate) fn seal_onto(
    bytes: &mut Vec<u8>,
    (key, slots): (&[u8; 32], &[u32]),
    binding: &[u8],
    text: &[u8],
) -> Result<(), Refusal> {
    let begin = bytes.len();
    for part in [b"nonce".as_slice(), binding, text] {
        bytes.extend_from_slice(part);
    }
    let hash = blake3::keyed_hash(key, bytes.get(begin..).unwrap_or_default());
    let nonce = hash.as_bytes().first_chunk().copied().unwrap_or([0; NONCE]);
    bytes.truncate(begin);
    let count = u8::try_from(slots.len())
        .map_err(|_| refuse::uneven("a row names more than 255 people"))?;
    bytes.reserve(1 + 4 * slots.len() + TAIL + text.len());
    bytes.push(count);
    for slot in slots {
        bytes.extend_from_slice(&slot.to_le_bytes());
    }
    bytes.extend_from_slice(&nonce);
    let text_at = bytes.len();
    bytes.extend_from_slice(text);
    let own = bytes.get_mut(text_at..).unwrap_or_default();
    let tag = XChaCha20Poly1305::new(&(*key).into())
        .encrypt_inout_detached(&XNonce::from(nonce), binding, own.into())
        .map_err(|_| refuse::uneven("a text is too long to be sealed"))?;
    bytes.extend_from_slice(&tag);
    Ok(())
}

/// Opens a sealed text; `None` when a slot it rests on is erased.
pub(crate) fn unseal(
    book: &BookKey,
    slots: &mut Slots,
    binding: &[u8],
    sealed: &[u8],
) -> Result<Option<Vec<u8>>, Refusal> {
    let damaged = |slots: &Slots, what: &str| refuse::unreadable(slots.path(), what);
    let Some((of, nonce, text)) = split(sealed) else {
        return Err(damaged(slots, "it is cut short"));
    };
    let Some(key) = key_of(book, slots, &of)? else {
        return Ok(None);
    };
    let payload = Payload {
        msg: text,
        aad: binding,
    };
    XChaCha20Poly1305::new(&key.into())
        .decrypt(&XNonce::from(nonce), payload)
        .map(Some)
        .map_err(|_| damaged(slots, "its key does not fit"))
}

/// The slots that a sealed text rests on.
pub(crate) fn slots_of(sealed: &[u8]) -> Option<Vec<u32>> {
    split(sealed).map(|(slots, _, _)| slots)
}

/// The sealed texts of a record, one per person; `None` where it is cut short.
pub(crate) fn parts_of(record: &[u8]) -> Option<Vec<&[u8]>> {
    let (mut parts, mut rest) = (Vec::new(), record);
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (part, after) = after.split_at_checked(length)?;
        parts.push(part);
        rest = after;
    }
    rest.is_empty().then_some(parts)
}

fn split(sealed: &[u8]) -> Option<(Vec<u32>, [u8; NONCE], &[u8])> {
    let (&count, rest) = sealed.split_first()?;
    let (slots, rest) = rest.split_at_checked(usize::from(count) * 4)?;
    let (nonce, text) = rest.split_first_chunk::<NONCE>()?;
    let slots = slots
        .chunks_exact(4)
        .filter_map(|chunk| chunk.try_into().ok().map(u32::from_le_bytes))
        .collect();
    Some((slots, *nonce, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_text_opens_only_in_its_place_and_while_every_slot_lives() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("slots");
        Slots::create(&path).unwrap();
        let mut slots = Slots::open(&path, true).unwrap();
        let book = BookKey::from_secret(&[1; 32]);
        let of = [slots.allocate().unwrap(), slots.allocate().unwrap()];
        slots.flush().unwrap();
        let key = key_of(&book, &mut slots, &of).unwrap().unwrap();
        let here = binding(&["crm", "leads"], &[7, 1]);
        let sealed = seal(&key, &of, &here, b"Ann").unwrap();
        // As books have it: the nonce is a hash of all of it, here fed piece by piece.
        let mut hasher = blake3::Hasher::new_keyed(&key);
        hasher.update(b"nonce").update(&here).update(b"Ann");
        let mut nonce = [0; NONCE];
        hasher.finalize_xof().fill(&mut nonce);
        assert_eq!(split(&sealed).unwrap().1, nonce);
        assert_eq!(sealed.len(), 1 + 4 * of.len() + TAIL + 3);
        assert_eq!(sealed, seal(&key, &of, &here, b"Ann").unwrap());
        assert_eq!(split(&sealed).unwrap().0, of);
        let open = |slots: &mut Slots, at: &[u8], bytes: &[u8]| unseal(&book, slots, at, bytes);
        assert_eq!(open(&mut slots, &here, &sealed).unwrap().unwrap(), b"Ann");
        let elsewhere = binding(&["crm", "leads"], &[7, 2]);
        assert_eq!(
            open(&mut slots, &elsewhere, &sealed).unwrap_err().code,
            "E0218"
        );
        for cut in 0..sealed.len() {
            assert!(open(&mut slots, &here, &sealed[..cut]).is_err());
        }
        slots.erase(&of[1..]).unwrap();
        assert_eq!(open(&mut slots, &here, &sealed).unwrap(), None);
    }
}
