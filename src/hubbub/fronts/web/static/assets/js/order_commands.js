/**
 * The commands that keep order, in the hub and in a group.
 *
 * @import {AdminAction, GroupAction, GroupFields} from "../../../types/frames.js"
 * @import {Action, AdminFrame, Form, Word} from "./commands.js"
 */

/** @type {Record<string, number>} */
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** @returns {number | null} The seconds of `10s`, `5m`, `2h`, `3d` or `1w`. */
export function duration(/** @type {string} */ text) {
  const found = text.toLowerCase().match(/^([1-9]\d{0,8})([smhdw])$/);
  return found && Number(found[1]) * SECONDS[found[2]];
}

/** Split words off; the last one is all the rest. */
function split(/** @type {string} */ text, /** @type {number} */ words) {
  const parts = [];
  let rest = text.trim();
  for (let at = 1; at < words; at += 1) {
    const [, word, more] = /** @type {RegExpMatchArray} */ (rest.match(/^(\S*)\s*([^]*)$/));
    parts.push(word);
    rest = more;
  }
  return [...parts, rest];
}

const person = (/** @type {string} */ name) => name.replace(/^@/, "");
const groupName = (/** @type {string} */ name) => name.replace(/^#/, "");

/** @returns {Action} */
const admin = (
  /** @type {AdminAction} */ action,
  /** @type {Omit<AdminFrame, "type" | "action">} */ fields = {},
) => ({ do: "request", frame: { type: "admin", action, ...fields } });

/** @returns {Action} */
const group = (
  /** @type {GroupAction} */ action,
  /** @type {string} */ name,
  /** @type {GroupFields} */ fields = {},
) => {
  const asked = { do: /** @type {const} */ ("group"), action, name: groupName(name) };
  return Object.keys(fields).length ? { ...asked, fields } : asked;
};

/**
 * Read `[for 2h] [reason]`; null when what follows `for` is no length of time.
 *
 * @returns {{seconds?: number, reason?: string} | null}
 */
function term(/** @type {string} */ text) {
  const [word, length, reason] = split(text, 3);
  if (word.toLowerCase() !== "for") return text ? { reason: text } : {};
  const seconds = duration(length);
  if (seconds !== null) return { seconds, ...(reason && { reason }) };
  // "for spamming" is a reason; "for 2 hours" would be a ban for good.
  return !length || /^\d/.test(length) ? null : { reason: text };
}

/** @returns {Form["read"]} */
const timed = (/** @type {"ban" | "mute"} */ action) => (rest) => {
  const [name, more] = split(rest, 2);
  const how = term(more);
  return name && how ? admin(action, { name: person(name), ...how }) : null;
};

/** @returns {Form["read"]} */
const named = (/** @type {AdminAction} */ action) => (rest) =>
  rest && !/\s/.test(rest) ? admin(action, { name: person(rest) }) : null;

/** @returns {Form["read"]} */
const bare = (/** @type {AdminAction} */ action) => (rest) => (rest ? null : admin(action));

/** @returns {Form["read"]} */
const newest = (/** @type {AdminAction} */ action) => (rest) => {
  if (!rest) return admin(action);
  return /^[1-9]\d{0,8}$/.test(rest) ? admin(action, { limit: Number(rest) }) : null;
};

/** Where something is done: what is written, else where the person is. */
function room(/** @type {string} */ word, /** @type {string} */ here) {
  if (/\s/.test(word)) return null;
  if (word) return word === "lobby" || word.startsWith("#") ? word : `#${word}`;
  return here.startsWith("#") ? here : "lobby";
}

/** @returns {Form["read"]} */
const inRoom = (/** @type {AdminAction} */ action) => (rest, here) => {
  const to = room(rest, here);
  return to === null ? null : admin(action, { to });
};

/** @type {Form["read"]} */
function slow(rest, here) {
  const [length, where] = split(rest, 2);
  const to = room(where, here);
  const seconds = length.toLowerCase() === "off" ? 0 : duration(length);
  return to === null || seconds === null ? null : admin("slow", { to, seconds });
}

/** @type {Form["read"]} */
function remove(rest) {
  const [number, reason] = split(rest, 2);
  if (!/^\d{1,15}$/.test(number)) return null;
  return admin("delete", { message: Number(number), ...(reason && { reason }) });
}

/** @type {Form["read"]} */
function report(rest) {
  const [first, why] = split(rest, 2);
  if (/^\d{1,15}$/.test(first) && why) return admin("report", { message: Number(first), text: why });
  if (first.startsWith("@") && why) return admin("report", { name: person(first), text: why });
  return rest ? admin("report", { text: rest }) : null;
}

/** @type {Form["read"]} */
function kick(rest) {
  const [name, reason] = split(rest, 2);
  return name ? admin("kick", { name: person(name), ...(reason && { reason }) }) : null;
}

/** @type {Form["read"]} */
const rename = (rest) => {
  const [name, to] = split(rest, 2);
  return to && !/\s/.test(to) ? admin("rename", { name: person(name), to }) : null;
};

/** @type {Form["read"]} */
const role = (rest) => {
  const [name, given] = split(rest, 2);
  return /^(owner|moderator|member)$/.test(given) ? admin("role", { name: person(name), role: given }) : null;
};

/** @type {Form["read"]} */
function invite(rest) {
  const [word, more] = split(rest, 2);
  if (word.toLowerCase() === "revoke" && /^\d{1,15}$/.test(more)) {
    return admin("invite-revoke", { id: Number(more) });
  }
  if (word.toLowerCase() !== "new") return null;
  if (!more) return admin("invite");
  const [by, length] = split(more, 2);
  const seconds = by.toLowerCase() === "for" ? duration(length) : null;
  return seconds === null ? null : admin("invite", { seconds });
}

/**
 * @param {string} usage
 * @param {string} meaning
 * @param {Word[]} words
 * @param {Form["read"]} read
 * @returns {Form} One that only who keeps order in the hub has a right to.
 */
const staff = (usage, meaning, words, read) => ({ usage, meaning, words, read, staff: true });

/** @type {Record<string, Form>} */
export const ORDER_COMMANDS = {
  list: staff("", "list the connections", [], bare("list")),
  kick: staff("<user> [reason]", "put somebody out", ["user", "text"], kick),
  rename: staff("<old> <new>", "give somebody another name", ["user", "text"], rename),
  role: staff("<user> owner|moderator|member", "give a role", ["user", "text"], role),
  ban: staff("<user|address> [for 2h] [reason]", "keep somebody out", ["user", "text"], timed("ban")),
  unban: staff("<user|address>", "let somebody in again", ["text"], named("unban")),
  bans: staff("", "list who is banned", [], bare("bans")),
  mute: staff("<user> [for 2h] [reason]", "have somebody only read", ["user", "text"], timed("mute")),
  unmute: staff("<user>", "let somebody write again", ["user"], named("unmute")),
  announce: staff("<text>", "say something for the hub", ["text"], (rest) =>
    rest ? admin("announce", { text: rest }) : null,
  ),
  reports: staff("[n]", "show the last reports", ["number"], newest("reports")),
  audit: staff("[n]", "show the last administrative acts", ["number"], newest("audit")),
  invite: staff("new [for 2d]|revoke <id>", "make a code to register with, or end one", ["text"], invite),
  invites: staff("", "list the codes", [], bare("invites")),
  slow: {
    usage: "10s|off [#group]",
    meaning: "let each write once in as long",
    words: ["text", "address"],
    read: slow,
    rooms: true,
  },
  freeze: {
    usage: "[#group]",
    meaning: "let only moderators write",
    words: ["address"],
    read: inRoom("freeze"),
    rooms: true,
  },
  unfreeze: {
    usage: "[#group]",
    meaning: "let everybody write again",
    words: ["address"],
    read: inRoom("unfreeze"),
    rooms: true,
  },
  delete: {
    usage: "<number> [reason]",
    meaning: "take a message away",
    words: ["number", "text"],
    read: remove,
  },
  report: {
    usage: "[@user|number] <why>",
    meaning: "tell the moderators",
    words: ["text"],
    read: report,
  },
};

/** @returns {Form["read"]} */
const pair = (/** @type {GroupAction} */ action, /** @type {"user" | "to"} */ field) => (rest) => {
  const [name, other] = split(rest, 2);
  return other && !/\s/.test(other) ? group(action, name, { [field]: person(other) }) : null;
};

/** @returns {Form["read"]} */
const withText = (
  /** @type {GroupAction} */ action,
  /** @type {"text" | "password" | "reason"} */ field,
) => (rest) => {
  const [name, text] = split(rest, 2);
  return name ? group(action, name, text ? { [field]: text } : {}) : null;
};

/** @returns {Form["read"]} */
const putOut = (/** @type {"kick" | "ban"} */ action) => (rest) => {
  const [name, user, more] = split(rest, 3);
  const how = action === "ban" ? term(more) : more ? { reason: more } : {};
  return user && how ? group(action, name, { user: person(user), ...how }) : null;
};

/** @returns {Form} */
const inGroup = (
  /** @type {string} */ usage,
  /** @type {string} */ meaning,
  /** @type {Form["read"]} */ read,
) => ({ usage, meaning, words: ["group", /<user>/.test(usage) ? "user" : "text"], read });

/** @type {Record<string, Form>} */
export const GROUP_ORDER = {
  create: {
    usage: "<name> [private]",
    meaning: "make a group",
    words: ["text"],
    read: (rest) => {
      const [name, word] = split(rest, 2);
      if (!name || (word && word.toLowerCase() !== "private")) return null;
      return group("create", name, word ? { private: true } : {});
    },
  },
  join: inGroup("<name> [password]", "become a member", withText("join", "password")),
  invite: inGroup("<name> <user>", "invite somebody", pair("invite", "user")),
  topic: inGroup("<name> [topic]", "say what it is about", withText("topic", "text")),
  kick: inGroup("<name> <user> [reason]", "put a member out", putOut("kick")),
  ban: inGroup("<name> <user> [for 2h] [reason]", "keep somebody out", putOut("ban")),
  unban: inGroup("<name> <user>", "let somebody join again", pair("unban", "user")),
  mod: inGroup("<name> <user>", "have somebody keep order in it", pair("mod", "user")),
  unmod: inGroup("<name> <user>", "have somebody do so no more", pair("unmod", "user")),
  private: inGroup("<name> [password]", "let in only who is invited", withText("private", "password")),
  public: inGroup("<name>", "let everybody in", withText("public", "text")),
  rename: inGroup("<old> <new>", "give it another name", pair("rename", "to")),
  delete: inGroup("<name> [reason]", "end it", withText("delete", "reason")),
};
