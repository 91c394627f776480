import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance } from 'fastify';

export interface Options {
  /** When set, whoever adds a link has to send it as a bearer token. */
  token?: string | undefined;
  logger?: boolean;
}

/** The link shortener, not yet listening: `POST /links {url}` answers with an id, `GET /<id>` redirects. */
export function createApp({ token, logger = false }: Options = {}): FastifyInstance {
  const links = new Map<string, string>();
  const app = Fastify({ logger });

  app.get('/healthz', () => ({ status: 'ok' }));

  app.post<{ Body: { url: string } }>(
    '/links',
    {
      schema: {
        body: { type: 'object', required: ['url'], properties: { url: { type: 'string', pattern: '^https?://' } } },
      },
    },
    async (request, reply) => {
      if (token && request.headers.authorization !== `Bearer ${token}`) return reply.code(401).send({ error: 'token missing' });
      const id = randomBytes(4).toString('hex');
      links.set(id, request.body.url);
      return reply.code(201).send({ id });
    },
  );

  app.get<{ Params: { id: string } }>('/:id', async (request, reply) => {
    const url = links.get(request.params.id);
    return url ? reply.redirect(url) : reply.code(404).send({ error: 'no such link' });
  });

  return app;
}
