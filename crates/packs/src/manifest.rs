//! The text of a proposed `source.toml`.

use handfast_connect::sniff::{Layout, OnSheet};
use handfast_model::pack::Sheets;

use crate::choose::PersonText;
use crate::selects::{Drafted, literal, quoted};
use crate::understand::{Rows, Understood};

/// What stands in a manifest about one stream.
#[derive(Clone, Debug)]
pub struct StreamText {
    /// Its name.
    pub name: String,
    /// What its rows are.
    pub rows: Rows,
    /// Why.
    pub why: String,
    /// Patterns of file names.
    pub files: Vec<String>,
    /// How its files are written, where they are delimited text.
    pub layout: Option<Layout>,
    /// Where it stands in its workbook.
    pub on: Option<OnSheet>,
    /// The columns that name a row.
    pub key: Vec<String>,
    /// Why these.
    pub key_why: String,
    /// The source's own version.
    pub version: Option<String>,
    /// How it is known, or why there is none.
    pub version_why: String,
    /// Who the personal columns belong to.
    pub people: Option<PersonText>,
    /// Columns that stay in clear.
    pub safe: Vec<String>,
    /// Words that mean "nothing given".
    pub nulls: Vec<String>,
    /// Rows that sum up others: column, word, count.
    pub totals: Option<(String, String, u64)>,
    /// Lines below the table: the one column that is filled, and how their text begins.
    pub footers: Vec<(String, String)>,
    /// How lines of one field begin that stand below the table.
    pub below: Vec<String>,
    /// Other columns, which are blank in such a line.
    pub blanks: Vec<String>,
    /// Columns that tell the outcome, and how that shows.
    pub leaks: Vec<(String, String)>,
}

impl StreamText {
    /// What a file says of itself; the choices are still to be made.
    pub fn of(one: &Understood<'_>) -> StreamText {
        let found = one.found;
        let leaks = found.leaks.iter();
        StreamText {
            name: String::new(),
            rows: one.rows,
            why: one.why.clone(),
            files: Vec::new(),
            layout: found.layout.clone(),
            on: found.on.clone(),
            key: Vec::new(),
            key_why: String::new(),
            version: None,
            version_why: String::new(),
            people: None,
            safe: Vec::new(),
            nulls: found.nulls().into_iter().map(str::to_owned).collect(),
            totals: found.totals.clone(),
            footers: found.footers.clone(),
            below: found.below.clone(),
            blanks: found.columns.iter().map(|c| c.name.clone()).collect(),
            leaks: leaks
                .map(|leak| (leak.column.clone(), leak.why.clone()))
                .collect(),
        }
    }
}

/// Writes the manifest of a source.
pub fn text(
    source: &str,
    zone: &(String, String),
    currency: Option<&(String, String)>,
    streams: &[(&StreamText, &[Drafted])],
) -> String {
    let mut out = String::from(
        "# Proposed by `handfast source add` from the files themselves. Yours to edit:\n\
         # docs/guide/packs.md.\n",
    );
    out.push_str(&format!("source = {}\n", toml(source)));
    out.push_str(&format!("zone = {}  # {}\n", toml(&zone.0), line(&zone.1)));
    if let Some((code, why)) = currency {
        out.push_str(&format!("currency = {}  # {}\n", toml(code), line(why)));
    }
    for (stream, _) in streams {
        out.push_str(&stream_text(source, stream));
    }
    for (stream, selects) in streams {
        for select in *selects {
            out.push_str(&format!(
                "\n[[map]]\nstream = {}\nkind = {}\nfile = {}\n",
                toml(&stream.name),
                toml(select.kind),
                toml(&select.file)
            ));
        }
    }
    out
}

fn stream_text(source: &str, stream: &StreamText) -> String {
    let mut out = format!(
        "\n# {}: {}.\n[[stream]]\nname = {}\nfiles = {}\n",
        heading(stream.rows),
        line(&stream.why),
        toml(&stream.name),
        list(&stream.files)
    );
    out.push_str(&format!(
        "key = {}  # {}\n",
        list(&stream.key),
        line(&stream.key_why)
    ));
    match &stream.version {
        Some(version) => out.push_str(&format!(
            "version = {}  # {}\n",
            toml(version),
            line(&stream.version_why)
        )),
        None if !stream.version_why.is_empty() => {
            out.push_str(&format!("# no version: {}\n", line(&stream.version_why)));
        }
        None => {}
    }
    if matches!(stream.rows, Rows::Touch | Rows::History) {
        out.push_str("mode = \"events\"  # each row happened once\n");
    }
    if stream.rows == Rows::Reference {
        out.push_str("reference = true  # looked up by others; its rows give no facts\n");
    }
    out.push_str(&layout_text(stream.layout.as_ref()));
    out.push_str(&stream.on.as_ref().map(sheet_text).unwrap_or_default());
    if !stream.below.is_empty() {
        out.push_str(&format!(
            "footer = {}  # lines below the table, which are no rows\n",
            list(&stream.below)
        ));
    }
    if !stream.nulls.is_empty() {
        out.push_str(&format!(
            "nulls = {}  # written where nothing was given\n",
            list(&stream.nulls)
        ));
    }
    out.push_str(&people_text(source, stream));
    out.push_str(&ignore_text(stream));
    for (column, why) in &stream.leaks {
        out.push_str(&format!(
            "# `{}` tells the outcome: {}.\n",
            line(column),
            line(why)
        ));
    }
    out
}

/// Rules for lines that are no rows.
fn ignore_text(stream: &StreamText) -> String {
    let like = |column: &str, word: &str| {
        format!("{} LIKE {}", quoted(column), literal(&format!("{word}%")))
    };
    let rule =
        |name: &str, when: &str| format!("{{ name = {}, when = {} }}", toml(name), toml(when));
    let mut rules = Vec::new();
    let mut rows = 0;
    if let Some((column, word, count)) = &stream.totals {
        rules.push(rule("sums of other rows", &like(column, word)));
        rows += count;
    }
    // A row may begin so too, but says more.
    for (column, word) in &stream.footers {
        let others = stream.blanks.iter().filter(|name| *name != column);
        let blank = others
            .take(3)
            .map(|name| format!("NOT is_given({})", quoted(name)));
        let conditions: Vec<String> = std::iter::once(like(column, word)).chain(blank).collect();
        rules.push(rule("a line below the table", &conditions.join(" AND ")));
        rows += 1;
    }
    match rules.is_empty() {
        true => String::new(),
        false => format!("ignore = [{}]  # {rows} rows\n", rules.join(", ")),
    }
}

fn sheet_text(on: &OnSheet) -> String {
    let mut out = match &on.sheets {
        Sheets::First => String::new(),
        Sheets::Named(name) => format!("sheet = {}\n", toml(name)),
        Sheets::Nth(place) => format!("sheet = {place}\n"),
        Sheets::All => "sheet = \"*\"\n".to_owned(),
    };
    if on.skip_rows > 0 {
        out.push_str(&format!("skip_rows = {}\n", on.skip_rows));
    }
    if on.header_rows > 1 {
        out.push_str(&format!("header_rows = {}\n", on.header_rows));
    }
    out.push_str(&format!("# stands on: {}\n", line(&on.evidence.join("; "))));
    out
}

fn layout_text(layout: Option<&Layout>) -> String {
    let Some(layout) = layout else {
        return String::new();
    };
    let mut out = String::new();
    let evidence = line(&layout.evidence.join("; "));
    match layout.delimiter {
        // A row of values may hold more of another sign, a line of names hardly does.
        b',' if layout.header_rows > 0 => {}
        b'\t' => out.push_str("delimiter = \"tab\"\n"),
        byte => out.push_str(&format!(
            "delimiter = {}\n",
            toml(&char::from(byte).to_string())
        )),
    }
    if let Some(encoding) = layout.encoding {
        out.push_str(&format!("encoding = {}\n", toml(encoding)));
    }
    if layout.quote != b'"' {
        out.push_str(&format!(
            "quote = {}\n",
            toml(&char::from(layout.quote).to_string())
        ));
    }
    if layout.junk_rows > 0 {
        out.push_str(&format!("skip_rows = {}\n", layout.junk_rows));
    }
    if layout.header_rows != 1 {
        out.push_str(&format!("header_rows = {}\n", layout.header_rows));
    }
    out.push_str(&format!("# written: {evidence}\n"));
    out
}

fn people_text(source: &str, stream: &StreamText) -> String {
    let Some(people) = &stream.people else {
        return String::new();
    };
    let namespace = people.namespace.map(|_| {
        format!(
            ", namespace = {}",
            toml(&format!("{source}_{}", stream.name))
        )
    });
    let email = people
        .email
        .as_ref()
        .map(|email| format!(", email = {}", toml(email)));
    let mut out = format!(
        "people = [{{ column = {}{}{} }}]  # {}\n",
        toml(&people.column),
        namespace.unwrap_or_default(),
        email.unwrap_or_default(),
        line(&people.why)
    );
    out.push_str(
        "# Everything that is not listed here is sealed. What is listed cannot be erased later.\n",
    );
    out.push_str("safe = [\n");
    for column in &stream.safe {
        out.push_str(&format!("  {},\n", toml(column)));
    }
    out.push_str("]\n");
    out
}

/// Files that are known and hold no rows.
pub fn leave(pattern: &str) -> String {
    format!(
        "\n[[leave]]\nfiles = [{}]\nreason = \"describes the columns of the other files\"\n",
        toml(pattern)
    )
}

fn heading(rows: Rows) -> &'static str {
    match rows {
        Rows::Lead => "Leads, one row each",
        Rows::Deal => "Deals, one row each",
        Rows::Account => "Companies, one row each",
        Rows::History => "Steps from stage to stage",
        Rows::Touch => "Dated contacts",
        Rows::Spend => "Money spent",
        Rows::Link => "Who belongs to what",
        Rows::Rep => "Sellers, one row each",
        Rows::Campaign => "Campaigns, one row each",
        Rows::Reference => "A table to look things up in",
    }
}

/// A text as TOML writes it.
pub fn toml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Texts as a TOML list; a long one over several lines.
fn list(texts: &[String]) -> String {
    let items: Vec<String> = texts.iter().map(|text| toml(text)).collect();
    let short = format!("[{}]", items.join(", "));
    match short.len() {
        0..=90 => short,
        _ => format!("[\n  {},\n]", items.join(",\n  ")),
    }
}

/// A remark stays on its line.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
