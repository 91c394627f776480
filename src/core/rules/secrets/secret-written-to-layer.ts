import type { ShellWord } from '../../language/shell/index.ts';
import {
  evidenceAt,
  neededRuns,
  pipedWords,
  type Step,
  type StepCommand,
  ships,
  writtenPasswords,
} from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Files in which programs look for credentials. */
const FILE =
  /(?:^|[/}])(?:\.npmrc|\.yarnrc(?:\.yml)?|[._]netrc|\.pypirc|pip\.conf|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|\.docker\/config\.json|\.dockercfg|\.aws\/credentials|\.pgpass|\.my\.cnf|auth\.json|NuGet\.Config|settings\.xml)$/i;
const KEY_FILE = /(?:^|[/}])(?:id_(?:rsa|dsa|ecdsa|ed25519)|[._]netrc|\.git-credentials|\.pgpass)$/i;
const SECRET_TEXT = /_auth|auth_?token|passw|machine\s|secret|token|credential|\/\/[^/\s]{0,200}:[^/\s]{0,200}@/i;
/** In characters: shorter last words are names and choices. */
const shortestToken = 12;
/** What programs keep in a file of their own when told to. Every repetition has a bound: linear on any input. */
const KEPT: readonly (readonly [program: RegExp, args: RegExp])[] = [
  [/^(?:npm|pnpm)$/, /^(?:config\s+)?set\s.{0,200}_(?:auth|authToken|password)\b/],
  [/^yarn$/, /^config\s+set\s.{0,200}(?:_authToken|npmAuthToken|npmAuthIdent)/],
  [/^git$/, /^config\s.{0,200}url\.https?:\/\/[^\s]{0,200}@.{0,200}\.insteadof/i],
  [/^git$/, /^config\s.{0,200}http\..{0,200}extraheader/i],
  [/^composer$/, /^config\s.{0,200}(?:github-oauth|gitlab-token|http-basic|bearer)/],
  [/^aws$/, /^configure\s+set\s+aws_(?:secret|session|access)/],
  [/^pip3?$/, /^config\s.{0,200}:\/\/[^\s/]{0,200}@/],
  [/^poetry$/, /^config\s.{0,200}(?:http-basic|pypi-token)/],
  [/^bundle$/, /^config\s.{0,200}(?:\.com|\.org|\.io|\.net)\s+\S{0,200}[:$]/],
  [/^(?:docker|podman)$/, /^login\b/],
];

interface Kept {
  /** Where, for people. */
  readonly where: string;
  /** Undefined when the program has a file of its own. */
  readonly file: string | undefined;
  /** Words that hold the credentials in clear text. */
  readonly clear: readonly ShellWord[];
}

/** What a redirection writes to a credentials file: undefined when it is no secret, or the name of a variable in quotes. */
function redirected(each: StepCommand): Kept | undefined {
  const { command } = each;
  const telling = command.args.filter(({ unquoted }) => SECRET_TEXT.test(unquoted));
  // `echo '…=${TOKEN}'` writes the name: npm itself puts the value in when it runs
  if (telling.length > 0 && telling.every(({ value }) => value?.includes('${'))) return undefined;
  for (const { operator, target, body } of command.redirects) {
    if (!/^(?:>>?|>\||&>)$/.test(operator) || target === undefined || !FILE.test(target.unquoted)) continue;
    if (!KEY_FILE.test(target.unquoted) && telling.length === 0 && body === undefined) continue;
    const clear = [...telling, ...pipedWords(each)].filter(({ value }) => value !== undefined);
    return { where: target.unquoted, file: target.unquoted, clear };
  }
  return undefined;
}

/** The credentials file that the command writes, or the program that keeps them; undefined when neither. */
function keeps(each: StepCommand): Kept | undefined {
  const { command } = each;
  const file = redirected(each);
  if (file !== undefined) return file;
  const last = command.args.at(-1);
  if (command.program === 'cp' || command.program === 'install') {
    const from = command.args.find(({ unquoted }) => unquoted.startsWith('/run/secrets/'));
    const to = last?.unquoted;
    if (from !== undefined && to !== undefined && from !== last) return { where: to, file: to, clear: [] };
  }
  const { program } = command;
  if (program === undefined) return undefined;
  const named = KEPT.filter(([name]) => name.test(program));
  if (named.length === 0) return undefined;
  const text = command.args.map(({ unquoted }) => unquoted).join(' ');
  if (!named.some(([, args]) => args.test(text))) return undefined;
  if (text.startsWith('login')) {
    const passwords = writtenPasswords(each.step).filter((password) => password.command === each);
    return { where: `the settings of ${program}`, file: undefined, clear: passwords.map(({ word }) => word) };
  }
  const clear = last?.value !== undefined && last.value.length >= shortestToken ? [last] : [];
  return { where: `the settings of ${program}`, file: undefined, clear };
}

/** A later command of the step takes it away again, or its directory is no part of the layer. */
function removedAgain(step: Step, each: StepCommand, file: string | undefined): boolean {
  const name = file?.slice(file.lastIndexOf('/') + 1);
  const later = step.commands.slice(step.commands.indexOf(each) + 1);
  const undone = later.some(({ command, invocation }) => {
    if (/^(?:npm|pnpm|yarn|git|pip3?|composer|poetry|bundle)$/.test(command.program ?? '')) {
      return command.args.some(({ value }) =>
        /^(?:delete|rm|unset|--unset(?:-all)?|--remove-section)$/.test(value ?? ''),
      );
    }
    if (command.program === 'docker' || command.program === 'podman') return command.args[0]?.value === 'logout';
    if (invocation?.action !== 'delete' && command.program !== 'shred') return false;
    return (
      name === undefined ||
      command.args.some(
        ({ unquoted }) => unquoted.includes(name) || /\.(?:ssh|docker|aws|npmrc|netrc)\b/.test(unquoted),
      )
    );
  });
  return (
    undone ||
    step.mounts.some(
      ({ type, target }) =>
        type === 'tmpfs' && target !== undefined && 'value' in target && file?.startsWith(target.value) === true,
    )
  );
}

export default defineRule({
  id: 'secret-written-to-layer',
  practice: 'P12',
  catalogue: ['G064'],
  point: 4,
  level: 'warning',
  fixClass: 'B',
  summary: 'a RUN writes credentials to a file that stays in its layer',
  aliases: [],
  marksSecrets: true,
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let removed: StepCommand | undefined;
    const runs = neededRuns(build);
    for (const step of runs) {
      for (const each of step.commands) {
        const kept = keeps(each);
        if (kept === undefined) continue;
        if (removedAgain(step, each, kept.file)) {
          removed ??= each;
          continue;
        }
        const shipped = step.stage !== undefined && ships(build, step.stage);
        const at: Span = each.command.programWord?.span ?? each.command.span;
        findings.push({
          at,
          message: `credentials are written to ${kept.file === undefined ? kept.where : kept.where.replace(/\$.*\//, '…/')}, which stays in ${shipped ? 'the image' : 'a layer of the build cache'}`,
          help: 'mount the whole file as a secret (--mount=type=secret,target=…), or remove it in the same RUN',
          ...(!shipped && { level: 'info' as const }),
          ...(kept.clear.length > 0 && { secrets: kept.clear.map(({ span }) => span) }),
          step,
          fix: {
            declined:
              'the program that reads the credentials decides how it can get them: a secret mount of its file, or a variable by env=',
          },
        });
      }
    }
    if (runs.length === 0) return { is: 'not-applicable', because: 'no command runs' };
    const evidence =
      removed === undefined
        ? [{ at: { file: build.file }, says: 'no RUN writes credentials' }]
        : evidenceAt(build, removed, 'credentials are removed in the same RUN');
    return found(findings, { is: 'held', evidence });
  },
});

export const docs: RuleDocs = {
  why: `A secret that comes by a secret mount is in no layer, until a command writes it to \`~/.npmrc\`, \`~/.netrc\` or \`.git/config\`: then the layer
has it, and a later \`rm\` in another RUN does not take it out. Mount the file itself:

\`RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci\``,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nRUN --mount=type=secret,id=t,env=T «npm» config set //registry.npmjs.org/:_authToken=$T && npm ci\n',
      declined: 'secret mount',
    },
    {
      title: 'a file',
      bad: 'FROM node:22-bookworm-slim\nARG T\nRUN «echo» "//registry.npmjs.org/:_authToken=$T" > ~/.npmrc\nRUN npm ci\nRUN rm ~/.npmrc\n',
      declined: 'secret mount',
    },
  ],
  silent: [
    {
      title: 'removed in the same RUN',
      text: 'FROM node:22-bookworm-slim\nARG T\nRUN echo "//r.example.org/:_authToken=$T" > .npmrc && npm ci && rm -f .npmrc\n',
      is: 'held',
    },
    {
      title: 'a key that opens nothing',
      text: `FROM debian:12-slim\nRUN echo '<packageSources><add key="local" value="." /></packageSources>' > /nuget/NuGet.Config\n`,
      is: 'held',
    },
    {
      title: 'the file says which registry, and no more',
      text: 'FROM node:22\nRUN echo "registry=https://r.example.org" > .npmrc\n',
      is: 'held',
    },
    {
      title: 'the file is mounted',
      text: 'FROM node:22\nRUN --mount=type=secret,id=n,target=/root/.npmrc npm ci\n',
      is: 'held',
    },
    { title: 'nothing runs', text: 'FROM scratch\nCOPY a /a\n', is: 'not-applicable' },
  ],
};
