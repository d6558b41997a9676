//! Serving a book: opens it, listens, says where, and ends in good order.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use handfast_accounts::{Accounts, Call, Secret, Settings};
use handfast_ledger::Opening;
use handfast_model::Refusal;
use handfast_model::question::AsOf;
use handfast_service::book::Book;
use handfast_service::checks;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

use crate::again;
use crate::apart::apart;
use crate::company::Company;
use crate::house::{House, Reached, Shared};
use crate::problem::ours;
use crate::room::Bounds;
use crate::{answers, limits, listen, routes, tls};

/// How often what has ended is cleared away, in microseconds: five minutes.
const SWEEP: i64 = 300_000_000;

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
    /// What one question may take.
    pub bounds: Bounds,
    /// What the company's provider of sign-ins knows this server by.
    pub provider_secret: Option<Secret>,
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
    let (book, people, company) = rooms(options)?;
    let cannot = |error| cannot_listen(options.listen, &error);
    let runtime = Runtime::new().map_err(cannot)?;
    let served = runtime.block_on(async {
        let listener = TcpListener::bind(options.listen).await.map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let set_up = people.set_up_token(&Call::console(options.opening.now))?;
        let reached = reached(options, address);
        let is_demo = book.is_demo();
        let reached = (reached, options.bounds);
        let mut house = House::new(book, people, name(&options.book), is_demo, reached);
        house.company = company;
        house.uploads.clear();
        let house = Arc::new(house);
        again::end_cut_off(&house)?;
        house.publish()?;
        started(&Started {
            address,
            url: url(options, address),
            set_up: set_up.map(|token| token.expose().to_owned()),
            is_demo,
        });
        let (stop, stopped) = watch::channel(false);
        let mut caring = tokio::spawn(look_after(Arc::clone(&house), stopped.clone()));
        let own = Arc::clone(&house);
        let door = listen::Door {
            places: limits::CONNECTIONS,
            tls: acceptor,
            proxy: options.proxy,
            app: routes::app(house),
        };
        let mut served = tokio::spawn(listen::accept(listener, door, stopped));
        // Neither of the two ends before it is told to: whoever watches over us begins anew.
        tokio::select! {
            () = told_to_end() => {}
            () = until => {}
            _ = &mut caring => return Err(ours::fault().refusal),
            _ = &mut served => return Err(ours::fault().refusal),
        }
        own.is_ending.store(true, Ordering::Release);
        let _ = stop.send(true);
        // An import ends after its batch, whatever else is under way.
        own.jobs.stop_all();
        let _ = served.await;
        Ok(())
    });
    // A question that is still worked out holds nobody up: what it would have kept is a cache.
    runtime.shutdown_timeout(limits::GRACE);
    served
}

/// Its address in a browser on this machine.
fn url(options: &Options, address: SocketAddr) -> String {
    let is_tls = options.tls.is_some();
    let scheme = if is_tls { "https" } else { "http" };
    format!("{scheme}://{address}")
}

/// What is served: the book, its people, and the company's provider where the book names one.
fn rooms(options: &Options) -> Result<(Book, Accounts, Option<Company>), Refusal> {
    // Its whole path: what refusals say of it is hidden from whoever asks by HTTP.
    let folder = options.book.canonicalize();
    let folder = folder.unwrap_or_else(|_| options.book.clone());
    let book = Book::open(&folder, &options.opening)?;
    let named = book.sign_in()?;
    let company = named.map(|named| Company::of(named, options.provider_secret.clone()));
    let company = company.transpose()?;
    // What the company is called is nobody's password; its charter knows, or the folder's name.
    let charter = book.charter(AsOf::Latest, None);
    let settings = Settings {
        company: charter.map_or_else(|_| name(&options.book), |(charter, _)| charter.name),
        ..Settings::default()
    };
    let file = folder.join("data").join("people.db");
    let people = Accounts::open_with(&file, options.opening.now, settings)?;
    Ok((book, people, company))
}

/// Turns pages to what was committed, now and then: often enough for people, seldom enough that
/// fifty of them share each answer. What they will ask for is derived before. What has ended of
/// sessions and links is cleared away too.
async fn look_after(house: Shared, mut stop: watch::Receiver<bool>) {
    let mut ticks = tokio::time::interval(limits::PUBLISHED);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut swept = house.now();
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            _ = stop.wait_for(|is_over| *is_over) => return,
        }
        let now = house.now();
        let is_due = now.0.saturating_sub(swept.0) >= SWEEP;
        swept = if is_due { now } else { swept };
        let prepared = apart(&house, move |house| {
            if is_due {
                house.people.sweep(now)?;
                house.uploads.sweep(now)?;
            }
            Ok(house.prepare()?)
        });
        match prepared.await {
            Ok(Some(next)) => answers::turn(&house, next).await,
            Ok(None) => {}
            Err(refused) => {
                tracing::warn!(code = refused.refusal.code, "what is new cannot be derived");
                // Whoever asks is told why.
                let _ = apart(&house, |house| Ok(house.publish()?)).await;
            }
        }
        end_events(&house).await;
    }
}

/// Ends an import of events that has gone on for long, or whose pack is another now: the next event
/// begins one anew.
async fn end_events(house: &Shared) {
    let is_due = apart(house, |house| Ok(house.inlet.is_due(&house.book))).await;
    if is_due.unwrap_or(false) {
        // Where something else has the way in, this is tried again with the next tick.
        drop(house.inlet.alone().await);
        // As after every import; what does not hold is written down and marks answers.
        let looked = apart(house, |house| Ok(checks::after_commit(&house.book)));
        for line in looked.await.iter().flat_map(checks::lines) {
            tracing::error!("{line}");
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Ipv4Addr, TcpStream};
    use std::sync::mpsc;

    use tokio::sync::oneshot;

    use super::*;
    use crate::house::tests::{begun, opening};

    #[test]
    fn whoever_asks_whether_the_server_is_ready_is_told_that_it_ends() {
        let dir = begun();
        let options = Options {
            book: dir.path().join("book"),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            tls: None,
            proxy: None,
            hosts: Vec::new(),
            bounds: Bounds::default(),
            provider_secret: None,
            opening: opening(),
        };
        let ((tell, told), (end, ended)) = (mpsc::channel(), oneshot::channel::<()>());
        let server = std::thread::spawn(move || {
            let until = async { _ = ended.await };
            serve(&options, until, |started| {
                tell.send(started.address).unwrap();
            })
        });
        let address = told.recv().unwrap();
        let connect = || TcpStream::connect(address);
        let begin = |mut stream: &TcpStream| stream.write_all(b"GET /readyz HTTP/1.1\r\n");
        let ask = |mut stream: TcpStream| {
            let rest = format!("host: {address}\r\nconnection: close\r\n\r\n");
            stream.write_all(rest.as_bytes()).unwrap();
            let mut answer = String::new();
            stream.read_to_string(&mut answer).unwrap();
            answer
        };
        // Connections are taken in their order: once the second is answered, the first is in, and
        // its request has begun.
        let (first, second) = (connect().unwrap(), connect().unwrap());
        begin(&first).unwrap();
        begin(&second).unwrap();
        let second = ask(second);
        assert!(second.starts_with("HTTP/1.1 200 "), "{second}");
        end.send(()).unwrap();
        while connect().is_ok() {}
        let told = ask(first);
        assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
        server.join().unwrap().unwrap();
    }
}
