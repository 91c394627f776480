import { secretFile } from './files.ts';
import { credentialsInUrls } from './urls.ts';
import { secretValuesIn } from './values.ts';

/** What a file was found to hold. Never the value. */
export interface FileSecret {
  /** For people: `registry credentials`. */
  readonly holds: string;
  /** By its name only: it often holds none. */
  readonly doubtful: boolean;
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
    text: /\baws_secret_access_key["']?[ \t]{0,9}[=:][ \t]{0,9}["']?[A-Za-z0-9/+]{40}\b/i,
  },
];

/** Addresses of registries and mirrors stand in these. */
const ADDRESSES =
  /\/(?:pip\.(?:conf|ini)|\.condarc|\.gitmodules|uv\.toml|poetry\.toml|\.pip\/.*|requirements[^/]{0,40}\.txt|gemfile|\.gemrc|pyproject\.toml)$/;

/** Values that documentation and defaults use. */
const PLACEHOLDER =
  /example|change[-_ ]?me|your[-_ ]|x{4}|\*{3}|placeholder|dummy|secret[-_]?here|put[-_ ]|<[a-z _-]{1,40}>|\{\{|\$\{|%\w+%/i;

/** Whether a file is read to be judged: its name alone says nothing, or not enough. */
const isJudgedByText = (path: string) => FORMS.some(({ name, general }) => !general && name.test(path));

/**
 * What a file holds that nobody else should have, by its name and by what stands in it.
 * @param path relative, `/` between its parts
 * @param read its text; undefined for large and binary files
 */
export function secretInFile(path: string, read: () => string | undefined): FileSecret | undefined {
  const clean = `/${path.toLowerCase()}`;
  const named = secretFile(path);
  const settings = isJudgedByText(clean);
  if (named && !named.doubtful && !settings) {
    // A template of an orchestrator has a place for the secret, not the secret.
    return /\{\{/.test(read() ?? '') ? undefined : named;
  }
  const text = read();
  if (text !== undefined) {
    for (const { name, holds, text: form } of FORMS) {
      const found = name.test(clean) ? form.exec(text) : null;
      if (found && !PLACEHOLDER.test(found[1] ?? found[0])) return { holds, doubtful: false };
    }
    if (ADDRESSES.test(clean) && credentialsInUrls(text).some(({ is }) => is === 'literal')) {
      return { holds: 'an address with a password', doubtful: false };
    }
    const [value] = secretValuesIn(text);
    if (value) return { holds: value.is, doubtful: false };
  }
  return named && !settings ? named : undefined;
}
