//! Which pages the handbook has, in which order, and where each one stands. Paths are those of the
//! tree wherever a page is a file of it, so that a link seldom changes.

use super::cases;
use super::links::{relative, rewritten, slug};
use crate::tidy::House;

/// A page of the handbook.
pub struct Page {
    /// The file of the tree, or empty for a page that is made here.
    pub repo: String,
    /// Its path in the book.
    pub path: String,
    /// The part of the table of contents.
    pub part: &'static str,
    /// How far it is set in there.
    pub depth: usize,
    pub title: String,
    pub text: String,
}

/// The first two digits of a code, and what refuses with it.
const AREAS: [(&str, &str); 5] = [
    ("E01", "The charter and the packs"),
    ("E02", "The book"),
    ("E03", "Files and their mapping"),
    ("E04", "Questions"),
    ("E05", "The command line"),
];

/// All pages in the order of the table of contents.
pub fn pages(house: &House) -> Vec<Page> {
    let mut pages = Vec::new();
    let mut part = |name: &'static str, files: Vec<String>| {
        let head = files.first().cloned().unwrap_or_default();
        let nested = files.len() > 1 && head.ends_with("README.md");
        for file in files {
            let below = file.split('/').count() - head.split('/').count();
            let is_head_of_folder = below > 0 && file.ends_with("README.md");
            let depth = match nested && file != head {
                true => 1 + below - usize::from(is_head_of_folder),
                false => 0,
            };
            pages.extend(written(house, &file, name, depth));
        }
    };
    part("", vec!["README.md".to_owned()]);
    part("Guide", guide(house));
    part("Reference", folder(house, "docs/reference/"));
    part("Words", vec!["GLOSSARY.md".to_owned()]);
    cases_part(house, &mut pages);
    refusals_part(house, &mut pages);
    decisions_part(house, &mut pages);
    let mut part = |name: &'static str, files: Vec<String>| {
        let all = files
            .iter()
            .filter_map(|file| written(house, file, name, 0));
        pages.extend(all);
    };
    let mut inside = vec!["ARCHITECTURE.md".to_owned()];
    inside.extend(folder(house, "docs/internals/"));
    inside.push("docs/benchmarks.md".to_owned());
    part("Inside", inside);
    let project = [
        "CHANGELOG.md",
        "REGRESSIONS.md",
        "CONTRIBUTING.md",
        "STYLE.md",
        "errors/README.md",
        "errors/poor/README.md",
        "SECURITY.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
    ];
    part("Project", project.map(str::to_owned).to_vec());
    link_up(pages)
}

/// Where a path of the tree stands in the book, with the heading if it is a section of a page.
pub fn place(repo: &str, pages: &[Page]) -> Option<(String, String)> {
    let repo = repo.trim_end_matches('/');
    let own = |page: &&Page| !page.repo.is_empty() && page.repo == repo;
    if let Some(page) = pages.iter().find(own) {
        return Some((page.path.clone(), String::new()));
    }
    let index = format!("{repo}/index.md");
    if let Some(page) = pages.iter().find(|page| page.path == index) {
        return Some((page.path.clone(), String::new()));
    }
    let (folder, name) = repo
        .strip_prefix("cases/")?
        .split_once('/')
        .unwrap_or((repo.strip_prefix("cases/")?, ""));
    let page = pages
        .iter()
        .find(|page| page.path == format!("cases/{folder}.md"))?;
    // The sections of a folder's page stand in the order of its files; each says which it is.
    let sign = format!("<!-- {name} -->\n## ");
    let title = page
        .text
        .split_once(&sign)
        .map(|(_, rest)| rest.lines().next());
    let title = title.flatten().unwrap_or("");
    (name.is_empty() || !title.is_empty()).then(|| (page.path.clone(), slug(title)))
}

/// A file of the tree as a page, if it is there.
fn written(house: &House, repo: &str, part: &'static str, depth: usize) -> Option<Page> {
    let text = house.text(repo)?;
    let path = match repo {
        "errors/README.md" => "errors/writing.md".to_owned(),
        licence if licence.starts_with("LICENSE") => format!("{licence}.md"),
        other => other.replace("README.md", "index.md"),
    };
    let text = match repo.starts_with("LICENSE") {
        true => format!(
            "# {}\n\n```text\n{text}```\n",
            repo.replace("LICENSE-", "Licence ")
        ),
        false => text.to_owned(),
    };
    Some(page(repo, path, part, depth, text))
}

fn page(repo: &str, path: String, part: &'static str, depth: usize, text: String) -> Page {
    let heading = text.lines().find(|line| line.starts_with("# "));
    let title = heading.unwrap_or("# Untitled").trim_start_matches("# ");
    Page {
        repo: repo.to_owned(),
        path,
        part,
        depth,
        title: title.replace('`', ""),
        text,
    }
}

/// The Markdown files of a folder, its README first.
fn folder(house: &House, under: &str) -> Vec<String> {
    let is_in = |path: &&str| path.starts_with(under) && path.ends_with(".md");
    let mut files: Vec<String> = house
        .texts()
        .map(|(path, _)| path)
        .filter(is_in)
        .map(str::to_owned)
        .collect();
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    files.sort_by_key(|path| (folder(path), !path.ends_with("README.md"), path.clone()));
    files
}

/// The guide in the order in which its README names the pages; what it does not name comes last.
fn guide(house: &House) -> Vec<String> {
    let under = "docs/guide/";
    let mut files = folder(house, under);
    let readme = house.text("docs/guide/README.md").unwrap_or("");
    let rank = |path: &str| {
        let name = path.strip_prefix(under).unwrap_or(path);
        // What stands in a folder follows the folder's own first page.
        let folder = name.split_once('/').map(|(folder, _)| folder);
        let above = folder.map(|folder| format!("({folder}/README.md)"));
        let own = readme.find(&format!("({name})"));
        let place = above.and_then(|above| readme.find(&above)).or(own);
        place.unwrap_or(usize::MAX)
    };
    files.sort_by_key(|path| {
        let is_first = path == "docs/guide/README.md";
        (
            !is_first,
            rank(path),
            !path.ends_with("README.md"),
            path.clone(),
        )
    });
    files
}

fn cases_part(house: &House, pages: &mut Vec<Page>) {
    let (part, cases) = ("Cases", cases::cases(house));
    let index = cases::index(&cases);
    pages.push(page("", "cases/index.md".to_owned(), part, 0, index));
    let mut folders: Vec<&str> = cases.iter().map(|case| case.folder).collect();
    folders.dedup();
    for folder in folders {
        let text = cases::folder_page(folder, &cases);
        pages.push(page("", format!("cases/{folder}.md"), part, 1, text));
    }
}

/// Every refusal: its page, and what is said when it is provoked.
fn refusals_part(house: &House, pages: &mut Vec<Page>) {
    let mut index =
        "# Refusals by code\n\nWhatever is refused has a code. `handfast explain CODE` \
                     prints the same page in the terminal.\n"
            .to_owned();
    let mut found = Vec::new();
    for (path, text) in house.texts() {
        let Some(code) = path
            .strip_prefix("errors/")
            .and_then(|p| p.strip_suffix("/why.md"))
        else {
            continue;
        };
        let mut text = text.to_owned();
        if let Some(said) = house.text(&format!("errors/{code}/out.txt")) {
            text.push_str(&format!(
                "\nIn full, as it is said:\n\n```text\n{said}```\n"
            ));
        }
        text.push_str("\n[All refusals](..)\n");
        let place = format!("errors/{code}/why.md");
        found.push(page(path, place, "Refusals", 1, text));
    }
    for (area, name) in AREAS {
        index.push_str(&format!("\n## {name}\n\n| code | means |\n|---|---|\n"));
        for page in found.iter().filter(|page| page.title.starts_with(area)) {
            let (code, means) = page.title.split_once(": ").unwrap_or((&page.title, ""));
            index.push_str(&format!("| [{code}]({code}/why.md) | {means} |\n"));
        }
    }
    let elsewhere: Vec<&Page> = found
        .iter()
        .filter(|page| !AREAS.iter().any(|(area, _)| page.title.starts_with(area)))
        .collect();
    if !elsewhere.is_empty() {
        index.push_str("\n## Beside a number\n\n| code | means |\n|---|---|\n");
        for page in elsewhere {
            let (code, means) = page.title.split_once(": ").unwrap_or((&page.title, ""));
            let to = relative("errors", &page.path);
            index.push_str(&format!("| [{code}]({to}) | {means} |\n"));
        }
    }
    index.push_str("\nHow such a page is written: [errors](writing.md).\n");
    let path = "errors/index.md".to_owned();
    pages.push(page("", path, "Refusals", 0, index));
    pages.extend(found);
}

fn decisions_part(house: &House, pages: &mut Vec<Page>) {
    let mut index = "# Decisions\n\nOne page each: context, choice, cost, and what would change \
                     our mind.\n\n"
        .to_owned();
    let files = folder(house, "docs/decisions/");
    let found: Vec<Page> = files
        .iter()
        .filter_map(|file| written(house, file, "Decisions", 1))
        .collect();
    for page in &found {
        let name = relative("docs/decisions", &page.path);
        let number = name.split('-').next().unwrap_or("");
        let title = page
            .title
            .trim_start_matches(number)
            .trim_start_matches(['.', ' ']);
        index.push_str(&format!("- {number} [{title}]({name})\n"));
    }
    let path = "docs/decisions/index.md".to_owned();
    pages.push(page("", path, "Decisions", 0, index));
    pages.extend(found);
}

/// The links of written pages as the book has them.
fn link_up(pages: Vec<Page>) -> Vec<Page> {
    let texts: Vec<Option<String>> = pages
        .iter()
        .map(|page| {
            // Pages that are made here are linked as the book has it.
            let is_written = !page.repo.is_empty();
            is_written.then(|| rewritten(&page.text, &page.repo, &page.path, &pages))
        })
        .collect();
    let linked = |(mut page, text): (Page, Option<String>)| {
        page.text = text.unwrap_or(page.text);
        page
    };
    pages.into_iter().zip(texts).map(linked).collect()
}
