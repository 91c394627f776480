import type { Span } from '../../vocabulary/index.ts';

/** A value that gives access to something, found by its form. */
export interface SecretValue {
  /** What it is, for people: `a GitHub token`. */
  readonly is: string;
  readonly span: Span;
}

interface Form {
  readonly is: string;
  /** Starts with literal text and has a bound on every repetition: linear on any input. */
  readonly pattern: RegExp;
}

const GOOGLE = 'a Google API key';

/** Forms that their issuers publish, so that leaked values can be found. */
const FORMS: readonly Form[] = [
  { is: 'an AWS access key id', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  { is: 'a GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,255}\b/g },
  { is: 'a GitHub token', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,255}\b/g },
  { is: 'a GitLab token', pattern: /\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat)-[A-Za-z0-9_-]{20,255}/g },
  { is: 'a Slack token', pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{20,255}/g },
  {
    is: 'a Slack webhook',
    pattern: /\bhooks\.slack\.com\/services\/T[A-Z0-9]{6,20}\/B[A-Z0-9]{6,20}\/[A-Za-z0-9]{16,64}/g,
  },
  { is: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { is: 'a PyPI token', pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,1000}/g },
  { is: 'a RubyGems key', pattern: /\brubygems_[a-f0-9]{48}\b/g },
  { is: 'a Docker Hub token', pattern: /\bdckr_[po]at_[A-Za-z0-9_-]{24,64}/g },
  {
    is: 'an OpenAI key',
    pattern: /\bsk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,100}T3BlbkFJ[A-Za-z0-9_-]{20,100}/g,
  },
  { is: 'an Anthropic key', pattern: /\bsk-ant-[a-z0-9]{2,10}-[A-Za-z0-9_-]{60,200}/g },
  { is: 'a Stripe key', pattern: /\b[sr]k_live_[A-Za-z0-9]{20,255}\b/g },
  { is: GOOGLE, pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { is: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g },
  { is: 'a Hugging Face token', pattern: /\bhf_[A-Za-z]{34}\b/g },
  { is: 'a DigitalOcean token', pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/g },
  { is: 'a HashiCorp Vault token', pattern: /\bhv[sb]\.[A-Za-z0-9_-]{24,300}/g },
  { is: 'a Telegram bot token', pattern: /\bbot[0-9]{8,10}:[A-Za-z0-9_-]{35}\b/g },
];

const PEM_HEAD = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;
const PEM_TAIL = /-----END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
/** A key is longer than what a documentation shows between head and tail. */
const PEM_BODY = /[A-Za-z0-9+/=]{40}/;

/** In characters: more than any key has, so that heads without a tail cost no more than this. */
const longestKey = 8192;

/** One look at a text decides whether the forms are worth trying: most files hold none. */
const ANY =
  /AKIA|ASIA|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|xox[abeoprs]-|hooks\.slack|npm_|pypi-|rubygems_|dckr_|sk[-_]|rk_live|AIza|SG\.|hf_|do[opr]_v1|hv[sb]\.|bot\d|PRIVATE KEY/;

/** Values of documentation: named so, or made of a few characters only. */
export function isPlaceholder(value: string): boolean {
  return /EXAMPLE|X{6}|x{6}|0{8}|12345678|placeholder|your[-_]/i.test(value) || new Set(value).size < 10;
}

/** Firebase's keys name a project, and pages show them to everybody: https://firebase.google.com/docs/projects/api-keys */
function isOfFirebase(text: string, at: number): boolean {
  return /firebase|authDomain|messagingSenderId|FCM_/i.test(text.slice(Math.max(0, at - 300), at + 300));
}

function privateKeys(text: string): SecretValue[] {
  const found: SecretValue[] = [];
  let seen = 0;
  for (const head of text.matchAll(PEM_HEAD)) {
    if (head.index < seen) continue;
    const start = head.index + head[0].length;
    const rest = text.slice(start, start + longestKey);
    const length = rest.search(PEM_TAIL);
    const body = length < 0 ? rest : rest.slice(0, length);
    seen = start + body.length;
    if (PEM_BODY.test(body)) found.push({ is: 'a private key', span: [start, start + body.length] });
  }
  return found;
}

/**
 * Values in a text whose form tells what they open, in order. A value that documentation uses is none.
 * @param text any text; spans are UTF-16 offsets into it
 */
export function secretValuesIn(text: string): readonly SecretValue[] {
  if (!ANY.test(text)) return [];
  const found = privateKeys(text);
  for (const { is, pattern } of FORMS) {
    for (const match of text.matchAll(pattern)) {
      if (isPlaceholder(match[0]) || (is === GOOGLE && isOfFirebase(text, match.index))) continue;
      found.push({ is, span: [match.index, match.index + match[0].length] });
    }
  }
  return found.sort((a, b) => a.span[0] - b.span[0]);
}
