/**
 * What outlives a page: the name for every tab, and all that is one tab's own.
 *
 * Two tabs are two sessions with a seat each, so seats live in the tab's storage. A
 * browser that forbids storage costs the memory, not the chat.
 *
 * @import {Seat, Unsent} from "../../../types/events.js"
 */

/**
 * @typedef {object} Talk
 * @property {string} address
 * @property {number} unread
 * @property {number} mentions
 * @property {number} readSeq
 * @property {string} draft
 * @property {number} wrote
 *
 * @typedef {object} Tab
 * @property {Seat | null} seat
 * @property {number} [mutedUntil] -1 when there is no end.
 * @property {Unsent[]} unsent
 * @property {string} active
 * @property {Talk[]} talks
 */

const TAB = "hubbub.tab";
const OPEN = "hubbub.open";
const NAME = "hubbub.name";
const NOTIFY = "hubbub.notify";

/** How long another tab has to say that a seat is its own, in milliseconds. */
const CLAIM = 250;

/** @template T */
function attempt(/** @type {() => T} */ access, /** @type {T} */ otherwise) {
  try {
    return access();
  } catch {
    return otherwise;
  }
}

export const storedName = () => attempt(() => localStorage.getItem(NAME), null) ?? "";

export const storeName = (/** @type {string} */ name) =>
  attempt(() => localStorage.setItem(NAME, name), undefined);

export const wantsNotices = () => attempt(() => localStorage.getItem(NOTIFY), null) === "yes";

export const storeNotices = (/** @type {boolean} */ wanted) =>
  attempt(() => localStorage.setItem(NOTIFY, wanted ? "yes" : "no"), undefined);

/** @returns {Tab | null} */
export function storedTab() {
  return attempt(() => JSON.parse(sessionStorage.getItem(TAB) ?? "null"), null);
}

export const storeTab = (/** @type {Tab} */ tab) =>
  attempt(() => sessionStorage.setItem(TAB, JSON.stringify(tab)), undefined);

export const forgetTab = () => attempt(() => sessionStorage.removeItem(TAB), undefined);

/**
 * A tab that was duplicated begins with a copy of the other's storage, and would take
 * its seat away. So tabs ask each other: this settles whether the seat is in use.
 *
 * @param {() => string} mine Gives the token of the seat that this tab holds now, or "".
 * @returns {Promise<boolean>}
 */
export function seatIsTaken(mine) {
  const channel = new BroadcastChannel("hubbub.seats");
  const copied = storedTab()?.seat?.token ?? "";
  const suspicious = attempt(() => sessionStorage.getItem(OPEN), null) !== null && copied !== "";
  attempt(() => sessionStorage.setItem(OPEN, "yes"), undefined);
  // A reload ends the page in order, and leaves no mark; a copy is made of an open one.
  addEventListener("pagehide", () => attempt(() => sessionStorage.removeItem(OPEN), undefined));
  addEventListener("pageshow", () => attempt(() => sessionStorage.setItem(OPEN, "yes"), undefined));
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      if (data.ask && data.ask === mine()) channel.postMessage({ taken: data.ask });
      if (data.taken && data.taken === copied && mine() === "") resolve(true);
    };
    if (!suspicious) return resolve(false);
    channel.postMessage({ ask: copied });
    setTimeout(() => resolve(false), CLAIM);
  });
}
