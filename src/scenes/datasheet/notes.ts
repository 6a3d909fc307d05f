/**
 * What a reader of the datasheet should know of each task.
 *
 * @module
 */

/** By task: what it asks for, and what its words alone give away. */
export const TASK_NOTES: Readonly<Record<string, string>> = {
  caption:
    "A sentence for every object, sign or bar, in reading order. The prompt is always the same; the constant that " +
    "scores best is a caption of common words.",
  "region-caption":
    "The object in a given box, in words. The box gives the size away (its side), nothing else: a third of the answer.",
  vqa:
    "Attributes of one object, counts, existence. Referents are unique. Every answer of a template occurs equally " +
    "often, so that the words alone are worth what the template is worth.",
  gqa:
    "Relations, superlatives, comparisons, two hops. Where two things are named and the answer is one of them, the first " +
    "is it as often as the second. A question about a relation names an object that is not the answer; no two " +
    "objects of a picture have colour and shape in common, which excludes one pair in thirty.",
  chart:
    "Reading and comparing bars. No two bars of a chart share a colour or a value; two that are compared differ by two or more.",
  reading:
    "Two or three letters, all of them or the first or last. Read whole or not at all: from one moment of the training " +
    "on, which differs between seeds, nearly all of it is right.",
  letters:
    "Two to five letters in rows of three at most: the whole sign, a letter by its place, or how many there are. " +
    "Scored by letters (ANLS), it is learnt gradually, short signs and first letters first.",
  grounding:
    "The box of an object, named by colour and shape, or by one of them where that is enough. A small object may stand in " +
    "more places than a large one; the words do not tell the size.",
  "vqa-full":
    "Some of vqa's questions about pictures of four objects, answered by colour and shape. Two of three questions name half of the answer.",
  "grounding-words": "grounding's questions about pictures of two objects, answered by one of nine places.",
  control:
    "The negative control: one of four words, drawn by lot, whatever the picture and the question. Nobody can score more than " +
    "a quarter but by luck (such as that of the words, whose mean over many seeds is 25: " +
    "`test/scenes/tasks/control_test.ts`). What it contributes to others is noise, and what more steps do by themselves: it " +
    "shows how large both are. What others contribute to it is only how soon its four words are used.",
  "vqa-pairs":
    "vqa's attributes of objects whose colour and shape never occurred together before. Fewer answers are " +
    "possible, so that chance is higher than vqa's.",
  "vqa-forms": "vqa's questions in another order of words.",
  "grounding-pairs": "grounding's questions about objects of the pairs that never occurred before.",
};
