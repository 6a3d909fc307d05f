import { join } from "@std/path";
import { encodePng } from "../../../src/data/images/png.ts";

/** A picture of one pixel. */
export const PNG = encodePng(new Uint8Array(3), 1, 1);

/** A new folder with these files: bytes and strings as they are, "png" for a picture, anything else as JSON. */
export function folder(files: Readonly<Record<string, unknown>>): string {
  const dir = Deno.makeTempDirSync();
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    Deno.mkdirSync(join(path, ".."), { recursive: true });
    if (content === "png") Deno.writeFileSync(path, PNG);
    else if (content instanceof Uint8Array) Deno.writeFileSync(path, content);
    else Deno.writeTextFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  }
  return dir;
}
