//! What words mean, in plain words: the charter as the truth reads it. [`Meaning::sketch`] writes
//! the same for the product.

use super::clock::{Zone, civil};

/// What a step of the funnel is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// A step of the success path.
    Path,
    /// Beside it.
    Detour,
    /// The end of it.
    Won,
    /// Another end.
    Lost,
    /// Never was a buyer.
    Disqualified,
    /// Silence.
    Dormant,
}

impl Role {
    /// Whether a pursuit ends there.
    pub fn is_end(self) -> bool {
        !matches!(self, Role::Path | Role::Detour)
    }

    /// Whether it lies on the success path.
    pub fn is_on_path(self) -> bool {
        matches!(self, Role::Path | Role::Won)
    }
}

/// A step of the funnel; what marks it is its id.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// What it is.
    pub role: Role,
    /// Whether a later step of the path implies it.
    pub is_implied: bool,
    /// Whether only its rule places, not its marks.
    pub is_by_rule: bool,
    /// What enters it.
    pub enters: Option<Rule>,
    /// What leaves it.
    pub exits: Option<Rule>,
    /// Its service level.
    pub max_days: Option<i64>,
    /// How likely a deal here is to be won, in hundredths.
    pub likely: Option<i64>,
}

impl Step {
    /// What is said of it in the notation of `sketch`.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(rule) = &self.enters {
            lines.push(format!("enters {} when {}", self.id, rule.text()));
        }
        if let Some(rule) = &self.exits {
            lines.push(format!("exits {} when {}", self.id, rule.text()));
        }
        if let Some(days) = self.max_days {
            lines.push(format!("within {} {days} days", self.id));
        }
        if let Some(likely) = self.likely {
            lines.push(format!(
                "likely {} {}.{:02}",
                self.id,
                likely / 100,
                likely % 100
            ));
        }
        lines
    }
}

/// The few rules that worlds use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    /// `person.score >= n`
    ScoreAtLeast(i64),
    /// `person.score < n`
    ScoreBelow(i64),
    /// `touches('kind', n days) >= m`
    Touches(String, i64, usize),
    /// `touches('kind', n days) < m`
    Fewer(String, i64, usize),
    /// Either.
    Or(Box<Rule>, Box<Rule>),
}

/// Whose touches earn credit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Whose {
    /// Everybody's at the buyer.
    Account,
    /// Those of people with a role in the deal.
    Roles,
    /// Those of one person.
    Primary,
}

/// Parts of a whole for positions, and for what is between them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// Of the first touch.
    pub first: i128,
    /// Of the last touch before the lead.
    pub lead: i128,
    /// Of the last touch before the deal.
    pub deal: i128,
    /// Of the last touch.
    pub last: i128,
    /// Of all others together.
    pub between: i128,
    /// Whether positions get that in equal parts where there are no others.
    pub is_equal: bool,
}

/// What is agreed on credit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Agreed {
    /// Days before the credited moment.
    pub look_back: Option<i32>,
    /// Whose touches earn.
    pub whose: Whose,
    /// Kinds that alone earn; none = all but those left out.
    pub only: Vec<String>,
    /// Kinds that earn nothing.
    pub left_out: Vec<String>,
    /// Channels by which nobody was led.
    pub direct: Vec<String>,
    /// Days.
    pub half_life: i64,
    /// The stage whose first entry is the lead's milestone, else its creation.
    pub lead: Option<String>,
    /// The same of the deal.
    pub deal: Option<String>,
    /// The model `ours`.
    pub ours: Parts,
}

impl Default for Agreed {
    fn default() -> Agreed {
        Agreed {
            look_back: None,
            whose: Whose::Account,
            only: Vec::new(),
            left_out: Vec::new(),
            direct: vec!["direct".to_owned()],
            half_life: 7,
            lead: None,
            deal: None,
            ours: Parts {
                between: 1,
                ..Parts::default()
            },
        }
    }
}

impl Agreed {
    fn sketch(&self) -> Vec<String> {
        let whose = match self.whose {
            Whose::Account => "account",
            Whose::Roles => "roles",
            Whose::Primary => "primary",
        };
        let days = self.look_back.map(|days| format!("{days} days "));
        let kinds = match (&self.only[..], &self.left_out[..]) {
            ([], []) => String::new(),
            ([], left_out) => format!(" without {}", left_out.join(", ")),
            (only, _) => format!(" only {}", only.join(", ")),
        };
        let Parts {
            first,
            lead,
            deal,
            last,
            between,
            is_equal,
        } = self.ours;
        let equal = if is_equal { " equal" } else { "" };
        let mut lines = vec![
            format!("credit {}of {whose}{kinds}", days.unwrap_or_default()),
            format!("direct {}", self.direct.join(", ")),
            format!("half-life {} days", self.half_life),
            format!(
                "model ours first {first} lead {lead} deal {deal} last {last} \
                 between {between}{equal}"
            ),
        ];
        let milestones = [("lead", &self.lead), ("deal", &self.deal)].into_iter();
        let milestones = milestones.filter_map(|(of, stage)| Some((of, stage.as_ref()?)));
        lines.extend(milestones.map(|(of, stage)| format!("milestone {of} {stage}")));
        lines
    }
}

/// The definitions of a world.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// The reporting zone.
    pub zone: Zone,
    /// The path first to last, then the others.
    pub steps: Vec<Step>,
    /// Whether a lead's creation opens a pursuit.
    pub opens_by_lead: bool,
    /// Kinds of touch that do.
    pub opening_touches: Vec<String>,
    /// Days without a touch of these kinds after which a pursuit is dormant.
    pub dormant: Option<(i32, Vec<String>)>,
    /// Whether rates are those of the close (else of the creation); `None` = no rates.
    pub rates_at_close: Option<bool>,
    /// Kinds of buyers: the first whose rule holds.
    pub segments: Vec<(String, Rule)>,
    /// What earns credit.
    pub credit: Agreed,
    /// What steps and openings meant before these instants, oldest first.
    pub earlier: Vec<(i64, Meaning)>,
}

impl Meaning {
    /// What holds for what happens at an instant; the oldest for what is of no time.
    pub fn at(&self, at: Option<i64>) -> &Meaning {
        for (until, earlier) in &self.earlier {
            if at.is_none_or(|at| at < *until) {
                return earlier;
            }
        }
        self
    }

    /// The same for the product, in the notation of `sketch`.
    pub fn sketch(&self) -> String {
        let of = |role: Role| {
            let ids = self.steps.iter().filter(|step| step.role == role);
            ids.map(|step| step.id.clone())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let those = |yes: &dyn Fn(&Step) -> bool| {
            let ids = self.steps.iter().filter(|step| yes(step));
            ids.map(|step| step.id.clone())
                .collect::<Vec<_>>()
                .join(", ")
        };
        let mut lines = vec![format!("zone {}", self.zone.name())];
        lines.push(format!("path {}", those(&|step| step.role.is_on_path())));
        for (word, role) in [
            ("detour", Role::Detour),
            ("lost", Role::Lost),
            ("disqualified", Role::Disqualified),
        ] {
            lines.push(format!("{word} {}", of(role)));
        }
        lines.push(format!("implied {}", those(&|step| step.is_implied)));
        if let Some((days, kinds)) = &self.dormant {
            lines.push(format!("dormant {days} days without {}", kinds.join(", ")));
        }
        let mut opens: Vec<String> = self
            .opening_touches
            .iter()
            .map(|kind| format!("touch {kind}"))
            .collect();
        opens.extend(self.opens_by_lead.then(|| "lead".to_owned()));
        lines.push(format!("opens deal, {}", opens.join(", ")));
        lines.push("attribute person.score number".to_owned());
        lines.extend(self.steps.iter().flat_map(Step::lines));
        for (id, rule) in &self.segments {
            lines.push(format!("segment {id} when {}", rule.text()));
        }
        lines.push(format!("by-rule {}", those(&|step| step.is_by_rule)));
        match self.rates_at_close {
            Some(true) => lines.push("rates at_close".to_owned()),
            Some(false) => lines.push("rates at_creation".to_owned()),
            None => {}
        }
        lines.extend(self.credit.sketch());
        lines.extend(self.earlier.iter().flat_map(|one| self.before(one)));
        lines.retain(|line| line.contains(' ') && !line.ends_with(' '));
        lines.join("\n")
    }

    /// What lines say of the time before an instant.
    fn before(&self, (until, earlier): &(i64, Meaning)) -> Vec<String> {
        let (year, month, day) = civil(self.zone.day(*until));
        let told = ["implied ", "opens ", "enters ", "exits ", "by-rule "];
        let is_told = |line: &&str| told.iter().any(|word| line.starts_with(word));
        let text = earlier.sketch();
        let lines = text.lines().filter(is_told);
        let line = |line| format!("before {year}-{month:02}-{day:02} {line}");
        lines.map(line).collect()
    }

    /// The place of a step.
    pub fn step(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// The first step of a role.
    pub fn first(&self, role: Role) -> Option<usize> {
        self.steps.iter().position(|step| step.role == role)
    }

    /// The role of a step.
    pub fn role(&self, step: usize) -> Role {
        self.steps[step].role
    }
}

impl Rule {
    /// The rule as charters write it.
    pub fn text(&self) -> String {
        match self {
            Rule::ScoreAtLeast(score) => format!("person.score >= {score}"),
            Rule::ScoreBelow(score) => format!("person.score < {score}"),
            Rule::Touches(kind, days, count) => {
                format!("touches('{kind}', {days} days) >= {count}")
            }
            Rule::Fewer(kind, days, count) => {
                format!("touches('{kind}', {days} days) < {count}")
            }
            Rule::Or(a, b) => format!("{} OR {}", a.text(), b.text()),
        }
    }
}
