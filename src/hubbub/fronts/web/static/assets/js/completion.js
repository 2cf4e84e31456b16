/**
 * What somebody may be about to type: commands, names and groups.
 *
 * @import {Form} from "./commands.js"
 */

import { COMMANDS, GROUP_COMMANDS } from "./commands.js";

/**
 * @typedef {object} Choice
 * @property {string} text What is put in.
 * @property {string} hint What it means, in a few words.
 *
 * @typedef {object} Completion
 * @property {number} from Where the word begins that is completed.
 * @property {number} to Where it ends.
 * @property {Choice[]} choices
 *
 * @typedef {object} Known
 * @property {string[]} users
 * @property {string[]} groups
 * @property {boolean} staff Whether one keeps order in the hub.
 * @property {boolean} rooms Whether one keeps order in some room.
 */

const MOST = 20;

/** @returns {Choice[]} */
function named(/** @type {string[]} */ names, /** @type {string} */ begun, sign = "") {
  const wanted = begun.toLowerCase();
  return names
    .filter((name) => name.toLowerCase().startsWith(wanted) && name.toLowerCase() !== wanted)
    .slice(0, MOST)
    .map((name) => ({ text: sign + name, hint: "" }));
}

/** @returns {Choice[]} */
function fromTable(
  /** @type {Record<string, Form>} */ table,
  /** @type {string} */ begun,
  /** @type {string} */ prefix,
  /** @type {Known} */ known,
) {
  const may = (/** @type {Form} */ form) => (!form.staff || known.staff) && (!form.rooms || known.rooms);
  return Object.entries(table)
    .filter(([word, form]) => may(form) && word.startsWith(begun.toLowerCase()) && word !== begun.toLowerCase())
    .map(([word, form]) => ({ text: prefix + word, hint: form.meaning }));
}

/** @returns {Choice[]} */
function addresses(/** @type {string} */ word, /** @type {Known} */ known) {
  if (word.startsWith("#")) return named(known.groups, word.slice(1), "#");
  if (word.startsWith("@")) return named(known.users, word.slice(1), "@");
  return "lobby".startsWith(word.toLowerCase()) && word ? [{ text: "lobby", hint: "" }] : [];
}

/** @returns {Choice[]} */
function ofCommand(
  /** @type {string[]} */ words,
  /** @type {string} */ last,
  /** @type {Known} */ known,
) {
  if (!words.length) return fromTable(COMMANDS, last.slice(1), ":", known);
  const [command, ...given] = words;
  let form = COMMANDS[command.slice(1).toLowerCase()];
  let index = given.length;
  if (form?.words[0] === "inner") {
    if (index === 0) return fromTable(GROUP_COMMANDS, last, "", known);
    form = GROUP_COMMANDS[given[0].toLowerCase()];
    index -= 1;
  }
  switch (form?.words[index]) {
    case "user":
      return named(known.users, last.replace(/^@/, ""));
    case "group":
      return named(known.groups, last.replace(/^#/, ""));
    case "address":
      return addresses(last, known);
    default:
      return [];
  }
}

/**
 * @param {string} text What is in the box.
 * @param {number} caret
 * @param {Known} known
 * @returns {Completion | null} Null when there is nothing to offer.
 */
export function complete(text, caret, known) {
  const before = text.slice(0, caret);
  const from = before.search(/\S*$/);
  const last = before.slice(from);
  const words = before.slice(0, from).split(/\s+/).filter(Boolean);
  const command = /^:\p{L}*$/u.test(words[0] ?? last) && !/^\s/.test(before);
  const inText = last.length > 1 && last.startsWith("@") ? addresses(last, known) : [];
  const choices = command ? ofCommand(words, last, known) : inText;
  return choices.length ? { from, to: caret, choices: choices.slice(0, MOST) } : null;
}
