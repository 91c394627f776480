import { refused, removeWord } from '../../language/edit/index.ts';
import type { Invocation, ProgramOption } from '../../language/shell/index.ts';
import { type Build, changesScript, evidenceAt, neededCommands, type StepCommand } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const OFF: Readonly<Record<string, RegExp>> = {
  'apt-get': /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$/,
  apt: /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$/,
  apk: /^--allow-untrusted$/,
  dnf: /^--nogpgcheck$/,
  yum: /^--nogpgcheck$/,
  microdnf: /^--nogpgcheck$/,
  rpm: /^--(?:nosignature|nogpgcheck|nodigest)$/,
  zypper: /^--(?:no-gpg-checks|allow-unsigned-rpm)$/,
};

const VALUES =
  /^(?:gpgcheck=(?:0|false)|APT::Get::AllowUnauthenticated=(?:true|1)|Acquire::AllowInsecureRepositories=(?:true|1))$/i;

function optionOf({ action, program, options }: Invocation): ProgramOption | undefined {
  const own = OFF[program];
  if (action !== 'install' && action !== 'upgrade' && action !== 'update-index' && action !== 'download')
    return undefined;
  return own && options.find(({ name, value }) => own.test(name) || VALUES.test(value?.unquoted ?? ''));
}

/** Packages of the project's own that nobody signs: from the build context, by path. */
function isLocal({ packages }: Invocation): boolean {
  return packages.length > 0 && packages.every(({ source }) => source === 'file');
}

function withoutOption(
  build: Build,
  { step, command, invocation }: StepCommand,
  option: ProgramOption,
): Proposal | Declined {
  if (option.value !== undefined) return { declined: 'import the key of the repository, and remove the option' };
  if (option.name === '--force-yes')
    return { declined: '--force-yes does more than that: -y, or --allow-downgrades and its like, say what is meant' };
  if (invocation?.packages.some(({ word }) => word.prefix === ''))
    return { declined: 'a package that a variable names may be a file without a signature' };
  if (invocation === undefined || isLocal(invocation)) return { declined: 'a package by file may have no signature' };
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  const edits = removeWord(build.dockerfile.text, option.word);
  if (refused(edits)) return edits;
  return {
    title: `remove ${option.name}`,
    variant: invocation.program,
    edits,
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

/** `deb [trusted=yes] …` in a sources list. */
function trustsSource({ command }: StepCommand) {
  return command.words.find(({ unquoted }) =>
    /^(?:deb(?:-src)?\s+)?\[[^\]]*\btrusted=yes\b|\bdeb(?:-src)? \[[^\]]*\btrusted=yes\b/.test(unquoted),
  );
}

export default defineRule({
  id: 'package-signatures-unchecked',
  practice: 'X4',
  catalogue: ['X4.11'],
  level: 'warning',
  fixClass: 'B',
  summary: 'packages are installed without their signature being checked',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const each of neededCommands(build)) {
      const { invocation, step } = each;
      const source = trustsSource(each);
      if (source !== undefined)
        findings.push({
          at: source.span,
          message: 'trusted=yes lets apt install whatever this repository serves',
          help: 'name the key of the repository with signed-by=',
          step,
          fix: { declined: 'the key of the repository must come from its publisher' },
        });
      if (invocation === undefined || !Object.hasOwn(OFF, invocation.program)) continue;
      seen ??= each;
      const option = optionOf(invocation);
      if (option === undefined) continue;
      findings.push({
        at: option.word.span,
        message: `${option.name} lets ${invocation.program} install what nobody has signed`,
        help: 'import the key of the repository instead',
        ...(isLocal(invocation) && { level: 'info' as const }),
        step,
        fix: withoutOption(build, each, option),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no package manager with signatures runs' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'signatures are checked') },
    );
  },
});

export const docs: RuleDocs = {
  why: `The signature of a repository is what makes a mirror, a proxy and a plain http address harmless. Without the check, any of
them can put its own package into the image. Mostly a key was missing when the option was added: import that key.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y «--allow-unauthenticated» curl\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n',
      variant: 'apt-get',
    },
    {
      title: 'yum',
      bad: 'FROM centos:7\nRUN yum install -y «--nogpgcheck» httpd\n',
      good: 'FROM centos:7\nRUN yum install -y httpd\n',
      variant: 'yum',
    },
    {
      title: 'one of several options that a variable holds',
      bad: 'FROM centos:7\nENV options="-y --nogpgcheck"\nRUN yum «$options» install httpd\n',
      declined: 'a variable stands there',
    },
    {
      title: 'a file',
      bad: 'FROM alpine:3.22\nCOPY a.apk /\nRUN apk add --no-cache «--allow-untrusted» /a.apk\n',
      declined: 'by file',
    },
    { title: 'all at once', bad: 'FROM debian:8\nRUN apt-get install -y «--force-yes» curl\n', declined: 'does more' },
    {
      title: 'a source that is trusted as it is',
      bad: 'FROM debian:12\nRUN echo «"deb [trusted=yes] https://example.com/apt /"» > /etc/apt/sources.list.d/a.list\n',
      declined: 'publisher',
    },
  ],
  silent: [
    { title: 'checked', text: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n', is: 'held' },
    {
      title: 'a repository with its key',
      text: 'FROM debian:12\nRUN echo "deb [signed-by=/a.gpg] https://example.com/apt /" > /etc/apt/sources.list.d/a.list && apt-get update\n',
      is: 'held',
    },
    { title: 'no packages', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
};
