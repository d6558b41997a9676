//! Answers of cases that look at what is not over yet: estimates, stale stays, waiting leads.

use handfast_kernels::funnel::{self, CohortRule};
use handfast_kernels::metric::{self, Metric, PerDay, Scope, per_day};
use handfast_kernels::response::{Start, Verdict, responses};
use handfast_kernels::stale::{self, Limit};
use handfast_kernels::survival::{self, Observation, Share};
use handfast_kernels::times::{REACHED, Sight};
use handfast_kernels::velocity;
use handfast_model::question::{At, Clock, Unit};
use handfast_model::rules::StepIx;
use handfast_model::{Day, Instant, Money, Ratio};

use crate::answer::{Desk, elapsed_text, ratio};
use crate::sketch;
use crate::table::lay_out;

impl Desk<'_> {
    fn sight(&self, observed_from: Option<Day>) -> Sight {
        Sight {
            from: observed_from.map(|day| self.world.charter.calendar.start_of(day)),
            until: self.world.horizon,
        }
    }

    /// The estimated share of a cohort that reaches each later step.
    pub(crate) fn estimate(&self, rule: &CohortRule, observed_from: Option<Day>) -> String {
        let charter = self.world.charter;
        let sight = self.sight(observed_from);
        let entries = funnel::cohort(self.journeys, charter, rule);
        let path = (0u8..).map(StepIx).zip(&charter.steps);
        let later = path.filter(|(ix, step)| *ix > rule.entry && step.role.is_on_path());
        let by = rule.window_days.map(|days| i64::from(days) - 1);
        let rows: Vec<Vec<String>> = later
            .map(|(ix, step)| {
                let seen = entries
                    .iter()
                    .filter_map(|entry| sight.reach(entry, ix, self.journeys, &charter.calendar));
                let seen: Vec<Observation> = seen.collect();
                let share = survival::share_by(&seen, REACHED, by);
                vec![
                    format!("≈ {}", step.id),
                    share.map_or("no value".to_owned(), estimated),
                ]
            })
            .collect();
        lay_out(&rows, "  ")
    }

    /// Stays per step: how many, how many are over, and estimated quantiles.
    pub(crate) fn times(&self, unit: Unit, observed_from: Option<Day>) -> String {
        let charter = self.world.charter;
        let sight = self.sight(observed_from);
        let stays = funnel::stays(self.journeys, unit);
        let head = [
            "step",
            "stays",
            "over",
            "there",
            "≈ median",
            "≈ p75",
            "≈ p90",
            "",
        ];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        for (ix, step) in (0u8..).map(StepIx).zip(&charter.steps) {
            if step.role.is_end() {
                continue;
            }
            let own = stays.iter().filter(|stay| stay.step == ix);
            let (mut seen, mut texts) = (Vec::new(), Vec::new());
            for stay in own {
                let Some(timed) = sight.stay(stay, self.journeys, &charter.calendar) else {
                    continue;
                };
                let is_over = timed.observation.cause.is_some();
                let mark = if is_over { "" } else { "+" };
                let text = elapsed_text(timed.elapsed);
                texts.push(format!("{} {text}{mark}", self.unit(stay.unit)));
                seen.push(timed.observation);
            }
            let over = seen.iter().filter(|one| one.cause.is_some()).count();
            let curve = survival::survival(&seen);
            let quantile = |share| {
                survival::quantile(&curve, share).map_or("–".to_owned(), |seconds| {
                    match seconds % 86_400 {
                        0 => format!("{} days", seconds / 86_400),
                        _ => format!("{seconds} s"),
                    }
                })
            };
            rows.push(vec![
                step.id.clone(),
                seen.len().to_string(),
                over.to_string(),
                (seen.len() - over).to_string(),
                quantile(0.5),
                quantile(0.75),
                quantile(0.9),
                texts.join(", "),
            ]);
        }
        lay_out(&rows, "")
    }

    /// Who is there per step, the limit, and who is beyond it.
    pub(crate) fn stale(&self, unit: Unit, at: Option<At>) -> String {
        let charter = self.world.charter;
        let calendar = &charter.calendar;
        let at = match at {
            None => Instant(self.world.horizon.0 - 1),
            Some(At::EndOf(day)) => Instant(calendar.start_of(day.plus(1)).0 - 1),
            Some(At::Instant(at)) => at,
        };
        let stays = funnel::stays(self.journeys, unit);
        let limits = stale::limits(&stays, self.journeys, charter, at);
        let mut rows = Vec::new();
        for index in funnel::snapshot(&stays, at) {
            let Some(stay) = stays.get(index as usize) else {
                continue;
            };
            let step = charter.steps.get(usize::from(stay.step.0));
            if step.is_none_or(|step| step.role.is_end()) {
                continue;
            }
            let limit = match limits.get(usize::from(stay.step.0)) {
                Some(Limit::ServiceLevel(days)) => format!("service level {days} days"),
                Some(Limit::NinthTenth(time)) => format!("p90 {}", elapsed_text(*time)),
                Some(Limit::Unknown) | None => "no limit".to_owned(),
            };
            let is_stale = stale::is_stale(stay, &limits, at, calendar);
            rows.push(vec![
                self.unit(stay.unit),
                self.step(stay.step).to_owned(),
                format!("since {}", self.moment(stay.entered)),
                limit,
                if is_stale { "stale" } else { "" }.to_owned(),
            ]);
        }
        lay_out(&rows, "")
    }

    /// Every lead: when it was answered, at what age assigned and worked, what sales said.
    pub(crate) fn response(&self, clock: &Clock) -> Result<String, String> {
        let start = match clock {
            Clock::Creation => Start::Creation,
            Clock::Assignment => Start::Assignment,
            Clock::Entry(id) => {
                Start::Entry(sketch::step(self.world.charter, id).ok_or("no such step")?)
            }
        };
        let found = responses(self.world, self.journeys, start);
        let age = |what: &str, time: Option<velocity::Elapsed>| {
            time.map_or(String::new(), |time| {
                format!("{what} at {}", elapsed_text(time))
            })
        };
        let mut rows = Vec::new();
        for response in &found {
            let Some(lead) = self.journeys.leads.get(response.lead as usize) else {
                continue;
            };
            let answer = match response.answer {
                None => "clock does not run".to_owned(),
                Some(timed) => match timed.observation.cause {
                    Some(_) => format!("answered after {}", elapsed_text(timed.elapsed)),
                    None => format!("waiting for {}", elapsed_text(timed.elapsed)),
                },
            };
            let verdict = match response.verdict {
                None => String::new(),
                Some((Verdict::Accepted, _)) => "accepted".to_owned(),
                Some((Verdict::Rejected, _)) => {
                    let reason = response
                        .reason
                        .map_or("no reason", |reason| self.name(reason));
                    format!("rejected: {reason}")
                }
            };
            rows.push(vec![
                self.ledger.person(lead.person).to_owned(),
                answer,
                age("assigned", response.age_assigned),
                age("worked", response.age_worked),
                verdict,
            ]);
        }
        let seen = found.iter().filter_map(|response| response.answer);
        let seen: Vec<Observation> = seen.map(|timed| timed.observation).collect();
        let median = survival::quantile(&survival::survival(&seen), 0.5);
        let median = median.map_or("–".to_owned(), |seconds| format!("{seconds} s"));
        Ok(format!("≈ median {median}\n") + &lay_out(&rows, "  "))
    }

    /// The parts of a sales velocity and what they come to, in the one currency of a case.
    pub(crate) fn per_day(&self, metric: Metric, scope: &Scope) -> String {
        let parts = metric::velocity_parts(self.world, self.journeys, scope);
        let money = |members: &[metric::Member], is_part: bool| {
            let meant = members.iter().filter(|member| !is_part || member.is_part);
            let amounts = meant.filter_map(|member| member.money);
            amounts.map(|money| money.minor).sum::<i64>()
        };
        let won = &parts.won.members;
        let closed = &parts.closed.members;
        let with_money = won.iter().filter_map(|member| member.money);
        let rate = match metric.has_rate_by_value() {
            true => Ratio {
                part: money(closed, true),
                whole: money(closed, false).unsigned_abs(),
            },
            false => Ratio {
                part: closed.iter().filter(|member| member.is_part).count() as i64,
                whole: closed.len() as u64,
            },
        };
        let times = parts.cycles.members.iter().filter_map(|one| one.elapsed);
        let summary = velocity::summary(times);
        let twice = summary.median_twice_seconds;
        let cycle = match metric.has_median_cycle() {
            false => Ratio {
                part: summary.sum_seconds,
                whole: summary.count,
            },
            true => Ratio {
                part: twice.unwrap_or(0),
                whole: 2 * u64::from(twice.is_some()),
            },
        };
        let value = Ratio {
            part: money(won, false),
            whole: with_money.clone().count() as u64,
        };
        let open = parts.open.members.len() as u64;
        let currency = with_money.map(|money| money.currency).next();
        let figure = per_day(&PerDay {
            open,
            value,
            rate,
            cycle,
        });
        let figure = figure.zip(currency).map_or("no value".to_owned(), |found| {
            let (minor, currency) = found;
            format!("{} per day", Money { minor, currency })
        });
        let rows = [
            vec!["open".to_owned(), open.to_string()],
            vec!["won value".to_owned(), ratio(value) + " in minor units"],
            vec!["win rate".to_owned(), ratio(rate)],
            vec!["cycle".to_owned(), ratio(cycle) + " in seconds"],
        ];
        format!("{figure}\n") + &lay_out(&rows, "  ")
    }
}

/// To 12 significant digits, with its interval.
fn estimated(share: Share) -> String {
    let text = |value: f64| {
        let rounded: Option<f64> = format!("{value:.11e}").parse().ok();
        rounded.map_or(String::new(), |value| value.to_string())
    };
    match share.band {
        Some(band) => format!(
            "{} ({} to {})",
            text(share.value),
            text(band.low),
            text(band.high)
        ),
        None => text(share.value),
    }
}
