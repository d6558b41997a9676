//! Goals: what is to be won in a period. Goals of several lengths, and of a team beside those of
//! its reps, say the same money twice; each day of an owner counts in one of them.
//!
//! A goal says what it is of (`measure`); one that does not is of revenue. A goal of pipeline, of
//! spend or of a volume is no money that is to be won, and in no target.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;
use handfast_model::id::Sym;
use handfast_model::{Calendar, Currency, Day, Fact, Issue, IssueCode, Money, Names, Value, When};

use super::{Book, Counted, Measured, Member, member};
use crate::journey::{Moment, Teams, World};
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

/// What a goal is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Measure {
    /// What is won.
    Revenue,
    /// What a rep or team is to win.
    Quota,
    /// What deals are worth that come to be.
    Pipeline,
    /// What is spent.
    Spend,
    /// How many reach a stage.
    Volume,
}

impl Measure {
    /// All of them, in order.
    pub const ALL: [Measure; 5] = [
        Measure::Revenue,
        Measure::Quota,
        Measure::Pipeline,
        Measure::Spend,
        Measure::Volume,
    ];

    /// The word used in facts and answers.
    pub fn word(self) -> &'static str {
        match self {
            Measure::Revenue => "revenue",
            Measure::Quota => "quota",
            Measure::Pipeline => "pipeline",
            Measure::Spend => "spend",
            Measure::Volume => "volume",
        }
    }

    /// The measure of a goal; `None` where it names one that nobody knows.
    fn of(fact: &Fact, names: &Names) -> Option<Measure> {
        let told = names.find("measure").and_then(|name| fact.text(name));
        let Some(told) = told else {
            return Some(Measure::Revenue);
        };
        let word = names.text(told);
        Measure::ALL.into_iter().find(|one| one.word() == word)
    }

    fn is_won(self) -> bool {
        matches!(self, Measure::Revenue | Measure::Quota)
    }
}

/// A goal by itself, whatever other goals say.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Aim {
    /// The fact that says it.
    pub fact: u32,
    /// What it is of.
    pub measure: Measure,
    /// Its rep's or its team's, and of which segment; of none: the company's.
    pub rep: Option<Sym>,
    /// The team that it names.
    pub team: Option<Sym>,
    /// The segment that it names.
    pub segment: Option<Sym>,
    /// The stage that is to be reached, of a volume.
    pub stage: Option<Sym>,
    /// The days that it is for.
    pub days: Days,
    /// How much.
    pub money: Option<Money>,
    /// How many, of a volume.
    pub count: Option<i64>,
}

/// Every goal that says for which days it is and what it is of, in the order of facts.
pub fn aims(world: &World<'_>) -> Vec<Aim> {
    let names = &world.snapshot.names;
    let calendar = &world.charter.calendar;
    let facts = (0u32..).zip(&world.snapshot.facts);
    let facts = facts.filter(|(_, fact)| fact.kind == FactKind::Target);
    let aim = |(place, fact): (u32, &Fact)| {
        let text = |name: &str| fact.text(names.find(name)?);
        let value = |name: &str| fact.attribute(names.find(name)?);
        let (_, days) = stands(fact, names, calendar);
        Some(Aim {
            fact: place,
            measure: Measure::of(fact, names)?,
            rep: fact.rep,
            team: text("team"),
            segment: text("segment"),
            stage: text("stage"),
            days: days?,
            money: match value("amount") {
                Some(Value::Money(money)) => Some(*money),
                _ => None,
            },
            count: match value("count") {
                Some(Value::Int(count)) => Some(*count),
                _ => None,
            },
        })
    };
    facts.filter_map(aim).collect()
}

/// When a goal begins, and the days that it is for where it says so.
fn stands(fact: &Fact, names: &Names, calendar: &Calendar) -> (When, Option<Days>) {
    let value = |name: &str| fact.attribute(names.find(name)?);
    let label = match value("period") {
        Some(Value::Text(label)) => calendar.parse_period(names.text(*label)),
        // A year may come as a number.
        Some(Value::Int(year)) => calendar.parse_period(&year.to_string()),
        _ => None,
    };
    let labelled = label.map(|label| Days {
        from: label.from,
        until: label.until,
    });
    // Its own date may be that on which it was set.
    let when = labelled.map_or(fact.happened, |days| When::Day(days.from));
    let told = match value("until") {
        Some(Value::Day(until)) => when.day(calendar).map(|from| Days {
            from,
            until: *until,
        }),
        _ => None,
    };
    (when, labelled.or(told).filter(|days| days.count() > 0))
}

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
            let Apart {
                taken,
                twice,
                partly,
            } = self.apart(own);
            twice
                .iter()
                .for_each(|goal| tell(goal, IssueCode::GoalTwice));
            partly
                .iter()
                .for_each(|goal| tell(goal, IssueCode::GoalPartly));
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
        let [amount, team] = ["amount", "team"].map(|name| names.find(name));
        let calendar = &self.world.charter.calendar;
        let teams = Teams::of(self.world);
        let mut goals = Vec::new();
        let facts = (0u32..).zip(&self.world.snapshot.facts);
        let is_won = |fact: &Fact| Measure::of(fact, names).is_some_and(Measure::is_won);
        let facts = facts.filter(|(_, fact)| fact.kind == FactKind::Target && is_won(fact));
        for (place, fact) in facts {
            let text = |name: Option<Sym>| fact.text(name?);
            let (when, days) = stands(fact, names, calendar);
            if when == When::Unknown {
                let fact = Some(fact.id);
                let code = IssueCode::Undated;
                issues.push(Issue { code, fact });
                continue;
            }
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
                days,
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
        let Some(grain) = self.scope.split.finest() else {
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

    /// Goals apart that say nothing twice: of one owner and currency the longest; of a rep beside
    /// the team or the company the wider, where it says any day of the narrower, and the rep's
    /// where the answer is split by rep.
    fn apart(&self, mut goals: Vec<Goal>) -> Apart {
        let calendar = &self.world.charter.calendar;
        goals.sort_by_key(|goal| (std::cmp::Reverse(goal.length()), goal.place));
        let (mut long, mut twice): (Vec<Goal>, Vec<Goal>) = (Vec::new(), Vec::new());
        // By owner and currency, by the first day: none of them over another.
        let mut spans: BTreeMap<(Whose, Option<Currency>), BTreeMap<Day, Goal>> = BTreeMap::new();
        for goal in goals {
            let Some(own) = goal.stands(calendar) else {
                continue;
            };
            let spans = spans.entry((goal.whose, goal.currency())).or_default();
            let before = spans.range(..own.until).next_back();
            let is_said = before.is_some_and(|(_, other)| {
                let days = other.stands(calendar);
                other.days != goal.days && days.is_some_and(|days| days.both(own).is_some())
            });
            match is_said {
                true => twice.push(goal),
                false => {
                    spans.insert(own.from, goal);
                    long.push(goal);
                }
            }
        }
        let mut apart = Apart {
            taken: Vec::new(),
            twice,
            partly: Vec::new(),
        };
        // Whoever may say another's days comes before it, so that a goal that does not count says
        // nobody's.
        for level in self.levels() {
            let said = Said::of(&apart.taken, self.scope.is_by_rep, calendar);
            for goal in long.iter().filter(|goal| goal.whose.level() == level) {
                let kept = match (said.tells(goal, calendar), said.touches(goal, calendar)) {
                    (true, _) => &mut apart.twice,
                    (false, true) => &mut apart.partly,
                    (false, false) => &mut apart.taken,
                };
                kept.push(*goal);
            }
        }
        apart.taken.sort_by_key(|goal| goal.place);
        apart
    }

    /// The levels of owners, whose word counts before that of the next.
    fn levels(&self) -> [u8; 3] {
        match self.scope.is_by_rep {
            false => [0, 1, 2],
            true => [2, 1, 0],
        }
    }
}

/// Goals of some days.
struct Apart {
    /// Those that count, in the order of their facts.
    taken: Vec<Goal>,
    /// Those of which others say all days.
    twice: Vec<Goal>,
    /// Those of which others say some days, and no part of which is a goal.
    partly: Vec<Goal>,
}

impl Whose {
    /// How wide it is: the company's first.
    fn level(self) -> u8 {
        match self {
            Whose::Company => 0,
            Whose::Team(_) => 1,
            Whose::Rep(_) => 2,
        }
    }
}

/// The days that goals of others say, by currency: of all, and of each team.
struct Said {
    is_by_rep: bool,
    days: BTreeMap<(Option<Currency>, Option<Sym>), Vec<Days>>,
}

impl Said {
    fn of(goals: &[Goal], is_by_rep: bool, calendar: &Calendar) -> Said {
        let mut days: BTreeMap<(Option<Currency>, Option<Sym>), Vec<Days>> = BTreeMap::new();
        for goal in goals.iter().filter(|goal| goal.money.is_some()) {
            let whose: &[Option<Sym>] = match (is_by_rep, goal.whose) {
                (false, Whose::Company) | (true, Whose::Team(_)) => &[None],
                (false, Whose::Team(team)) => &[Some(team)],
                (true, Whose::Rep(_)) => &[None, goal.team],
                (false, Whose::Rep(_)) | (true, Whose::Company) => &[],
            };
            for team in whose {
                let own = days.entry((goal.currency(), *team)).or_default();
                own.extend(goal.stands(calendar));
            }
        }
        let all = days.clone();
        for ((currency, team), own) in &mut days {
            // The company says the days of every team.
            let company = all
                .get(&(*currency, None))
                .filter(|_| team.is_some() && !is_by_rep);
            own.extend(company.into_iter().flatten().copied());
            own.sort_unstable();
            let mut joined: Vec<Days> = Vec::new();
            for days in own.drain(..) {
                match joined.last_mut().filter(|last| last.until >= days.from) {
                    Some(last) => last.until = last.until.max(days.until),
                    None => joined.push(days),
                }
            }
            *own = joined;
        }
        Said { is_by_rep, days }
    }

    /// The days that others say who may say a goal's.
    fn others(&self, goal: &Goal) -> &[Days] {
        let team = match (self.is_by_rep, goal.whose) {
            (false, Whose::Company) | (true, Whose::Rep(_)) => return &[],
            (false, Whose::Team(_)) | (true, Whose::Company) => None,
            (false, Whose::Rep(_)) => goal.team,
            (true, Whose::Team(team)) => Some(team),
        };
        let of = |team| self.days.get(&(goal.currency(), team));
        let all = of(None).filter(|_| !self.is_by_rep);
        of(team).or(all).map_or(&[], Vec::as_slice)
    }

    /// Whether others say some day of a goal.
    fn touches(&self, goal: &Goal, calendar: &Calendar) -> bool {
        let Some(own) = goal.stands(calendar) else {
            return false;
        };
        let mut said = self.others(goal).iter();
        goal.money.is_some() && said.any(|days| days.both(own).is_some())
    }

    /// Whether others say all days of a goal.
    fn tells(&self, goal: &Goal, calendar: &Calendar) -> bool {
        let said = self.others(goal);
        let Some(own) = goal.stands(calendar) else {
            return false;
        };
        let after = said.partition_point(|days| days.from <= own.from);
        let last = after.checked_sub(1).and_then(|at| said.get(at));
        last.is_some_and(|days| days.until >= own.until)
    }
}
