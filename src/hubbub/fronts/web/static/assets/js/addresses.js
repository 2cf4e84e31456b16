/** Addresses of conversations: `lobby`, `#group` and `@user`. */

/** @typedef {"lobby" | "group" | "user"} Kind */

/** @returns {Kind} */
export function kindOf(/** @type {string} */ address) {
  if (address.startsWith("#")) return "group";
  return address.startsWith("@") ? "user" : "lobby";
}

/** What a conversation is kept under: names differ by more than their case. */
export const keyOf = (/** @type {string} */ address) => address.toLowerCase();

/** The name in an address, for people to read. */
export const titleOf = (/** @type {string} */ address) =>
  address === "lobby" ? "Lobby" : address.slice(1);

/** Read what a person wrote as an address; null when it is none. */
export function parseAddress(/** @type {string} */ text) {
  if (text.toLowerCase() === "lobby") return "lobby";
  return /^[#@][^\s#@{][^\s]*$/.test(text) ? text : null;
}

/**
 * Where a message belongs, seen from this page: a private one belongs to the other.
 *
 * @param {{to: string, from: string, own: boolean}} message
 */
export function conversationOf({ to, from, own }) {
  return kindOf(to) === "user" && !own ? `@${from}` : to;
}
