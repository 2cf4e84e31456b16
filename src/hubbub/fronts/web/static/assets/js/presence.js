/**
 * Who came, went and did what, folded into one sentence.
 *
 * @import {Happening} from "../../../types/events.js"
 */

import { wordAct } from "./order.js";

const SHOWN = 3;

/** @typedef {Happening["type"] | "created" | "ended" | "joinedGroup" | "leftGroup"} What */
/** @typedef {{what: What, name: string, detail: string}} Entry */

/** @returns {Entry} */
export function entryOf(/** @type {Happening} */ event) {
  switch (event.type) {
    case "joined":
    case "left":
      return { what: event.type, name: event.name, detail: "" };
    case "kicked":
      return { what: "kicked", name: event.name, detail: event.reason };
    case "renamed":
      return { what: "renamed", name: event.old, detail: event.name };
    case "role":
      return { what: "act", name: event.name, detail: `${event.name} is now ${event.role}` };
    case "act":
      return { what: "act", name: event.by, detail: wordAct(event) };
    case "group": {
      if (event.by && event.action === "left") {
        const why = event.reason ? `: ${event.reason}` : "";
        const detail = `${event.name} was removed by ${event.by}${why}`;
        return { what: "act", name: event.name, detail };
      }
      const what = { joined: "joinedGroup", left: "leftGroup", created: "created", ended: "ended" };
      return {
        what: /** @type {What} */ (what[event.action]),
        name: event.name,
        detail: event.group,
      };
    }
  }
}

const CAME = new Set(["joined", "joinedGroup"]);
const WENT = new Set(["left", "leftGroup"]);

/**
 * What became of each who came or went: who comes and goes ten times is one of these.
 *
 * @param {Entry[]} entries
 */
function fates(entries) {
  /** @type {Map<string, {came: boolean, here: boolean, name: string}>} */
  const people = new Map();
  for (const { what, name } of entries) {
    if (!CAME.has(what) && !WENT.has(what)) continue;
    const here = CAME.has(what);
    const known = people.get(name.toLowerCase());
    if (known) known.here = here;
    else people.set(name.toLowerCase(), { came: here, here, name });
  }
  /** @type {Record<"joined" | "left" | "back" | "visited", string[]>} */
  const lists = { joined: [], left: [], back: [], visited: [] };
  for (const { came, here, name } of people.values()) {
    if (came) lists[here ? "joined" : "visited"].push(name);
    else lists[here ? "back" : "left"].push(name);
  }
  return lists;
}

/** `a`, `a and b`, `a, b and c`, or with a number for the rest. */
export function listed(/** @type {string[]} */ names, shown = SHOWN) {
  const rest = names.length - shown;
  const parts = rest > 1 ? [...names.slice(0, shown), `${rest} others`] : names;
  if (parts.length < 2) return parts.join("");
  return `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** @returns {string} */
function single(/** @type {Entry} */ { what, name, detail }) {
  switch (what) {
    case "created":
      return `${name} created #${detail}`;
    case "ended":
      return `#${detail} ended`;
    case "renamed":
      return `${name} is now ${detail}`;
    case "act":
      return detail;
    case "kicked":
      return detail ? `${name} was removed: ${detail}` : `${name} was removed`;
    default:
      return "";
  }
}

/**
 * Fold what happened between two messages into one sentence.
 *
 * @param {Entry[]} entries In order.
 * @param {number} [shown] How many names are written out.
 */
export function sentence(entries, shown = SHOWN) {
  const { joined, left, back, visited } = fates(entries);
  return [
    joined.length && `${listed(joined, shown)} joined`,
    back.length && `${listed(back, shown)} reconnected`,
    visited.length && `${listed(visited, shown)} came and went`,
    left.length && `${listed(left, shown)} left`,
    ...entries.map(single),
  ]
    .filter(Boolean)
    .join(" · ");
}
