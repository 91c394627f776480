import type { CheckInput } from './types.ts';

const EXPECTED = "{ file: 'Dockerfile', text: 'FROM …' }";

function whatIs(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  return Array.isArray(value) ? 'an array' : value instanceof Uint8Array ? 'bytes' : `a value of type ${typeof value}`;
}

/**
 * Refuses what JavaScript lets through although it is no input.
 * @param called the name of the public function
 * @throws TypeError that says what was expected and what came
 */
export function assertInput(called: string, input: CheckInput): void {
  const given: unknown = input;
  if (typeof given !== 'object' || given === null)
    throw new TypeError(`${called} needs ${EXPECTED}, and got ${whatIs(given)}`);
  const { text, file } = given as Readonly<Record<string, unknown>>;
  if (text instanceof Uint8Array) throw new TypeError(`${called} needs text, and got bytes: pass decode(bytes).text`);
  if (typeof text !== 'string') throw new TypeError(`${called} needs ${EXPECTED}: text is ${whatIs(text)}`);
  if (typeof file !== 'string')
    throw new TypeError(
      `${called} needs ${EXPECTED}: file, the name that places in the report have, is ${whatIs(file)}`,
    );
}
