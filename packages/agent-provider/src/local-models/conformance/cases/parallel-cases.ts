import { caseTools as t } from "../case-tools.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { call, casesOf, like, together } from "./new-case.ts";

const parallel = casesOf("parallel");
const atOnce = "Make all calls at once, in one reply.";

/** Several calls in one reply, none twice. */
export const parallelCases: readonly ConformanceCase[] = [
  parallel(
    "parallel-cities",
    `What is the weather in Oslo, Rome and Lima? ${atOnce}`,
    [t.weather],
    [
      together(
        call("get_weather", { city: like("oslo") }, "snow"),
        call("get_weather", { city: like("rome") }, "sun"),
        call("get_weather", { city: like("lima") }, "fog"),
      ),
    ],
    ["snow", "sun", "fog"],
  ),
  parallel(
    "parallel-reads",
    `Read /a.txt and /b.txt and tell me what they say. ${atOnce}`,
    [t.read],
    [together(call("Read", { file_path: "/a.txt" }, "plum"), call("Read", { file_path: "/b.txt" }, "pear"))],
    ["plum", "pear"],
  ),
  parallel(
    "parallel-five",
    `Read /1.txt, /2.txt, /3.txt, /4.txt and /5.txt. ${atOnce}`,
    [t.read],
    [together(...[1, 2, 3, 4, 5].map((file) => call("Read", { file_path: `/${file}.txt` }, `word${file}`)))],
  ),
  parallel(
    "parallel-two-tools",
    `Tell me the weather in Rome, and what 333 and 444 are together. Use the tools. ${atOnce}`,
    [t.weather, t.add],
    [together(call("get_weather", { city: like("rome") }, "sun"), call("add", { a: 333, b: 444 }, "777"))],
    ["sun", "777"],
  ),
  parallel(
    "parallel-same-tool",
    `Add 100 and 1, and add 200 and 2, with the tool. ${atOnce}`,
    [t.add],
    [together(call("add", { a: 100, b: 1 }, "101"), call("add", { a: 200, b: 2 }, "202"))],
    ["101", "202"],
  ),
  parallel(
    "parallel-writes",
    `Write x into /x.txt and y into /y.txt. ${atOnce}`,
    [t.write],
    [
      together(
        call("Write", { file_path: "/x.txt", content: { pattern: /^x\n?$/, example: "x" } }, "Written."),
        call("Write", { file_path: "/y.txt", content: { pattern: /^y\n?$/, example: "y" } }, "Written."),
      ),
    ],
  ),
];
