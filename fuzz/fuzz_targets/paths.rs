#![no_main]

use handfast_fuzz::{files::read, forgive_others};

libfuzzer_sys::fuzz_target!(init: forgive_others(), |bytes: &[u8]| read("paths", bytes));
