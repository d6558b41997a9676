//! Who keeps views and notes, who sees them, and who can take them away.

use super::{Office, after, call, call_at, code};
use crate::saved::Figure;
use crate::tests::OFFICE;
use crate::{Actor, Role};

#[test]
fn a_view_is_ones_own_until_it_is_shared_and_leads_nowhere_else() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire(Role::Sales).actor;
    let cy = office.hire(Role::Analyst).actor;
    let keep = |actor: &Actor, address, shared| {
        accounts.keep_view(actor, &call(), ("Mine", address, shared))
    };
    let own = keep(&bo, "/funnel?by=channel", false).unwrap();
    let shared = keep(&bo, "/week", true).unwrap();
    let ids = |actor: &Actor| -> Vec<String> {
        let views = accounts.views(actor).unwrap().into_iter();
        views.map(|view| view.id).collect()
    };
    assert_eq!(ids(&cy), std::slice::from_ref(&shared.id));
    assert_eq!(ids(&bo).len(), 2);
    for away in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:x",
        "",
    ] {
        assert_eq!(code(keep(&bo, away, true)), "E0624", "{away}");
    }
    let viewer = office.hire(Role::Viewer).actor;
    assert_eq!(code(keep(&viewer, "/week", false)), "E0621");
    assert_eq!(code(keep(&Actor::Stranger, "/week", false)), "E0620");
    // Of another's and of none there is the same answer.
    for id in [own.id.as_str(), "0123"] {
        assert_eq!(code(accounts.drop_view(&cy, &call(), id)), "E0622");
    }
    accounts.drop_view(&bo, &call(), &own.id).unwrap();
    assert_eq!(ids(&bo), [shared.id]);
}

#[test]
fn a_note_stands_on_its_figure_and_goes_with_whoever_left_it() {
    let office = Office::new();
    let accounts = &office.accounts;
    let bo = office.hire(Role::Sales).actor;
    let on = |column: &str| Figure {
        question: "funnel as-of=latest".to_owned(),
        column: column.to_owned(),
        row: vec!["webinar".to_owned()],
    };
    let later = call_at(after(5), OFFICE);
    let first = accounts
        .keep_note(&bo, &call(), (&on("won"), " The fair moved. "))
        .unwrap();
    let other = accounts
        .keep_note(&bo, &later, (&on("mql"), "See won."))
        .unwrap();
    assert_eq!(first.words, "The fair moved.");
    let boss = office.boss();
    assert_eq!(
        accounts.notes(boss, (None, None)).unwrap(),
        [other, first.clone()]
    );
    let found = accounts
        .notes(boss, (Some("funnel as-of=latest"), Some("won")))
        .unwrap();
    assert_eq!(found, std::slice::from_ref(&first));
    assert_eq!(
        code(accounts.keep_note(&bo, &call(), (&on("won"), "  "))),
        "E0624"
    );
    assert_eq!(code(accounts.drop_note(boss, &call(), &first.id)), "E0622");
    let id = bo.person().unwrap().id.clone();
    accounts.remove(boss, &call(), &id).unwrap();
    assert_eq!(accounts.notes(boss, (None, None)).unwrap(), []);
}
