import type { Word } from '../../language/syntax/index.ts';
import { executedSteps, exposedWords, isTriggered, portsIn } from '../../model/index.ts';
import { portParts } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** True when something but the container's port is named: `8080:80`, `127.0.0.1:8080:80`. A lone ":80" names nothing more. */
function mapsHost(text: string): boolean {
  const { address, host } = portParts(text);
  return /[^:]/.test(address + host);
}

export default defineRule({
  id: 'expose-invalid-format',
  practice: 'P24',
  catalogue: ['P24.3'],
  level: 'warning',
  fixClass: 'S',
  summary: 'EXPOSE names an address or port of the host',
  aliases: ['buildkit/ExposeInvalidFormat'],
  about: { instructions: ['EXPOSE'], otherwise: 'the file exposes no port' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const { step, word } of exposedWords(build.stages.flatMap(executedSteps))) {
      const ports = step.expand(word);
      if (!('value' in ports)) continue;
      seen ??= word;
      if (!portsIn(ports.value).some(mapsHost)) continue;
      const written = build.dockerfile.text.slice(...word.span);
      const plain = /^[0-9a-zA-Z.:[\]/-]+$/.test(written) && !isTriggered(step);
      const container = written.slice(written.lastIndexOf(':') + 1);
      findings.push({
        at: word.span,
        step,
        message: `the port ${word.value} maps a port of the host, which EXPOSE cannot do`,
        help: 'name the container’s port only; `docker run --publish` maps it',
        fix: plain
          ? {
              title: `write ${container}`,
              variant: 'default',
              edits: [{ span: word.span, text: container }],
              claims: [{ kind: 'same-build' }],
            }
          : { declined: 'the port comes from a variable or an ONBUILD' },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'the file exposes no port' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.span }, says: 'EXPOSE names ports of the container only' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `EXPOSE records on which ports the container listens. BuildKit drops the host's half of \`8080:80\` and says that it will
refuse it one day; whoever wrote it believes that port 8080 is open.`,
  examples: [
    { bad: 'FROM nginx:1.29\nEXPOSE «8080:80»\n', good: 'FROM nginx:1.29\nEXPOSE 80\n' },
    {
      title: 'an address',
      bad: 'FROM nginx:1.29\nEXPOSE «127.0.0.1:53:53/udp» 80\n',
      good: 'FROM nginx:1.29\nEXPOSE 53/udp 80\n',
    },
    {
      title: 'a variable',
      bad: 'FROM nginx:1.29\nENV PORT=80\nEXPOSE «8080:$PORT»\n',
      declined: 'comes from a variable',
    },
  ],
  silent: [
    { title: 'ports and ranges', text: 'FROM nginx:1.29\nEXPOSE 80 8000-8010/tcp\n', is: 'held' },
    { title: 'no port', text: 'FROM nginx:1.29\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/expose-invalid-format/'],
};
