//! Breaks what was derived where a test asks for it, to see that it is found, and cuts it finer.
//! Nothing of this is in a release.

use handfast_kernels::cells::Part;

#[cfg(debug_assertions)]
pub(super) fn plant(part: &mut Part) {
    let wanted = std::env::var("HANDFAST_PLANT").unwrap_or_default();
    let visits = part.journeys.pursuits.iter_mut();
    let mut visits = visits.flat_map(|pursuit| &mut pursuit.visits);
    match (wanted.as_str(), visits.next_back()) {
        // A stay that was left before it began.
        ("I3", Some(visit)) => {
            let at = visit.entered.at.map(|at| handfast_model::Instant(at.0 - 1));
            visit.left = Some(handfast_kernels::Moment {
                when: visit.entered.when,
                at,
            });
        }
        // Another rep than the facts name: only deriving again shows it.
        ("I7", Some(visit)) => visit.rep = Some(part.snapshot.names.intern("planted")),
        _ => {}
    }
}

/// Does nothing.
#[cfg(not(debug_assertions))]
pub(super) fn plant(_part: &mut Part) {}

/// How many facts a home holds: as many as a test says, else as many as usual.
pub(super) fn home_facts(usual: u64) -> u64 {
    #[cfg(debug_assertions)]
    if let Ok(facts) = std::env::var("HANDFAST_HOME_FACTS") {
        return facts.parse().unwrap_or(usual);
    }
    usual
}
