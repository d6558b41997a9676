//! `handfast identity`: who is who by people's own word.

use std::process::ExitCode;

use handfast_model::{Refusal, Seq};
use handfast_service::book::Book;
use handfast_service::identity::{Said, Verb, list, state, undo};

use super::import::tell_checked;
use crate::args::IdentityAction;
use crate::print;

/// Joins, separates, takes back, lists.
pub fn run(action: &IdentityAction) -> Result<ExitCode, Refusal> {
    let opening = super::opening();
    let said = |because| Said {
        author: &opening.author,
        because,
        now: opening.now,
    };
    let (book, stated, done) = match action {
        IdentityAction::Join(pair) => {
            let book = Book::open(&pair.book, &opening)?;
            let stated = state(
                &book,
                Verb::Join,
                [&pair.key, &pair.other],
                &said(&pair.because),
            )?;
            (book, stated, "joined")
        }
        IdentityAction::Separate { pair, even_merged } => {
            let book = Book::open(&pair.book, &opening)?;
            let verb = Verb::Separate {
                even_merged: *even_merged,
            };
            let stated = state(&book, verb, [&pair.key, &pair.other], &said(&pair.because))?;
            (book, stated, "separated")
        }
        IdentityAction::Undo {
            book,
            number,
            because,
        } => {
            let book = Book::open(book, &opening)?;
            let stated = undo(&book, Seq(*number), &said(because))?;
            (book, stated, "taken back")
        }
        IdentityAction::List { book } => return listed(&Book::read(book, super::now())?),
    };
    if let Some(stated) = &stated {
        tell_checked(&stated.checked);
    }
    match stated.map(|stated| stated.seq) {
        None => print("that is the last word on these two already; nothing was written"),
        Some(seq) => print(&format!(
            "{done}: commit {seq}; answers as of before stay as they were\n  \
             to take it back: handfast identity undo {} {seq} --because TEXT",
            book.dir.display()
        )),
    }
}

fn listed(book: &Book) -> Result<ExitCode, Refusal> {
    let list = list(book)?;
    if list.is_empty() {
        return print("nobody has joined or separated anything in this book");
    }
    let mut text = String::new();
    for said in list {
        let [a, b] = &said.keys;
        let undone = if said.is_undone { "taken back: " } else { "" };
        text.push_str(&format!(
            "{}  {undone}{}  {a}  {b}\n    {}, {}: {}\n",
            said.seq, said.verb, said.at, said.author, said.because
        ));
    }
    print(&text)
}
