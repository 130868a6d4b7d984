use core::pin::Pin;

/// The return type of methods of an object-safe trait, which cannot be `async fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
