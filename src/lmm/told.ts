/** Long lists in messages. @module */

/** Complaints of one kind that are told one by one. */
const TOLD = 20;

/** The first of a list, and how many more there are. */
export function told(list: readonly string[], between = ", "): string {
  const rest = list.length - TOLD;
  return list.slice(0, TOLD).join(between) + (rest > 0 ? `${between}and ${rest} more` : "");
}
