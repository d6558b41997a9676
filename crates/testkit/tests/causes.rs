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
    let apart = gaps
        .iter()
        .map(|gap| (given(gap, model) - gap.caused).abs());
    apart.sum::<f64>() / 2.0
}

/// What a model gives to a channel; nothing where no touch is known of it.
fn given(gap: &Gap, model: usize) -> f64 {
    gap.credited.get(model).copied().unwrap_or(0.0)
}

/// The channels alone, each with its share of what all of them were given.
fn among(gaps: &[Gap]) -> Vec<Gap> {
    let channels = || gaps.iter().filter(|gap| gap.lift.is_some());
    let all = |model: usize| channels().map(|gap| given(gap, model)).sum::<f64>();
    let own = |gap: &Gap| Gap {
        credited: (0..MODELS.len())
            .map(|model| given(gap, model) / all(model))
            .collect(),
        ..gap.clone()
    };
    channels().map(own).collect()
}

/// Whether a model puts the channels in the order of what they caused.
fn is_in_order(channels: &[Gap], model: usize) -> bool {
    let mut order: Vec<&Gap> = channels.iter().collect();
    order.sort_by(|a, b| a.caused.total_cmp(&b.caused));
    order.is_sorted_by(|a, b| given(a, model) < given(b, model))
}

/// Whether every model gives the channels something: where none of their touches may earn, all is
/// sales'.
fn has_channels(gaps: &[Gap]) -> bool {
    let channels = || gaps.iter().filter(|gap| gap.lift.is_some());
    (0..MODELS.len()).all(|model| channels().any(|gap| given(gap, model) > 0.0))
}

/// The gaps of a company by model: with what sales is given, and among its channels alone.
fn distances(gaps: &[Gap]) -> Vec<[f64; 2]> {
    let channels = among(gaps);
    (0..MODELS.len())
        .map(|model| [distance(gaps, model), distance(&channels, model)])
        .collect()
}

fn percent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}

/// A row per model: what it gives to each channel, its gaps, and those of many companies.
fn table(gaps: &[Gap], means: &Means) -> String {
    let mut out = String::new();
    let mut row = |name: &str, cells: Vec<String>, ends: [&str; 4]| {
        let cells = cells.join(" | ");
        let _ = writeln!(out, "| {name} | {cells} | {} |", ends.join(" | "));
    };
    let channels = gaps.iter().map(|gap| gap.channel.clone());
    let of_many = format!("gap of {} such companies", MANY.count());
    let of_known = format!("among channels, of {}", means.known);
    let heads = ["**gap**", "**among channels**", &of_many, &of_known];
    row("", channels.collect(), heads);
    row("---", vec!["---:".to_owned(); gaps.len()], ["---:"; 4]);
    let lift = |gap: &Gap| match gap.lift {
        Some(lift) => format!("{:.1}", lift as f64 / 100.0),
        None => "–".to_owned(),
    };
    row("lift", gaps.iter().map(lift).collect(), [""; 4]);
    let deals = gaps.iter().map(|gap| gap.deals.to_string());
    row("deals", deals.collect(), [""; 4]);
    let caused = gaps.iter().map(|gap| percent(gap.caused));
    row("**caused, %**", caused.collect(), [""; 4]);
    let own = distances(gaps);
    for (at, (model, mean)) in MODELS.iter().zip(&means.gaps).enumerate() {
        let credited = gaps.iter().map(|gap| percent(gap.credited[at]));
        let [all, apart] = own[at].map(percent);
        let [of_all, of_apart] = mean.map(percent);
        let ends = [&*all, &*apart, &*of_all, &*of_apart];
        row(&format!("`{model}`"), credited.collect(), ends);
    }
    out
}

/// What many companies come to.
struct Means {
    /// By model: the gap of all, and among the channels of those that are known.
    gaps: Vec<[f64; 2]>,
    /// In how many channels are given anything to be told apart by.
    known: usize,
}

impl Means {
    fn of_many() -> Means {
        let many: Vec<Vec<Gap>> = MANY.map(|seed| gaps(seed, SIZE).unwrap().0).collect();
        let known: Vec<&Vec<Gap>> = many.iter().filter(|gaps| has_channels(gaps)).collect();
        let mean = |model: usize| {
            let all: f64 = many.iter().map(|gaps| distance(gaps, model)).sum();
            let apart = known.iter().map(|gaps| distance(&among(gaps), model));
            let apart: f64 = apart.sum();
            [all / many.len() as f64, apart / known.len() as f64]
        };
        Means {
            gaps: (0..MODELS.len()).map(mean).collect(),
            known: known.len(),
        }
    }
}

fn page() -> String {
    let (shown, caused) = gaps(SHOWN, SIZE).unwrap();
    let means = Means::of_many();
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
        "what is true. *Among channels* is the same of the four alone, without what sales is given,\n",
        "each by its share of what the four are given. The last two columns are means over other\n",
        "companies of the kind; where no touch of a channel may earn, there is nothing to tell the\n",
        "four apart by. Of the models two are left out: `participation` is never summed, and\n",
        "`shapley_alone` learns nothing where no path goes through every channel.\n\n",
    ];
    format!(
        "{}Of all wins, {} % happened because of channels; the others would have anyway.\n\n{}{}",
        text.concat(),
        percent(caused),
        table(&shown, &means),
        meaning(&shown, &means)
    )
}

/// What to make of the table, from its figures.
fn meaning(shown: &[Gap], means: &Means) -> String {
    let own = distances(shown);
    let sales = &shown[shown.len() - 1];
    let is_sales = |model: &usize| (own[*model][0] - sales.credited[*model]).abs() < 1e-9;
    let models = MODELS.len();
    let of_sales = (0..models).filter(is_sales).count();
    let channels = among(shown);
    let in_order = |model: &usize| is_in_order(&channels, *model);
    let in_order = (0..models).filter(in_order).count();
    let range = |of: &[[f64; 2]]| {
        let apart = of.iter().map(|gaps| gaps[1]);
        let (low, high) = (apart.clone().fold(1.0, f64::min), apart.fold(0.0, f64::max));
        format!("{} to {} %", percent(low), percent(high))
    };
    format!(
        "\nWhat to make of it: most of each gap is what a model gives to sales, which was there and\n\
         moved no chance; in this company that is the whole gap of {of_sales} of {models} models.\n\
         Among the four channels models lie {} from the truth here, and {} on\n\
         the mean of {} others; here {in_order} of {models} put the four in the order of what they\n\
         caused. So a table of credit says little of how many deals would have come anyway, and\n\
         more of which channel did more than another; to know either, leave a channel out somewhere\n\
         by lot and count. This page is made by a test from the companies themselves.\n",
        range(&own),
        range(&means.gaps),
        means.known
    )
}

#[test]
fn the_page_on_causes_is_what_companies_show() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/internals/causes.md");
    let page = page();
    assert!(!page.contains("NaN"), "{page}");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == page,
        "UPDATE_EXPECT=1 writes docs/internals/causes.md anew"
    );
}

/// The page says so of one company and of the mean of ten.
#[test]
fn without_sales_the_gap_is_smaller_and_is_a_gap() {
    let (gaps, _) = gaps(SHOWN, SIZE).unwrap();
    let channels = among(&gaps);
    for (at, model) in MODELS.iter().enumerate() {
        let all: f64 = channels.iter().map(|gap| gap.credited[at]).sum();
        assert!((all - 1.0).abs() < 1e-9, "{model}: {all}");
        let (own, apart) = (distance(&gaps, at), distance(&channels, at));
        assert!(own > 2.0 * apart && apart > 0.0, "{model}: {own} {apart}");
    }
    // What sales is given is the gap of a company whose channels get no more than they caused.
    let sales = gaps.iter().find(|gap| gap.lift.is_none()).unwrap();
    for (at, _) in MODELS.iter().enumerate() {
        assert!(distance(&gaps, at) >= sales.credited[at] - 1e-9);
    }
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
