//! What the pages tell a reader to type can be typed: every command of README, guide and `--help`
//! is read by the real arguments, and every example folder that one names is there. The other way
//! round, the guide speaks of every command and option, and the reference pages are what the
//! program prints of itself (`UPDATE_EXPECT=1` writes them anew).

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

#[path = "support/reference.rs"]
mod reference;

// The arguments as the binary declares them; a second reading of them could disagree.
#[path = "../src/args.rs"]
#[allow(dead_code, missing_docs)]
mod args;

use std::fs;

use clap::{CommandFactory, Parser};

use support::root;
use support::script::words_of;

/// The pages: README and the guide with its folders.
fn pages() -> Vec<(String, String)> {
    let (mut paths, mut folders) = (vec![root().join("README.md")], vec!["docs/guide".into()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join::<std::path::PathBuf>(folder)).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => paths.push(path),
            }
        }
    }
    paths.sort();
    let name = |path: &std::path::Path| path.strip_prefix(root()).unwrap().display().to_string();
    let read = |path: std::path::PathBuf| (name(&path), fs::read_to_string(&path).unwrap());
    paths.into_iter().map(read).collect()
}

/// Lines of fenced blocks that begin with `handfast`, with their line numbers.
fn commands(page: &str) -> Vec<(usize, &str)> {
    let mut is_fenced = false;
    let mut found = Vec::new();
    for (number, line) in (1..).zip(page.lines()) {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        } else if is_fenced && line.starts_with("handfast ") {
            found.push((number, line));
        }
    }
    found
}

/// What is wrong with a command line. A synopsis is one with `[options]`.
fn wrong(line: &str) -> Option<String> {
    let typed = line.split(" #").next().unwrap_or(line);
    let typed = typed.split(" > ").next().unwrap_or(typed);
    if typed.contains("[options]") {
        return None;
    }
    let words = match words_of(typed) {
        Ok(words) => words,
        Err(error) => return Some(error),
    };
    let is_missing = |word: &&String| {
        let is_example = word.starts_with("examples/") || word.starts_with("docs/");
        is_example && !root().join(word).exists()
    };
    if let Some(folder) = words.iter().find(is_missing) {
        return Some(format!("there is no `{folder}`"));
    }
    args::Cli::try_parse_from(&words)
        .err()
        .map(|error| error.to_string())
}

#[test]
fn every_command_that_the_pages_show_can_be_typed() {
    let (mut count, mut found) = (0, Vec::new());
    for (page, text) in pages() {
        for (number, line) in commands(&text) {
            count += 1;
            found.extend(wrong(line).map(|error| format!("{page}:{number}: {line}\n{error}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(count > 20, "only {count} commands were found in the pages");
}

#[test]
fn every_command_that_a_help_text_shows_can_be_typed() {
    fn helps(command: &clap::Command, texts: &mut Vec<String>) {
        texts.extend(command.get_after_help().map(ToString::to_string));
        command
            .get_subcommands()
            .for_each(|inner| helps(inner, texts));
    }
    let mut texts = Vec::new();
    helps(&args::Cli::command(), &mut texts);
    let lines = texts.iter().flat_map(|text| text.lines());
    let lines: Vec<&str> = lines
        .map(str::trim)
        .filter(|line| line.starts_with("handfast "))
        .collect();
    let found: Vec<String> = lines
        .iter()
        .filter_map(|line| Some(format!("{line}\n{}", wrong(line)?)))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(
        lines.len() > 8,
        "only {} commands in help texts",
        lines.len()
    );
}

#[test]
fn the_guide_speaks_of_every_command_and_option() {
    let text: String = pages().into_iter().map(|(_, text)| text + "\n").collect();
    let says = |words: &str| {
        text.match_indices(words).any(|(at, _)| {
            let after = text[at + words.len()..].chars().next();
            !after.is_some_and(|letter| letter.is_alphanumeric() || letter == '-')
        })
    };
    fn names(above: &str, command: &clap::Command, found: &mut Vec<String>) {
        for inner in reference::visible(command) {
            let name = format!("{above} {}", inner.get_name());
            let options = reference::arguments(inner).filter_map(|arg| arg.get_long());
            found.extend(options.map(|long| format!("--{long}")));
            names(&name, inner, found);
            found.push(name);
        }
    }
    let mut found = Vec::new();
    names("handfast", &args::Cli::command(), &mut found);
    found.retain(|name| !says(name));
    assert_eq!(
        found,
        Vec::<String>::new(),
        "no page of the guide says these"
    );
}

/// Compares a page of the reference with what is printed now.
fn is_fresh(name: &str, printed: &str) {
    let path = root().join("docs/reference").join(name);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, printed).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap_or_default();
    let differs = page
        .lines()
        .zip(printed.lines())
        .find(|(old, new)| old != new);
    let why = "UPDATE_EXPECT=1 cargo test -p handfast-cli --test docs writes it anew";
    assert!(
        page == printed,
        "docs/reference/{name} is not fresh: {differs:?}; {why}"
    );
}

#[test]
fn the_reference_is_what_the_program_prints_of_itself() {
    let mut cli = args::Cli::command();
    cli.build();
    is_fresh("commands.md", &reference::commands(&cli));
    let [limits, server] = ["model", "server"].map(|name| {
        let path = root().join(format!("crates/{name}/src/limits.rs"));
        fs::read_to_string(path).unwrap()
    });
    is_fresh("limits.md", &reference::limits(&limits, &server));
    is_fresh("issues.md", &reference::issues());
}

/// Every case: its path from the root, and its text.
fn cases() -> Vec<(String, String)> {
    let (mut files, mut folders) = (Vec::new(), vec![root().join("cases")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push(path),
            }
        }
    }
    files.sort();
    let name = |path: &std::path::Path| path.strip_prefix(root()).unwrap().display().to_string();
    let read = |path: std::path::PathBuf| (name(&path), fs::read_to_string(&path).unwrap());
    files.into_iter().map(read).collect()
}

#[test]
fn every_metric_has_a_page_of_its_definition_and_its_cases() {
    let printed = support::run(&["metric", "explain", "--all", "--markdown"]);
    let pages = reference::metrics(&printed, &cases());
    assert!(pages.len() > 60, "{}", pages.len());
    let folder = root().join("docs/reference/metrics");
    fs::create_dir_all(&folder).unwrap();
    for (name, page) in &pages {
        is_fresh(&format!("metrics/{name}"), page);
        let has_case = page.contains("## Worked by hand");
        assert!(has_case || name == "README.md", "no case asks for {name}");
    }
    for entry in fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let is_known = pages.iter().any(|(known, _)| *known == name);
        assert!(is_known, "docs/reference/metrics/{name} is of no metric");
    }
}
