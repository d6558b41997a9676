//! Who may sign, with which key, and who no more.

use super::*;

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
fn keys_lie_in_the_folder_of_settings_under_book_and_name() {
    let place = crate::agree::keys::place(Path::new("/cfg"), "0123456789abcdef", "ann-lee");
    assert_eq!(
        place,
        Path::new("/cfg/handfast/signers/0123456789ab-ann-lee.key")
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
