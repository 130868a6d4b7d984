use serde_json::{Value, json};

use super::{http::Answer, person::Person, server::Server};

async fn write(server: &Server, who: &Person, text: &str) -> Answer {
    server.post("/notes").bearer(&who.token).json(&json!({ "text": text })).send().await
}

async fn open(server: &Server, who: &Person, id: &Value) -> Answer {
    server.get(&format!("/notes/{id}")).bearer(&who.token).send().await
}

#[tokio::test]
async fn people_see_their_own_notes() {
    let server = Server::start();
    let (alice, bob) = (Person::join(&server, "alice").await, Person::join(&server, "bob").await);
    let created = write(&server, &alice, "it's \"mine\"; DROP TABLE notes --").await;
    assert_eq!(created.status, 201, "{created:?}");
    let note = created.json();
    assert_eq!((&note["owner"], &note["text"]), (&json!(alice.id), &json!("it's \"mine\"; DROP TABLE notes --")));

    assert_eq!(server.get("/notes").bearer(&alice.token).send().await.json(), json!([note]));
    assert_eq!(server.get("/notes").bearer(&bob.token).send().await.json(), json!([]));
    assert_eq!(open(&server, &alice, &note["id"]).await.json(), note);
}

#[tokio::test]
async fn the_note_of_another_is_refused_like_one_that_is_not_there() {
    let server = Server::start();
    let (alice, bob) = (Person::join(&server, "alice").await, Person::join(&server, "bob").await);
    let note = write(&server, &alice, "mine").await.json();
    let foreign = open(&server, &bob, &note["id"]).await;
    foreign.assert_problem(403, "forbidden");
    assert_eq!(open(&server, &bob, &json!(999)).await.fingerprint(), foreign.fingerprint());
    let path = format!("/notes/{}", note["id"]);
    server.call("DELETE", &path).bearer(&bob.token).send().await.assert_problem(403, "forbidden");
    assert_eq!(open(&server, &alice, &note["id"]).await.status, 200);
    assert_eq!(server.call("DELETE", &path).bearer(&alice.token).send().await.status, 204);
    open(&server, &alice, &note["id"]).await.assert_problem(403, "forbidden");
}

#[tokio::test]
async fn a_role_that_is_granted_counts_from_the_next_token_on() {
    let server = Server::start();
    let (alice, bob) = (Person::join(&server, "alice").await, Person::join(&server, "bob").await);
    let note = write(&server, &bob, "bob's").await.json();
    open(&server, &alice, &note["id"]).await.assert_problem(403, "forbidden");

    let granted = server.run(&["grant", "alice", "admin"]);
    let said = String::from_utf8_lossy(&granted.stdout);
    assert_eq!(said, "alice is admin now; older access tokens are refused within seconds, new ones show it.\n");
    let refused = server.get("/admin/notes").bearer(&alice.token).send().await;
    assert!(matches!(refused.status, 401 | 403), "{refused:?}");

    let admin = Person::sign_in(&server, "alice").await;
    assert_eq!(open(&server, &admin, &note["id"]).await.json(), note);
    assert_eq!(server.get("/admin/notes").bearer(&admin.token).send().await.json(), json!([note]));
    open(&server, &admin, &json!(999)).await.assert_problem(404, "no-note");
    let path = format!("/notes/{}", note["id"]);
    server.call("DELETE", &path).bearer(&admin.token).send().await.assert_problem(403, "forbidden");
}
