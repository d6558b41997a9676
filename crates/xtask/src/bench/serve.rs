//! The server under load, as people and programs use it: single reads at a fixed pace, then fifty
//! people who each have a dashboard open while events arrive, all from threads of this program on
//! the same machine. Every answer is read whole; one that is not 200 is counted apart.

mod http;

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use self::http::{Client, Who, number_of, text_of};
use super::cost::{Cost, high_water_kib, measure, processor_seconds};
use super::growth;
use super::inputs::Chance;
use super::page::{Ratio, Section, Wanted, number};
use super::{Bench, quietly, threads};

/// Touches of the book.
const TOUCHES: u64 = 10_000_000;
/// People with a dashboard.
const PEOPLE: usize = 50;
/// Single reads a second, and for how long.
const READS: u64 = 100;
const READING: Duration = Duration::from_secs(20);
/// How long people look at their dashboards before it is measured, and then.
const SETTLING: Duration = Duration::from_secs(20);
const LOOKING: Duration = Duration::from_secs(60);
/// Events of one request, and how long until the next one: 500 a second.
const BATCH: u64 = 50;
const BREATH: Duration = Duration::from_millis(100);
/// Of which so many are to be acknowledged: the last pause counts too.
const EVENTS: f64 = 495.0;
const PASSWORD: &str = "lamp orchard seventeen kettle";

/// What dashboards show, page by page.
const PAGES: [&[&str]; 5] = [
    &[
        "metric?of=won&by=month",
        "metric?of=revenue&by=month&currency=USD",
        "metric?of=win_rate&period=2024-Q3",
        "metric?of=leads_created&by=week&period=2024-Q3",
        "stale",
    ],
    &[
        "funnel?view=flow&by=month",
        "funnel?view=cohort&by=month",
        "funnel?view=snapshot",
        "velocity",
    ],
    &[
        "funnel?view=cohort&by=channel",
        "metric?of=win_rate&by=channel",
        "times",
        "metric?of=cycle_won&by=quarter",
    ],
    &[
        "credit?models=first,last,linear&by=channel",
        "credit?models=linear&by=month",
        "metric?of=revenue&by=channel&currency=USD",
    ],
    &[
        "bridge?period=2024-Q2",
        "metric?of=open_value",
        "metric?of=deals_created&by=quarter",
        "reasons",
    ],
];

/// What single reads ask: what every page asks first, and a figure.
const SINGLE: [&str; 4] = [
    "/api/v1/book",
    "/api/v1/session",
    "/api/v1/metrics",
    "/api/v1/ask/metric?of=won&by=month",
];

pub fn section(bench: &Bench) -> Result<Section, String> {
    let touches = bench.options.rows.unwrap_or(TOUCHES);
    let folder = bench.folder.join("serve");
    growth::write(&folder, touches).map_err(|error| format!("generated inputs: {error}"))?;
    quietly(&mut bench.handfast(&folder, &["init", "book", "--from", "example"]))?;
    let mut costs = Vec::new();
    for (what, words) in [
        (
            "import",
            &[
                "import",
                "book",
                "accounts.csv",
                "leads.csv",
                "touches.csv",
                "deals.csv",
            ][..],
        ),
        ("ask funnel, flow (derives all)", super::FLOW),
    ] {
        let command = || Ok(bench.handfast(&folder, words));
        costs.push(measure((what, Some(touches)), 1, &bench.folder, command)?);
    }
    let server = Server::start(bench, &folder)?;
    let people = server.people()?;
    let first = first_reads(&server, &people);
    let (reads, busy) = server.timed(|| single_reads(&server, &people));
    costs.push(server.cost("single reads", &reads, busy));
    let (dashboards, busy) = server.timed(|| dashboards(&server, &people, touches));
    let (looked, events) = dashboards?;
    costs.push(server.cost("dashboards", &looked, busy));
    let ratios = judged((&first, &reads, &looked), events);
    Ok(Section {
        title: "The server under load",
        about: format!(
            "The growth set's book of {} touches served to {PEOPLE} people, each with one of five \
             dashboards of three to five questions that it asks again whenever the page is turned; \
             single reads at {READS} a second before. Load and server share the machine's {} \
             processors. Rows are requests, seconds how long it went on.",
            number(touches as f64),
            threads()
        ),
        costs,
        ratios,
    })
}

fn judged(
    (first, reads, looked): (&Told, &Told, &Told),
    events: Result<f64, String>,
) -> Vec<Ratio> {
    let ms = |what: String, value: f64, wanted| Ratio {
        what,
        value,
        unit: " ms",
        wanted,
    };
    let mut ratios = vec![
        ms(
            "the first figure of a server that has just begun".to_owned(),
            first.percentile(100),
            Wanted::AtMost(3_000.0),
        ),
        ms(
            format!("p50 of single reads at {READS}/s"),
            reads.percentile(50),
            Wanted::Nothing,
        ),
        ms(
            format!("p99 of single reads at {READS}/s"),
            reads.percentile(99),
            Wanted::AtMost(200.0),
        ),
        ms(
            format!("p50 of {PEOPLE} dashboards"),
            looked.percentile(50),
            Wanted::AtMost(150.0),
        ),
        ms(
            format!("p99 of {PEOPLE} dashboards"),
            looked.percentile(99),
            Wanted::AtMost(1_000.0),
        ),
        Ratio {
            what: "answers that were none".to_owned(),
            value: (first.failed + reads.failed + looked.failed) as f64,
            unit: "",
            wanted: Wanted::AtMost(0.0),
        },
    ];
    ratios.push(match events {
        Ok(rate) => Ratio {
            what: "events acknowledged a second, of 500 sent".to_owned(),
            value: rate,
            unit: "",
            wanted: Wanted::AtLeast(EVENTS),
        },
        Err(why) => Ratio {
            what: format!("events (none arrived: {why})"),
            value: 0.0,
            unit: "",
            wanted: Wanted::AtLeast(EVENTS),
        },
    });
    ratios
}

/// How long requests took.
#[derive(Default)]
struct Told {
    /// In milliseconds.
    took: Vec<f64>,
    failed: u64,
    seconds: f64,
}

impl Told {
    fn add(&mut self, other: Told) {
        self.took.extend(other.took);
        self.failed += other.failed;
    }

    fn percentile(&self, of: usize) -> f64 {
        let mut took = self.took.clone();
        took.sort_by(f64::total_cmp);
        let place = (took.len() * of).div_ceil(100).saturating_sub(1);
        took.get(place).copied().unwrap_or(f64::NAN)
    }

    /// Asks once and writes down how long it took.
    fn ask(&mut self, client: &mut Client, path: &str) -> Option<String> {
        let began = Instant::now();
        let sent = client.get(path);
        self.took.push(began.elapsed().as_secs_f64() * 1_000.0);
        match sent {
            Ok(sent) if sent.status == 200 => Some(sent.body),
            Ok(sent) => self.fail(&format!("{path}: {} {}", sent.status, sent.body)),
            Err(why) => self.fail(&why),
        }
    }

    fn fail(&mut self, why: &str) -> Option<String> {
        if self.failed == 0 {
            eprintln!("    {}", why.chars().take(300).collect::<String>());
        }
        self.failed += 1;
        None
    }
}

/// A running server; it ends with the bench.
struct Server {
    child: Child,
    address: String,
    /// Makes the first owner.
    token: String,
}

impl Server {
    fn start(bench: &Bench, folder: &std::path::Path) -> Result<Server, String> {
        let mut command = bench.handfast(folder, &["serve", "book", "--listen", "127.0.0.1:0"]);
        command.env("HANDFAST_LOG", "error").stdout(Stdio::null());
        let mut child = command
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("serve: {error}"))?;
        let said = child.stderr.take().ok_or("serve says nothing")?;
        let mut server = Server {
            child,
            address: String::new(),
            token: String::new(),
        };
        let mut lines = BufReader::new(said).lines().map_while(Result::ok);
        for line in lines.by_ref() {
            if let Some(address) = line.strip_prefix("serving at http://") {
                server.address = address.to_owned();
            }
            if line.trim().starts_with("hfs_") {
                server.token = line.trim().to_owned();
            }
            if line.contains("Ctrl-C ends it") {
                break;
            }
        }
        // What else it says must not fill the pipe.
        thread::spawn(move || lines.for_each(drop));
        match server.address.is_empty() || server.token.is_empty() {
            true => Err("serve: it does not say where, or has an owner already".to_owned()),
            false => Ok(server),
        }
    }

    fn client(&self, who: Who) -> Client {
        Client::new(&self.address, who)
    }

    /// Signs in an owner and whoever looks at dashboards; the owner is the first.
    fn people(&self) -> Result<Vec<Who>, String> {
        let mut nobody = self.client(Who::Nobody);
        let token = &self.token;
        let body = format!(
            "{{\"token\":\"{token}\",\"name\":\"Owner\",\"email\":\"owner@firm.example\",\
             \"password\":\"{PASSWORD}\"}}"
        );
        let owner = session(nobody.post("/api/v1/setup", &body)?)?;
        let mut owners = self.client(owner.clone());
        let mut people = vec![owner];
        for at in 0..PEOPLE {
            let body = format!(
                "{{\"name\":\"Person {at}\",\"email\":\"person{at}@firm.example\",\
                 \"role\":\"viewer\"}}"
            );
            let invited = owners.post("/api/v1/people", &body)?;
            let token = text_of(&invited.body, "token").ok_or(invited.body)?;
            let body = format!("{{\"token\":\"{token}\",\"password\":\"{PASSWORD}\"}}");
            people.push(session(nobody.post("/api/v1/invitations/accept", &body)?)?);
        }
        Ok(people)
    }

    /// Does something; gives the processor seconds that the server took for it.
    fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, Option<f64>) {
        let before = processor_seconds(self.child.id());
        let done = work();
        let after = processor_seconds(self.child.id());
        (
            done,
            before.zip(after).map(|(before, after)| after - before),
        )
    }

    fn cost(&self, what: &str, told: &Told, busy: Option<f64>) -> Cost {
        Cost {
            what: what.to_owned(),
            rows: Some(told.took.len() as u64),
            seconds: vec![told.seconds],
            worked: busy.into_iter().collect(),
            peak_mib: high_water_kib(self.child.id()).map(|kib| kib / 1_024),
            said: Vec::new(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // What it held is thrown away with the folder.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn session(sent: http::Sent) -> Result<Who, String> {
    match sent.cookie {
        Some(cookie) if sent.status == 200 => Ok(Who::Session(cookie)),
        _ => Err(format!(
            "nobody was signed in: {} {}",
            sent.status, sent.body
        )),
    }
}

/// The first read of each kind, which opens the book; the longest is how long a cold start takes.
fn first_reads(server: &Server, people: &[Who]) -> Told {
    let mut told = Told::default();
    for who in people.iter().take(1) {
        let mut client = server.client(who.clone());
        SINGLE
            .iter()
            .for_each(|path| _ = told.ask(&mut client, path));
    }
    told
}

/// Reads at a fixed pace, whatever the answers take: a read that begins late counts from when it
/// was due.
fn single_reads(server: &Server, people: &[Who]) -> Told {
    let next = Arc::new(AtomicU64::new(0));
    let began = Instant::now();
    let reader = |who: &Who| {
        let mut client = server.client(who.clone());
        let next = Arc::clone(&next);
        move || {
            let mut told = Told::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let due = Duration::from_micros(number * 1_000_000 / READS);
                if due > READING {
                    return told;
                }
                thread::sleep(due.saturating_sub(began.elapsed()));
                let late = began.elapsed().saturating_sub(due).as_secs_f64() * 1_000.0;
                let path = SINGLE.get(number as usize % SINGLE.len());
                told.ask(&mut client, path.unwrap_or(&"/api/v1/book"));
                if let Some(took) = told.took.last_mut() {
                    *took += late;
                }
            }
        }
    };
    let mut told = all(people.iter().take(16).map(reader));
    told.seconds = began.elapsed().as_secs_f64();
    told
}

/// Everybody looks at a dashboard, for a while before it is measured; events arrive meanwhile.
fn dashboards(
    server: &Server,
    people: &[Who],
    touches: u64,
) -> Result<(Told, Result<f64, String>), String> {
    let is_over = Arc::new(AtomicBool::new(false));
    let (owner, viewers) = people.split_first().ok_or("nobody is there")?;
    let sender = sender(server, owner, touches, Arc::clone(&is_over));
    let began = Instant::now();
    let looker = |(at, who): (usize, &Who)| {
        let client = server.client(who.clone());
        let page = PAGES.get(at % PAGES.len()).copied().unwrap_or_default();
        move || look(client, page, (at as u64, began))
    };
    let mut told = all(viewers.iter().enumerate().map(looker));
    told.seconds = LOOKING.as_secs_f64();
    is_over.store(true, Ordering::Relaxed);
    let sent = sender.join();
    let sent = sent.unwrap_or_else(|_| Err("the sender panicked".to_owned()));
    Ok((told, sent))
}

/// One person: looks whether the page was turned every second or two, and then asks again for all
/// that it shows.
fn look(mut client: Client, page: &[&str], (seed, began): (u64, Instant)) -> Told {
    let mut chance = Chance::seeded(seed + 1);
    let (mut told, mut seen) = (Told::default(), None);
    while began.elapsed() < SETTLING + LOOKING {
        if began.elapsed() < SETTLING {
            // Nobody counts what is not there yet.
            told = Told::default();
        }
        let book = told.ask(&mut client, "/api/v1/book");
        let published = book.and_then(|book| number_of(&book, "published"));
        // Now and then somebody opens the page anew.
        if published != seen || chance.below(10) == 0 {
            seen = published;
            for question in page {
                told.ask(&mut client, &format!("/api/v1/ask/{question}"));
            }
        }
        thread::sleep(Duration::from_millis(1_000 + chance.below(1_000)));
    }
    told
}

/// Sends events until it is over; gives how many a second were acknowledged.
fn sender(
    server: &Server,
    owner: &Who,
    touches: u64,
    is_over: Arc<AtomicBool>,
) -> thread::JoinHandle<Result<f64, String>> {
    let mut owners = server.client(owner.clone());
    let mut client = server.client(Who::Nobody);
    thread::spawn(move || {
        let body = "{\"source\":\"bench\",\"name\":\"load\"}";
        let key = owners.post("/api/v1/keys", body)?;
        let key = text_of(&key.body, "secret").ok_or(key.body)?;
        client.who = Who::Key(key);
        let (began, mut sent, mut due) = (Instant::now(), 0, Duration::ZERO);
        let leads = (touches / 10).max(1);
        let mut chance = Chance::seeded(7);
        while !is_over.load(Ordering::Relaxed) {
            let events = (0..BATCH).map(|at| event(touches + sent + at, leads, &mut chance));
            let events: Vec<String> = events.collect();
            let body = format!("{{\"batch\":[{}]}}", events.join(","));
            let answer = client.post("/api/v1/events", &body)?;
            if answer.status != 200 {
                return Err(format!("{} {}", answer.status, answer.body));
            }
            sent += BATCH;
            due += BREATH;
            thread::sleep(due.saturating_sub(began.elapsed()));
        }
        Ok(sent as f64 / began.elapsed().as_secs_f64())
    })
}

/// A touch as a program sends it, of the day before the sources' last.
fn event(id: u64, leads: u64, chance: &mut Chance) -> String {
    let lead = chance.below(leads);
    let second = chance.below(86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!(
        "{{\"message_id\":\"m{id}\",\"stream\":\"touches\",\"touch_id\":\"T{id}\",\
         \"lead_id\":\"L{lead}\",\"kind\":\"page_view\",\"medium\":\"email\",\
         \"at\":\"2024-12-30T{hour:02}:{minute:02}:{second:02}Z\"}}"
    )
}

/// Everybody at once; all that they found.
fn all<F: FnOnce() -> Told + Send>(work: impl Iterator<Item = F>) -> Told {
    let mut told = Told::default();
    thread::scope(|scope| {
        let all: Vec<_> = work.map(|one| scope.spawn(one)).collect();
        for one in all {
            if let Ok(found) = one.join() {
                told.add(found);
            }
        }
    });
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_is_the_time_that_so_many_of_a_hundred_took_at_most() {
        let told = Told {
            took: (1..=200).rev().map(f64::from).collect(),
            ..Told::default()
        };
        assert_eq!(told.percentile(50), 100.0);
        assert_eq!(told.percentile(99), 198.0);
        assert!(Told::default().percentile(50).is_nan());
    }
}
