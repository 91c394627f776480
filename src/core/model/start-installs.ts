import { parseScript, roleOf, type Script } from '../language/shell/index.ts';
import { verbatim } from '../language/text/index.ts';
import { contextNeeds } from './context-needs.ts';
import { copyTarget } from './copies.ts';
import { isKnown, valueOf } from './known.ts';
import { originsOf } from './origins.ts';
import { startProgram } from './purpose.ts';
import { type ProjectView, shellOfText, startedFile } from './seen-purpose.ts';
import { executedSteps } from './stages.ts';
import { startOf } from './start.ts';
import { joinPath } from './surroundings.ts';
import type { Stage, Step } from './types.ts';
import { copyWords } from './words.ts';

/** Whether a container of the target may read the package lists when it starts. */
export interface StartInstalls {
  /** Why it may; undefined when what it starts is known not to. */
  readonly doubt: string | undefined;
}

/** Scripts that start scripts are followed this far, and so many names are asked for: whatever a Dockerfile holds, it ends. */
const MAX_FILES = 8;
const MAX_ASKED = 48;

/** What installs packages of Debian, or reads its lists. */
const INSTALLERS =
  /(?:^|[^\w.-])(?:apt|apt-get|apt-file|apt-cache|apt-fast|aptitude|nala|tasksel|rosdep|mk-build-deps|gdebi|dselect)(?![\w.-])/;

const SYSTEM_BIN = /^\/(?:usr\/)?(?:local\/)?s?bin\/[^/]+$/;
const SCRIPT_NAME = /\.(?:sh|bash|py|rb|pl|php|js|mjs|cjs|ts)$/;
const SHELLS = /^(?:sh|ash|bash|dash|zsh|ksh)$/;
/** What may run any text: the rest of the command says what. */
const INTERPRETERS = /^(?:node|nodejs|bun|deno|python|pypy|ruby|perl|php|R|Rscript)[\d.]*$/;
const RUNS_RECIPES = /^(?:make|rake|just|task|ansible-playbook|puppet|chef-client|salt-call|eval)$/;
const ALL_ARGUMENTS = /^"?\$(?:[@*]|\{[@*]\})"?$/;

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const mentionsInstaller = (text: string) => INSTALLERS.test(text.replace(/^[ \t]*#.*$/gm, ''));

/** The step of a stage or of one below it that puts a file of another stage or image at a path. */
function fromElsewhere(stage: Stage, path: string): boolean {
  return [stage, ...stage.ancestors].some((each) =>
    executedSteps(each).some((step) => {
      if (!step.instruction.flags.some(({ name }) => name === 'from')) return false;
      const target = copyTarget(step);
      const folder = target === undefined || !isKnown(target) ? undefined : target.value.replace(/\/$/, '');
      return folder !== undefined && (path === folder || path.startsWith(`${folder}/`));
    }),
  );
}

/** The steps that copy something into what a stage ships: without them a base image starts only what it brings. */
function copiesInto(stage: Stage): readonly Step[] {
  return [stage, ...stage.ancestors].flatMap((each) =>
    executedSteps(each).filter(({ instruction: { name } }) => name === 'COPY' || name === 'ADD'),
  );
}

class StartReader {
  #asked = 0;
  readonly #view: ProjectView;
  readonly #stage: Stage;
  readonly #read = new Set<string>();

  constructor(view: ProjectView, stage: Stage) {
    this.#view = view;
    this.#stage = stage;
  }

  /** The text of a file of the image; null: not in what can be seen; undefined: nobody has answered. */
  #textOf(path: string): string | null | undefined {
    const { build, facts, context } = this.#view;
    for (const origin of originsOf(build, this.#stage, path)) {
      if (origin.is === 'heredoc') return origin.text;
      // What has an ending is hardly a directory.
      if (!origin.named && /\.\w+\//.test(origin.path)) continue;
      if (this.#asked >= MAX_ASKED) return undefined;
      const of = { context, path: origin.path };
      this.#asked += 1;
      const fact = facts.ask('context-text', of);
      if (!isKnown(fact)) return undefined;
      if (fact.value.text !== null) return fact.value.text;
    }
    return null;
  }

  /** Whether all that some steps copy are files of the context whose text installs nothing: an image may start any of them. */
  readsAll(steps: readonly Step[]): boolean {
    const { build, facts, context } = this.#view;
    const stages = [this.#stage, ...this.#stage.ancestors];
    const needs = contextNeeds(build, stages).filter(({ via }) => via !== 'mount');
    const copied = new Set(needs.flatMap(({ path }) => (isKnown(path) ? [nameOf(path.value)] : [])));
    // A script that comes from elsewhere, with a clone say, was read by nobody.
    const runsUnread = (text: string) =>
      [...text.matchAll(/[\w.-]+\.(?:sh|bash)\b/g)].some(([name]) => !copied.has(name));
    return steps.every((step) => {
      const own = needs.filter((need) => need.step === step);
      const all = own.length > 0 && own.length === copyWords(step)?.sources.length;
      return (
        all &&
        own.every(({ path }) => {
          if (!isKnown(path) || /^\.$|[*?[\\]/.test(path.value) || this.#asked >= MAX_ASKED) return false;
          const of = { context, path: path.value };
          this.#asked += 1;
          const fact = facts.ask('context-text', of);
          const text = isKnown(fact) ? fact.value.text : null;
          return text !== null && !mentionsInstaller(text) && !runsUnread(text);
        })
      );
    });
  }

  /** Why the program of an argv may read the lists. */
  argv(argv: readonly string[], workdir: string | undefined): string | undefined {
    // A file of the project may be called as what official images start with.
    const own = this.#stage.end.entrypoint !== undefined;
    const entry = own ? argv.findIndex((word) => nameOf(word) === 'docker-entrypoint.sh') : -1;
    const words = entry >= 0 ? argv.slice(entry) : startProgram(argv);
    const [program, ...args] = words;
    if (program === undefined || program.startsWith('-')) return undefined;
    if (program === '') return 'a variable says what is started';
    const name = nameOf(program);
    if (words.some((word) => INSTALLERS.test(word))) return `${name} may install packages`;
    if (RUNS_RECIPES.test(name)) return `${name} runs what the project says`;
    const started = startedFile(words, workdir);
    if (started?.sought && roleOf(words, false) !== undefined) return undefined;
    for (const path of started?.paths ?? []) {
      if (this.#read.has(path)) return undefined;
      const text = this.#textOf(path);
      if (text === undefined) return `${nameOf(path)} may install packages, and its text is not known`;
      if (text === null) continue;
      if (this.#read.size >= MAX_FILES) return 'more scripts are started than are read';
      this.#read.add(path);
      if (mentionsInstaller(text)) return `${nameOf(path)} may install packages`;
      const shell = typeof started?.reads === 'object' ? started.reads : shellOfText(text, path);
      if (shell === undefined) return undefined;
      return this.script(parseScript(verbatim(text, [0, text.length]), shell), started?.args ?? [], workdir);
    }
    return this.#unread(name, program, args, started?.paths.at(-1));
  }

  /** The same for a program whose file is none of the project's, or cannot be seen. */
  #unread(name: string, program: string, args: readonly string[], path: string | undefined): string | undefined {
    const unseen = (what: string) => `${what} may install packages, and its text cannot be seen`;
    if (SHELLS.test(name) || INTERPRETERS.test(name)) {
      const script = args.find((word) => !word.startsWith('-'));
      const inline = args.some((word) => /^-(?:\w*[cm]|e|p|r|-eval|-print)$/.test(word));
      return path === undefined || inline || script === undefined ? undefined : unseen(nameOf(script));
    }
    if (SCRIPT_NAME.test(name)) return unseen(name);
    if (roleOf([program, ...args], false) !== undefined || !program.includes('/') || SYSTEM_BIN.test(program))
      return undefined;
    return path !== undefined && fromElsewhere(this.#stage, path) ? undefined : unseen(name);
  }

  /** The same for each command of a script. */
  script(script: Script, given: readonly string[], workdir: string | undefined): string | undefined {
    if (script.opaque !== undefined) return 'its script cannot be read';
    let folder = workdir;
    for (const { program, programWord, args } of script.commands) {
      if (programWord === undefined) continue;
      const words = [programWord, ...args].flatMap(({ text, value, unquoted }, i) =>
        ALL_ARGUMENTS.test(text) ? given : [value ?? (i === 0 ? '' : unquoted)],
      );
      if (program === 'cd') {
        const to = args[0]?.value;
        folder =
          to === undefined || to === '-' ? undefined : to.startsWith('/') ? to : folder && joinPath(folder, [to]);
        continue;
      }
      const doubt =
        program === '.' || program === 'source'
          ? this.argv(['sh', ...words.slice(1)], folder)
          : words.length === 0
            ? undefined
            : this.argv(words, folder);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }

  step(step: Step, workdir: string | undefined): string | undefined {
    for (const script of step.scripts) {
      const doubt = this.script(script, [], workdir);
      if (doubt !== undefined) return doubt;
    }
    return undefined;
  }
}

/**
 * Whether what a container of the target starts may read the package lists: an entry point that installs packages does. Scripts
 * of the project are read where the context has them; a start that nobody can see counts as one that may.
 */
export function startInstalls(view: ProjectView): StartInstalls {
  const { build } = view;
  const { target } = build;
  if (target === undefined) return { doubt: undefined };
  const reader = new StartReader(view, target);
  return { doubt: doubtOf(view, target, reader) };
}

function doubtOf({ build }: ProjectView, target: Stage, reader: StartReader): string | undefined {
  const { entrypointStep, cmdStep, entrypoint, cmd } = startOf(target, build.file);
  const workdir = valueOf(target.end.workdir);
  if (entrypointStep === undefined && cmdStep === undefined) {
    const known = isKnown(target.image.starts) || (isKnown(entrypoint) && isKnown(target.image.os));
    return known || reader.readsAll(copiesInto(target)) ? undefined : 'what its base image starts is not known';
  }
  const scripts = [entrypointStep, cmdStep].filter((step) => step !== undefined && step.scripts.length > 0);
  for (const step of scripts) {
    const doubt = reader.step(step as Step, workdir);
    if (doubt !== undefined) return doubt;
  }
  const own = (step: Step | undefined) => (step === undefined || step.scripts.length > 0 ? [] : (step.argv ?? []));
  if (entrypointStep !== undefined) {
    if (entrypointStep.scripts.length > 0) return undefined;
    const passed = own(cmdStep);
    const doubt = reader.argv([...own(entrypointStep), ...passed], workdir);
    return doubt;
  }
  return cmdStep !== undefined && cmdStep.scripts.length === 0 ? reader.argv(valueOf(cmd) ?? [], workdir) : undefined;
}
