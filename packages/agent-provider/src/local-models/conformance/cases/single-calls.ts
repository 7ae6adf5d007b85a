import { caseTools as t } from "../case-tools.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { call, casesOf, like } from "./new-case.ts";

const single = casesOf("single-call");

/** One call that is plainly asked for, and a word about its result. */
export const singleCalls: readonly ConformanceCase[] = [
  single(
    "single-weather",
    "What is the weather in Oslo now?",
    [t.weather],
    [call("get_weather", { city: like("oslo") }, "Snow, 3 degrees below zero.")],
  ),
  single(
    "single-read",
    "Read the file /etc/motd and tell me what it says.",
    [t.read],
    [call("Read", { file_path: "/etc/motd" }, "Welcome to heron.")],
    ["heron"],
  ),
  single(
    "single-bash",
    "Run the command `uname -s` and tell me its output.",
    [t.bash],
    [call("Bash", { command: "uname -s" }, "Linux")],
    ["Linux"],
  ),
  single(
    "single-add",
    "Use the tool to add 1719 and 2544.",
    [t.add],
    [call("add", { a: 1719, b: 2544 }, "4263")],
    ["4263"],
  ),
  single(
    "single-no-arguments",
    "Which files are in the current folder?",
    [t.listFiles],
    [call("list_files", {}, "walrus.txt")],
    ["walrus"],
  ),
  single(
    "single-write",
    "Write the text hello into the file /tmp/a.txt.",
    [t.write],
    [
      call(
        "Write",
        { file_path: "/tmp/a.txt", content: { pattern: /^hello\n?$/, example: "hello" } },
        "Written.",
      ),
    ],
  ),
  single(
    "single-convert",
    "How much is 250 EUR in NOK?",
    [t.convert],
    [call("convert_currency", { amount: 250, from: "EUR", to: "NOK" }, "2875 NOK")],
    ["2875"],
  ),
  single(
    "single-among-many",
    "Search for the word lighthouse in the files below /src.",
    [t.read, t.write, t.bash, t.grep, t.weather, t.add],
    [
      call(
        "Grep",
        { pattern: "lighthouse", path: { pattern: /^\/src\/?$/, example: "/src" } },
        "/src/main.c:12",
      ),
    ],
    ["main.c"],
  ),
];
