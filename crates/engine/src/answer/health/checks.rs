//! What each check looks for. A check gives the things it found, so that they can be listed and the
//! won deals that rest on them told; what never became a fact is only counted.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use handfast_kernels::journey::{Deal, Pursuit};
use handfast_model::fact::Observed;
use handfast_model::{
    Fact, FactId, FactKind, Grain, Instant, IssueCode, PersonId, Snapshot, Sym, When,
};

use super::Finding;
use super::issues::ISSUES;
use super::orphans::orphans;
use crate::answer::ground::Ground;
use crate::answer::price::Prices;
use crate::answer::sheet::Key;
use crate::answer::tally::Item;

const DAY_MICROS: i64 = 86_400_000_000;

/// What was found.
pub(super) enum Found {
    /// Facts, deals or pursuits.
    Items(Vec<Item>),
    /// Rows, sources or currencies: what never became facts, or is none.
    Rows(u64),
}

impl Found {
    /// How many.
    pub fn count(&self) -> u64 {
        match self {
            Found::Items(items) => items.len() as u64,
            Found::Rows(count) => *count,
        }
    }

    /// What can be listed.
    pub fn items(&self) -> &[Item] {
        match self {
            Found::Items(items) => items,
            Found::Rows(_) => &[],
        }
    }
}

/// The pursuits of each person.
pub(super) struct Pursuits {
    people: BTreeMap<PersonId, Vec<u32>>,
}

impl Pursuits {
    pub fn of(ground: &Ground<'_>) -> Pursuits {
        let mut people: BTreeMap<PersonId, Vec<u32>> = BTreeMap::new();
        for (at, pursuit) in (0u32..).zip(&ground.journeys.pursuits) {
            for person in &pursuit.people {
                people.entry(*person).or_default().push(at);
            }
        }
        Pursuits { people }
    }

    /// A person's pursuits, in their order.
    pub fn of_person(&self, person: PersonId) -> &[u32] {
        self.people.get(&person).map_or(&[], Vec::as_slice)
    }
}

/// Every check, in the order of the answer.
pub(super) fn checks(ground: &Ground<'_>) -> Vec<Finding> {
    let desk = Desk { ground };
    let mut findings = desk.of_deals();
    findings.push(desk.not_priced());
    findings.extend(desk.of_people());
    findings.extend(orphans(ground));
    findings.extend(desk.of_touches());
    findings.extend(desk.of_issues());
    findings.extend(desk.undated_deals());
    findings.extend(desk.of_facts());
    findings.push(desk.latest_month());
    findings.extend(desk.of_import());
    findings
}

struct Desk<'g> {
    ground: &'g Ground<'g>,
}

impl Desk<'_> {
    fn of_deals(&self) -> Vec<Finding> {
        let journeys = &self.ground.journeys;
        let all = Some(journeys.deals.len() as u64);
        let found = |lacks: &dyn Fn(u32, &Deal, &Pursuit) -> bool| {
            let deals = (0u32..).zip(&journeys.deals);
            let lacking = deals.filter(|(at, deal)| {
                let pursuit = self.ground.pursuit(deal.pursuit);
                pursuit.is_some_and(|pursuit| lacks(*at, deal, pursuit))
            });
            Found::Items(lacking.map(|(at, deal)| item_of(at, deal)).collect())
        };
        let missing = |check: &'static str, code, found, remedy, says| Finding {
            area: "missing",
            check: check.into(),
            code,
            found,
            of: all,
            remedy,
            says,
        };
        vec![
            missing(
                "deal without account",
                "W0108",
                found(&|_, deal, pursuit| deal.account.is_none() && pursuit.account.is_none()),
                "map account in the deal SELECT, or link a person of an account",
                "have no account",
            ),
            missing(
                "deal without amount",
                "W0107",
                found(&|at, _, _| self.ground.amount(at, None).is_none()),
                "fill the amount in the source",
                "",
            ),
            missing(
                "deal without owner",
                "",
                found(&|_, deal, pursuit| !self.has_owner(deal, pursuit)),
                "map rep in the deal SELECT, or assignments",
                "have no owner",
            ),
            missing(
                "deal without contact",
                "",
                found(&|_, deal, pursuit| deal.person.is_none() && pursuit.people.is_empty()),
                "map contact roles as links of person and deal",
                "have no contact",
            ),
        ]
    }

    fn undated_deals(&self) -> [Finding; 2] {
        let all = &self.ground.journeys.deals;
        let undated = |check: &'static str, is_undated: fn(&Deal) -> bool, remedy, says| {
            let deals = (0u32..).zip(all).filter(|(_, deal)| is_undated(deal));
            Finding {
                area: "undated",
                check: check.into(),
                code: "W0105",
                found: Found::Items(deals.map(|(at, deal)| item_of(at, deal)).collect()),
                of: Some(all.len() as u64),
                remedy,
                says,
            }
        };
        [
            undated(
                "deal without a creation date",
                |deal| deal.created.at.is_none(),
                "map created in the deal SELECT: without it a deal is in no cycle time",
                "have no creation date",
            ),
            undated(
                "deal closed without a date",
                |deal| deal.closed.is_some_and(|closed| closed.at.is_none()),
                "fill the close date in the source",
                "were closed without a date",
            ),
        ]
    }

    fn has_owner(&self, deal: &Deal, pursuit: &Pursuit) -> bool {
        let names = |fact: &u32| {
            let fact = self.ground.fact(*fact);
            fact.is_some_and(|fact| fact.rep.is_some())
        };
        pursuit.visits.iter().any(|visit| visit.rep.is_some()) || deal.versions.iter().any(names)
    }

    fn of_people(&self) -> Vec<Finding> {
        let facts = &self.ground.snapshot.facts;
        let identity = self.ground.snapshot.names.find("identity");
        let mut has_email: BTreeMap<PersonId, bool> = BTreeMap::new();
        let mut has_account: BTreeMap<PersonId, bool> = BTreeMap::new();
        for fact in facts {
            let Some(person) = fact.person else { continue };
            if matches!(fact.kind, FactKind::Person | FactKind::Link) {
                let email = identity.is_some_and(|name| fact.attribute(name).is_some());
                *has_email.entry(person).or_default() |= email;
                *has_account.entry(person).or_default() |= fact.account.is_some();
            }
        }
        let leads = &self.ground.journeys.leads;
        let lacking = |known: &BTreeMap<PersonId, bool>| {
            let lacks = leads
                .iter()
                .filter(|lead| known.get(&lead.person) != Some(&true));
            let item = |lead: &handfast_kernels::Lead| Item {
                pursuit: lead.pursuit,
                person: Some(lead.person),
                fact: Some(lead.fact),
                ..Item::default()
            };
            Found::Items(lacks.map(item).collect())
        };
        let missing = |check: &'static str, found, remedy, says| Finding {
            area: "missing",
            check: check.into(),
            code: "",
            found,
            of: Some(leads.len() as u64),
            remedy,
            says,
        };
        vec![
            missing(
                "person without e-mail",
                lacking(&has_email),
                "name the e-mail column in the stream's people table",
                "rest on people without an e-mail",
            ),
            missing(
                "person without account",
                lacking(&has_account),
                "map account in the person SELECT",
                "rest on people without an account",
            ),
        ]
    }

    /// Touches of pursuits, those by sales aside: a call has no campaign. Those between pursuits
    /// are nobody's credit yet.
    fn of_touches(&self) -> Vec<Finding> {
        let (mut no_channel, mut no_campaign) = (Vec::new(), Vec::new());
        let mut all = 0;
        for (at, pursuit) in (0u32..).zip(&self.ground.journeys.pursuits) {
            for &touch in &pursuit.touches {
                let fact = self.ground.fact(touch);
                let Some(fact) = fact.filter(|fact| !self.is_by_sales(fact)) else {
                    continue;
                };
                let item = Item {
                    pursuit: Some(at),
                    fact: Some(touch),
                    ..Item::default()
                };
                all += 1;
                if self.ground.channel(pursuit, Some(touch)) == Key::Unknown {
                    no_channel.push(item);
                }
                no_campaign.extend(fact.campaign.is_none().then_some(item));
            }
        }
        let missing = |check: &'static str, items, remedy, says| Finding {
            area: "missing",
            check: check.into(),
            code: "",
            found: Found::Items(items),
            of: Some(all),
            remedy,
            says,
        };
        vec![
            missing(
                "touch without channel",
                no_channel,
                "add a rule to charter/channels.toml, or map channel",
                "have touches without a channel",
            ),
            missing(
                "touch without campaign",
                no_campaign,
                "map campaign in the touch SELECT",
                "have touches without a campaign",
            ),
        ]
    }

    fn is_by_sales(&self, fact: &Fact) -> bool {
        let names = &self.ground.snapshot.names;
        let team = names.find("team").and_then(|name| fact.text(name));
        team.is_some_and(|team| names.text(team) == "sales")
    }

    /// What the journeys found contradictory, by code.
    fn of_issues(&self) -> Vec<Finding> {
        let index = Index::of(self.ground);
        let journeys = &self.ground.journeys;
        let marks = self.facts_of(|fact| fact.kind == FactKind::Mark);
        let accounts = self.facts_of(|fact| fact.kind == FactKind::Account);
        let finding = |&(code, check, remedy, says): &(IssueCode, &'static str, _, _)| {
            let issues = journeys.issues.iter().filter(|issue| issue.code == code);
            let items = issues.map(|issue| index.item(self.ground, issue.fact));
            let is_missing = matches!(code, IssueCode::UnknownStage | IssueCode::NoStage);
            let of = match code {
                IssueCode::ClosedBeforeCreated => journeys.deals.len() as u64,
                IssueCode::EndedBeforeOpening | IssueCode::WonWithoutStage | IssueCode::NoStage => {
                    journeys.pursuits.len() as u64
                }
                IssueCode::SharedMailbox | IssueCode::MailboxOfTwo | IssueCode::DomainsDisagree => {
                    journeys.leads.len() as u64
                }
                IssueCode::DomainOfTwo => accounts,
                IssueCode::Ahead => self.ground.snapshot.facts.len() as u64,
                _ => marks,
            };
            Finding {
                area: if is_missing {
                    "missing"
                } else {
                    "contradictory"
                },
                check: check.into(),
                code: code.code(),
                found: Found::Items(items.collect()),
                of: Some(of),
                remedy,
                says,
            }
        };
        ISSUES.iter().map(finding).collect()
    }

    fn of_facts(&self) -> Vec<Finding> {
        let index = Index::of(self.ground);
        let found = |is_meant: &dyn Fn(&Fact) -> bool| {
            let facts = self.ground.snapshot.facts.iter();
            let meant = facts.filter(|fact| is_meant(fact));
            Found::Items(
                meant
                    .map(|fact| index.item(self.ground, Some(fact.id)))
                    .collect(),
            )
        };
        vec![
            Finding {
                area: "assumed",
                check: "date assumed by the pack".into(),
                code: "W0106",
                found: found(&|fact| fact.is_assumed),
                of: Some(self.facts_of(|fact| fact.kind.is_state())),
                remedy: "map valid_from, or export the history",
                says: "rest on an assumed date",
            },
            Finding {
                area: "undated",
                check: "fact without a date".into(),
                code: "W0105",
                found: found(&|fact| fact.happened == When::Unknown),
                of: Some(self.ground.snapshot.facts.len() as u64),
                remedy: "map happened, or leave it: it counts in states only",
                says: "rest on undated facts",
            },
        ]
    }

    /// Who came last has had least time: their shares still grow.
    fn latest_month(&self) -> Finding {
        let calendar = &self.ground.charter.calendar;
        let last = Instant(self.ground.horizon.0.saturating_sub(1));
        let month = calendar.period_of(calendar.day_of(last), Grain::Month);
        let pursuits = (0u32..).zip(&self.ground.journeys.pursuits);
        let opened: Vec<(u32, &Pursuit)> = pursuits
            .filter(|(_, pursuit)| {
                let day = pursuit.opened.when.day(calendar);
                day.is_some_and(|day| month.from <= day && day < month.until)
            })
            .collect();
        let open = opened.iter().filter(|(_, pursuit)| pursuit.end.is_none());
        let item = |(at, _): &(u32, &Pursuit)| Item {
            pursuit: Some(*at),
            ..Item::default()
        };
        Finding {
            area: "unripe",
            check: "opened in the latest month and still open".into(),
            code: "W0110",
            found: Found::Items(open.map(item).collect()),
            of: Some(opened.len() as u64),
            remedy: "read young cohorts with --window, or with --estimate",
            says: "",
        }
    }

    fn of_import(&self) -> Vec<Finding> {
        let snapshot = self.ground.snapshot;
        let sources = snapshot.observed.iter();
        let behind = sources.clone().filter(|source| lag(snapshot, source) > 0);
        let assumed = sources.clone().filter(|source| !source.is_declared);
        let import = |check: Cow<'static, str>, code, count, of, remedy| Finding {
            area: "import",
            check,
            code,
            found: Found::Rows(count),
            of,
            remedy,
            says: "",
        };
        let all = Some(snapshot.observed.len() as u64);
        let export = "handfast import BOOK --export-set-aside FILE lists them with reasons";
        let mut findings = vec![
            import(
                "source without a declared horizon".into(),
                "W0111",
                assumed.count() as u64,
                all,
                "set observed_until in source.toml, or --observed-until",
            ),
            import(
                "source a day or more behind the newest".into(),
                "",
                behind.count() as u64,
                all,
                "import its latest export: the earliest horizon counts for all",
            ),
        ];
        findings.extend(snapshot.set_aside.iter().map(|(why, count)| {
            let code = if why.starts_with("conflict") {
                "W0113"
            } else {
                ""
            };
            import(
                format!("row set aside: {why}").into(),
                code,
                *count,
                None,
                export,
            )
        }));
        findings
    }

    /// Deals in another currency than the charter's, which its rates cannot turn into it.
    fn not_priced(&self) -> Finding {
        let last = Instant(self.ground.horizon.0.saturating_sub(1));
        let prices = self.ground.charter.currency;
        let prices = prices.map(|ours| Prices::new(self.ground, ours));
        let lacks = |at: u32| {
            let own = self.ground.amount(at, None);
            let anchor = self.ground.close_or(at, Some(last));
            own.zip(prices.as_ref())
                .is_some_and(|(own, prices)| prices.show(own, Some(at), anchor).is_none())
        };
        let deals = (0u32..).zip(&self.ground.journeys.deals);
        let lacking = deals.filter(|(at, _)| lacks(*at));
        Finding {
            area: "missing",
            check: "deal in a currency without a rate".into(),
            code: "W0112",
            found: Found::Items(lacking.map(|(at, deal)| item_of(at, deal)).collect()),
            of: Some(self.ground.journeys.deals.len() as u64),
            remedy: "give the charter rates (money.toml), or leave it a row of its own",
            says: "have amounts in a currency without a rate",
        }
    }

    fn facts_of(&self, is_meant: impl Fn(&Fact) -> bool) -> u64 {
        let facts = self.ground.snapshot.facts.iter();
        facts.filter(|fact| is_meant(fact)).count() as u64
    }
}

/// Whole days by which a source shows less than the newest one.
fn lag(snapshot: &Snapshot, source: &Observed) -> i64 {
    let newest = snapshot.observed.iter().filter_map(|source| source.until);
    let lag = newest.max().zip(source.until);
    lag.map_or(0, |(newest, own)| (newest.0 - own.0) / DAY_MICROS)
}

/// A sentence for each source that holds the others back.
pub(super) fn lags(ground: &Ground<'_>) -> Vec<String> {
    let snapshot = ground.snapshot;
    let behind = snapshot.observed.iter().filter_map(|source| {
        let days = lag(snapshot, source);
        let name = snapshot.names.text(source.source);
        (days > 0).then(|| format!("`{name}` is {days} days behind the newest source"))
    });
    behind.collect()
}

fn item_of(at: u32, deal: &Deal) -> Item {
    Item {
        deal: Some(at),
        pursuit: Some(deal.pursuit),
        fact: deal.versions.last().copied(),
        ..Item::default()
    }
}

/// What a fact is about: its place, its deal, its pursuit.
pub(super) struct Index {
    facts: HashMap<FactId, u32>,
    deals: HashMap<Sym, u32>,
    opened: HashMap<FactId, u32>,
}

impl Index {
    pub fn of(ground: &Ground<'_>) -> Index {
        let facts = (0u32..).zip(&ground.snapshot.facts);
        let deals = (0u32..).zip(&ground.journeys.deals);
        let pursuits = (0u32..).zip(&ground.journeys.pursuits);
        Index {
            facts: facts.map(|(at, fact)| (fact.id, at)).collect(),
            deals: deals.map(|(at, deal)| (deal.key, at)).collect(),
            opened: pursuits.map(|(at, pursuit)| (pursuit.id, at)).collect(),
        }
    }

    /// A deal's fact is about the deal, an opening about its pursuit, any other about its person.
    pub fn item(&self, ground: &Ground<'_>, id: Option<FactId>) -> Item {
        let Some((id, fact)) = id.and_then(|id| Some((id, *self.facts.get(&id)?))) else {
            return Item::default();
        };
        let found = ground.fact(fact);
        let key = found.and_then(|fact| fact.deal);
        let deal = key.and_then(|key| self.deals.get(&key).copied());
        let of_deal = deal.and_then(|deal| ground.journeys.deals.get(deal as usize));
        let opened = self.opened.get(&id).copied();
        Item {
            deal,
            pursuit: opened.or(of_deal.map(|deal| deal.pursuit)),
            person: found.and_then(|fact| fact.person),
            fact: Some(fact),
            ..Item::default()
        }
    }
}
