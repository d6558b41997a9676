//! How a draft is proposed, found, withdrawn and replaced.

use super::*;

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
    (read.base.seq, read.base.commit) =
        (last, crate::agree::state::commit(&desk.book, last).unwrap());
    let secret = crate::agree::keys::Secret::open(&desk.path("ann")).unwrap();
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
    let kept =
        |asked: &str| crate::agree::texts::texts(&desk.book, Some(asked), AsOf::Latest).unwrap();
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
        assert_eq!(crate::agree::named(&desk.book, hash).unwrap(), *hash);
    }
    // By their names they are what they are.
    for (name, at) in [("again", 2), ("as-before", 3)] {
        let (charter, _) = desk.book.charter(AsOf::Latest, Some(name)).unwrap();
        assert_eq!(charter.hash, agreement.drafts[at].identity());
        assert_ne!(charter.hash, agreement.drafts[at].hash);
    }
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

#[test]
fn a_vision_is_proposed_signed_and_in_force_with_the_rest() {
    let desk = Desk::signed();
    let text = "# Why\n\nWe keep what we promise.\n";
    fs::write(desk.book.dir.join("charter/vision.md"), text).unwrap();
    // A text of another name is no part of a charter.
    fs::write(desk.book.dir.join("charter/notes.md"), "not this").unwrap();
    desk.draft("why", "\"MQL\"").unwrap();
    let agreement = desk.agreement();
    let draft = agreement.draft("why").unwrap();
    let names: Vec<&str> = draft.files.iter().map(|(path, _)| path.as_str()).collect();
    assert!(names.contains(&"charter/vision.md"), "{names:?}");
    assert!(!names.contains(&"charter/notes.md"), "{names:?}");
    let (_, changes) = crate::agree::shown::changes(&desk.book, draft).unwrap();
    let what: Vec<&str> = changes.iter().map(|one| one.what.as_str()).collect();
    assert_eq!(what, ["vision"]);
    for signer in ["ann", "bob"] {
        let signed = desk.sign("why", signer, Some("2026-02-01"), "2026-01-04T08:00:00Z");
        signed.unwrap();
    }
    let book = Book::read(&desk.book.dir, at("2026-02-02T00:00:00Z")).unwrap();
    let (charter, _) = book.charter(AsOf::Latest, None).unwrap();
    assert_eq!(charter.vision.as_deref(), Some(text));
    let sent = |name: &str| super::super::doing::files(vec![(name.to_owned(), text.to_owned())]);
    assert!(sent("vision.md").is_ok());
    assert_eq!(code(sent("notes.md")), "E0286");
}
