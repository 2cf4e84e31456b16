/** A hub, a clock and a socket for tests, in a few lines each. */

export const limits = { text: 4096, line: 65536, nonces: 128, history: 100 };

export const welcome = (fields = {}) =>
  JSON.stringify({
    type: "welcome",
    name: "alice",
    user: 1,
    token: "journal1.secret",
    seq: 1,
    server: { name: "hubbub", version: "0", protocol: 1 },
    users: ["alice"],
    groups: [],
    limits,
    ...fields,
  });

export const message = (/** @type {object} */ fields) =>
  JSON.stringify({
    type: "message",
    time: "2026-01-02T03:04:05.678Z",
    from: "bob",
    to: "lobby",
    text: "hi",
    ...fields,
  });

/** A world in which time passes when the test says so. */
export class FakeWorld {
  time = 0;
  /** Every connection so far. @type {FakeSocket[]} */
  sockets = [];
  /** @type {{at: number, call: () => void}[]} */
  #timers = [];

  open = (/** @type {import("../../../../src/hubbub/fronts/web/static/assets/js/session.js").Listener} */ listener) => {
    const socket = new FakeSocket(listener);
    this.sockets.push(socket);
    return socket;
  };

  now = () => this.time;
  random = () => 0.5;

  after = (/** @type {() => void} */ call, /** @type {number} */ milliseconds) => {
    const timer = { at: this.time + milliseconds, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  /** Let time pass, and everything happen that is due meanwhile. */
  pass(/** @type {number} */ milliseconds) {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.#timers.filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((one) => one !== due);
      this.time = Math.max(this.time, due.at);
      due.call();
    }
    this.time = end;
  }

  get last() {
    return /** @type {FakeSocket} */ (this.sockets.at(-1));
  }
}

class FakeSocket {
  /** What the page has written. @type {any[]} */
  sent = [];
  closed = false;

  constructor(/** @type {import("../../../../src/hubbub/fronts/web/static/assets/js/session.js").Listener} */ listener) {
    this.listener = listener;
  }

  send = (/** @type {string} */ text) => {
    this.sent.push(JSON.parse(text));
  };

  close = () => {
    this.closed = true;
  };

  /** The types of the frames written since the last look. */
  types() {
    return this.sent.splice(0).map((frame) => frame.type);
  }
}
