//! An answer in one currency: which amounts were converted at which rates, and which have no price.
//! The rates themselves and their arithmetic are `kernels::rates`.

use std::cell::RefCell;
use std::collections::BTreeMap;

use handfast_kernels::metric;
use handfast_kernels::rates::{Priced, Rates};
use handfast_model::money::grouped;
use handfast_model::pricing::RatePolicy;
use handfast_model::{Currency, FactId, Instant, Issue, IssueCode, Money, When, many};

use super::ground::Ground;
use super::metric::deal_of;

/// How many rates the note under an answer spells out.
const RATES_NAMED: usize = 6;

/// Prices amounts in the asked currency and remembers what it did.
pub(super) struct Prices<'a> {
    ground: &'a Ground<'a>,
    /// The asked currency.
    pub to: Currency,
    rates: Rates,
    /// How many amounts took each quote.
    used: RefCell<BTreeMap<usize, u64>>,
}

impl<'a> Prices<'a> {
    /// Prices under the charter's policy.
    pub fn new(ground: &'a Ground<'a>, to: Currency) -> Prices<'a> {
        Prices {
            ground,
            to,
            rates: Rates::new(ground.snapshot, ground.charter),
            used: RefCell::default(),
        }
    }

    /// An amount in the asked currency, without a trace in the note. `anchor` is the close, or the
    /// instant looked at.
    pub fn show(&self, money: Money, deal: Option<u32>, anchor: When) -> Option<Money> {
        self.price(money, deal, anchor).map(|priced| priced.money)
    }

    /// The same, with its rates named in the note.
    pub fn take(&self, money: Money, deal: Option<u32>, anchor: When) -> Option<Money> {
        let priced = self.price(money, deal, anchor)?;
        let mut used = self.used.borrow_mut();
        for quote in priced.by.into_iter().flatten() {
            *used.entry(quote).or_insert(0) += 1;
        }
        Some(priced.money)
    }

    /// What a member of a metric counts with: the whole amount is priced, and weighed then.
    pub fn of_member(&self, member: &metric::Member) -> Option<Money> {
        let whole = match member.weight {
            Some((whole, _)) => whole,
            None => member.money?,
        };
        let deal = deal_of(member);
        let priced = self.take(whole, deal, self.looked_at(member, deal))?;
        match member.weight {
            Some((_, weight)) => Some(Money {
                minor: weight.of(priced.minor)?,
                ..priced
            }),
            None => Some(priced),
        }
    }

    /// The instant of which a member's amount is; of a deal's last known one its close, and while
    /// it is open the horizon.
    fn looked_at(&self, member: &metric::Member, deal: Option<u32>) -> When {
        match (member.valued, deal) {
            (Some(at), _) => When::At(at),
            (None, Some(deal)) => match self.ground.close_or(deal, None) {
                When::Unknown if self.is_open(deal) => {
                    When::At(Instant(self.ground.horizon.0.saturating_sub(1)))
                }
                closed => closed,
            },
            (None, None) => member.anchor.when,
        }
    }

    fn is_open(&self, deal: u32) -> bool {
        let deal = self.ground.journeys.deals.get(deal as usize);
        deal.is_some_and(|deal| deal.outcome.is_none())
    }

    fn price(&self, money: Money, deal: Option<u32>, anchor: When) -> Option<Priced> {
        let deal = deal.and_then(|deal| self.ground.journeys.deals.get(deal as usize));
        let calendar = &self.ground.charter.calendar;
        self.rates
            .price_of(money, self.to, (deal, anchor), calendar)
    }

    /// Rate facts that cannot be used.
    pub fn issues(&self) -> &[Issue] {
        &self.rates.issues
    }

    /// What the answer did with rates, in sentences.
    pub fn notes(&self) -> Vec<String> {
        let to = self.to;
        let Some(policy) = self.rates.policy() else {
            return vec![format!(
                "only amounts in {to}: the charter names no rates (charter/money.toml), so nothing \
                 was converted"
            )];
        };
        let undated = match policy {
            RatePolicy::Plan => "planned",
            RatePolicy::AtClose | RatePolicy::AtCreation => "undated",
        };
        let used = self.used.borrow();
        let mut named: Vec<String> = Vec::new();
        for (at, count) in used.iter().take(RATES_NAMED) {
            let Some(quote) = self.rates.quote(*at) else {
                continue;
            };
            let day = quote
                .day
                .map_or_else(|| undated.to_owned(), |day| day.to_string());
            let (of, against, rate) = (quote.of, quote.against, quote.rate);
            let count = grouped(&count.to_string());
            named.push(format!("1 {of} = {rate} {against} ({day}, for {count})"));
        }
        if used.len() > RATES_NAMED {
            let more = (used.len() - RATES_NAMED) as u64;
            named.push(format!("and {} more", many(more, "rate")));
        }
        let rates = match named.is_empty() {
            true => "no rate was needed".to_owned(),
            false => named.join("; "),
        };
        vec![format!(
            "in {to} {}, each amount once, then summed: {rates}",
            policy.means()
        )]
    }
}

/// An amount without a rate.
pub(super) fn not_priced(fact: Option<FactId>) -> Issue {
    let code = IssueCode::NotPriced;
    Issue { code, fact }
}
