/**
 * Operands that a kernel reads through textures. A CPU driver turns a load from a storage buffer into a loop over its
 * lanes, but fetches texels for all lanes at once; where an operand is read again and again, copying it into a
 * texture first pays many times over.
 *
 * A texel holds four elements and a row {@linkcode TEXELS} texels, so that element 4·i is texel (i & 255, i >> 8).
 *
 * @module
 */
import { overlap, type Slice } from "./slice.ts";

/** Texels in a row of a texture. */
export const TEXELS = 256;

/** Turns the declaration of a binding from a buffer of vec4s into a texture of the alias `NAME_texture`. */
export function bindTexture(wgsl: string, name: string): string {
  return wgsl.replace(
    new RegExp(`var<storage, read_write> ${name}: array<\\w+>;`),
    `var ${name}: ${name}_texture;`,
  );
}

/** WGSL that gives the i-th vec4 of a binding as f32, whether it is a texture or a buffer of vec4s. */
export function loadFunction(name: string, textured: boolean): string {
  const texel = `vec2u(i & ${TEXELS - 1}u, i >> ${Math.log2(TEXELS)}u)`;
  const value = textured ? `textureLoad(${name}, ${texel})` : `vec4f(${name}[i])`;
  return `fn load_${name}(i: u32) -> vec4f { return ${value}; }`;
}

/**
 * How many textures of a format a program takes turns with, or as many as one dispatch reads. With two a product's
 * second operand can change while the first stays, as in a backward pass; more would keep little more.
 */
const COUNT = 2;

/** Formats of such textures: four elements of 32 or 16 bits. */
export type TexelFormat = "rgba32float" | "rgba16float";

/** The format for a slice. */
export function texelFormat({ f16 }: Slice): TexelFormat {
  return f16 ? "rgba16float" : "rgba32float";
}

/** Bytes of a row of a texture. */
export function rowBytes(format: TexelFormat): number {
  return TEXELS * (format === "rgba32float" ? 16 : 8);
}

/** A texture that a program needs. */
export interface TextureNeed {
  /** Its format. */
  format: TexelFormat;
  /** Its height. */
  rows: number;
}

/** Something to be copied into a texture before a dispatch. */
export interface TextureCopy {
  /** From where. */
  slice: Slice;
  /** Index of the texture. */
  texture: number;
}

/** What a dispatch has of textures. */
export interface TextureUse {
  /** Index of the texture of each of the dispatch's bindings; undefined where a buffer is bound. */
  textures: readonly (number | undefined)[];
  /** What must be copied before it runs. */
  copies: readonly TextureCopy[];
}

/** What {@linkcode planTextures} needs to know of a dispatch. */
export interface TextureReader {
  /** What it binds. */
  slices: readonly Slice[];
  /** Indices of the slices that it reads through textures. */
  textured: readonly number[];
}

/**
 * Deals textures to the operands of dispatches: an empty one, a new one, or the least recently used. A copy serves
 * every dispatch that follows, until something is bound as a buffer that shares memory with it and so may change it.
 *
 * @param dispatches In order.
 * @returns The textures that are needed, and what each dispatch has of them.
 */
export function planTextures(
  dispatches: readonly TextureReader[],
): { needs: TextureNeed[]; uses: TextureUse[] } {
  const needs: (TextureNeed & { holds: Slice | undefined; used: number })[] = [];
  const uses = dispatches.map(({ slices, textured }, time) => {
    const textures: (number | undefined)[] = slices.map(() => undefined);
    const copies: TextureCopy[] = [];
    for (const binding of textured) {
      const slice = slices[binding]!, format = texelFormat(slice);
      let at = needs.findIndex(({ holds }) => holds && same(holds, slice));
      if (at < 0) {
        const idle = [...needs.keys()].filter((i) => needs[i]!.format === format && needs[i]!.used < time)
          .sort((i, j) => needs[i]!.used - needs[j]!.used);
        at = idle.find((i) => !needs[i]!.holds) ?? -1;
        const few = needs.filter((need) => need.format === format).length < COUNT;
        if (at < 0 && (few || idle.length === 0)) {
          at = needs.push({ format, rows: 0, holds: undefined, used: time }) - 1;
        } else if (at < 0) {
          at = idle[0]!;
        }
        copies.push({ slice, texture: at });
      }
      const need = needs[at]!;
      need.rows = Math.max(need.rows, Math.ceil(slice.bytes / rowBytes(format)));
      need.holds = slice;
      need.used = time;
      textures[binding] = at;
    }
    slices.forEach((slice, binding) => {
      if (textures[binding] !== undefined) return;
      for (const need of needs) if (need.holds && overlap(need.holds, slice)) need.holds = undefined;
    });
    return { textures, copies };
  });
  return { needs: needs.map(({ format, rows }) => ({ format, rows })), uses };
}

function same(a: Slice, b: Slice): boolean {
  return a.slot === b.slot && a.offset === b.offset && a.bytes === b.bytes;
}

/**
 * Encodes the copy of bytes into a texture: whole rows at once, and what is left of a last row unless the buffer goes
 * on for as long as the row does.
 *
 * @param buffer From where.
 * @param offset First byte.
 * @param bytes How many; a multiple of a texel's size.
 */
export function encodeCopy(
  encoder: GPUCommandEncoder,
  buffer: GPUBuffer,
  offset: number,
  bytes: number,
  texture: GPUTexture,
) {
  const bytesPerRow = rowBytes(texture.format as TexelFormat);
  const copy = (row: number, width: number, rows: number) =>
    encoder.copyBufferToTexture(
      { buffer, offset: offset + row * bytesPerRow, bytesPerRow },
      { texture, origin: [0, row] },
      [width, rows],
    );
  const rows = Math.ceil(bytes / bytesPerRow);
  if (offset + rows * bytesPerRow <= buffer.size) return copy(0, TEXELS, rows);
  const whole = Math.floor(bytes / bytesPerRow);
  if (whole > 0) copy(0, TEXELS, whole);
  copy(whole, (bytes - whole * bytesPerRow) / (bytesPerRow / TEXELS), 1);
}
