//! A naive twin of the walk: leads, deals, marks and touches on different days, attached and moved
//! by plain loops over everything, compared with the kernel on thousands of random ledgers.
//!
//! It knows no undated facts, no rules, no silence and no ties; cases and laws look at those.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use handfast_kernels::journey::{self, Buyer, World};
use handfast_model::{Day, When};
use handfast_testkit::random::Chance;
use handfast_testkit::{Ledger, sketch};

const CHARTER: &str = "
path      mql, sql, proposal, won
implied   sql
detour    recycled
lost      lost
";
const STEPS: [&str; 6] = ["mql", "sql", "proposal", "won", "recycled", "lost"];

#[derive(Clone, Debug)]
struct Line {
    day: i32,
    kind: &'static str,
    person: Option<&'static str>,
    account: Option<&'static str>,
    deal: Option<&'static str>,
    step: usize,
}

impl Line {
    fn text(&self) -> String {
        let names = [self.deal, self.person, self.account].into_iter().flatten();
        let names = names.collect::<Vec<_>>().join(" ");
        let tail = match self.kind {
            "mark" => format!("-> {}", STEPS[self.step]),
            "touch" => "call".to_owned(),
            _ => String::new(),
        };
        format!("{} {} {names} {tail}", Day(20_000 + self.day), self.kind)
    }
}

/// People become leads on the first days, with or without an account; everything else follows.
fn story(seed: u64) -> Vec<Line> {
    let mut chance = Chance::new(seed);
    let mut lines = Vec::new();
    let people = ["Ana", "Ben", "Cleo", "Dov"];
    for (day, person) in people.into_iter().enumerate() {
        let account = chance.percent(60).then(|| chance.pick(&["@A", "@B"]));
        let (kind, day) = ("person", day as i32);
        lines.push(Line {
            day,
            kind,
            person: Some(person),
            account,
            deal: None,
            step: 0,
        });
    }
    let mut deals = vec!["#1", "#2", "#3"];
    for day in 5..5 + chance.below(25) as i32 {
        let person = Some(chance.pick(&people));
        let mut line = Line {
            day,
            kind: "touch",
            person,
            account: None,
            deal: None,
            step: 0,
        };
        match chance.below(8) {
            0 => {}
            1 | 2 => {
                let Some(deal) = deals.pop() else { continue };
                line.kind = "deal";
                line.deal = Some(deal);
                let who = chance.below(5);
                line.person = line.person.filter(|_| who < 2);
                line.account = (who == 2 || who == 3).then(|| chance.pick(&["@A", "@B"]));
            }
            subject => {
                line.kind = "mark";
                line.step = chance.below(6) as usize;
                let known: Vec<&str> = ["#3", "#2", "#1"]
                    .into_iter()
                    .filter(|d| !deals.contains(d))
                    .collect();
                match subject {
                    3 => (line.person, line.account) = (None, Some(chance.pick(&["@A", "@B"]))),
                    4..=6 if !known.is_empty() => {
                        (line.person, line.deal) = (None, Some(chance.pick(&known)));
                    }
                    _ => {}
                }
            }
        }
        lines.push(line);
    }
    lines
}

#[derive(Clone, Debug, PartialEq)]
struct Naive {
    buyer: String,
    opened: i32,
    people: Vec<&'static str>,
    deal: Option<&'static str>,
    touches: usize,
    end: Option<usize>,
    /// Step, day of entry; the subject that placed it.
    places: Vec<(usize, i32, String)>,
}

fn naive(lines: &[Line]) -> Vec<Naive> {
    let account_of = |person: &str| {
        let lead = lines
            .iter()
            .find(|l| l.kind == "person" && l.person == Some(person));
        lead.and_then(|lead| lead.account)
    };
    let deal_line = |deal: &str| {
        lines
            .iter()
            .find(|l| l.kind == "deal" && l.deal == Some(deal))
    };
    let buyer_of = |line: &Line| -> String {
        let line = line.deal.and_then(deal_line).unwrap_or(line);
        match (line.person, line.account, line.deal) {
            (Some(person), None, _) => account_of(person).unwrap_or(person).to_owned(),
            (_, Some(account), _) => account.to_owned(),
            (None, None, deal) => deal.unwrap().to_owned(),
        }
    };
    let has_end = |deal: &str| {
        let mut marks = lines
            .iter()
            .filter(|l| l.kind == "mark" && l.deal == Some(deal));
        marks.any(|mark| mark.step == 3 || mark.step == 5)
    };
    let has_mark = |deal: &str| {
        lines
            .iter()
            .any(|l| l.kind == "mark" && l.deal == Some(deal))
    };
    let mut all: Vec<Naive> = Vec::new();
    for line in lines {
        let buyer = buyer_of(line);
        let open = |p: &Naive| p.buyer == buyer && p.end.is_none();
        let with = |p: &Naive| line.person.is_some_and(|person| p.people.contains(&person));
        let fresh = Naive {
            buyer: buyer.clone(),
            opened: line.day,
            people: line.person.into_iter().collect(),
            deal: None,
            touches: 0,
            end: None,
            places: Vec::new(),
        };
        let near = all.iter().position(|p| open(p) && with(p));
        let near = near.or_else(|| all.iter().position(open));
        match line.kind {
            "person" => match all.iter().position(open) {
                Some(at) => all[at].people.extend(line.person),
                None => all.push(fresh),
            },
            "touch" => {
                if let Some(at) = near {
                    all[at].touches += 1;
                }
            }
            "deal" => {
                let free = |p: &Naive| open(p) && p.deal.is_none();
                let at = all.iter().position(|p| free(p) && with(p));
                let at = at.or_else(|| all.iter().position(free)).unwrap_or_else(|| {
                    all.push(fresh);
                    all.len() - 1
                });
                all[at].deal = line.deal;
                if let Some(person) = line.person.filter(|p| !all[at].people.contains(p)) {
                    all[at].people.push(person);
                }
            }
            _ => {
                let own = line
                    .deal
                    .and_then(|deal| all.iter().position(|p| p.deal == Some(deal)));
                let is_path = line.step < 3;
                let at = match own.or(near.filter(|_| line.deal.is_none())) {
                    Some(at) => at,
                    None if !is_path && all.iter().any(|p| p.buyer == buyer) => continue,
                    None => {
                        all.push(fresh);
                        all.len() - 1
                    }
                };
                if let Some(person) = line.person.filter(|p| !all[at].people.contains(p)) {
                    all[at].people.push(person);
                }
                let subject = line.person.or(line.account).or(line.deal).unwrap();
                move_to(&mut all[at], line, subject, &has_end, &has_mark);
            }
        }
    }
    all
}

fn move_to(
    pursuit: &mut Naive,
    line: &Line,
    subject: &str,
    has_end: &dyn Fn(&str) -> bool,
    has_mark: &dyn Fn(&str) -> bool,
) {
    let step = line.step;
    if let (Some(deal), true) = (pursuit.deal, line.person.is_some()) {
        let is_end = step == 3 || step == 5;
        if is_end && has_end(deal) || step == 4 && has_mark(deal) {
            return;
        }
    }
    if let Some((now, _, by)) = pursuit.places.last() {
        let is_back = step < 3 && *now < 3 && step < *now;
        if *now == step || is_back && by != subject {
            return;
        }
    }
    pursuit.places.push((step, line.day, subject.to_owned()));
    pursuit.end = (step == 3 || step == 5).then_some(step);
}

/// Step, day of entry, way of leaving, whether implied; per pursuit.
fn stays(pursuit: &Naive) -> Vec<String> {
    let mut seen = [false; 6];
    let mut furthest = -1;
    let mut stays: Vec<String> = Vec::new();
    for (at, (step, day, _)) in pursuit.places.iter().enumerate() {
        if *step < 4 {
            if *step > 1 && !seen[1] {
                stays.push(format!("sql {day} skipped_to true"));
                seen[1] = true;
            }
            furthest = furthest.max(*step as i32);
        }
        seen[*step] = true;
        let way = match pursuit.places.get(at + 1) {
            None => "still_there",
            Some((3, ..)) => "won",
            Some((4, ..)) => "recycled",
            Some((5, ..)) => "lost",
            Some((next, ..)) if *step < 3 => ["back", "advanced"][usize::from(next > step)],
            Some((next, ..)) => ["back", "advanced"][usize::from(*next as i32 > furthest)],
        };
        stays.push(format!("{} {day} {way} false", STEPS[*step]));
    }
    stays
}

#[test]
fn the_walk_agrees_with_its_twin() {
    let charter = sketch::charter(CHARTER).unwrap();
    let horizon = charter.calendar.start_of(Day(30_000));
    let mut visits = 0;
    for seed in 0..20_000 {
        let lines = story(seed);
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        let ledger = Ledger::read(&text.join("\n"), &charter.calendar).unwrap();
        let snapshot = &ledger.snapshot;
        let journeys = journey::derive(&World {
            snapshot,
            charter: &charter,
            horizon,
        });
        let day = |when: When| match when {
            When::Day(day) => day.0 - 20_000,
            _ => panic!("not a day"),
        };
        let mut found: Vec<String> = Vec::new();
        for pursuit in &journeys.pursuits {
            let buyer = match pursuit.buyer {
                Buyer::Account(key) | Buyer::Deal(key) => snapshot.names.text(key),
                Buyer::Person(id) => ledger.person(id),
            };
            let people: Vec<&str> = pursuit.people.iter().map(|id| ledger.person(*id)).collect();
            let deal = pursuit.deal.map(|d| journeys.deals[d as usize].key);
            let deal = deal.map(|key| snapshot.names.text(key));
            let stays: Vec<String> = pursuit
                .visits
                .iter()
                .map(|v| {
                    let step = STEPS[v.step.0 as usize];
                    let (day, way) = (day(v.entered.when), v.left_by.word());
                    format!("{step} {day} {way} {}", v.is_implied)
                })
                .collect();
            visits += stays.len();
            let (opened, touches) = (day(pursuit.opened.when), pursuit.touches.len());
            found.push(format!(
                "{buyer} {opened} {people:?} {deal:?} {touches} {stays:?}"
            ));
        }
        let mut twin: Vec<String> = Vec::new();
        for p in naive(&lines) {
            let Naive {
                buyer,
                opened,
                people,
                deal,
                touches,
                ..
            } = &p;
            twin.push(format!(
                "{buyer} {opened} {people:?} {deal:?} {touches} {:?}",
                stays(&p)
            ));
        }
        found.sort();
        twin.sort();
        assert_eq!(found, twin, "seed {seed}\n{}", text.join("\n"));
    }
    assert!(visits > 100_000, "{visits}");
}
