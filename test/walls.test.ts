import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = join(dirname(fileURLToPath(import.meta.url)), '..', 'src');

/** Rooms from the top down: each may import those before it (and itself), plus nothing else inside `src`. */
const rooms: readonly { readonly room: string; readonly may: readonly string[] }[] = [
  { room: 'core/vocabulary', may: [] },
  { room: 'core/language/text', may: ['core/vocabulary'] },
  { room: 'core/language/syntax', may: ['core/vocabulary', 'core/language/text'] },
  { room: 'core/language/shell', may: ['core/vocabulary', 'core/language/text'] },
  { room: 'core/language/edit', may: ['core/vocabulary', 'core/language'] },
  { room: 'core/language/ignores', may: ['core/vocabulary', 'core/language/text', 'core/language/syntax'] },
  { room: 'core/world', may: ['core/vocabulary', 'core/language/text'] },
  { room: 'core/model', may: ['core/vocabulary', 'core/language', 'core/world'] },
  { room: 'core/plan', may: ['core/vocabulary', 'core/language', 'core/world', 'core/model'] },
  { room: 'core/rules', may: ['core/vocabulary', 'core/language', 'core/world', 'core/model'] },
  { room: 'core/lint', may: ['core/vocabulary', 'core/language', 'core/world', 'core/model', 'core/rules'] },
  { room: 'core/evidence', may: ['core/vocabulary', 'core/language', 'core/world', 'core/model'] },
  { room: 'core/reporters', may: ['core/vocabulary', 'core/language/text'] },
  { room: 'session', may: ['core'] },
  { room: 'adapters', may: ['core', 'session/index.ts'] },
  { room: 'cli', may: ['core', 'session', 'adapters', '../package.json'] },
];

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : path.endsWith('.ts') ? [path] : [];
  });
}

/** Imports of a file that lead into `src`, relative to it. */
function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path]) =>
    relative(source, join(dirname(file), path ?? '')),
  );
}

const within = (path: string, room: string) => path === room || path.startsWith(`${room}/`);

test.each(rooms)('$room imports only what stands above it', ({ room, may }) => {
  const wrong = files(join(source, room)).flatMap((file) =>
    imports(file)
      .filter((path) => !within(path, room) && !may.some((allowed) => within(path, allowed)))
      .map((path) => `${relative(source, file)} → ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('no rule imports another rule', () => {
  const wrong = files(join(source, 'core/rules'))
    .filter((file) => !file.endsWith('.gen.ts'))
    .flatMap((file) => imports(file).filter((path) => within(path, 'core/rules') && !path.endsWith('define.ts')))
    .filter((path) => !path.endsWith('.gen.ts'));
  expect(wrong).toEqual([]);
});

test('the session knows nothing of Node', () => {
  const wrong = files(join(source, 'session')).filter((file) => /from 'node:/.test(readFileSync(file, 'utf8')));
  expect(wrong).toEqual([]);
});

test('every file of src lies in a room', () => {
  const outside = files(source)
    .map((file) => relative(source, file))
    .filter((path) => !rooms.some(({ room }) => within(path, room)));
  expect(outside.sort()).toEqual(['core/ambient.d.ts', 'core/index.ts']);
});
