//! The one canonical text of a question, and its reader. Law: `parse(print(q)) == Ok(q)`.
//!
//! `funnel view=cohort entry=mql window=30 by=month,channel where='deal.amount > 1000' as-of=7`

use std::collections::BTreeMap;
use std::fmt;

use crate::id::Seq;
use crate::money::Currency;
use crate::question::{
    AsOf, At, Dimension, Entries, FunnelView, Known, Question, QuestionKind, Unit,
};
use crate::time::{Day, Instant};

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
        parts.push(match self.as_of {
            AsOf::Latest => "as-of=latest".to_owned(),
            AsOf::Seq(seq) => format!("as-of={seq}"),
            AsOf::Instant(at) => format!("as-of={at}"),
        });
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
        QuestionKind::Funnel(FunnelView::Flow) => parts.push("funnel view=flow".to_owned()),
        QuestionKind::Funnel(FunnelView::Cohort {
            entry,
            window_days,
            entries,
        }) => {
            parts.push("funnel view=cohort".to_owned());
            push_text(parts, "entry", entry.as_deref());
            if let Some(days) = window_days {
                parts.push(format!("window={days}"));
            }
            parts.push(format!(
                "entries={}",
                if *entries == Entries::First {
                    "first"
                } else {
                    "all"
                }
            ));
        }
        QuestionKind::Funnel(FunnelView::Snapshot { at, outcome_by }) => {
            parts.push("funnel view=snapshot".to_owned());
            let when = |at: &At| match at {
                At::EndOf(day) => day.to_string(),
                At::Instant(at) => at.to_string(),
            };
            parts.extend(at.iter().map(|at| format!("at={}", when(at))));
            parts.extend(
                outcome_by
                    .iter()
                    .map(|at| format!("outcome-by={}", when(at))),
            );
        }
        QuestionKind::Velocity { from } => {
            parts.push("velocity".to_owned());
            push_text(parts, "from", from.as_deref());
        }
        QuestionKind::Metric(name) => parts.push(format!("metric {}", quoted(name))),
        QuestionKind::Journey(buyer) => parts.push(format!("journey {}", quoted(buyer))),
    }
}

fn push_text(parts: &mut Vec<String>, key: &str, value: Option<&str>) {
    parts.extend(value.map(|value| format!("{key}={}", quoted(value))));
}

/// As it is when it is a plain word, else in single quotes with inner ones doubled.
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
        "metric" | "journey" => Some(words.next().ok_or(format!("{kind} of what?"))?),
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
        ("velocity", _) => Ok(QuestionKind::Velocity {
            from: options.remove("from"),
        }),
        ("funnel", _) => parse_view(options).map(QuestionKind::Funnel),
        _ => Err(format!("`{kind}` is not a question")),
    }
}

fn parse_view(options: &mut Options) -> Result<FunnelView, String> {
    match options.remove("view").as_deref() {
        Some("flow") => Ok(FunnelView::Flow),
        Some("cohort") => {
            let window = options.remove("window");
            let entries = match options.remove("entries").as_deref() {
                None | Some("first") => Entries::First,
                Some("all") => Entries::All,
                Some(other) => return Err(format!("entries={other}: first or all")),
            };
            let days = window.map(|days| {
                days.parse()
                    .map_err(|_| format!("window={days}: whole days"))
            });
            Ok(FunnelView::Cohort {
                entry: options.remove("entry"),
                window_days: days.transpose()?,
                entries,
            })
        }
        Some("snapshot") => {
            let at = options
                .remove("at")
                .map(|text| parse_at(&text))
                .transpose()?;
            let outcome_by = options
                .remove("outcome-by")
                .map(|text| parse_at(&text))
                .transpose()?;
            Ok(FunnelView::Snapshot { at, outcome_by })
        }
        other => Err(format!(
            "view={}: flow, cohort or snapshot",
            other.unwrap_or("")
        )),
    }
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
                "`{text}` is neither a sequence number nor an instant (2018-03-31T12:00:00Z)"
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
        period: options
            .remove("period")
            .map(|text| parse_days(&text))
            .transpose()?,
        as_of: options
            .remove("as-of")
            .map_or(Ok(AsOf::Latest), |text| parse_as_of(&text))?,
        known,
        charter: options.remove("charter"),
        unit,
        currency: currency.transpose()?,
    })
}

fn parse_days(text: &str) -> Result<(Day, Day), String> {
    let days = text
        .split_once("..")
        .and_then(|(from, until)| Some((Day::parse(from)?, Day::parse(until)?)));
    days.filter(|(from, until)| from < until)
        .ok_or(format!("period={text}: 2018-01-01..2018-04-01"))
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
            "journey 'Golden Gate & Sons' as-of=latest known=recorded unit=pursuit",
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
    }
}
