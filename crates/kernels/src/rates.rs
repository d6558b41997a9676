//! Amounts in one currency: the rate that the charter's policy names, each deal converted once.
//!
//! A rate is *quoted* on a day for one unit of a currency. An amount takes the latest quote of its
//! pair not after its day, read directly or, where the inverse quote is later, turned around; of
//! one day the direct one, of several the last in fact order. Two currencies without a quote
//! between them are priced through a third only if the charter names it. What has no rate has no
//! price: it is counted, never guessed. Rounding happens once, half-even, to the minor unit.

use std::collections::BTreeMap;

use handfast_model::money::divide_half_even;
use handfast_model::pricing::RatePolicy;
use handfast_model::{
    Calendar, Charter, Currency, Day, Decimal, Fact, FactKind, Issue, IssueCode, Money, Names,
    Snapshot, Value, When, planted,
};

use crate::journey::Deal;

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// Most digits of a rate, and most places behind its point, so that an amount times two rates still
/// is exact. Finer rates are rounded half-even to so many, once.
const RATE_DIGITS: u32 = 12;

/// One unit of a currency in another one, from a day on until the next quote.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quote {
    /// What is priced.
    pub of: Currency,
    /// What it is priced in.
    pub against: Currency,
    /// The day it was quoted; `None` holds at every instant until a dated one.
    pub day: Option<Day>,
    /// How many units of the second one unit of the first is.
    pub rate: Decimal,
}

/// The quotes that a charter's policy may use.
#[derive(Clone, Debug)]
pub struct Rates {
    policy: Option<RatePolicy>,
    through: Option<Currency>,
    /// In fact order.
    quotes: Vec<Quote>,
    /// Places of the quotes of a pair, in order of their days.
    by_pair: BTreeMap<(Currency, Currency), Vec<usize>>,
    /// Rate facts that cannot be used.
    pub issues: Vec<Issue>,
}

/// An amount in the asked currency, and the quotes it took (none where it was in it already).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Priced {
    /// The amount.
    pub money: Money,
    /// The quotes, by their place.
    pub by: [Option<usize>; 2],
}

impl Rates {
    /// The charter's planned rates, else the rate facts of a snapshot.
    pub fn new(snapshot: &Snapshot, charter: &Charter) -> Rates {
        let pricing = &charter.pricing;
        let mut rates = Rates {
            policy: pricing.policy,
            through: pricing.through,
            quotes: Vec::new(),
            by_pair: BTreeMap::new(),
            issues: Vec::new(),
        };
        match (pricing.policy, charter.currency) {
            (None, _) | (Some(RatePolicy::Plan), None) => {}
            (Some(RatePolicy::Plan), Some(against)) => {
                rates.through = Some(against);
                let quotes = pricing.plan.iter().map(|(of, rate)| Quote {
                    of: *of,
                    against,
                    day: None,
                    rate: *rate,
                });
                rates.quotes = quotes.collect();
            }
            (Some(RatePolicy::AtClose | RatePolicy::AtCreation), _) => {
                rates.read(snapshot, &charter.calendar);
            }
        }
        for (at, quote) in rates.quotes.iter().enumerate() {
            let pair = rates.by_pair.entry((quote.of, quote.against));
            pair.or_default().push(at);
        }
        for places in rates.by_pair.values_mut() {
            places.sort_by_key(|at| rates.quotes.get(*at).map(|quote| quote.day));
        }
        rates
    }

    fn read(&mut self, snapshot: &Snapshot, calendar: &Calendar) {
        let facts = snapshot.facts.iter();
        for fact in facts.filter(|fact| fact.kind == FactKind::Rate) {
            match quote(fact, &snapshot.names, calendar) {
                Some(quote) => self.quotes.push(quote),
                None => self.issues.push(Issue {
                    code: IssueCode::UnusableRate,
                    fact: Some(fact.id),
                }),
            }
        }
    }

    /// The charter's policy.
    pub fn policy(&self) -> Option<RatePolicy> {
        self.policy
    }

    /// All quotes, by place.
    pub fn quotes(&self) -> &[Quote] {
        &self.quotes
    }

    /// A quote by its place.
    pub fn quote(&self, at: usize) -> Option<&Quote> {
        self.quotes.get(at)
    }

    /// A deal's amount in a currency. `anchor` is the deal's close, or the instant looked at while
    /// it is open; without a deal it is the amount's own date.
    pub fn price_of(
        &self,
        money: Money,
        to: Currency,
        (deal, anchor): (Option<&Deal>, When),
        calendar: &Calendar,
    ) -> Option<Priced> {
        let day = match (self.policy, deal) {
            (Some(RatePolicy::AtCreation), Some(deal)) => deal.known_from.when.day(calendar),
            _ => anchor.day(calendar),
        };
        self.price(money, to, day)
    }

    /// An amount in a currency at a day's rate (an unknown day takes undated rates only). `None`
    /// when there is no rate for it.
    pub fn price(&self, money: Money, to: Currency, day: Option<Day>) -> Option<Priced> {
        if planted!(FaceValue, money.currency == to, true) {
            let by = [None, None];
            return Some(Priced { money, by });
        }
        if let Some(leg) = self.leg(money.currency, to, day) {
            return self.convert(money, to, &[leg]);
        }
        let through = self.through?;
        let first = self.leg(money.currency, through, day)?;
        let second = self.leg(through, to, day)?;
        self.convert(money, to, &[first, second])
    }

    /// The quote for a pair and whether it is turned around: the later of the direct and the
    /// inverse one.
    fn leg(&self, from: Currency, to: Currency, day: Option<Day>) -> Option<(usize, bool)> {
        let latest = |pair| {
            let places: &Vec<usize> = self.by_pair.get(&pair)?;
            let holds = |at: &&usize| {
                let quote = self.quotes.get(**at);
                quote.is_some_and(|quote| planted!(RateOfToday, quote.day <= day, true))
            };
            places.iter().rfind(holds).copied()
        };
        let quoted = |at: usize| self.quotes.get(at).map(|quote| quote.day);
        match (latest((from, to)), latest((to, from))) {
            (Some(direct), Some(inverse)) if quoted(inverse) > quoted(direct) => {
                Some((inverse, true))
            }
            (Some(direct), _) => Some((direct, false)),
            (None, inverse) => Some((inverse?, true)),
        }
    }

    /// Multiplies exactly and rounds once.
    fn convert(&self, money: Money, to: Currency, legs: &[(usize, bool)]) -> Option<Priced> {
        let unit = |exponent: u32| 10i128.checked_pow(exponent);
        let mut over = i128::from(money.minor).checked_mul(unit(to.exponent())?)?;
        let mut under = unit(money.currency.exponent())?;
        let mut by = [None, None];
        for ((at, is_inverse), slot) in legs.iter().zip(&mut by) {
            let rate = self.quotes.get(*at)?.rate;
            let (mut times, mut divided) = (rate.units, unit(rate.scale)?);
            if *is_inverse {
                std::mem::swap(&mut times, &mut divided);
            }
            (over, under) = lowest(over, under);
            (times, divided) = lowest(times, divided);
            (over, divided) = lowest(over, divided);
            (times, under) = lowest(times, under);
            over = over.checked_mul(times)?;
            under = under.checked_mul(divided)?;
            *slot = Some(*at);
        }
        let minor = planted!(
            FloatMoney,
            divide_half_even(over, under)?,
            (over as f64 / under as f64) as i128
        );
        let minor = i64::try_from(minor).ok()?;
        let money = Money {
            minor,
            currency: to,
        };
        Some(Priced { money, by })
    }
}

/// A rate fact read as a quote: two currencies and a number above zero.
fn quote(fact: &Fact, names: &Names, calendar: &Calendar) -> Option<Quote> {
    let currency = |name: &str| Currency::parse(names.text(fact.text(names.find(name)?)?));
    let rate = match fact.attribute(names.find("rate")?)? {
        Value::Decimal(rate) => *rate,
        Value::Int(whole) => Decimal {
            units: i128::from(*whole),
            scale: 0,
        },
        _ => return None,
    };
    let quote = Quote {
        of: currency("from_currency")?,
        against: currency("to_currency")?,
        day: fact.happened.day(calendar),
        rate: rounded(rate)?,
    };
    (quote.rate.units > 0 && quote.of != quote.against).then_some(quote)
}

/// A rate of as many digits as are exact; `None` of one too large.
fn rounded(rate: Decimal) -> Option<Decimal> {
    let digits = rate.units.checked_abs()?.checked_ilog10().unwrap_or(0) + 1;
    let surplus = digits.saturating_sub(RATE_DIGITS);
    let surplus = surplus.max(rate.scale.saturating_sub(RATE_DIGITS));
    let scale = rate.scale.checked_sub(surplus)?;
    let units = divide_half_even(rate.units, 10i128.checked_pow(surplus)?)?;
    match units == 10i128.checked_pow(RATE_DIGITS)? {
        // Rounded up to one digit more, which is a zero.
        true => Some(Decimal {
            units: units / 10,
            scale: scale.checked_sub(1)?,
        }),
        false => Some(Decimal { units, scale }),
    }
}

/// A fraction in its lowest terms.
fn lowest(over: i128, under: i128) -> (i128, i128) {
    let (mut a, mut b) = (over.unsigned_abs(), under.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    match i128::try_from(a) {
        Ok(common) if common > 1 => (over / common, under / common),
        _ => (over, under),
    }
}
