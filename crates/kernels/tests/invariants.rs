//! Invariants hold whatever the facts say, and a planted breach of each is found.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use handfast_kernels::cells::Part;
use handfast_kernels::identity::{self, How, Key, Link};
use handfast_kernels::invariants::{self, Converted, Given, Looking};
use handfast_kernels::journey::{LeftBy, Moment, World};
use handfast_kernels::rates::Rates;
use handfast_model::{
    Breaches, Charter, Currency, Day, FactId, Instant, Invariant, Money, PersonId, Seq, When,
};
use handfast_testkit::{Ledger, random, sketch};

fn charter() -> Charter {
    sketch::charter(&format!("{}\nrates at_close", random::CHARTER)).unwrap()
}

fn horizon(charter: &Charter) -> Instant {
    charter.calendar.start_of(Day(20_270))
}

fn lines(seed: u64) -> Vec<String> {
    let mut lines = random::lines(seed);
    if seed.is_multiple_of(2) {
        lines.extend(random::identity_lines(seed));
    }
    lines.push("2025-01-02 rate from_currency=USD to_currency=EUR rate=0.9271".to_owned());
    lines.push("2025-05-02 rate from_currency=EUR to_currency=USD rate=1.0711".to_owned());
    lines
}

fn part(seed: u64, charter: &Charter) -> Part {
    let ledger = Ledger::read(&lines(seed).join("\n"), &charter.calendar).unwrap();
    Part::of(ledger.snapshot, charter, horizon(charter))
}

fn codes(found: &Breaches) -> Vec<&'static str> {
    found.counts().keys().map(|one| one.code()).collect()
}

#[test]
fn they_hold_whatever_the_facts_say() {
    let charter = charter();
    let mut joined = 0;
    for seed in 0..2_000 {
        let text = lines(seed).join("\n");
        let ledger = Ledger::read(&text, &charter.calendar).unwrap();
        let who = identity::resolve(&ledger.snapshot, &charter.identity);
        joined += who.links.len();
        let found = invariants::people(&ledger.snapshot, &who);
        assert_eq!(found, Breaches::default(), "seed {seed}\n{text}");
        let part = Part::of(ledger.snapshot, &charter, horizon(&charter));
        let found = invariants::all(&part, &charter, horizon(&charter));
        assert_eq!(found, Breaches::default(), "seed {seed}\n{text}");
    }
    assert!(joined > 1_000, "{joined}");
}

/// A part with something planted in it; `None` where this seed has no place for it.
type Plant = fn(&mut Part) -> Option<()>;

const PLANTS: [(&str, &str, Plant); 17] = [
    ("I3", "left before it was entered", |part| {
        let pursuits = part.journeys.pursuits.iter_mut();
        let visits = pursuits.flat_map(|pursuit| &mut pursuit.visits);
        let mut visits = visits.filter(|visit| !visit.is_implied && visit.entered.at.is_some());
        let visit = visits.find(|visit| visit.left.is_some())?;
        visit.left.as_mut()?.at = visit.entered.at.map(|at| Instant(at.0 - 1));
        Some(())
    }),
    ("I3", "a stay that was left and goes on", |part| {
        let pursuits = part.journeys.pursuits.iter_mut();
        let mut visits = pursuits.flat_map(|pursuit| &mut pursuit.visits);
        visits.find(|visit| visit.left_by == LeftBy::Advanced)?.left = None;
        Some(())
    }),
    ("I3", "advanced to nowhere", |part| {
        let pursuit = part.journeys.pursuits.iter_mut().find(|pursuit| {
            let mut visits = pursuit.visits.iter().rev();
            let is_there = visits.next().is_some_and(|visit| visit.left.is_none());
            let before = visits.next();
            let is_to_next = |by| by != LeftBy::Back && by != LeftBy::SkippedTo;
            is_there && before.is_some_and(|visit| is_to_next(visit.left_by))
        })?;
        pursuit.visits.pop().map(drop)
    }),
    ("I3", "won and open", |part| {
        let mut pursuits = part.journeys.pursuits.iter_mut();
        pursuits
            .find(|one| one.end.is_some() && !one.visits.is_empty())?
            .end = None;
        Some(())
    }),
    ("I3", "a touch of two pursuits", |part| {
        let touches: Vec<u32> = part
            .journeys
            .pursuits
            .iter()
            .flat_map(|p| p.touches.clone())
            .collect();
        let last = part.journeys.pursuits.last_mut()?;
        last.touches.push(*touches.first()?);
        Some(())
    }),
    ("I3", "a deal whose pursuit carries another", |part| {
        part.journeys
            .pursuits
            .iter_mut()
            .find_map(|pursuit| pursuit.deal.take())
            .map(drop)
    }),
    ("I3", "pursuits out of order", |part| {
        let pursuits = &mut part.journeys.pursuits;
        let is_far = |pair: &[_]| matches!(pair, [(Some(a), None), (Some(b), None)] if a != b);
        let keys: Vec<_> = pursuits
            .iter()
            .map(|one| (one.opened.at, one.deal))
            .collect();
        let at = keys.windows(2).position(is_far)?;
        pursuits.swap(at, at + 1);
        Some(())
    }),
    ("I4", "two facts of one name", |part| {
        let id = part.snapshot.facts.first()?.id;
        part.snapshot.facts.last_mut()?.id = id;
        Some(())
    }),
    ("I4", "two facts in one place", |part| {
        let fact = part.snapshot.facts.last_mut()?;
        let mut twin = fact.clone();
        twin.id = FactId(fact.id.0 ^ 1);
        part.snapshot.facts.push(twin);
        part.cells.push(*part.cells.last()?);
        Some(())
    }),
    ("I6", "two clocks of one commit", |part| {
        part.snapshot.facts.first_mut()?.recorded_at = Instant(7);
        Some(())
    }),
    ("I6", "a clock that goes back", |part| {
        let fact = part.snapshot.facts.first_mut()?;
        let later = Instant(fact.recorded_at.0 + 7);
        (fact.seq, fact.recorded_at) = (Seq(0), later);
        Some(())
    }),
    ("I6", "learned after the moment of knowing", |part| {
        part.snapshot.facts.first_mut()?.seq = Seq(2);
        Some(())
    }),
    ("I6", "facts out of order", |part| {
        let last = part.snapshot.facts.len() - 1;
        part.snapshot.facts.swap(0, last);
        Some(())
    }),
    ("I7", "a person in two cells", |part| {
        let facts = part.snapshot.facts.iter();
        let people: Vec<_> = facts.map(|fact| fact.person).collect();
        let twice = |at: &usize| people[*at].is_some() && people[..*at].contains(&people[*at]);
        let at = (0..people.len()).find(twice)?;
        part.cells[at] = part.count;
        Some(())
    }),
    ("I7", "a deal in two cells", |part| {
        let facts = part.snapshot.facts.iter();
        let deals: Vec<_> = facts.map(|fact| fact.deal).collect();
        let twice = |at: &usize| deals[*at].is_some() && deals[..*at].contains(&deals[*at]);
        let at = (0..deals.len()).find(twice)?;
        part.cells[at] = part.count;
        Some(())
    }),
    ("I8", "a person under two keys", |part| {
        let at = part.given.first()?.fact;
        let fact = &mut part.snapshot.facts[at as usize];
        fact.person = Some(PersonId(fact.person?.0 ^ 1));
        let given = part.given.first()?.person;
        let others = part.given.iter().skip(1);
        others
            .into_iter()
            .any(|other| other.person == given)
            .then_some(())
    }),
    ("I8", "keys in a circle", |part| {
        // One person is counted under another, who is counted under the first.
        let facts = part.snapshot.facts.iter();
        let people: Vec<_> = (0u32..)
            .zip(facts)
            .filter_map(|(at, f)| Some((at, f.person?)))
            .collect();
        let (a, b) = (
            people.first()?,
            people.iter().find(|(_, id)| *id != people[0].1)?,
        );
        part.given.clear();
        for (own, other) in people.iter().filter_map(|(at, id)| match *id {
            id if id == a.1 => Some((*at, b.1)),
            id if id == b.1 => Some((*at, a.1)),
            _ => None,
        }) {
            let fact = &mut part.snapshot.facts[own as usize];
            part.given.push(handfast_kernels::cells::Given {
                fact: own,
                person: fact.person,
                account: fact.account,
                deal: fact.deal,
            });
            fact.person = Some(other);
        }
        Some(())
    }),
];

#[test]
fn what_is_planted_is_found_and_named() {
    let charter = charter();
    for (code, what, plant) in PLANTS {
        let mut found_in = 0;
        for seed in 0..200 {
            let mut part = part(seed, &charter);
            if plant(&mut part).is_none() {
                continue;
            }
            let found = invariants::all(&part, &charter, horizon(&charter));
            assert!(
                codes(&found).contains(&code),
                "seed {seed}: {what}: {found:?}"
            );
            assert!(
                found.told().iter().all(|breach| !breach.at.is_empty()),
                "{found:?}"
            );
            found_in += 1;
        }
        assert!(found_in > 5, "{what} was planted {found_in} times");
    }
}

/// Credits with something planted in them, for one that gives to two touches.
type Mischief = fn(&mut Given, &mut Part);

const MISCHIEFS: [(&str, Mischief); 9] = [
    ("a cent too many", |given, _| {
        given.parts.as_mut().unwrap()[0].minor += 1;
    }),
    ("a credit beyond the amount", |given, _| {
        let parts = given.parts.as_mut().unwrap();
        let more = given.amount.minor + 1;
        (parts[0].minor, parts[1].minor) = (parts[0].minor + more, parts[1].minor - more);
    }),
    ("another currency", |given, _| {
        given.parts.as_mut().unwrap()[0].currency = Currency::parse("JPY").unwrap();
    }),
    ("a credit of no touch", |given, _| {
        given.touches.pop();
    }),
    ("a touch that earns twice", |given, _| {
        given.touches[1] = given.touches[0];
    }),
    ("another amount", |given, _| {
        given.amount.minor += 100;
        given.parts.as_mut().unwrap()[0].minor += 100;
    }),
    ("a touch after the close", |given, part| {
        part.snapshot.facts[given.touches[0] as usize].happened = When::Day(Day(25_000));
    }),
    ("what is no touch", |given, part| {
        part.snapshot.facts[given.touches[0] as usize].kind = handfast_model::FactKind::Link;
    }),
    ("another buyer's touch", |given, part| {
        part.cells[given.touches[0] as usize] = part.count;
    }),
];

#[test]
fn a_deal_that_gives_other_than_what_it_is_worth_is_found() {
    let charter = charter();
    let mut found_in = [0; MISCHIEFS.len() + 1];
    for seed in 0..10_000 {
        let part = part(seed, &charter);
        let found = invariants::credit(&part, &charter, horizon(&charter));
        assert_eq!(found, Breaches::default(), "seed {seed}");
        let mut given = Vec::new();
        invariants::given(&part, &charter, horizon(&charter), |one| given.push(one));
        let looked = |part: &Part, given: &[Given]| {
            let mut looking = Looking::new(part, &charter.calendar);
            given.iter().for_each(|one| looking.look(one));
            looking.finish()
        };
        let is_shared = |one: &Given| one.touches.len() > 1 && one.model == "linear";
        let Some(at) = given.iter().position(is_shared) else {
            continue;
        };
        for (number, (what, plant)) in MISCHIEFS.iter().enumerate() {
            let (mut given, mut part) = (given.clone(), part.clone());
            plant(&mut given[at], &mut part);
            let found = looked(&part, &given);
            assert_eq!(codes(&found), ["I2"], "seed {seed}: {what}: {found:?}");
            let is_named = |at: &str| at.starts_with("deal ");
            assert!(
                found.told().iter().all(|breach| is_named(&breach.at)),
                "{found:?}"
            );
            found_in[number] += 1;
        }
        let of_others = |one: &&Given| one.deal != given[at].deal;
        let without: Vec<Given> = given.iter().filter(of_others).cloned().collect();
        assert_eq!(codes(&looked(&part, &without)), ["I2"]);
        found_in[MISCHIEFS.len()] += 1;
    }
    assert!(found_in.iter().all(|found| *found > 15), "{found_in:?}");
}

#[test]
fn what_was_kept_is_told_apart_from_what_deriving_gives() {
    let charter = charter();
    let mut found_in = 0;
    for seed in 0..100 {
        let whole = part(seed, &charter);
        let mut kept = Part::join(vec![Part::default(), whole.clone()], &charter.calendar);
        assert_eq!(
            invariants::same(kept.clone(), whole.clone()),
            Breaches::default()
        );
        // Texts under other numbers say the same.
        kept.tidy();
        let mut names = handfast_model::Names::default();
        names.intern("of nobody");
        let other = Part {
            snapshot: handfast_model::Snapshot {
                names,
                ..Default::default()
            },
            ..Default::default()
        };
        let joined = Part::join(vec![other, kept], &charter.calendar);
        assert_eq!(invariants::same(joined, whole.clone()), Breaches::default());
        let plants: [fn(&mut Part) -> Option<()>; 7] = [
            |part| part.snapshot.facts.pop().map(drop),
            |part| {
                part.snapshot.facts.first_mut()?.happened = When::Day(Day(1));
                Some(())
            },
            |part| part.given.pop().map(drop),
            |part| {
                let mut visits = part
                    .journeys
                    .pursuits
                    .iter_mut()
                    .flat_map(|p| &mut p.visits);
                let visit = visits.next()?;
                visit.is_implied = !visit.is_implied;
                Some(())
            },
            |part| part.journeys.deals.pop().map(drop),
            |part| {
                part.journeys.leads.first_mut()?.worked = Some(7_000);
                Some(())
            },
            |part| part.journeys.issues.pop().map(drop),
        ];
        for plant in plants {
            let mut kept = whole.clone();
            if plant(&mut kept).is_some() {
                let found = invariants::same(kept, whole.clone());
                assert_eq!(codes(&found), ["I7"], "seed {seed}");
                found_in += 1;
            }
        }
    }
    assert!(found_in > 400, "{found_in}");
}

#[test]
fn a_flow_that_does_not_add_up_is_found_without_regard_to_shape() {
    let charter = charter();
    let mut found_in = 0;
    for seed in 0..200 {
        let mut part = part(seed, &charter);
        let pursuits = part.journeys.pursuits.iter_mut();
        let visits = pursuits.flat_map(|pursuit| &mut pursuit.visits);
        let mut visits = visits.filter(|visit| visit.entered.at.is_some());
        let Some(visit) = visits.find(|visit| visit.left.is_some()) else {
            continue;
        };
        let at = visit.entered.at.map(|at| Instant(at.0 - 1));
        visit.left = Some(Moment {
            when: When::Unknown,
            at,
        });
        let snapshot = &part.snapshot;
        let world = World {
            snapshot,
            charter: &charter,
            horizon: horizon(&charter),
        };
        let found = invariants::conservation(&world, &part.journeys);
        assert_eq!(codes(&found), ["I3"], "seed {seed}");
        found_in += 1;
    }
    assert!(found_in > 50, "{found_in}");
}

#[test]
fn links_that_join_nothing_and_keys_that_nothing_joins_are_found() {
    let charter = charter();
    let (mut parted, mut unproved) = (0, 0);
    for seed in (0..200).step_by(2) {
        let ledger = Ledger::read(&lines(seed).join("\n"), &charter.calendar).unwrap();
        let mut who = identity::resolve(&ledger.snapshot, &charter.identity);
        let check = |who: &identity::Resolution| invariants::people(&ledger.snapshot, who);
        if let Some(link) = who.links.pop() {
            let found = check(&who);
            let is_bridge = who.links.iter().all(|other| {
                let keys = [other.a, other.b];
                !keys.contains(&link.a) && !keys.contains(&link.b)
            });
            if is_bridge {
                assert_eq!(codes(&found), ["I8"], "seed {seed}");
                unproved += 1;
            }
            who.links.push(link);
        }
        let mut people = ledger.snapshot.facts.iter().filter_map(|fact| fact.person);
        let first = people.next().unwrap();
        let other = people.find(|id| who.person(*id) != who.person(first));
        if let Some(other) = other {
            who.links.push(Link {
                a: Key::Person(first),
                b: Key::Person(other),
                how: How::Merge,
                facts: [0, 0],
            });
            assert_eq!(codes(&check(&who)), ["I8"], "seed {seed}");
            parted += 1;
        }
    }
    assert!(parted > 20 && unproved > 20, "{parted} {unproved}");
}

#[test]
fn a_wrong_conversion_is_found() {
    let charter = charter();
    let text = "2025-01-02 rate from_currency=USD to_currency=EUR rate=0.9271
                2025-05-02 rate from_currency=EUR to_currency=USD rate=1.0711
                2025-05-02 rate from_currency=EUR to_currency=JPY rate=161.5";
    let ledger = Ledger::read(text, &charter.calendar).unwrap();
    let rates = Rates::new(&ledger.snapshot, &charter);
    let code = |code: &str| Currency::parse(code).unwrap();
    let money = |minor, currency| Money {
        minor,
        currency: code(currency),
    };
    let day = Day::parse("2025-02-01");
    let mut converted = 0;
    for minor in [0, 1, 5, 49, 50, 51, 10_001, -333, 999_999_999] {
        for (from, to) in [
            ("USD", "EUR"),
            ("EUR", "USD"),
            ("EUR", "EUR"),
            ("EUR", "JPY"),
        ] {
            for day in [day, Day::parse("2025-06-01")] {
                let Some(priced) = rates.price(money(minor, from), code(to), day) else {
                    continue;
                };
                let one = Converted {
                    money: money(minor, from),
                    to: code(to),
                    day,
                    priced,
                };
                assert_eq!(invariants::priced(&rates, &one), None);
                for off in [-1, 1] {
                    let mut wrong = one;
                    wrong.priced.money.minor += off;
                    assert!(invariants::priced(&rates, &wrong).is_some(), "{wrong:?}");
                }
                if from != to {
                    let mut wrong = one;
                    wrong.priced.by = [None, None];
                    assert!(invariants::priced(&rates, &wrong).is_some(), "{wrong:?}");
                    let mut early = one;
                    early.day = Day::parse("2025-01-01");
                    assert!(invariants::priced(&rates, &early).is_some(), "{early:?}");
                }
                let mut other = one;
                other.priced.money.currency = code("GBP");
                assert!(invariants::priced(&rates, &other).is_some(), "{other:?}");
                converted += 1;
            }
        }
    }
    assert!(converted > 40, "{converted}");
    assert_eq!(Invariant::Money.code(), "I9");
}
