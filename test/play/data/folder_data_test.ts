import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeImage } from "../../../src/data/images/image.ts";
import { folderData } from "../../../src/play/data/folder_data.ts";
import { unpackData } from "../../../src/play/data/packed_data.ts";
import { presetsFor } from "../../../src/play/presets.ts";
import { writeScenes } from "../../../src/scenes/write/write.ts";
import { readCheckpoint } from "../../../src/train/checkpoint_files.ts";
import { needs } from "../../house/permissions.ts";

const TRAIN = { caption: 2, "region-caption": 2, vqa: 4, gqa: 4, chart: 2, reading: 2, grounding: 2 };

needs("read", "write")(
  "a folder's conversations travel with their pictures as the model sees them",
  async () => {
    const dir = await Deno.makeTempDir();
    try {
      const folder = join(dir, "data");
      await writeScenes(folder, { train: TRAIN, val: 3, test: 3, workers: 0 });
      const checkpoint = await readCheckpoint("data/base");
      const { data, examples } = await folderData(folder, checkpoint);
      const text = JSON.stringify(data);
      assertEquals(text.includes(dir), false, "a path of this machine is in the page");
      const { samples, picture } = unpackData(JSON.parse(text));
      assertEquals([samples.train.length, samples.held.length, samples.shown.length], [18, 21, 14]);
      assertEquals(examples.map(({ id }) => id), samples.shown.map(({ id }) => id));
      const [first] = samples.held as [typeof samples.held[number]];
      const file = join(folder, "images", first.task, "val", "00000.png");
      const expected = checkpoint.processor.picture(await decodeImage(await Deno.readFile(file)));
      assertEquals(picture(first.images[0]!, checkpoint.processor), expected);
      assertMatch(first.images[0]!, /^picture \d+$/);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  },
);

Deno.test("CoTBal's measured weights are offered for the tasks that they were measured on", () => {
  const names = presetsFor(Object.keys(TRAIN)).map(({ name }) => name);
  assertEquals(names.slice(0, 3), [
    "equal weights",
    "CoTBal’s, as measured on this benchmark",
    "caption alone",
  ]);
});
