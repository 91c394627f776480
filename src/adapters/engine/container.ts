import type { ContainerState, RunningContainer } from '../../session/index.ts';
import { askers, toldStatus } from './asking.ts';
import { isOutside, type RunCli } from './builder.ts';
import { hasRead, openPorts, readers, writtenPaths, zombiesIn } from './looking.ts';
import { healthChecks, processInPodman } from './podman.ts';
import { EngineFailed } from './process.ts';
import { TarReader } from './tar.ts';

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

/** Programs that images turned out to lack, so that no other container looks for them again. */
export class Lacking {
  readonly #known = new Set<string>();

  has(image: string, program: string): boolean {
    return this.#known.has(`${image} ${program}`);
  }

  add(image: string, program: string): void {
    this.#known.add(`${image} ${program}`);
  }

  /** The image is another one now. */
  forget(image: string): void {
    for (const one of this.#known) if (one.startsWith(`${image} `)) this.#known.delete(one);
  }
}

/** A reason may be a whole page. */
const longestReason = 160;

/** Where a command of the engine says what is the matter. */
export const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';

/**
 * Starts a container of an image.
 * @param podman the engine is podman, whatever its command is called
 * @param passed options such as `--env`, as the user gave them
 * @param confined with a root that cannot be written to, /tmp apart, and without capabilities; as this user from the start
 */
export async function startContainer(
  run: RunCli,
  podman: boolean,
  limits: Limits,
  image: string,
  passed: readonly string[],
  lacking: Lacking,
  confined?: { readonly uid?: number },
): Promise<RunningContainer | { readonly missing: string }> {
  const { exit, out, err } = await run([
    'run',
    '--detach',
    '--network',
    'none',
    ...confinement(limits),
    ...passed,
    ...(confined === undefined ? [] : ['--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL']),
    ...(confined?.uid === undefined ? [] : ['--user', String(confined.uid)]),
    image,
  ]);
  if (exit !== 0 && isOutside(err)) throw new EngineFailed(`a container cannot be started: ${lastLine(err)}`);
  if (exit !== 0) return { missing: `it does not start: ${lastLine(err)}` };
  const id = out.trim();
  const checkHealth = podman ? healthChecks(run, id) : undefined;

  const inspect = async <T>(format: string): Promise<T> => {
    const seen = await run(['container', 'inspect', '--format', format, id]);
    if (seen.exit !== 0) throw new EngineFailed(`a container cannot be inspected: ${lastLine(seen.err)}`);
    return JSON.parse(seen.out) as T;
  };
  const helper = ['run', '--rm', '--network', `container:${id}`, ...confinement(limits), '--user', '65534:65534'];
  const askWith = (from: string, one: (typeof askers)[number], port: number, path: string) =>
    run([...helper, '--entrypoint', one.program, from, ...one.args(port, path)]);

  return {
    async state(): Promise<ContainerState> {
      const seen = () => inspect<State>('{{json .State}}');
      let { Running, ExitCode, Health } = await seen();
      if (checkHealth !== undefined && Running && Health?.Status === 'starting') {
        await checkHealth();
        ({ Running, ExitCode, Health } = await seen());
      }
      const health = Health?.Status;
      // A check that was not done in time says nothing of what it would have found.
      const failed = Health?.Log?.findLast((one) => one.ExitCode !== 0 && !/exceeded timeout/i.test(one.Output));
      return {
        running: Running,
        exit: ExitCode,
        health: health === '' || health === 'none' ? undefined : health,
        ...(failed === undefined ? {} : { sick: lastLine(failed.Output).slice(0, longestReason) }),
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
      let refused = false;
      for (const one of askers) {
        for (const from of images) {
          if (lacking.has(from, one.program)) continue;
          const ended = await askWith(from, one, port, path);
          // 126 and 127: the image has no such program, or it cannot be run. 125: the engine refuses; the container may have ended.
          if (ended.exit < 125 || ended.exit > 127) return { status: toldStatus(one, ended) };
          if (ended.exit === 125) refused = true;
          else lacking.add(from, one.program);
        }
      }
      if (refused) return { status: null };
      return { missing: `neither image brings ${askers.map(({ program }) => program).join(', ')} to ask it with` };
    },
    async inside(images) {
      for (const { program, args } of readers) {
        for (const from of images) {
          if (lacking.has(from, program)) continue;
          const read = [...helper, '--pid', `container:${id}`, '--entrypoint', program, from, ...args];
          const { exit, out } = await run(read);
          if (hasRead(out)) return { ports: openPorts(out), zombies: zombiesIn(out) };
          if (exit === 126 || exit === 127) lacking.add(from, program);
        }
      }
      return { missing: `neither image brings ${readers.map(({ program }) => program).join(', ')} to look with` };
    },
    async written() {
      const diff = await run(['container', 'diff', id]);
      if (diff.exit !== 0) return { missing: `what it wrote cannot be seen: ${lastLine(diff.err)}` };
      const mounts = await inspect<readonly { Destination: string }[] | null>('{{json .Mounts}}');
      const tmpfs = await inspect<Readonly<Record<string, string>> | null>('{{json .HostConfig.Tmpfs}}');
      const mounted = [...(mounts ?? []).map(({ Destination }) => Destination), ...Object.keys(tmpfs ?? {})];
      return { paths: writtenPaths(diff.out, mounted) };
    },
    async sizeOf(path) {
      let size: number | undefined;
      await run(['container', 'cp', `${id}:${path}`, '-'], {
        read: async (out) => {
          const archive = new TarReader();
          for await (const chunk of out)
            for (const { entry } of archive.push(chunk)) {
              if (entry.type === 'file') size = entry.size;
              return; // the rest is not wanted
            }
        },
      });
      return size;
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
