//! The road to a provider: a small blocking client that follows no redirect, waits ten seconds,
//! takes at most a mebibyte and speaks TLS to everybody who is not this very machine.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use handfast_model::Instant;
use openidconnect::core::CoreProviderMetadata;
use openidconnect::{HttpRequest, HttpResponse, http};

/// Longest answer of a provider, in bytes.
const MOST_BYTES: u64 = 1 << 20;
const SECONDS: u64 = 10;

type Run = dyn Fn(HttpRequest) -> io::Result<HttpResponse> + Send + Sync;

/// How requests reach a provider, and what it said of itself last.
pub struct Fetch {
    run: Box<Run>,
    known: Mutex<Option<Known>>,
}

struct Known {
    issuer: String,
    at: Instant,
    metadata: CoreProviderMetadata,
}

impl Fetch {
    /// By the network.
    pub fn network() -> Fetch {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            // A redirect could lead a request with the client's secret elsewhere.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(SECONDS)))
            .build();
        let agent = ureq::Agent::new_with_config(config);
        Fetch::by(move |request| over(&agent, request))
    }

    /// By something else, as a test.
    pub fn by(
        run: impl Fn(HttpRequest) -> io::Result<HttpResponse> + Send + Sync + 'static,
    ) -> Fetch {
        Fetch {
            run: Box::new(run),
            known: Mutex::default(),
        }
    }

    /// What this issuer has said of itself since then.
    pub(super) fn known(&self, issuer: &str, since: Instant) -> Option<CoreProviderMetadata> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        (known.issuer == issuer && known.at >= since).then(|| known.metadata.clone())
    }

    pub(super) fn keep(&self, issuer: &str, at: Instant, metadata: &CoreProviderMetadata) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(Known {
            issuer: issuer.to_owned(),
            at,
            metadata: metadata.clone(),
        });
    }

    pub(super) fn call(&self, request: HttpRequest) -> io::Result<HttpResponse> {
        if !is_safe(request.uri()) {
            let what = format!("{} is not https", request.uri());
            return Err(io::Error::other(what));
        }
        (self.run)(request)
    }
}

/// Secrets go over TLS, or do not leave the machine.
fn is_safe(uri: &http::Uri) -> bool {
    let host = uri.host().unwrap_or("");
    let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => is_here,
        _ => false,
    }
}

fn over(agent: &ureq::Agent, request: HttpRequest) -> io::Result<HttpResponse> {
    let answer = match *request.method() == http::Method::GET {
        true => agent.run(request.map(|_| ())),
        false => agent.run(request),
    };
    let (parts, mut body) = answer.map_err(io::Error::other)?.into_parts();
    let limited = body.with_config().limit(MOST_BYTES);
    let bytes = limited.read_to_vec().map_err(io::Error::other)?;
    Ok(HttpResponse::from_parts(parts, bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_leave_the_machine_over_tls_only() {
        let is_safe = |uri: &str| is_safe(&uri.parse().unwrap());
        for safe in [
            "https://id.example.org/x",
            "http://127.0.0.1:99/x",
            "http://[::1]/",
            "http://localhost/",
        ] {
            assert!(is_safe(safe), "{safe}");
        }
        for open in [
            "http://id.example.org/x",
            "http://127.0.0.1.example.org/",
            "ftp://localhost/",
            "/x",
        ] {
            assert!(!is_safe(open), "{open}");
        }
    }
}
