import type { Io } from './io.ts';
import type { UsageError } from './parse.ts';

/** What the exit status means to scripts. */
export const exit = { clean: 0, remains: 1, unable: 2 } as const;
export type ExitStatus = (typeof exit)[keyof typeof exit];

/** Says what is wrong with the command line, in one line. */
export function usageError(io: Io, verb: string, { usage, help }: UsageError): ExitStatus {
  io.err.write(`error: ${usage}: ${help ?? `layerwise ${verb} --help tells more`}\n`);
  return exit.unable;
}
