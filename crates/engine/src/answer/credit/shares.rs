//! What each touch earns of each won deal under one model, for answers that set it against
//! something else.

use handfast_model::credit::Credited;
use handfast_model::{Issue, Money, Question, Refusal};

use super::super::ground::Ground;
use super::super::sheet::Key;
use super::Book;

/// A part of a deal's amount, and the touch that earned it.
pub(in crate::answer) struct Share {
    /// The deal as it is counted, with its whole amount.
    pub deal: handfast_kernels::metric::Member,
    /// The touch; `None`: nobody's.
    pub touch: Option<u32>,
    /// The channel of the touch.
    pub channel: Key,
    /// What it earned.
    pub money: Money,
}

/// The shares of all deals that are won in the question's period, by one additive model.
pub(in crate::answer) fn shares(
    ground: &Ground<'_>,
    question: &Question,
    model: &str,
) -> Result<(Vec<Share>, Vec<Issue>), Refusal> {
    let book = Book::new(ground, question, (Credited::Won, &[model.to_owned()]))?;
    let Some(chosen) = book.models.first() else {
        return Ok((Vec::new(), Vec::new()));
    };
    let (mut shares, mut issues) = (Vec::new(), Vec::new());
    let mut weights = Vec::new();
    for trail in &book.trails {
        let Some(amount) = book.amount(trail, &mut issues) else {
            continue;
        };
        book.weigh(chosen.kind, trail, &mut weights);
        let share = |touch: Option<u32>, money: Money| Share {
            deal: trail.member,
            touch,
            channel: match (touch, book.deal(trail)) {
                (None, _) => Key::NoTouch,
                // As spend knows channels.
                (Some(_), Some((_, pursuit))) => ground.channel(pursuit, touch),
                (Some(_), None) => Key::Unknown,
            },
            money,
        };
        match amount.share_out(&weights) {
            None => shares.push(share(None, amount)),
            Some(parts) => {
                let earned = trail.touches.iter().zip(parts);
                let earned = earned.filter(|(_, part)| part.minor != 0);
                shares.extend(earned.map(|(touch, part)| share(Some(*touch), part)));
            }
        }
    }
    Ok((shares, issues))
}
