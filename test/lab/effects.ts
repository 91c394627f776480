import { spawn } from 'node:child_process';
import { runOnce } from './container.ts';
import {
  type Build,
  type BuildOptions,
  type Context,
  docker,
  dockerPrints,
  labEnvironment,
  runBuild,
} from './engine.ts';
import { type Entry, readTar } from './tar.ts';

/** What the engine itself puts into every container, whatever the image. */
const OF_THE_ENGINE = new Set([
  '/.dockerenv',
  '/dev/console',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/mtab',
  '/etc/resolv.conf',
]);

const DPKG = '/var/lib/dpkg/status';
const APK = '/lib/apk/db/installed';
const APK_MERGED = '/usr/lib/apk/db/installed';

export type Filesystem = ReadonlyMap<string, Entry>;

export interface Config {
  readonly [field: string]: unknown;
}

/** An example of a rule: the text that is wrong, the text that the fix makes of it, and what both are built from. */
export interface Pair {
  name: string;
  bad: string;
  good: string;
  context?: Context;
  options?: BuildOptions;
  /** Programs to run in both images, like `['curl', '--version']`: do they end alike? */
  programs?: readonly (readonly string[])[];
}

export interface Judgement {
  name: string;
  bad: Outcome;
  good: Outcome;
  /** Absent unless both were built. */
  compared?: Comparison;
}

export type Outcome = Pick<Build, 'ok' | 'exit' | 'error' | 'seconds'>;

export interface Comparison {
  onlyInBad: readonly string[];
  onlyInGood: readonly string[];
  /** Paths in both, with what is not the same. */
  differing: readonly { path: string; in: readonly string[] }[];
  /** Paths that differ between two builds of the bad text itself, and are therefore left out above. */
  noise: readonly string[];
  /** `unknown` where the images have no package database that can be read. */
  packages: 'equal' | 'unknown' | { onlyInBad: readonly string[]; onlyInGood: readonly string[] };
  /** Fields of the configuration that differ. */
  config: readonly string[];
  bytes: { bad: number; good: number };
  programs: readonly { argv: readonly string[]; bad: Ran; good: Ran; alike: boolean }[];
}

export interface Ran {
  exit: number;
  stdout: string;
}

/** Every path of the image with type, mode, owner, size and the digest of its content. Nothing of the image is run. */
export async function filesystem(image: string): Promise<Filesystem> {
  // The command is never run, but an image without one needs something to be created with.
  const id = await dockerPrints('create', '--network=none', '--entrypoint', '/none', image);
  try {
    const child = spawn('docker', ['export', id], { env: labEnvironment(), stdio: ['ignore', 'pipe', 'inherit'] });
    const entries = new Map<string, Entry>();
    for await (const entry of readTar(child.stdout, (path) => path === DPKG || path === APK || path === APK_MERGED))
      if (!OF_THE_ENGINE.has(entry.path)) entries.set(entry.path, entry);
    return entries;
  } finally {
    await docker(['rm', '--force', id]);
  }
}

/** The paths below a folder, without the folder. */
export function below(files: Filesystem, folder: string): string[] {
  const start = folder.endsWith('/') ? folder : `${folder}/`;
  return [...files.keys()].filter((path) => path.startsWith(start)).sort();
}

/** The installed packages as `name=version`, of Debian's or Alpine's database; undefined when there is neither. */
export function packages(files: Filesystem): string[] | undefined {
  const dpkg = files.get(DPKG)?.text;
  if (dpkg !== undefined) return records(dpkg, /^Status: .* installed$/m, /^Package: (.+)$/m, /^Version: (.+)$/m);
  const apk = (files.get(APK) ?? files.get(APK_MERGED))?.text;
  return apk === undefined ? undefined : records(apk, /^P:/m, /^P:(.+)$/m, /^V:(.+)$/m);
}

function records(database: string, present: RegExp, name: RegExp, version: RegExp): string[] {
  return database
    .split('\n\n')
    .filter((record) => present.test(record))
    .map((record) => `${name.exec(record)?.[1]}=${version.exec(record)?.[1]}`)
    .sort();
}

/** The image's configuration as the engine tells it: user, environment, entrypoint, health check, labels and so on. */
export async function config(image: string): Promise<Config> {
  return JSON.parse(await dockerPrints('image', 'inspect', '--format', '{{json .Config}}', image));
}

/** The bytes of all the image's layers, files that a later layer removes included. */
export async function bytes(image: string): Promise<number> {
  return Number(await dockerPrints('image', 'inspect', '--format', '{{.Size}}', image));
}

/**
 * Builds the bad and the good text of each pair and tells in what the images differ. Every step is run afresh, and the bad text is built
 * twice, so that what differs by itself (logs, times inside files) is not held against the good one. Images are removed again.
 */
export async function judgeExamples(pairs: readonly Pair[]): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  for (const pair of pairs) judgements.push(await judge(pair));
  return judgements;
}

async function judge({ name, bad, good, context = {}, options, programs = [] }: Pair): Promise<Judgement> {
  const build = (text: string): Promise<Build> => runBuild(text, context, { ...options, fresh: true });
  const builtBad = await build(bad);
  const builtGood = await build(good);
  const images = [builtBad.image, builtGood.image];
  try {
    const judgement = { name, bad: outcome(builtBad), good: outcome(builtGood) };
    if (builtBad.image === undefined || builtGood.image === undefined) return judgement;
    const again = await build(bad);
    if (again.image === undefined) return { ...judgement, bad: outcome(again) };
    images.push(again.image);
    return { ...judgement, compared: await compare(builtBad.image, again.image, builtGood.image, programs) };
  } finally {
    await docker(['image', 'rm', '--force', ...images.filter((image) => image !== undefined)]);
  }
}

function outcome({ ok, exit, error, seconds }: Build): Outcome {
  return { ok, seconds, ...(exit !== undefined && { exit }), ...(error !== undefined && { error }) };
}

async function compare(
  bad: string,
  badAgain: string,
  good: string,
  programs: Pair['programs'] = [],
): Promise<Comparison> {
  const [files, filesAgain, filesGood] = [await filesystem(bad), await filesystem(badAgain), await filesystem(good)];
  const [configBad, configGood] = [await config(bad), await config(good)];
  const noise = new Set(differences(files, filesAgain).map(({ path }) => path));
  const found = differences(files, filesGood).filter(({ path }) => !noise.has(path));
  const only = (side: string): string[] => found.filter((each) => each.in[0] === side).map(({ path }) => path);
  const ran = [];
  for (const argv of programs) {
    const [inBad, inGood] = [await runOnce(bad, argv), await runOnce(good, argv)];
    const [left, right] = [inBad, inGood].map(({ exit, stdout }) => ({ exit, stdout })) as [Ran, Ran];
    ran.push({ argv, bad: left, good: right, alike: left.exit === right.exit && left.stdout === right.stdout });
  }
  return {
    onlyInBad: only('bad'),
    onlyInGood: only('good'),
    differing: found.filter((each) => each.in[0] !== 'bad' && each.in[0] !== 'good'),
    noise: [...noise],
    packages: comparePackages(packages(files), packages(filesGood)),
    config: [...new Set([...Object.keys(configBad), ...Object.keys(configGood)])]
      .filter((field) => JSON.stringify(configBad[field]) !== JSON.stringify(configGood[field]))
      .sort(),
    bytes: { bad: await bytes(bad), good: await bytes(good) },
    programs: ran,
  };
}

/** Paths that are not alike in both: `in` is `['bad']` or `['good']` where only one has it, else the fields that differ. */
function differences(bad: Filesystem, good: Filesystem): { path: string; in: string[] }[] {
  const fields = ['type', 'mode', 'uid', 'gid', 'sha256', 'to'] as const;
  return [...new Set([...bad.keys(), ...good.keys()])].sort().flatMap((path) => {
    const [left, right] = [bad.get(path), good.get(path)];
    if (!left || !right) return [{ path, in: [left ? 'bad' : 'good'] }];
    const differ = fields.filter((field) => left[field] !== right[field]);
    return differ.length === 0 ? [] : [{ path, in: differ }];
  });
}

function comparePackages(bad: string[] | undefined, good: string[] | undefined): Comparison['packages'] {
  if (!bad || !good) return 'unknown';
  const onlyInBad = bad.filter((each) => !good.includes(each));
  const onlyInGood = good.filter((each) => !bad.includes(each));
  return onlyInBad.length + onlyInGood.length === 0 ? 'equal' : { onlyInBad, onlyInGood };
}
