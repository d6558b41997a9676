//! Accounts and deals in lists, against what each deal says by itself.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use handfast_engine::answer::accounts::{accounts, deals};
use handfast_engine::derived::Derived;
use handfast_kernels::cells::Part;
use handfast_model::Day;
use handfast_model::rules::StepRole;
use handfast_testkit::{Ledger, random, sketch};

/// The slow road: each deal by itself, whose it is and how it ended.
#[test]
fn an_account_has_the_deals_that_name_it_and_pages_leave_none_out() {
    let charter = sketch::charter(random::CHARTER).unwrap();
    let horizon = charter.calendar.start_of(Day(20_270));
    let (mut accounts_seen, mut won_seen) = (0, 0);
    for seed in 0..80 {
        let text = random::lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let derived = Derived::new(Part::of(ledger.snapshot, &charter, horizon), (horizon, 0));
        let names = &derived.part.snapshot.names;
        let mut known: BTreeMap<String, [u64; 3]> = BTreeMap::new();
        for pursuit in &derived.part.journeys.pursuits {
            let Some(account) = pursuit.account else {
                continue;
            };
            let counts = known.entry(names.text(account).to_owned()).or_default();
            let Some(deal) = pursuit.deal else { continue };
            match derived
                .part
                .journeys
                .deals
                .get(deal as usize)
                .unwrap()
                .outcome
            {
                None => counts[0] += 1,
                Some(StepRole::Won) => counts[1] += 1,
                Some(StepRole::Lost) => counts[2] += 1,
                Some(_) => {}
            }
        }
        let all = accounts(&derived, &charter, "", (0, usize::MAX));
        assert_eq!(all.of as usize, known.len(), "seed {seed}");
        let mut paged = Vec::new();
        while paged.len() < all.some.len() {
            let page = accounts(&derived, &charter, "", (paged.len(), 2));
            assert_eq!(page.of, all.of);
            paged.extend(page.some);
        }
        assert_eq!(paged, all.some, "seed {seed}");
        for one in &all.some {
            assert_eq!(
                known[&one.key],
                [one.open, one.won, one.lost],
                "seed {seed}"
            );
            won_seen += one.won;
            let found = accounts(&derived, &charter, &one.key.to_uppercase(), (0, 99));
            assert!(found.some.contains(one), "seed {seed}: {}", one.key);
        }
        accounts_seen += known.len();
        let keys: BTreeSet<&str> = derived
            .part
            .journeys
            .deals
            .iter()
            .map(|one| names.text(one.key))
            .collect();
        let listed = deals(&derived, &charter, "", (0, usize::MAX)).some;
        let listed: Vec<&str> = listed.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(listed, keys.into_iter().collect::<Vec<_>>(), "seed {seed}");
    }
    assert!(
        accounts_seen > 100 && won_seen > 20,
        "{accounts_seen} {won_seen}"
    );
}
