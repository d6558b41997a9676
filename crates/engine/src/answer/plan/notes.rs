//! What a plan says beside its figures.

use handfast_model::{Day, Money, many};

use super::Book;

/// Fewer wins than so many teach little.
const FEW: u64 = 30;

impl Book<'_> {
    pub(super) fn notes(&self) -> Vec<String> {
        let (period, at) = (self.period, self.at);
        let mut notes = vec![format!(
            "from {} until before {}, told from what had happened by the end of {at}",
            period.0, period.1
        )];
        notes.push(match self.goal.goals {
            None => "the goal is the one that was given".to_owned(),
            Some(goals) => format!("the goal is that of the book: {}", many(goals, "goal")),
        });
        if self.goal.is_spread {
            notes.push("no month has a goal of its own: each has its days' part".to_owned());
        }
        if self.tracks.groups.len() > 1 {
            notes.push(format!(
                "each row has the part of the goal that it had of what was won in {} days",
                self.learned.lately
            ));
        }
        notes.push(format!(
            "each line alone closes the gap if so many come evenly from {} on, beside what is in \
             hand; whoever begins further down has reached the stages above",
            Day(at.0 + 1)
        ));
        notes.push(
            "a plan at average rates holds in about five of ten cases: the odds are of what rates, \
             amounts and chance are not sure of"
                .to_owned(),
        );
        notes.extend(self.of_worth());
        notes.extend(self.of_spend());
        notes.extend(self.tracks.notes());
        notes.extend(self.tally.prices.iter().flat_map(|prices| prices.notes()));
        notes
    }

    /// What a win is worth, and of how many.
    fn of_worth(&self) -> Vec<String> {
        if self.tracks.groups.len() > 1 {
            return Vec::new();
        }
        let Some(worth) = self.learned.worth(0) else {
            return vec!["no win has an amount: how many are needed cannot be said".to_owned()];
        };
        let sum = self.shown(worth.sum);
        let wins = many(worth.wins, "win");
        let mut notes = vec![format!(
            "a win is worth what the latest were: {sum} of {wins}"
        )];
        if worth.wins < FEW {
            notes.push(format!(
                "{wins} are few: what is told of so few may be far off"
            ));
        }
        notes
    }

    /// What coming to be costs.
    fn of_spend(&self) -> Option<String> {
        let spent = self.spent.filter(|_| self.question.by.is_empty())?;
        let came = many(self.learned.came(0, 0), "pursuit");
        let sum = self.shown(spent.minor);
        let days = many(u64::try_from(self.learned.lately).unwrap_or(0), "day");
        Some(match spent.others {
            0 => format!("{sum} were spent in {days} in which {came} came to be"),
            others => format!(
                "{sum} were spent in {days} in which {came} came to be; {} in other currencies are \
                 in no sum",
                many(others, "amount")
            ),
        })
    }

    fn shown(&self, minor: i64) -> String {
        let currency = self.currency;
        Money { minor, currency }.shown()
    }
}
