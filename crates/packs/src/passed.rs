//! In which order stages were passed, as the rows of files tell it.

use std::collections::BTreeMap;

/// A stage that somebody entered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passed {
    /// Who, or which deal.
    pub subject: String,
    /// When: `2026-01-02`, or with the time behind it.
    pub when: String,
    /// The label of the stage.
    pub stage: String,
}

/// As many subjects, at least, tell an order.
const FEWEST: u64 = 3;

/// Puts steps, each with the spellings of its label, in the order in which they were passed. Two
/// that nobody passed, or some in one order and many in the other, stay as they are.
pub(crate) fn in_order(steps: &mut Vec<(usize, Vec<String>)>, passed: &[Passed]) {
    let counts = counts(passed);
    let times = |first: &[String], then: &[String]| -> u64 {
        let key = |labels: &[String]| labels.first().map(|label| label.to_lowercase());
        let pair = key(first).zip(key(then));
        pair.and_then(|pair| counts.get(&pair))
            .copied()
            .unwrap_or(0)
    };
    let is_before = |one: &[String], other: &[String]| {
        let (so, not_so) = (times(one, other), times(other, one));
        so >= FEWEST && so > 2 * not_so
    };
    // Each pass moves one step ahead of all that it comes before; a ring of steps ends it.
    for _ in 0..steps.len() * steps.len() {
        let found = (1..steps.len()).find_map(|at| {
            let one = &steps.get(at)?.1;
            let to = steps
                .iter()
                .take(at)
                .position(|(_, other)| is_before(one, other));
            to.map(|to| (at, to))
        });
        let Some((at, to)) = found else { return };
        let one = steps.remove(at);
        steps.insert(to, one);
    }
}

/// How many subjects entered one stage for the first time before another, in small letters.
fn counts(passed: &[Passed]) -> BTreeMap<(String, String), u64> {
    let mut firsts: BTreeMap<&str, BTreeMap<String, &str>> = BTreeMap::new();
    for one in passed {
        let stages = firsts.entry(&one.subject).or_default();
        let first = stages.entry(one.stage.to_lowercase()).or_insert(&one.when);
        if is_earlier(&one.when, first) {
            *first = &one.when;
        }
    }
    let mut counts: BTreeMap<(String, String), u64> = BTreeMap::new();
    for stages in firsts.values() {
        for (one, when) in stages {
            let later = stages.iter().filter(|(_, other)| is_earlier(when, other));
            for (other, _) in later {
                *counts.entry((one.clone(), other.clone())).or_default() += 1;
            }
        }
    }
    counts
}

/// Whether one is earlier as they are written: a day without a time comes before its times. Near
/// midnight in another zone than UTC that may err by a day, which many subjects outweigh.
fn is_earlier(one: &str, other: &str) -> bool {
    let is_dated = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    is_dated(one) && is_dated(other) && one < other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(rows: &[(&str, &str, &str)], times: usize) -> Vec<Passed> {
        let one = |number: usize, (subject, when, stage): &(&str, &str, &str)| Passed {
            subject: format!("{subject}{number}"),
            when: (*when).to_owned(),
            stage: (*stage).to_owned(),
        };
        let all = (0..times).flat_map(|number| rows.iter().map(move |row| one(number, row)));
        all.collect()
    }

    fn ordered(labels: &[&str], passed: &[Passed]) -> Vec<String> {
        let steps = labels.iter().map(|label| (0, vec![label.to_string()]));
        let mut steps: Vec<(usize, Vec<String>)> = steps.collect();
        in_order(&mut steps, passed);
        steps
            .into_iter()
            .filter_map(|(_, labels)| labels.into_iter().next())
            .collect()
    }

    #[test]
    fn stages_stand_as_most_passed_them() {
        let rows = [
            ("a", "2026-01-02", "New"),
            ("a", "2026-01-05", "QUALIFIED"),
            ("a", "2026-01-09T10:00:00Z", "Accepted"),
            // Comes again, and was first long ago.
            ("a", "2026-02-09", "New"),
        ];
        let labels = ["Accepted", "Demo", "New", "Qualified"];
        let expected = ["New", "Qualified", "Accepted", "Demo"];
        assert_eq!(ordered(&labels, &passed(&rows, 3)), expected);
        // Too few to tell.
        assert_eq!(ordered(&labels, &passed(&rows, 2)), labels);
    }

    #[test]
    fn what_is_of_one_moment_or_as_often_the_other_way_tells_nothing() {
        let moment = [("a", "2026-01-02", "B"), ("a", "2026-01-02", "A")];
        assert_eq!(ordered(&["A", "B"], &passed(&moment, 9)), ["A", "B"]);
        let day = [("a", "2026-01-02", "B"), ("a", "2026-01-02T10:00:00Z", "A")];
        assert_eq!(ordered(&["A", "B"], &passed(&day, 9)), ["B", "A"]);
        let undated = [("a", "undated", "A"), ("a", "2026-01-02", "B")];
        assert_eq!(ordered(&["B", "A"], &passed(&undated, 9)), ["B", "A"]);
        let mut both = passed(&[("a", "2026-01-02", "B"), ("a", "2026-01-03", "A")], 8);
        both.extend(passed(
            &[("b", "2026-01-02", "A"), ("b", "2026-01-03", "B")],
            4,
        ));
        assert_eq!(ordered(&["A", "B"], &both), ["A", "B"]);
        // A ring has no order, and ends.
        let mut ring = passed(&[("a", "2026-01-02", "A"), ("a", "2026-01-03", "B")], 3);
        ring.extend(passed(
            &[("b", "2026-01-02", "B"), ("b", "2026-01-03", "C")],
            3,
        ));
        ring.extend(passed(
            &[("c", "2026-01-02", "C"), ("c", "2026-01-03", "A")],
            3,
        ));
        assert_eq!(ordered(&["A", "B", "C"], &ring).len(), 3);
    }
}
