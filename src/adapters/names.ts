/** What a file's name says about it. Case does not matter: `dockerfile` and `Dockerfile.PROD` are Dockerfiles too. */
export type NameKind = 'dockerfile' | 'ignore-file' | 'template' | 'other';

const templates = /\.(?:j2|jinja2?|tmpl|tpl|erb|ejs|template|in|mustache|hbs|gotmpl)$/;
/** `Dockerfile.md` is about a Dockerfile. */
const about = /\.(?:md|json|ya?ml|toml|html|swp|snap|tar|gz|zip|png|svg)$/;

/** `Dockerfile-dev`, but not `dockerfile-lint` or `Dockerfile_parser.go`: those are programs about them. */
const dashed = /^(?:Docker|Container)file[-_](?!.*\.[A-Za-z]+$)/;

/**
 * By name only: `Dockerfile`, `Dockerfile.*`, `*.Dockerfile` and the same of `Containerfile`, in any case; `Dockerfile-*` and `Dockerfile_*`
 * as they are written there.
 */
export function nameKind(name: string): NameKind {
  const lower = name.toLowerCase();
  if (lower.endsWith('.dockerignore') || lower.endsWith('.containerignore')) return 'ignore-file';
  if (templates.test(lower)) return 'template';
  if (/^(?:docker|container)file(?:\.|$)/.test(lower) && !about.test(lower)) return 'dockerfile';
  return /.\.(?:docker|container)file$/.test(lower) || dashed.test(name) ? 'dockerfile' : 'other';
}
