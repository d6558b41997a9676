//! The acts read in order: who may sign, what was proposed, what both sides signed.
//!
//! An act that does not hold counts for nothing: it is kept among [`Agreement::bad`], with why.

use std::path::Path;

use handfast_charter::{TextFile, charter_hash};
use handfast_ledger::Act;
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Charter, Day, Instant, Refusal, Seq};

use super::keys::is_signed;
use super::mode::Mode;
use super::statement::{Base, FORM, Introduction, Removal, Saying, Statement};
use super::{SIDES, WORDS, book_id, charter_of, keys, refuse};
use crate::book::{Book, VISION};

/// Everything about charters that people did.
#[derive(Default)]
pub struct Agreement {
    /// Who may sign; a name's last key counts.
    pub signers: Vec<Signer>,
    /// Every key that was ever added, oldest first.
    pub introduced: Vec<Signer>,
    /// Who was removed, oldest first.
    pub removed: Vec<Removed>,
    /// What was proposed, oldest first.
    pub drafts: Vec<Draft>,
    /// Acts that count for nothing.
    pub bad: Vec<Bad>,
    /// Since when both sides have signers: nobody puts a charter into force alone any more.
    pub signed_since: Option<Seq>,
}

/// A person of a team who may sign for the team's side.
#[derive(Clone, Debug)]
pub struct Signer {
    /// The commit that added the key.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Name.
    pub name: String,
    /// Team.
    pub team: String,
    /// The team's side at that time.
    pub side: Side,
    /// The public key, in hex.
    pub key: String,
    /// The signer of the same side who vouched.
    pub voucher: Option<String>,
}

/// The end of a signer's leave to sign.
#[derive(Clone, Debug)]
pub struct Removed {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Whose.
    pub name: String,
    /// For which side.
    pub side: Side,
    /// The signer who says so.
    pub by: String,
    /// Why.
    pub why: String,
}

/// A proposed charter.
pub struct Draft {
    /// The commit that keeps it.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// What people call it.
    pub name: String,
    /// Who proposes it.
    pub by: String,
    /// Why.
    pub why: String,
    /// Content hash of its files.
    pub hash: String,
    /// What it says of the time before its day.
    pub mode: Mode,
    /// The hash of the charter that it was proposed to replace.
    pub over: String,
    /// The day on which it was proposed, in its own zone.
    pub since: Day,
    /// Its files.
    pub files: Vec<(String, String)>,
    /// What people said about it.
    pub remarks: Vec<Remark>,
    /// Signatures that hold, oldest first; a side's last one counts.
    pub signatures: Vec<Signature>,
    /// Its end, if it was withdrawn.
    pub withdrawn: Option<Remark>,
    /// Since when both sides agree.
    pub agreed: Option<Agreed>,
}

/// Something that was said.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Who.
    pub by: String,
    /// Whether that is a signer who said it by their key; else it is a name that somebody typed.
    pub is_signed: bool,
    /// What.
    pub words: String,
}

/// A signature that holds.
#[derive(Clone, Debug)]
pub struct Signature {
    /// The commit.
    pub seq: Seq,
    /// When.
    pub at: Instant,
    /// Whose side.
    pub side: Side,
    /// What was signed.
    pub statement: Statement,
}

/// An agreement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// The commit of the signature that completed it.
    pub seq: Seq,
    /// The day both signed.
    pub from: Day,
    /// The instant from which the charter is in force: the beginning of that day, but not before
    /// the second signature.
    pub effective: Instant,
}

/// An act that does not hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bad {
    /// The commit.
    pub seq: Seq,
    /// What is wrong with it.
    pub what: String,
}

/// Why an act does not hold.
enum Wrong {
    /// It is wrong itself.
    Act(String),
    /// What it is about cannot be read.
    Refused(Refusal),
}

impl From<String> for Wrong {
    fn from(what: String) -> Wrong {
        Wrong::Act(what)
    }
}

impl From<&str> for Wrong {
    fn from(what: &str) -> Wrong {
        Wrong::Act(what.to_owned())
    }
}

impl Draft {
    /// The last signature of a side.
    pub fn signed_by(&self, side: Side) -> Option<&Signature> {
        self.signatures.iter().rev().find(|one| one.side == side)
    }

    /// Whether only a signer's key withdraws it: somebody signed it in a form that says so.
    fn needs_key(&self) -> bool {
        let mut signatures = self.signatures.iter();
        signatures.any(|one| one.statement.form >= FORM)
    }

    /// What keeps its two signatures from agreeing.
    pub fn differs(&self) -> Option<&'static str> {
        let [ours, theirs] = SIDES.map(|side| self.signed_by(side));
        ours?.statement.differs_by(&theirs?.statement)
    }

    /// The hash of its files.
    fn true_hash(&self) -> String {
        let files = self.files.iter().map(|(path, text)| TextFile {
            path: path.clone(),
            text: text.clone(),
        });
        charter_hash(&files.collect::<Vec<_>>())
    }

    /// Reads its definitions.
    pub fn charter(&self) -> Result<Charter, Refusal> {
        charter_of(&self.files)
    }
}

impl Agreement {
    /// What was done as of then.
    pub fn read(book: &Book, as_of: AsOf) -> Result<Agreement, Refusal> {
        let acts = book.ledger.acts(&WORDS, as_of)?;
        if acts.is_empty() {
            return Ok(Agreement::default());
        }
        let id = book_id(book)?;
        let mut agreement = Agreement::default();
        for act in &acts {
            let before = Seq(act.seq.0.saturating_sub(1));
            let base = Base {
                book: id.clone(),
                seq: before,
                commit: commit(book, before)?,
            };
            match agreement.add(act, &base) {
                Ok(()) => {}
                Err(Wrong::Refused(refusal)) => return Err(refusal),
                Err(Wrong::Act(what)) => {
                    let what = format!("{}: {what}; it counts for nothing", act.word);
                    agreement.bad.push(Bad { seq: act.seq, what });
                }
            }
        }
        Ok(agreement)
    }

    fn add(&mut self, act: &Act, base: &Base) -> Result<(), Wrong> {
        match act.word.as_str() {
            "signer" => self.add_signer(act, base),
            "removal" => self.remove_signer(act, base),
            "draft" => self.add_draft(act),
            "sign" => self.add_signature(act, base),
            _ => self.add_remark(act, base),
        }
    }

    fn add_signer(&mut self, act: &Act, base: &Base) -> Result<(), Wrong> {
        let text = act.text("statement");
        let read = Introduction::parse(text).ok_or("its text cannot be read")?;
        fits(&read.base, base)?;
        if !is_signed(&read.key, text, act.text("signature")) {
            return Err(format!("`{}` does not hold the key that was given", read.name).into());
        }
        if self.signers_of(read.side).next().is_some() {
            let voucher = read.voucher.as_deref().and_then(|name| self.signer(name));
            let voucher = voucher.filter(|voucher| voucher.side == read.side);
            let side = read.side.word();
            let voucher =
                voucher.ok_or(format!("no signer of {side} vouches for `{}`", read.name))?;
            if !is_signed(&voucher.key, text, act.text("voucher")) {
                return Err(format!("the signature of `{}` does not hold", voucher.name).into());
            }
        }
        if self
            .side_of(&read.name)
            .is_some_and(|known| known != read.side)
        {
            return Err(format!("`{}` signs for the other side", read.name).into());
        }
        self.signers.retain(|known| known.name != read.name);
        let signer = Signer {
            seq: act.seq,
            at: act.recorded_at,
            name: read.name,
            team: read.team,
            side: read.side,
            key: read.key,
            voucher: read.voucher,
        };
        self.introduced.push(signer.clone());
        self.signers.push(signer);
        if self.signed_since.is_none() && self.needs_signatures() {
            self.signed_since = Some(act.seq);
        }
        Ok(())
    }

    fn remove_signer(&mut self, act: &Act, base: &Base) -> Result<(), Wrong> {
        let text = act.text("statement");
        let read = Removal::parse(text).ok_or("its text cannot be read")?;
        fits(&read.base, base)?;
        let by = self.signed(&read.by, text, act)?;
        let signer = self.signer(&read.name);
        let signer = signer.filter(|one| one.key == read.key && one.side == by.side);
        let signer = signer.ok_or(format!("`{}` is no signer of that side", read.name))?;
        let side = signer.side;
        if self.signers_of(side).count() < 2 {
            return Err(format!("{} would have no signer left", side.word()).into());
        }
        self.signers.retain(|known| known.name != read.name);
        self.removed.push(Removed {
            seq: act.seq,
            at: act.recorded_at,
            name: read.name,
            side,
            by: read.by,
            why: read.why,
        });
        Ok(())
    }

    /// The signer of a name, whose key signed a text.
    fn signed(&self, name: &str, text: &str, act: &Act) -> Result<&Signer, String> {
        let signer = self.signer(name);
        let signer = signer.ok_or(format!("nobody may sign as `{name}`"))?;
        match is_signed(&signer.key, text, act.text("signature")) {
            true => Ok(signer),
            false => Err(format!("the signature of `{name}` does not hold")),
        }
    }

    fn add_draft(&mut self, act: &Act) -> Result<(), Wrong> {
        let name = act.text("name");
        if self.drafts.iter().any(|draft| draft.name == name) {
            return Err(format!("a second draft `{name}`").into());
        }
        let files = act.texts.iter().filter(|(path, _)| is_file(path));
        let mode = match act.text("mode") {
            "" => Mode::Retroactive,
            word => Mode::parse(word).ok_or(format!("`{word}` is no mode"))?,
        };
        let since = match act.text("since") {
            "" => Day(0),
            day => Day::parse(day).ok_or(format!("`{day}` is no day"))?,
        };
        self.drafts.push(Draft {
            seq: act.seq,
            at: act.recorded_at,
            name: name.to_owned(),
            by: act.text("by").to_owned(),
            why: act.text("why").to_owned(),
            hash: act.text("hash").to_owned(),
            mode,
            over: act.text("over").to_owned(),
            since,
            files: files.cloned().collect(),
            remarks: Vec::new(),
            signatures: Vec::new(),
            withdrawn: None,
            agreed: None,
        });
        Ok(())
    }

    fn add_signature(&mut self, act: &Act, base: &Base) -> Result<(), Wrong> {
        let text = act.text("statement");
        let statement = Statement::parse(text).ok_or("its text cannot be read")?;
        fits(&statement.base, base)?;
        let side = self.signed(&statement.signer, text, act)?.side;
        let of_name = |draft: &&mut Draft| draft.name == statement.draft;
        let draft = self.drafts.iter_mut().find(of_name);
        let draft = draft.ok_or(format!("there is no draft `{}`", statement.draft))?;
        if draft.withdrawn.is_some() || draft.agreed.is_some() {
            return Err(format!("`{}` is not open any more", draft.name).into());
        }
        if draft.true_hash() != statement.hash || draft.hash != statement.hash {
            return Err(format!("the texts of `{}` are not those signed", draft.name).into());
        }
        if draft.mode != statement.mode {
            let (draft, mode) = (&draft.name, draft.mode.word());
            return Err(format!("`{draft}` is {mode}, and something else was signed").into());
        }
        // What was signed and cannot be read is not passed over: another charter would be in force.
        let charter = draft.charter().map_err(Wrong::Refused)?;
        draft.signatures.push(Signature {
            seq: act.seq,
            at: act.recorded_at,
            side,
            statement,
        });
        let [ours, theirs] = SIDES.map(|side| draft.signed_by(side));
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && ours.statement.agrees_with(&theirs.statement)
        {
            let from = ours.statement.from;
            let effective = charter.calendar.start_of(from).max(act.recorded_at);
            draft.agreed = Some(Agreed {
                seq: act.seq,
                from,
                effective,
            });
        }
        Ok(())
    }

    /// A remark, or the one that withdraws.
    fn add_remark(&mut self, act: &Act, base: &Base) -> Result<(), Wrong> {
        let (name, remark) = self.said(act, base)?;
        let of_name = |draft: &&mut Draft| draft.name == name;
        let draft = self.drafts.iter_mut().find(of_name);
        let draft = draft.ok_or(format!("there is no draft `{name}`"))?;
        if act.word == "discuss" {
            draft.remarks.push(remark);
        } else if draft.agreed.is_some() || draft.withdrawn.is_some() {
            return Err(format!("`{name}` is not open any more").into());
        } else if !remark.is_signed && draft.needs_key() {
            return Err(format!("`{name}` is signed, and no signer withdraws it").into());
        } else {
            draft.withdrawn = Some(remark);
        }
        Ok(())
    }

    /// The draft that something was said of, and what.
    fn said(&self, act: &Act, base: &Base) -> Result<(String, Remark), Wrong> {
        let remark = |by: &str, is_signed, words: &str| Remark {
            seq: act.seq,
            at: act.recorded_at,
            by: by.to_owned(),
            is_signed,
            words: words.to_owned(),
        };
        let text = act.text("statement");
        if text.is_empty() {
            let remark = remark(act.text("by"), false, act.text("words"));
            return Ok((act.text("name").to_owned(), remark));
        }
        let read = Saying::parse(text).ok_or("its text cannot be read")?;
        fits(&read.base, base)?;
        if read.word != act.word {
            return Err(format!("`{}` was signed", read.word).into());
        }
        self.signed(&read.signer, text, act)?;
        let remark = remark(&read.signer, true, &read.words);
        Ok((read.draft, remark))
    }

    /// The signer of a name.
    pub fn signer(&self, name: &str) -> Option<&Signer> {
        self.signers.iter().find(|signer| signer.name == name)
    }

    /// The side that a name was ever added for. It stays that one, so that nobody signs for both.
    pub fn side_of(&self, name: &str) -> Option<Side> {
        let known = self.introduced.iter().find(|known| known.name == name);
        known.map(|known| known.side)
    }

    /// The signers of a side.
    pub fn signers_of(&self, side: Side) -> impl Iterator<Item = &Signer> {
        self.signers
            .iter()
            .filter(move |signer| signer.side == side)
    }

    /// Whether charters of this book come into force by signatures only.
    pub fn needs_signatures(&self) -> bool {
        SIDES
            .iter()
            .all(|side| self.signers_of(*side).next().is_some())
    }

    /// Whether a draft is called so.
    pub fn is_name(&self, asked: &str) -> bool {
        self.drafts.iter().any(|draft| draft.name == asked)
    }

    /// Whether a charter that is asked for is a folder. A draft's name is the draft, whatever
    /// folder lies here under it: `./NAME` is the folder. To whoever may name none it is never one,
    /// whatever lies where the program runs.
    pub fn is_folder(&self, book: &Book, asked: &str) -> bool {
        book.has_folders && Path::new(asked).is_dir() && !self.is_name(asked)
    }

    /// A refusal of a charter that nobody knows, with the drafts that could be meant.
    pub fn or_a_draft(&self, mut refusal: Refusal) -> Refusal {
        let names: Vec<&str> = self
            .drafts
            .iter()
            .map(|draft| draft.name.as_str())
            .collect();
        if !names.is_empty() {
            let fix = refusal.fix.take().unwrap_or_default();
            refusal = refusal.fix(format!("{fix}\ndrafts are: {}", names.join(", ")));
        }
        refusal
    }

    /// The draft of a name, or of a hash that begins with these six digits or more. Of drafts of
    /// the same texts it is the last one: the others were withdrawn.
    pub fn draft(&self, asked: &str) -> Result<&Draft, Refusal> {
        if let Some(draft) = self.drafts.iter().find(|draft| draft.name == asked) {
            return Ok(draft);
        }
        let bare = |hash: &str| hash.trim_start_matches("blake3:").to_ascii_lowercase();
        let digits = bare(asked);
        let fits = |draft: &&Draft| digits.len() >= 6 && bare(&draft.hash).starts_with(&digits);
        let found = || self.drafts.iter().filter(fits);
        match found().next_back() {
            Some(last) if found().all(|draft| draft.hash == last.hash) => Ok(last),
            last => Err(refuse::no_draft(asked, last.is_some(), &self.drafts)),
        }
    }
}

/// Whether a text of a draft's act is one of its files.
fn is_file(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|kind| kind == "toml")
        || Path::new(path)
            .file_name()
            .is_some_and(|name| name == VISION)
}

/// What a signature holds of a commit's hash.
pub(super) fn commit(book: &Book, seq: Seq) -> Result<String, Refusal> {
    let hash = book.ledger.commit_hash(seq)?;
    Ok(keys::hex(hash.get(..16).unwrap_or(&hash)))
}

fn fits(signed: &Base, base: &Base) -> Result<(), String> {
    match signed == base {
        true => Ok(()),
        false => Err("it was made for another place in another book or time".to_owned()),
    }
}
