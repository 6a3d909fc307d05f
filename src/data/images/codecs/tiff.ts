/**
 * The first page of TIFF files, by `utif2`.
 *
 * @module
 */

// @ts-types="../../../../types/utif2.d.ts"
import UTIF, { type Directory } from "utif2";
import { cmykToRgb, type Codec, CodecError } from "./codec.ts";
import { orientation, turned } from "../orientation.ts";
import { type TiffHead, tiffHead } from "./tiff_head.ts";

const WIDTH = 256, HEIGHT = 257, FILL_ORDER = 266;
const TILE_WIDTH = 322, TILE_HEIGHT = 323, TILE_PLACES = 324, TILE_LENGTHS = 325;
/** Bytes that a tile may have beside those of a small picture. */
const TILE_ROOM = 2 ** 22;
const SAMPLES = 277, BITS = 258, PACKING = 259, INK = 262, PLANES = 284, COLOURS = 320;
/** Ways of packing: JPEG's. */
const JPEG = [6, 7];
/** What samples are: places in a table of colours, or CMYK. */
const PALETTE = 3, CMYK = 5;
const CONVERT = "convert it to PNG or JPEG";

/** Reads the first page of TIFF files, turned as its tag says: Pillow does so for this format alone. */
export const tiff: Codec = (bytes) => {
  const head = tiffHead(bytes);
  if (head === undefined) throw new CodecError("no directory of a page");
  check(head, bytes.length);
  const file = onePage(bytes, head);
  let page: Directory | undefined;
  try {
    [page] = UTIF.decode(file, { parseMN: false, debug: false });
    if (page !== undefined && head.number(TILE_WIDTH) !== undefined) unpackTiles(file, page, head);
    else if (page !== undefined) UTIF.decodeImage(file, page);
  } catch (error) {
    throw new CodecError(typeof error === "string" ? error : error instanceof Error ? error.message : "");
  }
  if (page?.data === undefined) throw new CodecError("no pixels");
  const { width, height } = page;
  const data = head.number(INK) === CMYK
    ? cmykToRgb(page.data, width * height, head.number(SAMPLES) ?? 1)
    : UTIF.toRGBA8(page);
  return turned({ width, height, data }, orientation(bytes));
};

/** What the package does with tiles, which it speaks of on the console. */
function unpackTiles(file: ArrayBuffer, page: Directory, head: TiffHead): void {
  const whole = new Uint8Array(file);
  page.isLE = head.little;
  const [width, height] = [head.number(WIDTH)!, head.number(HEIGHT)!];
  const [across, down] = [head.number(TILE_WIDTH)!, head.number(TILE_HEIGHT) ?? 0];
  const bits = (head.number(BITS) ?? 1) * (head.number(SAMPLES) ?? 1);
  const rowBytes = Math.ceil(width * bits / 8), tileBytes = Math.ceil(across * bits / 8);
  if (!(across > 0 && down > 0) || tileBytes * down > 4 * (whole.length + rowBytes * height) + TILE_ROOM) {
    throw new CodecError(`tiles of ${across} x ${down}`);
  }
  const [places, lengths] = [head.numbers(TILE_PLACES), head.numbers(TILE_LENGTHS)];
  const data = new Uint8Array(rowBytes * height), tile = new Uint8Array(tileBytes * down);
  const columns = Math.ceil(width / across), rows = Math.ceil(height / down);
  if (places.length < columns * rows) throw new CodecError("too few tiles");
  for (let i = 0; i < columns * rows; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    const packing = head.number(PACKING) ?? 1;
    tile.fill(0);
    UTIF.decode._decompress(
      page,
      undefined,
      whole,
      places[i]!,
      lengths[i] ?? tile.length,
      packing,
      tile,
      0,
      head.number(FILL_ORDER) ?? 1,
      across,
      down,
    );
    UTIF._copyTile(tile, tileBytes, down, data, rowBytes, height, column * tileBytes, row * down);
  }
  Object.assign(page, { width, height, data });
}

/** Refuses what would be read wrongly. */
function check(head: TiffHead, size: number): void {
  const samples = head.number(SAMPLES) ?? 1, bits = head.number(BITS) ?? 1;
  const packing = head.number(PACKING) ?? 1;
  if (samples > 8 || bits > 32) throw new CodecError(`${samples} samples of ${bits} bits a pixel`, CONVERT);
  if (samples > 1 && head.number(PLANES) === 2) {
    throw new CodecError("colours in planes of their own", CONVERT);
  }
  if (JPEG.includes(packing) && samples === 1) throw new CodecError("grays packed as JPEG", CONVERT);
  if (![1, 2, 3, 4, 5, 8, 32773, 32946, ...JPEG].includes(packing)) {
    throw new CodecError(`packing ${packing}`, CONVERT);
  }
  for (const [offsets, counts] of [[273, 279], [324, 325]] as const) {
    const lengths = head.numbers(counts);
    // A length that is said not to be known is taken for all that is left.
    if (head.numbers(offsets).some((from, i) => from + Math.max(1, lengths[i] ?? 1) > size)) {
      throw new CodecError("the file ends early");
    }
  }
  if (head.number(INK) === PALETTE && head.numbers(COLOURS).length < 3 << bits) {
    throw new CodecError("the file ends early");
  }
  if (![0, 1, 2, PALETTE, CMYK, 6].includes(head.number(INK) ?? 1)) {
    throw new CodecError(`colours of kind ${head.number(INK)}`, CONVERT);
  }
}

/** The file with its first page alone: the package reads all pages and what hangs on them, in circles where they lead so. */
function onePage(bytes: Uint8Array, { at, count, little }: TiffHead): ArrayBuffer {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  const next = at + 2 + 12 * count;
  if (next + 4 <= copy.length) view.setUint32(next, 0, little);
  for (let i = 0; i < count; i++) {
    const entry = at + 2 + 12 * i;
    // Sub-directories, EXIF, GPS, makers' notes.
    if ([330, 34665, 34853, 37500, 40965, 50740].includes(view.getUint16(entry, little))) {
      view.setUint16(entry, 65000, little);
      view.setUint16(entry + 2, 1, little);
      view.setUint32(entry + 4, 1, little);
    }
  }
  return copy.buffer;
}
