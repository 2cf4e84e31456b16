/**
 * One conversation: what was said and what happened in it, in the order of the journal.
 *
 * @import {Acted, Happening, Message} from "../../../types/events.js"
 * @import {RoomInfo} from "../../../types/frames.js"
 * @import {Entry} from "./presence.js"
 */

import { keyOf, kindOf, titleOf } from "./addresses.js";
import { entryOf } from "./presence.js";

/**
 * Something said.
 *
 * @typedef {object} Said
 * @property {"message"} kind
 * @property {number} seq Its place in the journal; Infinity while it has none.
 * @property {number} time Milliseconds since 1970.
 * @property {string} from
 * @property {string} text
 * @property {boolean} own
 * @property {boolean} mention It speaks to the person here.
 * @property {"stored" | "pending" | "failed"} state
 * @property {string} nonce Of one's own messages while they are not stored.
 * @property {string} deleted Who has taken it away, or "".
 * @property {boolean} announced It was said for the hub, and is no message of the journal.
 * @property {string} problem Why it failed.
 * @property {number} version Counts the changes to this object.
 *
 * Things that happened one after another with nothing said between.
 *
 * @typedef {object} Happened
 * @property {"presence"} kind
 * @property {number} seq Of the first.
 * @property {number} last Of the last.
 * @property {number} time Of the first.
 * @property {Entry[]} entries
 * @property {number} version
 *
 * @typedef {Said | Happened} Item
 */

// A page that stays open for weeks must not grow for ever; what is dropped can be read
// back like any other history.
const KEEP = 20_000;
const TRIM_TO = 15_000;

export class Conversation {
  /** Stored items, by `seq`. @type {Item[]} */
  items = [];
  /** One's own messages that are not stored, in the order in which they were said.
   * @type {Said[]} */
  pending = [];
  unread = 0;
  /** How many of those speak to the person here. */
  mentions = 0;
  /** The last `seq` seen here; what is unread comes after it. */
  readSeq = 0;
  /** Above the first message after this `seq` stands "new messages". @type {number | null} */
  newAfter = null;
  /** Whether older messages exist; null while nobody has asked. @type {boolean | null} */
  more = null;
  loading = false;
  draft = "";
  /** Of a group, when they are known. @type {string[] | null} */
  members = null;
  /** What it is about. */
  topic = "";
  /** Whether it is a group that one joins by invitation or password. */
  private = false;
  /** Whether only moderators write. */
  frozen = false;
  /** Seconds that each waits between messages. */
  slow = 0;
  /** When one has written last, milliseconds since 1970. */
  wrote = 0;
  /** What one is in it: "owner", "mod" or "". */
  rank = "";
  /** Whether they were asked for on this connection. */
  membersAsked = false;

  constructor(/** @type {string} */ address) {
    this.address = address;
    this.kind = kindOf(address);
  }

  get key() {
    return keyOf(this.address);
  }

  get title() {
    return titleOf(this.address);
  }

  /** Learn how it stands, all of it. */
  stand(/** @type {Omit<RoomInfo, "room">} */ room) {
    this.private = room.private ?? false;
    this.frozen = room.frozen ?? false;
    this.slow = room.slow ?? 0;
    this.topic = room.topic ?? "";
    this.rank = room.rank ?? "";
  }

  /** Everything there is to show, oldest first. @returns {Item[]} */
  get rows() {
    return this.pending.length ? [...this.items, ...this.pending] : this.items;
  }

  get lastSeq() {
    const last = this.items.at(-1);
    return last ? (last.kind === "presence" ? last.last : last.seq) : 0;
  }

  /** Before what to ask for older messages; null to ask for the newest. */
  get oldest() {
    return this.items.find((item) => item.kind === "message")?.seq ?? null;
  }

  /**
   * Put in what was said. A message that is here already is not put in twice.
   *
   * @returns {boolean} Whether it is new here.
   */
  add(/** @type {Said} */ item) {
    const at = this.#after(item.seq);
    const before = this.items[at - 1];
    if (before?.kind === "message" && before.seq === item.seq) return false;
    if (at === this.items.length) this.items.push(item);
    else this.items.splice(at, 0, item);
    this.#trim();
    return true;
  }

  /** Take the text of a message away, and leave who did so. */
  erase(/** @type {number} */ seq, /** @type {string} */ by) {
    const item = this.items[this.#after(seq) - 1];
    if (item?.kind !== "message" || item.seq !== seq) return false;
    item.text = "";
    item.deleted = by;
    item.mention = false;
    item.version += 1;
    return true;
  }

  /** Put in what happened; it joins what happened just before, on the same day. */
  happen(/** @type {Happening} */ event) {
    const last = this.items.at(-1);
    const sameDay =
      last && new Date(last.time).toDateString() === new Date(event.time).toDateString();
    if (last?.kind === "presence" && sameDay && last.last < event.seq) {
      last.entries.push(entryOf(event));
      last.last = event.seq;
      last.version += 1;
      return;
    }
    const at = this.#after(event.seq);
    this.items.splice(at, 0, {
      kind: "presence",
      seq: event.seq,
      last: event.seq,
      time: event.time,
      entries: [entryOf(event)],
      version: 0,
    });
    this.#trim();
  }

  /** Say that what was said stands, and where. */
  settle(/** @type {Said} */ item, /** @type {Message} */ message) {
    this.drop(item);
    item.seq = message.seq;
    item.time = message.time;
    item.from = message.from;
    item.text = message.text;
    item.deleted = message.deleted;
    item.state = "stored";
    item.version += 1;
  }

  /** Take out one's own message that is not stored. */
  drop(/** @type {Said} */ item) {
    const at = this.pending.indexOf(item);
    if (at >= 0) this.pending.splice(at, 1);
  }

  /** Forget what was said and what happened: it was in another journal. */
  clear() {
    this.items = [];
    this.unread = this.mentions = this.readSeq = 0;
    this.newAfter = this.more = this.members = null;
    this.loading = false;
  }

  /** The index behind everything up to a `seq`. */
  #after(/** @type {number} */ seq) {
    let low = 0;
    let high = this.items.length;
    // What comes is nearly always the newest.
    if (high && this.items[high - 1].seq <= seq) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.items[middle].seq <= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #trim() {
    if (this.items.length <= KEEP) return;
    this.items = this.items.slice(-TRIM_TO);
    this.more = true;
  }
}

/**
 * A message as it stands in the journal.
 *
 * @param {Message} message
 * @param {boolean} mention
 * @param {string} deleted Who has taken it away since, or "".
 * @returns {Said}
 */
export function saidOf({ seq, time, from, text, own, deleted: gone }, mention, deleted) {
  const by = gone || deleted;
  const said = { kind: /** @type {const} */ ("message"), seq, time, from, text: by ? "" : text, own };
  const state = /** @type {const} */ ("stored");
  const fresh = { announced: false, nonce: "", problem: "", version: 0 };
  return { ...said, mention: mention && !by, state, deleted: by, ...fresh };
}

/** What somebody says for the hub. @returns {Said} */
export function announcementOf(/** @type {Acted} */ { seq, time, by, text }) {
  const message = { type: /** @type {const} */ ("message"), seq, time, from: by, to: "lobby", text };
  return { ...saidOf({ ...message, own: false, deleted: "" }, false, ""), announced: true };
}
