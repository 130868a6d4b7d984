// jose. README.md has the commands.
import { createInterface } from 'node:readline';
import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair, generateSecret, importJWK, jwtVerify } from 'jose';

const [command, alg, count, now] = process.argv.slice(2);
const [issuer, audience] = ['https://peer.example', 'notes'];

function claims(index, now) {
  return {
    iss: issuer, sub: `user-${index} é😀"\\/`, aud: index % 2 ? audience : ['other', audience],
    exp: now + 3600 + (index % 3 ? 0 : 0.5), iat: now, nbf: now, jti: index.toString(16), client_id: 'web',
    scope: 'notes:read notes:write', nested: { list: [index, null, true, -1.5e-3] },
  };
}

async function sign() {
  const secret = alg === 'HS256' ? await generateSecret(alg, { extractable: true }) : undefined;
  const pair = secret ?? await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(secret ?? pair.publicKey);
  console.log(JSON.stringify({ keys: [{ ...jwk, kid: 'peer', alg, use: 'sig' }] }));
  for (let index = 0; index < Number(count); index++) {
    const token = new SignJWT(claims(index, Number(now))).setProtectedHeader({ typ: 'at+jwt', alg, kid: 'peer' });
    console.log(await token.sign(secret ?? pair.privateKey));
  }
}

async function verify() {
  let key, verified = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    if (!key) {
      const set = JSON.parse(line);
      key = alg === 'HS256' ? await importJWK(set.keys[0], alg) : createLocalJWKSet(set);
      continue;
    }
    await jwtVerify(line, key, { algorithms: [alg], issuer, audience, typ: 'at+jwt', requiredClaims: ['exp', 'iat', 'sub', 'jti'] });
    verified++;
  }
  console.log(verified);
}

await (command === 'sign' ? sign() : verify());
