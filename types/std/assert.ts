// The package deno-std is JavaScript without declarations; this joins it to ours.
// @ts-types="./assert.d.ts"
export * from "npm:deno-std@1.4.0/assert/mod.js";
