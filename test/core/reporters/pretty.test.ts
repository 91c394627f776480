import { describe, expect, test } from 'vitest';
import { type Paint, type PrettyOptions, plain, pretty, tally } from '../../../src/core/reporters/index.ts';
import type { FileReport } from '../../../src/core/vocabulary/index.ts';
import { checklist, diagnostic, fix, marked, report } from './reports.ts';

function told(reports: readonly FileReport[], options: PrettyOptions = {}): string {
  const reporter = pretty({ files: reports.length, ...options });
  const counts = tally();
  const chunks = reports.map((one) => {
    counts.add(one);
    return reporter.file(one);
  });
  return chunks.join('') + reporter.end(counts.summary());
}

/** Just the frame of one diagnostic. */
function framed(source: string, options: PrettyOptions = {}): string {
  const { text, span } = marked(source);
  return told([report(text, [diagnostic(span)])], { quiet: true, ...options })
    .split('\n')
    .slice(2, -2)
    .join('\n');
}

test('what a person sees first', () => {
  const { text, span } = marked('FROM debian:12\nRUN «apt-get update» && apt-get install -y curl\n');
  const found = diagnostic(span, {
    rule: 'apt-lists-left-behind',
    message: 'package lists in /var/lib/apt/lists stay in this layer',
    help: 'remove the lists in the RUN that created them',
    fix: fix('safe', 'append rm -rf /var/lib/apt/lists/*'),
  });
  const points = checklist([
    { point: 2, is: 'not-met', diagnostics: 2, fixable: 2 },
    { point: 7, is: 'unknown', because: 'no build context' },
  ]);
  const one = report(text, [found], {
    checklist: points,
    skipped: ['a', 'b', 'c'],
    missing: [{ unknown: 'needs a registry', flag: '--online' }],
  });
  expect(told([one])).toBe(`warning[apt-lists-left-behind]: package lists in /var/lib/apt/lists stay in this layer
 --> Dockerfile:2:5
  |
2 | RUN apt-get update && apt-get install -y curl
  |     ^^^^^^^^^^^^^^
  = help: remove the lists in the RUN that created them (fix is safe: append rm -rf /var/lib/apt/lists/*)

Checklist                                              Dockerfile
  ✔ 1 multi-stage build with a minimal final image
  ✘ 2 cache-friendly order and cache mounts            2 diagnostics, 2 fixable
  ✔ 3 non-root user, COPY rather than ADD
  ✔ 4 no secrets in layers
  ✔ 5 exec-form start command and health check
  ✔ 6 labels, and a pinned base image
  ? 7 .dockerignore prunes the build context           no build context
1 file: 1 warning, fixable with --fix. 3 rules skipped: they need --online.
`);
});

test('clean output is one line', () => {
  expect(told([report('FROM scratch\n', [], { checklist: checklist() })])).toBe(
    '1 file: no diagnostics, checklist 7/7.\n',
  );
  const many = Array.from({ length: 5 }, () => report('FROM scratch\n', [], { checklist: checklist() }));
  expect(told(many)).toBe('5 files: no diagnostics, checklist 7/7.\n');
});

test('many files get one checklist', () => {
  const bad = checklist([
    { point: 4, is: 'not-met', diagnostics: 1 },
    { point: 7, is: 'not-applicable' },
  ]);
  const reports = [bad, checklist(), checklist(), checklist([{ point: 4, is: 'unknown' }])].map((points) =>
    report('FROM scratch\n', [], { checklist: points }),
  );
  expect(told(reports)).toBe(`Checklist                                              4 files
  ✔ 1 multi-stage build with a minimal final image     4 of 4 files meet it
  ✔ 2 cache-friendly order and cache mounts            4 of 4 files meet it
  ✔ 3 non-root user, COPY rather than ADD              4 of 4 files meet it
  ✘ 4 no secrets in layers                             2 of 4 files meet it, 1 does not, 1 unknown
  ✔ 5 exec-form start command and health check         4 of 4 files meet it
  ✔ 6 labels, and a pinned base image                  4 of 4 files meet it
  ✔ 7 .dockerignore prunes the build context           3 of 4 files meet it, 1 not applicable
4 files: no diagnostics.
`);
});

describe('frames', () => {
  test('an empty span is one caret', () => {
    expect(framed('FROM a«»\n')).toBe('  |\n1 | FROM a\n  |       ^');
    expect(framed('«»')).toBe('  |\n1 |\n  | ^');
  });

  test('a span of several lines', () => {
    expect(framed('FROM a\n«RUN one \\\n    two»\n')).toBe(`  |
2 | / RUN one \\
3 | |     two
  | |_______^`);
  });

  test('a span of several lines that starts inside one', () => {
    expect(framed('RUN «one && \\\n  two» three\n')).toBe(`  |
1 |   RUN one && \\
  |  _____^
2 | |   two three
  | |_____^`);
  });

  test('a long span is shown by its ends', () => {
    const lines = Array.from({ length: 12 }, (_, i) => `line ${i + 1} \\`).join('\n');
    expect(framed(`«${lines}»`)).toBe(`   |
 1 | / line 1 \\
 2 | | line 2 \\
 3 | | line 3 \\
   | | …
11 | | line 11 \\
12 | | line 12 \\
   | |_________^`);
  });

  test('line ends belong to no frame', () => {
    expect(framed('FROM a\r\n«RUN x\r\n»\r\n')).toBe('  |\n2 | RUN x\n  | ^^^^^');
  });

  test('tabs and wide characters keep the caret below its text', () => {
    expect(framed('RUN\t«echo»')).toBe('  |\n1 | RUN echo\n  |     ^^^^');
    expect(framed('\tRUN\t\t«x»')).toBe('  |\n1 |     RUN     x\n  |             ^');
    expect(framed('LABEL a=漢字 «b»=c')).toBe('  |\n1 | LABEL a=漢字 b=c\n  |              ^');
    expect(framed('LABEL a=é́ «b»=c')).toBe('  |\n1 | LABEL a=é́ b=c\n  |           ^');
  });

  test('a very long line is cut around the span', () => {
    const text = framed(`RUN ${'a'.repeat(5000)} «here» ${'b'.repeat(5000)}`, { width: 40 });
    const [, line, marks] = text.split('\n') as [string, string, string];
    expect(line).toBe(`1 | …aaaaaaaaa here bbbbbbbbbbbbbbbbbbbbbbbbb…`);
    expect(marks.indexOf('^')).toBe(line.indexOf('here'));
    expect(marks.replace(/ /g, '')).toBe('|^^^^');
  });

  test('a span longer than the width', () => {
    const [, line, marks] = framed(`«${'x'.repeat(500)}»`, { width: 40 }).split('\n') as [string, string, string];
    expect(line).toBe(`1 | ${'x'.repeat(40)}…`);
    expect(marks).toBe(`  | ${'^'.repeat(40)}`);
  });

  test('related places, here and elsewhere', () => {
    const text = 'FROM a AS one\nCOPY . .\n';
    const found = diagnostic([14, 18], {
      related: [
        { at: { file: 'Dockerfile', span: [10, 13] }, label: 'the stage starts here' },
        { at: { file: '.dockerignore' }, label: 'there is no such file' },
        { at: { image: 'debian:12', path: '/etc/passwd' }, label: 'comes from the base' },
      ],
      targets: ['dev', 'prod'],
      suggestions: [fix('unsafe', 'write a .dockerignore')],
      fix: { declined: 'init writes one' },
    });
    expect(told([report(text, [found])], { quiet: true })).toBe(`warning[some-rule]: something is wrong
 --> Dockerfile:2:1
  |
2 | COPY . .
  | ^^^^
 ::: Dockerfile:1:11
  |
1 | FROM a AS one
  |           --- the stage starts here
 ::: .dockerignore: there is no such file
 ::: debian:12 /etc/passwd: comes from the base
  = no fix: init writes one
  = suggestion: write a .dockerignore
  = targets: dev, prod

`);
  });

  test('a diagnostic of the whole file, or of another tool', () => {
    const found = diagnostic(undefined, { level: 'error', code: 'SC2086', message: 'x' });
    expect(told([report('', [found])], { quiet: true })).toBe('error[some-rule SC2086]: x\n --> Dockerfile\n\n');
  });
});

describe('nothing from a file steers the terminal', () => {
  test('control characters and bidirectional overrides are shown', () => {
    expect(framed('RUN \u001b[31m\u202e «x»')).toBe('  |\n1 | RUN ␛[31m<U+202E> x\n  |                   ^');
    expect(framed('RUN \u009b\u007f\r«x»')).toBe('  |\n1 | RUN <U+009B>␡␍x\n  |               ^');
  });

  test('bytes that are not UTF-8, and a byte order mark', () => {
    expect(framed('\ufeffFROM \udcff«x»')).toBe('  |\n1 | FROM <FF>x\n  |          ^');
  });

  test('in messages and names too', () => {
    const found = diagnostic([0, 1], { message: 'bad\u001b]0;title\u0007\nname' });
    const text = told([report('x', [found], { file: 'Docker\u001bfile' })], { quiet: true });
    expect(text).toContain('bad␛]0;title␇␊name');
    expect([...text].filter((c) => c < ' ' && c !== '\n')).toEqual([]);
  });
});

describe('secrets', () => {
  const text = 'ENV TOKEN=hunter2hunter2\nRUN curl -H hunter2hunter2\n';
  const secrets = [{ file: 'Dockerfile', span: [10, 24] as const }];

  test('are masked where they are and wherever they occur', () => {
    const found = [
      diagnostic([10, 24], { secrets, message: 'hunter2hunter2 is a secret' }),
      diagnostic([29, 33], { help: 'not hunter2hunter2' }),
    ];
    const all = told([report(text, found)]);
    expect(all).not.toContain('hunter2');
    expect(all).toContain('1 | ENV TOKEN=**************\n  |           ^^^^^^^^^^^^^^');
    expect(all).toContain('2 | RUN curl -H **************');
  });

  test('of several lines keep their lines', () => {
    const key = 'RUN echo "-----BEGIN\nabcdef\n-----END"\n';
    const found = diagnostic([9, 38], { secrets: [{ file: 'Dockerfile', span: [9, 38] }] });
    const all = told([report(key, [found])], { quiet: true });
    expect(all).not.toContain('abcdef');
    expect(all).toContain('2 | | ******');
  });
});

test('ignored diagnostics are counted, not shown', () => {
  const found = diagnostic([0, 1], { ignored: { by: { file: 'Dockerfile', span: [0, 1] }, reason: 'known' } });
  expect(told([report('x', [found])])).toBe('1 file: no diagnostics, 1 ignored.\n');
});

test('a fix that was taken back is told as our bug', () => {
  const fixed = {
    before: 'x',
    applied: [],
    banned: [{ rule: 'some-rule', title: 'do it', because: 'it removes a comment' }],
  };
  expect(told([report('x', [], { fixed })], { quiet: true })).toBe(
    'bug[some-rule]: a fix was taken back because it would break the file\n --> Dockerfile\n  = do it: it removes a comment\n\n',
  );
});

describe('the last line', () => {
  const count = (diagnostics: FileReport['diagnostics'], options: PrettyOptions = {}, more: Partial<FileReport> = {}) =>
    told([report('x', diagnostics, more)], options)
      .split('\n')
      .at(-2);
  const safe = diagnostic([0, 1], { fix: fix('safe', 'a') });
  const unsafe = diagnostic([0, 1], { fix: fix('unsafe', 'a'), level: 'error' });
  const none = diagnostic([0, 1], { level: 'info' });

  test('tells what can be fixed', () => {
    expect(count([safe, safe])).toBe('1 file: 2 warnings, all fixable with --fix.');
    expect(count([safe, none])).toBe('1 file: 1 warning, 1 info, 1 fixable with --fix.');
    expect(count([safe, unsafe, none])).toBe(
      '1 file: 1 error, 1 warning, 1 info, 1 fixable with --fix, 1 more with --fix --unsafe-fixes.',
    );
    expect(count([unsafe])).toBe('1 file: 1 error, 1 fixable with --fix --unsafe-fixes.');
  });

  test('tells what was fixed', () => {
    const applied = [{ rule: 'r', title: 't', variant: 'v', safety: 'safe', line: 1 } as const];
    const fixed = { before: 'y', applied, banned: [] };
    expect(count([none], { fixing: 'written' }, { fixed })).toBe('1 file: 1 fixed, 1 info left.');
    expect(count([], { fixing: 'shown' }, { fixed })).toBe('1 file: 1 would be fixed, no diagnostics.');
  });

  test('tells what was not checked', () => {
    expect(count([], {}, { skipped: ['a'] })).toBe('1 file: no diagnostics. 1 rule skipped for want of facts: a.');
    const missing = [{ unknown: 'the base image is not in the table' }];
    expect(count([], {}, { skipped: ['a', 'b'], missing })).toBe(
      '1 file: no diagnostics. 2 rules skipped: the base image is not in the table.',
    );
    expect(count([], {}, { skipped: ['a', 'b', 'c', 'd', 'e'] })).toBe(
      '1 file: no diagnostics. 5 rules skipped for want of facts: a, b, c and 2 more.',
    );
    const counts = tally();
    counts.fail({ file: 'x', is: 'failed', says: 'does not exist' });
    counts.fail({ file: 'y', is: 'skipped', says: 'is a template' });
    expect(pretty().end(counts.summary())).toBe(
      '0 files: no diagnostics. 1 file could not be checked. 1 file left out.\n',
    );
  });
});

describe('over many files', () => {
  const grave = diagnostic([0, 1], { rule: 'bad-thing', level: 'error' });
  const fixable = diagnostic([0, 1], { rule: 'fixable-thing', fix: fix('safe', 'mend it') });
  const note = diagnostic([0, 1], { rule: 'note', level: 'info' });
  const end = (reports: readonly FileReport[], options: PrettyOptions = {}) =>
    told(reports, { quiet: false, checklist: false, ...options })
      .split('\n')
      .slice(-6)
      .join('\n');

  test('the rules are counted, the gravest first', () => {
    const reports = [
      report('x', [note, note, note]),
      report('x', [grave, fixable]),
      report('x', [note]),
      report('x', []),
    ];
    expect(end(reports)).toBe(
      [
        'Rules                                                  6 diagnostics',
        '  error   bad-thing                                    1 in 1 file',
        '  warning fixable-thing                                1 in 1 file, all fixable',
        '  info    note                                         4 in 2 files',
        '4 files: 1 error, 1 warning, 4 infos, 1 fixable with --fix.',
        '',
      ].join('\n'),
    );
  });

  test('those that do not fit are summed up', () => {
    const found = Array.from({ length: 12 }, (_, i) => diagnostic([0, 1], { rule: `rule-${i}` }));
    expect(end([report('x', found), report('x', found), report('x', []), report('x', [])])).toContain(
      '2 in 2 files\n  4 more rules: 8 diagnostics\n4 files: 24 warnings.',
    );
  });

  test('few files, one rule, quiet and diff runs go without', () => {
    const both = [report('x', [grave, note])];
    const many = Array.from({ length: 4 }, () => report('x', [note]));
    expect(told(both)).not.toContain('Rules');
    expect(told(many)).not.toContain('Rules');
    expect(told([...both, ...many], { quiet: true })).not.toContain('Rules');
    expect(told([...both, ...many], { fixing: 'shown' })).not.toContain('Rules');
    expect(told([...both, ...many])).toContain('Rules');
  });
});

test('colours and links are the caller’s', () => {
  const paint: Paint = { ...plain, warning: (text) => `<w>${text}</w>`, rule: (id) => `[${id}](page)` };
  const text = told([report('x', [diagnostic([0, 1])])], { quiet: true, paint });
  expect(text).toContain('<w>warning</w>[[some-rule](page)]: ');
  expect(text).toContain('<w>^</w>');
});

test('why there is no fix is said once in a file, and not over many files', () => {
  const found = diagnostic([0, 1], { help: 'do it', fix: { declined: 'only its author knows' } });
  const says = /= no fix: only its author knows/g;
  expect(told([report('x', [found, found])]).match(says)).toHaveLength(1);
  const many = Array.from({ length: 4 }, () => report('x', [found]));
  expect(told(many)).not.toMatch(says);
  expect(told(many).match(/= help: do it/g)).toHaveLength(4);
});

test('a plain URL once per rule where there are no links', () => {
  const found = [diagnostic([0, 1]), diagnostic([0, 1])];
  const text = told([report('x', found)], { quiet: true, page: (rule) => `https://example.org/${rule}` });
  expect(text.match(/= page: https:\/\/example\.org\/some-rule/g)).toHaveLength(1);
});
