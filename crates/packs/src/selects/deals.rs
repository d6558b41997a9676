//! The SELECTs of deals: as they are now, and the marks of their beginning and end.

use handfast_connect::sniff::Kind;

use super::{Brief, Drafted, FIRST_OF_DEALS, Lines, literal, quoted, when};
use crate::names::Role;
use crate::outcome::{Outcome, trimmed};

/// Parts of a deal that have output columns of their own, or say only what became of it.
const DEAL_PARTS: [Role; 13] = [
    Role::Deal,
    Role::Account,
    Role::Person,
    Role::Email,
    Role::Owner,
    Role::Amount,
    Role::Created,
    Role::Closed,
    Role::Modified,
    Role::Stage,
    Role::LossReason,
    Role::Won,
    Role::Decided,
];

impl Brief<'_> {
    pub(super) fn deals(&self) -> Vec<Drafted> {
        let decided = self
            .outcome
            .decided()
            .filter(|_| self.part(Role::Closed).is_some());
        let Some(decided) = decided else {
            let mut drafted = vec![self.deal_as_is(None), self.began()];
            drafted.extend(self.stage_dates("deal"));
            return drafted;
        };
        let mut drafted = match self.part(Role::Created) {
            Some(_) => vec![self.deal_dated(&decided), self.began()],
            None => vec![self.deal_as_is(Some(&decided))],
        };
        drafted.extend(self.ended());
        drafted.extend(self.stage_dates("deal"));
        drafted
    }

    /// The deal as the row shows it. It is dated by its creation, which no later row moves: dated
    /// by its close, a close date taken back or set earlier would leave an older row the last
    /// word. It carries no status for the same reason: older states stay beside later ones, while
    /// of the marks that tell how it ended only the latest row's count.
    fn deal_dated(&self, decided: &str) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created]);
        self.deal_parties(&mut lines);
        self.worth(&mut lines);
        self.stage(&mut lines);
        self.key(&mut lines, Role::LossReason, "loss_reason");
        self.dated(&mut lines, Role::Created, "created");
        if let Some(closed) = self.part(Role::Closed).and_then(when) {
            let closed = match unless_all(decided) {
                Some(decided) => format!("CASE WHEN {decided} THEN {closed} END"),
                None => closed,
            };
            lines.add(closed, "closed", "when it was decided");
        }
        self.dated(&mut lines, Role::Closed, "close_date");
        self.attributes(&mut lines, &DEAL_PARTS);
        let about = "One row is one deal as it is now, from the day it was created on. Its marks \
                     tell how it ended.";
        self.drafted("deal", "", &lines, (about, None))
    }

    /// A deal of which the rows do not tell beginning and end apart.
    fn deal_as_is(&self, decided: Option<&str>) -> Drafted {
        let mut lines = Lines::new();
        let closed = self.part(Role::Closed).and_then(|c| Some((c, when(c)?)));
        match (decided, closed) {
            (Some(Outcome::EVERY), Some(_)) => self.happened(&mut lines, &[Role::Closed]),
            (Some(decided), Some((column, expression))) => lines.add(
                format!("CASE WHEN {decided} THEN {expression} END"),
                "happened",
                format!(
                    "only decided deals have a day that is past: {}",
                    column.evidence
                ),
            ),
            _ => self.happened(&mut lines, &[Role::Created, Role::Moment]),
        }
        self.deal_parties(&mut lines);
        self.standing(&mut lines);
        self.dated(&mut lines, Role::Created, "created");
        let is_past = decided == Some(Outcome::EVERY);
        self.dated(
            &mut lines,
            Role::Closed,
            if is_past { "closed" } else { "close_date" },
        );
        self.attributes(&mut lines, &DEAL_PARTS);
        let about = "One row is one deal, as it is now.";
        self.drafted("deal", "", &lines, (about, None))
    }

    /// Who and what the deal is about.
    fn deal_parties(&self, lines: &mut Lines) {
        self.key(lines, Role::Deal, "deal");
        self.key(lines, Role::Account, "account");
        if let Some(person) = self.understood.first_of(&[Role::Person, Role::Email]) {
            let why = "the deal came out of this person";
            lines.add(quoted(&person.name), "person", why);
        }
        self.key(lines, Role::Owner, "rep");
    }

    /// How it stands now, what it is worth and why it was lost.
    fn standing(&self, lines: &mut Lines) {
        lines.add(self.outcome.status(), "status", self.outcome.why());
        self.worth(lines);
        self.stage(lines);
        self.key(lines, Role::LossReason, "loss_reason");
    }

    fn stage(&self, lines: &mut Lines) {
        let stage = self.part(Role::Stage);
        if let Some(stage) = stage.filter(|column| self.is_safe(&column.name)) {
            lines.add(trimmed(&stage.name), "stage", Role::Stage.word());
        }
    }

    fn worth(&self, lines: &mut Lines) {
        if let Some(amount) = self.part(Role::Amount) {
            let why = self.amount_why("what it is worth", amount);
            lines.add(self.money(amount), "amount", why);
        }
    }

    fn dated(&self, lines: &mut Lines, role: Role, name: &str) {
        if let Some(expression) = self.part(role).and_then(when) {
            lines.add(expression, name, "");
        }
    }

    /// A day without an hour belongs to its end, so that what happened on it came before.
    fn closes(&self, lines: &mut Lines) {
        let closed = self.part(Role::Closed);
        if closed.is_some_and(|column| matches!(column.kind, Kind::Day(_))) {
            let why = "a day without an hour: it counts at its end";
            lines.add("TRUE", "closes", why);
        }
    }

    /// Being in the file is the first mark of a deal.
    fn began(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.subject(&mut lines, "deal");
        let why = "what a deal is called that has just begun: yours to rename";
        lines.add(literal(FIRST_OF_DEALS), "stage", why);
        let about =
            "Every deal in the file began; the rows do not say which stages it passed since.";
        self.drafted("mark", "opened", &lines, (about, None))
    }

    /// A decided deal entered its last stage when it was decided.
    fn ended(&self) -> Option<Drafted> {
        let ends = self.outcome.ends(&self.part(Role::Closed)?.name)?;
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Closed]);
        self.closes(&mut lines);
        self.subject(&mut lines, "deal");
        lines.add(self.outcome.label(), "stage", "as the source calls it");
        let about = "A decided deal entered its last stage on the day it was decided.";
        Some(self.drafted("mark", "decided", &lines, (about, unless_all(&ends))))
    }
}

/// A condition, unless it holds for every row.
fn unless_all(condition: &str) -> Option<&str> {
    Some(condition).filter(|condition| *condition != Outcome::EVERY)
}
