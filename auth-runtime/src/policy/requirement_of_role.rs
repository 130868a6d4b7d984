use super::{Role, RoleRule};

/// A method `requirement` of every value, for the attributes.
///
/// `#[derive(Role)]` writes a function of this name, which the compiler prefers. On a type without the derive, the
/// compiler finds this method. Its bound says that the type is no role.
pub trait RequirementOfRole {
    /// Returns the requirement of a handler that asks for this role.
    fn requirement(&self) -> RoleRule
    where
        Self: Role,
    {
        self.rule()
    }

    /// Says the same of a constant, which the attributes ask for its bytes.
    fn as_bytes(&self) -> RoleRule
    where
        Self: Role,
    {
        self.rule()
    }
}

impl<T> RequirementOfRole for T {}
