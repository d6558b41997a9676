//! What a kind of question keeps of each part, beside it, so that facts need not be read again for
//! it. As the parts, it is a cache: what is not there is made of the part, and nobody has to trust
//! it.

use handfast_kernels::cells::Part;
use handfast_ledger::{Cache, Ledger};
use handfast_model::question::{AsOf, Known, Question};
use handfast_model::{Charter, Instant, Refusal, Snapshot};

use super::bytes::{In, Out};
use super::list::List;
use super::{codec, horizon_of, listed};

/// The names of what credit keeps of a part: who is in its deals, and how old each touch was.
pub(crate) const CREDIT: [&str; 2] = ["trail", "ages"];

/// The parts of the present, and what lies beside them.
pub(crate) struct Beside<'a> {
    charter: &'a Charter,
    cache: Cache,
    list: List,
    /// The frame of the moment, without facts.
    pub frame: Snapshot,
    /// Up to when the sources show everything, and how many did not declare it.
    pub horizon: (Instant, u64),
}

impl<'a> Beside<'a> {
    /// The parts that a question of the present stands on; `None` where they are not kept as they
    /// are now, or another moment or charter is asked for.
    pub fn of(
        ledger: &Ledger,
        charter: &'a Charter,
        question: &Question,
        known_until: Option<Instant>,
    ) -> Result<Option<Beside<'a>>, Refusal> {
        let is_now = question.as_of == AsOf::Latest && question.known == Known::Recorded;
        if !is_now || question.charter.is_some() {
            return Ok(None);
        }
        let cache = ledger.cache();
        let Some(list) = listed(&cache, charter, ledger)? else {
            return Ok(None);
        };
        let (seq, _) = ledger.resolve(AsOf::Latest)?;
        let frame = ledger.frame(AsOf::Seq(seq))?;
        let horizon = horizon_of(&frame, known_until);
        let is_of_now = (list.seq, list.horizon) == (seq, horizon.0);
        Ok(is_of_now.then_some(Beside {
            charter,
            cache,
            list,
            frame,
            horizon,
        }))
    }

    /// How many parts there are.
    pub fn count(&self) -> usize {
        self.list.parts.len()
    }

    /// Looks at the first so many of what is kept of a part, making all of them where one is not
    /// there; and at those of its cells that count no more. `None` where the part cannot be read.
    pub fn look<const N: usize, T>(
        &self,
        place: usize,
        (names, wanted): ([&str; N], usize),
        make: impl FnOnce(Part) -> [Out; N],
        look: impl FnOnce(&[&[u8]], &[u32]) -> Option<T>,
    ) -> Option<T> {
        let kept = self.list.parts.get(place)?;
        let files = names.map(|name| beside(&kept.name, name));
        let read = |file: &String| self.cache.read(file);
        let known: Option<Vec<Vec<u8>>> = files.iter().take(wanted).map(read).collect();
        let known = known.filter(|known| known.iter().all(|bytes| self.body(bytes).is_some()));
        let bytes = match known {
            Some(known) => known,
            None => {
                let part = codec::read(&self.cache.read(&kept.name)?)?;
                let made = make(part).map(|body| self.headed(body));
                for (file, bytes) in files.iter().zip(&made) {
                    // Where it cannot be written, the next question makes it again.
                    let _ = self.cache.write(file, bytes);
                }
                made.into_iter().take(wanted).collect()
            }
        };
        let bodies: Option<Vec<&[u8]>> = bytes.iter().map(|bytes| self.body(bytes)).collect();
        look(&bodies?, &kept.gone)
    }

    fn headed(&self, body: Out) -> Vec<u8> {
        let mut out = Out::default();
        out.text(&codec::mark());
        // Parts of two charters may have the same bytes.
        out.text(&self.charter.hash);
        out.0.extend_from_slice(&body.0);
        out.0
    }

    fn body<'b>(&self, bytes: &'b [u8]) -> Option<&'b [u8]> {
        let mut from = In(bytes);
        let is_ours = from.text()? == codec::mark() && from.text()? == self.charter.hash;
        is_ours.then_some(from.0)
    }
}

/// The name of what is kept beside a part.
pub(super) fn beside(part: &str, kind: &str) -> String {
    let stem = part.split_once('.').map_or(part, |(stem, _)| stem);
    format!("{stem}.{kind}")
}
