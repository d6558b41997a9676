//! Questions worked out on threads of their own, a few at a time, and their answers kept for those
//! who ask the same: fifty people who look at one page make one answer.
//!
//! What is kept is of one published commit and one charter in force; the next one begins anew. A
//! refusal is not kept: what was wrong may be right the next time.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use handfast_engine::answer::Pick;
use handfast_engine::derived::Teams;
use handfast_model::{Answer, Question};
use handfast_service::ask;
use handfast_service::resolve::Typed;
use handfast_wire::v1;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};

use crate::house::{Published, Shared};
use crate::job::Job;
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

type Cell = Arc<Job<Arc<Known>>>;

/// What is asked: whole, or for the records of one of its figures.
#[derive(Clone)]
pub struct Wanted {
    /// The question.
    pub typed: Typed,
    /// Its one text, with whose rows are seen.
    pub text: String,
    /// The figure whose records are wanted.
    pub pick: Option<Pick>,
    /// The teams whose rows are seen; none = all.
    pub teams: Teams,
}

impl Wanted {
    /// The same for somebody who sees the rows of these teams only. It is another question.
    pub fn of_teams(self, teams: Teams) -> Wanted {
        Wanted {
            text: format!("{teams:?} {}", self.text),
            teams,
            ..self
        }
    }
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
    kept: HashMap<String, Kept>,
    lists: Vec<List>,
}

/// An answer, and how often it was asked for since the page was turned.
struct Kept {
    wanted: Wanted,
    cell: Cell,
    asked: usize,
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

    /// The place of an answer, of what is published now. One of a page that was turned meanwhile is
    /// kept nowhere.
    fn cell(&self, of: &Published, wanted: &Wanted) -> Cell {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if of.is_before(&shelf.of) {
            return Cell::default();
        }
        let is_there = wanted.pick.is_none() && shelf.kept.contains_key(&wanted.text);
        let is_full = shelf.bytes > limits::KEPT_BYTES && !is_there;
        if shelf.of != *of || is_full {
            *shelf = Shelf {
                of: of.clone(),
                ..Shelf::default()
            };
        }
        let Some(pick) = &wanted.pick else {
            return shelf.kept(wanted, 1);
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

    /// What is asked for most on this page.
    fn favourites(&self) -> Vec<Wanted> {
        let shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = shelf.kept.values();
        let mut asked: Vec<(usize, Wanted)> = kept
            .filter(|kept| kept.asked > 0 && kept.cell.made().is_some())
            .map(|kept| (kept.asked, kept.wanted.clone()))
            .collect();
        asked.sort_by(|a, b| (b.0, &a.1.text).cmp(&(a.0, &b.1.text)));
        let first = asked.into_iter().take(limits::FAVOURITES);
        first.map(|(_, wanted)| wanted).collect()
    }

    /// Lays answers out for a page that has just been turned to.
    fn lay_out(&self, of: &Published, made: Vec<(Wanted, Cell)>) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if of.is_before(&shelf.of) {
            return;
        }
        if shelf.of != *of {
            *shelf = Shelf {
                of: of.clone(),
                ..Shelf::default()
            };
        }
        for (wanted, cell) in made {
            let bytes = cell.made().map_or(0, |known| known.bytes());
            let own = shelf.kept(&wanted, 0);
            if own.made().is_none() {
                shelf.bytes += bytes;
                let kept = shelf.kept.get_mut(&wanted.text);
                kept.into_iter()
                    .for_each(|kept| kept.cell = Arc::clone(&cell));
            }
        }
    }

    /// Counts what an answer takes, and lets go of lists where they take too much.
    fn weigh(&self, of: &Published, known: &Known, is_list: bool) {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        if shelf.of != *of {
            return;
        }
        if !is_list {
            shelf.bytes += known.bytes();
            return;
        }
        let of = |list: &List| list.cell.made().map_or(0, |known| known.bytes());
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

impl Shelf {
    /// The place of an answer, asked for so often just now.
    fn kept(&mut self, wanted: &Wanted, asked: usize) -> Cell {
        if !self.kept.contains_key(&wanted.text) {
            // Its text is there three times: as its name, as its own, and in its words.
            self.bytes += 3 * wanted.text.len() + ENTRY;
        }
        let kept = self.kept.entry(wanted.text.clone());
        let kept = kept.or_insert_with(|| Kept {
            wanted: wanted.clone(),
            cell: Cell::default(),
            asked: 0,
        });
        kept.asked += asked;
        Arc::clone(&kept.cell)
    }
}

/// The answer of a question, as of what pages show: kept, under way, or worked out now in
/// somebody's turn.
pub async fn answer(house: &Shared, wanted: Wanted, who: String) -> Answered<Arc<Known>> {
    let of = house.published();
    let cell = house.answers.cell(&of, &wanted);
    let made = cell.get(house, who, move |house| {
        let known = known(house, &of, &wanted)?;
        house.answers.weigh(&of, &known, wanted.pick.is_some());
        Ok(known)
    });
    made.await
}

/// Turns the page to what has been derived for it, with answers to what people ask for most, so
/// that fifty of them do not wait for those at once.
pub async fn turn(house: &Shared, next: Published) {
    let (until, mut made) = (Instant::now() + limits::LAYING_OUT, Vec::new());
    for wanted in house.answers.favourites() {
        let (cell, of, asked) = (Cell::default(), next.clone(), wanted.clone());
        let work = move |house: &Shared| known(house, &of, &asked);
        let work = cell.get(house, "the house".to_owned(), work);
        match timeout_at(until, work).await {
            Ok(Ok(_)) => made.push((wanted, Arc::clone(&cell))),
            // What is refused now is refused to whoever asks for it.
            Ok(Err(_)) => {}
            Err(_) => break,
        }
    }
    house.turn(next.clone());
    if house.published() == next {
        house.answers.lay_out(&next, made);
    }
}

/// Asks the book. What is still written for later questions is written on a thread of its own.
fn known(house: &Shared, of: &Published, wanted: &Wanted) -> Answered<Arc<Known>> {
    let book = house.view(of, &wanted.teams);
    let reply = ask::ask(&book, &wanted.typed, wanted.pick.as_ref())?;
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
                teams: Teams::default(),
            };
            answers.cell(&Published::default(), &wanted);
        }
        let shelf = answers.shelf.lock().unwrap();
        assert!(shelf.kept.len() <= most, "{}", shelf.kept.len());
    }

    #[test]
    fn an_answer_of_a_page_that_was_turned_clears_nothing_and_is_kept_nowhere() {
        let answers = Answers::default();
        let wanted = |text: &str| Wanted {
            typed: Typed::default(),
            text: text.to_owned(),
            pick: None,
            teams: Teams::default(),
        };
        let of = |seq: u64| Published {
            seq,
            ..Published::default()
        };
        let new = answers.cell(&of(8), &wanted("a"));
        let old = answers.cell(&of(7), &wanted("a"));
        assert!(!Arc::ptr_eq(&new, &old));
        assert!(Arc::ptr_eq(&new, &answers.cell(&of(8), &wanted("a"))));
        // Whose rows are seen makes another question.
        let theirs = wanted("a").of_teams(["EMEA".to_owned()].into());
        assert!(!Arc::ptr_eq(&new, &answers.cell(&of(8), &theirs)));
    }
}
