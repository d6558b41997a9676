//! Closed periods: what was told when a period was closed, what has become of it since and why, and
//! which balances people vouch for.
//!
//! Closing stops nothing and changes no figure. It is an act in the ledger that keeps the figures
//! of that moment, so that each later change of them is a restatement with a cause and an amount.

pub mod balance;
mod reach;
pub mod restated;

use handfast_ledger::Act;
use handfast_model::money::grouped;
use handfast_model::question::{AsOf, QuestionKind};
use handfast_model::{Cell, Day, Instant, Refusal, Seq};

use crate::ask::ask;
use crate::book::Book;
use crate::passport;
use crate::resolve::{self, Typed};

/// The metrics that are kept at a close, unless whoever closes or the charter says others.
pub const METRICS: [&str; 5] = ["won", "lost", "revenue", "leads_created", "win_rate"];

/// Under which a close says up to when the sources showed everything.
const SHOWN: &str = "shown-until";

/// A period that was closed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Close {
    /// The commit that holds the close.
    pub seq: Seq,
    /// The commit whose figures were kept.
    pub as_of: Seq,
    /// When it was closed.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// What the period is called.
    pub label: String,
    /// Its days.
    pub days: (Day, Day),
    /// Why, in the words of whoever closed it.
    pub why: String,
    /// The figures as they were told.
    pub figures: Vec<Kept>,
    /// That it was opened again, if it was.
    pub reopened: Option<Reopened>,
    /// Up to when the sources showed everything, where that is before the period's end.
    pub shown_until: Option<Instant>,
}

/// That a close was taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reopened {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// Why, in their words.
    pub why: String,
}

/// An answer as it was told at a close.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// The metric.
    pub metric: String,
    /// The question's canonical text, as of that commit.
    pub question: String,
    /// The column of each cell.
    pub columns: Vec<String>,
    /// The rows, each cell as [`Cell::exact`] writes it.
    pub rows: Vec<Vec<String>>,
}

impl Close {
    /// Whether somebody who types this means it: what the period is called, or its days.
    pub fn goes_by(&self, asked: &str) -> bool {
        self.label == asked || self.day_range() == asked
    }

    fn day_range(&self) -> String {
        format!("{}..{}", self.days.0, self.days.1)
    }

    /// What it is called among all closes: with its days, where the fiscal year was moved and
    /// another period of the same name is closed too.
    pub fn called(&self, all: &[Close]) -> String {
        let is_twin = |other: &Close| {
            other.reopened.is_none() && other.label == self.label && other.days != self.days
        };
        match all.iter().any(is_twin) {
            true => format!("{} ({})", self.label, self.day_range()),
            false => self.label.clone(),
        }
    }
}

impl Kept {
    fn text(&self) -> String {
        let line = |cells: &Vec<String>| {
            let cells = cells.iter();
            let plain = cells.map(|cell| cell.replace(|c: char| c.is_control(), " "));
            plain.collect::<Vec<_>>().join("\t")
        };
        let mut lines = vec![self.question.clone(), line(&self.columns)];
        lines.extend(self.rows.iter().map(line));
        lines.join("\n")
    }

    fn parse(metric: &str, text: &str) -> Option<Kept> {
        let mut lines = text.split('\n');
        let cells = |line: &str| line.split('\t').map(str::to_owned).collect();
        Some(Kept {
            metric: metric.to_owned(),
            question: lines.next()?.to_owned(),
            columns: cells(lines.next()?),
            rows: lines.map(cells).collect(),
        })
    }
}

/// What is said of a close besides its period.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// Who closes, where that is not whoever types.
    pub by: Option<String>,
    /// Why.
    pub why: Option<String>,
    /// The metrics to keep, each as `revenue` or `revenue by rep+month`; none = those of the
    /// charter, else [`METRICS`].
    pub metrics: Vec<String>,
    /// Though the sources do not yet show all of it.
    pub is_anyway: bool,
}

/// Closes a period: keeps what its figures are now.
pub fn close(book: &Book, label: &str, said: &Said, now: Instant) -> Result<Close, Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let days = resolve::period(label, &charter.calendar)?;
    let end = charter.calendar.start_of(days.1);
    check_closable(book, label, days, (end, now))?;
    let as_of = book.ledger.last_seq()?;
    let mut texts = vec![
        ("period".to_owned(), label.to_owned()),
        ("days".to_owned(), format!("{}..{}", days.0, days.1)),
        ("as-of".to_owned(), as_of.to_string()),
    ];
    texts.extend(said.by.iter().map(|by| ("by".to_owned(), by.clone())));
    texts.extend(said.why.iter().map(|why| ("why".to_owned(), why.clone())));
    let metrics = match (said.metrics.as_slice(), charter.catalogue.closes.as_slice()) {
        ([], []) => METRICS.map(str::to_owned).to_vec(),
        ([], agreed) => agreed.to_vec(),
        (named, _) => named.to_vec(),
    };
    for metric in &metrics {
        let words: Vec<&str> = metric.split_whitespace().collect();
        let (kept, horizon) = kept(book, &words, label)?;
        if let Some(until) = horizon.filter(|until| *until < end) {
            if !said.is_anyway {
                return Err(not_shown(book, label, (until, end))?);
            }
            if texts.iter().all(|one| one.0 != SHOWN) {
                texts.push((SHOWN.to_owned(), until.to_string()));
            }
        }
        texts.push((format!("metric {}", kept.metric), kept.text()));
    }
    let note = format!("period {label} closed");
    let seq = book.ledger.act("close", &note, texts, now)?;
    let all = closes(book)?.into_iter();
    let mut mine = all.filter(|one| one.seq == seq);
    mine.next().ok_or_else(|| not_closed(book, label, &[]))
}

/// Refuses a period that is not over, or that is closed.
fn check_closable(
    book: &Book,
    label: &str,
    days: (Day, Day),
    (end, now): (Instant, Instant),
) -> Result<(), Refusal> {
    if end > now {
        let title = format!("{label} is not over: it ends with {}", days.1.plus(-1));
        return Err(Refusal::new("E0460", title)
            .matters("what is kept of a period that goes on would be restated by every new day")
            .fix("close it once it is over"));
    }
    let known = closes(book)?;
    let mut open = known.iter().filter(|one| one.reopened.is_none());
    let Some(known) = open.find(|one| one.days == days) else {
        return Ok(());
    };
    let title = format!("{label} is closed already, as of commit {}", known.as_of);
    Err(Refusal::new("E0461", title)
        .matters("a second close would hide what changed since the first")
        .fix(format!(
            "handfast period reopen {} {label}, then close it",
            book.dir.display()
        )))
}

/// A period whose last days some source does not show yet.
fn not_shown(
    book: &Book,
    label: &str,
    (until, end): (Instant, Instant),
) -> Result<Refusal, Refusal> {
    let frame = book.ledger.frame(AsOf::Latest)?;
    let behind = frame.observed.iter().filter_map(|source| {
        let shown = source.until.filter(|until| *until < end)?;
        let source = frame.names.text(source.source);
        Some(format!("{source} shows everything only until {shown}"))
    });
    let behind: Vec<String> = behind.collect();
    let title = match behind.as_slice() {
        [] => format!("{label} is not all there: nothing was recorded after {until}"),
        behind => format!("{label} is not all there: {}", behind.join(", ")),
    };
    Ok(Refusal::new("E0460", title)
        .matters("what comes in of its last days would all be told as restatements")
        .fix(
            "import the rest; import --observed-until DAY says up to when it is all there. To \
             close it as it is: --anyway",
        ))
}

/// A metric of the period as it is now, and its horizon: `revenue`, `revenue by rep+month`, or
/// `revenue in EUR`.
fn kept(book: &Book, words: &[&str], label: &str) -> Result<(Kept, Option<Instant>), Refusal> {
    let (metric, by, currency) = match words {
        [metric] => (*metric, None, None),
        [metric, "by", by] => (*metric, Some(*by), None),
        [metric, "in", currency] => (*metric, None, Some(*currency)),
        [metric, "by", by, "in", currency] => (*metric, Some(*by), Some(*currency)),
        _ => {
            let title = format!("`{}` is no metric to keep", words.join(" "));
            return Err(Refusal::new("E0465", title)
                .matters("a close keeps figures that can be asked for again")
                .fix(
                    "a name, what splits it, and a currency that amounts are turned into: \
                     'revenue by rep+month in EUR'",
                ));
        }
    };
    let by = by.map_or(Vec::new(), |by| by.split('+').map(str::to_owned).collect());
    let mut typed = Typed {
        kind: "metric".to_owned(),
        of: Some(metric.to_owned()),
        period: Some(label.to_owned()),
        currency: currency.map(str::to_owned),
        by,
        ..Typed::default()
    };
    passport::pin(book, &mut typed)?;
    let reply = ask(book, &typed, None)?;
    let texts = |row: &Vec<Cell>| row.iter().map(Cell::exact).collect();
    let horizon = reply.answer.lineage.horizon.as_deref();
    // Where no source has shown anything yet, there is no end to it.
    let horizon = horizon.and_then(Instant::parse);
    let horizon = horizon.filter(|until| *until != Instant(0));
    let kept = Kept {
        metric: words.join(" "),
        question: reply.question.to_string(),
        columns: reply
            .answer
            .columns
            .iter()
            .map(|one| one.id.clone())
            .collect(),
        rows: reply.answer.rows.iter().map(texts).collect(),
    };
    Ok((kept, horizon))
}

/// Every close, oldest first.
pub fn closes(book: &Book) -> Result<Vec<Close>, Refusal> {
    let mut closes: Vec<Close> = Vec::new();
    for act in book.ledger.acts(&["close", "reopen"], AsOf::Latest)? {
        if act.word == "reopen" {
            let of: u64 = act.text("close").parse().unwrap_or(0);
            let mut open = closes.iter_mut().filter(|one| one.seq == Seq(of));
            open.by_ref().for_each(|one| {
                one.reopened = Some(Reopened {
                    at: act.recorded_at,
                    by: by_of(&act),
                    why: act.text("why").to_owned(),
                });
            });
            continue;
        }
        let days = act.text("days").split_once("..");
        let days = days.and_then(|(from, until)| Some((Day::parse(from)?, Day::parse(until)?)));
        let as_of = act.text("as-of").parse().map(Seq);
        let (Some(days), Ok(as_of)) = (days, as_of) else {
            continue;
        };
        let figures = act.texts.iter().filter_map(|(name, text)| {
            let metric = name.strip_prefix("metric ")?;
            Kept::parse(metric, text)
        });
        closes.push(Close {
            seq: act.seq,
            as_of,
            at: act.recorded_at,
            by: by_of(&act),
            label: act.text("period").to_owned(),
            days,
            why: act.text("why").to_owned(),
            figures: figures.collect(),
            reopened: None,
            shown_until: Instant::parse(act.text(SHOWN)),
        });
    }
    Ok(closes)
}

/// Who is said to have done it, else whose account wrote it.
fn by_of(act: &Act) -> String {
    match act.text("by") {
        "" => act.author.clone(),
        by => by.to_owned(),
    }
}

/// Takes a close back: from now on what changes is no restatement. `by` is who does, where that is
/// not whoever types.
pub fn reopen(
    book: &Book,
    label: &str,
    (by, why): (Option<&str>, &str),
    now: Instant,
) -> Result<Close, Refusal> {
    let closes = closes(book)?;
    let open = closes.iter().filter(|one| one.reopened.is_none());
    let open: Vec<&Close> = open.filter(|one| one.goes_by(label)).collect();
    let close = match open.as_slice() {
        [close] => *close,
        [] => return Err(not_closed(book, label, &closes)),
        several => {
            let days: Vec<String> = several.iter().map(|one| one.day_range()).collect();
            let title = format!("{label} is closed with several days: {}", days.join(", "));
            return Err(Refusal::new("E0462", title)
                .matters("the fiscal year was moved, and both periods have one name")
                .fix("name it by its days: FROM..UNTIL"));
        }
    };
    let mut texts = vec![
        ("close".to_owned(), close.seq.to_string()),
        ("why".to_owned(), why.to_owned()),
    ];
    texts.extend(by.map(|by| ("by".to_owned(), by.to_owned())));
    let note = format!("period {label} opened again");
    book.ledger.act("reopen", &note, texts, now)?;
    Ok(close.clone())
}

pub(crate) fn not_closed(book: &Book, label: &str, closes: &[Close]) -> Refusal {
    let open = closes.iter().filter(|one| one.reopened.is_none());
    let names: Vec<&str> = open.map(|one| one.label.as_str()).collect();
    let fix = match names.as_slice() {
        [] => format!("handfast period close {} {label}", book.dir.display()),
        names => format!("closed are: {}", names.join(", ")),
    };
    Refusal::new("E0462", format!("{label} is not closed")).fix(fix)
}

/// The metric of a question, if it asks for one.
pub(crate) fn metric_of(kind: &QuestionKind) -> Option<&str> {
    match kind {
        QuestionKind::Metric(name) => Some(name),
        _ => None,
    }
}

/// An exact figure as people read it: thousands apart, no empty place.
pub fn readable(exact: &str) -> String {
    if exact.is_empty() {
        return "nothing".to_owned();
    }
    let (number, rest) = match exact.split_once(' ') {
        Some((number, rest)) => (number, format!(" {rest}")),
        None => (exact, String::new()),
    };
    let parts = number.split('/').map(|part| {
        let digits = part.strip_prefix('-').unwrap_or(part);
        let is_number = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        match is_number {
            true => grouped(part),
            false => part.to_owned(),
        }
    });
    parts.collect::<Vec<_>>().join("/") + &rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_reads_back_as_itself() {
        let kept = Kept {
            metric: "revenue".to_owned(),
            question: "metric revenue as-of=7".to_owned(),
            columns: vec!["currency".to_owned(), "revenue".to_owned()],
            rows: vec![vec!["EUR".to_owned(), "1.00 EUR".to_owned()]],
        };
        assert_eq!(Kept::parse("revenue", &kept.text()), Some(kept));
        assert_eq!(Kept::parse("revenue", "only a question"), None);
    }

    #[test]
    fn figures_are_shown_with_their_thousands_apart() {
        for (exact, shown) in [
            ("1234567.00 EUR", "1,234,567.00 EUR"),
            ("-12000", "-12,000"),
            ("3000/4000", "3,000/4,000"),
            ("2024-01", "2024-01"),
            ("57 d", "57 d"),
            ("", "nothing"),
        ] {
            assert_eq!(readable(exact), shown);
        }
    }
}
