import type { Program } from './table.ts';

/** What a shell does itself, and the small programs that scripts test and print with. */
const silent = { action: 'other', syntax: { order: 'first', short: 'clusters' } } as const;

export const cd: Program = { ...silent, name: 'cd', options: '-L; -P; -e; -@' };
export const pushd: Program = { ...silent, name: 'pushd', options: '-n' };
export const popd: Program = { ...silent, name: 'popd', options: '-n' };
export const echo: Program = { ...silent, name: 'echo', options: '-n; -e; -E' };
export const printf: Program = { ...silent, name: 'printf', options: '-v=' };
export const exportVariables: Program = { ...silent, name: 'export', options: '-f; -n; -p' };
export const set: Program = {
  ...silent,
  name: 'set',
  options: '-a; -b; -e; -f; -h; -k; -m; -n; -o=; -p; -t; -u; -v; -x; -B; -C; -E; -H; -P; -T',
};
export const unset: Program = { ...silent, name: 'unset', options: '-f; -v; -n' };
export const exit: Program = { ...silent, name: 'exit', options: '' };
export const trueCommand: Program = { ...silent, name: 'true', options: '' };
export const falseCommand: Program = { ...silent, name: 'false', options: '' };
export const colon: Program = { ...silent, name: ':', options: '' };
export const sleep: Program = { ...silent, name: 'sleep', options: '' };
export const umask: Program = { ...silent, name: 'umask', options: '-p; -S' };
export const command: Program = { ...silent, name: 'command', options: '-p; -v; -V', action: 'query' };
export const which: Program = { ...silent, name: 'which', options: '-a; -s', action: 'query' };
export const type: Program = { ...silent, name: 'type', options: '-a; -f; -P; -p; -t', action: 'query' };

/** `[` and test: every word is part of an expression, none is an option. */
export const test: Program = {
  name: 'test',
  syntax: { order: 'none', short: 'clusters' },
  action: 'test',
};

const reading = { action: 'query' } as const;
export const grep: Program = {
  ...reading,
  name: 'grep',
  options:
    '-E --extended-regexp; -F --fixed-strings; -G --basic-regexp; -P --perl-regexp; -e= --regexp=; -f= --file=; -i -y --ignore-case; --no-ignore-case; -v --invert-match; -w --word-regexp; -x --line-regexp; -c --count; --color=? --colour=?; -L --files-without-match; -l --files-with-matches; -m= --max-count=; -o --only-matching; -q --quiet --silent; -s --no-messages; -b --byte-offset; -H --with-filename; -h --no-filename; --label=; -n --line-number; -T --initial-tab; -Z --null; -A= --after-context=; -B= --before-context=; -C= --context=; -a --text; --binary-files=; -D= --devices=; -d= --directories=; --exclude=; --exclude-from=; --exclude-dir=; -I; --include=; -r --recursive; -R --dereference-recursive; --line-buffered; -U --binary; -z --null-data; -#; -V --version',
};
export const ls: Program = {
  ...reading,
  name: 'ls',
  options:
    '-a --all; -A --almost-all; -b --escape; -B; -c; -C; -d --directory; -f; -F --classify=?; -g; -G --no-group; -h --human-readable; -H; -i --inode; -k; -l; -L --dereference; -m; -n; -N; -o; -p; -q; -Q; -r --reverse; -R --recursive; -s --size; -S; -t; -T=; -u; -U; -v; -w=; -x; -X; -Z; -1; --color=?; --sort=; --time=; --full-time; --time-style=; --group-directories-first; --format=; --block-size=; -I= --ignore=',
};
export const head: Program = {
  ...reading,
  name: 'head',
  options: '-c= --bytes=; -n= --lines=; -q --quiet; -v --verbose; -z; -#',
};
export const tail: Program = {
  ...reading,
  name: 'tail',
  options: '-c= --bytes=; -n= --lines=; -f --follow=?; -F; -q --quiet; -v --verbose; -s=; --pid=; --retry; -z; -#',
};
export const cut: Program = {
  ...reading,
  name: 'cut',
  options:
    '-b= --bytes=; -c= --characters=; -d= --delimiter=; -f= --fields=; -n; --complement; -s --only-delimited; --output-delimiter=; -z',
};
export const wc: Program = { ...reading, name: 'wc', options: '-c --bytes; -m --chars; -l --lines; -L; -w --words' };
export const sort: Program = {
  ...reading,
  name: 'sort',
  options:
    '-b; -d; -f; -g; -i; -M; -h; -n; -R; -r --reverse; -V --version-sort; -c; -C; -k= --key=; -m; -o= --output=; -s; -S=; -t= --field-separator=; -T=; -u --unique; -z',
  outputs: { options: ['--output'] },
};
export const tr: Program = {
  ...reading,
  name: 'tr',
  options: '-c -C --complement; -d --delete; -s --squeeze-repeats; -t --truncate-set1',
  syntax: { order: 'first', short: 'clusters' },
};
export const basename: Program = { ...reading, name: 'basename', options: '-a --multiple; -s= --suffix=; -z --zero' };
export const dirname: Program = { ...reading, name: 'dirname', options: '-z --zero' };
export const uname: Program = {
  ...reading,
  name: 'uname',
  options: '-a --all; -s; -n; -r; -v; -m --machine; -p; -i; -o',
};
export const id: Program = {
  ...reading,
  name: 'id',
  options: '-a; -Z; -g --group; -G --groups; -n --name; -r --real; -u --user; -z',
};
export const env: Program = {
  ...reading,
  name: 'env',
  options: '-i --ignore-environment; -u= --unset=; -0 --null; -C= --chdir=; -S= --split-string=; -v',
};
export const date: Program = {
  ...reading,
  name: 'date',
  options:
    '-d= --date=; -f=; -I=? --iso-8601=?; -R --rfc-email; --rfc-3339=; -r= --reference=; -s= --set=; -u --utc --universal; --debug',
};
export const pwd: Program = { ...reading, name: 'pwd', options: '-L; -P' };
