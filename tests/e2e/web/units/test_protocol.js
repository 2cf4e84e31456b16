import { Protocol } from "/assets/js/protocol.js";
import { limits, message, welcome } from "./fakes.js";
import { equal, holds, test } from "./testing.js";

function joined(kept = {}) {
  const protocol = new Protocol("alice", kept);
  protocol.connectionMade();
  protocol.take();
  return { protocol, events: protocol.receive(welcome()) };
}

const types = (/** @type {{type: string}[]} */ events) => events.map((event) => event.type);
const frames = (/** @type {Protocol} */ protocol) => protocol.take().map((text) => JSON.parse(text));

/** Lose the connection and come back. */
function again(/** @type {Protocol} */ protocol, fields = {}) {
  protocol.connectionLost();
  protocol.connectionMade();
  const [hello] = frames(protocol);
  return { hello, events: protocol.receive(welcome(fields)) };
}

test("hello comes first, and what is said waits for the welcome", () => {
  const protocol = new Protocol("alice", {}, () => "k".repeat(22));
  protocol.send("lobby", "hi", "n1");
  protocol.connectionMade();
  equal(frames(protocol), [
    { type: "hello", name: "alice", client: "hubbub-web/1", key: "k".repeat(22), attempt: 1 },
  ]);
  equal(types(protocol.receive(welcome())), ["connected"]);
  equal(frames(protocol), [{ type: "send", to: "lobby", text: "hi", nonce: "n1" }]);
  equal(frames(protocol), []);
});

test("a message with the own nonce is the acknowledgement, once", () => {
  const { protocol } = joined();
  protocol.send("lobby", "hi", "n1");
  protocol.take();
  const back = message({ seq: 2, from: "alice", nonce: "n1" });
  equal(types(protocol.receive(back)), ["message", "acknowledged"]);
  equal(types(protocol.receive(back)), []);
  equal(protocol.kept().unsent, []);
});

test("a resumed seat sends again what was not acknowledged, in order, with its nonce", () => {
  const { protocol } = joined();
  protocol.send("lobby", "one", "n1");
  protocol.take();
  protocol.send("lobby", "two", "n2");
  const { hello, events } = again(protocol, { resumed: true });
  equal(hello.resume, { token: "journal1.secret", after: 1 });
  equal(types(events), ["connected"]);
  equal(frames(protocol).map((frame) => frame.nonce), ["n1", "n2"]);
  // "acknowledged again with the first `seq`", which was seen before the loss.
  equal(types(protocol.receive(message({ seq: 2, nonce: "n1" }))), ["message", "acknowledged"]);
});

test("a new seat does not send again what the hub may have", () => {
  const { protocol } = joined();
  protocol.send("lobby", "one", "n1");
  protocol.take();
  protocol.send("lobby", "two", "n2");
  const { events } = again(protocol);
  equal(types(events), ["connected", "unconfirmed"]);
  equal(frames(protocol).map((frame) => frame.nonce), ["n2"]);
});

test("nothing is told twice, and nothing is missed", () => {
  const { protocol } = joined();
  equal(types(protocol.receive(message({ seq: 5 }))), ["message"]);
  equal(again(protocol, { seq: 1, resumed: true }).hello.resume.after, 5);
  equal(protocol.receive(message({ seq: 5 })), []);
  equal(types(protocol.receive(message({ seq: 6 }))), ["message"]);
  equal(protocol.kept().seat?.seq, 6);
});

test("another journal begins anew", () => {
  const { protocol } = joined();
  protocol.receive(message({ seq: 500 }));
  const { events } = again(protocol, { token: "journal2.other", seq: 3 });
  holds(events[0].type === "connected" && !events[0].sameJournal);
  equal(types(protocol.receive(message({ seq: 4 }))), ["message"]);
});

test("what an earlier page left is sent", () => {
  const seat = { name: "alice", token: "journal1.secret", seq: 9, attempt: 3 };
  const unsent = [{ nonce: "n1", to: "lobby", text: "hi", tried: true }];
  const protocol = new Protocol("alice", { seat, unsent });
  protocol.connectionMade();
  const [hello] = frames(protocol);
  equal([hello.resume, hello.attempt], [{ token: "journal1.secret", after: 9 }, 4]);
  protocol.receive(welcome({ seq: 4, resumed: true }));
  equal(frames(protocol)[0].nonce, "n1");
  equal(protocol.kept().seat?.seq, 9);
});

test("no more is unacknowledged than the hub remembers", () => {
  const { protocol } = joined();
  for (let n = 0; n < 200; n += 1) protocol.send("lobby", "x", `n${n}`);
  equal(frames(protocol).length, limits.nonces / 2);
  protocol.receive(message({ seq: 2, nonce: "n0" }));
  equal(frames(protocol).map((frame) => frame.nonce), ["n64"]);
});

test("a refusal finds what it refuses", () => {
  const { protocol } = joined();
  protocol.ask({ type: "history", of: "@x" });
  protocol.send("@x", "hi", "n1");
  protocol.take();
  const refuse = (/** @type {string} */ re) =>
    protocol.receive(JSON.stringify({ type: "error", code: "user_unknown", text: "no", re }));
  for (const re of ["n1", "history"]) {
    const [event] = refuse(re);
    equal(event.type === "refused" && event.request?.type, re === "n1" ? "send" : re);
  }
  const [stray] = refuse("history");
  equal(stray.type === "refused" && stray.request, null);
});

test("a refused name can be chosen anew, any other refusal ends it", () => {
  const protocol = new Protocol("alice");
  const refuse = (/** @type {string} */ code) =>
    JSON.stringify({ type: "error", code, text: "no", re: "hello" });
  protocol.connectionMade();
  protocol.take();
  equal(types(protocol.receive(refuse("name_taken"))), ["nameRefused"]);
  protocol.chooseName("alice2");
  equal(frames(protocol)[0].name, "alice2");
  equal(types(protocol.receive(refuse("too_many_users"))), ["entryRefused"]);
});

test("one key until there is a welcome, and every connection counted", () => {
  const protocol = new Protocol("alice");
  const hellos = [1, 2].map(() => {
    protocol.connectionLost();
    protocol.connectionMade();
    return frames(protocol)[0];
  });
  equal(hellos.map((hello) => hello.attempt), [1, 2]);
  equal(hellos[0].key, hellos[1].key);
  protocol.receive(welcome());
  holds(again(protocol, {}).hello.key !== hellos[0].key);
});

test("a password is asked for, and said with the next hello", () => {
  const protocol = new Protocol("alice");
  protocol.connectionMade();
  protocol.take();
  const needed = { type: "error", code: "password_needed", text: "no", re: "hello" };
  equal(types(protocol.receive(JSON.stringify(needed))), ["nameRefused"]);
  protocol.password = "secret words";
  protocol.chooseName("alice");
  equal(frames(protocol)[0].password, "secret words");
});

test("a change of groups is not asked twice", () => {
  const { protocol } = joined();
  protocol.ask({ type: "group", action: "create", name: "tea" });
  protocol.take();
  equal(types(protocol.connectionLost()), ["unconfirmed"]);
});

test("questions are dropped with the connection, and what is to be done is kept", () => {
  const { protocol } = joined();
  protocol.ask({ type: "history", of: "lobby", before: 7 });
  protocol.ask({ type: "group", action: "members", name: "tea" });
  protocol.take();
  protocol.connectionLost();
  protocol.ask({ type: "users" });
  protocol.ask({ type: "group", action: "join", name: "tea" });
  equal(types(again(protocol, { resumed: true }).events), ["connected"]);
  equal(frames(protocol), [{ type: "group", action: "join", name: "tea" }]);
});

test("what is too long is refused here", () => {
  const { protocol } = joined();
  equal(protocol.objection("x".repeat(4096)), "");
  holds(protocol.objection("é".repeat(2049)).includes("2 bytes too long"));
  protocol.send("lobby", "x".repeat(5000), "n1");
  protocol.connectionLost();
  protocol.connectionMade();
  equal(types(protocol.receive(welcome({ resumed: true }))), ["connected", "refused"]);
});

test("frames that mean nothing mean nothing", () => {
  const { protocol } = joined();
  for (const text of ["", "{", "null", "7", "[]", "\"x\"", "{}", '{"type":"hologram","seq":9}']) {
    equal(protocol.receive(text), []);
  }
  equal(protocol.receive(welcome()), []);
});
