use std::{
    io::{Read, Write},
    net::TcpStream,
    process::Command,
    time::Instant,
};

use super::KEYS;

/// One socket without a client library.
pub(super) struct Raw {
    socket: TcpStream,
    pub(super) script: String,
}

impl Raw {
    pub(super) fn connect(url: &str) -> Self {
        let address = url.rsplit('/').next().unwrap();
        let mut raw = Self { socket: TcpStream::connect(address).unwrap(), script: String::new() };
        raw.socket.set_nodelay(true).unwrap();
        raw.script = raw.ask(&["SCRIPT", "LOAD", SCRIPT]).lines().nth(1).unwrap().to_owned();
        raw
    }

    /// Sends batches of as many calls as there would be tasks, and returns the calls per second.
    pub(super) fn run(&mut self, batch: u64, checks: u64) -> f64 {
        let start = Instant::now();
        let mut buffer = vec![0; 1 << 16];
        for round in 0..checks / batch {
            let mut calls = Vec::new();
            for call in 0..batch {
                let key = format!("bench:1:{:032x}", (round * batch + call) % KEYS);
                calls.extend(command(&["EVALSHA", &self.script, "1", &key, "0", "600000000", "60", "0", "0"]));
            }
            self.socket.write_all(&calls).unwrap();
            // An answer has five numbers: six lines.
            let mut lines = 0;
            while lines < batch * 6 {
                let read = self.socket.read(&mut buffer).unwrap();
                lines += buffer[..read].iter().filter(|byte| **byte == b'\n').count() as u64;
            }
        }
        (checks / batch * batch) as f64 / start.elapsed().as_secs_f64()
    }

    /// Returns what `redis-benchmark` says of the same script, if the program is there.
    pub(super) fn redis_benchmark(&self, url: &str) -> String {
        let port = url.rsplit(':').next().unwrap();
        let call = ["EVALSHA", &self.script, "1", "bench:1:__rand_int__", "0", "600000000", "60", "0", "0"];
        let output = Command::new("redis-benchmark")
            .args(["-p", port, "-n", "60000", "-r", "20000", "-P", "64", "-c", "1", "--csv"])
            .args(call)
            .output();
        match output {
            Ok(output) => {
                let text = String::from_utf8_lossy(&output.stdout).into_owned();
                let figure = text.lines().last().and_then(|line| line.split("\",\"").nth(1)).unwrap_or("no figure");
                format!("{figure} calls/s")
            }
            Err(error) => error.to_string(),
        }
    }

    /// Returns how many scripts the server has run.
    pub(super) fn calls(&mut self) -> u64 {
        let text = self.ask(&["INFO", "commandstats"]);
        let line = text.lines().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls=")).unwrap();
        line.split(',').next().unwrap().parse().unwrap()
    }

    pub(super) fn memory_per_key(&mut self) -> u64 {
        let used = |raw: &mut Self| {
            let text = raw.ask(&["INFO", "memory"]);
            text.lines().find_map(|line| line.strip_prefix("used_memory:")?.trim().parse::<u64>().ok()).unwrap()
        };
        self.ask(&["FLUSHALL"]);
        let before = used(self);
        const NEW: u64 = 100_000;
        for key in 0..NEW {
            let key = format!("auth-137b9e5e:1:{key:032x}");
            self.ask(&["EVALSHA", &self.script.clone(), "1", &key, "60", "0", "6000", "0", "0"]);
        }
        (used(self) - before) / NEW
    }

    fn ask(&mut self, parts: &[&str]) -> String {
        self.socket.write_all(&command(parts)).unwrap();
        let mut buffer = vec![0; 1 << 16];
        let read = self.socket.read(&mut buffer).unwrap();
        String::from_utf8_lossy(&buffer[..read]).into_owned()
    }
}

/// The script as the library sends it.
const SCRIPT: &str = concat!(
    "local time = redis.call('TIME')\nlocal now_s, now_n, slack = tonumber(time[1]), time[2] * 1000, 1\n",
    include_str!("../../src/limit/redis/charge.lua")
);

fn command(parts: &[&str]) -> Vec<u8> {
    let mut bytes = format!("*{}\r\n", parts.len()).into_bytes();
    for part in parts {
        bytes.extend(format!("${}\r\n{part}\r\n", part.len()).into_bytes());
    }
    bytes
}
