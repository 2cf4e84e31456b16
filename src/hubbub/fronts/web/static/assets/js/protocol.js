/**
 * The client's side of the JSON dialect, without a socket, a clock or the page.
 *
 * One `Protocol` outlives its connections, since what must not be lost or said twice
 * does as well. Frames come in as text and go out as text; what they tell comes out as
 * events. Whatever the hub sends, nothing is thrown: what means nothing is skipped.
 *
 * @import {ClientFrame, GroupAction, Limits, MessageFrame, RequestFrame, ServerFrame,
 *   WelcomeFrame} from "../../../types/frames.js"
 * @import {ProtocolEvent, Renamed, Seat, Unsent} from "../../../types/events.js"
 */

import { helloOf, NAME_REFUSALS } from "./entrance.js";
import { changes, Outgoing } from "./outgoing.js";
import { newSecret } from "./random.js";
import {
  actOf,
  connectedOf,
  groupOf,
  inviteOf,
  messageOf,
  orderRows,
  presenceOf,
  renamedOf,
  roleOf,
  tokensOf,
} from "./translate.js";

const encoder = new TextEncoder();

/** @typedef {"offline" | "greeting" | "nameless" | "joined" | "over"} Phase */

/** The journal that a token belongs to: `<journal id>.<secret>`. */
const journalOf = (/** @type {string} */ token) => token.split(".", 1)[0];

export class Protocol {
  /** @type {Phase} */
  phase = "offline";
  /** @type {Limits | null} */
  limits = null;
  /** The password to come in with, where one is needed; it is kept nowhere else. */
  password = "";
  /** The code of an invitation, until it is used or has let nobody in. */
  invite = "";

  #outgoing;
  /** @type {ClientFrame[]} */
  #control = [];
  /** @type {Seat | null} */
  #seat;
  #leaving = false;
  #newKey;
  /** By this the hub knows its seat again, if the welcome is lost. */
  #key;
  /** Connections so far: one that was given up may come to the hub after the next. */
  #attempt;

  /**
   * @param {string} name The name to ask for.
   * @param {{seat?: Seat | null, unsent?: Unsent[]}} [kept] What an earlier page of
   *   this tab left behind.
   * @param {() => string} [newKey] Makes secrets.
   */
  constructor(name, kept = {}, newKey = newSecret) {
    this.name = name;
    this.#seat = kept.seat ?? null;
    this.#attempt = kept.seat?.attempt ?? 0;
    this.#outgoing = new Outgoing(kept.unsent);
    this.#newKey = newKey;
    this.#key = newKey();
  }

  // --- the connection -----------------------------------------------------------------

  /** Begin a new connection: `hello` goes out first. */
  connectionMade() {
    this.#control = [];
    this.#leaving = false;
    this.#outgoing.dropQuestions();
    this.#outgoing.rewind();
    this.#attempt += 1;
    if (this.#seat) this.#seat.attempt = this.#attempt;
    this.#sayHello();
  }

  /**
   * Learn that the connection is gone. Messages keep their place until the next welcome.
   * Other changes are not asked for twice: nobody knows whether they stand.
   *
   * @returns {ProtocolEvent[]}
   */
  connectionLost() {
    this.phase = "offline";
    return this.#outgoing
      .takeTried(changes)
      .map((request) => ({ type: "unconfirmed", request }));
  }

  /** Ask for another name after a refusal, at once or on connecting. */
  chooseName(/** @type {string} */ name) {
    this.name = name;
    if (this.phase === "nameless") this.#sayHello();
  }

  /** Leave: after what may go out now, `bye` does, and nothing more. */
  bye() {
    this.#leaving = true;
  }

  ping() {
    this.#control.push({ type: "ping" });
  }

  #sayHello() {
    this.phase = "greeting";
    const who = { name: this.name, password: this.password, invite: this.invite };
    this.#control.push(
      helloOf({ ...who, seat: this.#seat, key: this.#key, attempt: this.#attempt }),
    );
  }

  // --- what can be asked --------------------------------------------------------------

  /**
   * Say something. It goes out when there is a connection, and only once.
   *
   * @param {string} to An address.
   * @param {string} text
   * @param {string} nonce Never used before, and nobody can guess it.
   */
  send(to, text, nonce) {
    this.#outgoing.add(nonce, { type: "send", to, text, nonce });
  }

  /** Ask anything but `send`. The answer names what was asked. */
  ask(/** @type {RequestFrame} */ frame) {
    this.#outgoing.add(null, frame);
  }

  /** Take back something said that is not acknowledged and was refused or given up. */
  forget(/** @type {string} */ nonce) {
    this.#outgoing.take(nonce);
  }

  /** What has to outlive this page: the seat, and what is not acknowledged. */
  kept() {
    return { seat: this.#seat, unsent: this.#outgoing.unsent() };
  }

  /** Give the seat up: the next welcome is that of a new user. */
  forgetSeat() {
    this.#seat = null;
  }

  /** Say why a text can't be sent, or "" when it can. */
  objection(/** @type {string} */ text) {
    const size = encoder.encode(text).length;
    if (!this.limits || size <= this.limits.text) return "";
    const over = (size - this.limits.text).toLocaleString();
    return `the message is ${over} bytes too long for this hub`;
  }

  // --- frames out ---------------------------------------------------------------------

  /** Give the frames to write now; from then on they may have been sent. */
  take() {
    /** @type {ClientFrame[]} */
    const out = this.#control.splice(0);
    if (this.phase === "joined" && this.limits) {
      // "The hub remembers the last `limits.nonces` nonces of each user: keep fewer
      // unacknowledged."
      out.push(...this.#outgoing.handOver(Math.max(1, this.limits.nonces >> 1)));
      if (this.#leaving) {
        out.push({ type: "bye" });
        this.phase = "over";
      }
    }
    return out.map((frame) => JSON.stringify(frame));
  }

  // --- frames in ----------------------------------------------------------------------

  /**
   * Take in what the hub sent.
   *
   * @param {string} text One frame a line.
   * @returns {ProtocolEvent[]} What it tells, in order.
   */
  receive(text) {
    /** @type {ProtocolEvent[]} */
    const events = [];
    for (const line of text.split("\n")) {
      if (!line || this.phase === "offline") continue;
      /** @type {ServerFrame} */
      let frame;
      try {
        frame = JSON.parse(line);
      } catch {
        continue;
      }
      if (frame && typeof frame === "object") events.push(...this.#receive(frame));
    }
    return events;
  }

  /** @returns {ProtocolEvent[]} */
  #receive(/** @type {ServerFrame} */ frame) {
    switch (frame.type) {
      case "welcome":
        return this.#welcome(frame);
      case "ping":
        this.#control.push(frame.id ? { type: "pong", id: frame.id } : { type: "pong" });
        return [];
      case "bye":
        this.phase = "over";
        return [frame];
      case "error":
        return this.phase === "greeting"
          ? this.#refuseHello(frame.code, frame.text)
          : this.#refuse(frame.code, frame.text, frame.re);
      default:
        return this.phase === "joined" || this.phase === "over" ? this.#tell(frame) : [];
    }
  }

  /** @returns {ProtocolEvent[]} */
  #welcome(/** @type {WelcomeFrame} */ frame) {
    // `welcome` answers `hello`, and outside a greeting there was none.
    if (this.phase !== "greeting") return [];
    this.phase = "joined";
    const before = this.#seat;
    const resumed = before !== null && frame.resumed === true;
    const sameJournal = before !== null && journalOf(before.token) === journalOf(frame.token);
    this.name = frame.name;
    this.invite = "";
    this.limits = frame.limits;
    this.#seat = {
      name: frame.name,
      token: frame.token,
      // In the same journal `seq` never goes back: what was seen is no news again.
      seq: sameJournal ? Math.max(before.seq, frame.seq) : frame.seq,
      attempt: this.#attempt,
    };
    this.#key = this.#newKey();
    /** @type {ProtocolEvent[]} */
    const events = [connectedOf(frame, resumed, sameJournal)];
    // A new user's nonces are new: what may have been heard could be said twice.
    const lost = resumed ? [] : this.#outgoing.takeTried((one) => one.type === "send");
    for (const request of lost) events.push({ type: "unconfirmed", request });
    // The hub skips what is too long without reading it, so it would never answer.
    for (const one of this.#outgoing.unsent()) {
      const objection = this.objection(one.text);
      if (!objection) continue;
      const request = this.#outgoing.take(one.nonce);
      events.push({ type: "refused", code: "text_too_long", text: objection, request });
    }
    return events;
  }

  /** @returns {ProtocolEvent[]} */
  #refuseHello(/** @type {string} */ code, /** @type {string} */ text) {
    if (!NAME_REFUSALS.has(code)) return [{ type: "entryRefused", code, text }];
    this.phase = "nameless";
    // One may yet come in without.
    if (code === "invite_invalid") this.invite = "";
    return [{ type: "nameRefused", name: this.name, code, text }];
  }

  /**
   * @param {string} code
   * @param {string} text
   * @param {string | undefined} re "the nonce of the refused `send`, or the `type`"
   * @returns {ProtocolEvent[]}
   */
  #refuse(code, text, re) {
    const request =
      this.#outgoing.take(re ?? "") ?? this.#outgoing.takeOldest((one) => one.type === re);
    return [{ type: "refused", code, text, request }];
  }

  /** @returns {ProtocolEvent[]} */
  #tell(/** @type {ServerFrame} */ frame) {
    const news = "seq" in frame && this.#seat ? frame.seq > this.#seat.seq : true;
    if (news && "seq" in frame && this.#seat) this.#seat.seq = frame.seq;
    if (frame.type === "message") {
      // An acknowledgement "again with the first `seq`" is no news, but it is one.
      /** @type {ProtocolEvent[]} */
      const events = news ? [this.#message(frame)] : [];
      if (frame.nonce && this.#outgoing.take(frame.nonce)) {
        events.push({ type: "acknowledged", nonce: frame.nonce, seq: frame.seq });
      }
      return events;
    }
    return news ? this.#tellOther(frame) : [];
  }

  /** @returns {ProtocolEvent[]} */
  #tellOther(/** @type {Exclude<ServerFrame, {type: "message"}>} */ frame) {
    switch (frame.type) {
      case "renamed":
        return [this.#renamed(renamedOf(frame, this.name))];
      case "joined":
      case "left":
      case "kicked":
        return [presenceOf(frame, this.name)];
      case "group":
        return [this.#groupChanged(frame)];
      case "act":
        return [actOf(frame)];
      case "role":
        return [roleOf(frame)];
      case "sessions":
      case "bans":
      case "audit":
      case "invites":
        return [this.#orderListed(frame)];
      case "token":
      case "tokens":
        this.#outgoing.takeOldest((one) => one.type === "token" && one.action !== "revoke");
        return [tokensOf(frame)];
      case "invite":
        this.#outgoing.takeOldest((one) => one.type === "admin" && one.action === "invite");
        return [inviteOf(frame)];
      case "users":
        this.#outgoing.takeOldest((one) => one.type === "users");
        return [{ type: "usersListed", users: frame.users }];
      case "room":
        return [{ type: "roomDescribed", room: frame }];
      case "groups":
        this.#takeGroup("list");
        return [{ type: "groupsListed", groups: frame.groups }];
      case "members":
        this.#takeGroup("members");
        return [{ type: "membersListed", group: frame.group, members: frame.members }];
      case "history":
        return [this.#history(frame)];
      case "waiting":
        return [{ type: "waiting", messages: frame.messages.map((one) => this.#message(one)) }];
      case "done":
        this.#outgoing.takeOldest((one) => one.type === frame.re);
        return [{ type: "done", action: frame.action }];
      default:
        // A type of a later version is news that this page does not know of.
        return [];
    }
  }

  #renamed(/** @type {Renamed} */ event) {
    if (event.own) {
      this.name = event.name;
      if (this.#seat) this.#seat.name = event.name;
    }
    return event;
  }

  /** @returns {ProtocolEvent} */
  #groupChanged(/** @type {Extract<ServerFrame, {type: "group"}>} */ frame) {
    const own = frame.you === true || frame.name === this.name;
    const asked = { created: "create", joined: "join", left: "leave", ended: null };
    const action = /** @type {GroupAction | null} */ (asked[frame.action]);
    const request = own && action ? this.#takeGroup(action, frame.group) : null;
    return groupOf(frame, own, request !== null);
  }

  /** @returns {ProtocolEvent} */
  #orderListed(/** @type {Parameters<typeof orderRows>[0]} */ frame) {
    const trail = frame.type === "audit" && frame.reports ? "reports" : "audit";
    const asked = /** @type {const} */ ({ sessions: "list", bans: "bans", invites: "invites", audit: trail });
    const what = asked[frame.type];
    this.#outgoing.takeOldest((one) => one.type === "admin" && one.action === what);
    return { type: "orderListed", what, rows: orderRows(frame) };
  }

  /** @returns {ProtocolEvent} */
  #history(/** @type {Extract<ServerFrame, {type: "history"}>} */ frame) {
    const asked = this.#outgoing.takeOldest((one) => one.type === "history");
    return {
      type: "history",
      of: frame.of,
      before: asked?.type === "history" ? (asked.before ?? null) : null,
      messages: frame.messages.map((one) => this.#message(one)),
      more: frame.more,
    };
  }

  #message(/** @type {MessageFrame} */ frame) {
    return messageOf(frame, this.name);
  }

  #takeGroup(/** @type {GroupAction} */ action, name = "") {
    const wanted = name.toLowerCase();
    return this.#outgoing.takeOldest(
      (one) =>
        one.type === "group" &&
        one.action === action &&
        (!wanted || one.name?.toLowerCase() === wanted),
    );
  }
}
