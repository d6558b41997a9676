//! What is said of each deal: when it was made, which marks it got, how its status turned.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use super::clock::{Time, Zone};
use super::meaning::{Meaning, Role};
use super::said::Said;

/// A claimed time and where it sorts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The claim.
    pub when: Time,
    /// Its instant; nothing sorts before everything.
    pub at: Option<i64>,
}

impl Moment {
    /// A start.
    pub fn begin(when: Time, zone: Zone) -> Moment {
        let at = zone.begin(when);
        Moment { when, at }
    }

    /// A close.
    pub fn close(when: Time, zone: Zone) -> Moment {
        let at = zone.close(when);
        Moment { when, at }
    }

    fn is_before(self, other: Moment) -> bool {
        self.at.is_some() && (other.at.is_none() || self.at < other.at)
    }
}

/// Whom a mark or an assignment is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    /// A person.
    Person(u128),
    /// An account.
    Account(String),
    /// A deal.
    Deal(String),
}

/// Whom a fact is about: as it says itself, else its deal, its person, its account.
pub fn about(fact: &Said) -> Option<About> {
    let person = fact.person.map(About::Person);
    let account = fact.account.clone().map(About::Account);
    let deal = fact.deal.clone().map(About::Deal);
    match fact.text("subject") {
        Some("person") if person.is_some() => person,
        Some("account") if account.is_some() => account,
        _ => deal.or(person).or(account),
    }
}

/// The step that a mark places its subject in.
pub fn step_of(fact: &Said, meaning: &Meaning) -> Option<usize> {
    let step = meaning.step(fact.text("stage")?)?;
    let then = meaning.at(meaning.zone.begin(fact.when));
    (!then.steps[step].is_by_rule).then_some(step)
}

/// A change of a deal's status that no mark tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Turn {
    /// To won, to lost, or open again.
    pub role: Option<Role>,
    /// When.
    pub moment: Moment,
    /// The version that says so.
    pub fact: usize,
    /// Whether nothing turned it since.
    pub is_last: bool,
}

/// A deal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deal {
    /// Its key.
    pub key: String,
    /// The account last named.
    pub account: Option<String>,
    /// The person first named.
    pub person: Option<u128>,
    /// Those with a role in it.
    pub roles: Vec<u128>,
    /// Its state facts, by place.
    pub versions: Vec<usize>,
    /// Its marks, by place.
    pub marks: Vec<usize>,
    /// Since when it is known.
    pub known_from: Moment,
    /// When it was made; unknown where the first that is known of it is its end.
    pub created: Moment,
    /// When it opens or joins a pursuit.
    pub opens: Moment,
    /// Where its last dated mark sorts.
    pub last_mark: Option<i64>,
    /// The turns of its status.
    pub turns: Vec<Turn>,
    /// Versions that tell of a turn that is to come.
    pub to_come: Vec<usize>,
    /// Whether anything says how it stands.
    pub speaks: bool,
    /// Its present end, as claimed.
    pub ended: Option<Moment>,
}

/// All deals, by key.
pub fn deals(facts: &[Said], meaning: &Meaning, horizon: i64) -> Vec<Deal> {
    let mut mine: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, fact) in facts.iter().enumerate() {
        let is_of_deal = match fact.kind {
            FactKind::Deal | FactKind::Link => true,
            FactKind::Mark => matches!(about(fact), Some(About::Deal(_))),
            _ => false,
        };
        if let (Some(key), true) = (&fact.deal, is_of_deal) {
            mine.entry(key).or_default().push(place);
        }
    }
    // A role in a deal that nothing else is said of makes no deal.
    let is_link = |at: &usize| facts[*at].kind == FactKind::Link;
    mine.retain(|_, mine| !mine.iter().all(is_link));
    let deal = |(key, mine): (&&str, &Vec<usize>)| deal(key, facts, mine, (meaning, horizon));
    mine.iter().map(deal).collect()
}

fn has_status(fact: &Said) -> bool {
    matches!(fact.text("status"), Some("open" | "won" | "lost"))
}

fn deal(key: &str, facts: &[Said], mine: &[usize], (meaning, horizon): (&Meaning, i64)) -> Deal {
    let of = |kind: FactKind| -> Vec<usize> {
        let is_of = |at: &&usize| facts[**at].kind == kind;
        mine.iter().filter(is_of).copied().collect()
    };
    let (versions, marks) = (of(FactKind::Deal), of(FactKind::Mark));
    let zone = meaning.zone;
    let role = |at: &usize| step_of(&facts[*at], meaning).map(|step| meaning.role(step));
    let placed = marks.iter().filter_map(|at| Some((*at, role(at)?)));
    let placed: Vec<(usize, Role)> = placed.collect();
    let ends = placed.iter().filter(|(_, role)| role.is_end());
    let ends: Vec<Role> = ends.map(|(_, role)| *role).collect();
    let turns = turns(facts, &standing(facts, &versions, zone), zone);
    let is_to_come = |turn: &Turn| facts[turn.fact].is_to_come(turn.moment.at, horizon);
    let (to_come, mut turns): (Vec<Turn>, Vec<Turn>) = turns.into_iter().partition(is_to_come);
    if let Some(turn) = turns.last_mut() {
        turn.is_last = true;
    }
    // Where marks tell an end, marks are right.
    let has = |roles: &[Role]| ends.iter().any(|role| roles.contains(role));
    let (is_won, is_lost) = (has(&[Role::Won]), has(&[Role::Lost, Role::Disqualified]));
    turns.retain(|turn| match turn.role {
        Some(Role::Won) => !is_won,
        Some(_) => !is_lost,
        None => true,
    });
    let by_status = turns.last().filter(|turn| turn.role.is_some());
    let by_mark = placed.last().filter(|(_, role)| role.is_end());
    let by_mark = by_mark.map(|(at, _)| Moment::close(facts[*at].when, zone));
    let (known_from, created, opens) = beginnings(facts, &versions, &placed, zone);
    let is_own = |at: &&usize| facts[**at].kind != FactKind::Link;
    let said = || mine.iter().filter(is_own).map(|at| &facts[*at]);
    let roles = of(FactKind::Link).into_iter();
    Deal {
        key: key.to_owned(),
        account: said().rev().find_map(|fact| fact.account.clone()),
        person: said().find_map(|fact| fact.person),
        roles: roles.filter_map(|at| facts[at].person).collect(),
        last_mark: marks
            .iter()
            .filter_map(|at| zone.begin(facts[*at].when))
            .max(),
        speaks: !marks.is_empty() || versions.iter().any(|at| has_status(&facts[*at])),
        ended: by_status.map(|turn| turn.moment).or(by_mark),
        marks,
        versions,
        known_from,
        created,
        opens,
        turns,
        to_come: to_come.iter().map(|turn| turn.fact).collect(),
    }
}

/// Since when a deal is known, when it was made, and when it opens a pursuit: at its creation, or
/// with an earlier mark that is not its end.
fn beginnings(
    facts: &[Said],
    versions: &[usize],
    placed: &[(usize, Role)],
    zone: Zone,
) -> (Moment, Moment, Moment) {
    let nothing = Moment::begin(Time::Unknown, zone);
    let first = versions.first().map(|at| &facts[*at]);
    let says = |at: &&usize| facts[**at].time("created").is_some();
    // The row that says it first may be corrected by its own later versions, and by no other row.
    let first_said = versions.iter().find(says).map(|at| &facts[*at]);
    let row = |fact: &Said| {
        (
            fact.source.clone(),
            fact.stream.clone(),
            fact.key,
            fact.ordinal,
        )
    };
    let of_row = versions.iter().filter(says).map(|at| &facts[*at]);
    let of_row = of_row.filter(|fact| first_said.is_some_and(|first| row(first) == row(fact)));
    let stated = of_row.max_by_key(|fact| fact.version);
    let stated = stated.and_then(|fact| fact.time("created"));
    let known = stated.or(first.map(|fact| fact.when));
    let known_from = known.map_or(nothing, |when| Moment::begin(when, zone));
    let (mut opens, mut first_end) = (known_from, nothing);
    for (at, role) in placed {
        let moment = Moment::begin(facts[*at].when, zone);
        let earliest = if role.is_end() {
            &mut first_end
        } else {
            &mut opens
        };
        if moment.is_before(*earliest) {
            *earliest = moment;
        }
    }
    if first.is_none() {
        // Known by marks alone: the first of them is all there is of a creation.
        return match opens.at {
            None => (first_end, nothing, first_end),
            Some(_) => (opens, opens, opens),
        };
    }
    // Where the first that is known is the end, nothing says when it was made.
    let is_end = first.is_some_and(|fact| {
        let has_ended = matches!(fact.text("status"), Some("won" | "lost"));
        has_ended && fact.time("closed") == Some(fact.when)
    });
    let created = if stated.is_none() && is_end {
        nothing
    } else {
        known_from
    };
    (known_from, created, opens)
}

/// The versions whose status ever held: one whose record gives a status in a later version, from
/// the same or an earlier moment, was corrected by it.
fn standing(facts: &[Said], versions: &[usize], zone: Zone) -> Vec<usize> {
    let says = |at: &&usize| has_status(&facts[**at]);
    let stands = |at: &&usize| {
        let fact = &facts[**at];
        let corrects = |other: &usize| {
            let later = &facts[*other];
            let is_same = (later.key, later.ordinal) == (fact.key, fact.ordinal);
            let is_from_then = zone.begin(later.when) <= zone.begin(fact.when);
            is_same && later.version > fact.version && is_from_then
        };
        !versions.iter().filter(says).any(corrects)
    };
    versions
        .iter()
        .filter(says)
        .filter(stands)
        .copied()
        .collect()
}

/// Wins, losses and reopenings by status.
fn turns(facts: &[Said], versions: &[usize], zone: Zone) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    let mut state = "open";
    for (number, at) in versions.iter().enumerate() {
        let fact = &facts[*at];
        let Some(status) = fact.text("status") else {
            continue;
        };
        let closed = fact.time("closed");
        if status != state {
            // Only a later version's own time tells when the status changed.
            let changed = if number == 0 {
                Time::Unknown
            } else {
                fact.when
            };
            let (role, moment) = match status {
                "won" => (
                    Some(Role::Won),
                    Moment::close(closed.unwrap_or(changed), zone),
                ),
                "lost" => (
                    Some(Role::Lost),
                    Moment::close(closed.unwrap_or(changed), zone),
                ),
                _ => (None, Moment::begin(changed, zone)),
            };
            turns.push(Turn {
                role,
                moment,
                fact: *at,
                is_last: false,
            });
        } else if let (Some(turn), Some(closed)) = (turns.last_mut(), closed)
            && turn.role.is_some()
        {
            turn.moment = Moment::close(closed, zone);
        }
        state = status;
    }
    turns
}
