import type { Package, ShellWord } from '../types.ts';
import { condaPackage } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

const condaInstall: Subcommand = {
  action: 'install',
  options:
    '-n= --name=; -p= --prefix=; -c= --channel=; --file= -f=; --override-channels; --use-local; --repodata-fn=; --strict-channel-priority; --no-channel-priority; --no-deps; --only-deps; ' +
    '--no-pin; --copy; --no-shortcuts; -C --use-index-cache; -k --insecure; --offline; -d --dry-run; --json; -q --quiet; -v --verbose; -y --yes; --download-only; --show-channel-urls; --force-reinstall; ' +
    '--freeze-installed --no-update-deps; --update-deps; -S --satisfied-skip-solve; --update-all --all; --update-specs; --clobber; --dev; --revision=; --clone=; --no-default-packages; --solver=; --experimental=; --subdir= --platform=; -m --mkdir; --force; --prune; --channel-priority=; --no-py-pin; --rc-file=; --no-rc; --no-env',
  outputs: { options: ['--prefix'] },
  refine: (call) => ({
    packages: [
      ...call.operands.flatMap((word) => (word.prefix === '' && word.value === undefined ? [] : condaOf(word))),
      ...call.options
        .filter(({ name, value }) => name === '--file' && value !== undefined)
        .map(({ value }) => ({
          name: (value as ShellWord).unquoted,
          version: undefined,
          source: 'requirements' as const,
          word: value as ShellWord,
        })),
    ],
    writes: ['conda-pkgs', 'files'],
  }),
};

function condaOf(word: ShellWord): Package[] {
  const found = condaPackage(word);
  return found === undefined ? [] : [found];
}

const condaEnvironment: Subcommand = {
  action: 'install',
  options:
    '-n= --name=; -p= --prefix=; -f= --file=; --prune; --force; -q --quiet; -v --verbose; --json; -y --yes; --solver=; --no-default-packages; -d --dry-run; --all; -c= --channel=',
  writes: ['conda-pkgs', 'files'],
  refine: (call) => ({
    packages: call.options
      .filter(({ name, value }) => name === '--file' && value !== undefined)
      .map(({ value }) => ({
        name: (value as ShellWord).unquoted,
        version: undefined,
        source: 'requirements' as const,
        word: value as ShellWord,
      })),
  }),
};

export const conda: Program = {
  name: 'conda',
  options:
    '-h --help; -V --version; -v --verbose; -y --yes; -q --quiet; --json; --no-plugins; -n= --name=; -p= --prefix=; --rc-file=; --no-rc; --no-env; -r= --root-prefix=; --log-level=',
  subcommands: {
    install: condaInstall,
    create: condaInstall,
    update: { ...condaInstall, action: 'upgrade' },
    upgrade: { ...condaInstall, action: 'upgrade' },
    remove: {
      ...condaInstall,
      action: 'remove',
      refine: (call) => ({ packages: call.operands.flatMap(condaOf), writes: ['files'] }),
    },
    uninstall: {
      ...condaInstall,
      action: 'remove',
      refine: (call) => ({ packages: call.operands.flatMap(condaOf), writes: ['files'] }),
    },
    env: {
      action: 'other',
      subcommands: {
        create: condaEnvironment,
        update: { ...condaEnvironment, action: 'upgrade' },
        remove: { ...condaEnvironment, action: 'remove', writes: ['files'] },
        list: { action: 'query' },
        export: { action: 'query' },
      },
    },
    clean: {
      action: 'clean',
      options:
        '-a --all; -i --index-cache; -l --lock; -t --tarballs; -p --packages; -s --source-cache; -f --force-pkgs-dirs; -c= --tempfiles=; --logfiles; -d --dry-run; --json; -q --quiet; -v --verbose; -y --yes; --trash',
      // The package directory goes with --all or --force-pkgs-dirs, else bit by bit.
      refine: (call) => {
        const all =
          call.has('--all') || call.has('--force-pkgs-dirs') || (call.has('--tarballs') && call.has('--packages'));
        return { clears: all && !call.has('--dry-run') ? ['conda-pkgs'] : [] };
      },
    },
    run: { action: 'run', options: '--no-capture-output --live-stream; -s; --cwd=; --dev; --debug-wrapper-scripts' },
    config: {
      action: 'other',
      options:
        '--add=; --append=; --prepend=; --set=; --get=?; --remove=; --remove-key=; --system; --env; --file=; --show; --show-sources; --describe; --stdin; --validate; --write-default; --force',
    },
    init: { action: 'other', options: '--all; --user; --system; --no-user; --reverse; -s= --shell=' },
    activate: { action: 'other' },
    build: { action: 'build' },
    info: { action: 'query' },
    list: { action: 'query' },
    search: { action: 'query' },
  },
};
export const mamba: Program = { ...conda, name: 'mamba' };
export const micromamba: Program = { ...conda, name: 'micromamba' };
