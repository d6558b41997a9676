//! `cargo xtask handbook`: everything that is written here as one static site that needs no
//! network. Its sources are generated from the tree into `target/handbook-src` and never
//! committed; mdBook turns them into `target/handbook`.
//!
//! `pages` knows which page stands where, `cases` how a case is shown, `links` that every link
//! leads somewhere (a test, without mdBook), `site` the tool and the built HTML.

mod cases;
mod links;
mod pages;
mod site;

use crate::run;
use crate::tidy::House;

/// Generates the sources, has them rendered and checks what came out.
pub fn handbook(words: &[String]) -> Result<(), String> {
    if let Some(word) = words.first() {
        return Err(format!("handbook takes no words, and `{word}` is one"));
    }
    let house = House::read(&run::root())?;
    let pages = pages::pages(&house);
    let mut wrong = links::wrong(&pages);
    let lost = links::lost(&pages);
    wrong.extend(lost.iter().map(|path| format!("no page links to {path}")));
    if !wrong.is_empty() {
        return Err(format!("the handbook's links:\n{}", wrong.join("\n")));
    }
    let book = site::build(&pages)?;
    eprintln!("    {} pages: {}", pages.len(), book.display());
    Ok(())
}

/// Renders the site where mdBook is at hand; else says that it does not.
pub fn when_possible() -> Result<(), String> {
    if site::has_tool() {
        return handbook(&[]);
    }
    eprintln!("\nskipped: the handbook is not rendered; `cargo xtask handbook` fetches mdBook");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book() -> (House, Vec<pages::Page>) {
        let house = House::read(&run::root()).unwrap();
        let pages = pages::pages(&house);
        (house, pages)
    }

    #[test]
    fn every_link_of_the_handbook_leads_to_a_page_and_a_heading() {
        assert_eq!(links::wrong(&book().1), Vec::<String>::new());
    }

    #[test]
    fn every_page_of_the_handbook_is_reached_from_its_front() {
        let pages = book().1;
        let lost = links::lost(&pages);
        assert_eq!(lost, Vec::<&str>::new(), "no page links to these");
    }

    #[test]
    fn every_written_page_is_in_the_handbook() {
        let (house, pages) = book();
        let is_prose = |path: &str| {
            let is_ours = ["docs/", "cases/", "errors/"]
                .iter()
                .any(|folder| path.starts_with(folder));
            path.ends_with(".md") && (is_ours || !path.contains('/')) && path != "AGENTS.md"
        };
        let lost: Vec<&str> = house
            .texts()
            .map(|(path, _)| path)
            .filter(|path| is_prose(path) && pages::place(path, &pages).is_none())
            .collect();
        assert_eq!(lost, Vec::<&str>::new());
    }

    #[test]
    fn a_case_is_shown_as_tables_and_words() {
        let text = "# Two\n\nWords.\n\n```charter\npath  mql, won\n```\n\n```ledger\n\
                    2025-01-06  deal  #1  amount='5 <EUR>'\n```\n\n```ask\npursuits\n```\n\
                    ```answer\nAna\nissue  W0101  Odd  1\n```\n";
        let shown = cases::shown(text);
        for part in [
            "## Two",
            "<th>path</th><td>mql, won</td>",
            "<td>2025-01-06</td><td>deal</td><td>#1</td><td>amount='5 &lt;EUR&gt;'</td>",
            "<p class=\"asked\"><span>Question</span> <code>pursuits</code></p>",
            "Ana\n<mark>issue  W0101  Odd  1</mark>",
        ] {
            assert!(shown.contains(part), "{part} is not in\n{shown}");
        }
    }
}
