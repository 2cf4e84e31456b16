// The frames of docs/protocol.md, as the page reads and writes them.

export type GroupAction = "create" | "join" | "leave" | "members" | "list";

export type AccountAction = "register" | "passwd" | "unregister" | "logout-others";

export interface SendFrame {
  type: "send";
  to: string;
  text: string;
  nonce: string;
}

export type RequestFrame =
  | SendFrame
  | { type: "group"; action: GroupAction; name?: string }
  | { type: "account"; action: AccountAction; password?: string; new?: string }
  | {
      type: "admin";
      action: "kick" | "rename" | "role";
      name: string;
      to?: string;
      role?: string;
      reason?: string;
    }
  | { type: "users" }
  | { type: "history"; of: string; before?: number; limit?: number };

export type ClientFrame =
  | RequestFrame
  | {
      type: "hello";
      name: string;
      password?: string;
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
}

export interface MessageFrame {
  type?: "message";
  seq: number;
  time: string;
  from: string;
  to: string;
  text: string;
  nonce?: string;
}

export interface GroupInfo {
  name: string;
  members: number;
  joined?: boolean;
}

export type ServerFrame =
  | WelcomeFrame
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
    }
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
