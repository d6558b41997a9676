//! The pipeline bridge: what made the open pipeline of one instant that of a later one.
//!
//! Every change of every deal between the two instants is told, not only the difference of its
//! ends. At one instant a deal makes at most one whole move, by this rank: it ended (won, lost,
//! gone); it came (reopened, new); its close date crossed the edge of the window (pulled in, pushed
//! out); it changed hands (moved). One whose close date comes into the window as it ends makes two:
//! it is pulled in, and ends. What its amount changed by is told apart, before a whole move
//! out and after the rate moved, so that a win is told at what was won. This module knows neither
//! dimensions nor prices: whoever asks says where a deal is and what it is worth there.

use handfast_model::rules::StepRole;
use handfast_model::{Currency, Day, Instant, Money, Value, planted};

use crate::journey::{Deal, Journeys, World};
use crate::standing::{Standing, standing, turns, value};

/// The version of this kernel; a change of any number it gives is a new version.
pub const VERSION: u32 = 2;

/// A line of the bridge, in order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Line {
    /// Open just before the period, as it was told at an earlier moment of knowing.
    AsTold,
    /// Not told then.
    Learned,
    /// Told then with another amount.
    Restated,
    /// Told then, and was not open.
    Dropped,
    /// Told then, and known no more: its source deleted it, or its import was taken back.
    Deleted,
    /// Open just before the period.
    AtStart,
    /// First known.
    New,
    /// Open again after an end.
    Reopened,
    /// Its close date came into the window.
    PulledIn,
    /// From another owner, group or currency.
    MovedIn,
    /// Worth more.
    Grew,
    /// Worth another sum by another day's rate.
    Rates,
    /// Worth less.
    Shrank,
    /// Its close date left the window.
    PushedOut,
    /// To another owner, group or currency.
    MovedOut,
    /// Won.
    Won,
    /// Lost.
    Lost,
    /// Disqualified, or ended by silence.
    Gone,
    /// Open at the period's last instant.
    AtEnd,
}

impl Line {
    /// All lines, in order.
    pub const ALL: [Line; 19] = [
        Line::AsTold,
        Line::Learned,
        Line::Restated,
        Line::Dropped,
        Line::Deleted,
        Line::AtStart,
        Line::New,
        Line::Reopened,
        Line::PulledIn,
        Line::MovedIn,
        Line::Grew,
        Line::Rates,
        Line::Shrank,
        Line::PushedOut,
        Line::MovedOut,
        Line::Won,
        Line::Lost,
        Line::Gone,
        Line::AtEnd,
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Line::AsTold => "as_told",
            Line::Learned => "learned",
            Line::Restated => "restated",
            Line::Dropped => "dropped",
            Line::Deleted => "deleted",
            Line::AtStart => "at_start",
            Line::New => "new",
            Line::Reopened => "reopened",
            Line::PulledIn => "pulled_in",
            Line::MovedIn => "moved_in",
            Line::Grew => "grew",
            Line::Rates => "rates",
            Line::Shrank => "shrank",
            Line::PushedOut => "pushed_out",
            Line::MovedOut => "moved_out",
            Line::Won => "won",
            Line::Lost => "lost",
            Line::Gone => "gone",
            Line::AtEnd => "at_end",
        }
    }

    /// How many deals a move of this line adds to those that are open: 1, 0 or −1; none of what
    /// is open at a moment, which is no move.
    pub fn adds(self) -> Option<i64> {
        match self {
            Line::AsTold | Line::AtStart | Line::AtEnd => None,
            Line::Learned | Line::New | Line::Reopened | Line::PulledIn | Line::MovedIn => Some(1),
            Line::Restated | Line::Grew | Line::Rates | Line::Shrank => Some(0),
            Line::Dropped
            | Line::Deleted
            | Line::PushedOut
            | Line::MovedOut
            | Line::Won
            | Line::Lost
            | Line::Gone => Some(-1),
        }
    }

    /// Whether it leads from what was told to what is known of the start.
    pub fn is_of_knowing(self) -> bool {
        self < Line::AtStart
    }
}

/// Between which instants, and of which deals.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The first instant of the period; it starts with what was open just before.
    pub from: Instant,
    /// The first instant after it.
    pub until: Instant,
    /// Only deals whose close date lies in this window, first day to the day after the last.
    pub due: Option<(Day, Day)>,
}

/// What is said of a deal at an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    /// The instant.
    pub at: Instant,
    /// How it stands.
    pub standing: Standing,
    /// Whether its close date is in the window; always, where there is none.
    pub is_due: bool,
    /// Its amount.
    pub amount: Option<Money>,
}

/// What is said of a deal just before the period, at each instant within it at which that may
/// change (and at these others), and at its last instant.
pub fn told(
    world: &World<'_>,
    journeys: &Journeys,
    (deal, others): (&Deal, &[Instant]),
    span: &Span,
) -> Vec<Told> {
    let edge = |at: Instant| Instant(at.0.saturating_sub(1));
    let mut instants = turns(world, journeys, deal);
    instants.extend_from_slice(others);
    instants.push(edge(span.until));
    instants.retain(|at| span.from <= *at && *at < span.until);
    instants.push(edge(span.from));
    instants.sort_unstable();
    instants.dedup();
    let names = &world.snapshot.names;
    let (amount, close_date) = (names.find("amount"), names.find("close_date"));
    let is_due = |at| {
        let Some((from, until)) = span.due else {
            return true;
        };
        let day = match value(world, deal, close_date, Some(at)) {
            Some(Value::Day(day)) => Some(*day),
            Some(Value::At(at)) => Some(world.charter.calendar.day_of(*at)),
            _ => None,
        };
        day.is_some_and(|day| from <= day && day < until)
    };
    let tell = |at| Told {
        at,
        standing: standing(world, journeys, deal, at),
        is_due: is_due(at),
        amount: match value(world, deal, amount, Some(at)) {
            Some(Value::Money(money)) => Some(*money),
            _ => None,
        },
    };
    instants.into_iter().map(tell).collect()
}

/// What a deal is worth, and in which currency its sum is kept; an amount that is not known, or has
/// no price, counts with nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Worth {
    /// The currency.
    pub currency: Option<Currency>,
    /// Minor units, if known.
    pub minor: Option<i64>,
}

impl Worth {
    fn sum(self) -> i128 {
        self.minor.map_or(0, i128::from)
    }
}

/// A deal from an instant on, as whoever asks places and prices it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen<P> {
    /// How it stands.
    pub standing: Standing,
    /// Whether its close date is in the window.
    pub is_due: bool,
    /// Its owner or group.
    pub place: P,
    /// What it is worth.
    pub worth: Worth,
    /// What it was worth before, priced at this instant.
    pub carried: Worth,
}

impl<P> Seen<P> {
    /// Whether it is open, and due where that is asked.
    pub fn counts(&self) -> bool {
        self.standing == Standing::Open && self.is_due
    }
}

/// One move of a deal, or its place at either end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move<P> {
    /// The line.
    pub line: Line,
    /// Where.
    pub place: P,
    /// In which currency.
    pub currency: Option<Currency>,
    /// What it adds, in minor units.
    pub minor: i128,
    /// At which of the instants.
    pub at: usize,
}

/// What was told of a deal at the start, or is known of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening<P> {
    /// Where it stands.
    pub place: P,
    /// What it is worth, in minor units.
    pub minor: i128,
}

/// What leads from what was told of a deal at the start to what is known now: lines, places and
/// minor units. `is_known`: whether anything is known of the deal now.
///
/// Law: by place, what was told and all lines come to what is known.
pub fn restated<P: Clone + PartialEq>(
    told: Option<&Opening<P>>,
    now: Option<&Opening<P>>,
    is_known: bool,
) -> Vec<(Line, P, i128)> {
    let mut lines = Vec::new();
    let out = |line, told: &Opening<P>| (line, told.place.clone(), -told.minor);
    if let Some(told) = told {
        lines.push((Line::AsTold, told.place.clone(), told.minor));
    }
    match (told, now) {
        (Some(told), Some(now)) if told.place == now.place => {
            let changed = now.minor - told.minor;
            lines.extend((changed != 0).then(|| (Line::Restated, now.place.clone(), changed)));
        }
        (Some(told), Some(_)) => lines.push(out(Line::Dropped, told)),
        (Some(told), None) if is_known => lines.push(out(Line::Dropped, told)),
        (Some(told), None) => lines.push(out(Line::Deleted, told)),
        (None, _) => {}
    }
    let is_new = told.map(|told| &told.place) != now.map(|now| &now.place);
    if let Some(now) = now.filter(|_| is_new) {
        lines.push((Line::Learned, now.place.clone(), now.minor));
    }
    lines
}

/// The moves of one deal over what was seen of it, first to last.
///
/// Law: by place and currency, what is at the start and all moves sum to what is at the end, in
/// deals and to the minor unit.
pub fn bridge<P: Copy + PartialEq>(seen: &[Seen<P>]) -> Vec<Move<P>> {
    let mut moves = Moves(Vec::new());
    if let Some(first) = seen.first().filter(|first| first.counts()) {
        moves.add(Line::AtStart, first.place, first.worth, 0);
    }
    let last = seen.len().saturating_sub(1);
    let length = planted!(BridgeOfEnds, 2, seen.len().max(2));
    for (at, span) in (1..).zip(seen.windows(length)) {
        if let [before, .., after] = span {
            moves.step(before, after, planted!(BridgeOfEnds, at, last));
        }
    }
    if let Some(end) = seen.last().filter(|end| end.counts()) {
        moves.add(Line::AtEnd, end.place, end.worth, last);
    }
    moves.0
}

struct Moves<P>(Vec<Move<P>>);

impl<P: Copy + PartialEq> Moves<P> {
    fn add(&mut self, line: Line, place: P, worth: Worth, at: usize) {
        let sign = if line.adds() == Some(-1) { -1 } else { 1 };
        self.0.push(Move {
            line,
            place,
            currency: worth.currency,
            minor: sign * worth.sum(),
            at,
        });
    }

    fn step(&mut self, before: &Seen<P>, after: &Seen<P>, at: usize) {
        match (before.counts(), after.counts()) {
            (false, false) if is_due_by_its_end(before, after) => {
                self.add(Line::PulledIn, before.place, after.carried, at);
                self.leave(before.place, after, at);
            }
            (false, false) => {}
            (false, true) => self.add(entry(before), after.place, after.worth, at),
            (true, true) => {
                self.change(before.place, (before.worth, after.carried), true, at);
                self.change(before.place, (after.carried, after.worth), false, at);
                if before.place != after.place {
                    self.add(Line::MovedOut, before.place, after.worth, at);
                    let into = planted!(MovedBack, after.place, before.place);
                    self.add(Line::MovedIn, into, after.worth, at);
                }
            }
            (true, false) => {
                self.change(before.place, (before.worth, after.carried), true, at);
                self.leave(before.place, after, at);
            }
        }
    }

    fn leave(&mut self, place: P, after: &Seen<P>, at: usize) {
        // An amount that is cleared with the end is not less: it is not told any more.
        let last = match after.worth.minor {
            None => after.carried,
            Some(_) => planted!(WonAtOldWorth, after.worth, after.carried),
        };
        self.change(place, (after.carried, last), false, at);
        self.add(exit(after), place, last, at);
    }

    /// A change of worth; one of currency leaves one sum and enters another.
    fn change(&mut self, place: P, (old, new): (Worth, Worth), by_rate: bool, at: usize) {
        if old.currency != new.currency {
            self.add(Line::MovedOut, place, old, at);
            self.add(Line::MovedIn, place, new, at);
            return;
        }
        let minor = new.sum() - old.sum();
        let line = match (by_rate, minor) {
            (_, 0) => return,
            (true, _) => Line::Rates,
            (false, 1..) => Line::Grew,
            (false, _) => Line::Shrank,
        };
        self.0.push(Move {
            line,
            place,
            currency: new.currency,
            minor,
            at,
        });
    }
}

/// Whether an open deal that was due outside the window ends within it, as a source that sets the
/// close date to the day of the end says.
fn is_due_by_its_end<P>(before: &Seen<P>, after: &Seen<P>) -> bool {
    let is_over = matches!(after.standing, Standing::Ended(_));
    before.standing == Standing::Open && !before.is_due && is_over && after.is_due
}

/// How a deal came among those that count.
fn entry<P>(before: &Seen<P>) -> Line {
    match before.standing {
        Standing::NotYet => Line::New,
        Standing::Ended(_) => Line::Reopened,
        Standing::Open => Line::PulledIn,
    }
}

/// How a deal left those that count.
fn exit<P>(after: &Seen<P>) -> Line {
    match after.standing {
        Standing::Ended(StepRole::Won) => Line::Won,
        Standing::Ended(StepRole::Lost) => Line::Lost,
        Standing::Open => Line::PushedOut,
        // A deal that is known stays so.
        Standing::Ended(_) | Standing::NotYet => Line::Gone,
    }
}
