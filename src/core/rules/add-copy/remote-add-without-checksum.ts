import { copyWords, plainWord } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'remote-add-without-checksum',
  practice: 'P10',
  catalogue: ['G059', 'P10.2'],
  point: 3,
  level: 'warning',
  fixClass: 'R',
  summary: 'ADD fetches an address and takes whatever comes',
  aliases: [],
  about: { instructions: ['ADD'], otherwise: 'ADD fetches nothing' },
  subject: 'target',
  check({ build }) {
    const findings: Finding[] = [];
    let remote = 0;
    for (const step of build.needed.flatMap(({ steps }) => steps)) {
      const { instruction } = step;
      if (instruction.name !== 'ADD') continue;
      for (const word of copyWords(step)?.sources ?? []) {
        const value = plainWord(step, word);
        if (!/^https?:\/\//i.test(value) || /\.git(?:#|$)/i.test(value)) continue;
        remote += 1;
        if (instruction.flags.some(({ name }) => name === 'checksum')) continue;
        findings.push({
          at: word.span,
          message: /^https:/i.test(value)
            ? 'what this address serves is not checked'
            : 'what this address serves is not checked, and http lets anybody on the way change it',
          help: 'add --checksum=sha256:…, taken from where the publisher states it',
          step,
          fix: { declined: 'the checksum must come from the publisher, not from a download that may be wrong already' },
        });
      }
    }
    if (remote === 0) return { is: 'not-applicable', because: 'ADD fetches nothing' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'fetched files have checksums' }],
    });
  },
});

export const docs: RuleDocs = {
  why: 'A file at an address can change, and so can who serves it. A checksum makes the build fail instead of shipping something else; it also lets BuildKit reuse the step without asking the server.',
  examples: [
    { bad: 'FROM debian:12-slim\nADD «https://example.org/tool.tar.gz» /tmp/\n', declined: 'publisher' },
    {
      title: 'over http',
      bad: 'FROM debian:12-slim\nADD «http://example.org/tool.tar.gz» /tmp/\n',
      declined: 'publisher',
    },
  ],
  silent: [
    {
      title: 'with a checksum',
      text: 'FROM debian:12-slim\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/tool /\n',
      is: 'held',
    },
    { title: 'local files', text: 'FROM debian:12-slim\nADD a.tar.gz /\n', is: 'not-applicable' },
  ],
};
