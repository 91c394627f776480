import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createApp } from '../dist/app.js';

test('is healthy', async () => {
  const response = await createApp().inject('/healthz');
  assert.deepEqual(response.json(), { status: 'ok' });
});

test('redirects to what was added', async () => {
  const app = createApp();
  const added = await app.inject({ method: 'POST', url: '/links', payload: { url: 'https://example.com/long' } });
  assert.equal(added.statusCode, 201);
  const found = await app.inject(`/${added.json().id}`);
  assert.equal(found.statusCode, 302);
  assert.equal(found.headers.location, 'https://example.com/long');
});

test('refuses what is no web address, and unknown ids', async () => {
  const app = createApp();
  const refused = await app.inject({ method: 'POST', url: '/links', payload: { url: 'file:///etc/passwd' } });
  assert.equal(refused.statusCode, 400);
  assert.equal((await app.inject('/nothing')).statusCode, 404);
});

test('asks for the token when there is one', async () => {
  const app = createApp({ token: 'secret' });
  const request = { method: 'POST', url: '/links', payload: { url: 'https://example.com' } };
  assert.equal((await app.inject(request)).statusCode, 401);
  assert.equal((await app.inject({ ...request, headers: { authorization: 'Bearer secret' } })).statusCode, 201);
});
