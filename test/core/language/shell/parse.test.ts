import { describe, expect, test } from 'vitest';
import { parseScript, shellOf } from '../../../../src/core/language/shell/index.ts';
import type { SpanMap } from '../../../../src/core/language/text/index.ts';
import { commandOf, marked, scriptOf } from './marked.ts';

const BASH = ['/bin/bash', '-c'];

describe('commands', () => {
  test.each([
    ['«apt-get update» && «apt-get install -y curl» | «tee x»; «rm -rf /var»'],
    ['if «a»; then «b»; elif «c»; then «d»; else «e»; fi'],
    ['for i in 1 2; do «a $i»; done; while «b»; do «c»; done'],
    ['case $x in a) «b»;; *) «c»; esac'],
    ['(«a»; «b») | { «c»; }'],
    ['f() { «a»; }; «f»'],
    ['«X=1 a > out 2>&1» & «b»'],
    ['«cat <<EOF» && «b»\nbody\nEOF\n«c»'],
    ['«echo "`«a \\"b\\"»`"»'],
  ])('%s', (written) => {
    const { text, spans } = marked(written);
    expect(scriptOf(text).commands.map(({ span }) => span)).toEqual(spans);
  });

  test('those in substitutions, quotes and here-documents are found', () => {
    const text = 'A=$(one) two "x $(three `four`)" ${B:-$(five)} <<EOF\n$(six)\nEOF\n';
    expect(scriptOf(text).commands.map(({ program }) => program)).toEqual([
      'two',
      'one',
      'three',
      'four',
      'five',
      'six',
    ]);
    expect(scriptOf(text).commands[4]?.certain).toBe(false);
  });

  test('a quoted here-document holds none', () => {
    expect(scriptOf("cat <<'EOF'\n$(no)\nEOF\n").commands).toHaveLength(1);
  });
});

test('operators have their places, whatever stands around them', () => {
  const { text, spans } = marked('a «&&» b «||» (c «|» d)«;» e «&» f # ; && x«\n»g <<EOF «&&» h«\n»&& |\nEOF\ni');
  expect(
    scriptOf(text)
      .operators.map(({ span }) => span)
      .sort((a, b) => a[0] - b[0]),
  ).toEqual(spans);
});

test('a case branch ends with no operator', () => {
  expect(scriptOf('case x in a) b;; c) d ;; esac').operators).toEqual([]);
});

describe('words', () => {
  test.each([
    ['"a b"', 'a b'],
    ["'a $b'", 'a $b'],
    ['a\\ b', 'a b'],
    ['"a\\$b\\x"', 'a$b\\x'],
    ['a"b"\'c\'', 'abc'],
    ['[', '['],
    ['a{b', 'a{b'],
    ['""', ''],
    ['$', '$'],
  ])('%s is %s', (written, value) => {
    expect(commandOf(`x ${written}`).args[0]).toMatchObject({ text: written, value, unquoted: value, prefix: value });
  });

  test.each([
    ['/tmp/$X', '/tmp/', ['X'], ['variable']],
    ['/tmp/${X:-1}', '/tmp/', ['X'], ['variable']],
    ['"a ${X} $Y"', 'a ', ['X', 'Y'], ['variable']],
    ['*.deb', '', [], ['glob']],
    ['a[bc]', 'a', [], ['glob']],
    ['~/.npm', '', [], ['tilde']],
    ['a$(b $C)', 'a', [], ['substitution']],
    ['$((X + 1))', '', ['X'], ['variable']],
    ['a{b,c}', 'a', [], ['brace']],
    ["$'a\\n'", '', [], ['dollar-quote']],
  ])('%s is not static', (written, prefix, variables, expansions) => {
    expect(commandOf(`x ${written}`).args[0]).toMatchObject({ value: undefined, prefix, variables, expansions });
  });

  test('brace lists are literal to dash, and bash reads ANSI-C quotes', () => {
    expect(commandOf('x a{b,c}', ['/bin/dash', '-c']).args[0]?.value).toBe('a{b,c}');
    expect(commandOf("x $'a\\tb'", BASH).args[0]?.value).toBe('a\tb');
  });

  test('continuations that are part of the script go', () => {
    expect(commandOf('echo a\\\nb').args[0]).toMatchObject({ text: 'ab', value: 'ab', broken: true });
  });
});

test('places lead through gaps to the file', () => {
  // RUN a b\⏎c && d, whose logical line is `a bc && d`.
  const map: SpanMap = {
    text: 'a bc && d',
    segments: [
      { at: 0, from: 4, length: 3 },
      { at: 3, from: 9, length: 6 },
    ],
  };
  const { commands, operators } = parseScript(map, shellOf(['sh']));
  expect(commands.map(({ span }) => span)).toEqual([
    [4, 10],
    [14, 15],
  ]);
  expect(commands[0]?.args[0]).toMatchObject({ text: 'bc', span: [6, 10], broken: true });
  expect(operators[0]?.span).toEqual([11, 13]);
});

describe('wrappers', () => {
  test.each([
    ['sudo -u root -E env A=b -- /usr/bin/apt-get update', 'apt-get', ['sudo', 'env']],
    ['env -u X A=b prog', 'prog', ['env']],
    ['exec gosu app node', 'node', ['exec', 'gosu']],
    ['su-exec app:app prog', 'prog', ['su-exec']],
    ['timeout -k 5 --signal=KILL 10s npm ci', 'npm', ['timeout']],
    ['nice -n 5 nohup make', 'make', ['nice', 'nohup']],
    ['nice -10 make', 'make', ['nice']],
    ['chroot /mnt apk add x', 'apk', ['chroot']],
    ['setpriv --reuid=1 --regid 1 --clear-groups prog', 'prog', ['setpriv']],
    ['busybox wget x', 'wget', ['busybox']],
    ['xargs -0 -n 1 rm -rf', 'rm', ['xargs']],
    ["time -f '%e' make", 'make', ['time']],
    ['command -v curl', 'command', []],
    ['env', 'env', []],
    ['tini -g -- node app.js', 'node', ['tini']],
    ['$VENV/bin/pip install x', 'pip', []],
    ['./gradlew build', 'gradlew', []],
  ])('%s', (text, program, wrappers) => {
    expect(commandOf(text)).toMatchObject({ program, wrappers });
  });

  test('a dynamic program leaves the script partly unread', () => {
    expect(scriptOf('$CMD x')).toMatchObject({ partial: true, commands: [{ program: undefined }] });
    expect(scriptOf('X=1')).toMatchObject({ partial: false, commands: [{ program: undefined }] });
    expect(scriptOf('eval "$x"').partial).toBe(true);
    expect(scriptOf('. ./env.sh && a').partial).toBe(true);
  });
});

describe('scripts in strings', () => {
  test.each([
    [`bash -lc '«apt-get update» && «b "$(«c»)"»'`],
    ['sudo sh -c "«echo \\"a\\" > x» && «b»"'],
    ["su - app -c '«npm ci»'"],
    ['sh -ec \'sh -c "«a»"\''],
  ])('%s', (written) => {
    const { text, spans } = marked(written);
    const inner = scriptOf(text).commands.filter(
      ({ program, nesting }) => nesting.includes('sh -c') && program !== 'sh',
    );
    expect(inner.map(({ span }) => span)).toEqual(spans);
  });

  test('options of the inner shell hold inside', () => {
    const [, a, b] = scriptOf("bash -e -o pipefail -c 'a | b; c'").commands;
    expect([a?.decisive, b?.decisive]).toEqual([true, true]);
    expect(scriptOf("sh -c 'a; c'").commands[1]?.decisive).toBe(false);
  });

  test('what the outer shell changes, another shell reads or no parser takes is left unread', () => {
    for (const text of ['sh -c "a $X"', "zsh -c 'a'", "sh -c 'a &&'", 'curl x | bash', 'bash -s']) {
      const script = scriptOf(text);
      expect(script).toMatchObject({ partial: true, opaque: undefined });
      expect(script.commands.filter(({ nesting }) => nesting.length > 0)).toEqual([]);
    }
    expect(scriptOf('sh ./install.sh').partial).toBe(false);
  });
});

describe('certain and decisive', () => {
  /** Programs whose name says what is expected: C certain, D decisive, lower case not. */
  test.each([
    ['C_D && C_D'],
    ['C_d; C_D'],
    ['set -e; C_D; C_D'],
    ['set -e; C_d && C_D; C_D'],
    ['C_d || c_D'],
    ['C_D || exit 1'],
    ['C_D || { c_d; exit 1; }'],
    ['C_D || (c_d; false)'],
    ['C_d || exit 0'],
    ['C_d || c_D && C_D'],
    ['C_d | C_D'],
    ['set -o pipefail; C_D | C_D'],
    ['set -o pipefail; set +o pipefail; C_d | C_D'],
    ['! C_d'],
    ['C_d & C_D'],
    ['if C_d; then c_D; elif c_d; then c_D; else c_D; fi'],
    ['set -e; if C_d; then c_D; fi; C_D'],
    ['while C_d; do c_d; done'],
    ['for i in a; do c_d; done'],
    ['case x in a) c_D;; esac'],
    ['f() { c_d; }'],
    ['(C_d; C_D)'],
    ['set -e; (C_D; C_D)'],
    ['set -e; (C_d; C_d) | C_D'],
    ['set -e; { C_d; C_d; } || c_D'],
    ['C_d; exit; c_D'],
    ['C_d; exec a; c_D'],
    ['x=$(C_D)'],
    ['echo $(C_d)'],
    ['if C_d; then set -e; fi; C_d; C_D'],
  ])('%s', (text) => {
    const got = scriptOf(text, BASH).commands.flatMap(({ program, certain, decisive }) =>
      program !== undefined && /^[Cc]_[Dd]$/.test(program) ? [`${certain ? 'C' : 'c'}_${decisive ? 'D' : 'd'}`] : [],
    );
    expect(got).toEqual(text.match(/[Cc]_[Dd]/g));
  });
});

test('the shell of a SHELL instruction and of a shebang', () => {
  expect(shellOf(['/bin/bash', '-o', 'pipefail', '-ec'])).toEqual({ kind: 'bash', errexit: true, pipefail: true });
  expect(shellOf(['/usr/bin/env', '-S', 'bash', '-e'])).toMatchObject({ kind: 'bash', errexit: true });
  expect(shellOf(['/bin/ash', '-euo', 'pipefail', '-c'])).toEqual({ kind: 'ash', errexit: true, pipefail: true });
  for (const argv of [['powershell', '-Command'], ['cmd', '/S', '/C'], ['C:\\Windows\\PowerShell.exe'], []]) {
    expect(shellOf(argv).kind).toBe('other');
  }
});

test('set at the start counts for the whole script', () => {
  expect(scriptOf('set -euxo pipefail; a', BASH)).toMatchObject({ errexit: true, pipefail: true });
  expect(scriptOf('set -e && set -o pipefail && a', BASH)).toMatchObject({ errexit: true, pipefail: true });
  expect(scriptOf('a; set -e', BASH)).toMatchObject({ errexit: false });
});

describe('opaque', () => {
  test.each([
    ['[[ a == b && c ]] && d'],
    ['a=(1 2)'],
    ['a <(b)'],
    ['a <<< b'],
    ['a &> b'],
    ['function f { a; }'],
    ['for ((i=0;i<3;i++)); do a; done'],
    ['a |& b'],
    ['echo ${x/a/b}'],
    ['x+=1'],
  ])('%s under sh, not under bash', (text) => {
    expect(scriptOf(text)).toMatchObject({ commands: [], lists: [], partial: true, opaque: expect.any(String) });
    expect(scriptOf(text, BASH).opaque).toBeUndefined();
  });

  test('what sh reads in its own way is read in that way', () => {
    expect(scriptOf('[[ -f x ]] && a').commands.map(({ program }) => program)).toEqual(['[[', 'a']);
    expect(scriptOf('((a) || b)').commands.map(({ nesting }) => nesting.length)).toEqual([2, 1]);
    expect(scriptOf('(( a | b ))').commands.map(({ program }) => program)).toEqual(['a', 'b']);
    expect(commandOf('time a').words.map(({ text }) => text)).toEqual(['time', 'a']);
    expect(commandOf('time a', BASH).words.map(({ text }) => text)).toEqual(['a']);
  });

  test.each([['a &&'], ["echo 'x"], ['a; ; b'], ['fi'], ['echo $(a'], ['echo `a | `']])(
    '%s is a syntax error',
    (text) => {
      expect(scriptOf(text).opaque).toMatch(/^syntax error: /);
    },
  );

  test('another shell', () => {
    expect(scriptOf('Write-Host hi', ['powershell', '-Command']).opaque).toBeDefined();
  });
});
