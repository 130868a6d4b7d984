// Writes tokens and cookies of a better-auth server to ../../auth-runtime/tests/vectors/better-auth.json, for tests that
// start no server.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

async function start(options) {
  const server = new URL('server.mjs', import.meta.url).pathname;
  const child = spawn(process.execPath, [server, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value);
  const { url } = await next();
  const ask = (command) => { child.stdin.write(`${command}\n`); return next(); };
  return { url, ask, stop: () => child.stdin.end() };
}

const names = { issuer: 'https://id.example.com', audience: 'https://api.example.com' };
const vectors = { ...names, jwt: {}, cookies: {} };
for (const [name, options] of Object.entries({
  EdDSA: {},
  ES256: { algorithm: 'ES256' },
  ES512: { algorithm: 'ES512' },
  RS256: { algorithm: 'RS256' },
  PS256: { algorithm: 'PS256' },
  sessionClaims: { hasSessionClaims: true },
})) {
  const server = await start({ ...names, ...options });
  const { signed } = await server.ask('sign-up ada@example.com');
  const { token } = await server.ask(`jwt ${signed}`);
  const jwks = await (await fetch(`${server.url}/api/auth/jwks`)).json();
  vectors.jwt[name] = { jwks, token };
  server.stop();
}
for (const cacheCookie of ['', 'compact', 'jwt', 'jwe', 'jwks']) {
  const server = await start({ ...names, cacheCookie });
  const { token, signed, cookies } = await server.ask('sign-up ada@example.com');
  const session = await (await fetch(`${server.url}/api/auth/get-session`, { headers: { authorization: `Bearer ${signed}` } })).json();
  const jwks = await (await fetch(`${server.url}/api/auth/jwks`)).json();
  vectors.cookies[cacheCookie || 'none'] = { token, signed, cookies, session, jwks };
  server.stop();
}
const file = new URL('../../auth-runtime/tests/vectors/better-auth.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(vectors, null, 1)}\n`);
