/**
 * The commands of access tokens, with which a program comes in for a person.
 *
 * @import {TokenFields} from "../../../types/frames.js"
 * @import {Action, Form} from "./commands.js"
 */

import { duration } from "./order_commands.js";

/** @returns {Action} */
const token = (
  /** @type {"create" | "list" | "revoke"} */ action,
  /** @type {TokenFields} */ fields = {},
) => ({ do: "request", frame: { type: "token", action, ...fields } });

/**
 * Read `[name] [post WHERE...] [read WHERE...] [for 90d]`, in any order.
 *
 * @returns {Action | null}
 */
function create(/** @type {string[]} */ words) {
  /** @type {Record<string, string[]>} */
  const given = { name: [], post: [], read: [], for: [] };
  let part = given.name;
  for (const word of words) {
    const begins = word !== "name" && Object.hasOwn(given, word.toLowerCase());
    if (begins) part = given[word.toLowerCase()];
    else part.push(word);
  }
  const { name, post, read, for: length } = given;
  const timed = part === length || length.length > 0;
  const seconds = length.length === 1 ? duration(length[0]) : null;
  if (name.length > 1 || !(post.length || read.length) || (timed && seconds === null)) return null;
  return token("create", {
    ...(name.length && { name: name[0].replace(/^@/, "") }),
    ...(post.length && { post }),
    ...(read.length && { read }),
    ...(seconds !== null && { seconds }),
  });
}

/** @type {Form["read"]} */
function readToken(rest) {
  const [word, ...more] = rest.split(/\s+/);
  if (word.toLowerCase() === "new") return create(more);
  const isNumber = more.length === 1 && /^\d{1,15}$/.test(more[0]);
  return word.toLowerCase() === "revoke" && isNumber ? token("revoke", { id: Number(more[0]) }) : null;
}

/** @type {Record<string, Form>} */
export const TOKEN_COMMANDS = {
  token: {
    usage: "new [post <where>…] [read <where>…] [for 90d]|revoke <id>",
    meaning: "let a program in for you, at lobby, #group, @user or all",
    words: ["text"],
    read: readToken,
  },
  tokens: {
    usage: "",
    meaning: "list the tokens for programs",
    words: [],
    read: (rest) => (rest ? null : token("list")),
  },
};
