/** Declarations for the part of utif2 that this project uses. */

/** An image file directory: tags by number, and after decoding the samples. */
export interface Directory {
  width: number;
  height: number;
  data: Uint8Array;
  isLE: boolean;
  [tag: `t${number}`]: number[] | undefined;
}

/** What the package holds. */
declare const UTIF: {
  decode: {
    /** Reads the directories of a TIFF file. */
    (file: ArrayBuffer, options?: { parseMN: boolean; debug: boolean }): Directory[];
    /** Unpacks a strip or tile of `width` x `height` pixels, which stands at `from`, into `into` at `at`. */
    _decompress(
      directory: Directory,
      directories: undefined,
      file: Uint8Array,
      from: number,
      bytes: number,
      packing: number,
      into: Uint8Array,
      at: number,
      fillOrder: number,
      width: number,
      height: number,
    ): void;
  };
  /** Copies a tile of rows of `tileBytes` to its place among rows of `rowBytes`. */
  _copyTile(
    tile: Uint8Array,
    tileBytes: number,
    tileRows: number,
    into: Uint8Array,
    rowBytes: number,
    rows: number,
    atByte: number,
    atRow: number,
  ): void;
  /** Unpacks the samples of a directory, into its `data`. */
  decodeImage(file: ArrayBuffer, directory: Directory): void;
  /** Samples as red, green, blue and alpha. */
  toRGBA8(directory: Directory): Uint8Array;
};
export default UTIF;
