//! What a company means to win, and what ad networks count beside what was spent on them: from dice
//! of their own, so that all else in a world is as it would be without.

use handfast_model::fact::FactKind;

use crate::random::Chance;
use crate::truth::clock::{DAY, Time, civil, first_of};
use crate::truth::said::Word;

use super::tables::{blank, text};
use super::{Emitter, hash};

/// Whose a goal is.
type Owner<'o> = (Option<&'o str>, Option<&'o str>);

/// The days of a goal, and how they are called, if they are.
type Span = (Option<String>, i32, i32);

/// What an ad network counts of a month, as far as it tells.
pub(super) fn ad_numbers(key: &str) -> Vec<(String, Word)> {
    let mut chance = Chance::new(hash(&format!("counted {key}")) as u64);
    let shown = chance.below(90_000) as i64;
    let clicked = shown / (1 + chance.below(150) as i64);
    // What networks call a success may come without a click.
    let succeeded = chance.below(3 + clicked as u64 / 3) as i64;
    let numbers = [
        ("impressions", shown, 80),
        ("clicks", clicked, 80),
        ("conversions", succeeded, 60),
    ];
    let told = numbers
        .into_iter()
        .filter(|(_, _, often)| chance.percent(*often));
    told.map(|(name, number, _)| (name.to_owned(), Word::Int(number)))
        .collect()
}

/// The months, quarters and years that some days touch.
fn spans(from: i32, until: i32) -> Vec<Span> {
    let mut spans = Vec::new();
    let (first, _, _) = civil(from);
    let (last, _, _) = civil(until);
    for year in first..=last {
        let edge = |month: u32| match month {
            13 => first_of(year + 1, 1),
            month => first_of(year, month),
        };
        let year_long = (Some(format!("{year}")), edge(1), edge(13));
        spans.push(year_long);
        for quarter in 0..4 {
            let label = format!("{year}-Q{}", quarter + 1);
            spans.push((Some(label), edge(3 * quarter + 1), edge(3 * quarter + 4)));
        }
        for month in 1..=12 {
            let label = format!("{year}-{month:02}");
            spans.push((Some(label), edge(month), edge(month + 1)));
        }
    }
    spans.retain(|(_, a, b)| *a < until && from < *b);
    spans
}

impl Emitter<'_> {
    /// Goals of the company, of its teams and of its reps, which say the same more than once.
    pub(super) fn goals(&mut self) {
        let world = self.world;
        let (from, until) = (world.from, world.from + world.size.days);
        let mut owners: Vec<(Owner<'_>, [u64; 3])> = vec![((None, None), [40, 50, 70])];
        let teams = ["inside", "field", "partner"].map(|team| ((None, Some(team)), [10, 30, 25]));
        owners.extend(teams);
        for rep in &world.reps {
            owners.push(((Some(rep.key.as_str()), None), [5, 30, 30]));
        }
        for (owner, [yearly, quarterly, monthly]) in owners {
            for span in spans(from, until) {
                let often = match span.2 - span.1 {
                    300.. => yearly,
                    80.. => quarterly,
                    _ => monthly,
                };
                if self.chance.percent(often) {
                    self.goal(owner, span);
                }
            }
            // Of some days that have no name, or of one that says no length.
            if self.chance.percent(40) {
                let day = from + self.chance.below(world.size.days as u64) as i32;
                let length = self.chance.below(50) as i32;
                self.goal(owner, (None, day, day + length));
            }
        }
    }

    fn goal(&mut self, (rep, team): Owner<'_>, (label, from, until): Span) {
        let who = rep.or(team).unwrap_or("all");
        let key = format!("{who} {from} {until}");
        let mut said = blank(FactKind::Target, "finance", "targets", &key);
        said.rep = rep.map(str::to_owned);
        // Some name the team of a rep, which is not always the one that the rep is in.
        let named = rep.filter(|_| self.chance.percent(20));
        let team = named.map_or(team, |_| Some("field"));
        said.more
            .extend(team.map(|team| ("team".to_owned(), text(team))));
        let is_dated = label.is_none() || self.chance.percent(50);
        if is_dated {
            said.when = Time::Day(from);
        }
        let days = Word::Time(Time::Day(until));
        let days = (label.is_none() && from < until).then_some(("until".to_owned(), days));
        said.more.extend(days);
        if let Some(label) = label {
            let is_typo = self.chance.percent(self.flaws.typos);
            let label = if is_typo { format!("{label}?") } else { label };
            said.more.insert("period".to_owned(), text(&label));
        }
        // Of the company a few thousand a day, of a rep less. A row without an amount is no goal.
        let most = if rep.is_some() { 40 } else { 250 };
        let days = (until - from).max(1) as u64;
        let minor = 100 * (1 + self.chance.below(days * most)) as i64;
        let currency = self.chance.pick(&["EUR", "EUR", "EUR", "USD"]);
        let money = Word::Money(minor, currency.to_owned());
        said.more.insert("amount".to_owned(), money);
        // Agreed some days before, some of them long after the first.
        let agreed = from - 20 + self.chance.below(25) as i32;
        self.event(i64::from(agreed) * DAY, said);
    }
}
