//! Who asks: found by a cookie or by a token in a header, once for each request. What they may do
//! is asked of the one table in `accounts`.

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

use axum::extract::{FromRequestParts, MatchedPath, OptionalFromRequestParts};
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
    /// Whether the request has changed the ledger; all who handle it know of it.
    acted: Arc<AtomicBool>,
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
        // Files and imports are of all teams, and what is told of one shows its rows.
        let is_of_rows = matches!(
            capability,
            Capability::Read | Capability::Personal | Capability::Export | Capability::Import
        );
        match is_of_rows {
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

    /// Says that the request has changed the ledger: whatever fails afterwards, it was done.
    pub fn has_acted(&self) {
        self.acted.store(true, Ordering::Release);
    }

    /// Whether the request has changed the ledger.
    pub fn acted(&self) -> bool {
        self.acted.load(Ordering::Acquire)
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
            acted: Arc::default(),
        };
        let is_use = is_use(parts);
        if let Some(given) = given(&parts.headers, &house.reached) {
            viewer = apart(house, move |house| {
                viewer.actor = match &given {
                    Given::Token(secret) => house.people.bearer(secret, &viewer.call())?,
                    Given::Session(secret) if is_use => house.people.who(secret, &viewer.call())?,
                    Given::Session(secret) => house.people.glance(secret, &viewer.call())?,
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

/// A page that says so asks by itself while nobody touches it, and every page looks at the book now
/// and then: neither keeps a session open that nobody uses.
const UNATTENDED: header::HeaderName = header::HeaderName::from_static("x-unattended");

fn is_use(parts: &Parts) -> bool {
    let route = parts.extensions.get::<MatchedPath>();
    let is_look = route.is_some_and(|route| route.as_str() == "/api/v1/book");
    !is_look && !parts.headers.contains_key(UNATTENDED)
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
    let from = last.and_then(forwarded);
    if from.is_none() {
        static SAID: Once = Once::new();
        SAID.call_once(|| {
            tracing::warn!(
                "the proxy does not say in x-forwarded-for where requests come from; all of them \
                 count as the proxy's own"
            );
        });
    }
    Some(from.unwrap_or(peer))
}

/// An address as proxies write it: alone, in brackets, with a port.
fn forwarded(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let alone = bare.unwrap_or(text).parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|both| both.ip());
    alone
        .or_else(with_port)
        .map(|address| address.to_canonical())
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
    held(headers, cookie_name(reached)).map(Given::Session)
}

/// What a browser holds under this name.
fn held(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let all = headers.get_all(header::COOKIE).iter();
    let all = all.filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';'));
    let found = pairs.find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    found.map(Secret::new)
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
    given_back(reached, cookie_name(reached), (secret, 30 * 24 * 3_600))
}

/// What a browser holds while somebody is at the company's provider.
pub fn begun(headers: &HeaderMap, reached: &Reached) -> Option<Secret> {
    held(headers, begun_name(reached))
}

/// The header that gives a browser what it holds for those ten minutes, or takes it back.
pub fn begun_cookie(
    reached: &Reached,
    secret: Option<&Secret>,
) -> Answered<(header::HeaderName, HeaderValue)> {
    given_back(reached, begun_name(reached), (secret, 600))
}

fn begun_name(reached: &Reached) -> &'static str {
    match reached.is_secure {
        true => "__Host-handfast-provider",
        false => "handfast-provider",
    }
}

fn given_back(
    reached: &Reached,
    name: &str,
    (secret, lasts): (Option<&Secret>, u32),
) -> Answered<(header::HeaderName, HeaderValue)> {
    let secure = if reached.is_secure { "; Secure" } else { "" };
    let (text, lasts) = match secret {
        Some(secret) => (secret.expose(), lasts),
        None => ("", 0),
    };
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
        assert_eq!(found("handfast-provider=x"), None);
    }

    #[test]
    fn a_proxys_word_for_an_address_is_read_with_its_port_and_brackets() {
        for (text, read) in [
            ("203.0.113.7", "203.0.113.7"),
            (" 203.0.113.7:51812", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
        ] {
            assert_eq!(forwarded(text), read.parse().ok(), "{text}");
        }
        for odd in ["", "unknown", "_hidden", "203.0.113.7:", "[203.0.113.7"] {
            assert_eq!(forwarded(odd), None, "{odd}");
        }
    }
}
