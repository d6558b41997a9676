//! What is refused while people agree.

use std::path::Path;

use handfast_model::Refusal;
use handfast_model::rules::Side;

use super::state::{Draft, Signature, Signer};

pub(crate) fn nothing_in_force(book: &Path) -> Refusal {
    let holds = |folder: &str| book.join(folder).join("stages.toml").exists();
    let book = book.display();
    let fix = match (holds("charter"), holds("charter-draft")) {
        (true, _) => format!(
            "handfast charter log {book} tells since when there is one; handfast charter publish \
             {book} puts the folder into force"
        ),
        (false, true) => format!(
            "read {book}/charter-draft, correct it, then\ncp {book}/charter-draft/*.toml \
             {book}/charter/ && handfast charter check {book} && handfast charter publish {book}"
        ),
        (false, false) => format!(
            "handfast source add {book} FILE… proposes one from an export of people, deals or \
             spend; or write {book}/charter/stages.toml, as docs/guide/charter.md says, then \
             handfast charter publish {book}"
        ),
    };
    Refusal::new("E0252", "no charter was in force then".to_owned())
        .matters("without definitions nothing can be counted")
        .fix(fix)
}

/// A charter folder without definitions, where a draft lies beside it.
pub(crate) fn lies_beside(book: &Path) -> Option<Refusal> {
    let draft = book.join("charter-draft/stages.toml");
    let title = "the charter folder is empty, and a draft lies beside it";
    draft.exists().then(|| {
        Refusal::new("E0104", title)
            .matters("what was proposed from the files is not yet what this book counts by")
            .fix(format!(
                "read {0}/charter-draft, correct it, then\n\
                 cp {0}/charter-draft/*.toml {0}/charter/",
                book.display()
            ))
    })
}

/// A folder of texts that are nowhere else.
pub(super) fn would_be_lost(book: &Path, folder: &Path) -> Refusal {
    let title = format!(
        "`{}` holds definitions that this book does not keep",
        folder.display()
    );
    Refusal::new("E0293", title)
        .matters("they would be lost")
        .fix(format!(
            "give another folder; or keep them first: handfast charter draft {} NAME --from {} \
             --by PERSON --why TEXT",
            book.display(),
            folder.display()
        ))
}

pub(crate) fn must_be_signed(book: &Path) -> Refusal {
    let title = "both teams have signers in this book, so a charter needs both signatures";
    Refusal::new("E0280", title)
        .matters("one team could otherwise change what the other team's figures mean")
        .fix(format!(
            "handfast charter draft {0} NAME --by PERSON --why TEXT\n\
             handfast charter sign {0} NAME --as SIGNER",
            book.display()
        ))
}

pub(super) fn no_draft(asked: &str, are_many: bool, drafts: &[Draft]) -> Refusal {
    let title = match are_many {
        true => format!("several drafts have a hash that begins with `{asked}`"),
        false => format!("there is no draft `{asked}`"),
    };
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let fix = match names.is_empty() {
        true => "handfast charter draft BOOK NAME --by PERSON --why TEXT proposes one".to_owned(),
        false => format!("one of: {}", names.join(", ")),
    };
    Refusal::new("E0281", title).fix(fix)
}

pub(super) fn no_key(path: &Path) -> Refusal {
    let title = format!("`{}` holds no signer's key", path.display());
    Refusal::new("E0282", title)
        .matters("without the secret key nobody can sign")
        .fix("give the key's file with --key FILE, or add a signer: handfast signer add --help")
}

pub(super) fn key_is_open(path: &Path) -> Refusal {
    let title = format!("others can read the key `{}`", path.display());
    Refusal::new("E0282", title)
        .matters("whoever reads it can sign in this name")
        .fix(format!("chmod 600 {}", path.display()))
}

pub(super) fn key_is_there(path: &Path) -> Refusal {
    let title = format!("there is a key at `{}` already", path.display());
    Refusal::new("E0282", title)
        .matters("a key is never written over: what was signed with it would be orphaned")
        .fix("--key FILE with another path")
}

pub(super) fn wrong_key(path: &Path, signer: &Signer) -> Refusal {
    let (path, name) = (path.display(), &signer.name);
    Refusal::new("E0282", format!("`{path}` is not the key of `{name}`"))
        .matters("a signature by it would not hold")
        .fix(format!(
            "--key with the file that `signer add` made for {name}"
        ))
}

pub(super) fn no_randomness(error: &str) -> Refusal {
    Refusal::new("E0282", format!("no key can be made: {error}"))
        .fix("the operating system must be able to give random bytes")
}

/// A signature that cannot be given.
pub(super) fn cannot_sign(why: String, fix: impl Into<String>) -> Refusal {
    Refusal::new("E0283", why)
        .matters("nothing was signed")
        .fix(fix)
}

pub(super) fn cannot_concede(definition: &str, why: &str, fix: String) -> Refusal {
    Refusal::new("E0284", format!("`{definition}` cannot be conceded: {why}"))
        .matters("nothing was signed")
        .fix(fix)
}

pub(crate) fn overturns(why: String, fix: impl Into<String>) -> Refusal {
    Refusal::new("E0287", why)
        .matters("nothing was signed: a ruling is not overturned unseen")
        .fix(fix)
}

/// Somebody who cannot be, or is no, signer.
pub(super) fn no_signer(why: String, fix: impl Into<String>) -> Refusal {
    Refusal::new("E0285", why)
        .matters("only a signer of a team can sign for its side")
        .fix(fix)
}

pub(super) fn needs_voucher(name: &str, side: Side, known: &[&str]) -> Refusal {
    let (side, all) = (side.word(), known.join(", "));
    match known.contains(&name) {
        true => no_signer(
            format!(
                "`{name}` signs for {side} already, and nobody of {side} vouches for a new key"
            ),
            format!("--voucher SIGNER, one of: {all}; the old key of {name} can vouch too"),
        ),
        false => no_signer(
            format!("{side} has signers, and none of them vouches for `{name}`"),
            format!("--voucher SIGNER, one of: {all}"),
        ),
    }
}

/// A draft that cannot be kept.
pub(super) fn cannot_draft(why: String, fix: impl Into<String>) -> Refusal {
    Refusal::new("E0286", why)
        .matters("nothing was written")
        .fix(fix)
}

/// A draft that somebody has signed, and that somebody without a key would end.
pub(super) fn only_signers_withdraw(draft: &Draft, signed: &Signature) -> Refusal {
    let (name, signer, side) = (&draft.name, &signed.statement.signer, signed.side.word());
    let title = format!("`{name}` is signed for {side} by {signer}: only a signer withdraws it");
    Refusal::new("E0292", title)
        .matters("anybody could otherwise take back in any name what a team has signed")
        .fix("--as SIGNER instead of --by, with your key: --key FILE if you made it with that")
}
