import type {
  Arguments,
  CommentLine,
  Dockerfile,
  Flag,
  Instruction,
  Pair,
  Word,
} from '../../src/core/language/syntax/index.ts';
import { INSTRUCTIONS, isSpace, trimSpace } from '../../src/core/language/syntax/index.ts';
import type { SpanMap } from '../../src/core/language/text/index.ts';
import { decode, encode, lineMap, position, spansGap } from '../../src/core/language/text/index.ts';
import type { Span } from '../../src/core/vocabulary/index.ts';
import type { InstructionsAnswer, OracleNode, ParseAnswer } from './answers.ts';

/** What the oracle answers about one file, as far as it concerns syntax. */
export interface OracleSyntax {
  readonly parse: ParseAnswer;
  readonly instructions: InstructionsAnswer;
}

/** A node with its empty lists written out, and without what only repeats. */
type CompleteNode = Required<Omit<OracleNode, 'keyword' | 'onbuild'>> & { readonly onbuild?: CompleteNode };

/** A comment as BuildKit keeps it: its line less its first byte, trimmed, so that an indented one keeps its "#". */
function commentText(comment: CommentLine): string {
  const line = comment.tokens
    .filter((token) => token.kind === 'blank' || token.kind === 'comment')
    .map((token) => token.text)
    .join('');
  return trimSpace(decode(encode(line).subarray(1)).text);
}

function flagText({ name, value }: Flag): string {
  return value === undefined ? `--${name}` : `--${name}=${value}`;
}

function pairArguments(name: string, pairs: readonly Pair[], legacy: boolean): string[] {
  if (name === 'ARG') return pairs.map(({ key, value }) => (value ? `${key.value}=${value.value}` : key.value));
  return pairs.flatMap(({ key, value }) => [key.value, value?.value ?? '', legacy ? '' : '=']);
}

function argumentTexts(name: string, args: Arguments): string[] {
  switch (args.form) {
    case 'words':
      return args.words.map((word) => word.value);
    case 'json':
      return args.elements.map((element) => element.value);
    case 'shell':
      return args.script.text === '' ? [] : [args.script.text];
    case 'pairs':
      return pairArguments(name, args.pairs, args.legacy);
  }
}

/** Our instruction in the oracle's words. */
function nodeOf(instruction: Instruction, outer: boolean): CompleteNode {
  const { name, args, probe, child, flags, heredocs, comments } = instruction;
  return {
    value: instruction.keyword.value,
    original: instruction.logical.text,
    startLine: outer ? instruction.startLine : 0,
    endLine: outer ? instruction.endLine : 0,
    flags: flags.map(flagText),
    attributes: args.form === 'json' ? ['json'] : [],
    args: !INSTRUCTIONS.has(name)
      ? ['']
      : child !== undefined
        ? []
        : [...(probe === undefined ? [] : [probe.value]), ...argumentTexts(name, args)],
    heredocs: outer
      ? heredocs.map(({ name, expand, chomp, content, fd }) => ({ name, expand, chomp, content, fd }))
      : [],
    prevComment: comments.map(commentText),
    ...(child === undefined ? {} : { onbuild: nodeOf(child, false) }),
  };
}

/** The oracle's node with its empty lists written out. */
function completed(node: OracleNode): CompleteNode {
  const { value, original, startLine, endLine, args, onbuild } = node;
  const { flags = [], attributes = [], heredocs = [], prevComment = [] } = node;
  return {
    value,
    original,
    startLine,
    endLine,
    flags,
    attributes,
    args,
    heredocs: heredocs.map(({ name, expand, chomp, content, fd }) => ({ name, expand, chomp, content, fd })),
    prevComment,
    ...(onbuild === undefined ? {} : { onbuild: completed(onbuild) }),
  };
}

/** The last line of the logical line, before heredocs: where BuildKit places NoEmptyContinuation. */
function lastLineOf(dockerfile: Dockerfile, instruction: Instruction): number {
  const first = instruction.heredocs[0];
  if (first === undefined) return instruction.endLine;
  return position(lineMap(dockerfile.text), first.bodySpan[0]).line - 1;
}

/** Directives that BuildKit's own search finds: it begins at the first byte and stops at an indented line. */
function detectable(dockerfile: Dockerfile): { name: string; value: string; line: number }[] {
  const lines = lineMap(dockerfile.text);
  const found: { name: string; value: string; line: number }[] = [];
  for (const { name, value, span } of dockerfile.directives) {
    const { line, column } = position(lines, span[0]);
    if (column !== 1 || line !== found.length + 1) break;
    found.push({ name, value, line });
  }
  return found;
}

/** Where our reading of a file differs from the oracle's, in one line; undefined when they agree. */
export function disagreement(dockerfile: Dockerfile, oracle: OracleSyntax): string | undefined {
  const accepted = oracle.parse.ok && oracle.instructions.ok;
  const [first] = dockerfile.errors;
  if (accepted !== (first === undefined)) {
    return accepted
      ? `we refuse what BuildKit accepts: ${first?.code}: ${first?.message}`
      : `we accept what BuildKit refuses: ${oracle.parse.error ?? oracle.instructions.error}`;
  }
  if (!oracle.parse.ok) return undefined;
  const line = /^dockerfile parse error on line (\d+):/.exec(oracle.instructions.error ?? '');
  if (line !== null && first !== undefined) {
    const ours = dockerfile.instructions.find((one) => one.errors.includes(first))?.startLine;
    if (ours !== Number(line[1])) return `first error on line ${ours}, BuildKit's: ${oracle.instructions.error}`;
  }
  if (dockerfile.escape !== oracle.parse.escape) return `escape is ${dockerfile.escape}`;
  const theirs = (oracle.parse.nodes ?? []).map(completed);
  const ours = dockerfile.instructions.map((instruction) => nodeOf(instruction, true));
  for (let i = 0; i < Math.max(ours.length, theirs.length); i++) {
    const [a, b] = [JSON.stringify(ours[i]), JSON.stringify(theirs[i])];
    if (a !== b) return `instruction ${i}:\n  ours   ${a}\n  theirs ${b}`;
  }
  const warned = (oracle.parse.warnings ?? []).map((warning) => warning.lines[0]?.[0]);
  const empty = dockerfile.emptyContinuations.map(({ instruction }) => lastLineOf(dockerfile, instruction));
  if (JSON.stringify(warned) !== JSON.stringify(empty)) return `empty continuations at ${empty}, BuildKit: ${warned}`;
  if (dockerfile.text.startsWith('\ufeff')) return undefined;
  const directives = JSON.stringify(oracle.parse.directives ?? []);
  if (JSON.stringify(detectable(dockerfile)) !== directives) return `directives are ${directives} for BuildKit`;
  return undefined;
}

/** The text of a source span without what the logical line leaves out. */
function textOf(map: SpanMap, [start, end]: Span, source: string): string {
  return map.segments
    .map(({ from, length }) => source.slice(Math.max(from, start), Math.max(start, Math.min(from + length, end))))
    .join('');
}

/** A flag or its value as BuildKit reads it, from its text: quotes and escapes removed. */
function unquoted(text: string, escape: string): string {
  let out = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i] as string;
    if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === escape) out += text[++i] ?? '';
    else out += char;
  }
  return out;
}

function misplacedWords(instruction: Instruction, dockerfile: Dockerfile): string | undefined {
  const { args, logical, flags, heredocs, keyword, probe } = instruction;
  const at = (span: Span) => textOf(logical, span, dockerfile.text);
  const wrong = (what: string, word: Word) =>
    `${what} ${JSON.stringify(word.value)} stands at ${JSON.stringify(at(word.span))}`;
  const ascii = (text: string) => /^[\0-\x7f]*$/.test(text);
  const words: Word[] = [keyword];
  if (probe !== undefined && ascii(probe.value)) words.push(probe);
  if (args.form === 'words') words.push(...args.words);
  if (args.form === 'pairs') for (const { key, value } of args.pairs) words.push(key, ...(value ? [value] : []));
  for (const word of words) {
    const text = at(word.span);
    const dropped = args.form === 'pairs' && text === word.value + dockerfile.escape;
    if (text !== word.value && !dropped && ascii(text)) return wrong('word', word);
  }
  if (args.form === 'json') {
    for (const element of args.elements) {
      const text = at(element.span);
      if (ascii(text) && !/\\ud/i.test(text) && JSON.parse(text) !== element.value) return wrong('element', element);
    }
  }
  if (args.form === 'shell' && ascii(args.script.text) && at(args.span) !== args.script.text) return 'script misplaced';
  for (const flag of flags) {
    if (ascii(at(flag.span)) && unquoted(at(flag.span), dockerfile.escape) !== flagText(flag)) {
      return `flag ${flagText(flag)} stands at ${at(flag.span)}`;
    }
    if (flag.valueSpan === undefined || !ascii(at(flag.span))) continue;
    const value = unquoted(at(flag.valueSpan), dockerfile.escape);
    // A quote that opens before "=" is closed in the value.
    if (value !== flag.value && !/["']/.test(at(flag.nameSpan))) return `value of ${flagText(flag)} stands at ${value}`;
  }
  for (const { name, nameSpan, markerSpan } of heredocs) {
    const marker = at(markerSpan);
    if (!/^\d*<<-?/.test(marker)) return `marker of ${name} stands at ${marker}`;
    // BuildKit's scanner passes over a byte order mark at the beginning of a word.
    if (/^\w+$/.test(name) && at(nameSpan).replace(/^\ufeff|["'\\]/g, '') !== name)
      return `name ${name} stands at ${at(nameSpan)}`;
  }
  return instruction.child === undefined ? undefined : misplacedWords(instruction.child, dockerfile);
}

/**
 * What of a tree contradicts itself or its text, judged without the oracle; undefined when nothing does: tokens join to
 * the text in order, spans hold what they name.
 */
export function inconsistency(dockerfile: Dockerfile): string | undefined {
  let at = 0;
  for (const item of dockerfile.items) {
    for (const token of item.tokens) {
      if (token.at !== at) return `token ${JSON.stringify(token)} stands where ${at} is expected`;
      if (token.text === '' || !dockerfile.text.startsWith(token.text, at))
        return `token ${JSON.stringify(token)} differs`;
      if (token.kind === 'blank' && ![...token.text].every((char) => isSpace(char.charCodeAt(0)) || char >= '\udc80')) {
        return `blank token ${JSON.stringify(token)}`;
      }
      at += token.text.length;
    }
  }
  if (at !== dockerfile.text.length) return `tokens end at ${at} of ${dockerfile.text.length}`;
  for (const instruction of dockerfile.instructions) {
    const wrong = misplacedWords(instruction, dockerfile);
    if (wrong !== undefined) return `line ${instruction.startLine}: ${wrong}`;
    if (spansGap(instruction.logical, [0, 0])) return 'an empty span has a gap';
  }
  return undefined;
}
