//! The accept loop: who may connect, how long they may take, and how it ends. `axum::serve` sets
//! no timer on heads, so a handful of slow clients would hold it for ever; this one lets go.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{IpAddr, Shutdown, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::limits;
use crate::pace::{Paced, Watched};

/// Where a request came from: the other end of its connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// How many connections an address has.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A place among the connections; given back when dropped.
struct Place {
    address: IpAddr,
    addresses: Addresses,
    _permit: OwnedSemaphorePermit,
}

impl Addresses {
    /// Counts one more of an address, unless it has as many as one may have.
    fn enter(&self, address: IpAddr) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = all.entry(address).or_insert(0);
        let is_free = *count < limits::CONNECTIONS_PER_ADDRESS;
        *count += usize::from(is_free);
        is_free
    }

    fn leave(&self, address: IpAddr) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                all.remove(&address);
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.addresses.leave(self.address);
    }
}

/// What connections lead to.
pub struct Door {
    /// Connections at once.
    pub places: usize,
    /// What ends TLS, where it ends here.
    pub tls: Option<TlsAcceptor>,
    /// The proxy in front of it: all its connections come from one address, which has no cap.
    pub proxy: Option<IpAddr>,
    /// What answers requests.
    pub app: Router,
}

/// Serves until `stop` says so, then lets what is under way end.
pub async fn accept(listener: TcpListener, door: Door, mut stop: watch::Receiver<bool>) {
    let free = Arc::new(Semaphore::new(door.places));
    let addresses = Addresses::default();
    let mut open = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|is_over| *is_over) => break,
            Some(_) = open.join_next() => continue,
        };
        let Ok((stream, peer)) = accepted else {
            // No more files, or the client left already: others may be luckier in a moment.
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            continue;
        };
        let Ok(permit) = Arc::clone(&free).try_acquire_owned() else {
            turn_away(stream, &door, "all its connections are taken");
            continue;
        };
        let is_proxy = door.proxy == Some(peer.ip().to_canonical());
        if !addresses.enter(peer.ip()) && !is_proxy {
            turn_away(
                stream,
                &door,
                "your address has as many connections as one may have",
            );
            continue;
        }
        let place = Place {
            address: peer.ip(),
            addresses: addresses.clone(),
            _permit: permit,
        };
        let (tls, app, stop) = (door.tls.clone(), door.app.clone(), stop.clone());
        open.spawn(async move {
            let _place = place;
            connection(stream, tls, (app, Peer(peer)), stop).await;
        });
    }
    drop(listener);
    let all = async { while open.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(limits::GRACE, all).await;
}

/// Says why there is no place, and closes. Whoever comes by TLS is closed without a word: a
/// handshake costs more than it is worth to somebody whom we do not serve. Nothing here waits for
/// them: an answer that does not fit into an empty buffer is none.
fn turn_away(stream: TcpStream, door: &Door, why: &str) {
    if door.tls.is_some() {
        return;
    }
    let Ok(mut stream) = stream.into_std() else {
        return;
    };
    let body = format!("not served: {why}; close some, or try again in a moment\n");
    let answer = format!(
        "HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\n\
         content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    // What lies unread when a connection is closed may cost them the answer.
    let _ = stream.read(&mut [0; 4_096]);
    let _ = stream.write(answer.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
}

async fn connection(
    stream: TcpStream,
    tls: Option<TlsAcceptor>,
    (app, peer): (Router, Peer),
    stop: watch::Receiver<bool>,
) {
    let _ = stream.set_nodelay(true);
    // What nobody takes is thrown away with the connection: else the system keeps it for them, and
    // they do not see that it has ended.
    let give_up = |stream: &TcpStream| _ = stream.set_zero_linger();
    let stream = Watched::new(stream, limits::WRITE, give_up);
    match tls {
        None => requests(stream, (app, peer), stop).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = tokio::time::timeout(limits::HEAD, tls.accept(stream)).await {
                requests(stream, (app, peer), stop).await;
            }
        }
    }
}

/// The requests of one connection, one after the other.
async fn requests<S>(stream: S, (app, peer): (Router, Peer), mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |request: Request<Incoming>| {
        let app = app.clone();
        async move {
            let mut request = request.map(|body| Body::new(Paced::new(body)));
            request.extensions_mut().insert(peer);
            let answer = app.oneshot(request).await;
            answer.map_err(|never: Infallible| never)
        }
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(limits::HEAD)
        .max_headers(limits::HEADERS)
        .max_header_size(limits::HEAD_BYTES)
        .half_close(false);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|is_over| *is_over) => connection.as_mut().graceful_shutdown(),
    }
    // What a client does wrong on its own connection is nobody else's business.
    let _ = connection.await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_its_places_and_gets_them_back() {
        let addresses = Addresses::default();
        let one: IpAddr = "127.0.0.1".parse().unwrap();
        let other: IpAddr = "127.0.0.2".parse().unwrap();
        for _ in 0..limits::CONNECTIONS_PER_ADDRESS {
            assert!(addresses.enter(one));
        }
        assert!(!addresses.enter(one));
        assert!(addresses.enter(other));
        addresses.leave(one);
        assert!(addresses.enter(one));
    }

    #[test]
    fn whoever_comes_when_all_places_are_taken_is_told_so_and_later_served() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/", axum::routing::get(async || "here"));
        let door = Door {
            places: 1,
            tls: None,
            proxy: None,
            app,
        };
        let (_stop, stopped) = watch::channel(false);
        runtime.spawn(accept(listener, door, stopped));
        let ask = || {
            let mut stream = std::net::TcpStream::connect(address).unwrap();
            let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let mut answer = Vec::new();
            let _ = stream.read_to_end(&mut answer);
            String::from_utf8_lossy(&answer).into_owned()
        };
        let mut first = std::net::TcpStream::connect(address).unwrap();
        first
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        let mut begun = [0; 12];
        first.read_exact(&mut begun).unwrap();
        assert_eq!(&begun, b"HTTP/1.1 200");
        let told = ask();
        assert!(told.starts_with("HTTP/1.1 503 "), "{told}");
        assert!(told.contains("\r\nretry-after: 1\r\n"), "{told}");
        assert!(told.contains("all its connections are taken"), "{told}");
        drop(first);
        let mut answers = (0..100_000).map(|_| ask());
        assert!(answers.any(|answer| answer.starts_with("HTTP/1.1 200 ")));
    }
}
