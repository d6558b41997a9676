//! From a goal back to what must come to be in the funnel, and by when. How many are needed is
//! `kernels::plan`, what is under way brings what `kernels::forecast` says; this room says which
//! windows there are, whose goal it is, and in which words it is answered.

mod goal;
mod notes;

use handfast_kernels::forecast::{Forecast, PATHS, Played, Window, play};
use handfast_kernels::plan::{Gap, Learned, ODDS, Worth, at_means, learn, needed, priced};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Day, Decimal, Grain, Instant, Issue, Money, Period,
    Question, Refusal,
};

use super::Pick;
use super::forecast::tracks::{Maker, Tracks};
use super::forecast::{SEED, check_window, months, untaught};
use super::ground::Ground;
use super::sheet::{Key, Sheet};
use super::tally::{Tally, lineage};
use goal::Goal;

/// Half, and a tenth, of those who are won in the end are won in time.
const IN_TIME: [f64; 2] = [0.5, 0.1];

/// Answers the question.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let QuestionKind::Plan { at, goal } = question.kind else {
        return Err(super::identity::unknown("plan"));
    };
    if pick.is_some() {
        return Err(Refusal::new(
            "E0409",
            "a plan has no records: what it asks for is not there yet",
        )
        .fix("ask forecast --records value_p50 lists what is under way, with its chances"));
    }
    let is_by_month = check_split(question)?;
    let own = Question {
        by: question
            .by
            .iter()
            .filter(|dim| !is_time(dim))
            .cloned()
            .collect(),
        ..question.clone()
    };
    let calendar = &ground.charter.calendar;
    let last = Instant(ground.horizon.0.saturating_sub(1));
    let at = at.unwrap_or_else(|| calendar.day_of(last));
    let period = question.period.unwrap_or_else(|| {
        let next = calendar.period_of(at.plus(1), Grain::Quarter);
        (next.from, next.until)
    });
    check_window(at, period)?;
    planned((ground, question, &own), (at, period, is_by_month), goal)
}

/// The plan of a question, and of the same without its months.
fn planned(
    (ground, question, own): (&Ground<'_>, &Question, &Question),
    (at, period, is_by_month): (Day, (Day, Day), bool),
    goal: Option<Decimal>,
) -> Result<Answer, Refusal> {
    let calendar = &ground.charter.calendar;
    let tally = Tally::new(ground, own, Sheet::new(0));
    let maker = Maker {
        ground,
        question: own,
        prices: tally.prices.as_ref(),
        at,
    };
    let tracks = maker.tracks();
    let currency = goal::currency(&tracks)?;
    let ends = match is_by_month {
        true => month_ends(
            calendar.periods(Grain::Month, period.0, period.1),
            at,
            period.1,
        ),
        false => vec![(period.1, None)],
    };
    let roles = ground.charter.steps.iter();
    let path = roles.filter(|step| step.role == StepRole::Path).count();
    let learned = learn(&tracks.all, (path, tracks.groups.len()), at.0);
    let learned = learned.ok_or_else(|| untaught(at))?;
    let book = Book {
        ground,
        question: own,
        at,
        period,
        currency,
        path,
        goal: Goal::of((ground, question), goal, &tally, (period, &ends, currency))?,
        ends,
        spent: goal::spent(ground, own, &tally, ((at, learned.lately), currency)),
        learned,
        months: months(ground, &tracks, period.1),
        tracks: &tracks,
        tally: &tally,
    };
    book.answer()
}

fn is_time(dim: &Dimension) -> bool {
    matches!(dim, Dimension::Time(_))
}

/// Months are ends of plans; groups must be what a pursuit has at one instant.
fn check_split(question: &Question) -> Result<bool, Refusal> {
    let mut times = question.by.iter().filter(|dim| is_time(dim));
    match times.next() {
        None => Ok(false),
        Some(Dimension::Time(Grain::Month)) if times.next().is_none() => Ok(true),
        Some(dim) => {
            let title = format!("a plan cannot be split by {}", dim.text());
            Err(Refusal::new("E0431", title)
                .matters("it is of one period, or up to the end of each of its months")
                .fix("--by month, or --period for another period"))
        }
    }
}

/// The ends of months that are not over, each cut at the period's.
fn month_ends(months: Vec<Period>, at: Day, until: Day) -> Vec<(Day, Option<Key>)> {
    let ahead = months
        .into_iter()
        .filter(|month| month.until.0.min(until.0) > at.0 + 1);
    let end = |month: Period| {
        let key = Key::Period(month.from, month.label);
        (month.until.min(until), Some(key))
    };
    ahead.map(end).collect()
}

/// A plan and all that it rests on.
struct Book<'a> {
    ground: &'a Ground<'a>,
    /// Without its months.
    question: &'a Question,
    at: Day,
    period: (Day, Day),
    currency: Currency,
    /// How many stages the path has before the win.
    path: usize,
    goal: Goal,
    /// By when, and the month that ends then.
    ends: Vec<(Day, Option<Key>)>,
    learned: Learned,
    /// What was spent of late; none where nothing is known.
    spent: Option<goal::Spent>,
    months: Vec<(i32, u8)>,
    tracks: &'a Tracks,
    tally: &'a Tally<'a>,
}

/// What one row is of.
struct Part<'p> {
    keys: Vec<Cell>,
    group: usize,
    window: Window,
    gap: Gap,
    worth: Option<&'p Worth>,
}

impl Book<'_> {
    fn answer(&self) -> Result<Answer, Refusal> {
        let mut rows = Vec::new();
        let windows = self.ends.iter().map(|(until, _)| self.window(*until));
        let told = windows.map(|window| Ok((window, self.forecast(&window)?)));
        let told: Vec<(Window, Forecast)> = told.collect::<Result<_, Refusal>>()?;
        for (place, keys) in self.tracks.groups.iter().enumerate() {
            let worth = self.learned.worth(place);
            for (end, ((_, month), (window, forecast))) in self.ends.iter().zip(&told).enumerate() {
                let Some(ranges) = forecast.groups.get(place) else {
                    continue;
                };
                let keys = keys.iter().chain(month).map(Key::cell);
                rows.extend(self.rows(&Part {
                    keys: keys.collect(),
                    group: place,
                    window: *window,
                    gap: Gap::of(self.share(place, end), ranges),
                    worth: worth.as_ref(),
                }));
            }
        }
        let more: Vec<Issue> = self
            .tracks
            .issues
            .iter()
            .chain(&self.goal.issues)
            .copied()
            .collect();
        Ok(Answer {
            headline: None,
            columns: self.columns(),
            rows,
            totals: None,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&more),
            notes: self.notes(),
            lineage: lineage(self.ground),
        })
    }

    fn window(&self, until: Day) -> Window {
        Window {
            at: self.at.0,
            from: self.period.0.0,
            until: until.0,
        }
    }

    fn forecast(&self, window: &Window) -> Result<Forecast, Refusal> {
        let played = Played {
            tracks: &self.tracks.all,
            // One more: no stage yet.
            stages: self.ground.charter.steps.len() + 1,
            months: &self.months,
            groups: self.tracks.groups.len(),
            paths: PATHS,
            seed: SEED,
        };
        play(&played, window).ok_or_else(|| untaught(self.at))
    }

    /// A group's part of the goal up to an end: as its part of what was won of late.
    fn share(&self, group: usize, end: usize) -> i64 {
        let whole = self.goal.by_end.get(end).copied().unwrap_or(0);
        let won = &self.learned.won;
        if won.len() < 2 {
            return whole;
        }
        let by_value = won
            .iter()
            .map(|(value, _)| u64::try_from(*value).unwrap_or(0));
        let money = Money {
            minor: whole,
            currency: self.currency,
        };
        // Where nothing was won of late, alike.
        let parts = money.share_out(&by_value.collect::<Vec<_>>());
        let parts = parts.or_else(|| money.share_out(&vec![1; won.len()]));
        let own = parts.and_then(|parts| parts.get(group).copied());
        own.map_or(whole, |money| money.minor)
    }

    fn rows(&self, part: &Part<'_>) -> Vec<Vec<Cell>> {
        let gap = &part.gap;
        let amounts = [
            ("goal", gap.goal),
            ("already_won", gap.already),
            ("in_hand", gap.in_hand),
            ("gap", gap.left()),
        ];
        let amount = |(line, minor): (&str, i64)| {
            let mut cells = self.begun(part, line);
            cells.push(self.money(minor));
            cells.extend(std::iter::repeat_n(
                Cell::NotApplicable,
                COUNTED.len() + OTHER.len(),
            ));
            cells
        };
        let mut rows: Vec<Vec<Cell>> = amounts.into_iter().map(amount).collect();
        rows.push(self.needs(part, self.path, "deals"));
        // From the last stage up.
        let places = (0..self.path).rev();
        let stage = |place: usize| {
            let step = StepIx(u8::try_from(place).unwrap_or(u8::MAX));
            self.needs(part, place, self.ground.step_id(step))
        };
        rows.extend(places.map(stage));
        rows
    }

    fn begun(&self, part: &Part<'_>, line: &str) -> Vec<Cell> {
        let mut cells = part.keys.clone();
        cells.push(Cell::Text(line.to_owned()));
        cells
    }

    fn money(&self, minor: i64) -> Cell {
        let currency = self.currency;
        Cell::Money(Money { minor, currency })
    }

    /// How many must come to a place, what of it comes at the pace of late, how often that is won,
    /// and until when it is in time.
    fn needs(&self, part: &Part<'_>, place: usize, line: &str) -> Vec<Cell> {
        let mut cells = self.begun(part, line);
        let (group, window) = (part.group, &part.window);
        let lever = self.learned.lever(group, place, window);
        let known = lever.zip(part.worth);
        let count = |found: Option<u64>| found.map_or(Cell::Unknown, Cell::Count);
        let (gap, is_stage) = (&part.gap, place < self.path);
        let mean = known.and_then(|(lever, worth)| at_means(gap, &lever, worth));
        let by_odds =
            ODDS.map(|odds| known.and_then(|(lever, worth)| needed(gap, &lever, worth, odds)));
        // What it costs, where each that begins has a price.
        let price = self
            .spent
            .filter(|_| place == 0 && self.question.by.is_empty());
        let price = price.zip(by_odds.first().copied().flatten());
        let cost = price
            .and_then(|(spent, many)| priced(many, (spent.minor, self.learned.came(group, 0))));
        cells.push(match (is_stage, cost) {
            (_, Some(minor)) => self.money(minor),
            _ => Cell::NotApplicable,
        });
        cells.push(count(mean));
        cells.extend(by_odds.map(count));
        if !is_stage {
            cells.extend(std::iter::repeat_n(Cell::NotApplicable, 1 + OTHER.len()));
            return cells;
        }
        cells.push(count(self.learned.at_pace(group, place, window)));
        let rate = self.learned.rate(group, place);
        cells.push(rate.map_or(Cell::Unknown, |(mean, band)| {
            Cell::EstimatedShare(mean, Some(band))
        }));
        cells.push(lever.map_or(Cell::Unknown, |lever| {
            Cell::EstimatedShare(lever.timely, None)
        }));
        cells.extend(IN_TIME.map(|share| {
            let day = self.learned.last_day(place, window.until, share);
            day.map_or(Cell::Unknown, |day| Cell::Day(Day(day)))
        }));
        cells
    }

    fn columns(&self) -> Vec<Column> {
        let mut tally = Tally::new(self.ground, self.question, Sheet::new(0));
        tally.dimension_columns(&self.question.by);
        if self.ends.iter().any(|(_, month)| month.is_some()) {
            tally.dimension_columns(&[Dimension::Time(Grain::Month)]);
        }
        tally.text_column("line", "what is to be reached, and what it takes");
        let mut columns = tally.dims;
        let column = |id: &str, kind, unit: Option<&str>, means: &str| Column {
            id: id.to_owned(),
            kind,
            unit: unit.map(str::to_owned),
            means: means.to_owned(),
        };
        let means = "≈ of the goal; beside the first stage what so many cost at even odds";
        let code = Some(self.currency.code());
        columns.push(column("amount", ColumnKind::Money, code, means));
        let counted = COUNTED.iter();
        columns.extend(counted.map(|(id, means)| column(id, ColumnKind::Count, None, means)));
        let others = OTHER.iter();
        columns.extend(others.map(|(id, kind, means)| column(id, *kind, None, means)));
        columns
    }
}

const COUNTED: [(&str, &str); 5] = [
    (
        "at_means",
        "≈ so many, if rates and amounts are what they are on average",
    ),
    (
        "even_odds",
        "≈ so many, for the goal to be reached in five of ten cases",
    ),
    (
        "four_of_five",
        "≈ so many, for the goal to be reached in eight of ten cases",
    ),
    (
        "nine_of_ten",
        "≈ so many, for the goal to be reached in nine of ten cases",
    ),
    (
        "at_pace",
        "≈ so many come in the days that are left, if they come as of late",
    ),
];

const OTHER: [(&str, ColumnKind, &str); 4] = [
    (
        "won_share",
        ColumnKind::EstimatedShare,
        "≈ the share that is won in the end, by a Beta distribution",
    ),
    (
        "in_time",
        ColumnKind::EstimatedShare,
        "≈ of those, the share that is won in time if they come evenly from tomorrow on",
    ),
    (
        "half_by",
        ColumnKind::Time,
        "≈ whoever comes until then and is won in the end is won in time in five of ten cases",
    ),
    (
        "tenth_by",
        ColumnKind::Time,
        "≈ whoever comes until then and is won in the end is won in time in one of ten cases",
    ),
];
