import type { Span } from '../../vocabulary/index.ts';
import { credentialsInUrls } from '../../world/secrets/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'credentials-in-url',
  practice: 'P12',
  catalogue: ['P12.4'],
  point: 4,
  level: 'error',
  fixClass: 'F',
  summary: 'an address carries a password or token',
  aliases: [],
  marksSecrets: true,
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let addresses = false;
    for (const step of [...build.metaArgs, ...build.steps]) {
      const { instruction } = step;
      const [from, end] = instruction.span;
      const text = build.dockerfile.text.slice(from, end);
      addresses ||= text.includes('://');
      for (const credential of credentialsInUrls(text)) {
        const at: Span = [from + credential.span[0], from + credential.span[1]];
        if (instruction.innerComments.some(([low, high]) => low <= at[0] && at[1] <= high)) continue;
        const { is } = credential;
        // a value from a mounted secret is in no layer unless the program keeps the address
        if (is === 'variable' && step.mounts.some(({ type }) => type === 'secret')) continue;
        findings.push({
          at,
          message:
            is === 'variable'
              ? `the value of this variable becomes part of an address, which ${instruction.name === 'RUN' ? 'logs, .git/config and the history of the image' : 'the image'} may keep`
              : is === 'example'
                ? 'the address carries a default password'
                : 'the address carries a password or token',
          help: 'use --mount=type=secret or --mount=type=ssh, or pass the address when the container starts',
          ...(is !== 'literal' && { level: is === 'variable' ? ('warning' as const) : ('info' as const) }),
          ...(is === 'literal' && { secrets: [at] }),
          step,
          fix: {
            declined:
              'who serves the address decides how else it can be asked: by SSH, a secret mount or a setting at run time',
          },
        });
      }
    }
    if (!addresses) return { is: 'not-applicable', because: 'no address is written' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file }, says: 'no address carries a password' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `An address with a password is kept by more than the instruction: the image's history, build logs, \`.git/config\` of a clone, \`pip.conf\`,
the provenance attestation. Fetch private repositories with \`--mount=type=ssh\`, packages with \`--mount=type=secret\`.`,
  examples: [
    { bad: 'FROM alpine/git\nRUN git clone https://bot:«s3cr3tw0rd»@git.example.org/app.git\n', declined: 'by SSH' },
    {
      title: 'from a build argument',
      bad: 'FROM alpine/git\nARG TOKEN\nRUN git clone https://bot:«${TOKEN}»@git.example.org/app.git\n',
      declined: 'by SSH',
    },
    {
      title: 'a default, as info',
      bad: 'FROM debian:12-slim\nENV BROKER=amqp://guest:«guest»@broker:5672\n',
      declined: 'at run time',
    },
  ],
  silent: [
    {
      title: 'a user without a password',
      text: 'FROM alpine/git\nRUN git clone ssh://git@git.example.org/app.git\n',
      is: 'held',
    },
    {
      title: 'a mounted secret',
      text: 'FROM python:3.12-slim\nRUN --mount=type=secret,id=t,env=TOKEN pip install --index-url https://bot:$TOKEN@pypi.example.org/simple app\n',
      is: 'held',
    },
    {
      title: 'a port and an @ later',
      text: 'FROM node:22\nRUN npm install --registry https://r.example.org:4873/ @scope/app\n',
      is: 'held',
    },
    { title: 'no address', text: 'FROM debian:12-slim\n', is: 'not-applicable' },
  ],
};
