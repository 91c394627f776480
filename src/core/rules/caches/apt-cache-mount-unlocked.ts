import { type Build, changesOnly, type Mount, mountFields, neededRuns, type Step, valueOf } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Directories that apt and dpkg lock: two builds at the same time in one of them fail. */
const LOCKED = /^\/var\/(?:cache|lib)\/apt(?:\/|$)/;

function locked(build: Build, step: Step, mount: Mount): Proposal | Declined {
  const { text } = build.dockerfile;
  const { flag } = mount;
  const span = flag.valueSpan;
  if (span === undefined || text.slice(...span) !== flag.value) return { declined: 'the mount is written in quotes' };
  const sharing = mountFields(flag, text).find(({ key }) => key === 'sharing');
  const edit =
    sharing === undefined
      ? { span: [span[1], span[1]] as const, text: ',sharing=locked' }
      : { span: sharing.span, text: 'locked' };
  return {
    title: 'lock the cache mount',
    variant: 'default',
    edits: [edit],
    claims: [changesOnly(step, 'mounts')],
  };
}

export default defineRule({
  id: 'apt-cache-mount-unlocked',
  practice: 'P7',
  catalogue: ['P7.2'],
  level: 'warning',
  fixClass: 'S',
  summary: 'two builds may use the cache mount of apt at the same time',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Mount | undefined;
    for (const step of neededRuns(build)) {
      for (const mount of step.mounts) {
        if (mount.type !== 'cache' || !LOCKED.test((mount.target && valueOf(mount.target)) ?? '')) continue;
        const sharing = mount.options.find(({ key }) => key === 'sharing')?.value ?? 'shared';
        if (sharing !== 'shared') {
          seen ??= mount;
          continue;
        }
        findings.push({
          at: mount.span,
          message: 'apt holds a lock in this cache mount, and builds that share it stop each other',
          help: 'add sharing=locked',
          step,
          fix: locked(build, step, mount),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no cache mount over a directory of apt' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'one build at a time uses it' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A cache mount is shared by all builds on the machine unless it says otherwise. apt locks \`/var/lib/apt/lists\` and
\`/var/cache/apt/archives\`, so a second build at the same time, or a second stage of the same build, fails with «Could not get lock».
With \`sharing=locked\` it waits.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN «--mount=type=cache,target=/var/cache/apt» apt-get update\n',
      good: 'FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update\n',
    },
    {
      title: 'shared on purpose is as wrong',
      bad: 'FROM debian:12\nRUN «--mount=type=cache,sharing=shared,target=/var/lib/apt/lists» \\\n    apt-get update\n',
      good: 'FROM debian:12\nRUN --mount=type=cache,sharing=locked,target=/var/lib/apt/lists \\\n    apt-get update\n',
    },
  ],
  silent: [
    {
      title: 'locked',
      text: 'FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update\n',
      is: 'held',
    },
    {
      title: 'private',
      text: 'FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=private apt-get update\n',
      is: 'held',
    },
    {
      title: 'another tool',
      text: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      is: 'not-applicable',
    },
    {
      title: 'no cache',
      text: 'FROM debian:12\nRUN --mount=type=tmpfs,target=/var/cache/apt apt-get update\n',
      is: 'not-applicable',
    },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#example-cache-apt-packages'],
};
