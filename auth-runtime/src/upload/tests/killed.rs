//! A process that is killed while it receives a file.

use std::{
    env, fs,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use axum::http::Request;
use tower::ServiceExt as _;

use super::{
    lives::counted,
    support::{file, form, left, router},
};
use crate::upload::{FileType, UploadPolicy, UploadRules, Uploads};

struct Large;

impl UploadPolicy for Large {
    const RULES: UploadRules = UploadRules::new(1 << 20, FileType::ALL);
}

const PLACE: &str = "AUTH_RUNTIME_TEST_UPLOAD";

/// A process in the middle of an upload. It is killed with the test.
struct Receiving(Child);

impl Receiving {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(["--exact", "upload::tests::killed::one_that_receives"]).env(PLACE, folder);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// Kills the process by a signal that it cannot handle.
    fn kill(&mut self) {
        use std::os::unix::process::ExitStatusExt as _;

        self.0.kill().unwrap();
        assert_eq!(self.0.wait().unwrap().signal(), Some(9));
    }
}

impl Drop for Receiving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until the folder has this many files with content.
fn wait_for(files: usize, folder: &Path) -> Vec<String> {
    let began = Instant::now();
    loop {
        let names = left(folder);
        let has_content = |name: &String| fs::metadata(folder.join(name)).unwrap().len() > 0;
        if names.len() == files && names.iter().all(has_content) {
            return names;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{names:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_a_killed_process_received_is_deleted_at_the_next_start_and_no_file_of_a_living_one() {
    let folder = tempfile::TempDir::new().unwrap();
    let mut killed = Receiving::start(folder.path());
    let partial = wait_for(1, folder.path());
    let _living = Receiving::start(folder.path());
    let both = wait_for(2, folder.path());
    Uploads::in_folder(folder.path()).unwrap();
    assert_eq!(left(folder.path()), both, "both processes live");
    killed.kill();
    assert_eq!(left(folder.path()), both, "nothing has started since");
    Uploads::in_folder(folder.path()).unwrap();
    let living: Vec<_> = both.into_iter().filter(|name| !partial.contains(name)).collect();
    assert_eq!((living.len(), left(folder.path())), (1, living));
}

/// Does nothing unless the test above starts it: receives the first part of a file, and waits for the rest.
#[tokio::test]
async fn one_that_receives() {
    let Some(folder) = env::var_os(PLACE) else { return };
    let mut half = form(&[file("a.txt", "text/plain", &[b'x'; 1 << 20])]);
    half.truncate(600_000);
    let (body, _) = counted(half, false);
    let request = Request::post("/").header("content-type", "multipart/form-data; boundary=XX");
    let uploads = Uploads::in_folder(Path::new(&folder)).unwrap();
    let _ = router::<Large>(uploads).oneshot(request.body(body).unwrap()).await;
}
