//! What the brand has a part in, as far as touches tell: how pursuits came, and how deals went of
//! buyers whom it had touched before sales did. Which touches those are, the charter says, of one
//! touch by itself. What the brand brought about is not told: whom it touched was not drawn by lot.

use std::collections::HashMap;

use handfast_model::evaluate::holds;
use handfast_model::fact::address;
use handfast_model::rules::{self, Evaluated, Expr, Side, StepRole, Subject};
use handfast_model::{Calendar, Fact, Instant, Names, Sym};

use super::{Book, Measured, Member, Metric, closed, member, won};
use crate::journey::{Buyer, Deal, Moment, contacts};
use crate::quick::Quick;
use crate::velocity::elapsed;

impl Book<'_> {
    /// The members of a measure of the brand; none where the charter does not say what it is.
    pub(super) fn of_brand(&self, metric: Metric) -> Measured {
        let brand = &self.world.charter.brand;
        let mut direct = Touches::new(self, brand.direct.as_ref());
        let mut branded = Touches::new(self, brand.branded.as_ref());
        match metric {
            Metric::BrandOpening => self.opened(|fact| direct.are(fact) || branded.are(fact)),
            Metric::DirectOpening => self.opened(|fact| direct.are(fact)),
            Metric::BrandedOpening => self.opened(|fact| branded.are(fact) && !direct.are(fact)),
            Metric::WinRateBrandFirst => self.closed_of(true),
            Metric::WinRateNotBrandFirst => self.closed_of(false),
            Metric::CycleBrandFirst => self.cycles_of(true),
            Metric::CycleNotBrandFirst => self.cycles_of(false),
            _ => Measured::default(),
        }
    }

    /// Pursuits that were opened in the period and have an opening touch; the part came by a touch
    /// of some kind.
    fn opened(&self, mut is_part: impl FnMut(&Fact) -> bool) -> Measured {
        let pursuits = (0u32..).zip(&self.journeys.pursuits);
        let members = pursuits.filter_map(|(index, pursuit)| {
            let touch = pursuit.entry_touch?;
            let fact = self.world.snapshot.facts.get(touch as usize)?;
            let counted = self.stands_for(index, pursuit)?;
            self.is_in(pursuit.opened).then(|| Member {
                is_part: is_part(fact),
                fact: Some(touch),
                ..member(counted, Some(index), pursuit.opened)
            })
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// Deals won or lost whose buyer the brand had touched before sales did, or all others; won
    /// ones are the part.
    fn closed_of(&self, is_first: bool) -> Measured {
        let firsts = self.brand_firsts();
        let deals = self.closed_deals(&closed);
        let asked =
            deals.filter(|(_, deal, at)| self.is_brand_first(&firsts, deal, *at) == is_first);
        let members = asked.map(|(found, deal, _)| Member {
            is_part: deal.outcome == Some(StepRole::Won),
            ..found
        });
        Measured {
            members: members.collect(),
            issues: Vec::new(),
        }
    }

    /// Won deals of such buyers, with the time since their creation.
    fn cycles_of(&self, is_first: bool) -> Measured {
        let firsts = self.brand_firsts();
        let calendar = &self.world.charter.calendar;
        let deals = self.closed_deals(&won);
        let asked =
            deals.filter(|(_, deal, at)| self.is_brand_first(&firsts, deal, *at) == is_first);
        let timed = asked.map(|(found, deal, closed)| Member {
            elapsed: elapsed(deal.created.when, closed.when, calendar),
            ..found
        });
        Measured {
            members: timed.filter(|one| one.elapsed.is_some()).collect(),
            issues: Vec::new(),
        }
    }

    /// Whether a deal's buyer was touched by the brand before the close, and by sales never before
    /// that.
    fn is_brand_first(
        &self,
        firsts: &HashMap<Buyer, Instant>,
        deal: &Deal,
        closed: Moment,
    ) -> bool {
        let pursuit = self.pursuit(deal.pursuit);
        let first = pursuit.and_then(|pursuit| firsts.get(&pursuit.buyer));
        let until = closed.when.end(&self.world.charter.calendar);
        // A win of an unknown day is after what is dated, for all that is known.
        first.is_some_and(|first| until.is_none_or(|until| *first <= until))
    }

    /// When the brand first touched each buyer whom sales had not touched before. Touches without a
    /// date are before nothing.
    fn brand_firsts(&self) -> HashMap<Buyer, Instant> {
        let mut activity = Touches::new(self, self.world.charter.brand.activity.as_ref());
        let mut firsts = HashMap::new();
        for (buyer, mut touches) in contacts(self.world) {
            touches.retain(|touch| touch.claimed.is_some());
            touches.sort_by_key(|touch| (touch.claimed, touch.fact));
            for touch in touches {
                let fact = self.world.snapshot.facts.get(touch.fact as usize);
                let (Some(fact), Some(at)) = (fact, touch.claimed) else {
                    continue;
                };
                if self.is_by_sales(fact) {
                    break;
                }
                if activity.are(fact) {
                    firsts.insert(buyer, at);
                    break;
                }
            }
        }
        firsts
    }

    fn is_by_sales(&self, fact: &Fact) -> bool {
        let names = &self.world.snapshot.names;
        let said = names.find("team").and_then(|team| fact.text(team));
        said.is_some_and(|said| names.text(said) == Side::Sales.word())
    }
}

/// Touches of some kind, by a rule over one touch; without a rule there are none.
struct Touches<'a> {
    rule: Option<&'a Expr>,
    names: &'a Names,
    calendar: &'a Calendar,
    /// What was said of attributes before, by where they lie: many touches share them.
    known: Quick<usize, bool>,
}

impl<'a> Touches<'a> {
    fn new(book: &Book<'a>, rule: Option<&'a Expr>) -> Touches<'a> {
        Touches {
            rule,
            names: &book.world.snapshot.names,
            calendar: &book.world.charter.calendar,
            known: Quick::default(),
        }
    }

    fn are(&mut self, fact: &Fact) -> bool {
        let Some(rule) = self.rule else { return false };
        let (names, calendar) = (self.names, self.calendar);
        let one = One {
            fact,
            names,
            calendar,
        };
        let known = self.known.entry(address(&fact.attributes));
        *known.or_insert_with(|| holds(rule, &one))
    }
}

/// One touch, as a rule sees it.
struct One<'a> {
    fact: &'a Fact,
    names: &'a Names,
    calendar: &'a Calendar,
}

impl rules::Moment for One<'_> {
    fn attribute(&self, subject: Subject, name: &str) -> Option<Evaluated> {
        let name = self
            .names
            .find(name)
            .filter(|_| subject == Subject::Touch)?;
        let value = self.fact.attribute(name)?;
        let text = |sym: Sym| self.names.text(sym).to_owned();
        Some(Evaluated::from_value(value, text))
    }

    /// Charters refuse a rule over one touch that counts others.
    fn touches(&self, _: Option<&str>, _: Option<u32>) -> u64 {
        0
    }

    fn calendar(&self) -> &Calendar {
        self.calendar
    }
}
