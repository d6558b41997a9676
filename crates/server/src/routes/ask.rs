//! Questions: the figures, the records behind one of them, and both as files.

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::Capability;
use handfast_accounts::audit::Deed;
use handfast_model::Refusal;
use handfast_service::{behind, passport as proof};
use handfast_wire::v1::ask::Ask;
use handfast_wire::{csv as table, v1, xlsx as workbook};

use crate::answers::{Known, Wanted, answer};
use crate::apart::apart;
use crate::asked::{self, Words};
use crate::house::Shared;
use crate::job::alone;
use crate::problem::{Answered, Problems, Refused};
use crate::viewer::Viewer;

/// Asks a question. The same question as of the same commit has the same bytes, and an `etag`.
#[utoipa::path(get, path = "/ask/{kind}", tag = "questions",
    params(("kind" = String, Path, description = "`funnel`, `metric`, `credit`, …"), Ask),
    responses((status = 200, body = v1::Reply), Problems))]
pub async fn ask(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(kind): Path<String>,
    Query(words): Query<Words>,
    headers: HeaderMap,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Read)?;
    let wanted = asked::question(&kind, words)?.of_teams(teams);
    may_see(&house, &viewer, &wanted).await?;
    let known = answer(&house, wanted, viewer.turn()).await?;
    let given = headers.get(header::IF_NONE_MATCH);
    if given.is_some_and(|tag| tag.as_bytes() == known.tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, tagged(&known)).into_response());
    }
    let body = known.body()?;
    Ok((
        tagged(&known),
        [(header::CONTENT_TYPE, "application/json")],
        body,
    )
        .into_response())
}

/// A browser asks whether its answer still holds before it shows it again.
fn tagged(known: &Known) -> HeaderMap {
    let mut headers = HeaderMap::new();
    if let Ok(tag) = HeaderValue::from_str(&known.tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers
}

/// The records behind a figure, a page at a time; there are exactly as many as it says.
#[utoipa::path(get, path = "/ask/{kind}/records", tag = "questions",
    params(("kind" = String, Path), Ask,
        ("column" = String, Query, description = "The figure's column."),
        ("row" = Option<Vec<String>>, Query, 
            description = "The first cells of its row, each a `row` of its own; none = all rows."),
        ("after" = Option<usize>, Query, description = "So many records come before the page."),
        ("limit" = Option<usize>, Query,
            description = "Records of the page, 1 to 1,000; 100 unless said.")),
    responses((status = 200, body = v1::Page), Problems))]
pub async fn records(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(kind): Path<String>,
    Query(words): Query<Words>,
) -> Answered<Json<v1::Page>> {
    let teams = viewer.sees(Capability::Read)?;
    let (wanted, rows) = asked::records(&kind, words)?;
    let wanted = wanted.of_teams(teams);
    may_see(&house, &viewer, &wanted).await?;
    let known = answer(&house, wanted, viewer.turn()).await?;
    Ok(Json(v1::Page::of(
        &known.question,
        &known.answer,
        (rows.after, rows.limit),
    )))
}

/// The figures as CSV; with `column` the records behind one.
#[utoipa::path(get, path = "/ask/{kind}/csv", tag = "questions",
    params(("kind" = String, Path), Ask,
        ("column" = Option<String>, Query, description = "The figure whose records are wanted."),
        ("row" = Option<Vec<String>>, Query, description = "The first cells of its row."),
        ("order" = Option<String>, Query,
            description = "The column that rows go by; `-won` has the largest first."),
        ("hide" = Option<String>, Query,
            description = "Columns that are left out, separated by commas.")),
    responses((status = 200, content_type = "text/csv", body = String), Problems))]
pub async fn csv(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(kind): Path<String>,
    Query(words): Query<Words>,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Export)?;
    let (looks, words) = asked::looks(words)?;
    let wanted = asked::file(&kind, words)?.of_teams(teams);
    may_see(&house, &viewer, &wanted).await?;
    let known = answer(&house, wanted, viewer.turn()).await?;
    let text = alone(&house, viewer.turn(), move |_| {
        Ok(table::to_csv(&asked::shown(&looks, &known.answer)?).into_bytes())
    });
    let (name, text) = (format!("{kind}.csv"), text.await?);
    exported(&house, &viewer, (&kind, "csv")).await?;
    Ok(file("text/csv; charset=utf-8", &name, text))
}

/// The figures as a workbook for Excel: with formulas, definitions and the records.
#[utoipa::path(get, path = "/ask/{kind}/xlsx", tag = "questions",
    params(("kind" = String, Path), Ask,
        ("order" = Option<String>, Query,
            description = "The column that rows go by; `-won` has the largest first."),
        ("hide" = Option<String>, Query,
            description = "Columns that are left out, separated by commas.")),
    responses((status = 200, body = Vec<u8>,
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Problems))]
pub async fn xlsx(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(kind): Path<String>,
    Query(words): Query<Words>,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Export)?;
    let (looks, words) = asked::looks(words)?;
    let wanted = asked::question(&kind, words)?.of_teams(teams);
    may_see(&house, &viewer, &wanted).await?;
    let of = house.published();
    let made = alone(&house, viewer.turn(), move |house| {
        let book = house.view(&of, &wanted.teams);
        let (reply, records) = behind::ask_with_table(&book, &wanted.typed)?;
        let answer = asked::shown(&looks, &reply.answer)?;
        let wire = v1::Reply::new(&reply.question, &answer);
        workbook::to_xlsx(&wire, &answer, records.as_ref()).map_err(|why| {
            let refusal = Refusal::new("E0458", format!("the workbook cannot be made: {why}"));
            Refused::from(
                refusal
                    .matters("Excel takes fewer rows, columns or letters than this answer has")
                    .fix("ask for /csv, or with fewer dimensions"),
            )
        })
    });
    let kind_of = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let made = made.await?;
    exported(&house, &viewer, (&kind, "xlsx")).await?;
    Ok(file(kind_of, &format!("{kind}.xlsx"), made))
}

/// The proof of an answer, for `handfast passport verify` on another machine.
#[utoipa::path(get, path = "/ask/{kind}/passport", tag = "questions",
    params(("kind" = String, Path), Ask),
    responses((status = 200, content_type = "application/json", body = Object), Problems))]
pub async fn passport(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(kind): Path<String>,
    Query(words): Query<Words>,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Export)?;
    let mut wanted = asked::question(&kind, words)?.of_teams(teams);
    may_see(&house, &viewer, &wanted).await?;
    let of = house.published();
    let made = alone(&house, viewer.turn(), move |house| {
        let book = house.view(&of, &wanted.teams);
        proof::pin(&book, &mut wanted.typed)?;
        let reply = handfast_service::ask::ask(&book, &wanted.typed, None)?;
        let (passport, _) = proof::save(&book, &reply.question)?;
        Ok(v1::passport::to_json(&passport).into_bytes())
    });
    let made = made.await?;
    exported(&house, &viewer, (&kind, "passport")).await?;
    Ok(file(
        "application/json",
        &format!("{kind}.passport.json"),
        made,
    ))
}

/// Who is who, and what is asked by somebody's address, is for those who may see people; that they
/// asked is written down before they are told.
async fn may_see(house: &Shared, viewer: &Viewer, wanted: &Wanted) -> Answered<()> {
    let typed = &wanted.typed;
    let is_address = typed.of.as_ref().is_some_and(|of| of.contains('@'));
    match typed.kind == "identity" || typed.kind == "journey" && is_address {
        true => {
            viewer.sees(Capability::Personal)?;
            let kind = typed.kind.clone();
            noted(house, viewer, ("person.read", kind, None)).await
        }
        false => Ok(()),
    }
}

/// Writes down, before it goes, that an answer is taken out of the house, and in which form.
async fn exported(
    house: &Shared,
    viewer: &Viewer,
    (kind, form): (&str, &'static str),
) -> Answered<()> {
    noted(
        house,
        viewer,
        ("answer.exported", kind.to_owned(), Some(form)),
    )
    .await
}

/// Writes down who was shown what kind of answer. Where that cannot be, it is not shown.
async fn noted(
    house: &Shared,
    viewer: &Viewer,
    (act, object, form): (&'static str, String, Option<&'static str>),
) -> Answered<()> {
    let viewer = viewer.clone();
    apart(house, move |house| {
        let form = form.map(|form| ("form", form));
        let deed = Deed {
            act,
            object: &object,
            before: &[],
            after: form.as_slice(),
        };
        Ok(house.people.record(&viewer.actor, &viewer.call(), &deed)?)
    })
    .await
}

fn file(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
