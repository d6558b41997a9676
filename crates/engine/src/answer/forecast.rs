//! What is won in the next month or quarter: a range, its parts, and who says so. How it is told is
//! `kernels::forecast`; this room says which windows there are, what pursuits look like by days,
//! and in which words it is answered.

mod calibrated;
mod records;
mod tested;
pub(super) mod tracks;

use handfast_kernels::forecast::rolling::{ORIGINS, Record, Rolled, Voice, WINS};
use handfast_kernels::forecast::{
    Forecast, GroupRanges, PATHS, Part, Played, Range, State, Track, Window, play,
};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::{
    Answer, Cell, Column, ColumnKind, Currency, Day, Decimal, Grain, Instant, Money, Question,
    Refusal, many,
};

use super::Pick;
use super::ground::Ground;
use super::sheet::{Key, Sheet};
use super::tally::totals::total_names;
use super::tally::{Tally, lineage};
use tracks::{Maker, Tracks};

/// Past windows that are forecast to know how good a forecast is.
const TESTED: usize = 24;
/// Paths of each of them.
const TESTED_PATHS: usize = 2_000;
/// A window ends at most so many days after what is known.
const FAR: i32 = 400;
/// So many days back months are looked at.
const REMEMBERED: i32 = 2_000;
/// What chance begins with, the same for everybody.
pub(super) const SEED: u64 = 0x666f_7265_6361_7374;

/// Answers the question, or lists what is behind one of its figures.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    check_undivided(question)?;
    let QuestionKind::Forecast {
        at,
        horizon,
        is_backtest,
    } = question.kind
    else {
        return Err(super::identity::unknown("forecast"));
    };
    let calendar = &ground.charter.calendar;
    let last = Instant(ground.horizon.0.saturating_sub(1));
    let at = at.unwrap_or_else(|| calendar.day_of(last));
    let period = question.period.unwrap_or_else(|| {
        let next = calendar.period_of(at.plus(1), horizon);
        (next.from, next.until)
    });
    check_window(at, period)?;
    let tally = Tally::new(ground, question, Sheet::new(0));
    let maker = Maker {
        ground,
        question,
        prices: tally.prices.as_ref(),
        at,
    };
    let tracks = maker.tracks();
    let book = Book {
        ground,
        question,
        window: Window {
            at: at.0,
            from: period.0.0,
            until: period.1.0,
        },
        horizon,
        tally: &tally,
        months: months(ground, &tracks, period.1),
        tracks: &tracks,
    };
    let is_split = !question.by.is_empty();
    match (is_backtest, pick) {
        (true, None) if is_split => book.calibrated(),
        (true, Some(pick)) if is_split => book.called(pick),
        (true, None) => book.tested(),
        (true, Some(pick)) => book.windows(pick),
        (false, None) => book.answer(),
        (false, Some(pick)) => book.records(pick),
    }
}

/// Groups must be what a pursuit has at one instant.
fn check_undivided(question: &Question) -> Result<(), Refusal> {
    let is_time = |dim: &&Dimension| matches!(dim, Dimension::Time(_));
    match question.by.iter().find(is_time) {
        None => Ok(()),
        Some(dim) => {
            let title = format!("a forecast cannot be split by {}", dim.text());
            Err(Refusal::new("E0431", title)
                .matters("it is of one window")
                .fix("ask it once for each period, with --period"))
        }
    }
}

/// The months from the first day of any pursuit until a day.
pub(super) fn months(ground: &Ground<'_>, tracks: &Tracks, until: Day) -> Vec<(i32, u8)> {
    let first = tracks.all.iter().filter_map(|track| track.stands.first());
    let first = first.map(|(day, _)| *day).min().unwrap_or(until.0);
    // What lies further back teaches nothing.
    let from = Day(first.max(until.0 - REMEMBERED));
    let calendar = &ground.charter.calendar;
    let place = |day: Day| {
        let quarter = calendar.period_of(day, Grain::Quarter);
        let months = calendar.periods(Grain::Month, quarter.from, day);
        u8::try_from(months.len()).unwrap_or(0)
    };
    let months = calendar.periods(Grain::Month, from, until);
    months
        .iter()
        .map(|month| (month.from.0, place(month.from)))
        .collect()
}

/// A window is neither over nor too far off.
pub(super) fn check_window(at: Day, (from, until): (Day, Day)) -> Result<(), Refusal> {
    if until.0 <= at.0 + 1 {
        let title = format!("the window {from}..{until} is over by the end of {at}");
        return Err(
            Refusal::new("E0404", title).fix("--at a day before its last one, or a later --period")
        );
    }
    if until.0 - at.0 > FAR {
        let title = format!("the window {from}..{until} ends more than {FAR} days after {at}");
        return Err(Refusal::new("E0404", title)
            .matters("what is known says little of days so far ahead")
            .fix("a nearer --period, or a later --at"));
    }
    Ok(())
}

/// Nothing that ended teaches nothing.
pub(super) fn untaught(at: Day) -> Refusal {
    let title = format!("nothing had ended by the end of {at}, so nothing can be learned");
    Refusal::new("E0414", title)
        .matters("a forecast is told from what was won and lost before")
        .fix("a later --at; or import history: deals with the days on which they ended")
}

/// A forecast and all that it rests on.
struct Book<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    window: Window,
    horizon: Grain,
    tally: &'a Tally<'a>,
    tracks: &'a Tracks,
    /// First days of months, with their places in their quarters.
    months: Vec<(i32, u8)>,
}

/// Who speaks of a figure.
#[derive(Clone, Copy)]
struct Chosen {
    voice: Voice,
    range: Range,
}

impl Book<'_> {
    fn played(&self, paths: usize) -> Played<'_> {
        Played {
            tracks: &self.tracks.all,
            // One more: no stage yet.
            stages: self.ground.charter.steps.len() + 1,
            months: &self.months,
            groups: self.tracks.groups.len(),
            paths,
            seed: SEED,
        }
    }

    /// Past windows of one or three months, one beginning with each month, the oldest first.
    fn past(&self) -> Vec<Window> {
        let ends = self.tracks.all.iter().flat_map(|track| &track.stands);
        let ends = ends.filter(|(_, state)| !matches!(state, State::In(_)));
        let Some(first) = ends.map(|(day, _)| *day).min() else {
            return Vec::new();
        };
        let at = Day(self.window.at);
        let calendar = &self.ground.charter.calendar;
        let months = calendar.periods(Grain::Month, Day(first), at.plus(1));
        let long = if self.horizon == Grain::Month { 1 } else { 3 };
        let windows = months.windows(long).filter_map(|months| {
            let (from, until) = (months.first()?.from, months.last()?.until);
            // Before it something must have been seen for as long.
            let is_told = from.0 - first >= until.0 - from.0 && until.0 <= at.0 + 1;
            is_told.then_some(Window {
                at: from.0 - 1,
                from: from.0,
                until: until.0,
            })
        });
        let mut windows: Vec<Window> = windows.collect();
        windows.drain(..windows.len().saturating_sub(TESTED));
        windows
    }

    /// Past windows, the same for every figure that is asked of them.
    fn rolled(&self) -> Rolled {
        let (filter, currency) = (&self.question.filter, &self.question.currency);
        let (at, horizon) = (self.window.at, self.horizon.word());
        let of = format!("{at} {horizon} {currency:?} {filter:?}");
        let shared = &self.ground.derived.shared;
        Rolled::clone(&shared.rolled(&of, || self.roll()))
    }

    fn roll(&self) -> Rolled {
        // What is scored is the whole, whatever it is split by.
        let tracks = self.whole();
        let played = Played {
            tracks: &tracks,
            groups: 1,
            ..self.played(TESTED_PATHS)
        };
        Rolled::over(&played, &self.past())
    }

    /// All tracks as of one group.
    fn whole(&self) -> Vec<Track> {
        let whole = |track: &Track| Track {
            group: 0,
            ..track.clone()
        };
        self.tracks.all.iter().map(whole).collect()
    }

    fn answer(&self) -> Result<Answer, Refusal> {
        let forecast = self.forecast()?;
        let mut rolled = self.rolled();
        rolled.tell(&self.tracks.all, &self.window, (Some(&forecast), None));
        let chosen = |record: &Record| {
            let told = record.told.last()?;
            let voice = told.chosen;
            let range = told.of(voice)?;
            Some(Chosen { voice, range })
        };
        let unsaid = Chosen {
            voice: Voice::Model,
            range: Range::default(),
        };
        let voices = [
            chosen(&rolled.deals).unwrap_or(unsaid),
            chosen(&rolled.value).unwrap_or(unsaid),
        ];
        let mut rows = Vec::new();
        for (keys, (group, ranges)) in self
            .tracks
            .groups
            .iter()
            .zip((0u32..).zip(&forecast.groups))
        {
            let own = self.own(group, (&rolled, voices));
            rows.extend(self.rows(keys, (ranges, own)));
        }
        let is_split = !self.question.by.is_empty();
        let totals = is_split.then(|| {
            let names = total_names(self.question.by.len() + 1, None);
            names.chain(self.all(&forecast.all, voices)).collect()
        });
        Ok(Answer {
            headline: None,
            columns: self.columns(),
            rows,
            totals,
            currency_totals: Vec::new(),
            issues: self.tally.issues_with(&self.tracks.issues),
            notes: self.notes(&forecast, (&rolled, voices)),
            lineage: lineage(self.ground),
        })
    }

    /// The model's forecast.
    fn forecast(&self) -> Result<Forecast, Refusal> {
        play(&self.played(PATHS), &self.window).ok_or_else(|| untaught(Day(self.window.at)))
    }

    /// What rules say of one group; the model says it itself.
    fn own(&self, group: u32, (rolled, voices): (&Rolled, [Chosen; 2])) -> [Chosen; 2] {
        if self.tracks.groups.len() == 1 || voices.iter().all(|one| one.voice == Voice::Model) {
            return voices;
        }
        let tracks = self.tracks.all.iter().filter(|track| track.group == group);
        let tracks: Vec<Track> = tracks.cloned().collect();
        // As far off as it was of the whole, and as far as chance may be of so few.
        let mut rolled = rolled.clone();
        rolled.tell(&tracks, &self.window, (None, None));
        let range = |record: &Record, chosen: Chosen| {
            let told = record.told.last().and_then(|told| told.of(chosen.voice));
            told.map_or(chosen, |range| Chosen { range, ..chosen })
        };
        let [deals, value] = voices;
        [range(&rolled.deals, deals), range(&rolled.value, value)]
    }

    /// A row for each part and one for all of them.
    fn rows(&self, keys: &[Key], (ranges, voices): (&GroupRanges, [Chosen; 2])) -> Vec<Vec<Cell>> {
        let names = |word: &str| {
            let keys = keys.iter().map(Key::cell);
            keys.chain([Cell::Text(word.to_owned())])
                .collect::<Vec<_>>()
        };
        let mut rows = Vec::with_capacity(Part::ALL.len() + 1);
        for part in Part::ALL {
            let of = ranges.part(part);
            let mut cells = names(part.word());
            for (chosen, (range, is_value)) in
                voices.iter().zip([(of.deals, false), (of.value, true)])
            {
                // A plain rule knows no parts but what is won already.
                let is_known = chosen.voice == Voice::Model || part == Part::Already;
                cells.extend(self.cells(is_known.then_some(range), is_value));
            }
            rows.push(cells);
        }
        let mut all = names("all");
        all.extend(self.all(ranges, voices));
        rows.push(all);
        rows
    }

    /// All parts together, in the words of who speaks.
    fn all(&self, ranges: &GroupRanges, voices: [Chosen; 2]) -> Vec<Cell> {
        let own = [ranges.all.deals, ranges.all.value];
        let pairs = voices.iter().zip(own).zip([false, true]);
        let cells = pairs.flat_map(|((chosen, own), is_value)| {
            let range = match chosen.voice {
                Voice::Model => own,
                Voice::Rule(_) => chosen.range,
            };
            self.cells(Some(range), is_value)
        });
        cells.collect()
    }

    /// 10, 50 and 90 %, and the mean.
    fn cells(&self, range: Option<Range>, is_value: bool) -> [Cell; 4] {
        let Some(range) = range else {
            return [Cell::Unknown, Cell::Unknown, Cell::Unknown, Cell::Unknown];
        };
        if is_value {
            let Some(currency) = self.tracks.currency else {
                return self.cells(None, is_value);
            };
            let money = |minor: i64| Cell::Money(Money { minor, currency });
            return [range.low, range.mid, range.high, range.mean()].map(money);
        }
        let paths = i128::from(range.paths.max(1));
        let mean = Decimal {
            units: (20 * range.sum + paths) / (2 * paths),
            scale: 1,
        };
        [
            Cell::Number(range.low),
            Cell::Number(range.mid),
            Cell::Number(range.high),
            Cell::Decimal(mean),
        ]
    }

    fn columns(&self) -> Vec<Column> {
        let mut tally = Tally::new(self.ground, self.question, Sheet::new(0));
        tally.dimension_columns(&self.question.by);
        tally.text_column("part", "where it comes from");
        let code = self.tracks.currency.as_ref().map(Currency::code);
        let mut columns = tally.dims;
        for (figure, kind, unit) in [
            ("deals", ColumnKind::Number, Some("deal")),
            ("value", ColumnKind::Money, code),
        ] {
            for (point, means) in [
                ("p10", "in one of ten cases this or less"),
                ("p50", "in half of all cases this or less"),
                ("p90", "in nine of ten cases this or less"),
                (
                    "mean",
                    "on average; those of parts come to that of all but for rounding",
                ),
            ] {
                let is_decimal = kind == ColumnKind::Number && point == "mean";
                columns.push(Column {
                    id: format!("{figure}_{point}"),
                    kind: if is_decimal {
                        ColumnKind::Decimal
                    } else {
                        kind
                    },
                    unit: unit.map(str::to_owned),
                    means: format!("≈ {figure} won, {means}"),
                });
            }
        }
        columns
    }

    fn notes(&self, forecast: &Forecast, (rolled, voices): (&Rolled, [Chosen; 2])) -> Vec<String> {
        let (at, from, until) = (Day(self.window.at), self.window.from, self.window.until);
        let mut notes = vec![format!(
            "from {} until before {}, told from what had happened by the end of {at}",
            Day(from),
            Day(until)
        )];
        let wins = forecast.wins;
        let [deals, value] = voices;
        let said = spoken(deals.voice, &rolled.deals, wins);
        notes.push(format!("deals: {said}"));
        if self.tracks.currency.is_some() {
            let said = spoken(value.voice, &rolled.value, wins);
            notes.push(format!("value: {said}"));
        }
        if voices.iter().any(|one| one.voice == Voice::Model) {
            let pace = (forecast.pace.mean * 100.0).round() as i64;
            notes.push(format!(
                "model: chances by stage and days in it, of {}; of late wins come at {pace} % of \
                 what these say; {}",
                many(wins, "win"),
                many(PATHS as u64, "path")
            ));
        }
        notes.extend(self.caveats());
        notes
    }

    /// What is in no part, and what amounts rest on.
    fn caveats(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let open = self.tracks.all.iter().filter(|track| {
            let has_deal = track.deal_from.is_some_and(|from| from <= self.window.at);
            let state = track.at(self.window.at).map(|(_, state)| state);
            has_deal && matches!(state, Some(State::In(_)))
        });
        let (mut all, mut dated) = (0u64, 0u64);
        for track in open {
            all += 1;
            dated += u64::from(track.amount_at(self.window.at).is_some());
        }
        if self.tracks.are_mixed {
            let fix = "amounts are in several currencies; choose one with --currency";
            notes.push(fix.to_owned());
        } else if all > dated {
            notes.push(format!(
                "{} of {} have no amount of which a source shows that it held that day: each is \
                 worth what one of the latest wins was",
                all - dated,
                many(all, "open deal")
            ));
        }
        notes.extend(self.tracks.notes());
        notes.extend(self.tally.prices.iter().flat_map(|prices| prices.notes()));
        notes
    }
}

/// Who speaks of a figure, and why.
fn spoken(voice: Voice, record: &Record, wins: u64) -> String {
    let model = record.scores(Voice::Model);
    let said = |voice: Voice| {
        let (part, whole) = record.scores(voice).pinball_share();
        percent(part, whole)
    };
    let windows = many(model.told, "past window");
    let Voice::Rule(rule) = voice else {
        let best = record.best();
        return format!(
            "by the model: in {windows} its pinball loss was {}, that of the best plain rule, {}, \
             {}; {} of {} came within 10 to 90 %",
            said(voice),
            best.word(),
            said(Voice::Rule(best)),
            model.within,
            model.told
        );
    };
    let (word, means) = (rule.word(), rule.means());
    let best = match model.told {
        0 => "there is no past window to try the rules on".to_owned(),
        _ => format!(
            "of the plain rules it did best in {windows} (pinball loss {})",
            said(voice)
        ),
    };
    if wins < WINS {
        let wins = many(wins, "win");
        return format!(
            "by {word}, {means}: {wins} are too few for a model, which needs {WINS}; {best}"
        );
    }
    if !record.is_tried() {
        return format!(
            "by {word}, {means}: the model is untried ({windows}, {ORIGINS} are needed); {best}"
        );
    }
    format!(
        "by {word}, {means}: in {windows} it did better than the model (pinball loss {} against \
         {})",
        said(voice),
        said(Voice::Model)
    )
}

/// How long past windows are.
fn long(horizon: Grain) -> &'static str {
    match horizon {
        Grain::Month => "a month",
        _ => "three months",
    }
}

/// A share in percent with one digit.
fn percent(part: i128, whole: i128) -> String {
    match whole {
        0 => "–".to_owned(),
        _ => {
            let tenths = (2_000 * part + whole) / (2 * whole);
            format!("{}.{} %", tenths / 10, tenths % 10)
        }
    }
}
