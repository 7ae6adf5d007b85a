import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import type { SelfMadeCertificate } from "./self-made-certificate.ts";

/** TLS before a server that speaks none. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
}

/** Passes on what it decrypts to a port on loopback. */
export async function tlsFront(behind: number, { key, certificate }: SelfMadeCertificate): Promise<TlsFront> {
  const sockets = new Set<Socket>();
  const server = createServer({ key, cert: certificate }, (socket) => {
    const inner = connect(behind, "127.0.0.1");
    sockets.add(socket);
    socket.on("error", () => inner.destroy());
    inner.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      inner.destroy();
    });
    socket.pipe(inner).pipe(socket);
  });
  // A client that does not trust it breaks off.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port, // a TCP server that listens has one
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
