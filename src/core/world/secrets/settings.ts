import type { Span } from '../../vocabulary/index.ts';
import { isExamplePassword } from './urls.ts';

/** One setting a line, of a `.env` file, YAML or JSON. Every repetition has a bound. */
const SETTING =
  /^[ \t]{0,40}(?:export[ \t]{1,9})?["']?([A-Za-z_][\w.-]{0,100})["']?[ \t]{0,9}[:=][ \t]{0,9}([^\r\n]{1,1000})/gm;

/** What these prefixes begin with is compiled into pages that everybody gets. */
const PUBLIC = /^(?:VITE|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|VUE_APP|EXPO_PUBLIC|GATSBY|PUBLIC)_/;

const SECRET_NAME =
  /pass(?:word|wd|phrase|code)?(?:_|$)|(?:^|_)pwd?(?:_|$)|secret|token|api_?key|(?:access|private|signing|encryption|fernet|master|app|auth|secret)_?key|credential|(?:^|_)dsn$|(?:^|_)auth$/i;
const PUBLIC_NAME =
  /public|(?:^|_)(?:file|path|dir|url|uri|host|port|user|username|name|length|size|ttl|timeout|expiry|expires?|expiration|algorithm|enabled?|type|header|minutes|hours|days|seconds)$/i;

/** Random by its looks. */
const RANDOM = /^(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/_=-]{24,}$/;

const DEFAULT = /^(?:change.{0,20}|true|false|yes|no|on|off|none|null|nil|undefined|default|todo|\d{1,8}|[~/.].*)$/i;

/**
 * Lines of settings that hold a password or a key, by their names and the looks of their values.
 * @returns where each value stands
 */
export function secretSettings(text: string): readonly Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(SETTING)) {
    const [line, name = '', rest = ''] = match;
    const value = valueOf(rest);
    if (PUBLIC.test(name) || value.length < 4) continue;
    if (isTemplate(value) || DEFAULT.test(value) || isExamplePassword(value)) continue;
    const isNamed = SECRET_NAME.test(name) && !PUBLIC_NAME.test(name);
    if (!isNamed && !RANDOM.test(value)) continue;
    const end = match.index + line.length;
    found.push([end - rest.length, end]);
  }
  return found;
}

/** Of documentation and templates. A password may be short, and have few characters. */
function isTemplate(value: string): boolean {
  return /[$%]|\{\{|<.*>|example|dummy|your|sample|insert|replace|xxx|\*\*\*/i.test(value) || new Set(value).size < 4;
}

/** Without quotes, a comma, and a comment behind. */
function valueOf(rest: string): string {
  const quoted = /^(["'])(.*?)\1/.exec(rest);
  return (quoted?.[2] ?? rest.replace(/[ \t]#.*$/, '').replace(/,$/, '')).trim();
}

/** The setting at an offset is one that everybody gets. */
export function isPublicSetting(text: string, at: number): boolean {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return PUBLIC.test(text.slice(start, at).trimStart());
}
