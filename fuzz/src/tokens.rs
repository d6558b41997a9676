//! What a company's provider says of a person: a signed token's middle part, or its page about them.

use handfast_model::Instant;

use super::claims::Claims;

/// Reads bytes as a token and as a page, and as the page that a token carries.
pub fn read(_: &str, bytes: &[u8]) {
    let page = Claims::of_page(bytes);
    let carried = Claims::of_token(&format!("e30.{}.c2ln", addressed(bytes)));
    assert_eq!(page.is_some(), carried.is_some());
    if let (Some(page), Some(carried)) = (&page, &carried) {
        assert_eq!(told(page), told(carried));
    }
    if let Some(token) = Claims::of_token(&String::from_utf8_lossy(bytes)) {
        told(&token);
    }
}

/// All that is taken from claims. None of them holds at the end of time.
fn told(claims: &Claims) -> String {
    let times = [i64::MIN, -1, 0, 1_800_000_000_000_000, i64::MAX];
    let wrong = times.map(|at| claims.wrong_times(Instant(at)));
    assert!(
        wrong
            .iter()
            .all(|wrong| wrong.is_none_or(|why| !why.is_empty()))
    );
    assert!(wrong.last().is_some_and(Option::is_some), "it never ends");
    let texts = ["sub", "name", "email", "nonce"].map(|name| claims.text(name));
    assert!(texts.iter().flatten().all(|text| !text.is_empty()));
    let email = claims.vouched_email();
    assert!(email.is_none() || email == claims.text("email"));
    format!(
        "{wrong:?} {texts:?} {email:?} {:?}",
        claims.groups("groups")
    )
}

/// Base64 in the alphabet of addresses, without padding: the naive road back.
fn addressed(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let bits: Vec<u8> = bytes
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1))
        .collect();
    let letter = |six: &[u8]| {
        let value = (0..6).fold(0, |sum, at| sum << 1 | six.get(at).copied().unwrap_or(0));
        char::from(LETTERS[usize::from(value)])
    };
    bits.chunks(6).map(letter).collect()
}
