import { type CallContext, plainText, type ToolOutcome, webTarget } from "@claw/agent-core";
import { type AnyTool, defineTool, failed, jsonSchema, ok } from "@claw/agent-tools";
import type { FetchedPage, FetchLimits } from "./fetch-page.ts";
import type { ProxiedPages } from "./proxied-pages.ts";
import type { AllowAddress, Lookup } from "./resolve-host.ts";

export interface WebFetchInput {
  /** http or https. */
  readonly url: string;
  /** What is wanted from the page: of a long one, the sections that share its words are shown. */
  readonly prompt: string;
}

export interface WebFetchToolOptions {
  /** Finds the addresses of a name. Default: the system's resolver. */
  readonly lookup?: Lookup;
  /** May let through an address that is not public. Default: none. */
  readonly allowAddress?: AllowAddress;
  /** The way through a proxy. Default: there is none, and every page is fetched directly. */
  readonly proxied?: ProxiedPages;
  /** Default: 30 s in all, 10 s without a byte, 10,000,000 bytes unpacked, 5 redirects, 3 s for a name behind a proxy. */
  readonly limits?: Partial<FetchLimits>;
  /** Characters of a page that a result shows. Default 20,000. */
  readonly characters?: number;
}

const defaultLimits: FetchLimits = {
  ...{ totalMs: 30_000, idleMs: 10_000, lookupMs: 3_000 },
  ...{ bytes: 10_000_000, redirects: 5 },
};

/** Gets a page from the public Internet and shows it to the model as Markdown. */
export function webFetchTool(options: WebFetchToolOptions = {}): AnyTool {
  const limits = { ...defaultLimits, ...options.limits };
  return defineTool({
    name: "WebFetch",
    description:
      "Gets a web page (http, https; public hosts) as Markdown. Of a long page the sections that share most words " +
      "with prompt are shown. A redirect to another host is reported: call again with its URL.",
    input: jsonSchema<WebFetchInput>({
      type: "object",
      properties: {
        url: { type: "string", minLength: 1, description: "Absolute URL" },
        prompt: { type: "string", description: "What you want to know from the page" },
      },
      required: ["url", "prompt"],
      additionalProperties: false,
    }),
    effects: (input) => {
      const page = webTarget(input.url);
      // A URL that is refused reaches nothing: the call only says why.
      return page.type === "refused" ? [] : [{ type: "net", url: page.url.href, method: "GET" }];
    },
    effectClass: () => "idempotent",
    concurrent: () => true,
    timeoutMs: limits.totalMs + 10_000,
    run: (input, context) => webFetch(options, limits, input, context),
  });
}

async function webFetch(
  options: WebFetchToolOptions,
  limits: FetchLimits,
  input: WebFetchInput,
  context: CallContext,
): Promise<ToolOutcome> {
  const wanted = webTarget(input.url);
  if (wanted.type === "refused") {
    return failed("invalid-input", `${input.url.slice(0, 200)} is not fetched. ${wanted.reason}`);
  }
  const { fetchPage } = await import("./fetch-page.ts");
  const { lookupAll } = await import("./resolve-host.ts");
  const { lookup = lookupAll, allowAddress = () => false, proxied = async () => undefined } = options;
  const page = await fetchPage(wanted.url, { lookup, allowAddress, proxied, limits }, context.signal);
  return outcomeOf(page, wanted.url, input.prompt, options.characters ?? 20_000, context.signal);
}

async function outcomeOf(
  page: FetchedPage,
  wanted: URL,
  prompt: string,
  characters: number,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  switch (page.type) {
    case "elsewhere":
      return ok(
        `${wanted.href} redirects to another host, which was not asked for yet:\n${page.url.href}\n` +
          "Call WebFetch with that URL to go on.",
        { redirect: page.url.href },
      );
    case "refused":
      return failed("tool-failed", `${wanted.href} was not fetched. ${page.reason}`);
    case "failed":
      return failed("tool-failed", `${wanted.href} could not be fetched: ${page.reason}`);
    case "unavailable":
      return failed("unavailable", `${wanted.href} could not be fetched: ${page.reason}`);
    case "timed-out":
      return failed("timed-out", `${wanted.href} could not be fetched: ${page.reason}`);
    case "page":
      return shown(page, prompt, characters, signal);
  }
}

const mostErrorCharacters = 2000;

async function shown(
  page: Extract<FetchedPage, { readonly type: "page" }>,
  prompt: string,
  characters: number,
  signal: AbortSignal,
): Promise<ToolOutcome> {
  const { url, contentType, body, status } = page;
  const received = { url, contentType, bytes: body.bytes, isCut: body.isCut };
  const details = { url: url.href, status, bytes: body.bytes.length };
  const { pageContent } = await import("./page-content.ts");
  if (status >= 200 && status < 300) {
    return ok(await pageContent(received, prompt, characters, signal), details);
  }
  const content = await pageContent(received, prompt, mostErrorCharacters, signal);
  // What a proxy refuses by itself comes in the server's name.
  const way = page.proxy === undefined ? "" : `, through the proxy at ${page.proxy}`;
  return failed(
    "tool-failed",
    `The server answered with status ${status}${way}.\n${plainText(content)}`,
    details,
  );
}
