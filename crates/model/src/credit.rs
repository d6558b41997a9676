//! How credit is shared, as a charter says it: the models, and what a touch must be to earn.
//!
//! Only meanings are here; the shares are counted in `kernels::credit`. Attribution is bookkeeping:
//! a model says how an amount is shared out, never what would have happened otherwise.

use std::fmt;

use crate::limits;
use crate::rules::Expr;

/// What is credited.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Credited {
    /// Deals won in the period, at their close.
    Won,
    /// Deals open at the last instant of the period, at that instant.
    Open,
}

impl Credited {
    /// The word of questions.
    pub fn word(self) -> &'static str {
        match self {
            Credited::Won => "won",
            Credited::Open => "open",
        }
    }

    /// How a model shares such deals.
    pub fn kind(self, kind: ModelKind) -> ModelKind {
        match self {
            Credited::Won => kind,
            Credited::Open => kind.before_close(),
        }
    }

    /// What the word means.
    pub fn parse(word: &str) -> Option<Credited> {
        let all = [Credited::Won, Credited::Open];
        all.into_iter().find(|credited| credited.word() == word)
    }
}

/// What a charter says of credit.
#[derive(Clone, PartialEq, Debug)]
pub struct Attribution {
    /// The models that are shown, in order.
    pub shown: Vec<CreditModel>,
    /// Models that it defines and does not show; they can be asked for by name.
    pub unshown: Vec<CreditModel>,
    /// Whose touches may earn.
    pub people: PeopleRule,
    /// Calendar days before the credited moment that a touch may lie; `None` = any.
    pub look_back_days: Option<u32>,
    /// The only kinds of touches that may earn; none = all but `ignored`.
    pub touch_kinds: Vec<String>,
    /// Kinds of touches that never earn.
    pub ignored: Vec<String>,
    /// The channels of a buyer who came directly, which `last_non_direct` passes over.
    pub direct: Vec<String>,
    /// The moment that the lead came from.
    pub lead: Milestone,
    /// The moment that the deal came from.
    pub deal: Milestone,
    /// Tells by a person's attributes that somebody with a role in a deal has left.
    pub champion_left: Option<Expr>,
    /// Whether any of it was written down; if not, these are our assumptions, and answers say so.
    pub is_agreed: bool,
}

impl Default for Attribution {
    fn default() -> Attribution {
        let shown = ModelKind::SHOWN.into_iter().map(CreditModel::of);
        Attribution {
            shown: shown.collect(),
            unshown: Vec::new(),
            people: PeopleRule::Account,
            look_back_days: None,
            touch_kinds: Vec::new(),
            ignored: Vec::new(),
            direct: vec!["direct".to_owned()],
            lead: Milestone::Created,
            deal: Milestone::Created,
            champion_left: None,
            is_agreed: false,
        }
    }
}

impl Attribution {
    /// The model of a name: as the charter defines it, else as it is without one.
    pub fn model(&self, name: &str) -> Option<CreditModel> {
        let mut written = self.shown.iter().chain(&self.unshown);
        let written = written.find(|model| model.name == name).cloned();
        written.or_else(|| CreditModel::parse(name))
    }
}

/// Whose touches may earn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PeopleRule {
    /// Everybody of the buyer: the account and its people.
    Account,
    /// The deal's own person and people with a role in it; nobody else of the account.
    Roles,
    /// The deal's own person, else its primary contact.
    Primary,
}

impl PeopleRule {
    /// The rules by the words of a charter.
    pub const WORDS: [(&'static str, PeopleRule); 3] = [
        ("account", PeopleRule::Account),
        ("roles", PeopleRule::Roles),
        ("primary", PeopleRule::Primary),
    ];

    /// The word of a charter.
    pub fn word(self) -> &'static str {
        let words = PeopleRule::WORDS.into_iter();
        words
            .clone()
            .find(|(_, rule)| *rule == self)
            .map_or("account", |(word, _)| word)
    }
}

/// A moment of a pursuit that positions are counted from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Milestone {
    /// When it was created.
    Created,
    /// The first entry into a stage.
    Entry(String),
}

/// A model with the name that questions use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CreditModel {
    /// `w`, `markov_2`, or a name that the charter gives.
    pub name: String,
    /// What it does.
    pub kind: ModelKind,
}

impl CreditModel {
    /// A model that needs no charter, by its own name.
    pub fn of(kind: ModelKind) -> CreditModel {
        CreditModel {
            name: kind.name(),
            kind,
        }
    }

    /// The model of a name that needs no charter.
    pub fn parse(name: &str) -> Option<CreditModel> {
        let known = ModelKind::all().find(|kind| kind.name() == name);
        known.map(CreditModel::of)
    }
}

impl fmt::Display for CreditModel {
    /// The name, and what a charter chose: `decay (half-life 7 days)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.kind {
            ModelKind::Decay { half_life } => {
                write!(f, " (half-life {} days)", half_life / 86_400)
            }
            ModelKind::Positions(shares) if CreditModel::parse(&self.name).is_none() => {
                let Positions {
                    first,
                    lead,
                    deal,
                    last,
                    between,
                    ..
                } = shares;
                write!(
                    f,
                    " (first {first}, lead {lead}, deal {deal}, last {last}, "
                )?;
                write!(f, "between {between}")?;
                f.write_str(match shares.nobody_between {
                    NobodyBetween::Proportional => ")",
                    NobodyBetween::Equal => ", nobody between: equal)",
                })
            }
            _ => Ok(()),
        }
    }
}

/// How a model shares.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ModelKind {
    /// Shares for positions and for what lies between them.
    Positions(Positions),
    /// All to the last touch whose channel is not a direct one; all direct: to the last.
    LastNonDirect,
    /// Each touch half as much as one that is a half-life younger.
    Decay {
        /// In seconds.
        half_life: u32,
    },
    /// Everything to each touch: not additive, never summed.
    Participation,
    /// In proportion to what the Markov chain of this order loses without each channel.
    Markov {
        /// How many channels a state remembers: 1 to 4.
        order: u8,
    },
    /// In proportion to the Shapley values of a game between channels.
    Shapley(Game),
}

/// What a coalition of channels is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Game {
    /// The chance of success of the Markov chain of order one in which every path that comes to
    /// another channel ends in nothing.
    Chain,
    /// The success of paths through nothing else: linear over distinct channels under another name.
    Together,
    /// The rate of success of paths through exactly these.
    Alone,
}

/// Shares of positions, in any whole parts. A touch that holds several positions gets their sum; a
/// position that no touch holds gets nothing, and what is given is the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Positions {
    /// For the first touch.
    pub first: u32,
    /// For the touch that the lead came from.
    pub lead: u32,
    /// For the touch that the deal came from.
    pub deal: u32,
    /// For the last touch.
    pub last: u32,
    /// Shared by all touches that hold none of these.
    pub between: u32,
    /// What becomes of that when no touch is between.
    pub nobody_between: NobodyBetween,
}

/// What becomes of the share for touches between the positions when there are none.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum NobodyBetween {
    /// Positions get it in proportion to theirs: 20, 20, 60 becomes 25, 75.
    #[default]
    Proportional,
    /// Positions get it in equal parts: 20, 20, 60 becomes 30, 70.
    Equal,
}

impl Positions {
    /// All to the first touch.
    pub const FIRST: Positions = Positions::of(1, 0, 0, 0, 0);
    /// All to the last touch.
    pub const LAST: Positions = Positions::of(0, 0, 0, 1, 0);
    /// The same to every touch.
    pub const LINEAR: Positions = Positions::of(0, 0, 0, 0, 1);
    /// U shape, first and last: 40, 40, 20 between.
    pub const U_LAST: Positions = Positions::of(40, 0, 0, 40, 20);
    /// U shape, first and lead creation: 40, 40, 20 among all others.
    pub const U_LEAD: Positions = Positions::of(40, 40, 0, 0, 20);
    /// U shape, first and lead creation, nothing else: 50, 50.
    pub const U_EVEN: Positions = Positions::of(50, 50, 0, 0, 0);
    /// W shape: first, lead and deal creation 30 each, 10 among all others.
    pub const W: Positions = Positions::of(30, 30, 30, 0, 10);
    /// Full path: first, lead and deal creation and last 22.5 each, 10 among all others.
    pub const FULL_PATH: Positions = Positions::of(225, 225, 225, 225, 100);
    /// Full path of a deal that is not closed: nothing for a close that has not come.
    pub const FULL_PATH_SO_FAR: Positions = Positions::of(225, 225, 225, 0, 100);
    /// J shape: 20 first, 60 last, 20 between; of two touches 25 and 75.
    pub const J: Positions = Positions::of(20, 0, 0, 60, 20);
    /// J shape turned round: 60 first, 20 last, 20 between; of two touches 75 and 25.
    pub const INVERSE_J: Positions = Positions::of(60, 0, 0, 20, 20);

    const fn of(first: u32, lead: u32, deal: u32, last: u32, between: u32) -> Positions {
        Positions {
            first,
            lead,
            deal,
            last,
            between,
            nobody_between: NobodyBetween::Proportional,
        }
    }

    /// The same, with what nobody between gets in equal parts.
    pub const fn in_equal_parts(self) -> Positions {
        Positions {
            nobody_between: NobodyBetween::Equal,
            ..self
        }
    }
}

/// The half-life unless a charter says another.
pub const HALF_LIFE_DAYS: u32 = 7;

impl ModelKind {
    /// Those shown where a charter says nothing.
    pub const SHOWN: [ModelKind; 7] = [
        ModelKind::Positions(Positions::FIRST),
        ModelKind::Positions(Positions::LAST),
        ModelKind::Positions(Positions::LINEAR),
        ModelKind::Positions(Positions::U_LEAD),
        ModelKind::Positions(Positions::W),
        ModelKind::Positions(Positions::FULL_PATH),
        ModelKind::Decay {
            half_life: HALF_LIFE_DAYS * 86_400,
        },
    ];

    const POSITIONS: [(&'static str, Positions); 12] = [
        ("first", Positions::FIRST),
        ("last", Positions::LAST),
        ("linear", Positions::LINEAR),
        ("u_last", Positions::U_LAST),
        ("u_lead", Positions::U_LEAD),
        ("u_even", Positions::U_EVEN),
        ("w", Positions::W),
        ("full_path", Positions::FULL_PATH),
        ("j", Positions::J),
        ("j_equal", Positions::J.in_equal_parts()),
        ("inverse_j", Positions::INVERSE_J),
        ("inverse_j_equal", Positions::INVERSE_J.in_equal_parts()),
    ];

    /// Every model that needs no charter, in the order of lists.
    pub fn all() -> impl Iterator<Item = ModelKind> {
        let positions = ModelKind::POSITIONS.map(|(_, shares)| ModelKind::Positions(shares));
        let decay = ModelKind::Decay {
            half_life: HALF_LIFE_DAYS * 86_400,
        };
        let orders = (1..=limits::CHAIN_ORDER).map(|order| ModelKind::Markov { order });
        let games = [Game::Chain, Game::Together, Game::Alone].map(ModelKind::Shapley);
        let others = [ModelKind::LastNonDirect, decay, ModelKind::Participation];
        positions
            .into_iter()
            .chain(others)
            .chain(orders)
            .chain(games)
    }

    /// The name that questions and charters use; of a charter's own shares `custom`.
    pub fn name(self) -> String {
        let name = match self {
            ModelKind::Positions(shares) => {
                let known = ModelKind::POSITIONS
                    .iter()
                    .find(|(_, known)| *known == shares);
                known.map_or("custom", |(name, _)| name)
            }
            ModelKind::LastNonDirect => "last_non_direct",
            ModelKind::Decay { .. } => "decay",
            ModelKind::Participation => "participation",
            ModelKind::Markov { order } => return format!("markov_{order}"),
            ModelKind::Shapley(Game::Chain) => "shapley",
            ModelKind::Shapley(Game::Together) => "shapley_together",
            ModelKind::Shapley(Game::Alone) => "shapley_alone",
        };
        name.to_owned()
    }

    /// The same of deals that are still open: what the close holds in full path is nobody's yet,
    /// and what the others hold is the whole.
    pub fn before_close(self) -> ModelKind {
        match self {
            ModelKind::Positions(Positions::FULL_PATH) => {
                ModelKind::Positions(Positions::FULL_PATH_SO_FAR)
            }
            kind => kind,
        }
    }

    /// Whether the credits of one deal sum to its amount.
    pub fn is_additive(self) -> bool {
        self != ModelKind::Participation
    }

    /// Whether it is estimated from all paths. A game that is linear credit by another name is not.
    pub fn is_estimated(self) -> bool {
        matches!(
            self,
            ModelKind::Markov { .. } | ModelKind::Shapley(Game::Chain | Game::Alone)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_found_by_its_name() {
        let names: Vec<String> = ModelKind::all().map(ModelKind::name).collect();
        assert_eq!(names.len(), 22);
        for kind in ModelKind::all() {
            let found = CreditModel::parse(&kind.name()).unwrap();
            assert_eq!(found.kind, kind, "{}", kind.name());
        }
        assert_eq!(CreditModel::parse("custom"), None);
        assert!(
            ModelKind::SHOWN
                .iter()
                .all(|kind| kind.is_additive() && !kind.is_estimated())
        );
    }
}
