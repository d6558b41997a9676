//! Questions worked out on threads of their own, a few at a time, and their answers kept for those
//! who ask the same: fifty people who look at one page make one answer.
//!
//! What is kept is of one published commit and one charter in force; the next one begins anew. A
//! refusal is not kept: what was wrong may be right the next time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use handfast_engine::answer::Pick;
use handfast_model::{Answer, Question};
use handfast_service::ask;
use handfast_service::resolve::Typed;
use handfast_wire::v1;
use tokio::sync::{OnceCell, OwnedSemaphorePermit, Semaphore};

use crate::house::{Published, Shared};
use crate::limits;
use crate::problem::{Answered, Refused, ours};

/// An answer as it goes out, and as it was.
pub struct Known {
    /// The question, every default written out.
    pub question: Question,
    /// The figures, or the records of one.
    pub answer: Answer,
    /// The reply as JSON; none of a list of records, which goes out by pages.
    pub json: Bytes,
    /// What names these bytes.
    pub tag: String,
}

type Cell = Arc<OnceCell<Arc<Known>>>;

/// What is asked: whole, or for the records of one of its figures.
#[derive(Clone)]
pub struct Wanted {
    /// The question.
    pub typed: Typed,
    /// Its one text.
    pub text: String,
    /// The figure whose records are wanted.
    pub pick: Option<Pick>,
}

/// The answers that are kept, and the turns of those who ask.
pub struct Answers {
    shelf: Mutex<Shelf>,
    turns: Mutex<HashMap<String, Arc<Semaphore>>>,
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Default)]
struct Shelf {
    of: Published,
    bytes: usize,
    kept: HashMap<String, Cell>,
    lists: Vec<List>,
}

/// A list of records, of which people see a page at a time.
struct List {
    text: String,
    cell: Cell,
}

impl Default for Answers {
    fn default() -> Answers {
        Answers {
            shelf: Mutex::default(),
            turns: Mutex::default(),
            places: Arc::new(Semaphore::new(limits::ASKING)),
            waiting: Arc::default(),
        }
    }
}

/// One of those that wait or are worked out; gone when dropped.
struct Waiting(Arc<AtomicUsize>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Somebody's own turn, for as long as it is held: they have one at a time.
pub struct Own {
    _own: OwnedSemaphorePermit,
    _waiting: Waiting,
}

impl Answers {
    /// How many questions wait or are worked out.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Somebody's own turn. Everybody has one at a time, so that nobody's questions take all
    /// places; whoever comes when too many wait, or has too many waiting, is told so.
    pub async fn own_turn(&self, who: &str) -> Answered<Own> {
        let own = self.own(who);
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= limits::WAITING {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(ours::busy());
        }
        let waiting = Waiting(Arc::clone(&self.waiting));
        if Arc::strong_count(&own) > limits::WAITING_EACH {
            return Err(ours::busy());
        }
        let own = own.acquire_owned().await.map_err(|_| ours::fault())?;
        Ok(Own {
            _own: own,
            _waiting: waiting,
        })
    }

    /// A place among those that are worked out at once, for as long as it is held.
    pub async fn place(&self) -> Answered<OwnedSemaphorePermit> {
        let place = Arc::clone(&self.places).acquire_owned().await;
        place.map_err(|_| ours::fault())
    }

    fn own(&self, who: &str) -> Arc<Semaphore> {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, own| Arc::strong_count(own) > 1);
        let own = turns.entry(who.to_owned());
        Arc::clone(own.or_insert_with(|| Arc::new(Semaphore::new(1))))
    }

    /// The place of an answer, of what is published now.
    fn cell(&self, of: Published, wanted: &Wanted) -> Cell {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.of != of || shelf.bytes > limits::KEPT_BYTES {
            *shelf = Shelf {
                of,
                ..Shelf::default()
            };
        }
        let Some(pick) = &wanted.pick else {
            if let Some(cell) = shelf.kept.get(&wanted.text) {
                return Arc::clone(cell);
            }
            shelf.bytes += 2 * wanted.text.len() + ENTRY;
            return Arc::clone(shelf.kept.entry(wanted.text.clone()).or_default());
        };
        let text = format!("{} {:?} {:?}", wanted.text, pick.column, pick.row);
        if let Some(list) = shelf.lists.iter().find(|list| list.text == text) {
            return Arc::clone(&list.cell);
        }
        if shelf.lists.len() >= limits::KEPT_LISTS {
            shelf.lists.remove(0);
        }
        let cell = Cell::default();
        shelf.lists.push(List {
            text,
            cell: Arc::clone(&cell),
        });
        cell
    }

    /// Counts what an answer takes, and lets go of lists where they take too much.
    fn weigh(&self, known: &Known, is_list: bool) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if !is_list {
            shelf.bytes += known.bytes();
            return;
        }
        let of = |list: &List| list.cell.get().map_or(0, |known| known.bytes());
        while shelf.lists.len() > 1
            && shelf.lists.iter().map(of).sum::<usize>() + known.bytes() > limits::LISTS_BYTES
        {
            shelf.lists.remove(0);
        }
    }
}

/// About what an entry takes besides its text and its answer.
const ENTRY: usize = 256;
/// About what a cell of an answer takes.
const CELL: usize = 48;

/// The answer of a question: kept, under way, or worked out now in somebody's turn.
pub async fn answer(house: &Shared, wanted: Wanted, who: String) -> Answered<Arc<Known>> {
    let of = house.published();
    let seq = of.seq;
    let cell = house.answers.cell(of, &wanted);
    if let Some(known) = cell.get() {
        return Ok(Arc::clone(known));
    }
    // The work belongs to the house: whoever asked may leave, and it will be there the next time.
    let work = tokio::spawn(work_out(Arc::clone(house), wanted, (cell, seq), who));
    match tokio::time::timeout(limits::ANSWER, work).await {
        Ok(Ok(known)) => known,
        Ok(Err(_)) => Err(ours::fault()),
        Err(_) => Err(ours::not_yet(limits::ANSWER.as_secs())),
    }
}

async fn work_out(
    house: Shared,
    wanted: Wanted,
    (cell, seq): (Cell, u64),
    who: String,
) -> Answered<Arc<Known>> {
    // One's own turn comes first: an answer that others wait for must not wait for one's others.
    let _own = house.answers.own_turn(&who).await?;
    let given = cell.get_or_try_init(|| async {
        let _place = house.answers.place().await?;
        let at = Arc::clone(&house);
        let is_list = wanted.pick.is_some();
        let done = tokio::task::spawn_blocking(move || {
            let known = known(&at, &wanted)?;
            if known.answer.lineage.seq > seq {
                // Somebody committed meanwhile: pages follow at once, not in some seconds.
                at.publish()?;
            }
            Ok(known)
        });
        let known: Arc<Known> = done.await.unwrap_or_else(|_| Err(ours::fault()))?;
        house.answers.weigh(&known, is_list);
        Ok(known)
    });
    given.await.cloned()
}

/// Asks the book. What is still written for later questions is written on a thread of its own.
fn known(house: &Shared, wanted: &Wanted) -> Answered<Arc<Known>> {
    let asked = catch_unwind(AssertUnwindSafe(|| {
        ask::ask(&house.book, &wanted.typed, wanted.pick.as_ref())
    }));
    let reply = asked.map_err(|_| ours::fault())??;
    let later = reply.later;
    std::thread::spawn(move || drop(later));
    let rows = reply.answer.rows.len();
    let json = match wanted.pick {
        Some(_) => String::new(),
        None if rows > limits::ROWS => String::new(),
        None => v1::Reply::new(&reply.question, &reply.answer).to_json(),
    };
    let mut hasher = DefaultHasher::new();
    json.hash(&mut hasher);
    Ok(Arc::new(Known {
        question: reply.question,
        answer: reply.answer,
        tag: format!("\"{:016x}\"", hasher.finish()),
        json: Bytes::from(json),
    }))
}

impl Known {
    /// The reply as JSON, unless it has more rows than go out so.
    pub fn body(&self) -> Result<Bytes, Refused> {
        match self.answer.rows.len() {
            rows if rows > limits::ROWS => Err(ours::too_many_rows(rows, limits::ROWS)),
            _ => Ok(self.json.clone()),
        }
    }

    /// About how much memory it takes.
    fn bytes(&self) -> usize {
        self.json.len() + self.answer.rows.len() * self.answer.columns.len() * CELL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap()
    }

    #[test]
    fn nobody_has_two_turns_at_once_and_others_have_theirs_meanwhile() {
        let answers = Answers::default();
        runtime().block_on(async {
            let first = answers.own_turn("a").await.unwrap();
            let soon = std::time::Duration::from_millis(20);
            assert!(
                tokio::time::timeout(soon, answers.own_turn("a"))
                    .await
                    .is_err()
            );
            let other = tokio::time::timeout(soon, answers.own_turn("b")).await;
            assert!(other.is_ok_and(|turn| turn.is_ok()));
            drop(first);
            assert!(answers.own_turn("a").await.is_ok());
        });
        assert_eq!(answers.waiting(), 0);
    }

    #[test]
    fn nobody_fills_the_queue_of_all() {
        let answers = Arc::new(Answers::default());
        runtime().block_on(async {
            let _first = answers.own_turn("a").await.unwrap();
            let waits = (0..limits::WAITING).map(|_| {
                let answers = Arc::clone(&answers);
                tokio::spawn(async move { answers.own_turn("a").await.err() })
            });
            let waits: Vec<_> = waits.collect();
            let soon = std::time::Duration::from_millis(20);
            tokio::time::sleep(soon).await;
            assert!(answers.waiting() <= limits::WAITING_EACH);
            assert!(answers.own_turn("b").await.is_ok());
            waits.iter().for_each(tokio::task::JoinHandle::abort);
        });
    }

    #[test]
    fn questions_that_are_never_asked_again_do_not_fill_the_memory() {
        let answers = Answers::default();
        let most = limits::KEPT_BYTES / limits::QUESTION_BYTES;
        for number in 0..2 * most {
            let wanted = Wanted {
                typed: Typed::default(),
                text: format!("{number} {}", "x".repeat(limits::QUESTION_BYTES)),
                pick: None,
            };
            answers.cell(Published::default(), &wanted);
        }
        let shelf = answers.shelf.lock().unwrap();
        assert!(shelf.kept.len() <= most, "{}", shelf.kept.len());
    }
}
