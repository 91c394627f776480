import type { Failure, FileReport } from '../vocabulary/index.ts';
import type { Summary } from './summary.ts';

/**
 * How a run is told: chunks of text, file by file, so that 100,000 files need no more memory than 100.
 * Nothing is printed here, and no exit code decided.
 */
export interface Reporter {
  /** Comes first. */
  readonly begin: string;
  /** Comes between two texts of files and failures that are not empty: whoever writes them puts it there. */
  readonly between: string;
  file(report: FileReport): string;
  /** What the output itself says of a file that was not checked; people are told on the error stream anyway. */
  failure(failure: Failure): string;
  end(summary: Summary): string;
}
