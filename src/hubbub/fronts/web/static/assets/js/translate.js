/**
 * Frames to events: times become numbers, and what is one's own is marked.
 *
 * @import {MessageFrame, ServerFrame} from "../../../types/frames.js"
 * @import {Happening, Message, Renamed} from "../../../types/events.js"
 */

/**
 * @param {MessageFrame} frame
 * @param {string} me
 * @returns {Message}
 */
export function messageOf({ seq, time, from, to, text, nonce }, me) {
  const own = nonce !== undefined || from === me;
  const when = Date.parse(time);
  return { type: "message", seq, time: when, from, to, text, own, ...(nonce && { nonce }) };
}

/**
 * @param {Extract<ServerFrame, {type: "joined" | "left" | "kicked"}>} frame
 * @param {string} me
 * @returns {Happening}
 */
export function presenceOf(frame, me) {
  const { seq, name } = frame;
  const time = Date.parse(frame.time);
  switch (frame.type) {
    case "joined":
      return { type: "joined", seq, time, name, returned: frame.returned === true };
    case "left":
      return { type: "left", seq, time, name, reason: frame.reason };
    case "kicked": {
      const { by, reason = "" } = frame;
      return { type: "kicked", seq, time, name, by, reason, own: name === me };
    }
  }
}

/**
 * @param {Extract<ServerFrame, {type: "renamed"}>} frame
 * @param {string} me
 * @returns {Renamed}
 */
export function renamedOf({ seq, time, from: old, to: name, you }, me) {
  return { type: "renamed", seq, time: Date.parse(time), old, name, own: you || old === me };
}
