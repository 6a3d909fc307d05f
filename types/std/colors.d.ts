/** Declarations for the terminal colours of Deno's standard library that this project uses. */

/** Switches colours on or off for every function here. `NO_COLOR` switches them off by itself. */
export function setColorEnabled(value: boolean): void;
/** Whether colours are on. */
export function getColorEnabled(): boolean;
/** Bold text. */
export function bold(text: string): string;
/** Dim text. */
export function dim(text: string): string;
/** Italic text. */
export function italic(text: string): string;
/** Underlined text. */
export function underline(text: string): string;
/** Red text. */
export function red(text: string): string;
/** Green text. */
export function green(text: string): string;
/** Yellow text. */
export function yellow(text: string): string;
/** Blue text. */
export function blue(text: string): string;
/** Magenta text. */
export function magenta(text: string): string;
/** Cyan text. */
export function cyan(text: string): string;
/** Gray text. */
export function gray(text: string): string;
/** The text without its escape codes. */
export function stripAnsiCode(text: string): string;
