//! The reference pages, printed from what they speak of: the arguments, the limits, the issues.

use clap::{Arg, Command};
use handfast_model::IssueCode;

/// Every command with its arguments, as `--help` has them.
pub fn commands(root: &Command) -> String {
    let mut page = "# Commands\n\nPrinted from the program; `handfast COMMAND --help` says the same. Exit codes: 0 answered, 1 \
                    refused (the message says what, where, why and how to mend it), 2 our fault.\n"
        .to_owned();
    for command in visible(root) {
        command_page(&mut page, "handfast", command);
    }
    page
}

/// The commands that are not hidden, `help` left out.
pub fn visible(command: &Command) -> impl Iterator<Item = &Command> {
    let inner = command.get_subcommands();
    inner.filter(|inner| !inner.is_hide_set() && inner.get_name() != "help")
}

/// The options and operands of a command that are its own.
pub fn arguments(command: &Command) -> impl Iterator<Item = &Arg> {
    let is_own =
        |arg: &&Arg| !arg.is_hide_set() && !["help", "version"].contains(&arg.get_id().as_str());
    command.get_arguments().filter(is_own)
}

fn command_page(page: &mut String, above: &str, command: &Command) {
    let name = format!("{above} {}", command.get_name());
    let about = command.get_about().map(ToString::to_string);
    page.push_str(&format!("\n## {name}\n\n{}\n", about.unwrap_or_default()));
    let rows: String = arguments(command).map(row).collect();
    if !rows.is_empty() {
        page.push_str(&format!("\n| | means | if absent |\n|---|---|---|\n{rows}"));
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string) {
        let lines = examples.lines().map(str::trim);
        let typed: Vec<&str> = lines.filter(|line| line.starts_with("handfast ")).collect();
        page.push_str(&format!("\n```console\n{}\n```\n", typed.join("\n")));
    }
    for inner in visible(command) {
        command_page(page, &name, inner);
    }
}

fn row(arg: &Arg) -> String {
    let values: Vec<String> = arg
        .get_value_names()
        .into_iter()
        .flatten()
        .map(|name| name.to_string().replace('|', "\\|"))
        .collect();
    let takes_value = arg.get_action().takes_values();
    let name = match arg.get_long() {
        Some(long) if takes_value => format!("`--{long} {}`", values.join(" ")),
        Some(long) => format!("`--{long}`"),
        None => format!("`{}`", values.join(" ")),
    };
    let mut means = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let choices: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| match value.get_help() {
            Some(help) => format!("`{}`: {help}", value.get_name()),
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !choices.is_empty() {
        means = format!("{means}<br>{}", choices.join("<br>"));
    }
    let absent = match arg.get_default_values() {
        _ if arg.is_required_set() => "required".to_owned(),
        [] => String::new(),
        _ if !takes_value => String::new(),
        values => {
            let values: Vec<_> = values.iter().map(|value| value.to_string_lossy()).collect();
            format!("`{}`", values.join(" "))
        }
    };
    format!("| {name} | {} | {absent} |\n", means.replace('|', "\\|"))
}

/// Every limit with its number, from the texts of `model/limits.rs` and `server/limits.rs`.
pub fn limits(all: &str, server: &str) -> String {
    let head = "| | limit | in the code |\n|---|---:|---|\n";
    format!(
        "# Limits\n\nEvery limit of the program. What exceeds one is met with a message that names it.\n\n\
         {head}{}\n## The server\n\nWhat it bears of requests before it says so, with the code that it says, or lets a connection go.\n\n\
         {head}{}",
        rows(all),
        rows(server)
    )
}

fn rows(source: &str) -> String {
    let mut page = String::new();
    let mut says = String::new();
    for line in source.lines() {
        if let Some(text) = line.strip_prefix("/// ") {
            says.push_str(if says.is_empty() { "" } else { " " });
            says.push_str(text);
        } else if let Some((name, rest)) = line
            .strip_prefix("pub const ")
            .and_then(|l| l.split_once(':'))
        {
            let value = rest.split_once('=').unwrap().1.trim().trim_end_matches(';');
            let lasting = |unit| value.strip_prefix(unit)?.strip_suffix(')');
            let seconds = lasting("Duration::from_secs(").map(|number| (number, " s"));
            let millis = || lasting("Duration::from_millis(").map(|number| (number, " ms"));
            let (value, unit) = seconds.or_else(millis).unwrap_or((value, ""));
            let number = grouped(evaluated(value).unwrap()) + unit;
            page.push_str(&format!(
                "| {} | {number} | `{name}` |\n",
                says.trim_end_matches('.')
            ));
            says.clear();
        } else {
            says.clear();
        }
    }
    page
}

/// A number, a shift or a product of two.
fn evaluated(text: &str) -> Option<u128> {
    let plain = |text: &str| text.trim().replace('_', "").parse::<u128>().ok();
    if let Some((number, by)) = text.split_once("<<") {
        return plain(number)?.checked_shl(by.trim().parse().ok()?);
    }
    text.split('*').map(plain).product()
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Every issue that can stand beside a number.
pub fn issues() -> String {
    let rows: String = IssueCode::ALL
        .into_iter()
        .map(|issue| {
            format!(
                "| {} | {} | {} |\n",
                issue.code(),
                issue.text(),
                issue.remedy()
            )
        })
        .collect();
    format!(
        "# Issues beside a number\n\nWhere facts contradict themselves, the answer says so under its table, with a code and how \
         often. They are counted as they stand; nothing is mended. `handfast explain W0101` says the same.\n\n\
         | code | means | what to do |\n|---|---|---|\n{rows}"
    )
}

/// A page for each metric, by file name, and one that lists them; from what `metric explain --all
/// --markdown` prints and the cases (path from the root, and text) that ask for each.
pub fn metrics(printed: &str, cases: &[(String, String)]) -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut list = "# Metrics\n\nPrinted from the definitions that ship; `handfast metric explain NAME` says the same, and with `--book` \
                    what a charter defines itself. [How to write one](../../guide/metrics.md).\n\n| metric | |\n|---|---|\n"
        .to_owned();
    let printed = format!("\n{printed}");
    let sections = printed.split("\n## ").skip(1).map(|section| {
        let (usage, text) = section.split_once('\n').unwrap_or((section, ""));
        (usage, usage.split([':', '[']).next().unwrap_or(usage), text)
    });
    let sections: Vec<(&str, &str, &str)> = sections.collect();
    for (usage, name, text) in &sections {
        let means = text
            .trim()
            .lines()
            .next()
            .unwrap_or("")
            .trim_end_matches('.');
        list.push_str(&format!("| [`{usage}`]({name}.md) | {means} |\n"));
        let mut page = format!("# {usage}\n\n{}\n", text.trim());
        let mut shown: Vec<String> = cases.iter().filter_map(|case| link(case, name)).collect();
        if shown.is_empty() {
            // A case of a formula lists who is counted in each of its measures.
            let wholes = sections
                .iter()
                .filter(|(.., text)| bases(text).contains(name));
            shown = wholes
                .flat_map(|(_, whole, _)| {
                    let links = cases.iter().filter_map(|case| link(case, whole));
                    links.map(move |link| format!("{link}, as a measure of `{whole}`"))
                })
                .collect();
        }
        if !shown.is_empty() {
            page.push_str(&format!("\n## Worked by hand\n\n{}\n", shown.join("\n")));
        }
        pages.push((format!("{name}.md"), page));
    }
    pages.push(("README.md".to_owned(), list));
    pages
}

/// The base measures of a formula's page.
fn bases(text: &str) -> Vec<&str> {
    text.lines().filter_map(base).collect()
}

fn base(line: &str) -> Option<&str> {
    let (own, rest) = line.strip_prefix("- `")?.split_once("`: ")?;
    let is_sign = |sign: char| sign.is_ascii_lowercase() || "_:{}".contains(sign);
    let of = rest.split_once(": ").map(|(of, _)| of);
    let of = of.filter(|of| of.chars().all(is_sign));
    of.unwrap_or(own).split(':').next()
}

/// A link to a case that asks for a metric.
fn link((path, text): &(String, String), metric: &str) -> Option<String> {
    let is_asked = text.lines().any(|line| {
        let rest = line
            .strip_prefix("metric ")
            .and_then(|rest| rest.strip_prefix(metric));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
    });
    let title = text.lines().next()?.trim_start_matches("# ");
    is_asked.then(|| format!("- [{title}](../../../{path})"))
}
