// A better-auth server on 127.0.0.1, for tests. Everything is in memory. It reads commands from standard input and answers
// each with one line of JSON. It ends when standard input does. The first argument is a JSON object of options:
//
//   algorithm         of JWTs: EdDSA (the default), ES256, ES512, RS256, PS256
//   expires           of JWTs, such as "15m"
//   hasSessionClaims  JWTs have the role, the session and the impersonator, and not the whole user
//   cacheCookie       the cookie cache: compact, jwt, jwe, or jwks
//   isSecure          `__Secure-` in the names of cookies
//   requireSignature  bearer tokens of sessions must be signed
//   mostRequests      turns the rate limiter on: requests a minute for each path
//   basePath          of the endpoints
//   hasBearer         false leaves the bearer plugin out
//   issuer, audience  of JWTs
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';
import { admin, bearer, jwt, organization } from 'better-auth/plugins';

const options = JSON.parse(process.argv[2] ?? '{}');
const basePath = options.basePath ?? '/api/auth';
const SERVICE_TOKEN = 'a-service-token-of-the-tests';
const tables = ['user', 'session', 'account', 'verification', 'jwks', 'apikey', 'organization', 'member', 'invitation'];
const rows = Object.fromEntries(tables.map((table) => [table, []]));
const callCounts = new Map();
let fault, auth, handle, url;

const sessionClaims = ({ user, session }) => ({
  role: user.role,
  sid: session.id,
  act: session.impersonatedBy ? { sub: session.impersonatedBy } : undefined,
});

const build = () => betterAuth({
  baseURL: url,
  basePath,
  secret: 'a-secret-of-the-tests-0123456789abcdefghijklmnop',
  telemetry: { enabled: false },
  logger: { level: 'error' },
  database: memoryAdapter(rows),
  emailAndPassword: { enabled: true },
  session: options.cacheCookie && {
    cookieCache: { enabled: true, maxAge: 300, strategy: options.cacheCookie === 'jwks' ? 'jwt' : options.cacheCookie },
  },
  rateLimit: options.mostRequests ? { enabled: true, window: 60, max: options.mostRequests } : { enabled: false },
  advanced: { useSecureCookies: options.isSecure === true },
  // People whose address begins so are administrators.
  databaseHooks: {
    user: { create: { before: async (user) => ({ data: user.email.startsWith('admin') ? { ...user, role: 'admin' } : user }) } },
  },
  plugins: [
    ...(options.hasBearer === false ? [] : [bearer({ requireSignature: options.requireSignature === true })]),
    jwt({
      sessionCookieCache: options.cacheCookie === 'jwks',
      jwks: { keyPairConfig: { alg: options.algorithm ?? 'EdDSA' } },
      jwt: {
        issuer: options.issuer,
        audience: options.audience,
        expirationTime: options.expires,
        ...(options.hasSessionClaims ? { definePayload: sessionClaims } : {}),
      },
    }),
    admin(),
    organization(),
    apiKey({ enableSessionForAPIKeys: true, rateLimit: { enabled: false } }),
  ],
});

// The route that an operator adds, since better-auth verifies keys only inside its process.
async function verifyKey(request, response) {
  if (request.headers.authorization !== `Bearer ${SERVICE_TOKEN}`) return answer(response, 401, {});
  let text = '';
  for await (const chunk of request) text += chunk;
  const { valid, error, key } = await auth.api.verifyApiKey({ body: { key: JSON.parse(text).key } });
  const user = valid ? await (await auth.$context).internalAdapter.findUserById(key.referenceId) : null;
  return answer(response, 200, { valid, error, key, user });
}

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  callCounts.set(path, (callCounts.get(path) ?? 0) + 1);
  if (fault?.delay) await new Promise((over) => setTimeout(over, fault.delay));
  if (fault?.status) return answer(response, fault.status, { error: 'a fault of the test' });
  if (path === '/internal/api-key/verify' && request.method === 'POST') return verifyKey(request, response);
  return handle(request, response);
});

// Calls an endpoint as a person with this credential.
async function call(method, path, credential, value) {
  const headers = { 'content-type': 'application/json', origin: url };
  if (credential?.includes('session_token=')) headers.cookie = credential;
  else if (credential) headers.authorization = `Bearer ${credential}`;
  const reply = await fetch(`${url}${basePath}${path}`, { method, headers, body: value && JSON.stringify(value) });
  const body = await reply.json().catch(() => null);
  const cookies = reply.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  return { status: reply.status, body, cookies, signed: reply.headers.get('set-auth-token') };
}

// What a person has after a sign-up, a sign-in, or an impersonation.
const signedIn = ({ status, body, cookies, signed }) => ({
  status,
  id: body?.user?.id,
  token: body?.token ?? body?.session?.token,
  signed,
  // An impersonation expires the cookie before it sets another.
  cookie: cookies.findLast((cookie) => cookie.includes('session_token=') && !cookie.endsWith('=')),
  cookies: cookies.join('; '),
});

const credentials = (email) => ({ email, password: 'correct horse battery', name: email.split('@')[0] });

const commands = {
  'sign-up': async (email) => signedIn(await call('POST', '/sign-up/email', null, credentials(email))),
  'sign-in': async (email) => signedIn(await call('POST', '/sign-in/email', null, credentials(email))),
  'sign-out': (credential) => call('POST', '/sign-out', credential, {}),
  jwt: async (credential) => (await call('GET', '/token', credential)).body,
  ban: (credential, userId) => call('POST', '/admin/ban-user', credential, { userId }),
  unban: (credential, userId) => call('POST', '/admin/unban-user', credential, { userId }),
  // A ban that its hook did not follow, as a script of the operator writes it: the sessions stay.
  'ban-row': (userId) => { rows.user.find((user) => user.id === userId).banned = true; },
  'set-role': (credential, userId, role) => call('POST', '/admin/set-role', credential, { userId, role: role.split(',') }),
  impersonate: async (credential, userId) => signedIn(await call('POST', '/admin/impersonate-user', credential, { userId })),
  'create-key': (userId) => auth.api.createApiKey({ body: { userId, permissions: { files: ['read'] } } }),
  // Columns of a row, as JSON.
  'user-row': (id, ...json) => { Object.assign(rows.user.find((user) => user.id === id), JSON.parse(json.join(' '))); },
  'key-row': (id, ...json) => {
    const columns = JSON.parse(json.join(' '));
    if (columns.expiresAt) columns.expiresAt = new Date(columns.expiresAt);
    Object.assign(rows.apikey.find((key) => key.id === id), columns);
  },
  'expires-at': (token) => rows.session.find((session) => session.token === token)?.expiresAt ?? null,
  expire: (token) => { rows.session.find((session) => session.token === token).expiresAt = new Date(Date.now() - 1000); },
  rotate: () => { rows.jwks.length = 0; },
  fault: (status, delay) => { fault = { status: Number(status), delay: Number(delay ?? 0) }; },
  well: () => { fault = undefined; },
  requests: () => Object.fromEntries(callCounts),
};

await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
url = `http://127.0.0.1:${server.address().port}`;
auth = build();
handle = toNodeHandler(auth);
// The first key now: two first requests at once would make two.
await auth.api.getJwks();
const tell = (value) => process.stdout.write(`${JSON.stringify(value ?? null)}\n`);
tell({ url, serviceToken: SERVICE_TOKEN });
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...rest] = line.split(' ');
  try {
    tell(await commands[command](...rest));
  } catch (error) {
    tell({ error: String(error) });
  }
}
process.exit(0);
