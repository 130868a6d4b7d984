use std::{thread, time::Duration};

use auth_tests::{
    http::{Answer, Call},
    program::{PATIENCE, Running},
};
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::application::{PASSWORD, cookie_of};

/// A running `club` program.
pub(super) struct Club(Running);

impl Club {
    pub(super) fn start() -> Self {
        Self::start_with(&[])
    }

    pub(super) fn start_with(settings: &[(&str, &str)]) -> Self {
        Self(Running::start("club", settings))
    }

    pub(super) fn program(&self) -> &Running {
        &self.0
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.0.address())
    }

    /// Returns a request as a page of the club causes it, with this cookie.
    pub(super) fn call(&self, method: &str, path: &str, cookie: &str) -> Call {
        let call = self.0.call(method, path).header("sec-fetch-site", "same-origin").header("accept", "text/html");
        if cookie.is_empty() { call } else { call.header("cookie", cookie) }
    }

    /// Invites a person on the server. Returns the path of the link.
    pub(super) fn invite(&self, name: &str, role: &str) -> String {
        let invited = self.0.run(&["invite", &address(name), role]);
        assert!(invited.status.success(), "{invited:?}");
        let printed = String::from_utf8(invited.stdout).unwrap();
        printed.trim().rsplit(' ').next().unwrap().to_owned()
    }

    /// Sends the form of an invited person.
    pub(super) async fn register(&self, link: &str, email: &str, name: &str, since: &str) -> Answer {
        let token = link.strip_prefix("/register/").unwrap();
        let fields = [
            ("invitation", token),
            ("email", email),
            ("password", PASSWORD),
            ("display_name", name),
            ("member_since", since),
        ];
        self.call("POST", "/register", "").form(&fields).send().await
    }

    /// Opens an account with this role.
    pub(super) async fn join(&self, name: &str, role: &str) {
        let link = self.invite(name, role);
        let joined = self.register(&link, &address(name), name, "1999").await;
        assert_eq!((joined.status, joined.header("location")), (303, "/sign-in?joined=true"), "{joined:?}");
    }

    /// Opens an account with this role, and signs in. Returns the cookie.
    pub(super) async fn member(&self, name: &str, role: &str) -> String {
        self.join(name, role).await;
        let signed_in = self.sign_in(name, &[]).await;
        assert_eq!((signed_in.status, signed_in.header("location")), (303, "/events"), "{signed_in:?}");
        cookie_of(&signed_in)
    }

    /// Sends the sign-in form with more fields.
    pub(super) async fn sign_in(&self, name: &str, more: &[(&str, &str)]) -> Answer {
        let email = address(name);
        let fields = [("username", email.as_str()), ("password", PASSWORD)];
        let fields: Vec<_> = fields.into_iter().chain(more.iter().copied()).collect();
        self.call("POST", "/auth/session", "").form(&fields).send().await
    }

    /// Returns the link of the newest mail to this person. Mail goes out after the answer.
    pub(super) async fn mailed(&self, name: &str) -> String {
        let address = address(name);
        for _ in 0..PATIENCE.as_secs() * 20 {
            let outbox = self.call("GET", "/outbox", "").send().await;
            if let Some((_, rest)) = outbox.body.split_once(&format!("{address}: <a href=\"")) {
                return rest.split('"').next().unwrap().to_owned();
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("no mail to {address}")
    }

    /// Returns the identifier of a person's account.
    pub(super) async fn id(&self, name: &str) -> String {
        let id = sqlx::query_scalar("SELECT id FROM auth_accounts WHERE email = $1").bind(address(name));
        id.fetch_one(&mut self.database().await).await.unwrap()
    }

    /// Returns the name and the year that the club has of an account.
    pub(super) async fn fields(&self, id: &str) -> Option<(String, i64)> {
        let fields =
            sqlx::query_as("SELECT display_name, member_since FROM members WHERE user = $1").bind(id.to_owned());
        fields.fetch_optional(&mut self.database().await).await.unwrap()
    }

    /// Lets all invitations end now.
    pub(super) async fn end_invitations(&self) {
        let end = "UPDATE auth_accounts SET pending_until = 1 WHERE pending_until IS NOT NULL";
        let ended = sqlx::query(end).execute(&mut self.database().await).await.unwrap();
        assert!(ended.rows_affected() > 0);
    }

    /// Lets all sign-ins be an hour old.
    pub(super) async fn age_sign_ins(&self) {
        let age = sqlx::query("UPDATE auth_sessions SET auth_time = auth_time - 3600");
        age.execute(&mut self.database().await).await.unwrap();
    }

    async fn database(&self) -> SqliteConnection {
        let file = self.0.folder().join("club-data").join("club.db");
        SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await.unwrap()
    }
}

pub(super) fn address(name: &str) -> String {
    format!("{name}@example.org")
}
