//! `handfast explain CODE`: what a code means and how to mend it.

use handfast_model::{IssueCode, Refusal};

/// The pages of `errors/`, by code.
const PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/errors.rs"));

/// The page of a refusal, or the meaning of a warning.
pub fn explain(code: &str) -> Result<String, Refusal> {
    let code = code.trim().to_uppercase();
    if let Some((_, page)) = PAGES.iter().find(|(known, _)| *known == code) {
        return Ok(page.to_string());
    }
    if let Some(issue) = IssueCode::ALL
        .into_iter()
        .find(|issue| issue.code() == code)
    {
        return Ok(format!(
            "{code}: {}\n\nIt stands beside a number; the number is not mended.\n",
            issue.text()
        ));
    }
    let known: Vec<&str> = PAGES.iter().map(|(code, _)| *code).collect();
    Err(
        Refusal::new("E0501", format!("there is no code `{code}`")).fix(format!(
            "codes begin with E (refused) or W (beside a number); E codes: {}",
            known.join(" ")
        )),
    )
}
