import { insertWord, refused } from '../../language/edit/index.ts';
import type { Invocation } from '../../language/shell/index.ts';
import {
  type Build,
  changesScript,
  evidenceAt,
  hereOrBefore,
  neededCommands,
  type StepCommand,
  says,
} from '../../model/index.ts';
import { type Declined, defineRule, found, type Proposal, type RuleDocs } from '../define.ts';

const VARIANTS: Readonly<Record<string, { readonly variant: string; readonly flag: string }>> = {
  'apt-get': { variant: 'apt', flag: '-y' },
  apt: { variant: 'apt', flag: '-y' },
  yum: { variant: 'yum', flag: '-y' },
  dnf: { variant: 'dnf', flag: '-y' },
  zypper: { variant: 'zypper', flag: '-n' },
};

/** Options that answer for the user, or leave nothing to ask. */
const ANSWERED = new Set([
  '--yes',
  '--force-yes',
  '--assume-no',
  '--assumeyes',
  '--assumeno',
  '--non-interactive',
  '--no-confirm',
  '--trivial-only',
  '--download-only',
  '--downloadonly',
  '--simulate',
  '--dry-run',
  '--print-uris',
  '--help',
  '--version',
]);

/** apt's `-qq` implies `-y`; `-q=2` is the same. */
function isVeryQuiet({ options }: Invocation): boolean {
  const quiet = options.filter(({ name }) => name === '--quiet' || name === '-qq');
  return quiet.length > 1 || quiet.some(({ name, word }) => name === '-qq' || /^-q=[2-9]/.test(word.unquoted));
}

function asks(invocation: Invocation): boolean {
  const { action, options, program, operands } = invocation;
  if (action !== 'install' && action !== 'upgrade' && action !== 'remove') return false;
  if (options.some(({ name, value }) => ANSWERED.has(name) || /assume-?yes/i.test(value?.unquoted ?? ''))) return false;
  if (!invocation.complete && options.some(({ word }) => word.expansions.length > 0)) return false;
  if (
    operands.some(({ prefix, variables }) => prefix === '' && variables.some((name) => /OPT|FLAG|ARG|YES/i.test(name)))
  )
    return false;
  return !(program.startsWith('apt') && isVeryQuiet(invocation));
}

/** `-o` of these holds for one command; `dnf config-manager --setopt` is kept. */
const APT: ReadonlySet<string> = new Set(['apt-get', 'apt', 'aptitude']);

/** apt.conf and dnf.conf can say so for all that comes after; what is set is not read here. */
const configured = hereOrBefore((step) => says(step, /(?<!-)Assume-Yes|assumeyes\s*=/i, APT));

/** `yes | apt-get …`, `apt-get … < answers`. */
function isFed({ command }: StepCommand): boolean {
  return command.stage > 0 || command.redirects.some(({ operator }) => operator.startsWith('<'));
}

function answered(build: Build, { step, command, invocation }: StepCommand): Proposal | Declined {
  const known = VARIANTS[invocation?.program ?? ''];
  const word = invocation?.program === 'zypper' ? command.programWord : invocation?.subcommandWord;
  if (known === undefined || word === undefined || word.broken) return { declined: 'the command is not plain' };
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  const edits = insertWord(word, known.flag);
  if (refused(edits)) return edits;
  return {
    title: `add ${known.flag}`,
    variant: known.variant,
    edits,
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'assume-yes-missing',
  practice: 'P11',
  catalogue: ['P11.8'],
  level: 'warning',
  fixClass: 'S',
  summary: 'a package manager asks, and nobody is there to answer',
  aliases: ['hadolint/DL3014', 'hadolint/DL3030', 'hadolint/DL3034', 'hadolint/DL3038'],
  subject: 'dockerfile',
  check({ build }) {
    const managers = neededCommands(build).filter(
      ({ invocation }) => Object.hasOwn(VARIANTS, invocation?.program ?? '') && invocation?.action !== 'query',
    );
    const [first] = managers;
    if (first === undefined) return { is: 'not-applicable', because: 'no apt, yum, dnf or zypper runs' };
    const asking = managers.filter((each) => each.invocation !== undefined && asks(each.invocation) && !isFed(each));
    const open = asking.filter(({ step }) => !configured(step));
    if (open.length === 0 && asking.length > 0)
      return { is: 'held', evidence: evidenceAt(build, first, 'the answer is configured') };
    const findings = open.map((each) => ({
      at: each.invocation?.subcommandWord?.span ?? each.command.span,
      message: `${each.invocation?.program} ${each.invocation?.subcommand} asks before it changes anything, and a build cannot answer`,
      help: `add ${VARIANTS[each.invocation?.program ?? '']?.flag}`,
      step: each.step,
      fix: answered(build, each),
    }));
    return found(findings, { is: 'held', evidence: evidenceAt(build, first, 'it does not ask') });
  },
});

export const docs: RuleDocs = {
  why: `A build has no terminal. Asked «Do you want to continue?», apt-get, yum, dnf and zypper take the end of input for a no
and the build fails, on the day when the package brings another one along; until then it happens to work.`,
  examples: [
    {
      bad: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get «install» --no-install-recommends less\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends less\n',
      variant: 'apt',
    },
    {
      title: 'told with -o, it holds for one command',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get -o APT::Get::Assume-Yes=true install less\nRUN apt-get «install» nano\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get -o APT::Get::Assume-Yes=true install less\nRUN apt-get install -y nano\n',
      variant: 'apt',
    },
    {
      title: 'yum',
      bad: 'FROM centos:7\nRUN yum «install» httpd\n',
      good: 'FROM centos:7\nRUN yum install -y httpd\n',
      variant: 'yum',
    },
    {
      title: 'dnf',
      bad: 'FROM fedora:42\nRUN dnf «install» httpd && dnf clean all\n',
      good: 'FROM fedora:42\nRUN dnf install -y httpd && dnf clean all\n',
      variant: 'dnf',
    },
    {
      title: 'zypper',
      bad: 'FROM opensuse/leap:15.6\nRUN zypper «install» nginx\n',
      good: 'FROM opensuse/leap:15.6\nRUN zypper -n install nginx\n',
      variant: 'zypper',
    },
    {
      title: 'only a comment speaks of the setting, or another stage, or a later step',
      bad: `FROM debian:12 AS a\nRUN echo assumeyes=1 > /etc/dnf/dnf.conf\nFROM fedora:42\n# no assumeyes=1 here\nRUN dnf «install» httpd\nRUN echo assumeyes=1 > /etc/dnf/dnf.conf\n`,
      good: `FROM debian:12 AS a\nRUN echo assumeyes=1 > /etc/dnf/dnf.conf\nFROM fedora:42\n# no assumeyes=1 here\nRUN dnf install -y httpd\nRUN echo assumeyes=1 > /etc/dnf/dnf.conf\n`,
      variant: 'dnf',
    },
  ],
  silent: [
    {
      title: 'every way to say yes',
      text: 'FROM debian:12\nRUN apt-get -y install a && apt-get install --yes b && apt-get -qq install c && apt-get install -q=2 d && apt-get install --assume-yes e\n',
      is: 'held',
    },
    { title: 'a cluster', text: 'FROM debian:12\nRUN apt-get update && apt-get -qqy install curl\n', is: 'held' },
    { title: 'answers are fed', text: 'FROM debian:12\nRUN yes | apt-get install curl\n', is: 'held' },
    {
      title: 'configured',
      text: `FROM debian:12\nRUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes\nRUN apt-get install curl\n`,
      is: 'held',
    },
    {
      title: 'options in a variable',
      text: 'FROM debian:12\nARG APT_OPTS\nRUN apt-get install $APT_OPTS curl\n',
      is: 'held',
    },
    {
      title: 'configured in the stage below',
      text: `FROM debian:12 AS a\nRUN echo 'APT { Get { Assume-Yes "true"; }; };' > /etc/apt/apt.conf.d/90yes\nFROM a\nRUN apt-get install curl\n`,
      is: 'held',
    },
    { title: 'a dry run', text: 'FROM debian:12\nRUN apt-get install --simulate curl\n', is: 'not-applicable' },
    {
      title: 'a no on purpose',
      text: 'FROM debian:12\nRUN apt-get update && apt-get install --assume-no bc || true\n',
      is: 'held',
    },
    { title: 'no package manager', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
  observed: ['apt', 'dnf', 'yum', 'zypper'],
};
