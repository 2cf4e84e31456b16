/**
 * The card for a projector: the address, its QR code, and who is in, as they come.
 *
 * It looks at `/about.json` again and again instead of joining: whoever shows the card is
 * not in the chat, and a hub has few of them.
 */

import { sorted } from "./people.js";
import { arrange, h, hueOf, part, write } from "./views/dom.js";

// In milliseconds.
const EVERY = 2_000;
// More names than this are counted: the card is looked at, not read.
const MOST = 60;

/**
 * @typedef {object} About What the hub says of itself.
 * @property {string[]} [urls] Where it can be reached; the first is for everyone.
 * @property {string[]} [users] Who is in; a closed hub does not say.
 */

/** @type {Map<string, HTMLElement>} */
let shown = new Map();

function drawAddress(/** @type {string} */ url) {
  const { hostname, port, href } = new URL(url);
  const address = part("address", HTMLElement);
  const shownAs = href.replace(/\/$/, "");
  if (address.textContent === shownAs) return;
  address.textContent = shownAs;
  address.style.setProperty("--letters", String(shownAs.length));
  const name = hostname.replace(/^\[(.*)\]$/, "$1");
  const command = h("code", {}, `nc ${name} ${port || "80"}`);
  part("terminal", HTMLElement).replaceChildren("Or in a terminal: ", command);
}

function drawPeople(/** @type {string[]} */ users) {
  const names = sorted(users).slice(0, MOST);
  const next = new Map(
    names.map((name) => [
      name,
      shown.get(name) ?? h("li", { class: hueOf(name) }, h("bdi", {}, name)),
    ]),
  );
  shown = next;
  const rest = users.length - names.length;
  const more = rest > 0 ? [h("li", { class: "rest" }, `and ${rest.toLocaleString()} more`)] : [];
  arrange(part("names", HTMLElement), [...next.values(), ...more]);
  const count = users.length === 1 ? "1 person is here" : `${users.length.toLocaleString()} people are here`;
  write(part("count", HTMLElement), users.length ? count : "Nobody is here yet");
}

async function look() {
  const answer = await fetch("/about.json", { cache: "no-store" });
  if (!answer.ok) throw new Error(answer.statusText);
  /** @type {About} */
  const about = await answer.json();
  drawAddress(about.urls?.[0] ?? location.origin);
  // A closed hub does not say who is in.
  if (about.users) drawPeople(about.users);
  part("present", HTMLElement).hidden = !about.users;
  part("closed", HTMLElement).hidden = about.users !== undefined;
  const code = part("code", HTMLImageElement);
  // A hub may have been away when the page asked for it.
  if (code.complete && !code.naturalWidth) code.src = "/join.svg";
}

async function watch() {
  const away = part("away", HTMLElement);
  if (!document.hidden) {
    const well = await look().then(
      () => true,
      () => false,
    );
    write(away, well ? "" : "The hub is not there at the moment.");
    if (!shown.size && !well) drawAddress(location.origin);
  }
  setTimeout(watch, EVERY);
}

const code = part("code", HTMLImageElement);
const showCode = () => {
  code.hidden = !code.naturalWidth;
};
code.addEventListener("load", showCode);
code.addEventListener("error", showCode);
showCode();
watch();
