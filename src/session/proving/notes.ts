import type { Json, Observation, Probe } from '../../core/vocabulary/index.ts';
import type { Of } from './order.ts';

/** Where the observations of a proof are collected. */
export class Notes {
  readonly all: Observation[] = [];
  value(of: Of, probe: Probe, value: Json, where?: Json): void {
    this.all.push({ of, probe, ...(where === undefined ? {} : { where }), got: { value } });
  }
  missing(of: Of, probe: Probe, because: string, where?: Json): void {
    this.all.push({ of, probe, ...(where === undefined ? {} : { where }), got: { missing: because } });
  }
}
