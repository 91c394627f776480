/** A file that by its name holds what nobody else should have. */
export interface SecretFile {
  /** What it holds, for people: `a private key`. */
  readonly holds: string;
  /** Often harmless: its name says less than its content. */
  readonly doubtful: boolean;
}

interface FileForm {
  readonly holds: string;
  /** On the last two parts of the path, each with `/` before it, lower case. */
  readonly pattern: RegExp;
  readonly doubtful?: true;
}

/** Copies for people to fill in, and public halves. */
const HARMLESS =
  /(?:example|sample|template|dist|tmpl|tpl|defaults?|schema|test|ci|docker|\.pub|\.j2|\.md|\.d\.ts)$|(?:^|[._-])(?:example|sample|template|public|pub)(?:[._-]|$)/;

const FORMS: readonly FileForm[] = [
  { holds: 'a private key', pattern: /\/id_(?:rsa|dsa|ecdsa|ed25519)$/ },
  {
    holds: 'a private key',
    pattern: /\/(?:privkey|private[_-]?key|private|key|server|tls|ssl|client|domain)(?:[_.-]?key)?\.key$/,
  },
  { holds: 'a private key', pattern: /\/[^/]{0,80}(?:priv|private|key)[^/]{0,80}\.pem$/ },
  { holds: 'a private key', pattern: /\.(?:ppk|p12|pfx)$/ },
  { holds: 'a key store', pattern: /\/[^/]{0,80}keystore[^/]{0,40}\.jks$|\.keystore$/, doubtful: true },
  { holds: 'settings that are usually secrets', pattern: /\/\.env(?:\.[a-z]{1,20})?(?:\.local)?$/ },
  { holds: 'registry credentials', pattern: /\/(?:\.pypirc|\.dockercfg|\.docker\/config\.json|\.docker)$/ },
  { holds: 'registry credentials, when it has an auth token', pattern: /\/\.npmrc$/, doubtful: true },
  { holds: 'passwords', pattern: /\/(?:[._]netrc|\.pgpass|\.my\.cnf|\.git-credentials|\.s3cfg|\.boto|\.vault-token)$/ },
  { holds: 'password hashes', pattern: /\/\.htpasswd$/, doubtful: true },
  { holds: 'SSH keys', pattern: /\/\.ssh$/ },
  { holds: 'cloud credentials', pattern: /\/(?:\.aws(?:\/credentials)?|\.azure|gcloud|\.gcloud|\.oci)$/ },
  {
    holds: 'cloud credentials',
    pattern: /\/[^/]{0,80}(?:service[_-]?account|client[_-]secrets?|gcp[_-]?key|credentials)[^/]{0,40}\.json$/,
  },
  { holds: 'access to a cluster', pattern: /\/(?:\.kube(?:\/config)?|kubeconfig(?:\.ya?ml)?)$/ },
  { holds: 'secrets', pattern: /\/secrets?\.(?:ya?ml|json|env|toml|txt)$/ },
  { holds: 'every value that Terraform knows', pattern: /\/terraform\.tfstate$/ },
];

/** In characters, as file systems have it. */
const longestName = 255;

/**
 * Whether a path names a file or directory that holds secrets.
 * @param path as written in COPY: relative or absolute, `/` or `\` between its parts
 * @returns undefined for names that say nothing, and for samples and public keys
 */
export function secretFile(path: string): SecretFile | undefined {
  const parts = path
    .toLowerCase()
    .split(/[/\\]/)
    .filter((part) => part !== '');
  const name = parts.at(-1) ?? '';
  if (name.length > longestName) return undefined;
  const clean = `/${parts.slice(-2).join('/')}`;
  if (HARMLESS.test(name)) return undefined;
  const form = FORMS.find(({ pattern }) => pattern.test(clean));
  return form && { holds: form.holds, doubtful: form.doubtful ?? false };
}
