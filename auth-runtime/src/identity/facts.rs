use crate::{
    clock::UnixTime,
    policy::{IssuerName, Via},
};

/// The facts of an identity. All texts share one buffer, so that an identity costs only two allocations.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) text: String,
    pub(super) subject: Span,
    pub(super) issuer: Span,
    pub(super) issuer_name: Option<IssuerName>,
    pub(super) client: Option<Span>,
    pub(super) session: Option<Span>,
    pub(super) token_id: Option<Span>,
    pub(super) acr: Option<Span>,
    pub(super) name: Option<Span>,
    pub(super) email: Option<Span>,
    pub(super) is_email_verified: bool,
    pub(super) scope: Span,
    pub(super) roles: Span,
    pub(super) amr: Span,
    pub(super) auth_time: Option<UnixTime>,
    pub(super) expires_at: Option<UnixTime>,
    pub(super) via: Via,
    pub(super) of_this_service: bool,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
}

impl Facts {
    /// Returns a part of the text.
    pub(super) fn text(&self, span: Span) -> &str {
        // The spans were made with the text and lie on its character boundaries.
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// Appends a part to the text.
pub(super) fn append(text: &mut String, part: &str) -> Span {
    let start = offset(text);
    text.push_str(part);
    Span { start, end: offset(text) }
}

/// Copies a list that is not the last part of the text to its end, so that the list can grow.
pub(super) fn reopen(text: &mut String, list: Span) -> u32 {
    if list.end == offset(text) && list != Span::default() {
        return list.start;
    }
    let start = offset(text);
    let copy = text.get(list.start as usize..list.end as usize).unwrap_or_default().to_owned();
    text.push_str(&copy);
    start
}

/// Returns the end of the text.
pub(super) fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}
