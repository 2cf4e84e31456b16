/**
 * How the page says who it is, and what a person can mend when the hub says no.
 *
 * @import {ClientFrame} from "../../../types/frames.js"
 * @import {Seat} from "../../../types/events.js"
 */

const CLIENT = "hubbub-web/1";

/** After which another name, or a password, may do. */
export const NAME_REFUSALS = new Set([
  "invite_invalid",
  "name_taken",
  "name_invalid",
  "new_password_needed",
  "not_secure",
  "password_invalid",
  "password_needed",
  "password_wrong",
  "too_many_tries",
]);

/**
 * @typedef {object} Who
 * @property {string} name
 * @property {string} password "" when none is known.
 * @property {string} invite A code to register with, or "".
 * @property {Seat | null} seat
 * @property {string} key
 * @property {number} attempt
 */

/** @returns {ClientFrame} */
export function helloOf(/** @type {Who} */ { name, password, invite, seat, key, attempt }) {
  const resume = seat && { token: seat.token, after: seat.seq };
  return {
    type: "hello",
    name,
    ...(password && { password }),
    ...(invite && { invite }),
    ...(resume && { resume }),
    client: CLIENT,
    key,
    attempt,
  };
}

/**
 * Take the code of an invitation out of the address, where it would be seen and kept.
 *
 * @param {Location} location
 * @param {History} history
 * @returns {string} The code, or "".
 */
export function takeInvite(location, history) {
  const found = /^#invite=([\w-]{1,64})$/.exec(location.hash);
  if (!found) return "";
  history.replaceState(null, "", location.pathname + location.search);
  return found[1];
}
