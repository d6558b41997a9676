//! The one canonical text of a question, and its reader. Law: `parse(print(q)) == Ok(q)`.
//!
//! `funnel view=cohort entry=mql window=30 by=month,channel where='deal.amount > 1000' as-of=7`

mod deals;

pub use deals::horizon;

use std::collections::BTreeMap;
use std::fmt;

use crate::credit::Credited;
use crate::id::Seq;
use crate::money::Currency;
use crate::question::{
    AsOf, At, Clock, Dimension, Entries, FunnelView, Known, Question, QuestionKind, Unit,
};
use crate::time::{Day, Instant};

/// After how many days without a touch by sales a lead counts as untouched, unless said.
pub const UNTOUCHED_DAYS: u32 = 7;

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        print_kind(&self.kind, &mut parts);
        if !self.by.is_empty() {
            let by: Vec<String> = self.by.iter().map(Dimension::text).collect();
            parts.push(format!("by={}", by.join(",")));
        }
        push_text(&mut parts, "where", self.filter.as_deref());
        if let Some((from, until)) = self.period {
            parts.push(format!("period={from}..{until}"));
        }
        parts.push(format!("as-of={}", deals::as_of_text(self.as_of)));
        parts.push(format!(
            "known={}",
            if self.known == Known::Recorded {
                "recorded"
            } else {
                "happened"
            }
        ));
        push_text(&mut parts, "charter", self.charter.as_deref());
        parts.push(format!("unit={}", self.unit.word()));
        push_text(
            &mut parts,
            "currency",
            self.currency.as_ref().map(Currency::code),
        );
        f.write_str(&parts.join(" "))
    }
}

fn print_kind(kind: &QuestionKind, parts: &mut Vec<String>) {
    match kind {
        QuestionKind::Funnel(view) => print_view(view, parts),
        QuestionKind::Velocity { from } => {
            parts.push("velocity".to_owned());
            push_text(parts, "from", from.as_deref());
        }
        QuestionKind::Metric(name) => parts.push(format!("metric {}", quoted(name))),
        QuestionKind::Leaks => parts.push("leaks".to_owned()),
        QuestionKind::Transitions => parts.push("transitions".to_owned()),
        QuestionKind::Journey(buyer) => parts.push(format!("journey {}", quoted(buyer))),
        QuestionKind::Times { observed_from } => {
            parts.push("times".to_owned());
            push_day(parts, "observed-from", *observed_from);
        }
        QuestionKind::Stale { at } => {
            parts.push("stale".to_owned());
            push_at(parts, "at", *at);
        }
        QuestionKind::Response {
            clock,
            untouched_days,
        } => {
            parts.push("response".to_owned());
            print_clock(clock, parts);
            parts.push(format!("window={untouched_days}"));
        }
        QuestionKind::Health => parts.push("health".to_owned()),
        QuestionKind::Targets => parts.push("targets".to_owned()),
        QuestionKind::Credit { of, models } => {
            parts.push(format!("credit of={}", of.word()));
            let models = (!models.is_empty()).then(|| models.join(","));
            push_text(parts, "models", models.as_deref());
        }
        QuestionKind::Bridge { .. }
        | QuestionKind::Change { .. }
        | QuestionKind::Forecast { .. }
        | QuestionKind::Plan { .. }
        | QuestionKind::Reasons { .. } => deals::print(kind, parts),
        QuestionKind::Sla { handoff } => {
            parts.push("sla".to_owned());
            push_text(parts, "of", handoff.as_deref());
        }
        QuestionKind::Cost { of, model } => {
            parts.push("cost".to_owned());
            push_text(parts, "of", of.as_deref());
            push_text(parts, "models", model.as_deref());
        }
        QuestionKind::Identity(key) => parts.push(format!("identity {}", quoted(key))),
    }
}

fn print_view(view: &FunnelView, parts: &mut Vec<String>) {
    match view {
        FunnelView::Flow => parts.push("funnel view=flow".to_owned()),
        FunnelView::Cohort {
            entry,
            window_days,
            entries,
            is_estimated,
            observed_from,
        } => {
            parts.push("funnel view=cohort".to_owned());
            push_text(parts, "entry", entry.as_deref());
            if let Some(days) = window_days {
                parts.push(format!("window={days}"));
            }
            let entries = match entries {
                Entries::First => "first",
                Entries::All => "all",
            };
            parts.push(format!("entries={entries}"));
            parts.extend(is_estimated.then(|| "estimate=yes".to_owned()));
            push_day(parts, "observed-from", *observed_from);
        }
        FunnelView::Snapshot { at, outcome_by } => {
            parts.push("funnel view=snapshot".to_owned());
            push_at(parts, "at", *at);
            push_at(parts, "outcome-by", *outcome_by);
        }
    }
}

fn push_at(parts: &mut Vec<String>, key: &str, at: Option<At>) {
    parts.extend(at.map(|at| match at {
        At::EndOf(day) => format!("{key}={day}"),
        At::Instant(at) => format!("{key}={at}"),
    }));
}

fn push_day(parts: &mut Vec<String>, key: &str, day: Option<Day>) {
    parts.extend(day.map(|day| format!("{key}={day}")));
}

fn push_text(parts: &mut Vec<String>, key: &str, value: Option<&str>) {
    parts.extend(value.map(|value| format!("{key}={}", quoted(value))));
}

/// As it is when it is a plain word, else in single quotes with inner ones doubled.
fn print_clock(clock: &Clock, parts: &mut Vec<String>) {
    match clock {
        Clock::Creation => parts.push("clock=creation".to_owned()),
        Clock::Assignment => parts.push("clock=assignment".to_owned()),
        Clock::Entry(step) => push_text(parts, "from", Some(step)),
    }
}

fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_.:/-@".contains(c);
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}

/// Reads the canonical text. The error says which word was not understood.
pub fn parse(text: &str) -> Result<Question, String> {
    let mut words = split(text)?.into_iter();
    let kind = words.next().ok_or("an empty question")?;
    let subject = match kind.as_str() {
        "metric" | "journey" | "identity" | "change" => {
            Some(words.next().ok_or(format!("{kind} of what?"))?)
        }
        _ => None,
    };
    let mut options = BTreeMap::new();
    for word in words {
        let (key, value) = word
            .split_once('=')
            .ok_or(format!("`{word}` is not key=value"))?;
        if options.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(format!("`{key}` is given twice"));
        }
    }
    let kind = parse_kind(&kind, subject, &mut options)?;
    let question = parse_common(kind, &mut options)?;
    match options.keys().next() {
        None => Ok(question),
        Some(key) => Err(format!("`{key}` does not belong to this question")),
    }
}

type Options = BTreeMap<String, String>;

fn parse_kind(
    kind: &str,
    subject: Option<String>,
    options: &mut Options,
) -> Result<QuestionKind, String> {
    match (kind, subject) {
        ("metric", Some(name)) => Ok(QuestionKind::Metric(name)),
        ("journey", Some(buyer)) => Ok(QuestionKind::Journey(buyer)),
        ("identity", Some(key)) => Ok(QuestionKind::Identity(key)),
        ("velocity", _) => Ok(QuestionKind::Velocity {
            from: options.remove("from"),
        }),
        ("leaks", _) => Ok(QuestionKind::Leaks),
        ("transitions", _) => Ok(QuestionKind::Transitions),
        ("funnel", _) => parse_view(options).map(QuestionKind::Funnel),
        ("times", _) => Ok(QuestionKind::Times {
            observed_from: take_day(options, "observed-from")?,
        }),
        ("stale", _) => Ok(QuestionKind::Stale {
            at: take_at(options, "at")?,
        }),
        ("response", _) => Ok(QuestionKind::Response {
            clock: parse_clock(options)?,
            untouched_days: take_days(options, "window")?.unwrap_or(UNTOUCHED_DAYS),
        }),
        ("health", _) => Ok(QuestionKind::Health),
        ("targets", _) => Ok(QuestionKind::Targets),
        ("credit", _) => Ok(QuestionKind::Credit {
            of: match options.remove("of").as_deref() {
                None => Credited::Won,
                Some(word) => Credited::parse(word).ok_or(format!("of={word}: won or open"))?,
            },
            models: options.remove("models").map_or(Vec::new(), |models| {
                models.split(',').map(str::to_owned).collect()
            }),
        }),
        ("sla", _) => Ok(QuestionKind::Sla {
            handoff: options.remove("of"),
        }),
        ("cost", _) => Ok(QuestionKind::Cost {
            of: options.remove("of"),
            model: options.remove("models"),
        }),
        (_, subject) => deals::parse(kind, subject, options),
    }
}

fn parse_view(options: &mut Options) -> Result<FunnelView, String> {
    match options.remove("view").as_deref() {
        Some("flow") => Ok(FunnelView::Flow),
        Some("cohort") => Ok(FunnelView::Cohort {
            entry: options.remove("entry"),
            window_days: take_days(options, "window")?,
            entries: match options.remove("entries").as_deref() {
                None | Some("first") => Entries::First,
                Some("all") => Entries::All,
                Some(other) => return Err(format!("entries={other}: first or all")),
            },
            is_estimated: match options.remove("estimate").as_deref() {
                None => false,
                Some("yes") => true,
                Some(other) => return Err(format!("estimate={other}: yes, or left out")),
            },
            observed_from: take_day(options, "observed-from")?,
        }),
        Some("snapshot") => Ok(FunnelView::Snapshot {
            at: take_at(options, "at")?,
            outcome_by: take_at(options, "outcome-by")?,
        }),
        other => Err(format!(
            "view={}: flow, cohort or snapshot",
            other.unwrap_or("")
        )),
    }
}

fn parse_clock(options: &mut Options) -> Result<Clock, String> {
    match (options.remove("clock").as_deref(), options.remove("from")) {
        (None, Some(step)) => Ok(Clock::Entry(step)),
        (None | Some("creation"), None) => Ok(Clock::Creation),
        (Some("assignment"), None) => Ok(Clock::Assignment),
        (Some(other), _) => Err(format!(
            "clock={other}: creation or assignment, or else from=STAGE"
        )),
    }
}

fn take_days(options: &mut Options, key: &str) -> Result<Option<u32>, String> {
    let days = options.remove(key).map(|days| {
        let read = days.parse();
        read.map_err(|_| format!("{key}={days}: whole days"))
    });
    days.transpose()
}

fn take_day(options: &mut Options, key: &str) -> Result<Option<Day>, String> {
    let day = options.remove(key).map(|text| {
        let read = Day::parse(&text);
        read.ok_or(format!("{key}={text}: a day, as 2018-03-31"))
    });
    day.transpose()
}

fn take_at(options: &mut Options, key: &str) -> Result<Option<At>, String> {
    options.remove(key).map(|text| parse_at(&text)).transpose()
}

/// A day (its end is meant) or an instant.
pub fn parse_at(text: &str) -> Result<At, String> {
    let day = Day::parse(text).map(At::EndOf);
    day.or_else(|| Instant::parse(text).map(At::Instant))
        .ok_or(format!(
            "`{text}` is neither a day (2018-03-31) nor an instant (2018-03-31T12:00:00Z)"
        ))
}

/// `latest`, a sequence number, or an instant.
pub fn parse_as_of(text: &str) -> Result<AsOf, String> {
    match text {
        "latest" => Ok(AsOf::Latest),
        _ => text
            .parse()
            .map(|seq| AsOf::Seq(Seq(seq)))
            .ok()
            .or_else(|| Instant::parse(text).map(AsOf::Instant))
            .ok_or(format!(
                "`{text}` is no commit's number, no day and no instant (2018-03-31T12:00:00Z)"
            )),
    }
}

fn parse_common(kind: QuestionKind, options: &mut Options) -> Result<Question, String> {
    let by = options.remove("by").unwrap_or_default();
    let by = by.split(',').filter(|word| !word.is_empty());
    let dimension =
        |word: &str| Dimension::parse(word).ok_or(format!("`{word}` is not a dimension"));
    let unit = options.remove("unit");
    let unit = match unit.as_deref() {
        None => Unit::Pursuit,
        Some(word) => {
            let found = Unit::ALL.into_iter().find(|unit| unit.word() == word);
            found.ok_or(format!("unit={word}: pursuit, person, account or deal"))?
        }
    };
    let known = match options.remove("known").as_deref() {
        None | Some("recorded") => Known::Recorded,
        Some("happened") => Known::Happened,
        Some(other) => return Err(format!("known={other}: recorded or happened")),
    };
    let currency = options.remove("currency").map(|code| {
        Currency::parse(&code).ok_or(format!("currency={code}: three letters, as in EUR"))
    });
    Ok(Question {
        kind,
        by: by.map(dimension).collect::<Result<_, _>>()?,
        filter: options.remove("where"),
        period: deals::take_days_of(options, "period")?,
        as_of: options
            .remove("as-of")
            .map_or(Ok(AsOf::Latest), |text| parse_as_of(&text))?,
        known,
        charter: options.remove("charter"),
        unit,
        currency: currency.transpose()?,
    })
}

fn parse_days(key: &str, text: &str) -> Result<(Day, Day), String> {
    let days = text
        .split_once("..")
        .and_then(|(from, until)| Some((Day::parse(from)?, Day::parse(until)?)));
    days.filter(|(from, until)| from < until)
        .ok_or(format!("{key}={text}: 2018-01-01..2018-04-01"))
}

/// Words split at spaces; single quotes hold spaces, two single quotes are one.
fn split(text: &str) -> Result<Vec<String>, String> {
    let (mut words, mut word, mut is_quoted, mut is_open) =
        (Vec::new(), String::new(), false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' if is_quoted && chars.peek() == Some(&'\'') => {
                word.push('\'');
                chars.next();
            }
            '\'' => (is_quoted, is_open) = (!is_quoted, true),
            c if c.is_whitespace() && !is_quoted => {
                if is_open {
                    words.push(std::mem::take(&mut word));
                }
                is_open = false;
            }
            c => {
                word.push(c);
                is_open = true;
            }
        }
    }
    if is_open {
        words.push(word);
    }
    if is_quoted {
        Err("a quote is not closed".to_owned())
    } else {
        Ok(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_reads_back_as_itself() {
        let texts = [
            "funnel view=flow by=month,channel@last period=2018-01-01..2018-04-01 as-of=latest \
            known=recorded unit=account",
            "funnel view=cohort entry=mql window=30 entries=all by=deal.product where='deal.name \
            = ''O''''Neil''' as-of=7 known=happened charter=blake3:ab unit=pursuit currency=EUR",
            "funnel view=snapshot at=2017-09-30 outcome-by=2017-12-31T12:00:00Z \
            as-of=2018-01-01T00:00:00Z known=recorded unit=deal",
            "velocity from='strange stage' as-of=latest known=recorded unit=pursuit",
            "metric win_rate by=quarter as-of=latest known=recorded unit=pursuit",
            "leaks where='person.origin IS NOT NULL' as-of=7 known=recorded unit=pursuit",
            "journey 'Golden Gate & Sons' as-of=latest known=recorded unit=pursuit",
            "funnel view=cohort window=30 entries=first estimate=yes observed-from=2018-01-01 \
            as-of=latest known=recorded unit=deal",
            "times observed-from=2018-01-01 by=month as-of=latest known=recorded unit=pursuit",
            "stale at=2018-03-31 by=rep as-of=latest known=recorded unit=pursuit",
            "response clock=assignment window=3 by=campaign as-of=7 known=recorded unit=pursuit",
            "response from='strange stage' window=7 as-of=7 known=recorded unit=pursuit",
            "health as-of=latest known=recorded unit=pursuit",
            "identity crm:00Q5e as-of=7 known=recorded unit=pursuit",
            "credit of=won models='first,w' by=channel,month@touch as-of=7 known=recorded \
            unit=pursuit",
            "change win_rate since=7 by=team period=2018-01-01..2018-02-01 as-of=9 known=recorded \
            unit=deal",
            "change revenue against=2017-01-01..2017-02-01 period=2018-01-01..2018-02-01 \
            as-of=latest known=recorded unit=pursuit currency=EUR",
            "reasons of=won split=reason,said_by by=quarter as-of=7 known=recorded unit=pursuit",
            "reasons of=lost as-of=latest known=recorded unit=pursuit currency=EUR",
            "bridge due=2018-01-01..2018-04-01 since=7 by=rep period=2018-01-01..2018-02-01 as-of=latest \
            known=recorded unit=pursuit currency=EUR",
            "credit of=open as-of=latest known=recorded unit=pursuit currency=EUR",
            "cost of='Fairs & talks' models=w by=month,vendor as-of=7 known=recorded unit=pursuit",
            "forecast at=2017-09-30 horizon=quarter by=team as-of=7 known=recorded unit=pursuit",
            "forecast horizon=month backtest=yes as-of=latest known=recorded unit=pursuit \
            currency=EUR",
            "plan at=2017-09-30 goal=250000.50 by=month,segment as-of=7 known=recorded \
            unit=pursuit",
            "plan period=2018-01-01..2018-04-01 as-of=latest known=recorded unit=pursuit",
            "targets period=2018-01-01..2018-04-01 as-of=latest known=recorded unit=pursuit",
            "sla of=first_call by=rep as-of=7 known=recorded unit=pursuit",
            "sla by=month,team as-of=latest known=recorded unit=pursuit currency=EUR",
            "cost by=channel as-of=latest known=recorded unit=pursuit currency=EUR",
        ];
        for text in texts {
            let question = parse(text).unwrap();
            assert_eq!(question.to_string(), text);
            assert_eq!(parse(&question.to_string()), Ok(question));
        }
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let says = |text: &str| parse(text).unwrap_err();
        assert_eq!(
            says("funnel view=pie"),
            "view=pie: flow, cohort or snapshot"
        );
        assert_eq!(
            says("funnel view=flow by=moon"),
            "`moon` is not a dimension"
        );
        assert_eq!(
            says("velocity window=3"),
            "`window` does not belong to this question"
        );
        assert_eq!(says("metric 'a"), "a quote is not closed");
        assert_eq!(says("plan goal=much"), "goal=much: a number, as 250000");
        assert_eq!(
            says("forecast horizon=week"),
            "horizon=week: month or quarter"
        );
    }
}
