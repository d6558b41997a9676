//! Metrics, times and amounts, one member after another.

use std::collections::BTreeMap;

use super::clock::{Time, seconds};
use super::credit;
use super::deals::Moment;
use super::meaning::{Meaning, Role};
use super::said::{Said, Word};
use super::spend;
use super::views::Stay;
use super::walk::Journeys;
use handfast_model::fact::FactKind;
use handfast_model::question::Unit;

/// A stretch of instants; without one, everything counts, undated or not.
pub type Period = Option<(i64, i64)>;

/// Whether a moment counts in a period.
pub fn is_in(at: Option<i64>, period: Period) -> bool {
    match (at, period) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(at), Some((from, until))) => from <= at && at < until,
    }
}

/// One line per ended pursuit: from its opening, or its first dated entry into a step, to its end.
pub fn cycles(journeys: &Journeys, meaning: &Meaning, from: Option<usize>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut all = Vec::new();
    for pursuit in &journeys.pursuits {
        let start = match from {
            None => Some(pursuit.opened),
            Some(step) => {
                let mut visits = pursuit.visits.iter();
                let found = visits.find(|visit| visit.step == step && visit.entered.at.is_some());
                found.map(|visit| visit.entered)
            }
        };
        let (Some(start), Some(end)) = (start, pursuit.end) else {
            continue;
        };
        if let Some(time) = seconds(meaning.zone, start.when, end.moment.when) {
            lines.push(format!("{:x} {:?} {time}", pursuit.id, end.role));
            all.push(time);
        }
    }
    all.sort_unstable();
    let median = match all.len() {
        0 => None,
        count => Some(all[(count - 1) / 2] + all[count / 2]),
    };
    let sum: i64 = all.iter().sum();
    lines.push(format!("sum {sum} twice the median {median:?}"));
    lines
}

/// One member of a metric.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Who, for the comparison.
    pub who: String,
    /// Whether it counts in the numerator.
    pub is_part: bool,
    /// Its money.
    pub money: Option<(i64, String)>,
    /// Its seconds.
    pub seconds: Option<i64>,
    /// The number that it tells.
    pub number: Option<i64>,
    /// The moment it counts at.
    pub at: Moment,
    /// Its pursuit, by place.
    pub pursuit: Option<usize>,
    /// The lead or the fact that it is, by place.
    pub fact: Option<usize>,
}

impl Member {
    fn line(&self) -> String {
        format!(
            "{} {} {:?} {:?}",
            self.who, self.is_part, self.money, self.seconds
        )
    }
}

/// One line per member of a metric, and for money its sum per currency.
pub fn metric(
    journeys: &Journeys,
    meaning: &Meaning,
    name: &str,
    (unit, period, horizon): (Unit, Period, i64),
) -> Vec<String> {
    let members = members(journeys, meaning, name, (unit, period, horizon));
    let mut lines: Vec<String> = members.iter().map(Member::line).collect();
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for (minor, currency) in members.iter().filter_map(|member| member.money.as_ref()) {
        *sums.entry(currency).or_default() += minor;
    }
    lines.extend(
        sums.iter()
            .map(|(currency, sum)| format!("sum {sum} {currency}")),
    );
    // A deal without an amount, and spend without a date, which is in no period.
    let is_of_deals = ["revenue", "open_value"].contains(&name) || name.ends_with("_by_value");
    let lack = members.iter().filter(|member| member.money.is_none());
    lines.extend(
        lack.filter(|_| is_of_deals)
            .map(|member| format!("W0107 of {}", member.who)),
    );
    let is_spend = name.starts_with("spend");
    let spent = is_spend.then(|| spend::spent(&journeys.facts, meaning.zone, horizon));
    let doubts = spent.map_or(Vec::new(), |spent| spent.doubts);
    let line = |(code, place): (&str, usize)| format!("{code} of {:x}", journeys.facts[place].id);
    lines.extend(doubts.into_iter().map(line));
    let lack = members.iter().filter(|member| member.money.is_none());
    lines.extend(
        lack.filter(|_| is_spend)
            .map(|member| format!("W0107 of {}", member.who)),
    );
    lines
}

/// What a deal is worth as last known.
pub fn amount(journeys: &Journeys, meaning: &Meaning, deal: usize) -> Option<(i64, String)> {
    let desk = Desk {
        journeys,
        meaning,
        period: None,
        horizon: 0,
    };
    desk.amount(deal, None)
}

/// The members of a metric.
pub fn members(
    journeys: &Journeys,
    meaning: &Meaning,
    name: &str,
    (unit, period, horizon): (Unit, Period, i64),
) -> Vec<Member> {
    let desk = Desk {
        journeys,
        meaning,
        period,
        horizon,
    };
    let won = |role: Role| role == Role::Won;
    let closed = |role: Role| matches!(role, Role::Won | Role::Lost);
    match name {
        "won" => desk.ends(unit, won),
        "lost" => desk.ends(unit, |role| role == Role::Lost),
        "win_rate" => desk.ends(unit, closed),
        "win_rate_all_ends" => desk.ends(unit, Role::is_end),
        "revenue" => desk.deals_ended(won, |deal, _| (desk.amount(deal, None), None)),
        "win_rate_by_value" => desk.deals_ended(closed, |deal, _| (desk.amount(deal, None), None)),
        "cycle_won" | "cycle_lost" => {
            let ends = |role: Role| match name {
                "cycle_won" => role == Role::Won,
                _ => role == Role::Lost,
            };
            let cycle = |deal: usize, end: Moment| {
                let created = journeys.deals[deal].created.when;
                (None, seconds(meaning.zone, created, end.when))
            };
            let mut members = desk.deals_ended(ends, cycle);
            members.retain(|member| member.seconds.is_some());
            members
        }
        "open_value" => desk.open(period.map_or(horizon, |(_, until)| until) - 1),
        "leads_created" => desk.leads(|lead| Some(lead.fact)),
        "leads_assigned" => desk.leads(|lead| lead.assigned),
        "leads_worked" => desk.leads(|lead| lead.worked),
        "deals_created" => super::cost::created(journeys, meaning, period),
        "spend" => desk.spend(None),
        "spend:media" => desk.spend(Some("media")),
        name if name.starts_with("marketing_touched") => {
            credit::touched(journeys, meaning, (name, period, horizon))
        }
        other => unreachable!("the truth of {other} is not written"),
    }
}

/// What is counted over.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) journeys: &'a Journeys,
    pub(super) meaning: &'a Meaning,
    pub(super) period: Period,
    pub(super) horizon: i64,
}

impl Desk<'_> {
    fn ends(&self, unit: Unit, counts: impl Fn(Role) -> bool) -> Vec<Member> {
        if unit == Unit::Deal {
            return self.deals_ended(counts, |_, _| (None, None));
        }
        let pursuits = self.journeys.pursuits.iter().enumerate();
        let ended = pursuits.filter_map(|(place, pursuit)| {
            let end = pursuit.end?;
            let does = counts(end.role) && is_in(end.moment.at, self.period);
            does.then(|| Member {
                who: format!("{:x}", pursuit.id),
                is_part: end.role == Role::Won,
                money: None,
                seconds: None,
                number: None,
                at: end.moment,
                pursuit: Some(place),
                fact: None,
            })
        });
        ended.collect()
    }

    pub(super) fn deals_ended(
        &self,
        counts: impl Fn(Role) -> bool,
        more: impl Fn(usize, Moment) -> (Option<(i64, String)>, Option<i64>),
    ) -> Vec<Member> {
        let mut members = Vec::new();
        for (number, deal) in self.journeys.deals.iter().enumerate() {
            let home = self.journeys.of_deal[number];
            let end = self.journeys.pursuits.get(home).and_then(|home| home.end);
            let Some(end) = end else { continue };
            if counts(end.role) && is_in(end.moment.at, self.period) {
                let (money, seconds) = more(number, end.moment);
                members.push(Member {
                    who: deal.key.clone(),
                    is_part: end.role == Role::Won,
                    money,
                    seconds,
                    number: None,
                    at: end.moment,
                    pursuit: Some(home),
                    fact: None,
                });
            }
        }
        members
    }

    /// Deals that are there at an instant and in no end then.
    fn open(&self, at: i64) -> Vec<Member> {
        let mut members = Vec::new();
        for (number, deal) in self.journeys.deals.iter().enumerate() {
            let place = self.journeys.of_deal[number];
            let Some(home) = self.journeys.pursuits.get(place) else {
                continue;
            };
            let is_over = home.visits.iter().any(|visit| {
                let holds = visit.entered.at <= Some(at)
                    && visit.left.is_none_or(|left| left.at > Some(at));
                holds && self.meaning.role(visit.step).is_end()
            });
            let stepless = home.end.filter(|end| end.step.is_none());
            let is_over = is_over || stepless.is_some_and(|end| end.moment.at <= Some(at));
            if deal.known_from.at <= Some(at) && !is_over {
                members.push(Member {
                    who: deal.key.clone(),
                    is_part: true,
                    money: self.amount(number, Some(at)),
                    seconds: None,
                    number: None,
                    at: Moment {
                        when: Time::At(at),
                        at: Some(at),
                    },
                    pursuit: Some(place),
                    fact: None,
                });
            }
        }
        members
    }

    pub(super) fn amount(&self, deal: usize, at: Option<i64>) -> Option<(i64, String)> {
        match told(self.journeys, self.meaning, (deal, "amount"), at) {
            Some(Word::Money(minor, currency)) => Some((*minor, currency.clone())),
            _ => None,
        }
    }

    fn leads(&self, fact: impl Fn(&super::walk::Lead) -> Option<usize>) -> Vec<Member> {
        let ids = self.journeys.pursuits.iter().map(|pursuit| pursuit.id);
        let places: BTreeMap<u128, usize> = ids.zip(0..).collect();
        let leads = self.journeys.leads.iter().filter_map(|lead| {
            let when = self.journeys.facts[fact(lead)?].when;
            is_in(self.meaning.zone.begin(when), self.period).then(|| Member {
                who: format!("{:x}", lead.person),
                is_part: true,
                money: None,
                seconds: None,
                number: None,
                at: Moment::begin(when, self.meaning.zone),
                pursuit: lead.pursuit.and_then(|id| places.get(&id).copied()),
                fact: Some(lead.fact),
            })
        });
        leads.collect()
    }

    /// Spend, on all or on one thing; each fact with the days that lie in the period.
    fn spend(&self, paid_for: Option<&str>) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        for (place, part) in days_of_spend(self.journeys, self.meaning, self.period, self.horizon) {
            let fact = &self.journeys.facts[place];
            if paid_for.is_some_and(|asked| fact.text("paid_for") != Some(asked)) {
                continue;
            }
            if let Some(last) = members.last_mut().filter(|last| last.fact == Some(place)) {
                if let Some((minor, _)) = &mut last.money {
                    *minor += part.minor;
                }
                continue;
            }
            members.push(Member {
                who: format!("{:x}", fact.id),
                is_part: true,
                money: spend::currency(fact).map(|currency| (part.minor, currency.to_owned())),
                seconds: None,
                number: None,
                at: part.at,
                pursuit: None,
                fact: Some(place),
            });
        }
        members
    }
}

/// What a deal's records last gave under a name by an instant. A newer version of a record without
/// it took it back. Where no version is of then, the first that gives one counts.
pub(super) fn told<'j>(
    journeys: &'j Journeys,
    meaning: &Meaning,
    (deal, name): (usize, &str),
    at: Option<i64>,
) -> Option<&'j Word> {
    let facts = &journeys.facts;
    let versions: Vec<&Said> = journeys.deals[deal]
        .versions
        .iter()
        .map(|place| &facts[*place])
        .collect();
    let holds = |fact: &&&Said| match (meaning.zone.begin(fact.when), at) {
        (Some(from), Some(at)) => from <= at,
        _ => true,
    };
    let known: Vec<&&Said> = versions.iter().filter(holds).collect();
    let record = |fact: &Said| (fact.source.clone(), fact.stream.clone(), fact.key);
    let mut asked = Vec::new();
    for fact in known.iter().rev() {
        if asked.contains(&record(fact)) {
            continue;
        }
        asked.push(record(fact));
        if let Some(word) = fact.more.get(name) {
            return Some(word);
        }
    }
    if !known.is_empty() {
        return None;
    }
    versions.iter().find_map(|fact| fact.more.get(name))
}

/// What was spent in a period, each fact day by day.
pub fn days_of_spend(
    journeys: &Journeys,
    meaning: &Meaning,
    period: Period,
    horizon: i64,
) -> Vec<(usize, spend::Part)> {
    let spent = spend::spent(&journeys.facts, meaning.zone, horizon);
    let facts = journeys.facts.iter().enumerate();
    let facts = facts.filter(|(_, fact)| fact.kind == FactKind::Spend);
    let parts = facts.flat_map(|(place, fact)| {
        let whole = spent.wholes.get(&place).copied().unwrap_or(0);
        let parts = spend::by_day(fact, whole, meaning.zone, horizon);
        parts.into_iter().map(move |part| (place, part))
    });
    parts
        .filter(|(_, part)| is_in(part.at.at, period))
        .collect()
}

/// One line per stay of the path that holds at an instant and is longer than its limit: its
/// service level, else what nine of ten that are over by then took, if ten are.
pub fn stale(journeys: &Journeys, meaning: &Meaning, stays: &[Stay], at: i64) -> Vec<String> {
    let zone = meaning.zone;
    let mut lines = Vec::new();
    for (number, step) in meaning.steps.iter().enumerate() {
        let mut over: Vec<i64> = Vec::new();
        for stay in stays.iter().filter(|stay| stay.step == number) {
            let mut visits = stay.members.iter();
            let is_real =
                visits.any(|(at, place)| !journeys.pursuits[*at].visits[*place].is_implied);
            let left = stay.left.filter(|left| is_real && left.at <= Some(at));
            over.extend(left.and_then(|left| seconds(zone, stay.entered.when, left.when)));
        }
        over.sort_unstable();
        let ninth = over.get((over.len() * 9).div_ceil(10).saturating_sub(1));
        let ninth = ninth.filter(|_| over.len() >= 10);
        for stay in stays
            .iter()
            .filter(|stay| stay.step == number && stay.holds(at))
        {
            let day = zone.day_of(stay.entered.when);
            let days = day.map(|day| i64::from(zone.day(at) - day));
            let is_stale = match (step.max_days, ninth) {
                _ if step.role.is_end() => false,
                (Some(most), _) => days.is_some_and(|days| days > most),
                (None, Some(ninth)) => {
                    let age = seconds(zone, stay.entered.when, Time::At(at));
                    age.is_some_and(|age| age > *ninth)
                }
                (None, None) => false,
            };
            if is_stale {
                lines.push(format!("{} {} {:?}", stay.unit, step.id, stay.entered.at));
            }
        }
    }
    lines
}

/// A rate: so many units of the second currency for one of the first, from a day on.
struct Quote {
    pair: (String, String),
    day: Option<i32>,
    rate: (i128, u32),
}

fn quotes(facts: &[Said], meaning: &Meaning) -> Vec<Quote> {
    let rates = facts.iter().filter(|fact| fact.kind == FactKind::Rate);
    let quote = |fact: &Said| {
        let (from, to) = (fact.text("from_currency")?, fact.text("to_currency")?);
        let rate = match fact.more.get("rate")? {
            Word::Decimal(units, scale) => (*units, *scale),
            Word::Int(whole) => (i128::from(*whole), 0),
            _ => return None,
        };
        if rate.0 <= 0 {
            return None;
        }
        Some(Quote {
            pair: (from.to_owned(), to.to_owned()),
            day: meaning.zone.day_of(fact.when),
            rate,
        })
    };
    rates.filter_map(quote).collect()
}

/// What amounts are worth in another currency.
pub(super) struct Prices {
    quotes: Vec<Quote>,
    has_rates: bool,
}

impl Prices {
    /// By the rates that facts tell.
    pub fn of(journeys: &Journeys, meaning: &Meaning) -> Prices {
        Prices {
            quotes: quotes(&journeys.facts, meaning),
            has_rates: meaning.rates_at_close.is_some(),
        }
    }

    /// By the latest quote by a day, of one day the last; a later inverse one is turned around.
    pub fn price(
        &self,
        (minor, own): &(i64, String),
        currency: &str,
        day: Option<i32>,
    ) -> Option<i128> {
        let latest = |from: &str, to: &str| {
            let quotes = self.quotes.iter();
            let of = quotes.filter(|quote| quote.pair == (from.into(), to.into()));
            of.filter(|quote| quote.day <= day)
                .max_by_key(|quote| quote.day)
        };
        match (latest(own, currency), latest(currency, own)) {
            _ if own == currency => Some(i128::from(*minor)),
            _ if !self.has_rates => None,
            (direct, Some(inverse)) if direct.is_none_or(|d| inverse.day > d.day) => {
                let (units, scale) = inverse.rate;
                Some(half_even(i128::from(*minor) * 10i128.pow(scale), units))
            }
            (Some(direct), _) => {
                let (units, scale) = direct.rate;
                Some(half_even(i128::from(*minor) * units, 10i128.pow(scale)))
            }
            (None, _) => None,
        }
    }
}

/// Won deals in one currency: each converted once, half to even, at the rate of its day.
pub fn revenue_in(
    journeys: &Journeys,
    meaning: &Meaning,
    currency: &str,
    period: Period,
) -> Vec<String> {
    let prices = Prices::of(journeys, meaning);
    let zone = meaning.zone;
    let mut lines = Vec::new();
    let mut sum = 0;
    for member in members(journeys, meaning, "revenue", (Unit::Deal, period, 0)) {
        // Deals stand in the order of their keys.
        let place = journeys
            .deals
            .binary_search_by(|deal| deal.key.cmp(&member.who));
        let Ok(place) = place else { continue };
        let Some((minor, own)) = &member.money else {
            continue;
        };
        let end = journeys.pursuits[journeys.of_deal[place]].end;
        let when = match meaning.rates_at_close {
            Some(true) => end.map_or(Time::Unknown, |end| end.moment.when),
            _ => journeys.deals[place].known_from.when,
        };
        let day = zone.day_of(when);
        let price = prices.price(&(*minor, own.clone()), currency, day);
        sum += price.unwrap_or(0);
        lines.push(format!("{} {price:?}", member.who));
    }
    lines.push(format!("sum {sum} {currency}"));
    lines.push(unusable(journeys, meaning, prices.quotes.len()));
    lines
}

/// How many rates are none; where no rate is used none is wrong.
fn unusable(journeys: &Journeys, meaning: &Meaning, usable: usize) -> String {
    let rates = journeys
        .facts
        .iter()
        .filter(|fact| fact.kind == FactKind::Rate);
    let all = meaning.rates_at_close.map_or(usable, |_| rates.count());
    format!("unusable rates {}", all - usable)
}

/// The nearest whole number; of two that are as near the even one.
pub fn half_even(over: i128, under: i128) -> i128 {
    let (floor, rest) = (over.div_euclid(under), over.rem_euclid(under));
    let is_up = 2 * rest > under || 2 * rest == under && floor % 2 != 0;
    floor + i128::from(is_up)
}
