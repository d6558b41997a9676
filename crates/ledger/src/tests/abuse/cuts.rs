//! Power cuts: an ext4 file system on a loop device is told to abort, which drops all that was not
//! flushed and lets every later call fail; then it is unmounted, mounted again and looked at.
//!
//! `mount -o remount,abort` does what the ioctl FS_IOC_SHUTDOWN does, by a program that is there
//! wherever a loop device can be mounted (decision 0025). It models a disk that honours flushes.

use std::path::PathBuf;
use std::time::Duration;

use super::super::undoing::Chance;
use super::work::{self, Told};
use super::{Worker, can_mount, chance, system, times};

/// After so many cuts the file system is made anew.
const PER_DISK: u32 = 10;

/// A file system of its own in a folder.
struct Disk {
    home: tempfile::TempDir,
}

impl Disk {
    fn new() -> Disk {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join("mnt")).unwrap();
        let image = home.path().join("image").display().to_string();
        std::fs::File::create(&image)
            .unwrap()
            .set_len(96 << 20)
            .unwrap();
        system("mkfs.ext4", &["-q", "-F", &image]);
        let disk = Disk { home };
        disk.mount();
        disk
    }

    fn root(&self) -> PathBuf {
        self.home.path().join("mnt")
    }

    fn mount(&self) {
        let image = self.home.path().join("image").display().to_string();
        system(
            "mount",
            &["-o", "loop", &image, &self.root().display().to_string()],
        );
    }

    /// Cuts the power. What was acknowledged before this is called must survive.
    fn cut(&self) {
        system(
            "mount",
            &["-o", "remount,abort", &self.root().display().to_string()],
        );
    }

    /// Whoever is just looking at all file systems makes one busy for a moment.
    fn unmount(&self) {
        let root = self.root().display().to_string();
        let is_done = || {
            let done = std::process::Command::new("umount").arg(&root).output();
            done.is_ok_and(|output| output.status.success())
        };
        for _ in 0..100 {
            if is_done() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        system("umount", &[&root]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let root = self.root().display().to_string();
        let _ = std::process::Command::new("umount").arg(root).output();
    }
}

/// Cuts the power `cuts` times in one kind of work, of which a safeguard may be left out; gives what
/// was wrong after each cut.
fn cut(kind: &str, cuts: u32, lacks: &str, chance: &mut Chance) -> Vec<Vec<String>> {
    let (mut wrong, mut pieces) = (Vec::new(), 0);
    while (wrong.len() as u32) < cuts {
        let disk = Disk::new();
        let folder = disk.root().join("book");
        work::prepare(kind, &folder);
        system("sync", &["-f", &disk.root().display().to_string()]);
        let mut told = Told::of(kind);
        for _ in 0..PER_DISK.min(cuts - wrong.len() as u32) {
            let from = told.next();
            let idle = ["0", "1"][usize::from(lacks == "folder-sync" || chance.below(3) == 0)];
            let also = [("HANDFAST_LACKS", lacks), ("HANDFAST_WORK_IDLE", idle)];
            let mut worker = Worker::start(kind, &folder, from, &also);
            // Where something must be lost, something was acknowledged.
            if chance.below(6) > 0 || idle == "1" || !lacks.is_empty() {
                worker.wait_for("done");
            }
            std::thread::sleep(Duration::from_micros(chance.below(120_000)));
            let sure = worker.acknowledged();
            disk.cut();
            std::thread::sleep(Duration::from_millis(chance.below(30)));
            let all = super::acknowledged(&worker.kill());
            disk.unmount();
            disk.mount();
            pieces += sure.len();
            told.heard(from, &sure, &all);
            wrong.push(work::wrongs(kind, &folder, &told));
            let is_lost = wrong.last().is_some_and(|wrongs| !wrongs.is_empty());
            if is_lost || (kind == "raise" && told.next() >= work::OLDER_BOOKS) {
                break;
            }
        }
        disk.unmount();
    }
    println!("{kind}: {cuts} cuts, {pieces} pieces acknowledged before them");
    wrong
}

/// Whether the rig can be had here.
fn can_cut(what: &str) -> bool {
    let home = tempfile::tempdir().unwrap();
    let image = home.path().join("image");
    std::fs::File::create(&image)
        .unwrap()
        .set_len(8 << 20)
        .unwrap();
    can_mount(what, Some(&image))
}

fn survives(kind: &str, cuts: u32) {
    if can_cut("power cuts") {
        let mut chance = chance(&format!("cut {kind}"));
        for (at, wrongs) in cut(kind, cuts, "", &mut chance).iter().enumerate() {
            assert!(wrongs.is_empty(), "cut {at} of {kind}: {wrongs:#?}");
        }
    }
}

/// A rig that finds nothing wrong where something must be is no rig.
fn fails(kind: &str, lacks: &str, least: usize) {
    if can_cut("power cuts with a safeguard left out") {
        let mut chance = chance(&format!("cut {kind} without {lacks}"));
        let wrong = cut(kind, 20, lacks, &mut chance);
        let lost = wrong.iter().filter(|wrongs| !wrongs.is_empty()).count();
        println!("without {lacks}: something was lost in {lost} of 20 cuts");
        assert!(
            lost >= least,
            "without {lacks} only {lost} of 20 cuts were noticed"
        );
    }
}

#[test]
fn after_a_power_cut_every_acknowledged_row_is_there_once() {
    survives("rows", times(300, 60));
    survives("journal", times(200, 30));
    survives("events", times(200, 20));
}

#[test]
fn after_a_power_cut_compaction_forgetting_and_charters_are_whole() {
    survives("compact", times(100, 20));
    survives("forget", times(100, 20));
    survives("charter", times(100, 20));
}

#[test]
fn after_a_power_cut_new_raised_and_copied_books_are_whole() {
    survives("create", times(100, 20));
    survives("raise", times(50, 15));
    survives("backup", times(50, 15));
}

#[test]
fn the_rig_finds_what_is_lost_without_flushes() {
    fails("journal", "flush", 19);
}

#[test]
fn the_rig_finds_an_acknowledgement_before_the_commit() {
    fails("journal", "ack-after-flush", 15);
}

#[test]
fn the_rig_finds_receipts_before_the_flush_that_many_callers_share() {
    fails("events", "ack-after-flush", 15);
}

#[test]
fn the_rig_finds_a_folder_that_was_not_flushed() {
    fails("backup", "folder-sync", 15);
}
