//! `cargo xtask demo`: from a fresh checkout to a page in the browser. Builds the application and
//! the binary, with the profile that the tests use too (decision 0010), and lets `handfast demo
//! --serve` do the rest.

use std::process::Command;

use crate::{run, web};

/// Builds, makes the demo company, imports it, asks, and serves it until Ctrl-C.
pub fn demo(words: &[String]) -> Result<(), String> {
    eprintln!("The first build compiles the query engine: some minutes. Later ones take seconds.");
    web::build()?;
    let mut build = run::cargo();
    build.args(["build", "--package", "handfast-cli", "--bin", "handfast"]);
    run::step("build handfast", &mut build)?;
    let binary = run::binary("debug")?;
    eprintln!(
        "\nThe binary is {}\n\
         Put its folder on your PATH, or run `cargo install --path crates/cli`, and go on with\n\
         README.md, \"The first five minutes\": a book of your own from your own exports.",
        binary.display()
    );
    let mut demo = Command::new(&binary);
    demo.args(["demo", "--serve"])
        .args(words.iter().filter(|word| *word != "--"));
    run::step("handfast demo --serve", &mut demo)
}
