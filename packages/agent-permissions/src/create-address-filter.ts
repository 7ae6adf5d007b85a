import { namesPlace } from "./rules/names-place.ts";
import type { RuleBook } from "./rules/rule-book.ts";

/**
 * For tools that connect: whether an address that is not on the public Internet may be dialled for a URL after all,
 * because an allow rule names it. Asked again for each address and each redirect, with what the name stands for then; so
 * that a name that has changed its address since it was judged leads nowhere new. Live like the rules are.
 */
export function createAddressFilter(rules: RuleBook): (address: string, url: URL) => boolean {
  return (address, url) =>
    rules
      .entries()
      .some(
        ({ behavior, rule }) =>
          behavior === "allow" && rule.type === "host" && namesPlace(rule.pattern, url.hostname, address),
      );
}
