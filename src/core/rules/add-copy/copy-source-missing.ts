import { type ContextNeed, contextNeeds, isKnown } from '../../model/index.ts';
import type { FactKey } from '../../vocabulary/index.ts';
import { cleanPath } from '../../world/context/index.ts';
import { secretFile } from '../../world/secrets/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Made before the image is: absent from a fresh checkout, and yet no mistake. */
const MADE =
  /(?:^|\/)(?:dist|build|out|output|target|bin|obj|publish|release|_?artifacts?|coverage|node_modules|vendor|tmp|generated)\//i;
/** What people write and keep: scripts, settings, manifests, sources. */
const WRITTEN =
  /\.(?:sh|bash|py|rb|php|pl|lua|[cm]?[jt]sx?|go|rs|java|kt|c|h|cpp|cs|sql|html?|css|scss|json|ya?ml|toml|xml|ini|conf|cfg|cnf|properties|txt|md|lock|mod|sum|gemspec|csproj|sln|gradle|patch|service|template|tpl)$|(?:^|\/)(?:Makefile|Gemfile|Pipfile|Procfile|Rakefile|Cargo\.toml|Caddyfile|crontab)$/i;

function isWritten(path: string): boolean {
  return WRITTEN.test(path) && !MADE.test(path) && secretFile(path) === undefined;
}

/** `../x` means `x` to BuildKit: nothing outside of the context can be had. */
const leadsOut = (source: string) => cleanPath(source.replace(/^\/+/, '')).startsWith('..');

export default defineRule({
  id: 'copy-source-missing',
  practice: 'P10',
  catalogue: ['P10.6'],
  level: 'warning',
  fixClass: 'N',
  summary: 'COPY or ADD names a file that the build context does not have',
  aliases: [],
  about: { instructions: ['COPY', 'ADD', 'ONBUILD'], otherwise: 'nothing is copied' },
  subject: 'target',
  check({ build, facts, context }) {
    const wants: FactKey[] = [];
    const missing: { readonly need: ContextNeed; readonly path: string }[] = [];
    const present = new Set<string>();
    for (const need of contextNeeds(build)) {
      const { path, via } = need;
      if (via === 'mount' || !isKnown(path) || path.value === '.' || /[*?[\\]/.test(path.value)) continue;
      const of = { context, path: path.value };
      const fact = facts.ask('context-file', of);
      if (!isKnown(fact)) wants.push({ kind: 'context-file', of });
      else if (fact.value.is === 'missing') missing.push({ need, path: path.value });
      else present.add(path.value);
    }
    const told = missing.filter(({ need, path }) => isWritten(path) || leadsOut(need.text));
    if (present.size === 0 && wants.length === 0) {
      return {
        is: 'not-applicable',
        because: 'nothing that is copied by name lies in the directory of the Dockerfile',
      };
    }
    // A name or two may lie beside the Dockerfile by chance, as \`scripts\` or the start script do, when the rest is elsewhere.
    const gone = new Set(missing.map(({ path }) => path)).size;
    if (gone >= 2 && gone > present.size && present.size > 0 && told.length > 0)
      return {
        is: 'unknown',
        because: `most of what is copied is not in ${context === '' || context === '.' ? 'the directory of the Dockerfile' : context}: is that its build context? Name it with --context`,
      };
    // With nothing of it there, the context is another directory.
    const findings = (present.size === 0 ? [] : told).map(
      ({ need, path }): Finding => ({
        at: need.span,
        step: need.step,
        message: leadsOut(need.text)
          ? `${need.text} leads out of the build context: the builder looks for ${path} in it, and there is none`
          : `${path} is not in the build context, ${context === '' || context === '.' ? 'the directory of the Dockerfile' : context}`,
        help: leadsOut(need.text)
          ? 'build from the directory above, or copy from a named context (--build-context, COPY --from)'
          : 'correct the path, make the file before the build, or name the context with --context',
        fix: { declined: 'what was meant the text does not say' },
      }),
    );
    if (findings.length === 0 && wants.length > 0)
      return { is: 'unknown', because: 'it is not known which files there are', wants };
    return found(findings, {
      is: 'held',
      evidence: [
        {
          at: { file: build.file },
          says: `${present.size} of what is copied by name ${present.size === 1 ? 'lies' : 'lie'} in the context`,
        },
      ],
    });
  },
});

export const docs: RuleDocs = {
  why: `A COPY of what is not there ends the build, often after minutes of other steps. A renamed script or a lockfile that was never committed
is seldom noticed on the machine where it still lies.

A path that begins with \`..\` cannot leave the context: the builder takes the rest of it as a path in the context.

Nothing is said of what is made before the image is (\`dist/\`, \`target/app.jar\`, programs), of secrets, and of a Dockerfile whose files
lie elsewhere, all or most of them: it is built from another directory, or a build tool puts them there.`,
  examples: [
    {
      bad: 'FROM node:22-bookworm-slim\nCOPY package.json «yarn.lock» ./\n',
      declined: 'what was meant',
      files: { 'package.json': '{}' },
    },
    {
      title: 'a script that was renamed',
      bad: 'FROM debian:12-slim\nCOPY nginx.conf /etc/\nCOPY [«"scripts/start.sh"», "/"]\n',
      declined: 'what was meant',
      files: { 'nginx.conf': '', 'scripts/run.sh': '' },
    },
    {
      title: 'out of the context',
      bad: 'FROM debian:12-slim\nCOPY app.py «../shared» /app/\n',
      declined: 'what was meant',
      files: { 'app.py': '' },
    },
  ],
  silent: [
    {
      title: 'all there',
      text: 'FROM debian:12-slim\nCOPY a.sh b /x/\n',
      is: 'held',
      files: { 'a.sh': '', 'b/c': '' },
    },
    {
      title: 'made before the image is',
      text: 'FROM debian:12-slim\nCOPY run.sh app target/app.jar dist/index.js .env /x/\n',
      is: 'held',
      files: { 'run.sh': '' },
    },
    {
      title: 'built from another directory',
      text: 'FROM debian:12-slim\nCOPY docker/start.sh src/app.py /x/\n',
      is: 'not-applicable',
      files: { 'start.sh': '' },
    },
    {
      title: 'most of it lies elsewhere: a compose file names another context, or Maven copies the files',
      text: 'FROM rust:1.92-bookworm\nCOPY Cargo.toml Cargo.lock build.rs ./\nCOPY src ./src\nCOPY scripts ./scripts\n',
      is: 'unknown',
      files: { 'scripts/a.sh': '' },
    },
    {
      title: 'a wildcard may match nothing, a variable anything',
      text: 'FROM debian:12-slim\nARG NAME\nCOPY a.sh package*.json $NAME.sh /x/\n',
      is: 'held',
      files: { 'a.sh': '' },
    },
    {
      title: 'from another stage',
      text: 'FROM a AS b\nFROM scratch\nCOPY --from=b /x.sh /\n',
      is: 'not-applicable',
      files: {},
    },
    { title: 'files were not looked at', text: 'FROM debian:12-slim\nCOPY a.sh /x/\n', is: 'unknown' },
  ],
};
