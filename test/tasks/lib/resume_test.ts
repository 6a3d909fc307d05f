import { assertEquals } from "@std/assert";
import { resumeCommand } from "../../../tasks/lib/resume.ts";

Deno.test("resumeCommand: everything that was given, quoted for a shell", () => {
  assertEquals(resumeCommand("tune", [], "runs/scenes-1"), "deno task tune --out runs/scenes-1 --resume");
  assertEquals(
    resumeCommand("tune", ["--resume", "--data", "my photos", "--out", "old", "--mini", "1/8"], "it's new"),
    "deno task tune --data 'my photos' --mini 1/8 --out 'it'\\''s new' --resume",
  );
  assertEquals(resumeCommand("tune", ["--out=a", "--json"], "a"), "deno task tune --json --out a --resume");
});
