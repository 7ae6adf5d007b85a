import { type Connection, connectInstead, connectModel, connectNamed } from "../connect-model.ts";
import { nodeTransport } from "../node-transport.ts";
import { ownEnvironment } from "../own-environment.ts";
import type { AgentBase } from "./agent-base.ts";

/** The model of a session, which may be changed between two requests. */
export interface SessionModel {
  /** As it is now. */
  readonly connection: () => Connection;
  /** To a model of the same provider, or to `provider:model`. */
  readonly change: (model: string) => Promise<Connection>;
  /** Another model for a part of the work: `provider:model`, or one of the provider that `instead` is of. */
  readonly connectNamed: (model: string, instead: Connection) => Promise<Connection>;
  /** Lets go of what was sent last. */
  readonly letGo: () => void;
  readonly dispose: () => Promise<void>;
}

/** Rejects with a `FaultError` that says what is missing. */
export async function connectSession({
  options,
  env,
  cwd,
  folders,
  settings,
}: AgentBase): Promise<SessionModel> {
  const around = { cwd, env: { ...ownEnvironment(settings), ...env }, home: folders.home, settings };
  const transport = nodeTransport();
  let connection = await connectModel({ transport, ...options }, around);
  return {
    connection: () => connection,
    change: async (model) => {
      const before = connection;
      connection = await connectInstead(model, before.ref, { transport, ...options }, around);
      await before.dispose?.();
      return connection;
    },
    connectNamed: (model, { ref }) => connectNamed(model, ref, options, around),
    letGo: transport.letGo,
    dispose: async () => connection.dispose?.(),
  };
}
