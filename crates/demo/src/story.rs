//! The plot: which buyer comes when, by which channel, and how it is going to end.
//!
//! Ends are dealt by quota and not by luck, so that the planted truths hold for every seed: each
//! channel wins its share of the pursuits that companies open, and webinars win twice that share.
//! How one pursuit runs from day to day is told in `pursuit`.

use handfast_model::Day;

use crate::clock::{FIRST_DAY, LAST_DAY, Stamp};
use crate::plan::{Opening, Plan, Plot};
use crate::pursuit;
use crate::random::Dice;
use crate::setting;
use crate::world::{Channel, Company, Outcome};

/// How many people ask who belong to no known company.
const LONE_LEADS: usize = 1_900;

/// Wins per thousand pursuits of companies, by channel.
fn wins_per_thousand(channel: Channel) -> i32 {
    match channel {
        Channel::Webinar => 440,
        _ => 220,
    }
}

/// Tells two years.
pub(crate) fn tell(seed: u64) -> Company {
    let mut company = setting::set(seed);
    let dice = Dice::new(seed);
    let mut deck = Deck::new(dice.fork("channels of companies", 0));
    for account in 0..company.accounts.len() {
        let dice = dice.fork("history", account);
        history(&mut company, account, dice, &mut deck);
    }
    let mut deck = Deck::new(dice.fork("channels of people", 0));
    for number in 0..LONE_LEADS {
        let mut dice = dice.fork("lone", number);
        let plan = lone_plan(&mut dice, deck.draw().0);
        pursuit::tell(&mut company, &plan, dice);
    }
    lose_some_mail(&mut company);
    in_order(&mut company);
    company
}

/// One company's pursuits, one after the other; a new one only begins after the old one ended, and
/// some weeks of silence.
fn history(company: &mut Company, account: usize, mut dice: Dice, deck: &mut Deck) {
    let mut start = morning(FIRST_DAY.plus(dice.between(2, 712)), &mut dice);
    let mut old_opener = None;
    for chapter in 0..dice.between(1, 4) {
        let opening = match (chapter, dice.between(1, 100), old_opener) {
            (1.., 1..=20, _) => Opening::BySales,
            (1.., 21..=45, Some(lead)) => Opening::Again(lead),
            _ => Opening::NewLead,
        };
        let (channel, wins) = match opening {
            Opening::BySales => (Channel::Referral, dice.chance(35)),
            _ => deck.draw(),
        };
        let plan = Plan {
            account: Some(account),
            region: company.accounts.get(account).map(|account| account.region),
            channel,
            start,
            opening,
            plot: account_plot(wins, opening, &mut dice),
            is_strong: wins || dice.chance(65),
        };
        let told = pursuit::tell(company, &plan, dice.fork("chapter", chapter as usize));
        old_opener = told.opener.or(old_opener);
        let Some((_, end)) = told.end else { return };
        start = morning(end.day.plus(dice.between(40, 150)), &mut dice);
        if start.day > LAST_DAY.plus(-20) {
            return;
        }
    }
}

fn account_plot(wins: bool, opening: Opening, dice: &mut Dice) -> Plot {
    let detour = dice.chance(15);
    match (wins, opening, dice.between(1, 100)) {
        (true, _, _) => Plot::Deal { wins, detour },
        (false, Opening::BySales, _) | (_, _, 1..=42) => Plot::Deal { wins, detour },
        (_, _, 43..=66) => Plot::Quiet,
        (_, _, 67..=82) => Plot::Rejected,
        (_, _, 83..=91) => Plot::PutAside,
        _ => Plot::AcceptedOnly,
    }
}

fn lone_plan(dice: &mut Dice, channel: Channel) -> Plan {
    let start = morning(FIRST_DAY.plus(dice.between(0, 730)), dice);
    Plan {
        account: None,
        region: None,
        channel,
        start,
        opening: Opening::NewLead,
        plot: match dice.between(1, 100) {
            1..=8 => Plot::Rejected,
            9..=11 => Plot::PutAside,
            12..=14 => Plot::Unanswered,
            _ => Plot::Quiet,
        },
        is_strong: dice.chance(45),
    }
}

/// People ask on any day of the week, and some at night.
fn morning(day: Day, dice: &mut Dice) -> Stamp {
    let minute = match dice.chance(3) {
        true => dice.between(0, 300),
        false => dice.between(420, 1_260),
    };
    Stamp {
        day: day.min(LAST_DAY),
        minute: u16::try_from(minute).unwrap_or(600),
    }
}

/// Deals channels in fixed proportion, and wins in fixed proportion of each channel.
struct Deck {
    dice: Dice,
    cards: Vec<Channel>,
    drawn: [i32; 6],
}

impl Deck {
    fn new(dice: Dice) -> Deck {
        let (cards, drawn) = (Vec::new(), [0; 6]);
        Deck { dice, cards, drawn }
    }

    /// The next channel, and whether it is this one's turn to win.
    fn draw(&mut self) -> (Channel, bool) {
        if self.cards.is_empty() {
            let copies = [5, 4, 3, 3, 3, 2];
            let many = |(channel, copies)| std::iter::repeat_n(channel, copies);
            self.cards = Channel::ALL
                .into_iter()
                .zip(copies)
                .flat_map(many)
                .collect();
        }
        let last = i32::try_from(self.cards.len()).unwrap_or(1) - 1;
        let place = usize::try_from(self.dice.between(0, last)).unwrap_or(0);
        let channel = self.cards.swap_remove(place);
        let rate = wins_per_thousand(channel);
        let seat = Channel::ALL.iter().position(|other| *other == channel);
        let wins = self.drawn.get_mut(seat.unwrap_or(0)).is_some_and(|drawn| {
            *drawn += 1;
            (*drawn * rate + 500) / 1_000 > ((*drawn - 1) * rate + 500) / 1_000
        });
        (channel, wins)
    }
}

/// The closes of a few deals of the third quarter of 2025 miss the first delivery. Only the last
/// chapters of accounts are taken, so that nothing later rests on a close nobody has heard of.
fn lose_some_mail(company: &mut Company) {
    let (from, until) = LATE_QUARTER;
    let mut left = LATE_DEALS;
    for pursuit in &company.pursuits {
        let (Some(number), Some((Outcome::Won, end))) = (pursuit.deal, pursuit.end) else {
            continue;
        };
        let is_last = company
            .pursuits
            .iter()
            .all(|other| other.account != pursuit.account || other.opened <= pursuit.opened);
        // Not July: by the end of the year its silence would be long enough to count as an end.
        let is_in_quarter = from.plus(31) <= end.day && end.day < until;
        if left > 0
            && is_last
            && is_in_quarter
            && let Some(deal) = company.deals.get_mut(number)
        {
            deal.is_late = true;
            left -= 1;
        }
    }
}

/// The quarter whose closes come late: its first day and its first day after.
pub(crate) const LATE_QUARTER: (Day, Day) = (Day(20_270), Day(20_362));

/// How many closes come late at most.
const LATE_DEALS: usize = 7;

fn in_order(company: &mut Company) {
    company
        .lead_changes
        .sort_by_key(|row| (row.at, row.lead, row.field));
    company.touches.sort_by_key(|row| (row.at, row.lead));
    company
        .activities
        .sort_by_key(|row| (row.at, row.rep, row.lead));
    company
        .pursuits
        .sort_by_key(|row| (row.opened, row.opener, row.deal));
}
