//! The handbook of cases: each worked example as prose, tables and an answer, and an index by
//! what it warns of.

use std::collections::BTreeMap;

use super::links::slug;
use crate::tidy::House;

/// A case: its folder, its file and what it says.
pub struct Case<'a> {
    pub folder: &'a str,
    pub path: &'a str,
    pub title: &'a str,
    text: &'a str,
}

/// All cases of the tree, by folder and file.
pub fn cases(house: &House) -> Vec<Case<'_>> {
    house
        .texts()
        .filter_map(|(path, text)| {
            let rest = path.strip_prefix("cases/")?;
            let (folder, _) = rest.strip_suffix(".md")?.split_once('/')?;
            let title = text.lines().next()?.trim_start_matches('#').trim();
            Some(Case {
                folder,
                path,
                title,
                text,
            })
        })
        .collect()
}

/// The page of one folder: all its cases, one after the other.
pub fn folder_page(folder: &str, cases: &[Case<'_>]) -> String {
    let mut page = format!("# Cases: {}\n", folder.replace('-', " "));
    for case in cases.iter().filter(|case| case.folder == folder) {
        let file = case.path.rsplit('/').next().unwrap_or("");
        page.push_str(&format!("\n<!-- {file} -->\n{}", shown(case.text)));
    }
    page
}

/// A case as the handbook shows it.
pub fn shown(text: &str) -> String {
    let (mut page, mut block) = (String::new(), None::<(&str, Vec<&str>)>);
    for line in text.lines() {
        match (block.take(), line.strip_prefix("```")) {
            (None, Some(name)) => block = Some((name.trim(), Vec::new())),
            (None, None) => {
                // A case's title is a section of its folder's page.
                let deeper = if line.starts_with('#') { "#" } else { "" };
                page.push_str(&format!("{deeper}{line}\n"));
            }
            (Some((name, lines)), Some(_)) => page.push_str(&shown_block(name, &lines)),
            (Some((name, mut lines)), None) => {
                lines.push(line);
                block = Some((name, lines));
            }
        }
    }
    page
}

fn shown_block(name: &str, lines: &[&str]) -> String {
    let rows = |row: fn(&str) -> String| -> String {
        let is_said = |line: &&&str| !line.trim().is_empty();
        lines.iter().filter(is_said).map(|line| row(line)).collect()
    };
    match name {
        "charter" => format!(
            "\n<table class=\"charter\"><caption>Charter</caption>\n{}</table>\n\n",
            rows(definition)
        ),
        "ledger" => format!(
            "\n<table class=\"ledger\"><caption>Ledger</caption>\n<tr><th>when</th><th>what</th>\
             <th>of</th><th>says</th></tr>\n{}</table>\n\n",
            rows(fact)
        ),
        "ask" => {
            let asked = escaped(&lines.join(" "));
            format!("\n<p class=\"asked\"><span>Question</span> <code>{asked}</code></p>\n\n")
        }
        "answer" => {
            let lines: Vec<String> = lines.iter().map(|line| answered(line)).collect();
            format!("\n<pre class=\"answer\">{}</pre>\n\n", lines.join("\n"))
        }
        _ => format!("\n```{name}\n{}\n```\n", lines.join("\n")),
    }
}

/// A line of the charter: the key, and the rest.
fn definition(line: &str) -> String {
    let (key, value) = line.trim().split_once(' ').unwrap_or((line, ""));
    let (key, value) = (escaped(key), escaped(value.trim()));
    format!("<tr><th>{key}</th><td>{value}</td></tr>\n")
}

/// A line of the ledger: when, what, of whom, and the rest.
fn fact(line: &str) -> String {
    let mut rest = line.trim();
    let mut cells = Vec::new();
    for _ in 0..3 {
        let (cell, after) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        cells.push(cell);
        rest = after.trim_start();
    }
    let rest = rest.replace("-> ", "→ ");
    cells.push(&rest);
    let cells: String = cells
        .iter()
        .map(|cell| format!("<td>{}</td>", escaped(cell)))
        .collect();
    format!("<tr>{cells}</tr>\n")
}

/// A line of an answer; what contradicts itself stands out.
fn answered(line: &str) -> String {
    match line.starts_with("issue") {
        true => format!("<mark>{}</mark>", escaped(line)),
        false => escaped(line),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// The first page: every case by what it warns of, by the contradictions it shows, and by the
/// question it asks.
pub fn index(cases: &[Case<'_>]) -> String {
    let mut page = "# Handbook of cases\n\nExactly how things are counted, by example: a charter, \
                    a few facts, a question and its answer, small enough to dispute with pencil \
                    and paper. Each of them is also a test.\n\n## By trap\n"
        .to_owned();
    let mut folder = "";
    for case in cases {
        if case.folder != folder {
            folder = case.folder;
            let name = folder.replace('-', " ");
            page.push_str(&format!("\n### [{name}]({folder}.md)\n\n"));
        }
        let says = first_sentence(case.text);
        page.push_str(&format!("- **{}.** {says}\n", link(case)));
    }
    let mut issues: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for case in cases {
        for line in case.text.lines() {
            let code = line
                .strip_prefix("issue")
                .and_then(|line| line.split_whitespace().next());
            note(&mut issues, code, case);
        }
        for ask in case.text.split("```ask\n").skip(1) {
            note(&mut asked, ask.lines().next().map(kind), case);
        }
    }
    page.push_str("\n## By contradiction\n\nCases whose answer carries an issue beside it.\n\n");
    page.push_str(&table(&issues));
    page.push_str("\n## By question\n\n");
    page.push_str(&table(&asked));
    page
}

fn note<Key: Ord>(groups: &mut BTreeMap<Key, Vec<String>>, key: Option<Key>, case: &Case<'_>) {
    if let Some(key) = key {
        let links = groups.entry(key).or_default();
        if links.last() != Some(&link(case)) {
            links.push(link(case));
        }
    }
}

fn table<Key: std::fmt::Display>(groups: &BTreeMap<Key, Vec<String>>) -> String {
    let row = |(key, links): (&Key, &Vec<String>)| format!("| `{key}` | {} |\n", links.join(" · "));
    let rows: String = groups.iter().map(row).collect();
    format!("| | cases |\n|---|---|\n{rows}")
}

fn link(case: &Case<'_>) -> String {
    format!("[{}]({}.md#{})", case.title, case.folder, slug(case.title))
}

/// What is asked: the kind, and what of it or how it is looked at.
fn kind(ask: &str) -> String {
    let mut words = ask.split_whitespace();
    let kind = words.next().unwrap_or("");
    match words
        .next()
        .filter(|word| kind == "metric" || word.starts_with("view="))
    {
        Some(word) => format!("{kind} {}", word.trim_start_matches("view=")),
        None => kind.to_owned(),
    }
}

/// The first sentence of a case's prose.
fn first_sentence(text: &str) -> String {
    let prose: Vec<&str> = text
        .lines()
        .skip_while(|line| line.starts_with('#') || line.trim().is_empty())
        .take_while(|line| !line.trim().is_empty() && !line.starts_with("```"))
        .collect();
    let prose = prose.join(" ");
    match prose.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        None => prose,
    }
}
