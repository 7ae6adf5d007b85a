import type { ModelRef } from "@claw/agent-core";
import { type Connection, connectInstead, connectModel, connectNamed, namedModel } from "../connect-model.ts";
import { isInherited } from "../inherited-model.ts";
import { lateModel } from "../late-model.ts";
import { nodeTransport } from "../node-transport.ts";
import type { AgentBase } from "./agent-base.ts";

/** The model of a session, which may be changed between two requests. */
export interface SessionModel {
  /** As it is now. */
  readonly connection: () => Connection;
  /** To a model of the same provider, or to `provider:model`. */
  readonly change: (model: string) => Promise<Connection>;
  /** Another model for a part of the work: `provider:model`, or one of the provider that `instead` is of. */
  readonly connectNamed: (model: string, instead: Connection) => Promise<Connection>;
  /** The same by its name for one run. It is connected when it is first asked. Absent, or `inherit`: the session's. */
  readonly named: (model: string | undefined) => Pick<Connection, "model" | "ref">;
  /** Lets go of what was sent last. */
  readonly letGo: () => void;
  readonly dispose: () => Promise<void>;
}

/** Rejects with a `FaultError` that says what is missing. */
export async function connectSession({
  options,
  network,
  cwd,
  folders,
  settings,
}: AgentBase): Promise<SessionModel> {
  const around = { cwd, env: network, home: folders.home, settings };
  const transport = nodeTransport({ env: network });
  let connection = await connectModel({ transport, ...options }, around);
  const others = new Map<string, Pick<Connection, "model" | "ref">>();
  const connected: Promise<Connection>[] = [];

  /** Once for each name. */
  function other(model: string, instead: ModelRef): Pick<Connection, "model" | "ref"> {
    const ref = namedModel(model, instead.provider);
    const key = JSON.stringify(ref);
    const known =
      others.get(key) ??
      lateModel(ref, () => {
        const connecting = connectNamed(model, instead, options, around);
        connected.push(connecting);
        return connecting;
      });
    others.set(key, known);
    return known;
  }

  return {
    connection: () => connection,
    change: async (model) => {
      const before = connection;
      connection = await connectInstead(model, before.ref, { transport, ...options }, around);
      await before.dispose?.();
      return connection;
    },
    connectNamed: (model, { ref }) => connectNamed(model, ref, options, around),
    named: (model) => (model === undefined || isInherited(model) ? connection : other(model, connection.ref)),
    letGo: transport.letGo,
    dispose: async () => {
      for (const each of await Promise.allSettled(connected)) {
        if (each.status === "fulfilled") await each.value.dispose?.();
      }
      await connection.dispose?.();
    },
  };
}
