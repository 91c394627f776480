import type { Word } from '../../language/syntax/index.ts';
import { executedSteps, exposedWords, isTriggered, portsIn } from '../../model/index.ts';
import { portParts } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const PROTOCOLS = new Set(['tcp', 'udp', 'sctp']);

/** The protocol as written in one port of EXPOSE; undefined when none is, or none that BuildKit knows. */
function protocolOf(text: string): string | undefined {
  const { port, protocol } = portParts(text);
  return port !== '' && PROTOCOLS.has(protocol.toLowerCase()) ? protocol : undefined;
}

const isLoud = (port: string) => {
  const protocol = protocolOf(port);
  return protocol !== undefined && protocol !== protocol.toLowerCase();
};

export default defineRule({
  id: 'expose-proto-casing',
  practice: 'P24',
  catalogue: ['P24.4'],
  level: 'info',
  fixClass: 'S',
  summary: 'the protocol of an exposed port is not in small letters',
  aliases: ['buildkit/ExposeProtoCasing'],
  about: { instructions: ['EXPOSE'], otherwise: 'the file exposes no port' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const { step, word } of exposedWords(build.stages.flatMap(executedSteps))) {
      const ports = step.expand(word);
      if (!('value' in ports)) continue;
      seen ??= word;
      if (!portsIn(ports.value).some(isLoud)) continue;
      const written = build.dockerfile.text.slice(...word.span);
      const protocol = isTriggered(step) ? undefined : protocolOf(written);
      findings.push({
        at: word.span,
        step,
        message: `the protocol in ${word.value} is not in small letters`,
        help: 'write tcp, udp or sctp',
        fix:
          protocol === undefined
            ? { declined: 'the protocol comes from a variable or an ONBUILD' }
            : {
                title: `write ${protocol.toLowerCase()}`,
                variant: 'default',
                edits: [{ span: [word.span[1] - protocol.length, word.span[1]], text: protocol.toLowerCase() }],
                claims: [{ kind: 'same-build' }],
              },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file exposes no port' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'protocols are in small letters' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: 'BuildKit stores protocols in small letters whatever is written; one way of writing them is easier to search for.',
  examples: [
    { bad: 'FROM debian:12\nEXPOSE «53/UDP» 80/tcp\n', good: 'FROM debian:12\nEXPOSE 53/udp 80/tcp\n' },
    {
      title: 'from a variable',
      bad: 'FROM debian:12\nENV PORT=53/UDP\nEXPOSE «$PORT»\n',
      declined: 'comes from a variable',
    },
  ],
  silent: [
    { title: 'small letters, or none written', text: 'FROM debian:12\nEXPOSE 53/udp 80\n', is: 'held' },
    { title: 'no port', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/expose-proto-casing/'],
};
