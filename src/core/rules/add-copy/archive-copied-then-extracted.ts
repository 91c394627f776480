import { mayInstall } from '../../language/shell/index.ts';
import {
  copyWords,
  countWhere,
  firstAfter,
  oncePer,
  plainWord,
  type Stage,
  type Step,
  type StepCommand,
  ships,
} from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const ARCHIVE = /\.(?:tar|tar\.(?:gz|bz2|xz|zst|lzma|Z)|t[gbx]z2?|tzst|zip|7z)$/i;

interface CopiedArchive {
  readonly step: Step;
  readonly name: string;
  readonly span: Span;
}

/** Archives that a COPY brings by name. */
function archivesOf(step: Step): readonly CopiedArchive[] {
  if (step.instruction.name !== 'COPY') return [];
  return (copyWords(step)?.sources ?? [])
    .map((word) => ({ value: plainWord(step, word), span: word.span }))
    .filter(({ value }) => ARCHIVE.test(value))
    .map(({ value, span }) => ({ step, name: nameOf(value), span }));
}

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Commands of a stage that unpack something, in order, by the names of their arguments. */
const unpackersIn: (stage: Stage) => ReadonlyMap<string, readonly StepCommand[]> = oncePer(({ steps }) => {
  const byName = new Map<string, StepCommand[]>();
  for (const { instruction, commands } of steps) {
    if (instruction.name !== 'RUN') continue;
    for (const each of commands) {
      if (each.invocation?.action !== 'extract') continue;
      for (const name of new Set(each.command.args.map(({ unquoted }) => nameOf(unquoted)))) {
        const there = byName.get(name);
        if (there === undefined) byName.set(name, [each]);
        else there.push(each);
      }
    }
  }
  return byName;
});

/** The command of a later RUN that unpacks it. */
function unpacks(stage: Stage, { step, name }: CopiedArchive): StepCommand | undefined {
  // a pattern such as `*.tar.gz` stands for what the command names by the same pattern
  const all = unpackersIn(stage).get(name) ?? [];
  return all[countWhere(all, (each) => each.step.index <= step.index)];
}

/** The first of the later steps that may unpack something unseen. */
const mayUnpack = firstAfter((step) =>
  step.commands.some(mayInstall) || step.scripts.some(({ opaque }) => opaque !== undefined) ? step : undefined,
);

export default defineRule({
  id: 'archive-copied-then-extracted',
  practice: 'P10',
  catalogue: ['P10.4'],
  level: 'warning',
  fixClass: 'S+B',
  summary: 'an archive is copied and then unpacked: the image holds it twice',
  aliases: ['hadolint/DL3010'],
  about: { instructions: ['COPY', 'ADD'], otherwise: 'no archive is copied' },
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let archives = 0;
    let unseen: Step | undefined;
    for (const stage of build.needed) {
      for (const archive of stage.steps.flatMap(archivesOf)) {
        archives += 1;
        const command = unpacks(stage, archive);
        if (command === undefined) {
          unseen ??= mayUnpack(archive.step);
          continue;
        }
        const local = !archive.step.instruction.flags.some(({ name }) => name === 'from');
        const bind = `RUN --mount=type=bind,${local ? '' : 'from=…,'}source=…,target=… tar -x …`;
        findings.push({
          at: archive.span,
          message: `${archive.name} stays in this layer after it was unpacked in line ${command.step.instruction.startLine}`,
          help:
            local && !/\.(?:zip|7z)$/i.test(archive.name)
              ? `mount it (${bind}), or let ADD unpack it`
              : `mount it: ${bind}`,
          ...(!ships(build, stage) && { level: 'info' as const }),
          related: [{ at: command.command.span, label: 'it is unpacked here' }],
          step: archive.step,
          fix: {
            declined:
              'owners, options of tar and later uses of the archive decide how it can be had: try it with `layerwise prove`',
          },
        });
      }
    }
    if (archives === 0) return { is: 'not-applicable', because: 'no archive is copied' };
    if (findings.length === 0 && unseen !== undefined)
      return {
        is: 'unknown',
        because: `line ${unseen.instruction.startLine} may unpack it, and its commands cannot be seen`,
      };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'no copied archive is unpacked later' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `The archive is one layer, what it holds another: both are stored and pulled, and an \`rm\` in the second does not shrink the first. A bind mount
shows the archive to one RUN without copying it; ADD unpacks a local tar archive by itself.`,
  examples: [
    {
      bad: 'FROM debian:12-slim\nCOPY «app.tar.gz» /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /opt && rm /tmp/app.tar.gz\n',
      declined: 'prove',
    },
    {
      title: 'a zip archive',
      bad: 'FROM debian:12\nCOPY «dist/app.zip» /tmp/app.zip\nRUN unzip /tmp/app.zip -d /opt\n',
      declined: 'prove',
    },
  ],
  silent: [
    {
      title: 'mounted',
      text: 'FROM debian:12-slim\nRUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar -xzf /tmp/app.tar.gz -C /opt\n',
      is: 'not-applicable',
    },
    {
      title: 'kept as it is',
      text: 'FROM debian:12-slim\nCOPY app.tar.gz /srv/downloads/\nRUN tar -xzf /tmp/other.tar.gz\n',
      is: 'held',
    },
    { title: 'ADD unpacks it', text: 'FROM debian:12-slim\nADD app.tar.gz /opt/\n', is: 'not-applicable' },
    {
      title: 'a script may unpack it',
      text: 'FROM debian:12-slim\nCOPY app.tar.gz setup.sh /tmp/\nRUN /tmp/setup.sh\n',
      is: 'unknown',
    },
  ],
};
