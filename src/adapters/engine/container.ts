import type { ContainerState, RunningContainer } from '../../session/index.ts';
import { askers, toldStatus } from './asking.ts';
import { isOutside, type RunCli } from './builder.ts';
import { healthChecks, processInPodman } from './podman.ts';
import { EngineFailed } from './process.ts';

/** What a container of ours may use. None has privileges, a socket, or a network but its own loopback. */
export interface Limits {
  /** `key=value` */
  readonly label: string;
  readonly memory: string;
}

function confinement({ label, memory }: Limits): readonly string[] {
  return [
    ...['--label', label, '--memory', memory, '--memory-swap', memory, '--cpus', '1', '--pids-limit', '512'],
    ...['--security-opt', 'no-new-privileges', '--pull', 'never'],
  ];
}

interface State {
  readonly Running: boolean;
  readonly ExitCode: number;
  readonly Health?: {
    readonly Status: string;
    readonly Log?: readonly { readonly ExitCode: number; readonly Output: string }[] | null;
  };
}

/** A reason may be a whole page. */
const longestReason = 160;

/** Where a command of the engine says what is the matter. */
export const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

/**
 * Starts a container of an image.
 * @param podman the engine is podman, whatever its command is called
 * @param passed options such as `--env`, as the user gave them
 */
export async function startContainer(
  run: RunCli,
  podman: boolean,
  limits: Limits,
  image: string,
  passed: readonly string[],
): Promise<RunningContainer | { readonly missing: string }> {
  const { exit, out, err } = await run([
    'run',
    '--detach',
    '--network',
    'none',
    ...confinement(limits),
    ...passed,
    image,
  ]);
  if (exit !== 0 && isOutside(err)) throw new EngineFailed(`a container cannot be started: ${lastLine(err)}`);
  if (exit !== 0) return { missing: `it does not start: ${lastLine(err)}` };
  const id = out.trim();
  const checkHealth = podman ? healthChecks(run, id) : undefined;
  /** The image and program that could ask, once found. */
  let asker: { readonly image: string; readonly asker: (typeof askers)[number] } | undefined;

  const inspect = async <T>(format: string): Promise<T> => {
    const seen = await run(['container', 'inspect', '--format', format, id]);
    if (seen.exit !== 0) throw new EngineFailed(`a container cannot be inspected: ${lastLine(seen.err)}`);
    return JSON.parse(seen.out) as T;
  };
  const askWith = (from: string, one: (typeof askers)[number], port: number, path: string) =>
    run([
      ...['run', '--rm', '--network', `container:${id}`, ...confinement(limits), '--user', '65534:65534'],
      ...['--entrypoint', one.program, from, ...one.args(port, path)],
    ]);

  return {
    async state(): Promise<ContainerState> {
      const seen = () => inspect<State>('{{json .State}}');
      let { Running, ExitCode, Health } = await seen();
      if (checkHealth !== undefined && Running && Health?.Status === 'starting') {
        await checkHealth();
        ({ Running, ExitCode, Health } = await seen());
      }
      const health = Health?.Status;
      const last = Health?.Log?.at(-1);
      return {
        running: Running,
        exit: ExitCode,
        health: health === '' || health === 'none' ? undefined : health,
        ...(last === undefined || last.ExitCode === 0 ? {} : { sick: lastLine(last.Output).slice(0, longestReason) }),
      };
    },
    async first() {
      if (podman) return processInPodman(run, id, await inspect<number>('{{json .State.Pid}}'));
      const top = await run(['container', 'top', id, '-eo', 'pid,uid,args']);
      if (top.exit !== 0) return { missing: `its processes cannot be seen: ${lastLine(top.err)}` };
      const pid = await inspect<number>('{{json .State.Pid}}');
      for (const row of top.out.split('\n')) {
        const [, number, uid, argv] = /^\s*(\d+)\s+(\d+)\s+(.*?)\s*$/.exec(row) ?? [];
        if (Number(number) === pid && argv !== undefined) return { uid: Number(uid), argv };
      }
      return { missing: 'PID 1 is not among its processes' };
    },
    async ask(port, path, images) {
      if (asker !== undefined)
        return { status: toldStatus(asker.asker, await askWith(asker.image, asker.asker, port, path)) };
      for (const one of askers) {
        for (const from of images) {
          const ended = await askWith(from, one, port, path);
          // 125 to 127: the image has no such program, or it cannot be run.
          if (ended.exit >= 125 && ended.exit <= 127) continue;
          asker = { image: from, asker: one };
          return { status: toldStatus(one, ended) };
        }
      }
      return { missing: `neither image brings ${askers.map(({ program }) => program).join(', ')} to ask it with` };
    },
    async stop(patience) {
      const begun = performance.now();
      await run(['container', 'stop', '-t', String(patience), id]);
      const seconds = (performance.now() - begun) / 1000;
      return { seconds, exit: await inspect<number>('{{json .State.ExitCode}}') };
    },
    async lines(count) {
      const logs = await run(['container', 'logs', '--tail', String(count), id]);
      return `${logs.out}${logs.err}`.trimEnd().split('\n').slice(-count);
    },
    async remove() {
      await run(['container', 'rm', '--force', '--volumes', id]);
    },
  };
}
