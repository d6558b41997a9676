//! What we wrote ourselves and read again from files that anybody may have changed: passports.

use handfast_wire::v1::passport::{from_json, to_json};

/// Reads bytes as a passport. One that is read prints as something that reads as the same.
pub fn read(_: &str, bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(passport) = from_json(&text) else {
        return;
    };
    let printed = to_json(&passport);
    let again = from_json(&printed).map(|again| to_json(&again));
    assert_eq!(again, Ok(printed));
}
