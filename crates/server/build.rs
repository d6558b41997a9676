//! Compiles the server anew when the application was built anew. The folder is made where nobody
//! built it yet, since cargo takes a missing one for a changed one, every time.

use std::path::Path;

fn main() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    let _ = std::fs::create_dir_all(&built);
    println!("cargo:rerun-if-changed={}", built.display());
    println!("cargo:rerun-if-changed=build.rs");
}
