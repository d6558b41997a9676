//! The text of questions about deals on their way, and about what changed.

use crate::money::Decimal;
use crate::question::{Against, AsOf, Aspect, QuestionKind};
use crate::time::Grain;

use super::{Options, parse_as_of, parse_days, push_day, quoted, take_day};

pub(super) fn print(kind: &QuestionKind, parts: &mut Vec<String>) {
    match kind {
        QuestionKind::Bridge { due, since } => {
            parts.push("bridge".to_owned());
            parts.extend(due.map(|(from, until)| format!("due={from}..{until}")));
            parts.extend(since.map(|since| format!("since={}", as_of_text(since))));
        }
        QuestionKind::Reasons { is_won, split } => {
            parts.push(format!(
                "reasons of={}",
                if *is_won { "won" } else { "lost" }
            ));
            let words: Vec<&str> = split.iter().map(|aspect| aspect.word()).collect();
            parts.extend((!words.is_empty()).then(|| format!("split={}", words.join(","))));
        }
        QuestionKind::Forecast {
            at,
            horizon,
            is_backtest,
        } => {
            parts.push("forecast".to_owned());
            push_day(parts, "at", *at);
            parts.push(format!("horizon={}", horizon.word()));
            parts.extend(is_backtest.then(|| "backtest=yes".to_owned()));
        }
        QuestionKind::Plan { at, goal } => {
            parts.push("plan".to_owned());
            push_day(parts, "at", *at);
            parts.extend(goal.map(|goal| format!("goal={goal}")));
        }
        QuestionKind::Change { metric, against } => {
            parts.push(format!("change {}", quoted(metric)));
            parts.push(match against {
                Against::Since(as_of) => format!("since={}", as_of_text(*as_of)),
                Against::Period(from, until) => format!("against={from}..{until}"),
            });
        }
        _ => {}
    }
}

pub(super) fn as_of_text(as_of: AsOf) -> String {
    match as_of {
        AsOf::Latest => "latest".to_owned(),
        AsOf::Seq(seq) => seq.to_string(),
        AsOf::Instant(at) => at.to_string(),
    }
}

pub(super) fn parse(
    kind: &str,
    subject: Option<String>,
    options: &mut Options,
) -> Result<QuestionKind, String> {
    match (kind, subject) {
        ("bridge", _) => Ok(QuestionKind::Bridge {
            due: take_days_of(options, "due")?,
            since: options
                .remove("since")
                .map(|text| parse_as_of(&text))
                .transpose()?,
        }),
        ("reasons", _) => Ok(QuestionKind::Reasons {
            is_won: match options.remove("of").as_deref() {
                None | Some("lost") => false,
                Some("won") => true,
                Some(word) => return Err(format!("of={word}: lost or won")),
            },
            split: aspects(options)?,
        }),
        ("forecast", _) => Ok(QuestionKind::Forecast {
            at: take_day(options, "at")?,
            horizon: match options.remove("horizon") {
                None => Grain::Quarter,
                Some(word) => horizon(&word).ok_or(format!("horizon={word}: month or quarter"))?,
            },
            is_backtest: match options.remove("backtest").as_deref() {
                None => false,
                Some("yes") => true,
                Some(other) => return Err(format!("backtest={other}: yes, or left out")),
            },
        }),
        ("plan", _) => Ok(QuestionKind::Plan {
            at: take_day(options, "at")?,
            goal: match options.remove("goal") {
                None => None,
                Some(text) => {
                    let goal = Decimal::parse(&text);
                    Some(goal.ok_or(format!("goal={text}: a number, as 250000"))?)
                }
            },
        }),
        ("change", Some(metric)) => Ok(QuestionKind::Change {
            metric,
            against: against(options)?,
        }),
        _ => Err(format!("`{kind}` is not a question")),
    }
}

/// How far a forecast looks.
pub fn horizon(word: &str) -> Option<Grain> {
    Grain::parse(word).filter(|grain| matches!(grain, Grain::Month | Grain::Quarter))
}

fn aspects(options: &mut Options) -> Result<Vec<Aspect>, String> {
    let words = options.remove("split").unwrap_or_default();
    let words = words.split(',').filter(|word| !word.is_empty());
    let read = |word: &str| Aspect::parse(word).ok_or(format!("`{word}` is nothing to split by"));
    words.map(read).collect()
}

fn against(options: &mut Options) -> Result<Against, String> {
    match (options.remove("since"), take_days_of(options, "against")?) {
        (Some(since), None) => parse_as_of(&since).map(Against::Since),
        (None, Some((from, until))) => Ok(Against::Period(from, until)),
        _ => Err("a change is since=7 or against=2018-01-01..2018-04-01".to_owned()),
    }
}

pub(super) fn take_days_of(
    options: &mut Options,
    key: &str,
) -> Result<Option<(crate::time::Day, crate::time::Day)>, String> {
    let days = options.remove(key);
    days.map(|text| parse_days(key, &text)).transpose()
}
