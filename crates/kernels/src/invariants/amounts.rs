//! I9: an amount in another currency is that amount at a rate that is there, on a day on which it
//! held, rounded once.

use handfast_model::pricing::RatePolicy;
use handfast_model::{Breaches, Currency, Day, Invariant, Money, Seq, Value, When};

use super::deal_named;
use crate::attributes::Attributes;
use crate::journey::{Deal, Journeys, World};
use crate::rates::{Priced, Quote, Rates};

/// An amount that was converted.
#[derive(Clone, Copy, Debug)]
pub struct Converted {
    /// The amount.
    pub money: Money,
    /// The currency asked for.
    pub to: Currency,
    /// The day whose rate it takes.
    pub day: Option<Day>,
    /// What it became.
    pub priced: Priced,
}

/// The amounts of all deals in each currency that is named: the charter's and those that a rate
/// leads to.
pub fn money(world: &World<'_>, journeys: &Journeys) -> Breaches {
    let mut found = Breaches::default();
    let Some(amount) = world.snapshot.names.find("amount") else {
        return found;
    };
    let (charter, calendar) = (world.charter, &world.charter.calendar);
    let rates = Rates::new(world.snapshot, charter);
    if rates.quotes().is_empty() {
        return found;
    }
    let attributes = Attributes::new(world.snapshot, calendar);
    let mut wanted: Vec<Currency> = rates.quotes().iter().map(|one| one.against).collect();
    wanted.extend(charter.currency);
    wanted.sort_unstable();
    wanted.dedup();
    for deal in &journeys.deals {
        let facts = &world.snapshot.facts;
        let Some(Value::Money(money)) = attributes.of_deal(facts, deal.key, amount, None) else {
            continue;
        };
        let anchor = deal
            .closed
            .map_or(When::At(world.horizon), |closed| closed.when);
        let day = day_of(&rates, deal, anchor, world);
        for &to in &wanted {
            let of = (Some(deal), anchor);
            let Some(priced) = rates.price_of(*money, to, of, calendar) else {
                continue;
            };
            let one = Converted {
                money: *money,
                to,
                day,
                priced,
            };
            if let Some(what) = self::priced(&rates, &one) {
                found.add(Invariant::Money, Seq(0), || {
                    (deal_named(&world.snapshot.names, deal.key), what)
                });
            }
        }
    }
    found
}

/// The day that the policy names.
fn day_of(rates: &Rates, deal: &Deal, anchor: When, world: &World<'_>) -> Option<Day> {
    let when = match rates.policy() {
        Some(RatePolicy::AtCreation) => deal.known_from.when,
        _ => anchor,
    };
    when.day(&world.charter.calendar)
}

/// What is wrong with a conversion, recomputed by whole numbers and without the code that did it:
/// the quotes it names lead from one currency to the other, held on its day, and give the amount to
/// within half a minor unit.
pub fn priced(rates: &Rates, one: &Converted) -> Option<String> {
    let Converted {
        money,
        to,
        day,
        priced,
    } = *one;
    if priced.money.currency != to {
        return Some(format!("{money} in {to} is {}", priced.money));
    }
    // What one is worth as a fraction, leg by leg: over / under.
    let (mut over, mut under) = (i128::from(money.minor), 1_i128);
    let mut at = money.currency;
    for place in priced.by.into_iter().flatten() {
        let Some(quote) = rates.quote(place) else {
            return Some(format!("{money} takes a rate that is not there"));
        };
        if quote.day > day {
            return Some(format!("{money} takes a rate of a later day"));
        }
        let Some((next, times, divided)) = leg(quote, at) else {
            return Some(format!("{money} takes a rate of {} at {at}", quote.of));
        };
        over = over.checked_mul(times)?;
        under = under.checked_mul(divided)?;
        at = next;
    }
    if at != to {
        return Some(format!("{money} was never turned into {to}"));
    }
    let unit = |exponent: u32| 10_i128.checked_pow(exponent);
    over = over.checked_mul(unit(to.exponent())?)?;
    under = under.checked_mul(unit(money.currency.exponent())?)?;
    let off = i128::from(priced.money.minor)
        .checked_mul(under)?
        .checked_sub(over)?;
    let is_near = off.unsigned_abs().checked_mul(2)? <= under.unsigned_abs();
    (!is_near).then(|| format!("{money} in {to} is {}", priced.money))
}

/// Where a quote leads from a currency, and the fraction it multiplies by.
fn leg(quote: &Quote, from: Currency) -> Option<(Currency, i128, i128)> {
    let (times, divided) = (quote.rate.units, 10_i128.checked_pow(quote.rate.scale)?);
    match from {
        from if from == quote.of => Some((quote.against, times, divided)),
        from if from == quote.against => Some((quote.of, divided, times)),
        _ => None,
    }
}
