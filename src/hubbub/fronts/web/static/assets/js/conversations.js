/** All conversations of this page, each under its address. */

import { keyOf } from "./addresses.js";
import { Conversation } from "./conversation.js";

const RANK = { lobby: 0, group: 1, user: 2 };

export class Conversations {
  /** @type {Map<string, Conversation>} */
  #byKey = new Map();

  get all() {
    return [...this.#byKey.values()];
  }

  /** The lobby, groups, people. */
  get sorted() {
    return this.all.sort(
      (one, other) => RANK[one.kind] - RANK[other.kind] || one.key.localeCompare(other.key),
    );
  }

  find(/** @type {string} */ address) {
    return this.#byKey.get(keyOf(address));
  }

  begin(/** @type {string} */ address) {
    const made = new Conversation(address);
    this.#byKey.set(made.key, made);
    return made;
  }

  drop(/** @type {Conversation} */ one) {
    this.#byKey.delete(one.key);
  }

  /** Give a conversation another address, unless another one has it. */
  readdress(/** @type {string} */ old, /** @type {string} */ address) {
    const found = this.find(old);
    if (!found || (this.find(address) ?? found) !== found) return false;
    this.drop(found);
    found.address = address;
    this.#byKey.set(found.key, found);
    return true;
  }

  /** Unread messages in all, and those that speak to the person here. */
  get totals() {
    let unread = 0;
    let mentioned = 0;
    for (const one of this.#byKey.values()) {
      unread += one.unread;
      mentioned += one.mentions;
    }
    return { unread, mentioned };
  }
}
