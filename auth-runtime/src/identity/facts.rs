use crate::{
    clock::UnixTime,
    policy::{IssuerName, Via},
};

/// The facts of an identity. All texts share one buffer, so that an identity costs only two allocations.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Facts {
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

/// How an authenticator describes its caller. The facts are changed in place: handing a builder on costs a request more
/// than what it does.
impl Facts {
    /// Starts an identity for `subject`.
    pub(crate) fn of(subject: &str, via: Via) -> Self {
        let mut text = String::with_capacity(192);
        let subject = append(&mut text, subject);
        let none = Span::default();
        Self {
            text,
            subject,
            issuer: none,
            issuer_name: None,
            client: None,
            session: None,
            token_id: None,
            acr: None,
            name: None,
            email: None,
            is_email_verified: false,
            scope: none,
            roles: none,
            amr: none,
            auth_time: None,
            expires_at: None,
            via,
            of_this_service: false,
        }
    }

    pub(crate) fn set_issuer(&mut self, issuer: &str) {
        self.issuer = append(&mut self.text, issuer);
    }

    pub(crate) fn set_client(&mut self, client: &str) {
        self.client = Some(append(&mut self.text, client));
    }

    pub(crate) fn set_session(&mut self, session: &str) {
        self.session = Some(append(&mut self.text, session));
    }

    pub(crate) fn set_token_id(&mut self, token_id: &str) {
        self.token_id = Some(append(&mut self.text, token_id));
    }

    pub(crate) fn set_acr(&mut self, acr: &str) {
        self.acr = Some(append(&mut self.text, acr));
    }

    pub(crate) fn set_auth_time(&mut self, time: UnixTime) {
        self.auth_time = Some(time);
    }

    pub(crate) fn set_expires_at(&mut self, time: UnixTime) {
        self.expires_at = Some(time);
    }

    pub(crate) fn add_roles<'a>(&mut self, roles: impl IntoIterator<Item = &'a str>) {
        self.roles = add_lines(&mut self.text, self.roles, roles);
    }

    pub(crate) fn add_amr<'a>(&mut self, methods: impl IntoIterator<Item = &'a str>) {
        self.amr = add_lines(&mut self.text, self.amr, methods);
    }

    /// Adds scopes, separated by spaces.
    pub(crate) fn add_scope(&mut self, scope: &str) {
        let start = reopen(&mut self.text, self.scope);
        self.text.push_str(scope);
        self.text.push(' ');
        self.scope = Span { start, end: offset(&self.text) };
    }
}

impl Facts {
    /// Returns a part of the text.
    pub(super) fn text(&self, span: Span) -> &str {
        // The spans were made with the text and lie on its character boundaries.
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }
}

/// Returns the members of a list in which `end` follows each member. Empty members are left out.
pub(super) fn members(list: &str, end: u8) -> impl Iterator<Item = &str> {
    let mut rest = list;
    let each = core::iter::from_fn(move || {
        let (member, after) = rest.split_at_checked(memchr::memchr(end, rest.as_bytes())?)?;
        rest = after.get(1..)?;
        Some(member)
    });
    each.filter(|member| !member.is_empty())
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

/// Adds lines to a list of lines. A line that contains a line break is left out.
fn add_lines<'a>(text: &mut String, list: Span, lines: impl IntoIterator<Item = &'a str>) -> Span {
    let start = reopen(text, list);
    for line in lines.into_iter().filter(|line| memchr::memchr(b'\n', line.as_bytes()).is_none()) {
        text.push_str(line);
        text.push('\n');
    }
    Span { start, end: offset(text) }
}
