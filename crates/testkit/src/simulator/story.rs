//! What happens to one account: attempts to win it, each moved by a hazard per stage and the hidden
//! lift of its channel, with all that goes wrong in between.

use std::collections::BTreeMap;

use crate::random::Chance;
use crate::truth::clock::{DAY, HOUR};

use super::world::{Account, Attempt, DealState, Happening, Person, Subject, What, World, dice};

/// The story of one account.
pub fn account(world: &World, number: usize) -> Account {
    let mut chance = dice(world.seed, "account", number);
    let domain = match chance.below(10) {
        0 => "gmail.com".to_owned(),
        _ => format!("firm{number}.example"),
    };
    let count = 1 + chance.below(4) as usize;
    let mut people = Vec::new();
    for person in 0..count {
        let emails = emails(world, (number, person), &domain, &mut chance);
        people.push(Person {
            number: person,
            emails,
            has_account: !chance.percent(25),
        });
    }
    let currency = ["EUR", "EUR", "USD", "GBP"][chance.below(4) as usize];
    let mut teller = Teller {
        world,
        number,
        chance,
        now: i64::from(world.from) * DAY,
        asked: vec![false; count],
        story: Vec::new(),
        attempts: Vec::new(),
        deals: 0,
    };
    teller.wait_days(0, world.size.days as u64 * 2 / 3);
    for _ in 0..3 {
        teller.attempt();
        if teller.now > world.until() || teller.chance.percent(45) {
            break;
        }
        teller.wait_days(5, 80);
    }
    teller.mishaps();
    let Teller {
        mut story,
        attempts,
        ..
    } = teller;
    changes(world, number, &mut story);
    story.retain(|happening| happening.at < world.until());
    story.sort_by_key(|happening| happening.at);
    Account {
        number,
        currency,
        domain,
        people,
        story,
        attempts,
    }
}

/// The addresses of one person of an account, the one they use first first.
fn emails(
    world: &World,
    (number, person): (usize, usize),
    domain: &str,
    chance: &mut Chance,
) -> Vec<String> {
    let address = |n: usize| format!("p{person}.{n}@{domain}");
    // An office's address, or one that somebody else at the company has, too.
    let mut emails = match chance.below(12) {
        0 => vec![format!("info@{domain}")],
        1 => vec![format!("p0.0@{domain}")],
        more => (0..1 + more as usize % 3).map(address).collect(),
    };
    // Somebody who works for two companies, and writes from another one's address.
    if chance.percent(4) {
        let other = chance.below(world.size.accounts as u64);
        let end = chance.pick(&["example", "net"]);
        emails.push(format!("p{person}.of.{number}@firm{other}.{end}"));
    }
    emails
}

/// While deals are open some are worth more or less, and some change hands. From dice of their own,
/// so that all else is told as it always was.
fn changes(world: &World, number: usize, story: &mut Vec<Happening>) {
    let mut chance = dice(world.seed, "changes", number);
    let mut states: BTreeMap<String, Vec<(i64, DealState)>> = BTreeMap::new();
    story.sort_by_key(|happening| happening.at);
    for happening in story.iter() {
        if let What::Deal(state) = &happening.what {
            let of = states.entry(state.deal.clone()).or_default();
            of.push((happening.at, state.clone()));
        }
    }
    for told in states.values() {
        for (place, (from, state)) in told.iter().enumerate() {
            let until = told.get(place + 1).map_or(world.until(), |(at, _)| *at);
            let seconds = ((until - from) / 1_000_000 - 1).max(0) as u64;
            if state.status != "open" || seconds == 0 {
                continue;
            }
            while chance.percent(30) {
                let mut state = state.clone();
                let percent = [50, 80, 100, 130, 200, -100][chance.below(6) as usize];
                state.amount = state.amount.map(|amount| amount * percent / 100);
                if chance.percent(40) {
                    let reps = world.reps.len() as u64;
                    state.rep = (!chance.percent(8)).then(|| chance.below(reps) as usize);
                }
                let at = from + 1_000_000 * (1 + chance.below(seconds) as i64);
                let what = What::Deal(state);
                story.push(Happening { at, what });
            }
        }
    }
}

struct Teller<'a> {
    world: &'a World,
    number: usize,
    chance: Chance,
    now: i64,
    asked: Vec<bool>,
    story: Vec<Happening>,
    attempts: Vec<Attempt>,
    deals: usize,
}

impl Teller<'_> {
    /// Some days pass; it is another second of another working hour then.
    fn wait_days(&mut self, least: u64, more: u64) {
        let days = least + self.chance.below(more.max(1));
        let day = self.now.div_euclid(DAY) + days as i64;
        // Seldom at night, when clocks change.
        let hour = if self.chance.percent(4) { 0 } else { 7 };
        let second = self.chance.below(12 * 3_600) as i64;
        let at = day * DAY + hour * HOUR + second * 1_000_000;
        self.now = at.max(self.now + 1_000_000 * (1 + self.chance.below(4_000) as i64));
    }

    fn tell(&mut self, what: What) {
        let at = self.now;
        self.story.push(Happening { at, what });
    }

    fn rep(&mut self) -> Option<usize> {
        let reps = self.world.reps.len() as u64;
        (!self.chance.percent(8)).then(|| self.chance.below(reps) as usize)
    }

    /// Waits as long as a stage takes at a channel's pace.
    fn hazard(&mut self, days: u64, lift: i64) {
        let days = (days * 100 / lift.max(1) as u64).max(1);
        let mut waited = 1;
        while waited < 6 * days && self.chance.below(days) != 0 {
            waited += 1;
        }
        self.wait_days(waited, 2);
    }

    fn enter(&mut self, subject: Subject, stage: &'static str) {
        let at = self.now;
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.stages.push((stage, at));
        }
        self.tell(What::Entered { subject, stage });
    }

    fn calls(&mut self, person: usize, deal: Option<&String>) {
        for _ in 0..self.chance.below(3) {
            let kind = self.chance.pick(&["call", "meeting", "mail"]);
            let who = (!self.chance.percent(15)).then_some(person);
            let (later, deal) = (self.chance.below(9) as i64 * DAY, deal.cloned());
            self.story.push(Happening {
                at: self.now + later + self.chance.below(3_600) as i64 * 1_000_000,
                what: What::Touched {
                    person: who,
                    deal,
                    kind,
                    is_sales: true,
                    channel: 0,
                },
            });
        }
    }

    /// One attempt, from the first contact to whatever end it takes.
    fn attempt(&mut self) {
        let channel = self.chance.below(self.world.channels.len() as u64) as usize;
        let lift = self.world.channels[channel].lift;
        let person = self.chance.below(self.asked.len() as u64) as usize;
        self.attempts.push(Attempt {
            channel,
            opened: self.now,
            stages: Vec::new(),
            deal: None,
        });
        if !self.asked[person] && self.chance.percent(6) {
            return self.unannounced(person, channel, lift);
        }
        self.come(person, channel);
        let lead = Subject::Person(person);
        self.hazard(4, lift);
        self.enter(lead.clone(), "mql");
        self.tell(What::Given {
            subject: lead.clone(),
            rep: None,
        });
        loop {
            self.hazard(6, lift);
            match self.chance.below(10) {
                0 => return self.enter(lead, "junk"),
                1 => return,
                2 | 3 => {
                    self.enter(lead.clone(), "recycled");
                    self.wait_days(10, 90);
                    self.come(person, channel);
                    self.enter(lead.clone(), "mql");
                }
                _ => break,
            }
        }
        let rep = self.rep();
        self.tell(What::Given {
            subject: lead.clone(),
            rep,
        });
        for _ in 0..self.chance.below(3) {
            let reasons = [None, Some("no budget"), Some("no reply"), Some("")];
            let reason = reasons[self.chance.below(4) as usize];
            self.tell(What::Judged { person, reason });
            self.now += 1_000_000 * self.chance.below(90_000) as i64;
        }
        self.calls(person, None);
        self.enter(lead, "sql");
        self.hazard(8, lift);
        if self.chance.percent(70) {
            self.deal(person, lift, rep);
        }
    }

    /// A deal of somebody who is typed in only after it.
    fn unannounced(&mut self, person: usize, channel: usize, lift: i64) {
        let rep = self.rep();
        self.deal(person, lift, rep);
        self.wait_days(0, 60);
        self.asked[person] = true;
        self.tell(What::Asked { person, channel });
    }

    /// Somebody gets in touch; whoever does so for the first time is a lead.
    fn come(&mut self, person: usize, channel: usize) {
        let kind = ["demo", "form", "webinar"][self.chance.below(3) as usize];
        self.tell(What::Touched {
            person: Some(person),
            deal: None,
            kind,
            is_sales: false,
            channel,
        });
        if !std::mem::replace(&mut self.asked[person], true) {
            self.tell(What::Asked { person, channel });
        }
        for _ in 0..self.chance.below(3) {
            let score = (!self.chance.percent(12)).then(|| 10 * self.chance.below(11) as i64);
            self.tell(What::Scored { person, score });
            self.now += 1_000_000 * self.chance.below(90_000) as i64;
        }
    }

    fn deal(&mut self, person: usize, lift: i64, rep: Option<usize>) {
        self.deals += 1;
        let deal = format!("D-{}-{}", self.number, self.deals);
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.deal = Some(deal.clone());
        }
        let way = self.chance.below(4);
        let amount = 100 * (1 + self.chance.below(9_000)) as i64;
        let mut state = DealState {
            deal: deal.clone(),
            person: (way < 2).then_some(person),
            has_account: way != 1,
            amount: (!self.chance.percent(10)).then_some(amount),
            status: "open",
            closed: None,
            rep,
        };
        self.tell(What::Deal(state.clone()));
        if way == 3 {
            self.tell(What::Role {
                person,
                deal: deal.clone(),
            });
        }
        let subject = Subject::Deal(deal.clone());
        self.enter(subject.clone(), "proposal");
        self.calls(person, Some(&deal));
        self.hazard(10, lift);
        if self.chance.percent(20) {
            self.enter(subject.clone(), "sql");
            self.hazard(5, lift);
            self.enter(subject.clone(), "proposal");
            self.hazard(5, lift);
        }
        if self.chance.percent(15) {
            let rep = self.rep();
            self.tell(What::Given {
                subject: subject.clone(),
                rep,
            });
            state.rep = rep;
        }
        if self.chance.percent(15) {
            self.split(&mut state);
        }
        let end = match self.chance.below(20) {
            0..=2 => return,
            low if (low as i64) < 6 + lift / 25 => "won",
            _ => "lost",
        };
        (state.status, state.closed) = (end, Some(self.now));
        self.tell(What::Deal(state.clone()));
        self.enter(subject.clone(), end);
        self.aftermath(&mut state, subject);
    }

    /// A part of the amount becomes a deal of its own.
    fn split(&mut self, state: &mut DealState) {
        let Some(amount) = state.amount else { return };
        self.deals += 1;
        state.amount = Some(amount - amount / 3);
        self.tell(What::Deal(state.clone()));
        let part = DealState {
            deal: format!("D-{}-{}", self.number, self.deals),
            person: None,
            has_account: true,
            amount: Some(amount / 3),
            ..state.clone()
        };
        self.tell(What::Deal(part));
        self.wait_days(1, 4);
    }

    /// Refunds, and deals that are opened again.
    fn aftermath(&mut self, state: &mut DealState, subject: Subject) {
        if state.status == "won" && self.chance.percent(12) {
            let now = self.now;
            self.wait_days(1, 40);
            state.amount = state.amount.map(|amount| amount / 2);
            self.tell(What::Deal(state.clone()));
            self.now = now;
        }
        if state.status == "lost" && self.chance.percent(15) {
            self.wait_days(3, 30);
            (state.status, state.closed) = ("open", None);
            self.tell(What::Deal(state.clone()));
            self.enter(subject.clone(), "proposal");
            self.wait_days(3, 30);
            (state.status, state.closed) = ("won", Some(self.now));
            self.tell(What::Deal(state.clone()));
            self.enter(subject, "won");
        }
    }

    /// A working hour of any day of the story.
    fn any_time(&mut self) {
        let day = self.world.from + self.chance.below(self.world.size.days as u64) as i32;
        let second = 8 * 3_600 + self.chance.below(30_000) as i64;
        self.now = i64::from(day) * DAY + second * 1_000_000;
    }

    /// Says something at any time; half of the time it is taken back.
    fn say_perhaps_wrongly(&mut self, what: &dyn Fn(bool) -> What) {
        self.any_time();
        self.tell(what(false));
        if self.chance.percent(50) {
            self.wait_days(1, 30);
            self.tell(what(true));
        }
    }

    /// What is no part of any attempt: merges and their undoing, people who move, mistakes.
    fn mishaps(&mut self) {
        let people = self.asked.len() as u64;
        if people > 1 && self.chance.percent(12) {
            let (gone, into) = (self.chance.below(people) as usize, 0);
            self.say_perhaps_wrongly(&|is_undone| What::SamePerson {
                gone,
                into,
                is_undone,
            });
        }
        if self.chance.percent(10) {
            self.say_perhaps_wrongly(&|is_undone| What::SameAccount { is_undone });
        }
        if self.chance.percent(8) {
            self.any_time();
            let person = self.chance.below(people) as usize;
            let account = self.chance.below(self.world.size.accounts as u64) as usize;
            self.tell(What::Moved { person, account });
        }
        let subject = Subject::Account;
        if self.chance.percent(6) {
            self.any_time();
            let stage = ["mql", "sql", "recycled", "lost"][self.chance.below(4) as usize];
            let subject = subject.clone();
            self.tell(What::Entered { subject, stage });
        }
        if self.chance.percent(12) {
            self.any_time();
            let rep = self.rep();
            self.tell(What::Given { subject, rep });
        }
        if self.chance.percent(4) {
            self.any_time();
            let person = self.chance.below(people) as usize;
            self.tell(What::Forgotten { person });
        }
    }
}

/// Whether nothing odd is told of an account: everybody has it as theirs, under addresses that
/// nobody elsewhere has, nothing is merged, and nobody goes.
pub fn is_plain(account: &Account) -> bool {
    let is_odd = |happening: &Happening| {
        matches!(
            happening.what,
            What::SamePerson { .. }
                | What::SameAccount { .. }
                | What::Moved { .. }
                | What::Entered {
                    subject: Subject::Account,
                    ..
                }
        )
    };
    // A deal of somebody who is not known yet is nobody's.
    let mut known = account.story.iter().map(|happening| &happening.what);
    let first = known.find(|what| matches!(what, What::Asked { .. } | What::Deal(_)));
    let is_unannounced = matches!(first, Some(What::Deal(_)));
    let is_known = |person: &Person| person.has_account && !is_unannounced;
    let is_own = account.domain != "gmail.com";
    is_own && account.people.iter().all(is_known) && !account.story.iter().any(is_odd)
}

/// The accounts whose domain somebody of another one writes from.
pub fn written_from(account: &Account) -> impl Iterator<Item = usize> + '_ {
    let emails = account.people.iter().flat_map(|person| &person.emails);
    let firms = emails.filter_map(|email| {
        let firm = email.split_once("@firm")?.1.strip_suffix(".example")?;
        firm.parse::<usize>().ok()
    });
    firms.filter(|number| *number != account.number)
}

/// The account that somebody comes to from another one.
pub fn comes_to(happening: &Happening) -> Option<usize> {
    match happening.what {
        What::Moved { account, .. } => Some(account),
        _ => None,
    }
}
