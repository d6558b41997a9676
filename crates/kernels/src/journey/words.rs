//! The attribute names and words that journeys read, as symbols of one snapshot.
//!
//! A word that no fact uses has no symbol; looking it up then finds nothing, which is right.

use crate::quick::Quick;

use handfast_model::fact::Snapshot;
use handfast_model::id::Sym;
use handfast_model::rules::{Precedence, Side, Step, StepIx};
use handfast_model::{Charter, Fact, Instant, Value, When};

use super::World;

/// Symbols of the words that matter here.
pub(super) struct Words {
    stage: Option<Sym>,
    subject: Option<Sym>,
    touch: Option<Sym>,
    team: Option<Sym>,
    status: Option<Sym>,
    created: Option<Sym>,
    closed: Option<Sym>,
    account: Option<Sym>,
    person: Option<Sym>,
    won: Option<Sym>,
    lost: Option<Sym>,
    open: Option<Sym>,
    sales: Option<Sym>,
    /// By era of the charter.
    eras: Vec<Era>,
    two_way: Vec<Sym>,
}

/// The words of one era of the charter.
struct Era {
    /// From this instant on; the first one always.
    since: Option<Instant>,
    labels: Quick<Sym, Label>,
    opening: Vec<Sym>,
}

/// What a source label means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Label {
    /// It places its subject in this step.
    Places(StepIx),
    /// Its step is placed by rule only.
    Evidence,
}

/// Whom a mark or an assignment concerns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum About {
    Person,
    Account,
    Deal,
}

/// What a deal's status says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    Open,
    Won,
    Lost,
}

impl Words {
    pub(super) fn of(snapshot: &Snapshot, charter: &Charter) -> Words {
        let find = |text: &str| snapshot.names.find(text);
        let known =
            |texts: &[String]| -> Vec<Sym> { texts.iter().filter_map(|text| find(text)).collect() };
        let sinces = charter.earlier.iter().map(|earlier| Some(earlier.until));
        let sinces = std::iter::once(None).chain(sinces);
        let eras = sinces.zip(charter.every_steps()).map(|(since, steps)| Era {
            since,
            labels: labels(steps, find),
            opening: known(&charter.opening_at(since).touch_kinds),
        });
        Words {
            stage: find("stage"),
            subject: find("subject"),
            touch: find("touch"),
            team: find("team"),
            status: find("status"),
            created: find("created"),
            closed: find("closed"),
            account: find("account"),
            person: find("person"),
            won: find("won"),
            lost: find("lost"),
            open: find("open"),
            sales: find(Side::Sales.word()),
            eras: eras.collect(),
            two_way: charter
                .dormant
                .as_ref()
                .map_or_else(Vec::new, |dormant| known(&dormant.two_way)),
        }
    }

    fn text(&self, fact: &Fact, name: Option<Sym>) -> Option<Sym> {
        name.and_then(|name| fact.text(name))
    }

    /// The words that were in force at an instant.
    fn era(&self, at: Option<Instant>) -> Option<&Era> {
        self.eras.iter().rfind(|era| era.since <= at)
    }

    /// What a mark's label meant at its instant, compared exactly; `None` for a label the charter
    /// did not name.
    pub(super) fn label(&self, fact: &Fact, at: Option<Instant>) -> Option<Label> {
        let labels = &self.era(at)?.labels;
        labels.get(&self.text(fact, self.stage)?).copied()
    }

    /// The step that a mark places its subject in.
    pub(super) fn step(&self, fact: &Fact, at: Option<Instant>) -> Option<StepIx> {
        match self.label(fact, at)? {
            Label::Places(step) => Some(step),
            Label::Evidence => None,
        }
    }

    /// Whom the fact concerns: as it says, else its deal, else its person, else its account.
    pub(super) fn about(&self, fact: &Fact) -> Option<About> {
        let said = self.text(fact, self.subject);
        let is = |word: Option<Sym>| said.is_some() && said == word;
        if is(self.person) && fact.person.is_some() {
            return Some(About::Person);
        }
        if is(self.account) && fact.account.is_some() {
            return Some(About::Account);
        }
        match (fact.deal, fact.person, fact.account) {
            (Some(_), _, _) => Some(About::Deal),
            (None, Some(_), _) => Some(About::Person),
            (None, None, Some(_)) => Some(About::Account),
            (None, None, None) => None,
        }
    }

    pub(super) fn touch_kind(&self, fact: &Fact) -> Option<Sym> {
        self.text(fact, self.touch)
    }

    pub(super) fn opens(&self, fact: &Fact, at: Option<Instant>) -> bool {
        let kind = self.touch_kind(fact).zip(self.era(at));
        kind.is_some_and(|(kind, era)| era.opening.contains(&kind))
    }

    pub(super) fn is_two_way(&self, fact: &Fact) -> bool {
        let kind = self.touch_kind(fact);
        kind.is_some_and(|kind| self.two_way.contains(&kind))
    }

    pub(super) fn is_by_sales(&self, fact: &Fact) -> bool {
        self.sales.is_some() && self.text(fact, self.team) == self.sales
    }

    pub(super) fn status(&self, fact: &Fact) -> Option<Status> {
        let said = Some(self.text(fact, self.status)?);
        [
            (self.won, Status::Won),
            (self.lost, Status::Lost),
            (self.open, Status::Open),
        ]
        .into_iter()
        .find(|(word, _)| *word == said)
        .map(|(_, status)| status)
    }

    pub(super) fn created(&self, fact: &Fact) -> Option<When> {
        time(fact, self.created)
    }

    pub(super) fn closed(&self, fact: &Fact) -> Option<When> {
        time(fact, self.closed)
    }
}

/// What marks say, for other kernels.
pub(crate) struct Marks(Words);

impl Marks {
    /// Their labels in a snapshot, by the charter.
    pub(crate) fn of(world: &World<'_>) -> Marks {
        Marks(Words::of(world.snapshot, world.charter))
    }

    /// The step that a mark places its subject in.
    pub(crate) fn step(&self, fact: &Fact, at: Option<Instant>) -> Option<StepIx> {
        self.0.step(fact, at)
    }

    /// Whether it is about its person, its account, its deal.
    pub(crate) fn about(&self, fact: &Fact) -> (bool, bool, bool) {
        let about = self.0.about(fact);
        let is = |one: About| about == Some(one);
        (is(About::Person), is(About::Account), is(About::Deal))
    }
}

/// What the labels of some steps mean; a label of two steps is the first one's.
fn labels(steps: &[Step], find: impl Fn(&str) -> Option<Sym>) -> Quick<Sym, Label> {
    let mut labels = Quick::default();
    for (index, step) in (0u8..).zip(steps) {
        for label in step.marks.iter().filter_map(|label| find(label)) {
            labels.entry(label).or_insert(match step.wins {
                Precedence::Rule => Label::Evidence,
                Precedence::Either | Precedence::Marks => Label::Places(StepIx(index)),
            });
        }
    }
    labels
}

fn time(fact: &Fact, name: Option<Sym>) -> Option<When> {
    match fact.attribute(name?)? {
        Value::Day(day) => Some(When::Day(*day)),
        Value::At(instant) => Some(When::At(*instant)),
        _ => None,
    }
}
