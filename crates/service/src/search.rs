//! Finding what a page or a question can be opened with: accounts, deals and people by their keys,
//! metrics and agreed words by theirs. It finds; what is found is told by questions.

use std::sync::Arc;

use handfast_engine::answer::accounts::{self, Account, Deal, Found, Page};
use handfast_engine::answer::explained::{self, Listed};
use handfast_engine::derived::{Derived, Needs, derive};
use handfast_model::question::AsOf;
use handfast_model::rules::Term;
use handfast_model::{Charter, Question, Refusal};

use crate::agree::sight::funnel;
use crate::book::Book;
use crate::identity;

/// What goes by a text.
pub struct Looked {
    /// Accounts with it in their key or name.
    pub accounts: Found<Account>,
    /// Deals with it in their key.
    pub deals: Found<Deal>,
    /// Whether it is the whole key of a person with a pursuit. Sources' keys of people are nowhere
    /// in the book, so that nothing but the whole of one finds anybody.
    pub is_person: bool,
    /// Metrics with it in their name or definition.
    pub metrics: Vec<Listed>,
    /// Words of the lexicon with it in them or in their meaning.
    pub terms: Vec<Term>,
}

/// The accounts whose key or name has this text somewhere.
pub fn accounts(book: &Book, text: &str, page: Page) -> Result<Found<Account>, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let derived = present(book, &charter)?;
    Ok(accounts::accounts(&derived, &charter, text, page))
}

/// Everything that goes by a text, so many of a kind.
pub fn search(book: &Book, text: &str, limit: usize) -> Result<Looked, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let derived = present(book, &charter)?;
    let page = (0, limit);
    let people = identity::candidates(book, text.trim())?;
    let wanted = text.trim().to_lowercase();
    let is_wanted = |text: &str| text.to_lowercase().contains(&wanted);
    let metrics = explained::list(&charter.catalogue).into_iter();
    let metrics =
        metrics.filter(|one| is_wanted(&one.name.replace('_', " ")) || is_wanted(&one.name));
    let terms = charter.terms.iter();
    let terms = terms.filter(|term| is_wanted(&term.word) || is_wanted(&term.meaning));
    Ok(Looked {
        accounts: accounts::accounts(&derived, &charter, text, page),
        deals: accounts::deals(&derived, &charter, text, page),
        is_person: accounts::is_anybody(&derived, &people),
        metrics: metrics.take(limit).collect(),
        terms: terms.take(limit).cloned().collect(),
    })
}

/// All that is known now, but no touch that no pursuit names.
fn present(book: &Book, charter: &Charter) -> Result<Arc<Derived>, Refusal> {
    let question: Question = funnel();
    let known_until = book.ledger.resolve(AsOf::Latest)?.1;
    let from = (Needs::Spine, &book.held);
    Ok(derive(&book.ledger, charter, &question, known_until, from)?.0)
}
