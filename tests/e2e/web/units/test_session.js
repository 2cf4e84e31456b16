import { Protocol } from "/assets/js/protocol.js";
import { Session } from "/assets/js/session.js";
import { FakeWorld, message, welcome } from "./fakes.js";
import { equal, holds, test } from "./testing.js";

function begun() {
  const world = new FakeWorld();
  const protocol = new Protocol("alice");
  /** @type {string[]} */
  const events = [];
  /** @type {string[]} */
  const links = [];
  const session = new Session(protocol, world, {
    event: (event) => events.push(event.type),
    link: (link) => links.push(link.state),
  });
  session.start();
  return { world, protocol, session, events, links };
}

function online(fields = {}) {
  const all = begun();
  all.world.last.listener.opened();
  all.world.last.listener.received(welcome(fields));
  all.world.last.types();
  return all;
}

const bye = (/** @type {string} */ code) => JSON.stringify({ type: "bye", code, reason: "why" });
const no = (/** @type {string} */ code) =>
  JSON.stringify({ type: "error", code, text: "no", re: "hello" });

test("it comes in, and says what is asked", () => {
  const { world, protocol, session, events, links } = online();
  equal(events, ["connected"]);
  equal(links, ["connecting", "online"]);
  protocol.send("lobby", "hi", "n1");
  session.flush();
  equal(world.last.types(), ["send"]);
});

test("a lost connection is tried again, later each time, for as long as it takes", () => {
  const { world, links } = online();
  world.last.listener.closed();
  equal(links.at(-1), "waiting");
  for (const pause of [500, 2000, 4000, 8000, 15000, 30000, 30000, 30000]) {
    const before = world.sockets.length;
    world.pass(pause - 1);
    equal(world.sockets.length, before);
    world.pass(1);
    equal(world.sockets.length, before + 1);
    world.last.listener.closed();
  }
});

test("a socket that is given up is not heard any more", () => {
  const { world, session, events } = online();
  const old = world.last;
  old.listener.closed();
  session.tryNow();
  world.last.listener.opened();
  old.listener.received(message({ seq: 2 }));
  old.listener.closed();
  equal(session.link.state, "connecting");
  world.last.listener.received(welcome({ resumed: true }));
  equal(events, ["connected", "connected"]);
});

test("silence is asked about, and found", () => {
  const { world, session } = online();
  world.pass(29_999);
  equal(world.last.types(), []);
  world.pass(1);
  equal(world.last.types(), ["ping"]);
  world.last.listener.received('{"type":"pong"}');
  world.pass(30_000);
  equal(world.last.types(), ["ping"]);
  world.pass(10_000);
  equal(session.link.state, "waiting");
  holds(world.last.closed);
});

test("a change of network is asked about at once", () => {
  const { world, session } = online();
  session.nudge();
  session.nudge();
  equal(world.last.types(), ["ping"]);
  world.pass(4_000);
  equal(session.link.state, "waiting");
  session.nudge();
  equal(session.link.state, "connecting");
});

test("a hub that does not answer is left", () => {
  const { world, session } = begun();
  world.pass(10_000);
  equal(session.link.state, "waiting");
  session.tryNow();
  world.last.listener.opened();
  world.pass(30_000);
  equal(session.link.state, "waiting");
});

test("goodbyes: some are final, after others it comes back", () => {
  for (const code of ["kicked", "logged_out", "replaced", "quit", "handshake"]) {
    const { world, session } = online();
    world.last.listener.received(bye(code));
    equal(session.link, { state: "ended", code, reason: "why" });
    world.pass(600_000);
    equal(world.sockets.length, 1);
  }
  for (const code of ["idle", "slow", "shutdown", "unheard-of"]) {
    const { world, session } = online();
    world.last.listener.received(bye(code));
    equal(session.link.state, "waiting");
  }
});

test("whoever thinks about a name may take longer than the hub waits", () => {
  const { world, session } = begun();
  world.last.listener.opened();
  world.last.listener.received(no("name_taken"));
  world.last.listener.received(bye("handshake"));
  equal(session.link.state, "naming");
  world.pass(600_000);
  equal(world.sockets.length, 1);
  session.chooseName("alice2");
  world.last.listener.opened();
  equal(world.last.sent[0].name, "alice2");
});

test("a name is chosen anew on the same connection", () => {
  const { world, session } = begun();
  world.last.listener.opened();
  world.last.listener.received(no("name_taken"));
  session.chooseName("alice2");
  equal(world.sockets.length, 1);
  equal(world.last.sent.map((frame) => frame.name), ["alice", "alice2"]);
});

test("refusals at the door: one passes, the others end it", () => {
  const passing = begun();
  passing.world.last.listener.opened();
  passing.world.last.listener.received(no("storage_unavailable"));
  equal(passing.session.link.state, "waiting");
  const final = begun();
  final.world.last.listener.opened();
  final.world.last.listener.received(no("too_many_users"));
  equal(final.session.link.state, "ended");
});

test("leaving says goodbye, and does not wait for ever for the answer", () => {
  const { world, session } = online();
  session.leave();
  equal(world.last.types(), ["bye"]);
  world.pass(2_000);
  equal(session.link.state, "ended");
  const away = begun();
  away.session.leave();
  equal(away.session.link.state, "ended");
  holds(away.world.last.closed);
});
