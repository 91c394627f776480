/** What passes between the corpus and its worker processes. */
import type { FileResult } from './result.ts';

/** A file on disk, or bytes that were made up. */
export interface Item {
  readonly path: string;
  readonly bytes?: Uint8Array;
}

export type ToWorker =
  | { readonly kind: 'judge'; readonly index: number; readonly item: Item }
  /** Each item alone, several times: the least CPU time of each command counts. */
  | { readonly kind: 'rerun'; readonly items: readonly Item[] }
  /** `check` alone over texts held in memory. */
  | { readonly kind: 'speed'; readonly items: readonly Item[] }
  | { readonly kind: 'end' };

export type FromWorker =
  | { readonly kind: 'begin'; readonly index: number }
  | { readonly kind: 'result'; readonly index: number; readonly result: FileResult }
  | { readonly kind: 'reruns'; readonly ms: readonly number[] }
  | { readonly kind: 'speed'; readonly filesPerSecond: number }
  | { readonly kind: 'memory'; readonly peakMegabytes: number };
