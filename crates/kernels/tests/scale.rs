//! One account with thousands of deals. For a million facts see the example `million` of testkit.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::fmt::Write as _;
use std::time::Instant as Clock;

use handfast_kernels::identity;
use handfast_kernels::journey::{self, World};
use handfast_model::rules::Charter;
use handfast_model::{Day, Instant};
use handfast_testkit::{Ledger, random, sketch};

fn derive(ledger: &Ledger, charter: &Charter) -> (usize, f64) {
    let horizon: Instant = charter.calendar.start_of(Day(40_000));
    let world = World {
        snapshot: &ledger.snapshot,
        charter,
        horizon,
    };
    let mut pursuits = 0;
    let seconds = worked(|| pursuits = journey::derive(&world).pursuits.len());
    (pursuits, seconds)
}

fn one_account(deals: u32) -> String {
    let mut text = String::new();
    for deal in 0..deals {
        let day = Day(19_000 + i32::try_from(deal % 300).unwrap());
        let _ = writeln!(text, "{day} person P{deal} @Acme");
        let _ = writeln!(text, "{day} deal #{deal} P{deal} @Acme status=open");
        let _ = writeln!(text, "{day} mark #{deal} -> sql");
        let _ = writeln!(text, "{day} touch P{deal} call team=sales");
        let _ = writeln!(text, "{} mark #{deal} -> won", day.plus(200));
    }
    text
}

/// How many times the small work is done, so that both take long enough to be told.
const TIMES: u32 = 16;
/// What larger memory may cost; a quadratic walk would take sixteen times.
const DEARER: f64 = 5.0;

#[test]
fn thousands_of_deals_of_one_account_cost_no_more_than_their_number() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let seconds = [(2_000, TIMES), (32_000, 1)].map(|(deals, times)| {
        let ledger = Ledger::read(&one_account(deals), &charter.calendar).unwrap();
        (0..times).map(|_| derive(&ledger, &charter).1).sum::<f64>()
    });
    assert!(seconds[1] < 0.05 + DEARER * seconds[0], "{seconds:?}");
}

/// Seconds that this thread was on a processor, where the system tells: other work does not count.
fn on_processor() -> Option<f64> {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds: f64 = told.split(' ').next()?.parse().ok()?;
    Some(nanoseconds / 1e9)
}

/// How long this thread works at something.
fn worked(work: impl FnOnce()) -> f64 {
    let (clock, before) = (Clock::now(), on_processor());
    work();
    match (before, on_processor()) {
        (Some(before), Some(after)) => after - before,
        _ => clock.elapsed().as_secs_f64(),
    }
}

/// Seconds that finding and applying who is who takes, for so many people in two systems.
fn who_is_who(people: u32) -> f64 {
    let mut text = String::new();
    for person in 0..people {
        let day = Day(19_000 + i32::try_from(person % 300).unwrap());
        let company = person / 10;
        let _ = writeln!(
            text,
            "{day} person P{person} email=p{person}@c{company}.example"
        );
        let _ = writeln!(
            text,
            "{day} person W{person} email=p{person}@c{company}.example in=web"
        );
        for touch in 0..4 {
            let _ = writeln!(
                text,
                "{} touch W{person} mail team=marketing",
                day.plus(touch)
            );
        }
    }
    for company in 0..=people / 10 {
        let _ = writeln!(
            text,
            "2020-01-01 account @C{company} domain=c{company}.example"
        );
    }
    let charter = sketch::charter(random::CHARTER).unwrap();
    let mut snapshot = Ledger::read(&text, &charter.calendar).unwrap().snapshot;
    let mut who = identity::Resolution::default();
    let seconds = worked(|| {
        who = identity::resolve(&snapshot, &charter.identity);
        identity::apply(&mut snapshot, &who);
    });
    assert_eq!(who.links.len(), people as usize);
    println!("{} facts: {seconds:.3} s", snapshot.facts.len());
    seconds
}

#[test]
fn who_is_who_costs_no_more_than_the_number_of_facts() {
    let small: f64 = (0..TIMES).map(|_| who_is_who(2_000)).sum();
    let large = who_is_who(32_000);
    assert!(large < 0.05 + DEARER * small, "{small} {large}");
}
