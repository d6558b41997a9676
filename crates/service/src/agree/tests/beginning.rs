//! The day on which a charter begins: what is kept, closed and vouched for around it, and what it
//! leaves to the one before.

use super::*;

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
    (read.base.seq, read.base.commit) =
        (last, crate::agree::state::commit(&desk.book, last).unwrap());
    let secret = crate::agree::keys::Secret::open(&desk.path("bob")).unwrap();
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
    assert_eq!(
        code(reopen(&desk.book, "FY2025-Q1", (None, "-"), now)),
        "E0462"
    );
    let days = "2024-04-01..2024-07-01";
    assert_eq!(
        reopen(&desk.book, days, (None, "-"), now).unwrap().seq,
        all[0].seq
    );
    // Then there is one, and its name is enough.
    let all = closes(&desk.book).unwrap();
    assert_eq!(all[1].called(&all), "FY2025-Q1");
    assert_eq!(code(reopen(&desk.book, days, (None, "-"), now)), "E0462");
    assert_eq!(
        reopen(&desk.book, "FY2025-Q1", (None, "-"), now)
            .unwrap()
            .seq,
        all[1].seq
    );
}
