/**
 * Makes dist/: the program (a launcher, the small bundle that `check` starts from, and a chunk for each thing that is only
 * loaded when it is asked for), the library with its types, and the schema of the JSON output.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { contextSchema } from '../src/core/reporters/context-schema.ts';
import { replaySchema } from '../src/core/reporters/replay-schema.ts';
import { schema } from '../src/core/reporters/schema.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = resolve(root, process.argv[2] ?? 'dist');
/** Made beside its place and moved there when it is whole: a build that fails leaves the last good one. */
const dist = `${target}.${process.pid}.tmp`;
const pkg = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string; homepage?: string };

const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  target: 'node20',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** Of package.json, the program needs only what it says of itself. */
const ownPackage: Plugin = {
  name: 'own-package',
  setup(building) {
    building.onLoad({ filter: /^.*[/\\]package\.json$/ }, ({ path }) =>
      path === join(root, 'package.json')
        ? { contents: JSON.stringify({ version: pkg.version, homepage: pkg.homepage }), loader: 'json' }
        : undefined,
    );
  },
};

/** Each `import()` becomes a file of its own beside the bundle: esbuild splits ES modules only, and CommonJS starts sooner. */
function chunks(found: Map<string, string>): Plugin {
  return {
    name: 'chunks',
    setup(building) {
      building.onResolve({ filter: /.*/ }, async (args) => {
        if (args.kind !== 'dynamic-import' || args.pluginData === 'resolving') return undefined;
        // What a package loads of Node's own when it needs it.
        if (args.path.startsWith('node:')) return { path: args.path, external: true };
        const { path } = await building.resolve(args.path, {
          kind: args.kind,
          importer: args.importer,
          resolveDir: args.resolveDir,
          pluginData: 'resolving',
        });
        const name = chunkName(args.path);
        found.set(path, name);
        return { path: `./${name}`, external: true };
      });
    },
  };
}

function chunkName(specifier: string): string {
  return `${basename(specifier).replace(/\.ts$/, '')}.cjs`;
}

const startBundle = 'check.cjs';

/** The launcher compiles the start bundle itself: what Node would put around a CommonJS module is there already. */
const wrapper = { before: '(function (exports, require, module, __filename, __dirname) {', after: '})' };

/** Bundles an entry and, after it, every chunk that it or a chunk of it loads. */
async function buildProgram(): Promise<void> {
  const todo = new Map([[join(root, 'src/cli/main.ts'), startBundle]]);
  for (const [entry, name] of todo) {
    const isStart = name === startBundle;
    await build({
      ...common,
      ...(isStart ? { banner: { js: wrapper.before }, footer: { js: wrapper.after } } : {}),
      entryPoints: [entry],
      outfile: join(dist, name),
      platform: 'node',
      format: 'cjs',
      // Written as require(): the bundle runs as a script, which has no import().
      supported: { 'dynamic-import': false },
      plugins: [ownPackage, chunks(todo)],
    });
  }
}

/** esbuild writes ASCII but for the text of regular expressions: escaped there too, it means the same. */
function makeAscii(file: string): void {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  writeFileSync(file, readFileSync(file, 'utf8').replace(/[^\x00-\x7f]/g, escape));
}

function buildLauncher(): void {
  const hash = createHash('sha256')
    .update(readFileSync(join(dist, startBundle)))
    .digest('hex')
    .slice(0, 16);
  const launcher = readFileSync(join(root, 'src/cli/launcher.cjs'), 'utf8').replace('LAYERWISE_BUILD', hash);
  writeFileSync(join(dist, 'bin.cjs'), `#!/usr/bin/env node\n${launcher.replaceAll('IS_THREAD', 'false')}`);
  writeFileSync(join(dist, 'thread.cjs'), launcher.replaceAll('IS_THREAD', 'true'));
  chmodSync(join(dist, 'bin.cjs'), 0o755);
}

async function buildLibrary(): Promise<void> {
  await build({
    ...common,
    entryPoints: [join(root, 'src/core/index.ts')],
    outfile: join(dist, 'index.js'),
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'esm',
    target: 'es2022',
  });
  const emit = [
    '-p',
    'src/core/tsconfig.json',
    '--noEmit',
    'false',
    '--emitDeclarationOnly',
    '--declaration',
    '--noCheck',
  ];
  const tsc = spawnSync(
    process.execPath,
    [
      'node_modules/typescript/bin/tsc',
      ...emit,
      '--rewriteRelativeImportExtensions',
      '--rootDir',
      'src',
      '--outDir',
      join(dist, 'types'),
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (tsc.status !== 0) throw new Error('the types of the library cannot be made');
}

mkdirSync(dist, { recursive: true });
try {
  await buildProgram();
  makeAscii(join(dist, startBundle));
  buildLauncher();
  await buildLibrary();
  writeFileSync(join(dist, 'schema.json'), `${JSON.stringify(schema, null, 2)}\n`);
  writeFileSync(join(dist, 'context.schema.json'), `${JSON.stringify(contextSchema, null, 2)}\n`);
  writeFileSync(join(dist, 'replay.schema.json'), `${JSON.stringify(replaySchema, null, 2)}\n`);
  rmSync(target, { recursive: true, force: true });
  renameSync(dist, target);
} catch (error) {
  rmSync(dist, { recursive: true, force: true });
  process.stderr.write(`build: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
