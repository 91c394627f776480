import type { Action, Package, ProgramOption, ShellCommand, ShellWord, State } from '../types.ts';
import type { ArgumentSyntax, OptionList } from './arguments.ts';

/** One command line, taken apart: what a table's `refine` may ask about. */
export interface Call {
  readonly command: ShellCommand;
  readonly options: readonly ProgramOption[];
  readonly operands: readonly ShellWord[];
  readonly has: (option: string) => boolean;
  /** The last value that an option was given. */
  readonly value: (option: string) => ShellWord | undefined;
  /** A variable as the command sees it: its own assignment, else what the caller knows. */
  readonly env: (name: string) => string | undefined;
}

export interface Effects {
  readonly action?: Action;
  readonly reads?: readonly State[];
  readonly writes?: readonly State[];
  readonly clears?: readonly State[];
  readonly packages?: readonly Package[];
  readonly urls?: readonly ShellWord[];
  readonly outputs?: readonly ShellWord[];
}

/** What a program or subcommand means. */
export interface Subcommand {
  /** Options besides those of the program. */
  readonly options?: OptionList;
  readonly action?: Action;
  readonly reads?: readonly State[];
  readonly writes?: readonly State[];
  readonly clears?: readonly State[];
  /** Reads an operand as a package; without it operands are none. */
  readonly packages?: (word: ShellWord) => Package | undefined;
  /** `operands`: every operand; else the options whose value is an address. */
  readonly urls?: 'operands' | readonly string[];
  /** Which operands are written, and the options whose value is. */
  readonly outputs?: { readonly operands?: 'all' | 'last'; readonly options?: readonly string[] };
  /** What depends on the options: each field it gives replaces the table's. */
  readonly refine?: (call: Call) => Effects;
  readonly subcommands?: Readonly<Record<string, Subcommand>>;
  /** Where its options may stand, when not as the program's: `bundle exec` leaves the rest to another program. */
  readonly order?: ArgumentSyntax['order'];
  /** What a name that is no subcommand stands for: `yarn build` runs a script. */
  readonly otherwise?: Subcommand;
}

export interface Program extends Subcommand {
  /** Canonical name. */
  readonly name: string;
  /** How its arguments are read; GNU getopt when left out. */
  readonly syntax?: ArgumentSyntax;
}
