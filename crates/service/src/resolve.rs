//! From what a viewer typed to a question with nothing left open: period labels become days, bare
//! attribute names find their subject, the condition is parsed against the charter.

mod deals;

use handfast_charter::parse_condition;
use handfast_model::question::{
    At, Clock, Dimension, Entries, FunnelView, Known, QuestionKind, Unit,
};
use handfast_model::question_text::{UNTOUCHED_DAYS, parse_as_of, parse_at};
use handfast_model::rules::{Expr, Subject};
use handfast_model::{
    Calendar, Charter, Currency, Day, Grain, Question, Refusal, limits, question::AsOf,
};

/// A question as typed: the same words in every door.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// `funnel`, `transitions`, `velocity`, `times`, `stale`, `response`, `health`, `leaks`,
    /// `metric`, `credit`, `cost`, `sla`, `bridge`, `forecast`, `plan`, `targets`, `change`,
    /// `reasons`, `journey` or `identity`.
    pub kind: String,
    /// The metric's name, the buyer's key, a campaign, vendor or handoff, or whether `won` or
    /// `open` deals are credited.
    pub of: Option<String>,
    /// `flow`, `cohort`, `snapshot`.
    pub view: Option<String>,
    /// Models of credit.
    pub models: Vec<String>,
    /// Dimensions.
    pub by: Vec<String>,
    /// Condition.
    pub filter: Option<String>,
    /// Period label or `FROM..UNTIL`.
    pub period: Option<String>,
    /// The window in which deals of a bridge are due, as a period.
    pub due: Option<String>,
    /// An earlier moment of knowing, with which a metric is compared.
    pub since: Option<String>,
    /// Another period, with which it is compared.
    pub compare: Option<String>,
    /// Of a forecast: `month` or `quarter`.
    pub horizon: Option<String>,
    /// Whether past windows are forecast and scored.
    pub is_backtest: bool,
    /// Of a plan: what is to be won, as a number.
    pub goal: Option<String>,
    /// A stage.
    pub from: Option<String>,
    /// Calendar days of a cohort, or after which a lead is untouched.
    pub window: Option<u32>,
    /// Whether a cohort's shares are also estimated.
    pub is_estimated: bool,
    /// The day from which the sources show what was over.
    pub observed_from: Option<String>,
    /// `creation` or `assignment`.
    pub clock: Option<String>,
    /// Whether a cohort counts every entry.
    pub is_every_entry: bool,
    /// Snapshot instant.
    pub at: Option<String>,
    /// Snapshot outcome instant.
    pub outcome_by: Option<String>,
    /// What had been learned.
    pub as_of: Option<String>,
    /// Whether a past import counts as known when it happened.
    pub is_known_happened: bool,
    /// Charter version or draft.
    pub charter: Option<String>,
    /// What is counted.
    pub unit: Option<String>,
    /// Amounts in this currency.
    pub currency: Option<String>,
}

/// What had been learned, read before the charter is known.
pub fn as_of(typed: &Typed) -> Result<AsOf, Refusal> {
    let as_of = typed
        .as_of
        .as_deref()
        .map_or(Ok(AsOf::Latest), parse_as_of)
        .map_err(|why| {
            Refusal::new("E0404", why)
                .fix("--as-of 7, --as-of 2018-03-31 (its end), or --as-of 2018-03-31T12:00:00Z")
        })?;
    if typed.is_known_happened && !matches!(as_of, AsOf::Instant(_)) {
        let title = "--known happened looks back from an instant, and none is given";
        return Err(Refusal::new("E0405", title)
            .matters("without one it would change nothing, and say that it did")
            .fix("--as-of 2018-03-31T12:00:00Z --known happened"));
    }
    Ok(as_of)
}

/// The resolved question and its parsed condition.
pub fn resolve(typed: &Typed, charter: &Charter) -> Result<(Question, Option<Expr>), Refusal> {
    check_fit(typed)?;
    let filter = condition(typed.filter.as_deref(), charter)?;
    let by = dimensions(&deals::dimensions(typed), charter)?;
    if by.contains(&Dimension::Sourced) && typed.kind != "credit" {
        let title = "--by sourced means nothing to this question";
        return Err(Refusal::new("E0405", title).fix("ask credit"));
    }
    let question = Question {
        kind: kind(typed, &charter.calendar)?,
        by,
        filter: filter.as_ref().map(ToString::to_string),
        period: typed
            .period
            .as_deref()
            .map(|text| period(text, &charter.calendar))
            .transpose()?,
        as_of: as_of(typed)?,
        known: if typed.is_known_happened {
            Known::Happened
        } else {
            Known::Recorded
        },
        charter: typed.charter.clone(),
        unit: unit(typed.unit.as_deref())?,
        currency: typed.currency.as_deref().map(currency).transpose()?,
    };
    Ok((question, filter))
}

/// A condition under a charter.
pub(crate) fn condition(text: Option<&str>, charter: &Charter) -> Result<Option<Expr>, Refusal> {
    let read = |text| parse_condition(text, "--where", &charter.attributes);
    text.map(read).transpose()
}

/// All questions, for whoever asks another.
const ALL: &str = "one of: funnel, transitions, velocity, times, stale, response, health, leaks, \
                   metric, credit, cost, sla, bridge, forecast, plan, targets, change, reasons, \
                   journey, identity";

fn kind(typed: &Typed, calendar: &Calendar) -> Result<QuestionKind, Refusal> {
    if let Some(kind) = deals::kind(typed, calendar) {
        return kind;
    }
    let missing = |what: &str, fix: &str| Err(Refusal::new("E0401", what.to_owned()).fix(fix));
    match (typed.kind.as_str(), &typed.of) {
        ("funnel", _) => view(typed, calendar).map(QuestionKind::Funnel),
        ("velocity", _) => Ok(QuestionKind::Velocity {
            from: typed.from.clone(),
        }),
        ("metric", Some(name)) => Ok(QuestionKind::Metric(name.clone())),
        ("metric", None) => missing(
            "which metric?",
            "handfast metric list names them; then ask metric win_rate",
        ),
        ("times", _) => Ok(QuestionKind::Times {
            observed_from: observed_from(typed)?,
        }),
        ("stale", _) => Ok(QuestionKind::Stale {
            at: instant(&typed.at)?,
        }),
        ("response", _) => Ok(QuestionKind::Response {
            clock: clock(typed)?,
            untouched_days: days(typed.window)?.unwrap_or(UNTOUCHED_DAYS),
        }),
        ("health", _) => Ok(QuestionKind::Health),
        ("credit", of) => Ok(QuestionKind::Credit {
            of: deals::credited(of.as_deref())?,
            models: typed.models.clone(),
        }),
        ("sla", of) => Ok(QuestionKind::Sla {
            handoff: of.clone(),
        }),
        ("cost", of) => Ok(QuestionKind::Cost {
            of: of.clone(),
            model: match typed.models.as_slice() {
                [] => None,
                [one] => Some(one.clone()),
                _ => return missing("cost has one model of credit", "--models linear"),
            },
        }),
        ("leaks", _) => Ok(QuestionKind::Leaks),
        ("transitions", _) => Ok(QuestionKind::Transitions),
        ("journey", Some(buyer)) => Ok(QuestionKind::Journey(buyer.clone())),
        ("journey", None) => missing(
            "whose journey?",
            "ask journey 'KEY', the account's, deal's or person's key",
        ),
        ("identity", Some(key)) => Ok(QuestionKind::Identity(key.clone())),
        ("identity", None) => missing(
            "who is whom?",
            "ask identity 'KEY', a person's or account's key, a domain or an e-mail address",
        ),
        (other, _) => missing(&format!("`{other}` is not a question"), ALL),
    }
}

fn view(typed: &Typed, calendar: &Calendar) -> Result<FunnelView, Refusal> {
    match typed.view.as_deref().unwrap_or("cohort") {
        "flow" => Ok(FunnelView::Flow),
        "cohort" => Ok(FunnelView::Cohort {
            entry: typed.from.clone(),
            window_days: days(typed.window)?,
            entries: if typed.is_every_entry {
                Entries::All
            } else {
                Entries::First
            },
            is_estimated: typed.is_estimated,
            observed_from: observed_from(typed)?,
        }),
        "snapshot" => snapshot(instant(&typed.at)?, instant(&typed.outcome_by)?, calendar),
        other => Err(Refusal::new("E0401", format!("`{other}` is not a view"))
            .fix("--view flow, cohort or snapshot; each counts something else")),
    }
}

fn instant(text: &Option<String>) -> Result<Option<At>, Refusal> {
    let read = |text: &str| {
        parse_at(text).map_err(|why| Refusal::new("E0404", why).fix("--at 2017-09-30"))
    };
    text.as_deref().map(read).transpose()
}

/// A window of at least a day and at most a hundred years.
fn days(window: Option<u32>) -> Result<Option<u32>, Refusal> {
    match window {
        Some(0) => Err(Refusal::new("E0404", "a window of no days holds nothing")
            .fix("--window 1 allows the day of entry itself; 30 allows thirty days")),
        Some(days) if days > limits::WINDOW_DAYS => {
            let title = format!(
                "a window of at most {} days is allowed",
                limits::WINDOW_DAYS
            );
            Err(Refusal::new("E0404", title).fix("leave --window out: any time counts then"))
        }
        window => Ok(window),
    }
}

fn observed_from(typed: &Typed) -> Result<Option<Day>, Refusal> {
    let read = |text: &str| {
        Day::parse(text).ok_or_else(|| {
            Refusal::new("E0404", format!("`{text}` is not a day"))
                .fix("--observed-from 2017-01-01, the first day of which the exports show the ends")
        })
    };
    typed.observed_from.as_deref().map(read).transpose()
}

fn clock(typed: &Typed) -> Result<Clock, Refusal> {
    match (typed.clock.as_deref(), &typed.from) {
        (None, Some(step)) => Ok(Clock::Entry(step.clone())),
        (None | Some("creation"), None) => Ok(Clock::Creation),
        (Some("assignment"), None) => Ok(Clock::Assignment),
        (Some(_), _) => Err(Refusal::new("E0405", "an answer has one clock")
            .fix("--clock creation, --clock assignment, or --from STAGE")),
    }
}

/// What became of something can only be asked after it was looked at.
fn snapshot(
    at: Option<At>,
    outcome_by: Option<At>,
    calendar: &Calendar,
) -> Result<FunnelView, Refusal> {
    let moment = |at: At| match at {
        At::EndOf(day) => calendar.start_of(day.plus(1)),
        At::Instant(instant) => instant,
    };
    let both = at.map(moment).zip(outcome_by.map(moment));
    match both.is_some_and(|(at, by)| by < at) {
        true => Err(Refusal::new("E0404", "--outcome-by lies before --at")
            .fix("give the later of the two to --outcome-by")),
        false => Ok(FunnelView::Snapshot { at, outcome_by }),
    }
}

/// An option that this question would silently ignore is refused.
fn check_fit(typed: &Typed) -> Result<(), Refusal> {
    let place = Place {
        kind: &typed.kind,
        view: typed.view.as_deref().unwrap_or("cohort"),
    };
    let mut misfits = place
        .of_views(typed)
        .into_iter()
        .chain(place.of_credit(typed))
        .chain(place.of_others(typed))
        .chain(deals::misfits(typed));
    match misfits.find(|(is_misfit, ..)| *is_misfit) {
        None => Ok(()),
        Some((_, option, place)) => Err(Refusal::new(
            "E0405",
            format!("{option} means nothing to this question"),
        )
        .fix(format!("it belongs to: {place}"))),
    }
}

/// Questions that count what they count.
const OWN_UNIT: &[&str] = &[
    "health",
    "leaks",
    "response",
    "velocity",
    "credit",
    "bridge",
    "cost",
    "forecast",
    "plan",
    "reasons",
    "sla",
    "targets",
    "transitions",
];

/// Questions that sum money.
const OF_MONEY: &[&str] = &[
    "metric", "credit", "bridge", "change", "cost", "forecast", "plan", "reasons", "sla", "targets",
];

/// Questions about something that has a name.
const NAMED: &[&str] = &[
    "metric", "journey", "identity", "credit", "change", "cost", "reasons", "sla",
];

/// Whether an option is out of place, its name, and where it belongs.
type Misfit = (bool, &'static str, &'static str);

/// The question for which options are given.
struct Place<'t> {
    kind: &'t str,
    view: &'t str,
}

impl Place<'_> {
    fn is(&self, kinds: &[&str]) -> bool {
        kinds.contains(&self.kind)
    }

    fn is_view(&self, view: &str) -> bool {
        self.kind == "funnel" && self.view == view
    }

    /// Looks at one instant.
    fn is_instant(&self) -> bool {
        self.is_view("snapshot") || self.is(&["stale"])
    }

    /// Looks from a moment.
    fn has_moment(&self) -> bool {
        self.is_instant() || self.is(&["forecast", "plan"])
    }

    fn of_views(&self, typed: &Typed) -> [Misfit; 7] {
        let is_cohort = self.is_view("cohort");
        let is_estimate = is_cohort && typed.is_estimated || self.is(&["times"]);
        let cohort = "ask funnel --view cohort";
        [
            (
                typed.view.is_some() && !self.is(&["funnel"]),
                "--view",
                "ask funnel",
            ),
            (
                typed.window.is_some() && !is_cohort && !self.is(&["response"]),
                "--window",
                "ask funnel --view cohort, or ask response",
            ),
            (typed.is_every_entry && !is_cohort, "--entries", cohort),
            (typed.is_estimated && !is_cohort, "--estimate", cohort),
            (
                typed.observed_from.is_some() && !is_estimate,
                "--observed-from",
                "ask times, or ask funnel --view cohort --estimate",
            ),
            (
                typed.at.is_some() && !self.has_moment(),
                "--at",
                "ask funnel --view snapshot, ask stale, ask forecast, or ask plan",
            ),
            (
                typed.outcome_by.is_some() && !self.is_view("snapshot"),
                "--outcome-by",
                "ask funnel --view snapshot",
            ),
        ]
    }

    fn of_credit(&self, typed: &Typed) -> [Misfit; 4] {
        let is_credit = self.is(&["credit"]);
        let of_spend = |of: &String| of.split(':').next() == Some("spend");
        let is_spend = self.is(&["metric"]) && typed.of.as_ref().is_some_and(of_spend);
        [
            (
                !typed.models.is_empty() && !is_credit && !self.is(&["cost"]),
                "--models",
                "ask credit, or ask cost",
            ),
            (
                typed.filter.is_some() && self.is(&["cost"]),
                "--where",
                "questions about pursuits; what is spent is none of a pursuit",
            ),
            (
                typed.by.iter().any(|by| by == "paid_for") && !is_spend,
                "--by paid_for",
                "ask metric spend",
            ),
            (
                typed.by.iter().any(|by| by.ends_with("@touch")) && !is_credit,
                "a period of touches",
                "ask credit; other questions have month, quarter and year",
            ),
        ]
    }

    fn of_others(&self, typed: &Typed) -> [Misfit; 9] {
        let has_unit = typed.unit.as_deref().is_some_and(|unit| unit != "pursuit");
        let is_split = !typed.by.is_empty() || typed.filter.is_some();
        let is_of_one = self.is(&["journey", "identity"]);
        let has_own_unit = self.is(OWN_UNIT);
        let has_from = self.is_view("cohort") || self.is(&["velocity", "response"]);
        [
            (
                typed.period.is_some() && (self.is_instant() || self.is(&["health"]) || is_of_one),
                "--period",
                "a flow, a cohort or a metric; a snapshot has --at",
            ),
            (
                !typed.by.is_empty() && self.is(&["leaks"]),
                "--by",
                "questions that count; leaks has a row per attribute",
            ),
            (
                typed.period.is_some() && self.is(&["leaks"]),
                "--period",
                "a flow, a cohort or a metric; leaks looks at every pursuit",
            ),
            (
                typed.from.is_some() && !has_from,
                "--from",
                "a cohort, velocity or response",
            ),
            (
                typed.currency.is_some() && !self.is(OF_MONEY) && !self.is_instant(),
                "--currency",
                "a metric of money, credit, cost, bridge, forecast, plan, targets, or a snapshot",
            ),
            (
                typed.clock.is_some() && !self.is(&["response"]),
                "--clock",
                "ask response",
            ),
            (
                is_split && (self.is(&["health"]) || is_of_one),
                "--by or --where",
                "questions that count; health looks at the whole book, a journey at one buyer",
            ),
            (
                has_unit && (is_of_one || has_own_unit),
                "--unit",
                "a funnel, times or a metric; response counts leads, leaks and velocity pursuits, \
                 credit, bridge, forecast and plan deals",
            ),
            (
                typed.of.is_some() && !self.is(NAMED),
                "a name",
                "ask metric, change, reasons, credit, cost, sla, journey or identity",
            ),
        ]
    }
}

fn dimensions(texts: &[String], charter: &Charter) -> Result<Vec<Dimension>, Refusal> {
    if texts.len() > limits::DIMENSIONS {
        let title = format!(
            "{} dimensions; the limit is {}",
            texts.len(),
            limits::DIMENSIONS
        );
        return Err(Refusal::new("E0412", title)
            .fix("ask twice, or combine them in a spreadsheet from --csv"));
    }
    let mut dimensions = Vec::new();
    for text in texts {
        let dimension = dimension(text.trim(), charter)?;
        if dimensions.contains(&dimension) {
            return Err(Refusal::new("E0412", format!("`{text}` is given twice"))
                .fix("name each dimension of --by once"));
        }
        dimensions.push(dimension);
    }
    Ok(dimensions)
}

/// A dimension by its word, or a declared attribute; a bare name must belong to one subject only.
fn dimension(text: &str, charter: &Charter) -> Result<Dimension, Refusal> {
    let declared = |subject: Subject, name: &str| {
        charter
            .attributes
            .iter()
            .any(|known| known.subject == subject && known.name == name)
    };
    match Dimension::parse(text) {
        // What the charter declares under a bare word is meant by it.
        Some(dimension)
            if dimension == Dimension::Sourced
                || dimension.is_of_every_touch() && !text.contains('.') =>
        {
            owned(text, charter, Some(dimension))
        }
        Some(dimension) if dimension.is_of_every_touch() => Ok(dimension),
        Some(Dimension::Attribute(subject, name)) if !declared(subject, &name) => {
            Err(unknown(text, charter))
        }
        Some(dimension) => Ok(dimension),
        None => owned(text, charter, None),
    }
}

/// The attribute that goes by a bare name in the charter, else what that means besides.
fn owned(text: &str, charter: &Charter, besides: Option<Dimension>) -> Result<Dimension, Refusal> {
    let mut owners = charter.attributes.iter().filter(|known| known.name == text);
    match (owners.next(), owners.next()) {
        (Some(one), None) => Ok(Dimension::Attribute(one.subject, one.name.clone())),
        (Some(one), Some(two)) => Err(Refusal::new("E0413", format!("`{text}` has two owners"))
            .fix(format!(
                "--by {}.{text} or --by {}.{text}",
                one.subject.word(),
                two.subject.word()
            ))),
        (None, _) => besides.ok_or_else(|| unknown(text, charter)),
    }
}

fn unknown(text: &str, charter: &Charter) -> Refusal {
    let attributes = charter
        .attributes
        .iter()
        .map(|known| format!("{}.{}", known.subject.word(), known.name));
    let attributes: Vec<String> = attributes.collect();
    Refusal::new(
        "E0413",
        format!("`{text}` is not a dimension of this charter"),
    )
    .fix(format!(
        "one of: day, week, month, quarter, year, channel, channel@last, campaign, vendor, rep, \
         team, segment, touch_kind, asset, tool; of credit month@touch and sourced too, of spend \
         paid_for; \
         {}\n\
             or declare it in charter/attributes.toml",
        attributes.join(", ")
    ))
}

pub(crate) fn period(
    text: &str,
    calendar: &Calendar,
) -> Result<(handfast_model::Day, handfast_model::Day), Refusal> {
    calendar
        .parse_period(text)
        .map(|period| (period.from, period.until))
        .ok_or_else(|| {
            // The labels of one day show how this calendar names its periods.
            let labels = [Grain::Quarter, Grain::Year, Grain::Month, Grain::Week].map(|grain| {
                let day = Day(17_562); // 2018-01-31
                calendar.period_of(day, grain).label
            });
            Refusal::new(
                "E0404",
                format!("`{text}` is not a period of this charter's calendar"),
            )
            .fix(format!(
                "{}, 2018-01-31, or 2018-01-01..2018-02-15 (last day not included)",
                labels.join(", ")
            ))
        })
}

fn unit(word: Option<&str>) -> Result<Unit, Refusal> {
    let Some(word) = word else {
        return Ok(Unit::Pursuit);
    };
    Unit::ALL
        .into_iter()
        .find(|unit| unit.word() == word)
        .ok_or_else(|| {
            Refusal::new("E0401", format!("`{word}` is not counted"))
                .fix("--unit pursuit, person, account or deal")
        })
}

fn currency(code: &str) -> Result<Currency, Refusal> {
    Currency::listed(code).map_err(|meant| {
        let meant = meant.map_or("three letters of ISO 4217: EUR, USD, BRL", |code| code);
        Refusal::new("E0404", format!("`{code}` is not a currency")).fix(meant)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(kind: &str, change: impl FnOnce(&mut Typed)) -> Typed {
        let mut typed = Typed {
            kind: kind.to_owned(),
            of: Some("X".to_owned()),
            ..Typed::default()
        };
        change(&mut typed);
        typed
    }

    #[test]
    fn what_a_journey_would_silently_ignore_is_refused() {
        for kind in ["journey", "identity"] {
            assert!(check_fit(&typed(kind, |_| ())).is_ok(), "{kind}");
            let ignored = [
                typed(kind, |typed| typed.by.push("channel".to_owned())),
                typed(kind, |typed| typed.filter = Some("TRUE".to_owned())),
                typed(kind, |typed| typed.unit = Some("account".to_owned())),
                typed(kind, |typed| typed.period = Some("2018".to_owned())),
            ];
            for typed in ignored {
                assert_eq!(check_fit(&typed).unwrap_err().code, "E0405", "{typed:?}");
            }
        }
    }

    #[test]
    fn who_brought_a_deal_in_is_asked_of_credit_unless_the_charter_has_the_word() {
        let text = |path: &str, text: &str| handfast_charter::TextFile {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let stages = "[opening]\ndeal = true\n[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]\n\
                      [[stage]]\nid = \"won\"\nrole = \"won\"\n";
        let of = |attributes: &str| {
            let files = [
                text("calendar.toml", "zone = \"UTC\"\n"),
                text("stages.toml", stages),
                text("attributes.toml", attributes),
            ];
            handfast_charter::read_charter(&files).unwrap()
        };
        let asked = |kind: &str, charter: &Charter| {
            let typed = Typed {
                kind: kind.to_owned(),
                by: vec!["sourced".to_owned()],
                ..Typed::default()
            };
            resolve(&typed, charter).map(|(question, _)| question.by)
        };
        let plain = of("");
        assert_eq!(asked("credit", &plain).unwrap(), [Dimension::Sourced]);
        assert_eq!(asked("funnel", &plain).unwrap_err().code, "E0405");
        let own = of("[person]\nsourced = \"text\"\n");
        let theirs = Dimension::Attribute(Subject::Person, "sourced".to_owned());
        for kind in ["credit", "funnel"] {
            assert_eq!(asked(kind, &own).unwrap().first(), Some(&theirs), "{kind}");
        }
    }

    #[test]
    fn looking_back_needs_an_instant() {
        for (text, is_refused) in [
            (None, true),
            (Some("4"), true),
            (Some("2018-01-01T00:00:00Z"), false),
        ] {
            let typed = typed("funnel", |typed| {
                (typed.is_known_happened, typed.as_of) = (true, text.map(str::to_owned));
            });
            assert_eq!(as_of(&typed).is_err(), is_refused, "{text:?}");
        }
    }

    #[test]
    fn an_outcome_before_its_snapshot_is_refused_however_they_are_written() {
        let calendar = Calendar::in_zone("UTC").unwrap();
        let at = |text: &str| instant(&Some(text.to_owned())).unwrap();
        let all = [
            ("2017-09-30", "2017-01-01", true),
            ("2017-09-30", "2017-01-01T00:00:00Z", true),
            ("2017-09-30T12:00:00Z", "2017-09-29", true),
            ("2017-09-30", "2017-10-01T00:00:00Z", false),
            ("2017-09-30T12:00:00Z", "2017-09-30", false),
        ];
        for (from, by, is_refused) in all {
            let done = snapshot(at(from), at(by), &calendar);
            assert_eq!(done.is_err(), is_refused, "{from} {by}");
        }
    }
}
