/** No secret leaves in a message, a fingerprint or a report. */
import { describe, expect, test } from 'vitest';
import { check } from '../../../src/core/lint/index.ts';
import { json, line, plain, pretty, tally } from '../../../src/core/reporters/index.ts';
import { rules } from '../../../src/core/rules/registry.gen.ts';
import type { Diagnostic } from '../../../src/core/vocabulary/index.ts';

const canary = 'q7Zw3Xk9Lm2Rt8Vb5Nc4Yp6Hs1JdQ7zW3xK9';
const password = 'Tr0ub4dorAnd3';

/** A place for a secret in a Dockerfile, and the value that must not be seen again. */
const places: readonly (readonly [where: string, text: string, secret: string])[] = [
  ['ENV', `FROM debian:12\nENV API_TOKEN=${canary}\n`, canary],
  ['ENV with a token of a known form', `FROM debian:12\nENV X=ghp_${canary}\n`, canary],
  ['ARG before FROM', `ARG DB_PASSWORD=${password}\nFROM debian:12\n`, password],
  ['chpasswd', `FROM debian:12\nRUN echo "root:${password}" | chpasswd\n`, password],
  ['docker login', `FROM docker:27\nRUN docker login -u me --password=${password} r.example.org\n`, password],
  [
    'docker login, piped',
    `FROM docker:27\nRUN echo ${password} | docker login -u me --password-stdin r.example.org\nCMD serve $X\n`,
    password,
  ],
  [
    'docker login, piped and decoded',
    `FROM docker:27\nRUN echo -n "${canary}" | base64 -d | docker login -u me --password-stdin r.example.org\n`,
    canary,
  ],
  [
    'docker login, a here-string',
    `FROM docker:27\nSHELL ["/bin/bash", "-c"]\nRUN docker login -u me --password-stdin <<< ${password}\n`,
    password,
  ],
  ['sudo', `FROM debian:12\nRUN echo '${password}' | sudo -S apt-get update\n`, password],
  ['printf to passwd', `FROM fedora:42\nRUN printf '%s\\n' ${password} | passwd --stdin root\n`, password],
  ['a key, decoded into its file', `FROM debian:12\nRUN echo ${canary} | base64 -d > /root/.ssh/id_rsa\n`, canary],
  ['an address', `FROM debian:12\nRUN git clone https://bot:${password}@git.example.org/a.git\n`, password],
  [
    'a value used twice',
    `FROM debian:12\nENV API_TOKEN=${canary}\nRUN curl -H "X: ${canary}" https://example.org\n`,
    canary,
  ],
  ['.npmrc', `FROM node:22\nRUN echo "//r.example.org/:_authToken=npm_${canary}" > ~/.npmrc\n`, canary],
  ['a comment', `FROM node:22\n# once npm_${canary}\nRUN true\n`, canary],
  [
    'a private key',
    `FROM debian:12\nRUN echo "-----BEGIN ${'PRIVATE'} KEY-----\\n${canary}AAAA\\n-----END PRIVATE KEY-----" > /k\n`,
    canary,
  ],
];

describe.each(places)('a secret in %s', (_, text, secret) => {
  const report = check({ file: 'Dockerfile', text });

  test('is found, and marked', () => {
    expect(report.diagnostics.some(({ secrets }) => secrets !== undefined && secrets.length > 0)).toBe(true);
  });

  test('is in no message, help, fingerprint, evidence or reason', () => {
    const { text: _text, ...rest } = report;
    expect(JSON.stringify(rest)).not.toContain(secret);
  });

  test('has a fingerprint that does not depend on its value', () => {
    const other = check({ file: 'Dockerfile', text: text.replaceAll(secret, [...secret].reverse().join('')) });
    const marked = ({ diagnostics }: typeof report) =>
      diagnostics.filter(({ secrets }) => secrets).map(({ rule, fingerprint }) => `${rule} ${fingerprint}`);
    expect(marked(other)).toEqual(marked(report));
  });

  test.each([
    ['json', json('1.0.0')],
    ['line', line],
    ['pretty', pretty({ paint: plain })],
  ] as const)('is not in what the reporter %s tells', (_name, reporter) => {
    const sums = tally();
    sums.add(report);
    const told = reporter.file(report) + reporter.end(sums.summary());
    expect(told.length).toBeGreaterThan(100);
    expect(told).not.toContain(secret);
  });

  test('is masked when only another rule is asked', () => {
    const settings = { rules: Object.fromEntries(rules.map(({ id }) => [id, 'off' as const])) };
    const reporter = pretty({ paint: plain });
    const span = [text.indexOf(secret), text.indexOf(secret) + 1] as const;
    const bare = check({ file: 'Dockerfile', text }, { settings });
    const other: Diagnostic = {
      rule: 'another',
      level: 'info',
      at: { file: 'Dockerfile', span },
      message: 'something else',
      targets: [],
      fingerprint: '0',
    };
    const told = reporter.file({ ...bare, diagnostics: [other] });
    expect(told).toContain('something else');
    expect(told).not.toContain(secret);
  });
});
