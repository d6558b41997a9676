//! A whole charter and a whole pack, as they come out; and what a diff says.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected fails"
)]

use handfast_charter::{Change, TextFile, diff, read_charter, read_pack};
use handfast_model::catalogue::Origin;
use handfast_model::rules::{Charter, Precedence, StageType, StepRole};

fn file(path: &str, text: &str) -> TextFile {
    let (path, text) = (path.to_owned(), text.to_owned());
    TextFile { path, text }
}

fn files() -> Vec<TextFile> {
    vec![
        file(
            "book/charter/calendar.toml",
            "name = \"Olist\"\nzone = \"America/Sao_Paulo\"\nyear_starts = 2\nmonths = \"4-4-5\"\n\
             week_starts = \"sunday\"\ncurrency = \"brl\"\n",
        ),
        file(
            "book/charter/teams.toml",
            "[team.marketing]\nside = \"marketing\"\n[team.\"inside sales\"]\nside = \"sales\"\n",
        ),
        file(
            "book/charter/lexicon.toml",
            "[terms]\nlead = \" Somebody. \"\n",
        ),
        file(
            "book/charter/attributes.toml",
            "[touch]\nmedium = \"text\"\n[person]\nscore = \"number\"\n[deal]\namount = \
            \"money\"\n",
        ),
        file(
            "book/charter/stages.toml",
            r#"
[opening]
lead = true
touches = ["demo_request"]
[dormant]
after_days = 180
two_way = ["call", "meeting"]
[[stage]]
id = "won"
role = "won"
owner = "inside sales"
[[stage]]
id = "lost"
role = "lost"
[[stage]]
id = "mql"
name = "Qualified by marketing"
owner = "marketing"
type = "service-level"
max_days = 2
marks = ["MQL", "Marketing qualified"]
enters_when = "person.score>=65 and  touches( 'demo', 2 weeks )>=1"
wins = "rule"
implied = true
opens = true
means = "Worth a call."
[[stage]]
id = "recycled"
role = "detour"
marks = ["Recycled"]
[[stage]]
id = "sal"
marks = ["SAL"]
exits_when = "deal.amount < 100.50"
"#,
        ),
        file(
            "book/charter/channels.toml",
            "[[channel]]\nid = \"paid\"\nwhen = \"touch.medium = 'cpc'\"\n",
        ),
        file("book/charter/README.md", "not read"),
    ]
}

#[test]
fn a_charter_is_resolved_with_the_path_first_and_every_default_written_out() {
    let charter = read_charter(&files()).unwrap();
    let steps: Vec<(&str, StepRole)> = charter
        .steps
        .iter()
        .map(|step| (step.id.as_str(), step.role))
        .collect();
    assert_eq!(
        steps,
        [
            ("mql", StepRole::Path),
            ("sal", StepRole::Path),
            ("won", StepRole::Won),
            ("recycled", StepRole::Detour),
            ("lost", StepRole::Lost),
            ("dormant", StepRole::Dormant),
        ]
    );
    let mql = &charter.steps[0];
    assert_eq!(mql.kind, StageType::ServiceLevel { max_days: 2 });
    assert_eq!(
        (mql.wins, mql.is_implied, mql.opens),
        (Precedence::Rule, true, true)
    );
    let rule = mql.enters_when.as_ref().unwrap().to_string();
    assert_eq!(rule, "person.score >= 65 AND touches('demo', 14 days) >= 1");
    let sal = &charter.steps[1];
    assert_eq!(
        (sal.name.as_str(), sal.wins, sal.opens),
        ("sal", Precedence::Either, false)
    );
    assert_eq!(
        sal.exits_when.as_ref().unwrap().to_string(),
        "deal.amount < 100.50"
    );
    let calendar = &charter.calendar;
    assert_eq!(
        (calendar.zone_name(), calendar.year_starts),
        ("America/Sao_Paulo", 2)
    );
    assert_eq!(charter.currency.unwrap().code(), "BRL");
    assert_eq!(charter.teams[1].id, "inside sales");
    assert_eq!(charter.terms[0].meaning, "Somebody.");
    assert!(charter.opening.by_lead);
    assert_eq!(charter.dormant.unwrap().two_way, ["call", "meeting"]);
    assert_eq!(charter.channels[0].when.to_string(), "touch.medium = 'cpc'");
    assert_eq!(charter.attributes.len(), 3);
}

#[test]
fn a_charter_is_named_by_its_content_and_not_by_its_place() {
    let hash = |files: &[TextFile]| read_charter(files).unwrap().hash;
    let first = hash(&files());
    assert!(first.starts_with("blake3:") && first.len() == 7 + 64);
    let mut moved = files();
    moved.reverse();
    moved
        .iter_mut()
        .for_each(|f| f.path = f.path.replace("book", "C:\\other"));
    moved.retain(|f| !f.path.ends_with("README.md"));
    assert_eq!(hash(&moved), first);
    moved.iter_mut().for_each(|f| f.text.push('\n'));
    assert_ne!(hash(&moved), first);
}

fn changed(from: &str, to: &str) -> Charter {
    let mut files = files();
    let file = files.iter_mut().find(|f| f.text.contains(from)).unwrap();
    file.text = file.text.replace(from, to);
    read_charter(&files).unwrap_or_else(|refusals| panic!("{}", refusals[0]))
}

fn said(changes: &[Change]) -> String {
    let said: Vec<String> = changes.iter().map(Change::to_string).collect();
    said.join("\n")
}

#[test]
fn a_diff_shows_old_and_new_words_and_the_figures_they_touch() {
    let old = read_charter(&files()).unwrap();
    assert_eq!(diff(&old, &old), []);
    let respelled = changed("person.score>=65 and", "person.score >= 65 AND");
    assert_ne!(old.hash, respelled.hash);
    assert_eq!(diff(&old, &respelled), []);
    assert_eq!(
        said(&diff(
            &old,
            &changed("person.score>=65", "person.score >= 80")
        )),
        "changed: stage mql, entry rule\n\
         \x20 was:      person.score >= 65 AND touches('demo', 14 days) >= 1\n\
         \x20 is now:   person.score >= 80 AND touches('demo', 14 days) >= 1\n\
         \x20 figures:  funnel, snapshot, velocity, metrics"
    );
    assert_eq!(
        said(&diff(
            &old,
            &changed("lead = \" Somebody. \"", "deal = \"A chance.\"")
        )),
        "removed: term lead\n  was:      meaning: Somebody.\n\
         \x20 figures:  none; only the words change\n\
         added: term deal\n  is now:   meaning: A chance.\n\
         \x20 figures:  none; only the words change"
    );
    assert_eq!(
        said(&diff(&old, &changed("id = \"sal\"", "id = \"sql\""))),
        "changed: path, order\n  was:      mql, sal, won\n  is now:   mql, sql, won\n\
         \x20 figures:  funnel, snapshot, velocity, metrics\n\
         removed: stage sal\n  was:      name: sal\n            role: path\n            \
         type: inventory\n            marks: SAL\n            exit rule: deal.amount < 100.50\n\
         \x20           wins: either\n            implied: false\n            opens: false\n\
         \x20 figures:  funnel, snapshot, velocity, metrics\n\
         added: stage sql\n  is now:   name: sql\n            role: path\n            \
         type: inventory\n            marks: SAL\n            exit rule: deal.amount < 100.50\n\
         \x20           wins: either\n            implied: false\n            opens: false\n\
         \x20 figures:  funnel, snapshot, velocity, metrics"
    );
    assert_eq!(
        said(&diff(&old, &changed("after_days = 180", "after_days = 90"))),
        "changed: dormant, after_days\n  was:      180\n  is now:   90\n  figures:  all figures"
    );
}

#[test]
fn a_pack_comes_out_with_reference_streams_first_and_defaults_written_out() {
    let manifest = r#"
source = "crm"
zone = "Europe/Berlin"
observed_until = 2018-03-31
currency = "eur"
[[stream]]
name = "leads"
files = ["*leads*.csv"]
key = ["id"]
delimiter = "tab"
people = [{ column = "id", email = "mail" }, { column = "agent", namespace = "hr", seals = ["desk"] }]
safe = ["origin"]
ignore = [{ name = "test rows", when = "origin = 'test'" }]
[[stream]]
name = "countries"
files = ["countries.csv"]
key = ["code"]
reference = true
mode = "full"
[[map]]
stream = "leads"
kind = "person"
file = "leads.sql"
[[leave]]
files = ["readme*"]
reason = "no rows"
"#;
    let sql = "-- one lead\nSELECT _record, id AS person FROM leads";
    let files = [file("s/source.toml", manifest), file("s/leads.sql", sql)];
    let pack = read_pack("s", &files).unwrap();
    assert_eq!(pack.observed_until.unwrap().to_string(), "2018-03-31");
    assert_eq!(pack.currency.as_deref(), Some("EUR"));
    let names: Vec<&str> = pack
        .streams
        .iter()
        .map(|stream| stream.name.as_str())
        .collect();
    assert_eq!(names, ["countries", "leads"]);
    let leads = &pack.streams[1];
    assert_eq!(
        (leads.format.delimiter, leads.format.quote),
        (Some(b'\t'), b'"')
    );
    assert_eq!(leads.people[0].namespace, "crm");
    assert_eq!(leads.people[1].namespace, "hr");
    assert_eq!(leads.ignore[0].when, "origin = 'test'");
    assert_eq!(
        (
            pack.mappings[0].file.as_str(),
            pack.mappings[0].sql.as_str()
        ),
        ("leads.sql", sql)
    );
    assert_eq!(pack.ignored_files[0].reason, "no rows");
    let other = [
        file("t/source.toml", manifest),
        file("t/leads.sql", &sql.replace("one", "a")),
    ];
    assert_ne!(read_pack("t", &other).unwrap().version, pack.version);
}

#[test]
fn rates_are_read_digit_by_digit_and_their_change_is_told() {
    let with = |text: &str| {
        let mut files = files();
        files.push(file("book/charter/money.toml", text));
        read_charter(&files)
    };
    let charter = with("rates = \"plan\"\n[plan]\nUSD = 5.1250\neur = \"6.02\"\n").unwrap();
    let plan: Vec<String> = charter
        .pricing
        .plan
        .iter()
        .map(|(code, rate)| format!("{code} {rate}"))
        .collect();
    assert_eq!(plan, ["USD 5.125", "EUR 6.02"]);
    let later = with("rates = \"at_close\"\nthrough = \"USD\"\n").unwrap();
    assert!(later.pricing.plan.is_empty() && later.pricing.through.is_some());
    let said = said(&diff(&charter, &later));
    assert!(
        said.contains("money, rates") && said.contains("amounts in the reporting currency"),
        "{said}"
    );
    let refused = |text: &str| {
        let refusals = with(text).unwrap_err();
        let titles: Vec<String> = refusals
            .iter()
            .map(|refusal| format!("{} {}", refusal.code, refusal.title))
            .collect();
        titles.join("; ")
    };
    assert_eq!(refused(""), "E0104 money.toml has no `rates`");
    assert_eq!(
        refused("rates = \"plan\""),
        "E0104 money.toml has no `plan`"
    );
    assert_eq!(
        refused("rates = \"plan\"\n[plan]\nUSD = 0\nBRL = 1\nGBP = -1"),
        "E0105 the planned rate of `USD` is no rate; E0111 `BRL` is the reporting currency \
         itself; E0105 the planned rate of `GBP` is no rate"
    );
    assert_eq!(
        refused("rates = \"at_close\"\n[plan]\nUSD = 0.2"),
        "E0111 planned rates that `rates` does not use"
    );
}

#[test]
fn models_that_are_not_shown_are_as_the_charter_defines_them() {
    let agreed = |half_life: u32| {
        let text = format!(
            "models = [\"first\"]\nhalf_life_days = {half_life}\n[model.ours]\nfirst = 1\nlast = 3\n"
        );
        let mut files = files();
        files.push(file("book/charter/attribution.toml", &text));
        read_charter(&files).unwrap()
    };
    let charter = agreed(14);
    let model = |name: &str| charter.attribution.model(name).unwrap().to_string();
    assert_eq!(model("decay"), "decay (half-life 14 days)");
    assert_eq!(
        model("ours"),
        "ours (first 1, lead 0, deal 0, last 3, between 0)"
    );
    assert_eq!(charter.attribution.shown.len(), 1);
    assert_eq!(charter.attribution.model("theirs"), None);
    let said = said(&diff(&charter, &agreed(7)));
    assert!(said.contains("half-life 14 days"), "{said}");
}

#[test]
fn metrics_of_a_charter_stand_beside_those_that_ship_or_in_their_place() {
    let with = |text: &str| {
        let mut files = files();
        files.push(file("book/charter/metrics.toml", text));
        read_charter(&files).unwrap_or_else(|refusals| panic!("{}", refusals[0]))
    };
    let plain = read_charter(&files()).unwrap();
    let text = "[metric.cac]\nmeans = \"ours\"\nformula = \"spend / won\"\n\
                [metric.won]\nmeans = \"ours\"\nformula = \"wins\"\n\
                [metric.won.measure.wins]\nof = \"won\"\nunit = \"deal\"\n\
                [metric.fresh]\nmeans = \"ours\"\nformula = \"spend / leads\"\n\
                [metric.fresh.measure.leads]\nof = \"leads_created\"\nlag = \"90 days\"\n\
                [metric.fresh.declares]\npopulation = \"leads of the quarter before\"\n";
    let charter = with(text);
    let (shipped, ours) = (&plain.catalogue, &charter.catalogue);
    assert_eq!(
        ours.metrics.len(),
        shipped.metrics.len() + 2,
        "one takes a place"
    );
    let origin = |name: &str| ours.find(name).map(|metric| metric.origin);
    assert_eq!(origin("cac"), Some(Origin::Instead));
    assert_eq!(origin("won"), Some(Origin::Instead), "a measure's name too");
    assert_eq!(origin("fresh"), Some(Origin::Charter));
    assert_eq!(origin("cost_per_lead"), Some(Origin::Shipped));
    assert_ne!(charter.hash, plain.hash, "a metric is part of the charter");
    let line = |name: &str, at: usize| {
        let metric = ours.find(name).unwrap();
        metric.measures[at].line(&metric.parameters)
    };
    assert_eq!(line("fresh", 1), "leads = leads_created, lag 90 days");
    assert_eq!(line("won", 0), "wins = won, unit deal");
    let said = said(&diff(&charter, &with(&text.replace("90 days", "30 days"))));
    assert!(said.contains("changed: metric fresh, measures"), "{said}");
    assert!(said.contains("figures:  metrics"), "{said}");
}

/// What can wait for a day, and what is said of all the past at once.
#[test]
fn a_forward_only_charter_changes_what_happens_at_a_moment_and_nothing_else() {
    use handfast_charter::{forward, forward_hash};
    use handfast_model::{Day, Instant};

    let stages = |mql: &str, more: &str| {
        format!(
            "[opening]\nlead = true\n\n[[stage]]\nid = \"mql\"\n{mql}\n\n[[stage]]\nid = \"sql\"\n\
             marks = [\"SQL\"]\n\n{more}[[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Won\"]\n"
        )
    };
    let read = |stages: &str, name: &str, more: &str| {
        let file = |name: &str, text: &str| TextFile {
            path: format!("charter/{name}.toml"),
            text: text.to_owned(),
        };
        read_charter(&[file("stages", stages), file(name, more)]).unwrap()
    };
    let plain = stages("marks = [\"MQL\"]", "");
    let old = read(&plain, "lexicon", "");
    let day = |text: &str| Day::parse(text).unwrap();
    let (feb, mar) = (day("2025-02-01"), day("2025-03-01"));
    let sal = "[[stage]]\nid = \"sal\"\nmarks = [\"SAL\"]\n\n";
    let wide = stages("marks = [\"MQL\", \"Hot\"]\nimplied = true", sal);
    let wide = read(&wide, "attributes", "[person]\nscore = \"number\"\n");
    let laid = forward(&old, wide.clone(), feb).unwrap();
    assert_eq!(laid.hash, forward_hash(&old.hash, &wide.hash, feb));
    assert_ne!(laid.hash, wide.hash);
    let before = |charter: &handfast_model::Charter, at: Day| {
        let at = charter.calendar.start_of(at);
        let steps = charter.steps_at(Some(Instant(at.0 - 1)));
        let of = |step: &handfast_model::rules::Step| format!("{} {:?}", step.id, step.marks);
        steps.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    let was = "mql [\"MQL\"], sql [\"SQL\"], sal [], won [\"Won\"]";
    assert_eq!(before(&laid, feb), was);
    assert!(before(&laid, mar).contains("Hot"));
    assert!(!laid.steps_at(None)[0].is_implied && laid.steps[0].is_implied);
    // One after another: each day keeps its own words, in the places of the last ones.
    let back = read(&stages("marks = [\"Hot\"]", sal), "lexicon", "");
    assert!(
        forward(&laid, back.clone(), mar).is_err(),
        "an attribute is gone"
    );
    let back = read(
        &stages("marks = [\"Hot\"]", sal),
        "attributes",
        "[person]\nscore = \"number\"\n",
    );
    let again = forward(&laid, back.clone(), mar).unwrap();
    assert_eq!(before(&again, feb), was);
    assert!(before(&again, mar).starts_with("mql [\"MQL\", \"Hot\"]"));
    assert_eq!(again.earlier.len(), 2);
    // On the same day or before it, it takes the place of the one whose day it is.
    for day in [feb, day("2025-01-01")] {
        let instead = forward(&laid, back.clone(), day).unwrap();
        assert_eq!(instead.earlier.len(), 1);
        assert_eq!(before(&instead, day), was);
    }
    for (name, text) in [
        ("calendar", "zone = \"Europe/Berlin\"\n"),
        ("money", "rates = \"at_close\"\n"),
        ("attribution", "look_back_days = 90\n"),
        (
            "icp",
            "[[segment]]\nid = \"hot\"\nwhen = \"touches('ad') >= 1\"\n",
        ),
        ("identity", "[people]\nby_email = false\n"),
    ] {
        let changed = read(&plain, name, text);
        assert!(forward(&old, changed, feb).is_err(), "{name}");
    }
    for stages in [
        plain.replace("id = \"sql\"", "id = \"sqo\""),
        plain.replace(
            "[opening]",
            "[dormant]\nafter_days = 30\ntwo_way = [\"call\"]\n[opening]",
        ),
        plain.replace("marks = [\"SQL\"]", "marks = [\"SQL\"]\nrole = \"detour\""),
        plain.replace("marks = [\"SQL\"]", "marks = [\"SQL\"]\ntype = \"gate\""),
    ] {
        let changed = read(&stages, "lexicon", "");
        assert!(forward(&old, changed, feb).is_err(), "{stages}");
    }
    let words = read(&plain, "lexicon", "[terms]\nlead = \"who asks\"\n");
    assert!(forward(&old, words, feb).is_ok());
}
