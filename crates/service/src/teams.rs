//! Asking for somebody who sees the rows of some teams only. What is theirs is cut out of all that
//! was derived (`kernels::cells::teams`), so that every question that looks at pursuits, deals and
//! leads is answered as ever. A question that looks at something else is refused here: cut down it
//! would be nothing, and whole it would be everybody's.

use handfast_kernels::metric::Metric;
use handfast_model::question::{Against, QuestionKind};
use handfast_model::{Answer, Charter, Question, Refusal};

use crate::book::Book;

/// Refuses what cannot be cut down to some teams' rows.
pub(crate) fn check(book: &Book, question: &Question, charter: &Charter) -> Result<(), Refusal> {
    if book.held.teams().is_empty() {
        return Ok(());
    }
    match uncut(question, charter) {
        Some(why) => Err(only_some(why)),
        None => Ok(()),
    }
}

/// Why a question cannot be cut down.
fn uncut(question: &Question, charter: &Charter) -> Option<&'static str> {
    match &question.kind {
        QuestionKind::Health => Some("what is missing or set aside is of the whole book"),
        QuestionKind::Identity(_) => Some("who is who is told of everybody"),
        QuestionKind::Cost { .. } | QuestionKind::Plan { .. } | QuestionKind::Targets => {
            Some(NOBODYS)
        }
        QuestionKind::Bridge { since: Some(_), .. }
        | QuestionKind::Change {
            against: Against::Since(_),
            ..
        } => Some("what was learned since is told of the whole book"),
        QuestionKind::Metric(name)
        | QuestionKind::Change {
            metric: name,
            against: Against::Period(..),
        } => is_nobodys(name, charter).then_some(NOBODYS),
        QuestionKind::Funnel(_)
        | QuestionKind::Velocity { .. }
        | QuestionKind::Leaks
        | QuestionKind::Transitions
        | QuestionKind::Journey(_)
        | QuestionKind::Times { .. }
        | QuestionKind::Stale { .. }
        | QuestionKind::Response { .. }
        | QuestionKind::Credit { .. }
        | QuestionKind::Bridge { since: None, .. }
        | QuestionKind::Forecast { .. }
        | QuestionKind::Reasons { .. }
        | QuestionKind::Sla { .. } => None,
    }
}

const NOBODYS: &str = "what is spent and what is aimed at is of no team's pursuits";

/// Whether a metric counts records that are of no pursuit: spend, goals, what advertisers tell.
fn is_nobodys(name: &str, charter: &Charter) -> bool {
    let counts_records = |name: &str| {
        let metric = Metric::parse(name).filter(|metric| metric.counts() == Some("record"));
        metric.is_some()
    };
    match charter.catalogue.find(name) {
        Some(found) => {
            let mut measures = found.measures.iter();
            measures.any(|measure| counts_records(measure.base.name))
        }
        None => counts_records(name),
    }
}

/// Somebody sees some teams' rows, and what they ask for has only all of them.
pub fn only_some(why: &str) -> Refusal {
    let title = format!("you see some teams' rows, and this cannot be cut down to them: {why}");
    Refusal::new("E0715", title)
        .matters("nothing was shown: it would hold what is of others too")
        .fix(
            "ask for a funnel, a metric of deals, credit or a journey, which show your teams' \
             rows; if all rows are yours to see, ask an admin to name no team for you",
        )
}

/// A proof must be the same for whoever has the book.
pub(crate) fn no_proof(book: &Book) -> Result<(), Refusal> {
    match book.held.teams().is_empty() {
        true => Ok(()),
        false => Err(only_some(
            "a passport proves a figure to everybody who has the book",
        )),
    }
}

/// Says in an answer whose rows it counts.
pub(crate) fn tell(book: &Book, answer: &mut Answer) {
    answer.notes.extend(note(book.held.teams()));
}

/// Whose rows are counted, in a sentence.
pub fn note(teams: &[String]) -> Option<String> {
    let told = match teams {
        [] => return None,
        [one] => format!("team {one}"),
        several => format!("teams {}", several.join(", ")),
    };
    Some(format!(
        "only rows of {told}: pursuits, deals and leads that its people had last; what is learned \
         and estimated is of these alone"
    ))
}
