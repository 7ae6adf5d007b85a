/** Why a script for sed may do more than print; `undefined` for one that does not. Known commands only. */
export function sedHazard(script: string): string | undefined {
  let at = 0;
  while (at < script.length) {
    blanks.lastIndex = at;
    at += blanks.exec(script)?.[0].length ?? 0;
    if (at >= script.length) break;
    const length = commandLength(script, at);
    if (length === undefined) return "a sed script can write files and run programs";
    at += length;
  }
  return undefined;
}

const blanks = /[\s;]*/y;

const line = String.raw`(?:\d+(?:~\d+)?|\$|/(?:[^/\\\n]|\\[^\n])+/I?)`;
const address = `(?:${line}(?:[ ]*,[ ]*(?:${line}|[+~]\\d+))?[ ]*!*[ ]*)?`;
const end = String.raw`[ \t]*(?=[;}\n]|$)`;
/** Printing, deleting, moving lines between the buffers, leaving. */
const plain = new RegExp(`${address}(?:[pdPDhHgGxnNz=F]|[qQl][ ]*\\d*)${end}`, "y");
const group = new RegExp(`${address}[{}]`, "y");
const changing = new RegExp(
  String.raw`(${address})[sy]([/|,#@:!_%+~^])((?:(?!\2)[^\\\n]|\\[^\n])*)\2(?:(?!\2)[^\\\n]|\\[^\n])*\2([gpiImM0-9]*)${end}`,
  "y",
);

function commandLength(script: string, at: number): number | undefined {
  for (const pattern of [plain, group]) {
    const found = matchAt(pattern, script, at);
    if (found !== undefined) return isClear(found[0]) ? found[0].length : undefined;
  }
  const found = matchAt(changing, script, at);
  if (found === undefined) return undefined;
  const [whole, where = "", , searched = ""] = found;
  return isClear(where) && isClear(searched) ? whole.length : undefined;
}

function matchAt(pattern: RegExp, script: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(script) ?? undefined;
}

/** Every bracket is closed: some seds do not end an expression at a delimiter within brackets, others do. */
function isClear(expression: string): boolean {
  const rest = expression.replace(/\\./g, "").replace(/\[\^?\]?(?:\[:\w+:\]|[^\][])*\]/g, "");
  return !rest.includes("[");
}
