//! Who gets the credit for deals, by several models side by side. Which touches may earn and how a
//! model weighs them are kernels; this room prices deals, sorts touches by dimensions and lets
//! parts equal the whole: under each additive model a deal's credits sum to its amount.

pub(super) mod deal;
mod headline;
mod kept;
mod learn;
pub(super) mod notes;
mod records;
mod rows;
mod shares;
mod stands;

use std::collections::HashMap;

use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::sample::Model;
use handfast_kernels::credit::trails::{DealTrail, Trails};
use handfast_kernels::journey::{Deal, Pursuit};
use handfast_kernels::metric::{Counted, Scope};
use handfast_kernels::stop;
use handfast_model::credit::{CreditModel, Credited, ModelKind};
use handfast_model::money::Run;
use handfast_model::question::{Dimension, TOUCH_KIND, Unit};
use handfast_model::rules::{Side, Subject};
use handfast_model::{Answer, Cell, Charter, Issue, Money, Question, Refusal};

use self::learn::Learned;
use self::rows::{One, Rows};
use super::Pick;
use super::ground::Ground;
use super::price::not_priced;
use super::sheet::{Key, Sheet};
use super::tally::Tally;
use super::traced::Record;
use super::whose::Whose;

pub use kept::kept;
pub(super) use shares::{Share, shares};

/// Answers the question, or lists the credits behind one of its figures.
pub(super) fn answer(
    ground: &Ground<'_>,
    question: &Question,
    asked: (Credited, &[String]),
    pick: Option<&Pick>,
) -> Result<Answer, Refusal> {
    let book = Book::new(ground, question, asked)?;
    let rows = book.rows(pick.is_some());
    match pick {
        None => rows.answer(&book),
        Some(pick) => rows.records(&book, pick),
    }
}

/// The answer, and each credit behind its figures.
pub(super) fn traced(
    ground: &Ground<'_>,
    question: &Question,
    asked: (Credited, &[String]),
    each: &mut dyn FnMut(Record<'_>),
) -> Result<Answer, Refusal> {
    let book = Book::new(ground, question, asked)?;
    let rows = book.rows(true);
    rows.trace(&book, each)?;
    rows.answer(&book)
}

/// How many sums of credit there are, and which are not what all deals are worth.
pub(super) fn resums(
    ground: &Ground<'_>,
    question: &Question,
    asked: (Credited, &[String]),
) -> Result<(u64, Vec<String>), Refusal> {
    let book = Book::new(ground, question, asked)?;
    Ok(book.rows(false).resums(&book))
}

/// What is credited to whom.
struct Book<'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    credited: Credited,
    models: Vec<CreditModel>,
    /// Models of the charter that have learned nothing to share by.
    mute: Vec<CreditModel>,
    dims: Vec<Dimension>,
    trails: Vec<DealTrail>,
    learned: Learned,
    channels: HashMap<u32, Key>,
    /// Issues, prices and lineage are those of any answer.
    tally: Tally<'a>,
}

impl<'a> Book<'a> {
    fn new(
        ground: &'a Ground<'a>,
        question: &'a Question,
        (credited, models): (Credited, &[String]),
    ) -> Result<Book<'a>, Refusal> {
        let is_named = !models.is_empty();
        let mut models = chosen(ground.charter, models)?;
        let kinds = models.iter_mut().map(|model| &mut model.kind);
        kinds.for_each(|kind| *kind = credited.kind(*kind));
        let dims = dimensions(question, credited)?;
        let scope = Scope {
            from: question.period.map(|(from, _)| ground.start_of(from)),
            until: question.period.map(|(_, until)| ground.start_of(until)),
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let world = ground.world();
        let all = Trails::new(&world, ground.journeys);
        let trails = all.of_deals(credited, &scope).into_iter();
        let mut book = Book {
            trails: trails.filter(|trail| is_asked(ground, trail)).collect(),
            learned: Learned::default(),
            channels: HashMap::new(),
            tally: Tally::new(ground, question, Sheet::new(0)),
            ground,
            question,
            credited,
            models,
            mute: Vec::new(),
            dims,
        };
        book.name_channels();
        let mut kinds = book.models.iter().map(|model| model.kind);
        if kinds.any(|kind| Model::of(kind).is_some()) {
            book.learned = Learned::of(&book, &all, &scope)?;
            book.leave_mute(is_named)?;
        }
        Ok(book)
    }

    /// Leaves models out that have learned nothing to share by; refuses those asked for by name.
    fn leave_mute(&mut self, is_named: bool) -> Result<(), Refusal> {
        let has_touches = self.trails.iter().any(|trail| !trail.touches.is_empty());
        let models = std::mem::take(&mut self.models).into_iter();
        let is_mute = |model: &CreditModel| has_touches && self.learned.is_mute(model.kind);
        let (mute, models) = models.partition(is_mute);
        (self.mute, self.models) = (mute, models);
        match self.mute.first().filter(|_| is_named) {
            None => Ok(()),
            Some(model) => {
                let title = format!("`{}` has learned nothing to share by", model.name);
                Err(Refusal::new("E0433", title)
                    .matters(self.learned.why_mute())
                    .fix("ask for a model that is a rule, such as --models linear,w"))
            }
        }
    }

    /// The channel of every touch that may earn.
    fn name_channels(&mut self) {
        for trail in &self.trails {
            let Some((_, pursuit)) = self.deal(trail) else {
                continue;
            };
            for touch in &trail.touches {
                let key = || channel_of(self.ground, pursuit, *touch);
                self.channels.entry(*touch).or_insert_with(key);
            }
        }
    }

    fn deal(&self, trail: &DealTrail) -> Option<(&'a Deal, &'a Pursuit)> {
        let Counted::Deal(deal) = trail.member.counted else {
            return None;
        };
        let deal = self.ground.journeys.deals.get(deal as usize)?;
        Some((deal, self.ground.pursuit_of(deal)?))
    }

    fn channel(&self, touch: u32) -> &Key {
        self.channels.get(&touch).unwrap_or(&Key::Unknown)
    }

    /// A deal's amount in the currency of the answer; what has none is told as an issue.
    fn amount(&self, trail: &DealTrail, unpriced: &mut Vec<Issue>) -> Option<Money> {
        let money = trail.member.money?;
        let Some(prices) = &self.tally.prices else {
            return Some(money);
        };
        let Counted::Deal(deal) = trail.member.counted else {
            return None;
        };
        let priced = prices.take(money, Some(deal), trail.member.anchor.when);
        if priced.is_none() {
            let fact = trail.member.fact.and_then(|fact| self.ground.fact(fact));
            unpriced.push(not_priced(fact.map(|fact| fact.id)));
        }
        priced
    }

    /// The additive models, with their places.
    fn additive(&self) -> impl Iterator<Item = (usize, &CreditModel)> {
        let models = self.models.iter().enumerate();
        models.filter(|(_, model)| model.kind.is_additive())
    }

    /// Every deal's amount, shared out by every model.
    fn rows(&self, is_listed: bool) -> Rows {
        let mut rows = Rows::new(&self.models, is_listed);
        let mut weights = Vec::new();
        for (number, trail) in self.trails.iter().enumerate() {
            stop::look();
            let amount = self.amount(trail, &mut rows.issues);
            rows.issues.extend(trail.member.issue);
            let places = self.places(trail, &trail.touches, amount, &mut rows);
            rows.add_deal(number, &places, trail.touches.is_empty());
            let first = trail.by_marketing(self.ground.snapshot);
            rows.headline.add(first, trail.before_creation, amount);
            rows.headline.untouched += u64::from(trail.touches.is_empty());
            rows.headline.undated += u64::from(!trail.is_creation_known);
            let Some(amount) = amount else { continue };
            self.spread(trail, &places, amount, &mut rows);
            let one = One {
                number,
                name: stands::number_of(name_of(self.ground, trail)),
                amount,
            };
            rows.share(
                &one,
                &self.models,
                &mut |kind, runs| {
                    self.weigh(kind, trail, &mut weights);
                    *runs = Run::all(&weights);
                },
                &mut |rows| {
                    let nobodys = self.places(trail, &[], Some(amount), rows);
                    nobodys.first().copied().unwrap_or(0)
                },
            );
        }
        rows
    }

    /// Keeps who would share an amount under other effects than those that were learned.
    fn spread(&self, trail: &DealTrail, places: &[usize], amount: Money, rows: &mut Rows) {
        if !self.is_estimated() {
            return;
        }
        let places = places.iter().map(|place| *place as u32);
        if trail.touches.is_empty() {
            for place in places {
                rows.spread.add_nobodys(place, amount.minor);
            }
            return;
        }
        let number = |touch: &u32| self.learned.number(self.channel(*touch));
        let touches = trail.touches.iter().map(number).zip(places);
        rows.spread.add(touches.collect(), amount.minor);
    }

    fn is_estimated(&self) -> bool {
        self.models.iter().any(|model| model.kind.is_estimated())
    }

    /// The kind of the model at this place, where it is estimated.
    fn estimated(&self, model: usize) -> Option<ModelKind> {
        let kind = self.models.get(model)?.kind;
        kind.is_estimated().then_some(kind)
    }

    /// The row of each touch; where there is none that earns, the one row of nobody.
    fn places(
        &self,
        trail: &DealTrail,
        touches: &[u32],
        amount: Option<Money>,
        rows: &mut Rows,
    ) -> Vec<usize> {
        let Some((_, pursuit)) = self.deal(trail) else {
            return Vec::new();
        };
        let mut row = |touch: Option<u32>| {
            let dims = self.dims.iter();
            let mut keys: Vec<Key> = dims
                .map(|dim| self.key(dim, trail, pursuit, touch))
                .collect();
            if self.tally.prices.is_none() {
                keys.push(amount.map_or(Key::Unknown, |money| {
                    Key::Text(money.currency.code().to_owned())
                }));
            }
            rows.place(keys)
        };
        match touches {
            [] => vec![row(None)],
            _ => touches.iter().map(|touch| row(Some(*touch))).collect(),
        }
    }

    fn weigh(&self, kind: ModelKind, trail: &DealTrail, weights: &mut Vec<u64>) {
        let Some(rule) = Rule::of(kind) else {
            let channels = trail.touches.iter().map(|touch| self.channel(*touch));
            return self.learned.weigh(kind, channels, weights);
        };
        let direct = &self.ground.charter.attribution.direct;
        let is_direct = |touch: u32| match self.channel(touch) {
            Key::Text(channel) => direct.contains(channel),
            _ => false,
        };
        rule.weigh(trail.seen(is_direct).trail(), weights);
    }

    /// A touch's value of a dimension; a deal's own, where the dimension is of deals.
    fn key(
        &self,
        dim: &Dimension,
        trail: &DealTrail,
        pursuit: &Pursuit,
        touch: Option<u32>,
    ) -> Key {
        let ground = self.ground;
        if *dim == Dimension::Sourced {
            let first = trail.touches.first();
            let team = |first: &u32| ground.key_of_touch(&Dimension::Team, *first);
            return first.map_or(Key::NoTouch, team);
        }
        let Some(touch) = touch.filter(|_| is_of_touch(dim)) else {
            return match is_of_touch(dim) {
                true => Key::NoTouch,
                false => ground.key(dim, &rows::anchor(self, trail, pursuit)),
            };
        };
        match dim {
            Dimension::Channel => self.channel(touch).clone(),
            dim => ground.key_of_touch(dim, touch),
        }
    }
}

/// The key of a deal.
fn name_of<'a>(ground: &Ground<'a>, trail: &DealTrail) -> &'a str {
    let Counted::Deal(deal) = trail.member.counted else {
        return "";
    };
    let deal = ground.journeys.deals.get(deal as usize);
    deal.map_or("", |deal| ground.snapshot.names.text(deal.key))
}

/// The channel of a touch that may earn. What other teams than marketing do runs through none, and
/// goes by what it is: `sales: call`.
fn channel_of(ground: &Ground<'_>, pursuit: &Pursuit, touch: u32) -> Key {
    let known = ground.channel(pursuit, Some(touch));
    if known != Key::Unknown {
        return known;
    }
    let kind = Dimension::Attribute(Subject::Touch, TOUCH_KIND.to_owned());
    let of = |dim: &Dimension| ground.key_of_touch(dim, touch);
    match (of(&Dimension::Team), of(&kind)) {
        (Key::Text(team), _) if team == Side::Marketing.word() => Key::Unknown,
        (Key::Text(team), Key::Text(kind)) => Key::Text(format!("{team}: {kind}")),
        (team, _) => team,
    }
}

/// What a row is called by a dimension of touches where that is not known of a touch.
fn shown(dim: &Dimension, key: &Key) -> Cell {
    match (key, dim) {
        (Key::Unknown, Dimension::Sourced) => Cell::Text("unknown: no team".to_owned()),
        (Key::Unknown, dim) if is_of_touch(dim) => {
            let what = dim.text().replace('_', " ");
            Cell::Text(format!("unknown: no {}", what.trim_start_matches("touch ")))
        }
        _ => key.cell(),
    }
}

/// Whether a dimension is one of touches.
fn is_of_touch(dim: &Dimension) -> bool {
    match dim {
        Dimension::TouchTime(_)
        | Dimension::Channel
        | Dimension::Campaign
        | Dimension::Vendor
        | Dimension::Rep
        | Dimension::Team
        | Dimension::Attribute(Subject::Touch, _) => true,
        Dimension::Time(_)
        | Dimension::ChannelLast
        | Dimension::Sourced
        | Dimension::Segment
        | Dimension::PaidFor
        | Dimension::Attribute(..) => false,
    }
}

fn is_asked(ground: &Ground<'_>, trail: &DealTrail) -> bool {
    let Counted::Deal(number) = trail.member.counted else {
        return false;
    };
    let deal = ground.journeys.deals.get(number as usize);
    let pursuit = deal.and_then(|deal| ground.pursuit_of(deal));
    pursuit.is_some_and(|pursuit| ground.is_asked_of(pursuit, Whose::Deal(number)))
}

/// The models of these names; none: those that the charter shows.
fn chosen(charter: &Charter, names: &[String]) -> Result<Vec<CreditModel>, Refusal> {
    let shown = &charter.attribution.shown;
    if names.is_empty() {
        return Ok(shown.clone());
    }
    let find = |name: &String| {
        charter.attribution.model(name).ok_or_else(|| {
            let known = ModelKind::all().map(ModelKind::name);
            let defined = &charter.attribution;
            let own = shown.iter().chain(&defined.unshown);
            let own = own.map(|model| model.name.clone());
            let own = own.filter(|name| CreditModel::parse(name).is_none());
            let all: Vec<String> = known.chain(own).collect();
            Refusal::new("E0434", format!("`{name}` is not a model of credit"))
                .fix(format!("--models one or more of: {}", all.join(", ")))
        })
    };
    let mut chosen: Vec<CreditModel> = Vec::with_capacity(names.len());
    for name in names {
        let model = find(name)?;
        if !chosen.contains(&model) {
            chosen.push(model);
        }
    }
    Ok(chosen)
}

/// What credit is split by; by channel unless something is asked.
fn dimensions(question: &Question, credited: Credited) -> Result<Vec<Dimension>, Refusal> {
    let misfit = question.by.iter().find(|dim| match dim {
        Dimension::ChannelLast => true,
        Dimension::Time(_) => credited == Credited::Open,
        _ => false,
    });
    if let Some(dim) = misfit {
        let title = format!("credit cannot be split by {}", dim.text());
        let (matters, fix) = match dim {
            Dimension::ChannelLast => (
                "each touch earns under its own channel, the last one too",
                "--by channel --models last",
            ),
            _ => (
                "open deals are those at one instant, the period's end",
                "ask it once for each period, with --period; or --by month@touch",
            ),
        };
        return Err(Refusal::new("E0431", title).matters(matters).fix(fix));
    }
    Ok(match question.by.is_empty() {
        true => vec![Dimension::Channel],
        false => question.by.clone(),
    })
}
