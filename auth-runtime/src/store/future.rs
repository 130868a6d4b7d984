use core::pin::Pin;

/// What the methods of an object-safe trait return in place of an `async fn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;
