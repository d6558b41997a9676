//! What is typed behind `handfast serve`.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use handfast_model::limits;

#[derive(Args)]
pub struct Serve {
    /// The book's folder. No other command writes it meanwhile; any may read.
    pub book: PathBuf,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8181")]
    pub listen: SocketAddr,
    /// The certificate and those that vouch for it, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_certificate: Option<PathBuf>,
    /// The certificate's private key, as PEM.
    #[arg(long, value_name = "FILE", requires = "tls_certificate")]
    pub tls_key: Option<PathBuf>,
    /// The proxy in front of it, which ends TLS: what that says of where requests come from is
    /// believed.
    #[arg(long, value_name = "ADDRESS")]
    pub behind_proxy: Option<IpAddr>,
    /// A name, with its port where it has one, by which browsers call it; may be repeated.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// Longest time that one question is worked on; then it ends and says what to ask instead.
    #[arg(long, value_name = "SECONDS", default_value_t = limits::QUESTION_SECONDS)]
    pub deadline: u64,
    /// Most memory that the server may hold while it works on a question, in MiB; a question that
    /// would take more ends and says what to ask instead. Else three quarters of the machine's, or
    /// of its group's.
    #[arg(long, value_name = "MIB")]
    pub memory: Option<u64>,
    /// What the company's provider of sign-ins knows this server by: the secret of the client that
    /// handfast.toml names under [sign_in]. HANDFAST_PROVIDER_SECRET may say it instead.
    #[arg(long, value_name = "FILE")]
    pub provider_secret: Option<PathBuf>,
    /// How log lines are written.
    #[arg(long, value_enum, default_value = "text")]
    pub log: LogArg,
}

/// How log lines are written.
#[derive(Clone, Copy, ValueEnum)]
pub enum LogArg {
    Text,
    Json,
}
