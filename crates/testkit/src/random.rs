//! Seeded random ledgers: small worlds full of contradictions, the same for the same seed.

use crate::truth::clock::Zone;
use crate::truth::meaning::{Agreed, Meaning, Role, Step};

/// A small generator (SplitMix64): the numbers depend on the seed and nothing else.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// The next number below `bound`, which must not be zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound.max(1)
    }

    /// True in so many of a hundred cases.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of them; the empty text of none.
    pub fn pick<'t>(&mut self, choices: &[&'t str]) -> &'t str {
        let index = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices.get(index).copied().unwrap_or("")
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            let other = usize::try_from(self.below(last as u64 + 1)).unwrap_or(0);
            list.swap(last, other);
        }
    }
}

/// The charter of random ledgers.
pub const CHARTER: &str = "
zone        America/Sao_Paulo
path        mql, sql, proposal, won
implied     mql, sql
detour      recycled
lost        lost
disqualified junk
dormant     60 days without call
opens       lead, deal, touch demo
model       ours between 1
";

/// The same for the truth.
pub fn meaning() -> Meaning {
    let step = |id: &str, role| Step {
        id: id.to_owned(),
        role,
        is_implied: ["mql", "sql"].contains(&id),
        is_by_rule: false,
        enters: None,
        exits: None,
        max_days: None,
        likely: None,
    };
    Meaning {
        zone: Zone::SaoPaulo,
        steps: vec![
            step("mql", Role::Path),
            step("sql", Role::Path),
            step("proposal", Role::Path),
            step("won", Role::Won),
            step("recycled", Role::Detour),
            step("lost", Role::Lost),
            step("junk", Role::Disqualified),
            step("dormant", Role::Dormant),
        ],
        opens_by_lead: true,
        opening_touches: vec!["demo".to_owned()],
        dormant: Some((60, vec!["call".to_owned()])),
        rates_at_close: None,
        segments: Vec::new(),
        credit: Agreed::default(),
        earlier: Vec::new(),
    }
}

/// The lines of a random ledger: some buyers, some days of one quarter, some undated.
pub fn lines(seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let count = 3 + chance.below(22);
    (0..count).map(|_| line(&mut chance)).collect()
}

/// Lines about who was given to whom, and what came of it, close to the hours of an office and to
/// the days on which it is closed.
pub fn promise_lines(seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let mut moment = move || {
        let day = 1 + chance.below(14);
        let minute = 6 * 60 + chance.below(15 * 4) * 15;
        let second = chance.below(4) * 15;
        let when = match chance.below(10) {
            0 => format!("2025-01-{day:02}"),
            1 if chance.percent(30) => "?".to_owned(),
            _ => format!(
                "2025-01-{day:02}T{:02}:{:02}:{second:02}Z",
                minute / 60,
                minute % 60
            ),
        };
        (when, chance.below(16), chance.below(5) as usize)
    };
    let people = ["Ana", "Ben", "Cleo", "Dov", "Eva"];
    let line = |_| {
        let (when, what, who) = moment();
        let person = people.get(who).copied().unwrap_or("Ana");
        let account = if who < 2 { "@Acme" } else { "" };
        let by = if who % 2 == 0 { "~Rosa" } else { "" };
        match what {
            0 | 1 => format!("{when} person {person} {account}"),
            2..=4 => format!(
                "{when} assign {person} {}",
                if who < 2 {
                    "~Rosa"
                } else if who < 4 {
                    "~Sam"
                } else {
                    "queue=q"
                }
            ),
            5 => format!("{when} touch {person} call team=sales {by}"),
            6 => format!("{when} disposition {person} verdict=accepted {by}"),
            7 => format!("{when} disposition {person} verdict=rejected reason=junk {by}"),
            8 => format!("{when} mark {person} -> mql"),
            9 => format!("{when} mark {person} -> recycled"),
            10 => format!("{when} disposition #{who} {person} verdict=maybe"),
            11 => format!("{when} mark {person} -> lost"),
            12 => format!("{when} mark {person} -> won"),
            13 => format!("{when} mark {person} -> sql {by}"),
            14 if who < 3 => format!("{when} mark #{who} {person} {account} -> proposal"),
            14 => format!("{when} mark {person} -> proposal"),
            _ => format!(
                "{when} rep ~Rosa team={}",
                if who < 2 { "inside" } else { "field" }
            ),
        }
    };
    (0..18).map(line).collect()
}

/// Lines about what was spent on a tree of campaigns, some of it without sense.
pub fn spend_lines(seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let campaigns = ["%all", "%brand", "%search", "%fair", "%talk"];
    let day = |chance: &mut Chance| format!("2025-01-{:02}", 1 + chance.below(31));
    let line = |_| {
        let (when, campaign) = (moment(&mut chance), chance.pick(&campaigns));
        if chance.percent(25) {
            let parent = chance.pick(&campaigns);
            return format!("{when} campaign {campaign} parent={parent}");
        }
        let when = if chance.percent(60) {
            day(&mut chance)
        } else {
            when
        };
        let minor = chance.below(3_000) as i64 - 200;
        let (sign, size) = (if minor < 0 { "-" } else { "" }, minor.abs());
        let code = chance.pick(&["EUR", "EUR", "EUR", "USD"]);
        let mut line = format!("{when} spend {campaign}");
        if !chance.percent(5) {
            line += &format!(" amount='{sign}{}.{:02} {code}'", size / 100, size % 100);
        }
        match chance.below(6) {
            0 => {}
            1 => line += " until=2025-02-11T10:00:00Z",
            2 => line += &format!(" last_day={}", day(&mut chance)),
            3 if chance.percent(50) => line += " last_day=2025-01-20T10:00:00Z",
            _ => line += &format!(" until={}", day(&mut chance)),
        }
        if chance.percent(35) {
            line += " includes_children=yes";
        }
        if chance.percent(60) {
            line += &format!(" clicks={}", chance.below(400));
        }
        match chance.below(4) {
            0 => {}
            1 => line += " paid_for=swag",
            _ => line += &format!(" paid_for={}", chance.pick(&["media", "tool"])),
        }
        line
    };
    (0..14).map(line).collect()
}

/// Lines about who is who, to be mixed with others: addresses, sites, merges, separations, some of
/// them taken back, in two systems and by hand.
pub fn identity_lines(seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let count = 2 + chance.below(14);
    (0..count).map(|_| identity_line(&mut chance)).collect()
}

/// Lines in which domains alone say who belongs where, some below others, and accounts give one up
/// for another.
pub fn domain_lines(seed: u64) -> Vec<String> {
    let mut chance = Chance::new(seed);
    let count = 3 + chance.below(8);
    let domains = ["acme.com", "eu.acme.com", "de.eu.acme.com", "bolt.com"];
    let line = |_| {
        let (when, domain) = (moment(&mut chance), chance.pick(&domains));
        let person = chance.pick(&["Ana", "Ben", "Cleo"]);
        let account = chance.pick(&["@Acme", "@Bolt", "@Cork"]);
        match chance.below(5) {
            0 | 1 => format!("{when} account {account} domain={domain}"),
            2 | 3 => format!("{when} person {person} email={person}@{domain}"),
            _ => format!("{when} touch {person} demo team=marketing"),
        }
    };
    (0..count).map(line).collect()
}

fn identity_line(chance: &mut Chance) -> String {
    let people = ["Ana", "Ben", "Cleo", "Dov", "Eva", "Fay"];
    let accounts = ["@Acme", "@Bolt", "@Cork", "@Dune"];
    let addresses = [
        "x@acme.com",
        "y@eu.acme.com",
        "z@bolt.com",
        "w@gmail.com",
        "info@acme.com",
        "v@cork.com",
    ];
    let when = moment(chance);
    let source = chance.pick(&["", "in=web", "in=crm"]);
    let (person, account) = (chance.pick(&people), chance.pick(&accounts));
    let undone = if chance.percent(25) { "undone=yes" } else { "" };
    let hand = match chance.below(4) {
        0 => "in=by-hand apart=yes",
        1 => "in=by-hand apart=yes even_merged=yes",
        2 => "in=by-hand",
        _ => source,
    };
    match chance.below(8) {
        0..=2 => {
            let account = if chance.percent(40) { account } else { "" };
            let address = chance.pick(&addresses);
            format!("{when} person {person} {account} email={address} {source}")
        }
        3 => {
            let site = chance.pick(&["acme.com", "eu.acme.com", "gmail.com", "bolt.com"]);
            format!("{when} account {account} domain={site} {source}")
        }
        4 => format!("{when} link {person} {account} {source} {undone}"),
        5 => {
            let other = chance.pick(&accounts);
            format!("{when} link {account} same_account={other} {hand} {undone}")
        }
        _ => {
            let other = chance.pick(&people);
            format!("{when} link {person} same_person={other} {hand} {undone}")
        }
    }
}

fn line(chance: &mut Chance) -> String {
    let people = ["Ana", "Ben", "Cleo", "Dov"];
    let accounts = ["@Acme", "@Bolt"];
    let deals = ["#1", "#2", "#3"];
    let when = moment(chance);
    let person = chance.pick(&people);
    let deal = chance.pick(&deals);
    let account = chance.pick(&accounts);
    match chance.below(10) {
        0 | 1 => {
            let account = if chance.percent(40) { account } else { "" };
            let rep = if chance.percent(30) { "~Rosa" } else { "" };
            format!("{when} person {person} {account} {rep}")
        }
        2 => {
            let kind = chance.pick(&["call", "demo", "mail"]);
            let side = chance.pick(&["sales", "marketing"]);
            format!("{when} touch {person} {kind} team={side}")
        }
        3 | 4 => deal_line(chance, &when, deal, person, account),
        5 => {
            let rep = chance.pick(&["~Rosa", "~Sam", ""]);
            let subject = if chance.percent(50) { person } else { deal };
            format!("{when} assign {subject} {rep}")
        }
        6 => {
            let team = chance.pick(&["inside", "field"]);
            format!("{when} rep ~Rosa team={team}")
        }
        kind => {
            let labels = [
                "mql", "sql", "proposal", "won", "recycled", "lost", "junk", "odd",
            ];
            let label = chance.pick(&labels);
            let subject = match kind {
                7 => account,
                8 => deal,
                _ => person,
            };
            format!("{when} mark {subject} -> {label}")
        }
    }
}

fn deal_line(chance: &mut Chance, when: &str, deal: &str, person: &str, account: &str) -> String {
    let mut line = format!("{when} deal {deal}");
    if chance.percent(35) {
        line += &format!(" {person}");
    }
    if chance.percent(60) {
        line += &format!(" {account}");
    }
    if chance.percent(50) {
        line += &format!(" status={}", chance.pick(&["open", "won", "lost"]));
    }
    if chance.percent(40) {
        line += &format!(" closed={}", day(chance));
    }
    if chance.percent(20) {
        line += &format!(" {} closes=yes", chance.pick(&["~Rosa", "~Sam"]));
    }
    if chance.percent(30) {
        line += &format!(" created={}", day(chance));
    }
    if chance.percent(60) {
        let amount = 1 + chance.below(5);
        line += &format!(" amount='{amount}00.00 {}'", chance.pick(&["EUR", "USD"]));
    }
    line
}

fn moment(chance: &mut Chance) -> String {
    match chance.below(20) {
        0 => "?".to_owned(),
        1..=6 => format!("{}T{:02}:00:00Z", day(chance), chance.below(24)),
        _ => day(chance),
    }
}

fn day(chance: &mut Chance) -> String {
    // Few days, so that instants collide; the last ones are long after the others.
    let day = 1 + chance.below(12);
    match chance.below(6) {
        0 => format!("2025-05-{:02}", day),
        _ => format!("2025-01-{:02}", day),
    }
}
