//! Small files as people export them, and what is proposed for each.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic)]

use handfast_charter::read_pack;
use handfast_connect::sniff::{Sniffed, sniff};
use handfast_model::parse::DecimalMark;
use handfast_packs::names::Role;
use handfast_packs::propose::{ColumnSaid, Proposal, Wishes, settled};
use handfast_packs::stages::Home;
use handfast_packs::suggest::suggest;
use handfast_packs::understand::Rows;

const UTC: Home<'_> = Home {
    name: "acme",
    zone: "UTC",
    currency: None,
};

fn looked(files: &[(&str, &str)]) -> Vec<Sniffed> {
    let dir = tempfile::tempdir().unwrap();
    let look = |(name, text): &(&str, &str)| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        sniff(&[path]).unwrap().remove(0).1
    };
    files.iter().map(look).collect()
}

fn proposal(files: &[(&str, &str)], wishes: &Wishes) -> Proposal {
    let found = looked(files);
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
    let draft = handfast_packs::stages::draft(&proposal.streams, &UTC, &[]).unwrap();
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
fn what_a_report_says_of_itself_below_its_rows_is_declared() {
    let quoted = |row: &str| format!("\"{}\"\n", row.replace(',', "\",\""));
    let mut text = quoted("Opportunities by close date") + &quoted("As of 2026-03-01 09:30") + "\n";
    text += &quoted("Account Name,Opportunity ID,Amount,Created Date,Close Date,Stage");
    for at in 1..=9 {
        let dates = format!("2026-01-0{at},2026-02-0{at}");
        text += &quoted(&format!("A{at},0065g{at},1{at}00.75,{dates},Closed Won"));
    }
    let below = "\n\n\"Opportunities by close date\"\n\
                 \"Copyright (c) 2000-2026 salesforce.com, inc.\"\n\
                 \"Confidential Information - Do Not Distribute\"\n\
                 \"Generated By:  Kim  3/1/2026 9:30 AM\"\n\"Firm, Inc.\"\n";
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    let whole_text = format!("{text}{below}");
    let report = proposal(&[("report.csv", &whole_text)], &wishes);
    let declared = [
        "footer = [",
        "\"Opportunities by close date\"",
        "\"Copyright\"",
        "\"Confidential\"",
        "\"Generated\"",
        "\"Firm, Inc.\"",
        "skip_rows = 3",
        "key = [\"Opportunity ID\"]",
    ];
    holds(&whole(&report), &declared, &["Kim"]);
    holds(&report.notes.join("\n"), &[], &["cannot be read"]);
    // Records that are cut off are rows that cannot be read, wherever they stand.
    for cut in ["\"A10\",\"0065g10\"\n", "\"A10\"\n"] {
        let cut = format!("{text}{cut}");
        let report = proposal(&[("report.csv", &cut)], &wishes);
        holds(&whole(&report), &[], &["footer"]);
        holds(&report.notes.join("\n"), &["1 rows of report.csv"], &[]);
    }
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
    // Whoever knows says it, and then nothing is left to be told.
    for (mark, read) in [
        (DecimalMark::Comma, "as_money(\"Betrag\", 'EUR', ',')"),
        (DecimalMark::Point, "as_money(\"Betrag\", 'EUR')"),
    ] {
        let said = Wishes {
            decimal: Some(mark),
            ..wishes.clone()
        };
        let told = proposal(&[("deals.csv", &thousands)], &said);
        holds(&whole(&told), &[read], &[]);
        holds(&told.notes.join("\n"), &[], &["may be thousands"]);
    }
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

#[test]
fn what_was_said_of_a_decimal_mark_leaves_no_doubt_and_one_odd_cell_hides_no_amounts() {
    let head = "Deal ID;Betrag;Created;Stage\n";
    let thousands = format!("{head}D-1;1.234;2024-01-02;Won\nD-2;2.500;2024-01-03;Open\n");
    let odd = format!(
        "{head}D-1;1.234,50;2024-01-02;Won\nD-2;980,00;2024-01-03;Open\n\
         D-3;unklar;2024-01-04;Open\n"
    );
    let unsaid = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    let comma = Wishes {
        decimal: Some(DecimalMark::Comma),
        ..unsaid.clone()
    };
    for (text, evidence) in [
        (&thousands, "2 of 2 read with decimal mark `,`, "),
        (&odd, "2 of 3 read with decimal mark `,`, as you said"),
    ] {
        let found = looked(&[("deals.csv", text)]).remove(0);
        let found = settled(&found, &comma);
        let amount = found.column("Betrag").unwrap();
        assert_eq!(amount.doubt, None);
        holds(&amount.evidence, &[evidence, "as you said"], &[]);
    }
    let told = proposal(&[("deals.csv", &odd)], &comma);
    holds(&whole(&told), &["as_money(\"Betrag\", 'EUR', ',')"], &[]);
    holds(&told.notes.join("\n"), &[], &["look like money"]);
    // The other mark reads none of them, and nobody who says nothing is told of several ways.
    let point = Wishes {
        decimal: Some(DecimalMark::Point),
        ..unsaid.clone()
    };
    for wishes in [&unsaid, &point] {
        let notes = proposal(&[("deals.csv", &odd)], wishes).notes.join("\n");
        let expected = "`Betrag` of deals.csv: 2 of 3 values look like money and the others do not";
        holds(&notes, &[expected], &["several ways"]);
    }
}

#[test]
fn a_company_with_an_amount_and_a_close_is_a_deal_and_a_list_of_companies_is_none() {
    let rows = "Nord GmbH;1.200,50;2024-01-31\nSüd AG;980,00;2024-02-14\n\
                West KG;3.450,75;2024-03-05\n";
    let sales = format!("Kunde;Betrag;Abschlussdatum\n{rows}");
    let again = format!("{sales}Nord GmbH;75,25;2024-04-02\n");
    let wishes = Wishes {
        currency: Some("EUR".to_owned()),
        ..Wishes::default()
    };
    let rows_of = |file: &str, text: &str| {
        let proposal = proposal(&[(file, text)], &wishes);
        let one = proposal.streams.first().unwrap();
        (one.rows, one.why.clone(), whole(&proposal))
    };
    for text in [&sales, &again] {
        let (rows, why, texts) = rows_of("export.csv", text);
        assert_eq!(
            (rows, why.as_str()),
            (Rows::Deal, "`Kunde` has an amount and a close beside it")
        );
        // Never the company alone: its next deal would be this one.
        let key = "key = [\"Kunde\", \"Abschlussdatum\"]  # CHECK";
        holds(&texts, &[key, "AS account", "AS amount"], &[]);
    }
    assert_eq!(rows_of("kunden.csv", &sales).0, Rows::Account);
    let listed = "Record ID,Company name,Revenue,Close date\n\
                  11,North Inc,1200.50,2024-01-31\n12,South Inc,980.25,2024-02-14\n";
    assert_eq!(rows_of("export.csv", listed).0, Rows::Account);
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

fn in_currency(code: &str) -> Wishes {
    Wishes {
        currency: Some(code.to_owned()),
        ..Wishes::default()
    }
}

/// What a header or a row says of its currency is never overruled in silence.
#[test]
fn the_currency_that_a_file_names_comes_before_the_one_that_was_said() {
    let deals = |amount: &str, values: [&str; 2]| {
        let [first, second] = values;
        format!(
            "Deal ID,Stage,{amount},Created,Close Date\nD-1,Won,{first},2024-01-02,2024-02-03\n\
             D-2,Open,{second},2024-01-03,\n"
        )
    };
    let plain = ["100.50", "20.25"];
    for (amount, values, said, expected, note) in [
        (
            "Amount (USD)",
            plain,
            "EUR",
            "'USD') AS amount",
            "read in USD",
        ),
        ("Amount (USD)", plain, "USD", "'USD') AS amount", ""),
        (
            "amount_in_gbp",
            plain,
            "EUR",
            "'GBP') AS amount",
            "read in GBP",
        ),
        ("Amount", plain, "EUR", "'EUR') AS amount", ""),
        (
            "Amount",
            ["£100.50", "£20.25"],
            "EUR",
            "'GBP') AS amount",
            "read in GBP",
        ),
        (
            "Amount",
            ["$100.50", "$20.25"],
            "CAD",
            "'CAD') AS amount",
            "",
        ),
        ("Amount ($)", plain, "AUD", "'AUD') AS amount", ""),
        (
            "Amount ($)",
            plain,
            "EUR",
            "'USD') AS amount",
            "read in USD",
        ),
    ] {
        let text = deals(amount, values);
        let proposal = proposal(&[("deals.csv", &text)], &in_currency(said));
        holds(&whole(&proposal), &[expected], &[]);
        let notes = proposal.notes.join("\n");
        assert_eq!(
            notes.contains("as you said"),
            !note.is_empty(),
            "{amount}: {notes}"
        );
        assert!(notes.contains(note), "{amount}: {notes}");
    }
    let rows = "date,id,avg_cpa_currency,local_spend_amount,local_spend_currency,impressions,taps\n\
                2024-01-02,7,GBP,5.25,USD,100,1\n2024-01-03,7,GBP,6.50,,100,2\n";
    let rows = proposal(&[("ads.csv", rows)], &in_currency("EUR"));
    let spent =
        "as_money(\"local_spend_amount\", coalesce(\"local_spend_currency\", 'EUR')) AS amount";
    holds(&whole(&rows), &[spent], &[]);
    holds(
        &rows.notes.join("\n"),
        &["in `local_spend_currency` (USD): EUR is only"],
        &[],
    );
    let bad = "date,id,avg_cpa_currency,local_spend_amount,local_spend_currency,impressions,taps\n\
               2024-01-02,7,GBP,5.25,XXQ,100,1\n2024-01-03,7,GBP,6.50,XXQ,100,2\n";
    let bad = proposal(&[("ads.csv", bad)], &in_currency("EUR"));
    holds(
        &whole(&bad),
        &["as_money(\"local_spend_amount\", 'EUR')"],
        &[],
    );
    holds(
        &bad.notes.join("\n"),
        &["`local_spend_currency` of ads.csv holds `XXQ`"],
        &[],
    );
    let usd = deals("Amount (USD)", plain);
    assert!(
        proposal(&[("deals.csv", &usd)], &Wishes::default())
            .questions
            .is_empty()
    );
}

/// A network's table is read in the unit that the network documents; what no header tells is asked.
#[test]
fn money_spent_is_read_in_its_documented_unit_or_asked_for() {
    let reddit = "account_id,ad_id,date,clicks,comment_upvotes,impressions,spend\n\
                  1,2,2024-01-02,24,,11632,39543771\n1,2,2024-01-03,20,,9000,19543771\n";
    let tiktok = "AD_ID,STAT_TIME_HOUR,CLICKS,IMPRESSIONS,SPEND\n\
                  2,2024-01-02 00:00:00,24,11632,395437\n2,2024-01-02 01:00:00,20,9000,195437\n";
    let bare = "day,campaign,clicks,impressions,spend\n\
                2024-01-02,a,24,11632,39543771\n2024-01-03,a,20,9000,19543771\n";
    let small = "day,campaign,clicks,impressions,spend\n2024-01-02,a,24,11632,395\n";
    let exact = "day,campaign,clicks,impressions,spend\n2024-01-02,a,24,11632,395437.50\n";
    for (name, text, expected, is_asked) in [
        ("x.csv", reddit, "as_micros(\"spend\", 'EUR')", false),
        (
            "reddit_daily.csv",
            bare,
            "as_micros(\"spend\", 'EUR')",
            false,
        ),
        ("x.csv", tiktok, "as_money(\"SPEND\", 'EUR')", false),
        ("x.csv", bare, "as_money(\"spend\", 'EUR') AS amount", true),
        (
            "x.csv",
            small,
            "as_money(\"spend\", 'EUR') AS amount",
            false,
        ),
        (
            "x.csv",
            exact,
            "as_money(\"spend\", 'EUR') AS amount",
            false,
        ),
    ] {
        let proposal = proposal(&[(name, text)], &in_currency("EUR"));
        holds(&whole(&proposal), &[expected], &[]);
        let asked = proposal.questions.iter().any(|one| one.option == "--unit");
        assert_eq!(asked, is_asked, "{text}");
        assert_eq!(
            whole(&proposal).contains("CHECK: taken for whole units"),
            is_asked
        );
    }
    let said = Wishes {
        unit: handfast_packs::units::Unit::parse("micros"),
        ..in_currency("EUR")
    };
    let said = proposal(&[("x.csv", bare)], &said);
    assert!(said.questions.is_empty());
    holds(
        &whole(&said),
        &["as_micros(\"spend\", 'EUR')", "as you said"],
        &[],
    );
}

#[test]
fn of_dollars_and_an_unknown_local_currency_the_dollars_are_taken() {
    let text = "creative_id,day,cost_in_local_currency,cost_in_usd,impressions\n\
                1,2024-01-02,9.50,10.25,100\n1,2024-01-03,8.50,9.25,100\n";
    let bare = proposal(&[("x.csv", text)], &Wishes::default());
    assert!(bare.questions.is_empty(), "{:?}", bare.questions);
    holds(
        &whole(&bare),
        &["as_money(\"cost_in_usd\", 'USD') AS amount"],
        &[],
    );
    let said = proposal(&[("x.csv", text)], &in_currency("EUR"));
    holds(
        &whole(&said),
        &["as_money(\"cost_in_local_currency\", 'EUR') AS amount"],
        &[],
    );
}

#[test]
fn orders_are_deals_won_on_their_day() {
    let text = "Order ID,Customer,Total,Order Date\n1001,Acme,120.50,2026-01-03\n\
                1002,Beta,99.00,2026-01-04\n1003,Acme,15.25,2026-01-09\n";
    let orders = proposal(&[("orders.csv", text)], &in_currency("EUR"));
    holds(
        &whole(&orders),
        &[
            "an order is a deal that is won on its day",
            "\"Order ID\" AS deal",
            "as_money(\"Total\", 'EUR') AS amount",
            "'Won' AS stage",
            "TRUE AS closes",
        ],
        &["WHERE"],
    );
    let text = "order_number,status,order_total,order_date,customer_email\n\
                1,paid,10.5,2026-01-03,a@example.com\n\
                2,cancelled,11.5,2026-01-04,b@example.com\n3,unpaid,12.5,2026-01-05,c@example.com\n\
                4,pending,13.5,2026-01-06,a@example.com\n";
    let orders = proposal(&[("shop.csv", text)], &in_currency("EUR"));
    let ends = &orders.streams.first().unwrap().ends;
    assert_eq!(ends.0, ["paid"]);
    holds(&whole(&orders), &["\"customer_email\" AS person"], &[]);
    assert_eq!(ends.1, ["cancelled", "unpaid"]);
}

#[test]
fn sales_without_a_number_are_taken_for_contacts_and_told() {
    let text = "customer_id,converted_at,revenue\n7,2024-01-02 10:00:00,15\n\
                8,2024-01-03 10:00:00,10\n7,2024-01-04 10:00:00,15\n";
    let found = proposal(&[("conversions.csv", text)], &Wishes::default());
    assert_eq!(found.streams.first().unwrap().rows.word(), "touch");
    holds(&found.notes.join("\n"), &["have a worth (`revenue`)"], &[]);
}

#[test]
fn changes_of_other_fields_are_no_steps_of_a_funnel() {
    let file = |field: &str| {
        format!(
            "id,activity_date,lead_id,primary_attribute_value,new_value,old_value\n\
             1,2024-01-02 10:00:00,7,{field},MQL,Lead\n2,2024-01-03 10:00:00,8,Score,12,10\n\
             3,2024-01-04 10:00:00,7,Score,14,12\n"
        )
    };
    let rows = |field: &str| {
        let proposal = proposal(&[("activity_change.csv", &file(field))], &Wishes::default());
        (
            proposal.streams.first().unwrap().rows.word(),
            whole(&proposal),
        )
    };
    let (word, text) = rows("Lead Status");
    assert_eq!(word, "history");
    holds(
        &text,
        &["WHERE \"primary_attribute_value\" IN ('Lead Status')"],
        &[],
    );
    let (word, text) = rows("City");
    assert_eq!(word, "reference");
    holds(&text, &["none of it is a stage or status"], &["AS stage"]);
}

#[test]
fn a_file_without_a_header_is_read_by_the_places_of_its_columns() {
    let text = "17,ana@example.com,2024-10-13,web\n18,ben@example.com,2024-10-14,fair\n\
                19,cy@example.com,2024-10-15,web\n";
    let found = proposal(&[("people.csv", text)], &Wishes::default());
    holds(
        &whole(&found),
        &[
            "header_rows = 0",
            "delimiter = \",\"",
            "no line of names",
            "\"column_2\" AS email",
            "as_date(\"column_3\", 'iso') AS happened",
        ],
        &["example.com", "\"column_4\" AS", "  \"column_4\","],
    );
    // Without an address nothing says whose the words are, and they are sealed.
    let text = "A-01,Ana Sol,2024-10-13,5\nA-02,Ben Ro,2024-10-14,6\nA-03,Ana Sol,2024-10-15,7\n";
    let found = proposal(&[("rows.csv", text)], &Wishes::default());
    let sealed = &found.streams.first().unwrap().sealed;
    assert_eq!(sealed, &["column_2"]);
}

/// The generic pack reads times and amounts as the person says, else as the book does.
#[test]
fn a_shipped_pack_takes_zone_and_currency_and_asks_for_what_it_cannot_know() {
    let deals = "deal_id,created_at,stage,amount,close_date\nd1,2024-01-02,Won,10,2024-01-03\n";
    let files = [("deals.csv", deals)];
    let asked = proposal(&files, &Wishes::default());
    assert_eq!(asked.questions.len(), 1, "{:?}", asked.questions);
    let book = Wishes {
        book_zone: Some("Asia/Tokyo".to_owned()),
        ..in_currency("JPY")
    };
    holds(
        &whole(&proposal(&files, &book)),
        &["zone = \"Asia/Tokyo\"", "currency = \"JPY\""],
        &[],
    );
    let said = Wishes {
        zone: Some("Europe/Berlin".to_owned()),
        ..book
    };
    holds(
        &whole(&proposal(&files, &said)),
        &["zone = \"Europe/Berlin\""],
        &["Tokyo"],
    );
    // A pack that names no currency itself takes what was said for rows that name none.
    let reddit = "account_id,campaign_id,date,_fivetran_synced,comment_upvotes,spend\n\
                  1,2,2024-01-02,2024-01-03 10:00:00,,39543771\n";
    let files = [("reddit_ads_campaign_report_data.csv", reddit)];
    let alone = proposal(&files, &Wishes::default());
    holds(
        &alone.notes.join("\n"),
        &["CHECK no file here names the currency"],
        &[],
    );
    let said = proposal(&files, &in_currency("EUR"));
    holds(
        &whole(&said),
        &["currency = \"EUR\"", "as_micros(r.spend, a.currency)"],
        &[],
    );
}

/// A table is looked up by a key column that says it by its name, and never by another.
#[test]
fn a_table_is_looked_up_where_a_key_column_says_it() {
    let deals = "Deal ID,Stage,Product,Region Code,Amount,Created,Close Date\n\
                 D-1,Won,Anvil,N,10.5,2024-01-02,2024-01-09\n\
                 D-2,Open,Bolt,S,20.5,2024-01-03,\nD-3,Lost,Crate,S,30.5,2024-01-04,2024-02-01\n";
    let products = "product,series,list_price,buyer_phone\n\
                    Anvil,Heavy,99.5,+49 89 1234567\nBolt,Small,0.5,+49 89 7654321\n";
    let shops = "shop_no,stage\n1,Won\n2,Open\n";
    let files = [
        ("deals.csv", deals),
        ("products.csv", products),
        ("shops.csv", shops),
    ];
    let found = proposal(&files, &in_currency("EUR"));
    let text = whole(&found);
    holds(
        &text,
        &[
            "LEFT JOIN \"products\" ON \"products\".\"product\" = \"deals\".\"Product\"",
            "\"products\".\"series\" AS product_series,  -- as `products` says",
            "as_decimal(\"products\".\"list_price\") AS product_list_price",
            "  \"deals\"._record",
            "as_money(\"deals\".\"Amount\", 'EUR') AS amount",
            "WHERE trim(\"Stage\") IN",
        ],
        &["\"shops\".", "buyer_phone\" AS"],
    );
    assert_eq!(text.matches("LEFT JOIN").count(), 1);
    let notes = found.notes.join("\n");
    holds(
        &notes,
        &["CHECK it has no `Crate`, so nothing is found there"],
        &["shops"],
    );
    // Where a key stands twice, nothing is joined.
    let twice = format!("{products}Bolt,Large,0.5,\n");
    let files = [("deals.csv", deals), ("products.csv", &twice)];
    holds(
        &whole(&proposal(&files, &in_currency("EUR"))),
        &[],
        &["LEFT JOIN"],
    );
}

/// A draft of a charter declares what the facts say, and nothing that is sealed.
#[test]
fn a_draft_declares_the_attributes_of_the_source() {
    let mut text = String::from("Lead ID,First Name,Email,Lead Source,Score,Created Date\n");
    for at in 1..=30 {
        let source = ["Web", "Fair"][at % 2];
        text.push_str(&format!(
            "L{at},Ana{at},a{at}@example.com,{source},{at},2024-01-02\n"
        ));
    }
    let found = proposal(&[("leads.csv", &text)], &Wishes::default());
    let draft = handfast_packs::stages::draft(&found.streams, &UTC, &[]).unwrap();
    let charter = handfast_charter::read_charter(&draft).unwrap();
    let names: Vec<String> = charter
        .attributes
        .iter()
        .map(|one| format!("{}.{} {}", one.subject.word(), one.name, one.kind.word()))
        .collect();
    assert_eq!(names, ["person.origin text", "person.score number"]);
}

/// A shipped pack gets a draft as well: its labels from the files, its attributes from its SELECTs.
#[test]
fn a_shipped_pack_gets_a_draft_of_a_charter() {
    let leads = "lead_id,created_at,email,name,source,status,score\n\
                 L1,2024-01-02,a@example.com,Ana,web,MQL,5\nL2,2024-01-03,b@example.com,Bo,fair,SQL,7\n";
    let deals =
        "deal_id,created_at,stage,amount,close_date\nd1,2024-01-02,Proposal,10,2024-01-03\n";
    let files = [("leads.csv", leads), ("deals.csv", deals)];
    let found = proposal(&files, &in_currency("EUR"));
    let draft = handfast_packs::stages::draft(&found.streams, &UTC, &[]).unwrap();
    let charter = handfast_charter::read_charter(&draft).unwrap();
    let steps: Vec<&str> = charter
        .steps
        .iter()
        .map(|step| step.name.as_str())
        .collect();
    assert_eq!(
        steps,
        ["Lead created", "MQL", "SQL", "Proposal", "Won", "Lost"]
    );
    let names: Vec<String> = charter
        .attributes
        .iter()
        .map(|one| format!("{}.{} {}", one.subject.word(), one.name, one.kind.word()))
        .collect();
    for expected in [
        "person.origin text",
        "deal.amount money",
        "deal.created time",
    ] {
        assert!(
            names.iter().any(|name| name == expected),
            "{expected}: {names:?}"
        );
    }
    assert!(
        !names
            .iter()
            .any(|name| name.starts_with("person.name") || name.contains("email"))
    );
}

/// What somebody wrote may be about anybody, however often the same text comes.
#[test]
fn notes_are_sealed_and_odd_dates_stay_dates() {
    let mut text = String::from("Lead ID,Email,Created,Notes,Feeling,Source\n");
    for (id, created, note, feeling) in [
        (1, "2026-01-01", "Angry customer", "Says Ms Berg is ill"),
        (2, "2026-01-02", "Angry customer", "Says Ms Berg is ill"),
        (3, "soon", "Call on 0151", "Wants to be called"),
        (4, "2026-01-05", "Call on 0151", "Likes the blue one"),
    ] {
        text.push_str(&format!(
            "L{id},p{id}@berg.example,{created},{note},{feeling},Word Of Mouth\n"
        ));
    }
    let shown = whole(&proposal(&[("leads.csv", &text)], &Wishes::default()));
    holds(
        &shown,
        &[
            "safe = [\n  \"Created\",\n  \"Source\",\n]",
            "as_date(\"Created\", 'iso') AS happened",
        ],
        &["\"Notes\"", "\"Feeling\""],
    );
}

#[test]
fn visits_that_are_said_to_be_a_history_have_pages_for_stages() {
    let text = "visitor_id,page,visited_at\nv1,/home,2026-01-01 10:00\nv1,/pricing,2026-01-01 10:02\n\
                v2,/home,2026-01-02 11:00\n";
    let said = Wishes {
        rows: Some(Rows::History),
        ..Wishes::default()
    };
    let shown = whole(&proposal(&[("visits.csv", text)], &said));
    holds(
        &shown,
        &[
            "trim(\"page\") AS stage  -- CHECK: no column is called a stage",
            "AS happened",
        ],
        &["NULL AS happened"],
    );
    let bare = proposal(
        &[("x.csv", "person_id,when\np1,2026-01-01\np1,2026-01-02\n")],
        &said,
    );
    assert!(!whole(&bare).contains("[[map]]"));
    let why = &bare.streams.first().unwrap().why;
    assert!(why.contains("--as touch"), "{why}");
}

/// German exports, as people download them.
#[test]
fn german_headers_date_deals_and_spend_and_count_clicks() {
    let deals = "Deal ID;Firma;Phase;Betrag;Angelegt;Abgeschlossen\n\
                 D-1;Acme;Won;100,50;05.01.2026;07.02.2026\n\
                 D-2;Beta;Open;20,25;28.01.2026;\nD-3;Cask;Lost;30,00;29.01.2026;03.03.2026\n";
    let found = proposal(&[("deals.csv", deals)], &in_currency("EUR"));
    holds(
        &whole(&found),
        &[
            "as_date(\"Angelegt\", '%d.%m.%Y') AS happened",
            "THEN as_date(\"Abgeschlossen\", '%d.%m.%Y') END AS closed",
            "'Opportunity' AS stage",
        ],
        &["NULL AS happened"],
    );
    let spend = |days: [&str; 3]| {
        let [a, b, c] = days;
        format!(
            "Monat;Kanal;Kosten (EUR);Impressionen;Klicks\n{a};Messe;1200,50;0;0\n\
             {b};Suche;800,00;12000;340\n{c};Suche;900,00;13000;410\n"
        )
    };
    let days = spend(["01.01.2026", "01.01.2026", "01.02.2026"]);
    let found = proposal(&[("spend.csv", &days)], &Wishes::default());
    holds(
        &whole(&found),
        &[
            "as_date(\"Monat\", '%d.%m.%Y') AS happened",
            "as_int(\"Impressionen\") AS impressions",
            "as_int(\"Klicks\") AS clicks",
            "\"Kanal\" AS channel",
        ],
        &["klicks", "NULL AS happened", "CHECK"],
    );
    let months = spend(["2026-01", "2026-01", "2026-02"]);
    let found = proposal(&[("spend.csv", &months)], &Wishes::default());
    holds(
        &whole(&found),
        &[
            "as_date(\"Monat\" || '-01', 'iso') AS happened,  -- when it happened: a month, from",
            "'2096-02') THEN '-29'\n    WHEN right(\"Monat\", 2) = '02' THEN '-28'\n",
            "  END, 'iso') AS last_day",
        ],
        &["NULL AS happened"],
    );
    let short = spend(["2026-1", "2026-2", "2026-2"]);
    let found = proposal(&[("spend.csv", &short)], &Wishes::default());
    holds(&whole(&found), &["CHECK", "is it \"Monat\"?"], &["-01'"]);
    let spans = "Von;Bis;Kampagne;Kosten (EUR);Klicks\n01.01.2026;31.01.2026;a;10,50;3\n\
                 01.02.2026;28.02.2026;a;11,50;4\n";
    let found = proposal(&[("spend.csv", spans)], &Wishes::default());
    let days = [
        "as_date(\"Von\", '%d.%m.%Y') AS happened",
        "as_date(\"Bis\", '%d.%m.%Y') AS last_day",
    ];
    holds(&whole(&found), &days, &["AS bis"]);
    let doing = "Tag;Kampagne;Kosten (EUR);Klicks;Total Conversions\n05.01.2026;a;1,50;7;2\n\
                 06.01.2026;a;2,50;9;0\n";
    let found = proposal(&[("ads.csv", doing)], &Wishes::default());
    holds(
        &whole(&found),
        &["as_int(\"Total Conversions\") AS conversions"],
        &[],
    );
    // Noughts and ones are clicks as well, and no yes and no.
    let few = "Tag;Kampagne;Kosten;Klicks\n05.01.2026;a;1,50;1\n06.01.2026;a;2,50;0\n";
    let found = proposal(&[("ads.csv", few)], &in_currency("EUR"));
    holds(
        &whole(&found),
        &["as_int(\"Klicks\") AS clicks"],
        &["as_bool"],
    );
}

/// A day that nobody reads is never passed over in silence.
#[test]
fn days_that_play_no_part_beside_undated_facts_are_named() {
    let leads = "Lead ID,Email,Ankunft\nL1,a@x.example,05.01.2026\nL2,b@x.example,28.01.2026\n";
    let found = proposal(&[("leads.csv", leads)], &Wishes::default());
    let open = "NULL AS happened,  -- CHECK: no column says when: these facts are undated, and \
                count in no period; is it \"Ankunft\"?";
    holds(&whole(&found), &[open], &[]);
    let note = "CHECK nothing in leads.csv is known to say when, so its facts are undated and \
                count in no period; if `Ankunft` does, write as_date(\"Ankunft\", '%d.%m.%Y') AS \
                happened in leads.person.sql";
    holds(&found.notes.join("\n"), &[note], &[]);
    // Nothing to name, and companies hold at every moment.
    let bare = "Lead ID,Email\nL1,a@x.example\nL2,b@x.example\n";
    let found = proposal(&[("leads.csv", bare)], &Wishes::default());
    holds(
        &whole(&found),
        &["NULL AS happened,  -- no column"],
        &["CHECK"],
    );
    let companies = "Company ID,Company,Renewal\n1,Acme,05.01.2026\n2,Beta,28.01.2026\n";
    let found = proposal(&[("companies.csv", companies)], &Wishes::default());
    holds(
        &whole(&found),
        &["NULL AS happened,  -- no column"],
        &["CHECK"],
    );
}

#[test]
fn a_column_of_sides_says_whose_contacts_they_are() {
    let file = |sides: [&str; 4]| {
        let rows = (0..12).map(|at| {
            let (day, side) = (at + 1, sides[at % 4]);
            format!("A{at},L{},2026-01-{day:02},Call,{side}\n", at % 5)
        });
        let rows: String = rows.collect();
        format!("Activity ID,Lead ID,Activity Date,Activity Type,Team\n{rows}")
    };
    let list = "'marketing|sales|partner|product') AS team";
    for (sides, expected, absent) in [
        (
            ["marketing", "Sales", "sales", "marketing"],
            format!("as_one_of(\"Team\", {list}  -- whose contact it was\n"),
            "CHECK: whose",
        ),
        (
            ["Marketing", "Vertrieb", "Vertrieb", "Marketing"],
            format!(
                "as_one_of(CASE trim(\"Team\") WHEN 'Marketing' THEN 'marketing' WHEN 'Vertrieb' \
                 THEN 'sales' ELSE \"Team\" END, {list}"
            ),
            "team_given",
        ),
        (
            ["marketing", "", "sales", "sales"],
            format!(
                "as_one_of(coalesce(\"Team\", 'marketing'), {list}  -- whose contact it was; CHECK"
            ),
            "team_given",
        ),
        (
            ["North", "South", "sales", "sales"],
            "'marketing' AS team,  -- CHECK: whose".to_owned(),
            "as_one_of",
        ),
    ] {
        let found = proposal(&[("activities.csv", &file(sides))], &Wishes::default());
        holds(&whole(&found), &[&expected], &[absent]);
    }
}

/// A row that stands twice to the letter is one row.
#[test]
fn copies_of_rows_leave_the_key_what_it_is() {
    let row =
        |at: usize, value: &str| format!("H{at},L{},2026-01-{:02},{value}\n", at % 9, at % 28 + 1);
    let rows: String = (0..60).map(|at| row(at, "MQL")).collect();
    let head = "History ID,Lead ID,Edit Date,New Value\n";
    let copies = format!("{head}{rows}{}{}", row(7, "MQL"), row(8, "MQL"));
    let found = proposal(&[("lead_history.csv", &copies)], &Wishes::default());
    holds(
        &whole(&found),
        &["key = [\"History ID\"]  # given and different in every row but 2 copies of whole ones"],
        &["_line", "CHECK"],
    );
    // A row that says something else is no copy.
    let other = format!("{head}{rows}{}", row(7, "SQL"));
    let found = proposal(&[("lead_history.csv", &other)], &Wishes::default());
    holds(&whole(&found), &[], &["key = [\"History ID\"]  # given"]);
    let deals: String = (0..40)
        .map(|at| format!("D{at},Won,{at}.5,2026-01-02\n"))
        .collect();
    let deals = format!("Deal ID,Stage,Amount,Close Date\n{deals}D7,Won,7.5,2026-01-02\n");
    let found = proposal(&[("deals.csv", &deals)], &in_currency("EUR"));
    let key = "key = [\"Deal ID\"]  # given and different in every row but a copy of a whole one";
    holds(&whole(&found), &[key], &["CHECK"]);
}

#[test]
fn who_got_a_lead_and_when_is_an_assignment() {
    let leads = "Lead ID;E-Mail;Erstellt am;Betreuer;Zugewiesen am\n\
                 L-1;a@x.example;05.01.2026;Berg;06.01.2026\n\
                 L-2;b@x.example;28.01.2026;Sol;29.01.2026\nL-3;c@x.example;29.01.2026;Berg;\n";
    let found = proposal(&[("leads.csv", leads)], &Wishes::default());
    holds(
        &whole(&found),
        &[
            "kind = \"assignment\"",
            "as_date(\"Zugewiesen am\", '%d.%m.%Y') AS happened",
            "\"Betreuer\" AS rep",
            "WHERE is_given(\"Betreuer\") AND is_given(\"Zugewiesen am\")",
        ],
        &[],
    );
    holds(&found.notes.join("\n"), &[], &["nothing is assigned"]);
    let undated = "Lead ID,Email,Created Date,Lead Owner\nL1,a@x.example,2026-01-02,Berg\n\
                   L2,b@x.example,2026-01-03,Sol\n";
    let steps = |field: &str| {
        format!(
            "Lead ID,Edit Date,Field / Event,New Value\nL1,2026-01-05,Lead Status,MQL\n\
             L1,2026-01-06,{field},Berg\nL2,2026-01-06,{field},Sol\nL2,2026-01-07,Lead Status,MQL\n"
        )
    };
    let note = "`Lead Owner` of leads.csv says whose each lead is today";
    for (field, drafted, noted) in [("Lead Owner", true, false), ("City", false, true)] {
        let steps = steps(field);
        let files = [("leads.csv", undated), ("lead_history.csv", &steps)];
        let found = proposal(&files, &Wishes::default());
        let given = "WHERE \"Field / Event\" IN ('Lead Owner') AND is_given(\"New Value\")";
        assert_eq!(whole(&found).contains(given), drafted, "{}", whole(&found));
        assert_eq!(found.notes.join("\n").contains(note), noted, "{field}");
    }
}

/// What a marketer keeps of campaigns: what each is called, is part of, and who is paid for it.
#[test]
fn campaigns_have_names_parents_and_vendors() {
    let text = "Kampagnen ID;Titel;Kanal;Agentur;Gehört zu\nC-1;Frühling;Suche;Findwell;C-9\n\
                C-2;Herbst;Suche;Findwell;C-9\nC-9;Suche 2026;Suche;Findwell;\n";
    let found = proposal(&[("kampagnen.csv", text)], &Wishes::default());
    assert_eq!(found.streams.first().unwrap().rows, Rows::Campaign);
    holds(
        &whole(&found),
        &[
            "\"Kampagnen ID\" AS campaign",
            "\"Titel\" AS name",
            "\"Kanal\" AS channel",
            "\"Agentur\" AS vendor",
            "\"Gehört zu\" AS parent",
        ],
        &["AS titel", "AS agentur", "CHECK"],
    );
}

#[test]
fn a_status_that_says_yes_or_no_is_a_verdict_too() {
    let steps = "History ID,Lead ID,Edit Date,New Status,Reject Reason\n\
                 1,L1,2026-01-05,Accepted,\n2,L2,2026-01-06,Rejected,no budget\n\
                 3,L3,2026-01-06,Not accepted,\n4,L3,2026-01-07,Qualified,\n\
                 5,L4,2026-01-07,Rejected,no budget\n";
    let found = proposal(&[("lead_history.csv", steps)], &Wishes::default());
    holds(
        &whole(&found),
        &[
            "CASE trim(\"New Status\") WHEN 'Rejected' THEN 'rejected' WHEN 'Accepted' THEN \
             'accepted' END AS verdict",
            "\"Reject Reason\" AS reason",
            "WHERE trim(\"New Status\") IN ('Rejected', 'Accepted')",
            "kind = \"disposition\"",
        ],
        &["WHEN 'Not accepted'"],
    );
    let plain = "History ID,Lead ID,Edit Date,New Status\n1,L1,2026-01-05,MQL\n\
                 2,L2,2026-01-06,SQL\n";
    let found = proposal(&[("lead_history.csv", plain)], &Wishes::default());
    holds(&whole(&found), &[], &["disposition"]);
}

#[test]
fn a_column_is_what_somebody_says_that_it_is() {
    let text = "deal_id,amount,net_value,created,stage\n\
                1,100.00,90.00,2024-01-02,open\n2,200.00,180.00,2024-01-03,won\n\
                3,300.00,270.00,2024-01-04,lost\n";
    let file = [("deals.csv", text)];
    let saying = |column: &str, part| ColumnSaid {
        file: "deals.csv".to_owned(),
        column: column.to_owned(),
        part,
    };
    let said = |columns: Vec<ColumnSaid>| {
        let wishes = Wishes {
            columns,
            ..in_currency("EUR")
        };
        proposal(&file, &wishes)
    };
    let amount = |column: &str| format!("as_money(\"{column}\", 'EUR')");
    let (gross, net) = (amount("amount"), amount("net_value"));
    let bare = said(Vec::new());
    holds(&whole(&bare), &[&gross], &[&net]);
    // The other column is the amount, and the one that was it plays no part.
    let other = said(vec![saying("net_value", Some(Role::Amount))]);
    holds(&whole(&other), &[&net], &[&gross]);
    // None is: its deals are worth nothing that is known.
    let none = said(vec![saying("amount", None)]);
    holds(&whole(&none), &[], &[&gross]);
    // What is said of a file that is not there changes nothing.
    let elsewhere = ColumnSaid {
        file: "others.csv".to_owned(),
        ..saying("net_value", Some(Role::Amount))
    };
    assert_eq!(whole(&said(vec![elsewhere])), whole(&bare));
}
