import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { memoryIo } from '../cli/run.ts';
import { labEnvironment, requireEngine } from './engine.ts';

let scratch = '';
beforeAll(async () => {
  await requireEngine();
  scratch = await mkdtemp(join(tmpdir(), 'lab-canary-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const ids = ['deleted', 'base64', 'hex', 'env'];
const mounts = ids.map((id) => `--mount=type=secret,id=${id}`).join(' ');
const file = (leaks: string, more = '') => `FROM debian:trixie-slim
ARG EARLY_TOKEN=none
RUN ${mounts} \\
    cd /run/secrets && cat * | sha256sum >/dev/null${leaks}
RUN rm -f /deleted
${more}CMD ["true"]
`;

test('a secret is found wherever a build leaves it, and one that it uses well nowhere', async () => {
  const leaks =
    ' && cat deleted > /deleted && (printf "x:"; cat base64) | base64 > /etc/auth && od -An -tx1 hex | tr -d " \\n" > /etc/hex';
  await writeFile(join(scratch, 'before'), file('', '').replace('ARG EARLY_TOKEN=none\n', ''));
  await writeFile(join(scratch, 'after'), file(leaks, 'ARG LATE_TOKEN\nENV KEPT=$LATE_TOKEN\n'));
  await writeFile(join(scratch, '.dockerignore'), '*\n');
  const io = memoryIo(scratch, {
    env: { ...(labEnvironment() as Record<string, string>), SECRET: 'the users own' },
  });
  const status = await main(
    [
      ...['prove', '.', '--before', 'before', '--file', 'after', '--yes', '--build-network=host', '--format=json'],
      ...ids.map((id) => `--secret=id=${id},env=SECRET`),
    ],
    io,
  );
  const { out, err } = io.told();
  expect(err).toBe('');
  expect(out).not.toMatch(/lw[0-9a-f]{22}|the users own/);
  const { observations } = JSON.parse(out) as {
    observations: { of: string; probe: string; where: string; got: { value?: string; missing?: string } }[];
  };
  const seen = (of: string) =>
    Object.fromEntries(
      observations
        .filter((one) => one.probe === 'canary' && one.of === of)
        .map(({ where, got }) => [where, got.value ?? got.missing]),
    );
  const nowhere = {
    'secret deleted': 'nowhere',
    'secret base64': 'nowhere',
    'secret hex': 'nowhere',
    'secret env': 'nowhere',
  };
  expect(seen('before')).toEqual(nowhere);
  expect(seen('after')).toEqual({
    'secret deleted': '/deleted (a layer)',
    'secret base64': 'base64 in /etc/auth (a layer)',
    'secret hex': 'hex in /etc/hex (a layer)',
    'secret env': 'nowhere',
    'build argument EARLY_TOKEN': 'the history',
    'build argument LATE_TOKEN': 'the history, the configuration',
  });
  expect(status).toBe(1);
});
