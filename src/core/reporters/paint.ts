/** How words are coloured and linked. Core knows the roles; the caller knows the terminal. */
export interface Paint {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly info: (text: string) => string;
  readonly good: (text: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  /** A rule's id, linked to its page where the terminal can. */
  readonly rule: (id: string) => string;
}

const same = (text: string) => text;

/** No colour, no links. */
export const plain: Paint = {
  error: same,
  warning: same,
  info: same,
  good: same,
  strong: same,
  faint: same,
  rule: same,
};
