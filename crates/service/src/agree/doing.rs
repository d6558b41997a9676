//! What people do to agree: propose, discuss, withdraw, sign. Each is refused unless
//! it will hold, and is an act in the ledger when it returns.

use std::path::Path;

use handfast_charter::{Change, TextFile, diff, forward, read_charter};
use handfast_model::question::AsOf;
use handfast_model::rights::{Severity, file_of};
use handfast_model::rules::Side;
use handfast_model::{Charter, Day, Instant, Refusal, Seq};

use super::mode::{self, InForce, Mode};
use super::signers::{self, Key};
use super::state::{Agreed, Agreement, Draft, Signer, commit};
use super::statement::{Base, Concession, FORM, Saying, Statement};
use super::{book_id, in_force, refuse};
use crate::book::{Book, CHARTER, VISION, first, texts_of};
use crate::{checks, dispute};

/// A draft that was kept, and what it changes.
pub struct Drafted {
    /// The commit.
    pub seq: Seq,
    /// The draft's hash.
    pub hash: String,
    /// Against the charter in force.
    pub changes: Vec<Change>,
}

impl Drafted {
    /// Whether it says otherwise who decides what, and what may be conceded.
    pub fn brings_rights(&self) -> bool {
        let mut changes = self.changes.iter();
        changes.any(|change| file_of(&change.what) == "rights")
    }
}

/// Keeps the texts of a folder (the book's own `charter/` if none is given) as a proposal.
pub fn draft(
    book: &Book,
    name: &str,
    (from, mode): (Option<&Path>, Mode),
    (by, why): (&str, &str),
    now: Instant,
) -> Result<Drafted, Refusal> {
    let own = book.dir.join("charter");
    let texts = texts_of(from.unwrap_or(&own), "charter", CHARTER)?;
    propose(book, name, (texts, mode), (by, why), now)
}

/// Texts that somebody sends, as files of a charter.
pub fn files(sent: Vec<(String, String)>) -> Result<Vec<TextFile>, Refusal> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
    let mut files = Vec::new();
    for (name, text) in sent {
        let stem = name.strip_suffix(".toml").unwrap_or_default();
        let is_file = !stem.is_empty() && stem.len() <= 64 && stem.chars().all(is_plain);
        if !is_file && name != VISION {
            let why = format!("`{name}` cannot be the name of a charter's file");
            return Err(refuse::cannot_draft(why, "as stages.toml or rights.toml"));
        }
        let path = format!("charter/{name}");
        files.push(TextFile { path, text });
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let mut pairs = files.windows(2);
    match pairs.any(|pair| matches!(pair, [one, other] if one.path == other.path)) {
        true => {
            let why = "two files have one name".to_owned();
            Err(refuse::cannot_draft(why, "each file once"))
        }
        false => Ok(files),
    }
}

/// Keeps texts as a proposal.
pub fn propose(
    book: &Book,
    name: &str,
    (texts, mode): (Vec<TextFile>, Mode),
    (by, why): (&str, &str),
    now: Instant,
) -> Result<Drafted, Refusal> {
    let charter = read_charter(&texts).map_err(first)?;
    let agreement = Agreement::read(book, AsOf::Latest)?;
    check_new(name, (&charter, mode), &agreement)?;
    let old = in_force(book, AsOf::Latest)?;
    // What is forward-only is not what its texts say alone: these may be proposed for all the past.
    let is_it = |old: &InForce| match mode {
        Mode::Retroactive => old.hash() == charter.hash,
        Mode::ForwardOnly => old.texts() == charter.hash,
    };
    if old.as_ref().is_some_and(is_it) {
        let why = "these texts are in force already, to the letter".to_owned();
        let fix = "change them first, or name another folder: --from DIR";
        return Err(refuse::cannot_draft(why, fix));
    }
    let since = charter.calendar.day_of(now);
    let (changes, over) = match old {
        Some(_) => {
            let old = latest(book, &agreement)?.0;
            if old.hash == charter.hash {
                let why = "these texts are agreed already, and their day is to come".to_owned();
                let fix = "handfast charter drafts BOOK shows from when";
                return Err(refuse::cannot_draft(why, fix));
            }
            if mode == Mode::ForwardOnly {
                let laid = forward(&old, charter.clone(), since);
                laid.map_err(|changes| mode::not_forward(name, &changes))?;
            }
            (diff(&old, &charter), old.hash)
        }
        None => (Vec::new(), String::new()),
    };
    let mut kept = vec![
        ("name".to_owned(), name.to_owned()),
        ("by".to_owned(), line(by)),
        ("why".to_owned(), line(why)),
        ("hash".to_owned(), charter.hash.clone()),
        ("mode".to_owned(), mode.word().to_owned()),
        ("over".to_owned(), over),
        ("since".to_owned(), since.to_string()),
    ];
    let pair = |TextFile { path, text }| (path, text);
    kept.extend(texts.into_iter().map(pair));
    let note = format!("draft {name} by {}", line(by));
    let seq = book.ledger.act("draft", &note, kept, now)?;
    Ok(Drafted {
        seq,
        hash: charter.hash,
        changes,
    })
}

/// Refuses a name or texts that are taken.
fn check_new(
    name: &str,
    (charter, mode): (&Charter, Mode),
    agreement: &Agreement,
) -> Result<(), Refusal> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !starts_well || name.len() > 64 || !name.chars().all(is_plain) {
        let why = format!("`{name}` cannot be the name of a draft");
        return Err(refuse::cannot_draft(
            why,
            "letters, digits, - and _, at most 64: mql-2026",
        ));
    }
    if agreement.drafts.iter().any(|draft| draft.name == name) {
        let why = format!("there is a draft `{name}` already, and a draft is never changed");
        return Err(refuse::cannot_draft(
            why,
            format!("give another name: {name}-2"),
        ));
    }
    let same = agreement
        .drafts
        .iter()
        .rfind(|draft| draft.hash == charter.hash && draft.mode == mode);
    let is_over = |draft: &&Draft| draft.withdrawn.is_some() || draft.agreed.is_some();
    if let Some(same) = same.filter(|draft| !is_over(draft)) {
        let why = format!(
            "these are the texts of the draft `{}`, to the letter",
            same.name
        );
        return Err(refuse::cannot_draft(
            why,
            "handfast charter drafts BOOK shows where it stands",
        ));
    }
    Ok(())
}

/// Who says something of a draft.
pub enum Speaker<'a> {
    /// Somebody by their name, which nobody proves.
    Named(&'a str),
    /// A signer, by their key.
    Signer(&'a str, &'a Key),
}

/// Keeps what somebody said about a draft.
pub fn discuss(
    book: &Book,
    draft: &str,
    said: (&Speaker<'_>, &str),
    now: Instant,
) -> Result<Seq, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    remark(
        book,
        "discuss",
        (&agreement, agreement.draft(draft)?),
        said,
        now,
    )
}

/// Ends a draft that is not agreed. Once it carries a signature, only a signer can.
pub fn withdraw(
    book: &Book,
    draft: &str,
    said: (&Speaker<'_>, &str),
    now: Instant,
) -> Result<Seq, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.draft(draft)?;
    check_open(draft)?;
    if let (Speaker::Named(_), Some(signed)) = (said.0, draft.signatures.last()) {
        return Err(refuse::only_signers_withdraw(draft, signed));
    }
    remark(book, "withdraw", (&agreement, draft), said, now)
}

fn remark(
    book: &Book,
    word: &str,
    (agreement, draft): (&Agreement, &Draft),
    (speaker, words): (&Speaker<'_>, &str),
    now: Instant,
) -> Result<Seq, Refusal> {
    let texts = match speaker {
        Speaker::Named(by) => {
            let texts = [
                ("name", draft.name.clone()),
                ("by", line(by)),
                ("words", line(words)),
            ];
            texts.map(|(name, text)| (name.to_owned(), text)).to_vec()
        }
        Speaker::Signer(name, key) => {
            let signer = signers::named(agreement, name)?;
            let saying = Saying {
                base: base(book)?,
                word: word.to_owned(),
                draft: draft.name.clone(),
                signer: signer.name.clone(),
                words: line(words),
            };
            let secret = signers::secret(signer, key, &saying.base.book)?;
            signers::signed(&secret, saying.text())
        }
    };
    let note = format!("{word} {}", draft.name);
    book.ledger.act(word, &note, texts, now)
}

/// A signature to be given.
pub struct Signing<'a> {
    /// The draft's name or hash.
    pub draft: &'a str,
    /// Who signs.
    pub signer: &'a str,
    /// Where the key lies.
    pub key: &'a Key,
    /// The day from which it is in force; else what the other side signed, else today.
    pub from: Option<Day>,
    /// `DEFINITION: WORDS`, for what the signer's side concedes.
    pub conceding: &'a [String],
    /// Deals whose rulings it overturns.
    pub overturning: &'a [String],
}

/// A signature that was given.
pub struct Signed {
    /// The commit.
    pub seq: Seq,
    /// The draft's name.
    pub draft: String,
    /// What it says of the time before its day.
    pub mode: Mode,
    /// The side it was given for.
    pub side: Side,
    /// The day that was signed.
    pub from: Day,
    /// Where both sides agree now: since when the draft is in force.
    pub agreed: Option<Agreed>,
    /// What the draft changes.
    pub changes: Vec<Change>,
    /// Rulings that nobody can tell of now, so that no draft overturns them.
    pub untold: Vec<String>,
    /// What keeps it from being agreed, where the other side has signed too.
    pub differs: Option<&'static str>,
}

/// Signs a draft.
pub fn sign(book: &Book, signing: &Signing<'_>, now: Instant) -> Result<Signed, Refusal> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let signer = signers::named(&agreement, signing.signer)?;
    let draft = agreement.draft(signing.draft)?;
    let charter = signable(draft)?;
    let (replaced, since) = latest(book, &agreement)?;
    let from = day(draft, signer, signing.from, (&charter, since, now))?;
    let changes = diff(&replaced, &charter);
    let meant = match draft.mode {
        Mode::Retroactive => charter.clone(),
        Mode::ForwardOnly => forward(&replaced, charter.clone(), from)
            .map_err(|changes| mode::not_forward(&draft.name, &changes))?,
    };
    let rulings = dispute::signing(book, (replaced.clone(), meant), signing.overturning)?;
    let statement = Statement {
        form: FORM,
        base: base(book)?,
        draft: draft.name.clone(),
        hash: charter.hash.clone(),
        replaces: replaced.hash.clone(),
        from,
        mode: draft.mode,
        signer: signer.name.clone(),
        conceding: concessions(signing.conceding, &replaced, &changes)?,
        overturning: rulings.overturned,
    };
    check_unsigned(draft, signer.side, &statement)?;
    let secret = signers::secret(signer, signing.key, &statement.base.book)?;
    let texts = signers::signed(&secret, statement.text());
    let note = format!(
        "{} signs {} for {}",
        signer.name,
        draft.name,
        signer.side.word()
    );
    let seq = book.ledger.act("sign", &note, texts, now)?;
    // What does not hold is written down, and marks the answers that rest on it.
    checks::after_commit(book);
    let after = Agreement::read(book, AsOf::Seq(seq))?;
    let kept = after.draft(&draft.name)?;
    Ok(Signed {
        seq,
        draft: draft.name.clone(),
        mode: draft.mode,
        side: signer.side,
        from,
        agreed: kept.agreed,
        untold: rulings.untold,
        changes,
        differs: kept.differs(),
    })
}

/// A draft's definitions, if it may be signed.
fn signable(draft: &Draft) -> Result<Charter, Refusal> {
    check_open(draft)?;
    let charter = draft.charter()?;
    if charter.hash != draft.hash {
        let why = format!(
            "the texts of `{}` are not those that were proposed",
            draft.name
        );
        return Err(refuse::cannot_sign(
            why,
            "handfast verify BOOK tells what was changed",
        ));
    }
    Ok(charter)
}

/// Refuses to sign the same twice for a side.
fn check_unsigned(draft: &Draft, side: Side, statement: &Statement) -> Result<(), Refusal> {
    let standing = draft.signed_by(side).map(|one| &one.statement);
    if let Some(ours) = standing.filter(|ours| ours.agrees_with(statement)) {
        let (side, other) = (side.word(), other(side).word());
        return Err(refuse::cannot_sign(
            format!(
                "{side} has signed `{}` already: {}",
                draft.name, ours.signer
            ),
            format!("the other signature is that of {other}"),
        ));
    }
    Ok(())
}

/// The last charter that was agreed or published, in force or not yet, and since when it is.
pub(super) fn latest(book: &Book, agreement: &Agreement) -> Result<(Charter, Instant), Refusal> {
    let (charter, _) = book.charter(AsOf::Latest, None)?;
    let waiting = agreement.drafts.iter().filter_map(|draft| {
        let agreed = draft
            .agreed
            .filter(|agreed| agreed.effective > book.now())?;
        Some((agreed.effective, agreed.seq, draft))
    });
    match waiting.max_by_key(|(effective, seq, _)| (*effective, *seq)) {
        Some((effective, _, draft)) => Ok((agreement.meaning(book, draft)?, effective)),
        None => Ok((charter, Instant(i64::MIN))),
    }
}

/// The day that is signed.
fn day(
    draft: &Draft,
    signer: &Signer,
    asked: Option<Day>,
    (charter, since, now): (&Charter, Instant, Instant),
) -> Result<Day, Refusal> {
    let calendar = &charter.calendar;
    let today = calendar.day_of(now);
    if let Some(past) = asked.filter(|day| *day < today) {
        let why = format!(
            "{past} is over: a charter is in force from the second signature at the \
                           earliest"
        );
        let fix = "leave --from out; questions about the past use the charter in force when they \
                   are asked, whatever period they are about";
        return Err(refuse::cannot_sign(why, fix));
    }
    let signed = |side: Side| draft.signed_by(side).map(|one| one.statement.from);
    let [ours, theirs] = [signer.side, other(signer.side)].map(signed);
    let day = asked.or(theirs).or(ours).unwrap_or(today);
    if calendar.start_of(day) < since && day < calendar.day_of(since) {
        let agreed = calendar.day_of(since);
        let why = format!("another charter is agreed from {agreed}, and would end this one then");
        return Err(refuse::cannot_sign(
            why,
            format!("--from {agreed}, or a later day"),
        ));
    }
    Ok(day)
}

fn concessions(
    asked: &[String],
    replaced: &Charter,
    changes: &[Change],
) -> Result<Vec<Concession>, Refusal> {
    let read = |text: &String| {
        let (definition, words) = text.split_once(':').unwrap_or((text, ""));
        let (definition, words) = (line(definition), line(words));
        let is_it =
            |change: &&Change| change.what == definition || file_of(&change.what) == definition;
        if !changes.iter().any(|change| is_it(&change)) {
            let mut named: Vec<&str> = changes.iter().map(|one| one.what.as_str()).collect();
            named.dedup();
            let fix = format!("it changes: {}", named.join(", "));
            return Err(refuse::cannot_concede(
                &definition,
                "the draft does not change it",
                fix,
            ));
        };
        if words.is_empty() {
            let fix = format!("--conceding \"{definition}: we try it for two quarters\"");
            return Err(refuse::cannot_concede(
                &definition,
                "it is not said why",
                fix,
            ));
        }
        // Of a whole file, every change of it must be free to concede.
        let must_agree =
            |change: &&Change| replaced.right(&change.what).severity == Severity::MustAgree;
        if let Some(change) = changes.iter().filter(is_it).find(must_agree) {
            let definition = &change.what;
            let fix = "change the draft until both sides stand behind it, or agree on a right \
                       first: charter/rights.toml, severity = \"may concede\"";
            let why = "both sides must agree on it";
            return Err(refuse::cannot_concede(definition, why, fix.to_owned()));
        }
        Ok(Concession { definition, words })
    };
    asked.iter().map(read).collect()
}

fn other(side: Side) -> Side {
    match side {
        Side::Marketing => Side::Sales,
        _ => Side::Marketing,
    }
}

fn check_open(draft: &Draft) -> Result<(), Refusal> {
    let why = match (&draft.agreed, &draft.withdrawn) {
        (Some(agreed), _) => format!(
            "both sides have signed `{}`, from {}",
            draft.name, agreed.from
        ),
        (None, Some(end)) => format!("`{}` was withdrawn by {}", draft.name, end.by),
        (None, None) => return Ok(()),
    };
    Err(refuse::cannot_sign(
        why,
        "propose another draft: handfast charter draft --help",
    ))
}

/// The end of the book, on which the next act is made.
pub(super) fn base(book: &Book) -> Result<Base, Refusal> {
    let seq = book.ledger.last_seq()?;
    Ok(Base {
        book: book_id(book)?,
        seq,
        commit: commit(book, seq)?,
    })
}

/// A text in one line, without control characters.
pub(crate) fn line(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    text.trim().chars().map(plain).collect()
}
