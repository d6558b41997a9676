//! Money: whole minor units of one currency. No float can enter here.

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
        let total: i128 = weights.iter().map(|&w| i128::from(w)).sum();
        if total == 0 {
            return None;
        }
        let amount = i128::from(self.minor);
        let mut parts: Vec<(i128, i128)> = weights
            .iter()
            .map(|&w| (amount * i128::from(w)).div_euclid(total))
            .zip(
                weights
                    .iter()
                    .map(|&w| (amount * i128::from(w)).rem_euclid(total)),
            )
            .collect();
        let mut left = amount - parts.iter().map(|part| part.0).sum::<i128>();
        let mut order: Vec<usize> = (0..parts.len()).collect();
        let lacks = |i: &usize| parts.get(*i).map_or(0, |part| -part.1);
        planted!(RestToLast, order.sort_by_key(lacks), order.reverse());
        for i in order {
            if left == 0 {
                break;
            }
            if let Some(part) = parts.get_mut(i) {
                part.0 += 1;
                left -= 1;
            }
        }
        let fits = |minor: i128| i64::try_from(minor).ok();
        parts
            .into_iter()
            .map(|(minor, _)| {
                fits(minor).map(|minor| Money {
                    minor,
                    currency: self.currency,
                })
            })
            .collect()
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
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
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
        if self.scale == other.scale {
            return self.units.cmp(&other.units);
        }
        let sign = self.units.signum().cmp(&other.units.signum());
        let size = self.cmp_size(other);
        sign.then(if self.units < 0 { size.reverse() } else { size })
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
