//! What the measures of handoffs and of reasons declare.

use super::more::{Declared, spec};
use super::{CLOSED, Metric, MetricSpec, Said, Shape, declare};

const LOST_FOR: Declared = declare(Said {
    population: "what was lost; the part was lost for the reason that is told, letter for letter: \
                 that on the mark that ended it, else the deal's last loss reason; disqualified, \
                 dormant and deleted ones are not lost",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
pub(super) const OF_A_REASON: MetricSpec = spec(
    Metric::LostFor,
    "lost_for",
    Shape::Share,
    "of what was lost in the period, what was lost for a reason (lost_for:REASON)",
    &LOST_FOR,
);

const EXPLAINED: Declared = declare(Said {
    population: "what was lost; the part has a reason: on the mark that ended it, else the deal's \
                 last loss reason; disqualified, dormant and deleted ones are not lost",
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..CLOSED
});
pub(super) const LOST_EXPLAINED: MetricSpec = spec(
    Metric::LostExplained,
    "lost_explained",
    Shape::Share,
    "of what was lost in the period, what has a reason",
    &EXPLAINED,
);

const HANDED: Said = Said {
    anchor: "the start that charter/handoffs.toml names: the lead's creation, its first \
             assignment, an entry into a stage",
    population: "all that was handed over",
    unit: "handoffs: one lead, or one entry into a stage, under one promise; no other can be \
           asked for",
    window: "none: seen up to the horizon; an undated start counts only when no period is asked",
    reentry: "each entry into a stage is handed over anew; a lead once",
    people: "a lead is each resolved person once; those who hand over and answer are not counted",
    touches: "an answer is the first verdict, or touch by the side that takes over, from the \
              start on",
    ..CLOSED
};
const OF_HANDED: Declared = declare(HANDED);
pub(super) const HANDED_OVER: MetricSpec = spec(
    Metric::HandedOver,
    "handed_over",
    Shape::Count,
    "handed over in the period, by all promises of the charter or by one (handed_over:HANDOFF)",
    &OF_HANDED,
);

const SHARED: Said = Said {
    rounding: "numerator and denominator are shown; over nothing there is no value",
    ..HANDED
};
const ANSWERED: Declared = declare(Said {
    population: "all that was handed over; the part was answered by the horizon, in time or not",
    ..SHARED
});
pub(super) const HANDOFFS_ANSWERED: MetricSpec = spec(
    Metric::HandoffsAnswered,
    "handoffs_answered",
    Shape::Share,
    "of what was handed over in the period, what was answered",
    &ANSWERED,
);

const IN_TIME: Declared = declare(Said {
    population: "what was answered, or was not though its time is over; the part was answered by \
                 the deadline, at the very deadline too; what can still be in time, and what its \
                 dates cannot tell, is in neither",
    ..SHARED
});
pub(super) const HANDOFFS_IN_TIME: MetricSpec = spec(
    Metric::HandoffsInTime,
    "handoffs_in_time",
    Shape::Share,
    "of what was handed over in the period and was answered or is overdue, what was answered in \
     time",
    &IN_TIME,
);

const ACCEPTED: Declared = declare(Said {
    population: "all that was handed over; the part was accepted by the latest verdict; what \
                 nobody's answer accepts is not",
    ..SHARED
});
pub(super) const HANDOFFS_ACCEPTED: MetricSpec = spec(
    Metric::HandoffsAccepted,
    "handoffs_accepted",
    Shape::Share,
    "of what was handed over in the period, what was accepted by the latest verdict",
    &ACCEPTED,
);

const REJECTED: Declared = declare(Said {
    population: "all that was handed over; the part was rejected by the latest verdict",
    ..SHARED
});
pub(super) const HANDOFFS_REJECTED: MetricSpec = spec(
    Metric::HandoffsRejected,
    "handoffs_rejected",
    Shape::Share,
    "of what was handed over in the period, what was rejected by the latest verdict",
    &REJECTED,
);

const RESPONSE: Declared = declare(Said {
    population: "what was answered; time runs by the promise's own clock: working hours where it \
                 promises business hours, else any hour; what is not answered is in none, and is \
                 estimated by ask sla",
    rounding: "seconds are added up; mean and median are exact until shown, in hundredths of an \
               hour; of business hours, what begins or is answered on a day without a time has \
               none",
    ..HANDED
});
pub(super) const RESPONSE_HOURS: MetricSpec = spec(
    Metric::ResponseHours,
    "response_hours",
    Shape::Hours,
    "hours from the start to the answer, by the promise's clock",
    &RESPONSE,
);

const WAIT: Said = Said {
    population: "all that was handed over: days by any clock from each start to its answer; \
                 without one until it was handed over again, the stage was left, the pursuit \
                 ended, or last seen",
    rounding: "two days: calendar days; two instants: seconds; mixed: calendar days of the zone; \
               sum, mean and median are exact until shown",
    ..HANDED
};
const OF_WAIT: Declared = declare(WAIT);
pub(super) const HANDOFF_WAIT: MetricSpec = spec(
    Metric::HandoffWait,
    "handoff_wait",
    Shape::Days,
    "days from each start to its answer, or as long as it waited",
    &OF_WAIT,
);

const OF_DEAL_WAIT: Declared = declare(Said {
    population: "what was handed over of pursuits that have a deal: the days that each waited, by \
                 any clock, less those in which the deal waited already for what was handed over \
                 before",
    currency: "no money; beside money, in the row of the deal's own currency, else of the \
               charter's",
    ..WAIT
});
pub(super) const DEAL_WAIT: MetricSpec = spec(
    Metric::DealWait,
    "deal_wait",
    Shape::Days,
    "of the days that handoffs waited, those of pursuits with a deal, each moment once",
    &OF_DEAL_WAIT,
);
