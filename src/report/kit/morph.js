// Makes a part of the page like fresh markup, element by element, so that focus, scroll and what a screen reader reads
// stay where they are.

function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  for (const extra of before.slice(after.length)) extra.remove();
  after.forEach((node, i) => i < before.length ? morph(before[i], node) : old.append(node));
}

/**
 * Shows markup in an element, changing what has changed.
 *
 * @param {Element} region The element.
 * @param {string} text The markup of its content; safe.
 */
export function show(region, text) {
  const fresh = document.createElement("template");
  fresh.innerHTML = text;
  morphChildren(region, fresh.content);
}
