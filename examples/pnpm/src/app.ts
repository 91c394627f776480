import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import MarkdownIt from 'markdown-it';

/** What the build says of itself: the sum of its files, and who vouches for it. */
export interface Build {
  sha256: string;
  /** HMAC of the sum with the key of the build machine; null when it had none. */
  signature: string | null;
}

export interface Options {
  build: Build;
  /** When set, whoever renders has to send it as a bearer token. */
  token?: string | undefined;
}

/** The service, not yet listening: `POST /render` turns Markdown into HTML, `GET /build` says which build this is. */
export function createApp({ build, token }: Options): Hono {
  // HTML in the text stays text: what is rendered may come from anybody.
  const markdown = new MarkdownIt({ html: false, linkify: true });
  const app = new Hono();

  app.get('/healthz', (context) => context.json({ status: 'ok' }));

  app.get('/build', (context) => context.json(build));

  app.post('/render', bodyLimit({ maxSize: 1_000_000 }), async (context) => {
    if (token && context.req.header('authorization') !== `Bearer ${token}`) return context.json({ error: 'token missing' }, 401);
    return context.html(markdown.render(await context.req.text()));
  });

  return app;
}
