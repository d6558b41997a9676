//! The page on what models of credit do not know is what invented companies show.
//! `UPDATE_EXPECT=1` writes it anew.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write;
use std::path::Path;

use handfast_testkit::causes::{Gap, MODELS, gaps};
use handfast_testkit::simulator::world::Size;

const SIZE: Size = Size {
    accounts: 1_000,
    reps: 10,
    days: 400,
    commits: None,
};
/// A company whose four channels have three lifts.
const SHOWN: u64 = 11;
/// Companies that the mean is of.
const MANY: std::ops::Range<u64> = 0..10;

/// What a reader would be wrong by who took credit for cause: half of what would have to move.
fn distance(gaps: &[Gap], model: usize) -> f64 {
    let apart = gaps.iter().map(|gap| {
        let credited = gap.credited.get(model).copied().unwrap_or(0.0);
        (credited - gap.caused).abs()
    });
    apart.sum::<f64>() / 2.0
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A row per model: what it gives to each channel, its gap, and that of many companies.
fn table(gaps: &[Gap], means: &[f64]) -> String {
    let mut out = String::new();
    let mut row = |name: &str, cells: Vec<String>, ends: [&str; 2]| {
        let cells = cells.join(" | ");
        let _ = writeln!(out, "| {name} | {cells} | {} | {} |", ends[0], ends[1]);
    };
    let channels = gaps.iter().map(|gap| gap.channel.clone());
    let of_many = format!("gap of {} such companies", MANY.count());
    row("", channels.collect(), ["**gap**", &of_many]);
    row("---", vec!["---:".to_owned(); gaps.len()], ["---:"; 2]);
    let lift = |gap: &Gap| match gap.lift {
        Some(lift) => format!("{:.1}", lift as f64 / 100.0),
        None => "–".to_owned(),
    };
    row("lift", gaps.iter().map(lift).collect(), [""; 2]);
    let deals = gaps.iter().map(|gap| gap.deals.to_string());
    row("deals", deals.collect(), [""; 2]);
    let caused = gaps.iter().map(|gap| percent(gap.caused));
    row("**caused, %**", caused.collect(), [""; 2]);
    for (at, (model, mean)) in MODELS.iter().zip(means).enumerate() {
        let credited = gaps.iter().map(|gap| percent(gap.credited[at]));
        let ends = [percent(distance(gaps, at)), percent(*mean)];
        let ends = [ends[0].as_str(), ends[1].as_str()];
        row(&format!("`{model}`"), credited.collect(), ends);
    }
    out
}

fn page() -> String {
    let (shown, caused) = gaps(SHOWN, SIZE).unwrap();
    let mut means = [0.0; MODELS.len()];
    for seed in MANY {
        let (gaps, _) = gaps(seed, SIZE).unwrap();
        for (model, mean) in means.iter_mut().enumerate() {
            *mean += distance(&gaps, model) / MANY.count() as f64;
        }
    }
    let text = [
        "# Credit is not cause\n\n",
        "Models of credit share out what was won. What would *not* have been won without a channel\n",
        "is another question, and no model here answers it. How far the two lie apart cannot be\n",
        "seen in a real company. It can in an invented one, where it is planted.\n\n",
        "In the company below a deal is won by a chance of 3 in 20, and of one more in 20 for every\n",
        "quarter of the hidden lift of the channel that brought the buyer. *Caused* is each\n",
        "channel's share of the wins that happened because of channels. Below it stands what each\n",
        "model gives it, in percent of the won deals with a touch. Sales calls on many and moves no\n",
        "chance; models give it credit all the same, since it was there. Half of the visits to the\n",
        "web site are by an address that the CRM knows only by luck, as in life: what they led to is\n",
        "nobody's or another's. The *gap* is the credit that would have to move for a model to say\n",
        "what is true; the last column is its mean over other companies of the kind. Of the models\n",
        "two are left out: `participation` is never summed, and `shapley_alone` learns nothing\n",
        "where no path goes through every channel.\n\n",
    ];
    let end = [
        "\nWhat to make of it: all models lie far from the truth, and agreeing with one another\n",
        "brings them no closer. A channel that is credited more than another *may* have caused more;\n",
        "to know, leave it out somewhere by lot and count. This page is made by a test from the\n",
        "companies themselves, and nothing is asserted of its figures.\n",
    ];
    format!(
        "{}Of all wins, {} % happened because of channels; the others would have anyway.\n\n{}{}",
        text.concat(),
        percent(caused),
        table(&shown, &means),
        end.concat()
    )
}

#[test]
fn the_page_on_causes_is_what_companies_show() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/internals/causes.md");
    let page = page();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "UPDATE_EXPECT=1 writes docs/internals/causes.md anew"
    );
}

#[test]
fn every_share_is_of_one_whole() {
    let (gaps, caused) = gaps(SHOWN, SIZE).unwrap();
    assert!(caused > 0.0 && caused < 1.0);
    let all: f64 = gaps.iter().map(|gap| gap.caused).sum();
    assert!((all - 1.0).abs() < 1e-9, "{all}");
    for (at, model) in MODELS.iter().enumerate() {
        let all: f64 = gaps.iter().map(|gap| gap.credited[at]).sum();
        assert!((all - 1.0).abs() < 1e-9, "{model}: {all}");
    }
    assert!(gaps.iter().all(|gap| gap.deals > 50 || gap.lift.is_none()));
}
