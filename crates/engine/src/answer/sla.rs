//! What the teams promised each other, and what came of it: handoffs answered in time, too late or
//! not yet, how soon, with what verdict, and what the waiting costs. What a handoff is and when it
//! is in time is decided in `kernels::handoff`.

use handfast_kernels::handoff::{Given, State, answered_at, given};
use handfast_kernels::metric::{PerDay, Scope, VelocityParts, velocity_parts};
use handfast_kernels::response::Verdict;
use handfast_kernels::velocity::summary;
use handfast_model::hours::{Handoff, Silence, Starts, Within};
use handfast_model::money::{Decimal, divide_half_even};
use handfast_model::question::{Dimension, Unit};
use handfast_model::{
    ColumnKind, Currency, Day, Issue, IssueCode, Money, Question, Ratio, Refusal,
};

use super::figure::{Figure, Reading, figure};
use super::ground::{Anchor, Ground};
use super::price::Prices;
use super::sheet::{Key, Member, Sheet};
use super::tally::{Item, Tally};
use super::whose::Whose;

/// Where a handoff is counted: the columns of the sheet.
mod column {
    pub const HANDED: usize = 0;
    pub const DUE: usize = 1;
    pub const MET: usize = 2;
    pub const MISSED: usize = 3;
    pub const NOT_DUE: usize = 4;
    pub const UNKNOWN: usize = 5;
    pub const TIMED: usize = 6;
    pub const ACCEPTED: usize = 7;
    pub const SILENT: usize = 8;
    pub const REJECTED: usize = 9;
    pub const WAITING: usize = 10;
    pub const WAITED: usize = 11;
    /// Those of whom a deal came.
    pub const HELD: usize = 12;
    pub const COUNT: usize = 13;
}

/// Sorts everything that was handed over in the period.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    name: Option<&str>,
) -> Result<Tally<'a>, Refusal> {
    let mut desk = Desk {
        ground,
        question,
        sheet: Sheet::new(column::COUNT),
        items: Vec::new(),
        issues: Vec::new(),
    };
    let chosen = chosen(ground, name)?;
    for (place, handoff) in &chosen {
        desk.sort(*place, handoff);
    }
    let Desk {
        sheet,
        items,
        issues,
        ..
    } = desk;
    let mut tally = Tally::new(ground, question, sheet);
    tally.text_column("handoff", "");
    tally.dimension_columns(&question.by);
    tally.items = items;
    tally.extra_issues = issues;
    tally.pace = pace(ground, question);
    tally.figures = figures(tally.pace.map(|(_, currency)| currency));
    tally.notes = notes(ground, &chosen, tally.pace);
    // Promises with clocks of their own have no sum.
    tally.has_totals = chosen.len() == 1;
    Ok(tally)
}

pub(super) type Chosen<'a> = Vec<(u32, &'a Handoff)>;

/// The handoff of this name, or all, with their places in the charter.
pub(super) fn chosen<'a>(
    ground: &'a Ground<'a>,
    name: Option<&str>,
) -> Result<Chosen<'a>, Refusal> {
    let all = &ground.charter.handoffs;
    if all.is_empty() {
        return Err(Refusal::new("E0440", "the charter names no handoff")
            .matters("nobody promised anything, so nothing can be in time or late")
            .fix(EXAMPLE));
    }
    let named = (0u32..).zip(all);
    let named = named.filter(|(_, handoff)| name.is_none_or(|name| handoff.name == name));
    let chosen: Chosen<'_> = named.collect();
    match chosen.is_empty() {
        false => Ok(chosen),
        true => {
            let known: Vec<&str> = all.iter().map(|handoff| handoff.name.as_str()).collect();
            let title = format!("the charter has no handoff `{}`", name.unwrap_or(""));
            Err(Refusal::new("E0440", title).fix(format!("one of: {}", known.join(", "))))
        }
    }
}

const EXAMPLE: &str = "in charter/handoffs.toml:\n[[handoff]]\nname = \"first_call\"\n\
    from = \"marketing\"\nto = \"sales\"\nstarts = \"assignment\"\naccept_within = \"24 hours\"";

struct Desk<'q, 'a> {
    ground: &'a Ground<'a>,
    question: &'q Question,
    sheet: Sheet,
    items: Vec<Item>,
    issues: Vec<Issue>,
}

impl Desk<'_, '_> {
    fn sort(&mut self, place: u32, handoff: &Handoff) {
        let (ground, world) = (self.ground, self.ground.world());
        let period = self.question.period;
        let end = period.map_or(ground.horizon, |(_, until)| {
            ground.start_of(until).min(ground.horizon)
        });
        for found in given(&world, ground.journeys, handoff) {
            let day = found.start.day(&ground.charter.calendar);
            let is_in = period
                .is_none_or(|(from, until)| day.is_some_and(|day| from <= day && day < until));
            let is_before = period.is_none_or(|(_, until)| day.is_some_and(|day| day < until));
            let answered = answered_at(&world, &found);
            let is_waiting = is_before && found.is_overdue_at(end, answered);
            if !is_in && !is_waiting {
                continue;
            }
            let Some(mut keys) = self.keys(&found, day) else {
                continue;
            };
            keys.insert(0, Key::Place(place, handoff.name.clone()));
            let mut columns = Vec::new();
            if is_in {
                columns = self.columns(&found, handoff);
            }
            columns.extend(is_waiting.then_some(column::WAITING));
            self.add(&found, &keys, &columns);
        }
    }

    /// Its row; `None` where the question leaves it out.
    fn keys(&self, found: &Given, day: Option<Day>) -> Option<Vec<Key>> {
        let ground = self.ground;
        let pursuit = found.pursuit.and_then(|pursuit| ground.pursuit(pursuit));
        let whose = found.lead.map_or(Whose::Pursuit, Whose::Lead);
        let is_asked = pursuit.map_or(self.question.filter.is_none(), |pursuit| {
            ground.is_asked_of(pursuit, whose)
        });
        let lead = found
            .lead
            .and_then(|lead| ground.journeys.leads.get(lead as usize));
        let key = |dim: &Dimension| match (pursuit, lead) {
            (Some(pursuit), _) => {
                let anchor = Anchor {
                    pursuit,
                    number: found.pursuit.unwrap_or_default(),
                    day,
                    at: found.start.start(&ground.charter.calendar),
                    owner: found.owner,
                    whose,
                };
                ground.key(dim, &anchor)
            }
            (None, Some(lead)) => ground.key_of_lead(dim, (lead, day), found.owner),
            (None, None) => ground.key_of_day(dim, day),
        };
        is_asked.then(|| self.question.by.iter().map(key).collect())
    }

    fn columns(&mut self, found: &Given, handoff: &Handoff) -> Vec<usize> {
        let mut columns = vec![column::HANDED];
        columns.extend(match found.state {
            State::Met => vec![column::DUE, column::MET],
            State::Missed => vec![column::DUE, column::MISSED],
            State::NotDue => vec![column::NOT_DUE],
            State::Unknown => vec![column::UNKNOWN],
        });
        columns.extend(found.took.map(|_| column::TIMED));
        columns.extend(found.waited.map(|_| column::WAITED));
        let has_deal = found
            .pursuit
            .and_then(|pursuit| self.ground.pursuit(pursuit)?.deal);
        columns.extend(has_deal.and(found.held).map(|_| column::HELD));
        match found.verdict {
            Some((Verdict::Accepted, _)) => columns.push(column::ACCEPTED),
            Some((Verdict::Rejected, fact)) => {
                columns.push(column::REJECTED);
                self.judge(found, handoff, fact);
            }
            None => {
                let is_silent = found.answer.is_none() && found.state == State::Missed;
                let is_taken = is_silent && handoff.silence == Silence::Accepted;
                columns.extend(is_taken.then_some(column::SILENT));
            }
        }
        columns
    }

    /// A rejection gives one of the agreed reasons, or is told.
    fn judge(&mut self, found: &Given, handoff: &Handoff, fact: u32) {
        let names = &self.ground.snapshot.names;
        let reasons = &handoff.reject_reasons;
        let reason = found.reason.map(|reason| names.text(reason));
        let is_agreed = reason.is_some_and(|reason| reasons.iter().any(|one| one == reason));
        if !reasons.is_empty() && !is_agreed {
            self.issues.push(Issue {
                code: IssueCode::RejectReason,
                fact: self.ground.fact(fact).map(|fact| fact.id),
            });
        }
    }

    fn add(&mut self, found: &Given, keys: &[Key], columns: &[usize]) {
        let lead = found
            .lead
            .and_then(|lead| self.ground.journeys.leads.get(lead as usize));
        let item = Item {
            pursuit: found.pursuit,
            deal: None,
            person: lead.map(|lead| lead.person),
            fact: found.shown,
            elapsed: found.waited.map(|waited| waited.elapsed),
            timed: found.took,
            reason: found.reason,
        };
        let member = Member::Item(self.items.len() as u32);
        self.items.push(item);
        for &column in columns.iter().filter(|column| **column != column::HELD) {
            self.sheet.add(keys, column, member);
        }
        // While several wait, their deal waits once.
        if columns.contains(&column::HELD) {
            let member = Member::Item(self.items.len() as u32);
            let elapsed = found.held;
            self.items.push(Item { elapsed, ..item });
            self.sheet.add(keys, column::HELD, member);
        }
    }
}

/// What an open deal moves in a day, from the deals won and lost in the period: mean won value ×
/// win rate ÷ mean cycle. `None` where a part has no value.
fn pace(ground: &Ground<'_>, question: &Question) -> Option<(PerDay, Currency)> {
    let scope = Scope {
        from: question.period.map(|(from, _)| ground.start_of(from)),
        until: question.period.map(|(_, until)| ground.start_of(until)),
        unit: Unit::Deal,
        ..Scope::ALL
    };
    let VelocityParts {
        won,
        closed,
        cycles,
        ..
    } = velocity_parts(&ground.world(), ground.journeys, &scope);
    let prices = question.currency.map(|to| Prices::new(ground, to));
    let amounts = won.members.iter().filter_map(|member| {
        let (money, deal) = (member.money?, super::metric::deal_of(member));
        match &prices {
            None => Some(money),
            Some(prices) => prices.show(money, deal, member.anchor.when),
        }
    });
    let amounts: Vec<Money> = amounts.collect();
    let own = question.currency.or(ground.charter.currency);
    let currency = own.or(amounts.first().map(|money| money.currency))?;
    let in_own = amounts.iter().filter(|money| money.currency == currency);
    let sum: i128 = in_own.clone().map(|money| i128::from(money.minor)).sum();
    let part = closed.members.iter().filter(|member| member.is_part);
    let times = cycles.members.iter().filter_map(|member| member.elapsed);
    let summary = summary(times);
    let parts = PerDay {
        open: 1,
        value: Ratio {
            part: i64::try_from(sum).ok()?,
            whole: in_own.count() as u64,
        },
        rate: Ratio {
            part: part.count() as i64,
            whole: closed.members.len() as u64,
        },
        cycle: Ratio {
            part: summary.sum_seconds,
            whole: summary.count,
        },
    };
    handfast_kernels::metric::per_day(&parts).map(|_| (parts, currency))
}

fn share(id: &str, means: &str, part: usize, whole: usize) -> Figure {
    figure(
        id,
        ColumnKind::Ratio,
        None,
        means,
        Reading::Share(part, whole),
    )
}

/// Figures that count, by column.
const COUNTED: [(&str, &str, usize); 7] = [
    ("handed", "handed over in the period", column::HANDED),
    (
        "met",
        "answered by the deadline, at the very deadline too",
        column::MET,
    ),
    (
        "missed",
        "answered later, or not though it is over",
        column::MISSED,
    ),
    (
        "not_due",
        "not answered, and can still be in time: in no share",
        column::NOT_DUE,
    ),
    (
        "unknown",
        "its dates cannot tell: in no share",
        column::UNKNOWN,
    ),
    (
        "by_silence",
        "accepted by nobody's answer, as the charter has it",
        column::SILENT,
    ),
    (
        "waiting",
        "overdue and not answered at the end of the period",
        column::WAITING,
    ),
];

fn counted() -> [Figure; 7] {
    COUNTED.map(|(id, means, column)| {
        figure(id, ColumnKind::Count, None, means, Reading::Count(column))
    })
}

/// What was answered of what was due, and what the answers were.
fn shares() -> [Figure; 3] {
    use column::{ACCEPTED, DUE, HANDED, MET, REJECTED};
    let attained = "answered in time, of those answered or overdue";
    let accepted = "accepted by the latest verdict, of all";
    let rejected = "rejected by the latest verdict, of all";
    [
        share("attainment", attained, MET, DUE),
        share("accepted", accepted, ACCEPTED, HANDED),
        share("rejected", rejected, REJECTED, HANDED),
    ]
}

/// How long it took, and what the waiting comes to.
fn times(currency: Option<Currency>) -> Vec<Figure> {
    use column::{HELD, TIMED, WAITED};
    let hours = |id: &str, means: &str, percent| {
        let reading = Reading::QuantileHours(TIMED, percent);
        figure(id, ColumnKind::Decimal, Some("hours"), means, reading)
    };
    let days = |id: &str, means: &str, column| {
        let reading = Reading::SumDays(column);
        figure(id, ColumnKind::Days, Some("days"), means, reading)
    };
    let half = "≈ half are answered within so many hours of the promise's clock";
    let waited = "until the answer, the next handoff or the end of the pursuit, or last seen";
    let held = "of these, those of pursuits with a deal, each moment once";
    let mut figures = vec![
        hours("median_h", half, 50),
        hours("p90_h", "≈ nine of ten are", 90),
        days("friction_days", waited, WAITED),
        days("deal_days", held, HELD),
    ];
    figures.extend(currency.map(|currency| {
        let means = "deal_days × what an open deal moves in a day";
        let mut bill = figure("bill", ColumnKind::Money, None, means, Reading::Bill(HELD));
        bill.column.unit = Some(currency.code().to_owned());
        bill
    }));
    figures
}

fn figures(currency: Option<Currency>) -> Vec<Figure> {
    let [handed, met, missed, not_due, unknown, silent, waiting] = counted();
    let [attainment, accepted, rejected] = shares();
    let reasons = Reading::Reasons(column::REJECTED);
    let why = "why they were rejected";
    let mut figures = vec![handed, attainment, met, missed, not_due, unknown];
    figures.extend([waiting, accepted, rejected, silent]);
    figures.extend(times(currency));
    figures.push(figure("reasons", ColumnKind::Text, None, why, reasons));
    figures
}

/// A promise in words.
pub(super) fn promise(handoff: &Handoff) -> String {
    let starts = match &handoff.starts {
        Starts::Entry(stage) => format!("each entry into `{stage}`"),
        Starts::Creation => "the lead's creation".to_owned(),
        Starts::Assignment => "the first assignment to a rep".to_owned(),
    };
    format!(
        "{}: {} to {}, within {} of {starts}",
        handoff.name,
        handoff.from.word(),
        handoff.to.word(),
        handoff.within.text(),
    )
}

fn notes(
    ground: &Ground<'_>,
    chosen: &Chosen<'_>,
    pace: Option<(PerDay, Currency)>,
) -> Vec<String> {
    let mut notes = Vec::new();
    notes.extend(chosen.iter().map(|(_, handoff)| promise(handoff)));
    let is_business =
        |(_, handoff): &(u32, &Handoff)| matches!(handoff.within, Within::BusinessHours(_));
    if let (true, Some(hours)) = (chosen.iter().any(is_business), &ground.charter.hours) {
        notes.push(format!(
            "business hours are those of charter/calendar.toml (days off: {}); a date without a \
             time has no hour, and what it leaves open is unknown",
            hours.holidays.len()
        ));
    }
    notes.push(
        "an answer is the first verdict, touch, or move to a stage of its own (a later one, where \
         an entry started it), by the side that takes over, that somebody logged; ≈ is an estimate \
         (Kaplan–Meier; the unanswered are censored at the horizon)"
            .to_owned(),
    );
    notes.push(match pace {
        None => {
            "no bill: no deal is won, or won deals took no time, so there is no pace".to_owned()
        }
        Some((parts, currency)) => {
            let per_day = handfast_kernels::metric::per_day(&parts).unwrap_or(0);
            let minor = |minor| Money { minor, currency };
            let whole = i128::from(parts.cycle.whole) * 86_400;
            let units = divide_half_even(i128::from(parts.cycle.part) * 10, whole);
            let units = units.unwrap_or_default();
            let days = Decimal { units, scale: 1 };
            format!(
                "an open deal moves {} a day: mean won value ({} over {}) × win rate ({} of {}) ÷ \
                 mean cycle ({days} days of {}); booked to the handoff, and to nobody in it",
                minor(per_day).shown(),
                minor(parts.value.part).shown(),
                parts.value.whole,
                parts.rate.part,
                parts.rate.whole,
                parts.cycle.whole,
            )
        }
    });
    notes
}
