// The frames of docs/protocol.md, as the page reads and writes them.

export type GroupAction =
  | "create"
  | "join"
  | "leave"
  | "members"
  | "list"
  | "invite"
  | "topic"
  | "kick"
  | "ban"
  | "unban"
  | "mod"
  | "unmod"
  | "private"
  | "public"
  | "rename"
  | "delete";

/** What a group's request says beside the group's name. */
export interface GroupFields {
  user?: string;
  to?: string;
  text?: string;
  password?: string;
  reason?: string;
  seconds?: number;
  private?: boolean;
}

export type AdminAction =
  | "list"
  | "kick"
  | "rename"
  | "role"
  | "ban"
  | "unban"
  | "bans"
  | "mute"
  | "unmute"
  | "slow"
  | "freeze"
  | "unfreeze"
  | "delete"
  | "announce"
  | "report"
  | "reports"
  | "audit"
  | "invite"
  | "invites"
  | "invite-revoke";

export type AccountAction = "register" | "passwd" | "unregister" | "logout-others";

export interface SendFrame {
  type: "send";
  to: string;
  text: string;
  nonce: string;
}

export interface TokenFields {
  name?: string;
  post?: string[];
  read?: string[];
  seconds?: number;
  id?: number;
}

export type RequestFrame =
  | SendFrame
  | ({ type: "group"; action: GroupAction; name?: string } & GroupFields)
  | { type: "account"; action: AccountAction; password?: string; new?: string }
  | {
      type: "admin";
      action: AdminAction;
      name?: string;
      to?: string;
      role?: string;
      reason?: string;
      seconds?: number;
      message?: number;
      text?: string;
      limit?: number;
      id?: number;
    }
  | ({ type: "token"; action: "create" | "list" | "revoke" } & TokenFields)
  | { type: "users" }
  | { type: "history"; of: string; before?: number; limit?: number };

export type ClientFrame =
  | RequestFrame
  | {
      type: "hello";
      name: string;
      password?: string;
      invite?: string;
      resume?: { token: string; after: number };
      client: string;
      key: string;
      attempt: number;
    }
  | { type: "ping"; id?: string }
  | { type: "pong"; id?: string }
  | { type: "bye" };

export interface Limits {
  text: number;
  line: number;
  nonces: number;
  history: number;
}

/** How the lobby or a group stands. What is left out is not so. */
export interface RoomInfo {
  room: string;
  private?: boolean;
  frozen?: boolean;
  slow?: number; // seconds between two messages
  topic?: string;
  rank?: string;
}

export interface WelcomeFrame {
  type: "welcome";
  name: string;
  token: string;
  seq: number;
  server: { name: string; version: string; protocol: number };
  users: string[];
  groups: string[];
  limits: Limits;
  resumed?: boolean;
  role?: string;
  rooms?: RoomInfo[];
}

export interface MessageFrame {
  type?: "message";
  seq: number;
  time: string;
  from: string;
  to: string;
  text: string;
  nonce?: string;
  deleted?: string;
}

export interface ActFrame {
  seq: number;
  time: string;
  action: string;
  by: string;
  name?: string;
  room?: string;
  until?: string;
  seconds?: number;
  message?: number;
  text?: string;
  reason?: string;
  you?: boolean;
}

export interface SessionInfo {
  name: string;
  role: string;
  address: string;
  since: string;
}

export interface BanInfo {
  name: string;
  by: string;
  until?: string;
  reason?: string;
}

export interface InviteInfo {
  id: number;
  by: string;
  since: string;
  until?: string;
}

/** What a token is; `last` are its last characters, in a list. */
export interface TokenInfo {
  id: number;
  name: string;
  post?: string[];
  read?: string[];
  until?: string;
}

export interface GroupInfo {
  name: string;
  members: number;
  joined?: boolean;
  private?: boolean;
  topic?: string;
  frozen?: boolean;
  slow?: number;
  rank?: string;
}

export type ServerFrame =
  | WelcomeFrame
  | ({ type: "room" } & RoomInfo)
  | (MessageFrame & { type: "message" })
  | { type: "joined"; seq: number; time: string; name: string; returned?: boolean }
  | { type: "left"; seq: number; time: string; name: string; reason: string }
  | { type: "renamed"; seq: number; time: string; from: string; to: string; you?: boolean }
  | { type: "kicked"; seq: number; time: string; name: string; by: string; reason?: string }
  | {
      type: "group";
      seq: number;
      time: string;
      action: "created" | "joined" | "left" | "ended";
      group: string;
      name?: string;
      you?: boolean;
      by?: string;
      reason?: string;
      private?: boolean;
      ended?: boolean;
    }
  | ({ type: "act" } & ActFrame)
  | { type: "role"; seq: number; time: string; name: string; role: string; by: string; you?: boolean }
  | { type: "sessions"; sessions: SessionInfo[] }
  | { type: "bans"; bans: BanInfo[] }
  | { type: "audit"; acts: ActFrame[]; more: boolean; reports?: boolean }
  | { type: "invite"; id: number; invite: string; until?: string; link?: string; command?: string }
  | { type: "invites"; invites: InviteInfo[] }
  | ({ type: "token"; token: string } & TokenInfo)
  | { type: "tokens"; tokens: (TokenInfo & { last: string })[] }
  | { type: "users"; users: string[] }
  | { type: "groups"; groups: GroupInfo[] }
  | { type: "members"; group: string; members: string[] }
  | { type: "history"; of: string; messages: MessageFrame[]; more: boolean }
  | { type: "waiting"; messages: MessageFrame[] }
  | { type: "done"; re: string; action: string }
  | { type: "error"; code: string; text: string; re?: string }
  | { type: "ping"; id?: string }
  | { type: "pong"; id?: string }
  | { type: "bye"; code: string; reason: string };
