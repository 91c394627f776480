import { copyWords, dependsOnArgument, isKnown, plainWord, type Step } from '../../model/index.ts';
import type { FactKey, Path } from '../../vocabulary/index.ts';
import type { Facts } from '../../world/facts/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const ARCHIVE_NAME = /\.(?:tar|tgz|tbz2?|txz|tzst|t?gz|bz2|xz|zst|lzma)$/i;
const REMOTE = /^(?:https?|ftp|git|ssh):\/\/|^git@|\.git(?:#|$)/i;

/** What ADD would do with one source: fetch it, unpack it, or the same as COPY. */
type Use = 'remote' | 'archive' | 'plain' | { readonly unknown: string; readonly wants?: FactKey };

const pathOf = (source: string) => source.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');

/** ADD unpacks by the first bytes of a file, not by its name: a name only says where the bytes need not be asked for. */
function useOf(source: string, context: Path, facts: Facts): Use {
  if (REMOTE.test(source)) return 'remote';
  if (source.includes('$')) return { unknown: 'the source is a variable' };
  if (/[*?[\]\\]/.test(source)) return { unknown: 'the source is a pattern: one of its files may be an archive' };
  const path = pathOf(source);
  if (path === '' || path === '.') return 'plain';
  if (path.split('/').includes('..')) return { unknown: 'the source leaves the build context' };
  const fact = facts.ask('context-file', { context, path });
  if (isKnown(fact)) {
    if (fact.value.is === 'missing') return { unknown: `${path} is not in the build context` };
    return fact.value.archive === null ? 'plain' : 'archive';
  }
  return {
    unknown: `the bytes of ${path} say whether ADD unpacks it`,
    wants: { kind: 'context-file', of: { context, path } },
  };
}

function sourcesOf(step: Step): readonly string[] {
  return (copyWords(step)?.sources ?? []).map((word) => plainWord(step, word));
}

function toCopy(step: Step, uses: readonly Use[]): Proposal | Declined {
  const { instruction, stage } = step;
  if (instruction.flags.some(({ name }) => !['chown', 'chmod', 'link', 'exclude'].includes(name)))
    return { declined: 'a flag of ADD has no place on COPY' };
  if (stage === undefined || step.onbuild)
    return { declined: 'the instruction runs in another build, on files that cannot be seen here' };
  if (copyWords(step)?.sources.some(({ value }) => dependsOnArgument(step, value)))
    return { declined: 'the source is a build argument: a build may give an archive or an address' };
  const open = uses.find((use) => typeof use === 'object');
  if (typeof open === 'object') return { declined: open.unknown };
  const same = (other: Step) =>
    other.instruction.name === 'COPY' && sourcesOf(other).join('\n') === sourcesOf(step).join('\n');
  if (stage.steps.some(same)) return { declined: 'a COPY of the same files stands beside it: one of the two may go' };
  const lower = instruction.keyword.value === instruction.keyword.value.toLowerCase();
  const copies = stage.steps.filter((other) => other.instruction.name === 'COPY' && other.index < step.index).length;
  return {
    title: 'use COPY',
    variant: 'default',
    edits: [{ span: instruction.keyword.span, text: lower ? 'copy' : 'COPY' }],
    claims: [
      {
        kind: 'same-build-but',
        differs: [`${stage.label}/${step.label}/removed`, `${stage.label}/COPY ${copies + 1}/added`],
      },
      { kind: 'observed', probe: 'paths-only-before', expect: [] },
      { kind: 'observed', probe: 'paths-only-after', expect: [] },
    ],
  };
}

export default defineRule({
  id: 'add-for-local-files',
  practice: 'P10',
  catalogue: ['P10.1'],
  point: 3,
  level: 'warning',
  fixClass: 'F',
  summary: 'ADD is used where COPY does the same without surprises',
  aliases: ['hadolint/DL3020'],
  subject: 'target',
  check({ build, facts, context }) {
    const findings: Finding[] = [];
    let seen = 0;
    for (const step of build.needed.flatMap((stage) => stage.steps)) {
      const body = step.instruction.child === undefined ? step : undefined;
      if (body === undefined || body.instruction.name !== 'ADD' || body.instruction.heredocs.length > 0) continue;
      seen += 1;
      const sources = sourcesOf(body);
      const uses = sources.map((source) => useOf(source, context, facts));
      if (uses.includes('remote') || uses.includes('archive')) continue;
      if (
        sources.some((source, i) => typeof uses[i] === 'object' && (ARCHIVE_NAME.test(source) || source.includes('$')))
      )
        continue;
      findings.push({
        at: body.instruction.keyword.span,
        message: 'ADD copies local files here, as COPY does, but would unpack an archive and fetch an address',
        help: 'use COPY; keep ADD for an archive that is meant to be unpacked or a checksummed URL',
        step: body,
        fix: toCopy(body, uses),
      });
    }
    if (seen === 0) return { is: 'held', evidence: [{ at: { file: build.file }, says: 'no ADD' }] };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'ADD only where it unpacks or fetches' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `ADD does three things: it copies, it unpacks a local archive by looking at its first bytes, and it fetches addresses. Which one happens
is not written in the Dockerfile but decided by the file, so a renamed or replaced file changes what the image holds. COPY copies.`,
  observed: ['default'],
  examples: [
    {
      bad: 'FROM debian:trixie-slim\n«ADD» app.conf /etc/app.conf\n',
      good: 'FROM debian:trixie-slim\nCOPY app.conf /etc/app.conf\n',
      files: { 'app.conf': 'port = 8080\n' },
    },
    {
      title: 'flags are kept',
      bad: 'FROM debian:trixie-slim\n«ADD» --chown=1000:1000 src/ /app/\n',
      good: 'FROM debian:trixie-slim\nCOPY --chown=1000:1000 src/ /app/\n',
      files: { src: null, 'src/main.c': 'int main(void) { return 0; }\n' },
    },
    {
      title: 'in JSON form and in quotes, by a variable',
      bad: 'FROM debian:trixie-slim\nENV CONF=app.conf\n«ADD» ["$CONF", "/etc/app.conf"]\n«ADD» "app.conf" /etc/my.conf\n',
      good: 'FROM debian:trixie-slim\nENV CONF=app.conf\nCOPY ["$CONF", "/etc/app.conf"]\nCOPY "app.conf" /etc/my.conf\n',
      files: { 'app.conf': 'port = 8080\n' },
    },
    {
      title: 'a build argument may name an archive',
      bad: 'FROM debian:trixie-slim\nARG SRC=app.conf\nENV CONF=$SRC\n«ADD» $SRC /etc/app.conf\n«ADD» ["${CONF}", "/etc/my.conf"]\n',
      declined: 'the source is a build argument',
      files: { 'app.conf': 'port = 8080\n' },
    },
    {
      title: 'a pattern may match an archive',
      bad: 'FROM debian:trixie-slim\n«ADD» conf/* /etc/app/\n',
      declined: 'one of its files may be an archive',
      files: { 'conf/app.conf': 'a' },
    },
    {
      title: 'the name says nothing about the bytes',
      bad: 'FROM debian:trixie-slim\n«ADD» app.conf /etc/app.conf\n',
      declined: 'the bytes of app.conf',
    },
    {
      title: 'the same files twice',
      bad: 'FROM debian:trixie-slim\n«ADD» . /srv\nCOPY . /srv\n',
      declined: 'one of the two may go',
    },
  ],
  silent: [
    {
      title: 'an archive that is unpacked on purpose',
      text: 'FROM scratch\nADD rootfs.bin /\n',
      is: 'held',
      files: { 'rootfs.bin': '\x1f\x8b\x08\x00' },
    },
    {
      title: 'an archive in JSON form, by a variable',
      text: 'FROM scratch\nENV ROOT=rootfs.bin\nADD ["$ROOT", "/"]\n',
      is: 'held',
      files: { 'rootfs.bin': '\x1f\x8b\x08\x00' },
    },
    { title: 'an archive by its name, bytes unknown', text: 'FROM scratch\nADD rootfs.tar.xz /\n', is: 'held' },
    { title: 'an address', text: 'FROM debian:trixie-slim\nADD https://example.org/a.txt /a.txt\n', is: 'held' },
    { title: 'COPY', text: 'FROM debian:trixie-slim\nCOPY a /a\n', is: 'held' },
  ],
  links: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
};
