/** Declarations for the part of utif2 that this project uses. */

/** An image file directory: tags by number, and after decoding the samples. */
export interface Directory {
  width: number;
  height: number;
  data: Uint8Array;
  [tag: `t${number}`]: number[] | undefined;
}

/** What the package holds. */
declare const UTIF: {
  /** Reads the directories of a TIFF file. */
  decode(file: ArrayBuffer, options?: { parseMN: boolean; debug: boolean }): Directory[];
  /** Unpacks the samples of a directory, into its `data`. */
  decodeImage(file: ArrayBuffer, directory: Directory): void;
  /** Samples as red, green, blue and alpha. */
  toRGBA8(directory: Directory): Uint8Array;
};
export default UTIF;
