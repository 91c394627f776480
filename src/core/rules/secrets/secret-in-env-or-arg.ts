import type { Span } from '../../vocabulary/index.ts';
import { secretName } from '../../world/secrets/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** A public key by its fingerprint: `ENV GPG_KEY 7169605F62C751356D054A26A821E680E5FA6305`. */
const NAMES_PUBLIC_KEY = /(?:^|_)(?:gpg|pgp)(?:_\w+)?_key(?:_|$)/i;
const FINGERPRINT = /^["']?(?:0x)?(?:[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40})["']?$/i;
/** Values that say nothing yet, or a choice: `none`, `true`, an empty string, zeros to be replaced, a version. */
const HARMLESS =
  /^(?:["']{2}|)$|^["']?(?:none|true|false|yes|no|on|off|null|[0-9]{1,2}|v?\d{1,3}(?:\.\d{1,4}){1,3}|[0x*-]{4,})["']?$/i;

export default defineRule({
  id: 'secret-in-env-or-arg',
  practice: 'P12',
  catalogue: ['P12.1', 'G068'],
  point: 4,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'a secret passed as ENV or ARG stays in the image for good',
  aliases: ['buildkit/SecretsUsedInArgOrEnv', 'hadolint/DL3064'],
  marksSecrets: true,
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    for (const step of [...build.metaArgs, ...build.steps]) {
      const { instruction } = step;
      if ((instruction.name !== 'ENV' && instruction.name !== 'ARG') || instruction.args.form !== 'pairs') continue;
      for (const { key, value } of instruction.args.pairs) {
        const named = secretName(key.value);
        if (named === 'no') continue;
        if (NAMES_PUBLIC_KEY.test(key.value) && FINGERPRINT.test(value?.value.replaceAll(' ', '') ?? '')) continue;
        const secrets: Span[] = value === undefined || value.value.includes('$') ? [] : [value.span];
        const empty = value !== undefined && HARMLESS.test(value.value);
        const seldom = named === 'seldom' || empty;
        const keeps = instruction.name === 'ENV' ? 'the image keeps' : "the image's history and provenance keep";
        findings.push({
          at: key.span,
          message: empty
            ? `${instruction.name} ${key.value} is named like a secret: ${keeps} whatever is given here`
            : `${instruction.name} ${key.value}: ${keeps} its value`,
          help: 'pass it at run time, or to one RUN by --mount=type=secret; a value that was published must be replaced',
          ...(seldom && { level: 'info' as const }),
          ...(secrets.length > 0 && !seldom && { secrets }),
          step,
          fix: {
            declined:
              'who reads the value decides where it must come from: see `layerwise explain secret-in-env-or-arg`',
          },
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'not-applicable', because: '' });
    const mount = build.steps.flatMap(({ mounts }) => mounts).find(({ type }) => type === 'secret' || type === 'ssh');
    if (mount !== undefined)
      return {
        is: 'held',
        evidence: [{ at: { file: build.file, span: mount.span }, says: `secrets come by --mount=type=${mount.type}` }],
      };
    const names = [...build.metaArgs, ...build.steps].some(
      ({ instruction }) => instruction.name === 'ENV' || instruction.name === 'ARG',
    );
    if (names)
      return { is: 'held', evidence: [{ at: { file: build.file }, says: 'no ENV or ARG is named like a secret' }] };
    return { is: 'not-applicable', because: 'no ENV, ARG or secret is used' };
  },
});

export const docs: RuleDocs = {
  why: `Whoever can pull an image can read its environment with \`docker inspect\`, and its build arguments in the history or in the provenance attestation.
Removing the variable later does not help: the layer below still has it. A secret that was in a published image must be replaced.

For a build, mount it: \`RUN --mount=type=secret,id=npm_token,env=NPM_TOKEN npm ci\`, and pass \`--secret id=npm_token,env=NPM_TOKEN\`. For a running service,
pass it when the container starts.`,
  examples: [
    { bad: 'FROM debian:12-slim\nENV «API_TOKEN»=abc123def\n', declined: 'who reads the value' },
    {
      title: 'an argument',
      bad: 'FROM debian:12-slim\nARG «NPM_TOKEN»\nRUN npm ci\n',
      declined: 'who reads the value',
    },
    { title: 'before FROM', bad: 'ARG «DB_PASSWORD»=x1y2z3\nFROM debian:12-slim\n', declined: 'who reads the value' },
  ],
  silent: [
    { title: 'the socket of an agent', text: 'FROM debian:12-slim\nENV SSH_AUTH_SOCK=/run/agent\n', is: 'held' },
    { title: 'a public key', text: 'FROM debian:12-slim\nENV SSH_PUBLIC_KEY=x\n', is: 'held' },
    {
      title: 'a public key by its fingerprint (docker-library; dockle allows it too)',
      text: 'FROM debian:12-slim\nENV GPG_KEY 7169605F62C751356D054A26A821E680E5FA6305\n',
      is: 'held',
    },
    { title: 'the name of a file', text: 'FROM debian:12-slim\nENV DB_PASSWORD_FILE=/run/secrets/db\n', is: 'held' },
    {
      title: 'a secret mount',
      text: 'FROM debian:12-slim\nRUN --mount=type=secret,id=token,env=TOKEN fetch\n',
      is: 'held',
    },
    { title: 'nothing to look at', text: 'FROM debian:12-slim\nRUN true\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/building/secrets/'],
};
