import type { Json, Probe } from '../../vocabulary/index.ts';

/** What there is to know of a probe. */
export interface ProbeKind {
  /** Heads its row in a table. */
  readonly title: string;
  /** `none`: the lab's alone, `prove` does not look at it. */
  readonly unit: 'seconds' | 'bytes' | 'count' | 'word' | 'none';
  /** Why a value of the before says nothing that an after could be held to. */
  readonly unfit?: (value: Json) => string | undefined;
}

const whole = (title: string, unit: ProbeKind['unit']): ProbeKind => ({ title, unit });

/** How a program ended that stopped by itself; undefined while it runs. */
export function endedWith(value: Json): number | undefined {
  const exit = typeof value === 'object' && value !== null && 'exit' in value ? value.exit : undefined;
  return typeof exit === 'number' ? exit : undefined;
}

/** Every probe: a name that is not here cannot be claimed. */
export const probes: Readonly<Record<Probe, ProbeKind>> = {
  builds: whole('builds', 'word'),
  'build-seconds': whole('build', 'seconds'),
  'image-bytes': whole('image', 'bytes'),
  'own-bytes': whole('above its base', 'bytes'),
  'packed-bytes': whole('packed, as published', 'bytes'),
  layers: whole('layers', 'count'),
  libc: whole('libc', 'word'),
  tools: whole('compilers and package managers', 'word'),
  'cache-bytes': whole('caches of package managers', 'bytes'),
  setuid: whole('setuid above its base', 'word'),
  'oci-labels': whole('OCI labels', 'word'),
  attestations: whole('attestations', 'word'),
  attestation: whole('published with', 'word'),
  'rebuild-seconds': whole('after a source edit', 'seconds'),
  'step-cached': whole('dependencies cached', 'word'),
  'dependency-seconds': whole('after a dependency edit', 'seconds'),
  'dependency-reruns': whole('steps that it reran', 'count'),
  'label-seconds': whole('after a change of a label', 'seconds'),
  'label-reinstalls': whole('installs that it reran', 'count'),
  canary: whole('canary of', 'word'),
  lives: {
    title: 'once started',
    unit: 'word',
    unfit: (value) => {
      const exit = endedWith(value);
      return exit === undefined || exit === 0 ? undefined : `the before ends by itself with exit ${exit}`;
    },
  },
  uid: whole('uid of PID 1', 'count'),
  argv: whole('PID 1', 'word'),
  'http-status': {
    title: 'answer',
    unit: 'count',
    unfit: (value) => (value === null ? 'the before gives no answer' : undefined),
  },
  ports: whole('listens at', 'word'),
  zombies: whole('zombies', 'count'),
  written: whole('writes outside volumes', 'word'),
  'growing-logs': whole('log files that grow', 'word'),
  confined: whole('read-only, no capabilities', 'word'),
  health: whole('health', 'word'),
  'stop-seconds': whole('stops in', 'seconds'),
  'stop-exit': whole('exit when stopped', 'count'),
  'paths-only-before': whole('paths only before', 'none'),
  'paths-only-after': whole('paths only after', 'none'),
  packages: whole('packages', 'none'),
  config: whole('configuration', 'none'),
};
