import { type Command, checkCommand, colours, help } from './commands.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;

/** Every verb, for help, completions and whoever is called. */
export const commands: readonly Command[] = [
  checkCommand,
  {
    name: 'context',
    summary: 'show what a build sends, and what .dockerignore should leave out',
    operands: '[DIR]',
    completes: 'files',
    about:
      'DIR is the build context; default: the current directory. Nothing is written without --write.\n' +
      'Exit status: 0 shown or written, 1 with --check when there is something to add, 2 something could not be done.',
    options: [
      { name: 'write', says: 'create or amend .dockerignore; nothing that an instruction names is left out' },
      { name: 'check', says: 'exit with 1 when there is something to add' },
      { name: 'file', short: 'f', value: 'PATH', completes: 'files', says: 'the Dockerfile (default: the one in DIR)' },
      { name: 'target', value: 'STAGE', says: 'the stage that is built (default: the last)' },
      {
        name: 'build-context',
        value: 'NAME=DIR',
        many: true,
        says: 'as for docker build: tell what is sent of it too; may be repeated',
      },
      { name: 'format', value: 'FORMAT', choices: ['pretty', 'json'], says: 'how to tell it (default: pretty)' },
      { name: 'color', value: 'WHEN', choices: colours, says: 'colour the output (default: auto)' },
      help,
    ],
    examples: [
      { line: 'layerwise context', says: 'files and bytes that are sent, the largest, secrets among them' },
      { line: 'layerwise context . -f docker/Dockerfile --write', says: 'leave out what no image needs' },
    ],
  },
  {
    name: 'replay',
    summary: 'show which steps of a build would have rerun at each of the last commits',
    operands: '[DIR]',
    completes: 'files',
    about:
      'DIR is the build context; default: the current directory. Nothing is built, checked out or fetched: what git keeps is read.\n' +
      'Each commit is built after the one before it, with its own Dockerfile and ignore file. With --against or --fix those of today\n' +
      'are held, and what another Dockerfile would have done at the same commits stands beside.\n' +
      'Exit status: 0 shown, 2 something could not be done.',
    options: [
      { name: 'commits', value: 'N', says: 'how many commits, along first parents (default: 200)' },
      { name: 'against', value: 'FILE', completes: 'files', says: 'a Dockerfile to compare with' },
      { name: 'fix', says: 'compare with what check --fix would write' },
      { name: 'unsafe-fixes', says: 'with --fix: the other fixes too' },
      { name: 'file', short: 'f', value: 'PATH', completes: 'files', says: 'the Dockerfile (default: the one in DIR)' },
      { name: 'target', value: 'STAGE', says: 'the stage that is built (default: the last)' },
      {
        name: 'policy',
        value: 'POLICY',
        choices: ['previous', 'ever'],
        says: 'what the cache holds: the build before, or all of them (default: previous)',
      },
      { name: 'build-arg', value: 'NAME[=VALUE]', many: true, says: 'as for docker build; may be repeated' },
      {
        name: 'varies',
        value: 'NAME',
        many: true,
        says: 'a build argument with another value at every commit, such as GIT_SHA; may be repeated',
      },
      {
        name: 'format',
        value: 'FORMAT',
        choices: ['pretty', 'json', 'html'],
        says: 'how to tell it (default: pretty)',
      },
      { name: 'color', value: 'WHEN', choices: colours, says: 'colour the output (default: auto)' },
      help,
    ],
    examples: [
      { line: 'layerwise replay', says: 'how often each step reran in the last 200 commits, and because of what' },
      { line: 'layerwise replay --fix --unsafe-fixes', says: 'what the fixes would have spared' },
      { line: 'layerwise replay app --against Dockerfile.new --format html > replay.html', says: 'a page to show' },
    ],
  },
  {
    name: 'prove',
    summary: 'build and run a Dockerfile before and after a change, and show what changed',
    operands: '[DIR]',
    completes: 'files',
    about:
      'DIR is the build context; default: the current directory. The Dockerfile of the last commit is compared with the one in the\n' +
      'working tree, or with what --fix would make of that. Both are built and run with your Docker: this executes code of the project.\n' +
      'Exit status: 0 every claim upheld, 1 something refuted, 2 something could not be shown.',
    options: [
      { name: 'file', short: 'f', value: 'PATH', completes: 'files', says: 'the Dockerfile (default: the one in DIR)' },
      {
        name: 'before',
        value: 'FILE',
        completes: 'files',
        says: 'compare with this Dockerfile, not with the last commit',
      },
      { name: 'fix', says: 'compare with what check --fix would write' },
      { name: 'unsafe-fixes', says: 'with --fix: the other fixes too' },
      { name: 'yes', short: 'y', says: 'do not ask before code of the project is executed' },
      { name: 'health-path', value: 'PATH', says: 'a route that both must answer alike, such as /healthz' },
      { name: 'port', value: 'PORT', says: 'the port that it is asked at (default: what EXPOSE says)' },
      { name: 'timeout', value: 'SECONDS', says: 'until it must answer and be healthy (default: 60)' },
      {
        name: 'touch',
        value: 'FILE',
        says: 'the source file to edit before building again, below DIR (default: one is chosen)',
      },
      { name: 'source-only', says: 'build again after an edit of a source file only, not of dependencies and labels' },
      { name: 'target', value: 'STAGE', says: 'the stage that is built (default: the last)' },
      { name: 'platform', value: 'PLATFORM', says: 'build and run for this platform' },
      { name: 'build-arg', value: 'NAME[=VALUE]', many: true, says: 'as for docker build; may be repeated' },
      {
        name: 'secret',
        value: 'ID',
        many: true,
        says: 'as for docker build: id=…,src=… or id=…,env=…; may be repeated',
      },
      { name: 'run-env', value: 'NAME[=VALUE]', many: true, says: 'environment of both containers; may be repeated' },
      {
        name: 'run-args',
        value: 'OPTIONS',
        many: true,
        says: "options of docker run for both containers, such as '--tmpfs /run'; none that give privileges",
      },
      {
        name: 'attest',
        value: 'TYPE',
        many: true,
        says: 'a statement that must be published with the image, as for docker buildx build: type=provenance,mode=max',
      },
      { name: 'build-network', value: 'MODE', says: 'network of the build, as docker build --network' },
      { name: 'memory', value: 'SIZE', says: 'of a container (default: 1g)' },
      { name: 'no-cache', says: 'run every step of the first builds, for times from nothing' },
      { name: 'engine', value: 'ENGINE', choices: ['docker', 'podman'], says: 'default: the first that answers' },
      {
        name: 'format',
        value: 'FORMAT',
        choices: ['pretty', 'json', 'markdown', 'html'],
        says: 'how to tell it (default: pretty)',
      },
      { name: 'color', value: 'WHEN', choices: colours, says: 'colour the output (default: auto)' },
      help,
    ],
    examples: [
      { line: 'layerwise prove --health-path /healthz', says: 'what your change of the Dockerfile does' },
      { line: 'layerwise prove --fix', says: 'what check --fix would do' },
      {
        line: 'layerwise prove . --before Dockerfile.old --yes --format markdown',
        says: 'in CI: a comment for the pull request',
      },
    ],
  },
  {
    name: 'explain',
    summary: 'print the page of a rule',
    operands: 'RULE',
    completes: 'rules',
    about: 'RULE is an id, or what hadolint or BuildKit call it: DL3009, StageNameCasing.',
    options: [help],
    examples: [
      { line: 'layerwise explain add-instead-of-copy', says: 'why it matters, how it is fixed, examples' },
      { line: 'layerwise explain DL3009', says: "by hadolint's name" },
    ],
  },
  {
    name: 'rules',
    summary: 'list all rules',
    operands: '',
    options: [
      { name: 'format', value: 'FORMAT', choices: ['pretty', 'json'], says: 'how to tell it (default: pretty)' },
      help,
    ],
    examples: [{ line: 'layerwise rules', says: 'id, level and what is wrong, by practice' }],
  },
  {
    name: 'completions',
    summary: 'print a completion script for a shell',
    operands: 'SHELL',
    completes: shells,
    options: [help],
    examples: [
      { line: 'source <(layerwise completions bash)', says: 'in ~/.bashrc' },
      { line: 'layerwise completions zsh > ~/.zfunc/_layerwise', says: 'in a folder of $fpath' },
      { line: 'layerwise completions fish > ~/.config/fish/completions/layerwise.fish', says: '' },
    ],
  },
];
