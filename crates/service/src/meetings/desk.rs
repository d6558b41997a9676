//! Where a pack is put together: it asks ordinary questions as of one commit, keeps each answer
//! with its sentence, and collects what is not as it should be.

use handfast_model::meeting::{Exception, Found, Rhythm, Section, Since, Told};
use handfast_model::{
    Answer, Charter, Currency, Day, Grain, Instant, Period, Question, Refusal, Seq,
};

use super::says::Raised;
use crate::ask::ask;
use crate::book::Book;
use crate::resolve::Typed;

/// A pack under way.
pub(super) struct Desk<'a> {
    pub book: &'a Book,
    pub charter: &'a Charter,
    /// The charter to name beside the commit, where its day came later.
    pub named: Option<String>,
    pub rhythm: Rhythm,
    pub on: Day,
    pub seq: Seq,
    pub currency: Option<Currency>,
    pub since: Option<Since>,
    /// What the meeting before told as exceptions.
    pub known: Vec<String>,
    /// Up to when the sources show everything, if they show anything.
    pub horizon: Option<Instant>,
    pub sections: Vec<Section>,
    pub exceptions: Vec<Exception>,
    /// Whether something moved, or is told otherwise than before.
    pub has_moved: bool,
}

/// An answer with its question.
pub(super) type Asked = (Question, Answer);

impl Desk<'_> {
    /// The last whole period before the day, of the rhythm.
    pub fn last(&self) -> Period {
        let calendar = &self.charter.calendar;
        let own = calendar.period_of(self.on, self.rhythm.grain());
        calendar.period_of(own.from.plus(-1), self.rhythm.grain())
    }

    /// The one after it, in which the day lies.
    pub fn next(&self) -> Period {
        self.charter
            .calendar
            .period_of(self.on, self.rhythm.grain())
    }

    /// The quarter whose goals are looked at: that of the day; of a quarterly meeting the last one.
    pub fn aimed(&self) -> Period {
        match self.rhythm {
            Rhythm::Quarterly => self.last(),
            _ => self.charter.calendar.period_of(self.on, Grain::Quarter),
        }
    }

    /// The last day that the pack knows; `None` where the sources end before it, so that questions
    /// look from where these end.
    pub fn at(&self) -> Option<Day> {
        let last = self.on.plus(-1);
        let shown = self.shown_until()?;
        (last < shown).then_some(last)
    }

    /// The first day that the sources do not show whole.
    pub fn shown_until(&self) -> Option<Day> {
        let horizon = self.horizon?;
        Some(self.charter.calendar.day_of(horizon))
    }

    /// A question of this kind, as of the pack's commit.
    pub fn question(&self, kind: &str) -> Typed {
        Typed {
            kind: kind.to_owned(),
            as_of: Some(self.seq.to_string()),
            charter: self.named.clone(),
            ..Typed::default()
        }
    }

    /// The same of a period, with amounts in the pack's currency.
    pub fn of_money(&self, kind: &str, period: &Period) -> Typed {
        Typed {
            period: Some(days(period)),
            currency: self.currency.map(|one| one.code().to_owned()),
            ..self.question(kind)
        }
    }

    /// Begins one of the fixed questions.
    pub fn section(&mut self, asks: &'static str) {
        self.sections.push(Section {
            asks,
            told: Vec::new(),
        });
    }

    /// Asks. What cannot be asked of this book, or of some teams' rows, is `Err` within: its
    /// refusal is told in the pack. What failed otherwise ends it.
    pub fn ask(&self, typed: &Typed) -> Result<Result<Asked, Refusal>, Refusal> {
        match ask(self.book, typed, None) {
            Ok(reply) => Ok(Ok((reply.question, reply.answer))),
            Err(refusal) if is_of_question(refusal.code) => Ok(Err(refusal)),
            Err(refusal) => Err(refusal),
        }
    }

    /// Asks and keeps the answer with its sentence; gives the answer, where there is one.
    pub fn tell(
        &mut self,
        typed: &Typed,
        say: impl FnOnce(&Asked, &mut Vec<Raised>) -> String,
    ) -> Result<Option<Asked>, Refusal> {
        let found = self.ask(typed)?;
        Ok(self.keep(typed, found, say))
    }

    /// Keeps what was asked already.
    pub fn keep(
        &mut self,
        typed: &Typed,
        found: Result<Asked, Refusal>,
        say: impl FnOnce(&Asked, &mut Vec<Raised>) -> String,
    ) -> Option<Asked> {
        let mut raised = Vec::new();
        let (told, both) = match found {
            Ok(both) => {
                let says = say(&both, &mut raised);
                let found = Found::Answer(Box::new(both.clone()));
                (Told { says, found }, Some(both))
            }
            Err(refusal) => (refused(&typed.kind, &refusal), None),
        };
        if let Some(section) = self.sections.last_mut() {
            section.told.push(told);
        }
        let question = both.as_ref().map(|(question, _)| question.to_string());
        for one in raised {
            self.raise(one, question.clone());
        }
        both
    }

    /// Keeps an exception.
    pub fn raise(&mut self, raised: Raised, question: Option<String>) {
        let Raised { of, says, records } = raised;
        self.exceptions.push(Exception {
            is_new: !self.known.contains(&of),
            of,
            says,
            question,
            records,
        });
    }
}

/// Why there is no answer.
pub(super) fn refused(kind: &str, refusal: &Refusal) -> Told {
    Told {
        says: format!("no answer: {}", refusal.title),
        found: Found::Refused {
            kind: kind.to_owned(),
            code: refusal.code.to_owned(),
        },
    }
}

/// A period as its days, which every calendar reads.
pub(super) fn days(period: &Period) -> String {
    format!("{}..{}", period.from, period.until)
}

/// Whether a refusal says that this question cannot be asked of this book or by this viewer; not
/// that it took too long.
fn is_of_question(code: &str) -> bool {
    let is_question = code.starts_with("E040")
        || code.starts_with("E041")
        || code.starts_with("E042")
        || code.starts_with("E043")
        || code.starts_with("E044");
    is_question || code == "E0715"
}
