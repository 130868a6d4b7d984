//! Accounts of another system: every row is checked before one is written.

use auth_runtime::{
    account::{ImportError, Importer},
    store::CreateError,
};
use secrecy::ExposeSecret;

use super::{
    failing::Flaky,
    register::NO_ADDRESSES,
    world::{PASSWORD, World, defaults, every_store},
};

/// [`PASSWORD`] as Django stores it, with few iterations.
const HASH: &str = "pbkdf2_sha256$1000$seasalt$DrdiWD40lyBuydnjvZiDrdQMx1S1mOA9O0QYex0R6ww=";

fn importer(world: &World) -> Importer {
    Importer::new(&world.auth).unwrap()
}

/// Returns the faults of a file, one per line.
async fn faults(world: &World, csv: &str) -> Vec<String> {
    match importer(world).check(csv.as_bytes()).await.map(|_| ()) {
        Err(ImportError::Rows(faults)) => faults.iter().map(ToString::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

async fn is_there(world: &World, login: &str) -> bool {
    world.accounts.accounts().find_by_login(login).await.unwrap().is_some()
}

#[tokio::test]
async fn imported_accounts_keep_their_passwords_roles_and_states() {
    every_store(async |world| {
        let csv = format!(
            "roles,hash,verified,email,id,username,scopes,active\n\
             \"admin;Content editors\",{HASH},t,Alice@example.org,17,Alice,notes:read;notes:write,1\n\
             ,{HASH},0,bob@example.org,18,bob,,false\n\
             ,!,,\"carol@example.org\",,,,\n"
        );
        let plan = importer(&world).check(csv.as_bytes()).await.unwrap();
        assert_eq!((plan.to_create(), plan.already_there()), (3, 0));
        assert!(!is_there(&world, "alice").await, "a plan writes nothing");
        assert_eq!(plan.write().await.unwrap(), 3);

        let alice = world.account("alice").await;
        assert_eq!((&*alice.id, &*alice.username, &*alice.email), ("17", "Alice", "Alice@example.org"));
        assert_eq!(alice.roles, ["admin", "Content editors"]);
        assert_eq!(alice.scopes, ["notes:read", "notes:write"]);
        assert_eq!(alice.email_verified_at, Some(world.auth.clock().unix()));
        assert_eq!(world.login("alice", "another").await.status, 401);
        let signed_in = world.login("alice@example.org", PASSWORD).await;
        assert_eq!(signed_in.status, 200);
        assert!(signed_in.json().get("password_change_required").is_none());
        assert!(world.account("alice").await.password_hash.expose_secret().starts_with("$argon2id$"));

        let bob = world.account("bob").await;
        assert_eq!((&*bob.id, bob.active, bob.email_verified_at), ("18", false, None));
        assert_eq!(world.login("bob", PASSWORD).await.status, 401);

        let carol = world.account("carol@example.org").await;
        assert_eq!((&*carol.username, carol.id.len(), carol.active), ("carol@example.org", 36, true));
        assert_eq!(world.login("carol@example.org", "!").await.status, 401);
    })
    .await;
}

#[tokio::test]
async fn every_row_that_will_not_work_is_told_and_nothing_is_written() {
    every_store(async |world| {
        world.register("taken", PASSWORD).await;
        let csv = format!(
            "id,username,email,hash,roles,scopes,verified,active\n\
             1,good,good@example.org,{HASH},,,,\n\
             2,a,not an address,{HASH},,,,\n\
             3,b,b@example.org,5f4dcc3b5aa765d61d8327deb882cf99,,,,\n\
             4,c,c@example.org,hunter2canary,,,,\n\
             5,d,d@example.org,$2b$31$uJPulY9QPNPK8MRB/cDD3OS4it4/r5YZQUPtPNaRojtCeSIOvtCXy,,,,\n\
             1,e,e@example.org,{HASH},,,,\n\
             7,GOOD,f@example.org,{HASH},,,,\n\
             8,g,good@EXAMPLE.org,{HASH},,,,\n\
             9,victim@example.org,h@example.org,{HASH},,,,\n\
             10,taken,i@example.org,{HASH},,,,\n\
             11,j,TAKEN@example.org,{HASH},,,,\n\
             a b,k,k@example.org,{HASH},,,,\n\
             13,\"l\nl\",l@example.org,{HASH},,,,\n\
             14,m,m@example.org,{HASH},admin;,,,\n\
             15,n,n@example.org,{HASH},,bad scope,,\n\
             16,o,o@example.org,{HASH},,,maybe,2\n\
             17,p,p@example.org,,,,,\n"
        );
        let faults = faults(&world, &csv).await;
        let all = faults.join("\n");
        let expected = [
            (3, "`email` is no"),
            (4, "round of MD5"),
            (5, "plain text"),
            (6, "more work or memory"),
            (7, "`id` is that of line 2 already"),
            (8, "`username` is that of line 2 already"),
            (9, "`email` is that of line 2 already"),
            (10, "`username` must be"),
            (11, "`username` is that of another account in the store"),
            (12, "`email` is that of another account in the store"),
            (13, "`id` must be"),
            (14, "`username` must be"),
            (16, "`roles` has"),
            (17, "`scopes` has"),
            (18, "`verified` is neither"),
            (18, "`active` is neither"),
            (19, "`hash` cannot be verified"),
        ];
        assert_eq!(faults.len(), expected.len(), "{all}");
        for (fault, (line, message)) in faults.iter().zip(expected) {
            assert!(fault.starts_with(&format!("line {line}: ")) && fault.contains(message), "{fault} {message}");
        }
        for secret in ["hunter2canary", "5f4dcc3b", "uJPulY9Q", "DrdiWD40"] {
            assert!(!all.contains(secret), "{all}");
        }
        assert!(!is_there(&world, "good").await);
    })
    .await;
}

/// The store folds case and compatibility forms, so each of these names is the key of another user's address.
#[tokio::test]
async fn a_spelling_of_another_users_address_is_no_user_name() {
    let spellings = [
        ("\u{ff41}lice@example.org", "alice@example.org"),
        ("alice\u{ff20}example.org", "alice@example.org"),
        ("\u{212a}elvin@example.org", "kelvin@example.org"),
        // Not even the form of an address.
        ("alice\u{fe6b}", "alice@example.org"),
    ];
    every_store(async |world| {
        for (name, victim) in spellings {
            let alone = format!("username,email,hash\n{name},mallory@example.org,{HASH}\n");
            let beside = format!("{alone}victim,{victim},{HASH}\n");
            for csv in [alone, beside] {
                let faults = faults(&world, &csv).await;
                assert_eq!(faults.len(), 1, "{name}: {faults:?}");
                assert!(faults[0].starts_with("line 2: `username` must be"), "{name}: {faults:?}");
            }
        }
        // The account's own address is a user name in every spelling.
        let own = format!("username,email,hash\n\u{ff21}lice\u{ff20}example.org,alice@example.org,{HASH}\n");
        assert_eq!(importer(&world).check(own.as_bytes()).await.unwrap().to_create(), 1);
    })
    .await;
}

/// A cell with commas or line ends is quoted, so the text reaches the check as a whole.
#[tokio::test]
async fn a_text_that_is_no_plain_address_is_one_fault() {
    every_store(async |world| {
        for email in NO_ADDRESSES {
            let csv = format!("username,email,hash\nmallory,\"{email}\",{HASH}\n");
            let faults = faults(&world, &csv).await;
            assert!(matches!(&*faults, [fault] if fault.starts_with("line 2: `email` is no")), "{email:?}: {faults:?}");
        }
        let unnamed = format!("email,hash\nb\u{fc}cher@b\u{fc}cher.example,{HASH}\n");
        assert!(faults(&world, &unnamed).await[0].contains("`xn--`"));
    })
    .await;
}

/// Such a name would read as another user's, in a list or in a log.
#[tokio::test]
async fn a_name_with_characters_that_do_not_show_is_refused() {
    every_store(async |world| {
        for name in [
            "root\u{200b}",
            "a\u{202e}toor",
            "ro\u{2028}ot",
            "\u{feff}root",
            "ro\u{2066}ot",
            "ro\u{7f}ot",
            "ro\u{ad}ot",
            "\u{3164}",
            "root\u{e0041}",
        ] {
            let faults = faults(&world, &format!("username,email,hash\n{name},mallory@example.org,{HASH}\n")).await;
            assert!(
                matches!(&*faults, [fault] if fault.starts_with("line 2: `username` must be")),
                "{name:?}: {faults:?}"
            );
        }
        // Persian writes a joiner without width inside words.
        let persian = format!("username,email,hash\nمی\u{200c}نا,mina@example.org,{HASH}\n");
        assert_eq!(importer(&world).check(persian.as_bytes()).await.unwrap().to_create(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_first_line_must_name_columns_that_there_are() {
    let world = World::in_memory(defaults);
    for (names, message) in [
        ("id,email", "the column `hash` is missing"),
        ("email,hash,role", "no column `role`"),
        ("email,hash,email", "the column `email` stands there twice"),
        ("alice@example.org,$2b$12$canary,x", "no column `…`"),
        ("", "the column `email` is missing"),
    ] {
        match importer(&world).check(format!("{names}\n").as_bytes()).await.map(|_| ()) {
            Err(error @ ImportError::Columns(_)) => {
                assert!(error.to_string().contains(message), "{error}");
                assert!(!error.to_string().contains("canary"), "{error}");
            }
            other => panic!("{names}: {other:?}"),
        }
    }
    assert!(matches!(importer(&world).check(b"email,\xff\n".as_slice()).await, Err(ImportError::Csv(_))));
    // A byte order mark and Windows' line ends, as spreadsheets write them.
    let csv = format!("\u{feff}email,hash\r\na@example.org,{HASH}\r\n");
    assert_eq!(importer(&world).check(csv.as_bytes()).await.unwrap().to_create(), 1);
}

#[tokio::test]
async fn a_row_that_is_cut_or_garbled_is_told_with_the_others() {
    let world = World::in_memory(defaults);
    let csv = [
        format!("email,hash\na@example.org,{HASH}\nb@example.org,b,c\nc@example.org\n").into_bytes(),
        b"\xff@example.org,canary\n".to_vec(),
        format!("d,{HASH}\n").into_bytes(),
    ];
    match importer(&world).check(csv.concat().as_slice()).await.map(|_| ()) {
        Err(ImportError::Rows(faults)) => {
            assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3, 4, 5, 6], "{faults:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn roles_that_the_application_does_not_know_are_refused() {
    let world = World::in_memory(defaults);
    let csv = format!("email,hash,roles\na@example.org,{HASH},admin\nb@example.org,{HASH},amdin\n");
    let importer = importer(&world).with_known_roles(|role| role == "admin");
    match importer.check(csv.as_bytes()).await.map(|_| ()) {
        Err(ImportError::Rows(faults)) => assert_eq!((faults.len(), faults[0].line), (1, 3)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_second_run_creates_exactly_what_is_missing() {
    let (world, store) = Flaky::world();
    let rows = (1..=5).map(|n| format!("{n},user{n},user{n}@example.org,{HASH}\n"));
    let csv = format!("id,username,email,hash\n{}", rows.collect::<String>());
    let plan = importer(&world).check(csv.as_bytes()).await.unwrap();
    store.fail_at(2);
    let stopped = plan.write().await.unwrap_err();
    assert!(stopped.to_string().starts_with("stopped at line 4 after 2 accounts were created"), "{stopped}");
    assert!(matches!(stopped, ImportError::Stopped { created: 2, line: 4, error: CreateError::Store(_) }));
    assert!(is_there(&world, "user2").await && !is_there(&world, "user3").await);

    // A created user signs in, which replaces the hash. A second import does not change it.
    assert_eq!(world.login("user1", PASSWORD).await.status, 200);
    let hash = world.account("user1").await.password_hash.expose_secret().to_owned();
    let plan = importer(&world).check(csv.as_bytes()).await.unwrap();
    assert_eq!((plan.to_create(), plan.already_there()), (3, 2));
    assert_eq!(plan.write().await.unwrap(), 3);
    assert_eq!(world.account("user1").await.password_hash.expose_secret(), hash);
    assert_eq!(importer(&world).check(csv.as_bytes()).await.unwrap().already_there(), 5);
    // Without identifiers, the import finds existing accounts by user name.
    let by_name = format!("username,email,hash\nuser1,user1@example.org,{HASH}\n");
    assert_eq!(importer(&world).check(by_name.as_bytes()).await.unwrap().already_there(), 1);
    let other_address = format!("username,email,hash\nuser1,another@example.org,{HASH}\n");
    assert_eq!(faults(&world, &other_address).await.len(), 1);
}

#[tokio::test]
async fn a_store_that_fails_while_rows_are_compared_is_told() {
    let (world, store) = Flaky::world();
    store.fail_at(1);
    let csv = format!("id,email,hash\n1,a@example.org,{HASH}\n");
    assert!(matches!(importer(&world).check(csv.as_bytes()).await, Err(ImportError::Store(_))));
}
