//! Breaks what was derived where a test asks for it, to see that it is found, and cuts it finer or
//! looks at less. Nothing of this is in a release.

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

/// A limit: what a test says of it under a name, else what it usually is.
pub(super) fn said(name: &str, usual: u64) -> u64 {
    let said = cfg!(debug_assertions).then(|| std::env::var(name).ok());
    let said = said.flatten().and_then(|number| number.parse().ok());
    said.unwrap_or(usual)
}
