//! Two charters side by side: which definitions were added, removed or changed, in both wordings,
//! and which figures rest on them. Comments, line order inside a table and spelling of a rule that
//! means the same are no change. It does not recount anything; whoever asks can ask twice.

mod touches;

use std::fmt;

use handfast_model::catalogue::{Definition, Origin};
use handfast_model::hours::{Handoff, Hours, Shift, Silence, Starts};
use handfast_model::identity::ByDomain;
use handfast_model::pricing::RatePolicy;
use handfast_model::rights::Right;
use handfast_model::rules::{
    ChannelRule, Charter, DeclaredAttribute, Expr, Precedence, Side, StageType, Step, StepRole,
};
use handfast_model::time::{Calendar, YearEnd, YearName};

use crate::parse::WEEKDAYS;

/// One definition that differs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Added, removed or changed.
    pub kind: ChangeKind,
    /// What is defined: `stage mql`, `calendar`.
    pub what: String,
    /// Which of its parts: `entry rule`. `None` when the whole was added or removed.
    pub part: Option<&'static str>,
    /// The old wording.
    pub old: Option<String>,
    /// The new wording.
    pub new: Option<String>,
    /// The figures that rest on it; none when only words changed.
    pub figures: &'static [Figure],
}

/// How a definition differs.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum ChangeKind {
    /// Only the new charter has it.
    Added,
    /// Only the old charter has it.
    Removed,
    /// Both have it, in other words.
    Changed,
}

/// A kind of figure that may move.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Figure {
    /// Which pursuits there are at all, and so everything.
    Pursuits,
    /// Flow and cohort: how many entered, reached, left.
    Funnel,
    /// Who is where at an instant, and what is overdue.
    Snapshot,
    /// How long it takes.
    Velocity,
    /// Named metrics.
    Metrics,
    /// Anything cut into weeks, months, quarters or years.
    Periods,
    /// Anything split by team.
    Teams,
    /// Anything split by channel.
    Channels,
    /// Anything split by segment.
    Segments,
    /// Anything split or filtered by this attribute.
    Attributes,
    /// Amounts in the reporting currency.
    Amounts,
    /// Who gets the credit.
    Credit,
    /// What is answered in time.
    Handoffs,
}

impl Figure {
    /// How reports call it.
    pub fn word(self) -> &'static str {
        match self {
            Figure::Pursuits => "all figures",
            Figure::Funnel => "funnel",
            Figure::Snapshot => "snapshot",
            Figure::Velocity => "velocity",
            Figure::Metrics => "metrics",
            Figure::Periods => "figures by period",
            Figure::Teams => "figures by team",
            Figure::Channels => "figures by channel",
            Figure::Segments => "figures by segment",
            Figure::Attributes => "figures by this attribute",
            Figure::Amounts => "amounts in the reporting currency",
            Figure::Credit => "credit",
            Figure::Handoffs => "handoffs and their bill",
        }
    }
}

/// All differences, in charter order: changes and removals as the old charter has them, then
/// additions, part of the charter by part.
pub fn diff(old: &Charter, new: &Charter) -> Vec<Change> {
    let (old, new) = (definitions(old), definitions(new));
    let mut changes = Vec::new();
    for (section, others) in old.iter().zip(&new) {
        for thing in section {
            match others.iter().find(|other| other.what == thing.what) {
                Some(other) => changed(thing, other, &mut changes),
                None => changes.push(whole(ChangeKind::Removed, thing)),
            }
        }
        let added = others
            .iter()
            .filter(|o| section.iter().all(|t| t.what != o.what));
        changes.extend(added.map(|thing| whole(ChangeKind::Added, thing)));
    }
    changes
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        };
        write!(f, "{kind}: {}", self.what)?;
        if let Some(part) = self.part {
            write!(f, ", {part}")?;
        }
        let lines = |text: &str| text.replace('\n', "\n            ");
        if let Some(old) = &self.old {
            write!(f, "\n  was:      {}", lines(old))?;
        }
        if let Some(new) = &self.new {
            write!(f, "\n  is now:   {}", lines(new))?;
        }
        let words: Vec<&str> = self.figures.iter().map(|figure| figure.word()).collect();
        match words.as_slice() {
            [] => write!(f, "\n  figures:  none; only the words change"),
            words => write!(f, "\n  figures:  {}", words.join(", ")),
        }
    }
}

/// Something that a charter defines, in its parts.
pub(crate) struct Thing {
    pub(crate) what: String,
    /// The figures that rest on its being there.
    pub(crate) figures: &'static [Figure],
    pub(crate) parts: Vec<Part>,
}

/// A part's name, its wording (empty = not given), and the figures that rest on it.
pub(crate) type Part = (&'static str, String, &'static [Figure]);

const NO_FIGURES: &[Figure] = &[];
const STAGE_FIGURES: &[Figure] = &[
    Figure::Funnel,
    Figure::Snapshot,
    Figure::Velocity,
    Figure::Metrics,
];
const ALL_FIGURES: &[Figure] = &[Figure::Pursuits];

fn changed(old: &Thing, new: &Thing, changes: &mut Vec<Change>) {
    for ((part, old_words, figures), (_, new_words, _)) in old.parts.iter().zip(&new.parts) {
        if old_words == new_words {
            continue;
        }
        let given = |words: &str| (!words.is_empty()).then(|| words.to_owned());
        let (was, is) = (given(old_words), given(new_words));
        let kind = match (&was, &is) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        changes.push(Change {
            kind,
            what: old.what.clone(),
            part: Some(part),
            old: was,
            new: is,
            figures,
        });
    }
}

fn whole(kind: ChangeKind, thing: &Thing) -> Change {
    let given = thing.parts.iter().filter(|(_, words, _)| !words.is_empty());
    let words: Vec<String> = given
        .map(|(part, words, _)| format!("{part}: {words}"))
        .collect();
    let words = Some(words.join("\n")).filter(|words| !words.is_empty());
    let (old, new) = match kind {
        ChangeKind::Added => (None, words),
        _ => (words, None),
    };
    Change {
        kind,
        what: thing.what.clone(),
        part: None,
        old,
        new,
        figures: thing.figures,
    }
}

/// What a charter defines, by the names that changes have.
pub(crate) fn names(charter: &Charter) -> Vec<String> {
    let things = definitions(charter).into_iter().flatten();
    things.map(|thing| thing.what).collect()
}

/// Everything a charter defines, section by section. The sections and the parts of one kind of
/// thing are the same in every charter.
pub(crate) fn definitions(charter: &Charter) -> Vec<Vec<Thing>> {
    let order = |ids: Vec<&str>, what: &str, figures| Thing {
        what: what.to_owned(),
        figures,
        parts: vec![("order", ids.join(", "), figures)],
    };
    let path = charter.steps.iter().filter(|step| step.role.is_on_path());
    let path = path.map(|step| step.id.as_str()).collect();
    let ids =
        |rules: &'_ [ChannelRule]| rules.iter().map(|rule| rule.id.clone()).collect::<Vec<_>>();
    let (channels, segments) = (ids(&charter.channels), ids(&charter.segments));
    vec![
        charter.vision.iter().map(|text| vision(text)).collect(),
        vec![calendar(charter), money(charter)],
        charter
            .terms
            .iter()
            .map(|term| simple("term", &term.word, "meaning", &term.meaning, NO_FIGURES))
            .collect(),
        charter
            .teams
            .iter()
            .map(|team| simple("team", &team.id, "side", team.side.word(), &[Figure::Teams]))
            .collect(),
        charter.attributes.iter().map(attribute).collect(),
        vec![opening(charter), dormant(charter)],
        vec![order(path, "path", STAGE_FIGURES)],
        charter
            .steps
            .iter()
            .filter(|step| step.role != StepRole::Dormant)
            .map(stage)
            .collect(),
        vec![order(
            channels.iter().map(String::as_str).collect(),
            "channels",
            &[Figure::Channels],
        )],
        charter
            .channels
            .iter()
            .map(|rule| named("channel", rule, &[Figure::Channels]))
            .collect(),
        vec![order(
            segments.iter().map(String::as_str).collect(),
            "segments",
            &[Figure::Segments],
        )],
        charter
            .segments
            .iter()
            .map(|rule| named("segment", rule, &[Figure::Segments]))
            .collect(),
        touches::beside(identity(charter), charter),
        charter.rights.iter().map(right).collect(),
        metrics(charter),
        vec![hours(charter)],
        charter.handoffs.iter().map(handoff).collect(),
    ]
}

/// What it is all for moves no figure.
fn vision(text: &str) -> Thing {
    Thing {
        what: "vision".to_owned(),
        figures: NO_FIGURES,
        parts: vec![("text", text.trim_end().to_owned(), NO_FIGURES)],
    }
}

/// Who is who decides who the buyers are, and so everything.
fn identity(charter: &Charter) -> Thing {
    let rules = &charter.identity;
    let by_domain = match rules.by_domain {
        ByDomain::Known => "known",
        ByDomain::Any => "any",
        ByDomain::No => "no",
    };
    let separate: Vec<String> = rules.separate.iter().map(|list| list.join(", ")).collect();
    let parts = [
        ("by_email", rules.by_email.to_string()),
        ("shared_over", rules.shared_over.to_string()),
        ("by_domain", by_domain.to_owned()),
        ("free_mail_extra", rules.free_mail_extra.join(", ")),
        ("not_free_mail", rules.not_free_mail.join(", ")),
        ("separate", separate.join("\n")),
    ];
    Thing {
        what: "identity".to_owned(),
        figures: ALL_FIGURES,
        parts: parts
            .map(|(part, words)| (part, words, ALL_FIGURES))
            .to_vec(),
    }
}

fn right(right: &Right) -> Thing {
    let decides = right.decides.map_or("both", Side::word);
    let severity = right.severity.word();
    Thing {
        what: format!("right {}", right.definition),
        figures: NO_FIGURES,
        parts: vec![
            ("decides", decides.to_owned(), NO_FIGURES),
            ("severity", severity.to_owned(), NO_FIGURES),
        ],
    }
}

/// The charter's own metrics; those that ship change with the program.
fn metrics(charter: &Charter) -> Vec<Thing> {
    let own = charter.catalogue.metrics.iter();
    let own = own.filter(|metric| metric.origin != Origin::Shipped);
    let figures: &[Figure] = &[Figure::Metrics];
    let thing = |metric: &Definition| {
        let measures = metric
            .measures
            .iter()
            .map(|one| one.line(&metric.parameters));
        let declares = metric
            .declares
            .iter()
            .map(|(what, how)| format!("{what}: {how}"));
        Thing {
            what: format!("metric {}", metric.usage()),
            figures,
            parts: vec![
                ("means", metric.means.clone(), NO_FIGURES),
                ("formula", metric.text.clone(), figures),
                ("measures", measures.collect::<Vec<_>>().join("\n"), figures),
                (
                    "declares",
                    declares.collect::<Vec<_>>().join("\n"),
                    NO_FIGURES,
                ),
            ],
        }
    };
    let closes = &charter.catalogue.closes;
    let closes = (!closes.is_empty()).then(|| Thing {
        what: "what a close keeps".to_owned(),
        figures: NO_FIGURES,
        parts: vec![("metrics", closes.join(", "), NO_FIGURES)],
    });
    own.map(thing).chain(closes).collect()
}

fn hours(charter: &Charter) -> Thing {
    let hours = charter.hours.as_ref();
    let figures: &[Figure] = &[Figure::Handoffs];
    let week = |hours: &Hours| -> Vec<String> {
        let days = WEEKDAYS.iter().zip(&hours.week);
        let day = |((name, _), shifts): (&(&str, _), &Vec<Shift>)| {
            let shifts: Vec<String> = shifts.iter().map(|shift| shift.text()).collect();
            format!("{name} {}", shifts.join(", "))
        };
        days.filter(|(_, shifts)| !shifts.is_empty())
            .map(day)
            .collect()
    };
    let holidays = hours.map_or(String::new(), |hours| {
        let days: Vec<String> = hours.holidays.iter().map(ToString::to_string).collect();
        days.join(", ")
    });
    let zones = hours.map_or(String::new(), |hours| {
        let zone =
            |(team, calendar): &(String, Calendar)| format!("{team} {}", calendar.zone_name());
        let zones: Vec<String> = hours.zones.iter().map(zone).collect();
        zones.join(", ")
    });
    Thing {
        what: "working hours".to_owned(),
        figures,
        parts: vec![
            (
                "week",
                hours.map_or(String::new(), |hours| week(hours).join("; ")),
                figures,
            ),
            ("holidays", holidays, figures),
            ("zones", zones, figures),
        ],
    }
}

fn handoff(handoff: &Handoff) -> Thing {
    let figures: &[Figure] = &[Figure::Handoffs];
    let starts = match &handoff.starts {
        Starts::Entry(stage) => format!("entry into {stage}"),
        other => other.word().to_owned(),
    };
    let silence = Silence::WORDS
        .iter()
        .find(|(_, word)| *word == handoff.silence);
    let parts = [
        ("from", handoff.from.word().to_owned()),
        ("to", handoff.to.word().to_owned()),
        ("starts", starts),
        ("accept_within", handoff.within.text()),
        ("reject_reasons", handoff.reject_reasons.join(", ")),
        ("silence", silence.map_or("", |(word, _)| *word).to_owned()),
    ];
    Thing {
        what: format!("handoff {}", handoff.name),
        figures,
        parts: parts.map(|(part, words)| (part, words, figures)).to_vec(),
    }
}

fn calendar(charter: &Charter) -> Thing {
    let calendar = &charter.calendar;
    let months = calendar.months.word();
    let ends = YearEnd::WORDS
        .iter()
        .find(|(_, end)| *end == calendar.year_ends);
    let named = YearName::WORDS
        .iter()
        .find(|(_, name)| *name == calendar.year_named);
    let [ends, named] = [ends.map(|(word, _)| *word), named.map(|(word, _)| *word)];
    let week = WEEKDAYS
        .iter()
        .find(|(_, day)| *day == calendar.week_starts);
    let week = week.map_or("", |(word, _)| word);
    let currency = charter.currency.map_or_else(String::new, |c| c.to_string());
    let periods: &[Figure] = &[Figure::Periods];
    Thing {
        what: "calendar".to_owned(),
        figures: ALL_FIGURES,
        parts: vec![
            ("name", charter.name.clone(), NO_FIGURES),
            ("zone", calendar.zone_name().to_owned(), ALL_FIGURES),
            ("year_starts", calendar.year_starts.to_string(), periods),
            ("months", months.to_owned(), periods),
            ("year_ends", ends.unwrap_or("").to_owned(), periods),
            ("years_named_by", named.unwrap_or("").to_owned(), periods),
            ("week_starts", week.to_owned(), periods),
            ("currency", currency, &[Figure::Amounts]),
        ],
    }
}

fn money(charter: &Charter) -> Thing {
    let pricing = &charter.pricing;
    let plan = pricing.plan.iter();
    let plan: Vec<String> = plan.map(|(code, rate)| format!("{code} {rate}")).collect();
    let policy = pricing.policy.map_or("", RatePolicy::word);
    let through = pricing.through.map_or_else(String::new, |c| c.to_string());
    let amounts: &[Figure] = &[Figure::Amounts];
    Thing {
        what: "money".to_owned(),
        figures: amounts,
        parts: vec![
            ("rates", policy.to_owned(), amounts),
            ("through", through, amounts),
            ("plan", plan.join(", "), amounts),
        ],
    }
}

fn simple(
    what: &str,
    name: &str,
    part: &'static str,
    words: &str,
    figures: &'static [Figure],
) -> Thing {
    Thing {
        what: format!("{what} {name}"),
        figures,
        parts: vec![(part, words.to_owned(), figures)],
    }
}

fn named(what: &str, rule: &ChannelRule, figures: &'static [Figure]) -> Thing {
    simple(what, &rule.id, "rule", &rule.when.to_string(), figures)
}

fn attribute(attribute: &DeclaredAttribute) -> Thing {
    let name = format!("{}.{}", attribute.subject.word(), attribute.name);
    let kind = attribute.kind.word();
    simple("attribute", &name, "type", kind, &[Figure::Attributes])
}

fn opening(charter: &Charter) -> Thing {
    let opening = &charter.opening;
    Thing {
        what: "opening".to_owned(),
        figures: ALL_FIGURES,
        parts: vec![
            ("lead", opening.by_lead.to_string(), ALL_FIGURES),
            ("touches", opening.touch_kinds.join(", "), ALL_FIGURES),
        ],
    }
}

fn dormant(charter: &Charter) -> Thing {
    let dormant = charter.dormant.as_ref();
    let days = dormant.map_or_else(String::new, |d| d.after_days.to_string());
    let kinds = dormant.map_or_else(String::new, |d| d.two_way.join(", "));
    Thing {
        what: "dormant".to_owned(),
        figures: ALL_FIGURES,
        parts: vec![
            ("after_days", days, ALL_FIGURES),
            ("two_way", kinds, ALL_FIGURES),
        ],
    }
}

fn stage(step: &Step) -> Thing {
    let role = match step.role {
        StepRole::Path => "path",
        StepRole::Detour => "detour",
        StepRole::Won => "won",
        StepRole::Lost => "lost",
        StepRole::Disqualified => "disqualified",
        StepRole::Dormant => "dormant",
    };
    let kind = match step.kind {
        StageType::Inventory => "inventory".to_owned(),
        StageType::Gate => "gate".to_owned(),
        StageType::ServiceLevel { max_days } => format!("service-level, at most {max_days} days"),
    };
    let wins = match step.wins {
        Precedence::Either => "either",
        Precedence::Marks => "marks",
        Precedence::Rule => "rule",
    };
    let rule = |rule: &Option<Expr>| rule.as_ref().map_or_else(String::new, Expr::to_string);
    let probability = step.probability.map_or_else(String::new, |parts| {
        let (units, scale) = (i128::from(parts), 4);
        handfast_model::Decimal { units, scale }.to_string()
    });
    Thing {
        what: format!("stage {}", step.id),
        figures: STAGE_FIGURES,
        parts: vec![
            ("name", step.name.clone(), NO_FIGURES),
            ("role", role.to_owned(), STAGE_FIGURES),
            (
                "owner",
                step.owner.clone().unwrap_or_default(),
                &[Figure::Teams],
            ),
            ("type", kind, &[Figure::Snapshot]),
            ("marks", step.marks.join(", "), STAGE_FIGURES),
            ("entry rule", rule(&step.enters_when), STAGE_FIGURES),
            ("exit rule", rule(&step.exits_when), STAGE_FIGURES),
            ("wins", wins.to_owned(), STAGE_FIGURES),
            (
                "implied",
                step.is_implied.to_string(),
                &[Figure::Funnel, Figure::Metrics],
            ),
            ("probability", probability, &[Figure::Metrics]),
            ("opens", step.opens.to_string(), ALL_FIGURES),
            ("means", step.means.clone(), NO_FIGURES),
        ],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::parse::FILES;
    use crate::words::stem;
    use crate::{TextFile, read_charter};
    use handfast_model::rights::file_of;

    /// A right over a file is one over all that is written in it.
    #[test]
    fn every_definition_is_of_a_file() {
        let file = |name: &str, text: &str| TextFile {
            path: format!("charter/{name}"),
            text: text.to_owned(),
        };
        let texts = [
            file(
                "calendar.toml",
                "zone = \"UTC\"\n[hours]\nweekdays = [\"09:00-17:00\"]\n",
            ),
            file(
                "teams.toml",
                "[team.a]\nside = \"marketing\"\n[team.b]\nside = \"sales\"\n",
            ),
            file("lexicon.toml", "[terms]\nlead = \"who asks\"\n"),
            file(
                "attributes.toml",
                "[person]\nscore = \"number\"\n[touch]\nby = \"text\"\n",
            ),
            file(
                "channels.toml",
                "[[channel]]\nid = \"paid\"\nwhen = \"touch.by = 'x'\"\n",
            ),
            file(
                "icp.toml",
                "[[segment]]\nid = \"hot\"\nwhen = \"person.score > 5\"\n",
            ),
            file(
                "rights.toml",
                "[right.handoffs]\nseverity = \"may concede\"\n",
            ),
            file(
                "metrics.toml",
                "[metric.ours]\nmeans = \"all\"\nformula = \"won + lost\"\n",
            ),
            file(
                "handoffs.toml",
                "[[handoff]]\nname = \"call\"\nfrom = \"a\"\nto = \"b\"\nstarts = \"assignment\"\n\
                 accept_within = \"8 business hours\"\n",
            ),
            file("vision.md", "We sell what we said we would.\n"),
            file("brand.toml", "[brand]\ndirect = \"touch.by = 'x'\"\n"),
            file(
                "stages.toml",
                "[[stage]]\nid = \"mql\"\nmarks = [\"MQL\"]\n\
                 [[stage]]\nid = \"won\"\nrole = \"won\"\nmarks = [\"Won\"]\n",
            ),
        ];
        let charter = read_charter(&texts).unwrap();
        let names = names(&charter);
        let known = ["handoff call", "working hours", "stage won", "segment hot"];
        for word in known.into_iter().chain(["vision", "brand"]) {
            assert!(names.iter().any(|name| name == word), "{word}: {names:?}");
        }
        for name in names {
            let file = file_of(&name);
            assert!(
                FILES.iter().any(|known| stem(known) == file),
                "{name}: {file}"
            );
        }
    }
}
