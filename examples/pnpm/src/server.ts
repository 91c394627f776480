import { readFile } from 'node:fs/promises';
import { serve } from '@hono/node-server';
import { type Build, createApp } from './app.js';

const build = JSON.parse(await readFile(new URL('build.json', import.meta.url), 'utf8')) as Build;
const app = createApp({ build, token: process.env.API_TOKEN });
const server = serve({ fetch: app.fetch, hostname: '0.0.0.0', port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`listening on ${port}`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.close(() => process.exit(0));
  });
}
