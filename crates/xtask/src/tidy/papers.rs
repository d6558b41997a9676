//! What is prose and must still be true: error pages, decisions, links, and the absence of
//! anybody's own folders.

use std::collections::BTreeMap;

use super::rust::line_of;
use super::{Finding, House};

/// Longest `why.md`: a page that is read in the middle of trouble.
const WHY_LINES: usize = 15;

/// Every refusal code in the source has `errors/CODE/why.md`, and every page its code.
pub fn errors(house: &House) -> Vec<Finding> {
    let named = codes_in_source(house);
    let mut findings = Vec::new();
    for (code, (path, line)) in &named {
        if house.text(&format!("errors/{code}/why.md")).is_none() {
            findings.push(Finding {
                path: path.clone(),
                line: *line,
                says: format!("{code} has no page"),
                remedy: "write errors/CODE/why.md: what it means, an example, how to mend it",
            });
        }
    }
    for (path, text) in &house.texts {
        let parts: Vec<&str> = path.split('/').collect();
        let ["errors", code, "why.md"] = parts.as_slice() else {
            continue;
        };
        let finding = |says: String, remedy| Finding {
            path: path.clone(),
            line: 1,
            says,
            remedy,
        };
        if !named.contains_key(*code) {
            let says = format!("{code} is named nowhere in the source");
            findings.push(finding(says, "delete the folder; codes are never reused"));
        }
        if text.lines().count() > WHY_LINES || !text.contains(code) {
            let says = format!("must name {code} and have at most {WHY_LINES} lines");
            findings.push(finding(says, "say it shorter"));
        }
    }
    findings
}

/// Codes that pages cite have a page of their own; `E0000` stands for any.
pub fn cited_errors(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in house.texts.iter().filter(|(path, _)| path.ends_with(".md")) {
        for (number, line) in (1..).zip(text.lines()) {
            for code in codes(line).filter(|code| *code != "E0000") {
                if house.text(&format!("errors/{code}/why.md")).is_none() {
                    findings.push(Finding {
                        path: path.clone(),
                        line: number,
                        says: format!("cites {code}, which has no page"),
                        remedy: "cite a code that `handfast explain` knows",
                    });
                }
            }
        }
    }
    findings
}

/// `docs/decisions/0001-….md` and so on, each with a title, and nobody cites a missing one.
pub fn decisions(house: &House) -> Vec<Finding> {
    let mut numbers = BTreeMap::new();
    for (path, text) in &house.texts {
        if let Some(file) = path.strip_prefix("docs/decisions/") {
            let number = file.split('-').next().and_then(|n| n.parse::<usize>().ok());
            let is_titled = text.starts_with("# ");
            numbers.insert(path.clone(), number.filter(|_| is_titled).unwrap_or(0));
        }
    }
    let finding = |path: &str, line, says: String| Finding {
        path: path.to_owned(),
        line,
        says,
        remedy: "one page per decision: docs/decisions/NNNN-words.md, `# Title`, no gaps",
    };
    let mut findings = Vec::new();
    for (expected, (path, number)) in (1..).zip(&numbers) {
        if *number != expected {
            let says = format!("expected decision {expected:04} with a title here");
            findings.push(finding(path, 1, says));
        }
    }
    let rust = house.rust.iter().map(|file| (&file.path, &file.text));
    let texts = house.texts.iter().map(|(path, text)| (path, text));
    for (path, text) in rust.chain(texts) {
        for (at, word) in text.match_indices("decision 0") {
            let digits = text.get(at + word.len() - 1..).and_then(|t| t.get(..4));
            let number = digits.and_then(|digits| digits.parse::<usize>().ok());
            if number.is_some_and(|number| !numbers.values().any(|n| *n == number)) {
                let says = format!("cites decision {}", digits.unwrap_or(""));
                findings.push(finding(path, line_of(text, at), says));
            }
        }
    }
    findings
}

/// Relative links of Markdown pages lead to files that exist.
pub fn links(house: &House) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in house.texts.iter().filter(|(path, _)| path.ends_with(".md")) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (line, target) in targets(text) {
            let is_outside = target.contains("://") || target.starts_with("mailto:");
            let file = target.split('#').next().unwrap_or("");
            let exists = house.root.join(folder).join(file).exists();
            if !is_outside && !file.is_empty() && !exists {
                findings.push(Finding {
                    path: path.clone(),
                    line,
                    says: format!("the link to `{target}` leads nowhere"),
                    remedy: "mend or drop the link",
                });
            }
        }
    }
    findings
}

/// No file names the folder somebody happens to work in.
pub fn paths(house: &House) -> Vec<Finding> {
    let mut signs: Vec<String> = ["home", "Users", "root"]
        .iter()
        .map(|folder| format!("/{folder}/"))
        .collect();
    let above = house
        .root
        .parent()
        .map(|p| p.to_string_lossy().into_owned());
    signs.extend(above.filter(|p| p.len() > 1).map(|p| format!("{p}/")));
    let rust = house.rust.iter().map(|file| (&file.path, &file.text));
    let texts = house.texts.iter().map(|(path, text)| (path, text));
    let mut findings = Vec::new();
    for (path, text) in rust.chain(texts) {
        for sign in &signs {
            for (at, _) in text.match_indices(sign.as_str()) {
                let before = text.get(..at).unwrap_or("");
                // A longer path, a web address or our own tree's folder of that name is none.
                if before.ends_with(|c: char| c.is_alphanumeric() || "._-/}>".contains(c)) {
                    continue;
                }
                findings.push(Finding {
                    path: path.clone(),
                    line: line_of(text, at),
                    says: format!("names a folder of one machine (`{sign}…`)"),
                    remedy: "write it relative to the checkout, or take it as an argument",
                });
            }
        }
    }
    findings
}

/// Refusal codes in string literals outside tests, with their first place.
fn codes_in_source(house: &House) -> BTreeMap<String, (String, usize)> {
    let mut named = BTreeMap::new();
    for file in house.rust.iter().filter(|file| file.room() != "xtask") {
        for (number, line) in (1..).zip(file.quoted.lines()) {
            if !file.is_test(number) {
                for code in codes(line) {
                    let place = (file.path.clone(), number);
                    named.entry(code.to_owned()).or_insert(place);
                }
            }
        }
    }
    named
}

/// Words of the form `E` and four digits.
fn codes(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| {
            let digits = word.strip_prefix('E').unwrap_or("");
            digits.len() == 4 && digits.bytes().all(|b| b.is_ascii_digit())
        })
}

/// Line and target of each link outside code blocks.
fn targets(text: &str) -> Vec<(usize, &str)> {
    let (mut found, mut is_code) = (Vec::new(), false);
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            is_code = !is_code;
        }
        let pieces = line.split("](").skip(1).filter(|_| !is_code);
        for piece in pieces {
            found.extend(piece.split_once(')').map(|(target, _)| (number, target)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::rust::RustFile;

    fn house(rust: &str, texts: &[(&str, &str)]) -> House {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        House {
            root: std::path::PathBuf::from("/srv/elsewhere/checkout"),
            rust: vec![RustFile::read("crates/x/src/a.rs".into(), rust.into())],
            texts: texts.iter().map(own).collect(),
        }
    }

    #[test]
    fn codes_and_pages_must_match_both_ways() {
        let source = "// E0001 in prose\nlet a = \"E0101\";\n";
        let page = ("errors/E0101/why.md", "# E0101\n");
        assert_eq!(errors(&house(source, &[page])), []);
        assert_eq!(errors(&house(source, &[])).len(), 1);
        assert_eq!(errors(&house("", &[page])).len(), 1);
        let guide = ("docs/guide/a.md", "see `E0101` and E0102\n");
        assert_eq!(cited_errors(&house(source, &[page, guide])).len(), 1);
    }

    #[test]
    fn a_gap_and_a_dead_citation_are_found() {
        let first = ("docs/decisions/0001-a.md", "# A\n");
        let third = ("docs/decisions/0003-c.md", "# C\n");
        assert_eq!(decisions(&house("", &[first, third])).len(), 1);
        assert_eq!(decisions(&house("// see decision 0001\n", &[first])), []);
        assert_eq!(
            decisions(&house("// see decision 0009\n", &[first])).len(),
            1
        );
    }

    #[test]
    fn personal_folders_and_dead_links_are_found() {
        let sign = format!("see /{}/someone/notes\n", "home");
        let beside = "see /srv/elsewhere/other\n";
        assert_eq!(
            paths(&house("", &[("a.md", &sign), ("b.md", beside)])).len(),
            2
        );
        assert_eq!(
            paths(&house("", &[("a.md", "https://example.org/root/x")])),
            []
        );
        assert_eq!(
            links(&house("", &[("a.md", "[x](nowhere.md) [y](#z)")])).len(),
            1
        );
    }
}
