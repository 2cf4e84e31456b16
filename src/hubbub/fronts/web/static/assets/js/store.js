/**
 * What the page knows: conversations, people and the connection. It shows nothing.
 *
 * Everything that changes is named by a topic, and whoever shows it is told which topics
 * have changed, once for however many events.
 *
 * @import {GroupInfo, Limits, RequestFrame} from "../../../types/frames.js"
 * @import {Connected, GroupChanged, Happening, Link, Message, ProtocolEvent, Unsent}
 *   from "../../../types/events.js"
 * @import {Said} from "./conversation.js"
 */

import { conversationOf, keyOf } from "./addresses.js";
import { Conversation } from "./conversation.js";
import { People } from "./people.js";
import { listed } from "./presence.js";
import { AWAY, DONE, MAYBE } from "./sentences.js";
import { mentions } from "./text.js";

/** @typedef {"timeline" | "list" | "people" | "link" | "notice" | "me" | "groups"} Topic */

export class Store {
  me = "";
  server = "Hubbub";
  /** @type {Limits | null} */
  limits = null;
  people = new People();
  /** @type {Link} */
  link = { state: "idle" };
  /** The groups of the hub, when they were asked for. @type {GroupInfo[] | null} */
  groups = null;
  /** A short word to the person. @type {{text: string, tone: "info" | "error"} | null} */
  notice = null;
  /** Whether somebody looks at the page. */
  attentive = true;
  /** Whether there was ever a welcome. */
  entered = false;

  /** @type {Map<string, Conversation>} */
  #conversations = new Map();
  /** @type {Map<string, {conversation: Conversation, item: Said}>} */
  #unsettled = new Map();
  #active;
  #changed;
  #heard;

  /**
   * @param {(topic: Topic) => void} changed
   * @param {(conversation: Conversation, item: Said) => void} heard Told of each message
   *   of somebody else when it comes.
   */
  constructor(changed, heard) {
    this.#changed = changed;
    this.#heard = heard;
    this.#active = this.open("lobby");
  }

  // --- conversations ------------------------------------------------------------------

  /** The one that is shown. */
  get active() {
    return this.#active;
  }

  /** All of them: the lobby, groups, people. */
  get conversations() {
    const rank = { lobby: 0, group: 1, user: 2 };
    return [...this.#conversations.values()].sort(
      (one, other) =>
        rank[one.kind] - rank[other.kind] || one.key.localeCompare(other.key),
    );
  }

  /** Find a conversation. */
  find(/** @type {string} */ address) {
    return this.#conversations.get(keyOf(address));
  }

  /** Find a conversation, or begin it. */
  open(/** @type {string} */ address) {
    let found = this.find(address);
    if (!found) {
      const name = address.startsWith("@") ? `@${this.people.spelled(address.slice(1))}` : address;
      found = new Conversation(name);
      this.#conversations.set(found.key, found);
      this.#changed("list");
    }
    return found;
  }

  /** Show a conversation; what is unread in it counts as read from now on. */
  show(/** @type {string} */ address) {
    const before = this.#active;
    this.#active = this.open(address);
    if (before !== this.#active) before.newAfter = null;
    this.read();
    this.#changed("timeline");
    this.#changed("list");
    return this.#active;
  }

  /** Take a conversation off the list. */
  close(/** @type {string} */ address) {
    const found = this.find(address);
    if (!found || found.kind === "lobby") return;
    this.#conversations.delete(found.key);
    this.#changed("list");
    if (found === this.#active) this.show("lobby");
  }

  /** Count what is shown as read, if somebody looks. */
  read() {
    const one = this.#active;
    if (!this.attentive) return;
    if (one.unread) {
      one.unread = one.mentions = 0;
      this.#changed("list");
    }
    one.readSeq = Math.max(one.readSeq, one.lastSeq);
  }

  /** Learn whether somebody looks at the page. */
  attend(/** @type {boolean} */ attentive) {
    if (this.attentive === attentive) return;
    this.attentive = attentive;
    // A line that was seen is taken away when the person turns away.
    if (!attentive && this.#active.newAfter !== null) {
      this.#active.newAfter = null;
      this.#changed("timeline");
    }
    this.read();
  }

  /** Unread messages in all, and those that speak to the person here. */
  get totals() {
    let unread = 0;
    let mentioned = 0;
    for (const one of this.#conversations.values()) {
      unread += one.unread;
      mentioned += one.mentions;
    }
    return { unread, mentioned };
  }

  // --- what the person does -----------------------------------------------------------

  /** Show what was said as waiting. */
  say(/** @type {Unsent} */ { nonce, to, text }, /** @type {number} */ now) {
    const conversation = this.open(to);
    /** @type {Said} */
    const item = {
      kind: "message",
      seq: Infinity,
      time: now,
      from: this.me,
      text,
      own: true,
      mention: false,
      state: "pending",
      nonce,
      problem: "",
      version: 0,
    };
    conversation.pending.push(item);
    conversation.newAfter = null;
    this.#unsettled.set(nonce, { conversation, item });
    this.#changed("timeline");
  }

  /** Take back what failed. */
  discard(/** @type {string} */ nonce) {
    const found = this.#unsettled.get(nonce);
    if (!found) return;
    this.#unsettled.delete(nonce);
    found.conversation.drop(found.item);
    this.#changed("timeline");
  }

  /** Say something short to the person, or nothing more. */
  tell(/** @type {string} */ text, /** @type {"info" | "error"} */ tone = "info") {
    this.notice = text ? { text, tone } : null;
    this.#changed("notice");
  }

  // --- what the hub tells -------------------------------------------------------------

  setLink(/** @type {Link} */ link) {
    this.link = link;
    this.#changed("link");
  }

  receive(/** @type {ProtocolEvent} */ event) {
    switch (event.type) {
      case "connected":
        return this.#connected(event);
      case "message":
        return this.#message(event);
      case "acknowledged":
        return this.#acknowledged(event.nonce, event.seq);
      case "refused":
        return this.#refused(event.request, event.text);
      case "unconfirmed":
        return this.#unconfirmed(event.request);
      case "usersListed":
        this.people.replace(event.users);
        return this.#changed("people");
      case "groupsListed":
        this.groups = event.groups;
        return this.#changed("groups");
      case "membersListed":
        return this.#members(event.group, event.members);
      case "history":
        return this.#history(event.of, event.messages, event.more);
      case "waiting":
        return event.messages.forEach((one) => this.#message(one));
      case "done":
        return this.tell(DONE.get(event.action) ?? "It is done.");
      case "nameRefused":
      case "entryRefused":
      case "bye":
        return;
      default:
        return this.#happened(event);
    }
  }

  #connected(/** @type {Connected} */ event) {
    if (this.entered && !event.sameJournal) {
      for (const one of this.#conversations.values()) one.clear();
    }
    this.entered = true;
    this.me = event.name;
    this.server = event.server;
    this.limits = event.limits;
    this.people.replace(event.users);
    const mine = new Set(event.groups.map((group) => keyOf(`#${group}`)));
    const lost = this.conversations.filter((one) => one.kind === "group" && !mine.has(one.key));
    for (const one of lost) this.close(one.address);
    for (const group of event.groups) this.open(`#${group}`);
    if (lost.length) this.tell(AWAY, "error");
    // Questions were lost with the connection.
    for (const one of this.#conversations.values()) one.loading = one.membersAsked = false;
    for (const topic of /** @type {Topic[]} */ (["me", "people", "list", "timeline"])) {
      this.#changed(topic);
    }
  }

  #message(/** @type {Message} */ message) {
    const conversation = this.open(conversationOf(message));
    const item = this.#settled(message) ?? this.#said(message);
    if (!conversation.add(item)) return;
    if (!message.own) this.#count(conversation, item);
    else if (conversation === this.#active) this.read();
    if (conversation === this.#active) this.#changed("timeline");
  }

  #count(/** @type {Conversation} */ conversation, /** @type {Said} */ item) {
    if (conversation === this.#active && this.attentive) {
      conversation.readSeq = item.seq;
    } else {
      if (!conversation.unread) conversation.newAfter ??= conversation.readSeq || item.seq - 1;
      conversation.unread += 1;
      if (item.mention || conversation.kind === "user") conversation.mentions += 1;
      this.#changed("list");
    }
    this.#heard(conversation, item);
  }

  /** @returns {Said} */
  #said(/** @type {Message} */ { seq, time, from, text, own }) {
    const mention = !own && mentions(text, this.me);
    const state = /** @type {const} */ ("stored");
    const kind = /** @type {const} */ ("message");
    return { kind, seq, time, from, text, own, mention, state, nonce: "", problem: "", version: 0 };
  }

  /** Take one's own message from those that wait. @returns {Said | null} */
  #settled(/** @type {Message} */ message) {
    const found = message.nonce ? this.#unsettled.get(message.nonce) : undefined;
    if (!found) return null;
    this.#unsettled.delete(found.item.nonce);
    found.conversation.settle(found.item, message);
    return found.item;
  }

  #acknowledged(/** @type {string} */ nonce, /** @type {number} */ seq) {
    const found = this.#unsettled.get(nonce);
    if (!found) return;
    // Its message was told before this page began; history has it, or will.
    const { conversation, item } = found;
    this.discard(nonce);
    item.state = "stored";
    item.seq = seq;
    if (seq > (conversation.oldest ?? Infinity)) conversation.add(item);
  }

  #refused(/** @type {RequestFrame | null} */ request, /** @type {string} */ text) {
    if (request?.type === "send") return this.#fail(request.nonce, text);
    if (request?.type !== "history") return this.tell(text, "error");
    const conversation = this.find(request.of);
    if (!conversation) return;
    // Somebody who has left can't be asked about; that is no news to tell.
    conversation.loading = conversation.more = false;
    this.#changed("timeline");
  }

  #unconfirmed(/** @type {RequestFrame} */ request) {
    if (request.type === "send") return this.#fail(request.nonce, MAYBE);
    else this.tell(MAYBE, "error");
  }

  #fail(/** @type {string} */ nonce, /** @type {string} */ problem) {
    const found = this.#unsettled.get(nonce);
    if (!found) return;
    found.item.state = "failed";
    found.item.problem = problem;
    found.item.version += 1;
    this.#changed("timeline");
  }

  #history(/** @type {string} */ of, /** @type {Message[]} */ messages, /** @type {boolean} */ more) {
    const conversation = this.find(of);
    if (!conversation) return;
    for (const message of messages) {
      conversation.add(this.#settled(message) ?? this.#said(message));
    }
    conversation.more = more && messages.length > 0;
    conversation.loading = false;
    if (conversation === this.#active) {
      this.read();
      this.#changed("timeline");
    }
  }

  #members(/** @type {string} */ group, /** @type {string[]} */ members) {
    const conversation = this.find(`#${group}`);
    if (conversation) conversation.members = members;
    if (conversation !== this.#active) {
      const count = members.length === 1 ? "1 member" : `${members.length} members`;
      this.tell(`#${group} has ${count}: ${listed(members, 20)}`);
    }
    this.#changed("people");
  }

  #happened(/** @type {Happening} */ event) {
    switch (event.type) {
      case "joined":
        this.people.add(event.name);
        break;
      case "left":
      case "kicked":
        this.people.remove(event.name);
        break;
      case "renamed":
        this.#renamed(event.old, event.name, event.own);
        break;
      case "group":
        this.#groupChanged(event);
    }
    const inGroup = event.type === "group" && (event.action === "joined" || event.action === "left");
    const conversation = inGroup ? this.find(`#${event.group}`) : this.open("lobby");
    conversation?.happen(event);
    this.#changed("people");
    if (conversation === this.#active) this.#changed("timeline");
  }

  #renamed(/** @type {string} */ old, /** @type {string} */ name, /** @type {boolean} */ own) {
    this.people.remove(old);
    this.people.add(name);
    if (own) {
      this.me = name;
      this.#changed("me");
    }
    const talk = this.find(`@${old}`);
    if (!talk || (this.find(`@${name}`) ?? talk) !== talk) return;
    this.#conversations.delete(talk.key);
    talk.address = `@${name}`;
    this.#conversations.set(talk.key, talk);
    this.#changed("list");
    this.#changed("timeline");
  }

  #groupChanged(/** @type {GroupChanged} */ { action, group, name, own, asked }) {
    const address = `#${group}`;
    if (action === "ended" || (own && action === "left")) this.close(address);
    else if (own) {
      this.open(address);
      if (asked) this.show(address);
    }
    const conversation = this.find(address);
    if (conversation?.members) {
      const others = conversation.members.filter((one) => one.toLowerCase() !== name.toLowerCase());
      conversation.members = action === "left" ? others : [...others, name];
    }
    this.groups = null;
    this.#changed("groups");
  }
}
