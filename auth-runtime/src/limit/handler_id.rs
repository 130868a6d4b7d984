use core::{
    any::{TypeId, type_name},
    hash::{Hash, Hasher},
};

/// The identity of a handler by the type of its policy, because its name can be ambiguous.
///
/// A name is a module and a function. The bodies and blocks of one module may contain several functions with the same
/// name, and a generic function is several handlers. Each of them has a policy type of its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    id: TypeId,
    path: fn() -> &'static str,
}

impl Place {
    pub(super) const fn of<P: 'static>() -> Self {
        Self { id: TypeId::of::<P>(), path: type_name::<P> }
    }

    /// Returns a number that differs for every handler of this program. Another compiler or release may return another
    /// number.
    pub(super) fn number(&self) -> u64 {
        let mut number = Number(0);
        self.id.hash(&mut number);
        number.0
    }

    /// Returns a number for the part of the identity that `handler` does not express. It is zero for a function
    /// directly in its module, because a module has only one function of each name.
    ///
    /// Counters that programs share thus stay the same from release to release. Handlers inside functions and generic
    /// handlers are exceptions, because the names of types do not distinguish all types.
    pub(super) fn beyond(&self, handler: &str) -> u64 {
        let (module, function) = handler.rsplit_once("::").unwrap_or(("", handler));
        let hidden = (self.path)().strip_prefix(module).and_then(|path| path.strip_prefix("::__"));
        match hidden.and_then(|name| name.strip_suffix("_policy")) {
            Some(name) if name == function => 0,
            _ => self.number(),
        }
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Place {}

/// A hasher that returns the type's identity, which is a hash already.
struct Number(u64);

impl Hasher for Number {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = self.0.rotate_left(32) ^ word;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[expect(non_camel_case_types, reason = "as the attributes name it")]
    struct __listed_policy;

    fn nested() -> [Place; 2] {
        let first = {
            #[expect(non_camel_case_types, reason = "as the attributes name it")]
            struct __listed_policy;
            Place::of::<__listed_policy>()
        };
        let second = {
            #[expect(non_camel_case_types, reason = "as the attributes name it")]
            struct __listed_policy;
            Place::of::<__listed_policy>()
        };
        [first, second]
    }

    #[test]
    fn a_handler_of_a_module_is_told_by_its_name() {
        let place = Place::of::<__listed_policy>();
        assert_eq!(place.beyond(concat!(module_path!(), "::listed")), 0);
        assert_eq!(place.number(), Place::of::<__listed_policy>().number());
    }

    #[test]
    fn handlers_of_one_name_in_blocks_are_told_apart() {
        let [first, second] = nested();
        let name = concat!(module_path!(), "::listed");
        assert_ne!(first.beyond(name), 0);
        assert_ne!(first.beyond(name), second.beyond(name));
        assert_ne!(first.number(), second.number());
    }

    #[test]
    fn a_generic_handler_is_told_apart_by_its_parameters() {
        #[expect(non_camel_case_types, reason = "as the attributes name it")]
        struct __listed_policy<T, const N: usize>(core::marker::PhantomData<T>);
        let name = concat!(module_path!(), "::listed");
        let places = [
            Place::of::<__listed_policy<u8, 1>>(),
            Place::of::<__listed_policy<u16, 1>>(),
            Place::of::<__listed_policy<u8, 2>>(),
        ];
        let told: std::collections::BTreeSet<_> = places.iter().map(|place| place.beyond(name)).collect();
        let numbers: std::collections::BTreeSet<_> = places.iter().map(Place::number).collect();
        assert!(told.len() == 3 && numbers.len() == 3 && !told.contains(&0), "{told:?} {numbers:?}");
    }

    #[test]
    fn another_name_is_not_taken_for_the_handlers() {
        assert_ne!(Place::of::<__listed_policy>().beyond("listed"), 0);
        assert_ne!(Place::of::<__listed_policy>().beyond(concat!(module_path!(), "::list")), 0);
    }
}
