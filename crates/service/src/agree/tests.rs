//! What holds and what does not, over books made by hand.

use std::fs;
use std::path::{Path, PathBuf};

use handfast_ledger::Opening;
use handfast_model::question::AsOf;
use handfast_model::{Day, Instant, Refusal, Seq};

use super::doing::{Signed, Signing, Speaker, discuss, draft, sign, withdraw};
use super::mode::Mode;
use super::signers::{Gone, Key, NewSigner, add_signer, remove_signer};
use super::state::Agreement;
use super::statement::{Base, Removal, Saying, Statement};
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

fn at(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

fn code<T>(done: Result<T, Refusal>) -> &'static str {
    done.err().map_or("done", |refusal| refusal.code)
}

#[test]
fn two_signatures_of_two_sides_put_a_draft_into_force_from_the_day_they_name() {
    let desk = Desk::signed();
    desk.draft("wide", "\"MQL\", \"SQL\"").unwrap();
    let day = Some("2026-02-01");
    let one = desk
        .sign("wide", "ann", day, "2026-01-04T08:00:00Z")
        .unwrap();
    assert_eq!((one.agreed, one.changes.len()), (None, 1));
    assert_eq!(
        desk.labels(AsOf::Instant(at("2027-01-01T00:00:00Z"))),
        "MQL"
    );
    // The author's own side cannot sign in the other's place.
    desk.add("amy", "growth", Some("ann")).unwrap();
    assert_eq!(
        code(desk.sign("wide", "amy", day, "2026-01-05T08:00:00Z")),
        "E0283"
    );
    assert_eq!(
        code(desk.sign("wide", "ann", None, "2026-01-05T08:00:00Z")),
        "E0283"
    );
    // Sales names no day: it signs what marketing signed.
    let two = desk
        .sign("wide", "bob", None, "2026-01-05T08:00:00Z")
        .unwrap();
    let agreed = two.agreed.unwrap();
    assert_eq!(agreed.effective, at("2026-02-01T00:00:00Z"));
    for (as_of, labels) in [
        (AsOf::Instant(at("2026-01-31T23:59:59Z")), "MQL"),
        (AsOf::Instant(at("2026-02-01T00:00:00Z")), "MQL SQL"),
        (AsOf::Seq(two.seq), "MQL"),
        (AsOf::Latest, "MQL"),
    ] {
        assert_eq!(desk.labels(as_of), labels, "{as_of:?}");
    }
    let book = Book::read(&desk.book.dir, at("2026-02-02T00:00:00Z")).unwrap();
    assert_eq!(
        book.charter(AsOf::Latest, None).unwrap().0.hash,
        desk.agreement().drafts[0].hash
    );
    assert_eq!(
        code(desk.sign("wide", "bob", None, "2026-01-06T08:00:00Z")),
        "E0283"
    );
    assert!(verify(&desk.book).findings.is_empty());
}

#[test]
fn a_charter_is_not_in_force_before_the_second_signature() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    desk.sign("wide", "bob", None, "2026-01-04T08:00:00Z")
        .unwrap();
    let two = desk
        .sign("wide", "ann", None, "2026-01-06T12:00:00Z")
        .unwrap();
    assert_eq!(two.from, Day::parse("2026-01-04").unwrap());
    assert_eq!(two.agreed.unwrap().effective, at("2026-01-06T12:00:00Z"));
    assert_eq!(
        desk.labels(AsOf::Instant(at("2026-01-05T00:00:00Z"))),
        "MQL"
    );
    assert_eq!(desk.labels(AsOf::Latest), "SQL");
}

#[test]
fn sides_that_sign_different_days_do_not_agree() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    let now = "2026-01-04T08:00:00Z";
    desk.sign("wide", "ann", Some("2026-02-01"), now).unwrap();
    let two = desk.sign("wide", "bob", Some("2026-03-01"), now).unwrap();
    assert_eq!(two.agreed, None);
    assert!(two.differs.unwrap().contains("different days"));
    let stands = standing(&desk.agreement(), &desk.agreement().drafts[0], at(now));
    assert!(
        stands.starts_with("not agreed: signed for marketing by ann")
            && stands.ends_with("one side signs again with the other's"),
        "{stands}"
    );
    let late = desk.sign("wide", "ann", Some("2026-03-01"), now).unwrap();
    assert_eq!(late.agreed.unwrap().effective, at("2026-03-01T00:00:00Z"));
}

#[test]
fn one_side_alone_publishes_only_until_both_have_signers() {
    let desk = Desk::new();
    desk.draft("wide", "\"SQL\"").unwrap();
    desk.add("ann", "growth", None).unwrap();
    assert!(
        desk.book
            .publish(at("2026-01-04T08:00:00Z"))
            .unwrap()
            .is_some()
    );
    desk.add("bob", "field", None).unwrap();
    desk.draft("wider", "\"SQL\", \"MQL\"").unwrap();
    assert_eq!(code(desk.book.publish(at("2026-01-05T08:00:00Z"))), "E0280");
    assert_eq!(desk.labels(AsOf::Latest), "SQL");
}

#[test]
fn signers_are_vouched_for_by_their_own_side() {
    let desk = Desk::signed();
    assert_eq!(code(desk.add("amy", "growth", None)), "E0285");
    assert_eq!(code(desk.add("amy", "growth", Some("bob"))), "E0285");
    assert_eq!(code(desk.add("amy", "allies", Some("ann"))), "E0285");
    assert_eq!(code(desk.add("amy", "nobody", None)), "E0285");
    assert_eq!(code(desk.add("bob", "growth", Some("ann"))), "E0285");
    desk.add("amy", "growth", Some("ann")).unwrap();
    // A voucher's key that is another's.
    fs::rename(desk.path("bob"), desk.path("ann")).unwrap();
    assert_eq!(code(desk.add("abe", "growth", Some("ann"))), "E0282");
}

#[test]
fn what_is_conceded_must_be_changed_and_free_to_concede() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    let concede = |text: &str| {
        let words = [text.to_owned()];
        desk.signing("wide", "ann", None, &words, "2026-01-04T08:00:00Z")
    };
    assert_eq!(code(concede("stage won: fine")), "E0284");
    assert_eq!(code(concede("stage mql")), "E0284");
    concede("stage mql: we try it for a year").unwrap();
    let signed = &desk.agreement().drafts[0].signatures[0];
    assert_eq!(signed.statement.conceding[0].words, "we try it for a year");
    let told = story(&desk.book).unwrap();
    let lines: Vec<&String> = told.iter().flat_map(|event| &event.more).collect();
    let has = |text: &str| lines.iter().any(|line| line.contains(text));
    assert!(
        has("marketing concedes stage mql (ann): we try it for a year"),
        "{lines:?}"
    );
    assert!(has("[may concede; sales decides]"), "{lines:?}");
    // A file is conceded only with all that changes in it.
    let mixed = "[right.stages]\nseverity = \"may concede\"\n\
                 [right.\"stage mql\"]\nseverity = \"must agree\"\n";
    let rights = desk.book.dir.join("charter/rights.toml");
    fs::write(&rights, mixed).unwrap();
    desk.draft("mixed", "\"SQL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("mixed", signer, None, "2026-01-04T09:00:00Z")
            .unwrap();
    }
    let stages = desk.book.dir.join("charter/stages.toml");
    let text = STAGES
        .replace("\"MQL\"", "\"A\"")
        .replace("lead = true", "lead = false");
    fs::write(stages, text).unwrap();
    let mode = (None, Mode::Retroactive);
    let now = at("2026-01-04T09:00:00Z");
    draft(&desk.book, "both", mode, ("ann", "why"), now).unwrap();
    let words = ["stages: for peace".to_owned()];
    let done = desk.signing("both", "ann", None, &words, "2026-01-04T10:00:00Z");
    assert_eq!(code(done), "E0284");
    let words = ["opening: for peace".to_owned()];
    desk.signing("both", "ann", None, &words, "2026-01-04T10:00:00Z")
        .unwrap();
    // Without a right, both must agree.
    let rights = desk.book.dir.join("charter/rights.toml");
    fs::write(&rights, "").unwrap();
    desk.draft("strict", "\"SQL\"").unwrap();
    desk.sign("strict", "ann", None, "2026-01-05T08:00:00Z")
        .unwrap();
    desk.sign("strict", "bob", None, "2026-01-05T08:00:00Z")
        .unwrap();
    desk.draft("third", "\"MQL\"").unwrap();
    let words = ["stages: for once".to_owned()];
    let done = desk.signing("third", "ann", None, &words, "2026-01-06T08:00:00Z");
    assert_eq!(code(done), "E0284");
}

#[test]
fn drafts_are_never_changed_and_end_once() {
    let desk = Desk::signed();
    let now = at("2026-01-04T08:00:00Z");
    let own = desk.draft("same", "\"MQL\"");
    assert_eq!(code(own), "E0286");
    desk.draft("wide", "\"SQL\"").unwrap();
    assert_eq!(code(desk.draft("wide", "\"MQL\", \"SQL\"")), "E0286");
    assert_eq!(code(desk.draft("wide-2", "\"SQL\"")), "E0286");
    assert_eq!(code(desk.draft("no name", "\"SAL\"")), "E0286");
    assert_eq!(
        code(desk.sign("narrow", "ann", None, "2026-01-04T08:00:00Z")),
        "E0281"
    );
    assert_eq!(
        code(desk.sign("wide", "eve", None, "2026-01-04T08:00:00Z")),
        "E0285"
    );
    let past = desk.sign("wide", "ann", Some("2026-01-01"), "2026-01-04T08:00:00Z");
    assert_eq!(code(past), "E0283");
    let no = (&Speaker::Named("ann"), "no");
    withdraw(&desk.book, "wide", no, now).unwrap();
    assert_eq!(code(withdraw(&desk.book, "wide", no, now)), "E0283");
    assert_eq!(
        code(desk.sign("wide", "ann", None, "2026-01-04T08:00:00Z")),
        "E0283"
    );
    // What was withdrawn may be proposed again, and found by its hash.
    desk.draft("wide-2", "\"SQL\"").unwrap();
    let hash = desk.agreement().drafts[1].hash.clone();
    let (charter, hints) = desk.book.charter(AsOf::Latest, Some("wide-2")).unwrap();
    assert_eq!((&charter.hash, hints.len()), (&hash, 1));
    // Their hash names the open one of the two.
    assert_eq!(desk.agreement().draft(&hash).unwrap().name, "wide-2");
    let (charter, _) = desk.book.charter(AsOf::Latest, Some(&hash)).unwrap();
    assert_eq!(charter.hash, hash);
}

#[test]
fn an_earlier_charter_is_not_agreed_to_end_a_later_one_unseen() {
    let desk = Desk::signed();
    let now = "2026-01-04T08:00:00Z";
    desk.draft("later", "\"SQL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("later", signer, Some("2026-02-01"), now).unwrap();
    }
    desk.draft("sooner", "\"SAL\"").unwrap();
    assert_eq!(
        code(desk.sign("sooner", "ann", Some("2026-01-10"), now)),
        "E0283"
    );
    let signed = desk.sign("sooner", "ann", Some("2026-02-02"), now).unwrap();
    // It replaces the one that is agreed, not the one in force.
    let text = signed.changes[0].to_string();
    assert!(text.contains("SQL") && text.contains("SAL"), "{text}");
}

#[test]
fn a_signature_holds_for_one_text_one_day_and_one_place() {
    let edit = |texts: Vec<(String, String)>, change: &dyn Fn(&str) -> String| {
        let of = |(name, text): (String, String)| match name.as_str() {
            "statement" => (name, change(&text)),
            _ => (name, text),
        };
        texts.into_iter().map(of).collect::<Vec<_>>()
    };
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    desk.draft("other", "\"SAL\"").unwrap();
    desk.sign("wide", "ann", Some("2026-02-01"), "2026-01-04T08:00:00Z")
        .unwrap();
    let good = desk.last_sign();
    let hash = desk.agreement().drafts[1].hash.clone();
    // The same again, another day, another draft, another signer: each counts for nothing.
    let forged = [
        good.clone(),
        edit(good.clone(), &|text| {
            text.replace("2026-02-01", "2026-01-05")
        }),
        edit(good.clone(), &|text| {
            let mut read = Statement::parse(text).unwrap();
            (read.draft, read.hash) = ("other".to_owned(), hash.clone());
            read.text()
        }),
        edit(good.clone(), &|text| {
            text.replace("signer ann", "signer bob")
        }),
        edit(good.clone(), &|text| text.replace("book ", "book f")),
        edit(good.clone(), &|text| format!("{text}more\n")),
    ];
    for (nth, texts) in forged.into_iter().enumerate() {
        // As if made in place, so that not its place alone gives it away.
        let last = desk.book.ledger.last_seq().unwrap();
        let base = super::state::commit(&desk.book, last).unwrap();
        let texts = edit(texts, &|text| match Statement::parse(text) {
            Some(mut read) if nth > 0 => {
                (read.base.seq, read.base.commit) = (last, base.clone());
                read.text()
            }
            _ => text.to_owned(),
        });
        desk.forge("sign", texts);
        let agreement = desk.agreement();
        assert_eq!(agreement.bad.len(), nth + 1, "{nth}");
        assert_eq!(agreement.drafts[0].signatures.len(), 1);
        assert!(agreement.drafts[1].signatures.is_empty());
    }
    let report = verify(&desk.book);
    assert_eq!(report.findings.len(), 6, "{:?}", report.findings);
    let told = report.findings[0].what.clone();
    assert!(
        told.contains("sign: ") && told.contains("it counts for nothing"),
        "{told}"
    );
    // What holds still does.
    let two = desk
        .sign("wide", "bob", None, "2026-01-10T08:00:00Z")
        .unwrap();
    assert!(two.agreed.is_some());
}

#[test]
fn a_draft_whose_texts_are_not_those_of_its_hash_cannot_be_signed_into_force() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    let acts = desk.book.ledger.acts(&["draft"], AsOf::Latest).unwrap();
    let mut texts = acts[0].texts.clone();
    for (name, text) in &mut texts {
        match name.as_str() {
            "name" => *text = "wide-2".to_owned(),
            path if path.ends_with("stages.toml") => *text = text.replace("SQL", "Lead"),
            _ => {}
        }
    }
    desk.forge("draft", texts);
    let done = desk.sign("wide-2", "ann", None, "2026-01-10T08:00:00Z");
    assert_eq!(code(done), "E0283");
    // A signature of the first one does not hold for it either, and an honest one does not help.
    desk.sign("wide", "ann", None, "2026-01-10T08:00:00Z")
        .unwrap();
    let last = desk.book.ledger.last_seq().unwrap();
    let mut texts = desk.last_sign();
    let mut read = Statement::parse(&texts[1].1).unwrap();
    read.draft = "wide-2".to_owned();
    (read.base.seq, read.base.commit) = (last, super::state::commit(&desk.book, last).unwrap());
    let secret = super::keys::Secret::open(&desk.path("ann")).unwrap();
    texts[1].1 = read.text();
    texts[0].1 = secret.sign(&texts[1].1);
    desk.forge("sign", texts);
    let bad = desk.agreement().bad;
    assert!(
        bad[0]
            .what
            .contains("the texts of `wide-2` are not those signed"),
        "{bad:?}"
    );
    assert_eq!(desk.agreement().drafts[1].signatures.len(), 0);
}

#[test]
fn keys_lie_in_the_folder_of_settings_under_book_and_name() {
    let place = super::keys::place(Path::new("/cfg"), "0123456789abcdef", "ann-lee");
    assert_eq!(
        place,
        Path::new("/cfg/handfast/signers/0123456789ab-ann-lee.key")
    );
}

#[test]
fn what_was_signed_and_cannot_be_read_is_refused_and_not_passed_over() {
    let desk = Desk::signed();
    let files = vec![(
        "charter/stages.toml".to_owned(),
        "later = \"words\"\n".to_owned(),
    )];
    let texts = [handfast_charter::TextFile {
        path: files[0].0.clone(),
        text: files[0].1.clone(),
    }];
    let hash = handfast_charter::charter_hash(&texts);
    let named = [
        ("name", "later"),
        ("by", "ann"),
        ("why", "-"),
        ("hash", &hash),
    ];
    let named = named.map(|(name, text)| (name.to_owned(), text.to_owned()));
    desk.forge("draft", named.into_iter().chain(files).collect());
    assert_eq!(desk.labels(AsOf::Latest), "MQL");
    let seq = desk.book.ledger.last_seq().unwrap();
    let statement = Statement {
        form: super::statement::FORM,
        base: super::statement::Base {
            book: super::book_id(&desk.book).unwrap(),
            seq,
            commit: super::state::commit(&desk.book, seq).unwrap(),
        },
        draft: "later".to_owned(),
        hash,
        replaces: "blake3:00".to_owned(),
        from: Day::parse("2026-02-01").unwrap(),
        mode: Mode::Retroactive,
        signer: "ann".to_owned(),
        conceding: Vec::new(),
        overturning: Vec::new(),
    };
    let secret = super::keys::Secret::open(&desk.path("ann")).unwrap();
    let text = statement.text();
    let signature = ("signature".to_owned(), secret.sign(&text));
    desk.forge("sign", vec![signature, ("statement".to_owned(), text)]);
    assert!(desk.book.charter(AsOf::Latest, None).is_err());
    assert!(desk.book.charter(AsOf::Seq(seq), None).is_ok());
    assert!(!verify(&desk.book).findings.is_empty());
}

#[test]
fn nobody_publishes_alone_behind_two_signers_whatever_program_does_it() {
    let desk = Desk::signed();
    let before = desk.labels(AsOf::Latest);
    let stages = STAGES.replace("\"MQL\"", "\"MQL\", \"SQL\"");
    let files = vec![
        ("charter/stages.toml".to_owned(), stages),
        ("charter/teams.toml".to_owned(), TEAMS.to_owned()),
    ];
    let now = at("2026-01-10T08:00:00Z");
    let ledger = &desk.book.ledger;
    ledger.publish_charter("blake3:00ff", files, now).unwrap();
    assert_eq!(desk.labels(AsOf::Latest), before);
    assert!(desk.agreement().signed_since.is_some());
}

/// On the day on which an agreed charter begins, no commit tells of it yet. Whatever is kept on
/// that day to be asked again is under the charter of that day all the same.
#[test]
fn what_is_kept_on_the_day_a_charter_begins_is_under_it() {
    use crate::passport;
    use crate::periods::{Said, balance, close, restated::restatements};
    use crate::resolve::Typed;

    let desk = Desk::signed();
    let metrics = "[metric.ours]\nmeans = \"leads\"\nformula = \"won + lost\"\n";
    fs::write(desk.book.dir.join("charter/metrics.toml"), metrics).unwrap();
    desk.draft("ours", "\"SQL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("ours", signer, Some("2026-02-01"), "2026-01-04T08:00:00Z")
            .unwrap();
    }
    let hash = desk.agreement().drafts[0].hash.clone();
    let typed = || Typed {
        kind: "metric".to_owned(),
        of: Some("ours".to_owned()),
        period: Some("2026-01".to_owned()),
        ..Typed::default()
    };
    let folder = desk.book.dir.clone();
    let eve = Book::read(&folder, at("2026-01-31T23:59:59Z")).unwrap();
    let mut early = typed();
    passport::pin(&eve, &mut early).unwrap();
    assert_eq!(early.charter, None);
    assert!(crate::ask::ask(&eve, &early, None).is_err());
    drop(desk.book);
    let opening = |now| Opening {
        now: at(now),
        command: "test".to_owned(),
        author: "tester".to_owned(),
    };
    let day = Book::open(&folder, &opening("2026-02-01T00:00:00Z")).unwrap();
    let mut asked = typed();
    passport::pin(&day, &mut asked).unwrap();
    assert_eq!(asked.charter.as_deref(), Some(hash.as_str()));
    let reply = crate::ask::ask(&day, &asked, None).unwrap();
    assert_eq!(reply.answer.lineage.charter, hash);
    let loose = crate::ask::ask(&day, &typed(), None).unwrap();
    assert_eq!(loose.question.charter.as_deref(), Some(hash.as_str()));
    // A close and a balance are acts, so the first of them ends the day without a commit.
    let held = balance::assert(&day, "ours 2026-01 = 0", None, at("2026-02-01T00:00:00Z")).unwrap();
    assert!(held.holds());
    assert!(!held.asserted.question.contains("charter"));
    drop(day);
    let next = Book::open(&folder, &opening("2026-02-01T09:00:00Z")).unwrap();
    let (saved, _) = passport::save(&next, &reply.question).unwrap();
    assert_eq!(saved.charter, hash);
    let done = passport::verify(&next, &saved).unwrap();
    assert_eq!(done.difference, None);
    // The same for a second charter, whose metric is another one.
    assert_eq!(balance::balances(&next).unwrap().len(), 1);
    let said = Said {
        metrics: vec!["ours".to_owned()],
        ..Said::default()
    };
    close(&next, "2026-01", &said, at("2026-02-01T09:00:00Z")).unwrap();
    assert!(restatements(&next, None).unwrap().is_empty());
}

/// What was closed and vouched for on the last day of one charter is weighed under the next one
/// from its own day on, with no commit between them.
#[test]
fn a_charter_that_begins_restates_what_was_closed_before_it() {
    use crate::periods::{Said, balance, close, restated::restatements};

    let desk = Desk::signed();
    let metrics = |formula: &str| {
        let text = format!("[metric.ours]\nmeans = \"leads\"\nformula = \"{formula}\"\n");
        fs::write(desk.book.dir.join("charter/metrics.toml"), text).unwrap();
    };
    for (name, formula, day) in [
        ("ours", "won + lost", "2026-02-01"),
        ("more", "won + lost + lost", "2026-03-01"),
        ("none", "", "2026-04-01"),
    ] {
        match formula {
            "" => fs::write(desk.book.dir.join("charter/metrics.toml"), "").unwrap(),
            formula => metrics(formula),
        }
        desk.draft(name, &format!("\"{name}\"")).unwrap();
        for signer in ["ann", "bob"] {
            desk.sign(name, signer, Some(day), "2026-01-04T08:00:00Z")
                .unwrap();
        }
    }
    let folder = desk.book.dir.clone();
    drop(desk.book);
    let opening = Opening {
        now: at("2026-02-02T00:00:00Z"),
        command: "test".to_owned(),
        author: "tester".to_owned(),
    };
    let day = Book::open(&folder, &opening).unwrap();
    let said = Said {
        metrics: vec!["ours".to_owned()],
        ..Said::default()
    };
    close(&day, "2026-01", &said, at("2026-02-02T00:00:00Z")).unwrap();
    balance::assert(&day, "ours 2026-01 = 0", None, at("2026-02-02T00:00:00Z")).unwrap();
    drop(day);
    let on = |now| Book::read(&folder, at(now)).unwrap();
    assert!(balance::balances(&on("2026-03-31T23:59:59Z")).unwrap()[0].holds());
    assert!(
        restatements(&on("2026-03-31T23:59:59Z"), None)
            .unwrap()
            .is_empty()
    );
    // From April on there is no such metric.
    let april = on("2026-04-01T00:00:00Z");
    let found = balance::balances(&april).unwrap();
    assert!(!found[0].holds(), "{:?}", found[0]);
    let told = restatements(&april, None).unwrap();
    assert_eq!(told.len(), 1, "{told:?}");
    let (was, is) = (told[0].was.as_str(), told[0].is.as_str());
    assert_eq!((told[0].metric.as_str(), was, is), ("ours", "0", ""));
    let because = &told[0].causes[0];
    assert_eq!(because.cause, "definition");
    assert!(because.means.ends_with("there is no metric `ours`"));
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

/// Forward-only: the charter before it holds for what happened before its day, also once a third
/// one replaces both, in whichever mode.
#[test]
fn a_forward_only_charter_keeps_what_the_one_before_it_says() {
    let desk = Desk::signed();
    let now = "2026-01-04T08:00:00Z";
    desk.forward("wide", "\"SQL\"").unwrap();
    // As proposed: from the day of the proposal on.
    assert_eq!(desk.eras(AsOf::Latest, Some("wide")), ["SQL", "SQL", "SQL"]);
    let proposed = desk.agreement().drafts[0].identity();
    let one = desk.sign("wide", "ann", Some("2026-02-01"), now).unwrap();
    assert_eq!((one.agreed, one.mode), (None, Mode::ForwardOnly));
    let signed = desk.agreement().drafts[0].identity();
    assert_ne!(proposed, signed);
    desk.sign("wide", "bob", None, now).unwrap();
    let after = AsOf::Instant(at("2026-02-01T00:00:00Z"));
    assert_eq!(desk.eras(after, None), ["MQL", "SQL", "SQL"]);
    assert_eq!(desk.eras(AsOf::Latest, None), ["MQL", "MQL", "MQL"]);
    assert_eq!(desk.eras(AsOf::Latest, Some("wide")), ["MQL", "SQL", "SQL"]);
    // Its hash says which it is, and finds it; that of the proposal finds what it meant then.
    let (charter, _) = desk.book.charter(after, None).unwrap();
    assert_eq!(charter.hash, signed);
    assert_eq!(
        desk.eras(AsOf::Latest, Some(&signed)),
        ["MQL", "SQL", "SQL"]
    );
    assert_eq!(
        desk.eras(AsOf::Latest, Some(&proposed)),
        ["SQL", "SQL", "SQL"]
    );
    // A second one over the first, and one that replays all of it.
    desk.forward("wider", "\"SAL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("wider", signer, Some("2026-03-01"), now).unwrap();
    }
    let march = AsOf::Instant(at("2026-03-01T00:00:00Z"));
    assert_eq!(desk.eras(march, None), ["MQL", "SQL", "SAL"]);
    assert_eq!(desk.eras(after, None), ["MQL", "SQL", "SQL"]);
    // The same texts for all the past are another draft; to the letter they are not in force.
    desk.draft("all", "\"SAL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("all", signer, Some("2026-04-01"), now).unwrap();
    }
    let april = AsOf::Instant(at("2026-04-01T00:00:00Z"));
    assert_eq!(desk.eras(april, None), ["SAL", "SAL", "SAL"]);
    assert!(verify(&desk.book).findings.is_empty());
    // Each stands as what it is on the day, and what replaced it says until when.
    let agreement = desk.agreement();
    let stands = |at_: &str| {
        let one = |draft| standing(&agreement, draft, at(at_));
        agreement.drafts.iter().map(one).collect::<Vec<_>>()
    };
    let [feb, mar] = ["2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"];
    assert_eq!(stands(feb)[0], format!("in force since {feb}"));
    assert_eq!(stands(feb)[1], format!("agreed, in force from {mar}"));
    assert_eq!(
        stands(mar)[0],
        format!("was in force from {feb} until {mar}")
    );
    let told: Vec<String> = story(&Book::read(&desk.book.dir, at("2026-04-01T00:00:00Z")).unwrap())
        .unwrap()
        .iter()
        .map(|event| event.what.clone())
        .collect();
    for line in [
        "ann proposes `wide`, forward-only: why not".to_owned(),
        "bob signs `wide` for sales, from 2026-02-01, forward-only".to_owned(),
        format!("in force: `wide` {signed}, forward-only, signed by both sides"),
    ] {
        assert!(told.contains(&line), "{line}\n{told:?}");
    }
}

/// Nobody is led to sign one mode for the other.
#[test]
fn a_mode_is_signed_with_the_draft() {
    let desk = Desk::signed();
    desk.forward("wide", "\"SQL\"").unwrap();
    let now = "2026-01-10T08:00:00Z";
    desk.sign("wide", "ann", None, now).unwrap();
    let last = desk.book.ledger.last_seq().unwrap();
    let mut texts = desk.last_sign();
    let mut read = Statement::parse(&texts[1].1).unwrap();
    read.signer = "bob".to_owned();
    read.mode = Mode::Retroactive;
    (read.base.seq, read.base.commit) = (last, super::state::commit(&desk.book, last).unwrap());
    let secret = super::keys::Secret::open(&desk.path("bob")).unwrap();
    texts[1].1 = read.text();
    texts[0].1 = secret.sign(&texts[1].1);
    desk.forge("sign", texts);
    let agreement = desk.agreement();
    assert!(
        agreement.bad[0].what.contains("is forward-only"),
        "{:?}",
        agreement.bad
    );
    assert_eq!(agreement.drafts[0].agreed, None);
}

/// What cannot wait for a day is refused when it is proposed, and when it is signed over another
/// charter than it was proposed over.
#[test]
fn what_is_said_of_all_the_past_is_not_forward_only() {
    let desk = Desk::signed();
    let calendar = desk.book.dir.join("charter/calendar.toml");
    fs::write(&calendar, "zone = \"Europe/Berlin\"\n").unwrap();
    assert_eq!(code(desk.forward("zone", "\"SQL\"")), "E0291");
    fs::remove_file(&calendar).unwrap();
    desk.forward("wide", "\"SQL\"").unwrap();
    fs::write(&calendar, "zone = \"Europe/Berlin\"\n").unwrap();
    desk.draft("zone", "\"MQL\"").unwrap();
    let now = "2026-01-04T08:00:00Z";
    for signer in ["ann", "bob"] {
        desk.sign("zone", signer, Some("2026-01-05"), now).unwrap();
    }
    assert_eq!(
        code(desk.sign("wide", "ann", Some("2026-01-06"), now)),
        "E0291"
    );
}

/// Who leaves signs no more; what they signed was signed, and counts.
#[test]
fn a_signer_who_was_removed_signs_no_more_and_what_was_signed_stands() {
    let desk = Desk::signed();
    desk.add("amy", "growth", Some("ann")).unwrap();
    desk.draft("wide", "\"SQL\"").unwrap();
    let now = "2026-01-04T08:00:00Z";
    desk.sign("wide", "amy", None, now).unwrap();
    // By their own side only, by its key, and never the last one.
    assert_eq!(code(desk.remove("amy", "bob", "bob")), "E0285");
    assert_eq!(code(desk.remove("amy", "ann", "bob")), "E0282");
    assert_eq!(code(desk.remove("bob", "bob", "bob")), "E0285");
    assert_eq!(code(desk.remove("eve", "ann", "ann")), "E0285");
    assert_eq!(desk.remove("amy", "ann", "ann").unwrap().open, ["wide"]);
    assert_eq!(code(desk.remove("amy", "ann", "ann")), "E0285");
    assert_eq!(code(desk.sign("wide", "amy", None, now)), "E0285");
    let signed = desk.sign("wide", "bob", None, "2026-01-06T08:00:00Z");
    assert!(signed.unwrap().agreed.is_some());
    // The name stays that of its side, or one person could sign for both.
    fs::rename(desk.path("amy"), desk.path("old")).unwrap();
    assert_eq!(code(desk.add("amy", "field", Some("bob"))), "E0285");
    desk.add("amy", "growth", Some("ann")).unwrap();
    // Themselves, too.
    assert_eq!(
        desk.remove("amy", "amy", "amy").unwrap().open,
        Vec::<String>::new()
    );
    let told = desk.told();
    let removed = told
        .iter()
        .filter(|line| line.starts_with("amy signs for marketing no more"));
    assert_eq!(
        removed.collect::<Vec<_>>(),
        [
            "amy signs for marketing no more (ann): left",
            "amy signs for marketing no more (amy): left"
        ]
    );
    assert!(verify(&desk.book).findings.is_empty());
}

#[test]
fn a_removal_that_somebody_else_writes_counts_for_nothing() {
    let desk = Desk::signed();
    desk.add("amy", "growth", Some("ann")).unwrap();
    let key = |name: &str| desk.agreement().signer(name).unwrap().key.clone();
    let removal = |name: &str, by: &str| Removal {
        base: desk.base(),
        name: name.to_owned(),
        key: key(name),
        by: by.to_owned(),
        why: "-".to_owned(),
    };
    desk.forge_signed("removal", "bob", removal("ann", "bob").text());
    desk.forge_signed("removal", "bob", removal("ann", "amy").text());
    desk.forge_signed("removal", "bob", removal("bob", "bob").text());
    let old = removal("amy", "ann").text();
    desk.forge_signed("removal", "ann", removal("amy", "ann").text());
    desk.add("abe", "growth", Some("ann")).unwrap();
    desk.forge_signed("removal", "ann", old);
    let agreement = desk.agreement();
    let names: Vec<&str> = agreement
        .signers
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["ann", "bob", "abe"]);
    let bad: Vec<&str> = agreement.bad.iter().map(|bad| bad.what.as_str()).collect();
    assert_eq!(bad.len(), 4, "{bad:?}");
    for (told, what) in bad.iter().zip([
        "`ann` is no signer of that side",
        "the signature of `amy` does not hold",
        "sales would have no signer left",
        "another place in another book or time",
    ]) {
        assert!(told.contains(what), "{told}");
    }
}

/// A lost key is replaced by a voucher: the log keeps both introductions.
#[test]
fn a_replaced_key_signs_nothing_and_stays_in_the_story() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    let now = "2026-01-04T08:00:00Z";
    desk.sign("wide", "ann", Some("2026-02-01"), now).unwrap();
    desk.add("amy", "growth", Some("ann")).unwrap();
    let alone = desk.add("ann", "growth", None).err().unwrap();
    assert!(
        alone
            .title
            .contains("nobody of marketing vouches for a new key"),
        "{}",
        alone.title
    );
    // Where a key of this book lies no other is made.
    assert_eq!(code(desk.add("ann", "growth", Some("amy"))), "E0282");
    fs::rename(desk.path("ann"), desk.path("old")).unwrap();
    desk.add("ann", "growth", Some("amy")).unwrap();
    let with_old = Signing {
        draft: "wide",
        signer: "ann",
        key: &desk.key("old"),
        from: Day::parse("2026-03-01"),
        conceding: &[],
        overturning: &[],
    };
    assert_eq!(code(sign(&desk.book, &with_old, at(now))), "E0282");
    let agreed = desk.sign("wide", "bob", None, "2026-01-05T08:00:00Z");
    assert!(agreed.unwrap().agreed.is_some());
    let told = desk.told();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    for line in [
        "ann may sign for marketing (team growth)",
        "ann may sign for marketing (team growth), vouched for by amy",
        "with a new key; the one before signs nothing any more",
    ] {
        assert_eq!(
            told.iter().filter(|one| **one == line).count(),
            1,
            "{line}\n{told:?}"
        );
    }
    assert!(verify(&desk.book).findings.is_empty());
}

/// What one team has signed is not taken back in any name that somebody types.
#[test]
fn a_signed_draft_is_withdrawn_by_a_signer_alone() {
    let desk = Desk::signed();
    let now = at("2026-01-04T08:00:00Z");
    desk.draft("wide", "\"SQL\"").unwrap();
    desk.draft("other", "\"SAL\"").unwrap();
    desk.sign("wide", "ann", None, "2026-01-04T08:00:00Z")
        .unwrap();
    let ann = (&Speaker::Named("ann"), "no");
    assert_eq!(code(withdraw(&desk.book, "wide", ann, now)), "E0292");
    // Nor by a program of one's own.
    let named = [("name", "wide"), ("by", "ann"), ("words", "no")];
    let named = named.map(|(name, text)| (name.to_owned(), text.to_owned()));
    desk.forge("withdraw", named.to_vec());
    let saying = |word: &str, draft: &str, signer: &str| Saying {
        base: desk.base(),
        word: word.to_owned(),
        draft: draft.to_owned(),
        signer: signer.to_owned(),
        words: "no".to_owned(),
    };
    desk.forge_signed("withdraw", "bob", saying("withdraw", "wide", "ann").text());
    desk.forge_signed("withdraw", "bob", saying("discuss", "wide", "bob").text());
    let old = saying("withdraw", "wide", "bob").text();
    let bob = desk.key("bob");
    let said = (&Speaker::Signer("bob", &bob), "what of\ntrials?");
    discuss(&desk.book, "wide", said, now).unwrap();
    desk.forge_signed("withdraw", "bob", old);
    let agreement = desk.agreement();
    assert_eq!(agreement.bad.len(), 4, "{:?}", agreement.bad);
    assert!(agreement.drafts[0].withdrawn.is_none());
    // By a signer of either side, who must hold the key.
    let key = desk.key("ann");
    let wrong = (&Speaker::Signer("bob", &key), "no");
    assert_eq!(code(withdraw(&desk.book, "wide", wrong, now)), "E0282");
    let right = (&Speaker::Signer("bob", &bob), "we do not want it");
    withdraw(&desk.book, "wide", right, now).unwrap();
    // What nobody signed anybody withdraws, by name.
    withdraw(&desk.book, "other", ann, now).unwrap();
    let told = desk.told();
    for line in [
        "bob (signed) on `wide`: what of trials?",
        "bob (signed) withdraws `wide`: we do not want it",
        "ann withdraws `other`: no",
    ] {
        assert!(told.iter().any(|one| one == line), "{line}\n{told:?}");
    }
}

/// A key whose act failed is taken by the next try, and does not stand in its way.
#[test]
fn a_key_that_was_made_for_an_act_that_failed_is_used_again() {
    let desk = Desk::new();
    let reading = Book::read(&desk.book.dir, at("2026-01-02T08:00:00Z")).unwrap();
    let new = NewSigner {
        name: "ann",
        team: "growth",
        key: &desk.key("ann"),
        voucher: None,
    };
    assert!(add_signer(&reading, &new, at("2026-01-02T08:00:00Z")).is_err());
    assert!(desk.path("ann").is_file());
    assert!(desk.agreement().signers.is_empty());
    desk.add("ann", "growth", None).unwrap();
    desk.add("bob", "field", None).unwrap();
    desk.draft("wide", "\"SQL\"").unwrap();
    desk.sign("wide", "ann", None, "2026-01-04T08:00:00Z")
        .unwrap();
    // But one that signs in this book already is not taken for a second name.
    let twice = NewSigner {
        name: "amy",
        team: "growth",
        key: &desk.key("ann"),
        voucher: Some(("ann", &desk.key("ann"))),
    };
    assert_eq!(
        code(add_signer(&desk.book, &twice, at("2026-01-05T08:00:00Z"))),
        "E0282"
    );
}

/// A fiscal year that was moved leaves two periods of one name: each is told by its days.
#[test]
fn two_closed_periods_of_one_name_are_told_apart_by_their_days() {
    use crate::periods::{Said, close, closes, reopen, restated::restatements};

    let desk = Desk::new();
    let now = at("2026-01-04T08:00:00Z");
    let calendar = desk.book.dir.join("charter/calendar.toml");
    let said = Said {
        metrics: vec!["won".to_owned()],
        ..Said::default()
    };
    for starts in [4, 7] {
        fs::write(
            &calendar,
            format!("zone = \"UTC\"\nyear_starts = {starts}\n"),
        )
        .unwrap();
        desk.book.publish(now).unwrap().unwrap();
        close(&desk.book, "FY2025-Q1", &said, now).unwrap();
        // The same days are closed once.
        assert_eq!(code(close(&desk.book, "FY2025-Q1", &said, now)), "E0461");
    }
    let all = closes(&desk.book).unwrap();
    let called: Vec<String> = all.iter().map(|one| one.called(&all)).collect();
    assert_eq!(
        called,
        [
            "FY2025-Q1 (2024-04-01..2024-07-01)",
            "FY2025-Q1 (2024-07-01..2024-10-01)"
        ]
    );
    assert!(restatements(&desk.book, Some("FY2025-Q1")).is_ok());
    assert_eq!(code(reopen(&desk.book, "FY2025-Q1", "-", now)), "E0462");
    let days = "2024-04-01..2024-07-01";
    assert_eq!(reopen(&desk.book, days, "-", now).unwrap().seq, all[0].seq);
    // Then there is one, and its name is enough.
    let all = closes(&desk.book).unwrap();
    assert_eq!(all[1].called(&all), "FY2025-Q1");
    assert_eq!(code(reopen(&desk.book, days, "-", now)), "E0462");
    assert_eq!(
        reopen(&desk.book, "FY2025-Q1", "-", now).unwrap().seq,
        all[1].seq
    );
}

/// Of two charters that wait for one day the one signed last begins then, so that is the one that a
/// next draft replaces.
#[test]
fn of_two_that_wait_for_one_day_the_last_one_is_what_a_draft_replaces() {
    let desk = Desk::signed();
    let now = "2026-01-04T08:00:00Z";
    // Named so that neither the order of names nor that of proposals gives it away.
    for (name, label) in [("later", "\"SQL\""), ("earlier", "\"SAL\"")] {
        desk.draft(name, label).unwrap();
    }
    for name in ["earlier", "later"] {
        for signer in ["ann", "bob"] {
            desk.sign(name, signer, Some("2026-02-01"), now).unwrap();
        }
    }
    desk.draft("next", "\"TAL\"").unwrap();
    let signed = desk.sign("next", "ann", Some("2026-03-01"), now).unwrap();
    let text = signed.changes[0].to_string();
    assert!(text.contains("SQL") && !text.contains("SAL"), "{text}");
    assert_eq!(
        desk.labels(AsOf::Instant(at("2026-02-01T00:00:00Z"))),
        "SQL"
    );
    let kept = &desk.agreement().drafts[2];
    assert_eq!(
        kept.signatures[0].statement.replaces,
        desk.agreement().drafts[0].hash
    );
}

/// The teams may go back to what they had: texts that were agreed and replaced are proposed again.
#[test]
fn texts_that_were_replaced_may_be_proposed_again() {
    let desk = Desk::signed();
    let agree = |name: &str, now: &str| {
        for signer in ["ann", "bob"] {
            desk.sign(name, signer, None, now).unwrap();
        }
    };
    desk.draft("first", "\"SQL\"").unwrap();
    agree("first", "2026-01-04T08:00:00Z");
    desk.draft("second", "\"SAL\"").unwrap();
    agree("second", "2026-01-05T08:00:00Z");
    desk.draft("back", "\"SQL\"").unwrap();
    // Once: a third of the same texts beside the open one is refused.
    assert_eq!(code(desk.draft("again", "\"SQL\"")), "E0286");
    agree("back", "2026-01-06T08:00:00Z");
    assert_eq!(desk.labels(AsOf::Latest), "SQL");
    let agreement = desk.agreement();
    let hash = agreement.drafts[0].hash.clone();
    assert_eq!(agreement.draft(&hash).unwrap().name, "back");
}

/// A name is a name first, though the hash of another draft begins like it.
#[test]
fn a_draft_that_is_called_like_a_hash_is_found_by_its_name() {
    let desk = Desk::signed();
    desk.forward("wide", "\"SQL\"").unwrap();
    let laid = desk.agreement().drafts[0].identity();
    let texts = desk.agreement().drafts[0].hash.clone();
    let digits = |hash: &str| hash.trim_start_matches("blake3:")[..8].to_owned();
    let marks = |asked: &str| {
        let (charter, _) = desk.book.charter(AsOf::Latest, Some(asked)).unwrap();
        charter.steps[0].marks.join(" ")
    };
    assert_eq!(marks(&digits(&laid)), "SQL");
    desk.draft(&digits(&laid), "\"SAL\"").unwrap();
    desk.draft(&digits(&texts), "\"TAL\"").unwrap();
    assert_eq!(marks(&digits(&laid)), "SAL");
    assert_eq!(marks(&digits(&texts)), "TAL");
    let kept = |asked: &str| super::texts::texts(&desk.book, Some(asked), AsOf::Latest).unwrap();
    assert_eq!(
        kept(&digits(&laid)).draft.as_deref(),
        Some(digits(&laid).as_str())
    );
    assert_eq!(kept(&laid).draft.as_deref(), Some("wide"));
}

/// A hash that an answer was given under goes on meaning that charter, though a forward-only draft of
/// the same texts is proposed later.
#[test]
fn the_hash_of_an_answer_means_its_charter_for_ever() {
    let desk = Desk::signed();
    let published = desk.book.charter(AsOf::Latest, None).unwrap().0.hash;
    for (name, label, day) in [
        ("first", "\"SQL\"", "2026-01-04T08:00:00Z"),
        ("second", "\"SAL\"", "2026-01-05T08:00:00Z"),
    ] {
        desk.draft(name, label).unwrap();
        for signer in ["ann", "bob"] {
            desk.sign(name, signer, None, day).unwrap();
        }
    }
    let first = desk.agreement().drafts[0].hash.clone();
    desk.forward("again", "\"SQL\"").unwrap();
    desk.forward("as-before", "\"MQL\"").unwrap();
    let agreement = desk.agreement();
    assert_eq!(agreement.drafts[2].hash, first);
    assert_eq!(agreement.drafts[3].hash, published);
    for hash in [&published, &first] {
        let asked = |asked: &str| desk.book.charter(AsOf::Latest, Some(asked)).unwrap().0.hash;
        assert_eq!(asked(hash), *hash);
        assert_eq!(super::named(&desk.book, hash).unwrap(), *hash);
    }
    // By their names they are what they are.
    for (name, at) in [("again", 2), ("as-before", 3)] {
        let (charter, _) = desk.book.charter(AsOf::Latest, Some(name)).unwrap();
        assert_eq!(charter.hash, agreement.drafts[at].identity());
        assert_ne!(charter.hash, agreement.drafts[at].hash);
    }
}

/// A charter that is agreed between two signatures ends what the first one was over, and both are told.
#[test]
fn a_signature_over_what_was_replaced_meanwhile_must_be_given_again() {
    let desk = Desk::signed();
    desk.draft("wide", "\"SQL\"").unwrap();
    let one = desk.sign("wide", "ann", None, "2026-01-04T08:00:00Z");
    assert_eq!(one.unwrap().differs, None);
    desk.draft("other", "\"SAL\"").unwrap();
    for signer in ["ann", "bob"] {
        desk.sign("other", signer, None, "2026-01-04T09:00:00Z")
            .unwrap();
    }
    let two = desk.sign("wide", "bob", None, "2026-01-04T10:00:00Z");
    let two = two.unwrap();
    assert_eq!(two.agreed, None);
    assert!(two.differs.unwrap().contains("over different charters"));
    let again = desk.sign("wide", "ann", None, "2026-01-04T11:00:00Z");
    let again = again.unwrap();
    assert!(again.agreed.is_some() && again.differs.is_none());
    assert_eq!(desk.labels(AsOf::Latest), "SQL");
}

/// A signature of before does not say that a key is needed: what was withdrawn by name then stays
/// withdrawn, and nobody signs it into force.
#[test]
fn what_was_withdrawn_by_name_under_the_first_form_stays_withdrawn() {
    for form in [1, 2] {
        let desk = Desk::signed();
        desk.draft("wide", "\"SQL\"").unwrap();
        desk.sign("wide", "ann", Some("2026-02-01"), "2026-01-04T08:00:00Z")
            .unwrap();
        let given = desk.agreement().drafts[0].signatures[0].statement.clone();
        desk.draft("twin", "\"SAL\"").unwrap();
        let statement = Statement {
            form,
            base: desk.base(),
            draft: "twin".to_owned(),
            hash: desk.agreement().drafts[1].hash.clone(),
            ..given
        };
        desk.forge_signed("sign", "ann", statement.text());
        let named = [("name", "twin"), ("by", "ann"), ("words", "no")];
        let named = named.map(|(name, text)| (name.to_owned(), text.to_owned()));
        desk.forge("withdraw", named.to_vec());
        let agreement = desk.agreement();
        assert_eq!(agreement.drafts[1].signatures.len(), 1);
        assert_eq!(agreement.drafts[1].withdrawn.is_some(), form == 1, "{form}");
        assert_eq!(agreement.bad.len(), usize::from(form == 2), "{form}");
        let signed = desk.sign("twin", "bob", Some("2026-02-01"), "2026-01-10T08:00:00Z");
        assert_eq!(signed.is_ok(), form == 2, "{form}");
        assert_eq!(verify(&desk.book).findings.is_empty(), form == 1, "{form}");
    }
}
