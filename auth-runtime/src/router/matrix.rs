use core::fmt::{self, Write as _};
use std::borrow::Cow;

use serde::Serialize;

/// Who may call which handler: one row for each handler, in the order in which the routes were added.
///
/// `Display` writes aligned text; [`to_markdown`](Self::to_markdown) and [`to_json`](Self::to_json) return the other
/// forms. Commit one of them as a snapshot, and every review shows where access becomes wider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct AccessMatrix {
    rows: Vec<MatrixRow>,
}

/// One handler's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MatrixRow {
    /// The HTTP methods, separated by commas, or `*`.
    pub method: String,
    /// The path, as the router knows it.
    pub path: String,
    /// The callers that the handler admits.
    pub access: String,
    /// The policies of [`GuardedRouter::narrowed_by`](super::GuardedRouter::narrowed_by) around the route. The other
    /// members include what they require.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub narrowed_by: Vec<String>,
    /// The issuers of which one must vouch for the caller, if the policy names any. `access` says so, too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub issuers: Vec<String>,
    /// The accepted kinds of credential.
    pub via: String,
    /// Whether requests that other sites cause are refused, and the reason when they are not.
    pub csrf: String,
    /// The limits, each with the value by which it counts.
    pub limits: String,
    /// The bounds of the request's body, if the policy has any.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub body: String,
    /// The directives of the Content Security Policy that the handler changes. The text and the Markdown have the
    /// column if a row of the matrix has some.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub csp: String,
    /// The reason why the handler is public, if the policy states one.
    #[serde(rename = "because")]
    pub reason: String,
    /// The handler's module path and name.
    pub handler: String,
    /// Whether a layer or another wrapper stands between the route and the handler. It sees requests before the
    /// guard, and could answer them. Layers on the whole router are not counted.
    #[serde(skip_serializing_if = "is_false")]
    pub layers: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl AccessMatrix {
    pub(super) fn new(rows: impl Iterator<Item = MatrixRow>) -> Self {
        Self { rows: rows.collect() }
    }

    /// Returns the rows.
    pub fn rows(&self) -> &[MatrixRow] {
        &self.rows
    }

    /// Returns a table in Markdown.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        let mut line = |cells: Cells<'_>| {
            for cell in cells {
                // An unescaped pipe would end the cell.
                let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
            }
            text.push_str("|\n");
        };
        let (headings, rows) = self.lines();
        line(headings.clone());
        line(headings.iter().map(|_| "---".into()).collect());
        rows.for_each(line);
        text
    }

    /// Returns a JSON array with one object for each row.
    pub fn to_json(&self) -> String {
        // Only strings are serialized, which cannot fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl fmt::Display for AccessMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (headings, rows) = self.lines();
        let lines: Vec<Cells<'_>> = core::iter::once(headings).chain(rows).collect();
        let mut widths = vec![0; lines.first().map_or(0, Vec::len)];
        for cells in &lines {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = cell.chars().count().max(*width);
            }
        }
        for cells in &lines {
            let mut line = String::new();
            for (cell, &width) in cells.iter().zip(&widths) {
                write!(line, "{cell:width$}  ")?;
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

type Cells<'a> = Vec<Cow<'a, str>>;

impl AccessMatrix {
    /// Returns the headings and the rows. A column that few services use stands only if a row has something in it.
    fn lines(&self) -> (Cells<'_>, impl Iterator<Item = Cells<'_>>) {
        let has_csp = self.rows.iter().any(|row| !row.csp.is_empty());
        let headings = ["METHOD", "PATH", "WHO", "VIA", "CSRF", "LIMITS"].into_iter().chain(has_csp.then_some("CSP"));
        let headings = headings.chain(["WHY PUBLIC", "HANDLER"]).map(Cow::from).collect();
        (headings, self.rows.iter().map(move |row| row.cells(has_csp)))
    }
}

impl MatrixRow {
    fn cells(&self, has_csp: bool) -> Cells<'_> {
        let handler = if self.layers { format!("{} (layers)", self.handler) } else { self.handler.clone() };
        let csp = has_csp.then_some(if self.csp.is_empty() { "-" } else { &*self.csp });
        [&*self.method, &*self.path, &*self.access, &*self.via, &*self.csrf]
            .into_iter()
            .map(Cow::from)
            .chain([self.bounds()])
            .chain(csp.map(Cow::from))
            .chain([Cow::from(&*self.reason), handler.into()])
            .collect()
    }

    /// Returns the limits and the bounds of the body, which share a column: both say how much a caller may send.
    fn bounds(&self) -> Cow<'_, str> {
        match (self.limits.as_str(), self.body.as_str()) {
            (limits, "") => limits.into(),
            ("-", body) => format!("body {body}").into(),
            (limits, body) => format!("{limits}; body {body}").into(),
        }
    }
}

#[cfg(test)]
mod tests;
