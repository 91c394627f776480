import {
  type ContextEntry,
  decide,
  followLinks,
  ignorePatterns,
  parseIgnoreFile,
  walkContext,
} from '../../src/core/world/context/index.ts';
import { Dice } from '../corpus/dice.ts';
import type { ContextAnswer, ContextQuestion } from './client.ts';

/** What our own context room answers. */
export function ourAnswer({ dockerignore, paths = [], entries, wanted }: ContextQuestion): ContextAnswer {
  const ignored = parseIgnoreFile(dockerignore);
  if ('refused' in ignored) return { ok: false, error: ignored.refused, ignored: '', sent: [] };
  const letters = paths.map((path) => {
    const decision = decide(ignored, path);
    return 'broken' in decision ? 'e' : decision.ignored ? 'y' : 'n';
  });
  const answer = { ok: true, ignored: letters.join(''), sent: [] };
  if (entries === undefined) return answer;
  const links = new Map(
    entries.flatMap((entry) => (entry.includes(' -> ') ? [entry.split(' -> ') as [string, string]] : [])),
  );
  const followed = wanted && followLinks(links, wanted);
  const include = followed && ignorePatterns(followed);
  if (include && 'refused' in include) return { ...answer, failed: include.refused };
  const list: ContextEntry[] = entries.map((entry) =>
    entry.endsWith('/')
      ? { path: entry.slice(0, -1), directory: true }
      : { path: entry.split(' -> ')[0] as string, directory: false },
  );
  const walk = walkContext(list, {
    ...(ignored.patterns.length > 0 && { exclude: ignored }),
    ...(include && { include }),
  });
  if ('failed' in walk) return { ...answer, failed: walk.failed };
  return { ...answer, sent: [...walk.fates].flatMap(([path, { is }]) => (is === 'sent' ? [path] : [])) };
}

/** Where two answers differ, for people; undefined when they say the same. */
export function difference(question: ContextQuestion, ours: ContextAnswer, theirs: ContextAnswer): string | undefined {
  const file = JSON.stringify(question.dockerignore);
  if (ours.ok !== theirs.ok) return `${file}: ours ${ours.error ?? 'accepts'}, theirs ${theirs.error ?? 'accepts'}`;
  const { paths = [] } = question;
  for (const [i, path] of paths.entries()) {
    if (ours.ignored[i] === theirs.ignored[i]) continue;
    return `${file} and ${JSON.stringify(path)}: ours ${ours.ignored[i]}, theirs ${theirs.ignored[i]}`;
  }
  if ((ours.failed === undefined) !== (theirs.failed === undefined)) {
    return `${file}: the walk, ours ${ours.failed ?? 'ends'}, theirs ${theirs.failed ?? 'ends'}`;
  }
  if (theirs.failed !== undefined) return undefined;
  const [one, other] = [new Set(ours.sent), new Set(theirs.sent)];
  const lacking = [...other].filter((path) => !one.has(path));
  const extra = [...one].filter((path) => !other.has(path));
  if (lacking.length + extra.length === 0) return undefined;
  return `${file} wanted ${JSON.stringify(question.wanted)} of ${JSON.stringify(question.entries)}: only theirs ${lacking.join(' ')}, only ours ${extra.join(' ')}`;
}

/** What a pattern or file uses; every one of them is counted. */
export const operators: Readonly<Record<string, RegExp>> = {
  'literal only': /^[\w./ -]+$/,
  '*': /(?<!\*)\*(?!\*)/,
  '**': /\*\*/,
  '?': /\?/,
  '[…]': /\[[^^]/,
  '[^…]': /\[\^/,
  '[[:…:]]': /\[:\^?\w+:\]/,
  '\\ escape': /\\/,
  '! exception': /^[ \t]*!/m,
  'leading /': /^!?[ \t]*\//m,
  'trailing /': /\/[ \t]*$/m,
  '. or .. part': /(?:^|[/!])\.{1,2}(?:\/|$)/m,
  '# comment': /^#/m,
  'byte order mark': /\ufeff/,
  'carriage return': /\r/,
  'blank around': /^[ \t]|[ \t]$/m,
  'regular expression’s | { ^': /[|{^]/,
  'not ASCII': /[^\x00-\x7f]/,
};

const names = [
  'a',
  'b',
  'ab',
  'x.md',
  '.git',
  'node_modules',
  'src',
  'é',
  'a-b',
  'a1',
  '[a]',
  'a{2}',
  'a+b',
  'aa',
  '!a',
  'A',
  ' a',
];
const parts = [
  ...[
    'a',
    'b',
    'ab',
    'x.md',
    '.git',
    'node_modules',
    'src',
    'é',
    'a-b',
    '*',
    '*',
    '**',
    '**',
    '*.md',
    'a*',
    '*b',
    '?',
    'a?',
    '??',
  ],
  ...[
    '[ab]',
    '[^ab]',
    '[a-c]*',
    '[]',
    '[',
    'a]',
    '[a-]',
    '[-a]',
    '[!a]',
    '[[:alpha:]]',
    '[[:^digit:]]x.md',
    '[[:no:]]',
    '[\\d]',
  ],
  ...[
    '\\*',
    '\\a',
    'a\\',
    '\\[a\\]',
    '\\d',
    '\\w*',
    '\\pL',
    '\\PL',
    '\\x61',
    '\\x{61}',
    '\\141',
    '\\1',
    '\\b*',
    '\\Qa\\E*',
    '\\é',
  ],
  ...[
    '.',
    '..',
    '',
    '**a',
    'a**',
    '***',
    '**.md',
    'a|b',
    'a|b*',
    '{a,b}',
    'a{2}',
    'a{2}*',
    '*{2}',
    '{2}',
    '^a',
    'a^*',
    'a+b',
    '(a)',
    'a$',
  ],
  ...[
    '[z-a]',
    '[a*]',
    '[a?b]',
    '!a',
    '#a',
    ' a',
    'a ',
    'A',
    '\udcff',
    '?{2}',
    'a{1,2}?',
    'a{3,1}*',
    'a{1001}*',
    '\u2003a',
    '[^/]',
    '[/]',
  ],
];

/** A .dockerignore of one to a few patterns, and paths of a tree. The same seed gives the same questions. */
export function* generatedQuestions(pairs: number, seed: number): Generator<ContextQuestion> {
  const dice = new Dice(seed);
  const line = () => {
    const path = dice.list(1, dice.chance(0.3) ? 4 : 2, () => dice.one(parts)).join('/');
    const before = dice.chance(0.25) ? dice.one(['!', '!', '! ', '!/', '!!']) : '';
    return `${dice.chance(0.05) ? ' ' : ''}${before}${dice.chance(0.15) ? '/' : ''}${path}${dice.chance(0.12) ? '/' : ''}${dice.chance(0.04) ? dice.one([' ', '\t', '\r', '\u00a0', '\u0085']) : ''}`;
  };
  for (let left = pairs; left > 0; ) {
    const lines = dice.list(1, dice.chance(0.5) ? 1 : 5, () =>
      dice.chance(0.04) ? dice.one(['# a', '', '#', '\ufeff']) : line(),
    );
    const entries = treeOf(dice);
    const paths = entries.map((entry) => entry.replace(/\/$| -> .*/, ''));
    left -= lines.length * paths.length;
    yield {
      dockerignore: `${dice.chance(0.05) ? '\ufeff' : ''}${lines.join(dice.chance(0.1) ? '\r\n' : '\n')}${dice.chance(0.5) ? '\n' : ''}`,
      paths,
      entries,
      ...(dice.chance(0.2) && { wanted: dice.list(1, 2, () => dice.one([...paths, 'a*', 'src/*', '/', './a/../b'])) }),
    };
  }
}

/** Names of a small tree in the order in which a walk comes by. */
function treeOf(dice: Dice): string[] {
  const found: string[] = [];
  const fill = (above: string, depth: number) => {
    const here = [...new Set(dice.list(1, 4, () => dice.one(names)))].sort((a, b) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)),
    );
    for (const name of here) {
      const directory = depth < 4 && dice.chance(0.5);
      const link =
        !directory && dice.chance(0.1) ? ` -> ${dice.some(['a', 'b', '..', 'src', '/a', 'ab'], 1, 3, '/')}` : '';
      found.push(`${above}${name}${directory ? '/' : link}`);
      if (directory) fill(`${above}${name}/`, depth + 1);
    }
  };
  fill('', 1);
  return found.slice(0, 30);
}
