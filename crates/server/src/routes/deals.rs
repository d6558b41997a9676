//! The story of a deal; what is disputed about it, and what is ruled.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use handfast_accounts::{Capability, Voice, voice};
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_service::dispute::case::Case;
use handfast_service::dispute::{self, Shown, Telling};
use handfast_service::teams::note;
use handfast_wire::v1;
use handfast_wire::v1::deal as wire;

use super::acts::{act, said, within};
use crate::apart::apart;
use crate::body::{Body, Words};
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;
use crate::worked::worked;

/// Silences that count as rescues, unless somebody says another number of days.
const SILENCE: i32 = 60;

/// Everything about a deal: what happened, who had a part in it, who rescued it, who disputes it.
#[utoipa::path(get, path = "/deals/{key}", tag = "deals",
    params(("key" = String, Path, description = "As its source writes it."), wire::Told),
    responses((status = 200, body = wire::DealStory), Problems))]
pub async fn story(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(key): Path<String>,
    Words(told): Words<wire::Told>,
) -> Answered<Response> {
    let teams = viewer.sees(Capability::Read)?;
    let silence = told.silence.unwrap_or(SILENCE);
    within("silence", silence, (1, 3_650))?;
    worked(
        &house,
        (format!("deal {silence} {key}"), teams, viewer.turn()),
        move |book| {
            let shown = dispute::show(book, &key, silence).map_err(or_missing)?;
            Ok(of(&shown, note(book.held.teams())))
        },
    )
    .await
}

/// Keeps a team's story about a deal.
#[utoipa::path(post, path = "/deals/{key}/disputes", tag = "deals",
    params(("key" = String, Path)), request_body = wire::TellStory,
    responses((status = 200, body = wire::Kept), Problems))]
pub async fn dispute(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(key): Path<String>,
    Body(told): Body<wire::TellStory>,
) -> Answered<Json<wire::Kept>> {
    let teams = viewer.sees(Capability::Dispute)?;
    said("story", &told.story)?;
    apart(&house, move |house| {
        let by = teller(house, &viewer, &told.team)?;
        let telling = Telling {
            deal: &key,
            team: &told.team,
            by: &by,
            story: &told.story,
            evidence: &told.evidence,
        };
        // A deal of another team is not there for them.
        let book = house.book.of_teams(&teams);
        let (seq, done) = act((house, &viewer), "deal.disputed", || {
            dispute::tell(&book, &telling, house.now()).map_err(or_missing)
        })?;
        Ok(done.kept(seq, Vec::new()))
    })
    .await
}

/// Rules on a disputed deal.
#[utoipa::path(post, path = "/deals/{key}/rulings", tag = "deals",
    params(("key" = String, Path)), request_body = wire::Rule,
    responses((status = 200, body = wire::Kept), Problems))]
pub async fn rule(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(key): Path<String>,
    Body(ruled): Body<wire::Rule>,
) -> Answered<Json<wire::Kept>> {
    let teams = viewer.sees(Capability::Dispute)?;
    said("ruling", &ruled.ruling)?;
    apart(&house, move |house| {
        let case = case(house, &ruled)?;
        let words = case.as_ref().map(Case::words);
        let by = viewer.name()?;
        let by = (by.as_str(), ruled.ruling.as_str());
        let book = house.book.of_teams(&teams);
        let (ruled, done) = act((house, &viewer), "deal.ruled", || {
            dispute::rule(&book, &key, by, case, house.now()).map_err(or_missing)
        })?;
        let note = words.map(|words| match ruled.holds {
            Some(true) => format!("drafts are tested against it: {words}"),
            Some(false) => format!(
                "the charter in force gives something else than {words}: {}",
                ruled.given.as_deref().unwrap_or("nothing")
            ),
            None => format!("it cannot be told now whether {words}"),
        });
        let notes = note.into_iter().collect();
        Ok(done.kept(ruled.seq, notes))
    })
    .await
}

/// Who tells a team's story: somebody of its side, or somebody of neither who says that they are.
/// A team that there is not is refused where the story is kept.
fn teller(house: &House, viewer: &Viewer, team: &str) -> Answered<String> {
    let person = viewer.person()?;
    let (charter, _) = house.book.charter(AsOf::Latest, None)?;
    let Some(team) = charter.teams.iter().find(|known| known.id == team) else {
        return Ok(person.name.clone());
    };
    Ok(match voice(person, team.side)? {
        Voice::Own => person.name.clone(),
        Voice::Others => format!("{} ({})", person.name, person.role.word()),
    })
}

/// What a ruling says in a form that later drafts are tested against, if it says so.
fn case(house: &House, ruled: &wire::Rule) -> Answered<Option<Case>> {
    match (&ruled.sourced, &ruled.credit) {
        (Some(_), Some(_)) => Err(ours::words(
            "`sourced` and `credit` say two things",
            "one of them",
        )),
        (Some(side), None) => match Side::parse(side) {
            Some(side) => Ok(Some(Case::Sourced(side))),
            None => {
                let words = Side::ALL.map(Side::word).join(", ");
                let fix = format!("one of: {words}");
                Err(ours::words(format!("`{side}` is no side"), fix))
            }
        },
        (None, Some(shares)) => {
            let (charter, _) = house.book.charter(AsOf::Latest, None)?;
            let first = charter.attribution.shown.iter();
            let first = first.map(|model| model.name.as_str()).next();
            let model = ruled.model.as_deref().or(first).unwrap_or("linear");
            Ok(Some(Case::credit(model, shares)?))
        }
        (None, None) => Ok(None),
    }
}

/// A deal that is not there is an address that is not there.
fn or_missing(refusal: handfast_model::Refusal) -> Refused {
    match refusal.code {
        "E0289" => Refused::missing(refusal),
        _ => refusal.into(),
    }
}

fn of(shown: &Shown, whose: Option<String>) -> wire::DealStory {
    let notes = shown.contributors.notes.iter().cloned();
    wire::DealStory {
        deal: shown.deal.clone(),
        journey: v1::Answer::new(&shown.journey),
        contributors: v1::Answer::new(&shown.contributors),
        worth: shown.worth.map(v1::Amount::from),
        notes: notes.chain(whose).collect(),
        rescues: shown.rescues.clone(),
        dispute: shown.dispute.as_ref().map(disputed),
        lineage: v1::Lineage::from(&shown.contributors.lineage),
    }
}

fn disputed(dispute: &dispute::Dispute) -> wire::Dispute {
    let story = |one: &dispute::Story| wire::Story {
        seq: one.seq.0,
        at: one.at.to_string(),
        team: one.team.clone(),
        by: one.by.clone(),
        story: one.words.clone(),
        evidence: one.evidence.clone(),
    };
    let ruling = |one: &dispute::Ruling| wire::Ruling {
        seq: one.seq.0,
        at: one.at.to_string(),
        by: one.by.clone(),
        ruling: one.words.clone(),
        case: one.case.as_ref().map(Case::words),
    };
    wire::Dispute {
        stories: dispute.stories.iter().map(story).collect(),
        rulings: dispute.rulings.iter().map(ruling).collect(),
    }
}
