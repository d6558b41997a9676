//! What all requests share: the book, its people, the answers that are kept, the counters.

use std::net::IpAddr;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use handfast_accounts::Accounts;
use handfast_engine::derived::Teams;
use handfast_model::question::AsOf;
use handfast_model::{Charter, Instant, Refusal, Seq};
use handfast_service::book::Book;
use handfast_service::span::{self, Span};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::answers::Answers;
use crate::company::Company;
use crate::counts::Counts;
use crate::inlet::Inlet;
use crate::jobs::Jobs;
use crate::limits;
use crate::room::Bounds;
use crate::uploads::Uploads;
use crate::worked::Worked;

/// What all requests share.
pub struct House {
    /// The book that is served.
    pub book: Book,
    /// Who may do what in it.
    pub people: Accounts,
    /// What it is called.
    pub name: String,
    /// Whether its company is invented, so that guests may look around.
    pub is_demo: bool,
    /// How the server is reached.
    pub reached: Reached,
    /// Answers for those who ask the same.
    pub answers: Answers,
    /// What else was worked out for them.
    pub worked: Worked,
    /// What is counted of requests.
    pub counts: Counts,
    /// The way into the ledger for rows.
    pub inlet: Arc<Inlet>,
    /// Imports under way.
    pub jobs: Jobs,
    /// Files that were sent.
    pub uploads: Uploads,
    /// What one question may take.
    pub bounds: Bounds,
    /// Set once the server is to end: what is under way is answered, and nothing new is sent here.
    pub is_ending: AtomicBool,
    /// Held while somebody becomes a signer.
    pub becoming: Mutex<()>,
    /// The company's provider of sign-ins, where one is set up.
    pub company: Option<Company>,
    published: RwLock<Published>,
    seen: watch::Sender<Vec<Seen>>,
}

/// What pages show: a commit, and the charter whose day had come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The commit's number.
    pub seq: u64,
    /// The charter's hash; empty where none is in force.
    pub charter: String,
    /// The moment at which the page was turned to it.
    pub at: Instant,
}

impl Default for Published {
    fn default() -> Published {
        Published {
            seq: 0,
            charter: String::new(),
            at: Instant(0),
        }
    }
}

impl Published {
    /// Whether both are of one commit and one charter.
    fn is_same(&self, other: &Published) -> bool {
        (self.seq, &self.charter) == (other.seq, &other.charter)
    }

    /// Whether pages have been turned since.
    pub fn is_before(&self, other: &Published) -> bool {
        (self.seq, self.at) < (other.seq, other.at)
    }
}

/// What was derived for pages, and the time that it is about.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Seen {
    of: Published,
    span: Option<Span>,
}

/// How the server is reached.
#[derive(Clone, Debug, Default)]
pub struct Reached {
    /// By TLS, here or at the proxy in front of it, so that cookies may be for it alone.
    pub is_secure: bool,
    /// The proxy in front of it: what that says of where a request came from is believed.
    pub proxy: Option<IpAddr>,
    /// The names, with port, by which requests may call it; none = any.
    pub hosts: Vec<String>,
}

/// The house as handlers take it.
pub type Shared = Arc<House>;

impl House {
    /// The house of an open book.
    pub fn new(
        book: Book,
        people: Accounts,
        name: String,
        is_demo: bool,
        (reached, bounds): (Reached, Bounds),
    ) -> House {
        House {
            uploads: Uploads::of(&book.dir),
            book,
            people,
            name,
            is_demo,
            reached,
            answers: Answers::default(),
            worked: Worked::default(),
            counts: Counts::default(),
            inlet: Arc::default(),
            jobs: Jobs::default(),
            bounds,
            is_ending: AtomicBool::new(false),
            becoming: Mutex::default(),
            company: None,
            published: RwLock::default(),
            seen: watch::Sender::new(Vec::new()),
        }
    }

    /// The present: read once for each request.
    pub fn now(&self) -> Instant {
        let now = now();
        self.book.tell_now(now);
        now
    }

    /// What pages show.
    pub fn published(&self) -> Published {
        let published = self.published.read();
        published.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The book as pages show it, to somebody who sees the rows of these teams; none = all.
    pub fn view(&self, of: &Published, teams: &Teams) -> Book {
        self.book.at(Seq(of.seq), of.at).of_teams(teams)
    }

    /// The newest commit, with the charter whose day has come.
    fn newest(&self) -> Result<Published, Refusal> {
        let at = self.now();
        let seq = self.book.ledger.last_seq()?;
        let charter = in_force(&self.book.at(seq, at))?;
        Ok(Published {
            seq: seq.0,
            charter: charter.map_or(String::new(), |charter| charter.hash),
            at,
        })
    }

    /// Lets pages see what has been committed and which charter's day has come, at once.
    pub fn publish(&self) -> Result<(), Refusal> {
        let newest = self.newest()?;
        self.turn(newest);
        Ok(())
    }

    /// Turns the page, never back.
    pub fn turn(&self, newest: Published) {
        let published = self.published.write();
        let mut published = published.unwrap_or_else(PoisonError::into_inner);
        if !published.is_same(&newest) && !newest.is_before(&published) {
            *published = newest;
        }
    }

    /// Derives what pages will ask for once they are turned to what has been committed, so that
    /// nobody waits for it then. `None` where they show it already.
    pub fn prepare(&self) -> Result<Option<Published>, Refusal> {
        let newest = self.newest()?;
        let seen = self.seen.borrow().clone();
        if seen.last().is_some_and(|seen| seen.of.is_same(&newest)) {
            return Ok(Some(newest).filter(|newest| !newest.is_same(&self.published())));
        }
        let book = self.view(&newest, &Teams::default());
        let span = in_force(&book).and_then(|charter| match charter {
            Some(charter) => span::prepare(&book, &charter),
            None => Ok(None),
        });
        // Where it cannot be derived, whoever asks is told why.
        let (span, refused) = match span {
            Ok(span) => (span, None),
            Err(refusal) => (None, Some(refusal)),
        };
        let of = newest.clone();
        self.seen.send_modify(|seen| {
            // That of the page before is wanted until it is turned.
            seen.drain(..seen.len().saturating_sub(1));
            seen.push(Seen { of, span });
        });
        refused.map_or(Ok(Some(newest)), Err)
    }

    /// The time that a page is about; that of the last one derived where acts turned it since.
    /// `None` where nothing is dated, or where nothing was derived for so long.
    pub async fn span(&self, of: &Published) -> Option<Span> {
        let mut seen = self.seen.subscribe();
        let known = seen.wait_for(|seen| !seen.is_empty());
        let known = timeout(limits::SPAN, known).await.ok()?.ok()?;
        let own = known.iter().find(|seen| seen.of.is_same(of));
        own.or(known.last()).and_then(|seen| seen.span)
    }
}

/// The charter in force, if there is one. One that cannot be read is a refusal.
pub fn in_force(book: &Book) -> Result<Option<Charter>, Refusal> {
    match book.charter(AsOf::Latest, None) {
        Ok((charter, _)) => Ok(Some(charter)),
        Err(refusal) if refusal.code == "E0252" => Ok(None),
        Err(refusal) => Err(refusal),
    }
}

/// The present.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Instant(since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }))
}

#[cfg(test)]
pub mod tests {
    use std::path::Path;

    use handfast_ledger::Opening;

    use super::*;

    /// Whose commits a test's are.
    pub fn opening() -> Opening {
        Opening {
            now: now(),
            command: "test".to_owned(),
            author: "test".to_owned(),
        }
    }

    fn of(book: Book, folder: &Path, bounds: Bounds) -> Shared {
        let people = Accounts::open(&folder.join("people.db"), now()).unwrap();
        let reached = (Reached::default(), bounds);
        let house = House::new(book, people, "book".to_owned(), false, reached);
        Arc::new(house)
    }

    /// The house of an empty book.
    pub fn house(bounds: Bounds) -> (tempfile::TempDir, Shared) {
        let dir = tempfile::tempdir().unwrap();
        let book = Book::init(&dir.path().join("book"), None, &opening()).unwrap();
        let house = of(book, dir.path(), bounds);
        (dir, house)
    }

    /// The folder of a book with a charter, which nobody has open.
    pub fn begun() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let acme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../cli/tests/fixtures/acme");
        let folder = dir.path().join("book");
        drop(Book::init(&folder, Some(&acme), &opening()).unwrap());
        dir
    }

    /// The house of the book in such a folder.
    pub fn opened(dir: &Path) -> Shared {
        let book = Book::open(&dir.join("book"), &opening()).unwrap();
        of(book, dir, Bounds::default())
    }

    #[test]
    fn pages_are_never_turned_back() {
        let (_dir, house) = house(Bounds::default());
        let of = |seq: u64, at: i64| Published {
            seq,
            at: Instant(at),
            ..Published::default()
        };
        house.turn(of(7, 20));
        house.turn(of(6, 10));
        assert_eq!(house.published(), of(7, 20));
        // Whoever answers for a page that was turned meanwhile does not clear what is kept.
        assert!(of(6, 10).is_before(&house.published()));
    }
}
