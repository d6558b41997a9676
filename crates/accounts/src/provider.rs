//! Sign-in by a company's own provider (OpenID Connect): code, PKCE, state and nonce; the
//! provider's signature, issuer and audience are checked exactly, and who somebody is here hangs
//! on issuer and subject, never on an e-mail.
//!
//! A sign-in that was begun is kept for ten minutes, works once, and only in the browser that
//! began it.

use std::io;

use handfast_model::{Instant, Refusal};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken,
    CoreJwsSigningAlgorithm as Signature, CoreProviderMetadata,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use rusqlite::{OptionalExtension, params};

use crate::actor::{Actor, Call, PersonId};
use crate::audit::Deed;
use crate::rights::Role;
use crate::saved::proper_address;
use crate::secret::{Secret, is_same};
use crate::sessions::SignedIn;
use crate::sign_in::{INVITATION, link};
use crate::tries::Pace;
use crate::{Accounts, MINUTE, refuse};

mod claims;
mod entering;
mod fetch;
#[cfg(test)]
mod fuzzed;

use claims::Claims;
pub(crate) use entering::{part, welcome};
pub use fetch::Fetch;

/// How long a begun sign-in is kept.
const KEPT: i64 = 10 * MINUTE;
/// Most begun sign-ins at a time; the oldest gives way, so that nobody closes the door for others.
const MOST: i64 = 10_000;
/// Sign-ins that one network begins within an hour and that let nobody in.
const BY_NETWORK: usize = 100;
/// How long what the provider says of itself is kept when a sign-in begins, so that strangers who
/// begin many send it no requests.
const KNOWN: i64 = 10 * MINUTE;
/// The same when somebody is back: its keys may have changed since.
const KNOWN_BACK: i64 = MINUTE;
/// Signatures that are taken: those by which only the provider can sign. A signature by the shared
/// secret, or none, could be made by others.
const SIGNATURES: [Signature; 9] = [
    Signature::RsaSsaPkcs1V15Sha256,
    Signature::RsaSsaPkcs1V15Sha384,
    Signature::RsaSsaPkcs1V15Sha512,
    Signature::RsaSsaPssSha256,
    Signature::RsaSsaPssSha384,
    Signature::RsaSsaPssSha512,
    Signature::EcdsaP256Sha256,
    Signature::EcdsaP384Sha384,
    Signature::EdDsa,
];

/// A company's provider, as its operator sets it up.
#[derive(Clone, Debug)]
pub struct Provider {
    /// What this program calls it, as in an address: `company`.
    pub name: String,
    /// The issuer, exactly as its tokens say it.
    pub issuer: String,
    /// The client's id there.
    pub client: String,
    /// The client's secret there, if it has one.
    pub secret: Option<Secret>,
    /// Where the provider sends browsers back to, as registered there.
    pub back: String,
    /// Scopes to ask for beside `openid`, as `email`, `profile`, `groups`.
    pub scopes: Vec<String>,
    /// The claim that holds the groups.
    pub groups: String,
    /// Which group has which role; the first that fits counts. Where any is named, the provider's
    /// groups decide the role at each sign-in.
    pub roles: Vec<(String, Role)>,
    /// The role of whoever is in none of them; without one they are refused.
    pub otherwise: Option<Role>,
}

impl Provider {
    fn role(&self, groups: &[&str]) -> Option<Role> {
        let fits = |(group, _): &&(String, Role)| groups.contains(&group.as_str());
        let found = self.roles.iter().find(fits);
        found.map(|(_, role)| *role).or(self.otherwise)
    }
}

/// What a sign-in is begun for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// To sign in.
    SignIn,
    /// To sign in this way too from now on, for somebody who has signed in.
    Link(&'a Actor),
    /// To accept an invitation this way instead of choosing a password.
    Invitation(&'a Secret),
}

/// A begun sign-in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begun {
    /// Where to send the browser.
    pub address: String,
    /// What the browser keeps until it is back, in a cookie of ten minutes.
    pub browser: Secret,
}

/// What a browser came back with.
#[derive(Clone, Copy, Debug)]
pub struct Back<'a> {
    /// The parameter `state`.
    pub state: &'a str,
    /// The parameter `code`.
    pub code: &'a str,
    /// The parameter `iss`, if there is one (RFC 9207).
    pub issuer: Option<&'a str>,
    /// What the browser kept.
    pub browser: &'a Secret,
    /// Who is signed in there: whoever began to add this way in must be so still.
    pub actor: &'a Actor,
    /// The session that the browser held before: it ends.
    pub before: Option<&'a Secret>,
    /// A word for the browser.
    pub device: &'a str,
}

/// Somebody who came in by a provider.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrived {
    /// Who, with the browser's secret.
    pub signed_in: SignedIn,
    /// The place in the application where they began.
    pub place: String,
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// A begun sign-in as it was kept.
struct Pending {
    verifier: String,
    nonce: String,
    whose: Whose,
    place: String,
}

/// For whom a sign-in was begun.
enum Whose {
    /// For whoever comes back.
    Anybodys,
    /// For somebody who was signed in.
    Of(PersonId),
    /// For somebody who was invited, by the link of this hash.
    Invited(PersonId, Vec<u8>),
}

/// What a provider says of somebody, once everything about it is checked.
struct Vouched {
    subject: String,
    name: Option<String>,
    email: Option<String>,
    /// What its groups give.
    role: Option<Role>,
    /// Whether it says anything of groups.
    tells_groups: bool,
}

impl Accounts {
    /// Begins a sign-in. `place` is where in the application to go on afterwards.
    pub fn begin(
        &self,
        call: &Call<'_>,
        (provider, fetch): (&Provider, &Fetch),
        purpose: Purpose<'_>,
        place: &str,
    ) -> Result<Begun, Refusal> {
        proper_address("place", place)?;
        let (person, invited) = match purpose {
            Purpose::SignIn => (None, None),
            Purpose::Link(Actor::Person { person, .. }) => (Some(person.id.clone()), None),
            Purpose::Link(_) => return Err(refuse::sign_in_first()),
            Purpose::Invitation(token) => {
                let person = self.invited(token, call)?;
                (Some(person), Some(token.hash().to_vec()))
            }
        };
        let pace = Pace::of("provider", call);
        self.store.write(|act| pace.admit(act, call, BY_NETWORK))?;
        let secret = || self.chance.secret("");
        let (state, browser, verifier, nonce) = (secret()?, secret()?, secret()?, secret()?);
        let client = client(provider, discovered(provider, fetch, (call.now, KNOWN))?)?;
        let address = there(provider, &client, (&state, &nonce, &verifier));
        self.store.write(|act| {
            act.execute("DELETE FROM pending WHERE until <= ?1", [call.now.0])?;
            let sql = "DELETE FROM pending WHERE state IN (SELECT state FROM pending \
                       ORDER BY until DESC, state LIMIT -1 OFFSET ?1)";
            act.execute(sql, [MOST - 1])?;
            let sql = "INSERT INTO pending (state, browser, provider, verifier, nonce, person, \
                       place, until, link) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
            act.execute(
                sql,
                params![
                    state.hash().as_slice(),
                    browser.hash().as_slice(),
                    provider.name,
                    verifier.expose(),
                    nonce.expose(),
                    person.map(|person| person.0),
                    place,
                    call.now.0.saturating_add(KEPT),
                    invited
                ],
            )?;
            Ok(())
        })?;
        Ok(Begun { address, browser })
    }

    /// Ends a sign-in that a browser came back from. Whatever is wrong, it is over.
    pub fn arrive(
        &self,
        call: &Call<'_>,
        (provider, fetch): (&Provider, &Fetch),
        back: &Back<'_>,
    ) -> Result<Arrived, Refusal> {
        let pending = self.take_pending(call, provider, back)?;
        if let Whose::Of(person) = &pending.whose {
            // Whoever was thrown out meanwhile must not leave a way in behind.
            let is_in = match back.actor {
                Actor::Person { person: now, .. } => now.id == *person,
                _ => false,
            };
            if !is_in {
                return self.refused(call, provider, refuse::begun_is_over());
            }
        }
        if back.code.is_empty() {
            let what = refuse::not_vouched("it lets nobody in this time");
            return self.refused(call, provider, what);
        }
        let vouched = match vouched(provider, fetch, back, &pending, call.now) {
            Ok(vouched) => vouched,
            Err(refusal) => return self.refused(call, provider, refusal),
        };
        if vouched.role.is_none() && !provider.roles.is_empty() {
            if !vouched.tells_groups {
                let what = refuse::not_vouched("it says nothing of groups");
                return self.refused(call, provider, what);
            }
            self.lapse(call, provider, &vouched.subject)?;
            return self.refused(call, provider, refuse::no_role());
        }
        let id = PersonId(self.chance.id()?);
        let given = self.enter(call, (back.device, back.before), |act| {
            let vouched = (&pending.whose, &vouched);
            let entered = entering::admit(act, (call, provider), vouched, &id)?;
            Pace::of("provider", call).forgive(act)?;
            Ok(entered)
        });
        match given {
            Ok(signed_in) => Ok(Arrived {
                signed_in,
                place: pending.place,
            }),
            Err(refusal) => self.refused(call, provider, refusal),
        }
    }

    /// Whom an invitation is for that is still open; a link to a new password is none.
    fn invited(&self, token: &Secret, call: &Call<'_>) -> Result<PersonId, Refusal> {
        self.store.read(|look| {
            let (person, purpose) = link(look, token, call.now.0)?;
            let person = person.filter(|_| purpose == INVITATION);
            person.ok_or_else(|| refuse::link_is_over().into())
        })
    }

    fn refused(
        &self,
        call: &Call<'_>,
        provider: &Provider,
        refusal: Refusal,
    ) -> Result<Arrived, Refusal> {
        let deed = Deed {
            act: "session.refused",
            object: "",
            before: &[],
            after: &[("provider", &provider.name), ("code", refusal.code)],
        };
        self.record(&Actor::Stranger, call, &deed)?;
        Err(refusal)
    }

    /// Takes a begun sign-in away, so that it works once, and looks whether it is this one.
    fn take_pending(
        &self,
        call: &Call<'_>,
        provider: &Provider,
        back: &Back<'_>,
    ) -> Result<Pending, Refusal> {
        let state = Secret::new(back.state).hash();
        let found = self.store.write(|act| {
            let sql = "DELETE FROM pending WHERE state = ?1 RETURNING \
                       browser, provider, verifier, nonce, person, place, until, state, link";
            let found = act
                .prepare_cached(sql)?
                .query_row([state.as_slice()], |row| {
                    let browser: Vec<u8> = row.get(0)?;
                    let name: String = row.get(1)?;
                    let person: Option<String> = row.get(4)?;
                    let whose = match (person.map(PersonId), row.get(8)?) {
                        (None, _) => Whose::Anybodys,
                        (Some(person), None) => Whose::Of(person),
                        (Some(person), Some(link)) => Whose::Invited(person, link),
                    };
                    let pending = Pending {
                        verifier: row.get(2)?,
                        nonce: row.get(3)?,
                        whose,
                        place: row.get(5)?,
                    };
                    let (until, kept): (i64, Vec<u8>) = (row.get(6)?, row.get(7)?);
                    let is_fit =
                        name == provider.name && until > call.now.0 && is_same(&kept, &state);
                    Ok((pending, browser, is_fit))
                });
            Ok(found.optional()?)
        })?;
        let is_from_elsewhere = back.issuer.is_some_and(|issuer| issuer != provider.issuer);
        match found {
            Some((pending, browser, true))
                if is_same(&browser, &back.browser.hash()) && !is_from_elsewhere =>
            {
                Ok(pending)
            }
            _ => Err(refuse::begun_is_over()),
        }
    }
}

/// What the provider says of itself: asked now, unless it is known and not older than this.
fn discovered(
    provider: &Provider,
    fetch: &Fetch,
    (now, oldest): (Instant, i64),
) -> Result<CoreProviderMetadata, Refusal> {
    let since = Instant(now.0.saturating_sub(oldest));
    if let Some(known) = fetch.known(&provider.issuer, since) {
        return Ok(known);
    }
    let unusable = |what: String| refuse::provider_unusable(&provider.name, &what);
    let issuer = IssuerUrl::new(provider.issuer.clone());
    let issuer = issuer.map_err(|error| unusable(format!("its issuer is no address: {error}")))?;
    let http = |request: HttpRequest| fetch.call(request);
    let metadata = CoreProviderMetadata::discover(&issuer, &http);
    let metadata = metadata.map_err(|error| unusable(chain(&error)))?;
    fetch.keep(&provider.issuer, now, &metadata);
    Ok(metadata)
}

fn client(provider: &Provider, metadata: CoreProviderMetadata) -> Result<Client, Refusal> {
    let unusable = |what: String| refuse::provider_unusable(&provider.name, &what);
    let back = RedirectUrl::new(provider.back.clone());
    let back = back.map_err(|error| unusable(format!("the way back is no address: {error}")))?;
    let secret = provider.secret.as_ref();
    let secret = secret.map(|secret| ClientSecret::new(secret.expose().to_owned()));
    let methods = metadata.token_endpoint_auth_methods_supported();
    let takes_basic =
        methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let auth = match takes_basic {
        true => AuthType::BasicAuth,
        false => AuthType::RequestBody,
    };
    let client = ClientId::new(provider.client.clone());
    let client = CoreClient::from_provider_metadata(metadata, client, secret);
    Ok(client.set_redirect_uri(back).set_auth_type(auth))
}

/// Where the browser goes.
fn there(
    provider: &Provider,
    client: &Client,
    (state, nonce, verifier): (&Secret, &Secret, &Secret),
) -> String {
    let proof = PkceCodeVerifier::new(verifier.expose().to_owned());
    let (state, nonce) = (state.expose().to_owned(), nonce.expose().to_owned());
    let mut request = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            move || CsrfToken::new(state),
            move || Nonce::new(nonce),
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&proof));
    for scope in &provider.scopes {
        request = request.add_scope(Scope::new(scope.clone()));
    }
    let (address, ..) = request.url();
    address.to_string()
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// Exchanges the code and checks everything that comes for it.
fn vouched(
    provider: &Provider,
    fetch: &Fetch,
    back: &Back<'_>,
    pending: &Pending,
    now: Instant,
) -> Result<Vouched, Refusal> {
    let metadata = discovered(provider, fetch, (now, KNOWN_BACK))?;
    let page = metadata.userinfo_endpoint().map(|page| page.to_string());
    let client = client(provider, metadata)?;
    let http = |request: HttpRequest| fetch.call(request);
    let answer = client
        .exchange_code(AuthorizationCode::new(back.code.to_owned()))
        .map_err(|error| refuse::provider_unusable(&provider.name, &error.to_string()))?
        .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()))
        .request(&http)
        .map_err(|error| refuse::not_vouched(&chain(&error)))?;
    let token = answer
        .id_token()
        .ok_or_else(|| refuse::not_vouched("it has no ID token"))?;
    check(&client, token, answer.access_token(), &pending.nonce, now)?;
    let claims = Claims::of_token(&token.to_string());
    let claims = claims.ok_or_else(|| refuse::not_vouched("its claims cannot be read"))?;
    if let Some(wrong) = claims.wrong_times(now) {
        return Err(refuse::not_vouched(wrong));
    }
    let subject = claims.text("sub").unwrap_or("").to_owned();
    let lacks = claims.vouched_email().is_none() || claims.groups(&provider.groups).is_none();
    let more = match (page, lacks) {
        (Some(page), true) => asked(&page, fetch, answer.access_token(), &subject)?,
        _ => None,
    };
    let from = |look: &dyn Fn(&Claims) -> Option<String>| {
        look(&claims).or_else(|| more.as_ref().and_then(look))
    };
    let told = [Some(&claims), more.as_ref()].into_iter().flatten();
    let told: Vec<Vec<&str>> = told
        .filter_map(|one| one.groups(&provider.groups))
        .collect();
    Ok(Vouched {
        role: provider.role(&told.concat()),
        tells_groups: !told.is_empty(),
        name: from(&|claims| claims.text("name").map(str::to_owned)),
        email: from(&|claims| claims.vouched_email().map(str::to_owned)),
        subject,
    })
}

/// Signature, issuer, audience, nonce, and that the access token is the one it was made with.
fn check(
    client: &Client,
    token: &CoreIdToken,
    access: &AccessToken,
    nonce: &str,
    now: Instant,
) -> Result<(), Refusal> {
    // The library's clock is ours. A time that it could not read would be 1970, when nothing has
    // expired; `wrong_times` looks at the same claim on its own.
    let time = serde_json::Value::from(now.to_string());
    let verifier = client
        .id_token_verifier()
        .set_allowed_algs(SIGNATURES)
        .set_time_fn(move || serde_json::from_value(time.clone()).unwrap_or_default());
    let nonce = Nonce::new(nonce.to_owned());
    let claims = token
        .claims(&verifier, &nonce)
        .map_err(|error| refuse::not_vouched(&chain(&error)))?;
    let Some(expected) = claims.access_token_hash() else {
        return Ok(());
    };
    let given = token.signing_alg().and_then(|signature| {
        let key = token.signing_key(&verifier)?;
        Ok(AccessTokenHash::from_token(access, signature, key))
    });
    match given {
        Ok(Ok(given)) if given == *expected => Ok(()),
        _ => Err(refuse::not_vouched("its access token is another one's")),
    }
}

/// Asks the provider's page about the person, where the token says too little. The page must be
/// about the same one.
fn asked(
    page: &str,
    fetch: &Fetch,
    access: &AccessToken,
    subject: &str,
) -> Result<Option<Claims>, Refusal> {
    let request = openidconnect::http::Request::get(page)
        .header("authorization", format!("Bearer {}", access.secret()))
        .header("accept", "application/json")
        .body(Vec::new());
    let answer = request
        .map_err(io::Error::other)
        .and_then(|request| fetch.call(request));
    let answer = answer.map_err(|error| refuse::not_vouched(&error.to_string()))?;
    let status = answer.status();
    // One that cannot answer now would else be one that knows of no groups.
    if status.is_server_error() || status == 429 {
        let what = format!("its page about the person answered {status}");
        return Err(refuse::not_vouched(&what));
    }
    if !status.is_success() {
        return Ok(None);
    }
    match Claims::of_page(answer.body()) {
        Some(claims) if claims.text("sub") == Some(subject) => Ok(Some(claims)),
        Some(_) => Err(refuse::not_vouched(
            "its page about the person is about another",
        )),
        None => Ok(None),
    }
}
