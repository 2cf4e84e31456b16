// What the protocol and the session tell the page.

import type { GroupInfo, Limits, RequestFrame, RoomInfo } from "./frames.js";

export interface Message {
  type: "message";
  seq: number;
  time: number; // milliseconds since 1970
  from: string;
  to: string;
  text: string;
  own: boolean;
  deleted: string; // by whom; its text is empty then
  nonce?: string;
}

export interface Connected {
  type: "connected";
  name: string;
  server: string;
  users: string[];
  groups: string[];
  limits: Limits;
  resumed: boolean; // name, groups and private messages are those of before
  sameJournal: boolean; // what was seen before means the same now
  role: string;
  rooms: RoomInfo[]; // the lobby and one's own groups, where there is something to say
}

export type GroupChanged = {
  type: "group";
  seq: number;
  time: number;
  action: "created" | "joined" | "left" | "ended";
  group: string;
  name: string;
  own: boolean;
  asked: boolean; // this page asked for it
  by: string; // who put them out, or ended it
  reason: string;
  private: boolean; // of one that was made
  ended: boolean; // for everybody
};

export type Renamed = {
  type: "renamed";
  seq: number;
  time: number;
  old: string;
  name: string;
  own: boolean;
};

/** Somebody kept order. What an act does not say is "" or 0. */
export type Acted = {
  type: "act";
  seq: number;
  time: number;
  action: string;
  by: string;
  name: string;
  room: string;
  until: number; // milliseconds since 1970
  seconds: number;
  message: number;
  text: string;
  reason: string;
  own: boolean; // done to the person here
};

/** A code that was made for who registers with it. It is told this once. */
export interface InviteMade {
  type: "inviteMade";
  id: number;
  code: string;
  link: string; // as the hub knows itself; "" where it does not
  command: string;
  until: number; // milliseconds since 1970; 0 for one person, whenever they come
}

export type RoleChanged = {
  type: "role";
  seq: number;
  time: number;
  name: string;
  role: string;
  own: boolean;
};

/** Events of the journal other than messages. */
export type Happening =
  | { type: "joined"; seq: number; time: number; name: string; returned: boolean }
  | { type: "left"; seq: number; time: number; name: string; reason: string }
  | Renamed
  | { type: "kicked"; seq: number; time: number; name: string; by: string; reason: string; own: boolean }
  | GroupChanged
  | RoleChanged
  | Acted;

/** What may be asked for and is shown as a list of rows; `token` is one that was made. */
export type Listed = "list" | "bans" | "invites" | "reports" | "audit" | "token" | "tokens";

export type ProtocolEvent =
  | Connected
  | { type: "nameRefused"; name: string; code: string; text: string }
  | { type: "entryRefused"; code: string; text: string }
  | Message
  | { type: "acknowledged"; nonce: string; seq: number }
  | { type: "refused"; code: string; text: string; request: RequestFrame | null }
  | { type: "unconfirmed"; request: RequestFrame }
  | Happening
  | { type: "waiting"; messages: Message[] } // private, said while this account was away
  | { type: "done"; action: string }
  | { type: "usersListed"; users: string[] }
  | { type: "roomDescribed"; room: RoomInfo } // one that was just joined
  | { type: "groupsListed"; groups: GroupInfo[] }
  | { type: "membersListed"; group: string; members: string[] }
  | { type: "history"; of: string; before: number | null; messages: Message[]; more: boolean }
  | { type: "orderListed"; what: Listed; rows: string[] }
  | InviteMade
  | { type: "bye"; code: string; reason: string };

/** How the connection stands; `at` is when the next attempt begins. */
export type Link =
  | { state: "idle" }
  | { state: "connecting"; attempt: number }
  | { state: "online" }
  | { state: "naming" }
  | { state: "waiting"; at: number; attempt: number; reason: string }
  | { state: "ended"; code: string; reason: string };

/** Something said that the hub has not acknowledged. */
export interface Unsent {
  nonce: string;
  to: string;
  text: string;
  tried: boolean; // the hub may have it
}

/** What it takes to come back to one's seat. */
export interface Seat {
  name: string;
  token: string;
  seq: number;
  attempt: number; // connections made so far
}
