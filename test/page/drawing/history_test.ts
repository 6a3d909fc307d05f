import { assertEquals } from "@std/assert";
import { History } from "../../../src/page/drawing/history.ts";

Deno.test("a movement is undone as one step", () => {
  const history = new History(0);
  history.go(1);
  history.go(2);
  history.go(3, true);
  assertEquals(history.now, 3);
  history.undo();
  assertEquals(history.now, 1);
  history.redo();
  assertEquals([history.now, history.redoable], [3, false]);
  history.undo();
  history.undo();
  history.undo();
  assertEquals([history.now, history.undoable, history.redoable], [0, false, true]);
  history.go(7);
  assertEquals(history.redoable, false);
});
