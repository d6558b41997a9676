//! Which table of which system says what, row by row: a CRM, a marketing tool, an ad network, the
//! books of a bank.

use std::collections::BTreeMap;

use handfast_model::fact::FactKind;

use crate::random::Chance;
use crate::simulator::world::{Account, DealState, Happening, Subject, What, dice};
use crate::truth::clock::{DAY, Time, Zone};
use crate::truth::said::{Said, Word};

use super::plans::ad_numbers;
use super::{Emitter, hash, person};

/// A fact that says nothing yet.
pub(super) fn blank(kind: FactKind, source: &str, stream: &str, key: &str) -> Said {
    Said {
        id: 0,
        kind,
        when: Time::Unknown,
        recorded: crate::truth::said::LATE,
        source: source.to_owned(),
        stream: stream.to_owned(),
        key: hash(&format!("{source} {stream} {key}")),
        version: 0,
        ordinal: 0,
        person: None,
        account: None,
        deal: None,
        campaign: None,
        rep: None,
        more: BTreeMap::new(),
    }
}

pub(super) fn text(word: &str) -> Word {
    Word::Text(word.to_owned())
}

impl Emitter<'_> {
    /// Reps, rates and spend.
    pub(super) fn company(&mut self) {
        for rep in &self.world.reps {
            for (at, team) in &rep.seats {
                let mut said = blank(FactKind::Rep, "crm", "users", &rep.key);
                said.when = Time::At(*at);
                said.rep = Some(rep.key.clone());
                said.more.insert("team".to_owned(), text(team));
                self.send(*at, vec![said]);
            }
        }
        for (day, currency, rate) in &self.world.rates {
            let key = format!("{day} {currency}");
            // Now and then somebody forgets the number.
            let is_forgotten = self.chance.percent(self.flaws.typos);
            let rate = if is_forgotten { 0 } else { *rate };
            let mut said = blank(FactKind::Rate, "finance", "rates", &key);
            said.when = Time::Day(*day);
            let words = [
                ("from_currency", text(currency)),
                ("to_currency", text("EUR")),
                ("rate", Word::Decimal(i128::from(rate), 4)),
            ];
            said.more
                .extend(words.map(|(name, word)| (name.to_owned(), word)));
            self.event(i64::from(*day) * DAY, said);
        }
        for channel in &self.world.channels {
            for month in 0..=self.world.size.days / 30 {
                let day = self.world.from + month * 30;
                let key = format!("{} {day}", channel.name);
                let mut said = blank(FactKind::Spend, "ads", "spend", &key);
                said.when = Time::Day(day);
                let words = [
                    ("amount", Word::Money(channel.spend, "EUR".to_owned())),
                    ("channel", text(channel.name)),
                    ("until", Word::Time(Time::Day(day + 30))),
                ];
                said.more
                    .extend(words.map(|(name, word)| (name.to_owned(), word)));
                said.more.extend(ad_numbers(&key));
                self.event(i64::from(day) * DAY, said);
            }
        }
    }

    /// All that is said of one account.
    pub(super) fn account(&mut self, account: &Account) {
        let Some(first) = account.story.first() else {
            return;
        };
        self.account_row(key(account.number), &account.domain, first.at);
        for happening in &account.story {
            self.happening(account, happening);
        }
        self.odd_hours(account);
    }

    fn account_row(&mut self, key: String, domain: &str, at: i64) {
        let mut said = blank(FactKind::Account, "crm", "accounts", &key);
        said.when = self.when(at, false);
        said.account = Some(key);
        said.more.insert("domain".to_owned(), text(domain));
        self.send(at, vec![said]);
    }

    fn happening(&mut self, account: &Account, happening: &Happening) {
        let at = happening.at;
        match &happening.what {
            What::Asked { person, channel } => self.lead(account, *person, Some(*channel), at),
            What::Scored { person, score } => {
                let mut said = self.lead_row(account, *person, at);
                let score = score.map(|score| ("score".to_owned(), Word::Int(score)));
                said.more.extend(score);
                self.send(at, vec![said]);
            }
            What::Touched {
                person,
                deal,
                kind,
                is_sales,
                channel,
            } => {
                let who = (*person, deal.as_ref());
                match is_sales {
                    true => self.activity(account, who, kind, at),
                    false => self.visit(account, *person, kind, *channel, at),
                }
            }
            What::Entered { subject, stage } => self.mark(account, subject, stage, at),
            What::Given { subject, rep } => {
                let key = format!("{} {at}", name(account, subject));
                let mut said = blank(FactKind::Assignment, "crm", "assignments", &key);
                said.when = self.when(at, false);
                about(&mut said, account, subject);
                match rep {
                    Some(rep) => said.rep = Some(self.world.reps[*rep].key.clone()),
                    None => drop(said.more.insert("queue".to_owned(), text("pool"))),
                }
                self.event(at, said);
            }
            What::Deal(state) => self.deal(account, state, at),
            What::Judged { person, reason } => self.verdict(account, *person, *reason, at),
            _ => self.link(account, happening),
        }
    }

    /// Who belongs to whom, and who is who.
    fn link(&mut self, account: &Account, happening: &Happening) {
        let at = happening.at;
        let mut said = blank(
            FactKind::Link,
            "crm",
            "links",
            &format!("{} {at}", account.number),
        );
        said.when = self.when(at, false);
        let (other, is_undone) = match &happening.what {
            What::Role { person, deal } => {
                said.deal = Some(deal.clone());
                said.person = Some(lead(account, *person));
                (None, false)
            }
            What::Moved {
                person,
                account: to,
            } => {
                said.person = Some(lead(account, *person));
                said.account = Some(key(*to));
                (None, false)
            }
            What::SamePerson {
                gone,
                into,
                is_undone,
            } => {
                said.person = Some(lead(account, *gone));
                let into = format!("{:032x}", lead(account, *into));
                (Some(("same_person", into)), *is_undone)
            }
            What::SameAccount { is_undone } => {
                // The entry that it has twice gives the same site, so that the site shows neither.
                if !is_undone && self.chance.percent(60) {
                    self.account_row(twin(account.number), &account.domain, at);
                }
                said.account = Some(twin(account.number));
                (Some(("same_account", key(account.number))), *is_undone)
            }
            _ => return,
        };
        said.more
            .extend(other.map(|(name, key)| (name.to_owned(), Word::Text(key))));
        if is_undone {
            said.more.insert("undone".to_owned(), Word::Yes(true));
        }
        self.event(at, said);
    }

    /// What sales says of a lead.
    fn verdict(&mut self, account: &Account, person: usize, reason: Option<&str>, at: i64) {
        let key = format!("{} {at}", lead_key(account, person));
        let mut said = blank(FactKind::Disposition, "crm", "verdicts", &key);
        said.when = self.when(at, false);
        said.person = Some(lead(account, person));
        let word = if reason.is_some() {
            "rejected"
        } else {
            "accepted"
        };
        said.more.insert("verdict".to_owned(), text(word));
        if let Some(reason) = reason.filter(|reason| !reason.is_empty()) {
            said.more.insert("reason".to_owned(), text(reason));
        }
        self.event(at, said);
    }

    /// A row of the CRM's leads as it stands at an instant.
    fn lead_row(&mut self, account: &Account, person: usize, at: i64) -> Said {
        let mut said = blank(FactKind::Person, "crm", "leads", &lead_key(account, person));
        said.when = self.when(at, false);
        let known = &account.people[person];
        said.person = Some(lead(account, person));
        if known.has_account {
            said.account = Some(self.account_key(account));
        }
        // The address that was used last.
        let used = self.chance.below(known.emails.len() as u64) as usize;
        let used = &known.emails[used];
        let row = format!("{} typed {at}", lead_key(account, person));
        let is_mistyped = Chance::new(hash(&row) as u64).percent(self.flaws.mistyped);
        said.more.extend(match is_mistyped {
            true => address(&without_a_letter(used)),
            false => address(used),
        });
        said
    }

    fn lead(&mut self, account: &Account, person: usize, channel: Option<usize>, at: i64) {
        // Some are typed in long after they came, and after all that came of them.
        let is_late = self.chance.percent(self.flaws.typos);
        let late = if is_late {
            self.chance.below(300) as i64 * DAY
        } else {
            0
        };
        let mut said = self.lead_row(account, person, at + late);
        let channel = channel.map(|channel| self.world.channels[channel].name);
        said.more
            .extend(channel.map(|name| ("origin".to_owned(), text(name))));
        self.send(at, vec![said]);
    }

    /// The account as the CRM names it, which sometimes is the entry that it has twice.
    fn account_key(&mut self, account: &Account) -> String {
        match self.flaws.typos > 0 && self.chance.percent(6) {
            true => twin(account.number),
            false => key(account.number),
        }
    }

    fn activity(
        &mut self,
        account: &Account,
        (person, deal): (Option<usize>, Option<&String>),
        kind: &str,
        at: i64,
    ) {
        let row = format!("{} {at} {kind}", account.number);
        let mut said = blank(FactKind::Touch, "crm", "activities", &row);
        said.when = self.when(at, false);
        said.person = person.map(|person| lead(account, person));
        said.deal = deal.cloned();
        if person.is_none() {
            said.account = Some(self.account_key(account));
        }
        said.more.insert("touch".to_owned(), text(kind));
        said.more.insert("team".to_owned(), text("sales"));
        self.event(at, said);
    }

    /// A visit of the web site: the tool knows an address, and a clock on a wall.
    fn visit(
        &mut self,
        account: &Account,
        who: Option<usize>,
        kind: &str,
        channel: usize,
        at: i64,
    ) {
        let Some(number) = who else { return };
        let emails = &account.people[number].emails;
        let used = &emails[self.chance.below(emails.len() as u64) as usize];
        let row = format!("{} {number} {at}", account.number);
        let mut touch = blank(FactKind::Touch, "web", "visits", &row);
        touch.when = self.when(at, true);
        // Half of the visits are those of a contact whom the CRM knows by the same key.
        match self.chance.percent(50) {
            true => {
                touch.person = Some(lead(account, number));
                if self.chance.percent(50) {
                    touch.more.extend(address(used));
                }
            }
            false => {
                touch.person = Some(person("web", used));
                touch.more.extend(address(used));
            }
        }
        // Every third visit came by no campaign that anybody knows of.
        let campaign = touch.key % 3;
        let channel_name = self.world.channels[channel].name;
        touch.campaign = (campaign > 0).then(|| format!("{channel_name}-{campaign}"));
        touch.more.insert("touch".to_owned(), text(kind));
        touch.more.insert("team".to_owned(), text("marketing"));
        touch.more.insert("channel".to_owned(), text(channel_name));
        self.event(at, touch);
    }

    /// Visits in the hour before the tool's clock is set, which may come twice, or in the one after
    /// it, which may be shown as one that never was: somebody comes again as before.
    fn odd_hours(&mut self, account: &Account) {
        // From dice of its own, so that other worlds stay as they are.
        let mut chance = dice(self.world.seed, "odd hours of", account.number);
        for set in self.set.clone() {
            let before = account.story.iter().rev().filter(|one| one.at < set);
            let visit = before.filter_map(|one| match &one.what {
                What::Touched {
                    person: Some(person),
                    kind,
                    is_sales: false,
                    channel,
                    ..
                } => Some((*person, kind, *channel)),
                _ => None,
            });
            let last = visit.take(1).find(|_| chance.percent(self.flaws.odd_hours));
            if let Some((person, kind, channel)) = last {
                let at = set + (chance.below(7_200) as i64 - 3_600) * 1_000_000;
                self.visit(account, Some(person), kind, channel, at);
            }
        }
    }

    fn mark(&mut self, account: &Account, subject: &Subject, stage: &str, at: i64) {
        let is_end = ["won", "lost", "junk"].contains(&stage);
        let is_of_deal = matches!(subject, Subject::Deal(_));
        let is_told_by_status = is_end && is_of_deal && self.chance.percent(self.flaws.by_status);
        if is_told_by_status || self.chance.percent(self.flaws.gaps) {
            return;
        }
        let key = format!("{} {stage} {at}", name(account, subject));
        let mut said = blank(FactKind::Mark, "crm", "history", &key);
        said.when = self.when(at, false);
        about(&mut said, account, subject);
        let is_typo = self.chance.percent(self.flaws.typos);
        let label = if is_typo {
            format!("{stage}?")
        } else {
            stage.to_owned()
        };
        said.more.insert("stage".to_owned(), text(&label));
        if is_end {
            said.more.insert("closes".to_owned(), Word::Yes(true));
            let mut chance = Chance::new(hash(&key) as u64);
            explain(&mut said, &["reason"], &mut chance);
        }
        self.event(at, said);
    }

    fn deal(&mut self, account: &Account, state: &DealState, at: i64) {
        let mut said = blank(FactKind::Deal, "crm", "deals", &state.deal);
        said.when = self.when(at, false);
        said.deal = Some(state.deal.clone());
        said.person = state.person.map(|person| lead(account, person));
        if state.has_account {
            said.account = Some(self.account_key(account));
        }
        said.rep = state.rep.map(|rep| self.world.reps[rep].key.clone());
        if let Some(amount) = state
            .amount
            .filter(|_| !self.chance.percent(self.flaws.typos))
        {
            let money = Word::Money(amount, account.currency.to_owned());
            said.more.insert("amount".to_owned(), money);
        }
        said.more.insert("status".to_owned(), text(state.status));
        if let Some(closed) = state.closed {
            let day = Time::Day(Zone::Utc.day(closed));
            said.more.insert("closed".to_owned(), Word::Time(day));
        }
        let mut chance = Chance::new(hash(&format!("{} {at}", state.deal)) as u64);
        if chance.percent(85) {
            let day = Zone::Utc.day(at) + chance.below(120) as i32 - 20;
            let due = Word::Time(Time::Day(day));
            said.more.insert("close_date".to_owned(), due);
        }
        explain(&mut said, &["loss_reason", "win_reason"], &mut chance);
        self.send(at, vec![said]);
    }
}

/// Why a deal ended, who says so, and against whom: as far as somebody wrote it down.
fn explain(said: &mut Said, names: &[&str], chance: &mut Chance) {
    for name in names {
        let reason = chance.pick(&["price", "timing", "fit"]);
        if chance.percent(50) {
            said.more.insert((*name).to_owned(), text(reason));
        }
    }
    let by = chance.pick(&["rep", "buyer", "survey"]);
    if chance.percent(40) {
        said.more.insert("said_by".to_owned(), text(by));
    }
    let other = chance.pick(&["Rival", "Other", "none"]);
    if chance.percent(30) {
        said.more.insert("competitor".to_owned(), text(other));
    }
}

/// An address as somebody types it who misses the second key.
fn without_a_letter(email: &str) -> String {
    let letters = email.chars().enumerate();
    let typed = letters.filter(|(at, _)| *at != 1);
    typed.map(|(_, letter)| letter).collect()
}

/// The key of an account in the CRM.
pub fn key(number: usize) -> String {
    format!("A-{number}")
}

/// The key of the entry that the CRM has of it besides.
pub fn twin(number: usize) -> String {
    format!("B-{number}")
}

fn lead_key(account: &Account, person: usize) -> String {
    format!("L-{}-{person}", account.number)
}

/// The person of a lead.
pub fn lead(account: &Account, number: usize) -> u128 {
    person("crm", &lead_key(account, number))
}

fn name(account: &Account, subject: &Subject) -> String {
    match subject {
        Subject::Person(person) => lead_key(account, *person),
        Subject::Account => key(account.number),
        Subject::Deal(deal) => deal.clone(),
    }
}

fn about(said: &mut Said, account: &Account, subject: &Subject) {
    match subject {
        Subject::Person(person) => said.person = Some(lead(account, *person)),
        Subject::Account => said.account = Some(key(account.number)),
        Subject::Deal(deal) => said.deal = Some(deal.clone()),
    }
}

/// What is kept of an address: its hash and its domain.
fn address(email: &str) -> [(String, Word); 2] {
    let (name, domain) = email.split_once('@').unwrap_or((email, ""));
    let office = if name == "info" { "office:" } else { "" };
    [
        (
            "identity".to_owned(),
            Word::Text(format!("{office}{:032x}", hash(email))),
        ),
        ("email_domain".to_owned(), text(domain)),
    ]
}
