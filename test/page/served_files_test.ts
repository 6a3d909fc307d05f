import { assertEquals, assertRejects } from "@std/assert";
import { RunError } from "../../src/errors.ts";
import { memoryFile } from "../../src/lmm/weights.ts";
import { servedFiles } from "../../src/page/served_files.ts";
import { openedCheckpoint } from "../../src/page/unpack_models.ts";
import { servePlay } from "../../src/play/serve.ts";
import { readCheckpoint } from "../../src/train/checkpoint_files.ts";
import { needs } from "../house/permissions.ts";

needs("read", "net")("a model is opened from its server, its weights piece by piece", async () => {
  const there = await readCheckpoint("data/base");
  const files = [...[...there.files].map(([name, bytes]) => memoryFile(name, bytes)), ...there.weights];
  const server = servePlay("<p>page", 0, files);
  const listed = files.map(({ name, size }) => ({ name, size }));
  try {
    const checkpoint = await openedCheckpoint(servedFiles(listed, server.url));
    assertEquals(checkpoint.config, there.config);
    assertEquals(checkpoint.stops, there.stops);
    const [file] = checkpoint.weights, [expected] = there.weights;
    assertEquals([file!.name, file!.size], [expected!.name, expected!.size]);
    assertEquals(await file!.read(1000, 500), await expected!.read(1000, 500));
    await assertRejects(() => file!.read(expected!.size, 1), RunError, "expected a piece of the model");
  } finally {
    await server.close();
  }
});
