import type { Claim, Json, Observation } from '../../vocabulary/index.ts';
import { nowhere } from './canary.ts';
import { endedWith } from './probes.ts';

/** A practice as it is claimed of the after: what must hold, and what is the matter when it does not. */
interface Practice {
  readonly holds: string;
  readonly fails: string;
}

type Observed = Extract<Claim, { kind: 'observed' }>;

/** Where PID 1 has this long after the stop signal, in seconds: then the engine kills it. */
export const patience = 10;

/** What is told of a program that listens at no port, and of one that a confined container does not hinder. */
export const noPorts = 'none';
export const worksConfined = 'works';
/** What is told of a statement that names the image. */
export const boundStatement = 'bound to its digest';

const practices: Readonly<Partial<Record<Observed['probe'], Practice>>> = {
  builds: { holds: 'builds', fails: 'does not build' },
  'own-bytes': { holds: 'is no larger', fails: 'is larger' },
  setuid: { holds: 'adds no setuid files', fails: 'adds setuid files' },
  'step-cached': {
    holds: 'keeps its dependencies when a source file is edited',
    fails: 'installs its dependencies again when a source file is edited',
  },
  'label-reinstalls': {
    holds: 'keeps its dependencies when the argument of a label changes',
    fails: 'installs its dependencies again when the argument of a label changes',
  },
  canary: { holds: 'leaves no secret behind', fails: 'leaves a secret behind' },
  attestation: { holds: 'is published with a statement about it', fails: 'is published without a statement about it' },
  lives: { holds: 'runs as before', fails: 'does not run as before' },
  uid: { holds: 'does not run as root', fails: 'runs as root' },
  argv: { holds: 'has no shell as PID 1', fails: 'has a shell as PID 1' },
  'http-status': { holds: 'answers as before', fails: 'does not answer as before' },
  ports: { holds: 'listens at a port', fails: 'listens at no port' },
  zombies: { holds: 'leaves no zombies', fails: 'leaves zombies' },
  confined: {
    holds: 'works with a read-only root and no capabilities',
    fails: 'does not work with a read-only root and no capabilities',
  },
  health: { holds: 'becomes healthy', fails: 'does not become healthy' },
  'stop-seconds': { holds: 'stops when told to', fails: 'must be killed to stop' },
};

/** A claim in words, by what became of it. */
export function tellClaim(claim: Claim, is: 'upheld' | 'refuted' | 'not-shown'): string {
  if (claim.kind !== 'observed') return claim.kind;
  const practice = practices[claim.probe];
  if (practice === undefined) return claim.probe;
  const says = is === 'refuted' ? practice.fails : practice.holds;
  return typeof claim.where === 'string' ? `${says} (${claim.where})` : says;
}

/** What is known of the after before it is looked at. */
export interface ProofSubject {
  /** Names of the steps that install dependencies, as `step-cached` observes them. */
  readonly dependencySteps: readonly string[];
  readonly healthCheck: boolean;
  /** The build argument that only a label says; undefined when there is none. */
  readonly labelArgument: string | undefined;
  /** Names of the secrets that its build is given, as `canary` observes them. */
  readonly secrets: readonly string[];
  /** Kinds of statements that it must be published with, as `attestation` observes them. */
  readonly statements?: readonly string[];
  /** The route to ask. */
  readonly route: string | undefined;
}

/**
 * What must hold of the after. Of a program that both sides end by themselves, nothing is claimed that takes one that runs.
 * @param observations what was seen so far
 */
export function claimsFor(subject: ProofSubject, observations: readonly Observation[]): readonly Claim[] {
  const claim = (probe: Observed['probe'], expect: Observed['expect'], where?: string): Claim => ({
    kind: 'observed',
    probe,
    ...(where === undefined ? {} : { where }),
    expect,
  });
  const runs = observations.some(
    ({ probe, got }) => probe === 'lives' && 'value' in got && endedWith(got.value) === undefined,
  );
  const ended = observations.some(
    ({ probe, got }) => probe === 'lives' && 'value' in got && endedWith(got.value) !== undefined,
  );
  /** What the before does is claimed of the after; what it does not is no fault of a change. */
  const before = (probe: Observed['probe'], is: (value: Json) => boolean) =>
    observations.some((one) => one.of === 'before' && one.probe === probe && 'value' in one.got && is(one.got.value));
  return [
    claim('builds', true),
    ...(changesLibc(observations) ? [] : [claim('own-bytes', { 'at-most': 'before' })]),
    ...(before('setuid', (value) => Array.isArray(value) && value.length === 0) ? [claim('setuid', [])] : []),
    ...subject.dependencySteps.map((step) => claim('step-cached', true, step)),
    ...(subject.labelArgument === undefined || before('label-reinstalls', (value) => value !== 0)
      ? []
      : [claim('label-reinstalls', 0, subject.labelArgument)]),
    ...subject.secrets.map((secret) => claim('canary', nowhere, secret)),
    ...(subject.statements ?? []).map((kind) => claim('attestation', boundStatement, kind)),
    claim('lives', { as: 'before' }),
    ...(ended && !runs
      ? []
      : [
          claim('uid', { not: 0 }),
          claim('argv', { no: 'shell' }),
          ...(subject.route === undefined ? [] : [claim('http-status', { as: 'before' }, subject.route)]),
          ...(before('ports', (value) => value !== noPorts) ? [claim('ports', { not: noPorts })] : []),
          ...(before('zombies', (value) => value === 0) ? [claim('zombies', 0)] : []),
          ...(before('confined', (value) => value === worksConfined) ? [claim('confined', worksConfined)] : []),
          ...(subject.healthCheck ? [claim('health', 'healthy')] : []),
          claim('stop-seconds', { below: patience }),
        ]),
  ];
}

/** Packages of two libcs are of different sizes. */
function changesLibc(observations: readonly Observation[]): boolean {
  const of = (side: Observation['of']) =>
    observations.flatMap((one) =>
      one.probe === 'libc' && one.of === side && 'value' in one.got ? [one.got.value] : [],
    );
  const [before] = of('before');
  const [after] = of('after');
  return before !== undefined && after !== undefined && before !== 'none' && after !== 'none' && before !== after;
}
