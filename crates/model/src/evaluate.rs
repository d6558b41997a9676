//! What a rule says at a moment. This is the reference meaning of every operator and function;
//! whatever else runs rules (the engine) is compared with it.
//!
//! Three-valued logic as SQL has it: `None` is NULL, "not known". Values that do not fit together
//! (a text where the charter declared a number), division by zero, an overflow, and a text longer
//! than a field may be are NULL too, so a rule never fails: it does not hold. It knows nothing of
//! facts or pursuits; those stand behind [`Moment`]. Recursion is as deep as the tree, which the
//! parser limits.

mod arithmetic;
mod functions;
mod like;

use std::cmp::Ordering;

use crate::money::Decimal;
use crate::rules::{Comparison, Evaluated, Expr, Literal, Moment};
use crate::time::Calendar;

/// The value of a rule's tree at a moment; `None` is NULL.
pub fn evaluate(expr: &Expr, moment: &dyn Moment) -> Option<Evaluated> {
    match expr {
        Expr::Literal(literal) => constant(literal),
        Expr::Attribute(subject, name) => moment.attribute(*subject, name),
        Expr::Touches { kind, days } => {
            let count = moment.touches(kind.as_deref(), *days);
            Some(whole(i128::from(count)))
        }
        Expr::Case(arms, otherwise) => {
            let arm = arms.iter().find(|(when, _)| holds(when, moment));
            let then = arm.map(|(_, then)| then).or(otherwise.as_deref());
            then.and_then(|then| evaluate(then, moment))
        }
        Expr::Arithmetic(operator, left, right) => {
            match (evaluate(left, moment)?, evaluate(right, moment)?) {
                (Evaluated::Number(left), Evaluated::Number(right)) => {
                    arithmetic::apply(*operator, left, right).map(Evaluated::Number)
                }
                _ => None,
            }
        }
        Expr::Call(function, arguments) => {
            let arguments: Vec<_> = arguments.iter().map(|a| evaluate(a, moment)).collect();
            functions::call(*function, &arguments, moment.calendar())
        }
        _ => truth(expr, moment).map(Evaluated::Bool),
    }
}

impl Expr {
    /// Visits the kind of every count of touches; `None` where all kinds are counted.
    pub fn each_count<'e>(&'e self, visit: &mut dyn FnMut(Option<&'e str>)) {
        match self {
            Expr::Touches { kind, .. } => visit(kind.as_deref()),
            _ => self.parts().iter().for_each(|part| part.each_count(visit)),
        }
    }

    /// Whether what it says may change by time alone: it counts touches of the last days.
    pub fn has_window(&self) -> bool {
        match self {
            Expr::Touches { days, .. } => days.is_some(),
            _ => self.parts().iter().any(|part| part.has_window()),
        }
    }

    /// Whether time alone can only end that it holds: what it counts of the last days must be so
    /// many at least.
    pub fn wanes(&self) -> bool {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        let is_count = |part: &Expr| matches!(part, Expr::Touches { .. });
        match self {
            Expr::And(parts) | Expr::Or(parts) => parts.iter().all(Expr::wanes),
            Expr::Compare(GreaterOrEqual | Greater, count, least) if is_count(count) => {
                !least.has_window()
            }
            Expr::Compare(LessOrEqual | Less, least, count) if is_count(count) => {
                !least.has_window()
            }
            _ => !self.has_window(),
        }
    }

    /// The trees that it is made of.
    fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Literal(_) | Expr::Attribute(..) | Expr::Touches { .. } => Vec::new(),
            Expr::Not(part) | Expr::IsNull(part, _) => vec![part],
            Expr::Like { text, .. } => vec![text],
            Expr::And(parts) | Expr::Or(parts) | Expr::Call(_, parts) => parts.iter().collect(),
            Expr::Compare(_, left, right) | Expr::Arithmetic(_, left, right) => vec![left, right],
            Expr::In(part, items, _) => items.iter().chain([&**part]).collect(),
            Expr::Between(part, low, high, _) => vec![part, low, high],
            Expr::Case(arms, otherwise) => {
                let arms = arms.iter().flat_map(|(when, then)| [when, then]);
                arms.chain(otherwise.as_deref()).collect()
            }
        }
    }
}

/// Whether a rule holds at a moment. What is not known does not hold.
pub fn holds(expr: &Expr, moment: &dyn Moment) -> bool {
    truth(expr, moment) == Some(true)
}

/// The truth of a condition; NULL for anything that is not one.
fn truth(expr: &Expr, moment: &dyn Moment) -> Option<bool> {
    match expr {
        Expr::Not(inner) => truth(inner, moment).map(|yes| !yes),
        Expr::And(parts) => decided(parts, moment, false),
        Expr::Or(parts) => decided(parts, moment, true),
        Expr::Compare(comparison, left, right) => {
            let left = evaluate(left, moment)?;
            order_to(&left, right, moment).map(|order| is(*comparison, order))
        }
        Expr::In(value, items, is_negated) => {
            is_among(value, items, moment).map(|yes| yes != *is_negated)
        }
        Expr::Between(value, low, high, is_negated) => {
            is_between(value, low, high, moment).map(|yes| yes != *is_negated)
        }
        Expr::Like {
            text,
            pattern,
            is_negated,
            ignores_case,
        } => match evaluate(text, moment)? {
            Evaluated::Text(text) => {
                Some(like::matches(&text, pattern, *ignores_case) != *is_negated)
            }
            _ => None,
        },
        Expr::IsNull(value, is_negated) => Some(evaluate(value, moment).is_none() != *is_negated),
        _ => match evaluate(expr, moment)? {
            Evaluated::Bool(yes) => Some(yes),
            _ => None,
        },
    }
}

/// AND is decided by the first false, OR by the first true; unknown parts leave the rest unknown.
fn decided(parts: &[Expr], moment: &dyn Moment, by: bool) -> Option<bool> {
    let mut is_known = true;
    for part in parts {
        match truth(part, moment) {
            Some(yes) if yes == by => return Some(by),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(!by)
}

fn is_among(value: &Expr, items: &[Expr], moment: &dyn Moment) -> Option<bool> {
    let value = evaluate(value, moment)?;
    let mut is_known = true;
    for item in items {
        match order_to(&value, item, moment) {
            Some(Ordering::Equal) => return Some(true),
            Some(_) => {}
            None => is_known = false,
        }
    }
    is_known.then_some(false)
}

fn is_between(value: &Expr, low: &Expr, high: &Expr, moment: &dyn Moment) -> Option<bool> {
    let value = evaluate(value, moment)?;
    let is_low = order_to(&value, low, moment).map(Ordering::is_ge);
    let is_high = order_to(&value, high, moment).map(Ordering::is_le);
    match (is_low, is_high) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn is(comparison: Comparison, order: Ordering) -> bool {
    match comparison {
        Comparison::Equal => order.is_eq(),
        Comparison::NotEqual => order.is_ne(),
        Comparison::Less => order.is_lt(),
        Comparison::LessOrEqual => order.is_le(),
        Comparison::Greater => order.is_gt(),
        Comparison::GreaterOrEqual => order.is_ge(),
    }
}

/// How a value stands to what an operand says. Constant texts are compared where they are: lists
/// of them are long, and rules are asked at every event.
fn order_to(value: &Evaluated, operand: &Expr, moment: &dyn Moment) -> Option<Ordering> {
    match (value, operand) {
        (Evaluated::Text(text), Expr::Literal(Literal::Text(constant))) => Some(text.cmp(constant)),
        _ => order(value, &evaluate(operand, moment)?, moment.calendar()),
    }
}

/// How two values stand to each other. Texts by their bytes, so that no locale can move a number.
/// A day and an instant meet on the day that the instant has in the reporting zone.
fn order(left: &Evaluated, right: &Evaluated, calendar: &Calendar) -> Option<Ordering> {
    match (left, right) {
        (Evaluated::Text(a), Evaluated::Text(b)) => Some(a.cmp(b)),
        (Evaluated::Number(a), Evaluated::Number(b)) => Some(a.cmp_value(b)),
        (Evaluated::Bool(a), Evaluated::Bool(b)) => Some(a.cmp(b)),
        (Evaluated::Day(a), Evaluated::Day(b)) => Some(a.cmp(b)),
        (Evaluated::At(a), Evaluated::At(b)) => Some(a.cmp(b)),
        (Evaluated::Day(a), Evaluated::At(b)) => Some(a.cmp(&calendar.day_of(*b))),
        (Evaluated::At(a), Evaluated::Day(b)) => Some(calendar.day_of(*a).cmp(b)),
        _ => None,
    }
}

fn constant(literal: &Literal) -> Option<Evaluated> {
    match literal {
        Literal::Null => None,
        Literal::Text(text) => Some(Evaluated::Text(text.clone())),
        Literal::Number(number) => Some(Evaluated::Number(*number)),
        Literal::Bool(yes) => Some(Evaluated::Bool(*yes)),
        Literal::Day(day) => Some(Evaluated::Day(*day)),
        Literal::At(at) => Some(Evaluated::At(*at)),
    }
}

fn whole(units: i128) -> Evaluated {
    Evaluated::Number(Decimal { units, scale: 0 })
}
