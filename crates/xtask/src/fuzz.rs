//! `cargo xtask fuzz [PARSER…] [--seconds N]`: parsers under a fuzzer, one after the other. Inputs
//! that reach something new stay in `fuzz/found`; one that breaks a parser lies in `fuzz/artifacts`
//! and belongs into `fuzz/corpus`, where tests replay it.

use std::path::Path;
use std::process::Command;

use crate::run;

/// Fuzzes these parsers, or all of them; the error names those that broke.
pub fn fuzz(words: &[String]) -> Result<(), String> {
    let home = run::root().join("fuzz");
    let all = parsers(&home)?;
    let (chosen, seconds) = asked(words, &all)?;
    let mut tool = Command::new("cargo");
    if !run::answers(tool.args(["+nightly", "fuzz", "--version"])) {
        return Err("a nightly toolchain and cargo-fuzz are needed:\n       \
                    rustup toolchain install nightly && cargo install cargo-fuzz"
            .into());
    }
    // The parsers that are shipped, not newer ones.
    let lock = |folder: &Path| folder.join("Cargo.lock");
    std::fs::copy(lock(&run::root()), lock(&home)).map_err(|error| format!("fuzz: {error}"))?;
    let mut broken = Vec::new();
    for parser in chosen {
        // What is found first goes to the first folder, so that what is kept stays as it is.
        let found = home.join("found").join(parser);
        std::fs::create_dir_all(&found).map_err(|error| format!("{}: {error}", found.display()))?;
        let mut run = Command::new("cargo");
        run.current_dir(run::root());
        run.args(["+nightly", "fuzz", "run", parser]).arg(&found);
        run.arg(home.join("corpus").join(parser)).arg("--");
        run.arg(format!("-max_total_time={seconds}"));
        run.args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=65536"]);
        broken.extend(run::step(&format!("fuzz {parser}"), &mut run).err());
    }
    match broken.is_empty() {
        true => Ok(()),
        false => Err(broken.join("\n")),
    }
}

/// The parsers there are: one target each.
fn parsers(home: &Path) -> Result<Vec<String>, String> {
    let targets = home.join("fuzz_targets");
    let entries =
        std::fs::read_dir(&targets).map_err(|error| format!("{}: {error}", targets.display()))?;
    let stem = |path: &Path| path.file_stem()?.to_str().map(str::to_owned);
    let names = entries.filter_map(|entry| stem(&entry.ok()?.path()));
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

/// Which parsers are asked for, and for how many seconds each.
fn asked<'a>(words: &[String], all: &'a [String]) -> Result<(Vec<&'a str>, u64), String> {
    let (mut chosen, mut seconds) = (Vec::new(), 300);
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().and_then(|number| number.parse().ok());
            seconds = number.ok_or("fuzz: `--seconds` needs a number")?;
        } else {
            let parser = all.iter().find(|parser| *parser == word);
            let unknown = || format!("fuzz: `{word}` is no parser; there are {}", all.join(", "));
            chosen.push(parser.ok_or_else(unknown)?.as_str());
        }
    }
    if chosen.is_empty() {
        chosen = all.iter().map(String::as_str).collect();
    }
    Ok((chosen, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The targets need a nightly compiler, so nothing else looks at them with every change.
    #[test]
    fn each_target_is_built_calls_its_own_parser_and_has_a_corpus() {
        let home = run::root().join("fuzz");
        let text = |path: &str| std::fs::read_to_string(home.join(path)).unwrap();
        let (manifest, all) = (text("Cargo.toml"), parsers(&home).unwrap());
        // Two lists of parsers, and those that are replayed by name.
        let lists = [
            "src/files.rs",
            "src/texts.rs",
            "../crates/accounts/src/provider/fuzzed.rs",
            "../crates/connect/tests/corpora.rs",
            "../crates/service/src/agree/tests.rs",
            "../crates/service/src/dispute/tests.rs",
            "../crates/wire/tests/corpora.rs",
        ]
        .map(text);
        for parser in &all {
            let path = format!("fuzz_targets/{parser}.rs");
            let named = format!("name = \"{parser}\"\npath = \"{path}\"");
            assert!(manifest.contains(&named), "{parser} is not built");
            let quoted = format!("\"{parser}\"");
            assert!(text(&path).contains(&quoted), "{path} fuzzes another");
            let is_known = lists.iter().any(|list| list.contains(&quoted));
            assert!(is_known, "nobody replays {parser}");
            let kept = std::fs::read_dir(home.join("corpus").join(parser)).unwrap();
            assert!(kept.count() > 0, "{parser} has no corpus");
        }
        assert_eq!(manifest.matches("[[bin]]").count(), all.len());
    }
}
