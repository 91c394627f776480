import { type Step, type StepCommand, valueOf } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** A mode that lets everybody write. `1777` is that of /tmp, where nobody may remove what is another's. */
function opensToAll(mode: string): boolean {
  if (/^0?[0-7]{3}$/.test(mode)) return (Number(mode.at(-1)) & 2) !== 0;
  if (/^[0-7]{4}$/.test(mode)) return (Number(mode.at(-1)) & 2) !== 0 && !mode.startsWith('1');
  return mode.split(',').some((part) => /^(?:[ug]*[oa][ugoa]*)[+=][rwxXst]*w[rwxXst]*$/.test(part));
}

const SHARED = /^\/(?:tmp|var\/tmp|dev\/shm)(?:\/|$)/;

function chmodOf({ command, invocation }: StepCommand): { at: Span; mode: string } | undefined {
  if (invocation?.program !== 'chmod') return undefined;
  const [mode, ...paths] = invocation.operands;
  if (mode?.value === undefined || !opensToAll(mode.value)) return undefined;
  if (paths.length > 0 && paths.every(({ prefix }) => SHARED.test(prefix))) return undefined;
  return { at: command.span, mode: mode.value };
}

function copiedMode(step: Step): { at: Span; mode: string } | undefined {
  const flag = /^(?:COPY|ADD)$/.test(step.instruction.name)
    ? step.instruction.flags.find(({ name }) => name === 'chmod')
    : undefined;
  const mode = flag === undefined ? undefined : valueOf(step.expandFlag(flag) ?? { unknown: '' });
  return flag === undefined || mode === undefined || !opensToAll(mode) ? undefined : { at: flag.span, mode };
}

export default defineRule({
  id: 'world-writable',
  practice: 'P9',
  catalogue: ['P9.12'],
  level: 'warning',
  fixClass: 'B',
  summary: 'everybody may write to files of the image',
  aliases: [],
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of build.shipped.flatMap(({ steps }) => steps)) {
      const modes = [copiedMode(step), ...step.commands.map(chmodOf)].filter((each) => each !== undefined);
      if (
        step.commands.some(({ invocation }) => invocation?.program === 'chmod') ||
        step.instruction.flags.some(({ name }) => name === 'chmod')
      )
        seen ??= step;
      for (const { at, mode } of modes) {
        findings.push({
          at,
          message: `the mode ${mode} lets every account write there`,
          help: 'give the directory to the account that writes, with 750 or so; for an arbitrary number, to group 0 with g=u',
          step,
          fix: { declined: 'who has to write there does not stand here: `layerwise adopt` will find the account' },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no mode is set' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'no mode lets everybody write' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`chmod 777\` makes a “permission denied” go away by giving everything to everybody: whatever runs in the container, by any account, can replace
the program. What is missing is mostly one directory that belongs to the wrong account.`,
  examples: [
    { bad: 'FROM debian:12-slim\nRUN mkdir /data && «chmod -R 777 /data»\n', declined: 'adopt' },
    { title: 'in letters', bad: 'FROM debian:12-slim\nRUN «chmod a+rwx /opt/app»\n', declined: 'adopt' },
    { title: 'on a copy', bad: 'FROM debian:12-slim\nCOPY «--chmod=0777» run.sh /\n', declined: 'adopt' },
  ],
  silent: [
    {
      title: 'executable for all',
      text: 'FROM debian:12-slim\nRUN chmod 755 /run.sh && chmod a+x /run.sh && chmod +x /run.sh\n',
      is: 'held',
    },
    {
      title: 'group 0, as OpenShift asks',
      text: 'FROM debian:12-slim\nRUN chgrp -R 0 /data && chmod -R g=u /data\n',
      is: 'held',
    },
    { title: '/tmp', text: 'FROM debian:12-slim\nRUN chmod 1777 /tmp\n', is: 'held' },
    {
      title: 'a builder',
      text: 'FROM debian:12-slim AS build\nRUN chmod 777 /a\nFROM scratch\nCOPY --from=build /b /b\n',
      is: 'not-applicable',
    },
    { title: 'no mode', text: 'FROM debian:12-slim\n', is: 'not-applicable' },
  ],
};
