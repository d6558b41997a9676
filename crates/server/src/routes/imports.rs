//! How the sources of a book do, its imports, and taking one back.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::Capability;
use handfast_accounts::audit::Deed;
use handfast_ledger::FileAccount;
use handfast_model::Instant;
use handfast_service::aside;
use handfast_service::checks;
use handfast_service::imports::{self, OfSource, Standing, TakenBack};
use handfast_service::reconcile::{self, Line, Said};
use handfast_wire::v1::{Amount, import as wire};

use super::acts::{act, brief, within};
use crate::apart::{apart, in_turn};
use crate::body::{At, Body, Words};
use crate::house::{House, Shared};
use crate::jobs::Rows;
use crate::limits;
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;

/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;
/// Imports of a page where nothing else is said.
const PAGE: usize = 50;

/// The sources, each with what came in, what is left aside, and how far it shows everything.
#[utoipa::path(get, path = "/sources", tag = "imports",
    responses((status = 200, body = wire::Sources), Problems))]
pub async fn sources(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Sources>> {
    viewer.may(Capability::Import)?;
    apart(&house, |house| {
        let now = house.now();
        let sources = imports::sources(&house.book)?.into_iter();
        let sources = sources.map(|one| source(house, one, now)).collect();
        Ok(Json(wire::Sources { sources }))
    })
    .await
}

/// The imports, newest first.
#[utoipa::path(get, path = "/imports", tag = "imports", params(wire::ImportsPage),
    responses((status = 200, body = wire::ImportList), Problems))]
pub async fn list(
    viewer: Viewer,
    State(house): State<Shared>,
    Words(page): Words<wire::ImportsPage>,
) -> Answered<Json<wire::ImportList>> {
    viewer.may(Capability::Import)?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=limits::IMPORTS).contains(&limit) {
        let most = limits::IMPORTS;
        let why = format!("`limit={limit}`: a page has 1 to {most} imports");
        return Err(ours::words(why, format!("limit={most}")));
    }
    let before = page.before.unwrap_or(0);
    within("before", before, (0, i64::MAX.unsigned_abs()))?;
    brief("source", page.source.as_deref(), limits::SOURCE_NAME)?;
    apart(&house, move |house| {
        let mut all = imports::list(&house.book)?;
        if let Some(source) = &page.source {
            all.retain(|one| one.entry.source == *source);
        }
        let of = all.len();
        if let Some(before) = page.before {
            all.retain(|one| one.entry.run < before);
        }
        let is_more = all.len() > limit;
        all.truncate(limit);
        let before = all.last().filter(|_| is_more).map(|one| one.entry.run);
        Ok(Json(wire::ImportList {
            imports: all.iter().map(|one| imported(house, one)).collect(),
            of,
            before,
        }))
    })
    .await
}

/// Takes an import back: from the next commit on it does not count. Of a source the newest goes
/// first. A question as of an earlier commit still sees it.
#[utoipa::path(post, path = "/imports/{run}/undo", tag = "imports",
    params(("run" = u64, Path, description = "The import's number.")),
    responses((status = 200, body = wire::TakenBack), Problems))]
pub async fn undo(
    viewer: Viewer,
    State(house): State<Shared>,
    At(run): At<u64>,
) -> Answered<Json<wire::TakenBack>> {
    viewer.may(Capability::Import)?;
    let pass = house.inlet.alone().await?;
    apart(&house, move |house| {
        let done = act((house, &viewer), "import.undone", || {
            imports::take_back(&house.book, Some(run), house.now()).map_err(unknown)
        });
        drop(pass);
        let (TakenBack { done, checked }, written) = done?;
        written.in_commit(done.seq);
        // It is done: pages see it with the next tick where this fails.
        let _ = house.publish();
        Ok(Json(wire::TakenBack {
            run: done.run,
            source: done.source,
            seq: done.seq.0,
            records: done.records,
            facts: done.facts,
            set_aside: done.set_aside,
            reopened: done.reopened,
            without_text: done.without_text,
            not_verified: checks::lines(&checked),
        }))
    })
    .await
}

/// The rows of an import that are still set aside, as CSV, each with its reason. They come back
/// mended by `POST /imports/mended`.
#[utoipa::path(get, path = "/imports/{run}/aside", tag = "imports",
    params(("run" = u64, Path, description = "The import's number.")),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
pub async fn aside_of(
    viewer: Viewer,
    State(house): State<Shared>,
    At(run): At<u64>,
) -> Answered<Response> {
    may_see_rows(&viewer)?;
    exported(house, viewer, Some(run)).await
}

/// All rows that are still set aside, as CSV, each with its reason.
#[utoipa::path(get, path = "/imports/aside", tag = "imports",
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
pub async fn aside_all(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    may_see_rows(&viewer)?;
    exported(house, viewer, None).await
}

/// The rows that a dry run would set aside, as CSV, each with its reason, before anything is
/// written; of an import those that are still set aside.
#[utoipa::path(get, path = "/jobs/{id}/aside", tag = "imports",
    params(("id" = String, Path, description = "The job's id.")),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
pub async fn aside_of_job(
    viewer: Viewer,
    State(house): State<Shared>,
    At(id): At<String>,
) -> Answered<Response> {
    may_see_rows(&viewer)?;
    let rows = house.jobs.get(&id)?.rows()?;
    match rows {
        Rows::Of(run) => exported(house, viewer, Some(run)).await,
        Rows::Foreseen(text, rows) => {
            apart(&house, move |house| {
                given(house, &viewer, (&id, text, rows))
            })
            .await
        }
    }
}

/// Rows that are set aside hold what the source said of people.
fn may_see_rows(viewer: &Viewer) -> Answered<()> {
    viewer.may(Capability::Import)?;
    viewer.may(Capability::Personal)
}

async fn exported(house: Shared, viewer: Viewer, run: Option<u64>) -> Answered<Response> {
    apart(&house, move |house| {
        let (text, rows) = aside::csv(&house.book, run).map_err(unknown)?;
        let of = run.map_or_else(String::new, |run| run.to_string());
        given(house, &viewer, (&of, Bytes::from(text), rows as u64))
    })
    .await
}

/// A file of rows, once it is written down who takes it along.
fn given(
    house: &House,
    viewer: &Viewer,
    (of, text, rows): (&str, Bytes, u64),
) -> Answered<Response> {
    let deed = Deed {
        act: "set_aside.exported",
        object: of,
        before: &[],
        after: &[("rows", &rows.to_string())],
    };
    house.people.record(&viewer.actor, &viewer.call(), &deed)?;
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    headers.insert(header::CONTENT_TYPE, kind);
    let name = HeaderValue::from_static("attachment; filename=\"set-aside.csv\"");
    headers.insert(header::CONTENT_DISPOSITION, name);
    Ok(response)
}

/// An import that is not there is what an address names.
fn unknown(refusal: handfast_model::Refusal) -> Refused {
    match refusal.code {
        "E0222" => Refused::missing(refusal),
        _ => refusal.into(),
    }
}

/// Sets totals of won deals that somebody read in another system beside ours. Nothing is written.
#[utoipa::path(post, path = "/reconcile", tag = "imports", request_body = wire::ReconcileAsk,
    responses((status = 200, body = wire::ReconcileAnswer), Problems))]
pub async fn reconcile(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::ReconcileAsk>,
) -> Answered<Json<wire::ReconcileAnswer>> {
    viewer.may(Capability::Read)?;
    if !["month", "quarter", "year"].contains(&asked.by.as_str()) {
        return Err(ours::field(
            "by",
            "it is no stretch of time",
            "month, quarter or year",
        ));
    }
    let most = limits::IMPORTS;
    if !(1..=most).contains(&asked.lines.len()) {
        let why = format!("{} lines are sent", asked.lines.len());
        return Err(ours::field("lines", &why, &format!("1 to {most}")));
    }
    in_turn(&house, viewer.turn(), move |house| {
        let lines = asked.lines.into_iter().map(|line| Said {
            label: line.period,
            deals: line.deals,
            amount: line.amount,
        });
        let lines: Vec<Said> = lines.collect();
        let done = reconcile::won(&house.book, (&asked.by, &asked.currency), &lines)?;
        Ok(Json(wire::ReconcileAnswer {
            differing: done.lines.iter().filter(|line| line.differs()).count(),
            lines: done.lines.iter().map(reconciled).collect(),
            seq: done.seq,
            by: done.by,
        }))
    })
    .await
}

fn reconciled(line: &Line) -> wire::ReconcileLine {
    wire::ReconcileLine {
        period: line.label.clone(),
        not_priced: line.not_priced,
        their_deals: line.deals.0,
        our_deals: line.deals.1,
        deals_more: line.deals.2,
        their_amount: line.amount.0.map(Amount::from),
        our_amount: Amount::from(line.amount.1),
        amount_more: line.amount.2.map(Amount::from),
        differs: line.differs(),
    }
}

fn source(house: &House, one: OfSource, now: Instant) -> wire::SourceShown {
    let name = one.listed.name.clone();
    let are = one.references.iter().zip(&one.take_events);
    let streams = one.listed.streams.into_iter().zip(are);
    let streams: Vec<wire::StreamShown> = streams
        .map(
            |((name, files, kinds), (is_reference, takes_events))| wire::StreamShown {
                name,
                files,
                facts: kinds.iter().map(|kind| kind.word().to_owned()).collect(),
                is_reference: *is_reference,
                takes_events: *takes_events,
            },
        )
        .collect();
    let behind = |until: Instant| now.0.saturating_sub(until.0).max(0).div_euclid(DAY);
    wire::SourceShown {
        takes_events: one.take_events.contains(&true),
        streams,
        last_import: one.last.as_ref().map(|last| imported(house, last)),
        imports: one.imports,
        rows: counts(&one.sum),
        open_set_aside: one.open_set_aside,
        observed_until: one.observed_until.map(|until| until.to_string()),
        is_declared: one.is_declared,
        behind_days: one.observed_until.map(behind),
        receiving: house.inlet.receiving(&name).is_some(),
        name,
    }
}

fn imported(house: &House, one: &Standing) -> wire::Imported {
    let entry = &one.entry;
    let is_receiving = house.inlet.receiving(&entry.source) == Some(entry.run);
    let state = match (entry.undone, entry.finished) {
        (Some(_), _) => "taken_back",
        (None, Some(_)) => "whole",
        (None, None) if is_receiving => "receiving",
        (None, None) => "stopped",
    };
    wire::Imported {
        run: entry.run,
        source: entry.source.clone(),
        started_at: entry.started_at.to_string(),
        state,
        seq: entry.finished.map(|seq| seq.0),
        undone: entry.undone.map(|seq| seq.0),
        may_undo: one.may_undo,
        counts: counts(&one.sum),
        open_set_aside: one.open_set_aside,
        files: files(&entry.files),
        of_files: entry.files.len(),
    }
}

/// The first files of an import with what became of their rows.
pub(super) fn files(accounts: &[FileAccount]) -> Vec<wire::FileOf> {
    let shown = accounts.iter().take(limits::SHOWN_FILES);
    let file = |account: &FileAccount| wire::FileOf {
        stream: account.stream.clone(),
        file: account.file.clone(),
        counts: counts(account),
    };
    shown.map(file).collect()
}

/// What became of rows.
pub(super) fn counts(account: &FileAccount) -> wire::Counts {
    wire::Counts {
        rows: account.rows,
        mapped: account.mapped,
        reference: account.reference,
        ignored: account.ignored.values().sum(),
        set_aside: account.all_set_aside(),
        known: account.known,
        left_out: account.left_out,
        deleted: account.deleted,
        facts: account.facts,
        ignored_by: account.ignored.clone(),
        set_aside_by: account.set_aside.clone(),
    }
}
