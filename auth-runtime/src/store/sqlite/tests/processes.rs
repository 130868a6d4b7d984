//! Several processes on one file. The test binary starts itself; a child does what `one_of_many_processes` says and
//! leaves a file for each thing that it won.

use std::{
    env, fs,
    process::{Command, Stdio},
};

use super::*;
use crate::store::{CreateError, InsertError};

const DIRECTORY: &str = "AUTH_RUNTIME_TEST_DIRECTORY";

#[test]
fn processes_that_start_at_once_migrate_register_and_claim_once() {
    for _ in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let children: Vec<_> = (0..6).map(|number| child(dir.path(), number).spawn().unwrap()).collect();
        for child in children {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        }
        for prize in ["registered", "inserted", "claimed"] {
            let winners = (0..6).filter(|number| dir.path().join(format!("{prize}-{number}")).exists()).count();
            assert_eq!(winners, 1, "{prize}");
        }
    }
}

fn child(dir: &Path, number: usize) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    let name = concat!(module_path!(), "::one_of_many_processes").split_once("::").unwrap().1;
    command.args(["--exact", name, "--nocapture"]).env(DIRECTORY, dir.join(number.to_string()));
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Does nothing unless it was started by the test above.
#[tokio::test]
async fn one_of_many_processes() {
    let Some(place) = env::var_os(DIRECTORY) else { return };
    let (dir, number) = (Path::new(&place).parent().unwrap(), Path::new(&place).file_name().unwrap().to_str().unwrap());
    let won = |prize: &str| fs::write(dir.join(format!("{prize}-{number}")), "").unwrap();

    let store = open(dir).await.unwrap();
    match store.create(alice()).await {
        Ok(_) => won("registered"),
        Err(CreateError::UsernameTaken) => {}
        Err(other) => panic!("{other:?}"),
    }
    match store.insert(token()).await {
        Ok(()) => won("inserted"),
        Err(InsertError::Store(_)) => {}
        Err(other) => panic!("{other:?}"),
    }
    match store.claim(&token().hash, at(1_500)).await.unwrap() {
        Claim::Won(_) => won("claimed"),
        Claim::Replayed { .. } => {}
        other => panic!("{other:?}"),
    }
}
