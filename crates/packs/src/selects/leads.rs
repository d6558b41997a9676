//! The SELECTs of leads.

use handfast_connect::sniff::Column;

use super::lines::Lines;
use super::{Brief, Drafted, first_of_leads, is_yes, literal, quoted};
use crate::names::{Role, roles_of};
use crate::outcome::{says, trimmed};

impl Brief<'_> {
    pub(super) fn leads(&self) -> Vec<Drafted> {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.person(&mut lines);
        self.key(&mut lines, Role::Account, "account");
        self.key(&mut lines, Role::Source, "origin");
        self.key(&mut lines, Role::Stage, "status");
        let used = [
            Role::Person,
            Role::Email,
            Role::Account,
            Role::Source,
            Role::Stage,
            Role::Created,
            Role::Modified,
        ];
        self.attributes(&mut lines, &used);
        let about = "One row is one person, from the day they were created on.";
        let mut drafted = vec![self.drafted("person", "", &lines, (about, None))];
        drafted.push(self.appeared());
        drafted.extend(self.stage_dates("person"));
        drafted.extend(self.converted());
        drafted.extend(self.assigned());
        drafted
    }

    /// A lead with an owner and a day of their own was given to them on it.
    fn assigned(&self) -> Option<Drafted> {
        let is_safe = |column: &&Column| self.is_safe(&column.name);
        let owner = self.part(Role::Owner).filter(is_safe)?;
        let day = self.part(Role::Assigned).filter(is_safe)?;
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Assigned]);
        self.subject(&mut lines, "person");
        let why = "to whom; a queue is none: give it as `queue` instead";
        lines.add(quoted(&owner.name), "rep", why);
        let (owner, day) = (quoted(&owner.name), quoted(&day.name));
        let filter = format!("is_given({owner}) AND is_given({day})");
        let about = "The row says to whom the lead was given, and when.";
        Some(self.drafted("assignment", "", &lines, (about, Some(&filter))))
    }

    /// Being in the file is the first mark of a person.
    fn appeared(&self) -> Drafted {
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.subject(&mut lines, "person");
        let label = first_of_leads(&self.understood.found.file);
        let why = "what everybody in this file is at first: yours to rename";
        lines.add(literal(label), "stage", why);
        let about = "Everybody in the file became one; later stages need dates or a history.";
        self.drafted("mark", "created", &lines, (about, None))
    }

    /// Whether a lead was won, where only a yes says so.
    fn converted(&self) -> Option<Drafted> {
        let column = self
            .part(Role::Won)
            .filter(|column| self.is_safe(&column.name))?;
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Closed]);
        self.subject(&mut lines, "person");
        lines.add(
            "'Converted'",
            "stage",
            format!("`{}` says yes", column.name),
        );
        let filter = is_yes(column);
        Some(self.drafted(
            "mark",
            "converted",
            &lines,
            ("Whoever was won.", Some(&filter)),
        ))
    }

    /// In a history of leads, changes of the owner say to whom each was given.
    pub(super) fn handed(&self) -> Option<Drafted> {
        let field = self.part(Role::Field)?;
        let value = self.part(Role::NewValue)?;
        let is_of_leads = self.part(Role::Deal).is_none() && self.is_safe(&value.name);
        let says_owner = |word: &str| roles_of(word).iter().any(|(role, _)| *role == Role::Owner);
        let words = field.words.iter().map(|(word, _)| word.as_str());
        let words: Vec<String> = words.filter(|word| says_owner(word)).map(literal).collect();
        if !is_of_leads || words.is_empty() {
            return None;
        }
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.subject(&mut lines, "person");
        let why = "to whom; a queue is none: give it as `queue` instead";
        lines.add(quoted(&value.name), "rep", why);
        let (field, value) = (quoted(&field.name), quoted(&value.name));
        let filter = format!("{field} IN ({}) AND is_given({value})", words.join(", "));
        let about = "A change of its owner gives a lead to somebody.";
        Some(self.drafted("assignment", "", &lines, (about, Some(&filter))))
    }

    /// In a history of leads, a status that says yes or no to what was handed over answers it.
    pub(super) fn verdicts(&self) -> Option<Drafted> {
        let label = self.understood.first_of(&[Role::NewValue, Role::Stage])?;
        let is_of_leads = self.part(Role::Deal).is_none() && self.is_safe(&label.name);
        let words = label.words.iter().map(|(word, _)| word.as_str());
        let said = words.filter_map(|word| Some((literal(word), verdict_of(word)?)));
        let said: Vec<(String, &str)> = said.collect();
        if !is_of_leads || said.is_empty() {
            return None;
        }
        let status = trimmed(&label.name);
        let mut lines = Lines::new();
        self.happened(&mut lines, &[Role::Created, Role::Moment]);
        self.subject(&mut lines, "person");
        let cases = said
            .iter()
            .map(|(word, verdict)| format!("WHEN {word} THEN '{verdict}'"));
        let cases: Vec<String> = cases.collect();
        lines.add(
            format!("CASE {status} {} END", cases.join(" ")),
            "verdict",
            "CHECK: does this status say who takes over, and who does not?",
        );
        self.key(&mut lines, Role::LossReason, "reason");
        let words: Vec<String> = said.into_iter().map(|(word, _)| word).collect();
        let is_said = format!("{status} IN ({})", words.join(", "));
        let filter = match self.of_stages() {
            Some(of_stages) => format!("{of_stages} AND {is_said}"),
            None => is_said,
        };
        let about = "A status that says yes or no is the answer to a handoff.";
        Some(self.drafted("disposition", "", &lines, (about, Some(&filter))))
    }
}

/// What a status says to whoever handed a lead over.
fn verdict_of(label: &str) -> Option<&'static str> {
    const YES: [&str; 5] = ["accepted", "akzeptiert", "angenommen", "aceptado", "aceito"];
    const NO: [&str; 5] = [
        "rejected",
        "abgelehnt",
        "rechazado",
        "rejeitado",
        "recusado",
    ];
    let yes = says(label, &YES).then_some("accepted");
    yes.or_else(|| says(label, &NO).then_some("rejected"))
}
