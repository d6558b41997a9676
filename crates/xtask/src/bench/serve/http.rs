//! As much of HTTP/1.1 as a load generator needs: one connection that is kept, one request at a
//! time, answers with a length or in chunks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A client takes nobody's word for how long an answer is.
const MOST: usize = 64 << 20;
/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(150);

/// A connection that is kept.
pub struct Client {
    address: String,
    open: Option<BufReader<TcpStream>>,
    /// What the browser holds, or the header of a key.
    pub who: Who,
}

/// As whom requests are sent.
#[derive(Clone, Debug)]
pub enum Who {
    Nobody,
    /// A cookie.
    Session(String),
    /// A bearer's secret.
    Key(String),
}

/// What came back.
pub struct Sent {
    pub status: u16,
    /// What the browser is to keep.
    pub cookie: Option<String>,
    pub body: String,
}

impl Client {
    /// A client of a server at `host:port`; it connects with its first request.
    pub fn new(address: &str, who: Who) -> Client {
        Client {
            address: address.to_owned(),
            open: None,
            who,
        }
    }

    pub fn get(&mut self, path: &str) -> Result<Sent, String> {
        self.send("GET", path, "")
    }

    pub fn post(&mut self, path: &str, body: &str) -> Result<Sent, String> {
        self.send("POST", path, body)
    }

    /// Sends a request; over a new connection where the server has ended the one before.
    fn send(&mut self, method: &str, path: &str, body: &str) -> Result<Sent, String> {
        let was_open = self.open.is_some();
        let text = self.request(method, path, body);
        match self.once(&text) {
            Err(_) if was_open => {
                self.open = None;
                self.once(&text)
            }
            sent => sent,
        }
        .map_err(|why| format!("{method} {path}: {why}"))
    }

    fn request(&self, method: &str, path: &str, body: &str) -> String {
        let who = match &self.who {
            Who::Nobody => String::new(),
            Who::Session(cookie) => format!("cookie: {cookie}\r\n"),
            Who::Key(secret) => format!("authorization: Bearer {secret}\r\n"),
        };
        let (address, length) = (&self.address, body.len());
        format!(
            "{method} {path} HTTP/1.1\r\nhost: {address}\r\norigin: http://{address}\r\n{who}\
             content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        )
    }

    fn once(&mut self, request: &str) -> Result<Sent, String> {
        let sent = self.exchange(request);
        if sent.is_err() {
            self.open = None;
        }
        sent.map_err(|error| error.to_string())
    }

    fn exchange(&mut self, request: &str) -> std::io::Result<Sent> {
        let stream = match self.open.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                BufReader::new(stream)
            }
        };
        let stream = self.open.insert(stream);
        stream.get_mut().write_all(request.as_bytes())?;
        let head = head(stream)?;
        let body = match head.length {
            Some(length) => {
                let mut body = vec![0; length.min(MOST)];
                stream.read_exact(&mut body)?;
                body
            }
            None => chunks(stream)?,
        };
        if head.is_last {
            self.open = None;
        }
        Ok(Sent {
            status: head.status,
            cookie: head.cookie,
            body: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

struct Head {
    status: u16,
    cookie: Option<String>,
    /// `None` where the body comes in chunks.
    length: Option<usize>,
    is_last: bool,
}

fn head(from: &mut impl BufRead) -> std::io::Result<Head> {
    let status = line(from)?;
    let status = status.split(' ').nth(1).and_then(|word| word.parse().ok());
    let mut head = Head {
        status: status.ok_or_else(|| strange("no status"))?,
        cookie: None,
        length: Some(0),
        is_last: false,
    };
    loop {
        let line = line(from)?;
        if line.is_empty() {
            return Ok(head);
        }
        let (name, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.length = value.parse().ok(),
            "transfer-encoding" if value == "chunked" => head.length = None,
            "connection" => head.is_last = value.eq_ignore_ascii_case("close"),
            "set-cookie" => head.cookie = value.split(';').next().map(str::to_owned),
            _ => {}
        }
    }
}

fn chunks(from: &mut impl BufRead) -> std::io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(from)?;
        let size = size.split(';').next().unwrap_or_default().trim();
        let size =
            usize::from_str_radix(size, 16).map_err(|_| strange("a chunk without a size"))?;
        if size == 0 {
            // No trailers are sent.
            line(from)?;
            return Ok(body);
        }
        if body.len() + size > MOST {
            return Err(strange("an answer that is too long"));
        }
        let before = body.len();
        body.resize(before + size, 0);
        from.read_exact(body.get_mut(before..).unwrap_or_default())?;
        line(from)?;
    }
}

fn line(from: &mut impl BufRead) -> std::io::Result<String> {
    let mut line = String::new();
    match from.read_line(&mut line)? {
        0 => Err(strange("the connection was closed")),
        _ => Ok(line.trim_end().to_owned()),
    }
}

fn strange(what: &str) -> std::io::Error {
    std::io::Error::other(what.to_owned())
}

/// A text of a JSON object by its name, of our own answers, whose names are told apart by it.
pub fn text_of(json: &str, name: &str) -> Option<String> {
    let at = json.find(&format!("\"{name}\":\""))?;
    let rest = json.get(at + name.len() + 4..)?;
    rest.split('"').next().map(str::to_owned)
}

/// A number of a JSON object by its name.
pub fn number_of(json: &str, name: &str) -> Option<u64> {
    let at = json.find(&format!("\"{name}\":"))?;
    let rest = json.get(at + name.len() + 3..)?;
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_whole_whether_they_have_a_length_or_come_in_chunks() {
        let told = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nset-cookie: a=b; HttpOnly\r\n\r\nhello";
        let mut from = told.as_bytes();
        let found = head(&mut from).unwrap();
        assert_eq!((found.status, found.length), (200, Some(5)));
        assert_eq!(found.cookie.as_deref(), Some("a=b"));
        let told =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
        let mut from = told.as_bytes();
        assert_eq!(head(&mut from).unwrap().length, None);
        assert_eq!(chunks(&mut from).unwrap(), b"hello");
        assert!(from.is_empty());
    }

    #[test]
    fn fields_are_found_by_their_names() {
        let json = r#"{"seq":12,"published":7,"charter":{"hash":"blake3:ab"}}"#;
        assert_eq!(number_of(json, "published"), Some(7));
        assert_eq!(text_of(json, "hash").as_deref(), Some("blake3:ab"));
        assert_eq!(number_of(json, "nothing"), None);
    }
}
