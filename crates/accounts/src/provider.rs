//! Sign-in by a company's own provider (OpenID Connect): code, PKCE, state and nonce; the
//! provider's signature, issuer and audience are checked exactly, and who somebody is here hangs
//! on issuer and subject, never on an e-mail.
//!
//! A sign-in that was begun is kept for ten minutes, works once, and only in the browser that
//! began it.

use std::io;

use handfast_model::rules::Side;
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
use rusqlite::{OptionalExtension, Transaction, params};

use crate::actor::{Actor, Call, Person, PersonId};
use crate::audit::Deed;
use crate::people::{NewPerson, add, find, folded, has_other_owner, keep, log_change};
use crate::rights::Role;
use crate::secret::{Secret, is_same};
use crate::sessions::{SignedIn, end_all};
use crate::store::Fault;
use crate::{Accounts, MINUTE, refuse};

mod claims;
mod fetch;

use claims::Claims;
pub use fetch::Fetch;

/// How long a begun sign-in is kept.
const KEPT: i64 = 10 * MINUTE;
/// Most begun sign-ins at a time.
const MOST: i64 = 1_000;
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
    person: Option<PersonId>,
    place: String,
}

/// What a provider says of somebody, once everything about it is checked.
struct Vouched {
    subject: String,
    name: Option<String>,
    email: Option<String>,
    role: Option<Role>,
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
        let person = match purpose {
            Purpose::SignIn => None,
            Purpose::Link(Actor::Person { person, .. }) => Some(person.id.clone()),
            Purpose::Link(_) => return Err(refuse::sign_in_first()),
            Purpose::Invitation(token) => Some(self.link_of(token, call)?.id),
        };
        let secret = || self.chance.secret("");
        let (state, browser, verifier, nonce) = (secret()?, secret()?, secret()?, secret()?);
        let client = client(provider, discovered(provider, fetch)?)?;
        let proof = PkceCodeVerifier::new(verifier.expose().to_owned());
        let (sent, said) = (state.expose().to_owned(), nonce.expose().to_owned());
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(sent),
                move || Nonce::new(said),
            )
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&proof));
        for scope in &provider.scopes {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        let (address, ..) = request.url();
        self.store.write(|act| {
            act.execute("DELETE FROM pending WHERE until <= ?1", [call.now.0])?;
            let count: i64 = act.query_row("SELECT count(*) FROM pending", [], |row| row.get(0))?;
            if count >= MOST {
                return Err(refuse::busy().into());
            }
            let sql = "INSERT INTO pending (state, browser, provider, verifier, nonce, person, \
                       place, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
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
                    call.now.0.saturating_add(KEPT)
                ],
            )?;
            Ok(())
        })?;
        Ok(Begun {
            address: address.to_string(),
            browser,
        })
    }

    /// Ends a sign-in that a browser came back from. Whatever is wrong, it is over.
    pub fn arrive(
        &self,
        call: &Call<'_>,
        (provider, fetch): (&Provider, &Fetch),
        back: &Back<'_>,
    ) -> Result<Arrived, Refusal> {
        let pending = self.take_pending(call, provider, back)?;
        let vouched = match vouched(provider, fetch, back, &pending, call.now) {
            Ok(vouched) => vouched,
            Err(refusal) => return self.refused(call, provider, refusal),
        };
        let id = PersonId(self.chance.id()?);
        let given = self.enter(call, back.device, |act| {
            let known = known(act, provider, &vouched.subject)?;
            let (person, word) = match (known, &pending.person) {
                (Some(known), Some(person)) if known != *person => {
                    return Err(refuse::bound_elsewhere().into());
                }
                (Some(known), _) => (find(act, &known)?, "session.opened"),
                (None, Some(person)) => {
                    act.execute("DELETE FROM links WHERE person = ?1", [&person.0])?;
                    (find(act, person)?, "person.linked")
                }
                (None, None) => (newcomer(act, &id, &vouched, call.now)?, "person.joined"),
            };
            if person.is_disabled {
                return Err(refuse::does_not_fit().into());
            }
            bind(act, provider, &vouched.subject, &person.id)?;
            if !provider.roles.is_empty() {
                follow(act, call, &person, vouched.role)?;
            }
            Ok((person, word))
        });
        match given {
            Ok(signed_in) => Ok(Arrived {
                signed_in,
                place: pending.place,
            }),
            Err(refusal) => self.refused(call, provider, refusal),
        }
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
                       browser, provider, verifier, nonce, person, place, until, state";
            let found = act
                .prepare_cached(sql)?
                .query_row([state.as_slice()], |row| {
                    let browser: Vec<u8> = row.get(0)?;
                    let name: String = row.get(1)?;
                    let person: Option<String> = row.get(4)?;
                    let pending = Pending {
                        verifier: row.get(2)?,
                        nonce: row.get(3)?,
                        person: person.map(PersonId),
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

fn discovered(provider: &Provider, fetch: &Fetch) -> Result<CoreProviderMetadata, Refusal> {
    let unusable = |what: String| refuse::provider_unusable(&provider.name, &what);
    let issuer = IssuerUrl::new(provider.issuer.clone());
    let issuer = issuer.map_err(|error| unusable(format!("its issuer is no address: {error}")))?;
    let http = |request: HttpRequest| fetch.call(request);
    CoreProviderMetadata::discover(&issuer, &http).map_err(|error| unusable(chain(&error)))
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
    let metadata = discovered(provider, fetch)?;
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
    let lacks = claims.vouched_email().is_none() || !claims.has(&provider.groups);
    let more = match (page, lacks) {
        (Some(page), true) => asked(&page, fetch, answer.access_token(), &subject)?,
        _ => None,
    };
    let from = |look: &dyn Fn(&Claims) -> Option<String>| {
        look(&claims).or_else(|| more.as_ref().and_then(look))
    };
    let told = [Some(&claims), more.as_ref()].into_iter().flatten();
    let groups: Vec<&str> = told.flat_map(|one| one.groups(&provider.groups)).collect();
    Ok(Vouched {
        role: provider.role(&groups),
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
    if !answer.status().is_success() {
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

fn known(
    act: &Transaction<'_>,
    provider: &Provider,
    subject: &str,
) -> Result<Option<PersonId>, Fault> {
    let sql = "SELECT person FROM identities WHERE issuer = ?1 AND subject = ?2";
    let found = act
        .prepare_cached(sql)?
        .query_row([&provider.issuer, subject], |row| row.get(0));
    Ok(found.optional()?.map(PersonId))
}

fn bind(
    act: &Transaction<'_>,
    provider: &Provider,
    subject: &str,
    id: &PersonId,
) -> Result<(), Fault> {
    let sql = "INSERT INTO identities (issuer, subject, person) VALUES (?1, ?2, ?3) \
               ON CONFLICT (issuer, subject) DO NOTHING";
    act.execute(sql, params![provider.issuer, subject, id.0])?;
    Ok(())
}

/// Somebody whom nobody invited: let in where their groups give a role, under an e-mail that the
/// provider vouches for and that nobody here has. An e-mail alone never opens what is another's.
fn newcomer(
    act: &Transaction<'_>,
    id: &PersonId,
    vouched: &Vouched,
    now: Instant,
) -> Result<Person, Fault> {
    let role = vouched.role.ok_or_else(refuse::no_role)?;
    let email = vouched.email.as_deref().ok_or_else(refuse::no_email)?;
    let sql = "SELECT 1 FROM people WHERE folded = ?1";
    if act.prepare_cached(sql)?.exists([folded(email)])? {
        return Err(refuse::email_of_another().into());
    }
    let new = NewPerson {
        name: vouched.name.as_deref().unwrap_or(email).to_owned(),
        email: email.to_owned(),
        role,
        sides: sides_of(role),
        teams: Vec::new(),
    };
    add(act, id, &new, now)
}

fn sides_of(role: Role) -> Vec<Side> {
    match role {
        Role::Marketing => vec![Side::Marketing],
        Role::Sales => vec![Side::Sales],
        _ => Vec::new(),
    }
}

/// Gives somebody the role that their groups have now; the last owner stays one.
fn follow(
    act: &Transaction<'_>,
    call: &Call<'_>,
    person: &Person,
    role: Option<Role>,
) -> Result<(), Fault> {
    let role = role.ok_or_else(refuse::no_role)?;
    let stays = person.role == Role::Owner && !has_other_owner(act, &person.id)?;
    if role == person.role || stays {
        return Ok(());
    }
    let mut after = person.clone();
    after.role = role;
    after.sides = sides_of(role);
    keep(act, &after)?;
    end_all(act, &person.id, None)?;
    log_change(act, &Actor::Stranger, call, person, &after)
}
