//! A first charter from the stages that the files of a source name: a draft to be read, corrected
//! and put into force by people.

use handfast_charter::TextFile;

use crate::attribute::attribute_name;
use crate::declared::attributes_toml;
use crate::manifest::toml;
use crate::names::plain;
use crate::outcome::{denies, says};
use crate::passed::{Passed, in_order};
use crate::propose::Proposed;

/// Most stages of a draft; a column with more words is no list of stages.
const MOST: usize = 24;

/// Words in a label that say won.
const WON: [&str; 2] = ["won", "converted"];

/// What stands on which step of a usual funnel, by words in a label.
const STEPS: [(&str, &str); 10] = [
    ("subscriber|visitor|visit|landing", "marketing"),
    (
        "new|open|lead|inquiry|inq|raw|neu|nuevo|novo|nouveau|created",
        "marketing",
    ),
    (
        "mql|marketing|nurtur|engaged|engaging|prospecting|prospect",
        "marketing",
    ),
    (
        "sal|accepted|assigned|working|contacted|attempted|kontaktiert",
        "sales",
    ),
    ("sql|sao|qualified|qualif", "sales"),
    ("opportunity|opp|appointment|meeting|demo", "sales"),
    (
        "discovery|analysis|evaluation|trial|pilot|presentation|needs|value",
        "sales",
    ),
    (
        "proposal|quote|angebot|propuesta|proposta|devis|price",
        "sales",
    ),
    (
        "negotiation|verhandlung|negocia|contract|review|decision|commit",
        "sales",
    ),
    ("customer|converted", "sales"),
];

/// What a draft's calendar says.
#[derive(Clone, Copy, Debug)]
pub struct Home<'a> {
    /// The company's name, as far as it can be guessed.
    pub name: &'a str,
    /// The zone of its days.
    pub zone: &'a str,
    /// The currency of its reports, where one is known.
    pub currency: Option<&'a str>,
}

/// A charter's `attributes.toml`, `calendar.toml`, `stages.toml` and `teams.toml`. Stages stand as
/// they were passed, where the rows tell it, else as in a usual funnel; where no stream names one,
/// as in spend alone, there is a first and a last. `None` when a stream names more words than are
/// stages.
pub fn draft(streams: &[Proposed], home: &Home<'_>, passed: &[Passed]) -> Option<Vec<TextFile>> {
    match streams.iter().all(|stream| stream.stages.is_empty()) {
        true => Some(texts(streams, home, bare())),
        false => of_labels(streams, home, passed),
    }
}

/// The same where some stream names a stage.
fn of_labels(streams: &[Proposed], home: &Home<'_>, passed: &[Passed]) -> Option<Vec<TextFile>> {
    let mut labels: Vec<(usize, String)> = Vec::new();
    let (mut won, mut lost): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for stream in streams {
        won.extend(stream.ends.0.iter().cloned());
        lost.extend(stream.ends.1.iter().cloned());
        for (label, _) in &stream.stages {
            let is_known = labels.iter().any(|(_, known)| known == label);
            if !is_known {
                labels.push((step_of(label), label.clone()));
            }
        }
    }
    let is_first = |(at, (_, label)): &(usize, &(usize, String))| {
        let mut before = labels.iter().take(*at);
        !before.any(|(_, known)| is_same(known, label))
    };
    let different = labels.iter().enumerate().filter(is_first).count();
    if different > MOST {
        return None;
    }
    let is_end = |label: &str, ends: &[String], marks: &[&str]| {
        ends.iter().any(|end| end == label) || says(label, marks)
    };
    let is_won = |label: &str| is_end(label, &won, &WON) || plain(label) == "customer";
    let out = ["disqualified", "unqualified", "rejected"];
    let is_out = |label: &str| !is_won(label) && is_end(label, &[], &out);
    let is_lost = |label: &str| !is_out(label) && is_end(label, &lost, &["lost"]);
    // One stage however it is spelled, and every spelling a mark: labels are compared exactly.
    let mut steps: Vec<(usize, Vec<String>)> = Vec::new();
    let is_end = |label: &str| is_won(label) || is_lost(label) || is_out(label);
    let is_unsure = |label: &str| !is_end(label) && denies(label, &WON);
    let is_step = |label: &str| !is_end(label) && !is_unsure(label);
    for (step, label) in labels.iter().filter(|(_, label)| is_step(label)) {
        let is_other = |one: &&mut (usize, Vec<String>)| one.1.iter().any(|l| is_same(l, label));
        match steps.iter_mut().find(is_other) {
            Some((_, spellings)) => spellings.push(label.clone()),
            None => steps.push((*step, vec![label.clone()])),
        }
    }
    steps.sort_by_key(|(step, _)| *step);
    in_order(&mut steps, passed);
    let with = |is: &dyn Fn(&str) -> bool| -> Vec<String> {
        labels
            .iter()
            .map(|(_, label)| label.clone())
            .filter(|label| is(label))
            .collect()
    };
    let ends = [with(&is_won), with(&is_lost), with(&is_out)];
    let mut stages = stages_toml(&steps, &ends);
    for label in with(&is_unsure) {
        stages.push_str(&format!(
            "\n# CHECK {}: on the way, or an end? Until it is a mark of a stage, it is counted as \
             W0104.\n",
            toml(&label)
        ));
    }
    Some(texts(streams, home, stages))
}

/// The `stages.toml` of files that name no stage.
fn bare() -> String {
    let stages = stages_toml(&[], &[const { Vec::new() }; 3]);
    let defined = stages.find("[opening]").and_then(|at| stages.get(at..));
    format!("{BARE}{}", defined.unwrap_or(&stages))
}

/// Whether a `stages.toml` is that of files that name no stage, to the letter: nobody has written
/// anything into it yet.
pub fn is_bare(stages: &str) -> bool {
    stages == bare()
}

const BARE: &str = "\
# The files name no stage yet, so this has the first and the last of any funnel: enough to ask for
# what was spent. Leads and deals come with an export of people or deals; once it is added by
# `handfast source add`, this file is proposed anew with its stages, unless you have changed it.
";

fn texts(streams: &[Proposed], home: &Home<'_>, stages: String) -> Vec<TextFile> {
    let file = |name: &str, text: String| TextFile {
        path: format!("charter/{name}"),
        text,
    };
    let said = streams.iter().flat_map(|stream| &stream.attributes);
    let attributes = attributes_toml(said);
    vec![
        file("attributes.toml", format!("{ATTRIBUTES}{attributes}")),
        file("calendar.toml", calendar_toml(home)),
        file("stages.toml", stages),
        file("teams.toml", TEAMS.to_owned()),
    ]
}

fn calendar_toml(home: &Home<'_>) -> String {
    let currency = match home.currency {
        Some(code) => format!("currency = {}\n", toml(code)),
        None => {
            "# currency = \"EUR\"  # of reports, once amounts are asked for in one\n".to_owned()
        }
    };
    let (name, zone) = (toml(home.name), toml(home.zone));
    format!("name = {name}  # the book's; write the company's\nzone = {zone}\n{currency}")
}

const ATTRIBUTES: &str = "\
# What questions and rules may name: `--by person.origin`. Take out what nobody will ask for.\n";
const TEAMS: &str = "[team.marketing]\nside = \"marketing\"\n\n[team.sales]\nside = \"sales\"\n";

/// Whether two labels are one but for capitals.
fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn step_of(label: &str) -> usize {
    let label = plain(label);
    let found = STEPS.iter().position(|(words, _)| {
        let mut words = words.split('|');
        words.any(|word| {
            label
                .split(' ')
                .any(|part| part == word || (word.len() > 4 && part.starts_with(word)))
        })
    });
    found.unwrap_or(4)
}

/// The steps of the path, then what ends it: won, lost, and where the files tell of it, rejected.
fn stages_toml(steps: &[(usize, Vec<String>)], [won, lost, out]: &[Vec<String>; 3]) -> String {
    let mut text = String::from(
        "# A draft from the stages that the files name. Put them in your order, give each its\n\
         # owner and say what it means to both teams; then copy it to charter/ and run\n\
         # `handfast charter check`.\n\
         [opening]\nlead = true\ndeal = true\n",
    );
    let mut ids: Vec<String> = ["won", "lost", "disqualified"].map(str::to_owned).to_vec();
    if steps.is_empty() {
        ids.push("lead".to_owned());
        text.push_str(
            "\n[[stage]]\nid = \"lead\"\nname = \"Lead\"\nowner = \"marketing\"\nmarks = []\n\
             opens = true\nimplied = true\n\
             means = \"WRITE: what both teams call a lead.\"\n",
        );
    }
    for (at, (step, spellings)) in steps.iter().enumerate() {
        let label = spellings.first().map_or("", String::as_str);
        let marks: Vec<String> = spellings.iter().map(|mark| toml(mark)).collect();
        let mut id = attribute_name(label);
        while id.is_empty()
            || ids.contains(&id)
            || !id.starts_with(|c: char| c.is_ascii_lowercase())
        {
            id = format!("stage_{id}");
        }
        ids.push(id.clone());
        let owner = STEPS.get(*step).map_or("sales", |(_, owner)| owner);
        let opens = if at == 0 { "opens = true\n" } else { "" };
        text.push_str(&format!(
            "\n[[stage]]\nid = {}\nname = {}\nowner = \"{owner}\"\nmarks = [{}]\n\
             {opens}implied = true\n\
             means = \"WRITE: what must be true before it is called so.\"\n",
            toml(&id),
            toml(label),
            marks.join(", ")
        ));
    }
    text.push_str(&ends_toml([won, lost, out]));
    text
}

fn ends_toml([won, lost, out]: [&Vec<String>; 3]) -> String {
    let mut text = String::new();
    let ends = [
        (
            "won",
            "Won",
            "sales",
            won,
            "signed, paid, or what else you count as won.",
        ),
        ("lost", "Lost", "sales", lost, "what you count as lost."),
        (
            "disqualified",
            "Disqualified",
            "marketing",
            out,
            "why somebody never was a buyer.",
        ),
    ];
    for (id, name, owner, marks, means) in ends {
        if id == "disqualified" && marks.is_empty() {
            continue;
        }
        let marks: Vec<String> = marks.iter().map(|mark| toml(mark)).collect();
        text.push_str(&format!(
            "\n[[stage]]\nid = \"{id}\"\nname = \"{name}\"\nrole = \"{id}\"\nowner = \"{owner}\"\n\
             marks = [{}]\nmeans = \"WRITE: {means}\"\n",
            marks.join(", ")
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(zone: &str) -> Home<'_> {
        Home {
            name: "Acme",
            zone,
            currency: Some("EUR"),
        }
    }
    use crate::understand::Rows;
    use std::collections::BTreeMap;

    fn proposed(stages: &[&str], won: &[&str], lost: &[&str]) -> Proposed {
        let texts = |words: &[&str]| words.iter().map(|word| word.to_string()).collect();
        Proposed {
            stream: "history".into(),
            files: Vec::new(),
            rows: Rows::History,
            why: String::new(),
            sealed: Vec::new(),
            parts: BTreeMap::new(),
            stages: stages.iter().map(|stage| (stage.to_string(), 1)).collect(),
            ends: (texts(won), texts(lost)),
            attributes: vec![("person", "origin".to_owned(), crate::selects::Says::Text)],
        }
    }

    #[test]
    fn stages_stand_in_the_order_of_a_usual_funnel_and_the_charter_reads() {
        let stages = [
            "Negotiation/Review",
            "MQL",
            "Closed Won",
            "New",
            "Closed Lost",
            "Proposal",
        ];
        let one = proposed(&stages, &["Closed Won"], &["Closed Lost"]);
        let files = draft(&[one], &home("Europe/Berlin"), &[]).unwrap();
        let charter = handfast_charter::read_charter(&files);
        let charter = charter.unwrap_or_else(|refusals| panic!("{refusals:#?}"));
        let ids: Vec<&str> = charter.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(
            ids,
            [
                "new",
                "mql",
                "proposal",
                "negotiation_review",
                "won",
                "lost"
            ]
        );
        let many: Vec<String> = (0..MOST + 1).map(|at| format!("word {at}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(draft(&[proposed(&many, &[], &[])], &home("UTC"), &[]).is_none());
        let calendar = |home: &Home<'_>| {
            calendar_toml(home).replace("  # the book's; write the company's", "")
        };
        let known = "name = \"Acme\"\nzone = \"UTC\"\ncurrency = \"EUR\"\n";
        assert_eq!(calendar(&home("UTC")), known);
        let unknown = Home {
            currency: None,
            ..home("UTC")
        };
        assert!(calendar(&unknown).contains("\n# currency = "));
    }

    #[test]
    fn files_without_a_stage_have_a_charter_that_reads() {
        let files = draft(&[proposed(&[], &[], &[])], &home("UTC"), &[]).unwrap();
        let charter = handfast_charter::read_charter(&files).unwrap();
        let ids: Vec<&str> = charter.steps.iter().map(|step| step.id.as_str()).collect();
        assert_eq!(ids, ["lead", "won", "lost"]);
        let stages = |files: &[TextFile]| files[2].text.clone();
        assert!(is_bare(&stages(&files)));
        let named = draft(&[proposed(&["MQL"], &[], &[])], &home("UTC"), &[]).unwrap();
        assert!(!is_bare(&stages(&named)));
    }

    #[test]
    fn every_spelling_of_a_stage_is_a_mark_of_the_one_stage() {
        let one = proposed(&["Demo", "WON", "demo", "Won"], &["WON", "Won"], &[]);
        let files = draft(&[one], &home("UTC"), &[]).unwrap();
        let text = &files
            .iter()
            .find(|f| f.path.ends_with("stages.toml"))
            .unwrap()
            .text;
        assert!(text.contains("marks = [\"Demo\", \"demo\"]"), "{text}");
        assert!(text.contains("marks = [\"WON\", \"Won\"]"), "{text}");
        assert!(handfast_charter::read_charter(&files).is_ok());
    }

    #[test]
    fn qualifying_comes_before_the_deal_and_the_rejected_are_no_step() {
        let one = proposed(&["Lead", "Opportunity", "qualified", "rejected"], &[], &[]);
        let files = draft(&[one], &home("UTC"), &[]).unwrap();
        let charter = handfast_charter::read_charter(&files).unwrap();
        let ids: Vec<&str> = charter.steps.iter().map(|step| step.id.as_str()).collect();
        let expected = [
            "lead",
            "qualified",
            "opportunity",
            "won",
            "lost",
            "disqualified",
        ];
        assert_eq!(ids, expected);
    }

    #[test]
    fn what_is_denied_is_no_end_and_no_step_but_a_question() {
        let stages = [
            "Open",
            "Customer contacted",
            "Closed - Converted",
            "Closed - Not Converted",
        ];
        let files = draft(&[proposed(&stages, &[], &[])], &home("UTC"), &[]).unwrap();
        let charter = handfast_charter::read_charter(&files).unwrap();
        let marks = |id: &str| {
            let step = charter.steps.iter().find(|step| step.id == id);
            step.map(|step| step.marks.clone()).unwrap_or_default()
        };
        assert_eq!(marks("won"), ["Closed - Converted"]);
        assert_eq!(marks("customer_contacted"), ["Customer contacted"]);
        let all: Vec<&String> = charter.steps.iter().flat_map(|step| &step.marks).collect();
        assert_eq!(all.len(), 3, "{all:?}");
        let mut texts = files.iter().map(|file| &file.text);
        assert!(texts.any(|text| text.contains("# CHECK \"Closed - Not Converted\"")));
    }

    #[test]
    fn a_source_that_names_only_ends_gets_one_step_before_them() {
        let one = proposed(&["Won", "Lost"], &["Won"], &["Lost"]);
        let files = draft(&[one], &home("UTC"), &[]).unwrap();
        assert!(handfast_charter::read_charter(&files).is_ok());
    }
}
