//! One cell as JSON. `null` is unknown, `"n/a"` in a figure's column is not applicable.

use handfast_model::{Cell, ColumnKind};
use serde_json::{Value, json};

/// Microseconds of a day.
const DAY: f64 = 86_400_000_000.0;

/// The JSON of a cell of a column. A share of few carries its 95 % interval; a mean is no share,
/// but has the same shape.
pub(super) fn in_column(cell: &Cell, kind: Option<ColumnKind>) -> Value {
    let interval = match (cell, kind) {
        (Cell::Ratio(ratio), Some(ColumnKind::Ratio)) => ratio.interval_of_few(),
        _ => None,
    };
    let mut told = to_json(cell);
    if let (Some((low, high)), Some(fields)) = (interval, told.as_object_mut()) {
        fields.insert("low".to_owned(), json!(rounded(low)));
        fields.insert("high".to_owned(), json!(rounded(high)));
    }
    told
}

/// The JSON of a cell by itself.
pub(super) fn to_json(cell: &Cell) -> Value {
    match cell {
        Cell::Unknown => Value::Null,
        Cell::NotApplicable => json!("n/a"),
        Cell::Text(text) => json!(text),
        Cell::Count(count) => json!(count),
        Cell::Number(number) => json!(number),
        Cell::Decimal(decimal) => json!({
            "units": units(decimal.units),
            "scale": decimal.scale,
        }),
        Cell::Ratio(ratio) => json!({"part": ratio.part, "whole": ratio.whole}),
        Cell::Money(money) => json!({"minor": money.minor, "currency": money.currency.code()}),
        Cell::MeanMoney(sum, count) => {
            json!({"part": {"minor": sum.minor, "currency": sum.currency.code()}, "whole": count})
        }
        Cell::Elapsed(micros, _) => json!({"micros": micros, "days": days(*micros, 1)}),
        Cell::MeanElapsed(micros, count) => {
            json!({"part_micros": micros, "whole": count, "days": days(*micros, *count)})
        }
        Cell::Day(day) => json!(day.to_string()),
        Cell::Flag(yes) => json!(yes),
        Cell::MoneyShare { part, whole } => json!({
            "part": {"minor": part.minor, "currency": part.currency.code()},
            "whole": {"minor": whole, "currency": part.currency.code()},
        }),
        Cell::EstimatedShare(value, band) => json!({
            "estimate": rounded(*value),
            "low": band.and_then(|(low, _)| rounded(low)),
            "high": band.and_then(|(_, high)| rounded(high)),
        }),
        Cell::EstimatedElapsed(micros, _) => {
            json!({"estimate_micros": micros, "days": days(*micros, 1)})
        }
    }
}

/// A whole number; as text where it does not fit the 64 bits that readers of JSON count with.
fn units(units: i128) -> Value {
    i64::try_from(units).map_or_else(|_| json!(units.to_string()), |units| json!(units))
}

/// An estimate to 12 significant digits: what lies beyond depends on the machine's arithmetic.
fn rounded(value: f64) -> Option<f64> {
    format!("{value:.11e}").parse().ok()
}

/// Days for reading, to 12 significant digits; null over nothing. The exact figure is in micros.
fn days(micros: i64, count: u64) -> Option<f64> {
    let value = micros as f64 / DAY / count as f64;
    (count != 0).then(|| rounded(value)).flatten()
}

#[cfg(test)]
mod tests {
    use handfast_model::{Decimal, Ratio};

    use super::*;

    #[test]
    fn a_share_of_few_carries_its_interval_and_a_mean_does_not() {
        let of = |part, whole, kind| in_column(&Cell::Ratio(Ratio { part, whole }), Some(kind));
        // Wilson's limits of 3 in 7, as tables of them have it.
        let told = of(3, 7, ColumnKind::Ratio);
        let end = |name: &str| told[name].as_f64().map(|end| (end * 1e4).round());
        assert_eq!((end("low"), end("high")), (Some(1582.0), Some(7495.0)));
        assert_eq!((&told["part"], &told["whole"]), (&json!(3), &json!(7)));
        let bare = json!({"part": 3, "whole": 7});
        assert_eq!(of(3, 7, ColumnKind::Mean), bare);
        let many = json!({"part": 3, "whole": 30});
        assert_eq!(of(3, 30, ColumnKind::Ratio), many);
        assert_eq!(of(0, 0, ColumnKind::Ratio), json!({"part": 0, "whole": 0}));
        assert_eq!(of(0, 4, ColumnKind::Ratio)["low"], json!(0.0));
        assert_eq!(of(4, 4, ColumnKind::Ratio)["high"], json!(1.0));
    }

    #[test]
    fn a_number_that_fits_no_64_bits_is_text_and_not_nothing() {
        let of = |units| to_json(&Cell::Decimal(Decimal { units, scale: 6 }));
        assert_eq!(of(5), json!({"units": 5, "scale": 6}));
        let large = i128::from(i64::MAX) + 1;
        assert_eq!(of(large)["units"], json!("9223372036854775808"));
    }
}
