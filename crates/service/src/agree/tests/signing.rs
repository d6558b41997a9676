//! What two signatures bring about, and what they hold for.

use super::*;

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
        let base = crate::agree::state::commit(&desk.book, last).unwrap();
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
        form: crate::agree::statement::FORM,
        base: crate::agree::statement::Base {
            book: crate::agree::book_id(&desk.book).unwrap(),
            seq,
            commit: crate::agree::state::commit(&desk.book, seq).unwrap(),
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
    let secret = crate::agree::keys::Secret::open(&desk.path("ann")).unwrap();
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
