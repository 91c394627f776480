import type { Word } from '../../language/syntax/index.ts';
import { convertedSteps, copyWords, isTriggered, type Step, settled } from '../../model/index.ts';
import { remoteKind } from '../../world/context/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** The sources of COPY: all words but the last. */
function sourcesOf(step: Step): readonly Word[] {
  const { name, errors } = step.instruction;
  return name === 'COPY' && errors.length === 0 ? (copyWords(step)?.sources ?? []) : [];
}

/** COPY to ADD, where ADD takes all that COPY is told. */
function asAdd(step: Step): Proposal | Declined {
  const { keyword, flags } = step.instruction;
  const own = flags.find(({ name }) => name === 'from' || name === 'parents');
  if (own !== undefined) return { declined: `ADD has no --${own.name}` };
  if (isTriggered(step)) return { declined: 'it is the body of an ONBUILD' };
  if (!/^copy$/i.test(keyword.value)) return { declined: 'the keyword is broken' };
  return {
    title: 'write ADD',
    variant: 'default',
    edits: [{ span: keyword.span, text: keyword.value === 'copy' ? 'add' : 'ADD' }],
    claims: [{ kind: 'repairs', code: 'remote-source' }],
  };
}

export default defineRule({
  id: 'copy-from-url',
  practice: 'P10',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'COPY names an address or a git repository, which only ADD can fetch',
  aliases: [],
  reveals: true,
  about: { instructions: ['COPY'], otherwise: 'nothing is copied' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const step of convertedSteps(build)) {
      for (const word of sourcesOf(step)) {
        seen ??= word;
        const source = settled(build, step, word);
        const kind = source && remoteKind(source.value);
        if (source === undefined || kind === undefined) continue;
        const problem = `COPY cannot fetch ${kind === 'git' ? 'a git repository' : 'from an address'}`;
        findings.push({
          at: word.span,
          step,
          message: source.sure ? problem : `without --build-arg ${problem}`,
          help: 'ADD can; give it --checksum, so that what it fetches stays the same',
          ...(!source.sure && { level: 'warning' as const }),
          fix: asAdd(step),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing is copied' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'COPY takes files and directories' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: 'COPY takes files of the build context, of a stage or of an image. Only ADD fetches from elsewhere, and the build stops at a COPY that is to.',
  examples: [
    {
      bad: 'FROM debian:12\nCOPY «https://example.com/tool» /usr/local/bin/\n',
      good: 'FROM debian:12\nADD https://example.com/tool /usr/local/bin/\n',
    },
    {
      title: 'a git repository',
      bad: 'FROM debian:12\ncopy --chown=1000 «git@github.com:example/app.git» /src\n',
      good: 'FROM debian:12\nadd --chown=1000 git@github.com:example/app.git /src\n',
    },
    {
      title: 'flags that ADD does not have',
      bad: 'FROM debian:12\nCOPY --from=alpine:3.22 «http://example.com/a» /a\n',
      declined: 'ADD has no --from',
    },
    {
      title: 'a variable',
      bad: 'FROM scratch\nARG SITE=https://example.com\nCOPY «$SITE/tool» /tool\n',
      good: 'FROM scratch\nARG SITE=https://example.com\nADD $SITE/tool /tool\n',
    },
  ],
  silent: [
    { title: 'files', text: 'FROM debian:12\nCOPY app github.com/x ftp://a /srv/\n', is: 'held' },
    { title: 'ADD', text: 'FROM debian:12\nADD https://example.com/tool /tool\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#add'],
};
