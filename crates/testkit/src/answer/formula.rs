//! A metric of the catalogue as a reader checks it: each measure with its members, then what the
//! formula comes to.

use std::collections::BTreeSet;

use handfast_kernels::formula::{self, Fraction, Value};
use handfast_kernels::metric::{self, Member, Metric};
use handfast_kernels::velocity;
use handfast_model::catalogue::{BaseShape, Definition, Lag, Measure, Reads, Takes};
use handfast_model::{Currency, Decimal, Issue, Money, Question};

use super::Desk;
/// A day in seconds.
const DAY: i128 = 86_400;

impl Desk<'_> {
    /// The answer, where the catalogue has the metric.
    pub(super) fn formula(
        &self,
        name: &str,
        question: &Question,
    ) -> Option<Result<(String, Vec<Issue>), String>> {
        let found = self.world.charter.catalogue.find(name)?;
        let definition = found
            .with(&found.told_by(name))
            .ok_or(format!("ask {}", found.usage()));
        Some(definition.and_then(|definition| self.worked_out(name, &definition, question)))
    }

    fn worked_out(
        &self,
        name: &str,
        definition: &Definition,
        question: &Question,
    ) -> Result<(String, Vec<Issue>), String> {
        let (mut text, mut issues, mut measured) = (String::new(), Vec::new(), Vec::new());
        for one in &definition.measures {
            if one.filter.is_some() || question.currency.is_some() {
                return Err("conditions and rates are asked of a book".to_owned());
            }
            let (question, note) = self.lagged(one, question)?;
            let (said, wrong) = self.metric(&one.of(&[]), &question)?;
            let of = one.of(&[]);
            let figure = said.strip_prefix(&of).ok_or("no figure")?;
            let takes = match one.takes {
                Takes::Itself => "",
                Takes::Count => ", how many",
                Takes::Amounts => ", how many have an amount",
                Takes::Median => ", the median",
                Takes::Sum => ", added up",
            };
            let named = match of == one.name {
                true => String::new(),
                false => format!("{} = ", one.name),
            };
            text.push_str(&format!("{named}{of}{takes}{note}{figure}"));
            issues.extend(wrong);
            measured.push(self.members(one, &question));
        }
        issues.sort_unstable();
        issues.dedup();
        let money = definition.measures.iter().zip(&measured);
        let money = money
            .filter(|(one, _)| one.has_currency())
            .flat_map(|(_, members)| members);
        let currencies = money
            .filter_map(|member| member.money)
            .map(|money| money.currency);
        let currencies: BTreeSet<Currency> = currencies.collect();
        let rows: Vec<Option<Currency>> = match currencies.is_empty() {
            true => vec![self.world.charter.currency],
            false => currencies.into_iter().map(Some).collect(),
        };
        for currency in rows {
            let operands = definition.measures.iter().zip(&measured);
            let operands = operands.map(|(one, members)| operand(one, members, currency));
            let operands: Vec<Option<Fraction>> = operands.collect();
            let value = formula::value(&definition.formula, &operands);
            let shown = value.and_then(|value| shown(definition.reads, value, currency));
            let shown = shown.unwrap_or("no value".to_owned());
            text.push_str(&format!("{name} = {} = {shown}\n", definition.text));
        }
        Ok((text, issues))
    }

    /// The question for an earlier period, and how much earlier.
    fn lagged(&self, one: &Measure, question: &Question) -> Result<(Question, String), String> {
        let mut own = question.clone();
        own.unit = one.unit.unwrap_or(question.unit);
        let days = match &one.lag {
            None => return Ok((own, String::new())),
            Some(Lag::Days(days)) => i32::try_from(*days).map_err(|_| "too many days")?,
            Some(Lag::Median(of)) => {
                let members = self.all(of, &own);
                let times = members.iter().filter_map(|member| member.elapsed);
                let twice = velocity::summary(times)
                    .median_twice_seconds
                    .ok_or("no median")?;
                let days =
                    Fraction::new(i128::from(twice), 2 * DAY).and_then(|days| days.rounded(1));
                days.and_then(|days| i32::try_from(days).ok())
                    .ok_or("no median")?
            }
        };
        let earlier = |(from, until): (handfast_model::Day, handfast_model::Day)| {
            (from.plus(-days), until.plus(-days))
        };
        own.period = question.period.map(earlier);
        Ok((own, format!(", {days} days earlier")))
    }

    fn members(&self, one: &Measure, question: &Question) -> Vec<Member> {
        self.all(&one.of(&[]), question)
    }

    fn all(&self, of: &str, question: &Question) -> Vec<Member> {
        let Some(metric) = Metric::parse(of) else {
            return Vec::new();
        };
        let scope = self.scope(of, question);
        metric::measure(metric, self.world, self.journeys, &scope).members
    }
}

/// What a measure comes to, in one currency where it is money.
fn operand(one: &Measure, members: &[Member], currency: Option<Currency>) -> Option<Fraction> {
    let count = |of: usize| Some(Fraction::whole(of as i128));
    let part = || members.iter().filter(|member| member.is_part);
    let minor = |all: &mut dyn Iterator<Item = &Member>| {
        let money = all.filter_map(|member| member.money);
        let money = money.filter(|money| Some(money.currency) == currency);
        money
            .map(|money| i128::from(money.minor))
            .collect::<Vec<_>>()
    };
    let sum = |amounts: Vec<i128>| amounts.iter().sum::<i128>();
    match (one.takes, one.base.shape) {
        (Takes::Count, _) => count(members.len()),
        (Takes::Amounts, _) => count(minor(&mut part()).len()),
        (_, BaseShape::Count) => count(part().count()),
        (_, BaseShape::Share) => Fraction::new(part().count() as i128, members.len() as i128),
        (_, BaseShape::Sum) => {
            let amounts = minor(&mut part());
            let is_told = !amounts.is_empty() || !one.base.is_of_records();
            is_told.then(|| Fraction::whole(sum(amounts)))
        }
        (_, BaseShape::MeanMoney) => {
            let amounts = minor(&mut part());
            let many = amounts.len() as i128;
            Fraction::new(sum(amounts), many)
        }
        (_, BaseShape::ShareOfMoney) => {
            Fraction::new(sum(minor(&mut part())), sum(minor(&mut members.iter())))
        }
        (_, BaseShape::Total) => {
            let numbers = members.iter().filter_map(|member| member.number);
            Some(Fraction::whole(numbers.map(i128::from).sum()))
        }
        (takes, BaseShape::Days | BaseShape::Hours) => {
            let unit = match one.base.shape {
                BaseShape::Hours => 3_600,
                _ => DAY,
            };
            let times = velocity::summary(members.iter().filter_map(|member| member.elapsed));
            match takes {
                Takes::Median => Fraction::new(i128::from(times.median_twice_seconds?), 2 * unit),
                Takes::Sum => Fraction::new(i128::from(times.sum_seconds), unit),
                _ => Fraction::new(
                    i128::from(times.sum_seconds),
                    i128::from(times.count) * unit,
                ),
            }
        }
    }
}

/// A value in words; nothing over nothing.
fn shown(reads: Reads, value: Value, currency: Option<Currency>) -> Option<String> {
    let money = |minor: i128| {
        let money = Money {
            minor: i64::try_from(minor).ok()?,
            currency: currency?,
        };
        Some(money.to_string())
    };
    let decimal = || {
        let units = value.number()?.rounded(1_000_000)?;
        Some(Decimal { units, scale: 6 }.to_string())
    };
    let rounded = || value.number()?.rounded(1);
    let is_money = matches!(
        reads,
        Reads::Money | Reads::MeanMoney | Reads::MoneyEach | Reads::MoneyPerDay
    );
    let shown = match value {
        _ if is_money => money(rounded()?)?,
        _ if reads == Reads::Count => rounded()?.to_string(),
        _ => decimal()?,
    };
    Some(match value {
        Value::Quotient { part, whole } if reads == Reads::MoneyShare => {
            format!("{} of {} = {shown}", money(part)?, money(whole)?)
        }
        Value::Quotient { part, whole } if reads == Reads::MeanMoney => {
            format!("{} over {whole} = {shown}", money(part)?)
        }
        Value::Quotient { part, whole } => format!("{part} of {whole} = {shown}"),
        Value::Number(_) if reads == Reads::Days => format!("{shown} days"),
        Value::Number(_) if reads == Reads::Hours => format!("{shown} hours"),
        Value::Number(_) => shown,
    })
}
