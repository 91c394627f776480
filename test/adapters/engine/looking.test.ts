import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { hasRead, openPorts, readers, writtenPaths, zombiesIn } from '../../../src/adapters/engine/looking.ts';

const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (address: string, state: string) =>
  `   0: ${address} ${'0'.repeat(address.indexOf(':'))}:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 2432280 1 000000005c006706 100 0 0 10 0\n`;
const zeros = '0'.repeat(24);

test.each<[string, string, readonly string[]]>([
  ['any address', row('00000000:0BB8', '0A'), ['3000']],
  ['any address of IPv6', row(`${zeros}00000000:0BB8`, '0A'), ['3000']],
  ['both', row('00000000:0BB8', '0A') + row(`${zeros}00000000:0BB8`, '0A'), ['3000']],
  ['loopback', row('0100007F:240D', '0A'), ['127.0.0.1:9229']],
  ['the resolver of an engine', row('0B00007F:0035', '0A'), ['127.0.0.1:53']],
  ['loopback of IPv6', row(`${zeros}01000000:0050`, '0A'), ['127.0.0.1:80']],
  ['loopback of IPv4 in IPv6', row('0000000000000000FFFF00000100007F:0050', '0A'), ['127.0.0.1:80']],
  ['one address', row('0202000A:0050', '0A'), ['one address:80']],
  ['UDP', row('00000000:0035', '07'), ['53/udp']],
  ['a connection', row('0100007F:0BB8', '01'), []],
  ['several, by number', row('00000000:1F90', '0A') + head + row('00000000:0050', '0A'), ['80', '8080']],
  ['other text', 'cat: /proc/net/tcp6: No such file or directory\n', []],
])('%s', (_, text, ports) => expect(openPorts(head + text)).toEqual(ports));

test('what a container wrote, its folders and what the engine lays there apart', () => {
  const diff = [
    ...['C /app', 'A /app/a', 'A /app/new', 'A /app/new/b c', 'A /app/empty', 'D /app/gone', 'C /etc', 'C /etc/hosts'],
    ...['A /data', 'A /.dockerenv', 'A /run/.containerenv', 'C /dev', 'A /dev/shm', 'C /tmp', 'A /tmp/x', ''],
  ].join('\n');
  expect(writtenPaths(diff, ['/data'])).toEqual(['/app/a', '/app/empty', '/app/new/b c', '/tmp/x']);
});

test('processes that nobody waited for', () => {
  const stat = ['1 (node) S 0 1', '7 (a b) Z 1 7', '8 (x) (y)) Z 1 8', '9 (Z) R 1 9', ''].join('\n');
  expect(zombiesIn(head + stat)).toEqual([7, 8]);
});

const programs = ['sh', 'node', 'python3', 'perl'].filter((program) => spawnSync(program, ['-c', '']).status !== null);
test.each(programs)('%s reads them', (program) => {
  const reader = readers.find((one) => one.program === program);
  const text = execFileSync(program, [...(reader?.args ?? [])], { encoding: 'utf8' });
  expect(hasRead(text)).toBe(true);
  expect(text).toMatch(/^1 \(.*\) [A-Z] /m);
});
