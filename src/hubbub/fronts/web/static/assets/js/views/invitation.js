/**
 * The sheet where who keeps order makes a code, with its link and a picture of it.
 *
 * @import {InviteMade} from "../../../../types/events.js"
 */

import { closable } from "./dialogs.js";
import { part, write } from "./dom.js";

const LOCAL = /^(localhost|127\.[\d.]+|\[::1\])$/;

/** @typedef {(seconds: number | null) => void} Make */

export class Invitation {
  #dialog = part("invite-dialog", HTMLDialogElement);
  #whom = part("invite-whom", HTMLSelectElement);
  #made = part("invite-made", HTMLElement);
  #link = part("invite-link", HTMLInputElement);
  #copy = part("invite-copy", HTMLButtonElement);
  #picture = part("invite-picture", HTMLImageElement);

  constructor(/** @type {Make} */ make) {
    closable(this.#dialog);
    part("invite-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      make(Number(this.#whom.value) || null);
    });
    this.#copy.addEventListener("click", () => this.#copyLink());
    this.#link.addEventListener("focus", () => this.#link.select());
    this.#picture.addEventListener("load", () => this.#show(true));
    this.#picture.addEventListener("error", () => this.#show(false));
    // It was shown once, and stays nowhere in the page.
    this.#dialog.addEventListener("close", () => this.#clear());
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** Show a code that was made. */
  show(/** @type {InviteMade} */ { code, link, command, until }) {
    this.open();
    const here = LOCAL.test(location.hostname) && link;
    this.#link.value = here ? link : `${location.origin}/#invite=${code}`;
    const end = new Date(until).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    write(part("invite-text", HTMLElement), until
      ? `For anybody until ${end}. It is shown only now.`
      : "For one person. It is shown only now.");
    write(part("invite-code", HTMLElement), command || `:invite ${code}`);
    this.#picture.src = `/join.svg?invite=${code}`;
    this.#made.hidden = false;
    write(this.#copy, "Copy");
    this.#copy.focus();
  }

  #show(/** @type {boolean} */ drawn) {
    this.#picture.hidden = !drawn;
  }

  #clear() {
    this.#made.hidden = true;
    this.#link.value = "";
    this.#picture.removeAttribute("src");
    this.#picture.hidden = true;
    for (const id of ["invite-text", "invite-code"]) write(part(id, HTMLElement), "");
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(this.#link.value);
      write(this.#copy, "Copied");
    } catch {
      // Without TLS there is no clipboard for pages: it is selected, for the keys.
      this.#link.focus();
      write(this.#copy, "Press Ctrl C");
    }
  }
}
