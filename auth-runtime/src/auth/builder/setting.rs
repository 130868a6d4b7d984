/// A value from the settings and from the builder's own method. The method wins, whichever is called first.
pub(super) struct Setting<T> {
    explicitly: Option<T>,
    by_settings: Option<T>,
}

impl<T> Default for Setting<T> {
    fn default() -> Self {
        Self { explicitly: None, by_settings: None }
    }
}

impl<T> Setting<T> {
    pub(super) fn set(&mut self, value: T) {
        self.explicitly = Some(value);
    }

    pub(super) fn take_from_settings(&mut self, value: T) {
        self.by_settings = Some(value);
    }

    /// Returns the value that counts, if there is one.
    pub(super) fn get(&self) -> Option<&T> {
        self.explicitly.as_ref().or(self.by_settings.as_ref())
    }

    pub(super) fn copied_or(&self, default: T) -> T
    where
        T: Copy,
    {
        self.get().copied().unwrap_or(default)
    }
}
