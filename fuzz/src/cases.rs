//! What a ruling says as a test, read again from a journal that anybody may have changed, and the
//! shares that people type for one.

use super::case::Case;

/// Reads every line as a kept case and as shares that are typed.
pub fn read(_: &str, bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).lines() {
        if let Some(case) = Case::parse(line) {
            same(&case);
        }
        match Case::credit("linear", line) {
            Ok(case) => {
                same(&case);
                let Case::Credit { shares, .. } = &case else {
                    panic!("shares are of credit: {case:?}");
                };
                assert_eq!(shares.values().sum::<u32>(), 100, "{line:?}");
            }
            Err(refusal) => assert_eq!(refusal.code, "E0290"),
        }
    }
}

/// What is read is printed as something that reads as the same.
fn same(case: &Case) {
    let text = case.text();
    assert_eq!(Case::parse(&text).as_ref(), Some(case), "{text:?}");
    assert!(!case.words().is_empty());
}
