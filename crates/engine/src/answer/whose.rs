//! Whose attributes a question by a person's attribute means. A deal, a lead and a person have
//! their own; a pursuit has many people, and its first that has a value speaks for it.

use handfast_kernels::funnel::UnitKey;
use handfast_kernels::journey::{Pursuit, Visit};
use handfast_kernels::metric::{Counted, Metric};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::rules::Subject;
use handfast_model::{PersonId, Question};

use super::ground::{Ground, Owner};

/// What is counted, as far as it has a person of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Whose {
    /// The first of a pursuit's people that has a value.
    Pursuit,
    /// A deal's own person, as an index into the deals.
    Deal(u32),
    /// A lead, as an index into the leads.
    Lead(u32),
    /// This person.
    Person(PersonId),
}

impl Whose {
    /// Of a unit, in one of its pursuits.
    pub fn of_unit(unit: UnitKey, pursuit: &Pursuit) -> Whose {
        match unit {
            UnitKey::Person(person) => Whose::Person(person),
            UnitKey::Deal(_) => pursuit.deal.map_or(Whose::Pursuit, Whose::Deal),
            UnitKey::Pursuit(_) | UnitKey::Account(_) => Whose::Pursuit,
        }
    }

    /// Of a metric's member.
    pub fn of_member(counted: Counted) -> Whose {
        match counted {
            Counted::Deal(deal) => Whose::Deal(deal),
            Counted::Lead(lead) => Whose::Lead(lead),
            Counted::Pursuit(_) | Counted::Fact(_) => Whose::Pursuit,
        }
    }
}

impl Ground<'_> {
    /// The one person meant: of a deal the one it names, else its primary contact, else the first
    /// that has a role in it. `None` = any of the pursuit's.
    pub(super) fn person_of(&self, whose: Whose) -> Option<PersonId> {
        match whose {
            Whose::Pursuit => None,
            Whose::Person(person) => Some(person),
            Whose::Lead(lead) => Some(self.journeys.leads.get(lead as usize)?.person),
            Whose::Deal(deal) => {
                let deal = self.journeys.deals.get(deal as usize)?;
                let contacts = || self.derived.shared.contacts(self.snapshot);
                deal.person.or_else(|| contacts().get(&deal.key).copied())
            }
        }
    }
}

/// Whose a unit is at a visit. A deal may be in stages before it is made, when it is nobody's: it
/// has the first rep from then on.
pub(super) fn owner(unit: UnitKey, pursuit: &Pursuit, visit: &Visit) -> Owner {
    let is_later = |other: &&Visit| other.entered.at >= visit.entered.at && other.rep.is_some();
    let first = match (unit, visit.rep) {
        (UnitKey::Deal(_), None) => pursuit.visits.iter().find(is_later),
        _ => None,
    };
    let visit = first.unwrap_or(visit);
    (visit.rep, visit.team)
}

/// Says whose person, channel or campaign is meant, where the question names one.
pub(super) fn notes(question: &Question) -> Vec<String> {
    let Some(counted) = counted(question) else {
        return Vec::new();
    };
    let is_person = |dim: &&Dimension| matches!(dim, Dimension::Attribute(Subject::Person, _));
    let by = question.by.iter().find(is_person).map(Dimension::text);
    let filter = question.filter.as_deref().unwrap_or_default();
    let asked = filter.contains("person.").then(|| "person.…".to_owned());
    let person = by.or(asked).map(|what| {
        let whose = match counted {
            "lead" | "person" => "of each one's own",
            "deal" => {
                "of the person that the deal names, else of its primary contact or the first with \
                 a role in it, else of the first of its pursuit's people that has one"
            }
            _ => "of the first of each pursuit's people that has one",
        };
        format!("{what} is that {whose}")
    });
    let mut dims = question.by.iter();
    let touch = dims.find_map(|dim| match dim {
        Dimension::Channel | Dimension::Campaign => Some((dim, "touch that opened the")),
        Dimension::ChannelLast => Some((dim, "last touch of the")),
        _ => None,
    });
    let touch = touch.filter(|_| counted != "pursuit").map(|(dim, which)| {
        let what = dim.text();
        format!("{what} is that of the {which} pursuit, whoever of its people it was")
    });
    person.into_iter().chain(touch).collect()
}

/// What a question counts that is of people.
fn counted(question: &Question) -> Option<&'static str> {
    let unit = question.unit.word();
    match &question.kind {
        QuestionKind::Metric(name) => {
            let counted = Metric::parse(name)?.counts().unwrap_or(unit);
            (counted != "record").then_some(counted)
        }
        QuestionKind::Response { .. } => Some("lead"),
        QuestionKind::Funnel(_) | QuestionKind::Times { .. } | QuestionKind::Stale { .. } => {
            Some(unit)
        }
        QuestionKind::Velocity { .. } | QuestionKind::Transitions => Some("pursuit"),
        _ => None,
    }
}
