//! The pure functions of rules. NULL in gives NULL out, except where a function's words say that
//! it passes over what is not known (`coalesce`, `concat`, `least`, `greatest`).

use std::cmp::Ordering;

use super::{arithmetic, order, whole};
use crate::limits::FIELD_BYTES;
use crate::money::Decimal;
use crate::rules::{Evaluated, Function};
use crate::time::{Calendar, Day};

type Value = Option<Evaluated>;

/// The value of `function(arguments)`.
pub(super) fn call(function: Function, arguments: &[Value], calendar: &Calendar) -> Value {
    match function {
        Function::Coalesce => arguments.iter().flatten().next().cloned(),
        Function::NullIf => null_if(arguments, calendar),
        Function::Least => extreme(arguments, Ordering::Less, calendar),
        Function::Greatest => extreme(arguments, Ordering::Greater, calendar),
        Function::Abs | Function::Round | Function::Floor | Function::Ceil => {
            rounded(function, number(arguments, 0)?).map(Evaluated::Number)
        }
        Function::Year | Function::Month | Function::DayOf => {
            let date = day(arguments, 0, calendar)?.civil();
            Some(whole(match function {
                Function::Year => date.year().into(),
                Function::Month => date.month().into(),
                _ => date.day().into(),
            }))
        }
        Function::DaysBetween => days_between(arguments, calendar),
        _ => text_call(function, arguments),
    }
}

fn text_call(function: Function, arguments: &[Value]) -> Value {
    if function == Function::Concat {
        return concat(arguments);
    }
    let text_at = |index: usize| text(arguments, index);
    let first = text_at(0)?;
    match function {
        Function::Lower => bounded(first.to_lowercase()),
        Function::Upper => bounded(first.to_uppercase()),
        Function::Trim => bounded(first.trim().to_owned()),
        Function::Length => Some(whole(first.chars().count() as i128)),
        Function::Contains => Some(Evaluated::Bool(first.contains(text_at(1)?))),
        Function::StartsWith => Some(Evaluated::Bool(first.starts_with(text_at(1)?))),
        Function::EndsWith => Some(Evaluated::Bool(first.ends_with(text_at(1)?))),
        Function::Replace => replace(first, text_at(1)?, text_at(2)?),
        Function::Substr => substr(first, integer(arguments, 1)?, integer(arguments, 2)?),
        _ => None,
    }
}

fn text(arguments: &[Value], index: usize) -> Option<&str> {
    match arguments.get(index)?.as_ref()? {
        Evaluated::Text(text) => Some(text),
        _ => None,
    }
}

fn number(arguments: &[Value], index: usize) -> Option<Decimal> {
    match arguments.get(index)?.as_ref()? {
        Evaluated::Number(number) => Some(*number),
        _ => None,
    }
}

fn integer(arguments: &[Value], index: usize) -> Option<i128> {
    let number = arithmetic::shortest(number(arguments, index)?)?;
    (number.scale == 0).then_some(number.units)
}

fn day(arguments: &[Value], index: usize, calendar: &Calendar) -> Option<Day> {
    match arguments.get(index)?.as_ref()? {
        Evaluated::Day(day) => Some(*day),
        Evaluated::At(at) => Some(calendar.day_of(*at)),
        _ => None,
    }
}

fn null_if(arguments: &[Value], calendar: &Calendar) -> Value {
    let first = arguments.first()?.clone()?;
    let second = arguments.get(1)?.as_ref();
    let is_equal =
        second.and_then(|second| order(&first, second, calendar)) == Some(Ordering::Equal);
    (!is_equal).then_some(first)
}

fn extreme(arguments: &[Value], wanted: Ordering, calendar: &Calendar) -> Value {
    let mut known = arguments.iter().flatten();
    let first = known.next()?;
    let best = known.try_fold(first, |best, next| {
        order(next, best, calendar).map(|o| if o == wanted { next } else { best })
    });
    best.cloned()
}

fn rounded(function: Function, value: Decimal) -> Option<Decimal> {
    let value = arithmetic::shortest(value)?;
    if function == Function::Abs {
        return match value.units < 0 {
            true => arithmetic::negated(value),
            false => Some(value),
        };
    }
    let one = Decimal { units: 1, scale: 0 };
    if function == Function::Round {
        return arithmetic::divide(value, one, 0);
    }
    let unit = 10i128.checked_pow(value.scale)?;
    let floor = value.units.div_euclid(unit);
    let is_up = function == Function::Ceil && value.units.rem_euclid(unit) != 0;
    let units = floor.checked_add(i128::from(is_up))?;
    Some(Decimal { units, scale: 0 })
}

fn days_between(arguments: &[Value], calendar: &Calendar) -> Value {
    let exact = match (arguments.first()?.as_ref()?, arguments.get(1)?.as_ref()?) {
        (Evaluated::At(from), Evaluated::At(to)) => Some(i128::from(to.0) - i128::from(from.0)),
        _ => None,
    };
    if let Some(micros) = exact {
        let day = Decimal {
            units: 86_400_000_000,
            scale: 0,
        };
        let micros = Decimal {
            units: micros,
            scale: 0,
        };
        let days = arithmetic::divide(micros, day, arithmetic::QUOTIENT_SCALE)?;
        return arithmetic::shortest(days).map(Evaluated::Number);
    }
    let (from, to) = (day(arguments, 0, calendar)?, day(arguments, 1, calendar)?);
    Some(whole(i128::from(to.0) - i128::from(from.0)))
}

/// A text that is not longer than a field may be; rules cannot grow texts without end.
fn bounded(text: String) -> Value {
    (text.len() <= FIELD_BYTES).then_some(Evaluated::Text(text))
}

fn concat(arguments: &[Value]) -> Value {
    let mut all = String::new();
    for value in arguments.iter().flatten() {
        let Evaluated::Text(text) = value else {
            return None;
        };
        if all.len() + text.len() > FIELD_BYTES {
            return None;
        }
        all.push_str(text);
    }
    Some(Evaluated::Text(all))
}

/// Replaces every occurrence; nothing is replaced by an empty `from`. The length is known before
/// anything is written.
fn replace(text: &str, from: &str, to: &str) -> Value {
    if from.is_empty() {
        return bounded(text.to_owned());
    }
    let count = text.matches(from).count();
    let length = (text.len() - count * from.len()).checked_add(count.checked_mul(to.len())?)?;
    (length <= FIELD_BYTES).then(|| Evaluated::Text(text.replace(from, to)))
}

/// Characters `[from, from + count)` counted from 1, as far as there are any; a negative count is
/// NULL.
fn substr(text: &str, from: i128, count: i128) -> Value {
    if count < 0 {
        return None;
    }
    let until = from.checked_add(count)?.max(1);
    let from = from.max(1);
    let skip = usize::try_from(from - 1).unwrap_or(usize::MAX);
    let take = usize::try_from(until.saturating_sub(from).max(0)).unwrap_or(usize::MAX);
    bounded(text.chars().skip(skip).take(take).collect())
}
