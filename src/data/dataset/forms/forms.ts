/**
 * The forms of conversations that are read. A new one is a `Form` in a file of its own and a line here.
 *
 * @module
 */

import { columns } from "./columns.ts";
import type { Form } from "./form.ts";
import { texts } from "./texts.ts";
import { conversations, messages } from "./turn_list.ts";

/** All forms; a sample has the first one that fits. */
export const FORMS: readonly Form[] = [conversations, messages, texts, columns];
