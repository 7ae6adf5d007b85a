import { caseTools as t } from "../case-tools.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { call, casesOf, like } from "./new-case.ts";

const given = casesOf("arguments");
const long = casesOf("long");

/** Arguments of every type, in the right type, none too many. */
export const argumentCases: readonly ConformanceCase[] = [
  given(
    "argument-enum",
    "What is the weather in Boston, in Fahrenheit?",
    [t.weather],
    [call("get_weather", { city: like("boston"), unit: "fahrenheit" }, "41 degrees")],
    ["41"],
  ),
  given(
    "argument-enum-other-word",
    "Find me a kettle, the cheapest first.",
    [t.products],
    [call("search_products", { query: like("kettle"), sort: "price_asc" }, "Kettle K1, 19 EUR")],
    ["K1"],
  ),
  given(
    "argument-integer",
    "Read the first 20 lines of /var/log/app.log.",
    [t.read],
    [call("Read", { file_path: "/var/log/app.log", limit: 20 }, "start\nstop")],
  ),
  given(
    "argument-two-integers",
    "Read 5 lines of /var/log/app.log, starting at line 100.",
    [t.read],
    [call("Read", { file_path: "/var/log/app.log", offset: 100, limit: 5 }, "start\nstop")],
  ),
  given(
    "argument-boolean",
    "Search for lamps that are in stock.",
    [t.products],
    [call("search_products", { query: like("lamp"), in_stock: true }, "Lamp L7")],
    ["L7"],
  ),
  given(
    "argument-decimal",
    "Add 19.99 and 0.02 with the tool.",
    [t.add],
    [call("add", { a: 19.99, b: 0.02 }, "20.01")],
    ["20.01"],
  ),
  given(
    "argument-negative",
    "Add -512 and 88 with the tool.",
    [t.add],
    [call("add", { a: -512, b: 88 }, "-424")],
    ["424"],
  ),
  given(
    "argument-nested",
    "Put Lunch into my calendar: 2031-05-04 at 12:30, with Ada and Alan.",
    [t.event],
    [
      call(
        "create_event",
        { title: like("lunch"), start: { date: "2031-05-04", time: "12:30" }, attendees: ["Ada", "Alan"] },
        "Created.",
      ),
    ],
  ),
  given(
    "argument-array-of-objects",
    "My list of things to do: buy milk (pending), call Bob (done). Save exactly these texts.",
    [t.todos],
    [
      call(
        "TodoWrite",
        {
          todos: [
            { content: "buy milk", status: "pending" },
            { content: "call Bob", status: "done" },
          ],
        },
        "Saved.",
      ),
    ],
  ),
  given(
    "argument-empty-array",
    "Put Focus into my calendar: 2031-06-01 at 09:00, without any attendees.",
    [t.event],
    [
      call(
        "create_event",
        { title: like("focus"), start: { date: "2031-06-01", time: "09:00" }, attendees: [] },
        "Created.",
      ),
    ],
  ),
  given(
    "argument-optional-left-out",
    "Read /etc/hosts.",
    [t.read],
    [call("Read", { file_path: "/etc/hosts" }, "127.0.0.1 localhost", { exact: true })],
  ),
  long(
    "long-numbers",
    "Write the numbers from 1 to 60, separated by commas without blanks, into /tmp/n.txt.",
    [t.write],
    [
      call(
        "Write",
        { file_path: "/tmp/n.txt", content: { pattern: new RegExp(`^${upTo(60)}\\n?$`), example: upTo(60) } },
        "Written.",
      ),
    ],
  ),
  long(
    "long-list",
    "Make a list of things to do: task 1, task 2, and so on up to task 15, all pending, with exactly these texts.",
    [t.todos],
    [
      call(
        "TodoWrite",
        {
          todos: Array.from({ length: 15 }, (_, index) => ({
            content: `task ${index + 1}`,
            status: "pending",
          })),
        },
        "Saved.",
      ),
    ],
  ),
  long(
    "long-path",
    `Read the file ${deepPath()}.`,
    [t.read],
    [call("Read", { file_path: deepPath() }, "deep")],
    ["deep"],
  ),
];

function upTo(last: number): string {
  return Array.from({ length: last }, (_, index) => index + 1).join(",");
}

function deepPath(): string {
  return `/srv/${Array.from({ length: 12 }, (_, index) => `level-${index + 1}`).join("/")}/notes.txt`;
}
