/**
 * What was asked of the hub and is not answered yet, in order.
 *
 * This is where "exactly once" is kept on this side: what may have been sent keeps its
 * nonce and its place until the hub has answered, over connections and over a reload.
 *
 * @import {RequestFrame} from "../../../types/frames.js"
 * @import {Unsent} from "../../../types/events.js"
 */

/**
 * @typedef {object} Entry
 * @property {RequestFrame} frame
 * @property {boolean} tried It was handed over on some connection: the hub may have it.
 * @property {boolean} handed It was handed over on this connection.
 */

const LISTS = new Set(["list", "bans", "invites", "reports", "audit"]);

/** Whether it changes something without a nonce: asked twice, it could do it twice. */
export function changes(/** @type {RequestFrame} */ frame) {
  if (frame.type === "group") return frame.action !== "list" && frame.action !== "members";
  if (frame.type === "admin" || frame.type === "token") return !LISTS.has(frame.action);
  return frame.type === "account";
}

export class Outgoing {
  /** By nonce, or by a number of our own. @type {Map<string, Entry>} */
  #entries = new Map();
  #count = 0;

  constructor(/** @type {Unsent[]} */ unsent = []) {
    for (const { nonce, to, text, tried } of unsent) {
      const frame = { type: /** @type {const} */ ("send"), to, text, nonce };
      this.#entries.set(nonce, { frame, tried, handed: false });
    }
  }

  /** Put a request at the end. */
  add(/** @type {string | null} */ nonce, /** @type {RequestFrame} */ frame) {
    const key = nonce ?? `#${++this.#count}`;
    this.#entries.set(key, { frame, tried: false, handed: false });
  }

  /**
   * Give what may go out now, in order.
   *
   * @param {number} window How many may be unanswered on one connection at a time.
   */
  handOver(window) {
    /** @type {RequestFrame[]} */
    const out = [];
    let open = 0;
    for (const entry of this.#entries.values()) {
      if (open >= window) break;
      open += 1;
      if (entry.handed) continue;
      entry.handed = entry.tried = true;
      out.push(entry.frame);
    }
    return out;
  }

  /** Take out what has been answered, if it is here. */
  take(/** @type {string} */ key) {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry?.frame ?? null;
  }

  /**
   * Take out the oldest that was handed over on this connection and fits: the hub
   * answers in the order of the requests.
   *
   * @param {(frame: RequestFrame) => boolean} fits
   */
  takeOldest(fits) {
    for (const [key, entry] of this.#entries) {
      if (entry.handed && fits(entry.frame)) return this.take(key);
    }
    return null;
  }

  /** Take out all that the hub may have and that fit. */
  takeTried(/** @type {(frame: RequestFrame) => boolean} */ fits) {
    return this.#takeAll((entry) => entry.tried && fits(entry.frame));
  }

  /** Drop what only asks: what it was asked for may have another answer by now. */
  dropQuestions() {
    this.#takeAll(({ frame }) => frame.type !== "send" && !changes(frame));
  }

  #takeAll(/** @type {(entry: Entry) => boolean} */ fits) {
    /** @type {RequestFrame[]} */
    const out = [];
    for (const [key, entry] of this.#entries) {
      if (!fits(entry)) continue;
      this.#entries.delete(key);
      out.push(entry.frame);
    }
    return out;
  }

  /** Begin a new connection: all is handed over again, in the same order. */
  rewind() {
    for (const entry of this.#entries.values()) entry.handed = false;
  }

  /** Everything said and not acknowledged, in order. @returns {Unsent[]} */
  unsent() {
    /** @type {Unsent[]} */
    const out = [];
    for (const { frame, tried } of this.#entries.values()) {
      if (frame.type !== "send") continue;
      out.push({ nonce: frame.nonce, to: frame.to, text: frame.text, tried });
    }
    return out;
  }
}
