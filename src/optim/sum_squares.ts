/** The sum of squares over tensors that are seen as one. @module */
import { copy } from "../autograd/elementwise.ts";
import { pieces } from "../autograd/pieces.ts";
import type { Tape } from "../autograd/tape.ts";
import type { Tensor } from "../autograd/tensor.ts";
import { reduce, sumAll } from "../ops/sum.ts";

/** Elements of a span: their sums of 1,024 fill whole binding offsets, so that spans can be summed one by one. */
const SPAN = 65_536;
const CHUNK = 1024;

/**
 * Records Σ x² over all elements of several tensors, as if they were one, to the same bits: wherever one tensor ends and
 * the next begins, the span around that place is put together first.
 *
 * @param parts Their sizes are multiples of 64.
 * @returns [1]
 */
export function sumSquares(tape: Tape, parts: readonly Tensor[]): Tensor {
  const [only] = parts;
  if (parts.length === 1) return sumAll(tape, only!, true);
  const total = parts.reduce((sum, { size }) => sum + size, 0);
  const sums = tape.empty([Math.ceil(total / CHUNK)], "sums of squares");
  let at = 0; // in the whole
  let gathered: Tensor[] = []; // what of an unfinished span is at hand
  let held = 0;
  const reduced = (x: Tensor, first: number) => {
    const to = sums.rows(first / CHUNK, Math.ceil(x.size / CHUNK));
    tape.dispatch(reduce, { count: x.size, square: true }, [x, to]);
  };
  const finish = () => {
    if (held === 0) return;
    const span = tape.empty([held], "span");
    let filled = 0;
    for (const piece of gathered) {
      copy(tape, span.rows(filled, piece.size), piece);
      filled += piece.size;
    }
    reduced(span, at - held);
    gathered = [];
    held = 0;
  };
  for (const part of parts) {
    const flat = part.view([part.size]);
    let done = 0;
    while (done < part.size) {
      const left = part.size - done;
      if (held > 0 || left < SPAN) {
        const take = Math.min(SPAN - held, left);
        gathered.push(flat.rows(done, take));
        held += take;
        done += take;
        at += take;
        if (held === SPAN) finish();
        continue;
      }
      const whole = Math.floor(left / SPAN) * SPAN;
      for (const piece of pieces(tape.gpu, whole)) {
        reduced(flat.rows(done + piece.first, piece.count), at + piece.first);
      }
      done += whole;
      at += whole;
    }
  }
  finish();
  return sums.size > 1 ? sumAll(tape, sums) : sums;
}
