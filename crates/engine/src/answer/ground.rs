//! The ground an answer stands on: one snapshot under one charter, journeys derived, and the
//! dimensions and conditions that questions name.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use handfast_kernels::attributes::Attributes;
use handfast_kernels::campaigns::Campaigns;
use handfast_kernels::cells::Part;
use handfast_kernels::flat::{Flat, Places, Times};
use handfast_kernels::funnel::{CohortRule, Stay, UnitKey, VisitRef, Ways};
use handfast_kernels::journey::{
    Buyer, Contact, Deal, Journeys, Lead, Pursuit, Teams, Visit, World, contacts,
};
use handfast_kernels::stale::Over;
use handfast_model::evaluate::holds;
use handfast_model::question::{At, Dimension, TOUCH_TOOL, Unit};
use handfast_model::rules::{ChannelRule, Evaluated, Expr, Moment, StepIx, StepRole, Subject};
use handfast_model::{
    Calendar, Charter, Day, Fact, Grain, Instant, IssueCode, Refusal, Snapshot, Sym, Value,
};

use super::codes::{At as Moments, Coded};
use super::shared::{Channels, Ended};
use super::sheet::Key;
use super::whose::Whose;
use crate::derived::Derived;

/// What a question stands on: a snapshot under a charter, derived.
pub struct Ground<'a> {
    /// What happened, as known, under the keys that stand for each person and account.
    pub snapshot: &'a Snapshot,
    /// What was derived of it.
    pub part: &'a Part,
    /// What the words mean.
    pub charter: &'a Charter,
    /// The sources show everything before this instant.
    pub horizon: Instant,
    /// How many sources did not declare their horizon.
    pub assumed_horizons: u64,
    /// Pursuits, visits, deals and what is wrong with them.
    pub journeys: &'a Journeys,
    pub(super) derived: &'a Derived,
    filter: Option<Expr>,
    /// The touches of each buyer, for the first condition that counts them.
    contacts: OnceLock<HashMap<Buyer, Vec<Contact>>>,
}

impl<'a> Ground<'a> {
    /// The ground of a question with this condition.
    pub fn new(derived: &'a Derived, charter: &'a Charter, filter: Option<Expr>) -> Ground<'a> {
        Ground {
            snapshot: &derived.part.snapshot,
            part: &derived.part,
            charter,
            horizon: derived.horizon,
            assumed_horizons: derived.assumed_horizons,
            journeys: &derived.part.journeys,
            derived,
            filter,
            contacts: OnceLock::new(),
        }
    }

    /// What kernels look at.
    pub(super) fn world(&self) -> World<'a> {
        World {
            snapshot: self.snapshot,
            charter: self.charter,
            horizon: self.horizon,
        }
    }

    /// The state facts by subject.
    pub(super) fn attributes(&self) -> &'a Attributes {
        let shared = &self.derived.shared;
        shared.attributes(self.part, &self.charter.calendar)
    }

    /// All stays of a unit level.
    pub(super) fn stays(&self, unit: Unit) -> &'a [Stay] {
        self.derived.shared.stays(self.part, unit)
    }

    /// The same for whoever counts them.
    pub(super) fn flat(&self, unit: Unit) -> &'a Flat {
        let shared = &self.derived.shared;
        shared.flat(self.part, unit, &self.charter.calendar)
    }

    /// How long they took.
    pub(super) fn times(&self, unit: Unit) -> &'a Times {
        let seen = (&self.charter.calendar, self.horizon);
        self.derived.shared.times(self.part, unit, seen)
    }

    /// The entries of a cohort, whatever its period and window.
    pub(super) fn ways(&self, rule: &CohortRule) -> Arc<Ways> {
        self.derived.shared.ways(self.part, self.charter, rule)
    }

    /// The ends of all pursuits.
    pub(super) fn ended(&self) -> &'a Ended {
        let calendar = &self.charter.calendar;
        self.derived.shared.ended(self.part, calendar)
    }

    /// How many pursuits entered a step without a date.
    pub(super) fn undated(&self, step: StepIx) -> u64 {
        let undated = self.derived.shared.undated(self.part);
        undated
            .get(usize::from(step.0))
            .copied()
            .unwrap_or_default()
    }

    /// The dated teams of reps.
    pub(super) fn teams(&self) -> &'a Teams {
        let shared = &self.derived.shared;
        shared.teams.get_or_init(|| Teams::of(&self.world()))
    }

    /// What took how long in each stage.
    pub(super) fn over(&self, unit: Unit) -> &'a Over {
        let over = || Over::of((self.flat(unit), self.times(unit)), self.charter);
        self.derived.shared.over(unit, over)
    }

    /// Where the visits of each pursuit are among all.
    pub(super) fn places(&self) -> &'a Places {
        self.derived.shared.places(self.part)
    }

    /// A dimension at every visit.
    pub(super) fn coded(&self, dim: &Dimension, at: Moments) -> Arc<Coded> {
        self.derived.shared.codes.get(self, dim, at)
    }

    /// Whether the question asks for all, whoever they are.
    pub(super) fn asks_all(&self) -> bool {
        self.filter.is_none()
    }

    /// How many issues of each kind the journeys have.
    pub(super) fn issues(&self) -> &BTreeMap<IssueCode, u64> {
        self.derived.shared.issues(self.part)
    }

    /// The channel that each pursuit came from.
    pub(super) fn channels(&self) -> &Channels {
        self.derived.shared.channels(|| {
            let mut index = HashMap::new();
            let mut channels = Channels {
                of_pursuit: Vec::with_capacity(self.journeys.pursuits.len()),
                keys: Vec::new(),
            };
            for pursuit in &self.journeys.pursuits {
                let key = self.channel(pursuit, pursuit.entry_touch);
                let next = channels.keys.len() as u32;
                let number = *index.entry(key).or_insert_with_key(|key| {
                    channels.keys.push(key.clone());
                    next
                });
                channels.of_pursuit.push(number);
            }
            channels
        })
    }

    /// A pursuit by its place.
    pub(super) fn pursuit(&self, pursuit: u32) -> Option<&Pursuit> {
        self.journeys.pursuits.get(pursuit as usize)
    }

    /// The pursuit that carries a deal.
    pub(super) fn pursuit_of(&self, deal: &Deal) -> Option<&'a Pursuit> {
        self.journeys.pursuits.get(deal.pursuit as usize)
    }

    /// A visit with its pursuit.
    pub(super) fn visit(&self, at: VisitRef) -> Option<(&Pursuit, &Visit)> {
        let pursuit = self.pursuit(at.pursuit)?;
        pursuit
            .visits
            .get(at.visit as usize)
            .map(|visit| (pursuit, visit))
    }

    /// A fact by its place.
    pub(super) fn fact(&self, fact: u32) -> Option<&Fact> {
        self.snapshot.facts.get(fact as usize)
    }

    /// The instant at which a day starts.
    pub(super) fn start_of(&self, day: Day) -> Instant {
        self.charter.calendar.start_of(day)
    }

    /// The instant a question looks at: the last microsecond of a day, or itself.
    pub(super) fn instant_of(&self, at: At) -> Instant {
        match at {
            At::EndOf(day) => Instant(self.start_of(day.plus(1)).0 - 1),
            At::Instant(instant) => instant,
        }
    }

    /// From the first dated fact until the horizon.
    pub(super) fn whole_time(&self) -> (Day, Day) {
        let calendar = &self.charter.calendar;
        let first = self.derived.shared.first(self.part, calendar);
        let until = calendar
            .day_of(Instant(self.horizon.0.saturating_sub(1)))
            .plus(1);
        let from = first.map_or(until.plus(-1), |first| calendar.day_of(first));
        (from.min(until.plus(-1)), until)
    }

    /// The steps of the success path, first to last.
    pub(super) fn path_steps(&self) -> impl Iterator<Item = StepIx> + '_ {
        let steps = self.charter.steps.iter().enumerate();
        steps
            .filter(|(_, step)| step.role.is_on_path())
            .map(|(at, _)| StepIx(at as u8))
    }

    /// A step by its id, else the first of the path.
    pub(super) fn step_or_first(&self, id: Option<&str>) -> Result<StepIx, Refusal> {
        let Some(id) = id else { return Ok(StepIx(0)) };
        let found = self.charter.steps.iter().position(|step| step.id == id);
        found.map(|at| StepIx(at as u8)).ok_or_else(|| {
            let known: Vec<&str> = self
                .charter
                .steps
                .iter()
                .map(|step| step.id.as_str())
                .collect();
            Refusal::new("E0402", format!("the charter has no stage `{id}`"))
                .fix(format!("one of: {}", known.join(", ")))
        })
    }

    /// A step's id.
    pub(super) fn step_id(&self, step: StepIx) -> &'a str {
        self.charter
            .steps
            .get(usize::from(step.0))
            .map_or("", |step| &step.id)
    }

    /// A step as a row key, in charter order.
    pub(super) fn step_key(&self, step: StepIx) -> Key {
        Key::Place(u32::from(step.0), self.step_id(step).to_owned())
    }

    /// A step's role.
    pub(super) fn role(&self, step: StepIx) -> Option<StepRole> {
        self.charter
            .steps
            .get(usize::from(step.0))
            .map(|step| step.role)
    }

    /// Whether the question's condition holds for a unit in these visits, at their entry.
    pub(super) fn is_asked(&self, unit: UnitKey, visits: &[VisitRef]) -> bool {
        let Some(filter) = &self.filter else {
            return true;
        };
        visits.iter().any(|&at| {
            let Some((pursuit, visit)) = self.visit(at) else {
                return false;
            };
            let moment = PursuitMoment {
                ground: self,
                pursuit,
                at: visit.entered.at,
                touch: pursuit.entry_touch,
                whose: Whose::of_unit(unit, pursuit),
            };
            holds(filter, &moment)
        })
    }

    /// Whether the condition holds for a pursuit, as last known.
    pub(super) fn is_pursuit_asked(&self, pursuit: &Pursuit) -> bool {
        self.is_asked_of(pursuit, Whose::Pursuit)
    }

    /// The same of a deal or a lead of the pursuit.
    pub(super) fn is_asked_of(&self, pursuit: &Pursuit, whose: Whose) -> bool {
        let holds = |filter| self.holds_of(filter, pursuit, whose);
        self.filter.as_ref().is_none_or(holds)
    }

    /// Whether a condition holds for a pursuit, or a deal or lead of it, as last known.
    pub(super) fn holds_of(&self, rule: &Expr, pursuit: &Pursuit, whose: Whose) -> bool {
        let moment = PursuitMoment {
            ground: self,
            pursuit,
            at: None,
            touch: pursuit.entry_touch,
            whose,
        };
        holds(rule, &moment)
    }

    /// A dimension's value where only a day is known: a lead without a pursuit.
    pub(super) fn key_of_day(&self, dim: &Dimension, day: Option<Day>) -> Key {
        match dim {
            Dimension::Time(grain) => self.period_key(day, *grain),
            _ => Key::Unknown,
        }
    }

    /// The same of a lead: rep and team are known by its assignment, attributes at its creation.
    pub(super) fn key_of_lead(
        &self,
        dim: &Dimension,
        (lead, day): (&Lead, Option<Day>),
        owner: Owner,
    ) -> Key {
        let names = &self.snapshot.names;
        let value = |name: &str| {
            let (facts, at) = (&self.snapshot.facts, lead.created.at);
            let attributes = self.attributes();
            attributes.of_person(facts, lead.person, names.find(name)?, at)
        };
        match dim {
            Dimension::Rep => self.name_key(owner.0),
            Dimension::Team => self.name_key(owner.1),
            Dimension::Attribute(Subject::Person, name) => {
                value(name).map_or(Key::Unknown, |value| Key::Text(self.show(value)))
            }
            _ => self.key_of_day(dim, day),
        }
    }

    pub(super) fn name_key(&self, sym: Option<Sym>) -> Key {
        let text = |sym| Key::Text(self.snapshot.names.text(sym).to_owned());
        sym.map_or(Key::Unknown, text)
    }

    /// A dimension's value of a fact that is counted by itself: what was spent.
    pub(super) fn key_of_fact(&self, dim: &Dimension, fact: u32) -> Key {
        let names = &self.snapshot.names;
        let Some(fact) = self.fact(fact) else {
            return Key::Unknown;
        };
        let text = |name: &str| fact.text(names.find(name)?);
        let campaigns = self.campaigns();
        let text = match dim {
            Dimension::Campaign => fact.campaign,
            Dimension::Rep => fact.rep,
            Dimension::Channel | Dimension::ChannelLast => {
                text("channel").or_else(|| campaigns.channel(fact.campaign?))
            }
            Dimension::Vendor => text("vendor").or_else(|| campaigns.vendor(fact.campaign?)),
            Dimension::PaidFor => text("paid_for"),
            _ => return self.key_of_day(dim, fact.happened.day(&self.charter.calendar)),
        };
        self.name_key(text)
    }

    /// The campaign that a pursuit came from.
    pub(super) fn campaign(&self, pursuit: &Pursuit) -> Option<Sym> {
        self.fact(pursuit.entry_touch?)?.campaign
    }

    fn vendor_key(&self, campaign: Option<Sym>) -> Key {
        self.name_key(campaign.and_then(|campaign| self.campaigns().vendor(campaign)))
    }

    /// The tree of campaigns.
    pub(super) fn campaigns(&self) -> &'a Campaigns {
        let campaigns = &self.derived.shared.campaigns;
        campaigns.get_or_init(|| Campaigns::of(&self.world()))
    }

    /// A dimension's value of a touch that earns credit.
    pub(super) fn key_of_touch(&self, dim: &Dimension, touch: u32) -> Key {
        let Some(fact) = self.fact(touch) else {
            return Key::Unknown;
        };
        let value = |name: &str| fact.attribute(self.snapshot.names.find(name)?);
        let calendar = &self.charter.calendar;
        let shown = |value: &Value| Key::Text(self.show(value));
        match dim {
            Dimension::TouchTime(grain) => self.period_key(fact.happened.day(calendar), *grain),
            Dimension::Campaign => self.name_key(fact.campaign),
            Dimension::Vendor => self.vendor_key(fact.campaign),
            Dimension::Rep => self.name_key(fact.rep),
            Dimension::Team => value("team").map_or(Key::Unknown, shown),
            Dimension::Attribute(Subject::Touch, name) => match value(name) {
                None if name == TOUCH_TOOL => self.name_key(Some(fact.origin.source)),
                value => value.map_or(Key::Unknown, shown),
            },
            _ => Key::Unknown,
        }
    }

    /// One dimension's value at an anchor.
    pub(super) fn key(&self, dim: &Dimension, anchor: &Anchor<'_>) -> Key {
        let pursuit = anchor.pursuit;
        match dim {
            Dimension::Time(grain) => self.period_key(anchor.day, *grain),
            // Only credit has touches of its own, and only spend pays; others refuse it.
            Dimension::TouchTime(_) | Dimension::PaidFor | Dimension::Sourced => Key::Unknown,
            Dimension::Channel => self.channel(pursuit, pursuit.entry_touch),
            Dimension::ChannelLast => self.channel(pursuit, pursuit.touches.last().copied()),
            Dimension::Campaign => self.name_key(self.campaign(pursuit)),
            Dimension::Vendor => self.vendor_key(self.campaign(pursuit)),
            Dimension::Rep => self.name_key(anchor.owner.0),
            Dimension::Team => self.name_key(anchor.owner.1),
            Dimension::Segment => {
                let moment = PursuitMoment {
                    ground: self,
                    pursuit,
                    at: anchor.at,
                    touch: pursuit.entry_touch,
                    whose: anchor.whose,
                };
                first_match(&self.charter.segments, &moment)
            }
            Dimension::Attribute(subject, name) => {
                let value = self.attribute(anchor, *subject, name);
                value.map_or(Key::Unknown, |value| Key::Text(self.show(value)))
            }
        }
    }

    /// An attribute at an anchor.
    pub(super) fn attribute<'g>(
        &'g self,
        anchor: &Anchor<'g>,
        subject: Subject,
        name: &str,
    ) -> Option<&'g Value> {
        let moment = PursuitMoment {
            ground: self,
            pursuit: anchor.pursuit,
            at: anchor.at,
            touch: anchor.pursuit.entry_touch,
            whose: anchor.whose,
        };
        moment.value(subject, name)
    }

    /// An attribute of a pursuit's people where it is the same at every moment, else `None`.
    pub(super) fn always_of_people(
        &self,
        pursuit: &Pursuit,
        name: Sym,
    ) -> Option<Option<&'a Value>> {
        let (attributes, facts) = (self.attributes(), &self.snapshot.facts);
        let people = pursuit.people.iter();
        let always = people.map(|person| attributes.always_of_person(facts, *person, name));
        let mut known = always.skip_while(|always| *always == Some(None));
        known.next().unwrap_or(Some(None))
    }

    fn period_key(&self, day: Option<Day>, grain: Grain) -> Key {
        day.map_or(Key::Unknown, |day| {
            let period = self.charter.calendar.period_of(day, grain);
            Key::Period(period.from, period.label)
        })
    }

    /// A touch's channel: what its pack says, else the charter's first matching rule.
    pub(super) fn channel(&self, pursuit: &Pursuit, touch: Option<u32>) -> Key {
        let Some(fact) = touch.and_then(|touch| self.fact(touch)) else {
            return Key::Unknown;
        };
        let given = self
            .snapshot
            .names
            .find("channel")
            .and_then(|name| fact.text(name));
        match given {
            Some(sym) => Key::Text(self.snapshot.names.text(sym).to_owned()),
            None => {
                let at = fact.happened.start(&self.charter.calendar);
                first_match(
                    &self.charter.channels,
                    &PursuitMoment {
                        ground: self,
                        pursuit,
                        at,
                        touch,
                        whose: Whose::Pursuit,
                    },
                )
            }
        }
    }

    /// A value as a dimension shows it.
    pub(super) fn show(&self, value: &Value) -> String {
        match value {
            Value::Text(sym) => self.snapshot.names.text(*sym).to_owned(),
            Value::Int(int) => int.to_string(),
            Value::Decimal(decimal) => decimal.to_string(),
            Value::Bool(yes) => yes.to_string(),
            Value::Day(day) => day.to_string(),
            Value::At(at) => at.to_string(),
            Value::Money(money) => money.to_string(),
        }
    }
}

/// What a dimension is read from.
pub(super) struct Anchor<'p> {
    /// The pursuit.
    pub pursuit: &'p Pursuit,
    /// Its place.
    pub number: u32,
    /// The day that time dimensions mean.
    pub day: Option<Day>,
    /// The moment at which attributes are read; `None` = as last known.
    pub at: Option<Instant>,
    /// Rep and team then.
    pub owner: Owner,
    /// Whose person's attributes are meant.
    pub whose: Whose,
}

/// A rep and that rep's team, as far as known.
pub(super) type Owner = (Option<Sym>, Option<Sym>);

fn first_match(rules: &[ChannelRule], moment: &dyn Moment) -> Key {
    let found = rules.iter().find(|rule| holds(&rule.when, moment));
    found.map_or(Key::Unknown, |rule| Key::Text(rule.id.clone()))
}

/// A pursuit as rules see it at a moment.
struct PursuitMoment<'g, 'a> {
    ground: &'g Ground<'a>,
    pursuit: &'g Pursuit,
    at: Option<Instant>,
    touch: Option<u32>,
    whose: Whose,
}

impl<'g> PursuitMoment<'g, '_> {
    fn value(&self, subject: Subject, name: &str) -> Option<&'g Value> {
        let name = self.ground.snapshot.names.find(name)?;
        let (attributes, facts) = (self.ground.attributes(), &self.ground.snapshot.facts);
        match subject {
            Subject::Person => {
                let of = |person| attributes.of_person(facts, person, name, self.at);
                match self.ground.person_of(self.whose) {
                    Some(person) => of(person),
                    None => self.pursuit.people.iter().find_map(|person| of(*person)),
                }
            }
            Subject::Account => attributes.of_account(facts, self.pursuit.account?, name, self.at),
            Subject::Deal => {
                let deal = self
                    .ground
                    .journeys
                    .deals
                    .get(self.pursuit.deal? as usize)?;
                attributes.of_deal(facts, deal.key, name, self.at)
            }
            Subject::Touch => self
                .touch
                .and_then(|touch| self.ground.fact(touch))?
                .attribute(name),
        }
    }
}

impl Moment for PursuitMoment<'_, '_> {
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated> {
        let names = &self.ground.snapshot.names;
        self.value(subject, name)
            .map(|value| Evaluated::from_value(value, |sym| names.text(sym).to_owned()))
    }

    fn touches(&self, kind: Option<&str>, days: Option<u32>) -> u64 {
        let ground = self.ground;
        let all = ground.contacts.get_or_init(|| contacts(&ground.world()));
        let Some(all) = all.get(&self.pursuit.buyer) else {
            return 0;
        };
        let now = self.at.unwrap_or(ground.horizon);
        let from = days.map(|days| Instant(now.0.saturating_sub(i64::from(days) * 86_400_000_000)));
        let kind = kind.map(|kind| ground.snapshot.names.find(kind));
        let counts = |contact: &&Contact| {
            let is_kind = kind.is_none_or(|kind| kind.is_some() && contact.kind == kind);
            is_kind
                && contact.at <= Some(now)
                && from.is_none_or(|from| contact.claimed > Some(from))
        };
        all.iter().filter(counts).count() as u64
    }

    fn calendar(&self) -> &Calendar {
        &self.ground.charter.calendar
    }
}
