//! What can be opened by its name.

use axum::Json;
use axum::extract::State;
use handfast_accounts::audit::Deed;
use handfast_accounts::{Capability, may};
use handfast_engine::answer::accounts as listed;
use handfast_service::search as service;
use handfast_wire::v1::Amount;
use handfast_wire::v1::book::Term;
use handfast_wire::v1::search as wire;

use super::acts::within;
use super::catalogue::metric;
use crate::body::Words;
use crate::house::Shared;
use crate::job::alone;
use crate::limits;
use crate::problem::{Answered, Problems, ours};
use crate::viewer::Viewer;

/// Accounts with a pursuit, by the names that sources gave them, and where each stands.
#[utoipa::path(get, path = "/accounts", tag = "accounts", params(wire::ListAccounts),
    responses((status = 200, body = wire::Accounts), Problems))]
pub async fn accounts(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(asked): Words<wire::ListAccounts>,
) -> Answered<Json<wire::Accounts>> {
    let teams = viewer.sees(Capability::Read)?;
    let limit = asked.limit.unwrap_or(100);
    within("limit", limit, (1, limits::PAGE))?;
    short("search", &asked.search)?;
    let (of, who) = (house.published(), viewer.turn());
    alone(&house, who, move |house| {
        let book = house.view(&of, &teams);
        let found = service::accounts(&book, &asked.search, (asked.after, limit))?;
        Ok(Json(wire::Accounts {
            accounts: found.some.into_iter().map(account).collect(),
            of: found.of,
            after: asked.after as u64,
            teams: teams.to_vec(),
        }))
    })
    .await
}

/// Accounts, deals, people, metrics and agreed words that go by a text.
#[utoipa::path(get, path = "/search", tag = "accounts", params(wire::Search),
    responses((status = 200, body = wire::Found), Problems))]
pub async fn search(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(asked): Words<wire::Search>,
) -> Answered<Json<wire::Found>> {
    let teams = viewer.sees(Capability::Read)?;
    let limit = asked.limit.unwrap_or(10);
    within("limit", limit, (1, limits::FOUND))?;
    short("text", &asked.text)?;
    if asked.text.trim().is_empty() {
        return Err(ours::words("`text` is empty", "a part of a name"));
    }
    let (of, who) = (house.published(), viewer.turn());
    alone(&house, who, move |house| {
        let book = house.view(&of, &teams);
        let found = service::search(&book, &asked.text, limit)?;
        // That somebody is in the book is a personal field of theirs.
        let sees_people = may(&viewer.actor, Capability::Personal);
        let person = (found.is_person && sees_people).then(|| asked.text.trim().to_owned());
        if person.is_some() {
            // Written down before it is told, as whatever else shows somebody.
            let deed = Deed {
                act: "person.read",
                object: "search",
                before: &[],
                after: &[],
            };
            house.people.record(&viewer.actor, &viewer.call(), &deed)?;
        }
        Ok(Json(wire::Found {
            accounts: found.accounts.some.into_iter().map(account).collect(),
            of_accounts: found.accounts.of,
            deals: found.deals.some.into_iter().map(deal).collect(),
            of_deals: found.deals.of,
            people: person.into_iter().collect(),
            metrics: found.metrics.into_iter().map(metric).collect(),
            terms: found.terms.iter().map(Term::from).collect(),
            teams: teams.to_vec(),
        }))
    })
    .await
}

/// A text that an address searches for: no longer than a name.
fn short(word: &str, asked: &str) -> Answered<()> {
    match asked.chars().count() <= limits::SOUGHT {
        true => Ok(()),
        false => {
            let why = format!("`{word}` has more than {} characters", limits::SOUGHT);
            Err(ours::words(why, "a part of the name"))
        }
    }
}

fn account(account: listed::Account) -> wire::Account {
    wire::Account {
        key: account.key,
        name: account.name,
        stands: standing(account.stands),
        since: account.since.map(|day| day.to_string()),
        pursuits: account.pursuits,
        open_deals: account.open,
        won_deals: account.won,
        lost_deals: account.lost,
    }
}

fn deal(deal: listed::Deal) -> wire::Deal {
    wire::Deal {
        key: deal.key,
        account: deal.account,
        stands: standing(deal.stands),
        amount: deal.amount.map(Amount::from),
    }
}

fn standing(stands: listed::Standing) -> wire::Standing {
    wire::Standing {
        stage: stands.stage,
        outcome: stands.outcome,
        rep: stands.rep,
        team: stands.team,
    }
}
