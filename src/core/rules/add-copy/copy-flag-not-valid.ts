import { type Flag, isFileMode } from '../../language/syntax/index.ts';
import { type Build, convertedSteps, type Settled, type Step, settled, wordsOf } from '../../model/index.ts';
import { remoteKind } from '../../world/context/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

interface Refusal {
  readonly flag: Flag;
  readonly message: string;
  readonly help: string;
  readonly sure: boolean;
}

const DIGEST: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** True for what a registry's digest looks like (github.com/opencontainers/go-digest). */
function isDigest(text: string): boolean {
  const [, algorithm = '', hex = ''] = /^([a-z0-9]+):([a-f0-9]+)$/.exec(text) ?? [];
  return Object.hasOwn(DIGEST, algorithm) && DIGEST[algorithm] === hex.length;
}

/** True for a user or group that only /etc/passwd can tell (`chownByName`); root is 0 everywhere. */
function isByName(owner: string): boolean {
  const colon = owner.indexOf(':');
  const parts = colon < 0 ? [owner] : [owner.slice(0, colon), owner.slice(colon + 1)];
  return parts.some((part) => part !== '' && part !== 'root' && !isNumber(part));
}

const isNumber = (text: string) => /^[+-]?\d+$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;

function ofChecksum(flag: Flag, checksum: Settled, sources: readonly (Settled | undefined)[]): Refusal | undefined {
  const refused = (message: string, help: string, sure = checksum.sure) => ({ flag, message, help, sure });
  if (sources.length !== 1) return refused('a checksum is for one source', 'give each source an ADD of its own');
  const [source] = sources;
  if (source === undefined) return undefined;
  // That this one is a path only COPY and ADD themselves say.
  const kind = source.value.startsWith('github.com/') ? 'git' : remoteKind(source.value);
  const sure = checksum.sure && source.sure;
  if (kind === undefined) {
    return refused('a checksum is for what is fetched, and the source is a path', 'leave --checksum out', sure);
  }
  if (kind === 'git' || isDigest(checksum.value)) return undefined;
  return refused(`${checksum.value} is no checksum`, 'write it as sha256: and 64 hexadecimal digits', sure);
}

/** What BuildKit refuses in the flags of an ADD or COPY when it comes to it (`dispatchCopy` in convert_copy.go). */
function refusalsOf(build: Build, step: Step): readonly Refusal[] {
  const { name, flags, errors } = step.instruction;
  if ((name !== 'COPY' && name !== 'ADD') || errors.length > 0) return [];
  const words = wordsOf(step.instruction);
  const flag = (wanted: string) => flags.find((one) => one.name === wanted);
  const value = (one: Flag | undefined): Settled | undefined =>
    one?.value === undefined ? undefined : settled(build, step, { value: one.value, span: one.valueSpan ?? one.span });
  const found: Refusal[] = [];
  const [chown, chmod, checksum, link] = ['chown', 'chmod', 'checksum', 'link'].map(flag);
  const owner = value(chown);
  if (chown && owner && link && link.value?.toLowerCase() !== 'false' && isByName(owner.value)) {
    const message = `with --link the owner ${owner.value} cannot be looked up: there is no /etc/passwd`;
    found.push({
      flag: chown,
      message,
      help: 'write the numbers of user and group, or leave --link out',
      sure: owner.sure,
    });
  }
  const mode = value(chmod);
  if (chmod && mode && mode.value !== '' && !isFileMode(mode.value)) {
    const message = `${mode.value} is no file mode`;
    found.push({ flag: chmod, message, help: 'write it as 755 or u=rwx,go=rx', sure: mode.sure });
  }
  const sum = value(checksum);
  if (checksum && sum && sum.value !== '') {
    const heredocs = step.instruction.heredocs.map(({ markerSpan }) => markerSpan[0]);
    const paths = words.slice(0, -1).filter(({ span }) => !heredocs.includes(span[0]));
    const refused = ofChecksum(
      checksum,
      sum,
      paths.map((word) => settled(build, step, word)),
    );
    if (refused !== undefined) found.push(refused);
  }
  return found;
}

export default defineRule({
  id: 'copy-flag-not-valid',
  practice: 'P10',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'BuildKit refuses a flag of COPY or ADD: a file mode, an owner with --link, a checksum',
  aliases: [],
  about: { instructions: ['ADD', 'COPY'], otherwise: 'no COPY or ADD has a mode, an owner or a checksum' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Flag | undefined;
    for (const step of convertedSteps(build)) {
      const { name, flags } = step.instruction;
      if (name !== 'COPY' && name !== 'ADD') continue;
      seen ??= flags.find((flag) => ['chown', 'chmod', 'checksum'].includes(flag.name));
      for (const { flag, message, help, sure } of refusalsOf(build, step)) {
        findings.push({
          at: flag.span,
          step,
          message: sure ? message : `without --build-arg ${message}`,
          help,
          ...(!sure && { level: 'warning' as const }),
          fix: { declined: 'what is meant only its author knows' },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no COPY or ADD has a mode, an owner or a checksum' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen.span }, says: 'BuildKit accepts the flags' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `These flags are read when the build comes to their instruction. \`--link\` copies into a layer of its own, where no /etc/passwd
says who \`node\` is: only \`root\` and numbers have a meaning there.`,
  examples: [
    {
      title: 'an owner by name in a linked layer',
      bad: 'FROM node:22\nCOPY --link «--chown=node:node» . /app\n',
      declined: 'only its author',
    },
    { title: 'no octal number', bad: 'FROM debian:12\nCOPY «--chmod=0888» run.sh /\n', declined: 'only its author' },
    {
      title: 'a clause that chmod does not know',
      bad: 'FROM debian:12\nADD «--chmod=u+z» run.sh /\n',
      declined: 'only its author',
    },
    {
      title: 'a checksum of a path',
      bad: 'FROM debian:12\nADD «--checksum=sha256:4c1e2a0123456789abcdef0123456789abcdef0123456789abcdef0123456789» app.tar /\n',
      declined: 'only its author',
    },
    {
      title: 'no checksum',
      bad: 'FROM debian:12\nADD «--checksum=0123abcd» https://example.com/a /a\n',
      declined: 'only its author',
    },
  ],
  silent: [
    {
      title: 'numbers, root, octal and symbolic modes',
      text: 'FROM debian:12\nCOPY --link --chown=1000:0 --chmod=0755 a /a\nCOPY --link --chown=root --chmod=u=rwX,go-w b /b\n',
      is: 'held',
    },
    { title: 'a name without --link', text: 'FROM node:22\nCOPY --link=false --chown=node . /app\n', is: 'held' },
    { title: 'no flag', text: 'FROM debian:12\nCOPY a /a\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#copy'],
};
