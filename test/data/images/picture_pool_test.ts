import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { InputError } from "../../../src/errors.ts";
import { cutPicture } from "../../../src/data/images/cut_picture.ts";
import { createImageStore } from "../../../src/data/images/image_store.ts";
import { openPicturePool } from "../../../src/data/images/picture_pool.ts";
import { encodePng } from "../../../src/data/images/png.ts";
import { inOrder } from "../../../src/data/workers/in_order.ts";
import { needs } from "../../house/permissions.ts";
import { processorOf } from "./_processor.ts";

const test = needs("read", "write");

const whole = processorOf({
  image_processor_type: "LlavaImageProcessor",
  do_pad: true,
  size: 4,
  crop_size: 4,
  image_mean: [0.5, 0.4, 0.3],
  image_std: 0.5,
});
const tiled = processorOf({
  image_processor_type: "Idefics3ImageProcessor",
  size: { longest_edge: 24 },
  max_image_size: { longest_edge: 8 },
});

/** A test after which no thread may be left. */
function tidy(name: string, fn: () => Promise<void>): void {
  test({ name, sanitizeOps: true, sanitizeResources: true, fn });
}

tidy("openPicturePool: the tiles of one thread, of every kind of file, by several processors", async () => {
  const fixtures = join(import.meta.dirname!, "fixtures");
  const paths: string[] = [];
  for await (const { name, isFile } of Deno.readDir(fixtures)) {
    if (isFile && /\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif)$/.test(name)) paths.push(join(fixtures, name));
  }
  assert(paths.length > 10);
  for (const processor of [whole, tiled]) {
    const pool = openPicturePool(processor, { workers: 3, few: 0 });
    try {
      const there = await Promise.allSettled(paths.map((path) => pool.cut(path)));
      for (const [i, path] of paths.entries()) {
        const [here] = await Promise.allSettled([cutPicture(path, processor)]);
        const other = there[i]!;
        assertEquals(other.status, here!.status, path);
        if (other.status === "fulfilled") assertEquals(other, here);
        else assertEquals(String(other.reason), String((here as PromiseRejectedResult).reason));
      }
    } finally {
      pool.close();
    }
  }
});

tidy("openPicturePool: a file that cannot be read is named, the next ones are read", async () => {
  const dir = await Deno.makeTempDir();
  const pool = openPicturePool(whole, { workers: 2, few: 0 });
  try {
    const [good, cut, none] = ["good.png", "cut.png", "none.png"].map((name) => join(dir, name));
    const png = encodePng(new Uint8Array(300).fill(7), 10, 10);
    await Deno.writeFile(good!, png);
    await Deno.writeFile(cut!, png.subarray(0, png.length - 20));
    const store = createImageStore(whole, pool);
    await assertRejects(() => store.tiles(cut!), InputError, `${cut}: expected a whole PNG image`);
    await assertRejects(() => store.tiles(none!), InputError, `${none}: expected an image file, found none`);
    assertEquals(await store.tiles(good!), await createImageStore(whole).tiles(good!));
  } finally {
    pool.close();
    await Deno.remove(dir, { recursive: true });
  }
});

tidy("openPicturePool: 10,000 bad pictures, and the good one behind them is read", async () => {
  const dir = await Deno.makeTempDir();
  const pool = openPicturePool(whole, { workers: 2, few: 0 });
  try {
    const fixtures = join(import.meta.dirname!, "fixtures");
    const kinds: string[] = [];
    for (
      const name of [
        "palette.png",
        "baseline.jpg",
        "cmyk.jpg",
        "lossy.webp",
        "noise.gif",
        "l.bmp",
        "packbits_rgb.tif",
      ]
    ) {
      const bytes = await Deno.readFile(join(fixtures, name));
      const bad = join(dir, name);
      await Deno.writeFile(bad, bytes.subarray(0, Math.floor(0.6 * bytes.length)));
      kinds.push(bad);
    }
    const html = join(dir, "page.jpg");
    await Deno.writeTextFile(html, "<html>not found</html>");
    kinds.push(html, join(dir, "missing.png"));
    const good = join(dir, "good.png");
    await Deno.writeFile(good, encodePng(new Uint8Array(300).fill(7), 10, 10));

    const before = Deno.memoryUsage().rss;
    let highest = before, faults = 0;
    const bad = Array.from({ length: 10_000 }, (_, i) => kinds[i % kinds.length]!);
    for await (const settled of inOrder(bad, (path) => pool.cut(path), pool.ahead)) {
      if ("error" in settled && settled.error instanceof InputError) faults++;
      if (faults % 500 === 0) highest = Math.max(highest, Deno.memoryUsage().rss);
    }
    assertEquals(faults, 10_000);
    assertEquals(await pool.cut(good), await cutPicture(good, whole));
    highest = Math.max(highest, Deno.memoryUsage().rss);
    assert(highest - before < 300e6, `${(highest - before) / 1e6} MB more`);
  } finally {
    pool.close();
    await Deno.remove(dir, { recursive: true });
  }
});
