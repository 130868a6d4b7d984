//! The gallery as a person uses it.

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use super::{application::PASSWORD, gallery_world::Gallery, tab::Tab};

/// Fills the form of a new member.
async fn fill(tab: &Tab, fields: [&str; 5]) {
    let labels = ["User name", "E-mail", "Password", "Web site", "About you"];
    for (label, value) in labels.into_iter().zip(fields) {
        tab.fill("join", label, value).await;
    }
    tab.press("Open the account").await;
}

/// Returns what the field with this label shows, and the message beside it.
async fn field(tab: &Tab, label: &str) -> (String, String) {
    let found = format!("//form[@id='join']//label[starts-with(normalize-space(), '{label}')]");
    let message = tab.text(&format!("{found}/span[@class='fault']")).await;
    let value = tab
        .script(&format!(
            "return document.evaluate(\"{found}/*[self::input or self::textarea]\", document).iterateNext().value"
        ))
        .await;
    (value.as_str().unwrap().to_owned(), message)
}

fn file(folder: &TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

/// A picture of one pixel.
const DOT: &[u8] = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";

#[tokio::test]
async fn a_person_sees_five_messages_beside_five_fields_then_joins() {
    let Some(tab) = Tab::open().await else { return };
    let gallery = Gallery::start();
    tab.goto(&gallery.url("/")).await;
    tab.click("//header//a[.='Join']").await;
    let about = "x".repeat(201);
    fill(&tab, ["a", "nobody", "canary", "javascript:alert(1)", &about]).await;
    for (label, value, message) in [
        ("User name", "a", "must be 3 to 50 letters, digits or underscores"),
        ("E-mail", "nobody", "must be an e-mail address"),
        ("Password", "", "must have at least 8 characters"),
        ("Web site", "javascript:alert(1)", "must begin with https://"),
        ("About you", &about, "must have at most 200 characters"),
    ] {
        assert_eq!(field(&tab, label).await, (value.to_owned(), message.to_owned()));
    }
    assert!(!tab.script("return document.documentElement.outerHTML").await.to_string().contains("canary"));

    fill(&tab, ["alice", "alice@example.org", PASSWORD, "https://alice.example", "I like dots."]).await;
    sign_in(&tab, "alice").await;
    tab.press("Sign out").await;
    tab.find("//header//a[.='Sign in']").await;
}

async fn sign_in(tab: &Tab, name: &str) {
    tab.find("//h1[.='Sign in']").await;
    tab.fill("sign-in", "User name", name).await;
    tab.fill("sign-in", "Password", PASSWORD).await;
    tab.click("//form[@id='sign-in']//button").await;
    tab.find(&format!("//strong[@id='who'][.='{name}']")).await;
}

#[tokio::test]
async fn a_person_shows_a_picture_and_reads_why_another_file_is_refused() {
    let Some(tab) = Tab::open().await else { return };
    let gallery = Gallery::start();
    gallery.member("alice").await;
    let folder = TempDir::new().unwrap();
    tab.goto(&gallery.url("/sign-in")).await;
    sign_in(&tab, "alice").await;

    tab.click("//header//a[.='Show pictures']").await;
    tab.choose("upload", &file(&folder, "lie.png", b"<html><script>alert(1)</script>")).await;
    tab.press("Show them").await;
    tab.find("//p[@role='alert'][starts-with(., 'The file is not of an allowed type.')]").await;
    assert_eq!(gallery.files(), [""; 0]);

    tab.choose("upload", &file(&folder, "<b>dot<b>.gif", DOT)).await;
    tab.press("Show them").await;
    tab.click("//ul[@class='pictures']/li[contains(., 'by alice')]/a").await;
    tab.find("//h1[contains(., 'dot')]").await;
    let loaded =
        "const image = document.querySelector('main img'); return image.decode().then(() => image.naturalWidth)";
    assert_eq!(tab.script(loaded).await, 1, "the browser shows the picture");

    let comment = "<b>bold</b> <img src=x onerror=\"window.ran = true\"><script>window.ran = true</script>";
    tab.fill("comment", "Your comment", comment).await;
    tab.click("//form[@id='comment']//button").await;
    tab.find("//article//b[.='bold']").await;
    assert_eq!(tab.script("return window.ran === undefined").await, true);

    tab.press("Delete the picture").await;
    tab.see("There is no picture yet.").await;
    assert_eq!(gallery.files(), [""; 0]);
}

/// A guard's refusal is a page for a person who opens an address.
#[tokio::test]
async fn a_visitor_is_shown_where_to_sign_in() {
    let Some(tab) = Tab::open().await else { return };
    let gallery = Gallery::start();
    tab.goto(&gallery.url("/pictures")).await;
    tab.find("//h1[.='This needs a credential.']").await;
    tab.click("//main//a[.='Sign in']").await;
    tab.find("//h1[.='Sign in']").await;
}
