/**
 * What the page knows: conversations, people and the connection. It shows nothing.
 *
 * Everything that changes is named by a topic, and whoever shows it is told which topics
 * have changed, once for however many events.
 *
 * @import {GroupInfo, Limits, RequestFrame} from "../../../types/frames.js"
 * @import {Connected, InviteMade, Link, Message, ProtocolEvent, Unsent}
 *   from "../../../types/events.js"
 * @import {Conversation, Said} from "./conversation.js"
 */

import { conversationOf, keyOf } from "./addresses.js";
import { saidOf } from "./conversation.js";
import { Conversations } from "./conversations.js";
import { Happenings } from "./happenings.js";
import { Order } from "./order.js";
import { People } from "./people.js";
import { listed } from "./presence.js";
import { AWAY, DONE, MAYBE } from "./sentences.js";
import { mentions } from "./text.js";

/** @typedef {"timeline" | "list" | "people" | "link" | "notice" | "me" | "groups" | "order"} Topic */

export class Store {
  me = "";
  server = "Hubbub";
  /** @type {Limits | null} */
  limits = null;
  people = new People();
  order = new Order();
  /** A list for who keeps order. @type {{what: string, rows: string[]} | null} */
  listed = null;
  /** A code that was just made. @type {InviteMade | null} */
  invite = null;
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

  #conversations = new Conversations();
  /** @type {Map<string, {conversation: Conversation, item: Said}>} */
  #unsettled = new Map();
  #active;
  #happenings;
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
    this.#happenings = new Happenings(this, this.#conversations, changed, (one, item) =>
      this.#count(one, item),
    );
  }

  // --- conversations ------------------------------------------------------------------

  /** The one that is shown. */
  get active() {
    return this.#active;
  }

  /** All of them: the lobby, groups, people. */
  get conversations() {
    return this.#conversations.sorted;
  }

  /** Find a conversation. */
  find(/** @type {string} */ address) {
    return this.#conversations.find(address);
  }

  /** Find a conversation, or begin it. */
  open(/** @type {string} */ address) {
    const found = this.find(address);
    if (found) return found;
    const name = address.startsWith("@") ? `@${this.people.spelled(address.slice(1))}` : address;
    this.#changed("list");
    return this.#conversations.begin(name);
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
    this.#conversations.drop(found);
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
    return this.#conversations.totals;
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
      deleted: "",
      announced: false,
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
        for (const group of event.groups) this.find(`#${group.name}`)?.stand(group);
        this.#stands();
        return this.#changed("groups");
      case "roomDescribed":
        this.find(event.room.room)?.stand(event.room);
        return this.#stands();
      case "membersListed":
        return this.#members(event.group, event.members);
      case "history":
        return this.#history(event.of, event.messages, event.more);
      case "waiting":
        return event.messages.forEach((one) => this.#message(one));
      case "orderListed":
        this.listed = event;
        return this.#changed("order");
      case "inviteMade":
        this.invite = event;
        return this.#changed("order");
      case "done":
        if (event.action === "register") this.order.role = "member";
        if (event.action === "unregister") this.order.role = "guest";
        this.#changed("me");
        return this.tell(DONE.get(event.action) ?? "It is done.");
      case "nameRefused":
      case "entryRefused":
      case "bye":
        return;
      default:
        return this.#happenings.take(event);
    }
  }

  #connected(/** @type {Connected} */ event) {
    if (this.entered && !event.sameJournal) {
      for (const one of this.#conversations.all) one.clear();
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
    this.order.role = event.role;
    for (const one of this.#conversations.all) one.stand({});
    for (const room of event.rooms) this.find(room.room)?.stand(room);
    // In a slow lobby "a guest who comes in has just written".
    if (event.role === "guest" && !event.resumed) this.open("lobby").wrote = Date.now();
    if (lost.length) this.tell(AWAY, "error");
    // Questions were lost with the connection.
    for (const one of this.#conversations.all) one.loading = one.membersAsked = false;
    for (const topic of /** @type {Topic[]} */ (["me", "people", "list"])) this.#changed(topic);
    this.#stands();
  }

  /** Learn that a room stands differently, or oneself in it. */
  #stands() {
    for (const topic of /** @type {Topic[]} */ (["timeline", "order"])) this.#changed(topic);
  }

  #message(/** @type {Message} */ message) {
    const conversation = this.open(conversationOf(message));
    const item = this.#settled(message) ?? this.#said(message);
    if (item.own) conversation.wrote = Math.max(conversation.wrote, Date.now());
    if (!conversation.add(item)) return;
    if (item.deleted) this.#changed("timeline");
    else if (!message.own) this.#count(conversation, item);
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

  #said(/** @type {Message} */ message) {
    const mention = !message.own && mentions(message.text, this.me);
    return saidOf(message, mention, this.order.deleted.get(message.seq) ?? "");
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

  /**
   * @param {RequestFrame | null} request
   * @param {string} text
   */
  #refused(request, text) {
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
}
