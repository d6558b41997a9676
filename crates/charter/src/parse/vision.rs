//! `vision.md`: what all of this is for, in the teams' own words. It is read by people; nothing of
//! it is counted, and what is signed holds it to the letter.

use handfast_model::{Refusal, limits};

use crate::fields::{MISSING, OUT_OF_RANGE};
use crate::place::Desk;

/// Its name in a charter's folder.
pub(crate) const FILE: &str = "vision.md";

/// The text; an empty one says nothing, and one that is too long is read by nobody.
pub(super) fn vision(desk: &mut Desk<'_>, file: Option<usize>) -> Option<String> {
    let files = desk.files;
    let file = files.get(file?)?;
    if file.text.len() > limits::VISION_BYTES {
        let title = format!(
            "`{FILE}` has {} bytes, and at most {} are read",
            file.text.len(),
            limits::VISION_BYTES
        );
        let refusal = Refusal::new(OUT_OF_RANGE, title)
            .matters("it is the first page of the charter")
            .fix("say it shorter, and link what is longer");
        desk.refuse_file(&file.path, refusal);
        return None;
    }
    if file.text.trim().is_empty() {
        let refusal = Refusal::new(MISSING, format!("`{FILE}` says nothing"))
            .matters("the first page of the charter would be empty")
            .fix("write what the two teams are there for, or take the file out");
        desk.refuse_file(&file.path, refusal);
        return None;
    }
    Some(file.text.clone())
}
