//! Credit as a reader checks it: each deal with its touches, and what each model gives to each.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::credit::paths::{Path, Paths};
use handfast_kernels::credit::rule::Rule;
use handfast_kernels::credit::sample::Model;
use handfast_kernels::credit::spread::{UNSEEN, weigh};
use handfast_kernels::credit::trails::{DealTrail, LostTrail, Trails};
use handfast_kernels::metric::{Counted, Scope};
use handfast_model::credit::{CreditModel, Credited, ModelKind};
use handfast_model::question::Unit;
use handfast_model::{Money, When};

use super::Desk;
use crate::table::lay_out;

/// The channels' effects by model.
struct Learned {
    effects: Vec<(ModelKind, Vec<f64>)>,
    numbers: BTreeMap<String, u16>,
}

impl Desk<'_> {
    pub(super) fn credit(&self, of: Credited, models: &[String]) -> Result<String, String> {
        let attribution = &self.world.charter.attribution;
        let shown = &attribution.shown;
        let find = |name: &String| {
            let known = attribution.model(name);
            known.ok_or(format!("{name}: no such model"))
        };
        let mut models: Vec<CreditModel> = match models.is_empty() {
            true => shown.clone(),
            false => models.iter().map(find).collect::<Result<_, _>>()?,
        };
        let kinds = models.iter_mut().map(|model| &mut model.kind);
        kinds.for_each(|kind| *kind = of.kind(*kind));
        let scope = Scope {
            from: None,
            until: None,
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let trails = Trails::new(self.world, self.journeys);
        let deals = trails.of_deals(of, &scope);
        let learned = self.learned(&deals, &trails.of_lost(None, None), &models);
        let mut header = vec!["deal".to_owned(), "touch".to_owned(), "channel".to_owned()];
        header.extend(models.iter().map(|model| model.name.clone()));
        let mut rows = vec![header];
        for trail in &deals {
            self.trail(trail, (&models, &learned), &mut rows)?;
        }
        Ok(lay_out(&rows, ""))
    }

    fn trail(
        &self,
        trail: &DealTrail,
        (models, learned): (&[CreditModel], &Learned),
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
            .map(|model| self.shares((model.kind, learned), trail, money))
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

    /// What statistical models learn from whole paths, whose channels are numbered by name.
    fn learned(&self, won: &[DealTrail], lost: &[LostTrail], models: &[CreditModel]) -> Learned {
        let named = |touches: &[u32]| {
            touches
                .iter()
                .map(|touch| self.channel_of(*touch))
                .collect()
        };
        let won = won.iter().map(|trail| (named(&trail.touches), true));
        let lost = lost.iter().map(|trail| (named(&trail.touches), false));
        let all: Vec<(Vec<String>, bool)> = won.chain(lost).collect();
        let names: BTreeSet<String> = all.iter().flat_map(|(path, _)| path).cloned().collect();
        let numbers: BTreeMap<String, u16> = names.into_iter().zip(0..).collect();
        let mut paths = Paths::default();
        for (path, is_won) in &all {
            let steps = path.iter().filter_map(|name| numbers.get(name).copied());
            let (won, lost) = (u64::from(*is_won), u64::from(!is_won));
            let steps: &[u16] = &steps.collect::<Vec<_>>();
            let value = 0;
            paths.add(Path {
                steps,
                won,
                lost,
                value,
            });
        }
        let kinds = models.iter().map(|model| model.kind);
        let effects = kinds.filter_map(|kind| {
            let effects = Model::of(kind)?.effects(&paths, numbers.len(), 1);
            Some((kind, effects.unwrap_or_default()))
        });
        Learned {
            effects: effects.collect(),
            numbers,
        }
    }

    fn shares(
        &self,
        (kind, learned): (ModelKind, &Learned),
        trail: &DealTrail,
        money: Money,
    ) -> Vec<Money> {
        if kind == ModelKind::Participation {
            let touches: BTreeSet<u32> = trail.touches.iter().copied().collect();
            return touches.iter().map(|_| money).collect();
        }
        let direct = &self.world.charter.attribution.direct;
        let mut weights = Vec::new();
        let number = |touch: &u32| learned.numbers.get(&self.channel_of(*touch)).copied();
        match (
            Rule::of(kind),
            learned.effects.iter().find(|(known, _)| *known == kind),
        ) {
            (Some(rule), _) => {
                let seen = trail.seen(|touch| direct.contains(&self.channel_of(touch)));
                rule.weigh(seen.trail(), &mut weights);
            }
            (None, Some((_, effects))) => {
                let channels = trail
                    .touches
                    .iter()
                    .map(|touch| number(touch).unwrap_or(UNSEEN));
                weigh(effects, &channels.collect::<Vec<_>>(), &mut weights);
            }
            (None, None) => {}
        }
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
