import { cachesIn } from './caches.ts';
import type { Program } from './table.ts';

export const rm: Program = {
  name: 'rm',
  options:
    '-f --force; -i; -I; --interactive=?; -r -R --recursive; -d --dir; -v --verbose; --one-file-system; --preserve-root=?; --no-preserve-root; --help; --version',
  action: 'delete',
  writes: ['files'],
  refine: (call) => ({ clears: cachesIn(call.operands, call.has('--recursive')) }),
};

export const rmdir: Program = {
  name: 'rmdir',
  options: '-p --parents; -v --verbose; --ignore-fail-on-non-empty',
  action: 'delete',
  writes: ['files'],
};

export const mkdir: Program = {
  name: 'mkdir',
  options: '-p --parents; -m= --mode=; -v --verbose; -Z --context=?',
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'all' },
};

const COPY_OPTIONS =
  '-a --archive; -f --force; -i --interactive; -n --no-clobber; -v --verbose; -u --update=?; -S= --suffix=; -b --backup=?; -t= --target-directory=; -T --no-target-directory; -Z --context=?; --strip-trailing-slashes; --debug';

export const cp: Program = {
  name: 'cp',
  options: `${COPY_OPTIONS}; -r -R --recursive; -d; -p; --preserve=?; --no-preserve=; -L --dereference; -P --no-dereference; -H; -l --link; -s --symbolic-link; -x --one-file-system; --parents; --reflink=?; --sparse=; --attributes-only; --copy-contents; --remove-destination`,
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'last', options: ['--target-directory'] },
};

export const mv: Program = {
  name: 'mv',
  options: `${COPY_OPTIONS}; --exchange; --no-copy`,
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'last', options: ['--target-directory'] },
};

export const ln: Program = {
  name: 'ln',
  options: `${COPY_OPTIONS}; -s --symbolic; -n --no-dereference; -r --relative; -L --logical; -P --physical; -d -F --directory`,
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'last', options: ['--target-directory'] },
};

export const install: Program = {
  name: 'install',
  options:
    '-d --directory; -D; -m= --mode=; -o= --owner=; -g= --group=; -b --backup=?; -c; -C --compare; -p --preserve-timestamps; -s --strip; --strip-program=; -S= --suffix=; -t= --target-directory=; -T --no-target-directory; -v --verbose; -Z --context=?',
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'last', options: ['--target-directory'] },
};

/** A mode may begin with a dash: `chmod -x FILE`; its letters stand among the options as operators on modes. */
export const chmod: Program = {
  name: 'chmod',
  options:
    '-R --recursive; -v --verbose; -c --changes; -f --silent --quiet; --reference=; --preserve-root; --no-preserve-root; -r; -w; -x; -X; -s; -t; -H; -L; -P; --dereference; -h --no-dereference',
  action: 'change-mode',
  writes: ['files'],
};

export const chown: Program = {
  name: 'chown',
  options:
    '-R --recursive; -v --verbose; -c --changes; -f --silent --quiet; -h --no-dereference; --dereference; -H; -L; -P; --from=; --reference=; --preserve-root; --no-preserve-root',
  action: 'change-owner',
  writes: ['files'],
};
export const chgrp: Program = { ...chown, name: 'chgrp' };

export const touch: Program = {
  name: 'touch',
  options: '-a; -c --no-create; -d= --date=; -f; -h --no-dereference; -m; -r= --reference=; -t=; --time=',
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'all' },
};

export const cat: Program = {
  name: 'cat',
  options:
    '-A --show-all; -b --number-nonblank; -e; -E --show-ends; -n --number; -s --squeeze-blank; -t; -T --show-tabs; -u; -v --show-nonprinting',
  action: 'other',
};

export const tee: Program = {
  name: 'tee',
  options: '-a --append; -i --ignore-interrupts; -p; --output-error=?',
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'all' },
};

export const sed: Program = {
  name: 'sed',
  options:
    '-n --quiet --silent; -e= --expression=; -f= --file=; -E -r --regexp-extended; -i=? --in-place=?; -s --separate; -u --unbuffered; -z --null-data; -l= --line-length=; --follow-symlinks; --posix; --debug; --sandbox',
  action: 'other',
  refine: (call) => {
    if (!call.has('--in-place')) return {};
    const scripted = call.has('--expression') || call.has('--file');
    return { writes: ['files'], outputs: scripted ? call.operands : call.operands.slice(1) };
  },
};

export const tar: Program = {
  name: 'tar',
  options:
    '-x --extract --get; -c --create; -t --list; -r --append; -u --update; -A --catenate --concatenate; -d --diff --compare; --delete; -f= --file=; -C= --directory=; -z --gzip --gunzip --ungzip; -j --bzip2; -J --xz; --lzma; --zstd; -Z --compress; -a --auto-compress; -I= --use-compress-program=; ' +
    '-v --verbose; -p --preserve-permissions --same-permissions; -P --absolute-names; -h --dereference; -k --keep-old-files; -m --touch; -o --no-same-owner; --same-owner; --no-same-permissions; -s --same-order --preserve-order; -S --sparse; -O --to-stdout; -w --interactive; -W --verify; -l --check-links; -i --ignore-zeros; -U --unlink-first; ' +
    '--strip-components= --strip=; --exclude=; --exclude-from= -X=; --exclude-vcs; -T= --files-from=; --transform= --xform=; --wildcards; --no-wildcards; --anchored; --no-anchored; --overwrite; --overwrite-dir; --skip-old-files; --keep-newer-files; --keep-directory-symlink; --one-top-level=?; --owner=; --group=; --mode=; --mtime=; --numeric-owner; --sort=; --format= -H=; ' +
    '-b= --blocking-factor=; -g= --listed-incremental=; -G --incremental; -K= --starting-file=; -L= --tape-length=; -N= --newer= --after-date=; -B --read-full-records; --no-recursion; --one-file-system; --remove-files; --warning=; --checkpoint=?; --checkpoint-action=; --no-overwrite-dir; --delay-directory-restore; --force-local; --totals; --xattrs; --acls; --selinux; --record-size=; --no-xattrs; --recursive-unlink; --show-transformed-names; --hard-dereference; --pax-option=; --posix; --null; -R --block-number; --suffix=; --backup=?; -M --multi-volume; -F= --info-script=; -n --seek; -V= --label=; --quoting-style=; --no-auto-compress; --utc; --index-file=; --restrict; --version; --help; -?',
  refine: (call) => {
    const outputs = call.options.flatMap(({ name, value }) =>
      name === '--directory' && value !== undefined ? [value] : [],
    );
    if (call.has('--extract')) return { action: 'extract', writes: call.has('--to-stdout') ? [] : ['files'], outputs };
    const archive = call.value('--file');
    if (call.has('--create'))
      return { action: 'other', writes: ['files'], outputs: archive === undefined ? [] : [archive] };
    return { action: call.has('--list') ? 'query' : 'other' };
  },
};
export const bsdtar: Program = { ...tar, name: 'bsdtar' };

export const unzip: Program = {
  name: 'unzip',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-d=; -x=; -P=; -q; -o; -n; -j; -l; -t; -p; -a; -b; -C; -L; -v; -V; -X; -K; -u; -f; -z; -Z; -:; -D; -U; -W; -M; -O=; -I=',
  action: 'extract',
  writes: ['files'],
  outputs: { options: ['-d'] },
  refine: (call) => (call.has('-l') || call.has('-t') || call.has('-p') ? { action: 'query', writes: [] } : {}),
};

const COMPRESS_OPTIONS =
  '-c --stdout; -d --decompress --uncompress; -f --force; -k --keep; -l --list; -n --no-name; -N --name; -q --quiet; -r --recursive; -S= --suffix=; -t --test; -v --verbose; -#; --fast; --best; -T= --threads=; -e --extreme; -o=; -z --compress; --rm; --ultra; --long=?; -D=; -m --no-time';
export const gunzip: Program = { name: 'gunzip', options: COMPRESS_OPTIONS, action: 'extract', writes: ['files'] };
export const gzip: Program = {
  name: 'gzip',
  options: COMPRESS_OPTIONS,
  writes: ['files'],
  refine: (call) => ({ action: call.has('--decompress') ? 'extract' : 'other' }),
};
export const xz: Program = { ...gzip, name: 'xz' };
export const bzip2: Program = { ...gzip, name: 'bzip2' };
export const zstd: Program = { ...gzip, name: 'zstd' };
export const bunzip2: Program = { ...gunzip, name: 'bunzip2' };
export const unxz: Program = { ...gunzip, name: 'unxz' };
