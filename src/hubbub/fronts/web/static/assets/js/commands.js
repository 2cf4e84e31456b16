/**
 * What a typed line means: the commands as tables, and text for everything else.
 *
 * The same commands as in the terminal client, so that nobody has to learn them twice.
 *
 * @import {AccountAction, GroupAction, GroupFields, RequestFrame} from "../../../types/frames.js"
 */

import { parseAddress } from "./addresses.js";
import { knownAs, nearest } from "./nearest.js";
import { GROUP_ORDER, ORDER_COMMANDS } from "./order_commands.js";
import { TOKEN_COMMANDS } from "./token_commands.js";

/**
 * @typedef {Extract<RequestFrame, {type: "admin"}>} AdminFrame
 * @typedef {Extract<RequestFrame, {type: "token"}>} TokenFrame
 *
 * @typedef {{do: "say", to: string, text: string}
 *   | {do: "group", action: GroupAction, name: string, fields?: GroupFields}
 *   | {do: "history", of: string, limit: number | null}
 *   | {do: "talk", to: string}
 *   | {do: "account", action: AccountAction}
 *   | {do: "request", frame: AdminFrame | TokenFrame}
 *   | {do: "users"} | {do: "help"} | {do: "quit"}
 *   | {do: "wrong", text: string}} Action
 *
 * @typedef {"user" | "group" | "address" | "inner" | "text" | "number"} Word What an
 *   argument is, for completion.
 *
 * @typedef {object} Form
 * @property {string} usage The arguments, as shown in help.
 * @property {string} meaning A few words for help.
 * @property {Word[]} words
 * @property {boolean} [staff] Only who keeps order in the hub has a right to it.
 * @property {boolean} [rooms] Only who keeps order in some room has a right to it.
 * @property {(rest: string, here: string) => Action | null} read Makes the action of what
 *   follows the word and of where the person is; null when words are missing.
 */

// A colon and at least two letters, so that `:)` and `:D` are text.
const COMMAND = /^:(\p{L}{2}\S*)\s*([^]*)$/u;

/** Split the first word off; the rest keeps its line breaks. */
function firstWord(/** @type {string} */ text) {
  const [, word, rest] = /** @type {RegExpMatchArray} */ (text.match(/^(\S*)\s*([^]*)$/));
  return [word, rest];
}

/** @returns {Form["read"]} */
const saying = (/** @type {"#" | "@"} */ sign) => (rest) => {
  const [name, text] = firstWord(rest);
  if (!text) return null;
  return { do: "say", to: name.startsWith(sign) ? name : sign + name, text };
};

/** @returns {Form["read"]} */
const aboutGroup = (/** @type {GroupAction} */ action) => (rest) => {
  const name = rest.replace(/^#/, "");
  return !name || /\s/.test(name) ? null : { do: "group", action, name };
};

/** @returns {Form["read"]} */
const alone = (/** @type {Action} */ action) => (rest) => (rest ? null : action);

/** @type {Form["read"]} */
function readHistory(rest, here) {
  let of = here;
  /** @type {number | null} */
  let limit = null;
  for (const word of rest.split(/\s+/).filter(Boolean)) {
    const address = parseAddress(word);
    if (limit === null && /^\d{1,9}$/.test(word) && Number(word) > 0) limit = Number(word);
    else if (address) of = address;
    else return null;
  }
  return { do: "history", of, limit };
}

/** @type {Form["read"]} */
function readTalk(rest) {
  const to = parseAddress(rest);
  return to === null ? null : { do: "talk", to };
}

/** Passwords are asked for where they can't be seen, so none is written in the line. */
const account = (/** @type {AccountAction} */ action, /** @type {string} */ meaning) => ({
  usage: "",
  meaning,
  words: [],
  read: alone({ do: "account", action }),
});

/** @type {Form["read"]} */
const readGroup = (rest) => (rest ? read(rest, "", GROUP_COMMANDS, ":group ") : null);

/** @type {Record<string, Form>} */
export const GROUP_COMMANDS = {
  create: GROUP_ORDER.create,
  join: GROUP_ORDER.join,
  leave: {
    usage: "<name>",
    meaning: "stop being one",
    words: ["group"],
    read: aboutGroup("leave"),
  },
  send: {
    usage: "<name> <message>",
    meaning: "say something to its members",
    words: ["group", "text"],
    read: saying("#"),
  },
  members: {
    usage: "<name>",
    meaning: "list its members",
    words: ["group"],
    read: aboutGroup("members"),
  },
  list: {
    usage: "",
    meaning: "list the groups",
    words: [],
    read: alone({ do: "group", action: "list", name: "" }),
  },
  ...GROUP_ORDER,
};

/** @type {Record<string, Form>} */
export const COMMANDS = {
  pm: {
    usage: "<user> <message>",
    meaning: "say something to one person",
    words: ["user", "text"],
    read: saying("@"),
  },
  group: {
    usage: "create|join|leave|send|members|list|invite|topic …",
    meaning: "groups",
    words: ["inner"],
    read: readGroup,
  },
  talk: {
    usage: "#group|@user|lobby",
    meaning: "open a conversation",
    words: ["address"],
    read: readTalk,
  },
  users: {
    usage: "",
    meaning: "show who is here",
    words: [],
    read: alone({ do: "users" }),
  },
  history: {
    usage: "[#group|@user|lobby] [n]",
    meaning: "show earlier messages",
    words: ["address", "number"],
    read: readHistory,
  },
  register: account("register", "make your name your own"),
  passwd: account("passwd", "change your password"),
  unregister: account("unregister", "give your name up"),
  "logout-others": account("logout-others", "log your other devices out"),
  ...TOKEN_COMMANDS,
  ...ORDER_COMMANDS,
  help: { usage: "", meaning: "show this list", words: [], read: alone({ do: "help" }) },
  quit: { usage: "", meaning: "leave", words: [], read: alone({ do: "quit" }) },
};

/**
 * Understand a typed line.
 *
 * @param {string} line As typed; it may have line breaks.
 * @param {string} here The address of the conversation it was typed in.
 * @returns {Action | null} Null when there is nothing to say.
 */
export function readLine(line, here) {
  if (!line.trim()) return null;
  if (!COMMAND.test(line)) return slashed(line) ?? { do: "say", to: here, text: line };
  return read(line.slice(1), here, COMMANDS, ":");
}

/**
 * Say how a command is written that looks like one of another chat: whoever types `/quit`
 * does not want to say it to everyone.
 *
 * @param {string} line
 * @returns {Action | null} Null when it is text.
 */
function slashed(line) {
  const [, word] = /^\/([a-z-]+)(?= |$)/i.exec(line) ?? [];
  const meant = word && knownAs(word.toLowerCase(), Object.keys(COMMANDS));
  if (!meant) return null;
  const text = `there is no command /${word}: write :${meant}, or a space before the line to say it`;
  return { do: "wrong", text };
}

/**
 * @param {string} line
 * @param {string} here
 * @param {Record<string, Form>} table
 * @param {string} prefix
 * @returns {Action}
 */
function read(line, here, table, prefix) {
  const [typed, rest] = firstWord(line);
  const word = typed.toLowerCase();
  if (!Object.hasOwn(table, word)) {
    const words = Object.keys(table);
    const near = knownAs(word, words) ?? nearest(word, words);
    const guess = near ? `did you mean ${prefix}${near}? ` : "";
    const shown = typed.slice(0, 32);
    return { do: "wrong", text: `there is no command ${prefix}${shown}; ${guess}:help lists all` };
  }
  const form = table[word];
  const usage = `${prefix}${word} ${form.usage}`.trimEnd();
  return form.read(rest.trim(), here) ?? { do: "wrong", text: `write it as ${usage}` };
}

/** List the commands for help: how each is written, and what it does. */
export function helpRows() {
  return Object.entries(COMMANDS).flatMap(([word, form]) =>
    word === "group"
      ? Object.entries(GROUP_COMMANDS).map(([inner, its]) => ({
          usage: `:group ${inner} ${its.usage}`.trimEnd(),
          meaning: its.meaning,
        }))
      : [{ usage: `:${word} ${form.usage}`.trimEnd(), meaning: form.staff ? `${form.meaning} (moderators)` : form.meaning }],
  );
}
