// A better-auth server on this machine, with a page. Everything is in memory and is lost at the end.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { admin, bearer, jwt } from 'better-auth/plugins';

const page = readFileSync(new URL('page.html', import.meta.url), 'utf8').replace('API_URL', process.env.API_URL);
const script = readFileSync(new URL('page.js', import.meta.url));
const server = createServer();
await new Promise((listening) => server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', listening));
const baseURL = process.env.BETTER_AUTH_URL ?? `http://127.0.0.1:${server.address().port}`;

const auth = betterAuth({
  baseURL,
  secret: process.env.BETTER_AUTH_SECRET ?? randomBytes(32).toString('base64url'),
  telemetry: { enabled: false },
  database: memoryAdapter({ user: [], session: [], account: [], verification: [], jwks: [] }),
  emailAndPassword: { enabled: true },
  // The API's questions come from one address.
  rateLimit: { customRules: { '/get-session': false } },
  plugins: [jwt(), bearer(), admin()],
});
const handle = toNodeHandler(auth);

server.on('request', (request, response) => {
  const files = { '/': ['text/html; charset=utf-8', page], '/page.js': ['text/javascript', script] };
  const file = files[request.url];
  if (!file) return handle(request, response);
  response.writeHead(200, {
    'content-type': file[0],
    'content-security-policy': `default-src 'self'; connect-src 'self' ${process.env.API_URL}`,
  });
  response.end(file[1]);
});
console.log(`better-auth is at ${baseURL}`);
