/**
 * How the page calls somebody who looks elsewhere: the title, the icon, notifications.
 *
 * @import {Conversation, Said} from "./conversation.js"
 * @import {Store} from "./store.js"
 */

import { storeNotices, wantsNotices } from "./storage.js";

const LONGEST = 160;

/** Whether this browser shows notifications for this address (not over plain HTTP). */
export const canNotify = () => "Notification" in window && isSecureContext;

export class Attention {
  #store;
  #open;
  /** @type {Map<string, Notification>} */
  #shown = new Map();
  #wanted = canNotify() && wantsNotices() && Notification.permission === "granted";

  /**
   * @param {Store} store
   * @param {(conversation: Conversation) => void} open Shows what a notification is of.
   */
  constructor(store, open) {
    this.#store = store;
    this.#open = open;
  }

  get wanted() {
    return this.#wanted;
  }

  /** Switch notifications; the browser may have to ask. */
  async toggle() {
    const permitted = this.#wanted || (await Notification.requestPermission()) === "granted";
    this.#wanted = permitted && !this.#wanted;
    storeNotices(this.#wanted);
    return permitted;
  }

  /** Tell of a message that is for the person here, when they look elsewhere. */
  heard(/** @type {Conversation} */ conversation, /** @type {Said} */ item) {
    const personal = item.mention || conversation.kind === "user";
    if (!personal || !this.#wanted || this.#store.attentive) return;
    const where = conversation.kind === "user" ? "" : ` in ${conversation.title}`;
    // One for each conversation: the newest takes the place of the one before.
    this.#shown.get(conversation.key)?.close();
    const notice = new Notification(`${item.from}${where}`, {
      body: item.text.slice(0, LONGEST),
      tag: conversation.key,
    });
    Object.assign(notice, { seq: item.seq });
    this.#shown.set(conversation.key, notice);
    notice.onclick = () => {
      window.focus();
      this.#open(conversation);
      notice.close();
    };
  }

  /** Take back what tells of messages that are deleted now. */
  withdraw() {
    for (const [key, notice] of this.#shown) {
      if (!this.#store.order.deleted.has(/** @type {{seq?: number}} */ (notice).seq ?? 0)) continue;
      notice.close();
      this.#shown.delete(key);
    }
  }

  /** Count in the title and on the icon. */
  show() {
    const { unread, mentioned } = this.#store.totals;
    const name = this.#store.entered
      ? `${this.#store.active.title} · ${this.#store.server}`
      : this.#store.server;
    const title = unread ? `(${unread > 99 ? "99+" : unread}) ${name}` : name;
    if (document.title !== title) document.title = title;
    if (!("setAppBadge" in navigator)) return;
    // Only an installed page has an icon to count on; elsewhere it refuses.
    navigator.setAppBadge(mentioned || 0).catch(() => {});
  }
}
