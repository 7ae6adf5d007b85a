import type { Model, Transport } from "@claw/agent-core";
import { createModel, type ModelOptions, type Protocol } from "@claw/agent-provider";

/** A model of one protocol at a host that does not exist, over the given transport. */
export function modelOf(protocol: Protocol, transport: Transport, more: Partial<ModelOptions> = {}): Model {
  let calls = 0;
  return createModel({
    protocol,
    endpoint: { provider: protocol.model.provider, label: "Vendor", url: "https://api.vendor.test" },
    auth: { type: "api-key", header: "x-api-key", key: "top-secret-key" },
    transport,
    newCallId: () => {
      calls += 1;
      return `own-${calls}`;
    },
    ...more,
  });
}
