//! The functions that packs may call beyond the planner's own: parsing texts into values or
//! issues, and exact arithmetic.
//!
//! They are thin coats over `model::parse`: this module knows Arrow and refuses to know formats.
//! All take and give texts; a parsed value travels as a carrier (`parse::carrier`), an issue too,
//! so that one odd row never stops the others.

use std::collections::BTreeMap;
use std::hash::Hash;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BooleanBuilder, StringArray, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::cast::as_string_array;
use datafusion::error::Result;
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDF, ScalarUDFImpl, Signature, Volatility,
};
use handfast_model::parse::{self, Carried, DecimalMark, TimeFormat, Zone};
use handfast_model::{Currency, Decimal, When};

/// All functions of packs that the planner does not bring.
pub fn all() -> Vec<Arc<ScalarUDF>> {
    let functions = FUNCTIONS.into_iter().map(|(name, function)| {
        Arc::new(ScalarUDF::from(PackFunction {
            name,
            function,
            signature: Signature::variadic(vec![DataType::Utf8], Volatility::Immutable),
        }))
    });
    functions.collect()
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum PackOperation {
    Date,
    Time,
    Money,
    Micros,
    Int,
    Decimal,
    Bool,
    OneOf,
    Required,
    EmailDomain,
    IsGiven,
    Arithmetic(Arithmetic),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Abs,
    Round,
}

const FUNCTIONS: [(&str, PackOperation); 18] = [
    ("as_date", PackOperation::Date),
    ("as_time", PackOperation::Time),
    ("as_money", PackOperation::Money),
    ("as_micros", PackOperation::Micros),
    ("as_int", PackOperation::Int),
    ("as_decimal", PackOperation::Decimal),
    ("as_bool", PackOperation::Bool),
    ("as_one_of", PackOperation::OneOf),
    ("required", PackOperation::Required),
    ("email_domain", PackOperation::EmailDomain),
    ("is_given", PackOperation::IsGiven),
    ("exact_add", PackOperation::Arithmetic(Arithmetic::Add)),
    (
        "exact_subtract",
        PackOperation::Arithmetic(Arithmetic::Subtract),
    ),
    (
        "exact_multiply",
        PackOperation::Arithmetic(Arithmetic::Multiply),
    ),
    (
        "exact_divide",
        PackOperation::Arithmetic(Arithmetic::Divide),
    ),
    (
        "exact_remainder",
        PackOperation::Arithmetic(Arithmetic::Remainder),
    ),
    ("exact_abs", PackOperation::Arithmetic(Arithmetic::Abs)),
    ("exact_round", PackOperation::Arithmetic(Arithmetic::Round)),
];

#[derive(PartialEq, Eq, Hash, Debug)]
struct PackFunction {
    name: &'static str,
    function: PackOperation,
    signature: Signature,
}

impl ScalarUDFImpl for PackFunction {
    fn name(&self) -> &str {
        self.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(match self.function {
            PackOperation::IsGiven => DataType::Boolean,
            _ => DataType::Utf8,
        })
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let is_scalar = args
            .args
            .iter()
            .all(|arg| matches!(arg, ColumnarValue::Scalar(_)));
        let rows = if is_scalar { 1 } else { args.number_rows };
        let arrays = args.args.into_iter().map(|arg| arg.into_array(rows));
        let arrays = arrays.collect::<Result<Vec<ArrayRef>>>()?;
        let texts = arrays.iter().map(|array| as_string_array(array));
        let texts = texts.collect::<Result<Vec<&StringArray>>>()?;
        let given = self.run(&texts, rows);
        if is_scalar {
            let scalar = datafusion::common::ScalarValue::try_from_array(&given, 0)?;
            return Ok(ColumnarValue::Scalar(scalar));
        }
        Ok(ColumnarValue::Array(given))
    }
}

/// What the settings of one call compile to. They are the same on every row but for a currency.
#[derive(Default)]
struct Settings {
    formats: BTreeMap<String, Option<TimeFormat>>,
    zones: BTreeMap<String, Option<Zone>>,
}

impl PackFunction {
    fn run(&self, texts: &[&StringArray], rows: usize) -> ArrayRef {
        if self.function == PackOperation::IsGiven {
            return is_given(texts.first().copied(), rows);
        }
        let mut settings = Settings::default();
        let mut out = StringBuilder::with_capacity(rows, rows * 16);
        let mut buffer = String::new();
        for row in 0..rows {
            let arguments = Row { texts, row };
            let Some(text) = arguments.text(0).filter(|text| !parse::is_blank(text)) else {
                match self.function {
                    PackOperation::Required => out.append_value("\u{1}!nothing given\u{1}"),
                    _ => out.append_null(),
                }
                continue;
            };
            // An issue found earlier in the expression stays the issue.
            if text.starts_with(parse::carrier::ISSUE_MARK) {
                out.append_value(text);
                continue;
            }
            buffer.clear();
            match self
                .function
                .apply(text, arguments, &mut settings, &mut buffer)
            {
                Ok(true) => out.append_value(&buffer),
                Ok(false) => out.append_null(),
                Err(reason) => {
                    parse::encode_issue(reason, text, &mut buffer);
                    out.append_value(&buffer);
                }
            }
        }
        Arc::new(out.finish())
    }
}

/// The arguments of one row.
#[derive(Clone, Copy)]
struct Row<'a> {
    texts: &'a [&'a StringArray],
    row: usize,
}

impl<'a> Row<'a> {
    fn text(&self, place: usize) -> Option<&'a str> {
        let column = self.texts.get(place)?;
        (!column.is_null(self.row)).then(|| column.value(self.row))
    }

    fn mark(&self, place: usize) -> DecimalMark {
        let mark = self.text(place).and_then(DecimalMark::parse);
        mark.unwrap_or(DecimalMark::Point)
    }
}

impl PackOperation {
    /// Writes the value of a text that is not blank; says whether there is one.
    fn apply(
        self,
        text: &str,
        row: Row<'_>,
        settings: &mut Settings,
        out: &mut String,
    ) -> std::result::Result<bool, parse::Reason> {
        let value = match self {
            PackOperation::Date | PackOperation::Time => {
                match settings.when(self == PackOperation::Date, text, row)? {
                    When::At(at) => Carried::At(at),
                    When::Day(day) => Carried::Day(day),
                    When::Unknown => return Ok(false),
                }
            }
            PackOperation::Money | PackOperation::Micros => {
                let code = row.text(1).filter(|code| !parse::is_blank(code));
                let code = code.ok_or("an amount without a currency")?;
                let currency = Currency::listed(code);
                let currency = currency.map_err(|_| "a currency that ISO 4217 does not list")?;
                Carried::Money(match self {
                    PackOperation::Micros => parse::micros(text, currency)?,
                    _ => parse::money(text, currency, row.mark(2))?,
                })
            }
            PackOperation::Int => Carried::Int(parse::int(text)?),
            PackOperation::Decimal => Carried::Decimal(parse::decimal(text, row.mark(1))?),
            PackOperation::Bool => Carried::Bool(parse::boolean(text)?),
            PackOperation::OneOf => Carried::Text(parse::one_of(text, row.text(1).unwrap_or(""))?),
            PackOperation::Required => Carried::Text(text),
            PackOperation::EmailDomain => {
                let domain = parse::email_domain(text);
                out.push_str(domain.as_deref().unwrap_or(""));
                return Ok(domain.is_some());
            }
            PackOperation::IsGiven => return Ok(false),
            PackOperation::Arithmetic(operation) => {
                let result = operation.apply(text, row.text(1));
                out.push_str(&result.map(plain).unwrap_or_default());
                return Ok(result.is_some());
            }
        };
        parse::encode(&value, out);
        Ok(true)
    }
}

impl Settings {
    fn when(
        &mut self,
        is_date: bool,
        text: &str,
        row: Row<'_>,
    ) -> std::result::Result<When, parse::Reason> {
        let (format, zone) = (row.text(1).unwrap_or(""), row.text(2).unwrap_or("UTC"));
        if !self.formats.contains_key(format) {
            let compiled = TimeFormat::compile(format).ok().map(TimeFormat::or_iso);
            self.formats.insert(format.to_owned(), compiled);
        }
        if !self.zones.contains_key(zone) {
            self.zones.insert(zone.to_owned(), Zone::named(zone));
        }
        let format = self.formats.get(format).and_then(Option::as_ref);
        let zone = self.zones.get(zone).and_then(Option::as_ref);
        let (Some(format), Some(zone)) = (format, zone) else {
            return Err("a format or zone that is not known");
        };
        if is_date {
            return format.day(text, Some(zone)).map(When::Day);
        }
        format.time(text, zone)
    }
}

fn is_given(texts: Option<&StringArray>, rows: usize) -> ArrayRef {
    let mut out = BooleanBuilder::with_capacity(rows);
    for row in 0..rows {
        let text = texts
            .filter(|texts| !texts.is_null(row))
            .map(|texts| texts.value(row));
        out.append_value(text.is_some_and(|text| !parse::is_blank(text)));
    }
    Arc::new(out.finish())
}

/// Digits kept after the mark by arithmetic.
const SCALE: u32 = 10;
const UNIT: i128 = 10_000_000_000;

impl Arithmetic {
    /// The exact result, rounded half-even to ten digits; nothing where it does not exist or fit.
    fn apply(self, left: &str, right: Option<&str>) -> Option<i128> {
        let a = at_scale(Decimal::parse(left)?, SCALE)?;
        let b = || at_scale(Decimal::parse(right?)?, SCALE);
        match self {
            Arithmetic::Add => a.checked_add(b()?),
            Arithmetic::Subtract => a.checked_sub(b()?),
            Arithmetic::Multiply => divide(a.checked_mul(b()?)?, UNIT),
            Arithmetic::Divide => divide(a.checked_mul(UNIT)?, b()?),
            Arithmetic::Remainder => a.checked_rem(b()?),
            Arithmetic::Abs => a.checked_abs(),
            Arithmetic::Round => {
                let digits: u32 = right.map_or(Some(0), |digits| digits.parse().ok())?;
                let unit = 10i128.checked_pow(SCALE.checked_sub(digits)?)?;
                divide(a, unit)?.checked_mul(unit)
            }
        }
    }
}

fn at_scale(decimal: Decimal, scale: u32) -> Option<i128> {
    if decimal.scale <= scale {
        let unit = 10i128.checked_pow(scale - decimal.scale)?;
        return decimal.units.checked_mul(unit);
    }
    divide(decimal.units, 10i128.checked_pow(decimal.scale - scale)?)
}

/// Half-even.
fn divide(units: i128, by: i128) -> Option<i128> {
    let (units, by) = if by < 0 {
        (units.checked_neg()?, by.checked_neg()?)
    } else {
        (units, by)
    };
    let (floor, rest) = (units.checked_div_euclid(by)?, units.checked_rem_euclid(by)?);
    let is_up = match (rest.checked_mul(2)?).cmp(&by) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => floor % 2 != 0,
    };
    floor.checked_add(i128::from(is_up))
}

/// The number without zeros at its end.
fn plain(mut units: i128) -> String {
    let mut scale = SCALE;
    while scale > 0 && units % 10 == 0 {
        units /= 10;
        scale -= 1;
    }
    Decimal { units, scale }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_is_exact_and_never_fails() {
        let check = |operation: Arithmetic, a, b: Option<&str>| operation.apply(a, b).map(plain);
        assert_eq!(
            check(Arithmetic::Add, "0.1", Some("0.2")),
            Some("0.3".into())
        );
        assert_eq!(
            check(Arithmetic::Divide, "2440000", Some("1000000")),
            Some("2.44".into())
        );
        assert_eq!(
            check(Arithmetic::Divide, "1", Some("-3")),
            Some("-0.3333333333".into())
        );
        assert_eq!(check(Arithmetic::Divide, "1", Some("0")), None);
        assert_eq!(
            check(Arithmetic::Multiply, "-1.5", Some("1.5")),
            Some("-2.25".into())
        );
        assert_eq!(check(Arithmetic::Round, "2.5", None), Some("2".into()));
        assert_eq!(
            check(Arithmetic::Round, "-1.255", Some("2")),
            Some("-1.26".into())
        );
        assert_eq!(
            check(Arithmetic::Remainder, "7", Some("4")),
            Some("3".into())
        );
        assert_eq!(
            check(Arithmetic::Abs, "-9223372036854775808", None),
            Some("9223372036854775808".into())
        );
        let huge = "9".repeat(28);
        assert_eq!(check(Arithmetic::Multiply, &huge, Some(&huge)), None);
    }
}
