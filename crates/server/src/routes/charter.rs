//! The charter in force, the story of all charters, and what is proposed.

use axum::Json;
use axum::extract::{Path, State};
use handfast_accounts::Capability;
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_service::agree::mode::Mode;
use handfast_service::agree::shown::{self, Changed, Decides, Said};
use handfast_service::agree::state::{Agreement, Draft, Remark, Signature, Signer};
use handfast_service::agree::story;
use handfast_wire::v1::book::InForce;
use handfast_wire::v1::charter as wire;

use crate::apart::apart;
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, Refused};
use crate::viewer::Viewer;

/// The charter in force: what every word means, who decides it, who signed, from when.
#[utoipa::path(get, path = "/charter", tag = "charter",
    responses((status = 200, body = wire::Charter), Problems))]
pub async fn show(viewer: Viewer, State(house): State<Shared>) -> Answered<Json<wire::Charter>> {
    viewer.may_know(Capability::Read)?;
    let sees_all = viewer.sees_all().is_ok();
    apart(&house, move |house| {
        house.now();
        let shown = shown::shown(&house.book)?;
        let own = match viewer.person() {
            Ok(person) => house.people.signs_as(&person.id)?,
            Err(_) => None,
        };
        let signers = shown.agreement.signers.iter();
        let name = shown.texts.draft.as_deref();
        let draft = shown.agreement.drafts.iter();
        let draft = { draft }.find(|draft| Some(draft.name.as_str()) == name);
        Ok(Json(wire::Charter {
            words: InForce::new(&shown.charter),
            vision: shown.charter.vision.clone(),
            since: shown.since.map(|at| at.to_string()),
            mode: draft.map_or(Mode::default(), |draft| draft.mode).word(),
            signatures: draft.map_or(Vec::new(), |draft| signatures(draft, sees_all)),
            draft: shown.texts.draft.clone(),
            definitions: shown.definitions.into_iter().map(definition).collect(),
            files: files(&shown.texts.files),
            signers: signers.map(|one| signer(one, own.as_deref())).collect(),
            needs_signatures: shown.agreement.needs_signatures(),
        }))
    })
    .await
}

/// Everything that happened to the book's charters, oldest first.
#[utoipa::path(get, path = "/charter/log", tag = "charter",
    responses((status = 200, body = Vec<wire::CharterEvent>), Problems))]
pub async fn log(
    viewer: Viewer,
    State(house): State<Shared>,
) -> Answered<Json<Vec<wire::CharterEvent>>> {
    viewer.may_know(Capability::Read)?;
    apart(&house, |house| {
        house.now();
        let events = story::story(&house.book)?.into_iter();
        let event = |event: story::Event| wire::CharterEvent {
            seq: event.seq.map(|seq| seq.0),
            at: event.at.to_string(),
            what: event.what,
            more: event.more,
        };
        Ok(Json(events.map(event).collect()))
    })
    .await
}

/// Everything that was proposed, oldest first.
#[utoipa::path(get, path = "/charter/drafts", tag = "charter",
    responses((status = 200, body = Vec<wire::Draft>), Problems))]
pub async fn drafts(
    viewer: Viewer,
    State(house): State<Shared>,
) -> Answered<Json<Vec<wire::Draft>>> {
    viewer.may_know(Capability::Read)?;
    let sees_all = viewer.sees_all().is_ok();
    apart(&house, move |house| {
        let now = house.now();
        let agreement = Agreement::read(&house.book, AsOf::Latest)?;
        let in_force = shown::name_in_force(&house.book)?;
        let drafts = agreement.drafts.iter();
        let listed = |draft| listed((&agreement, draft), in_force.as_deref(), (now, sees_all));
        Ok(Json(drafts.map(listed).collect()))
    })
    .await
}

/// A proposed charter: its texts, what it changes, who signed and what was said.
#[utoipa::path(get, path = "/charter/drafts/{name}", tag = "charter",
    params(("name" = String, Path, description = "Its name, or six digits or more of its hash.")),
    responses((status = 200, body = wire::DraftShown), Problems))]
pub async fn draft(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
) -> Answered<Json<wire::DraftShown>> {
    viewer.may_know(Capability::Read)?;
    apart(&house, move |house| {
        Ok(Json(draft_shown(house, &viewer, &name)?))
    })
    .await
}

/// A draft as it goes out after it was read or changed.
pub(super) fn draft_shown(
    house: &House,
    viewer: &Viewer,
    name: &str,
) -> Answered<wire::DraftShown> {
    let sees_all = viewer.sees_all().is_ok();
    let now = house.now();
    let agreement = Agreement::read(&house.book, AsOf::Latest)?;
    let draft = agreement.draft(name).map_err(Refused::missing)?;
    let in_force = shown::name_in_force(&house.book)?;
    let (replaces, changes) = shown::changes(&house.book, draft)?;
    Ok(wire::DraftShown {
        draft: listed((&agreement, draft), in_force.as_deref(), (now, sees_all)),
        replaces: wire::Replaces {
            hash: replaces.hash,
            name: replaces.name,
            from: replaces.from.map(|day| day.to_string()),
            is_in_force: replaces.is_in_force,
        },
        changes: changes.into_iter().map(change).collect(),
        files: files(&draft.files),
        discussion: draft.remarks.iter().map(remark).collect(),
        withdrawn: draft.withdrawn.as_ref().map(remark),
    })
}

fn listed(
    (agreement, draft): (&Agreement, &Draft),
    in_force: Option<&str>,
    (now, sees_all): (handfast_model::Instant, bool),
) -> wire::Draft {
    wire::Draft {
        name: draft.name.clone(),
        by: draft.by.clone(),
        at: draft.at.to_string(),
        seq: draft.seq.0,
        why: draft.why.clone(),
        mode: draft.mode.word(),
        hash: draft.hash.clone(),
        standing: shown::standing(draft, in_force, now).word(),
        says: story::standing(agreement, draft, now),
        signatures: signatures(draft, sees_all),
        remarks: draft.remarks.len() as u64,
    }
}

/// Signatures, to somebody who sees all rows or only some: deals are named to the first alone.
fn signatures(draft: &Draft, sees_all: bool) -> Vec<wire::Signature> {
    let last = |one: &Signature| {
        draft
            .signed_by(one.side)
            .is_some_and(|last| last.seq == one.seq)
    };
    let signature = |one: &Signature| {
        let conceding = one.statement.conceding.iter();
        wire::Signature {
            seq: one.seq.0,
            at: one.at.to_string(),
            signer: one.statement.signer.clone(),
            side: one.side.word(),
            from: one.statement.from.to_string(),
            conceding: conceding
                .map(|one| wire::Conceded {
                    definition: one.definition.clone(),
                    words: one.words.clone(),
                })
                .collect(),
            overturning: match sees_all {
                true => one.statement.overturning.clone(),
                false => Vec::new(),
            },
            overturns: one.statement.overturning.len() as u64,
            counts: last(one),
        }
    };
    draft.signatures.iter().map(signature).collect()
}

/// A signer, to whoever signs by this name.
fn signer(signer: &Signer, own: Option<&str>) -> wire::Signer {
    wire::Signer {
        name: signer.name.clone(),
        side: signer.side.word(),
        team: signer.team.clone(),
        since: signer.at.to_string(),
        voucher: signer.voucher.clone(),
        is_own: own == Some(signer.name.as_str()),
    }
}

fn remark(remark: &Remark) -> wire::Remark {
    wire::Remark {
        seq: remark.seq.0,
        at: remark.at.to_string(),
        by: remark.by.clone(),
        is_signed: remark.is_signed,
        words: remark.words.clone(),
    }
}

fn definition(said: Said) -> wire::Defined {
    let parts = said.parts.into_iter();
    wire::Defined {
        what: said.what,
        file: said.file,
        parts: parts
            .map(|(part, words)| wire::Worded { part, words })
            .collect(),
        figures: said.figures,
        decides: side(&said.right),
        may_concede: said.right.may_concede,
    }
}

fn change(change: Changed) -> wire::Changed {
    wire::Changed {
        kind: change.kind,
        what: change.what,
        part: change.part,
        was: change.was,
        is: change.is,
        figures: change.figures,
        decides: side(&change.right),
        may_concede: change.right.may_concede,
    }
}

fn side(right: &Decides) -> Option<&'static str> {
    right.side.map(Side::word)
}

fn files(files: &[(String, String)]) -> Vec<wire::CharterFile> {
    let file = |(path, text): &(String, String)| wire::CharterFile {
        path: path.strip_prefix("charter/").unwrap_or(path).to_owned(),
        text: text.clone(),
    };
    files.iter().map(file).collect()
}
