import { thrownText } from "./fault.ts";

/** How an injected function ended: with a value, or with what it threw as one line of text. */
export type Caught<Value> = { readonly value: Value } | { readonly threw: string };

/** Calls an injected function so that its throw, or its rejection, is a value. */
export async function caught<Value>(perform: () => Promise<Value>): Promise<Caught<Value>> {
  try {
    return { value: await perform() };
  } catch (error) {
    return { threw: thrownText(error) };
  }
}
