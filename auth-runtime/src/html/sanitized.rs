use core::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// HTML of a user in which nothing runs: a list of elements and attributes is kept, and everything else is removed. The
/// list is the one of `ammonia`, and links get `rel="noopener noreferrer"`.
///
/// HTML of more than 64 KiB or 1,000 elements is shown as the text that it is. The time to read it would help an
/// attacker.
///
/// As a field of a body, it is made from the text that the client sends. Store the sanitised text or the sent one, but
/// sanitise again before a page shows what an older version of this crate has stored.
///
/// ```
/// use auth_runtime::{html::Sanitized, prelude::*};
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Comment {
///     text: Sanitized,
/// }
///
/// #[protected]
/// async fn comment(Json(comment): Json<Comment>) -> String {
///     format!("<article>{}</article>", comment.text)
/// }
/// ```
///
/// `Display` writes HTML, which stands between elements and never inside a tag, a script or a style. A template must
/// not escape it again: `PreEscaped(comment.text.as_str())` in maud, `{{ comment.text.as_str()|safe }}` in askama.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sanitized(String);

/// The longest HTML that is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The largest number of elements that are read. The time for nested ones grows with its square.
const MOST_ELEMENTS: usize = 1_000;

/// How many times longer the result may be, with its closing tags and the attributes of links.
const MOST_GROWTH: usize = 15;

/// Returns how many tags can open an element.
fn opened(html: &str) -> usize {
    html.as_bytes().windows(2).filter(|pair| matches!(pair, [b'<', next] if next.is_ascii_alphabetic())).count()
}

impl Sanitized {
    /// Sanitises HTML.
    pub fn new(html: &str) -> Self {
        if html.len() > MOST_BYTES || opened(html) > MOST_ELEMENTS {
            return Self::of_text(html);
        }
        let clean = ammonia::clean(html);
        // Elements that are not closed can be repeated in each later one.
        if clean.len() / MOST_GROWTH > html.len() { Self::of_text(html) } else { Self(clean) }
    }

    /// Escapes text, so that a page shows it as it is written.
    pub fn of_text(text: &str) -> Self {
        Self(ammonia::clean_text(text))
    }

    /// Returns the HTML.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the HTML.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl<'de> Deserialize<'de> for Sanitized {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|html| Self::new(&html))
    }
}

impl fmt::Display for Sanitized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Sanitized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Sanitized").field(&self.0).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::{
        thread,
        time::{Duration, Instant},
    };

    use super::*;

    /// Ways to run a script that were found in other sanitisers.
    const ATTACKS: [&str; 22] = [
        "<script>alert(1)</script>",
        "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<a href=\"javascript:alert(1)\">a</a>",
        "<a href=\" java\tscript:alert(1)\">a</a>",
        "<a href=\"&#106;avascript:alert(1)\">a</a>",
        "<a href=\"data:text/html,<script>alert(1)</script>\">a</a>",
        "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
        "<object data=x></object><embed src=x>",
        "<form action=javascript:alert(1)><button>a</button></form>",
        "<details open ontoggle=alert(1)>",
        "<body onload=alert(1)>",
        "<div style=\"background:url(javascript:alert(1))\">a</div>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
        "<base href=//evil.example/>",
        "<template><script>alert(1)</script></template>",
        "<textarea></textarea><script>alert(1)</script>",
    ];

    #[test]
    fn nothing_that_runs_is_left() {
        for attack in ATTACKS {
            let clean = Sanitized::new(attack);
            let text = clean.as_str().to_lowercase();
            for bad in
                ["<script", "<svg", "<iframe", "<style", "<form", "<meta", "<base", "javascript:", "data:", "style="]
            {
                assert!(!text.contains(bad), "{attack}: {text}");
            }
            // An attribute that is left stands inside a tag.
            let in_tags = text.split('<').skip(1).filter_map(|tag| tag.split('>').next());
            assert!(in_tags.clone().all(|tag| !tag.contains(" on")), "{attack}: {text}");
            assert_eq!(Sanitized::new(clean.as_str()), clean, "{attack}");
        }
    }

    /// What a reader of HTML does for these grows with the square of their length.
    #[test]
    fn html_of_any_form_is_sanitised_in_time() {
        let numbered =
            |before: &str, after: &str| (0..60_000).map(|n| format!("{before}{n}{after}")).collect::<String>();
        let formatting: String = (0..480).map(|n| format!("<b a={n}>")).collect();
        let formatting = format!("<div>{formatting}</div>{}", "<div>x</div>".repeat(480));
        let repeated = ["<div>", "<b>", "<b><p>", "<table><td>", "<svg><g>", "</p>", "<!--", "&amp", "<i a="];
        let attacks = repeated.map(|part| part.repeat(300_000 / part.len()));
        let few = repeated.map(|part| part.repeat(900));
        let others = [numbered("<b a=", "><p>"), format!("<p {}>", numbered(" a", "")), formatting];
        for html in attacks.into_iter().chain(few).chain(others) {
            let (began, length) = (Instant::now(), html.len());
            // A thread of a server has a small stack.
            let clean = thread::Builder::new().stack_size(2 << 20).spawn(move || Sanitized::new(&html));
            let clean = clean.unwrap().join().unwrap();
            let start: String = clean.as_str().chars().take(40).collect();
            assert!(began.elapsed() < Duration::from_secs(8), "{start}: {:?}", began.elapsed());
            assert!(clean.as_str().len() <= length * 16, "{start}: {length} became {}", clean.as_str().len());
        }
        let long = format!("{}<script>", "a ".repeat(50_000));
        assert!(!Sanitized::new(&long).as_str().contains('<'));
    }

    #[test]
    fn what_users_write_is_kept() {
        let html = "<p>Hello <b>you</b>, <a href=\"https://example.org/\" rel=\"noopener noreferrer\">there</a></p>";
        assert_eq!(Sanitized::new(html).as_str(), html);
        assert_eq!(Sanitized::of_text("a < b").as_str(), "a&#32;&lt;&#32;b");
    }

    #[test]
    fn a_field_is_sanitised_when_it_is_read() {
        let read: Sanitized = serde_json::from_str(r#""<b>a</b><script>b</script>""#).unwrap();
        assert_eq!(read.to_string(), "<b>a</b>");
        assert_eq!(serde_json::to_string(&read).unwrap(), r#""<b>a</b>""#);
    }
}
