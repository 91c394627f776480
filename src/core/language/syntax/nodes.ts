import type { Span } from '../../vocabulary/index.ts';
import { type SpanMap, slice } from '../text/index.ts';
import { isBlank, placeOf, skipSpace, toLower, trimSpaceEnd } from './characters.ts';
import { readFlags, readProbe } from './flags.ts';
import { readJsonArray } from './json.ts';
import type { Mark } from './lines.ts';
import { readArgPairs, readPairs } from './pairs.ts';
import type { Arguments, Flag, Pair, SyntaxCode, SyntaxProblem, Word } from './types.ts';
import { splitBlanks, wordAt } from './words.ts';

/** What one logical line says, before its heredocs are read: BuildKit's parse node. */
export interface Node {
  /** Upper case. */
  readonly name: string;
  readonly keyword: Word;
  readonly flags: readonly Flag[];
  readonly args: Arguments;
  readonly probe?: Word;
  readonly child?: Node;
  /** The line as the node and its parts see it. */
  readonly map: SpanMap;
  /** Where the node is in `map`, without spaces around it. */
  readonly start: number;
  readonly end: number;
  /** Its tokens that are not blank, in order. */
  readonly marks: readonly Mark[];
  /** What BuildKit's parser refuses; its instruction parser never sees such a line. */
  readonly problem?: SyntaxProblem;
}

/** ONBUILD within ONBUILD is an error at the first level; deeper ones than this are left unread. */
const MAX_ONBUILD = 8;

type Reading = Pick<Node, 'args' | 'probe' | 'child' | 'map' | 'problem'> & { readonly marks?: readonly Mark[] };

type Reader = (map: SpanMap, start: number, end: number, escape: number, depth: number) => Reading;

/** Reads one instruction from `[start, end)` of a logical line. */
export function readNode(line: SpanMap, start: number, end: number, escape: number, depth = 0): Node {
  const { text } = line;
  const from = skipSpace(text, start, end);
  let to = trimSpaceEnd(text, from, end);
  let stop = from;
  while (stop < to && !isBlank(text.charCodeAt(stop))) stop += 1;
  const keyword = wordAt(line, from, stop);
  const marks: Mark[] = [{ kind: 'keyword', span: keyword.span }];
  let map = line;
  let rest = stop;
  let flags: readonly Flag[] = [];
  if (stop < to) {
    let first = stop;
    while (first < to && isBlank(text.charCodeAt(first))) first += 1;
    const scanned = readFlags(line, first, to, escape);
    flags = scanned.flags;
    map = scanned.map;
    for (const flag of flags) marks.push({ kind: 'flag', span: flag.span });
    if (scanned.dashes !== undefined) marks.push({ kind: 'flag', span: scanned.dashes });
    rest = skipSpace(map.text, scanned.rest, scanned.end);
    to = trimSpaceEnd(map.text, rest, scanned.end);
  }
  const name = nameOf(keyword.value);
  const reading = (READERS.get(name) ?? readOther)(map, rest, to, escape, depth);
  if (reading.marks !== undefined) for (const mark of reading.marks) marks.push(mark);
  else if (to > rest) marks.push({ kind: 'text', span: reading.args.span });
  return { name, keyword, flags, start: from, end: to + reading.map.text.length - map.text.length, ...reading, marks };
}

/** Only what BuildKit's lowering finds is a known name: `maıntainer` is none, though it looks like one in upper case. */
function nameOf(keyword: string): string {
  if (READERS.has(keyword)) return keyword;
  const known = NAMES.get(toLower(keyword));
  if (known !== undefined) return known;
  const upper = keyword.toUpperCase();
  return READERS.has(upper) ? keyword : upper;
}

function problem(code: SyntaxCode, message: string, span: Span): SyntaxProblem {
  return { code, message, span };
}

function shellForm(map: SpanMap, start: number, end: number): Arguments {
  const span = placeOf(map, start, end);
  const only = map.segments.length === 1 ? map.segments[0] : undefined;
  if (only !== undefined && start < end && start >= only.at && end <= only.at + only.length) {
    const segments = [{ at: 0, from: span[0], length: end - start }];
    return { form: 'shell', script: { text: map.text.slice(start, end), segments }, span };
  }
  return { form: 'shell', script: slice(map, [start, end]), span };
}

/** The JSON form of `[start, end)`, when it has one. */
function jsonForm(map: SpanMap, start: number, end: number): Arguments | SyntaxProblem | undefined {
  const from = skipSpace(map.text, start, end);
  const elements = readJsonArray(map.text, from, end);
  if (elements === undefined) return undefined;
  const span = placeOf(map, from, end);
  if (elements === 'other') return problem('bad-json', 'a JSON array may hold only strings here', span);
  return {
    form: 'json',
    elements: elements.map((element) => ({
      value: element.value,
      span: placeOf(map, element.start, element.end),
    })),
    span,
  };
}

const readOther: Reader = (map, start, end) => ({ args: shellForm(map, start, end), map });

const readCommand: Reader = (map, start, end) => {
  const json = jsonForm(map, start, end);
  if (json === undefined) return { args: shellForm(map, start, end), map };
  if ('code' in json) return { args: shellForm(map, start, end), map, problem: json };
  return { args: json, map };
};

function wordsForm(map: SpanMap, start: number, end: number): Arguments {
  return { form: 'words', words: splitBlanks(map, start, end), span: placeOf(map, start, end) };
}

const readWords: Reader = (map, start, end) => ({ args: wordsForm(map, start, end), map });

const readPaths: Reader = (map, start, end) => {
  const json = jsonForm(map, start, end);
  if (json === undefined) return { args: wordsForm(map, start, end), map };
  if ('code' in json) return { args: wordsForm(map, start, end), map, problem: json };
  return { args: json, map };
};

const readOneWord: Reader = (map, start, end) => {
  const words = start === end ? [] : [wordAt(map, start, end)];
  return { args: { form: 'words', words, span: placeOf(map, start, end) }, map };
};

const readArg: Reader = (map, start, end, escape) => {
  const pairs = readArgPairs(map, start, end, escape);
  return { args: { form: 'pairs', pairs, legacy: false, span: placeOf(map, start, end) }, map };
};

const readKeyValues =
  (name: string): Reader =>
  (map, start, end, escape) => {
    const { pairs, legacy } = readPairs(map, start, end, escape);
    const args: Arguments = { form: 'pairs', pairs, legacy, span: placeOf(map, start, end) };
    const bare = pairs.find((pair: Pair) => pair.value === undefined);
    if (bare === undefined) return { args, map };
    const found = legacy
      ? problem('missing-value', `${name} needs a name and a value`, bare.span)
      : problem('missing-equals', `${bare.key.value} has no "=": write name=value`, bare.span);
    return { args, map, problem: found };
  };

const readHealthcheck: Reader = (line, start, end, escape, depth) => {
  if (start === end) return { args: wordsForm(line, start, end), map: line };
  const { probe, map, rest, end: stop } = readProbe(line, start, end);
  if (probe.value === '') {
    // A stray byte that BuildKit takes for a space hides all that follows.
    const marks: Mark[] = [{ kind: 'text', span: placeOf(line, start, end) }];
    return { args: wordsForm(line, start, start), map: line, marks };
  }
  const command = readCommand(map, rest, stop, escape, depth);
  const marks: Mark[] = [{ kind: 'text', span: probe.span }];
  if (stop > rest) marks.push({ kind: 'text', span: command.args.span });
  return { ...command, probe, marks };
};

const readOnbuild: Reader = (map, start, end, escape, depth) => {
  if (start === end || depth >= MAX_ONBUILD) return { args: shellForm(map, start, end), map };
  const child = readNode(map, start, end, escape, depth + 1);
  const reading = { args: shellForm(child.map, child.start, child.end), map: child.map, child, marks: child.marks };
  return child.problem === undefined ? reading : { ...reading, problem: child.problem };
};

const READERS: ReadonlyMap<string, Reader> = new Map([
  ['ADD', readPaths],
  ['ARG', readArg],
  ['CMD', readCommand],
  ['COPY', readPaths],
  ['ENTRYPOINT', readCommand],
  ['ENV', readKeyValues('ENV')],
  ['EXPOSE', readWords],
  ['FROM', readWords],
  ['HEALTHCHECK', readHealthcheck],
  ['LABEL', readKeyValues('LABEL')],
  ['MAINTAINER', readOneWord],
  ['ONBUILD', readOnbuild],
  ['RUN', readCommand],
  ['SHELL', readCommand],
  ['STOPSIGNAL', readOneWord],
  ['USER', readOneWord],
  ['VOLUME', readPaths],
  ['WORKDIR', readOneWord],
]);

const NAMES: ReadonlyMap<string, string> = new Map([...READERS.keys()].map((name) => [name.toLowerCase(), name]));
