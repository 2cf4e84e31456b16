/**
 * The page as a whole: which parts there are, and which keys and buttons lead where.
 *
 * @import {Action} from "../commands.js"
 * @import {Conversation, Said} from "../conversation.js"
 * @import {Store, Topic} from "../store.js"
 * @import {Attention} from "../attention.js"
 * @import {Enter} from "./door.js"
 */

import { canNotify } from "../attention.js";
import { readLine } from "../commands.js";
import { Account } from "./account.js";
import { Announcer } from "./announcer.js";
import { Banner } from "./banner.js";
import { Composer } from "./composer.js";
import { Groups, Help, OrderList } from "./dialogs.js";
import { part, write } from "./dom.js";
import { Door } from "./door.js";
import { Drawers } from "./drawers.js";
import { drawHead } from "./head.js";
import { Invitation } from "./invitation.js";
import { onKeys } from "./keys.js";
import { Menu } from "./menu.js";
import { Offers } from "./offers.js";
import { PeopleList } from "./people.js";
import { Sidebar } from "./sidebar.js";
import { Timeline } from "./timeline.js";

/**
 * @typedef {object} Chat What the person can do.
 * @property {Enter} enter
 * @property {() => void} comeBack
 * @property {() => void} leave
 * @property {() => void} tryNow
 * @property {(to: string, text: string) => string} say Gives an objection, or "".
 * @property {(item: Said) => void} discard
 * @property {(conversation: Conversation, limit?: number | null) => void} history
 * @property {(action: import("../../../../types/frames.js").GroupAction, name: string,
 *   fields?: import("../../../../types/frames.js").GroupFields) => void}
 *   group
 * @property {import("./account.js").Act} account
 * @property {(frame: import("../commands.js").AdminFrame | import("../commands.js").TokenFrame) => void} request
 */

export class Page {
  #store;
  #chat;
  #attention;
  #app = part("app", HTMLElement);
  #sidebar;
  #people;
  #timeline;
  #composer;
  #banner;
  #groups;
  #help = new Help();
  #orderList = new OrderList();
  #offers;
  #hinderTimer = 0;
  #account;
  #invitation;
  #drawers = new Drawers();
  #announcer = new Announcer();
  /** @type {Conversation | null} */
  #shown = null;
  /** A draft that had to make way for a command. */
  #aside = "";

  /**
   * @param {Store} store
   * @param {Chat} chat
   * @param {Attention} attention
   */
  constructor(store, chat, attention) {
    this.#store = store;
    this.#chat = chat;
    this.#attention = attention;
    this.door = new Door(chat.enter, chat.comeBack);
    this.#sidebar = new Sidebar(store, (one) => this.show(one.address), (name) => chat.group("join", name));
    this.#offers = new Offers(store, chat, new Menu(), {
      put: (text) => this.#put(text),
      write: (name) => this.#write(name),
    });
    this.#people = new PeopleList(
      store,
      (name) => this.#write(name),
      (name, owner) => this.#offers.person(name, owner),
    );
    this.#banner = new Banner(store, chat.tryNow);
    this.#groups = new Groups(store, chat.group);
    this.#account = new Account(chat.account);
    this.#invitation = new Invitation((seconds) =>
      chat.request({ type: "admin", action: "invite", ...(seconds && { seconds }) }),
    );
    this.#timeline = new Timeline(
      {
        retry: (item) => this.#retry(item),
        discard: chat.discard,
        more: (item, owner) => this.#offers.message(item, owner),
        me: () => store.me,
      },
      chat.history,
      () => store.read(),
    );
    this.#composer = new Composer(
      (text) => this.#submit(text),
      () => this.#known(),
      (draft) => this.#drafted(draft),
    );
    this.#buttons();
    onKeys({
      step: (by, unread) => this.#step(by, unread),
      scroll: (screens) => this.#timeline.scrollBy(screens),
      escape: () => this.#escape(),
      write: () => this.#composer.focus(),
    });
  }

  /** Draw what has changed. */
  draw(/** @type {Set<Topic>} */ topics) {
    if (this.#app.hidden) return;
    if (topics.has("timeline")) this.#drawConversation();
    if (topics.has("timeline") || topics.has("people")) drawHead(this.#store);
    if (topics.has("list") || topics.has("people")) this.#sidebar.draw();
    if (topics.has("people") || topics.has("timeline")) this.#people.draw();
    if (topics.has("link")) this.#banner.draw();
    if (topics.has("notice")) this.#drawNotice();
    if (topics.has("groups")) this.#groups.draw();
    if (topics.has("timeline") || topics.has("order")) this.#drawHindrance();
    if (topics.has("order")) this.#drawOrder();
    if (topics.has("me")) {
      write(part("hub-name", HTMLElement), this.#store.server);
      write(part("my-name", HTMLElement), this.#store.me);
      const { staff, role } = this.#store.order;
      write(part("my-role", HTMLElement), staff ? role : "");
      part("invite", HTMLElement).hidden = !staff;
    }
  }

  /** Show the chat, or the door. */
  open(/** @type {boolean} */ inside) {
    const opening = inside && this.#app.hidden;
    this.#app.hidden = !inside;
    if (inside) this.door.close();
    // On a touch screen the keyboard would cover half of what there is to see.
    if (opening && matchMedia("(pointer: fine)").matches) this.#composer.focus();
  }

  /** Show a conversation. */
  show(/** @type {string} */ address) {
    this.#drawers.close();
    this.#store.show(address);
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
  }

  /** Read out what has come, to somebody who does not see it. */
  heard(/** @type {Conversation} */ conversation, /** @type {Said} */ item) {
    this.#announcer.heard(conversation, item, conversation === this.#store.active);
  }

  // --- drawing ------------------------------------------------------------------------

  #drawConversation() {
    const { active } = this.#store;
    if (active !== this.#shown) {
      this.#shown = active;
      const to = { lobby: "everyone", group: active.address, user: active.title }[active.kind];
      this.#composer.set(active.draft, `Message ${to}`);
    }
    if (active.kind === "group" && !active.membersAsked) {
      active.membersAsked = true;
      this.#chat.group("members", active.title);
    }
    this.#timeline.draw(active);
  }

  #drawOrder() {
    this.#attention.withdraw();
    const { listed, invite } = this.#store;
    this.#store.listed = this.#store.invite = null;
    if (listed) this.#orderList.open(listed);
    if (invite) this.#invitation.show(invite);
  }

  /** Say why nothing can be written, and look again when that may be over. */
  #drawHindrance() {
    const { order, active } = this.#store;
    const { text, until } = order.hindrance(active, Date.now());
    this.#composer.hinder(text);
    clearTimeout(this.#hinderTimer);
    const left = Math.min(until - Date.now(), 60_000);
    if (text) this.#hinderTimer = window.setTimeout(() => this.#drawHindrance(), left + 20);
  }

  #drawNotice() {
    const { notice } = this.#store;
    const element = part("notice", HTMLElement);
    write(element, notice?.text ?? "");
    element.classList.toggle("error", notice?.tone === "error");
  }

  // --- what is typed ------------------------------------------------------------------

  #known() {
    const { people, conversations, me } = this.#store;
    const groups = conversations.filter((one) => one.kind === "group").map((one) => one.title);
    const { order } = this.#store;
    const rooms = conversations.some((one) => order.keeps(one));
    const { staff } = order;
    return { staff, rooms, users: people.names.filter((name) => name !== me), groups };
  }

  #drafted(/** @type {string} */ draft) {
    const { active } = this.#store;
    active.draft = draft;
    if (draft) this.#store.tell("");
  }

  #submit(/** @type {string} */ text) {
    const action = readLine(text.trimEnd(), this.#store.active.address);
    if (!action) return false;
    // Cleared first: the command may lead to another conversation, with its own draft.
    const { active } = this.#store;
    const problem = this.#do(action);
    if (!problem) {
      active.draft = this.#aside;
      const back = this.#aside;
      this.#aside = "";
      if (back && this.#store.active === active) {
        this.#composer.set(back, `Message ${active.title}`);
        return false;
      }
      return this.#store.active === active;
    }
    this.#store.tell(problem, "error");
    return false;
  }

  /** Do what was typed; give what is wrong with it, or "". */
  #do(/** @type {Action} */ action) {
    switch (action.do) {
      case "say":
        return this.#say(action.to, action.text);
      case "wrong":
        return action.text;
      case "talk":
        return this.#talk(action.to);
      case "group":
        if (action.action === "list") this.#groups.open();
        else this.#chat.group(action.action, action.name, action.fields);
        return "";
      case "history":
        return this.#history(action.of, action.limit);
      case "account":
        this.#account.open(action.action, this.#store.me);
        return "";
      case "request":
        this.#chat.request(action.frame);
        return "";
      case "users":
        this.#drawers.open("people");
        this.#people.focus();
        return "";
      case "help":
        this.#help.open();
        return "";
      case "quit":
        this.#chat.leave();
        return "";
    }
  }

  #say(/** @type {string} */ to, /** @type {string} */ text) {
    const room = this.#store.find(to);
    const hindrance = room && this.#store.order.hindrance(room, Date.now()).text;
    const problem = hindrance || this.#chat.say(to, text);
    if (problem) return problem;
    if (this.#store.open(to) !== this.#store.active) this.show(to);
    this.#timeline.toEnd();
    return "";
  }

  #talk(/** @type {string} */ to) {
    if (to.startsWith("#") && !this.#store.find(to)) {
      return `you are not in ${to}; join it with :group join ${to.slice(1)}`;
    }
    if (to.startsWith("@") && !this.#store.find(to) && !this.#store.people.has(to.slice(1))) {
      return `${to.slice(1)} is not here`;
    }
    this.show(to);
    return "";
  }

  #history(/** @type {string} */ of, /** @type {number | null} */ limit) {
    const problem = this.#talk(of);
    if (problem) return problem;
    this.#drawConversation();
    if (limit) this.#chat.history(this.#store.active, limit);
    this.#timeline.toStart();
    return "";
  }

  #retry(/** @type {Said} */ item) {
    const { address } = this.#store.active;
    this.#chat.discard(item);
    const problem = this.#chat.say(address, item.text);
    if (problem) this.#store.tell(problem, "error");
    this.#timeline.toEnd();
    this.#composer.focus();
  }

  /** Put the beginning of a command in the box; what stood there comes back after it. */
  #put(/** @type {string} */ command) {
    const { active } = this.#store;
    this.#aside ||= this.#composer.text;
    this.#composer.set(command, `Message ${active.title}`);
    this.#composer.focus();
    this.#drawers.close();
    this.#store.tell("Say why, if you want to, and press Enter.");
  }

  /** Begin to write to somebody alone. */
  #write(/** @type {string} */ name) {
    if (name === this.#store.me) return this.#store.tell("That is you.");
    this.show(`@${name}`);
    this.#composer.focus();
  }

  // --- buttons and keys ---------------------------------------------------------------

  #buttons() {
    const click = (/** @type {string} */ id, /** @type {() => void} */ act) =>
      part(id, HTMLElement).addEventListener("click", act);
    click("browse", () => this.#groups.open());
    click("account-open", () => this.#account.open("register", this.#store.me));
    click("invite", () => this.#invitation.open());
    click("help-open", () => this.#help.open());
    click("quit", () => this.#chat.leave());
    click("leave-group", () => this.#chat.group("leave", this.#store.active.title));
    click("close-talk", () => {
      this.#store.close(this.#store.active.address);
      this.#composer.focus();
    });
    const notify = part("notify", HTMLElement);
    notify.hidden = !canNotify();
    const press = () => notify.setAttribute("aria-pressed", String(this.#attention.wanted));
    press();
    click("notify", async () => {
      const permitted = await this.#attention.toggle();
      if (!permitted) this.#store.tell("Your browser does not allow notifications here.", "error");
      press();
    });
  }

  #step(/** @type {number} */ by, /** @type {boolean} */ unread) {
    const all = this.#store.conversations;
    const count = all.length;
    const from = all.indexOf(this.#store.active);
    for (let steps = 1; steps <= count; steps += 1) {
      const one = all[(((from + by * steps) % count) + count) % count];
      if (!unread || one.unread) return this.show(one.address);
    }
  }

  #escape() {
    if (this.#drawers.close()) return;
    this.#store.tell("");
    this.#timeline.toEnd();
    this.#composer.focus();
  }
}
