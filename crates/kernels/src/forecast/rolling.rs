//! Past windows forecast with what had happened by then, and what to believe of the next one.
//!
//! At each origin the model and the plain rules see tracks up to its day. Which of them speaks is
//! decided by the origins before: the rule that did best where the model's pinball loss is more
//! than a twentieth above it, else the model. So what is scored as `chosen` is what would have been
//! told then. Where history cannot carry a model, or too few origins have tried it, the rule that
//! did best speaks, and before any origin the last period: a model that is wrong is wrong by more
//! than a rule.

use super::rules::{Off, RULES, Rule, came};
use super::score::{Range, Scores};
use super::{Forecast, Played, Track, Window, play};

/// So many wins a model must have seen to be believed.
pub const WINS: u64 = 30;
/// So many origins must have tried a model before it may speak.
pub const ORIGINS: usize = 3;
/// A rule must do better than the model by more than one in so many parts.
const BETTER: i128 = 20;

/// How many may speak: the model and each rule.
const VOICES: usize = RULES + 1;

/// Who speaks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Voice {
    /// The model of stages and ages.
    Model,
    /// A plain rule.
    Rule(Rule),
}

impl Voice {
    /// All of them.
    pub const ALL: [Voice; VOICES] = [
        Voice::Model,
        Voice::Rule(Rule::LastPeriod),
        Voice::Rule(Rule::MeanOfThree),
        Voice::Rule(Rule::QuarterBefore),
        Voice::Rule(Rule::StageWeighted),
    ];

    /// The word used in answers.
    pub fn word(self) -> &'static str {
        match self {
            Voice::Model => "model",
            Voice::Rule(rule) => rule.word(),
        }
    }
}

/// What is forecast.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// Deals won.
    Deals,
    /// Their value.
    Value,
}

/// What one voice told of one figure at one origin, and what came.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Told {
    /// By voice, in the order of [`Voice::ALL`]; the model's is none where nothing had ended.
    pub ranges: [Option<Range>; VOICES],
    /// Who spoke.
    pub chosen: Voice,
    /// What came; none of the window that is still to come.
    pub came: Option<i64>,
}

impl Told {
    /// The range of a voice.
    pub fn of(&self, voice: Voice) -> Option<Range> {
        let place = Voice::ALL.iter().position(|one| *one == voice)?;
        self.ranges.get(place).copied().flatten()
    }
}

/// One figure over past windows.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// By origin, the oldest first.
    pub told: Vec<Told>,
    off: [Off; RULES],
    /// By voice, over the origins of which the model told something.
    scores: [Scores; VOICES],
}

impl Record {
    /// Who speaks next, where a model has seen so many wins.
    pub fn choice(&self, wins: Option<u64>) -> Voice {
        let rule = self.best();
        let is_model = self.is_tried() && wins.is_some_and(|wins| wins >= WINS);
        let (model, of_rule) = (self.scores(Voice::Model), self.scores(Voice::Rule(rule)));
        match is_model && of_rule.pinball * (BETTER + 1) >= model.pinball * BETTER {
            true => Voice::Model,
            false => Voice::Rule(rule),
        }
    }

    /// Whether enough origins have tried the model.
    pub fn is_tried(&self) -> bool {
        self.scores(Voice::Model).told >= ORIGINS as u64
    }

    /// The rule that did best; the last period before any origin.
    pub fn best(&self) -> Rule {
        let loss = |rule: &Rule| self.scores(Voice::Rule(*rule)).pinball;
        let best = Rule::ALL.into_iter().min_by_key(loss);
        best.unwrap_or(Rule::LastPeriod)
    }

    /// The scores of a voice over the origins at which the model told something too.
    pub fn scores(&self, voice: Voice) -> Scores {
        let place = Voice::ALL.iter().position(|one| *one == voice);
        let found = place.and_then(|place| self.scores.get(place));
        found.copied().unwrap_or_default()
    }

    /// The scores of who spoke.
    pub fn chosen(&self) -> Scores {
        let mut scores = Scores::default();
        for told in &self.told {
            if let (Some(range), Some(came), Some(_)) =
                (told.of(told.chosen), told.came, told.of(Voice::Model))
            {
                scores.add(&range, came);
            }
        }
        scores
    }

    fn take(&mut self, told: Told) {
        if let Some(came) = told.came {
            let rules = told.ranges.iter().skip(1).flatten();
            self.off
                .iter_mut()
                .zip(rules)
                .for_each(|(off, range)| off.add(range.mid, came));
            if told.of(Voice::Model).is_some() {
                for (scores, range) in self.scores.iter_mut().zip(told.ranges.iter().flatten()) {
                    scores.add(range, came);
                }
            }
        }
        self.told.push(told);
    }
}

/// Past windows and the one that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Rolled {
    /// Deals won.
    pub deals: Record,
    /// Their value.
    pub value: Record,
}

impl Rolled {
    /// Forecasts past windows, the oldest first.
    pub fn over(played: &Played<'_>, windows: &[Window]) -> Rolled {
        let mut rolled = Rolled::default();
        for window in windows {
            let forecast = play(played, window);
            let (deals, value) = came(played.tracks, (window.from, window.until));
            rolled.tell(
                played.tracks,
                window,
                (forecast.as_ref(), Some((deals, value))),
            );
        }
        rolled
    }

    /// Takes in what is told of a window, and what came if it is over.
    pub fn tell(
        &mut self,
        tracks: &[Track],
        window: &Window,
        (forecast, came_in): (Option<&Forecast>, Option<(i64, i64)>),
    ) {
        let known = (window.from, window.until.min(window.at + 1));
        let already = came(tracks, known);
        let points = Rule::ALL.map(|rule| rule.point(tracks, window));
        let wins = forecast.map(|forecast| forecast.wins);
        let told = |record: &Record, figure: Figure| {
            let pick = |(deals, value): (i64, i64)| match figure {
                Figure::Deals => deals,
                Figure::Value => value,
            };
            let model = forecast.map(|forecast| match figure {
                Figure::Deals => forecast.all.all.deals,
                Figure::Value => forecast.all.all.value,
            });
            let rules = points.iter().zip(&record.off);
            let rules =
                rules.map(|(point, off)| Some(off.range(pick(*point), pick(already), point.0)));
            let mut ranges = [None; VOICES];
            if let Some(first) = ranges.first_mut() {
                *first = model;
            }
            ranges
                .iter_mut()
                .skip(1)
                .zip(rules)
                .for_each(|(slot, range)| *slot = range);
            Told {
                ranges,
                chosen: record.choice(wins),
                came: came_in.map(pick),
            }
        };
        let (deals, value) = (
            told(&self.deals, Figure::Deals),
            told(&self.value, Figure::Value),
        );
        self.deals.take(deals);
        self.value.take(value);
    }
}
