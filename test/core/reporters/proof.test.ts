import { expect, test } from 'vitest';
import { proofReport } from '../../../src/core/evidence/proof/index.ts';
import { plain } from '../../../src/core/reporters/index.ts';
import { foretoldLine, jsonProof, markdownProof, prettyProof } from '../../../src/core/reporters/proof.ts';
import type { Claim, Observation, ProofForetold } from '../../../src/core/vocabulary/index.ts';

const claim: Claim = { kind: 'observed', probe: 'uid', expect: { not: 0 } };
const seen: Observation[] = [
  { of: 'before', probe: 'own-bytes', got: { value: 20_000_000 } },
  { of: 'after', probe: 'own-bytes', got: { value: 5_000_000 } },
  { of: 'before', probe: 'argv', got: { value: '/bin/sh -c npm | start \u001b[31m' } },
  { of: 'after', probe: 'argv', got: { missing: 'it ended' } },
];
const report = proofReport({
  engine: 'docker 28',
  before: { name: 'old', steps: [] },
  after: { name: 'new', steps: [], failed: { step: 'RUN <x>', lines: ['no'] } },
  observations: seen,
  verdicts: [
    { claim, is: 'refuted', by: [], why: '0' },
    { claim: { kind: 'observed', probe: 'builds', expect: true }, is: 'upheld', by: [], why: 'yes' },
    { claim: { kind: 'observed', probe: 'health', expect: 'healthy' }, is: 'not-shown', by: [], why: 'it ended' },
  ],
});

test('for people', () => {
  expect(prettyProof(report, plain)).toBe(
    `docker 28; before: old; after: new

                  before                        after       ratio
  above its base  20.0 MB                       5.00 MB     ×0.25
  PID 1           /bin/sh -c npm | start ␛[31m  (it ended)

✘ it runs as root: 0
✔ it builds
? not shown that it becomes healthy: it ended

new: RUN <x>
  no

1 upheld, 1 refuted, 1 not shown
`,
  );
});

test('for a pull request: nothing of it is Markdown or HTML', () => {
  const text = markdownProof(report);
  expect(text).toContain('### layerwise prove: 1 upheld, 1 refuted, 1 not shown\n');
  expect(text).toContain('| above its base | 20.0 MB | 5.00 MB | ×0.25 |\n');
  expect(text).toContain('npm &#124; start ␛&#91;31m');
  expect(text).toContain('RUN &#60;x&#62;');
});

test('for programs', () => {
  const told = JSON.parse(jsonProof(report, '1.2.3'));
  expect(told).toMatchObject({ schemaVersion: 1, tool: { name: 'layerwise', version: '1.2.3' }, engine: 'docker 28' });
  expect(told.observations).toEqual(seen);
  expect(told.verdicts[0]).toMatchObject({ claim, is: 'refuted', says: 'runs as root', why: '0' });
});

test('without a verdict the reason stands last', () => {
  const none = proofReport({ ...report, verdicts: [], observations: [], impossible: 'neither side could be built' });
  expect(prettyProof(none, plain)).toMatch(/no verdict: neither side could be built\n$/);
});

test('what was foretold of an edit', () => {
  const told = (...steps: ProofForetold['steps'][number][]) => foretoldLine({ of: 'after', file: 'a.js', steps });
  const copy = { text: 'COPY . .', is: 'reruns', ran: true } as const;
  const install = { text: 'RUN npm ci', is: 'cached', ran: false } as const;
  const open = { text: 'COPY --from=build /x /', is: 'open', ran: false } as const;
  expect(told(install, copy, open)).toBe('an edit of a.js reran of the after: COPY . .; as foretold');
  expect(told(install)).toBe('an edit of a.js reran of the after: nothing; as foretold');
  expect(told({ ...install, ran: true }, copy)).toBe(
    'an edit of a.js reran of the after: RUN npm ci, COPY . .; foretold otherwise: RUN npm ci',
  );
  expect(told({ ...copy, ran: null })).toBe('the engine did not tell which steps of the after an edit of a.js reran');
  const foretold = [{ of: 'after', file: 'a.js', steps: [copy] } as const];
  expect(prettyProof({ ...report, foretold }, plain)).toContain('\nan edit of a.js reran of the after: COPY . .;');
  expect(markdownProof({ ...report, foretold })).toContain('\n- an edit of a.js');
});
