/**
 * What a screen reader reads out. The list of messages is not watched by it, since
 * earlier messages come into that list as well; here stands only what is new.
 *
 * @import {Conversation, Said} from "../conversation.js"
 */

import { part } from "./dom.js";

// Several that come together are read as one, and a flood is counted.
const PAUSE = 700;
const MOST = 3;

export class Announcer {
  #region = part("announcer", HTMLElement);
  /** @type {{item: Said, where: string}[]} */
  #waiting = [];
  #timer = 0;

  /**
   * @param {Conversation} conversation
   * @param {Said} item
   * @param {boolean} shown Whether its conversation is the one on the screen.
   */
  heard(conversation, item, shown) {
    const personal = item.mention || conversation.kind === "user";
    if (!shown && !personal) return;
    const where = shown ? "" : ` in ${conversation.title}`;
    this.#waiting.push({ item, where });
    if (this.#timer) return;
    this.#timer = window.setTimeout(() => this.#read(), PAUSE);
  }

  #read() {
    this.#timer = 0;
    // What was deleted before it was read is not read.
    const waiting = this.#waiting
      .splice(0)
      .filter(({ item }) => !item.deleted)
      .map(({ item, where }) => `${item.from}${where}: ${item.text}`);
    const many = waiting.length > MOST;
    this.#region.textContent = many ? `${waiting.length} new messages` : waiting.join("\n");
  }
}
