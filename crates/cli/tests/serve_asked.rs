//! How the server asks: a page is of one commit, a person of some teams sees their rows and no
//! others, and a question ends when it takes too long.
// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use handfast_engine::answer::Pick;
use handfast_model::Instant;
use handfast_model::question::AsOf;
use handfast_service::ask::ask;
use handfast_service::book::Book;
use handfast_service::resolve::Typed;
use handfast_wire::v1;
use serde_json::Value;
use support::server::{PASSWORD, Sent, Server, address, invented};
use support::{handfast, leads, root, run};

/// The last instant of 2026, when every charter of the fixture is in force.
const NOW: Instant = Instant(1_798_761_599_000_000);

fn funnel(by: &str) -> Typed {
    Typed {
        kind: "funnel".to_owned(),
        by: vec![by.to_owned()],
        ..Typed::default()
    }
}

fn json(book: &Book, typed: &Typed) -> String {
    let reply = ask(book, typed, None).unwrap();
    v1::Reply::new(&reply.question, &reply.answer).to_json()
}

#[test]
fn figures_and_their_records_are_of_one_page_whatever_is_imported_meanwhile() {
    let dir = tempfile::tempdir().unwrap();
    let book = dir.path().join("book").display().to_string();
    let acme = root().join("crates/cli/tests/fixtures/acme");
    run(&["init", &book, "--from", &acme.display().to_string()]);
    let import = |name: &str, numbers| {
        let path = dir.path().join(name);
        fs::write(&path, leads(numbers)).unwrap();
        run(&["import", &book, &path.display().to_string()]);
    };
    let typed_in = || {
        let words = ["ask", "funnel", "--by", "month", "--book", &book, "--json"];
        run(&words).trim_end().to_owned()
    };
    import("leads_1.csv", 0..40);
    let before = typed_in();
    let open = Book::read(Path::new(&book), NOW).unwrap();
    let page = open.at(open.ledger.last_seq().unwrap(), NOW);
    // Before it is asked for the first time, and again when it is held.
    import("leads_2.csv", 40..90);
    let after = typed_in();
    assert_ne!(before, after);
    for _ in 0..2 {
        assert_eq!(json(&page, &funnel("month")), before);
        let figures = ask(&page, &funnel("month"), None).unwrap().answer;
        let first = figures.columns.iter().position(|one| one.id == "entered");
        let entered = first.map(|at| figures.rows.iter().map(move |row| row[at].exact()));
        let entered = entered.unwrap().map(|cell| cell.parse::<usize>().unwrap());
        let pick = Pick {
            column: "entered".to_owned(),
            row: Vec::new(),
        };
        let records = ask(&page, &funnel("month"), Some(&pick)).unwrap().answer;
        assert_eq!(records.rows.len(), entered.sum::<usize>());
        assert_eq!(records.lineage.seq, figures.lineage.seq);
        // The next page is another one.
        assert_eq!(json(&open, &funnel("month")), after);
    }
    assert_eq!(
        page.ledger.resolve(AsOf::Instant(NOW)).unwrap().0.0,
        figures_of(&before)
    );
}

/// The commit that a reply is of.
fn figures_of(reply: &str) -> u64 {
    let reply: Value = serde_json::from_str(reply).unwrap();
    reply["lineage"]["seq"].as_u64().unwrap()
}

#[test]
fn a_day_of_knowing_is_known_to_its_end_in_the_zone_of_the_charter() {
    let dir = tempfile::tempdir().unwrap();
    let book = invented(&dir);
    let ask = |as_of: &str| {
        let out = handfast(&["ask", "funnel", "--book", &book, "--as-of", as_of, "--json"]);
        String::from_utf8(out.stdout).unwrap()
    };
    let reply: Value = serde_json::from_str(&ask("2099-12-31")).unwrap();
    let question = reply["question"].to_string();
    assert!(question.contains("59:59.999999Z"), "{question}");
    let seq = reply["lineage"]["seq"].as_u64();
    assert!(seq > Some(0), "{reply}");
    assert!(ask("2099-02-30").is_empty());
}

#[test]
fn the_book_names_the_periods_of_its_own_calendar() {
    let dir = tempfile::tempdir().unwrap();
    let demo = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &demo]);
    let book = format!("{demo}/book");
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    let told = server.get("/api/v1/book", &guest).json();
    let funnel = server.get(&address("funnel"), &guest).json();
    assert_eq!(told["horizon"], funnel["lineage"]["horizon"]);
    assert_eq!(told["exponents"]["JPY"], 0);
    let periods = told["periods"].as_array().unwrap();
    let last = told["shown"]["last"].as_str().unwrap();
    for grain in ["year", "quarter", "month"] {
        let own = periods.iter().filter(|one| one["grain"] == grain);
        let own: Vec<&Value> = own.collect();
        let mut begun = own.iter().filter(|one| one["stands"] != "ahead");
        let newest = begun.next_back().unwrap();
        let days = |of: &Value, side: &str| of[side].as_str().unwrap().to_owned();
        assert!(days(newest, "from").as_str() <= last, "{newest}");
        assert!(days(newest, "last").as_str() >= last, "{newest}");
        // Each is a period of questions, and the next one begins on the day after.
        let name = newest["name"].as_str().unwrap();
        let asked = server.get(&address(&format!("metric won --period {name}")), &guest);
        assert_eq!(asked.status, 200, "{}", asked.body);
    }
    // As of a commit, and under a charter that nobody knows.
    let then = server.get("/api/v1/book?as-of=1", &guest);
    assert_eq!(then.status, 200, "{}", then.body);
    assert_eq!(then.json()["periods"], serde_json::json!([]));
    let nobodys = server.get("/api/v1/book?charter=nothing", &guest);
    assert_eq!(nobodys.status / 100, 4, "{}", nobodys.body);
}

#[test]
fn a_question_that_may_take_no_time_is_refused_and_keeps_no_place() {
    let dir = tempfile::tempdir().unwrap();
    let book = invented(&dir);
    let words = ["serve", &book, "--listen", "127.0.0.1:0", "--deadline", "0"];
    let server = Server::start(&words);
    let guest = server.post("/api/v1/session/guest", "", "").session();
    for _ in 0..5 {
        let refused = server.get(&address("funnel --by month"), &guest);
        assert_eq!(refused.json()["code"], "E0466", "{}", refused.body);
        assert_eq!(refused.status, 422);
    }
    assert_eq!(server.get("/api/v1/book", &guest).status, 200);
}

/// Invites somebody who sees the rows of some teams; gives what their browser holds.
fn of_team(server: &Server, owner: &str, team: &str) -> String {
    let body = serde_json::json!({
        "name": format!("Vera of {team}"),
        "email": format!("{}@firm.example", team.replace(' ', ".").to_lowercase()),
        "role": "analyst",
        "teams": [team],
    });
    let invited = server.post("/api/v1/people", owner, &body.to_string());
    assert_eq!(invited.status, 201, "{}", invited.body);
    let body = serde_json::json!({"token": invited.json()["token"], "password": PASSWORD});
    let accepted = server.post("/api/v1/invitations/accept", "", &body.to_string());
    accepted.session()
}

/// The cells of an answer by the column's id.
fn column(reply: &Value, id: &str) -> Vec<Value> {
    let answer = &reply["answer"];
    let columns = answer["columns"].as_array().unwrap();
    let at = columns.iter().position(|one| one["id"] == id).unwrap();
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| row[at].clone()).collect()
}

/// A refusal without what is of one request alone.
fn plain(sent: &Sent, key: &str) -> (u16, String) {
    let mut body = sent.json();
    body["request_id"] = Value::Null;
    (sent.status, body.to_string().replace(key, "KEY"))
}

#[test]
fn somebody_of_a_team_sees_its_rows_and_nothing_of_others() {
    let dir = tempfile::tempdir().unwrap();
    let demo = dir.path().join("demo").display().to_string();
    run(&["demo", "--dir", &demo]);
    let book = format!("{demo}/book");
    let server = Server::start(&["serve", &book, "--listen", "127.0.0.1:0"]);
    let owner = server.owner();
    let by_team = "funnel --view snapshot --by team";
    let whole = server.get(&address(by_team), &owner).json();
    let teams: BTreeSet<String> = column(&whole, "team")
        .iter()
        .filter_map(|cell| cell.as_str().map(str::to_owned))
        .collect();
    let mut teams = teams.into_iter();
    let (own, other) = (teams.next().unwrap(), teams.next().unwrap());
    let vera = of_team(&server, &owner, &own);

    // Who is there now is had by the team that has it now: each of her stages is a row of the whole.
    let count = |reply: &Value, team: Option<&str>| {
        let teams = team.map(|_| column(reply, "team"));
        let cells = column(reply, "stage")
            .into_iter()
            .zip(column(reply, "there"));
        let all = cells.enumerate().filter(|(at, (_, there))| {
            let is_own = teams
                .as_ref()
                .is_none_or(|teams| teams[*at].as_str() == team);
            is_own && there.as_u64() != Some(0)
        });
        all.map(|(_, cell)| cell).collect::<Vec<_>>()
    };
    let snapshot = address("funnel --view snapshot");
    let hers = server.get(&snapshot, &vera).json();
    assert_eq!(count(&hers, None), count(&whole, Some(&own)));
    assert_ne!(count(&hers, None), count(&whole, None));
    let notes = hers["notes"].to_string();
    assert!(
        notes.contains(&format!("only rows of team {own}")),
        "{notes}"
    );

    // In either order nobody is given what another one asked for.
    let both = |question: &str, first: &str, second: &str| {
        let first = server.get(&address(question), first).body;
        (first, server.get(&address(question), second).body)
    };
    let typed = |question: &str| {
        let words: Vec<&str> = ["ask"].into_iter().chain(question.split(' ')).collect();
        let words = [words, vec!["--book", &book, "--json"]].concat();
        run(&words).trim_end().to_owned()
    };
    for (question, hers_first) in [("funnel --by quarter", true), ("metric won", false)] {
        let (owners, hers) = match hers_first {
            true => {
                let (hers, owners) = both(question, &vera, &owner);
                (owners, hers)
            }
            false => both(question, &owner, &vera),
        };
        assert_eq!(owners, typed(question), "{question}");
        assert_ne!(owners, hers, "{question}");
    }

    // There are as many records as a figure says, and all are hers.
    let won = server.get(&address("metric won"), &vera).json();
    let won = column(&won, "won")[0].as_u64().unwrap();
    assert!(won > 0);
    let records = "/api/v1/ask/metric/records?of=won&column=won&limit=1000";
    let listed = server.get(records, &vera).json();
    assert_eq!(listed["of"], won);
    let all = server.get(records, &owner).json();
    let deals = |page: &Value| -> BTreeSet<String> {
        let keys = column(&page["reply"], "deal").into_iter();
        keys.filter_map(|key| key.as_str().map(str::to_owned))
            .collect()
    };
    let (mine, everybodys) = (deals(&listed), deals(&all));
    assert!(mine.is_subset(&everybodys) && mine.len() < everybodys.len());

    // A deal of another team is not there, as one that nobody knows; one of hers is.
    let story = |key: &str, who: &str| server.get(&format!("/api/v1/deals/{key}"), who);
    let theirs = everybodys.difference(&mine).next().unwrap();
    assert_eq!(story(theirs, &owner).status, 200);
    assert_eq!(
        plain(&story(theirs, &vera), theirs),
        plain(&story("NOTHING-7", &vera), "NOTHING-7")
    );
    assert_eq!(story(theirs, &vera).status, 404);
    assert_eq!(story(mine.iter().next().unwrap(), &vera).status, 200);
    // Nor can she act on it, whether or not somebody disputes it.
    let act = |key: &str, what: &str, who: &str, body: Value| {
        let path = format!("/api/v1/deals/{key}/{what}");
        server.post(&path, who, &body.to_string())
    };
    let told = |team: &str| serde_json::json!({"team": team, "story": "We met them first."});
    let ruled = || serde_json::json!({"ruling": "It stays as it is."});
    for is_disputed in [false, true] {
        if is_disputed {
            let disputed = act(theirs, "disputes", &owner, told(&other));
            assert_eq!(disputed.status, 200, "{}", disputed.body);
        }
        for (what, body) in [("disputes", told(&own)), ("rulings", ruled())] {
            let one = act(theirs, what, &vera, body.clone());
            let none = act("NOTHING-7", what, &vera, body);
            let (one, none) = (plain(&one, theirs), plain(&none, "NOTHING-7"));
            assert_eq!(one, none, "{what}, disputed: {is_disputed}");
            assert_eq!(one.0, 404, "{what}: {}", one.1);
        }
    }

    // Accounts stand where her team has them.
    let page = server.get("/api/v1/accounts?limit=1000", &vera).json();
    let accounts = page["accounts"].as_array().unwrap();
    assert!(!accounts.is_empty());
    assert!(
        accounts
            .iter()
            .all(|one| one["stands"]["team"] == own.as_str())
    );
    assert_eq!(page["teams"], serde_json::json!([own]));

    // What is of no team's rows is refused, and a team without any sees none.
    for question in ["health", "cost", "change won --since 1", "metric spend"] {
        let refused = server.get(&address(question), &vera);
        assert_eq!(
            refused.json()["code"],
            "E0715",
            "{question}: {}",
            refused.body
        );
        assert_eq!(refused.status, 403, "{question}");
    }
    for path in [
        "/api/v1/periods",
        "/api/v1/ask/funnel/passport",
        "/api/v1/uploads",
        "/api/v1/imports",
        "/api/v1/jobs",
    ] {
        assert_eq!(server.get(path, &vera).status, 403, "{path}");
    }
    // Of what does not hold she is not told where it was found.
    let breach = "I3\t1\tdeal HIDDEN-7\twon for EUR 1.00, which nobody is given\n";
    let beside = Book::read(Path::new(&book), Instant(i64::MIN)).unwrap();
    beside.ledger.unverified().keep(breach).unwrap();
    let told = |who: &str| server.get(&address("velocity"), who).body;
    let (owners, hers) = (told(&owner), told(&vera));
    assert!(owners.contains("HIDDEN-7"), "{owners}");
    assert!(
        hers.contains("W0115") && !hers.contains("HIDDEN-7"),
        "{hers}"
    );
    let nobody = of_team(&server, &owner, "No such team");
    let nothing = server.get(&address("metric won"), &nobody).json();
    assert_eq!(column(&nothing, "won")[0], 0);
    let theirs = of_team(&server, &owner, &other);
    assert_ne!(server.get(&snapshot, &theirs).json(), hers);
}
