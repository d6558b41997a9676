//! Running a page: what a reader would paste into a terminal, in order, in an empty folder.
//!
//! ```` ```console ```` holds what is typed, here-documents and all; a `text` block right after it
//! holds what the terminal then shows. `…` at a line's end or middle stands for anything within
//! the line, `…` alone on a line for any lines. Where the block is opened by `console refused`,
//! its last command must be refused. Other blocks are not run.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// A fenced block: where its content begins, how it is opened, its lines.
struct Block {
    line: usize,
    info: String,
    text: String,
}

/// Blocks of a page, each with whether only blank lines part it from the one before.
fn blocks(page: &str) -> Vec<(Block, bool)> {
    let (mut found, mut open) = (Vec::new(), None::<Block>);
    let mut is_next = false;
    for (number, line) in (1..).zip(page.lines()) {
        match (open.take(), line.strip_prefix("```")) {
            (Some(block), Some(_)) => {
                found.push((block, is_next));
                is_next = true;
            }
            (Some(mut block), None) => {
                block.text.push_str(line);
                block.text.push('\n');
                open = Some(block);
            }
            (None, Some(info)) => {
                let (line, info, text) = (number + 1, info.to_owned(), String::new());
                open = Some(Block { line, info, text });
            }
            (None, None) => is_next = is_next && line.trim().is_empty(),
        }
    }
    found
}

/// What a page promised and the terminal did not show.
pub struct Broken {
    pub line: usize,
    pub why: String,
}

/// Runs a page's commands in `folder`; gives how many blocks ran, and what differed. With
/// `UPDATE_EXPECT` a text that differs is written into the page as it came.
pub fn run(page: &Path, folder: &Path) -> (usize, Vec<Broken>) {
    let text = fs::read_to_string(page).unwrap();
    let (mut count, mut broken, mut told) = (0, Vec::new(), None::<String>);
    let mut mended: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
    for (block, is_next) in blocks(&text) {
        let words: Vec<&str> = block.info.split_whitespace().collect();
        match words.as_slice() {
            ["console", rest @ ..] => {
                let (said, is_success) = shell(&block.text, folder);
                count += 1;
                if is_success == rest.contains(&"refused") {
                    let why = format!("{}\nsaid\n{said}", block.text);
                    let line = block.line;
                    broken.push(Broken { line, why });
                    break; // What follows stands on what failed.
                }
                told = Some(said);
            }
            ["text"] => {
                let Some(said) = told.take().filter(|_| is_next) else {
                    continue;
                };
                if fits(&block.text, &said) {
                    continue;
                }
                replace(&mut mended, &block, &said);
                let why = format!("the page says\n{}\nthe terminal\n{said}", block.text);
                let line = block.line;
                broken.push(Broken { line, why });
            }
            _ => told = None,
        }
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(page, mended.concat()).unwrap();
    }
    (count, broken)
}

/// Puts a text in a block's place. Lines keep their numbers: the text is in the block's first
/// line, or in its fence if it had none.
fn replace(lines: &mut [String], block: &Block, said: &str) {
    let first = block.line - 1;
    let count = block.text.lines().count();
    lines[first..first + count].fill(String::new());
    lines[first].insert_str(0, said);
}

/// Both streams as a terminal shows them, blanks at the ends of lines left out.
fn shell(commands: &str, folder: &Path) -> (String, bool) {
    let program = Path::new(env!("CARGO_BIN_EXE_handfast"));
    let bin = program.parent().unwrap().as_os_str().to_owned();
    let mut places = vec![bin];
    places.extend(std::env::var_os("PATH"));
    let mut command = Command::new("sh");
    command
        .args(["-euc", &format!("exec 2>&1\n{commands}")])
        .current_dir(folder)
        .env("PATH", places.join(std::ffi::OsStr::new(":")))
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = said.lines().map(|line| format!("{}\n", line.trim_end()));
    (lines.collect(), output.status.success())
}

/// Whether a text fits what a page expects, its wildcards filled.
pub fn fits(expected: &str, said: &str) -> bool {
    let expected: Vec<&str> = expected.lines().map(str::trim_end).collect();
    let said: Vec<&str> = said.lines().map(str::trim_end).collect();
    fill(
        &expected,
        &said,
        |line| line.trim() == "…",
        |a, b| {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            fill(&a, &b, |letter| *letter == '…', |a, b| a == b)
        },
    )
}

/// Whether items match a pattern in which some items stand for any run of them.
fn fill<T>(pattern: &[T], items: &[T], any: fn(&T) -> bool, same: fn(&T, &T) -> bool) -> bool {
    // Which prefixes of `items` the pattern read so far can match.
    let mut reached = vec![false; items.len() + 1];
    reached[0] = true;
    for part in pattern {
        let mut next = vec![false; items.len() + 1];
        for at in 0..=items.len() {
            next[at] = match any(part) {
                true => reached[at] || (at > 0 && next[at - 1]),
                false => at > 0 && reached[at - 1] && same(part, &items[at - 1]),
            };
        }
        reached = next;
    }
    reached[items.len()]
}
