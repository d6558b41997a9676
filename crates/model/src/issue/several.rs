//! What is said of several defects at once, where it is said otherwise than of one.

use super::IssueCode;

impl IssueCode {
    /// What it means of so many.
    pub fn text_of(self, count: u64) -> &'static str {
        let several = OF_SEVERAL.iter().find(|(code, _)| *code == self);
        match several.filter(|_| count != 1) {
            Some((_, text)) => text,
            None => self.text(),
        }
    }
}

/// What codes mean of several, where that is said otherwise than of one.
const OF_SEVERAL: [(IssueCode, &str); 24] = [
    (
        IssueCode::EndedBeforeOpening,
        "ended before the first contact; counted, with their own dates",
    ),
    (
        IssueCode::ClosedBeforeCreated,
        "closed before they were created; counted, with their own dates",
    ),
    (
        IssueCode::UnknownStage,
        "stage labels that the charter does not name; the marks are not counted",
    ),
    (IssueCode::Assumed, "rest on an assumed start date"),
    (
        IssueCode::NoAccount,
        "deals without an account: each a pursuit of its own",
    ),
    (
        IssueCode::Unripe,
        "of cohorts whose window is not over: their share can still grow",
    ),
    (
        IssueCode::HorizonAssumed,
        "sources without a declared horizon: the latest fact of each is taken",
    ),
    (
        IssueCode::NotPriced,
        "amounts without a rate for their date; counted, not priced or summed",
    ),
    (
        IssueCode::Conflict,
        "rows with the same key and version as another but other content; the first one counts",
    ),
    (
        IssueCode::NotVerified,
        "ledger invariants failed: this answer is not verified",
    ),
    (
        IssueCode::Unbalanced,
        "balances that somebody vouches for are others",
    ),
    (
        IssueCode::UnusableRate,
        "exchange rates without two currencies, or with no number above zero; not used",
    ),
    (
        IssueCode::AfterEnd,
        "detours or ends marked after the pursuit had ended; not counted",
    ),
    (
        IssueCode::Ahead,
        "of days that have not come: not counted before the sources show them",
    ),
    (
        IssueCode::SharedMailbox,
        "of addresses of too many people of one source: join nobody",
    ),
    (
        IssueCode::DomainOfTwo,
        "domains of several accounts: show nobody's account",
    ),
    (
        IssueCode::MailboxOfTwo,
        "same addresses as somebody of another account: not taken for one person",
    ),
    (
        IssueCode::PartsExceedTotal,
        "campaigns whose parts exceed their total; their other is 0",
    ),
    (
        IssueCode::PartsOtherCurrency,
        "campaigns with parts in another currency: they add",
    ),
    (
        IssueCode::CampaignRing,
        "campaigns that are part of themselves; counted at the top",
    ),
    (
        IssueCode::NoProbability,
        "open deals without a probability; in no weighted sum",
    ),
    (
        IssueCode::GoalTwice,
        "goals that a longer one or the team's tells too; in no sum",
    ),
    (
        IssueCode::GoalCut,
        "goals for more than the period asked for; in no sum",
    ),
    (
        IssueCode::GoalPartly,
        "goals of which the team's or the reps' tell some days and not all; in no sum",
    ),
];
