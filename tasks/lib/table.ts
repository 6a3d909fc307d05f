/**
 * Tables of text.
 *
 * @module
 */

/**
 * Lines of equally wide columns, the first one to the left, the others to the right.
 *
 * @param rows The cells; every row has the same number.
 * @returns One line a row.
 */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows.map((row) =>
    row.map((cell, column) => column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)).join(
      "  ",
    )
      .trimEnd()
  );
}
