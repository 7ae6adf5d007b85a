import { type Content, text } from "@claw/agent-core";
import type { ContentBlock } from "@modelcontextprotocol/client";
import { resourceContent } from "./resource-content.ts";

/** One block of what a server says, as a model can be shown it. */
export function blockContent(block: ContentBlock): Content {
  switch (block.type) {
    case "text":
      return [text(block.text)];
    case "image":
      return [{ type: "image", mediaType: block.mimeType, data: block.data }];
    case "audio":
      return [{ type: "file", mediaType: block.mimeType, data: block.data }];
    case "resource":
      return resourceContent(block.resource);
    case "resource_link": {
      const { name, uri, mimeType, description } = block;
      const kind = mimeType === undefined ? "" : ` (${mimeType})`;
      return [
        text(`[resource ${name}: ${uri}${kind}${description === undefined ? "" : `, ${description}`}]`),
      ];
    }
  }
}
