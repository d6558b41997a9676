//! Certificates: read once, at the start.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use handfast_model::{Place, Refusal};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// Files of a certificate, in PEM.
#[derive(Clone, Debug)]
pub struct Files {
    /// The certificate and those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

/// What takes connections by TLS.
pub fn acceptor(files: &Files) -> Result<TlsAcceptor, Refusal> {
    let cannot = |path: &Path, why: String| {
        let place = Place {
            file: path.display().to_string(),
            line: 0,
            column: 0,
            width: 0,
            excerpt: String::new(),
        };
        Refusal::new("E0722", format!("the certificate cannot be used: {why}"))
            .at(place)
            .matters("nothing was served")
            .fix("give a certificate and its key as PEM files that this user may read")
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| cannot(&files.certificate, error.to_string()))?;
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| cannot(&files.key, error.to_string()))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| cannot(&files.certificate, error.to_string()))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}
