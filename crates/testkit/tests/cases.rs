//! Every page under `cases/` says what is counted. `UPDATE_EXPECT=1` writes the answers anew.

use std::path::Path;

#[test]
fn every_case_says_what_is_counted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases");
    let is_update = std::env::var_os("UPDATE_EXPECT").is_some();
    match handfast_testkit::check(&folder, is_update) {
        Ok(count) => assert!(count >= 15, "only {count} cases were found"),
        Err(failures) => panic!("\n{failures}\n"),
    }
}
