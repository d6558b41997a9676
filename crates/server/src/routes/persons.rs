//! What a person of the ledger may ask of whoever keeps what is known of them: to be told all of
//! it, and to be forgotten. Both are for those who may erase, and each is written down.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::Capability;
use handfast_accounts::audit::Deed;
use handfast_model::Refusal;
use handfast_service::checks;
use handfast_service::forget::{self as service, Erased};
use handfast_service::people::{self, Person};
use handfast_wire::v1::person as wire;

use super::acts::{act, brief};
use crate::apart::in_turn;
use crate::body::Body;
use crate::held;
use crate::house::{House, Shared};
use crate::limits;
use crate::problem::{Answered, Problems, Refused, ours};
use crate::viewer::Viewer;

/// Characters of a person's key.
const KEY: usize = 320;

/// Erases a person under all their keys, in every source: for good. Counts stay. A dry run says
/// what it would reach, and only who sends that back, with the key typed again, erases anybody.
#[utoipa::path(post, path = "/persons/forget", tag = "persons", request_body = wire::Forget,
    responses((status = 200, body = wire::Forgetting), Problems))]
pub async fn forget(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::Forget>,
) -> Answered<Json<wire::Forgetting>> {
    may_erase(&viewer)?;
    named(&asked.key, asked.namespace.as_deref())?;
    if !asked.dry_run && asked.confirm.as_ref() != Some(&asked.key) {
        let why = "erasing is for good, and is confirmed by typing the key again";
        return Err(ours::field("confirm", why, "what stands in `key`"));
    }
    // An import under way could bring more of theirs between the look and the deed.
    let pass = house.inlet.alone().await?;
    in_turn(&house, viewer.turn(), move |house| {
        let _pass = pass;
        let person = found(house, &asked.key, asked.namespace.as_deref())?;
        let reach = reach(&person);
        if asked.dry_run {
            looked(house, &viewer, "forget")?;
            return Ok(Json(forgetting(house, &person, reach)?));
        }
        if asked.foreseen != Some(reach) {
            let why = "it is not what erasing them reaches now";
            let refused = ours::field("foreseen", why, "`reach` of a dry run that was just made");
            return Err(Refused::under(StatusCode::CONFLICT, refused.refusal));
        }
        let told = forgetting(house, &person, reach)?;
        let (erased, written) = act((house, &viewer), "person.forgotten", || {
            service::forget(&house.book, &person, house.now())
        })?;
        let Erased { done, checked } = erased;
        match done.seq {
            Some(seq) => written.in_commit(seq),
            None => written.not(),
        }
        // What a dry run would set aside says, in clear, what its file says of them.
        house.jobs.forget_rows();
        let done = wire::Forgotten {
            seq: done.seq.map(|seq| seq.0),
            keys: done.people,
            destroyed: done.keys,
            before: done.before,
            addresses: done.addresses,
            not_verified: checks::lines(&checked),
        };
        Ok(Json(wire::Forgetting {
            done: Some(done),
            ..told
        }))
    })
    .await
}

/// Everything the book holds of a person, in clear.
#[utoipa::path(post, path = "/persons/export", tag = "persons", request_body = wire::WhoIsMeant,
    responses((status = 200, body = wire::Held), Problems))]
pub async fn export(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::WhoIsMeant>,
) -> Answered<Response> {
    may_erase(&viewer)?;
    viewer.may(Capability::Personal)?;
    named(&asked.key, asked.namespace.as_deref())?;
    in_turn(&house, viewer.turn(), move |house| {
        let person = found(house, &asked.key, asked.namespace.as_deref())?;
        held::is_somebody(&person, &asked.key).map_err(Refused::missing)?;
        let all = held::held(&house.book, &person)?;
        let deed = Deed {
            act: "person.exported",
            object: "",
            before: &[],
            after: &[],
        };
        house.people.record(&viewer.actor, &viewer.call(), &deed)?;
        let mut response = Json(all).into_response();
        let name = HeaderValue::from_static("attachment; filename=\"person.json\"");
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, name);
        Ok(response)
    })
    .await
}

/// Who forgets people looks at rows of all teams.
fn may_erase(viewer: &Viewer) -> Answered<()> {
    viewer.may(Capability::Erase)?;
    viewer.sees_all()
}

fn named(key: &str, namespace: Option<&str>) -> Answered<()> {
    brief("key", Some(key), KEY)?;
    brief("namespace", namespace, limits::SOURCE_NAME)?;
    match key.trim().is_empty() {
        true => Err(ours::field(
            "key",
            "it is empty",
            "a key or an e-mail address",
        )),
        false => Ok(()),
    }
}

fn found(house: &House, key: &str, namespace: Option<&str>) -> Result<Person, Refusal> {
    people::find(&house.book, &[key.to_owned()], namespace)
}

fn reach(person: &Person) -> wire::Reach {
    let reach = service::reach(person);
    wire::Reach {
        keys: reach.keys,
        addresses: person.addresses.len() as u64,
        records: reach.records,
        set_aside: reach.asides,
    }
}

fn forgetting(
    house: &House,
    person: &Person,
    reach: wire::Reach,
) -> Result<wire::Forgetting, Refusal> {
    Ok(wire::Forgetting {
        reach,
        facts: person.about.facts.len() as u64,
        unread_set_aside: person.about.unread_asides,
        mixed_set_aside: person.mixed_asides,
        shared_addresses: person.shared_addresses,
        is_never_met: person.never_met > 0,
        keys: held::known_as(&house.book, person)?,
        done: None,
    })
}

/// That somebody was looked up is written down before it is told.
fn looked(house: &House, viewer: &Viewer, object: &str) -> Answered<()> {
    let deed = Deed {
        act: "person.read",
        object,
        before: &[],
        after: &[],
    };
    Ok(house.people.record(&viewer.actor, &viewer.call(), &deed)?)
}
