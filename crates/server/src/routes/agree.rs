//! Agreeing on a charter: proposing, rehearsing, discussing, signing, withdrawing. What an act
//! means is said in `service::agree`; here is who does it, and how their key is opened.

use std::sync::PoisonError;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use handfast_accounts::{Capability, Opened, Person, PersonId, Secret, held};
use handfast_engine::derived::Teams;
use handfast_model::question::AsOf;
use handfast_model::rules::Side;
use handfast_model::{Answer, Day, Refusal};
use handfast_service::agree::doing::{self, Signing, Speaker};
use handfast_service::agree::keys;
use handfast_service::agree::mode::Mode;
use handfast_service::agree::rehearse::{QUARTERS, rehearse as replay};
use handfast_service::agree::signers::{self, Key, NewSigner};
use handfast_service::agree::state::Agreement;
use handfast_service::book::Book;
use handfast_wire::v1;
use handfast_wire::v1::agree as wire;
use handfast_wire::v1::charter::DraftShown;
use handfast_wire::v1::deal::Kept;

use super::acts::{act, said, within};
use super::charter::draft_shown;
use crate::apart::apart;
use crate::body::{Body, Words};
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;
use crate::worked::worked;

/// Proposes a charter.
#[utoipa::path(post, path = "/charter/drafts", tag = "charter", request_body = wire::Propose,
    responses((status = 200, body = DraftShown), Problems))]
pub async fn propose(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::Propose>,
) -> Answered<Json<DraftShown>> {
    viewer.may(Capability::Propose)?;
    said("why", &new.why)?;
    apart(&house, move |house| {
        let mode = match new.forward_only {
            true => Mode::ForwardOnly,
            false => Mode::Retroactive,
        };
        let sent = new.files.into_iter().map(|file| (file.path, file.text));
        let files = doing::files(sent.collect())?;
        let by = viewer.name()?;
        let told = (by.as_str(), new.why.as_str());
        let (proposed, done) = act((house, &viewer), "charter.proposed", || {
            doing::propose(&house.book, &new.name, (files, mode), told, house.now())
        })?;
        done.in_commit(proposed.seq);
        Ok(Json(draft_shown(house, &viewer, &new.name)?))
    })
    .await
}

/// What a draft would have changed of the past. Where that takes longer than anybody should wait,
/// it goes on, and asking again finds it.
#[utoipa::path(get, path = "/charter/drafts/{name}/rehearse", tag = "charter",
    params(("name" = String, Path), wire::Rehearse),
    responses((status = 200, body = wire::Rehearsal), Problems))]
pub async fn rehearse(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
    Words(asked): Words<wire::Rehearse>,
) -> Answered<Response> {
    viewer.may(Capability::Propose)?;
    // What it shows are figures, and rows of all teams.
    viewer.may(Capability::Read)?;
    let quarters = asked.quarters.unwrap_or(usize::from(QUARTERS));
    within("quarters", quarters, (1, 40))?;
    let from = asked.from.as_deref().map(day).transpose()?;
    let from_text = asked.from.unwrap_or_default();
    worked(
        &house,
        (
            format!("rehearse {quarters} {from_text} {name}"),
            Teams::default(),
            viewer.turn(),
        ),
        move |book| {
            // A name that is no draft's could be a folder's.
            let name = known(book, &name)?;
            let replayed = replay(book, &name, (quarters, from), &mut |_| {});
            Ok(rehearsal(&replayed?))
        },
    )
    .await
}

/// Says something about a draft; by one's key where the password is given.
#[utoipa::path(post, path = "/charter/drafts/{name}/comments", tag = "charter",
    params(("name" = String, Path)), request_body = wire::SayIt,
    responses((status = 200, body = DraftShown), Problems))]
pub async fn comment(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
    Body(words): Body<wire::SayIt>,
) -> Answered<Json<DraftShown>> {
    viewer.may(Capability::Propose)?;
    said("words", &words.words)?;
    apart(&house, move |house| {
        let name = known(&house.book, &name)?;
        let discuss = |speaker: &Speaker<'_>| {
            let told = (speaker, words.words.as_str());
            act((house, &viewer), "charter.discussed", || {
                doing::discuss(&house.book, &name, told, house.now())
            })
        };
        let (seq, done) = speak(house, &viewer, words.password.as_deref(), discuss)?;
        done.in_commit(seq);
        Ok(Json(draft_shown(house, &viewer, &name)?))
    })
    .await
}

/// Ends a draft that is not agreed; one that carries a signature by a signer's key alone.
#[utoipa::path(post, path = "/charter/drafts/{name}/withdraw", tag = "charter",
    params(("name" = String, Path)), request_body = wire::SayIt,
    responses((status = 200, body = DraftShown), Problems))]
pub async fn withdraw(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
    Body(words): Body<wire::SayIt>,
) -> Answered<Json<DraftShown>> {
    viewer.may(Capability::Propose)?;
    said("words", &words.words)?;
    apart(&house, move |house| {
        let name = known(&house.book, &name)?;
        let withdraw = |speaker: &Speaker<'_>| {
            let told = (speaker, words.words.as_str());
            act((house, &viewer), "charter.withdrawn", || {
                doing::withdraw(&house.book, &name, told, house.now())
            })
        };
        let (seq, done) = speak(house, &viewer, words.password.as_deref(), withdraw)?;
        done.in_commit(seq);
        Ok(Json(draft_shown(house, &viewer, &name)?))
    })
    .await
}

/// Makes whoever is signed in a signer of their team's side.
#[utoipa::path(post, path = "/charter/signers", tag = "charter", request_body = wire::BecomeSigner,
    responses((status = 200, body = Kept), Problems))]
pub async fn become_signer(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(new): Body<wire::BecomeSigner>,
) -> Answered<Json<Kept>> {
    // Whoever signs for a side may propose too; for which side is asked once that is known.
    viewer.may(Capability::Propose)?;
    apart(&house, move |house| {
        let (charter, _) = house.book.charter(AsOf::Latest, None)?;
        let team = charter.teams.iter().find(|team| team.id == new.team);
        let side = team.map(|team| team.side);
        may_sign(&viewer, side)?;
        signers::side_of(&charter, &new.team)?;
        let person = viewer.person()?;
        one_side(house, person, side)?;
        let password = Secret::new(new.password);
        house
            .people
            .again(&viewer.call(), &person.email, &password)?;
        let voucher = match &new.voucher {
            Some(voucher) => {
                let password = Secret::new(voucher.password.clone());
                let call = viewer.call();
                let vouches = house.people.again(&call, &voucher.email, &password)?;
                still_signs(&vouches, side)?;
                Some(opened(house, &vouches.id, &password)?)
            }
            None => None,
        };
        // Of two that are made at once one would be lost, and not the one that the ledger forgets.
        let becoming = house.becoming.lock();
        let _one = becoming.unwrap_or_else(PoisonError::into_inner);
        // A key that the ledger knows and that was not settled must not give way to the new one.
        match opened(house, &person.id, &password) {
            Err(refused) if refused.refusal.code != "E0282" => return Err(refused),
            _ => {}
        }
        let ((seq, name), done) = act((house, &viewer), "signer.added", || {
            add(house, (&person.name, &new.team), voucher, |key| {
                let call = viewer.call();
                Ok(house.people.seal((&viewer.actor, &call), &password, key)?)
            })
        })?;
        viewer.has_acted();
        house.people.settle(&person.id)?;
        let note = format!("{name} may sign for team {}", new.team);
        Ok(done.kept(seq, vec![note]))
    })
    .await
}

/// Signs a draft.
#[utoipa::path(post, path = "/charter/drafts/{name}/sign", tag = "charter",
    params(("name" = String, Path)), request_body = wire::SignIt,
    responses((status = 200, body = DraftShown), Problems))]
pub async fn sign(
    viewer: Viewer,
    State(house): State<Shared>,
    Path(name): Path<String>,
    Body(given): Body<wire::SignIt>,
) -> Answered<Json<DraftShown>> {
    viewer.may(Capability::Propose)?;
    // Whoever signs for a side must see which rulings that overturns, whichever team's.
    viewer.sees_all()?;
    let from = given.from.as_deref().map(day).transpose()?;
    apart(&house, move |house| {
        let name = known(&house.book, &name)?;
        let (signer, key) = own_key(house, &viewer, &given.password)?;
        let signing = Signing {
            draft: &name,
            signer: &signer,
            key: &key,
            from,
            conceding: &given.conceding,
            overturning: &given.overturning,
        };
        let (signed, done) = act((house, &viewer), "charter.signed", || {
            doing::sign(&house.book, &signing, house.now())
        })?;
        done.in_commit(signed.seq);
        Ok(Json(draft_shown(house, &viewer, &name)?))
    })
    .await
}

/// The name of a draft that there is.
fn known(book: &Book, name: &str) -> Answered<String> {
    let agreement = Agreement::read(book, AsOf::Latest)?;
    let draft = agreement.draft(name).map_err(Refused::missing)?;
    Ok(draft.name.clone())
}

fn day(text: &str) -> Answered<Day> {
    let why = || ours::words(format!("`{text}` is no day"), "2026-01-31");
    Day::parse(text).ok_or_else(why)
}

/// Whether somebody may sign for a side.
fn may_sign(viewer: &Viewer, side: Option<Side>) -> Answered<()> {
    match side {
        Some(Side::Marketing) => viewer.may(Capability::SignMarketing),
        Some(Side::Sales) => viewer.may(Capability::SignSales),
        // That nobody signs for such a team, or by such a name, is refused where these are known.
        _ => Ok(()),
    }
}

/// Whether somebody who vouches may sign for the side themselves: a key outlives the role that it
/// was made in.
fn still_signs(voucher: &Person, side: Option<Side>) -> Answered<()> {
    let right = match side {
        Some(Side::Marketing) => Capability::SignMarketing,
        Some(Side::Sales) => Capability::SignSales,
        _ => return Ok(()),
    };
    match held(voucher.role, &voucher.sides).has(right) {
        true => Ok(()),
        false => {
            let title = "whoever vouches may not sign for this side any more";
            let refusal = Refusal::new("E0285", title);
            let matters = "nobody was added: a signer is let in by those who may sign today";
            let fix = "ask another signer of this side to vouch";
            Err(Refused::under(
                StatusCode::FORBIDDEN,
                refusal.matters(matters).fix(fix),
            ))
        }
    }
}

/// Whoever signs for one side signs for no other, whatever they are called since.
fn one_side(house: &House, person: &Person, side: Option<Side>) -> Answered<()> {
    let Some(name) = house.people.signs_as(&person.id)? else {
        return Ok(());
    };
    let known = Agreement::read(&house.book, AsOf::Latest)?.side_of(&name);
    match known.is_none() || known == side {
        true => Ok(()),
        false => {
            let title = format!("`{name}`, who is you, signs for the other side");
            let refusal = Refusal::new("E0281", title);
            Err(refusal.fix("nobody signs for both").into())
        }
    }
}

/// Says something by one's key where a password is given, else by one's name.
fn speak<T>(
    house: &House,
    viewer: &Viewer,
    password: Option<&str>,
    act: impl FnOnce(&Speaker<'_>) -> Answered<T>,
) -> Answered<T> {
    match password {
        Some(password) => {
            let (signer, key) = own_key(house, viewer, password)?;
            act(&Speaker::Signer(&signer, &key))
        }
        None => act(&Speaker::Named(&viewer.name()?)),
    }
}

/// The key of whoever is signed in, opened by their password, and the name that it signs for, if
/// they still may sign for its side.
fn own_key(house: &House, viewer: &Viewer, password: &str) -> Answered<(String, Key)> {
    let person = viewer.person()?;
    let password = Secret::new(password);
    house
        .people
        .again(&viewer.call(), &person.email, &password)?;
    let (name, key) = opened(house, &person.id, &password)?;
    let agreement = Agreement::read(&house.book, AsOf::Latest)?;
    may_sign(viewer, agreement.side_of(&name))?;
    Ok((name, key))
}

fn opened(house: &House, id: &PersonId, password: &Secret) -> Answered<(String, Key)> {
    let held = house.people.unseal(id, password)?;
    let agreement = Agreement::read(&house.book, AsOf::Latest)?;
    let signs = |opened: &Opened| {
        let public = keys::Secret::of(&opened.key).public();
        let signer = agreement.signer(&opened.name);
        signer.is_some_and(|signer| signer.key == public)
    };
    let opened = match (held.own, held.next) {
        (Some(own), Some(next)) if signs(&own) || !signs(&next) => own,
        // The act that introduces it was kept, and what was to follow was not.
        (_, Some(next)) if signs(&next) => {
            house.people.settle(id)?;
            next
        }
        (Some(own), _) => own,
        _ => return Err(no_key()),
    };
    Ok((
        opened.name.clone(),
        Key::Held(keys::Secret::of(&opened.key)),
    ))
}

/// Makes a key and adds its holder as a signer. It is sealed before anybody hears of it, beside the
/// one that they had, so that no signer is without their key whether or not the act is kept.
fn add(
    house: &House,
    (name, team): (&str, &str),
    voucher: Option<(String, Key)>,
    seal: impl FnOnce(&Opened) -> Answered<()>,
) -> Answered<(handfast_model::Seq, String)> {
    let secret = keys::Secret::new()?;
    let seed = secret.seed();
    let key = Key::Held(secret);
    let new = NewSigner {
        name,
        team,
        key: &key,
        voucher: voucher.as_ref().map(|(name, key)| (name.as_str(), key)),
    };
    let name = signers::may_add(&house.book, &new)?;
    seal(&Opened {
        name: name.clone(),
        key: seed,
    })?;
    let (seq, _) = signers::add_signer(&house.book, &new, house.now())?;
    Ok((seq, name))
}

fn no_key() -> Refused {
    Refusal::new("E0282", "no key is kept here by which you sign")
        .matters("nothing was signed")
        .fix("become a signer of your team first; after a forgotten password, anew")
        .into()
}

fn rehearsal(done: &handfast_service::agree::rehearse::Rehearsal) -> wire::Rehearsal {
    let part = |by: &str| {
        let found = done.credit.iter().find(|(name, _)| name == by);
        found.map(|(_, answer): &(String, Answer)| v1::Answer::new(answer))
    };
    let tried = done.rulings.iter().map(|one| wire::Tried {
        deal: one.deal.clone(),
        by: one.by.clone(),
        case: one.case.clone(),
        now: one.now,
        draft: one.draft,
        is_overturned: one.is_overturned(),
    });
    let differ = done.answers.differ.iter();
    wire::Rehearsal {
        draft: done.draft.clone(),
        mode: done.mode.word(),
        from: done.from.map(|day| day.to_string()),
        quarters: done.quarters.iter().map(|one| one.label.clone()).collect(),
        entered: v1::Answer::new(&done.entered),
        unmoved: done.unmoved.clone(),
        won: v1::Answer::new(&done.won),
        credit_by_channel: part("channel"),
        credit_by_team: part("team"),
        models: done.models.clone(),
        rulings: tried.collect(),
        answers_asked: done.answers.asked,
        answers_differ: differ.map(|one| one.question.to_string()).collect(),
        lineage: v1::Lineage::from(&done.entered.lineage),
    }
}
