//! File systems of their own, which some tests need: of memory, to be filled, and on a loop device,
//! to cut the power of. They are tried before the tests, as the tests try them: being root is not
//! enough in many a container, and what a passing test says of itself is kept by its runner.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What can be mounted, and the tests that are left out where it cannot.
const KINDS: [(&str, &str); 2] = [
    ("memory", "DISKS ARE NOT FILLED"),
    ("image", "NO POWER IS CUT"),
];

/// The kinds that can be mounted here, as `HANDFAST_MOUNTS` takes them: a test of one of them that
/// cannot mount it all the same fails. Says aloud which tests are left out, and why.
pub fn possible() -> String {
    let is_possible = |(kind, tests): &&(&str, &str)| match tried(kind) {
        Ok(()) => true,
        Err(why) => {
            eprintln!("\nSKIPPED: {tests} by these tests: {why}");
            eprintln!("         They need root on Linux, and in a container leave to mount.");
            false
        }
    };
    let kinds = KINDS.iter().filter(is_possible).map(|(kind, _)| *kind);
    kinds.collect::<Vec<_>>().join(" ")
}

/// Mounts one kind and takes it away again.
fn tried(kind: &str) -> Result<(), String> {
    let name = format!("handfast-mount-{}-{kind}", std::process::id());
    let home = std::env::temp_dir().join(name);
    let said = |error: std::io::Error| format!("{}: {error}", home.display());
    std::fs::create_dir_all(home.join("mnt")).map_err(said)?;
    let done = mounted(kind, &home);
    // A folder that is still mounted stays where it is.
    let _ = std::fs::remove_dir(home.join("mnt"));
    let _ = std::fs::remove_file(home.join("image"));
    let _ = std::fs::remove_dir(&home);
    done
}

fn mounted(kind: &str, home: &Path) -> Result<(), String> {
    let root = text(&home.join("mnt"));
    if kind == "memory" {
        run("mount", &["-t", "tmpfs", "-o", "size=64k", "tmpfs", &root])?;
        return unmount(&root);
    }
    let image = home.join("image");
    let file = std::fs::File::create(&image);
    let made = file.and_then(|file| file.set_len(8 << 20));
    made.map_err(|error| format!("{}: {error}", image.display()))?;
    run("mkfs.ext4", &["-q", "-F", &text(&image)])?;
    run("mount", &["-o", "loop", &text(&image), &root])?;
    let cut = run("mount", &["-o", "remount,abort", &root]);
    let is_cut = std::fs::write(home.join("mnt/after"), "after").is_err();
    unmount(&root)?;
    match cut {
        Ok(()) if !is_cut => Err("a disk could be written after its power was cut".to_owned()),
        cut => cut,
    }
}

/// Whoever is just looking at all file systems makes one busy for a moment.
fn unmount(root: &str) -> Result<(), String> {
    for _ in 0..50 {
        if run("umount", &[root]).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    run("umount", &[root])
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Runs a program of the system; the error is what it says.
fn run(program: &str, words: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(words).output();
    let output = output.map_err(|error| format!("{program}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{program} {}: {}", words.join(" "), said.trim())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_mounted_says_why_and_leaves_nothing() {
        let why = run("mount", &["-o", "loop", "/nothing", "/nowhere"]).unwrap_err();
        assert!(why.starts_with("mount"), "{why}");
        let why = run("no-program-has-this-name", &[]).unwrap_err();
        assert!(why.starts_with("no-program-has-this-name: "), "{why}");
        for (kind, _) in KINDS {
            let _ = tried(kind);
            let name = format!("handfast-mount-{}-{kind}", std::process::id());
            assert!(!std::env::temp_dir().join(name).exists(), "{kind}");
        }
    }
}
