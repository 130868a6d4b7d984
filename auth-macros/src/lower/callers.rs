use crate::model::{Access, Protection};

/// The callers of a handler, as far as the attributes are clear about them.
pub(super) enum Callers<'a> {
    Everyone,
    /// Callers who meet these requirements.
    Known(&'a Protection),
    Unclear,
}

impl<'a> Callers<'a> {
    /// Returns the callers whom `access` admits. `None` stands for attributes that contradict each other.
    pub(super) fn of(access: Option<&'a Access>) -> Self {
        match access {
            Some(Access::Public { .. }) => Self::Everyone,
            Some(Access::Protected(protection)) => Self::Known(protection),
            None => Self::Unclear,
        }
    }
}
