//! A text in pieces that end where lines do.

use std::io::{self, Read};

use handfast_model::limits::ROW_BYTES;

const PIECE_BYTES: usize = 1 << 20;
const LONG_LINE: &str = "a line longer than 16 MiB";

/// A text, read once from its beginning.
pub struct Blocks {
    pub input: Box<dyn Read + Send>,
    /// Read, and not handed on yet.
    rest: Vec<u8>,
    /// The line that the next piece begins with, from 1.
    pub line: u64,
    pub is_ended: bool,
}

/// What comes next.
#[derive(PartialEq, Eq, Debug)]
pub enum Next {
    /// Whole lines without a quote.
    Lines,
    /// There are quotes: the rest of the text begins with this piece.
    Quoted,
    /// Nothing more.
    End,
}

impl Blocks {
    pub fn new(input: Box<dyn Read + Send>) -> Blocks {
        Blocks {
            input,
            rest: Vec::new(),
            line: 1,
            is_ended: false,
        }
    }

    /// The first lines up to one that is not blank, as the text has them.
    pub fn header(&mut self) -> io::Result<Vec<u8>> {
        loop {
            let blank = self.rest.iter().take_while(|byte| is_blank(**byte)).count();
            let line = self.rest.get(blank..).unwrap_or_default();
            if let Some(end) = line.iter().position(|byte| *byte == b'\n') {
                return Ok(self.rest.drain(..=blank + end).collect());
            }
            let old = self.rest.len();
            if old > ROW_BYTES || !self.fill()? {
                return Ok(std::mem::take(&mut self.rest));
            }
        }
    }

    /// The next piece, into an emptied buffer.
    pub fn next(&mut self, block: &mut Vec<u8>) -> io::Result<Next> {
        block.clear();
        if self.is_ended {
            return Ok(Next::End);
        }
        let mut searched = 0;
        let end = loop {
            let is_full = self.rest.len() >= PIECE_BYTES;
            let found = self.rest.get(searched..).unwrap_or_default();
            let end = found.iter().rposition(|byte| *byte == b'\n');
            match end {
                Some(end) if is_full => break searched + end + 1,
                _ if self.rest.len() > ROW_BYTES => return Err(io::Error::other(LONG_LINE)),
                _ => {}
            }
            searched = if end.is_some() { 0 } else { self.rest.len() };
            if !self.fill()? {
                self.is_ended = true;
                break self.rest.len();
            }
        };
        std::mem::swap(block, &mut self.rest);
        self.rest.clear();
        if block.contains(&b'"') {
            return Ok(Next::Quoted);
        }
        self.rest
            .extend_from_slice(block.get(end..).unwrap_or_default());
        block.truncate(end);
        self.line += ends(block);
        Ok(match block.is_empty() {
            true => Next::End,
            false => Next::Lines,
        })
    }

    /// Reads more; false where nothing more comes.
    fn fill(&mut self) -> io::Result<bool> {
        let old = self.rest.len();
        let more = PIECE_BYTES.saturating_sub(old).max(PIECE_BYTES / 4);
        self.rest.resize(old + more, 0);
        let read = loop {
            let room = self.rest.get_mut(old..).unwrap_or_default();
            match self.input.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        self.rest.truncate(old + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }
}

/// How many lines end; pieces are short enough for a byte to count them.
fn ends(block: &[u8]) -> u64 {
    let of = |piece: &[u8]| {
        // Nothing to check, so that many are counted at once.
        let add = |sum: u8, byte: &u8| sum.wrapping_add(u8::from(*byte == b'\n'));
        u64::from(piece.iter().fold(0, add))
    };
    block.chunks(255).map(of).sum()
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}
