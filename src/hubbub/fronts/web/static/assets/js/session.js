/**
 * A chat from its first attempt to its end: the connection, and when to try again.
 *
 * The socket, the clock and the timer are handed in, so that a test can be all three.
 *
 * @import {Link, ProtocolEvent} from "../../../types/events.js"
 * @import {Protocol} from "./protocol.js"
 */

/**
 * @typedef {object} Socket
 * @property {(text: string) => void} send
 * @property {() => void} close Nothing more is heard of it after this.
 *
 * @typedef {object} Listener
 * @property {() => void} opened
 * @property {(text: string) => void} received
 * @property {() => void} closed
 *
 * @typedef {object} World
 * @property {(listener: Listener) => Socket} open
 * @property {() => number} now Milliseconds on a clock that never jumps back.
 * @property {(call: () => void, milliseconds: number) => () => void} after Gives what
 *   takes the call back.
 * @property {() => number} random From 0 to 1.
 */

// All in milliseconds.
const CONNECT = 10_000;
const WELCOME = 30_000;
// Shorter than what routers and the hub allow: a page is looked at, and should know.
const SILENCE = 30_000;
const ANSWER = 10_000;
// After a sign that the network may have changed, a live hub answers at once.
const ANSWER_NUDGED = 4_000;
const GOODBYE = 2_000;
/** From one attempt to the next. A page goes on trying for as long as it is open. */
const PAUSES = [500, 2_000, 4_000, 8_000, 15_000, 30_000];

// After these the hub does not want this client back, or the person has left.
const FINAL_BYES = new Set(["quit", "kicked", "banned", "logged_out", "replaced", "refused", "handshake"]);
// Refusals at the door that say "try again".
const PASSING_REFUSALS = new Set(["storage_unavailable"]);

export class Session {
  /** @type {Link} */
  link = { state: "idle" };

  #protocol;
  #world;
  #tell;
  /** @type {Socket | null} */
  #socket = null;
  #attempts = 0;
  #deadline = Infinity;
  #asked = false;
  #leaving = false;
  #dropTimer = () => {};

  /**
   * @param {Protocol} protocol
   * @param {World} world
   * @param {{event: (event: ProtocolEvent) => void, link: (link: Link) => void}} tell
   */
  constructor(protocol, world, tell) {
    this.#protocol = protocol;
    this.#world = world;
    this.#tell = tell;
  }

  // --- what the person and the page do ------------------------------------------------

  /** Come in; also again, after an end. */
  start() {
    this.#attempts = 0;
    this.#open();
  }

  /** Try at once, instead of at the end of the countdown. */
  tryNow() {
    if (this.link.state === "waiting") this.#open();
  }

  /**
   * Learn that the network may have changed, or that the machine slept: a connection
   * that looks alive is asked, and one that is waited for is tried.
   */
  nudge() {
    this.tryNow();
    if (this.link.state === "online" && !this.#asked) this.#ask(ANSWER_NUDGED);
  }

  /** Ask for another name after a refusal. */
  chooseName(/** @type {string} */ name) {
    this.#protocol.chooseName(name);
    if (!this.#socket) return this.start();
    this.#enter({ state: "connecting", attempt: this.#attempts });
    this.#wait(WELCOME);
    this.flush();
  }

  /** Write what the protocol has to say. */
  flush() {
    if (!this.#socket) return;
    for (const frame of this.#protocol.take()) this.#socket.send(frame);
  }

  /** Leave, with a goodbye if there is anyone to say it to. */
  leave() {
    if (this.link.state !== "online") return this.#end("quit", "You have left.");
    this.#leaving = true;
    this.#protocol.bye();
    this.flush();
    this.#wait(GOODBYE);
  }

  // --- the course of a connection -----------------------------------------------------

  #open() {
    this.#hangUp();
    this.#leaving = false;
    this.#enter({ state: "connecting", attempt: this.#attempts });
    this.#wait(CONNECT);
    // A socket that was given up may still speak; only the last one is heard.
    /** @type {Socket} */
    const socket = this.#world.open({
      opened: () => socket === this.#socket && this.#opened(),
      received: (text) => socket === this.#socket && this.#received(text),
      closed: () => socket === this.#socket && this.#lost("the connection was closed"),
    });
    this.#socket = socket;
  }

  #opened() {
    this.#protocol.connectionMade();
    this.#wait(WELCOME);
    this.flush();
  }

  #received(/** @type {string} */ text) {
    const socket = this.#socket;
    for (const event of this.#protocol.receive(text)) {
      this.#take(event);
      if (this.#socket !== socket) return;
    }
    if (this.link.state === "online" && !this.#leaving) {
      this.#asked = false;
      this.#wait(SILENCE);
    }
    this.flush();
  }

  #take(/** @type {ProtocolEvent} */ event) {
    switch (event.type) {
      case "connected":
        this.#attempts = 0;
        this.#tell.event(event);
        this.#enter({ state: "online" });
        return;
      case "nameRefused":
        this.#enter({ state: "naming" });
        this.#wait(Infinity);
        this.#tell.event(event);
        return;
      case "entryRefused":
        if (PASSING_REFUSALS.has(event.code)) return this.#lost(event.text);
        this.#tell.event(event);
        return this.#end(event.code, event.text);
      case "bye":
        if (FINAL_BYES.has(event.code) && this.link.state !== "naming") {
          return this.#end(event.code, event.reason);
        }
        return this.#lost(event.reason);
      default:
        this.#tell.event(event);
    }
  }

  #lost(/** @type {string} */ reason) {
    const naming = this.link.state === "naming";
    this.#hangUp();
    if (this.#leaving) return this.#end("quit", "You have left.");
    // Whoever thinks about a name may take longer than the hub waits.
    if (naming) return this.#wait(Infinity);
    const pause = PAUSES[Math.min(this.#attempts, PAUSES.length - 1)];
    // Spread, so that a hub that comes back is not met by everyone in one moment.
    const milliseconds = Math.round(pause * (0.75 + this.#world.random() / 2));
    this.#attempts += 1;
    const at = this.#world.now() + milliseconds;
    this.#enter({ state: "waiting", at, attempt: this.#attempts, reason });
    this.#wait(milliseconds);
  }

  #end(/** @type {string} */ code, /** @type {string} */ reason) {
    this.#hangUp();
    this.#wait(Infinity);
    this.#enter({ state: "ended", code, reason });
  }

  #hangUp() {
    if (!this.#socket) return;
    const socket = this.#socket;
    this.#socket = null;
    this.#asked = false;
    for (const event of this.#protocol.connectionLost()) this.#tell.event(event);
    socket.close();
  }

  #enter(/** @type {Link} */ link) {
    this.link = link;
    this.#tell.link(link);
  }

  // --- deadlines ----------------------------------------------------------------------

  /** Set the one deadline there is: `#due` runs when nothing happens for so long. */
  #wait(/** @type {number} */ milliseconds) {
    this.#deadline = this.#world.now() + milliseconds;
    this.#dropTimer();
    this.#dropTimer =
      milliseconds === Infinity ? () => {} : this.#world.after(() => this.#due(), milliseconds);
  }

  #due() {
    if (this.#world.now() < this.#deadline) return this.#wait(this.#deadline - this.#world.now());
    if (this.link.state === "waiting") return this.#open();
    if (this.#leaving) return this.#lost("the hub did not say goodbye");
    if (this.link.state !== "online") return this.#lost("the hub does not answer");
    if (this.#asked) return this.#lost("the hub has gone silent");
    this.#ask(ANSWER);
  }

  #ask(/** @type {number} */ patience) {
    this.#asked = true;
    this.#protocol.ping();
    this.#wait(patience);
    this.flush();
  }
}
