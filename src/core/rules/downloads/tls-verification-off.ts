import { refused, removeWord } from '../../language/edit/index.ts';
import type { Invocation, ProgramOption } from '../../language/shell/index.ts';
import { type Build, changesScript, neededRuns, type Step, type StepCommand, stepsNamed } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const OPTIONS: Readonly<Record<string, RegExp>> = {
  curl: /^(?:--insecure|--proxy-insecure|--insecure-proxy)$/,
  wget: /^--no-check-certificate$/,
  pip: /^--trusted-host$/,
  uv: /^--allow-insecure-host$/,
  apk: /^--no-check-certificate$/,
};

/** Options whose value says so. */
const VALUES =
  /^(?:http\.sslverify=(?:false|0)|sslverify=(?:false|0)|Acquire::https?::Verify-(?:Peer|Host)=(?:false|0))$/i;

/** Variables, and the values that switch verification off. */
const VARIABLES: Readonly<Record<string, RegExp>> = {
  NODE_TLS_REJECT_UNAUTHORIZED: /^["']?0["']?$/,
  PYTHONHTTPSVERIFY: /^["']?0["']?$/,
  GIT_SSL_NO_VERIFY: /^["']?(?:1|true|yes)["']?$/i,
  NPM_CONFIG_STRICT_SSL: /^["']?false["']?$/i,
  npm_config_strict_ssl: /^["']?false["']?$/i,
  PIP_TRUSTED_HOST: /\S/,
};

const LOCAL = /^(?:https?:\/\/)?(?:localhost|127\.0\.0\.1|\[::1\])(?:[:/]|$)/;

function insecureOption(invocation: Invocation): ProgramOption | undefined {
  const { urls } = invocation;
  if (urls.length > 0 && urls.every(({ unquoted }) => LOCAL.test(unquoted))) return undefined;
  const own = OPTIONS[invocation.program];
  return invocation.options.find(
    ({ name, value }) =>
      own?.test(name) ||
      VALUES.test(value?.unquoted ?? '') ||
      (invocation.program === 'npm' &&
        (name === '--no-strict-ssl' || (name === '--strict-ssl' && value?.value === 'false'))),
  );
}

/** `npm config set strict-ssl false`, `git config --global http.sslVerify false`: written to a file for all later commands. */
function configured({ invocation, command }: StepCommand): boolean {
  if (invocation === undefined || invocation.action === 'query') return false;
  const words = command.args.map(({ unquoted }) => unquoted).join(' ');
  if (/^(?:npm|yarn|pnpm)$/.test(invocation.program))
    return /\b(?:set|config)\b.{0,200}\bstrict-ssl[ =]["']?false/.test(words);
  return (
    invocation.program === 'git' &&
    /\bconfig\b.{0,200}\bhttp\.(?:\S{0,200}\.)?sslverify[ =]["']?(?:false|0)/i.test(words)
  );
}

function withoutOption(
  build: Build,
  { step, command, invocation }: StepCommand,
  option: ProgramOption,
): Proposal | Declined {
  const plain = option.value === undefined && option.word.unquoted.startsWith('--');
  const single = invocation?.program === 'curl' && option.word.unquoted === '-k';
  const { word } = option;
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  const cluster = /^-[a-zA-Z]+$/.test(word.text) && invocation?.program === 'curl' && option.name === '--insecure';
  if (!plain && !single && !cluster)
    return { declined: 'install the certificate authority that the host needs, and remove the option' };
  const edits =
    cluster && !single
      ? [{ span: word.span, text: word.text.replace('k', '') }]
      : removeWord(build.dockerfile.text, word);
  if (refused(edits)) return edits;
  return {
    title: `remove ${option.written}`,
    variant: invocation?.program ?? 'option',
    edits,
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

const HELP =
  'install ca-certificates, or add the authority of your own host to the image, and let verification stay on';

function setting(step: Step, span: Span, name: string): Finding {
  return {
    at: span,
    message: `${name} switches the verification of TLS certificates off`,
    help: HELP,
    step,
    fix: { declined: 'whether every host has a certificate that verifies shows in a build: remove it and try' },
  };
}

function inVariables(step: Step): readonly Finding[] {
  const { args } = step.instruction;
  if (args.form !== 'pairs') return [];
  return args.pairs.flatMap(({ key, value }) =>
    Object.hasOwn(VARIABLES, key.value) && VARIABLES[key.value]?.test(value?.value ?? '')
      ? [setting(step, key.span, key.value)]
      : [],
  );
}

function inCommands(build: Build, step: Step): readonly Finding[] {
  return step.commands.flatMap((each) => {
    const { command, invocation } = each;
    const findings: Finding[] = command.assignments
      .filter(({ name, value }) => Object.hasOwn(VARIABLES, name) && VARIABLES[name]?.test(value?.unquoted ?? ''))
      .map(({ name, span }) => setting(step, span, name));
    for (const word of command.program === 'export' ? command.args : []) {
      const [name = '', value = ''] = word.unquoted.split('=');
      if (Object.hasOwn(VARIABLES, name) && VARIABLES[name]?.test(value)) findings.push(setting(step, word.span, name));
    }
    if (configured(each)) findings.push(setting(step, command.span, `this ${invocation?.program} setting`));
    const option = invocation && insecureOption(invocation);
    if (option === undefined) return findings;
    findings.push({
      at: option.word.span,
      message: `${option.name} lets ${invocation?.program} trust any server`,
      help: HELP,
      step,
      fix: withoutOption(build, each, option),
    });
    return findings;
  });
}

export default defineRule({
  id: 'tls-verification-off',
  practice: 'X4',
  catalogue: ['X4.8', 'X4.9'],
  level: 'warning',
  fixClass: 'B',
  summary: 'certificates of servers are not verified',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings = [
      ...build.needed
        .flatMap((stage) => [...stepsNamed(stage, 'ENV'), ...stepsNamed(stage, 'ARG')])
        .flatMap(inVariables),
      ...neededRuns(build).flatMap((step) => inCommands(build, step)),
    ];
    const seen = neededRuns(build).find(({ commands }) =>
      commands.some(
        ({ invocation }) =>
          (invocation?.urls.length ?? 0) > 0 || /^(?:install|download)$/.test(invocation?.action ?? ''),
      ),
    );
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing is downloaded' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'certificates are verified' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `Without verification whoever sits between the build and the server decides what is installed. The usual reasons are a
missing \`ca-certificates\` package, an old base image, or a company's own authority: each has a remedy that keeps verification.
A variable in ENV switches it off in the running container as well.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl «-k» -fsSLO https://example.com/a.tar.gz\n',
      good: 'FROM debian:12\nRUN curl -fsSLO https://example.com/a.tar.gz\n',
      variant: 'curl',
    },
    {
      title: 'among other letters',
      bad: 'FROM debian:12\nRUN curl «-fsSkL» https://example.com/a -o a\n',
      good: 'FROM debian:12\nRUN curl -fsSL https://example.com/a -o a\n',
      variant: 'curl',
    },
    {
      title: 'wget',
      bad: 'FROM debian:12\nRUN wget «--no-check-certificate» https://example.com/a\n',
      good: 'FROM debian:12\nRUN wget https://example.com/a\n',
      variant: 'wget',
    },
    {
      title: 'pip',
      bad: 'FROM python:3.13\nRUN pip install «--trusted-host» pypi.org six\n',
      declined: 'certificate authority',
    },
    {
      title: 'in the environment',
      bad: 'FROM node:24\nENV «NODE_TLS_REJECT_UNAUTHORIZED»=0\nRUN npm ci\n',
      declined: 'shows in a build',
    },
    {
      title: 'git',
      bad: 'FROM debian:12\nRUN «git config --global http.sslVerify false» && git clone https://example.com/a\n',
      declined: 'shows in a build',
    },
    {
      title: 'npm',
      bad: 'FROM node:24\nRUN «npm config set strict-ssl false» && npm ci\n',
      declined: 'shows in a build',
    },
  ],
  silent: [
    { title: 'verified', text: 'FROM debian:12\nRUN curl -fsSLO https://example.com/a\n', is: 'held' },
    { title: 'its own server', text: 'FROM debian:12\nRUN curl -k https://localhost:8443/health\n', is: 'held' },
    { title: 'switched on', text: 'FROM node:24\nENV NODE_TLS_REJECT_UNAUTHORIZED=1\nRUN npm ci\n', is: 'held' },
    {
      title: 'a health check of itself',
      text: 'FROM debian:12\nHEALTHCHECK CMD curl -fk https://localhost:8443/\n',
      is: 'not-applicable',
    },
    { title: 'nothing downloaded', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
};
