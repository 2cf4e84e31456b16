/**
 * The sheet where somebody makes a name their own, with a password that nobody sees.
 *
 * @import {AccountAction} from "../../../../types/frames.js"
 */

import { closable } from "./dialogs.js";
import { part, write } from "./dom.js";

/**
 * @typedef {object} Mode
 * @property {string} text
 * @property {string} button
 * @property {string} old What the first field asks for; "" when there is none.
 * @property {boolean} fresh Whether a new password is chosen.
 */

/** @type {Record<AccountAction, Mode>} */
const MODES = {
  register: {
    text: "With a password your name is yours alone, on every device.",
    button: "Make it mine",
    old: "",
    fresh: true,
  },
  passwd: {
    text: "Your other devices are logged out.",
    button: "Change the password",
    old: "Password until now",
    fresh: true,
  },
  unregister: {
    text: "Your name is free for anybody again.",
    button: "Give it up",
    old: "Password",
    fresh: false,
  },
  "logout-others": {
    text: "This one stays.",
    button: "Log out my other devices",
    old: "",
    fresh: false,
  },
};

/** @typedef {(action: AccountAction, password: string, fresh: string) => void} Act */

export class Account {
  #dialog = part("account-dialog", HTMLDialogElement);
  #mode = part("account-mode", HTMLSelectElement);
  #old = part("account-old", HTMLInputElement);
  #fresh = part("account-new", HTMLInputElement);

  constructor(/** @type {Act} */ act) {
    closable(this.#dialog);
    this.#mode.addEventListener("change", () => this.#draw());
    part("account-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      const action = this.#action;
      const { old, fresh } = MODES[action];
      act(action, old ? this.#old.value : "", fresh ? this.#fresh.value : "");
      this.#dialog.close();
    });
    // No password stays in the page.
    this.#dialog.addEventListener("close", () => {
      this.#old.value = this.#fresh.value = "";
    });
  }

  open(/** @type {AccountAction} */ action, /** @type {string} */ name) {
    // For whoever keeps passwords: whose it is.
    part("account-name", HTMLInputElement).value = name;
    this.#mode.value = action;
    this.#draw();
    this.#dialog.showModal();
    const { old, fresh } = MODES[action];
    if (old) this.#old.focus();
    else if (fresh) this.#fresh.focus();
  }

  get #action() {
    return /** @type {AccountAction} */ (this.#mode.value);
  }

  #draw() {
    const { text, button, old, fresh } = MODES[this.#action];
    write(part("account-text", HTMLElement), text);
    write(part("account-go", HTMLElement), button);
    write(part("account-old-label", HTMLElement), old);
    part("account-old-field", HTMLElement).hidden = !old;
    part("account-new-field", HTMLElement).hidden = !fresh;
    this.#old.required = old !== "";
    this.#fresh.required = fresh;
  }
}
