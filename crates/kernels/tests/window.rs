//! The windowed ordered funnel against all ways through small random worlds, one by one.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::window::{Events, Levels, STAGES, levels};
use handfast_testkit::random::Chance;

/// Columns of events.
#[derive(Default, Debug)]
struct World {
    entities: Vec<u64>,
    times: Vec<i64>,
    stages: Vec<u8>,
}

impl World {
    fn push(&mut self, entity: u64, time: i64, stages: u8) {
        self.entities.push(entity);
        self.times.push(time);
        self.stages.push(stages);
    }

    fn events(&self) -> Events<'_> {
        Events {
            entities: &self.entities,
            times: &self.times,
            stages: &self.stages,
        }
    }

    /// The second road: every way that begins at a first stage and takes the next stage at any
    /// event that is not before, in time and then in the order of stages.
    fn slowly(&self, window: i64) -> Levels {
        let mut levels = [0; STAGES + 1];
        let mut seen: Vec<u64> = self.entities.clone();
        seen.dedup();
        for entity in seen {
            let own: Vec<(i64, u8)> = (0..self.times.len())
                .filter(|row| self.entities[*row] == entity)
                .map(|row| (self.times[row], self.stages[row]))
                .collect();
            let firsts = own.iter().filter(|(_, stages)| stages & 1 == 1);
            let longest = firsts.map(|(first, _)| longest(&own, *first, *first, 1, window));
            levels[longest.max().unwrap_or(0)] += 1;
        }
        levels
    }
}

/// The most stages on a way that began at `first`, is now at `now` and has `taken` so many.
fn longest(own: &[(i64, u8)], first: i64, now: i64, taken: usize, window: i64) -> usize {
    let next = |(time, stages): &&(i64, u8)| {
        taken < STAGES && stages >> taken & 1 == 1 && *time >= now && time - first <= window
    };
    let ways = own
        .iter()
        .filter(next)
        .map(|(time, _)| longest(own, first, *time, taken + 1, window));
    ways.max().unwrap_or(taken)
}

fn random(seed: u64) -> World {
    let mut chance = Chance::new(seed);
    let mut world = World::default();
    let stages = 1 + chance.below(STAGES as u64);
    for entity in 0..1 + chance.below(4) {
        let mut time = chance.below(5) as i64 - 2;
        for _ in 0..1 + chance.below(9) {
            // Half of all events share their instant with the one before.
            time += (chance.below(2) * chance.below(4)) as i64;
            let mut own = 1 << chance.below(stages);
            if chance.percent(20) {
                own |= 1 << chance.below(stages);
            }
            world.push(entity, time, if chance.percent(10) { 0 } else { own });
        }
    }
    world
}

#[test]
fn the_levels_are_those_of_all_ways_tried() {
    let mut reached: Levels = [0; STAGES + 1];
    for seed in 0..20_000 {
        let world = random(seed);
        let window = (seed % 9) as i64;
        let found = levels(world.events(), window);
        assert_eq!(found, world.slowly(window), "seed {seed}: {world:?}");
        for (sum, one) in reached.iter_mut().zip(found) {
            *sum += one;
        }
    }
    assert!(reached[..7].iter().all(|count| *count > 0), "{reached:?}");
}

#[test]
fn parts_add_up_to_the_whole_and_cut_no_entity() {
    for seed in 0..500 {
        let world = random(seed);
        let whole = levels(world.events(), 3);
        for parts in 1..6 {
            let cut = world.events().cut(parts);
            assert_eq!(cut.len(), parts);
            let mut sum = [0; STAGES + 1];
            for part in cut {
                for (sum, one) in sum.iter_mut().zip(levels(part, 3)) {
                    *sum += one;
                }
            }
            assert_eq!(sum, whole, "seed {seed}, {parts} parts: {world:?}");
        }
    }
}

#[test]
fn the_window_counts_from_the_first_stage_and_includes_its_end() {
    let mut world = World::default();
    for (time, stages) in [(0, 1), (4, 2), (5, 1), (9, 4), (11, 2), (15, 4)] {
        world.push(7, time, stages);
    }
    let level = |window| levels(world.events(), window).iter().position(|n| *n == 1);
    // 5 → 11 → 15, and 0 → 4 → 9.
    assert_eq!(level(10), Some(3));
    assert_eq!(level(9), Some(3));
    assert_eq!(level(8), Some(2));
    assert_eq!(level(4), Some(2));
    assert_eq!(level(3), Some(1));
}
