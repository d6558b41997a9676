//! Questions worked out on threads of their own, a few at a time, and their answers kept for those
//! who ask the same: fifty people who look at one page make one answer.
//!
//! What is kept is of one published commit and one charter in force; the next one begins anew.

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

type Cell = Arc<OnceCell<Answered<Arc<Known>>>>;

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

/// The answers that are kept.
pub struct Answers {
    shelf: Mutex<Shelf>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Shelf {
    of: Published,
    bytes: usize,
    kept: HashMap<String, Cell>,
    lists: Vec<(String, Cell)>,
}

impl Default for Answers {
    fn default() -> Answers {
        Answers {
            shelf: Mutex::default(),
            places: Arc::new(Semaphore::new(limits::ASKING)),
            waiting: AtomicUsize::new(0),
        }
    }
}

/// One of those that wait; gone when dropped.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Answers {
    /// How many questions wait or are worked out.
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// A place among those that are worked out at once, for as long as it is held.
    pub async fn place(&self) -> Answered<OwnedSemaphorePermit> {
        let places = Arc::clone(&self.places);
        places.acquire_owned().await.map_err(|_| ours::fault())
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
            return Arc::clone(shelf.kept.entry(wanted.text.clone()).or_default());
        };
        let text = format!("{} {:?} {:?}", wanted.text, pick.column, pick.row);
        if let Some((_, cell)) = shelf.lists.iter().find(|(known, _)| *known == text) {
            return Arc::clone(cell);
        }
        if shelf.lists.len() >= limits::KEPT_LISTS {
            shelf.lists.remove(0);
        }
        let cell = Cell::default();
        shelf.lists.push((text, Arc::clone(&cell)));
        cell
    }

    fn weigh(&self, known: &Known) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        // The figures beside their JSON take about as much again as the JSON does, and half.
        shelf.bytes += known.json.len() * 5 / 2;
    }
}

/// The answer of a question: kept, under way, or worked out now.
pub async fn answer(house: &Shared, wanted: Wanted) -> Answered<Arc<Known>> {
    let of = house.published();
    let cell = house.answers.cell(of, &wanted);
    if let Some(known) = cell.get() {
        return known.clone();
    }
    if house.answers.waiting() >= limits::WAITING {
        return Err(ours::busy());
    }
    // The work belongs to the house: whoever asked may leave, and it will be there the next time.
    let work = tokio::spawn(work_out(Arc::clone(house), wanted, cell));
    match tokio::time::timeout(limits::ANSWER, work).await {
        Ok(Ok(known)) => known,
        Ok(Err(_)) => Err(ours::fault()),
        Err(_) => Err(ours::not_yet(limits::ANSWER.as_secs())),
    }
}

async fn work_out(house: Shared, wanted: Wanted, cell: Cell) -> Answered<Arc<Known>> {
    house.answers.waiting.fetch_add(1, Ordering::Relaxed);
    let _waiting = Waiting(&house.answers.waiting);
    let given = cell
        .get_or_init(|| async {
            let _place = house.answers.place().await?;
            let at = Arc::clone(&house);
            let done = tokio::task::spawn_blocking(move || known(&at, &wanted)).await;
            let given = done.unwrap_or_else(|_| Err(ours::fault()));
            if let Ok(known) = &given {
                house.answers.weigh(known);
            }
            given
        })
        .await;
    given.clone()
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
}
