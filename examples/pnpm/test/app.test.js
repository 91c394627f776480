import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createApp } from '../dist/app.js';

const build = { sha256: 'a', signature: null };
const render = (body, options = {}, headers = {}) => createApp({ build, ...options }).request('/render', { method: 'POST', body, headers });

test('is healthy, and says which build it is', async () => {
  const app = createApp({ build });
  assert.deepEqual(await (await app.request('/healthz')).json(), { status: 'ok' });
  assert.deepEqual(await (await app.request('/build')).json(), build);
});

test('renders Markdown, and no HTML in it', async () => {
  assert.equal(await (await render('# Hello\n')).text(), '<h1>Hello</h1>\n');
  assert.doesNotMatch(await (await render('<script>1</script>')).text(), /<script>/);
});

test('refuses long texts', async () => {
  const length = { 'content-length': '1000001' };
  assert.equal((await render('x'.repeat(1_000_001), {}, length)).status, 413);
});

test('asks for the token when there is one', async () => {
  assert.equal((await render('x', { token: 'secret' })).status, 401);
  assert.equal((await render('x', { token: 'secret' }, { authorization: 'Bearer secret' })).status, 200);
});

test('a build with a key is signed, one without is not', () => {
  const sign = (env) => {
    const { status } = spawnSync(process.execPath, ['scripts/sign.js'], { env });
    assert.equal(status, 0);
    return JSON.parse(readFileSync('dist/build.json', 'utf8'));
  };
  const { sha256, signature } = sign({ SIGNING_KEY: 'key' });
  assert.equal(signature, createHmac('sha256', 'key').update(sha256).digest('hex'));
  assert.deepEqual(sign({}), { sha256, signature: null });
});
