//! `handfast metric`: the catalogue with every definition's declarations.

use std::path::Path;
use std::process::ExitCode;

use handfast_charter::shipped_metrics;
use handfast_engine::answer::explained::{Explained, Listed, explain, list};
use handfast_model::Refusal;
use handfast_model::catalogue::Catalogue;
use handfast_model::question::AsOf;
use handfast_service::book::Book;

use crate::args::MetricAction;
use crate::print;

/// Lists or explains.
pub fn run(action: &MetricAction) -> Result<ExitCode, Refusal> {
    match action {
        MetricAction::List { book } => print(&lines(&list(&catalogue(book.as_deref())?))),
        MetricAction::Explain {
            name,
            all,
            markdown,
            book,
        } => {
            let catalogue = catalogue(book.as_deref())?;
            let names = match (name, all) {
                (Some(name), false) => vec![name.clone()],
                _ => list(&catalogue).into_iter().map(|one| one.name).collect(),
            };
            let shown = names.iter().map(|name| {
                let explained = explain(&catalogue, name)?;
                Ok(if *markdown {
                    page(&explained)
                } else {
                    text(&explained)
                })
            });
            print(&shown.collect::<Result<Vec<String>, Refusal>>()?.join("\n"))
        }
    }
}

/// The metrics of a book's charter in force, else those that ship.
fn catalogue(book: Option<&Path>) -> Result<Catalogue, Refusal> {
    match book {
        None => Ok(shipped_metrics().clone()),
        Some(book) => Ok(Book::read(book, super::now())?
            .charter(AsOf::Latest, None)?
            .0
            .catalogue),
    }
}

fn lines(all: &[Listed]) -> String {
    let width = all
        .iter()
        .map(|one| one.usage.chars().count())
        .max()
        .unwrap_or(0);
    let (mut text, mut subject) = (String::new(), "");
    for one in all {
        if one.subject != subject {
            let gap = if subject.is_empty() { "" } else { "\n" };
            text.push_str(&format!("{gap}{}\n", one.subject));
            subject = &one.subject;
        }
        let instead = match one.is_instead {
            true => " (the charter's, in place of the one that ships)",
            false => "",
        };
        text.push_str(&format!(
            "  {:<width$}  {}{instead}\n",
            one.usage, one.means
        ));
    }
    text
}

/// How wide the names beside a definition are.
const NAMES: usize = 24;

fn text(explained: &Explained) -> String {
    let listed = &explained.listed;
    let mut text = format!("{}: {}\n", listed.usage, listed.means);
    let mut line = |what: &str, how: &str| {
        let how = how.replace('\n', &format!("\n  {:NAMES$} ", ""));
        text.push_str(&format!("  {what:<NAMES$} {how}\n"));
    };
    if let Some(formula) = &explained.formula {
        line("formula", formula);
    }
    for (name, what) in &explained.measures {
        line(&format!("  {name}"), what);
    }
    for (what, how) in &explained.declares {
        line(what, how);
    }
    text
}

fn page(explained: &Explained) -> String {
    let listed = &explained.listed;
    let mut text = format!("## {}\n\n{}.\n\n", listed.usage, listed.means);
    if let Some(formula) = &explained.formula {
        text.push_str(&format!("    {formula}\n\n"));
    }
    for (name, what) in &explained.measures {
        text.push_str(&format!("- `{name}`: {what}\n"));
    }
    let gap = if explained.measures.is_empty() {
        ""
    } else {
        "\n"
    };
    text.push_str(&format!("{gap}| convention | |\n|---|---|\n"));
    for (what, how) in &explained.declares {
        let how = how.replace('|', "\\|").replace('\n', "<br>");
        text.push_str(&format!("| {what} | {how} |\n"));
    }
    text
}
