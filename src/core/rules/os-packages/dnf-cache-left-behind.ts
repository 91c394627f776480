import { appendCommand, refused } from '../../language/edit/index.ts';
import type { State } from '../../language/shell/index.ts';
import {
  type Build,
  changesScript,
  evidenceAt,
  leftBehind,
  type StepCommand,
  scriptPlace,
  shippedRuns,
  whyNeeded,
  whyNotAtEnd,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** yum is dnf under another name since 2019, and each cleans for the other. */
const RPM: readonly State[] = ['dnf-cache', 'yum-cache'];

const CLEAN: Readonly<Record<string, string>> = {
  dnf: 'dnf clean all',
  yum: 'yum clean all',
  microdnf: 'microdnf clean all',
  zypper: 'zypper clean --all',
};

function cleaned(build: Build, state: State, writer: StepCommand): Proposal | Declined {
  const { step, script, command, invocation } = writer;
  const program = invocation?.program ?? '';
  const clean = CLEAN[program];
  const why =
    whyNotAtEnd(writer) ??
    (command.certain ? undefined : 'whether the command runs depends on a condition') ??
    (clean === undefined ? `${program} has no command that clears it` : undefined);
  if (why !== undefined || clean === undefined) return { declined: why ?? '' };
  const needed = whyNeeded(build, step, state);
  if (needed !== undefined) return { declined: `the cache must stay, as ${needed}` };
  const edits = appendCommand(
    scriptPlace(build, step),
    script,
    command.wrappers.includes('sudo') ? `sudo ${clean}` : clean,
  );
  if (refused(edits)) return edits;
  return {
    title: `run ${clean}`,
    variant: program,
    edits,
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'paths-only-before', expect: ['/var/cache/*'] },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'dnf-cache-left-behind',
  practice: 'P11',
  catalogue: ['P11.9'],
  level: 'warning',
  fixClass: 'S',
  summary: 'the cache of dnf, yum, microdnf or zypper stays in the image',
  aliases: ['hadolint/DL3032', 'hadolint/DL3036', 'hadolint/DL3040'],
  about: {
    programs: ['dnf', 'yum', 'microdnf', 'zypper'],
    written: ['dnf-cache', 'yum-cache', 'zypper-cache'],
    otherwise: 'no dnf, yum, microdnf or zypper in a stage that ships',
  },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      seen ??= step.commands.find(
        ({ invocation }) => invocation?.action === 'install' && Object.hasOwn(CLEAN, invocation.program),
      );
      for (const state of ['dnf-cache', 'yum-cache', 'zypper-cache'] as const) {
        const others = state === 'zypper-cache' ? [] : RPM;
        const writer = leftBehind(step, state, others);
        if (writer === undefined) continue;
        findings.push({
          at: writer.command.span,
          message: `${writer.invocation?.program} leaves its cache in this layer`,
          help: `run ${CLEAN[writer.invocation?.program ?? ''] ?? 'yum clean all'} at the end of the same RUN, or mount a cache`,
          step,
          fix: cleaned(build, state, writer),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no dnf, yum, microdnf or zypper in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'its cache is not in the layer') },
    );
  },
});

export const docs: RuleDocs = {
  why: `dnf, yum, microdnf and zypper keep the metadata of all repositories, and some configurations the packages too: often more
than 100 MB, which nothing reads in a running container. Only the RUN that made the cache can keep it out of the image.`,
  examples: [
    {
      bad: 'FROM fedora:42\nRUN «dnf install -y nginx»\n',
      good: 'FROM fedora:42\nRUN dnf install -y nginx && dnf clean all\n',
      variant: 'dnf',
    },
    {
      title: 'yum, over several lines',
      bad: 'FROM centos:7\nRUN «yum install -y \\\n    httpd»\n',
      good: 'FROM centos:7\nRUN yum install -y \\\n    httpd \\\n    && yum clean all\n',
      variant: 'yum',
    },
    {
      title: 'microdnf',
      bad: 'FROM registry.access.redhat.com/ubi9-minimal:9.6\nRUN «microdnf install -y tar»\n',
      good: 'FROM registry.access.redhat.com/ubi9-minimal:9.6\nRUN microdnf install -y tar && microdnf clean all\n',
      variant: 'microdnf',
    },
    {
      title: 'zypper',
      bad: 'FROM opensuse/leap:15.6\nRUN «zypper -n install nginx»\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper -n install nginx && zypper clean --all\n',
      variant: 'zypper',
    },
    {
      title: 'a later RUN works from the cache',
      bad: 'FROM fedora:42\nRUN «dnf install -y nginx»\nRUN dnf -C list && dnf clean all\n',
      declined: 'without a network',
    },
  ],
  silent: [
    { title: 'cleaned', text: 'FROM fedora:42\nRUN dnf install -y nginx && dnf clean all\n', is: 'held' },
    {
      title: 'removed by hand',
      text: 'FROM centos:7\nRUN yum install -y httpd && rm -rf /var/cache/yum\n',
      is: 'held',
    },
    {
      title: 'yum that is dnf',
      text: 'FROM rockylinux:9\nRUN yum install -y httpd && rm -rf /var/cache/dnf\n',
      is: 'held',
    },
    {
      title: 'a cache mount',
      text: 'FROM fedora:42\nRUN --mount=type=cache,target=/var/cache/libdnf5 dnf install -y nginx\n',
      is: 'held',
    },
    { title: 'no rpm', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
  observed: ['dnf', 'yum', 'microdnf', 'zypper'],
};
