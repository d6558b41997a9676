//! Serving a book: opens it, listens, says where, and ends in good order.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use handfast_accounts::{Accounts, Call};
use handfast_ledger::Opening;
use handfast_model::Refusal;
use handfast_service::book::Book;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::apart::apart;
use crate::house::{House, Reached, Shared};
use crate::{limits, listen, routes, tls};

/// What is served, and how it is reached.
pub struct Options {
    /// The book's folder.
    pub book: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The certificate, where TLS ends here.
    pub tls: Option<tls::Files>,
    /// The proxy in front of it, which ends TLS and says where requests come from.
    pub proxy: Option<IpAddr>,
    /// Names by which requests may call the server besides its address.
    pub hosts: Vec<String>,
    /// Whose commits these will be.
    pub opening: Opening,
}

/// What whoever started the server should know.
pub struct Started {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its address in a browser.
    pub url: String,
    /// The token that makes the first owner, as long as there is none.
    pub set_up: Option<String>,
    /// Whether guests may look around.
    pub is_demo: bool,
}

/// Serves until the process is told to end or `until` is ready. `started` hears where.
pub fn serve(
    options: &Options,
    until: impl Future<Output = ()> + Send + 'static,
    started: impl FnOnce(&Started),
) -> Result<(), Refusal> {
    let is_local = options.listen.ip().is_loopback();
    if !is_local && options.tls.is_none() && options.proxy.is_none() {
        return Err(in_the_clear(options.listen));
    }
    let acceptor = options.tls.as_ref().map(tls::acceptor).transpose()?;
    let book = Book::open(&options.book, &options.opening)?;
    let people = Accounts::open(
        &options.book.join("data").join("people.db"),
        options.opening.now,
    )?;
    people.forget_claims()?;
    let runtime = Runtime::new().map_err(|error| cannot_listen(options.listen, &error))?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await;
        let listener = listener.map_err(|error| cannot_listen(options.listen, &error))?;
        let address = listener.local_addr();
        let address = address.map_err(|error| cannot_listen(options.listen, &error))?;
        let reached = reached(options, address);
        let scheme = if options.tls.is_some() {
            "https"
        } else {
            "http"
        };
        let is_demo = book.is_demo();
        let set_up = people.set_up_token(&Call::console(options.opening.now))?;
        let house = Arc::new(House::new(
            book,
            people,
            name(&options.book),
            is_demo,
            reached,
        ));
        house.publish()?;
        started(&Started {
            address,
            url: format!("{scheme}://{address}"),
            set_up: set_up.map(|token| token.expose().to_owned()),
            is_demo,
        });
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(publish(Arc::clone(&house), stopped.clone()));
        let app = routes::app(house);
        let door = listen::Door {
            tls: acceptor,
            proxy: options.proxy,
            app,
        };
        let served = tokio::spawn(listen::accept(listener, door, stopped));
        tokio::select! {
            () = told_to_end() => {}
            () = until => {}
        }
        let _ = stop.send(true);
        let _ = served.await;
        Ok(())
    });
    // A question that is still worked out holds nobody up: what it would have kept is a cache.
    runtime.shutdown_timeout(limits::GRACE);
    served
}

/// Lets pages see what was committed, now and then: often enough for people, seldom enough that
/// fifty of them share each answer.
async fn publish(house: Shared, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(limits::PUBLISHED);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|is_over| *is_over) => return,
        }
        let published = apart(&house, |house| Ok(house.publish()?)).await;
        if let Err(refused) = published {
            tracing::warn!(code = refused.refusal.code, "what is new cannot be read");
        }
    }
}

/// The names by which requests may call the server. One on this machine alone answers to nothing
/// but this machine's names: a page elsewhere could else lead a browser here by a name of its own.
fn reached(options: &Options, address: SocketAddr) -> Reached {
    let port = address.port();
    let mut hosts = options.hosts.clone();
    if address.ip().is_loopback() {
        let own = ["localhost", "127.0.0.1", "[::1]"];
        hosts.extend(own.iter().map(|name| format!("{name}:{port}")));
    }
    if !address.ip().is_loopback() && !hosts.is_empty() {
        hosts.push(address.to_string());
    }
    Reached {
        is_secure: options.tls.is_some() || options.proxy.is_some(),
        proxy: options.proxy,
        hosts,
    }
}

fn name(book: &Path) -> String {
    let whole = book.canonicalize().unwrap_or_else(|_| book.to_owned());
    let name = whole.file_name();
    name.map_or_else(
        || "book".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// The process is told to end: from the terminal, or by whoever looks after it.
async fn told_to_end() {
    let interrupted = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let kind = tokio::signal::unix::SignalKind::terminate();
        if let Ok(mut ended) = tokio::signal::unix::signal(kind) {
            tokio::select! {
                _ = interrupted => {}
                _ = ended.recv() => {}
            }
            return;
        }
    }
    let _ = interrupted.await;
}

fn in_the_clear(listen: SocketAddr) -> Refusal {
    let title = format!("{listen} is reached from other machines, and nothing is encrypted there");
    Refusal::new("E0720", title)
        .matters("passwords and personal data could be read on the way; nothing was served")
        .fix(
            "--tls-certificate FILE --tls-key FILE\n\
             or --behind-proxy ADDRESS, where a proxy in front of it ends TLS\n\
             or --listen 127.0.0.1:8181, for this machine alone",
        )
}

fn cannot_listen(listen: SocketAddr, error: &io::Error) -> Refusal {
    Refusal::new("E0721", format!("cannot listen on {listen}: {error}"))
        .matters("nothing was served")
        .fix("another port: --listen 127.0.0.1:8182, or --listen 127.0.0.1:0 for a free one")
}
