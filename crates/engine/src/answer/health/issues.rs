//! The issues of journeys that `ask health` looks for.

use handfast_model::IssueCode;

/// Issues of journeys that are checks: code, name, remedy, how a sentence about won deals goes on.
pub(super) const ISSUES: [(IssueCode, &str, &str, &str); 12] = [
    (
        IssueCode::UnknownStage,
        "mark with an unknown stage",
        "name the label in the marks of a stage in charter/stages.toml",
        "have marks that the charter does not know",
    ),
    (
        IssueCode::NoStage,
        "opened and never in a stage",
        "give a stage the mark or rule that such a lead or deal has, in charter/stages.toml",
        "never were in a stage",
    ),
    (
        IssueCode::EndedBeforeOpening,
        "ended before the first contact",
        "look at the lead's and the deal's dates in the source",
        "were won before their first contact",
    ),
    (
        IssueCode::ClosedBeforeCreated,
        "closed before it was created",
        "look at the deal's dates in the source",
        "were closed before they were created",
    ),
    (
        IssueCode::WonWithoutStage,
        "won without an earlier stage",
        "map the stage history, or declare stages as implied",
        "were won without an earlier stage",
    ),
    (
        IssueCode::Backwards,
        "went back to an earlier stage",
        "agree on a detour for it in the charter, or leave it",
        "went back to an earlier stage",
    ),
    (
        IssueCode::AfterEnd,
        "marked after its end",
        "look at the marks: they are not counted",
        "have marks after their end",
    ),
    (
        IssueCode::Ahead,
        "of a day that has not come",
        "look at the date in the source; a plan is open until its day",
        "have a date that has not come",
    ),
    (
        IssueCode::SharedMailbox,
        "e-mail address of too many people",
        "name it an office's mailbox, or raise the charter's number",
        "",
    ),
    (
        IssueCode::DomainOfTwo,
        "domain of several accounts",
        "merge the accounts in the source, or keep them apart in the charter",
        "",
    ),
    (
        IssueCode::MailboxOfTwo,
        "e-mail address in two accounts",
        "look at the people: they are not taken for one",
        "",
    ),
    (
        IssueCode::DomainsDisagree,
        "person with domains of two companies",
        "map account in the person SELECT",
        "",
    ),
];
