import { refused, removeInstruction } from '../../language/edit/index.ts';
import type { State } from '../../language/shell/index.ts';
import {
  type Build,
  changesOnly,
  claimName,
  commandsOf,
  evidenceAt,
  indexForLater,
  mountCovers,
  neededRuns,
  oncePer,
  type Stage,
  type Step,
  type StepCommand,
  stepsAfter,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

interface Index {
  readonly state: State;
  readonly name: string;
  readonly variant: string;
}

const INDEXES: readonly Index[] = [
  { state: 'apt-lists', name: 'apt-get update', variant: 'apt' },
  { state: 'apk-index', name: 'apk update', variant: 'apk' },
];

/** Commands of a stage that read one of the indexes, by its state. */
const readersIn = oncePer(
  (stage: Stage) =>
    new Map(
      INDEXES.map(({ state }) => [
        state,
        commandsOf(stage.steps).filter(({ invocation }) => invocation?.reads.includes(state)),
      ]),
    ),
);

/** One list of commands joined by `&&` only: `a && b` before or after it means the same as two RUNs in a row. */
function isChain({ scripts, instruction, argv }: Step): boolean {
  const [script, more] = scripts;
  if (script === undefined || more !== undefined || argv !== undefined || script.opaque !== undefined) return false;
  const [list, other] = script.lists;
  if (list === undefined || other !== undefined || list.terminator !== undefined) return false;
  return list.operators.every(({ text }) => text === '&&') && instruction.heredocs.length === 0;
}

/** True when the chain may change the shell for what follows in it. */
function changesShell({ commands }: Step): boolean {
  return commands.some(
    ({ command }) => command.program === undefined || /^(?:cd|set|export|umask|trap|exit|pushd)$/.test(command.program),
  );
}

function sameText({ dockerfile: { text } }: Build, one: Step, other: Step): boolean {
  return text.slice(...one.instruction.args.span) === text.slice(...other.instruction.args.span);
}

function join(build: Build, step: Step, update: StepCommand, { state, variant }: Index): Proposal | Declined {
  const by = 'run it in the RUN that installs: that changes what is cached, so it is for a person to decide';
  const [next] = stepsAfter(step);
  if (next === undefined || next.instruction.name !== 'RUN') return { declined: by };
  const refreshed = next.commands.find(
    ({ invocation }) => invocation?.reads.includes(state) || invocation?.writes.includes(state),
  );
  if (refreshed?.invocation?.action === 'update-index' && step.commands.length === 1) {
    const edits = removeInstruction(build.dockerfile, step.instruction);
    if (refused(edits)) return edits;
    return {
      title: 'remove the update: the next RUN has its own',
      variant,
      edits,
      claims: [
        // Of two that are alike the second is the one that counts as gone.
        changesOnly(sameText(build, step, next) ? next : step, 'removed'),
        { kind: 'observed', probe: 'builds', expect: true },
        { kind: 'observed', probe: 'packages', expect: 'equal' },
      ],
    };
  }
  const installs = next.commands.some(({ invocation }) => invocation?.action === 'install');
  if (!installs || step.instruction.flags.length > 0 || next.instruction.flags.length > 0) return { declined: by };
  if (step.commands.length !== 1 || !isChain(step) || !isChain(next) || changesShell(next)) return { declined: by };
  const { text } = build.dockerfile;
  const { args } = next.instruction;
  if (args.form !== 'shell' || args.span[0] >= args.span[1]) return { declined: by };
  const removed = removeInstruction(build.dockerfile, step.instruction);
  if (refused(removed)) return removed;
  const words = text.slice(...update.command.span);
  if (words.includes('\n')) return { declined: by };
  return {
    title: 'run the update in the RUN that installs',
    variant,
    edits: [...removed, { span: [args.span[0], args.span[0]], text: `${words} && ` }],
    claims: [
      {
        kind: 'same-build-but',
        // Of two RUNs that have become one, the first counts as changed.
        differs: [claimName(step, 'args'), claimName(next, 'removed')],
      },
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'apt-update-alone',
  practice: 'P11',
  catalogue: ['P11.1'],
  level: 'warning',
  fixClass: 'B',
  summary: 'a package index is fetched in another RUN than the install that needs it',
  aliases: [],
  reveals: true,
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    const runs = neededRuns(build);
    let seen: StepCommand | undefined;
    for (const step of runs) {
      for (const index of INDEXES) {
        const { state, name } = index;
        seen ??= step.commands.find(({ invocation }) => invocation?.reads.includes(state));
        const update = indexForLater(step, state);
        if (update === undefined || mountCovers(step, state) !== undefined) continue;
        const readers = step.stage === undefined ? [] : (readersIn(step.stage).get(state) ?? []);
        const reader = readers.find((each) => each.step.index > step.index);
        findings.push({
          at: update.command.span,
          message: `${name} runs apart from the install: its layer may come from the cache, old`,
          help:
            reader === undefined
              ? 'remove it when nothing needs it'
              : `join it with the install in line ${reader.step.instruction.startLine}`,
          step,
          fix: join(build, step, update, index),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no apt or apk install that needs an index' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'the index is fetched in the same RUN') },
    );
  },
});

export const docs: RuleDocs = {
  why: `A layer is reused as long as its text is the same. When \`apt-get update\` has a RUN of its own, a change of the
package list reruns the install with the index of last month: packages are not found (404), or old ones are installed. In one
RUN, both run again together.`,
  examples: [
    {
      bad: 'FROM debian:trixie-slim\nRUN «apt-get update»\nRUN apt-get install -y --no-install-recommends netcat-openbsd\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd\n',
      variant: 'apt',
    },
    {
      title: 'apk',
      bad: 'FROM alpine:3.22\nRUN «apk update»\nRUN apk add curl\n',
      good: 'FROM alpine:3.22\nRUN apk update && apk add curl\n',
      variant: 'apk',
    },
    {
      title: 'the next RUN fetches it again',
      bad: 'FROM alpine:3.22\nRUN «apk update»\nRUN apk update && apk add curl\n',
      good: 'FROM alpine:3.22\nRUN apk update && apk add curl\n',
      variant: 'apk',
    },
    {
      title: 'twice the same',
      bad: 'FROM debian:12\nRUN «apt-get update»\nRUN «apt-get update»\nRUN apt-get install -y curl && useradd app\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl && useradd app\n',
      variant: 'apt',
    },
    {
      title: 'the install is further down',
      bad: 'FROM debian:12\nRUN «apt-get update»\nCOPY a /a\nRUN apt-get install -y curl\n',
      declined: 'for a person to decide',
    },
    {
      title: 'a comment',
      bad: 'FROM debian:12\n# fresh lists\nRUN «apt-get update»\nRUN apt-get install -y curl\n',
      declined: 'comment',
    },
    {
      title: 'semicolons join differently',
      bad: 'FROM debian:12\nRUN «apt-get update»\nRUN apt-get install -y curl; true\n',
      declined: 'for a person to decide',
    },
  ],
  silent: [
    { title: 'in one RUN', text: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n', is: 'held' },
    {
      title: 'the lists are in a cache mount',
      text: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nRUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl\n',
      is: 'held',
    },
    {
      title: 'a script in the same RUN may install',
      text: 'FROM debian:12\nCOPY setup.sh /tmp/\nRUN apt-get update && bash /tmp/setup.sh && rm -rf /var/lib/apt/lists/*\n',
      is: 'not-applicable',
    },
    {
      title: 'an install that fetches its own',
      text: 'FROM alpine:3.22\nRUN apk update && apk add --no-cache curl\n',
      is: 'not-applicable',
    },
    { title: 'no index', text: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
};
