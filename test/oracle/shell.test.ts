import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseScript, shellOf } from '../../src/core/language/shell/index.ts';
import { type Oracle, spawnOracle } from './client.ts';
import { disagreement } from './shell-agreement.ts';

let oracle: Oracle;
beforeAll(async () => {
  oracle = await spawnOracle();
});
afterAll(() => oracle.close());

async function judge(text: string, lang: 'posix' | 'bash' = 'posix'): Promise<string | undefined> {
  const script = parseScript(
    { text, segments: [{ at: 0, from: 0, length: text.length }] },
    shellOf([lang === 'bash' ? 'bash' : 'sh']),
  );
  return disagreement(script, await oracle.shell(text, lang));
}

test.each([
  'apt-get update && apt-get install -y --no-install-recommends curl="7.*" ${EXTRA:-git} && rm -rf /var/lib/apt/lists/*',
  'set -eux; A=1 B="$(uname -m)" C=`date` make -j"$(nproc)" 2>&1 >/dev/null | tee -a "log $A" || exit 1',
  'if [ ! -f /x ] && ! test -d "/y z"; then a; elif b; then (c; d) & else { e; }; fi; wait',
  'for f in *.deb "$X"/*; do dpkg -i "$f" || true; done; while read -r l; do echo "$l"; done < in.txt',
  'case "$(arch)" in amd64|x86_64) a=1 ;; arm*) a=2;; *) echo "no" >&2; exit 1 ;; esac',
  'cat <<EOF > /etc/x && b\nvalue $X $(cmd "a b")\nEOF\nc # comment; not a command\n\nd',
  "cat <<-'EOF'\n\tno $X\n\tEOF\necho done",
  'f() { local x=1; echo "$x"; return 0; }\nf "$@"',
  'echo `a b` "`c "d"`" $(( 1 + $(e) )) "$((2*3))" ${x#a} ${x%%b*} "${x:+"y $(g)"}"',
  'sh -c \'a && b\' | bash -c "c; d"; e',
  'export A=1 B="$(c)" D; readonly E=2; unset F',
  'time make; [[ -f x ]] && y; ((a; b) || c); echo a{b,c}',
  'echo é "😀 $x" && naïve ünïcode',
  'a;b&c&&d||e|f\n!g;! h',
  "printf '%s\\n' \"a\\\"b\" 'c'\\''d' $'e'",
  '{ a; } 2>/dev/null; (b) > c; if d; then e; fi < f',
  '',
  '# only a comment',
])('%s', async (text) => {
  expect(await judge(text)).toBeUndefined();
});

test.each([
  '[[ $a == b* && ! -f c ]] || (( x++ )); arr=(1 "2 3" $(d)); echo "${arr[@]}" ${x/a/b} ${y^^}',
  'diff <(a) >(b) <<< "$x" &> log; function g { h |& i; }; for ((i=0;i<3;i++)); do j; done',
  "echo $'a\\nb' {1..3} a{b,c}; select x in 1 2; do k; done; x+=1",
])('bash: %s', async (text) => {
  expect(await judge(text, 'bash')).toBeUndefined();
});

test.each([
  'a &&',
  "echo 'x",
  'if a; then b',
  'a; ; b',
  '(a',
  'a )',
  '$(a',
  'for i in; a',
  'a=(1)',
  'a <(b)',
  'a <<< b',
  'f() ',
])('both refuse %s', async (text) => {
  expect((await oracle.shell(text)).ok).toBe(false);
  expect(await judge(text)).toBeUndefined();
});

/** Scripts by grammar: what people write, in combinations that nobody has. */
const script = (() => {
  const word = fc.constantFrom(
    'a',
    'b-c',
    '/d/e',
    '"f $g"',
    "'h i'",
    '$j',
    '${k}',
    '${l:-m}',
    '"$(n o)"',
    '`p`',
    'q\\ r',
    '*.s',
    '-t',
    'u=v',
    '"é"',
    '"\\$w"',
    '~',
    '2',
    '[',
    'y#',
  );
  const redirect = fc.constantFrom('', '', '', ' > out', ' 2>&1', ' >>"$log"', ' < in 2>/dev/null');
  const simple = fc
    .tuple(
      fc.constantFrom('', '', 'X=1 ', 'Y="$(z)" '),
      fc.constantFrom('cmd', 'apt-get', './x.sh', '"$P"', '['),
      fc.array(word, { maxLength: 4 }),
      redirect,
    )
    .map(([prefix, program, words, end]) => `${prefix}${[program, ...words].join(' ')}${end}`);
  const joined = (item: fc.Arbitrary<string>, separators: readonly string[]) =>
    fc
      .tuple(item, fc.array(fc.tuple(fc.constantFrom(...separators), item), { maxLength: 1 }))
      .map(([first, rest]) => first + rest.flat().join(''));
  const { list } = fc.letrec<{ list: string; item: string }>((tie) => ({
    list: joined(joined(joined(tie('item'), [' | ', '|']), [' && ', ' || ', '&&', ' ||\n ']), [
      '; ',
      ' & ',
      '\n',
      ' # note\n',
      ' ;',
    ]),
    item: fc.oneof(
      { maxDepth: 2, withCrossShrink: true },
      simple,
      tie('list').map((inner) => `( ${inner} )`),
      tie('list').map((inner) => `{ ${inner}; }`),
      fc.tuple(tie('list'), tie('list')).map(([a, b]) => `if ${a}; then ${b}\nelse ${a}; fi`),
      tie('list').map((inner) => `for i in 1 $x; do ${inner}; done`),
      fc.tuple(tie('list'), simple).map(([a, b]) => `case $x in a|b) ${a};; *) ${b} ;; esac`),
      tie('list').map((inner) => `while read x; do ${inner}; done < in`),
      tie('list').map((inner) => `! cmd "$( ${inner} )"`),
    ),
  }));
  return list;
})();

test('scripts by grammar', async () => {
  await fc.assert(
    fc.asyncProperty(script, async (text) => {
      expect(await judge(text)).toBeUndefined();
    }),
    { numRuns: 1500 },
  );
});
