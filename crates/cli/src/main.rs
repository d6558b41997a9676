//! The `handfast` binary: the one place that knows every door. Parsing, printing and wiring only;
//! "now" is read here, once per command.

mod args;
mod commands;
mod progress;
mod table;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;
use handfast_model::Refusal;

use args::{Cli, Command};

// Mistakes that are planted for the tests are in nothing that people run.
const _: () = assert!(!handfast_model::planted::ARE_BUGS_PLANTED);

fn main() -> ExitCode {
    // A test says with how many threads; a released binary takes as many as there are cores.
    #[cfg(debug_assertions)]
    if let Some(count) = std::env::var("HANDFAST_THREADS")
        .ok()
        .and_then(|said| said.parse().ok())
    {
        handfast_model::threads::say(count);
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { 1 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    // How a worker dies is told by who started it.
    if matches!(cli.command, Command::MapWorker) {
        return handfast_engine::worker::worker_main();
    }
    match catch_unwind(AssertUnwindSafe(|| run(cli.command))) {
        Ok(Ok(code)) => code,
        Ok(Err(refusal)) => {
            eprintln!("{refusal}");
            ExitCode::from(1)
        }
        Err(_) => {
            eprintln!("{FAULT}");
            ExitCode::from(2)
        }
    }
}

/// What is said under the place of a fault of ours.
const FAULT: &str = concat!(
    "fault: this is a defect of handfast ",
    env!("CARGO_PKG_VERSION"),
    ", not of your input\n",
    "  matters: there is no answer; what an import had committed before is kept, the rest is not\n",
    "  fix:     please send the lines above and what you typed, without personal data, as an issue",
);

fn run(command: Command) -> Result<ExitCode, Refusal> {
    // Tests ask for a fault by name; a released binary knows none.
    #[cfg(debug_assertions)]
    if std::env::var_os("HANDFAST_FAULT").is_some() {
        std::panic::resume_unwind(Box::new("a fault that a test asked for"));
    }
    match command {
        Command::Demo {
            dir,
            seed,
            serve,
            listen,
        } => commands::demo::run(&dir, seed, serve.then_some(listen)),
        Command::Serve(serve) => commands::serve::run(&serve),
        Command::Init { book, from } => commands::book::init(&book, from.as_deref()),
        Command::Import(import) => commands::import::run(&import),
        Command::Source { action } => commands::source::run(&action),
        Command::Ask(ask) => commands::ask::run(&ask),
        Command::Charter { action } => commands::charter::run(&action),
        Command::Deal { action } => commands::deal::run(&action),
        Command::Signer { action } => commands::agree::signer(&action),
        Command::Metric { action } => commands::metric::run(&action),
        Command::Passport { action } => commands::passport::run(&action),
        Command::Period { action } => commands::period::run(&action),
        Command::Meet { action } => commands::meet::run(&action),
        Command::Identity { action } => commands::identity::run(&action),
        Command::Verify { book } => commands::book::verify(&book),
        Command::Forget {
            book,
            keys,
            namespace,
            dry_run,
            yes,
        } => commands::person::forget(&book, &keys, namespace.as_deref(), (dry_run, yes)),
        Command::Export {
            book,
            person,
            namespace,
            to,
        } => commands::person::export(&book, &person, namespace.as_deref(), &to),
        Command::Backup { book, to, keys } => commands::book::backup(&book, &to, &keys),
        Command::Restore {
            from,
            book,
            keys,
            forgotten_in,
        } => commands::book::restore(&from, &book, &keys, forgotten_in.as_deref()),
        Command::Compact { book } => commands::book::compact(&book),
        Command::Explain { code } => {
            handfast_service::explain::explain(&code).and_then(|page| print(&page))
        }
        Command::MapWorker => Ok(handfast_engine::worker::worker_main()),
    }
}

/// Writes the answer to stdout. A reader that hung up (`| head`) is no fault of ours.
pub fn print(text: &str) -> Result<ExitCode, Refusal> {
    let mut out = std::io::stdout().lock();
    let end = if text.ends_with('\n') { "" } else { "\n" };
    match out
        .write_all(text.as_bytes())
        .and_then(|()| out.write_all(end.as_bytes()))
        .and_then(|()| out.flush())
    {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        Err(error) => Err(Refusal::new(
            "E0502",
            format!("the answer could not be written: {error}"),
        )
        .fix("check the disk or the program that reads it")),
    }
}
