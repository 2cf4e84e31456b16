/** The panels at the sides, which lie over the room where the screen is small. */

import { part } from "./dom.js";

/** @typedef {"side" | "people"} Drawer */

export class Drawers {
  #app = part("app", HTMLElement);
  #shade = part("shade", HTMLElement);
  #room = part("room", HTMLElement);
  /** @type {HTMLElement | null} */
  #back = null;

  constructor() {
    for (const name of /** @type {Drawer[]} */ (["side", "people"])) {
      const toggle = part(`${name}-toggle`, HTMLElement);
      toggle.addEventListener("click", () => {
        this.open(name);
        this.#back = toggle;
        const first = part(name, HTMLElement).querySelector("[aria-current], input, button");
        if (first instanceof HTMLElement && !first.hidden) first.focus();
      });
    }
    this.#shade.addEventListener("click", () => this.close());
    // A panel that was over the room stands beside it once there is space.
    matchMedia("(min-width: 1100px)").addEventListener("change", () => this.close());
  }

  open(/** @type {Drawer} */ name) {
    if (!this.#covers(name)) return;
    this.#app.dataset.drawer = name;
    this.#shade.hidden = false;
    this.#room.inert = true;
    part(`${name}-toggle`, HTMLElement).setAttribute("aria-expanded", "true");
  }

  /** Close what lies over the room; tell whether there was anything. */
  close() {
    const name = this.#app.dataset.drawer;
    if (!name) return false;
    delete this.#app.dataset.drawer;
    this.#shade.hidden = true;
    this.#room.inert = false;
    part(`${name}-toggle`, HTMLElement).setAttribute("aria-expanded", "false");
    this.#back?.focus();
    this.#back = null;
    return true;
  }

  /** Whether a panel lies over the room, by what the style sheet shows. */
  #covers(/** @type {Drawer} */ name) {
    return getComputedStyle(part(`${name}-toggle`, HTMLElement)).display !== "none";
  }
}
