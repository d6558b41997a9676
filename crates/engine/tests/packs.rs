//! Packs end to end: rows of text through a worker process to facts, bombs included.
//!
//! This program is its own worker: started with the hidden argument it serves, else it runs the
//! tests below one after another.

// Without a harness this is not a test in the compiler's eyes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant as Clock};

use arrow::array::StringArray;
use handfast_engine::packs::{Mapped, Mapper, Pseudonyms, UNMAPPED, check};
use handfast_engine::worker::{Death, WORKER_ARGUMENT, Worker, worker_main};
use handfast_ledger::{ClassifiedRow, Ending, RowState, TextBatch};
use handfast_model::pack::{Format, IgnoreRule, Mapping, Pack, PersonColumn, Stream, StreamMode};
use handfast_model::{Fact, FactKind, Names, PersonId, RecordKey, Refusal, Value, When};

const TESTS: [(&str, fn()); 12] = [
    ("rows become facts", rows_become_facts),
    (
        "amounts are in a listed currency",
        amounts_are_in_a_listed_currency,
    ),
    ("links say who is who", links_say_who_is_who),
    ("nothing happened before 1900", nothing_happened_before_1900),
    ("every row ends once", every_row_ends_once),
    (
        "references are joined by their key",
        references_are_joined_by_their_key,
    ),
    (
        "what is not allowed is refused with its place",
        what_is_not_allowed_is_refused,
    ),
    (
        "personal columns stay personal",
        personal_columns_stay_personal,
    ),
    (
        "bombs are refused before they are planned",
        bombs_are_refused,
    ),
    ("a dead worker harms nobody", a_dead_worker_harms_nobody),
    (
        "the deepest allowed SELECT runs",
        the_deepest_allowed_select_runs,
    ),
    ("many rows come as many facts", many_rows),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments
        .first()
        .is_some_and(|first| first == WORKER_ARGUMENT)
    {
        return worker_main();
    }
    let filter = arguments.iter().find(|argument| !argument.starts_with('-'));
    for (name, test) in TESTS {
        if filter.is_none_or(|filter| name.contains(filter.as_str())) {
            test();
            println!("test {name} ... ok");
        }
    }
    ExitCode::SUCCESS
}

fn exe() -> PathBuf {
    std::env::current_exe().unwrap()
}

/// Hashes one can read: the namespace and key themselves.
struct Plain;

impl Pseudonyms for Plain {
    fn person(&self, namespace: &str, key: &str) -> PersonId {
        let text = format!("{namespace}/{key}");
        PersonId(
            text.bytes()
                .fold(0, |hash, byte| hash << 8 | u128::from(byte)),
        )
    }

    fn email(&self, address: &str) -> String {
        format!("hash of {address}")
    }
}

fn stream(name: &str, key: &[&str]) -> Stream {
    Stream {
        name: name.into(),
        files: Vec::new(),
        recognised_by: Vec::new(),
        key: key.iter().map(|key| key.to_string()).collect(),
        version: None,
        mode: StreamMode::Changes,
        is_reference: false,
        format: Format {
            nulls: vec!["Select".into()],
            ..Format::default()
        },
        people: Vec::new(),
        safe: Vec::new(),
        ignore: Vec::new(),
        deletes: None,
    }
}

/// A source of deals with products to look up, and of leads who are people.
fn pack(maps: &[(&str, FactKind, &str)]) -> Pack {
    let mut products = stream("products", &["product"]);
    products.is_reference = true;
    let mut leads = stream("leads", &["id"]);
    leads.people = vec![PersonColumn {
        column: "id".into(),
        namespace: "crm".into(),
        characters: None,
        seals: Vec::new(),
        email: Some("email".into()),
    }];
    leads.safe = vec!["origin".into(), "created".into()];
    let mut deals = stream("deals", &["deal id"]);
    deals.ignore = vec![IgnoreRule {
        name: "test rows".into(),
        when: "account = 'test'".into(),
    }];
    deals.deletes = Some("lower(stage) = 'deleted'".into());
    let maps = maps.iter().map(|(stream, kind, sql)| Mapping {
        kind: *kind,
        stream: stream.to_string(),
        file: format!("{stream}.{}.sql", kind.word()),
        sql: sql.to_string(),
    });
    Pack {
        source: "crm".into(),
        version: "blake3:0".into(),
        zone: "America/Sao_Paulo".into(),
        observed_until: None,
        currency: Some("BRL".into()),
        folder: None,
        streams: vec![products, deals, leads],
        mappings: maps.collect(),
        ignored_files: Vec::new(),
    }
}

fn batch(stream: &str, text: &str) -> (TextBatch, Vec<ClassifiedRow>) {
    let mut lines = text
        .lines()
        .map(|line| line.split(',').map(str::trim).collect::<Vec<_>>());
    let columns: Vec<String> = lines
        .next()
        .unwrap()
        .iter()
        .map(|c| c.to_string())
        .collect();
    let rows: Vec<Vec<&str>> = lines.collect();
    let cells =
        (0..columns.len()).map(|c| StringArray::from_iter_values(rows.iter().map(|r| r[c])));
    let known = (0..rows.len()).map(|row| ClassifiedRow {
        key: RecordKey(row as u128),
        version: 1,
        state: RowState::New,
    });
    let batch = TextBatch {
        stream: stream.into(),
        file: format!("{stream}.csv"),
        columns: columns.into(),
        cells: cells.collect(),
        lines: (2..).take(rows.len()).collect(),
        bad: Vec::new(),
        ends_file: true,
    };
    (batch, known.collect())
}

fn try_map(
    pack: &Pack,
    references: &[&str],
    stream: &str,
    text: &str,
) -> Result<(Mapped, Names), Refusal> {
    let references: Vec<TextBatch> = references
        .iter()
        .map(|text| batch("products", text).0)
        .collect();
    let mut mapper = Mapper::start(&exe(), pack, &references)?;
    let mut names = Names::default();
    let (batch, rows) = batch(stream, text);
    let mapped = mapper.map(&batch, &rows, &Plain, &mut names)?;
    Ok((mapped, names))
}

/// A fact in a line: `line kind when keys | attributes`.
fn show(fact: &Fact, names: &Names) -> String {
    let when = match fact.happened {
        When::Unknown => "?".to_string(),
        When::Day(day) => day.to_string(),
        When::At(at) => at.to_string(),
    };
    let keys = [
        ("account", fact.account),
        ("deal", fact.deal),
        ("rep", fact.rep),
    ];
    let keys = keys
        .iter()
        .filter_map(|(name, key)| Some(format!("{name}={}", names.text((*key)?))));
    let person = fact.person.map(|person| {
        let bytes = person.0.to_be_bytes();
        let text: String = bytes
            .iter()
            .filter(|b| **b > 0)
            .map(|b| char::from(*b))
            .collect();
        format!("person={text}")
    });
    let keys: Vec<String> = person.into_iter().chain(keys).collect();
    let attributes = fact.attributes.iter().map(|(name, value)| {
        let value = match value {
            Value::Text(text) => format!("'{}'", names.text(*text)),
            Value::Int(int) => int.to_string(),
            Value::Decimal(decimal) => decimal.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Day(day) => day.to_string(),
            Value::At(at) => at.to_string(),
            Value::Money(money) => money.to_string(),
        };
        format!("{}={value}", names.text(*name))
    });
    let attributes: Vec<String> = attributes.collect();
    let (line, kind) = (fact.origin.line, fact.kind.word());
    format!(
        "{line} {kind} {when} {} | {}",
        keys.join(" "),
        attributes.join(" ")
    )
}

fn facts(pack: &Pack, references: &[&str], stream: &str, text: &str) -> Vec<String> {
    let (mapped, names) = try_map(pack, references, stream, text).unwrap_or_else(|e| panic!("{e}"));
    mapped.facts.iter().map(|fact| show(fact, &names)).collect()
}

const DEALS: &str = "deal id,account,product,stage,engaged,closed,value,units
d1,Acme,GTXPro,Won,10/20/2016,3/1/2017,\"1,054\",4
d2,,GTX Basic,Prospecting,,,,Select
d3,test,GTX Basic,Lost,1/2/2017,1/3/2017,0,1";

fn rows_become_facts() {
    let deals = pack(&[(
        "deals",
        FactKind::Deal,
        "SELECT _record, \"deal id\" AS deal, account, as_date(engaged, '%m/%d/%Y') AS happened,
                as_money(value) AS amount, as_int(units) AS units, cast(units AS bigint) * 2 + 1 AS more,
                CASE stage WHEN 'Won' THEN 'won' WHEN 'Lost' THEN 'lost' ELSE 'open' END AS status,
                as_date(closed, '%m/%d/%Y') AS closed, is_given(account) AS has_account,
                lower(substr(product, 1, 3)) || '-' || length(product) AS code,
                cast(value AS decimal) / 1000 AS thousands,
                as_micros(value, 'USD') AS cost, as_micros('36150000') AS spend
         FROM deals",
    )]);
    let text = DEALS.replace("\"1,054\"", "1054");
    assert_eq!(
        facts(&deals, &[], "deals", &text),
        [
            "2 deal 2016-10-20 account=Acme deal=d1 | amount=1054.00 BRL units=4 more=9 \
            status='won' \
             closed=2017-03-01 has_account=true code='gtx-6' thousands=1.054 cost=0.00 USD \
             spend=36.15 BRL",
            "3 deal ? deal=d2 | status='open' has_account=false code='gtx-9' spend=36.15 BRL",
        ]
    );
    let leads = pack(&[(
        "leads",
        FactKind::Person,
        "SELECT _record, id AS person, as_time(created, 'iso') AS happened, email, origin FROM \
        leads l",
    )]);
    assert_eq!(
        facts(
            &leads,
            &[],
            "leads",
            "id,created,email,origin\n7,2018-02-26 19:58:54,a@Example.com,social\n8,2018-02-26,,"
        ),
        [
            "2 person 2018-02-26T22:58:54Z person=crm/7 | origin='social' identity='hash of \
            a@Example.com' email_domain='example.com'",
            "3 person 2018-02-26 person=crm/8 | ",
        ]
    );
}

/// A row's own currency comes before the source's, and one that nobody lists is no currency.
fn amounts_are_in_a_listed_currency() {
    let sql = "SELECT _record, \"deal id\" AS deal, as_money(value, stage) AS amount,
                      trim('\u{a0}\t' || account || '\u{2009}') AS account_name FROM deals";
    let deals = pack(&[("deals", FactKind::Deal, sql)]);
    let rows = "deal id,account,stage,value\nd1,A,USD,5\nd2,B,,6\nd3,C,XXQ,7\nd4,D,jpy,8";
    assert_eq!(
        facts(&deals, &[], "deals", rows),
        [
            "2 deal ? deal=d1 | amount=5.00 USD account_name='A'",
            "3 deal ? deal=d2 | amount=6.00 BRL account_name='B'",
            "5 deal ? deal=d4 | amount=8 JPY account_name='D'",
        ]
    );
    let (mapped, _) = try_map(&deals, &[], "deals", rows).unwrap();
    let Ending::SetAside { reason, .. } = &mapped.endings[2] else {
        panic!("{:?}", mapped.endings);
    };
    assert_eq!(reason, "a currency that ISO 4217 does not list");
}

fn nothing_happened_before_1900() {
    let sql = "SELECT _record, \"deal id\" AS deal, as_date(engaged, 'iso') AS happened,
                      as_date(value, 'iso') AS closed, as_date(stage, 'iso') AS founded FROM deals";
    let deals = pack(&[("deals", FactKind::Deal, sql)]);
    let rows = "deal id,account,engaged,value,stage\nd1,A,1899-12-31,,\nd2,A,1900-01-01,,1850-01-01\n\
                d3,A,2026-01-01,0226-01-01,\nd4,A,,2026-02-01,";
    let (mapped, _) = try_map(&deals, &[], "deals", rows).unwrap();
    let aside = |column: &str| Ending::SetAside {
        column: column.into(),
        reason: "a year before 1900".into(),
    };
    let ends = [
        aside("happened"),
        Ending::Mapped,
        aside("closed"),
        Ending::Mapped,
    ];
    assert_eq!(mapped.endings, ends);
}

fn links_say_who_is_who() {
    let merges = "SELECT _record, id AS person, master AS same_person, as_bool(back) AS undone
                  FROM leads WHERE is_given(master)";
    let mut people = pack(&[("leads", FactKind::Link, merges)]);
    people.streams[2].safe.push("back".into());
    let leads = "id,master,back,other\n7,9,,\n8,9,yes,x\n9,,,";
    let link = |row: &str, rest: &str| {
        let same = Plain.person("crm", "9").to_string();
        format!("{row} link ? person=crm/{rest}").replace("SAME", &same)
    };
    assert_eq!(
        facts(&people, &[], "leads", leads),
        [
            link("2", "7 | same_person='SAME'"),
            link("3", "8 | undone=true same_person='SAME'")
        ]
    );
    // The namespace of the column, else of the row, may be overridden.
    people.mappings[0].sql = "SELECT _record, id AS person, master AS same_person,
        'web' AS same_person_namespace FROM leads WHERE is_given(master)"
        .into();
    let same = Plain.person("web", "9").to_string();
    assert_eq!(
        facts(&people, &[], "leads", "id,master\n7,9")[0],
        format!("2 link ? person=crm/7 | same_person='{same}'")
    );
    let accounts = pack(&[
        (
            "deals",
            FactKind::Link,
            "SELECT _record, account, product AS same_account FROM deals",
        ),
        (
            "deals",
            FactKind::Account,
            "SELECT _record, account, stage AS domain FROM deals",
        ),
    ]);
    assert_eq!(
        facts(
            &accounts,
            &[],
            "deals",
            "deal id,account,product,stage\n1,Old,New,http://www.Old.com/x"
        ),
        [
            "2 link ? account=Old | same_account='New'",
            "2 account ? account=Old | domain='old.com'"
        ]
    );
    for (columns, is_whole) in [
        ("id AS person", false),
        ("id AS same_person, origin AS account", false),
        ("origin AS account", false),
        ("origin AS account, created AS same_account", true),
        ("origin AS deal, created AS same_account", false),
        ("id AS person, origin AS deal", true),
        ("id AS person, email", true),
    ] {
        let sql = format!("SELECT _record, {columns} FROM leads");
        let refusals = check(&pack(&[("leads", FactKind::Link, &sql)]));
        let codes: Vec<&str> = refusals.iter().map(|refusal| refusal.code).collect();
        assert_eq!(codes.is_empty(), is_whole, "{columns}: {codes:?}");
    }
}

fn every_row_ends_once() {
    let pack = pack(&[
        (
            "deals",
            FactKind::Deal,
            "SELECT _record, \"deal id\" AS deal, as_int(units) AS units FROM deals WHERE stage \
            <> 'None'",
        ),
        (
            "deals",
            FactKind::Account,
            "SELECT _record, account, as_date(engaged, '%m/%d/%Y') AS happened FROM deals WHERE \
            account IS NOT NULL",
        ),
    ]);
    let text = "deal id,account,stage,engaged,units
d1,Acme,Won,1/2/2017,1
d2,Acme,Won,13/32/2017,1
d3,Acme,Won,,many
d4,test,Won,broken,broken
d5,,None,,
,Acme,Won,,
d7,,Won,,
d8,test,Deleted,broken,broken";
    let (mapped, names) = try_map(&pack, &[], "deals", text).unwrap();
    let aside = |column: &str, reason: &str| Ending::SetAside {
        column: column.into(),
        reason: reason.into(),
    };
    let ignored = |rule: &str| Ending::Ignored { rule: rule.into() };
    assert_eq!(
        mapped.endings,
        [
            Ending::Mapped,
            aside("happened", "a day that no calendar has"),
            aside("units", "not a whole number"),
            ignored("test rows"),
            aside("", UNMAPPED),
            aside("deal", "nothing given where the fact needs it"),
            Ending::Mapped,
            // A row that another rule ignores deletes its record all the same.
            Ending::Deleted,
        ]
    );
    let facts: Vec<String> = mapped.facts.iter().map(|fact| show(fact, &names)).collect();
    assert_eq!(
        facts,
        [
            "2 deal ? deal=d1 | units=1",
            "2 account 2017-01-02 account=Acme | ",
            "8 deal ? deal=d7 | ",
        ]
    );
    let ordinals: Vec<u16> = mapped
        .facts
        .iter()
        .map(|fact| fact.origin.ordinal)
        .collect();
    assert_eq!(ordinals, [0, 1, 0]);
}

/// Streams that read other columns of a reference that has no file yet, in turns.
fn empty_references_have_every_column_that_was_read() {
    let deals = "SELECT _record, d.\"deal id\" AS deal, p.series FROM deals AS d LEFT JOIN products p \
                 ON p.product = d.product";
    let leads = "SELECT _record, l.id AS person, p.origin AS kind FROM leads AS l LEFT JOIN products p \
                 ON p.product = l.origin";
    let pack = pack(&[
        ("deals", FactKind::Deal, deals),
        ("leads", FactKind::Person, leads),
    ]);
    let mut mapper = Mapper::start(&exe(), &pack, &[]).unwrap();
    let mut names = Names::default();
    let batches = [
        ("deals", "deal id,product,account,stage\nd1,GTX,Acme,open"),
        (
            "leads",
            "id,email,phone,origin,created\nl1,a@b.com,1,web,2017-01-01",
        ),
        ("deals", "deal id,product,account,stage\nd2,GTX,Acme,open"),
    ];
    for (stream, text) in batches {
        let (batch, rows) = batch(stream, text);
        let mapped = mapper.map(&batch, &rows, &Plain, &mut names).unwrap();
        assert_eq!(mapped.facts.len(), 1, "{stream}");
    }
}

fn references_are_joined_by_their_key() {
    let sql = "SELECT _record, \"deal id\" AS deal, p.series, as_money(p.price, 'USD') AS list
               FROM deals AS d LEFT JOIN products p ON p.product = replace(d.product, 'GTXPro', 'GTX Pro')";
    let joined = pack(&[("deals", FactKind::Deal, sql)]);
    // The later row of one key counts; a row meets at most one.
    let products = [
        "product,series,price\nGTX Pro,old,1\nGTX Basic,GTX,550",
        "product,series,price\nGTX Pro,GTX,4821",
    ];
    assert_eq!(
        facts(
            &joined,
            &products,
            "deals",
            DEALS.replace("\"1,054\"", "1").as_str()
        ),
        [
            "2 deal ? deal=d1 | series='GTX' list=4821.00 USD",
            "3 deal ? deal=d2 | series='GTX' list=550.00 USD"
        ]
    );
    empty_references_have_every_column_that_was_read();
    // No file of the reference stream has come yet.
    assert_eq!(
        facts(
            &joined,
            &[],
            "deals",
            DEALS.replace("\"1,054\"", "1").as_str()
        ),
        ["2 deal ? deal=d1 | ", "3 deal ? deal=d2 | "]
    );
    let multiplying = "SELECT _record, \"deal id\" AS deal FROM deals d LEFT JOIN products p ON \
    p.series = d.product";
    assert_eq!(
        first(&pack(&[("deals", FactKind::Deal, multiplying)])).code,
        "E0317"
    );
    let always = "SELECT _record, \"deal id\" AS deal FROM deals d LEFT JOIN products p ON \
    p.product = p.product";
    assert_eq!(
        first(&pack(&[("deals", FactKind::Deal, always)])).code,
        "E0317"
    );
}

fn first(pack: &Pack) -> Refusal {
    check(pack).into_iter().next().expect("the pack is refused")
}

fn what_is_not_allowed_is_refused() {
    for (code, sql) in [
        ("E0311", "SELEC _record FROM deals"),
        ("E0311", "SELECT _record, 'open FROM deals"),
        ("E0311", "SELECT _record, stage || 'x' FROM deals"),
        ("E0312", "SELECT * FROM deals"),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM deals ORDER BY stage",
        ),
        ("E0312", "SELECT _record, stage AS deal FROM deals LIMIT 1"),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM deals UNION SELECT _record, stage FROM deals",
        ),
        (
            "E0312",
            "WITH RECURSIVE t AS (SELECT 1) SELECT _record FROM t",
        ),
        ("E0312", "SELECT _record, (SELECT 1) AS deal FROM deals"),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM (SELECT * FROM deals) d",
        ),
        ("E0312", "SELECT _record, stage AS deal FROM deals, deals e"),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM deals CROSS JOIN products",
        ),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM deals GROUP BY stage",
        ),
        ("E0312", "SELECT DISTINCT _record, stage AS deal FROM deals"),
        ("E0312", "SELECT _record, count(*) AS deal FROM deals"),
        (
            "E0312",
            "SELECT _record, row_number() OVER () AS deal FROM deals",
        ),
        (
            "E0312",
            "SELECT _record, cast(stage AS double) AS deal FROM deals",
        ),
        (
            "E0312",
            "SELECT _record, stage AS deal FROM deals; DROP TABLE deals",
        ),
        ("E0313", "SELECT _record, now() AS deal FROM deals"),
        ("E0313", "SELECT _record, random() AS deal FROM deals"),
        ("E0313", "SELECT _record, sum(units) AS deal FROM deals"),
        ("E0314", "SELECT _record, stage AS deal FROM elsewhere"),
        ("E0316", "SELECT stage AS deal FROM deals"),
        ("E0316", "SELECT _record, stage FROM deals"),
        (
            "E0316",
            "SELECT _record, stage AS deal, stage AS deal FROM deals",
        ),
        (
            "E0316",
            "SELECT _record, stage AS deal, engaged AS happened FROM deals",
        ),
        ("E0316", "SELECT _record, _record AS deal FROM deals"),
        (
            "E0316",
            "SELECT _record, stage AS deal FROM deals WHERE units > 5",
        ),
        (
            "E0316",
            "SELECT _record, stage AS deal FROM deals WHERE as_int(units) > 5",
        ),
        ("E0317", "SELECT _record, stage AS deal FROM products"),
        (
            "E0317",
            "SELECT _record, stage AS deal FROM deals LEFT JOIN leads ON leads.id = stage",
        ),
        (
            "E0318",
            "SELECT _record, stage AS deal, as_date(closed, '%Q') AS happened FROM deals",
        ),
        (
            "E0318",
            "SELECT _record, stage AS deal, as_date(closed, 'iso', 'Mars/Base') AS happened FROM \
            deals",
        ),
        (
            "E0318",
            "SELECT _record, stage AS deal, as_date(closed) AS happened FROM deals",
        ),
        (
            "E0318",
            "SELECT _record, stage AS deal, as_money(value, 'CAN') AS amount FROM deals",
        ),
    ] {
        let refusal = first(&pack(&[("deals", FactKind::Deal, sql)]));
        assert_eq!(refusal.code, code, "{sql}\n{refusal}");
        assert!(refusal.fix.is_some(), "{sql}");
    }
    let sql = "SELECT _record, stage AS deal,\n  coalesce(repeat('a', 2000000000), stage) AS \
    noise\nFROM deals";
    let message = first(&pack(&[("deals", FactKind::Deal, sql)])).to_string();
    assert!(
        message.starts_with(
            "refused E0313: the function `repeat` is not one that packs may call
  deals.deal.sql:2
  2 |   coalesce(repeat('a', 2000000000), stage) AS noise
    |            ^^^^^^"
        ),
        "{message}"
    );
    // Columns are known once a file is there.
    let unknown = pack(&[(
        "deals",
        FactKind::Deal,
        "SELECT _record, stag AS deal FROM deals",
    )]);
    let refusal = try_map(&unknown, &[], "deals", "deal id,stage,account\n1,Won,").unwrap_err();
    assert_eq!(refusal.code, "E0314");
    let fix = refusal.fix.unwrap();
    assert!(
        fix.starts_with("\"stage\", or ") && fix.contains("deal id, stage, account"),
        "{fix}"
    );
    let misspelt = "SELECT _record, id AS person, orgin FROM leads";
    let refusal = first(&pack(&[("leads", FactKind::Person, misspelt)]));
    assert!(
        refusal
            .fix
            .unwrap()
            .starts_with("origin     if that is meant")
    );
}

fn personal_columns_stay_personal() {
    for (sql, expected) in [
        (
            "SELECT _record, id AS person, phone FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, id AS copy FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, CASE WHEN phone LIKE '+49%' THEN 'de' END AS country \
            FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, coalesce(origin, email) AS origin FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, email_domain(email) AS email_domain, is_given(phone) \
            AS has_phone, email, origin FROM leads",
            None,
        ),
        (
            "SELECT _record, id AS person, origin FROM leads WHERE phone IS NOT NULL",
            None,
        ),
        // What hides a person is given whole columns, and nothing that would show them.
        (
            "SELECT _record, id AS person, email_domain('x@' || phone || '.x') AS d FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, as_one_of(substr(phone, 1, 1), '1|2|3') AS d FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, is_given(nullif(phone, '555')) AS d FROM leads",
            Some("E0315"),
        ),
        (
            "SELECT _record, id AS person, email_domain(lower(trim(coalesce(email, phone)))) AS d \
            FROM leads",
            None,
        ),
        // Only words of the pack come out.
        (
            "SELECT _record, id AS person, as_one_of(phone, 'home|work') AS phone FROM leads",
            None,
        ),
    ] {
        let pack = pack(&[("leads", FactKind::Person, sql)]);
        let found = check(&pack).into_iter().next();
        assert_eq!(
            found.as_ref().map(|refusal| refusal.code),
            expected,
            "{sql}"
        );
        if let Some(fix) = found.and_then(|refusal| refusal.fix) {
            assert!(
                fix.starts_with("safe = [\"origin\", \"created\", \""),
                "{fix}"
            );
        }
    }
}

fn bombs_are_refused() {
    let ors = vec!["stage = 'a'"; 20_000].join(" OR ");
    let fewer_ors = vec!["stage = 'a'"; 2_000].join(" OR ");
    let plus = vec!["1"; 3_000].join("+");
    let brackets = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
    let nots = format!("{} true", "NOT ".repeat(10_000));
    let minus = format!("{}1", "- ".repeat(10_000));
    let cases = format!(
        "{}1{}",
        "CASE WHEN true THEN ".repeat(2_000),
        " END".repeat(2_000)
    );
    let casts = format!("stage{}", "::text".repeat(5_000));
    let is_null = format!("stage{}", " IS NULL".repeat(5_000));
    let calls = format!("{}stage{}", "lower(".repeat(3_000), ")".repeat(3_000));
    let list = format!("stage IN ({})", vec!["'a'"; 5_000].join(","));
    for condition in [&ors, &fewer_ors, &brackets, &nots, &cases, &is_null, &list] {
        let sql = format!("SELECT _record, stage AS deal FROM deals WHERE {condition}");
        refused_at_once(&sql, "E0310");
    }
    for output in [&plus, &minus, &casts, &calls] {
        refused_at_once(
            &format!("SELECT _record, stage AS deal, {output} AS x FROM deals"),
            "E0310",
        );
    }
    for call in [
        "repeat('a', 2000000000)",
        "lpad('a', 2000000000, 'b')",
        "rpad('a', 2000000000)",
        "range(0, 300000000)",
        "generate_series(0, 300000000)",
    ] {
        refused_at_once(
            &format!("SELECT _record, stage AS deal, {call} AS x FROM deals"),
            "E0313",
        );
    }
}

fn refused_at_once(sql: &str, code: &str) {
    let started = Clock::now();
    let refusal = first(&pack(&[("deals", FactKind::Deal, sql)]));
    assert_eq!(
        refusal.code,
        code,
        "{}",
        sql.chars().take(100).collect::<String>()
    );
    // A hang, not slowness: a busy machine is no defect.
    assert!(started.elapsed() < Duration::from_secs(60));
}

/// A text that nested replacing multiplies at every level: allowed to say, not to finish.
fn hog() -> String {
    let many = "a".repeat(1_000);
    let mut text = "stage".to_owned();
    for _ in 0..5 {
        text = format!("replace({text}, 'a', '{many}')");
    }
    text
}

fn a_dead_worker_harms_nobody() {
    let hog = format!(
        "SELECT _record, \"deal id\" AS deal, length({}) AS size FROM deals",
        hog()
    );
    let hungry = pack(&[("deals", FactKind::Deal, &hog)]);
    let text = "deal id,stage,account\nd1,aaaaaaaaaa,";
    let mut names = Names::default();
    let mut mapper = Mapper::start(&exe(), &hungry, &[]).unwrap();
    let (rows, known) = batch("deals", text);
    let refusal = mapper.map(&rows, &known, &Plain, &mut names).unwrap_err();
    assert_eq!(refusal.code, "E0321", "{refusal}");
    assert!(refusal.title.contains("`deals.deal.sql`"), "{refusal}");
    // The same mapper goes on with a new worker.
    let (tame, known) = batch("deals", "deal id,stage,account\nd1,b,");
    let mapped = mapper.map(&tame, &known, &Plain, &mut names).unwrap();
    assert_eq!(mapped.endings, [Ending::Mapped]);

    // A program that is no worker, or none at all.
    assert_eq!(
        Mapper::start(&PathBuf::from("/bin/true"), &hungry, &[])
            .unwrap()
            .map(&tame, &known, &Plain, &mut names)
            .unwrap_err()
            .code,
        "E0320"
    );
    assert_eq!(
        Mapper::start(&PathBuf::from("/nowhere"), &hungry, &[])
            .unwrap()
            .map(&tame, &known, &Plain, &mut names)
            .unwrap_err()
            .code,
        "E0320"
    );
    // One that never answers.
    let mut mute = Worker::start(&exe())
        .unwrap()
        .with_limit(Duration::from_millis(1));
    assert_eq!(mute.run("SELECT 1 AS one").unwrap_err(), Death::TooSlow);
}

fn the_deepest_allowed_select_runs() {
    let mut deep = "stage".to_owned();
    let mut brackets = "stage".to_owned();
    for _ in 0..60 {
        deep = format!("lower({deep})");
        brackets = format!("CASE WHEN stage = 'x' THEN {brackets} END");
    }
    brackets = brackets.replacen("stage = 'x'", "NOT (stage = 'x')", 60);
    let chain = vec!["stage"; 60].join(" || ");
    let sum = vec!["1"; 60].join(" + ");
    let ands = vec!["stage <> 'b'"; 60].join(" AND ");
    let sql = format!(
        "SELECT _record, \"deal id\" AS deal, {deep} AS a, {brackets} AS b, length({chain}) AS \
        c, {sum} AS d FROM deals WHERE {ands}"
    );
    let deepest = pack(&[("deals", FactKind::Deal, &sql)]);
    assert_eq!(
        facts(&deepest, &[], "deals", "deal id,stage,account\nd1,Abc,"),
        ["2 deal ? deal=d1 | a='abc' b='Abc' c=180 d=60"]
    );
}

fn many_rows() {
    let sql = "SELECT _record, \"deal id\" AS deal, account, as_time(closed, '%m/%d/%Y \
    %H:%M:%S') AS happened,
                      as_money(value, 'USD') AS amount, CASE stage WHEN 'Won' THEN 'won' ELSE 'open' END AS status,
                      as_int(units) AS units, lower(trim(product)) AS product FROM deals";
    let deals = pack(&[("deals", FactKind::Deal, sql)]);
    let mut text = "deal id,account,product,stage,closed,value,units".to_owned();
    for row in 0..50_000 {
        text.push_str(&format!(
            "\nd{row},a{},GTX {} ,Won,3/{}/2017 10:05:07,{}.5,{}",
            row % 700,
            row % 7,
            row % 28 + 1,
            row,
            row % 9
        ));
    }
    let (batch, rows) = batch("deals", &text);
    let mut mapper = Mapper::start(&exe(), &deals, &[]).unwrap();
    let mut names = Names::default();
    let mut kinds = BTreeMap::new();
    let mut seconds = Vec::new();
    for _ in 0..3 {
        let started = Clock::now();
        let mapped = mapper.map(&batch, &rows, &Plain, &mut names).unwrap();
        seconds.push(started.elapsed().as_secs_f64());
        for fact in &mapped.facts {
            *kinds.entry(fact.kind.word()).or_insert(0) += 1;
        }
    }
    println!(
        "     {:.0} rows/s",
        50_000.0 / seconds.iter().copied().fold(f64::MAX, f64::min)
    );
    assert_eq!(kinds, BTreeMap::from([("deal", 150_000)]));
}
