import { beforeAll, describe, expect, test } from 'vitest';
import type { Fact } from '../../src/core/vocabulary/index.ts';
import { known, parseReference } from '../../src/core/world/images/index.ts';
import { runOnce } from './container.ts';
import { dockerPrints, requireEngine } from './engine.ts';
import { dockerfileOf, exampleNames } from './example-inputs.ts';
import { imagesNamed } from './images.ts';

// Whoever judges by stand-ins must be able to take them for the real images, of which the table of base images tells.
beforeAll(requireEngine);

const names = new Set<string>();
for (const example of await exampleNames())
  for (const side of ['before', 'after'])
    for (const image of imagesNamed(await dockerfileOf(example, side)).all) names.add(image);

interface Config {
  User?: string;
  WorkingDir?: string;
  Entrypoint?: string[];
  Cmd?: string[];
  Env?: string[];
  Healthcheck?: unknown;
}

const valueOf = <T>(fact: Fact<T>): T | undefined => ('value' in fact ? fact.value : undefined);

describe.each([...names])('%s', (name) => {
  const reference = parseReference(name);
  if (reference === undefined) throw new Error(`no image name: ${name}`);
  const real = known(reference);

  test('is configured as the real image is known to be', async () => {
    const config = JSON.parse(await dockerPrints('image', 'inspect', '--format', '{{json .Config}}', name)) as Config;
    const env = Object.fromEntries((config.Env ?? []).map((each) => [each.split('=')[0], each.replace(/^[^=]*=/, '')]));
    const found = {
      user: config.User || 'root',
      workdir: config.WorkingDir || '/',
      entrypoint: config.Entrypoint ?? [],
      cmd: config.Cmd ?? [],
      healthcheck: config.Healthcheck !== undefined,
      env,
    };
    const { user, workdir, entrypoint, cmd, healthcheck } = real;
    const facts = Object.entries({ user, workdir, entrypoint, cmd, healthcheck });
    const wanted = Object.fromEntries(facts.flatMap(([key, fact]) => ('value' in fact ? [[key, fact.value]] : [])));
    expect(found).toMatchObject({ ...wanted, env: valueOf(real.env) ?? {} });
  });

  test('has the system, C library and accounts of the real image', async () => {
    if (valueOf(real.sh) === undefined || valueOf(real.sh) === null) return;
    const told = async (script: string) => (await runOnce(name, ['sh', '-c', script])).stdout.trim();
    const os = valueOf(real.os);
    if (os !== undefined) expect(await told('. /etc/os-release && echo "$ID:$VERSION_ID"')).toBe(os);
    if (valueOf(real.libc) === 'glibc') expect(await told('ldd --version')).toMatch(/GLIBC|GNU libc/);
    const accounts = await told('cat /etc/passwd');
    for (const { name: account, uid, gid } of valueOf(real.users) ?? [])
      expect(accounts).toMatch(new RegExp(`^${account}:x:${uid}:${gid}:`, 'm'));
  });
});
