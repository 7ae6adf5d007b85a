import type { Transport, TransportRequest, TransportResponse } from "@claw/agent-core";

/** Sends a request; a transport that throws is one that rejects. */
export async function sendRequest(
  transport: Transport,
  request: TransportRequest,
  signal: AbortSignal,
): Promise<TransportResponse> {
  return await transport(request, signal);
}
