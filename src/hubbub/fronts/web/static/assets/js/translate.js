/**
 * Frames to events: times become numbers, and what is one's own is marked.
 *
 * @import {ActFrame, MessageFrame, ServerFrame, TokenInfo, WelcomeFrame} from "../../../types/frames.js"
 * @import {Acted, Connected, GroupChanged, Happening, InviteMade, Message, ProtocolEvent, Renamed,
 *   RoleChanged}
 *   from "../../../types/events.js"
 */

import { wordAct } from "./order.js";

/**
 * @param {WelcomeFrame} frame
 * @param {boolean} resumed
 * @param {boolean} sameJournal
 * @returns {Connected}
 */
export function connectedOf(frame, resumed, sameJournal) {
  const { name, users, groups, limits, role = "guest", rooms = [] } = frame;
  const here = { name, server: frame.server.name, users, groups, limits, role, rooms };
  return { type: "connected", ...here, resumed, sameJournal };
}

/**
 * @param {MessageFrame} frame
 * @param {string} me
 * @returns {Message}
 */
export function messageOf({ seq, time, from, to, text, nonce, deleted = "" }, me) {
  const own = nonce !== undefined || from === me;
  const when = Date.parse(time);
  const said = { type: /** @type {const} */ ("message"), seq, time: when, from, to, text, own };
  return { ...said, deleted, ...(nonce && { nonce }) };
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

/** @returns {Acted} */
export function actOf(/** @type {ActFrame} */ frame) {
  const { seq, action, by, name = "", room = "", seconds = 0, message = 0 } = frame;
  const { text = "", reason = "", you: own = false } = frame;
  const time = Date.parse(frame.time);
  const until = frame.until ? Date.parse(frame.until) : 0;
  const done = { seq, time, action, by, name, room, until, seconds, message, text, reason, own };
  return { type: "act", ...done };
}

/** The rows of a list that who keeps order has asked for. */
export function orderRows(
  /** @type {Extract<ServerFrame, {type: "sessions" | "bans" | "audit" | "invites"}>} */ frame,
) {
  const at = (/** @type {string} */ time) => new Date(time).toLocaleString();
  switch (frame.type) {
    case "sessions":
      return frame.sessions.map(
        ({ name, role, address, since }) => `${name}, ${role}, from ${address} since ${at(since)}`,
      );
    case "bans":
      return frame.bans.map(({ name, by, until, reason }) => {
        const end = until ? `until ${at(until)}` : "for good";
        return `${name}, by ${by}, ${end}${reason ? `: ${reason}` : ""}`;
      });
    case "invites":
      return frame.invites.map(({ id, by, since, until }) => {
        const whom = until ? `anybody until ${at(until)}` : "one person";
        return `${id}, by ${by} on ${at(since)}, for ${whom}`;
      });
    case "audit":
      return frame.acts.map((act) => `${at(act.time)} ${wordAct(actOf(act))}`);
  }
}

/**
 * A token that was made, or the list of those that are good, as rows.
 *
 * @param {Extract<ServerFrame, {type: "token" | "tokens"}>} frame
 * @returns {ProtocolEvent}
 */
export function tokensOf(frame) {
  const about = (/** @type {TokenInfo} */ { id, name, post = [], read = [], until }) => {
    const scope = [...(post.length ? ["post", ...post] : []), ...(read.length ? ["read", ...read] : [])];
    const end = until ? `until ${new Date(until).toLocaleString()}` : "until it is revoked";
    return `${id} of ${name} to ${scope.join(" ")}, ${end}`;
  };
  const rows =
    frame.type === "tokens"
      ? frame.tokens.map((one) => `${about(one)}, ends in ${one.last}`)
      : [frame.token, about(frame), `Over HTTP: Authorization: Bearer ${frame.token}`];
  return { type: "orderListed", what: frame.type, rows };
}

/** @returns {InviteMade} */
export function inviteOf(/** @type {Extract<ServerFrame, {type: "invite"}>} */ frame) {
  const { id, invite: code, link = "", command = "" } = frame;
  const until = frame.until ? Date.parse(frame.until) : 0;
  return { type: "inviteMade", id, code, link, command, until };
}

/**
 * @param {Extract<ServerFrame, {type: "group"}>} frame
 * @param {boolean} own
 * @param {boolean} asked
 * @returns {GroupChanged}
 */
export function groupOf(frame, own, asked) {
  const { seq, action, group, name = "", by = "", reason = "", ended = false } = frame;
  const time = Date.parse(frame.time);
  const changed = { seq, time, action, group, name, own, asked, by, reason, ended };
  return { type: "group", ...changed, private: frame.private === true };
}

/** @returns {RoleChanged} */
export function roleOf(/** @type {Extract<ServerFrame, {type: "role"}>} */ frame) {
  const { seq, name, role, you: own = false } = frame;
  return { type: "role", seq, time: Date.parse(frame.time), name, role, own };
}
