/** Something that was made on this machine, and the pattern that leaves it out wherever it lies. */
export interface Artefact {
  readonly says: string;
  readonly pattern: string;
  /** A build or an installation makes it anew: without one in the Dockerfile it may be what the image is for. */
  readonly remade: boolean;
}

interface Form extends Omit<Artefact, 'pattern'> {
  readonly name: RegExp;
  /** One of these lies beside it. */
  readonly beside?: RegExp;
  /** One of these lies in it. */
  readonly inside?: RegExp;
}

const FORMS: readonly Form[] = [
  { name: /^\.git$/, says: 'the history of the project', remade: false },
  { name: /^\.(?:hg|svn|bzr|jj)$/, says: 'the history of the project', remade: false },
  { name: /^node_modules$/, says: 'packages installed on this machine', remade: true },
  { name: /^\.?v?env$/, inside: /^pyvenv\.cfg$/, says: 'a virtual environment of this machine', remade: true },
  {
    name: /^(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox)$/,
    says: 'caches of Python on this machine',
    remade: false,
  },
  {
    name: /^target$/,
    beside: /^(?:Cargo\.toml|pom\.xml|build\.sbt)$/,
    says: 'output of a build on this machine',
    remade: true,
  },
  {
    name: /^(?:\.next|\.nuxt|\.svelte-kit|\.output|\.angular)$/,
    says: 'output of a build on this machine',
    remade: true,
  },
  { name: /^(?:\.parcel-cache|\.turbo|\.nyc_output|\.cache)$/, says: 'caches of tools on this machine', remade: false },
  {
    name: /^(?:dist|build|out)$/,
    beside: /^(?:package\.json|pyproject\.toml|setup\.py|build\.gradle(?:\.kts)?)$/,
    says: 'output of a build on this machine',
    remade: true,
  },
  { name: /^(?:bin|obj)$/, beside: /\.(?:cs|fs|vb)proj$/, says: 'output of a build on this machine', remade: true },
  { name: /^\.gradle$/, says: 'caches of Gradle on this machine', remade: false },
  {
    name: /^coverage$/,
    beside: /^(?:package\.json|pyproject\.toml)$/,
    says: 'reports of tests on this machine',
    remade: false,
  },
  { name: /^\.terraform$/, says: 'what Terraform installed on this machine', remade: false },
  { name: /^\.(?:idea|vscode|vs)$/, says: 'settings of an editor', remade: false },
];

/**
 * What a directory is when its name and its neighbours say that it was made on this machine.
 * @param path relative to the context
 * @param beside names that lie beside it
 * @param inside names that lie in it
 */
export function artefact(path: string, beside: readonly string[], inside: readonly string[]): Artefact | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const form = FORMS.find(
    (each) =>
      each.name.test(name) &&
      (each.beside === undefined || beside.some((one) => each.beside?.test(one))) &&
      (each.inside === undefined || inside.some((one) => each.inside?.test(one))),
  );
  // Names that only their neighbours explain are left out where they are.
  return form && { says: form.says, remade: form.remade, pattern: form.beside || form.inside ? path : `**/${name}` };
}
