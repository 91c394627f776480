import { insertBefore, refused } from '../../language/edit/index.ts';
import { expand, type Instruction, suggest } from '../../language/syntax/index.ts';
import { type Build, executedSteps, expandedTexts, oncePer, type Stage, type Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Settings of the builder, which are arguments but no variables. */
const SETTINGS = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

interface Use {
  readonly name: string;
  readonly span: Span;
  /** `${X:-d}`: what happens without it is said. */
  readonly hasDefault: boolean;
}

interface Uses {
  readonly missing: readonly Use[];
  /** Names that only the base image can have set, of which nothing is known. */
  readonly unknown: readonly string[];
  readonly any: boolean;
}

/** The variables that a step names and that are certainly not set: BuildKit asks for all of them, with a default or without. */
function usesOf(step: Step, build: Build): Uses {
  const missing = new Map<string, Use>();
  const unknown = new Set<string>();
  let any = false;
  for (const { text, span, exact, heredoc, declared } of expandedTexts(step, build.dockerfile.text)) {
    if (!text.includes('$')) continue;
    const isSet = (name: string) => {
      if (declared.includes(name) || SETTINGS.has(name)) return '';
      const fact = step.before.variable(name);
      if ('value' in fact) return fact.value;
      if (step.before.variableStep(name) === undefined) unknown.add(name);
      return '';
    };
    const options = heredoc ? ({ escape: '\\', ignoreQuotes: true } as const) : { escape: build.dockerfile.escape };
    const { references, unmatched } = expand(text, isSet, options);
    any ||= references.length > 0;
    for (const name of unmatched) {
      const use = references.find((one) => one.name === name);
      if (use === undefined || missing.has(name)) continue;
      const at: Span = exact ? [span[0] + use.span[0], span[0] + use.span[1]] : span;
      missing.set(name, { name, span: at, hasDefault: /^\$\{\w+:?[-+]/.test(text.slice(...use.span)) });
    }
  }
  return { missing: [...missing.values()], unknown: [...unknown], any };
}

/** Among more names than these nobody is shown the one that was meant: each would have to be compared. */
const MOST_NAMES = 200;

const keysOf = ({ args }: Instruction): readonly string[] =>
  args.form === 'pairs' ? args.pairs.map(({ key }) => key.value) : [];

/** Names that a stage and those below it set anywhere; undefined when there are too many to look for one that was meant. */
const namesIn: (stage: Stage) => readonly string[] | undefined = oncePer((stage) => {
  const names = new Set<string>(['PATH']);
  for (const one of [stage, ...stage.ancestors])
    for (const { instruction } of [...one.triggers, ...one.steps]) {
      for (const key of keysOf(instruction)) names.add(key);
      if (names.size > MOST_NAMES) return undefined;
    }
  return [...names];
});

/** The name, of those that are set where the step stands as far as the file says, that was meant by another. */
function meantBy(name: string, step: Step): string | undefined {
  const names = step.stage && namesIn(step.stage);
  if (names === undefined) return undefined;
  const isSet = (key: string) => key === 'PATH' || step.before.variableStep(key) !== undefined;
  return suggest(name, names.filter(isSet));
}

const globalNames: (build: Build) => ReadonlySet<string> = oncePer(
  ({ metaArgs }) => new Set(metaArgs.flatMap(({ instruction }) => keysOf(instruction))),
);

function suggestions({ name, span }: Use, meant: string | undefined, step: Step, build: Build): Proposal[] {
  const proposals: Proposal[] = [];
  if (meant !== undefined && build.dockerfile.text.slice(...span).includes(name)) {
    const at = span[0] + build.dockerfile.text.slice(...span).indexOf(name);
    const edits = [{ span: [at, at + name.length] as const, text: meant }];
    proposals.push({ title: `write $${meant}`, variant: 'name', edits, claims: [] });
  }
  if (globalNames(build).has(name)) {
    const edits = insertBefore(build.dockerfile, step.instruction, `ARG ${name}`);
    if (!refused(edits))
      proposals.push({ title: `declare ARG ${name} in this stage`, variant: 'scope', edits, claims: [] });
  }
  return proposals;
}

/** Variables that people know from the shell, which sets them itself. */
const SHELL_SETS = new Set(['HOME', 'PWD', 'OLDPWD', 'HOSTNAME', 'USER', 'UID', 'SHELL', 'RANDOM']);

function helpFor(name: string, global: boolean, meant: string | undefined, step: Step, escape: string): string {
  if (global) return `an ARG before the first FROM holds for FROM alone: repeat ARG ${name} in the stage`;
  if (meant !== undefined) return `did you mean $${meant}?`;
  if (step.instruction.name === 'LABEL')
    return `set it before this instruction, or write ${escape}$${name} to keep the text`;
  if (SHELL_SETS.has(name)) return `${name} is set where a command runs, not here: write the value`;
  return 'set it with ENV, or declare it with ARG, before this instruction';
}

function findingOf(use: Use, step: Step, build: Build): Finding {
  const global = globalNames(build).has(use.name);
  const meant = global ? undefined : meantBy(use.name, step);
  const help = helpFor(use.name, global, meant, step, build.dockerfile.escape);
  return {
    at: use.span,
    step,
    message: `the variable ${use.name} is not set here`,
    help,
    ...(use.hasDefault && { level: 'info' as const }),
    fix: { declined: 'which value is meant only its author knows' },
    suggestions: suggestions(use, meant, step, build),
  };
}

export default defineRule({
  id: 'undefined-variable',
  practice: 'X2',
  catalogue: ['X2.2'],
  level: 'warning',
  fixClass: 'N',
  summary: 'an instruction uses a variable that is not set',
  aliases: ['buildkit/UndefinedVar'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    const unknown = new Set<string>();
    let seen: Step | undefined;
    for (const stage of build.stages) {
      for (const step of executedSteps(stage)) {
        if (!build.dockerfile.text.slice(...step.instruction.span).includes('$')) continue;
        const uses = usesOf(step, build);
        if (uses.any) seen ??= step;
        for (const name of uses.unknown) unknown.add(name);
        for (const use of uses.missing) findings.push(findingOf(use, step, build));
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown.size > 0) return { is: 'unknown', because: `the base image may set ${[...unknown].join(', ')}` };
    return seen === undefined
      ? { is: 'not-applicable', because: 'no instruction uses a variable' }
      : {
          is: 'held',
          evidence: [
            { at: { file: build.file, span: seen.instruction.span }, says: 'every variable used is set or declared' },
          ],
        };
  },
});

export const docs: RuleDocs = {
  why: `BuildKit puts nothing in the place of a variable that is not set. A slip in a name, or an ARG that stands before FROM
and is not repeated in the stage, gives an empty path or version without a word. Variables of the base image count where they are
known; the text of RUN and CMD is the shell's business.`,
  examples: [
    {
      title: 'a slip of the pen',
      bad: 'FROM debian:12\nENV APP_HOME=/app\nWORKDIR «$APP_HOM»\n',
      declined: 'only its author',
    },
    {
      title: 'an ARG of FROM',
      bad: 'ARG VERSION=12\nFROM debian:$VERSION\nLABEL version=«${VERSION}»\n',
      declined: 'only its author',
    },
    {
      title: 'not set even with a default',
      bad: 'FROM debian:12\nUSER «${APP_USER:-app}»\n',
      declined: 'only its author',
    },
    {
      title: 'a heredoc',
      bad: 'FROM debian:12\nCOPY <<EOF /etc/motd\nhello «$WHO»\nEOF\n',
      declined: 'only its author',
    },
    {
      title: 'a mount',
      bad: 'FROM debian:12\nRUN --mount=type=cache,target=«$CACHE» true\n',
      declined: 'only its author',
    },
  ],
  silent: [
    { title: 'PATH is always set', text: 'FROM debian:12\nENV PATH=/app/bin:$PATH\n', is: 'held' },
    {
      title: 'a declared argument without a value',
      text: 'FROM debian:12\nARG VERSION\nLABEL version=$VERSION\n',
      is: 'held',
    },
    { title: 'arguments of the stage below', text: 'FROM debian:12 AS a\nARG X=1\nFROM a\nENV Y=$X\n', is: 'held' },
    {
      title: 'a variable that the base image may set',
      text: 'FROM example.com/base:1\nENV A=$JAVA_HOME\n',
      is: 'unknown',
    },
    { title: 'shell variables', text: 'FROM debian:12\nRUN echo $x\nCMD echo $y\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/undefined-var/'],
};
