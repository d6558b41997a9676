//! A typed value as its one canonical text.
//!
//! Dates and times are ISO 8601, with `Z` only where the file says UTC; decimals are exact, floats
//! the shortest text that reads back as the same number; bytes are hexadecimal; lists, maps and
//! groups inside them are JSON. Nothing given is the empty text.

use std::fmt::Write;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type,
    Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    Time32MillisecondType, Time32SecondType, Time64MicrosecondType, Time64NanosecondType, TimeUnit,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use handfast_model::Day;

const OUT_OF_CALENDAR: &str = "a date outside the years 1 to 9999";
const NOT_READ: &str = "a value of a type that is not read";

const DAY_NANOS: i128 = 86_400_000_000_000;

/// Appends the text of one value.
pub(crate) fn render(array: &dyn Array, row: usize, out: &mut String) -> Result<(), &'static str> {
    if array.is_null(row) {
        return Ok(());
    }
    match array.data_type() {
        DataType::Null => {}
        DataType::Utf8 => out.push_str(array.as_string::<i32>().value(row)),
        DataType::LargeUtf8 => out.push_str(array.as_string::<i64>().value(row)),
        DataType::Utf8View => out.push_str(array.as_string_view().value(row)),
        DataType::Binary => hex(array.as_binary::<i32>().value(row), out),
        DataType::LargeBinary => hex(array.as_binary::<i64>().value(row), out),
        DataType::BinaryView => hex(array.as_binary_view().value(row), out),
        DataType::FixedSizeBinary(_) => hex(array.as_fixed_size_binary().value(row), out),
        DataType::Boolean => {
            let is_true = array.as_boolean().value(row);
            out.push_str(if is_true { "true" } else { "false" });
        }
        DataType::Date32 => {
            let days = i64::from(array.as_primitive::<Date32Type>().value(row));
            day(days, out)?;
        }
        DataType::Date64 => {
            let millis = array.as_primitive::<Date64Type>().value(row);
            stamp(i128::from(millis) * 1_000_000, false, out)?;
        }
        DataType::Time32(_) | DataType::Time64(_) => time_of_day(nanos_of_time(array, row)?, out),
        DataType::Timestamp(unit, zone) => {
            stamp(nanos_of_stamp(array, row, *unit), zone.is_some(), out)?;
        }
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::FixedSizeList(_, _)
        | DataType::Map(_, _)
        | DataType::Struct(_) => json(array, row, out)?,
        _ => number(array, row, out)?,
    }
    Ok(())
}

/// Appends a number, exactly as wide as it is.
fn number(array: &dyn Array, row: usize, out: &mut String) -> Result<(), &'static str> {
    macro_rules! whole {
        ($kind:ty) => {{
            let _ = write!(out, "{}", array.as_primitive::<$kind>().value(row));
        }};
    }
    match array.data_type() {
        DataType::Int8 => whole!(Int8Type),
        DataType::Int16 => whole!(Int16Type),
        DataType::Int32 => whole!(Int32Type),
        DataType::Int64 => whole!(Int64Type),
        DataType::UInt8 => whole!(UInt8Type),
        DataType::UInt16 => whole!(UInt16Type),
        DataType::UInt32 => whole!(UInt32Type),
        DataType::UInt64 => whole!(UInt64Type),
        DataType::Float16 => {
            let value = array.as_primitive::<Float16Type>().value(row);
            float(f64::from(value.to_f32()), &value.to_f32(), out);
        }
        DataType::Float32 => {
            let value = array.as_primitive::<Float32Type>().value(row);
            float(f64::from(value), &value, out);
        }
        DataType::Float64 => {
            let value = array.as_primitive::<Float64Type>().value(row);
            float(value, &value, out);
        }
        DataType::Decimal32(..) => {
            out.push_str(&array.as_primitive::<Decimal32Type>().value_as_string(row));
        }
        DataType::Decimal64(..) => {
            out.push_str(&array.as_primitive::<Decimal64Type>().value_as_string(row));
        }
        DataType::Decimal128(..) => {
            out.push_str(&array.as_primitive::<Decimal128Type>().value_as_string(row));
        }
        DataType::Decimal256(..) => {
            out.push_str(&array.as_primitive::<Decimal256Type>().value_as_string(row));
        }
        _ => return Err(NOT_READ),
    }
    Ok(())
}

/// `shown` prints the shortest text of its own width; there is no negative zero.
fn float(value: f64, shown: &dyn std::fmt::Display, out: &mut String) {
    match value == 0.0 {
        true => out.push('0'),
        false => {
            let _ = write!(out, "{shown}");
        }
    }
}

fn hex(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "{byte:02x}");
    }
}

fn nanos_of_stamp(array: &dyn Array, row: usize, unit: TimeUnit) -> i128 {
    match unit {
        TimeUnit::Second => {
            i128::from(array.as_primitive::<TimestampSecondType>().value(row)) * 1_000_000_000
        }
        TimeUnit::Millisecond => {
            i128::from(array.as_primitive::<TimestampMillisecondType>().value(row)) * 1_000_000
        }
        TimeUnit::Microsecond => {
            i128::from(array.as_primitive::<TimestampMicrosecondType>().value(row)) * 1_000
        }
        TimeUnit::Nanosecond => {
            i128::from(array.as_primitive::<TimestampNanosecondType>().value(row))
        }
    }
}

fn nanos_of_time(array: &dyn Array, row: usize) -> Result<i128, &'static str> {
    Ok(match array.data_type() {
        DataType::Time32(TimeUnit::Second) => {
            i128::from(array.as_primitive::<Time32SecondType>().value(row)) * 1_000_000_000
        }
        DataType::Time32(_) => {
            i128::from(array.as_primitive::<Time32MillisecondType>().value(row)) * 1_000_000
        }
        DataType::Time64(TimeUnit::Microsecond) => {
            i128::from(array.as_primitive::<Time64MicrosecondType>().value(row)) * 1_000
        }
        DataType::Time64(_) => i128::from(array.as_primitive::<Time64NanosecondType>().value(row)),
        _ => return Err(NOT_READ),
    })
}

/// `2018-01-31`
pub(crate) fn day(days: i64, out: &mut String) -> Result<(), &'static str> {
    // 0001-01-01 to 9999-12-31.
    let within = (-719_162..=2_932_896).contains(&days);
    let days = i32::try_from(days)
        .ok()
        .filter(|_| within)
        .ok_or(OUT_OF_CALENDAR)?;
    let _ = write!(out, "{}", Day(days));
    Ok(())
}

/// `2018-01-31T03:12:16.5`, and `Z` where it is UTC.
fn stamp(nanos: i128, is_utc: bool, out: &mut String) -> Result<(), &'static str> {
    let days = i64::try_from(nanos.div_euclid(DAY_NANOS)).map_err(|_| OUT_OF_CALENDAR)?;
    day(days, out)?;
    out.push('T');
    time_of_day(nanos.rem_euclid(DAY_NANOS), out);
    if is_utc {
        out.push('Z');
    }
    Ok(())
}

/// `03:12:16.5`; the fraction has as many digits as it needs.
pub(crate) fn time_of_day(nanos: i128, out: &mut String) {
    let (seconds, fraction) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let _ = write!(out, "{hours:02}:{minutes:02}:{seconds:02}");
    if fraction > 0 {
        let digits = format!("{fraction:09}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
}

/// Appends a value as JSON.
fn json(array: &dyn Array, row: usize, out: &mut String) -> Result<(), &'static str> {
    if array.is_null(row) {
        out.push_str("null");
        return Ok(());
    }
    match array.data_type() {
        DataType::List(_) => list(array.as_list::<i32>().value(row).as_ref(), out),
        DataType::LargeList(_) => list(array.as_list::<i64>().value(row).as_ref(), out),
        DataType::FixedSizeList(_, _) => list(array.as_fixed_size_list().value(row).as_ref(), out),
        DataType::Map(_, _) => {
            let entries = array.as_map().value(row);
            let [keys, values] = entries.columns() else {
                return Err(NOT_READ);
            };
            members(entries.len(), out, |place, out| {
                let mut key = String::new();
                render(keys.as_ref(), place, &mut key)?;
                quoted(&key, out);
                out.push(':');
                json(values.as_ref(), place, out)
            })
        }
        DataType::Struct(fields) => {
            let group = array.as_struct();
            let columns = group.columns();
            members(fields.len(), out, |place, out| {
                let (Some(field), Some(column)) = (fields.get(place), columns.get(place)) else {
                    return Err(NOT_READ);
                };
                quoted(field.name(), out);
                out.push(':');
                json(column.as_ref(), row, out)
            })
        }
        kind => {
            let mut text = String::new();
            render(array, row, &mut text)?;
            let is_finite = text
                .bytes()
                .all(|byte| !byte.is_ascii_alphabetic() || byte == b'e');
            match kind {
                DataType::Boolean => out.push_str(&text),
                kind if kind.is_numeric() && is_finite => out.push_str(&text),
                _ => quoted(&text, out),
            }
            Ok(())
        }
    }
}

fn list(items: &dyn Array, out: &mut String) -> Result<(), &'static str> {
    out.push('[');
    for place in 0..items.len() {
        if place > 0 {
            out.push(',');
        }
        json(items, place, out)?;
    }
    out.push(']');
    Ok(())
}

fn members(
    count: usize,
    out: &mut String,
    mut each: impl FnMut(usize, &mut String) -> Result<(), &'static str>,
) -> Result<(), &'static str> {
    out.push('{');
    for place in 0..count {
        if place > 0 {
            out.push(',');
        }
        each(place, out)?;
    }
    out.push('}');
    Ok(())
}

fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for sign in text.chars() {
        match sign {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(sign));
            }
            _ => out.push(sign),
        }
    }
    out.push('"');
}
