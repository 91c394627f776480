import { type Dockerfile, expand, type Instruction, type Pair, parse, type Word } from '../../language/syntax/index.ts';
import { executedSteps, isTriggered, type Step } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** A value in double quotes that expands as the unquoted `value`; undefined where a substitution holds quotes or escapes. */
function quoted(value: string, escape: string): string | undefined {
  const literal = (char: string) => (char === '"' || char === '$' || char === escape ? escape + char : char);
  let out = '';
  let quote = '';
  let braces = 0;
  for (let at = 0; at < value.length; at++) {
    const char = value[at] as string;
    const next = value[at + 1] ?? '';
    if (braces > 0 || (quote !== "'" && char === '$' && next === '{')) {
      if (char === escape || char === '"' || char === "'") return undefined;
      braces += char === '{' ? 1 : char === '}' ? -1 : 0;
      if (char === '$' && braces === 0) {
        out += char;
        braces = 1;
        at += 1;
        out += next;
      } else out += char;
    } else if (quote === "'") {
      if (char === "'") quote = '';
      else out += literal(char);
    } else if (char === escape) {
      if (next === '') return undefined;
      at += 1;
      if (quote === '"' && next !== '"' && next !== '$' && next !== escape) out += escape + escape + literal(next);
      else out += literal(next);
    } else if (char === '"') quote = quote === '"' ? '' : '"';
    else if (char === "'" && quote === '') quote = "'";
    else out += char;
  }
  return `"${out}"`;
}

/** Letters that mean the same in either form. */
const PLAIN = /^[\w./:@%+,-]+$/;

/** Pairs that people meant where BuildKit reads one long value: `ENV A 1 \⏎ B 2`. */
function looksLikePairs(value: Word, text: string): boolean {
  const [, ...later] = text.slice(...value.span).split('\n');
  return later.some((line) => /^\s*[A-Z][A-Z0-9_]*(?:=|[ \t]+[^ \t\\`])/.test(line));
}

/** True when `text` is read as one pair that sets `key` to what the legacy form sets it to. */
function meansTheSame(text: string, pair: Pair, { escape }: Dockerfile): boolean {
  const head = escape === '`' ? '# escape=`\nFROM scratch\n' : 'FROM scratch\n';
  const [, one, more] = parse(head + text).instructions;
  if (one?.args.form !== 'pairs' || one.args.legacy || more !== undefined || one.args.pairs.length !== 1) return false;
  const [read] = one.args.pairs;
  const value = (word: Word | undefined) => expand(word?.value ?? '', (name) => `<${name}> <`, { escape }).value;
  return read?.key.value === pair.key.value && value(read.value) === value(pair.value);
}

function rewrite(step: Step, pair: Pair, dockerfile: Dockerfile): Proposal | Declined {
  const { instruction } = step;
  const { key, value } = pair;
  const { text, escape } = dockerfile;
  if (value === undefined) return { declined: 'it has no value' };
  if (isTriggered(step)) return { declined: 'it stands in an ONBUILD, whose text is part of the image' };
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  if (looksLikePairs(value, text)) return { declined: 'its lines look like names and values, but are one long value' };
  const source = text.slice(...value.span);
  const plain = !source.includes('"') && !source.includes("'") && !value.value.includes(escape);
  const candidates = [
    source,
    plain ? `"${source}"` : undefined,
    source === value.value ? quoted(source, escape) : undefined,
  ];
  const start = text.slice(instruction.keyword.span[0], key.span[1]);
  const good = PLAIN.test(source)
    ? source
    : candidates.find((one) => one !== undefined && meansTheSame(`${start}=${one}`, pair, dockerfile));
  if (good === undefined) return { declined: 'its quotes have no equal in the new form' };
  return {
    title: `write ${key.value}=value`,
    variant: 'default',
    edits: [{ span: [key.span[1], value.span[1]], text: `=${good}` }],
    claims: [{ kind: 'same-build' }],
  };
}

export default defineRule({
  id: 'legacy-key-value',
  practice: 'X1',
  catalogue: ['X1.7'],
  level: 'warning',
  fixClass: 'S',
  summary: 'ENV or LABEL is written without "="',
  aliases: ['buildkit/LegacyKeyValueFormat'],
  about: { instructions: ['ENV', 'LABEL'], otherwise: 'the file has no ENV or LABEL' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Instruction | undefined;
    for (const step of build.stages.flatMap(executedSteps)) {
      const { args, name } = step.instruction;
      if ((name !== 'ENV' && name !== 'LABEL') || args.form !== 'pairs') continue;
      const [pair] = args.pairs;
      seen ??= step.instruction;
      if (!args.legacy || pair?.value === undefined) continue;
      findings.push({
        at: pair.key.span,
        step,
        message: `${name} ${pair.key.value} is written without "="`,
        help: `write ${name} ${pair.key.value}=value, with quotes around a value that holds blanks`,
        fix: rewrite(step, pair, build.dockerfile),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file has no ENV or LABEL' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'names and values are joined by "="' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `The old form takes everything behind the first blank as one value: no second pair fits on the line, and a value that
goes over several lines keeps their indentation. \`key=value\` says where a value ends.`,
  examples: [
    { bad: 'FROM debian:12\nENV «GOPATH» /go\n', good: 'FROM debian:12\nENV GOPATH=/go\n' },
    {
      title: 'a value with blanks',
      bad: 'FROM debian:12\nLABEL «title» my service\n',
      good: 'FROM debian:12\nLABEL title="my service"\n',
    },
    {
      title: 'a variable',
      bad: 'FROM debian:12\nENV «PATH»   $PATH:/go/bin\n',
      good: 'FROM debian:12\nENV PATH=$PATH:/go/bin\n',
    },
    {
      title: 'quotes inside the value',
      bad: `FROM debian:12\nENV «GREETING» it\\'s "good" to 'see $you'\n`,
      good: `FROM debian:12\nENV GREETING="it's good to see \\$you"\n`,
    },
    {
      title: 'a list over several lines',
      bad: 'FROM debian:12\nENV «DEPS» \\\n    curl \\\n    git\n',
      good: 'FROM debian:12\nENV DEPS="curl \\\n    git"\n',
    },
    {
      title: 'pairs that BuildKit reads as one value',
      bad: 'FROM debian:12\nENV «LANG» C.UTF-8 \\\n    TZ UTC\n',
      declined: 'look like names and values',
    },
  ],
  silent: [
    { title: 'the new form', text: 'FROM debian:12\nENV A=1 B="2 3"\n', is: 'held' },
    { title: 'ARG has no old form', text: 'FROM debian:12\nARG foo bar\n', is: 'not-applicable' },
    {
      title: 'an ONBUILD body is judged where it is triggered',
      text: 'FROM debian:12\nONBUILD ENV A 1\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.docker.com/reference/build-checks/legacy-key-value-format/'],
};
