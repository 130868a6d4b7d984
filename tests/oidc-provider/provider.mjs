// A certified OpenID provider on 127.0.0.1, for tests. It reads commands from standard input and answers each with one
// line of JSON. It ends when standard input does.
//
//   machine [RESOURCE]   an access token by client credentials
//   opaque               an access token that is no JWT, by client credentials
//   opaque-person        access, refresh and ID tokens by the authorization code grant; the access token is no JWT
//   revoke TOKEN         the token is revoked
//   client               the secret of the client `api`, and the private key of the client `api-key`
//   person               an access token and an ID token by the authorization code grant
//   rotate               new keys, and the former ones are gone
//   lie                  the metadata name another issuer
//   honest               the metadata name this issuer again
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

// Standard output is for the answers.
console.info = console.error;

const RESOURCE = 'https://api.example.com';
const REDIRECT = 'http://127.0.0.1/callback';
const OPAQUE = 'https://opaque.example.com';
const SECRET = randomUUID();
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;
let handle, lies = false;
const callCounts = new Map();

function start() {
  const keys = [
    { pair: generateKeyPairSync('ec', { namedCurve: 'P-256' }), alg: 'ES256' },
    { pair: generateKeyPairSync('rsa', { modulusLength: 2048 }), alg: 'RS256' },
    { pair: generateKeyPairSync('ec', { namedCurve: 'P-384' }), alg: 'ES384' },
  ].map(({ pair, alg }) => ({ ...pair.privateKey.export({ format: 'jwk' }), alg, use: 'sig', kid: randomUUID() }));
  const client = (client_id, rest) => ({ client_id, client_secret: SECRET, ...rest });
  const provider = new Provider(issuer, {
    jwks: { keys },
    cookies: { keys: [SECRET] },
    clients: [
      client('machine', { grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }),
      client('web', { redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'refresh_token'] }),
      client('api', { grant_types: [], redirect_uris: [], response_types: [] }),
      {
        client_id: 'api-key',
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [{ ...KEY.publicKey.export({ format: 'jwk' }), kid: 'the-key', alg: 'ES256', use: 'sig' }] },
        grant_types: [], redirect_uris: [], response_types: [],
      },
    ],
    pkce: { required: () => false },
    scopes: ['openid', 'offline_access', 'posts:read', 'posts:write'],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => ({
          scope: 'posts:read posts:write',
          audience: resource,
          accessTokenFormat: resource === OPAQUE ? 'opaque' : 'jwt',
          accessTokenTTL: 300,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  handle = provider.callback();
}

server.on('request', (request, response) => {
  callCounts.set(request.url, (callCounts.get(request.url) ?? 0) + 1);
  if (lies && request.url === '/.well-known/openid-configuration') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ issuer: 'https://other.example.com', jwks_uri: `${issuer}/jwks` }));
  } else {
    handle(request, response);
  }
});

async function token(client, parameters) {
  const authorization = `Basic ${Buffer.from(`${client}:${SECRET}`).toString('base64')}`;
  const body = new URLSearchParams(parameters);
  const answer = await fetch(`${issuer}/token`, { method: 'POST', headers: { authorization }, body });
  return answer.json();
}

// Signs a person in as a browser does: it follows redirects, keeps cookies and sends the forms of the pages.
async function person(extra = {}) {
  const cookies = new Map();
  const query = new URLSearchParams({ client_id: 'web', redirect_uri: REDIRECT, response_type: 'code', scope: 'openid posts:read', state: 's', ...extra });
  let url = `${issuer}/auth?${query}`, form;
  for (let step = 0; step < 20; step++) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', body: form, headers: { cookie }, redirect: 'manual' });
    for (const field of answer.headers.getSetCookie()) {
      const [name, ...value] = field.split(';')[0].split('=');
      cookies.set(name, value.join('='));
    }
    form = undefined;
    if (answer.status >= 300 && answer.status < 400) {
      url = new URL(answer.headers.get('location'), url).href;
      if (url.startsWith(REDIRECT)) {
        const code = new URL(url).searchParams.get('code');
        return token('web', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT });
      }
    } else {
      const page = await answer.text();
      const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
      if (!prompt) throw new Error(page);
      form = new URLSearchParams({ prompt, ...(prompt === 'login' ? { login: 'alice', password: 'any' } : {}) });
    }
  }
  throw new Error('the sign-in did not end');
}

const commands = {
  machine: (resource = RESOURCE) => token('machine', { grant_type: 'client_credentials', scope: 'posts:read posts:write', resource }),
  opaque: () => token('machine', { grant_type: 'client_credentials', scope: 'posts:read', resource: OPAQUE }),
  person: () => person(),
  'opaque-person': () => person({ scope: 'openid offline_access posts:read', prompt: 'consent', resource: OPAQUE }),
  revoke: async (value) => {
    const authorization = `Basic ${Buffer.from(`machine:${SECRET}`).toString('base64')}`;
    const answer = await fetch(`${issuer}/token/revocation`, { method: 'POST', headers: { authorization }, body: new URLSearchParams({ token: value }) });
    return { status: answer.status };
  },
  client: () => ({ secret: SECRET, key: KEY.privateKey.export({ format: 'pem', type: 'pkcs8' }) }),
  rotate: () => start(),
  lie: () => { lies = true; },
  honest: () => { lies = false; },
  requests: () => Object.fromEntries(callCounts),
};

start();
const tell = (value) => process.stdout.write(`${JSON.stringify(value ?? {})}\n`);
tell({ issuer, resource: RESOURCE });
for await (const line of createInterface({ input: process.stdin })) {
  const [command, ...rest] = line.split(' ');
  tell(await commands[command](...rest));
}
process.exit(0);
