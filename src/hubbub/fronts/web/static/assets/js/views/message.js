/**
 * How the items of a conversation look.
 *
 * @import {Happened, Said} from "../conversation.js"
 * @import {Inline} from "../text.js"
 */

import { sentence } from "../presence.js";
import { blocks, isEmoji, mentions } from "../text.js";
import { h, hueOf } from "./dom.js";
import { clock, moment } from "./time.js";

/**
 * @typedef {object} Actions
 * @property {(item: Said) => void} retry
 * @property {(item: Said) => void} discard
 * @property {(item: Said, owner: HTMLElement) => void} more Opens the menu of a message.
 * @property {() => string} me
 */

// More names than this are counted, and the whole sentence is one click away.
const NAMES = 3;

/**
 * @param {Said} item
 * @param {boolean} first Whether it is the first of several by the same person.
 * @param {Actions} actions
 */
export function messageElement(item, first, actions) {
  const { from, own, state, mention } = item;
  const { deleted, announced } = item;
  const server = from === "SERVER";
  const marks = [first && "first", own && "own", mention && "mention", server && "server", announced && "announced"];
  const time = h("time", { datetime: iso(item.time), title: moment(item.time) }, clock(item.time));
  const hue = server ? "hue-server" : hueOf(from);
  return h(
    "li",
    { class: ["message", state, ...marks.filter(Boolean)].join(" ") },
    first && h("span", { class: `avatar ${hue}`, "aria-hidden": "true" }, initial(from)),
    h(
      "p",
      { class: first ? "head" : "head hidden-name" },
      h("bdi", { class: `name ${hue}` }, announced ? `Announcement by ${from}` : from),
      " ",
      time,
    ),
    deleted ? h("p", { class: "deleted" }, `Deleted by ${deleted}`) : bodyElement(item.text, actions.me()),
    state === "stored" && !deleted && !announced && more(item, actions),
    state === "pending" && h("p", { class: "state" }, "waiting…"),
    state === "failed" && failure(item, actions),
  );
}

const iso = (/** @type {number} */ time) => new Date(time).toISOString();

const initial = (/** @type {string} */ name) => ([...name][0] ?? "?").toLocaleUpperCase();

/** The text with its links, code and mentions. */
export function bodyElement(/** @type {string} */ text, /** @type {string} */ me) {
  const body = h("div", { class: isEmoji(text) ? "body emoji" : "body" });
  for (const block of blocks(text)) {
    if (block.kind === "fence") {
      // Long lines scroll sideways, which has to be possible without a mouse.
      const code = h("code", {}, block.text);
      body.append(h("pre", { tabindex: 0, role: "group", "aria-label": "Code" }, code));
    } else {
      body.append(h("p", { dir: "auto" }, ...block.parts.map((one) => inline(one, me))));
    }
  }
  return body;
}

/** @returns {Node | string} */
function inline(/** @type {Inline} */ part, /** @type {string} */ me) {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return h("code", {}, part.text);
    case "mention": {
      const mine = mentions(part.text, me);
      return h("bdi", { class: mine ? "at mine" : "at" }, part.text);
    }
    case "link":
      return h(
        "a",
        {
          href: part.href,
          target: "_blank",
          rel: "noopener noreferrer nofollow",
          // Where it leads, with no look-alike letters.
          title: part.href,
        },
        part.text,
      );
  }
}

function more(/** @type {Said} */ item, /** @type {Actions} */ actions) {
  const label = `More about the message of ${item.from}, ${clock(item.time)}`;
  return h(
    "button",
    {
      type: "button",
      class: "more",
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      click: (event) => actions.more(item, event.currentTarget),
    },
    "⋯",
  );
}

function failure(/** @type {Said} */ item, /** @type {Actions} */ actions) {
  return h(
    "div",
    { class: "failure" },
    h("p", {}, `Not sent: ${item.problem}`),
    h("button", { type: "button", click: () => actions.retry(item) }, "Retry"),
    h("button", { type: "button", click: () => actions.discard(item) }, "Discard"),
  );
}

export function presenceElement(/** @type {Happened} */ item) {
  const short = sentence(item.entries, NAMES);
  const whole = sentence(item.entries, item.entries.length);
  const text = h("span", { dir: "auto" }, short);
  if (short === whole) return h("li", { class: "presence" }, h("p", {}, text));
  const summary = h("summary", {}, text);
  return h("li", { class: "presence" }, h("details", {}, summary, h("p", { dir: "auto" }, whole)));
}

export function dayElement(/** @type {string} */ day) {
  return h("li", { class: "day" }, h("span", {}, day));
}

export function newElement() {
  return h("li", { class: "new" }, h("span", {}, "New messages"));
}
