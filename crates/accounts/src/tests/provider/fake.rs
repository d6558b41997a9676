//! A provider in this process: a function from requests to answers that signs what it is told.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreHmacKey, CoreJwsSigningAlgorithm as Signature,
};
use openidconnect::{HttpRequest, HttpResponse, JsonWebKeyId, PrivateSigningKey, http};
use serde_json::{Value, json};

use crate::provider::{Fetch, Provider};
use crate::secret::hash;
use crate::{Role, Secret};

pub(super) const ISSUER: &str = "https://id.example.org";

/// What this book knows of the provider.
pub(super) fn provider() -> Provider {
    Provider {
        name: "company".into(),
        issuer: ISSUER.into(),
        client: "handfast".into(),
        secret: Some(Secret::new("client-secret")),
        back: "https://figures.example.org/api/v1/session/company".into(),
        scopes: vec!["email".into(), "groups".into()],
        groups: "groups".into(),
        roles: vec![
            ("growth".into(), Role::Marketing),
            ("revenue".into(), Role::Sales),
        ],
        otherwise: None,
    }
}

/// Who signs a token.
pub(super) enum Signer {
    Provider,
    Other,
    Secret(Vec<u8>),
    Nobody,
}

fn key(seed: u8) -> CoreEdDsaPrivateSigningKey {
    let mut der = vec![
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ];
    der.extend([seed; 32]);
    let text = base64(&der, b"+/");
    let lines = format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----\n");
    let kid = Some(JsonWebKeyId::new("k".into()));
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(&lines, kid).unwrap()
}

fn base64(bytes: &[u8], last: &[u8; 2]) -> String {
    let letter = |six: u32| match six {
        0..=25 => b'A' + six as u8,
        26..=51 => b'a' + (six - 26) as u8,
        52..=61 => b'0' + (six - 52) as u8,
        62 => last[0],
        _ => last[1],
    };
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let held = (0..3).fold(0, |held, at| {
            held << 8 | u32::from(*three.get(at).unwrap_or(&0))
        });
        for at in 0..=three.len() {
            text.push(char::from(letter(held >> (18 - 6 * at) & 63)));
        }
    }
    let is_padded = last == b"+/";
    while is_padded && !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// A public key in the bytes that the provider shows of it.
pub(super) fn public_key() -> Vec<u8> {
    serde_json::to_vec(&key(1).as_verification_key()).unwrap()
}

/// A token in three parts.
pub(super) fn signed(header: &Value, claims: &Value, signer: &Signer) -> String {
    let part = |value: &Value| base64(value.to_string().as_bytes(), b"-_");
    let text = format!("{}.{}", part(header), part(claims));
    let signature = match signer {
        Signer::Provider => key(1).sign(&Signature::EdDsa, text.as_bytes()).unwrap(),
        Signer::Other => key(2).sign(&Signature::EdDsa, text.as_bytes()).unwrap(),
        Signer::Secret(secret) => {
            let key = CoreHmacKey::new(secret.clone());
            key.sign(&Signature::HmacSha256, text.as_bytes()).unwrap()
        }
        Signer::Nobody => Vec::new(),
    };
    format!("{text}.{}", base64(&signature, b"-_"))
}

/// What the provider says at this moment.
struct State {
    metadata: Value,
    challenge: String,
    token: String,
    page: Option<Value>,
    takes_codes: bool,
}

#[derive(Clone)]
pub(super) struct Fake(Arc<Mutex<State>>);

impl Fake {
    pub fn new() -> Fake {
        let metadata = json!({
            "issuer": ISSUER,
            "authorization_endpoint": format!("{ISSUER}/authorize"),
            "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/jwks"),
            "userinfo_endpoint": format!("{ISSUER}/me"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA", "RS256"],
        });
        Fake(Arc::new(Mutex::new(State {
            metadata,
            challenge: String::new(),
            token: String::new(),
            page: None,
            takes_codes: true,
        })))
    }

    pub fn answer_with(&self, challenge: &str, token: String) {
        let mut state = self.0.lock().unwrap();
        state.challenge = challenge.to_owned();
        state.token = token;
    }

    pub fn page(&self, page: Value) {
        self.0.lock().unwrap().page = Some(page);
    }

    pub fn take_codes(&self, takes_codes: bool) {
        self.0.lock().unwrap().takes_codes = takes_codes;
    }

    pub fn say(&self, field: &str, value: &str) {
        self.0.lock().unwrap().metadata[field] = json!(value);
    }

    pub fn fetch(&self) -> Fetch {
        let fake = self.clone();
        Fetch::by(move |request| Ok(fake.answer(&request)))
    }

    /// The same, and how often it was asked.
    pub fn counting(&self, count: Arc<AtomicUsize>) -> Fetch {
        let fake = self.clone();
        Fetch::by(move |request| {
            count.fetch_add(1, Ordering::Relaxed);
            Ok(fake.answer(&request))
        })
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let state = self.0.lock().unwrap();
        match request.uri().path() {
            "/.well-known/openid-configuration" => say(200, &state.metadata),
            "/jwks" => {
                let keys = [key(1).as_verification_key()];
                say(200, &json!({ "keys": keys }))
            }
            "/token" => state.token(request),
            "/me" => match &state.page {
                Some(page) => say(200, page),
                None => say(404, &json!({})),
            },
            _ => say(404, &json!({})),
        }
    }
}

impl State {
    /// Gives the token for the code and the proof of whoever began, as RFC 7636 has it.
    fn token(&self, request: &HttpRequest) -> HttpResponse {
        let form = openidconnect::url::form_urlencoded::parse(request.body());
        let form: BTreeMap<String, String> = form.into_owned().collect();
        let proof = base64(&hash(form["code_verifier"].as_bytes()), b"-_");
        let is_client = request.headers().contains_key("authorization");
        let is_fit = form["code"] == "the-code" && proof == self.challenge && is_client;
        if !is_fit || !self.takes_codes {
            return say(400, &json!({"error": "invalid_grant"}));
        }
        let answer = json!({
            "access_token": "an access token",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.token,
        });
        say(200, &answer)
    }
}

fn say(status: u16, value: &Value) -> HttpResponse {
    let answer = http::Response::builder()
        .status(status)
        .header("content-type", "application/json")
        .body(value.to_string().into_bytes());
    answer.map_err(io::Error::other).unwrap()
}
