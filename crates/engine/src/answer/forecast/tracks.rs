//! Pursuits as a forecast sees them: by days, from stage to stage, with what they were won for.
//! What is known of a day is decided in `kernels::forecast`; here nothing is cut off.

use std::collections::BTreeMap;

use handfast_kernels::forecast::{State, Track};
use handfast_kernels::journey::{Deal, Pursuit};
use handfast_model::rules::StepRole;
use handfast_model::{
    Currency, Day, Instant, Issue, IssueCode, Money, Question, Value, When, many,
};

use super::super::ground::{Anchor, Ground};
use super::super::price::{Prices, not_priced};
use super::super::sheet::Key;
use super::super::whose::Whose;

/// The tracks of the pursuits in question.
pub(in super::super) struct Tracks {
    /// One for each.
    pub all: Vec<Track>,
    /// The pursuit of each, by its place.
    pub pursuits: Vec<u32>,
    /// What each group is called, in their order.
    pub groups: Vec<Vec<Key>>,
    /// In which currency values are; none where nothing has an amount, or there are several.
    pub currency: Option<Currency>,
    /// Whether amounts are in several currencies, of which none was asked for.
    pub are_mixed: bool,
    /// Pursuits of which no day is known.
    pub undated: u64,
    /// What is wrong with amounts of won deals.
    pub issues: Vec<Issue>,
}

impl Tracks {
    /// What is to be said of them beside any figure.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.undated > 0 {
            let undated = many(self.undated, "pursuit");
            notes.push(format!(
                "{undated} without a day: in no part until it has one"
            ));
        }
        notes.push(
            "what happened counts from when it happened, also where it was entered later"
                .to_owned(),
        );
        notes
    }
}

/// Makes tracks.
pub(in super::super) struct Maker<'a> {
    pub ground: &'a Ground<'a>,
    pub question: &'a Question,
    pub prices: Option<&'a Prices<'a>>,
    /// The last day that is known.
    pub at: Day,
}

impl Maker<'_> {
    /// The tracks of all pursuits in question.
    pub fn tracks(&self) -> Tracks {
        let currencies = &self.ground.amounts().currencies;
        let own = match currencies.as_slice() {
            [] => self.ground.charter.currency,
            [one] => Some(*one),
            _ => None,
        };
        let asked = self.prices.map(|prices| prices.to);
        let mut tracks = Tracks {
            all: Vec::new(),
            pursuits: Vec::new(),
            groups: Vec::new(),
            currency: asked.or(own),
            are_mixed: asked.is_none() && currencies.len() > 1,
            undated: 0,
            issues: Vec::new(),
        };
        let mut keys = Vec::new();
        for (number, pursuit) in (0u32..).zip(&self.ground.journeys.pursuits) {
            let whose = pursuit.deal.map_or(Whose::Pursuit, Whose::Deal);
            if !self.ground.is_asked_of(pursuit, whose) {
                continue;
            }
            let stands = self.stands(pursuit);
            if stands.is_empty() {
                tracks.undated += 1;
                continue;
            }
            // What came to be later is nothing yet, in no group.
            if stands.first().is_some_and(|(day, _)| *day > self.at.0) {
                continue;
            }
            let track = self.track(pursuit, stands, &mut tracks);
            keys.push(self.keys(number, pursuit, &track));
            tracks.all.push(track);
            tracks.pursuits.push(number);
        }
        let mut places: BTreeMap<&Vec<Key>, u32> = keys.iter().map(|keys| (keys, 0)).collect();
        for (place, slot) in (0u32..).zip(places.values_mut()) {
            *slot = place;
        }
        for (track, keys) in tracks.all.iter_mut().zip(&keys) {
            track.group = places.get(keys).copied().unwrap_or(0);
        }
        tracks.groups = places.into_keys().cloned().collect();
        if tracks.groups.is_empty() {
            tracks
                .groups
                .push(vec![Key::Unknown; self.question.by.len()]);
        }
        tracks
    }

    fn day(&self, when: When) -> Option<i32> {
        when.day(&self.ground.charter.calendar).map(|day| day.0)
    }

    /// Where it stood at the end of which day; nothing where its end has none.
    fn stands(&self, pursuit: &Pursuit) -> Vec<(i32, State)> {
        let end = pursuit.end.map(|end| {
            let is_won = end.role == StepRole::Won && pursuit.deal.is_some();
            let state = if is_won { State::Won } else { State::Gone };
            (self.day(end.moment.when), state)
        });
        if matches!(end, Some((None, _))) {
            return Vec::new();
        }
        let visits = pursuit.visits.iter().filter(|visit| !visit.is_implied);
        let visits = visits.filter_map(|visit| {
            let role = self.ground.role(visit.step);
            let is_end = role.is_some_and(StepRole::is_end);
            let state = if is_end {
                State::Gone
            } else {
                State::In(visit.step.0)
            };
            Some((self.day(visit.entered.when)?, state))
        });
        let mut stands: Vec<(i32, State)> = visits.collect();
        // Before its first stage it stands in none.
        let opened = self.day(pursuit.opened.when);
        let first = stands.iter().map(|(day, _)| *day).min();
        if let Some(opened) = opened.filter(|opened| first.is_none_or(|first| *opened < first)) {
            stands.insert(0, (opened, State::In(self.none())));
        }
        if let Some((Some(day), state)) = end {
            // Its end is the last that is told, of its own day too.
            stands.retain(|(since, _)| *since < day);
            stands.push((day, state));
        }
        stands.sort_by_key(|(day, _)| *day);
        let mut told: Vec<(i32, State)> = Vec::with_capacity(stands.len());
        for (day, state) in stands {
            if told.last().is_some_and(|(last, _)| *last == day) {
                told.pop();
            }
            if told.last().is_none_or(|(_, last)| *last != state) {
                told.push((day, state));
            }
        }
        told
    }

    /// The place of no stage.
    fn none(&self) -> u8 {
        u8::try_from(self.ground.charter.steps.len()).unwrap_or(u8::MAX)
    }

    fn track(&self, pursuit: &Pursuit, stands: Vec<(i32, State)>, tracks: &mut Tracks) -> Track {
        let first = stands.first().map(|(day, _)| *day);
        let deal = pursuit.deal.and_then(|number| {
            let deal = self.ground.journeys.deals.get(number as usize)?;
            Some((number, deal))
        });
        let mut track = Track {
            deal_from: deal.and_then(|(_, deal)| self.day(deal.known_from.when).or(first)),
            stands,
            ..Track::default()
        };
        let Some((number, deal)) = deal.filter(|_| !tracks.are_mixed) else {
            return track;
        };
        if track.won_on().is_some() {
            track.value = self.won_for(number, deal, tracks);
        }
        track.amounts = self.amounts(number, deal);
        track
    }

    /// What a deal was won for: its last known amount, as revenue is counted.
    fn won_for(&self, number: u32, deal: &Deal, tracks: &mut Tracks) -> i64 {
        let shown_by = || {
            let fact = self.ground.deal_fact(number)?;
            Some(self.ground.fact(fact)?.id)
        };
        let Some(money) = self.ground.amount(number, None) else {
            tracks.issues.push(Issue {
                code: IssueCode::NoAmount,
                fact: shown_by(),
            });
            return 0;
        };
        let closed = deal.closed.map_or(When::Unknown, |closed| closed.when);
        let priced = match self.prices {
            None => Some(money),
            Some(prices) => prices.take(money, Some(number), closed),
        };
        if priced.is_none() {
            tracks.issues.push(not_priced(shown_by()));
        }
        priced.map_or(0, |money| money.minor)
    }

    /// Its amounts by the days on which a source says they came to hold. What the last version says
    /// may have been written over it later, with its end even, and a forecast that knew it would
    /// know the end; nor does an assumed day say when an amount came to hold.
    fn amounts(&self, number: u32, deal: &Deal) -> Vec<(i32, i64)> {
        let Some(name) = self.ground.snapshot.names.find("amount") else {
            return Vec::new();
        };
        let before_last = deal.versions.len().saturating_sub(1);
        let versions = deal.versions.iter().take(before_last);
        let dated = versions.filter_map(|version| {
            let fact = self.ground.fact(*version).filter(|fact| !fact.is_assumed)?;
            let Value::Money(money) = fact.attribute(name)? else {
                return None;
            };
            let shown: Option<Money> = match self.prices {
                None => Some(*money),
                Some(prices) => prices.show(*money, Some(number), fact.happened),
            };
            Some((self.day(fact.happened)?, shown?.minor))
        });
        let mut dated: Vec<(i32, i64)> = dated.collect();
        dated.sort_by_key(|(day, _)| *day);
        dated
    }

    /// Its group: of one that has ended as of its end, of others as of the last day that is known.
    pub fn keys(&self, number: u32, pursuit: &Pursuit, track: &Track) -> Vec<Key> {
        if self.question.by.is_empty() {
            return Vec::new();
        }
        let ground = self.ground;
        let last = Instant(ground.start_of(self.at.plus(1)).0 - 1);
        let is_over = |day: i32| day <= self.at.0;
        let ended = track
            .stands
            .last()
            .filter(|(day, state)| !matches!(state, State::In(_)) && is_over(*day));
        let at = match (ended, pursuit.end) {
            (Some(_), Some(end)) => end.moment.at,
            _ => Some(last),
        };
        // A stage that it came to later tells whose it will be, and that it went on.
        let visit = pursuit.visit_at(at);
        let visit = visit.filter(|visit| ended.is_some() || visit.entered.at <= at);
        let anchor = Anchor {
            pursuit,
            number,
            day: None,
            at,
            owner: visit.map_or((None, None), |visit| (visit.rep, visit.team)),
            whose: pursuit.deal.map_or(Whose::Pursuit, Whose::Deal),
        };
        self.question
            .by
            .iter()
            .map(|dim| ground.key(dim, &anchor))
            .collect()
    }
}
