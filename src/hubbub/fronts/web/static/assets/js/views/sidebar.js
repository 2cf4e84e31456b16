/**
 * The conversations, with what is unread in each.
 *
 * @import {Conversation} from "../conversation.js"
 * @import {Store} from "../store.js"
 */

import { arrange, h, part, write } from "./dom.js";

/** @typedef {{item: HTMLElement, row: HTMLElement, name: HTMLElement, badge: HTMLElement}} Row */

export class Sidebar {
  #store;
  #choose;
  #join;
  #rooms = part("rooms", HTMLUListElement);
  #private = part("private", HTMLUListElement);
  #none = part("private-none", HTMLElement);
  #invited = part("invitations", HTMLUListElement);
  #badge = part("side-badge", HTMLElement);
  /** @type {WeakMap<Conversation, Row>} */
  #rows = new WeakMap();

  /**
   * @param {Store} store
   * @param {(conversation: Conversation) => void} choose
   * @param {(group: string) => void} join
   */
  constructor(store, choose, join) {
    this.#store = store;
    this.#choose = choose;
    this.#join = join;
  }

  draw() {
    const all = this.#store.conversations;
    for (const one of all) this.#drawRow(one);
    const items = (/** @type {boolean} */ personal) =>
      all.filter((one) => (one.kind === "user") === personal).map((one) => this.#row(one).item);
    arrange(this.#rooms, items(false));
    arrange(this.#private, items(true));
    this.#none.hidden = this.#private.children.length > 0;
    const invitations = [...this.#store.order.invitations].map(([group, by]) =>
      h(
        "li",
        {},
        h("span", {}, "Invited to ", h("bdi", {}, group), " by ", h("bdi", {}, by)),
        h(
          "button",
          {
            type: "button",
            class: "primary",
            "aria-label": `Join ${group}`,
            click: () => this.#join(group.slice(1)),
          },
          "Join",
        ),
      ),
    );
    arrange(this.#invited, invitations);
    const elsewhere = this.#store.totals.unread;
    this.#badge.hidden = !elsewhere;
    write(this.#badge, count(elsewhere));
  }

  #row(/** @type {Conversation} */ conversation) {
    const known = this.#rows.get(conversation);
    if (known) return known;
    const name = h("bdi", { class: "row-name" });
    const badge = h("span", { class: "badge" });
    const sign = { lobby: "◦", group: "#", user: "@" }[conversation.kind];
    const row = h(
      "button",
      { type: "button", class: "row", click: () => this.#choose(conversation) },
      h("span", { class: "sign", "aria-hidden": "true" }, sign),
      name,
      badge,
    );
    const made = { item: h("li", {}, row), row, name, badge };
    this.#rows.set(conversation, made);
    return made;
  }

  #drawRow(/** @type {Conversation} */ conversation) {
    const { row, name, badge } = this.#row(conversation);
    const { title, kind, unread, mentions, draft } = conversation;
    const current = conversation === this.#store.active;
    const here = kind !== "user" || this.#store.people.has(title);
    write(name, title);
    badge.hidden = !unread;
    write(badge, count(unread));
    row.classList.toggle("unread", unread > 0);
    row.classList.toggle("mentioned", mentions > 0);
    row.classList.toggle("away", !here);
    row.classList.toggle("drafted", draft.trim() !== "" && !current);
    if (current) row.setAttribute("aria-current", "page");
    else row.removeAttribute("aria-current");
    const states = [
      kind === "group" ? `group ${title}` : title,
      unread && `${unread} unread`,
      mentions && kind !== "user" && `${mentions} for you`,
      !here && "not here",
      draft.trim() && !current && "with a draft",
    ];
    row.setAttribute("aria-label", states.filter(Boolean).join(", "));
  }
}

const count = (/** @type {number} */ number) => (number > 99 ? "99+" : String(number));
