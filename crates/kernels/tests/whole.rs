//! Credit of whole paths against a second road that takes one path after the other, and replicates
//! drawn for all models at once against those drawn one by one.

use handfast_kernels::credit::again;
use handfast_kernels::credit::chain::{Chain, Ends};
use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::rule::{Rule, Touch, Trail};
use handfast_kernels::credit::sample::{self, Model};
use handfast_kernels::credit::seen::Seen;
use handfast_kernels::credit::whole::Whole;
use handfast_model::credit::{Game, ModelKind};
use handfast_testkit::random::Chance;

/// A path, its successes and failures, and what they are worth.
type Row = (Vec<u16>, u64, u64, i128);

const CHANNELS: usize = 5;

fn random(seed: u64, count: u64) -> Vec<Row> {
    let mut chance = Chance::new(seed * 77 + 5);
    let row = |_| {
        let length = chance.below(7);
        let steps = (0..length).map(|_| chance.below(CHANNELS as u64) as u16);
        let steps = steps.collect();
        let (won, lost) = (chance.below(4), chance.below(4));
        (steps, won, lost, i128::from(won * chance.below(1_000)))
    };
    (0..count).map(row).collect()
}

fn paths<'a>(rows: impl Iterator<Item = &'a Row>) -> Paths {
    let mut paths = Paths::default();
    for (steps, won, lost, value) in rows {
        paths.add(Path {
            steps,
            won: *won,
            lost: *lost,
            value: *value,
        });
    }
    paths
}

#[test]
fn rules_give_what_each_path_gives() {
    // The last channel is the direct one.
    let is_direct: Vec<bool> = (1..=CHANNELS).map(|channel| channel == CHANNELS).collect();
    for seed in 0..40 {
        let rows = random(seed, 30);
        let whole = Whole::of(paths(rows.iter()).iter(), &is_direct);
        for kind in ModelKind::all() {
            let rule = match kind {
                ModelKind::Positions(shares) => Rule::Positions(shares),
                ModelKind::LastNonDirect => Rule::LastNonDirect,
                _ => continue,
            };
            let Some(credits) = whole.by_rule(rule) else {
                let name = kind.name();
                assert!(["u_lead", "u_even", "w", "full_path"].contains(&&*name));
                continue;
            };
            let mut slow = vec![(0.0, 0.0); CHANNELS];
            for (steps, won, _, value) in &rows {
                let touch = |step: &u16| Touch {
                    age: 0,
                    is_direct: is_direct[usize::from(*step)],
                };
                let touches: Vec<Touch> = steps.iter().map(touch).collect();
                let (lead, deal) = (None, None);
                let mut weights = Vec::new();
                let touches = &touches[..];
                rule.weigh(
                    Trail {
                        touches,
                        lead,
                        deal,
                    },
                    &mut weights,
                );
                let all: u64 = weights.iter().sum();
                for (step, weight) in steps.iter().zip(&weights) {
                    let share = *weight as f64 / all as f64;
                    slow[usize::from(*step)].0 += *won as f64 * share;
                    slow[usize::from(*step)].1 += *value as f64 * share;
                }
            }
            for (ours, theirs) in credits.iter().zip(&slow) {
                let is_close = |a: f64, b: f64| (a - b).abs() < 1e-9 * b.abs().max(1.0);
                let is_close = is_close(ours.0, theirs.0) && is_close(ours.1, theirs.1);
                assert!(is_close, "{} {credits:?} {slow:?}", kind.name());
            }
        }
        let nobody = rows.iter().filter(|row| row.0.is_empty());
        assert_eq!(whole.nobody.won, nobody.map(|row| row.1).sum::<u64>());
        for channel in 0..CHANNELS {
            let with = rows.iter().filter(|row| row.0.contains(&(channel as u16)));
            let with: Vec<&Row> = with.collect();
            let won = with.iter().map(|row| row.1).sum::<u64>();
            assert_eq!(whole.took_part()[channel].won, won);
            let lost = with.iter().map(|row| row.2).sum::<u64>();
            assert_eq!(whole.through()[channel], won + lost);
        }
    }
}

#[test]
fn replicates_for_all_models_are_those_of_each() {
    let models = [
        Model::Markov { order: 1 },
        Model::Shapley(Game::Chain),
        Model::Markov { order: 3 },
        Model::Shapley(Game::Together),
        Model::Markov { order: 2 },
    ];
    // Few of each path, so many that they add up to more than a short number holds, and more.
    for (seed, times) in (0..).zip([1, 1, 250, 3_000, 100_000]) {
        let mut rows = random(seed, 60);
        for (_, won, lost, _) in &mut rows {
            (*won, *lost) = (*won * times, *lost * times);
        }
        let paths = paths(rows.iter());
        let all = again::replicates(&models, &paths, CHANNELS, seed);
        for (model, ours) in models.into_iter().zip(&all) {
            assert_eq!(ours.len(), sample::REPLICATES as usize);
            let each = sample::replicates(model, &paths, CHANNELS, seed);
            assert_eq!(ours, &each, "{model:?}");
        }
    }
    let none = again::replicates(&models, &Paths::default(), CHANNELS, 0);
    assert!(none.iter().all(Vec::is_empty));
}

#[test]
fn paths_summed_up_as_they_come_say_what_all_of_them_say() {
    for seed in 0..40 {
        // In the last, numbers that no table has room for.
        let far = if seed % 4 == 3 { 97 } else { 1 };
        let mut rows = random(seed, 50);
        for step in rows.iter_mut().flat_map(|row| &mut row.0) {
            *step *= far;
        }
        let channels = CHANNELS * usize::from(far);
        let is_direct: Vec<bool> = (0..channels).map(|channel| channel % 3 == 1).collect();
        let paths = paths(rows.iter());
        // Two sets, of which the second numbers channels from the other end.
        let turned: Vec<u16> = (0..channels as u16).rev().collect();
        let direct_there: Vec<bool> = is_direct.iter().rev().copied().collect();
        for order in 1..=4 {
            let mut sets = [Seen::default(), Seen::default()];
            for (number, (steps, won, lost, value)) in rows.iter().enumerate() {
                let second = usize::from(number % 2 == 1);
                let there: Vec<u16> = steps
                    .iter()
                    .map(|step| turned[usize::from(*step)])
                    .collect();
                let (steps, is_direct) = match second {
                    0 => (steps, &is_direct),
                    _ => (&there, &direct_there),
                };
                let (won, lost, value) = (*won, *lost, *value);
                let path = Path {
                    steps,
                    won,
                    lost,
                    value,
                };
                // The channels become known one after the other.
                let most = steps.iter().max().map_or(0, |most| usize::from(*most) + 1);
                let known = if number < 5 { most } else { channels };
                sets[second].add(path, &is_direct[..known], order);
            }
            let same = (0..channels as u16).collect();
            let [first, second] = sets;
            let all = Seen::together([(first, same), (second, turned.clone())], channels);
            let whole = Whole::of(paths.iter(), &is_direct);
            assert_eq!(
                format!("{:?}", all.whole()),
                format!("{whole:?}"),
                "seed {seed}"
            );
            for lower in 1..=order {
                let chain = Chain::of(paths.iter(), channels, lower);
                let ours = all.chain(channels, lower);
                let at = format!("seed {seed}, order {lower} of {order}");
                assert_eq!(format!("{ours:?}"), format!("{chain:?}"), "{at}");
                let ours = ours.paying(&all.ends());
                let paying = chain.paying(&Ends::of(paths.iter()));
                assert_eq!(format!("{ours:?}"), format!("{paying:?}"), "{at}");
            }
        }
    }
}

#[test]
fn sets_of_paths_come_together_under_new_numbers() {
    let rows = random(9, 80);
    let whole = |paths: &Paths| format!("{:?}", Whole::of(paths.iter(), &[false; CHANNELS]));
    let all = whole(&paths(rows.iter()));
    // Another half's channels have numbers of their own.
    let turned: [u16; CHANNELS] = [3, 1, 4, 0, 2];
    let back = |step: u16| turned.iter().position(|to| *to == step).unwrap() as u16;
    let other = |row: &Row| {
        let steps = row.0.iter().map(|step| back(*step)).collect();
        (steps, row.1, row.2, row.3)
    };
    let (first, second) = rows.split_at(33);
    let second: Vec<Row> = second.iter().rev().map(other).collect();
    let same: Vec<u16> = (0..CHANNELS as u16).collect();
    for turn in [false, true] {
        let mut sets = vec![
            (paths(first.iter()), same.clone()),
            (paths(second.iter()), turned.to_vec()),
        ];
        if turn {
            sets.reverse();
        }
        let together = Paths::together(sets);
        assert_eq!(whole(&together), all);
        assert_eq!(together.len(), paths(rows.iter()).len());
    }
    assert!(Paths::together([]).is_empty());
}

#[test]
fn sums_of_joined_channels_are_those_of_paths_whose_channels_are_joined() {
    let is_direct = [false, true, false, false, true];
    let cases: [(&[u16], bool); 6] = [
        (&[0, 2], true),
        (&[1, 4], true),
        (&[0, 1, 4], true),
        (&[], true),
        // Of two direct ones one is joined.
        (&[1], false),
        (&[0, 4, 3], false),
    ];
    for seed in 0..40 {
        let rows = random(seed, 60);
        let paths = paths(rows.iter());
        for (kept, is_told) in cases {
            let number = |channel: u16| {
                let own = kept.iter().position(|one| *one == channel);
                own.unwrap_or(kept.len()) as u16
            };
            let numbers: Vec<u16> = (0..CHANNELS as u16).map(number).collect();
            let mut seen = Seen::default();
            paths.iter().for_each(|path| seen.add(path, &is_direct, 3));
            let joined = seen.joined(&numbers, &is_direct);
            assert_eq!(joined.is_some(), is_told, "{kept:?}");
            let Some(joined) = joined else { continue };
            let mut fewer = Paths::default();
            fewer.append(&paths, &numbers);
            let directs = kept.iter().map(|channel| is_direct[usize::from(*channel)]);
            let directs: Vec<bool> = directs.chain([false]).collect();
            let whole = Whole::of(fewer.iter(), &directs);
            let at = format!("seed {seed}, {kept:?}");
            assert_eq!(
                format!("{:?}", joined.whole()),
                format!("{whole:?}"),
                "{at}"
            );
            for order in 1..=3 {
                let chain = Chain::of(fewer.iter(), directs.len(), order);
                let ours = joined.chain(directs.len(), order);
                assert_eq!(format!("{ours:?}"), format!("{chain:?}"), "{at}, {order}");
                let ours = ours.paying(&joined.ends());
                let paying = chain.paying(&Ends::of(fewer.iter()));
                assert_eq!(format!("{ours:?}"), format!("{paying:?}"), "{at}, {order}");
            }
        }
    }
}

#[test]
fn of_more_channels_than_a_set_holds_sums_do_not_tell_what_joined_ones_are() {
    for (channels, is_told) in [(64, true), (65, false)] {
        let is_direct = vec![false; channels];
        let (mut seen, mut paths) = (Seen::default(), Paths::default());
        for channel in 0..channels as u16 {
            for steps in [&[channel][..], &[channel, channel / 2, channel]] {
                let path = Path {
                    steps,
                    won: 1,
                    lost: 2,
                    value: 3,
                };
                seen.add(path, &is_direct, 1);
                paths.add(path);
            }
        }
        let whole = Whole::of(paths.iter(), &is_direct);
        assert_eq!(format!("{:?}", seen.whole()), format!("{whole:?}"));
        let numbers: Vec<u16> = (0..channels as u16).map(|one| one.min(9)).collect();
        let mut joined = Paths::default();
        joined.append(&paths, &numbers);
        let slow = Whole::of(joined.iter(), &[false; 10]);
        let found = seen.joined(&numbers, &is_direct);
        assert_eq!(found.is_some(), is_told, "{channels}");
        if let Some(found) = found {
            assert_eq!(found.whole().through(), slow.through());
            assert_eq!(found.whole().took_part(), slow.took_part());
        }
    }
}
