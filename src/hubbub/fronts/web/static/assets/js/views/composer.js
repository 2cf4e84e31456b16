/**
 * The box in which messages are written, with completion.
 *
 * @import {Choice, Completion, Known} from "../completion.js"
 */

import { complete } from "../completion.js";
import { arrange, h, part, write } from "./dom.js";

export class Composer {
  #box = part("say", HTMLTextAreaElement);
  #hindrance = part("hindrance", HTMLElement);
  #choices = part("choices", HTMLUListElement);
  #send;
  #known;
  #changed;
  /** @type {Completion | null} */
  #offer = null;
  #chosen = -1;

  /**
   * @param {(text: string) => boolean} send Takes a text; false when it stays in the box.
   * @param {() => Known} known
   * @param {(draft: string) => void} changed
   */
  constructor(send, known, changed) {
    this.#send = send;
    this.#known = known;
    this.#changed = changed;
    part("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
      this.#box.focus();
    });
    this.#box.addEventListener("input", () => this.#typed());
    this.#box.addEventListener("keydown", (event) => this.#key(event));
    this.#box.addEventListener("click", () => this.#suggest());
    this.#box.addEventListener("blur", () => this.#withdraw());
  }

  get text() {
    return this.#box.value;
  }

  /** Put a text in, such as the draft of another conversation. */
  set(/** @type {string} */ text, /** @type {string} */ placeholder) {
    this.#box.value = text;
    this.#box.placeholder = placeholder;
    part("say-label", HTMLElement).textContent = placeholder;
    this.#withdraw();
    this.#fit();
  }

  /** Say why nothing can be written here; "" when it can. Commands always can. */
  hinder(/** @type {string} */ why) {
    write(this.#hindrance, why);
    part("composer", HTMLElement).classList.toggle("hindered", why !== "");
  }

  focus() {
    this.#box.focus();
  }

  #submit() {
    if (!this.#send(this.#box.value)) return;
    this.#box.value = "";
    this.#typed();
  }

  #typed() {
    this.#changed(this.#box.value);
    this.#fit();
    this.#suggest();
  }

  /** Be as tall as the text, up to what the style sheet allows. */
  #fit() {
    this.#box.style.height = "auto";
    this.#box.style.height = `${this.#box.scrollHeight}px`;
  }

  #key(/** @type {KeyboardEvent} */ event) {
    // While letters are being composed, as in Chinese, Enter belongs to that.
    if (event.isComposing || event.keyCode === 229) return;
    const plain = !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey;
    if (this.#offer && plain && this.#keyForChoices(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      this.#submit();
    }
  }

  #keyForChoices(/** @type {KeyboardEvent} */ event) {
    const count = this.#offer?.choices.length ?? 0;
    switch (event.key) {
      case "ArrowDown":
        this.#choose((this.#chosen + 1) % count);
        return true;
      case "ArrowUp":
        this.#choose((this.#chosen - 1 + count) % count);
        return true;
      case "Tab":
        this.#take(Math.max(0, this.#chosen));
        return true;
      case "Enter":
        // Enter sends, unless a suggestion was chosen on purpose.
        if (this.#chosen < 0) return false;
        this.#take(this.#chosen);
        return true;
      case "Escape":
        this.#withdraw();
        event.stopPropagation();
        return true;
      default:
        return false;
    }
  }

  // --- suggestions --------------------------------------------------------------------

  #suggest() {
    const caret = this.#box.selectionStart;
    const range = this.#box.selectionEnd === caret;
    this.#offer = range ? complete(this.#box.value, caret, this.#known()) : null;
    this.#chosen = -1;
    const rows = this.#offer?.choices.map((choice, at) => this.#row(choice, at)) ?? [];
    arrange(this.#choices, rows);
    this.#choices.hidden = !this.#offer;
    this.#box.removeAttribute("aria-activedescendant");
  }

  #row(/** @type {Choice} */ { text, hint }, /** @type {number} */ at) {
    return h(
      "li",
      {
        id: `choice-${at}`,
        role: "option",
        "aria-selected": "false",
        // Before the box would lose the focus.
        pointerdown: (event) => {
          event.preventDefault();
          this.#take(at);
        },
      },
      h("bdi", {}, text),
      hint && h("span", { class: "hint" }, hint),
    );
  }

  #choose(/** @type {number} */ at) {
    this.#chosen = at;
    [...this.#choices.children].forEach((row, index) => {
      row.setAttribute("aria-selected", String(index === at));
      if (index === at) row.scrollIntoView({ block: "nearest" });
    });
    this.#box.setAttribute("aria-activedescendant", `choice-${at}`);
  }

  #take(/** @type {number} */ at) {
    if (!this.#offer) return;
    const { from, to, choices } = this.#offer;
    this.#box.setRangeText(`${choices[at].text} `, from, to, "end");
    this.#typed();
  }

  #withdraw() {
    this.#offer = null;
    this.#choices.hidden = true;
    this.#box.removeAttribute("aria-activedescendant");
  }
}
