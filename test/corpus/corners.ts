import { LINES, PLAIN } from './corner-lines.ts';
import type { Dice } from './dice.ts';

/** A byte that is not UTF-8, as `decode` would hold it. */
export const BAD = (byte: number): string => String.fromCharCode(0xdc00 + byte);

/** Spaces to BuildKit's trimming or splitting or to neither. */
const SPACES = [' ', '\t', '  ', '\v', '\f', '\r', '\u0085', '\u00a0', '\u2028', '\u3000', '\ufeff', '\u1680'];

const DIRECTIVES = [
  '# escape=`',
  '#escape = \\',
  '# syntax=docker/dockerfile:1',
  '# check=skip=all',
  '# CHECK=skip=JSONArgsRecommended;error=true',
  '#Syntax\t=\tx ',
];

const FLAGS = [
  '--from=one',
  '--chown=1:1',
  '--link',
  '--link=TRUE',
  '--exclude=*.md',
  '--exclude="a b"',
  "--chmod='7'55",
];

const HEREDOC_NAMES = ['EOF', '"EOF"', "'EOF'", 'E"O"F', '\\EOF', 'file.txt', 'EOF>y', 'é', '$x', 'E$x', '2', '"a b"'];

const plain = (dice: Dice, most = 3) => dice.list(0, most, () => dice.one(PLAIN));

/** A file around some lines. */
function file(dice: Dice, lines: readonly string[], head: readonly string[] = []): string {
  const newline = dice.chance(0.15) ? '\r\n' : '\n';
  const from = dice.chance(0.9) ? 'FROM base AS one' : 'from base';
  const all = [...head, from, ...plain(dice), ...lines, ...plain(dice, 2)];
  return all.join(newline) + (dice.chance(0.8) ? newline : '');
}

/** Lines joined by continuations. */
const joined = (dice: Dice, lines: readonly string[], escape = '\\') =>
  lines.map((line, i) => (i === lines.length - 1 ? line : line + escape + dice.one(['', '', ' ', '\t'])));

/** An instruction with one to three heredocs that end as a shell would have it. */
function heredocs(dice: Dice, instruction: string): string[] {
  const names = dice.list(1, 3, () => dice.one(dice.chance(0.7) ? ['EOF', 'E'] : HEREDOC_NAMES));
  const chomp = dice.chance(0.3) ? '-' : '';
  const before = `${dice.chance(0.15) ? '3' : ''}<<${chomp}${dice.chance(0.15) ? ' ' : ''}`;
  const lines = [`${instruction} ${names.map((name) => before + name).join(' ')}${instruction === 'RUN' ? '' : ' /x'}`];
  for (const name of names) {
    const end = name.replace(/["'\\]/g, '');
    lines.push(...plain(dice, 2), ...(dice.chance(0.3) ? ['\tindented', `${end} `, '\\'] : []));
    lines.push((chomp === '-' && dice.chance(0.5) ? '\t\t' : '') + end);
  }
  return lines;
}

function longLine(dice: Dice): string {
  const fill = (text: string, length: number) => text + 'x'.repeat(length - text.length);
  if (dice.chance(0.8)) return file(dice, joined(dice, ['RUN a', ...dice.list(30, 30, () => fill(' b', 200))]));
  const newline = dice.one(['\n', '\r\n']);
  const line = fill(dice.one(['RUN ', '# ', 'COPY a é']), 65534 + dice.below(4));
  return dice.chance(0.3)
    ? `FROM a\nRUN <<E${newline}${line}${newline}E\n`
    : `FROM a\n${line}${dice.one(['', newline])}`;
}

const pairs = [
  'a=b',
  '"c d"=e',
  'f="g h"',
  "i='j\\'",
  'k=\\ l',
  'm=n\\',
  'p==q',
  `r=${BAD(0xfe)}`,
  's="\\""',
  'u="',
  'o',
  '=v',
];

/** Corners that take more than a line. */
const FILES: Readonly<Record<string, (dice: Dice) => string>> = {
  'directive block': (d) => {
    const head = [d.one(DIRECTIVES), d.one(['', '# c', '# unknown=1', 'ARG x']), d.one(DIRECTIVES)];
    return file(d, joined(d, ['RUN a', 'RUN b'], d.one(['\\', '`'])), head);
  },
  'repeated or bad directive': (d) =>
    file(
      d,
      [],
      [d.one(DIRECTIVES), d.one(['#escape=`', '# escape=x', '# escape=', '# escape= ', '# SYNTAX=y', '# c'])],
    ),
  'indented directive': (d) =>
    file(
      d,
      joined(d, ['RUN a', 'RUN b'], '`'),
      [d.one(SPACES) + d.one(DIRECTIVES), d.one(DIRECTIVES)].slice(d.below(2)),
    ),
  shebang: (d) =>
    file(d, joined(d, ['RUN a', 'RUN b'], d.one(['\\', '`'])), [
      `#!${d.one(['x', '', ' '])}`,
      d.one(DIRECTIVES),
      d.one(DIRECTIVES),
    ]),
  'syntax in other clothes': (d) =>
    file(d, [], [d.one(['// syntax=x', '{"syntax": "x"}', '#// syntax=x', '#{"syntax": "x"}', '# // syntax=x'])]),
  'byte order mark': (d) => {
    const line = d.one(['RUN a', '\ufeffRUN a', '# \ufeff', 'RUN \ufeffa', '\ufeff']);
    return (d.chance(0.7) ? '\ufeff' : '') + file(d, [line], d.chance(0.3) ? [d.one(DIRECTIVES)] : []);
  },
  'line ends': (d) => {
    const ends = ['\n', '\n', '\r\n', '\r\r\n', ...(d.chance(0.1) ? ['\r'] : [])];
    return file(d, [...heredocs(d, 'RUN'), ...joined(d, ['RUN a', 'RUN b'])]).replace(/\n/g, () => d.one(ends));
  },
  'long line': longLine,
  'continuation or not': (d) =>
    file(d, [`RUN a${d.some(['\\', '\\', ' ', '\t', '\f', 'x'], 1, 4)}`, d.one(['RUN b', 'RUN c', ' b', '# c', ''])]),
  'escape at the end': (d) =>
    `FROM a\n${d.one(PLAIN)}${d.one([' \\', '\\', '\\\\', ' \\\n', '\\ \n#c', '\\\n\n', '\n\\'])}`,
  indentation: (d) => {
    const first = d.some(SPACES, 0, 2) + d.one(['RUN a', 'ENV a=b', 'COPY a b', '\\']);
    const body = file(d, joined(d, [first, d.some(SPACES, 0, 3) + d.one(['b', 'c=d', '--x'])]));
    return (d.chance(0.3) ? ' ' : '') + body;
  },
  'comment in a continuation': (d) =>
    file(d, ['RUN echo "a\\', `# c${d.one(['', '\\', ' \\ '])}`, `${d.some(SPACES, 0, 1)}#d`, ' b\\', '#e', ' f" # g']),
  'empty line in a continuation': (d) =>
    file(d, ['RUN a \\', ...d.list(1, 3, () => d.one(['', ' ', '\t', '\u00a0', '\u0085', '\\', '#'])), ' b']),
  'backtick escape': (d) => {
    const windows = d.one([['RUN dir C:\\'], ['RUN dir C:\\\\'], ['RUN dir C:\\`', ' b'], ['RUN dir C:\\``']]);
    return file(d, [...windows, 'ENV a=b`', ' c=`"d', d.one(['COPY a`', ' b', 'ENV `']), 'RUN x'], ['# escape=`']);
  },
  'comments before an instruction': (d) => {
    const comments = ['# one', '#two', '#', '# ', '', '  # three', '\u00a0# four', '#  x  ', '#\u00a0'];
    return file(d, [...d.list(1, 5, () => d.one(comments)), 'ARG one']);
  },
  'kinds of space': (d) => {
    const keyword = d.one(['RUN', 'COPY', 'ENV', 'EXPOSE', 'WORKDIR', 'ARG', 'VOLUME', 'HEALTHCHECK CMD']);
    return file(d, [`${keyword}${d.one([' ', '\t', '\f', ' \u00a0'])}a=b${d.one(SPACES)}c=d${d.some(SPACES, 0, 2)}`]);
  },
  flags: (d) =>
    file(d, [`COPY ${d.some([...FLAGS, ...FLAGS, '--', '--unknown', '--from', '-x', '"--link"'], 1, 2, ' ')} a b`]),
  'flags by bytes': (d) => {
    const value = d.some(
      ['a', 'é', 'à', '\u2003', '漢', '\u0820', '😀', BAD(0xa0), BAD(0x85), BAD(0xff), '\\', '"'],
      1,
      5,
    );
    return file(d, [`COPY --${d.one(['from', 'chown', 'chmod', 'exclude'])}=${value} a ${d.one(['b', 'é'])}`]);
  },
  'JSON over lines': (d) => {
    const strings = [
      '"a",',
      '"\\ud83d\\ude00",',
      '"\\ud83d",',
      '"\\udc00\\ud800",',
      `"${BAD(0xff)}",`,
      '"é",',
      '"\\u00E9\\/\\b",',
    ];
    return file(d, joined(d, [`CMD [${d.some(strings, 0, 3)}`, ' "b"', d.one([']', '] ', ',"c"]'])]));
  },
  'keys and values': (d) => {
    const first = d.one(['a=b', 'a=b', 'a b', '"a b" c', 'a', '=b', 'a=', "'a=b'", '"a"=b']);
    const more = d.some(d.chance(0.7) ? pairs.slice(0, 9) : pairs, 0, 3, d.one([' ', '\u00a0', '\t']));
    return file(d, [`${d.one(['ENV', 'LABEL'])} ${first} ${more}`.replace(/\\$/, '\\\f')]);
  },
  'several ARG': (d) => {
    const words = [
      'a',
      'b=c',
      '--x=y',
      '"d e"=f',
      "g='h i'",
      'j=',
      'l\\ m',
      `n=${BAD(0x80)}`,
      ...(d.chance(0.2) ? ['=k'] : []),
    ];
    return file(d, [`ARG ${d.some(words, 1, 3, ' ')}`, `STOPSIGNAL ${d.one(['9', '--x 9', 'SIG TERM', ''])}`]);
  },
  'where heredocs are read': (d) => {
    const none = [
      'CMD <<EOF',
      'RUN ["<<EOF"]',
      'ENTRYPOINT <<EOF',
      'ONBUILD CMD <<EOF',
      'COPY ["<<E", "x"]',
      'COPY a <<E',
    ];
    const instruction = d.one(['RUN', 'COPY', 'ADD', 'ONBUILD RUN', 'ONBUILD COPY', 'RUN --network=none']);
    return file(d, [...heredocs(d, instruction), ...(d.chance(0.3) ? [d.one(none)] : [])]);
  },
  'quoted heredoc': (d) => file(d, heredocs(d, d.one(['RUN', 'COPY', 'ADD']))),
  'several heredocs': (d) => {
    const first = `${d.one(['COPY', 'RUN', 'ADD'])} <<a <<${d.one(['a', 'b', '-b'])} <<"c" /x/`;
    return file(d, [first, '1', 'a', '2', d.one(['a', 'b', '\tb']), ...(d.chance(0.7) ? ['a', 'b'] : []), '3', 'c']);
  },
};

/** One maker for each corner case of BuildKit's syntax; most of what it makes is accepted. */
export const CORNERS: Readonly<Record<string, (dice: Dice) => string>> = {
  ...FILES,
  ...Object.fromEntries(
    Object.entries(LINES).map(([corner, lines]) => [corner, (d: Dice) => file(d, d.one(lines).split('\n'))]),
  ),
};
