//! Credit of won deals from what is kept beside the parts: who was in each deal and how long
//! before, so that no fact is read again and nothing is held but the sums. One part after the other
//! on every core; what is not kept is made of the part.
//!
//! Law: it is the answer that all facts give (tested on random ledgers, `kept/tests.rs`).

mod trail;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use handfast_kernels::cells::{Part, Rest};
use handfast_kernels::credit::rule::{Rule, Touch, Trail};
use handfast_kernels::quick::Quick;
use handfast_kernels::stop;
use handfast_kernels::threads::{at_once, threads};
use handfast_ledger::Ledger;
use handfast_model::credit::{CreditModel, Credited, ModelKind};
use handfast_model::question::{Dimension, QuestionKind};
use handfast_model::{
    Answer, Charter, Currency, Day, Instant, Issue, IssueCode, Question, Refusal, Snapshot,
};

use self::trail::{Columns, Kept, Lost};
use super::rows::{One, Rows};
use super::{Book, Key, Learned, Sheet, Tally, chosen, dimensions};
use crate::answer::ground::Ground;
use crate::answer::shared::Shared;
use crate::derived::{Beside, CREDIT, Derived, put_into};

/// Answers a question of credit from what is kept; `None` where that does not say enough: another
/// moment, conditions, open deals, statistical models, other dimensions.
pub fn kept(
    ledger: &Ledger,
    charter: &Charter,
    question: &Question,
    known_until: Option<Instant>,
) -> Result<Option<Answer>, Refusal> {
    let Some(asked) = Asked::of(charter, question)? else {
        return Ok(None);
    };
    let Some(beside) = Beside::of(ledger, charter, question, known_until)? else {
        return Ok(None);
    };
    let threads = threads().min(beside.count()).max(1);
    let fold = |first: usize| {
        let mut sums = Sums::new(&asked);
        for place in (first..beside.count()).step_by(threads) {
            stop::look();
            let files = (CREDIT, if asked.has_ages { 2 } else { 1 });
            let make = |part: Part| made(part, charter, beside.horizon);
            beside.look(place, files, make, |bodies, gone| sums.add(bodies, gone))?;
        }
        Some(sums)
    };
    let mut all: Option<Sums<'_>> = Some(Sums::new(&asked));
    for sums in at_once(threads, fold) {
        all = all.take().zip(sums).map(|(all, sums)| all.with(sums));
    }
    let Some(sums) = all else { return Ok(None) };
    let derived = hollow(beside.frame, &sums, beside.horizon);
    let ground = Ground::new(&derived, charter, None);
    let book = asked.book(&ground, question);
    sums.rows.answer(&book).map(Some)
}

/// What is kept of a part.
fn made(part: Part, charter: &Charter, horizon: (Instant, u64)) -> [crate::derived::bytes::Out; 2] {
    let derived = Derived::new(part, horizon);
    trail::write(&Ground::new(&derived, charter, None))
}

/// What an answer rests on, without any fact.
fn hollow(frame: Snapshot, sums: &Sums<'_>, horizon: (Instant, u64)) -> Derived {
    let rest = Rest {
        facts: sums.lost.facts,
        first: None,
    };
    let mut part = Part {
        rest: vec![rest],
        ..Part::default()
    };
    put_into(frame, &mut part.snapshot);
    let mut derived = Derived::new(part, horizon);
    let issues = |(at, count): (&usize, &u64)| Some((*IssueCode::ALL.get(*at)?, *count));
    let issues: BTreeMap<IssueCode, u64> = sums.lost.issues.iter().filter_map(issues).collect();
    derived.shared = Shared::told(issues, sums.lost.words.clone());
    derived
}

/// A question that can be answered from what is kept.
struct Asked<'a> {
    charter: &'a Charter,
    models: Vec<CreditModel>,
    dims: Vec<Dimension>,
    from: Option<Instant>,
    until: Option<Instant>,
    /// Whether a model asks how old a touch was.
    has_ages: bool,
}

impl<'a> Asked<'a> {
    fn of(charter: &'a Charter, question: &Question) -> Result<Option<Asked<'a>>, Refusal> {
        let QuestionKind::Credit {
            of: Credited::Won,
            models,
        } = &question.kind
        else {
            return Ok(None);
        };
        let models = chosen(charter, models)?;
        let dims = dimensions(question, Credited::Won)?;
        let is_kept = |dim: &Dimension| {
            matches!(
                dim,
                Dimension::Channel | Dimension::Team | Dimension::Sourced | Dimension::Time(_)
            )
        };
        let is_by_rule = |model: &CreditModel| {
            Rule::of(model.kind).is_some() || model.kind == ModelKind::Participation
        };
        if question.currency.is_some()
            || !dims.iter().all(is_kept)
            || !models.iter().all(is_by_rule)
        {
            return Ok(None);
        }
        let start = |day| charter.calendar.start_of(day);
        Ok(Some(Asked {
            has_ages: models
                .iter()
                .any(|model| matches!(model.kind, ModelKind::Decay { .. })),
            from: question.period.map(|(from, _)| start(from)),
            until: question.period.map(|(_, until)| start(until)),
            charter,
            models,
            dims,
        }))
    }

    fn book<'g>(&self, ground: &'g Ground<'g>, question: &'g Question) -> Book<'g> {
        Book {
            ground,
            question,
            credited: Credited::Won,
            models: self.models.clone(),
            mute: Vec::new(),
            dims: self.dims.clone(),
            trails: Vec::new(),
            learned: Learned::default(),
            channels: Default::default(),
            tally: Tally::new(ground, question, Sheet::new(0)),
        }
    }

    fn is_in(&self, deal: &Kept) -> bool {
        match deal.anchor.at {
            None => self.from.is_none() && self.until.is_none(),
            Some(at) => {
                self.from.is_none_or(|from| from <= at) && self.until.is_none_or(|until| at < until)
            }
        }
    }
}

/// What deals gave so far.
struct Sums<'a> {
    asked: &'a Asked<'a>,
    rows: Rows,
    lost: Lost,
    /// Of one deal.
    touches: Vec<Touch>,
    places: Vec<usize>,
}

impl<'a> Sums<'a> {
    fn new(asked: &'a Asked<'a>) -> Sums<'a> {
        Sums {
            rows: Rows::new(&asked.models, false),
            asked,
            lost: Lost::default(),
            touches: Vec::new(),
            places: Vec::new(),
        }
    }

    fn with(mut self, others: Sums<'a>) -> Sums<'a> {
        self.rows.append(others.rows);
        self.lost.append(others.lost);
        self
    }

    /// Adds the cells of a part that count.
    fn add(&mut self, bodies: &[&[u8]], gone: &[u32]) -> Option<()> {
        let trail = trail::read(bodies.first()?)?;
        self.lost.append(trail.lost(gone)?);
        let direct = &self.asked.charter.attribution.direct;
        let is_direct = |key: &Key| matches!(key, Key::Text(name) if direct.contains(name));
        let is_direct: Vec<bool> = trail.columns.channels.keys.iter().map(is_direct).collect();
        let ages = bodies.get(1).copied();
        let asked = self.asked;
        let mut known = Quick::default();
        let mut groups: Vec<Vec<Option<Key>>> = Vec::new();
        let mut group_of: HashMap<Own, usize> = HashMap::new();
        for deal in &trail.deals {
            if gone.binary_search(&deal.cell).is_ok() || !asked.is_in(deal) {
                continue;
            }
            let own = asked.own(deal, &trail.columns);
            let group = *group_of.entry(own).or_insert_with(|| {
                groups.push(asked.keys_of_deal(deal, &trail.columns));
                groups.len() - 1
            });
            let own = groups.get(group)?;
            self.touches.clear();
            for touch in deal.touches.clone() {
                let channel = trail.columns.channels.number(touch);
                self.touches.push(Touch {
                    age: ages.map_or(Some(0), |ages| trail::age(ages, touch))?,
                    is_direct: is_direct.get(channel).copied().unwrap_or(false),
                });
            }
            self.give(deal, &mut |rows, touch| {
                let of = trail.columns.at(touch);
                *known.entry((group, of)).or_insert_with(|| {
                    let keys = asked.keys(own, &trail.columns, of);
                    rows.place(keys)
                })
            });
        }
        Some(())
    }

    /// Shares a deal out among its touches; `place` gives the row of each, and of nobody.
    fn give(&mut self, deal: &Kept, place: &mut dyn FnMut(&mut Rows, Option<usize>) -> usize) {
        let rows = &mut self.rows;
        self.places.clear();
        let touches = deal.touches.clone().map(Some);
        self.places.extend(touches.map(|touch| place(rows, touch)));
        let is_untouched = self.places.is_empty();
        if is_untouched {
            self.places.push(place(rows, None));
        }
        // One more than any before it, of whatever part.
        let number = rows.deals as usize;
        rows.add_deal(number, &self.places, is_untouched);
        let headline = &mut rows.headline;
        headline.add(deal.by_marketing, deal.before_creation, deal.money);
        headline.untouched += u64::from(is_untouched);
        headline.undated += u64::from(!deal.is_creation_known);
        let Some(amount) = deal.money else {
            let (code, fact) = (IssueCode::NoAmount, None);
            return rows.issues.push(Issue { code, fact });
        };
        let one = One {
            number,
            name: deal.name,
            amount,
        };
        let seen = Trail {
            touches: &self.touches,
            lead: deal.lead,
            deal: deal.deal,
        };
        rows.share(
            &one,
            &self.asked.models,
            &mut |kind, runs| match Rule::of(kind) {
                Some(rule) => rule.runs(seen, runs),
                None => runs.clear(),
            },
            &mut |rows| place(rows, None),
        );
    }
}

/// What a deal's own values follow from: its currency, and where that is asked for its day and the
/// number of the team whose touch came first.
type Own = (Option<Currency>, Option<Day>, Option<usize>);

/// The numbers of a touch's channel and team; none of nobody.
type Of = Option<(usize, usize)>;

impl Columns<'_> {
    fn at(&self, touch: Option<usize>) -> Of {
        touch.map(|touch| (self.channels.number(touch), self.teams.number(touch)))
    }
}

impl Asked<'_> {
    fn own(&self, deal: &Kept, columns: &Columns<'_>) -> Own {
        let is_time = |dim: &Dimension| matches!(dim, Dimension::Time(_));
        let day = || deal.anchor.when.day(&self.charter.calendar);
        let day = self.dims.iter().any(is_time).then(day).flatten();
        let is_sourced = self.dims.contains(&Dimension::Sourced);
        let first = || Some(columns.teams.number(deal.touches.clone().next()?));
        let source = is_sourced.then(first).flatten();
        (deal.money.map(|money| money.currency), day, source)
    }

    /// The deal's own values of dimensions, in their order, and its currency; none where a
    /// dimension is of touches.
    fn keys_of_deal(&self, deal: &Kept, columns: &Columns<'_>) -> Vec<Option<Key>> {
        let calendar = &self.charter.calendar;
        let own = |dim: &Dimension| match dim {
            Dimension::Time(grain) => {
                let day = deal.anchor.when.day(calendar);
                Some(day.map_or(Key::Unknown, |day| {
                    let period = calendar.period_of(day, *grain);
                    Key::Period(period.from, period.label)
                }))
            }
            Dimension::Sourced => Some(match deal.touches.clone().next() {
                None => Key::NoTouch,
                Some(first) => {
                    let team = columns.teams.keys.get(columns.teams.number(first));
                    team.cloned().unwrap_or(Key::Unknown)
                }
            }),
            _ => None,
        };
        let currency = deal.money.map_or(Key::Unknown, |money| {
            Key::Text(money.currency.code().to_owned())
        });
        self.dims.iter().map(own).chain([Some(currency)]).collect()
    }

    fn keys(&self, own: &[Option<Key>], columns: &Columns<'_>, of: Of) -> Vec<Key> {
        let of_touch = |dim: &Dimension| {
            let Some((channel, team)) = of else {
                return Key::NoTouch;
            };
            let found = match dim {
                Dimension::Channel => columns.channels.keys.get(channel),
                _ => columns.teams.keys.get(team),
            };
            found.cloned().unwrap_or(Key::Unknown)
        };
        // After the dimensions stands the currency, which is the deal's own.
        let dims = self.dims.iter().map(Some).chain([None]);
        let keys = own.iter().zip(dims);
        let keys = keys.map(|(own, dim)| match (own, dim) {
            (Some(own), _) => own.clone(),
            (None, Some(dim)) => of_touch(dim),
            (None, None) => Key::Unknown,
        });
        keys.collect()
    }
}
