//! What a world's two teams mean by their words, and how they change their minds in mid-quarter.

use crate::random::Chance;
use crate::truth::clock::Zone;
use crate::truth::identity::{Domains, Signs};
use crate::truth::meaning::{Meaning, Role, Rule, Step};

use super::world::dice;

/// The definitions of one charter version.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Definitions {
    /// The funnel.
    pub meaning: Meaning,
    /// Who is who.
    pub signs: Signs,
}

/// The first version and the one that takes its place.
pub fn definitions(seed: u64) -> [Definitions; 2] {
    let mut chance = dice(seed, "definitions", 0);
    let zone = Zone::ALL[chance.below(5) as usize];
    let rates_at_close = [None, Some(true), Some(false)][chance.below(3) as usize];
    let has_rules = chance.percent(40);
    [0, 1].map(|version| {
        let mut chance = dice(seed, "version", version);
        let mut meaning = Meaning {
            zone,
            steps: steps(),
            opens_by_lead: chance.percent(75),
            opening_touches: vec!["demo".to_owned()],
            dormant: None,
            rates_at_close,
            segments: segments(&mut chance),
        };
        if chance.percent(30) {
            meaning.opening_touches.push("webinar".to_owned());
        }
        if chance.percent(70) {
            let kinds = if chance.percent(50) {
                vec!["call"]
            } else {
                vec!["call", "meeting"]
            };
            let kinds = kinds.into_iter().map(str::to_owned).collect();
            meaning.dormant = Some((20 + chance.below(100) as i32, kinds));
        }
        // Where silence ends nothing there is no step for it.
        let has_silence = meaning.dormant.is_some();
        meaning
            .steps
            .retain(|step| has_silence || step.role != Role::Dormant);
        for step in 0..3 {
            meaning.steps[step].is_implied = chance.percent(50);
            if chance.percent(30) {
                meaning.steps[step].max_days = Some(1 + chance.below(30) as i64);
            }
        }
        if has_rules {
            add_rules(&mut meaning, &mut chance);
        }
        let signs = Signs {
            by_email: chance.percent(80),
            shared_over: 1 + chance.below(4) as usize,
            domains: [Domains::Known, Domains::Known, Domains::Any, Domains::No]
                [chance.below(4) as usize],
            apart: Vec::new(),
            open_domains: vec!["gmail.com".to_owned()],
        };
        Definitions { meaning, signs }
    })
}

/// Whom a score tells, and whom what they did.
fn segments(chance: &mut Chance) -> Vec<(String, Rule)> {
    let hot = Rule::ScoreAtLeast(10 * (4 + chance.below(4) as i64));
    let days = 1 + chance.below(90) as i64;
    let warm = Rule::Touches("form".to_owned(), days, 1 + chance.below(2) as usize);
    vec![("hot".to_owned(), hot), ("warm".to_owned(), warm)]
}

/// A rule that places in the first step, beside marks or instead of them, and one that takes out.
fn add_rules(meaning: &mut Meaning, chance: &mut Chance) {
    let score = Rule::ScoreAtLeast(10 * (3 + chance.below(6) as i64));
    let touched = Rule::Touches("form".to_owned(), 1 + chance.below(40) as i64, 1);
    meaning.steps[0].enters = Some(match chance.below(3) {
        0 => score,
        1 => touched,
        _ => Rule::Or(Box::new(score), Box::new(touched)),
    });
    meaning.steps[0].is_by_rule = chance.percent(40);
    if chance.percent(30) {
        meaning.steps[0].exits = Some(Rule::ScoreBelow(20));
    }
}

fn steps() -> Vec<Step> {
    let step = |(id, role): (&str, Role)| Step {
        id: id.to_owned(),
        role,
        is_implied: false,
        is_by_rule: false,
        enters: None,
        exits: None,
        max_days: None,
    };
    let steps = [
        ("mql", Role::Path),
        ("sql", Role::Path),
        ("proposal", Role::Path),
        ("won", Role::Won),
        ("recycled", Role::Detour),
        ("lost", Role::Lost),
        ("junk", Role::Disqualified),
        ("dormant", Role::Dormant),
    ];
    steps.map(step).to_vec()
}

impl Definitions {
    /// The charter for the product, in the notation of `sketch`.
    pub fn sketch(&self) -> String {
        let signs = &self.signs;
        let domains = match signs.domains {
            Domains::No => "no",
            Domains::Known => "known",
            Domains::Any => "any",
        };
        format!(
            "{}\nemail {}\nshared {}\ndomains {domains}\n",
            self.meaning.sketch(),
            if signs.by_email { "yes" } else { "no" },
            signs.shared_over,
        )
    }
}
