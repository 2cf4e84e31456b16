/**
 * Where somebody comes in, and where they stand when they are out.
 *
 * @import {Link} from "../../../../types/events.js"
 */

import { part, write } from "./dom.js";

// Refusals that a password answers.
const SECRET = new Set([
  "new_password_needed",
  "password_invalid",
  "password_needed",
  "password_wrong",
  "too_many_tries",
]);

/** @typedef {(name: string, password: string) => void} Enter */

export class Door {
  #door = part("door", HTMLElement);
  #title = part("door-title", HTMLElement);
  #text = part("door-text", HTMLElement);
  #fields = part("door-fields", HTMLElement);
  #name = part("door-name", HTMLInputElement);
  #secret = part("door-secret", HTMLElement);
  #password = part("door-password", HTMLInputElement);
  #error = part("door-error", HTMLElement);
  #go = part("door-go", HTMLButtonElement);
  #enter;
  #back;
  #ended = false;
  /** Whether the name becomes one's own, by an invitation. */
  #invited = false;

  /**
   * @param {Enter} enter
   * @param {() => void} back Comes back after an end, as before.
   */
  constructor(enter, back) {
    this.#enter = enter;
    this.#back = back;
    part("door-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#name.addEventListener("input", () => this.#say(""));
  }

  /** Ask for a name; with an invitation, for a password to choose as well. */
  ask(/** @type {string} */ name, invited = false) {
    this.#invited = invited;
    this.#name.value = name;
    this.#open();
    this.#focus(this.#name);
  }

  /** Say that the hub does not give a name, with what it may give. */
  refuse(/** @type {{name: string, code: string, text: string}} */ { name, code, text }) {
    if (code === "invite_invalid") this.#invited = false;
    this.#open();
    const secret = SECRET.has(code);
    if (secret) this.#secret.hidden = false;
    this.#name.value = code === "name_taken" ? suggestion(name) : name;
    this.#say(sentence(text), secret ? this.#password : this.#name);
  }

  /** Say that the hub does not let this person in. */
  refuseEntry(/** @type {string} */ text) {
    this.#open();
    this.#say(sentence(text), this.#name);
  }

  /** Say that the chat is over here. */
  ended(/** @type {Extract<Link, {state: "ended"}>} */ { code, reason }) {
    /** @type {Record<string, [string, string, string]>} */
    const farewells = {
      quit: ["Goodbye", "You have left the chat.", "Come back"],
      kicked: ["You were removed", sentence(reason), "Join again"],
      banned: ["You are banned", sentence(reason), "Try again"],
      logged_out: ["You were logged out", sentence(reason), "Join again"],
      replaced: [
        "Open elsewhere",
        "Your seat was taken over by another window or device.",
        "Use it here",
      ],
    };
    const [title, text, button] = farewells[code] ?? [
      "The chat is over",
      sentence(reason),
      "Try again",
    ];
    this.#open();
    this.#ended = true;
    this.#secret.hidden = true;
    this.#fields.hidden = true;
    write(this.#title, title);
    write(this.#text, text);
    write(this.#go, button);
    this.#go.focus();
  }

  close() {
    this.#door.hidden = true;
    this.#invited = false;
    this.#password.value = "";
  }

  /** Show that an answer is waited for. */
  wait(/** @type {boolean} */ waiting) {
    this.#go.disabled = waiting;
    write(this.#go, waiting ? "Joining…" : "Join");
  }

  #open() {
    this.#door.hidden = false;
    this.#ended = false;
    this.#fields.hidden = false;
    const invited = this.#invited;
    write(this.#title, invited ? "You are invited" : "Join the chat");
    write(this.#text, invited
      ? "Choose a name and a password. They are yours from now on."
      : "The others will see this name.");
    write(part("door-password-label", HTMLElement), invited ? "A new password" : "Password");
    // For whoever keeps passwords.
    this.#password.autocomplete = invited ? "new-password" : "current-password";
    if (invited) this.#secret.hidden = false;
    this.wait(false);
    this.#say("");
  }

  #submit() {
    if (this.#ended) return this.#back();
    const name = this.#name.value.trim();
    if (!name) return this.#say("Write a name first.", this.#name);
    if (/\s/.test(name)) return this.#say("A name has no spaces.", this.#name);
    if (this.#invited && [...this.#password.value].length < 8) {
      return this.#say("Choose a password of 8 characters or more.", this.#password);
    }
    this.#say("");
    this.wait(true);
    this.#enter(name, this.#password.value);
  }

  /**
   * @param {string} text
   * @param {HTMLInputElement} [at] Where to mend it.
   */
  #say(text, at) {
    write(this.#error, text);
    for (const input of [this.#name, this.#password]) {
      if (input === at) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    if (at) this.#focus(at);
  }

  #focus(/** @type {HTMLInputElement} */ input) {
    input.focus();
    input.select();
  }
}

/** `alice` may be free as `alice2`, and `alice2` as `alice3`. */
export function suggestion(/** @type {string} */ name) {
  const [, stem, number] = /** @type {RegExpMatchArray} */ (name.match(/^(.*?)(\d{0,6})$/));
  const next = String(number ? Number(number) + 1 : 2);
  return [...stem].slice(0, 32 - next.length).join("") + next;
}

/** What the hub writes begins small and has no full stop. */
function sentence(/** @type {string} */ text) {
  const [first = "", ...rest] = text.trim();
  const whole = first.toLocaleUpperCase() + rest.join("");
  return /[.!?]$/.test(whole) || !whole ? whole : `${whole}.`;
}
