//! The public contract: versioned JSON of questions and answers, and the same as CSV and as a
//! workbook. It knows the shapes and nothing of how figures come to be; it rests on `model` alone.

pub mod csv;
pub mod shown;
pub mod v1;
pub mod xlsx;
