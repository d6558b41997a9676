//! What truly caused wins, beside what each model of credit says: a gap that is shown, never
//! asserted.
//!
//! In an invented company a deal is won by a chance that grows with the hidden lift of the channel
//! that brought its buyer. So it is known how many wins there would have been without the channel.
//! Models of credit see touches and wins only, as they would of a real company.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::cells::Part;
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::sample::Model;
use handfast_kernels::credit::spread::{UNSEEN, weigh};
use handfast_kernels::credit::trails::{DealTrail, Trails};
use handfast_kernels::journey;
use handfast_kernels::metric::Scope;
use handfast_model::Instant;
use handfast_model::credit::{CreditModel, Credited};
use handfast_model::question::Unit;

use crate::simulator::definitions::definitions;
use crate::simulator::emission::{Flaws, emit, known};
use crate::simulator::facts;
use crate::simulator::world::{Size, World};
use crate::sketch;

/// The models that are held against the truth: all whose credits sum to what there is, but
/// `shapley_alone`, which learns nothing where no path goes through every channel.
pub const MODELS: [&str; 20] = [
    "first",
    "last",
    "last_non_direct",
    "linear",
    "u_last",
    "u_lead",
    "u_even",
    "w",
    "full_path",
    "j",
    "j_equal",
    "inverse_j",
    "inverse_j_equal",
    "decay",
    "markov_1",
    "markov_2",
    "markov_3",
    "markov_4",
    "shapley",
    "shapley_together",
];

/// What sales itself does stands under no channel.
pub const SALES: &str = "sales";

/// The shares of one channel, or of [`SALES`].
#[derive(Clone, PartialEq, Debug)]
pub struct Gap {
    /// Its name.
    pub channel: String,
    /// The lift that was planted, in hundredths; none for sales.
    pub lift: Option<i64>,
    /// Deals of buyers whom it brought.
    pub deals: usize,
    /// Of all wins that channels caused, the share that it caused.
    pub caused: f64,
    /// By model: of all credit, its share. What nobody touched is no channel's.
    pub credited: Vec<f64>,
}

/// The gaps of one company, and of all its wins the share that its channels caused.
pub fn gaps(seed: u64, size: Size) -> Result<(Vec<Gap>, f64), String> {
    let world = World::of(seed, size);
    let credited = credited(&world)?;
    let mut gaps = Vec::new();
    let (mut caused, mut won) = (0.0, 0.0);
    for (channel, deals, lift) in world.deals() {
        // Three of twenty deals are won without any lift, one more for every 25 hundredths of it.
        let more = deals as f64 * (lift / 25) as f64 / 20.0;
        caused += more;
        won += more + deals as f64 * 3.0 / 20.0;
        gaps.push(Gap {
            channel: channel.to_owned(),
            lift: Some(lift),
            deals,
            caused: more,
            credited: credited.get(channel).cloned().unwrap_or_default(),
        });
    }
    gaps.iter_mut().for_each(|gap| gap.caused /= caused);
    gaps.push(Gap {
        channel: SALES.to_owned(),
        lift: None,
        deals: 0,
        caused: 0.0,
        credited: credited.get(SALES).cloned().unwrap_or_default(),
    });
    Ok((gaps, caused / won))
}

/// By channel and model: its share of the won deals, each of them counted as one.
fn credited(world: &World) -> Result<BTreeMap<String, Vec<f64>>, String> {
    let [definitions, _] = definitions(world.seed);
    let charter = sketch::charter(&definitions.sketch())?;
    let emitted = emit(world, Flaws::default());
    let last = emitted.commits.len() - 1;
    let said = known(&emitted.rows, last, definitions.meaning.zone);
    let horizon = Instant(world.until());
    let snapshot = facts::snapshot(&said, &charter.calendar);
    let part = Part::of(snapshot, &charter, horizon);
    let seen = journey::World {
        snapshot: &part.snapshot,
        charter: &charter,
        horizon,
    };
    let scope = Scope {
        from: None,
        until: None,
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let trails = Trails::new(&seen, &part.journeys);
    let (won, lost) = (
        trails.of_deals(Credited::Won, &scope),
        trails.of_lost(None, None),
    );
    let names = &part.snapshot.names;
    let channel = |touch: &u32| {
        let fact = part.snapshot.facts.get(*touch as usize);
        let said = names.find("channel").and_then(|name| fact?.text(name));
        said.map_or(SALES, |said| names.text(said)).to_owned()
    };
    let named = |touches: &[u32]| touches.iter().map(channel).collect::<Vec<String>>();
    let won: Vec<(DealTrail, Vec<String>)> = won
        .into_iter()
        .map(|trail| (trail.clone(), named(&trail.touches)))
        .collect();
    let lost = lost.iter().map(|trail| named(&trail.touches)).collect();
    let direct: Vec<&str> = charter
        .attribution
        .direct
        .iter()
        .map(String::as_str)
        .collect();
    shares(&won, lost, &direct)
}

/// By channel and model: its share of the deals that were touched.
fn shares(
    won: &[(DealTrail, Vec<String>)],
    lost: Vec<Vec<String>>,
    direct: &[&str],
) -> Result<BTreeMap<String, Vec<f64>>, String> {
    let all = won.iter().map(|(_, path)| (path, 1));
    let all: Vec<(&Vec<String>, u64)> = all.chain(lost.iter().map(|path| (path, 0))).collect();
    let names: BTreeSet<&String> = all.iter().flat_map(|(path, _)| *path).collect();
    let numbers: BTreeMap<&String, u16> = names.into_iter().zip(0..).collect();
    let numbered = |path: &[String]| -> Vec<u16> {
        let number = |name| numbers.get(name).copied().unwrap_or(UNSEEN);
        path.iter().map(number).collect()
    };
    let mut paths = Paths::default();
    for (path, won) in all {
        paths.add(Path {
            steps: &numbered(path),
            won,
            lost: 1 - won,
            value: 0,
        });
    }
    let mut credited: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let touched = || won.iter().filter(|(_, path)| !path.is_empty());
    let deals = touched().count() as f64;
    for (at, name) in MODELS.iter().enumerate() {
        let model = CreditModel::parse(name).ok_or(format!("{name}: no such model"))?;
        let learned = Model::of(model.kind);
        let effects = learned.and_then(|model| model.effects(&paths, numbers.len(), 1));
        let mut weights = Vec::new();
        for (trail, path) in touched() {
            let is_direct = |touch| {
                let mut named = trail.touches.iter().zip(path);
                let named = named.find(|(one, _)| **one == touch);
                named.is_some_and(|(_, name)| direct.contains(&name.as_str()))
            };
            match Rule::of(model.kind) {
                Some(rule) => rule.weigh(trail.seen(is_direct).trail(), &mut weights),
                None => weigh(
                    effects.as_deref().unwrap_or(&[]),
                    &numbered(path),
                    &mut weights,
                ),
            }
            let whole = weights.iter().sum::<u64>() as f64;
            for (channel, weight) in path.iter().zip(&weights) {
                let none = || vec![0.0; MODELS.len()];
                let shares = credited.entry(channel.clone()).or_insert_with(none);
                if let Some(share) = shares.get_mut(at) {
                    *share += *weight as f64 / whole / deals;
                }
            }
        }
    }
    Ok(credited)
}
