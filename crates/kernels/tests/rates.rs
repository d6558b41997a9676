//! Rates against a twin that looks at every quote and tries the whole numbers around a quotient.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::rates::Rates;
use handfast_model::{Currency, Day, Decimal, Money};
use handfast_testkit::random::Chance;
use handfast_testkit::{Ledger, sketch};

const CODES: [&str; 4] = ["EUR", "USD", "JPY", "KWD"];

/// A quote as its line says it: day, pair, rate.
type Said = (Option<Day>, Currency, Currency, Decimal);

fn code(text: &str) -> Currency {
    Currency::parse(text).unwrap()
}

/// The last quote of a pair, in either direction, by looking at all of them.
fn latest(said: &[Said], from: Currency, to: Currency, day: Option<Day>) -> Option<(i128, i128)> {
    let mut best: Option<(Option<Day>, bool, (i128, i128))> = None;
    for (quoted, of, against, rate) in said {
        let is_direct = (*of, *against) == (from, to);
        let is_inverse = (*of, *against) == (to, from);
        let is_late = quoted.is_some() && (day.is_none() || *quoted > day);
        if is_late || !(is_direct || is_inverse) {
            continue;
        }
        let scale = 10i128.pow(rate.scale);
        let ratio = match is_direct {
            true => (rate.units, scale),
            false => (scale, rate.units),
        };
        let is_better = best.is_none_or(|(known, was_direct, _)| {
            *quoted > known || (*quoted == known && (is_direct || !was_direct))
        });
        if is_better {
            best = Some((*quoted, is_direct, ratio));
        }
    }
    best.map(|(_, _, ratio)| ratio)
}

/// The nearest whole number, found by trying; of two, the even one.
fn nearest(over: i128, under: i128) -> i128 {
    let guess = over / under;
    let distance = |whole: i128| (over - whole * under).abs();
    let mut tried = [guess - 1, guess, guess + 1];
    tried.sort_by_key(|whole| (distance(*whole), whole % 2 != 0));
    tried[0]
}

fn twin(said: &[Said], money: Money, to: Currency, day: Option<Day>) -> Option<i128> {
    if money.currency == to {
        return Some(i128::from(money.minor));
    }
    let usd = code("USD");
    let (times, divided) = latest(said, money.currency, to, day).or_else(|| {
        let first = latest(said, money.currency, usd, day)?;
        let second = latest(said, usd, to, day)?;
        Some((first.0 * second.0, first.1 * second.1))
    })?;
    let (into, from) = (to.exponent(), money.currency.exponent());
    let over = i128::from(money.minor) * times * 10i128.pow(into);
    Some(nearest(over, divided * 10i128.pow(from)))
}

#[test]
fn prices_agree_with_their_twin_to_the_minor_unit() {
    let charter = sketch::charter("path won\nrates at_close through USD").unwrap();
    let (mut priced, mut unpriced) = (0, 0);
    for seed in 0..3_000 {
        let mut chance = Chance::new(seed);
        let (mut lines, mut said) = (Vec::new(), Vec::<(String, Said)>::new());
        for _ in 0..chance.below(9) {
            let (of, against) = (chance.pick(&CODES), chance.pick(&CODES));
            let rate = format!("{}.{:03}", chance.below(200), 1 + chance.below(999));
            let day = match chance.percent(15) {
                true => "?".to_owned(),
                false => format!("2025-01-{:02}", 1 + chance.below(20)),
            };
            // Of one day and pair the order of records decides, which a twin of quotes cannot see.
            let is_new = said
                .iter()
                .all(|(at, (_, o, a, _))| *at != day || (*o, *a) != (code(of), code(against)));
            if of != against && is_new {
                lines.push(format!(
                    "{day} rate from_currency={of} to_currency={against} rate={rate}"
                ));
                let quoted = Day::parse(&day);
                let rate = Decimal::parse(&rate).unwrap();
                said.push((day, (quoted, code(of), code(against), rate)));
            }
        }
        let said: Vec<Said> = said.into_iter().map(|(_, quote)| quote).collect();
        let ledger = Ledger::read(&lines.join("\n"), &charter.calendar).unwrap();
        let rates = Rates::new(&ledger.snapshot, &charter);
        assert!(rates.issues.is_empty());
        for _ in 0..8 {
            let money = Money {
                minor: i64::try_from(chance.below(2_000_001)).unwrap() - 1_000_000,
                currency: code(chance.pick(&CODES)),
            };
            let to = code(chance.pick(&CODES));
            let day = i32::try_from(chance.below(25)).unwrap();
            let day = (day > 0).then(|| Day::parse("2025-01-01").unwrap().plus(day - 1));
            let found = rates.price(money, to, day);
            let minor = found.map(|priced| i128::from(priced.money.minor));
            assert_eq!(
                minor,
                twin(&said, money, to, day),
                "seed {seed} {money} in {to}"
            );
            match minor {
                Some(_) => priced += 1,
                None => unpriced += 1,
            }
        }
    }
    assert!(priced > 5_000 && unpriced > 3_000, "{priced} {unpriced}");
}

#[test]
fn a_rate_of_many_digits_is_rounded_half_even_to_twelve() {
    let charter = sketch::charter("path won\nrates at_close").unwrap();
    let read = |rate: &str| {
        let line = format!("2025-01-01 rate from_currency=USD to_currency=JPY rate={rate}");
        let ledger = Ledger::read(&line, &charter.calendar).unwrap();
        let rates = Rates::new(&ledger.snapshot, &charter);
        assert_eq!(rates.issues.len() + rates.quotes().len(), 1, "{rate}");
        rates.quotes().first().map(|quote| quote.rate.to_string())
    };
    let same = |rate: &str| assert_eq!(read(rate).as_deref(), Some(rate));
    same("161.234567891");
    same("999999999999");
    same("0.000000000001");
    let known = |rate: &str, rounded: &str| assert_eq!(read(rate).as_deref(), Some(rounded));
    known("161.234567890123", "161.234567890");
    known("161.2345678905", "161.234567890");
    known("161.2345678915", "161.234567892");
    known("0.9999999999996", "1.00000000000");
    known("0.0123456789012345", "0.012345678901");
    for unusable in ["1234567890123", "0.0000000000001", "0", "-1.5"] {
        assert_eq!(read(unusable), None, "{unusable}");
    }
}

#[test]
fn an_amount_that_does_not_fit_has_no_price() {
    let charter = sketch::charter("path won\nrates at_close").unwrap();
    let line = "2025-01-01 rate from_currency=USD to_currency=EUR rate=999999999999";
    let ledger = Ledger::read(line, &charter.calendar).unwrap();
    let rates = Rates::new(&ledger.snapshot, &charter);
    let price = |minor| {
        let currency = code("USD");
        rates.price(
            Money { minor, currency },
            code("EUR"),
            Day::parse("2025-01-01"),
        )
    };
    assert!(price(i64::MAX).is_none() && price(i64::MIN).is_none());
    assert_eq!(price(100).unwrap().money.to_string(), "999999999999.00 EUR");
}

#[test]
fn without_a_policy_nothing_is_converted() {
    let charter = sketch::charter("path won").unwrap();
    let line = "2025-01-01 rate from_currency=USD to_currency=EUR rate=2";
    let ledger = Ledger::read(line, &charter.calendar).unwrap();
    let rates = Rates::new(&ledger.snapshot, &charter);
    let (minor, day) = (7, Day::parse("2025-01-02"));
    let usd = Money {
        minor,
        currency: code("USD"),
    };
    assert!(rates.price(usd, code("EUR"), day).is_none());
    assert_eq!(rates.price(usd, code("USD"), day).unwrap().money, usd);
}
