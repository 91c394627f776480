// Writes dist/build.json: the sum of what was compiled, signed when the build machine has a key.
import { createHash, createHmac } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

const dist = new URL('../dist/', import.meta.url);
const hash = createHash('sha256');
for (const name of readdirSync(dist).sort()) {
  if (name.endsWith('.js')) hash.update(`${name}\0`).update(readFileSync(new URL(name, dist)));
}
const sha256 = hash.digest('hex');
const key = process.env.SIGNING_KEY;
const signature = key ? createHmac('sha256', key).update(sha256).digest('hex') : null;
writeFileSync(new URL('build.json', dist), JSON.stringify({ sha256, signature }));
console.log(signature ? 'signed' : 'not signed: SIGNING_KEY is not set');
