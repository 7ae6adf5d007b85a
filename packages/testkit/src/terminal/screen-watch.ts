import type { Terminal as Emulator } from "@xterm/headless";
import { screenText, scrollbackText } from "./screen-text.ts";

/** What to wait for: text, an expression, or a condition on the screen's text. */
export type ScreenPattern = string | RegExp | ((screen: string) => boolean);

export interface WaitOptions {
  /** Default 10 000. */
  readonly timeoutMs?: number;
  /** `scrollback`: also what has scrolled off, wrapped lines joined. Default `screen`. */
  readonly in?: "screen" | "scrollback";
}

/** Wakes those who wait for something to show, each time the screen has changed. */
export interface ScreenWatch {
  readonly waitFor: (pattern: ScreenPattern, options?: WaitOptions) => Promise<string>;
  /** To be called after each change. */
  readonly check: () => void;
  /** Nothing will change any more, for this reason: rejects whoever still waits. */
  readonly end: (reason: string) => void;
}

export function createScreenWatch(emulator: Emulator): ScreenWatch {
  const waiting = new Set<Waiter>();
  let ended: string | undefined;
  const settle = (waiter: Waiter): boolean => {
    const text = waiter.options.in === "scrollback" ? scrollbackText(emulator) : screenText(emulator);
    const shown = matches(waiter.pattern, text);
    if (shown) waiter.resolve(text);
    else if (ended !== undefined) waiter.reject(notShown(waiter.pattern, ended, text));
    return shown || ended !== undefined;
  };
  const check = (): void => {
    for (const waiter of waiting) if (settle(waiter)) waiting.delete(waiter);
  };
  return {
    waitFor: async (pattern, options = {}) => {
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<string>((resolve, reject) => {
          const waiter: Waiter = { pattern, options, resolve, reject };
          if (settle(waiter)) return;
          waiting.add(waiter);
          const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
          timer = setTimeout(() => {
            waiting.delete(waiter);
            reject(notShown(pattern, `It did not within ${timeoutMs} ms.`, screenText(emulator)));
          }, timeoutMs);
        });
      } finally {
        clearTimeout(timer);
      }
    },
    check,
    end: (reason) => {
      ended = reason;
      check();
    },
  };
}

const defaultTimeoutMs = 10_000;

interface Waiter {
  readonly pattern: ScreenPattern;
  readonly options: WaitOptions;
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
}

function matches(pattern: ScreenPattern, text: string): boolean {
  if (typeof pattern === "string") return text.includes(pattern);
  return typeof pattern === "function" ? pattern(text) : text.search(pattern) !== -1;
}

function notShown(pattern: ScreenPattern, reason: string, text: string): Error {
  const wanted = typeof pattern === "string" ? JSON.stringify(pattern) : String(pattern);
  return new Error(`The screen should show ${wanted}. ${reason} It shows:\n${text}`);
}
