//! Links between pages: rewritten from the tree's paths to the book's, and checked.

use std::collections::{BTreeMap, BTreeSet};

use super::pages::{Page, place};

/// Links that lead to no page or to no heading of it, with where they stand.
pub fn wrong(pages: &[Page]) -> Vec<String> {
    let anchors: BTreeMap<&str, Vec<String>> = pages
        .iter()
        .map(|page| (page.path.as_str(), anchors(&page.text)))
        .collect();
    let mut wrong = Vec::new();
    for page in pages {
        for target in targets(&page.text) {
            if is_outside(&target) {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target.as_str(), ""));
            let file = match file {
                "" => page.path.clone(),
                file => joined(folder(&page.path), file),
            };
            let is_there = anchors
                .get(file.as_str())
                .is_some_and(|known| anchor.is_empty() || known.iter().any(|name| name == anchor));
            if !is_there {
                wrong.push(format!("{}: `{target}` leads nowhere", page.path));
            }
        }
    }
    wrong
}

/// Pages that cannot be reached from the first one by links alone, the table of contents left out.
pub fn lost(pages: &[Page]) -> Vec<&str> {
    let mut reached: BTreeSet<&str> = pages
        .iter()
        .take(1)
        .map(|page| page.path.as_str())
        .collect();
    let mut fresh: Vec<&Page> = pages.iter().take(1).collect();
    while let Some(page) = fresh.pop() {
        for target in targets(&page.text) {
            let file = target.split('#').next().unwrap_or("");
            let file = joined(folder(&page.path), file);
            let found = pages.iter().find(|page| page.path == file);
            fresh.extend(found.filter(|found| reached.insert(&found.path)));
        }
    }
    let paths = pages.iter().map(|page| page.path.as_str());
    paths.filter(|path| !reached.contains(path)).collect()
}

/// A page of the tree with its links as the book has them. What the book does not hold (source
/// code, examples) is named and not linked.
pub fn rewritten(text: &str, repo: &str, path: &str, pages: &[Page]) -> String {
    let mut out = String::new();
    let mut is_code = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        match is_code {
            true => out.push_str(line),
            false => out.push_str(&rewritten_line(line, repo, path, pages)),
        }
        out.push('\n');
    }
    out
}

fn rewritten_line(line: &str, repo: &str, path: &str, pages: &[Page]) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some((before, after)) = rest.split_once("](") {
        let Some((target, tail)) = after.split_once(')') else {
            break;
        };
        rest = tail;
        if is_outside(target) || target.starts_with('#') {
            out.push_str(&format!("{before}]({target})"));
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        match place(&joined(folder(repo), file), pages) {
            Some((to, own)) => {
                let anchor = if anchor.is_empty() { &own } else { anchor };
                let mark = if anchor.is_empty() { "" } else { "#" };
                let to = relative(folder(path), &to);
                out.push_str(&format!("{before}]({to}{mark}{anchor})"));
            }
            None => {
                let (start, words) = before.rsplit_once('[').unwrap_or((before, ""));
                out.push_str(&format!("{start}{words}"));
            }
        }
    }
    out.push_str(rest);
    out
}

/// What mdBook calls a heading in an address: its letters, digits, `-` and `_` in lower case,
/// blanks as `-`, and a number where a page says the same twice.
pub fn slug(heading: &str) -> String {
    let mut slug = String::new();
    for letter in heading.trim().chars() {
        match letter {
            letter if letter.is_alphanumeric() => slug.extend(letter.to_lowercase()),
            '-' | '_' => slug.push(letter),
            letter if letter.is_whitespace() => slug.push('-'),
            _ => {}
        }
    }
    slug
}

fn anchors(text: &str) -> Vec<String> {
    let (mut found, mut counts) = (Vec::new(), BTreeMap::new());
    for line in prose(text).filter(|line| line.starts_with('#')) {
        let slug = slug(line.trim_start_matches('#'));
        let count: &mut usize = counts.entry(slug.clone()).or_default();
        found.push(match *count {
            0 => slug,
            again => format!("{slug}-{again}"),
        });
        *count += 1;
    }
    found
}

fn targets(text: &str) -> Vec<String> {
    prose(text)
        .flat_map(|line| line.split("](").skip(1))
        .filter_map(|piece| Some(piece.split_once(')')?.0.to_owned()))
        .collect()
}

/// The lines that are not code.
fn prose(text: &str) -> impl Iterator<Item = &str> {
    let mut is_code = false;
    text.lines().filter(move |line| {
        let is_fence = line.trim_start().starts_with("```");
        is_code ^= is_fence;
        !is_code && !is_fence
    })
}

fn is_outside(target: &str) -> bool {
    target.contains("://") || target.starts_with("mailto:")
}

/// The folder of a path, without its slash.
fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path from a folder, its `..` resolved.
pub fn joined(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How to say a path from a folder.
pub fn relative(folder: &str, path: &str) -> String {
    let from: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let to: Vec<&str> = path.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", from.len() - common);
    let down = to.iter().skip(common).copied();
    up.chain(down).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_said_from_where_the_page_stands() {
        assert_eq!(joined("docs/guide", "../../GLOSSARY.md"), "GLOSSARY.md");
        assert_eq!(
            relative("docs/guide", "cases/index.md"),
            "../../cases/index.md"
        );
        assert_eq!(relative("docs/guide", "docs/guide/packs.md"), "packs.md");
        assert_eq!(relative("", "index.md"), "index.md");
    }

    #[test]
    fn headings_are_named_as_the_site_names_them() {
        assert_eq!(
            slug(" The charter, *again*: `E0120`"),
            "the-charter-again-e0120"
        );
        assert_eq!(anchors("# A b\n## A b\n```\n# c\n```\n"), ["a-b", "a-b-1"]);
    }
}
