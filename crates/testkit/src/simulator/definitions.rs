//! What a world's two teams mean by their words, and how they change their minds in mid-quarter.

use crate::random::Chance;
use crate::truth::clock::Zone;
use crate::truth::identity::{Domains, Signs};
use crate::truth::meaning::{Agreed, Meaning, Parts, Role, Rule, Step, Whose};

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
            credit: agreed(&mut dice(seed, "credit", version)),
            earlier: Vec::new(),
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

/// What earns credit: from dice of its own, so that older worlds stay as they were.
fn agreed(chance: &mut Chance) -> Agreed {
    let days = [0, 1, 9, 40, 120, 365][chance.below(6) as usize];
    let whose = [Whose::Account, Whose::Account, Whose::Roles, Whose::Primary];
    let whose = whose[chance.below(4) as usize];
    let some = |chance: &mut Chance, percent: u64| -> Vec<String> {
        let kinds = ["demo", "form", "webinar", "call", "meeting", "mail"].into_iter();
        let drawn = kinds.filter(|_| chance.percent(percent));
        drawn.map(str::to_owned).collect()
    };
    let (only, left_out) = match chance.below(4) {
        0 => (some(chance, 60), Vec::new()),
        1 => (Vec::new(), some(chance, 25)),
        _ => (Vec::new(), Vec::new()),
    };
    let direct = [&["direct"][..], &["referral"], &["search", "event"]];
    let direct = direct[chance.below(3) as usize].iter();
    let stage = |chance: &mut Chance| {
        let stages = [None, None, Some("mql"), Some("sql"), Some("proposal")];
        stages[chance.below(5) as usize].map(str::to_owned)
    };
    let mut parts = || [0, 0, 1, 3, 40][chance.below(5) as usize];
    let ours = Parts {
        first: parts(),
        lead: parts(),
        deal: parts(),
        last: parts(),
        between: parts(),
        is_equal: false,
    };
    let gives = ours.first + ours.lead + ours.deal + ours.last + ours.between > 0;
    Agreed {
        look_back: (days > 0).then_some(days),
        whose,
        only,
        left_out,
        direct: direct.map(|channel| (*channel).to_owned()).collect(),
        half_life: [1, 7, 23, 90][chance.below(4) as usize],
        lead: stage(chance),
        deal: stage(chance),
        ours: Parts {
            // Whoever gives nothing to anybody is refused.
            lead: ours.lead + i128::from(!gives),
            is_equal: chance.percent(50),
            ..ours
        },
    }
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
        likely: None,
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
