//! Entry and exit rules: what they may remember, and when they are looked at.
//!
//! A rule is looked at twice per instant that concerns a pursuit: before its facts are applied,
//! with the clock already there (a counter may have expired), and after all of them. False then
//! true enters. Between such instants nothing is looked at: a counter that expires leaves nothing.
//! Under a forward-only charter the rules of an instant are those that were in force at it, and a
//! stay is left by the rule that was in force when it began. A rule that held already when it came
//! into force enters nobody: nothing happened.
//!
//! Most touches are counted by no rule. Where time alone can only end what holds, nothing new
//! begins by one, so nobody looks, unless something but touches came since all was looked at.

use crate::quick::Quick;

use handfast_model::evaluate::holds;
use handfast_model::fact::FactKind;
use handfast_model::id::{RecordKey, Sym};
use handfast_model::rules::{Evaluated, Expr, Moment as Asked, Precedence, Step, StepIx, Subject};
use handfast_model::{Calendar, Charter, Fact, Instant, Names, When};

use super::deals::DealIx;
use super::draft::{DraftIx, Placer};
use super::events::{Desk, Event, What};
use super::moves::Move;
use super::people::PersonIx;
use super::walk::Walk;
use super::{LeftBy, Moment};
use crate::stage::Place;

const DAY_MICROS: i64 = 86_400_000_000;

/// The rules that place.
pub(super) struct Rules<'a> {
    /// Those that enter in each era of the charter, in path order.
    eras: Vec<Vec<Entry<'a>>>,
    has_exits: bool,
    /// Whether time alone can only end what holds, and moves nobody.
    do_wane: bool,
    /// The kinds of touches that are counted, with what stands for each; `None` = all touches.
    counted: Vec<(Option<&'a str>, Option<Sym>)>,
}

struct Entry<'a> {
    step: StepIx,
    when: &'a Expr,
    opens: bool,
}

impl<'a> Rules<'a> {
    pub(super) fn of(charter: &'a Charter, names: &Names) -> Rules<'a> {
        let eras: Vec<Vec<Entry<'a>>> = charter.every_steps().map(entries).collect();
        let steps = charter.every_steps().flatten();
        let exits: Vec<&Expr> = steps.filter_map(|step| step.exits_when.as_ref()).collect();
        let mut counted = Vec::new();
        let all = eras.iter().flatten().map(|entry| entry.when);
        let do_wane = exits.is_empty() && all.clone().all(Expr::wanes);
        for rule in all.chain(exits.iter().copied()) {
            rule.each_count(&mut |kind| {
                let sym = kind.and_then(|kind| names.find(kind));
                if !counted.contains(&(kind, sym)) {
                    counted.push((kind, sym));
                }
            });
        }
        Rules {
            eras,
            has_exits: !exits.is_empty(),
            do_wane,
            counted,
        }
    }

    /// The rules that enter in an era.
    fn enters(&self, era: usize) -> &[Entry<'a>] {
        self.eras.get(era).map_or(&[], Vec::as_slice)
    }

    /// Whether some rule counts touches of this kind.
    fn counts(&self, kind: Option<Sym>) -> bool {
        let mut counted = self.counted.iter();
        counted.any(|(word, sym)| word.is_none() || kind.is_some() && *sym == kind)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.eras.iter().all(Vec::is_empty) && !self.has_exits
    }
}

/// The rules of some steps that enter.
fn entries(steps: &[Step]) -> Vec<Entry<'_>> {
    let steps = (0u8..).map(StepIx).zip(steps);
    let placing = steps.filter(|(_, step)| step.wins != Precedence::Marks);
    let entries = placing.filter_map(|(step, of)| {
        Some(Entry {
            step,
            when: of.enters_when.as_ref()?,
            opens: of.opens,
        })
    });
    entries.collect()
}

/// What is known of one buyer so far.
#[derive(Default)]
pub(super) struct Memory {
    people: Quick<PersonIx, Latest>,
    account: Latest,
    deals: Quick<DealIx, Latest>,
    /// By place among the kinds that rules count.
    touches: Vec<Counter>,
}

/// The latest state fact of each record, the latest one last. An attribute that the newest version
/// of a record lacks was cleared by it; another record of the same subject keeps its own word.
type Latest = Vec<(Record, u32)>;

type Record = (Sym, Sym, RecordKey);

#[derive(Clone, Default)]
struct Counter {
    undated: u64,
    dated: Vec<Instant>,
}

impl Memory {
    pub(super) fn learn(&mut self, desk: &Desk<'_>, index: u32, fact: &Fact) {
        let person = || desk.people.of_fact(index);
        let deal = || fact.deal.and_then(|key| desk.deals.ix(key));
        let latest = match fact.kind {
            FactKind::Account => Some(&mut self.account),
            FactKind::Person => person().map(|person| self.people.entry(person).or_default()),
            FactKind::Deal => deal().map(|deal| self.deals.entry(deal).or_default()),
            _ => None,
        };
        if let Some(latest) = latest {
            let record = (fact.origin.source, fact.origin.stream, fact.origin.key);
            latest.retain(|(old, _)| *old != record);
            latest.push((record, index));
        }
    }

    pub(super) fn note_touch(&mut self, rules: &Rules<'_>, kind: Option<Sym>, at: Option<Instant>) {
        self.touches.resize(rules.counted.len(), Counter::default());
        for ((word, sym), counter) in rules.counted.iter().zip(&mut self.touches) {
            if word.is_some() && (sym.is_none() || *sym != kind) {
                continue;
            }
            match at {
                Some(at) => counter.dated.push(at),
                None => counter.undated += 1,
            }
        }
    }
}

/// Which rules of an era hold, by place among those that were asked; there are no more than steps.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    /// Nothing was looked at where there is none.
    era: Option<usize>,
    words: [u64; 4],
}

impl Held {
    fn of(era: usize, truths: impl Iterator<Item = bool>) -> Held {
        let (era, words) = (Some(era), [0; 4]);
        let mut held = Held { era, words };
        for (number, _) in truths.enumerate().filter(|(_, holds)| *holds) {
            let word = held.words.get_mut(number / 64);
            word.into_iter()
                .for_each(|word| *word |= 1 << (number % 64));
        }
        held
    }

    fn has(&self, number: usize) -> bool {
        let word = self.words.get(number / 64).copied().unwrap_or(0);
        word >> (number % 64) & 1 == 1
    }

    /// Whether something holds that did not.
    fn has_more_than(&self, before: &Held) -> bool {
        let mut words = self.words.iter().zip(&before.words);
        words.any(|(now, before)| now & !before != 0)
    }
}

/// What held before an instant's facts.
#[derive(Default)]
pub(super) struct Before {
    concerned: Vec<DraftIx>,
    pursuits: Vec<(DraftIx, Held)>,
    openers: Vec<(Option<PersonIx>, Held)>,
    /// Pursuits from this number on are new.
    count: u32,
    /// Whether all that happens is touches that no rule counts.
    is_quiet: bool,
    /// Whether everything that is open was looked at since anything but touches, leads and
    /// attributes came, by the rules of this era.
    is_settled: bool,
    era: usize,
}

/// A pursuit's or buyer's view of one instant.
struct View<'v> {
    desk: &'v Desk<'v>,
    rules: &'v Rules<'v>,
    memory: &'v Memory,
    person: Option<PersonIx>,
    deal: Option<DealIx>,
    now: Option<Instant>,
}

impl Asked for View<'_> {
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated> {
        let names = &self.desk.world.snapshot.names;
        let name = names.find(name)?;
        let latest = match subject {
            Subject::Person => self.memory.people.get(&self.person?)?,
            Subject::Account => &self.memory.account,
            Subject::Deal => self.memory.deals.get(&self.deal?)?,
            Subject::Touch => return None,
        };
        let facts = &self.desk.world.snapshot.facts;
        let mut newest = latest.iter().rev();
        let value = newest.find_map(|(_, fact)| facts.get(*fact as usize)?.attribute(name))?;
        Some(Evaluated::from_value(value, |sym| {
            names.text(sym).to_owned()
        }))
    }

    fn touches(&self, kind: Option<&str>, days: Option<u32>) -> u64 {
        let mut counted = self.rules.counted.iter();
        let place = counted.position(|(word, _)| *word == kind);
        let Some(counter) = place.and_then(|place| self.memory.touches.get(place)) else {
            return 0;
        };
        match (days, self.now) {
            (Some(days), Some(now)) => {
                let since = Instant(now.0.saturating_sub(i64::from(days) * DAY_MICROS));
                let old = counter.dated.partition_point(|at| *at <= since);
                (counter.dated.len() - old) as u64
            }
            (Some(_), None) => 0,
            (None, _) => counter.undated + counter.dated.len() as u64,
        }
    }

    fn calendar(&self) -> &Calendar {
        &self.desk.world.charter.calendar
    }
}

/// Whether nothing happens that ends a pursuit, opens it again or gives it a deal.
fn is_plain(instant: &[Event]) -> bool {
    let is_plain = |event: &Event| matches!(event.what, What::State | What::Lead(_) | What::Touch);
    instant.iter().all(is_plain)
}

impl<'a> Walk<'a> {
    /// What holds just before the facts of this instant. There are as many instants as touches, so
    /// the lists of the one before are filled again.
    pub(super) fn look_before(&mut self, instant: &[Event]) -> Before {
        let mut before = std::mem::take(&mut self.before);
        if self.rules.is_empty() {
            return before;
        }
        before.pursuits.clear();
        before.openers.clear();
        before.count = u32::try_from(self.out.drafts.0.len()).unwrap_or(u32::MAX);
        before.is_quiet = self.is_quiet(instant);
        let now = instant.first().and_then(|event| event.at);
        let era = self.era(now);
        before.is_settled &= before.era == era;
        before.era = era;
        if before.is_quiet && before.is_settled && self.rules.do_wane {
            return before;
        }
        before.concerned.clear();
        self.concerned(instant, &mut before.concerned);
        let pursuits = before.concerned.iter();
        before
            .pursuits
            .extend(pursuits.map(|ix| (*ix, self.truths(*ix, now))));
        // One that is open ends by nothing of these, and while it is, no other is opened by rule.
        if self.standing.first().is_none() || !is_plain(instant) {
            for person in self.openers(instant) {
                let truths = self.opening_truths(person, now);
                before.openers.push((person, truths));
            }
        }
        before
    }

    /// Lets the rules place what newly holds after all facts of this instant.
    pub(super) fn look_after(&mut self, instant: &[Event], mut before: Before) {
        if self.rules.is_empty() {
            return;
        }
        // What opened at this instant and ended at once is not opened a second time by it.
        let has_opened = self.out.drafts.0.len() > before.count as usize;
        if self.standing.first().is_none() && !has_opened {
            self.open_by_rule(instant, &before.openers);
        }
        for (pursuit, old) in &before.pursuits {
            let after = before.is_quiet.then_some(*old);
            self.apply(*pursuit, (Some(*old), after), instant);
        }
        let count = u32::try_from(self.out.drafts.0.len()).unwrap_or(u32::MAX);
        for number in before.count..count {
            self.apply(DraftIx(number), (None, None), instant);
        }
        let is_plain = is_plain(instant);
        before.is_settled = is_plain && (before.is_settled || self.is_wide(instant));
        self.before = before;
    }

    /// Lets the rules place one pursuit, by what held before the instant and, where that is known
    /// without a look, holds after it.
    fn apply(
        &mut self,
        pursuit: DraftIx,
        (old, after): (Option<Held>, Option<Held>),
        instant: &[Event],
    ) {
        let Some((now, moment, evidence)) = self.stamp(instant) else {
            return;
        };
        let truths = after.unwrap_or_else(|| self.truths(pursuit, now));
        let Some(draft) = self.out.drafts.get_mut(pursuit) else {
            return;
        };
        if draft.end.is_some() {
            return;
        }
        let held = std::mem::replace(&mut draft.held, truths);
        let place = |step| Place {
            step,
            left_by: LeftBy::Back,
            moment,
            evidence,
        };
        let by_rule = |step| Move {
            place: place(step),
            placer: Placer::Rule,
            played: now,
        };
        let last = draft.places.last().copied();
        let exit = last.and_then(|last| self.exit(&last));
        if exit.is_some_and(|when| holds(when, &self.view(pursuit, now))) {
            self.make(pursuit, &by_rule(None));
        }
        // What other rules held says nothing of these: those that hold already began before.
        let is_new_era = held.era.is_some() && held.era != truths.era;
        let enters = self.rules.enters(truths.era.unwrap_or(0)).iter();
        for (number, entry) in enters.enumerate() {
            let has_held = held.has(number) || is_new_era;
            let held_on = old.is_some_and(|old| old.has(number) && has_held);
            if truths.has(number) && !held_on {
                self.enter_by_rule(pursuit, &by_rule(Some(entry.step)));
            }
        }
    }

    /// The rule by which a stay is left: that of its beginning.
    fn exit(&self, last: &Place) -> Option<&'a Expr> {
        let charter = self.desk.world.charter;
        let step = usize::from(last.step.filter(|_| self.rules.has_exits)?.0);
        charter
            .steps_at(last.moment.at)
            .get(step)?
            .exits_when
            .as_ref()
    }

    fn open_by_rule(&mut self, instant: &[Event], before: &[(Option<PersonIx>, Held)]) {
        let Some((now, moment, _)) = self.stamp(instant) else {
            return;
        };
        for (person, old) in before {
            let truths = self.opening_truths(*person, now);
            let begins = truths.has_more_than(old);
            let event = self.cause_of(instant, *person);
            if let (true, Some(event)) = (begins, event) {
                let _ = self.open(event, moment, *person);
                return;
            }
        }
    }

    /// Whether all that happened is touches that no rule counts: what held before them holds.
    fn is_quiet(&self, instant: &[Event]) -> bool {
        let is_quiet = |event: &Event| {
            let fact = self.fact(event.fact).filter(|_| event.what == What::Touch);
            fact.is_some_and(|fact| !self.rules.counts(self.desk.words.touch_kind(fact)))
        };
        instant.iter().all(is_quiet)
    }

    /// The pursuits whose rules this instant may change. Facts of a deal concern its own pursuit.
    fn concerned(&self, instant: &[Event], found: &mut Vec<DraftIx>) {
        if self.is_wide(instant) {
            return found.extend(self.standing.all_open());
        }
        let deals = instant.iter().filter_map(|event| self.deal_of(event));
        found.extend(deals.filter_map(|deal| self.of_deal(deal)));
        found.sort_unstable();
        found.dedup();
    }

    /// Whether an instant concerns all pursuits that are open.
    fn is_wide(&self, instant: &[Event]) -> bool {
        let is_wide = |event: &Event| match event.what {
            What::Touch | What::Lead(_) => true,
            What::State => self.deal_of(event).is_none(),
            _ => false,
        };
        instant.iter().any(is_wide)
    }

    /// The deal whose attributes change.
    fn deal_of(&self, event: &Event) -> Option<DealIx> {
        let fact = self
            .fact(event.fact)
            .filter(|_| event.what == What::State)?;
        let key = fact.deal.filter(|_| fact.kind == FactKind::Deal)?;
        self.desk.deals.ix(key)
    }

    fn openers(&self, instant: &[Event]) -> Vec<Option<PersonIx>> {
        let mut openers = Vec::new();
        let now = instant.first().and_then(|event| event.at);
        let enters = self.rules.enters(self.era(now));
        if enters.iter().any(|entry| entry.opens) {
            for event in self.causes(instant) {
                let person = self.person_of(event);
                if !openers.contains(&person) {
                    openers.push(person);
                }
            }
        }
        openers
    }

    /// What can make a rule hold where no pursuit is open yet. A deal's attributes cannot, and its
    /// facts name the deal's own pursuit: no two pursuits are opened by one fact.
    fn causes<'e>(&self, instant: &'e [Event]) -> impl Iterator<Item = &'e Event> {
        let facts = &self.desk.world.snapshot.facts;
        let is_of_deal = |event: &Event| {
            let fact = facts.get(event.fact as usize);
            fact.is_some_and(|fact| fact.kind == FactKind::Deal)
        };
        instant.iter().filter(move |event| match event.what {
            What::Touch => true,
            What::State => !is_of_deal(event),
            _ => false,
        })
    }

    /// The first of these that is of a person, or of nobody known.
    fn cause_of<'e>(&self, instant: &'e [Event], person: Option<PersonIx>) -> Option<&'e Event> {
        let mut causes = self.causes(instant);
        causes.find(|event| self.person_of(event) == person)
    }

    fn person_of(&self, event: &Event) -> Option<PersonIx> {
        self.desk.people.of_fact(event.fact)
    }

    fn era(&self, now: Option<Instant>) -> usize {
        self.desk.world.charter.era(now)
    }

    fn truths(&self, pursuit: DraftIx, now: Option<Instant>) -> Held {
        let view = self.view(pursuit, now);
        let era = self.era(now);
        let enters = self.rules.enters(era).iter();
        Held::of(era, enters.map(|entry| holds(entry.when, &view)))
    }

    fn opening_truths(&self, person: Option<PersonIx>, now: Option<Instant>) -> Held {
        let (desk, rules, memory) = (self.desk, self.rules, &self.memory);
        let view = View {
            desk,
            rules,
            memory,
            person,
            deal: None,
            now,
        };
        let era = self.era(now);
        let enters = self.rules.enters(era).iter().filter(|entry| entry.opens);
        Held::of(era, enters.map(|entry| holds(entry.when, &view)))
    }

    fn view(&self, pursuit: DraftIx, now: Option<Instant>) -> View<'_> {
        let draft = self.out.drafts.get(pursuit);
        View {
            desk: self.desk,
            rules: self.rules,
            memory: &self.memory,
            person: draft.and_then(|draft| draft.people.first().copied()),
            deal: draft.and_then(|draft| draft.deal),
            now,
        }
    }

    /// When the rules of an instant place, and by which fact: its last one.
    fn stamp(&self, instant: &[Event]) -> Option<(Option<Instant>, Moment, Option<u32>)> {
        let last = instant.last()?;
        let when = match (last.at, self.fact(last.fact)?.happened) {
            (None, _) => When::Unknown,
            (Some(at), said) if self.desk.clock.start(last.fact) == Some(at) => said,
            (Some(at), _) => When::At(at),
        };
        Some((last.at, Moment { when, at: last.at }, Some(last.fact)))
    }
}
