//! Mistakes planted on purpose, by which the simulator is tested: it must find each of them.
//!
//! A mark, `planted!(Bug, right, wrong)`, stands where a mistake would be made. Without the feature
//! `planted-bugs` it is `right` and nothing else; no program that people run can be built with it.
//! With the feature it is `wrong` while that bug is chosen by [`choose`]. This module refuses to
//! find anything: see `cargo xtask planted`.

/// Whether bugs are planted in what is built.
pub const ARE_BUGS_PLANTED: bool = cfg!(feature = "planted-bugs");

/// What is right; in a build with planted bugs, while this one is chosen, what is wrong.
#[cfg(not(feature = "planted-bugs"))]
#[macro_export]
macro_rules! planted {
    ($bug:ident, $right:expr, $wrong:expr) => {
        $right
    };
}

/// What is right; in a build with planted bugs, while this one is chosen, what is wrong.
#[cfg(feature = "planted-bugs")]
#[macro_export]
macro_rules! planted {
    ($bug:ident, $right:expr, $wrong:expr) => {
        if $crate::planted::is_chosen($crate::planted::Bug::$bug) {
            $wrong
        } else {
            $right
        }
    };
}

#[cfg(feature = "planted-bugs")]
pub use bugs::{Bug, choose, is_chosen};

#[cfg(feature = "planted-bugs")]
mod bugs {
    use std::cell::Cell;

    thread_local! {
        static CHOSEN: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// Makes one mistake, or none, on this thread from now on.
    pub fn choose(bug: Option<Bug>) {
        CHOSEN.set(bug);
    }

    /// Whether this is the mistake to be made.
    pub fn is_chosen(bug: Bug) -> bool {
        CHOSEN.get() == Some(bug)
    }

    macro_rules! bugs {
        ($(#[doc = $says:literal] $bug:ident,)*) => {
            /// A planted mistake.
            #[derive(Clone, Copy, PartialEq, Eq, Debug)]
            pub enum Bug {
                $(#[doc = $says] $bug,)*
            }

            impl Bug {
                /// All of them.
                pub const ALL: &[Bug] = &[$(Bug::$bug,)*];

                /// What is done wrong.
                pub fn says(self) -> &'static str {
                    match self {
                        $(Bug::$bug => $says.trim_ascii(),)*
                    }
                }
            }
        };
    }

    bugs! {
        /// A day starts twelve hours before its noon, also when the clocks change.
        NaiveDayStart,
        /// A close that is a day sorts at the start of it, before the day's touches.
        CloseAtDayStart,
        /// Facts of one instant and kind stand in the order in which they came.
        TieByArrival,
        /// Silence that is over at this very instant is not over yet.
        DormantTooLate,
        /// Silence beyond the horizon counts, though nobody has seen it.
        SilenceUnseen,
        /// What happens as the period ends is in it.
        PeriodEndCounts,
        /// What has no date is in every period.
        UndatedCounts,
        /// As of the instant of its entry, one is not there yet.
        AsOfMissesEntry,
        /// A window is over a day early.
        RipeDayEarly,
        /// Who goes to a detour is lost.
        RecycledIsLost,
        /// A later step implies earlier ones again that one has been in.
        ImpliedAgain,
        /// Steps that were skipped have times, of no length.
        SkippedHaveTimes,
        /// A deal that its source opens again stays closed.
        ReopenIgnored,
        /// A new deal joins a pursuit that has ended.
        DealJoinsEnded,
        /// Each mark of a person joins them once more.
        JoinFanOut,
        /// Stays of one account in two pursuits that overlap are two.
        OverlapsCountTwice,
        /// A pursuit comes from its last touch.
        LastTouch,
        /// Whose it is today, not whose it was.
        OwnerToday,
        /// The entry that was merged away stands for both.
        MergeReversed,
        /// A merge that was taken back still holds.
        UnmergeIgnored,
        /// Everybody at a free mailer is of one company.
        FreeMailIsCompany,
        /// An amount of one currency is taken for as much of another.
        FaceValue,
        /// Amounts take the newest rate, not that of their day.
        RateOfToday,
        /// A half is rounded up.
        HalfUp,
        /// An amount is converted as a float and cut.
        FloatMoney,
        /// A win rate is over all ends, not over wins and losses.
        WinRateOverAll,
        /// The median of an even number is the upper one of the middle.
        MedianUpper,
        /// Who is last seen as others end was not at risk.
        TiesLeaveFirst,
        /// Who is first seen late was at risk before.
        TruncationIgnored,
        /// A record's corrected status counts besides its correction.
        CorrectionAdds,
        /// A look-back is a day short.
        LookBackShort,
        /// A touch at the very moment that is credited comes too late.
        TouchAtCloseLate,
        /// A touch after the moment that is credited earns.
        LaterTouchEarns,
        /// Anybody's touch earns, whoever has a role in the deal.
        AnybodyEarns,
        /// A touch that holds two positions is paid for one.
        OnePosition,
        /// What is left of an amount goes to the last touch, whoever lacks most.
        RestToLast,
        /// People work at night and on holidays.
        WorkAllNight,
        /// What is left of an amount after it was shared is nobody's.
        RestOfCreditLost,
        /// What is spent over many days counts whole on the first.
        SpendOnFirstDay,
        /// What is left of an amount after it was spread over days is spent on none.
        RestOfSpendLost,
        /// An answer at the very deadline is late.
        AnswerAtDeadlineLate,
        /// A bridge compares its ends, and sees nothing of what happened between them.
        BridgeOfEnds,
        /// A deal that changes hands comes back to whom it left.
        MovedBack,
        /// A deal is won at what it was worth before.
        WonAtOldWorth,
        /// What was learned late is something new.
        LateIsNew,
        /// What another version replaced was removed.
        EditIsRemoval,
        /// What is left of a difference after it was parted is no part of it.
        RestOfChangeLost,
        /// The first reason that somebody gave counts, not the last.
        FirstReason,
        /// What marketing touched after a deal was there counts as before.
        TouchedLateIsEarly,
        /// A row is known only within the import that it came in.
        RepeatsForgotten,
        /// What the last commit of a moment brought is not known as of it.
        AsOfMissesCommit,
        /// What an import brought counts on when it is taken back.
        UndoOverlooked,
    }
}
