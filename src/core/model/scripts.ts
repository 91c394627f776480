import { heredocShell, parseScript, type Script, type Shell, shellOf } from '../language/shell/index.ts';
import type { Heredoc, JsonElement } from '../language/syntax/index.ts';
import { type Segment, type SpanMap, verbatim } from '../language/text/index.ts';
import type { Span } from '../vocabulary/index.ts';
import type { StepNode } from './step.ts';

/** The scripts that a step runs or stores: see `Step.scripts`. */
export function scriptsOf(step: StepNode, text: string): readonly Script[] {
  const { name, args, heredocs } = step.instruction;
  if (name !== 'RUN' && name !== 'CMD' && name !== 'ENTRYPOINT' && name !== 'HEALTHCHECK') return [];
  if (args.form === 'json') return execScript(args.elements, text);
  if (args.form !== 'shell') return [];
  const shell = step.before.assumedShell;
  if (heredocs.length === 0) return args.script.text === '' ? [] : [parseScript(args.script, shell)];
  const only = heredocs[0] as Heredoc;
  if (heredocs.length === 1 && isLoneHeredoc(args.script.text, only, text)) return [heredocScript(only, text, shell)];
  const script = parseScript(withBodies(args.script, heredocs, text), shell);
  return [script, ...bodiesForShells(script, text)];
}

/** BuildKit runs the body itself when nothing but the marker stands on the line. */
function isLoneHeredoc(line: string, { markerSpan }: Heredoc, text: string): boolean {
  return line.trim() === text.slice(markerSpan[0], markerSpan[1]);
}

function heredocScript(heredoc: Heredoc, text: string, shell: Shell): Script {
  const map = bodyMap(heredoc, text);
  const own = heredocShell(map.text);
  if (own === undefined) return parseScript(map, shell);
  if (!('opaque' in own)) return parseScript(map, own);
  return { ...parseScript(map, { kind: 'other', errexit: false, pipefail: false }), opaque: own.opaque };
}

/** The body as the shell gets it: `<<-` takes the tabs from the start of each line. */
function bodyMap({ bodySpan, chomp }: Heredoc, text: string): SpanMap {
  if (!chomp) return verbatim(text, bodySpan);
  const segments: Segment[] = [];
  let result = '';
  for (let at = bodySpan[0]; at < bodySpan[1]; ) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 || newline >= bodySpan[1] ? bodySpan[1] : newline + 1;
    let start = at;
    while (start < end && text[start] === '\t') start += 1;
    if (end > start) segments.push({ at: result.length, from: start, length: end - start });
    result += text.slice(start, end);
    at = end;
  }
  return { text: result, segments };
}

/** The line with its heredocs' bodies after it, as BuildKit hands it to the shell. */
function withBodies(line: SpanMap, heredocs: readonly Heredoc[], text: string): SpanMap {
  let result = line.text;
  const segments = [...line.segments];
  const append = ([start, end]: Span) => {
    if (end > start) segments.push({ at: result.length, from: start, length: end - start });
    result += text.slice(start, end);
  };
  for (const { bodySpan, endSpan, name } of heredocs) {
    result += '\n';
    append(bodySpan);
    if (endSpan === undefined) result += name;
    else append(endSpan);
  }
  return { text: result, segments };
}

/** Heredocs that a shell reads from its standard input are scripts: `bash <<EOF`, `sh -e <<EOF`. */
function bodiesForShells(script: Script, text: string): readonly Script[] {
  const found: Script[] = [];
  for (const { program, args, redirects, command } of script.commands.map((each) => ({ ...each, command: each }))) {
    const words = args.map(({ value }) => value);
    if (program === undefined || words.some((word) => word === undefined || !/^[-+]/.test(word) || word === '-c'))
      continue;
    const shell = shellOf([program, ...(words as string[])]);
    const body = redirects.find(({ operator }) => operator === '<<' || operator === '<<-')?.body;
    if (shell.kind === 'other' || body === undefined || command.nesting.includes('function-body')) continue;
    found.push(parseScript(verbatim(text, body), shell));
  }
  return found;
}

/** `["/bin/bash", "-ec", "script"]`: the script in the string. */
function execScript(elements: readonly JsonElement[], text: string): readonly Script[] {
  const argv = elements.map(({ value }) => value);
  const dashC = argv.findIndex((word, i) => i > 0 && /^-[A-Za-z]*c[A-Za-z]*$/.test(word));
  const script = dashC < 0 ? undefined : elements[dashC + 1];
  if (script === undefined) return [];
  const shell = shellOf(argv.slice(0, dashC + 1));
  return shell.kind === 'other' ? [] : [parseScript(jsonMap(script, text), shell)];
}

/** A JSON string's value with the way back to the file, escape by escape. */
function jsonMap({ value, span }: JsonElement, text: string): SpanMap {
  const inner: Span = [span[0] + 1, span[1] - 1];
  const raw = text.slice(inner[0], inner[1]);
  if (raw === value) return verbatim(text, inner);
  const segments: Segment[] = [];
  let at = 0;
  let source = 0;
  const copy = (length: number) => {
    const last = segments.at(-1);
    if (last !== undefined && last.at + last.length === at && last.from + last.length === inner[0] + source) {
      segments[segments.length - 1] = { ...last, length: last.length + length };
    } else segments.push({ at, from: inner[0] + source, length });
  };
  while (at < value.length && source < raw.length) {
    if (raw[source] === value[at] && raw[source] !== '\\') {
      copy(1);
      source += 1;
      at += 1;
    } else if (raw[source] === '\\') {
      const length = raw[source + 1] === 'u' ? 6 : 2;
      // An escape stands for one character: its last one shows where that is.
      segments.push({ at, from: inner[0] + source + length - 1, length: 1 });
      source += length;
      at += 1;
    } else source += 1; // A continuation within the string.
  }
  return { text: value, segments };
}
