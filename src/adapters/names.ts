/** What a file's name says about it. Case does not matter: `dockerfile` and `Dockerfile.PROD` are Dockerfiles too. */
export type NameKind = 'dockerfile' | 'ignore-file' | 'template' | 'other';

const templates = /\.(?:j2|jinja2?|tmpl|tpl|erb|ejs|template|in|mustache|hbs|gotmpl)$/;
/** `Dockerfile.md` is about a Dockerfile. */
const about = /\.(?:md|json|ya?ml|toml|html|swp|snap|tar|gz|zip|png|svg)$/;

/** By name only: `Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `Containerfile`, `Containerfile.*`, `*.Containerfile`. */
export function nameKind(name: string): NameKind {
  const lower = name.toLowerCase();
  if (lower.endsWith('.dockerignore') || lower.endsWith('.containerignore')) return 'ignore-file';
  if (templates.test(lower)) return 'template';
  if (/^(?:docker|container)file(?:\.|$)/.test(lower) && !about.test(lower)) return 'dockerfile';
  return /.\.(?:docker|container)file$/.test(lower) ? 'dockerfile' : 'other';
}
