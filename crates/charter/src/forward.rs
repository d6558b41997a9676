//! A charter that holds only for what happens from a day on, laid over the one that it replaces.
//!
//! What can be so is what enters a stage, what leaves it and what opens a pursuit: each of them
//! happens at a moment. Everything else is said of all the past at once, and changes with it.

use handfast_model::rules::{Charter, Earlier, Step};
use handfast_model::{Day, Instant};

use crate::diff::{Change, ChangeKind, diff};

/// A charter that holds from a day on, with what was in force before. The error is what it changes
/// that cannot wait for a day.
pub fn forward(old: &Charter, new: Charter, from: Day) -> Result<Charter, Vec<Change>> {
    let until = new.calendar.start_of(from);
    let last = old.steps_at(Some(Instant(until.0 - 1)));
    let opening = old.opening_at(Some(Instant(until.0 - 1))).clone();
    // As though it changed nothing of what happens at a moment.
    let is_known = |step: &&Step| old.steps.iter().any(|known| known.id == step.id);
    let known: Vec<Step> = new.steps.iter().filter(is_known).cloned().collect();
    let rest = Charter {
        steps: laid(&old.steps, &known),
        opening: old.opening.clone(),
        ..new.clone()
    };
    let mut changes = diff(old, &rest);
    changes.retain(|change| !change.figures.is_empty() && !is_new_name(change));
    if !changes.is_empty() {
        return Err(changes);
    }
    let mut earlier: Vec<Earlier> = old.earlier.clone();
    earlier.retain(|one| one.until < until);
    for one in &mut earlier {
        one.steps = laid(&one.steps, &new.steps);
    }
    earlier.push(Earlier {
        until,
        charter: old.hash.clone(),
        steps: laid(last, &new.steps),
        opening,
    });
    Ok(Charter {
        hash: forward_hash(&old.hash, &new.hash, from),
        earlier,
        ..new
    })
}

/// The hash by which a charter is called that holds from a day on, over the one it replaces.
pub fn forward_hash(old: &str, new: &str, from: Day) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(format!("forward-only\n{old}\n{new}\n{from}\n").as_bytes());
    format!("blake3:{}", hasher.finalize().to_hex())
}

/// A name that no figure could use before.
fn is_new_name(change: &Change) -> bool {
    let kinds = ["attribute ", "metric ", "team "];
    change.kind == ChangeKind::Added
        && change.part.is_none()
        && kinds.iter().any(|kind| change.what.starts_with(kind))
}

/// What these steps meant, in the places of others; a step that there was not is never entered.
fn laid(then: &[Step], now: &[Step]) -> Vec<Step> {
    let laid = |step: &Step| {
        let was = then.iter().find(|was| was.id == step.id);
        Step {
            marks: was.map_or_else(Vec::new, |was| was.marks.clone()),
            enters_when: was.and_then(|was| was.enters_when.clone()),
            exits_when: was.and_then(|was| was.exits_when.clone()),
            wins: was.map_or(step.wins, |was| was.wins),
            is_implied: was.is_some_and(|was| was.is_implied),
            opens: was.is_some_and(|was| was.opens),
            ..step.clone()
        }
    };
    now.iter().map(laid).collect()
}
