import { copyWords, neededRuns, type Step, stepsNamed } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const PLAIN = /^(?:http|ftp):\/\/(?!localhost[:/]|127\.0\.0\.1[:/]|\[::1\]|host\.docker\.internal[:/])/i;
const ADDRESS = /^(?:https?|ftp):\/\//i;

/** What is compared with a checksum or a signature may come over any way. */
const VERIFIES = /^(?:sha\d+sum|md5sum|shasum|gpg|gpg2|gpgv|cosign|minisign|openssl)$/;

interface Download {
  readonly step: Step;
  readonly span: Span;
  readonly address: string;
  readonly verified: boolean;
}

function inRun(step: Step): readonly Download[] {
  const verified = step.commands.some(({ command }) => VERIFIES.test(command.program ?? ''));
  return step.commands.flatMap(({ invocation }) =>
    /^(?:curl|wget|git|aria2c?|rpm)$/.test(invocation?.program ?? '')
      ? (invocation?.urls ?? []).map(({ span, unquoted }) => ({ step, span, address: unquoted, verified }))
      : [],
  );
}

/** Of ADD only repositories: that a file has no checksum says remote-add-without-checksum, whatever the way it comes. */
function inAdd(step: Step): readonly Download[] {
  const verified = step.instruction.flags.some(({ name }) => name === 'checksum');
  return (copyWords(step)?.sources ?? [])
    .filter(({ value }) => verified || /\.git(?:#|$)/i.test(value))
    .map(({ span, value }) => ({ step, span, address: value, verified }));
}

export default defineRule({
  id: 'plain-http-download',
  practice: 'X4',
  catalogue: ['X4.6'],
  level: 'info',
  fixClass: 'B',
  summary: 'something is downloaded over a connection that anybody can change',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const downloads = [
      ...neededRuns(build).flatMap(inRun),
      ...build.needed.flatMap((stage) => stepsNamed(stage, 'ADD')).flatMap(inAdd),
    ].filter(({ address }) => ADDRESS.test(address));
    const [first] = downloads;
    if (first === undefined) return { is: 'not-applicable', because: 'nothing is downloaded from an address' };
    const findings: Finding[] = downloads
      .filter(({ address, verified }) => PLAIN.test(address) && !verified)
      .map(({ step, span, address }) => ({
        at: span,
        message: `what comes over ${address.slice(0, address.indexOf(':')).toLowerCase()} can be changed on the way, and nothing checks it`,
        help: 'use https, or compare it with a checksum',
        step,
        fix: { declined: 'whether the host answers over https is not known here' },
      }));
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: first.span }, says: 'downloads come over https or are checked' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `Over http and ftp nobody knows who has answered. What a build downloads that way, unpacks and runs, can be replaced by any
machine between it and the server. Nearly every host has https today; where one has not, a checksum does the same.`,
  examples: [
    { bad: 'FROM debian:12\nRUN curl -fsSLO «http://example.com/a.tar.gz»\n', declined: 'not known here' },
    { title: 'ADD', bad: 'FROM debian:12\nADD «http://example.com/a.git» /a/\n', declined: 'not known here' },
    { title: 'ftp', bad: 'FROM debian:12\nRUN wget «ftp://example.com/a.tar.gz»\n', declined: 'not known here' },
  ],
  silent: [
    { title: 'https', text: 'FROM debian:12\nRUN curl -fsSLO https://example.com/a.tar.gz\n', is: 'held' },
    {
      title: 'a checksum',
      text: 'FROM debian:12\nRUN curl -fsSLO http://example.com/a && echo "abc  a" | sha256sum -c\n',
      is: 'held',
    },
    {
      title: 'ADD with a checksum',
      text: 'FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://example.com/a /a\n',
      is: 'held',
    },
    {
      title: 'a file that ADD fetches without a checksum: remote-add-without-checksum tells it',
      text: 'FROM debian:12\nADD http://example.com/a.tar.gz /a/\n',
      is: 'not-applicable',
    },
    { title: 'its own server', text: 'FROM debian:12\nRUN curl http://localhost:80/\n', is: 'held' },
    { title: 'nothing', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
};
