//! A second evaluator, written from the reference and not from the first one: numbers are exact
//! fractions, truth is 0, 1 (not known) or 2 with minimum and maximum, LIKE is its definition.

use handfast_model::rules::{Comparison, Evaluated, Expr, Function, Literal, Moment, Operator};

use crate::Scene;

#[derive(Clone, PartialEq, Debug)]
pub(crate) enum V {
    Null,
    Text(Vec<char>),
    /// A fraction in lowest terms, the denominator positive.
    Number(i128, i128),
    Bool(bool),
    Day(i64),
    At(i64),
}

/// The fraction outgrew the twin, which has no opinion then.
#[derive(Debug)]
pub(crate) struct Outgrown;

type Result<T> = std::result::Result<T, Outgrown>;

pub(crate) fn is_same(found: &Option<Evaluated>, expected: &V) -> bool {
    lift(found.clone()).is_ok_and(|found| found == *expected)
}

fn lift(value: Option<Evaluated>) -> Result<V> {
    Ok(match value {
        None => V::Null,
        Some(Evaluated::Text(text)) => V::Text(text.chars().collect()),
        Some(Evaluated::Number(d)) => fraction(d.units, 10i128.pow(d.scale))?,
        Some(Evaluated::Bool(yes)) => V::Bool(yes),
        Some(Evaluated::Day(day)) => V::Day(day.0.into()),
        Some(Evaluated::At(at)) => V::At(at.0),
    })
}

fn fraction(top: i128, bottom: i128) -> Result<V> {
    let (mut a, mut b) = (top.unsigned_abs(), bottom.unsigned_abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    let by = i128::try_from(a).map_err(|_| Outgrown)? * bottom.signum();
    Ok(V::Number(top / by, bottom / by))
}

pub(crate) fn value(expr: &Expr, scene: &Scene) -> Result<V> {
    let of = |e: &Expr| value(e, scene);
    Ok(match expr {
        Expr::Literal(literal) => lift(match literal {
            Literal::Null => None,
            Literal::Text(text) => Some(Evaluated::Text(text.clone())),
            Literal::Number(number) => Some(Evaluated::Number(*number)),
            Literal::Bool(yes) => Some(Evaluated::Bool(*yes)),
            Literal::Day(day) => Some(Evaluated::Day(*day)),
            Literal::At(at) => Some(Evaluated::At(*at)),
        })?,
        Expr::Attribute(subject, name) => lift(scene.attribute(*subject, name))?,
        Expr::Touches { kind, days } => V::Number(scene.touches(kind.as_deref(), *days).into(), 1),
        Expr::Not(inner) => spoken(2 - truth(&of(inner)?)),
        Expr::And(parts) => {
            let mut least = 2;
            for part in parts {
                least = least.min(truth(&of(part)?));
            }
            spoken(least)
        }
        Expr::Or(parts) => {
            let mut most = 0;
            for part in parts {
                most = most.max(truth(&of(part)?));
            }
            spoken(most)
        }
        Expr::Compare(comparison, a, b) => spoken(compare(*comparison, &of(a)?, &of(b)?)),
        Expr::In(a, items, is_negated) => {
            let a = of(a)?;
            let mut most = 0;
            for item in items {
                most = most.max(compare(Comparison::Equal, &a, &of(item)?));
            }
            spoken(if *is_negated { 2 - most } else { most })
        }
        Expr::Between(a, low, high, is_negated) => {
            let (a, low, high) = (of(a)?, of(low)?, of(high)?);
            let both = compare(Comparison::GreaterOrEqual, &a, &low).min(compare(
                Comparison::LessOrEqual,
                &a,
                &high,
            ));
            spoken(if *is_negated { 2 - both } else { both })
        }
        Expr::Like {
            text,
            pattern,
            is_negated,
            ignores_case,
        } => match of(text)? {
            V::Text(text) => {
                let fold = |c: char| -> Vec<char> {
                    if *ignores_case {
                        c.to_lowercase().collect()
                    } else {
                        vec![c]
                    }
                };
                let text: Vec<char> = text.into_iter().flat_map(fold).collect();
                let pattern: Vec<char> = pattern.chars().flat_map(fold).collect();
                V::Bool(like(&text, &pattern) != *is_negated)
            }
            _ => V::Null,
        },
        Expr::IsNull(a, is_negated) => V::Bool((of(a)? == V::Null) != *is_negated),
        Expr::Case(arms, otherwise) => {
            for (when, then) in arms {
                if of(when)? == V::Bool(true) {
                    return of(then);
                }
            }
            otherwise.as_ref().map_or(Ok(V::Null), |e| of(e))?
        }
        Expr::Arithmetic(operator, a, b) => arithmetic(*operator, of(a)?, of(b)?)?,
        Expr::Call(function, arguments) => {
            let arguments = arguments.iter().map(of).collect::<Result<Vec<_>>>()?;
            call(*function, &arguments)?
        }
    })
}

fn truth(value: &V) -> u8 {
    match value {
        V::Bool(true) => 2,
        V::Bool(false) => 0,
        _ => 1,
    }
}

fn spoken(truth: u8) -> V {
    match truth {
        2 => V::Bool(true),
        0 => V::Bool(false),
        _ => V::Null,
    }
}

fn day_of(value: &V) -> Option<i64> {
    match value {
        V::Day(day) => Some(*day),
        V::At(at) => Some(at.div_euclid(86_400_000_000)),
        _ => None,
    }
}

/// -1, 0 or 1; `None` for values that have no order between them.
fn order(a: &V, b: &V) -> Option<i32> {
    let sign = |less: bool, more: bool| i32::from(more) - i32::from(less);
    Some(match (a, b) {
        (V::Text(a), V::Text(b)) => {
            let bytes = |text: &[char]| text.iter().collect::<String>().into_bytes();
            sign(bytes(a) < bytes(b), bytes(a) > bytes(b))
        }
        (V::Number(a, under_a), V::Number(b, under_b)) => {
            let (left, right) = (a.checked_mul(*under_b)?, b.checked_mul(*under_a)?);
            sign(left < right, left > right)
        }
        (V::Bool(a), V::Bool(b)) => sign(!a & b, a & !b),
        (V::At(a), V::At(b)) => sign(a < b, a > b),
        _ => {
            let (a, b) = (day_of(a)?, day_of(b)?);
            sign(a < b, a > b)
        }
    })
}

fn compare(comparison: Comparison, a: &V, b: &V) -> u8 {
    let Some(order) = order(a, b) else { return 1 };
    let yes = match comparison {
        Comparison::Equal => order == 0,
        Comparison::NotEqual => order != 0,
        Comparison::Less => order < 0,
        Comparison::LessOrEqual => order <= 0,
        Comparison::Greater => order > 0,
        Comparison::GreaterOrEqual => order >= 0,
    };
    if yes { 2 } else { 0 }
}

fn like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|skip| like(&text[skip..], rest)),
        ['_', rest @ ..] => !text.is_empty() && like(&text[1..], rest),
        ['\\', c, rest @ ..] | [c, rest @ ..] => text.first() == Some(c) && like(&text[1..], rest),
    }
}

/// Beyond this the first evaluator may rightly run out of digits, so nothing is claimed.
const LARGE: i128 = 1_000_000_000_000_000_000;

fn bounded(value: V) -> Result<V> {
    match value {
        V::Number(top, bottom) if top.abs() > LARGE || bottom > LARGE => Err(Outgrown),
        value => Ok(value),
    }
}

fn arithmetic(operator: Operator, a: V, b: V) -> Result<V> {
    let (V::Number(a, under_a), V::Number(b, under_b)) = (a, b) else {
        return Ok(V::Null);
    };
    let times = |x: i128, y: i128| x.checked_mul(y).ok_or(Outgrown);
    bounded(match operator {
        Operator::Add => fraction(
            times(a, under_b)? + times(b, under_a)?,
            times(under_a, under_b)?,
        )?,
        Operator::Subtract => fraction(
            times(a, under_b)? - times(b, under_a)?,
            times(under_a, under_b)?,
        )?,
        Operator::Multiply => fraction(times(a, b)?, times(under_a, under_b)?)?,
        Operator::Divide if b == 0 => V::Null,
        Operator::Divide => {
            let scale = 1_000_000_000_000;
            let (top, bottom) = (times(a, under_b)?, times(under_a, b)?);
            fraction(nearest(times(top, scale)?, bottom), scale)?
        }
    })
}

/// `top / bottom` to the nearest whole, a half to the even one.
fn nearest(top: i128, bottom: i128) -> i128 {
    let (top, bottom) = if bottom < 0 {
        (-top, -bottom)
    } else {
        (top, bottom)
    };
    let below = top.div_euclid(bottom);
    let rest = top.rem_euclid(bottom);
    let up = rest > bottom - rest || (rest == bottom - rest && below % 2 != 0);
    below + i128::from(up)
}

fn call(function: Function, arguments: &[V]) -> Result<V> {
    let a = &arguments[0];
    let b = arguments.get(1).unwrap_or(&V::Null);
    Ok(match (function, a, b) {
        (Function::Coalesce, ..) => {
            let known = arguments.iter().find(|v| **v != V::Null);
            known.cloned().unwrap_or(V::Null)
        }
        (Function::NullIf, ..) => {
            if order(a, b) == Some(0) {
                V::Null
            } else {
                a.clone()
            }
        }
        (Function::Least, ..) => extreme(arguments, -1),
        (Function::Greatest, ..) => extreme(arguments, 1),
        (Function::Concat, ..) => {
            let mut all = Vec::new();
            for argument in arguments {
                match argument {
                    V::Text(text) => all.extend(text),
                    V::Null => {}
                    _ => return Ok(V::Null),
                }
            }
            V::Text(all)
        }
        (Function::Abs, V::Number(n, d), _) => V::Number(n.abs(), *d),
        (Function::Round, V::Number(n, d), _) => V::Number(nearest(*n, *d), 1),
        (Function::Floor, V::Number(n, d), _) => V::Number(n.div_euclid(*d), 1),
        (Function::Ceil, V::Number(n, d), _) => V::Number(-(-n).div_euclid(*d), 1),
        (Function::DaysBetween, V::At(from), V::At(to)) => {
            let micros = i128::from(to - from) * 1_000_000_000_000;
            fraction(nearest(micros, 86_400_000_000), 1_000_000_000_000)?
        }
        (Function::DaysBetween, ..) => match (day_of(a), day_of(b)) {
            (Some(from), Some(to)) => V::Number((to - from).into(), 1),
            _ => V::Null,
        },
        (Function::Year | Function::Month | Function::DayOf, ..) => match day_of(a) {
            Some(day) => V::Number(calendar_part(function, day), 1),
            None => V::Null,
        },
        (_, V::Text(text), _) => textual(function, text, arguments),
        _ => V::Null,
    })
}

fn extreme(arguments: &[V], wanted: i32) -> V {
    let mut best = V::Null;
    for next in arguments.iter().filter(|v| **v != V::Null) {
        best = match order(next, &best) {
            _ if best == V::Null => next.clone(),
            None => return V::Null,
            Some(order) if order == wanted => next.clone(),
            Some(_) => best,
        };
    }
    best
}

/// Counts days through the years and months from 1970.
fn calendar_part(function: Function, mut day: i64) -> i128 {
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut year = 1970;
    while day >= 365 + i64::from(is_leap(year)) {
        day -= 365 + i64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i64::from(is_leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < length {
            break;
        }
        day -= length;
        month += 1;
    }
    i128::from(match function {
        Function::Year => year,
        Function::Month => month,
        _ => day + 1,
    })
}

fn textual(function: Function, text: &[char], arguments: &[V]) -> V {
    let string: String = text.iter().collect();
    let whole = |string: String| V::Text(string.chars().collect());
    let part = |index: usize| match &arguments[index] {
        V::Text(text) => Some(text.clone()),
        _ => None,
    };
    let at = |index: usize| match arguments[index] {
        V::Number(n, 1) => Some(n),
        _ => None,
    };
    match function {
        Function::Lower => whole(string.to_lowercase()),
        Function::Upper => whole(string.to_uppercase()),
        Function::Trim => whole(string.trim().to_owned()),
        Function::Length => V::Number(text.len() as i128, 1),
        Function::Contains => part(1).map_or(V::Null, |p| {
            V::Bool((0..=text.len()).any(|from| text[from..].starts_with(&p)))
        }),
        Function::StartsWith => part(1).map_or(V::Null, |p| V::Bool(text.starts_with(&p))),
        Function::EndsWith => part(1).map_or(V::Null, |p| V::Bool(text.ends_with(&p))),
        Function::Replace => match (part(1), part(2)) {
            (Some(from), Some(_)) if from.is_empty() => V::Text(text.to_vec()),
            (Some(from), Some(to)) => V::Text(replaced(text, &from, &to)),
            _ => V::Null,
        },
        Function::Substr => match (at(1), at(2)) {
            (Some(from), Some(count)) if count >= 0 => {
                let is_in = |place: i128| from <= place && place < from + count;
                let kept = (1..).zip(text).filter(|(place, _)| is_in(*place));
                V::Text(kept.map(|(_, c)| *c).collect())
            }
            _ => V::Null,
        },
        _ => V::Null,
    }
}

fn replaced(text: &[char], from: &[char], to: &[char]) -> Vec<char> {
    match text {
        [] => Vec::new(),
        _ if text.starts_with(from) => [to, &replaced(&text[from.len()..], from, to)].concat(),
        [first, rest @ ..] => [&[*first], replaced(rest, from, to).as_slice()].concat(),
    }
}
