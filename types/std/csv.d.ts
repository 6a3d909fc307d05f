/** Declarations for the CSV functions of Deno's standard library that this project uses. */

/** How a CSV text is read. */
export interface ParseOptions {
  /** Default ",". */
  separator?: string;
  /** Lines that start with it are left out. */
  comment?: string;
  /** Spaces before a field are left out. Default false. */
  trimLeadingSpace?: boolean;
  /** A quote may stand inside an unquoted field. Default false. */
  lazyQuotes?: boolean;
  /** Negative: any number; 0: as many as the first row; positive: exactly so many. Default: any number. */
  fieldsPerRecord?: number;
}

/**
 * Reads a CSV text as rows of fields.
 *
 * @throws {SyntaxError} Where the text is not CSV; the message names line and column.
 */
export function parse(input: string, options?: ParseOptions & { skipFirstRow?: false }): string[][];
/** Reads a CSV text as one object a row, with the keys of the first row. */
export function parse(
  input: string,
  options: ParseOptions & { skipFirstRow: true },
): Record<string, string>[];

/** How a CSV text is written. */
export interface StringifyOptions {
  /** Whether the first line names the columns. Default true. */
  headers?: boolean;
  /** Default ",". */
  separator?: string;
  /** Properties to write, in this order; needed when rows are objects. */
  columns?: readonly (string | number)[];
  /** Whether a byte order mark stands first. Default false. */
  bom?: boolean;
}

/** Writes rows as CSV, lines ended by CRLF. */
export function stringify(
  data: readonly (readonly unknown[] | Readonly<Record<string, unknown>>)[],
  options?: StringifyOptions,
): string;
