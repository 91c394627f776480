import type { Span } from '../../vocabulary/index.ts';
import { credentialsInUrls } from './urls.ts';
import { isPlaceholder, type SecretValue } from './values.ts';

/** What a secret scanner says of a place in a text. */
export interface ScannerFinding {
  /** How the scanner calls it: a message id of secretlint. */
  readonly id: string;
  readonly span: Span;
}

/** For people, by the message ids of secretlint's recommended rules. */
const KINDS: Readonly<Record<string, string>> = {
  AWSSecretAccessKey: 'an AWS secret access key',
  AWSAccessKeyID: 'an AWS access key id',
  PrivateKeyJSON: 'the key of a Google Cloud service account',
  PrivateKey: 'a private key',
  PackageJSON_xOauthToken: 'a GitHub token',
  Npmrc_authToken: 'registry credentials',
  NPM_ACCESS_TOKEN: 'an npm token',
  SLACK_TOKEN: 'a Slack token',
  IncomingWebhook: 'a Slack webhook',
  BasicAuth: 'an address with a password',
  OPENAI_TOKEN: 'an OpenAI key',
  ANTHROPIC_API_KEY: 'an Anthropic key',
  GROQ_API_KEY: 'a Groq key',
  HUGGINGFACE_USER_ACCESS_TOKEN: 'a Hugging Face token',
  LINEAR_API_TOKEN: 'a Linear token',
  NOTION_INTEGRATION_TOKEN: 'a Notion token',
  SENDGRID_KEY: 'a SendGrid key',
  SHOPIFY_KEY: 'a Shopify key',
  GITHUB_TOKEN: 'a GitHub token',
  GITLAB_PERSONAL_ACCESS_TOKEN: 'a GitLab token',
  GRAFANA_CLOUD_API_TOKEN: 'a Grafana token',
  GRAFANA_SERVICE_ACCOUNT_TOKEN: 'a Grafana token',
  OPS_TOKEN: 'a 1Password token',
  MongoDBConnection: 'the password of a database',
  MySQLConnection: 'the password of a database',
  PostgreSQLConnection: 'the password of a database',
  HASHICORP_VAULT_SERVICE_TOKEN: 'a HashiCorp Vault token',
  HASHICORP_VAULT_BATCH_TOKEN: 'a HashiCorp Vault token',
  HASHICORP_VAULT_RECOVERY_TOKEN: 'a HashiCorp Vault token',
  VERCEL_PERSONAL_ACCESS_TOKEN: 'a Vercel token',
  VERCEL_INTEGRATION_TOKEN: 'a Vercel token',
  VERCEL_APP_ACCESS_TOKEN: 'a Vercel token',
  VERCEL_APP_REFRESH_TOKEN: 'a Vercel token',
  VERCEL_AI_GATEWAY_API_KEY: 'a Vercel key',
  DATABRICKS_PERSONAL_ACCESS_TOKEN: 'a Databricks token',
  DOCKER_PERSONAL_ACCESS_TOKEN: 'a Docker Hub token',
  FIGMA_PERSONAL_ACCESS_TOKEN: 'a Figma token',
};

/** Texts that show how an address is written. */
const DOCUMENTATION = /\.(?:md|mdx|rst|adoc)$/i;

/** A name of the own network, this machine, or one that is kept for examples (RFC 2606). */
const NOWHERE = /^(?:[^.]*|127\.[\d.]+|0\.0\.0\.0|(?:.*\.)?(?:example(?:\.(?:com|org|net))?|test|localhost|invalid))$/i;

/** A word that somebody put there for a password. */
const WORD = /^[A-Za-z_-]{1,11}$/;

/** Something else is put there before it is used. */
const VARIABLE = /\$\{|\{\{|<[a-z _-]{1,40}>|%\w{1,40}%/i;

/** An address whose password opens something: not a service of a compose file, not what documentation shows. */
function opensSomething(path: string, address: string): boolean {
  if (DOCUMENTATION.test(path)) return false;
  const [credential] = credentialsInUrls(address);
  if (credential?.is !== 'literal') return false;
  const [start, end] = credential.span;
  const host = /^[^/:?#,]*/.exec(address.slice(end + 1))?.[0] ?? '';
  return !NOWHERE.test(host) && !WORD.test(address.slice(start, end));
}

/** The scanner's range begins with the name of the setting, and ends before the key does. */
const awsKey = (text: string, at: number) => /[A-Za-z0-9/+=]{40}/.exec(text.slice(at, at + 200))?.[0] ?? '';

/**
 * What of a scanner's findings is told, in its order: not what documentation and defaults use.
 * @param path relative, `/` between its parts
 * @param found ids that are not known are told by their name
 */
export function scannedSecrets(path: string, text: string, found: readonly ScannerFinding[]): readonly SecretValue[] {
  return found.flatMap(({ id, span }) => {
    const value = id === 'AWSSecretAccessKey' ? awsKey(text, span[0]) : text.slice(...span);
    const isAddress = id === 'BasicAuth' || id.endsWith('Connection');
    const isTold = isAddress ? opensSomething(path, value) : !isPlaceholder(value) && !VARIABLE.test(value);
    const is = Object.hasOwn(KINDS, id) ? (KINDS[id] as string) : `what secretlint calls ${id}`;
    return isTold ? [{ is, span }] : [];
  });
}
