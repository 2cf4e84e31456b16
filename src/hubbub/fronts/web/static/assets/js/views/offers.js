/**
 * What is offered in the menus of a message and of a person.
 *
 * @import {Said} from "../conversation.js"
 * @import {Store} from "../store.js"
 * @import {Choice, Menu} from "./menu.js"
 * @import {Chat} from "./page.js"
 */

export class Offers {
  #store;
  #chat;
  #menu;
  #box;

  /**
   * @param {Store} store
   * @param {Chat} chat
   * @param {Menu} menu
   * @param {{put: (command: string) => void, write: (name: string) => void}} box Begins a
   *   command, or a private message.
   */
  constructor(store, chat, menu, box) {
    this.#store = store;
    this.#chat = chat;
    this.#menu = menu;
    this.#box = box;
  }

  /** Offer what can be done about a message. */
  message(/** @type {Said} */ item, /** @type {HTMLElement} */ owner) {
    const { order, active } = this.#store;
    /** @type {Choice[]} */
    const choices = [];
    if (item.own || order.keeps(active)) {
      const frame = /** @type {const} */ ({ type: "admin", action: "delete" });
      choices.push({
        text: "Delete the message",
        act: () => this.#chat.request({ ...frame, message: item.seq }),
      });
    }
    if (!item.own) {
      choices.unshift({
        text: "Report to the moderators…",
        act: () => this.#box.put(`:report ${item.seq} `),
      });
      if (item.from !== "SERVER") choices.push(...this.#keeping(item.from));
    }
    this.#menu.open(owner, "About this message", choices);
  }

  /** Offer what can be done about a person. */
  person(/** @type {string} */ name, /** @type {HTMLElement} */ owner) {
    this.#menu.open(owner, `About ${name}`, [
      { text: "Write to them alone", act: () => this.#box.write(name) },
      {
        text: "Report to the moderators…",
        act: () => this.#box.put(`:report @${name} `),
      },
      ...this.#keeping(name),
    ]);
  }

  /** @returns {Choice[]} */
  #keeping(/** @type {string} */ name) {
    const { order, active } = this.#store;
    const command = (/** @type {string} */ text, /** @type {string} */ begin) => ({
      text,
      act: () => this.#box.put(`${begin} ${name} `),
    });
    const group = active.kind === "group" && order.keeps(active) ? active.title : "";
    return [
      ...(group ? [command(`Put out of #${group}…`, `:group kick ${group}`)] : []),
      ...(group ? [command(`Keep out of #${group}…`, `:group ban ${group}`)] : []),
      ...(order.staff
        ? [command("Mute…", ":mute"), command("Kick…", ":kick"), command("Ban…", ":ban")]
        : []),
    ];
  }
}
