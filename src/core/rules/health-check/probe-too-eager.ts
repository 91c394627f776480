import { parseDuration } from '../../language/syntax/index.ts';
import { type Build, claimName, type Step } from '../../model/index.ts';
import type { Edit, Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const SECOND = 1_000_000_000n;
/** Docker's own defaults, for both. */
const DEFAULT = 30n * SECOND;
const SHORTEST = 10n * SECOND;

interface Complaint {
  readonly at: Span;
  readonly says: string;
  readonly edit: Edit;
}

function complaints({ instruction: { flags } }: Step): readonly Complaint[] {
  const flag = (name: string) => flags.find((each) => each.name === name && each.valueSpan !== undefined);
  const duration = (name: string) => {
    const nanoseconds = parseDuration(flag(name)?.value ?? '');
    // 0 stands for the default
    return nanoseconds === undefined || nanoseconds <= 0n ? undefined : nanoseconds;
  };
  const interval = duration('interval') ?? DEFAULT;
  const written = (name: string, says: string, text: string): Complaint[] => {
    const each = flag(name);
    return each?.valueSpan === undefined ? [] : [{ at: each.span, says, edit: { span: each.valueSpan, text } }];
  };
  const found: Complaint[] = [];
  const eager = interval < SHORTEST;
  if (eager)
    found.push(...written('interval', 'the probe runs every few seconds, for as long as the container lives', '30s'));
  const timeout = duration('timeout');
  if (timeout !== undefined && timeout > interval && !(eager && timeout <= DEFAULT)) {
    found.push(...written('timeout', 'a probe may take longer than the time between two', '5s'));
  }
  if (flag('retries')?.value === '1')
    found.push(...written('retries', 'one failed probe makes the container unhealthy', '3'));
  return found;
}

function config(build: Build, step: Step): string {
  return claimName(build, step, 'x').replace(/[^/]+\/x$/, 'config/Healthcheck');
}

export default defineRule({
  id: 'probe-too-eager',
  practice: 'P16',
  catalogue: ['G086'],
  level: 'info',
  fixClass: 'S',
  summary: 'the health check asks too often or gives up too soon',
  aliases: [],
  subject: 'target',
  check({ build, target }) {
    const step = target.end.healthcheck;
    if (step === undefined || step.instruction.probe?.value.toUpperCase() === 'NONE')
      return { is: 'not-applicable', because: 'no health check is set' };
    const findings = complaints(step).map(
      ({ at, says, edit }): Finding => ({
        at,
        message: says,
        help: 'an interval of 30s, a timeout of 3s to 5s and 3 retries suit most services; --start-interval is for a quick start',
        step,
        fix: {
          title: `use ${edit.text}`,
          variant: 'default',
          edits: [edit],
          claims: [
            { kind: 'same-build-but', differs: [config(build, step)] },
            { kind: 'observed', probe: 'config', expect: ['Healthcheck'] },
          ],
        },
      }),
    );
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: step.instruction.span }, says: 'the probe takes its time' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `Each probe starts a process in the container. Every two seconds on a few hundred containers that is a load of its own, and a single lost packet
should not restart a service.`,
  observed: ['default'],
  examples: [
    {
      bad: 'FROM debian:12-slim\nHEALTHCHECK «--interval=2s» --timeout=1s CMD ["/probe"]\n',
      good: 'FROM debian:12-slim\nHEALTHCHECK --interval=30s --timeout=1s CMD ["/probe"]\n',
    },
    {
      title: 'longer than the interval',
      bad: 'FROM debian:12-slim\nHEALTHCHECK --interval=15s «--timeout=1m» CMD ["/probe"]\n',
      good: 'FROM debian:12-slim\nHEALTHCHECK --interval=15s --timeout=5s CMD ["/probe"]\n',
    },
    {
      title: 'one failure is enough',
      bad: 'FROM debian:12-slim\nHEALTHCHECK «--retries=1» CMD ["/probe"]\n',
      good: 'FROM debian:12-slim\nHEALTHCHECK --retries=3 CMD ["/probe"]\n',
    },
  ],
  silent: [
    {
      title: 'usual times',
      text: 'FROM debian:12-slim\nHEALTHCHECK --interval=30s --timeout=3s --start-period=10s CMD ["/probe"]\n',
      is: 'held',
    },
    { title: 'the defaults', text: 'FROM debian:12-slim\nHEALTHCHECK CMD ["/probe"]\n', is: 'held' },
    {
      title: 'quick at the start only',
      text: 'FROM debian:12-slim\nHEALTHCHECK --start-period=1m --start-interval=1s CMD ["/probe"]\n',
      is: 'held',
    },
    { title: 'none', text: 'FROM debian:12-slim\nHEALTHCHECK NONE\n', is: 'not-applicable' },
  ],
};
