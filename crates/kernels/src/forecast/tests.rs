//! Second roads to what a forecast says, and pipelines whose truth is known.

use super::hazard::Ahead;
use super::rolling::{ORIGINS, Rolled, Voice};
use super::*;
use crate::credit::sample::Dice;

fn chance(dice: &mut Dice) -> f64 {
    (dice.next() >> 11) as f64 / (1u64 << 53) as f64
}

/// A pipeline: every day so many come, and each day each of them may be won, lost or move on, by
/// its stage and its days in it.
struct Pipeline {
    seed: u64,
    daily: f64,
}

const STAGES: usize = 3;

impl Pipeline {
    /// Chances of a day: won, lost, on to the next stage.
    fn day(stage: u8, age: i32) -> (f64, f64, f64) {
        match (stage, age) {
            (0, 0..=6) => (0.0, 0.01, 0.08),
            (0, _) => (0.0, 0.03, 0.03),
            (1, 0..=13) => (0.0, 0.004, 0.02),
            (1, _) => (0.002, 0.015, 0.03),
            (_, 0..=9) => (0.01, 0.005, 0.0),
            (_, 10..=40) => (0.03, 0.02, 0.0),
            _ => (0.004, 0.03, 0.0),
        }
    }

    fn value(dice: &mut Dice) -> i64 {
        // Three products of uniform factors: skewed, as amounts are.
        let factor = |dice: &mut Dice| 0.4 + 1.6 * chance(dice);
        let all = factor(dice) * factor(dice) * factor(dice);
        (1_000_000.0 * all) as i64
    }

    fn tracks(&self, days: i32) -> Vec<Track> {
        let mut dice = Dice::new(self.seed, 7);
        let mut tracks = Vec::new();
        for day in 0..days {
            let whole = self.daily.floor() as u64;
            let more = u64::from(chance(&mut dice) < self.daily.fract());
            for _ in 0..dice.around(whole + more) {
                tracks.push(Pipeline::track(day, days, &mut dice));
            }
        }
        tracks
    }

    fn track(first: i32, days: i32, dice: &mut Dice) -> Track {
        let mut track = Track {
            stands: vec![(first, State::In(0))],
            ..Track::default()
        };
        let (mut stage, mut since) = (0u8, first);
        for day in first + 1..days {
            let (won, lost, on) = Pipeline::day(stage, day - 1 - since);
            let drawn = chance(dice);
            let next = if drawn < won {
                track.value = Pipeline::value(dice);
                State::Won
            } else if drawn < won + lost {
                State::Gone
            } else if drawn < won + lost + on {
                (stage, since) = (stage + 1, day);
                if stage == 1 {
                    track.deal_from = Some(day);
                }
                State::In(stage)
            } else {
                continue;
            };
            track.stands.push((day, next));
            if !matches!(next, State::In(_)) {
                break;
            }
        }
        track
    }
}

fn played(tracks: &[Track], paths: usize) -> Played<'_> {
    Played {
        tracks,
        stages: STAGES,
        months: &[],
        groups: 1,
        paths,
        seed: 11,
    }
}

/// Day by day and pursuit by pursuit: the days at risk and the wins that chances say.
#[test]
fn what_chances_say_of_past_days_is_what_was_won() {
    let tracks = Pipeline {
        seed: 3,
        daily: 2.5,
    }
    .tracks(500);
    let at = 430;
    let fit = Fit::of(&tracks, STAGES, at).unwrap();
    let (mut said, mut won, mut by_day) = (0.0, 0, 0.0);
    for track in &tracks {
        for stay in hazard::stays(track, at) {
            said += fit.expected(&stay, (fit.after, at));
            won += u64::from(stay.next == Some(State::Won) && stay.until > fit.after);
        }
        for day in fit.after + 1..=at {
            // The same of one day at a time, by where it stood the evening before.
            let Some((since, State::In(stage))) = track.at(day - 1) else {
                continue;
            };
            let stay = hazard::Stay {
                stage,
                since,
                until: day,
                next: None,
            };
            by_day += fit.expected(&stay, (day - 1, day));
        }
    }
    assert_eq!(fit.won, won);
    assert!((said - by_day).abs() < 1e-6 * said, "{said} {by_day}");
    // Pooling moves the sum by little.
    assert!(
        (said - won as f64).abs() < 0.03 * won as f64,
        "{said} {won}"
    );
}

/// Forward instead of backward: one pursuit spread over all places it may be at.
fn won_forward(fit: &Fit, (stage, age): (u8, i32), ahead: &[Ahead]) -> f64 {
    let mut standing = std::collections::BTreeMap::from([((stage, age), 1.0)]);
    let mut won = 0.0;
    for day in ahead {
        let mut next = std::collections::BTreeMap::new();
        for ((stage, age), share) in standing {
            let one = fit.day(stage, age);
            let win = (one.won * day.factor).min(1.0 - one.moved);
            let gone = one.gone.min(1.0 - one.moved - win);
            won += if day.counts { share * win } else { 0.0 };
            let stays = 1.0 - win - gone - one.moved;
            *next.entry((stage, age + 1)).or_insert(0.0) += share * stays;
            for (to, part) in (0..STAGES as u8).zip(fit.to(stage)) {
                *next.entry((to, 0)).or_insert(0.0) += share * one.moved * part;
            }
        }
        standing = next;
    }
    won
}

#[test]
fn chances_counted_back_from_the_end_are_those_counted_forward() {
    let tracks = Pipeline {
        seed: 5,
        daily: 2.0,
    }
    .tracks(500);
    let fit = Fit::of(&tracks, STAGES, 450).unwrap();
    for (lead, reach) in [(0, 1), (0, 30), (12, 43), (0, 92), (40, 132)] {
        let ahead = (0..reach).map(|day| Ahead {
            factor: 0.6 + 0.1 * f64::from(day % 9),
            counts: day >= lead,
        });
        let ahead: Vec<Ahead> = ahead.collect();
        let chances = fit.chances(&ahead);
        for place in [(0, 0), (0, 20), (1, 3), (2, 0), (2, 15), (2, 500)] {
            let back = chances.of(place.0, place.1);
            let forward = won_forward(&fit, place, &ahead);
            assert!(
                (back - forward).abs() < 1e-9,
                "{reach} {place:?}: {back} {forward}"
            );
        }
        // New ones all begin in the first stage here, at the end of their day.
        let by_day = (1..=ahead.len()).map(|day| won_forward(&fit, (0, 0), &ahead[day..]));
        let new: f64 = by_day.sum();
        assert!((chances.new - new).abs() < 1e-9, "{reach}");
    }
}

#[test]
fn chances_come_near_the_truth_where_much_was_seen() {
    let tracks = Pipeline {
        seed: 9,
        daily: 40.0,
    }
    .tracks(700);
    let fit = Fit::of(&tracks, STAGES, 700).unwrap();
    for (stage, age) in [(0, 2), (1, 5), (1, 20), (2, 4), (2, 20)] {
        let (won, lost, on) = Pipeline::day(stage, age);
        let one = fit.day(stage, age);
        for (truth, found) in [(won, one.won), (lost, one.gone), (on, one.moved)] {
            assert!(
                (truth - found).abs() < 0.15 * truth + 0.0015,
                "{stage} {age}: {truth} {found}"
            );
        }
    }
}

#[test]
fn parts_come_to_the_whole_and_the_same_seed_to_the_same_numbers() {
    let mut tracks = Pipeline {
        seed: 2,
        daily: 2.5,
    }
    .tracks(400);
    for (number, track) in (0..).zip(&mut tracks) {
        track.group = number % 2;
        if number % 3 == 0 {
            track.amounts = vec![(track.stands[0].0, 500_000)];
        }
    }
    let window = Window {
        at: 370,
        from: 361,
        until: 392,
    };
    let both = Played {
        groups: 2,
        ..played(&tracks, 2_000)
    };
    let forecast = play(&both, &window).unwrap();
    let parts = |of: &GroupRanges| Part::ALL.map(|part| of.part(part).deals.sum);
    for of in forecast.groups.iter().chain([&forecast.all]) {
        assert_eq!(parts(of).iter().sum::<i128>(), of.all.deals.sum);
        assert!(of.all.deals.low <= of.all.deals.mid && of.all.deals.mid <= of.all.deals.high);
    }
    let by_group: i128 = forecast.groups.iter().map(|one| one.all.value.sum).sum();
    assert_eq!(by_group, forecast.all.all.value.sum);
    // What is won already is counted, not drawn.
    let already = rules::came(&tracks, (361, 371));
    assert!(already.0 > 0);
    let told = forecast.all.part(Part::Already);
    assert_eq!((told.deals.low, told.deals.high), (already.0, already.0));
    assert_eq!(told.value.mid, already.1);
    let again = play(&both, &window).unwrap();
    assert_eq!(again.all, forecast.all);
}

/// What is known later changes nothing that is told of an earlier day.
#[test]
fn nothing_is_told_from_what_came_later() {
    let tracks = Pipeline {
        seed: 4,
        daily: 2.0,
    }
    .tracks(420);
    let at = 380;
    let cut = tracks
        .iter()
        .filter(|track| track.stands[0].0 <= at)
        .map(|track| {
            let mut track = track.clone();
            track.stands.retain(|(day, _)| *day <= at);
            if track.won_on().is_none() {
                track.value = 0;
            }
            track.deal_from = track.deal_from.filter(|day| *day <= at);
            track
        });
    let cut: Vec<Track> = cut.collect();
    assert_ne!(cut, tracks);
    let window = Window {
        at,
        from: 381,
        until: 411,
    };
    let (all, known) = (
        play(&played(&tracks, 500), &window),
        play(&played(&cut, 500), &window),
    );
    assert_eq!(all.unwrap().all, known.unwrap().all);
    for rule in Rule::ALL {
        assert_eq!(
            rule.point(&tracks, &window),
            rule.point(&cut, &window),
            "{rule:?}"
        );
    }
}

/// Few pursuits in one stage: their wins spread as so many throws of one coin do.
#[test]
fn wins_of_alike_pursuits_spread_as_coins_do() {
    // 300 of 1,000 were won on the day after they came, the others lost; 40 stand there now.
    let mut tracks = Vec::new();
    for number in 0..1_000 {
        let end = if number < 300 {
            State::Won
        } else {
            State::Gone
        };
        tracks.push(Track {
            stands: vec![(number % 50, State::In(0)), (number % 50 + 1, end)],
            deal_from: Some(number % 50),
            value: i64::from(number < 300) * 100,
            ..Track::default()
        });
    }
    for _ in 0..40 {
        tracks.push(Track {
            stands: vec![(60, State::In(0))],
            deal_from: Some(60),
            ..Track::default()
        });
    }
    let window = Window {
        at: 60,
        from: 61,
        until: 62,
    };
    let all = Played {
        stages: 1,
        paths: 20_000,
        ..played(&tracks, 0)
    };
    let open = play(&all, &window).unwrap().all.part(Part::Open);
    let mean = open.deals.sum as f64 / 20_000.0;
    assert!((mean - 12.0).abs() < 0.6, "{mean}");
    assert_eq!(open.value.sum, open.deals.sum * 100);
    // A coin alone: 40 throws at 0.3 lie between 8 and 16 in eight of ten cases.
    assert!((7..=8).contains(&open.deals.low), "{open:?}");
    assert!((16..=17).contains(&open.deals.high), "{open:?}");
}

#[test]
fn scores_are_those_of_the_textbook() {
    let mut scores = Scores::default();
    for (told, came) in [(90, 100), (210, 200), (140, 150)] {
        let range = Range {
            low: told - 20,
            mid: told,
            high: told + 5,
            ..Range::default()
        };
        scores.add(&range, came);
    }
    // WAPE 30 of 450 = 6.67 %, bias -10 of 450 = -2.22 %.
    assert_eq!((scores.off, scores.over, scores.came), (30, -10, 450));
    assert_eq!((scores.within, scores.told), (1, 3));
    // By hand: 0.1 x (30, 10, 30); 0.5 x (10, 10, 10); 0.9 x 5, 0.1 x 15, 0.9 x 5.
    assert_eq!(scores.pinball, 70 + 150 + 45 + 15 + 45);
    assert_eq!(scores.pinball_share(), (325, 30 * 450));
}

/// Pipelines of about twenty wins in thirty days, each forecast at many origins: the scores of the
/// model, of who spoke and of the model since it was tried, and of each rule.
fn worlds(days: i32) -> (Scores, [Scores; 2], Vec<Scores>) {
    let (mut model, mut since) = (Scores::default(), [Scores::default(); 2]);
    let mut rules = vec![Scores::default(); Rule::ALL.len()];
    for seed in 0..8 {
        let tracks = Pipeline { seed, daily: 2.6 }.tracks(1_000);
        let windows = (0..14).map(|number| {
            let at = 989 - days - (13 - number) * 30;
            Window {
                at,
                from: at + 1,
                until: at + 1 + days,
            }
        });
        let windows: Vec<Window> = windows.collect();
        let months = (0..40).map(|month| (month * 30, (month % 3) as u8));
        let months: Vec<(i32, u8)> = months.collect();
        let played = Played {
            months: &months,
            ..played(&tracks, 1_000)
        };
        let rolled = Rolled::over(&played, &windows);
        for (number, told) in rolled.deals.told.iter().enumerate() {
            let came = told.came.unwrap();
            let range = told.of(Voice::Model).unwrap();
            model.add(&range, came);
            if number < ORIGINS {
                assert_ne!(told.chosen, Voice::Model);
            } else {
                let [chosen, tried] = &mut since;
                chosen.add(&told.of(told.chosen).unwrap(), came);
                tried.add(&range, came);
            }
            for (scores, rule) in rules.iter_mut().zip(Rule::ALL) {
                scores.add(&told.of(Voice::Rule(rule)).unwrap(), came);
            }
        }
    }
    (model, since, rules)
}

fn pinball(scores: &Scores) -> f64 {
    let (part, whole) = scores.pinball_share();
    part as f64 / whole as f64
}

#[test]
fn on_pipelines_whose_truth_is_known_ranges_hold_what_comes() {
    for (days, most) in [(30, 0.060), (90, 0.045)] {
        let (model, [chosen, tried], rules) = worlds(days);
        let coverage = model.within as f64 / model.told as f64;
        let say = |scores: &Scores| {
            (
                pinball(scores),
                scores.off as f64 / scores.came as f64,
                scores.over as f64 / scores.came as f64,
                scores.within as f64 / scores.told as f64,
            )
        };
        println!("{days} model {:?} chosen {:?}", say(&model), say(&chosen));
        rules
            .iter()
            .for_each(|rule| println!("  rule {:?}", say(rule)));
        println!("  per window {}", model.came as f64 / model.told as f64);
        assert!(pinball(&model) <= most, "{days}: {}", pinball(&model));
        assert!((0.70..=0.90).contains(&coverage), "{days}: {coverage}");
        assert!(pinball(&chosen) <= pinball(&tried) * 1.05);
        for rule in &rules {
            assert!(pinball(rule) > pinball(&model), "{days}");
        }
    }
}

/// Months of thirty days; of three, the last has wins more often.
#[test]
fn quarters_that_end_with_more_wins_are_told_so_and_others_are_not() {
    let months: Vec<(i32, u8)> = (0..40)
        .map(|month| (month * 30, (month % 3) as u8))
        .collect();
    let season = |is_seasonal: bool| {
        let mut dice = Dice::new(17, 3);
        let mut tracks = Vec::new();
        for day in 0..720 {
            for _ in 0..dice.around(4) {
                let mut track = Track {
                    stands: vec![(day, State::In(0))],
                    ..Track::default()
                };
                for later in day + 1..720 {
                    let is_last = is_seasonal && later / 30 % 3 == 2;
                    let won = if is_last { 0.04 } else { 0.02 };
                    let drawn = chance(&mut dice);
                    if drawn < won + 0.03 {
                        let end = if drawn < won { State::Won } else { State::Gone };
                        track.stands.push((later, end));
                        break;
                    }
                }
                tracks.push(track);
            }
        }
        let fit = Fit::of(&tracks, 1, 719).unwrap();
        let season = season::Season::of(&months, &tracks, (&fit, 719));
        // What season and chances say of all days is what was won.
        let all = tracks.iter().flat_map(|track| hazard::stays(track, 719));
        let said: f64 = all
            .map(|stay| season.expected(&fit, &stay, (fit.after, 719)))
            .sum();
        assert!(
            (said / fit.won as f64 - 1.0).abs() < 0.03,
            "{said} {}",
            fit.won
        );
        [5, 35, 65].map(|day| season.on(day))
    };
    let [first, second, last] = season(true);
    assert!(
        (0.68..0.82).contains(&first) && (0.68..0.82).contains(&second),
        "{first} {second}"
    );
    assert!((1.36..1.6).contains(&last), "{last}");
    for factor in season(false) {
        assert!((0.93..1.07).contains(&factor), "{factor}");
    }
}

#[test]
fn where_history_cannot_carry_a_model_a_plain_rule_speaks() {
    // Two wins in each 30 days, always; the model has seen too few.
    let mut tracks = Vec::new();
    for day in (0..360).step_by(15) {
        tracks.push(Track {
            stands: vec![(day, State::In(0)), (day + 3, State::Won)],
            deal_from: Some(day),
            value: 700,
            ..Track::default()
        });
    }
    let windows = (4..11).map(|month| Window {
        at: month * 30 - 1,
        from: month * 30,
        until: month * 30 + 30,
    });
    let windows: Vec<Window> = windows.collect();
    let rolled = Rolled::over(&played(&tracks, 200), &windows);
    let last = Voice::Rule(Rule::LastPeriod);
    assert!(rolled.deals.told.iter().all(|told| told.chosen == last));
    assert_eq!(rolled.deals.choice(Some(22)), last);
    assert_eq!(rolled.deals.chosen().off, 0);
    assert_eq!(rolled.value.scores(last).off, 0);
    let nothing: [Track; 0] = [];
    assert!(play(&played(&nothing, 10), &windows[0]).is_none());
}

/// Months of thirty days in turn with one win a day and with three, each won three days after it
/// came: as many as in the month before is always wrong, the mean of three less so.
fn in_turn() -> Vec<Track> {
    let mut tracks = Vec::new();
    for day in 0..360 {
        for _ in 0..1 + 2 * (day / 30 % 2) {
            tracks.push(Track {
                stands: vec![(day, State::In(0)), (day + 3, State::Won)],
                deal_from: Some(day),
                value: 700,
                ..Track::default()
            });
        }
    }
    tracks
}

#[test]
fn while_a_model_is_untried_the_rule_that_did_best_speaks() {
    let tracks = in_turn();
    let windows = (4..11).map(|month| Window {
        at: month * 30 + 2,
        from: month * 30 + 3,
        until: month * 30 + 33,
    });
    let windows: Vec<Window> = windows.collect();
    // It has seen wins enough, and would do better than any rule.
    let played = played(&tracks, 200);
    assert!(play(&played, &windows[0]).unwrap().wins > 100);
    let all = Rolled::over(&played, &windows);
    let best = all.deals.best();
    assert_ne!(best, Rule::LastPeriod);
    for number in 0..=windows.len() {
        let rolled = Rolled::over(&played, &windows[..number]);
        let loss = |voice: &Voice| rolled.deals.scores(*voice).pinball;
        let rules = Voice::ALL.into_iter().filter(|one| *one != Voice::Model);
        let expected = match number {
            0 => Voice::Rule(Rule::LastPeriod),
            _ => rules.min_by_key(loss).unwrap(),
        };
        assert_eq!(rolled.deals.is_tried(), number >= ORIGINS);
        if number < ORIGINS {
            assert_eq!(rolled.deals.choice(Some(1_000)), expected, "{number}");
            assert_eq!(all.deals.told[number].chosen, expected, "{number}");
        }
        // Nor does it speak later where it has seen too few wins.
        assert_eq!(rolled.deals.choice(Some(29)), expected, "{number}");
        assert_eq!(rolled.deals.choice(None), expected, "{number}");
    }
}
