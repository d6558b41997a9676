//! Meetings: how often they are, what a meeting pack says, what was decided and what came of it.
//!
//! A meeting pack is questions and their answers, with a sentence for each. This module knows what
//! it is made of; it refuses to know how it is worked out, kept or shown.

use crate::answer::Answer;
use crate::id::Seq;
use crate::money::{Currency, Decimal, Money};
use crate::question::Question;
use crate::time::{Day, Grain, Instant, Period, Weekday};

/// How often a meeting is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Rhythm {
    /// Every week.
    Weekly,
    /// Every month of the charter's calendar.
    Monthly,
    /// Every quarter of it.
    Quarterly,
}

impl Rhythm {
    /// All of them, the most frequent first.
    pub const ALL: [Rhythm; 3] = [Rhythm::Weekly, Rhythm::Monthly, Rhythm::Quarterly];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            Rhythm::Weekly => "weekly",
            Rhythm::Monthly => "monthly",
            Rhythm::Quarterly => "quarterly",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Rhythm> {
        Rhythm::ALL.into_iter().find(|one| one.word() == word)
    }

    /// The period that a meeting looks back on.
    pub fn grain(self) -> Grain {
        match self {
            Rhythm::Weekly => Grain::Week,
            Rhythm::Monthly => Grain::Month,
            Rhythm::Quarterly => Grain::Quarter,
        }
    }
}

/// On which day of its week, month or quarter a meeting is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MeetingDay {
    /// The first such day of the period.
    Weekday(Weekday),
    /// The day of this number, from 1 on; the last where the period is shorter.
    Number(u8),
}

/// When a meeting is held, and who is expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cadence {
    /// How often.
    pub rhythm: Rhythm,
    /// On which day.
    pub day: MeetingDay,
    /// Minutes after midnight, by the clock on the wall of the charter's zone.
    pub minute: u16,
    /// Who is expected.
    pub expected: Vec<Attendee>,
    /// From this day on.
    pub since: Day,
    /// The commit that holds it.
    pub seq: Seq,
}

/// Somebody at a meeting.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Attendee {
    /// For which team: one of the charter's.
    pub team: String,
    /// Who.
    pub name: String,
}

/// What a meeting opens.
#[derive(Clone, PartialEq, Debug)]
pub struct MeetingPack {
    /// Which meeting.
    pub rhythm: Rhythm,
    /// The day on which it is held: what happened on that day is not looked at.
    pub on: Day,
    /// What had been learned: every answer is as of this commit.
    pub as_of: Seq,
    /// The last whole period before the day.
    pub last: Period,
    /// The one after it.
    pub next: Period,
    /// The quarter whose goals are looked at.
    pub aimed: Period,
    /// The last meeting of this rhythm that was closed, and what had been learned by then.
    pub since: Option<Since>,
    /// Whose rows are counted, where they are not all.
    pub whose: Option<String>,
    /// What needs both teams, before everything else.
    pub exceptions: Vec<Exception>,
    /// Whether nothing moved, nothing was told anew and nothing is due: it may be skipped.
    pub is_nothing_new: bool,
    /// The fixed questions, in their order.
    pub sections: Vec<Section>,
    /// What was decided before, with what came of it.
    pub decisions: Vec<Followed>,
}

/// An earlier meeting, from which changes are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Since {
    /// The commit that holds it.
    pub meeting: Seq,
    /// The day on which it was held.
    pub on: Day,
    /// What had been learned by then.
    pub as_of: Seq,
}

/// Something that is not as it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exception {
    /// What it is of: two meetings tell the same one under the same words.
    pub of: String,
    /// In a sentence with its figure.
    pub says: String,
    /// Whether the meeting before did not tell it.
    pub is_new: bool,
    /// The canonical text of the question that shows it, if one does.
    pub question: Option<String>,
    /// The column whose records are behind it, with the row's names.
    pub records: Option<(String, Vec<String>)>,
}

/// One of the fixed questions.
#[derive(Clone, PartialEq, Debug)]
pub struct Section {
    /// The question, in words.
    pub asks: &'static str,
    /// What answers it.
    pub told: Vec<Told>,
}

/// An answer of a pack and its sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct Told {
    /// What it says, with its figures.
    pub says: String,
    /// The question and its answer, or why there is none.
    pub found: Found,
}

/// What came of a question.
#[derive(Clone, PartialEq, Debug)]
pub enum Found {
    /// An answer.
    Answer(Box<(Question, Answer)>),
    /// It was refused: under this code, for this reason.
    Refused {
        /// The question's word.
        kind: String,
        /// The public code.
        code: String,
    },
}

impl MeetingPack {
    /// Every question that was answered, with its answer: of the sections, then of the decisions.
    pub fn answers(&self) -> impl Iterator<Item = &(Question, Answer)> {
        let told = self.sections.iter().flat_map(|section| &section.told);
        let effects = self.decisions.iter().filter_map(|one| one.effect.as_ref());
        told.chain(effects).filter_map(|told| match &told.found {
            Found::Answer(both) => Some(&**both),
            Found::Refused { .. } => None,
        })
    }
}

/// Something that a meeting decided.
#[derive(Clone, PartialEq, Debug)]
pub struct Decision {
    /// The commit that holds it, by which it is named.
    pub seq: Seq,
    /// The day on which it was decided.
    pub on: Day,
    /// What.
    pub what: String,
    /// Who sees to it.
    pub owner: String,
    /// The last day for it.
    pub due: Day,
    /// What it should move, if anything.
    pub aim: Option<Aim>,
    /// Who wrote it down.
    pub by: String,
    /// What became of it; the last entry counts.
    pub settled: Vec<Settled>,
}

impl Decision {
    /// How it stands.
    pub fn state(&self) -> State {
        self.settled.last().map_or(State::Open, |one| one.state)
    }

    /// Whether it is due on a day and nobody has answered for it.
    pub fn is_overdue(&self, on: Day) -> bool {
        self.state() == State::Open && self.due < on
    }
}

/// How a decision stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum State {
    /// Nobody has answered for it.
    Open,
    /// It was done.
    Kept,
    /// It was given up.
    Dropped,
}

impl State {
    /// All of them.
    pub const ALL: [State; 3] = [State::Open, State::Kept, State::Dropped];

    /// The word that people type.
    pub fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Kept => "kept",
            State::Dropped => "dropped",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<State> {
        State::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// An entry about a decision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settled {
    /// The commit.
    pub seq: Seq,
    /// How it stands since.
    pub state: State,
    /// Why.
    pub because: String,
    /// Who says so.
    pub by: String,
}

/// What a decision should move.
#[derive(Clone, PartialEq, Debug)]
pub struct Aim {
    /// The metric.
    pub metric: String,
    /// By how much.
    pub by: Delta,
    /// By the end of this day.
    pub until: Day,
}

/// A difference with its unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Delta {
    /// How much, with its sign.
    pub amount: Decimal,
    /// Of what.
    pub unit: DeltaUnit,
}

/// What a difference is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DeltaUnit {
    /// A number: how many, or of a figure without a unit.
    Number,
    /// Percentage points.
    Points,
    /// Days.
    Days,
    /// An amount of a currency.
    Money(Currency),
}

impl DeltaUnit {
    /// How it is written behind a number.
    pub fn word(&self) -> &str {
        match self {
            DeltaUnit::Number => "",
            DeltaUnit::Points => "points",
            DeltaUnit::Days => "days",
            DeltaUnit::Money(currency) => currency.code(),
        }
    }
}

impl Delta {
    /// Reads `+5 points`, `-3 days`, `+20000 EUR`, `+10`: a sign is required, so that nobody has to
    /// guess which way is meant, and the amount is not nought.
    pub fn parse(text: &str) -> Option<Delta> {
        let mut words = text.split_whitespace();
        let number = words.next()?;
        let is_signed = number.starts_with(['+', '-']);
        let amount = Decimal::parse(number).filter(|one| is_signed && one.units != 0)?;
        let unit = match (words.next(), words.next()) {
            (None, _) => DeltaUnit::Number,
            (Some("point" | "points"), None) => DeltaUnit::Points,
            (Some("day" | "days"), None) => DeltaUnit::Days,
            (Some(code), None) => {
                let currency = Currency::listed(code).ok()?;
                amount.to_money(currency)?;
                DeltaUnit::Money(currency)
            }
            _ => return None,
        };
        Some(Delta { amount, unit })
    }

    /// As it is typed; [`Delta::parse`] reads it back.
    pub fn text(&self) -> String {
        let sign = if self.amount.units > 0 { "+" } else { "" };
        let amount = self.amount;
        match self.unit {
            DeltaUnit::Number => format!("{sign}{amount}"),
            unit => format!("{sign}{amount} {}", unit.word()),
        }
    }

    /// As money, where it is some.
    pub fn money(&self) -> Option<Money> {
        match self.unit {
            DeltaUnit::Money(currency) => self.amount.to_money(currency),
            _ => None,
        }
    }
}

/// A decision in a pack: what was expected of it, and what is measured.
#[derive(Clone, PartialEq, Debug)]
pub struct Followed {
    /// The decision.
    pub decision: Decision,
    /// Whether it is due and nobody has answered for it.
    pub is_overdue: bool,
    /// The metric since the decision beside as many days before it.
    pub effect: Option<Told>,
    /// What that says of what was expected.
    pub verdict: Verdict,
}

/// What was measured beside what was expected.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// Nothing was expected of a metric.
    NoAim,
    /// No day has passed since.
    NotYet,
    /// There is no figure to hold against it.
    NoFigure,
    /// Too few to tell, or within what chance does.
    CannotTell,
    /// As much as was expected, or more.
    Reached,
    /// Less than was expected, or the other way.
    Short,
}

impl Verdict {
    /// The word of the interface.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::NoAim => "no_aim",
            Verdict::NotYet => "not_yet",
            Verdict::NoFigure => "no_figure",
            Verdict::CannotTell => "cannot_tell",
            Verdict::Reached => "reached",
            Verdict::Short => "short",
        }
    }

    /// What it means, in words.
    pub fn says(self) -> &'static str {
        match self {
            Verdict::NoAim => "nothing was expected of a metric",
            Verdict::NotYet => "no day has passed since",
            Verdict::NoFigure => "there is no figure to hold against it",
            Verdict::CannotTell => "too few to tell, or within what chance does",
            Verdict::Reached => "as much as was expected, or more",
            Verdict::Short => "less than was expected",
        }
    }
}

/// A meeting that was held, or skipped since nothing had changed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Closed {
    /// The commit that holds it, by which it is named.
    pub seq: Seq,
    /// The commit that holds its pack.
    pub pack: Seq,
    /// Which meeting.
    pub rhythm: Rhythm,
    /// Its day.
    pub on: Day,
    /// The commit that its answers are as of.
    pub as_of: Seq,
    /// When it was closed.
    pub at: Instant,
    /// By whom.
    pub by: String,
    /// What else was said.
    pub note: String,
    /// Who was there.
    pub attended: Vec<Attendee>,
    /// Whether nobody met.
    pub is_skipped: bool,
    /// What it told as exceptions.
    pub exceptions: Vec<String>,
}

/// A meeting that was to be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meeting {
    /// Which.
    pub rhythm: Rhythm,
    /// The day on which it was to be; of one that nobody expected, the day on which it was.
    pub day: Day,
    /// What became of it.
    pub became: Became,
    /// The meeting that was closed.
    pub closed: Option<Seq>,
    /// Whether both sides were there.
    pub has_both: bool,
    /// Who was expected and was not there.
    pub absent: Vec<Attendee>,
}

/// What became of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Became {
    /// It was held.
    Held,
    /// Nobody met, since nothing had changed.
    Skipped,
    /// It was not held, and its week, month or quarter is over.
    Missed,
    /// It can still be held.
    Due,
}

impl Became {
    /// The word of the interface.
    pub fn word(self) -> &'static str {
        match self {
            Became::Held => "held",
            Became::Skipped => "skipped",
            Became::Missed => "missed",
            Became::Due => "due",
        }
    }
}

/// How many of a rhythm came to what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Which.
    pub rhythm: Rhythm,
    /// Held.
    pub held: usize,
    /// Of these, with both sides.
    pub by_both: usize,
    /// Skipped, since nothing had changed.
    pub skipped: usize,
    /// Missed.
    pub missed: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_reads_back_as_itself_and_has_a_sign() {
        for text in ["+5 points", "-3 days", "+20000 EUR", "+10", "-0.5 points"] {
            assert_eq!(Delta::parse(text).unwrap().text(), text);
        }
        for text in [
            "5 points",
            "",
            "+",
            "+0",
            "+5 apples",
            "+5 points more",
            "+1 XXY",
        ] {
            assert_eq!(Delta::parse(text), None, "{text}");
        }
        let money = Delta::parse("-12.50 EUR").unwrap().money().unwrap();
        assert_eq!(money.minor, -1_250);
        assert_eq!(Delta::parse("+1 day").unwrap().text(), "+1 days");
    }
}
