//! Meetings: when they are, the pack that each opens, what was read at them, what they decided.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use handfast_accounts::Capability;
use handfast_engine::derived::Teams;
use handfast_model::Refusal;
use handfast_model::meeting::{self as model, Rhythm};
use handfast_service::book::Book;
use handfast_service::meetings::cadence::{self, Setting};
use handfast_service::meetings::closed::{self as kept, Forms, Held};
use handfast_service::meetings::decided::{self, Deciding};
use handfast_service::meetings::pack::{self, Wanted};
use handfast_service::meetings::report as reports;
use handfast_wire::v1::deal::Kept as Done;
use handfast_wire::v1::{meeting as wire, passport};

use super::acts::{act, brief, said};
use crate::apart::{apart, in_turn};
use crate::body::{Body, Words};
use crate::house::Shared;
use crate::limits;
use crate::problem::{Answered, Problems, ours};
use crate::viewer::Viewer;
use crate::worked::worked;

/// How what is kept of a meeting is written down.
const FORMS: Forms = Forms {
    pack: wire::pack_text,
    passport: passport::to_json,
};

/// How many meetings to come are told of each cadence.
const COMING: usize = 5;

/// When meetings are, which were closed, and what was decided.
#[utoipa::path(get, path = "/meetings", tag = "meetings",
    responses((status = 200, body = wire::Meetings), Problems))]
pub async fn list(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let name = ("meetings".to_owned(), Teams::default(), viewer.turn());
    worked(&house, name, |book| {
        let closed = kept::closed(book)?;
        let decisions = decided::decisions(book)?;
        Ok(wire::Meetings {
            cadences: cadences(book)?,
            closed: closed.iter().map(wire::Closed::from).collect(),
            decisions: decisions.iter().map(wire::Decision::from).collect(),
        })
    })
    .await
}

fn cadences(book: &Book) -> Result<Vec<wire::Cadence>, Refusal> {
    let told = cadence::told(book, book.now(), COMING)?.into_iter();
    let of = |(one, next): (model::Cadence, Vec<cadence::Next>)| wire::Cadence {
        rhythm: one.rhythm.word(),
        day: cadence::day_text(one.day),
        at: cadence::clock(one.minute),
        since: one.since.to_string(),
        expected: one.expected.iter().map(wire::Attendee::from).collect(),
        next: next.iter().map(|next| next.at.to_string()).collect(),
    };
    Ok(told.map(of).collect())
}

/// Whether the teams meet: held, skipped, missed, and with both sides.
#[utoipa::path(get, path = "/meetings/report", tag = "meetings",
    responses((status = 200, body = wire::Report), Problems))]
pub async fn report(viewer: Viewer, State(house): State<Shared>) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let name = (
        "meetings report".to_owned(),
        Teams::default(),
        viewer.turn(),
    );
    worked(&house, name, |book| {
        let all = reports::meetings(book, book.now())?;
        Ok(wire::Report {
            counts: reports::counts(&all)
                .iter()
                .map(wire::Counts::from)
                .collect(),
            meetings: all.iter().map(wire::Meeting::from).collect(),
        })
    })
    .await
}

/// Opens the pack of a meeting, of the rows that the viewer sees. Nothing is kept of it.
#[utoipa::path(get, path = "/meetings/packs/{rhythm}", tag = "meetings",
    params(("rhythm" = String, Path, description = "`weekly`, `monthly` or `quarterly`."),
        wire::OpenPack),
    responses((status = 200, body = wire::Pack), Problems))]
pub async fn open(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(rhythm): Path<String>,
    Words(asked): Words<wire::OpenPack>,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Read)?;
    let wanted = wanted(&rhythm, (asked.on, asked.currency))?;
    let name = format!("pack {wanted:?}");
    worked(&house, (name, teams, viewer.turn()), move |book| {
        Ok(wire::Pack::from(&pack::open(book, &wanted)?))
    })
    .await
}

fn wanted(rhythm: &str, (on, currency): (Option<String>, Option<String>)) -> Answered<Wanted> {
    brief("on", on.as_deref(), 10)?;
    brief("currency", currency.as_deref(), 3)?;
    Ok(Wanted {
        rhythm: rhythm_of(rhythm)?,
        on,
        as_of: None,
        currency,
    })
}

/// What is no number is that of no meeting, and of no decision.
fn number_of(word: &str) -> Answered<u64> {
    word.parse().map_err(|_| ours::no_such("meeting"))
}

fn rhythm_of(word: &str) -> Answered<Rhythm> {
    Rhythm::parse(word).ok_or_else(|| ours::no_such("meeting"))
}

/// Closes a meeting: keeps its pack as it was read, with the proof of every answer.
#[utoipa::path(post, path = "/meetings/packs/{rhythm}/close", tag = "meetings",
    params(("rhythm" = String, Path)), request_body = wire::CloseMeeting,
    responses((status = 200, body = Done), Problems))]
pub async fn close(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(rhythm): Path<String>,
    Body(asked): Body<wire::CloseMeeting>,
) -> Answered<Json<Done>> {
    viewer.may_know(Capability::Meet)?;
    // What is kept of it is everybody's.
    viewer.sees_all()?;
    let wanted = wanted(&rhythm, (asked.on, asked.currency))?;
    brief("note", asked.note.as_deref(), limits::SAID)?;
    people(&asked.attended)?;
    in_turn(&house, viewer.turn(), move |house| {
        let held = Held {
            attended: asked.attended,
            is_skipped: asked.skipped,
            note: asked.note,
            by: Some(viewer.name()?),
        };
        let (closed, done) = act((house, &viewer), "meeting.closed", || {
            kept::close(&house.book, &wanted, (&held, FORMS), house.now())
        })?;
        Ok(done.kept(closed.seq, Vec::new()))
    })
    .await
}

fn people(words: &[String]) -> Answered<()> {
    for word in words {
        said("attended", word)?;
    }
    Ok(())
}

/// A meeting that was closed, with its pack as it was read then.
#[utoipa::path(get, path = "/meetings/closed/{number}", tag = "meetings",
    params(("number" = u64, Path)),
    responses((status = 200, body = wire::Closed), Problems))]
pub async fn show(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(number): Path<String>,
) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let number = number_of(&number)?;
    let text = apart(&house, move |house| {
        let book = house.view(&house.published(), &Teams::default());
        let (closed, kept) = kept::show(&book, number)?;
        Ok(wire::closed_text(&wire::Closed::from(&closed), &kept.pack))
    });
    let kind = [(header::CONTENT_TYPE, "application/json")];
    Ok((kind, text.await?).into_response())
}

/// Asks every question of a closed pack again: the same, or what differs first.
#[utoipa::path(get, path = "/meetings/closed/{number}/verify", tag = "meetings",
    params(("number" = u64, Path)),
    responses((status = 200, body = Vec<wire::Proved>), Problems))]
pub async fn verify(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(number): Path<String>,
) -> Answered<Response> {
    viewer.may(Capability::Read)?;
    let number = number_of(&number)?;
    let name = (
        format!("meeting proofs {number}"),
        Teams::default(),
        viewer.turn(),
    );
    worked(&house, name, move |book| {
        let all = kept::verify(book, number, passport::from_json)?;
        let of = |one: kept::Proved| {
            let difference = one.verified.difference;
            wire::Proved {
                question: one.question,
                is_same: difference.is_none(),
                difference: difference.map(|one| format!("{}: {}", one.figure, one.cause)),
            }
        };
        Ok(all.into_iter().map(of).collect::<Vec<_>>())
    })
    .await
}

/// Sets when meetings of a rhythm are; without a day, ends them.
#[utoipa::path(post, path = "/meetings/cadences/{rhythm}", tag = "meetings",
    params(("rhythm" = String, Path)), request_body = wire::SetCadence,
    responses((status = 200, body = Done), Problems))]
pub async fn set(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(rhythm): Path<String>,
    Body(asked): Body<wire::SetCadence>,
) -> Answered<Json<Done>> {
    viewer.may_know(Capability::Meet)?;
    let rhythm = rhythm_of(&rhythm)?;
    people(&asked.expected)?;
    apart(&house, move |house| {
        let by = viewer.name()?;
        let (seq, done) = act((house, &viewer), "meeting.cadence", || {
            let (book, now) = (&house.book, house.now());
            match &asked.day {
                None => cadence::end(book, rhythm, Some(&by), now),
                Some(day) => {
                    let setting = Setting {
                        rhythm,
                        day,
                        at: asked.at.as_deref().unwrap_or_default(),
                        expected: &asked.expected,
                        since: None,
                        by: Some(&by),
                    };
                    cadence::set(book, &setting, now)
                }
            }
        })?;
        Ok(done.kept(seq, Vec::new()))
    })
    .await
}

/// Writes a decision down.
#[utoipa::path(post, path = "/meetings/decisions", tag = "meetings",
    request_body = wire::Decide, responses((status = 200, body = Done), Problems))]
pub async fn decide(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::Decide>,
) -> Answered<Json<Done>> {
    viewer.may_know(Capability::Meet)?;
    said("what", &asked.what)?;
    said("owner", &asked.owner)?;
    apart(&house, move |house| {
        let deciding = Deciding {
            what: asked.what,
            owner: asked.owner,
            due: asked.due,
            on: asked.on,
            metric: asked.metric,
            expect: asked.expect,
            until: asked.until,
            by: viewer.name()?,
        };
        let (seq, done) = act((house, &viewer), "meeting.decided", || {
            decided::decide(&house.book, &deciding, house.now())
        })?;
        Ok(done.kept(seq, Vec::new()))
    })
    .await
}

/// Says what became of a decision, or takes that back.
#[utoipa::path(post, path = "/meetings/decisions/{number}/settle", tag = "meetings",
    params(("number" = u64, Path)), request_body = wire::Settle,
    responses((status = 200, body = Done), Problems))]
pub async fn settle(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(number): Path<String>,
    Body(asked): Body<wire::Settle>,
) -> Answered<Json<Done>> {
    viewer.may_know(Capability::Meet)?;
    let number = number_of(&number)?;
    brief("because", Some(&asked.because), limits::SAID)?;
    let Some(state) = model::State::parse(&asked.state) else {
        let why = format!("`state={}` is none", asked.state);
        return Err(ours::words(why, "kept, dropped or open"));
    };
    apart(&house, move |house| {
        let by = viewer.name()?;
        let (seq, done) = act((house, &viewer), "meeting.settled", || {
            let said = (state, asked.because.as_str());
            decided::settle(&house.book, number, said, &by, house.now())
        })?;
        Ok(done.kept(seq, Vec::new()))
    })
    .await
}
