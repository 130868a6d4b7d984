use auth_runtime::Role;

#[derive(Role)]
enum Role<T> {
    Member,
    Of(std::marker::PhantomData<T>),
}

fn main() {}
