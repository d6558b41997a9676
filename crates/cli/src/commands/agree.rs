//! `handfast signer`, and what of `handfast charter` people agree by: draft, discuss, sign, log.

use std::path::PathBuf;
use std::process::ExitCode;

use handfast_model::question::AsOf;
use handfast_model::{Instant, Refusal, Seq};
use handfast_service::agree::doing::{self, Signing, Speaker};
use handfast_service::agree::mode::Mode;
use handfast_service::agree::signers::{self, Key, NewSigner};
use handfast_service::agree::state::{Agreement, Signer};
use handfast_service::agree::story;
use handfast_service::agree::texts;
use handfast_service::book::{Book, VISION};
use handfast_service::moments;

use crate::args::charter::{Removing, Saying, Show, Sign};
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
            let (seq, path) = signers::add_signer(&book, &new, super::now())?;
            print(&format!(
                "{name} may sign for team {team}: commit {seq}\n  the key is in {}: whoever has it \
                 can sign as {name}; keep a copy{}",
                path.display(),
                key.as_ref().map_or_else(String::new, |_| format!(
                    "\n  it is used with: --as {name} --key {}",
                    path.display()
                ))
            ))
        }
        SignerAction::Remove(asked) => remove(asked),
        SignerAction::List { book } => {
            let agreement = Agreement::read(&Book::read(book, super::now())?, AsOf::Latest)?;
            if agreement.signers.is_empty() {
                return print("nobody may sign yet: handfast signer add --help");
            }
            print(&agreement.signers.iter().map(listed).collect::<String>())
        }
    }
}

fn remove(asked: &Removing) -> Result<ExitCode, Refusal> {
    let book = Book::open(&asked.book, &super::opening())?;
    let by = (asked.signer.as_str(), &place(asked.key.as_ref())?);
    let (name, signer) = (&asked.name, &asked.signer);
    let gone = signers::remove_signer(&book, name, by, &asked.why, super::now())?;
    let mut text = format!(
        "{name} may sign no more: commit {}; what {name} signed stands",
        gone.seq
    );
    let dir = book.dir.display();
    for draft in &gone.open {
        text.push_str(&format!(
            "\n  `{draft}` is open and carries that signature; to take it back:\n    handfast \
             charter withdraw {dir} {draft} --as {signer} --text WHY"
        ));
    }
    print(&text)
}

fn listed(one: &Signer) -> String {
    let (name, side, team) = (&one.name, one.side.word(), &one.team);
    let voucher = one.voucher.as_ref();
    let voucher = voucher.map_or_else(String::new, |by| format!(", vouched by {by}"));
    let key = one.key.get(..12).unwrap_or_default();
    format!(
        "{name}  {side} (team {team}), key {key}…, since {}{voucher}\n",
        one.at
    )
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

/// What is done with words about a draft.
type Say = fn(&Book, &str, (&Speaker<'_>, &str), Instant) -> Result<Seq, Refusal>;

fn say(said: &Saying, done: Say) -> Result<Seq, Refusal> {
    let book = Book::open(&said.book, &super::opening())?;
    let key = match &said.signer {
        Some(name) => Some((name, place(said.key.as_ref())?)),
        None => None,
    };
    let speaker = match &key {
        Some((name, key)) => Speaker::Signer(name, key),
        None => Speaker::Named(said.by.as_deref().unwrap_or_default()),
    };
    done(
        &book,
        &said.draft,
        (&speaker, said.text.as_str()),
        super::now(),
    )
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
            if kept.brings_rights() {
                text.push_str(
                    "  its rights count once it is in force; until then, those that are in force \
                     say what can be conceded\n",
                );
            }
            text.push_str(&format!(
                "  try it:  handfast ask funnel --book {dir} --view cohort --charter {name}\n  \
                 sign it: handfast charter sign {dir} {name} --as SIGNER [--key FILE]"
            ));
            print(&text)
        }
        CharterAction::Drafts { book } => drafts(&Book::read(book, super::now())?),
        CharterAction::Discuss(said) => {
            let seq = say(said, doing::discuss)?;
            print(&format!("kept: commit {seq}"))
        }
        CharterAction::Withdraw(said) => {
            let seq = say(said, doing::withdraw)?;
            print(&format!("withdrawn: commit {seq}"))
        }
        CharterAction::Sign(asked) => sign(asked),
        CharterAction::Fitness(asked) => super::rehearse::fitness(asked),
        CharterAction::Rehearse(asked) => super::rehearse::run(asked),
        CharterAction::Show(asked) => show(asked),
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
    for ruling in &done.untold {
        text.push_str(&format!(
            "a ruling of which nothing can be told now, and so nothing overturned: {ruling}\n"
        ));
    }
    text.push_str(&match done.agreed {
        Some(agreed) => format!(
            "both sides agree: it is in force from {}\n  charter/ is as it was; to go on from \
             these texts: handfast charter show {1} {name} --out {1}/charter",
            agreed.effective,
            book.dir.display()
        ),
        None => match done.differs {
            Some(why) => format!("NOT AGREED, though both sides have signed: {why}"),
            None => "it is in force once the other side signs the same".to_owned(),
        },
    });
    print(&text)
}

/// Prints texts, or writes them to a folder.
fn show(asked: &Show) -> Result<ExitCode, Refusal> {
    let book = Book::read(&asked.book, super::now())?;
    let as_of = moments::as_of(&book, asked.as_of.as_deref(), None)?;
    let found = texts::texts(&book, asked.charter.as_deref(), as_of)?;
    let name = found.draft.as_ref();
    let name = name.map_or_else(String::new, |name| format!("`{name}`, "));
    let Some(folder) = &asked.out else {
        let mut text = format!("# {name}{}\n", found.hash);
        // What it is all for stands on the first page.
        let is_vision = |path: &str| path.ends_with(VISION);
        let (first, rest): (Vec<_>, Vec<_>) =
            found.files.iter().partition(|(path, _)| is_vision(path));
        for (path, file) in first.into_iter().chain(rest) {
            text.push_str(&format!("\n# {path}\n{file}"));
        }
        return print(&text);
    };
    found.put(&book, folder)?;
    print(&format!(
        "{}: {} files of {name}{}",
        folder.display(),
        found.files.len(),
        found.hash
    ))
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
