//! `handfast serve`: the book for browsers and programs.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use handfast_model::Refusal;
use handfast_server::{Bounds, Logs, Options, Started, TlsFiles, provider_secret, serve};

use crate::args::Serve;
use crate::args::serve::LogArg;

/// Serves until it is told to end.
pub fn run(args: &Serve) -> Result<ExitCode, Refusal> {
    match args.log {
        LogArg::Text => Logs::Text.begin(),
        LogArg::Json => Logs::Json.begin(),
    }
    let tls = args.tls_certificate.clone().zip(args.tls_key.clone());
    let said = std::env::var("HANDFAST_PROVIDER_SECRET").ok();
    let options = Options {
        provider_secret: provider_secret(args.provider_secret.as_deref(), said)?,
        tls: tls.map(|(certificate, key)| TlsFiles { certificate, key }),
        proxy: args.behind_proxy,
        hosts: args.hosts.clone(),
        bounds: bounds(args),
        ..of(&args.book, args.listen)
    };
    serve(&options, std::future::pending(), tell)?;
    // Whoever started it may have stopped reading.
    let _ = writeln!(
        io::stderr(),
        "ended; everything that was acknowledged is on the disk"
    );
    Ok(ExitCode::SUCCESS)
}

/// Serves the demo's book.
pub fn demo(book: &Path, listen: SocketAddr) -> Result<ExitCode, Refusal> {
    Logs::Text.begin();
    serve(&of(book, listen), std::future::pending(), tell)?;
    Ok(ExitCode::SUCCESS)
}

/// What one question may take, as said or as ever.
fn bounds(args: &Serve) -> Bounds {
    let said = args.memory.map(|mib| mib.saturating_mul(1 << 20));
    Bounds {
        deadline: Duration::from_secs(args.deadline),
        memory: said.or(Bounds::default().memory),
    }
}

fn of(book: &Path, listen: SocketAddr) -> Options {
    Options {
        book: book.to_owned(),
        listen,
        tls: None,
        proxy: None,
        hosts: Vec::new(),
        bounds: Bounds::default(),
        provider_secret: None,
        opening: super::opening(),
    }
}

/// Where it is, and how to come in.
fn tell(started: &Started) {
    eprintln!("\nserving at {}", started.url);
    if started.is_demo {
        eprintln!("  its company is invented: anybody who reaches it may look around as a guest");
    }
    if let Some(token) = &started.set_up {
        eprintln!(
            "  nobody owns it yet. Open {}/setup and give this token, once:\n  {token}",
            started.url
        );
    }
    eprintln!("  Ctrl-C ends it\n");
}
