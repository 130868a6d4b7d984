use auth_runtime::{
    Auth, Guard, GuardedRouter, assert_denied,
    authn::{Authenticator, AuthnError},
    clock::UnixTime,
    error::StoreError,
    guard::{CurrentUser, SuperUser},
    identity::Identity,
    policy::{HasPolicy, Via},
    routing::get,
    store::{BoxFuture, User, UserStore, Users},
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, extract::FromRef};

use super::{signed_in::SignedIn, support::*};

#[derive(Clone)]
struct Member {
    id: String,
}

impl User for Member {
    fn id(&self) -> &str {
        &self.id
    }

    fn is_active(&self) -> bool {
        !self.id.ends_with("idle")
    }

    fn is_superuser(&self) -> bool {
        self.id == "root"
    }
}

struct Directory;

impl UserStore for Directory {
    type User = Member;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Member>, StoreError>> {
        Box::pin(async move {
            match id {
                "gone" | "session_gone" => Ok(None),
                "broken" => Err(StoreError::new("users", "timeout")),
                id => Ok(Some(Member { id: id.to_owned() })),
            }
        })
    }
}

/// The same directory, and the users of a partner who have joined.
struct WithPartners;

impl UserStore for WithPartners {
    type User = Member;

    fn find<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Result<Option<Member>, StoreError>> {
        Directory.find(id)
    }

    fn find_foreign<'a>(&'a self, caller: &'a Identity) -> BoxFuture<'a, Result<Option<Member>, StoreError>> {
        let (issuer, subject) = (caller.issuer(), caller.subject());
        Box::pin(async move {
            match (issuer, subject) {
                ("https://partner.invalid", "broken") => Err(StoreError::new("partners", "timeout")),
                ("", "nobodys") => Ok(Some(Member { id: "root".to_owned() })),
                ("https://partner.invalid", "idle" | "alice") => Ok(Some(Member { id: format!("partner-{subject}") })),
                _ => Ok(None),
            }
        })
    }
}

/// Accepts every token `<issuer>|<subject>`. The issuer `here` stands for this service, without its name.
pub(super) struct Issuers;

impl Authenticator for Issuers {
    fn via(&self) -> Via {
        Via::BEARER
    }

    fn takes_bearer(&self, token: &str) -> bool {
        token.contains('|')
    }

    fn authenticate<'a>(&'a self, token: &'a str, _: UnixTime) -> BoxFuture<'a, Result<Identity, AuthnError>> {
        let (issuer, subject) = token.split_once('|').unwrap();
        let builder = Identity::builder(subject, Via::BEARER);
        let builder = match issuer {
            "" => builder,
            "here" => builder.of_this_service(),
            issuer => builder.issuer(issuer),
        };
        Box::pin(async move { Ok(builder.build()) })
    }
}

#[derive(Clone)]
struct State {
    auth: Auth,
    users: Users<Member>,
}

impl FromRef<State> for Auth {
    fn from_ref(state: &State) -> Self {
        state.auth.clone()
    }
}

impl FromRef<State> for Users<Member> {
    fn from_ref(state: &State) -> Self {
        state.users.clone()
    }
}

async fn current<P: HasPolicy>(_: Guard<P>, user: CurrentUser<Member>) -> String {
    user.id.clone()
}

async fn maybe(_: Guard<Everyone>, user: Option<CurrentUser<Member>>) -> String {
    user.map_or_else(String::new, |user| user.id.clone())
}

async fn root(_: Guard<AnyCaller>, user: SuperUser<Member>) -> String {
    user.id.clone()
}

policy!(AnyCaller = auth_runtime::Policy::protected("any_caller"));
policy!(Everyone = auth_runtime::Policy::public("everyone"));

fn router(auth: &Auth) -> Router {
    router_with(auth, Users::new(Directory))
}

fn router_with(auth: &Auth, users: Users<Member>) -> Router {
    GuardedRouter::new()
        .route("/current", get(current::<AnyCaller>))
        .route("/maybe", get(maybe))
        .route("/root", get(root))
        .with_state(State { auth: auth.clone(), users })
        .into_router()
}

#[tokio::test]
async fn the_user_is_loaded_for_each_request() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = router(&auth);
    for (path, subject, status) in [
        ("/current", "alice", 200),
        ("/current", "gone", 401),
        ("/current", "idle", 403),
        ("/current", "broken", 503),
        ("/maybe", "alice", 200),
        ("/maybe", "gone", 401),
        ("/root", "root", 200),
        ("/root", "alice", 403),
        ("/root", "gone", 401),
    ] {
        let token = TestIdentity::user(subject).bearer(&auth);
        let response = send_to(&app, path, &[("authorization", &token)]).await;
        if status == 200 {
            assert_eq!(text(response).await, subject);
        } else {
            assert_denied!(response, status);
        }
    }
    assert_eq!(text(send_to(&app, "/maybe", &[]).await).await, "");
}

#[tokio::test]
async fn a_bad_token_is_no_missing_one() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = router(&auth);
    let alice = TestIdentity::user("alice");
    for token in [alice.clone().forged(), alice.clone().expired(), alice.clone().wrong_audience(), alice.wrong_issuer()]
    {
        let token = token.bearer(&auth);
        for path in ["/maybe", "/current", "/root"] {
            let response = send_to(&app, path, &[("authorization", &token)]).await;
            assert!(challenge(&response).contains("invalid_token"));
            assert_denied!(response, 401);
        }
    }
}

#[tokio::test]
async fn a_session_whose_owner_has_no_record_or_a_deactivated_one_opens_public_pages() {
    let TestAuth { auth, .. } = with_sessions();
    let app = router(&auth);
    for (owner, required) in [("gone", 401), ("idle", 403), ("broken!", 200)] {
        let fields = [("x-test-session", owner)];
        let log = events(async {
            let response = send_to(&app, "/maybe", &fields).await;
            assert_eq!(response.status(), 200, "{owner}");
            assert_eq!(text(response).await, if required == 200 { owner } else { "" });
        })
        .await;
        let ignored = |line: &str| line.contains("ignored");
        assert_eq!(log.lines().filter(|line| ignored(line)).count(), usize::from(required != 200), "{log}");
        assert_eq!(owner == "gone", log.contains("user_gone"), "{log}");
        assert_eq!(owner == "idle", log.contains("inactive_user"), "{log}");
        let response = send_to(&app, "/current", &fields).await;
        assert_eq!(response.status(), required, "{owner}");
        assert!(!challenge(&response).contains("error"), "{owner}: as without a credential");
    }
    // A token says that its holder wants to be known, and so does a session in the same field.
    for (owner, status) in [("gone", 401), ("idle", 403)] {
        for token in [TestIdentity::user(owner).bearer(&auth), format!("Bearer session_{owner}")] {
            for path in ["/maybe", "/current"] {
                let response = send_to(&app, path, &[("authorization", &token)]).await;
                assert_eq!(status == 401, challenge(&response).contains("invalid_token"), "{token}");
                assert_denied!(response, status);
            }
        }
    }
}

#[tokio::test]
async fn a_dead_cookie_names_no_user() {
    let world = SignedIn::new().await;
    let app = router(&world.auth);
    let cookie = format!("__Host-session={}", "A".repeat(43));
    let response = send_to(&app, "/maybe", &[("cookie", &cookie)]).await;
    assert_eq!((response.status().as_u16(), text(response).await), (200, String::new()));
    assert_eq!(code(send_to(&app, "/current", &[("cookie", &cookie)]).await).await, "unauthenticated");
    assert_eq!(text(send_to(&app, "/maybe", &[("cookie", &world.cookie())]).await).await, world.alice.id);
}

#[tokio::test]
async fn another_issuers_subject_is_no_user_here_however_it_is_spelled() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Issuers));
    let app = router(&auth);
    for path in ["/current", "/maybe", "/root"] {
        for namesake in ["https://elsewhere.invalid|root", "https://elsewhere.invalid|gone"] {
            let response = send_to(&app, path, &[("authorization", &format!("Bearer {namesake}"))]).await;
            assert_denied!(response, 403);
        }
    }
    // An authenticator identifies this service's users if it calls `of_this_service` or names this service.
    for issuer in ["here", auth.issuer()] {
        let response = send_to(&app, "/root", &[("authorization", &format!("Bearer {issuer}|root"))]).await;
        assert_eq!(text(response).await, "root");
    }
}

/// If an authenticator does not name its issuer, the issuer's subjects are not users here.
#[tokio::test]
async fn a_subject_without_an_issuer_is_no_user_here() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Issuers));
    let app = router_with(&auth, Users::new(WithPartners));
    for path in ["/current", "/maybe", "/root"] {
        for subject in ["root", "gone", "broken", "nobodys"] {
            let log = events(async {
                let response = send_to(&app, path, &[("authorization", &format!("Bearer |{subject}"))]).await;
                assert_denied!(response, 403);
            })
            .await;
            assert!(log.contains("WARN") && log.contains("no_issuer"), "{log}");
            assert!(log.contains(".issuer(…)") && log.contains(".of_this_service()"), "{log}");
        }
    }
}

#[tokio::test]
async fn a_directory_may_know_users_of_other_issuers() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.authenticator(Issuers));
    let app = router_with(&auth, Users::new(WithPartners));
    for (caller, status) in [
        ("https://partner.invalid|alice", 200),
        ("https://partner.invalid|bob", 403),
        ("https://partner.invalid|idle", 403),
        ("https://partner.invalid|broken", 503),
        ("https://elsewhere.invalid|alice", 403),
    ] {
        let response = send_to(&app, "/current", &[("authorization", &format!("Bearer {caller}"))]).await;
        if status == 200 {
            assert_eq!(text(response).await, "partner-alice");
        } else {
            assert_denied!(response, status);
        }
    }
}

#[tokio::test]
async fn a_refusal_by_an_argument_has_an_event() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = router(&auth);
    for (path, subject, word) in
        [("/current", "gone", "user_gone"), ("/current", "broken", "timeout"), ("/root", "alice", "forbidden")]
    {
        let token = TestIdentity::user(subject).bearer(&auth);
        let log = events(async {
            send_to(&app, path, &[("authorization", &token)]).await;
        })
        .await;
        assert!(log.contains(word), "{path} as {subject}: {log}");
    }
}

#[tokio::test]
async fn identity_authenticates_by_itself_on_a_plain_router() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = Router::new()
        .route("/who", axum::routing::get(async |who: Identity| who.subject().to_owned()))
        .with_state(auth.clone());
    assert_denied!(send_to(&app, "/who", &[]).await, 401);
    let token = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(text(send_to(&app, "/who", &[("authorization", &token)]).await).await, "alice");
}
