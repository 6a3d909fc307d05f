/** SwiGLU in float64. @module */
import { activate, derivative } from "./activation.ts";

/** y = silu(gate)·up; x [rows, 2·width] holds gate and up side by side. */
export function swiglu(x: ArrayLike<number>, width: number) {
  const places = Array.from({ length: x.length / 2 }, (_, i) => {
    const gate = Math.floor(i / width) * 2 * width + i % width;
    return { gate, up: gate + width };
  });
  const y = Float64Array.from(places, ({ gate, up }) => activate("silu", x[gate]!) * x[up]!);
  const backward = (dy: Float64Array) => {
    const dx = new Float64Array(x.length);
    places.forEach(({ gate, up }, i) => {
      dx[gate] = dy[i]! * x[up]! * derivative("silu", x[gate]!);
      dx[up] = dy[i]! * activate("silu", x[gate]!);
    });
    return { x: dx };
  };
  return { y, backward };
}
