//! What a signer signs: a short text, one line per thing, in one order, so that it can be read by
//! people and has one form only.
//!
//! It knows `model` alone, so that a fuzzer builds it without the engine.

use handfast_model::rules::Side;
use handfast_model::{Day, Seq};

/// What a charter says of the time before its day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Mode {
    /// It replays all history.
    #[default]
    Retroactive,
    /// What was entered before its day stays as the charter before it says.
    ForwardOnly,
}

impl Mode {
    /// The word used in signatures and in the log.
    pub fn word(self) -> &'static str {
        match self {
            Mode::Retroactive => "retroactive",
            Mode::ForwardOnly => "forward-only",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Mode> {
        let mut modes = [Mode::Retroactive, Mode::ForwardOnly].into_iter();
        modes.find(|mode| mode.word() == word)
    }
}

/// The commit that a statement was made on top of. It ties a signature to its place in the book:
/// repeated later, or in another book, it does not fit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Base {
    /// The book's first commit.
    pub book: String,
    /// The commit before the act.
    pub seq: Seq,
    /// The hash of that commit.
    pub commit: String,
}

impl Base {
    fn lines(&self) -> String {
        format!("book {}\nafter {} {}\n", self.book, self.seq, self.commit)
    }

    fn parse(lines: &mut std::str::Lines<'_>) -> Option<Base> {
        let book = word(lines, "book ")?.to_owned();
        let (seq, commit) = word(lines, "after ")?.split_once(' ')?;
        Some(Base {
            book,
            seq: Seq(seq.parse().ok()?),
            commit: commit.to_owned(),
        })
    }
}

/// A definition that a side gave way in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Concession {
    /// What is defined, as `charter diff` calls it: `stage mql`.
    pub definition: String,
    /// Why, in the signer's words.
    pub words: String,
}

/// The form in which signatures are given. What carries one of it is withdrawn by a signer's key
/// alone; of the first form, which is older, by anybody's name.
pub const FORM: u8 = 2;

/// A signature's text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// The form of the text.
    pub form: u8,
    /// Where in the book.
    pub base: Base,
    /// The draft's name.
    pub draft: String,
    /// The draft's content hash: what is signed.
    pub hash: String,
    /// The hash of the charter that it replaces.
    pub replaces: String,
    /// The day from which it is in force.
    pub from: Day,
    /// What it says of the time before.
    pub mode: Mode,
    /// Who signs.
    pub signer: String,
    /// What the signer's side conceded.
    pub conceding: Vec<Concession>,
    /// Rulings that it overturns, by their deals.
    pub overturning: Vec<String>,
}

impl Statement {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!(
            "handfast signature {}\n{}draft {} {}\nreplaces {}\nfrom {}\nmode {}\n\
             signer {}\n",
            self.form,
            self.base.lines(),
            self.draft,
            self.hash,
            self.replaces,
            self.from,
            self.mode.word(),
            self.signer
        );
        for one in &self.conceding {
            text.push_str(&format!("conceding {}: {}\n", one.definition, one.words));
        }
        for deal in &self.overturning {
            text.push_str(&format!("overturning {deal}\n"));
        }
        text
    }

    /// Reads a text back; only the one form that [`Statement::text`] gives.
    pub fn parse(text: &str) -> Option<Statement> {
        let mut lines = text.lines();
        let form = match lines.next()? {
            "handfast signature 1" => 1,
            "handfast signature 2" => 2,
            _ => return None,
        };
        let base = Base::parse(&mut lines)?;
        let (draft, hash) = word(&mut lines, "draft ")?.split_once(' ')?;
        let replaces = word(&mut lines, "replaces ")?;
        let from = Day::parse(word(&mut lines, "from ")?)?;
        let mode = Mode::parse(word(&mut lines, "mode ")?)?;
        let signer = word(&mut lines, "signer ")?;
        let mut read = Statement {
            form,
            base,
            draft: draft.to_owned(),
            hash: hash.to_owned(),
            replaces: replaces.to_owned(),
            from,
            mode,
            signer: signer.to_owned(),
            conceding: Vec::new(),
            overturning: Vec::new(),
        };
        for line in lines {
            if let Some(rest) = line.strip_prefix("conceding ") {
                let (definition, words) = rest.split_once(": ")?;
                read.conceding.push(Concession {
                    definition: definition.to_owned(),
                    words: words.to_owned(),
                });
            } else {
                let deal = line.strip_prefix("overturning ")?;
                read.overturning.push(deal.to_owned());
            }
        }
        (read.text() == text).then_some(read)
    }

    /// Whether two signatures agree: on the draft, what it replaces, from when and in which mode,
    /// and which rulings it overturns.
    pub fn agrees_with(&self, other: &Statement) -> bool {
        let terms = |one: &Statement| {
            (
                one.hash.clone(),
                one.replaces.clone(),
                one.from,
                one.mode.word(),
            )
        };
        terms(self) == terms(other) && self.overturning == other.overturning
    }
}

impl Statement {
    /// What keeps two signatures from agreeing, in words.
    pub fn differs_by(&self, other: &Statement) -> Option<&'static str> {
        if self.agrees_with(other) {
            return None;
        }
        Some(if self.replaces != other.replaces {
            "they are over different charters, as another was agreed in between: the side that \
             signed first signs again"
        } else if self.from != other.from {
            "they name different days: one side signs again with the other's"
        } else {
            "they name different rulings to overturn: one side signs again"
        })
    }
}

/// The text by which a signer is added: signed by the new key itself, and by a signer of the same
/// side where there is one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Introduction {
    /// Where in the book.
    pub base: Base,
    /// The signer's name.
    pub name: String,
    /// The signer's team.
    pub team: String,
    /// That team's side.
    pub side: Side,
    /// The public key, in hex.
    pub key: String,
    /// The signer who vouches.
    pub voucher: Option<String>,
}

impl Introduction {
    /// The text that is signed.
    pub fn text(&self) -> String {
        let voucher = self.voucher.iter().map(|name| format!("voucher {name}\n"));
        format!(
            "handfast signer 1\n{}name {}\nteam {}\nside {}\nkey {}\n{}",
            self.base.lines(),
            self.name,
            self.team,
            self.side.word(),
            self.key,
            voucher.collect::<String>()
        )
    }

    /// Reads a text back; only the one form that [`Introduction::text`] gives.
    pub fn parse(text: &str) -> Option<Introduction> {
        let mut lines = text.lines();
        (lines.next()? == "handfast signer 1").then_some(())?;
        let read = Introduction {
            base: Base::parse(&mut lines)?,
            name: word(&mut lines, "name ")?.to_owned(),
            team: word(&mut lines, "team ")?.to_owned(),
            side: Side::parse(word(&mut lines, "side ")?)?,
            key: word(&mut lines, "key ")?.to_owned(),
            voucher: match lines.next() {
                Some(line) => Some(line.strip_prefix("voucher ")?.to_owned()),
                None => None,
            },
        };
        (read.text() == text).then_some(read)
    }
}

/// The text by which a signer is removed: signed by a signer of the same side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removal {
    /// Where in the book.
    pub base: Base,
    /// Whose leave to sign ends.
    pub name: String,
    /// That signer's public key.
    pub key: String,
    /// The signer who says so.
    pub by: String,
    /// Why.
    pub why: String,
}

impl Removal {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!(
            "handfast removal 1\n{}name {}\nkey {}\nsigner {}\nwhy {}\n",
            self.base.lines(),
            self.name,
            self.key,
            self.by,
            self.why
        )
    }

    /// Reads a text back; only the one form that [`Removal::text`] gives.
    pub fn parse(text: &str) -> Option<Removal> {
        let mut lines = text.lines();
        (lines.next()? == "handfast removal 1").then_some(())?;
        let read = Removal {
            base: Base::parse(&mut lines)?,
            name: word(&mut lines, "name ")?.to_owned(),
            key: word(&mut lines, "key ")?.to_owned(),
            by: word(&mut lines, "signer ")?.to_owned(),
            why: word(&mut lines, "why ")?.to_owned(),
        };
        (read.text() == text).then_some(read)
    }
}

/// The text of what a signer says of a draft: a remark, or the words that withdraw it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Saying {
    /// Where in the book.
    pub base: Base,
    /// The act's word: `discuss` or `withdraw`.
    pub word: String,
    /// The draft's name.
    pub draft: String,
    /// Who says it.
    pub signer: String,
    /// What.
    pub words: String,
}

impl Saying {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!(
            "handfast words 1\n{}{} {}\nsigner {}\nwords {}\n",
            self.base.lines(),
            self.word,
            self.draft,
            self.signer,
            self.words
        )
    }

    /// Reads a text back; only the one form that [`Saying::text`] gives.
    pub fn parse(text: &str) -> Option<Saying> {
        let mut lines = text.lines();
        (lines.next()? == "handfast words 1").then_some(())?;
        let base = Base::parse(&mut lines)?;
        let (word_, draft) = lines.next()?.split_once(' ')?;
        let read = Saying {
            base,
            word: word_.to_owned(),
            draft: draft.to_owned(),
            signer: word(&mut lines, "signer ")?.to_owned(),
            words: word(&mut lines, "words ")?.to_owned(),
        };
        (read.text() == text).then_some(read)
    }
}

fn word<'t>(lines: &mut std::str::Lines<'t>, head: &str) -> Option<&'t str> {
    lines.next()?.strip_prefix(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Base {
        Base {
            book: "b00c".to_owned(),
            seq: Seq(7),
            commit: "c0ffee".to_owned(),
        }
    }

    #[test]
    fn a_statement_has_one_form_and_reads_back_as_itself() {
        let statement = Statement {
            form: FORM,
            base: base(),
            draft: "mql-2".to_owned(),
            hash: "blake3:aa".to_owned(),
            replaces: "blake3:bb".to_owned(),
            from: Day::parse("2026-12-01").unwrap(),
            mode: Mode::Retroactive,
            signer: "ann".to_owned(),
            conceding: vec![Concession {
                definition: "stage mql".to_owned(),
                words: "too wide: we try it".to_owned(),
            }],
            overturning: vec!["D-7".to_owned()],
        };
        let text = statement.text();
        assert_eq!(Statement::parse(&text), Some(statement));
        for (old, new) in [
            ("signature 2", "signature 3"),
            ("after 7", "after 07"),
            ("retroactive", "forward"),
            ("signer ann\n", "signer ann\r\n"),
            ("overturning D-7\n", "overturning D-7"),
            ("overturning", "ignoring"),
            ("from 2026-12-01", "from 2026-12-1"),
        ] {
            assert!(text.contains(old), "{old}");
            assert_eq!(Statement::parse(&text.replace(old, new)), None, "{new}");
        }
    }

    #[test]
    fn an_introduction_reads_back_as_itself() {
        for voucher in [None, Some("bob".to_owned())] {
            let introduction = Introduction {
                base: base(),
                name: "ann".to_owned(),
                team: "growth".to_owned(),
                side: Side::Marketing,
                key: "00ff".to_owned(),
                voucher,
            };
            let text = introduction.text();
            assert_eq!(Introduction::parse(&text), Some(introduction));
            assert_eq!(Introduction::parse(&format!("{text}more\n")), None);
        }
    }

    #[test]
    fn a_removal_and_what_is_said_read_back_as_themselves() {
        let removal = Removal {
            base: base(),
            name: "ann".to_owned(),
            key: "00ff".to_owned(),
            by: "amy".to_owned(),
            why: "left: for good".to_owned(),
        };
        let text = removal.text();
        assert_eq!(Removal::parse(&text), Some(removal));
        assert_eq!(Removal::parse(&format!("{text}more\n")), None);
        let saying = Saying {
            base: base(),
            word: "withdraw".to_owned(),
            draft: "mql-2".to_owned(),
            signer: "ann".to_owned(),
            words: String::new(),
        };
        let text = saying.text();
        assert_eq!(Saying::parse(&text), Some(saying));
        for other in ["withdraw mql-2\n", "signer ann\n", "handfast words 1\n"] {
            assert!(text.contains(other));
            assert_eq!(Saying::parse(&text.replace(other, "")), None, "{other}");
        }
    }
}
