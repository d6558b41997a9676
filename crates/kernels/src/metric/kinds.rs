//! The named metrics: what the figure of each is made of, and what it counts.

use handfast_model::question::Unit;

use super::{PaidFor, SPECS};

/// The named metrics.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Metric {
    /// How many were won.
    Won,
    /// How many were lost.
    Lost,
    /// Won over won and lost.
    WinRate,
    /// What the won deals were worth.
    Revenue,
    /// What a won deal was worth on average.
    MeanWonValue,
    /// Days from creation to the win.
    CycleWon,
    /// Days from creation to the loss.
    CycleLost,
    /// Days from creation to the win or loss.
    CycleClosed,
    /// What the open deals are worth at an instant.
    OpenValue,
    /// How many leads were created.
    LeadsCreated,
    /// How many leads got their first rep.
    LeadsAssigned,
    /// How many leads got their first touch by sales.
    LeadsWorked,
    /// Lost deals by the reason given.
    LostByReason,
    /// Won over all that ended, silence and disqualification included.
    WinRateAllEnds,
    /// What was won over what was won or lost, in money.
    WinRateByValue,
    /// Won over all deals created in the period, open ones included.
    WinRateCohort,
    /// Won over all that entered a stage in the period, open ones included.
    WinRateFrom,
    /// Days from the pursuit's opening to the win.
    CycleWonFromOpening,
    /// Days from the touch it came from to the win.
    CycleWonFromTouch,
    /// Money per day: open deals × mean won value × win rate ÷ mean cycle.
    SalesVelocity,
    /// The same with the median cycle.
    SalesVelocityMedian,
    /// The same with the win rate by value.
    SalesVelocityByValue,
    /// What was spent on campaigns and channels.
    Spend,
    /// How often ads were shown, as the networks say.
    Impressions,
    /// How often ads were clicked, as the networks say.
    Clicks,
    /// What the networks themselves count as an ad's success.
    AdConversions,
    /// Won or lost.
    Closed,
    /// Ended in whatever way.
    Ended,
    /// Entered a stage for the first time.
    Entered,
    /// Were in a stage at any time of the period.
    InStage,
    /// Of those that entered a stage, those that reached another or a later one.
    Reached,
    /// What the lost deals were worth.
    LostValue,
    /// Buyers won for the first time.
    NewCustomers,
    /// How many deals were created.
    DealsCreated,
    /// Of deals created, those won in the nth quarter after that of their creation.
    CloseRate,
    /// What deals created were worth then.
    PipelineCreated,
    /// What deals created are worth now.
    PipelineCreatedNow,
    /// What open deals are worth that are to close in the period.
    OpenDue,
    /// What open deals are worth, each by how likely it is to be won.
    WeightedOpen,
    /// The same of those that are to close in the period.
    WeightedDue,
    /// What open deals are worth, by how often deals of their stage were won.
    WeightedByHistory,
    /// The same by how often deals were won that were open as long.
    WeightedByAge,
    /// The same by how often deals of their forecast category were won.
    WeightedByCategory,
    /// Goals.
    Target,
    /// Of leads created, those whose pursuit has a deal.
    LeadsWithDeal,
    /// Of leads created, those whose pursuit was won.
    LeadsWon,
    /// Of accounts with a new lead, those with a deal since.
    AccountsWithDeal,
    /// Of accounts with a new lead, those with a won deal since.
    AccountsWon,
    /// Leads that came by a campaign on which money was spent.
    LeadsAttributed,
    /// What was ever spent on campaigns that began in the period.
    SpendOfNew,
    /// The leads that those ever brought.
    LeadsOfNew,
    /// Of what was lost, what was lost for a reason.
    LostFor,
    /// Of what was lost, what was lost for any reason that is told.
    LostExplained,
    /// What was handed over.
    HandedOver,
    /// Of what was handed over, what was answered.
    HandoffsAnswered,
    /// Of what was answered or is overdue, what was answered in time.
    HandoffsInTime,
    /// Of what was handed over, what was accepted.
    HandoffsAccepted,
    /// Of what was handed over, what was rejected.
    HandoffsRejected,
    /// Hours of the promise's clock from the start to the answer.
    ResponseHours,
    /// Days by any clock that what was handed over waited.
    HandoffWait,
    /// Those of them that deals waited.
    DealWait,
    /// Of pursuits opened, those that came directly or by the name.
    BrandOpening,
    /// Of pursuits opened, those that came directly.
    DirectOpening,
    /// Of pursuits opened, those that came by the name.
    BrandedOpening,
    /// Won over won and lost, of buyers whom the brand touched before sales did.
    WinRateBrandFirst,
    /// The same of all other buyers.
    WinRateNotBrandFirst,
    /// Days from creation to the win, of buyers whom the brand touched before sales did.
    CycleBrandFirst,
    /// The same of all other buyers.
    CycleNotBrandFirst,
    /// Of won deals, those that marketing touched before they closed.
    MarketingTouched,
    /// Of what they were worth, what those were.
    MarketingTouchedByValue,
    /// Of won deals, those that marketing touched before they were created.
    MarketingTouchedEarly,
    /// Of what they were worth, what those were.
    MarketingTouchedEarlyByValue,
}

/// What a metric's figure is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// Members of the numerator.
    Count,
    /// Members of the numerator over members of the denominator.
    Share,
    /// The members' money, per currency.
    Sum,
    /// The members' money over members with money, per currency.
    MeanMoney,
    /// The members' elapsed times: mean and median.
    Days,
    /// The same by the clock of a promise.
    Hours,
    /// Members of the numerator per reason.
    CountByReason,
    /// Money of the numerator over money of the denominator, per currency.
    ShareOfMoney,
    /// Money per day, per currency, from four parts (see [`super::velocity_parts`]).
    PerDay,
    /// The members' whole numbers.
    Total,
}

/// A metric's declarations, as text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MetricSpec {
    /// The metric.
    pub metric: Metric,
    /// Its name in questions.
    pub name: &'static str,
    /// What its figure is made of.
    pub shape: Shape,
    /// The definition, one line.
    pub means: &'static str,
    /// What is declared: (what, how), in one fixed order.
    pub declares: &'static [(&'static str, &'static str)],
}

impl Metric {
    /// The metric of this name. A win rate from a stage is named with it, spend with what it paid
    /// for: `win_rate_from:sql`, `spend:media`.
    pub fn parse(name: &str) -> Option<Metric> {
        let (name, told) = match name.split_once(':') {
            Some((name, told)) => (name, Some(told)),
            None => (name, None),
        };
        let spec = SPECS.iter().find(|spec| spec.name == name)?;
        let may_be_told = |told| match spec.metric {
            Metric::Spend => PaidFor::asked(told).is_some(),
            metric => metric.is_told(),
        };
        told.is_none_or(may_be_told).then_some(spec.metric)
    }

    /// Whether a sales velocity takes the median cycle of won deals, not the mean.
    pub fn has_median_cycle(self) -> bool {
        self == Metric::SalesVelocityMedian
    }

    /// Whether a sales velocity takes the win rate by value, not by count.
    pub fn has_rate_by_value(self) -> bool {
        self == Metric::SalesVelocityByValue
    }
}

impl Metric {
    /// What it counts, whatever the unit asked for; `None` where it counts deals when asked for
    /// deals, else pursuits.
    pub fn counts(self) -> Option<&'static str> {
        match self {
            Metric::Won
            | Metric::Lost
            | Metric::LostByReason
            | Metric::LostFor
            | Metric::LostExplained
            | Metric::WinRate
            | Metric::WinRateAllEnds
            | Metric::WinRateFrom
            | Metric::Closed
            | Metric::Ended
            | Metric::Entered
            | Metric::InStage
            | Metric::Reached
            | Metric::BrandOpening
            | Metric::DirectOpening
            | Metric::BrandedOpening => None,
            Metric::LeadsCreated
            | Metric::LeadsAssigned
            | Metric::LeadsWorked
            | Metric::LeadsAttributed
            | Metric::LeadsOfNew
            | Metric::LeadsWithDeal
            | Metric::LeadsWon => Some("lead"),
            Metric::AccountsWithDeal | Metric::AccountsWon => Some("account"),
            Metric::Spend
            | Metric::SpendOfNew
            | Metric::Impressions
            | Metric::Clicks
            | Metric::AdConversions
            | Metric::Target => Some("record"),
            metric if metric.is_of_handoffs() => Some("handoff"),
            _ => Some("deal"),
        }
    }

    /// What lists of metrics put it under.
    pub fn subject(self) -> &'static str {
        match self {
            Metric::LeadsCreated
            | Metric::LeadsAssigned
            | Metric::LeadsWorked
            | Metric::LeadsAttributed
            | Metric::LeadsOfNew => "leads",
            Metric::Won
            | Metric::Lost
            | Metric::LostByReason
            | Metric::LostFor
            | Metric::LostExplained
            | Metric::Closed
            | Metric::Ended
            | Metric::DealsCreated
            | Metric::NewCustomers => "deals",
            Metric::WinRate
            | Metric::WinRateAllEnds
            | Metric::WinRateByValue
            | Metric::WinRateCohort
            | Metric::WinRateFrom
            | Metric::CloseRate => "win rate",
            Metric::Revenue | Metric::MeanWonValue | Metric::LostValue | Metric::Target => {
                "revenue"
            }
            Metric::OpenValue
            | Metric::OpenDue
            | Metric::WeightedOpen
            | Metric::WeightedDue
            | Metric::WeightedByHistory
            | Metric::WeightedByAge
            | Metric::WeightedByCategory
            | Metric::PipelineCreated
            | Metric::PipelineCreatedNow => "pipeline",
            Metric::Entered
            | Metric::InStage
            | Metric::Reached
            | Metric::LeadsWithDeal
            | Metric::LeadsWon
            | Metric::AccountsWithDeal
            | Metric::AccountsWon => "conversion",
            Metric::CycleWon
            | Metric::CycleLost
            | Metric::CycleClosed
            | Metric::CycleWonFromOpening
            | Metric::CycleWonFromTouch
            | Metric::SalesVelocity
            | Metric::SalesVelocityMedian
            | Metric::SalesVelocityByValue => "speed",
            Metric::Spend | Metric::SpendOfNew => "cost",
            Metric::Impressions | Metric::Clicks | Metric::AdConversions => "advertising",
            metric if metric.is_of_brand() => "brand",
            metric if metric.is_of_marketing() => "credit",
            _ => "handoffs",
        }
    }

    /// Whether it is of what the teams promised each other.
    pub fn is_of_handoffs(self) -> bool {
        self.subject() == "handoffs"
    }

    /// Whether it rests on what the charter says of the brand.
    pub fn is_of_brand(self) -> bool {
        self.is_of_opening_touches() || self.is_of_brand_first()
    }

    /// Whether it is of how pursuits came.
    pub fn is_of_opening_touches(self) -> bool {
        matches!(
            self,
            Metric::BrandOpening | Metric::DirectOpening | Metric::BrandedOpening
        )
    }

    /// Whether it tells buyers apart by who touched them first.
    pub fn is_of_brand_first(self) -> bool {
        matches!(
            self,
            Metric::WinRateBrandFirst
                | Metric::WinRateNotBrandFirst
                | Metric::CycleBrandFirst
                | Metric::CycleNotBrandFirst
        )
    }

    /// Whether it is of what marketing touched.
    pub fn is_of_marketing(self) -> bool {
        matches!(
            self,
            Metric::MarketingTouched
                | Metric::MarketingTouchedByValue
                | Metric::MarketingTouchedEarly
                | Metric::MarketingTouchedEarlyByValue
        )
    }

    /// Whether something may follow its name: a stage, a number.
    pub fn is_told(self) -> bool {
        let is_of_other = matches!(
            self,
            Metric::WinRateFrom
                | Metric::LostFor
                | Metric::Spend
                | Metric::Entered
                | Metric::InStage
                | Metric::Reached
                | Metric::CloseRate
        );
        is_of_other || self.is_of_handoffs()
    }

    /// Whether what it counts has a time of its own; the others look at one instant, or at whoever
    /// was there at any time of the period.
    pub fn is_dated(self) -> bool {
        !matches!(
            self,
            Metric::OpenValue
                | Metric::WeightedOpen
                | Metric::WeightedByHistory
                | Metric::WeightedByAge
                | Metric::WeightedByCategory
                | Metric::InStage
        )
    }

    /// Whether a unit asked for means something to it. Pursuits are asked for by default.
    pub fn allows(self, unit: Unit) -> bool {
        match unit {
            Unit::Pursuit => true,
            Unit::Deal => matches!(self.counts(), None | Some("deal")),
            Unit::Person | Unit::Account => false,
        }
    }
}
