//! What a code means and how to mend it: `handfast explain CODE`, and `/errors/CODE` of a server.

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
            "{code}: {}\n\nIt stands beside a number; the number is not mended.\n\n{}\n\n\
             handfast ask health --book BOOK tells how much revenue rests on it.\n",
            issue.text(),
            issue.remedy()
        ));
    }
    Err(
        Refusal::new("E0501", format!("there is no code `{code}`")).fix(
            "copy the code from the message: E01… charter and packs, E02… the book, E03… files \
         and their mapping, E04… questions, E05… commands, E06… people and rights; W… stands \
         beside a number",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_issue_says_what_to_do() {
        for issue in IssueCode::ALL {
            let page = explain(issue.code()).unwrap_or_default();
            assert!(issue.remedy().len() > 30, "{issue:?}");
            assert!(page.contains(issue.remedy()), "{page}");
        }
    }
}
