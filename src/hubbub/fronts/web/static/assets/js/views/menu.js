/** The small menu of what can be done about a message or a person. */

import { arrange, h, part } from "./dom.js";

/** @typedef {{text: string, act: () => void}} Choice */

export class Menu {
  #menu = part("menu", HTMLElement);
  /** @type {HTMLElement | null} */
  #owner = null;

  constructor() {
    this.#menu.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("toggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") return;
      this.#owner?.setAttribute("aria-expanded", "false");
      // Back to where it was opened from, unless the focus has gone elsewhere by itself.
      if (this.#menu.contains(document.activeElement) || document.activeElement === document.body) {
        this.#owner?.focus();
      }
    });
  }

  /** Open it beside a button. */
  open(/** @type {HTMLElement} */ owner, /** @type {string} */ label, /** @type {Choice[]} */ choices) {
    this.#menu.hidePopover();
    this.#owner = owner;
    // In the landmark of its button, where a screen reader looks for it.
    owner.closest("main, aside")?.append(this.#menu);
    owner.setAttribute("aria-expanded", "true");
    this.#menu.setAttribute("aria-label", label);
    arrange(
      this.#menu,
      choices.map(({ text, act }) =>
        h("button", { type: "button", role: "menuitem", tabindex: -1, click: () => this.#take(act) }, text),
      ),
    );
    this.#menu.showPopover();
    const { bottom, left, right } = owner.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = this.#menu;
    const top = Math.min(bottom, innerHeight - offsetHeight - 8);
    // Its end is at the button's end, as the button is at the row's.
    const begin = getComputedStyle(owner).direction === "rtl" ? left : right - offsetWidth;
    this.#menu.style.top = `${Math.max(8, top)}px`;
    this.#menu.style.left = `${Math.max(8, begin)}px`;
    this.#focus(0);
  }

  #take(/** @type {() => void} */ act) {
    this.#owner?.focus();
    this.#menu.hidePopover();
    act();
  }

  #focus(/** @type {number} */ at) {
    const rows = this.#menu.children;
    const row = rows[(at + rows.length) % rows.length];
    if (row instanceof HTMLElement) row.focus();
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const rows = [...this.#menu.children];
    const at = rows.indexOf(/** @type {Element} */ (document.activeElement));
    const targets = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 };
    event.stopPropagation();
    if (event.key in targets) {
      event.preventDefault();
      this.#focus(targets[/** @type {keyof typeof targets} */ (event.key)]);
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      this.#owner?.focus();
      this.#menu.hidePopover();
    }
  }
}
