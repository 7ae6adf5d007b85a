import { caseTools as t } from "../case-tools.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { call, casesOf, like } from "./new-case.ts";

const exact = casesOf("text");

/** Text that must arrive as it was written. */
export const textCases: readonly ConformanceCase[] = [
  exact(
    "text-accents",
    "What is the weather in São Paulo?",
    [t.weather],
    [call("get_weather", { city: like("são paulo") }, "24 degrees")],
    ["24"],
  ),
  exact(
    "text-chinese",
    "Send 李雷 this message: 你好",
    [t.message],
    [call("send_message", { to: "李雷", body: "你好" }, "Sent.")],
  ),
  exact(
    "text-emoji",
    "Send Ada exactly this message: 🎉👩‍🚀",
    [t.message],
    [call("send_message", { to: "Ada", body: "🎉👩‍🚀" }, "Sent.")],
  ),
  exact(
    "text-quotes",
    "Run exactly this command: echo \"a 'b' c\"",
    [t.bash],
    [call("Bash", { command: "echo \"a 'b' c\"" }, "a 'b' c")],
  ),
  exact(
    "text-backslashes",
    "Search all files for this regular expression, exactly as it stands: \\d+\\.\\d{2}",
    [t.grep],
    [call("Grep", { pattern: "\\d+\\.\\d{2}" }, "prices.txt:3")],
    ["prices"],
  ),
  exact(
    "text-lines",
    "Write a file /tmp/l.txt with three lines: one, two, three.",
    [t.write],
    [
      call(
        "Write",
        {
          file_path: "/tmp/l.txt",
          content: { pattern: /^one\ntwo\nthree\n?$/, example: "one\ntwo\nthree\n" },
        },
        "Written.",
      ),
    ],
  ),
  exact(
    "text-code",
    "Write this one line into /tmp/c.js: if (a < b && c > d) { f({ x: [1] }); }",
    [t.write],
    [
      call(
        "Write",
        {
          file_path: "/tmp/c.js",
          content: {
            pattern: /^if \(a < b && c > d\) \{ f\(\{ x: \[1\] \}\); \}\n?$/,
            example: "if (a < b && c > d) { f({ x: [1] }); }",
          },
        },
        "Written.",
      ),
    ],
  ),
  exact(
    "text-blanks-in-path",
    "Read the file /tmp/my file (1).txt",
    [t.read],
    [call("Read", { file_path: "/tmp/my file (1).txt" }, "otter")],
    ["otter"],
  ),
];
