//! Several processes on one file. The test binary starts itself again; each child runs `one_of_many_processes` and
//! writes a file for each race that it won.

use std::{env, fs};

use super::*;
use crate::store::{
    CreateError,
    child::{child, finish},
};

const CHILDREN: u8 = 6;
const PLACE: &str = "AUTH_RUNTIME_TEST_ONE_OF_MANY";

#[test]
fn processes_that_start_at_once_migrate_register_begin_and_rotate_once() {
    for _ in 0..3 {
        let dir = tempfile::tempdir().unwrap();
        let start = |number: u8| {
            let place = dir.path().join(number.to_string());
            child("sqlite::tests::processes::one_of_many_processes").env(PLACE, place).spawn().unwrap()
        };
        let children: Vec<_> = (0..CHILDREN).map(start).collect();
        children.into_iter().for_each(finish);
        for prize in ["registered", "begun", "rotated"] {
            let winners = (0..CHILDREN).filter(|number| dir.path().join(format!("{prize}-{number}")).exists()).count();
            assert_eq!(winners, 1, "{prize}");
        }
        let told = |number: u8| fs::read(dir.path().join(format!("told-{number}"))).unwrap();
        assert!((1..CHILDREN).all(|number| told(number) == told(0)), "all are told of one successor");
    }
}

/// Does nothing unless the test above starts it.
#[tokio::test]
async fn one_of_many_processes() {
    let Some(place) = env::var_os(PLACE) else { return };
    let (dir, number) = (Path::new(&place).parent().unwrap(), Path::new(&place).file_name().unwrap().to_str().unwrap());
    let leave = |what: &str, content: &[u8]| fs::write(dir.join(format!("{what}-{number}")), content).unwrap();

    let store = open(dir).await.unwrap();
    match store.create(alice()).await {
        Ok(_) => leave("registered", b""),
        Err(CreateError::UsernameTaken) => {}
        Err(other) => panic!("{other:?}"),
    }
    if store.begin(session("s"), token(1)).await.is_ok() {
        leave("begun", b"");
    }
    let presented = present(1, 100 + number.parse::<u8>().unwrap(), 1_500);
    match presented.to(&store).await {
        Rotated::Won(_) => {
            leave("rotated", b"");
            leave("told", &presented.sealed);
        }
        Rotated::Again { sealed, .. } => leave("told", &sealed),
        other => panic!("{other:?}"),
    }
}
