//! A case file: Markdown whose fenced blocks are a charter, a ledger, questions and answers. Blocks
//! `learned` hold facts that came to be known after those of the ledger, each with the next seq.

use std::fs;
use std::path::{Path, PathBuf};

use crate::answer::answer;
use crate::ledger::Ledger;
use crate::sketch;

/// One page of prose and blocks.
#[derive(Clone, Debug)]
pub struct Case {
    lines: Vec<String>,
    blocks: Vec<Block>,
}

/// A fenced block by the numbers of its first and first following line of text.
#[derive(Clone, Debug)]
struct Block {
    name: String,
    from: usize,
    until: usize,
}

impl Case {
    /// Reads the page.
    pub fn read(text: &str) -> Case {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let (mut blocks, mut open) = (Vec::new(), None::<(String, usize)>);
        for (at, line) in lines.iter().enumerate() {
            if let Some(fence) = line.strip_prefix("```") {
                open = match open {
                    None => Some((fence.trim().to_owned(), at + 1)),
                    Some((name, from)) => {
                        blocks.push(Block {
                            name,
                            from,
                            until: at,
                        });
                        None
                    }
                };
            }
        }
        Case { lines, blocks }
    }

    /// Answers every question and gives the page with those answers in place.
    pub fn answered(&self) -> Result<String, String> {
        let text_of = |name: &str| {
            let mut found = self.blocks.iter().filter(|block| block.name == name);
            found.next().map(|block| self.text(block))
        };
        let charter = sketch::charter(&text_of("charter").ok_or("no charter block")?)?;
        let ledger = text_of("ledger").ok_or("no ledger block")?;
        let later = self.blocks.iter().filter(|block| block.name == "learned");
        let mut learned = vec![ledger];
        learned.extend(later.map(|block| self.text(block)));
        let learned: Vec<&str> = learned.iter().map(String::as_str).collect();
        let ledger = Ledger::learned(&learned, &charter.calendar)?;
        let mut page = String::new();
        let mut at = 0;
        let mut asked = None;
        for block in &self.blocks {
            match block.name.as_str() {
                "ask" => asked = Some(self.text(block)),
                "answer" => {
                    let ask = asked.take().ok_or("an answer without a question")?;
                    self.copy(at, block.from, &mut page);
                    page.push_str(&answer(&ledger, &charter, ask.trim())?);
                    at = block.until;
                }
                "charter" | "ledger" | "learned" => {}
                other => return Err(format!("`{other}` is not a block of cases")),
            }
        }
        if asked.is_some() {
            return Err("a question without an answer block".to_owned());
        }
        self.copy(at, self.lines.len(), &mut page);
        Ok(page)
    }

    fn text(&self, block: &Block) -> String {
        let lines = self.lines.get(block.from..block.until).unwrap_or_default();
        lines.join("\n")
    }

    fn copy(&self, from: usize, until: usize, page: &mut String) {
        for line in self.lines.get(from..until).unwrap_or_default() {
            page.push_str(line);
            page.push('\n');
        }
    }
}

/// Checks every `.md` below a folder; with `is_update` writes the answers instead. Gives how many
/// there are, or the names of those that fail with the first line that differs.
pub fn check(folder: &Path, is_update: bool) -> Result<usize, String> {
    let mut files = Vec::new();
    collect(folder, &mut files)?;
    files.sort();
    let mut failures = Vec::new();
    for file in &files {
        let show = file.strip_prefix(folder).unwrap_or(file).display();
        let text = fs::read_to_string(file).map_err(|error| format!("{show}: {error}"))?;
        match Case::read(&text).answered() {
            Err(why) => failures.push(format!("{show}: {why}")),
            Ok(page) if page == text => {}
            Ok(page) if is_update => {
                fs::write(file, page).map_err(|error| format!("{show}: {error}"))?;
            }
            Ok(page) => failures.push(format!("{show}: {}", difference(&text, &page))),
        }
    }
    match failures.is_empty() {
        true => Ok(files.len()),
        false => Err(failures.join("\n\n")),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let path = entry.map_err(|error| error.to_string())?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
    Ok(())
}

fn difference(expected: &str, found: &str) -> String {
    let pairs = expected.lines().map(Some).chain(std::iter::repeat(None));
    let lines = pairs.zip(found.lines().map(Some).chain(std::iter::repeat(None)));
    let different = (1..)
        .zip(lines)
        .take(found.lines().count() + expected.lines().count());
    for (number, (old, new)) in different {
        if old != new {
            let show = |line: Option<&str>| line.unwrap_or("(nothing)").to_owned();
            return format!(
                "line {number}\n  page    {}\n  counted {}",
                show(old),
                show(new)
            );
        }
    }
    "differs in its last newline".to_owned()
}
