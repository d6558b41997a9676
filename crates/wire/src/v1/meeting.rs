//! Meetings: when they are, the pack that each opens, what was decided and what came of it.

use handfast_model::meeting as model;
use serde::{Deserialize, Serialize};

use super::{Amount, Reply};

/// What a meeting opens.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingPack))]
pub struct Pack {
    /// `weekly`, `monthly` or `quarterly`.
    pub rhythm: &'static str,
    /// The day of the meeting; what happened on it is not looked at.
    pub on: String,
    /// The commit that every answer is as of.
    pub as_of: u64,
    /// The last whole period before it.
    pub last: Stretch,
    /// The one after that.
    pub next: Stretch,
    /// The quarter whose goals are looked at.
    pub aimed: Stretch,
    /// The meeting before, from which changes are told.
    pub since: Option<Since>,
    /// Whose rows are counted, where they are not all.
    pub whose: Option<String>,
    /// Whether nothing changed, so that it may be skipped.
    pub nothing_new: bool,
    /// What is not as it should be, before everything else.
    pub exceptions: Vec<Exception>,
    /// The fixed questions.
    pub sections: Vec<Section>,
    /// What was decided before, with what came of it.
    pub decisions: Vec<Followed>,
}

/// A period of a pack.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Stretch {
    /// What it is called.
    pub label: String,
    /// Its first day.
    pub from: String,
    /// The day after its last.
    pub until: String,
}

/// An earlier meeting.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingBefore))]
pub struct Since {
    /// Its number.
    pub meeting: u64,
    /// Its day.
    pub on: String,
    /// What had been learned by then.
    pub as_of: u64,
}

/// Something that is not as it should be.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingException))]
pub struct Exception {
    /// In a sentence with its figure.
    pub says: String,
    /// Whether the meeting before did not tell it.
    pub is_new: bool,
    /// The canonical text of the question that shows it, if one does.
    pub question: Option<String>,
    /// The column whose records are behind it.
    pub column: Option<String>,
    /// The row of that figure, by its first cells.
    pub row: Vec<String>,
}

/// One of the fixed questions.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingSection))]
pub struct Section {
    /// The question.
    pub asks: &'static str,
    /// What answers it.
    pub told: Vec<Told>,
}

/// An answer and its sentence.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingAnswer))]
pub struct Told {
    /// What it says, with its figures.
    pub says: String,
    /// The question and its answer; none where it was refused.
    pub reply: Option<Reply>,
    /// Of a question that was refused: its word.
    pub kind: Option<String>,
    /// The code of that refusal.
    pub code: Option<String>,
}

/// A decision, with what was expected of it and what is measured.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = FollowedDecision))]
pub struct Followed {
    /// The decision.
    pub decision: Decision,
    /// Whether it is due and nobody has answered for it.
    pub is_overdue: bool,
    /// `no_aim`, `not_yet`, `no_figure`, `cannot_tell`, `reached` or `short`.
    pub verdict: &'static str,
    /// That in words.
    pub means: &'static str,
    /// The metric since, beside as many days before.
    pub effect: Option<Told>,
}

/// Something that a meeting decided.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decision {
    /// Its number: the commit that holds it.
    pub number: u64,
    /// The day on which it was decided.
    pub on: String,
    /// What.
    pub what: String,
    /// Who sees to it.
    pub owner: String,
    /// The last day for it.
    pub due: String,
    /// What it should move, if anything.
    pub aim: Option<Aim>,
    /// Who wrote it down.
    pub by: String,
    /// `open`, `kept` or `dropped`.
    pub state: &'static str,
    /// How it came to that, oldest first.
    pub settled: Vec<Settled>,
}

/// What a decision should move.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Aim {
    /// The metric.
    pub metric: String,
    /// By how much, with its sign and unit: `+5 points`.
    pub expect: String,
    /// The same as money, where it is some.
    pub amount: Option<Amount>,
    /// By the end of this day.
    pub until: String,
}

/// An entry about a decision.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settled {
    /// The commit.
    pub seq: u64,
    /// How it stands since.
    pub state: &'static str,
    /// Why.
    pub because: String,
    /// Who says so.
    pub by: String,
}

/// Somebody at a meeting.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Attendee {
    /// For which team.
    pub team: String,
    /// Who.
    pub name: String,
}

/// When a meeting is.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Cadence {
    /// `weekly`, `monthly` or `quarterly`.
    pub rhythm: &'static str,
    /// A weekday, or the number of a day of the month or the quarter.
    pub day: String,
    /// The hour by the clock on the wall.
    pub at: String,
    /// From this day on.
    pub since: String,
    /// Who is expected.
    pub expected: Vec<Attendee>,
    /// The next meetings, as instants.
    pub next: Vec<String>,
}

/// A meeting that was closed.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ClosedMeeting))]
pub struct Closed {
    /// Its number: the commit that holds it.
    pub number: u64,
    /// `weekly`, `monthly` or `quarterly`.
    pub rhythm: &'static str,
    /// Its day.
    pub on: String,
    /// The commit that its answers are as of.
    pub as_of: u64,
    /// When it was closed.
    pub at: String,
    /// By whom.
    pub by: String,
    /// What else was said.
    pub note: String,
    /// Who was there.
    pub attended: Vec<Attendee>,
    /// Whether nobody met, since nothing had changed.
    pub is_skipped: bool,
    /// The pack as it was read, where it is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<Pack>,
}

/// Meetings, and what they decided.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Meetings {
    /// When they are.
    pub cadences: Vec<Cadence>,
    /// Those that were closed, oldest first.
    pub closed: Vec<Closed>,
    /// What was decided, oldest first.
    pub decisions: Vec<Decision>,
}

/// Whether the teams meet.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingReport))]
pub struct Report {
    /// How many of each rhythm were held.
    pub counts: Vec<Counts>,
    /// Every meeting until now, by rhythm and day.
    pub meetings: Vec<Meeting>,
}

/// How many meetings of a rhythm came to what.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = MeetingCounts))]
pub struct Counts {
    /// Which.
    pub rhythm: &'static str,
    /// Held.
    pub held: u64,
    /// Of these, with both sides.
    pub by_both: u64,
    /// Skipped, since nothing had changed.
    pub skipped: u64,
    /// Missed.
    pub missed: u64,
}

/// A meeting that was to be.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ExpectedMeeting))]
pub struct Meeting {
    /// Which.
    pub rhythm: &'static str,
    /// Its day.
    pub day: String,
    /// `held`, `skipped`, `missed` or `due`.
    pub became: &'static str,
    /// The number of the meeting that was closed.
    pub closed: Option<u64>,
    /// Whether both sides were there.
    pub has_both: bool,
    /// Who was expected and was not there.
    pub absent: Vec<Attendee>,
}

/// A proof of a pack.
#[derive(Serialize, Clone, Debug)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = ProvedAnswer))]
pub struct Proved {
    /// The question.
    pub question: String,
    /// Whether the book still says the same.
    pub is_same: bool,
    /// What differs first, if anything does.
    pub difference: Option<String>,
}

/// Which pack is wanted.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct OpenPack {
    /// The day of the meeting; today unless said.
    #[cfg_attr(feature = "openapi", param(max_length = 10))]
    pub on: Option<String>,
    /// All amounts in this currency.
    #[cfg_attr(feature = "openapi", param(max_length = 3))]
    pub currency: Option<String>,
}

/// A meeting to be closed. Whoever is signed in closes it.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CloseMeeting {
    /// The day of the meeting; today unless said.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub on: Option<String>,
    /// All amounts in this currency.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 3))]
    pub currency: Option<String>,
    /// Who was there, each as `TEAM:NAME`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub attended: Vec<String>,
    /// That nobody met, since nothing had changed.
    #[serde(default)]
    pub skipped: bool,
    /// What else there is to say.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub note: Option<String>,
}

/// A cadence to be set.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetCadence {
    /// A weekday, or the number of a day of the month or the quarter; none ends the cadence.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub day: Option<String>,
    /// The hour by the clock on the wall: `09:30`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 5))]
    pub at: Option<String>,
    /// Who is expected, each as `TEAM:NAME`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_items = 100))]
    pub expected: Vec<String>,
}

/// A decision to be written down.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Decide {
    /// What.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 1000))]
    pub what: String,
    /// Who sees to it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub owner: String,
    /// The last day for it.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub due: String,
    /// The day on which it was decided; today unless said.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub on: Option<String>,
    /// The metric that it should move.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub metric: Option<String>,
    /// By how much, with its sign and unit: `+5 points`.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 60))]
    pub expect: Option<String>,
    /// By the end of this day.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub until: Option<String>,
}

/// What became of a decision.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Settle {
    /// `kept`, `dropped`, or `open` to take that back.
    #[cfg_attr(feature = "openapi", schema(max_length = 10))]
    pub state: String,
    /// Why; needed unless it was kept.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 1000))]
    pub because: String,
}

/// A pack as text: compact JSON in field order, one line. What is kept of a meeting is this.
pub fn pack_text(pack: &model::MeetingPack) -> String {
    serde_json::to_string(&Pack::from(pack)).unwrap_or_default()
}

/// A closed meeting with its pack as text, which is not read and written again: it stays as it was,
/// byte for byte.
pub fn closed_text(closed: &Closed, pack: &str) -> String {
    let head = serde_json::to_string(closed).unwrap_or_default();
    let head = head.strip_suffix('}').unwrap_or(&head);
    format!("{head},\"pack\":{pack}}}")
}

impl From<&model::MeetingPack> for Pack {
    fn from(pack: &model::MeetingPack) -> Pack {
        Pack {
            rhythm: pack.rhythm.word(),
            on: pack.on.to_string(),
            as_of: pack.as_of.0,
            last: Stretch::from(&pack.last),
            next: Stretch::from(&pack.next),
            aimed: Stretch::from(&pack.aimed),
            since: pack.since.as_ref().map(|since| Since {
                meeting: since.meeting.0,
                on: since.on.to_string(),
                as_of: since.as_of.0,
            }),
            whose: pack.whose.clone(),
            nothing_new: pack.is_nothing_new,
            exceptions: pack.exceptions.iter().map(Exception::from).collect(),
            sections: pack.sections.iter().map(Section::from).collect(),
            decisions: pack.decisions.iter().map(Followed::from).collect(),
        }
    }
}

impl From<&handfast_model::Period> for Stretch {
    fn from(period: &handfast_model::Period) -> Stretch {
        Stretch {
            label: period.label.clone(),
            from: period.from.to_string(),
            until: period.until.to_string(),
        }
    }
}

impl From<&model::Exception> for Exception {
    fn from(one: &model::Exception) -> Exception {
        let (column, row) = match &one.records {
            Some((column, row)) => (Some(column.clone()), row.clone()),
            None => (None, Vec::new()),
        };
        Exception {
            says: one.says.clone(),
            is_new: one.is_new,
            question: one.question.clone(),
            column,
            row,
        }
    }
}

impl From<&model::Section> for Section {
    fn from(section: &model::Section) -> Section {
        Section {
            asks: section.asks,
            told: section.told.iter().map(Told::from).collect(),
        }
    }
}

impl From<&model::Told> for Told {
    fn from(told: &model::Told) -> Told {
        let says = told.says.clone();
        match &told.found {
            model::Found::Answer(both) => Told {
                says,
                reply: Some(Reply::new(&both.0, &both.1)),
                kind: None,
                code: None,
            },
            model::Found::Refused { kind, code } => Told {
                says,
                reply: None,
                kind: Some(kind.clone()),
                code: Some(code.clone()),
            },
        }
    }
}

impl From<&model::Followed> for Followed {
    fn from(one: &model::Followed) -> Followed {
        Followed {
            decision: Decision::from(&one.decision),
            is_overdue: one.is_overdue,
            verdict: one.verdict.word(),
            means: one.verdict.says(),
            effect: one.effect.as_ref().map(Told::from),
        }
    }
}

impl From<&model::Decision> for Decision {
    fn from(one: &model::Decision) -> Decision {
        let settled = |one: &model::Settled| Settled {
            seq: one.seq.0,
            state: one.state.word(),
            because: one.because.clone(),
            by: one.by.clone(),
        };
        Decision {
            number: one.seq.0,
            on: one.on.to_string(),
            what: one.what.clone(),
            owner: one.owner.clone(),
            due: one.due.to_string(),
            aim: one.aim.as_ref().map(|aim| Aim {
                metric: aim.metric.clone(),
                expect: aim.by.text(),
                amount: aim.by.money().map(Amount::from),
                until: aim.until.to_string(),
            }),
            by: one.by.clone(),
            state: one.state().word(),
            settled: one.settled.iter().map(settled).collect(),
        }
    }
}

impl From<&model::Attendee> for Attendee {
    fn from(one: &model::Attendee) -> Attendee {
        Attendee {
            team: one.team.clone(),
            name: one.name.clone(),
        }
    }
}

impl From<&model::Closed> for Closed {
    fn from(one: &model::Closed) -> Closed {
        Closed {
            number: one.seq.0,
            rhythm: one.rhythm.word(),
            on: one.on.to_string(),
            as_of: one.as_of.0,
            at: one.at.to_string(),
            by: one.by.clone(),
            note: one.note.clone(),
            attended: one.attended.iter().map(Attendee::from).collect(),
            is_skipped: one.is_skipped,
            pack: None,
        }
    }
}

impl From<&model::Counts> for Counts {
    fn from(one: &model::Counts) -> Counts {
        Counts {
            rhythm: one.rhythm.word(),
            held: one.held as u64,
            by_both: one.by_both as u64,
            skipped: one.skipped as u64,
            missed: one.missed as u64,
        }
    }
}

impl From<&model::Meeting> for Meeting {
    fn from(one: &model::Meeting) -> Meeting {
        Meeting {
            rhythm: one.rhythm.word(),
            day: one.day.to_string(),
            became: one.became.word(),
            closed: one.closed.map(|seq| seq.0),
            has_both: one.has_both,
            absent: one.absent.iter().map(Attendee::from).collect(),
        }
    }
}
