//! The workshop's tool, run as `cargo xtask COMMAND`: everything a contributor does besides
//! `cargo build`, in the language of the house and without a single dependency.
//!
//! It knows how to call cargo and the built binary and how the tree must look; it refuses to
//! know what the product computes. Read on in `suite` (what "all tests" means) and `tidy` (the
//! rules of STYLE.md and ARCHITECTURE.md that are checked by machine).

mod bench;
mod browser;
mod contract;
mod demo;
mod fuzz;
mod handbook;
mod mounts;
mod planted;
mod python;
mod ratchet;
mod run;
mod soak;
mod suite;
mod tidy;
mod tools;
mod web;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  demo     build handfast with its application, make the demo company, import it, serve it
  web      only the application of the browser: build it, or `web check` it
  test     all there is: format, tidy, clippy, build, doc tests, a browser, tests
  browser  builds everything, and tests it in Chromium: those tests whose file is named, or all;
           `browser screens [FOLDER]` takes pictures of every page instead
  contract the API as it is described against the API as it is, by schemathesis
  tidy     only the rules of the house (dependency direction, lengths, names, …)
  handbook everything written here as a static site, in target/handbook
  bench    speed and memory on generated rows, beside DuckDB and ClickHouse  [PART…] [--rows N]
           [--times N] [--growth] [--profile P] [--write]
  ratchet  instructions of the hot kernels against those written down  [--lower] [--anew]
  soak     in full what a test run does a part of: soak worlds, soak abuse
  fuzz     every parser under a fuzzer for five minutes each  [PARSER…] [--seconds N]
  planted  hunts mistakes made on purpose, and counts them: the world and question that show each
  deps     the crate graph, floor by floor

Words after `demo` go to `handfast demo`.";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match words.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", &[][..]),
    };
    let outcome = match command {
        "demo" => demo::demo(rest),
        "test" => suite::test(rest),
        "tidy" => tidy::tidy(),
        "handbook" => handbook::handbook(rest),
        "bench" => bench::bench(rest),
        "browser" => browser::browser(rest),
        "contract" => contract::contract(rest),
        "ratchet" => ratchet::ratchet(rest),
        "soak" => soak::soak(rest),
        "fuzz" => fuzz::fuzz(rest),
        "web" => web::web(rest),
        "planted" => planted::planted(),
        "deps" => tidy::deps(),
        "help" | "-h" | "--help" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(format!("`{other}` is not a command.\n\n{HELP}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("\nxtask: {why}");
            ExitCode::FAILURE
        }
    }
}
