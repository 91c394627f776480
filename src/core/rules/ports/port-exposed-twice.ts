import { type Edits, refused, removeInstruction } from '../../language/edit/index.ts';
import type { Dockerfile, Instruction, Word } from '../../language/syntax/index.ts';
import { exposedWords, wordsOf } from '../../model/index.ts';
import { containerPorts, portParts } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** More ports than this in one range are not listed. */
const widestRange = 1000;

/** `80`, `8000-8010/udp` as `port/protocol`; undefined for what is no plain port. */
function portsOf(text: string): string[] | undefined {
  const range = text.includes(':') ? undefined : containerPorts(text);
  if (range === undefined || range[1] - range[0] >= widestRange) return undefined;
  const protocol = portParts(text).protocol.toLowerCase() || 'tcp';
  return Array.from({ length: range[1] - range[0] + 1 }, (_, i) => `${range[0] + i}/${protocol}`);
}

/** Takes one port out of EXPOSE, or the whole EXPOSE when it names no other. */
function remove(dockerfile: Dockerfile, instruction: Instruction, words: readonly Word[], word: Word): Edits {
  if (words.length === 1) return removeInstruction(dockerfile, instruction);
  const before = words[words.indexOf(word) - 1];
  const after = words[words.indexOf(word) + 1];
  const [start, end] =
    before === undefined ? [word.span[0], after?.span[0] ?? word.span[1]] : [before.span[1], word.span[1]];
  const rest = dockerfile.text.slice(start, end).replace(word.value, '');
  if (/[^ \t]/.test(rest)) return { declined: 'the port stands on a line of its own' };
  return [{ span: [start, end], text: '' }];
}

export default defineRule({
  id: 'port-exposed-twice',
  practice: 'P24',
  catalogue: ['P24.6'],
  level: 'info',
  fixClass: 'S',
  summary: 'a stage exposes the same port twice',
  aliases: [],
  about: { instructions: ['EXPOSE'], otherwise: 'the file exposes no port' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const { steps } of build.stages) {
      const exposed = new Map<string, Word>();
      for (const { step, word } of exposedWords(steps)) {
        const { instruction } = step;
        seen ??= word;
        const ports = portsOf(word.value) ?? [];
        const earlier = ports.map((port) => exposed.get(port));
        const [first] = earlier;
        for (const port of ports) if (!exposed.has(port)) exposed.set(port, word);
        if (first === undefined || earlier.includes(undefined)) continue;
        const edits = remove(build.dockerfile, instruction, wordsOf(instruction), word);
        findings.push({
          at: word.span,
          message: `port ${word.value} is exposed already`,
          help: 'name each port once',
          related: [{ at: first.span, label: 'here' }],
          fix: refused(edits)
            ? edits
            : { title: `remove ${word.value}`, variant: 'default', edits, claims: [{ kind: 'same-build' }] },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file exposes no port' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen.span }, says: 'each port is exposed once' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: 'The second mention does nothing. Often it is a copied line in which another port was meant.',
  examples: [
    { bad: 'FROM nginx:1.29\nEXPOSE 80 443\nEXPOSE «80»\n', good: 'FROM nginx:1.29\nEXPOSE 80 443\n' },
    {
      title: 'with and without its protocol',
      bad: 'FROM nginx:1.29\nEXPOSE 80 «80/tcp» 443\n',
      good: 'FROM nginx:1.29\nEXPOSE 80 443\n',
    },
    {
      title: 'a comment belongs to it',
      bad: 'FROM nginx:1.29\nEXPOSE 80\n# for the proxy\nEXPOSE «80»\n',
      declined: 'comment',
    },
  ],
  silent: [
    { title: 'two protocols', text: 'FROM nginx:1.29\nEXPOSE 53/tcp 53/udp\n', is: 'held' },
    { title: 'a range that only overlaps', text: 'FROM nginx:1.29\nEXPOSE 8000 8000-8010\n', is: 'held' },
    { title: 'two stages', text: 'FROM nginx:1.29 AS a\nEXPOSE 80\nFROM nginx:1.29\nEXPOSE 80\n', is: 'held' },
    { title: 'variables are not guessed', text: 'FROM nginx:1.29\nEXPOSE 80 $PORT\n', is: 'held' },
    { title: 'no port', text: 'FROM nginx:1.29\n', is: 'not-applicable' },
  ],
};
