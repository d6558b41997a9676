//! Every goal with what came of it so far: the same figures for everybody who carries it.
//!
//! Unlike the metric `target`, nothing is added up: goals that say the same money twice stand each
//! in its own row. What came is counted as the metrics of its kind count it, in the goal's days.

use handfast_kernels::metric::{Aim, Measure, Member, Metric, Scope, Shape, aims};
use handfast_model::question::{Dimension, Unit};
use handfast_model::rules::{Side, StepIx};
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Instant, Issue, Money, Question, Ratio, Refusal,
    Sym, When, many,
};

use super::Pick;
use super::ground::Ground;
use super::metric::Rows;
use super::price::{Prices, not_priced};
use super::sheet::{Key, Sheet};
use super::spent;
use super::tally::{Tally, lineage};

/// What an owner and a segment are matched by, in this order.
const MATCHED: [Dimension; 3] = [Dimension::Rep, Dimension::Team, Dimension::Segment];

/// Answers the question.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    if pick.is_some() {
        let title = "the records behind a goal are those of its metric";
        return Err(Refusal::new("E0409", title)
            .fix("ask metric revenue --period 2018-Q1 --records revenue"));
    }
    let matched = Question {
        by: MATCHED.to_vec(),
        unit: Unit::Deal,
        ..question.clone()
    };
    let mut board = Board {
        ground,
        tally: Tally::new(ground, &matched, Sheet::new(0)),
        question: &matched,
        issues: Vec::new(),
        others: 0,
    };
    let mut all = aims(&ground.world());
    let asked = question.period;
    // No part of a goal is one.
    all.retain(|aim| {
        asked.is_none_or(|(from, until)| from <= aim.days.from && aim.days.until <= until)
    });
    all.sort_by_key(|aim| (aim.days.from, aim.days.until, aim.measure, aim.fact));
    let has_counts = all.iter().any(|aim| aim.measure == Measure::Volume);
    let rows = all.iter().map(|aim| {
        let is_apart = all.iter().any(|other| is_beside(aim, other));
        board.row(aim, (has_counts, is_apart))
    });
    let rows: Vec<Vec<Cell>> = rows.collect();
    board.issues.sort_unstable();
    board.issues.dedup();
    Ok(Answer {
        headline: None,
        columns: columns(has_counts),
        notes: board.notes(rows.len()),
        rows,
        totals: None,
        currency_totals: Vec::new(),
        issues: board.tally.issues_with(&board.issues),
        lineage: lineage(ground),
    })
}

/// Whether two goals are of the same, each in a currency of its own.
fn is_beside(aim: &Aim, other: &Aim) -> bool {
    let of = |aim: &Aim| {
        (
            aim.measure,
            aim.rep,
            aim.team,
            aim.segment,
            aim.stage,
            aim.days,
        )
    };
    let currency = |aim: &Aim| aim.money.map(|money| money.currency);
    of(aim) == of(other) && currency(aim) != currency(other)
}

/// What goals are held against.
struct Board<'a> {
    ground: &'a Ground<'a>,
    /// By [`MATCHED`].
    question: &'a Question,
    tally: Tally<'a>,
    issues: Vec<Issue>,
    /// Amounts in another currency than the goal that they are held against.
    others: u64,
}

/// What came of a goal.
#[derive(Clone, Copy)]
enum Came {
    Money(Money),
    Count(i64),
}

impl Board<'_> {
    fn row(&mut self, aim: &Aim, (has_counts, is_apart): (bool, bool)) -> Vec<Cell> {
        let label = self.label(aim);
        let goal = self.goal(aim);
        let came = self.came(aim, (goal, is_apart));
        let mut cells = vec![
            Cell::Text(label),
            Cell::Text(aim.measure.word().to_owned()),
            self.carried(aim),
            self.named(aim.segment.or(aim.stage)),
        ];
        let (mut money, mut counts) = ([NOT, NOT, NOT], [NOT, NOT, NOT]);
        match (goal, came) {
            (Some(Came::Money(goal)), Some(Came::Money(came))) => {
                money = [
                    Cell::Money(goal),
                    Cell::Money(came),
                    Cell::MoneyShare {
                        part: came,
                        whole: goal.minor,
                    },
                ];
            }
            (Some(Came::Money(goal)), None) => {
                money = [Cell::Money(goal), Cell::Unknown, Cell::Unknown];
            }
            (Some(Came::Count(goal)), Some(Came::Count(came))) => {
                let share = Ratio {
                    part: came,
                    whole: u64::try_from(goal).unwrap_or(0),
                };
                counts = [Cell::Number(goal), Cell::Number(came), Cell::Ratio(share)];
            }
            (Some(Came::Count(goal)), None) => {
                counts = [Cell::Number(goal), Cell::Unknown, Cell::Unknown];
            }
            _ => money = [Cell::Unknown, Cell::Unknown, Cell::Unknown],
        }
        cells.extend(money);
        cells.extend(counts.into_iter().filter(|_| has_counts));
        cells.push(Cell::Ratio(self.over(aim)));
        cells
    }

    /// The period's label, else its days.
    fn label(&self, aim: &Aim) -> String {
        let names = &self.ground.snapshot.names;
        let fact = self.ground.fact(aim.fact);
        // A year may come as a number.
        let told = fact.and_then(|fact| fact.attribute(names.find("period")?));
        match told {
            Some(label) => self.ground.show(label),
            None => format!("{}..{}", aim.days.from, aim.days.until),
        }
    }

    fn named(&self, name: Option<Sym>) -> Cell {
        let text = |name| Cell::Text(self.ground.snapshot.names.text(name).to_owned());
        name.map_or(NOT, text)
    }

    /// Whose it is; one that names nobody is carried by all sides that the charter has.
    fn carried(&self, aim: &Aim) -> Cell {
        let names = &self.ground.snapshot.names;
        if let Some(name) = aim.rep.or(aim.team) {
            return Cell::Text(names.text(name).to_owned());
        }
        let teams = &self.ground.charter.teams;
        let sides = Side::ALL.into_iter();
        let sides = sides.filter(|side| teams.iter().any(|team| team.side == *side));
        let words: Vec<&str> = sides.map(Side::word).collect();
        match words.is_empty() {
            true => NOT,
            false => Cell::Text(words.join(" + ")),
        }
    }

    fn goal(&mut self, aim: &Aim) -> Option<Came> {
        if aim.measure == Measure::Volume {
            return aim.count.map(Came::Count);
        }
        let money = aim.money?;
        let shown = match &self.tally.prices {
            None => Some(money),
            Some(prices) => {
                let fact = self.ground.fact(aim.fact);
                prices.take(
                    money,
                    None,
                    fact.map_or(When::Unknown, |fact| fact.happened),
                )
            }
        };
        if shown.is_none() {
            self.untold(aim.fact);
        }
        shown.map(Came::Money)
    }

    fn untold(&mut self, fact: u32) {
        let fact = self.ground.fact(fact);
        self.issues.push(not_priced(fact.map(|fact| fact.id)));
    }

    /// What came of it so far; `None` where it cannot be told whose that is. Of goals that stand
    /// beside one another in their currencies, each is held against what came in its own.
    fn came(&mut self, aim: &Aim, (goal, is_apart): (Option<Came>, bool)) -> Option<Came> {
        let metric = match aim.measure {
            Measure::Revenue | Measure::Quota => Metric::Revenue,
            Measure::Pipeline => Metric::PipelineCreated,
            Measure::Spend => Metric::Spend,
            Measure::Volume => Metric::Entered,
        };
        let is_named = aim.rep.is_some() || aim.team.is_some() || aim.segment.is_some();
        if metric == Metric::Spend && is_named {
            // What is spent is of no team's pursuits.
            return None;
        }
        let step = match (aim.measure, aim.stage) {
            (Measure::Volume, Some(stage)) => Some(self.step(stage)?),
            _ => None,
        };
        let scope = Scope {
            from: Some(self.ground.start_of(aim.days.from)),
            until: Some(self.ground.start_of(aim.days.until)),
            unit: Unit::Deal,
            step,
            ..Scope::ALL
        };
        let shape = match aim.measure {
            Measure::Volume => Shape::Count,
            _ => Shape::Sum,
        };
        let scope = match shape {
            Shape::Count => Scope {
                unit: Unit::Pursuit,
                ..scope
            },
            _ => scope,
        };
        let rows = Rows::new(self.ground, self.question, shape);
        let (mut members, issues) = rows.measured(metric, &scope);
        self.issues.extend(issues);
        let own = aim.money.map(|money| money.currency);
        members.retain(|member| {
            let whole = member.weight.map(|(whole, _)| whole).or(member.money);
            !is_apart || whole.map(|money| money.currency) == own
        });
        let members = spent::cut(
            self.ground,
            self.question,
            self.tally.prices.as_ref(),
            (members, 0),
        );
        let own = members.iter();
        let own = own.filter(|member| !is_named || self.is_of(aim, member, &rows));
        match goal? {
            Came::Count(_) => Some(Came::Count(own.count() as i64)),
            Came::Money(goal) => {
                let own: Vec<&Member> = own.collect();
                self.summed(&own, goal.currency).map(Came::Money)
            }
        }
    }

    /// What members come to in a currency; what is in no sum of it is told.
    fn summed(&mut self, members: &[&Member], currency: Currency) -> Option<Money> {
        let mut minor = 0_i64;
        for member in members {
            match self.money(member, currency) {
                Some(one) => minor = minor.checked_add(one)?,
                None if member.money.is_none() => {}
                None if self.tally.prices.is_some() => {
                    let fact = member.fact.and_then(|fact| self.ground.fact(fact));
                    self.issues.push(not_priced(fact.map(|fact| fact.id)));
                }
                None => self.others += 1,
            }
        }
        Some(Money { minor, currency })
    }

    fn step(&self, stage: Sym) -> Option<StepIx> {
        let id = self.ground.snapshot.names.text(stage);
        self.ground.step_or_first(Some(id)).ok()
    }

    /// Whether a member is of whom a goal names.
    fn is_of(&self, aim: &Aim, member: &Member, rows: &Rows<'_, '_>) -> bool {
        let Some(keys) = rows.keys(member) else {
            return false;
        };
        let names = &self.ground.snapshot.names;
        let asked = [aim.rep, aim.team, aim.segment];
        asked
            .iter()
            .zip(&keys)
            .all(|(name, key)| match (name, key) {
                (None, _) => true,
                (Some(name), Key::Text(text)) => names.text(*name) == text,
                (Some(_), _) => false,
            })
    }

    /// What a member counts with, in the goal's currency.
    fn money(&self, member: &Member, currency: Currency) -> Option<i64> {
        let money = match &self.tally.prices {
            Some(prices) => Prices::of_member(prices, member),
            None => member.money,
        };
        Some(money.filter(|money| money.currency == currency)?.minor)
    }

    /// How many of its days are over.
    fn over(&self, aim: &Aim) -> Ratio {
        let last = Instant(self.ground.horizon.0.saturating_sub(1));
        let seen = self.ground.charter.calendar.day_of(last).plus(1);
        let over = seen.min(aim.days.until).0 - aim.days.from.0;
        Ratio {
            part: i64::from(over.max(0)),
            whole: u64::try_from(aim.days.count()).unwrap_or(0),
        }
    }

    fn notes(&self, rows: usize) -> Vec<String> {
        let mut notes = vec![format!(
            "{}, each for itself: those that say the same money twice are not added up",
            many(rows as u64, "goal")
        )];
        if let Some((from, until)) = self.question.period {
            notes.push(format!("only goals that lie whole in {from}..{until}"));
        }
        notes.push(
            "a goal that names no team and no rep is carried by all sides: each has the same \
             figures"
                .to_owned(),
        );
        if self.others > 0 {
            notes.push(format!(
                "{} in another currency than the goal: in no sum without --currency",
                many(self.others, "amount")
            ));
        }
        notes.extend(self.tally.prices.iter().flat_map(Prices::notes));
        notes
    }
}

const NOT: Cell = Cell::NotApplicable;

fn columns(has_counts: bool) -> Vec<Column> {
    use ColumnKind::{Money, MoneyShare, Number, Text};
    let counted = [
        ("goal_count", Number, "how many are to reach the stage"),
        ("actual_count", Number, "how many have reached it so far"),
        ("share_count", ColumnKind::Ratio, "of these, of those"),
    ];
    let named = [
        ("period", Text, "the days that the goal is for"),
        ("measure", Text, "what it is of"),
        ("whose", Text, "who carries it"),
        ("part", Text, "the segment or the stage that it names"),
        ("goal", Money, "what is to be reached"),
        (
            "actual",
            Money,
            "what has been reached of it so far, as its metric counts",
        ),
        ("share", MoneyShare, "what has been reached, of the goal"),
    ];
    let over = (
        "days_over",
        ColumnKind::Ratio,
        "how many of its days are over, of all",
    );
    let counted = counted.into_iter().filter(|_| has_counts);
    let all = named.into_iter().chain(counted).chain([over]);
    let column = |(id, kind, means): (&str, ColumnKind, &str)| Column {
        id: id.to_owned(),
        kind,
        unit: None,
        means: means.to_owned(),
    };
    all.map(column).collect()
}
