//! What was planted in the demo company is found again by the product, to the unit and the cent,
//! from the exported files alone. The truth is counted by loops in `handfast_demo`, which knows no
//! ledger, no charter and no kernel.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use handfast_demo::{Company, LeadField, SEED, Won, company};
use support::server::Server;
use support::{Answer, ask, book, root, run};

/// Writes the exports of the first or of the second delivery.
fn write(company: &Company, folder: &Path, is_late: bool) -> Vec<PathBuf> {
    let files = company.exports();
    let wanted = files.iter().filter(|file| file.is_late() == is_late);
    let write = |file: &handfast_demo::ExportFile| {
        let path = folder.join(&file.name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, file.bytes()).unwrap();
        path
    };
    wanted.map(write).collect()
}

/// A book with both deliveries, and the sequence number between them.
fn told(dir: &Path) -> (Company, String, String) {
    let company = company(SEED);
    let book = book(dir, "demo", &write(&company, dir, false));
    let between = ask(&book, &["metric", "won"]).0["lineage"]["seq"].to_string();
    let late: Vec<String> = write(&company, dir, true)
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    run(&["import", &book, &late[0], &late[1]]);
    (company, book, between)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap()
}

#[test]
fn channels_and_their_funnels_are_those_of_the_story_under_either_charter() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, _) = told(dir.path());
    let planted = company.planted().definition;
    let draft = root()
        .join("examples/demo/charter-2025-draft")
        .display()
        .to_string();
    let by_channel = ["funnel", "--view", "cohort", "--by", "channel"];
    let agreed = ask(&book, &by_channel);
    let proposed = ask(&book, &[&by_channel[..], &["--charter", &draft]].concat());
    for (channel, truth) in &company.truth().channels {
        // A deal that sales found never was an inquiry, so no cohort of inquiries holds it.
        let Some(channel) = *channel else { continue };
        let (row, all) = ([channel.word()], number(truth.pursuits));
        assert_eq!(agreed.count(&row, "entered"), all, "{channel:?}");
        assert_eq!(
            agreed.ratio(&row, "mql"),
            (number(truth.at_score_before), all)
        );
        assert_eq!(agreed.ratio(&row, "sal"), (number(truth.accepted), all));
        assert_eq!(agreed.ratio(&row, "won"), (number(truth.won), all));
        // "Reached or beyond": whom sales accepted is beyond, whatever the score was.
        let beyond = company.pursuits.iter().filter(|pursuit| {
            let scored = |(_, score): &(_, i32)| *score >= planted.score_after;
            pursuit.channel == Some(channel)
                && (pursuit.accepted.is_some() || pursuit.scores.iter().any(scored))
        });
        assert_eq!(proposed.ratio(&row, "mql"), (number(beyond.count()), all));
        assert_eq!(proposed.ratio(&row, "won"), (number(truth.won), all));
    }
}

#[test]
fn the_late_delivery_changes_one_quarter_and_either_answer_can_be_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, between) = told(dir.path());
    let truth = company.truth();
    let revenue = ["metric", "revenue", "--by", "quarter"];
    let now = ask(&book, &revenue);
    let before = ask(&book, &[&revenue[..], &["--as-of", &between]].concat());
    let minor = |answer: &Answer, row: &[&str]| answer.cell(row, "revenue")["minor"].as_i64();
    for ((quarter, currency), won) in &truth.won {
        let row = [quarter.as_str(), *currency];
        assert_eq!(minor(&now, &row), Some(won.minor), "{row:?}");
        assert_eq!(now.count(&row, "n"), number(won.deals), "{row:?}");
        let known = truth.won_before_late.get(&(quarter.clone(), *currency));
        assert_eq!(
            minor(&before, &row),
            known.map(|won: &Won| won.minor),
            "{row:?}"
        );
    }
    assert_eq!(now.rows().len(), truth.won.len());
}

#[test]
fn the_slow_handoff_shows_where_it_was_planted() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, _) = told(dir.path());
    let planted = company.planted().slow_handoff;
    let times = ask(&book, &["velocity", "--by", "person.region"]);
    for region in handfast_demo::Region::ALL {
        let days = times.days(&[region.word(), "in mql"], "median");
        let wanted = match region == planted.region {
            true => planted.days_median,
            false => planted.days_median_elsewhere,
        };
        assert!(
            (days - f64::from(wanted)).abs() < 0.5,
            "{region:?}: {days} days"
        );
    }
}

#[test]
fn rows_that_come_twice_count_once() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, _) = told(dir.path());
    let verified = run(&["verify", &book]);
    assert!(verified.contains("nothing wrong"), "{verified}");
    let count = |metric: &str| ask(&book, &["metric", metric]).count(&[], metric);
    assert_eq!(count("leads_created"), number(company.leads.len()));
    let first = run(&["ask", "funnel", "--book", &book, "--view", "flow", "--csv"]);
    let again = write(&company, dir.path(), false);
    let files: Vec<String> = again
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    run(&[
        &["import", &book][..],
        &files.iter().map(String::as_str).collect::<Vec<_>>(),
    ]
    .concat());
    let second = run(&["ask", "funnel", "--book", &book, "--view", "flow", "--csv"]);
    let rows = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(rows(&first), rows(&second));
}

#[test]
fn a_snapshot_is_worth_the_deals_of_then_and_its_records_sum_to_it() {
    let dir = tempfile::tempdir().unwrap();
    let (_, book, _) = told(dir.path());
    let view = ["funnel", "--view", "snapshot", "--at", "2025-06-30"];
    let then = ask(&book, &view);
    // Deals of these pursuits were created later; at this instant they are worth nothing.
    for stage in ["inquiry", "mql", "recycled"] {
        assert_eq!(then.cell(&[stage], "value_eur")["minor"], 0, "{stage}");
        assert_eq!(then.cell(&[stage], "value_usd")["minor"], 0, "{stage}");
    }
    for stage in ["discovery", "proposal", "negotiation"] {
        let records = [&view[..], &["--records", "value_eur", "--row", stage]].concat();
        let listed = ask(&book, &records);
        let column = listed.column("amount");
        let cents = |row: &serde_json::Value| {
            let text = row[column].as_str().unwrap();
            let digits = text.strip_suffix(" EUR").unwrap().replace('.', "");
            digits.parse::<i64>().unwrap()
        };
        let sum: i64 = listed.rows().iter().map(cents).sum();
        assert_eq!(then.cell(&[stage], "value_eur")["minor"], sum, "{stage}");
    }
}

/// A lead's first owner in the year in which the SDRs sit with sales, and the latest answer from then on.
fn first_calls(company: &Company) -> (i64, i64, i64) {
    let (mut handed, mut accepted, mut rejected) = (0, 0, 0);
    for lead in 0..company.leads.len() {
        let of_lead = || company.lead_changes.iter().filter(|row| row.lead == lead);
        let mut owners = of_lead().filter(|row| row.field == LeadField::Owner);
        let Some(first) = owners.next() else { continue };
        let is_of_sdrs = |row: &&handfast_demo::LeadChange| {
            let rep = company.reps.iter().find(|rep| rep.id == row.new).unwrap();
            rep.team_on(row.at.day) == "SDR (Sales)"
        };
        if !is_of_sdrs(&first) {
            continue;
        }
        let mut verdicts = of_lead().filter(|row| row.field == LeadField::Verdict);
        let latest = verdicts.rfind(|row| row.at >= first.at);
        let latest = latest.map(|row| row.new.as_str());
        handed += 1;
        accepted += i64::from(latest == Some("accepted"));
        rejected += i64::from(latest == Some("rejected"));
    }
    (handed, accepted, rejected)
}

#[test]
fn what_sales_promised_is_answered_as_often_as_the_story_tells() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, _) = told(dir.path());
    let (handed, accepted, rejected) = first_calls(&company);
    let sla = ask(&book, &["sla", "first_call"]);
    let row = ["first_call"];
    assert_eq!(sla.count(&row, "handed"), handed);
    assert_eq!(sla.ratio(&row, "accepted"), (accepted, handed));
    assert_eq!(sla.ratio(&row, "rejected"), (rejected, handed));
    assert!(0 < accepted && 0 < rejected && accepted + rejected < handed);
    // Where the handoff is slow, nobody is answered within the two days that were promised.
    let by_region = ask(&book, &["sla", "qualified", "--by", "person.region"]);
    for region in handfast_demo::Region::ALL {
        let (met, due) = by_region.ratio(&["qualified", region.word()], "attainment");
        let is_slow = region == company.planted().slow_handoff.region;
        assert_eq!(met == 0, is_slow, "{region:?}");
        assert!(due > 100, "{region:?}");
    }
    // Every reason that the story gives is agreed.
    assert!(!sla.0.to_string().contains("W0134"));
}

#[test]
fn vendors_were_paid_what_the_story_paid_them_and_goals_are_what_was_set() {
    let dir = tempfile::tempdir().unwrap();
    let (company, book, _) = told(dir.path());
    let cost = ask(&book, &["cost", "--by", "vendor"]);
    let minor = |vendor: &str, currency: &str| -> i64 {
        let spend = company.spend.iter();
        // A statement tells of months that stand there themselves, and of a retainer.
        let spend = spend.filter(|one| !one.is_total);
        let own = spend.filter(|one| company.campaigns[one.campaign].vendor == vendor);
        own.filter(|one| one.currency == currency)
            .map(|one| one.minor)
            .sum()
    };
    for vendor in ["Findwell", "Hall & Stall"] {
        let told = cost.cell(&[vendor, "EUR"], "spend")["minor"].as_i64();
        let retainers = if vendor == "Findwell" { 8 * 90_000 } else { 0 };
        assert_eq!(told, Some(minor(vendor, "EUR") + retainers), "{vendor}");
    }
    // A year of paid search is its halves, and what its four statements hold besides.
    let year = ask(&book, &["cost", "C-2025"]);
    let spent = |row: &str| year.cell(&[row, "EUR"], "spend")["minor"].as_i64().unwrap();
    let halves = spent("C-2025 / C-13") + spent("C-2025 / C-19");
    assert_eq!(spent("C-2025 / (other)"), 4 * 90_000);
    assert_eq!(spent("C-2025"), halves + 4 * 90_000);
    assert!(!year.0.to_string().contains("W0132"));
    let told = cost.cell(&["Hall & Stall", "USD"], "spend")["minor"].as_i64();
    assert_eq!(told, Some(minor("Hall & Stall", "USD")));
    assert!(told.unwrap() > 0);
    let goals = ask(&book, &["metric", "pipeline_coverage", "--by", "quarter"]);
    for target in &company.targets {
        let row = [target.quarter.as_str(), target.currency];
        let told = goals.cell(&row, "target")["minor"].as_i64();
        assert_eq!(told, Some(target.minor), "{row:?}");
    }
}

#[test]
fn the_demo_is_served_to_guests_who_are_told_that_it_is_invented() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("demo").display().to_string();
    let words = [
        "demo",
        "--dir",
        &folder,
        "--serve",
        "--listen",
        "127.0.0.1:0",
    ];
    let server = Server::start(&words);
    let guest = server.post("/api/v1/session/guest", "", "");
    assert_eq!(guest.status, 200, "{}", guest.body);
    let book = server.get("/api/v1/book", &guest.session()).json();
    assert_eq!(book["is_demo"], true, "{book}");
    let won = server
        .get("/api/v1/ask/metric?of=won", &guest.session())
        .json();
    let typed = ask(&format!("{folder}/book"), &["metric", "won"]).0;
    assert_eq!(won["answer"]["rows"], typed["answer"]["rows"]);
    assert!(won["answer"]["rows"][0].is_array(), "{won}");
}
