import { heredocShell, parseScript, roleOf, type Script, type Shell } from '../language/shell/index.ts';
import { lineMap, position, verbatim } from '../language/text/index.ts';
import type { Evidence, FactKey, Json, Path, Span } from '../vocabulary/index.ts';
import type { Facts } from '../world/facts/index.ts';
import { isKnown, valueOf } from './known.ts';
import { originsOf } from './origins.ts';
import { startProgram } from './purpose.ts';
import { endsByItself, type ScriptEnd, scriptEnds } from './script-ends.ts';
import { type CodeLanguage, servingMark } from './serving-code.ts';
import { startOf } from './start.ts';
import { joinPath } from './surroundings.ts';
import type { Build, Purpose, Stage, Step } from './types.ts';

/** What the project's own files may be asked about. */
export interface ProjectView {
  readonly build: Build;
  readonly facts: Facts;
  /** Directory of the build context, relative to the project root. */
  readonly context: Path;
}

export interface SeenPurpose {
  readonly purpose: Purpose;
  /** Facts that may tell what is not known yet. */
  readonly wants: readonly FactKey[];
}

/** Scripts that start scripts are followed this far, and so many names are asked for: whatever a Dockerfile holds, it ends. */
const MAX_FILES = 4;
const MAX_SCRIPTS = 16;
const MAX_ASKED = 32;

const PATHS = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

const ENTRYPOINT = 'docker-entrypoint.sh';

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);

const INTERPRETERS: readonly (readonly [program: RegExp, reads: CodeLanguage])[] = [
  [/^(?:node|nodejs|bun|deno|ts-node|tsx|nodemon)$/, 'node'],
  [/^(?:python|pypy)[\d.]*$/, 'python'],
  [/^ruby[\d.]*$/, 'ruby'],
];

const SH: Shell = { kind: 'sh', errexit: false, pipefail: false };
const BASH: Shell = { ...SH, kind: 'bash' };
const SHELLS: Readonly<Record<string, Shell>> = { sh: SH, ash: SH, dash: SH, bash: BASH };

/** A file that a start hands to an interpreter, or runs itself. */
interface Started {
  /** Absolute, likeliest first. */
  readonly paths: readonly string[];
  /** It is sought along PATH: most of what lies there is no file of the project. */
  readonly sought: boolean;
  /** What reads it; undefined: its first line says. */
  readonly reads: CodeLanguage | Shell | undefined;
  readonly args: readonly string[];
}

/** What was seen of a start; `at` and `says` tell it in the file where it stands. */
interface Sight {
  readonly is: 'service' | 'job';
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** The file of the project that an argv may run. */
export function startedFile(argv: readonly string[], workdir: string | undefined): Started | undefined {
  const [program = '', ...args] = argv;
  const at = (path: string) => (path.startsWith('/') ? joinPath('/', [path]) : workdir && joinPath(workdir, [path]));
  const shell = SHELLS[nameOf(program)];
  const language = INTERPRETERS.find(([name]) => name.test(nameOf(program)))?.[1];
  if (shell === undefined && language === undefined) {
    if (program === '' || /[\s$]/.test(program)) return undefined;
    const path = at(program);
    const paths = program.includes('/') ? [path] : PATHS.map((folder) => `${folder}/${program}`);
    const sought = !/\/|\.(?:sh|py|js|rb)$/.test(program);
    return { paths: paths.filter((each) => each !== undefined), sought, reads: undefined, args };
  }
  const first = args.findIndex((word) => !word.startsWith('-'));
  const options = args.slice(0, Math.max(first, 0));
  const script = args[first];
  // `-c`, `-e` and `-m` say otherwise what is run; an option with a value is taken for one without, and finds no file.
  if (script === undefined || script === '' || options.some((word) => /^-(?:\w*[cms]|e|p|-eval|-print)$/.test(word)))
    return undefined;
  const path = at(script);
  if (path === undefined) return undefined;
  const endings = language === 'node' ? [path, `${path}.js`, `${path}/index.js`] : [path];
  return {
    paths: /\.\w+$/.test(nameOf(path)) ? [path] : endings,
    sought: false,
    reads: shell ?? language,
    args: args.slice(first + 1),
  };
}

/** The shell that reads a script; undefined for what is none. */
export function shellOfText(text: string, path: string): Shell | undefined {
  const own = heredocShell(text);
  if (own === undefined) return path.endsWith('.sh') ? SH : undefined;
  return 'opaque' in own ? undefined : own;
}

function readerOf(text: string, path: string, started: Started): CodeLanguage | Shell | undefined {
  if (started.reads !== undefined) return started.reads;
  const shell = shellOfText(text, path);
  if (shell !== undefined) return shell;
  const [, program = ''] = /^#![ \t]*(?:\S*\/env[ \t]+(?:-\S+[ \t]+)*)?(\S+)/.exec(text) ?? [];
  return INTERPRETERS.find(([name]) => name.test(nameOf(program)))?.[1];
}

class Looker {
  readonly wants: FactKey[] = [];
  readonly #view: ProjectView;
  readonly #stage: Stage;
  readonly #read = new Set<string>();
  #scripts = 0;
  #asked = 0;

  constructor(view: ProjectView, stage: Stage) {
    this.#view = view;
    this.#stage = stage;
  }

  /** The text of a file in the image, where the build context or the Dockerfile has it. */
  #textOf(
    path: string,
    sought: boolean,
  ): { readonly text: string; readonly file: Path; readonly at: number } | undefined {
    const { build, facts, context } = this.#view;
    for (const origin of originsOf(build, this.#stage, path)) {
      if (origin.is === 'heredoc') return { text: origin.text, file: build.file, at: origin.at };
      if (sought && !origin.named) continue;
      this.#asked += 1;
      if (this.#asked > MAX_ASKED) return undefined;
      const of = { context, path: origin.path };
      const fact = facts.ask('context-text', of);
      if (!isKnown(fact)) {
        this.wants.push({ kind: 'context-text', of: of as unknown as Json });
        return undefined;
      }
      const file = context === '' || context === '.' ? origin.path : `${context}/${origin.path}`;
      if (fact.value.text !== null) return { text: fact.value.text, file, at: 0 };
    }
    return undefined;
  }

  /** What an argv is for, by its name or by the file of the project that it runs. */
  argv(argv: readonly string[], workdir: string | undefined): Sight | undefined {
    const words = startProgram(argv);
    // A file of the project may be called as what official images start with.
    const entry = argv.slice(0, argv.length - words.length).findIndex((word) => nameOf(word) === ENTRYPOINT);
    if (entry >= 0 && this.#stage.end.entrypoint !== undefined) {
      const sight = this.#file(startedFile(argv.slice(entry), workdir), workdir);
      if (sight !== undefined) return sight;
    }
    const role = roleOf(words, false);
    if (role?.is === 'server') return { is: 'service', says: role.says, evidence: [] };
    if (role !== undefined) return undefined;
    const shell = SHELLS[nameOf(words[0] ?? '')];
    if (shell !== undefined && words[1] === '-c' && words[2] !== undefined)
      return this.script(parseScript(verbatim(words[2], [0, words[2].length]), shell), words.slice(4), workdir);
    return this.#file(startedFile(words, workdir), workdir);
  }

  #file(started: Started | undefined, workdir: string | undefined): Sight | undefined {
    if (started === undefined || this.#read.size >= MAX_FILES) return undefined;
    for (const path of started.paths) {
      if (this.#read.has(path)) return undefined;
      const found = this.#textOf(path, started.sought);
      if (this.wants.length > 0) return undefined;
      if (found === undefined) continue;
      this.#read.add(path);
      const reader = readerOf(found.text, path, started);
      if (reader === undefined) return undefined;
      const seen = (is: Sight['is'], says: string, span: Span, line: number, more: readonly Evidence[]): Sight => ({
        is,
        // A heredoc's place is in the Dockerfile: its lines are counted there.
        says: `runs ${nameOf(path)}, which ${says}${more.length > 0 || found.at > 0 ? '' : ` (${found.file}:${line})`}`,
        evidence: [{ at: { file: found.file, span: [span[0] + found.at, span[1] + found.at] }, says }, ...more],
      });
      if (typeof reader === 'string') {
        const mark = servingMark(found.text, reader);
        return mark && seen('service', `calls ${mark.call}`, mark.span, mark.line, []);
      }
      const script = parseScript(verbatim(found.text, [0, found.text.length]), reader);
      const sight = this.script(script, started.args, workdir);
      const line = sight && position(lineMap(found.text), sight.at[0]).line;
      return sight && seen(sight.is, sight.says, sight.at, line as number, sight.evidence);
    }
    return undefined;
  }

  /** What a script is for: a service when all that it may leave the container to serves, a job when it certainly ends. */
  script(script: Script, given: readonly string[], workdir: string | undefined): (Sight & { at: Span }) | undefined {
    this.#scripts += 1;
    if (script.opaque !== undefined || this.#scripts > MAX_SCRIPTS) return undefined;
    const found = scriptEnds(script, given, workdir);
    const at = ({ command }: ScriptEnd, sight: Sight) => ({ ...sight, at: command.span });
    if (found.waits) {
      for (const one of found.top) {
        const sight = this.argv(one.argv, one.workdir);
        if (sight?.is === 'service') return at(one, sight);
      }
    }
    const ends = found.ends.filter(({ passed, argv }) => !passed || argv.length > 0);
    const sights = ends.map((one) => {
      const sight = this.argv(one.argv, one.workdir);
      return sight && at(one, sight);
    });
    const service = sights.find((sight) => sight?.is === 'service');
    if (service !== undefined && sights.every((sight) => sight?.is === 'service')) return service;
    const job = sights.every((sight) => sight?.is === 'job') ? sights.at(-1) : undefined;
    if (job !== undefined) return job;
    const last = found.top.at(-1);
    return last !== undefined && endsByItself(found)
      ? at(last, { is: 'job', says: 'does its work and ends', evidence: [] })
      : undefined;
  }
}

/**
 * What the target is for, as `Build.purpose` has it; where the text alone does not tell, from the project's own file that it
 * starts. A file makes a service or a job, never an image to build on: who asks for that alone needs no facts.
 */
export function seenPurpose(view: ProjectView): SeenPurpose {
  const { build } = view;
  const { purpose, target } = build;
  if (purpose.is !== 'unknown' || target === undefined) return { purpose, wants: [] };
  const looker = new Looker(view, target);
  const { entrypointStep, cmdStep, argv, cmd } = startOf(target, build.file);
  const workdir = valueOf(target.end.workdir);
  const steps = [entrypointStep, cmdStep].filter((step) => step !== undefined);
  let found: { readonly sight: Sight; readonly step: Step } | undefined;
  for (const step of steps) {
    const sight = ofStep(step);
    if (sight !== undefined) found = { sight, step };
    if (found !== undefined || step.scripts.length > 0 || step === entrypointStep) break;
  }
  if (found === undefined || looker.wants.length > 0) return { purpose, wants: looker.wants };
  const { sight, step } = found;
  const own: Evidence = { at: { file: build.file, span: step.instruction.span }, says: sight.says };
  return { purpose: { is: sight.is, evidence: [own, ...sight.evidence] }, wants: [] };

  function ofStep(step: Step): Sight | undefined {
    const [script, more] = step.scripts;
    if (script !== undefined) return more === undefined ? looker.script(script, [], workdir) : undefined;
    const words = valueOf(argv) ?? (step === cmdStep ? valueOf(cmd) : step.argv);
    return words && looker.argv(words, workdir);
  }
}
