//! Small files as people export them, and what is proposed for each.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic)]

use handfast_charter::read_pack;
use handfast_connect::sniff::{Sniffed, sniff};
use handfast_packs::propose::{Proposal, Wishes};
use handfast_packs::suggest::suggest;

fn proposal(files: &[(&str, &str)], wishes: &Wishes) -> Proposal {
    let dir = tempfile::tempdir().unwrap();
    let found: Vec<Sniffed> = files
        .iter()
        .map(|(name, text)| {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            sniff(&[path]).unwrap().remove(0).1
        })
        .collect();
    let proposal = suggest(&found, wishes).remove(0).proposal;
    if let Err(refusals) = read_pack(&proposal.name, &proposal.texts) {
        panic!("{refusals:#?}\n{}", whole(&proposal));
    }
    proposal
}

fn whole(proposal: &Proposal) -> String {
    let files = proposal.texts.iter();
    let files: Vec<String> = files
        .map(|file| format!("== {}\n{}", file.path, file.text))
        .collect();
    files.join("\n")
}

/// Every text must be there, none of the others.
fn holds(text: &str, expected: &[&str], absent: &[&str]) {
    for one in expected {
        assert!(text.contains(one), "`{one}` is missing in\n{text}");
    }
    for one in absent {
        assert!(!text.contains(one), "`{one}` must not be in\n{text}");
    }
}

#[test]
fn an_ads_report_with_lines_above_and_sums_below() {
    let mut text = String::from(
        "Campaign report\n\"Nov 1, 2024 - Nov 30, 2024\"\nCampaign,Day,Currency code,Cost,Impr.,Clicks\n",
    );
    for day in 1..=30 {
        text.push_str(&format!(
            "Brand,2024-11-{day:02},EUR,\"1,2{day:02}.50\",1000,{day}\n"
        ));
        text.push_str(&format!("Search,2024-11-{day:02},EUR,{day}.25,500,{day}\n"));
    }
    text.push_str("Total: Campaigns, --,EUR,\"38,000.00\",45000,930\n");
    let proposal = proposal(&[("Campaign report.csv", &text)], &Wishes::default());
    let shown = whole(&proposal);
    holds(
        &shown,
        &[
            "# Money spent: Google Ads report, known by its columns campaign, cost, impr.",
            "skip_rows = 2",
            "key = [\"Campaign\", \"Day\", \"Currency code\"]",
            "ignore = [{ name = \"sums of other rows\", when = \"\\\"Campaign\\\" LIKE 'Total%'\" }]",
            "as_money(\"Cost\", \"Currency code\") AS amount",
            "\"Campaign\" AS campaign",
        ],
        &["people"],
    );
    assert!(proposal.questions.is_empty(), "{:?}", proposal.questions);
}

#[test]
fn what_files_leave_open_is_asked_and_the_answer_is_taken() {
    let text = "Deal ID,Stage,Amount,Created,Close Date\n\
                D-1,Won,100.50,1/2/2024,3/4/2024\n\
                D-2,Lost,20.25,2/3/2024,5/6/2024\n\
                D-3,Open,30.00,3/3/2024,\n";
    let open = proposal(&[("deals.csv", text)], &Wishes::default());
    let options: Vec<&str> = open
        .questions
        .iter()
        .map(|question| question.option)
        .collect();
    assert_eq!(options, ["--dates", "--currency"]);
    let said = Wishes {
        day_first: Some(true),
        currency: Some("eur".to_owned()),
        ..Wishes::default()
    };
    let closed = proposal(&[("deals.csv", text)], &said);
    assert!(closed.questions.is_empty());
    holds(
        &whole(&closed),
        &[
            "as_date(\"Created\", '%d/%m/%Y')",
            "as_money(\"Amount\", 'EUR')",
            "currency = \"EUR\"",
        ],
        &["%m/%d"],
    );
}

#[test]
fn personal_columns_are_sealed_and_never_become_attributes() {
    let mut text = String::from(
        "Contact ID,First Name,Last Name,Email,Phone,Notes,Country,Score,Create Date,Became a Customer Date\n",
    );
    for at in 1..=30 {
        text.push_str(&format!(
            "C{at},Ana{at},Sol{at},ana{at}@example.com,+49 89 12345{at:02},talked about thing {at},DE,{at},2024-01-{:02},{}\n",
            at % 28 + 1,
            if at % 5 == 0 { "2024-02-01" } else { "" }
        ));
    }
    let proposal = proposal(&[("contacts.csv", &text)], &Wishes::default());
    let shown = whole(&proposal);
    holds(
        &shown,
        &[
            "people = [{ column = \"Contact ID\", email = \"Email\" }]",
            "\"Contact ID\" AS person",
            "\"Email\" AS email",
            "as_int(\"Score\") AS score",
            "'customer' AS stage",
        ],
        &[
            "  \"First Name\",",
            "  \"Phone\",",
            "  \"Notes\",",
            "  \"Email\",",
            "AS first_name",
            "AS notes",
        ],
    );
    let sealed = &proposal.streams.first().unwrap().sealed;
    for name in [
        "First Name",
        "Last Name",
        "Email",
        "Phone",
        "Notes",
        "Contact ID",
    ] {
        assert!(
            sealed.iter().any(|column| column == name),
            "{name} in {sealed:?}"
        );
    }
}

#[test]
fn a_column_that_tells_the_outcome_is_named() {
    let mut text = String::from("Lead ID,Converted,Course Paid,Origin\n");
    for at in 1..=200 {
        let won = at % 4 == 0;
        let (flag, paid) = if won { (1, "paid in full") } else { (0, "") };
        text.push_str(&format!("L{at},{flag},{paid},web\n"));
    }
    let proposal = proposal(&[("leads.csv", &text)], &Wishes::default());
    let is_named =
        |note: &String| note.contains("`Course Paid`") && note.contains("tells the outcome");
    assert!(proposal.notes.iter().any(is_named), "{:?}", proposal.notes);
    holds(
        &whole(&proposal),
        &["'Converted' AS stage", "NULL AS happened"],
        &[],
    );
}

#[test]
fn several_files_become_one_source_with_a_stream_each() {
    let leads =
        "Lead ID,Email,Created Date\nL1,a@example.com,2024-01-02\nL2,b@example.com,2024-01-03\n";
    let more =
        "Lead ID,Email,Created Date\nL3,c@example.com,2024-02-02\nL4,d@example.com,2024-02-03\n";
    let steps = "Change ID,Lead ID,Edit Date,New Value\n1,L1,2024-01-05 10:00:00,MQL\n2,L1,2024-01-09 11:30:00,SQL\n3,L2,2024-01-09 12:30:00,MQL\n";
    let files = [
        ("leads-2024-01.csv", leads),
        ("leads-2024-02.csv", more),
        ("lead_history.csv", steps),
    ];
    let proposal = proposal(&files, &Wishes::default());
    let names: Vec<(&str, usize)> = proposal
        .streams
        .iter()
        .map(|stream| (stream.stream.as_str(), stream.files.len()))
        .collect();
    assert_eq!(names, [("leads", 2), ("lead_history", 1)]);
    holds(
        &whole(&proposal),
        &[
            "files = [\"leads*.csv\"]",
            "files = [\"lead_history*.csv\"]",
            "mode = \"events\"",
            "trim(\"New Value\") AS stage",
        ],
        &[],
    );
}

#[test]
fn a_deal_is_dated_by_its_creation_and_its_marks_tell_how_it_ended() {
    let text = "Deal ID,Amount,Created,Close Date,Stage\n\
                D-1,100,2026-01-02,2026-02-01,Won \n\
                D-2,200,2026-01-03,2026-02-02,won\n\
                D-3,300,2026-01-03,2026-04-02,Open\n\
                D-4,400,2026-01-03,2026-02-03, Lost\n";
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    let proposal = proposal(&[("deals.csv", text)], &wishes);
    holds(
        &whole(&proposal),
        &[
            "  as_date(\"Created\", 'iso') AS happened",
            "CASE WHEN trim(\"Stage\") IN ('Won', 'won', 'Lost') THEN as_date(\"Close Date\", 'iso') \
             END AS closed",
            "trim(\"Stage\") AS stage",
            "WHERE trim(\"Stage\") IN ('Won', 'won', 'Lost')\n",
            "  OR (is_given(\"Close Date\") AND trim(\"Stage\") NOT IN ('Open'))",
        ],
        &["AS status", "deals.decided.deal.sql"],
    );
    let draft = handfast_packs::stages::draft(&proposal.streams, "UTC").unwrap();
    let drafted: String = draft.into_iter().map(|file| file.text).collect();
    holds(&drafted, &["marks = [\"Won\", \"won\"]"], &[]);
}

#[test]
fn equal_rows_stay_two_and_no_band_of_ages_is_a_person() {
    let mut text = String::from("age,gender,interest,Impressions,Clicks,Spent\n");
    for at in 0..30 {
        let age = ["30-34", "35-39"][at % 2];
        text.push_str(&format!("{age},M,{},{},1,1.43\n", at % 3, 1000 + at % 6));
    }
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    let proposal = proposal(&[("ad_data.csv", &text)], &wishes);
    holds(
        &whole(&proposal),
        &["key = [\"_line\"]", "\"gender\" AS gender"],
        &["people"],
    );
}

#[test]
fn lines_below_a_table_are_no_rows() {
    let mut text = String::from("Opportunity ID,Account,Amount,Created,Close Date,Stage\n");
    for at in 1..=9 {
        text.push_str(&format!(
            "O-{at},A{at},\"$1,{at}00.75\",2026-01-0{at},2026-02-0{at},Closed Won\n"
        ));
    }
    text.push_str("Grand Total,,\"$13,506.75\",,,\n,,,,,\nCopyright X Inc,,,,,\nReport run,,,,,\n");
    let proposal = proposal(&[("report.csv", &text)], &Wishes::default());
    holds(
        &whole(&proposal),
        &[
            "key = [\"Opportunity ID\"]  # CHECK",
            "{ name = \"sums of other rows\", when = \"\\\"Opportunity ID\\\" LIKE 'Grand Total%'\" }",
            "LIKE 'Copyright%' AND NOT is_given(\\\"Account\\\")",
            "LIKE 'Report%' AND NOT is_given(\\\"Account\\\")",
        ],
        &[],
    );
}

#[test]
fn amounts_that_could_be_read_in_two_ways_or_in_none_are_named() {
    let head = "Deal ID;Betrag;Created;Stage\n";
    let thousands = format!("{head}D-1;1.234;2024-01-02;Won\nD-2;2.500;2024-01-03;Open\n");
    let mixed = format!(
        "{head}D-1;$1200;2024-01-02;Won\nD-2;EUR 900;2024-01-03;Open\n\
         D-3;(500.00);2024-01-04;Open\nD-4;1,2k;2024-01-04;Open\n"
    );
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    for (text, expected) in [
        (
            thousands,
            "1.234, 2.500 may be thousands or fractions; an amount is read with decimal mark `,`",
        ),
        (
            mixed,
            "`Betrag` of deals.csv: 4 of 4 values look like money, written in several ways",
        ),
    ] {
        let notes = proposal(&[("deals.csv", &text)], &wishes).notes.join("\n");
        holds(&notes, &[expected], &[]);
    }
}

/// Small exports in which addresses stand where nobody looks for them.
#[test]
fn a_column_in_which_one_address_stands_is_personal() {
    let mail = "Event ID,Created,smtp_id,Kind\n\
                E1,2024-01-02,<person_a66e3c@example.com>,a\nE2,2024-01-03,<x@example.com>,a\n\
                E3,2024-01-04,,b\n";
    let deals = "Deal ID,Stage,Amount,Created,Close Date,Comment\n\
                 D-1,Won,100.50,2024-01-02,2024-02-03,ask ada@example.com\n\
                 D-2,Lost,20.25,2024-01-03,2024-02-04,none\nD-3,Open,3.00,2024-01-04,,late\n";
    let campaigns = "Campaign,Type,Reply To\nSpring,Mail,Ada <ada@example.com>\nMay,Mail,\n";
    let members = "contact_list_id,contact_id,added_at\n1,77,2024-01-02\n1,78,2024-01-03\n";
    for (name, text, personal) in [
        ("mail_log.csv", mail, "smtp_id"),
        ("deals.csv", deals, "Comment"),
        ("campaigns.csv", campaigns, "Reply To"),
        ("list_member.csv", members, "contact_id"),
    ] {
        let wishes = Wishes {
            currency: Some("EUR".to_owned()),
            ..Wishes::default()
        };
        let proposal = proposal(&[(name, text)], &wishes);
        let shown = whole(&proposal);
        holds(&shown, &["people = ["], &["example.com"]);
        let safe = shown.split("safe = [").nth(1).unwrap();
        let safe = safe.split(']').next().unwrap();
        holds(safe, &[], &[&format!("\"{personal}\"")]);
        let sealed = &proposal.streams.first().unwrap().sealed;
        assert!(sealed.iter().any(|name| name == personal), "{sealed:?}");
    }
}

/// What a shipped pack leaves alone, or counts already, never enters a second source.
#[test]
fn what_a_pack_leaves_alone_goes_to_it_and_no_money_counts_twice() {
    let dir = tempfile::tempdir().unwrap();
    let stats = "_fivetran_id,customer_id,date,base_campaign,cost_micros,id,clicks\n\
                 a,1,2024-01-02,c,1500000,7,3\nb,1,2024-01-03,c,2500000,7,4\n";
    let level = "date,campaign_id,spend,clicks\n2024-01-02,7,1.50,3\n2024-01-03,7,2.50,4\n";
    let orders = "order_id,account,status,total_amount,created_date\n\
                  o1,acme,Paid,10.50,2024-01-02\no2,blue,Open,20.75,2024-01-03\n";
    let deals = "deal_id,created_at,stage,amount,close_date\nd1,2024-01-02,Won,10,2024-01-03\n";
    let files = [
        ("deals.csv", deals),
        ("google_ads_campaign_stats_data.csv", stats),
        ("google_ads_ad_stats_data.csv", level),
        ("google_ads_landing_stats.csv", level),
        ("apple_campaign_report.csv", level),
        ("apple_ad_group_report.csv", level),
        ("shop_orders.csv", orders),
    ];
    let paths = files.map(|(name, text)| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    });
    let found: Vec<Sniffed> = sniff(&paths)
        .unwrap()
        .into_iter()
        .map(|one| one.1)
        .collect();
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        zone: Some("Europe/Berlin".to_owned()),
        ..Wishes::default()
    };
    let suggestions = suggest(&found, &wishes);
    let mut told: Vec<String> = Vec::new();
    for one in &suggestions {
        let pack = one.pack.map_or("", |(name, _)| name);
        for stream in &one.proposal.streams {
            let file = stream.files.first().unwrap();
            told.push(format!(
                "{pack} {} {} {file}",
                stream.stream,
                stream.rows.word()
            ));
        }
    }
    told.sort();
    assert_eq!(
        told,
        [
            " apple_ad_group_report reference apple_ad_group_report.csv",
            " apple_campaign_report spend apple_campaign_report.csv",
            " google_ads_landing_stats reference google_ads_landing_stats.csv",
            " shop_orders reference shop_orders.csv",
            "generic deals deal deals.csv",
            "google_ads_fivetran  reference google_ads_ad_stats_data.csv",
            "google_ads_fivetran campaign_stats spend google_ads_campaign_stats_data.csv",
        ]
    );
    let google = suggestions
        .iter()
        .find(|one| one.proposal.name.starts_with("google"))
        .unwrap();
    holds(&whole(&google.proposal), &["zone = \"UTC\""], &["Berlin"]);
    assert!(
        google
            .proposal
            .notes
            .iter()
            .any(|note| note.contains("--zone"))
    );
    let rest = &suggestions.last().unwrap().proposal;
    assert_eq!(
        rest.notes
            .iter()
            .filter(|note| note.starts_with("CHECK"))
            .count(),
        3,
        "{:?}",
        rest.notes
    );
}
