import { expect, test } from 'vitest';
import {
  type Built,
  type ProofEngine,
  type ProofOrder,
  proveFixes,
  type RunningContainer,
} from '../../src/session/index.ts';

/** Stands for the file with the fixes of some rules: each is a line of its own. */
const withFixes = (rules: readonly string[]) =>
  `FROM debian:12\n${rules.map((rule) => `# ${rule}\n`).join('')}CMD ["a"]\n`;

/** An engine on which an image breaks as the file says. */
function engineOf(breaks: (text: string) => 'build' | 'root' | undefined) {
  const texts = new Map<string, string>();
  const proved: string[] = [];
  let after = '';
  const built: Built = { ok: true, seconds: 1, steps: [] };
  const order: ProofOrder = {
    before: { name: 'Dockerfile', text: withFixes([]), path: '/before' },
    after: { name: 'Dockerfile as fixed', text: '', path: '/after' },
    context: '/context',
    write: async (name, text) => {
      texts.set(`/${name}`, text);
      return `/${name}`;
    },
    edit: undefined,
    fresh: false,
    sourceOnly: false,
    statements: [],
    dependencies: { files: [], again: async () => undefined },
    canary: () => 'lw0123456789012345678901',
    route: undefined,
    timeout: 1,
    tag: 't',
    signal: new AbortController().signal,
    tell: () => undefined,
  };
  const engine: ProofEngine = {
    name: 'fake 1',
    async build({ tag, dockerfile }) {
      if (tag !== 't-after') return built;
      after = texts.get(dockerfile) ?? '';
      proved.push(after.match(/(?<=# ).*/g)?.join(' ') ?? '');
      return breaks(after) === 'build'
        ? { ok: false, seconds: 1, steps: [], step: 'RUN x', lines: ['no'], outside: false }
        : built;
    },
    image: async () => ({ bytes: 10, layers: 1, layerIds: [], labels: [], healthCheck: false, ports: [] }),
    read: async () => ({ hits: [], files: { libc: [], tools: [], caches: [], setuid: [] }, attestations: [] }),
    start: async (tag) =>
      ({
        state: async () => ({ running: true, exit: 0, health: undefined }),
        first: async () => ({
          uid:
            (tag === 't-after' && breaks(after) === 'root') || (tag === 't-before' && breaks(withFixes([])) === 'root')
              ? 0
              : 1000,
          argv: 'a',
        }),
        ask: async () => ({ status: null }),
        inside: async () => ({ ports: ['3000'], zombies: [] }),
        written: async () => ({ paths: [] }),
        sizeOf: async () => undefined,
        stop: async () => ({ seconds: 0.1, exit: 0 }),
        lines: async () => [],
        remove: async () => undefined,
      }) satisfies RunningContainer,
    cleanUp: async () => [],
  };
  return { order, engine, proved };
}

async function proving(rules: readonly string[], breaks: (text: string) => 'build' | 'root' | undefined) {
  const { order, engine, proved } = engineOf(breaks);
  return { ...(await proveFixes(order, engine, { rules, with: async (some) => withFixes(some) })), proved };
}

test('fixes that break nothing are proved once', async () => {
  const { kept, report, proved } = await proving(['a', 'b'], () => undefined);
  expect([kept, report.leftOut, proved]).toEqual([['a', 'b'], undefined, ['a b']]);
});

test('the fix to blame is found by halves and left out; the proof is of the rest', async () => {
  const { kept, report, proved } = await proving(['a', 'b', 'c', 'd', 'e'], (text) =>
    text.includes('# d') ? 'build' : undefined,
  );
  expect(kept).toEqual(['a', 'b', 'c', 'e']);
  expect(report.leftOut).toEqual([{ rule: 'd', says: ['does not build'] }]);
  expect(report.sayings.filter(({ is }) => is === 'refuted')).toEqual([]);
  expect(proved.at(-1)).toBe('a b c e');
  expect(new Set(proved).size, 'nothing is proved twice').toBe(proved.length);
});

test('two that break it only together: one of them is kept', async () => {
  const { kept, report } = await proving(['a', 'b', 'c'], (text) => (/# a[\s\S]*# c/.test(text) ? 'root' : undefined));
  expect(kept).toEqual(['a', 'b']);
  expect(report.leftOut).toEqual([{ rule: 'c', says: ['runs as root'] }]);
});

test('what the Dockerfile as it is fails itself is no fault of a fix', async () => {
  const { kept, report, proved } = await proving(['a', 'b'], () => 'root');
  expect([kept, report.leftOut, proved]).toEqual([['a', 'b'], undefined, ['a b']]);
  expect(report.sayings.filter(({ is }) => is === 'refuted').map(({ says }) => says)).toEqual(['runs as root']);
});

test('when every fix breaks it, none is kept, and the proof shows what all of them do', async () => {
  const { kept, report } = await proving(['a', 'b'], (text) => (text.includes('#') ? 'build' : undefined));
  expect(kept).toEqual([]);
  expect(report.leftOut?.map(({ rule }) => rule)).toEqual(['a', 'b']);
  expect(report.sayings).toContainEqual(expect.objectContaining({ is: 'refuted', says: 'does not build' }));
});
