//! From plain HTTP to HTTPS, under the addresses of production.

use super::{
    service::{PRODUCTION, Service, TRUSTED_KEY, mapped},
    tab::Tab,
};

/// Keeps Chromium from trying HTTPS first.
const NO_GUESSES: &str = "--disable-features=HttpsUpgrades,HttpsFirstBalancedModeAutoEnable";

#[tokio::test]
async fn a_page_over_plain_http_leads_to_https_which_the_browser_remembers() {
    let service = Service::start(&PRODUCTION).await;
    let hosts = mapped(&[("*.example:80", service.port), ("*.example:443", service.tls_port)]);
    let Some(tab) = Tab::open_with(&[NO_GUESSES, &hosts, TRUSTED_KEY]).await else { return };
    let address = async || tab.script("return location.href").await;

    tab.goto("http://other.example/target").await;
    tab.see("host-unknown").await;
    assert_eq!(address().await, "http://other.example/target", "no redirect for a foreign host");

    // A form has sent its content in clear text already, so it is refused.
    tab.goto("about:blank").await;
    tab.script(
        "document.body.innerHTML = '<form method=post action=http://shop.example/target></form>'; \
         document.forms[0].submit()",
    )
    .await;
    tab.see("https-required").await;
    assert_eq!(address().await, "http://shop.example/target");

    tab.goto("http://shop.example/target?x=1").await;
    tab.see("reached").await;
    assert_eq!(address().await, "https://shop.example/target?x=1");

    // `Strict-Transport-Security`: after this, the browser sends nothing over plain HTTP, not even to subdomains.
    service.stop_plain_http();
    tab.goto("http://shop.example/target?x=2").await;
    tab.see("reached").await;
    assert_eq!(address().await, "https://shop.example/target?x=2");
    tab.goto("http://www.shop.example/target").await;
    tab.see("host-unknown").await;
    assert_eq!(address().await, "https://www.shop.example/target");
}
