import { writtenPasswords } from '../../model/index.ts';
import { secretValuesIn } from '../../world/secrets/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const ROTATE = 'replace the value where it was issued: whoever has the file or the image has it';

export default defineRule({
  id: 'secret-value-in-file',
  practice: 'P12',
  catalogue: ['P12.2'],
  point: 4,
  level: 'error',
  fixClass: 'N',
  summary: 'a token, private key or password stands in the file',
  aliases: [],
  marksSecrets: true,
  subject: 'dockerfile',
  check({ build }) {
    const declined = { declined: 'a published value must be replaced first, and no edit takes it back' };
    const findings: Finding[] = secretValuesIn(build.dockerfile.text).map(({ is, span }) => ({
      at: span,
      message: `${is} stands in the file`,
      help: `${ROTATE}; then pass it by --mount=type=secret or at run time`,
      secrets: [span],
      fix: declined,
    }));
    for (const step of build.steps) {
      for (const { word, given } of writtenPasswords(step)) {
        findings.push({
          at: word.span,
          message: `a password for ${given} stands in the file`,
          help: `${ROTATE}; then give it by --mount=type=secret, or do without it`,
          secrets: [word.span],
          // what a build fetches with may be a password that everybody knows
          ...(given !== 'chpasswd' && !given.endsWith(' login') && { level: 'warning' as const }),
          step,
          fix: declined,
        });
      }
    }
    const says = 'no value has the form of a known token';
    return found(findings, { is: 'held', evidence: [{ at: { file: build.file }, says }] });
  },
});

export const docs: RuleDocs = {
  why: `What stands in a Dockerfile is in the repository, in the image's history and often in a build log. Tokens are found by the forms
that their issuers publish, passwords where \`chpasswd\` and \`docker login\` get them. Deleting the line does not take a published value back:
replace it where it was issued.

layerwise never prints the value: reports show asterisks.`,
  examples: [
    {
      title: 'a password that a download needs',
      bad: 'FROM debian:12-slim\nRUN curl -fsS -u «deploy:hunter2hunter2» https://example.org/a -o /a\n',
      declined: 'must be replaced',
    },
    {
      title: 'a password in the environment of a command',
      bad: 'FROM postgres:17\nRUN PGPASSWORD=«hunter2hunter2» psql -h db -f /a.sql\n',
      declined: 'must be replaced',
    },
    {
      title: 'the password of an account',
      bad: `FROM debian:12-slim\nRUN echo «'root:Tr0ub4dor'» | chpasswd\n`,
      declined: 'must be replaced',
    },
    {
      title: 'a login by standard input',
      bad: 'FROM docker:27-cli\nRUN echo «hunter2hunter2» | docker login -u me --password-stdin registry.example.org\n',
      declined: 'must be replaced',
    },
    {
      title: 'sudo',
      bad: 'FROM debian:12-slim\nRUN echo «hunter2hunter2» | sudo -S true\n',
      declined: 'must be replaced',
    },
    {
      title: 'a login',
      bad: 'FROM docker:27-cli\nRUN docker login -u me -p «hunter2hunter2» registry.example.org\n',
      declined: 'must be replaced',
    },
  ],
  silent: [
    {
      title: 'a login whose password comes from a mounted secret, and an answer to a question',
      text: 'FROM docker:27-cli\nRUN --mount=type=secret,id=t cat /run/secrets/t | docker login -u me --password-stdin && echo y | sudo -S true\n',
      is: 'held',
    },
    {
      title: 'a password from a variable, and a name alone',
      text: 'FROM debian:12-slim\nRUN curl -u "$USER:$PASSWORD" https://example.org && curl -u me https://example.org\n',
      is: 'held',
    },
    {
      title: 'a password from a variable',
      text: 'FROM debian:12-slim\nARG PW\nRUN echo "root:$PW" | chpasswd\n',
      is: 'held',
    },
    {
      title: 'from standard input',
      text: 'FROM docker:27-cli\nRUN docker login -u me --password-stdin < /run/secrets/pw\n',
      is: 'held',
    },
    { title: 'a hash', text: `FROM debian:12-slim\nRUN echo 'root:x9' | chpasswd -e\n`, is: 'held' },
    { title: 'a value of documentation', text: 'FROM debian:12-slim\nENV AWS_ID=AKIAIOSFODNN7EXAMPLE\n', is: 'held' },
  ],
  links: ['https://docs.docker.com/build/building/secrets/'],
};
