import type { Session } from "../connection/session.ts";
import { type Catalog, emptyCatalog } from "./catalog.ts";
import { type Complain, readCatalog } from "./read-catalog.ts";

/** What a server offers, as it was last told. */
export interface CatalogKeeper {
  readonly catalog: () => Catalog;
  /** Asks anew: one question at a time, and once more for what changed while it was asked. */
  readonly refresh: (session: Session) => Promise<void>;
}

export function catalogKeeper(
  known: Catalog | undefined,
  onChange: (catalog: Catalog) => void,
  complain: Complain,
): CatalogKeeper {
  let catalog = known ?? emptyCatalog;
  let asking: Promise<void> | undefined;
  let askAgain: Session | undefined;

  async function ask(first: Session): Promise<void> {
    for (let session: Session | undefined = first; session !== undefined; session = askAgain) {
      askAgain = undefined;
      catalog = await readCatalog(session, catalog, complain);
      onChange(catalog);
    }
    asking = undefined;
  }

  return {
    catalog: () => catalog,
    refresh: (session) => {
      if (asking === undefined) asking = ask(session);
      else askAgain = session;
      return asking;
    },
  };
}
