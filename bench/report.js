const floor = "floor:http";
const ours = "claw";

/** One row per figure that was measured: limits, the value of each subject, and whether ours keeps the limits. */
export function rows(figures, spreads) {
  return figures
    .filter(({ key }) => spreads.get(ours)?.has(key))
    .map((figure) => {
      const own = spreads.get(ours).get(figure.key).median;
      const base = spreads.get(floor)?.get(figure.key)?.median;
      return {
        ...figure,
        spreads: new Map([...spreads].map(([subject, each]) => [subject, each.get(figure.key)])),
        ratio: base === undefined ? undefined : own / base,
        met: keeps(own, figure.bar, base) && keepsBesides(own, figure, spreads),
        stretched: keeps(own, figure.stretch, base),
      };
    });
}

function keeps(value, limit, base) {
  if (limit === undefined) return undefined;
  if (limit.most !== undefined) return value <= limit.most;
  if (limit.least !== undefined) return value >= limit.least;
  if (base === undefined) return undefined;
  return value <= (limit.times === undefined ? base + limit.plus : base * limit.times);
}

function keepsBesides(own, { key, besides = {} }, spreads) {
  return Object.entries(besides).every(([subject, times]) => {
    const theirs = spreads.get(subject)?.get(key)?.median;
    return theirs === undefined || own <= theirs * times;
  });
}

/** The rows as Markdown, with a column for each subject. */
export function markdownTable(rows, subjects) {
  const head = ["figure", "bar", "stretch", ...subjects, "ratio", "met"];
  const body = rows.map((row) => [
    row.unit === "" ? row.name : `${row.name}, ${row.unit}`,
    [limitText(row.bar), ...besidesTexts(row)].join(", "),
    limitText(row.stretch),
    ...subjects.map((subject) => spreadText(row.spreads.get(subject))),
    row.ratio === undefined ? "" : `${row.ratio.toFixed(2)} ×`,
    verdict(row),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((cells) => cells[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|`, ...body.map(line)].join(
    "\n",
  );
}

function limitText(limit) {
  if (limit === undefined) return "";
  if (limit.most !== undefined) return `≤ ${limit.most}`;
  if (limit.least !== undefined) return `≥ ${limit.least}`;
  return limit.times === undefined ? `≤ floor + ${limit.plus}` : `≤ ${limit.times} × floor`;
}

function besidesTexts({ besides = {} }) {
  return Object.entries(besides).map(([subject, times]) => `≤ ${times} × ${subject}`);
}

function spreadText(spread) {
  if (spread === undefined) return "";
  const { median, min, max } = spread;
  return min === max ? number(median) : `${number(median)} (${number(min)}–${number(max)})`;
}

function number(value) {
  return Math.abs(value) >= 100 ? String(Math.round(value)) : value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

function verdict({ bar, met, stretched }) {
  if (bar === undefined || met === undefined) return "";
  if (!met) return "**not met**";
  return stretched === true ? "stretch" : "met";
}

const begin = "<!-- bench -->";
const end = "<!-- /bench -->";

/** The page with the table between its two marks. */
export function withTable(page, table) {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/performance.md has no ${begin} … ${end}.`);
  return `${before}${begin}\n${table}\n${end}${after}`;
}
