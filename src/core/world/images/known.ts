import type { Fact } from '../../vocabulary/index.ts';
import { holds, readTag, type Tag } from './conditions.ts';
import { FAMILIES, type Family, type Traits } from './families.ts';
import { libraryName } from './reference.ts';
import { SUITES } from './suites.ts';
import { type SystemName, system } from './systems.ts';
import { RELEASES, systemOf, type Version } from './tag.ts';
import type { ImageFacts, ImageReference } from './types.ts';

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const byName = new Map<string, Family>();
const byPrefix: [string, Family][] = [];
for (const family of FAMILIES) {
  for (const name of family.repositories.split(' ')) {
    if (name.endsWith('*')) byPrefix.push([name.slice(0, -1), family]);
    else if (name !== '') byName.set(name, family);
  }
}

/** `resin/rpi-raspbian`, `balenalib/armv7hf-debian-python`, `resin/raspberrypi3-alpine`. */
const DEVICE_IMAGE = /^(?:resin|balenalib)\/[a-z0-9-]*?-?(raspbian|debian|ubuntu|alpine|fedora)(?:-|$)/;

function familyOf(name: string): Family | undefined {
  const exact = byName.get(name);
  if (exact !== undefined) return exact;
  for (const [prefix, family] of byPrefix) if (name.startsWith(prefix)) return family;
  const device = DEVICE_IMAGE.exec(name)?.[1];
  if (device !== undefined) {
    const base = device === 'raspbian' ? 'debian' : (device as SystemName);
    return { repositories: name, system: base, user: 'root', healthcheck: false, unsure: ['os', 'onbuild'] };
  }
  return undefined;
}

type Suites = readonly { readonly from: Version; readonly release: string }[];
const suites = new Map<string, Suites>();

function suitesOf(key: string): Suites {
  let found = suites.get(key);
  if (found === undefined) {
    found = (SUITES[key] ?? '').split(' ').map((entry) => {
      const [from = '', release = ''] = entry.split(':');
      return { from: from.split('.').map(Number), release };
    });
    suites.set(key, found);
  }
  return found;
}

/** The release of a family's default images at this version, from SUITES. */
function suiteAt(key: string, version: Version): string | undefined {
  return suitesOf(key).findLast(({ from }) => notAfter(from, version))?.release;
}

/** Order of tags: `6` before `6.0` before `6.14`. */
function notAfter(a: Version, b: Version): boolean {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return (a[i] as number) < (b[i] as number);
  return a.length <= b.length;
}

/** Systems whose releases are the versions of their own images. */
const OWN_RELEASES: readonly SystemName[] = [
  'debian',
  'ubuntu',
  'alpine',
  'centos',
  'fedora',
  'oraclelinux',
  'amazonlinux',
  'opensuse',
];

/** The release that an operating system's own tag names: `12` of `debian:12.5-slim`, `16.04` of `ubuntu:16.04.3`. */
function releaseOf(name: SystemName, tag: string): string | undefined {
  const [major = '', minor] = (/^\d+(?:\.\d+)?/.exec(tag)?.[0] ?? '').split('.');
  // Amazon's 1 went by years and months, its 2 has a build date behind, since 2022 the year alone counts.
  const byMajor =
    name === 'amazonlinux'
      ? major === '2' || Number(major) >= 2022
      : name !== 'ubuntu' && name !== 'alpine' && name !== 'opensuse';
  return byMajor || minor === undefined ? major || undefined : `${major}.${minor}`;
}

interface Ground {
  readonly name: SystemName;
  readonly release: string | undefined;
}

/** The system below the image and its release, as far as tag and family tell. */
function groundOf(family: Family, traits: Traits, tag: Tag, reference: ImageReference): Ground {
  const named = systemOf(tag.words);
  if (named !== undefined && traits.system !== 'scratch') {
    if (named.name === 'other')
      return { name: family.on === 'bare' && traits.system === 'busybox' ? 'busybox' : 'unknown', release: undefined };
    // `microsoft/dotnet:2.1-sdk-alpine3.7` rests on Alpine, `distroless/static:debug-debian12` stays distroless.
    if (traits.system !== 'distroless')
      return { name: named.name === 'rhel' ? 'ubi' : named.name, release: named.release };
  }
  // A digest alone may be any variant of the image, unless it has none.
  const variants = family.when?.some(([condition]) => /alpine|slim/.test(condition)) ?? false;
  if (reference.digest !== undefined && reference.tag === undefined && variants)
    return { name: 'unknown', release: undefined };
  const name = traits.system ?? 'unknown';
  if (traits.release !== undefined) return { name, release: traits.release };
  if (tag.version === undefined) return { name, release: undefined };
  if (family.suites !== undefined) {
    const key = family.suites === 'openjdk' && tag.words.includes('slim') ? 'openjdk-slim' : family.suites;
    const suite = RELEASES[suiteAt(key, tag.version) ?? ''];
    return { name, release: name === 'debian' ? suite?.[1] : undefined };
  }
  const own =
    family.on === 'bare' &&
    OWN_RELEASES.includes(name) &&
    family.repositories.split(' ').some((each) => each.endsWith(name));
  return { name, release: own ? releaseOf(name, reference.tag ?? '') : undefined };
}

/** Programs that Debian's buildpack-deps carry, by size. Its Mercurial brings Python: 2 until buster, 3 since bullseye. */
const BUILDPACK: Readonly<Record<string, string>> = {
  curl: 'bash perl curl wget ca-certificates',
  scm: 'bash perl curl wget ca-certificates git',
  buildpack: 'bash perl curl wget ca-certificates git gcc make',
};

const split = (list: string | undefined): readonly string[] =>
  list === undefined || list === '' ? [] : list.split(' ');

const NOT_LISTED = 'the base table does not list this image';

/** Facts of an image of which nothing is known, with the reason. */
export function unknownImage(why: string): ImageFacts {
  const unknown = { unknown: why };
  return {
    user: unknown,
    users: unknown,
    shell: unknown,
    sh: unknown,
    workdir: unknown,
    env: unknown,
    envNames: unknown,
    entrypoint: unknown,
    cmd: unknown,
    starts: unknown,
    dropsPrivileges: unknown,
    healthcheck: unknown,
    onbuild: unknown,
    libc: unknown,
    packageManager: unknown,
    has: () => unknown,
    os: unknown,
    toolchain: unknown,
  };
}

/** Official images that no family lists: their `-alpine` and release tags keep the system's promises. */
const OTHER_OFFICIAL: Family = { repositories: '', system: 'unknown', on: 'unsure' };

function fromTable(reference: ImageReference, name: string, family: Family): ImageFacts {
  const tag = readTag(reference, name);
  let traits: Traits = family;
  const unsure = new Set(family.unsure);
  const has = new Set(split(family.has));
  const lacks = new Set(split(family.lacks));
  for (const [condition, more] of family.when ?? []) {
    if (!holds(condition, tag)) continue;
    traits = { ...traits, ...more };
    for (const field of more.unsure ?? []) unsure.add(field);
    for (const program of split(more.has)) has.add(program);
    for (const program of split(more.lacks)) lacks.add(program);
  }
  const ground = groundOf(family, traits, tag, reference);
  const below = system(ground.name, ground.release);
  const on = traits.on ?? 'unsure';
  const windows = ground.name === 'windows';
  const bare = on === 'bare' ? below.bare : {};
  for (const program of split(bare.lacks)) if (!has.has(program)) lacks.add(program);
  for (const program of split(bare.has)) if (!lacks.has(program)) has.add(program);
  const apt = ground.name === 'debian' || ground.name === 'ubuntu' || ground.name === 'apt';
  if (apt && BUILDPACK[on] !== undefined) {
    for (const program of split(BUILDPACK[on])) has.add(program);
    if (on === 'buildpack' && ground.name === 'debian' && ground.release !== undefined) {
      has.add(Number(ground.release) >= 11 ? 'python3' : 'python');
    }
  } else if (on === 'unsure' && apt) {
    has.add('bash').add('perl');
  } else if (on === 'unsure' && ground.name === 'alpine') {
    has.add('wget').add('nc');
  }

  const evidence = [
    {
      at: { image: reference.text },
      says: `base table: ${name}${reference.tag === undefined ? '' : `:${reference.tag}`}`,
    },
  ];
  const missing = { unknown: `the base table does not say it of ${name}` };
  const fact = <T>(field: keyof ImageFacts, value: T | undefined): Fact<T> =>
    value === undefined || unsure.has(field) ? missing : { value, from: 'table', evidence };

  // What a Windows image's config holds differs too much from its Linux siblings'.
  const known: Traits = windows && family.system !== 'windows' ? {} : traits;
  const empty = ground.name === 'scratch' && on === 'bare';
  const pathKnown = !windows && !empty && ground.name !== 'unknown' && (on !== 'unsure' || known.path !== undefined);
  const path = known.path === undefined ? DEFAULT_PATH : `${known.path}:${DEFAULT_PATH}`;
  const env: Readonly<Record<string, string>> = { ...(pathKnown ? { PATH: path } : {}), ...known.env };
  const names =
    known.names === undefined
      ? undefined
      : [...(empty ? [] : ['PATH']), ...Object.keys(known.env ?? {}), ...split(known.names)];
  const shell = known.shell !== undefined ? known.shell : below.shell;
  const toolchain =
    known.toolchain ??
    (windows
      ? undefined
      : on === 'buildpack'
        ? true
        : on === 'bare' || on === 'curl' || on === 'scm'
          ? false
          : undefined);
  const osName = ground.name === 'ubi' ? 'rhel' : ground.name === 'distroless' ? 'debian' : ground.name;
  return {
    user: fact('user', known.user),
    users: fact('users', known.users ?? (windows ? undefined : bare.users)),
    shell: fact('shell', shell),
    sh: fact('sh', known.sh !== undefined ? known.sh : below.sh),
    workdir: fact('workdir', known.workdir),
    env: fact('env', env),
    envNames: fact('envNames', names),
    entrypoint: fact('entrypoint', known.entrypoint),
    cmd: fact('cmd', known.cmd ?? (known.entrypoint === undefined ? undefined : bare.cmd)),
    starts: fact('starts', known.starts),
    dropsPrivileges: fact(
      'dropsPrivileges',
      known.dropsPrivileges ?? (known.user !== undefined && known.entrypoint?.length === 0 ? false : undefined),
    ),
    healthcheck: fact('healthcheck', known.healthcheck),
    onbuild: fact('onbuild', known.onbuild),
    libc: fact('libc', known.libc ?? below.libc),
    packageManager: fact('packageManager', known.packageManager ?? below.packageManager),
    has: (program) =>
      unsure.has('has')
        ? missing
        : has.has(program)
          ? { value: true, from: 'table', evidence }
          : lacks.has(program)
            ? { value: false, from: 'table', evidence }
            : missing,
    os: fact('os', ground.release === undefined ? (windows ? 'windows' : undefined) : `${osName}:${ground.release}`),
    toolchain: fact('toolchain', toolchain),
  };
}

const memo = new Map<string, ImageFacts>();
const MEMO_SIZE = 2048;

/**
 * What is known of an image without asking a registry, from the table of well-known images. Facts differ by tag where the
 * images do; whatever the table is not sure of is unknown.
 * @param reference an image that is not `scratch` (for that see `SCRATCH`)
 */
export function known(reference: ImageReference): ImageFacts {
  const cached = memo.get(reference.text);
  if (cached !== undefined) return cached;
  const name = libraryName(reference.familiar);
  const official = reference.repository.startsWith('library/') || name !== reference.familiar;
  const family = familyOf(name) ?? (official ? OTHER_OFFICIAL : undefined);
  const facts = family === undefined ? unknownImage(NOT_LISTED) : fromTable(reference, name, family);
  if (memo.size >= MEMO_SIZE) memo.clear();
  memo.set(reference.text, facts);
  return facts;
}

/** The empty image. It has no file at all, so no shell either; it runs as root in "/". */
export const SCRATCH: ImageFacts = fromTable(
  {
    text: 'scratch',
    registry: 'docker.io',
    repository: 'library/scratch',
    familiar: 'scratch',
    tag: undefined,
    digest: undefined,
  },
  'scratch',
  {
    repositories: 'scratch',
    system: 'scratch',
    on: 'bare',
    user: 'root',
    workdir: '/',
    names: '',
    entrypoint: [],
    cmd: [],
    healthcheck: false,
    onbuild: false,
    toolchain: false,
  },
);
