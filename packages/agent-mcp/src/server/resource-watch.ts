import type { Session } from "../connection/session.ts";

/** Who wants to hear of changes to resources, told to each new session of a server. */
export interface ResourceWatch {
  readonly subscribe: (uri: string, listener: () => void) => () => void;
  /** A session has begun: what is wanted is asked of it. */
  readonly follow: (session: Session) => void;
}

export function resourceWatch(complain: (error: unknown) => void): ResourceWatch {
  const wanted = new Map<string, Set<() => void>>();
  let current: { readonly session: Session; readonly stops: Map<string, () => void> } | undefined;

  function tell(uri: string): void {
    for (const listener of wanted.get(uri) ?? []) listener();
  }

  function ask(session: Session, stops: Map<string, () => void>, uri: string): void {
    if (session.client.getServerCapabilities()?.resources?.subscribe !== true) return;
    const { client } = session;
    if (client.getProtocolEra() === "modern") {
      const stream = client.listen({ resourceSubscriptions: [uri] });
      stops.set(uri, () => void stream.then((each) => each.close()).catch(() => undefined));
      stream.catch(complain);
      return;
    }
    stops.set(uri, () => void client.unsubscribeResource({ uri }).catch(() => undefined));
    client.subscribeResource({ uri }).catch(complain);
  }

  return {
    subscribe: (uri, listener) => {
      const listeners = wanted.get(uri) ?? new Set();
      wanted.set(uri, listeners.add(listener));
      if (listeners.size === 1 && current !== undefined) ask(current.session, current.stops, uri);
      return () => {
        if (!listeners.delete(listener) || listeners.size > 0) return;
        wanted.delete(uri);
        current?.stops.get(uri)?.();
        current?.stops.delete(uri);
      };
    },
    follow: (session) => {
      const stops = new Map<string, () => void>();
      current = { session, stops };
      session.client.setNotificationHandler("notifications/resources/updated", ({ params }) =>
        tell(params.uri),
      );
      for (const uri of wanted.keys()) ask(session, stops, uri);
      // What changed while nobody listened is not known.
      for (const uri of wanted.keys()) tell(uri);
    },
  };
}
