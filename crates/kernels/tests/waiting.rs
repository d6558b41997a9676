//! Naive twins of what looks at things not over yet: times in stages, ways to a stage, stale stays,
//! answers to leads. Loops over vectors, on random ledgers.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::funnel::{self, CohortRule};
use handfast_kernels::journey::{self, Journeys, World};
use handfast_kernels::response::{self, Start};
use handfast_kernels::stale::{self, Limit};
use handfast_kernels::survival::Observation;
use handfast_kernels::times::{ENDED, REACHED, Sight};
use handfast_model::fact::FactKind;
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::StepIx;
use handfast_model::{Calendar, Charter, Day, Instant, When};
use handfast_testkit::{Ledger, random, sketch};

const SEEDS: u64 = 1_000;

struct Scene {
    charter: Charter,
    ledger: Ledger,
    sight: Sight,
}

impl Scene {
    /// Random facts lie in January and May; the horizon is amid them, and data begin late.
    fn of(seed: u64) -> Scene {
        let charter = sketch::charter(random::CHARTER).unwrap();
        let ledger = Ledger::read(&random::lines(seed).join("\n"), &charter.calendar).unwrap();
        let day = |text| charter.calendar.start_of(Day::parse(text).unwrap());
        let sight = Sight {
            from: (seed.is_multiple_of(2)).then(|| day("2025-01-05")),
            until: day(if seed.is_multiple_of(3) {
                "2025-01-10"
            } else {
                "2025-05-08"
            }),
        };
        Scene {
            charter,
            ledger,
            sight,
        }
    }

    fn world(&self) -> World<'_> {
        World {
            snapshot: &self.ledger.snapshot,
            charter: &self.charter,
            horizon: self.sight.until,
        }
    }

    fn calendar(&self) -> &Calendar {
        &self.charter.calendar
    }

    fn day(&self, when: When) -> Option<i64> {
        when.day(self.calendar()).map(|day| i64::from(day.0))
    }

    /// Seconds between two claimed times, as the book says: instants in seconds, else days.
    fn seconds(&self, from: When, until: When) -> i64 {
        match (from, until) {
            (When::At(from), When::At(until)) => (until.0 - from.0).div_euclid(1_000_000),
            _ => (self.day(until).unwrap() - self.day(from).unwrap()) * 86_400,
        }
    }

    fn start(&self, when: When) -> Option<Instant> {
        when.start(self.calendar())
    }

    fn last(&self) -> When {
        When::At(Instant(self.sight.until.0 - 1))
    }

    /// What is known of a time: all of it, or as far as was seen.
    fn time(&self, from: When, until: Option<When>) -> Option<Observation> {
        let start = self.start(from)?;
        let end = match until {
            Some(until) => Some(self.start(until)?),
            None => None,
        };
        if start >= self.sight.until {
            return None;
        }
        let is_over = end.is_some_and(|end| end < self.sight.until);
        let exit = match until {
            Some(until) if is_over => self.seconds(from, until),
            _ => self.seconds(from, self.last()),
        };
        let mut entry = None;
        if let Some(edge) = self.sight.from
            && start < edge
        {
            entry = Some(self.seconds(from, When::At(Instant(edge.0 - 1))));
        }
        Some(Observation {
            entry,
            exit,
            cause: is_over.then_some(REACHED),
        })
    }
}

fn each_scene(mut look: impl FnMut(u64, &Scene, &Journeys)) {
    for seed in 0..SEEDS {
        let scene = Scene::of(seed);
        let journeys = journey::derive(&scene.world());
        look(seed, &scene, &journeys);
    }
}

#[test]
fn times_in_stages_are_those_of_the_visits() {
    let mut seen = 0;
    each_scene(|seed, scene, journeys| {
        let stays = funnel::stays(journeys, Unit::Pursuit);
        let mut found = stays.iter();
        for pursuit in &journeys.pursuits {
            for visit in &pursuit.visits {
                let stay = found.next().unwrap();
                let timed = scene.sight.stay(stay, journeys, scene.calendar());
                let left = visit.left.map(|left| left.when);
                let expected = match visit.is_implied {
                    true => None,
                    false => scene.time(visit.entered.when, left),
                };
                assert_eq!(
                    timed.map(|timed| timed.observation),
                    expected,
                    "seed {seed}"
                );
                seen += usize::from(expected.is_some_and(|one| one.cause.is_none()));
            }
        }
    });
    assert!(seen > 500, "{seen} stays that are not over");
}

#[test]
fn ways_to_a_stage_end_there_or_with_the_pursuit() {
    let (mut reached, mut ended, mut open) = (0, 0, 0);
    each_scene(|seed, scene, journeys| {
        let rule = CohortRule {
            entry: StepIx(0),
            from: None,
            until: None,
            window_days: None,
            entries: Entries::First,
            unit: Unit::Pursuit,
            horizon: scene.sight.until,
        };
        for entry in funnel::cohort(journeys, &scene.charter, &rule) {
            let pursuit = &journeys.pursuits[entry.visit.pursuit as usize];
            let own = &pursuit.visits[entry.visit.visit as usize];
            for target in 1..4_u8 {
                let way = scene
                    .sight
                    .reach(&entry, StepIx(target), journeys, scene.calendar());
                let expected = way_of(scene, pursuit, entry.visit.visit, own.entered.when, target);
                assert_eq!(way, expected, "seed {seed} target {target}");
                match expected.map(|one| one.cause) {
                    Some(Some(REACHED)) => reached += 1,
                    Some(Some(_)) => ended += 1,
                    Some(None) => open += 1,
                    None => {}
                }
            }
        }
    });
    assert!(
        reached.min(ended).min(open) > 200,
        "{reached} {ended} {open}"
    );
}

fn way_of(
    scene: &Scene,
    pursuit: &journey::Pursuit,
    entry: u32,
    entered: When,
    target: u8,
) -> Option<Observation> {
    let first = scene.day(entered)?;
    if scene.start(entered)? >= scene.sight.until {
        return None;
    }
    let later = &pursuit.visits[entry as usize..];
    let there = later
        .iter()
        .find(|visit| visit.step.0 >= target && visit.step.0 <= 3);
    let over = match (there, pursuit.end) {
        (Some(visit), _) => Some((visit.entered.when, REACHED)),
        (None, Some(end)) => Some((end.moment.when, ENDED)),
        (None, None) => None,
    };
    let is_seen = |when: When| scene.start(when).is_none_or(|at| at < scene.sight.until);
    let (exit, cause) = match over {
        Some((when, cause)) if is_seen(when) => (scene.day(when)? - first, Some(cause)),
        _ => (scene.day(scene.last())? - first, None),
    };
    let mut late = None;
    if let Some(edge) = scene.sight.from
        && scene.start(entered)? < edge
    {
        late = Some(scene.day(When::At(Instant(edge.0 - 1)))? - first);
    }
    Some(Observation {
        entry: late,
        exit,
        cause,
    })
}

#[test]
fn a_limit_is_what_nine_of_ten_took_at_most() {
    let mut judged = 0;
    each_scene(|seed, scene, _| {
        if seed >= 100 {
            return;
        }
        // Many small ledgers as one, with buyers of their own, so that stages are left often enough.
        let own = |part: u64| {
            let lines = random::lines(seed * 30 + part).into_iter();
            lines.map(move |line| {
                let names = [
                    "Ana", "Ben", "Cleo", "Dov", "@Acme", "@Bolt", "#1", "#2", "#3",
                ];
                names.iter().fold(line, |line, name| {
                    line.replace(name, &format!("{name}p{part}"))
                })
            })
        };
        let lines: Vec<String> = (0..30).flat_map(own).collect();
        let ledger = Ledger::read(&lines.join("\n"), scene.calendar()).unwrap();
        let world = World {
            snapshot: &ledger.snapshot,
            ..scene.world()
        };
        let journeys = journey::derive(&world);
        let at = Instant(scene.sight.until.0 - 1);
        let stays = funnel::stays(&journeys, Unit::Pursuit);
        let limits = stale::limits(&stays, &journeys, &scene.charter, at);
        for (step, limit) in limits.iter().enumerate() {
            let visits = journeys.pursuits.iter().flat_map(|pursuit| &pursuit.visits);
            let mut times: Vec<i64> = Vec::new();
            for visit in visits.filter(|visit| usize::from(visit.step.0) == step) {
                let Some(left) = visit.left.filter(|left| left.at <= Some(at)) else {
                    continue;
                };
                let has_dates =
                    scene.day(visit.entered.when).is_some() && scene.day(left.when).is_some();
                if !visit.is_implied && has_dates {
                    times.push(scene.seconds(visit.entered.when, left.when));
                }
            }
            let is_enough = |limit: i64| {
                let within = times.iter().filter(|time| **time <= limit).count();
                within * 10 >= times.len() * 9
            };
            let is_end = scene.charter.steps[step].role.is_end();
            let mut candidates = times.clone();
            candidates.sort_unstable();
            let expected = (times.len() >= 10 && !is_end)
                .then(|| candidates.into_iter().find(|limit| is_enough(*limit)))
                .flatten();
            let found = match limit {
                Limit::NinthTenth(time) => Some(time.seconds),
                Limit::ServiceLevel(_) | Limit::Unknown => None,
            };
            assert_eq!(found, expected, "seed {seed} step {step}");
            judged += usize::from(expected.is_some());
        }
    });
    assert!(judged > 100, "{judged} limits");
}

#[test]
fn an_answer_is_the_first_touch_by_sales_from_the_clock_on() {
    let (mut answered, mut waiting) = (0, 0);
    each_scene(|seed, scene, journeys| {
        let scene = Scene {
            sight: Sight {
                from: None,
                ..scene.sight
            },
            charter: scene.charter.clone(),
            ledger: scene.ledger.clone(),
        };
        let facts = &scene.ledger.snapshot.facts;
        let names = &scene.ledger.snapshot.names;
        for start in [Start::Creation, Start::Assignment] {
            for found in response::responses(&scene.world(), journeys, start) {
                let lead = &journeys.leads[found.lead as usize];
                let clock = match start {
                    Start::Creation => Some(lead.created.when),
                    _ => lead.assigned.map(|fact| facts[fact as usize].happened),
                };
                let mut first = None;
                for fact in facts.iter().filter(|fact| fact.person == Some(lead.person)) {
                    let team = names.find("team").and_then(|team| fact.text(team));
                    let is_sales = team.is_some_and(|team| names.text(team) == "sales");
                    let has_dates = |clock: When| {
                        scene.day(clock).is_some() && scene.day(fact.happened).is_some()
                    };
                    if fact.kind == FactKind::Touch
                        && is_sales
                        && first.is_none()
                        && clock.is_some_and(|clock| {
                            has_dates(clock) && scene.seconds(clock, fact.happened) >= 0
                        })
                    {
                        first = Some(fact.happened);
                    }
                }
                let expected = clock.and_then(|clock| scene.time(clock, first));
                let answer = found.answer.map(|timed| timed.observation);
                assert_eq!(answer, expected, "seed {seed}");
                match expected.map(|one| one.cause.is_some()) {
                    Some(true) => answered += 1,
                    Some(false) => waiting += 1,
                    None => {}
                }
            }
        }
    });
    assert!(answered.min(waiting) > 100, "{answered} {waiting}");
}
