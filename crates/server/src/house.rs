//! What all requests share: the book, its people, the answers that are kept, the counters.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

use handfast_accounts::Accounts;
use handfast_model::question::AsOf;
use handfast_model::{Instant, Refusal};
use handfast_service::book::Book;

use crate::answers::Answers;
use crate::counts::Counts;
use crate::inlet::Inlet;
use crate::jobs::Jobs;
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
    published: RwLock<Published>,
}

/// What pages show: a commit, and the charter whose day had come.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Published {
    /// The commit's number.
    pub seq: u64,
    /// The charter's hash; empty where none is in force.
    pub charter: String,
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
        reached: Reached,
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
            published: RwLock::default(),
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

    /// Lets pages see what has been committed and which charter's day has come; says whether there
    /// was anything.
    pub fn publish(&self) -> Result<bool, Refusal> {
        self.now();
        let seq = self.book.ledger.last_seq()?.0;
        let charter = self.book.charter(AsOf::Latest, None);
        let charter = charter.map_or(String::new(), |(charter, _)| charter.hash);
        let newest = Published { seq, charter };
        let mut published = self
            .published
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        let is_other = *published != newest;
        *published = newest;
        Ok(is_other)
    }
}

/// The present.
pub fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Instant(since.map_or(0, |since| {
        i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
    }))
}
