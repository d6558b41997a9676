//! Closed periods, balances that people vouch for, and what was restated since.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use handfast_accounts::Capability;
use handfast_engine::derived::Teams;
use handfast_model::Cell;
use handfast_service::periods::balance::{self, Balance};
use handfast_service::periods::restated::{self, Because};
use handfast_service::periods::{self as service, Close, Kept, Reopened, Said, readable};
use handfast_wire::v1::deal::Kept as Done;
use handfast_wire::v1::period as wire;

use super::acts::{act, said};
use crate::apart::apart;
use crate::body::{Body, Words};
use crate::house::Shared;
use crate::problem::{Answered, Problems};
use crate::viewer::Viewer;
use crate::worked::worked;

/// Every close, and the balances that somebody vouches for.
#[utoipa::path(get, path = "/periods", tag = "periods",
    responses((status = 200, body = wire::Periods), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let name = ("periods".to_owned(), Teams::default(), viewer.turn());
    worked(&house, name, |book| {
        let closes = service::closes(book)?;
        let balances = balance::balances(book)?;
        Ok(wire::Periods {
            closes: closes.iter().map(|one| close_of(one, &closes)).collect(),
            balances: balances.iter().map(balance_of).collect(),
        })
    })
    .await
}

/// Figures of closed periods that are others now, with the causes of it.
#[utoipa::path(get, path = "/periods/restatements", tag = "periods", params(wire::Restatements),
    responses((status = 200, body = Vec<wire::Restated>), Problems))]
pub async fn restatements(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(asked): Words<wire::Restatements>,
) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let name = format!("restatements {}", asked.period.as_deref().unwrap_or(""));
    let name = (name, Teams::default(), viewer.turn());
    worked(&house, name, move |book| {
        let all = restated::restatements(book, asked.period.as_deref())?;
        Ok(all.iter().map(restated_of).collect::<Vec<_>>())
    })
    .await
}

/// Closes a period: keeps what its figures are now.
#[utoipa::path(post, path = "/periods/close", tag = "periods", request_body = wire::ClosePeriod,
    responses((status = 200, body = Done), Problems))]
pub async fn close(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::ClosePeriod>,
) -> Answered<Json<Done>> {
    viewer.may(Capability::Close)?;
    // What is kept of it is everybody's.
    viewer.sees_all()?;
    asked
        .why
        .as_deref()
        .map_or(Ok(()), |why| said("why", why))?;
    apart(&house, move |house| {
        let told = Said {
            by: Some(viewer.name()?),
            why: asked.why,
            metrics: asked.metrics,
            is_anyway: asked.anyway,
        };
        let (close, done) = act((house, &viewer), "period.closed", || {
            service::close(&house.book, &asked.period, &told, house.now())
        })?;
        let note = close.shown_until.map(|until| {
            format!(
                "the sources show everything only until {until}, before the period ends; what \
                 they tell later of its last days will be restatements"
            )
        });
        let notes = note.into_iter().collect();
        Ok(done.kept(close.seq, notes))
    })
    .await
}

/// Opens a closed period again; its close stays in the log.
#[utoipa::path(post, path = "/periods/reopen", tag = "periods", request_body = wire::Reopen,
    responses((status = 200, body = Done), Problems))]
pub async fn reopen(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::Reopen>,
) -> Answered<Json<Done>> {
    viewer.may(Capability::Close)?;
    // What is kept of it is everybody's.
    viewer.sees_all()?;
    said("why", &asked.why)?;
    apart(&house, move |house| {
        let by = viewer.name()?;
        let said = (Some(by.as_str()), asked.why.as_str());
        let (close, done) = act((house, &viewer), "period.reopened", || {
            service::reopen(&house.book, &asked.period, said, house.now())
        })?;
        Ok(done.kept(close.seq, Vec::new()))
    })
    .await
}

/// Vouches for a balance; the answer says whether the book says the same.
#[utoipa::path(post, path = "/periods/assert", tag = "periods", request_body = wire::Vouch,
    responses((status = 200, body = wire::Balance), Problems))]
pub async fn vouch(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::Vouch>,
) -> Answered<Json<wire::Balance>> {
    viewer.may(Capability::Close)?;
    // Whether it holds tells a figure of everybody's.
    viewer.sees_all()?;
    said("balance", &asked.balance)?;
    apart(&house, move |house| {
        let by = viewer.name()?;
        let (found, done) = act((house, &viewer), "balance.asserted", || {
            balance::assert(&house.book, &asked.balance, Some(&by), house.now())
        })?;
        done.in_commit(found.asserted.seq);
        Ok(Json(balance_of(&found)))
    })
    .await
}

/// Takes an assertion back.
#[utoipa::path(post, path = "/periods/retract", tag = "periods", request_body = wire::Retract,
    responses((status = 200, body = Done), Problems))]
pub async fn retract(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::Retract>,
) -> Answered<Json<Done>> {
    viewer.may(Capability::Close)?;
    // What is kept of it is everybody's.
    viewer.sees_all()?;
    said("why", &asked.why)?;
    apart(&house, move |house| {
        let why = format!("{}: {}", viewer.name()?, asked.why);
        let (gone, done) = act((house, &viewer), "balance.retracted", || {
            balance::retract(&house.book, asked.seq, &why, house.now())
        })?;
        Ok(done.kept(gone.seq, Vec::new()))
    })
    .await
}

fn close_of(close: &Close, all: &[Close]) -> wire::Close {
    let figure = |kept: &Kept| {
        let readable = |row: &Vec<String>| row.iter().map(|cell| readable(cell)).collect();
        wire::KeptFigure {
            metric: kept.metric.clone(),
            question: kept.question.clone(),
            columns: kept.columns.clone(),
            rows: kept.rows.iter().map(readable).collect(),
        }
    };
    let reopened = |one: &Reopened| wire::Reopened {
        at: one.at.to_string(),
        by: one.by.clone(),
        why: one.why.clone(),
    };
    wire::Close {
        seq: close.seq.0,
        label: close.label.clone(),
        called: close.called(all),
        from: close.days.0.to_string(),
        until: close.days.1.to_string(),
        at: close.at.to_string(),
        as_of: close.as_of.0,
        by: close.by.clone(),
        why: close.why.clone(),
        reopened: close.reopened.as_ref().map(reopened),
        shown_until: close.shown_until.map(|at| at.to_string()),
        figures: close.figures.iter().map(figure).collect(),
    }
}

fn balance_of(balance: &Balance) -> wire::Balance {
    let asserted = &balance.asserted;
    let found = match balance.found.as_str() {
        "" => String::new(),
        found => readable(found),
    };
    wire::Balance {
        seq: asserted.seq.0,
        at: asserted.at.to_string(),
        by: asserted.by.clone(),
        what: asserted.what.clone(),
        expected: readable(&asserted.expected),
        found,
        holds: balance.holds(),
    }
}

fn restated_of(one: &restated::Restated) -> wire::Restated {
    let because = |one: &Because| wire::Because {
        cause: one.cause,
        means: one.means.clone(),
        facts: one.facts,
        was: readable(&one.was),
        is: readable(&one.is),
        by: difference(one.by.as_ref()),
    };
    wire::Restated {
        period: one.period.clone(),
        metric: one.metric.clone(),
        row: one.row.clone(),
        column: one.column.clone(),
        was: readable(&one.was),
        is: readable(&one.is),
        by: difference(one.by.as_ref()),
        causes: one.causes.iter().map(because).collect(),
    }
}

/// By how much, with its sign.
fn difference(by: Option<&Cell>) -> Option<String> {
    let text = readable(&by?.exact());
    Some(match text.starts_with('-') {
        true => text,
        false => format!("+{text}"),
    })
}
