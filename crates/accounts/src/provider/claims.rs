//! What a verified ID token says beyond its signature: times by our clock, groups, a name, an
//! e-mail. Read from the very text whose signature was checked.
//!
//! It knows `model` and JSON alone, so that a fuzzer builds it without the rest.

use handfast_model::Instant;
use serde_json::Value;

/// Instants count microseconds.
const SECOND: i64 = 1_000_000;
/// How far a provider's clock may run before ours.
const AHEAD: i64 = 120 * SECOND;

/// The claims of a token.
pub(super) struct Claims(Value);

impl Claims {
    /// Reads the middle part of a signed token.
    pub(super) fn of_token(token: &str) -> Option<Claims> {
        let payload = token.split('.').nth(1)?;
        let value: Value = serde_json::from_slice(&decoded(payload)?).ok()?;
        value.is_object().then_some(Claims(value))
    }

    /// Reads the answer of the provider's page about a person.
    pub(super) fn of_page(bytes: &[u8]) -> Option<Claims> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        value.is_object().then_some(Claims(value))
    }

    /// What is wrong with its times, if anything.
    pub(super) fn wrong_times(&self, now: Instant) -> Option<&'static str> {
        let at = |name: &str| {
            let seconds = self.0.get(name)?.as_f64()?;
            // Providers write whole seconds; a fraction may as well be cut off.
            Some((seconds as i64).saturating_mul(SECOND))
        };
        let ahead = now.0.saturating_add(AHEAD);
        match (at("exp"), at("iat")) {
            (None, _) => Some("it does not say when it ends"),
            (Some(end), _) if end <= now.0 => Some("it has expired"),
            (_, None) => Some("it does not say when it was made"),
            (_, Some(made)) if made > ahead => Some("it is of the future"),
            _ if at("nbf").is_some_and(|from| from > ahead) => Some("it is not valid yet"),
            _ => None,
        }
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The e-mail, if the provider vouches for it.
    pub(super) fn vouched_email(&self) -> Option<&str> {
        let is_vouched = self.0.get("email_verified") == Some(&Value::Bool(true));
        self.text("email").filter(|_| is_vouched)
    }

    /// The groups: a list of texts, or one text. `None` where nothing is said of them, which is
    /// not the same as being in none: some providers leave out a list that is too long.
    pub(super) fn groups(&self, name: &str) -> Option<Vec<&str>> {
        match self.0.get(name)? {
            Value::Array(groups) => Some(groups.iter().filter_map(Value::as_str).collect()),
            Value::String(group) => Some(vec![group]),
            _ => None,
        }
    }
}

/// Base64 in the alphabet of addresses, without padding (RFC 7515).
fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_of_addresses_is_read() {
        for (text, bytes) in [
            ("", &b""[..]),
            ("Zg", b"f"),
            ("Zm8", b"fo"),
            ("Zm9vYmFy", b"foobar"),
            ("-_-_", &[0xfb, 0xff, 0xbf]),
        ] {
            assert_eq!(decoded(text).as_deref(), Some(bytes), "{text}");
        }
        assert_eq!(decoded("Zg=="), None);
    }

    #[test]
    fn an_email_counts_only_where_the_provider_vouches_for_it() {
        let claims = |text: &str| Claims::of_page(text.as_bytes()).unwrap();
        let vouched = claims(r#"{"email":"a@b","email_verified":true,"groups":"one"}"#);
        assert_eq!(vouched.vouched_email(), Some("a@b"));
        assert_eq!(vouched.groups("groups"), Some(vec!["one"]));
        for open in [
            r#"{"email":"a@b"}"#,
            r#"{"email":"a@b","email_verified":false}"#,
            r#"{"email":"a@b","email_verified":"true"}"#,
        ] {
            assert_eq!(claims(open).vouched_email(), None, "{open}");
        }
    }
}
