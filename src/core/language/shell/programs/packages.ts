import type { Package, ShellWord } from '../types.ts';

type PackageSyntax = (word: ShellWord) => Package | undefined;

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@)/i;
const PATH = /^(?:\.{1,2}(?:\/|$)|\/|~\/?)/;

function of(word: ShellWord, source: Package['source'], name: string, version?: string): Package {
  return { name, version: version === '' ? undefined : version, source, word };
}

/** Every operand is a name. */
export const plain: PackageSyntax = (word) => of(word, 'registry', word.unquoted);

/** `name`, `name=version`, `name/release`, `name-` (remove), `./file.deb`. */
export const debian: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (PATH.test(text) || /\.(?:deb|dsc)$/.test(text)) return of(word, ADDRESS.test(text) ? 'url' : 'file', text);
  const match = /^([^=/]+)(?:=(.*)|\/.*)?$/.exec(text);
  return match === null ? of(word, 'registry', text) : of(word, 'registry', match[1] as string, match[2]);
};

/** `name`, `name=1.2-r0`, `name~1.2`, `name>1`, `name@repository`, `./file.apk`. */
export const alpine: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (PATH.test(text) || text.endsWith('.apk')) return of(word, 'file', text);
  const match = /^([^=<>~@]+)(?:@[^=<>~]*)?(?:([=<>~]+)([^@]*))?/.exec(text);
  if (match === null) return of(word, 'registry', text);
  const operator = match[2] === '=' ? '' : (match[2] ?? '');
  return of(word, 'registry', match[1] as string, match[3] && operator + match[3]);
};

/** `name`, `name-1.2.3[-release]`, `@group`, a file or address ending in `.rpm`; zypper also writes `name=1.2`. */
export const rpm: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (ADDRESS.test(text)) return of(word, 'url', text);
  if (PATH.test(text) || text.endsWith('.rpm')) return of(word, 'file', text);
  const equals = /^([^=<>]+?)([<>]?=|[<>])(.+)$/.exec(text);
  if (equals !== null) {
    const operator = equals[2] === '=' ? '' : equals[2];
    return of(word, 'registry', equals[1] as string, `${operator}${equals[3]}`);
  }
  // The dotted number tells a version from a name like java-1.8.0-openjdk, whose next part starts with a letter.
  const match = /^(.+?)-((?:\d+:)?\d+(?:\.[\w*~^+$]+)+(?:-[\d*$][^-]*)?)$/.exec(text);
  return match === null ? of(word, 'registry', text) : of(word, 'registry', match[1] as string, match[2]);
};

/** PEP 508: `name[extra]==1.2; marker`, `name @ address`, an address, a path, `.`. */
export const python: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (ADDRESS.test(text)) return of(word, 'url', text);
  if (/^\.(?:\/?$|\[)/.test(text)) return of(word, 'project', text);
  if (PATH.test(text) || /\.(?:whl|zip|tar\.gz|tar\.bz2|tgz)$/.test(text)) return of(word, 'file', text);
  const match = /^([^\s[<>=!~;@]+)\s*(?:\[[^\]]*\])?\s*(@\s*\S+|[<>=!~][^;]*)?/.exec(text);
  if (match === null) return of(word, 'registry', text);
  const spec = match[2]?.trim();
  if (spec?.startsWith('@') && ADDRESS.test(spec.slice(1).trim())) return of(word, 'url', match[1] as string);
  // `name@1.2` is uv's and poetry's way.
  return of(word, 'registry', match[1] as string, spec?.startsWith('@') ? spec.slice(1) : spec);
};

/** `name@version`, `@scope/name@version`, `alias@npm:name@version`, an address, `user/repository`, a path. */
export const node: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (ADDRESS.test(text) || /^(?:git|github|gitlab|bitbucket|gist|https?):/.test(text)) return of(word, 'url', text);
  if (text === '.') return of(word, 'project', text);
  if (PATH.test(text) || text.startsWith('file:') || text.endsWith('.tgz')) return of(word, 'file', text);
  const at = text.indexOf('@', 1);
  const name = at === -1 ? text : text.slice(0, at);
  if (!name.startsWith('@') && name.includes('/')) return of(word, 'url', text);
  const version = at === -1 ? undefined : text.slice(at + 1);
  if (version !== undefined && (ADDRESS.test(version) || version.includes('/'))) return of(word, 'url', name);
  return of(word, 'registry', name, version);
};

/** `module/path@version`; `./…` and a name without a dot in its first part are of this module or the standard library. */
export const goModule: PackageSyntax = (word) => {
  const text = word.unquoted;
  const at = text.indexOf('@');
  const path = at === -1 ? text : text.slice(0, at);
  if (PATH.test(path) || path.endsWith('.go') || (at === -1 && !(path.split('/')[0] ?? '').includes('.'))) {
    return of(word, 'project', text);
  }
  return of(word, 'registry', path, at === -1 ? undefined : text.slice(at + 1));
};

/** `name`, `name:version`, a `.gem` file. */
export const gem: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (PATH.test(text) || text.endsWith('.gem')) return of(word, 'file', text);
  const colon = text.indexOf(':');
  return colon === -1 ? of(word, 'registry', text) : of(word, 'registry', text.slice(0, colon), text.slice(colon + 1));
};

/** `name`, `name@version`. */
export const crate: PackageSyntax = (word) => {
  const [name, version] = word.unquoted.split('@');
  return of(word, 'registry', name ?? '', version);
};

/** `vendor/name`, `vendor/name:constraint`, `vendor/name=constraint`. */
export const composerPackage: PackageSyntax = (word) => {
  const match = /^([^:=\s]+)(?:[:=\s](.*))?$/.exec(word.unquoted);
  return of(word, 'registry', match?.[1] ?? word.unquoted, match?.[2]);
};

/** `name=1.2`, `name>=1`, `channel::name`, an archive. */
export const condaPackage: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (ADDRESS.test(text)) return of(word, 'url', text);
  if (PATH.test(text) || /\.(?:conda|tar\.bz2)$/.test(text)) return of(word, 'file', text);
  const match = /^(?:[^:=<>!\s]+::)?([^=<>!~\s[]+)\s*(?:=?([=<>!~].*))?$/.exec(text);
  if (match === null) return of(word, 'registry', text);
  return of(word, 'registry', match[1] as string, match[2]?.replace(/^=+/, ''));
};

/** `name`, `name-1.2.3`, `name-beta`, `channel/name`, an address or archive. */
export const pecl: PackageSyntax = (word) => {
  const text = word.unquoted;
  if (ADDRESS.test(text)) return of(word, 'url', text);
  if (PATH.test(text) || text.endsWith('.tgz')) return of(word, 'file', text);
  const match = /^(.+?)-(\d[\w.]*|alpha|beta|stable|devel|\$.*)$/.exec(text);
  return match === null ? of(word, 'registry', text) : of(word, 'registry', match[1] as string, match[2]);
};
