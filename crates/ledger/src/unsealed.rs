//! What the new rows of a batch say of people, until it is sealed: which texts under which keys.
//!
//! Sealing asks nobody, and costs more than telling whether a row is new. So it is done beside
//! mapping, by whoever has a processor to spare; at the latest before the rows become columns.

use arrow::array::{Array, BinaryArray, BinaryBuilder, StringArray};
use handfast_model::Refusal;

use crate::seal::{TAIL, binding, seal_onto};

/// The personal columns of a batch's new rows, in memory only.
#[derive(Default)]
pub struct Unsealed {
    /// What they are bound to beside their record and version.
    place: Vec<u8>,
    /// By group of columns, what each row of the batch says.
    texts: Vec<StringArray>,
    /// Record and version of each new row, and where its parts end.
    rows: Vec<(u128, i64, u32)>,
    parts: Vec<Part>,
    /// How many bytes they will be, sealed.
    bytes: usize,
}

/// One person's part of a row.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub row: u32,
    pub group: u32,
    pub slot: u32,
    pub key: [u8; 32],
}

/// The same, sealed: one text for each new row.
pub struct Sealed(pub(crate) BinaryArray);

impl Unsealed {
    /// For the rows of a stream; `texts` by group of columns, which it holds but does not copy.
    pub(crate) fn of(source: &str, stream: &str, texts: &[StringArray]) -> Unsealed {
        Unsealed {
            place: binding(&[source, stream], &[]),
            texts: texts.to_vec(),
            ..Unsealed::default()
        }
    }

    /// Adds a new row.
    pub(crate) fn add(&mut self, (record, version): (u128, i64), parts: &[Part]) {
        let texts = parts.iter().map(|part| self.text(part).len());
        self.bytes += texts
            .map(|text| LENGTH + 1 + 4 + TAIL + text)
            .sum::<usize>();
        self.parts.extend_from_slice(parts);
        self.rows.push((record, version, self.parts.len() as u32));
    }

    /// Lets go of the texts of the batch where no new row says anything of people.
    pub(crate) fn finish(mut self) -> Unsealed {
        if self.parts.is_empty() {
            self.texts = Vec::new();
        }
        self
    }

    /// How many bytes they will be, sealed.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Whether nothing is to be sealed.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Seals every part under its key. Equal parts give equal bytes, whoever seals them.
    pub fn seal(self) -> Result<Sealed, Refusal> {
        let mut sealed = BinaryBuilder::with_capacity(self.rows.len(), self.bytes);
        let (mut bytes, mut place) = (Vec::new(), self.place.clone());
        let mut rest = self.parts.as_slice();
        let mut begin = 0;
        for (record, version, end) in &self.rows {
            let (own, after) = rest.split_at((end - begin) as usize);
            (rest, begin) = (after, *end);
            if own.is_empty() {
                sealed.append_null();
                continue;
            }
            place.truncate(self.place.len());
            place.extend_from_slice(&record.to_be_bytes());
            place.extend_from_slice(&u128::from(*version as u64).to_be_bytes());
            bytes.clear();
            for part in own {
                let length = bytes.len();
                bytes.extend_from_slice(&[0; LENGTH]);
                let text = self.text(part);
                seal_onto(&mut bytes, (&part.key, &[part.slot]), &place, text)?;
                let size = (bytes.len() - length - LENGTH) as u32;
                if let Some(place) = bytes.get_mut(length..length + LENGTH) {
                    place.copy_from_slice(&size.to_le_bytes());
                }
            }
            sealed.append_value(&bytes);
        }
        Ok(Sealed(sealed.finish()))
    }

    fn text(&self, part: &Part) -> &[u8] {
        let texts = self.texts.get(part.group as usize);
        let row = part.row as usize;
        let texts = texts.filter(|texts| row < texts.len());
        texts.map_or(&[], |texts| texts.value(row).as_bytes())
    }
}

/// Bytes of the length before each part.
const LENGTH: usize = 4;
