//! A thief is signed in and changes the password while its owner resets it. If the owner's reset is answered as a
//! success, the owner's password must hold, in every order of the store's calls.

use std::sync::{Arc, OnceLock};

use auth_runtime::token::NewAccessToken;
use axum::http::request::Builder;
use serde_json::{Value, json};

use super::{
    answers::Answer,
    cookies,
    failing::Flaky,
    mailbox::Mailbox,
    world::{PASSWORD, World, defaults, post},
};

const OWNERS: &str = "the owner's new password";
const THIEFS: &str = "a thief's new password";

/// The thief's credential, and whether the thief knows the old password.
#[derive(Clone, Copy, Debug)]
enum Way {
    Bearer {
        knows_password: bool,
    },
    Cookie {
        knows_password: bool,
    },
    /// A token that the application minted. Ending sessions does not end it.
    Minted,
}

const WAYS: [Way; 5] = [
    Way::Bearer { knows_password: false },
    Way::Bearer { knows_password: true },
    Way::Cookie { knows_password: false },
    Way::Cookie { knows_password: true },
    Way::Minted,
];

struct Scene {
    world: Arc<World>,
    store: Flaky,
    /// The token from the owner's mail.
    link: String,
    credential: (&'static str, String),
    body: Value,
}

impl Scene {
    async fn of(way: Way) -> Self {
        let (sender, mailbox) = Mailbox::new();
        let (world, store) = Flaky::world_with(|builder| defaults(builder).mail(sender));
        let alice = world.join("alice", &[]).await;
        mailbox.next("verify").await;
        world.json("/auth/password/forgot", &json!({ "email": "alice@example.org" })).await;
        let link = mailbox.next("reset").await.token;
        let bearer = |token: String| ("authorization", format!("Bearer {token}"));
        let (credential, knows_password) = match way {
            Way::Bearer { knows_password } => {
                (bearer(world.login("alice", PASSWORD).await.text("access_token")), knows_password)
            }
            Way::Cookie { knows_password } => {
                (("cookie", cookies::cookie(&cookies::sign_in(&world, "alice").await)), knows_password)
            }
            Way::Minted => {
                let (new, now) = (NewAccessToken::new(&alice.id, "app"), world.auth.clock().unix());
                let token = world.auth.tokens().issue(&new, now, world.auth.entropy()).unwrap();
                (bearer(token.expose().to_owned()), true)
            }
        };
        let current = knows_password.then_some(PASSWORD);
        let body = json!({ "current_password": current, "new_password": THIEFS });
        Self { world: Arc::new(world), store, link, credential, body }
    }

    fn reset(&self) -> impl Future<Output = Answer> + Send + use<> {
        let (world, body) = (Arc::clone(&self.world), json!({ "token": self.link, "new_password": OWNERS }));
        async move { world.json("/auth/password/reset", &body).await }
    }

    fn change(&self) -> impl Future<Output = Answer> + Send + use<> {
        let (world, request, body) = (Arc::clone(&self.world), self.request(), self.body.to_string());
        async move { world.send(request, body).await }
    }

    fn request(&self) -> Builder {
        let (name, value) = &self.credential;
        post("/auth/password", "application/json").header(*name, value).header("sec-fetch-site", "same-origin")
    }

    /// Runs `first`, with `meanwhile` before one of its calls of the store. Returns `None` when `first` makes fewer
    /// calls.
    async fn interleave(
        &self,
        call: usize,
        first: impl Future<Output = Answer>,
        meanwhile: impl Future<Output = Answer> + Send + 'static,
    ) -> Option<(Answer, Answer)> {
        let done = Arc::new(OnceLock::new());
        let kept = Arc::clone(&done);
        self.store.before(call, async move { kept.set(meanwhile.await).unwrap() });
        let first = first.await;
        done.get().map(|meanwhile| (first, Answer::clone(meanwhile)))
    }

    async fn assert_the_owner_won(&self, why: &str) {
        assert_eq!(self.world.login("alice", OWNERS).await.status, 200, "{why}");
        assert_eq!(self.world.login("alice", THIEFS).await.status, 401, "{why}");
        let body = json!({ "current_password": THIEFS, "new_password": "a third password" }).to_string();
        assert!(self.world.send(self.request(), body).await.status >= 400, "{why}");
        assert_eq!(self.world.login("alice", OWNERS).await.status, 200, "{why}");
    }
}

#[tokio::test]
async fn a_password_that_was_reset_during_a_change_stays() {
    for way in WAYS {
        let mut resets = 0;
        for call in 0.. {
            let scene = Scene::of(way).await;
            let Some((change, reset)) = scene.interleave(call, scene.change(), scene.reset()).await else { break };
            let why = format!("{way:?}, before call {call}: {change:?} {reset:?}");
            if reset.status == 204 {
                assert!(matches!(change.status, 401 | 403 | 409), "{why}");
                scene.assert_the_owner_won(&why).await;
                resets += 1;
            } else {
                // The change has already made the link void. A change by the owner does the same to a thief who reads
                // the owner's mail.
                assert_eq!((reset.status, change.status), (400, 204), "{why}");
            }
        }
        assert!(resets > 2, "{way:?}: {resets}");
    }
}

#[tokio::test]
async fn a_password_that_was_changed_during_a_reset_does_not_stay() {
    for way in WAYS {
        let mut resets = 0;
        for call in 0.. {
            let scene = Scene::of(way).await;
            let Some((reset, change)) = scene.interleave(call, scene.reset(), scene.change()).await else { break };
            let why = format!("{way:?}, before call {call}: {change:?} {reset:?}");
            if reset.status == 204 {
                scene.assert_the_owner_won(&why).await;
                resets += 1;
            } else {
                assert_eq!((reset.status, change.status), (400, 204), "{why}");
            }
        }
        assert!(resets > 2, "{way:?}: {resets}");
    }
}

/// The thief knows the old password, signs in after the sessions have ended, and uses that fresh sign-in to change the
/// new password.
#[tokio::test]
async fn a_session_that_begins_during_a_reset_changes_no_password_after_it() {
    assert!(changes_after_the_owners(async |scene: &Scene| scene.reset().await).await > 0);
}

#[tokio::test]
async fn a_change_reports_no_success_where_a_session_changed_the_password_after_it() {
    let body = json!({ "current_password": PASSWORD, "new_password": OWNERS }).to_string();
    assert!(
        changes_after_the_owners(async |scene: &Scene| scene.world.send(scene.request(), body.clone()).await).await > 0
    );
}

/// Returns how often the thief's change came between the owner's new hash and the second end of sessions.
async fn changes_after_the_owners(owner: impl AsyncFn(&Scene) -> Answer) -> usize {
    let mut changes = 0;
    for begun in 0.. {
        let mut later = 0;
        while let Some((owners, thiefs)) = sign_in_and_change(begun, later, &owner).await {
            let why = format!("{begun} {later}: {owners:?} {thiefs:?}");
            assert!(owners.status == 204 || thiefs.status == 204, "{why}");
            changes += usize::from(thiefs.status == 204);
            later += 1;
        }
        if later == 0 {
            break;
        }
    }
    changes
}

async fn sign_in_and_change(
    begun: usize,
    later: usize,
    owner: impl AsyncFn(&Scene) -> Answer,
) -> Option<(Answer, Answer)> {
    let scene = Scene::of(Way::Bearer { knows_password: false }).await;
    let (world, store, body) = (Arc::clone(&scene.world), scene.store.clone(), scene.body.to_string());
    let done = Arc::new(OnceLock::new());
    let kept = Arc::clone(&done);
    scene.store.before(begun, async move {
        let signed_in = world.login("alice", PASSWORD).await;
        if signed_in.status == 200 {
            let bearer = format!("Bearer {}", signed_in.text("access_token"));
            let request = post("/auth/password", "application/json").header("authorization", bearer);
            store.before(later, async move { kept.set(world.send(request, body).await).unwrap() });
        }
    });
    let owners = owner(&scene).await;
    let thiefs = done.get()?.clone();
    if owners.status == 204 {
        let why = format!("{begun} {later}: {thiefs:?}");
        assert_eq!(scene.world.login("alice", OWNERS).await.status, 200, "{why}");
        assert_eq!(scene.world.login("alice", THIEFS).await.status, 401, "{why}");
    }
    Some((owners, thiefs))
}
