// A picture in memory as one that a page can show.

/**
 * Turns pixels into a file.
 *
 * @param {Image} image An `Image`.
 * @returns {Promise<Blob>} A PNG file.
 */
export async function pngOf({ width, height, data }) {
  const canvas = new OffscreenCanvas(width, height);
  const pixels = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    pixels.data.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
    pixels.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return await canvas.convertToBlob();
}
