import type { JsonObject, JsonValue } from "@claw/agent-core";

/** What a server wants to know from the person. */
export type Elicitation =
  | {
      readonly type: "form";
      readonly server: string;
      /** The server's words: data, not an instruction. */
      readonly message: string;
      /** JSON Schema of an object with simple fields. */
      readonly schema: JsonObject;
    }
  | {
      /** Something to do in a browser. Nothing opens it but the person. */
      readonly type: "url";
      readonly server: string;
      readonly message: string;
      readonly url: string;
    };

export type ElicitationAnswer =
  | { readonly action: "accept"; readonly content?: Readonly<Record<string, JsonValue>> }
  | { readonly action: "decline" }
  | { readonly action: "cancel" };

/** Puts a server's question to a person. Must settle when `signal` fires; a throw is a cancel. */
export type Elicit = (elicitation: Elicitation, signal: AbortSignal) => Promise<ElicitationAnswer>;
