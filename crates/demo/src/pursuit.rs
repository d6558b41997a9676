//! One pursuit, from the first question to the end or to the last page of the calendar.
//!
//! Each step waits for its day; a step past the last day of the story does not happen, and neither
//! does anything after it. That is how open deals come about: nobody planned them open.

use crate::clock::{FIRST_DAY, LAST_DAY, Stamp};
use crate::names;
use crate::plan::{BARS, HANDOFF_DAYS, Opening, Plan, Plot, SLOW_REGION};
use crate::random::Dice;
use crate::setting::{TURN_OF_YEAR, campaign_on, country, region};
use crate::world::{
    Activity, Channel, Company, Deal, DealVersion, Lead, LeadChange, LeadField, LeadVersion,
    Outcome, Pursuit, Region, Touch,
};

/// Tells one pursuit and writes it down; gives back its truth.
pub(crate) fn tell(world: &mut Company, plan: &Plan, mut dice: Dice) -> Pursuit {
    let truth = Pursuit {
        account: plan.account,
        opener: None,
        channel: None,
        region: plan.region.unwrap_or_else(|| region(&mut dice)),
        opened: plan.start,
        scores: Vec::new(),
        marked: Vec::new(),
        recycled: Vec::new(),
        accepted: None,
        deal: None,
        end: None,
    };
    let now = plan.start;
    let mut thread = Thread {
        world,
        plan,
        dice,
        now,
        truth,
        owner: None,
    };
    // `None` only says that the calendar ended first.
    let _ = thread.run();
    thread.aftermath();
    let truth = thread.truth;
    world.pursuits.push(truth.clone());
    truth
}

struct Thread<'a> {
    world: &'a mut Company,
    plan: &'a Plan,
    dice: Dice,
    now: Stamp,
    truth: Pursuit,
    /// The rep to whom the opener was given in this pursuit.
    owner: Option<usize>,
}

impl Thread<'_> {
    fn run(&mut self) -> Option<()> {
        if self.plan.opening == Opening::BySales {
            let Plot::Deal { wins, .. } = self.plan.plot else {
                return None;
            };
            return self.deal(wins);
        }
        self.open();
        match self.plan.plot {
            Plot::Quiet => self.warm_up(),
            Plot::Unanswered => self.qualify(),
            Plot::Rejected => {
                self.qualify()?;
                self.reject()
            }
            Plot::PutAside => {
                self.qualify()?;
                self.put_aside()
            }
            Plot::AcceptedOnly => {
                self.qualify()?;
                self.accept()
            }
            Plot::Deal { wins, detour } => {
                self.qualify()?;
                if detour {
                    self.put_aside()?;
                    self.wait(40, 95)?;
                    self.call("Call", "They have money again.");
                    self.qualify()?;
                }
                self.accept()?;
                self.wait(2, 15)?;
                self.deal(wins)
            }
        }
    }

    /// Moves on by some days, or off the calendar.
    fn wait(&mut self, low: i32, high: i32) -> Option<()> {
        let (days, minute) = (self.dice.between(low, high), self.dice.between(510, 1_050));
        self.move_to(self.now.later(days, minute))
    }

    /// The wait between the teams, which is where the slow region is slow.
    fn wait_for_handoff(&mut self) -> Option<()> {
        let is_slow = self.truth.region == SLOW_REGION;
        let (slow, quick) = (HANDOFF_DAYS.0, HANDOFF_DAYS.1);
        let days = self.dice.pick(if is_slow { &slow } else { &quick });
        let minute = i32::from(self.now.minute) + self.dice.between(-25, 25);
        self.move_to(self.now.later(days, minute.clamp(480, 1_140)))
    }

    fn move_to(&mut self, at: Stamp) -> Option<()> {
        (at.day <= LAST_DAY).then(|| self.now = at)
    }

    fn open(&mut self) {
        let channel = self.plan.channel;
        let score = self.dice.between(5, 35);
        let (lead, kind) = match self.plan.opening {
            Opening::Again(lead) => {
                let status = self.status(lead);
                self.version(lead, "New", score);
                self.change(lead, LeadField::Status, status, "New", None);
                (lead, "demo_request")
            }
            _ => {
                let lead = self.new_lead(self.now, channel, "New", score);
                let asks = self.dice.chance(12);
                let kind = if asks {
                    "demo_request"
                } else {
                    channel.touch()
                };
                (lead, kind)
            }
        };
        self.truth.opener = Some(lead);
        self.truth.channel = Some(channel);
        self.truth.scores.push((self.now, score));
        self.touch(lead, self.now, kind, channel);
    }

    fn new_lead(&mut self, at: Stamp, channel: Channel, status: &'static str, score: i32) -> usize {
        let (number, region) = (self.world.leads.len(), self.truth.region);
        let (first, last) = names::person(&mut self.dice);
        let account = self.plan.account.and_then(|at| self.world.accounts.get(at));
        let loose = self
            .dice
            .pick(&["example.com", "example.net", "example.org", "post.test"]);
        let domain = account.map_or(loose, |account| &account.domain);
        let titles = [
            "Head brewer",
            "Plant manager",
            "Buyer",
            "Pool attendant",
            "Engineer",
            "Owner",
        ];
        let lead = Lead {
            id: format!("L-{:05}", number + 1),
            email: names::address(&first, &last, number, domain),
            name: (first, last),
            title: self.dice.pick(&titles),
            country: account.map_or_else(|| country(region, &mut self.dice), |of| of.country),
            region,
            channel,
            account: self.plan.account,
            versions: vec![LeadVersion {
                at,
                status,
                score,
                owner: None,
                deal: None,
            }],
        };
        self.world.leads.push(lead);
        self.world.lead_changes.push(LeadChange {
            lead: number,
            at,
            field: LeadField::Status,
            old: String::new(),
            new: status.to_owned(),
            by: None,
            reason: "",
        });
        number
    }

    /// The score rises, but not over any bar.
    fn warm_up(&mut self) -> Option<()> {
        self.wait(2, 20)?;
        let score = self.dice.between(36, BARS.0 - 1);
        self.score_to(self.truth.opener?, "New", score);
        Some(())
    }

    /// The score clears the bar of its day and the CRM marks it. What would have been enough a year
    /// ago is not marked any more, and nobody calls.
    fn qualify(&mut self) -> Option<()> {
        self.wait(1, 20)?;
        let lead = self.truth.opener?;
        let (status, is_early) = (self.status(lead), self.now.day < TURN_OF_YEAR);
        let score = match self.plan.is_strong {
            true => self.dice.between(BARS.1, 96),
            false => self.dice.between(BARS.0, BARS.1 - 1),
        };
        if !self.plan.is_strong && !is_early {
            self.score_to(lead, status, score);
            return None;
        }
        self.own(lead, self.sdr());
        self.score_to(lead, "MQL", score);
        self.change(lead, LeadField::Status, status, "MQL", None);
        self.truth.marked.push(self.now);
        Some(())
    }

    fn score_to(&mut self, lead: usize, status: &'static str, score: i32) {
        self.version(lead, status, score);
        self.truth.scores.push((self.now, score));
    }

    fn accept(&mut self) -> Option<()> {
        self.wait_for_handoff()?;
        let (lead, sdr) = (self.truth.opener?, self.sdr());
        self.call("Call", "Asked about \"the float\",\nand meant it.");
        self.verdict(lead, "accepted", "");
        self.version(lead, "SAL", self.score(lead));
        self.change(lead, LeadField::Status, "MQL", "SAL", Some(sdr));
        self.truth.accepted = Some(self.now);
        Some(())
    }

    fn reject(&mut self) -> Option<()> {
        self.wait_for_handoff()?;
        let lead = self.truth.opener?;
        let reasons = [
            "Student",
            "Competitor",
            "No pipes",
            "Wrong country",
            "Job seeker",
        ];
        let reason = self.dice.pick(&reasons);
        self.call("Call", "");
        self.verdict(lead, "rejected", reason);
        self.version(lead, "Disqualified", self.score(lead));
        let sdr = self.sdr();
        self.change(lead, LeadField::Status, "MQL", "Disqualified", Some(sdr));
        self.truth.end = Some((Outcome::Disqualified, self.now));
        Some(())
    }

    /// Back to marketing; the score falls, so that the next rise is a new qualification.
    fn put_aside(&mut self) -> Option<()> {
        self.wait_for_handoff()?;
        let lead = self.truth.opener?;
        let reason = self
            .dice
            .pick(&["No budget yet", "After the season", "Contract runs on"]);
        self.call("Call attempt", "");
        self.verdict(lead, "rejected", reason);
        self.score_to(lead, "Recycled", 20);
        let sdr = self.sdr();
        self.change(lead, LeadField::Status, "MQL", "Recycled", Some(sdr));
        self.truth.recycled.push(self.now);
        Some(())
    }

    fn deal(&mut self, wins: bool) -> Option<()> {
        let owner = self.ae();
        self.create_deal(owner)?;
        let lost_after = self
            .dice
            .pick(&["Discovery", "Discovery", "Proposal", "Negotiation"]);
        let skips_proposal = self.dice.chance(12);
        for (stage, low, high) in [("Proposal", 8, 26), ("Negotiation", 7, 24), ("", 5, 28)] {
            self.meet(owner);
            self.wait(low, high)?;
            let is_lost = !wins && self.stage()? == lost_after;
            if is_lost || stage.is_empty() {
                return self.close_deal(wins, owner);
            }
            if !(skips_proposal && stage == "Proposal") {
                self.deal_version(stage, "", "")?;
                let kind = if stage == "Proposal" {
                    "Demo"
                } else {
                    "Meeting"
                };
                self.act(kind, "", owner, self.now);
            }
        }
        Some(())
    }

    fn create_deal(&mut self, owner: usize) -> Option<()> {
        let number = self.world.deals.len();
        let account = self.plan.account?;
        let size = self.world.accounts.get(account)?.employees;
        let hundreds = self.dice.between(40, 160) + size.min(3_000) / 12;
        self.world.deals.push(Deal {
            id: format!("O-{:05}", number + 1),
            account,
            lead: self.truth.opener,
            product: self.dice.pick(&["Float", "Float", "Hum", "Kettlewatch"]),
            currency: self.truth.region.currency(),
            owner,
            versions: vec![DealVersion {
                at: self.now,
                stage: "Discovery",
                minor: i64::from(hundreds) * 10_000,
                expected: self.now.day.plus(75),
                reason: "",
                competitor: "",
            }],
            is_late: false,
        });
        self.truth.deal = Some(number);
        if let Some(lead) = self.truth.opener {
            let status = self.status(lead);
            self.own(lead, owner);
            self.version(lead, "Converted", self.score(lead));
            // The status word is no stage of anybody's funnel; the deal speaks from here on.
            self.change(lead, LeadField::Status, status, "Converted", Some(owner));
        }
        self.act("Meeting", "", owner, self.now);
        Some(())
    }

    fn close_deal(&mut self, wins: bool, owner: usize) -> Option<()> {
        let competitors = ["", "", "Driftmark", "Kettlebridge"];
        let reasons = ["Price", "Timing", "No decision", "Missing feature"];
        let (competitor, reason) = (self.dice.pick(&competitors), self.dice.pick(&reasons));
        let (stage, outcome) = match wins {
            true => ("Closed Won", Outcome::Won),
            false => ("Closed Lost", Outcome::Lost),
        };
        let (reason, competitor) = if wins { ("", "") } else { (reason, competitor) };
        self.act("Call", "", owner, self.now);
        self.deal_version(stage, reason, competitor)?;
        self.truth.end = Some((outcome, self.now));
        Some(())
    }

    fn stage(&self) -> Option<&'static str> {
        let deal = self.world.deals.get(self.truth.deal?)?;
        deal.versions.last().map(|version| version.stage)
    }

    /// Amounts move on the way: discounts mostly, and cents once lawyers have looked.
    fn deal_version(
        &mut self,
        stage: &'static str,
        reason: &'static str,
        competitor: &'static str,
    ) -> Option<()> {
        let (percent, cents) = (self.dice.between(90, 104), self.dice.between(0, 99));
        let deal = self.world.deals.get_mut(self.truth.deal?)?;
        let last = deal.versions.last()?.clone();
        deal.versions.push(DealVersion {
            at: self.now,
            stage,
            minor: last.minor / 100 * i64::from(percent) + i64::from(cents),
            expected: last.expected.plus(if percent < 97 { 14 } else { 0 }),
            reason,
            competitor,
        });
        Some(())
    }

    /// The talk between two stages.
    fn meet(&mut self, owner: usize) {
        for _ in 0..self.dice.between(1, 4) {
            let (days, minute) = (self.dice.between(1, 4), self.dice.between(540, 1_020));
            let at = self.now.later(days, minute);
            let kind = self
                .dice
                .pick(&["Deck sent", "Demo", "Call", "Call attempt", "Meeting"]);
            self.act(kind, "", owner, at);
        }
    }

    /// What follows the end, or does not wait for it: colleagues who also ask, mailings, and the
    /// score that fades.
    fn aftermath(&mut self) {
        let end = self.truth.end.map(|(_, at)| at.day);
        let days = |day: handfast_model::Day| day.0 - self.truth.opened.day.0;
        let span = days(end.unwrap_or(LAST_DAY)).min(90);
        if self.plan.account.is_some() && span > 3 {
            for _ in 0..self.dice.between(1, 7) {
                self.colleague(span);
            }
        }
        let Some(lead) = self.truth.opener else {
            return;
        };
        self.nurture(lead, self.truth.opened, span.max(30));
        if let Some((outcome, at)) = self.truth.end {
            self.now = at.later(self.dice.between(3, 8), 600);
            let word = if outcome == Outcome::Won {
                "Customer"
            } else {
                "Nurture"
            };
            if self.now.day <= LAST_DAY {
                self.version(lead, word, 10);
            }
        }
    }

    /// Somebody of the same company asks while the pursuit runs; the CRM attaches them to it.
    fn colleague(&mut self, span: i32) {
        let (days, minute) = (
            self.dice.between(1, span - 2),
            self.dice.between(430, 1_250),
        );
        let at = self.truth.opened.later(days, minute);
        let is_inside = self.truth.end.is_none_or(|(_, end)| at.day < end.day);
        if at.day <= LAST_DAY && is_inside {
            let (score, channel) = (self.dice.between(5, 30), self.dice.pick(&Channel::ALL));
            let lead = self.new_lead(at, channel, "Attached", score);
            self.touch(lead, at, channel.touch(), channel);
            self.nurture(lead, at, span);
        }
    }

    fn nurture(&mut self, lead: usize, from: Stamp, span: i32) {
        use Channel::{Content, Email, Event, PaidSearch, Webinar};
        for _ in 0..self.dice.between(0, 3) {
            let days = self.dice.between(1, span + 20);
            let at = from.later(days, self.dice.between(400, 1_300));
            let channel = self
                .dice
                .pick(&[Email, Email, Email, Content, Webinar, PaidSearch, Event]);
            if at.day <= LAST_DAY {
                self.touch(lead, at, channel.touch(), channel);
            }
        }
    }

    fn touch(&mut self, lead: usize, at: Stamp, kind: &'static str, channel: Channel) {
        let campaign = campaign_on(channel, at.day);
        self.world.touches.push(Touch {
            lead,
            at,
            kind,
            channel,
            campaign,
        });
    }

    fn call(&mut self, kind: &'static str, note: &'static str) {
        self.act(kind, note, self.sdr(), self.now);
    }

    fn act(&mut self, kind: &'static str, note: &'static str, rep: usize, at: Stamp) {
        if at.day <= LAST_DAY {
            self.world.activities.push(Activity {
                account: self.plan.account,
                lead: self.truth.opener,
                deal: self.truth.deal,
                rep,
                at,
                kind,
                note,
            });
        }
    }

    fn status(&self, lead: usize) -> &'static str {
        self.last(lead).map_or("", |version| version.status)
    }

    fn score(&self, lead: usize) -> i32 {
        self.last(lead).map_or(0, |version| version.score)
    }

    fn last(&self, lead: usize) -> Option<&LeadVersion> {
        self.world.leads.get(lead)?.versions.last()
    }

    fn version(&mut self, lead: usize, status: &'static str, score: i32) {
        let owner = self.owner.or_else(|| self.last(lead)?.owner);
        let deal = self.truth.deal;
        if let Some(lead) = self.world.leads.get_mut(lead) {
            lead.versions.push(LeadVersion {
                at: self.now,
                status,
                score,
                owner,
                deal,
            });
        }
    }

    /// Gives the lead to a rep; a rule of the CRM does it, so nobody signs for it.
    fn own(&mut self, lead: usize, rep: usize) {
        let old = self.owner.or_else(|| self.last(lead)?.owner);
        self.owner = Some(rep);
        if old != self.owner {
            let id = |rep: usize| self.world.reps.get(rep).map_or("", |rep| rep.id.as_str());
            let (old, new) = (old.map_or("", id).to_owned(), id(rep).to_owned());
            self.change(lead, LeadField::Owner, &old, &new, None);
        }
    }

    fn verdict(&mut self, lead: usize, verdict: &str, reason: &'static str) {
        let by = Some(self.sdr());
        self.change(lead, LeadField::Verdict, "", verdict, by);
        if let Some(row) = self.world.lead_changes.last_mut() {
            row.reason = reason;
        }
    }

    fn change(&mut self, lead: usize, field: LeadField, old: &str, new: &str, by: Option<usize>) {
        self.world.lead_changes.push(LeadChange {
            lead,
            at: self.now,
            field,
            old: old.to_owned(),
            new: new.to_owned(),
            by,
            reason: "",
        });
    }

    /// The SDR who looks after the buyer: two to a region, and the same one every time.
    fn sdr(&self) -> usize {
        let place = Region::ALL.iter().position(|of| *of == self.truth.region);
        let days = self.truth.opened.day.0 - FIRST_DAY.0;
        2 + place.unwrap_or(0) * 2 + usize::from(days % 2 == 1)
    }

    /// An account executive of the region's team on that day.
    fn ae(&mut self) -> usize {
        let team = format!("AE {}", self.truth.region.word());
        let reps = self.world.reps.iter().enumerate();
        let mut free =
            reps.filter(|(_, rep)| rep.role == "AE" && rep.team_on(self.now.day) == team);
        let first = free.next().map_or(0, |(number, _)| number);
        let others: Vec<usize> = free.map(|(number, _)| number).collect();
        match self
            .dice
            .between(0, i32::try_from(others.len()).unwrap_or(0))
        {
            0 => first,
            place => usize::try_from(place - 1)
                .ok()
                .and_then(|place| others.get(place).copied())
                .unwrap_or(first),
        }
    }
}
