import { convertedSteps, exposedWords, isTriggered, portsIn, settled } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { portProblem } from '../../world/images/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Ports with commas between them, as one is used to from other tools. */
function repair(written: string, span: Span, triggered: boolean): Proposal | Declined {
  const ports = written.split(',').filter((port) => port !== '');
  if (ports.length === 0 || !written.includes(',') || ports.some((port) => portProblem(port) !== undefined)) {
    return { declined: 'which port is meant only its author knows' };
  }
  if (triggered) return { declined: 'it is the body of an ONBUILD' };
  return {
    title: 'write spaces between the ports',
    variant: 'commas',
    edits: [{ span, text: ports.join(' ') }],
    claims: [{ kind: 'repairs', code: 'bad-port' }],
  };
}

export default defineRule({
  id: 'expose-not-a-port',
  practice: 'P24',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'EXPOSE names no port that there is',
  aliases: ['hadolint/DL3011'],
  reveals: true,
  about: { instructions: ['EXPOSE'], otherwise: 'the file exposes no port' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Span | undefined;
    for (const { step, word } of exposedWords(convertedSteps(build))) {
      seen ??= word.span;
      const ports = settled(build, step, word);
      if (ports === undefined) continue;
      const bad = portsIn(ports.value).find((port) => portProblem(port) !== undefined);
      if (bad === undefined) continue;
      const problem = `${bad} is no port: ${portProblem(bad)}`;
      findings.push({
        at: word.span,
        step,
        message: ports.sure ? problem : `without --build-arg ${problem}`,
        help: 'write a port or a range from 0 to 65535, with /tcp, /udp or /sctp after it where that matters',
        ...(!ports.sure && { level: 'warning' as const }),
        fix: repair(build.dockerfile.text.slice(...word.span), word.span, isTriggered(step)),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file exposes no port' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen }, says: 'EXPOSE names ports' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `The build stops at an EXPOSE that names anything but ports: a number above 65535, a range that runs backwards, another
protocol than tcp, udp and sctp, or several ports with commas between them.`,
  examples: [
    {
      title: 'commas',
      bad: 'FROM nginx:1.29\nEXPOSE «80,443»\n',
      good: 'FROM nginx:1.29\nEXPOSE 80 443\n',
      variant: 'commas',
    },
    { title: 'too high', bad: 'FROM nginx:1.29\nEXPOSE «80443»\n', declined: 'only its author' },
    { title: 'a protocol of a layer above', bad: 'FROM nginx:1.29\nEXPOSE «80/http»\n', declined: 'only its author' },
    { title: 'backwards', bad: 'FROM nginx:1.29\nEXPOSE 80 «8010-8000»\n', declined: 'only its author' },
    { title: 'from a variable', bad: 'FROM scratch\nENV PORT=http\nEXPOSE «$PORT»\n', declined: 'only its author' },
    {
      title: 'only with a build argument',
      bad: 'FROM scratch\nARG PORT\nEXPOSE «${PORT}/udp»\n',
      declined: 'only its author',
    },
  ],
  silent: [
    { title: 'ports, ranges, protocols', text: 'FROM nginx:1.29\nEXPOSE 80 8000-8010/tcp 53/UDP\n', is: 'held' },
    { title: 'a variable that may be empty', text: 'FROM scratch\nARG PORT\nEXPOSE 80 $PORT\n', is: 'held' },
    { title: 'no port', text: 'FROM nginx:1.29\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#expose'],
};
