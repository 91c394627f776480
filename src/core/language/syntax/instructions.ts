import type { Span } from '../../vocabulary/index.ts';
import { toLower, trimSpace } from './characters.ts';
import { readMarker } from './heredocs.ts';
import { suggest } from './suggest.ts';
import type { Flag, Instruction, SyntaxCode, SyntaxProblem, Word } from './types.ts';
import { parseBool, parseDuration, parseInt32, splitCsv } from './values.ts';

type FlagKind = 'bool' | 'string' | 'strings';
type FlagTable = Readonly<Record<string, FlagKind>>;

const NO_FLAGS: FlagTable = {};

/** Every instruction of the frontend with the flags that it takes. */
export const INSTRUCTIONS: ReadonlyMap<string, FlagTable> = new Map<string, FlagTable>([
  [
    'ADD',
    {
      chown: 'string',
      chmod: 'string',
      link: 'bool',
      'keep-git-dir': 'bool',
      checksum: 'string',
      unpack: 'bool',
      exclude: 'strings',
    },
  ],
  ['ARG', NO_FLAGS],
  ['CMD', NO_FLAGS],
  ['COPY', { chown: 'string', from: 'string', chmod: 'string', link: 'bool', exclude: 'strings', parents: 'bool' }],
  ['ENTRYPOINT', NO_FLAGS],
  ['ENV', NO_FLAGS],
  ['EXPOSE', NO_FLAGS],
  ['FROM', { platform: 'string' }],
  [
    'HEALTHCHECK',
    { interval: 'string', timeout: 'string', 'start-period': 'string', 'start-interval': 'string', retries: 'string' },
  ],
  ['LABEL', NO_FLAGS],
  ['MAINTAINER', NO_FLAGS],
  ['ONBUILD', NO_FLAGS],
  ['RUN', { mount: 'strings', network: 'string', security: 'string', device: 'strings' }],
  ['SHELL', NO_FLAGS],
  ['STOPSIGNAL', NO_FLAGS],
  ['USER', NO_FLAGS],
  ['VOLUME', NO_FLAGS],
  ['WORKDIR', NO_FLAGS],
]);

type Report = (code: SyntaxCode, message: string, span: Span, help?: string) => void;

/** What BuildKit's instruction parser refuses in one instruction; in the order in which BuildKit looks. */
export function validate(instruction: Instruction): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  const report: Report = (code, message, span, help) => {
    problems.push(help === undefined ? { code, message, span } : { code, message, span, help });
  };
  CHECKS.get(instruction.name)?.(instruction, report);
  if (!INSTRUCTIONS.has(instruction.name)) {
    const meant = suggest(instruction.name, INSTRUCTIONS.keys());
    report(
      'unknown-instruction',
      `unknown instruction: ${instruction.keyword.value}`,
      instruction.keyword.span,
      oddCharacter(instruction.keyword.value) ?? (meant === undefined ? undefined : `did you mean ${meant}?`),
    );
  }
  return problems;
}

/** What looks like a blank, or like nothing, and ends no word: pages and editors put it there. A raw byte is decoded as U+DC00+b. */
function oddCharacter(word: string): string | undefined {
  const odd = /[\u0080-\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\udc80-\udcff]/.exec(
    word,
  )?.[0];
  if (odd === undefined) return undefined;
  const code = odd.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return code.startsWith('DC')
    ? `the byte 0x${code.slice(2)} stands in this word: delete it`
    : `a character that looks like a blank or like nothing (U+${code}) stands in this word: write a blank, or delete it`;
}

function checkFlags({ name, flags }: Instruction, report: Report): void {
  if (flags.length === 0) return;
  const table = INSTRUCTIONS.get(name) ?? NO_FLAGS;
  const seen = new Set<string>();
  for (const flag of flags) {
    const written = `--${flag.name}`;
    const kind = Object.hasOwn(table, flag.name) ? table[flag.name] : undefined;
    if (kind === undefined) {
      const meant = suggest(flag.name, Object.keys(table));
      report(
        'unknown-flag',
        `${name} has no flag ${written}`,
        flag.span,
        meant === undefined ? undefined : `did you mean --${meant}?`,
      );
      continue;
    }
    if (seen.has(flag.name) && kind !== 'strings') report('duplicate-flag', `${written} is given twice`, flag.span);
    seen.add(flag.name);
    if (kind === 'bool') checkBool(flag, report);
    else if (flag.value === undefined) report('missing-flag-value', `${written} needs a value`, flag.span);
  }
}

function checkBool(flag: Flag, report: Report): void {
  if (flag.value === undefined) return;
  if (flag.value === '') report('missing-flag-value', `--${flag.name}= needs a value`, flag.span);
  else if (!['true', 'false'].includes(toLower(flag.value))) {
    report('bad-flag-value', `--${flag.name} is true or false, not ${flag.value}`, flag.valueSpan ?? flag.span);
  }
}

/** The arguments that BuildKit counts. */
function argumentCount({ args }: Instruction): number {
  switch (args.form) {
    case 'words':
      return args.words.length;
    case 'json':
      return args.elements.length;
    case 'pairs':
      return args.pairs.length;
    case 'shell':
      return args.script.text === '' ? 0 : 1;
  }
}

function checkAtLeastOne(instruction: Instruction, report: Report): boolean {
  if (argumentCount(instruction) > 0) return true;
  report('missing-argument', `${instruction.name} needs at least one argument`, instruction.keyword.span);
  return false;
}

function checkOneWord(instruction: Instruction, report: Report): void {
  if (argumentCount(instruction) !== 1) {
    report('wrong-argument-count', `${instruction.name} needs exactly one argument`, instruction.keyword.span);
  }
}

function checkFrom(instruction: Instruction, report: Report): void {
  const words = instruction.args.form === 'words' ? instruction.args.words : [];
  const [, as, stage] = words;
  if (words.length === 3 && as !== undefined && stage !== undefined && /^[aA][sS\u017f]$/.test(as.value)) {
    if (!/^[a-z][a-z0-9-_.]*$/.test(toLower(stage.value))) {
      report(
        'bad-stage-name',
        `${stage.value} is no name for a stage`,
        stage.span,
        'a stage name begins with a letter and holds letters, digits, "-", "_" and "."',
      );
    }
  } else if (words.length !== 1) {
    const span = words.length > 0 ? instruction.args.span : instruction.keyword.span;
    report('wrong-argument-count', 'FROM takes an image, or an image, AS and a stage name', span);
  }
  checkFlags(instruction, report);
}

function checkPairs(instruction: Instruction, report: Report): void {
  checkFlags(instruction, report);
  if (!checkAtLeastOne(instruction, report)) return;
  checkKeys(instruction, report);
}

function checkKeys(instruction: Instruction, report: Report): void {
  if (instruction.args.form !== 'pairs') return;
  for (const pair of instruction.args.pairs) {
    if (pair.key.value === '') report('blank-key', `${instruction.name} has a value without a name`, pair.span);
  }
}

function checkSourcesAndDestination(instruction: Instruction, report: Report): void {
  const { args, name } = instruction;
  const words: readonly Word[] = args.form === 'words' ? args.words : args.form === 'json' ? args.elements : [];
  if (words.length < 2) {
    const span = words.length > 0 ? args.span : instruction.keyword.span;
    report('wrong-argument-count', `${name} needs a source and a destination`, span);
    return;
  }
  checkFlags(instruction, report);
  const destination = words[words.length - 1] as Word;
  const marker = readMarker(destination.value);
  if (marker !== undefined && !('error' in marker)) {
    report('heredoc-destination', `${name} cannot take a heredoc as its destination`, destination.span);
  }
}

function checkRun(instruction: Instruction, report: Report): void {
  checkFlags(instruction, report);
  for (const flag of instruction.flags) if (flag.name === 'device') checkDevice(flag, report);
  for (const flag of instruction.flags) if (flag.name === 'mount') checkMount(flag, report);
  for (const { name, value, span, valueSpan } of instruction.flags) {
    if (value === undefined) continue;
    if (name === 'network' && !['default', 'none', 'host'].includes(value)) {
      report('bad-flag-value', `--network is default, none or host, not ${value}`, valueSpan ?? span);
    } else if (name === 'security' && !['insecure', 'sandbox'].includes(value)) {
      report('bad-flag-value', `--security is insecure or sandbox, not ${value}`, valueSpan ?? span);
    }
  }
}

function checkDevice({ value, span, valueSpan }: Flag, report: Report): void {
  const problem = value === undefined ? undefined : deviceProblem(value);
  if (problem !== undefined) report('bad-flag-value', problem, valueSpan ?? span);
}

function deviceProblem(value: string): string | undefined {
  const fields = splitCsv(value);
  if (fields === undefined) return '--device is empty or has wrong quotes';
  let name = '';
  for (const { value: field } of fields) {
    const equals = field.indexOf('=');
    const key = toLower(equals === -1 ? field : field.slice(0, equals));
    if (equals === -1) {
      if (key === 'required') continue;
      if (name !== '') return `${field} in --device has no value`;
      name = field;
    } else if (key === 'name') {
      if (name !== '') return '--device has two names';
      name = field.slice(equals + 1);
    } else if (key === 'required') {
      if (parseBool(field.slice(equals + 1)) === undefined) return `${field} in --device is neither true nor false`;
    } else if (name === '') name = field;
    else return `--device has no key ${key}`;
  }
  return undefined;
}

function checkMount({ value, span, valueSpan }: Flag, report: Report): void {
  if (value === undefined) return;
  const fields = splitCsv(value);
  if (fields === undefined) report('bad-mount', '--mount is empty or has wrong quotes', valueSpan ?? span);
  else if (fields.some((field) => namesVariableSource(field.value))) {
    const help = 'name the image in a FROM of its own';
    report('bad-mount', 'from in --mount cannot hold a variable', valueSpan ?? span, help);
  }
}

function namesVariableSource(field: string): boolean {
  const equals = field.indexOf('=');
  if (equals === -1 || toLower(field.slice(0, equals)) !== 'from') return false;
  const dollar = field.indexOf('$', equals);
  return dollar !== -1 && dollar !== field.length - 1;
}

const DURATIONS = ['interval', 'timeout', 'start-period', 'start-interval'];

function checkHealthcheck(instruction: Instruction, report: Report): void {
  const { probe, args } = instruction;
  if (probe === undefined) {
    report('missing-argument', 'HEALTHCHECK needs CMD or NONE', instruction.keyword.span);
    return;
  }
  const type = probe.value.toUpperCase();
  if (type === 'NONE') {
    if (argumentCount(instruction) > 0) report('bad-healthcheck', 'HEALTHCHECK NONE takes no arguments', args.span);
    return;
  }
  checkFlags(instruction, report);
  if (type !== 'CMD') {
    report('bad-healthcheck', `HEALTHCHECK takes CMD or NONE, not ${probe.value}`, probe.span);
  } else if (argumentCount(instruction) === 0) {
    report('bad-healthcheck', 'HEALTHCHECK CMD has no command', probe.span);
  }
  for (const { name, value, span, valueSpan } of instruction.flags) {
    if (value === undefined || value === '') continue;
    if (DURATIONS.includes(name)) {
      const duration = parseDuration(value);
      if (duration === undefined) {
        report(
          'bad-flag-value',
          `--${name} is no duration: ${value}`,
          valueSpan ?? span,
          'write a number with a unit, as 30s',
        );
      } else if (duration !== 0n && duration < 1_000_000n) {
        report('bad-flag-value', `--${name} is shorter than 1ms`, valueSpan ?? span);
      }
    } else if (name === 'retries') {
      const retries = parseInt32(value);
      if (retries === undefined || retries < 0) {
        report('bad-flag-value', `--retries is no whole number from 0: ${value}`, valueSpan ?? span);
      }
    }
  }
}

function checkVolume(instruction: Instruction, report: Report): void {
  if (!checkAtLeastOne(instruction, report)) return;
  checkFlags(instruction, report);
  const { args } = instruction;
  const paths: readonly Word[] = args.form === 'words' ? args.words : args.form === 'json' ? args.elements : [];
  for (const path of paths) {
    if (trimSpace(path.value) === '') report('bad-volume', 'VOLUME has an empty path', path.span);
  }
}

function checkShell(instruction: Instruction, report: Report): void {
  checkFlags(instruction, report);
  if (!checkAtLeastOne(instruction, report)) return;
  if (instruction.args.form !== 'json') {
    report('json-required', 'SHELL takes a JSON array of strings', instruction.args.span);
  }
}

function checkOnbuild(instruction: Instruction, report: Report): void {
  const { child } = instruction;
  if (child === undefined) {
    report('missing-argument', 'ONBUILD needs an instruction', instruction.keyword.span);
    return;
  }
  checkFlags(instruction, report);
  const trigger = child.keyword.value.toUpperCase();
  if (['ONBUILD', 'FROM', 'MAINTAINER'].includes(trigger)) {
    report('bad-onbuild', `ONBUILD cannot trigger ${trigger}`, child.keyword.span);
  }
}

function checkOneWordAndFlags(instruction: Instruction, report: Report): void {
  checkOneWord(instruction, report);
  checkFlags(instruction, report);
}

/** BuildKit looks at the flags of ARG and STOPSIGNAL nowhere. */
const CHECKS: ReadonlyMap<string, (instruction: Instruction, report: Report) => void> = new Map([
  ['ADD', checkSourcesAndDestination],
  [
    'ARG',
    (instruction, report) => {
      if (checkAtLeastOne(instruction, report)) checkKeys(instruction, report);
    },
  ],
  ['CMD', checkFlags],
  ['COPY', checkSourcesAndDestination],
  ['ENTRYPOINT', checkFlags],
  ['ENV', checkPairs],
  [
    'EXPOSE',
    (instruction, report) => {
      if (checkAtLeastOne(instruction, report)) checkFlags(instruction, report);
    },
  ],
  ['FROM', checkFrom],
  ['HEALTHCHECK', checkHealthcheck],
  ['LABEL', checkPairs],
  ['MAINTAINER', checkOneWordAndFlags],
  ['ONBUILD', checkOnbuild],
  ['RUN', checkRun],
  ['SHELL', checkShell],
  ['STOPSIGNAL', checkOneWord],
  ['USER', checkOneWordAndFlags],
  ['VOLUME', checkVolume],
  ['WORKDIR', checkOneWordAndFlags],
]);
