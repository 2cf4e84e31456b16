/**
 * The sheets that lie over the page: groups and help.
 *
 * @import {GroupAction} from "../../../../types/frames.js"
 * @import {Store} from "../store.js"
 */

import { helpRows } from "../commands.js";
import { arrange, h, part, write } from "./dom.js";

/** @type {[string, string][]} */
const WRITING = [
  ["Enter", "send"],
  ["Shift Enter", "a new line"],
  ["@name", "call somebody"],
  ["`code`", "code in a line"],
  ["``` on a line", "begins and ends a block of code"],
];

/** @type {[string, string][]} */
const KEYS = [
  ["Alt ↑ / Alt ↓", "the conversation above or below"],
  ["Alt Shift ↑ / ↓", "the next one with something new"],
  ["Page ↑ / Page ↓", "scroll the messages while you write"],
  ["Esc", "close what is open; go to the newest message"],
  ["Tab / ↑ ↓", "take or choose a suggestion"],
];

/** Close a dialog with its button, or by a click beside it. */
export function closable(/** @type {HTMLDialogElement} */ dialog) {
  dialog.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
}

export class Help {
  #dialog = part("help-dialog", HTMLDialogElement);

  constructor() {
    closable(this.#dialog);
    const commands = helpRows().map(({ usage, meaning }) => /** @type {const} */ ([usage, meaning]));
    for (const [id, rows] of /** @type {const} */ ([
      ["help-writing", WRITING],
      ["help-keys", KEYS],
      ["help-commands", commands],
    ])) {
      const list = part(id, HTMLElement);
      for (const [term, meaning] of rows) {
        list.append(h("div", {}, h("dt", {}, h("kbd", {}, term)), h("dd", {}, meaning)));
      }
    }
  }

  open() {
    this.#dialog.showModal();
  }
}

/** What somebody who keeps order has asked for. */
export class OrderList {
  #dialog = part("order-dialog", HTMLDialogElement);

  constructor() {
    closable(this.#dialog);
    // What is told once stays nowhere in the page.
    this.#dialog.addEventListener("close", () => arrange(part("order-list", HTMLElement), []));
  }

  open(/** @type {{what: string, rows: string[]}} */ { what, rows }) {
    const titles = new Map([
      ["list", "Connections"],
      ["bans", "Bans"],
      ["invites", "Invitations"],
      ["token", "A token, shown only now"],
      ["tokens", "Access tokens"],
      ["reports", "Reports"],
      ["audit", "Administrative acts"],
    ]);
    write(part("order-title", HTMLElement), titles.get(what) ?? what);
    const shown = rows.length ? rows : ["There are none."];
    arrange(part("order-list", HTMLElement), shown.map((row) => h("li", { dir: "auto" }, row)));
    if (!this.#dialog.open) this.#dialog.showModal();
  }
}

export class Groups {
  #store;
  #act;
  #dialog = part("groups-dialog", HTMLDialogElement);
  #list = part("groups-list", HTMLUListElement);
  #none = part("groups-none", HTMLElement);
  #name = part("group-name", HTMLInputElement);

  /**
   * @param {Store} store
   * @param {(action: GroupAction, name: string) => void} act
   */
  constructor(store, act) {
    this.#store = store;
    this.#act = act;
    closable(this.#dialog);
    part("group-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const name = this.#name.value.trim().replace(/^#/, "");
      if (!name) return this.#name.focus();
      this.#name.value = "";
      this.#dialog.close();
      act("create", name);
    });
  }

  open() {
    this.#store.groups = null;
    this.#act("list", "");
    this.#dialog.showModal();
  }

  draw() {
    if (!this.#dialog.open) return;
    const { groups } = this.#store;
    // The list was about a moment that is gone.
    if (!groups) return this.#act("list", "");
    this.#none.hidden = groups.length > 0;
    arrange(
      this.#list,
      groups.map(({ name, members, joined = false, private: locked = false, topic = "" }) =>
        h(
          "li",
          {},
          h("bdi", { class: "group-name", title: topic }, locked ? `#${name} (private)` : `#${name}`),
          h("span", { class: "hint" }, members === 1 ? "1 member" : `${members} members`),
          h(
            "button",
            {
              type: "button",
              class: joined ? "" : "primary",
              "aria-label": `${joined ? "Open" : "Join"} ${name}`,
              click: () => this.#choose(name, joined),
            },
            joined ? "Open" : "Join",
          ),
        ),
      ),
    );
  }

  #choose(/** @type {string} */ name, /** @type {boolean} */ joined) {
    this.#dialog.close();
    if (joined) this.#store.show(`#${name}`);
    else this.#act("join", name);
  }
}
