/** Files of an image, as a container of it sees them. */
export interface ImageFiles {
  /** `glibc`, `musl`, both or none. */
  readonly libc: readonly string[];
  /** Compilers and package managers, by name. */
  readonly tools: readonly string[];
  /** What package managers keep for another time. */
  readonly caches: readonly { readonly name: string; readonly bytes: number }[];
  /** Those above the base. */
  readonly setuid: readonly string[];
}

/** A member of a layer's archive. */
interface LayerEntry {
  /** As written. */
  readonly path: string;
  readonly type: 'file' | 'hard-link' | 'link' | 'folder' | 'other';
  /** Permission bits, with set-user-id and the like. */
  readonly mode: number;
  readonly size: number;
}

/** Paths that are told of one kind. */
const mostPaths = 20;

const loader = /^(?:usr\/)?lib(?:32|64)?\/(?:[\w-]+\/)?ld-(linux|musl)[\w.-]*$/;

/** What package managers and compilers keep for another time. */
const caches: readonly (readonly [string, RegExp])[] = [
  ['apt', /^var\/(?:lib\/apt\/lists|cache\/apt)\//],
  ['apk', /^var\/cache\/apk\//],
  ['dnf', /^var\/cache\/(?:dnf|yum|libdnf5)\//],
  ['pip', /^(?:root|home\/[^/]+)\/\.cache\/pip\//],
  ['uv', /^(?:root|home\/[^/]+)\/\.cache\/uv\//],
  ['poetry', /^(?:root|home\/[^/]+)\/\.cache\/pypoetry\//],
  ['npm', /^(?:root|home\/[^/]+)\/\.npm\/_cacache\//],
  ['yarn', /^(?:usr\/local\/share\/\.cache\/yarn|(?:root|home\/[^/]+)\/\.(?:cache\/yarn|yarn\/berry\/cache))\//],
  ['pnpm', /^(?:root|home\/[^/]+)\/\.(?:cache\/pnpm|local\/share\/pnpm\/store)\//],
  ['go', /^(?:(?:root|home\/[^/]+)\/\.cache\/go-build|(?:root\/)?go\/pkg\/mod)\//],
  ['cargo', /^(?:root\/\.cargo|usr\/local\/cargo)\/(?:registry|git)\//],
];

/** Programs that build other programs, and that install packages. */
const tool =
  /^(?:usr\/(?:local\/)?|opt\/[^/]+\/|usr\/local\/(?:go|cargo)\/)?s?bin\/(gcc|g\+\+|cc|clang|make|cmake|cargo|rustc|go|javac|git|npm|yarn|pnpm|corepack|pip3?|uv|poetry|gem|composer|mvn|gradle|apt-get|apk|dnf|microdnf|yum)$/;

interface Kept {
  readonly kind: 'setuid' | 'loader' | 'cache' | 'tool';
  readonly name: string;
  readonly bytes: number;
}

/** What is kept of a layer: entries that say something, and what it deletes of those below. */
export class LayerFiles {
  readonly kept = new Map<string, Kept>();
  /** Deleted paths, and folders whose older content is hidden. */
  readonly deleted = new Set<string>();

  /** @param entry as it comes in the archive of the layer */
  add({ path: written, type, mode, size }: LayerEntry): void {
    const path = written.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '');
    const [, folder = '', name = ''] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
    if (name === '.wh..wh..opq') this.deleted.add(folder.slice(0, -1));
    else if (name.startsWith('.wh.')) this.deleted.add(folder + name.slice('.wh.'.length));
    if (type === 'folder' || type === 'other' || name.startsWith('.wh.')) return;
    const kind = kindOf(path, type, mode);
    if (kind !== undefined) this.kept.set(path, { ...kind, bytes: size });
  }
}

function kindOf(path: string, type: LayerEntry['type'], mode: number): Omit<Kept, 'bytes'> | undefined {
  if (type !== 'link' && (mode & 0o4000) !== 0) return { kind: 'setuid', name: path };
  const [, libc] = loader.exec(path) ?? [];
  if (libc !== undefined) return { kind: 'loader', name: libc === 'musl' ? 'musl' : 'glibc' };
  const [, program] = tool.exec(path) ?? [];
  if (program !== undefined) return { kind: 'tool', name: program };
  if (type === 'link') return undefined;
  const cache = caches.find(([, pattern]) => pattern.test(path));
  return cache && { kind: 'cache', name: cache[0] };
}

/** Whether it is one of the paths, or lies below one. */
function isBelow(path: string, paths: ReadonlySet<string>): boolean {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) if (paths.has(at)) return true;
  return paths.has('');
}

/**
 * What a container of the image sees of all that.
 * @param layers the lowest first
 * @param own whether a layer lies above the base
 */
export function filesOf(layers: readonly { readonly files: LayerFiles; readonly own: boolean }[]): ImageFiles {
  const there = new Map<string, Kept & { readonly own: boolean }>();
  for (const { files, own } of layers) {
    if (files.deleted.size > 0) for (const path of there.keys()) if (isBelow(path, files.deleted)) there.delete(path);
    for (const [path, kept] of files.kept) there.set(path, { ...kept, own });
  }
  const all = [...there.values()];
  const names = (kind: Kept['kind']) =>
    [...new Set(all.filter((one) => one.kind === kind).map(({ name }) => name))].sort();
  const bytes = new Map<string, number>();
  for (const one of all) if (one.kind === 'cache') bytes.set(one.name, (bytes.get(one.name) ?? 0) + one.bytes);
  return {
    libc: names('loader'),
    tools: names('tool'),
    caches: [...bytes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, size]) => ({ name, bytes: size })),
    setuid: all
      .filter(({ kind, own }) => kind === 'setuid' && own)
      .map(({ name }) => `/${name}`)
      .sort()
      .slice(0, mostPaths),
  };
}
