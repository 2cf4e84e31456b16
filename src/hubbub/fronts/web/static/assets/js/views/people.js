/**
 * Who is here, or who is in the group that is shown. Only the rows in sight are in the
 * page, since a room may hold thousands.
 *
 * @import {Store} from "../store.js"
 */

import { sorted } from "../people.js";
import { arrange, h, hueOf, part, write } from "./dom.js";

// As in side.css.
const ROW = 36;
const MARGIN = 10;

export class PeopleList {
  #store;
  #choose;
  #more;
  #title = part("people-title", HTMLElement);
  #count = part("people-count", HTMLElement);
  #badge = part("people-badge", HTMLElement);
  #filter = part("people-filter", HTMLInputElement);
  #scroll = part("people-scroll", HTMLElement);
  #list = part("people-list", HTMLUListElement);
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {string[]} */
  #names = [];
  /** The one that the Tab key comes to. */
  #focus = 0;

  /**
   * @param {Store} store
   * @param {(name: string) => void} choose
   * @param {(name: string, owner: HTMLElement) => void} more Opens the menu of a person.
   */
  constructor(store, choose, more) {
    this.#store = store;
    this.#choose = choose;
    this.#more = more;
    this.#scroll.addEventListener("scroll", () => this.#window(), { passive: true });
    new ResizeObserver(() => this.#window()).observe(this.#scroll);
    this.#filter.addEventListener("input", () => {
      this.#focus = 0;
      this.draw();
    });
    this.#filter.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") this.#go(event, this.#focus);
    });
    this.#list.addEventListener("keydown", (event) => this.#key(event));
  }

  draw() {
    const { people, active } = this.#store;
    const group = active.kind === "group";
    const all = group ? sorted(active.members ?? []) : people.names;
    const wanted = this.#filter.value.trim().toLowerCase();
    this.#names = wanted ? all.filter((name) => name.toLowerCase().includes(wanted)) : all;
    write(this.#title, group ? "Members" : "Here now");
    write(this.#count, all.length ? all.length.toLocaleString() : "");
    write(this.#badge, people.size ? people.size.toLocaleString() : "");
    this.#filter.hidden = all.length < 8 && !wanted;
    this.#list.style.height = `${this.#names.length * ROW}px`;
    this.#window();
  }

  /** Go to the field that finds somebody, or to the first one. */
  focus() {
    if (!this.#filter.hidden) this.#filter.focus();
    else this.#element(0)?.focus();
  }

  // --- the rows in sight --------------------------------------------------------------

  #window() {
    const top = Math.floor(this.#scroll.scrollTop / ROW) - MARGIN;
    const rows = Math.ceil(this.#scroll.clientHeight / ROW) + 2 * MARGIN;
    const from = Math.max(0, Math.min(top, this.#names.length - 1));
    this.#focus = Math.max(0, Math.min(this.#focus, this.#names.length - 1));
    const keep = new Map();
    for (let at = from; at < Math.min(this.#names.length, from + rows); at += 1) {
      keep.set(this.#names[at], this.#row(at));
    }
    this.#rows = keep;
    arrange(this.#list, [...keep.values()]);
  }

  #row(/** @type {number} */ at) {
    const name = this.#names[at];
    const me = name === this.#store.me;
    const item = this.#rows.get(name) ?? this.#make(name);
    const here = this.#store.people.has(name);
    item.style.transform = `translateY(${at * ROW}px)`;
    item.setAttribute("aria-posinset", String(at + 1));
    item.setAttribute("aria-setsize", String(this.#names.length));
    const button = /** @type {HTMLButtonElement} */ (item.firstElementChild);
    const menu = /** @type {HTMLButtonElement} */ (item.lastElementChild);
    menu.hidden = me;
    menu.tabIndex = at === this.#focus ? 0 : -1;
    button.tabIndex = at === this.#focus ? 0 : -1;
    button.classList.toggle("away", !here);
    button.setAttribute("aria-label", me ? `${name}, you` : `${name}, write to them`);
    button.classList.toggle("self", me);
    return item;
  }

  #make(/** @type {string} */ name) {
    const button = h(
      "button",
      { type: "button", class: "row person", click: () => this.#choose(name) },
      h("span", { class: `dot ${hueOf(name)}`, "aria-hidden": "true" }),
      h("bdi", { class: "row-name" }, name),
    );
    const menu = h(
      "button",
      {
        type: "button",
        class: "more",
        "aria-label": `More about ${name}`,
        "aria-haspopup": "menu",
        "aria-expanded": "false",
        click: (event) => this.#more(name, event.currentTarget),
      },
      "⋯",
    );
    return h("li", {}, button, menu);
  }

  // --- the keyboard -------------------------------------------------------------------

  #key(/** @type {KeyboardEvent} */ event) {
    const last = this.#names.length - 1;
    const page = Math.max(1, Math.floor(this.#scroll.clientHeight / ROW) - 1);
    /** @type {Record<string, number>} */
    const targets = {
      ArrowDown: this.#focus + 1,
      ArrowUp: this.#focus - 1,
      PageDown: this.#focus + page,
      PageUp: this.#focus - page,
      Home: 0,
      End: last,
    };
    if (event.key in targets) this.#go(event, targets[event.key]);
  }

  #go(/** @type {KeyboardEvent} */ event, /** @type {number} */ at) {
    event.preventDefault();
    if (!this.#names.length) return;
    this.#focus = Math.max(0, Math.min(at, this.#names.length - 1));
    const top = this.#focus * ROW;
    const { scrollTop, clientHeight } = this.#scroll;
    if (top < scrollTop) this.#scroll.scrollTop = top;
    else if (top + ROW > scrollTop + clientHeight) this.#scroll.scrollTop = top + ROW - clientHeight;
    this.#window();
    this.#element(this.#focus)?.focus({ preventScroll: true });
  }

  #element(/** @type {number} */ at) {
    const child = this.#rows.get(this.#names[at])?.firstElementChild;
    return child instanceof HTMLElement ? child : null;
  }
}
