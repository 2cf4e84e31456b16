/**
 * What keeping order means for this page: who one is, what hinders writing, and how an
 * act reads.
 *
 * @import {Acted} from "../../../types/events.js"
 * @import {Conversation} from "./conversation.js"
 */

const STAFF = new Set(["owner", "moderator"]);

/** @type {Record<string, string>} */
const WORDS = {
  banned: "{name} was banned by {by}",
  unbanned: "{name} is no longer banned, by {by}",
  muted: "{name} was muted by {by}",
  unmuted: "{name} may write again, by {by}",
  slowed: "{by} lets each write once in {seconds} s",
  frozen: "{by} froze the room: moderators write, everybody reads",
  unfrozen: "{by} lets everybody write again",
  announced: "{by} announced: {text}",
  reported: "{by} reported {name} {message}: {text}",
  invited: "{by} invited {name}",
  group_banned: "{name} was banned from {room} by {by}",
  group_unbanned: "{name} may join {room} again, by {by}",
  group_role: "{name} is now {text} of {room}",
  topic: "{by} changed the topic: {text}",
  private: "{room} is private now",
  public: "{room} is open to everybody now",
  group_renamed: "{by} renamed {room} to #{text}",
  deleted: "{by} deleted message {message} of {name}",
  kicked: "{name} was removed by {by}",
  renamed: "{by} renamed {name} to {text}",
  role: "{by} made {name} {text}",
  group_kicked: "{name} was removed from {room} by {by}",
  group_deleted: "{by} ended {room}",
  invite_made: "{by} made invitation {text}",
  invite_used: "{name} registered with invitation {text}",
  invite_revoked: "{by} ended invitation {text}",
  account: "{by} made the account {name}: {text}",
};

/** @type {Record<string, string>} */
const OWN = {
  muted: "You are muted by {by}",
  unmuted: "You may write again",
  group_role: "You are now {text} of {room}",
};

const time = (/** @type {number} */ at) =>
  new Date(at).toLocaleString([], { dateStyle: "short", timeStyle: "short" });

/** Say an act in a sentence. */
export function wordAct(/** @type {Acted} */ act) {
  let form = (act.own && OWN[act.action]) || WORDS[act.action] || `${act.action} by {by}`;
  if (act.action === "slowed" && !act.seconds) form = "{by} lets everybody write at any time";
  if (act.action === "topic" && !act.text) form = "{by} took the topic away";
  /** @type {Record<string, string>} */
  const fields = {
    by: act.by,
    name: act.name,
    room: act.room,
    text: act.text,
    seconds: String(act.seconds),
    message: act.message ? `(message ${act.message})` : "",
  };
  // In one pass: what a person wrote is never taken for a place to fill in.
  const words = form
    .replace(/\{(\w+)\}/g, (_all, /** @type {string} */ word) => fields[word] ?? "")
    .replace(/ +/g, " ")
    .replace(" :", ":");
  const until = act.until ? ` until ${time(act.until)}` : "";
  return `${words}${until}${act.reason ? `: ${act.reason}` : ""}`;
}

export class Order {
  /** One's role in the hub. */
  role = "guest";
  /** Until when one may not write at all; 0 when one may. Milliseconds since 1970. */
  mutedUntil = 0;
  /** Groups one is invited to, and by whom. @type {Map<string, string>} */
  invitations = new Map();
  /** Who deleted what, by `seq`. @type {Map<number, string>} */
  deleted = new Map();

  /** Whether one keeps order in the hub. */
  get staff() {
    return STAFF.has(this.role);
  }

  /** Whether one keeps order in a conversation. */
  keeps(/** @type {Conversation} */ one) {
    if (one.kind === "user") return false;
    // Moderators of the hub are nobody in a private group.
    return (this.staff && !one.private) || one.rank === "owner" || one.rank === "mod";
  }

  /** Learn from an act what concerns the conversation it was done in. */
  learn(/** @type {Acted} */ act, /** @type {Conversation | undefined} */ room) {
    if (act.action === "muted" && act.own) this.mutedUntil = act.until || Infinity;
    if (act.action === "unmuted" && act.own) this.mutedUntil = 0;
    if (act.action === "deleted") this.deleted.set(act.message, act.by);
    if (act.action === "invited" && act.own) this.invitations.set(act.room, act.by);
    if (!room) return;
    if (act.action === "frozen") room.frozen = true;
    if (act.action === "unfrozen") room.frozen = false;
    if (act.action === "slowed") room.slow = act.seconds;
    if (act.action === "topic") room.topic = act.text;
    if (act.action === "private") room.private = true;
    if (act.action === "public") room.private = false;
    if (act.action === "group_role" && act.own) room.rank = act.text === "member" ? "" : act.text;
  }

  /**
   * Say why one can't write in a conversation just now, and until when.
   *
   * @param {Conversation} one
   * @param {number} now Milliseconds since 1970.
   * @returns {{text: string, until: number}} An empty text when one can.
   */
  hindrance(one, now) {
    if (this.mutedUntil > now) {
      const until = this.mutedUntil === Infinity ? "" : ` until ${time(this.mutedUntil)}`;
      return { text: `You are muted${until}: you can read, but not write.`, until: this.mutedUntil };
    }
    if (this.keeps(one)) return { text: "", until: 0 };
    if (one.frozen) {
      const text = "This room is frozen: moderators write, everybody reads.";
      return { text, until: Infinity };
    }
    const free = one.slow ? one.wrote + one.slow * 1000 : 0;
    if (free <= now) return { text: "", until: 0 };
    return { text: `This room is slow: each writes once in ${one.slow} s.`, until: free };
  }
}
