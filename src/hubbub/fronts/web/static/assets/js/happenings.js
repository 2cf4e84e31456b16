/**
 * What the journal tells beside messages: who comes and goes, groups, and keeping order.
 *
 * @import {Acted, GroupChanged, Happening} from "../../../types/events.js"
 * @import {Conversation, Said} from "./conversation.js"
 * @import {Conversations} from "./conversations.js"
 * @import {Store, Topic} from "./store.js"
 */

import { announcementOf } from "./conversation.js";
import { wordAct } from "./order.js";

export class Happenings {
  #store;
  #conversations;
  #changed;
  #count;

  /**
   * @param {Store} store
   * @param {Conversations} conversations
   * @param {(topic: Topic) => void} changed
   * @param {(conversation: Conversation, item: Said) => void} count Takes something said
   *   as news.
   */
  constructor(store, conversations, changed, count) {
    this.#store = store;
    this.#conversations = conversations;
    this.#changed = changed;
    this.#count = count;
  }

  take(/** @type {Happening} */ event) {
    switch (event.type) {
      case "joined":
        this.#store.people.add(event.name);
        break;
      case "left":
      case "kicked":
        this.#store.people.remove(event.name);
        break;
      case "renamed":
        this.#renamed(event.old, event.name, event.own);
        break;
      case "role":
        if (event.own) this.#store.order.role = event.role;
        for (const topic of /** @type {Topic[]} */ (["me", "order"])) this.#changed(topic);
        break;
      case "act":
        return this.#acted(event);
      case "group":
        this.#groupChanged(event);
    }
    const inGroup = event.type === "group" && (event.action === "joined" || event.action === "left");
    const conversation = inGroup ? this.#store.find(`#${event.group}`) : this.#store.open("lobby");
    conversation?.happen(event);
    this.#changed("people");
    if (conversation === this.#store.active) this.#changed("timeline");
  }

  #acted(/** @type {Acted} */ act) {
    const room = act.room ? this.#store.find(act.room) : this.#store.find("lobby");
    this.#store.order.learn(act, act.room ? room : undefined);
    for (const topic of /** @type {Topic[]} */ (["order", "list", "timeline"])) this.#changed(topic);
    switch (act.action) {
      case "deleted":
        for (const one of this.#conversations.all) one.erase(act.message, act.by);
        return;
      case "announced": {
        const lobby = this.#store.open("lobby");
        const item = announcementOf(act);
        if (lobby.add(item)) this.#count(lobby, item);
        return;
      }
      case "group_renamed":
        this.#readdress(act.room, `#${act.text}`);
        break;
      case "reported":
        this.#store.tell(wordAct(act));
        break;
      default:
        if (act.own && act.action !== "invited") this.#store.tell(wordAct(act));
    }
    room?.happen(act);
  }

  #renamed(/** @type {string} */ old, /** @type {string} */ name, /** @type {boolean} */ own) {
    this.#store.people.remove(old);
    this.#store.people.add(name);
    if (own) {
      this.#store.me = name;
      this.#changed("me");
    }
    this.#readdress(`@${old}`, `@${name}`);
  }

  #readdress(/** @type {string} */ old, /** @type {string} */ address) {
    if (!this.#conversations.readdress(old, address)) return;
    this.#changed("list");
    this.#changed("timeline");
  }

  #groupChanged(/** @type {GroupChanged} */ event) {
    const { action, group, name, own, asked, by, reason, ended, private: secret } = event;
    const address = `#${group}`;
    if (own) this.#store.order.invitations.delete(address);
    if (own && by) {
      const what = ended ? `${address} was ended` : `You were removed from ${address}`;
      this.#store.tell(`${what} by ${by}${reason ? `: ${reason}` : "."}`);
    }
    if (action === "ended" || (own && action === "left")) this.#store.close(address);
    else if (own) {
      const room = this.#store.open(address);
      // What is special about a group that was joined is told next.
      room.stand(action === "created" ? { rank: "owner", private: secret } : {});
      if (asked) this.#store.show(address);
    }
    const conversation = this.#store.find(address);
    if (conversation?.members) {
      const others = conversation.members.filter((one) => one.toLowerCase() !== name.toLowerCase());
      conversation.members = action === "left" ? others : [...others, name];
    }
    this.#store.groups = null;
    this.#changed("groups");
  }
}
