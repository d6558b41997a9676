//! The stage before the play: reps and their seats, campaigns, spend, targets and rates.

use handfast_model::Day;

use crate::clock::{FIRST_DAY, LAST_DAY, Stamp};
use crate::names;
use crate::random::Dice;
use crate::world::{Account, Campaign, Channel, Company, Rate, Region, Rep, Spend, Target};

/// The day on which the SDRs moved from marketing to sales and the bar of the MQL was raised.
pub const TURN_OF_YEAR: Day = Day(FIRST_DAY.0 + 366);

const COUNTRIES: [(Region, [&str; 4]); 3] = [
    (Region::North, ["DE", "DK", "SE", "NL"]),
    (Region::South, ["IT", "ES", "PT", "GR"]),
    (Region::Atlantic, ["US", "CA", "US", "US"]),
];

/// A country of the region.
pub(crate) fn country(region: Region, dice: &mut Dice) -> &'static str {
    let found = COUNTRIES.iter().find(|(of, _)| *of == region);
    found.map_or("DE", |(_, countries)| dice.pick(countries))
}

/// North and South weigh more than the young business across the water.
pub(crate) fn region(dice: &mut Dice) -> Region {
    use Region::{Atlantic, North, South};
    dice.pick(&[North, North, North, South, South, South, Atlantic, Atlantic])
}

/// Sets the stage: everything but leads, deals and contacts.
pub(crate) fn set(seed: u64) -> Company {
    let dice = Dice::new(seed);
    Company {
        seed,
        reps: reps(&dice),
        accounts: (0..300).map(|number| account(number, &dice)).collect(),
        campaigns: campaigns(),
        spend: spend(&dice),
        rates: rates(&dice),
        targets: targets(),
        ..Company::default()
    }
}

/// Role, region, first team, and a move: from this day to that team.
type Seat = (
    &'static str,
    Region,
    &'static str,
    Option<(Day, &'static str)>,
);

fn reps(dice: &Dice) -> Vec<Rep> {
    use Region::{Atlantic, North, South};
    let to_sales = Some((TURN_OF_YEAR, "SDR (Sales)"));
    let sdr = |region| ("SDR", region, "SDR (Marketing)", to_sales);
    let ae = |region, team| ("AE", region, team, None);
    let seats: [Seat; 16] = [
        ("Manager", North, "Demand", None),
        ("Manager", North, "AE North", None),
        sdr(North),
        sdr(North),
        sdr(South),
        sdr(South),
        sdr(Atlantic),
        sdr(Atlantic),
        ae(North, "AE North"),
        ae(North, "AE North"),
        ("AE", North, "AE North", Some((Day(20_179), "AE South"))),
        ae(South, "AE South"),
        ae(South, "AE South"),
        ("AE", South, "AE South", Some((Day(19_997), "AE Atlantic"))),
        ae(Atlantic, "AE Atlantic"),
        ae(Atlantic, "AE Atlantic"),
    ];
    let numbered = seats.into_iter().enumerate();
    numbered
        .map(|(number, seat)| rep(number, seat, dice))
        .collect()
}

fn rep(number: usize, (role, region, team, moves): Seat, dice: &Dice) -> Rep {
    let mut dice = dice.fork("rep", number);
    let (first, last) = names::person(&mut dice);
    let midnight = |day| Stamp { day, minute: 0 };
    let mut seats = vec![(midnight(FIRST_DAY), team)];
    seats.extend(moves.map(|(day, team)| (midnight(day), team)));
    Rep {
        id: format!("U-{:02}", number + 1),
        email: names::address(&first, &last, number, "pellwater.example"),
        name: format!("{first} {last}"),
        role,
        region,
        seats,
    }
}

fn account(number: usize, dice: &Dice) -> Account {
    let mut dice = dice.fork("account", number);
    let region = region(&mut dice);
    let (name, domain) = names::account(number);
    let size = dice.pick(&[30, 60, 90, 150, 240, 400, 700, 1_200, 2_500, 6_000]);
    Account {
        id: format!("A-{:04}", number + 1),
        industry: dice.pick(&["brewing", "dairy", "bathing", "bottling", "cider"]),
        country: country(region, &mut dice),
        employees: size + dice.between(0, size / 4),
        created: Stamp {
            day: FIRST_DAY.plus(-dice.between(1, 600)),
            minute: 540,
        },
        name,
        domain,
        region,
    }
}

/// The first day of the month this many months after the story begins.
fn month(number: usize) -> Day {
    let months = (0..number).fold(FIRST_DAY, |day, _| {
        day.plus(i32::from(day.civil().days_in_month()))
    });
    months.min(LAST_DAY.plus(1))
}

/// The campaign of a channel that runs on a day.
pub(crate) fn campaign_on(channel: Channel, day: Day) -> usize {
    let half = (1..4).filter(|half| day >= month(half * 6)).count();
    let place = Channel::ALL.iter().position(|other| *other == channel);
    half * Channel::ALL.len() + place.unwrap_or(0)
}

fn campaigns() -> Vec<Campaign> {
    let titles = [
        "Every drop counted",
        "The brewer's almanac",
        "Letter from the pump room",
        "Stand with the dripping tap",
        "An hour with a glass",
        "Bring a neighbour",
    ];
    let halves = ["spring 2024", "autumn 2024", "spring 2025", "autumn 2025"];
    let each = |(half, season): (usize, &str)| {
        let one = move |(place, (channel, title)): (usize, (Channel, &str))| Campaign {
            id: format!("C-{:02}", half * 6 + place + 1),
            name: format!("{title}, {season}"),
            channel,
            vendor: vendor(channel),
            part_of: (channel == Channel::PaidSearch).then_some(YEARS + half / 2),
            from: month(half * 6),
            until: month(half * 6 + 6),
        };
        let all: Vec<_> = Channel::ALL.into_iter().zip(titles).collect();
        all.into_iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let years = (0..2).map(|year| Campaign {
        id: format!("C-{}", 2024 + year),
        name: format!("Every drop counted, {}", 2024 + year),
        channel: Channel::PaidSearch,
        vendor: vendor(Channel::PaidSearch),
        part_of: None,
        from: month(year * 12),
        until: month(year * 12 + 12),
    });
    halves
        .into_iter()
        .enumerate()
        .flat_map(each)
        .chain(years)
        .collect()
}

/// The place of the first year of paid search, behind all halves.
const YEARS: usize = 4 * Channel::ALL.len();
/// Cents that Findwell keeps of a quarter for running it all.
const RETAINER: i64 = 90_000;

/// What Findwell writes at the end of each quarter: the clicks of its months, and its retainer.
fn statements(months: &[Spend]) -> Vec<Spend> {
    let statement = |quarter: usize| {
        let (from, until) = (month(quarter * 3), month(quarter * 3 + 3));
        let campaign = YEARS + quarter / 4;
        let clicks = months.iter().filter(|one| {
            let half = campaigns_of_search(campaign);
            half.contains(&one.campaign) && from <= one.from && one.from < until
        });
        Spend {
            campaign,
            from,
            until,
            minor: clicks.map(|one| one.minor).sum::<i64>() + RETAINER,
            currency: "EUR",
            paid_for: "media",
            is_total: true,
        }
    };
    (0..8).map(statement).collect()
}

/// The halves of a year of paid search.
fn campaigns_of_search(year: usize) -> [usize; 2] {
    let first = (year - YEARS) * 12;
    [0, 6].map(|later| campaign_on(Channel::PaidSearch, month(first + later)))
}

/// Clicks and stands are bought from others; the rest is the work of our own people.
fn vendor(channel: Channel) -> &'static str {
    match channel {
        Channel::PaidSearch => "Findwell",
        Channel::Event => "Hall & Stall",
        Channel::Content | Channel::Email | Channel::Webinar | Channel::Referral => "",
    }
}

/// Thousands of euros and of dollars to be won, by quarter.
const TARGETS: [(i64, i64); 9] = [
    (60, 20),
    (80, 30),
    (100, 30),
    (120, 50),
    (140, 60),
    (200, 80),
    (240, 120),
    (200, 150),
    (220, 150),
];

fn targets() -> Vec<Target> {
    let mut all = Vec::new();
    let mut from = FIRST_DAY;
    for (euros, dollars) in TARGETS {
        let date = from.civil();
        let quarter = format!("{}-Q{}", date.year(), (date.month() + 2) / 3);
        for (currency, thousands) in [("EUR", euros), ("USD", dollars)] {
            all.push(Target {
                from,
                quarter: quarter.clone(),
                currency,
                minor: thousands * 100_000,
            });
        }
        for _ in 0..3 {
            from = from.plus(i32::from(from.civil().days_in_month()));
        }
    }
    all
}

fn spend(dice: &Dice) -> Vec<Spend> {
    let mut all = Vec::new();
    for number in 0..24 {
        for (place, channel) in Channel::ALL.into_iter().enumerate() {
            let mut dice = dice.fork("spend", number * 6 + place);
            let (euros, paid_for) = match channel {
                Channel::PaidSearch => (dice.between(6_000, 9_500), "media"),
                Channel::Content => (dice.between(1_800, 2_600), "labour"),
                Channel::Email => (dice.between(250, 400), "tool"),
                // Fairs are in March, June, September and November.
                Channel::Event if [2, 5, 8, 10].contains(&(number % 12)) => {
                    (dice.between(11_000, 19_000), "event")
                }
                Channel::Event => continue,
                Channel::Webinar => (dice.between(1_500, 2_500), "labour"),
                Channel::Referral => (dice.between(300, 1_200), "media"),
            };
            let abroad = channel == Channel::Event && number % 12 == 10;
            all.push(Spend {
                campaign: campaign_on(channel, month(number)),
                from: month(number),
                until: month(number + 1),
                minor: i64::from(euros) * 100 + i64::from(dice.between(0, 99)),
                currency: if abroad { "USD" } else { "EUR" },
                paid_for,
                is_total: false,
            });
        }
    }
    let quarters = statements(&all);
    all.extend(quarters);
    all
}

fn rates(dice: &Dice) -> Vec<Rate> {
    let mut dice = dice.fork("rates", 0);
    let mut dollars_e4 = 10_850;
    let mut next = |number| {
        dollars_e4 += dice.between(-140, 150);
        Rate {
            day: month(number),
            dollars_e4,
        }
    };
    (0..24).map(&mut next).collect()
}
