import { parseDuration } from '../../language/syntax/index.ts';
import { configClaimName, type Step } from '../../model/index.ts';
import type { Edit, Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const SECOND = 1_000_000_000n;
/** Docker's own defaults, for both. */
const DEFAULT = 30n * SECOND;
const SHORTEST = 10n * SECOND;

interface Complaint {
  readonly at: Span;
  readonly says: string;
  readonly fix: Proposal | Declined;
}

function setTo(step: Step, edit: Edit): Proposal {
  return {
    title: `use ${edit.text}`,
    variant: 'default',
    edits: [edit],
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(step.stage, 'Healthcheck')] },
      { kind: 'observed', probe: 'config', expect: ['Healthcheck'] },
    ],
  };
}

function complaints(step: Step): readonly Complaint[] {
  const { flags } = step.instruction;
  const flag = (name: string) => flags.find((each) => each.name === name && each.valueSpan !== undefined);
  const duration = (name: string) => {
    const nanoseconds = parseDuration(flag(name)?.value ?? '');
    // 0 stands for the default
    return nanoseconds === undefined || nanoseconds <= 0n ? undefined : nanoseconds;
  };
  const interval = duration('interval') ?? DEFAULT;
  const written = (name: string, says: string, text: string): Complaint[] => {
    const each = flag(name);
    if (each?.valueSpan === undefined) return [];
    // 12 retries each 5 seconds are a minute of patience: 30 seconds each would make six of it
    const patient = name === 'interval' && Number(flag('retries')?.value ?? '3') > 3;
    const declined = { declined: 'the retries were chosen for this interval: both must change together' };
    return [{ at: each.span, says, fix: patient ? declined : setTo(step, { span: each.valueSpan, text }) }];
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

export default defineRule({
  id: 'probe-too-eager',
  practice: 'P16',
  catalogue: ['G086'],
  level: 'info',
  fixClass: 'S',
  summary: 'the health check asks too often or gives up too soon',
  aliases: [],
  about: { instructions: ['HEALTHCHECK'], otherwise: 'no health check is set' },
  subject: 'target',
  check({ build, target }) {
    const step = target.end.healthcheck;
    if (step === undefined || step.instruction.probe?.value.toUpperCase() === 'NONE')
      return { is: 'not-applicable', because: 'no health check is set' };
    const findings = complaints(step).map(
      ({ at, says, fix }): Finding => ({
        at,
        message: says,
        help: 'an interval of 30s, a timeout of 3s to 5s and 3 retries suit most services; --start-interval is for a quick start',
        step,
        fix,
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
    {
      title: 'many retries make up for it',
      bad: 'FROM debian:12-slim\nHEALTHCHECK «--interval=5s» --retries=12 CMD ["/probe"]\n',
      declined: 'change together',
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
