//! A difference between two moments of knowing as a reader checks it: a sum of money with the facts
//! of one cause after another.

use handfast_kernels::causes::{Cause, differing};
use handfast_kernels::identity;
use handfast_kernels::journey::{self, World};
use handfast_kernels::metric::{self, Metric};
use handfast_model::fact::Fact;
use handfast_model::order::{Clock, order_of};
use handfast_model::question::{Against, AsOf, QuestionKind};
use handfast_model::{Charter, Currency, Instant, Money, Question};

use super::{Desk, horizon, read};
use crate::ledger::Ledger;
use crate::table::lay_out;

/// The answer, where a change since an earlier moment is asked for.
pub(super) fn answer(
    ledger: &Ledger,
    charter: &Charter,
    (ask, now): (&str, Instant),
) -> Option<Result<String, String>> {
    let question = read(&charter.calendar, ask).ok()?;
    let QuestionKind::Change { metric, against } = &question.kind else {
        return None;
    };
    let Against::Since(AsOf::Seq(since)) = against else {
        return None;
    };
    let Some(currency) = question.currency else {
        return Some(Err("a change here is of money in one currency".to_owned()));
    };
    let desk = Since {
        now: ledger,
        then: &ledger.as_of(*since, &charter.calendar),
        charter,
        question: &question,
    };
    let metric = Metric::parse(metric).ok_or("no such metric".to_owned());
    Some(metric.map(|metric| desk.told(metric, currency, now)))
}

struct Since<'a> {
    now: &'a Ledger,
    then: &'a Ledger,
    charter: &'a Charter,
    question: &'a Question,
}

impl Since<'_> {
    fn told(&self, metric: Metric, currency: Currency, now: Instant) -> String {
        let calendar = &self.charter.calendar;
        let then = horizon(self.then);
        let (old, new) = (&self.then.snapshot, &self.now.snapshot);
        let found = differing(old, new, (then, calendar), &|_| false);
        let money = |minor| Money { minor, currency }.to_string();
        let first = self.sum(metric, old.facts.clone(), then);
        let mut rows = vec![vec!["then".to_owned(), String::new(), money(first)]];
        let (mut facts, mut last) = (old.facts.clone(), first);
        for cause in Cause::ALL {
            let added = found.added.get(&cause).into_iter().flatten();
            let added = added.filter_map(|place| new.facts.get(*place as usize));
            let added: Vec<Fact> = added.cloned().collect();
            if added.is_empty() && (cause != Cause::NewEvents || then == now) {
                continue;
            }
            facts.extend(added.iter().cloned());
            let sum = self.sum(metric, facts.clone(), now);
            let mut row = vec![cause.word().to_owned(), money(sum - last), money(sum)];
            let lines = added.iter().map(|fact| self.now.line(fact.id).to_owned());
            row.push(lines.collect::<Vec<_>>().join("; "));
            rows.push(row);
            last = sum;
        }
        rows.push(vec!["now".to_owned(), money(last - first), money(last)]);
        lay_out(&rows, "")
    }

    /// The metric's money on some facts, in minor units.
    fn sum(&self, metric: Metric, mut facts: Vec<Fact>, horizon: Instant) -> i64 {
        let names = &self.now.snapshot.names;
        let order = order_of(
            &facts,
            names,
            &mut Clock::new(&self.charter.calendar, names),
        );
        let at = |at: &u32| facts.get(*at as usize).cloned();
        facts = order.iter().filter_map(at).collect();
        let mut ledger = self.now.clone();
        ledger.snapshot.facts = facts;
        let who = identity::resolve(&ledger.snapshot, &self.charter.identity);
        identity::apply(&mut ledger.snapshot, &who);
        let world = World {
            snapshot: &ledger.snapshot,
            charter: self.charter,
            horizon,
        };
        let desk = Desk {
            ledger: &ledger,
            world: &world,
            journeys: &journey::derive(&world),
        };
        let scope = desk.scope("", self.question);
        let mut found = metric::measure(metric, &world, desk.journeys, &scope);
        desk.price(&mut found, self.question);
        let money = found.members.iter().filter_map(|member| member.money);
        money.map(|money| money.minor).sum()
    }
}
