import { hasProgram, hasShell, isKnown, type StepCommand, valueOf } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Programs whose presence the base table knows, with what to use where they are missing. */
const PROGRAMS = new Set(['curl', 'wget', 'nc', 'python', 'python3', 'node', 'bash', 'perl']);

/** Another program takes over when this one fails. */
function hasFallback({ command, script }: StepCommand): boolean {
  const { list, pipeline } = command;
  const at = list.pipelines.indexOf(pipeline);
  return list.operators.some(({ text }, i) => {
    if (text !== '||' || i < at) return false;
    const index = list.pipelines[i + 1]?.commands[0];
    const next = index === undefined ? undefined : script.commands[index]?.program;
    return next !== 'exit' && next !== 'false' && next !== 'kill';
  });
}

export default defineRule({
  id: 'probe-without-program',
  practice: 'P16',
  catalogue: ['G085'],
  point: 5,
  level: 'warning',
  fixClass: 'F+B',
  summary: 'the health check needs a program that the image lacks',
  aliases: [],
  about: { instructions: ['HEALTHCHECK'], otherwise: 'no health check is set' },
  subject: 'target',
  check({ build, target }) {
    const probe = target.end.healthcheck;
    if (probe === undefined || probe.instruction.probe?.value.toUpperCase() === 'NONE')
      return { is: 'not-applicable', because: 'no health check is set' };
    const { args, span } = probe.instruction;
    const [first] = args.form === 'json' && probe.scripts.length === 0 ? args.elements : [];
    const used =
      first !== undefined
        ? [{ program: first.value, at: first.span }]
        : probe.commands
            .filter((each) => each.command.certain && !hasFallback(each))
            .map(({ command }) => ({ program: command.program ?? '', at: command.programWord?.span ?? command.span }));
    if (args.form === 'shell' && probe.before.shellStep === undefined && valueOf(hasShell(target)) === false) {
      const message = 'the image has no shell, which a probe in shell form needs: it fails always';
      const at = args.span;
      const declined = 'which probe the program offers comes from the application: `layerwise adopt` will find it';
      const help = 'write a JSON array, and start a probe that the program brings';
      return { is: 'violated', findings: [{ at, message, help, step: probe, fix: { declined } }] };
    }
    const findings: Finding[] = [];
    let unknown: string | undefined;
    let seen = 0;
    for (const { program: path, at } of used) {
      const program = path.slice(path.lastIndexOf('/') + 1);
      if (!PROGRAMS.has(program)) continue;
      const has = hasProgram(build, target, program);
      if (!isKnown(has)) unknown ??= `it does not show whether the image has ${program}: ${has.unknown}`;
      else if (has.value) seen += 1;
      else {
        findings.push({
          at,
          message: `the image has no ${program}: the probe fails always, and the container is unhealthy`,
          help: "use what the image has (the language's own HTTP client, wget on Alpine), or a probe that the program brings",
          step: probe,
          related: [{ at: target.from.instruction.keyword.span, label: 'the image starts from here' }],
          fix: {
            declined: 'which probe the program offers comes from the application: `layerwise adopt` will find it',
          },
        });
      }
    }
    if (findings.length === 0 && unknown !== undefined) return { is: 'unknown', because: unknown };
    if (seen === 0) return found(findings, { is: 'not-applicable', because: 'the probe uses a program of its own' });
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span }, says: 'the image has what the probe needs' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `\`curl\` is in no slim image, \`wget\` in no Debian image. A probe that cannot start fails like one that gets no answer: after some retries the
container is unhealthy, and an orchestrator restarts a service that works.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nHEALTHCHECK CMD «curl» -f http://127.0.0.1:3000/ || exit 1\nCMD ["node", "server.js"]\n',
      declined: 'adopt',
    },
    {
      title: 'packages that bring none, a program that is copied by its name',
      bad: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq5\nCOPY --from=build /app /usr/local/bin/app\nHEALTHCHECK CMD «curl» -f http://127.0.0.1:3000/\n',
      declined: 'adopt',
    },
    {
      title: 'no shell to start it',
      bad: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app /app\nHEALTHCHECK CMD «/app health || exit 1»\nENTRYPOINT ["/app"]\n',
      declined: 'adopt',
    },
    {
      title: 'exec form',
      bad: 'FROM python:3.12-slim-bookworm\nHEALTHCHECK CMD [«"wget"», "-q", "--spider", "http://127.0.0.1/"]\nCMD ["gunicorn", "app:app"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'a compiler brings no curl, a program copied by its name none either, but another package may',
      text: 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends monit\nHEALTHCHECK CMD curl -f http://127.0.0.1:3000/\n',
      is: 'unknown',
    },
    {
      title: 'installed',
      text: 'FROM node:22-bookworm-slim\nRUN apt-get update && apt-get install -y curl\nHEALTHCHECK CMD curl -f http://127.0.0.1:3000/\n',
      is: 'held',
    },
    {
      title: 'the language itself',
      text: `FROM node:22-bookworm-slim\nHEALTHCHECK CMD ["node", "-e", "fetch('http://127.0.0.1:3000/')"]\n`,
      is: 'held',
    },
    {
      title: 'wget of busybox',
      text: 'FROM node:22-alpine\nHEALTHCHECK CMD wget -qO- http://127.0.0.1:3000/\n',
      is: 'held',
    },
    {
      title: 'an image that nobody knows',
      text: 'FROM registry.example.org/app:1\nHEALTHCHECK CMD curl -f http://127.0.0.1/\n',
      is: 'unknown',
    },
    {
      title: 'a probe of its own',
      text: 'FROM debian:12-slim\nHEALTHCHECK CMD ["/app", "--health"]\n',
      is: 'not-applicable',
    },
    { title: 'none', text: 'FROM debian:12-slim\nHEALTHCHECK NONE\n', is: 'not-applicable' },
  ],
};
