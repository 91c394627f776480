import type { Span } from '../../vocabulary/index.ts';
import type { SpanMap } from '../text/index.ts';

/** What a byte of a Dockerfile is there for. Every byte belongs to exactly one token; printing joins them. */
export type TokenKind =
  | 'bom'
  | 'blank' // whitespace between tokens, and whole empty lines (without their newline)
  | 'newline' // "\n" or "\r\n" that ends a line
  | 'comment' // from "#" to the end of its line, without the newline
  | 'directive' // a parser directive line, without the newline
  | 'continuation' // the escape character, blanks after it, and the newline
  | 'keyword'
  | 'flag'
  | 'text' // arguments
  | 'heredoc-body' // lines between the instruction and the terminator
  | 'heredoc-end'; // the terminator, without the newline

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  /** Offset of its first character. */
  readonly at: number;
}

/** An ordinary comment line, a blank line, or a parser directive between instructions; or an instruction. */
export type Item = Instruction | CommentLine | BlankLine | Directive;

export interface CommentLine {
  readonly kind: 'comment';
  readonly span: Span; // "#" to the end of the line, without the newline
  readonly tokens: readonly Token[];
}

export interface BlankLine {
  readonly kind: 'blank';
  readonly span: Span;
  readonly tokens: readonly Token[];
}

export interface Directive {
  readonly kind: 'directive';
  /** Lower case: `syntax`, `escape`, `check`. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
  readonly valueSpan: Span;
  /**
   * `syntax` or `check` that BuildKit steps over without using it: it, or a directive before it, is indented. (The
   * parser allows that, the search for these two does not.)
   */
  readonly undetected?: true;
  readonly tokens: readonly Token[];
}

/** A piece of an instruction as BuildKit reads it: `value` is decoded (continuations and comment lines are gone), quotes are kept. */
export interface Word {
  readonly value: string;
  /** From its first character to just after its last; may hold a continuation. */
  readonly span: Span;
}

export interface Flag {
  /** Without dashes: `from`, `mount`, `platform`. Case as written. */
  readonly name: string;
  /** Decoded as BuildKit does (quotes and escapes removed); undefined for a flag without "=". */
  readonly value: string | undefined;
  /** The flag as a whole, with dashes. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span | undefined;
}

export interface Pair {
  readonly key: Word;
  /** Undefined for `ARG name`. Quotes are kept: expansion removes them. */
  readonly value: Word | undefined;
  readonly span: Span;
}

export interface JsonElement {
  /** Decoded string. */
  readonly value: string;
  /** With its quotes. */
  readonly span: Span;
}

/** How the rest of an instruction reads, after keyword and flags. */
export type Arguments =
  /** FROM, EXPOSE, WORKDIR (one), USER, … and non-JSON ADD, COPY, VOLUME: split on whitespace; or one word for the rest of the line. */
  | { readonly form: 'words'; readonly words: readonly Word[]; readonly span: Span }
  /** A JSON array; for HEALTHCHECK CMD [...], the array after CMD. */
  | { readonly form: 'json'; readonly elements: readonly JsonElement[]; readonly span: Span }
  /** RUN, CMD, ENTRYPOINT, HEALTHCHECK CMD in shell form, SHELL that is no JSON: the script as the shell gets it (heredoc bodies not included). */
  | { readonly form: 'shell'; readonly script: SpanMap; readonly span: Span }
  /** ENV, LABEL, ARG. `legacy`: `ENV key value`. */
  | { readonly form: 'pairs'; readonly pairs: readonly Pair[]; readonly legacy: boolean; readonly span: Span };

export interface Heredoc {
  /** Decoded name. */
  readonly name: string;
  /** `<<-`: leading tabs are stripped. */
  readonly chomp: boolean;
  /** False when any part of the name was quoted. */
  readonly expand: boolean;
  /** File descriptor before `<<`, 0 when none is written. */
  readonly fd: number;
  /** `<<EOF`, with the descriptor. */
  readonly markerSpan: Span;
  readonly nameSpan: Span;
  /** The lines between, with their newlines, raw. */
  readonly bodySpan: Span;
  /** As BuildKit gives it (raw lines, not chomped). */
  readonly content: string;
  /** The terminator; undefined when it is missing. */
  readonly endSpan: Span | undefined;
}

export interface Instruction {
  readonly kind: 'instruction';
  /** Upper case; whatever was written, known or not. */
  readonly name: string;
  readonly keyword: Word;
  readonly flags: readonly Flag[];
  readonly args: Arguments;
  readonly heredocs: readonly Heredoc[];
  /** HEALTHCHECK: `CMD`, `NONE`, or what was written. */
  readonly probe?: Word;
  /** ONBUILD's instruction. Its tokens stay with the outer one. */
  readonly child?: Instruction;
  /** From the keyword to the last character that is not a newline, heredoc terminators included. */
  readonly span: Span;
  /** From the start of its first line to after its last newline: whole lines. */
  readonly lines: Span;
  /** First and last line number, from 1, as BuildKit reports them. */
  readonly startLine: number;
  readonly endLine: number;
  /** BuildKit's logical line: continuations and comment lines removed, first line left-trimmed. */
  readonly logical: SpanMap;
  /** Comment lines inside the instruction. */
  readonly innerComments: readonly Span[];
  /** Comments before it that BuildKit attaches to it (across blank lines), nearest last. */
  readonly comments: readonly CommentLine[];
  readonly tokens: readonly Token[];
  readonly errors: readonly SyntaxProblem[];
}

/** A closed union: every way in which BuildKit's parser or instruction parser refuses a file. The parser adds codes as it meets them. */
export type SyntaxCode =
  | 'unknown-instruction'
  | 'empty-file'
  | 'instruction-before-from'
  | 'wrong-argument-count'
  | 'missing-argument'
  | 'bad-stage-name'
  | 'unknown-flag'
  | 'duplicate-flag'
  | 'bad-flag-value'
  | 'missing-flag-value'
  | 'blank-key'
  | 'missing-equals'
  | 'missing-value'
  | 'bad-json'
  | 'json-required'
  | 'unterminated-heredoc'
  | 'heredoc-destination'
  | 'duplicate-directive'
  | 'bad-escape-directive'
  | 'line-too-long'
  | 'bad-onbuild'
  | 'bad-healthcheck'
  | 'bad-volume'
  | 'bad-mount'
  | 'bad-quoting';

export interface SyntaxProblem {
  readonly code: SyntaxCode;
  /** Lower case, no full stop: what is wrong. */
  readonly message: string;
  readonly help?: string;
  readonly span: Span;
}

/** A Dockerfile, lossless. */
export interface Dockerfile {
  readonly items: readonly Item[];
  readonly instructions: readonly Instruction[];
  readonly directives: readonly Directive[];
  readonly escape: '\\' | '`';
  readonly text: string;
  /** In order; BuildKit stops at the first. Empty: BuildKit accepts the file (parser and instruction parser). */
  readonly errors: readonly SyntaxProblem[];
  /** Lines that BuildKit warns of: empty lines within a continuation (NoEmptyContinuation), by instruction. */
  readonly emptyContinuations: readonly { readonly instruction: Instruction; readonly spans: readonly Span[] }[];
}
