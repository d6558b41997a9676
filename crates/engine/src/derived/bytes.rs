//! Numbers, texts and moments as bytes, and back. Small numbers take few bytes. Reading gives
//! `None` wherever the bytes are not what writing makes; it never trusts a length.

use handfast_model::{Day, Instant, When};

/// Bytes being written.
#[derive(Default)]
pub(crate) struct Out(pub Vec<u8>);

impl Out {
    pub fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// A number from 0: seven bits a byte, the lowest first.
    pub fn number(&mut self, mut number: u64) {
        if number < 0x80 {
            return self.0.push(number as u8);
        }
        let (mut bytes, mut count) = ([0; 10], 0);
        for byte in &mut bytes {
            count += 1;
            *byte = number as u8 | 0x80;
            number >>= 7;
            if number == 0 {
                *byte &= 0x7f;
                break;
            }
        }
        self.0
            .extend_from_slice(bytes.get(..count).unwrap_or_default());
    }

    pub fn count(&mut self, count: usize) {
        self.number(count as u64);
    }

    /// A number with a sign: small in both directions is short.
    pub fn signed(&mut self, number: i64) {
        self.number(((number << 1) ^ (number >> 63)) as u64);
    }

    pub fn wide(&mut self, number: u128) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub fn text(&mut self, text: &str) {
        self.piece(text.as_bytes());
    }

    /// Bytes, and before them how many.
    pub fn piece(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    /// A number that may be missing.
    pub fn maybe(&mut self, number: Option<u32>) {
        self.number(number.map_or(0, |number| u64::from(number) + 1));
    }

    pub fn maybe_instant(&mut self, at: Option<Instant>) {
        self.byte(u8::from(at.is_some()));
        if let Some(at) = at {
            self.signed(at.0);
        }
    }

    pub fn when(&mut self, when: When) {
        match when {
            When::Unknown => self.byte(0),
            When::Day(day) => {
                self.byte(1);
                self.signed(i64::from(day.0));
            }
            When::At(at) => {
                self.byte(2);
                self.signed(at.0);
            }
        }
    }
}

/// Bytes being read.
pub(crate) struct In<'a>(pub &'a [u8]);

impl<'a> In<'a> {
    pub fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for (at, byte) in self.0.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.0 = self.0.get(at + 1..)?;
                return Some(number);
            }
        }
        None
    }

    pub fn number_32(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// How many things follow. Each takes a byte at least, so no more can than there are bytes.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    pub fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub fn wide(&mut self) -> Option<u128> {
        let (bytes, rest) = self.0.split_first_chunk::<16>()?;
        self.0 = rest;
        Some(u128::from_le_bytes(*bytes))
    }

    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.piece()?).ok()
    }

    pub fn piece(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        let (piece, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(piece)
    }

    pub fn maybe(&mut self) -> Option<Option<u32>> {
        match self.number()? {
            0 => Some(None),
            number => u32::try_from(number - 1).ok().map(Some),
        }
    }

    pub fn maybe_instant(&mut self) -> Option<Option<Instant>> {
        match self.byte()? {
            0 => Some(None),
            1 => Some(Some(Instant(self.signed()?))),
            _ => None,
        }
    }

    pub fn when(&mut self) -> Option<When> {
        match self.byte()? {
            0 => Some(When::Unknown),
            1 => Some(When::Day(Day(i32::try_from(self.signed()?).ok()?))),
            2 => Some(When::At(Instant(self.signed()?))),
            _ => None,
        }
    }

    /// As many things as a count says.
    pub fn list<T>(&mut self, each: impl Fn(&mut In<'a>) -> Option<T>) -> Option<Vec<T>> {
        let count = self.count()?;
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(each(self)?);
        }
        Some(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_off_is_nothing() {
        let mut out = Out::default();
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let signed = [0, -1, 1, i64::MIN, i64::MAX];
        numbers.iter().for_each(|number| out.number(*number));
        signed.iter().for_each(|number| out.signed(*number));
        out.wide(u128::MAX - 7);
        out.text("Ünï");
        out.maybe(None);
        out.maybe(Some(u32::MAX));
        out.maybe_instant(Some(Instant(-5)));
        out.when(When::Day(Day(-400_000)));
        let read = |bytes: &[u8]| -> Option<()> {
            let mut from = In(bytes);
            for number in numbers {
                assert_eq!(from.number()?, number);
            }
            for number in signed {
                assert_eq!(from.signed()?, number);
            }
            assert_eq!(from.wide()?, u128::MAX - 7);
            assert_eq!(from.text()?, "Ünï");
            assert_eq!((from.maybe()?, from.maybe()?), (None, Some(u32::MAX)));
            assert_eq!(from.maybe_instant()?, Some(Instant(-5)));
            assert_eq!(from.when()?, When::Day(Day(-400_000)));
            from.0.is_empty().then_some(())
        };
        assert_eq!(read(&out.0), Some(()));
        for length in 0..out.0.len() {
            assert_eq!(read(&out.0[..length]), None, "{length} bytes");
        }
    }
}
