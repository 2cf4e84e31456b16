/**
 * The one place that joins the parts: protocol, connection, store, page and storage.
 *
 * @import {RequestFrame} from "../../../types/frames.js"
 * @import {ProtocolEvent, Link} from "../../../types/events.js"
 * @import {Topic} from "./store.js"
 * @import {Chat} from "./views/page.js"
 */

import { Attention } from "./attention.js";
import { takeInvite } from "./entrance.js";
import { Protocol } from "./protocol.js";
import { newSecret } from "./random.js";
import { Session } from "./session.js";
import { browserWorld, hubAddress } from "./socket.js";
import {
  forgetTab,
  seatIsTaken,
  storedName,
  storedTab,
  storeName,
  storeTab,
} from "./storage.js";
import { Store } from "./store.js";
import { Page } from "./views/page.js";

// How long changes are collected before they are stored, in milliseconds.
const STORE_AFTER = 300;

class App {
  /** @type {Set<Topic>} */
  #topics = new Set();
  #drawing = false;
  #storing = 0;
  #protocol = new Protocol("");
  #session;
  #store;
  #page;
  #attention;

  constructor() {
    this.#store = new Store(
      (topic) => this.#changed(topic),
      (conversation, item) => {
        this.#attention.heard(conversation, item);
        this.#page.heard(conversation, item);
      },
    );
    this.#attention = new Attention(this.#store, (one) => this.#page.show(one.address));
    this.#session = this.#connect();
    this.#page = new Page(this.#store, this.#chat(), this.#attention);
    this.#watch();
  }

  /** Come back to the seat that this tab held, or ask for a name. */
  async begin() {
    const taken = await seatIsTaken(() => this.#protocol.kept().seat?.token ?? "");
    if (taken) forgetTab();
    const invite = takeInvite(location, history);
    const tab = storedTab();
    if (!tab?.seat) {
      this.#protocol.invite = invite;
      return this.#page.door.ask(storedName(), invite !== "");
    }
    this.#store.me = tab.seat.name;
    this.#store.order.mutedUntil = tab.mutedUntil === -1 ? Infinity : (tab.mutedUntil ?? 0);
    for (const { address, draft, ...counts } of tab.talks) {
      Object.assign(this.#store.open(address), counts, { draft });
      // What was unread is above this page's first event: a line shows where it begins.
      if (counts.unread) this.#store.open(address).newAfter = counts.readSeq;
    }
    for (const one of tab.unsent) this.#store.say(one, Date.now());
    this.#protocol = new Protocol(tab.seat.name, tab);
    // Should the seat be gone, one comes in with it.
    this.#protocol.invite = invite;
    this.#session = this.#connect();
    this.#page.open(true);
    this.#store.show(tab.active);
    this.#session.start();
  }

  #connect() {
    return new Session(this.#protocol, browserWorld(hubAddress(location)), {
      event: (event) => this.#receive(event),
      link: (link) => this.#linked(link),
    });
  }

  // --- what the person does -----------------------------------------------------------

  /** @returns {Chat} */
  #chat() {
    return {
      enter: (name, password) => {
        this.#protocol.password = password;
        if (this.#session.link.state === "naming") return this.#session.chooseName(name);
        this.#protocol.name = name;
        this.#session.start();
      },
      comeBack: () => this.#session.start(),
      leave: () => {
        this.#protocol.forgetSeat();
        this.#session.leave();
      },
      tryNow: () => this.#session.tryNow(),
      say: (to, text) => this.#say(to, text),
      discard: ({ nonce }) => {
        this.#protocol.forget(nonce);
        this.#store.discard(nonce);
        this.#keep();
      },
      history: (conversation, limit = null) => {
        if (conversation.loading || conversation.more === false) return;
        conversation.loading = true;
        const before = conversation.oldest;
        this.#ask({
          type: "history",
          of: conversation.address,
          ...(before !== null && { before }),
          ...(limit !== null && { limit }),
        });
      },
      group: (action, name, fields = {}) =>
        this.#ask({ type: "group", action, ...(name && { name }), ...fields }),
      account: (action, old, fresh) =>
        this.#ask({
          type: "account",
          action,
          // `register` chooses a password, `passwd` replaces one.
          ...((old || fresh) && { password: old || fresh }),
          ...(old && fresh && { new: fresh }),
        }),
      request: (frame) => this.#ask(frame),
    };
  }

  #ask(/** @type {RequestFrame} */ frame) {
    this.#protocol.ask(frame);
    this.#session.flush();
  }

  #say(/** @type {string} */ to, /** @type {string} */ text) {
    const objection = this.#protocol.objection(text);
    if (objection) return objection;
    const nonce = newSecret();
    this.#store.say({ nonce, to, text, tried: false }, Date.now());
    this.#protocol.send(to, text, nonce);
    // Stored before it may go out: a page that ends now still knows what it said.
    this.#keep();
    this.#session.flush();
    return "";
  }

  // --- what the hub and the connection do ---------------------------------------------

  #receive(/** @type {ProtocolEvent} */ event) {
    this.#store.receive(event);
    switch (event.type) {
      case "connected":
        storeName(event.name);
        this.#page.open(true);
        this.#keep();
        break;
      case "nameRefused":
        this.#page.open(false);
        this.#page.door.refuse(event);
        break;
      case "entryRefused":
        this.#page.open(false);
        break;
      default:
    }
  }

  #linked(/** @type {Link} */ link) {
    this.#store.setLink(link);
    if (link.state === "waiting" && !this.#store.entered && !this.#store.me) {
      // Nobody is in yet: at the door there is nothing to wait beside.
      this.#page.door.refuseEntry("The hub can't be reached. Trying again…");
    }
    if (link.state !== "ended") return;
    if (["kicked", "banned", "logged_out", "quit"].includes(link.code)) this.#forget();
    this.#page.open(false);
    const { code, reason } = link;
    if (["kicked", "banned", "logged_out", "quit", "replaced", "handshake"].includes(code)) this.#page.door.ended(link);
    else this.#page.door.refuseEntry(reason);
  }

  /** Take an invitation that was opened in a page that is there already. */
  #invited() {
    const invite = takeInvite(location, history);
    if (!invite) return;
    if (this.#store.entered && this.#session.link.state !== "ended") {
      return this.#store.tell("You are in already: an invitation is for somebody new.");
    }
    this.#protocol.invite = invite;
    this.#page.door.ask(storedName(), true);
  }

  #forget() {
    this.#protocol.forgetSeat();
    clearTimeout(this.#storing);
    this.#storing = 0;
    forgetTab();
  }

  // --- drawing and storing ------------------------------------------------------------

  #changed(/** @type {Topic} */ topic) {
    this.#topics.add(topic);
    if (!this.#storing) {
      this.#storing = window.setTimeout(() => {
        this.#keep();
        // Frames stop in a hidden page, and its title is what somebody looks at then.
        this.#attention.show();
      }, STORE_AFTER);
    }
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      const topics = this.#topics;
      this.#topics = new Set();
      this.#page.draw(topics);
    });
  }

  #keep() {
    clearTimeout(this.#storing);
    this.#storing = 0;
    const { seat, unsent } = this.#protocol.kept();
    if (!seat) return;
    const talks = this.#store.conversations.map(
      ({ address, unread, mentions, readSeq, draft, wrote }) => ({
        address,
        unread,
        mentions,
        readSeq,
        draft,
        wrote,
      }),
    );
    const { mutedUntil } = this.#store.order;
    // JSON can't write Infinity.
    storeTab({ mutedUntil: mutedUntil === Infinity ? -1 : mutedUntil, seat, unsent, active: this.#store.active.address, talks });
  }

  /** Follow what happens around the page. */
  #watch() {
    const attend = () => this.#store.attend(!document.hidden && document.hasFocus());
    for (const type of ["focus", "blur"]) addEventListener(type, attend);
    document.addEventListener("visibilitychange", () => {
      attend();
      if (!document.hidden) this.#session.nudge();
    });
    addEventListener("hashchange", () => this.#invited());
    for (const type of ["online", "offline", "pageshow", "resume"]) {
      addEventListener(type, () => this.#session.nudge());
    }
    // Another Wi-Fi, where the browser tells of it.
    /** @type {{connection?: EventTarget}} */ (navigator).connection?.addEventListener(
      "change",
      () => this.#session.nudge(),
    );
    addEventListener("pagehide", () => this.#keep());
    watchSleep(() => this.#session.nudge());
    attend();
  }
}

/** A clock that stood still says that the machine slept. */
function watchSleep(/** @type {() => void} */ woke) {
  const every = 5_000;
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > every * 3) woke();
    last = now;
  }, every);
}

new App().begin();
