//! Goals: what is to be won in a period. Goals of several lengths, and of a team beside those of
//! its reps, say the same money twice; each day of an owner counts in one of them.

use handfast_model::fact::FactKind;
use handfast_model::id::Sym;
use handfast_model::{Calendar, Currency, Fact, Issue, IssueCode, Money, Value, When};

use super::{Book, Counted, Measured, Member, member};
use crate::journey::{Moment, Teams};
use crate::spread::Days;

/// Whose a goal is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Whose {
    Company,
    Team(Sym),
    Rep(Sym),
}

/// A goal with its days.
#[derive(Clone, Copy)]
struct Goal {
    place: u32,
    whose: Whose,
    /// The team that it is of, or whose rep it is of.
    team: Option<Sym>,
    anchor: Moment,
    /// Its first day, and the first after; `None` where it does not say for how long it is.
    days: Option<Days>,
    money: Option<Money>,
}

impl Goal {
    /// The days that it stands on.
    fn stands(&self, calendar: &Calendar) -> Option<Days> {
        self.days
            .or_else(|| self.anchor.when.day(calendar).map(Days::one))
    }

    fn length(&self) -> i64 {
        self.days.map_or(0, Days::count)
    }

    fn currency(&self) -> Option<Currency> {
        self.money.map(|money| money.currency)
    }
}

/// Days that an answer asks for at once; `None` = all there are.
type Slot = Option<Days>;

impl Book<'_> {
    /// The goals that make up each period asked for: one that is for exactly that period, else the
    /// longest that lie in it, none over another of the same owner.
    pub(super) fn targets(&self) -> Measured {
        let mut measured = Measured::default();
        let goals = self.goals(&mut measured.issues);
        for slot in self.slots(&goals) {
            let (own, cut): (Vec<Goal>, Vec<Goal>) = goals
                .iter()
                .copied()
                .filter(|goal| self.meets(goal, slot))
                .partition(|goal| self.lies_in(goal, slot));
            let mut tell = |goal: &Goal, code| {
                let fact = self.fact(goal.place).map(|fact| fact.id);
                measured.issues.push(Issue { code, fact });
            };
            cut.iter().for_each(|goal| tell(goal, IssueCode::GoalCut));
            let (taken, twice) = self.apart(own);
            twice
                .iter()
                .for_each(|goal| tell(goal, IssueCode::GoalTwice));
            for goal in taken {
                let found = Member {
                    fact: Some(goal.place),
                    ..member(Counted::Fact(goal.place), None, goal.anchor)
                };
                let fact = self.fact(goal.place).map(|fact| fact.id);
                measured.add(found, goal.money, || fact);
            }
        }
        measured.issues.sort_unstable();
        measured.issues.dedup();
        measured
    }

    fn fact(&self, place: u32) -> Option<&Fact> {
        self.world.snapshot.facts.get(place as usize)
    }

    /// All goals that say when they are for.
    fn goals(&self, issues: &mut Vec<Issue>) -> Vec<Goal> {
        let names = &self.world.snapshot.names;
        let words = ["amount", "period", "until", "team"];
        let [amount, period, until, team] = words.map(|name| names.find(name));
        let calendar = &self.world.charter.calendar;
        let teams = Teams::of(self.world);
        let mut goals = Vec::new();
        let facts = (0u32..).zip(&self.world.snapshot.facts);
        for (place, fact) in facts.filter(|(_, fact)| fact.kind == FactKind::Target) {
            let text = |name: Option<Sym>| fact.text(name?);
            let label = match period.and_then(|name| fact.attribute(name)) {
                Some(Value::Text(label)) => calendar.parse_period(names.text(*label)),
                // A year may come as a number.
                Some(Value::Int(year)) => calendar.parse_period(&year.to_string()),
                _ => None,
            };
            let labelled = label.map(|label| Days {
                from: label.from,
                until: label.until,
            });
            let when = match (fact.happened, labelled) {
                (When::Unknown, Some(days)) => When::Day(days.from),
                (when, _) => when,
            };
            if when == When::Unknown {
                let fact = Some(fact.id);
                let code = IssueCode::Undated;
                issues.push(Issue { code, fact });
                continue;
            }
            let first = when.day(calendar);
            let told = match until.and_then(|name| fact.attribute(name)) {
                Some(Value::Day(until)) => first.map(|from| Days {
                    from,
                    until: *until,
                }),
                _ => None,
            };
            let anchor = Moment::start(when, calendar);
            let own_team = text(team).or_else(|| teams.at(fact.rep, anchor));
            goals.push(Goal {
                place,
                whose: match (fact.rep, own_team) {
                    (Some(rep), _) => Whose::Rep(rep),
                    (None, Some(team)) => Whose::Team(team),
                    (None, None) => Whose::Company,
                },
                team: own_team,
                anchor,
                days: labelled.or(told).filter(|days| days.count() > 0),
                money: match amount.and_then(|name| fact.attribute(name)) {
                    Some(Value::Money(money)) => Some(*money),
                    _ => None,
                },
            });
        }
        goals
    }

    /// The periods that the answer is split by, cut at its own edges; else the one it asks for.
    fn slots(&self, goals: &[Goal]) -> Vec<Slot> {
        let calendar = &self.world.charter.calendar;
        let days = |goal: &Goal| goal.stands(calendar);
        let all = || goals.iter().filter_map(days);
        let first = self.scope.from.map(|from| calendar.day_of(from));
        let last = self.scope.until.map(|until| calendar.day_of(until));
        let first = first.or_else(|| all().map(|days| days.from).min());
        let last = last.or_else(|| all().map(|days| days.until).max());
        let (Some(from), Some(until)) = (first, last) else {
            return Vec::new();
        };
        let whole = Days { from, until };
        let Some(grain) = self.scope.grain else {
            let is_asked = self.scope.from.is_some() || self.scope.until.is_some();
            return vec![is_asked.then_some(whole)];
        };
        let periods = calendar.periods(grain, from, until).into_iter();
        let days = |period: handfast_model::Period| Days {
            from: period.from,
            until: period.until,
        };
        let periods = periods.filter_map(|period| days(period).both(whole));
        periods.map(Some).collect()
    }

    /// Whether a goal has anything to do with some days.
    fn meets(&self, goal: &Goal, slot: Slot) -> bool {
        let stands = goal.stands(&self.world.charter.calendar);
        slot.is_none_or(|slot| stands.is_some_and(|days| days.both(slot).is_some()))
    }

    fn lies_in(&self, goal: &Goal, slot: Slot) -> bool {
        let stands = goal.stands(&self.world.charter.calendar);
        slot.is_none_or(|slot| stands.is_some_and(|days| days.both(slot) == Some(days)))
    }

    /// Goals that say nothing twice, in the order of their facts, and the others: of one owner and
    /// currency the longest; of a rep beside the team or the company the wider, and the rep's where
    /// the answer is split by rep.
    fn apart(&self, mut goals: Vec<Goal>) -> (Vec<Goal>, Vec<Goal>) {
        let calendar = &self.world.charter.calendar;
        let both = |one: &Goal, other: &Goal| {
            let (one, other) = (one.stands(calendar), other.stands(calendar));
            one.zip(other)
                .is_some_and(|(one, other)| one.both(other).is_some())
        };
        goals.sort_by_key(|goal| (std::cmp::Reverse(goal.length()), goal.place));
        let (mut long, mut twice): (Vec<Goal>, Vec<Goal>) = (Vec::new(), Vec::new());
        for goal in goals {
            let is_said = long.iter().any(|other| {
                let is_of_one = (other.whose, other.currency()) == (goal.whose, goal.currency());
                is_of_one && other.days != goal.days && both(other, &goal)
            });
            match is_said {
                true => twice.push(goal),
                false => long.push(goal),
            }
        }
        let is_wider = |wide: &Goal, narrow: &Goal| match (wide.whose, narrow.whose) {
            (Whose::Company, Whose::Team(_) | Whose::Rep(_)) => true,
            (Whose::Team(team), Whose::Rep(_)) => narrow.team == Some(team),
            _ => false,
        };
        let is_told = |goal: &Goal| {
            long.iter().any(|other| {
                let (wide, narrow) = match self.scope.is_by_rep {
                    true => (goal, other),
                    false => (other, goal),
                };
                is_wider(wide, narrow) && both(wide, narrow)
            })
        };
        let (told, mut taken): (Vec<Goal>, Vec<Goal>) = long.iter().copied().partition(is_told);
        twice.extend(told);
        taken.sort_by_key(|goal| goal.place);
        (taken, twice)
    }
}
