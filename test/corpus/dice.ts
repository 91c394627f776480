/** Numbers from 0 (included) to 1: the same seed gives the same sequence (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Reproducible choices. */
export class Dice {
  private readonly next: () => number;
  constructor(seed: number) {
    this.next = generator(seed);
  }
  below(count: number): number {
    return Math.floor(this.next() * count);
  }
  chance(share: number): boolean {
    return this.next() < share;
  }
  one<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
  /** A list of `least` to `most` made things. */
  list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: least + this.below(most - least + 1) }, make);
  }
  /** `least` to `most` of the pieces, in a row. */
  some(pieces: readonly string[], least: number, most: number, between = ''): string {
    return this.list(least, most, () => this.one(pieces)).join(between);
  }
}
