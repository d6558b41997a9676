//! The door of the company's provider: a sign-in begins here, goes on there, and ends here.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use handfast_accounts::Secret;
use handfast_accounts::provider::{Arrived, Back, Purpose};
use handfast_wire::v1::session as wire;

use crate::apart::apart;
use crate::body::{Body, Words};
use crate::company::Company;
use crate::house::{House, Shared};
use crate::problem::{Answered, Problems, ours};
use crate::viewer::{Viewer, begun, begun_cookie, cookie};

/// Begins a sign-in by the company's provider: the answer says where the browser is to go. To add
/// this way in to one's own, or to take an invitation by it, is begun here too.
#[utoipa::path(post, path = "/session/provider", tag = "session",
    request_body = wire::BeginProvider,
    responses((status = 200, body = wire::BegunProvider), Problems))]
pub async fn begin(
    viewer: Viewer,
    State(house): State<Shared>,
    Body(asked): Body<wire::BeginProvider>,
) -> Answered<Response> {
    let _turn = company(&house)?.turn().await?;
    apart(&house, move |house| {
        let company = company(house)?;
        let token = Secret::new(asked.token.unwrap_or_default().trim());
        let purpose = match asked.purpose.as_str() {
            "sign_in" => Purpose::SignIn,
            "link" => Purpose::Link(&viewer.actor),
            "invitation" => Purpose::Invitation(&token),
            _ => {
                let fix = "one of: sign_in, link, invitation";
                return Err(ours::field("purpose", "it is none", fix));
            }
        };
        let place = asked.place.as_deref().unwrap_or("/");
        let road = (&company.provider, &company.fetch);
        let people = &house.people;
        let begun = people.begin(&viewer.call(), road, purpose, place)?;
        let kept = begun_cookie(&house.reached, Some(&begun.browser))?;
        let address = begun.address;
        Ok(([kept], Json(wire::BegunProvider { address })).into_response())
    })
    .await
}

/// Where the provider sends the browser back to. It goes on to the place where it began, signed in;
/// or to the page for signing in, with the code of what is refused.
#[utoipa::path(get, path = "/session/provider/back", tag = "session",
    params(wire::BackFromProvider),
    responses((status = 303, description = "On to the application."), Problems))]
pub async fn back(
    viewer: Viewer,
    State(house): State<Shared>,
    headers: HeaderMap,
    Words(came): Words<wire::BackFromProvider>,
) -> Answered<Response> {
    let company = company(&house)?;
    let browser = begun(&headers, &house.reached).unwrap_or_else(|| Secret::new(""));
    let arrived = match company.turn().await {
        Ok(_turn) => {
            let ended = move |house: &Shared| arrive(house, &viewer, (&browser, &came));
            apart(&house, ended).await
        }
        Err(busy) => Err(busy),
    };
    let (place, session) = match &arrived {
        Ok(arrived) => (arrived.place.clone(), Some(&arrived.signed_in.secret)),
        Err(refused) => (format!("/sign-in?refused={}", refused.refusal.code), None),
    };
    let mut response = StatusCode::SEE_OTHER.into_response();
    let place = HeaderValue::from_str(&place);
    let place = place.unwrap_or_else(|_| HeaderValue::from_static("/"));
    let answer = response.headers_mut();
    answer.insert(header::LOCATION, place);
    let (name, gone) = begun_cookie(&house.reached, None)?;
    answer.append(name, gone);
    if session.is_some() {
        let (name, given) = cookie(&house.reached, session)?;
        answer.append(name, given);
    }
    Ok(response)
}

fn arrive(
    house: &House,
    viewer: &Viewer,
    (browser, came): (&Secret, &wire::BackFromProvider),
) -> Answered<Arrived> {
    let company = company(house)?;
    let back = Back {
        state: came.state.as_deref().unwrap_or_default(),
        // Without one the provider says no.
        code: came.code.as_deref().unwrap_or_default(),
        issuer: came.iss.as_deref(),
        browser,
        actor: &viewer.actor,
        before: viewer.secret.as_ref(),
        device: &viewer.device,
    };
    let road = (&company.provider, &company.fetch);
    Ok(house.people.arrive(&viewer.call(), road, &back)?)
}

fn company(house: &House) -> Answered<&Company> {
    house.company.as_ref().ok_or_else(ours::no_such_page)
}
