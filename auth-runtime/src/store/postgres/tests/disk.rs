//! A small disk, which a test fills. Mounting it needs the rights of root.

use std::{
    env,
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
};

use tempfile::TempDir;

/// A file system in memory, which ends with this value.
pub(crate) struct Disk(TempDir);

impl Disk {
    /// Mounts a disk of this size, or returns `None` where this process may not: the test is left out then.
    pub(crate) fn mount(mebibytes: u32) -> Option<Self> {
        let folder = tempfile::tempdir_in(env::temp_dir()).unwrap();
        let options = format!("size={mebibytes}m");
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path()).output();
        if !mount.is_ok_and(|mount| mount.status.success()) {
            let _ = writeln!(io::stderr(), "LEFT OUT: a full disk, since this process may not mount one");
            return None;
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
        Some(Self(folder))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file until there is no room.
    pub(crate) fn fill(&self) {
        let mut file = File::create(self.path().join("filler")).unwrap();
        for size in [1 << 20, 1 << 12, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    /// Removes that file.
    pub(crate) fn make_room(&self) {
        fs::remove_file(self.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // At once also for a process that has not ended yet.
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}
