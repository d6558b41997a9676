//! What was spent, fact by fact, with the numbers that ad networks tell beside it.
//!
//! A fact that says `until`, the first day after, or its `last_day`, is for the days up to it, and
//! is spread over them; of a period it counts with the days that lie in it. A fact that
//! `includes_children` is the total of a campaign: of its amount, and of each number beside it,
//! only the rest counts that the campaigns below it do not tell themselves.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;
use handfast_model::id::Sym;
use handfast_model::{Currency, Day, Fact, Instant, Issue, IssueCode, Money, Value, When, limits};

use super::{Book, Counted, Measured, Member, member};
use crate::campaigns::Campaigns;
use crate::journey::{Moment, ahead_from};
use crate::spread::{Days, Spread};

/// What spend pays for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PaidFor {
    /// Ads, stands, sponsoring.
    Media,
    /// Software.
    Tool,
    /// People, ours or an agency's.
    Labour,
    /// Events.
    Event,
}

impl PaidFor {
    /// All of them.
    pub const ALL: [PaidFor; 4] = [
        PaidFor::Media,
        PaidFor::Tool,
        PaidFor::Labour,
        PaidFor::Event,
    ];

    /// The word used in packs and questions.
    pub fn word(self) -> &'static str {
        match self {
            PaidFor::Media => "media",
            PaidFor::Tool => "tool",
            PaidFor::Labour => "labour",
            PaidFor::Event => "event",
        }
    }

    /// Reads the word.
    pub fn parse(word: &str) -> Option<PaidFor> {
        PaidFor::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What a question means by a word: one of them, or a programme's media and events.
    pub fn asked(word: &str) -> Option<&'static [PaidFor]> {
        match word {
            "media" => Some(&[PaidFor::Media]),
            "tool" => Some(&[PaidFor::Tool]),
            "labour" => Some(&[PaidFor::Labour]),
            "event" => Some(&[PaidFor::Event]),
            "programme" => Some(&[PaidFor::Media, PaidFor::Event]),
            _ => None,
        }
    }
}

/// A spend fact and the days that it is for.
struct Paid<'a> {
    place: u32,
    fact: &'a Fact,
    /// `None`: without a date, or of one instant.
    days: Option<Days>,
    /// Of these, those that have come.
    come: Option<Days>,
    /// Whether any of it has.
    has_come: bool,
}

/// A number that a fact says, of a currency perhaps.
type Told = (i64, Option<Currency>);

/// What spend facts say, by name.
struct Words {
    amount: Option<Sym>,
    until: Option<Sym>,
    last_day: Option<Sym>,
    paid_for: Option<Sym>,
    includes: Option<Sym>,
}

impl Book<'_> {
    /// What was spent, on all or on one thing.
    pub(super) fn spend(&self, paid_for: Option<&[PaidFor]>) -> Measured {
        let words = self.words();
        let (paid, mut issues) = self.paid(&words);
        let told = |fact: &Fact| {
            let money = money(fact, words.amount)?;
            Some((money.minor, Some(money.currency)))
        };
        let rests = self.rests(&words, &paid, &told, &mut issues);
        let names = &self.world.snapshot.names;
        let is_asked = |said: Option<Sym>| match paid_for {
            None => true,
            Some(asked) => said.is_some_and(|said| {
                let said = PaidFor::parse(names.text(said));
                said.is_some_and(|said| asked.contains(&said))
            }),
        };
        let mut measured = Measured {
            members: Vec::new(),
            issues,
        };
        for one in &paid {
            let said = words.paid_for.and_then(|name| one.fact.text(name));
            if !is_asked(said) {
                continue;
            }
            let money = money(one.fact, words.amount).map(|money| Money {
                minor: rests.get(&one.place).copied().unwrap_or(money.minor),
                ..money
            });
            let whole = money.map_or(0, |money| money.minor);
            let Some((found, part)) = self.counted(one, whole) else {
                continue;
            };
            let money = money.map(|money| Money {
                minor: part,
                ..money
            });
            measured.add(found, money, || Some(one.fact.id));
        }
        measured
    }

    /// A whole number that the networks tell beside what was spent.
    pub(super) fn spend_numbers(&self, name: &str) -> Measured {
        let name = self.world.snapshot.names.find(name);
        let words = self.words();
        let (paid, mut issues) = self.paid(&words);
        let told = |fact: &Fact| match fact.attribute(name?)? {
            Value::Int(whole) => Some((*whole, None)),
            _ => None,
        };
        let rests = self.rests(&words, &paid, &told, &mut issues);
        let numbered = paid.iter().filter_map(|one| {
            let (whole, _) = told(one.fact)?;
            let whole = rests.get(&one.place).copied().unwrap_or(whole);
            let (found, part) = self.counted(one, whole)?;
            let number = Some(part);
            Some(Member { number, ..found })
        });
        Measured {
            members: numbered.collect(),
            issues,
        }
    }

    fn words(&self) -> Words {
        let find = |name: &str| self.world.snapshot.names.find(name);
        Words {
            amount: find("amount"),
            until: find("until"),
            last_day: find("last_day"),
            paid_for: find("paid_for"),
            includes: find("includes_children"),
        }
    }

    /// All spend facts, and what is wrong with them; journeys, which know no spend, do not tell.
    fn paid(&self, words: &Words) -> (Vec<Paid<'_>>, Vec<Issue>) {
        let names = &self.world.snapshot.names;
        let mut issues = Vec::new();
        let mut paid = Vec::new();
        for (place, fact) in (0u32..).zip(&self.world.snapshot.facts) {
            if fact.kind != FactKind::Spend {
                continue;
            }
            let mut tell = |code| {
                let fact = Some(fact.id);
                issues.push(Issue { code, fact });
            };
            let word = words.paid_for.and_then(|name| fact.text(name));
            if word.is_some_and(|word| PaidFor::parse(names.text(word)).is_none()) {
                tell(IssueCode::PaidForOther);
            }
            let days = self.days(words, fact).unwrap_or_else(|first| {
                tell(IssueCode::SpendDays);
                Some(Days::one(first))
            });
            let ahead = ahead_from(fact, self.world.horizon);
            let come = days.and_then(|days| days.both(self.before(ahead)));
            let is_ahead = match days {
                Some(days) => come != Some(days),
                None => self.start(fact).at.is_some_and(|at| at >= ahead),
            };
            match fact.happened {
                When::Unknown => tell(IssueCode::Undated),
                _ if is_ahead => tell(IssueCode::Ahead),
                _ => {}
            }
            paid.push(Paid {
                place,
                fact,
                days,
                come,
                has_come: come.is_some() || days.is_none() && !is_ahead,
            });
        }
        (paid, issues)
    }

    fn start(&self, fact: &Fact) -> Moment {
        Moment::start(fact.happened, &self.world.charter.calendar)
    }

    /// The days that a fact is for; its first alone where it ends before it begins, or never.
    fn days(&self, words: &Words, fact: &Fact) -> Result<Option<Days>, Day> {
        let calendar = &self.world.charter.calendar;
        let said = |name: Option<Sym>| name.and_then(|name| fact.attribute(name));
        let until = match said(words.until) {
            Some(Value::Day(until)) => Some(*until),
            Some(Value::At(until)) => {
                Some(calendar.day_of(Instant(until.0.saturating_sub(1))).plus(1))
            }
            _ => match said(words.last_day) {
                Some(Value::Day(last)) => Some(last.plus(1)),
                Some(Value::At(last)) => Some(calendar.day_of(*last).plus(1)),
                _ => None,
            },
        };
        let from = match fact.happened {
            When::Unknown => return Ok(None),
            When::Day(day) => day,
            When::At(_) if until.is_none() => return Ok(None),
            When::At(at) => calendar.day_of(at),
        };
        let until = until.unwrap_or(from.plus(1));
        let days = Days { from, until };
        match (1..=i64::from(limits::SPEND_DAYS)).contains(&days.count()) {
            true => Ok(Some(days)),
            false => Err(from),
        }
    }

    /// The days that start before an instant.
    fn before(&self, at: Instant) -> Days {
        let last = self
            .world
            .charter
            .calendar
            .day_of(Instant(at.0.saturating_sub(1)));
        Days {
            from: Day(i32::MIN),
            until: last.plus(1),
        }
    }

    /// A fact as it counts in the period, with what of a whole falls to it.
    fn counted(&self, one: &Paid<'_>, whole: i64) -> Option<(Member, i64)> {
        let (from, until) = (self.scope.from, self.scope.until);
        let anchor = self.start(one.fact);
        let found = Member {
            fact: Some(one.place),
            ..member(Counted::Fact(one.place), None, anchor)
        };
        let (Some(days), Some(come)) = (one.days, one.come) else {
            let counts = one.has_come && self.is_in(anchor);
            return counts.then_some((found, whole));
        };
        let from = from.map_or(Day(i32::MIN), |from| self.before(from).until);
        let until = until.map_or(Day(i32::MAX), |until| self.before(until).until);
        let counted = come.both(Days { from, until })?;
        let calendar = &self.world.charter.calendar;
        let anchor = match counted.from == days.from {
            true => anchor,
            false => Moment::start(When::Day(counted.from), calendar),
        };
        let spread = Spread { whole, days };
        let found = Member {
            anchor,
            spread: Some((spread, counted)),
            ..found
        };
        Some((found, spread.part(counted)))
    }

    /// What each total of a campaign leaves beside what the campaigns below it tell themselves, by
    /// fact, the lowest campaigns first: an *other* of nought or more, or of a total below nought,
    /// of nought or less.
    fn rests(
        &self,
        words: &Words,
        paid: &[Paid<'_>],
        told: &dyn Fn(&Fact) -> Option<Told>,
        issues: &mut Vec<Issue>,
    ) -> BTreeMap<u32, i64> {
        let is_total = |one: &&Paid<'_>| {
            let said = words.includes.and_then(|name| one.fact.attribute(name));
            one.fact.campaign.is_some() && said == Some(&Value::Bool(true))
        };
        let mut totals: Vec<&Paid<'_>> = paid.iter().filter(is_total).collect();
        let mut rests = BTreeMap::new();
        if totals.is_empty() {
            return rests;
        }
        let tree = Campaigns::of(self.world);
        issues.extend_from_slice(&tree.issues);
        let mut of: BTreeMap<Sym, Vec<&Paid<'_>>> = BTreeMap::new();
        for one in paid {
            if let Some(campaign) = one.fact.campaign {
                of.entry(campaign).or_default().push(one);
            }
        }
        let depth = |one: &&Paid<'_>| one.fact.campaign.map_or(0, |at| tree.above(at).count());
        totals.sort_by_key(|one| std::cmp::Reverse(depth(one)));
        for total in totals {
            let Some((campaign, (all, currency))) = total.fact.campaign.zip(told(total.fact))
            else {
                continue;
            };
            let below = tree.below(campaign).into_iter();
            let below = below.filter_map(|one| of.get(&one)).flatten();
            let parts = below.filter_map(|one| {
                let (whole, own) = told(one.fact)?;
                let whole = rests.get(&one.place).copied().unwrap_or(whole);
                Some((self.within(one, whole, total), own == currency))
            });
            let (own, others): (Vec<_>, Vec<_>) = parts.partition(|(_, is_own)| *is_own);
            let parts: i128 = own.iter().map(|(part, _)| i128::from(*part)).sum();
            let has_others = others.iter().any(|(part, _)| *part != 0);
            let rest = i128::from(all) - parts;
            let is_less = if all < 0 { rest > 0 } else { rest < 0 };
            let fact = Some(total.fact.id);
            let mut tell = |code| issues.push(Issue { code, fact });
            if is_less {
                tell(IssueCode::PartsExceedTotal);
            }
            if has_others {
                tell(IssueCode::PartsOtherCurrency);
            }
            let rest = if is_less { 0 } else { rest };
            let edge = if rest < 0 { i64::MIN } else { i64::MAX };
            rests.insert(total.place, i64::try_from(rest).unwrap_or(edge));
        }
        rests
    }

    /// What of a fact falls to the days of a total, or to the day of its instant; all of it where
    /// the total has no date.
    fn within(&self, one: &Paid<'_>, whole: i64, total: &Paid<'_>) -> i64 {
        let day = |paid: &Paid<'_>| paid.fact.happened.day(&self.world.charter.calendar);
        let Some(asked) = total.days.or(day(total).map(Days::one)) else {
            return whole;
        };
        let days = one.days.or(day(one).map(Days::one));
        days.map_or(0, |days| Spread { whole, days }.part(asked))
    }
}

fn money(fact: &Fact, amount: Option<Sym>) -> Option<Money> {
    match amount.and_then(|name| fact.attribute(name)) {
        Some(Value::Money(money)) => Some(*money),
        _ => None,
    }
}
