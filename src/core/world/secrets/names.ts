/** BuildKit's own test for a name that holds a secret (frontend/dockerfile/linter). */
const SECRET = /(?:_|^)(?:apikey|auth|credential|credentials|key|password|pword|passwd|secret|token)(?:_|$)/i;
const PUBLIC = /(?:_|^)(?:public|file|version)(?:_|$)|(?:_|^)auth_sock(?:et)?$/i;
/** Names that BuildKit takes for secrets and that seldom are. */
const SELDOM =
  /_(?:path|url|uri|name|id|ids|dir|length|size|type|ttl|expiry|host|port|user|username|fingerprint|servers?|(?:key|token)_header|prefix|method|mode|realm|issuer|audience|algorithm|provider|enabled|required|rounds)$|(?:_|^)auth_(?!\w*(?:key|token|secret|pass|pw|cred|basic|bearer|header|cookie|data|string|json|config))\w+$|(?:_|^)gpg(?:_|$)/i;

/** Whether a variable of that name holds a secret; `seldom` where BuildKit takes it for one and it seldom is. */
export function secretName(name: string): 'yes' | 'seldom' | 'no' {
  if (!SECRET.test(name) || PUBLIC.test(name)) return 'no';
  return SELDOM.test(name) ? 'seldom' : 'yes';
}
