import { describe, expect, test } from 'vitest';
import { proofReport } from '../../../src/core/evidence/proof/index.ts';
import { plain } from '../../../src/core/reporters/index.ts';
import { foretoldLine, jsonProof, markdownProof, prettyProof } from '../../../src/core/reporters/proof.ts';
import { htmlProof } from '../../../src/core/reporters/proof-html.ts';
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

describe('a page', () => {
  const steps = [
    { stage: 'build', text: 'RUN npm   ci', cached: true, seconds: 0 },
    { stage: 'build', text: 'RUN make', cached: false, seconds: 6, began: 1 },
    { stage: 'test', text: 'RUN check', cached: false, seconds: 2, began: 2 },
  ];
  const rebuild = (of: 'before' | 'after', seconds: number, name = 'RUN other') => ({
    ...{ of, file: 'a.js', seconds },
    steps: seconds === 8 ? steps : [{ text: name, cached: false, seconds }],
  });
  const full = {
    ...report,
    observations: [
      { of: 'before' as const, probe: 'image-bytes' as const, got: { value: 80_000_000 } },
      { of: 'after' as const, probe: 'image-bytes' as const, got: { value: 20_000_000 } },
      ...seen,
    ],
    rebuilds: [rebuild('after', 9), rebuild('after', 8), rebuild('before', 10, 'RUN old'), rebuild('after', 1)],
  };

  test('has the verdicts, bars of the sizes, and when each step of the rebuild in the middle ran', () => {
    const html = htmlProof(full);
    expect(html).toContain('<td class="is refuted">✘ refuted</td><td>runs as root</td><td>0</td>');
    expect(html).toContain('aria-label="80.0 MB, 20.0 MB of it above its base"><rect class="base" width="750"');
    expect(html).toContain('<rect class="base" width="187.5" height="1"/><rect class="own" x="187.5" width="62.5"');
    expect(html).toContain('after: 8.00 s <code>new</code>');
    expect(html).not.toContain('RUN other');
    expect(html).toMatch(/<tr class="cached"><td>build<\/td><td><code>RUN npm ci<\/code>.*cached/);
    // Ten seconds are the whole width, on both sides; a stage is named once.
    expect(html).toMatch(/<td><\/td><td><code>RUN make<\/code>.*<rect class="own" x="100" width="600"/);
    expect(html).toMatch(/<td>test<\/td><td><code>RUN check<\/code>.*<rect class="own" x="200" width="200"/);
    expect(html).toMatch(/RUN old<\/code>.*<rect class="own" x="0" width="1000"/);
  });

  test('shows what another change reran, too', () => {
    const change = (of: 'before' | 'after', change: 'dependency' | 'label', what: string) => ({
      ...{ of, change, what, seconds: 4 },
      steps: [{ text: `RUN for ${what}`, cached: of === 'after', seconds: 4 }],
    });
    const changes = [
      ...[change('before', 'dependency', 'package.json'), change('after', 'dependency', 'package.json')],
      change('after', 'label', 'REVISION'),
    ];
    const html = htmlProof({ ...full, changes });
    expect(html).toMatch(
      /<h2>Built again after a change of package.json<\/h2>[\s\S]*before: 4.00 s[\s\S]*after: 4.00 s/,
    );
    expect(html).toMatch(/<h2>Built again with another REVISION<\/h2>[\s\S]*after: 4.00 s/);
    expect(html.match(/RUN for package.json/g)).toHaveLength(2);
    expect(html).not.toContain('undefined');
  });

  test('nothing of a project or an engine is markup in it, and it asks for nothing', () => {
    const bad = '"><script>alert(1)</script><img src=https://x.example/ onerror=y>\u202e\u001b[31m';
    const text = htmlProof(
      {
        ...report,
        engine: bad,
        before: { name: bad, steps: [], failed: { step: bad, lines: [bad] } },
        after: { name: bad, steps: [] },
        rows: report.rows.map((row) => ({ ...row, title: bad, before: bad, after: bad })),
        sayings: report.sayings.map((one) => ({ ...one, says: bad, why: bad })),
        rebuilds: [
          { of: 'after', file: bad, seconds: 1, steps: [{ stage: bad, text: bad, cached: false, seconds: 1 }] },
        ],
        changes: [{ of: 'after', change: 'label', what: bad, seconds: 1, steps: [] }],
        foretold: [{ of: 'after', file: bad, steps: [{ text: bad, is: 'cached', ran: true }] }],
        leftOut: [{ rule: bad, says: [bad] }],
        impossible: bad,
      },
      `+${bad}\n`,
    );
    expect(text).not.toMatch(/<(?:script|img|a|link|iframe)\b|\u202e|\u001b|\s(?:src|href|on\w+)="/);
    expect(text.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(20);
    expect(text).toContain("default-src 'none'");
    expect(text).toContain('prefers-color-scheme: dark');
  });

  test('of a proof without a verdict says why', () => {
    const none = { ...report, verdicts: [], sayings: [], rows: [], observations: [], impossible: 'neither builds' };
    expect(htmlProof(none)).toContain('<p class="sum">no verdict: neither builds</p>');
    expect(htmlProof(none)).not.toMatch(/<table|NaN|Infinity|undefined/);
  });
});

test('a comment mentions nobody, links nowhere, and stays short enough', () => {
  const claimed = proofReport({
    ...report,
    verdicts: [{ claim, is: 'refuted', by: [], why: 'ask @someone at https://x.example or www.x.example $a$' }],
  });
  expect(markdownProof(claimed)).toContain(
    'ask @&#8203;someone at https&#58;//x.example or www&#46;x.example &#36;a&#36;',
  );
  expect(markdownProof(report, '+\n````\n')).toContain('`````diff\n+\n````\n`````\n');
  expect(markdownProof(report, '+x\n'.repeat(30_000)).length).toBeLessThan(65_536);
});
