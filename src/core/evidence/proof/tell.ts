import type { Json, Probe } from '../../vocabulary/index.ts';
import { endedWith, probes } from './probes.ts';

/** A value as people read it. */
export function tellValue(probe: Probe, value: Json): string {
  if (value === null) return 'no answer';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  const exit = endedWith(value);
  if (exit !== undefined) return `ended with exit ${exit}`;
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((one) => tellValue(probe, one)).join(', ');
  if (typeof value !== 'number') return JSON.stringify(value);
  const { unit } = probes[probe];
  if (unit === 'seconds') return `${value.toFixed(value < 9.95 ? 2 : 1)} s`;
  if (unit === 'bytes') return `${(value / 1e6).toFixed(Math.abs(value) < 9_950_000 ? 2 : 1)} MB`;
  return String(value);
}

/** Several values, each once. */
export function tellValues(probe: Probe, values: readonly Json[]): string {
  return [...new Set(values.map((value) => tellValue(probe, value)))].join(', ');
}
