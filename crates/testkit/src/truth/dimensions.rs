//! What splits an answer: the month, the channel, the rep and the team of each member.

use handfast_model::fact::FactKind;
use handfast_model::question::Unit;

use super::clock::{DAY, civil};
use super::deals::Moment;
use super::meaning::{Meaning, Rule};
use super::measures::Member;
use super::owners::Owners;
use super::said::{Said, Word};
use super::visits::Visit;
use super::walk::{Journeys, Pursuit};

/// A dimension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum By {
    /// The month of the moment.
    Month,
    /// The channel of the touch it came from.
    Channel,
    /// Whose it was.
    Rep,
    /// Of which team.
    Team,
    /// What kind of buyer it was.
    Segment,
}

impl By {
    /// All of them.
    pub const ALL: [By; 5] = [By::Month, By::Channel, By::Rep, By::Team, By::Segment];

    /// Its word in questions.
    pub fn word(self) -> &'static str {
        match self {
            By::Month => "month",
            By::Channel => "channel",
            By::Rep => "rep",
            By::Team => "team",
            By::Segment => "segment",
        }
    }
}

/// What a member is split by.
pub struct Place<'j> {
    /// Its pursuit.
    pub pursuit: Option<usize>,
    /// Its moment.
    pub moment: Moment,
    /// Whose it was then.
    pub owner: (Option<&'j String>, Option<&'j String>),
    /// The person whose attributes are meant; nobody = the first of the pursuit's who has one.
    pub person: Option<u128>,
}

/// The months of `from..until`, each with the days of it that lie within.
pub fn months(from: i32, until: i32) -> Vec<(Option<String>, i32, i32)> {
    let mut months: Vec<(Option<String>, i32, i32)> = Vec::new();
    for day in from..until {
        let month = Some(month(day));
        match months.last_mut() {
            Some((last, _, end)) if *last == month => *end = day + 1,
            _ => months.push((month, day, day + 1)),
        }
    }
    months
}

/// The month of a day.
pub fn month(day: i32) -> String {
    let (year, month, _) = civil(day);
    format!("{year:04}-{month:02}")
}

/// The value of a dimension; nothing where it is not known.
pub fn value(by: By, journeys: &Journeys, meaning: &Meaning, place: &Place<'_>) -> Option<String> {
    match by {
        By::Month => meaning.zone.day_of(place.moment.when).map(month),
        By::Rep => place.owner.0.cloned(),
        By::Team => place.owner.1.cloned(),
        By::Channel => {
            let touch = journeys.pursuits[place.pursuit?].entry_touch?;
            journeys.facts[touch].text("channel").map(str::to_owned)
        }
        By::Segment => {
            let pursuit = &journeys.pursuits[place.pursuit?];
            let mut segments = meaning.segments.iter();
            let at = place.moment.at;
            let people = match place.person {
                Some(person) => vec![person],
                None => pursuit.people.clone(),
            };
            let who = (pursuit, people.as_slice());
            let found = segments.find(|(_, rule)| holds(rule, journeys, meaning, (who, at)));
            found.map(|(id, _)| id.clone())
        }
    }
}

/// Whether a rule holds for a pursuit at a moment; at an unknown one, by all that is known.
fn holds(
    rule: &Rule,
    journeys: &Journeys,
    meaning: &Meaning,
    (who, at): ((&Pursuit, &[u128]), Option<i64>),
) -> bool {
    let (pursuit, people) = who;
    match rule {
        Rule::ScoreAtLeast(least) => {
            score(journeys, meaning, (people, at)).is_some_and(|score| score >= *least)
        }
        Rule::ScoreBelow(most) => {
            score(journeys, meaning, (people, at)).is_some_and(|score| score < *most)
        }
        Rule::Or(a, b) => {
            holds(a, journeys, meaning, (who, at)) || holds(b, journeys, meaning, (who, at))
        }
        Rule::Fewer(kind, days, most) => {
            let enough = Rule::Touches(kind.clone(), *days, *most);
            !holds(&enough, journeys, meaning, (who, at))
        }
        Rule::Touches(kind, days, least) => {
            let now = at.unwrap_or(journeys.horizon);
            let told = journeys.touches.get(&pursuit.buyer).into_iter().flatten();
            let within = told.filter(|(time, place)| {
                let fact = &journeys.facts[*place];
                let claimed = meaning.zone.begin(fact.when);
                let is_within = *time <= Some(now) && claimed > Some(now - days * DAY);
                fact.text("touch") == Some(kind) && is_within
            });
            within.count() >= *least
        }
    }
}

/// The score of the first person who has one: of the newest record by then that gives one; where
/// none is of then, the first that ever gives one.
fn score(
    journeys: &Journeys,
    meaning: &Meaning,
    (people, at): (&[u128], Option<i64>),
) -> Option<i64> {
    let number = |fact: &Said| match fact.more.get("score") {
        Some(Word::Int(score)) => Some(*score),
        _ => None,
    };
    people.iter().find_map(|person| {
        let facts = journeys.facts.iter();
        let of = facts.filter(|one| one.kind == FactKind::Person && one.person == Some(*person));
        let versions: Vec<&Said> = of.collect();
        let holds = |fact: &&&Said| {
            let from = meaning.zone.begin(fact.when);
            at.is_none() || from <= at
        };
        let known: Vec<&&Said> = versions.iter().filter(holds).collect();
        if known.is_empty() {
            return versions.iter().find_map(|fact| number(fact));
        }
        let row = |fact: &Said| (fact.source.clone(), fact.stream.clone(), fact.key);
        let is_newest = |place: &usize| {
            let mut later = known[place + 1..].iter();
            !later.any(|later| row(later) == row(known[*place]))
        };
        let newest = (0..known.len()).rev().filter(is_newest);
        newest
            .map(|place| known[place])
            .find_map(|fact| number(fact))
    })
}

/// The place of one stay of a unit in a step. A deal that is nobody's yet has its first rep from
/// then on.
pub fn of_visit<'j>(
    journeys: &'j Journeys,
    (unit, name): (Unit, &str),
    (pursuit, place): (usize, usize),
) -> Place<'j> {
    let found = &journeys.pursuits[pursuit];
    let visit = &found.visits[place];
    let mut visits = found.visits.iter();
    let later = match (unit, &visit.owner.0) {
        (Unit::Deal, None) => {
            visits.find(|other| other.entered.at >= visit.entered.at && other.owner.0.is_some())
        }
        _ => None,
    };
    let owner = &later.unwrap_or(visit).owner;
    Place {
        pursuit: Some(pursuit),
        moment: visit.entered,
        owner: (owner.0.as_ref(), owner.1.as_ref()),
        person: match unit {
            Unit::Person => u128::from_str_radix(name, 16).ok(),
            Unit::Deal => found.deal.and_then(|deal| of_deal(journeys, deal)),
            _ => None,
        },
    }
}

/// A deal's own person: whom it names, else the first with a role in it.
pub fn of_deal(journeys: &Journeys, deal: usize) -> Option<u128> {
    let deal = &journeys.deals[deal];
    deal.person.or(deal.roles.first().copied())
}

/// The value for a member of a metric: a lead is its first rep's, spend and goals are their own,
/// all else is whose it was then.
pub fn of_member(
    by: By,
    journeys: &Journeys,
    meaning: &Meaning,
    (name, member): (&str, &Member),
) -> Option<String> {
    let fact = member.fact.map(|place| &journeys.facts[place]);
    let moment = member.at;
    if name.starts_with("spend") {
        return match by {
            By::Month => meaning.zone.day_of(moment.when).map(month),
            By::Channel => fact?.text("channel").map(str::to_owned),
            By::Rep | By::Team | By::Segment => None,
        };
    }
    if name == "target" {
        return match by {
            By::Month => meaning.zone.day_of(moment.when).map(month),
            By::Rep => fact?.rep.clone(),
            By::Channel | By::Team | By::Segment => None,
        };
    }
    let owner = match member.fact {
        Some(lead) => of_lead(journeys, meaning, lead),
        None => {
            let pursuit = &journeys.pursuits[member.pursuit?];
            let mut then: Option<&Visit> = None;
            for visit in pursuit
                .visits
                .iter()
                .filter(|one| one.entered.at <= moment.at)
            {
                if then.is_none_or(|then| then.entered.at <= visit.entered.at) {
                    then = Some(visit);
                }
            }
            let visit = then.or(pursuit.visits.first());
            visit.map_or((None, None), |visit| visit.owner.clone())
        }
    };
    let lead = journeys
        .leads
        .iter()
        .find(|lead| Some(lead.fact) == member.fact);
    let deal = journeys
        .deals
        .iter()
        .position(|deal| deal.key == member.who);
    let place = Place {
        pursuit: member.pursuit,
        moment,
        owner: (owner.0.as_ref(), owner.1.as_ref()),
        person: match lead {
            Some(lead) => Some(lead.person),
            None => deal.and_then(|deal| of_deal(journeys, deal)),
        },
    };
    value(by, journeys, meaning, &place)
}

/// The first rep of a lead, and the team of that rep then.
fn of_lead(
    journeys: &Journeys,
    meaning: &Meaning,
    fact: usize,
) -> (Option<String>, Option<String>) {
    let lead = journeys.leads.iter().find(|lead| lead.fact == fact);
    let assigned = lead.and_then(|lead| lead.assigned);
    let Some(assigned) = assigned.map(|place| &journeys.facts[place]) else {
        return (None, None);
    };
    let owners = Owners::of(&journeys.facts, meaning.zone);
    let at = Moment::begin(assigned.when, meaning.zone);
    (assigned.rep.clone(), owners.team(assigned.rep.as_ref(), at))
}
