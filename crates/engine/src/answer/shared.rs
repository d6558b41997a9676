//! What many questions of one ground need, worked out for the first that asks.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use handfast_kernels::attributes::Attributes;
use handfast_kernels::campaigns::Campaigns;
use handfast_kernels::cells::Part;
use handfast_kernels::flat::{Flat, Places, Span, Times};
use handfast_kernels::forecast::rolling::Rolled;
use handfast_kernels::funnel::{self, CohortRule, Stay, Ways};
use handfast_kernels::journey::{Pursuit, Teams};
use handfast_kernels::roles;
use handfast_kernels::stale::Over;
use handfast_kernels::velocity::elapsed;
use handfast_model::question::{Entries, Unit};
use handfast_model::rules::{StepIx, StepRole};
use handfast_model::{
    Calendar, Charter, Currency, Instant, IssueCode, Money, PersonId, Snapshot, Sym, When,
};

use super::codes;
use super::sheet::Key;

/// Filled slots of a ground; each is a pure function of it.
#[derive(Default)]
pub(crate) struct Shared {
    attributes: OnceLock<Attributes>,
    stays: PerUnit<Vec<Stay>>,
    channels: OnceLock<Channels>,
    contacts: OnceLock<HashMap<Sym, PersonId>>,
    first: OnceLock<Option<Instant>>,
    issues: OnceLock<BTreeMap<IssueCode, u64>>,
    words: OnceLock<BTreeMap<String, u64>>,
    flat: PerUnit<Flat>,
    times: PerUnit<Times>,
    places: OnceLock<Places>,
    over: PerUnit<Over>,
    amounts: OnceLock<Amounts>,
    ways: Mutex<Vec<Known>>,
    undated: OnceLock<Vec<u64>>,
    ended: OnceLock<Ended>,
    rolled: Mutex<Vec<(String, Arc<Rolled>)>>,
    pub(super) missed: OnceLock<Option<String>>,
    pub(super) teams: OnceLock<Teams>,
    pub(super) campaigns: OnceLock<Campaigns>,
    pub(super) codes: codes::Kept,
}

/// How many steps' entries are kept; those asked for longest ago go first.
const WAYS: usize = 4;

/// Of how many questions past windows are kept; those asked for longest ago go first.
const ROLLED: usize = 8;

type Known = ((Unit, StepIx, Entries), Arc<Ways>);

/// The ends of pursuits, and how long from their opening.
pub(super) struct Ended {
    /// By pursuit, in what order of roles.
    pub roles: Vec<Option<StepRole>>,
    /// By pursuit, how long it took.
    pub took: Vec<Span>,
}

impl Ended {
    fn bytes(&self) -> usize {
        size_of_val(&*self.roles) + size_of_val(&*self.took)
    }
}

/// A slot for each unit level.
struct PerUnit<T> {
    pursuit: OnceLock<T>,
    person: OnceLock<T>,
    account: OnceLock<T>,
    deal: OnceLock<T>,
}

impl<T> Default for PerUnit<T> {
    fn default() -> PerUnit<T> {
        let slot = OnceLock::new;
        PerUnit {
            pursuit: slot(),
            person: slot(),
            account: slot(),
            deal: slot(),
        }
    }
}

impl<T> PerUnit<T> {
    fn sum(&self, bytes: impl Fn(&T) -> usize) -> usize {
        let slots = [&self.pursuit, &self.person, &self.account, &self.deal];
        slots.into_iter().filter_map(OnceLock::get).map(bytes).sum()
    }

    fn of(&self, unit: Unit) -> &OnceLock<T> {
        match unit {
            Unit::Pursuit => &self.pursuit,
            Unit::Person => &self.person,
            Unit::Account => &self.account,
            Unit::Deal => &self.deal,
        }
    }
}

/// The amounts of all deals.
pub(super) struct Amounts {
    /// By deal: its amount if it is the same at every moment.
    pub always: Vec<Option<Option<Money>>>,
    /// The currencies of those last known, in order.
    pub currencies: Vec<Currency>,
}

/// The channel that each pursuit came from, as numbers.
pub(super) struct Channels {
    /// By place of the pursuit.
    pub of_pursuit: Vec<u32>,
    /// What the numbers stand for.
    pub keys: Vec<Key>,
}

impl Shared {
    /// About how much memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        let numbers = |list: Option<usize>| list.map_or(0, |many| many * size_of::<u32>());
        let ways = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let ways: usize = ways.iter().map(|(_, ways)| ways.bytes()).sum();
        let channels = self
            .channels
            .get()
            .map(|channels| channels.of_pursuit.len());
        self.attributes.get().map_or(0, Attributes::bytes)
            + self.stays.sum(|stays| size_of_val(&**stays))
            + self.flat.sum(Flat::bytes)
            + self.times.sum(Times::bytes)
            + self.over.sum(Over::bytes)
            + numbers(channels)
            + numbers(self.places.get().map(Places::count))
            + self.ended.get().map_or(0, Ended::bytes)
            + self
                .amounts
                .get()
                .map_or(0, |one| size_of_val(&*one.always))
            + ways
            + self.codes.bytes()
    }

    /// The state facts by subject.
    pub(super) fn attributes(&self, part: &Part, calendar: &Calendar) -> &Attributes {
        let index = || Attributes::new(&part.snapshot, calendar);
        self.attributes.get_or_init(index)
    }

    /// All stays of a unit level.
    pub(super) fn stays(&self, part: &Part, unit: Unit) -> &[Stay] {
        let stays = || funnel::stays(&part.journeys, unit);
        self.stays.of(unit).get_or_init(stays)
    }

    /// Past windows, played once for all that is asked of them: by what they depend on besides the
    /// ground.
    pub(super) fn rolled(&self, of: &str, roll: impl FnOnce() -> Rolled) -> Arc<Rolled> {
        let kept = || self.rolled.lock().unwrap_or_else(PoisonError::into_inner);
        let found = |all: &mut Vec<(String, Arc<Rolled>)>| {
            let at = all.iter().position(|(key, _)| key == of)?;
            let known = all.remove(at);
            let rolled = Arc::clone(&known.1);
            all.push(known);
            Some(rolled)
        };
        if let Some(rolled) = found(&mut kept()) {
            return rolled;
        }
        // Others ask meanwhile; who asks the same works it out too.
        let rolled = Arc::new(roll());
        let mut all = kept();
        if let Some(rolled) = found(&mut all) {
            return rolled;
        }
        if all.len() >= ROLLED {
            all.remove(0);
        }
        all.push((of.to_owned(), Arc::clone(&rolled)));
        rolled
    }

    /// The same for whoever counts them.
    pub(super) fn flat(&self, part: &Part, unit: Unit, calendar: &Calendar) -> &Flat {
        let flat = || Flat::of(&part.journeys, unit, calendar);
        self.flat.of(unit).get_or_init(flat)
    }

    /// How long they took.
    pub(super) fn times(
        &self,
        part: &Part,
        unit: Unit,
        (calendar, horizon): (&Calendar, Instant),
    ) -> &Times {
        let times = || Times::of(&part.journeys, unit, calendar, horizon);
        self.times.of(unit).get_or_init(times)
    }

    /// What took how long in each stage.
    pub(super) fn over(&self, unit: Unit, find: impl FnOnce() -> Over) -> &Over {
        self.over.of(unit).get_or_init(find)
    }

    /// The entries of a rule, whatever its period and window.
    pub(super) fn ways(&self, part: &Part, charter: &Charter, rule: &CohortRule) -> Arc<Ways> {
        let name = (rule.unit, rule.entry, rule.entries);
        let mut kept = self.ways.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match kept.iter().position(|(known, _)| *known == name) {
            Some(place) => kept.remove(place),
            None => (name, Arc::new(Ways::of(&part.journeys, charter, rule))),
        };
        let ways = Arc::clone(&found.1);
        kept.push(found);
        if kept.len() > WAYS {
            kept.remove(0);
        }
        ways
    }

    /// How many pursuits entered each step without a date.
    pub(super) fn undated(&self, part: &Part) -> &[u64] {
        self.undated.get_or_init(|| {
            let mut undated = Vec::new();
            for pursuit in &part.journeys.pursuits {
                let visits = pursuit.visits.iter();
                let visits = visits.filter(|visit| visit.entered.when == When::Unknown);
                let steps: BTreeSet<u8> = visits.map(|visit| visit.step.0).collect();
                for step in steps {
                    let step = usize::from(step);
                    undated.resize(undated.len().max(step + 1), 0);
                    undated
                        .get_mut(step)
                        .into_iter()
                        .for_each(|slot| *slot += 1);
                }
            }
            undated
        })
    }

    /// The ends of all pursuits.
    pub(super) fn ended(&self, part: &Part, calendar: &Calendar) -> &Ended {
        self.ended.get_or_init(|| {
            let pursuits = part.journeys.pursuits.iter();
            let took = |pursuit: &Pursuit| {
                let end = pursuit.end?.moment.when;
                elapsed(pursuit.opened.when, end, calendar)
            };
            Ended {
                roles: pursuits.clone().map(|one| Some(one.end?.role)).collect(),
                took: pursuits.map(|one| Span::of(took(one), true)).collect(),
            }
        })
    }

    /// The amounts of all deals.
    pub(super) fn amounts(&self, find: impl FnOnce() -> Amounts) -> &Amounts {
        self.amounts.get_or_init(find)
    }

    /// Where the visits of each pursuit are among all.
    pub(super) fn places(&self, part: &Part) -> &Places {
        self.places.get_or_init(|| Places::of(&part.journeys))
    }

    /// The channel of each pursuit.
    pub(super) fn channels(&self, find: impl FnOnce() -> Channels) -> &Channels {
        self.channels.get_or_init(find)
    }

    /// The contact of each deal that has people with a role in it.
    pub(super) fn contacts(&self, snapshot: &Snapshot) -> &HashMap<Sym, PersonId> {
        self.contacts.get_or_init(|| roles::primary(snapshot))
    }

    /// When the first dated fact happened.
    pub(super) fn first(&self, part: &Part, calendar: &Calendar) -> Option<Instant> {
        *self.first.get_or_init(|| part.first(calendar))
    }

    /// What is known of issues already, where no fact of them is there.
    pub(super) fn told(issues: BTreeMap<IssueCode, u64>, words: BTreeMap<String, u64>) -> Shared {
        Shared {
            issues: issues.into(),
            words: words.into(),
            ..Shared::default()
        }
    }

    /// The stage labels that the charter does not name.
    pub(super) fn words(&self, part: &Part) -> &BTreeMap<String, u64> {
        self.words.get_or_init(|| {
            let mut counts = BTreeMap::new();
            for (_, label) in unknown_labels(part) {
                *counts.entry(label.to_owned()).or_insert(0) += 1;
            }
            counts
        })
    }

    /// How many issues of each kind the journeys have.
    pub(super) fn issues(&self, part: &Part) -> &BTreeMap<IssueCode, u64> {
        self.issues.get_or_init(|| {
            let mut counts = BTreeMap::new();
            for issue in &part.journeys.issues {
                *counts.entry(issue.code).or_insert(0) += 1;
            }
            counts
        })
    }
}

/// The facts that name a stage which the charter does not, by place, with what they call it.
pub(super) fn unknown_labels(part: &Part) -> impl Iterator<Item = (usize, &str)> {
    let issues = part.journeys.issues.iter();
    let unknown = issues.filter(|issue| issue.code == IssueCode::UnknownStage);
    let unknown: BTreeSet<_> = unknown.filter_map(|issue| issue.fact).collect();
    let names = &part.snapshot.names;
    let marks = part.snapshot.facts.iter().enumerate();
    let marks = marks.filter(move |(_, fact)| unknown.contains(&fact.id));
    marks.map(|(place, mark)| {
        let label = names.find("stage").and_then(|name| mark.text(name));
        (place, label.map_or("", |label| names.text(label)))
    })
}
