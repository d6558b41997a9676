//! Whose it was at the time: dated owners of deals, people and accounts, dated teams of reps.

use crate::quick::Quick;

use handfast_model::fact::FactKind;
use handfast_model::id::{PersonId, Sym};
use handfast_model::order;
use handfast_model::{Instant, planted};

use super::clock::Clock;
use super::words::{About, Words};
use super::{Deal, Lead, Moment, Pursuit, World};

/// Somebody, or nobody (a queue), since an instant; undated entries come first.
type Timeline = Vec<(Option<Instant>, Option<Sym>)>;

/// Dated ownership. Reorganisations add entries; they never rewrite earlier ones.
pub(super) struct Owners {
    deals: Quick<Sym, Timeline>,
    people: Quick<PersonId, Timeline>,
    accounts: Quick<Sym, Timeline>,
    teams: Teams,
}

/// The dated teams of reps.
#[derive(Debug, Default)]
pub struct Teams(Quick<Sym, Timeline>);

impl Teams {
    /// Those that a snapshot tells of.
    pub fn of(world: &World<'_>) -> Teams {
        let snapshot = world.snapshot;
        let mut teams = Teams::default();
        let Some(name) = snapshot.names.find("team") else {
            return teams;
        };
        let facts = snapshot.facts.iter();
        for fact in facts.filter(|fact| fact.kind == FactKind::Rep) {
            if let Some(team) = fact.text(name) {
                let since = fact.happened.start(&world.charter.calendar);
                note(&mut teams.0, fact.rep, since, Some(team));
            }
        }
        teams
    }

    /// The rep a lead was first assigned to, and that rep's team then: whose a lead is does not
    /// depend on whether a pursuit was opened.
    pub fn of_lead(&self, world: &World<'_>, lead: &Lead) -> (Option<Sym>, Option<Sym>) {
        let facts = &world.snapshot.facts;
        let assigned = lead.assigned.and_then(|fact| facts.get(fact as usize));
        let Some(assigned) = assigned else {
            return (None, None);
        };
        let moment = Moment::start(assigned.happened, &world.charter.calendar);
        (assigned.rep, self.at(assigned.rep, moment))
    }

    /// The team of a rep at a moment, if it is known.
    pub fn at(&self, rep: Option<Sym>, moment: Moment) -> Option<Sym> {
        look(&self.0, rep, moment).flatten()
    }
}

impl Owners {
    pub(super) fn of(world: &World<'_>, words: &Words, clock: &Clock<'_>) -> Owners {
        let mut owners = Owners {
            deals: Quick::default(),
            people: Quick::default(),
            accounts: Quick::default(),
            teams: Teams::of(world),
        };
        let mut order = order::Clock::new(clock.calendar, &world.snapshot.names);
        let facts = (0u32..).zip(&world.snapshot.facts);
        for (index, fact) in facts.filter(|(at, _)| !clock.is_ahead(*at)) {
            // A close tells its owner from the day's end on, where it sorts: entries stay in order.
            let mut start = || match fact.kind {
                FactKind::Deal => order.at(fact),
                _ => clock.start(index),
            };
            let about = match fact.kind {
                FactKind::Assignment => words.about(fact),
                FactKind::Deal if fact.rep.is_some() => Some(About::Deal),
                FactKind::Person if fact.rep.is_some() => Some(About::Person),
                FactKind::Account if fact.rep.is_some() => Some(About::Account),
                _ => None,
            };
            match about {
                Some(About::Deal) => note(&mut owners.deals, fact.deal, start(), fact.rep),
                Some(About::Person) => note(&mut owners.people, fact.person, start(), fact.rep),
                Some(About::Account) => note(&mut owners.accounts, fact.account, start(), fact.rep),
                None => {}
            }
        }
        owners
    }

    /// Rep and team at a moment: the deal's owner once it has one, else the opener's, else the
    /// account's.
    pub(super) fn at(
        &self,
        deal: Option<Sym>,
        person: Option<PersonId>,
        account: Option<Sym>,
        moment: Moment,
    ) -> (Option<Sym>, Option<Sym>) {
        let rep = look(&self.deals, deal, moment)
            .or_else(|| look(&self.people, person, moment))
            .or_else(|| look(&self.accounts, account, moment))
            .flatten();
        (rep, self.teams.at(rep, moment))
    }
}

/// Whose each deal is at any instant, whichever stage it is in.
pub struct Ownership(Owners);

impl Ownership {
    /// What a snapshot tells of it.
    pub fn of(world: &World<'_>) -> Ownership {
        let words = Words::of(world.snapshot, world.charter);
        Ownership(Owners::of(world, &words, &Clock::of(world)))
    }

    /// A deal's rep and that rep's team at an instant.
    pub fn at(&self, deal: &Deal, home: &Pursuit, at: Instant) -> (Option<Sym>, Option<Sym>) {
        let moment = Moment {
            when: handfast_model::When::At(at),
            at: Some(at),
        };
        let opener = home.people.first().copied();
        self.0.at(Some(deal.key), opener, home.account, moment)
    }

    /// The instants at which that may change.
    pub fn turns(&self, deal: &Deal, home: &Pursuit) -> Vec<Instant> {
        let Owners {
            deals,
            people,
            accounts,
            teams,
        } = &self.0;
        let opener = home.people.first();
        let of_account = home.account.and_then(|account| accounts.get(&account));
        let owned = [
            deals.get(&deal.key),
            opener.and_then(|opener| people.get(opener)),
            of_account,
        ];
        let owned: Vec<&(Option<Instant>, Option<Sym>)> =
            owned.into_iter().flatten().flatten().collect();
        let reps = owned.iter().filter_map(|(_, rep)| rep.as_ref());
        let seats = reps.filter_map(|rep| teams.0.get(rep)).flatten();
        let all = owned.iter().copied().chain(seats);
        all.filter_map(|(since, _)| *since).collect()
    }
}

fn note<K: std::hash::Hash + Eq>(
    timelines: &mut Quick<K, Timeline>,
    key: Option<K>,
    since: Option<Instant>,
    who: Option<Sym>,
) {
    if let Some(key) = key {
        timelines.entry(key).or_default().push((since, who));
    }
}

/// The entry in force: an undated moment knows only undated entries.
fn look<K: std::hash::Hash + Eq>(
    timelines: &Quick<K, Timeline>,
    key: Option<K>,
    moment: Moment,
) -> Option<Option<Sym>> {
    let timeline = timelines.get(&key?)?;
    let until = planted!(OwnerToday, moment.at, Some(Instant(i64::MAX)));
    let after = timeline.partition_point(|(since, _)| *since <= until);
    let (_, who) = timeline.get(after.checked_sub(1)?)?;
    Some(*who)
}
