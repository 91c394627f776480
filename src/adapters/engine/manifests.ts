import { appendFile } from 'node:fs/promises';

/** Text that no package manager minds at the end of a manifest, and that differs with what is said. */
type Remark = (said: string) => string;

const hash: Remark = (said) => `\n# ${said}\n`;
const slashes: Remark = (said) => `\n// ${said}\n`;
const tags: Remark = (said) => `\n<!-- ${said} -->\n`;

/** JSON has no comments: each bit is a space or a tab. */
const blanks: Remark = (said) => {
  const bits = [...said].flatMap((character) => [...character.charCodeAt(0).toString(2)]);
  return `\n${bits.map((bit) => (bit === '0' ? ' ' : '\t')).join('')}\n`;
};

/** Manifests and lists by their names; lockfiles that the tools write themselves are left alone. */
const manifests: readonly (readonly [RegExp, Remark])[] = [
  [/^package\.json$/, blanks],
  [/^composer\.json$/, blanks],
  [/^requirements[\w.-]*\.txt$/, hash],
  [/^(?:pyproject|Cargo)\.toml$/, hash],
  [/^(?:Gemfile|mix\.exs)$/, hash],
  [/^go\.mod$/, slashes],
  [/^build\.gradle(?:\.kts)?$/, slashes],
  [/^pom\.xml$/, tags],
];

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
const remarkFor = (path: string) => manifests.find(([name]) => name.test(nameOf(path)))?.[1];

/** Files that say what a project depends on, those nearest to the top first. */
export function dependencyFiles(paths: readonly string[]): readonly string[] {
  const depth = (path: string) => path.split('/').length;
  return paths.filter((path) => remarkFor(path) !== undefined).sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

/** Changes such a file as no run has before, so that it says the same. */
export async function editManifest(path: string, said: string): Promise<void> {
  await appendFile(path, (remarkFor(path) ?? hash)(said));
}
