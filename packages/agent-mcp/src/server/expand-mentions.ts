import { type Content, type Fault, text, thrownText } from "@claw/agent-core";
import type { Mcp } from "../mcp.ts";

/** A prompt with what it mentions. */
export interface Expanded {
  /** The prompt as it was, and the resources behind it. */
  readonly content: Content;
  /** Mentions that could not be read. */
  readonly faults: readonly Fault[];
}

/** One prompt brings no more of them. */
const maxMentions = 10;

/** Adds the resources that a prompt mentions as `@server:uri`. A name that is no server is left as it is. */
export async function expandMentions(prompt: string, mcp: Mcp, signal: AbortSignal): Promise<Expanded> {
  const mentions = [
    ...new Set([...prompt.matchAll(/(?<=^|\s)@([^\s:@]+):([^\s]+)/g)].map(([whole]) => whole)),
  ];
  const known = mentions.flatMap((mention) => {
    const [, name = "", uri = ""] = /^@([^:]+):(.+?)[.,;!?)]*$/.exec(mention) ?? [];
    const server = mcp.server(name);
    return server === undefined ? [] : [{ name, server, uri }];
  });
  const faults: Fault[] = [];
  const read = await Promise.all(
    known.slice(0, maxMentions).map(async ({ name, server, uri }): Promise<Content> => {
      try {
        return [text(`\n\nThe resource @${name}:${uri}:\n`), ...(await server.readResource(uri, signal))];
      } catch (error) {
        faults.push({
          code: "mcp-resource",
          message: `@${name}:${uri} cannot be read: ${thrownText(error)}`,
        });
        return [];
      }
    }),
  );
  return { content: [text(prompt), ...read.flat()], faults };
}
