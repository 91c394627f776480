/** Operating systems that containerd knows (database.go of github.com/containerd/platforms). */
const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);

const ARCHITECTURES = new Set(
  (
    '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ' +
    'riscv riscv64 s390 s390x sparc sparc64 wasm'
  ).split(' '),
);

/** Other names of architectures. */
const ALIASES: Readonly<Record<string, string>> = {
  i386: '386',
  x86_64: 'amd64',
  'x86-64': 'amd64',
  aarch64: 'arm64',
  armhf: 'arm',
  armel: 'arm',
};

const SYSTEM = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/;
const COMPONENT = /^[A-Za-z0-9_.-]+$/;
const BAD_PERCENT = /%(?![0-9A-Fa-f]{2})/;

/** A platform that is asked for; of a system alone the architecture is the builder's: empty. */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
}

/**
 * Reads a platform as containerd does (`platforms.Parse`): `linux/arm64/v8`, `windows(10.0.17763)/amd64`, `arm64`.
 * @returns undefined when it is none
 */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.split('/');
  const [first = '', second] = parts;
  const match = SYSTEM.exec(first);
  if (match === null || BAD_PERCENT.test(first) || parts.length > 3) return undefined;
  if (!parts.slice(1).every((part) => COMPONENT.test(part))) return undefined;
  const name = (match[1] ?? '').toLowerCase();
  const os = name === 'macos' ? 'darwin' : name;
  const architecture = (written: string) => {
    const small = written.toLowerCase();
    return Object.hasOwn(ALIASES, small) ? (ALIASES[small] as string) : small;
  };
  if (second !== undefined) return { os, architecture: architecture(second) };
  if (SYSTEMS.has(os)) return { os, architecture: '' };
  const alone = architecture(first);
  return ARCHITECTURES.has(alone) ? { os: 'linux', architecture: alone } : undefined;
}
