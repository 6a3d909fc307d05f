/**
 * What a file is, by its first bytes: names of files are often wrong.
 *
 * @module
 */

/** A kind of file. */
export interface FileKind {
  /** Its name, with an article where it reads better. */
  name: string;
  /** The usual extension of its files, without dot. */
  extension: string;
  /** Whether it is an image that is read here. */
  read: boolean;
  /** What to do about one that is not. */
  todo?: string;
}

const CONVERT = "convert it to PNG or JPEG";
const DOWNLOAD = "the download failed: fetch the file again";
const PULL = "run git lfs pull in its repository, or download the file itself";
const FRAME = "save a frame of it as an image";

const image = (name: string, extension: string): FileKind => ({ name, extension, read: true });
const other = (name: string, extension: string, todo: string): FileKind => ({
  name,
  extension,
  read: false,
  todo,
});

/** A sign at a place; texts are bytes of Latin-1. */
type Sign = readonly (readonly [at: number, text: string])[];

const SIGNS: readonly (readonly [Sign, FileKind])[] = [
  [[[0, "\x89PNG"]], image("PNG", "png")],
  [[[0, "\xff\xd8\xff"]], image("JPEG", "jpg")],
  [[[0, "RIFF"], [8, "WEBP"]], image("WebP", "webp")],
  [[[0, "GIF87a"]], image("GIF", "gif")],
  [[[0, "GIF89a"]], image("GIF", "gif")],
  [[[0, "BM"]], image("BMP", "bmp")],
  [[[0, "II*\0"]], image("TIFF", "tif")],
  [[[0, "MM\0*"]], image("TIFF", "tif")],
  [[[4, "ftypavif"]], image("AVIF", "avif")],
  [[[4, "ftypavis"]], image("AVIF", "avif")],
  [[[0, "II+\0"]], other("a BigTIFF image", "tif", CONVERT)],
  [[[0, "MM\0+"]], other("a BigTIFF image", "tif", CONVERT)],
  ...["heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"].map((brand) =>
    [[[4, `ftyp${brand}`]], other("an HEIC image", "heic", CONVERT)] as const
  ),
  [[[4, "ftyp"]], other("a video (MP4)", "mp4", FRAME)],
  [[[0, "\x1a\x45\xdf\xa3"]], other("a video (Matroska or WebM)", "mkv", FRAME)],
  [[[0, "RIFF"], [8, "AVI "]], other("a video (AVI)", "avi", FRAME)],
  [[[0, "RIFF"], [8, "WAVE"]], other("a sound (WAV)", "wav", "remove the sample")],
  [[[0, "\0\0\x01\xba"]], other("a video (MPEG)", "mpg", FRAME)],
  [[[0, "FLV"]], other("a video (Flash)", "flv", FRAME)],
  [[[0, "\0\0\0\x0cjP  "]], other("a JPEG 2000 image", "jp2", CONVERT)],
  [[[0, "\0\0\0\x0cJXL "]], other("a JPEG XL image", "jxl", CONVERT)],
  [[[0, "\xff\x0a"]], other("a JPEG XL image", "jxl", CONVERT)],
  [[[0, "8BPS"]], other("a Photoshop file", "psd", CONVERT)],
  [[[0, "\0\0\x01\0"]], other("a Windows icon", "ico", CONVERT)],
  [[[0, "P6"]], other("a PPM image", "ppm", CONVERT)],
  [[[0, "P5"]], other("a PGM image", "pgm", CONVERT)],
  [[[0, "%PDF"]], other("a PDF document", "pdf", "save its pages as images")],
  [[[0, "PK\x03\x04"]], other("a ZIP archive", "zip", "unpack it")],
  [[[0, "\x1f\x8b"]], other("a gzip archive", "gz", "unpack it")],
  [[[0, "version https://git-lfs"]], other("a Git LFS pointer, not the file itself", "txt", PULL)],
];

/** The same for texts, which may begin with white space. */
const TEXTS: readonly (readonly [RegExp, FileKind])[] = [
  [/^<!doctype html|^<html|^<head|^<body/i, other("an HTML page", "html", DOWNLOAD)],
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!doctype svg[^>]*>\s*)?<svg/i,
    other("an SVG drawing", "svg", CONVERT),
  ],
  [/^<\?xml|^<error/i, other("an XML document", "xml", DOWNLOAD)],
  [/^\{|^\[/, other("JSON text", "json", DOWNLOAD)],
];

/**
 * Names a file's kind.
 *
 * @param bytes The file, or its beginning.
 * @returns The kind; undefined if it is none that is known.
 */
export function fileKind(bytes: Uint8Array): FileKind | undefined {
  const has = ([at, text]: Sign[number]) => [...text].every((c, i) => bytes[at + i] === c.charCodeAt(0));
  const found = SIGNS.find(([sign]) => sign.every(has))?.[1];
  if (found !== undefined) return found;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 1024)).replace(/^\xef\xbb\xbf/, "")
    .trimStart();
  return TEXTS.find(([start]) => start.test(text))?.[1];
}

/**
 * What an error says of a file that is no image that is read here.
 *
 * @param bytes The file, or its beginning.
 * @returns What was found, and what to do.
 */
export function describeKind(bytes: Uint8Array): { found: string; todo: string } {
  if (bytes.length === 0) return { found: "an empty file", todo: DOWNLOAD };
  const kind = fileKind(bytes);
  if (kind !== undefined) return { found: kind.name, todo: kind.todo ?? CONVERT };
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 64));
  if (/^[\x20-\x7e\s]+$/.test(text)) {
    return { found: `a text file (${JSON.stringify(text.slice(0, 24))}...)`, todo: DOWNLOAD };
  }
  if (bytes.subarray(0, 64).every((byte) => byte === 0)) return { found: "a file of zeros", todo: DOWNLOAD };
  const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return { found: `a file that starts with ${start}`, todo: CONVERT };
}
