import type { Span } from '../../vocabulary/index.ts';

/** An address that carries a password or token: `https://user:…@host`. */
export interface UrlCredential {
  /** The password or token. */
  readonly span: Span;
  /** `literal`: it stands there; `variable`: a variable does; `example`: everybody's default, such as `guest:guest`. */
  readonly is: 'literal' | 'variable' | 'example';
}

const WITH_PASSWORD = /:\/\/([^\s/@:'"<>]{0,200}):([^\s/@'"<>]{1,300})@(?=[\w[$])/g;
const TOKEN_ONLY = /:\/\/([A-Za-z0-9_-]{20,300})@(?=[\w[$])/g;
const EXAMPLE =
  /^(?:pass(?:word)?|pwd|passwd|secret|changeme|change_me|root|admin|test|user|guest|postgres|mysql|example|x+|\*+|\.+|token|db_?pass(?:word)?|(?:user|app)_?pass(?:word)?|my[_-]?\w{0,20}|your[_-]?\w{0,30})$/i;

/** Everybody's default: `guest`, `changeme`. */
export const isExamplePassword = (password: string): boolean => EXAMPLE.test(password);

/**
 * Addresses in a text that carry credentials, in order.
 * @param text any text; spans are UTF-16 offsets into it
 */
export function credentialsInUrls(text: string): readonly UrlCredential[] {
  if (!text.includes('://')) return [];
  const found: UrlCredential[] = [];
  for (const match of text.matchAll(WITH_PASSWORD)) {
    const [, user = '', password = ''] = match;
    const start = match.index + '://'.length + user.length + 1;
    const variable = /^\$\{?\w+(?::?-)?\}?$|^\$\(.*\)$|^\{\{.*\}\}$|^%\w+%$/.test(password);
    const is = variable ? 'variable' : isExamplePassword(password) || password === user ? 'example' : 'literal';
    found.push({ span: [start, start + password.length], is });
  }
  for (const match of text.matchAll(TOKEN_ONLY)) {
    const [, token = ''] = match;
    if (!/\d/.test(token) || !/[a-z]/i.test(token)) continue;
    const start = match.index + '://'.length;
    found.push({ span: [start, start + token.length], is: 'literal' });
  }
  return found.sort((a, b) => a.span[0] - b.span[0]);
}
