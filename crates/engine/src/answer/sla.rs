//! What the teams promised each other, and what came of it: handoffs answered in time, too late or
//! not yet, how soon, with what verdict, and what the waiting costs. What a handoff is and when it
//! is in time is decided in `kernels::handoff`.

use std::collections::BTreeMap;

use handfast_kernels::handoff::{Given, State, answered_at, given};
use handfast_kernels::metric::{PerDay, Scope, VelocityParts, velocity_parts};
use handfast_kernels::response::Verdict;
use handfast_kernels::velocity::summary;
use handfast_model::hours::{Handoff, Silence, Starts, Within};
use handfast_model::money::{Decimal, divide_half_even, grouped};
use handfast_model::question::{Dimension, Unit};
use handfast_model::{
    ColumnKind, Currency, Day, Issue, IssueCode, Money, Question, Ratio, Refusal,
};

use super::figure::{Figure, Reading, figure};
use super::formula::currencies::own_currency;
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
        held: BTreeMap::new(),
    };
    let chosen = chosen(ground, name)?;
    for (place, handoff) in &chosen {
        desk.sort(*place, handoff);
    }
    let Desk {
        sheet,
        items,
        issues,
        held,
        ..
    } = desk;
    let mut tally = Tally::new(ground, question, sheet);
    tally.text_column("handoff", "");
    tally.dimension_columns(&question.by);
    tally.items = items;
    tally.extra_issues = issues;
    tally.paces = paces(ground, question);
    let billed: Vec<Currency> = tally.paces.iter().map(|(_, currency)| *currency).collect();
    tally.figures = figures(&billed, own_currency(ground, question, None));
    tally.notes = notes(ground, &chosen, &tally.paces);
    tally.notes.extend(unbilled(&held, &billed));
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
    /// How many waits of deals are of each currency.
    held: BTreeMap<Currency, u64>,
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
            let deal = found.pursuit.and_then(|own| self.ground.pursuit(own)?.deal);
            if let Some(currency) = billed_in(self.ground, self.question, deal) {
                *self.held.entry(currency).or_default() += 1;
            }
            let member = Member::Item(self.items.len() as u32);
            let elapsed = found.held;
            self.items.push(Item { elapsed, ..item });
            self.sheet.add(keys, column::HELD, member);
        }
    }
}

/// The currency that the waiting of a deal is billed in: that asked for, its own, the charter's.
/// `None`: any.
pub(super) fn billed_in(
    ground: &Ground<'_>,
    question: &Question,
    deal: Option<u32>,
) -> Option<Currency> {
    let own = deal.and_then(|deal| ground.amount(deal, None));
    own_currency(ground, question, own.map(|money| money.currency))
}

/// What an open deal moves in a day, from the deals won and lost in the period: mean won value ×
/// win rate ÷ mean cycle; in each currency that something was won in, the charter's first. None
/// where a part has no value.
fn paces(ground: &Ground<'_>, question: &Question) -> Vec<(PerDay, Currency)> {
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
    let mut sums: BTreeMap<Currency, (i128, u64)> = BTreeMap::new();
    for money in amounts {
        let (sum, count) = sums.entry(money.currency).or_default();
        *sum += i128::from(money.minor);
        *count += 1;
    }
    let part = closed.members.iter().filter(|member| member.is_part);
    let rate = Ratio {
        part: part.count() as i64,
        whole: closed.members.len() as u64,
    };
    let times = cycles.members.iter().filter_map(|member| member.elapsed);
    let summary = summary(times);
    let pace = |(currency, (sum, count)): (Currency, (i128, u64))| {
        let parts = PerDay {
            open: 1,
            value: Ratio {
                part: i64::try_from(sum).ok()?,
                whole: count,
            },
            rate,
            cycle: Ratio {
                part: summary.sum_seconds,
                whole: summary.count,
            },
        };
        handfast_kernels::metric::per_day(&parts).map(|_| (parts, currency))
    };
    let mut paces: Vec<(PerDay, Currency)> = sums.into_iter().filter_map(pace).collect();
    paces.sort_by_key(|(_, currency)| Some(*currency) != ground.charter.currency);
    paces
}

/// Says that deals waited in currencies in which nothing is billed.
fn unbilled(held: &BTreeMap<Currency, u64>, billed: &[Currency]) -> Option<String> {
    let rest = held.iter().filter(|(own, _)| !billed.contains(own));
    let rest: Vec<String> = rest
        .map(|(own, count)| format!("{count} in {own}"))
        .collect();
    let is_told = !rest.is_empty() && !billed.is_empty();
    is_told.then(|| {
        format!(
            "not billed: waits of deals in a currency in which none was won ({}); --currency bills \
             all in one",
            rest.join(", ")
        )
    })
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
fn times(billed: &[Currency], main: Option<Currency>) -> Vec<Figure> {
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
    figures.extend(billed.iter().map(|&currency| {
        let code = currency.code();
        let (id, means) = match billed.len() == 1 || main == Some(currency) {
            true => (
                "bill".to_owned(),
                "deal_days × what an open deal moves in a day",
            ),
            false => (
                format!("bill_{}", code.to_lowercase()),
                "the same of deals in this currency",
            ),
        };
        let reading = Reading::Bill(HELD, currency);
        figure(&id, ColumnKind::Money, Some(code), means, reading)
    }));
    figures
}

fn figures(billed: &[Currency], main: Option<Currency>) -> Vec<Figure> {
    let [handed, met, missed, not_due, unknown, silent, waiting] = counted();
    let [attainment, accepted, rejected] = shares();
    let reasons = Reading::Reasons(column::REJECTED);
    let why = "why they were rejected";
    let mut figures = vec![handed, attainment, met, missed, not_due, unknown];
    figures.extend([waiting, accepted, rejected, silent]);
    figures.extend(times(billed, main));
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

fn notes(ground: &Ground<'_>, chosen: &Chosen<'_>, paces: &[(PerDay, Currency)]) -> Vec<String> {
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
    if paces.is_empty() {
        let none = "no bill: no deal is won, or won deals took no time, so there is no pace";
        notes.push(none.to_owned());
    }
    notes.extend(paces.iter().map(pace_note));
    notes
}

fn pace_note((parts, currency): &(PerDay, Currency)) -> String {
    let per_day = handfast_kernels::metric::per_day(parts).unwrap_or(0);
    let currency = *currency;
    let minor = |minor| Money { minor, currency };
    let count = |count: u64| grouped(&count.to_string());
    let whole = i128::from(parts.cycle.whole) * 86_400;
    let units = divide_half_even(i128::from(parts.cycle.part) * 10, whole);
    let units = units.unwrap_or_default();
    let days = Decimal { units, scale: 1 };
    format!(
        "an open deal moves {} a day: mean won value ({} over {}) × win rate ({} of {}) ÷ mean \
         cycle ({days} days of {}); booked to the handoff, and to nobody in it",
        minor(per_day).shown(),
        minor(parts.value.part).shown(),
        count(parts.value.whole),
        count(parts.rate.part.unsigned_abs()),
        count(parts.rate.whole),
        count(parts.cycle.whole),
    )
}
