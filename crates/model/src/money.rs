//! Money: whole minor units of one currency. No float can enter here.

use std::cmp::Reverse;
use std::fmt;

use crate::currencies;
use crate::planted;

/// An ISO 4217 currency code, three capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads `EUR`, `usd`. `None` unless it is three ASCII letters.
    pub fn parse(text: &str) -> Option<Currency> {
        let bytes: [u8; 3] = text.trim().as_bytes().try_into().ok()?;
        bytes
            .iter()
            .all(u8::is_ascii_alphabetic)
            .then(|| Currency(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// Reads a code that ISO 4217 lists. What people write or declare is read so; what the ledger
    /// kept is taken as it is.
    ///
    /// # Errors
    /// The code that was meant, where that can be told.
    pub fn listed(text: &str) -> Result<Currency, Option<&'static str>> {
        let known = Currency::parse(text).filter(|currency| currencies::is_listed(currency.code()));
        known.ok_or_else(|| currencies::meant(text))
    }

    /// The codes that ISO 4217 lists, in order.
    pub fn all() -> impl Iterator<Item = &'static str> {
        currencies::CODES.into_iter()
    }

    /// The code as text.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the decimal mark (ISO 4217): 0 for JPY, 3 for KWD, 2 for most.
    pub fn exponent(&self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            "CLF" | "UYW" => 4,
            _ => 2,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money: whole minor units (cents, yen) of one currency.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Money {
    /// Cents, yen, fils: the currency's smallest unit.
    pub minor: i64,
    /// The currency; amounts of two currencies never add.
    pub currency: Currency,
}

impl Money {
    /// The sum, or `None` when the currencies differ or the result does not fit.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Money {
                minor,
                currency: self.currency,
            })
    }

    /// Shares the amount out by weight. The parts sum to the whole, to the minor unit.
    ///
    /// Left-over units go to the largest remainders, ties to the earlier part, so the same input
    /// always yields the same cents. `None` when all weights are zero: nobody is there to receive.
    pub fn share_out(self, weights: &[u64]) -> Option<Vec<Money>> {
        let currency = self.currency;
        let money = |minor: i64| Money { minor, currency };
        let mut runs = Run::all(weights);
        let is_shared = share_runs(self.minor, &mut runs);
        is_shared.then(|| runs.into_iter().flat_map(Run::parts).map(money).collect())
    }
}

/// Neighbours that weigh the same, and what they get of an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Run {
    /// What each of them weighs.
    pub weight: u64,
    /// How many they are; at least one.
    pub count: usize,
    /// What each of them gets, once an amount was shared out.
    pub each: i64,
    /// So many get a unit more, the earlier ones.
    pub more: usize,
    /// What of each one's due is no whole unit.
    rest: u128,
}

impl Run {
    /// So many that weigh the same.
    pub fn new(weight: u64, count: usize) -> Run {
        Run {
            weight,
            count,
            ..Run::default()
        }
    }

    /// All of these weights.
    pub fn all(weights: &[u64]) -> Vec<Run> {
        let alike = weights.chunk_by(|one, next| one == next);
        let run = |alike: &[u64]| Some(Run::new(*alike.first()?, alike.len()));
        alike.filter_map(run).collect()
    }

    /// How many get how much: the earlier ones, then the others.
    pub fn halves(self) -> [(usize, i64); 2] {
        let others = self.count.saturating_sub(self.more);
        [(self.more, self.each.wrapping_add(1)), (others, self.each)]
    }

    /// What each gets, in order.
    pub fn parts(self) -> impl Iterator<Item = i64> {
        let halves = self.halves().into_iter();
        halves.flat_map(|(count, part)| std::iter::repeat_n(part, count))
    }
}

/// The same by runs of weights, in minor units, into what each run gets; false when all weights are
/// zero.
pub fn share_runs(minor: i64, runs: &mut [Run]) -> bool {
    let due = |run: &Run| u128::from(run.weight) * run.count as u128;
    let total: u128 = runs.iter().map(due).sum();
    if total == 0 {
        return false;
    }
    let short = u64::try_from(minor).ok().zip(u64::try_from(total).ok());
    let mut left = minor;
    for run in runs.iter_mut().filter(|run| run.weight > 0) {
        let due = short.and_then(|(amount, total)| Some((amount.checked_mul(run.weight)?, total)));
        // No part is more than the whole.
        (run.each, run.rest) = match due {
            Some((due, total)) => ((due / total) as i64, u128::from(due % total)),
            None => {
                let (due, total) = (i128::from(minor) * i128::from(run.weight), total as i128);
                (due.div_euclid(total) as i64, due.rem_euclid(total) as u128)
            }
        };
        run.more = 0;
        left = left.wrapping_sub(run.each.wrapping_mul(run.count as i64));
    }
    give_left(planted!(RestOfCreditLost, left as usize, 0), runs);
    true
}

/// More runs than so many are brought into order; of few the next is sooner looked for.
const FEW: usize = 8;

/// Gives a unit each to so many, those of the largest remainders, ties to the earlier.
fn give_left(mut left: usize, runs: &mut [Run]) {
    let is_to_last = planted!(RestToLast, false, true);
    if runs.len() > FEW || is_to_last {
        let mut order: Vec<&mut Run> = runs.iter_mut().collect();
        planted!(
            RestToLast,
            order.sort_by_key(|run| Reverse(run.rest)),
            order.reverse()
        );
        for run in order {
            run.more = left.min(run.count);
            left -= run.more;
        }
        return;
    }
    while left > 0 {
        // The last of those alike that come last is the first of them.
        let waiting = runs.iter_mut().rev().filter(|run| run.more == 0);
        let Some(next) = waiting.max_by_key(|run| run.rest) else {
            return;
        };
        next.more = left.min(next.count);
        left -= next.more;
    }
}

impl Money {
    /// `1,234.50 EUR`: for people, in sentences.
    pub fn shown(self) -> String {
        grouped(&self.to_string())
    }
}

impl fmt::Display for Money {
    /// `100.01 EUR`, without grouping: the machine's form. Doors group digits themselves.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exponent = self.currency.exponent();
        let decimal = Decimal {
            units: i128::from(self.minor),
            scale: exponent,
        };
        write!(f, "{decimal} {}", self.currency)
    }
}

/// A number's digits for people: thousands separated.
pub fn grouped(number: &str) -> String {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or(("", number), |rest| ("-", rest));
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits, String::new()), |(w, p)| (w, format!(".{p}")));
    let mut out = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{part}")
}

/// An exact decimal number: `units / 10^scale`. For source amounts finer than a minor unit.
///
/// Packed, so that a value of an attribute, of which large books have millions, takes 24 bytes and
/// not 48.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(Rust, packed(4))]
pub struct Decimal {
    /// The digits without the mark.
    pub units: i128,
    /// How many of them stand after the mark.
    pub scale: u32,
}

impl Decimal {
    /// Reads `-1234.50`: an optional sign, digits, at most one point, at most 30 digits.
    pub fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (sign, digits) = match text.strip_prefix('-') {
            Some(rest) => (-1, rest),
            None => (1, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let all = [whole, part].concat();
        let is_digits =
            !all.is_empty() && all.len() <= 30 && all.bytes().all(|b| b.is_ascii_digit());
        let scale = u32::try_from(part.len()).ok()?;
        is_digits
            .then(|| all.parse::<i128>().ok())
            .flatten()
            .map(|units| Decimal {
                units: sign * units,
                scale,
            })
    }

    /// As money: rounded half-even to the currency's minor unit. `None` when it does not fit.
    pub fn to_money(self, currency: Currency) -> Option<Money> {
        let exponent = currency.exponent();
        let minor = if self.scale <= exponent {
            self.units
                .checked_mul(10i128.checked_pow(exponent - self.scale)?)?
        } else {
            divide_half_even(self.units, 10i128.checked_pow(self.scale - exponent)?)?
        };
        i64::try_from(minor)
            .ok()
            .map(|minor| Money { minor, currency })
    }

    /// Orders by value: `1.50` equals `1.5`. Exact, whatever the scales are.
    pub fn cmp_value(&self, other: &Decimal) -> std::cmp::Ordering {
        let (units, others) = (self.units, other.units);
        if self.scale == other.scale {
            return units.cmp(&others);
        }
        let sign = units.signum().cmp(&others.signum());
        let size = self.cmp_size(other);
        sign.then(if units < 0 { size.reverse() } else { size })
    }

    /// Orders by absolute value: the whole parts first, then the parts after the mark, so that no
    /// number has to be scaled beyond 128 bits.
    fn cmp_size(&self, other: &Decimal) -> std::cmp::Ordering {
        let split = |d: &Decimal| {
            let size = d.units.unsigned_abs();
            10u128
                .checked_pow(d.scale)
                .map_or((0, size), |unit| (size / unit, size % unit))
        };
        let ((whole, part), (other_whole, other_part)) = (split(self), split(other));
        let scale = self.scale.max(other.scale);
        // `None`: larger than anything that fits, hence larger than the other part.
        let at = |part: u128, from: u32| match part {
            0 => Some(0),
            _ => 10u128.checked_pow(scale - from)?.checked_mul(part),
        };
        let parts = (at(part, self.scale), at(other_part, other.scale));
        whole.cmp(&other_whole).then(match parts {
            (Some(a), Some(b)) => a.cmp(&b),
            (None, _) => std::cmp::Ordering::Greater,
            (_, None) => std::cmp::Ordering::Less,
        })
    }
}

/// The whole number nearest to a quotient; of two equally near, the even one. `None` unless the
/// divisor is above zero.
pub fn divide_half_even(dividend: i128, divisor: i128) -> Option<i128> {
    if divisor <= 0 {
        return None;
    }
    let (floor, rest) = (dividend.div_euclid(divisor), dividend.rem_euclid(divisor));
    let up = match rest.cmp(&(divisor - rest)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => planted!(HalfUp, floor % 2 != 0, true),
    };
    Some(floor + i128::from(up))
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.units < 0 { "-" } else { "" };
        let unit = 10u128.checked_pow(self.scale).unwrap_or(1);
        let (whole, part) = (
            self.units.unsigned_abs() / unit,
            self.units.unsigned_abs() % unit,
        );
        match self.scale {
            0 => write!(f, "{sign}{whole}"),
            scale => write!(f, "{sign}{whole}.{part:0width$}", width = scale as usize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eur(minor: i64) -> Money {
        Money {
            minor,
            currency: Currency::parse("EUR").unwrap(),
        }
    }

    #[test]
    fn amounts_read_as_a_newspaper_sets_them() {
        assert_eq!(grouped("10005534.00"), "10,005,534.00");
        assert_eq!(grouped("-999"), "-999");
        let eur = Currency::parse("EUR").unwrap();
        let shown = |minor| {
            Money {
                minor,
                currency: eur,
            }
            .shown()
        };
        assert_eq!(shown(-123_456), "-1,234.56 EUR");
        assert_eq!(shown(99_999), "999.99 EUR");
    }

    #[test]
    fn shares_sum_to_the_whole_and_the_last_cent_has_an_owner() {
        let parts = eur(10_001).share_out(&[400, 200, 400]).unwrap();
        assert_eq!(parts, [eur(4_001), eur(2_000), eur(4_000)]);
        for minor in [i64::MIN, -7, -1, 0, 1, 5, i64::MAX] {
            for weights in [&[1, 1, 1][..], &[0, 3, 0, 5], &[u64::MAX, 1], &[1]] {
                let parts = eur(minor).share_out(weights).unwrap();
                assert_eq!(
                    parts.iter().map(|p| i128::from(p.minor)).sum::<i128>(),
                    i128::from(minor)
                );
            }
        }
        assert_eq!(eur(1).share_out(&[0, 0]), None);
    }

    /// Unit by unit, to whoever lacks most of what is due.
    fn shared_slowly(minor: i64, weights: &[u64]) -> Vec<i64> {
        let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        let due = |at: usize| i128::from(minor) * i128::from(weights[at]);
        let mut given: Vec<i128> = (0..weights.len())
            .map(|at| due(at).div_euclid(total))
            .collect();
        let mut is_given = vec![false; weights.len()];
        while given.iter().sum::<i128>() < i128::from(minor) {
            let lacks = |at: usize| due(at).rem_euclid(total);
            let waiting = (0..weights.len()).filter(|at| !is_given[*at]);
            let most = waiting.reduce(|a, b| if lacks(b) > lacks(a) { b } else { a });
            given[most.unwrap()] += 1;
            is_given[most.unwrap()] = true;
        }
        given.iter().map(|part| *part as i64).collect()
    }

    #[test]
    fn shares_are_those_given_unit_by_unit() {
        let mut state = 3_u64;
        let mut below = |bound: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % bound
        };
        for _ in 0..20_000 {
            let scale = [1, 1, 1 << 40, u64::MAX / 4][below(4) as usize];
            let most = if below(50) == 0 { 99 } else { 9 };
            let weights: Vec<u64> = (0..=below(most)).map(|_| below(4) * scale).collect();
            let minor = below(1 << 12) as i64 - 500;
            let minor = minor << [0, 0, 0, 0, 0, 17, 36, 38, 50][below(9) as usize];
            let mut runs = Run::all(&weights);
            let is_shared = share_runs(minor, &mut runs);
            assert_eq!(is_shared, weights.iter().any(|weight| *weight > 0));
            if is_shared {
                let parts: Vec<i64> = runs.into_iter().flat_map(Run::parts).collect();
                assert_eq!(
                    parts,
                    shared_slowly(minor, &weights),
                    "{minor} by {weights:?}"
                );
            }
        }
    }

    #[test]
    fn decimals_order_by_value_even_where_a_common_scale_would_not_fit() {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let cmp = |a: &str, b: &str| {
            Decimal::parse(a)
                .unwrap()
                .cmp_value(&Decimal::parse(b).unwrap())
        };
        let huge = "999999999999999999999999999999";
        let tiny = "0.00000000000000000000000000001";
        assert_eq!(cmp("1.50", "1.5"), Equal);
        assert_eq!(cmp("-1.50", "-1.5"), Equal);
        assert_eq!(cmp("-2", "-1.5"), Less);
        assert_eq!(cmp(huge, tiny), Greater);
        assert_eq!(cmp("3", "2.99999999999999999999999999999"), Greater);
        assert_eq!(cmp("-3", "-2.99999999999999999999999999999"), Less);
        assert_eq!(cmp("0", "-0.0000001"), Greater);
        let fine = |units| Decimal { units, scale: 60 };
        assert_eq!(
            fine(i128::MAX).cmp_value(&Decimal::parse(tiny).unwrap()),
            Greater
        );
        assert_eq!(fine(7).cmp_value(&fine(9)), Less);
    }

    #[test]
    fn decimals_round_half_even_to_the_minor_unit() {
        let money = |text: &str, code: &str| {
            Decimal::parse(text)
                .unwrap()
                .to_money(Currency::parse(code).unwrap())
                .unwrap()
                .to_string()
        };
        assert_eq!(money("0.125", "EUR"), "0.12 EUR");
        assert_eq!(money("0.135", "EUR"), "0.14 EUR");
        assert_eq!(money("-0.125", "EUR"), "-0.12 EUR");
        assert_eq!(money("1100.5", "JPY"), "1100 JPY");
        assert_eq!(money("1.2", "KWD"), "1.200 KWD");
        assert_eq!(Decimal::parse("1e9"), None);
        assert_eq!(Decimal::parse("."), None);
    }
}
