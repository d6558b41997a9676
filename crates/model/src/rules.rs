//! The charter, typed: what each word of the two teams means. Parsed by the `charter` crate,
//! applied by `kernels`. Every list is in charter order.

pub use crate::brand::Brand;
pub use crate::era::{Earlier, Opening};

use crate::catalogue::Catalogue;
use crate::credit::Attribution;
use crate::fact::Value;
use crate::hours::{Handoff, Hours};
use crate::id::Sym;
use crate::identity::IdentityRules;
use crate::money::{Currency, Decimal};
use crate::pricing::Pricing;
use crate::rights::Right;
use crate::time::{Calendar, Day, Instant};

/// The signed definitions, resolved and checked.
#[derive(Clone, Debug)]
pub struct Charter {
    /// `blake3:` and hex of the folder's content.
    pub hash: String,
    /// The company's name for it.
    pub name: String,
    /// Zone, fiscal year, week.
    pub calendar: Calendar,
    /// The reporting currency, if one is set.
    pub currency: Option<Currency>,
    /// At which rates amounts become another currency's.
    pub pricing: Pricing,
    /// The lexicon.
    pub terms: Vec<Term>,
    /// The teams.
    pub teams: Vec<Team>,
    /// The one funnel: success path first to last, `won` being its last step; then detours, then
    /// the other ends. Index into this list = [`StepIx`].
    pub steps: Vec<Step>,
    /// What opens a pursuit besides steps with `opens`.
    pub opening: Opening,
    /// What entered a stage before this charter began, where it is forward-only: oldest first.
    pub earlier: Vec<Earlier>,
    /// Days after the last two-way activity at which a pursuit goes dormant, and the touch kinds
    /// that count as two-way.
    pub dormant: Option<Dormant>,
    /// Rules that place a touch in a channel, first match wins.
    pub channels: Vec<ChannelRule>,
    /// Rules that place a pursuit in a segment, first match wins.
    pub segments: Vec<ChannelRule>,
    /// Names that rules and questions may use: `person.x`, `account.x`, `deal.x`.
    pub attributes: Vec<DeclaredAttribute>,
    /// Which signs say that two keys are one person or account.
    pub identity: IdentityRules,
    /// How credit is shared.
    pub attribution: Attribution,
    /// When people work, if it says so.
    pub hours: Option<Hours>,
    /// What teams promise each other.
    pub handoffs: Vec<Handoff>,
    /// Who decides what.
    pub rights: Vec<Right>,
    /// The metrics.
    pub catalogue: Catalogue,
    /// What of the touches the brand has a part in.
    pub brand: Brand,
    /// What all of this is for, as the teams wrote it: markdown, as it stands in the file.
    pub vision: Option<String>,
}

/// Position of a step in [`Charter::steps`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct StepIx(pub u8);

/// An agreed meaning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Term {
    /// The word.
    pub word: String,
    /// What it means here.
    pub meaning: String,
}

/// Which side of the house owns something.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Side {
    /// Marketing.
    Marketing,
    /// Sales.
    Sales,
    /// A partner.
    Partner,
    /// The product itself.
    Product,
}

impl Side {
    /// All sides.
    pub const ALL: [Side; 4] = [Side::Marketing, Side::Sales, Side::Partner, Side::Product];

    /// The word used in charters and packs.
    pub fn word(self) -> &'static str {
        match self {
            Side::Marketing => "marketing",
            Side::Sales => "sales",
            Side::Partner => "partner",
            Side::Product => "product",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Side> {
        Side::ALL.into_iter().find(|side| side.word() == word)
    }
}

/// A team of the company.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Team {
    /// Its id, as packs name it.
    pub id: String,
    /// Its side.
    pub side: Side,
}

/// What a step is in the funnel.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StepRole {
    /// A step of the success path.
    Path,
    /// Beside the path, inside the pursuit (recycled, nurture).
    Detour,
    /// Ends the pursuit with success; also the last step of the path.
    Won,
    /// Ends it: a competitor, no decision.
    Lost,
    /// Ends it: never was a buyer.
    Disqualified,
    /// Ends it: silence.
    Dormant,
}

impl StepRole {
    /// Whether entering it ends the pursuit.
    pub fn is_end(self) -> bool {
        matches!(
            self,
            StepRole::Won | StepRole::Lost | StepRole::Disqualified | StepRole::Dormant
        )
    }

    /// Whether it lies on the success path (`won` does).
    pub fn is_on_path(self) -> bool {
        matches!(self, StepRole::Path | StepRole::Won)
    }
}

/// How a stage holds its subjects.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StageType {
    /// May stay.
    Inventory,
    /// Passes or leaves.
    Gate,
    /// Has a maximum time.
    ServiceLevel {
        /// After this many days it is overdue.
        max_days: u32,
    },
}

/// Which placement counts when a step has both source marks and a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precedence {
    /// Either places the subject, whichever is first.
    Either,
    /// Only marks; the rule is a definition to compare with.
    Marks,
    /// Only the rule; marks are evidence.
    Rule,
}

/// A step of the funnel.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its id in questions (`mql`).
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// Path, detour or end.
    pub role: StepRole,
    /// The owning team's id.
    pub owner: Option<String>,
    /// Inventory, gate, service level.
    pub kind: StageType,
    /// Source labels that place a subject here, compared exactly.
    pub marks: Vec<String>,
    /// The entry rule.
    pub enters_when: Option<Expr>,
    /// The exit rule: leaves to no step until another entry.
    pub exits_when: Option<Expr>,
    /// Which placement counts.
    pub wins: Precedence,
    /// How likely an open deal in it is to be won, in ten-thousandths, if anybody says.
    pub probability: Option<u32>,
    /// Whether reaching a later path step implies this one.
    pub is_implied: bool,
    /// Whether entering it opens a pursuit for a buyer without an open one.
    pub opens: bool,
    /// The words of the definition.
    pub means: String,
}

/// When silence ends a pursuit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dormant {
    /// Days after the last two-way activity.
    pub after_days: u32,
    /// Touch kinds that are two-way (a call, a meeting, a reply).
    pub two_way: Vec<String>,
}

/// A first-match rule that gives a name.
#[derive(Clone, Debug)]
pub struct ChannelRule {
    /// The channel or segment.
    pub id: String,
    /// When it applies.
    pub when: Expr,
}

/// A clear attribute that rules may name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeclaredAttribute {
    /// Whose: `person`, `account`, `deal`, `touch`.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ValueKind,
}

/// Whose attribute a rule reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// The pursuit's person (the opener).
    Person,
    /// The buyer's account.
    Account,
    /// The pursuit's deal.
    Deal,
    /// The touch itself (channel rules).
    Touch,
}

impl Subject {
    /// The word used in rules.
    pub fn word(self) -> &'static str {
        match self {
            Subject::Person => "person",
            Subject::Account => "account",
            Subject::Deal => "deal",
            Subject::Touch => "touch",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<Subject> {
        [
            Subject::Person,
            Subject::Account,
            Subject::Deal,
            Subject::Touch,
        ]
        .into_iter()
        .find(|s| s.word() == word)
    }
}

/// The type of a value in rules.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ValueKind {
    /// Text.
    Text,
    /// Whole or decimal number.
    Number,
    /// Yes or no.
    Bool,
    /// A day or an instant.
    Time,
    /// An amount of money; compares with a number in its major unit.
    Money,
}

impl ValueKind {
    /// All kinds.
    pub const ALL: [ValueKind; 5] = [
        ValueKind::Text,
        ValueKind::Number,
        ValueKind::Bool,
        ValueKind::Time,
        ValueKind::Money,
    ];

    /// The word used in charters.
    pub fn word(self) -> &'static str {
        match self {
            ValueKind::Text => "text",
            ValueKind::Number => "number",
            ValueKind::Bool => "bool",
            ValueKind::Time => "time",
            ValueKind::Money => "money",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<ValueKind> {
        ValueKind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A rule's typed tree. SQL's three-valued logic: a comparison with nothing is unknown, and an
/// unknown rule does not hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Expr {
    /// A constant.
    Literal(Literal),
    /// `person.lead_score`.
    Attribute(Subject, String),
    /// `touches('demo_request', 30 days)`: contacts of this kind in (t − d, t]. An empty kind
    /// counts all kinds; no window counts from the beginning.
    Touches {
        /// The touch kind; `None` = any.
        kind: Option<String>,
        /// Days back.
        days: Option<u32>,
    },
    /// `NOT a`.
    Not(Box<Expr>),
    /// `a AND b AND …`.
    And(Vec<Expr>),
    /// `a OR b OR …`.
    Or(Vec<Expr>),
    /// `a < b`.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `a [NOT] IN (…)`.
    In(Box<Expr>, Vec<Expr>, bool),
    /// `a [NOT] BETWEEN b AND c`.
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    /// `a [NOT] LIKE 'x%'`, `a [NOT] ILIKE 'x%'`.
    Like {
        /// The text.
        text: Box<Expr>,
        /// The pattern: `%` any run, `_` any one character, `\\` takes the next one as it is.
        pattern: String,
        /// NOT LIKE.
        is_negated: bool,
        /// ILIKE.
        ignores_case: bool,
    },
    /// `a IS [NOT] NULL`.
    IsNull(Box<Expr>, bool),
    /// `CASE WHEN … THEN … ELSE … END`.
    Case(Vec<(Expr, Expr)>, Option<Box<Expr>>),
    /// `a + b`.
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    /// `lower(a)`.
    Call(Function, Vec<Expr>),
}

/// A constant of a rule.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// NULL.
    Null,
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// TRUE or FALSE.
    Bool(bool),
    /// DATE '2018-01-31'.
    Day(Day),
    /// TIMESTAMP '2018-01-31T10:00:00Z'.
    At(Instant),
}

/// A comparison operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Comparison {
    /// =
    Equal,
    /// <>
    NotEqual,
    /// <
    Less,
    /// <=
    LessOrEqual,
    /// >
    Greater,
    /// >=
    GreaterOrEqual,
}

impl Comparison {
    /// The sign used in rules.
    pub fn sign(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}

/// An arithmetic operator. Exact decimals; division by zero is NULL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operator {
    /// +
    Add,
    /// -
    Subtract,
    /// *
    Multiply,
    /// /
    Divide,
}

impl Operator {
    /// The sign used in rules.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }
}

/// The pure functions a rule may call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Function {
    /// lower(text)
    Lower,
    /// upper(text)
    Upper,
    /// trim(text)
    Trim,
    /// length(text)
    Length,
    /// coalesce(a, b, …)
    Coalesce,
    /// nullif(a, b)
    NullIf,
    /// contains(text, part)
    Contains,
    /// starts_with(text, part)
    StartsWith,
    /// ends_with(text, part)
    EndsWith,
    /// replace(text, from, to)
    Replace,
    /// substr(text, from, count), the first character is 1
    Substr,
    /// concat(a, b, …): what is not known adds nothing
    Concat,
    /// abs(number)
    Abs,
    /// round(number), half-even to whole
    Round,
    /// floor(number)
    Floor,
    /// ceil(number)
    Ceil,
    /// least(a, b, …) of what is known
    Least,
    /// greatest(a, b, …) of what is known
    Greatest,
    /// year(time)
    Year,
    /// month(time)
    Month,
    /// day(time)
    DayOf,
    /// days_between(from, to): whole calendar days when either is a day, else exact days of 24
    /// hours
    DaysBetween,
}

impl Function {
    /// All functions.
    pub const ALL: [Function; 22] = [
        Function::Lower,
        Function::Upper,
        Function::Trim,
        Function::Length,
        Function::Coalesce,
        Function::NullIf,
        Function::Contains,
        Function::StartsWith,
        Function::EndsWith,
        Function::Replace,
        Function::Substr,
        Function::Concat,
        Function::Abs,
        Function::Round,
        Function::Floor,
        Function::Ceil,
        Function::Least,
        Function::Greatest,
        Function::Year,
        Function::Month,
        Function::DayOf,
        Function::DaysBetween,
    ];

    /// The name used in rules.
    pub fn word(self) -> &'static str {
        match self {
            Function::Lower => "lower",
            Function::Upper => "upper",
            Function::Trim => "trim",
            Function::Length => "length",
            Function::Coalesce => "coalesce",
            Function::NullIf => "nullif",
            Function::Contains => "contains",
            Function::StartsWith => "starts_with",
            Function::EndsWith => "ends_with",
            Function::Replace => "replace",
            Function::Substr => "substr",
            Function::Concat => "concat",
            Function::Abs => "abs",
            Function::Round => "round",
            Function::Floor => "floor",
            Function::Ceil => "ceil",
            Function::Least => "least",
            Function::Greatest => "greatest",
            Function::Year => "year",
            Function::Month => "month",
            Function::DayOf => "day",
            Function::DaysBetween => "days_between",
        }
    }

    /// Reads the name.
    pub fn parse(word: &str) -> Option<Function> {
        Function::ALL.into_iter().find(|f| f.word() == word)
    }
}

/// What a rule may ask about the moment it is evaluated at.
pub trait Moment {
    /// The attribute's value now, texts resolved; `None` when nothing is known.
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated>;
    /// How many touches of this kind lie in the window ending now.
    fn touches(&self, kind: Option<&str>, days: Option<u32>) -> u64;
    /// The reporting calendar.
    fn calendar(&self) -> &Calendar;
}

/// A value in evaluation, independent of any table of names.
#[derive(Clone, PartialEq, Debug)]
pub enum Evaluated {
    /// A text.
    Text(String),
    /// A number.
    Number(Decimal),
    /// Yes or no.
    Bool(bool),
    /// A day.
    Day(Day),
    /// An instant.
    At(Instant),
}

impl Evaluated {
    /// A ledger value for use in rules; money as its number of major units.
    pub fn from_value(value: &Value, text: impl Fn(Sym) -> String) -> Evaluated {
        match value {
            Value::Text(sym) => Evaluated::Text(text(*sym)),
            Value::Int(int) => Evaluated::Number(Decimal {
                units: i128::from(*int),
                scale: 0,
            }),
            Value::Decimal(decimal) => Evaluated::Number(*decimal),
            Value::Bool(yes) => Evaluated::Bool(*yes),
            Value::Day(day) => Evaluated::Day(*day),
            Value::At(at) => Evaluated::At(*at),
            Value::Money(money) => {
                let scale = money.currency.exponent();
                Evaluated::Number(Decimal {
                    units: i128::from(money.minor),
                    scale,
                })
            }
        }
    }
}
