import type { Parsed, UsageError } from './parse.ts';
import { runArgs } from './run-args.ts';

export interface ProveRun {
  readonly context: string;
  readonly file: string | undefined;
  readonly before: string | undefined;
  readonly fixing: 'no' | 'safe' | 'unsafe';
  readonly yes: boolean;
  readonly route: { readonly path: string; readonly port: number | undefined } | undefined;
  /** Seconds. */
  readonly timeout: number;
  readonly touch: string | undefined;
  readonly sourceOnly: boolean;
  /** Of each `--attest`, for the engine; and the kinds of statements that they ask for. */
  readonly attest: readonly string[];
  readonly statements: readonly string[];
  readonly target: string | undefined;
  readonly fresh: boolean;
  readonly memory: string;
  readonly engine: 'docker' | 'podman' | undefined;
  readonly format: 'pretty' | 'json' | 'markdown' | 'html';
  readonly colour: string | undefined;
  /** Options of every build, and of every container, for the engine. */
  readonly build: readonly string[];
  readonly run: readonly string[];
  readonly secrets: readonly SecretValue[];
}

/** What `docker buildx build --attest` calls them. */
const statementKinds: Readonly<Record<string, string>> = { provenance: 'provenance', sbom: 'SBOM' };

/** Where a value comes from that must never be printed. */
export type SecretValue = { readonly value: string } | { readonly env: string } | { readonly file: string };

/** What the options of `prove` mean together. */
export function proveRun({ values, operands, lists = {} }: Parsed): ProveRun | UsageError {
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const [context = '.', ...more] = operands;
  if (more.length > 0) return { usage: 'prove takes one directory', help: 'name a Dockerfile elsewhere with --file' };
  if (values['unsafe-fixes'] && !values.fix)
    return { usage: '--unsafe-fixes changes nothing by itself', help: 'add --fix to prove them too' };
  if (values.fix && values.before !== undefined)
    return { usage: '--fix compares with the Dockerfile as it is', help: 'leave --fix or --before out' };
  const port = text('port');
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65536))
    return { usage: `--port cannot be ${port}`, help: 'a number from 1 to 65535' };
  const path = text('health-path');
  if (path !== undefined && !/^\/[\x21-\x7e]*$/.test(path))
    return { usage: `--health-path cannot be ${path}`, help: 'a path from the root, such as /healthz' };
  if (port !== undefined && path === undefined)
    return { usage: '--port says where a route is asked', help: 'add --health-path' };
  const timeout = text('timeout') ?? '60';
  if (!/^[1-9]\d{0,3}$/.test(timeout))
    return { usage: `--timeout cannot be ${timeout}`, help: 'seconds, from 1 to 9999' };
  const memory = text('memory') ?? '1g';
  if (!/^[1-9]\d*[bkmg]?$/i.test(memory))
    return { usage: `--memory cannot be ${memory}`, help: 'for example 512m or 2g' };
  const [args, secrets, env] = [lists['build-arg'] ?? [], lists.secret ?? [], lists['run-env'] ?? []];
  const given = runArgs(lists['run-args'] ?? []);
  if ('usage' in given) return given;
  const attest = lists.attest ?? [];
  const statements = attest.map((value) => statementKinds[/^type=(\w+)(?:,|$)/.exec(value)?.[1] ?? '']);
  if (!statements.every((kind) => kind !== undefined))
    return {
      usage: `--attest cannot be ${attest[statements.indexOf(undefined)]}`,
      help: 'type=provenance or type=sbom first, as for docker buildx build',
    };
  const platform = text('platform');
  const network = text('build-network');
  return {
    context,
    file: text('file'),
    before: text('before'),
    fixing: values['unsafe-fixes'] ? 'unsafe' : values.fix ? 'safe' : 'no',
    yes: values.yes === true,
    route: path === undefined ? undefined : { path, port: port === undefined ? undefined : Number(port) },
    timeout: Number(timeout),
    touch: text('touch'),
    sourceOnly: values['source-only'] === true,
    attest,
    statements: [...new Set(statements)],
    target: text('target'),
    fresh: values['no-cache'] === true,
    memory,
    engine: text('engine') as ProveRun['engine'],
    format: (text('format') ?? 'pretty') as ProveRun['format'],
    colour: text('color'),
    build: [
      ...args.flatMap((value) => ['--build-arg', value]),
      ...secrets.flatMap((value) => ['--secret', value]),
      ...(platform === undefined ? [] : ['--platform', platform]),
      ...(network === undefined ? [] : ['--network', network]),
    ],
    run: [
      ...env.flatMap((value) => ['--env', value]),
      ...given.options,
      ...(platform === undefined ? [] : ['--platform', platform]),
    ],
    secrets: [...[...args, ...env, ...given.env].map(assigned), ...secrets.map(secretSource)],
  };
}

/** `NAME=VALUE`, or a variable of the environment. */
function assigned(text: string): SecretValue {
  const at = text.indexOf('=');
  return at < 0 ? { env: text } : { value: text.slice(at + 1) };
}

/** `id=token,src=FILE`, `id=token,env=NAME`, `id=TOKEN`: the variable of that name. */
function secretSource(text: string): SecretValue {
  const fields = new Map(
    text.split(',').map((field) => {
      const [key = '', ...value] = field.split('=');
      return [key, value.join('=')] as const;
    }),
  );
  const file = fields.get('src') ?? fields.get('source');
  return file === undefined ? { env: fields.get('env') ?? fields.get('id') ?? '' } : { file };
}
