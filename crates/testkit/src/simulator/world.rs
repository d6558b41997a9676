//! One seed, one company: who works there, who may buy, and everything that truly happened.
//!
//! A pure function of the seed: no clock, no file, no machine. Each account tells its own story
//! from its own dice, so that leaving accounts out leaves the others as they were. What sources
//! make of it is told in `emission`.

use crate::random::Chance;
use crate::truth::clock::{DAY, HOUR, first_of};

/// How large a company is, and for how long it is watched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Size {
    /// Accounts that may buy.
    pub accounts: usize,
    /// People who sell.
    pub reps: usize,
    /// Days of the story.
    pub days: i32,
    /// How often what sources say is fetched; `None` = a few times, as the seed says.
    pub commits: Option<i64>,
}

impl Size {
    /// A small world: 20 to 200 accounts, more small ones than large.
    pub fn small(seed: u64) -> Size {
        let mut chance = dice(seed, "size", 0);
        let most = 20 + chance.below(181);
        Size {
            accounts: (20 + chance.below(most - 19)) as usize,
            reps: 1 + chance.below(8) as usize,
            days: 120 + chance.below(300) as i32,
            commits: None,
        }
    }

    /// A large one: 200 to 20,000 accounts, with more commits than a soak has moments to ask at.
    pub fn large(seed: u64) -> Size {
        let mut chance = dice(seed, "size", 1);
        let scale = [200, 500, 1_000, 2_000, 5_000, 20_000];
        Size {
            accounts: scale[chance.below(6) as usize],
            reps: 1 + chance.below(50) as usize,
            days: 200 + chance.below(500) as i32,
            commits: Some(24),
        }
    }
}

/// A way by which buyers come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Channel {
    /// Its name.
    pub name: &'static str,
    /// What is spent on it in a month, in cents.
    pub spend: i64,
    /// How many hundredths of the usual pace its buyers move at: hidden from every source.
    pub lift: i64,
}

/// Somebody who sells, and the teams they were in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rep {
    /// Key.
    pub key: String,
    /// Since when in which team.
    pub seats: Vec<(i64, &'static str)>,
}

/// A person at a buyer's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Their number in the account.
    pub number: usize,
    /// Their addresses, the one they use first first.
    pub emails: Vec<String>,
    /// Whether the CRM knows where they work.
    pub has_account: bool,
}

/// A company that may buy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    /// Its number.
    pub number: usize,
    /// What it pays in.
    pub currency: &'static str,
    /// Its domain.
    pub domain: String,
    /// Its people.
    pub people: Vec<Person>,
    /// Everything that happened, in order.
    pub story: Vec<Happening>,
    /// The attempts to win it, as they truly went.
    pub attempts: Vec<Attempt>,
}

/// An attempt as it truly went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// By which channel it came, among the channels.
    pub channel: usize,
    /// Since when.
    pub opened: i64,
    /// Every stage it entered, and when.
    pub stages: Vec<(&'static str, i64)>,
    /// Its deal, if it came so far.
    pub deal: Option<String>,
}

/// Something that truly happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happening {
    /// When, in microseconds.
    pub at: i64,
    /// What.
    pub what: What,
}

/// Whom a stage or a rep is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A person, by number.
    Person(usize),
    /// The account.
    Account,
    /// A deal, by key.
    Deal(String),
}

/// What can happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// Somebody asks: the CRM gets a lead.
    Asked {
        /// Who.
        person: usize,
        /// By which channel.
        channel: usize,
    },
    /// A contact.
    Touched {
        /// Who; `None` = the company.
        person: Option<usize>,
        /// About which deal.
        deal: Option<String>,
        /// What kind.
        kind: &'static str,
        /// Whether sales made it.
        is_sales: bool,
        /// By which channel it came.
        channel: usize,
    },
    /// The lead's score changes; `None` = it is taken away.
    Scored {
        /// Who.
        person: usize,
        /// To what.
        score: Option<i64>,
    },
    /// A stage is entered.
    Entered {
        /// By whom.
        subject: Subject,
        /// Which.
        stage: &'static str,
    },
    /// Somebody gets it to work on; `None` = a queue.
    Given {
        /// What.
        subject: Subject,
        /// To whom.
        rep: Option<usize>,
    },
    /// Sales takes a lead, or gives it back.
    Judged {
        /// Whose.
        person: usize,
        /// The reason, where it is given back.
        reason: Option<&'static str>,
    },
    /// A deal is made, or changes.
    Deal(DealState),
    /// A person with a role in a deal.
    Role {
        /// Who.
        person: usize,
        /// In which.
        deal: String,
    },
    /// A person goes to work for another account.
    Moved {
        /// Who.
        person: usize,
        /// Where to.
        account: usize,
    },
    /// Two entries of the CRM are said to be one person, or not after all.
    SamePerson {
        /// The one that goes.
        gone: usize,
        /// The survivor.
        into: usize,
        /// Taken back.
        is_undone: bool,
    },
    /// The CRM has the company twice, and somebody merges the two, or takes that back.
    SameAccount {
        /// Taken back.
        is_undone: bool,
    },
    /// The person asks to be forgotten.
    Forgotten {
        /// Who.
        person: usize,
    },
}

/// What a deal is like from now on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DealState {
    /// Which.
    pub deal: String,
    /// The person it was made from.
    pub person: Option<usize>,
    /// Whether it names its account.
    pub has_account: bool,
    /// Its amount in cents, if it has one.
    pub amount: Option<i64>,
    /// `open`, `won`, `lost`.
    pub status: &'static str,
    /// When it closed.
    pub closed: Option<i64>,
    /// Whose it is.
    pub rep: Option<usize>,
}

/// A company.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct World {
    /// What it grew from.
    pub seed: u64,
    /// How large it is.
    pub size: Size,
    /// The first day of its story.
    pub from: i32,
    /// Its channels.
    pub channels: Vec<Channel>,
    /// Its people.
    pub reps: Vec<Rep>,
    /// Those who may buy.
    pub accounts: Vec<Account>,
    /// What a dollar and a pound were worth in euros from a day on, in ten-thousandths.
    pub rates: Vec<(i32, &'static str, i64)>,
}

/// Dice for one part of a world, unmoved by what the other parts threw.
pub fn dice(seed: u64, part: &str, number: usize) -> Chance {
    let mut state = seed ^ 0x5ee_d5ee_d5ee;
    for byte in part.bytes().chain(number.to_le_bytes()) {
        let mut chance = Chance::new(state ^ u64::from(byte));
        state = chance.below(u64::MAX);
    }
    Chance::new(state)
}

impl World {
    /// The company of a seed.
    pub fn of(seed: u64, size: Size) -> World {
        let mut chance = dice(seed, "company", 0);
        // Every world sees the clocks change once at least.
        let from = first_of(2024, 1) + chance.below(500) as i32;
        let names = ["search", "social", "event", "referral"];
        let channels = names.map(|name| Channel {
            name,
            spend: 1_000 * (1 + chance.below(90)) as i64,
            lift: [50, 100, 100, 200][chance.below(4) as usize],
        });
        let mut world = World {
            seed,
            size,
            from,
            channels: channels.to_vec(),
            reps: (0..size.reps)
                .map(|number| rep(seed, number, from, size.days))
                .collect(),
            accounts: Vec::new(),
            rates: rates(&mut chance, from, size.days),
        };
        for number in 0..size.accounts {
            let account = super::story::account(&world, number);
            world.accounts.push(account);
        }
        world
    }

    /// The last instant of the story.
    pub fn until(&self) -> i64 {
        i64::from(self.from + self.size.days) * DAY
    }

    /// For each channel: the deals of buyers whom it brought, and the planted lift. Shown, never
    /// asserted: how a buyer came is no cause that any count of the past can prove.
    pub fn deals(&self) -> Vec<(&'static str, usize, i64)> {
        let attempts = || self.accounts.iter().flat_map(|account| &account.attempts);
        let channels = self.channels.iter().enumerate();
        let count = |(number, channel): (usize, &Channel)| {
            let of = attempts().filter(|attempt| attempt.channel == number);
            let deals = of.filter(|attempt| attempt.deal.is_some()).count();
            (channel.name, deals, channel.lift)
        };
        channels.map(count).collect()
    }
}

fn rep(seed: u64, number: usize, from: i32, days: i32) -> Rep {
    let mut chance = dice(seed, "rep", number);
    let mut seats = vec![(i64::from(from - 30) * DAY + 9 * HOUR, "inside")];
    while chance.percent(35) {
        let day = from + chance.below(days as u64) as i32;
        let team = ["inside", "field", "partner"][chance.below(3) as usize];
        seats.push((i64::from(day) * DAY + 9 * HOUR, team));
    }
    seats.sort_unstable();
    Rep {
        key: format!("R-{number}"),
        seats,
    }
}

/// Rates that are quoted on some days, one of them long after the story began.
fn rates(chance: &mut Chance, from: i32, days: i32) -> Vec<(i32, &'static str, i64)> {
    let mut rates = Vec::new();
    for (currency, first, middle) in [("USD", -10, 9_100), ("GBP", 40, 11_700)] {
        let mut day = from + first;
        while day < from + days {
            let rate = middle + chance.below(900) as i64 - 450;
            // Some are round, so that amounts in them end in halves of a cent.
            let round = if chance.percent(40) { 50 } else { 1 };
            rates.push((day, currency, rate / round * round));
            day += 1 + chance.below(45) as i32;
        }
    }
    rates
}
