//! Who gets the credit: each deal with the touches that may earn, and what each model gives to each
//! of them, by loops over all facts.

use std::collections::{BTreeMap, BTreeSet};

use handfast_model::fact::FactKind;
use handfast_model::question::Unit;

use super::clock::Time;
use super::deals::Deal;
use super::dimensions::{self, By};
use super::meaning::{Meaning, Parts, Whose};
use super::measures::{Member, Period, members};
use super::said::Said;
use super::walk::{Buyer, Journeys};

/// The models that are compared; `ours` is the charter's own.
pub const MODELS: [&str; 16] = [
    "first",
    "last",
    "linear",
    "u_last",
    "u_lead",
    "u_even",
    "w",
    "full_path",
    "j",
    "j_equal",
    "inverse_j",
    "inverse_j_equal",
    "last_non_direct",
    "decay",
    "participation",
    "ours",
];

/// Which deals, when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// Won ones, else those that are open.
    pub is_won: bool,
    /// Of this period; open at the last instant of it.
    pub period: Period,
    /// Up to when sources show everything.
    pub horizon: i64,
}

/// A deal and what may earn.
pub struct Trail {
    /// The deal as it is counted.
    pub member: Member,
    /// Whether it is won; else it is open, and no touch closed it.
    pub is_won: bool,
    /// The touches, by place.
    pub touches: Vec<usize>,
    /// Which of them the lead came from.
    pub lead: Option<usize>,
    /// Which of them the deal came from.
    pub made: Option<usize>,
    /// How many came before the deal was made.
    pub before: usize,
}

/// All deals that are asked for.
pub fn trails(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Vec<Trail> {
    let name = if asked.is_won {
        "revenue"
    } else {
        "open_value"
    };
    let scope = (Unit::Deal, asked.period, asked.horizon);
    let members = members(journeys, meaning, name, scope).into_iter();
    let of = |one| trail(journeys, meaning, asked.is_won, one);
    members.map(of).collect()
}

fn trail(journeys: &Journeys, meaning: &Meaning, is_won: bool, member: Member) -> Trail {
    let zone = meaning.zone;
    let pursuit = &journeys.pursuits[member.pursuit.unwrap_or(0)];
    let mut deals = journeys.deals.iter();
    let deal = deals.find(|deal| deal.key == member.who);
    // A deal that nobody knows the end of was won before nothing that is known.
    let touches = match member.at.at {
        Some(until) => eligible(journeys, meaning, (&pursuit.buyer, deal), until),
        None => Vec::new(),
    };
    // The last touch that had begun when a day was over, or at an instant.
    let last_by = |when: Time| {
        let end = zone.close(when)?;
        let begun = touches.iter().filter(|place| {
            let at = zone.begin(journeys.facts[**place].when);
            at <= Some(end)
        });
        begun.count().checked_sub(1)
    };
    let entered = |stage: &String| {
        let step = meaning.step(stage);
        let mut visits = pursuit.visits.iter();
        let first = visits.find(|visit| Some(visit.step) == step);
        first.map_or(Time::Unknown, |visit| visit.entered.when)
    };
    let mut leads = journeys.leads.iter();
    let lead = leads.find(|lead| lead.pursuit == Some(pursuit.id));
    let lead = lead.map_or(Time::Unknown, |lead| journeys.facts[lead.fact].when);
    let created = deal.map_or(Time::Unknown, |deal| deal.created.when);
    Trail {
        lead: last_by(meaning.credit.lead.as_ref().map_or(lead, entered)),
        made: last_by(meaning.credit.deal.as_ref().map_or(created, entered)),
        before: last_by(created).map_or(0, |last| last + 1),
        touches,
        member,
        is_won,
    }
}

/// The touches of a buyer, by place, that may earn at a moment; of those who count for a deal, if
/// there is one.
pub(super) fn eligible(
    journeys: &Journeys,
    meaning: &Meaning,
    (buyer, deal): (&Buyer, Option<&Deal>),
    until: i64,
) -> Vec<usize> {
    let zone = meaning.zone;
    let of_buyer = journeys.touches.get(buyer).into_iter().flatten();
    let of_buyer: BTreeSet<usize> = of_buyer.map(|(_, place)| *place).collect();
    let mut touches = Vec::new();
    for place in of_buyer {
        let fact = &journeys.facts[place];
        let Some(at) = zone.begin(fact.when) else {
            continue;
        };
        let is_late = at > until;
        let days = i64::from(zone.day(until)) - i64::from(zone.day(at));
        let look_back = meaning.credit.look_back;
        let is_far = look_back.is_some_and(|most| days > most.into());
        if !is_late
            && !is_far
            && is_kind(fact, meaning)
            && deal.is_none_or(|deal| is_of(fact, deal, meaning))
        {
            touches.push(place);
        }
    }
    touches
}

fn is_kind(fact: &Said, meaning: &Meaning) -> bool {
    let agreed = &meaning.credit;
    let is_one_of = |kinds: &[String]| kinds.iter().any(|kind| fact.text("touch") == Some(kind));
    let is_left_out = is_one_of(&agreed.left_out);
    fact.kind == FactKind::Touch
        && !is_left_out
        && (agreed.only.is_empty() || is_one_of(&agreed.only))
}

/// Whether a touch is of those who count for a deal, or about the deal.
fn is_of(fact: &Said, deal: &Deal, meaning: &Meaning) -> bool {
    if fact.deal.as_ref() == Some(&deal.key) {
        return true;
    }
    let own = deal.person.into_iter();
    let people: Vec<u128> = match meaning.credit.whose {
        Whose::Account => return true,
        Whose::Roles => own.chain(deal.roles.iter().copied()).collect(),
        Whose::Primary => own.chain(deal.roles.iter().copied()).take(1).collect(),
    };
    fact.person.is_some_and(|person| people.contains(&person))
}

/// What a model gives to each touch, in minor units; `None`: nobody earns, the whole is nobody's.
pub fn credits(
    trail: &Trail,
    model: &str,
    journeys: &Journeys,
    meaning: &Meaning,
) -> Option<Vec<i64>> {
    let amount = trail.member.money.as_ref().map_or(0, |(minor, _)| *minor);
    let count = trail.touches.len();
    if model == "participation" {
        return Some(vec![amount; count]);
    }
    let fact = |at: usize| &journeys.facts[trail.touches[at]];
    let alone = |at: Option<usize>| (0..count).map(|one| i128::from(Some(one) == at)).collect();
    let parts = |first, lead, deal, last, between| {
        let parts = Parts {
            first,
            lead,
            deal,
            last,
            between,
            is_equal: model.ends_with("_equal"),
        };
        by_place(trail, parts)
    };
    let weights: Vec<i128> = match model {
        "first" => alone(Some(0)),
        "last" => alone(count.checked_sub(1)),
        "linear" => vec![1; count],
        "u_last" => parts(40, 0, 0, 40, 20),
        "u_lead" => parts(40, 40, 0, 0, 20),
        "u_even" => parts(1, 1, 0, 0, 0),
        "w" => parts(30, 30, 30, 0, 10),
        "full_path" if trail.is_won => parts(225, 225, 225, 225, 100),
        "full_path" => parts(225, 225, 225, 0, 100),
        "j" | "j_equal" => parts(20, 0, 0, 60, 20),
        "inverse_j" | "inverse_j_equal" => parts(60, 0, 0, 20, 20),
        "ours" => by_place(trail, meaning.credit.ours),
        "last_non_direct" => {
            let is_led = |at: &usize| {
                let channel = fact(*at).text("channel");
                !meaning.credit.direct.iter().any(|one| channel == Some(one))
            };
            alone((0..count).rfind(is_led).or(count.checked_sub(1)))
        }
        "decay" => {
            let at = |one: usize| meaning.zone.begin(fact(one).when).unwrap_or(0);
            let youngest = (0..count).map(at).max().unwrap_or(0);
            let half_life = meaning.credit.half_life * super::clock::DAY;
            (0..count)
                .map(|one| halved(youngest - at(one), half_life))
                .collect()
        }
        other => unreachable!("the truth of {other} is not written"),
    };
    shared(amount, &weights)
}

/// Half as much for each half-life of age: to 40 places after the point, of an age in half-lives
/// to 32, all of them binary.
fn halved(age: i64, half_life: i64) -> i128 {
    let places = 2_f64.powi(32);
    let halvings = i128::from(age) * (1 << 32) / i128::from(half_life);
    ((40.0 - halvings as f64 / places).exp2()).round() as i128
}

/// What each touch gets that holds a position, and each that holds none.
fn by_place(trail: &Trail, parts: Parts) -> Vec<i128> {
    let count = trail.touches.len();
    let mut held: Vec<Vec<i128>> = vec![Vec::new(); count];
    let first = (count > 0).then_some(0);
    for (place, part) in [
        (first, parts.first),
        (trail.lead, parts.lead),
        (trail.made, parts.deal),
        (count.checked_sub(1), parts.last),
    ] {
        if let (Some(place), true) = (place, part > 0) {
            held[place].push(part);
        }
    }
    let others = held.iter().filter(|held| held.is_empty()).count() as i128;
    let positions: i128 = held.iter().map(|held| held.len() as i128).sum();
    let share = |held: &Vec<i128>| {
        let own: i128 = held.iter().sum();
        let of_others = parts.between * held.len() as i128;
        match (held.is_empty(), others, parts.is_equal) {
            (true, _, _) => parts.between,
            (false, 0, true) => own * positions + of_others,
            (false, 0, false) => own,
            (false, _, _) => own * others,
        }
    };
    held.iter().map(share).collect()
}

/// An amount by weights, to the last unit: what is left over goes unit by unit to whoever lacks
/// most, of two who lack as much to the earlier.
fn shared(amount: i64, weights: &[i128]) -> Option<Vec<i64>> {
    let total: i128 = weights.iter().sum();
    if total == 0 {
        return None;
    }
    let due = |at: usize| i128::from(amount) * weights[at];
    let mut given: Vec<i128> = (0..weights.len())
        .map(|at| due(at).div_euclid(total))
        .collect();
    let mut is_given = vec![false; weights.len()];
    while given.iter().sum::<i128>() < i128::from(amount) {
        let mut next: Option<usize> = None;
        for at in (0..weights.len()).filter(|at| !is_given[*at]) {
            let lacks = |at: usize| due(at) - due(at).div_euclid(total) * total;
            if next.is_none_or(|next| lacks(at) > lacks(next)) {
                next = Some(at);
            }
        }
        let next = next?;
        given[next] += 1;
        is_given[next] = true;
    }
    Some(given.into_iter().map(|minor| minor as i64).collect())
}

/// One line per deal, and one for each of its models.
pub fn lines(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Vec<String> {
    let mut lines = Vec::new();
    for trail in trails(journeys, meaning, asked) {
        let id = |place: &usize| format!("{:x}", journeys.facts[*place].id);
        let touches: Vec<String> = trail.touches.iter().map(id).collect();
        let who = &trail.member.who;
        lines.push(format!(
            "{who} {:?} lead {:?} deal {:?} before {} of {touches:?}",
            trail.member.money, trail.lead, trail.made, trail.before
        ));
        for model in MODELS.iter().filter(|_| trail.member.money.is_some()) {
            let credits = credits(&trail, model, journeys, meaning);
            lines.push(format!("{who} {model} {credits:?}"));
        }
    }
    lines
}

/// What splits credit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Split {
    /// The channel of the touch.
    Channel,
    /// Its campaign.
    Campaign,
    /// Its team.
    Team,
    /// What kind it is.
    Kind,
    /// Its month.
    TouchMonth,
    /// The month of the close.
    Month,
    /// What kind of buyer it was then.
    Segment,
    /// Whose the first touch was.
    Sourced,
}

impl Split {
    /// All of them.
    pub const ALL: [Split; 8] = [
        Split::Channel,
        Split::Campaign,
        Split::Team,
        Split::Kind,
        Split::TouchMonth,
        Split::Month,
        Split::Segment,
        Split::Sourced,
    ];

    /// Its word in questions.
    pub fn word(self) -> &'static str {
        match self {
            Split::Channel => "channel",
            Split::Campaign => "campaign",
            Split::Team => "team",
            Split::Kind => "touch_kind",
            Split::TouchMonth => "month@touch",
            Split::Month => "month",
            Split::Segment => "segment",
            Split::Sourced => "sourced",
        }
    }
}

/// Figures by group, currency and column, noughts left out.
pub type Figures = BTreeMap<(Option<String>, String, String), i128>;

/// What each model gives to each group.
pub fn figures(journeys: &Journeys, meaning: &Meaning, asked: Asked, by: Split) -> Figures {
    let mut figures = Figures::new();
    for trail in trails(journeys, meaning, asked) {
        let group = |touch: Option<usize>| {
            let of_deal =
                |by: By| dimensions::of_member(by, journeys, meaning, ("revenue", &trail.member));
            let fact = match by {
                Split::Month => return of_deal(By::Month),
                Split::Segment => return of_deal(By::Segment),
                Split::Sourced => trail.touches.first().map(|first| &journeys.facts[*first]),
                _ => touch.map(|at| &journeys.facts[trail.touches[at]]),
            };
            let Some(fact) = fact else {
                return Some("unknown: no touch".to_owned());
            };
            let (said, what) = match by {
                Split::Campaign => (fact.campaign.clone(), "campaign"),
                Split::Team | Split::Sourced => (fact.text("team").map(str::to_owned), "team"),
                Split::Kind => (fact.text("touch").map(str::to_owned), "kind"),
                Split::TouchMonth => (meaning.zone.day_of(fact.when).map(dimensions::month), ""),
                _ => (channel(fact), "channel"),
            };
            Some(said.unwrap_or_else(|| format!("unknown: no {what}")))
        };
        let money = trail.member.money.clone();
        let currency = money.as_ref().map_or(String::new(), |(_, one)| one.clone());
        let mut add = |group: Option<String>, column: &str, number: i64| {
            let place = (group, currency.clone(), column.to_owned());
            *figures.entry(place).or_default() += i128::from(number);
        };
        let places =
            (0..trail.touches.len().max(1)).map(|at| Some(at).filter(|_| at < trail.touches.len()));
        let places: Vec<Option<usize>> = places.collect();
        let groups: BTreeSet<_> = places.iter().map(|at| group(*at)).collect();
        let mut holding = groups.clone();
        let is_nobodys = money.is_some() && is_some_nobodys(&trail, journeys, meaning);
        holding.extend(is_nobodys.then(|| group(None)));
        holding.into_iter().for_each(|one| add(one, "deals", 1));
        for at in places.iter().flatten() {
            add(group(Some(*at)), "touches", 1);
        }
        let Some((minor, _)) = money else { continue };
        for model in MODELS {
            match credits(&trail, model, journeys, meaning) {
                // Whoever took part gets the whole once: no sum.
                _ if model == "participation" => {
                    groups.iter().for_each(|one| add(one.clone(), model, minor));
                }
                None => add(group(None), model, minor),
                Some(credits) => {
                    for (at, credit) in credits.into_iter().enumerate() {
                        add(group(Some(at)), model, credit);
                    }
                }
            }
        }
    }
    figures.retain(|_, figure| *figure != 0);
    figures
}

/// Whether some model gives an amount to no touch at all.
fn is_some_nobodys(trail: &Trail, journeys: &Journeys, meaning: &Meaning) -> bool {
    let mut models = MODELS.into_iter().filter(|model| *model != "participation");
    models.any(|model| credits(trail, model, journeys, meaning).is_none())
}

/// The channel of a touch; what others than marketing do has a name of its own.
pub(super) fn channel(fact: &Said) -> Option<String> {
    if let Some(channel) = fact.text("channel") {
        return Some(channel.to_owned());
    }
    let team = fact.text("team").filter(|team| *team != "marketing")?;
    match fact.text("touch") {
        Some(kind) => Some(format!("{team}: {kind}")),
        None => Some(team.to_owned()),
    }
}

/// Whether marketing touched a deal: at all, and before it was made.
fn by_marketing(journeys: &Journeys, trail: &Trail) -> [bool; 2] {
    let is_theirs = |place: &usize| journeys.facts[*place].text("team") == Some("marketing");
    let before = &trail.touches[..trail.before];
    [&trail.touches[..], before].map(|touches| touches.iter().any(is_theirs))
}

/// The members of a metric of what marketing touched: all won deals, their amounts by value alone.
pub fn touched(
    journeys: &Journeys,
    meaning: &Meaning,
    (name, period, horizon): (&str, Period, i64),
) -> Vec<Member> {
    let asked = Asked {
        is_won: true,
        period,
        horizon,
    };
    let trails = trails(journeys, meaning, asked).into_iter();
    let members = trails.map(|trail| {
        let [at_all, early] = by_marketing(journeys, &trail);
        let (is_early, is_by_value) = (
            name.contains("before_creation"),
            name.ends_with("_by_value"),
        );
        Member {
            is_part: if is_early { early } else { at_all },
            money: trail.member.money.clone().filter(|_| is_by_value),
            ..trail.member
        }
    });
    members.collect()
}

/// Three counts, and three sums by currency.
pub type Headline = ([u64; 3], BTreeMap<String, [i128; 3]>);

/// The headline: how many deals there are, how many of them marketing touched before the credited
/// moment, and how many before they were made; and what each of these are worth by currency.
pub fn headline(journeys: &Journeys, meaning: &Meaning, asked: Asked) -> Headline {
    let mut counts = [0; 3];
    let mut worth: BTreeMap<String, [i128; 3]> = BTreeMap::new();
    for trail in trails(journeys, meaning, asked) {
        let [at_all, early] = by_marketing(journeys, &trail);
        let is = [true, at_all, early];
        for at in (0..3).filter(|at| is[*at]) {
            counts[at] += 1;
            if let Some((minor, currency)) = &trail.member.money {
                worth.entry(currency.clone()).or_default()[at] += i128::from(*minor);
            }
        }
    }
    (counts, worth)
}
