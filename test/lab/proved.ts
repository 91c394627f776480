import { main } from '../../src/cli/main.ts';
import type { ProofForetold } from '../../src/core/vocabulary/index.ts';
import { memoryIo } from '../cli/run.ts';
import { labEnvironment } from './engine.ts';

/** What `prove` says of two Dockerfiles: the verdicts by what they say, and what was observed. */
export interface Proved {
  status: number;
  out: string;
  foretold: ProofForetold[];
  upheld: string[];
  refuted: string[];
  notShown: string[];
  /** What a probe saw of `before` or `after`; undefined when it saw nothing. */
  seen: (of: string, probe: string) => unknown;
}

/**
 * `layerwise prove` in the lab.
 * @param folder the build context
 * @param more other options
 * @throws when it says something on standard error, or prints no JSON
 */
export async function proved(
  folder: string,
  before: string,
  file: string,
  route = '/healthz',
  ...more: readonly string[]
): Promise<Proved> {
  const io = memoryIo(folder, { env: labEnvironment() as Record<string, string> });
  const options = ['--yes', '--build-network=host', `--health-path=${route}`, '--format=json', ...more];
  const status = await main(['prove', folder, '--before', before, '--file', file, ...options], io);
  const { out, err } = io.told();
  if (err !== '') throw new Error(err);
  const { verdicts, observations, foretold } = JSON.parse(out) as {
    foretold: ProofForetold[];
    verdicts: { is: string; says: string; claim: { probe: string } }[];
    observations: { of: string; probe: string; got: { value?: unknown } }[];
  };
  const by = (is: string) => verdicts.filter((one) => one.is === is).map(({ says }) => says);
  return {
    status,
    out,
    foretold,
    upheld: by('upheld'),
    refuted: by('refuted'),
    notShown: by('not-shown'),
    seen: (of, probe) => observations.find((one) => one.of === of && one.probe === probe)?.got.value,
  };
}
