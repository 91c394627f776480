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
  scratch = await mkdtemp(join(tmpdir(), 'lab-run-'));
});
afterAll(() => rm(scratch, { recursive: true }));

const server = (first: string, more: string) => `FROM python:3.13-slim-trixie
VOLUME /data
COPY <<'EOF' /server.py
import http.server, os, signal, socket, sys
class Answer(http.server.BaseHTTPRequestHandler):
  def do_GET(self):
    ${more}
    self.send_response(200)
    self.end_headers()
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
open('/data/a', 'w').close()
${first}
inside = socket.create_server(('127.0.0.1', 9229))
http.server.HTTPServer(('', 3000), Answer).serve_forever()
EOF
CMD ["python", "/server.py"]
`;

test('what a program does is seen from outside', async () => {
  await writeFile(join(scratch, 'before'), server('', ''));
  const log = "open('/server.log', 'a')";
  await writeFile(join(scratch, 'after'), server(`${log}.close()`, `${log}.write('line'); os.fork() or os._exit(0)`));
  await writeFile(join(scratch, '.dockerignore'), '*\n');
  const io = memoryIo(scratch, { env: labEnvironment() as Record<string, string> });
  await main(
    [
      ...['prove', '.', '--before', 'before', '--file', 'after', '--yes', '--build-network=host', '--format=json'],
      ...['--health-path=/', '--port=3000', '--run-args=--hostname h --tmpfs /scratch'],
    ],
    io,
  );
  const { out, err } = io.told();
  expect(err).toBe('');
  const { observations, verdicts } = JSON.parse(out) as {
    observations: { of: string; probe: string; got: { value?: unknown; missing?: string } }[];
    verdicts: { is: string; says: string }[];
  };
  const seen = (of: string, probe: string) =>
    observations.filter((one) => one.of === of && one.probe === probe).map(({ got }) => got.value ?? got.missing);
  expect(seen('before', 'ports')).toEqual(['3000, 127.0.0.1:9229']);
  expect(seen('before', 'written')).toEqual([[]]);
  expect(seen('before', 'growing-logs')).toEqual([[]]);
  expect(seen('before', 'zombies')).toEqual([0]);
  expect(seen('before', 'confined')).toEqual(['works']);
  expect(seen('after', 'written')).toEqual([['/server.log']]);
  expect(seen('after', 'growing-logs')).toEqual([['/server.log']]);
  expect(seen('after', 'confined')).toEqual(['ends with exit 1', 'ends with exit 1']);
  expect(seen('after', 'zombies')[0]).toBeGreaterThan(0);
  expect(verdicts.filter(({ is }) => is === 'refuted').map(({ says }) => says)).toEqual(
    expect.arrayContaining(['leaves zombies', 'does not work with a read-only root and no capabilities']),
  );
});
