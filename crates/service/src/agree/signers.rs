//! Who may sign: people of teams who hold a key. Each is added with a voucher of their side, and
//! removed by one of their side; what was signed before stands.

use std::path::{Path, PathBuf};

use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Charter, Instant, Refusal, Seq};

use super::doing::{base, line};
use super::keys::{self, Secret};
use super::state::{Agreement, Signer};
use super::statement::{Introduction, Removal};
use super::{SIDES, refuse};
use crate::book::Book;

/// Somebody who is to sign for a team.
pub struct NewSigner<'a> {
    /// Name.
    pub name: &'a str,
    /// A team of the charter in force.
    pub team: &'a str,
    /// Where the new key goes.
    pub key: &'a Key,
    /// The signer of the same side who vouches, where there is one.
    pub voucher: Option<(&'a str, &'a Key)>,
}

/// Where a signer's key lies.
pub enum Key {
    /// In this file.
    File(PathBuf),
    /// Where keys lie in this folder of settings.
    Settings(PathBuf),
    /// In memory: it was kept sealed, and whoever signs has just opened it.
    Held(Secret),
}

impl Key {
    fn path(&self, book: &str, name: &str) -> PathBuf {
        match self {
            Key::File(path) => path.clone(),
            Key::Settings(folder) => keys::place(folder, book, &file_name(name)),
            Key::Held(_) => PathBuf::from("the key that is kept for you"),
        }
    }
}

/// A name as a part of a path.
fn file_name(name: &str) -> String {
    let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
    name.chars().map(plain).collect()
}

/// Refuses somebody who cannot be added, before anything is made for them. Gives the name that
/// will be theirs.
pub fn may_add(book: &Book, new: &NewSigner<'_>) -> Result<String, Refusal> {
    let name = line(new.name);
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let side = side_for(&agreement, &charter, (&name, new.team))?;
    let base = base(book)?;
    voucher(&agreement, (&name, side), new.voucher.as_ref(), &base.book)?;
    Ok(name)
}

/// The side that a name of a team would sign for.
fn side_for(
    agreement: &Agreement,
    charter: &Charter,
    (name, team): (&str, &str),
) -> Result<Side, Refusal> {
    let side = side_of(charter, team)?;
    if name.is_empty() || name.len() > 64 {
        let why = "a signer's name has 1 to 64 bytes".to_owned();
        return Err(refuse::no_signer(
            why,
            "handfast signer add BOOK NAME --team TEAM",
        ));
    }
    if agreement.side_of(name).is_some_and(|known| known != side) {
        let why = format!("`{name}` signs for the other side");
        return Err(refuse::no_signer(
            why,
            "nobody signs for both; give another name",
        ));
    }
    Ok(side)
}

/// Makes a key, and adds its holder as a signer. Gives the commit and where the key lies.
pub fn add_signer(
    book: &Book,
    new: &NewSigner<'_>,
    now: Instant,
) -> Result<(Seq, PathBuf), Refusal> {
    let name = line(new.name);
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let side = side_for(&agreement, &charter, (&name, new.team))?;
    let base = base(book)?;
    let voucher = voucher(&agreement, (&name, side), new.voucher.as_ref(), &base.book)?;
    let path = new.key.path(&base.book, &name);
    let key = match new.key {
        Key::Held(secret) => Secret::of(&secret.seed()),
        Key::File(_) | Key::Settings(_) => key(&agreement, &path)?,
    };
    let introduction = Introduction {
        base,
        name: name.clone(),
        team: new.team.to_owned(),
        side,
        key: key.public(),
        voucher: voucher.as_ref().map(|(name, _)| name.clone()),
    };
    let text = introduction.text();
    let mut texts = vec![("signature".to_owned(), key.sign(&text))];
    texts.extend(voucher.map(|(_, key)| ("voucher".to_owned(), key.sign(&text))));
    texts.insert(0, ("statement".to_owned(), text));
    let note = format!("{name} may sign for {}", side.word());
    Ok((book.ledger.act("signer", &note, texts, now)?, path))
}

/// A new key; or the one that lies there, if nobody signs by it in this book: it was made for an
/// act that then failed, or for another book.
fn key(agreement: &Agreement, path: &Path) -> Result<Secret, Refusal> {
    if !path.exists() {
        return Secret::create(path);
    }
    let key = Secret::open(path)?;
    let mut known = agreement.introduced.iter();
    match known.any(|known| known.key == key.public()) {
        true => Err(refuse::key_is_there(path)),
        false => Ok(key),
    }
}

/// The signer who vouches for a new one, if the side has any, and their secret.
fn voucher(
    agreement: &Agreement,
    (name, side): (&str, Side),
    given: Option<&(&str, &Key)>,
    book: &str,
) -> Result<Option<(String, Secret)>, Refusal> {
    let known: Vec<&Signer> = agreement.signers_of(side).collect();
    if known.is_empty() {
        return Ok(None);
    }
    let found = given.and_then(|(voucher, key)| {
        let signer = known.iter().find(|signer| signer.name == *voucher)?;
        Some((signer, key))
    });
    let Some((signer, key)) = found else {
        let names: Vec<&str> = known.iter().map(|signer| signer.name.as_str()).collect();
        return Err(refuse::needs_voucher(name, side, &names));
    };
    Ok(Some((signer.name.clone(), secret(signer, key, book)?)))
}

/// The side that a team signs for.
pub fn side_of(charter: &Charter, team: &str) -> Result<Side, Refusal> {
    let known = charter
        .teams
        .iter()
        .filter(|team| SIDES.contains(&team.side));
    let names: Vec<&str> = known.clone().map(|team| team.id.as_str()).collect();
    let found = known.into_iter().find(|known| known.id == team);
    found.map(|team| team.side).ok_or_else(|| {
        let fix = match names.is_empty() {
            true => "charter/teams.toml: [team.growth]\nside = \"marketing\"\nand \
                     [team.field]\nside = \"sales\""
                .to_owned(),
            false => format!("--team with one of: {}", names.join(", ")),
        };
        refuse::no_signer(format!("`{team}` is no team of marketing or sales"), fix)
    })
}

/// A signer who is not one any more.
pub struct Gone {
    /// The commit.
    pub seq: Seq,
    /// The drafts, not agreed yet, that carry their signature.
    pub open: Vec<String>,
}

/// Takes a signer's leave to sign: by the signer, or by another of the same side.
pub fn remove_signer(
    book: &Book,
    name: &str,
    (by, key): (&str, &Key),
    why: &str,
    now: Instant,
) -> Result<Gone, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let signer = named(&agreement, name)?;
    let by = named(&agreement, by)?;
    let (side, others) = (signer.side.word(), agreement.signers_of(signer.side));
    if by.side != signer.side {
        let why = format!(
            "`{}` signs for {}, and `{}` for {side}",
            by.name,
            by.side.word(),
            signer.name
        );
        return Err(refuse::no_signer(
            why,
            format!("each side removes its own: --as with a signer of {side}"),
        ));
    }
    if others.count() < 2 {
        let why = format!("`{}` is the only signer of {side}", signer.name);
        let fix = format!(
            "a side without signers could sign nothing: add the next one first, handfast signer \
             add {} NAME --team {} --voucher {}",
            book.dir.display(),
            signer.team,
            signer.name
        );
        return Err(refuse::no_signer(why, fix));
    }
    let removal = Removal {
        base: base(book)?,
        name: signer.name.clone(),
        key: signer.key.clone(),
        by: by.name.clone(),
        why: line(why),
    };
    let secret = secret(by, key, &removal.base.book)?;
    let note = format!("{name} signs for {side} no more");
    let texts = signed(&secret, removal.text());
    let seq = book.ledger.act("removal", &note, texts, now)?;
    let open = agreement.drafts.iter().filter(|draft| {
        let stands = draft.signed_by(signer.side);
        let is_open = draft.agreed.is_none() && draft.withdrawn.is_none();
        is_open && stands.is_some_and(|one| one.statement.signer == signer.name)
    });
    let open = open.map(|draft| draft.name.clone()).collect();
    Ok(Gone { seq, open })
}

/// The signer of a name.
pub(super) fn named<'a>(agreement: &'a Agreement, name: &str) -> Result<&'a Signer, Refusal> {
    agreement.signer(name).ok_or_else(|| {
        let names: Vec<&str> = agreement
            .signers
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let fix = match names.is_empty() {
            true => "handfast signer add BOOK NAME --team TEAM".to_owned(),
            false => format!("--as with one of: {}", names.join(", ")),
        };
        refuse::no_signer(format!("nobody may sign as `{name}`"), fix)
    })
}

/// The secret of a signer; refuses a file that holds another key.
pub(super) fn secret(signer: &Signer, key: &Key, book: &str) -> Result<Secret, Refusal> {
    let path = key.path(book, &signer.name);
    let secret = match key {
        Key::Held(secret) => Secret::of(&secret.seed()),
        Key::File(_) | Key::Settings(_) => Secret::open(&path)?,
    };
    match secret.public() == signer.key {
        true => Ok(secret),
        false => Err(refuse::wrong_key(&path, signer)),
    }
}

/// A text with its signature, as an act keeps them.
pub(super) fn signed(secret: &Secret, text: String) -> Vec<(String, String)> {
    let signature = ("signature".to_owned(), secret.sign(&text));
    vec![signature, ("statement".to_owned(), text)]
}
