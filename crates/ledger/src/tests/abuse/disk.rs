//! Disks that are full at random levels: nothing half is kept, reading goes on, and the same process
//! goes on by itself when there is room again.

use std::io::Write;

use super::{Worker, can_mount, chance, faults, system, times};

#[test]
fn a_full_disk_refuses_whole_commits_and_is_waited_out() {
    if !can_mount("full disks", None) {
        return;
    }
    let mut chance = chance("full disks");
    let expected = faults::expected();
    let mut met = 0;
    // Sizes from all over, so that how many are too small is not left to chance.
    let runs = times(100, 25);
    let stretch = u64::from(150 / runs);
    for run in 0..runs {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().display().to_string();
        let kib = 24 + 4 * (stretch * u64::from(run) + chance.below(stretch));
        let options = format!("size={kib}k");
        system("mount", &["-t", "tmpfs", "-o", &options, "tmpfs", &root]);
        let folder = home.path().join("book");
        let mut worker = Worker::start("script", &folder, 0, &[]);
        let is_full = worker.wait_for("full");
        if is_full {
            system("mount", &["-o", "remount,size=64m", &root]);
            let mut input = worker.child.stdin.take().unwrap();
            input.write_all(b"there is room\n").unwrap();
            worker.child.stdin = Some(input);
        }
        met += u32::from(is_full);
        let said = worker.end();
        system("mount", &["-o", "remount,size=64m", &root]);
        let judged = std::panic::catch_unwind(|| {
            faults::judge(
                &said,
                &folder,
                &expected,
                &format!("run {run} with {kib} KiB"),
            )
        });
        system("umount", &["-l", &root]);
        match judged {
            Ok(code) => assert_eq!(code, None, "run {run} with {kib} KiB: {said:#?}"),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
    println!("{met} runs met a full disk");
    assert!(met > 10, "{met}");
}
