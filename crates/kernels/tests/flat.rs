//! Rows in which stays are counted say what the stays say, on random ledgers: every column of each
//! row, and every bound of a period or an instant at, before and after the moments themselves.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;

use handfast_kernels::flat::{Flat, NO_DAY, Places, STILL, Span, Times, UNDATED};
use handfast_kernels::funnel::{self, Stay};
use handfast_kernels::journey::{self, Journeys, LeftBy, Moment, World};
use handfast_kernels::times::Sight;
use handfast_kernels::velocity::elapsed;
use handfast_model::question::Unit;
use handfast_model::{Charter, Day, Instant};
use handfast_testkit::random::{self, Chance};
use handfast_testkit::{Ledger, sketch};

const SEEDS: u64 = 400;

/// What a random ledger comes to, and until when it is told.
fn world(charter: &Charter, seed: u64) -> (Journeys, Instant) {
    let lines = random::lines(seed).join("\n");
    let ledger = Ledger::read(&lines, &charter.calendar).unwrap();
    let horizon = charter.calendar.start_of(Day::parse("2025-06-30").unwrap());
    let journeys = journey::derive(&World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    });
    (journeys, horizon)
}

/// Where a visit is among all, counted one by one.
fn place(journeys: &Journeys, at: funnel::VisitRef) -> u32 {
    let before = journeys.pursuits.iter().take(at.pursuit as usize);
    before.map(|one| one.visits.len() as u32).sum::<u32>() + at.visit
}

#[test]
fn a_row_says_what_its_stay_says() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let calendar = &charter.calendar;
    let (mut compared, mut several) = (0, 0);
    for seed in 0..SEEDS {
        let (journeys, horizon) = world(&charter, seed);
        let places = Places::of(&journeys);
        let sight = Sight {
            from: None,
            until: horizon,
        };
        for unit in Unit::ALL {
            let stays = funnel::stays(&journeys, unit);
            let flat = Flat::of(&journeys, unit, calendar);
            let times = Times::of(&journeys, unit, calendar, horizon);
            let many = stays.len();
            let lengths = [
                flat.rows.len(),
                flat.days.len(),
                times.took.len(),
                times.seen.len(),
            ];
            assert_eq!(lengths, [many; 4], "{seed} {unit:?}");
            let units: Vec<_> = stays.iter().map(|stay| stay.unit).collect();
            let all: BTreeSet<_> = units.iter().map(|unit| format!("{unit:?}")).collect();
            assert_eq!(flat.unit_count(), all.len(), "{seed} {unit:?}");
            let mut number = 0;
            for (at, stay) in stays.iter().enumerate() {
                let row = &flat.rows[at];
                number += u32::from(at > 0 && units[at] != units[at - 1]);
                let sorts = |moment: Moment| moment.at.map_or(UNDATED, |at| at.0);
                let first = *stay.members.first().unwrap();
                let ways: Vec<_> = LeftBy::ALL.iter().collect();
                assert_eq!(row.entered, sorts(stay.entered));
                assert_eq!(row.left, stay.left.map_or(STILL, sorts));
                assert_eq!((row.unit, row.step), (number, stay.step.0));
                assert_eq!(
                    (row.pursuit, row.visit),
                    (first.pursuit, place(&journeys, first))
                );
                assert_eq!(ways[usize::from(row.left_by)], &stay.left_by);
                let visits: Vec<u32> = stay
                    .members
                    .iter()
                    .map(|at| place(&journeys, *at))
                    .collect();
                assert_eq!(
                    flat.visits(at as u32).collect::<Vec<_>>(),
                    visits,
                    "{seed} {unit:?}"
                );
                for visit in stay.members.iter() {
                    let told = places.place(*visit);
                    assert_eq!(told, place(&journeys, *visit));
                    assert_eq!(places.visit(visit.pursuit, told), *visit);
                }
                let is_real = |at: &funnel::VisitRef| !at.of(&journeys).unwrap().is_implied;
                assert_eq!(row.is_seen, stay.members.iter().any(is_real));
                let day = stay.entered.when.day(calendar).map_or(NO_DAY, |day| day.0);
                assert_eq!(flat.days[at], day);
                let took = stay
                    .left
                    .and_then(|left| elapsed(stay.entered.when, left.when, calendar));
                assert_eq!(
                    (times.took[at].elapsed(), took.is_some()),
                    (took, times.took[at].is_over())
                );
                let seen = sight.stay(stay, &journeys, calendar);
                assert_eq!(times.seen[at].elapsed(), seen.map(|seen| seen.elapsed));
                let is_over = seen.is_some_and(|seen| seen.observation.cause.is_some());
                assert_eq!(times.seen[at].is_over(), is_over);
                several += usize::from(visits.len() > 1);
                compared += 1;
            }
        }
    }
    assert!(compared > 5_000 && several > 100, "{compared} {several}");
}

/// The moments of some stays, and those just before and after.
fn edges(stays: &[Stay], chance: &mut Chance) -> Vec<Instant> {
    let moments = stays
        .iter()
        .flat_map(|stay| [Some(stay.entered), stay.left]);
    let dated: Vec<i64> = moments
        .flatten()
        .filter_map(|one| Some(one.at?.0))
        .collect();
    let mut edges = BTreeSet::new();
    for _ in 0..6.min(dated.len()) {
        let at = dated[chance.below(dated.len() as u64) as usize];
        edges.extend([at - 1, at, at + 1]);
    }
    edges.into_iter().map(Instant).collect()
}

#[test]
fn what_holds_at_an_instant_and_flows_between_two_is_the_same_in_rows_to_the_microsecond() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let mut counted = 0;
    for seed in 0..SEEDS {
        let (journeys, _) = world(&charter, seed);
        let mut chance = Chance::new(seed);
        for unit in Unit::ALL {
            let stays = funnel::stays(&journeys, unit);
            let flat = Flat::of(&journeys, unit, &charter.calendar);
            let edges = edges(&stays, &mut chance);
            for (stay, row) in stays.iter().zip(&flat.rows) {
                for at in &edges {
                    let told = (row.holds_at(*at), stay.holds_at(*at));
                    assert_eq!(told.0, told.1, "{seed} {unit:?} {at:?} {stay:?}");
                }
            }
            if edges.len() < 2 {
                continue;
            }
            let groups: Vec<u32> = stays.iter().map(|stay| u32::from(stay.step.0)).collect();
            let counts = funnel::flow_counts(&flat, &groups, 100, &edges);
            for (period, edge) in edges.windows(2).enumerate() {
                for row in funnel::flow(&stays, &charter, edge[0], edge[1]) {
                    let told = &counts[usize::from(row.step.0)][period];
                    let [start, entered, end] =
                        [&row.at_start, &row.entered, &row.at_end].map(|list| list.len() as u64);
                    let listed = (start, entered, end);
                    let found = (told.at_start, told.entered, told.at_end);
                    assert_eq!(found, listed, "{seed} {unit:?} {edge:?}");
                    for (way, count) in LeftBy::ALL.iter().zip(told.left) {
                        let left = row.left.get(way).map_or(0, |left| left.len() as u64);
                        assert_eq!(count, left, "{seed} {unit:?} {way:?} {edge:?}");
                    }
                    counted += entered;
                }
            }
        }
    }
    assert!(counted > 1_000, "{counted}");
}

#[test]
fn a_span_of_nothing_is_no_time_and_below_all_others() {
    assert_eq!((Span::NONE.elapsed(), Span::NONE.is_over()), (None, false));
    assert_eq!(Span::of(None, true), Span::NONE);
    let time = |seconds: i64, is_calendar| handfast_kernels::velocity::Elapsed {
        seconds,
        is_calendar,
    };
    let mut before = Span::NONE;
    for seconds in [-7, -1, 0, 1, 86_400] {
        for is_over in [false, true] {
            for is_calendar in [false, true] {
                let span = Span::of(Some(time(seconds, is_calendar)), is_over);
                assert_eq!(span.elapsed(), Some(time(seconds, is_calendar)));
                assert_eq!(span.is_over(), is_over);
                assert!(span > before, "{seconds} {is_over} {is_calendar}");
                before = span;
            }
        }
    }
}
