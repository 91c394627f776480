import type { Script } from '../../src/core/language/shell/index.ts';
import type { ShellAnswer } from './answers.ts';

type Row = readonly (string | number | null | undefined)[];

interface Reading {
  readonly commands: readonly Row[];
  readonly words: readonly Row[];
  readonly redirections: readonly Row[];
  readonly assignments: readonly Row[];
  readonly operators: readonly Row[];
}

/** Scripts in strings are ours alone, and so are newlines: mvdan.cc/sh reads the former as words and has no token for the latter. */
function ours(script: Script): Reading {
  const commands = script.commands
    .filter(({ nesting }) => !nesting.includes('sh -c'))
    .sort((a, b) => a.span[0] - b.span[0]);
  const inStrings = script.commands.filter(({ nesting }) => nesting.includes('sh -c')).map(({ span }) => span);
  return {
    commands: commands.map(({ span }) => span),
    words: commands.flatMap(({ words }) => words.map(({ span, text, value }) => [...span, text, value])),
    redirections: commands.flatMap(({ redirects }) =>
      redirects.map(({ span, operator, fd, target }) => [...span, operator, fd, target?.text]),
    ),
    assignments: commands.flatMap(({ assignments }) => assignments.map(({ span }) => span)),
    operators: script.operators
      .filter(({ text, span }) => text !== '\n' && !isInString(span, script, inStrings))
      .map(({ span, text }) => [...span, text] as const)
      .sort((a, b) => a[0] - b[0]),
  };
}

function isInString(
  [start]: readonly [number, number],
  script: Script,
  inner: readonly (readonly [number, number])[],
): boolean {
  if (inner.length === 0) return false;
  const strings = script.commands.flatMap(({ words, nesting }) =>
    nesting.includes('sh -c') ? [] : words.map(({ span }) => span),
  );
  const around = strings.find(([from, to]) => from <= start && start < to);
  return around !== undefined && inner.some(([from]) => around[0] <= from && from < around[1]);
}

function theirs({ commands = [], operators = [] }: ShellAnswer): Reading {
  return {
    commands: commands.map(({ pos, end }) => [pos, end]),
    words: commands.flatMap(({ words }) => words.map(({ s, e, text, value }) => [s, e, text, value])),
    redirections: commands.flatMap(({ redirs }) =>
      redirs.map(({ s, e, op, fd, target }) => [s, e, op, fd === undefined ? undefined : Number(fd), target.text]),
    ),
    assignments: commands.flatMap(({ assigns }) => assigns.map(([s, e]) => [s, e])),
    operators: operators.map(({ s, e, op }) => [s, e, op]),
  };
}

/** A value that only we know is a claim too many, except of `$'…'`, which the oracle does not decode. */
function sameValue(a: Row, b: Row): boolean {
  return a[3] === undefined || a[3] === b[3] || (b[3] === null && String(a[2]).includes("$'"));
}

/**
 * What our reading of a script differs in from mvdan.cc/sh's; undefined when it is equal, or when both refuse.
 * @param script read with an identity map, so that places are offsets of the text
 */
export function disagreement(script: Script, answer: ShellAnswer): string | undefined {
  const refused = script.opaque !== undefined;
  if (refused || !answer.ok) {
    return refused === !answer.ok
      ? undefined
      : refused
        ? `only we refuse: ${script.opaque}`
        : `only it refuses: ${answer.error}`;
  }
  const [we, it] = [ours(script), theirs(answer)];
  for (const part of ['commands', 'words', 'redirections', 'assignments', 'operators'] as const) {
    const [a, b] = [we[part], it[part]];
    const width = part === 'words' ? 3 : 5;
    const at = a.findIndex((row, i) => JSON.stringify(row.slice(0, width)) !== JSON.stringify(b[i]?.slice(0, width)));
    if (at !== -1 || a.length !== b.length) return `${part}: ${JSON.stringify(a[at])} against ${JSON.stringify(b[at])}`;
    const value = part === 'words' ? a.findIndex((row, i) => !sameValue(row, b[i] ?? [])) : -1;
    if (value !== -1) return `value: ${JSON.stringify(a[value])} against ${JSON.stringify(b[value])}`;
  }
  return undefined;
}
