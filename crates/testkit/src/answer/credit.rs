//! Credit as a reader checks it: each deal with its touches, and what each model gives to each.

use std::collections::BTreeSet;

use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::trails::{DealTrail, Trails};
use handfast_kernels::metric::{Counted, Scope};
use handfast_model::credit::{CreditModel, Credited, ModelKind};
use handfast_model::question::Unit;
use handfast_model::{Money, When};

use super::Desk;
use crate::table::lay_out;

impl Desk<'_> {
    pub(super) fn credit(&self, of: Credited, models: &[String]) -> Result<String, String> {
        let attribution = &self.world.charter.attribution;
        let shown = &attribution.shown;
        let find = |name: &String| {
            let known = attribution.model(name);
            known.ok_or(format!("{name}: no such model"))
        };
        let models: Vec<CreditModel> = match models.is_empty() {
            true => shown.clone(),
            false => models.iter().map(find).collect::<Result<_, _>>()?,
        };
        let scope = Scope {
            from: None,
            until: None,
            unit: Unit::Deal,
            step: None,
        };
        let mut header = vec!["deal".to_owned(), "touch".to_owned(), "channel".to_owned()];
        header.extend(models.iter().map(|model| model.name.clone()));
        let mut rows = vec![header];
        for trail in Trails::new(self.world, self.journeys).of_deals(of, &scope) {
            self.trail(&trail, &models, &mut rows)?;
        }
        Ok(lay_out(&rows, ""))
    }

    fn trail(
        &self,
        trail: &DealTrail,
        models: &[CreditModel],
        rows: &mut Vec<Vec<String>>,
    ) -> Result<(), String> {
        let Counted::Deal(deal) = trail.member.counted else {
            return Err("credit is of deals".to_owned());
        };
        let names = &self.ledger.snapshot.names;
        let key = self
            .journeys
            .deals
            .get(deal as usize)
            .map_or("", |deal| names.text(deal.key));
        let money = trail.member.money.ok_or(format!("{key} has no amount"))?;
        let mut first = vec![key.to_owned(), format!("{} touches", trail.touches.len())];
        first.push(money.to_string());
        rows.push(first);
        let shares: Vec<Vec<Money>> = models
            .iter()
            .map(|model| self.shares(model.kind, trail, money))
            .collect();
        let lines = trail.touches.len().max(1);
        for line in 0..lines {
            let touch = trail.touches.get(line);
            let mut cells = vec![String::new()];
            cells.extend(match touch {
                Some(touch) => [self.moment_of(*touch), self.channel_of(*touch)],
                None => ["no touch".to_owned(), "unknown".to_owned()],
            });
            cells.extend(shares.iter().map(|shares| {
                shares.get(line).map_or(String::new(), |share| {
                    let text = share.to_string();
                    text.split(' ').next().unwrap_or_default().to_owned()
                })
            }));
            rows.push(cells);
        }
        Ok(())
    }

    fn shares(&self, kind: ModelKind, trail: &DealTrail, money: Money) -> Vec<Money> {
        if kind == ModelKind::Participation {
            let touches: BTreeSet<u32> = trail.touches.iter().copied().collect();
            return touches.iter().map(|_| money).collect();
        }
        let Some(rule) = Rule::of(kind) else {
            return Vec::new();
        };
        let direct = &self.world.charter.attribution.direct;
        let mut weights = Vec::new();
        let seen = trail.seen(|touch| direct.contains(&self.channel_of(touch)));
        rule.weigh(seen.trail(), &mut weights);
        money.share_out(&weights).unwrap_or_else(|| vec![money])
    }

    fn moment_of(&self, touch: u32) -> String {
        let fact = self.ledger.snapshot.facts.get(touch as usize);
        match fact.map(|fact| fact.happened) {
            Some(When::Day(day)) => day.to_string(),
            Some(When::At(at)) => at.to_string(),
            _ => "?".to_owned(),
        }
    }

    fn channel_of(&self, touch: u32) -> String {
        let names = &self.ledger.snapshot.names;
        let fact = self.ledger.snapshot.facts.get(touch as usize);
        let channel = names.find("channel").and_then(|name| fact?.text(name));
        channel.map_or("–".to_owned(), |channel| names.text(channel).to_owned())
    }
}
