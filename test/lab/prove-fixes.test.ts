import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo } from '../cli/run.ts';
import { labEnvironment, requireEngine } from './engine.ts';

let folder = '';

/** A program that keeps a log in a directory of root: it needs root, whatever a rule says. */
const files: Readonly<Record<string, string>> = {
  'server.js': `require('node:fs').writeFileSync('/app/run.log', 'started');
const server = require('node:http').createServer((request, response) => response.end('ok')).listen(3000);
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`,
  'package.json': '{"name":"x","version":"1.0.0"}\n',
  'package-lock.json':
    '{"name":"x","version":"1.0.0","lockfileVersion":3,"packages":{"":{"name":"x","version":"1.0.0"}}}\n',
  Dockerfile: `FROM node:24-trixie-slim
WORKDIR /app
ENV MODE plain
COPY . .
RUN npm ci
EXPOSE 3000
CMD ["node", "server.js"]
`,
};

beforeAll(async () => {
  await requireEngine();
  folder = await mkdtemp(join(tmpdir(), 'lab-prove-fixes-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
});
afterAll(() => rm(folder, { recursive: true }));

test('the fix that breaks the program is found and left out, the others stay; what the file fails itself is no fault of theirs', async () => {
  const io = memoryIo(folder, { env: labEnvironment() as Record<string, string> });
  const options = ['--yes', '--build-network=host', '--health-path=/', '--format=json'];
  const status = await main(['prove', '--fix', '--unsafe-fixes', ...options], io);
  const { out, err } = io.told();
  expect(err).toBe('');
  const proof = JSON.parse(out) as {
    leftOut: { rule: string; says: string[] }[];
    patch: string;
    verdicts: { is: string; says: string }[];
  };
  expect(proof.leftOut.map(({ rule }) => rule)).toEqual(['runs-as-root']);
  expect(proof.leftOut[0]?.says).toContain('does not run as before');
  expect(proof.patch).toContain('+ENV MODE=plain\n');
  expect(proof.patch).toContain('+RUN --mount=type=cache,target=/root/.npm npm ci\n');
  expect(proof.patch).not.toContain('USER');
  const refuted = proof.verdicts.filter(({ is }) => is === 'refuted').map(({ says }) => says);
  expect(refuted).toEqual([
    'installs its dependencies again when a source file is edited (final/RUN 1)',
    'runs as root',
  ]);
  expect(status).toBe(1);
});
