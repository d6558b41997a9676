//! What campaigns and channels cost, and what came of it: leads, deals, revenue, credit. Spend,
//! leads and deals are those of the metrics of their names; credit is that of `credit`.
//!
//! A campaign's row holds the campaigns below it as well, and what is in none of them stands in a
//! row `(other)`; over all rows each counts once.

use std::collections::{BTreeMap, BTreeSet};

use handfast_kernels::metric::{self, Counted, Metric, PaidFor, Scope};
use handfast_model::credit::CreditModel;
use handfast_model::fact::FactKind;
use handfast_model::question::{Dimension, Unit};
use handfast_model::{ColumnKind, Currency, Day, Issue, IssueCode, Money, Question, Refusal, Sym};

use super::credit::{Share, shares};
use super::figure::{Figure, Reading, figure};
use super::ground::Ground;
use super::price::{Prices, not_priced};
use super::sheet::{Key, Member, Sheet};
use super::spent;
use super::tally::Tally;

/// What parts the campaigns of a path.
pub(super) const PATH: &str = " / ";

/// What is counted: the columns of the sheet.
mod column {
    pub const SPEND: usize = 0;
    pub const LEADS: usize = 1;
    pub const ASSIGNED: usize = 2;
    pub const OPENED: usize = 3;
    pub const WON: usize = 4;
    pub const CREDITED: usize = 5;
    pub const REALISED: usize = 6;
    pub const COUNT: usize = 7;
}

/// Counts.
pub(super) fn count<'a>(
    ground: &'a Ground<'a>,
    question: &'a Question,
    (of, model): (Option<&str>, Option<&str>),
) -> Result<Tally<'a>, Refusal> {
    let dims = dimensions(question)?;
    let model = default_model(ground, model)?;
    let mut page = Page {
        ground,
        question,
        dims: &dims,
        of: of.map(|of| Of::find(ground, of)).transpose()?,
        prices: question.currency.map(|to| Prices::new(ground, to)),
        found: Vec::new(),
        issues: Vec::new(),
    };
    page.spend();
    page.leads();
    page.deals();
    page.credit(&model)?;
    let Page {
        prices,
        found,
        mut issues,
        ..
    } = page;
    // What two figures lack, or an amount in several parts, is told once.
    issues.sort_unstable();
    issues.dedup();
    let (sheet, members, currencies) = placed(ground, question, found);
    let mut tally = Tally::new(ground, question, sheet);
    tally.dimension_columns(&dims);
    tally.text_column("currency", "");
    let by_campaign = dims.iter().position(|dim| *dim == Dimension::Campaign);
    let named = by_campaign.filter(|_| ground.campaigns().has_names());
    tally.figures = named.map(named_by).into_iter().collect();
    tally.figures.extend(figures(&model.name));
    tally.notes = notes(ground, &members, &model.name, of.is_some());
    if currencies > 1 {
        let own = ground
            .charter
            .currency
            .map_or("EUR".to_owned(), |own| own.to_string());
        tally.notes.push(format!(
            "{currencies} currencies: each spend stands against all leads and deals of its group; \
             --currency {own} makes them one"
        ));
    }
    tally.prices = prices;
    tally.measured = members;
    tally.extra_issues = issues;
    Ok(tally)
}

/// What the answer is split by; by campaign unless something is asked.
fn dimensions(question: &Question) -> Result<Vec<Dimension>, Refusal> {
    let is_fit = |dim: &&Dimension| {
        matches!(
            dim,
            Dimension::Time(_) | Dimension::Channel | Dimension::Campaign | Dimension::Vendor
        )
    };
    if let Some(dim) = question.by.iter().find(|dim| !is_fit(dim)) {
        let title = format!("cost cannot be split by {}", dim.text());
        return Err(Refusal::new("E0431", title)
            .matters("what is spent is spent on campaigns and channels, and has no other sides")
            .fix("--by campaign, channel, vendor, or a period; metric spend --by paid_for"));
    }
    Ok(match question.by.is_empty() {
        true => vec![Dimension::Campaign],
        false => question.by.clone(),
    })
}

/// The model that is asked for, else the first that the charter agreed on, else linear.
fn default_model(ground: &Ground<'_>, name: Option<&str>) -> Result<CreditModel, Refusal> {
    let rules = &ground.charter.attribution;
    let agreed = || {
        let mut shown = rules.shown.iter().filter(|_| rules.is_agreed);
        let first = shown.find(|model| model.kind.is_additive());
        first.cloned().or_else(|| rules.model("linear"))
    };
    let found = match name {
        Some(name) => rules.model(name).filter(|model| model.kind.is_additive()),
        None => agreed(),
    };
    found.ok_or_else(|| {
        let name = name.unwrap_or("linear");
        Refusal::new(
            "E0434",
            format!("`{name}` is not a model whose credits add up"),
        )
        .fix("--models one of those that `ask credit` shows, but participation")
    })
}

/// One campaign with its parts, or one vendor.
enum Of {
    Campaign(Sym),
    Vendor(Sym),
}

impl Of {
    fn find(ground: &Ground<'_>, of: &str) -> Result<Of, Refusal> {
        let campaigns = ground.campaigns();
        let facts = &ground.snapshot.facts;
        let sym = ground.snapshot.names.find(of);
        let is_campaign = |sym: Sym| {
            campaigns.is_known(sym) || facts.iter().any(|fact| fact.campaign == Some(sym))
        };
        let vendor = ground.snapshot.names.find("vendor");
        let is_vendor = |sym: Sym| {
            let mut named = facts.iter().filter_map(|fact| fact.text(vendor?));
            named.any(|one| one == sym)
        };
        match sym {
            Some(sym) if is_campaign(sym) => Ok(Of::Campaign(sym)),
            Some(sym) if is_vendor(sym) => Ok(Of::Vendor(sym)),
            _ => {
                let title = format!("no campaign or vendor `{of}` is known");
                Err(Refusal::new("E0439", title)
                    .matters("an answer about nobody would look like one that cost nothing")
                    .fix("ask cost --by campaign, or --by vendor, lists them all"))
            }
        }
    }
}

/// Where something is counted.
struct Place {
    campaign: Option<Sym>,
    channel: Key,
    vendor: Key,
    day: Option<Day>,
}

/// Something found: its rows but for the currency, its column, and itself.
struct Found {
    rows: Vec<Vec<Key>>,
    column: usize,
    member: metric::Member,
}

struct Page<'p, 'a> {
    ground: &'a Ground<'a>,
    question: &'a Question,
    dims: &'p [Dimension],
    of: Option<Of>,
    prices: Option<Prices<'a>>,
    found: Vec<Found>,
    issues: Vec<Issue>,
}

impl Page<'_, '_> {
    fn measured(&mut self, metric: Metric) -> Vec<metric::Member> {
        let ground = self.ground;
        let period = self.question.period;
        let scope = Scope {
            from: period.map(|(from, _)| ground.start_of(from)),
            until: period.map(|(_, until)| ground.start_of(until)),
            unit: Unit::Deal,
            ..Scope::ALL
        };
        let found = metric::measure(metric, &ground.world(), ground.journeys, &scope);
        self.issues.extend(found.issues);
        found.members
    }

    fn spend(&mut self) {
        let spent = self.measured(Metric::Spend);
        let prices = self.prices.as_ref();
        let spent = spent::cut(self.ground, self.question, prices, (spent, 0));
        for mut member in spent {
            let Counted::Fact(at) = member.counted else {
                continue;
            };
            self.price(&mut member);
            self.issues.extend(member.issue);
            let fact = self.ground.fact(at);
            let place = Place {
                campaign: fact.and_then(|fact| fact.campaign),
                channel: self.ground.key_of_fact(&Dimension::Channel, at),
                vendor: self.ground.key_of_fact(&Dimension::Vendor, at),
                day: self.day(&member),
            };
            if member.money.is_some() {
                self.add(&place, column::SPEND, member);
            }
        }
    }

    fn leads(&mut self) {
        for (metric, column) in [
            (Metric::LeadsCreated, column::LEADS),
            (Metric::LeadsAssigned, column::ASSIGNED),
        ] {
            for member in self.measured(metric) {
                let place = self.came_from(&member);
                self.add(&place, column, member);
            }
        }
    }

    fn deals(&mut self) {
        let mut told = BTreeSet::new();
        for (metric, column) in [
            (Metric::WinRateCohort, column::OPENED),
            (Metric::Revenue, column::WON),
        ] {
            for mut member in self.measured(metric) {
                let Counted::Deal(deal) = member.counted else {
                    continue;
                };
                member.money = member.money.or(self.ground.amount(deal, None));
                let issues = self.issues.len();
                if member.money.is_none() {
                    let fact = member.fact.and_then(|fact| self.ground.fact(fact));
                    let (code, fact) = (IssueCode::NoAmount, fact.map(|fact| fact.id));
                    self.issues
                        .push(member.issue.unwrap_or(Issue { code, fact }));
                }
                self.price(&mut member);
                // A deal opened and won lacks one amount, not two.
                if !told.insert(deal) {
                    self.issues.truncate(issues);
                }
                let place = self.came_from(&member);
                self.add(&place, column, member);
            }
        }
    }

    /// What touches earned: of deals closed in the period, and of touches in it.
    fn credit(&mut self, model: &CreditModel) -> Result<(), Refusal> {
        let question = |period| Question {
            by: Vec::new(),
            filter: None,
            period,
            ..self.question.clone()
        };
        let (closed, all) = (question(self.question.period), question(None));
        let calendar = &self.ground.charter.calendar;
        for share in shares(self.ground, &closed, &model.name)?.0 {
            let day = share.deal.anchor.when.day(calendar);
            self.share(&share, day, column::CREDITED);
        }
        for share in shares(self.ground, &all, &model.name)?.0 {
            let touch = share.touch.and_then(|touch| self.ground.fact(touch));
            let day = touch.and_then(|touch| touch.happened.day(calendar));
            let is_in = self
                .question
                .period
                .is_none_or(|(from, until)| day.is_some_and(|day| from <= day && day < until));
            if is_in {
                self.share(&share, day, column::REALISED);
            }
        }
        Ok(())
    }

    fn share(&mut self, share: &Share, day: Option<Day>, column: usize) {
        let ground = self.ground;
        let fact = share.touch.and_then(|touch| ground.fact(touch));
        let campaign = fact.and_then(|fact| fact.campaign);
        let place = Place {
            campaign,
            channel: match &share.channel {
                Key::NoTouch => Key::Unknown,
                channel => channel.clone(),
            },
            vendor: vendor(ground, campaign),
            day,
        };
        // A record of it is the touch, and shows what that earned.
        let member = match share.touch {
            None => share.deal,
            Some(touch) => metric::Member {
                counted: Counted::Fact(touch),
                pursuit: None,
                person: fact.and_then(|fact| fact.person),
                fact: Some(touch),
                ..share.deal
            },
        };
        let money = Some(share.money);
        self.add(&place, column, metric::Member { money, ..member });
    }

    /// Where the pursuit of a lead or deal came from.
    fn came_from(&self, member: &metric::Member) -> Place {
        let ground = self.ground;
        let pursuit = member.pursuit.and_then(|pursuit| ground.pursuit(pursuit));
        let campaign = pursuit.and_then(|pursuit| ground.campaign(pursuit));
        Place {
            campaign,
            channel: pursuit.map_or(Key::Unknown, |pursuit| {
                ground.channel(pursuit, pursuit.entry_touch)
            }),
            vendor: vendor(ground, campaign),
            day: self.day(member),
        }
    }

    fn day(&self, member: &metric::Member) -> Option<Day> {
        member.anchor.when.day(&self.ground.charter.calendar)
    }

    /// Puts an amount into the asked currency; one without a rate is told, and no amount.
    fn price(&mut self, member: &mut metric::Member) {
        let (Some(prices), Some(money)) = (&self.prices, member.money) else {
            return;
        };
        let deal = match member.counted {
            Counted::Deal(deal) => Some(deal),
            _ => None,
        };
        member.money = prices.take(money, deal, member.anchor.when);
        if member.money.is_none() {
            let fact = member.fact.and_then(|fact| self.ground.fact(fact));
            self.issues.push(not_priced(fact.map(|fact| fact.id)));
        }
    }

    fn add(&mut self, place: &Place, column: usize, member: metric::Member) {
        let campaigns = self.ground.campaigns();
        let top = match &self.of {
            None => None,
            Some(Of::Vendor(vendor)) => {
                if place.vendor != self.ground.name_key(Some(*vendor)) {
                    return;
                }
                None
            }
            Some(Of::Campaign(top)) => {
                let is_below = |one: Sym| one == *top || campaigns.above(one).any(|at| at == *top);
                if !place.campaign.is_some_and(is_below) {
                    return;
                }
                Some(*top)
            }
        };
        let mut rows = vec![Vec::new()];
        for dim in self.dims {
            let keys = match dim {
                Dimension::Campaign => branch(self.ground, place.campaign, top),
                Dimension::Channel => vec![place.channel.clone()],
                Dimension::Vendor => vec![place.vendor.clone()],
                dim => vec![self.ground.key_of_day(dim, place.day)],
            };
            rows = rows
                .iter()
                .flat_map(|row| {
                    keys.iter()
                        .map(|key| [&row[..], std::slice::from_ref(key)].concat())
                })
                .collect();
        }
        self.found.push(Found {
            rows,
            column,
            member,
        });
    }
}

fn vendor(ground: &Ground<'_>, campaign: Option<Sym>) -> Key {
    ground.name_key(campaign.and_then(|campaign| ground.campaigns().vendor(campaign)))
}

/// The rows of a campaign: its own and those of what it is part of, from the top down. What is of a
/// campaign with parts, and of none of them, has a row of its own below it.
fn branch(ground: &Ground<'_>, campaign: Option<Sym>, top: Option<Sym>) -> Vec<Key> {
    let Some(campaign) = campaign else {
        return vec![Key::Unknown];
    };
    let campaigns = ground.campaigns();
    let chain = std::iter::once(campaign).chain(campaigns.above(campaign));
    let mut chain: Vec<Sym> = chain.collect();
    if let Some(at) = top.and_then(|top| chain.iter().position(|one| *one == top)) {
        chain.truncate(at + 1);
    }
    let mut path = String::new();
    let mut keys = Vec::new();
    for one in chain.iter().rev() {
        if !path.is_empty() {
            path += PATH;
        }
        path += ground.snapshot.names.text(*one);
        keys.push(Key::Text(path.clone()));
    }
    if campaigns.has_parts(campaign) {
        keys.push(Key::Text(path + " / (other)"));
    }
    keys
}

/// The sheet, its members, and how many currencies there are. Leads and deals count in every
/// currency's row of their group, so that whatever was spent is set against all of them; what
/// deals are worth is summed in its own.
fn placed(
    ground: &Ground<'_>,
    question: &Question,
    found: Vec<Found>,
) -> (Sheet, Vec<metric::Member>, usize) {
    let own = question.currency.or(ground.charter.currency);
    let mut of_group: BTreeMap<&[Key], BTreeSet<Currency>> = BTreeMap::new();
    for one in &found {
        let money = one.member.money.map(|money| money.currency);
        for row in &one.rows {
            of_group.entry(row).or_default().extend(money);
        }
    }
    let all: BTreeSet<Currency> = of_group.values().flatten().copied().collect();
    let fallback = match all.len() {
        1 => all.first().copied(),
        _ => own,
    };
    let mut sheet = Sheet::new(column::COUNT);
    for (number, one) in found.iter().enumerate() {
        let member = Member::Measured(number as u32);
        for row in &one.rows {
            let known = of_group.get(&row[..]).filter(|known| !known.is_empty());
            let is_counted = [column::OPENED, column::WON].contains(&one.column);
            let money = one.member.money.filter(|_| !is_counted);
            let currencies: Vec<Option<Currency>> = match (money, known) {
                (Some(money), _) => vec![Some(money.currency)],
                (None, Some(known)) => known.iter().copied().map(Some).collect(),
                (None, None) => vec![fallback],
            };
            for currency in currencies {
                let code = currency.map(|currency| Key::Text(currency.code().to_owned()));
                let keys = [&row[..], &[code.unwrap_or(Key::Unknown)]].concat();
                sheet.add(&keys, one.column, member);
            }
        }
    }
    let members = found.into_iter().map(|one| one.member).collect();
    (sheet, members, all.len())
}

fn named_by(place: usize) -> Figure {
    let means = "what it is called";
    figure("name", ColumnKind::Text, None, means, Reading::Name(place))
}

fn figures(model: &str) -> Vec<Figure> {
    use column::{ASSIGNED, CREDITED, LEADS, OPENED, REALISED, SPEND, WON};
    let count = |id: &str, unit: &str, means: &str, column| {
        figure(
            id,
            ColumnKind::Count,
            Some(unit),
            means,
            Reading::Count(column),
        )
    };
    let money = |id: &str, means: &str, column| {
        figure(
            id,
            ColumnKind::Money,
            None,
            means,
            Reading::Money(column, None),
        )
    };
    let per = |id: &str, what: &str, column| {
        let means = format!("spend over {what}");
        figure(
            id,
            ColumnKind::Mean,
            None,
            &means,
            Reading::CostPer(SPEND, column),
        )
    };
    let share = |id: &str, what: &str, column| {
        let means = format!("{what} over spend, gross: 100 % is what was spent");
        let reading = Reading::MoneyShare(column, SPEND);
        figure(id, ColumnKind::MoneyShare, None, &means, reading)
    };
    let closed = format!("what touches here earned of deals closed in the period, by `{model}`");
    let touched = "what touches here in the period earned, whenever the deal closed";
    vec![
        money("spend", "spent for the days of the period", SPEND),
        count("leads", "lead", "created in the period", LEADS),
        per("per_lead", "leads", LEADS),
        count(
            "assigned",
            "lead",
            "first assigned to a rep in the period",
            ASSIGNED,
        ),
        per("per_assigned", "assigned leads", ASSIGNED),
        count("opened", "deal", "deals created in the period", OPENED),
        money("pipeline", "what these are worth, as last known", OPENED),
        per("per_opened", "deals opened", OPENED),
        count("won", "deal", "deals won in the period", WON),
        money("revenue", "what these were worth", WON),
        per("per_won", "deals won", WON),
        money("credited", &closed, CREDITED),
        share("roi", "credited", CREDITED),
        money("realised", touched, REALISED),
        share("realised_roi", "realised", REALISED),
    ]
}

/// What a reader must know, with what the spend paid for.
fn notes(
    ground: &Ground<'_>,
    members: &[metric::Member],
    model: &str,
    is_part: bool,
) -> Vec<String> {
    let names = &ground.snapshot.names;
    let word = names.find("paid_for");
    let mut sums: BTreeMap<(usize, Currency), i128> = BTreeMap::new();
    for member in members {
        let fact = member.fact.and_then(|fact| ground.fact(fact));
        let Some(fact) = fact.filter(|fact| fact.kind == FactKind::Spend) else {
            continue;
        };
        let said = word
            .and_then(|word| fact.text(word))
            .map(|said| names.text(said));
        let place = said
            .and_then(PaidFor::parse)
            .map_or(PaidFor::ALL.len(), |of| of as usize);
        if let Some(money) = member.money {
            *sums.entry((place, money.currency)).or_default() += i128::from(money.minor);
        }
    }
    let part = |((place, currency), minor): (&(usize, Currency), &i128)| {
        let what = PaidFor::ALL.get(*place).map_or("other", |of| of.word());
        let minor = i64::try_from(*minor).ok()?;
        let currency = *currency;
        Some(format!("{what} {}", Money { minor, currency }.shown()))
    };
    let parts: Vec<String> = sums.iter().filter_map(part).collect();
    let mut notes = Vec::new();
    if !parts.is_empty() {
        notes.push(format!("paid for: {}", parts.join(", ")));
    }
    notes.push(
        "leads and deals are counted where their pursuit came from, each by its own date; no \
         spend told, no cost"
            .to_owned(),
    );
    if !is_part {
        notes.push(format!(
            "deals without a touch that may earn are credited to nobody (–); `{model}` is the \
             first model of charter/attribution.toml, else linear, or --models"
        ));
    }
    notes.push(
        "credit is bookkeeping: a return here does not say what would have come without the spend"
            .to_owned(),
    );
    notes
}
