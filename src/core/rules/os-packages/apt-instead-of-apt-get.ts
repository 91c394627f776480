import { insertWord, refused, renameProgram, replace } from '../../language/edit/index.ts';
import {
  anyStepSays,
  type Build,
  changesScript,
  evidenceAt,
  neededCommands,
  type StepCommand,
} from '../../model/index.ts';
import { type Declined, defineRule, found, type Proposal, type RuleDocs } from '../define.ts';

/** Subcommands that both programs have, with the same meaning for a script. */
const SHARED = new Set([
  'update',
  'install',
  'reinstall',
  'remove',
  'purge',
  'autoremove',
  'autopurge',
  'clean',
  'autoclean',
  'build-dep',
  'download',
  'source',
]);
const QUERIES = new Set(['search', 'show', 'policy', 'showsrc', 'depends', 'rdepends']);

/** apt deletes what it downloaded, apt-get leaves that to the hook of the official images. */
const changesDownloads = anyStepSays(/docker-clean|Keep-Downloaded-Packages|\/var\/cache\/apt|\/etc\/apt\/apt\.conf/);

function renamed(build: Build, each: StepCommand): Proposal | Declined {
  const { invocation, command, step } = each;
  const subcommand = invocation?.subcommand ?? '';
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  if (changesDownloads(build))
    return { declined: 'the file changes how apt keeps downloads: apt deletes them, apt-get does not' };
  const name = QUERIES.has(subcommand) ? 'apt-cache' : 'apt-get';
  const more =
    subcommand === 'upgrade' && invocation?.subcommandWord !== undefined
      ? insertWord(invocation.subcommandWord, '--with-new-pkgs')
      : subcommand === 'full-upgrade' && invocation?.subcommandWord !== undefined
        ? replace(invocation.subcommandWord.span, 'dist-upgrade')
        : SHARED.has(subcommand) || QUERIES.has(subcommand)
          ? []
          : { declined: `apt-get has no ${subcommand === '' ? 'such command' : subcommand}` };
  if (refused(more)) return more;
  const edits = renameProgram(command, name);
  if (refused(edits)) return edits;
  return {
    title: `use ${name}`,
    variant: 'default',
    edits: [...edits, ...more],
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'paths-only-before', expect: [] },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'apt-instead-of-apt-get',
  practice: 'P11',
  catalogue: ['P11.7'],
  level: 'info',
  fixClass: 'S',
  summary: 'a script calls apt, which is made for people',
  aliases: ['hadolint/DL3027'],
  subject: 'dockerfile',
  check({ build }) {
    const commands = neededCommands(build);
    const findings = commands
      .filter(({ invocation }) => invocation?.program === 'apt')
      .map((each) => ({
        at: each.command.programWord?.span ?? each.command.span,
        message: 'apt has no stable command line',
        help: 'use apt-get, or apt-cache for queries',
        step: each.step,
        fix: renamed(build, each),
      }));
    const other = commands.find(({ invocation }) => /^apt-/.test(invocation?.program ?? ''));
    return found(
      findings,
      other === undefined
        ? { is: 'not-applicable', because: 'no apt in any RUN' }
        : { is: 'held', evidence: evidenceAt(build, other, 'apt-get is used') },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`apt\` is the front end for people: it draws progress bars, warns on each run that its command line is not stable, and may
change its defaults with any release. \`apt-get\` and \`apt-cache\` are the stable ones, with the same packages as a result.`,
  examples: [
    {
      bad: 'FROM debian:trixie-slim\nRUN «apt» update && «apt» install -y --no-install-recommends netcat-openbsd\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd\n',
    },
    {
      title: 'an upgrade installs new dependencies too',
      bad: 'FROM debian:trixie-slim\nRUN apt-get update && «apt» upgrade -y\n',
      good: 'FROM debian:trixie-slim\nRUN apt-get update && apt-get upgrade --with-new-pkgs -y\n',
    },
    { title: 'only apt has it', bad: 'FROM debian:trixie-slim\nRUN «apt» edit-sources\n', declined: 'no edit-sources' },
    {
      title: 'downloads are kept',
      bad: 'FROM debian:trixie-slim\nRUN rm /etc/apt/apt.conf.d/docker-clean && apt-get update && «apt» install -y less\n',
      declined: 'keeps downloads',
    },
    {
      title: 'a comment changes nothing',
      bad: 'FROM debian:trixie-slim\n# /var/cache/apt is none of ours\nRUN apt-get update && «apt» install -y less\n',
      good: 'FROM debian:trixie-slim\n# /var/cache/apt is none of ours\nRUN apt-get update && apt-get install -y less\n',
    },
  ],
  silent: [
    {
      title: 'apt-get',
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y apt-transport-https\n',
      is: 'held',
    },
    { title: 'a path named apt', text: 'FROM debian:12\nRUN rm -rf /var/lib/apt\n', is: 'not-applicable' },
  ],
  observed: ['default'],
  links: ['https://manpages.debian.org/trixie/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS'],
};
