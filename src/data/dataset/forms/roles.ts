/**
 * The names of the two sides and of the system.
 *
 * @module
 */

import type { Role } from "./form.ts";

const NAMES: Readonly<Record<Role, readonly string[]>> = {
  system: ["system", "developer"],
  user: ["user", "human"],
  assistant: ["assistant", "gpt", "bot", "model", "chatgpt"],
};

const ROLES = new Map(
  Object.entries(NAMES).flatMap(([role, names]) => names.map((name) => [name, role as Role] as const)),
);

/**
 * Who a name stands for.
 *
 * @param name The name, as written.
 * @returns The role; undefined if nobody is called so.
 */
export function roleOf(name: unknown): Role | undefined {
  return typeof name === "string" ? ROLES.get(name.toLowerCase()) : undefined;
}
