/**
 * How the connection stands, when it does not stand well.
 *
 * @import {Store} from "../store.js"
 */

import { part, write } from "./dom.js";

export class Banner {
  #store;
  #banner = part("banner", HTMLElement);
  #text = part("banner-text", HTMLElement);
  #count = part("banner-count", HTMLElement);
  #tryNow = part("try-now", HTMLElement);
  #timer = 0;

  /**
   * @param {Store} store
   * @param {() => void} tryNow
   */
  constructor(store, tryNow) {
    this.#store = store;
    this.#tryNow.addEventListener("click", tryNow);
  }

  draw() {
    const { link } = this.#store;
    const away = link.state === "waiting" || link.state === "connecting";
    // Moves no focus and no text while it stands: it comes and goes as a whole.
    this.#banner.hidden = !away;
    document.body.classList.toggle("offline", away);
    this.#tryNow.hidden = link.state !== "waiting";
    const unplugged = navigator.onLine ? "" : " This device seems to be offline.";
    write(
      this.#text,
      away ? `Not connected. What you write is kept and sent when it is back.${unplugged}` : "",
    );
    clearInterval(this.#timer);
    this.#tick();
    if (link.state === "waiting") this.#timer = window.setInterval(() => this.#tick(), 250);
  }

  #tick() {
    const { link } = this.#store;
    if (link.state !== "waiting") return write(this.#count, "Trying…");
    const seconds = Math.max(0, Math.ceil((link.at - performance.now()) / 1000));
    write(this.#count, seconds ? `Trying again in ${seconds} s` : "Trying…");
  }
}
