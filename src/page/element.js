// Elements of a page, made in one expression.

/**
 * Makes an element.
 *
 * @param {string} tag Its name.
 * @param {Record<string, unknown>} properties Its properties; what begins with "aria-" or "data-", and `for`, `role` and
 *   `viewBox`, are attributes; what begins with "on" listens.
 * @param {...(Node | string)} children What is in it.
 * @returns {HTMLElement} The element.
 */
export function element(tag, properties = {}, ...children) {
  return filled(document.createElement(tag), properties, children);
}

/** The same for drawings. */
export function drawn(tag, properties = {}, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function filled(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false && name !== "hidden") continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (/^(aria-|data-|for$|role$|scope$|class$|style$)/.test(name)) made.setAttribute(name, value);
    else made[name] = value;
  }
  made.append(...children);
  return made;
}

/**
 * A choice among words.
 *
 * @param {string} label What it is called.
 * @param {readonly (string | [value: string, text: string])[]} options What can be chosen.
 * @param {(value: string) => void} onChange Told what was.
 * @returns {{ label: HTMLElement, select: HTMLSelectElement }} The label, which holds the choice, and the choice.
 */
export function choice(label, options, onChange) {
  const select = element(
    "select",
    { onchange: () => onChange(select.value) },
    ...options.map((option) => {
      const [value, textContent] = Array.isArray(option) ? option : [option, option];
      return element("option", { value, textContent });
    }),
  );
  return { label: element("label", {}, `${label} `, select), select };
}
