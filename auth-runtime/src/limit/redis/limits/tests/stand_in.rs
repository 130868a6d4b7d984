//! Programs in place of a Redis that answer what no Redis answers.

use std::{
    net::Ipv4Addr,
    sync::{Mutex, PoisonError},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::*;

/// Answers each command with the same text, which may hold the command that it refuses. Returns the address.
pub(super) async fn answers_always(answer: &'static str) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut peer, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                while let Ok(length @ 1..) = peer.read(&mut buffer).await {
                    let _ = peer.write_all(repeated(answer, &buffer[..length]).as_bytes()).await;
                }
            });
        }
    });
    address.to_string()
}

/// Returns the answer to each of the commands.
fn repeated(answer: &str, commands: &[u8]) -> String {
    answer.repeat(commands.iter().filter(|byte| **byte == b'*').count().max(1))
}

/// A server behind a program that may answer in its place.
pub(super) struct StandIn {
    port: u16,
    garbage: Arc<Mutex<Option<Garbage>>>,
}

/// The answers in place of the server's.
#[derive(Clone, Copy)]
pub(super) struct Garbage {
    pub(super) answer: &'static str,
    /// Whether the server itself answers the commands of a new connection.
    pub(super) only_to_scripts: bool,
}

impl StandIn {
    pub(super) async fn before(server: &Server) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let (port, server) = (listener.local_addr().unwrap().port(), server.port());
        let garbage = Arc::default();
        let answered = Arc::clone(&garbage);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await.unwrap();
                tokio::spawn(carry(client, server, Arc::clone(&answered)));
            }
        });
        Self { port, garbage }
    }

    pub(super) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Gives every later call this answer, or lets the server answer again.
    pub(super) fn answer(&self, garbage: Option<Garbage>) {
        *self.garbage.lock().unwrap_or_else(PoisonError::into_inner) = garbage;
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, garbage: Arc<Mutex<Option<Garbage>>>) {
    let (mut asked, mut answered) = ([0; 4096], [0; 4096]);
    loop {
        let is_written = tokio::select! {
            Ok(length @ 1..) = client.read(&mut asked) => {
                let asked = &asked[..length];
                let garbage = *garbage.lock().unwrap_or_else(PoisonError::into_inner);
                match garbage.filter(|garbage| !garbage.only_to_scripts || asked.windows(7).any(|word| word == b"EVALSHA")) {
                    Some(garbage) => client.write_all(repeated(garbage.answer, asked).as_bytes()).await,
                    None => server.write_all(asked).await,
                }
            }
            Ok(length @ 1..) = server.read(&mut answered) => client.write_all(&answered[..length]).await,
            else => return,
        };
        if is_written.is_err() {
            return;
        }
    }
}
