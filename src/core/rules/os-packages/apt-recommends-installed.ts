import { insertWord, refused } from '../../language/edit/index.ts';
import type { Invocation } from '../../language/shell/index.ts';
import {
  type Build,
  changesScript,
  contextCopy,
  evidenceAt,
  hereOrBefore,
  isKnown,
  type StepCommand,
  says,
  shippedCommands,
} from '../../model/index.ts';
import { type Declined, defineRule, found, type Proposal, type RuleDocs } from '../define.ts';

/** Download over https: without the recommended certificates they fail. */
const NEEDS_CERTIFICATES = /^(?:curl|wget|git|git-core|aria2|python3-pip|npm|gnupg2?|dirmngr)$/;

/** The setting as a file or `-o` names it. An option of apt-get is none. */
const CONFIGURED = /(?<!--(?:no-)?)Install-Recommends/i;

const APT: ReadonlySet<string> = new Set(['apt-get', 'apt', 'aptitude']);

/** Here, or in a step before: in a file that it writes, or in one that it copies from a heredoc. With `-o` it holds for one command. */
const configured = hereOrBefore((step) => says(step, CONFIGURED, APT));

function pullsRecommends({ program, action, options, packages }: Invocation): boolean {
  if (action !== 'install' || !APT.has(program)) return false;
  const off = options.some(
    ({ name, value }) =>
      /^--(?:(?:no-)?install|with|without)-recommends$/.test(name) || CONFIGURED.test(value?.unquoted ?? ''),
  );
  return packages.some(({ source }) => source === 'registry') && !off;
}

/** A file that is copied to where apt reads its settings: what it says is not seen here. */
const mayBeConfigured = hereOrBefore((step) => {
  const path = contextCopy(step)?.path;
  return path !== undefined && isKnown(path) && /^\/etc(?:\/?$|\/apt(?:\/|$))/.test(path.value);
});

function isInstall(invocation: Invocation | undefined): boolean {
  return invocation?.action === 'install' && APT.has(invocation.program);
}

function withoutRecommends(build: Build, { step, invocation }: StepCommand): Proposal | Declined {
  const word = invocation?.subcommandWord;
  if (invocation === undefined || word === undefined || word.broken) return { declined: 'the command is not plain' };
  const flag = insertWord(word, invocation.program === 'aptitude' ? '--without-recommends' : '--no-install-recommends');
  if (refused(flag)) return flag;
  const names = invocation.packages;
  const downloader = names.find(({ name }) => NEEDS_CERTIFICATES.test(name));
  const lacking = downloader !== undefined && !names.some(({ name }) => name === 'ca-certificates');
  const certificates = lacking ? insertWord(downloader.word, 'ca-certificates') : [];
  if (refused(certificates)) return certificates;
  return {
    title: 'install no recommended packages',
    variant: 'apt',
    edits: [...flag, ...certificates],
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

export default defineRule({
  id: 'apt-recommends-installed',
  practice: 'P11',
  catalogue: ['P11.2'],
  level: 'info',
  fixClass: 'B',
  summary: 'apt installs packages that are only recommended',
  aliases: ['hadolint/DL3015'],
  subject: 'dockerfile',
  check({ build }) {
    const commands = shippedCommands(build);
    const installs = commands.filter(({ invocation }) => isInstall(invocation));
    const [first] = installs;
    if (first === undefined) return { is: 'not-applicable', because: 'no apt-get install in a stage that ships' };
    const pulling = installs.filter(({ invocation }) => invocation !== undefined && pullsRecommends(invocation));
    const plain = pulling.filter(({ step }) => !configured(step));
    if (plain.length === 0 && pulling.length > 0)
      return { is: 'held', evidence: evidenceAt(build, first, 'APT::Install-Recommends is configured') };
    const sure = plain.filter(({ step }) => !mayBeConfigured(step));
    if (sure.length === 0 && plain.length > 0)
      return { is: 'unknown', because: 'a file that is copied to /etc/apt may leave them out' };
    const findings = sure.map((each) => ({
      at: each.invocation?.subcommandWord?.span ?? each.command.span,
      message: 'apt installs recommended packages too',
      help: 'add --no-install-recommends, and name those that the image needs, like ca-certificates',
      step: each.step,
      fix: withoutRecommends(build, each),
    }));
    return found(findings, { is: 'held', evidence: evidenceAt(build, first, 'no recommended packages') });
  },
});

export const docs: RuleDocs = {
  why: `Debian's and Ubuntu's apt installs what a package *recommends* unless it is told not to: documentation viewers, daemons,
sometimes a whole desktop. \`--no-install-recommends\` leaves that out. What the image did rely on must then be named: above
all \`ca-certificates\`, which curl, wget and git need for https and only recommend. So the fix adds it, and is unsafe:
whether the program misses another package shows only when it runs.`,
  examples: [
    {
      title: 'aptitude has its own word',
      bad: 'FROM debian:12\nRUN aptitude «install» -y make\n',
      good: 'FROM debian:12\nRUN aptitude install --without-recommends -y make\n',
      variant: 'apt',
    },
    {
      title: 'settings of another stage',
      bad: `FROM debian:12 AS build\nRUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/99local\nFROM debian:12-slim\nRUN apt-get update && apt-get «install» -y nginx\n`,
      good: `FROM debian:12 AS build\nRUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/99local\nFROM debian:12-slim\nRUN apt-get update && apt-get install --no-install-recommends -y nginx\n`,
      variant: 'apt',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «install» -y curl && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y curl ca-certificates && rm -rf /var/lib/apt/lists/*\n',
      variant: 'apt',
    },
    {
      title: 'only a comment speaks of the setting, and another command has its option',
      bad: 'FROM debian:12\n# Install-Recommends is left on\nRUN apt-get update && apt-get install -y --no-install-recommends less && \\\n    # Install-Recommends\n    apt-get «install» -y nano\n',
      good: 'FROM debian:12\n# Install-Recommends is left on\nRUN apt-get update && apt-get install -y --no-install-recommends less && \\\n    # Install-Recommends\n    apt-get install --no-install-recommends -y nano\n',
      variant: 'apt',
    },
    {
      title: 'told with -o, it holds for one command',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get install -y -o APT::Install-Recommends=false less\nRUN apt-get «install» -y nano\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y -o APT::Install-Recommends=false less\nRUN apt-get install --no-install-recommends -y nano\n',
      variant: 'apt',
    },
    {
      title: 'with -o in a heredoc',
      bad: 'FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y -o APT::Install-Recommends=0 less\napt-get «install» -y nano\nEOF\n',
      good: 'FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y -o APT::Install-Recommends=0 less\napt-get install --no-install-recommends -y nano\nEOF\n',
      variant: 'apt',
    },
    {
      title: 'nothing that downloads',
      bad: 'FROM debian:12\nRUN apt-get update && apt-get «install» -y \\\n    less \\\n    nano\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y \\\n    less \\\n    nano\n',
      variant: 'apt',
    },
    {
      title: 'options of apt before the command, certificates named',
      bad: 'FROM ubuntu:24.04\nRUN apt-get -qq update && apt-get -qqy «install» git ca-certificates\n',
      good: 'FROM ubuntu:24.04\nRUN apt-get -qq update && apt-get -qqy install --no-install-recommends git ca-certificates\n',
      variant: 'apt',
    },
  ],
  silent: [
    { title: 'aptitude, in short', text: 'FROM debian:12\nRUN aptitude install -R -y make\n', is: 'held' },
    {
      title: 'a file of settings is copied to where apt reads them',
      text: 'FROM debian:12-slim\nCOPY apt.conf /etc/apt/apt.conf.d/99local\nRUN apt-get update && apt-get install -y nginx\n',
      is: 'unknown',
    },
    {
      title: 'settings from a heredoc',
      text: 'FROM debian:12-slim\nCOPY <<EOF /etc/apt/apt.conf.d/99local\nAPT::Install-Recommends "0";\nEOF\nRUN apt-get update && apt-get install -y nginx\n',
      is: 'held',
    },
    {
      title: 'settings from a heredoc within a heredoc',
      text: 'FROM debian:12-slim\nRUN <<EOF\ncat > /etc/apt/apt.conf.d/99local <<EOT\nAPT::Install-Recommends "0";\nEOT\napt-get update\napt-get install -y nginx\nEOF\n',
      is: 'held',
    },
    {
      title: 'with the flag',
      text: 'FROM debian:12\nRUN apt-get install -y --no-install-recommends curl\n',
      is: 'held',
    },
    {
      title: 'as an option',
      text: 'FROM debian:12\nRUN apt-get install -y -o APT::Install-Recommends=false curl\n',
      is: 'held',
    },
    {
      title: 'configured for all',
      text: `FROM debian:12\nRUN echo 'APT::Install-Recommends "0";' > /etc/apt/apt.conf.d/99local\nRUN apt-get update && apt-get install -y curl\n`,
      is: 'held',
    },
    { title: 'a local file', text: 'FROM debian:12\nCOPY a.deb /\nRUN apt-get install -y /a.deb\n', is: 'held' },
    { title: 'asked for', text: 'FROM debian:12\nRUN apt-get install -y --install-recommends wine\n', is: 'held' },
    {
      title: 'a builder stage does not ship',
      text: 'FROM debian:12 AS b\nRUN apt-get install -y gcc\nFROM scratch\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
};
