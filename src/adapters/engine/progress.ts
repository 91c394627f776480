import type { BuildStep } from '../../session/index.ts';

/** Reads what a build says on the way. */
export interface ProgressReader {
  line(text: string): void;
  steps(): readonly BuildStep[];
  /** The step that failed, and the last lines that it printed. */
  failed(): { readonly step?: BuildStep; readonly lines: readonly string[] };
}

const mostLines = 15;

interface Told {
  stage: string | undefined;
  number: number;
  text: string;
  cached: boolean;
  seconds: number;
  error?: string;
  readonly lines: string[];
  partial: string;
}

/** `[build 3/7] RUN x`, `[linux/amd64 build 3/7] RUN x`, `[3/7] RUN x`; everything else is the engine's own. */
function named(name: string): Told {
  const [, words = '', number, text = ''] = /^\[((?:[^\]\s]+ )*)(\d+)\/\d+\] (.*)$/s.exec(name) ?? [];
  const told = { cached: false, seconds: 0, lines: [], partial: '' };
  if (number === undefined) return { ...told, stage: undefined, number: 0, text: name };
  const stage = words.split(' ').find((word) => word !== '' && !word.includes('/'));
  return { ...told, stage, number: Number(number), text };
}

function keep(lines: string[], line: string): void {
  // What is drawn over itself shows its last state.
  const text = line.replace(/\r+$/, '').replace(/^.*\r/, '').trimEnd();
  if (text === '') return;
  lines.push(text);
  if (lines.length > mostLines) lines.shift();
}

function stepOf({ stage, number, text, cached, seconds, error }: Told): BuildStep {
  return { stage, number, text, cached, seconds, ...(error === undefined ? {} : { error }) };
}

function reading(told: ReadonlyMap<string, Told>, rest: readonly string[]): Omit<ProgressReader, 'line'> {
  return {
    steps: () => [...told.values()].map(stepOf),
    failed() {
      const step = [...told.values()].findLast(({ error }) => error !== undefined && !/\bcancell?ed\b/i.test(error));
      if (step === undefined) return { lines: rest };
      return { step: stepOf(step), lines: [...step.lines, step.error ?? ''].filter((line) => line !== '') };
    },
  };
}

interface RawStatus {
  readonly vertexes?: readonly {
    readonly digest: string;
    readonly name: string;
    readonly started?: string;
    readonly completed?: string;
    readonly cached?: boolean;
    readonly error?: string;
  }[];
  readonly logs?: readonly { readonly vertex: string; readonly data?: string }[];
}

/** `--progress=rawjson` of buildx, which speaks of a step as often as something about it changes. */
export function rawJson(): ProgressReader {
  const told = new Map<string, Told>();
  const started = new Map<string, number>();
  const rest: string[] = [];
  const read = reading(told, rest);
  return {
    ...read,
    /** What never began was not needed: something that came of it was cached. */
    steps() {
      const digests = [...told.keys()];
      const first = Math.min(...started.values());
      return read.steps().map((step, index) => {
        const began = started.get(digests[index] ?? '');
        if (began !== undefined) return step.cached ? step : { ...step, began: (began - first) / 1000 };
        return step.error !== undefined || step.number === 0 ? step : { ...step, cached: true };
      });
    },
    line(text) {
      const status = parsed(text);
      if (status === undefined) {
        keep(rest, text);
        return;
      }
      for (const { digest, name, started: from, completed, cached, error } of status.vertexes ?? []) {
        const step = told.get(digest) ?? named(name);
        told.set(digest, step);
        if (from !== undefined && !started.has(digest)) started.set(digest, Date.parse(from));
        if (cached) step.cached = true;
        const begun = started.get(digest);
        if (completed !== undefined && begun !== undefined) step.seconds = (Date.parse(completed) - begun) / 1000;
        if (error) step.error = error;
      }
      for (const { vertex, data } of status.logs ?? []) {
        const step = told.get(vertex);
        if (step === undefined || data === undefined) continue;
        const lines = `${step.partial}${Buffer.from(data, 'base64').toString()}`.split('\n');
        step.partial = lines.pop() ?? '';
        for (const line of lines) keep(step.lines, line);
      }
    },
  };
}

function parsed(text: string): RawStatus | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as RawStatus;
  } catch {
    return undefined;
  }
}

/** `--progress=plain` of BuildKit: `#5 [2/3] RUN x`, `#5 CACHED`, `#5 DONE 0.3s`, `#5 ERROR: …`, `#5 0.177 output`. */
export function plainText(): ProgressReader {
  const told = new Map<string, Told>();
  const rest: string[] = [];
  return {
    ...reading(told, rest),
    line(text) {
      const [, id, says = ''] = /^#(\d+) (.*)$/.exec(text) ?? [];
      if (id === undefined) {
        keep(rest, text);
        return;
      }
      const step = told.get(id);
      if (step === undefined) {
        told.set(id, named(says));
        return;
      }
      const seconds = /^DONE (\d+(?:\.\d+)?)s$/.exec(says)?.[1];
      if (says === 'CACHED') step.cached = true;
      else if (seconds !== undefined) step.seconds = Number(seconds);
      else if (says.startsWith('ERROR: ')) step.error = says.slice(7);
      else keep(step.lines, says.replace(/^\d+\.\d+ /, ''));
    },
  };
}

/**
 * Docker's old builder and buildah: `Step 3/6 : RUN x`, `[1/2] STEP 3/6: RUN x`, ` ---> Using cache`. They tell no times.
 * @param now in milliseconds
 */
export function stepByStep(now: () => number = () => performance.now()): ProgressReader {
  const told = new Map<string, Told>();
  const rest: string[] = [];
  let stage = -1;
  let name = '';
  let last: Told | undefined;
  let begun = 0;
  const close = () => {
    if (last !== undefined && !last.cached) last.seconds = (now() - begun) / 1000;
  };
  const { steps } = reading(told, rest);
  return {
    steps() {
      close();
      return steps();
    },
    // Why the build failed is told apart from the steps, on standard error.
    failed: () => (last === undefined ? { lines: rest } : { step: stepOf(last), lines: [...last.lines, ...rest] }),
    line(text) {
      const [, number, says] = /^(?:\[\d+\/\d+\] )?Step (\d+)\/\d+\s?: (.*)$/i.exec(text) ?? [];
      if (number === undefined || says === undefined) {
        if (last !== undefined && /^\s*-+> Using cache/.test(text)) last.cached = true;
        else if (!text.startsWith('Sending build context')) keep(last?.lines ?? rest, text);
        return;
      }
      close();
      if (/^from\b/i.test(says)) {
        stage += 1;
        name = /\bas\s+(\S+)\s*$/i.exec(says)?.[1] ?? `stage-${stage}`;
      }
      last = { stage: name, number: told.size + 1, text: says, cached: false, seconds: 0, lines: [], partial: '' };
      told.set(String(told.size), last);
      begun = now();
    },
  };
}
