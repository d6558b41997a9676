//! The words of `handfast ask` that are one of a few.

use clap::ValueEnum;

#[derive(Clone, Copy, ValueEnum)]
pub enum Kind {
    /// Volumes, conversion and leakage per stage.
    Funnel,
    /// From which stage to which pursuits go: next, past one, back, recycled, to an end.
    Transitions,
    /// How long pursuits take, by outcome and per stage.
    Velocity,
    /// One metric of the catalogue.
    Metric,
    /// Which attributes know the outcome, and so must not predict it.
    Leaks,
    /// The dated path of one buyer.
    Journey,
    /// Who is who: the keys of one person or account, and what shows that they are one.
    Identity,
    /// How long stays in each stage last, those that are not over included.
    Times,
    /// What has been in its stage for too long.
    Stale,
    /// How soon leads are assigned and answered.
    Response,
    /// What is missing or contradictory in the book, and what revenue it touches.
    Health,
    /// Who gets the credit for won or open deals, by several models side by side.
    Credit,
    /// What made the open pipeline at a period's start that at its end.
    Bridge,
    /// What is won in the next month or quarter, as a range, and by which parts.
    Forecast,
    /// What must come to be in the funnel, and by when, for a goal to be reached.
    Plan,
    /// Every goal, with what came of it so far: the same figures for everybody who carries it.
    Targets,
    /// Why deals were lost, or won: reason, competitor, the stage they went from, who says so.
    Reasons,
    /// Why a metric is another one than it was told before, or than in another period.
    Change,
    /// What campaigns, channels and vendors cost, and what came of it.
    Cost,
    /// What the teams promised each other: handoffs answered in time, and what waiting costs.
    Sla,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ClockArg {
    Creation,
    Assignment,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum View {
    /// At start + entered = left + at end, over a period.
    Flow,
    /// Of those who entered a stage in a period, how many reached each later one.
    Cohort,
    /// Who is where at an instant.
    Snapshot,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum EntriesArg {
    First,
    All,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum KnownArg {
    Recorded,
    Happened,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum UnitArg {
    Pursuit,
    Person,
    Account,
    Deal,
}
