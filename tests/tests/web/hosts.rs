use auth_runtime::web::EncryptedConnection;
use axum::http::request::Builder;

use super::support::{app, from, plain, problem, send};

fn request(target: &str, hosts: &[&str]) -> Builder {
    let request = plain("GET", target).extension(EncryptedConnection);
    hosts.iter().fold(request, |request, host| request.header("host", *host))
}

#[tokio::test]
async fn spellings_of_the_services_own_host_are_answered() {
    let app = app(&[("ALLOWED_HOSTS", "api.example.com, m\u{fc}nchen.example, *.t.example, [2001:db8::1]")]);
    for host in [
        "api.example.com",
        "API.EXAMPLE.COM",
        "api.example.com.",
        "api.example.com:8443",
        "xn--mnchen-3ya.example",
        "XN--MNCHEN-3YA.example:443",
        "a.b.t.example",
        "[2001:DB8:0::1]:443",
    ] {
        assert_eq!(send(&app, request("/nothing", &[host])).await.status.as_u16(), 404, "{host}");
    }
    let both = request("https://api.example.com/nothing", &["Api.example.com:443"]);
    assert_eq!(send(&app, both).await.status.as_u16(), 404);
}

#[tokio::test]
async fn strangers_and_malformed_hosts_are_refused() {
    let app = app(&[]);
    for host in
        ["evil.example", "api.example.com.evil.example", "xapi.example.com", "example.com", "127.0.0.1", "localhost"]
    {
        assert_eq!(send(&app, request("/nothing", &[host])).await.problem(), problem(421, "host-unknown"), "{host}");
    }
    for hosts in [
        &[][..],
        &["api.example.com", "api.example.com"],
        &["api.example.com", "evil.example"],
        &["user@api.example.com"],
        &["api.example.com/"],
        &["api.example.com, evil.example"],
        &["api.example.com:80:80"],
        &["api..example.com"],
        &[""],
    ] {
        let answer = send(&app, request("/nothing", hosts)).await;
        assert_eq!(answer.problem(), problem(400, "host-invalid"), "{hosts:?}");
        assert!(!answer.body.contains("evil"));
    }
    for (target, host) in [("https://evil.example/x", "api.example.com"), ("https://api.example.com/x", "evil.example")]
    {
        assert_eq!(send(&app, request(target, &[host])).await.problem(), problem(400, "host-invalid"));
    }
    assert_eq!(send(&app, request("https://evil.example/x", &[])).await.problem(), problem(421, "host-unknown"));
}

#[tokio::test]
async fn a_host_is_believed_from_trusted_proxies_only() {
    let reported = |peer, own: &str, host: &str| {
        from(request("/nothing", &[own]), peer).header("x-forwarded-host", host).header("x-forwarded-proto", "https")
    };
    let rewriting = app(&[("ALLOWED_HOSTS", "api.example.com, backend.internal")]);
    let through_proxy = send(&rewriting, reported("10.0.0.1", "backend.internal", "api.example.com")).await;
    assert_eq!(through_proxy.status.as_u16(), 404);
    let app = app(&[]);
    // Many proxies pass a client's `X-Forwarded-Host` on. With DNS rebinding, the client is a script in a visitor's
    // browser, which can set the field and not `Host`.
    let rebound = send(&app, reported("10.0.0.1", "rebound.example", "api.example.com")).await;
    assert_eq!(rebound.problem(), problem(421, "host-unknown"));
    let spoofed = send(&app, reported("192.0.2.1", "evil.example", "api.example.com")).await;
    assert_eq!(spoofed.problem(), problem(421, "host-unknown"));
    let spoofed = send(&app, reported("10.0.0.1", "api.example.com", "api.example.com, evil.example")).await;
    assert_eq!(spoofed.problem(), problem(421, "host-unknown"));
    let unreadable = send(&app, reported("10.0.0.1", "api.example.com", "a b")).await;
    assert_eq!(unreadable.problem(), problem(400, "host-invalid"));
}

#[tokio::test]
async fn development_answers_for_this_machine_and_tests_for_every_host() {
    let here = app(&[("ENVIRONMENT", "development"), ("ALLOWED_HOSTS", "")]);
    for host in ["localhost:3000", "app.localhost", "127.0.0.1:3000", "[::1]:3000"] {
        assert_eq!(send(&here, request("/nothing", &[host])).await.status.as_u16(), 404, "{host}");
    }
    assert_eq!(send(&here, request("/nothing", &["rebound.example"])).await.status.as_u16(), 421);
    let tests = app(&[("ENVIRONMENT", "test"), ("ALLOWED_HOSTS", "")]);
    assert_eq!(send(&tests, request("/nothing", &[])).await.status.as_u16(), 404);
}
