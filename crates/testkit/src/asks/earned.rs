//! Who gets the credit, as the kernels say.

use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::trails::{DealTrail, Trails};
use handfast_kernels::metric::{Counted, Scope};
use handfast_model::credit::{Credited, ModelKind};
use handfast_model::question::Unit;
use handfast_model::{Instant, Money};

use super::product::Product;
use crate::truth::credit::{Asked, MODELS};

impl Product<'_> {
    pub(super) fn credit(&self, asked: Asked) -> Vec<String> {
        let of = match asked.is_won {
            true => Credited::Won,
            false => Credited::Open,
        };
        let scope = Scope {
            from: asked.period.map(|(from, _)| Instant(from)),
            until: asked.period.map(|(_, until)| Instant(until)),
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let world = self.world();
        let trails = Trails::new(&world, self.journeys);
        let mut lines = Vec::new();
        for trail in trails.of_deals(of, &scope) {
            let Counted::Deal(deal) = trail.member.counted else {
                lines.push("credit of no deal".to_owned());
                continue;
            };
            let who = self.text(self.journeys.deals[deal as usize].key);
            let money = trail.member.money;
            let touches: Vec<String> = trail.touches.iter().map(|at| self.fact(*at)).collect();
            lines.push(format!(
                "{who} {:?} lead {:?} deal {:?} before {} of {touches:?}",
                money.map(|money| (money.minor, money.currency.code().to_owned())),
                trail.lead,
                trail.deal,
                trail.before_creation
            ));
            for model in MODELS.iter().filter(|_| money.is_some()) {
                let credits = money.and_then(|money| self.credits((of, model), &trail, money));
                lines.push(format!("{who} {model} {credits:?}"));
            }
        }
        lines
    }

    fn credits(
        &self,
        (of, name): (Credited, &str),
        trail: &DealTrail,
        money: Money,
    ) -> Option<Vec<i64>> {
        let attribution = &self.charter.attribution;
        let kind = of.kind(attribution.model(name)?.kind);
        if kind == ModelKind::Participation {
            return Some(vec![money.minor; trail.touches.len()]);
        }
        let rule = Rule::of(kind)?;
        let channel = self.snapshot.names.find("channel");
        let is_direct = |touch: u32| {
            let said = self.snapshot.facts[touch as usize].text(channel?);
            let said = said.map(|said| self.text(said))?;
            Some(attribution.direct.contains(&said))
        };
        let seen = trail.seen(|touch| is_direct(touch) == Some(true));
        let mut weights = Vec::new();
        rule.weigh(seen.trail(), &mut weights);
        let parts = money.share_out(&weights)?;
        Some(parts.iter().map(|part| part.minor).collect())
    }
}
