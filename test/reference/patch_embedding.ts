/** From pixels to the vision tower's first tokens, in float64. @module */

/** A convolution whose stride is its size, without padding: pixels [images, channels, size, size], weight [width, channels, patch, patch]. */
export function patchEmbedding(
  pixels: ArrayLike<number>,
  weight: ArrayLike<number>,
  sizes: { images: number; channels: number; size: number; patch: number; width: number },
) {
  const { images, channels, size, patch, width } = sizes;
  const across = Math.floor(size / patch), inputs = channels * patch * patch;
  const rows = images * across * across;
  const each = (body: (out: number, pixel: number, weight: number) => void) => {
    for (let row = 0; row < rows; row++) {
      const image = Math.floor(row / across ** 2), cell = row % across ** 2;
      const top = Math.floor(cell / across) * patch, left = (cell % across) * patch;
      for (let channel = 0; channel < channels; channel++) {
        for (let y = 0; y < patch; y++) {
          for (let x = 0; x < patch; x++) {
            const pixel = ((image * channels + channel) * size + top + y) * size + left + x;
            for (let out = 0; out < width; out++) {
              body(row * width + out, pixel, out * inputs + (channel * patch + y) * patch + x);
            }
          }
        }
      }
    }
  };
  const y = new Float64Array(rows * width);
  each((out, pixel, w) => y[out]! += pixels[pixel]! * weight[w]!);
  const backward = (dy: Float64Array) => {
    const gradients = { pixels: new Float64Array(pixels.length), weight: new Float64Array(weight.length) };
    each((out, pixel, w) => {
      gradients.pixels[pixel]! += dy[out]! * weight[w]!;
      gradients.weight[w]! += dy[out]! * pixels[pixel]!;
    });
    return gradients;
  };
  return { y, backward };
}

/** Class token first, then the patches [images·n, width], plus positions [n + 1, width]. */
export function visionEmbedding(
  patches: ArrayLike<number>,
  cls: ArrayLike<number>,
  position: ArrayLike<number>,
) {
  const width = cls.length, n = position.length / width - 1, images = patches.length / width / n;
  const y = new Float64Array(images * (n + 1) * width);
  const each = (body: (out: number, position: number, patch: number | undefined, column: number) => void) => {
    for (let i = 0; i < y.length; i++) {
      const column = i % width, row = Math.floor(i / width);
      const image = Math.floor(row / (n + 1)), token = row % (n + 1);
      body(i, token * width + column, token ? (image * n + token - 1) * width + column : undefined, column);
    }
  };
  each((out, at, patch, column) =>
    y[out] = position[at]! + (patch === undefined ? cls[column]! : patches[patch]!)
  );
  const backward = (dy: Float64Array) => {
    const gradients = {
      patches: new Float64Array(patches.length),
      cls: new Float64Array(width),
      position: new Float64Array(position.length),
    };
    each((out, at, patch, column) => {
      gradients.position[at]! += dy[out]!;
      if (patch === undefined) gradients.cls[column]! += dy[out]!;
      else gradients.patches[patch]! += dy[out]!;
    });
    return gradients;
  };
  return { y, backward };
}
