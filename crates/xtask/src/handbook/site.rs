//! mdBook at work: had once through cargo, given generated sources, and its HTML checked. It is a
//! tool beside us (MPL-2.0), never linked.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::pages::Page;
use crate::run;

/// The version that the site is made for.
const VERSION: &str = "0.5.4";

const SETTINGS: &str = r#"[book]
title = "Handfast"
description = "One ledger, one funnel, one set of definitions for marketing and sales."
language = "en"

[build]
build-dir = "../handbook"
create-missing = false
use-default-preprocessors = false

[output.html]
default-theme = "light"
preferred-dark-theme = "coal"
additional-css = ["handbook.css"]
no-section-label = true

[output.html.fold]
enable = true

[output.html.search]
heading-split-level = 2
"#;

/// Files that mdBook reads beside the pages. A sheet of fonts keeps it from bringing its own.
const OWN: [(&str, &str); 4] = [
    ("book.toml", SETTINGS),
    ("handbook.css", include_str!("handbook.css")),
    ("theme/favicon.svg", include_str!("favicon.svg")),
    ("theme/fonts/fonts.css", "/* The reader's own fonts. */\n"),
];

/// Renders the pages; gives the first one. mdBook is installed where it is missing.
pub fn build(pages: &[Page]) -> Result<PathBuf, String> {
    let (sources, site) = (folder("handbook-src"), folder("handbook"));
    clear(&sources)?;
    clear(&site)?;
    for (name, text) in OWN {
        write(&sources.join(name), text)?;
    }
    write(&sources.join("src/SUMMARY.md"), &summary(pages))?;
    for page in pages {
        write(&sources.join("src").join(&page.path), &page.text)?;
    }
    let mut command = Command::new(tool()?);
    run::step("handbook", command.arg("build").arg(&sources))?;
    let wrong = checked(&site)?;
    match wrong.is_empty() {
        true => Ok(site.join("index.html")),
        false => Err(format!("the rendered handbook:\n{}", wrong.join("\n"))),
    }
}

/// Whether mdBook is at hand.
pub fn has_tool() -> bool {
    found().is_some()
}

fn tool() -> Result<PathBuf, String> {
    if let Some(tool) = found() {
        return Ok(tool);
    }
    let tools = tools().ok_or("neither XDG_CACHE_HOME nor HOME says where tools may be kept")?;
    let mut install = run::cargo();
    install.args(["install", "--locked", "--no-default-features"]);
    install.args(["--features", "search", "--root"]).arg(&tools);
    install.arg(format!("mdbook@{VERSION}"));
    run::step(
        "install mdBook, once (two minutes of two cores)",
        &mut install,
    )?;
    found().ok_or_else(|| {
        format!(
            "mdBook was installed into {}, but is not there",
            tools.display()
        )
    })
}

/// mdBook in our cache or on the path, of our version.
fn found() -> Option<PathBuf> {
    let own = tools().map(|tools| tools.join("bin/mdbook"));
    let places = own.into_iter().chain([PathBuf::from("mdbook")]);
    places.into_iter().find(|place| {
        let output = Command::new(place).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(VERSION))
    })
}

fn tools() -> Option<PathBuf> {
    let named = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let cache = named("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.or_else(|| Some(PathBuf::from(named("HOME")?).join(".cache")));
    Some(cache?.join("handfast/tools"))
}

fn folder(name: &str) -> PathBuf {
    let target = run::binary("")
        .ok()
        .and_then(|binary| Some(binary.parent()?.to_path_buf()));
    target
        .unwrap_or_else(|| run::root().join("target"))
        .join(name)
}

fn clear(folder: &Path) -> Result<(), String> {
    match folder.exists() {
        true => fs::remove_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display())),
        false => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent)
        .and_then(|()| fs::write(path, text))
        .map_err(|why| format!("{}: {why}", path.display()))
}

/// mdBook's table of contents.
fn summary(pages: &[Page]) -> String {
    let (mut summary, mut part) = ("# Summary\n".to_owned(), "");
    for page in pages {
        if page.part != part {
            part = page.part;
            summary.push_str(&format!("\n# {part}\n\n"));
        }
        let Page { title, path, .. } = page;
        match part.is_empty() {
            true => summary.push_str(&format!("\n[{title}]({path})\n")),
            false => {
                let indent = "  ".repeat(page.depth);
                summary.push_str(&format!("{indent}- [{title}]({path})\n"));
            }
        }
    }
    summary
}

/// What is wrong with the HTML: links that lead nowhere, and anything fetched from elsewhere.
fn checked(site: &Path) -> Result<Vec<String>, String> {
    let mut files = BTreeMap::new();
    enter(site, site, &mut files)?;
    let ids: BTreeMap<&String, BTreeSet<&str>> = files
        .iter()
        .filter_map(|(path, text)| Some((path, values(text.as_ref()?, " id=\"").collect())))
        .collect();
    let mut wrong = Vec::new();
    for (path, text) in &files {
        // Both repeat what the pages say, under other addresses.
        let Some(text) = text
            .as_ref()
            .filter(|_| path != "print.html" && path != "404.html")
        else {
            continue;
        };
        for fetched in
            values(text, " src=\"").chain(values(text, "<link rel=\"stylesheet\" href=\""))
        {
            if fetched.contains("//") {
                wrong.push(format!("{path} fetches {fetched}"));
            }
        }
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for target in values(text, " href=\"") {
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let is_outside = target.contains("://") || target.starts_with("mailto:");
            let file = match file {
                "" => path.clone(),
                file => super::links::joined(folder, file),
            };
            let has_anchor = || ids.get(&file).is_some_and(|ids| ids.contains(anchor));
            let is_there = files.contains_key(&file) && (anchor.is_empty() || has_anchor());
            if !is_outside && !is_there {
                wrong.push(format!("{path}: {target} leads nowhere"));
            }
        }
    }
    Ok(wrong)
}

/// Every file by its path in the site, with its text where it is a page.
fn enter(
    site: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, Option<String>>,
) -> Result<(), String> {
    let wrong = |why| format!("{}: {why}", folder.display());
    for entry in fs::read_dir(folder).map_err(wrong)? {
        let path = entry.map_err(wrong)?.path();
        if path.is_dir() {
            enter(site, &path, files)?;
            continue;
        }
        let is_page = path.extension().is_some_and(|kind| kind == "html");
        let text = is_page.then(|| fs::read_to_string(&path)).transpose();
        let name = path.strip_prefix(site).unwrap_or(&path);
        let name = name.to_string_lossy().replace('\\', "/");
        files.insert(name, text.map_err(wrong)?);
    }
    Ok(())
}

/// What stands between an opening and the next quote.
fn values<'a>(text: &'a str, opening: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(opening)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
}
