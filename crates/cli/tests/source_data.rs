//! Every file of the real data is added as a source and imported, without a word of ours about it.
//! Runs when `HANDFAST_DATA` names the folder that holds them; says so when it does not.

// Clippy's leave for tests ends at the helpers beside them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{csv_files, run};

/// Files of which more than one row in twenty is set aside, and why that is right.
const ODD: [(&str, &str); 9] = [
    ("sessions.csv", "a third of its rows lack their last field"),
    (
        "linkedin_ad_analytics_by_creative_data.csv",
        "rows without an amount in its currency",
    ),
    (
        "linkedin_ad_analytics_by_campaign_data.csv",
        "rows without an amount in its currency",
    ),
    (
        "google_ads_campaign_stats_data.csv",
        "its currency stands in account_history",
    ),
    (
        "reddit_ads_campaign_report_data.csv",
        "its currency stands in another table",
    ),
    (
        "tiktok_campaign_report_hourly_data.csv",
        "its currency stands in another table",
    ),
    (
        "twitter_campaign_report_data.csv",
        "its currency stands in another table",
    ),
    (
        "marketo_activity_change_data_value_data.csv",
        "changes to nothing",
    ),
    ("data_dictionary.csv", "a description with blank rows"),
];

fn folders(published: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(published)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut folders: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

#[test]
fn every_file_of_the_real_data_comes_in_as_it_is() {
    let Some(published) = std::env::var_os("HANDFAST_DATA").map(PathBuf::from) else {
        println!("skipped: HANDFAST_DATA is not set");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (number, file) in folders(&published)
        .iter()
        .flat_map(|folder| csv_files(folder))
        .enumerate()
    {
        let book = dir.path().join(number.to_string()).display().to_string();
        let path = file.display().to_string();
        run(&["init", &book]);
        run(&[
            "source",
            "add",
            &book,
            &path,
            "--currency",
            "USD",
            "--dates",
            "mdy",
            "--yes",
        ]);
        let report: Value =
            serde_json::from_str(&run(&["import", &book, &path, "--json"])).unwrap();
        let Some(one) = report["files"].get(0) else {
            // A pack that ships leaves the file alone, by name and with a reason.
            continue;
        };
        let count = |name: &str| one[name].as_u64().unwrap();
        let taken = count("mapped") + count("reference") + count("ignored");
        let rows = count("rows");
        let is_odd = ODD.iter().any(|(name, _)| file.ends_with(name));
        if taken * 20 < rows * 19 && !is_odd {
            wrong.push(format!(
                "{path}: {taken} of {rows}: {}",
                one["set_aside_by"]
            ));
        }
        std::fs::remove_dir_all(&book).unwrap();
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
