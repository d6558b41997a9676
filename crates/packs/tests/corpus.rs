//! Every file of the real data gets a proposal that reads as a pack; three of them stand here to the
//! letter. Runs when `HANDFAST_DATA` names the folder; says so when it does not.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use handfast_charter::read_pack;
use handfast_connect::sniff::{Sniffed, sniff};
use handfast_packs::propose::{Proposal, Wishes, propose};
use handfast_packs::suggest::suggest;

fn published() -> Option<PathBuf> {
    let folder = std::env::var_os("HANDFAST_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped: HANDFAST_DATA is not set");
    }
    folder
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_in(&path));
        } else if path.extension().is_some_and(|kind| kind == "csv") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn wishes() -> Wishes {
    Wishes {
        currency: Some("USD".to_owned()),
        day_first: Some(false),
        ..Wishes::default()
    }
}

fn need_readable(what: &Path, proposal: &Proposal) {
    let pack = read_pack(&proposal.name, &proposal.texts);
    if let Err(refusals) = pack {
        let texts: Vec<&str> = proposal
            .texts
            .iter()
            .map(|file| file.text.as_str())
            .collect();
        panic!(
            "{}: {refusals:#?}\n{}",
            what.display(),
            texts.join("\n---\n")
        );
    }
}

#[test]
fn every_file_gets_a_proposal_that_reads_as_a_pack() {
    let Some(folder) = published() else { return };
    let only = std::env::var("HANDFAST_ONLY").unwrap_or_default();
    for path in files_in(&folder)
        .iter()
        .filter(|path| path.display().to_string().contains(&only))
    {
        let found = match sniff(std::slice::from_ref(path)) {
            Ok(mut found) => found.remove(0).1,
            Err(refusal) => panic!("{}: {refusal}", path.display()),
        };
        need_readable(
            path,
            &propose(std::slice::from_ref(&found), &|_| None, &wishes()),
        );
        for one in suggest(&[found], &wishes()) {
            need_readable(path, &one.proposal);
            let stream = one.proposal.streams.first().unwrap();
            let pack = one.pack.map_or("", |(name, _)| name);
            let name = path.strip_prefix(&folder).unwrap().display();
            println!("{name}: {} {pack} ({})", stream.rows.word(), stream.why);
        }
    }
}

/// A proposal as one text.
fn whole(proposal: &Proposal) -> String {
    let mut text = String::new();
    for file in &proposal.texts {
        text.push_str(&format!("==== {}\n{}", file.path, file.text));
    }
    for question in &proposal.questions {
        text.push_str(&format!(
            "==== asks {}: {}\n",
            question.option, question.text
        ));
    }
    for note in &proposal.notes {
        text.push_str(&format!("==== notes {note}\n"));
    }
    text
}

#[test]
fn proposals_for_three_companies_to_the_letter() {
    let Some(folder) = published() else { return };
    for (set, name) in [
        ("olist_funnel", "olist"),
        ("maven_crm", "maven"),
        ("x_education_leads", "x_education"),
    ] {
        let found: Vec<Sniffed> = files_in(&folder.join(set))
            .iter()
            .map(|path| sniff(std::slice::from_ref(path)).unwrap().remove(0).1)
            .collect();
        let wishes = Wishes {
            name: Some(name.to_owned()),
            ..wishes()
        };
        let proposal = propose(&found, &|_| None, &wishes);
        need_readable(Path::new(set), &proposal);
        let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.txt"));
        let text = whole(&proposal);
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&golden, &text).unwrap();
        }
        let expected = std::fs::read_to_string(&golden).unwrap_or_default();
        assert_eq!(
            text, expected,
            "{name}: run with UPDATE_EXPECT=1 to take it"
        );
    }
}
