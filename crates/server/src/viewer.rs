//! Who asks: found by a cookie or by a token in a header, once for each request. What they may do
//! is asked of the one table in `accounts`.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use handfast_accounts::{Actor, Call, Capability, Person, Secret, require};
use handfast_engine::derived::Teams;
use handfast_model::{Instant, Refusal};

use crate::apart::apart;
use crate::frame::RequestId;
use crate::house::{Reached, Shared};
use crate::listen::Peer;
use crate::problem::{Answered, Refused, ours};

/// Whoever sent a request.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Who it is.
    pub actor: Actor,
    /// What their browser holds.
    pub secret: Option<Secret>,
    /// When the request came, from where, and what it is called.
    came: Came,
    /// A word for their browser.
    pub device: String,
}

#[derive(Clone, Debug)]
struct Came {
    now: Instant,
    address: Option<IpAddr>,
    request: String,
}

impl Viewer {
    /// Refuses what they have no right to. Whoever sees some teams' rows only is refused whatever
    /// shows rows or figures: what can be cut down to theirs asks [`Viewer::sees`] instead, what
    /// shows none [`Viewer::may_know`].
    pub fn may(&self, capability: Capability) -> Answered<()> {
        require(&self.actor, capability)?;
        let is_of_rows = [Capability::Read, Capability::Personal, Capability::Export];
        match is_of_rows.contains(&capability) {
            true => self.sees_all(),
            false => Ok(()),
        }
    }

    /// Refuses what they have no right to; gives the teams whose rows they see, none where they see
    /// all.
    pub fn sees(&self, capability: Capability) -> Answered<Teams> {
        require(&self.actor, capability)?;
        Ok(self.actor.teams().iter().cloned().collect())
    }

    /// Refuses what they have no right to, where no row and no figure is shown.
    pub fn may_know(&self, capability: Capability) -> Answered<()> {
        Ok(require(&self.actor, capability)?)
    }

    /// Refuses those who see some teams' rows only, where a figure of everybody's would be shown.
    pub fn sees_all(&self) -> Answered<()> {
        match self.actor.teams().is_empty() {
            true => Ok(()),
            false => Err(ours::only_some_rows()),
        }
    }

    /// Who they are to whoever shares out turns: guests are all one.
    pub fn turn(&self) -> String {
        match &self.actor {
            Actor::Guest { .. } => "guest".to_owned(),
            actor => format!(
                "{}:{}",
                actor.kind(),
                actor.person().map_or(actor.id(), |who| &who.id.0)
            ),
        }
    }

    /// Who acts. Whoever acts in the ledger is somebody.
    pub fn person(&self) -> Answered<&Person> {
        self.actor.person().ok_or_else(|| refuse_nobody().into())
    }

    /// The name under which the ledger keeps what they do.
    pub fn name(&self) -> Answered<String> {
        Ok(self.person()?.name.clone())
    }

    /// The request, as `accounts` writes it down.
    pub fn call(&self) -> Call<'_> {
        Call {
            now: self.came.now,
            address: self.came.address,
            request: &self.came.request,
        }
    }
}

impl FromRequestParts<Shared> for Viewer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, house: &Shared) -> Answered<Viewer> {
        if let Some(known) = parts.extensions.get::<Viewer>() {
            return Ok(known.clone());
        }
        let came = Came {
            now: house.now(),
            address: address(parts, &house.reached),
            request: parts
                .extensions
                .get::<RequestId>()
                .map_or(String::new(), |id| id.0.clone()),
        };
        let mut viewer = Viewer {
            actor: Actor::Stranger,
            secret: None,
            came,
            device: device(&parts.headers),
        };
        if let Some(given) = given(&parts.headers, &house.reached) {
            viewer = apart(house, move |house| {
                viewer.actor = match &given {
                    Given::Token(secret) => house.people.bearer(secret, &viewer.call())?,
                    Given::Session(secret) => house.people.who(secret, &viewer.call())?,
                };
                if let Given::Session(secret) = given {
                    viewer.secret = Some(secret);
                }
                Ok(viewer)
            })
            .await?;
        }
        parts.extensions.insert(viewer.clone());
        Ok(viewer)
    }
}

impl OptionalFromRequestParts<Shared> for Viewer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, house: &Shared) -> Answered<Option<Viewer>> {
        <Viewer as FromRequestParts<Shared>>::from_request_parts(parts, house)
            .await
            .map(Some)
    }
}

fn refuse_nobody() -> Refusal {
    Refusal::new("E0620", "an act in the ledger has somebody's name")
        .matters("nothing was done")
        .fix("sign in, or use a token of yours")
}

/// Where a request came from. What a header says of it counts from the proxy alone, and of that
/// the last word, which is the proxy's own.
fn address(parts: &Parts, reached: &Reached) -> Option<IpAddr> {
    let peer = parts.extensions.get::<Peer>()?.0.ip().to_canonical();
    if reached.proxy != Some(peer) {
        return Some(peer);
    }
    let all = parts.headers.get_all("x-forwarded-for").iter();
    let last = all.filter_map(|value| value.to_str().ok()).next_back();
    let last = last.and_then(|value| value.rsplit(',').next());
    Some(
        last.and_then(|text| text.trim().parse().ok())
            .unwrap_or(peer),
    )
}

/// What a request shows.
enum Given {
    Token(Secret),
    Session(Secret),
}

/// A token counts before a cookie: whoever sends one means it.
fn given(headers: &HeaderMap, reached: &Reached) -> Option<Given> {
    if let Some(token) = bearer(headers) {
        return Some(Given::Token(Secret::new(token)));
    }
    let name = cookie_name(reached);
    let all = headers.get_all(header::COOKIE).iter();
    let all = all.filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';'));
    let found = pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    found.map(|secret| Given::Session(Secret::new(secret)))
}

/// The token in a header, or a source's key as a name without a password, as libraries for events
/// send it. What else stands there may be a proxy's own.
pub fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    if let Some(token) = value.strip_prefix("Bearer ") {
        return Some(token.trim().to_owned());
    }
    let pair = from_base64(value.strip_prefix("Basic ")?.trim())?;
    let (name, _) = pair.split_once(':')?;
    name.starts_with("hfk_").then(|| name.to_owned())
}

/// The text that base64 stands for.
fn from_base64(text: &str) -> Option<String> {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut bytes) = (0u32, 0u32, Vec::new());
    for sign in text.trim_end_matches('=').bytes() {
        let place = SIGNS.iter().position(|known| *known == sign)?;
        bits = (bits << 6) | u32::try_from(place).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from((bits >> count) & 0xff).ok()?);
        }
    }
    String::from_utf8(bytes).ok()
}

/// By TLS the cookie's own name makes browsers refuse one that another page or address has set.
fn cookie_name(reached: &Reached) -> &'static str {
    match reached.is_secure {
        true => "__Host-handfast",
        false => "handfast",
    }
}

/// The header that gives a browser its session, or takes it back.
pub fn cookie(
    reached: &Reached,
    secret: Option<&Secret>,
) -> Answered<(header::HeaderName, HeaderValue)> {
    let secure = if reached.is_secure { "; Secure" } else { "" };
    let (text, lasts) = match secret {
        Some(secret) => (secret.expose(), 30 * 24 * 3_600),
        None => ("", 0),
    };
    let name = cookie_name(reached);
    let text = format!("{name}={text}; Path=/; HttpOnly; SameSite=Lax; Max-Age={lasts}{secure}");
    let value = HeaderValue::from_str(&text).map_err(|_| {
        Refused::under(
            StatusCode::INTERNAL_SERVER_ERROR,
            crate::problem::ours::fault().refusal,
        )
    })?;
    Ok((header::SET_COOKIE, value))
}

/// A word for a browser, so that its owner knows it in a list: never the whole of what it says.
fn device(headers: &HeaderMap) -> String {
    let agent = headers.get(header::USER_AGENT);
    let agent = agent
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let of = |known: &[&'static str]| known.iter().find(|word| agent.contains(**word)).copied();
    let browser = of(&["Firefox", "Edg", "OPR", "Chrome", "Safari", "curl"]);
    let browser = match browser {
        Some("Edg") => "Edge",
        Some("OPR") => "Opera",
        Some(browser) => browser,
        None => "another program",
    };
    let system = of(&["Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux"]);
    system.map_or_else(
        || browser.to_owned(),
        |system| format!("{browser}, {system}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_come_as_a_name_without_a_password() {
        let of = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(
                header::AUTHORIZATION,
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
            bearer(&headers)
        };
        assert_eq!(of("Bearer hf_x").as_deref(), Some("hf_x"));
        // hfk_abc: and hfk_abc:x
        assert_eq!(of("Basic aGZrX2FiYzo=").as_deref(), Some("hfk_abc"));
        assert_eq!(of("Basic aGZrX2FiYzp4").as_deref(), Some("hfk_abc"));
        // eve:hfk_abc, x, and what is no base64
        for other in [
            "Basic ZXZlOmhma19hYmM=",
            "Basic eA==",
            "Basic ä",
            "Digest hfk_abc",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn the_cookie_is_found_by_its_whole_name_among_others() {
        let reached = Reached::default();
        let found = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, HeaderValue::from_static(text));
            match given(&headers, &reached) {
                Some(Given::Session(secret)) => Some(secret.expose().to_owned()),
                _ => None,
            }
        };
        assert_eq!(found("a=1; handfast=hfc_x; b=2").as_deref(), Some("hfc_x"));
        assert_eq!(found("nothandfast=hfc_x"), None);
        assert_eq!(found("handfasty=hfc_x"), None);
    }
}
