import { Store } from "/assets/js/store.js";
import { limits } from "./fakes.js";
import { equal, holds, test } from "./testing.js";

let seq = 100;

function entered(fields = {}) {
  /** @type {string[]} */
  const heard = [];
  const store = new Store(
    () => {},
    (conversation, item) => heard.push(`${conversation.address} ${item.text}`),
  );
  store.receive({
    type: "connected",
    name: "alice",
    server: "hubbub",
    users: ["alice", "bob"],
    groups: [],
    limits,
    resumed: false,
    sameJournal: false,
    role: "guest",
    rooms: [],
    ...fields,
  });
  return { store, heard };
}

const message = (fields = {}) => ({
  type: /** @type {const} */ ("message"),
  seq: ++seq,
  time: 1_700_000_000_000,
  from: "bob",
  to: "lobby",
  text: "hi",
  own: false,
  deleted: "",
  ...fields,
});

const texts = (/** @type {import("/assets/js/conversation.js").Conversation | undefined} */ one) =>
  one?.rows.flatMap((row) => (row.kind === "message" ? [row.text] : [row.kind]));

test("a private message belongs to the other one", () => {
  const { store } = entered();
  store.receive(message({ to: "@alice", text: "to me" }));
  store.receive(message({ from: "alice", to: "@Bob", text: "from me", own: true }));
  equal(texts(store.find("@bob")), ["to me", "from me"]);
});

test("pages of history and what comes live are one list without repeats", () => {
  const { store } = entered();
  const live = [message({ seq: 1010, text: "10" }), message({ seq: 1011, text: "11" })];
  for (const one of live) store.receive(one);
  const older = [message({ seq: 1008, text: "8" }), message({ seq: 1009, text: "9" }), live[0]];
  store.receive({ type: "history", of: "lobby", before: null, messages: older, more: true });
  equal(texts(store.active), ["8", "9", "10", "11"]);
  equal(store.active.oldest, 1008);
  equal(store.active.more, true);
  equal(store.active.unread, 0);
});

test("what is said stands at the end until it is stored", () => {
  const { store } = entered();
  store.say({ nonce: "n1", to: "lobby", text: "mine", tried: false }, 0);
  store.receive(message({ text: "theirs" }));
  equal(texts(store.active), ["theirs", "mine"]);
  const item = store.active.pending[0];
  store.receive(message({ from: "alice", text: "mine", own: true, nonce: "n1" }));
  store.receive({ type: "acknowledged", nonce: "n1", seq });
  equal(texts(store.active), ["theirs", "mine"]);
  holds(store.active.items[1] === item && item.state === "stored");
});

test("a message that history tells of waits no more", () => {
  const { store } = entered();
  store.say({ nonce: "n1", to: "lobby", text: "mine", tried: true }, 0);
  const page = [message({ from: "alice", text: "mine", own: true, nonce: "n1" })];
  store.receive({ type: "history", of: "lobby", before: null, messages: page, more: false });
  store.receive({ type: "acknowledged", nonce: "n1", seq });
  equal(texts(store.active), ["mine"]);
  equal(store.active.pending.length, 0);
});

test("an acknowledgement of what is not on the page takes it from those that wait", () => {
  const { store } = entered();
  store.say({ nonce: "n1", to: "lobby", text: "mine", tried: true }, 0);
  store.receive({ type: "acknowledged", nonce: "n1", seq: 5 });
  equal(texts(store.active), []);
});

test("a refused message fails where it stands, and can be taken back", () => {
  const { store } = entered();
  store.say({ nonce: "n1", to: "lobby", text: "mine", tried: true }, 0);
  const request = { type: /** @type {const} */ ("send"), to: "lobby", text: "mine", nonce: "n1" };
  store.receive({ type: "refused", code: "text_empty", text: "no", request });
  equal([store.active.pending[0].state, store.active.pending[0].problem], ["failed", "no"]);
  store.discard("n1");
  equal(texts(store.active), []);
});

test("unread messages are counted where nobody looks", () => {
  const { store, heard } = entered();
  store.receive(message());
  equal(store.totals, { unread: 0, mentioned: 0 });
  store.attend(false);
  store.receive(message({ text: "@alice" }));
  store.receive(message({ to: "@alice", text: "x" }));
  equal(store.totals, { unread: 2, mentioned: 2 });
  holds(store.active.newAfter !== null);
  store.attend(true);
  equal(store.totals, { unread: 1, mentioned: 1 });
  store.show("@bob");
  equal(store.totals, { unread: 0, mentioned: 0 });
  equal(heard, ["lobby hi", "lobby @alice", "@bob x"]);
});

test("what happens between messages is one item", () => {
  const { store } = entered();
  const came = (/** @type {string} */ name) =>
    store.receive({ type: "joined", seq: ++seq, time: 1_700_000_000_000, name, returned: false });
  came("carol");
  came("dave");
  store.receive(message());
  came("eve");
  equal(texts(store.active), ["presence", "hi", "presence"]);
  equal(store.people.size, 5);
});

test("somebody renamed keeps their conversation", () => {
  const { store } = entered();
  store.receive(message({ to: "@alice", text: "x" }));
  const fields = { seq: ++seq, time: 0, old: "bob", name: "rob", own: false };
  store.receive({ type: "renamed", ...fields });
  equal(texts(store.find("@rob")), ["x"]);
  holds(!store.find("@bob"));
});

test("a seat that was not kept costs the groups", () => {
  const { store } = entered({ groups: ["tea"] });
  store.show("#tea");
  const { store: other } = entered();
  holds(!other.notice);
  store.receive({
    type: "connected", name: "alice", server: "hubbub", users: ["alice"], groups: [],
    limits, resumed: false, sameJournal: true, role: "guest", rooms: [],
  });
  holds(!store.find("#tea"));
  equal(store.active.address, "lobby");
  equal(store.notice?.tone, "error");
});

test("a conversation does not grow for ever", () => {
  const { store } = entered();
  for (let n = 0; n < 20_001; n += 1) store.receive(message());
  equal(store.active.items.length, 15_000);
  equal(store.active.more, true);
});

const rooms = [
  { room: "lobby", frozen: true, slow: 10 },
  { room: "#tea", private: true, topic: "Assam", rank: "mod" },
];

test("how rooms stand is known from the start, and anew with each welcome", () => {
  const { store } = entered({ groups: ["tea"], role: "moderator", rooms });
  const [lobby, tea] = store.conversations;
  equal([store.order.role, lobby.frozen, lobby.slow], ["moderator", true, 10]);
  equal([tea.private, tea.topic, tea.rank], [true, "Assam", "mod"]);
  store.receive({
    type: "connected", name: "alice", server: "hubbub", users: ["alice"], groups: ["tea"],
    limits, resumed: true, sameJournal: true, role: "guest", rooms: [],
  });
  equal([store.order.role, lobby.frozen, lobby.slow], ["guest", false, 0]);
  equal([tea.private, tea.topic, tea.rank], [false, "", ""]);
});

test("who keeps order where", () => {
  const { store } = entered({ groups: ["tea", "den"], role: "moderator" });
  const [lobby, den, tea] = store.conversations;
  den.stand({ private: true });
  equal([lobby, tea, den].map((one) => store.order.keeps(one)), [true, true, false]);
  den.stand({ private: true, rank: "owner" });
  holds(store.order.keeps(den));
  equal(store.order.hindrance(lobby, 0).text, "");
});

test("a frozen room is no place to write in, and a slow one sometimes", () => {
  const { store } = entered({ rooms: [{ room: "lobby", slow: 10 }] });
  const [lobby] = store.conversations;
  // "A guest who comes in has just written."
  holds(store.order.hindrance(lobby, Date.now()).text.includes("once in 10 s"));
  equal(store.order.hindrance(lobby, Date.now() + 11_000).text, "");
  lobby.stand({ frozen: true });
  holds(store.order.hindrance(lobby, Date.now()).text.includes("frozen"));
});

test("a member does not wait for having come in", () => {
  const { store } = entered({ role: "member", rooms: [{ room: "lobby", slow: 10 }] });
  equal(store.order.hindrance(store.active, Date.now()).text, "");
});

test("a group that was joined is described, and made anew when it is joined again", () => {
  const { store } = entered();
  const joined = (/** @type {"joined" | "left" | "created"} */ action, fields = {}) =>
    store.receive({
      type: "group", seq: ++seq, time: 0, action, group: "tea", name: "alice", own: true,
      asked: false, by: "", reason: "", private: false, ended: false, ...fields,
    });
  joined("joined");
  store.receive({ type: "roomDescribed", room: { room: "#tea", topic: "Assam", frozen: true } });
  equal([store.find("#tea")?.topic, store.find("#tea")?.frozen], ["Assam", true]);
  joined("joined");
  equal([store.find("#tea")?.topic, store.find("#tea")?.frozen], ["", false]);
  joined("created", { private: true });
  equal([store.find("#tea")?.rank, store.find("#tea")?.private], ["owner", true]);
});
