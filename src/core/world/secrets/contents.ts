import { lineMap, position } from '../../language/text/index.ts';
import { secretFile } from './files.ts';
import { type ScannerFinding, scannedSecrets } from './scanned.ts';
import { isPublicSetting, secretSettings } from './settings.ts';
import { credentialsInUrls } from './urls.ts';
import { secretValuesIn } from './values.ts';

/** What a file was found to hold. Never the value. */
export interface FileSecret {
  /** For people: `registry credentials`. */
  readonly holds: string;
  /** By its name only: it often holds none. */
  readonly doubtful: boolean;
  /** From 1; `null` when its name alone tells. */
  readonly line: number | null;
}

interface Form {
  /** On the path, `/` before it, lower case. */
  readonly name: RegExp;
  readonly holds: string;
  /** The name says nothing by itself. */
  readonly general?: true;
  /** Every repetition has a bound: linear on any text. The value is its group, or all of it. */
  readonly text: RegExp;
}

/** Settings that are harmless until somebody writes a credential into them. */
const FORMS: readonly Form[] = [
  {
    name: /\/(?:\.npmrc|\.yarnrc)$/,
    holds: 'registry credentials',
    text: /(?:_authToken|_auth|_password)["']?[ \t]{0,9}[= ][ \t]{0,9}["']?[^\s"'$]{6,400}/,
  },
  {
    name: /\/\.yarnrc\.yml$/,
    holds: 'registry credentials',
    text: /npmAuth(?:Token|Ident):[ \t]{0,9}["']?[^\s"'$]{6,400}/,
  },
  { name: /\/bunfig\.toml$/, holds: 'registry credentials', text: /\btoken[ \t]{0,9}=[ \t]{0,9}"[^"$]{6,400}"/ },
  {
    name: /\/auth\.json$/,
    holds: 'registry credentials',
    text: /"(?:github-oauth|gitlab-token|gitlab-oauth|bitbucket-oauth|http-basic|bearer)"\s{0,9}:\s{0,9}\{\s{0,99}"[^"]{1,200}"\s{0,9}:/,
  },
  {
    general: true,
    name: /\.json$/,
    holds: 'registry credentials',
    text: /"auths"\s{0,9}:\s{0,9}\{\s{0,99}"[^"]{1,200}"\s{0,9}:\s{0,9}\{\s{0,99}"auth"\s{0,9}:\s{0,9}"[A-Za-z0-9+/=]{8,400}"/,
  },
  {
    name: /\/nuget\.config$/,
    holds: 'registry credentials',
    text: /ClearTextPassword"[ \t]{1,9}value[ \t]{0,9}=[ \t]{0,9}"[^"%]{4,400}"/i,
  },
  { name: /\/settings\.xml$/, holds: 'registry credentials', text: /<password>([^<${]{4,400})<\/password>/ },
  {
    name: /\/\.bundle\/config$/,
    holds: 'registry credentials',
    text: /^BUNDLE_[A-Z0-9_]{1,99}:[ \t]{0,9}"?[^\s":]{1,200}:[^\s"@]{4,200}"?$/m,
  },
  {
    name: /\/gradle\.properties$/,
    holds: 'passwords',
    text: /^[ \t]{0,9}[\w.]{0,60}(?:password|token|secret)[\w.]{0,20}[ \t]{0,9}=[ \t]{0,9}[^\s$]{6,400}/im,
  },
  {
    name: /\.tfvars$/,
    holds: 'passwords',
    text: /\b\w{0,60}(?:password|secret|token|access_key)\w{0,20}[ \t]{0,20}=[ \t]{0,20}"[^"$]{6,400}"/i,
  },
  {
    name: /\/wp-config\.php$/,
    holds: 'the password of a database',
    text: /define\(\s{0,9}['"]DB_PASSWORD['"]\s{0,9},\s{0,9}['"][^'"]{4,200}['"]/,
  },
  {
    general: true,
    name: /./,
    holds: 'cloud credentials',
    text: /\baws_secret_access_key["']?[ \t]{0,9}[=:][ \t]{0,9}["']?([A-Za-z0-9/+]{40})\b/i,
  },
];

/** Addresses of registries and mirrors stand in these. */
const ADDRESSES =
  /\/(?:pip\.(?:conf|ini)|\.condarc|\.gitmodules|uv\.toml|poetry\.toml|\.pip\/.*|requirements[^/]{0,40}\.txt|gemfile|\.gemrc|pyproject\.toml)$/;

/** Settings that hold secrets more often than not. */
const SETTINGS = /\/(?:\.env[^/]*|secrets?\.(?:ya?ml|json|env|toml|txt))$/;

/** Values that documentation and defaults use. */
const PLACEHOLDER =
  /example|change[-_ ]?me|your[-_ ]|x{4}|\*{3}|placeholder|dummy|secret[-_]?here|put[-_ ]|<[a-z _-]{1,40}>|\{\{|\$\{|%\w+%/i;

const isExample = (value: string) => PLACEHOLDER.test(value) || new Set(value).size < 4;

/** Whether a file is read to be judged: its name alone says nothing, or not enough. */
const isJudgedByText = (path: string) => FORMS.some(({ name, general }) => !general && name.test(path));

/**
 * What a file holds that nobody else should have, by its name and by what stands in it: each kind once, where it stands first.
 * @param path relative, `/` between its parts
 * @param read its text; undefined for large and binary files
 * @param scan what a secret scanner finds in a text
 */
export function secretsInFile(
  path: string,
  read: () => string | undefined,
  scan: (text: string) => readonly ScannerFinding[] = () => [],
): readonly FileSecret[] {
  const clean = `/${path.toLowerCase()}`;
  const named = secretFile(path);
  const isSettings = named !== undefined && SETTINGS.test(clean);
  const text = read();
  const byName = named === undefined ? [] : [{ ...named, line: null }];
  if (isSettings) return text === undefined ? byName : secretsInText(path, text, scan, isSettings);
  const isJudged = isJudgedByText(clean);
  // A template of an orchestrator has a place for the secret, not the secret.
  if (named?.doubtful === false && !isJudged) return /\{\{/.test(text ?? '') ? [] : byName;
  const found = text === undefined ? [] : secretsInText(path, text, scan, false);
  return found.length > 0 || isJudged ? found : byName;
}

/** A secret and the offset at which it stands. */
interface Found {
  readonly holds: string;
  readonly at: number;
}

function secretsInText(
  path: string,
  text: string,
  scan: (text: string) => readonly ScannerFinding[],
  isSettings: boolean,
): readonly FileSecret[] {
  const settings = isSettings ? secretSettings(text).map(([at]) => ({ holds: 'passwords or keys', at })) : [];
  const own = [...settings, ...knownSecrets(`/${path.toLowerCase()}`, text)];
  const scanned = scannedSecrets(path, text, scan(text)).map(({ is, span }) => ({ holds: is, at: span[0] }));
  const all = [...own, ...scanned].filter(({ at }) => !isSettings || !isPublicSetting(text, at));
  if (all.length === 0) return [];
  const lines = lineMap(text);
  const secrets: (FileSecret & { readonly line: number })[] = [];
  // Ours come first: of what stands on one line nobody needs to be told twice.
  for (const { holds, at } of all) {
    const { line } = position(lines, at);
    if (!secrets.some((one) => one.line === line || one.holds === holds))
      secrets.push({ holds, doubtful: false, line });
  }
  return secrets.sort((a, b) => a.line - b.line);
}

/** What our own tables find. @param clean the path with `/` before it, in small letters */
function knownSecrets(clean: string, text: string): readonly Found[] {
  const found: Found[] = [];
  for (const { name, holds, text: form } of FORMS) {
    const match = name.test(clean) ? form.exec(text) : null;
    const value = match?.[1] ?? match?.[0];
    if (match && value !== undefined && !isExample(value)) found.push({ holds, at: match.index });
  }
  if (ADDRESSES.test(clean)) {
    const literal = credentialsInUrls(text).find(({ is }) => is === 'literal');
    if (literal !== undefined) found.push({ holds: 'an address with a password', at: literal.span[0] });
  }
  return [...found, ...secretValuesIn(text).map(({ is, span }) => ({ holds: is, at: span[0] }))];
}
