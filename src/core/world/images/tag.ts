/** Version numbers at the start of a tag: `[22, 3]` of `22.3-slim`, `v22.3`. */
export type Version = readonly number[];

/** The operating system that a tag names. */
export interface NamedSystem {
  readonly name:
    | 'debian'
    | 'ubuntu'
    | 'alpine'
    | 'centos'
    | 'fedora'
    | 'oraclelinux'
    | 'rhel'
    | 'amazonlinux'
    | 'windows'
    | 'other';
  /** `12`, `24.04`, `3.20`; undefined when only the system is named. */
  readonly release: string | undefined;
}

/** Debian's and Ubuntu's release names; `sid`, `testing` and the like name no fixed release. */
export const RELEASES: Readonly<Record<string, readonly ['debian' | 'ubuntu', string]>> = {
  squeeze: ['debian', '6'],
  wheezy: ['debian', '7'],
  jessie: ['debian', '8'],
  stretch: ['debian', '9'],
  buster: ['debian', '10'],
  bullseye: ['debian', '11'],
  bookworm: ['debian', '12'],
  trixie: ['debian', '13'],
  forky: ['debian', '14'],
  lucid: ['ubuntu', '10.04'],
  precise: ['ubuntu', '12.04'],
  quantal: ['ubuntu', '12.10'],
  raring: ['ubuntu', '13.04'],
  saucy: ['ubuntu', '13.10'],
  trusty: ['ubuntu', '14.04'],
  utopic: ['ubuntu', '14.10'],
  vivid: ['ubuntu', '15.04'],
  wily: ['ubuntu', '15.10'],
  xenial: ['ubuntu', '16.04'],
  yakkety: ['ubuntu', '16.10'],
  zesty: ['ubuntu', '17.04'],
  artful: ['ubuntu', '17.10'],
  bionic: ['ubuntu', '18.04'],
  cosmic: ['ubuntu', '18.10'],
  disco: ['ubuntu', '19.04'],
  eoan: ['ubuntu', '19.10'],
  focal: ['ubuntu', '20.04'],
  groovy: ['ubuntu', '20.10'],
  hirsute: ['ubuntu', '21.04'],
  impish: ['ubuntu', '21.10'],
  jammy: ['ubuntu', '22.04'],
  kinetic: ['ubuntu', '22.10'],
  lunar: ['ubuntu', '23.04'],
  mantic: ['ubuntu', '23.10'],
  noble: ['ubuntu', '24.04'],
  oracular: ['ubuntu', '24.10'],
  plucky: ['ubuntu', '25.04'],
  questing: ['ubuntu', '25.10'],
  resolute: ['ubuntu', '26.04'],
};

/** Words of a tag: its lower-case parts between dashes, the leading version apart. */
export function wordsOf(tag: string): readonly string[] {
  return tag.toLowerCase().split('-');
}

/** The version that a tag starts with; undefined for a name, and for a commit that only looks like a number. */
export function versionOf(tag: string): Version | undefined {
  const match = /^v?(\d+(?:\.\d+)*)(?![0-9a-z]*[a-f][0-9a-f]{5})/.exec(tag);
  return match?.[1]?.split('.').map(Number);
}

const SYSTEM_WORD =
  /^(alpine|debian|ubuntu|ubi|centos|fedora|oraclelinux|oracle|ol|rhel|amazonlinux|al|amzn)(\d[\d.]*)?(?:v\d)?$/;

const SYSTEM_NAMES: Readonly<Record<string, NamedSystem['name']>> = {
  alpine: 'alpine',
  debian: 'debian',
  ubuntu: 'ubuntu',
  ubi: 'rhel',
  rhel: 'rhel',
  centos: 'centos',
  fedora: 'fedora',
  oraclelinux: 'oraclelinux',
  oracle: 'oraclelinux',
  ol: 'oraclelinux',
  amazonlinux: 'amazonlinux',
  al: 'amazonlinux',
  amzn: 'amazonlinux',
};

/** Systems that the table has nothing to say of, and parts of names that would else pass for Debian. */
const OTHER_SYSTEM =
  /^(?:azurelinux|cbl|mariner|photon|nixos|busybox|musl|uclibc|scratch|wolfi|raspbian|arch|archlinux|opensuse|leap|clearlinux|unikernel)[\d.]*$/;

function systemOfWord(word: string): NamedSystem | undefined {
  const release = RELEASES[word];
  if (release !== undefined) return { name: release[0], release: release[1] };
  if (word === 'sid' || word === 'unstable' || word === 'testing' || word === 'oldstable')
    return { name: 'debian', release: undefined };
  if (/^(?:windowsservercore|nanoserver|windows|ltsc\d*|winamd64)/.test(word))
    return { name: 'windows', release: undefined };
  if (OTHER_SYSTEM.test(word)) return { name: 'other', release: undefined };
  const match = SYSTEM_WORD.exec(word);
  if (match === null) return undefined;
  // `al2` and `ol9` mean a system, a lone `al` or `ol` means nothing.
  if (match[2] === undefined && /^(?:ol|al|amzn|oracle)$/.test(match[1] as string)) return undefined;
  return { name: SYSTEM_NAMES[match[1] as string] as NamedSystem['name'], release: match[2] };
}

/** The operating system that a tag's words name; the last that does decides (`3-jdk-8-alpine`). */
export function systemOf(words: readonly string[]): NamedSystem | undefined {
  let found: NamedSystem | undefined;
  for (const word of words) found = systemOfWord(word) ?? found;
  return found;
}

/** Compares version numbers; a missing part of `version` counts as the newest there is, because a short tag moves with it. */
export function atLeast(version: Version, minimum: Version): boolean {
  for (const [i, wanted] of minimum.entries()) {
    const part = version[i] ?? Number.POSITIVE_INFINITY;
    if (part !== wanted) return part > wanted;
  }
  return true;
}
