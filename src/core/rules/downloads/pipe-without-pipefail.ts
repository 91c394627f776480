import {
  type Build,
  changesScript,
  evidenceAt,
  isKnown,
  neededRuns,
  type Step,
  type StepCommand,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Programs on the left of a pipe that do not fail, or whose failure the right side notices as empty input. */
const HARMLESS =
  /^(?:echo|printf|yes|cat|true|:|ls|find|grep|egrep|fgrep|awk|gawk|sed|head|tail|sort|uniq|cut|tr|wc|env|uname|date|id|which|command|dpkg|dpkg-query|dpkg-architecture|apt-cache|apt-mark|ldd|scanelf|objdump|readelf|nproc|lsb_release|basename|dirname|tee|xargs|seq|hostname|rpm|jq|comm|pwd|getconf|type|set)$/;

/** Stops reading early: with pipefail the left side then fails with SIGPIPE. */
const STOPS_EARLY = /^(?:head|true|sed|awk|read)$/;

/** Fails when nothing comes: whoever writes these asks for what comes. Seen of GNU's and of busybox's; bsdtar and busybox's xz take nothing for an archive. */
const NOTICES = /^(?:tar|gunzip|zcat|bunzip2|gzip|bzip2|zstd|gpg|apt-key|grep|egrep|fgrep|sha\d*sum|md5sum)$/;

/** Passes nothing on where nothing comes. */
const PASSES =
  /^(?:gunzip|zcat|bunzip2|bzcat|unxz|xzcat|zstdcat|sed|cut|tr|head|tail|sort|uniq|grep|egrep|fgrep|tee|pv)$/;

/** Whether the last of a pipe fails where nothing comes to it. */
function failsOnNothing({ program = '', args }: StepCommand['command']): boolean {
  const has = (option: RegExp) => args.some(({ unquoted }) => option.test(unquoted));
  if (/tar$/.test(program)) return has(/^(?:-?[a-zA-Z]*x[a-zA-Z]*|--extract|--get)$/);
  if (/sum$/.test(program)) return has(/^(?:-[a-z]*c[a-z]*|--check)$/);
  // `grep -v` finds something in nothing, `grep -c` counts it
  if (/grep$/.test(program)) return !has(/^(?:-[a-zA-Z]*[vcL][a-zA-Z]*|--(?:invert-match|count|files-without-match))$/);
  if (program === 'gpg') return has(/^--(?:dearmor|import)$/);
  if (program === 'apt-key') return has(/^add$/);
  if (/^(?:gzip|bzip2|zstd)$/.test(program)) return has(/^(?:-[a-z]*d[a-z]*|--decompress|--uncompress)$/);
  return NOTICES.test(program);
}

/** Whether a pipe fails where its left side brings nothing. */
function notices(members: readonly StepCommand[], left: StepCommand, last: StepCommand | undefined): boolean {
  if (last === undefined || !NOTICES.test(last.command.program ?? '') || !failsOnNothing(last.command)) return false;
  const between = members.filter(({ command: { stage } }) => stage > left.command.stage && stage < last.command.stage);
  return (
    between.length === last.command.stage - left.command.stage - 1 &&
    between.every(({ command }) => PASSES.test(command.program ?? ''))
  );
}

interface Pipe {
  readonly left: StepCommand;
  readonly members: readonly StepCommand[];
}

/** Pipes whose left side can fail unseen, one finding for each. */
function risky(step: Step): readonly Pipe[] {
  const pipes: Pipe[] = [];
  const seen = new Set<unknown>();
  for (const { command, script } of step.commands) {
    const { pipeline } = command;
    if (pipeline.length < 2 || seen.has(pipeline) || script.pipefail || pipeline.negated) continue;
    seen.add(pipeline);
    const members = step.commands.filter(
      (each) => each.script === script && pipeline.commands.includes(each.command.index),
    );
    const nesting = members[0]?.command.nesting ?? [];
    // A test, a substitution or a background job does not decide how the RUN ends.
    if (nesting.some((one) => one !== 'subshell' && one !== 'group' && one !== 'if-branch' && one !== 'loop-body'))
      continue;
    const left = members.find(
      (each) => each.command.stage < pipeline.length - 1 && !HARMLESS.test(each.command.program ?? 'cat'),
    );
    const last = members.find((each) => each.command.stage === pipeline.length - 1);
    if (left === undefined || (last !== undefined && !last.command.decisive) || notices(members, left, last)) continue;
    pipes.push({ left, members });
  }
  return pipes;
}

function withPipefail(build: Build, step: Step): Proposal | Declined {
  const shell = step.before.shell;
  const [script, more] = step.scripts;
  const { args, heredocs } = step.instruction;
  if (!isKnown(shell)) return { declined: 'which shell reads the script is not known' };
  if (shell.value.kind !== 'bash' && shell.value.kind !== 'ash')
    return {
      declined:
        'the /bin/sh of this image may have no pipefail: SHELL ["/bin/bash", "-o", "pipefail", "-c"] would change every later RUN',
    };
  if (script === undefined || more !== undefined || heredocs.length > 0 || args.form !== 'shell')
    return { declined: 'the script is not plain' };
  if (script.lists.some(({ terminator }) => terminator?.text === '&'))
    return { declined: 'a job in the background would be all that the setting holds for' };
  const stops = step.commands.some(
    ({ command }) =>
      command.stage > 0 &&
      (STOPS_EARLY.test(command.program ?? '') ||
        (/grep$/.test(command.program ?? '') && command.args.some(({ unquoted }) => /^-[a-zA-Z]*[qm]/.test(unquoted)))),
  );
  if (stops) return { declined: 'a command that stops reading early would then make the pipe fail' };
  return {
    title: 'set -o pipefail',
    variant: shell.value.kind,
    edits: [{ span: [args.span[0], args.span[0]], text: 'set -o pipefail && ' }],
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

export default defineRule({
  id: 'pipe-without-pipefail',
  practice: 'X3',
  catalogue: ['X3.1'],
  level: 'warning',
  fixClass: 'B',
  summary: 'a failure on the left of a pipe goes unseen',
  aliases: ['hadolint/DL4006'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of neededRuns(build)) {
      seen ??= step.commands.find(({ command }) => command.pipeline.length > 1);
      for (const { left } of risky(step))
        findings.push({
          at: left.command.span,
          message: `when ${left.command.program} fails, the pipe still succeeds`,
          help: 'use a shell with pipefail and set it, or write to a file first and join the two with &&',
          step,
          fix: withPipefail(build, step),
        });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no RUN has a pipe' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'no pipe hides a failure that matters') },
    );
  },
});

export const docs: RuleDocs = {
  why: `The status of a pipe is that of its last command. \`curl … | sh\` of an address that is gone ends well, with nothing
done, and the broken layer is cached. \`tar -x\`, \`gunzip\`, \`gpg --dearmor\`, \`sha256sum -c\` and \`grep\` fail themselves where nothing comes, so that
nothing is said of them; a shell, an interpreter, \`tee\`, \`sed\` and \`sort\` do not. bash and Alpine's ash have \`set -o pipefail\`, which takes the first failure; the
dash of Debian and Ubuntu has it not.`,
  examples: [
    {
      title: 'nothing in between does not reach tar as nothing',
      bad: 'FROM debian:12\nRUN «curl -fsSL https://example.com/list» | xargs ls | grep a\n',
      declined: 'may have no pipefail',
    },
    {
      title: 'a job in the background comes first',
      bad: 'FROM fedora:42\nRUN chmod +x /a & «curl -fsSL https://example.com/a» | sh\n',
      declined: 'in the background',
    },
    {
      title: 'Alpine',
      bad: 'FROM alpine:3.22\nRUN «wget -qO- https://example.com/a.tar.gz» | sh -s /opt\n',
      good: 'FROM alpine:3.22\nRUN set -o pipefail && wget -qO- https://example.com/a.tar.gz | sh -s /opt\n',
      variant: 'ash',
    },
    {
      title: 'bash',
      bad: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN «curl -fsSL https://example.com/key» | tee /a.asc\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN set -o pipefail && curl -fsSL https://example.com/key | tee /a.asc\n',
      variant: 'bash',
    },
    {
      title: 'dash has no pipefail',
      bad: 'FROM debian:12\nRUN «curl -fsSL https://example.com/a.tar.gz» | sh\n',
      declined: 'no pipefail',
    },
    {
      title: 'a reader that stops early',
      bad: 'FROM alpine:3.22\nRUN «wget -qO- https://example.com/versions» | head -n 1 > /version\n',
      declined: 'stops reading early',
    },
  ],
  silent: [
    {
      title: 'set in SHELL',
      text: 'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -fsSL https://example.com/a | sh\n',
      is: 'held',
    },
    {
      title: 'set in the RUN (hadolint #400)',
      text: 'FROM alpine:3.22\nRUN set -eo pipefail; wget -qO- https://example.com/a | sh\n',
      is: 'held',
    },
    {
      title: 'tar fails on nothing too, and on half an archive',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/a.tar.gz | tar -xz && curl -fsSL https://example.com/b.gz | gunzip | tar -x\n',
      is: 'held',
    },
    {
      title: 'a sum is checked, and a version',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/sums | sha256sum -c - && npm --version | grep 10\n',
      is: 'held',
    },
    {
      title: 'a key is read, and what was packed',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/key | gpg --dearmor -o /a.gpg && curl -fsSL https://example.com/b.gz | gzip -d > /b\n',
      is: 'held',
    },
    { title: 'nothing that fails', text: 'FROM debian:12\nRUN echo "root:a" | chpasswd && yes | true\n', is: 'held' },
    {
      title: 'the failure is meant to be ignored',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/a | sh || true\n',
      is: 'held',
    },
    {
      title: 'a bash heredoc that sets it (hadolint #806)',
      text: 'FROM debian:12\nRUN <<EOF\n#!/bin/bash\nset -euo pipefail\ncurl -fsSL https://example.com/a | sh\nEOF\n',
      is: 'held',
    },
    {
      title: 'a condition',
      text: 'FROM debian:12\nRUN if curl -s https://example.com | grep -q a; then true; fi\n',
      is: 'held',
    },
    { title: 'no pipe', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
};
