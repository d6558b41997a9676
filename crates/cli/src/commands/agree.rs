//! `handfast signer`, and what of `handfast charter` people agree by: draft, discuss, sign, log.

use std::path::PathBuf;
use std::process::ExitCode;

use handfast_model::Refusal;
use handfast_model::question::AsOf;
use handfast_service::agree::doing::{self, Key, NewSigner, Signing};
use handfast_service::agree::mode::Mode;
use handfast_service::agree::state::Agreement;
use handfast_service::agree::story;
use handfast_service::book::Book;

use crate::args::charter::Sign;
use crate::args::{CharterAction, SignerAction};
use crate::print;

/// Adds or lists signers.
pub fn signer(action: &SignerAction) -> Result<ExitCode, Refusal> {
    match action {
        SignerAction::Add {
            book,
            name,
            team,
            key,
            voucher,
            voucher_key,
        } => {
            let book = Book::open(book, &super::opening())?;
            let voucher_key = place(voucher_key.as_ref())?;
            let new = NewSigner {
                name,
                team,
                key: &place(key.as_ref())?,
                voucher: voucher.as_deref().map(|name| (name, &voucher_key)),
            };
            let (seq, path) = doing::add_signer(&book, &new, super::now())?;
            print(&format!(
                "{name} may sign for team {team}: commit {seq}\n  the key is in {}: whoever has it \
                 can sign as {name}; keep a copy",
                path.display()
            ))
        }
        SignerAction::List { book } => {
            let agreement = Agreement::read(&Book::read(book, super::now())?, AsOf::Latest)?;
            if agreement.signers.is_empty() {
                return print("nobody may sign yet: handfast signer add --help");
            }
            let line = |one: &handfast_service::agree::state::Signer| {
                let (name, side, team) = (&one.name, one.side.word(), &one.team);
                let voucher = one.voucher.as_ref();
                let voucher = voucher.map_or_else(String::new, |by| format!(", vouched by {by}"));
                let key = one.key.get(..12).unwrap_or_default();
                format!(
                    "{name}  {side} (team {team}), key {key}…, since {}{voucher}\n",
                    one.at
                )
            };
            print(&agreement.signers.iter().map(line).collect::<String>())
        }
    }
}

/// Where a key lies: the file that was given, else the user's folder of settings.
fn place(file: Option<&PathBuf>) -> Result<Key, Refusal> {
    if let Some(file) = file {
        return Ok(Key::File(file.clone()));
    }
    let of = |name: &str| {
        std::env::var_os(name)
            .map(PathBuf::from)
            .filter(|at| at.is_absolute())
    };
    let home = || of("HOME").map(|home| home.join(".config"));
    let settings = of("XDG_CONFIG_HOME")
        .or_else(home)
        .or_else(|| of("APPDATA"));
    settings.map(Key::Settings).ok_or_else(|| {
        Refusal::new("E0282", "there is no folder of settings to keep a key in")
            .fix("give the key's file: --key FILE")
    })
}

/// Proposes, discusses, withdraws, signs, tells.
pub fn charter(action: &CharterAction) -> Result<ExitCode, Refusal> {
    match action {
        CharterAction::Draft {
            book,
            name,
            from,
            by,
            why,
            forward_only,
        } => {
            let book = Book::open(book, &super::opening())?;
            let said = (by.as_str(), why.as_str());
            let mode = match forward_only {
                true => Mode::ForwardOnly,
                false => Mode::Retroactive,
            };
            let kept = doing::draft(&book, name, (from.as_deref(), mode), said, super::now())?;
            let mut text = format!(
                "`{name}` is proposed, {}: commit {}, {}\n",
                mode.word(),
                kept.seq,
                kept.hash
            );
            for change in &kept.changes {
                text.push_str(&format!("{change}\n"));
            }
            let dir = book.dir.display();
            text.push_str(&format!(
                "  try it:  handfast ask funnel --book {dir} --view cohort --charter {name}\n  \
                 sign it: handfast charter sign {dir} {name} --as SIGNER"
            ));
            print(&text)
        }
        CharterAction::Drafts { book } => drafts(&Book::read(book, super::now())?),
        CharterAction::Discuss(said) => {
            let book = Book::open(&said.book, &super::opening())?;
            let words = (said.by.as_str(), said.text.as_str());
            let seq = doing::discuss(&book, &said.draft, words, super::now())?;
            print(&format!("kept: commit {seq}"))
        }
        CharterAction::Withdraw(said) => {
            let book = Book::open(&said.book, &super::opening())?;
            let words = (said.by.as_str(), said.text.as_str());
            let seq = doing::withdraw(&book, &said.draft, words, super::now())?;
            print(&format!("withdrawn: commit {seq}"))
        }
        CharterAction::Sign(asked) => sign(asked),
        CharterAction::Fitness(asked) => super::rehearse::fitness(asked),
        CharterAction::Rehearse(asked) => super::rehearse::run(asked),
        CharterAction::Log { book } => log(&Book::read(book, super::now())?),
        CharterAction::Check { .. }
        | CharterAction::Diff { .. }
        | CharterAction::Publish { .. } => super::charter::run(action),
    }
}

fn drafts(book: &Book) -> Result<ExitCode, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    if agreement.drafts.is_empty() {
        return print("nothing is proposed: handfast charter draft --help");
    }
    let mut text = String::new();
    for draft in &agreement.drafts {
        let (name, by, why) = (&draft.name, &draft.by, &draft.why);
        let standing = story::standing(&agreement, draft, super::now());
        let mode = draft.mode.word();
        text.push_str(&format!(
            "{name}  {standing}, {mode}\n    {}, {by}: {why}\n",
            draft.at
        ));
    }
    print(&text)
}

fn sign(asked: &Sign) -> Result<ExitCode, Refusal> {
    let from = asked.from.as_deref().map(super::day);
    let book = Book::open(&asked.book, &super::opening())?;
    let signing = Signing {
        draft: &asked.draft,
        signer: &asked.signer,
        key: &place(asked.key.as_ref())?,
        from: from.transpose()?,
        conceding: &asked.conceding,
        overturning: &asked.overturning,
    };
    let done = doing::sign(&book, &signing, super::now())?;
    let (name, side) = (&done.draft, done.side.word());
    let mut text = format!(
        "`{name}` is signed for {side}, from {}, {}: commit {}\n",
        done.from,
        done.mode.word(),
        done.seq
    );
    for change in &done.changes {
        text.push_str(&format!("{change}\n"));
    }
    text.push_str(&match done.agreed {
        Some(agreed) => format!("both sides agree: it is in force from {}", agreed.effective),
        None => "it is in force once the other side signs the same".to_owned(),
    });
    print(&text)
}

/// Everything that happened to the book's charters, oldest first.
fn log(book: &Book) -> Result<ExitCode, Refusal> {
    let mut text = String::new();
    for event in story::story(book)? {
        let seq = event.seq.map_or_else(String::new, |seq| seq.to_string());
        text.push_str(&format!("ledger {seq:>6}  {}  {}\n", event.at, event.what));
        for line in event.more.iter().flat_map(|more| more.lines()) {
            text.push_str(&format!("    {line}\n"));
        }
    }
    match text.is_empty() {
        true => print("no charter has been in force yet"),
        false => print(&text),
    }
}
