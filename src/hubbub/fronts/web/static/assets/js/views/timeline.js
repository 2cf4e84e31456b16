/**
 * The messages of a conversation. Only a window of them is in the page: it moves as the
 * person scrolls, and what stays in it stays where it is on the screen.
 *
 * @import {Conversation, Item, Said} from "../conversation.js"
 * @import {Actions} from "./message.js"
 */

import { arrange, part, write } from "./dom.js";
import { dayElement, messageElement, newElement, presenceElement } from "./message.js";
import { dayKey, dayName } from "./time.js";

// Items in the page, and how many come in at an edge. A screen holds a few dozen.
const WINDOW = 150;
const STEP = 50;
// Pixels from an edge at which more is put there.
const NEAR = 900;
// Pixels from the end that still count as the end.
const END = 60;
// What one person says within this time stands under one name.
const TOGETHER = 5 * 60_000;

/** @typedef {{signature: string, element: HTMLElement}} Drawn */

export class Timeline {
  #scroller = part("timeline", HTMLElement);
  #list = part("messages", HTMLElement);
  #jump = part("jump", HTMLElement);
  #jumpText = part("jump-text", HTMLElement);
  #earlier = part("earlier", HTMLElement);
  #beginning = part("beginning", HTMLElement);

  #actions;
  #wantHistory;
  #seenEnd;
  /** @type {Conversation | null} */
  #shown = null;
  /** The first item of the window, and how many follow it. @type {Item | null} */
  #first = null;
  #count = WINDOW;
  /** Whether the newest message is kept in sight. */
  #following = true;
  /** Whether the last message was among those drawn; more may have come since. */
  #drawnToEnd = true;
  /** What had come when the end was last in sight. */
  #seen = 0;
  /** @type {WeakMap<Item, Drawn>} */
  #drawn = new WeakMap();
  /** @type {Map<string, HTMLElement>} */
  #lines = new Map();

  /**
   * @param {Actions} actions
   * @param {(conversation: Conversation) => void} wantHistory Asks for older messages.
   * @param {() => void} seenEnd Learns that the newest message is in sight.
   */
  constructor(actions, wantHistory, seenEnd) {
    this.#actions = actions;
    this.#wantHistory = wantHistory;
    this.#seenEnd = seenEnd;
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#jump.addEventListener("click", () => this.toEnd());
    this.#earlier.addEventListener("click", () => this.#older());
    this.#list.addEventListener("copy", (event) => this.#copy(event));
    // The screen keyboard, a taller message box, a turned phone: the end stays in sight.
    const pin = new ResizeObserver(() => this.#following && this.#pin());
    pin.observe(this.#scroller);
    pin.observe(this.#list);
  }

  /** Draw a conversation as it is now. */
  draw(/** @type {Conversation} */ conversation) {
    const another = conversation !== this.#shown;
    if (another) this.#begin(conversation);
    const rows = conversation.rows;
    if (this.#following) this.#windowAtEnd(rows);
    const anchor = another || this.#following ? null : this.#anchor();
    this.#render(conversation, rows);
    if (this.#following) this.#pin();
    else if (anchor) this.#restore(anchor);
    if (another && conversation.newAfter !== null) this.#toNewLine();
    this.#showEdges(conversation);
    if (conversation.more === null) this.#wantHistory(conversation);
    else if (!another) this.#fill();
  }

  /** Go to the newest message and stay with those that come. */
  toEnd() {
    this.#following = true;
    if (this.#shown) this.draw(this.#shown);
  }

  /** Scroll by a part of the screen. */
  scrollBy(/** @type {number} */ screens) {
    this.#scroller.scrollBy({ top: screens * this.#scroller.clientHeight * 0.85 });
  }

  /** Go to the earliest message that is here, which brings earlier ones. */
  toStart() {
    this.#following = false;
    this.#first = this.#shown?.rows[0] ?? null;
    if (this.#shown) this.draw(this.#shown);
    this.#scroller.scrollTop = 0;
  }

  #begin(/** @type {Conversation} */ conversation) {
    this.#shown = conversation;
    this.#following = true;
    this.#count = WINDOW;
    this.#lines.clear();
    this.#seen = conversation.lastSeq;
    if (conversation.newAfter === null) return;
    const after = conversation.newAfter;
    const rows = conversation.rows;
    const at = rows.findIndex((item) => item.kind === "message" && item.seq > after);
    if (at < 0 || rows.length - at < STEP) return;
    // Too much is new for one screen: begin where the person had stopped.
    this.#following = false;
    this.#first = rows[Math.max(0, at - STEP)];
  }

  // --- the window ---------------------------------------------------------------------

  #windowAtEnd(/** @type {Item[]} */ rows) {
    this.#count = WINDOW;
    this.#first = rows[Math.max(0, rows.length - WINDOW)] ?? null;
  }

  #start(/** @type {Item[]} */ rows) {
    const at = this.#first ? rows.indexOf(this.#first) : -1;
    return at < 0 ? Math.max(0, rows.length - this.#count) : at;
  }

  #scrolled() {
    const conversation = this.#shown;
    if (!conversation) return;
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    this.#following = this.#drawnToEnd && scrollHeight - scrollTop - clientHeight < END;
    if (this.#following && this.#seen !== conversation.lastSeq) {
      this.#seen = conversation.lastSeq;
      this.#seenEnd();
    }
    this.#fill();
    this.#showEdges(conversation);
  }

  /** Put more in where the person is close to an edge of the window. */
  #fill() {
    const rows = this.#shown?.rows ?? [];
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const start = this.#start(rows);
    const below = scrollHeight - scrollTop - clientHeight;
    if (scrollTop < NEAR) this.#older();
    else if (below < NEAR && start + this.#count < rows.length) this.#move(start + STEP);
  }

  /** Bring older messages into the page, or ask for them. */
  #older() {
    const conversation = this.#shown;
    if (!conversation) return;
    const start = this.#start(conversation.rows);
    if (start > 0 && !this.#following) this.#move(Math.max(0, start - STEP));
    else if (start === 0 && conversation.more) this.#wantHistory(conversation);
  }

  #move(/** @type {number} */ start) {
    const conversation = this.#shown;
    if (!conversation) return;
    const rows = conversation.rows;
    const anchor = this.#anchor();
    this.#first = rows[start] ?? null;
    this.#count = WINDOW + STEP;
    this.#render(conversation, rows);
    if (anchor) this.#restore(anchor);
  }

  // --- places on the screen -----------------------------------------------------------

  /** The first element in sight, and where it is. */
  #anchor() {
    const top = this.#scroller.scrollTop;
    let low = 0;
    let high = this.#list.children.length - 1;
    const child = (/** @type {number} */ at) => /** @type {HTMLElement} */ (this.#list.children[at]);
    while (low < high) {
      const middle = (low + high) >> 1;
      const { offsetTop, offsetHeight } = child(middle);
      if (offsetTop + offsetHeight > top) high = middle;
      else low = middle + 1;
    }
    const element = child(low);
    return element ? { element, offset: element.offsetTop - top } : null;
  }

  #restore(/** @type {{element: HTMLElement, offset: number}} */ { element, offset }) {
    if (element.isConnected) this.#scroller.scrollTop = element.offsetTop - offset;
  }

  #pin() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #toNewLine() {
    const line = this.#list.querySelector(".new");
    if (!(line instanceof HTMLElement)) return;
    const top = line.offsetTop - this.#scroller.clientHeight / 4;
    if (top < this.#scroller.scrollTop) this.#scroller.scrollTop = top;
  }

  // --- drawing ------------------------------------------------------------------------

  #render(/** @type {Conversation} */ conversation, /** @type {Item[]} */ rows) {
    const start = this.#start(rows);
    const { newAfter } = conversation;
    /** @type {HTMLElement[]} */
    const wanted = [];
    let newShown = newAfter === null;
    const end = Math.min(rows.length, start + this.#count);
    this.#drawnToEnd = end === rows.length;
    for (let at = start; at < end; at += 1) {
      const item = rows[at];
      const before = rows[at - 1];
      const newDay = !before || dayKey(before.time) !== dayKey(item.time);
      if (newDay) wanted.push(this.#day(item.time));
      const isNew = !newShown && item.seq > (newAfter ?? 0);
      // The line stands where reading stopped, so not above a window of new ones only.
      if (isNew && item.kind === "message" && !item.own) {
        newShown = true;
        const beforeIsNew = before && before.seq > (newAfter ?? 0) && before.kind === "message";
        if (!beforeIsNew) wanted.push(this.#line("new", newElement));
      }
      wanted.push(this.#element(item, before, newDay || isNew));
    }
    arrange(this.#list, wanted);
  }

  /**
   * @param {Item} item
   * @param {Item | undefined} before
   * @param {boolean} apart Whether a line stands between the two.
   */
  #element(item, before, apart) {
    if (item.kind === "presence") {
      return this.#cached(item, `${item.version}`, () => presenceElement(item));
    }
    const first = apart || !follows(item, before);
    const signature = `${item.version} ${first} ${item.mention}`;
    return this.#cached(item, signature, () => messageElement(item, first, this.#actions));
  }

  /**
   * @param {Item} item
   * @param {string} signature Another one means another look.
   * @param {() => HTMLElement} make
   */
  #cached(item, signature, make) {
    const drawn = this.#drawn.get(item);
    if (drawn?.signature === signature) return drawn.element;
    const element = make();
    elements.set(element, item);
    this.#drawn.set(item, { signature, element });
    return element;
  }

  #day(/** @type {number} */ time) {
    // The name changes at midnight, so it is part of what the line is known by.
    const name = dayName(time, Date.now());
    return this.#line(`${dayKey(time)} ${name}`, () => dayElement(name));
  }

  #line(/** @type {string} */ key, /** @type {() => HTMLElement} */ make) {
    const known = this.#lines.get(key) ?? make();
    this.#lines.set(key, known);
    return known;
  }

  #showEdges(/** @type {Conversation} */ conversation) {
    const atStart = this.#start(conversation.rows) === 0;
    this.#earlier.hidden = !(atStart && conversation.more);
    const empty = conversation.more === false && !conversation.rows.length;
    this.#beginning.hidden = !(atStart && conversation.more === false);
    const where = conversation.kind === "lobby" ? "the lobby" : conversation.address;
    write(this.#beginning, empty ? `Nothing was said in ${where} yet.` : `This is where ${where} begins.`);
    const below = this.#following ? 0 : countAfter(conversation.items, this.#seen);
    if (this.#following) this.#seen = conversation.lastSeq;
    this.#jump.hidden = this.#following;
    write(this.#jumpText, below ? `${below.toLocaleString()} new` : "Newest");
  }

  // --- copying ------------------------------------------------------------------------

  /** Copy several messages as clean lines: who, when and what, as it was typed. */
  #copy(/** @type {ClipboardEvent} */ event) {
    const selection = document.getSelection();
    if (!selection?.rangeCount || !event.clipboardData) return;
    const range = selection.getRangeAt(0);
    const touched = [...this.#list.querySelectorAll(".message")].filter((one) =>
      range.intersectsNode(one),
    );
    if (touched.length < 2) return;
    const lines = touched.map((element, at) => {
      const item = /** @type {Said} */ (elements.get(element));
      const edge = at === 0 || at === touched.length - 1;
      const text = edge ? selectedText(range, element) : item.text;
      const time = element.querySelector("time")?.textContent ?? "";
      return item.deleted ? "" : text && `[${time}] ${item.from}: ${text}`;
    });
    event.clipboardData.setData("text/plain", lines.filter(Boolean).join("\n"));
    event.preventDefault();
  }
}

/** The item that an element shows. @type {WeakMap<Element, Item>} */
const elements = new WeakMap();

/** The part of a message's text that is selected. */
function selectedText(/** @type {Range} */ range, /** @type {Element} */ element) {
  const body = element.querySelector(".body");
  if (!body || !range.intersectsNode(body)) return "";
  const inner = document.createRange();
  inner.selectNodeContents(body);
  if (inner.comparePoint(range.startContainer, range.startOffset) === 0) {
    inner.setStart(range.startContainer, range.startOffset);
  }
  if (inner.comparePoint(range.endContainer, range.endOffset) === 0) {
    inner.setEnd(range.endContainer, range.endOffset);
  }
  const whole = inner.toString() === body.textContent;
  const item = /** @type {Said} */ (elements.get(element));
  return whole ? item.text : inner.toString();
}

/** @returns {boolean} Whether a message stands under the name of the one before. */
function follows(/** @type {Said} */ item, /** @type {Item | undefined} */ before) {
  return (
    before?.kind === "message" &&
    before.from === item.from &&
    before.announced === item.announced &&
    item.time - before.time < TOGETHER
  );
}

/** How many messages of others came after a `seq`. */
function countAfter(/** @type {Item[]} */ items, /** @type {number} */ seq) {
  let count = 0;
  for (let at = items.length - 1; at >= 0 && items[at].seq > seq; at -= 1) {
    const item = items[at];
    if (item.kind === "message" && !item.own) count += 1;
  }
  return count;
}
