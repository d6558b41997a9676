//! What holds and what does not, over books made by hand.

#[path = "../../../../fuzz/src/acts.rs"]
mod acts;
mod beginning;
mod drafts;
mod signers;
mod signing;

use std::fs;
use std::path::{Path, PathBuf};

use handfast_ledger::Opening;
use handfast_model::question::AsOf;
use handfast_model::{Day, Instant, Refusal, Seq};

use super::doing::{Signed, Signing, Speaker, discuss, draft, sign, withdraw};
use super::mode::Mode;
use super::signers::{Gone, Key, NewSigner, add_signer, remove_signer};
use super::state::Agreement;
use super::statement::{self, Base, Removal, Saying, Statement};
use super::story::{standing, story};
use crate::book::Book;
use crate::verify::verify;

const STAGES: &str = "[opening]\nlead = true\n\n[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]\n\n\
    [[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Won\"]\n";
const TEAMS: &str = "[team.growth]\nside = \"marketing\"\n[team.field]\nside = \"sales\"\n\
    [team.allies]\nside = \"partner\"\n";
const RIGHTS: &str = "[right.\"stage mql\"]\nseverity = \"may concede\"\ndecides = \"sales\"\n";

struct Desk {
    folder: tempfile::TempDir,
    book: Book,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        fs::create_dir_all(from.join("charter")).unwrap();
        for (name, text) in [("stages", STAGES), ("teams", TEAMS), ("rights", RIGHTS)] {
            fs::write(from.join(format!("charter/{name}.toml")), text).unwrap();
        }
        let opening = Opening {
            now: at("2026-01-01T08:00:00Z"),
            command: "test".to_owned(),
            author: "tester".to_owned(),
        };
        let book = Book::init(&folder.path().join("book"), Some(&from), &opening).unwrap();
        Desk { folder, book }
    }

    /// With a signer of each side.
    fn signed() -> Desk {
        let desk = Desk::new();
        desk.add("ann", "growth", None).unwrap();
        desk.add("bob", "field", None).unwrap();
        desk
    }

    fn key(&self, name: &str) -> Key {
        Key::File(self.path(name))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.key"))
    }

    fn add(&self, name: &str, team: &str, voucher: Option<&str>) -> Result<Seq, Refusal> {
        let held = voucher.map(|voucher| (voucher, self.key(voucher)));
        let new = NewSigner {
            name,
            team,
            key: &self.key(name),
            voucher: held.as_ref().map(|(name, key)| (*name, key)),
        };
        add_signer(&self.book, &new, at("2026-01-02T08:00:00Z")).map(|(seq, _)| seq)
    }

    /// Proposes a charter in which these labels mean qualified.
    fn draft(&self, name: &str, labels: &str) -> Result<Seq, Refusal> {
        let stages = self.book.dir.join("charter/stages.toml");
        fs::write(stages, STAGES.replace("\"MQL\"", labels)).unwrap();
        let now = at("2026-01-03T08:00:00Z");
        let mode = (None, Mode::Retroactive);
        draft(&self.book, name, mode, ("ann", "why not"), now).map(|kept| kept.seq)
    }

    fn sign(&self, name: &str, by: &str, from: Option<&str>, now: &str) -> Result<Signed, Refusal> {
        self.signing(name, by, from, &[], now)
    }

    fn signing(
        &self,
        draft: &str,
        signer: &str,
        from: Option<&str>,
        conceding: &[String],
        now: &str,
    ) -> Result<Signed, Refusal> {
        let signing = Signing {
            draft,
            signer,
            key: &self.key(signer),
            from: from.map(|day| Day::parse(day).unwrap()),
            conceding,
            overturning: &[],
        };
        sign(&self.book, &signing, at(now))
    }

    fn remove(&self, name: &str, by: &str, key: &str) -> Result<Gone, Refusal> {
        let now = at("2026-01-05T08:00:00Z");
        remove_signer(&self.book, name, (by, &self.key(key)), "left", now)
    }

    /// The end of the book, as whoever forges would name it.
    fn base(&self) -> Base {
        super::doing::base(&self.book).unwrap()
    }

    /// A text signed by somebody's key, as an act that nobody asked this program for.
    fn forge_signed(&self, word: &str, by: &str, text: String) {
        let secret = super::keys::Secret::open(&self.path(by)).unwrap();
        self.forge(word, super::signers::signed(&secret, text));
    }

    fn told(&self) -> Vec<String> {
        let story = story(&self.book).unwrap().into_iter();
        let lines = story.flat_map(|event| [vec![event.what], event.more].concat());
        lines.collect()
    }

    fn agreement(&self) -> Agreement {
        Agreement::read(&self.book, AsOf::Latest).unwrap()
    }

    /// The labels that mean qualified as of then.
    fn labels(&self, as_of: AsOf) -> String {
        let (charter, _) = self.book.charter(as_of, None).unwrap();
        charter.steps[0].marks.join(" ")
    }

    fn last_sign(&self) -> Vec<(String, String)> {
        let acts = self.book.ledger.acts(&["sign"], AsOf::Latest).unwrap();
        acts.last().unwrap().texts.clone()
    }

    fn forge(&self, word: &str, texts: Vec<(String, String)>) {
        let now = at("2026-01-09T08:00:00Z");
        self.book.ledger.act(word, "forged", texts, now).unwrap();
    }
}

#[test]
fn kept_texts_that_signers_sign_and_mutants_of_them_have_one_form() {
    crate::replay::replay("acts", 20_000, acts::read);
}

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn code<T>(done: Result<T, Refusal>) -> &'static str {
    done.err().map_or("done", |refusal| refusal.code)
}

impl Desk {
    fn forward(&self, name: &str, labels: &str) -> Result<Seq, Refusal> {
        let stages = self.book.dir.join("charter/stages.toml");
        fs::write(stages, STAGES.replace("\"MQL\"", labels)).unwrap();
        let now = at("2026-01-03T08:00:00Z");
        let mode = (None, Mode::ForwardOnly);
        draft(&self.book, name, mode, ("ann", "why not"), now).map(|kept| kept.seq)
    }

    /// What the labels of the first stage were, day by day, under a charter.
    fn eras(&self, as_of: AsOf, charter: Option<&str>) -> Vec<String> {
        let (charter, _) = self.book.charter(as_of, charter).unwrap();
        let days = ["2026-01-15", "2026-02-01", "2026-03-01"];
        let label = |day: &&str| {
            let at = charter.calendar.start_of(Day::parse(day).unwrap());
            charter.steps_at(Some(at))[0].marks.join(" ")
        };
        days.iter().map(label).collect()
    }
}
